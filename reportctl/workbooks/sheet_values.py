"""The values of the sheets of an Excel workbook, told from the rows that the checks have taken apart.

calamine can read every workbook that gets here. But the XML of all sheets has been taken apart by then, for
the checks, and a second reading takes two fifths of the time that a file takes. So values are told from that
where there are only plain texts, numbers, days, errors and formulas, as in nearly all workbooks that come
back: exactly what calamine tells, in the same types. Where that is not certain, it is calamine that reads.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from reportctl.workbooks.book import CellValue
from reportctl.workbooks.sheet_rows import BOOLEAN, ERROR, NUMBER, SHARED, TEXT, XmlRow, told_text
from reportctl.workbooks.zips import packed

_LONG = 1 << 10  # bytes: longer texts are not kept
_RUN = re.compile(rb'<t( xml:space="preserve")?(?: ?/>|>([^<]*)</t>)')


def told_texts(plain: bytes) -> list[str] | None:
    """The shared strings, which are `plain` texts; None where one of them may be read otherwise."""
    *pieces, _end = plain.split(b"</si>")
    texts = [_text_once(piece) if len(piece) < _LONG else _text(piece) for piece in pieces]
    told = [text for text in texts if text is not None]
    return told if len(told) == len(texts) else None


def _text(piece: bytes) -> str | None:
    runs = [told_text(written, bool(preserved)) for preserved, written in _RUN.findall(piece)]
    return None if None in runs else "".join(run for run in runs if run)


_text_once = functools.lru_cache(maxsize=4096)(_text)


def told_rows(
    found: Sequence[XmlRow], texts: Sequence[str], days: Mapping[int, bool]
) -> list[list[CellValue]] | None:
    """The rows of a sheet from A1 on, empty cells as empty texts; None where calamine has to read them.

    `texts` are the shared strings, `days` the formats whose numbers are no numbers: whether they are days.
    """
    if not all(row.simple for row in found):
        return None
    try:
        return _filled(found, texts, days)
    except LookupError:
        return None


def _filled(found: Sequence[XmlRow], texts: Sequence[str], days: Mapping[int, bool]) -> list[list[CellValue]]:
    """The same. Raises `LookupError` where calamine has to tell a value."""
    width = max([row.cells.reach for row in found], default=0)
    rows: list[list[CellValue]] = []
    for row in found:
        cells = row.cells
        if not cells.reach:
            continue
        while len(rows) < row.number:
            rows.append([""] * width)
        line = rows[-1]
        for column, kind, style, value in zip(cells.held, cells.kinds, cells.styles, row.values, strict=True):
            if kind == SHARED:
                line[column] = texts[int(value)]
            elif kind == NUMBER and style not in days:
                line[column] = float(value)
            else:
                line[column] = _other(kind, value, days.get(style, False))
        for column, text in cells.texts:
            line[column] = text
    return rows


def _other(kind: bytes, value: bytes, day: bool) -> CellValue:
    if kind == NUMBER and day:
        return _day(float(value))
    text = told_text(value, preserved=True) if kind == TEXT else None
    if text is not None:
        return text
    if kind == BOOLEAN and value in (b"0", b"1"):
        return value == b"1"
    if kind == ERROR and value != b"#GETTING_DATA":
        return ""
    raise LookupError(value)


_BEFORE, _FIRST, _LAST = dt.date(1899, 12, 30), 61, 2_958_465  # 1/3/1900 to 31/12/9999


@functools.lru_cache(maxsize=1024)
def _day(number: float) -> dt.date:
    if not (_FIRST <= number <= _LAST and number.is_integer()):
        raise LookupError(number)
    return _BEFORE + dt.timedelta(number)


_DAY, _SAID = dt.date(2023, 3, 15), "45000"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
START, WORKBOOK, RELATIONS = "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHARED_STRINGS, STYLES = "xl/sharedstrings.xml", "xl/styles.xml"  # in small letters


def read_sheets(data: bytes, names: Iterable[str]) -> dict[str, tuple[bool, list[list[Any]]]]:
    """Whether the sheets of those names are visible, and their rows from A1 on. Raises `CalamineError`."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        visible = {
            about.name: about.visible == SheetVisibleEnum.Visible for about in workbook.sheets_metadata
        }
        return {
            name: (visible[name], workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in names
        }


@functools.lru_cache(maxsize=64)
def visible_sheets(
    start: bytes, workbook: bytes, relations: bytes, sheets: tuple[tuple[str, str], ...]
) -> Mapping[str, bool] | None:
    """Which of the `sheets` (names and parts) are visible; None where its days are no days from 1900 on.

    `start`, `workbook` and `relations` are the parts that lead to them. None as well where it refuses those.
    """
    styles = (
        f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    parts = {START: start, WORKBOOK: workbook, RELATIONS: relations, STYLES: styles.encode()}
    try:
        seen = read_sheets(packed({**parts, **{part: _days([1]) for _, part in sheets}}), dict(sheets))
    except (CalamineError, LookupError):
        return None
    if any(rows != [[_DAY]] for _visible, rows in seen.values()):
        return None
    return {name: visible for name, (visible, _rows) in seen.items()}


_FORMATS_LIMIT = 10_000


@functools.lru_cache(maxsize=64)
def special_formats(styles: bytes) -> Mapping[int, bool] | None:
    """The formats, by their places in the part `styles`, whose numbers are no numbers: whether they are days.

    The others are times that have passed. None where it refuses the part.
    """
    formats = styles.count(b"xf")  # or fewer
    if formats > _FORMATS_LIMIT:
        return None
    sheet = "worksheets/sheet1.xml"
    relations = _related(("rId1", "worksheet", sheet), ("rId2", "styles", "styles.xml"))
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
    workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_TYPES}">{sheets}</workbook>'.encode()
    parts = {START: _related(("rId1", "officeDocument", WORKBOOK)), WORKBOOK: workbook, RELATIONS: relations}
    try:
        _visible, rows = read_sheets(
            packed({**parts, f"xl/{sheet}": _days(range(formats)), STYLES: styles}), ["S"]
        )["S"]
    except CalamineError:
        return None
    return {place: row == [_DAY] for place, row in enumerate(rows) if row != [float(_SAID)]}


def _days(formats: Iterable[int]) -> bytes:
    """A sheet with one day in each of the formats."""
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" s="{place}"><v>{_SAID}</v></c></row>'
        for number, place in enumerate(formats, 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def _related(*relations: tuple[str, str, str]) -> bytes:
    inside = "".join(
        f'<Relationship Id="{name}" Type="{_TYPES}/{kind}" Target="{target}"/>'
        for name, kind, target in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}">{inside}</Relationships>'.encode()
