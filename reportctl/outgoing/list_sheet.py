"""The sheet of a list in a workbook that is sent out: a row for each event, a column for each question."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.form import layout
from reportctl.form.indicators import Type
from reportctl.form.layout import ListPlace
from reportctl.form.model import ListColumn
from reportctl.form.names import headings
from reportctl.form.rules import Rule
from reportctl.outgoing.headings import down, tree
from reportctl.outgoing.input_cells import DECIMAL, prompt
from reportctl.outgoing.page import (
    CENTRED,
    CHECK,
    LOCKED,
    OPTIONAL,
    REQUIRED,
    OutgoingBook,
    SheetSetup,
    define_name,
    height,
    open_input_page,
    select_first,
    show_whole,
    typed,
    validate,
    write_alarm,
)

_WIDTHS = {Type.TEXT: 36.0, Type.CHOICE: 18.0}  # digits, and the next
_WIDTH, _CHECK_WIDTH = 14.0, 32.0
_MANY_COLUMNS = 8
_NARROW_WIDTHS = {Type.TEXT: 24.0, Type.DATE: 12.0, Type.MONEY: 12.0}  # where there are many columns
_NARROW_WIDTH, _LETTER_WIDTH = 9.5, 1.25
_HEADING_LINES = 5  # that a heading may take in a narrow column


def write_list(book: OutgoingBook, place: ListPlace, shown: Sequence[Rule]) -> None:
    """The sheet of a list: its headings, its input rows, its total where it has one."""
    section = place.section
    widths = (5, *(_width(place, column) for column in section.columns), _CHECK_WIDTH)
    page = SheetSetup(place.sheet, str(section.name), widths, landscape=True)
    paths = [(*map(str, headings(column)), _title(column)) for column in section.columns]
    boxes = [
        down(_("No."), layout.NUMBER_COLUMN, place.heads),
        *tree(paths, place.heads, layout.LIST_FIRST_COLUMN),
        down(_("Check"), place.check_column, place.heads),
    ]
    last_row = place.last_row if place.total_row is None else place.total_row
    held = layout.LIST_FIRST_COLUMN + 1 if page.wide else 0
    sheet = open_input_page(book, page, boxes, (place.first_row, last_row), held)
    words = "; ".join([book.progress[place.sheet].value, *(str(rule.words) for rule in shown)])
    sheet.set_row(layout.EMPTY_ROW, height((words, page.text_width)))
    sheet.set_row(layout.LIST_CODES_ROW, None, None, {"hidden": True})
    sheet.write_string(layout.LIST_CODES_ROW, layout.CODE_COLUMN, section.code)
    for column in section.columns:
        at = place.column(column.code)
        style = book.formats(typed(REQUIRED if column.required else OPTIONAL, column))
        sheet.write_string(layout.LIST_CODES_ROW, at, place.column_code(column.code))
        for row in range(place.first_row, place.last_row + 1):
            sheet.write_blank(row, at, None, style)
        area = (place.first_row, at, place.last_row, at)
        validate(book, sheet, [area], column, prompt(column, names_row=column.code == section.key))
        if column.type in DECIMAL:
            show_whole(book, sheet, [(place.first_row, at, last_row, at)])
    # Rows do not grow when a formula's text does, so it runs out over the empty columns on the right instead.
    count_format, check_format = book.formats(CENTRED), book.formats(CHECK, text_wrap=False)
    for number, check in enumerate(book.checker.list_rows(place), 1):
        row = place.first_row + number - 1
        sheet.write_string(row, layout.CODE_COLUMN, place.row_code(number))
        sheet.write_number(row, layout.NUMBER_COLUMN, number, count_format)
        sheet.write_formula(row, place.check_column, check.formula, check_format, check.value)
    if place.total_row is not None:
        _write_total(book, sheet, place, place.total_row)
    write_alarm(book, sheet, (place.first_row, place.check_column, place.last_row, place.check_column))
    define_name(book, section.code, place.area)
    select_first(sheet, [place.place(section.columns[0].code, 1)])


def _width(place: ListPlace, column: ListColumn) -> float:
    """The width of a list's column in digits; where there are many, no more than is typed there."""
    if len(place.section.columns) <= _MANY_COLUMNS:
        return _WIDTHS.get(column.type, _WIDTH)
    title = _title(column)
    words = (_LETTER_WIDTH * len(word) for word in title.split())
    return max(
        _NARROW_WIDTHS.get(column.type, _NARROW_WIDTH), _LETTER_WIDTH * len(title) / _HEADING_LINES, *words
    )


def _title(column: ListColumn) -> str:
    """A column's own heading, with its unit of measure."""
    return wording.with_measure(str(column.name), column.unit_of_measure)


def _write_total(book: OutgoingBook, sheet: Worksheet, place: ListPlace, row: int) -> None:
    """The line of the total: the sums of the columns that are added up, blank while nothing is filled in."""
    sheet.write_string(row, layout.CODE_COLUMN, place.total_code)
    first = place.section.columns[0]
    named = layout.NUMBER_COLUMN if first.over_units == "sum" else place.column(first.code)
    for column in range(layout.NUMBER_COLUMN, place.check_column + 1):
        sheet.write_blank(row, column, None, book.formats(LOCKED))
    sheet.write_string(row, named, _("Total"), book.formats(LOCKED, bold=True))
    for one in place.section.columns:
        if one.over_units == "sum":
            cells = place.place(one.code, 1).cell + ":" + place.place(one.code, place.rows).cell
            style = book.formats(typed(LOCKED, one), bold=True)
            formula = f'=IF(COUNT({cells})=0,"",SUM({cells}))'
            sheet.write_formula(row, place.column(one.code), formula, style, "")
