"""How far units are with the year's plan. Every expected number is worked out by hand beside the test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from reportctl.core.findings import Finding
from reportctl.core.period import Quarter, parse_period
from reportctl.core.table import CellFormat, Role, Table
from reportctl.figures.figures import PlanProgress, Summary
from reportctl.figures.plan import Plan, added_up, plan_findings, plan_table
from reportctl.figures.sources import year_so_far
from reportctl.figures.tables import province_table, unit_table
from reportctl.report.sentences import figure_tags
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import (
    BEFORE_AND_AFTER,
    FORM,
    JULY,
    JUNE,
    REGROUPED,
    ROSTER,
    Figures,
    calendar_of,
    one,
    summary_of,
)

Planned = Mapping[tuple[str, str, int], float]


# A group's plan, what it has done, what part that is, how many units are judged by it, who they are today.
Told = tuple[float | None, float | None, float | None, int, tuple[str, ...]]


def told(progresses: Sequence[PlanProgress]) -> tuple[Told, ...]:
    return tuple((one.plan, one.to_date, one.of_plan, one.judged, one.today) for one in progresses)


def progress_of(
    figures: Figures, plan: Planned, period: str, roster: Roster = ROSTER
) -> dict[str, tuple[Told, ...]]:
    summary = summary_of(figures, period, roster=roster, plan=plan)
    return {code: told(progresses) for code, progresses in summary.progress.items()}


def test_of_what_counts_at_the_end_the_plan_of_those_who_gave_nothing_is_left_out() -> None:
    """95 of 100 is 95%, whatever the other one, of which nobody knows, was to reach."""
    figures = one("stock", {"2024-Q1": {"a": 90, "b": 180}, "2024-Q2": {"a": 95}})
    plan: Planned = {("a", "stock", 2024): 100, ("b", "stock", 2024): 200}
    first, second = (
        summary_of(figures, period, plan=plan).figures["stock"] for period in ("2024-Q1", "2024-Q2")
    )
    assert (first.plan, first.of_plan) == (300, 0.9)
    assert (second.plan, second.done_of_plan, second.of_plan, second.planned) == (100, 95, 0.95, 1)
    assert progress_of(figures, plan, "2024-Q2")["stock"][1] == (200, None, None, 1, ("b",))
    flow = {("a", "added", 2024): 100, ("b", "added", 2024): 200}
    of_flow = summary_of(one("added", {"2024-Q2": {"a": 95}}), "2024-Q2", plan=flow).figures["added"]
    assert (of_flow.plan, of_flow.done_of_plan) == (300, 95)  # this may still be done


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
    assert progress_of(TWO_QUARTERS, PLAN, "2024-Q2") == {
        "added": (
            (40, 10, 0.25, 1, ("a",)),  # 4+6
            (60, 10, 0.166666666666667, 1, ("b",)),  # nothing in the second quarter
        )
    }
    assert progress_of(TWO_QUARTERS, PLAN, "2024-Q1")["added"][0] == (40, 4, 0.1, 1, ("a",))
    assert progress_of(TWO_QUARTERS, PLAN, "2025-Q1") == {}  # that year has no plan


def test_nothing_reported_is_not_nothing_done() -> None:
    plan = {("p", "added", 2024): 5.0, ("a", "stock", 2024): 9.0}
    assert progress_of(one("added", {"2024-Q1": {"p": 0}}), plan, "2024-Q1") == {
        "added": ((5, 0, 0, 1, ("p",)),),
        "stock": ((9, None, None, 1, ("a",)),),
    }


def test_what_counts_at_the_end_is_what_there_is_at_the_end() -> None:
    figures = one("stock", {"2024-Q1": {"a": 4}, "2024-Q2": {"a": 6}})
    (found,) = progress_of(figures, {("a", "stock", 2024): 8}, "2024-Q2")["stock"]
    assert found == (8, 6, 0.75, 1, ("a",))


def test_a_plan_of_nothing_has_no_part() -> None:
    (found,) = progress_of(TWO_QUARTERS, {("a", "added", 2024): 0}, "2024-Q1")["added"]
    assert found == (0, 4, None, 1, ("a",))


def test_over_how_many_units_a_part_of_the_plan_is() -> None:
    summary = summary_of(TWO_QUARTERS, "2024-Q2", plan=PLAN)
    figure = summary.figures["added"]
    # p, who did 3, has no plan: 4+6+10 of 100, not 23.
    assert (figure.plan, figure.done_of_plan, figure.of_plan) == (100, 20, 0.2)
    assert (figure.planned, figure.units_asked, figure.to_date) == (2, 3, 23)
    assert marks(province_table(summary, FORM, units_of(ROSTER, "2024-Q2")), "added")["of_plan"] == "(2/3)"
    assert figure_tags(figure, summary.period)["added.of_plan"] == (
        "with the half-year together at 20% of the year's plan, over the 2 of 3 units whose plan counts"
    )


def marks(table: Table, code: str) -> Mapping[str, str]:
    return next(row.marks for row in table.rows if row.about and row.about.code == code)


def units_of(roster: Roster, period: str) -> dict[str, Unit]:
    return calendar_of(roster).units(parse_period(period))


# ---- units change within the year: Q2 a 5, c 7; Q3 ab 44, c1 50, c2 60, p 11


def test_a_union_and_parts_work_for_the_plans_of_what_they_were() -> None:
    plan = {("a", "added", 2025): 40, ("b", "added", 2025): 58, ("c", "added", 2025): 234}
    plan[("p", "added", 2025)] = 22
    found = progress_of(BEFORE_AND_AFTER, plan, "2025-Q3", REGROUPED)["added"]
    assert found == (
        (98, 49, 0.5, 1, ("ab",)),  # 40+58; 5 of a before, 44 since
        (234, 117, 0.5, 2, ("c1", "c2")),  # 7 of c, 50+60 since
        (22, 11, 0.5, 1, ("p",)),
    )
    figure = summary_of(BEFORE_AND_AFTER, "2025-Q3", roster=REGROUPED, plan=plan).figures["added"]
    assert (figure.plan, figure.of_plan, figure.planned, figure.units_asked) == (354, 0.5, 4, 4)


def test_what_predecessors_did_counts_for_the_plan_of_their_heir() -> None:
    (found,) = progress_of(BEFORE_AND_AFTER, {("ab", "added", 2025): 98}, "2025-Q3", REGROUPED)["added"]
    assert found == (98, 49, 0.5, 1, ("ab",))  # 5 of a, which is no more, and 44


def test_a_predecessor_that_ended_does_not_take_the_provinces_part_away() -> None:
    plan = {("a", "added", 2025): 40, ("b", "added", 2025): 58}
    figure = summary_of(BEFORE_AND_AFTER, "2025-Q3", roster=REGROUPED, plan=plan).figures["added"]
    assert (figure.plan, figure.done_of_plan, figure.of_plan, figure.planned) == (98, 49, 0.5, 1)


def test_plans_of_old_and_new_are_not_added_to_each_other() -> None:
    plan = {("a", "added", 2025): 40, ("b", "added", 2025): 58, ("ab", "added", 2025): 98}
    plan[("p", "added", 2025)] = 44
    found = progress_of(BEFORE_AND_AFTER, plan, "2025-Q3", REGROUPED)["added"]
    assert found == ((None, 49, None, 0, ("ab",)), (44, 11, 0.25, 1, ("p",)))
    figure = summary_of(BEFORE_AND_AFTER, "2025-Q3", roster=REGROUPED, plan=plan).figures["added"]
    assert (figure.plan, figure.of_plan, figure.planned, figure.units_asked) == (44, 0.25, 1, 4)


def test_a_plan_for_some_of_those_regrouped_is_not_judged() -> None:
    found = progress_of(BEFORE_AND_AFTER, {("a", "added", 2025): 40}, "2025-Q3", REGROUPED)["added"]
    assert found == ((None, 49, None, 0, ("ab",)),)
    heir = progress_of(BEFORE_AND_AFTER, {("c1", "added", 2025): 40}, "2025-Q3", REGROUPED)["added"]
    assert heir == ((None, 117, None, 0, ("c1", "c2")),)
    # Before the change they are units like others.
    alone = progress_of(BEFORE_AND_AFTER, {("a", "added", 2025): 40}, "2025-Q2", REGROUPED)["added"]
    assert alone == ((40, 5, 0.125, 1, ("a",)),)


def test_many_to_many_have_one_plan_together() -> None:
    # x and y became v and w, both out of parts of either.
    roster = Roster(
        (
            Unit("x", "Xã X", "district", valid_to=JUNE),
            Unit("y", "Xã Y", "district", valid_to=JUNE),
            Unit("v", "Phường V", "district", valid_from=JULY, predecessors=("x", "y")),
            Unit("w", "Phường W", "district", valid_from=JULY, predecessors=("y",)),
        )
    )
    figures = one("added", {"2025-Q2": {"x": 3, "y": 5}, "2025-Q3": {"v": 7, "w": 10}})
    for plan in ({"x": 10, "y": 40}, {"v": 20, "w": 30}):
        of_units = {(unit, "added", 2025): target for unit, target in plan.items()}
        (found,) = progress_of(figures, of_units, "2025-Q3", roster)["added"]
        assert found == (50, 25, 0.5, 2, ("v", "w"))
        table = unit_table(
            summary_of(figures, "2025-Q3", roster=roster, plan=of_units),
            FORM,
            units_of(roster, "2025-Q3"),
            "all",
        )
        place = [column.key for column in table.columns].index("added.of_plan")
        assert [row.cells[place] for row in table.rows] == [None, None, 0.5]  # together, neither by itself


def test_all_groups_together_are_the_province() -> None:
    summary = summary_of(TWO_QUARTERS, "2024-Q2", plan=PLAN)
    figure, whole = summary.figures["added"], added_up(summary.progress["added"])
    assert (whole.plan, whole.to_date, whole.of_plan) == (figure.plan, 20, figure.of_plan)
    assert added_up(()).plan is None


# ---- the province's own plan, and plans of what is not added up


def test_a_plan_of_the_province_alone_is_judged_at_its_figure() -> None:
    figure = summary_of(TWO_QUARTERS, "2024-Q2", plan={("", "added", 2024): 92}).figures["added"]
    assert (figure.plan, figure.of_plan) == (92, 0.25)  # 4+10+6+3
    both = summary_of(TWO_QUARTERS, "2024-Q2", plan={**PLAN, ("", "added", 2024): 92}).figures["added"]
    assert (both.plan, both.of_plan) == (92, 0.25)  # the province's counts, not the units' 100


def test_a_target_of_a_share_is_judged_at_the_share() -> None:
    figures = {
        "2024-Q1": {"a": {"done": 3, "asked_for": 4}, "b": {"done": 0, "asked_for": 4}},
        "2024-Q2": {"a": {"done": 3, "asked_for": 4}},
    }
    plan = {("", "share", 2024): 0.8, ("b", "share", 2024): 0.5, ("a", "share", 2024): 0.9}
    summary = summary_of(figures, "2024-Q2", plan=plan)
    figure = summary.figures["share"]
    assert (figure.plan, figure.to_date, figure.of_plan) == (0.8, 0.5, 0.625)  # 6/12; 0.5/0.8
    assert told(summary.progress["share"]) == (
        (0.5, 0, 0, 1, ("b",)),
        (0.9, 0.75, 0.833333333333333, 1, ("a",)),
    )
    del plan["", "share", 2024]
    figure = summary_of(figures, "2024-Q2", plan=plan).figures["share"]
    assert (figure.plan, figure.of_plan) == (None, None)  # units' targets make none of the province


def findings(plan: Planned, quarter: Quarter, roster: Roster = REGROUPED) -> list[Finding]:
    return list(plan_findings(Plan(plan), FORM, calendar_of(roster), quarter))


def test_plans_given_twice_or_in_part_are_found() -> None:
    third = Quarter(2025, 3)
    old = {("a", "added", 2025): 40.0, ("b", "added", 2025): 58.0}
    assert findings(old, third) == []
    assert findings({("ab", "added", 2025): 98}, third) == []
    for twice in ({("ab", "added", 2025): 98.0}, {("ab", "added", 2025): 0.0}):
        (found,) = findings(old | twice, third)
        assert (found.code, found.severity, found.indicator) == ("plan_doubled", "warning", "added")
        assert "Huyện A, Huyện B, Phường AB" in found.message
    (found,) = findings({("c1", "added", 2025): 5}, third)
    assert (found.code, "Phường C1" in found.message) == ("plan_partial", True)


def test_a_unit_whose_earlier_quarter_is_missing_is_marked() -> None:
    figures = one("added", {"2024-Q1": {"a": 4, "p": 1}, "2024-Q2": {"a": 6, "b": 5, "p": 3}})
    table = table_of(summary_of(figures, "2024-Q2", plan=PLAN))
    assert [table.mark_of(row, 4) for row in table.rows] == ["", "", "(**)", "(2/3) (**)"]


def test_another_sum_of_the_units_than_the_provinces_plan_is_a_note() -> None:
    plan: dict[tuple[str, str, int], float] = {(unit, "added", 2024): 30 for unit in "abp"}
    first = Quarter(2024, 1)
    assert findings(plan | {("", "added", 2024): 90}, first, ROSTER) == []
    (found,) = findings(plan | {("", "added", 2024): 100}, first, ROSTER)
    assert (found.code, found.severity) == ("plan_differs", "note")
    assert "100 for the province, and 90 for its units" in found.message


# ---- the table


def table_of(summary: Summary, roster: Roster = ROSTER, together: Any = None) -> Table:
    return plan_table(summary, calendar_of(roster).units(summary.period), together)


def test_a_table_of_indicators_and_their_units() -> None:
    table = table_of(summary_of(TWO_QUARTERS, "2024-Q2", plan=PLAN))
    assert [row.cells for row in table.rows] == [
        ("I", "added", "", "", ""),
        ("1", "Huyện A", 40, 10, 0.25),
        ("2", "Huyện B", 60, 10, 0.166666666666667),
        ("", "Total", 100, 20, 0.2),
    ]
    assert [row.role for row in table.rows] == [Role.SECTION, Role.PLAIN, Role.PLAIN, Role.TOTAL]
    assert [column.title for column in table.columns][2:] == ["Plan of 2024", "Year to date", "Of plan"]
    assert table.kind_of(table.rows[1], 4) is CellFormat.PERCENT
    # p has no plan; that the year to date lacks its first quarter makes no difference here.
    assert [table.mark_of(row, 4) for row in table.rows] == ["", "", "", "(2/3)"]
    assert table.title == (
        "The plan of 2024 and what has been done of it by the end of the second quarter of 2024"
    )


def test_a_table_of_groups_and_of_what_is_not_judged() -> None:
    plan = {("a", "added", 2025): 40, ("c", "added", 2025): 234, ("p", "added", 2025): 22}
    summary = summary_of(BEFORE_AND_AFTER, "2025-Q3", roster=REGROUPED, plan=plan)
    table = table_of(summary, REGROUPED)
    assert [row.cells for row in table.rows] == [
        ("I", "added", "", "", ""),
        ("1", "Phường AB", None, None, None),
        ("2", "Phường C1, Phường C2", 234, 117, 0.5),
        ("3", "Báo P", 22, 11, 0.5),
        ("", "Total", 256, 128, 0.5),
    ]
    assert table.notes[-1] == (
        "Not judged, because the plan was given to only some of the units that were regrouped, or to units "
        "and to what became of them: Phường AB."
    )
    merged = table_of(summary, REGROUPED, {"Miền Bắc": ["ab", "c1", "c2"], "Báo": ["p"]})
    assert [row.cells[1:] for row in merged.rows[1:3]] == [("Miền Bắc", 234, 117, 0.5), ("Báo", 22, 11, 0.5)]


def test_a_table_of_the_provinces_plan_alone() -> None:
    table = table_of(summary_of(TWO_QUARTERS, "2024-Q2", plan={("", "added", 2024): 92}))
    assert [row.cells for row in table.rows] == [
        ("I", "added", "", "", ""),
        ("", "Total", 92, 23, 0.25),
    ]


def test_a_table_without_a_plan_says_so() -> None:
    table = table_of(summary_of({}, "2024-Q2"))
    assert (table.rows, table.notes) == ((), ("No plan was given for 2024.",))


def test_a_unit_that_ended_before_its_heir_came_is_not_forgotten() -> None:
    # Nobody took over from c; what it did and was to do are no longer of anybody's plan.
    ended = Roster(
        (Unit("a", "Huyện A", "district"), Unit("c", "Huyện C", "district", valid_to=dt.date(2025, 6, 30)))
    )
    figures = one("added", {"2025-Q2": {"a": 10, "c": 5}, "2025-Q3": {"a": 10}})
    plan = {("a", "added", 2025): 40, ("c", "added", 2025): 10}
    figure = summary_of(figures, "2025-Q3", roster=ended, plan=plan).figures["added"]
    assert (figure.plan, figure.done_of_plan, figure.of_plan) == (50, 25, 0.5)  # 10+10+5 of 40+10
