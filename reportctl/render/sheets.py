"""Tables as sheets of an Excel workbook that can be printed as they are."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import math
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportctl.core import wording
from reportctl.core.cellrefs import column_name, sheet_name
from reportctl.core.files import free_name
from reportctl.core.language import _
from reportctl.core.table import (
    NOT_ASKED,
    Absent,
    CellFormat,
    Role,
    Table,
    Value,
    heading_lines,
    headings,
    page_breaks,
    reads_as_formula,
    together,
)

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
_UPRIGHT = 100  # characters, for which an upright page has room
_HEAD_TEXT = 110  # characters of each of two texts at the head of pages; Excel takes 255 of all
_SMALLEST = 1.7  # pages' width that is still printed on one page
_SCALE, _ROOM = 70, 148  # per cent, at which others are printed, and its characters on a page of LibreOffice
_SHARE = 7  # characters for a share of 1 of a table's width, at least, where texts stand
_HEADING_LINES = 5  # of a heading over numbers, about
_SIZE, _LINE = 11, 15.5  # points: of the letters, and of a line of them
_NARROW = 0.95  # of the width by which columns are measured, a letter in running text on average
_HIGHEST = 409  # points, which Excel allows a row
_ADDED = frozenset({CellFormat.COUNT, CellFormat.NUMBER, CellFormat.MONEY})
MOST_LINKS = 65_000  # of one sheet; Excel takes no more than 65,530
_ESCAPED = re.compile(r"[^\w./:~\x80-\U0010ffff-]", re.ASCII)  # in a link to a file, as Excel does
_LEADING = frozenset({"number", "place", "label", "unit", "name", "code"})  # columns that stay in view

_NUMBER_FORMATS = {
    CellFormat.PERCENT: "0.0%",
    CellFormat.CHANGE: "+0.0%;-0.0%;0.0%",
    CellFormat.DATE: "dd/mm/yyyy",
}
_TEXT, _FORMULA, _DATE, _NOT_ASKED = "text", "formula", "date", "not asked"  # cells that are no numbers
_GREY = "#D9D9D9"

# Where the texts in a table lead to, by row and column: `to_line` or `to_file`.
Links = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class PagesHead:
    """What stands at the head of every page that is printed: whose it is, and of which period or report."""

    issuer: str
    about: str


def workbook(
    tables: Iterable[tuple[str, Table]],
    links: Mapping[str, Links] | None = None,
    head: PagesHead | None = None,
    unprinted: Container[str] = (),
) -> bytes:
    """An .xlsx file with a sheet for each (sheet's name, table): on A4, upright where that is wide enough,
    fit to width, header repeated, below `head`.

    Sums of the rows above them are formulas, stored with their values. Text stays text, whatever it begins
    with. `links` go by the sheet's name. Of the sheets named in `unprinted` only the title is printed and
    a line that says so: whoever prints the whole workbook does not get their rows.
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": CREATED})
    styles = _Styles(book)
    taken: set[str] = set()
    for name, table in tables:
        free = free_name(sheet_name(name), taken, " ({})", 31)
        taken.add(free.lower())
        sheet = book.add_worksheet(free)
        _write_table(sheet, styles, table, (links or {}).get(name, {}), printed=name not in unprinted)
        if head:
            sheet.set_header(_page_head(head))
    if not taken:
        book.add_worksheet()
    book.close()
    return out.getvalue()


def _page_head(head: PagesHead) -> str:
    """The two texts at the left and the right, which `&` would end, within what Excel takes."""
    return "".join(
        f"{side}{text[:_HEAD_TEXT].replace('&', '&&')}"
        for side, text in (("&L", head.issuer), ("&R", head.about))
        if text
    )


def line_of(row: int, heads: int = 1) -> int:
    """The number of the line in which a table's row stands on its sheet, below a head of `heads` lines."""
    return _HEADER_ROW + 1 + heads + row


def to_line(sheet: str, line: int) -> str:
    """A link to a line of the sheet with that name."""
    quoted = sheet_name(sheet).replace("'", "''")
    return f"internal:'{quoted}'!A{line}"


def to_file(path: str) -> str:
    """A link to a file, by its path from the workbook's folder, with forward slashes."""
    return "external:" + _ESCAPED.sub(lambda sign: f"%{ord(sign[0]):02X}", path)


def _number_format(value: int | float) -> str:
    """The format that shows as many decimals of a figure as are printed of it."""
    if float(value).is_integer():
        return "#,##0"
    return "#,##0.0" + "#" * (wording.decimals_of(value) - 1)


class _Styles:
    """The workbook's formats, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._cells: dict[tuple[CellFormat, str, Role, int, str], Format] = {}

    def get(self, **wanted: Any) -> Format:
        """The format with those properties, in the font of all sheets."""
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": "Times New Roman", "font_size": _SIZE, **wanted}
            )
        return self._made[key]

    def cell(self, kind: CellFormat, value: Value, role: Role, *, indent: int = 0, mark: str = "") -> Format:
        """The format of a cell that holds `value`, `indent` steps in; it shows `mark` behind a number."""
        look = _NOT_ASKED if value is NOT_ASKED else _TEXT
        if isinstance(value, str):
            look = _FORMULA if reads_as_formula(value) else _TEXT
        elif isinstance(value, int | float) and kind not in (CellFormat.TEXT, CellFormat.YES_NO):
            if kind is CellFormat.POINTS:
                measure = wording.points_sign()
                look = f'+0.0"{measure}";-0.0"{measure}";0.0"{measure}"'
            else:
                look = _NUMBER_FORMATS.get(kind) or _number_format(value)
        elif isinstance(value, dt.date):
            look = _DATE
        key = kind, look, role, indent, mark
        if key in self._cells:
            return self._cells[key]
        wanted: dict[str, Any] = {"border": 1, "valign": "top", "text_wrap": True}
        if indent:
            wanted |= {"align": "left", "indent": indent}
        if role is Role.TOTAL:
            wanted["bold"] = True
        if value is NOT_ASKED:
            wanted |= {"bg_color": _GREY, "align": "center"}
        if look == _FORMULA:
            wanted["quote_prefix"] = True  # it stays text when somebody opens the cell and presses Enter
        if look == _DATE:
            wanted |= {"num_format": _NUMBER_FORMATS[CellFormat.DATE], "align": "center"}
        elif look not in (_FORMULA, _TEXT, _NOT_ASKED):
            behind = f'"\u00a0{mark}"' if mark else ""
            shown = ";".join(f"{part}{behind}" for part in look.split(";"))
            wanted |= {"num_format": shown, "align": "right"}
        elif kind is not CellFormat.TEXT and value is not NOT_ASKED:
            wanted["align"] = "center" if kind in (CellFormat.YES_NO, CellFormat.DATE) else "right"
        self._cells[key] = self.get(**wanted)
        return self._cells[key]


def _write_table(sheet: Worksheet, styles: _Styles, table: Table, links: Links, *, printed: bool) -> None:
    """Write `table` with title, header and notes, and set up the sheet for the screen and for printing."""
    widths = _widths(table)
    breaks = _page_breaks(table, widths)
    header = styles.get(
        bold=True, border=1, text_wrap=True, align="center", valign="vcenter", bg_color="#D9E2F3"
    )
    last = len(table.columns) - 1
    across = breaks[0] - 1 if breaks else last
    if not printed:
        across = sum(so_far <= _PAGE for so_far in itertools.accumulate(widths[1:], initial=widths[0])) - 1
        across = max(across, 0)

    def write_across(line: int, text: str, **look: Any) -> None:
        """A text over all columns of the first page, in as many lines as it needs."""
        style = styles.get(text_wrap=True, valign="top", **look)
        if across > 0:
            sheet.merge_range(line, 0, line, across, "", style)
        sheet.write_string(line, 0, text, style)
        size = look.get("font_size", _SIZE)
        lines = math.ceil((len(text) or 1) * size / _SIZE / sum(widths[: across + 1]))
        sheet.set_row(line, _LINE * size / _SIZE * lines)

    for n in range(len(table.columns)):
        sheet.set_column(n, n, widths[n])
    bottom = _write_head(sheet, header, table, widths)
    write_across(_TITLE_ROW, table.title, bold=True, font_size=14)
    line = bottom
    for index, row in enumerate(table.rows):
        line += 1
        if row.role is Role.SECTION:  # its number, then its title over all other columns
            style = styles.get(bold=True, border=1, bg_color="#F2F2F2")
            first = int(table.columns[0].key == "number" and last > 0)
            if first:
                sheet.write_string(line, 0, str(row.cells[0]), style)
            if last > first:
                sheet.merge_range(line, first, line, last, "", style)
            sheet.write_string(line, first, str(row.cells[first]), style)
            continue
        for n in range(len(row.cells)):
            _write_cell(sheet, styles, table, (index, n), line, links.get((index, n), ""))
        # Not every program makes room for texts that wrap by itself.
        lines_of_row = 1
        for text, width in zip(row.cells, widths, strict=True):
            if isinstance(text, str) and (_NARROW * len(text) > width or "\n" in text):
                parts = (math.ceil(_NARROW * len(part) / width) or 1 for part in text.split("\n"))
                lines_of_row = max(lines_of_row, sum(parts))
        if lines_of_row > 1:
            sheet.set_row(line, min(_LINE * lines_of_row, _HIGHEST))
    for n, text in enumerate(table.notes, line + 2):
        write_across(n, text, italic=True)
    if not printed:
        remark = _("These rows are not printed with the others: they are to be searched and filtered here.")
        write_across(_TITLE_ROW + 1, remark, italic=True)
    if sum(widths) > _UPRIGHT:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.6, right=0.4, top=0.75, bottom=0.6)
    if printed:
        sheet.print_area(_TITLE_ROW, 0, line + 1 + len(table.notes) if table.notes else line, last)
    else:
        sheet.print_area(_TITLE_ROW, 0, _TITLE_ROW + 1, across)
    if not printed:
        sheet.fit_to_pages(1, 1)
    elif breaks:
        sheet.set_print_scale(_SCALE)
        sheet.set_v_pagebreaks(breaks)
        sheet.repeat_columns(0, table.repeated - 1)
    else:
        sheet.fit_to_pages(1, 0)
    if printed:
        sheet.repeat_rows(_HEADER_ROW, bottom)
    sheet.set_footer("&C&P/&N")
    if table.rows and all(row.role is Role.PLAIN for row in table.rows):
        sheet.autofilter(bottom, 0, line, last)
    leading = itertools.takewhile(lambda column: column.key in _LEADING, table.columns[:-1])
    sheet.freeze_panes(bottom + 1, len(list(leading)))


def _page_breaks(table: Table, widths: Sequence[float]) -> list[int]:
    """The columns before which another page begins, where all of them on one would be too small to read; none
    where they fit. The names of the rows stand on each page, and what has one heading together stays so."""
    if not table.repeated or sum(widths) <= _SMALLEST * _PAGE:
        return []
    headed = [(one.first, one.last) for one in headings(table.columns)]
    blocks = [(block[0], block[-1]) for block in together(table.columns)]
    return page_breaks(widths, table.repeated, (*headed, *blocks), _ROOM)


def _write_head(sheet: Worksheet, style: Format, table: Table, widths: list[float]) -> int:
    """Write the columns' titles below the headings that they have together; returns the last line of it."""
    bottom = _HEADER_ROW + heading_lines(table.columns) - 1
    needs = [1] * (bottom + 1 - _HEADER_ROW)  # lines of text in each
    for one in headings(table.columns):
        first, last = _HEADER_ROW + one.top, _HEADER_ROW + one.bottom
        if (first, one.first) != (last, one.last):
            sheet.merge_range(first, one.first, last, one.last, "", style)
        sheet.write_string(first, one.first, one.text, style)
        lines = math.ceil(len(one.text) * 1.3 / sum(widths[one.first : one.last + 1]))
        others = sum(needs[one.top : one.bottom])
        needs[one.bottom] = max(needs[one.bottom], lines - others)
    for n, lines in enumerate(needs):
        sheet.set_row(_HEADER_ROW + n, _LINE * lines)
    return bottom


def _write_cell(
    sheet: Worksheet, styles: _Styles, table: Table, place: tuple[int, int], line: int, link: str
) -> None:
    """Write the cell in the row and column `place` of `table` into the sheet's `line` (0: the first); a text
    leads to `link` where there is one."""
    index, column = place
    row = table.rows[index]
    value, kind = row.cells[column], table.kind_of(row, column)
    indent = row.depth if table.columns[column].key == "label" else 0
    mark = table.mark_of(row, column)
    style = styles.cell(kind, value, row.role, indent=indent, mark=mark)
    match value:
        case "":
            sheet.write_blank(line, column, None, style)
        case str() if link:
            look = {"border": 1, "valign": "top", "text_wrap": True, "font_color": "#0563C1", "underline": 1}
            if reads_as_formula(value):
                look["quote_prefix"] = True
            sheet.write_url(line, column, link, styles.get(**look), value[:TEXT_LIMIT])
        case str():
            sheet.write_string(line, column, value[:TEXT_LIMIT], style)
        case dt.date():
            sheet.write_datetime(line, column, dt.datetime.combine(value, dt.time()), style)
        case None | Absent() | bool():
            sheet.write_string(line, column, wording.cell_text(value, kind), style)
        case _ if kind in (CellFormat.YES_NO, CellFormat.TEXT):
            sheet.write_string(line, column, wording.cell_text(value, kind), style)
        case _ if kind is CellFormat.POINTS:  # no format says hundredths without a percent sign
            sheet.write_number(line, column, float(f"{value * 100:.15g}"), style)
        case _:
            added = row.role is Role.TOTAL and kind in _ADDED
            formula = _total_formula(table, index, column, value) if added else None
            if formula:
                sheet.write_formula(line, column, formula, style, value)
            else:
                sheet.write_number(line, column, value, style)


def _total_formula(table: Table, index: int, column: int, total: float) -> str | None:
    """The formula that makes a total from the plain rows right above it or from all of those above; None
    where neither add up to it."""
    runs = [
        list(run)
        for plain, run in itertools.groupby(range(index), lambda n: table.rows[n].role is Role.PLAIN)
        if plain
    ]
    for chosen in (runs[-1:], runs):
        numbers = [
            cell
            for run in chosen
            for n in run
            if isinstance(cell := table.rows[n].cells[column], int | float)
        ]
        if numbers and abs(sum(numbers) - total) <= 1e-9 * max(1.0, abs(total)):
            letter = column_name(column)
            heads = heading_lines(table.columns)
            areas = [f"{letter}{line_of(run[0], heads)}:{letter}{line_of(run[-1], heads)}" for run in chosen]
            kinds = {table.kind_of(table.rows[n], column) for run in chosen for n in run}
            if CellFormat.YES_NO in kinds:
                # These cells say Yes and No in words, which a sum would pass over; others are not counted.
                if len(kinds) > 1 or any(number not in (0, 1) for number in numbers):
                    return None
                yes = wording.cell_text(1, CellFormat.YES_NO)
                return "=" + "+".join(f'COUNTIF({area},"{yes}")' for area in areas)
            return f"=SUM({','.join(areas)})"
    return None


def _widths(table: Table) -> list[float]:
    """The columns' widths, in characters: room for the longest word of the title and the widest number.

    Texts wrap where they are long, and where a page has no room, so that it is not printed small.
    """
    widths: list[float] = []
    for index, column in enumerate(table.columns):
        title = max(*map(len, column.title.split()), len(column.title) // _HEADING_LINES, 0)
        texts = numbers = 0
        for row in table.rows:
            value = row.cells[index]
            if isinstance(value, str):
                if len(value) > texts and row.role is not Role.SECTION:
                    texts = max(texts, *map(len, value.split("\n")))
            elif isinstance(value, int | float):
                points = table.kind_of(row, index) is CellFormat.POINTS
                written = wording.cell_text(value, CellFormat.POINTS) if points else f"{value:,.2f}"
                numbers = max(numbers, len(written) + len(table.mark_of(row, index)))
        if column.kind is CellFormat.TEXT:
            texts = max(texts, int(column.width * _SHARE))
        texts = min(texts, _WIDEST if texts > _LONG else _WIDE)
        widths.append(max(_NARROWEST if index else 3, title, numbers, texts) + 2)
    wrapping = [n for n, column in enumerate(table.columns) if column.kind is CellFormat.TEXT]
    while sum(widths) > _PAGE and wrapping:
        widest = max(wrapping, key=widths.__getitem__)
        if widths[widest] <= _WRAPPED:
            break
        widths[widest] -= 1
    return widths
