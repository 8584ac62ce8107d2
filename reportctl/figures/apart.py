"""Figures that their printed parts do not make: a quarter's form had other parts, or what units gave does not
add up and counts all the same."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from reportctl.core.language import Phrase
from reportctl.core.period import Period, Quarter
from reportctl.figures.answers import Answered, Answers, plain
from reportctl.figures.figures import Apart, Exact, Figure, rounded
from reportctl.figures.totals import counting_quarters, of_province
from reportctl.form.divided import Divided, Division, divisions
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form
from reportctl.form.rules import Reference, holds
from reportctl.form.tables import sum_rule

_Held = Mapping[Quarter, int]  # the quarters whose answers a figure holds: added (1), or taken off (-1)


def with_apart(answers: Answers, figures: Mapping[str, Figure], period: Period) -> dict[str, Figure]:
    """The `figures` of `period`, each with why its parts do not make it.

    Only figures that are added up over units and quarters are made of their parts. Where a quarter's form had
    other parts and they come to nothing more, there is nothing to say.
    """
    found: dict[str, list[Apart]] = {}
    for whole, one in _not_added_up(answers, figures, period):
        found.setdefault(whole, []).append(one)
    for quarter, all_of_it in sorted(answers.divided.items()):
        for divided in all_of_it:
            if _is_made_of_them(answers, divided, period):
                found.setdefault(divided.whole, []).extend(_apart(answers, figures, divided, quarter, period))
    names = _told_apart(answers.form, found)
    named = {
        code: [replace(one, called=names.get(code, one.called)) for one in of] for code, of in found.items()
    }
    return {code: replace(one, apart=tuple(named.get(code, ()))) for code, one in figures.items()}


def _told_apart(form: Form, codes: Collection[str]) -> dict[str, Phrase]:
    """The names, with that of their section or table, of those of the figures that are called as another one
    elsewhere: many sections have a “Tổng số”."""
    section_of = {one.code: section for section in form.all_sections for one in section.indicators}
    places: dict[str, set[str]] = {}
    for code in codes:
        places.setdefault(str(form.indicators[code].name), set()).add(section_of[code].code)
    found = {}
    for code in codes:
        section, name = section_of[code].name, form.indicators[code].name
        if len(places[str(name)]) > 1:
            english = f"{section.in_language('en')}: {name.in_language('en')}"
            found[code] = Phrase(f"{section.vi}: {name.vi}", english)
    return found


def _not_added_up(
    answers: Answers, figures: Mapping[str, Figure], period: Period
) -> Iterator[tuple[str, Apart]]:
    """Figures that the form says to be sums, and that units gave otherwise in a quarter whose form had the
    same parts: files accepted in spite of that, corrections of one figure alone."""
    asked = answers.form.indicators
    elsewhere = {(one.whole, quarter) for quarter, some in answers.divided.items() for one in some}

    @functools.cache
    def total(code: str, quarter: Quarter) -> Exact:
        return sum(map(plain, answers.as_typed(asked[code], quarter).values.values()))

    @functools.cache
    def by_unit(whole: str, parts: Division, quarter: Quarter) -> Mapping[str, Exact]:
        return _off_by_unit(answers, whole, parts, quarter)

    for whole, division in divisions(answers.form).items():
        figure = figures.get(whole)
        if figure is None:
            continue
        for parts in division.said:
            if not all(_is_added_up(asked[code], asked[whole]) for _sign, code in parts):
                continue
            for column, held in _columns(answers, figure, period):
                compared = figure.against(column).units or None if column in _OTHERS else None
                for quarter, sign in held.items():
                    made = sum(part_sign * total(code, quarter) for part_sign, code in parts)
                    # Nearly always they do; by itself each unit takes much longer.
                    adds_up = compared is None and total(whole, quarter) == made
                    if adds_up or (whole, quarter) in elsewhere:
                        continue
                    off = by_unit(whole, parts, quarter)
                    off = {
                        unit: amount for unit, amount in off.items() if compared is None or unit in compared
                    }
                    if difference := sign * sum(off.values()):
                        names = answers.calendar.units(quarter)
                        yield (
                            whole,
                            Apart(
                                of=column,
                                quarter=quarter,
                                amount=rounded(difference),
                                called=asked[whole].name,
                                dropped=(),
                                added=(),
                                parts=tuple(code for _sign, code in parts),
                                units=frozenset(off),
                                given_by=tuple(names[unit].name if unit in names else unit for unit in off),
                            ),
                        )


def _off_by_unit(answers: Answers, whole: str, parts: Division, quarter: Quarter) -> dict[str, Exact]:
    """By how much the figures of each unit that gave all of them differ from their parts, but for what
    rounding takes, which a return may be off by."""
    form, asked = answers.form, answers.form.indicators
    first, *others = (answers.as_typed(asked[code], quarter) for code in (whole, *(c for _sign, c in parts)))
    if any(one.unasked or one.province is not None for one in (first, *others)):
        return {}
    off: dict[str, Exact] = {}
    for unit, amount in first.values.items():
        given = [_given(one, unit) for one in others]
        if None not in given:
            made = sum(sign * (part or 0) for (sign, _code), part in zip(parts, given, strict=True))
            off |= {unit: plain(amount) - made} if plain(amount) != made else {}
    if not off:
        return {}
    rule = sum_rule(asked, whole, parts).node

    def is_broken(unit: str) -> bool:
        def value(reference: Reference) -> float:
            return float(_given(answers.as_typed(asked[reference.code], quarter), unit) or 0)

        return holds(rule, value, form.is_rounded) is False

    return {unit: amount for unit, amount in off.items() if is_broken(unit)}


def _given(answered: Answered, unit: str) -> Exact | None:
    """What a unit gave: nothing where it is not asked or it does not apply; None where it is missing."""
    if unit in answered.values:
        return plain(answered.values[unit])
    return None if unit in answered.missing else 0


def _is_made_of_them(answers: Answers, divided: Divided, period: Period) -> bool:
    """Whether the parts of now, as they are printed, are to make the whole."""
    whole, *parts = (one for one, _answered in _typed(answers, divided, period.last))
    added_up = all(_is_added_up(one, whole) for one in (whole, *parts))
    return added_up and (divided.said or _make_it(answers, divided, period.last))


def _is_added_up(one: Indicator, whole: Indicator) -> bool:
    """Whether it is added up over units, and over quarters as the whole is."""
    over_time = (one.over_time, one.cumulative) == (whole.over_time, whole.cumulative)
    return one.over_units == "sum" and over_time and (one.cumulative or one.over_time in ("sum", "last"))


def _apart(
    answers: Answers, figures: Mapping[str, Figure], divided: Divided, quarter: Quarter, period: Period
) -> Iterator[Apart]:
    """What the answers of the quarter do to each column of the whole."""
    figure = figures[divided.whole]
    units = _units(answers, divided, quarter)
    for column, held in _columns(answers, figure, period):
        sign = held.get(quarter, 0)
        compared = figure.against(column).units or None if column in _OTHERS else None
        difference = sign * _difference(answers, divided, quarter, compared) if sign else 0
        if difference:
            yield Apart(
                column,
                quarter,
                rounded(difference),
                divided.called,
                divided.dropped,
                _asked_then(answers, divided, quarter),
                tuple(code for _sign, code in divided.parts),
                units,
            )


_OTHERS = ("previous", "year_ago")  # columns with the figures of other periods, over the units compared


def _columns(answers: Answers, figure: Figure, period: Period) -> Iterator[tuple[str, _Held]]:
    """The quarters whose answers each column of a figure holds."""
    indicator = figure.indicator
    yield "value", _held(answers, indicator, period)
    so_far = counting_quarters(answers.form, indicator, period.to_date)
    yield "to_date", {period.last: 1} if indicator.cumulative else dict.fromkeys(so_far, 1)
    for which, other in (("previous", period.previous), ("year_ago", period.year_ago)):
        if other is not None and figure.against(which).base is not None:
            yield which, _held(answers, indicator, other)


def _held(answers: Answers, indicator: Indicator, period: Period) -> _Held:
    """The quarters whose answers the figure of a period holds: of what counts from the beginning of the year
    what was filled in last, less what was filled in before the period."""
    if not indicator.cumulative:
        return dict.fromkeys(counting_quarters(answers.form, indicator, period.quarters), 1)
    first = period.quarters[0]
    return {period.last: 1} | ({first.previous: -1} if first.number > 1 else {})


def _asked_then(answers: Answers, divided: Divided, quarter: Quarter) -> tuple[Phrase, ...]:
    """The names of the parts that are new to the whole, and that were asked in the quarter all the same."""
    figures = answers.form.indicators
    return tuple(
        name for code, name in divided.added if answers.as_typed(figures[code], quarter).unasked is None
    )


def _difference(
    answers: Answers, divided: Divided, quarter: Quarter, units: Collection[str] | None = None
) -> Exact:
    """What the quarter's figure is more than its parts of now, of some `units` where they are given, else of
    all that have one: of others the parts alone stand there. Nothing where it has none."""
    typed = [*_typed(answers, divided, quarter)]
    _whole, of_whole = typed[0]
    if units is None and of_whole.province is None:
        units = of_whole.values.keys()
    whole, *parts = (_amount(*one, units) for one in typed)
    if whole is None:
        return 0
    signs = (sign for sign, _code in divided.parts)
    return whole - sum(sign * (part or 0) for sign, part in zip(signs, parts, strict=True))


def _amount(indicator: Indicator, answered: Answered, units: Collection[str] | None) -> Exact | None:
    if units is None:
        return of_province(indicator, [answered])
    own = [plain(answered.values[unit]) for unit in units if unit in answered.values]
    return sum(own) if own else None


def _units(answers: Answers, divided: Divided, quarter: Quarter) -> frozenset[str]:
    """The units whose own figure of the quarter differs from its parts of now."""
    whole, *parts = (one.values for _figure, one in _typed(answers, divided, quarter))
    signed = [(sign, of) for (sign, _code), of in zip(divided.parts, parts, strict=True)]
    return frozenset(
        unit
        for unit, amount in whole.items()
        if plain(amount) != sum(sign * plain(of.get(unit, 0)) for sign, of in signed)
    )


def _typed(answers: Answers, divided: Divided, quarter: Quarter) -> Sequence[tuple[Indicator, Answered]]:
    """The whole and its parts, each with what was filled in in the quarter."""
    codes = (divided.whole, *(code for _sign, code in divided.parts))
    figures = [answers.form.indicators[code] for code in codes]
    return [(one, answers.as_typed(one, quarter)) for one in figures]


def _make_it(answers: Answers, divided: Divided, quarter: Quarter) -> bool:
    """Whether the parts of now make the whole in the quarter, which is something."""
    whole, *_parts = _typed(answers, divided, quarter)
    return bool(of_province(whole[0], [whole[1]])) and not _difference(answers, divided, quarter)
