"""The workbook that is sent out to one unit for one quarter."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reportctl.core import language
from reportctl.core.language import _
from reportctl.core.period import Quarter, Window
from reportctl.form import layout
from reportctl.form.layout import IndicatorPlace, ListPlace, Place, TextPlace
from reportctl.form.model import Form, ListColumn, Rule, Type
from reportctl.outgoing import input_cells
from reportctl.outgoing.guidance import write_instructions
from reportctl.outgoing.page import (
    CENTRED,
    CHECK,
    FILE_OPTIONS,
    GROUP,
    LOCKED,
    OPTIONAL,
    REQUIRED,
    WRAPPED,
    Dispatch,
    OutgoingBook,
    SheetSetup,
    define_name,
    document_properties,
    format_maker,
    height,
    open_input_page,
    prompt_question,
    select_first,
    show_whole,
    typed,
    validate,
    write_alarm,
)
from reportctl.workspace.units import Unit

LANGUAGE = "vi"  # the units' language, whichever the program speaks

_FIGURE_WIDTHS = (5, 35, 10.5, 11, 12.5, 5.5, 33)  # digits; together they fill a portrait page at four fifths
_LOWEST_LINE = 24.0  # points, and the next: of a line of the figures sheet, of one line of what is said there
_CHECK_LINE, _CHECK_LETTERS = 13.5, 1.2  # the font of what is said is a sixth smaller than the others
_TEXT_WIDTHS = (5, 27, 66, 12)
_LIST_WIDTHS = {Type.TEXT: 36.0, Type.CHOICE: 18.0}
_LIST_WIDTH, _LIST_CHECK_WIDTH = 14.0, 32.0
_TEXT_HEIGHTS = (150.0, 320.0)  # points: of a question with few words to answer it in, with many
_TEXT_HEIGHT_A_WORD = 1.2


def workbook(
    form: Form,
    unit: Unit,
    quarter: Quarter,
    *,
    previous: Mapping[str, float | str],
    deadline: dt.date,
    issuer: str,
    window: Window | None = None,
) -> bytes:
    """The workbook (.xlsx) in which `unit` reports for `quarter`.

    `previous` are the unit's figures of the quarter before by code (percentages as fractions, yes and no as
    1 and 0, dates as ISO text); `window` is the quarter's data window, by default the decree's. The same
    input gives the same bytes.
    """
    places = layout.layout(form, unit.kind)
    sending = Dispatch(form, unit, quarter, window or quarter.window(), deadline, issuer)
    content = io.BytesIO()
    with language.speaking(LANGUAGE):
        file = Workbook(content, dict(FILE_OPTIONS))
        checker = input_cells.LiveChecks(places, sending.window, places.answers())
        book = OutgoingBook(file, places, sending, previous, checker, checker.progress(), format_maker(file))
        document_properties(book, LANGUAGE)
        write_instructions(book)
        if places.indicators:
            _figures(book)
        if places.texts:
            _texts(book)
        shown = places.rules()
        for code, place in places.lists.items():
            _list(book, place, shown.get(code, ()))
        _hidden(book)
        file.close()
    return content.getvalue()


def _figures(book: OutgoingBook) -> None:
    places = book.layout
    last_row = max(place.value.row for place in places.indicators.values())
    page = SheetSetup(layout.FIGURES, str(book.sending.form.name), _FIGURE_WIDTHS)
    header = (
        _("No."),
        _("What is asked"),
        _("Measure"),
        _("Previous quarter"),
        _("This quarter"),
        "Ước",
        _("Check"),
    )
    sheet = open_input_page(book, page, header, last_row)
    sheet.set_column(layout.REQUIRED_COLUMN, layout.REQUIRED_COLUMN, None, None, {"hidden": True})
    for section in places.sections:
        for column in range(1, page.last_column + 1):
            sheet.write_blank(section.row, column, None, book.formats(GROUP))
        sheet.write_string(
            section.row, layout.NUMBER_COLUMN, section.number, book.formats(GROUP, align="center")
        )
        sheet.write_string(section.row, layout.LABEL_COLUMN, str(section.section.name), book.formats(GROUP))
        sheet.set_row(section.row, height((str(section.section.name), 80)) + 3)
    shown = places.rules()
    for place in places.indicators.values():
        _label(book, sheet, place, tuple(str(rule.words) for rule in shown.get(place.indicator.code, ())))
        _figure(book, sheet, place)
        check = book.checker.figure(place, shown.get(place.indicator.code, ()))
        sheet.write_formula(
            place.check.row, place.check.column, check.formula, book.formats(CHECK), check.value
        )
    asked = [place for place in places.indicators.values() if not place.indicator.computed]
    _estimates(sheet, [place.estimate for place in asked if input_cells.takes_estimate(place.indicator)])
    select_first(sheet, [place.value for place in asked])
    first_row = layout.HEADER_ROW + 1
    write_alarm(book, sheet, (first_row, layout.CHECK_COLUMN, last_row, layout.CHECK_COLUMN))
    checks = (
        f"{Place('', first_row, layout.CHECK_COLUMN).cell}:{Place('', last_row, layout.CHECK_COLUMN).cell}"
    )
    numbers = (
        f"{Place('', first_row, layout.NUMBER_COLUMN).cell}:{Place('', last_row, layout.NUMBER_COLUMN).cell}"
    )
    sheet.ignore_errors({"formula_differs": checks, "number_stored_as_text": numbers})


def _label(book: OutgoingBook, sheet: Worksheet, place: IndicatorPlace, messages: tuple[str, ...]) -> None:
    """An indicator's code, number, label and unit of measure, in a row with room for what may be said."""
    indicator, row = place.indicator, place.value.row
    label, measure = str(indicator.name), str(indicator.measure)
    indent = 2 if "." in place.number else 1
    sheet.write_string(row, layout.CODE_COLUMN, indicator.code)
    sheet.write_string(row, layout.NUMBER_COLUMN, place.number, book.formats(CENTRED))
    sheet.write_string(row, layout.LABEL_COLUMN, label, book.formats(WRAPPED, indent=indent))
    sheet.write_string(row, layout.MEASURE_COLUMN, measure, book.formats(CENTRED))
    label_width, measure_width, previous_width, value_width, check_width = (
        _FIGURE_WIDTHS[column - 1]
        for column in (
            layout.LABEL_COLUMN,
            layout.MEASURE_COLUMN,
            layout.PREVIOUS_COLUMN,
            layout.VALUE_COLUMN,
            layout.CHECK_COLUMN,
        )
    )
    asked = height(
        (label, label_width - 1.5 * indent),
        (measure, measure_width),
        (str(book.previous.get(indicator.code, "")), previous_width),
        *((choice, value_width) for choice in layout.answers_to(indicator)),
    )
    said = (height((message, check_width * _CHECK_LETTERS), line=_CHECK_LINE) for message in messages)
    sheet.set_row(row, max(_LOWEST_LINE, asked, *said))


def _figure(book: OutgoingBook, sheet: Worksheet, place: IndicatorPlace) -> None:
    """An indicator's previous figure, its input cell and the cell beside it that marks an estimate."""
    indicator, at = place.indicator, (place.value.row, place.value.column)
    _previous(book, sheet, place)
    define_name(book, indicator.code, place.value.absolute)
    if indicator.computed:
        formula = input_cells.share(book.layout, indicator)
        style = book.formats(typed(LOCKED, indicator))
        sheet.write_formula(*at, formula, style, "") if formula else sheet.write_blank(*at, None, style)
    else:
        sheet.write_blank(
            *at, None, book.formats(typed(REQUIRED if indicator.required else OPTIONAL, indicator))
        )
        validate(book, sheet, (*at, *at), indicator)
        if indicator.required:
            sheet.write_number(at[0], layout.REQUIRED_COLUMN, 1)
        show_whole(book, sheet, (*at, *at), indicator)
    mark = (place.estimate.row, place.estimate.column)
    if input_cells.takes_estimate(indicator):
        sheet.write_blank(*mark, None, book.formats(OPTIONAL, align="center"))
    else:
        sheet.write_blank(*mark, None, book.formats(LOCKED))


def _estimates(sheet: Worksheet, places: Sequence[Place]) -> None:
    """The validation of the column `Ước`. It only warns, since a capital X is understood too."""
    if not places:
        return
    first, mark = places[0], layout.ESTIMATE_MARK
    options = {
        "validate": "list",
        "source": [mark],
        "input_title": "Ước",
        "input_message": _("Choose {mark} where the figure is an estimate.").format(mark=mark),
        "error_type": "warning",
        "error_title": input_cells.cut(_("Please look again"), input_cells.LONGEST_TITLE),
        "error_message": _("Choose {mark}, or leave the cell empty.").format(mark=mark),
        "multi_range": " ".join(place.cell for place in places),
    }
    sheet.data_validation(first.row, first.column, first.row, first.column, options)


def _previous(book: OutgoingBook, sheet: Worksheet, place: IndicatorPlace) -> None:
    """What the unit reported for the previous quarter; blank where that is not known."""
    indicator, at = place.indicator, (place.previous.row, place.previous.column)
    value, style = book.previous.get(indicator.code), typed(LOCKED, indicator)
    if value is None:
        sheet.write_blank(*at, None, book.formats(style))
    elif isinstance(value, str):
        if indicator.type is Type.DATE and (day := _iso_date(value)):
            sheet.write_datetime(*at, day, book.formats(style))
        else:
            sheet.write_string(*at, value, book.formats(style))
    elif indicator.type is Type.YES_NO:
        sheet.write_string(*at, layout.YES if value else layout.NO, book.formats(style))
    else:
        whole = indicator.type in input_cells.DECIMAL and float(value).is_integer()
        sheet.write_number(
            *at, value, book.formats(style, **({"num_format": input_cells.WHOLE} if whole else {}))
        )


def _iso_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _texts(book: OutgoingBook) -> None:
    places = book.layout.texts
    last_row = max(place.value.row for place in places.values())
    page = SheetSetup(layout.TEXTS, str(book.sending.form.name), _TEXT_WIDTHS)
    header = (_("No."), _("Question"), _("Answer"), _("Check"))
    sheet = open_input_page(book, page, header, last_row)
    sheet.set_column(layout.TEXT_REQUIRED_COLUMN, layout.TEXT_REQUIRED_COLUMN, None, None, {"hidden": True})
    for place in places.values():
        _text(book, sheet, place)
    first_row = layout.HEADER_ROW + 1
    sheet.ignore_errors({"number_stored_as_text": f"B{first_row + 1}:B{last_row + 1}"})
    select_first(sheet, [place.value for place in places.values()])


def _text(book: OutgoingBook, sheet: Worksheet, place: TextPlace) -> None:
    question, row, column = place.question, place.value.row, place.value.column
    lowest, highest = _TEXT_HEIGHTS
    sheet.set_row(row, min(highest, max(lowest, (question.max_words or 0) * _TEXT_HEIGHT_A_WORD)))
    sheet.write_string(row, layout.CODE_COLUMN, question.code)
    sheet.write_string(row, layout.NUMBER_COLUMN, place.number, book.formats(CENTRED, valign="top"))
    _question(book, sheet, place)
    style = REQUIRED if question.required else OPTIONAL
    answer = book.formats(style, text_wrap=True, valign="top", num_format=input_cells.AS_TEXT)
    sheet.write_blank(row, column, None, answer)
    prompt_question(sheet, row, column, question)
    define_name(book, question.code, place.value.absolute)
    if question.required:
        sheet.write_number(row, layout.TEXT_REQUIRED_COLUMN, 1)
    at = (row, layout.TEXT_CHECK_COLUMN)
    style = book.formats(CENTRED, valign="top", font_size=11)
    if question.max_words:
        count = input_cells.words(place.value.cell, question.max_words)
        sheet.write_formula(*at, count.formula, style, count.value)
        write_alarm(book, sheet, (*at, *at), count.alarm)
    else:
        sheet.write_blank(*at, None, style)


def _question(book: OutgoingBook, sheet: Worksheet, place: TextPlace) -> None:
    """A question's label; below it what is to be borne in mind."""
    question = place.question
    at, cell = (place.value.row, layout.TEXT_LABEL_COLUMN), book.formats(WRAPPED, valign="top", bold=True)
    below = " ".join(input_cells.notes(question))
    label = str(question.name)
    if below:
        small = book.formats(font_size=11, italic=True)
        sheet.write_rich_string(*at, book.formats(bold=True), label, small, f"\n{below}", cell)
    else:
        sheet.write_string(*at, label, cell)


def _list(book: OutgoingBook, place: ListPlace, shown: Sequence[Rule]) -> None:
    section = place.section
    widths = (
        5,
        *(_LIST_WIDTHS.get(column.type, _LIST_WIDTH) for column in section.columns),
        _LIST_CHECK_WIDTH,
    )
    page = SheetSetup(place.sheet, str(section.name), widths, landscape=True)
    last_row = place.first_row + place.rows - 1
    header = (_("No."), *(_column_title(column) for column in section.columns), _("Check"))
    sheet = open_input_page(book, page, header, last_row)
    said = "; ".join([book.progress[place.sheet].value, *(str(rule.words) for rule in shown)])
    sheet.set_row(layout.EMPTY_ROW, height((said, sum(widths))))
    sheet.set_row(layout.LIST_CODES_ROW, None, None, {"hidden": True})
    sheet.write_string(layout.LIST_CODES_ROW, layout.CODE_COLUMN, section.code)
    for column in section.columns:
        at = place.column(column.code)
        style = REQUIRED if column.required else OPTIONAL
        sheet.write_string(layout.LIST_CODES_ROW, at, place.column_code(column.code))
        cells = (place.first_row, at, last_row, at)
        cell_format = book.formats(typed(style, column))
        for row in range(place.first_row, last_row + 1):
            sheet.write_blank(row, at, None, cell_format)
        validate(book, sheet, cells, column)
        show_whole(book, sheet, cells, column)
    # Rows do not grow when a formula's text does, so it runs out over the empty columns on the right instead.
    count_format, check_format = book.formats(CENTRED), book.formats(CHECK, text_wrap=False)
    for number, check in enumerate(book.checker.list_rows(place), 1):
        row = place.first_row + number - 1
        sheet.write_string(row, layout.CODE_COLUMN, place.row_code(number))
        sheet.write_number(row, layout.NUMBER_COLUMN, number, count_format)
        sheet.write_formula(row, place.check_column, check.formula, check_format, check.value)
    write_alarm(book, sheet, (place.first_row, place.check_column, last_row, place.check_column))
    define_name(book, section.code, place.area)
    select_first(sheet, [place.place(section.columns[0].code, 1)])


def _column_title(column: ListColumn) -> str:
    return f"{column.name} ({column.unit_of_measure})" if column.unit_of_measure else str(column.name)


def _hidden(book: OutgoingBook) -> None:
    """The sheet nobody sees: what the workbook is, and the answers to choose from."""
    sheet = book.file.add_worksheet(layout.META)
    identity = book.identity
    for row, key in enumerate(layout.META_ROWS):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, getattr(identity, key))
    for choices, first in book.checker.answers.items():
        for row, choice in enumerate(choices, first.row):
            sheet.write_string(row, first.column, choice)
    sheet.protect()
    sheet.very_hidden()
