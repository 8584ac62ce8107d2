"""Totals of the units' figures, exactly: over time unit by unit, then over units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from reportctl.core.period import Period, Quarter
from reportctl.figures.answers import Amount, Answered, Answers, Share
from reportctl.figures.figures import Exact, Number, rounded
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form, ListSection
from reportctl.workspace.units import Roster, Unit

# Aggregates over units and over time of which it makes no difference which goes first.
_EITHER_WAY = {("sum", "sum"), ("ratio", "ratio"), ("min", "min"), ("max", "max")}


def counting_quarters(form: Form, indicator: Indicator, quarters: Sequence[Quarter]) -> Sequence[Quarter]:
    """Those of a period's quarters whose answers count for it: of what is not added up over time, the last
    one, or none. A share of two figures that count at the end is the share at the end."""
    if indicator.computed:
        ends = [form.indicators[code] for code in (indicator.numerator, indicator.denominator)]
        if all(end.over_time == "last" and not end.cumulative for end in ends):
            return quarters[-1:]
    if indicator.cumulative:
        return quarters
    if indicator.over_time == "none" and len(quarters) > 1:
        return ()
    return quarters[-1:] if indicator.over_time == "last" else quarters


def counting_in_list(listed: ListSection, period: Period, there: Collection[Quarter]) -> tuple[Quarter, ...]:
    """Those of a period's quarters whose rows of a list count: all of them, or the last one of those `there`
    that have any, where it says what there is."""
    if listed.counts == "sum":
        return period.quarters
    return tuple(quarter for quarter in period.quarters if quarter in there)[-1:] or period.quarters[-1:]


def mixable(indicator: Indicator) -> bool:
    """Whether a quarter's figure of the province alone and the units' figures of other quarters make one."""
    return indicator.cumulative or (indicator.over_units, indicator.over_time) in _EITHER_WAY


def aggregated(how: str, amounts: Sequence[Amount]) -> Amount:
    """Amounts as one: their "sum", "mean", "min" or "max", which for one alone is itself; shares add up their
    numerators and denominators. `amounts` are not empty."""
    if len(amounts) == 1:
        return amounts[0]
    shares = [amount for amount in amounts if isinstance(amount, Share)]
    if shares:
        return Share(sum(each.above for each in shares), sum(each.below for each in shares))
    numbers = [amount for amount in amounts if not isinstance(amount, Share)]
    match how:
        case "mean":
            return Fraction(sum(numbers)) / len(numbers)
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
    return sum(numbers)


def over_time(indicator: Indicator, answered: Sequence[Answered]) -> dict[str, Amount]:
    """Each unit's amount of the quarters that count, put together over time."""
    if len(answered) == 1:
        return dict(answered[0].values)
    gathered: dict[str, list[Amount]] = {}
    for one in answered:
        for unit, amount in one.values.items():
            gathered.setdefault(unit, []).append(amount)
    how = "sum" if indicator.cumulative else indicator.over_time
    return {unit: aggregated(how, amounts) for unit, amounts in gathered.items()}


def over_units(indicator: Indicator, amounts: Iterable[Amount]) -> Exact | None:
    """The units' amounts as one figure; None where there is none to give, as of a share of nothing."""
    listed = list(amounts)
    if not listed or indicator.over_units == "none":
        return None
    return amount_as_figure(aggregated(indicator.over_units, listed))


def amount_as_figure(amount: Amount) -> Exact | None:
    """The amount, or the share that it makes; None for a share of nothing."""
    if isinstance(amount, Share):
        return Fraction(amount.above) / amount.below if amount.below else None
    return amount


def of_province(indicator: Indicator, answered: Sequence[Answered]) -> Exact | None:
    """The province's figure of the quarters that count.

    What was imported for the province alone stands in place of the units' figures of its quarter. There is
    no figure where it and the figures of other quarters do not make one exactly.
    """
    if all(one.province is None for one in answered):
        return over_units(indicator, over_time(indicator, answered).values())
    if len(answered) > 1 and not mixable(indicator):
        return None
    amounts: list[Amount] = []
    for one in answered:
        amounts += one.values.values() if one.province is None else [one.province]
    how = "sum" if indicator.cumulative else indicator.over_units
    return None if how == "none" else amount_as_figure(aggregated(how, amounts))


def own_values(amounts: Mapping[str, Amount]) -> dict[str, Exact]:
    """Each unit's own figure; a share of nothing is left out."""
    figures = {unit: amount_as_figure(amount) for unit, amount in amounts.items()}
    return {unit: figure for unit, figure in figures.items() if figure is not None}


Groups = Mapping[str, Sequence[str]]  # the codes of units under the title of their group


def group_values(answers: Answers, groups: Groups, period: Period) -> dict[str, dict[str, Number | None]]:
    """Every numeric indicator's figure for `period` over the units of each group: group, then code.

    A share is the ratio of its group's sums. None: there is no figure to give.
    """
    figures: dict[str, dict[str, Number | None]] = {group: {} for group in groups}
    for code, indicator in answers.form.indicators.items():
        if indicator.numeric:
            counting = counting_quarters(answers.form, indicator, period.quarters)
            totals = over_time(indicator, answers.of(indicator, counting))
            for group, units in groups.items():
                own = over_units(indicator, [totals[unit] for unit in units if unit in totals])
                figures[group][code] = None if own is None else rounded(own)
    return figures


def quarter_values(answers: Answers, quarters: Sequence[Quarter]) -> dict[str, dict[Quarter, Number | None]]:
    """Every numeric indicator's figure of the province in each of `quarters`: code, then quarter."""
    figures: dict[str, dict[Quarter, Number | None]] = {}
    for code, indicator in answers.form.indicators.items():
        if indicator.numeric:
            wholes = {q: of_province(indicator, answers.of(indicator, (q,))) for q in quarters}
            figures[code] = {q: None if v is None else rounded(v) for q, v in wholes.items()}
    return figures


def groups_of(units: Mapping[str, Unit], roster: Roster, form: Form, most: int) -> dict[str, list[str]]:
    """The units under the names of their parents, those without one under the titles of their kinds; by kind
    alone where that makes more groups than `most`.

    A unit that is a parent stands in its own group. Groups come in the order of their first units.
    """
    parents = {unit.parent for unit in units.values() if unit.parent}
    above = {code: code if code in parents else unit.parent for code, unit in units.items()}
    if len(set(above.values())) > most:
        above = dict.fromkeys(above, "")
    # What a unit is called in the period, or was last where it does not report itself.
    rows = {p: [units[p]] if p in units else roster.rows(p)[-1:] for p in above.values() if p}
    names = {parent: known[0].name if known else parent for parent, known in rows.items()}
    bearers = Counter(names.values())
    kinds = {kind.code: str(kind.name) for kind in form.kinds}
    groups: dict[str, list[str]] = {}
    for code, parent in above.items():
        kind = units[code].kind
        title = names.get(parent, kinds.get(kind, kind))
        groups.setdefault(f"{title} ({parent})" if bearers[title] > 1 else title, []).append(code)
    return groups
