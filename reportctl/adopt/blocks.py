"""Where the tables of a sheet are: connected frames, rows of column numbers without frames, corners that
people gave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reportctl.adopt.grid import Grid, Place, Span
from reportctl.adopt.number_rows import is_number_row
from reportctl.adopt.row_numbers import row_number
from reportctl.adopt.words import NOTES_BELOW, SIGNATURE, bare


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle that may be a table; `framed`: lines are drawn round its cells; `given`: people said
    where."""

    span: Span
    framed: bool = True
    given: bool = False


def find_blocks(grid: Grid) -> list[Block]:
    """The blocks of the sheet, from above, then from the left."""
    found = _framed(grid)
    outlined = _outlined(grid, [block.span for block in found])
    found = [one for one in found if not any(one.span.meets(other.span) for other in outlined)] + outlined
    spans = [block.span for block in found]
    found += [Block(one) for one in tables_of(grid) if not any(map(one.meets, spans))]
    found = _with_bodies(grid, found)
    found += _numbered(grid, [block.span for block in found])
    split = [part for block in found for part in _split(grid, block)]
    return sorted(split, key=lambda block: (block.span.top, block.span.left))


def _framed(grid: Grid) -> list[Block]:
    """The connected frames, each as the rectangle round it, those that overlap as one."""
    cells: set[Place] = {place for place in grid.sheet.cells if grid.is_framed(*place)}
    for place in list(cells):
        span = grid.span(*place)
        cells.update(
            (row, column)
            for row in range(span.top, span.bottom + 1)
            for column in range(span.left, span.right + 1)
        )
    rectangles = []
    while cells:
        first = cells.pop()
        waiting, members = [first], [first]
        while waiting:
            row, column = waiting.pop()
            for near in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if near in cells:
                    cells.remove(near)
                    waiting.append(near)
                    members.append(near)
        rectangles.append(_around(members))
    return [Block(one) for one in _joined(rectangles)]


def _around(places: Iterable[Place]) -> Span:
    rows, columns = zip(*places, strict=True)
    return Span(min(rows), min(columns), max(rows), max(columns))


def _joined(rectangles: Sequence[Span]) -> list[Span]:
    """The rectangles, those that overlap as one."""
    left = list(rectangles)
    found: list[Span] = []
    while left:
        one = left.pop()
        for other in left:
            if one.meets(other):
                left.remove(other)
                left.append(
                    _around(
                        [
                            (one.top, one.left),
                            (one.bottom, one.right),
                            (other.top, other.left),
                            (other.bottom, other.right),
                        ]
                    )
                )
                break
        else:
            found.append(one)
    return found


def tables_of(grid: Grid) -> list[Span]:
    """The rectangles that the workbook itself calls tables."""
    return [Span(one.row, one.column, one.last_row, one.last_column) for one in grid.sheet.tables]


def _with_bodies(grid: Grid, blocks: Sequence[Block]) -> list[Block]:
    """The blocks; one that is all words, as a heading with a frame and rows without, with the rows below
    it."""
    found = []
    spans = [block.span for block in blocks]
    for block in blocks:
        span = block.span
        rest = [other for other in spans if other != span]
        words = [grid.is_words(span.bottom, column) for column in range(span.left, span.right + 1)]
        headed = (
            span.height <= 5
            and span.width > 1
            and (all(words) or is_number_row(grid, span.bottom, span.left, span.right))
        )
        if headed and grid.texts_in_row(span.bottom + 1, span.left, span.right):
            bottom = _last_row(grid, span.bottom, span.left, span.right, rest)
            block = Block(Span(span.top, span.left, bottom, span.right), block.framed, block.given)
        found.append(block)
    return found


def _outlined(grid: Grid, taken: Sequence[Span]) -> list[Block]:
    """Rectangles of which only the outline is drawn."""
    found: list[Block] = []
    for row, column in sorted(grid.sheet.cells):
        look = grid.cell(row, column).look
        if not (look.left and look.top) or _inside(row, column, [*taken, *(one.span for one in found)]):
            continue
        right = column
        while right < grid.width and grid.line_top(row, right) and not grid.line_right(row, right):
            right += 1
        bottom = row
        while (
            bottom < grid.height and grid.line_left(bottom, column) and not grid.line_bottom(bottom, column)
        ):
            bottom += 1
        closed = (
            right > column
            and bottom > row + 1
            and grid.line_right(bottom, right)
            and grid.line_bottom(bottom, right)
        )
        if closed:
            found.append(Block(Span(row, column, bottom, right)))
    # A heading in a frame of its own above: one table.
    return found


def _inside(row: int, column: int, spans: Iterable[Span]) -> bool:
    return any(span.holds(row, column) for span in spans)


def _numbered(grid: Grid, taken: Sequence[Span]) -> list[Block]:
    """Tables without frames whose columns are numbered."""
    found: list[Block] = []
    for row in range(1, grid.height):
        for left, right in _runs(grid, row, [*taken, *(one.span for one in found)]):
            spans = [*taken, *(one.span for one in found)]
            if block := _numbered_at(grid, row, left, right, spans):
                found.append(block)
    return found


def _runs(grid: Grid, row: int, taken: Sequence[Span]) -> list[tuple[int, int]]:
    """The first and last columns of what may be rows of column numbers in the row: all of it outside the
    blocks, else its parts between columns that are blank all around."""
    cells = [
        column
        for column, _text in grid.texts_in_row(row, 0, grid.width - 1)
        if not _inside(row, column, taken)
    ]
    if len(cells) < 2:
        return []
    left, right = cells[0], grid.span(row, cells[-1]).right
    if is_number_row(grid, row, left, right):
        return [(left, right)]
    around = range(max(0, row - 3), row + 4)
    gaps = [
        column
        for column in range(left, right + 1)
        if all(grid.is_blank(each, column) and not grid.is_formula(each, column) for each in around)
    ]
    ends = [left - 1, *gaps, right + 1]
    return [(one + 1, other - 1) for one, other in pairwise(ends) if other - one > 2]


def _numbered_at(grid: Grid, row: int, left: int, right: int, taken: Sequence[Span]) -> Block | None:
    """The table whose columns the row numbers; None where it does not."""
    first = 1 + max(
        (span.right for span in taken if span.top <= row <= span.bottom and span.right < left), default=-1
    )
    if not is_number_row(grid, row, left, right) or not grid.texts_in_row(row - 1, left, right):
        return None
    top = row
    while top > 0 and _is_heading_line(grid, top - 1, first, right, taken) and row - top < 6:
        top -= 1
    if top == row:
        return None
    headed = [column for each in range(top, row) for column, _text in grid.texts_in_row(each, first, right)]
    left = min([left, *headed])
    bottom = _last_row(grid, row, left, right, taken)
    while left > first and any(grid.is_words(each, left - 1) for each in range(row + 1, bottom + 1)):
        left -= 1
    return Block(Span(top, left, bottom, right), framed=False)


def _is_heading_line(grid: Grid, row: int, left: int, right: int, taken: Sequence[Span]) -> bool:
    """Whether the row goes on with a heading, upwards: several texts, or one over some of the columns."""
    if _inside(row, right, taken):
        return False
    cells = grid.texts_in_row(row, left, right)
    return len(cells) >= 2 or (
        len(cells) == 1 and grid.span(row, cells[0][0]).width in range(2, right - left)
    )


def _last_row(grid: Grid, row: int, left: int, right: int, taken: Sequence[Span]) -> int:
    """The last row of a table without frames that begins below `row`: before what ends it, or a blank row
    after which no more of its kind follow."""
    bottom, blank, most = row, 0, 1
    for each in range(row + 1, grid.height):
        if any(_inside(each, column, taken) for column in range(left, right + 1)):
            break
        cells = grid.texts_in_row(each, left, right)
        filled = len(cells) + sum(grid.is_formula(each, column) for column in range(left, right + 1))
        plain = [bare(text) for _column, text in cells[:3]]
        if plain and not row_number(cells[0][1]) and NOTES_BELOW.fullmatch(plain[0]):
            break
        if (blank or len(cells) < most) and any(map(SIGNATURE.fullmatch, plain)):
            break
        if filled and blank and (filled < 2 or most < 2 or _heads_another(grid, each, left, right)):
            break
        blank = 0 if filled else blank + 1
        if blank > 1:
            break
        most = max(most, filled)
        bottom = each if filled else bottom
    return bottom


def _heads_another(grid: Grid, row: int, left: int, right: int) -> bool:
    """Whether a table with a row of numbers of its own begins in the row."""
    return any(is_number_row(grid, below, left, right) for below in range(row + 1, min(grid.height, row + 6)))


def without_blank_edges(grid: Grid, block: Block) -> Block:
    """The block without columns at its edges in which nothing stands: a frame wider than its table."""
    span = block.span
    rows = range(span.top, span.bottom + 1)
    held = [
        column
        for column in range(span.left, span.right + 1)
        if any(grid.text(row, column) or grid.is_formula(row, column) for row in rows)
    ]
    return replace(block, span=replace(span, left=held[0], right=held[-1])) if held else block


def is_one_column_of_words(grid: Grid, block: Block) -> bool:
    """Whether each row of the block says one thing alone: questions, whose answers stand beside them."""
    span = block.span
    rows = range(span.top, span.bottom + 1)
    return all(len(grid.texts_in_row(row, span.left, span.right)) <= 1 for row in rows)


def ends_table(text: str) -> bool:
    """Whether the words begin what stands below a table: notes, who signs."""
    plain = bare(text)
    return bool(NOTES_BELOW.fullmatch(plain) or SIGNATURE.fullmatch(plain))


def _split(grid: Grid, block: Block) -> list[Block]:
    """The block, where a second heading with its own row of numbers stands in it two blocks."""
    span = block.span
    numbered = [
        row for row in range(span.top, span.bottom + 1) if is_number_row(grid, row, span.left, span.right)
    ]
    starts = [span.top]
    for before, row in pairwise(numbered):
        if row - before < 3:
            continue
        top = row
        while top - 1 > before + 1 and _looks_like_heading(grid, top - 1, span):
            top -= 1
        if top < row:
            starts.append(top)
    ends = [*(start - 1 for start in starts[1:]), span.bottom]
    return [
        Block(Span(top, span.left, bottom, span.right), block.framed, block.given)
        for top, bottom in zip(starts, ends, strict=True)
    ]


def _looks_like_heading(grid: Grid, row: int, span: Span) -> bool:
    """Whether words stand over more than half of the columns, and neither figures nor open cells among
    them."""
    covered = 0
    for column in range(span.left, span.right + 1):
        if grid.is_words(row, column):
            covered += 1
    return covered * 2 > span.width and grid.is_words(row, span.right)
