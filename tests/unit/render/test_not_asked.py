"""Blank, zero, not applicable and not asked, in every output."""

from __future__ import annotations

import io

import openpyxl

from reportctl.core.table import NOT_APPLICABLE, NOT_ASKED, CellFormat, Column, Row, Table
from reportctl.render.formats import csv_text, markdown_text
from reportctl.render.sheets import workbook
from reportctl.render.text import table_lines

COLUMNS = (
    Column("label", "Content", width=3),
    *(Column(key, key, CellFormat.COUNT) for key in ("zero", "none", "blank", "nothing", "unasked")),
)
TABLE = Table("x", "X", COLUMNS, (Row(("Rooms", 0, None, "", NOT_APPLICABLE, NOT_ASKED)),))


def test_in_the_terminal_they_are_five_things() -> None:
    row = list(table_lines(TABLE, 100))[-1]
    assert [text.strip() for text, _style in row if text.strip()] == ["Rooms", "0", "…", "n/a", "·"]
    assert {text.strip(): style for text, style in row if text.strip() in "…·"}["·"] == "dim"


def test_in_csv_what_is_not_asked_is_empty() -> None:
    assert csv_text(TABLE).splitlines()[-1] == "Rooms,0,,,,"
    assert markdown_text(TABLE).splitlines()[-1] == "| Rooms | 0 | … |  | n/a | · |"


def test_in_a_workbook_it_is_grey() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([("x", TABLE)])))["x"]
    cells = sheet[4][1:]
    assert [cell.value for cell in cells] == [0, "…", None, "n/a", "·"]
    fills = [cell.fill.fgColor.rgb if cell.fill.fill_type else None for cell in cells]
    assert fills == [None, None, None, None, "FFD9D9D9"]
    assert [cell.alignment.horizontal for cell in cells[-2:]] == ["right", "center"]
