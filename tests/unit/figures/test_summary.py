"""Figures over time and over units. Every expected number is worked out by hand beside the test."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.core.period import Quarter, parse_period
from reportctl.core.table import NOT_APPLICABLE
from reportctl.figures.figures import Figure
from reportctl.figures.tables import province_table
from reportctl.figures.totals import group_values
from tests.making.figures import (
    BEFORE_AND_AFTER,
    FORM,
    REGROUPED,
    SHARES,
    TWO_QUARTERS,
    Figures,
    answers_of,
    calendar_of,
    one,
    summary_of,
    units_by_kind,
)


@pytest.mark.parametrize(
    ("code", "quarter", "half"),
    [
        ("added", 9, 23),  # 6+3; (4+6) + 10 + 3
        ("stock", 9, 9),  # the half-year's last quarter: 6+3
        ("average", 4.5, 6),  # (6+3)/2; means over time 5, 10, 3, their mean 6
        ("least", 3, 3),
        ("most", 6, 10),
        ("peak_sum", 9, 19),  # max(4, 6) + 10 + 3
        ("own", None, None),
        ("within", 4.5, None),  # not put together over time
    ],
)
def test_aggregates_on_both_axes(code: str, quarter: float | None, half: float | None) -> None:
    figures = one(code, TWO_QUARTERS)
    assert summary_of(figures, "2024-Q2").figures[code].value == quarter
    assert summary_of(figures, "2024-H1").figures[code].value == half
    assert summary_of(figures, "2024-Q2").figures[code].to_date == half


def test_units_values_of_a_span() -> None:
    by_unit = summary_of(one("added", TWO_QUARTERS), "2024-H1").by_unit
    assert [by_unit[u]["added"] for u in "abp"] == [10, 10, 3]
    by_unit = summary_of(one("stock", TWO_QUARTERS), "2024-H1").by_unit
    assert [by_unit[u]["stock"] for u in "abp"] == [6, None, 3]
    by_unit = summary_of(one("own", TWO_QUARTERS), "2024-Q2").by_unit
    assert [by_unit[u]["own"] for u in "abp"] == [6, None, 3]


def test_a_share_is_a_ratio_of_sums_over_pairs() -> None:
    quarter, half = summary_of(SHARES), summary_of(SHARES, "2024-H1")
    assert quarter.figures["share"].value == 0.75  # (3+0)/(4+0): b has no denominator
    assert quarter.figures["share"].units_reporting == 1  # 0/0 is no value
    assert half.figures["share"].value == 0.7  # (3+2+9+0)/(4+6+10+0): b only with its second quarter
    assert half.by_unit["a"]["share"] == 0.5
    assert half.by_unit["b"]["share"] == 0.9
    assert half.by_unit["p"]["share"] is None


def test_a_share_of_nothing_is_none() -> None:
    assert summary_of({"2024-Q1": {"a": {"done": 0, "asked_for": 0}}}).figures["share"].value is None
    assert summary_of({"2024-Q1": {"a": {"done": 2, "asked_for": None}}}).figures["share"].value is None


def test_a_share_that_a_workbook_says_is_not_believed() -> None:
    figures = {"2024-Q1": {"a": {"done": 1, "asked_for": 2, "share": 0.99}}}
    assert summary_of(figures).figures["share"].value == 0.5


def test_blank_zero_and_not_applicable_are_three_things() -> None:
    summary = summary_of(one("added", {"2024-Q1": {"a": 0, "b": None}}))
    assert summary.figures["added"].value == 0
    assert summary.figures["added"].units_reporting == 1
    assert [summary.by_unit[u]["added"] for u in "abp"] == [0, NOT_APPLICABLE, None]
    assert "stories" not in summary.by_unit["a"]  # it is not asked
    assert summary.by_unit["p"]["stories"] is None


def test_no_figure_at_all_is_none_not_zero() -> None:
    figure = summary_of({}).figures["added"]
    assert (figure.value, figure.previous, figure.year_ago, figure.to_date) == (None, None, None, None)
    assert (figure.change_year_ago, figure.units_reporting, figure.units_asked) == (None, 0, 3)
    assert figure.against_year_ago.comparable == figure.against_previous.comparable == 0
    assert "words" not in summary_of({}).figures


def test_yes_counts_as_one() -> None:
    assert summary_of(one("said_yes", {"2024-Q1": {"a": 1, "b": 0, "p": 1}})).figures["said_yes"].value == 2


def test_estimates_show() -> None:
    figures = one("added", TWO_QUARTERS) | {}
    marked = [("2024-Q1", "a", "added")]
    assert summary_of(figures, "2024-Q1", estimates=marked).figures["added"].estimate
    assert not summary_of(figures, "2024-Q2", estimates=marked).figures["added"].estimate
    assert summary_of(figures, "2024-H1", estimates=marked).figures["added"].estimate
    stock = one("stock", TWO_QUARTERS)
    marked = [("2024-Q1", "a", "stock")]
    assert (
        not summary_of(stock, "2024-H1", estimates=marked).figures["stock"].estimate
    )  # that quarter is not in it


def test_whole_numbers_are_whole_and_decimals_are_clean() -> None:
    assert repr(summary_of(one("added", {"2024-Q1": {"a": 1.0}})).figures["added"].value) == "1"
    tenths = summary_of(one("peak_sum", {"2024-Q1": {"a": 0.1, "b": 0.2}}))
    assert repr(tenths.figures["peak_sum"].value) == "0.3"


# ---- comparisons


def compared(figure: Figure, which: str) -> tuple[float | None, float | None, int | None]:
    """The base, this period's value beside it, and how many of today's units they are over."""
    found = figure.against(which)
    return found.base, found.value, found.comparable


def test_changes_are_over_units_with_a_value_in_both_periods() -> None:
    figures = one(
        "added",
        {
            "2023-Q1": {"a": 80, "b": 0, "p": 500},
            "2023-Q4": {"a": 50, "b": 50},
            "2024-Q1": {"a": 90, "b": 10},
        },
    )
    figure = summary_of(figures).figures["added"]
    assert (figure.value, figure.year_ago, figure.previous) == (100, 580, 100)
    assert figure.change_year_ago == 0.25  # (90+10)/(80+0) - 1: p counts on neither side
    assert figure.change_previous == 0
    assert compared(figure, "year_ago") == (80, 100, 2)  # 580 less the 500 of p
    assert compared(figure, "previous") == (100, 100, 2)


def test_each_comparison_has_its_own_units() -> None:
    figure = summary_of(one("added", {"2023-Q4": {"a": 5}, "2024-Q1": {"a": 6, "b": 1}})).figures["added"]
    assert compared(figure, "previous") == (5, 6, 1)
    assert compared(figure, "year_ago") == (None, None, 0)
    assert figure.change_previous == 0.2
    assert figure.change_year_ago is None


def test_a_base_of_zero_gives_no_change_but_counts_as_compared() -> None:
    figure = summary_of(one("added", {"2023-Q1": {"a": 0}, "2024-Q1": {"a": 6}})).figures["added"]
    assert (figure.year_ago, figure.change_year_ago) == (0, None)
    assert compared(figure, "year_ago") == (0, 6, 1)


def test_percentages_change_by_their_difference() -> None:
    figures = {
        "2023-Q1": {"a": {"done": 50, "asked_for": 100}, "b": {"done": 1, "asked_for": 1}},
        "2024-Q1": {"a": {"done": 26, "asked_for": 50}},
    }
    figure = summary_of(figures).figures["share"]
    assert figure.change_year_ago == 0.02  # 52% against 50%
    assert compared(figure, "year_ago") == (0.5, 0.52, 1)


def test_a_span_compares_units_with_every_quarter_of_both() -> None:
    figures = one(
        "added",
        {
            "2023-Q1": {"a": 10, "b": 1},
            "2023-Q2": {"a": 10, "b": 1},
            "2023-Q3": {"a": 8, "b": 1},
            "2023-Q4": {"a": 8},
            "2024-Q1": {"a": 15, "b": 7, "p": 9},
            "2024-Q2": {"a": 15, "p": 9},
        },
    )
    figure = summary_of(figures, "2024-H1").figures["added"]
    assert (figure.value, figure.year_ago, figure.previous) == (55, 22, 17)
    assert figure.change_year_ago == 0.5  # 30/20 - 1, only a
    assert figure.change_previous == 0.875  # 30/16 - 1, only a
    assert compared(figure, "year_ago") == (20, 30, 1)
    assert compared(figure, "previous") == (16, 30, 1)


def test_what_counts_at_the_end_is_compared_at_the_end() -> None:
    figures = one(
        "stock",
        {
            "2023-Q1": {"p": 9},
            "2023-Q2": {"a": 4, "b": 4},
            "2024-Q1": {"a": 1},
            "2024-Q2": {"a": 6, "b": 4},
        },
    )
    figure = summary_of(figures, "2024-H1").figures["stock"]
    assert (figure.year_ago, figure.change_year_ago) == (8, 0.25)  # 10/8 - 1
    assert compared(figure, "year_ago") == (8, 10, 2)


def test_nine_months_have_no_previous_period() -> None:
    figures = one("added", {f"{y}-Q{n}": {"a": n} for y in (2023, 2024) for n in (1, 2, 3, 4)})
    figure = summary_of(figures, "2024-9M").figures["added"]
    assert (figure.value, figure.year_ago, figure.previous, figure.change_previous) == (6, 6, None, None)
    assert figure.change_year_ago == 0


# ---- units change


def test_unions_and_divided_units_are_compared_as_groups() -> None:
    figure = summary_of(BEFORE_AND_AFTER, "2025-Q3", roster=REGROUPED).figures["added"]
    # a, b and ab; c, c1 and c2; p: all of them reported, so the whole province is compared.
    assert (figure.value, figure.year_ago) == (165, 149)
    assert compared(figure, "year_ago") == (149, 165, 4)
    assert figure.change_year_ago == pytest.approx(16 / 149, rel=1e-14)
    # b has sent nothing in the quarter before, p neither: c alone, 7 against the 50 + 60 of its heirs.
    assert compared(figure, "previous") == (7, 110, 2)
    assert figure.change_previous == pytest.approx(103 / 7, rel=1e-14)
    assert figure.against_previous.units == ("c", "c1", "c2")


def test_means_of_unions_are_not_made_up() -> None:
    figures = one("average", {"2024-Q3": {"a": 30, "b": 10, "p": 10}, "2025-Q3": {"ab": 44, "p": 11}})
    figure = summary_of(figures, "2025-Q3", roster=REGROUPED).figures["average"]
    assert figure.change_year_ago == 0.1
    assert compared(figure, "year_ago") == (10, 11, 1)  # p alone


def test_a_span_over_the_change_lists_the_units_of_both_times() -> None:
    summary = summary_of(BEFORE_AND_AFTER, "2025-9M", roster=REGROUPED)
    assert summary.coverage.expected == ("ab", "c1", "c2", "p", "a", "b", "c")
    # In the first quarter nobody reported; of those of the third only, all did.
    assert summary.coverage.accepted == ("ab", "c1", "c2")
    assert summary.coverage.missing == ("p", "a", "b", "c")
    assert list(calendar_of(REGROUPED).units(parse_period("2025-9M"))) == [
        "ab",
        "c1",
        "c2",
        "p",
        "a",
        "b",
        "c",
    ]
    assert {unit: values["added"] for unit, values in summary.by_unit.items()} == {
        "ab": 44, "c1": 50, "c2": 60, "p": 11, "a": 5, "b": None, "c": 7,
    }  # fmt: skip
    assert summary.figures["added"].value == 177


# ---- plan, coverage, kinds


def test_the_plan_is_compared_with_what_the_units_that_have_one_have_done() -> None:
    plan = {("a", "added", 2024): 40, ("b", "added", 2024): 60, ("a", "added", 2023): 1}
    figure = summary_of(one("added", TWO_QUARTERS), "2024-Q2", plan=plan).figures["added"]
    assert (figure.plan, figure.to_date) == (100, 23)
    assert figure.of_plan == 0.2  # (4+6+10)/100: p has no plan
    figure = summary_of(one("average", TWO_QUARTERS), plan={("a", "average", 2024): 4}).figures["average"]
    assert (figure.plan, figure.of_plan) == (None, None)


def test_heirs_work_for_their_predecessors_plan() -> None:
    plan = {("a", "added", 2025): 40, ("b", "added", 2025): 58}
    figure = summary_of(BEFORE_AND_AFTER, "2025-Q3", roster=REGROUPED, plan=plan).figures["added"]
    assert (figure.plan, figure.of_plan) == (98, 0.5)  # (5 + 44)/98
    plan[("c", "added", 2025)] = 2
    figure = summary_of(BEFORE_AND_AFTER, "2025-Q3", roster=REGROUPED, plan=plan).figures["added"]
    assert (figure.plan, figure.of_plan) == (100, 1.66)  # (5 + 44 + 7 + 50 + 60)/100: c's heirs work for its


def test_coverage() -> None:
    coverage = summary_of(one("added", TWO_QUARTERS), "2024-H1").coverage
    assert coverage.expected == ("a", "b", "p")
    assert coverage.accepted == ("a",)  # in both quarters
    assert coverage.missing == ("b", "p")  # the second, the first


def test_values_by_kind() -> None:
    half = parse_period("2024-H1")
    values = group_values(answers_of(SHARES, "2024-H1"), units_by_kind(half), half)
    assert values["district"]["share"] == 0.7  # (3+2+9)/(4+6+10)
    assert values["press"]["share"] is None
    assert (values["district"]["done"], values["press"]["done"]) == (19, 0)


# ---- properties

amounts = st.integers(0, 10**9)
quarterly = st.dictionaries(st.sampled_from("abp"), amounts, max_size=3)


@pytest.mark.slow
@settings(max_examples=20)
@given(first=quarterly, second=quarterly)
def test_the_province_is_the_sum_of_its_units(first: dict[str, int], second: dict[str, int]) -> None:
    summary = summary_of(one("added", {"2024-Q1": first, "2024-Q2": second}), "2024-H1")
    values = [v for values in summary.by_unit.values() if isinstance(v := values.get("added"), int)]
    assert (summary.figures["added"].value or 0) == sum(values) == sum(first.values()) + sum(second.values())
    assert summary.figures["added"].units_reporting == len(values)


@pytest.mark.slow
@settings(max_examples=20)
@given(both=st.tuples(amounts, amounts), only_now=amounts, only_then=amounts)
def test_units_of_one_period_do_not_move_the_change(
    both: tuple[int, int], only_now: int, only_then: int
) -> None:
    alone = summary_of(one("added", {"2023-Q1": {"a": both[0]}, "2024-Q1": {"a": both[1]}}))
    mixed = summary_of(
        one("added", {"2023-Q1": {"a": both[0], "b": only_then}, "2024-Q1": {"a": both[1], "p": only_now}})
    )
    assert alone.figures["added"].change_year_ago == mixed.figures["added"].change_year_ago
    assert mixed.figures["added"].against_year_ago.comparable == 1


# Figures imported for the province alone (the unit "")


def alone(code: str, quarters: Mapping[str, float]) -> Figures:
    return one(code, {quarter: {"": value} for quarter, value in quarters.items()})


@pytest.mark.parametrize(
    ("code", "half"),
    [
        ("added", 17),  # 10 + (4+3)
        ("stock", 7),  # the second quarter alone: 4+3
        ("least", 3),
        ("most", 10),
        ("average", None),  # the mean of means needs each unit's own
        ("peak_sum", None),
        ("own", None),
        ("within", None),
    ],
)
def test_the_provinces_figure_and_the_units_of_another_quarter(code: str, half: float | None) -> None:
    figures = {"2024-Q1": {"": {code: 10}}, "2024-Q2": {"a": {code: 4}, "p": {code: 3}}}
    found = summary_of(figures, "2024-H1")
    assert found.figures[code].value == half
    assert found.figures[code].units_reporting == (0 if code in ("own", "within") else 2)
    assert "" not in found.by_unit
    alone_then = summary_of(figures, "2024-Q2").figures[code]
    assert alone_then.previous == (None if code == "own" else 10)


def test_the_provinces_figure_stands_only_where_no_unit_has_one() -> None:
    figures = {"2024-Q1": {"": {"added": 10, "stock": 5}, "a": {"added": 4}}}
    found = summary_of(figures, "2024-Q1").figures
    assert (found["added"].value, found["stock"].value) == (4, 5)
    assert (found["added"].units_reporting, found["stock"].units_reporting) == (1, 0)


def test_totals_are_compared_where_one_was_imported_alone() -> None:
    figures = {
        "2023-Q1": {"": {"added": 8, "done": 3, "asked_for": 4}},
        "2024-Q1": {
            "a": {"added": 6, "done": 3, "asked_for": 6},
            "b": {"added": 4, "done": 5, "asked_for": 4},
            "p": {"added": None, "done": 0, "asked_for": 0},
        },
    }
    found = summary_of(figures).figures
    assert found["added"].change_year_ago == 0.25
    assert compared(found["added"], "year_ago") == (8, 10, 3)
    assert found["added"].against_year_ago.over == "totals"
    assert (found["share"].year_ago, found["share"].change_year_ago) == (0.75, 0.05)  # 8/10 less 3/4
    assert compared(found["stock"], "year_ago") == (None, None, 0)
    table = province_table(summary_of(figures), FORM, {})
    assert "Where only the province's figures were imported, changes are those of the totals." in table.notes


def test_a_total_of_the_province_is_no_base_while_units_are_missing() -> None:
    figures: Figures = {"2023-Q1": {"": {"added": 8}}, "2024-Q1": {"a": {"added": 6}, "b": {"added": 4}}}
    figure = summary_of(figures).figures["added"]
    assert (figure.value, figure.year_ago, figure.change_year_ago) == (10, 8, None)
    assert compared(figure, "year_ago") == (None, None, 0)  # p has not reported
    before = {"2023-Q4": {"": {"added": 8}}, "2024-Q1": {"a": {"added": 6}}}
    assert compared(summary_of(before).figures["added"], "previous") == (None, None, 0)


def test_units_are_compared_where_they_can_be() -> None:
    figures = one(
        "added",
        {
            "2023-Q1": {"": 8},
            "2023-Q2": {"a": 1, "b": 0, "p": 0},
            "2024-Q1": {"a": 6, "b": 0, "p": 1},
            "2024-Q2": {"a": 3, "b": 2, "p": 0},
        },
    )
    half = summary_of(figures, "2024-H1").figures["added"]
    assert (half.value, half.year_ago, half.change_year_ago) == (12, 9, pytest.approx(1 / 3, rel=1e-14))
    assert half.against_year_ago.over == "totals"
    quarter = summary_of(figures, "2024-Q2").figures["added"]
    assert (quarter.value, quarter.year_ago, quarter.change_year_ago) == (5, 1, 4)
    assert (compared(quarter, "year_ago"), quarter.against_year_ago.over) == ((1, 5, 3), "groups")
    assert quarter.to_date == 12
    missing_then = summary_of(figures | one("added", {"2023-Q2": {"a": 1}}), "2024-H1").figures["added"]
    assert (missing_then.year_ago, missing_then.change_year_ago) == (9, None)


def test_of_the_plan_where_every_unit_has_one() -> None:
    figures = {"2024-Q1": {"": {"added": 10}}, "2024-Q2": {"a": {"added": 5}}}
    every = {(unit, "added", 2024): 20.0 for unit in "abp"}
    assert summary_of(figures, "2024-Q2", plan=every).figures["added"].of_plan == 0.25  # 15 of 60
    del every["p", "added", 2024]
    assert summary_of(figures, "2024-Q2", plan=every).figures["added"].of_plan is None


def test_kinds_have_no_part_in_it() -> None:
    answers = answers_of(alone("added", {"2024-Q1": 10}))
    values = group_values(answers, units_by_kind(Quarter(2024, 1)), Quarter(2024, 1))
    assert values["district"]["added"] is None
    assert values["press"]["added"] is None
