"""Lists of returned workbooks: headings that are trees, the line of sums, columns that name a row once."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from reportctl.form.form_file import parse_form
from reportctl.form.layout import HEADER_ROW, LIST_CODES_ROW, META, META_ROWS, ListPlace, layout, mark
from reportctl.form.submission import Identity
from reportctl.intake.job import ReadResult
from tests.making.returned import codes, only, read
from tests.making.tables import QUARTER, UNITS, context

FORM = parse_form("""
id = "schools"
title = "Danh sách trường"
kinds = [{code = "commune", title = "Xã"}, {code = "office", title = "Sở"}]

[[lists]]
code = "schools"
title = "Trường"
rows = 4
key = "name"
total = true
columns = [
  {code = "name", label = "Trường"},
  {code = "half_pupils", label = "HS", type = "count", under = ["Tiểu học", "1 buổi"], over_units = "sum"},
  {code = "half_classes", label = "Lớp", type = "count", under = ["Tiểu học", "1 buổi"], over_units = "sum"},
  {code = "full_pupils", label = "HS", type = "count", under = ["Tiểu học", "2 buổi"], over_units = "sum"},
  {code = "note", label = "Ghi chú", required = false},
]
""")
SHEET = "Trường"
ROWS = (("Trường A", 30, 1, 70, "…"), ("Trường B", 20, 1, 0, ""))


def place() -> ListPlace:
    return layout(FORM, "commune").lists["schools"]


def written(
    rows: tuple[tuple[Any, ...], ...] = ROWS,
    sums: tuple[Any, ...] = (50, 2, 70),
    edit: Callable[[Workbook], None] | None = None,
) -> bytes:
    """The workbook with these rows and the line of their sums."""
    book = Workbook()
    sheet, at = book.active, place()
    assert sheet is not None
    sheet.title = SHEET
    identity = Identity(FORM.id, FORM.fingerprint, UNITS[0].code, str(QUARTER))
    sheet["A1"] = mark(identity)
    for column in at.section.columns:
        number = at.column(column.code) + 1
        sheet.cell(LIST_CODES_ROW + 1, number).value = at.column_code(column.code)
        for depth, text in enumerate((*column.under, column.label)):
            sheet.cell(HEADER_ROW + 1 + depth, number).value = text
    for area in ("D6:F6", "D7:E7", "C6:C8", "G6:G8"):
        sheet.merge_cells(area)
    for number in range(1, at.rows + 1):
        sheet.cell(at.first_row + number, 1).value = at.row_code(number)
        sheet.cell(at.first_row + number, 2).value = number
    for n, row in enumerate(rows):
        for column, value in enumerate(row, 3):
            sheet.cell(at.first_row + 1 + n, column).value = value
    total = at.first_row + at.rows + 1
    sheet.cell(total, 1).value = at.total_code
    sheet.cell(total, 3).value = "Tổng cộng"
    for column, value in enumerate(sums, 4):
        sheet.cell(total, column).value = value
    hidden = book.create_sheet(META)
    hidden.sheet_state = "veryHidden"
    for key in META_ROWS:
        hidden.append((key, getattr(identity, key)))
    if edit:
        edit(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rows_of(done: ReadResult) -> list[tuple[Any, ...]]:
    assert done.submission
    return [tuple(answer.value for answer in row.answers) for row in done.submission.rows]


def read_list(data: bytes, folder: Path) -> ReadResult:
    return read(data, folder, given=context(FORM))


def without_codes(book: Workbook) -> None:
    sheet = book[SHEET]
    for cell in (*sheet["A"], *sheet[LIST_CODES_ROW + 1]):
        cell.value = None


def without_merging(book: Workbook) -> None:
    without_codes(book)
    for area in list(book[SHEET].merged_cells.ranges):
        book[SHEET].unmerge_cells(str(area))


def column_inserted(book: Workbook) -> None:
    """The codes of columns are gone: which of the headings “HS” is meant is told by what stands above."""
    without_merging(book)
    at = place()
    book[SHEET].insert_cols(5)
    for number in range(1, at.rows + 1):
        book[SHEET].cell(at.first_row + number, 1).value = at.row_code(number)


READ = [("Trường A", 30, 1, 70, None), ("Trường B", 20, 1, 0, None)]


@pytest.mark.parametrize("edit", [None, without_codes, without_merging, column_inserted])
def test_columns_are_told_by_their_headings_with_those_above(
    edit: Callable[[Workbook], None] | None, tmp_path: Path
) -> None:
    """The line of sums is never taken for a row, with its code or without."""
    done = read_list(written(edit=edit), tmp_path)
    assert rows_of(done) == READ
    assert set(codes(done)) <= {"code_moved"}


def test_a_list_as_sent_out_has_nothing_to_be_said_of(tmp_path: Path) -> None:
    done = read_list(written(), tmp_path)
    assert codes(done) == []
    assert rows_of(done) == READ


def test_headings_that_were_exchanged_are_an_error(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book[SHEET]["D7"], book[SHEET]["F7"] = "2 buổi", "1 buổi"

    found = [one for one in read_list(written(edit=edit), tmp_path).findings if one.code == "places_disagree"]
    assert [(one.indicator, one.severity.value) for one in found] == [
        ("schools.half_pupils", "error"),
        ("schools.full_pupils", "error"),
    ]


def test_sums_that_the_rows_do_not_make_are_said(tmp_path: Path) -> None:
    done = read_list(written(sums=(51, 2, 70)), tmp_path)
    found = only(done, "sum_differs")
    assert (found.indicator, found.cell) == ("schools.half_pupils", "D13")
    assert found.message == "the workbook says 51, but 30 + 20 makes 50; the latter counts"
    assert codes(read_list(written(sums=("", None, "")), tmp_path)) == []
    assert codes(read_list(written((), sums=(0, 0, 0)), tmp_path)) == []


def test_rows_put_in_above_the_sums_are_rows(tmp_path: Path) -> None:
    """More rows than there was room for: the line of sums has moved down."""

    def edit(book: Workbook) -> None:
        sheet = book[SHEET]
        sheet.move_range("A13:G13", rows=2)
        for row, name in ((13, "Trường E"), (14, "Trường F")):
            for column, value in enumerate((name, 1, 1, 1), 3):
                sheet.cell(row, column).value = value

    done = read_list(written(sums=(52, 4, 72), edit=edit), tmp_path)
    assert [row[0] for row in rows_of(done)] == ["Trường A", "Trường B", "Trường E", "Trường F"]
    assert codes(done) == []


def test_the_line_of_sums_is_no_row_where_lines_above_it_were_deleted(tmp_path: Path) -> None:
    """It stands within what had been the input rows; with its code, and without any."""

    def edit(book: Workbook) -> None:
        without_merging(book)
        book[SHEET].delete_rows(11, 2)

    done = read_list(written(edit=edit), tmp_path)
    assert rows_of(done) == READ

    def sort(book: Workbook) -> None:
        sheet = book[SHEET]
        for column in "ACDEFG":
            sheet[f"{column}9"], sheet[f"{column}13"] = sheet[f"{column}13"].value, sheet[f"{column}9"].value

    done = read_list(written(edit=sort), tmp_path)
    assert sorted(row[0] for row in rows_of(done)) == ["Trường A", "Trường B"]


def test_figures_below_the_sums_are_said_and_not_read(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for column, value in enumerate(("Trường Z", 9, 1, 0), 3):
            book[SHEET].cell(14, column).value = value

    done = read_list(written(edit=edit), tmp_path)
    assert len(rows_of(done)) == 2
    assert dict(only(done, "stray_figure").details)["cells"] == "D14, E14, F14"
    found = only(done, "list_row_below_total")
    assert (found.cell, found.value, found.severity.value) == ("C14", "Trường Z", "error")


def test_figures_alone_and_signatures_below_the_sums_are_no_rows(tmp_path: Path) -> None:
    def figures(book: Workbook) -> None:
        book[SHEET]["D14"] = 9

    def signed(book: Workbook) -> None:
        book[SHEET]["C14"], book[SHEET]["G14"] = "Người lập biểu", "Hiệu trưởng"

    def apart(book: Workbook) -> None:  # what stands below an empty line is another thing
        book[SHEET]["C15"], book[SHEET]["D15"] = "Điện thoại", 912345678

    assert codes(read_list(written(edit=figures), tmp_path)) == ["stray_figure"]
    assert codes(read_list(written(edit=signed), tmp_path)) == []
    assert codes(read_list(written(edit=apart), tmp_path)) == ["stray_figure"]


@pytest.mark.parametrize(
    ("cell", "typed"), [("C13", "Trường Z"), ("G13", "mới mở"), ("C13", "Tổng kết năm học")]
)
def test_a_row_typed_over_the_sums_is_an_error(tmp_path: Path, cell: str, typed: str) -> None:
    def edit(book: Workbook) -> None:
        book[SHEET][cell] = typed

    done = read_list(written(edit=edit), tmp_path)
    found = only(done, "list_total_overwritten")
    assert (found.cell, found.value, found.severity.value) == (cell, typed, "error")
    assert len(rows_of(done)) == 2


@pytest.mark.parametrize("typed", ["CỘNG", "Tổng số trường", "Toàn xã", "", None, "2"])
def test_what_the_sums_are_called_is_no_row(tmp_path: Path, typed: str | None) -> None:
    def edit(book: Workbook) -> None:
        book[SHEET]["C13"] = typed

    assert codes(read_list(written(edit=edit), tmp_path)) == []


def test_a_name_that_stands_twice_is_a_warning(tmp_path: Path) -> None:
    rows = (*ROWS, ("TRƯỜNG  A", 1, 1, 1, ""))
    done = read_list(written(rows, (51, 3, 71)), tmp_path)
    found = only(done, "list_key_twice")
    assert (found.indicator, found.severity.value, found.cell) == ("schools.name", "warning", "C11")
    assert "in lines 1 and 3" in found.message
