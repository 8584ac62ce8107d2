"""Addresses of an office's own workbook that point to other lines than those where labels are printed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

import pytest

from reportctl.core.language import speaking
from reportctl.form.addresses import Addresses, CellAddress
from reportctl.form.form_file import parse_form
from reportctl.outgoing.misplaced import misplaced
from reportctl.workbooks import safety, xlsx
from reportctl.workbooks.book import Book
from tests.making.own_workbook import FORM, LIST, ROWS, addresses, blank

DATA = blank()
RIGHT = addresses(DATA)
ROOMS, PLACES = RIGHT.tables["rooms"], RIGHT.lists["places"]


def book() -> Book:
    return xlsx.read_book(safety.inspect(DATA, "a.xlsx", len(DATA)).parts)[0]


def wrong(at: Addresses, form: str = FORM) -> list[str]:
    """The codes of the addresses that are said to be wrong."""
    return [one.code for one in misplaced(book(), parse_form(form).standing_at(at))]


def with_rows(rows: Iterable[str], first: int = 8) -> Addresses:
    """The table's rows in this order in the workbook's lines from `first` on."""
    return replace(
        RIGHT, tables={"rooms": replace(ROOMS, rows=dict(zip(rows, itertools.count(first), strict=False)))}
    )


def test_nothing_is_said_of_what_is_right() -> None:
    assert wrong(RIGHT) == []


@pytest.mark.parametrize("first", [7, 9, 10])
def test_rows_one_or_more_lines_off_are_named_each(first: int) -> None:
    # The first of a group is found by its label, those below it by the group that they then stand in; the
    # last ones may come to stand where nothing is printed that speaks against them.
    found = wrong(with_rows(ROWS, first))
    assert {"rooms.primary", "rooms.second", "rooms.second_use"} <= {*found}
    assert {*found} <= {f"rooms.{row}" for row in ROWS}


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(range(6), 2)])
def test_of_two_rows_that_changed_places_both_are_named(one: int, other: int) -> None:
    """Also of two with the same label, below different ones."""
    rows = list(ROWS)
    rows[one], rows[other] = rows[other], rows[one]
    assert sorted(wrong(with_rows(rows))) == sorted(f"rooms.{ROWS[n]}" for n in (one, other))


def test_two_rows_in_one_line_of_the_workbook() -> None:
    rows = {**ROOMS.rows, "second": ROOMS.rows["primary"]}
    assert wrong(replace(RIGHT, tables={"rooms": replace(ROOMS, rows=rows)})) == ["rooms.second"]


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(ROOMS.columns, 2)])
def test_columns_that_changed_places(one: str, other: str) -> None:
    columns = {**ROOMS.columns, one: ROOMS.columns[other], other: ROOMS.columns[one]}
    said = wrong(replace(RIGHT, tables={"rooms": replace(ROOMS, columns=columns)}))
    assert sorted(said) == sorted((f"rooms.*.{one}", f"rooms.*.{other}"))


def test_columns_of_the_same_label_are_told_by_the_headings_above_them() -> None:
    """The heading “Kỳ này / Chia ra” covers both, so that its part alone tells nothing."""
    form = FORM.replace('label = "Kiên cố", under = ["Kỳ này", "Chia ra"]', 'label = "Chia ra"')
    assert wrong(RIGHT, form) == []
    columns = {"name": 1, "girls": 3, "boys": 2}
    found = wrong(replace(RIGHT, lists={"places": replace(PLACES, columns=columns)}))
    assert found == ["places.*.girls", "places.*.boys"]


def test_a_list_that_begins_in_its_own_heading() -> None:
    found = wrong(replace(RIGHT, lists={"places": replace(PLACES, first_row=3)}))
    assert found == ["places.*.girls", "places.*.boys"]


def test_single_cells_beside_another_question() -> None:
    cells = {**RIGHT.cells, "teachers": RIGHT.cells["degree"], "degree": RIGHT.cells["teachers"]}
    assert wrong(replace(RIGHT, cells=cells)) == ["teachers", "degree"]


def test_an_answer_may_stand_below_its_question_and_not_below_another() -> None:
    cells = {**RIGHT.cells, "needs": CellAddress(LIST, 9, 1)}
    assert wrong(replace(RIGHT, cells=cells)) == ["needs"]


def test_a_sheet_that_is_not_there() -> None:
    at = replace(RIGHT, lists={"places": replace(PLACES, sheet="Biểu 9")})
    assert wrong(at) == ["places"]


@pytest.mark.parametrize(
    ("printed", "renamed"),
    [
        ('label = "Tiểu học"', 'label = "Cấp tiểu học (cả bán trú)"'),
        ('label = "Tạm"', 'label = "Nhà tạm, tranh tre"'),
        ('label = "Tổng số giáo viên"', 'label = "Giáo viên các cấp"'),
        ('label = "Kiến nghị"', 'label = "Đề xuất"'),
        ('under = ["Học sinh"]', 'under = ["Trẻ em"]'),
    ],
)
def test_nothing_is_said_of_what_people_call_otherwise_in_the_form(printed: str, renamed: str) -> None:
    assert printed in FORM
    assert wrong(RIGHT, FORM.replace(printed, renamed)) == []


def test_a_label_that_is_printed_nowhere_at_a_line_of_another() -> None:
    """As of a row that a newer workbook has no more."""
    rows = {**ROOMS.rows, "primary": ROOMS.rows["second"], "second": ROOMS.rows["primary"]}
    at = replace(RIGHT, tables={"rooms": replace(ROOMS, rows=rows)})
    form = FORM.replace('label = "Tiểu học"', 'label = "Mầm non"')
    assert wrong(at, form) == ["rooms.primary", "rooms.second"]


def test_it_says_where_and_what_is_printed_there() -> None:
    rows = {**ROOMS.rows, "primary": ROOMS.rows["second"], "second": ROOMS.rows["primary"]}
    at = replace(RIGHT, tables={"rooms": replace(ROOMS, rows=rows)})
    with speaking("en"):
        said = [str(one) for one in misplaced(book(), parse_form(FORM).standing_at(at))]
    assert said == [
        "rooms.primary, 'Biểu 1'!12:12: “Trung học” is printed there, and not “Tiểu học” of the form; "
        "that is printed in row 9",
        "rooms.second, 'Biểu 1'!9:9: “Tiểu học” is printed there, and not “Trung học” of the form; "
        "that is printed in row 12",
    ]
