"""A workbook as people see it, whichever program saved it: sheets of values, and what stands behind them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reportctl.core.cellrefs import cell_name, cell_place
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.workbooks.looks import CellLook

CellValue = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

ROWS, COLUMNS = 1_048_576, 16_384  # of a sheet, in Excel
AREA_LIMIT = 5_000_000  # cells from A1 to the last one filled: most readers keep every one of them


@dataclass(frozen=True, slots=True)
class CellExtra:
    """What stands in a cell besides its value: an error such as `#REF!`, a formula, one never calculated.

    `merged` is the merged area that covers the cell, such as `F8:F9`: only its first cell is seen. `picture`:
    what stands there is a picture.
    """

    error: str = ""
    formula: bool = False
    calculated: bool = True
    merged: str = ""
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """The cells that a defined name stands for; rows and columns are counted from 0, last ones included."""

    sheet: str
    row: int
    column: int
    last_row: int
    last_column: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell is one of them."""
        return self.row <= row <= self.last_row and self.column <= column <= self.last_column

    @property
    def reference(self) -> str:
        """Its first and last cell, without the sheet."""
        return f"{cell_name(self.row, self.column)}:{cell_name(self.last_row, self.last_column)}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows of values from A1 on, what is hidden, and what cells hold besides their values
    (`extras`, by row and column). Rows and columns are counted from 0; `hidden_columns` are first and last.
    `looks` are those of cells that look otherwise than they hold; `pictures` the cells under each picture.
    """

    name: str
    visible: bool
    rows: Sequence[Sequence[CellValue]]
    extras: Mapping[tuple[int, int], CellExtra] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: Sequence[tuple[int, int]] = ()
    looks: Mapping[tuple[int, int], CellLook] = field(default_factory=dict)
    pictures: Sequence[Area] = ()

    def at(self, row: int, column: int) -> CellValue:
        """The value of a cell; empty text where nothing stands."""
        if row < len(self.rows):
            cells = self.rows[row]
            if column < len(cells):
                return cells[column]
        return ""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its sheets in order, its defined names in small letters, when it was last saved (UTC)."""

    sheets: tuple[Sheet, ...]
    names: Mapping[str, Area]
    modified: dt.datetime | None = None


class BookError(Exception):
    """A workbook that cannot be read, as a finding."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.finding = found


def as_typed(raw: CellValue) -> str:
    """A cell's value as text, as near to what was typed as the file tells; dates as day/month/year."""
    if isinstance(raw, float):  # as most are that are not texts
        return f"{raw:.15g}"
    match raw:
        case None:
            return ""
        case str():
            return raw
        case bool():
            return str(raw).upper()
        case dt.datetime() if raw.time() == dt.time():
            return f"{raw:%d/%m/%Y}"
        case dt.datetime():
            return f"{raw:%d/%m/%Y %H:%M}"
        case dt.date():
            return f"{raw:%d/%m/%Y}"
    return str(raw)


def check_area(sheet: str, rows: int, columns: int) -> None:
    """Raises `BookError` where the `sheet`, filled that far, is more than is read."""
    if rows > ROWS or columns > COLUMNS or rows * columns > AREA_LIMIT:
        last = cell_name(min(rows, ROWS + 1) - 1, min(columns, COLUMNS + 1) - 1)
        what = Phrase(f"vùng có dữ liệu của trang “{sheet}”", f"the used area of the sheet “{sheet}”")
        limit = Phrase("5 triệu ô", "5 million cells")
        raise BookError(
            finding("too_large", sheet=sheet, cell=last, what=what, size=f"A1:{last}", limit=limit)
        )


_COVERED_LIMIT = 100_000  # cells; more are covered in no workbook that people filled in


def covered(areas: Iterable[Area], rows: int, columns: int) -> dict[tuple[int, int], CellExtra]:
    """The merged area for every cell of `areas` other than their first ones, on a sheet filled that far.

    Raises `BookError` where they are more than is read.
    """
    extras: dict[tuple[int, int], CellExtra] = {}
    left = _COVERED_LIMIT
    for one in areas:
        last_row, last_column = min(one.last_row, rows - 1), min(one.last_column, columns - 1)
        left -= max(0, last_row - one.row + 1) * max(0, last_column - one.column + 1)
        if left < 0:
            raise BookError(finding("truncated", sheet=one.sheet or None))
        extra = CellExtra(merged=one.reference)
        for row in range(one.row, last_row + 1):
            for column in range(one.column, last_column + 1):
                if (row, column) != (one.row, one.column):
                    extras[row, column] = extra
    return extras


def area(sheet: str, reference: str) -> Area:
    """The area that a `reference` without its sheet stands for, such as `F8` or `$F$8:$G$9`."""
    first, _colon, last = reference.replace("$", "").partition(":")
    return Area(sheet, *cell_place(first), *cell_place(last or first))


def utc(text: str, zone: dt.tzinfo = dt.UTC) -> dt.datetime | None:
    """The ISO time `text` in UTC, without its zone; `zone` is meant where it names none. None: it is none."""
    with contextlib.suppress(ValueError, OverflowError):
        said = dt.datetime.fromisoformat(text.strip())
        return (said if said.tzinfo else said.replace(tzinfo=zone)).astimezone(dt.UTC).replace(tzinfo=None)
    return None
