"""Figures of lists that stand in a line of the report: what a column comes to, how many rows there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.table import CellFormat
from reportctl.figures.chosen import summed_columns
from reportctl.figures.lists import ListFigures
from reportctl.figures.sources import FigureSources, Sources
from reportctl.form.indicators import KIND_OF
from reportctl.form.model import Form, ListColumn, ListSection
from reportctl.form.names import whole_heading
from reportctl.word.content import Content

_ROWS = "rows"  # how many there are, where no column has that code


@dataclass(frozen=True, slots=True)
class ListTag:
    """A tag of a list's figure: of the sum of a `column`, or of how many rows there are."""

    section: ListSection
    column: ListColumn | None

    @property
    def tag(self) -> str:
        """How it is spelled: `list.column`, `list.rows`."""
        return f"{self.section.code}.{self.column.code if self.column else _ROWS}"

    @property
    def name(self) -> str:
        """Its words."""
        what = whole_heading(self.column) if self.column else _("Number of rows")
        return f"{self.section.name}: {what}"


def list_tags(form: Form) -> dict[str, ListTag]:
    """The tags of the form's lists: of each column that is added up over units, and of how many rows there
    are."""
    return {one.tag: one for section in form.lists for one in _of_list(section)}


def _of_list(section: ListSection) -> Iterator[ListTag]:
    yield from (ListTag(section, column) for column in summed_columns(section))
    if all(column.code != _ROWS for column in section.columns):
        yield ListTag(section, None)


def list_contents(lists: Iterable[ListFigures]) -> dict[str, Content]:
    """What these tags say, written as the figures of indicators are."""
    found: dict[str, Content] = {}
    for listed in lists:
        for one in _of_list(listed.section):
            value = listed.sums()[one.column.code] if one.column else listed.count()
            kind = KIND_OF[one.column.type] if one.column else CellFormat.COUNT
            found[one.tag] = wording.running_text(value, kind)
    return found


def sources_of(one: ListTag, listed: ListFigures, sources: Sources) -> FigureSources:
    """What the figure of a tag rests on."""
    if one.column:
        return sources.of_list_sum(one.section.code, one.column.code)
    units = {record.unit for record in listed.records}
    return sources.of_list_rows(one.section.code, listed.period, units)


def remarks(lists: Iterable[ListFigures], tags: Iterable[str]) -> Iterator[str]:
    """A sentence for each of the `tags` whose figure lacks something that no sign says in a line of text."""
    printed = {*tags}
    for listed in lists:
        marks = listed.marks()
        for one in _of_list(listed.section):
            if one.tag in printed and (one.column.code if one.column else _ROWS) in marks:
                yield _("“{tag}” lacks something: reportctl trace {code} {period} says what.").format(
                    tag=one.tag, code=one.tag if one.column else one.section.code, period=listed.period
                )
