"""The merged workbook, read back by openpyxl."""

from __future__ import annotations

import datetime as dt
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.figures import merged_workbook as export
from reportctl.figures.merged_workbook import merged_workbook
from tests.making.exported import (
    CALENDAR,
    FORM,
    LEDGER,
    Q1,
    SUSPECT,
    SUSPECT_LEDGER,
    opened,
    totals_table,
)


def merged() -> openpyxl.Workbook:
    return opened(merged_workbook([totals_table()], FORM, CALENDAR, LEDGER, Q1))


def rows(sheet: Worksheet) -> list[list[Any]]:
    return [
        [cell for cell in line if cell is not None] for line in sheet.iter_rows(min_row=3, values_only=True)
    ]


def test_the_merged_workbook_has_texts_lists_and_data() -> None:
    book = merged()
    assert book.sheetnames == ["Công tác  chỉ đạo   hướng dẫn", "Texts", "Danh mục hội nghị", "Data"]
    texts = rows(book["Texts"])
    assert texts[1] == ["", "Khó khăn"]
    assert texts[2] == [1, "Huyện A", "2024-Q1", '-thiếu người;\n"kinh phí"']
    assert len(texts) == 3  # nothing from b
    assert rows(book["Danh mục hội nghị"]) == [
        ["No.", "Unit", "Period", "Ngày", "Tên", "Số người (người)"],
        [1, "Huyện A", "2024-Q1", dt.datetime(2024, 2, 5), "@họp", 120],
        [],
        ["All 2 units have reported."],
    ]
    data = rows(book["Data"])
    assert data[0][:8] == ["period", "unit", "unit_name", "section", "code", "label", "value", "state"]
    assert data[1][:10] == [
        "2024-Q1",
        "a",
        "Huyện A",
        "work",
        "meetings",
        "Cuộc họp",
        1200,
        "value",
        "x",
        "1.200",
    ]
    assert book["Data"]["G6"].value == '-thiếu người;\n"kinh phí"'
    assert book["Data"]["G7"].value == "n/a"


def test_single_values_are_not_among_the_pages_that_print() -> None:
    book = opened(merged_workbook([totals_table()], FORM, CALENDAR, LEDGER, Q1, "Ban A"))
    assert book.worksheets[-1].title == "Data"
    assert book["Data"].print_area.endswith("$2")
    assert book["Data"]["A2"].value
    for sheet in book.worksheets[:-1]:
        assert sheet.print_area.endswith(f"${sheet.max_row}")
    heads = {(sheet.oddHeader.left.text, sheet.oddHeader.right.text) for sheet in book}
    assert heads == {("Ban A", "First quarter of 2024")}


def test_long_data_is_left_to_the_csv_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "DATA_ROWS", 4)
    book = merged()
    assert "Data" not in book.sheetnames
    assert book.worksheets[0]["A13"].value == "Every single value stands in values.csv."


def test_text_stays_text_in_a_workbook() -> None:
    sheet = opened(merged_workbook([], FORM, CALENDAR, SUSPECT_LEDGER, Q1))["Data"]
    cells = [sheet.cell(line, 7) for line in range(4, 4 + len(SUSPECT))]
    assert [unescape(cell.value) for cell in cells] == SUSPECT
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)  # it stays so when somebody opens the cell and closes it
    assert not any(sheet.cell(line, 2).quotePrefix for line in range(4, 6))
