"""Figures of the first quarters: beside few earlier ones, the plan, the other units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from reportctl.core.findings import Finding
from reportctl.core.language import use
from reportctl.core.period import Quarter
from reportctl.figures.plan import Plan
from reportctl.form.form_file import load_form, parse_form
from reportctl.intake.job import Context
from reportctl.merge.compare import (
    BY_ITSELF,
    WITH_OTHERS,
    Comparison,
    UnitAnswers,
    compare,
    is_usual_for_it,
    unusual_of_kind,
)
from reportctl.merge.year_plan import planned
from reportctl.workspace.settings import CheckSettings
from reportctl.workspace.units import Roster, Unit
from tests.making.compared import FORM
from tests.making.machine import TEMPLATES
from tests.making.returned import say

Q1 = Quarter(2024, 1)
Q2 = Quarter(2024, 2)
Figures = Mapping[str, int | float]


def case(
    figures: Mapping[str, Figures],
    *earlier: Figures,
    plan: Figures | None = None,
    kinds: Mapping[str, str] | None = None,
    text: str = FORM,
) -> Comparison:
    """What units say, by code; `earlier` figures and the `plan` are the unit "a"'s, newest quarter first."""
    quarters = [Quarter(2023, 4), Quarter(2023, 3), Quarter(2023, 2), Quarter(2023, 1)]
    history = {
        quarter: {("a", code): value for code, value in of.items()}
        for quarter, of in zip(quarters, earlier, strict=False)
    }
    return Comparison(
        parse_form(text),
        CheckSettings(),
        Q1,
        {unit: Unit(unit, f"Huyện {unit}", (kinds or {}).get(unit, "district")) for unit in figures},
        [UnitAnswers(unit, of, {}) for unit, of in figures.items()],
        history,
        {},
        {("a", code): value for code, value in (plan or {}).items()},
    )


def found(of: Comparison) -> list[Finding]:
    every = compare(of, (*BY_ITSELF, *WITH_OTHERS))
    say(every)
    use("en")
    return every


def test_beside_one_earlier_quarter() -> None:
    (one,) = found(case({"a": {"meetings": 1300}}, {"meetings": 13}))
    assert (one.code, one.unit, one.indicator) == ("unusual_change", "a", "meetings")
    assert one.message == "“Conferences” is 1,300; in the fourth quarter of 2023 it was 13"


@pytest.mark.parametrize(
    ("value", "earlier", "far"),
    [
        (219, [13], False),  # ten times (13 + 10) is 230, less 10
        (221, [13], True),
        (91, [1000], False),  # a tenth of 1,010 is 101
        (90, [1000], True),
        (0, [1000], False),  # nothing says nothing, now
        (500, [0], False),  # and then
        (500, [0, 12], True),
        (1300, [13, 900], False),  # the median of both is 456.5
        (1300, [1400, 13], False),  # what there was
        (1300, [13, 12, 14], True),
        (1300, [13, 12, 14, 13], False),  # four quarters: what is usual is judged otherwise
    ],
)
def test_how_far_is_far_beside_few_quarters(value: int, earlier: list[int], far: bool) -> None:
    of = case({"a": {"meetings": value}}, *({"meetings": each} for each in earlier))
    assert ("unusual_change" in [one.code for one in found(of)]) is far


def test_what_counts_from_the_beginning_of_the_year_begins_again() -> None:
    assert found(case({"a": {"visits": 10}}, {"visits": 90_000})) == []


def test_many_came_to_many_meetings() -> None:
    earlier = {"meetings": 10, "people": 400}
    codes = [one.indicator for one in found(case({"a": {"meetings": 300, "people": 11_000}}, earlier))]
    assert codes == ["meetings"]
    codes = [one.indicator for one in found(case({"a": {"meetings": 10, "people": 40_000}}, earlier))]
    assert codes == ["people"]


def test_beyond_the_plan_of_the_year() -> None:
    (one,) = found(case({"a": {"meetings": 1300}}, plan={"meetings": 50}))
    assert (one.code, one.unit, one.indicator) == ("beyond_plan", "a", "meetings")
    assert one.message == "“Conferences” is 1,300; the unit's plan for the whole year is 50"


@pytest.mark.parametrize(
    ("value", "plan", "far"),
    [(110, 50, False), (111, 50, True), (50, 50, False), (3, 50, False), (9, 0, False), (900, 0, False)],
)
def test_how_much_is_far_beyond_a_plan(value: int, plan: int, far: bool) -> None:
    """Twice (50 + 10) is 120, less 10. A plan of nothing is none."""
    of = case({"a": {"meetings": value}}, plan={"meetings": plan})
    assert [one.code for one in found(of)] == ["beyond_plan"] * far


SEVEN = {"b": 40, "c": 55, "d": 60, "e": 48, "f": 52, "g": 70, "h": 45}
OTHERS = {unit: {"more_a": value} for unit, value in SEVEN.items()}


def test_units_of_another_kind_are_no_measure() -> None:
    hundredfold = {**OTHERS, "a": {"more_a": 6000}}
    (one,) = found(case(hundredfold))
    assert (one.code, one.unit, one.indicator) == ("unusual_of_kind", "a", "more_a")
    assert one.message == (
        "“Khác a” is 6,000; beside the 8 units of the kind “Huyện” about 53 was to be expected (median "
        "53.5; the others 40 to 70)"
    )
    other = FORM.replace("}]", '}, {code = "press", title = "Báo"}]', 1)
    assert found(case(hundredfold, kinds={"h": "press"}, text=other)) == []
    assert found(case(hundredfold, kinds={"a": "press"}, text=other)) == []


def test_what_a_unit_always_has_is_usual_for_it() -> None:
    """Not said again where its own earlier quarters say the same, or are enough to judge it by."""

    def judged(*earlier: Figures) -> bool:
        of = case({**OTHERS, "a": {"more_a": 6000}}, *earlier)
        (one,) = unusual_of_kind(of)
        return is_usual_for_it(of, one)

    assert not judged()
    assert judged({"more_a": 5500})
    assert not judged({"more_a": 60})
    assert not judged({"more_a": 0})
    assert judged(*[{"more_a": 60}] * 4)


def stock(**slips: int | float) -> list[tuple[str, str | None]]:
    """What is found in the first quarter of twelve districts with the stock form, one with a slip."""
    form = load_form(TEMPLATES / "form.toml")
    usual = {"visual_items": 140, "budget_planned": 300, "community_reach": 45_000, "meetings_held": 4}
    told = {
        f"{n:03}": {code: round(value * (0.7 + n * 0.06)) for code, value in usual.items()} for n in range(12)
    }
    told["005"] |= slips
    units = {code: Unit(code, code, "district") for code in told}
    answers = [UnitAnswers(code, of, {}) for code, of in told.items()]
    every = compare(Comparison(form, CheckSettings(), Q1, units, answers, {}, {}), (*BY_ITSELF, *WITH_OTHERS))
    assert {one.unit for one in every} <= {"005"}
    return [(one.code, one.indicator) for one in every]


def test_slips_of_the_first_quarter_with_the_stock_form() -> None:
    assert stock() == []
    assert stock(visual_items=14_000) == [("unusual_of_kind", "visual_items")]
    assert stock(budget_planned=285_000_000) == [("unusual_of_kind", "budget_planned")]
    assert stock(budget_planned=0.3) == [("unusual_of_kind", "budget_planned")]  # in thousand million
    assert stock(community_reach=4_500_000_000) == [("unusual_of_kind", "community_reach")]
    both = stock(visual_items=14_000, budget_planned=285_000_000)
    assert both == [("unusual_of_kind", "visual_items"), ("unusual_of_kind", "budget_planned")]


def test_the_plan_of_a_unit_that_was_made_of_others_is_theirs() -> None:
    day = dt.date(2024, 3, 1)
    a, b = (Unit(code, code, "district", valid_to=day - dt.timedelta(1)) for code in "ab")
    one = Unit("one", "one", "district", valid_from=day, predecessors=("a", "b"))
    same = Unit("same", "same", "district")
    context = Context(parse_form(FORM), Roster((a, b, one, same)), Q2, Q2.window().last)

    def of(given: Mapping[tuple[str, str, int], float]) -> dict[tuple[str, str], int | float]:
        return planned(Plan(given), context, ["one", "same"])

    assert of({("a", "meetings", 2024): 20, ("b", "meetings", 2024): 30}) == {("one", "meetings"): 50}
    assert of({("a", "meetings", 2024): 20}) == {}
    assert of({("one", "meetings", 2024): 70, ("a", "meetings", 2024): 20}) == {("one", "meetings"): 70}
    assert of({("same", "meetings", 2024): 7, ("same", "staff", 2023): 8}) == {("same", "meetings"): 7}
    assert of({("", "meetings", 2024): 700}) == {}
    later = replace(context, quarter=Quarter(2025, 2), day=Quarter(2025, 2).window().last)
    assert planned(Plan({("a", "meetings", 2024): 20}), later, ["one"]) == {}
