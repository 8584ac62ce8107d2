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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeGuard

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _

_Value = str | float | bool | dt.date | dt.time | dt.timedelta | None

_ZIP = b"PK\x03\x04"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # Excel 97-2003, and a newer workbook with a password
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

    def problem(self, column: str, message: str) -> SmallTableProblem:
        """A mistake in this row's field under `column`."""
        return SmallTableProblem(self.line, _place(self.line, column, self.cells.get(column, "")), message)


class SmallTableError(ReportctlError):
    """A file that cannot be used; `problems` are all its mistakes."""

    def __init__(self, path: Path, problems: list[SmallTableProblem]) -> None:
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            _("{path} cannot be used; put right what stands below and try again:\n{problems}").format(
                path=path.name, problems=lines
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

    Raises `ReportctlError` where the file cannot be read, `RecordsError` with the places where the table is
    broken: columns missing, doubled or misspelt, rows with more fields than the header, quotation marks.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReportctlError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror)
        ) from error
    if data.startswith(_COMPOUND_FILE):
        raise ReportctlError(
            _(
                "{path} is an Excel 97-2003 workbook or has a password; "
                "save it in Excel as .xlsx and without one."
            ).format(path=path)
        )
    if data.startswith(_ZIP):
        table = _table_of_workbook(path, data, columns)
    else:
        table = _table_of_text(path, decode(data))
    return _records(path, table, columns, optional)


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows that are not empty, with their lines; `sheet` goes before references to cells.

    It is None in a text file, which has no cells.
    """

    rows: Sequence[tuple[int, Sequence[_Value]]]
    sheet: str | None = None

    @property
    def header(self) -> tuple[int, list[str]]:
        """The line of the column names and the names, each as the program writes it."""
        line, values = self.rows[0] if self.rows else (1, ())
        return line, [re.sub(r"[\s_-]+", "_", _text(value).lower()) for value in values]

    def letters(self, column: int) -> str:
        """What goes before the line in a reference to a cell; empty in a text file."""
        return "" if self.sheet is None else self.sheet + _letters(column)


def _records(
    path: Path, table: _Table, columns: tuple[str, ...], optional: tuple[str, ...]
) -> list[TableRow]:
    if problems := _header_problems(table, columns, optional):
        raise SmallTableError(path, problems)
    known = {name: index for index, name in enumerate(table.header[1]) if name in (*columns, *optional)}
    cells = {name: letters for name, index in known.items() if (letters := table.letters(index))}
    records = []
    for line, row in table.rows[1:]:
        values = {name: row[index] for name, index in known.items() if index < len(row)}
        fields = {name: _text(value) for name, value in values.items()}
        numbers = {name: value for name, value in values.items() if _is_number(value)}
        if any(fields.values()):
            records.append(TableRow(line, fields, numbers, cells))
    return records


def _is_number(value: _Value) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _header_problems(
    table: _Table, columns: tuple[str, ...], optional: tuple[str, ...]
) -> list[SmallTableProblem]:
    """Column names that are missing or doubled, and those of which another was probably meant."""
    line, names = table.header
    missing = [name for name in columns if name not in names]
    absent = [name for name in (*columns, *optional) if name not in names]
    problems = []
    for index, name in enumerate(names):
        message = ""
        if name in (*columns, *optional):
            if name in names[:index]:
                message = _("the column stands there twice")
        elif near := get_close_matches(name, missing, 1) or get_close_matches(name, absent, 1, _VERY_NEAR):
            message = _("this column is not known; “{better}” was meant?").format(better=near[0])
            missing = [column for column in missing if column != near[0]]
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


def decode(data: bytes) -> str:
    """Text in any encoding in which Excel saves CSV: UTF-8 with or without a mark, UTF-16, Windows-1258.

    Windows-1258 keeps tone marks apart from their letters; the result is composed (NFC) in any case. Bytes
    that are no letter become U+FFFD.
    """
    # The names of columns are plain letters, so that every second byte of UTF-16 is zero at the beginning.
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    elif data[1:2] == b"\0":
        text = data.decode("utf-16-le", errors="replace")
    elif data[:1] == b"\0":
        text = data.decode("utf-16-be", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1258", errors="replace")
    return unicodedata.normalize("NFC", text)


_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t ]*(?:\r\n|\r|\n)', re.IGNORECASE)


def _table_of_text(path: Path, text: str) -> _Table:
    """The rows of a CSV file with commas, semicolons, tabs, or what its line `sep=` says."""
    line = 1
    if said := _SEPARATOR_LINE.match(text):
        separator, text, line = said[1], text[said.end() :], 2
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
        raise SmallTableError(path, [SmallTableProblem(line, _place(line), message)]) from error
    width = len(rows[0][1]) if rows else 0
    message = _(
        "there are more fields than names of columns; a field with “{separator}” in it stands in "
        "quotation marks"
    ).format(separator="Tab" if separator == "\t" else separator)
    surplus = [line for line, row in rows if any(value.strip() for value in row[width:])]
    if surplus:
        raise SmallTableError(path, [SmallTableProblem(line, _place(line), message) for line in surplus])
    return _Table(rows)


# Workbooks

# SyntaxError: what the XML parser raises.
_DAMAGE = (zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, EOFError, RuntimeError)


def _table_of_workbook(path: Path, data: bytes, columns: tuple[str, ...]) -> _Table:
    """The first sheet with all of `columns`, or else the one with the most of them."""
    from python_calamine import CalamineError

    best = _Table([])
    try:
        for table in _sheets(path, data):
            here, there = (len(set(columns) & set(each.header[1])) for each in (table, best))
            if here > there or not best.rows:
                best = table
            if here == len(columns):
                break
    except (CalamineError, *_DAMAGE) as error:
        raise ReportctlError(
            _("{path} cannot be read as a workbook; open it in Excel and save it as .xlsx again.").format(
                path=path
            )
        ) from error
    return best


def _sheets(path: Path, data: bytes) -> Iterator[_Table]:
    """The sheets that people see, in order."""
    # Loaded only where there is a workbook: every command reads the list of units.
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with zipfile.ZipFile(io.BytesIO(data)) as parts, CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for about, part in zip(book.sheets_metadata, _parts_of_sheets(parts), strict=True):
            if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
                continue
            scan = _scan(parts, part)
            if scan.rows * scan.columns > _AREA_LIMIT:
                last = f"{_letters(scan.columns - 1)}{scan.rows}"
                raise ReportctlError(
                    _(
                        "{path}: the sheet “{sheet}” is filled as far as the cell {cell}; "
                        "delete what does not belong there."
                    ).format(path=path, sheet=about.name, cell=last)
                )
            values = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            rows: list[list[_Value]] = [[*row] for row in values]
            _complete(rows, scan)
            filled = [(line, row) for line, row in enumerate(rows, 1) if any(map(_text, row))]
            yield _Table(filled, f"{_quoted(about.name)}!" if len(book.sheet_names) > 1 else "")


_MAIN = "xl/workbook.xml"


def _parts_of_sheets(parts: zipfile.ZipFile) -> list[str]:
    """The parts that hold the sheets, in the order of the sheets."""
    from xml.etree import ElementTree as ET

    folder, name = posixpath.split(_MAIN)
    relations = ET.fromstring(parts.read(f"{folder}/_rels/{name}.rels"))  # noqa: S314 - the office's own file
    targets = {
        relation.get("Id"): posixpath.join("/", folder, relation.get("Target", "")) for relation in relations
    }
    workbook = ET.fromstring(parts.read(_MAIN))  # noqa: S314 - the same
    ids = [
        next(value for key, value in sheet.items() if key.endswith("}id"))
        for sheet in workbook.iterfind("{*}sheets/{*}sheet")
    ]
    return [posixpath.normpath(targets[each])[1:] for each in ids]


@dataclass(frozen=True, slots=True)
class _Scan:
    """How far a sheet is filled, and what stands in the cells that calamine gives as empty."""

    rows: int
    columns: int
    unsaid: Mapping[tuple[int, int], str]


def _scan(parts: zipfile.ZipFile, part: str) -> _Scan:
    """What calamine does not tell: errors (`#N/A`) and formulas that were never calculated (`=B2`)."""
    from xml.etree import ElementTree as ET

    rows = columns = row = 0
    unsaid = {}
    with parts.open(part) as xml:
        for _event, element in ET.iterparse(xml):  # noqa: S314 - the same
            if not element.tag.endswith("}row"):
                continue
            row, column = int(element.get("r", row + 1)), 0
            for cell in element.iterfind("{*}c"):
                reference = cell.get("r", "").rstrip("0123456789")
                column = _column(reference) if reference else column + 1
                formula, value = cell.find("{*}f"), cell.findtext("{*}v")
                if cell.get("t") == "e":
                    unsaid[row - 1, column - 1] = value or "#N/A"
                elif formula is not None and not value and cell.get("t") != "str":
                    unsaid[row - 1, column - 1] = f"={formula.text or ''}"
                elif not value and cell.find("{*}is") is None:
                    continue
                rows, columns = max(rows, row), max(columns, column)
            element.clear()
    return _Scan(rows, columns, unsaid)


def _complete(rows: list[list[_Value]], scan: _Scan) -> None:
    """Put into `rows` what calamine leaves out of them."""
    for (row, column), text in scan.unsaid.items():
        rows += ([] for _missing in range(len(rows), row + 1))
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text


def _letters(column: int) -> str:
    """The letters of a column counted from 0."""
    high, low = divmod(column, 26)
    return (_letters(high - 1) if high else "") + chr(65 + low)


def _column(letters: str) -> int:
    """The number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _quoted(sheet: str) -> str:
    return sheet if sheet.isidentifier() else "'" + sheet.replace("'", "''") + "'"
