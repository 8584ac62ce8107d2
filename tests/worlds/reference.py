"""Every figure of a world, worked out with fractions from the rules as users read them.

Nothing of the program's own arithmetic is used here, nor read: only what its users are told. What these rules
leave open is `UNSAID`, and is not compared.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tests.worlds.world import KAD, PROVINCE, Kad, Period, Quarter, Typed, Unit, World


class Unsaid:
    """What the rules leave open."""

    def __repr__(self) -> str:
        return "unsaid"


UNSAID: Final = Unsaid()

Number = Fraction | None
Answer = Fraction | Kad | None  # None: not answered
Pair = tuple[Fraction, Fraction]  # numerator and denominator

# Pairs of aggregates by which a figure of the whole province goes together with those of units.
_MIXING = {("sum", "sum"), ("ratio", "ratio"), ("min", "min"), ("max", "max")}


@dataclass(frozen=True)
class Comparison:
    """A figure beside that of another period, over the groups of units `codes`; `whole`: over the province.

    `comparable` counts units; None where there is nothing to compare with.
    """

    total: Number
    base: Number
    value: Number
    change: Number
    comparable: int | Unsaid | None
    codes: frozenset[str] = frozenset()
    whole: bool = False


NOTHING = Comparison(None, None, None, None, None)


@dataclass(frozen=True)
class Planned:
    """The year's plan, and how much of it is done."""

    plan: Number | Unsaid
    of_plan: Number | Unsaid
    units: frozenset[str] = frozenset()  # whose plans are judged


@dataclass(frozen=True)
class Figure:
    """All that is said of an indicator in a period."""

    value: Number
    to_date: Number
    previous: Comparison
    year_ago: Comparison
    plan: Planned
    units_reporting: int | Unsaid
    units_asked: int


@dataclass(frozen=True)
class Coverage:
    """The units of a period, and those of which something is missing in one of its quarters."""

    expected: frozenset[str]
    missing: frozenset[str]


class Reference:
    """The figures of one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    # ---- who is asked, and what was answered

    @functools.cache  # noqa: B019 - a world's figures are worked out once and thrown away with it
    def on(self, quarter: Quarter) -> Mapping[str, Unit]:
        """The units of a quarter by code."""
        return self.world.on(quarter)

    def asked(self, code: str, quarter: Quarter) -> set[str]:
        """The units that are asked for an indicator in a quarter."""
        return {unit for unit, row in self.on(quarter).items() if self.world.asks(code, row)}

    def typed(self, code: str, unit: str, quarter: Quarter) -> Answer:
        """What a unit that is asked has answered: by telephone, in its report, or as it was imported."""
        if unit not in self.asked(code, quarter):
            return None
        if (quarter, unit) in self.world.reports:
            answers: Mapping[str, Typed] = self.world.reports[quarter, unit]
            return _exact(self.world.corrections.get((quarter, unit, code), answers.get(code)))
        return _exact(self.world.imports.get((quarter, unit, code)))

    @functools.cache  # noqa: B019
    def answer(self, code: str, unit: str, quarter: Quarter) -> Answer:
        """A unit's own figure of the quarter: as typed, or what was added to the quarter before."""
        typed = self.typed(code, unit, quarter)
        if typed in (None, KAD) or not self.world.indicators[code].cumulative or quarter.number == 1:
            return typed
        before = quarter.plus(-1)
        group = next(group for group in self.groups((before, quarter)) if unit in group)
        heirs = group & self.on(quarter).keys()
        asked = group & self.asked(code, before)
        answers = [self.typed(code, one, before) for one in sorted(asked)]
        if None in answers:
            return None
        numbers = [number for number in answers if isinstance(number, Fraction)]
        if numbers and heirs != {unit}:
            return None  # what was counted before belongs to several
        assert isinstance(typed, Fraction)
        return typed - sum(numbers)

    def pair(self, code: str, unit: str, quarter: Quarter) -> Pair | Kad | None:
        """A unit's numerator and denominator; KAD where one of two answers is."""
        indicator = self.world.indicators[code]
        if unit not in self.asked(code, quarter):
            return None
        above, below = (
            self.answer(part, unit, quarter) for part in (indicator.numerator, indicator.denominator)
        )
        if above is None or below is None:
            return None
        return KAD if KAD in (above, below) else (above, below)  # type: ignore[return-value]

    def has_answered(self, code: str, unit: str, quarter: Quarter) -> bool:
        """Whether a unit has given a figure, or said that there is none."""
        of = self.pair if self.world.indicators[code].share else self.answer
        return of(code, unit, quarter) is not None

    # ---- totals

    def counted(self, code: str, quarters: Sequence[Quarter]) -> tuple[Quarter, ...]:
        """The quarters of a period that count: of what counts at the end, its last."""
        indicator = self.world.indicators[code]
        parts = [self.world.indicators[part] for part in (indicator.numerator, indicator.denominator) if part]
        at_the_end = indicator.over_time == "last" and not indicator.cumulative
        if parts and all(part.over_time == "last" and not part.cumulative for part in parts):
            at_the_end = True
        return tuple(quarters)[-1:] if at_the_end else tuple(quarters)

    def figure(self, code: str, units: Iterable[str], quarters: Sequence[Quarter]) -> Number:
        """The figure of some units over a period: each over time, then all of them together."""
        indicator, counted = self.world.indicators[code], self.counted(code, quarters)
        if indicator.share:
            pairs = [self.pair(code, unit, quarter) for unit in units for quarter in counted]
            return _ratio(pair for pair in pairs if isinstance(pair, tuple))
        over_time = "sum" if indicator.cumulative else indicator.over_time
        own = []
        for unit in units:
            answers = [self.answer(code, unit, quarter) for quarter in counted]
            numbers = [number for number in answers if isinstance(number, Fraction)]
            if numbers and not (over_time == "none" and len(quarters) > 1):
                own.append(numbers[-1] if len(counted) == 1 else _TOGETHER[over_time](numbers))
        return _TOGETHER[indicator.over_units](own) if own and indicator.over_units != "none" else None

    def own_figure(self, code: str, unit: str, quarters: Sequence[Quarter]) -> Number:
        """A unit's figure over a period."""
        indicator = self.world.indicators[code]
        if indicator.share or indicator.over_units != "none":
            return self.figure(code, [unit], quarters)
        if len(quarters) > 1 and indicator.over_time == "none":
            return None
        answers = [self.answer(code, unit, quarter) for quarter in self.counted(code, quarters)]
        numbers = [number for number in answers if isinstance(number, Fraction)]
        return _TOGETHER[indicator.over_time if len(quarters) > 1 else "sum"](numbers) if numbers else None

    def stands(self, code: str, quarter: Quarter) -> bool:
        """Whether the quarter's figure is the one imported for the province alone: until all units have
        reported, and then still where none of them has a figure of it."""
        indicator = self.world.indicators[code]
        parts = (indicator.numerator, indicator.denominator) if indicator.share else (code,)
        if not all((quarter, PROVINCE, part) in self.world.imports for part in parts):
            return False
        if not all((quarter, unit) in self.world.reports for unit in self.on(quarter)):
            return True
        return not any(
            isinstance(self.typed(part, unit, quarter), Fraction)
            for part in parts
            for unit in self.on(quarter)
        )

    def total(self, code: str, quarters: Sequence[Quarter]) -> Number:
        """The province's figure over a period."""
        indicator, counted = self.world.indicators[code], self.counted(code, quarters)
        alone = [quarter for quarter in counted if self.stands(code, quarter)]
        units = self.all_units(quarters)
        if not alone:
            return self.figure(code, units, quarters)
        if indicator.over_units == "none" or (len(quarters) > 1 and indicator.over_time == "none"):
            return None
        if len(counted) > 1 and (indicator.over_units, indicator.over_time) not in _MIXING:
            return None
        others = [quarter for quarter in counted if quarter not in alone]
        if indicator.share:
            pairs = [self.pair(code, unit, quarter) for unit in units for quarter in others]
            given = [
                (self._given(indicator.numerator, q), self._given(indicator.denominator, q)) for q in alone
            ]
            return _ratio([*(pair for pair in pairs if isinstance(pair, tuple)), *given])
        numbers = [self._given(code, quarter) for quarter in alone]
        rest = self.figure(code, units, others) if others else None
        numbers += [rest] if rest is not None else []
        return _TOGETHER[indicator.over_units](numbers)

    def _given(self, code: str, quarter: Quarter) -> Fraction:
        value = self.world.imports[quarter, PROVINCE, code]
        assert value != KAD
        return Fraction(value)

    def to_date(self, code: str, units: Iterable[str] | None, quarters: Sequence[Quarter]) -> Number:
        """The figure of the year so far, of some units or (None) of the province; of what is typed since the
        beginning of the year, as each unit typed it last, its heirs for it where it has some."""
        if not self.world.indicators[code].cumulative:
            return self.total(code, quarters) if units is None else self.figure(code, units, quarters)
        wanted = set(self.all_units(quarters)) if units is None else set(units)
        latest: dict[str, Fraction] = {}
        for quarter in quarters:
            for unit in sorted(self.asked(code, quarter)):
                typed = self.typed(code, unit, quarter)
                if isinstance(typed, Fraction):
                    latest[unit] = typed
                    if quarter.number > 1:
                        before = quarter.plus(-1)
                        group = next(g for g in self.groups((before, quarter)) if unit in g)
                        for ended in group - self.on(quarter).keys():
                            latest.pop(ended, None)
        numbers = [number for unit, number in latest.items() if unit in wanted]
        return sum(numbers, Fraction(0)) if numbers else None

    def all_units(self, quarters: Iterable[Quarter]) -> list[str]:
        """The units that were there in one of the quarters."""
        return sorted({unit for quarter in quarters for unit in self.on(quarter)})

    # ---- like with like

    @functools.cache  # noqa: B019
    def groups(self, quarters: tuple[Quarter, ...]) -> tuple[frozenset[str], ...]:
        """The units in groups, by what became of which between the first and the last of the days."""
        days = [quarter.last_day(self.world.window) for quarter in quarters]
        begun: dict[tuple[str, str], dt.date] = {}
        for unit in self.world.units:
            for source in unit.predecessors:
                assert unit.first
                begun[source, unit.code] = min(unit.first, begun.get((source, unit.code), dt.date.max))
        group_of = {unit.code: frozenset({unit.code}) for unit in self.world.units}
        for (source, heir), day in begun.items():
            if min(days) < day <= max(days):
                together = group_of[source] | group_of[heir]
                group_of |= dict.fromkeys(together, together)
        return tuple(sorted(set(group_of.values()), key=sorted))

    def returned(self, code: str, quarters: Sequence[Quarter]) -> bool:
        """Whether something has come of each quarter of a period, and of those that count reports or such
        figures that were imported."""
        indicator = self.world.indicators[code]
        parts = {code, indicator.numerator, indicator.denominator}
        reported = {quarter for quarter, _unit in self.world.reports}
        imported = {quarter for quarter, _unit, _code in self.world.imports}
        of_this = {quarter for quarter, _unit, what in self.world.imports if what in parts}
        if indicator.cumulative:  # what was filled in makes a figure of the quarter with the one before only
            of_this = {
                quarter
                for quarter in of_this
                if self.stands(code, quarter)
                or any(self.answer(code, unit, quarter) is not None for unit in self.on(quarter))
            }
        return {*quarters} <= reported | imported and {*self.counted(code, quarters)} <= reported | of_this

    @functools.cache  # noqa: B019
    def comparison(self, code: str, period: Period, then: Period | None) -> Comparison:
        """A figure and that of the period `then`, over the same groups of units."""
        if then is None:
            return NOTHING
        counted, base_quarters = self.counted(code, period.quarters), self.counted(code, then.quarters)
        asked = self.asked(code, period.quarters[-1])
        indicator = self.world.indicators[code]
        if indicator.over_units == "none" or (indicator.over_time == "none" and len(period.quarters) > 1):
            return Comparison(None, None, None, None, UNSAID)  # there is no figure of the province
        if not self.returned(code, then.quarters):
            return Comparison(None, None, None, None, 0 if asked else None)
        total = self.total(code, then.quarters)
        days = (*base_quarters, *counted)
        alone = [quarter for quarter in days if self.stands(code, quarter)]
        if alone:
            whole = self._comparable_whole(code, period, then)
            base, value = (total, self.total(code, period.quarters)) if whole else (None, None)
            if base is None or value is None:
                return Comparison(total, None, None, None, 0 if asked else None)
            change = self._change(code, base, value)
            return Comparison(total, base, value, change, len(asked) or None, whole=True)
        codes = frozenset[str]().union(*self._compared(code, period, then))
        base, value = (self.figure(code, sorted(codes), of.quarters) for of in (then, period))
        if base is None or value is None:
            return Comparison(total, None, None, None, 0 if asked else None)
        change = self._change(code, base, value)
        return Comparison(total, base, value, change, len(codes & asked) if asked else None, codes)

    def _compared(self, code: str, period: Period, then: Period) -> list[frozenset[str]]:
        """The groups that are complete in both periods, with a figure in both; of a part of a whole those of
        its whole, where the part is complete in all of these."""
        indicator = self.world.indicators[code]
        counted, base_quarters = self.counted(code, period.quarters), self.counted(code, then.quarters)
        days = (*base_quarters, *counted)
        whole = self.world.indicators.get(indicator.part_of)
        if whole and _alike(indicator, whole) and not any(self.stands(whole.code, day) for day in days):
            groups = self._compared(whole.code, period, then)
            if groups and all(self._complete(code, group, days) for group in groups):
                return groups
        return [
            group
            for group in self.groups(days)
            if self._complete(code, group, days)
            and (indicator.over_units != "mean" or self._single(code, group, days))
            and self.figure(code, group, period.quarters) is not None
            and self.figure(code, group, then.quarters) is not None
        ]

    def _complete(self, code: str, group: Collection[str], quarters: Iterable[Quarter]) -> bool:
        return all(
            self.has_answered(code, unit, quarter)
            for quarter in quarters
            for unit in self.asked(code, quarter) & set(group)
        )

    def _single(self, code: str, group: Collection[str], quarters: Iterable[Quarter]) -> bool:
        return all(len(self.asked(code, quarter) & set(group)) == 1 for quarter in quarters)

    def _comparable_whole(self, code: str, period: Period, then: Period) -> bool:
        """Whether the totals of the whole province can be compared: complete, and going together."""
        indicator = self.world.indicators[code]
        sides = [self.counted(code, of.quarters) for of in (period, then)]
        if (indicator.over_units, indicator.over_time) not in _MIXING and any(
            len(side) > 1 for side in sides
        ):
            return False
        return all(
            self.stands(code, quarter) or self._complete(code, self.on(quarter), [quarter])
            for side in sides
            for quarter in side
        )

    def _change(self, code: str, base: Fraction, value: Fraction) -> Number:
        if self.world.indicators[code].type == "percent":
            return value - base
        return value / base - 1 if base > 0 else None

    # ---- the plan

    def plan(self, code: str, period: Period) -> Planned:
        """The plan of the year, and how much of it was done in the year so far."""
        year, quarters = period.year, period.so_far
        plans = {unit: Fraction(n) for (y, unit, c), n in self.world.plans.items() if (y, c) == (year, code)}
        if PROVINCE in plans:
            return self._province_plan(code, plans[PROVINCE], quarters)
        if not plans:
            return Planned(None, None)
        if self.world.indicators[code].over_units != "sum":
            return Planned(UNSAID, UNSAID)
        judged = [
            group
            for group in self.groups(quarters)
            if self._judged(code, group & plans.keys(), group, quarters)
        ]
        # Of what counts at the end, those of whom nobody knows it are not set beside their plan.
        indicator, last = self.world.indicators[code], quarters[-1]
        known = [
            group
            for group in judged
            if all(self.has_answered(code, unit, last) for unit in group & self.asked(code, last))
        ]
        if indicator.over_time == "last" and not indicator.cumulative and known:
            judged = known
        units = frozenset[str]().union(*judged)
        planned = sum((plans[unit] for unit in units & plans.keys()), Fraction(0))
        if any(self.stands(code, quarter) for quarter in self.counted(code, quarters)):
            return Planned(UNSAID, UNSAID)
        done = self.to_date(code, sorted(units), quarters)
        of_plan = done / planned if planned > 0 and done is not None else None
        return Planned(planned if units else UNSAID, of_plan, units & plans.keys())

    def _judged(
        self, code: str, planned: Collection[str], group: Collection[str], quarters: Iterable[Quarter]
    ) -> bool:
        return bool(planned) and any(self.asked(code, q) & set(group) == set(planned) for q in quarters)

    def _province_plan(self, code: str, plan: Fraction, quarters: Sequence[Quarter]) -> Planned:
        done = self.to_date(code, None, quarters)
        return Planned(plan, done / plan if plan > 0 and done is not None else None)

    # ---- all of it

    def of(self, code: str, period: Period) -> Figure:
        """All that is said of an indicator in a period."""
        quarters = period.quarters
        given = [
            unit for unit in self.all_units(quarters) if self.own_figure(code, unit, quarters) is not None
        ]
        alone = any(self.stands(code, quarter) for quarter in self.counted(code, quarters))
        return Figure(
            value=self.total(code, quarters),
            to_date=self.to_date(code, None, period.so_far),
            previous=self.comparison(code, period, period.previous),
            year_ago=self.comparison(code, period, period.year_ago),
            plan=self.plan(code, period),
            units_reporting=UNSAID if alone else len(given),
            units_asked=len(self.asked(code, quarters[-1])),
        )

    def coverage(self, period: Period) -> Coverage:
        """Who was to report in a period, and of whom a quarter is missing."""
        missing = {
            unit
            for quarter in period.quarters
            for unit in self.on(quarter)
            if (quarter, unit) not in self.world.reports
            and not any(when == quarter and who == unit for when, who, _code in self.world.imports)
        }
        return Coverage(frozenset(self.all_units(period.quarters)), frozenset(missing))

    def kinds(self, period: Period) -> dict[str, list[str]]:
        """The units of each kind: each as it was on the last day of the period on which it was there."""
        of_unit = {unit: row.kind for quarter in period.quarters for unit, row in self.on(quarter).items()}
        kinds: dict[str, list[str]] = {}
        for unit, kind in sorted(of_unit.items()):
            kinds.setdefault(kind, []).append(unit)
        return kinds


def _exact(typed: Typed | None) -> Answer:
    return typed if typed is None or typed == KAD else Fraction(typed)


def _ratio(pairs: Iterable[Pair]) -> Number:
    given = list(pairs)
    below = sum((pair[1] for pair in given), Fraction(0))
    return sum((pair[0] for pair in given), Fraction(0)) / below if below else None


def _alike(part: object, whole: object) -> bool:
    """Whether a part goes together as its whole does."""
    keys = ("over_units", "over_time", "cumulative", "share")
    return all(getattr(part, key) == getattr(whole, key) for key in keys)


_TOGETHER: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": lambda numbers: sum(numbers, Fraction(0)),
    "mean": lambda numbers: sum(numbers, Fraction(0)) / len(numbers),
    "min": min,
    "max": max,
    "last": lambda numbers: numbers[-1],
    "none": lambda numbers: numbers[-1],
}
