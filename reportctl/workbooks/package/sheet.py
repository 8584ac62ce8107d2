"""The XML of one worksheet: the formats of its cells, which are made where missing, and how wide they are."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Sequence

from reportctl.core.cellrefs import cell_name, cell_place
from reportctl.workbooks.book import Area, area
from reportctl.workbooks.package.parts import Element, NotEditableError
from reportctl.workbooks.package.styles import MAIN

_ROW, _CELL, _FORMULA = f"{{{MAIN}}}row", f"{{{MAIN}}}c", f"{{{MAIN}}}f"
_WIDTH, _HEIGHT = 9.14, 15.0  # of columns and rows that say nothing, in digits and points
_DIGIT, _POINT = 7, 4 / 3  # pixels
_GAP = 15  # pixels between a cell and its comment's box
_YES = ("1", "true")


class SheetXml:
    """A worksheet's root element, which is changed. Raises `NotEditableError` where it is none."""

    def __init__(self, root: Element) -> None:
        data = root.find(f"{{{MAIN}}}sheetData")
        if root.tag != f"{{{MAIN}}}worksheet" or data is None:
            raise NotEditableError
        self.root, self.data = root, data
        self.rows: dict[int, Element] = {}  # by number, counted from 0
        number = -1
        for row in data.iterchildren(_ROW):  # one that does not say its number follows the one before it
            number = int(row.get("r", number + 2)) - 1
            self.rows[number] = row

    def format_of(self, cell: str) -> int:
        """The number of the format that a cell has, by itself, its row or its column."""
        number, column = cell_place(cell)
        row = self.rows.get(number)
        found = _cells(row).get(column) if row is not None else None
        if found is not None:
            return int(found.get("s", "0"))
        if row is not None and row.get("customFormat") in _YES:
            return int(row.get("s", "0"))
        across = self._column(column)
        return 0 if across is None else int(across.get("style", "0"))

    def format(self, cell: str, number: int) -> None:
        """Give a cell the format of that number; a cell that is not there is made."""
        self.cell(cell).set("s", str(number))

    def cell(self, cell: str) -> Element:
        """The element of a cell; one that is not there is made, with the format that it has by its row or
        column."""
        row_number, column = cell_place(cell)
        row = self.rows.get(row_number)
        cells = _cells(row) if row is not None else {}
        if column in cells:
            return cells[column]
        number = self.format_of(cell)
        if row is None:
            row = self.data.makeelement(_ROW, r=str(row_number + 1))
            after = [n for n in self.rows if n > row_number]
            if after:  # one that does not say its number would follow this one
                self.rows[min(after)].set("r", str(min(after) + 1))
            self.data.insert(len(self.rows) - len(after), row)
            self.rows[row_number] = row
        made = row.makeelement(_CELL, r=cell)
        if number:
            made.set("s", str(number))
        after = [n for n in cells if n > column]
        if after:
            cells[min(after)].set("r", cell_name(row_number, min(after)))
        row.insert(len(cells) - len(after), made)
        if "spans" in row.attrib:  # they only say how far the row goes
            del row.attrib["spans"]
        self._reach(row_number, column)
        return made

    def merged(self) -> list[Area]:
        """The merged areas."""
        found = self.root.iterfind(f"{{{MAIN}}}mergeCells/{{{MAIN}}}mergeCell")
        return [area("", one.get("ref", "")) for one in found]

    def formulas(self) -> dict[tuple[int, int], Element]:
        """The cells whose values are worked out, by row and column: by a formula of their own, or by one that
        fills several cells (an array formula, a data table)."""
        found: dict[tuple[int, int], Element] = {}
        several: list[Area] = []
        for number, row in self.rows.items():
            for column, cell in _cells(row).items():
                formula = cell.find(_FORMULA)
                if formula is not None:
                    found[number, column] = cell
                    if formula.get("t") in ("array", "dataTable") and formula.get("ref"):
                        several.append(area("", formula.get("ref", "")))
        for one in several:
            for number in self.rows.keys() & set(range(one.row, one.last_row + 1)):
                for column, cell in _cells(self.rows[number]).items():
                    if one.column <= column <= one.last_column:
                        found[number, column] = cell
        return found

    def formatted(self, numbers: Collection[int]) -> Iterator[tuple[str, int]]:
        """The cells that have one of the formats `numbers`, with it."""
        for number, row in list(self.rows.items()):
            for column, cell in _cells(row).items():
                if int(cell.get("s", "0")) in numbers:
                    yield cell_name(number, column), int(cell.get("s", "0"))

    def column_a(self, strings: Sequence[str]) -> Iterator[str]:
        """The texts of the first column; `strings` are the workbook's shared ones."""
        for row in self.rows.values():
            cell = _cells(row).get(0)
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
        """The place of a comment's box of that size in pixels, right of a cell, as VML has it: left column,
        pixels, top row, pixels, right column, pixels, bottom row, pixels, all counted from 0."""
        row, column = cell_place(cell)
        wide, high = self._sizes

        def far_end(first: int, pixels: int, *, down: bool) -> str:
            """The column or row in which something that long from `first` on ends, and how far in it."""
            for number in range(first, first + 1002):  # beyond that all is hidden to the end of the sheet
                one = self.rows.get(number) if down else self._column(number)
                own = None if one is None else one.get("ht" if down else "width")
                size = round(float(own or high) * _POINT if down else float(own or wide) * _DIGIT)
                if one is not None and one.get("hidden") in _YES:
                    size = 0
                if pixels <= size:
                    break
                pixels -= size
            return f"{number}, {pixels}"

        left, top = column + 1, max(0, row - 1)
        right = far_end(left, _GAP + width, down=False)
        return f"{left}, {_GAP}, {top}, 4, {right}, {far_end(top, 4 + height, down=True)}"

    def _reach(self, row: int, column: int) -> None:
        """Take away how far the sheet says that it is filled where a cell lies beyond."""
        said = self.root.find(f"{{{MAIN}}}dimension")
        if said is not None and not area("", said.get("ref", "A1")).holds(row, column):
            self.root.remove(said)  # it need not say so; programs find out

    @functools.cached_property
    def _sizes(self) -> tuple[float, float]:
        """How wide columns are, in digits, and how high rows, in points, where nothing else is said."""
        default = self.root.find(f"{{{MAIN}}}sheetFormatPr")
        wide = None if default is None else default.get("defaultColWidth")
        high = None if default is None else default.get("defaultRowHeight")
        return float(wide or _WIDTH), float(high or _HEIGHT)

    def _column(self, number: int) -> Element | None:
        """What the sheet says of a column counted from 0."""
        for column in self.root.iterfind(f"{{{MAIN}}}cols/*"):
            if int(column.get("min", "0")) <= number + 1 <= int(column.get("max", "0")):
                return column
        return None


def _cells(row: Element) -> dict[int, Element]:
    """The cells of a row by column, counted from 0; one that does not say its own follows the one before."""
    cells: dict[int, Element] = {}
    column = -1
    for cell in row.iterchildren(_CELL):
        reference = cell.get("r")
        column = cell_place(reference)[1] if reference else column + 1
        cells[column] = cell
    return cells
