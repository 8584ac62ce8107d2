"""What the sheets of a workbook that is sent out have in common: formats, titles, printing, protection."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reportctl.core import wording
from reportctl.core.cellrefs import cell_name
from reportctl.core.language import _
from reportctl.core.period import Quarter, Window
from reportctl.core.table import page_breaks
from reportctl.form import layout
from reportctl.form.indicators import Type
from reportctl.form.layout import Layout, Place
from reportctl.form.model import Form
from reportctl.form.submission import Identity
from reportctl.outgoing import input_cells
from reportctl.outgoing.beside import Beside
from reportctl.outgoing.headings import Heading, line_heights
from reportctl.outgoing.input_cells import LiveChecks, LiveFormula
from reportctl.workspace.units import Unit

Style = Mapping[str, object]
_EDGE = "#7F7F7F"
CELL: Style = {"border": 1, "border_color": _EDGE}
WRAPPED: Style = {**CELL, "text_wrap": True}
CENTRED: Style = {**WRAPPED, "align": "center"}
HEAD: Style = {**CENTRED, "bold": True, "bg_color": "#D9E2F3"}
GROUP: Style = {"bold": True, "bg_color": "#EEF2FA", "top": 1, "bottom": 1, "border_color": _EDGE}
NOT_ASKED: Style = {**CELL, "bg_color": "#BFBFBF"}
LOCKED: Style = {**CELL, "bg_color": "#E7E6E6", "font_color": "#404040"}
REQUIRED: Style = {**CELL, "bg_color": "#FFF7D6", "locked": False}
OPTIONAL: Style = {**CELL, "bg_color": "#E3F1FB", "locked": False}
CHECK: Style = {**WRAPPED, "font_color": "#C00000", "font_size": 10}
CHECK_LINE, CHECK_LETTERS = 13.5, 1.2  # points of one of its lines; letters to a digit: its font is smaller
_ALARM: Style = {"bg_color": "#FCE4E4", "font_color": "#C00000"}
_DONE: Style = {"bold": True, "align": "center", "font_color": "#2E7D32"}

FILE_OPTIONS: Style = {
    "in_memory": True,
    "default_format_properties": {
        "font_name": "Times New Roman",
        "font_size": 12,
        "font_scheme": "none",
        "valign": "vcenter",
    },
    "default_row_height": 21,  # pixels, and the next: what Excel takes for this font
    "default_column_width": 72,
}
_LINE_HEIGHT, _HIGHEST_ROW = 16.0, 400.0  # points; Excel takes rows up to 409
_SCREEN, _LEGIBLE = 230.0, 270.0  # digits: what a screen shows, what a landscape page takes at half the size
_SCALE, _PAGE = 60, 210.0  # per cent, at which what takes several pages is printed, and its digits on one
_LETTER = 0.9  # the usual width of a letter, in digits
_A4 = 9


class _FormulaSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that writes formulas as they are.

    XlsxWriter searches every formula for some 180 functions newer than Excel 2007, which took two thirds of
    the time a workbook needs; ours have none of them.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What one workbook is sent out for: to whom, for which days, due when, by whom."""

    form: Form
    unit: Unit
    quarter: Quarter
    window: Window
    deadline: dt.date
    issuer: str

    @property
    def period(self) -> str:
        """The quarter's name as headings write it: `Quý I/2024`."""
        return wording.capitalised(wording.period_words(self.quarter, short=True))


@dataclass(frozen=True, slots=True)
class OutgoingBook:
    """What the writers of all sheets need."""

    file: Workbook
    layout: Layout
    sending: Dispatch
    previous: Mapping[str, float | str]  # the unit's figures of the quarter before, by code
    notes: Mapping[str, str]  # what is to be said of them, or why there is none
    beside: Beside  # what other columns of tables show that the program fills in
    checker: LiveChecks
    progress: Mapping[str, LiveFormula]  # by sheet: the line that says how much is filled in
    made: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def formats(self, style: Style | None = None, **more: object) -> Format:
        """The format of a style with further properties, the same one each time."""
        key = tuple(sorted({**(style or {}), **more}.items()))
        if key not in self.made:
            self.made[key] = self.file.add_format(dict(key))
        return self.made[key]

    @property
    def identity(self) -> Identity:
        """What the workbook says of itself."""
        form, sending = self.sending.form, self.sending
        return Identity(form.id, form.fingerprint, sending.unit.code, str(sending.quarter))


@dataclass(frozen=True, slots=True)
class SheetSetup:
    """A sheet before anything stands in it; `widths` are those of its columns from B on, in digits."""

    name: str
    title: str
    widths: tuple[float, ...]
    landscape: bool = False

    @property
    def last_column(self) -> int:
        """Its last visible column."""
        return len(self.widths)

    @property
    def wide(self) -> bool:
        """Whether a screen does not show all its columns."""
        return sum(self.widths) > _SCREEN

    @property
    def text_columns(self) -> int:
        """The last column of the lines above the headings, which stand where a screen shows them."""
        reach = list(itertools.accumulate(self.widths))
        return max(1, sum(width <= _SCREEN for width in reach))

    @property
    def text_width(self) -> float:
        """The width of these lines, in digits."""
        return sum(self.widths[: self.text_columns])

    @property
    def parted(self) -> bool:
        """Whether its columns run over several printed pages: on one the letters would not be legible."""
        return self.landscape and sum(self.widths) > _LEGIBLE


def open_page(book: OutgoingBook, page: SheetSetup) -> Worksheet:
    """A new protected sheet with the hidden column A, the hidden mark in A1, its title and page set-up."""
    sheet: Worksheet = book.file.add_worksheet(page.name, _FormulaSheet)
    sheet.set_column(0, 0, None, None, {"hidden": True})
    for column, width in enumerate(page.widths, 1):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, layout.mark(book.identity))
    title = book.formats(bold=True, font_size=14, align="center", text_wrap=True)
    write_across(sheet, layout.TITLE_ROW, page, page.title, title)
    sheet.set_row(layout.TITLE_ROW, height((page.title, page.text_width * 0.75), line=19))
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_paper(_A4)
    if page.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer('&C&"Times New Roman,Regular"&11' + _("Page &P/&N"))
    sheet.hide_gridlines(2)
    return sheet


def open_input_page(
    book: OutgoingBook,
    page: SheetSetup,
    headings: Sequence[Heading],
    rows: tuple[int, int],
    held: int = 0,
) -> Worksheet:
    """As `open_page`, with unit, period, progress and headings.

    What stands above the first of the `rows` stays in view and repeats in print, and so do the columns before
    `held`; the last of the rows ends the page.
    """
    sheet = open_page(book, page)
    sending = book.sending
    plain = book.formats(align="center", text_wrap=True)
    first, last = (wording.date_short(day) for day in (sending.window.first, sending.window.last))
    unit = _("Reporting unit: {unit}").format(unit=sending.unit.name)
    period = _("{period} (figures from {first} to {last}; due by {deadline})").format(
        period=sending.period, first=first, last=last, deadline=wording.date_short(sending.deadline)
    )
    for row, text in ((layout.UNIT_ROW, unit), (layout.PERIOD_ROW, period)):
        write_across(sheet, row, page, text, plain)
        sheet.set_row(row, height((text, page.text_width)))
    # How much is filled in: red while there is reason for alarm, else green.
    row, done, live = layout.EMPTY_ROW, book.formats(_DONE), book.progress[page.name]
    write_across(sheet, row, page, "", done)
    sheet.write_formula(row, 1, live.formula, done, live.value)
    if live.alarm:
        write_alarm(book, sheet, (row, 1, row, 1), live.alarm)
    _write_headings(book, sheet, page, headings)
    first_row, last_row = rows
    sheet.freeze_panes(first_row, held)
    sheet.repeat_rows(layout.HEADER_ROW, first_row - 1)
    if page.parted:
        groups = [(one.left, one.right) for one in headings]
        held = max(2, held)
        sheet.repeat_columns(1, held - 1)
        sheet.set_print_scale(_SCALE)
        sheet.set_v_pagebreaks(page_breaks((0.0, *page.widths), held, groups, _PAGE))
    sheet.print_area(0, 1, last_row, page.last_column)
    return sheet


def _write_headings(
    book: OutgoingBook, sheet: Worksheet, page: SheetSetup, headings: Sequence[Heading]
) -> None:
    """The headings from the header row on, with room for their texts."""
    needed = []
    for heading in headings:
        top, bottom = (layout.HEADER_ROW + line for line in (heading.top, heading.bottom))
        write_box(sheet, (top, heading.left, bottom, heading.right), heading.text, book.formats(HEAD))
        width = sum(page.widths[heading.left - 1 : heading.right])
        needed.append((heading, height((heading.text, width * 0.85)) + 6))
    lines = 1 + max(heading.bottom for heading in headings)
    for line, room in enumerate(line_heights(needed, lines), layout.HEADER_ROW):
        sheet.set_row(line, room)


def write_across(sheet: Worksheet, row: int, page: SheetSetup, text: str, cell_format: Format) -> None:
    """A text across the sheet's width, as far as a screen shows it."""
    write_box(sheet, (row, 1, row, page.text_columns), text, cell_format)


def write_box(sheet: Worksheet, cells: tuple[int, int, int, int], text: str, cell_format: Format) -> None:
    """A text in one cell, or in several that are merged."""
    top, left, bottom, right = cells
    if (top, left) != (bottom, right):
        sheet.merge_range(*cells, "", cell_format)
    sheet.write_string(top, left, text, cell_format)


def write_alarm(
    book: OutgoingBook, sheet: Worksheet, cells: tuple[int, int, int, int], alarm: str = ""
) -> None:
    """Make the cells red while `alarm` is true, by default while they say anything."""
    criteria = alarm or f"LEN({cell_name(cells[0], cells[1])})>0"
    options = {"type": "formula", "criteria": f"={criteria}", "format": book.formats(_ALARM)}
    sheet.conditional_format(*cells, options)


def validate(
    book: OutgoingBook,
    sheet: Worksheet,
    areas: Sequence[tuple[int, int, int, int]],
    item: input_cells.Item,
    asked: tuple[str, str] | None = None,
) -> None:
    """Let the cells of the areas, one below the other, take what `item` asks for, and say what that is when
    one of them is chosen: the title and the message `asked`, by default the item's own.

    Typed answers are checked by a formula, not by Excel's own kinds: those would refuse "not applicable".
    """
    title, message = asked or input_cells.prompt(item)
    options: dict[str, object] = {
        "input_title": title,
        "input_message": message,
        "error_title": input_cells.cut(_("Please look again"), input_cells.LONGEST_TITLE),
        "error_message": input_cells.refusal(item),
    }
    if choices := layout.answers_to(item):
        area = book.checker.answers[choices].down(len(choices))
        options |= {"validate": "list", "source": f"={area}"}
    elif item.type is Type.TEXT:
        options |= {"validate": "length", "criteria": "<=", "value": input_cells.LONGEST_TEXT}
    else:
        cell = cell_name(areas[0][0], areas[0][1])  # of the first cell; Excel moves it along for the others
        options |= {"validate": "custom", "value": f"={input_cells.accepts(item, cell)}"}
    sheet.data_validation(*areas[0], options | _together(areas))


def show_whole(book: OutgoingBook, sheet: Worksheet, areas: Sequence[tuple[int, int, int, int]]) -> None:
    """Show whole amounts without the decimal sign that a format for decimals would leave behind them."""
    if not areas:
        return
    cell = cell_name(areas[0][0], areas[0][1])  # of the first cell; Excel moves it along for the others
    options: dict[str, object] = {
        "type": "formula",
        "criteria": f"=IF(ISNUMBER({cell}),{cell}=INT({cell}),FALSE)",
        "format": book.formats(num_format=input_cells.WHOLE),
    }
    sheet.conditional_format(*areas[0], options | _together(areas))


def _together(areas: Sequence[tuple[int, int, int, int]]) -> dict[str, object]:
    """The option by which XlsxWriter lets something hold for all areas."""
    if len(areas) == 1:
        return {}
    return {"multi_range": " ".join(f"{cell_name(*area[:2])}:{cell_name(*area[2:])}" for area in areas)}


def typed(style: Style, item: input_cells.Item) -> Style:
    """`style` with the number format and alignment of answers to `item`."""
    numeric = item.type in (Type.COUNT, Type.NUMBER, Type.MONEY, Type.PERCENT)
    align = "right" if numeric else "left" if item.type is Type.TEXT else "center"
    number_format = input_cells.NUMBER_FORMATS.get(item.type, input_cells.AS_TEXT)
    return {**style, "num_format": number_format, "align": align, "text_wrap": not numeric}


def select_first(sheet: Worksheet, places: list[Place]) -> None:
    """Put the cursor where filling in begins."""
    if places:
        sheet.set_selection(places[0].row, places[0].column, places[0].row, places[0].column)


def define_name(book: OutgoingBook, name: str, reference: str) -> None:
    """Give `reference` a workbook-wide name. XlsxWriter only warns of a name that cannot be one."""
    if book.file.define_name(name, f"={reference}"):
        raise ValueError(name)


def height(*texts: tuple[str, float], line: float = _LINE_HEIGHT) -> float:
    """The height in points of a row with room for each of `texts` in a cell of the given width in digits.

    `line` is the height of one line, by default of the 12-point font.
    """
    most = 0
    for text, width in texts:
        room, lines = width / _LETTER, 0
        for paragraph in text.split("\n"):
            lines, used = lines + 1, 0
            for word in paragraph.split(" "):
                if used and used + len(word) > room:
                    lines, used = lines + 1, 0
                used += len(word) + 1
                lines += int(len(word) // (room + 1))
        most = max(most, lines)
    return min(_HIGHEST_ROW, most * line + 5)
