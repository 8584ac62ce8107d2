"""How a cell looks where that is not what it holds: struck out or raised text, an odd number format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

PLAIN, STRUCK, RAISED, LOWERED = "", "struck", "raised", "lowered"


class Run(NamedTuple):
    """A piece of a cell's text, and how it is written: `PLAIN`, `STRUCK`, `RAISED` or `LOWERED`."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class CellLook:
    """How one cell looks.

    `struck`: all of it is struck out; `format` is the code of its number format where that shows some numbers
    otherwise than they are; `runs` are the pieces of a text that is not of one look.
    """

    struck: bool = False
    format: str = ""
    runs: tuple[Run, ...] = ()


_ROW = 0.25  # inches: about the height of a row of figures


def rows_under(height: float) -> int:
    """About how many more rows than its first one a picture covers of which only its height is known."""
    return min(int(height / _ROW), 1_000)


def look(runs: Sequence[Run], *, struck: bool, format_code: str = "") -> CellLook | None:
    """The look of a cell with those pieces of text, in a font that is `struck` out; None: nothing is odd.

    Pieces that are blank have no look; a text all of whose pieces are struck out is so itself.
    """
    marks = {run.mark for run in runs if run.text.strip()}
    struck = marks == {STRUCK} if marks else struck
    several = tuple(runs) if marks - {PLAIN} and len(marks) > 1 else ()
    return CellLook(struck, format_code, several) if struck or format_code or several else None
