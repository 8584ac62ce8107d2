"""Excel 97-2003 workbooks with the looks of their cells, through xlrd."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path

import xlrd
from xlrd.compdoc import CompDoc

from reportctl.core.findings import finding
from reportctl.workbooks.book import Area, BookError, CellValue
from reportctl.workbooks.styled_cells import (
    CELLS,
    PLAIN_LOOK,
    Look,
    StyledBook,
    StyledCell,
    StyledSheet,
    too_many_cells,
)
from reportctl.workbooks.xls import chains_loop, sheet_notes
from reportctl.workbooks.xls_formulas import sums

_BELOW = 400
_COLUMNS = 256


def read(data: bytes) -> StyledBook:
    """The workbook `data`. Raises `BookError`: encrypted, damaged, or more than is read."""
    with Path(os.devnull).open("w", encoding="utf-8", errors="replace") as nothing:
        try:
            container = CompDoc(data, logfile=nothing)
            if chains_loop(container.SSAT):
                raise BookError(finding("truncated"))
            stream = container.get_named_stream("Workbook") or container.get_named_stream("Book")
            formulas = [
                dict.fromkeys(notes.formulas, "=") | added
                for notes, added in zip(sheet_notes(stream), sums(stream), strict=True)
            ]
            with xlrd.open_workbook(
                file_contents=data, logfile=nothing, formatting_info=True, ragged_rows=True
            ) as workbook:
                sheets = zip(workbook.sheets(), formulas, strict=True)
                return StyledBook(tuple(_sheet(workbook, sheet, said) for sheet, said in sheets))
        except (BookError, MemoryError):
            raise
        except Exception as error:  # xlrd may raise anything over a damaged file
            encrypted = isinstance(error, xlrd.XLRDError) and "encrypted" in str(error)
            raise BookError(finding("encrypted" if encrypted else "truncated")) from error


def _sheet(
    workbook: xlrd.book.Book, sheet: xlrd.sheet.Sheet, formulas: Mapping[tuple[int, int], str]
) -> StyledSheet:
    looks: dict[int, Look] = {}
    cells: dict[tuple[int, int], StyledCell] = {}
    last, count = 0, 0
    for row in range(sheet.nrows):
        if row > last + _BELOW:
            break
        for column in range(min(sheet.row_len(row), _COLUMNS)):
            number = sheet.cell_xf_index(row, column)
            if number not in looks:
                looks[number] = _look(workbook, number)
            cell = sheet.cell(row, column)
            formula = formulas.get((row, column), "")
            value = _value(cell, workbook.datemode)
            if formula and not (isinstance(value, str) and any(map(str.isalpha, value))):
                value = None
            if value not in (None, "") or formula:
                last = row
            elif looks[number] == PLAIN_LOOK:
                continue
            count += 1
            if count > CELLS:
                raise BookError(too_many_cells(sheet.name))
            cells[row, column] = StyledCell(value, looks[number], formula)
    return StyledSheet(
        sheet.name,
        visible=sheet.visibility == 0,
        protected=False,
        cells=cells,
        merged=tuple(
            Area(sheet.name, top, left, bottom - 1, right - 1)
            for top, bottom, left, right in sorted(sheet.merged_cells)
            if top <= last + _BELOW
        ),
        hidden_rows=frozenset(row for row, one in sheet.rowinfo_map.items() if one.hidden),
        hidden_columns=frozenset(column for column, one in sheet.colinfo_map.items() if one.hidden),
    )


def _value(cell: xlrd.sheet.Cell, datemode: int) -> CellValue:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_NUMBER:
            return float(cell.value)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_DATE:
            try:
                day: dt.datetime = xlrd.xldate_as_datetime(cell.value, datemode)
            except (ValueError, OverflowError):
                return float(cell.value)
            return day
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    return None


def _look(workbook: xlrd.book.Book, number: int) -> Look:
    one = workbook.xf_list[number]
    border, font, fill = one.border, workbook.font_list[one.font_index], one.background
    known = workbook.format_map.get(one.format_key)
    colour = ""
    if fill.fill_pattern == 1:
        rgb = workbook.colour_map.get(fill.pattern_colour_index)
        colour = "".join(f"{part:02X}" for part in rgb) if rgb else ""
    elif fill.fill_pattern > 1:
        colour = "A0A0A0"  # hatched
    return Look(
        left=border.left_line_style > 0,
        right=border.right_line_style > 0,
        top=border.top_line_style > 0,
        bottom=border.bottom_line_style > 0,
        crossed=border.diag_line_style > 0 and bool(border.diag_up or border.diag_down),
        fill="" if colour == "FFFFFF" else colour,
        bold=font.weight >= 600,
        italic=bool(font.italic),
        indent=one.alignment.indent_level,
        centred=one.alignment.hor_align in (2, 6),
        format=known.format_str if known else "General",
        locked=bool(one.protection.cell_locked),
    )
