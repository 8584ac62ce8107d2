"""Totals typed among a list's rows: which are left out, and which only warned of."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from reportctl.core.findings import Severity
from reportctl.form.form_file import parse_form
from reportctl.form.layout import HEADER_ROW, LIST_CODES_ROW, META, META_ROWS, layout, mark
from reportctl.form.submission import Answer, AnswerState, Identity, ListRow
from reportctl.intake.job import ReadResult
from reportctl.intake.list_totals import TypedRow, proven_totals
from tests.making.returned import codes, only, read
from tests.making.tables import QUARTER, UNITS, context

TOML = """
id = "schools"
title = "Danh sách trường"
kinds = [{code = "commune", title = "Xã"}]

[[lists]]
code = "schools"
title = "Trường"
rows = 9
columns = [
  {code = "name", label = "Trường", required = false},
  {code = "classes", label = "Lớp", type = "count", over_units = "sum", required = false},
  {code = "area", label = "Diện tích", type = "number", over_units = "sum", required = false},
  {code = "floors", label = "Số tầng", type = "count", required = false},
]
"""
FORM = parse_form(TOML)
Cells = tuple[Any, ...]
A, B, C = ("Trường A", 10, 1.5, 2), ("Trường B", 20, 0.25, 3), ("Trường C", 7, 0.5, None)


def typed(*rows: Cells, edit: Callable[[Any, int], None] | None = None, total: Cells | None = None) -> Any:
    """The workbook with these rows; `total` stands in the line of sums that the form may have."""
    form = parse_form(TOML.replace("rows = 9", "rows = 9\ntotal = true")) if total else FORM
    at = layout(form, "commune").lists["schools"]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Trường"
    identity = Identity(form.id, form.fingerprint, UNITS[0].code, str(QUARTER))
    sheet["A1"] = mark(identity)
    for column in at.section.columns:
        number = at.column(column.code) + 1
        sheet.cell(LIST_CODES_ROW + 1, number).value = at.column_code(column.code)
        sheet.cell(HEADER_ROW + 1, number).value = column.label
    for number in range(1, at.rows + 1):
        sheet.cell(at.first_row + number, 1).value = at.row_code(number)
        sheet.cell(at.first_row + number, 2).value = number
    first = at.column("name") + 1
    for n, row in enumerate(rows, at.first_row + 1):
        for column, value in enumerate(row, first):
            sheet.cell(n, column).value = value
    if total:
        sheet.cell(at.first_row + at.rows + 1, 1).value = at.total_code
        for column, value in enumerate(total, first):
            sheet.cell(at.first_row + at.rows + 1, column).value = value
    if edit:
        edit(sheet, at.first_row)
    hidden = book.create_sheet(META)
    hidden.sheet_state = "veryHidden"
    for key in META_ROWS:
        hidden.append((key, getattr(identity, key)))
    content = io.BytesIO()
    book.save(content)
    return form, content.getvalue()


def said_of(made: Any, folder: Path) -> ReadResult:
    form, data = made
    return read(data, folder, given=context(form))


def kept(done: ReadResult) -> list[int]:
    """The numbers of the rows that count."""
    assert done.submission
    return [row.number for row in done.submission.rows]


LEFT_OUT: dict[str, tuple[list[Cells], list[int]]] = {
    "below": ([A, B, ("Cộng", 30, 1.75, None)], [3]),
    "of one row": ([A, ("Tổng cộng", 10, 1.5, None)], [2]),
    "by blocks, then of all": (
        [A, B, ("Cộng các trường khối I", 30, 1.75), C, ("Tổng", 7, 0.5), ("Tổng cộng", 37, 2.25)],
        [3, 5, 6],
    ),
    "at the top": ([("Tổng số", 30, 1.75), A, B], [1]),
    "each block with its own at the top": ([("Tổng", 30, 1.75), A, B, ("Tổng", 7, 0.5), C], [1, 4]),
    "only one figure of it typed": ([A, B, ("Cộng", 30, None)], [3]),
    "of a part without figures": ([("Trường A", 10), ("Trường B", 20), ("Cộng", 30, 0)], [3]),
    "in other words": ([A, B, ("Toàn xã", 30, 1.75)], [3]),
    "numbered": ([A, B, ("II. Tổng cộng", 30, 1.75)], [3]),
    "without a name": ([A, B, (None, 30, 1.75)], [3]),
    "as text": ([A, B, ("Cộng", "30", "1,75")], [3]),
    "rounded": ([("A", 1, 0.26), ("B", 1, 0.26), ("Cộng", 2, 0.53)], [3]),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_proved_to_be_a_total_is_no_row(case: str, tmp_path: Path) -> None:
    rows, gone = LEFT_OUT[case]
    done = said_of(typed(*rows), tmp_path)
    assert kept(done) == [n for n in range(1, len(rows) + 1) if n not in gone]
    said = [one for one in done.findings if one.code == "total_left_out"]
    assert [dict(one.details)["row"] for one in said] == gone
    assert {one.severity for one in said} == {Severity.WARNING}
    assert "total_row" not in codes(done)


def test_the_finding_says_which_line_it_is_and_stands_in_its_name(tmp_path: Path) -> None:
    done = said_of(typed(A, B, ("Cộng", 30, 1.75)), tmp_path)
    found = only(done, "total_left_out")
    assert found.message.startswith("line 3 of “Trường” is not counted")
    assert (found.indicator, found.value) == ("schools.name", "Cộng")


STAYS: dict[str, list[Cells]] = {
    "another sum": [A, B, ("Cộng", 31, 1.75)],
    "one figure differs": [A, B, ("Cộng", 30, 2.75)],
    "nothing but nothing": [("A", 0, 0), ("B", 0, 0), ("Cộng", 0, 0)],
    "nothing above it": [("Cộng", 30, 1.75)],
    "no figure": [A, B, ("Cộng", None, None, 5)],
    "text among the figures": [A, ("Trường B", "nhiều", 0.25), ("Cộng", 10, 1.75)],
}


@pytest.mark.parametrize("case", STAYS)
def test_where_only_the_word_says_so_the_row_stays_with_a_warning(case: str, tmp_path: Path) -> None:
    done = said_of(typed(*STAYS[case]), tmp_path)
    assert kept(done) == list(range(1, len(STAYS[case]) + 1))
    assert "total_left_out" not in codes(done)
    assert only(done, "total_row").value == "Cộng"


@pytest.mark.parametrize(
    "rows",
    [
        [A, B, ("Trường C", 30, 1.75)],  # by chance
        [A, B, ("Trường C", 30, 1.75, None)],
        [A, ("Trường B", 10, 1.5)],  # the same as the only one above it
        [A, (None, 10, 1.5)],
        [A, B, (None, 30, 1.75, 4)],  # a figure that totals do not have
    ],
)
def test_a_row_that_is_called_no_total_stays(rows: list[Cells], tmp_path: Path) -> None:
    done = said_of(typed(*rows), tmp_path)
    assert kept(done) == list(range(1, len(rows) + 1))
    assert not {"total_left_out", "total_row"} & {*codes(done)}


def of_cells(number: int, name: str, classes: int, area: float, *formulas: str) -> TypedRow:
    values = {"name": name, "classes": classes, "area": area}
    answers = tuple(Answer(code, AnswerState.VALUE, value, str(value)) for code, value in values.items())
    return TypedRow(ListRow("schools", number, answers), (name,), frozenset(formulas))


def test_formulas_below_typed_figures_show_it_whatever_it_is_called() -> None:
    (listed,) = FORM.lists
    above = [of_cells(1, "A", 10, 1.5), of_cells(2, "B", 20, 0.25)]
    total = of_cells(3, "Trường Chinh", 30, 1.75, "classes", "area")
    assert proven_totals(listed, [*above, total]) == {3}
    assert proven_totals(listed, [*above, of_cells(3, "Trường Chinh", 30, 1.75, "classes")]) == set()
    others = [of_cells(1, "A", 10, 1.5, "area"), above[1]]  # whoever works out figures does so everywhere
    assert proven_totals(listed, [*others, total]) == set()
    assert proven_totals(listed, [above[0], of_cells(2, "B", 10, 1.5, "classes", "area")]) == set()


@pytest.mark.parametrize("sums", [(None, 30, 1.75), (None, 60, 3.5)])
def test_the_line_of_sums_may_add_it_or_not(sums: Cells, tmp_path: Path) -> None:
    """A formula below the rows adds everything that was typed there."""
    done = said_of(typed(A, B, ("Cộng", 30, 1.75), total=sums), tmp_path)
    assert kept(done) == [1, 2]
    assert codes(done) == ["total_left_out"]


def test_a_line_of_sums_that_is_neither_is_said(tmp_path: Path) -> None:
    done = said_of(typed(A, B, ("Cộng", 30, 1.75), total=(None, 50, 1.75)), tmp_path)
    assert only(done, "sum_differs").indicator == "schools.classes"
