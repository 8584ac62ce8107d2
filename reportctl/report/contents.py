"""What the Word report says: a content for every tag that its template may hold."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.core.table import CellFormat, Column, Row, Subject, Table, Value
from reportctl.figures.figures import Summary
from reportctl.figures.notes import Missing, names_of
from reportctl.form.model import KIND_OF, Form, ListSection, Type
from reportctl.report import unit_texts
from reportctl.report.heading import heading, lead, recipients
from reportctl.report.sentences import figure_tags, section_sentences
from reportctl.report.unit_texts import PrintedText, UnitText
from reportctl.word.content import Chart, Content, CrossReference, Paragraph, TableOfContents
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Unit


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a unit's list, its values by column code; its quarter and its number in the list."""

    list_code: str
    unit: str
    values: Mapping[str, Value]
    quarter: Quarter | None = None
    number: int = 0


@dataclass(frozen=True)
class ReportData:
    """Everything that a report is made from.

    `units` are those of the period by code; `tables` go by the name after `table:` in their tag, `charts` by
    their section's code; `missing` are the units of which no report counts, by quarter of a span.
    """

    form: Form
    settings: Settings
    summary: Summary
    units: Mapping[str, Unit]
    texts: tuple[UnitText, ...]
    tables: Mapping[str, Table]
    missing: Missing = field(default_factory=dict)
    charts: Mapping[str, Chart] = field(default_factory=dict)

    @functools.cached_property
    def answers(self) -> dict[str, tuple[PrintedText, ...]]:
        """The units' answers to every text question, as they are printed."""
        return {
            question.code: unit_texts.answers(self.texts, question.code, self.units, self.settings)
            for question in self.form.texts
        }


def contents(material: ReportData) -> dict[str, Content]:
    """The content of every tag: figures and their phrases, sentences, tables, charts, texts, the heading."""
    form, summary = material.form, material.summary
    issuer = material.settings.issuer
    said: dict[str, Content] = dict(heading(issuer, summary.period, material.settings.style))
    said["lead"] = _lead(material)
    said["issuer.recipients"] = recipients(issuer, material.settings.style)
    said |= {
        "units.expected": str(len(summary.coverage.expected)),
        "units.accepted": str(len(summary.coverage.accepted)),
        "units.missing": names_of(summary.coverage.missing, material.units),
    }
    for figure in summary.figures.values():
        said |= figure_tags(figure, summary.period)
    for section in form.sections:
        said[f"section:{section.code}"] = str(section.name)
        said[f"sentences:{section.code}"] = section_sentences(section, summary)
        said[f"chart:{section.code}"] = material.charts.get(section.code) or ()
    for question in form.texts:
        answers = material.answers[question.code]
        said[f"text:{question.code}"] = unit_texts.paragraphs(answers, material.units)
    for name, table in material.tables.items():
        said[f"table:{name}"] = table
    said |= {f"ref:{tag}": CrossReference(tag) for tag in said if tag.startswith(("table:", "chart:"))}
    said["toc"] = TableOfContents()
    return said


def _lead(material: ReportData) -> tuple[Paragraph, ...]:
    """The lead-in; of several quarters it says whose texts follow, which are not added up."""
    summary = material.summary
    said = lead(material.settings, summary, material.units, material.missing)
    if len(summary.period.quarters) < 2 or not material.texts:
        return said
    quarter = wording.period_words(summary.period.last)
    note = wording.tidy(_("Texts of the units are those of {quarter}.").format(quarter=quarter))
    return (*said[:-1], Paragraph(f"{said[-1].text} {note}"))


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


# ---- events

_COLUMN_KINDS = {**KIND_OF, Type.YES_NO: CellFormat.YES_NO}


def events_table(section: ListSection, events: Iterable[Event], units: Mapping[str, Unit]) -> Table:
    """The rows of one list from all units, by date where it has one, then in the roster's order."""
    order = {unit: n for n, unit in enumerate(units)}
    dated = next((column.code for column in section.columns if column.type is Type.DATE), None)
    chosen = [event for event in events if event.list_code == section.code]
    chosen.sort(key=lambda e: (str(e.values.get(dated) or "") if dated else "", order.get(e.unit, 0)))
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.4),
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
            about=Subject(event.list_code, (event.unit,), event.quarter, event.number),
        )
        for number, event in enumerate(chosen, 1)
    )
    notes = () if rows else (_("No unit reported any."),)
    return Table(f"list:{section.code}", str(section.name), columns, rows, notes)
