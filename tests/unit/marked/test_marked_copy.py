"""Marked copies: the sender's own workbook, of which nothing changes but colours and comments.

openpyxl, which had no part in making them, compares what was there before and after.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import GradientFill
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.form.layout import FIGURES, LISTING_MARK, TEXTS
from reportctl.marked.listing import COLOURS, HEADER_ROW
from reportctl.marked.marked_copy import list_workbook, marked_workbook
from reportctl.marked.words import Addressee, Markup, markup
from reportctl.workbooks.package.parts import NotEditableError
from tests.making.machine import Convert
from tests.making.programs import PROGRAMS, Program
from tests.making.returned import (
    EVENTS,
    QUARTER,
    cell,
    codes,
    form,
    read,
    repacked,
    returned,
    sent_out,
    sheet_part,
)
from tests.making.valid import errors

LIST = "To correct"
WRONG: dict[str, Any] = {
    "press_total": "khoảng 900",  # error
    "press_print": "700 bài",  # warning
    "budget_planned": None,  # blank: an error, whose cell some programs leave out
}
TO = Addressee("Huyện Một", "a.xlsx", QUARTER, dt.date(2024, 3, 17), "Văn phòng")


def _findings(data: bytes, folder: Path) -> list[Finding]:
    return [found for found in read(data, folder).findings if found.file == "a.xlsx"]


def _words(data: bytes, folder: Path) -> Markup:
    return markup(_findings(data, folder), TO, form())


def _mark(data: bytes, folder: Path) -> bytes:
    return marked_workbook(data, _words(data, folder))


def _book(data: bytes, **options: Any) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), **options)


def _colour(data: bytes, sheet: str, at: str) -> str:
    return str(_book(data)[sheet][at].fill.fgColor.rgb)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _names(names: Any) -> dict[str, str]:
    return {name: one.attr_text for name, one in names.items()}


def _told(data: bytes) -> dict[str, Any]:
    """Everything that must not change, by sheet."""
    book, results = _book(data), _book(data, data_only=True)
    looks: dict[int, tuple[str, ...]] = {}
    told: dict[str, Any] = {"names": _names(book.defined_names)}
    for sheet in book:
        if sheet["A1"].value == LISTING_MARK:
            continue
        cells = (one for row in sheet.iter_rows() for one in row)
        told[sheet.title] = {
            "cells": {
                one.coordinate: said
                for one in cells
                if (said := _cell(one, results[sheet.title][one.coordinate], looks)) != _BLANK
            },
            "names": _names(sheet.defined_names),
            "validations": sorted(repr(one) for one in sheet.data_validations.dataValidation),
            "protection": repr(sheet.protection),
            "widths": {k: (v.width, v.hidden, v.min, v.max) for k, v in sheet.column_dimensions.items()},
            "heights": {k: (v.height, v.hidden) for k, v in sheet.row_dimensions.items() if v.height},
            "conditional": [
                (str(area.sqref), [(rule.type, rule.formula, repr(rule.dxf)) for rule in rules])
                for area, rules in sheet.conditional_formatting._cf_rules.items()
            ],
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
            "freeze": sheet.freeze_panes,
            "state": sheet.sheet_state,
            "print": (sheet.print_title_rows, sheet.print_area, repr(sheet.page_setup)),
        }
    return told


def _cell(one: Any, result: Any, looks: dict[int, tuple[str, ...]]) -> tuple[Any, ...]:
    """A cell without its fill; `looks` are the formats met so far."""
    if one.style_id not in looks:
        look = (one.number_format, one.font, one.border, one.alignment, one.protection)
        looks[one.style_id] = tuple(map(repr, look))
    return (one.value, result.value, one.data_type, looks[one.style_id])


_BLANK = _cell(Workbook().active["A1"], Workbook().active["A1"], {})  # type: ignore[index]


@pytest.fixture(scope="module")
def sent_back() -> bytes:
    """A workbook with mistakes, formulas with their results, names and a sheet's own print titles."""
    data = returned(WRONG)
    # openpyxl drops the results of formulas, which Excel keeps.
    return repacked(data, lambda _name, old: old.replace(b"</f><v></v>", b"</f><v>7</v>"))


@pytest.fixture(scope="module")
def copy(sent_back: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Its marked copy."""
    return _mark(sent_back, tmp_path_factory.mktemp("copy"))


def test_nothing_changes_but_fills_and_comments(sent_back: bytes, copy: bytes) -> None:
    assert _told(copy) == _told(sent_back)
    assert _book(copy, data_only=True)[FIGURES]["H8"].value == 7


def test_the_workbook_that_was_sent_out_stays_what_it_was(tmp_path: Path) -> None:
    """As XlsxWriter writes it: with the results of formulas, rich text, everything protected."""
    data = sent_out()
    copied = _mark(data, tmp_path)
    assert len(_marked_cells(copied)) > 5
    assert _told(copied) == _told(data)
    assert _book(copied, data_only=True)[FIGURES]["B4"].value == "Còn 6 ô bắt buộc chưa điền"
    before, after = _parts(data), _parts(copied)
    for name in before:
        if name.startswith("xl/worksheets/sheet"):
            assert _without_marks(after[name]) == _without_marks(before[name])


def _marked_cells(data: bytes) -> list[str]:
    colours = set(COLOURS.values())
    cells = (one for sheet in _book(data).worksheets[1:] for row in sheet.iter_rows() for one in row)
    return [one.coordinate for one in cells if one.fill.fgColor.rgb in colours]


def _without_marks(sheet: bytes) -> str:
    root = ET.fromstring(sheet)
    for one in list(root.iter()):
        name = one.tag.rpartition("}")[2]
        if name == "c":
            one.attrib.pop("s", None)
        elif name == "sheetView":
            one.attrib.pop("tabSelected", None)
        elif name == "legacyDrawing":
            root.remove(one)
    return ET.canonicalize(ET.tostring(root, encoding="unicode"))


def test_parts_without_marks_are_as_they_came(sent_back: bytes, copy: bytes) -> None:
    before, after = _parts(sent_back), _parts(copy)
    changed = {name for name, part in before.items() if after[name] != part}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        sheet_part(sent_back, FIGURES),
    } | {name for name in changed if b'tabSelected="1"' in before[name]}
    # The list and its strings, the comments, their boxes, the sheet's relationships.
    assert len(after) - len(before) == 5


def test_cells_have_the_colour_of_their_gravest_finding(copy: bytes) -> None:
    assert _colour(copy, *cell("press_total")) == COLOURS[Severity.ERROR]
    assert _colour(copy, *cell("budget_planned")) == COLOURS[Severity.ERROR]
    assert _colour(copy, *cell("press_print")) == COLOURS[Severity.WARNING]
    assert _colour(copy, *cell("press_radio")) == "FFFFF7D6"


def test_comments_say_what_is_wrong_and_what_to_do(copy: bytes) -> None:
    sheet, at = cell("press_total")
    comment = _book(copy)[sheet][at].comment
    assert comment
    assert comment.author == "Văn phòng"
    lines = comment.text.split("\n")
    assert lines[0] == "reportctl – Error"
    assert lines[1] == "“khoảng 900” is not an exact figure"
    assert lines[-1].startswith("To put it right: type one number (900?)")
    assert _book(copy)[FIGURES]["H8"].comment is None


def test_the_first_sheet_lists_everything(copy: bytes) -> None:
    book = _book(copy)
    sheet = book.worksheets[0]
    assert book.sheetnames[0] == LIST
    assert book.active is sheet
    assert [one.title for one in book if one.sheet_view.tabSelected] == [LIST]
    above = {row[0]: row[3] for row in sheet.iter_rows(2, 6, 2, 5, values_only=True)}
    assert above["Unit"] == "Huyện Một"
    assert above["File"] == "a.xlsx"
    assert str(above["To be sent again by"]).replace("\xa0", " ") == "17 March 2024"
    rows = list(sheet.iter_rows(HEADER_ROW + 1, min_col=2, max_col=9, values_only=True))
    assert above["In all"] == f"{sum(r[1] == 'Error' for r in rows)} errors, 1 warning, 0 notes"
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    approximate = next(row for row in rows if row[5] == "khoảng 900")
    assert approximate[1:5] == ("Error", FIGURES, cell("press_total")[1], "Stories")
    link = sheet[f"E{HEADER_ROW + int(str(approximate[0]))}"].hyperlink
    assert link
    assert link.location == f"'{FIGURES}'!{cell('press_total')[1]}"
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_text_stays_text(tmp_path: Path) -> None:
    sheet, at = cell("plan_level")
    for text in ("=1+1", "+84", "-x", "@SUM(A1)", "_x0041_\x0b"):
        found = finding("choice_unknown", sheet=sheet, cell=at, value=text, choices="Tỉnh")
        for words in (markup([found], TO, form()), markup([found], TO, form(), editable=False)):
            made = marked_workbook(returned(), words) if words.marks else list_workbook(words)
            listed = _book(made)[LIST][f"G{HEADER_ROW + 1}"]
            assert (listed.value, listed.data_type) == (text.replace("\x0b", ""), "s")
            assert listed.quotePrefix == (text[0] in "=+-@")
        path = tmp_path / "a.xlsx"
        path.write_bytes(made)
        assert (
            text.replace("\x0b", "")
            in CalamineWorkbook.from_path(path).get_sheet_by_name(LIST).to_python()[HEADER_ROW]
        )


def test_a_copy_is_the_same_each_time(sent_back: bytes, copy: bytes, tmp_path: Path) -> None:
    assert _mark(sent_back, tmp_path) == copy


@pytest.mark.slow
def test_open_xml_audit_finds_nothing_new(sent_back: bytes, copy: bytes, tmp_path: Path) -> None:
    def audit(data: bytes) -> set[str]:
        path = tmp_path / "audited.xlsx"
        path.write_bytes(data)
        return {re.sub("[0-9]+", "", one.description) for one in errors(path)}

    assert audit(copy) <= audit(sent_back)
    words = _words(sent_back, tmp_path)
    assert audit(marked_workbook(sent_out(), words)) == audit(sent_out()) == set()
    assert audit(list_workbook(words)) == set()


# What the sender had already


def _with_comments(book: Workbook) -> None:
    sheet, at = cell("press_total")
    book[sheet][at].comment = Comment("Số này\nchờ duyệt", "Đơn vị")
    book[sheet]["C8"].comment = Comment("Ghi chú riêng", "Đơn vị")
    book[sheet][at].fill = GradientFill(stop=("FF00FF00", "FF0000FF"))


def test_comments_of_the_sender_stay(tmp_path: Path) -> None:
    data = returned(WRONG, edit=_with_comments)
    sheet = _book(_mark(data, tmp_path))[FIGURES]
    said = sheet[cell("press_total")[1]].comment
    assert said
    assert said.author == "Đơn vị"
    assert said.text.startswith("Số này\nchờ duyệt\n\nreportctl – Error\n")
    assert sheet["C8"].comment
    assert sheet["C8"].comment.text == "Ghi chú riêng"


def test_every_comment_has_one_box(tmp_path: Path) -> None:
    data = _mark(returned(WRONG, edit=_with_comments), tmp_path)
    once = _boxes(data)
    assert len(once) == len(set(once))
    sheets = (sheet for sheet in _book(data) if sheet.title != LIST)
    assert len(once) == sum(bool(one.comment) for sheet in sheets for row in sheet.iter_rows() for one in row)
    assert _boxes(_mark(data, tmp_path)) == once


def _boxes(data: bytes) -> list[tuple[str, str, str]]:
    """The part, row and column of every comment's box."""
    x = "{urn:schemas-microsoft-com:office:excel}"
    return [
        (name, one.findtext(f"{x}Row", ""), one.findtext(f"{x}Column", ""))
        for name, part in sorted(_parts(data).items())
        if name.endswith(".vml")
        for one in ET.fromstring(part).iter(f"{x}ClientData")
    ]


def test_marking_again_replaces_the_marks(tmp_path: Path) -> None:
    original = returned(WRONG, edit=_with_comments)
    once = _mark(original, tmp_path)
    book = _book(once)
    sheet, at = cell("press_print")
    book[sheet][at] = 700  # what was a warning is put right
    content = io.BytesIO()
    book.save(content)
    twice = _mark(content.getvalue(), tmp_path)
    after = _book(twice)
    assert after.sheetnames == _book(once).sheetnames
    assert _colour(twice, sheet, at) == _colour(original, sheet, at)
    assert after[sheet][at].comment is None
    total = after[FIGURES][cell("press_total")[1]]
    assert total.comment
    assert total.comment.text.count("reportctl") == 1
    assert total.comment.text.startswith("Số này\nchờ duyệt\n\nreportctl")
    assert _colour(twice, *cell("press_total")) == COLOURS[Severity.ERROR]


def test_with_nothing_wrong_all_marks_go(tmp_path: Path) -> None:
    """Even a fill with colours that run into each other comes back."""
    original = returned(WRONG, edit=_with_comments)
    clean = marked_workbook(_mark(original, tmp_path), markup([], TO, form()))
    assert _book(clean).sheetnames.count(LIST) == 1
    after = _book(clean)
    for sheet in _book(original):
        for row in sheet.iter_rows():
            for one in row:
                same = after[sheet.title][one.coordinate]
                assert repr(same.fill) == repr(one.fill), one.coordinate
                assert (same.comment and same.comment.text) == (one.comment and one.comment.text)


def test_names_of_single_sheets_follow_their_sheets(tmp_path: Path) -> None:
    def with_titles(book: Workbook) -> None:
        book[EVENTS].print_title_rows = "2:3"
        book.active = book.sheetnames.index(EVENTS)

    data = returned(WRONG, edit=with_titles)
    once = _mark(data, tmp_path)
    for copied in (once, _mark(once, tmp_path)):
        book = _book(copied)
        assert book[EVENTS].print_title_rows == "$2:$3"
        assert book[LIST].print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
        assert book.active.title == LIST


def test_a_sheet_of_the_sender_may_have_the_name(tmp_path: Path) -> None:
    def add(book: Workbook) -> None:
        book.create_sheet(LIST.upper())["B2"] = "của đơn vị"

    data = _mark(returned(WRONG, edit=add), tmp_path)
    assert _book(data).sheetnames[0] == f"{LIST} (2)"
    assert _book(data)[LIST.upper()]["B2"].value == "của đơn vị"


# Coming back


def test_a_copy_that_comes_back_says_what_the_original_said(
    sent_back: bytes, copy: bytes, tmp_path: Path
) -> None:
    before, after = read(sent_back, tmp_path), read(copy, tmp_path)
    assert after.findings == before.findings
    assert before.submission
    assert after.submission
    assert after.submission.answers == before.submission.answers
    assert after.submission.rows == before.submission.rows


def _corrected(data: bytes) -> bytes:
    book = _book(data)
    for code, value in (("press_total", 1200), ("press_print", 700), ("budget_planned", 250.5)):
        sheet, at = cell(code)
        book[sheet][at] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_copy_that_is_put_right_is_in_order(copy: bytes, tmp_path: Path) -> None:
    assert codes(read(_corrected(copy), tmp_path)) == []


def test_the_list_does_not_disturb_the_search_by_label(sent_back: bytes, tmp_path: Path) -> None:
    """Where codes, names and the sheet's name are gone, labels are looked for on every sheet."""

    def strip(book: Workbook) -> None:
        for name in list(book.defined_names):
            del book.defined_names[name]
        for sheet in book:
            if sheet["A1"].value != LISTING_MARK and sheet.title != "_reportctl":
                for row in sheet.iter_rows(min_row=2, max_col=1):
                    row[0].value = None
        book[FIGURES].title = "Bảng 1"

    def stripped(data: bytes) -> bytes:
        book = _book(data)
        strip(book)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    plain, with_list = (read(stripped(data), tmp_path) for data in (sent_back, _mark(sent_back, tmp_path)))
    assert plain.submission
    assert with_list.submission
    assert with_list.submission.answers == plain.submission.answers
    assert with_list.findings == plain.findings


# Other programs


@pytest.mark.parametrize(
    "program", [name for name in PROGRAMS if not name.startswith("strict")] + ["no styles"]
)
def test_workbooks_of_other_programs(program: str, tmp_path: Path) -> None:
    saved = Program(styles=False) if program == "no styles" else PROGRAMS[program]
    data = saved.write(returned(WRONG))
    before = read(data, tmp_path)
    copied = marked_workbook(data, markup(before.findings, TO, form()))
    after = read(copied, tmp_path)
    assert after.findings == before.findings
    assert before.submission
    assert after.submission
    assert after.submission.answers == before.submission.answers
    assert _by_code(_parts(copied), "budget_planned")


def _by_code(parts: dict[str, bytes], code: str) -> bool:
    """Whether the cell of `code` has a format of its own, whatever the prefix."""
    at = cell(code)[1].encode()
    return any(b'r="%s" s="' % at in part for name, part in parts.items() if "/worksheets/" in name)


@pytest.mark.filterwarnings("ignore:Unknown extension")
@pytest.mark.parametrize("program", ["plain", "WPS", "Google Sheets", "dates of a Mac"])
def test_an_independent_reader_sees_the_marks_in_them(program: str, tmp_path: Path) -> None:
    data = PROGRAMS[program].write(returned(WRONG))
    copied = marked_workbook(data, markup(read(data, tmp_path).findings, TO, form()))
    assert _told(copied) == _told(data)
    assert _colour(copied, *cell("press_total")) == COLOURS[Severity.ERROR]
    assert _book(copied)[FIGURES][cell("budget_planned")[1]].comment


@pytest.mark.parametrize("program", ["strict", "strict with ISO dates"])
def test_strict_workbooks_are_left_alone(program: str, tmp_path: Path) -> None:
    data = PROGRAMS[program].write(returned(WRONG))
    with pytest.raises(NotEditableError):
        _mark(data, tmp_path)


def test_what_cannot_be_parsed_is_left_alone(sent_back: bytes, tmp_path: Path) -> None:
    words = _words(sent_back, tmp_path)
    for broken in ("xl/styles.xml", "xl/workbook.xml", sheet_part(sent_back, FIGURES)):
        data = repacked(sent_back, lambda name, old, broken=broken: b"<x" if name == broken else old)
        with pytest.raises(NotEditableError):
            marked_workbook(data, words)
    with pytest.raises(NotEditableError):
        marked_workbook(b"PK", words)
    data = returned(WRONG, edit=_with_comments)
    unclosed = repacked(data, lambda name, old: b"<xml><br></xml>" if name.endswith(".vml") else old)
    with pytest.raises(NotEditableError):
        marked_workbook(unclosed, words)


def test_the_list_alone(sent_back: bytes, tmp_path: Path) -> None:
    words = markup(_findings(sent_back, tmp_path), TO, form(), editable=False)
    book = _book(list_workbook(words))
    assert book.sheetnames == [LIST]
    assert book[LIST][f"F{HEADER_ROW + 1}"].value == "Stories"
    assert book[LIST][f"E{HEADER_ROW + 1}"].hyperlink is None


def test_macros_and_pictures_stay(sent_back: bytes, tmp_path: Path) -> None:
    content = io.BytesIO(sent_back)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(500))
        archive.writestr("xl/media/Image1.PNG", b"\x89PNG")
    parts = _parts(marked_workbook(content.getvalue(), _words(sent_back, tmp_path)))
    assert parts["xl/vbaProject.bin"] == b"\xd0\xcf\x11\xe0" + bytes(500)
    assert parts["xl/media/Image1.PNG"] == b"\x89PNG"


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_opens_it_and_what_it_saves_is_a_new_revision(tmp_path: Path, soffice: Convert) -> None:
    original = returned(WRONG, edit=_with_comments)
    path = tmp_path / "copy.xlsx"
    path.write_bytes(_mark(original, tmp_path))
    saved = soffice([path])[0].read_bytes()
    book = _book(saved)
    assert book.sheetnames[0] == LIST
    assert _colour(saved, *cell("press_total")) == COLOURS[Severity.ERROR]
    assert book[FIGURES][cell("press_print")[1]].comment.text.startswith("reportctl – Warning")
    assert codes(read(_corrected(saved), tmp_path)) == []
    again = _mark(saved, tmp_path)
    assert _book(again).sheetnames == book.sheetnames
    total = _book(again)[FIGURES][cell("press_total")[1]]
    assert total.comment.text.count("reportctl") == 1
    clean = marked_workbook(saved, markup([], TO, form()))
    assert _colour(clean, *cell("press_print")) == _colour(original, *cell("press_print"))
    assert _book(clean)[FIGURES][cell("press_print")[1]].comment is None


def test_texts_are_marked_too(tmp_path: Path) -> None:
    data = _mark(returned({"results": None}), tmp_path)
    assert _colour(data, *cell("results")) == COLOURS[Severity.ERROR]
    assert cell("results")[0] == TEXTS
