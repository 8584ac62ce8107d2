"""What goes into a tagged place of the Word report: a text, paragraphs, a table or a chart."""

from __future__ import annotations

from dataclasses import dataclass

from reportctl.table import Table


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of text. `lead` is said in bold before `text`; an item belongs to a bulleted list."""

    text: str
    lead: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars or one line: a value for each category of its chart, None where there is none. `key`
    says which figure of an indicator the values are ("value", "previous", "year_ago")."""

    name: str
    values: tuple[float | None, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart: `shape` is "column", "bar" or "line"; `description` is its alternative text, `codes`
    the indicators that its categories are."""

    name: str
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    shape: str = "column"
    description: str = ""
    codes: tuple[str, ...] = ()


Content = str | tuple[Paragraph, ...] | Table | Chart
