"""The heading of a table: how many rows it has, and what is written above each column, from above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportctl.adopt.blocks import Block
from reportctl.adopt.grid import Grid, Span
from reportctl.adopt.number_rows import is_number_row
from reportctl.adopt.row_numbers import row_number
from reportctl.adopt.units_of_measure import unit_of_line
from reportctl.adopt.words import bare, identity_of

_DEEPEST = 14  # rows that are looked through for the row of numbers


@dataclass(frozen=True, slots=True)
class Heading:
    """The rows `top` to `bottom` of a block; `paths` are the headings of its columns by column, the top one
    first; `numbers` what the row of numbers says of them (`number_row` is None where there is none)."""

    title: str
    top: int
    bottom: int
    number_row: int | None
    paths: dict[int, tuple[str, ...]]
    numbers: dict[int, str]

    def label(self, column: int) -> str:
        """The lowest heading of a column."""
        path = self.paths.get(column, ())
        return path[-1] if path else ""

    def whole(self, column: int) -> str:
        """All headings of a column, from above, on one line."""
        return " ".join(self.paths.get(column, ()))


def read_heading(grid: Grid, block: Block) -> Heading | None:
    """The heading of the block; None where it has none, as a block of words and cells beside them."""
    span = block.span
    title, top = _title(grid, span)
    number_row = _number_row(grid, span, top)
    if number_row is not None:
        last, bottom = number_row - 1, number_row
        while number_row_again(grid, span, last) and last > top:
            last -= 1
    else:
        if not _has_heading(grid, span, top):
            return None
        last = bottom = _last_by_merges(grid, span, top)
    if last < top:
        return None
    named = _row_of_names(grid, span, top, last) if number_row is None else None
    if named is not None:
        names = range(span.left + 1, span.right + 1)
        return Heading(title, top, bottom, None, {each: (grid.text(named, each),) for each in names}, {})
    paths = _paths(grid, span, top, last)
    numbers = {}
    if number_row is not None:
        numbers = {column: grid.text(number_row, column) for column in range(span.left, span.right + 1)}
        paths = _told_apart(paths, numbers)
    return Heading(title, top, bottom, number_row, paths, numbers)


_NAMES = re.compile(
    r"(?:(?:field|column|variable) (?:name|label|title)|label|name|ten (?:truong|cot|chi tieu)|tieu de)"
)


def _row_of_names(grid: Grid, span: Span, top: int, last: int) -> int | None:
    """The row that names the columns, of a heading whose first column says what each of its rows is: field
    id, field name, help; None where it is no such heading."""
    if last - top < 1 or any(
        grid.span(row, column).width > 1
        for row in range(top, last + 1)
        for column in range(span.left, span.right + 1)
    ):
        return None
    return next(
        (row for row in range(top, last + 1) if _NAMES.fullmatch(bare(grid.text(row, span.left)))), None
    )


def number_row_again(grid: Grid, span: Span, row: int) -> bool:
    """Whether the row above a row of numbers is another one, of letters or numbers."""
    return is_number_row(grid, row, span.left, span.right)


def _title(grid: Grid, span: Span) -> tuple[str, int]:
    """The title inside the frame and the first row of the heading below it."""
    top, said = span.top, []
    while top < span.bottom:
        cells = grid.texts_in_row(top, span.left, span.right)
        if not cells:
            top += 1
            continue
        column, text = cells[0]
        one = grid.span(top, column)
        if top < span.bottom - 1 and _is_above(grid, top, span, cells):
            top += 1
            continue
        if len(cells) > 1 or one.width < max(2, span.width - 1) or one.bottom >= span.bottom:
            break
        said.append(text)
        top = one.bottom + 1
    return " ".join(said), top


def _is_above(grid: Grid, row: int, span: Span, cells: Sequence[tuple[int, str]]) -> bool:
    """Whether a row at the head of a block only says the unit of measure, who, or for when."""
    if all(unit_of_line(text) for _column, text in cells):
        return True
    column, text = cells[0]
    blank = [each for each in range(span.left, span.right + 1) if grid.is_open(row, each)]
    said = bool(identity_of(text)) and (":" in text or "…" in text or ".." in text or bool(blank))
    return (
        said
        and all(identity_of(other) or grid.is_number(row, at) for at, other in cells[::2])
        and (len(cells) <= 2 or len(blank) * 2 >= len(cells))
        and not is_number_row(grid, row + 1, span.left, span.right)
        and span.width > 1
        and column == span.left
    )


def side_by_side(grid: Grid, block: Block) -> list[Block]:
    """The block; as two where its right half says the headings of the left one once more."""
    span, heading = block.span, read_heading(grid, block)
    if heading is None or span.width % 2 or span.width < 4:
        return [block]
    half = span.width // 2
    said = [heading.paths.get(span.left + at, ()) for at in range(span.width)]
    again = said[:half] == said[half:] and len(set(said[:half])) == half and all(said)
    named = any(grid.is_words(row, span.left + half) for row in range(heading.bottom + 1, span.bottom + 1))
    if not again or not named or heading.number_row is not None:
        return [block]
    return [
        replace(block, span=replace(span, right=span.left + half - 1)),
        replace(block, span=replace(span, left=span.left + half)),
    ]


def _number_row(grid: Grid, span: Span, top: int) -> int | None:
    """The row of column numbers; of several that follow each other the last one."""
    for row in range(top, min(span.bottom, top + _DEEPEST) + 1):
        if row > top and is_number_row(grid, row, span.left, span.right):
            after = row + 1
            if after <= span.bottom and is_number_row(grid, after, span.left, span.right):
                return after
            return row
    return None


def _has_heading(grid: Grid, span: Span, top: int) -> bool:
    """Whether the first row has words over the columns below it that are open, or nothing but words."""
    worded = [
        column
        for column in range(span.left, span.right + 1)
        if grid.is_words(top, column) or _short_heading(grid, top, column)
    ]
    blank = [column for column in range(span.left, span.right + 1) if grid.is_open(top, column)]
    if not worded:
        return False
    if span.width == 1:
        return False
    corner = {column for column in blank if column < worded[0]}
    rest = [
        column for column in blank if column not in corner and not _covered_above(grid, top, column, span)
    ]
    return not rest if span.width <= 3 else len(rest) * 4 <= span.width


def _short_heading(grid: Grid, row: int, column: int) -> bool:
    """Headings without two letters: `TT`, `1b`, `%`, `2024`, `Q1`."""
    text = grid.text(row, column)
    return bool(text) and not grid.is_open(row, column) and not grid.is_formula(row, column)


def _covered_above(grid: Grid, row: int, column: int, span: Span) -> bool:
    """Whether a blank heading cell continues the one at its left, without a line between them."""
    while column > span.left and grid.is_blank(row, column) and not grid.line_left(row, column):
        column -= 1
    return not grid.is_blank(row, column)


def _last_by_merges(grid: Grid, span: Span, top: int) -> int:
    """The last row of a heading without a row of numbers: as deep as its merged cells and the words below
    those that lie over several columns."""
    last = top
    row = top
    while row <= last and row < span.bottom:
        for column, _text in grid.texts_in_row(row, span.left, span.right):
            one = grid.span(row, column)
            last = max(last, min(one.bottom, span.bottom))
            if one.width > 1 and one.bottom == row == last and _has_children(grid, one, span):
                last = min(row + 1, span.bottom)
        row += 1
    while last < span.bottom and _still_heading(grid, span, last + 1):
        last += 1
    return last


def _has_children(grid: Grid, one: Span, span: Span) -> bool:
    """Whether words stand under each of the columns that a heading lies over."""
    row = one.bottom + 1
    if row > span.bottom:
        return False
    under = {grid.anchor(row, column) for column in range(one.left, one.right + 1)}
    return len(under) > 1 and all(_heading_like(grid, *place) for place in under)


def _heading_like(grid: Grid, row: int, column: int) -> bool:
    return (grid.is_words(row, column) or _short_heading(grid, row, column)) and not grid.is_open(row, column)


def _still_heading(grid: Grid, span: Span, row: int) -> bool:
    """Whether the row goes on with the heading: words over nearly all columns, or under all merged ones."""
    columns = range(span.left, span.right + 1)
    worded = {grid.anchor(row, column) for column in columns if grid.is_words(row, column)}
    if len(worded) < 2 or not grid.is_words(row, span.right) or row_number(grid.text(row, span.left)):
        return False
    if any(grid.is_number(row, column) or grid.is_formula(row, column) for column in columns):
        return False
    return len(worded) * 10 >= span.width * 8


def _paths(grid: Grid, span: Span, top: int, last: int) -> dict[int, tuple[str, ...]]:
    """The headings above each column, each once, from above."""
    found: dict[int, tuple[str, ...]] = {}
    for column in range(span.left, span.right + 1):
        path: list[str] = []
        seen = set()
        for row in range(top, last + 1):
            at = column
            if grid.is_blank(row, column) and any(
                not grid.is_blank(below, column) for below in range(row + 1, last + 1)
            ):
                while at > span.left and grid.is_blank(row, at) and not grid.line_left(row, at):
                    at -= 1
            place = grid.anchor(row, at)
            text = grid.text(*place)
            if text and place not in seen:
                seen.add(place)
                if not path or path[-1] != text or at == column:
                    path.append(text)
        found[column] = tuple(path)
    return found


def _told_apart(paths: dict[int, tuple[str, ...]], numbers: dict[int, str]) -> dict[int, tuple[str, ...]]:
    """The paths; columns of the same path that only their numbers tell apart have these for their last
    heading.

    So it is where the row that looks like one of column numbers names them: `1 2 3 4 5` below "Khối lớp".
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for column, path in paths.items():
        alike.setdefault(path, []).append(column)
    return {
        column: (*path, numbers[column]) if path and len(alike[path]) > 2 and numbers.get(column) else path
        for column, path in paths.items()
    }
