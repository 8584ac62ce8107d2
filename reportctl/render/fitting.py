"""Making a table fit a terminal: which columns are shown, how wide each is, in how many blocks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportctl.core import wording
from reportctl.core.letters import plain
from reportctl.core.table import CellFormat, Role, Table, together

GAP = 2  # columns of the terminal between two columns of a table
INDENT = 2  # before what is a part of the row above it
_LABEL = 24  # room at least for what names a row
_WORD = 16  # and at most for the longest word of other texts; longer ones are broken
_HEADING = 16  # room at most for a heading over numbers that need less
_LINES = 6  # of a heading over numbers, about, before it gets more room
_NAMING = frozenset({"label", "unit", "name", "cell"})  # columns whose texts are broken last
_CODE = "code"  # the column of what people type again, which is never broken
# Columns that can be missed, the least important first. One order for the tables of all commands: how
# important a column is shows only beside the others, and it is asked here alone.
_LEAST_FIRST = (
    "number", "whole_previous", "whole_year_ago", "plan", "change_previous", "value_previous", "previous",
    "kind", "by", "modified", "raw", "period", "filled", "deadline", "late", "of_plan", "to_date",
)  # fmt: skip
# Signs that take one column each: nearly everything that is ever said.
_SINGLE = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u1ea0-\u1ef9\u2010-\u2027\u2190-\u2199\u2212\u2500]*")


@dataclass(frozen=True, slots=True)
class FittedBlock:
    """Some columns of a table, each with its width."""

    table: Table
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FittedTable:
    """What is shown of a table: one block below the other, and the titles of columns that have no room."""

    blocks: tuple[FittedBlock, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Room:
    """What a column needs at least and likes at best, in columns of the terminal; `share` as `Column.width`.

    Numbers stay whole, texts break between words.
    """

    least: int
    ideal: int
    share: float
    numeric: bool


def cell_len(text: str) -> int:
    """The columns of the terminal that `text` takes."""
    if _SINGLE.fullmatch(text):
        return len(text)
    from rich.cells import cell_len  # its tables are needed for other signs only

    return cell_len(text)


def label_column(table: Table) -> int:
    """The index of the column that names the rows, in which parts of a whole are indented."""
    return next((n for n, column in enumerate(table.columns) if column.key != "number"), 0)


def fit(table: Table, width: int) -> FittedTable:
    """`table` for a terminal of `width` columns.

    What does not fit: the unit of measure goes behind the label, then the least important columns go; a
    table of columns that are all alike is cut into blocks that each begin with the names of its rows.
    """
    if not _fits(_rooms(table), width):
        table = _measure_in_label(table)
    # Texts that are short stay in one line, unless a column would have to go for that.
    for comfortable in (True, False):
        rooms = _rooms(table, comfortable=comfortable)
        kept = list(range(len(rooms)))
        # The keys of a table by unit are the form's codes, whatever they read like; its columns are alike.
        for key in ("number",) if table.name.startswith(("unit:", "matrix:")) else _LEAST_FIRST:
            if _fits([rooms[n] for n in kept], width) or len(kept) == 2:
                break
            kept = [n for n in kept if table.columns[n].key != key or not _can_be_missed(table, n)]
        if _fits([rooms[n] for n in kept], width):
            break
    dropped = (c.heading for n, c in enumerate(table.columns) if n not in kept and c.key != "number")
    blocks = (
        FittedBlock(table.with_columns(block), _widths([rooms[n] for n in block], width))
        for block in _blocks(table, rooms, kept, width)
    )
    return FittedTable(tuple(blocks), tuple(dropped))


def _can_be_missed(table: Table, index: int) -> bool:
    """Whether a column may go: a period only where all rows are of the same, which the title says."""
    cells = {row.cells[index] for row in table.rows if row.role is not Role.TOTAL}
    return table.columns[index].key != "period" or len(cells) == 1


def _measure_in_label(table: Table) -> Table:
    """`table` with the units of measure in brackets behind the labels, if it has columns of both."""
    keys = [column.key for column in table.columns]
    if "measure" not in keys or "label" not in keys:
        return table
    label, measure = keys.index("label"), keys.index("measure")
    rows = []
    for row in table.rows:
        cells = list(row.cells)
        if cells[measure]:
            cells[label] = f"{cells[label]} ({cells[measure]})"
        rows.append(replace(row, cells=tuple(cells)))
    others = [n for n in range(len(keys)) if n != measure]
    return replace(table, rows=tuple(rows)).with_columns(others)


def _blocks(table: Table, rooms: Sequence[_Room], kept: list[int], width: int) -> list[list[int]]:
    """The columns `kept` as blocks that fit, each with the texts that the rows begin with.

    What part of a plan a figure is (`code.of_plan`) stands in the block of the figure.
    """
    leading = list(itertools.takewhile(lambda n: table.columns[n].kind is CellFormat.TEXT, kept))
    if not leading or len(leading) == len(kept) or _fits([rooms[n] for n in kept], width):
        return [kept]
    blocks = [list(leading)]
    others = kept[len(leading) :]
    single = [[others[n] for n in block] for block in together([table.columns[n] for n in others])]
    for _heading, run in itertools.groupby(single, lambda block: table.columns[block[0]].under[:1] or block):
        pieces = list(run)
        whole = [n for piece in pieces for n in piece]
        # What stands below one heading is parted only where it must be.
        if _fits([rooms[n] for n in (*leading, *whole)], width):
            pieces = [whole]
        for columns in pieces:
            if len(blocks[-1]) > len(leading) and not _fits(
                [rooms[m] for m in (*blocks[-1], *columns)], width
            ):
                blocks.append(list(leading))
            blocks[-1] += columns
    return blocks


def _fits(rooms: Sequence[_Room], width: int) -> bool:
    return sum(room.least for room in rooms) + GAP * (len(rooms) - 1) <= width


def _widths(rooms: Sequence[_Room], width: int) -> tuple[int, ...]:
    """Every column's least width; of what is left, headings over numbers get theirs before texts do.

    Where not even the least widths fit, all columns give way alike.
    """
    widths = [room.least for room in rooms]
    spare = width - sum(widths) - GAP * (len(rooms) - 1)
    for _column in range(spare):
        wanting = [n for n, room in enumerate(rooms) if widths[n] < room.ideal]
        if not wanting:
            break
        widths[max(wanting, key=lambda n: (rooms[n].numeric, rooms[n].share / widths[n]))] += 1
    for n in range(len(widths)):
        if spare < 0:
            less = min(max(widths[n] - 1, 0), -(spare // (len(widths) - n)))
            widths[n] -= less
            spare += less
    return tuple(widths)


def _rooms(table: Table, *, comfortable: bool = False) -> list[_Room]:
    """What each column needs. `comfortable`: short texts stay in one line."""
    rooms = []
    for index, column in enumerate(table.columns):
        title, label = plain(column.title), index == label_column(table)
        cells = [
            (plain(wording.text_in(table, row, index)), row.depth)
            for row in table.rows
            if row.role is not Role.SECTION
        ]
        longest = max((cell_len(text) + INDENT * depth * label for text, depth in cells), default=1)
        word = _longest_word([title, *map(plain, column.under)])  # in its block it may stand alone
        if column.kind is not CellFormat.TEXT:
            least = max(word, longest, -(-cell_len(title) // _LINES) + 1)
            ideal = max(least, min(-(-cell_len(title) // 2) + 2, _HEADING))
        else:
            unbroken = longest if comfortable else _longest_word(text for text, _depth in cells)
            least = max(word, min(unbroken, _WORD))
            if column.key == _CODE:
                least = longest
            elif column.key in _NAMING:
                least = max(least, min(_LABEL, longest))
            ideal = max(longest, cell_len(title))
            least = min(least, ideal)
        rooms.append(_Room(least, ideal, column.width, column.kind is not CellFormat.TEXT))
    return rooms


def _longest_word(texts: Iterable[str]) -> int:
    return max((cell_len(word) for text in texts for word in text.split()), default=1)
