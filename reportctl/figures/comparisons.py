"""Like with like: a figure beside that of another period, both over the same groups of units.

A group is a unit with its predecessors and heirs between the two periods. It is compared where every unit
that was asked, in each quarter that counts, has answered, and it has a figure on both sides. Nothing is
apportioned, so what units of a group did is compared as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reportctl.core.period import Period
from reportctl.figures.answers import Amount, Answered, Answers, Share
from reportctl.figures.figures import Comparison, Exact, rounded
from reportctl.figures.totals import counting_quarters, of_province, over_time, over_units
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form


@dataclass(frozen=True)
class _Sides:
    """One indicator's two periods: the answers of the quarters that count in each, the units' amounts put
    together over time, the groups that changes tie together, and those in which somebody did not answer.

    `asked` are the units asked on this period's last day; `moved` those that are there at the end of one of
    the periods only.
    """

    indicator: Indicator
    now: Sequence[Answered]
    then: Sequence[Answered]
    amounts_now: Mapping[str, Amount]
    amounts_then: Mapping[str, Amount]
    groups: Mapping[str, str]
    incomplete: frozenset[str]
    asked: frozenset[str]
    moved: frozenset[str]

    def group(self, unit: str) -> str:
        """The code of the unit's group."""
        return self.groups.get(unit, unit)


def comparisons(answers: Answers, now: Period, then: Period) -> dict[str, Comparison]:
    """Every numeric indicator's comparison of `now` with `then`, by code.

    Parts of a whole are compared over the whole's groups where all their units answered the parts too, so
    that a printed column of them adds up; else over their own.
    """
    absent = [quarter for quarter in then.quarters if not answers.holds(quarter)]
    units_now, units_then = (frozenset(answers.calendar.units(period.last)) for period in (now, then))
    moved = units_now ^ units_then
    found: dict[str, Comparison] = {}
    compared: dict[str, frozenset[str]] = {}
    for code, indicator in _wholes_first(answers.form):
        sides = _sides(answers, indicator, now, then, moved)
        unasked = tuple(one.unasked for one in sides.then if one.unasked)
        short = unasked or any(one.unasked for one in sides.now)
        if absent or short or not sides.now or _lacks_a_quarter(answers, sides, then):
            partial = len(absent) < len(then.quarters)
            none = Comparison(
                comparable=0 if sides.asked else None, partial=partial and bool(absent), unasked=unasked
            )
            found[code], compared[code] = none, frozenset()
            continue
        if any(one.province is not None for one in (*sides.now, *sides.then)):
            found[code], compared[code] = _of_totals(sides), frozenset()
            continue
        groups = _own_groups(sides)
        whole = answers.form.indicators.get(indicator.part_of)
        if whole and compared.get(whole.code) and _alike(indicator, whole):
            of_whole = compared[whole.code]
            groups = of_whole if of_whole.isdisjoint(sides.incomplete) else groups
        compared[code] = groups
        found[code] = _over(sides, groups)
    return found


def _lacks_a_quarter(answers: Answers, sides: _Sides, then: Period) -> bool:
    """Whether a quarter that counts has nothing: no report, and no imported figure of the indicator."""
    return any(
        quarter not in answers.reported and not (one.values or one.nothing) and one.province is None
        for quarter, one in zip(
            counting_quarters(answers.form, sides.indicator, then.quarters), sides.then, strict=True
        )
    )


def _wholes_first(form: Form) -> list[tuple[str, Indicator]]:
    """The numeric indicators, each behind what it is a part of."""
    numeric = {code: indicator for code, indicator in form.indicators.items() if indicator.numeric}

    def depth(indicator: Indicator) -> int:
        seen = {indicator.code}
        while (part_of := indicator.part_of) in numeric and part_of not in seen:
            seen.add(part_of)
            indicator = numeric[part_of]
        return len(seen)

    return sorted(numeric.items(), key=lambda item: depth(item[1]))


def _alike(part: Indicator, whole: Indicator) -> bool:
    """Whether a part is added up as its whole is, so that they can be compared over the same groups."""
    ways = {(each.over_units, each.over_time, each.cumulative) for each in (part, whole)}
    return len(ways) == 1 and part.over_units == "sum"


def _sides(
    answers: Answers, indicator: Indicator, now: Period, then: Period, moved: frozenset[str]
) -> _Sides:
    of_now, of_then = (counting_quarters(answers.form, indicator, period.quarters) for period in (now, then))
    answered_now, answered_then = answers.of(indicator, of_now), answers.of(indicator, of_then)
    groups = answers.calendar.groups((*of_now, *of_then))
    (last,) = answers.of(indicator, (now.last,))
    return _Sides(
        indicator,
        answered_now,
        answered_then,
        over_time(indicator, answered_now),
        over_time(indicator, answered_then),
        groups,
        frozenset(groups.get(u, u) for one in (*answered_now, *answered_then) for u in one.missing),
        last.asked,
        moved,
    )


def _own_groups(sides: _Sides) -> frozenset[str]:
    """The groups that can be compared in this indicator by itself."""
    if sides.indicator.over_units == "none":
        return frozenset()
    with_figure = _with_figure(sides, sides.amounts_now) & _with_figure(sides, sides.amounts_then)
    groups = with_figure - sides.incomplete
    if sides.indicator.over_units == "mean":
        # The mean of several units is no figure of the unit that they became.
        for one in (*sides.now, *sides.then):
            sizes = Counter(map(sides.group, one.asked))
            groups = frozenset(group for group in groups if sizes[group] == 1)
    return groups


def _with_figure(sides: _Sides, amounts: Mapping[str, Amount]) -> frozenset[str]:
    """The groups that have a figure; a share of nothing is none."""
    if not sides.indicator.computed:
        return frozenset(map(sides.group, amounts))
    below: dict[str, Exact] = {}
    for unit, amount in amounts.items():
        if isinstance(amount, Share):
            group = sides.group(unit)
            below[group] = below.get(group, 0) + amount.below
    return frozenset(group for group, denominator in below.items() if denominator)


def _over(sides: _Sides, groups: Collection[str]) -> Comparison:
    """The comparison over these groups, and whether it is for regrouping that there are none."""
    whole_now, whole = (of_province(sides.indicator, side) for side in (sides.now, sides.then))
    now, then = (
        {unit: amount for unit, amount in amounts.items() if sides.group(unit) in groups}
        for amounts in (sides.amounts_now, sides.amounts_then)
    )
    value, base = (over_units(sides.indicator, amounts.values()) for amounts in (now, then))
    asked = sides.asked
    if value is None or base is None:
        figures = (*sides.amounts_now, *sides.amounts_then)
        stayed = _with_figure(sides, sides.amounts_now) & _with_figure(sides, sides.amounts_then)
        return Comparison(
            whole=None if whole is None else rounded(whole),
            comparable=0 if asked else None,
            reported=_reported(sides),
            regrouped=None not in (whole, whole_now)
            and stayed <= {*sides.groups.values()}
            and any(unit in sides.groups or unit in sides.moved for unit in figures),
        )
    members = {unit for one in (*sides.now, *sides.then) for unit in (*one.asked, *one.values)}
    return Comparison(
        whole=None if whole is None else rounded(whole),
        base=rounded(base),
        value=rounded(value),
        change=change_of(sides.indicator, value, base),
        comparable=sum(sides.group(unit) in groups for unit in asked) if asked else None,
        units=tuple(sorted(unit for unit in members if sides.group(unit) in groups)),
        fewer=any(sides.group(unit) not in groups for unit in sides.amounts_now),
        reported=_reported(sides),
    )


def _reported(sides: _Sides) -> tuple[int, int]:
    """How many units have a figure in the other period, of those asked on its last day."""
    return len(sides.amounts_then), len(sides.then[-1].asked)


def _of_totals(sides: _Sides) -> Comparison:
    """The comparison of the province's totals, of which one was imported without the units' figures: where
    every unit that was asked has answered in all other quarters."""
    base = of_province(sides.indicator, sides.then)
    whole = None if base is None else rounded(base)
    asked = sides.asked
    value = of_province(sides.indicator, sides.now)
    complete = all(one.province is not None or not one.missing for one in (*sides.now, *sides.then))
    if not complete or value is None or base is None:
        return Comparison(whole=whole, comparable=0 if asked else None)
    return Comparison(
        whole=whole,
        base=rounded(base),
        value=rounded(value),
        change=change_of(sides.indicator, value, base),
        comparable=len(asked) if asked else None,
        over="totals",
    )


def change_of(indicator: Indicator, value: Exact, base: Exact) -> int | float | None:
    """The change from `base` to `value`: of a percentage the difference, else a fraction of the base; None
    where that is not above zero."""
    if indicator.type is Type.PERCENT:
        return rounded(value - base)
    return rounded(Fraction(value - base) / base) if base > 0 else None
