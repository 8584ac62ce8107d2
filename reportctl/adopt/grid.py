"""One sheet of a blank form as a grid: texts, merged areas by their first cells, frames a cell's own or its
neighbour's."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from reportctl.adopt.words import NOT_APPLICABLE, PLACEHOLDER, PROMPT, bare
from reportctl.workbooks.book import as_typed
from reportctl.workbooks.styled_cells import PLAIN_LOOK, StyledCell, StyledSheet

Place = tuple[int, int]
_EMPTY = StyledCell()


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of cells, last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell is in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: Span) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        """How many rows it has."""
        return self.bottom - self.top + 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet with what readers of forms ask of it; `height` and `width` reach to the last cell that holds or
    looks like anything."""

    sheet: StyledSheet
    height: int
    width: int
    spans: dict[Place, Span] = field(default_factory=dict)  # of merged areas, by each of their cells

    def cell(self, row: int, column: int) -> StyledCell:
        """The cell, an empty one where there is none."""
        return self.sheet.cells.get((row, column), _EMPTY)

    def span(self, row: int, column: int) -> Span:
        """The merged area that the cell is in, or the cell itself."""
        return self.spans.get((row, column)) or Span(row, column, row, column)

    def anchor(self, row: int, column: int) -> Place:
        """The first cell of the merged area that the cell is in, or the cell itself."""
        span = self.spans.get((row, column))
        return (span.top, span.left) if span else (row, column)

    def raw(self, row: int, column: int) -> str:
        """The text of the cell with the blanks before it; of a merged area that of its first cell."""
        cell = self.cell(*self.anchor(row, column))
        text = as_typed(cell.value)
        return unicodedata.normalize("NFC", text).replace("\xa0", " ").rstrip() if text else ""

    def text(self, row: int, column: int) -> str:
        """The text of the cell on one line; of a merged area that of its first cell."""
        return " ".join(self.raw(row, column).split())

    def is_formula(self, row: int, column: int) -> bool:
        """Whether a formula stands there."""
        return bool(self.cell(*self.anchor(row, column)).formula)

    def is_blank(self, row: int, column: int) -> bool:
        """Whether nothing stands there at all."""
        return not self.is_formula(row, column) and not self.text(row, column)

    def is_open(self, row: int, column: int) -> bool:
        """Whether what stands there is meant to be replaced: nothing, a zero, dots, a question mark."""
        if self.is_formula(row, column):
            return False
        text = self.text(row, column)
        if isinstance(self.cell(*self.anchor(row, column)).value, bool):  # of a box to be ticked
            return True
        return not text or bool(PLACEHOLDER.fullmatch(text) or PROMPT.fullmatch(text))

    def is_mark(self, row: int, column: int) -> bool:
        """Whether it says that nothing is to be filled in there, in words, by a sign, or crossed out."""
        if self.cell(row, column).look.crossed:
            return True
        text = self.text(row, column)
        return bool(text) and bool(NOT_APPLICABLE.fullmatch(bare(text)))

    def is_number(self, row: int, column: int) -> bool:
        """Whether a number stands there, as one or as text."""
        cell = self.cell(*self.anchor(row, column))
        if cell.formula:
            return False
        if isinstance(cell.value, float):
            return True
        text = self.text(row, column)
        return (
            bool(text) and any(sign.isdigit() for sign in text) and not any(sign.isalpha() for sign in text)
        )

    def is_words(self, row: int, column: int) -> bool:
        """Whether words stand there: something with letters that is no mark and no placeholder."""
        text = self.text(row, column)
        return (
            sum(sign.isalpha() for sign in text) >= 2
            and not PLACEHOLDER.fullmatch(text)
            and not (NOT_APPLICABLE.fullmatch(bare(text)) and bare(text) not in ("khong", "khong co"))
        )

    def is_hidden(self, row: int, column: int) -> bool:
        """Whether its row or column is hidden."""
        return row in self.sheet.hidden_rows or column in self.sheet.hidden_columns

    def line_left(self, row: int, column: int) -> bool:
        """Whether a line is drawn at the left of the cell, by it or by its neighbour."""
        return self.cell(row, column).look.left or (column > 0 and self.cell(row, column - 1).look.right)

    def line_right(self, row: int, column: int) -> bool:
        """Whether a line is drawn at the right of the cell."""
        return self.cell(row, column).look.right or self.cell(row, column + 1).look.left

    def line_top(self, row: int, column: int) -> bool:
        """Whether a line is drawn above the cell."""
        return self.cell(row, column).look.top or (row > 0 and self.cell(row - 1, column).look.bottom)

    def line_bottom(self, row: int, column: int) -> bool:
        """Whether a line is drawn below the cell."""
        return self.cell(row, column).look.bottom or self.cell(row + 1, column).look.top

    def is_framed(self, row: int, column: int) -> bool:
        """Whether the cell, or the merged area it is in, is closed by lines at both sides or above and below.

        A line of its own is asked for, so that a gap between two frames is not one; without one all four.
        """
        span = self.span(row, column)
        left = all(self.line_left(each, span.left) for each in range(span.top, span.bottom + 1))
        right = all(self.line_right(each, span.right) for each in range(span.top, span.bottom + 1))
        top = all(self.line_top(span.top, each) for each in range(span.left, span.right + 1))
        bottom = all(self.line_bottom(span.bottom, each) for each in range(span.left, span.right + 1))
        if left and right and top and bottom:
            return True
        if not ((left and right) or (top and bottom)):
            return False
        corners = [
            (span.top, span.left),
            (span.top, span.right),
            (span.bottom, span.left),
            (span.bottom, span.right),
        ]
        return any(self._has_line(*place) for place in corners)

    def _has_line(self, row: int, column: int) -> bool:
        look = self.cell(row, column).look
        return look.left or look.right or look.top or look.bottom

    def texts_in_row(self, row: int, left: int, right: int) -> list[tuple[int, str]]:
        """The columns and texts of the row, merged areas once, by their first cells."""
        found = []
        for column in range(left, right + 1):
            span = self.span(row, column)
            if (span.top, max(span.left, left)) == (row, column) and (text := self.text(row, column)):
                found.append((column, text))
        return found


def grid_of(sheet: StyledSheet) -> Grid:
    """The grid of a sheet."""
    spans: dict[Place, Span] = {}
    for one in sheet.merged:
        if (one.last_row - one.row + 1) * (one.last_column - one.column + 1) > 20_000:
            continue
        span = Span(one.row, one.column, one.last_row, one.last_column)
        for row in range(one.row, one.last_row + 1):
            for column in range(one.column, one.last_column + 1):
                spans[row, column] = span
    telling = [
        place
        for place, cell in sheet.cells.items()
        if cell.value not in (None, "") or cell.formula or cell.look != PLAIN_LOOK
    ]
    height = 1 + max((row for row, _column in telling), default=-1)
    width = 1 + max((column for _row, column in telling), default=-1)
    return Grid(sheet, height, width, spans)
