"""What the units answered where figures are asked, exactly, quarter by quarter."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from reportctl.core.period import Quarter
from reportctl.figures.figures import Exact, exact
from reportctl.form.asked_then import Unasked
from reportctl.form.divided import Divided
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form
from reportctl.ledger.ledger import Ledger
from reportctl.workspace.units_by_period import Calendar


class Share(NamedTuple):
    """A numerator and a denominator, which are added up each by itself."""

    above: Exact
    below: Exact


Amount = Exact | Share


@dataclass(frozen=True)
class Answered:
    """The answers to one indicator in one quarter.

    `values` are those that count, by unit; `nothing` are the units that answered that it does not apply;
    `asked` those of which an answer is expected. `province`: the total that was imported without the units'
    figures, where it stands in their place. `unasked`: there can be none of the quarter, because the form of
    that one, or of the one before where that is to be taken off, did not ask it, or as something else.
    """

    values: Mapping[str, Amount] = field(default_factory=dict)
    nothing: frozenset[str] = frozenset()
    estimates: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    province: Amount | None = None
    unasked: tuple[Quarter, Unasked] | None = None

    @functools.cached_property
    def missing(self) -> frozenset[str]:
        """The units that were asked and gave no answer that counts."""
        return self.asked.difference(self.values, self.nothing)


_NONE = Answered()


@dataclass(frozen=True)
class Answers:
    """All answers where figures are asked, by indicator code and quarter.

    Of a cumulative indicator, `own` has each quarter's own figure, `typed` what was filled in. `returned` are
    the units of which something counts, by quarter; of `reported` quarters some unit's own report counts.
    `divided`: the figures that were made of other parts in a quarter.
    """

    form: Form
    calendar: Calendar
    own: Mapping[str, Mapping[Quarter, Answered]]
    typed: Mapping[str, Mapping[Quarter, Answered]]
    returned: Mapping[Quarter, frozenset[str]]
    reported: frozenset[Quarter]
    divided: Mapping[Quarter, tuple[Divided, ...]] = field(default_factory=dict)

    def of(self, indicator: Indicator, quarters: Iterable[Quarter]) -> list[Answered]:
        """The answers to an indicator in each of these quarters."""
        by_quarter = self.own.get(indicator.code, {})
        return [by_quarter.get(quarter, _NONE) for quarter in quarters]

    def holds(self, quarter: Quarter) -> bool:
        """Whether anything has come of the quarter: a report, or an imported figure."""
        return quarter in self.reported or any(
            one.values or one.province is not None
            for by_quarter in self.own.values()
            if (one := by_quarter.get(quarter))
        )

    def as_typed(self, indicator: Indicator, quarter: Quarter) -> Answered:
        """The answers to an indicator as they were filled in."""
        return self.typed.get(indicator.code, {}).get(quarter, _NONE)


def read_answers(
    ledger: Ledger,
    form: Form,
    calendar: Calendar,
    quarters: Iterable[Quarter],
    only: str | None = None,
) -> Answers:
    """The answers that count in `quarters`: all of them, or those to the indicator `only` and to what it
    is a share of.

    A share has an answer of each unit that gave both of its figures. A cumulative indicator's figure of a
    quarter is what was filled in less what was filled in the quarter before, within the year; there is none
    where the quarter before is missing.
    """
    needed, indicators = set(quarters), form.indicators
    if only is not None:
        asked = indicators[only]
        codes = (asked.numerator, asked.denominator, only) if asked.computed else (only,)
        indicators = {code: indicators[code] for code in codes}
    if any(indicator.cumulative for indicator in indicators.values()):
        needed |= {quarter.previous for quarter in needed if quarter.number > 1}
    in_order = sorted(needed)
    values: dict[tuple[str, str], dict[str, Exact]] = {}
    nothing: dict[tuple[str, str], set[str]] = {}
    estimates: dict[tuple[str, str], set[str]] = {}
    for period, unit, code, number, estimate in ledger.numbers(
        in_order, None if only is None else indicators
    ):
        if number is None:
            nothing.setdefault((code, period), set()).add(unit)
        else:
            values.setdefault((code, period), {})[unit] = exact(number)
            if estimate:
                estimates.setdefault((code, period), set()).add(unit)
    provinces: dict[tuple[str, str], Exact] = {}
    for record in ledger.province_values(in_order):
        if isinstance(record.value, int | float):
            provinces[record.code, str(record.period)] = exact(record.value)

    def answered(indicator: Indicator, quarter: Quarter) -> Answered:
        key = indicator.code, str(quarter)
        given, province = values.get(key, {}), provinces.get(key)
        why = unasked[quarter].get(indicator.code)
        if why and not given and province is None:
            return Answered(unasked=(quarter, why))
        return Answered(
            given,
            frozenset(nothing.get(key, ())),
            frozenset(estimates.get(key, ())),
            asked_units(indicator, calendar, quarter),
            province,
        )

    unasked = {quarter: ledger.unasked(quarter) for quarter in in_order}
    typed = {
        code: {quarter: answered(indicator, quarter) for quarter in in_order}
        for code, indicator in indicators.items()
        if indicator.numeric and not indicator.computed
    }
    own = dict(typed)
    for code, indicator in indicators.items():
        if indicator.cumulative:
            own[code] = {quarter: _own_figure(typed[code], calendar, quarter) for quarter in in_order}
    for code, indicator in indicators.items():
        if indicator.computed:
            above, below = own[indicator.numerator], own[indicator.denominator]
            own[code] = {q: _share(above[q], below[q], asked_units(indicator, calendar, q)) for q in in_order}
    return Answers(
        form,
        calendar,
        own,
        typed,
        {quarter: frozenset(ledger.counting(quarter)) for quarter in in_order},
        frozenset(quarter for quarter in in_order if ledger.has_reports(quarter)),
        {quarter: ledger.divided(quarter) for quarter in in_order},
    )


def asked_units(indicator: Indicator, calendar: Calendar, quarter: Quarter) -> frozenset[str]:
    """The units of the quarter whose kind is asked for the indicator."""
    return calendar.roster.of_kinds(calendar.day(quarter), indicator.applies_to)


def _share(above: Answered, below: Answered, asked: frozenset[str]) -> Answered:
    """The answers to a share out of those to its numerator and its denominator."""
    if unasked := above.unasked or below.unasked:
        return Answered(unasked=unasked)
    values = {
        unit: Share(plain(amount), plain(below.values[unit]))
        for unit, amount in above.values.items()
        if unit in below.values
    }
    both = (above.values.keys() | above.nothing) & (below.values.keys() | below.nothing)
    province = None
    if above.province is not None and below.province is not None:
        province = Share(plain(above.province), plain(below.province))
    return Answered(
        values,
        frozenset(both - values.keys()),
        (above.estimates | below.estimates) & values.keys(),
        asked & above.asked & below.asked,
        province,
    )


def _own_figure(typed: Mapping[Quarter, Answered], calendar: Calendar, quarter: Quarter) -> Answered:
    """The quarter's own figures of what is counted from the beginning of the year.

    A unit that was not asked in the quarter before, or said that it does not apply, had nothing then; of one
    that is exactly made of others, theirs is taken off.
    """
    now = typed[quarter]
    if quarter.number == 1:
        return now
    before = typed.get(quarter.previous, _NONE)
    if before.unasked and not now.unasked:
        return Answered(nothing=now.nothing, unasked=before.unasked)
    continued = units_continued(calendar, quarter)
    values = {}
    for unit, amount in now.values.items():
        parts = continued.get(unit, (unit,))
        if parts and before.missing.isdisjoint(parts):
            values[unit] = plain(amount) - sum(plain(before.values.get(part, 0)) for part in parts)
    province = None
    if now.province is not None or before.province is not None:
        wholes = [
            each.province if each.province is not None else sum(map(plain, each.values.values()))
            for each in (now, before)
            if each.province is not None or not each.missing
        ]
        if len(wholes) == 2:
            province = plain(wholes[0]) - plain(wholes[1])
    return Answered(values, now.nothing, now.estimates & values.keys(), now.asked, province)


def units_continued(calendar: Calendar, quarter: Quarter) -> dict[str, tuple[str, ...]]:
    """The units of the quarter before that a unit which was regrouped since is exactly made of, none where
    there is no such set; any other unit is itself, and left out."""
    groups = calendar.groups((quarter.previous, quarter))
    origins = calendar.origins(quarter, quarter.previous) if groups else {}
    return {unit: origins.get(unit, ()) for unit in groups}


def plain(amount: Amount) -> Exact:
    """The amount of what is filled in."""
    return cast("Exact", amount)  # what is filled in is no share
