"""What the Word report says: a content for every tag that its template may hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from types import SimpleNamespace
from typing import Any

from reportctl import wording
from reportctl.content import Chart, Content, Paragraph, Series
from reportctl.figures import KIND_OF, Figure, Summary
from reportctl.form import Form, Indicator, ListSection, Section, Type
from reportctl.heading import heading, lead, recipients
from reportctl.language import Phrase, _, current, ngettext
from reportctl.period import Period, Quarter
from reportctl.roster import Unit
from reportctl.table import About, Column, Kind, Row, Table, Value
from reportctl.table_notes import Missing, names_of
from reportctl.workspace import Settings


@dataclass(frozen=True, slots=True)
class UnitText:
    """One unit's answer to a text question."""

    code: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a unit's list, its values by column code; its quarter and its number in the list."""

    list_code: str
    unit: str
    values: Mapping[str, Value]
    quarter: Quarter | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a report is made from.

    `units` are those of the period by code; `tables` go by the name after `table:` in their tag; `missing`
    are the units of which no report counts, by quarter of a span.
    """

    form: Form
    settings: Settings
    summary: Summary
    units: Mapping[str, Unit]
    texts: tuple[UnitText, ...]
    tables: Mapping[str, Table]
    missing: Missing = field(default_factory=dict)


def contents(material: Material) -> dict[str, Content]:
    """The content of every tag: figures and their phrases, sentences, tables, charts, texts, the heading."""
    form, summary = material.form, material.summary
    issuer, missing = material.settings.issuer, material.missing
    said: dict[str, Content] = dict(heading(issuer, summary.period, material.settings.style))
    said["lead"] = lead(material.settings, summary, material.units, missing)
    said["issuer.recipients"] = recipients(issuer, material.settings.style)
    said |= {
        "units.expected": str(len(summary.coverage.expected)),
        "units.accepted": str(len(summary.coverage.accepted)),
        "units.missing": names_of(summary.coverage.missing, material.units),
    }
    for figure in summary.figures.values():
        said |= _figure_tags(figure, summary.period)
    for section in form.sections:
        said[f"section:{section.code}"] = str(section.name)
        said[f"sentences:{section.code}"] = _sentences(section, material)
        said[f"chart:{section.code}"] = section_chart(section, summary) or ()
    for question in form.texts:
        said[f"text:{question.code}"] = _unit_texts(material, question.code)
    for name, table in material.tables.items():
        said[f"table:{name}"] = table
    return said


def words(said: Mapping[str, Content], form: Form) -> set[str]:
    """The tags of what is words rather than figures: headings, sentences, texts of units."""
    figures = {*form.indicators, "units"}
    return {
        tag
        for tag, content in said.items()
        if isinstance(content, str | tuple)
        and tag.split(".")[0] not in figures
        and not tag.startswith(("table:", "chart:"))
    }


# ---- figures and sentences


def amount(figure: Figure) -> str:
    """A figure in running text, without its unit of measure; empty where there is none."""
    if figure.value is None:
        return ""
    return wording.running_text(figure.value, KIND_OF[figure.indicator.type])


def _change(figure: Figure, against: wording.Against, period: Period) -> str:
    """The change as a clause, over the units that can be compared; empty where there is nothing to say."""
    if against == "year_ago":
        base, change, units = figure.year_ago, figure.change_year_ago, figure.comparable_year_ago
    else:
        base, change, units = figure.previous, figure.change_previous, figure.comparable_previous
    if figure.value is None or base is None:
        return ""
    kind = KIND_OF[figure.indicator.type]
    if change is None:
        clause = wording.change(figure.value, 0, kind, against, period=period) if base == 0 else None
    else:
        # The totals of both periods may be of different units; the fraction never is.
        before = base if kind is Kind.PERCENT else 1
        clause = wording.change(
            before + change,
            before,
            kind,
            against,
            period=period,
            comparable=None if against in figure.of_totals else (units, figure.units_reporting),
        )
    return clause or ""


def _of_plan(figure: Figure, period: Period) -> str:
    return "" if figure.of_plan is None else wording.of_plan(figure.of_plan, period=period)


def _figure_tags(figure: Figure, period: Period) -> dict[str, Content]:
    """The inline tags of one indicator."""
    code, kind = figure.indicator.code, KIND_OF[figure.indicator.type]

    def said(value: Value) -> str:
        return "" if value is None else wording.running_text(value, kind)

    return {
        code: said(figure.value),
        f"{code}.previous": said(figure.previous),
        f"{code}.year_ago": said(figure.year_ago),
        f"{code}.to_date": said(figure.to_date),
        f"{code}.plan": said(figure.plan),
        f"{code}.change_year_ago": _change(figure, "year_ago", period),
        f"{code}.change_previous": _change(figure, "previous", period),
        f"{code}.of_plan": _of_plan(figure, period),
        f"{code}.units": str(figure.units_reporting),
    }


def _slots(figure: Figure, period: Period, expected: int) -> SimpleNamespace:
    """What a sentence pattern can take of one figure; clauses begin with a comma, so they can be empty."""

    def clause(text: str) -> str:
        return f", {text}" if text else ""

    if figure.indicator.type is Type.YES_NO:
        units = int(figure.value or 0)
        value = wording.count_words(units, ngettext("unit", "units", units))
    elif KIND_OF[figure.indicator.type] is Kind.PERCENT:
        value = amount(figure)
    else:
        value = wording.count_words(figure.value or 0, str(figure.indicator.measure))
    return SimpleNamespace(
        value=value,
        change_year_ago=clause(_change(figure, "year_ago", period)),
        change_previous=clause(_change(figure, "previous", period)),
        of_plan=clause(_of_plan(figure, period)),
        units=_("{n}/{of} units").format(n=figure.units_reporting, of=expected),
    )


def sentence(indicator: Indicator, summary: Summary) -> str:
    """The indicator's sentence with its figures; empty where it has none or a figure in it is missing."""
    pattern = _pattern(indicator)
    slots = _all_slots(indicator, summary) if pattern else {}
    try:
        return wording.tidy(pattern.format(**slots)) if slots else ""
    except KeyError:
        return ""


def figures_said(indicator: Indicator, summary: Summary) -> Iterator[tuple[str, str, str]]:
    """The figures and clauses in the indicator's sentence as they stand there, in its order: an indicator's
    code, what of it (one of `form.SLOTS`), the words."""
    if not sentence(indicator, summary):
        return
    slots = _all_slots(indicator, summary)
    for _text, field_name, _spec, _conversion in Formatter().parse(_pattern(indicator)):
        if field_name:
            first, _dot, second = field_name.partition(".")
            code, slot = (first, second) if second else (indicator.code, first)
            words = vars(slots[code])[slot] if second else slots[slot]
            if words := words.removeprefix(", "):
                yield code, slot, wording.tidy(words)


def _pattern(indicator: Indicator) -> str:
    return Phrase(indicator.sentence, indicator.sentence_en).in_language(current())


def _all_slots(indicator: Indicator, summary: Summary) -> dict[str, Any]:
    """What the indicator's sentence can take: its own slots, and other figures' by code; nothing where it
    has no figure."""
    figure = summary.figures.get(indicator.code)
    if figure is None or figure.value is None:
        return {}
    expected = len(summary.coverage.expected)
    others = {
        code: _slots(other, summary.period, expected)
        for code, other in summary.figures.items()
        if other.value is not None
    }
    own = vars(_slots(figure, summary.period, expected))
    if summary.period.previous == summary.period.year_ago and "{change_year_ago}" in _pattern(indicator):
        own["change_previous"] = ""  # of a year both are the same
    return others | own


def _sentences(section: Section, material: Material) -> tuple[Paragraph, ...]:
    """A section's sentences as one paragraph of running text; none where no figure is there."""
    said = [text for indicator in section.indicators if (text := sentence(indicator, material.summary))]
    return (Paragraph(" ".join(said)),) if said else ()


# ---- charts


def section_chart(section: Section, summary: Summary) -> Chart | None:
    """A section's figures beside those of the periods before: parts of a total where it has them, else the
    figures of its commonest unit of measure. None where there are fewer than two to show."""
    shown = [i for i in section.indicators if i.numeric and not i.computed and i.type is not Type.PERCENT]
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
    measure = str(figures[0].indicator.measure)
    heading = f"{section.name} ({measure})" if measure else str(section.name)
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


def _of_commonest_measure(indicators: list[Indicator]) -> list[Indicator]:
    counts = Counter(i.unit_of_measure for i in indicators if i.unit_of_measure)
    if not counts:
        return []
    commonest = counts.most_common(1)[0][0]
    return [i for i in indicators if i.unit_of_measure == commonest]


# ---- texts and events

_BULLETS = ("-", "–", "—", "+", "•", "*", "·")


def _unit_texts(material: Material, code: str) -> tuple[Paragraph, ...]:
    """The units' answers to a text question in the roster's order, each under the unit's name.

    What several units sent in the same words stands once, under all their names.
    """
    senders: dict[str, list[str]] = {}
    order = {unit: n for n, unit in enumerate(material.units)}
    for answer in sorted(material.texts, key=lambda a: order.get(a.unit, len(order))):
        if answer.code == code and answer.text.strip():
            senders.setdefault("\n".join(_lines(answer.text)), []).append(answer.unit)
    said: list[Paragraph] = []
    for text, units in senders.items():
        said += _as_paragraphs(f"{names_of(units, material.units)}: ", text.split("\n"))
    return tuple(said)


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _as_paragraphs(lead: str, lines: list[str]) -> list[Paragraph]:
    """Lines typed in one cell as paragraphs; those that begin with a dash or a bullet as items of a list."""
    said: list[Paragraph] = []
    for line in lines:
        item = line.startswith(_BULLETS)
        text = line.lstrip("".join(_BULLETS)).strip() if item else line
        if item and not said:
            said.append(Paragraph("", lead.strip()))
        said.append(Paragraph(text, lead if not said else "", item))
    return said


_COLUMN_KINDS = {**KIND_OF, Type.YES_NO: Kind.YES_NO}


def events_table(section: ListSection, events: Iterable[Event], units: Mapping[str, Unit]) -> Table:
    """The rows of one list from all units, by date where it has one, then in the roster's order."""
    order = {unit: n for n, unit in enumerate(units)}
    dated = next((column.code for column in section.columns if column.type is Type.DATE), None)
    chosen = [event for event in events if event.list_code == section.code]
    chosen.sort(key=lambda e: (str(e.values.get(dated) or "") if dated else "", order.get(e.unit, 0)))
    columns = (
        Column("number", _("No."), Kind.TEXT, 0.4),
        Column("unit", _("Unit"), Kind.TEXT, 1.4),
        *(
            Column(
                column.code,
                f"{column.name} ({column.unit_of_measure})" if column.unit_of_measure else str(column.name),
                _COLUMN_KINDS[column.type],
                2.4 if column.type is Type.TEXT else 0.9,
            )
            for column in section.columns
        ),
    )
    rows = tuple(
        Row(
            (
                str(number),
                units[event.unit].name if event.unit in units else event.unit,
                *(event.values.get(column.code) for column in section.columns),
            ),
            about=About(event.list_code, (event.unit,), event.quarter, event.number),
        )
        for number, event in enumerate(chosen, 1)
    )
    notes = () if rows else (_("No unit reported any."),)
    return Table(f"list:{section.code}", str(section.name), columns, rows, notes)
