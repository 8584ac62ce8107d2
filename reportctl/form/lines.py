"""Cells of a table said by the lines that they fill: as few rows, columns or single cells as say it."""

from __future__ import annotations

from collections.abc import Collection

from reportctl.core.language import Phrase
from reportctl.form.names import whole_heading
from reportctl.form.tables import FormTable, Key

EVERY = "*"  # in place of a row or a column: all of them


def as_lines(some: Collection[Key], there: Collection[Key]) -> list[Key]:
    """The lines that `some` of the cells that are `there` make: ("*", "*") for all of them, (row, "*") and
    ("*", column) for whole rows and columns, single cells for the rest; in the order of `some`."""
    if not some:
        return []
    if set(some) >= set(there):
        return [(EVERY, EVERY)]
    return min((_by_lines(some, there, first) for first in (0, 1)), key=len)


def _by_lines(some: Collection[Key], there: Collection[Key], first: int) -> list[Key]:
    """Whole rows before columns where `first` is 0, columns before rows where it is 1."""
    kept = set(there) - set(some)
    left, lines = list(dict.fromkeys(some)), list[Key]()
    for place in (first, 1 - first):
        standing = {key[place] for key in kept}
        whole = dict.fromkeys(key[place] for key in left if key[place] not in standing)
        lines += [(one, EVERY) if place == 0 else (EVERY, one) for one in whole]
        left = [key for key in left if key[place] not in whole]
    return [*lines, *left]


def line_code(table: FormTable, line: Key) -> str:
    """How a line is written: `table`, `table.row.*`, `table.*.column`, `table.row.column`."""
    return table.code if line == (EVERY, EVERY) else f"{table.code}.{'.'.join(line)}"


def line_name(table: FormTable, line: Key) -> Phrase:
    """What a line is called: the table's title, a row's number and label, a column's label after the headings
    above it, or the name of a cell."""
    row, column = line
    if row == column == EVERY:
        return table.name
    if row == EVERY:
        return whole_heading(next(one for one in table.columns if one.code == column))
    if column == EVERY:
        own = next(one for one in table.lines if one.code == row)
        return Phrase(*(f"{own.no} {own.name.in_language(one)}".strip() for one in ("vi", "en")))
    return table.cells[line].name
