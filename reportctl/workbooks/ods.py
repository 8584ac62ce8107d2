"""OpenDocument spreadsheets (.ods), read from their content part in one pass (OpenDocument 1.3, part 3).

calamine reads them too, but joins words that a tab or a line break parts, adds the text of a drawn box to
the cell's own, and says 0 for an error that its program saved as the number 0.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import io
import math
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from reportctl.core.findings import finding
from reportctl.core.period import VIETNAM
from reportctl.workbooks.book import (
    ROWS,
    Area,
    Book,
    BookError,
    CellExtra,
    CellValue,
    Sheet,
    area,
    check_area,
    covered,
    utc,
)

_SAVED = re.compile(rb"<(?:\w+:)?date>([^<]+)<")


def read_book(parts: Mapping[str, bytes]) -> Book:
    """The workbook whose unpacked parts are `parts`. Raises `BookError`: too large, damaged."""
    reader = _Reader()
    try:
        reader.read(parts["content.xml"])
    except (ET.ParseError, KeyError, ValueError, RecursionError) as error:
        raise BookError(finding("truncated")) from error
    saved = _SAVED.search(parts.get("meta.xml", b""))
    # LibreOffice writes a document's date in local time without a zone.
    modified = utc(saved[1].decode("utf-8", "replace"), VIETNAM) if saved else None
    return Book(tuple(reader.sheets), reader.names, modified)


def _names(space: str, *names: str) -> Iterator[str]:
    return (f"{{urn:oasis:names:tc:opendocument:xmlns:{space}:1.0}}{name}" for name in names)


_TABLE, _ROW, _COLUMN, _CELL, _COVERED, _SOURCE, _RANGE, _EXPRESSION = _names(
    "table",
    *("table", "table-row", "table-column", "table-cell", "covered-table-cell", "table-source"),
    *("named-range", "named-expression"),
)
_NAME, _STYLE_OF, _DISPLAY, _ROWS, _COLUMNS, _FORMULA, _ADDRESS, _STANDS_FOR = _names(
    "table",
    *("name", "style-name", "display", "number-rows-repeated", "number-columns-repeated", "formula"),
    *("cell-range-address", "expression"),
)
_VISIBILITY, _ROWS_SPANNED, _COLUMNS_SPANNED = _names(
    "table", "visibility", "number-rows-spanned", "number-columns-spanned"
)
_STYLE, _STYLE_NAME, _PROPERTIES = _names("style", "style", "name", "table-properties")
_TYPE, _VALUE, _DATE, _TIME, _BOOLEAN, _STRING = _names(
    "office", "value-type", "value", "date-value", "time-value", "boolean-value", "string-value"
)
_PARAGRAPH, _SPACES, _SPACES_COUNT, _TAB, _LINE_BREAK, _NOTE, _SPOKEN = _names(
    "text", "p", "s", "c", "tab", "line-break", "note", "ruby-text"
)
_TEXT_SPACE = _PARAGRAPH[: _PARAGRAPH.index("}") + 1]
_SIGNS = {_TAB: "\t", _LINE_BREAK: "\n"}
_APART = (_NOTE, _SPOKEN)  # text elements that are not of the text around them
_ROW_GROUPS = tuple(_names("table", "table-rows", "table-header-rows", "table-row-group"))
_PLACES = {_ROW: (_TABLE, *_ROW_GROUPS)} | dict.fromkeys(_ROW_GROUPS, (_TABLE, *_ROW_GROUPS))
_OWN_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


class _Reader:
    """Goes through the content once; of the elements no more is kept than one row."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.names: dict[str, Area] = {}
        self._hidden: set[str] = set()
        self._depth = 0  # of tables within tables: a cell may hold one
        self._open: list[str] = []  # the elements that have begun
        self._filled = _Filled("")

    def read(self, content: bytes) -> None:
        """Take in the content part."""
        for event, element in ET.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314 - documents with a DTD come no further than `package`
            if event == "start":
                self._begin(element.tag)
            else:
                self._open.pop()
            if element.tag == _TABLE:
                self._table(event, element)
            elif event == "end":
                self._end(element)

    def _begin(self, tag: str) -> None:
        """Raises `ValueError` for a sheet or a row that is not in its place (9.1.2, 9.1.3)."""
        if tag in _PLACES and self._open[-1] not in _PLACES[tag]:
            raise ValueError(tag)
        self._open.append(tag)

    def _table(self, event: str, element: ET.Element) -> None:
        self._depth += 1 if event == "start" else -1
        if event == "start" and self._depth == 1:
            self._filled = _Filled(element.get(_NAME, ""))
        elif event == "end" and not self._depth:
            sheet = self._filled
            visible = element.get(_STYLE_OF) not in self._hidden
            if sheet.name and element.find(_SOURCE) is None:  # else it is a copy of another file's
                if any(other.name == sheet.name for other in self.sheets):
                    raise ValueError(sheet.name)
                self.sheets.append(sheet.finished(visible))
            element.clear()

    def _end(self, element: ET.Element) -> None:
        if element.tag == _ROW and self._depth == 1:
            self._filled.add(element)
            element.clear()
        elif element.tag == _COLUMN and self._depth == 1:
            self._filled.add_columns(element)
        elif element.tag == _STYLE:
            properties = element.find(_PROPERTIES)
            if properties is not None and properties.get(_DISPLAY) == "false":
                self._hidden.add(element.get(_STYLE_NAME, ""))
        elif element.tag in (_RANGE, _EXPRESSION) and not self._depth:
            found = _area(element.get(_ADDRESS) or element.get(_STANDS_FOR, "").partition("=")[2])
            if found:
                self.names[element.get(_NAME, "").lower()] = found


class _Filled:
    """A sheet as far as it has been read; empty rows count once something follows them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[CellValue]] = []
        self.doubts: dict[tuple[int, int], CellExtra] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self._merged: list[Area] = []
        self._columns = self._empty = self._declared = 0

    def finished(self, visible: bool) -> Sheet:
        """The sheet, once all its rows have been taken in.

        Raises `BookError` where too much of it is merged, `ValueError` for covered cells that nothing covers.
        """
        self.doubts |= covered(self._merged, len(self.rows), self._columns)
        if _COVERED_BY_NONE in self.doubts.values():
            raise ValueError(_COVERED)
        hidden = frozenset(self.hidden_rows)
        return Sheet(self.name, visible, self.rows, self.doubts, hidden, self.hidden_columns)

    def add_columns(self, element: ET.Element) -> None:
        """Take in what is said of columns, as often as it is repeated."""
        first, self._declared = self._declared, self._declared + _count(element, _COLUMNS)
        if element.get(_VISIBILITY, _SHOWN) != _SHOWN:
            self.hidden_columns.append((first, self._declared - 1))

    def add(self, element: ET.Element) -> None:
        """Take in a row, as often as it is repeated. Raises `BookError` where the sheet becomes too large."""
        repeated = _count(element, _ROWS)
        row, doubts = self._row(element)
        if not row:
            self._empty += repeated
            return
        self._columns = max(self._columns, len(row))
        first = len(self.rows) + self._empty
        if element.get(_VISIBILITY, _SHOWN) != _SHOWN:
            self.hidden_rows |= set(range(first, min(first + repeated, ROWS)))
        self._merged += _spans(element, first)
        check_area(self.name, first + repeated, self._columns)
        self.rows += [[]] * self._empty + [row] * repeated
        self._empty = 0
        for column, doubt in doubts.items():
            self.doubts |= {(number, column): doubt for number in range(first, first + repeated)}

    def _row(self, element: ET.Element) -> tuple[list[CellValue], dict[int, CellExtra]]:
        row: list[CellValue] = []
        doubts: dict[int, CellExtra] = {}
        empty = 0
        for cell in element:
            if cell.tag not in (_CELL, _COVERED):
                raise ValueError(cell.tag)  # readers look for cells in it, or do not
            repeated = _count(cell, _COLUMNS)
            raw, doubt = _read_cell(cell)
            if raw == "" and doubt is None:
                empty += repeated
                continue
            if cell.tag == _COVERED:
                doubt = _COVERED_BY_NONE  # until it is known what covers it
            first = len(row) + empty
            check_area(self.name, 1, first + repeated)
            row += [""] * empty + [raw] * repeated
            empty = 0
            if doubt:
                doubts |= dict.fromkeys(range(first, first + repeated), doubt)
        return row, doubts


_SHOWN = "visible"
_COVERED_BY_NONE = CellExtra(merged="-")


def _spans(row: ET.Element, number: int) -> Iterator[Area]:
    """The merged areas that begin in a row."""
    column = 0
    for cell in row:
        if cell.tag in (_CELL, _COVERED):
            rows, columns = _count(cell, _ROWS_SPANNED), _count(cell, _COLUMNS_SPANNED)
            if rows > 1 or columns > 1:
                yield Area("", number, column, number + rows - 1, column + columns - 1)
            column += _count(cell, _COLUMNS)


_POSITIVE = re.compile(r"[ \t\r\n]*\+?0*[1-9][0-9]*[ \t\r\n]*")


def _count(element: ET.Element, attribute: str) -> int:
    """How often something is there. Raises `ValueError` where that is no positive number."""
    said = element.get(attribute, "1")
    if not _POSITIVE.fullmatch(said):
        raise ValueError(said)
    return int(said)


# One cell

_TYPES = frozenset({None, "float", "percentage", "currency", "date", "time", "boolean", "string", "void"})
_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!)|Err:[0-9]{3}")
_shared_doubt = functools.lru_cache(maxsize=64)(CellExtra)


def _read_cell(cell: ET.Element) -> tuple[CellValue, CellExtra | None]:
    kind = cell.get(_TYPE)
    if kind not in _TYPES:
        raise ValueError(kind)
    formula = _FORMULA in cell.attrib
    if kind is None and not formula and not len(cell):
        return "", None
    paragraphs = [_text(paragraph) for paragraph in cell.findall(_PARAGRAPH)]
    text = "\n".join(paragraphs)
    if cell.get(_OWN_TYPE) == "error" or _ERROR.fullmatch(text):
        return "", _shared_doubt(text or "#ERROR", formula)
    raw = _value(cell, kind or "", text)
    return raw, _shared_doubt("", True, bool(kind or paragraphs)) if formula else None


def _value(cell: ET.Element, kind: str, text: str) -> CellValue:
    """The cell's value; the text it shows where it has none, or none that can be read."""
    with contextlib.suppress(ValueError, OverflowError):
        match kind:
            case "float" | "percentage" | "currency":
                number = float(cell.get(_VALUE, ""))
                return number if math.isfinite(number) else text
            case "date":
                return _date(cell.get(_DATE, ""))
            case "time":
                return _time(cell.get(_TIME, ""))
            case "boolean":
                return cell.get(_BOOLEAN) == "true"
    return cell.get(_STRING, text)


def _date(said: str) -> dt.date:
    when = dt.datetime.fromisoformat(said)
    return when.date() if when.time() == dt.time() else when.replace(tzinfo=None)


_DURATION = re.compile(r"P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?")


def _time(said: str) -> dt.time | dt.timedelta:
    found = _DURATION.fullmatch(said)
    if found is None:
        raise ValueError(said)
    days, hours, minutes, seconds = (float(number or 0) for number in found.groups())
    span = dt.timedelta(days, hours=hours, minutes=minutes, seconds=seconds)
    return (dt.datetime(1900, 1, 1) + span).time() if span < dt.timedelta(1) else span


_WHITE = re.compile(r"[ \t\r\n]+")


def _text(element: ET.Element) -> str:
    """The text of a paragraph or a part of one; white space in the XML counts as one space (6.1.2)."""
    parts = [_WHITE.sub(" ", element.text or "")]
    for child in element:
        if child.tag == _SPACES:
            parts.append(" " * min(int(child.get(_SPACES_COUNT, "1")), 1_000))
        elif child.tag in _SIGNS:
            parts.append(_SIGNS[child.tag])
        elif child.tag.startswith(_TEXT_SPACE) and child.tag not in _APART:
            parts.append(_text(child))
        parts.append(_WHITE.sub(" ", child.tail or ""))
    return "".join(parts)


# Addresses, such as $'Số liệu'.$B$1:.$D$32

_SHEET = r"\$?(?:'((?:[^']|'')+)'|([^.'$\[]+))"
_PLACE = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_REFERENCE = re.compile(rf"\[?{_SHEET}\.({_PLACE})(?::(?:\$?(?:'(?:[^']|'')+'|[^.'$]*)\.)?({_PLACE}))?\]?")


def _area(address: str) -> Area | None:
    found = _REFERENCE.fullmatch(address)
    if found is None:
        return None
    quoted, plain, first, last = found.groups()
    return area(quoted.replace("''", "'") if quoted else plain, f"{first}:{last or first}")
