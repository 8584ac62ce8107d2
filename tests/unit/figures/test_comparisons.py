"""Like with like: which groups of units a change is over. Every number is worked out by hand beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from reportctl.figures.as_json import summary_json
from reportctl.figures.figures import Comparison, exact, rounded
from reportctl.form.model import Form
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import FORM, JULY, JUNE, Figures, indicator, one, summary_of

ADDED = Mapping[str, Mapping[str, float | None]]  # quarter, unit


def compared(
    figures: Figures, code: str, period: str, roster: Roster, which: str = "year_ago", **more: Any
) -> Comparison:
    return summary_of(figures, period, roster=roster, **more).figures[code].against(which)


def units(*codes: str) -> tuple[Unit, ...]:
    return tuple(Unit(code, f"Huyện {code.upper()}", "district") for code in codes)


def before(*codes: str) -> tuple[Unit, ...]:
    return tuple(Unit(code, f"Xã {code.upper()}", "district", valid_to=JUNE) for code in codes)


def since(code: str, *predecessors: str, kind: str = "district") -> Unit:
    return Unit(code, f"Phường {code.upper()}", kind, valid_from=JULY, predecessors=predecessors)


# ---- groups

# Of x and y became v and w: v of all of x and part of y, w of the rest of y. n was not touched.
MANY = Roster((*before("x", "y"), since("v", "x", "y"), since("w", "y"), *units("n")))
MANY_TYPED: dict[str, dict[str, float | None]] = {
    "2024-Q3": {"x": 10, "y": 30, "n": 60},
    "2025-Q2": {"x": 5, "y": 15, "n": 20},
    "2025-Q3": {"v": 26, "w": 24, "n": 30},
}


def test_many_to_many_are_compared_together() -> None:
    found = compared(one("added", MANY_TYPED), "added", "2025-Q3", MANY)
    assert (found.whole, found.base, found.value, found.change) == (100, 100, 80, -0.2)
    assert (found.comparable, found.units) == (3, ("n", "v", "w", "x", "y"))
    found = compared(one("added", MANY_TYPED), "added", "2025-Q3", MANY, "previous")
    assert (found.base, found.value, found.change) == (40, 80, 1)


@pytest.mark.parametrize(("quarter", "unit"), [("2024-Q3", "x"), ("2024-Q3", "y"), ("2025-Q3", "w")])
def test_of_a_group_all_must_have_reported(quarter: str, unit: str) -> None:
    typed = {q: {u: v for u, v in by.items() if (q, u) != (quarter, unit)} for q, by in MANY_TYPED.items()}
    found = compared(one("added", typed), "added", "2025-Q3", MANY)
    assert (found.base, found.value, found.change) == (60, 30, -0.5)  # n alone
    assert (found.comparable, found.units, found.regrouped) == (1, ("n",), False)


def test_where_only_regrouped_units_could_be_compared_it_is_said() -> None:
    typed = {"2024-Q3": {"x": 10}, "2025-Q3": {"v": 26, "w": 24}}  # y is missing
    found = compared(one("added", typed), "added", "2025-Q3", MANY)
    assert (found.whole, found.base, found.value, found.change) == (10, None, None, None)
    assert (found.comparable, found.regrouped) == (0, True)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"2024-Q3": {"n": 6}, "2025-Q3": {"v": 26}}, "n stayed, and is missing now"),
        ({"2024-Q3": {"n": 6}}, "nothing now"),
        ({"2025-Q3": {"v": 6}}, "nothing then"),
    ],
)
def test_what_is_missing_for_another_reason_is_not_put_down_to_regrouping(typed: ADDED, why: str) -> None:
    roster = Roster(units("n", "v"))
    assert not compared(one("added", typed), "added", "2025-Q3", roster).regrouped, why


def test_units_that_nobody_says_they_were_made_of_are_regrouped_all_the_same() -> None:
    roster = Roster((*before("x"), since("v")))
    found = compared(one("added", {"2024-Q3": {"x": 10}, "2025-Q3": {"v": 26}}), "added", "2025-Q3", roster)
    assert (found.whole, found.base, found.comparable, found.regrouped) == (10, None, 0, True)


def test_changes_one_after_another_are_one_group() -> None:
    march, april = dt.date(2025, 3, 31), dt.date(2025, 4, 1)
    roster = Roster(
        (
            Unit("x", "Xã X", "district", valid_to=march),
            Unit("y", "Xã Y", "district", valid_from=april, valid_to=JUNE, predecessors=("x",)),
            Unit("z", "Xã Z", "district", valid_to=JUNE),
            since("v", "y", "z"),
        )
    )
    typed = {"2024-Q3": {"x": 10, "z": 30}, "2025-Q3": {"v": 50}}
    found = compared(one("added", typed), "added", "2025-Q3", roster)
    assert (found.base, found.value, found.change, found.comparable) == (40, 50, 0.25, 1)


def test_groups_are_over_the_days_of_all_quarters_of_both_periods() -> None:
    # Nine months of 2025 lie on both sides of the change, those of 2024 on one.
    typed: dict[str, dict[str, float | None]] = {
        **{f"2024-Q{n}": {"x": 1, "y": 2, "n": 2} for n in (1, 2, 3)},
        "2025-Q1": {"x": 1, "y": 2, "n": 2},
        "2025-Q2": {"x": 1, "y": 2, "n": 2},
        "2025-Q3": {"v": 6, "w": 6, "n": 2},
    }
    found = compared(one("added", typed), "added", "2025-9M", MANY)
    assert (found.base, found.value, found.change, found.comparable) == (15, 24, 0.6, 3)
    del typed["2025-Q2"]["y"]  # neither v nor w, nor x
    found = compared(one("added", typed), "added", "2025-9M", MANY)
    assert (found.whole, found.base, found.value, found.comparable) == (15, 6, 6, 1)


def test_what_counts_at_the_end_asks_only_the_last_quarters_of_both() -> None:
    typed: dict[str, dict[str, float | None]] = {
        "2024-Q1": {"n": 1}, "2024-Q2": {"n": 1}, "2024-Q3": {"x": 4, "y": 6, "n": 10},
        "2025-Q1": {"n": 9}, "2025-Q2": {"x": 9}, "2025-Q3": {"v": 8, "w": 7, "n": 15},
    }  # fmt: skip
    found = compared(one("stock", typed), "stock", "2025-9M", MANY)
    assert (found.base, found.value, found.change, found.comparable) == (20, 30, 0.5, 3)


# ---- what it means to have answered

ROSTER = Roster((*units("a", "b"), Unit("p", "Báo P", "press")))


def test_a_figure_is_compared_over_those_who_gave_that_figure() -> None:
    figures: Figures = {
        "2023-Q1": {"a": {"added": 10, "stock": 1}, "b": {"added": 10}, "p": {"added": 5, "stock": 5}},
        "2024-Q1": {"a": {"added": 12, "stock": 3}, "b": {"added": 18, "stock": 7}, "p": {"stock": 6}},
    }
    found = compared(figures, "added", "2024-Q1", ROSTER)
    assert (found.base, found.value, found.change, found.units) == (20, 30, 0.5, ("a", "b"))
    found = compared(figures, "stock", "2024-Q1", ROSTER)
    assert (found.base, found.value, found.change, found.units) == (6, 9, 0.5, ("a", "p"))


def test_each_comparison_has_groups_of_its_own() -> None:
    typed = {"2023-Q1": {"a": 4}, "2023-Q4": {"a": 5, "b": 15}, "2024-Q1": {"a": 8, "b": 17, "p": 1}}
    figures = one("added", typed)
    found = compared(figures, "added", "2024-Q1", ROSTER)
    assert (found.base, found.value, found.change, found.comparable) == (4, 8, 1, 1)
    found = compared(figures, "added", "2024-Q1", ROSTER, "previous")
    assert (found.base, found.value, found.change, found.comparable) == (20, 25, 0.25, 2)


def test_who_says_that_it_does_not_apply_has_answered_with_nothing() -> None:
    # In the group of x, y, v and w: w says so now, x said so then.
    typed = {"2024-Q3": {"x": None, "y": 30, "n": 60}, "2025-Q3": {"v": 60, "w": None, "n": None}}
    found = compared(one("added", typed), "added", "2025-Q3", MANY)
    assert (found.base, found.value, found.change) == (30, 60, 1)  # n has a figure on one side only
    assert (found.comparable, found.units) == (2, ("v", "w", "x", "y"))


def test_who_is_not_asked_is_not_waited_for() -> None:
    # Stories are asked of the press; p1, a district then, has become part of it, and so has n.
    roster = Roster(
        (
            Unit("p1", "Báo Một", "press", valid_to=JUNE),
            Unit("d1", "Huyện Một", "district", valid_to=JUNE),
            since("p", "p1", "d1", kind="press"),
            *units("n"),
        )
    )
    typed = {"2024-Q3": {"p1": 8}, "2025-Q3": {"p": 10}}  # d1 has not reported: it was not asked
    found = compared(one("stories", typed), "stories", "2025-Q3", roster)
    assert (found.base, found.value, found.change, found.comparable) == (8, 10, 0.25, 1)
    found = compared(one("added", typed), "added", "2025-Q3", roster)
    assert found.base is None  # of this one it was


def test_nobody_is_asked() -> None:
    roster = Roster(units("a", "b"))
    figure = summary_of(one("added", {"2024-Q1": {"a": 1}}), roster=roster).figures["stories"]
    assert (figure.units_asked, figure.against_year_ago.comparable) == (0, None)


def test_a_unit_whose_kind_changed_is_asked_as_what_it_was() -> None:
    roster = Roster(
        (
            Unit("a", "Xã A", "district", valid_to=JUNE),
            Unit("a", "Báo A", "press", valid_from=JULY),
            Unit("p", "Báo P", "press"),
        )
    )
    typed = {"2024-Q3": {"p": 4}, "2025-Q3": {"a": 3, "p": 5}}
    found = compared(one("stories", typed), "stories", "2025-Q3", roster)
    # a had nothing to answer then: its group has no figure then.
    assert (found.base, found.value, found.change, found.comparable) == (4, 5, 0.25, 1)


# ---- aggregates


def test_means_are_compared_for_single_units_only() -> None:
    typed = {**MANY_TYPED, "2025-Q3": {**MANY_TYPED["2025-Q3"], "n": 75}}
    found = compared(one("average", typed), "average", "2025-Q3", MANY)
    assert (found.base, found.value, found.change, found.units) == (60, 75, 0.25, ("n",))
    renamed = Roster((*before("x", "y"), since("v", "x"), since("w", "y"), *units("n")))
    found = compared(one("average", typed), "average", "2025-Q3", renamed)
    assert (found.base, found.comparable) == (rounded(Fraction(100, 3)), 3)
    assert found.value == rounded(Fraction(26 + 24 + 75, 3))
    assert found.change == 0.25  # 125/100


def test_least_and_greatest_are_compared_over_groups() -> None:
    found = compared(one("least", MANY_TYPED), "least", "2025-Q3", MANY)
    assert (found.base, found.value, found.change) == (10, 24, 1.4)
    found = compared(one("most", MANY_TYPED), "most", "2025-Q3", MANY)
    assert (found.base, found.value, found.change) == (60, 30, -0.5)
    typed = {**MANY_TYPED, "2024-Q3": {"y": 30, "n": 60}}  # x is missing
    found = compared(one("least", typed), "least", "2025-Q3", MANY)
    assert (found.base, found.value, found.change) == (60, 30, -0.5)


def shares(quarters: Mapping[str, Mapping[str, tuple[float | None, float | None]]]) -> Figures:
    return {
        quarter: {unit: {"done": above, "asked_for": below} for unit, (above, below) in by.items()}
        for quarter, by in quarters.items()
    }


def test_a_share_is_compared_where_both_of_its_figures_were_given() -> None:
    figures = shares({"2024-Q3": {"x": (5, 10), "y": (15, 30), "n": (9, 10)}, "2025-Q3": {"n": (1, 10)}})
    both = {"v": (20, 40), "w": (10, 10)}
    found = compared(
        figures | {"2025-Q3": {**figures["2025-Q3"], **shares({"": both})[""]}}, "share", "2025-Q3", MANY
    )
    # (5+15+9)/(10+30+10) then, (20+10+1)/(40+10+10) now
    assert (found.base, found.value) == (0.58, rounded(Fraction(31, 60)))
    assert found.change == rounded(Fraction(31, 60) - Fraction(29, 50))
    only_above: Figures = {
        "2025-Q3": {"v": {"done": 20, "asked_for": 40}, "w": {"done": 10}, "n": figures["2025-Q3"]["n"]}
    }
    found = compared(figures | only_above, "share", "2025-Q3", MANY)
    assert (found.base, found.value, found.change, found.comparable) == (0.9, 0.1, -0.8, 1)


def test_a_share_of_nothing_is_no_base() -> None:
    figures = shares({"2023-Q1": {"a": (0, 0), "b": (1, 2)}, "2024-Q1": {"a": (1, 1), "b": (3, 4)}})
    found = compared(figures, "share", "2024-Q1", ROSTER)
    assert (found.base, found.value, found.change, found.units) == (0.5, 0.75, 0.25, ("b",))
    figures = shares({"2023-Q1": {"a": (0, 0)}, "2024-Q1": {"a": (1, 1)}})
    found = compared(figures, "share", "2024-Q1", ROSTER)
    assert (found.whole, found.base, found.value, found.change, found.comparable) == (
        None,
        None,
        None,
        None,
        0,
    )
    assert not found.regrouped


PARTS = Form.model_validate(
    {
        "id": "f",
        "title": "f",
        "kinds": [{"code": "district", "title": "Huyện"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [
                    indicator("total"),
                    indicator("printed", part_of="total"),
                    indicator("aired", part_of="total"),
                    indicator("at_the_end", "sum", "last", part_of="total"),
                ],
            }
        ],
    }
)
ABC = Roster(units("a", "b", "c"))


def parts(quarters: Mapping[str, Mapping[str, tuple[float | None, ...]]]) -> Figures:
    codes = ("total", "printed", "aired")
    return {
        quarter: {
            unit: {code: n for code, n in zip(codes, numbers, strict=False) if n is not None}
            for unit, numbers in by.items()
        }
        for quarter, by in quarters.items()
    }


def test_parts_are_compared_over_the_groups_of_their_whole() -> None:
    figures = parts(
        {
            "2023-Q1": {"a": (10, 4, 6), "b": (20, 15, 5), "c": (None, 1, 1)},
            "2024-Q1": {"a": (15, 5, 10), "b": (25, 15, 10), "c": (9, 4, 5)},
        }
    )
    found = summary_of(figures, form=PARTS, roster=ABC).figures
    # The whole without c, who gave none then; the parts too, though c gave both of them twice.
    bases = [
        (found[code].against_year_ago.base, found[code].against_year_ago.value) for code in PARTS.indicators
    ]
    assert bases == [(30, 40), (19, 20), (11, 20), (None, None)]
    assert [found[code].against_year_ago.comparable for code in PARTS.indicators] == [2, 2, 2, 0]


def test_a_part_that_is_not_complete_has_its_own_units() -> None:
    figures = parts(
        {
            "2023-Q1": {"a": (10, 4, 6), "b": (20, None, 5), "c": (5, 3, 2)},
            "2024-Q1": {"a": (15, 5, 10), "b": (25, 15, 10), "c": (9, 4, 5)},
        }
    )
    found = summary_of(figures, form=PARTS, roster=ABC).figures
    said = [
        (one.base, one.value, one.comparable)
        for one in (found[code].against_year_ago for code in ("total", "printed", "aired"))
    ]
    assert said == [(35, 49, 3), (7, 9, 2), (13, 25, 3)]  # printed without b


# ---- spans, and the whole totals beside them

HALVES: dict[str, dict[str, float | None]] = {
    "2023-Q1": {"a": 1, "b": 2, "p": 3}, "2023-Q2": {"a": 3, "b": 2},
    "2024-Q1": {"a": 4, "b": 3, "p": 2}, "2024-Q2": {"a": 2, "b": 3, "p": 5},
}  # fmt: skip


def row(figures: Figures, period: str, **more: Any) -> dict[str, Any]:
    rows = summary_json(summary_of(figures, period, **more), FORM)["rows"]
    return next(dict(one) for one in rows if one["code"] == "added")


def test_json_says_whole_totals_and_what_the_changes_follow_from() -> None:
    said = row(one("added", HALVES), "2024-H1")
    # All: 7+9+2 = 19 now, 11 then. Without p, who lacks a quarter of last year: 12 and 8.
    assert {key: said[key] for key in said if "year_ago" in key or key in ("value", "units_asked")} == {
        "value": 19, "year_ago": 11, "base_year_ago": 8, "value_year_ago": 12, "change_year_ago": 0.5,
        "comparable_year_ago": 2, "units_asked": 3, "no_base_year_ago": None,
    }  # fmt: skip
    assert said["comparable"] == 2
    none = {key: said[key] for key in said if "previous" in key}
    assert none == {
        "previous": None, "base_previous": None, "value_previous": None, "change_previous": None,
        "comparable_previous": 0, "no_base_previous": None,
    }  # fmt: skip
    nine = row(one("added", HALVES), "2024-9M")
    assert (nine["previous"], nine["comparable_previous"]) == (None, None)  # there is no such period


@pytest.mark.parametrize("quarter", ["2023-Q1", "2023-Q2"])
def test_a_span_of_which_a_quarter_has_no_return_is_no_base(quarter: str) -> None:
    typed = {q: by for q, by in HALVES.items() if q != quarter}
    said = row(one("added", typed), "2024-H1")
    assert (said["year_ago"], said["base_year_ago"], said["change_year_ago"]) == (None, None, None)
    assert (said["value"], said["value_year_ago"], said["comparable_year_ago"]) == (19, None, 0)
    assert said["no_base_year_ago"] == "incomplete"
    # Nor with the setting that compares all.
    said = row(one("added", typed), "2024-H1", base="all")
    assert (said["year_ago"], said["base_year_ago"], said["change_year_ago"]) == (None, None, None)


def test_what_counts_at_the_end_has_no_base_either_where_a_quarter_has_no_return() -> None:
    figures = one(
        "stock", {"2023-Q2": {"a": 4, "b": 4}, "2024-Q1": {"a": 1}, "2024-Q2": {"a": 6, "b": 4, "p": 1}}
    )
    figure = summary_of(figures, "2024-H1").figures["stock"]
    found = figure.against_year_ago
    assert (figure.value, figure.year_ago) == (11, None)  # half of that half-year is not there
    assert (found.base, found.value, found.change, found.comparable) == (None, None, None, 0)


def test_a_total_imported_for_one_indicator_is_no_return_of_another() -> None:
    figures: Figures = {
        "2023-Q1": {"": {"added": 5}},
        "2023-Q2": {"a": {"added": 2, "most": 7}},
        "2024-Q1": {"a": {"added": 3, "most": 8}},
        "2024-Q2": {"a": {"added": 3, "most": 9}},
    }
    found = summary_of(figures, "2024-H1").figures
    assert (found["most"].year_ago, found["most"].against_year_ago.comparable) == (None, 0)
    assert found["added"].year_ago == 7


def test_with_all_as_base_the_totals_are_set_beside_each_other() -> None:
    said = row(one("added", HALVES), "2024-H1", base="all")
    assert (said["base_year_ago"], said["value_year_ago"]) == (11, 19)
    assert said["change_year_ago"] == 0.727272727272727  # 8/11
    found = summary_of(one("added", HALVES), "2024-Q2", base="all").figures["added"].against_year_ago
    assert (found.base, found.value, found.change) == (5, 10, 1)
    assert (found.over, found.reported) == ("all", (2, 3))


# ---- exactness


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        (400, 401, 0.0025),
        (6000, 6003, 0.0005),
        (3, 4, 0.333333333333333),
        (0.1, 0.3, 2),  # three tenths and one tenth, as they were typed
        (7, 8.05, 0.15),
    ],
)
def test_changes_are_exact(then: float, now: float, change: float) -> None:
    found = compared(
        one("peak_sum", {"2023-Q1": {"a": then}, "2024-Q1": {"a": now}}), "peak_sum", "2024-Q1", ROSTER
    )
    assert found.change == change


def test_a_base_below_zero_gives_no_percentage() -> None:
    found = compared(
        one("peak_sum", {"2023-Q1": {"a": -4}, "2024-Q1": {"a": 2}}), "peak_sum", "2024-Q1", ROSTER
    )
    assert (found.base, found.value, found.change) == (-4, 2, None)


def test_numbers_are_kept_as_they_were_typed() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(0.1) + exact(0.2) == Fraction(3, 10)
    assert rounded(Fraction(1, 3)) == 0.333333333333333
    assert repr(rounded(Fraction(6, 2))) == "3"
    assert rounded(Fraction(2**53 + 1)) == 2**53 + 1
