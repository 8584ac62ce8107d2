"""How far units are with the year's plan. Every expected number is worked out by hand beside the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reportctl.core.period import Period, parse_period
from reportctl.core.table import CellFormat, Role
from reportctl.figures.plan import (
    Plan,
    PlanProgress,
    Progresses,
    plan_table,
    progress_by_unit,
    together,
    year_so_far,
)
from reportctl.figures.summary import summarise
from reportctl.workspace.units import Roster
from tests.making.figures import (
    BEFORE_AND_AFTER,
    FORM,
    REGROUPED,
    ROSTER,
    FakeLedger,
    Figures,
    calendar_of,
    one,
    summary_of,
)

Planned = Mapping[tuple[str, str, int], float]


def progress_of(figures: Figures, plan: Planned, period: str, roster: Roster = ROSTER) -> Progresses:
    asked: Period = parse_period(period)
    ledger: Any = FakeLedger(figures)
    so_far = summarise(ledger, FORM, calendar_of(roster), Plan({}), year_so_far(asked))
    return progress_by_unit(Plan(plan), so_far.by_unit, FORM, calendar_of(roster), asked)


@pytest.mark.parametrize(
    ("period", "so_far"),
    [
        ("2024-Q1", "2024-Q1"),
        ("2024-Q2", "2024-H1"),
        ("2024-Q3", "2024-9M"),
        ("2024-Q4", "2024"),
        ("2024-H1", "2024-H1"),
        ("2024-H2", "2024"),
        ("2024-9M", "2024-9M"),
        ("2024", "2024"),
    ],
)
def test_the_year_so_far(period: str, so_far: str) -> None:
    assert str(year_so_far(parse_period(period))) == so_far
    assert year_so_far(parse_period(period)).quarters == parse_period(period).to_date


TWO_QUARTERS = one("added", {"2024-Q1": {"a": 4, "b": 10}, "2024-Q2": {"a": 6, "p": 3}})
PLAN: Planned = {("a", "added", 2024): 40, ("b", "added", 2024): 60, ("b", "added", 2023): 1}


def test_units_with_a_plan_and_what_they_have_done_to_date() -> None:
    found = progress_of(TWO_QUARTERS, PLAN, "2024-Q2")
    assert found == {
        "added": {
            "a": PlanProgress(40, 10, 0.25),  # 4+6
            "b": PlanProgress(60, 10, 0.166666666666667),  # nothing in the second quarter
        }
    }
    assert progress_of(TWO_QUARTERS, PLAN, "2024-Q1")["added"]["a"] == PlanProgress(40, 4, 0.1)
    assert progress_of(TWO_QUARTERS, PLAN, "2025-Q1") == {}  # that year has no plan


def test_nothing_reported_is_not_nothing_done() -> None:
    plan = {("p", "added", 2024): 5.0, ("a", "stock", 2024): 9.0}
    found = progress_of(one("added", {"2024-Q1": {"p": 0}}), plan, "2024-Q1")
    assert found == {"added": {"p": PlanProgress(5.0, 0, 0.0)}, "stock": {"a": PlanProgress(9.0, None, None)}}


def test_what_counts_at_the_end_is_what_there_is_at_the_end() -> None:
    figures = one("stock", {"2024-Q1": {"a": 4}, "2024-Q2": {"a": 6}})
    assert progress_of(figures, {("a", "stock", 2024): 8}, "2024-Q2")["stock"]["a"] == PlanProgress(
        8, 6, 0.75
    )


def test_a_plan_of_nothing_has_no_part() -> None:
    found = progress_of(TWO_QUARTERS, {("a", "added", 2024): 0}, "2024-Q1")
    assert found["added"]["a"] == PlanProgress(0, 4, None)


def test_a_union_works_for_the_plans_of_its_parts_and_a_divided_unit_for_none() -> None:
    plan = {
        ("a", "added", 2025): 40,
        ("b", "added", 2025): 58,
        ("c", "added", 2025): 2,
        ("p", "added", 2025): 22,
    }
    found = progress_of(BEFORE_AND_AFTER, plan, "2025-Q3", REGROUPED)["added"]
    assert found == {
        "ab": PlanProgress(98, 49, 0.5),  # 40+58; 5 of a before, 44 since
        "p": PlanProgress(22, 11, 0.5),
        "c": PlanProgress(2, 7, None, divided=True),
    }
    assert together([found["ab"], found["p"]]) == PlanProgress(120, 60, 0.5)
    assert together(found.values()) == PlanProgress(122, 67, None, divided=True)
    assert together([]) is None


@pytest.mark.parametrize("period", ["2024-Q1", "2024-Q2", "2024-H1"])
def test_all_units_together_are_the_province(period: str) -> None:
    figure = summary_of(TWO_QUARTERS, period, plan=PLAN).figures["added"]
    all_of_them = together(progress_of(TWO_QUARTERS, PLAN, period)["added"].values())
    assert all_of_them
    assert (all_of_them.plan, all_of_them.of_plan) == (figure.plan, figure.of_plan)


def test_the_same_after_units_were_regrouped() -> None:
    plan = {("a", "added", 2025): 40, ("b", "added", 2025): 58}
    figure = summary_of(BEFORE_AND_AFTER, "2025-Q3", roster=REGROUPED, plan=plan).figures["added"]
    all_of_them = together(progress_of(BEFORE_AND_AFTER, plan, "2025-Q3", REGROUPED)["added"].values())
    assert all_of_them
    assert (figure.plan, figure.of_plan) == (98, 0.5) == (all_of_them.plan, all_of_them.of_plan)


# ---- the table


def test_a_table_of_indicators_and_their_units() -> None:
    period = parse_period("2024-Q2")
    units = calendar_of(ROSTER).units(period)
    table = plan_table(progress_of(TWO_QUARTERS, PLAN, "2024-Q2"), FORM, units, period)
    assert [row.cells for row in table.rows] == [
        ("I", "added", "", "", ""),
        ("1", "Huyện A", 40, 10, 0.25),
        ("2", "Huyện B", 60, 10, 0.166666666666667),
        ("", "Total", 100, 20, 0.2),
    ]
    assert [row.role for row in table.rows] == [Role.SECTION, Role.PLAIN, Role.PLAIN, Role.TOTAL]
    assert [column.title for column in table.columns][2:] == ["Plan of 2024", "Year to date", "Of plan"]
    assert table.kind_of(table.rows[1], 4) is CellFormat.PERCENT
    assert table.title == (
        "The plan of 2024 and what has been done of it by the end of the second quarter of 2024"
    )


def test_a_table_without_a_plan_says_so() -> None:
    period = parse_period("2024-Q2")
    table = plan_table({}, FORM, {}, period)
    assert (table.rows, table.notes) == ((), ("No plan was given for 2024.",))
