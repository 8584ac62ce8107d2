"""Rows of a small table that people keep in a spreadsheet program: `units.csv`, `plan.xlsx`."""

from __future__ import annotations

import csv
import datetime as dt
import io
import posixpath
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportctl.core.cellrefs import cell_name, column_index, column_name, quoted
from reportctl.core.errors import ReportctlError, capped, nearest
from reportctl.core.files import read_file, refuse_misnamed
from reportctl.core.language import _
from reportctl.core.letters import decoded
from reportctl.core.wording import as_said

_Value = str | float | bool | dt.date | dt.time | dt.timedelta | None

_ZIP = b"PK\x03\x04"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # Excel 97-2003, and a newer workbook with a password
_OF_DOCUMENTS = (b"word/document.xml", b"ppt/presentation.xml")  # in the list of a package's parts
_NO_TEXT = (b"%PDF", b"{\\rtf")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_RARE = (
    20  # signs to one that is no text: some come along with copied text, and are left out where it is read
)
_BEGINNING = 4096  # bytes of a file that tell whether it is a text
_VERY_NEAR = 0.85  # a file may have columns of its own whose names are only somewhat like an optional one's
_AREA_LIMIT = 5_000_000  # cells from A1 to the last one filled: calamine keeps every one of them


@dataclass(frozen=True, slots=True)
class SmallTableProblem:
    """A mistake in such a file and the place where it is: a cell, or a line and column."""

    line: int
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its line in the file and its fields by column name, cleaned and in composed letters (NFC).

    `numbers` are the fields that a workbook holds as numbers; `cells` say in which of a workbook's columns
    (such as `B`) a column stands, and are empty for a text file.
    """

    line: int
    fields: Mapping[str, str]
    numbers: Mapping[str, float] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)

    def get(self, column: str) -> str:
        """The field under `column`, empty where the file has no such column."""
        return self.fields.get(column, "")

    def said(self, column: str) -> str:
        """The field under `column` as people read it: a number of a workbook in the language's way."""
        return as_said(self.numbers[column]) if column in self.numbers else self.get(column)

    def problem(self, column: str, message: str) -> SmallTableProblem:
        """A mistake in this row's field under `column`."""
        return SmallTableProblem(self.line, _place(self.line, column, self.cells.get(column, "")), message)


class SmallTableError(ReportctlError):
    """A file that cannot be used; `problems` are all its mistakes."""

    def __init__(self, path: Path, problems: list[SmallTableProblem]) -> None:
        self.problems = problems
        super().__init__(
            _("{path} cannot be used; put right what stands below and try again:\n{problems}").format(
                path=path.name, problems=capped(problems)
            )
        )


def _place(line: int, column: str = "", letters: str = "") -> str:
    if letters:
        return _("cell {cell}").format(cell=f"{letters}{line}")
    if column:
        return _("line {line}, column {column}").format(line=line, column=column)
    return _("line {line}").format(line=line)


def read_small_table(path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> list[TableRow]:
    """The rows of the table in `path`, a workbook (.xlsx) or a text file (CSV); empty rows are left out.

    Which of the two it is, its content tells. A workbook's table is on the first sheet whose first row that
    is not empty holds all of `columns`. Column names may be written in capitals and with spaces; columns
    that are neither in `columns` nor in `optional` are passed over.

    Raises `ReportctlError` where the file cannot be read, `SmallTableError` with the places where the table
    is broken: columns missing, doubled or misspelt, rows with more fields than the header, quotation marks.
    """
    refuse_misnamed(path)
    data = read_file(path)
    if data.startswith(_COMPOUND_FILE):
        raise _older_workbook(path)
    _refuse_no_table(path, data)
    if data.startswith(_ZIP):
        table = _table_of_workbook(path, data, columns)
    else:
        table = _table_of_text(path, decoded(data))
    if problems := _header_problems(table, columns, optional):
        raise SmallTableError(path, problems)
    known = {name: index for index, name in enumerate(table.names) if name in (*columns, *optional)}
    cells = {name: letters for name, index in known.items() if (letters := table.letters(index))}
    rows = []
    for line, row in table.rows[1:]:
        values = {name: row[index] for name, index in known.items() if index < len(row)}
        fields = {name: _text(value) for name, value in values.items()}
        numbers = {
            name: value
            for name, value in values.items()
            if isinstance(value, (int, float)) and not isinstance(value, bool)
        }
        if any(fields.values()):
            rows.append(TableRow(line, fields, numbers, cells))
    return rows


def table_rows(
    path: Path, of_text: Callable[[str], list[tuple[int, Sequence[str]]]]
) -> list[tuple[int, Sequence[str]]]:
    """The rows of the first sheet of a workbook (.xlsx) that is not empty, or what `of_text` makes of a text
    file, each with its line; whatever its columns are. Empty rows are left out.

    Raises `ReportctlError` where the file cannot be read.
    """
    refuse_misnamed(path)
    data = read_file(path)
    if data.startswith(_COMPOUND_FILE):
        raise _older_workbook(path)
    _refuse_no_table(path, data)
    if not data.startswith(_ZIP):
        return of_text(unicodedata.normalize("NFC", decoded(data)))
    return [(line, [_text(value) for value in row]) for line, row in _table_of_workbook(path, data, ()).rows]


def _refuse_no_table(path: Path, data: bytes) -> None:
    """Raises `ReportctlError` where the file is empty, or neither a workbook nor a text."""
    if not data.strip():
        raise ReportctlError(
            _("{path} is empty. Copy it again from where it came, or save it once more in Excel.").format(
                path=path
            )
        )
    head = decoded(data[:_BEGINNING])
    is_text = not data.startswith(_NO_TEXT) and len(_CONTROL.findall(head)) * _RARE <= len(head)
    if any(name in data for name in _OF_DOCUMENTS) if data.startswith(_ZIP) else not is_text:
        raise ReportctlError(
            _(
                "{path} is neither a workbook (.xlsx) nor a table in a text file (.csv). Name one of these."
            ).format(path=path)
        )


def _older_workbook(path: Path) -> ReportctlError:
    return ReportctlError(
        _(
            "{path} is an Excel 97-2003 workbook or has a password; "
            "save it in Excel as .xlsx and without one."
        ).format(path=path)
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that are not empty, with their lines, column names first.

    `sheet` stands before references to cells; it is None in a text file, which has no cells.
    """

    rows: Sequence[tuple[int, Sequence[_Value]]]
    sheet: str | None = None

    @property
    def names(self) -> list[str]:
        """The names of the columns, each as the program writes it."""
        return [
            re.sub(r"[\s_-]+", "_", _text(value).lower()) for value in (self.rows[0][1] if self.rows else ())
        ]

    def letters(self, column: int) -> str:
        """What stands before the line in a reference to a cell; empty in a text file."""
        return "" if self.sheet is None else self.sheet + column_name(column)


def _header_problems(
    table: _Rows, columns: tuple[str, ...], optional: tuple[str, ...]
) -> list[SmallTableProblem]:
    """Column names that are missing or doubled, and those of which another was probably meant."""
    line, names = table.rows[0][0] if table.rows else 1, table.names
    missing = [name for name in columns if name not in names]
    absent = [name for name in (*columns, *optional) if name not in names]
    problems = []
    for index, name in enumerate(names):
        message = ""
        if name in (*columns, *optional):
            if name in names[:index]:
                message = _("the column stands there twice")
        elif better := nearest(name, missing) or nearest(name, absent, _VERY_NEAR):
            message = _("this column is not known; “{better}” was meant?").format(better=better)
            missing = [column for column in missing if column != better]
        if message:
            problems.append(SmallTableProblem(line, _place(line, name, table.letters(index)), message))
    return problems + [
        SmallTableProblem(line, _place(line, column), _("there is no such column")) for column in missing
    ]


# Fields as text

# Zero-width characters that come along with copied text.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def _text(value: _Value) -> str:
    """What a field says: whole numbers without decimals, dates as year-month-day."""
    match value:
        case None:
            return ""
        case str():
            seen = value if value.isprintable() else value.translate(_INVISIBLE)
            return unicodedata.normalize("NFC", seen).strip()
        case bool():
            return str(value).upper()
        case int() | float():
            return f"{value:.15g}"  # as many digits as a spreadsheet keeps
        case dt.datetime() if value.time() != dt.time():
            return f"{value:%Y-%m-%d %H:%M}"
        case dt.date():
            return f"{value:%Y-%m-%d}"
    return str(value)


# Text files


_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t ]*(?:\r\n|\r|\n)', re.IGNORECASE)


def _table_of_text(path: Path, text: str) -> _Rows:
    """The rows of a CSV file with commas, semicolons, tabs, or what its line `sep=` says."""
    line = 1
    if named := _SEPARATOR_LINE.match(text):
        separator, text, line = named[1], text[named.end() :], 2
    else:
        first = next((each for each in io.StringIO(text, newline="") if each.strip(',;\t" \r\n')), "")
        separator = max(",;\t", key=first.count)
    before = line - 1
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True
    )
    try:
        for row in reader:
            if any(value.strip() for value in row):
                rows.append((line, row))
            line = before + reader.line_num + 1
    except csv.Error as error:
        message = _("a quotation mark is missing or one too many; inside quotation marks it is typed twice")
        if "field limit" in str(error):
            message = _("a field has more than 131,072 characters, or a quotation mark is missing before it")
        raise SmallTableError(path, [SmallTableProblem(line, _place(line), message)]) from error
    width = len(rows[0][1]) if rows else 0
    message = _(
        "there are more fields than names of columns; a field with “{separator}” in it stands in "
        "quotation marks"
    ).format(separator="Tab" if separator == "\t" else separator)
    surplus = [line for line, row in rows if any(value.strip() for value in row[width:])]
    if surplus:
        raise SmallTableError(path, [SmallTableProblem(line, _place(line), message) for line in surplus])
    return _Rows(rows)


# Workbooks

_MAIN = "xl/workbook.xml"
# SyntaxError: what the XML parser raises.
_DAMAGE = (zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, EOFError, RuntimeError)


def _table_of_workbook(path: Path, data: bytes, columns: tuple[str, ...]) -> _Rows:
    """The first sheet that people see with all of `columns`, or else the one with the most of them."""
    # Loaded only where there is a workbook: every command reads the list of units.
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    best = _Rows([])
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as package,
            CalamineWorkbook.from_filelike(io.BytesIO(data)) as book,
        ):
            for about, part in zip(book.sheets_metadata, _sheet_parts(package), strict=True):
                if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
                    continue
                height, width, lacking = _filled(package, part)
                if height * width > _AREA_LIMIT:
                    raise ReportctlError(
                        _(
                            "{path}: the sheet “{sheet}” is filled as far as the cell {cell}; "
                            "delete what does not belong there."
                        ).format(path=path, sheet=about.name, cell=cell_name(height - 1, width - 1))
                    )
                sheet = book.get_sheet_by_name(about.name)
                rows: list[list[_Value]] = [[*row] for row in sheet.to_python(skip_empty_area=False)]
                rows += ([] for _missing in range(height - len(rows)))
                for (row, column), text in lacking.items():
                    rows[row] += [""] * (column + 1 - len(rows[row]))
                    rows[row][column] = text
                filled = [(line, row) for line, row in enumerate(rows, 1) if any(map(_text, row))]
                name = about.name if about.name.isidentifier() else quoted(about.name)
                table = _Rows(filled, f"{name}!" if len(book.sheet_names) > 1 else "")
                here, there = (len(set(columns) & set(each.names)) for each in (table, best))
                if here > there or not best.rows:
                    best = table
                if here == len(columns) and table.rows:
                    break
    except (CalamineError, *_DAMAGE) as error:
        raise ReportctlError(
            _("{path} cannot be read as a workbook; open it in Excel and save it as .xlsx again.").format(
                path=path
            )
        ) from error
    return best


def _sheet_parts(package: zipfile.ZipFile) -> list[str]:
    """The parts that hold the sheets, in the order of the sheets."""
    from xml.etree import ElementTree as ET

    folder, name = posixpath.split(_MAIN)
    relations = ET.fromstring(package.read(f"{folder}/_rels/{name}.rels"))  # noqa: S314 - the office's own
    targets = {
        relation.get("Id"): posixpath.join("/", folder, relation.get("Target", "")) for relation in relations
    }
    workbook = ET.fromstring(package.read(_MAIN))  # noqa: S314 - the same
    ids = [
        next(value for key, value in sheet.items() if key.endswith("}id"))
        for sheet in workbook.iterfind("{*}sheets/{*}sheet")
    ]
    return [posixpath.normpath(targets[each])[1:] for each in ids]


def _filled(package: zipfile.ZipFile, part: str) -> tuple[int, int, dict[tuple[int, int], str]]:
    """How many rows and columns of a sheet are filled, and what calamine gives as empty, by row and column.

    That is errors (`#N/A`) and formulas that were never calculated (`=B2`). All are counted from 0.
    """
    from xml.etree import ElementTree as ET

    height = width = 0
    lacking = {}
    row = -1
    with package.open(part) as xml:
        for _event, element in ET.iterparse(xml):  # noqa: S314 - the same
            if not element.tag.endswith("}row"):
                continue
            row, column = int(element.get("r", row + 2)) - 1, -1
            for cell in element.iterfind("{*}c"):
                letters = cell.get("r", "").rstrip("0123456789")
                column = column_index(letters) if letters else column + 1
                formula, value = cell.find("{*}f"), cell.findtext("{*}v")
                if cell.get("t") == "e":
                    lacking[row, column] = value or "#N/A"
                elif formula is not None and not value and cell.get("t") != "str":
                    lacking[row, column] = f"={formula.text or ''}"
                elif not value and cell.find("{*}is") is None:
                    continue
                height, width = max(height, row + 1), max(width, column + 1)
            element.clear()
    return height, width, lacking
