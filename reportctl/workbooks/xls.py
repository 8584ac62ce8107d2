"""Excel 97-2003 workbooks (.xls): values, errors and names through xlrd; formulas and the date from the file.

xlrd gives a formula's last result and does not say that there is a formula, nor what is hidden or merged
unless it reads all formats, so the records are looked through for them. LibreOffice 7.4 stores 0 as the
result of a formula that gave text in another program.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xlrd
from xlrd.compdoc import CompDoc
from xlrd.formula import evaluate_name_formula

from reportctl.core.findings import finding
from reportctl.workbooks.book import Area, Book, BookError, CellExtra, CellValue, Sheet, check_area, covered
from reportctl.workbooks.passwords import is_excels_own
from reportctl.workbooks.xls_looks import XlsLooks, read_looks

# On opening a workbook xlrd works out all its names, and gives up the whole of it over one that it cannot.
xlrd.book.evaluate_name_formula = lambda *_name, **_more: None


def read_book(data: bytes) -> Book:
    """The workbook `data`. Raises `BookError`: encrypted, too large, damaged."""
    # xlrd writes what it notices to standard output otherwise, names of sheets among it.
    with Path(os.devnull).open("w", encoding="utf-8", errors="replace") as nothing:
        try:
            container = CompDoc(data, logfile=nothing)
            if chains_loop(container.SSAT):  # xlrd would go round it without end
                raise BookError(finding("truncated"))
            stream = container.get_named_stream("Workbook") or container.get_named_stream("Book")
            notes = sheet_notes(stream)
            with xlrd.open_workbook(
                file_contents=data, logfile=nothing, on_demand=True, ragged_rows=True
            ) as workbook:
                looks = read_looks(_whole_records(stream), workbook)
                sheets = tuple(
                    _sheet(sheet, said, workbook.datemode, looks)
                    for sheet, said in zip(workbook.sheets(), notes, strict=True)
                )
                of_all = [name for name in workbook.name_obj_list if name.scope == -1]
                areas = {name.name.lower(): _named_area(workbook, name) for name in of_all}
                names = {name: area for name, area in areas.items() if area}
            return Book(sheets, names, _modified(container.get_named_stream("\5SummaryInformation") or b""))
        except (BookError, MemoryError):
            raise
        except Exception as error:  # xlrd may raise anything over a damaged file
            encrypted = isinstance(error, xlrd.XLRDError) and "encrypted" in str(error)
            code = "excel_password" if encrypted and is_excels_own(data) else "encrypted"
            raise BookError(finding(code if encrypted else "truncated")) from error


def _named_area(workbook: xlrd.book.Book, name: xlrd.book.Name) -> Area | None:
    """The cells of one sheet that a defined name stands for; None where it stands for anything else.

    What it says may be any formula, such as `A1:INDEX(…)`; xlrd raises anything over one it does not know.
    """
    try:
        if not (name.macro or name.binary):
            evaluate_name_formula(workbook, name, name.name_index)
        sheet, row, row_end, column, column_end = name.area2d(clipped=False)
    except MemoryError:
        raise
    except Exception:  # it is none of ours
        return None
    return Area(sheet.name, row, column, row_end - 1, column_end - 1)


def chains_loop(following: Sequence[int]) -> bool:
    """Whether a chain of sectors, each with the number of the one that follows it, leads back into itself."""
    ended: set[int] = set()
    for sector in range(len(following)):
        chain: set[int] = set()
        while 0 <= sector < len(following) and sector not in ended:
            if sector in chain:
                return True
            chain.add(sector)
            sector = following[sector]
        ended |= chain
    return False


def _sheet(sheet: xlrd.sheet.Sheet, said: SheetNotes, datemode: int, looks: XlsLooks) -> Sheet:
    check_area(sheet.name, sheet.nrows, sheet.ncols)
    rows = []
    extras = dict.fromkeys(said.formulas, CellExtra(formula=True))
    for number in range(sheet.nrows):
        kinds, values = sheet.row_types(number), sheet.row_values(number)
        rows.append([_value(kind, value, datemode) for kind, value in zip(kinds, values, strict=True)])
        for column, kind in enumerate(kinds):
            if kind == xlrd.XL_CELL_ERROR:
                error = xlrd.error_text_from_code.get(values[column], "#ERROR")
                extras[number, column] = CellExtra(error, (number, column) in extras)
    extras |= covered(said.merged, sheet.nrows, sheet.ncols)
    hidden = frozenset(said.hidden_rows)
    return Sheet(
        sheet.name,
        sheet.visibility == 0,
        rows,
        extras,
        hidden,
        said.hidden_columns,
        looks.of_cells(said.formats, said.strings),
        said.pictures,
    )


def _value(kind: int, value: str | float, datemode: int) -> CellValue:
    """The value of a cell; of one formatted as a date the number itself where no date has it."""
    match kind:
        case xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        case xlrd.XL_CELL_DATE:
            number = float(value)
            with contextlib.suppress(OverflowError, ValueError):
                when: dt.datetime = xlrd.xldate_as_datetime(number, datemode)
                if number >= 1:
                    return when.date() if when.time() == dt.time() else when
                if number >= 0:
                    return when.time()
            return number
        case xlrd.XL_CELL_TEXT | xlrd.XL_CELL_NUMBER:
            return value
    return ""


# The records of the workbook stream ([MS-XLS] 2.1.4; those of sheets 2.4.53, 2.4.127, 2.4.168, 2.4.221)

_BEGIN, _END, _SHEET = 0x0809, 0x000A, 0x0085
_FORMULA, _ROW, _COLUMNS, _MERGED = 0x0006, 0x0208, 0x007D, 0x00E5
_SHARED_STRING, _RK_NUMBERS, _DRAWING, _OBJECT = 0x00FD, 0x00BD, 0x00EC, 0x005D
_CELLS = frozenset({_FORMULA, _SHARED_STRING, 0x0203, 0x0204, 0x0205, 0x027E})  # which begin alike
_PICTURE = 8  # the type of an object that is one ([MS-XLS] 2.5.143)
_WORKSHEET = 0  # what kind of sheet a record says; others are charts and macros
_ROW_HIDDEN = 0x20


@dataclass(frozen=True, slots=True)
class SheetNotes:
    """What a worksheet's records say besides values: cells with formulas, merged areas, what is hidden, the
    formats of cells, the places of their texts among the shared strings, the cells under pictures."""

    formulas: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    formats: dict[tuple[int, int], int] = field(default_factory=dict)
    strings: dict[tuple[int, int], int] = field(default_factory=dict)
    pictures: list[Area] = field(default_factory=list)


def sheet_notes(stream: bytes) -> Iterator[SheetNotes]:
    """What each worksheet's records say, in order; merged cells come after the cells and drawings."""
    for start in sheet_starts(stream):
        said = SheetNotes()
        anchor: Area | None = None
        for record, at in records(stream, start):
            if record in _CELLS:
                row, column, said.formats[row, column] = struct.unpack_from("<HHH", stream, at)
            if record == _SHARED_STRING:
                (said.strings[row, column],) = struct.unpack_from("<I", stream, at + 6)
            elif record == _RK_NUMBERS:
                row, first = struct.unpack_from("<HH", stream, at)
                for number in range((record_length(stream, at) - 6) // 6):
                    (format_,) = struct.unpack_from("<H", stream, at + 4 + 6 * number)
                    said.formats[row, first + number] = format_
            elif record == _DRAWING:
                anchor = _anchor(stream[at : at + record_length(stream, at)]) or anchor
            elif record == _OBJECT and anchor and record_length(stream, at) > 5:
                if struct.unpack_from("<H", stream, at + 4) == (_PICTURE,):
                    said.pictures.append(anchor)
                anchor = None
            if record == _FORMULA:
                said.formulas.append(struct.unpack_from("<HH", stream, at))
            elif record == _MERGED:
                (count,) = struct.unpack_from("<H", stream, at)
                for place in range(at + 2, at + 2 + 8 * count, 8):
                    row, last_row, column, last_column = struct.unpack_from("<HHHH", stream, place)
                    said.merged.append(Area("", row, column, last_row, last_column))
            elif record == _ROW and stream[at + 12] & _ROW_HIDDEN:
                said.hidden_rows.append(struct.unpack_from("<H", stream, at)[0])
            elif record == _COLUMNS:
                first, last, width, _style, flags = struct.unpack_from("<HHHHH", stream, at)
                if flags & 1 or not width:
                    said.hidden_columns.append((first, last))
        yield said


def sheet_starts(stream: bytes) -> Iterator[int]:
    """Where the records of each worksheet begin, in order."""
    for kind, content in records(stream, 0):
        if kind == _SHEET and stream[content + 5] == _WORKSHEET:
            (start,) = struct.unpack_from("<I", stream, content)
            yield start


def record_length(stream: bytes, at: int) -> int:
    """The length of the record whose content begins at `at`, as far as the stream goes."""
    (said,) = struct.unpack_from("<H", stream, at - 2)
    return min(int(said), len(stream) - at)


def _whole_records(stream: bytes) -> list[tuple[int, bytes]]:
    """The records of the workbook itself, which come before those of its sheets."""
    return [(kind, stream[at : at + record_length(stream, at)]) for kind, at in records(stream, 0)]


_ANCHOR = b"\x10\xf0\x12\0\0\0"  # the head of an anchor in a sheet ([MS-XLS] 2.5.193)


def _anchor(drawing: bytes) -> Area | None:
    """The cells under the last shape of a drawing record; it ends before a cell in which it has no part."""
    at = drawing.rfind(_ANCHOR)
    if at < 0 or len(drawing) < at + 24:
        return None
    _flags, left, _x, top, _y, right, last_x, bottom, last_y = struct.unpack_from("<9H", drawing, at + 6)
    return Area("", top, left, max(top, bottom - (not last_y)), max(left, right - (not last_x)))


def records(stream: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Kind and place of the records of a sheet, or of the workbook, that begins at `start`; those of the
    charts within it lie between a begin and an end of their own."""
    within, position = 0, start
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        within += (kind == _BEGIN) - (kind == _END)
        if not within:
            return
        if within == 1:
            yield kind, position + 4
        position += 4 + length


# The document's properties ([MS-OLEPS] 2.21)

_LAST_SAVED = 13
_FILETIME_EPOCH = dt.datetime(1601, 1, 1)


def _modified(properties: bytes) -> dt.datetime | None:
    """When the document was last saved, in UTC; None where it does not say."""
    with contextlib.suppress(struct.error, OverflowError):
        (start,) = struct.unpack_from("<I", properties, 44)
        (count,) = struct.unpack_from("<I", properties, start + 4)
        for number in range(min(count, 100)):
            name, place = struct.unpack_from("<II", properties, start + 8 + 8 * number)
            if name == _LAST_SAVED:
                _type, ticks = struct.unpack_from("<IQ", properties, start + place)
                return _FILETIME_EPOCH + dt.timedelta(microseconds=ticks // 10) if ticks else None
    return None
