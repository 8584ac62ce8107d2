"""A form as a workbook to edit in Excel: a sheet for each kind of thing, one line a thing, drop-downs."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.adopt.form_keys import Kind
from reportctl.adopt.form_sheets import (
    FIRST,
    KEYS,
    SHEETS,
    TITLES,
    FormColumn,
    Thing,
    form_columns,
    origin,
    parent_key,
    shown,
    things,
)
from reportctl.core.cellrefs import quoted
from reportctl.core.errors import ReportctlError
from reportctl.core.files import read_file
from reportctl.core.language import _, current_language
from reportctl.core.toml import Keys, toml_text, toml_values
from reportctl.form.form_file import load_form, parse_form
from reportctl.workbooks.package.pinned import pinned

MARK, HIDDEN_SHEET = "reportctl:", "_form"  # of the sheets of a form; the sheet that is never shown
_LINES = 1000  # down to which a sheet has drop-downs
_LONGEST = 32_767  # characters in a cell
_LINE, _MOST_LINES = 15.75, 12  # points; what is longer is cut on the screen

_FONT, _CODES = "Times New Roman", "Consolas"
_EDGE = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_HEAD, _KEY, _CODE = (PatternFill("solid", fgColor=colour) for colour in ("D9E2F3", "F2F2F2", "F7F7F7"))
# The width of columns by their key, else by what they hold.
_WIDTHS = {
    "code": 24, "id": 24, "label": 46, "title": 46, "label_en": 32, "title_en": 32, "caption": 30, "no": 8,
    "check": 60, "message": 50, "message_en": 40, "sum": 30, "guide": 46, "sentence": 50, "sentence_en": 40,
    "sentence_zero": 40, "not_asked": 30,
}  # fmt: skip
_WIDTHS_BY_KIND = {
    "text": 18, "texts": 26, "codes": 20, "code": 20, "expression": 30, "word": 22, "number": 11, "whole": 10,
    "truth": 11,
}  # fmt: skip
# Keys that name the code of something else, with the sheet on which that stands.
_CHOSEN: Mapping[str, Kind] = {
    **dict.fromkeys(("part_of", "numerator", "denominator", "per", "chart_of"), ("sections", "indicators")),
    "applies_to": ("kinds",),
    "key": ("lists", "columns"),
    "section": ("sections",),
    "table": ("tables",),
    "list": ("lists",),
}


def form_workbook(path: Path) -> bytes:
    """The form.toml at `path` as an .xlsx, in the language of the program.

    Raises `FormError` where the form has mistakes, `ReportctlError` where a text is too long for a cell.
    """
    load_form(path)
    return workbook_of(toml_text(read_file(path)))


def workbook_of(text: str) -> bytes:
    """The form in the text of a form.toml, as `form_workbook`."""
    form, data = parse_form(text), toml_values(text)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    _write_guidance(book.create_sheet(_("How to edit")), form.title)
    sheets = {kind: book.create_sheet(_(title)) for kind, title in SHEETS.items()}
    hidden = book.create_sheet(HIDDEN_SHEET)
    hidden.append([version_of(text)])
    listed = things(data, form)
    above = {thing.path: thing for group in listed.values() for thing in group}
    for kind, sheet in sheets.items():
        _write_sheet(sheet, kind, listed[kind], above)
        _write_choices(sheet, kind, hidden)
    hidden.sheet_state = "veryHidden"
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    return pinned(out.getvalue())


def version_of(text: str) -> str:
    """What a workbook says of the form.toml that it was made from."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write_guidance(sheet: Worksheet, title: str) -> None:
    """What people do with the workbook, a paragraph a line."""
    paragraphs = [
        title,
        _("This is the whole form, one line a thing. Change it here, save, close, and take it back with:"),
        "reportctl form --from-workbook FORM.xlsx",
        _(
            "What changes is shown before anything is written. form.toml keeps its comments and its order; "
            "the old one stays beside it."
        ),
        _(
            "Point at a title to read what its column means. What has a * must be filled in. The grey line "
            "below has the names that form.toml and messages use."
        ),
        _(
            "To ask for more, insert a line and fill it in, or copy one and give it another code. To ask for "
            "less, delete the whole line. Lines may be moved: those of one section, table or list are asked "
            "in the order in which they stand here."
        ),
        _(
            "An empty cell says nothing; what goes then stands in the note of its title. Several texts in "
            "one cell have ; between them."
        ),
        _(
            "Where a code is changed, change it wherever else it is named: in rules, sums, sentences. Every "
            "place that was forgotten is named with its cell."
        ),
        _("Ask for totals and for the unit's own words only, never for anything about persons."),
    ]
    sheet.column_dimensions["A"].width = 100
    for number, paragraph in enumerate(paragraphs, 1):
        cell = sheet.cell(number, 1, paragraph)
        cell.font = Font(
            name=_CODES if number == 3 else _FONT, size=14 if number == 1 else 12, bold=number == 1
        )
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[number].height = _LINE * _lines(paragraph, 100) + 5
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9


def _write_sheet(sheet: Worksheet, kind: Kind, listed: Sequence[Thing], above: Mapping[Keys, Thing]) -> None:
    """One sheet: titles with their notes, keys, and a line for each of the things `listed`."""
    columns = form_columns(kind, current_language())
    _write_head(sheet, kind, columns)
    for row, thing in enumerate(listed, FIRST + 1):
        _put(sheet, row, 1, origin(thing, above), None)
        lines = 1
        for column, one in enumerate(columns, 2):
            if one.key == parent_key(kind):
                value: Any = above[thing.parent].code
            elif one.key in thing.said:
                value = shown(thing.value(one.key), one)
            else:
                value = None
            _put(sheet, row, column, value, one)
            lines = max(lines, _lines(value, _width(one)) if isinstance(value, str) else 1)
        sheet.row_dimensions[row].height = _LINE * lines + 1
    last = get_column_letter(len(columns) + 1)
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = f"{get_column_letter(_frozen(columns) + 2)}{FIRST + 1}"
    sheet.auto_filter.ref = f"B{KEYS + 1}:{last}{max(FIRST + len(listed), FIRST + 1)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.scale = "landscape", 8, 70
    sheet.print_title_rows = f"{TITLES + 1}:{KEYS + 1}"
    sheet.print_title_cols = f"B:{get_column_letter(_frozen(columns) + 1)}"


def _width(column: FormColumn) -> int:
    return _WIDTHS.get(column.key, _WIDTHS_BY_KIND[column.holds])


def _lines(text: str, width: int) -> int:
    """About how many lines a text takes in a column of that `width`."""
    return min(sum(int(len(line) / width / 1.15) + 1 for line in text.split("\n")), _MOST_LINES)


def _frozen(columns: Sequence[FormColumn]) -> int:
    """How many columns stay on the screen: up to the code, else the title."""
    named = ("code", "id", "title")  # themes have no code
    return next(place for place, one in enumerate(columns, 1) if one.key in named)


def _write_head(sheet: Worksheet, kind: Kind, columns: Sequence[FormColumn]) -> None:
    """The titles with their notes, and the keys below them; the widths of the columns."""
    sheet.cell(TITLES + 1, 1, MARK + ".".join(kind))
    for number, one in enumerate(columns, 2):
        title = sheet.cell(TITLES + 1, number, f"{one.title} *" if one.must else one.title)
        title.font, title.fill = Font(name=_FONT, size=12, bold=True), _HEAD
        title.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        title.comment = Comment(one.note, "reportctl", width=320, height=40 + 18 * (len(one.note) // 42 + 1))
        key = sheet.cell(KEYS + 1, number, one.key)
        key.font, key.fill = Font(name=_CODES, size=9, color="7F7F7F"), _KEY
        key.alignment = Alignment(horizontal="center")
        title.border = key.border = _BORDER
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = _width(one)
        # What is typed below stays as it is typed: 1.2 is no day, =a+b no formula.
        column.number_format = "General" if one.holds in ("number", "whole") else "@"
        column.alignment = Alignment(wrap_text=True, vertical="top")
        column.font = _font(one)
    sheet.row_dimensions[TITLES + 1].height = 36


def _font(column: FormColumn) -> Font:
    of_codes = column.holds in ("code", "codes", "expression")
    return Font(name=_CODES if of_codes else _FONT, size=11 if of_codes else 12)


def _put(sheet: Worksheet, row: int, column: int, value: Any, of: FormColumn | None) -> None:
    """Write one cell: a text as a text, whatever it begins with."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        # As Excel has it: what reads as an escaped sign is told apart from one.
        value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
        if len(value) > _LONGEST:
            raise ReportctlError(
                _("A text of the form is too long for a cell of a workbook: {text}…").format(text=value[:60])
            )
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    if of is None:
        return
    cell.font, cell.border = _font(of), _BORDER
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.number_format = "General" if of.holds in ("number", "whole") else "@"
    if of.key in ("code", "id", "section", "table", "list"):
        cell.fill = _CODE


def _write_choices(sheet: Worksheet, kind: Kind, hidden: Worksheet) -> None:
    """The drop-downs of a sheet; lists of words stand on the hidden sheet, a column each."""
    for number, one in enumerate(form_columns(kind, current_language()), 2):
        letter = get_column_letter(number)
        if one.holds in ("word", "truth"):
            words = [shown(word, one) for word in (one.words or (True, False))]
            place = hidden.max_column + 1
            for row, word in enumerate(words, 1):
                hidden.cell(row, place, word)
            column = get_column_letter(place)
            source = f"{quoted(HIDDEN_SHEET)}!${column}$1:${column}${len(words)}"
        elif one.key in _CHOSEN:
            of = _CHOSEN[one.key]
            places = [each.key for each in form_columns(of, current_language())]
            column = get_column_letter(places.index("code") + 2)
            source = f"{quoted(_(SHEETS[of]))}!${column}${FIRST + 1}:${column}${_LINES}"
        else:
            continue
        choice = DataValidation("list", formula1=source, allow_blank=True)
        # Words are given; codes may also be those of cells of tables, and several of them stand in one cell.
        choice.showErrorMessage = one.holds in ("word", "truth")
        choice.errorTitle, choice.error = one.title, _("Choose one from the list.")
        choice.add(f"{letter}{FIRST + 1}:{letter}{_LINES}")
        sheet.add_data_validation(choice)
