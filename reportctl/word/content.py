"""What goes into a tagged place of the Word report: a text, paragraphs, a table, a chart, a reference."""

from __future__ import annotations

from dataclasses import dataclass

from reportctl.core.period import Quarter
from reportctl.core.table import Table

_CELL = 3  # parts of the code of a table's cell: table, row, column


@dataclass(frozen=True, slots=True)
class Tag:
    """The name of a content control, taken apart: `kind:name` or `name.part`.

    `table:province` is of the kind "table"; `press_total.change_year_ago` is of no kind, the name is the code
    of an indicator, the part says which of its figures or phrases. The code of a table's cell has two dots
    itself: `rooms.n1.public.year_ago`. The name of a reference is itself a tag: `ref:table:province`.
    """

    kind: str
    name: str
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> Tag:
        """The tag that is spelled `text`."""
        kind, colon, name = text.partition(":")
        if colon:
            return cls(kind, name)
        names = text.split(".")
        own = 1 if len(names) < _CELL else _CELL
        return cls("", ".".join(names[:own]), ".".join(names[own:]))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of text. `lead` is printed in bold before `text`; an `item` belongs to a list."""

    text: str
    lead: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars or one line of a chart: a value for each of the chart's categories, None where there is
    none. `key` says which figure of an indicator the values are ("value", "previous", "year_ago"); `code` is
    that indicator, where the categories are units or quarters. Of a line, the points at `hollow` are drawn
    empty. `quarters` are those of its values, where they are not the chart's."""

    name: str
    values: tuple[float | None, ...]
    key: str = ""
    code: str = ""
    hollow: tuple[int, ...] = ()
    quarters: tuple[Quarter, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart. `shape` is "column", "bar" or "line"; `description` is its alternative text. The
    categories are the indicators `codes`, or the `units` (each the codes of one bar's units), or `quarters`.
    """

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
    """Within a line: the number of the table or chart in the control `tag`, such as “Bảng 3”."""

    tag: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Within a line: a picture, as the bytes of its file, called `name`."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class TableOfContents:
    """The document's table of contents."""


Content = str | tuple[Paragraph, ...] | Table | Chart | CrossReference | Picture | TableOfContents


def stands_in_line(content: Content) -> bool:
    """Whether a content takes a place within a line, and not paragraphs of its own."""
    return isinstance(content, str | CrossReference | Picture)
