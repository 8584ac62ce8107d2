"""Controls that are found again: by tag, alias and bookmark, after people and programs had the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reportctl.core.table import CellFormat, Column, Row, Table
from reportctl.word.content import Content, Paragraph
from reportctl.word.fill import (
    Control,
    DocumentFacts,
    FillResult,
    fill,
    last_filling,
)
from tests.making.machine import Convert
from tests.making.word_documents import (
    CHART,
    FACTS,
    OFFICE,
    SECTION,
    TABLE,
    W,
    block,
    body,
    changed_text,
    control,
    docx,
    edited,
    filled,
    inline,
    lines,
    list_controls,
    marks,
    p,
    parts,
    run,
    said,
    sdt,
    value,
)

# ---- the record, and being found again


def record(document: bytes) -> Any:
    """The custom XML part, by the relations from the document on."""
    files = parts(document)
    inner = etree.fromstring(files["word/_rels/document.xml.rels"])
    (target,) = [r.get("Target") for r in inner if r.get("Type") == f"{OFFICE}/customXml"]
    name = target.split("/")[-1]
    (below,) = etree.fromstring(files[f"customXml/_rels/{name}.rels"])
    assert below.get("Type") == f"{OFFICE}/customXmlProps"
    assert b"urn:reportctl:report" in files[f"customXml/{below.get('Target').split('/')[-1]}"]
    return etree.fromstring(files[f"customXml/{name}"])


CONTENTS: dict[str, Content] = {
    "title": "Kết quả quý I",
    "text:tasks": (Paragraph("Một.", lead="A:"), Paragraph("Hai", item=True), Paragraph("Ba")),
    "table:province": TABLE,
    "table:bare": Table("t", "", (Column("a", "A"), Column("b", "B")), (Row(("x", "y")),)),
    "chart:press": CHART,
}
TEMPLATE = docx(
    p(run("Về "), inline("title"), run("."))
    + "".join(block(tag, '<w:jc w:val="both"/>') for tag in CONTENTS if tag != "title")
    + p(run("Hết"))
    + SECTION,
    header=p(inline("title")),
)


def test_the_record_says_what_was_printed_where() -> None:
    document = filled(TEMPLATE, CONTENTS).document
    root = record(document)
    assert (root.get("period"), root.get("form")) == ("2024-Q1", "f00d")
    entries = {node.get("n"): (node.get("tag"), node.text) for node in root}
    assert entries["1"] == ("title", "Kết quả quý I")
    assert entries["2"] == ("text:tasks", "A: Một.\n- Hai\nBa")
    assert entries["3"][1].split("\n")[:3] == [
        "Bảng\u00a0#. Biểu tổng hợp",
        "STT\tChỉ tiêu\tQuý này\tSo sánh",
        "I\tChỉ đạo, định hướng công tác",
    ]
    assert entries["4"] == ("table:bare", "A\tB\nx\ty")
    assert entries["5"] == ("chart:press", "Quý này\tBáo in\tBáo nói\t12\t30\nBiểu đồ\u00a0#. Tin, bài")
    assert entries["6"] == ("title", "Kết quả quý I")
    found = last_filling(document)
    assert found is not None
    assert (found.period, found.form) == ("2024-Q1", "f00d")
    assert last_filling(TEMPLATE) is None


def test_refilling_replaces_the_record() -> None:
    first = filled(TEMPLATE, CONTENTS).document
    second = fill(first, {"title": "Quý II"}, DocumentFacts("2024-Q2", "beef", FACTS.created)).document
    root = record(second)
    assert root.get("period") == "2024-Q2"
    assert root[0].text == "Quý II"
    assert root[1].text == "A: Một.\n- Hai\nBa", "what was left alone keeps what was printed"
    assert [name for name in parts(second) if name.startswith("customXml/item")] == [
        "customXml/item1.xml",
        "customXml/itemProps1.xml",
    ]


def test_filling_twice_is_filling_once() -> None:
    first = filled(TEMPLATE, CONTENTS)
    assert parts(filled(first.document, CONTENTS).document) == parts(first.document)


TEXTS = st.text(max_size=12)


@settings(max_examples=25)
@given(
    title=TEXTS,
    paragraphs=st.lists(st.builds(Paragraph, TEXTS, TEXTS, st.booleans()), max_size=3).map(tuple),
    rows=st.lists(st.tuples(TEXTS, st.integers() | st.none()).map(Row), max_size=3).map(tuple),
)
def test_filling_twice_is_filling_once_whatever_the_words(
    title: str, paragraphs: tuple[Paragraph, ...], rows: tuple[Row, ...]
) -> None:
    table = Table("t", title, (Column("a", title), Column("b", "B", CellFormat.COUNT)), rows)
    contents: dict[str, Content] = {"title": title, "text:tasks": paragraphs, "table:province": table}
    first = filled(TEMPLATE, contents)
    again = filled(first.document, contents)
    assert parts(again.document) == parts(first.document)
    assert not [found.tag for found in again.controls if found.printed not in (None, found.text)]


def test_an_overtyped_figure_is_told_and_renewed() -> None:
    first = filled(TEMPLATE, CONTENTS).document
    changed = changed_text(first, "Kết quả quý I", "Khác")
    before = list_controls(changed)
    assert [(c.tag, c.text, c.printed) for c in before if c.printed not in (None, c.text)] == [
        ("title", "Khác", "Kết quả quý I")
    ]
    result = filled(changed, CONTENTS)
    assert [c for c in result.controls if c.printed not in (None, c.text)] == [
        Control("title", "Khác", "Kết quả quý I", "Kết quả quý I", FillResult.RENEWED)
    ]
    assert result.document == first


def test_the_controls_of_a_fresh_template_have_never_been_printed() -> None:
    assert list_controls(TEMPLATE)[:2] == (Control("title", "[?]", None), Control("text:tasks", "[?]", None))


def without_tags(root: Any) -> None:
    for node in list(root.iter(f"{W}tag")):
        node.getparent().remove(node)


def without_names(root: Any) -> None:
    for node in list(root.iter(f"{W}tag", f"{W}alias")):
        node.getparent().remove(node)


def without_controls(root: Any) -> None:
    """What a program leaves that knows no content controls: their content."""
    for node in list(root.iter(f"{W}sdt")):
        for child in node.find(f"{W}sdtContent"):
            node.addprevious(child)
        node.getparent().remove(node)


@pytest.mark.parametrize("how", [without_tags, without_names, without_controls])
def test_controls_are_found_by_alias_and_by_bookmark(how: Any) -> None:
    first = filled(TEMPLATE, CONTENTS).document
    damaged = edited(first, how)
    assert [c.tag for c in list_controls(damaged)] == [c.tag for c in list_controls(first)]
    assert not [c.tag for c in list_controls(damaged) if c.printed not in (None, c.text)]
    result = filled(damaged, CONTENTS)
    assert result.tags(FillResult.RENEWED) == tuple(CONTENTS)
    for name in ("word/document.xml", "word/header1.xml"):
        assert body(result.document, name).xpath("count(//*)") == body(first, name).xpath("count(//*)")
        assert lines(body(result.document, name)) == lines(body(first, name))
    tags = [value(node, f"{W}sdtPr/{W}tag") for node in body(result.document).iter(f"{W}sdt")]
    assert tags == list(CONTENTS)


def with_alias_alone(root: Any) -> None:
    for node in list(root.iter(f"{W}tag", f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        node.getparent().remove(node)


@pytest.mark.parametrize("how", [without_tags, without_names, with_alias_alone])
def test_words_in_the_alias_say_what_stands_there_before_the_name(how: Any) -> None:
    template = docx(p(inline("press_total"), inline("title")) + SECTION)
    contents: dict[str, Content] = {"press_total": "1", "title": "A"}

    def words(tag: str) -> str:
        return {"press_total": "Báo chí: tổng số tin, bài của các cơ quan báo chí trong kỳ"}.get(tag, "")

    first = filled(template, contents, words=words).document
    aliases = [value(node, f"{W}sdtPr/{W}alias") for node in body(first).iter(f"{W}sdt")]
    assert aliases == ["Báo chí: tổng số tin, bài của các cơ quan báo chí… · press_total", "title"]
    assert len(str(aliases[0])) == 64, "the longest that Word takes"
    again = filled(edited(first, how), {"press_total": "2", "title": "B"}).document
    assert [said(node) for node in body(again).iter(f"{W}sdt")] == ["2", "B"]
    tags = [value(node, f"{W}sdtPr/{W}tag") for node in body(again).iter(f"{W}sdt")]
    assert tags == ["press_total", "title"]


def test_words_that_people_have_put_before_the_name_stay() -> None:
    own = sdt("x", run("[?]"), '<w:alias w:val="Của tôi · x"/><w:text/>')
    document = filled(docx(p(own) + SECTION), {"x": "1"}, words=lambda _tag: "Khác hẳn").document
    assert value(body(document), f".//{W}alias") == "Của tôi · x"


def test_a_paragraph_moved_away_is_left_where_it_is() -> None:
    """What stands between the control and its lost paragraph is somebody else's."""
    template = docx(block("x") + p(run("của họ")) + SECTION)
    first = filled(template, {"x": (Paragraph("a"), Paragraph("b"))}).document

    def moved(root: Any) -> None:
        without_controls(root)
        second = root[0][1]
        root[0].insert(3, second)

    document = filled(edited(first, moved), {"x": (Paragraph("c"),)}).document
    assert lines(body(document)) == ["c", "của họ", "b"]
    assert marks(body(document)) == ["_rc_1"]


def test_a_copied_control_gets_a_number_of_its_own() -> None:
    first = filled(docx(p(inline("x"))), {"x": "1"}).document

    def copied(root: Any) -> None:
        import copy

        twin = copy.deepcopy(root[0][0])
        for mark in list(twin.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            mark.getparent().remove(mark)
        root[0].append(twin)

    document = filled(edited(first, copied), {"x": "2"}).document
    assert lines(body(document)) == ["2", "2"]
    assert marks(body(document)) == ["_rc_1", "_rc_2"]


def test_a_control_within_another_of_ours_is_left_alone_and_so_is_that() -> None:
    template = docx(sdt("outer", p(run("a"), inline("inner"))) + sdt("theirs", p(inline("inner"))) + SECTION)
    result = filled(template, {"outer": (Paragraph("b"),), "inner": "1"})
    root = body(result.document)
    assert lines(root) == ["a[?]", "1"]
    assert said(control(root, "theirs")) == "1"
    assert [node.get("tag") for node in record(result.document)] == ["inner"]
    assert [(c.tag, c.new, c.result) for c in result.controls] == [
        ("outer", "b", FillResult.NESTED),
        ("inner", "1", FillResult.NESTED),
        ("theirs", None, FillResult.UNKNOWN),
        ("inner", "1", FillResult.RENEWED),
    ]


def test_what_does_not_fit_into_a_line_is_left_alone() -> None:
    template = docx(p(run("Bảng: "), inline("x"), run(".")) + p(inline("y")) + SECTION)
    result = filled(template, {"x": TABLE, "y": (Paragraph("a"), Paragraph("b"))})
    assert result.tags(FillResult.MISPLACED) == ("x",)
    assert result.tags(FillResult.RENEWED) == ("y",)
    assert lines(body(result.document)) == ["Bảng: [?].", "a", "b"]


def test_controls_without_a_name_are_not_ours() -> None:
    contents = p(run("mục lục"))
    template = docx(f"<w:sdt><w:sdtPr/><w:sdtContent>{contents}</w:sdtContent></w:sdt>" + SECTION)
    result = filled(template, {"x": "1"})
    assert result.controls == ()
    assert result.controls == ()


@pytest.mark.libreoffice
def test_a_control_in_a_header_is_found_again_in_every_copy_that_libreoffice_makes(
    soffice: Convert, tmp_path: Path
) -> None:
    wide = SECTION.replace("<w:sectPr>", '<w:sectPr><w:type w:val="nextPage"/>').replace(
        'w:h="16838"', 'w:h="12000"'
    )
    header = '<w:headerReference w:type="default" r:id="header1"/>'
    sections = [part.replace("<w:sectPr>", f"<w:sectPr>{header}") for part in (SECTION, wide)]
    template = docx(p(run("a")) + p(look=sections[0]) + p(run("b")) + sections[1], header=p(inline("title")))
    path = tmp_path / "headers.docx"
    path.write_bytes(filled(template, {"title": "Quý I"}).document)
    (saved,) = soffice([path], to="docx", outdir=tmp_path / "saved")
    result = filled(saved.read_bytes(), {"title": "Quý II"})
    headers = [name for name in parts(result.document) if name.startswith("word/header")]
    assert len(headers) > 1
    assert [said(body(result.document, name)) for name in headers] == ["Quý II"] * len(headers)
    every = [mark for name in headers for mark in marks(body(result.document, name))]
    assert len(set(every)) == len(headers)
