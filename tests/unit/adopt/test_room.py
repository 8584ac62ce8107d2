"""Rows of a list beyond those that the office has prepared."""

from __future__ import annotations

from dataclasses import replace

from reportctl.adopt.blank_form import BlankForm, ReadTable
from reportctl.adopt.room import with_room
from reportctl.workbooks.book import Book, Sheet
from tests.making.adopted import BLANK, MATRIX, SCHOOL_LIST, SCHOOLS

OPEN = replace(SCHOOL_LIST, total_row=None, room=10)


def rows(table: ReadTable, below: list[list[str]] | None, *others: ReadTable) -> int:
    """How many rows the list gets where these lines stand below its prepared ones."""
    form: BlankForm = replace(BLANK, tables=(table, *others))
    office = None
    if below is not None:
        office = Book((Sheet(SCHOOLS, visible=True, rows=[["x"]] * 5 + below),), {})
    made = with_room(form, office).tables[0]
    return len({row for row, _column in made.inputs})


def test_in_the_program_s_own_layout_there_is_room_for_all() -> None:
    assert rows(OPEN, None) == 10


def test_empty_lines_below_are_taken_and_no_more() -> None:
    assert rows(OPEN, []) == 10
    assert rows(OPEN, [[""], [" "], ["Người lập biểu"]]) == 5
    assert rows(OPEN, [["Ghi chú"]]) == 3


def test_another_table_or_the_line_of_sums_ends_the_list() -> None:
    assert rows(OPEN, [], replace(MATRIX, sheet=SCHOOLS, head=8)) == 6
    assert rows(replace(OPEN, total_row=5), [[""]]) == 3


def test_no_list_gets_fewer_rows_than_are_prepared() -> None:
    assert rows(replace(OPEN, room=2), []) == 3
    assert rows(replace(OPEN, room=0), []) == 3
