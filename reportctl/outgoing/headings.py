"""The headings of a sheet: one line of them, or a tree over several lines whose boxes are merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """One box of the headings: its text, the lines and the columns that it covers, first and last, from 0."""

    text: str
    top: int
    left: int
    bottom: int
    right: int


def in_a_line(texts: Sequence[str], first_column: int = 1) -> list[Heading]:
    """A heading for each column from `first_column` on, in one line."""
    return [down(text, column, 1) for column, text in enumerate(texts, first_column)]


def down(text: str, column: int, lines: int) -> Heading:
    """The heading of one column over all `lines`."""
    return Heading(text, 0, column, lines - 1, column)


def tree(paths: Sequence[tuple[str, ...]], lines: int, first_column: int) -> list[Heading]:
    """The headings of neighbouring columns, each named by its path: the top heading first, its own last.

    Neighbours below the same headings share these boxes; a column's own reaches down to the last of the
    `lines`.
    """
    found = []
    for place, path in enumerate(paths):
        column, own = first_column + place, len(path) - 1
        for level, text in enumerate(path[:-1]):
            above = path[: level + 1]
            if place and _is_below(paths[place - 1], above):
                continue
            last = place
            while last + 1 < len(paths) and _is_below(paths[last + 1], above):
                last += 1
            found.append(Heading(text, level, column, level, first_column + last))
        found.append(Heading(path[-1], own, column, lines - 1, column))
    return found


def _is_below(path: tuple[str, ...], above: tuple[str, ...]) -> bool:
    """Whether the column of this path stands below the headings `above`."""
    return len(path) > len(above) and path[: len(above)] == above


def line_heights(needed: Sequence[tuple[Heading, float]], lines: int) -> list[float]:
    """The height of each line, with the room that every heading needs; what is higher than its lines together
    makes the last of them higher."""
    heights = [0.0] * lines
    for heading, room in sorted(needed, key=lambda one: one[0].bottom - one[0].top):
        lacks = room - sum(heights[heading.top : heading.bottom + 1])
        heights[heading.bottom] += max(0.0, lacks)
    return heights
