"""A Word document for an office's own form: it mentions all that is asked, in either style."""

from __future__ import annotations

import io

import docx
import pytest
from docx.enum.section import WD_ORIENT

from reportctl.form.form_file import parse_form
from reportctl.form.model import Form
from reportctl.report.copies import is_of_copies
from reportctl.report.own_document import document_for
from reportctl.report.tags import known_tags
from reportctl.report.unmentioned import unmentioned
from reportctl.word.mentions import mentions
from reportctl.workspace.stock import report_document

HEAD = 'id = "own"\ntitle = "Biểu"\n[[kinds]]\ncode = "unit"\ntitle = "Đơn vị"\n'
SECTION = """
[[sections]]
code = "press"
title = "Báo chí"
[[sections.indicators]]
code = "press_total"
label = "Tổng số tin, bài"
"""
TABLE = """
[[tables]]
code = "rooms"
title = "Phòng học {{table:x}} [Tên mục: báo chí]"
columns = [ { code = "total", label = "Tổng số" } ]
rows = [ { code = "n1", label = "Kiên cố" } ]
"""
LIST = """
[[lists]]
code = "schools"
title = "Trường"
columns = [ { code = "name", label = "Tên" } ]
"""
TEXT = '[[texts]]\ncode = "opinion"\nlabel = "Kiến nghị"\n'
FORMS = [SECTION, TABLE, LIST, TEXT, SECTION + TABLE + LIST + TEXT, TABLE + LIST]


def form(text: str) -> Form:
    return parse_form(HEAD + text)


def words(document: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(document)).paragraphs]


@pytest.mark.parametrize("style", ["party", "state"])
@pytest.mark.parametrize("text", FORMS)
def test_all_that_is_asked_is_mentioned_and_nothing_that_is_not_known(text: str, style: str) -> None:
    asked = form(text)
    found = mentions(document_for(asked, style, "vi"), known_tags(asked))
    assert list(unmentioned(asked, found.tags)) == []
    assert [one.name for one in found.unknown if not is_of_copies(one.name, asked)] == []
    assert "[Tên mục" not in "".join(words(document_for(asked, style, "vi")))


@pytest.mark.parametrize("style", ["party", "state"])
def test_heading_and_signature_are_the_stock_document_s(style: str) -> None:
    stock, own = (
        docx.Document(io.BytesIO(d))
        for d in (report_document(style, "vi"), document_for(form(TABLE), style, "vi"))
    )
    for place in (0, -1):
        assert own.tables[place]._tbl.xml == stock.tables[place]._tbl.xml
    headings = [
        [p.text for p in d.paragraphs if p.style and p.style.name == "Heading 1"] for d in (stock, own)
    ]
    assert len(headings[0]) == 4
    assert headings[0] == headings[1]
    assert len(own.styles) == len(stock.styles)


@pytest.mark.parametrize("style", ["party", "state"])
def test_the_last_paragraph_goes_with_the_end_and_the_signature(style: str) -> None:
    paragraphs = docx.Document(io.BytesIO(document_for(form(TEXT), style, "vi"))).paragraphs
    (end,) = (n for n, one in enumerate(paragraphs) if one.style and one.style.name == "Lời kết")
    last = paragraphs[end - 1]
    assert last.text == "", "for the office to write"
    assert (last.paragraph_format.keep_with_next, last.paragraph_format.keep_together) == (True, True)


def test_annexes_are_numbered_and_of_what_there_is_only() -> None:
    named = [
        line
        for line in words(document_for(form(TABLE + LIST), "party", "vi"))
        if line.isupper() or "Phụ lục" in line
    ]
    assert [line for line in named if line.startswith("Phụ lục")] == [
        "Phụ lục I\nCÁC BẢNG SỐ LIỆU",
        "Phụ lục II\nCÁC DANH SÁCH",
        "Phụ lục III\nTÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ",
    ]
    sections = docx.Document(io.BytesIO(document_for(form(TABLE + LIST), "party", "vi"))).sections
    assert [section.orientation == WD_ORIENT.LANDSCAPE for section in sections] == [False, True, True, True]


def test_what_units_write_stands_whole_in_an_upright_annex() -> None:
    document = docx.Document(io.BytesIO(document_for(form(TABLE + TEXT), "party", "vi")))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said.index("Phụ lục III\nLỜI CỦA CÁC ĐƠN VỊ") < said.index("{{annex:texts}}")
    assert "{{?annex:texts}}Lời của các đơn vị, in đủ: Phụ lục III.{{/?}}" in said
    orientations = [section.orientation == WD_ORIENT.LANDSCAPE for section in document.sections]
    assert orientations == [False, True, True, False]


def test_in_english_it_has_no_word_of_vietnamese_but_the_form_s() -> None:
    asked = form(SECTION + TABLE + LIST + TEXT)
    english, vietnamese = (words(document_for(asked, "state", of)) for of in ("en", "vi"))
    other = [line.replace("\u00a0", " ") for line in english]
    assert len(vietnamese) == len(english)
    # What is not ASCII is what the form calls its parts: under headings with a number, the same in both.
    odd = [line for line in other if not line.isascii()]
    assert set(odd) <= set(vietnamese)
    assert all(line[0].isdigit() for line in odd)
    assert "The figures of the whole province: {{ref:table:province}}, Annex I." in other
    assert "In {{next_period.lower}}, {{issuer.name}} will concentrate on these main tasks:" in other
    assert any(line.startswith("Annex") and line.endswith("WHAT THE UNITS WROTE") for line in other)
