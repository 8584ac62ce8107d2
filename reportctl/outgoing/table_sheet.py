"""The sheet of a table in a workbook that is sent out: a matrix of input cells under a tree of headings."""

from __future__ import annotations

from collections.abc import Iterable

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reportctl.core import wording
from reportctl.core.language import Phrase, _
from reportctl.form import layout
from reportctl.form.layout import TablePlace, answers_to
from reportctl.form.names import headings
from reportctl.form.tables import FormTable, TableCell, TableColumn, TableRow
from reportctl.outgoing.beside import Known, known_figure
from reportctl.outgoing.headings import Heading, down, tree
from reportctl.outgoing.input_cells import DECIMAL, accepts, prompt
from reportctl.outgoing.known import counted_from, write_known, write_note
from reportctl.outgoing.page import (
    CENTRED,
    CHECK,
    CHECK_LETTERS,
    CHECK_LINE,
    GROUP,
    HEAD,
    LOCKED,
    NOT_ASKED,
    OPTIONAL,
    REQUIRED,
    WRAPPED,
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
from reportctl.outgoing.table_cells import TableChecks, runs

_NUMBER_WIDTHS, _MEASURE_WIDTHS = (6.0, 14.0), (8.0, 13.0)  # digits, at least and at most, and the next
_LABEL_WIDTH, _FEW_COLUMNS_LABEL_WIDTH = 36.0, 46.0
_WIDTHS = (9.5, 14.0)  # of a column of figures: where there are many of them, where there are few
_FEW_COLUMNS = 6
_LETTER_WIDTH = 1.25  # of a bold letter of a heading, so that no word is broken
_CHECK_WIDTH = 32.0
_INDENT = 1.5  # digits that one step of indentation takes
_LOWEST_LINE = 21.0  # points
_MOST_SAID_LINES = 3  # of its check that a row has room for


def write_table(book: OutgoingBook, place: TablePlace) -> None:
    """The sheet of a table: its headings and their numbers, a line for each row and caption, the checks."""
    table, first = place.table, min(place.columns.values())
    checks = TableChecks(book.checker, place, book.layout.rules)
    page = SheetSetup(place.sheet, str(table.name), _widths(place), landscape=True)
    sheet = open_input_page(book, page, _headings(place), (place.first_row, place.last_row), first)
    _write_codes(sheet, place)
    _write_numbers(book, sheet, place, checks)
    for line, caption in place.captions.items():
        _write_caption(book, sheet, page, line, caption)
    for row in table.lines:
        _write_row(book, sheet, page, place, row, checks)
    _validate_all(book, sheet, place)
    inputs = [cell for cell in place.cells.values() if cell.filled_in]
    whole = {cell.column for cell in place.cells.values() if cell.type in DECIMAL}
    columns = [column for code, column in place.columns.items() if code in whole]
    show_whole(book, sheet, [(place.first_row, one, place.last_row, one) for one in columns])
    area = (place.first_row, place.check_column, place.last_row, place.check_column)
    write_alarm(book, sheet, area)
    select_first(sheet, [place.place(cell.row, cell.column) for cell in inputs])
    everything = f"B{layout.HEADER_ROW + 1}:{layout.Place('', place.last_row, place.required_column).cell}"
    sheet.ignore_errors({"formula_differs": everything, "number_stored_as_text": everything})


def _widths(place: TablePlace) -> tuple[float, ...]:
    """The widths of the columns from B on, in digits."""
    columns = place.table.columns
    few = len(columns) <= _FEW_COLUMNS
    own = (
        max(_WIDTHS[few], *(_LETTER_WIDTH * len(word) for word in _title(column).split()))
        for column in columns
    )
    rows = place.table.lines
    captions = (row.no for row in place.table.rows if row.caption)
    number = _fitting((*captions, *place.table.numbers.values()), _NUMBER_WIDTHS)
    measures = [str(_measure(place.table, row)) for row in rows] if _has_measures(place) else []
    measure = (_fitting(measures, _MEASURE_WIDTHS),) if measures else ()
    label = _FEW_COLUMNS_LABEL_WIDTH if few else _LABEL_WIDTH
    return (number, label, *measure, *own, _CHECK_WIDTH)


def _fitting(texts: Iterable[str], bounds: tuple[float, float]) -> float:
    """The width that the longest of the texts needs, within bounds."""
    least, most = bounds
    return min(most, max(least, 2 + max(map(len, texts), default=0)))


def _has_measures(place: TablePlace) -> bool:
    """Whether the sheet has a column for the rows' units of measure."""
    return min(place.columns.values()) > layout.MEASURE_COLUMN


def _title(column: TableColumn) -> str:
    """A column's own heading, with its unit of measure where it has one of its own."""
    measure = str(Phrase(column.unit_of_measure or "", column.unit_of_measure_en or ""))
    return wording.with_measure(str(column.name), measure)


def _headings(place: TablePlace) -> list[Heading]:
    """The headings above the line of numbers; those of number, label, unit of measure and check reach down
    over all lines."""
    table, lines = place.table, place.heads - 1
    paths = [(*map(str, headings(column)), _title(column)) for column in table.columns]
    label = str(Phrase(table.row_title, table.row_title_en)) or _("What is asked")
    measured = _has_measures(place)
    if table.unit_of_measure and not measured:
        measure = Phrase(table.unit_of_measure, table.unit_of_measure_en or "")
        label += "\n" + _("(unit of measure: {measure})").format(measure=measure)
    return [
        down(_("No."), layout.NUMBER_COLUMN, lines),
        down(label, layout.LABEL_COLUMN, lines),
        *([down(_("Measure"), layout.MEASURE_COLUMN, lines)] if measured else []),
        *tree(paths, lines, min(place.columns.values())),
        down(_("Check"), place.check_column, lines),
    ]


def _write_codes(sheet: Worksheet, place: TablePlace) -> None:
    """The hidden codes: of the table and its columns in a row, of its rows in column A, and the hidden column
    that counts what is empty."""
    sheet.set_row(layout.LIST_CODES_ROW, None, None, {"hidden": True})
    sheet.write_string(layout.LIST_CODES_ROW, layout.CODE_COLUMN, place.table.code)
    for code, column in place.columns.items():
        sheet.write_string(layout.LIST_CODES_ROW, column, place.column_code(code))
    for code, row in place.rows.items():
        sheet.write_string(row, layout.CODE_COLUMN, place.row_code(code))
    sheet.set_column(place.required_column, place.required_column, None, None, {"hidden": True})


def _write_numbers(book: OutgoingBook, sheet: Worksheet, place: TablePlace, checks: TableChecks) -> None:
    """The line below the headings, with the number of each column."""
    line, style = place.first_row - 1, book.formats(HEAD, bold=False, font_size=10, italic=True)
    for column in range(layout.NUMBER_COLUMN, place.check_column + 1):
        sheet.write_blank(line, column, None, style)
    for number, column in zip(checks.numbers(), place.columns.values(), strict=True):
        sheet.write_string(line, column, number, style)
    sheet.set_row(line, 15)


def _write_caption(
    book: OutgoingBook, sheet: Worksheet, page: SheetSetup, line: int, caption: TableRow
) -> None:
    """A caption between the rows, across the sheet."""
    for column in range(1, page.last_column + 1):
        sheet.write_blank(line, column, None, book.formats(GROUP))
    words = str(caption.name)
    _write_text(sheet, line, layout.NUMBER_COLUMN, caption.no, book.formats(GROUP, align="center"))
    # Without wrapping it runs out over the empty cells on its right.
    sheet.write_string(line, layout.LABEL_COLUMN, words, book.formats(GROUP, indent=caption.level))
    sheet.set_row(line, _LOWEST_LINE)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """A text, or a cell that is blank where there is none."""
    sheet.write_string(row, column, text, style) if text else sheet.write_blank(row, column, None, style)


def _write_row(
    book: OutgoingBook,
    sheet: Worksheet,
    page: SheetSetup,
    place: TablePlace,
    row: TableRow,
    checks: TableChecks,
) -> None:
    """A row: its number, label and unit of measure, its cells, its check, how much of it is empty."""
    table, line = place.table, place.rows[row.code]
    bold = {"bold": True} if row.sum else {}
    indent = 1 + table.depths[row.code]
    label = str(row.name)
    _write_text(sheet, line, layout.NUMBER_COLUMN, table.numbers[row.code], book.formats(CENTRED, **bold))
    sheet.write_string(line, layout.LABEL_COLUMN, label, book.formats(WRAPPED, indent=indent, **bold))
    measure = str(_measure(table, row)) if _has_measures(place) else ""
    if _has_measures(place):
        _write_text(sheet, line, layout.MEASURE_COLUMN, measure, book.formats(CENTRED))
    for column in table.columns:
        at = (line, place.columns[column.code])
        if column.is_ != "value":
            cell = place.cells.get((row.code, table.source_of(column).code))
            _write_filled_in(book, sheet, at, column, cell, checks)
        elif cell := place.cells.get((row.code, column.code)):
            _write_cell(book, sheet, place, cell, checks)
        else:
            sheet.write_blank(*at, None, book.formats(NOT_ASKED))
    check, empty = checks.of_row(row), checks.empty(row)
    sheet.write_formula(line, place.check_column, check.formula, book.formats(CHECK), check.value)
    sheet.write_formula(line, place.required_column, empty.formula, None, int(empty.value))
    room = page.widths[layout.LABEL_COLUMN - 1] - _INDENT * indent
    sheet.set_row(
        line,
        max(
            _LOWEST_LINE,
            height((label, room), (measure, page.widths[layout.MEASURE_COLUMN - 1])),
            _room_for(checks.messages(row)),
        ),
    )


def _measure(table: FormTable, row: TableRow) -> Phrase:
    """The unit of measure of a row: its own, else its table's."""
    own = row if row.unit_of_measure is not None else table
    return Phrase(own.unit_of_measure or "", own.unit_of_measure_en or "")


def _room_for(messages: list[str]) -> float:
    """The height that the longest of the messages of a row's check needs, within reason; of several together
    two lines."""
    room = _CHECK_WIDTH * CHECK_LETTERS
    longest = max((height((message, room), line=CHECK_LINE) for message in messages), default=0.0)
    together = height(("; ".join(messages), room), line=CHECK_LINE)
    return max(min(_MOST_SAID_LINES * CHECK_LINE + 5, longest), min(2 * CHECK_LINE, together))


def _write_cell(
    book: OutgoingBook,
    sheet: Worksheet,
    place: TablePlace,
    cell: TableCell,
    checks: TableChecks,
) -> None:
    """A cell that is filled in, or one that is worked out."""
    where = place.place(cell.row, cell.column)
    at = (where.row, where.column)
    define_name(book, cell.code, where.absolute)
    if cell.filled_in:
        sheet.write_blank(*at, None, book.formats(typed(REQUIRED if cell.required else OPTIONAL, cell)))
        return
    sheet.write_formula(*at, checks.sum_of(cell), book.formats(typed(LOCKED, cell), bold=True), "")


def _validate_all(book: OutgoingBook, sheet: Worksheet, place: TablePlace) -> None:
    """Let every cell that is filled in take what it asks for: once for all of a column that take the same."""
    columns = {column.code: column for column in place.table.columns}
    alike: dict[tuple[object, ...], list[TableCell]] = {}
    for cell in place.cells.values():
        if cell.filled_in:
            taken = accepts(cell, ""), answers_to(cell)
            alike.setdefault((cell.column, prompt(cell, columns[cell.column]), taken), []).append(cell)
    for cells in alike.values():
        code = cells[0].column
        at = place.columns[code]
        areas = [(first, at, last, at) for first, last in runs(place.rows[cell.row] for cell in cells)]
        validate(book, sheet, areas, cells[0], prompt(cells[0], columns[code]))


def _write_filled_in(
    book: OutgoingBook,
    sheet: Worksheet,
    at: tuple[int, int],
    column: TableColumn,
    cell: TableCell | None,
    checks: TableChecks,
) -> None:
    """A cell of a column that the program fills in, beside the cell `cell` that the unit is asked."""
    if cell is None:
        sheet.write_blank(*at, None, book.formats(NOT_ASKED))
        return
    value = known_figure(column.is_, cell, book.previous, book.beside)
    if column.is_ == "previous":
        write_known(book, sheet, at, cell, value)
        counted = counted_from(book, cell) if value is not None else ""
        write_note(sheet, at, (book.notes.get(cell.code, ""), counted))
        return
    known = book.beside.get(column.is_, {}).get(cell.code, Known())
    formula = checks.to_date(cell, known) if column.is_ == "to_date" else None
    if formula:
        sheet.write_formula(*at, formula, book.formats(typed(LOCKED, cell)), "")
    else:
        write_known(book, sheet, at, cell, value)
    write_note(sheet, at, (known.note,))
