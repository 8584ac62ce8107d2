"""A Word document for a form that is not the stock one: the stock document's look, all that the form asks."""

from __future__ import annotations

from collections.abc import Iterator

from reportctl.form.model import Form
from reportctl.report.movements import ASSESSMENT, MOVEMENTS
from reportctl.word.rebuilt import Annex, rebuilt
from reportctl.workspace.stock import report_document

_MOST_CHARTS = 3
_PLAN = "table:plan_units"
_TEXTS = "annex:texts"
_TASKS = "Trong {{next_period.lower}}, {{issuer.name}} tập trung thực hiện các nhiệm vụ trọng tâm sau:"


def document_for(form: Form, style: str) -> bytes:
    """The document that mentions all that `form` asks, in a style ("party" or "state").

    In Vietnamese as the stock document is: what has changed most, a chapter for each section, table and text
    with the first charts, a beginning for assessment and tasks, and in annexes the tables and the texts as
    they came.
    """
    annexes = _annexes(form)
    assessment = [("BodyText", _shown_if(ASSESSMENT))] if _is_ours(ASSESSMENT, form) else []
    parts = ([*_results(form, annexes)], [*assessment, _EMPTY], [("BodyText", _TASKS), _EMPTY])
    return rebuilt(report_document(style), parts, tuple(annexes.values()))


_EMPTY = ("BodyText", "")  # for the office to write


def _is_ours(tag: str, form: Form) -> bool:
    """Whether a tag of a text is the program's own, and not that of a question of the form."""
    return tag not in [f"text:{question.code}" for question in form.texts]


def _shown_if(tag: str, words: str = "") -> str:
    """The words, or the tag itself, on a paragraph that is there only while the tag says something."""
    return f"{{{{?{tag}}}}}{words or f'{{{{{tag}}}}}'}{{{{/?}}}}"


def _annexes(form: Form) -> dict[str, Annex]:
    """The annexes by what they hold, in order; those of which the form has nothing are left out."""
    plan = (_PLAN,)
    by_unit = [f"table:units:{section.code}" for section in form.sections]
    tables = tuple(f"table:{table.code}" for table in form.tables)
    found = {
        "province": Annex("TỔNG HỢP SỐ LIỆU TOÀN TỈNH", ("table:province",) if form.sections else ()),
        "tables": Annex("CÁC BẢNG SỐ LIỆU", (), (*tables, *(() if by_unit else plan)) if tables else ()),
        "units": Annex("SỐ LIỆU THEO ĐƠN VỊ", (), (*by_unit, *plan) if by_unit else ()),
        "lists": Annex("CÁC DANH SÁCH", tuple(f"table:list:{listed.code}" for listed in form.lists)),
        "reporting": Annex("TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ", ("table:reporting",)),
        "texts": Annex("LỜI CỦA CÁC ĐƠN VỊ", (_TEXTS,) if form.texts else (), upright=True, shown_if=_TEXTS),
    }
    return {key: annex for key, annex in found.items() if annex.tags or annex.optional}


def _results(form: Form, annexes: dict[str, Annex]) -> Iterator[tuple[str, str]]:
    """The paragraphs below the first heading: what has changed most, where the annexes are, then a chapter
    for each section, table, list and text."""
    numerals = dict(zip(annexes, ("I", "II", "III", "IV", "V", "VI"), strict=False))
    if _is_ours(MOVEMENTS, form):
        yield "BodyText", _shown_if(MOVEMENTS)
    if "province" in annexes:
        yield (
            "BodyText",
            f"Số liệu tổng hợp toàn tỉnh: {{{{ref:table:province}}}}, Phụ lục {numerals['province']}.",
        )
    for annex in (numerals[key] for key, each in annexes.items() if _PLAN in each.optional):
        where = f"{{{{ref:{_PLAN}}}}}, Phụ lục {annex}"
        yield "BodyText", _shown_if(_PLAN, f"Mức thực hiện kế hoạch năm của từng đơn vị: {where}.")
    yield (
        "BodyText",
        f"Tình hình gửi báo cáo: {{{{ref:table:reporting}}}}, Phụ lục {numerals['reporting']}.",
    )
    if "texts" in annexes:
        yield "BodyText", _shown_if(_TEXTS, f"Lời của các đơn vị, in đủ: Phụ lục {numerals['texts']}.")
    number = charts = 0
    for section in form.sections:
        number += 1
        yield "Heading2", f"{number}. {{{{section:{section.code}}}}}"
        yield "BodyText", f"{{{{sentences:{section.code}}}}}"
        if section.chart != "none" and (charts := charts + 1) <= _MOST_CHARTS:
            yield "Caption", f"{{{{chart:{section.code}}}}}"
    for table in form.tables:
        number += 1
        yield "Heading2", f"{number}. {_plain(table.title)}"
        where = f"Số liệu tại {{{{ref:table:{table.code}}}}}, Phụ lục {numerals['tables']}."
        yield "BodyText", _shown_if(f"table:{table.code}", where)
    for listed in form.lists:
        number += 1
        yield "Heading2", f"{number}. {_plain(listed.title)}"
        yield "BodyText", f"Danh sách tại {{{{ref:table:list:{listed.code}}}}}, Phụ lục {numerals['lists']}."
    for question in form.texts:
        number += 1
        yield "Heading2", f"{number}. {_plain(question.label)}"
        yield "BodyText", f"{{{{text:{question.code}}}}}"


def _plain(text: str) -> str:
    """A title that no one takes for a tag, or a placeholder of the stock document."""
    return text.replace("{{", "{ {").replace("}}", "} }").replace("[", "(").replace("]", ")")
