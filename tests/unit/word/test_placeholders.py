"""Typed placeholders become controls, however Word has split them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.word.content import Content, Paragraph
from reportctl.word.fill import FillResult, fill
from tests.making.word_documents import (
    CHART,
    FACTS,
    SECTION,
    TABLE,
    W,
    body,
    changed_text,
    control,
    docx,
    filled,
    inline,
    lines,
    p,
    run,
    said,
    sdt,
    value,
)

FIGURES: dict[str, Content] = {"press_total": "6.407", "press_total.change_year_ago": "tăng 14,2%"}


def test_a_typed_tag_becomes_a_control_in_its_place_and_look() -> None:
    template = docx(p(run("Có {{press_total}} tin, {{ press_total.change_year_ago }}.", "<w:b/>")) + SECTION)
    root = body(filled(template, FIGURES).document)
    assert lines(root) == ["Có 6.407 tin, tăng 14,2%."]
    found = control(root, "press_total")
    assert said(found) == "6.407"
    assert value(found, f"{W}sdtPr/{W}alias") == "press_total"
    assert found.find(f".//{W}r/{W}rPr/{W}b") is not None


@given(cuts=st.lists(st.integers(0, 40), max_size=12))
def test_word_may_split_it_anywhere(cuts: list[int]) -> None:
    text = "Có {{press_total}} tin; {{press_total}}!"
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    runs = [run(text[a:b], "<w:i/>") for a, b in itertools.pairwise(edges)]
    template = docx(p(*(f'<w:proofErr w:type="spellStart"/>{one}' for one in runs)) + SECTION)
    root = body(filled(template, FIGURES).document)
    assert lines(root) == ["Có 6.407 tin; 6.407!"]
    assert len(list(root.iter(f"{W}sdt"))) == 2


def test_what_is_no_text_keeps_its_place_between_the_words() -> None:
    inner = "<w:r><w:t>a{{press_</w:t><w:t>total}}b</w:t><w:tab/><w:t>c</w:t><w:br/></w:r>"
    root = body(filled(docx(p(inner) + SECTION), FIGURES).document)
    order = [
        node.text if node.tag == f"{W}t" else node.tag.removeprefix(W)
        for node in root.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}sdt")
        if node.tag != f"{W}t" or node.text
    ]
    assert order == ["a", "sdt", "6.407", "b", "tab", "c", "br"]


def test_tables_charts_and_paragraphs_take_the_paragraph_they_stand_alone_in() -> None:
    contents: dict[str, Content] = {
        "table:province": TABLE,
        "chart:press": CHART,
        "text:tasks": (Paragraph("a"),),
    }
    template = docx(
        p(run("{{table:pro"), run("vince}} "))
        + p(run("{{chart:press}}"))
        + p(run("{{text:tasks}}"))
        + SECTION
    )
    result = filled(template, contents)
    root = body(result.document)
    assert control(root, "table:province").find(f".//{W}tbl") is not None
    assert control(root, "chart:press").find(f".//{W}drawing") is not None
    assert said(control(root, "text:tasks")) == "a"
    assert result.tags(FillResult.RENEWED) == tuple(contents)


def test_in_headers_and_cells_and_whatever_the_case() -> None:
    cell = f"<w:tbl><w:tr><w:tc>{p(run('{{Press_Total}}'))}</w:tc></w:tr></w:tbl>"
    template = docx(cell + p() + SECTION, header=p(run("{{press_total}}")))
    document = filled(template, FIGURES).document
    assert lines(body(document))[0] == "6.407"
    assert lines(body(document, "word/header1.xml")) == ["6.407"]


def test_all_unknown_tags_are_said_in_one_sentence_with_the_nearest() -> None:
    template = docx(p(run("{{press_totl}} {{press_total}} {{xyz}}")) + SECTION)
    with pytest.raises(ReportctlError) as caught:
        fill(template, FIGURES, FACTS)
    assert str(caught.value) == (
        "The document asks for what is not known: "
        "{{press_totl}} (near it: press_total) in “{{press_totl}} {{press_total}} {{xyz}}”; "
        "{{xyz}} in “{{press_totl}} {{press_total}} {{xyz}}”. "
        "All tags: reportctl form --tags"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Có {{press_total tin", "“{{press_total tin”"),
        ("Có {{press_total} tin", "“{{press_total} tin”"),
        ("Có press_total}} tin", "“Có press_total}}”"),
        ("{{press_total}} và {press_total}}", "“và {press_total}}”"),
        ("Có {{}} tin", "“Có {{}}”"),
    ],
)
def test_braces_that_make_no_tag_are_named(typed: str, shown: str) -> None:
    with pytest.raises(ReportctlError) as caught:
        fill(docx(p(run(typed)) + p(run("{{press_total}} {một} {{xyz}}")) + SECTION), FIGURES, FACTS)
    unknown, loose = str(caught.value).splitlines()
    assert unknown.startswith(
        "The document asks for what is not known: {{xyz}} in “{{press_total}} {một} {{xyz}}”."
    )
    assert loose == (
        f"The document holds braces that make no tag: {shown}. "
        "A tag is written with two on each side, on one line: {{press_total}}"
    )


def test_braces_in_what_was_filled_in_are_no_placeholders() -> None:
    contents: dict[str, Content] = {
        "text:tasks": (Paragraph("a {{x}}"), Paragraph("{{y}}")),
        "press_total": "{{z}}",
    }
    template = docx(sdt("text:tasks", p(run("[?]"))) + p(inline("press_total")) + SECTION)
    first = filled(template, contents).document
    assert lines(body(filled(first, contents).document)) == ["a {{x}}", "{{y}}", "{{z}}"]


def test_what_a_control_has_lost_is_no_placeholder_either() -> None:
    """LibreOffice leaves of a control round several paragraphs the bookmarks only."""
    contents: dict[str, Content] = {"text:tasks": (Paragraph("a"), Paragraph("{{y}}"))}
    first = filled(docx(sdt("text:tasks", p(run("[?]"))) + SECTION), contents).document
    for word in ("<w:sdt>", "</w:sdt>", "<w:sdtContent>", "</w:sdtContent>"):
        first = changed_text(first, word, "")
    start = '<w:sdtPr><w:alias w:val="text:tasks"/><w:tag w:val="text:tasks"/><w:id w:val="1"/></w:sdtPr>'
    assert lines(body(filled(changed_text(first, start, ""), contents).document)) == ["a", "{{y}}"]


def test_a_tag_typed_again_into_a_filled_document_is_filled_too() -> None:
    """Its words are not somebody's edit of what was printed under the same tag elsewhere."""
    contents: dict[str, Content] = {"text:tasks": (Paragraph("a"),), "table:province": TABLE}
    template = docx(sdt("text:tasks", p(run("[?]"))) + sdt("table:province", p(run("[?]"))) + SECTION)
    typed = p(run("{{ text:tasks }}")) + SECTION
    first = changed_text(filled(template, contents).document, SECTION, typed)
    for _ in range(2):  # as it was typed, then as it stands in a control
        result = filled(first, contents, FACTS, {"text:tasks"})
        assert lines(body(result.document)).count("a") == 2
        assert result.tags(FillResult.KEPT) == ()
        first = result.document
