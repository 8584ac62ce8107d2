"""Figures of several quarters that their printed parts do not make, because a quarter's form had other parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportctl.core.period import Period, Quarter
from reportctl.figures.answers import Answered, Answers, plain
from reportctl.figures.figures import Apart, Exact, rounded
from reportctl.figures.totals import counting_quarters, of_province
from reportctl.form.divided import Divided
from reportctl.form.model import Indicator


def parts_apart(answers: Answers, period: Period) -> dict[str, tuple[Apart, ...]]:
    """By code, why the figures of `period`, or of the year up to its end, differ from what their parts make.

    Only figures that are added up over units and quarters are made of their parts. Where a quarter's form had
    other parts and they come to nothing more, there is nothing to say.
    """
    found: dict[str, list[Apart]] = {}
    for quarter, all_of_it in sorted(answers.divided.items()):
        for divided in all_of_it:
            for one in _apart(answers, divided, quarter, period):
                found.setdefault(divided.whole, []).append(one)
    return {code: tuple(every) for code, every in found.items()}


def _apart(answers: Answers, divided: Divided, quarter: Quarter, period: Period) -> Iterator[Apart]:
    whole = answers.form.indicators[divided.whole]
    parts = [(sign, answers.form.indicators[code]) for sign, code in divided.parts]
    if not all(_is_added_up(one, whole) for one in (whole, *(part for _sign, part in parts))):
        return
    if not divided.said and not _make_it(answers, divided, period.last):
        return
    added = tuple(
        name
        for code, name in divided.added
        if answers.as_typed(answers.form.indicators[code], quarter).unasked is None
    )
    for sign, columns in _columns(answers, whole, quarter, period):
        difference = _difference(answers, divided, quarter)
        if difference:
            units = _units(answers, divided, quarter)
            amount = rounded(sign * difference)
            yield Apart(quarter, amount, divided.called, divided.dropped, added, columns, units)


def _is_added_up(one: Indicator, whole: Indicator) -> bool:
    """Whether it is added up over units, and over quarters as the whole is."""
    over_time = (one.over_time, one.cumulative) == (whole.over_time, whole.cumulative)
    return one.over_units == "sum" and over_time and (one.cumulative or one.over_time in ("sum", "last"))


def _columns(
    answers: Answers, whole: Indicator, quarter: Quarter, period: Period
) -> Iterator[tuple[int, frozenset[str]]]:
    """The columns whose figures hold what was filled in in the quarter: added (1), or taken off (-1).

    What counts from the beginning of the year is that which was filled in last, less what was filled in before
    the period.
    """
    if whole.cumulative:
        first = period.quarters[0]
        if quarter == period.last:
            yield 1, frozenset(("value", "to_date"))
        elif first.number > 1 and quarter == first.previous:
            yield -1, frozenset(("value",))
        return
    spans = {"value": period.quarters, "to_date": period.to_date}
    columns = [key for key, of in spans.items() if quarter in counting_quarters(answers.form, whole, of)]
    if columns:
        yield 1, frozenset(columns)


def _difference(answers: Answers, divided: Divided, quarter: Quarter) -> Exact:
    """What the quarter's figure is more than its parts of now; nothing where it has none."""
    whole, *parts = _typed(answers, divided, quarter)
    of_whole = of_province(*whole)
    if of_whole is None:
        return 0
    signs = (sign for sign, _code in divided.parts)
    return of_whole - sum(sign * (of_province(*one) or 0) for sign, one in zip(signs, parts, strict=True))


def _units(answers: Answers, divided: Divided, quarter: Quarter) -> frozenset[str]:
    """The units whose own figure of the quarter differs from its parts of now."""
    whole, *parts = (one.values for _figure, (one,) in _typed(answers, divided, quarter))
    signed = [(sign, of) for (sign, _code), of in zip(divided.parts, parts, strict=True)]
    return frozenset(
        unit
        for unit, amount in whole.items()
        if plain(amount) != sum(sign * plain(of.get(unit, 0)) for sign, of in signed)
    )


def _typed(answers: Answers, divided: Divided, quarter: Quarter) -> Sequence[tuple[Indicator, list[Answered]]]:
    """The whole and its parts, each with what was filled in in the quarter."""
    codes = (divided.whole, *(code for _sign, code in divided.parts))
    figures = [answers.form.indicators[code] for code in codes]
    return [(one, [answers.as_typed(one, quarter)]) for one in figures]


def _make_it(answers: Answers, divided: Divided, quarter: Quarter) -> bool:
    """Whether the parts of now make the whole in the quarter, which is something."""
    whole, *_parts = _typed(answers, divided, quarter)
    return bool(of_province(*whole)) and not _difference(answers, divided, quarter)
