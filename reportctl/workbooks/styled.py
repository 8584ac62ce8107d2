"""A workbook with its looks: what a reader of somebody's blank form needs of every cell besides its value.

Frames, fills, merged areas, number formats and locks, of .xlsx through openpyxl, of .xls through xlrd.
Sheets are read whether or not they are protected. Rows and columns are counted from 0.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any

import openpyxl
from openpyxl.styles.colors import COLOR_INDEX

from reportctl.core.findings import finding
from reportctl.workbooks import styled_xls
from reportctl.workbooks.book import Area, BookError, CellValue, area
from reportctl.workbooks.safety import Inspected, inspect
from reportctl.workbooks.styled_cells import PLAIN_LOOK, Look, StyledBook, StyledCell, StyledSheet

__all__ = ["Look", "StyledBook", "StyledCell", "StyledSheet", "read_styled"]

_BELOW = 400  # rows kept below the last one that holds anything: prepared rows; more is stray formatting
_COLUMNS = 300
_CELLS = 400_000


def read_styled(data: bytes, name: str) -> StyledBook:
    """The workbook `data` of the file `name`.

    Raises `BookError` where it is no .xlsx, .xlsm or .xls, is encrypted, damaged, or more than is read.
    """
    inspected = inspect(data, name)
    if inspected.file_type == "xls":
        return styled_xls.read(data)
    if inspected.file_type not in ("xlsx", "xlsm"):
        found = [one for one in inspected.findings if one.code != "wrong_extension"]
        raise BookError(found[0] if found else finding("not_a_workbook"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out, such as drawings
            data = _without_stray_rows(data, inspected)
            book = openpyxl.load_workbook(io.BytesIO(data))
            last: dict[str, Any] = {}
            if any(
                b"<f" in part for name, part in inspected.parts.items() if name.startswith("xl/worksheets/")
            ):
                values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
                last = {sheet.title: sheet for sheet in values.worksheets}
            return StyledBook(tuple(_sheet(sheet, last.get(sheet.title)) for sheet in book.worksheets))
    except (BookError, MemoryError):
        raise
    except Exception as error:  # openpyxl may raise anything over a damaged file
        raise BookError(finding("truncated")) from error


_ROW_END = b"</row>"
_FILLED = re.compile(rb"<(?:v|f|is)[ >/]")


def _without_stray_rows(data: bytes, inspected: Inspected) -> bytes:
    """The workbook without the rows that are merely formatted, far below the last cell that holds anything.

    Raises `BookError` where what is left is more than is read.
    """
    cut = {}
    for name, part in inspected.parts.items():
        if name.startswith("xl/worksheets/") and part.count(b"<c ") > 20_000:
            last = max((one.start() for one in _FILLED.finditer(part)), default=0)
            at = last
            for _row in range(_BELOW):
                end = part.find(_ROW_END, at)
                if end < 0:
                    break
                at = end + len(_ROW_END)
            close = part.find(b"</sheetData>")
            if 0 < at < close:
                cut[name] = part[:at] + part[close:]
        if (cut.get(name, part)).count(b"<c ") > _CELLS:
            raise BookError(finding("truncated"))
    if not cut:
        return data
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            content = cut.get(entry.filename.lower())
            new.writestr(entry.filename, old.read(entry) if content is None else content)
    return made.getvalue()


def _sheet(sheet: Any, last_values: Any) -> StyledSheet:
    """A sheet; `last_values` is the same one with what formulas last gave, None where there are none."""
    looks: dict[Any, Look] = {}
    cells: dict[tuple[int, int], StyledCell] = {}
    last = 0
    for (row, column), cell in sorted(sheet._cells.items()):
        if column > _COLUMNS or row > last + _BELOW:
            continue
        key = cell.style_id
        if key not in looks:
            looks[key] = _look(cell)
        value, formula = _value(getattr(cell, "value", None))
        if formula and last_values is not None:
            gave = last_values.cell(row, column).value
            value = (
                gave
                if isinstance(gave, str) and any(map(str.isalpha, gave)) and not gave.startswith("#")
                else None
            )
        if value not in (None, "") or formula:
            last = row
        elif looks[key] == PLAIN_LOOK:
            continue
        comment = getattr(cell, "comment", None)
        cells[row - 1, column - 1] = StyledCell(value, looks[key], formula, comment.text if comment else "")
    return StyledSheet(
        sheet.title,
        visible=sheet.sheet_state == "visible",
        protected=bool(sheet.protection.sheet),
        cells=cells,
        merged=tuple(
            Area(
                sheet.title, one.min_row - 1, one.min_col - 1, one.max_row - 1, min(one.max_col, _COLUMNS) - 1
            )
            for one in sorted(sheet.merged_cells.ranges, key=lambda one: (one.min_row, one.min_col))
            if one.min_row <= last + _BELOW and one.min_col <= _COLUMNS
        ),
        hidden_rows=frozenset(
            row - 1 for row, one in sheet.row_dimensions.items() if one.hidden or one.height == 0
        ),
        hidden_columns=frozenset(_hidden_columns(sheet)),
        tables=tuple(area(sheet.title, one.ref) for one in sheet.tables.values()),
        choices=_choices(sheet),
    )


def _hidden_columns(sheet: Any) -> list[int]:
    return [
        column - 1
        for one in sheet.column_dimensions.values()
        if one.hidden or one.width == 0
        for column in range(one.min or 1, min(one.max or 1, _COLUMNS) + 1)
    ]


def _choices(sheet: Any) -> Mapping[tuple[int, int], tuple[str, ...]]:
    """What may be chosen in cells with a list of their own; empty where the list stands in other cells."""
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    for one in sheet.data_validations.dataValidation:
        if one.type != "list":
            continue
        said = one.formula1 or ""
        words = tuple(word.strip() for word in said.strip('"').split(",")) if said.startswith('"') else ()
        for reference in str(one.sqref).split()[:50]:
            whole = area(sheet.title, reference)
            if (whole.last_row - whole.row + 1) * (whole.last_column - whole.column + 1) <= 20_000:
                for row in range(whole.row, whole.last_row + 1):
                    for column in range(whole.column, whole.last_column + 1):
                        found[row, column] = words
    return found


def _value(raw: Any) -> tuple[CellValue, str]:
    """A cell's value and its formula."""
    if raw is None or isinstance(raw, bool | int | float):
        return (float(raw) if type(raw) is int else raw), ""
    if hasattr(raw, "text") and hasattr(raw, "ref"):  # a formula over several cells
        return None, f"={str(raw.text or '').lstrip('=')}"
    if isinstance(raw, str):
        return (None, raw) if raw.startswith("=") and len(raw) > 1 else (raw, "")
    if hasattr(raw, "isoformat") or hasattr(raw, "total_seconds"):
        return raw, ""
    return None, "="  # a table of data and the like


def _look(cell: Any) -> Look:
    border, font, alignment = cell.border, cell.font, cell.alignment
    return Look(
        left=_drawn(border.left),
        right=_drawn(border.right),
        top=_drawn(border.top),
        bottom=_drawn(border.bottom),
        crossed=_drawn(border.diagonal) and bool(border.diagonalUp or border.diagonalDown),
        fill=_fill(cell.fill),
        bold=bool(font.b),
        italic=bool(font.i),
        indent=int(alignment.indent or 0),
        centred=alignment.horizontal in ("center", "centerContinuous"),
        format=cell.number_format or "General",
        locked=cell.protection.locked is not False,
    )


def _drawn(side: Any) -> bool:
    return bool(side is not None and side.style)


# The colours of Office's own theme; those of others are near enough to tell grey from yellow.
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646")


def _fill(fill: Any) -> str:
    """The colour as six hexadecimal digits; empty: none, or white."""
    kind = getattr(fill, "fill_type", None)
    if not kind:
        return "" if not hasattr(fill, "stop") else "DDDDFF"
    if kind != "solid":
        return "A0A0A0"  # hatched
    colour = fill.fgColor
    said = ""
    if colour.type == "rgb" and isinstance(colour.rgb, str):
        said = colour.rgb[-6:]
    elif colour.type == "theme" and 0 <= (colour.theme or 0) < len(_THEME):
        said = _THEME[colour.theme or 0]
    elif colour.type == "indexed" and (colour.indexed or 0) < len(COLOR_INDEX):
        said = COLOR_INDEX[colour.indexed or 0][-6:]
    if not re.fullmatch("[0-9A-Fa-f]{6}", said):
        return ""
    said = tinted(said, float(colour.tint or 0.0))
    return "" if said == "FFFFFF" else said


def tinted(colour: str, tint: float) -> str:
    """The colour, lighter by a `tint` up to 1 or darker by one down to -1."""
    parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    if tint < 0:
        parts = [round(part * (1 + tint)) for part in parts]
    elif tint > 0:
        parts = [round(part + (255 - part) * tint) for part in parts]
    return "".join(f"{max(0, min(255, part)):02X}" for part in parts)
