"""How many rows of a list can be filled in: those that are prepared, and what is empty below them."""

from __future__ import annotations

from dataclasses import replace

from reportctl.adopt.blank_form import BlankForm, ReadTable
from reportctl.adopt.changes import item_rows
from reportctl.workbooks.book import Book, Sheet


def with_room(form: BlankForm, office: Book | None) -> BlankForm:
    """`form` whose lists have as many rows as people say they need: in the office's own workbook as far as
    rows below the prepared ones are empty, anywhere else all of them.

    Without `office` the program's own layout is sent out. No list gets fewer rows than are prepared.
    """
    return replace(form, tables=tuple(_table(table, form, office) for table in form.tables))


def _table(table: ReadTable, form: BlankForm, office: Book | None) -> ReadTable:
    prepared = item_rows(table)
    if table.kind != "list" or len(prepared) >= table.room:
        return table
    last = prepared[0] + table.room - 1
    if office is not None:
        sheet = next((one for one in office.sheets if one.name == table.sheet), None)
        others = [one.head for one in form.tables if one.sheet == table.sheet and one.head > prepared[-1]]
        below = (*others, *_written_below(sheet, prepared[-1]), *_total(table))
        last = min(last, *(row - 1 for row in below)) if below else last
    columns = {column for row, column in table.inputs if row == prepared[0]}
    more = frozenset((row, column) for row in range(prepared[0], last + 1) for column in columns)
    return replace(table, inputs=table.inputs | more, foot=max(table.foot, last))


def _total(table: ReadTable) -> tuple[int, ...]:
    return () if table.total_row is None else (table.total_row,)


def _written_below(sheet: Sheet | None, row: int) -> tuple[int, ...]:
    """The first row below `row` in which anything stands; nothing where there is none."""
    if sheet is None:
        return ()
    for at in range(row + 1, len(sheet.rows)):
        if any(value not in ("", None) and str(value).strip() for value in sheet.rows[at]):
            return (at,)
    return ()
