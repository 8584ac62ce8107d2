"""The XML of one worksheet: the formats of its cells, which are made where missing, and how wide they are."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Sequence

from reportctl.core.cellrefs import cell_place, column_name
from reportctl.workbooks.package.parts import (
    Element,
    NotEditableError,
)
from reportctl.workbooks.package.styles import MAIN

_ROW, _CELL = f"{{{MAIN}}}row", f"{{{MAIN}}}c"
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 9.14, 15.0  # digits; points
_DIGIT, _POINT = 7, 4 / 3  # pixels


class SheetXml:
    """A worksheet's root element, which is changed. Raises `NotEditableError` where it is none."""

    def __init__(self, root: Element) -> None:
        data = root.find(f"{{{MAIN}}}sheetData")
        if root.tag != f"{{{MAIN}}}worksheet" or data is None:
            raise NotEditableError
        self.root, self.data = root, data
        self.rows: dict[int, Element] = dict(_numbered(data))

    def format_of(self, cell: str) -> int:
        """The number of the format that a cell has, by itself, its row or its column."""
        row_index, column = cell_place(cell)
        row = self.rows.get(row_index + 1)
        found = dict(_cells(row)).get(column) if row is not None else None
        if found is not None:
            return int(found.get("s", "0"))
        if row is not None and row.get("customFormat") in ("1", "true"):
            return int(row.get("s", "0"))
        return int(next((c.get("style", "0") for c in self._columns() if _covers(c, column)), "0"))

    def format(self, cell: str, number: int) -> None:
        """Give a cell the format of that number; a cell that is not there is made."""
        row_index, column = cell_place(cell)
        row_number = row_index + 1
        row = self.rows.get(row_number)
        if row is None:
            row = self.data.makeelement(_ROW, r=str(row_number))
            after = sum(n < row_number for n in self.rows)
            self.data.insert(after, row)
            self.rows[row_number] = row
        cells = dict(_cells(row))
        found = cells.get(column)
        if found is None:
            found = row.makeelement(_CELL, r=cell)
            row.insert(sum(n < column for n in cells), found)
            if "spans" in row.attrib:  # they only say how far the row goes
                del row.attrib["spans"]
        found.set("s", str(number))

    def formatted(self, numbers: Collection[int]) -> Iterator[tuple[str, int]]:
        """The cells that have one of the formats `numbers`, with it."""
        for number, row in list(self.rows.items()):
            for column, cell in _cells(row):
                if int(cell.get("s", "0")) in numbers:
                    yield f"{column_name(column)}{number}", int(cell.get("s", "0"))

    def column_a(self, strings: Sequence[str]) -> Iterator[str]:
        """The texts of the first column; `strings` are the workbook's shared ones."""
        for row in self.rows.values():
            cell = dict(_cells(row)).get(0)
            if cell is None:
                continue
            value = cell.findtext(f"{{{MAIN}}}v") or ""
            if cell.get("t") == "s":
                yield strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
            elif cell.get("t") == "inlineStr":
                yield "".join(text.text or "" for text in cell.iter(f"{{{MAIN}}}t"))
            else:
                yield value

    def anchor(self, cell: str, width: int, height: int) -> str:
        """The place of a comment's box of that size in pixels, beside a cell."""
        row, column = cell_place(cell)
        return box_anchor(column, row, (width, height), self._width, self._height)

    @functools.cached_property
    def _sizes(self) -> tuple[float, float]:
        """How wide columns are, in digits, and how high rows, in points, where nothing else is said."""
        said = self.root.find(f"{{{MAIN}}}sheetFormatPr")
        if said is None:
            return _DEFAULT_WIDTH, _DEFAULT_HEIGHT
        wide, high = said.get("defaultColWidth"), said.get("defaultRowHeight")
        return float(wide or _DEFAULT_WIDTH), float(high or _DEFAULT_HEIGHT)

    def _width(self, column: int) -> int:
        """Pixels of a column counted from 0."""
        found = next((each for each in self._columns() if _covers(each, column)), None)
        if found is None:
            return round(self._sizes[0] * _DIGIT)
        return 0 if _yes(found, "hidden") else round(float(found.get("width", self._sizes[0])) * _DIGIT)

    def _height(self, row: int) -> int:
        """Pixels of a row counted from 0."""
        found = self.rows.get(row + 1)
        if found is None:
            return round(self._sizes[1] * _POINT)
        return 0 if _yes(found, "hidden") else round(float(found.get("ht", self._sizes[1])) * _POINT)

    def _columns(self) -> list[Element]:
        columns = self.root.find(f"{{{MAIN}}}cols")
        return [] if columns is None else list(columns)


def _numbered(data: Element) -> Iterator[tuple[int, Element]]:
    """The rows by number; a row that does not say its own follows the one before it."""
    number = 0
    for row in data.iterchildren(_ROW):
        number = int(row.get("r", number + 1))
        yield number, row


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    """The cells of a row by column, alike."""
    column = -1
    for cell in row.iterchildren(_CELL):
        reference = cell.get("r")
        column = cell_place(reference)[1] if reference else column + 1
        yield column, cell


def _covers(column: Element, number: int) -> bool:
    return int(column.get("min", "0")) <= number + 1 <= int(column.get("max", "0"))


def _yes(element: Element, attribute: str) -> bool:
    return element.get(attribute) in ("1", "true")


def box_anchor(
    column: int, row: int, size: tuple[int, int], widths: Callable[[int], int], heights: Callable[[int], int]
) -> str:
    """The place of a box of `size` pixels, right of the cell in `column` and `row`, as VML has it:
    left column, pixels, top row, pixels, right column, pixels, bottom row, pixels, all counted from 0."""
    left, top = column + 1, max(0, row - 1)
    right, beyond = _spanned(left, _GAP + size[0], widths)
    bottom, below = _spanned(top, 4 + size[1], heights)
    return f"{left}, {_GAP}, {top}, 4, {right}, {beyond}, {bottom}, {below}"


_GAP = 15  # pixels between the cell and the box


def _spanned(first: int, pixels: int, sizes: Callable[[int], int]) -> tuple[int, int]:
    """The column or row in which something that long from `first` on ends, and how far in it."""
    number = first
    while pixels > sizes(number):
        pixels -= sizes(number)
        number += 1
        if number > first + 1000:  # hidden to the end of the sheet
            break
    return number, pixels
