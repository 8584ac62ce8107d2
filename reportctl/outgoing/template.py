"""The workbook that is sent out to one unit for one quarter."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reportctl.core import language
from reportctl.core.cellrefs import cell_name
from reportctl.core.language import _
from reportctl.form import layout
from reportctl.form.hidden_sheet import asked_rows, shown_rows
from reportctl.form.layout import IndicatorPlace
from reportctl.outgoing import input_cells
from reportctl.outgoing.beside import Beside, earlier_shown, filled_cells, known_figure
from reportctl.outgoing.guidance import write_instructions
from reportctl.outgoing.headings import in_a_line
from reportctl.outgoing.known import counted_from, known_text, write_known, write_note
from reportctl.outgoing.list_sheet import write_list
from reportctl.outgoing.page import (
    CENTRED,
    CHECK,
    CHECK_LETTERS,
    CHECK_LINE,
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
    height,
    open_input_page,
    select_first,
    show_whole,
    typed,
    validate,
    write_alarm,
)
from reportctl.outgoing.table_sheet import write_table

LANGUAGE = "vi"  # the units' language, whichever the program speaks

_NO_NOTES: Mapping[str, str] = MappingProxyType({})
_NOTHING_BESIDE: Beside = MappingProxyType({})
_FIGURE_WIDTHS = (5, 35, 10.5, 11, 12.5, 5.5, 33)  # digits; together they fill a portrait page at four fifths
_LOWEST_LINE = 24.0  # points: of a row of the figures sheet
_TEXT_WIDTHS = (5, 27, 66, 12)
_TEXT_HEIGHTS = (150.0, 320.0)  # points: of a question with few words to answer it in, with many
_TEXT_HEIGHT_A_WORD = 1.2


def workbook(
    sending: Dispatch,
    previous: Mapping[str, float | str],
    notes: Mapping[str, str] = _NO_NOTES,
    beside: Beside = _NOTHING_BESIDE,
) -> bytes:
    """The workbook (.xlsx) that is sent out to one unit.

    `previous` are the unit's figures of the quarter before by code (percentages as fractions, yes and no as
    1 and 0, dates as ISO text), `notes` what is said of them, or of why there is none, in `LANGUAGE`.
    `beside` is what the other columns of tables show that the program fills in.
    The same input gives the same bytes.
    """
    form, unit, issuer = sending.form, sending.unit, sending.issuer
    places = layout.layout(form, unit.kind)
    content = io.BytesIO()
    with language.speaking(LANGUAGE):
        file = Workbook(content, dict(FILE_OPTIONS))
        checker = input_cells.LiveChecks(places, places.answers())
        book = OutgoingBook(file, places, sending, previous, notes, beside, checker, checker.progress())
        file.set_properties(
            {
                "title": f"{form.name} - {sending.period}",
                "subject": unit.name,
                "author": issuer,
                "company": issuer,
                "created": dt.datetime.combine(sending.window.first, dt.time()),
            }
        )
        file.set_custom_property("Language", "vi-VN")
        write_instructions(book)
        if places.indicators:
            _write_figures(book)
        for table in places.tables.values():
            write_table(book, table)
        if places.texts:
            _write_texts(book)
        for code, place in places.lists.items():
            write_list(book, place, places.rules.get(code, ()))

        sheet = file.add_worksheet(layout.META)
        for row, key in enumerate(layout.META_ROWS):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, getattr(book.identity, key))
        below = len(layout.META_ROWS)
        for choices, first in checker.answers.items():
            for row, choice in enumerate(choices, first.row):
                sheet.write_string(row, first.column, choice)
            below = max(below, first.row + len(choices))
        for row, said in enumerate([*asked_rows(places), *shown_rows(_shown(book))], below):
            for column, text in enumerate(said):
                sheet.write_string(row, column, text)
        sheet.protect()
        sheet.very_hidden()
        file.close()
    return content.getvalue()


def _shown(book: OutgoingBook) -> dict[str, str]:
    """What is filled in beside what is asked, by code: of tables the cells of such columns, of figures that
    of the quarter before; of the year to date what it counts of earlier quarters."""
    shown = {
        code: known_text(place.indicator, book.previous.get(code))
        for code, place in book.layout.indicators.items()
    }
    for code, _place, column, cell in filled_cells(book.layout):
        known = known_text(cell, known_figure(column.is_, cell, book.previous, book.beside))
        shown[code] = known or earlier_shown(column, cell, book.beside)
    return shown


def _write_figures(book: OutgoingBook) -> None:
    """The sheet of the indicators, section by section."""
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
    sheet = open_input_page(book, page, in_a_line(header), (layout.HEADER_ROW + 1, last_row))
    sheet.set_column(layout.REQUIRED_COLUMN, layout.REQUIRED_COLUMN, None, None, {"hidden": True})
    for section in places.sections:
        for column in range(1, page.last_column + 1):
            sheet.write_blank(section.row, column, None, book.formats(GROUP))
        sheet.write_string(
            section.row, layout.NUMBER_COLUMN, section.number, book.formats(GROUP, align="center")
        )
        sheet.write_string(section.row, layout.LABEL_COLUMN, str(section.section.name), book.formats(GROUP))
        sheet.set_row(section.row, height((str(section.section.name), 80)) + 3)
    for place in places.indicators.values():
        rules = places.rules.get(place.indicator.code, ())
        _write_label(book, sheet, place, [str(rule.words) for rule in rules])
        _write_previous(book, sheet, place)
        _write_input(book, sheet, place)
        check = book.checker.figure(place, rules)
        sheet.write_formula(
            place.check.row, place.check.column, check.formula, book.formats(CHECK), check.value
        )
    asked = [place for place in places.indicators.values() if not place.indicator.computed]
    estimates = [place.estimate for place in asked if input_cells.takes_estimate(place.indicator)]
    if estimates:
        first, mark = estimates[0], layout.ESTIMATE_MARK
        options = {
            "validate": "list",
            "source": [mark],
            "input_title": "Ước",
            "input_message": _("Choose {mark} where the figure is an estimate.").format(mark=mark),
            "error_type": "warning",  # since a capital X is understood too
            "error_title": input_cells.cut(_("Please look again"), input_cells.LONGEST_TITLE),
            "error_message": _("Choose {mark}, or leave the cell empty.").format(mark=mark),
            "multi_range": " ".join(place.cell for place in estimates),
        }
        sheet.data_validation(first.row, first.column, first.row, first.column, options)
    select_first(sheet, [place.value for place in asked])
    first_row = layout.HEADER_ROW + 1
    write_alarm(book, sheet, (first_row, layout.CHECK_COLUMN, last_row, layout.CHECK_COLUMN))
    checks, numbers = (
        f"{cell_name(first_row, column)}:{cell_name(last_row, column)}"
        for column in (layout.CHECK_COLUMN, layout.NUMBER_COLUMN)
    )
    sheet.ignore_errors({"formula_differs": checks, "number_stored_as_text": numbers})


def _write_label(
    book: OutgoingBook, sheet: Worksheet, place: IndicatorPlace, messages: Sequence[str]
) -> None:
    """An indicator's code, number, label and unit of measure, in a row with room for what may be said."""
    indicator, row = place.indicator, place.value.row
    label, measure = str(indicator.name), str(indicator.measure)
    indent = 2 if "." in place.number else 1
    sheet.write_string(row, layout.CODE_COLUMN, indicator.code)
    sheet.write_string(row, layout.NUMBER_COLUMN, place.number, book.formats(CENTRED))
    sheet.write_string(row, layout.LABEL_COLUMN, label, book.formats(WRAPPED, indent=indent))
    sheet.write_string(row, layout.MEASURE_COLUMN, measure, book.formats(CENTRED))
    widths = dict(enumerate(_FIGURE_WIDTHS, 1))
    asked = height(
        (label, widths[layout.LABEL_COLUMN] - 1.5 * indent),
        (measure, widths[layout.MEASURE_COLUMN]),
        (str(book.previous.get(indicator.code, "")), widths[layout.PREVIOUS_COLUMN]),
        *((choice, widths[layout.VALUE_COLUMN]) for choice in layout.answers_to(indicator)),
    )
    room = widths[layout.CHECK_COLUMN] * CHECK_LETTERS
    checks = (height((message, room), line=CHECK_LINE) for message in messages)
    sheet.set_row(row, max(_LOWEST_LINE, asked, *checks))


def _write_previous(book: OutgoingBook, sheet: Worksheet, place: IndicatorPlace) -> None:
    """What the unit reported for the previous quarter, with a note; blank where that is not known."""
    indicator, at = place.indicator, (place.previous.row, place.previous.column)
    value = book.previous.get(indicator.code)
    write_known(book, sheet, at, indicator, value)
    known = counted_from(book, indicator) if value is not None else ""
    write_note(sheet, at, (book.notes.get(indicator.code, ""), known))


def _write_input(book: OutgoingBook, sheet: Worksheet, place: IndicatorPlace) -> None:
    """An indicator's input cell, or its worked-out share, and the cell beside it that marks an estimate."""
    indicator, at = place.indicator, (place.value.row, place.value.column)
    define_name(book, indicator.code, place.value.absolute)
    if indicator.computed:
        formula = input_cells.share(book.layout, indicator)
        style = book.formats(typed(LOCKED, indicator))
        sheet.write_formula(*at, formula, style, "") if formula else sheet.write_blank(*at, None, style)
    else:
        style = book.formats(typed(REQUIRED if indicator.required else OPTIONAL, indicator))
        sheet.write_blank(*at, None, style)
        validate(book, sheet, [(*at, *at)], indicator)
        if indicator.type in input_cells.DECIMAL:
            show_whole(book, sheet, [(*at, *at)])
        if indicator.required:
            sheet.write_number(at[0], layout.REQUIRED_COLUMN, 1)
    estimated = input_cells.takes_estimate(indicator)
    style = book.formats(OPTIONAL, align="center") if estimated else book.formats(LOCKED)
    sheet.write_blank(place.estimate.row, place.estimate.column, None, style)


def _write_texts(book: OutgoingBook) -> None:
    """The sheet of the questions that are answered in words."""
    places = book.layout.texts
    last_row = max(place.value.row for place in places.values())
    page = SheetSetup(layout.TEXTS, str(book.sending.form.name), _TEXT_WIDTHS)
    header = (_("No."), _("Question"), _("Answer"), _("Check"))
    sheet = open_input_page(book, page, in_a_line(header), (layout.HEADER_ROW + 1, last_row))
    sheet.set_column(layout.TEXT_REQUIRED_COLUMN, layout.TEXT_REQUIRED_COLUMN, None, None, {"hidden": True})
    lowest, highest = _TEXT_HEIGHTS
    for place in places.values():
        question, row, column = place.question, place.value.row, place.value.column
        sheet.set_row(row, min(highest, max(lowest, (question.max_words or 0) * _TEXT_HEIGHT_A_WORD)))
        sheet.write_string(row, layout.CODE_COLUMN, question.code)
        sheet.write_string(row, layout.NUMBER_COLUMN, place.number, book.formats(CENTRED, valign="top"))
        label, notes = str(question.name), " ".join(input_cells.notes(question))
        at, style = (row, layout.TEXT_LABEL_COLUMN), book.formats(WRAPPED, valign="top", bold=True)
        if notes:
            small = book.formats(font_size=11, italic=True)
            sheet.write_rich_string(*at, book.formats(bold=True), label, small, f"\n{notes}", style)
        else:
            sheet.write_string(*at, label, style)
        look = REQUIRED if question.required else OPTIONAL
        style = book.formats(look, text_wrap=True, valign="top", num_format=input_cells.AS_TEXT)
        sheet.write_blank(row, column, None, style)
        options = {
            "validate": "any",
            "input_title": input_cells.cut(label, input_cells.LONGEST_TITLE),
            "input_message": input_cells.cut(notes or label, input_cells.LONGEST_MESSAGE),
        }
        sheet.data_validation(row, column, row, column, options)
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
    sheet.ignore_errors({"number_stored_as_text": f"B{layout.HEADER_ROW + 2}:B{last_row + 1}"})
    select_first(sheet, [place.value for place in places.values()])
