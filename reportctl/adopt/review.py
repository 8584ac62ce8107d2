"""The review of what was read of an office's blank workbook: a workbook that people correct in Excel.

Before the office's own sheets, coloured by what is asked there, stand three sheets: what must be decided,
rows, columns. Each has a hidden row of keys above its headings and a hidden column of keys before its lines,
so that lines may be sorted and columns moved; a hidden sheet keeps all that was read.
"""

from __future__ import annotations

import base64
import io
import re
import textwrap
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.adopt import review_words as words
from reportctl.adopt.blank_form import BlankForm, Question, ReadColumn, ReadRow, ReadTable
from reportctl.adopt.kept_form import kept
from reportctl.adopt.reading import REVIEW
from reportctl.core.cellrefs import cell_name, column_name, quoted
from reportctl.core.files import free_name
from reportctl.core.language import N_, Phrase, _
from reportctl.core.letters import printable

HIDDEN = REVIEW
MARK = "reportctl adopt 1"
KEYS_ROW, HEADER_ROW = 4, 5  # of each of our sheets, counted from 1
QUESTIONS, ROWS, COLUMNS = "questions", "rows", "columns"
SHEET_NAMES = {
    QUESTIONS: N_("1. To decide"),
    ROWS: N_("2. Rows"),
    COLUMNS: N_("3. Columns"),
}
CHUNK = 30_000  # characters in a cell, of which a spreadsheet holds 32,767

_GREEN, _GREY, _BLUE, _PINK, _AMBER, _RED = "C6EFCE", "D9D9D9", "BDD7EE", "F8CBDD", "FFE699", "FF9999"
_LEGEND = (
    (_GREEN, N_("asked")),
    (_GREY, N_("not asked")),
    (_BLUE, N_("worked out")),
    (_PINK, N_("filled in before it is sent")),
    (_AMBER, N_("who and when")),
    (_RED, N_("not taken in")),
)
_HEAD = PatternFill("solid", fgColor="1F4E78")
_LOCKED = PatternFill("solid", fgColor="EDEDED")
_OPEN = PatternFill("solid", fgColor="FFFFE5")
_DOUBT = PatternFill("solid", fgColor="FFE699")
_THIN = Side(style="thin", color="BFBFBF")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAP = Alignment(wrap_text=True, vertical="top")
# The order in which questions are asked: what is asked at all first.
_WEIGHT = ("use", "asked", "rows", "applies_to", "over_time", "over_units", "sum", "type", "unit_of_measure")


@dataclass(frozen=True, slots=True)
class _Field:
    """A column of one of our sheets: its key, heading and width; whether people edit it, and the words to
    choose from."""

    key: str
    head: str
    width: float
    edited: bool = False
    choices: Mapping[str, Phrase] | None = None


def _fields(sheet: str) -> tuple[_Field, ...]:
    """The columns of one of our sheets after the hidden one of keys."""
    if sheet == QUESTIONS:
        return (
            _Field("no", _("No."), 6),
            _Field("question", _("What has to be decided"), 70),
            _Field("answer", _("Answer"), 34, edited=True),
            _Field("default", _("If it is left as it is"), 30),
            _Field("where", _("Where"), 22),
        )
    types = _Field("type", _("Type"), 17, edited=True, choices=words.TYPES)
    measure = _Field("unit_of_measure", _("Unit of measure"), 13, edited=True)
    units = _Field("over_units", _("Over units"), 19, edited=True, choices=words.OVER_UNITS)
    time = _Field("over_time", _("Over periods"), 17, edited=True, choices=words.OVER_TIME)
    added = _Field("sum", _("Is the sum of (codes)"), 30, edited=True)
    ends = (_Field("sure", _("How sure"), 11), _Field("where", _("Where"), 20))
    if sheet == ROWS:
        return (
            _Field("code", _("Code"), 16),
            _Field("no", _("No."), 8),
            _Field("label", _("Content"), 50, edited=True),
            _Field("level", _("Level"), 7, edited=True),
            measure,
            types,
            units,
            time,
            added,
            _Field("asked", _("Asked?"), 18, edited=True, choices=words.ASKED),
            _Field("not_asked", _("Not asked in columns (codes)"), 24, edited=True),
            *ends,
        )
    return (
        _Field("code", _("Code"), 20),
        _Field("under", _("Below the headings"), 34),
        _Field("label", _("Column"), 34, edited=True),
        measure,
        types,
        _Field("choices", _("Choices, with ; between"), 24, edited=True),
        units,
        time,
        added,
        _Field("use", _("What it is for"), 26, edited=True, choices=words.USES),
        *ends,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one of our sheets: its key, its values by field, where it stands in the office's workbook.

    `edited` are the fields that can be edited in it; `choices` those it has words of its own for.
    """

    key: str
    values: Mapping[str, str | int]
    edited: frozenset[str]
    sheet: str = ""
    cell: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    head: bool = False
    doubtful: bool = False


def review_workbook(form: BlankForm, sha256: str, office: Workbook) -> bytes:
    """The review of `form` as .xlsx, which was read of the workbook `office`, whose file has the hash
    `sha256`; our sheets come before the office's own, which are coloured. `office` is changed."""
    _colour(form, office)
    taken = {name.lower() for name in office.sheetnames} | {HIDDEN}
    names = {}
    for key, message in SHEET_NAMES.items():
        names[key] = free_name(_(message), taken, " ({})", 31)
        taken.add(names[key].lower())
    hidden = office.create_sheet(HIDDEN)
    lists = _Lists(hidden)
    for place, key in enumerate(names):
        sheet = office.create_sheet(names[key], place)
        _fill(sheet, key, form, lists)
    _keep(hidden, form, sha256, names)
    office.active = 0
    for sheet in office.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == names[QUESTIONS]
    made = io.BytesIO()
    office.save(made)
    return made.getvalue()


# ---- the office's own sheets


def _colour(form: BlankForm, office: Workbook) -> None:
    """Colour the cells of the office's sheets by what was read of them; nothing can be filled in there."""
    fills = {colour: PatternFill("solid", fgColor=colour) for colour, _words in _LEGEND}
    for sheet in office.worksheets:
        sheet.conditional_formatting = ConditionalFormattingList()  # it would hide our colours
        sheet.protection.sheet = True
    for table in form.tables:
        sheet = office[table.sheet]
        for colour, cells in (
            (_GREEN, table.inputs),
            (_GREY, table.not_asked),
            (_BLUE, table.computed),
            (_PINK, table.given),
        ):
            for row, column in cells:
                sheet.cell(row + 1, column + 1).fill = fills[colour]
    for one in form.identity:
        office[one.sheet][one.cell].fill = fills[_AMBER]
    for refused in form.refused:
        office[refused.sheet][refused.cell.partition(":")[0]].fill = fills[_RED]


# ---- our sheets


def _fill(sheet: Worksheet, kind: str, form: BlankForm, lists: _Lists) -> None:
    """Write one of our sheets."""
    fields = _fields(kind)
    heading, help_ = _INTRODUCTIONS[kind]
    _put(sheet.cell(1, 2), f"{_(heading)} - {form.title}").font = _font(bold=True, size=14)
    _put(sheet.cell(2, 2), _(help_)).alignment = _WRAP
    sheet.merge_cells(start_row=2, start_column=2, end_row=2, end_column=len(fields) + 1)
    width = sum(one.width for one in fields)
    sheet.row_dimensions[2].height = 15.0 * len(textwrap.wrap(_(help_), max(40, int(width * 0.95)))) + 4
    for place, one in enumerate((_Field("key", "", 3), *fields), 1):
        _put(sheet.cell(KEYS_ROW, place), one.key)
        head = _put(sheet.cell(HEADER_ROW, place), one.head)
        head.font, head.fill, head.border = _font(bold=True, color="FFFFFF"), _HEAD, _FRAME
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[column_name(place - 1)].width = one.width
    sheet.column_dimensions["A"].hidden = True
    sheet.row_dimensions[KEYS_ROW].hidden = True
    lines = tuple({QUESTIONS: question_lines, ROWS: row_lines, COLUMNS: column_lines}[kind](form))
    last = HEADER_ROW + len(lines)
    for row, line in enumerate(lines, HEADER_ROW + 1):
        _write_line(sheet, kind, row, line, fields, lists)
        sheet.row_dimensions[row].height = _height(line, fields)
    sheet.row_dimensions[HEADER_ROW].height = 32
    for place, one in enumerate(fields, 2):
        if one.choices and lines:
            letters = column_name(place - 1)
            lists.choose(
                sheet, f"{letters}{HEADER_ROW + 1}:{letters}{last}", tuple(map(str, one.choices.values()))
            )
    if kind == QUESTIONS:
        _notes(sheet, last + 2, form)
    _set_up_page(sheet, kind, len(fields) + 1)


_INTRODUCTIONS = {
    QUESTIONS: (
        N_("What has to be decided"),
        N_(
            "Answer in the yellow cells: choose from the list, or leave the answer that stands there. Then "
            "look through the sheets of rows and columns, save, and run: reportctl form adopt --from with "
            "this file. Behind these sheets stand your own, coloured by what is asked."
        ),
    ),
    ROWS: (
        N_("Rows"),
        N_(
            "Correct what is wrong in the yellow cells; grey ones stay as they are. A sum names the codes of "
            "other rows of the same table: n1_1 + n1_2. What is not to be asked gets “not asked” in the "
            "column “Asked?”; do not delete lines."
        ),
    ),
    COLUMNS: (
        N_("Columns"),
        N_(
            "Correct what is wrong in the yellow cells; grey ones stay as they are. A sum names the codes of "
            "other columns of the same table. In the column “What it is for” stands whether a column is "
            "asked, or who fills it in; do not delete lines."
        ),
    ),
}


def written_key(kind: str, number: int) -> str:
    """What the hidden column says of line `number` (from 1) of one of our sheets; no code is in it, which a
    program might read otherwise."""
    return f"{kind[0]}{number}"


def _write_line(
    sheet: Worksheet, kind: str, row: int, line: Line, fields: Sequence[_Field], lists: _Lists
) -> None:
    _put(sheet.cell(row, 1), written_key(kind, row - HEADER_ROW))
    for place, one in enumerate(fields, 2):
        cell = _put(sheet.cell(row, place), line.values.get(one.key, ""))
        edited = one.key in line.edited
        cell.fill = _OPEN if edited else _LOCKED
        cell.protection = Protection(locked=not edited)
        cell.border, cell.alignment = _FRAME, _WRAP
        plain = edited or one.key in ("label", "question")
        said = line.values.get(one.key, "")
        unsaid = one.choices is not None and "" in one.choices and said == str(one.choices[""])
        cell.font = _font(bold=line.head, color="8C8C8C" if unsaid else "000000" if plain else "595959")
        if one.key == "label" and not line.head:
            cell.alignment = Alignment(wrap_text=True, vertical="top", indent=_indent(line))
        if one.key == "sure" and line.doubtful:
            cell.fill = _DOUBT
        if one.key == "where" and line.sheet:
            place_there = f"{quoted(line.sheet)}!{line.cell or 'A1'}"
            _put(cell, f"{line.sheet}!{line.cell}" if line.cell else line.sheet)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place_there)
            cell.font = _font(color="0563C1", underline="single")
        if one.key in line.choices:
            lists.choose(sheet, cell.coordinate, line.choices[one.key], strict=False)


def _font(*, bold: bool = False, size: int = 11, color: str = "000000", underline: Any = None) -> Font:
    return Font(name="Calibri", size=size, bold=bold, color=color, underline=underline)


def _height(line: Line, fields: Sequence[_Field]) -> float:
    """How high a line is, in points: programs do not all fit rows to their texts by themselves."""
    lines = (
        len(textwrap.wrap(str(line.values.get(one.key, "")), max(4, int(one.width) - 2)))
        for one in fields
        if not one.choices
    )
    return 15.5 * max(1, *lines) + 1


def _indent(line: Line) -> int:
    level = line.values.get("level", 1)
    return min(level - 1, 8) if isinstance(level, int) else 0


def question_lines(form: BlankForm) -> Iterator[Line]:
    """A line for each open question, the most important ones first."""
    for number, question in enumerate(sorted(form.questions, key=_importance), 1):
        meanings = words.meanings_of(question.id.rpartition(".")[2], question.choices)
        default = words.word(meanings, question.default)
        choices = tuple(words.word(meanings, choice) for choice in question.choices)
        yield Line(
            f"q:{question.id}",
            {"no": number, "question": str(question.question), "answer": default, "default": default},
            frozenset({"answer"}),
            question.sheet,
            question.cell,
            {"answer": choices} if choices else {},
        )


def _importance(question: Question) -> int:
    key = question.id.rpartition(".")[2]
    return _WEIGHT.index(key) if key in _WEIGHT else len(_WEIGHT)


def row_lines(form: BlankForm) -> Iterator[Line]:
    """For each table a line that says what holds for all of it, then one for each of its rows."""
    for table in form.tables:
        yield _table_line(table)
        for row in table.rows:
            yield _row_line(table, row)


def _table_line(table: ReadTable) -> Line:
    values: dict[str, str | int] = {
        "code": table.code,
        "no": str(words.KINDS[table.kind]),
        "label": table.title,
        "unit_of_measure": table.unit_of_measure,
        "asked": words.word(words.ASKED, "yes"),
        "sure": _sure(table.sure),
    }
    edited = {"label", "asked"}
    if table.kind != "list":
        values["over_time"] = words.word(words.OVER_TIME, table.over_time)
        edited |= {"over_time", "unit_of_measure"}
    cell = cell_name(table.head, min((column.at for column in table.columns), default=0))
    return Line(
        f"t:{table.code}",
        values,
        frozenset(edited),
        table.sheet,
        cell,
        head=True,
        doubtful=table.sure < _SURE,
    )


def _row_line(table: ReadTable, row: ReadRow) -> Line:
    label = next(
        (c.at for c in table.columns if c.use == "label"), table.columns[0].at if table.columns else 0
    )
    cell = cell_name(row.at, label)
    values: dict[str, str | int]
    if row.caption:
        values = {"no": row.no, "label": row.caption, "asked": str(words.CAPTION)}
        return Line(row_key(table, row), values, frozenset({"label"}), table.sheet, cell)
    asked = asked_of(table, row)
    values = {
        "code": row.code,
        "no": row.no,
        "label": row.label,
        "level": row.level,
        "unit_of_measure": row.unit_of_measure,
        "type": words.word(words.TYPES, row.type),
        "over_units": words.word(words.OVER_UNITS, row.over_units),
        "over_time": words.word(words.OVER_TIME, row.over_time),
        "sum": row.sum,
        "asked": words.word(words.ASKED, asked),
        "not_asked": "" if asked == "no" else ", ".join(not_asked_columns(table, row)),
        "sure": _sure(row.sure),
    }
    edited = set(values) - {"code", "no", "sure"}
    if table.kind == "values":
        edited -= {"level", "sum", "not_asked"}
    return Line(row_key(table, row), values, frozenset(edited), table.sheet, cell, doubtful=row.sure < _SURE)


def row_key(table: ReadTable, row: ReadRow) -> str:
    """The key of a row's line; captions, which have no code, go by their place."""
    return f"r:{table.code}:{row.code or row.at}"


def asked_of(table: ReadTable, row: ReadRow) -> str:
    """Whether a row is asked: yes, computed, or no where none of its cells is asked or worked out."""
    if row.computed and row.sum:
        return "computed"
    there = table.inputs | table.given | table.computed
    return "yes" if any(at == row.at for at, _column in there) else "no"


def not_asked_columns(table: ReadTable, row: ReadRow) -> tuple[str, ...]:
    """The codes of the columns in which a row is not asked."""
    return tuple(column.code for column in table.columns if (row.at, column.at) in table.not_asked)


def column_lines(form: BlankForm) -> Iterator[Line]:
    """For each table a line with its name, then one for each of its columns."""
    for table in form.tables:
        head = _table_line(table)
        yield Line(
            head.key,
            {"code": table.code, "label": table.title},
            frozenset(),
            head.sheet,
            head.cell,
            head=True,
        )
        for column in table.columns:
            yield _column_line(table, column)


def _column_line(table: ReadTable, column: ReadColumn) -> Line:
    number = f"({column.no})" if column.no else ""
    values: dict[str, str | int] = {
        "code": column.code,
        "under": " / ".join(column.under),
        "label": column.label or number,
        "use": words.word(words.USES, use_of(table, column)),
        "sure": _sure(column.sure),
    }
    edited = {"label", "use"}
    if use_of(table, column) not in ("number", "code", "unit_of_measure") and (
        table.kind == "list" or column.use != "label"
    ):
        values |= {
            "unit_of_measure": column.unit_of_measure,
            "type": words.word(words.TYPES, column.type),
            "choices": "; ".join(column.choices),
            "over_units": words.word(words.OVER_UNITS, column.over_units),
            "over_time": "" if table.kind == "list" else words.word(words.OVER_TIME, column.over_time),
            "sum": "" if table.kind == "list" else column.sum,
        }
        edited |= {"unit_of_measure", "type", "choices", "over_units"}
        edited |= set() if table.kind == "list" else {"over_time", "sum"}
    cell = cell_name(table.head, column.at)
    return Line(
        f"c:{table.code}:{column.code or column.at}",
        values,
        frozenset(edited),
        table.sheet,
        cell,
        doubtful=column.sure < _SURE,
    )


def use_of(table: ReadTable, column: ReadColumn) -> str:
    """What a column is for, as the review says it: of a list also whether it is asked, whatever it holds."""
    if column.computed and column.sum:
        return "computed"
    if table.kind == "list" and any(at == column.at for _row, at in table.inputs):
        return "value"
    return column.use


_SURE = 0.9  # below which a reading is pointed out


def _sure(share: float) -> str:
    if share >= _SURE:
        return _("sure")
    return _("fairly") if share >= 0.7 else _("please check")


def _notes(sheet: Worksheet, row: int, form: BlankForm) -> None:
    """Below the questions: what is not taken in and why, sheets in which nothing was found, the colours."""
    if not form.questions:
        _put(sheet.cell(row, 3), _("Nothing has to be decided; look through the rows and columns."))
        row += 1
    for one in form.refused:
        where = f"{one.sheet}!{one.cell}"
        cell = _put(sheet.cell(row, 3), _("Not taken in, {where}: {why}").format(where=where, why=one.why))
        cell.alignment, cell.fill = _WRAP, PatternFill("solid", fgColor=_RED)
        row += 1
    if form.unread:
        names = ", ".join(form.unread)
        said = _("Nothing to fill in was found on: {sheets}").format(sheets=names)
        _put(sheet.cell(row, 3), said).alignment = _WRAP
        row += 1
    row += 1
    _put(sheet.cell(row, 3), _("Colours of your own sheets:")).font = _font(bold=True)
    for row_of_colour, (colour, meaning) in enumerate(_LEGEND, row + 1):
        coloured: Any = _put(sheet.cell(row_of_colour, 3), _(meaning))
        coloured.fill, coloured.border = PatternFill("solid", fgColor=colour), _FRAME


def _set_up_page(sheet: Worksheet, kind: str, last_column: int) -> None:
    sheet.freeze_panes = f"{'D' if kind == QUESTIONS else 'E'}{HEADER_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = _fit_to_page()
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_area = f"B1:{column_name(last_column - 1)}{max(sheet.max_row, HEADER_ROW + 1)}"
    sheet.sheet_properties.tabColor = "1F4E78"
    sheet.protection.sheet = True  # without a password: it only keeps codes from being typed over
    for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)


def _fit_to_page() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


# What spreadsheet programs take for an escaped sign, or may: see `misreadings`.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{1,4})_")


def _put(cell: Any, value: str | int) -> Any:
    """Write a value into a cell and give the cell; a text stays a text, also one that begins as a formula
    does. Any: openpyxl's cells are of two classes, of which one is for merged areas."""
    if value != "":
        cell.value = _ESCAPED.sub(r"_x005F\g<0>", printable(value)) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"
    return cell


# ---- the hidden sheet


class _Lists:
    """The answers to choose from: each set is a column of the hidden sheet, since a list written out in a
    cell's rule has room for 255 characters only."""

    _FIRST = 4  # the column of the first set, counted from 1

    def __init__(self, hidden: Worksheet) -> None:
        self._hidden = hidden
        self._known: dict[tuple[str, ...], str] = {}
        self._rules: dict[tuple[str, str, bool], DataValidation] = {}

    def choose(self, sheet: Worksheet, cells: str, choices: tuple[str, ...], *, strict: bool = True) -> None:
        """Let people choose from `choices` in the `cells`; only from those where it is `strict`."""
        if choices not in self._known:
            column = self._FIRST + len(self._known)
            for row, choice in enumerate(choices, 1):
                _put(self._hidden.cell(row, column), choice)
            letters = column_name(column - 1)
            self._known[choices] = f"{quoted(HIDDEN)}!${letters}$1:${letters}${len(choices)}"
        key = sheet.title, self._known[choices], strict
        if key not in self._rules:
            rule = DataValidation("list", formula1=self._known[choices], allow_blank=True)
            rule.showErrorMessage, rule.errorStyle = True, "stop" if strict else "warning"
            rule.error = _("Choose from the list.")
            sheet.add_data_validation(rule)
            self._rules[key] = rule
        self._rules[key].add(cells)


def _keep(hidden: Worksheet, form: BlankForm, sha256: str, names: Mapping[str, str]) -> None:
    """Write into the hidden sheet what is needed to read the review back."""
    packed = base64.b64encode(zlib.compress(kept(form).encode(), 9)).decode()
    chunks = [packed[at : at + CHUNK] for at in range(0, len(packed), CHUNK)]
    lines: Iterable[str] = (MARK, sha256, *(names[key] for key in SHEET_NAMES), *chunks)
    for row, text in enumerate(lines, 1):
        _put(hidden.cell(row, 1), text)
    hidden.sheet_state = "veryHidden"
    hidden.protection.sheet = True
