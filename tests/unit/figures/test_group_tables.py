"""Annexes of many units: groups instead of units. Expected numbers are worked out by hand beside the test."""

from __future__ import annotations

from typing import Any

import pytest

from reportctl.core.period import Quarter
from reportctl.core.table import NOT_APPLICABLE, Column, Role, Row, Table
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summarise
from reportctl.figures.tables import group_table, shortened
from reportctl.figures.totals import group_values, groups_of
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import FORM, FakeLedger, answers_of, calendar_of

Q1 = Quarter(2024, 1)
ROSTER = Roster(
    (
        Unit("north", "Huyện Bắc", "district"),
        Unit("n1", "Xã Một", "district", parent="north"),
        Unit("s1", "Xã Hai", "district", parent="south"),
        Unit("s2", "Xã Ba", "district", parent="south"),
        Unit("p", "Báo P", "press"),
    )
)
FIGURES: dict[str, dict[str, dict[str, float | None]]] = {
    "2024-Q1": {
        "north": {"added": 1, "done": 1, "asked_for": 2, "average": 2, "said_yes": 1},
        "n1": {"added": 2, "done": 3, "asked_for": 10, "average": 4, "said_yes": 0},
        "s1": {"added": 30, "done": 5, "asked_for": 5, "stories": None},
        "p": {"added": 100, "stories": 7},
    }
}


def groups(most: int = 40) -> dict[str, list[str]]:
    return groups_of(calendar_of(ROSTER).units(Q1), ROSTER, FORM, most)


def test_units_stand_under_their_parents_the_others_under_their_kinds() -> None:
    assert groups() == {"Huyện Bắc": ["north", "n1"], "south": ["s1", "s2"], "Báo": ["p"]}
    assert groups(2) == {"Huyện": ["north", "n1", "s1", "s2"], "Báo": ["p"]}


def test_parents_that_are_called_the_same_are_told_apart() -> None:
    roster = Roster(
        tuple(Unit(code, "Tân An", "district") for code in ("x", "y"))
        + tuple(Unit(f"{above}1", f"Xã {above}", "district", parent=above) for above in ("x", "y"))
    )
    units = calendar_of(roster).units(Q1)
    assert groups_of(units, roster, FORM, 40) == {"Tân An (x)": ["x", "x1"], "Tân An (y)": ["y", "y1"]}


def table() -> Table:
    ledger: Any = FakeLedger(FIGURES)
    summary = summarise(ledger, FORM, calendar_of(ROSTER), Plan({}), Q1)
    units = calendar_of(ROSTER).units(Q1)
    return group_table(
        summary, FORM, units, "all", groups(), group_values(answers_of(FIGURES, roster=ROSTER), groups(), Q1)
    )


def cells(made: Table, code: str) -> list[Any]:
    place = [column.key for column in made.columns].index(code)
    return [row.cells[place] for row in made.rows]


def test_groups_have_the_figures_of_their_units_put_together() -> None:
    made = table()
    assert cells(made, "unit") == ["Huyện Bắc", "south", "Báo", "Total"]
    assert cells(made, "units") == ["2", "2", "1", "5"]
    assert cells(made, "added") == [3, 30, 100, 133]
    assert cells(made, "share")[:2] == [pytest.approx(4 / 12), 1]  # (1+3)/(2+10), not 1/2 + 3/10
    assert cells(made, "share")[3] == pytest.approx(9 / 17)
    assert cells(made, "average") == [3, None, None, 3]
    assert cells(made, "said_yes") == [1, None, None, 1]  # units that say yes
    assert cells(made, "stories") == [NOT_APPLICABLE, NOT_APPLICABLE, 7, 7]
    assert cells(made, "own") == ["", "", "", ""]  # put together over no units
    assert made.rows[-1].role is Role.TOTAL
    assert made.notes[0].startswith("There are 5 units")
    assert "merged.xlsx" in made.notes[0]
    assert made.repeated == 3


def test_long_lists_are_shortened_and_say_so() -> None:
    long = Table("t", "T", (Column("a", "A"),), tuple(Row((str(n),)) for n in range(201)), ("Cũ.",))
    made = shortened(long, "{shown} of {total}")
    assert [row.cells[0] for row in made.rows] == [str(n) for n in range(200)]
    assert made.notes == ("200 of 201", "Cũ.")
    whole = Table("t", "T", long.columns, long.rows[:200])
    assert shortened(whole, "{shown} of {total}") is whole
