"""What the place of a tag is called in Word: words for who edits the document, before the tag itself."""

from __future__ import annotations

from reportctl.core.language import Phrase
from reportctl.form.model import Form
from reportctl.report.list_figures import list_tags
from reportctl.word.content import Tag
from reportctl.word.regions import is_running_number

_NAMED = {  # head and signature; what stands once in a report
    "document.number": Phrase("Số của báo cáo", "Number of the report"),
    "document.day": Phrase("Ngày ký", "Day of signing"),
    "document.month": Phrase("Tháng ký", "Month of signing"),
    "document.year": Phrase("Năm ký", "Year of signing"),
    "issuer.superior": Phrase("Cơ quan cấp trên", "Superior body"),
    "issuer.name": Phrase("Cơ quan ban hành", "Issuing body"),
    "issuer.number_suffix": Phrase("Ký hiệu", "Reference"),
    "issuer.place": Phrase("Địa danh", "Place"),
    "issuer.signing_for": Phrase("Thể thức đề ký", "On whose behalf"),
    "issuer.post": Phrase("Chức vụ", "Post"),
    "issuer.signatory": Phrase("Người ký", "Signatory"),
    "issuer.recipients": Phrase("Nơi nhận", "Recipients"),
    "period": Phrase("Kỳ báo cáo", "Period"),
    "period.year": Phrase("Năm báo cáo", "Year"),
    "next_period": Phrase("Kỳ tới", "Next period"),
    "next_period.lower": Phrase("Kỳ tới", "Next period"),
    "title": Phrase("Trích yếu", "Subject"),
    "area": Phrase("Địa bàn", "Area"),
    "lead": Phrase("Đoạn mở đầu", "Opening"),
    "toc": Phrase("Mục lục", "Table of contents"),
    "units.expected": Phrase("Số đơn vị phải báo cáo", "Units expected"),
    "units.accepted": Phrase("Số đơn vị đã báo cáo", "Units that reported"),
    "units.missing": Phrase("Đơn vị chưa báo cáo", "Units missing"),
    "unit.code": Phrase("Mã đơn vị", "Unit's code"),
    "unit.name": Phrase("Tên đơn vị", "Unit's name"),
    "unit.kind": Phrase("Loại đơn vị", "Kind of unit"),
    "unit.lead": Phrase("Đơn vị đã báo cáo hay chưa", "Whether the unit reported"),
    "annex:texts": Phrase("Lời của các đơn vị", "What the units write"),
    "text:movements": Phrase("Biến động lớn nhất", "Largest changes"),
    "text:rankings": Phrase("Đơn vị cao, thấp", "Units ahead and behind"),
    "text:assessment": Phrase("Nhận định chung", "Assessment"),
    "sentences:all": Phrase("Các câu nêu kết quả", "Sentences on results"),
    "table:province": Phrase("Bảng tổng hợp", "Summary table"),
    "table:plan": Phrase("Bảng kế hoạch năm", "Table of the plan"),
    "table:plan_units": Phrase("Bảng kế hoạch theo đơn vị", "Table of the plan by unit"),
    "table:reporting": Phrase("Bảng tình hình gửi báo cáo", "Table of who reported"),
    "table:unit": Phrase("Bảng số liệu của đơn vị", "Table of the unit"),
}
_NUMBER = Phrase("Số thứ tự", "Running number")
_KINDS = {
    "section": Phrase("Tên mục", "Heading"),
    "sentences": Phrase("Câu nêu kết quả", "Sentences"),
    "text": Phrase("Ý kiến đơn vị", "What units write"),
    "annex": Phrase("Ý kiến đơn vị, in đủ", "What units write, in full"),
    "table": Phrase("Bảng", "Table"),
    "chart": Phrase("Biểu đồ", "Chart"),
    "image": Phrase("Ảnh", "Picture"),
    "ref": Phrase("Số thứ tự", "Number of"),
}
_PARTS = {
    "previous": Phrase("kỳ trước", "previous period"),
    "year_ago": Phrase("cùng kỳ", "year ago"),
    "value_previous": Phrase("so với kỳ trước", "compared with the previous period"),
    "value_year_ago": Phrase("so với cùng kỳ", "compared with the year ago"),
    "to_date": Phrase("lũy kế", "to date"),
    "plan": Phrase("kế hoạch", "plan"),
    "change_year_ago": Phrase("tăng, giảm so với cùng kỳ", "change on the year ago"),
    "change_previous": Phrase("tăng, giảm so với kỳ trước", "change on the previous period"),
    "of_plan": Phrase("phần kế hoạch đã đạt", "share of the plan"),
    "units": Phrase("số đơn vị có số liệu", "units reporting"),
    "top": Phrase("đơn vị cao", "units ahead"),
    "behind": Phrase("đơn vị thấp", "units behind"),
    "units_on_plan": Phrase("đơn vị đạt kế hoạch", "units on plan"),
    "name": Phrase("tên", "name"),
    "measure": Phrase("đơn vị tính", "unit of measure"),
    "kind_mean": Phrase("bình quân cùng loại", "mean of its kind"),
}


def words_of(tag: str, form: Form) -> str:
    """What stands in the place of a tag, in the current language: “Tin, bài, cùng kỳ”; empty where it is
    not known."""
    if tag in _NAMED:
        return str(_NAMED[tag])
    parsed = Tag.parse(tag)
    if parsed.kind in _KINDS:
        return _joined(str(_KINDS[parsed.kind]), _name_of(parsed.name, form))
    figure, _at, period = tag.partition("@")
    figure, _colon, unit = figure.partition(":")
    if is_running_number(tag):
        return str(_NUMBER)
    if figure in _NAMED:
        return ", ".join((str(_NAMED[figure]), unit))
    parsed = Tag.parse(figure)
    if one := list_tags(form).get(tag):
        return one.name
    if parsed.name not in form.indicators:
        return ""
    name = str(form.indicators[parsed.name].short_name)
    part = str(_PARTS[parsed.part]) if parsed.part in _PARTS else ""
    return ", ".join(filter(None, (name, part, unit, period)))


def _name_of(code: str, form: Form) -> str:
    """The title of the section, the table, the list or the question of this code; what a table or chart that
    is referred to is called; empty for none."""
    if code in _NAMED or Tag.parse(code).kind in ("table", "chart"):
        return words_of(code, form)
    titled = {one.code: str(one.name) for one in (*form.all_sections, *form.tables, *form.lists)}
    titled |= {question.code: str(question.name) for question in form.texts}
    return titled.get(code.rpartition(":")[2], "")


def _joined(first: str, second: str) -> str:
    return f"{first}: {second}" if first and second else first or second
