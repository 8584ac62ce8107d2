"""Make the stock reports, report-party.docx and report-state.docx, ordinary Word files: in templates/, and in
English in templates/en/.

All are one document in two styles (see `report_styles`) and two languages (see `report_words`). What a report
fills in stands in content controls, with a sentence in brackets for what will come there; all the rest is the
office's to edit in Word. Looks are paragraph styles throughout: LibreOffice takes the formatting of its own
away from a control's text.

    python -m tools.make_report_template
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from reportctl.core.language import speaking
from reportctl.word.controls import alias_of
from tools.report_package import OFFICE, WORD, package, twips
from tools.report_styles import PARTY, STATE, Page, ReportStyle, Separator
from tools.report_words import in_its_language

TEMPLATES = Path(__file__).parent.parent / "templates"
_FOLDERS = {"vi": TEMPLATES, "en": TEMPLATES / "en"}


def targets(name: str, party: ReportStyle, state: ReportStyle) -> dict[Path, tuple[ReportStyle, str]]:
    """Where the stock documents of a `name` stand, in either style and either language, with these two."""
    styles = {"party": party, "state": state}
    return {
        folder / f"{name}-{code}.docx": (style, language)
        for language, folder in _FOLDERS.items()
        for code, style in styles.items()
    }


TARGETS = targets("report", PARTY, STATE)

NBSP = "\u00a0"
LINE_BREAK = "<w:r><w:br/></w:r>"  # number and name of an annex are one heading
COLUMN_GAP = 340
PAGE_SHORT, PAGE_LONG = 11906, 16838  # A4 in twentieths of a point, as all lengths here

SECTIONS = {
    "direction": "công tác lãnh đạo, chỉ đạo",
    "training": "tập huấn, bồi dưỡng",
    "press": "báo chí",
    "grassroots": "thông tin cơ sở",
    "community": "trang, nhóm cộng đồng",
    "corrections": "thông tin đính chính",
    "contest": "cuộc thi",
    "budget": "kinh phí",
}

Kind = Literal["report", "wide annex", "annex", "texts"]


def run(text: str) -> str:
    """A run of text, in the language in which the document is made; nothing for none."""
    return typed(in_its_language(text))


def typed(text: str) -> str:
    """A run of text as it is; nothing for none."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def paragraph(style: str, *runs: str, held: bool = False) -> str:
    """A paragraph in one of the styles; one that is `held` is whole, on the page of what follows it."""
    hold = "<w:keepNext/><w:keepLines/>" if held else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{hold}</w:pPr>{"".join(runs)}</w:p>'


def rule(length: int, width: int) -> str:
    """A drawn line of this length, in the middle of a cell or page as wide as `width`."""
    indent = (width - length) // 2
    return (
        "<w:p><w:pPr><w:keepNext/>"
        '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        '<w:spacing w:before="40" w:line="40" w:lineRule="exact"/>'
        f'<w:ind w:left="{indent}" w:right="{indent}"/></w:pPr></w:p>'
    )


def separator(what: Separator, width: int) -> str:
    """What parts one element from the next: a rule, or a typed sign."""
    return rule(what, width) if isinstance(what, int) else paragraph("Separator", run(what))


def text_width(page: Page) -> int:
    """How wide the text of an upright page is."""
    return PAGE_SHORT - twips(page.left) - twips(page.right)


class Controls:
    """Content controls, each with a number of its own."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def inline(self, tag: str, placeholder: str) -> str:
        """A plain-text control within a line."""
        words = in_its_language(placeholder)
        return self._control(tag, words, typed(f"[{words}]"), "<w:text/>")

    def block(self, tag: str, placeholder: str, style: str = "BodyText", *, held: bool = False) -> str:
        """A control for paragraphs, a table or a chart; the last of paragraphs is `held` to what follows."""
        words = in_its_language(placeholder)
        return self._control(tag, words, paragraph(style, typed(f"[{words}]"), held=held))

    def _control(self, tag: str, placeholder: str, content: str, kind: str = "") -> str:
        alias = escape(alias_of(tag, placeholder))
        names = f'<w:alias w:val="{alias}"/><w:tag w:val="{tag}"/><w:id w:val="{next(self._numbers)}"/>'
        return f"<w:sdt><w:sdtPr>{names}{kind}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


END = "{{/?}}"  # of what is there on a condition


def shown_if(tag: str, *blocks: str) -> str:
    """What is there only while the tag says something (see docs/report-templates.md)."""
    return paragraph("BodyText", run(f"{{{{?{tag}}}}}")) + "".join(blocks) + paragraph("BodyText", run(END))


def columns(widths: tuple[int, int], *rows: tuple[str, str]) -> str:
    """A borderless table of two columns; what stands in a row below the first is on one line."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = ""
    for place, row in enumerate(rows):
        foot = '<w:vAlign w:val="bottom"/>' if place else ""
        cells = (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{foot}</w:tcPr>{content}</w:tc>'
            for width, content in zip(widths, row, strict=True)
        )
        lines += f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"
    margins = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"
    )


def letterhead(controls: Controls, style: ReportStyle) -> str:
    """Issuer, the Party's name or the nation's with a rule below, number, place and date."""
    widths = (style.head_left, text_width(style.page) - style.head_left)
    left = paragraph("Superior", controls.inline("issuer.superior", "Cơ quan cấp trên"))
    left += paragraph("Issuer", controls.inline("issuer.name", "Cơ quan ban hành"))
    left += separator(style.under_issuer, widths[0])
    right = "".join(paragraph(banner.code, run(banner.text)) for banner in style.banners)
    right += rule(style.banner_rule, widths[1])
    number = paragraph("Number", run(f"{style.number_label}{NBSP}"), *document_number(controls, style))
    place = controls.inline("issuer.place", "Địa danh")
    date = paragraph("Date", place, run(", "), *document_date(controls))
    return columns(widths, (left, right), (number, date))


def document_number(controls: Controls, style: ReportStyle) -> tuple[str, str]:
    """The report's number, typed in one place for all, and what stands behind it."""
    number = controls.inline("document.number", "Số của báo cáo")
    return number, controls.inline("issuer.number_suffix", style.number_suffix)


def document_date(controls: Controls, before: str = "") -> tuple[str, ...]:
    """The report's date, typed in one place for all; behind other words with a blank `before` it."""
    parts = {"day": "Ngày ký", "month": "Tháng ký", "year": "Năm ký"}
    day, month, year = (controls.inline(f"document.{part}", said) for part, said in parts.items())
    return run(f"{before}ngày{NBSP}"), day, run(f"{NBSP}tháng{NBSP}"), month, run(f"{NBSP}năm{NBSP}"), year


def title(controls: Controls, style: ReportStyle) -> str:
    """The type of document, its subject, and what stands below."""
    subject = paragraph("Subject", controls.inline("title", "Trích yếu nội dung báo cáo"))
    below = separator(style.under_subject, text_width(style.page))
    return paragraph("DocumentType", run("BÁO CÁO")) + subject + below


def results(controls: Controls, style: ReportStyle) -> str:
    """Part I: what has changed most, where the annexes are, a chapter for each section of the form, results
    worth naming."""
    annex = f"tại Phụ{NBSP}lục{NBSP}"

    def table(tag: str) -> str:
        return controls.inline(f"ref:table:{tag}", "Bảng")

    annexes = (
        run("Số liệu tổng hợp toàn tỉnh ("),
        table("province"),
        run(f") {annex}I; số liệu theo đơn vị (từ "),
        table(f"units:{next(iter(SECTIONS))}"),
        run(" đến "),
        table(f"units:{list(SECTIONS)[-1]}"),
        run(f") {annex}II; danh sách hội nghị, lớp tập huấn ("),
        table("list:conferences"),
        run(", "),
        table("list:classes"),
        run(f") {annex}III; tình hình gửi báo cáo của các đơn vị ("),
        table("reporting"),
        run(f") {annex}IV."),
    )
    said = paragraph("Heading1", run(f"{style.part.format('I')}TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN"))
    said += shown_if("text:movements", controls.block("text:movements", "Chỉ tiêu tăng, giảm nhiều nhất"))
    said += paragraph("BodyText", *annexes)
    said += paragraph(
        "BodyText",
        run("{{?table:press_media}}Số tin, bài theo loại hình và thể loại nêu ở "),
        table("press_media"),
        run(f", Phụ{NBSP}lục{NBSP}I.{END}"),
    )
    said += paragraph(
        "BodyText",
        run("{{?table:plan_units}}Mức thực hiện kế hoạch năm của từng đơn vị nêu ở "),
        table("plan_units"),
        run(f", Phụ{NBSP}lục{NBSP}II.{END}"),
    )
    of_texts = run(f"{{{{?annex:texts}}}}Lời của các đơn vị in đủ {annex}V.{END}")
    said += paragraph("BodyText", of_texts)
    for number, (code, subject) in enumerate(SECTIONS.items(), 1):
        name = controls.inline(f"section:{code}", f"Tên mục: {subject}")
        said += paragraph("Heading2", run(f"{number}. "), name)
        said += controls.block(f"sentences:{code}", f"Các câu nêu kết quả {subject}, so sánh với kỳ trước")
        if code == "press":
            said += controls.block("chart:press", "Biểu đồ tin, bài theo loại hình báo chí", "Caption")
    heading = paragraph("Heading2", run(f"{len(SECTIONS) + 1}. Một số kết quả nổi bật"))
    named = controls.block("text:results", "Kết quả nổi bật do các đơn vị nêu")
    return said + shown_if("text:results", heading, named)


def assessment_and_tasks(controls: Controls, style: ReportStyle) -> str:
    """Parts II to IV and the sentence that ends the report."""
    part = style.part.format
    following = controls.inline("next_period", "KỲ TỚI")
    return "".join(
        (
            paragraph("Heading1", run(f"{part('II')}ĐÁNH GIÁ CHUNG")),
            shown_if("text:assessment", controls.block("text:assessment", "Đánh giá của cơ quan báo cáo")),
            paragraph("Heading2", run("1. Ưu điểm")),
            controls.block("text:strengths", "Ưu điểm"),
            paragraph("Heading2", run("2. Hạn chế, khó khăn và nguyên nhân")),
            paragraph("Heading3", run("a) Hạn chế, khó khăn")),
            controls.block("text:limits", "Hạn chế, khó khăn"),
            paragraph("Heading3", run("b) Nguyên nhân")),
            controls.block("text:causes", "Nguyên nhân của hạn chế, khó khăn"),
            paragraph("Heading1", run(f"{part('III')}NHIỆM VỤ TRỌNG TÂM "), following),
            paragraph(
                "BodyText",
                run("Trong "),
                controls.inline("next_period.lower", "kỳ tới"),
                run(", "),
                controls.inline("issuer.name", "Cơ quan ban hành"),
                run(" tập trung thực hiện các nhiệm vụ trọng tâm sau:"),
            ),
            controls.block("text:tasks", "Nhiệm vụ trọng tâm kỳ tới"),
            paragraph("Heading1", run(f"{part('IV')}ĐỀ XUẤT, KIẾN NGHỊ")),
            # So that no page has the end and the signature alone.
            controls.block("text:recommendations", "Đề xuất, kiến nghị", held=True),
            paragraph(
                "End",
                run("Trên đây là báo cáo kết quả hoạt động "),
                controls.inline("period", "kỳ báo cáo"),
                run(" của "),
                controls.inline("issuer.name", "Cơ quan ban hành"),
                run(style.end),
            ),
        )
    )


def signature(controls: Controls, style: ReportStyle) -> str:
    """Recipients on the left; for whom, as what and who signs on the right."""
    width = text_width(style.page)
    left = paragraph("RecipientsLabel", run("Nơi nhận:"))
    left += controls.block("issuer.recipients", "Danh sách nơi nhận", "Recipients")
    right = paragraph("SigningFor", controls.inline("issuer.signing_for", style.signing_for))
    right += paragraph("Post", controls.inline("issuer.post", "Chức vụ"))
    right += paragraph("Signatory", controls.inline("issuer.signatory", "Họ và tên"))
    return paragraph("Separator") + columns((width // 2, width - width // 2), (left, right))


def annexes(controls: Controls, style: ReportStyle) -> str:
    """The five annexes, each a section whose pages are numbered from 1: the first, whose table is the widest,
    landscape; the texts in two columns, where there are any. The name of who issues it has a line of its own
    below the number and the date, with which it would be broken."""
    by_unit = {f"table:units:{code}": f"Số liệu {said} theo đơn vị" for code, said in SECTIONS.items()}
    events = {"table:list:conferences": "Danh sách hội nghị", "table:list:classes": "Danh sách lớp tập huấn"}
    parts = {
        "TỔNG HỢP SỐ LIỆU TOÀN TỈNH": {
            "table:province": "Bảng tổng hợp số liệu toàn tỉnh",
            "table:press_media": "Bảng tin, bài theo loại hình báo chí và thể loại",
        },
        "SỐ LIỆU THEO ĐƠN VỊ": by_unit,
        "DANH SÁCH HỘI NGHỊ, LỚP TẬP HUẤN": events,
        "TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ": {"table:reporting": "Đơn vị đã báo cáo và thời gian gửi"},
        "LỜI CỦA CÁC ĐƠN VỊ": {"annex:texts": "Phần lời của các đơn vị, in đủ"},
    }
    said = ""
    for numeral, (name, tables) in zip(("I", "II", "III", "IV", "V"), parts.items(), strict=True):
        before: Kind = "report" if numeral == "I" else "wide annex" if numeral == "II" else "annex"
        said += section_end(style.page, before)
        head = paragraph("Annex", run(f"Phụ lục {numeral}"), LINE_BREAK, run(name))
        head += paragraph(
            "AnnexReference",
            run(f"(Kèm theo Báo cáo số{NBSP}"),
            *document_number(controls, style),
            *document_date(controls, before=" "),
            run(" "),
            LINE_BREAK,
            run("của "),
            controls.inline("issuer.name", "Cơ quan ban hành"),
            run(")"),
        )
        if "annex:texts" in tables:
            texts = controls.block("annex:texts", tables["annex:texts"], "UnitTexts")
            said += shown_if("annex:texts", head, section_end(style.page, "annex"), texts)
            continue
        said += head
        for tag, text in tables.items():
            block = controls.block(tag, text, "Caption")
            said += shown_if(tag, block) if tag == "table:press_media" else block
        if tables is by_unit:
            plan = controls.block("table:plan_units", "Mức thực hiện kế hoạch năm của từng đơn vị", "Caption")
            said += shown_if("table:plan_units", plan)
    return said


def section(page: Page, kind: Kind) -> str:
    """A section's page set-up: the report's, which names the headers; that of an annex."""
    annex, turn = kind != "report", kind == "wide annex"
    wide, high = (PAGE_LONG, PAGE_SHORT) if turn else (PAGE_SHORT, PAGE_LONG)
    headers = "".join(
        f'<w:headerReference w:type="{kind}" r:id="{kind}"/>' for kind in ("default", "first") if not annex
    )
    turned = ' w:orient="landscape"' if turn else ""
    begins = kind != "texts"  # which go on below their annex's heading
    start = '<w:pgNumType w:start="1"/>' if annex and begins else ""
    first = "<w:titlePg/>" if begins else ""
    kind_of_break = "nextPage" if begins else "continuous"
    split = f'<w:cols w:num="2" w:space="{COLUMN_GAP}"/>' if kind == "texts" else ""
    edges = "".join(
        f' w:{edge}="{twips(getattr(page, edge))}"' for edge in ("top", "right", "bottom", "left", "header")
    )
    return (
        f'<w:sectPr>{headers}<w:type w:val="{kind_of_break}"/>'
        f'<w:pgSz w:w="{wide}" w:h="{high}"{turned}/>'
        f'<w:pgMar{edges} w:footer="{twips(page.header)}" w:gutter="0"/>{start}{split}{first}</w:sectPr>'
    )


def section_end(page: Page, kind: Kind) -> str:
    """The paragraph that ends a section, too small to start a page of its own."""
    small = '<w:spacing w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>'
    return f"<w:p><w:pPr>{small}{section(page, kind)}</w:pPr></w:p>"


def document(style: ReportStyle) -> str:
    """The body of the report."""
    controls = Controls()
    body = letterhead(controls, style) + title(controls, style)
    body += controls.block("lead", "Đoạn mở đầu: căn cứ, số đơn vị đã báo cáo")
    body += results(controls, style) + assessment_and_tasks(controls, style)
    body += signature(controls, style) + annexes(controls, style) + section(style.page, "texts")
    return f'<w:document {WORD} xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>'


def header(numbered: bool) -> str:
    """The page number, centred in the top margin; nothing on a first page."""
    pieces = (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>2</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    field = "".join(f"<w:r>{piece}</w:r>" for piece in pieces if numbered)
    return f"<w:hdr {WORD}>{paragraph('Header', field)}</w:hdr>"


def build(style: ReportStyle, language: str) -> bytes:
    """The template in a style and a language, as a .docx; the same bytes every time."""
    headers = {"default": header(numbered=True), "first": header(numbered=False)}
    with speaking(language):
        return package(document(style), headers, style)


if __name__ == "__main__":
    for target, looks in TARGETS.items():
        target.write_bytes(build(*looks))
