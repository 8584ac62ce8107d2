"""Which units are ahead and which behind in one figure, where units of different size can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reportctl.core import wording
from reportctl.figures.figures import Exact, Figure, Number, PlanProgress, Summary, exact, rounded
from reportctl.form.indicators import AMOUNTS, Type

MOST = 3  # places that are named at either end
_QUARTERS = 4

By = Literal["plan", "per", "value"]
DECIMALS: Mapping[By, int | None] = {
    "plan": 1,
    "per": 1,
    "value": None,
}  # of what units are ranked by, as it is printed (None: as figures are)


@dataclass(frozen=True, slots=True)
class Place:
    """Units that are printed alike, in the roster's order, and what each of them has come to."""

    units: tuple[str, ...]
    value: Number


@dataclass(frozen=True, slots=True)
class Ranking:
    """The units of one figure, the highest first, `by` their part of the year's plan, by the figure for each
    one of another (`per`), or by its own value."""

    by: By
    places: tuple[Place, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """All units that are ranked."""
        return tuple(unit for place in self.places for unit in place.units)

    @property
    def top(self) -> tuple[Place, ...]:
        """The highest places, at most three; none where all units are alike or too few to say so."""
        return self._ends[0]

    @property
    def behind(self) -> tuple[Place, ...]:
        """The lowest places, the lowest first; none of those at the top."""
        return self._ends[1]

    @property
    def _ends(self) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
        most = min(MOST, len(self.units) // 3)
        if len(self.places) < 2 or not most:
            return (), ()
        return _first(self.places, most), _first(self.places[::-1], most)  # of a third each: nobody at both


def _first(places: Sequence[Place], most: int) -> tuple[Place, ...]:
    """The first place, and those behind it as long as there are at most so many units."""
    taken, count = list(places[:1]), len(places[0].units)
    for place in places[1:]:
        count += len(place.units)
        if count > most:
            break
        taken.append(place)
    return tuple(taken)


def ranking(figure: Figure, summary: Summary) -> Ranking | None:
    """The units of `figure` by their part of the year's plan, where it has one by unit; else an amount for
    each one of what it is counted `per`; a share or a mean by its own value. None: amounts of units of
    different size are no ranking, nor are answers of yes and no.

    A unit whose figure is missing in the period or in a quarter of the year is not ranked, nor are several
    units that have one plan together.
    """
    indicator = figure.indicator
    if indicator.type is Type.YES_NO or indicator.over_units == "none":
        return None
    if planned := _with_plan(figure, summary):
        parts = {one.today[0]: exact(one.of_plan) for one in planned if one.of_plan is not None}
        return Ranking("plan", _places(parts, summary, _percent))
    if indicator.per and indicator.type in AMOUNTS:
        return Ranking("per", _places(dict(_for_each(figure, summary)), summary, _number_for_each))
    if indicator.over_units in ("ratio", "mean"):
        written = _percent if indicator.type is Type.PERCENT else _number
        return Ranking("value", _places(_values(indicator.code, summary), summary, written))
    return None


@dataclass(frozen=True, slots=True)
class OnPlan:
    """The units that have done at least the `pace` of their plan for the year, of all that are judged."""

    reached: tuple[str, ...]
    judged: tuple[str, ...]
    pace: float


def on_plan(figure: Figure, summary: Summary) -> OnPlan | None:
    """Which units have done a quarter of the year's plan for each quarter so far. None where no unit with a
    plan can be judged; units are judged as they are ranked."""
    judged = _with_plan(figure, summary)
    if not judged:
        return None
    pace = Fraction(summary.period.last.number, _QUARTERS)
    reached = [
        one
        for one in judged
        if one.target and one.done is not None and Fraction(one.done) >= pace * one.target
    ]
    return OnPlan(tuple(one.today[0] for one in reached), tuple(one.today[0] for one in judged), float(pace))


def _with_plan(figure: Figure, summary: Summary) -> list[PlanProgress]:
    """The single units with a plan whose figures are all there."""
    if figure.indicator.code not in summary.progress:
        return []
    there = _values(figure.indicator.code, summary)
    return [
        one
        for one in summary.progress.get(figure.indicator.code, ())
        if len(one.today) == 1 and one.today[0] in there and not one.incomplete and one.of_plan is not None
    ]


def _values(code: str, summary: Summary) -> dict[str, Exact]:
    """The figures of the units asked on the period's last day, of those that lack no quarter."""
    asked, lacking = summary.asked.get(code, frozenset()), summary.lacking.get(code, frozenset())
    found = ((unit, values.get(code)) for unit, values in summary.by_unit.items())
    return {
        unit: exact(value)
        for unit, value in found
        if isinstance(value, int | float) and unit in asked and unit not in lacking
    }


def _for_each(figure: Figure, summary: Summary) -> Iterator[tuple[str, Exact]]:
    """Each unit's figure divided by what it is counted per; not of those that have none of that."""
    below = _values(figure.indicator.per, summary)
    for unit, value in _values(figure.indicator.code, summary).items():
        if below.get(unit, 0) > 0:
            yield unit, Fraction(value) / below[unit]


def _places(
    values: Mapping[str, Exact], summary: Summary, written: Callable[[Number], str]
) -> tuple[Place, ...]:
    """The units with these values, the highest first, those that are written alike in one place."""
    order = {unit: place for place, unit in enumerate(summary.by_unit)}
    places: dict[str, list[str]] = {}
    for unit in sorted(values, key=lambda unit: (-values[unit], order.get(unit, len(order)))):
        places.setdefault(written(rounded(values[unit])), []).append(unit)
    return tuple(
        Place(tuple(sorted(units, key=lambda unit: order.get(unit, len(order)))), rounded(values[units[0]]))
        for units in places.values()
    )


def _percent(value: Number) -> str:
    return wording.percent(value)


def _number_for_each(value: Number) -> str:
    return wording.number(value, DECIMALS["per"])


def _number(value: Number) -> str:
    return wording.number(value, DECIMALS["value"])
