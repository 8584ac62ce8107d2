"""A table as data: typed rows under typed columns, formatted only where it is shown."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum

from reportctl.core.period import Quarter


class Absent(Enum):
    """What a cell holds where it holds no value but says something all the same (None: nobody reported)."""

    NOT_APPLICABLE = "not applicable"
    NOT_ASKED = "not asked"


NOT_APPLICABLE, NOT_ASKED = Absent.NOT_APPLICABLE, Absent.NOT_ASKED


class CellFormat(StrEnum):
    """How the values of a column, or the figures of a row, are written out."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"  # a fraction: 0.125 is shown as 12,5%
    MONEY = "money"
    CHANGE = "change"  # a fraction with its sign: +12,5%
    POINTS = "points"  # the difference of two percentages, with its sign: 0.021 is shown as +2,1 điểm %
    DATE = "date"
    YES_NO = "yes_no"
    FIGURE = "figure"  # columns only: as the row's own kind says


class Role(StrEnum):
    """What a row is to its table."""

    PLAIN = "plain"
    SECTION = "section"  # a heading inside the table: only its first cells are filled
    TOTAL = "total"
    PART = "part"  # a share of the row above it (`trong đó`)


Value = str | int | float | bool | dt.date | Absent | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `width` is its share of the table's width where the medium has no better idea; `under` are
    the headings that it stands below together with its neighbours, the top one first."""

    key: str
    title: str
    kind: CellFormat = CellFormat.TEXT
    width: float = 1.0
    under: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """All that stands above its cells, on one line."""
        return " / ".join((*self.under, self.title))


@dataclass(frozen=True, slots=True)
class Heading:
    """One cell of a table's head: the columns `first` to `last`, the lines `top` to `bottom`, all from 0."""

    text: str
    first: int
    last: int
    top: int
    bottom: int


def headings(columns: Sequence[Column]) -> tuple[Heading, ...]:
    """The head of a table with these columns, line by line: a column's own title reaches down to the last
    line, a heading over several runs across neighbours that stand below the same ones."""
    depth = heading_lines(columns) - 1
    found = []
    for line in range(depth + 1):
        first = 0
        above = [column.under[: line + 1] for column in columns]
        for _same, run in itertools.groupby(zip(above, columns, strict=True), lambda pair: pair[0]):
            group = [column for _above, column in run]
            if len(group[0].under) > line:
                found.append(Heading(group[0].under[line], first, first + len(group) - 1, line, line))
            for at, column in enumerate(group, first):
                if len(column.under) == line:
                    found.append(Heading(column.title, at, at, line, depth))
            first += len(group)
    return tuple(found)


def heading_lines(columns: Sequence[Column]) -> int:
    """How many lines the head of a table with these columns has."""
    return 1 + max((len(column.under) for column in columns), default=0)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the figures of a row are about: the code of an indicator or a list (none: the columns' keys are
    indicators; `table.row`: they are that form's table's columns), and the units (none: the province); of a
    list's row also its quarter and its number there."""

    code: str = ""
    units: tuple[str, ...] = ()
    quarter: Quarter | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell for each column. `kind` says how cells under `FIGURE` and `CHANGE` are written; without
    `about` its cells are no figures that rest on others. `marks`, by the column's key, stand behind numbers:
    over how many units they are, or a sign that is explained below the table. `level`: how many steps it
    stands below others."""

    cells: tuple[Value, ...]
    role: Role = Role.PLAIN
    kind: CellFormat = CellFormat.COUNT
    about: Subject | None = None
    marks: Mapping[str, str] = field(default_factory=dict)
    level: int = 0

    @property
    def depth(self) -> int:
        """How many steps its label is indented."""
        return self.level + (self.role is Role.PART)


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table with notes below it; `name` tells it from the others ("province", "unit:press").

    The first `repeated` columns stand in every part of a table that has to be split for a page; one of which
    none does is not split. `dense`: its rows are looked up rather than read; it is printed small.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    repeated: int = 0
    dense: bool = False

    def with_columns(self, kept: Sequence[int]) -> Table:
        """The table with those of its columns only, in that order."""
        rows = (replace(row, cells=tuple(row.cells[n] for n in kept)) for row in self.rows)
        return replace(self, columns=tuple(self.columns[n] for n in kept), rows=tuple(rows))

    def kind_of(self, row: Row, index: int) -> CellFormat:
        """How the cell of `row` under column `index` is written; percentages change by percentage points."""
        kind = self.columns[index].kind
        if kind is CellFormat.CHANGE and row.kind is CellFormat.PERCENT:
            return CellFormat.POINTS
        return row.kind if kind is CellFormat.FIGURE else kind

    def mark_of(self, row: Row, index: int) -> str:
        """What stands behind the number in the cell of `row` under column `index`; mostly nothing."""
        return row.marks.get(self.columns[index].key, "") if row.marks else ""


def together(columns: Sequence[Column]) -> list[list[int]]:
    """The indexes of columns that are not parted: one with those behind it that say more of it
    (`CODE.of_plan` behind `CODE`)."""
    blocks: list[list[int]] = []
    for index, column in enumerate(columns):
        if blocks and column.key.startswith(f"{columns[blocks[-1][0]].key}."):
            blocks[-1].append(index)
        else:
            blocks.append([index])
    return blocks


def page_breaks(
    widths: Sequence[float], held: int, groups: Iterable[tuple[int, int]], room: float
) -> list[int]:
    """The columns before which another page begins, where each has `room` and the first `held` columns stand
    on every one; those of a group, given by its first and last column, stay together where they fit. Pages
    are as many as needed, and about equally full."""
    inside = {
        column
        for first, last in groups
        if sum((*widths[:held], *widths[first : last + 1])) <= room
        for column in range(first + 1, last + 1)
    }
    breaks = _filled(widths, held, inside, room)
    least = sum(widths[:held]) + max(widths[held:], default=0)
    while breaks and (room := room * 0.97) >= least:
        narrower = _filled(widths, held, inside, room)
        if len(narrower) > len(breaks) or not inside.isdisjoint(narrower):
            break
        breaks = narrower
    return breaks


def _filled(widths: Sequence[float], held: int, inside: Collection[int], room: float) -> list[int]:
    """As `page_breaks`, each page filled as far as it has room; none begins with a column `inside` a group,
    if that can be."""
    breaks: list[int] = []
    begun = end = held  # of the page, and the last place where it can end
    for column in range(held, len(widths)):
        if column not in inside:
            end = column
        if sum((*widths[:held], *widths[begun : column + 1])) > room and column > begun:
            begun = end if end > begun else column
            breaks.append(begun)
    return breaks


# The wide signs are read alike where East Asian settings hold.
_FORMULA = re.compile(r"[\s\0-\x1f]*[=+\-@＝＋－＠]|[\t\r\n\0]")


def reads_as_formula(text: str) -> bool:
    """Whether a spreadsheet program that opens `text` as a cell may take it for a formula.

    Source: OWASP ASVS 5.0, 1.2.10, and CWE-1236: = + - @, tab, line ends and NUL at the beginning.
    """
    return not text[:1].isalnum() and bool(_FORMULA.match(text))


def guarded(text: str) -> str:
    """`text` for a cell of a CSV file: an apostrophe stands before what would be taken for a formula.

    Before a text that begins with an apostrophe stands one more, so that whoever takes one away from the
    beginning of every text has what there was.
    """
    return f"'{text}" if reads_as_formula(text) or text.startswith("'") else text


def unguarded(text: str) -> str:
    """What was `guarded`."""
    return text.removeprefix("'")
