"""Headings that are trees: the columns of a sheet, told by their heading with those above it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from reportctl.core.cellrefs import cell_place
from reportctl.intake.find_lines import FoundCell
from reportctl.intake.lines import plain, unique
from reportctl.workbooks.book import Sheet

Path = tuple[str, ...]


def path_of(under: Sequence[str], label: str) -> Path:
    """A heading with those above it, the top one first, as they are compared."""
    return tuple(plain(text) for text in (*under, label))


def heading_of(text: str, known: Collection[str]) -> str:
    """A heading as it is compared: without the unit of measure in brackets that it was sent out with, where
    it is one of the `known` headings without that."""
    whole = plain(text)
    if whole in known or not whole.endswith(")"):
        return whole
    labels = (plain(whole[: bracket.start()]) for bracket in re.finditer(r"\(", whole))
    return max((label for label in labels if label in known), key=len, default=whole)


def headed_columns(sheet: Sheet, first: int, end: int, paths: Mapping[str, Path]) -> dict[str, FoundCell]:
    """The lowest cell of the heading of each column, by code, in the rows from `first` to before `end`.

    `paths` are the headings by code. A heading that only one column has is known without those above it, too;
    of a heading that stands twice the left one is taken.
    """
    known = {text for path in paths.values() for text in path}
    rows = [
        row
        for row in range(first, min(end, len(sheet.rows)))
        if any(
            isinstance(text, str) and text and heading_of(text, known) in known for text in sheet.rows[row]
        )
    ]
    if not rows:
        return {}
    by_path = {path: code for code, path in reversed(list(paths.items()))}
    by_label = unique({code: path[-1] for code, path in paths.items()})
    exact: dict[str, FoundCell] = {}
    alone: dict[str, FoundCell] = {}
    for column, (path, lowest) in _paths(sheet, rows[0], rows[-1] + 1, known).items():
        cell = FoundCell(sheet, lowest, column, "label")
        if code := by_path.get(path):
            exact.setdefault(code, cell)
        elif path and (code := by_label.get(path[-1])):
            alone.setdefault(code, cell)
    return alone | exact


def _paths(sheet: Sheet, first: int, end: int, known: Collection[str]) -> dict[int, tuple[Path, int]]:
    """By column, the headings in these rows from top to bottom, as `heading_of` has them, and the row of the
    lowest.

    A heading holds for all columns of its merged cells; where cells are no longer merged, for the blank ones
    to its right, below the same heading.
    """
    width = max((len(row) for row in sheet.rows[first:end]), default=0)
    found: dict[int, tuple[Path, int]] = {}
    left: list[str] = []
    for column in range(width):
        cells = [_heading_in(sheet, row, column, known) for row in range(first, end)]
        lowest = max((n for n, text in enumerate(cells) if text), default=None)
        if lowest is None:  # a column that was put in between
            continue
        for n in range(lowest):
            if cells[n] is not None or n >= len(left) or not left[n]:
                break
            cells[n] = left[n]
        found[column] = tuple(text for text in cells if text), first + lowest
        left = [text or "" for text in cells]
    return found


def _heading_in(sheet: Sheet, row: int, column: int, known: Collection[str]) -> str | None:
    """The heading in a cell, that of merged cells in each of their first row; None where there is none.

    It is empty where it stands in a row above, with which the cell is merged.
    """
    extra = sheet.extras.get((row, column))
    at = cell_place(extra.merged.partition(":")[0]) if extra and extra.merged else (row, column)
    if at[0] < row:
        return ""
    value = sheet.at(*at)
    return (isinstance(value, str) and heading_of(value, known)) or None
