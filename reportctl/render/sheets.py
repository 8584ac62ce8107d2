"""Tables as sheets of an Excel workbook that can be printed as they are."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reportctl.core import wording
from reportctl.core.cellrefs import column_name, sheet_name
from reportctl.core.files import free_name
from reportctl.core.table import Absent, CellFormat, Column, Role, Row, Table, Value, reads_as_formula

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CREATED = dt.datetime(2000, 1, 1)  # files are the same whenever they are made
TEXT_LIMIT = 32_767  # characters in one cell of an Excel workbook
_A4 = 9
_TITLE_ROW, _HEADER_ROW = 0, 2
_NARROWEST, _WIDE, _WIDEST = 7, 60, 110  # characters of a column; the last one for long texts
_LONG = 200  # characters, from which a text is long
_PAGE, _WRAPPED = 150, 24  # characters that an A4 page has room for across; texts wrap down to this width
_SHARE = 7  # characters for a share of 1 of a table's width, at least, where texts stand
_HEADING_LINES = 5  # of a heading over numbers, about
_SIZE, _LINE = 11, 15.5  # points: of the letters, and of a line of them
_NARROW = 0.95  # of the width by which columns are measured, a letter in running text on average
_HIGHEST = 409  # points, which Excel allows a row
_ADDED = frozenset({CellFormat.COUNT, CellFormat.NUMBER, CellFormat.MONEY})
MOST_LINKS = 65_000  # of one sheet; Excel takes no more than 65,530
_ESCAPED = re.compile(r"[^\w./:~\x80-\U0010ffff-]", re.ASCII)  # in a link to a file, as Excel does
_LEADING = frozenset({"number", "label", "unit", "name", "code"})  # columns that stay in view

_NUMBER_FORMATS = {
    CellFormat.PERCENT: "0.0%",
    CellFormat.CHANGE: "+0.0%;-0.0%;0.0%",
    CellFormat.DATE: "dd/mm/yyyy",
}


# Where the texts in a table lead to, by row and column: `to_line` or `to_file`.
Links = Mapping[tuple[int, int], str]


def workbook(tables: Iterable[tuple[str, Table]], links: Mapping[str, Links] | None = None) -> bytes:
    """An .xlsx file with a sheet for each (sheet's name, table): A4 across, fit to width, header repeated.

    Sums of the rows above them are formulas, stored with their values. Text stays text, whatever it begins
    with. `links` go by the sheet's name.
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": CREATED})
    styles = _Styles(book)
    names: set[str] = set()
    for name, table in tables:
        sheet = free_name(sheet_name(name), names, " ({})", 31)
        names.add(sheet.lower())
        _Sheet(book.add_worksheet(sheet), styles, table, (links or {}).get(name, {})).write()
    if not names:
        book.add_worksheet()
    book.close()
    return out.getvalue()


def line_of(row: int) -> int:
    """The number of the line in which a table's row stands on its sheet."""
    return _HEADER_ROW + 2 + row


def to_line(sheet: str, line: int) -> str:
    """A link to a line of the sheet with that name."""
    quoted = sheet_name(sheet).replace("'", "''")
    return f"internal:'{quoted}'!A{line}"


def to_file(path: str) -> str:
    """A link to a file, by its path from the workbook's folder, with forward slashes."""
    return "external:" + _ESCAPED.sub(lambda sign: f"%{ord(sign[0]):02X}", path)


class _Styles:
    """The workbook's formats, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._cells: dict[tuple[CellFormat, str, Role, bool], Format] = {}

    def get(self, **wanted: Any) -> Format:
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": "Times New Roman", "font_size": _SIZE, **wanted}
            )
        return self._made[key]

    def link(self, text: str) -> Format:
        look = {"border": 1, "valign": "top", "text_wrap": True, "font_color": "#0563C1", "underline": 1}
        return self.get(**look, **({"quote_prefix": True} if reads_as_formula(text) else {}))

    def cell(self, kind: CellFormat, value: Value, role: Role, *, indented: bool) -> Format:
        key = kind, _look(kind, value), role, indented
        if key not in self._cells:
            self._cells[key] = self._cell(*key)
        return self._cells[key]

    def _cell(self, kind: CellFormat, look: str, role: Role, indented: bool) -> Format:
        wanted: dict[str, Any] = {"border": 1, "valign": "top", "text_wrap": True}
        if indented:
            wanted |= {"align": "left", "indent": 1}
        if role is Role.TOTAL:
            wanted["bold"] = True
        if look == _FORMULA:
            wanted["quote_prefix"] = True  # it stays text when somebody opens the cell and presses Enter
        if look == _DATE:
            wanted |= {"num_format": _NUMBER_FORMATS[CellFormat.DATE], "align": "center"}
        elif look not in (_FORMULA, _TEXT):
            wanted |= {"num_format": look, "align": "right"}
        elif kind is not CellFormat.TEXT:
            wanted["align"] = "center" if kind in (CellFormat.YES_NO, CellFormat.DATE) else "right"
        return self.get(**wanted)


_TEXT, _FORMULA, _DATE = "text", "formula", "date"  # looks of what is no number


def _look(kind: CellFormat, value: Value) -> str:
    """The number format of a number, else what a cell looks like that holds `value`."""
    if isinstance(value, str):
        return _FORMULA if reads_as_formula(value) else _TEXT
    if isinstance(value, int | float) and kind not in (CellFormat.TEXT, CellFormat.YES_NO):
        return _number_format(kind, value)
    return _DATE if isinstance(value, dt.date) else _TEXT


def _number_format(kind: CellFormat, value: float) -> str:
    if kind is CellFormat.POINTS:
        measure = wording.points_sign()
        return f'+0.0"{measure}";-0.0"{measure}";0.0"{measure}"'
    return _NUMBER_FORMATS.get(kind, "#,##0" if float(value).is_integer() else "#,##0.0#")


class _Sheet:
    """One table on its way into one worksheet."""

    def __init__(self, sheet: Worksheet, styles: _Styles, table: Table, links: Links) -> None:
        self.sheet, self.styles, self.table, self.links = sheet, styles, table, links

    def write(self) -> None:
        table, sheet = self.table, self.sheet
        widths = self._widths()
        header = self.styles.get(
            bold=True, border=1, text_wrap=True, align="center", valign="vcenter", bg_color="#D9E2F3"
        )
        for n, column in enumerate(table.columns):
            sheet.set_column(n, n, widths[n])
            sheet.write_string(_HEADER_ROW, n, column.title, header)
        lines = (math.ceil(len(c.title) * 1.3 / w) for c, w in zip(table.columns, widths, strict=True))
        sheet.set_row(_HEADER_ROW, _LINE * max(lines, default=1))
        self._across(_TITLE_ROW, table.title, sum(widths), bold=True, font_size=14)
        for index, row in enumerate(table.rows):
            if row.role is Role.SECTION:
                self._section(index)
            else:
                for n, value in enumerate(row.cells):
                    self._cell(index, row, n, value)
                self._height(index, row, widths)
        for n, text in enumerate(table.notes):
            self._across(self._line(len(table.rows)) + 1 + n, text, sum(widths), italic=True)
        self._page()

    def _across(self, line: int, text: str, width: float, **look: Any) -> None:
        """A text over all columns, in as many lines as it needs."""
        style = self.styles.get(text_wrap=True, valign="top", **look)
        last = len(self.table.columns) - 1
        if last > 0:
            self.sheet.merge_range(line, 0, line, last, "", style)
        self.sheet.write_string(line, 0, text, style)
        size = look.get("font_size", _SIZE)
        self.sheet.set_row(line, _LINE * size / _SIZE * math.ceil((len(text) or 1) * size / _SIZE / width))

    def _line(self, index: int) -> int:
        return _HEADER_ROW + 1 + index

    def _height(self, index: int, row: Row, widths: Sequence[float]) -> None:
        """Room for texts that wrap; not every program makes it by itself."""
        most = 1
        for text, width in zip(row.cells, widths, strict=True):
            if isinstance(text, str) and (_NARROW * len(text) > width or "\n" in text):
                lines = (math.ceil(_NARROW * len(part) / width) or 1 for part in text.split("\n"))
                most = max(most, sum(lines))
        if most > 1:
            self.sheet.set_row(self._line(index), min(_LINE * most, _HIGHEST))

    def _section(self, index: int) -> None:
        """A heading inside the table: its number, then its title over all other columns."""
        columns, cells, line = self.table.columns, self.table.rows[index].cells, self._line(index)
        style = self.styles.get(bold=True, border=1, bg_color="#F2F2F2")
        first = int(columns[0].key == "number" and len(columns) > 1)
        if first:
            self.sheet.write_string(line, 0, str(cells[0]), style)
        if len(columns) - first > 1:
            self.sheet.merge_range(line, first, line, len(columns) - 1, "", style)
        self.sheet.write_string(line, first, str(cells[first]), style)

    def _cell(self, index: int, row: Row, column: int, value: Value) -> None:
        line, kind = _HEADER_ROW + 1 + index, self.table.kind_of(row, column)
        indented = row.role is Role.PART and self.table.columns[column].key == "label"
        style = self.styles.cell(kind, value, row.role, indented=indented)
        if isinstance(value, str):
            if not value:
                self.sheet.write_blank(line, column, None, style)
            elif self.links and (link := self.links.get((index, column))):
                self.sheet.write_url(line, column, link, self.styles.link(value), _fitting(value))
            else:
                self.sheet.write_string(line, column, _fitting(value), style)
            return
        match value:
            case dt.date():
                self.sheet.write_datetime(line, column, dt.datetime.combine(value, dt.time()), style)
            case None | Absent() | bool():
                self.sheet.write_string(line, column, wording.cell_text(value, kind), style)
            case _ if kind in (CellFormat.YES_NO, CellFormat.TEXT):
                self.sheet.write_string(line, column, wording.cell_text(value, kind), style)
            case _ if kind is CellFormat.POINTS:  # no format says hundredths without a percent sign
                self.sheet.write_number(line, column, float(f"{value * 100:.15g}"), style)
            case _:
                formula = self._sum(index, column, value) if kind in _ADDED else None
                if formula:
                    self.sheet.write_formula(line, column, formula, style, value)
                else:
                    self.sheet.write_number(line, column, value, style)

    def _sum(self, index: int, column: int, value: float) -> str | None:
        """The formula that makes a total from its group or from all rows above; None where neither does."""
        if self.table.rows[index].role is not Role.TOTAL:
            return None
        runs = list(_runs(self.table.rows[:index]))
        for chosen in (runs[-1:], runs):
            numbers = [
                cell
                for first, last in chosen
                for row in self.table.rows[first : last + 1]
                if isinstance(cell := row.cells[column], int | float)
            ]
            if numbers and abs(sum(numbers) - value) <= 1e-9 * max(1.0, abs(value)):
                letter = column_name(column)
                areas = [
                    f"{letter}{self._line(first) + 1}:{letter}{self._line(last) + 1}"
                    for first, last in chosen
                ]
                if self.table.kind_of(self.table.rows[chosen[0][0]], column) is CellFormat.YES_NO:
                    # These cells say Yes and No in words, which a sum would pass over.
                    yes = wording.cell_text(1, CellFormat.YES_NO)
                    return "=" + "+".join(f'COUNTIF({area},"{yes}")' for area in areas)
                return f"=SUM({','.join(areas)})"
        return None

    def _widths(self) -> list[float]:
        """The columns' widths; texts wrap where a page has no room, so that it is not printed small."""
        widths = [self._width(n, column) for n, column in enumerate(self.table.columns)]
        texts = [n for n, column in enumerate(self.table.columns) if column.kind is CellFormat.TEXT]
        while sum(widths) > _PAGE and texts:
            widest = max(texts, key=widths.__getitem__)
            if widths[widest] <= _WRAPPED:
                break
            widths[widest] -= 1
        return widths

    def _width(self, index: int, column: Column) -> float:
        """Room for the longest word of the title and the widest cell; long texts wrap, numbers never."""
        title = max(*map(len, column.title.split()), len(column.title) // _HEADING_LINES, 0)
        texts = numbers = 0
        for row in self.table.rows:
            value = row.cells[index]
            if isinstance(value, str):
                if len(value) > texts and row.role is not Role.SECTION:
                    texts = max(texts, *map(len, value.split("\n")))
            elif isinstance(value, int | float):
                points = self.table.kind_of(row, index) is CellFormat.POINTS
                said = wording.cell_text(value, CellFormat.POINTS) if points else f"{value:,.2f}"
                numbers = max(numbers, len(said))
        if column.kind is CellFormat.TEXT:
            texts = max(texts, int(column.width * _SHARE))
        texts = min(texts, _WIDEST if texts > _LONG else _WIDE)
        return max(_NARROWEST if index else 3, title, numbers, texts) + 2

    def _page(self) -> None:
        sheet, table = self.sheet, self.table
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.set_footer("&C&P/&N")
        if table.rows and all(row.role is Role.PLAIN for row in table.rows):
            sheet.autofilter(_HEADER_ROW, 0, self._line(len(table.rows)) - 1, len(table.columns) - 1)
        leading = 0
        while leading < len(table.columns) - 1 and table.columns[leading].key in _LEADING:
            leading += 1
        sheet.freeze_panes(_HEADER_ROW + 1, leading)


def _runs(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """The first and last row of each unbroken run of plain rows."""
    first = None
    for n, row in enumerate(rows):
        plain = row.role is Role.PLAIN
        if plain and first is None:
            first = n
        if not plain and first is not None:
            yield first, n - 1
            first = None
    if first is not None:
        yield first, len(rows) - 1


def _fitting(text: str) -> str:
    return text[:TEXT_LIMIT]
