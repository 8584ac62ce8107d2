"""A list in a report of several quarters: how many rows each unit has; sums are written out by hand."""

from __future__ import annotations

from typing import Any

from reportctl.core.period import Period, Quarter, parse_period
from reportctl.core.table import Role, Subject
from reportctl.figures.lists import ListFigures
from reportctl.form.model import ListSection
from reportctl.ledger.rows import ListRecord
from reportctl.report.annexes import counted_list

LIST = ListSection.model_validate(
    {
        "code": "events",
        "title": "Hội nghị",
        "columns": [
            {"code": "name", "label": "Tên"},
            {"code": "seats", "label": "Người dự", "type": "count", "over_units": "sum"},
        ],
    }
)
H1 = parse_period("2024-H1")


def event(unit: str, quarter: int, number: int, seats: int | None) -> ListRecord:
    values: dict[str, Any] = {"name": "Hội nghị", "seats": seats}
    return ListRecord(Quarter(2024, quarter), unit, "events", number, values, "a.xlsx", "S", f"B{number}")


RECORDS = [
    event("a", 1, 1, 10),
    event("a", 1, 2, 20),
    event("a", 2, 1, None),
    event("b", 2, 1, 5),
    event("gone", 1, 1, 7),
]


def counted(*of_units: tuple[str, tuple[str, ...]], period: Period = H1) -> list[tuple[Any, ...]]:
    return [row.cells for row in counted_list(listed(period), of_units, {}).rows]


def listed(period: Period = H1) -> ListFigures:
    return ListFigures(LIST, period, period.quarters, tuple(RECORDS))


def test_each_unit_has_its_rows_in_each_quarter_in_all_and_their_sums() -> None:
    assert counted(("Xã A", ("a",)), ("Xã B", ("b",)), ("Xã C", ("c",))) == [
        ("1", "Xã A", 2, 1, 3, 30),
        ("2", "Xã B", 0, 1, 1, 5),
        ("3", "gone", 1, 0, 1, 7),  # rows of a unit that is none of the period's are counted, too
        ("", "Total", 3, 2, 5, 42),
    ]


def test_groups_of_units_stand_for_their_units() -> None:
    assert counted(("Huyện", ("a", "b")), ("Sở", ("gone", "c"))) == [
        ("1", "Huyện", 2, 2, 4, 35),
        ("2", "Sở", 1, 0, 1, 7),
        ("", "Total", 3, 2, 5, 42),
    ]


def test_every_row_says_of_which_units_it_is() -> None:
    table = counted_list(listed(), [("Huyện", ("a", "b"))], {})
    assert [row.about for row in table.rows] == [
        Subject("events", ("a", "b")),
        Subject("events", ("gone",)),
        Subject("events", ("a", "b", "gone")),
    ]
    assert table.rows[-1].role is Role.TOTAL
    assert table.name == "list:events"
    keys = [column.key for column in table.columns]
    assert keys == ["number", "unit", "rows@2024-Q1", "rows@2024-Q2", "rows@2024-H1", "seats"]


def test_a_sum_that_lacks_an_empty_cell_is_marked_and_so_is_the_total() -> None:
    table = counted_list(listed(), [("Xã A", ("a",)), ("Xã B", ("b",))], {})
    assert [row.marks for row in table.rows] == [{"seats": "(**)"}, {}, {}, {"seats": "(**)"}]
    assert table.notes[-1] == "(**): cells left empty, which are not added: Người dự: 1 (a)."


def test_of_a_register_there_are_the_rows_of_one_quarter_and_no_others() -> None:
    register = LIST.model_copy(update={"key": "name"})
    of_last = ListFigures(
        register, H1, (Quarter(2024, 2),), tuple(r for r in RECORDS if r.period.number == 2)
    )
    table = counted_list(of_last, [("Xã A", ("a",)), ("Xã B", ("b",))], {})
    assert [column.key for column in table.columns] == ["number", "unit", "rows@2024-H1", "seats"]
    assert [row.cells for row in table.rows] == [
        ("1", "Xã A", 1, None),
        ("2", "Xã B", 1, 5),
        ("", "Total", 2, 5),
    ]
