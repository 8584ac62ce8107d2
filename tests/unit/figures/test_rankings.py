"""Units ahead and behind. Every expected place is worked out by hand from the figures beside it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reportctl.figures.plan_by_unit import plan_by_unit
from reportctl.figures.rankings import Ranking, on_plan, ranking
from reportctl.form.model import Form
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import Figures, calendar_of, summary_of

CODES = "abcdefghi"
ROSTER = Roster(tuple(Unit(code, f"Xã {code.upper()}", "commune") for code in CODES))
FORM = Form.model_validate(
    {
        "id": "form",
        "title": "Biểu",
        "kinds": [{"code": "commune", "title": "Xã"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [
                    {"code": "classes", "label": "Lớp"},
                    {"code": "people", "label": "Người", "per": "classes"},
                    {"code": "yes", "label": "Có", "type": "yes_no"},
                    {
                        "code": "hours",
                        "label": "Giờ",
                        "type": "number",
                        "over_units": "mean",
                        "over_time": "mean",
                    },
                    {
                        "code": "share",
                        "label": "Tỷ lệ",
                        "type": "percent",
                        "numerator": "classes",
                        "denominator": "people",
                        "over_units": "ratio",
                        "over_time": "ratio",
                    },
                ],
            }
        ],
    }
)
Q1 = "2024-Q1"


def plan_of(value: float, units: str = CODES) -> dict[tuple[str, str, int], float]:
    return {(unit, "classes", 2024): value for unit in units}


def classes(*values: float | None, quarter: str = Q1) -> Figures:
    return {quarter: {unit: {"classes": v} for unit, v in zip(CODES, values, strict=False) if v is not None}}


def found(
    figures: Figures, code: str, period: str = Q1, roster: Roster = ROSTER, **more: Any
) -> Ranking | None:
    summary = summary_of(figures, period, roster=roster, form=FORM, **more)
    return ranking(summary.figures[code], summary)


def ends(of: Ranking | None) -> tuple[list[str], list[str]]:
    """The units at the top and those behind, those of one place as one word."""
    assert of is not None
    return ["".join(place.units) for place in of.top], ["".join(place.units) for place in of.behind]


def test_by_their_part_of_the_plan_not_by_how_much_they_do() -> None:
    plan = plan_of(100) | {("a", "classes", 2024): 1000}
    made = found(classes(90, 10, 20, 30, 40, 50, 60, 70, 80), "classes", plan=plan)
    assert made
    assert made.by == "plan"
    assert ends(made) == (["i", "h", "g"], ["a", "b", "c"])  # A did most, and is at 9 % of its plan
    assert [place.value for place in made.top] == [0.8, 0.7, 0.6]


def test_an_amount_for_each_one_of_what_it_is_counted_per() -> None:
    figures = {Q1: {unit: {"classes": n, "people": 10 * n + n * n} for n, unit in enumerate(CODES)}}
    # Ten and as many more as there are classes; A has none, so it has no figure for each.
    made = found(figures, "people")
    assert made
    assert made.by == "per"
    assert ends(made) == (["i", "h"], ["b", "c"])  # eight units: two at either end
    assert "a" not in made.units


def test_amounts_without_plan_are_no_ranking_nor_are_answers_of_yes_and_no() -> None:
    assert found(classes(*range(9)), "classes") is None
    assert found({Q1: {unit: {"yes": 1} for unit in CODES}}, "yes") is None


def test_shares_and_means_by_their_value() -> None:
    figures = {Q1: {unit: {"classes": n, "people": 10, "hours": 9 - n} for n, unit in enumerate(CODES)}}
    assert ends(found(figures, "share")) == (["i", "h", "g"], ["a", "b", "c"])
    assert ends(found(figures, "hours")) == (["a", "b", "c"], ["i", "h", "g"])


def test_a_unit_that_has_not_reported_is_not_ranked() -> None:
    made = found(classes(10, 20, 30, None, 40, 50, None, 60, 70), "classes", plan=plan_of(100))
    assert made
    assert set(made.units) == set("abcefhi")


def test_nor_one_that_lacks_a_quarter_of_the_year_or_of_the_span() -> None:
    figures = {**classes(*[10] * 9), **classes(None, *range(20, 28), quarter="2024-Q2")}
    figures = {**figures, Q1: {**figures[Q1], "b": {}}}
    made = found(figures, "classes", "2024-Q2", plan=plan_of(100))
    assert made
    assert set(made.units) == set("cdefghi")
    made = found(figures, "classes", "2024-H1", plan=plan_of(100))
    assert made
    assert set(made.units) == set("cdefghi")


def test_nor_is_a_share_of_a_span_that_lacks_a_quarter() -> None:
    both = {unit: {"classes": n, "people": 10} for n, unit in enumerate(CODES)}
    first = {unit: values for unit, values in both.items() if unit != "i"}
    made = found({Q1: first, "2024-Q2": both}, "share", "2024-H1")
    assert made is not None
    assert set(made.units) == set("abcdefgh")


def test_those_that_are_printed_alike_have_one_place() -> None:
    made = found(classes(50, 50, 40, 30, 20, 20, 10, 10, 10), "classes", plan=plan_of(100))
    assert ends(made) == (["ab", "c"], ["ghi"])
    # 12.34 % and 12.31 % are both printed as 12.3 %.
    close = found(classes(1234, 1231, *[900] * 7), "classes", plan=plan_of(10000))
    assert ends(close) == (["ab"], ["cdefghi"])


def test_where_all_are_alike_none_is_named() -> None:
    assert ends(found(classes(*[50] * 9), "classes", plan=plan_of(100))) == ([], [])


@pytest.mark.parametrize(
    ("count", "top", "behind"),
    [(2, [], []), (3, ["c"], ["a"]), (5, ["e"], ["a"]), (6, ["f", "e"], ["a", "b"])],
)
def test_few_units_have_few_places(count: int, top: list[str], behind: list[str]) -> None:
    made = found(classes(*range(10, 10 + count)), "classes", plan=plan_of(100, CODES[:count]))
    assert ends(made) == (top, behind)


def test_nobody_stands_at_both_ends() -> None:
    for values in ([1, 1, 2], [1, 2, 2, 2, 2, 2], [1, 2, 3, 3, 3, 3, 3, 3], [5, 4, 4, 4, 4, 4, 4, 4, 3]):
        made = found(classes(*values), "classes", plan=plan_of(100, CODES[: len(values)]))
        top, behind = ends(made)
        assert not set("".join(top)) & set("".join(behind)), values


def test_units_that_have_one_plan_together_are_not_ranked_single() -> None:
    june, july = dt.date(2024, 6, 30), dt.date(2024, 7, 1)
    roster = Roster(
        (
            Unit("a", "Xã A", "commune", valid_to=june),
            Unit("x", "Xã X", "commune", valid_from=july, predecessors=("a",)),
            Unit("y", "Xã Y", "commune", valid_from=july, predecessors=("a",)),
            *(Unit(code, f"Xã {code.upper()}", "commune") for code in "bcd"),
            Unit("e", "Xã E", "commune", valid_to=june),
            Unit("z", "Xã Z", "commune", valid_from=july, predecessors=("e",)),
        )
    )
    halves = ("abcde", "abcde", "xybcdz", "xybcdz")
    figures: Figures = {
        f"2024-Q{n}": {unit: {"classes": 10} for unit in units} for n, units in enumerate(halves, 1)
    }
    figures = {**figures, "2024-Q4": {**figures["2024-Q4"], "b": {"classes": 20}, "z": {"classes": 30}}}
    plan = plan_of(50, "abcde")
    made = found(figures, "classes", "2024-Q4", roster, plan=plan)
    assert made is not None
    assert [(place.units, place.value) for place in made.places] == [
        (("z",), 1.2),  # 10 + 10 of E, 10 + 30 of Z, of E's plan
        (("b",), 1.0),
        (("c", "d"), 0.8),
    ]
    summary = summary_of(figures, "2024-Q4", roster=roster, form=FORM, plan=plan)
    judged = on_plan(summary.figures["classes"], summary)
    assert judged
    assert (judged.reached, judged.pace) == (("b", "z"), 1.0)
    assert set(judged.judged) == set("bcdz")


@pytest.mark.parametrize(("period", "pace"), [(Q1, 0.25), ("2024-Q2", 0.5), ("2024-9M", 0.75), ("2024", 1.0)])
def test_a_quarter_of_the_plan_for_each_quarter_so_far(period: str, pace: float) -> None:
    quarters = {
        f"2024-Q{n}": {"a": {"classes": 25}, "b": {"classes": 24}, "c": {"classes": 26}} for n in (1, 2, 3, 4)
    }
    roster = Roster(ROSTER.units[:3])
    summary = summary_of(quarters, period, roster=roster, form=FORM, plan=plan_of(100, "abc"))
    made = on_plan(summary.figures["classes"], summary)
    assert made
    assert (set(made.reached), set(made.judged), made.pace) == (set("ac"), set("abc"), pace)


def test_without_a_plan_by_unit_nobody_is_on_it() -> None:
    summary = summary_of(classes(*range(9)), roster=ROSTER, form=FORM, plan={("", "classes", 2024): 90})
    assert on_plan(summary.figures["classes"], summary) is None


def test_the_table_of_plan_by_unit() -> None:
    figures = classes(10, 25, None, 40)
    roster = Roster(ROSTER.units[:4])
    summary = summary_of(figures, roster=roster, form=FORM, plan=plan_of(100, "abc"))
    table = plan_by_unit(summary, calendar_of(roster).units(summary.period))
    assert [column.key for column in table.columns] == ["number", "unit", "classes.of_plan"]
    # D has no plan; of C nothing has come; 35 of 300 that A and B were to do with C.
    assert [row.cells[1:] for row in table.rows] == [
        ("Xã A", 0.1),
        ("Xã B", 0.25),
        ("Xã C", None),
        ("Total", 0.116666666666667),
    ]
    none = summary_of(figures, roster=roster, form=FORM)
    assert plan_by_unit(none, calendar_of(roster).units(none.period)).rows == ()
