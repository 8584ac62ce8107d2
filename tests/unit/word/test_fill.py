"""Filling Word documents: single texts, what is not ours, the record, the package."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from reportctl.core.errors import ReportctlError
from reportctl.word.content import Content, Paragraph
from reportctl.word.fill import Control, FillResult
from tests.making.word_documents import (
    ALL,
    SECTION,
    STOCK,
    W,
    block,
    body,
    changed_text,
    control,
    docx,
    filled,
    inline,
    lines,
    list_controls,
    marks,
    names,
    p,
    run,
    said,
    sdt,
    value,
)

# ---- within a line


def test_a_figure_keeps_its_place_and_its_look() -> None:
    template = docx(p(run("Toàn tỉnh có "), inline("press_total", "<w:b/><w:sz w:val='30'/>"), run(" bài.")))
    result = filled(template, {"press_total": "1.234"})
    root = body(result.document)
    assert lines(root) == ["Toàn tỉnh có 1.234 bài."]
    node = control(root, "press_total")
    assert names(node, f"{W}sdtPr") == ["alias", "tag", "id", "text"]
    assert value(node, f"{W}sdtPr/{W}alias") == "press_total"
    assert names(node, f"{W}sdtContent") == ["bookmarkStart", "r", "bookmarkEnd"]
    assert names(node, f"{W}sdtContent/{W}r") == ["rPr", "t"]
    assert names(node, f"{W}sdtContent/{W}r/{W}rPr") == ["b", "sz"]
    assert marks(root) == ["_rc_1"]
    assert result.tags(FillResult.RENEWED) == ("press_total",)


def test_one_tag_in_body_table_and_header_with_numbers_of_their_own() -> None:
    cell = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>{p(inline('year'))}</w:tc></w:tr></w:tbl>"
    template = docx(p(inline("year")) + cell + p(inline("year")), header=p(inline("year")))
    result = filled(template, {"year": "2024"})
    roots = [body(result.document), body(result.document, "word/header1.xml")]
    assert [line for root in roots for line in lines(root)] == ["2024"] * 4
    every = [mark for root in roots for mark in marks(root)]
    assert every == ["_rc_1", "_rc_2", "_rc_3", "_rc_4"]
    for name in ("sdt", "bookmarkStart"):
        path = f"{W}sdtPr/{W}id" if name == "sdt" else "."
        key = f"{W}val" if name == "sdt" else f"{W}id"
        ids = [node.find(path).get(key) for root in roots for node in root.iter(f"{W}{name}")]
        assert len(set(ids)) == 4, name


def test_ids_that_stand_twice_are_made_unique_and_others_stay() -> None:
    twice = "".join(sdt("a", run("?"), '<w:id w:val="77"/>') for _ in range(2))
    template = docx(p(twice, sdt("b", run("?"), '<w:id w:val="5"/>')))
    root = body(filled(template, {"a": "1", "b": "2"}).document)
    ids = [node.get(f"{W}val") for node in root.iter(f"{W}id")]
    assert ids[0] == "77"
    assert ids[2] == "5"
    assert ids[1] not in ("77", "5")


def test_what_a_template_made_in_word_brings_is_put_right() -> None:
    """A placeholder's grey, a binding, another kind of control would show or write other words than ours."""
    properties = (
        '<w:rPr><w:b/></w:rPr><w:lock w:val="sdtLocked"/><w:placeholder><w:docPart w:val="D"/>'
        '</w:placeholder><w:showingPlcHdr/><w:dataBinding w:xpath="/a" w:storeItemID="{1}"/><w:dropDownList/>'
    )
    grey = '<w:rStyle w:val="PlaceholderText"/><w:i/>'
    template = docx(p(sdt("x", run("Click here", grey), properties)))
    node = control(body(filled(template, {"x": "ok"}).document), "x")
    assert names(node, f"{W}sdtPr") == ["rPr", "alias", "tag", "id", "lock", "placeholder", "text"]
    assert names(node, f"{W}sdtContent/{W}r/{W}rPr") == ["i"]


@pytest.mark.parametrize("text", ["", "=1+1", "+84", "-5", "@x", " a ", "1\u00a0234", "a < b & c"])
def test_a_text_is_written_as_it_is(text: str) -> None:
    assert said(body(filled(docx(p(inline("x"))), {"x": text}).document)) == text


def test_an_empty_text_leaves_a_control_that_is_found_again() -> None:
    first = filled(docx(p(inline("x", "<w:b/>"))), {"x": ""})
    content = control(body(first.document), "x").find(f"{W}sdtContent")
    assert [etree.QName(child).localname for child in content] == ["bookmarkStart", "r", "bookmarkEnd"]
    again = body(filled(first.document, {"x": "5"}).document)
    assert said(again) == "5"
    assert again.find(f".//{W}r/{W}rPr/{W}b") is not None


def test_what_xml_cannot_hold_is_left_out() -> None:
    root = body(filled(docx(p(inline("x"))), {"x": "a\x00b\x0bc\ufffed\x85e\r\nf\tg"}).document)
    assert said(root) == "abcde f g"


def test_a_text_in_a_control_that_word_put_round_a_paragraph_or_a_cell() -> None:
    right = '<w:jc w:val="right"/>'
    cell = f"<w:tc><w:tcPr/>{p(run('?'), look=right)}{p(run('??'))}</w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{sdt('cell', cell)}</w:tr></w:tbl>"
    template = docx(block("line", '<w:jc w:val="center"/>', "<w:i/>") + table + SECTION)
    contents: dict[str, Content] = {"line": "một", "cell": "hai"}
    first = filled(template, contents)
    root = body(first.document)
    line, cells = control(root, "line"), control(root, "cell")
    assert lines(line) == ["một"]
    assert value(line, f".//{W}jc") == "center"
    assert line.find(f".//{W}r/{W}rPr/{W}i") is not None
    assert lines(cells) == ["hai"]
    assert value(cells, f".//{W}jc") == "right"
    assert names(cells, f"{W}sdtContent/{W}tc") == ["tcPr", "p"]
    assert filled(first.document, contents).document == first.document


# ---- what is not ours


def outside(document: bytes, part: str) -> bytes:
    """A part in canonical form, without its controls."""
    root = body(document, part)
    for node in list(root.iter(f"{W}sdt")):
        if node.getparent() is not None:
            node.getparent().remove(node)
    return etree.tostring(root, method="c14n")


def test_everything_outside_the_controls_stays_as_it_is() -> None:
    theirs = p(run("Của người khác", "<w:b/>"), '<w:bookmarkStart w:id="7" w:name="_Ref1"/>', run("x"))
    theirs += p('<w:bookmarkEnd w:id="7"/>', run("  hai  "), "<w:r><w:tab/><w:br/></w:r>")
    ours = p(run("trước "), inline("a"), run(" sau")) + block("b")
    template = docx(
        theirs + ours + sdt("other", p(run("mine"))) + SECTION,
        header=p(run("đầu trang"), inline("a")),
        styles='<w:style w:type="paragraph" w:styleId="X"><w:name w:val="x"/></w:style>',
    )
    result = filled(template, {"a": "1", "b": (Paragraph("2"),), "c": "3"})
    for name in ("word/document.xml", "word/header1.xml", "word/styles.xml"):
        assert outside(result.document, name) == outside(template, name), name
    assert said(control(body(result.document), "other")) == "mine"
    assert result.tags(FillResult.UNKNOWN) == ("other",)


def test_comments_and_bookmarks_of_people_stay() -> None:
    words = (
        '<w:commentRangeStart w:id="3"/>'
        + run("?")
        + '<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>'
        '<w:bookmarkStart w:id="9" w:name="_Ref9"/><w:bookmarkEnd w:id="9"/>'
    )
    template = docx(p(sdt("a", words)) + sdt("b", p(words.replace('"3"', '"4"').replace("9", "8"))) + SECTION)
    contents: dict[str, Content] = {"a": "1", "b": (Paragraph("2"), Paragraph("3"))}
    first = filled(template, contents)
    root = body(first.document)
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert [node.get(f"{W}id") for node in root.iter(f"{W}{name}")] == ["3", "4"], name
    assert [name for name in marks(root) if not name.startswith("_rc_")] == ["_Ref9", "_Ref8"]
    assert said(root) == "123"
    ids = [node.get(f"{W}id") for node in root.iter(f"{W}bookmarkStart")]
    assert len(ids) == len(set(ids))
    assert filled(first.document, contents).document == first.document


def test_tracked_changes_are_read_as_they_would_be_accepted() -> None:
    first = filled(docx(p(inline("x"))), {"x": "12"}).document
    tracked = (
        '<w:del w:id="90"><w:r><w:delText>12</w:delText></w:r></w:del>'
        '<w:ins w:id="91"><w:r><w:t>13</w:t></w:r></w:ins>'
    )
    changed = changed_text(first, "<w:r><w:t>12</w:t></w:r>", tracked)
    assert list_controls(changed) == (Control("x", "13", "12"),)
    assert said(body(filled(changed, {"x": "14"}).document)) == "14"


# ---- the package


def test_dates_and_order_are_pinned() -> None:
    document = filled(STOCK, {"title": "x"}, scope=ALL).document
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = archive.namelist()
        assert names[0] == "[Content_Types].xml"
        assert names[1:] == sorted(names[1:])
        core = etree.fromstring(archive.read("docProps/core.xml"))
    dates = [node.text for node in core.iter("{http://purl.org/dc/terms/}*")]
    assert dates == ["2024-03-25T08:30:00Z"] * 2


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"no zip",
        docx(p(), main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        changed_text(docx(p()), "</w:document>", ""),
    ],
    ids=["empty", "no zip", "macros", "broken XML"],
)
def test_what_is_no_word_document_is_said_in_one_sentence(document: bytes) -> None:
    with pytest.raises(ReportctlError, match="Word"):
        filled(document, {})
