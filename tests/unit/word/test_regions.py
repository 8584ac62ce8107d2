"""Parts of a document on a condition, and parts repeated: typed, filled, renewed, edited, taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.word.fill import FilledDocument, fill
from reportctl.word.regions import Scope
from tests.making.word_documents import FACTS, SECTION, W, body, changed_text, docx, edited, p, run, said

UNITS = {"001": "Lạc Thành", "002": "Vân Khê", "003": "Đông Lạc"}


def contents(units: Sequence[str], figures: Mapping[str, str]) -> dict[str, str]:
    names = {f"unit.name:{code}": UNITS[code] for code in units}
    of_units = {f"press:{code}": figures.get(code, "") for code in units}
    return {"press": figures.get("", ""), "total": "9", **names, **of_units}


def filled(
    document: bytes,
    units: Sequence[str] = ("001", "002"),
    figures: Mapping[str, str] | None = None,
    drop: Sequence[str] = (),
) -> FilledDocument:
    given = contents(units, {"": "12", "001": "5", "002": "7", "003": "3"} if figures is None else figures)

    def copies(sign: str, name: str) -> Sequence[str] | None:
        if sign == "?":
            return None if name not in given else ("",) if given[name] else ()
        return units if name == "units" else None

    def inside(tag: str, region: str, key: str) -> str:
        return f"{tag}:{key}" if region == "*units" and tag in ("unit.name", "press") else tag

    return fill(document, given, FACTS, scope=Scope(copies, inside), drop=drop)


def lines(document: bytes) -> list[str]:
    return [text for text in (said(each) for each in body(document).iter(f"{W}p")) if text]


def row(*cells: str) -> str:
    inner = "".join(
        f"<w:tc><w:tcPr><w:tcW w:w='2000' w:type='dxa'/></w:tcPr>{p(run(c))}</w:tc>" for c in cells
    )
    return f"<w:tr>{inner}</w:tr>"


def table(*rows: str) -> str:
    grid = "<w:tblGrid><w:gridCol w:w='2000'/><w:gridCol w:w='2000'/></w:tblGrid>"
    return f"<w:tbl><w:tblPr/>{grid}{''.join(rows)}</w:tbl>{p()}"


CONDITION = docx(
    p(run("Đầu."))
    + p(run("{{?press}}"))
    + p(run("Có {{press}} tin."))
    + p(run("{{/?}}"))
    + p(run("Cuối."))
    + SECTION
)
REPEATED = docx(
    table(row("Đơn vị", "Tin"), row("{{*units}}{{unit.name}}", "{{press}}{{/*}}"), row("Tổng", "{{total}}"))
    + SECTION
)


def test_a_paragraph_is_there_while_its_tag_says_something() -> None:
    assert lines(filled(CONDITION).document) == ["Đầu.", "Có 12 tin.", "Cuối."]
    assert lines(filled(CONDITION, figures={}).document) == ["Đầu.", "Cuối."]


def test_it_comes_and_goes_as_the_document_is_renewed() -> None:
    without = filled(CONDITION, figures={}).document
    again = filled(without)
    assert lines(again.document) == ["Đầu.", "Có 12 tin.", "Cuối."]
    assert [(one.tag, one.result, one.text) for one in again.regions] == [("?press", "added", "Có 12 tin.")]
    gone = filled(again.document, figures={})
    assert lines(gone.document) == ["Đầu.", "Cuối."]
    assert [(one.tag, one.result) for one in gone.regions] == [("?press", "removed")]
    assert gone.lost == ()
    assert lines(filled(gone.document).document) == ["Đầu.", "Có 12 tin.", "Cuối."]


def test_what_somebody_has_edited_stays_and_is_named() -> None:
    edited = changed_text(filled(CONDITION).document, " tin.", " tin, bài hay.")
    kept = filled(edited, figures={})
    assert [(one.tag, one.result) for one in kept.regions] == [("?press", "kept")]
    assert any("bài hay" in line for line in lines(kept.document))


def test_a_row_stands_for_each_unit() -> None:
    found = lines(filled(REPEATED).document)
    assert found == ["Đơn vị", "Tin", "Lạc Thành", "5", "Vân Khê", "7", "Tổng", "9"]


def test_rows_are_added_and_removed_where_they_belong() -> None:
    first = filled(REPEATED, ("001", "003")).document
    more = filled(first, ("001", "002", "003"))
    assert lines(more.document)[2:-2] == ["Lạc Thành", "5", "Vân Khê", "7", "Đông Lạc", "3"]
    assert [(one.key, one.result, one.text) for one in more.regions] == [("002", "added", "Vân Khê7")]
    fewer = filled(more.document, ("003",))
    assert lines(fewer.document)[2:-2] == ["Đông Lạc", "3"]
    assert fewer.lost == ()
    none = filled(fewer.document, ())
    assert lines(none.document) == ["Đơn vị", "Tin", "Tổng", "9"]
    assert lines(filled(none.document).document)[2:-2] == ["Lạc Thành", "5", "Vân Khê", "7"]


def test_a_row_that_people_took_out_stays_out_and_is_named() -> None:
    document = filled(REPEATED).document
    root = body(document)
    text = said(root)
    assert "Vân Khê" in text
    from tests.making.word_documents import without_row

    again = filled(without_row(document, "Vân Khê"))
    assert "Vân Khê" not in said(body(again.document))
    assert [(one.key, one.result) for one in again.regions] == [("002", "gone")]
    assert {place.tag for place in again.lost} == {"unit.name:002", "press:002"}


def test_a_line_is_repeated_by_marks_at_its_ends() -> None:
    document = docx(p(run("{{*units}}{{unit.name}}: {{press}} tin{{/*}}")) + SECTION)
    assert lines(filled(document).document) == ["Lạc Thành: 5 tin", "Vân Khê: 7 tin"]


def test_a_condition_stands_in_what_is_repeated() -> None:
    document = docx(
        p(run("{{*units}}"))
        + p(run("{{unit.name}}"))
        + p(run("{{?press}}có {{press}}{{/?}}"))
        + p(run("{{/*}}"))
        + SECTION
    )
    figures = {"001": "5"}

    def again(data: bytes, of: Mapping[str, str], units: Sequence[str] = ("001", "002")) -> bytes:
        return _nested(data, of, units)

    first = again(document, figures)
    assert lines(first) == ["Lạc Thành", "có 5", "Vân Khê"]
    second = again(first, {"001": "5", "002": "7"})
    assert lines(second) == ["Lạc Thành", "có 5", "Vân Khê", "có 7"]
    assert lines(again(second, {"002": "7"}, ("002",))) == ["Vân Khê", "có 7"]


def _nested(document: bytes, figures: Mapping[str, str], units: Sequence[str]) -> bytes:
    given = contents(units, figures)

    def copies(sign: str, name: str) -> Sequence[str] | None:
        if sign == "?":
            return ("",) if given.get(name) else ()
        return units

    def inside(tag: str, region: str, key: str) -> str:
        return f"{tag}:{key}" if region == "*units" and tag in ("unit.name", "press") else tag

    return fill(document, given, FACTS, scope=Scope(copies, inside)).document


@pytest.mark.parametrize(
    ("typed", "said_"),
    [
        (["{{?press}}", "Có."], "{{?press}} in “{{?press}}” is not closed: {{/?}} is missing"),
        (["Có.", "Hết. {{/?}}"], "{{/?}} in “Hết. {{/?}}” closes nothing"),
        (["{{*units}}", "Có.", "{{/?}}"], "{{/?}} in “{{/?}}” closes nothing"),
        (["{{*unit}}Có.{{/*}}"], "{{*unit}} in “{{*unit}}Có.{{/*}}”"),
        (["{{?pres}}Có.{{/?}}"], "{{?pres}} in “{{?pres}}Có.{{/?}}”"),
        (["Trước {{?press}}có.{{/?}}"], "words stand beside what is shown"),
    ],
)
def test_what_is_not_closed_or_not_known_stops_with_its_line(typed: list[str], said_: str) -> None:
    with pytest.raises(ReportctlError) as caught:
        filled(docx("".join(p(run(line)) for line in typed) + SECTION))
    assert said_ in str(caught.value)


def test_an_unknown_tag_stops_also_where_it_is_not_shown() -> None:
    document = docx(p(run("{{?press}}")) + p(run("{{xyz}}")) + p(run("{{/?}}")) + SECTION)
    with pytest.raises(ReportctlError, match="xyz"):
        filled(document, figures={})


BREAK = "<w:pPr><w:sectPr><w:pgSz w:w='16838' w:h='11906'/></w:sectPr></w:pPr>"


def with_break(text: str) -> str:
    """A paragraph that ends a section, as LibreOffice saves one that stood before an empty one."""
    return f"<w:p>{BREAK}{run(text)}</w:p>"


SECTIONS = {
    "in the mark behind": [p(run("{{MARK}}")), p(run("Có.")), with_break("{{/SIGN}}")],
    "in the last line": [p(run("{{MARK}}")), p(run("Dòng.")), with_break("Có.{{/SIGN}}")],
    "in the only line": [with_break("{{MARK}}Có.{{/SIGN}}")],
    "in the mark before": [with_break("{{MARK}}"), p(run("Có.")), p(run("{{/SIGN}}"))],
}


@pytest.mark.parametrize(
    ("mark", "units"), [("?press", ()), ("?total", ()), ("*units", ("001", "002", "003"))]
)
@pytest.mark.parametrize("where", SECTIONS)
def test_a_section_that_ends_at_an_end_of_a_part_stays_one_section(
    where: str, mark: str, units: Sequence[str]
) -> None:
    inside = "".join(SECTIONS[where]).replace("MARK", mark).replace("SIGN", mark[0])
    document = docx(p(run("Đầu.")) + inside + p(run("Cuối.")) + SECTION)
    once = filled(document, units, figures={}).document
    for result in (once, filled(once, ("002",), figures={"": "1"}).document):
        pages = [node for node in body(result).iter(f"{W}pgSz") if node.get(f"{W}w") == "16838"]
        assert len(pages) == 1
        texts = [said(each) for each in body(result).iter(f"{W}p")]
        at = next(
            n for n, each in enumerate(body(result).iter(f"{W}p")) if each.find(f".//{W}pgSz") is not None
        )
        shown = [n for n, text in enumerate(texts) if text == "Có."]
        assert texts[0] == "Đầu."
        assert at < texts.index("Cuối.")
        assert all(n < at for n in shown) or where == "in the mark before"


def test_a_section_that_a_program_ends_in_a_copy_outlives_it() -> None:
    document = docx(
        p(run("{{?press}}")) + p(run("Có.")) + p(run("{{/?}}")) + with_break("") + p(run("Cuối.")) + SECTION
    )

    def merge(root: Any) -> None:
        (shown,) = (each for each in root.iter(f"{W}p") if said(each) == "Có.")
        for ending in [each for each in root.iter(f"{W}p") if each.find(f".//{W}pgSz") is not None]:
            shown.insert(0, ending[0])
            ending.getparent().remove(ending)

    without = filled(edited(filled(document).document, merge), figures={}).document
    texts = [(said(each), each.find(f".//{W}pgSz") is not None) for each in body(without).iter(f"{W}p")]
    assert [text for text in texts if text[0] or text[1]] == [("", True), ("Cuối.", False)]


NOTE = docx(
    p(run("{{?press}}")) + p(run("Có số liệu báo chí.")) + p(run("{{/?}}")) + p(run("{{total}}")) + SECTION
)


def without_note(document: bytes) -> bytes:
    def take_out(root: Any) -> None:
        for each in [each for each in root.iter(f"{W}p") if "báo chí" in said(each)]:
            each.getparent().remove(each)

    return edited(document, take_out)


def test_a_part_without_figures_that_people_took_out_is_missing_until_they_say_it_is_on_purpose() -> None:
    document = without_note(filled(NOTE).document)
    for _again in range(2):
        missing = filled(document)
        found = [(one.tag, one.result, one.text) for one in missing.regions]
        assert found == [("?press", "missing", "Có số liệu báo chí.")]
        assert missing.lost == ()
        document = missing.document
    dropped = filled(document, drop=("?press",))
    assert [one.result for one in dropped.regions] == ["dropped"]
    again = filled(dropped.document)
    assert [one.result for one in again.regions] == ["dropped"]
    assert lines(again.document) == ["9"]
    # Of a condition that does not hold there is nothing to miss.
    assert filled(document, figures={}).regions == ()


def test_a_part_within_one_that_was_taken_out_is_missed_with_it() -> None:
    texts = ("{{?total}}", "Tổng {{total}}.", "{{?press}}Có báo chí.{{/?}}", "{{/?}}", "Hết.")
    document = docx("".join(p(run(text)) for text in texts) + SECTION)
    whole = filled(document).document

    def take_out(root: Any) -> None:
        for each in [each for each in root.iter(f"{W}p") if said(each) and said(each) != "Hết."]:
            each.getparent().remove(each)

    found = filled(edited(whole, take_out))
    assert [(one.tag, one.result) for one in found.regions] == [("?total", "gone")]
    assert [place.tag for place in found.lost] == ["total"]
    # The inner one alone has nothing printed in it.
    assert [(one.tag, one.result) for one in filled(without_note(whole)).regions] == [("?press", "missing")]


NUMBERED = docx(
    table(
        row("TT", "Đơn vị"),
        row("{{*units}}{{n}}", "{{unit.name}}{{/*}}"),
    )
    + p(run("{{*units}}{{n}}. {{unit.name}}; {{n}}{{/*}}"))
    + SECTION
)


def test_copies_are_numbered_as_they_stand() -> None:
    first = filled(NUMBERED, ("001", "003"))
    assert lines(first.document) == [
        *("TT", "Đơn vị", "1", "Lạc Thành", "2", "Đông Lạc"),
        *("1. Lạc Thành; 1", "2. Đông Lạc; 2"),
    ]
    more = filled(first.document, ("001", "002", "003"))
    assert lines(more.document)[2:8] == ["1", "Lạc Thành", "2", "Vân Khê", "3", "Đông Lạc"]
    assert lines(more.document)[8:] == ["1. Lạc Thành; 1", "2. Vân Khê; 2", "3. Đông Lạc; 3"]
    from tests.making.word_documents import without_row

    fewer = filled(without_row(more.document, "Vân Khê"), ("001", "002", "003"))
    assert lines(fewer.document)[2:6] == ["1", "Lạc Thành", "2", "Đông Lạc"]
    assert {place.tag for place in fewer.lost} == {"unit.name:002"}
    assert filled(fewer.document, ("001", "002", "003")).document == fewer.document


def test_parts_within_others_are_numbered_anew_in_each() -> None:
    texts = ("{{*units}}", "{{n}} {{unit.name}}", "{{*units}}{{n}}) {{total}}{{/*}}", "({{n}})", "{{/*}}")
    document = docx("".join(p(run(text)) for text in texts) + SECTION)
    assert lines(filled(document).document) == [
        *("1 Lạc Thành", "1) 9", "2) 9", "(1)"),
        *("2 Vân Khê", "1) 9", "2) 9", "(2)"),
    ]


def test_a_running_number_outside_of_copies_is_not_known() -> None:
    for text in ("{{n}}", "{{?press}}{{n}}{{/?}}"):
        with pytest.raises(ReportctlError, match=r"\{\{n\}\}"):
            filled(docx(p(run(text)) + SECTION))
