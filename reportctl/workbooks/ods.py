"""OpenDocument spreadsheets (.ods), read from their content part in one pass (OpenDocument 1.3, part 3).

calamine reads them too, but joins words that a tab or a line break parts, adds the text of a drawn box to
the cell's own, and says 0 for an error that its program saved as the number 0.
"""

from __future__ import annotations

import bisect
import contextlib
import datetime as dt
import functools
import io
import math
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, count
from xml.etree import ElementTree as ET

from reportctl.core.cellrefs import cell_place
from reportctl.core.findings import finding
from reportctl.core.period import VIETNAM
from reportctl.workbooks.book import (
    COLUMNS,
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
from reportctl.workbooks.error_words import is_error, is_error_of_number
from reportctl.workbooks.looks import CellLook, rows_under
from reportctl.workbooks.ods_looks import NUMBER_SPACE, OdsStyles
from reportctl.workbooks.sheet_rows import is_picture

_SAVED = re.compile(rb"<(?:\w+:)?date>([^<]+)<")


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
_DEFAULT_STYLE, _END = _names("table", "default-cell-style-name", "end-cell-address")
_FRAME, _IMAGE, _OBJECT = _names("drawing", "frame", "image", "object")
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


def read_book(parts: Mapping[str, bytes]) -> Book:
    """The workbook whose unpacked parts are `parts`. Raises `BookError`: too large, damaged."""
    try:
        styles = OdsStyles()
        styles.read(parts.get("styles.xml", b""))
        sheets, names = _read_content(parts["content.xml"], styles)
    except (ET.ParseError, KeyError, ValueError, RecursionError) as error:
        raise BookError(finding("truncated")) from error
    saved = _SAVED.search(parts.get("meta.xml", b""))
    # LibreOffice writes a document's date in local time without a zone.
    modified = utc(saved[1].decode("utf-8", "replace"), VIETNAM) if saved else None
    return Book(tuple(sheets), names, modified)


def _read_content(content: bytes, styles: OdsStyles) -> tuple[list[Sheet], dict[str, Area]]:
    """The sheets and the defined names; of the elements no more is kept than one row. `styles` are those of
    the whole document, to which those of the content are added.

    Raises `BookError`, `ParseError`; `ValueError` for what is not in its place (9.1.2, 9.1.3).
    """
    sheets: list[Sheet] = []
    names: dict[str, Area] = {}
    hidden: set[str] = set()  # the styles of sheets that are not shown
    depth = 0  # of tables within tables: a cell may hold one
    open_elements: list[str] = []
    sheet = _SheetRows("", styles)
    for event, element in ET.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314 - documents with a DTD come no further than `safety`
        tag = element.tag
        if event == "start":
            if tag in _PLACES and open_elements[-1] not in _PLACES[tag]:
                raise ValueError(tag)
            open_elements.append(tag)
            if tag == _TABLE:
                depth += 1
                if depth == 1:
                    sheet = _SheetRows(element.get(_NAME, ""), styles)
            continue
        open_elements.pop()
        if tag == _TABLE:
            depth -= 1
            if depth:
                continue
            if sheet.name and element.find(_SOURCE) is None:  # else it is a copy of another file's
                sheet.name = _own_name(sheet.name, [other.name for other in sheets])
                sheets.append(sheet.finished(element.get(_STYLE_OF) not in hidden))
            element.clear()
        elif tag == _ROW and depth == 1:
            sheet.add(element)
            element.clear()
        elif tag == _COLUMN and depth == 1:
            sheet.add_columns(element)
        elif tag.startswith(NUMBER_SPACE):
            styles.add_format(element)
        elif tag == _STYLE:
            styles.add(element)
            properties = element.find(_PROPERTIES)
            if properties is not None and properties.get(_DISPLAY) == "false":
                hidden.add(element.get(_STYLE_NAME, ""))
        elif tag in (_RANGE, _EXPRESSION) and not depth:
            address = element.get(_ADDRESS) or element.get(_STANDS_FOR, "").partition("=")[2]
            if found := _REFERENCE.fullmatch(address):
                quoted, plain, first, last = found.groups()
                on = quoted.replace("''", "'") if quoted else plain
                names[element.get(_NAME, "").lower()] = area(on, f"{first}:{last or first}")
    return sheets, names


def _own_name(name: str, taken: Collection[str]) -> str:
    """The sheet's `name`, numbered where another one has it: references mean the first one of that name."""
    return next(one for one in chain([name], (f"{name}_{at}" for at in count(2))) if one not in taken)


# Addresses, such as $'Số liệu'.$B$1:.$D$32
_SHEET = r"\$?(?:'((?:[^']|'')+)'|([^.'$\[]+))"
_PLACE = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_REFERENCE = re.compile(rf"\[?{_SHEET}\.({_PLACE})(?::(?:\$?(?:'(?:[^']|'')+'|[^.'$]*)\.)?({_PLACE}))?\]?")


class _SheetRows:
    """A sheet as far as it has been read; empty rows count once something follows them."""

    def __init__(self, name: str, styles: OdsStyles) -> None:
        self.name = name
        self.styles = styles
        self.looks: dict[tuple[int, int], CellLook] = {}
        self.pictures: list[Area] = []
        self._column_ends: list[int] = []  # the last column of each run of columns, from 1, and its style
        self._column_styles: list[str] = []
        self.rows: list[list[CellValue]] = []
        self.extras: dict[tuple[int, int], CellExtra] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self._merged: list[Area] = []
        self._columns = self._empty = self._declared = 0

    def finished(self, visible: bool) -> Sheet:
        """The sheet, once all its rows have been taken in.

        Raises `BookError` where too much of it is merged, `ValueError` for covered cells that nothing covers.
        """
        self.extras |= covered(self._merged, len(self.rows), self._columns)
        if _COVERED_BY_NONE in self.extras.values():
            raise ValueError(_COVERED)
        hidden = frozenset(self.hidden_rows)
        columns = self.hidden_columns
        return Sheet(self.name, visible, self.rows, self.extras, hidden, columns, self.looks, self.pictures)

    def add_columns(self, element: ET.Element) -> None:
        """Take in what is said of columns, as often as it is repeated."""
        first, self._declared = self._declared, self._declared + _count(element, _COLUMNS)
        self._column_ends.append(self._declared)
        self._column_styles.append(element.get(_DEFAULT_STYLE, ""))
        if element.get(_VISIBILITY, _SHOWN) != _SHOWN:
            self.hidden_columns.append((first, self._declared - 1))

    def _style_of(self, cell: ET.Element, row: ET.Element, column: int) -> str:
        """The name of the cell's style: its own, its row's, its column's."""
        own = cell.get(_STYLE_OF) or row.get(_DEFAULT_STYLE)
        if own:
            return own
        run = bisect.bisect_right(self._column_ends, column)
        return self._column_styles[run] if run < len(self._column_styles) else ""

    def add(self, element: ET.Element) -> None:
        """Take in a row, as often as it is repeated. Raises `BookError` where the sheet becomes too large."""
        repeated = _count(element, _ROWS)
        row: list[CellValue] = []
        extras: dict[int, CellExtra] = {}
        merged: list[tuple[int, int, int]] = []  # columns, how many rows, how many columns
        looks: dict[int, CellLook] = {}
        pictures: list[tuple[int, ET.Element]] = []  # the column and the frame
        empty = column = 0
        for cell in element:
            if cell.tag not in (_CELL, _COVERED):
                raise ValueError(cell.tag)  # readers look for cells in it, or do not
            across = _count(cell, _COLUMNS)
            raw, extra = _read_cell(cell)
            rows, columns = _count(cell, _ROWS_SPANNED), _count(cell, _COLUMNS_SPANNED)
            if rows > 1 or columns > 1:
                merged.append((column, rows, columns))
            if len(cell) and any(map(_shows_picture, cell.iter(_FRAME))):
                pictures.append((column, next(filter(_shows_picture, cell.iter(_FRAME)))))
            if raw != "" and (odd := self.styles.look(cell, self._style_of(cell, element, column))):
                looks |= dict.fromkeys(range(column, min(column + across, COLUMNS)), odd)
            column += across
            if raw == "" and extra is None:
                empty += across
                continue
            if cell.tag == _COVERED:
                extra = _COVERED_BY_NONE  # until it is known what covers it
            check_area(self.name, 1, column)
            row += [""] * empty + [raw] * across
            empty = 0
            if extra:
                extras |= dict.fromkeys(range(column - across, column), extra)
        first = len(self.rows) + self._empty
        self.pictures += [_picture_area(first, left, frame) for left, frame in pictures]
        if not row:
            self._empty += repeated
            return
        self._columns = max(self._columns, len(row))
        if element.get(_VISIBILITY, _SHOWN) != _SHOWN:
            self.hidden_rows |= set(range(first, min(first + repeated, ROWS)))
        for left, rows, columns in merged:
            self._merged.append(Area("", first, left, first + rows - 1, left + columns - 1))
        check_area(self.name, first + repeated, self._columns)
        self.rows += [[]] * self._empty + [row] * repeated
        self._empty = 0
        for column, odd in looks.items():
            self.looks |= {(number, column): odd for number in range(first, first + repeated)}
        for column, extra in extras.items():
            self.extras |= {(number, column): extra for number in range(first, first + repeated)}


def _shows_picture(frame: ET.Element) -> bool:
    """Whether a drawn frame holds a picture of its own; a chart has one beside what it is drawn by."""
    return frame.find(_IMAGE) is not None and frame.find(_OBJECT) is None


def _picture_area(row: int, column: int, frame: ET.Element) -> Area:
    """The cells under the picture that begins in a cell: by the address of the last, else by its height."""
    found = _LAST_CELL.search(frame.get(_END, ""))
    height = _LENGTH.fullmatch(frame.get(_HEIGHT, ""))
    if found:
        last_row, last_column = cell_place(found[1])
    else:
        last_row = row + rows_under(float(height[1]) / _TO_AN_INCH[height[2]] if height else 0)
        last_column = column
    return Area("", row, column, max(row, last_row), max(column, last_column))


_LENGTH = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,9})?)(in|cm|mm|pt)")
_TO_AN_INCH = {"in": 1, "cm": 2.54, "mm": 25.4, "pt": 72}
(_HEIGHT,) = _names("svg-compatible", "height")


_LAST_CELL = re.compile(r"\.\$?([A-Z]{1,3}[0-9]{1,7})$")
_SHOWN = "visible"
_COVERED_BY_NONE = CellExtra(merged="-")


_POSITIVE = re.compile(r"[ \t\r\n]*\+?0*[1-9][0-9]*[ \t\r\n]*")


def _count(element: ET.Element, attribute: str) -> int:
    """How often something is there. Raises `ValueError` where that is no positive number."""
    said = element.get(attribute, "1")
    if not _POSITIVE.fullmatch(said):
        raise ValueError(said)
    return int(said)


# One cell

_TYPES = frozenset({None, "float", "percentage", "currency", "date", "time", "boolean", "string", "void"})
_NUMBERS = ("float", "percentage", "currency")
_shared_extra = functools.lru_cache(maxsize=64)(CellExtra)


def _read_cell(cell: ET.Element) -> tuple[CellValue, CellExtra | None]:
    kind = cell.get(_TYPE)
    if kind not in _TYPES:
        raise ValueError(kind)
    formula = _FORMULA in cell.attrib
    if kind is None and not formula and not len(cell):
        return "", None
    picture = formula and is_picture(cell.get(_FORMULA, "").encode())
    paragraphs = [_text(paragraph) for paragraph in cell.findall(_PARAGRAPH)]
    text = "\n".join(paragraphs)
    failed = is_error_of_number(text) if kind in _NUMBERS else is_error(text)
    if cell.get(_OWN_TYPE) == "error" or failed:
        return "", _shared_extra(text or "#ERROR", formula, picture=picture)
    raw = _value(cell, kind or "", text)
    calculated = bool(kind or paragraphs)
    return raw, _shared_extra("", True, calculated, picture=picture) if formula else None


def _value(cell: ET.Element, kind: str, text: str) -> CellValue:
    """The cell's value; the text it shows where it has none, or none that can be read."""
    with contextlib.suppress(ValueError, OverflowError):
        match kind:
            case "float" | "percentage" | "currency":
                number = float(cell.get(_VALUE, ""))
                return number if math.isfinite(number) else text
            case "date":
                when = dt.datetime.fromisoformat(cell.get(_DATE, ""))
                return when.date() if when.time() == dt.time() else when.replace(tzinfo=None)
            case "time" if found := _DURATION.fullmatch(cell.get(_TIME, "")):
                days, hours, minutes, seconds = (float(number or 0) for number in found.groups())
                span = dt.timedelta(days, hours=hours, minutes=minutes, seconds=seconds)
                return (dt.datetime(1900, 1, 1) + span).time() if span < dt.timedelta(1) else span
            case "boolean":
                return cell.get(_BOOLEAN) == "true"
    return cell.get(_STRING, text)


_DURATION = re.compile(r"P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?")


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
