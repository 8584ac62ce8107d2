"""The charts of a section: its figures beside those of other periods, its units, its last quarters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.figures.figures import Figure, Number, Summary
from reportctl.figures.tables import compared_columns
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Section
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
    rows = _compared_series(figures, period)
    series = tuple(
        Series(wording.capitalised(name), tuple(_compared_value(f, key) for f in figures), key)
        for key, name in rows
    )
    series = tuple(one for one in series if any(value is not None for value in one.values))
    heading = _with_measure(str(section.name), figures[0].indicator)
    return Chart(
        name=section.code,
        title=_("{title}, {period}").format(title=heading, period=wording.period_title(period)),
        categories=tuple(str(f.indicator.name) for f in figures),
        series=series,
        description=_("Column chart: {title}, {period}").format(
            title=heading, period=wording.period_title(period)
        ),
        codes=tuple(f.indicator.code for f in figures),
    )


def quarters_chart(
    section: Section, by_quarter: ByQuarter, period: Period, short: Collection[Quarter] = ()
) -> Chart | None:
    """The quarters of a span beside those of the year before, in the section's main figure; None where fewer
    than two have any.

    They are whole totals; quarters in which units are missing (`short`) are named in the title.
    """
    indicator = bars_of(section)
    values = by_quarter.get(indicator.code, {}) if indicator else {}
    years = (tuple(q.year_ago for q in period.quarters), period.quarters)
    drawn = [year for year in years if any(values.get(quarter) is not None for quarter in year)]
    if indicator is None or sum(values.get(quarter) is not None for year in drawn for quarter in year) < 2:
        return None
    title = _("{title}, {period}").format(
        title=_with_measure(str(indicator.name), indicator), period=wording.period_title(period)
    )
    lacking = [quarter for year in drawn for quarter in year if quarter in short]
    if lacking:
        quarters = ", ".join(wording.period_words(quarter, short=True) for quarter in lacking)
        title += " " + _("(units are missing in {quarters})").format(quarters=quarters)
    return Chart(
        name=section.code,
        title=title,
        categories=tuple(
            wording.capitalised(wording.period_words_alone(quarter, short=True))
            for quarter in period.quarters
        ),
        series=tuple(
            Series(
                str(year[0].year),
                tuple(_on_axis(indicator, values.get(quarter)) for quarter in year),
                "value",
                indicator.code,
                quarters=year,
            )
            for year in drawn
        ),
        description=_("Column chart, the quarters beside those of the year before: {title}").format(
            title=title
        ),
    )


def _compared_series(figures: Sequence[Figure], period: Period) -> list[tuple[str, str]]:
    """The series of a column chart, key and name: bases beside this period's figures over the same units.

    Where some figure covers more than was compared, compared values stand beside compared bases, one row for
    both comparisons where it is the same.
    """
    this, year_ago = wording.period_words(period, short=True), wording.year_ago_words(period)
    previous = wording.previous_words(period) if period.previous != period.year_ago else None
    bases = [("year_ago", year_ago), *([("previous", previous)] if previous else [])]
    keys = compared_columns(figures)
    over = _("{period}, units compared").format(period=this)
    beside = _("{period} (beside {base})")
    if not keys:
        return [*bases, ("value", this)]
    if keys == ("value_compared",):
        return [*bases, ("value_compared", over)]
    return [
        row
        for key, base in bases
        for row in ((key, base), (f"value_{key}", beside.format(period=this, base=base)))
    ]


def _compared_value(figure: Figure, key: str) -> Number | None:
    """The figure of a series with that key."""
    year_ago, previous = figure.against_year_ago, figure.against_previous
    match key:
        case "year_ago" | "previous":
            return figure.against(key).base
        case "value_year_ago":
            return year_ago.value
        case "value_previous":
            return previous.value
        case "value_compared":
            return previous.value if year_ago.value is None else year_ago.value
    return figure.value


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
    words = {"title": _with_measure(str(indicator.name), indicator), "period": wording.period_title(period)}
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


def line_chart(
    section: Section, by_quarter: ByQuarter, period: Period, short: Collection[Quarter] = ()
) -> Chart | None:
    """The section's main figures through the last quarters: that which the form names, else its totals, else
    the figures of its commonest unit of measure. None where fewer than two quarters have any.

    They are whole totals; quarters in which units are missing (`short`) are drawn hollow.
    """
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
    if {*through} & {*short}:
        title += " " + _("(hollow: units are missing)")
    return Chart(
        name=section.code,
        title=title,
        categories=tuple(wording.capitalised(wording.period_words(q, short=True)) for q in through),
        series=tuple(
            Series(
                str(i.name),
                tuple(_on_axis(i, values.get(q)) for q in through),
                "value",
                i.code,
                hollow=tuple(at for at, q in enumerate(through) if q in short),
            )
            for i, values in lines.items()
        ),
        shape="line",
        quarters=tuple(through),
        description=_("Line chart, quarter by quarter: {title}, {period}").format(
            title=title, period=wording.period_title(period)
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
