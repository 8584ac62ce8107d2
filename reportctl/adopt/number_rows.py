"""The row of column numbers that ends a heading: `(1)`, `1`, `-1` (Excel's reading of "(1)"), `A B C 1 2`,
`4=3/2`, with gaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from reportctl.adopt.grid import Grid
from reportctl.core.letters import narrow

_NUMBER = re.compile(r"(?:cột|cot|col\.?|c)?\s*[\[(]?\s*-?(\d{1,3})[a-z]?\s*[\])]?\.?", re.IGNORECASE)
_SUM = re.compile(
    r"(?:cột|cot|c)?\s*[\[(]?\s*(\d{1,3})[a-z]?\s*[\])]?\s*[=:]\s*.+", re.IGNORECASE | re.DOTALL
)
_LETTER = re.compile(r"[\[(]?\s*([A-Ha-hĐđ])\s*[\])]?\.?")
_MOST = 250  # columns


def column_number(text: str) -> int | None:
    """The number that a cell of such a row gives its column; None where it is none."""
    text = narrow(text).strip()
    found = _NUMBER.fullmatch(text) or _SUM.fullmatch(text)
    return int(found[1]) if found and int(found[1]) <= _MOST else None


def is_number_row(grid: Grid, row: int, left: int, right: int) -> bool:
    """Whether the row numbers the columns from `left` to `right`: nothing but numbers that rise, from a small
    one, after letters."""
    cells = grid.texts_in_row(row, left, right)
    if not cells or any(grid.is_formula(row, column) for column in range(left, right + 1)):
        return False
    letters = [column for column, text in cells if _LETTER.fullmatch(text)]
    numbers = [(column, number) for column, text in cells if (number := column_number(text)) is not None]
    if len(letters) + len(numbers) < len(cells):
        return False
    if any(first >= second for (_a, first), (_b, second) in pairwise(numbers)):
        return False
    if not numbers:
        return len(letters) >= 3
    if numbers[0][1] > 5 or not _letters_go_on(
        [(column, text) for column, text in cells if column in letters], numbers[-1][0]
    ):
        return False
    if len(numbers) == 1:
        column, text = next((column, text) for column, text in cells if column_number(text) is not None)
        said = not text.strip().isdigit() or grid.cell(row, column).look.italic
        return bool(letters) or (said and column > left) or (column == right and column > left)
    return True


def _letters_go_on(letters: Sequence[tuple[int, str]], last_number: int) -> bool:
    """Whether the letters behind the last number go on with those before it, as `A B C 1 2 3 D`, where the
    notes are the last column."""
    before = [_sign(text) for column, text in letters if column < last_number]
    behind = [_sign(text) for column, text in letters if column > last_number]
    return not behind or (
        bool(before) and all(ord(two) - ord(one) == 1 for one, two in pairwise([before[-1], *behind]))
    )


def _sign(text: str) -> str:
    return text.strip("[]() .").upper()


def said_sum(text: str) -> str:
    """What the number of a column says it is made of: `8=6-7` gives `6-7`; empty: nothing."""
    text = narrow(text)
    found = _SUM.fullmatch(text.strip())
    return re.split(r"[=:]", text, maxsplit=1)[1].strip() if found else ""
