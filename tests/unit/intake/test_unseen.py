"""Figures in lines of no question are said; lines that moved, and texts, are not taken for such."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from tests.making.returned import codes, only, read, returned

SHEET = "Số liệu"


def test_a_figure_in_a_line_that_people_put_between_is_said(tmp_path: Path) -> None:
    def insert(book: Workbook) -> None:
        sheet = book[SHEET]
        last = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value)
        sheet.cell(last + 1, 3, "Tin trên loa")
        sheet.cell(last + 1, 6, 77)
        sheet.cell(last + 2, 6, " 8 ")

    done = read(returned(edit=insert), tmp_path)
    found = only(done, "stray_figure")
    assert (found.severity, found.sheet, found.value) == ("warning", SHEET, "77")
    assert found.cell is not None
    assert dict(found.details)["cells"] == f"{found.cell}, F{int(found.cell[1:]) + 1}"


def test_words_and_other_columns_are_none(tmp_path: Path) -> None:
    def add(book: Workbook) -> None:
        sheet = book[SHEET]
        last = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value)
        sheet.cell(last + 1, 6, "Người lập biểu")
        sheet.cell(last + 2, 5, 12)

    assert "stray_figure" not in codes(read(returned(edit=add), tmp_path))
    assert "stray_figure" not in codes(read(returned(), tmp_path))
