"""What figures rest on."""

from __future__ import annotations

from typing import Any

from reportctl.core.period import parse_period
from reportctl.figures.sources import Sources
from reportctl.figures.summary import needed_quarters
from reportctl.report.evidence_book import spans_of
from reportctl.workspace.units import Roster
from tests.making.figures import FORM as SUMMARY_FORM
from tests.making.figures import (
    REGROUPED,
    ROSTER,
    TWO_QUARTERS,
    CellsLedger,
    Figures,
    calendar_of,
    summary_of,
)


def sources_of(
    figures: Figures, period: str, roster: Roster = ROSTER, plan: dict[str, dict[str, float]] | None = None
) -> Sources:
    of_plan = {(u, code, int(period[:4])): v for code, by in (plan or {}).items() for u, v in by.items()}
    summary = summary_of(figures, period, roster=roster, plan=of_plan)
    ledger: Any = CellsLedger(figures)
    quarters = needed_quarters(parse_period(period))
    records = [*ledger.province_values(quarters), *ledger.values(quarters)]
    return Sources(SUMMARY_FORM, calendar_of(roster), summary, records, (), plan or {})


def behind(sources: Sources, code: str, key: str) -> list[tuple[str, str, Any]]:
    basis = sources.of_province(sources.summary.figures[code], key)
    return sorted((one.period, one.unit, one.value) for one in basis.sources)


def test_a_sum_rests_on_all_units_of_all_its_quarters_and_a_stock_on_the_last() -> None:
    both: Figures = {
        q: {u: {"added": v, "stock": v} for u, v in by.items()} for q, by in TWO_QUARTERS.items()
    }
    sources = sources_of(both, "2024-H1")
    second = [("2024-Q2", "a", 6), ("2024-Q2", "p", 3)]
    assert behind(sources, "added", "value") == [("2024-Q1", "a", 4), ("2024-Q1", "b", 10), *second]
    assert behind(sources, "stock", "value") == second
    # The base that is printed is over the units compared: b has nothing in the second quarter.
    assert behind(sources_of(both, "2024-Q2"), "added", "previous") == [("2024-Q1", "a", 4)]
    assert behind(sources_of(both, "2024-Q2"), "added", "value_previous") == [("2024-Q2", "a", 6)]
    assert behind(sources_of(both, "2024-Q2"), "added", "whole_previous") == [
        ("2024-Q1", "a", 4),
        ("2024-Q1", "b", 10),
    ]
    assert behind(sources_of(both, "2024-Q2"), "added", "to_date") == behind(sources, "added", "value")


def test_a_change_rests_on_the_units_with_figures_in_both_periods() -> None:
    figures: Figures = {
        "2023-Q1": {"a": {"added": 2}, "p": {"added": 9}},
        "2024-Q1": {"a": {"added": 3}, "b": {"added": 5}},
    }
    sources = sources_of(figures, "2024-Q1")
    assert behind(sources, "added", "change_year_ago") == [("2023-Q1", "a", 2), ("2024-Q1", "a", 3)]
    basis = sources.of_province(sources.summary.figures["added"], "change_year_ago")
    assert basis.periods == ("2024-Q1", "2023-Q1")
    assert behind(sources, "added", "change_previous") == []


def test_a_change_of_a_unit_made_of_others_rests_on_theirs() -> None:
    figures: Figures = {
        "2024-Q3": {"a": {"added": 30}, "b": {"added": 10}, "c": {"added": 7}, "p": {"added": 10}},
        "2025-Q3": {"ab": {"added": 44}, "c1": {"added": 5}, "p": {"added": 11}},
    }
    assert behind(sources_of(figures, "2025-Q3", REGROUPED), "added", "change_year_ago") == [
        ("2024-Q3", "a", 30),
        ("2024-Q3", "b", 10),
        ("2024-Q3", "p", 10),
        ("2025-Q3", "ab", 44),
        ("2025-Q3", "p", 11),
    ]


def test_a_change_of_totals_rests_on_all_that_the_totals_are_made_of() -> None:
    figures: Figures = {
        "2023-Q1": {"": {"added": 40}},
        "2024-Q1": {"a": {"added": 44}, "b": {"added": 6}, "p": {"added": None}},
    }
    assert behind(sources_of(figures, "2024-Q1"), "added", "change_year_ago") == [
        ("2023-Q1", "", 40),
        ("2024-Q1", "a", 44),
        ("2024-Q1", "b", 6),
    ]


def test_a_share_rests_on_the_pairs_and_a_part_of_the_plan_on_both() -> None:
    figures: Figures = {
        "2024-Q1": {"a": {"done": 3, "asked_for": 4}, "b": {"done": 5}, "p": {"asked_for": None, "done": 1}}
    }
    sources = sources_of(figures, "2024-Q1", plan={"done": {"a": 12, "p": 8}})
    assert behind(sources, "share", "value") == [("2024-Q1", "a", 3), ("2024-Q1", "a", 4)]
    # b has no plan: 3+1 of 20.
    assert sources.summary.figures["done"].of_plan == 0.2
    assert behind(sources, "done", "of_plan") == [
        ("2024", "a", 12),
        ("2024", "p", 8),
        ("2024-Q1", "a", 3),
        ("2024-Q1", "p", 1),
    ]
    assert [one.value for one in sources.of_units("share", "value", "a").sources] == [3, 4]


def test_runs_of_lines() -> None:
    assert spans_of([7, 4, 5, 9, 6]) == [(4, 7), (9, 9)]
    assert spans_of([]) == []
