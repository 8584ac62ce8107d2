"""Making a table fit a terminal: which columns are shown, how wide each is, in how many blocks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from reportctl.core import wording
from reportctl.core.table import CellFormat, Role, Row, Table
from reportctl.render.wrapping import cell_len

GAP = 2  # columns of the terminal between two columns of a table
INDENT = 2  # before what is a part of the row above it
_LABEL = 24  # room at least for what names a row
_WORD = 16  # and at most for the longest word of other texts; longer ones are broken
_HEADING = 16  # room at most for a heading over numbers that need less
_LINES = 6  # of a heading over numbers, about, before it gets more room
_NAMING = frozenset({"label", "unit", "name", "cell"})
_CODE = "code"  # the column of what people type again, which is never broken
_LEAST_FIRST = (
    "number", "plan", "change_previous", "previous", "kind", "by", "modified", "raw", "period", "filled",
    "deadline", "late", "of_plan", "to_date",
)  # fmt: skip

Plain = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Room:
    """What a column needs at least and likes at best: numbers stay whole, texts break between words."""

    least: int
    ideal: int
    share: float
    numeric: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """A table with the width of each of its columns."""

    table: Table
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """What is shown of a table: one block below the other, and the titles of what has no room."""

    blocks: tuple[Fitted, ...]
    dropped: tuple[str, ...]


def fit(table: Table, width: int, plain: Plain) -> Fit:
    """`table` for a terminal of `width` columns; `plain` says how its texts are shown.

    What does not fit: the unit of measure goes behind the label, then the least important columns go; a
    table of columns that are all alike is cut into blocks that each begin with the names of its rows.
    """
    if not _fits(_rooms(table, plain), width):
        table = _measure_in_label(table)
    rooms = _rooms(table, plain, comfortable=True)
    kept = _kept(table, rooms, width)
    if not _fits([rooms[n] for n in kept], width):
        rooms = _rooms(table, plain)
        kept = _kept(table, rooms, width)
    dropped = (c.title for n, c in enumerate(table.columns) if n not in kept and c.key != "number")
    blocks = (
        Fitted(_only(table, block), _widths([rooms[n] for n in block], width))
        for block in _blocks(table, rooms, kept, width)
    )
    return Fit(tuple(blocks), tuple(dropped))


def _kept(table: Table, rooms: Sequence[_Room], width: int) -> list[int]:
    """The columns that stay: of those that can be missed, as few as possible go."""
    kept = list(range(len(rooms)))
    # The keys of a table by unit are the form's codes, whatever they read like; its columns are all alike.
    for key in ("number",) if table.name.startswith("unit:") else _LEAST_FIRST:
        if _fits([rooms[n] for n in kept], width) or len(kept) == 2:
            break
        kept = [n for n in kept if table.columns[n].key != key or not _can_be_missed(table, n)]
    return kept


def _can_be_missed(table: Table, index: int) -> bool:
    """Whether a column may go: a period only where all rows are of the same, which the title says."""
    cells = {row.cells[index] for row in table.rows if row.role is not Role.TOTAL}
    return table.columns[index].key != "period" or len(cells) == 1


def _only(table: Table, indices: Sequence[int]) -> Table:
    return replace(
        table,
        columns=tuple(table.columns[n] for n in indices),
        rows=tuple(replace(row, cells=tuple(row.cells[n] for n in indices)) for row in table.rows),
    )


def _measure_in_label(table: Table) -> Table:
    keys = [column.key for column in table.columns]
    if "measure" not in keys or "label" not in keys:
        return table
    label, measure = keys.index("label"), keys.index("measure")

    def folded(row: Row) -> Row:
        cells = list(row.cells)
        if cells[measure]:
            cells[label] = f"{cells[label]} ({cells[measure]})"
        return replace(row, cells=tuple(cells))

    rows = tuple(folded(row) for row in table.rows)
    return _only(replace(table, rows=rows), [n for n in range(len(keys)) if n != measure])


def _blocks(table: Table, rooms: Sequence[_Room], kept: list[int], width: int) -> list[list[int]]:
    """The columns `kept` as blocks that fit, each with the texts that the rows begin with.

    What part of a plan a figure is (`code.of_plan`) stands in the block of the figure.
    """
    leading = list(itertools.takewhile(lambda n: table.columns[n].kind is CellFormat.TEXT, kept))
    if not leading or len(leading) == len(kept) or _fits([rooms[n] for n in kept], width):
        return [kept]
    blocks = [list(leading)]
    for _figure, together in itertools.groupby(
        kept[len(leading) :], lambda n: table.columns[n].key.partition(".")[0]
    ):
        columns = list(together)
        if len(blocks[-1]) > len(leading) and not _fits([rooms[m] for m in (*blocks[-1], *columns)], width):
            blocks.append(list(leading))
        blocks[-1] += columns
    return blocks


def _fits(rooms: Sequence[_Room], width: int) -> bool:
    return sum(room.least for room in rooms) + GAP * (len(rooms) - 1) <= width


def _widths(rooms: Sequence[_Room], width: int) -> tuple[int, ...]:
    """Every column's least width; of what is left, headings over numbers get theirs before texts do."""
    widths = [room.least for room in rooms]
    for _spare in range(width - sum(widths) - GAP * (len(rooms) - 1)):
        wanting = [n for n, room in enumerate(rooms) if widths[n] < room.ideal]
        if not wanting:
            break
        widths[max(wanting, key=lambda n: (rooms[n].numeric, rooms[n].share / widths[n]))] += 1
    return tuple(widths)


def _rooms(table: Table, plain: Plain, *, comfortable: bool = False) -> list[_Room]:
    return [_room(table, n, plain, comfortable=comfortable) for n in range(len(table.columns))]


def _room(table: Table, index: int, plain: Plain, *, comfortable: bool) -> _Room:
    """What a column needs. `comfortable`: short texts stay in one line."""
    column, title = table.columns[index], plain(table.columns[index].title)
    indented = index == first_label(table)
    cells = [
        (plain(wording.cell_text(row.cells[index], table.kind_of(row, index))), row.role is Role.PART)
        for row in table.rows
        if row.role is not Role.SECTION
    ]
    longest = max((cell_len(text) + INDENT * (part and indented) for text, part in cells), default=1)
    word = _longest_word([title])
    if column.kind is not CellFormat.TEXT:
        least = max(word, longest, -(-cell_len(title) // _LINES) + 1)
        return _Room(least, max(least, min(-(-cell_len(title) // 2) + 2, _HEADING)), column.width, True)
    unbroken = longest if comfortable else _longest_word(text for text, _part in cells)
    least = max(word, min(unbroken, _WORD))
    if column.key == _CODE:
        least = longest
    elif column.key in _NAMING:
        least = max(least, min(_LABEL, longest))
    ideal = max(longest, cell_len(title))
    return _Room(min(least, ideal), ideal, column.width, False)


def first_label(table: Table) -> int:
    """The column that names the rows, which is where parts of a whole are indented."""
    return next((n for n, column in enumerate(table.columns) if column.key != "number"), 0)


def _longest_word(texts: Iterable[str]) -> int:
    return max((cell_len(word) for text in texts for word in text.split()), default=1)
