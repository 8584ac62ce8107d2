"""Sheets as calamine reads them, and how it takes what a workbook has around the cells of its sheets.

The latter is asked with days in otherwise empty sheets. The same workbook part and the same formats are in
many files: it is asked once for all of those.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
from collections.abc import Iterable, Mapping
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from reportctl.workbooks.zips import packed

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
