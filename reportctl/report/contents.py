"""The content of the Word report: one for every tag that its template may hold."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field

from reportctl.core import wording
from reportctl.core.language import N_, _
from reportctl.core.table import Table
from reportctl.figures.figures import Summary
from reportctl.figures.lists import ListFigures
from reportctl.figures.notes import names_of
from reportctl.figures.of_unit import UnitFigures
from reportctl.form.model import Form
from reportctl.form.tables import TableCell
from reportctl.report import text_groups, unit_texts
from reportctl.report.addressed import NAMES, Elsewhere
from reportctl.report.heading import heading, lead, recipients
from reportctl.report.list_figures import list_contents, list_tags
from reportctl.report.movements import ASSESSMENT, MOVEMENTS, of_assessment, of_movements
from reportctl.report.rankings import RANKINGS, of_rankings
from reportctl.report.said import Statement, paragraphs
from reportctl.report.sentences import figure_tags, ranking_tags, section_sentences
from reportctl.report.text_groups import TextGroup
from reportctl.report.unit_texts import PrintedText, UnitText
from reportctl.word.content import Chart, Content, CrossReference, Paragraph, TableOfContents, Tag
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Unit

_IN_GROUPS = N_(
    "A point made by several units, or by one in several quarters, appears once, with the "
    "range of its figures; the texts as they were sent are in the reports for the single "
    "quarters."
)
ALL_SENTENCES = "sentences:all"  # of a form with a section of that code they are that section's


@dataclass(frozen=True)
class ReportData:
    """Everything that a report is made from.

    `units` are those of the period by code; `tables` go by the name in their tag, `charts` by their section's
    code; `lists` are what the form's lists come to. `cells` are the codes of the cells of tables that have
    tags: a big form has very many (None: all). `unit` are the figures of the unit that the document is of,
    None where it is the province's; `elsewhere` has those of all units and of other periods.
    """

    form: Form
    settings: Settings
    summary: Summary
    units: Mapping[str, Unit]
    texts: tuple[UnitText, ...]
    tables: Mapping[str, Table]
    charts: Mapping[str, Chart] = field(default_factory=dict)
    lists: tuple[ListFigures, ...] = ()
    cells: Collection[str] | None = None
    unit: UnitFigures | None = None
    elsewhere: Elsewhere | None = None

    @functools.cached_property
    def texts_in_body(self) -> tuple[UnitText, ...]:
        """The units' texts that the body is made from; the annex has them all."""
        return unit_texts.still_to_come(self.texts, self.form, self.summary.period)

    @functools.cached_property
    def answers(self) -> dict[str, tuple[PrintedText, ...]]:
        """The units' answers to every text question, as they are printed."""
        return {
            question.code: unit_texts.answers(self.texts_in_body, question.code, self.units, self.settings)
            for question in self.form.texts
        }

    @functools.cached_property
    def groups(self) -> dict[str, tuple[TextGroup, ...]]:
        """What the units' answers in the body come to, in groups, by text question."""
        return self._grouped(self.texts_in_body)

    @property
    def all_groups(self) -> dict[str, tuple[TextGroup, ...]]:
        """What all of the units' answers come to, in groups, by text question."""
        return self.groups if self.texts_in_body == self.texts else self._grouped(self.texts)

    def _grouped(self, texts: Collection[UnitText]) -> dict[str, tuple[TextGroup, ...]]:
        return {
            question.code: text_groups.groups(texts, question.code, self.units, self.form, self.settings)
            for question in self.form.texts
        }

    @functools.cached_property
    def statements(self) -> dict[str, tuple[Statement, ...]]:
        """What the program says of the figures as a whole, by tag; a question of the form with that code goes
        before it."""
        found = {
            MOVEMENTS: of_movements(self.summary, self.form),
            ASSESSMENT: of_assessment(self.summary, self.form),
            RANKINGS: of_rankings(self.summary, self.units),
        }
        asked = {f"text:{question.code}" for question in self.form.texts}
        return {tag: said for tag, said in found.items() if tag not in asked}

    @functools.cached_property
    def rankings(self) -> dict[str, Statement]:
        """The units ahead and behind in each figure that has tags, by tag."""
        found: dict[str, Statement] = {}
        for figure in map(self.summary.figures.__getitem__, filter(self.has_tags, self.summary.figures)):
            found |= ranking_tags(figure, self.summary, self.units)
        return found

    @property
    def is_short(self) -> bool:
        """Whether the report is of several quarters, and such are to be kept short."""
        return len(self.summary.period.quarters) > 1 and self.settings.report.spans == "short"

    def has_tags(self, code: str) -> bool:
        """Whether a figure has inline tags."""
        of_table = isinstance(self.form.indicators[code], TableCell)
        return self.cells is None or code in self.cells or not of_table


def contents(data: ReportData) -> dict[str, Content]:
    """The content of every tag: figures and their phrases, sentences, tables, charts, texts, the heading."""
    form, settings, summary = data.form, data.settings, data.summary
    found: dict[str, Content] = dict(heading(settings.issuer, summary.period, settings.style))
    found["lead"] = lead(settings, summary, data.units)
    found["issuer.recipients"] = recipients(settings.issuer, settings.style)
    found |= {
        "units.expected": str(len(summary.coverage.expected)),
        "units.accepted": str(len(summary.coverage.accepted)),
        "units.missing": names_of(summary.coverage.missing, data.units),
    }
    for code, figure in summary.figures.items():
        if data.has_tags(code):
            found |= figure_tags(figure, summary.period)
    found |= list_contents(data.lists)
    found |= {tag: wording.tidy(one.text) for tag, one in data.rankings.items()}
    for section in form.sections:
        found[f"section:{section.code}"] = str(section.name)
        found[f"sentences:{section.code}"] = section_sentences(section, summary, data.units)
        found[f"chart:{section.code}"] = data.charts.get(section.code) or ()
    found.setdefault(ALL_SENTENCES, _all_sentences(data))
    found |= {tag: paragraphs(said) for tag, said in data.statements.items()}
    found |= _texts(data)
    for name, table in data.tables.items():
        found[f"table:{name}"] = table
    found |= {f"ref:{tag}": CrossReference(tag) for tag in found if Tag.parse(tag).kind in ("table", "chart")}
    found["toc"] = TableOfContents()
    return found


def _all_sentences(data: ReportData) -> tuple[Paragraph, ...]:
    """The sentences of all sections, a paragraph each below the section's name; the order of units is left
    to `text:rankings`."""
    said = (
        (str(section.name), section_sentences(section, data.summary, data.units, rank=False))
        for section in data.form.sections
    )
    return tuple(
        Paragraph(one.text, lead=f"{name}: ", item=True) for name, paragraphs in said for one in paragraphs
    )


def _texts(data: ReportData) -> dict[str, Content]:
    """What the units wrote: in the body, and as it came in the annex, as `report.texts` says; where it says
    that they are not printed there, the annex has nothing to say."""
    form, settings, units = data.form, data.settings, data.units
    found: dict[str, Content] = {}
    for question in form.texts:
        if settings.report.texts == "body":
            found[f"text:{question.code}"] = unit_texts.paragraphs(data.answers[question.code], units)
        else:
            found[f"text:{question.code}"] = text_groups.paragraphs(
                data.groups[question.code], units, settings
            )
    whole: Mapping[str, tuple[Paragraph, ...]] = {question.code: () for question in form.texts}
    together: tuple[Paragraph, ...] = ()
    if settings.report.texts == "annex" and data.is_short:
        whole = {
            code: (
                *(bullet.paragraph for bullet in text_groups.in_full(groups, units, settings)),
                *unit_texts.silent(data.texts, code, units),
            )
            for code, groups in data.all_groups.items()
        }
        together = unit_texts.under_headings(whole, form)
        if together:
            together = (Paragraph(_(_IN_GROUPS)), *together)
    elif settings.report.texts == "annex":
        whole = unit_texts.whole(data.texts, form, units)
        together = unit_texts.under_headings(whole, form)
    found |= {f"annex:text:{code}": said for code, said in whole.items()}
    found["annex:texts"] = together
    return found


def says_figures(tag: str) -> bool:
    """Whether a tag is of sentences that are made from figures: these are renewed in edited texts too."""
    parsed = Tag.parse(tag)
    return parsed.kind == "sentences" or parsed.name == "lead" or tag in (MOVEMENTS, RANKINGS)


def is_mended(tag: str) -> bool:
    """Whether an edited text of a tag has its figures renewed between the edits: sentences, and the
    assessment, which is there to be written anew, so that nothing is missed in it."""
    return says_figures(tag) or tag == ASSESSMENT


@dataclass(frozen=True)
class Words(Container[str]):
    """The tags of what is words rather than figures, also where it is made when it is asked for:
    headings, sentences, texts of units, names of units and figures; without those to `renew`."""

    contents: Mapping[str, Content]
    form: Form
    renew: Collection[str] = ()

    def __contains__(self, tag: object) -> bool:
        if not isinstance(tag, str) or tag in self.renew:
            return False
        content = self.contents.get(tag)
        return isinstance(content, str | tuple) and not self._of_figures(tag)

    def _of_figures(self, tag: str) -> bool:
        figure = Tag.parse(re.split("[:@]", tag)[0])
        if not figure.kind and figure.name in self.form.indicators:
            return figure.part not in NAMES
        if tag in list_tags(self.form):
            return True
        parsed = Tag.parse(tag)
        return parsed.kind in ("table", "chart") or (not parsed.kind and parsed.name == "units")
