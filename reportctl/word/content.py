"""What goes into a tagged place of the Word report: a text, paragraphs, a table, a chart, a reference."""

from __future__ import annotations

from dataclasses import dataclass

from reportctl.core.period import Quarter
from reportctl.core.table import Table


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of text. `lead` is said in bold before `text`; an item belongs to a bulleted list."""

    text: str
    lead: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars or one line: a value for each category of its chart, None where there is none. `key`
    says which figure of an indicator the values are ("value", "previous", "year_ago"), `code` of which one
    where the chart's categories are no indicators."""

    name: str
    values: tuple[float | None, ...]
    key: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart: `shape` is "column", "bar" or "line"; `description` is its alternative text; its
    categories are the indicators `codes`, or the units of `units`, or `quarters`."""

    name: str
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    shape: str = "column"
    description: str = ""
    codes: tuple[str, ...] = ()
    units: tuple[tuple[str, ...], ...] = ()
    quarters: tuple[Quarter, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossReference:
    """Within a line: which table or chart stands in the control `tag`, such as “Bảng 3”."""

    tag: str


@dataclass(frozen=True, slots=True)
class TableOfContents:
    """The document's table of contents."""


Content = str | tuple[Paragraph, ...] | Table | Chart | CrossReference | TableOfContents


def stands_in_line(content: Content) -> bool:
    """Whether a content stands within a line, and not in paragraphs of its own."""
    return isinstance(content, str | CrossReference)
