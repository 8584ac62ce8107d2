"""Workbooks with tables as units send them back: the sheets laid out as sent out, filled in, then edited."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.layout import (
    HEADER_ROW,
    LIST_CODES_ROW,
    META,
    META_ROWS,
    PERIOD_ROW,
    TITLE_ROW,
    UNIT_ROW,
    TablePlace,
    layout,
    mark,
)
from reportctl.form.model import Form
from reportctl.form.submission import Identity
from reportctl.intake.job import Context
from reportctl.workspace.units import Roster, Unit

QUARTER = Quarter(2024, 1)
UNITS = (Unit("001", "Xã Một", "commune"), Unit("002", "Xã Hai", "commune"), Unit("003", "Sở Ba", "office"))

ROOMS = """
id = "rooms"
title = "Báo cáo phòng học"
kinds = [{code = "commune", title = "Xã"}, {code = "office", title = "Sở"}]

[[tables]]
code = "rooms"
title = "Phòng học"
unit_of_measure = "phòng"
over_time = "last"
columns = [
  {code = "total", label = "Tổng số", sum = "solid + weak", computed = true},
  {code = "solid", label = "Kiên cố", under = ["Công lập"]},
  {code = "weak", label = "Tạm", under = ["Công lập"]},
  {code = "private", label = "Kiên cố", under = ["Tư thục"]},
  {code = "before", label = "Kỳ trước", is = "previous"},
]
rows = [
  {code = "all", no = "1", label = "Phòng học", label_en = "Rooms", sum = "lower + upper"},
  {caption = "Chia ra:"},
  {code = "lower", no = "1.1", label = "Tiểu học", level = 2},
  {code = "upper", no = "1.2", label = "Trung học", level = 2},
  {caption = "Trong đó:"},
  {code = "library", no = "2", label = "Thư viện"},
  {code = "library_new", label = "Xây mới", level = 2, required = false},
  {code = "lab", no = "3", label = "Phòng tin học"},
  {code = "lab_new", label = "Xây mới", level = 2, required = false},
]
not_asked = ["lab.private"]
"""
# Filled in like this a workbook has nothing to be said of: by row, in the order of the columns asked.
FILLED: Mapping[str, tuple[int, ...]] = {
    "all": (30, 5, 3),
    "lower": (20, 4, 1),
    "upper": (10, 1, 2),
    "library": (3, 0, 1),
    "library_new": (1, 0, 0),
    "lab": (6, 2),
    "lab_new": (2, 1, 0),
}


def cells_of(form: Form, filled: Mapping[str, tuple[int, ...]] = FILLED) -> dict[str, Any]:
    """What is typed, by the codes of the cells of the first table."""
    (table, *_others) = form.tables
    typed = {}
    for row, values in filled.items():
        asked = [cell for key, cell in table.cells.items() if key[0] == row and cell.filled_in]
        typed |= {cell.code: value for cell, value in zip(asked, values, strict=True)}
    return typed


def context(form: Form, units: tuple[Unit, ...] = UNITS) -> Context:
    """What files are read against."""
    return Context(form, Roster(units), QUARTER, QUARTER.window().last)


def returned(
    form: Form,
    answers: Mapping[str, Any],
    edit: Callable[[Workbook], None] | None = None,
    *,
    unit: Unit = UNITS[0],
    quarter: Quarter = QUARTER,
) -> bytes:
    """The workbook of a form of tables alone, filled in with `answers` by code, then changed by `edit`."""
    book = Workbook()
    del book["Sheet"]
    places = layout(form, unit.kind)
    identity = Identity(form.id, form.fingerprint, unit.code, str(quarter))
    for place in places.tables.values():
        _add_table(book, place, identity, unit, answers)
    hidden = book.create_sheet(META)
    hidden.sheet_state = "veryHidden"
    for key in META_ROWS:
        hidden.append((key, getattr(identity, key)))
    if edit:
        edit(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _add_table(
    book: Workbook, place: TablePlace, identity: Identity, unit: Unit, answers: Mapping[str, Any]
) -> None:
    """The sheet of a table: marks and codes, headings as a tree, rows, names, sums with their values."""
    table, sheet = place.table, book.create_sheet(place.sheet)

    def write(row: int, column: int, value: Any) -> None:
        sheet.cell(row + 1, column + 1).value = value

    write(0, 0, mark(identity))
    write(TITLE_ROW, 1, table.title)
    write(UNIT_ROW, 1, f"Đơn vị: {unit.name}")
    write(PERIOD_ROW, 1, "Kỳ báo cáo: quý I năm 2024" if identity.period == "2024-Q1" else "")
    bottom = HEADER_ROW + place.heads - 2  # the last line of the tree; below it stand the numbers
    for code, column in place.columns.items():
        described = next(one for one in table.columns if one.code == code)
        write(LIST_CODES_ROW, column, place.column_code(code))
        for depth, text in enumerate((*described.under, described.label)):
            write(HEADER_ROW + depth, column, text)
        write(bottom + 1, column, described.no or f"({column})")
        top = HEADER_ROW + len(described.under)
        if top < bottom:
            sheet.merge_cells(
                start_row=top + 1, end_row=bottom + 1, start_column=column + 1, end_column=column + 1
            )
    _merge_across(sheet, place)
    for row, one in enumerate(table.rows, place.first_row):
        write(row, 2, one.caption or one.label)
        if one.caption:
            continue
        write(row, 0, place.row_code(one.code))
        write(row, 1, one.no or None)
    for key, cell in place.cells.items():
        at = place.place(*key)
        write(at.row, at.column, answers.get(cell.code))
        if cell.filled_in:
            book.defined_names[cell.code] = DefinedName(cell.code, attr_text=at.absolute)


def _merge_across(sheet: Any, place: TablePlace) -> None:
    """Headings over several columns: one cell for all that stand below the same ones."""
    for depth in range(place.heads - 2):
        paths = [column.under[: depth + 1] for column in place.table.columns]
        first = 0
        for n in range(1, len(paths) + 1):
            if n < len(paths) and paths[n] == paths[first]:
                continue
            if len(paths[first]) > depth and n - first > 1:
                left = list(place.columns.values())[first] + 1
                for column in range(left + 1, left + n - first):
                    sheet.cell(HEADER_ROW + depth + 1, column).value = None
                sheet.merge_cells(
                    start_row=HEADER_ROW + depth + 1,
                    end_row=HEADER_ROW + depth + 1,
                    start_column=left,
                    end_column=left + n - first - 1,
                )
            first = n


def rooms() -> Form:
    """The form of these tests."""
    return parse_form(ROOMS)


def reopened(data: bytes) -> Workbook:
    """A workbook as it was saved."""
    return openpyxl.load_workbook(io.BytesIO(data))
