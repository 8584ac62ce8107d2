"""Where controls stand, as a reader finds them: documents as people make them."""

from __future__ import annotations

import pytest

from reportctl.word.content import Paragraph
from reportctl.word.places import Place, places
from tests.making.word_documents import CHART, SECTION, TABLE, block, docx, filled, inline, p, run

STYLES = (
    '<w:style w:type="paragraph" w:styleId="Title"><w:pPr><w:jc w:val="center"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
)


def heading(text: str, level: int = 1) -> str:
    return p(run(text), look=f'<w:pStyle w:val="H{level}"/>')


def text(words: str = "Some words.") -> str:
    return p(run(words))


def found(*blocks: str, header: str = "") -> dict[str, Place]:
    """The places in a document with these blocks, filled; by tag."""
    contents = {"x": "12", "y": "13", "t": TABLE, "c": CHART, "two": (Paragraph("One."), Paragraph("Two."))}
    document = filled(docx("".join(blocks) + SECTION, header, STYLES), contents).document
    return {place.tag: place for place in places(document, contents)}


def stands(place: Place) -> tuple[str, list[str], list[int], str, int]:
    numbers = [number for number, _words in place.lines]
    return place.annex, [one.number or one.words for one in place.headings], numbers, place.caption, place.row


def said(tag: str) -> str:
    return p(run("There are "), inline(tag), run(" of them."))


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("I- TÌNH HÌNH", "I"),
        ("IV. Kiến nghị", "IV"),
        ("Phần II: Đánh giá", "II"),
        ("3. Thông tin", "3"),
        ("2.1 Kết quả", "2.1"),
        ("2.1. Kết quả", "2.1"),
        ("a) Hạn chế", "a"),
        ("B. KẾT QUẢ", "B"),
        ("đ) Hạn chế", "đ"),
        ("12 nhiệm vụ", "12 nhiệm vụ"),
        ("2024. Nhìn lại", "2024. Nhìn lại"),
        ("Kết quả. Đánh giá", "Kết quả. Đánh giá"),
        ("Ý kiến", "Ý kiến"),
    ],
)
def test_the_number_typed_before_a_heading(words: str, number: str) -> None:
    assert stands(found(heading(words), said("x"))["x"])[1] == [number]


def test_paragraphs_are_counted_below_the_last_heading() -> None:
    got = found(
        p(run("REPORT"), look='<w:pStyle w:val="Title"/>'),
        p(run("-----"), look='<w:jc w:val="center"/>'),
        said("x"),
        heading("I. First"),
        text(),
        heading("1. Part", 2),
        text(),
        p(),
        text(),
        block("two"),
        heading("II. Second"),
        said("y"),
    )
    assert stands(got["x"]) == ("", [], [1], "", 0)
    assert stands(got["two"]) == ("", ["I", "1"], [3, 4], "", 0)
    assert stands(got["y"]) == ("", ["II"], [1], "", 0)


def test_tables_and_charts_are_called_as_their_captions_and_are_no_paragraphs() -> None:
    got = found(heading("1. One"), block("t"), block("c"), said("x"))
    assert stands(got["t"]) == ("", ["1"], [], "Bảng 1", 0)
    assert stands(got["c"]) == ("", ["1"], [], "Biểu đồ 1", 0)
    assert stands(got["x"]) == ("", ["1"], [1], "", 0)


def test_a_figure_in_a_table_that_people_made_stands_in_its_row() -> None:
    caption = p(
        run("Bảng "),
        '<w:fldSimple w:instr=" SEQ Bảng "><w:r><w:t>1</w:t></w:r></w:fldSimple>',
        run(". Our own"),
    )
    rows = "".join(f"<w:tr><w:tc>{cell}</w:tc></w:tr>" for cell in (text("Head"), said("x"), said("y")))
    got = found(caption, f"<w:tbl>{rows}</w:tbl>", block("t"))
    assert stands(got["x"])[3:] == ("Bảng 1", 2)
    assert stands(got["y"])[3:] == ("Bảng 1", 3)
    assert got["t"].caption == "Bảng 2"


def test_an_annex_is_named_and_its_title_is_no_heading() -> None:
    got = found(
        heading("I. One"),
        heading("Phụ lục II"),
        heading("TỔNG HỢP"),
        said("x"),
        block("t"),
        heading("1. Part", 2),
        said("y"),
    )
    assert stands(got["x"]) == ("Phụ lục II", [], [1], "", 0)
    assert stands(got["t"]) == ("Phụ lục II", [], [], "Bảng 1", 0)
    assert stands(got["y"]) == ("Phụ lục II", ["1"], [1], "", 0)


def test_a_header_stands_aside_and_a_heading_is_no_paragraph() -> None:
    got = found(p(run("1. Of "), inline("x"), look='<w:pStyle w:val="H1"/>'), header=said("y"))
    assert stands(got["x"]) == ("", ["1"], [0], "", 0)
    assert got["y"].aside
