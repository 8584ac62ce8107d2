"""A sheet's own XML: what readers would read differently is put plainly or refused; hidden and merged cells.

Independent of the code under test: values are compared with openpyxl's wherever it reads the same file.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.core.period import Quarter
from reportctl.form.layout import FIGURES
from reportctl.form.submission import AnswerState
from reportctl.intake.job import ReadResult
from reportctl.workbooks.book import Book, BookError, CellExtra
from reportctl.workbooks.safety import inspect
from reportctl.workbooks.sheet_xml import SheetScan, scan
from reportctl.workbooks.xls import sheet_notes
from reportctl.workbooks.xlsx import read_book
from tests.making.machine import Convert
from tests.making.returned import (
    EVENTS,
    cell,
    codes,
    context,
    only,
    read,
    repacked,
    returned,
    sent_out,
    sheet_part,
    with_xml,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def _book(data: bytes) -> Book:
    return read_book(inspect(data, "a.xlsx").parts)[0]


def _sheet(rows: str, before: str = "", after: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def _in_figures(data: bytes, old: str, new: str) -> bytes:
    """The workbook with something else in the XML of the sheet of figures; `old` is an expression."""
    part = sheet_part(data, FIGURES)

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        text, count = re.subn(old, new, content.decode(), count=1)
        assert count == 1, f"{old} is not in {part}"
        return text.encode()

    return repacked(data, change)


TOTAL = cell("press_total")[1]
PRINT = cell("press_print")[1]


# One cell: its type and its value


@pytest.mark.parametrize(
    ("attributes", "inside"),
    [
        ('t="s"', "<v>99999</v>"),
        ('t="s"', "<v>-1</v>"),
        ('t="s"', "<v>x</v>"),
        ('t="zz"', "<v>5</v>"),
        ('t=""', "<v>5</v>"),
        ('t="n"', "<v>abc</v>"),
        ("", "<v>5,5</v>"),
        ("", "<v>nan</v>"),
        ("", "<v>inf</v>"),
        ("", "<v>5</v><v>6</v>"),
        ("", "<v>5<x/></v>"),
        ('t="b"', "<v>5</v>"),
        ('t="inlineStr"', "<v>5</v>"),
        ('t="n"', "<is><t>5</t></is>"),
        ("", "<f>1+1</f><v>abc</v>"),
        ('t="s"', "<f>A1</f><v>99999</v>"),
    ],
)
def test_a_value_that_its_type_does_not_allow_refuses_the_file(
    tmp_path: Path, attributes: str, inside: str
) -> None:
    done = read(with_xml(returned(), FIGURES, TOTAL, attributes, inside), tmp_path)
    assert codes(done) == ["truncated"]
    assert done.submission is None


@pytest.mark.parametrize(
    ("attributes", "inside", "value"),
    [
        ("", "<v>1&#50;00</v>", 1200),
        ("", "<v>1<!-- cái này không tính -->200</v>", 1200),
        ("", "<v><![CDATA[1200]]></v>", 1200),
        ("", "<v> 1200\n</v>", 1200),
        ("", "<v>1.2E3</v>", 1200),
        ("", "<v>+1200.0</v>", 1200),
        ('t="n"', "<v>1200</v><extLst><ext/></extLst>", 1200),
        ('t="str"', "<v>KAD</v>", None),
        ('t="inlineStr"', "<is><t>KAD</t></is>", None),
        ('t="inlineStr"', '<is><r><t>K</t></r><r><t>AD</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is>', None),
    ],
)
def test_a_value_written_otherwise_is_read(
    tmp_path: Path, attributes: str, inside: str, value: int | None
) -> None:
    done = read(with_xml(returned(), FIGURES, TOTAL, attributes, inside), tmp_path)
    assert done.submission is not None
    answer = done.submission.answer("press_total")
    assert answer is not None
    assert answer.value == value
    assert answer.state is (AnswerState.VALUE if value else AnswerState.NOT_APPLICABLE)
    assert [one for one in codes(done) if one != "rule_broken"] == []


@pytest.mark.parametrize("inside", ["<v></v>", "<v/>", ""])
@pytest.mark.parametrize("attributes", ["", 't="n"', 't="s"', 't="b"', 't="str"'])
def test_an_empty_value_is_a_blank_and_said_to_be_missing(
    tmp_path: Path, attributes: str, inside: str
) -> None:
    done = read(with_xml(returned(), FIGURES, TOTAL, attributes, inside), tmp_path)
    assert codes(done) == ["required_missing"]


@pytest.mark.parametrize(
    ("attributes", "inside", "expected"),
    [
        ("", "<f>1+1</f><v></v>", "formula_not_calculated"),
        ("", "<f>1+1</f><v/>", "formula_not_calculated"),
        ('t="str"', "<f>A1</f>", "formula_not_calculated"),
        ('t="e"', "<f>1/0</f><v>#DIV/0!</v>", "error_cell"),
        ('t="e" vm="1"', "<v>#SPILL!</v>", "error_cell"),
        ("", "<f>'[1]Năm ngoái'!F8</f><v>1200</v>", "formula_in_input"),
        ('cm="1"', f'<f t="array" ref="{TOTAL}">SUM(F9:F10)</f><v>1200</v>', "formula_in_input"),
        ("", '<f t="shared" ref="F8:F9" si="0">F9</f><v>1200</v>', "formula_in_input"),
        ("", '<f t="shared" si="0"/><v>1200</v>', "formula_in_input"),
    ],
)
def test_formulas_and_errors_are_never_blanks(
    tmp_path: Path, attributes: str, inside: str, expected: str
) -> None:
    done = read(with_xml(returned(), FIGURES, TOTAL, attributes, inside), tmp_path)
    found = only(done, expected)
    assert (found.sheet, found.cell) == (FIGURES, TOTAL)
    assert done.submission is not None
    answer = done.submission.answer("press_total")
    assert answer is not None
    assert answer.value == (1200 if expected == "formula_in_input" else None)
    assert set(codes(done)) <= {expected, "rule_broken"}


def test_every_cell_of_an_array_formula_holds_it() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"/><c r="C2"><v>5</v></c></row>'
    )
    assert scan(_sheet(rows)).extras == {(0, 0): CellExtra(formula=True)} | dict.fromkeys(
        [(0, 1), (1, 0)], CellExtra(formula=True)
    )


def test_an_error_or_an_uncalculated_formula_under_estimates_is_said(tmp_path: Path) -> None:
    at = TOTAL.replace("F", "G")
    for attributes, inside, value in (('t="e"', "<v>#REF!</v>", "#REF!"), ("", "<f>1</f>", "=")):
        done = read(with_xml(returned(), FIGURES, at, attributes, inside), tmp_path)
        assert only(done, "estimate_unclear").value == value


# Where cells stand


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rf'(<c r="{PRINT}")', f'<c r="{TOTAL}"'),  # twice
        (rf'(<c r="{PRINT}")', '<c r="F99"'),  # in another row
        (rf'(<c r="{PRINT}")', '<c r="B9"'),  # out of order
        (rf'(<c r="{PRINT}"[^>]*>.*?</c>)', rf'\1<c r="{PRINT}"/>'),  # again, empty
        (r'<row r="9"', '<row r="8"'),
        (r'<row r="9"', '<row r="900"'),
        (r'<row r="9"', '<row r="-9"'),
        (rf'(<c r="{PRINT}")', '<c r="$F$9"'),
        (rf'(<c r="{PRINT}")', '<c r="F0"'),
        (r"</sheetData>", "</sheetData><sheetData/>"),
        ("<worksheet", '<worksheet xmlns:y="y" y:z="&lt;" '),
        (MAIN, "http://schemas.example.org/another"),
    ],
)
def test_what_stands_twice_or_out_of_order_is_never_read(tmp_path: Path, old: str, new: str) -> None:
    done = read(_in_figures(returned(), old, new), tmp_path)
    if "xmlns:y" in new:  # nothing that readers differ over
        assert done.findings == ()
    else:
        assert codes(done) == ["truncated"]
        assert done.findings[0].sheet == FIGURES


def test_rows_out_of_order_are_never_read(tmp_path: Path) -> None:
    data = _in_figures(returned(), r'(<row r="8".*?</row>)(<row r="9".*?</row>)', r"\2\1")
    found = only(read(data, tmp_path), "truncated")
    assert (found.sheet, found.cell) == (FIGURES, "A8")


def test_spaces_comments_and_single_quotes_make_no_difference() -> None:
    plain = returned()
    data = _in_figures(plain, r"<sheetData>", "<!-- ghi chú --><sheetData>\n  ")
    data = _in_figures(data, rf'<c r="{PRINT}"', f"<c  r='{PRINT}'")
    for ours, theirs in zip(_book(data).sheets, _book(plain).sheets, strict=True):
        assert (ours.rows, ours.extras) == (theirs.rows, theirs.extras)


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252"])
def test_a_sheet_in_another_encoding(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    rows = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="str"><v>Số</v></c></row>'
    given = (head + _sheet(rows).decode()).encode(encoding, "xmlcharrefreplace")
    scanned = scan(given)
    assert scanned.extras == {(0, 0): CellExtra("#REF!")}
    assert scanned.xml_rows[0].values == [b"#REF!", "Số".encode()]


def test_a_strict_workbook_is_scanned_alike() -> None:
    given = _sheet('<row r="1"><c r="A1"><f>1</f></c></row>').replace(MAIN.encode(), STRICT.encode())
    assert scan(given) == SheetScan({(0, 0): CellExtra(formula=True, calculated=False)}, 1, 1)


# The package: sheets and strings


def _main(change: Callable[[str], str], part: str = "xl/workbook.xml") -> bytes:
    return repacked(returned(), lambda name, old: change(old.decode()).encode() if name == part else old)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text.replace(f'name="{EVENTS}"', f'name="{FIGURES}"'), "truncated"),
        (lambda text: re.sub(r'(<(?:\w+:)?sheet [^>]*r?:?id=)"rId2"', r'\1"rId99"', text), "part_missing"),
    ],
)
def test_sheets_of_one_name_or_without_a_part_refuse_the_file(
    tmp_path: Path, change: Callable[[str], str], expected: str
) -> None:
    data = _main(change)
    assert data != returned()
    assert codes(read(data, tmp_path)) == [expected]


def test_two_sheets_whose_parts_are_swapped_are_read_by_their_codes(tmp_path: Path) -> None:
    data = _main(
        lambda text: text.replace('"rId2"', '"x"').replace('"rId3"', '"rId2"').replace('"x"', '"rId3"')
    )
    plain = read(returned(), tmp_path).submission
    done = read(data, tmp_path)
    assert done.submission is not None
    assert plain is not None
    assert [(one.code, one.value) for one in done.submission.answers] == [
        (one.code, one.value) for one in plain.answers
    ]
    theirs = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    answer = done.submission.answer("press_total")
    assert answer is not None
    assert answer.sheet != FIGURES
    assert theirs[answer.sheet][answer.cell].value == answer.value


@pytest.mark.parametrize("names", [("Số liệu ", EVENTS), ("SỐ LIỆU", "số liệu")])
def test_names_of_sheets_with_spaces_or_other_letters(tmp_path: Path, names: tuple[str, str]) -> None:
    def edit(book: Any) -> None:
        book[FIGURES].title, book[EVENTS].title = "1", "2"
        book["1"]._WorkbookChild__title, book["2"]._WorkbookChild__title = names

    done = read(returned(edit=edit), tmp_path)
    assert done.submission is not None
    assert {one.sheet for one in done.submission.answers if one.code == "press_total"} == {names[0]}
    assert codes(done) == []


def test_strings_that_are_missing_refuse_the_file(tmp_path: Path) -> None:
    data = repacked(sent_out(), lambda name, old: None if name == "xl/sharedStrings.xml" else old)
    assert codes(read(data, tmp_path)) == ["truncated"]


# Merged and hidden


def test_an_answer_under_merged_cells_is_an_error_never_a_blank(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book[FIGURES].merge_cells(f"{PRINT}:{cell('press_radio')[1]}")

    done = read(returned(edit=edit), tmp_path)
    figure = only(done, "merged_over")
    assert (figure.sheet, figure.cell) == cell("press_radio")
    assert f"{PRINT}:{cell('press_radio')[1]}" in figure.message
    assert done.submission is not None
    radio, printed = (done.submission.answer(code) for code in ("press_radio", "press_print"))
    assert radio is not None
    assert printed is not None
    assert (radio.state, printed.value) == (AnswerState.INVALID, 700)


def test_a_value_that_merged_cells_cover_is_not_taken(tmp_path: Path) -> None:
    """The value is in the file, but no program shows it."""
    data = _in_figures(returned(), r"<mergeCells[^>]*>", f'<mergeCells><mergeCell ref="E8:{TOTAL}"/>')
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert openpyxl.load_workbook(io.BytesIO(data))[FIGURES][TOTAL].value is None
    done = read(data, tmp_path)
    assert only(done, "merged_over").cell == TOTAL
    assert done.submission is not None
    answer = done.submission.answer("press_total")
    assert answer is not None
    assert (answer.state, answer.value) == (AnswerState.INVALID, None)


def test_merged_cells_without_end_are_refused() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="CV{n}"><v>1</v></c></row>' for n in range(1, 2001)
    )
    with pytest.raises(BookError):
        scan(_sheet(rows, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))


@pytest.mark.parametrize(
    ("hide", "cells", "count"),
    [
        (lambda book: setattr(book[FIGURES].row_dimensions[9], "hidden", True), PRINT, 1),
        (lambda book: setattr(book[FIGURES].column_dimensions["F"], "hidden", True), TOTAL, 9),
        (lambda book: setattr(book[FIGURES], "sheet_state", "hidden"), TOTAL, 9),
        (lambda book: setattr(book[FIGURES], "sheet_state", "veryHidden"), TOTAL, 9),
        (lambda book: setattr(book[EVENTS].row_dimensions[8], "hidden", True), "C8", 3),
    ],
)
def test_answers_that_are_hidden_are_read_with_a_warning(
    tmp_path: Path, hide: Callable[[Any], None], cells: str, count: int
) -> None:
    done = read(returned(edit=hide), tmp_path)
    found = only(done, "hidden_answers")
    assert found.cell == cells
    assert dict(found.details)["count"] == count
    assert codes(done) == ["hidden_answers"]
    assert done.submission is not None
    answer = done.submission.answer("press_print")
    assert answer is not None
    assert answer.value == 700


def test_a_row_without_height_and_a_column_without_width_are_hidden() -> None:
    rows = '<row r="2" spans="1:2" ht="0" customHeight="1"><c r="A2"><v>1</v></c></row>'
    columns = (
        '<cols><col min="3" max="16384" width="0" customWidth="1"/><col min="1" max="1" width="0.5"/></cols>'
    )
    scanned = scan(_sheet(rows, columns))
    assert (scanned.hidden_rows, scanned.hidden_columns) == ({1}, ((2, 16_383),))


def test_hidden_rows_without_answers_are_left_alone(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book[FIGURES].row_dimensions[5].hidden = True
        book[EVENTS].row_dimensions[10].hidden = True
        book[FIGURES].column_dimensions["E"].hidden = True

    assert read(returned(edit=edit), tmp_path).findings == ()


# Dates and numbers


def test_numbers_beyond_what_a_spreadsheet_keeps_are_no_values(tmp_path: Path) -> None:
    for code in ("budget_spent", "events_held"):
        for number in ("12345678901234567890", "1E200", "1E+300", "-9.9E307", "1e400", "9" * 310):
            done = read(with_xml(returned(), *cell(code), "", f"<v>{number}</v>"), tmp_path)
            assert done.submission is not None
            answer = done.submission.answer(code)
            assert answer is not None
            assert (answer.state, answer.value) == (AnswerState.INVALID, None)


def test_dates_in_iso_form(tmp_path: Path) -> None:
    def read_with(said: str) -> ReadResult:
        return read(with_xml(returned(), *cell("plan_day"), 't="d"', f"<v>{said}</v>"), tmp_path)

    done = read_with("2024-01-15")
    assert done.submission is not None
    answer = done.submission.answer("plan_day")
    assert answer is not None
    assert (answer.value, done.findings) == (dt.date(2024, 1, 15), ())
    for said in ("1200", "abc", "15/01/2024"):
        assert codes(read_with(said)) == ["truncated"]


def test_a_style_that_makes_a_date_of_a_figure_is_an_error(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book[FIGURES][TOTAL].number_format = "dd/mm/yyyy"

    assert only(read(returned(edit=edit), tmp_path), "became_date").cell == TOTAL


# Tampering


def test_last_quarters_workbook_with_the_date_changed(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        for name in (FIGURES, EVENTS):
            assert "2023" in book[name]["B3"].value
            book[name]["B3"] = "Quý I/2024 (số liệu từ 15/12 đến 14/3)"

    done = read(returned(edit=edit, sent=sent_out(quarter=Quarter(2023, 4))), tmp_path)
    assert codes(done) == ["wrong_period", "heading_differs"]
    found = only(done, "heading_differs")
    assert (found.cell, found.value) == ("B3", "2024-Q1")
    assert "2023-Q4" in found.message


def test_another_units_workbook_with_the_name_changed(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book[FIGURES]["B2"] = "Đơn vị báo cáo: Báo  hai"

    done = read(returned(edit=edit), tmp_path)
    found = only(done, "heading_differs")
    assert (found.sheet, found.cell, found.message) == (
        FIGURES,
        "B2",
        "the heading says “Báo  hai”, but the workbook was sent out for “Huyện Một”",
    )


def test_a_heading_in_other_words_is_left_alone(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book[FIGURES]["B2"] = "Đơn vị: UBND huyện Một"
        book[FIGURES]["B3"] = "Báo cáo quý"

    assert read(returned(edit=edit), tmp_path).findings == ()


def test_a_code_typed_over_is_found_by_its_name(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book[FIGURES]["A9"] = "abc"

    done = read(returned(edit=edit), tmp_path)
    assert codes(done) == ["code_moved"]
    assert done.submission is not None
    answer = done.submission.answer("press_print")
    assert answer is not None
    assert (answer.value, answer.cell) == (700, PRINT)


def test_a_code_typed_over_by_another_is_never_a_second_answer(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book[FIGURES]["A9"] = "press_radio"

    done = read(returned(edit=edit), tmp_path)
    assert {"code_twice", "not_found"} <= set(codes(done))
    assert done.submission is not None
    for code in ("press_radio", "press_print"):
        answer = done.submission.answer(code)
        assert answer is not None
        assert answer.value is None


def test_what_is_not_found_says_where_it_was_looked_for(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book[FIGURES].delete_rows(10)
        del book.defined_names["press_radio"]

    found = only(read(returned(edit=edit), tmp_path, given=context()), "not_found")
    assert "by code, by name and by label" in found.message
    assert f"“{FIGURES}”" in found.message
    assert f"“{EVENTS}”" in found.message


# The other formats


@pytest.mark.libreoffice
@pytest.mark.parametrize("extension", ["xlsx", "xls", "ods"])
def test_merged_and_hidden_cells_as_libreoffice_saves_them(
    tmp_path: Path, soffice: Convert, extension: str
) -> None:
    def edit(book: Any) -> None:
        book[FIGURES].merge_cells(f"{PRINT}:{cell('press_radio')[1]}")
        book[FIGURES].row_dimensions[8].hidden = True
        book[EVENTS].column_dimensions["E"].hidden = True

    path = tmp_path / "given.xlsx"
    path.write_bytes(returned(edit=edit))
    (saved,) = soffice([path], to=extension)
    done = read(saved.read_bytes(), tmp_path, f"a.{extension}")
    assert only(done, "merged_over").cell == cell("press_radio")[1]
    figures, events = (found for found in done.findings if found.code == "hidden_answers")
    assert (figures.sheet, figures.cell, dict(figures.details)["count"]) == (FIGURES, TOTAL, 1)
    assert (events.sheet, events.cell, dict(events.details)["count"]) == (EVENTS, "E7", 2)


def test_merged_and_hidden_records_of_an_old_workbook() -> None:
    """Laid out by hand as [MS-XLS] says."""
    stream = b"".join(
        struct.pack(f"<HH{len(numbers)}H", kind, 2 * len(numbers), *numbers)
        for kind, numbers in (
            (0x0208, (4, 0, 9, 255, 0, 0, 0x20, 0)),  # row 5, hidden
            (0x0208, (5, 0, 9, 255, 0, 0, 0x40, 0)),  # row 6, of another height
            (0x007D, (2, 3, 2000, 0, 1, 0)),  # columns C and D, hidden
            (0x007D, (4, 4, 0, 0, 0, 0)),  # column E, without width
            (0x007D, (5, 5, 2000, 0, 0, 0)),
            (0x00E5, (2, 7, 8, 5, 5, 1, 1, 2, 3)),  # F8:F9 and C2:D2
        )
    )
    begin, end = struct.pack("<HH", 0x0809, 0), struct.pack("<HH", 0x000A, 0)
    bound = struct.pack("<HHIBB", 0x0085, 6, 18, 0, 0)  # a worksheet that begins after the 18 bytes before it
    (said,) = sheet_notes(begin + bound + end + begin + stream + end)
    assert (said.hidden_rows, said.hidden_columns) == ([4], [(2, 3), (4, 4)])
    assert [one.reference for one in said.merged] == ["F8:F9", "C2:D2"]


OTHER = 'xmlns="urn:x"'


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1"><y {OTHER}><c r="A1"><v>1</v></c></y></row>',
        f'<y {OTHER}><row r="1"><c r="A1"><v>1</v></c></row></y>',
        f'<row r="1"><c r="A1"><y {OTHER}/><v>1</v></c></row>',
        f'<row r="1"><c r="A1" t="inlineStr"><is><y {OTHER}><t>a</t></y></is></c></row>',
        f'<row r="1"><c r="A1" t="inlineStr"><is><t {OTHER}>a</t></is></c></row>',
        f'<row r="1"><c r="A1" t="inlineStr"><is><r><t {OTHER}>a</t></r></is></c></row>',
        '<row r="1"><c r="A1" t=" n"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t xmlns="">a</t></is></c></row>',
        f'<row r="1"><c r="A1" t="s"><v>{"9" * 40}</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><sheetData>',
        '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><sheetData/><sheetData>',
    ],
)
def test_cells_that_some_readers_look_for_are_refused(rows: str) -> None:
    with pytest.raises(BookError) as refused:
        scan(_sheet(rows))
    assert refused.value.finding.code == "truncated"


def test_runs_and_how_they_are_spoken_are_no_reason_to_refuse() -> None:
    inside = "<is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh><phoneticPr/></is>"
    row = f'<row r="1"><c r="A1" t="inlineStr">{inside}</c><extLst/></row>'
    assert scan(_sheet(row)).xml_rows[0].values == [b"ab"]
