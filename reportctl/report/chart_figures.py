"""The charts of a section: its figures beside those of other periods, its units, its last quarters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.figures.figures import Number, Summary
from reportctl.form.model import Indicator, Section, Type
from reportctl.word.content import Chart, Series
from reportctl.workspace.units import Unit

QUARTERS = 8  # that a line runs through
_MOST_LINES = 6  # that dashes and markers tell apart
MOST_BARS = 40  # that a page has room for

ByQuarter = Mapping[str, Mapping[Quarter, Number | None]]  # code, then quarter


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the figure of `units`, under the unit's name or that of the group."""

    name: str
    value: Number | None
    units: tuple[str, ...]


def column_chart(section: Section, summary: Summary) -> Chart | None:
    """A section's figures beside those of the periods before: parts of a total where it has them, else the
    figures of its commonest unit of measure. None where there are fewer than two to show."""
    shown = _amounts(section)
    parts = [i for i in shown if i.part_of]
    chosen = parts or _of_commonest_measure(shown)
    figures = [summary.figures[i.code] for i in chosen if summary.figures[i.code].value is not None]
    if len(figures) < 2:
        return None
    period = summary.period
    before = wording.previous_words(period) if period.previous != period.year_ago else None
    rows = [
        ("year_ago", wording.year_ago_words(period), [f.year_ago for f in figures]),
        ("previous", before or "", [f.previous for f in figures]),
        ("value", wording.period_words(period, short=True), [f.value for f in figures]),
    ]
    series = tuple(
        Series(wording.capitalised(name), tuple(values), key)
        for key, name, values in rows
        if name and any(value is not None for value in values)
    )
    heading = _with_measure(str(section.name), figures[0].indicator)
    return Chart(
        name=section.code,
        title=heading,
        categories=tuple(str(f.indicator.name) for f in figures),
        series=series,
        description=_("Column chart: {title}, {period}").format(
            title=heading, period=wording.period_words(period)
        ),
        codes=tuple(f.indicator.code for f in figures),
    )


def bars_of(section: Section) -> Indicator | None:
    """The indicator in which a section's units are compared: that which the form names, else its first total,
    else its first figure."""
    shown = _amounts(section)
    if section.chart_of:
        return next(i for i in section.indicators if i.code == section.chart_of)
    wholes = {i.part_of for i in shown}
    return next((i for i in shown if i.code in wholes), shown[0] if shown else None)


def bar_chart(section: Section, bars: Sequence[Bar], period: Period) -> Chart | None:
    """The units, or groups of them, compared in one indicator; None where fewer than two have a figure."""
    indicator = bars_of(section)
    known = [bar for bar in bars if bar.value is not None]
    if indicator is None or len(known) < 2:
        return None
    words = {"title": _with_measure(str(indicator.name), indicator), "period": wording.period_words(period)}
    values = tuple(_on_axis(indicator, bar.value) for bar in known)
    return Chart(
        name=section.code,
        title=_("{title}, {period}").format(**words),
        categories=tuple(bar.name for bar in known),
        units=tuple(bar.units for bar in known),
        series=(Series(str(indicator.name), values, "value", indicator.code),),
        shape="bar",
        description=_("Bar chart, unit by unit: {title}, {period}").format(**words),
    )


def bars_by_unit(indicator: Indicator, summary: Summary, units: Mapping[str, Unit]) -> list[Bar]:
    """Each unit's figure, in the roster's order."""
    values = {code: summary.by_unit.get(code, {}).get(indicator.code) for code in units}
    numbers = {code: value if isinstance(value, int | float) else None for code, value in values.items()}
    return [Bar(unit.name, numbers[code], (code,)) for code, unit in units.items()]


def line_chart(section: Section, by_quarter: ByQuarter, period: Period) -> Chart | None:
    """The section's main figures through the last quarters: that which the form names, else its totals, else
    the figures of its commonest unit of measure. None where fewer than two quarters have any."""
    shown = _amounts(section)
    if section.chart_of:
        chosen = [i for i in section.indicators if i.code == section.chart_of]
    else:
        wholes = {i.part_of for i in shown if i.part_of}
        chosen = [i for i in shown if i.code in wholes] or _of_commonest_measure(shown)
        chosen = [i for i in chosen if i.unit_of_measure == chosen[0].unit_of_measure]
    lines = {i: by_quarter.get(i.code, {}) for i in chosen}
    lines = {i: values for i, values in lines.items() if any(v is not None for v in values.values())}
    quarters = sorted({q for values in lines.values() for q, value in values.items() if value is not None})
    if len(quarters) < 2:
        return None
    through = [q for q in sorted(next(iter(lines.values()))) if q >= quarters[0]]
    lines = dict(list(lines.items())[:_MOST_LINES])
    (first, *others) = lines
    heading = _with_measure(str(section.name if others else first.name), first)
    title = _("{title}, from {first} to {last}").format(
        title=heading,
        first=wording.period_words(through[0], short=True),
        last=wording.period_words(through[-1], short=True),
    )
    return Chart(
        name=section.code,
        title=title,
        categories=tuple(wording.capitalised(wording.period_words(q, short=True)) for q in through),
        series=tuple(
            Series(str(i.name), tuple(_on_axis(i, values.get(q)) for q in through), "value", i.code)
            for i, values in lines.items()
        ),
        shape="line",
        quarters=tuple(through),
        description=_("Line chart, quarter by quarter: {title}, {period}").format(
            title=title, period=wording.period_words(period)
        ),
    )


def quarters_until(last: Quarter) -> tuple[Quarter, ...]:
    """The quarters of a line that ends with `last`, the oldest first."""
    found = [last]
    while len(found) < QUARTERS:
        found.append(found[-1].previous)
    return tuple(reversed(found))


def _amounts(section: Section) -> list[Indicator]:
    """The section's indicators that can be drawn on one axis: numbers that are no shares."""
    return [i for i in section.indicators if i.numeric and not i.computed and i.type is not Type.PERCENT]


def _of_commonest_measure(indicators: list[Indicator]) -> list[Indicator]:
    """The indicators whose unit of measure most of them have; none where they have none."""
    counts = Counter(i.unit_of_measure for i in indicators if i.unit_of_measure)
    if not counts:
        return []
    commonest = counts.most_common(1)[0][0]
    return [i for i in indicators if i.unit_of_measure == commonest]


def _with_measure(title: str, indicator: Indicator) -> str:
    measure = "%" if indicator.type is Type.PERCENT else str(indicator.measure)
    return f"{title} ({measure})" if measure else title


def _on_axis(indicator: Indicator, value: Number | None) -> Number | None:
    """A value as its axis has it: a percentage as so many of a hundred."""
    return value * 100 if value is not None and indicator.type is Type.PERCENT else value
