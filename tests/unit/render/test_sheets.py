"""Tables as sheets that can be printed, read back by openpyxl."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from reportctl.core import language
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.render.sheets import PagesHead, workbook
from tests.making.exported import opened, totals_table
from tests.making.machine import Convert


def test_vietnamese_names_of_sheets_are_not_cut_in_the_middle_of_a_letter() -> None:
    language.use("vi")
    (name,) = opened(workbook([("Đề nghị, kiến nghị và nhiệm vụ quý sau", totals_table())])).sheetnames
    assert name == "Đề nghị, kiến nghị và nhiệm vụ"


def test_totals_are_formulas_with_their_values() -> None:
    data = workbook([("x", totals_table())])
    formulas, values = opened(data)["x"], opened(data, values=True)["x"]
    assert [formulas[cell].value for cell in ("C7", "C10", "D7", "D10")] == [
        "=SUM(C5:C6)",
        "=SUM(C5:C6,C9:C9)",
        "=SUM(D5:D6)",
        "=SUM(D5:D6,D9:D9)",
    ]
    assert [values[cell].value for cell in ("C7", "C10", "D7", "D10")] == [1200, 1230, 0.3, 0.3]
    assert formulas["E10"].value == 0.75  # shares are not added up
    assert [values[f"F{line}"].value for line in (5, 6, 7)] == ["Yes", "No", 1]


def test_numbers_are_numbers_with_formats() -> None:
    sheet = opened(workbook([("x", totals_table())]))["x"]
    assert (sheet["C5"].value, sheet["C5"].number_format) == (1200, "#,##0")
    assert (sheet["D5"].value, sheet["D5"].number_format) == (0.1, "#,##0.0#")
    assert (sheet["E5"].value, sheet["E5"].number_format) == (0.5, "0.0%")
    assert sheet["E6"].value == "…"
    assert sheet["B5"].value == "=Huyện A"
    assert sheet["B5"].data_type == "s"  # text, whatever it begins with


def test_points_are_numbers_with_their_measure() -> None:
    table = Table(
        "t",
        "t",
        (Column("label", "label"), Column("c", "c", CellFormat.CHANGE)),
        (Row(("Tỷ lệ", 0.021), kind=CellFormat.PERCENT), Row(("Tin", 0.021))),
    )
    with language.speaking("vi"):
        sheet = opened(workbook([("t", table)]))["t"]
    measure = '" điểm\u00a0%"'
    assert sheet["B4"].value == 2.1
    assert sheet["B4"].number_format == f"+0.0{measure};-0.0{measure};0.0{measure}"
    assert (sheet["B5"].value, sheet["B5"].number_format) == (0.021, "+0.0%;-0.0%;0.0%")


def test_a_page_is_not_printed_small_for_long_texts() -> None:
    text = "vanphong@huyen.example, Văn phòng, 0912 345 678, tầng 2"
    table = Table(
        "t", "t", tuple(Column(f"c{n}", f"c{n}", CellFormat.TEXT) for n in range(5)), (Row((text,) * 5),)
    )
    sheet = opened(workbook([("t", table)]))["t"]
    groups = sheet.column_dimensions.values()
    widths = [group.width for group in groups for _column in range(group.min, group.max + 1)]
    assert sum(widths) <= 155
    assert min(widths) > 20
    assert sheet.row_dimensions[4].height > 30  # they wrap


def test_an_empty_cell_is_empty() -> None:
    table = Table("t", "t", (Column("a", "a"), Column("b", "b")), (Row(("x", "")),))
    cell = opened(workbook([("t", table)]))["t"]["B4"]
    assert (cell.value, cell.border.left.style) == (None, "thin")


@pytest.mark.libreoffice
def test_a_total_of_yes_and_no_stays_when_it_is_calculated_again(soffice: Convert, tmp_path: Path) -> None:
    table = Table(
        "unit:x",
        "X",
        (Column("unit", "Unit"), Column("plan", "Plan", CellFormat.FIGURE)),
        (
            *(Row(cells, kind=CellFormat.YES_NO) for cells in (("A", 1), ("B", 0), ("C", 1))),
            Row(("Total", 2), Role.TOTAL),
        ),
    )
    path = tmp_path / "x.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(workbook([("X", table)])))
    book.save(path)  # without the stored values, so that the other program works them out
    (saved,) = soffice([path], "xlsx", tmp_path / "out")
    sheet = openpyxl.load_workbook(saved, data_only=True)["X"]
    assert [row[1] for row in sheet.iter_rows(values_only=True) if row[0] in ("A", "B", "C", "Total")] == [
        "Yes", "No", "Yes", 2,
    ]  # fmt: skip


def test_each_groups_total_is_its_own() -> None:
    rows = [Row((1,)), Row((2,)), Row((3,), Role.TOTAL), Row((4,)), Row((5,)), Row((9,), Role.TOTAL)]
    table = Table("t", "t", (Column("n", "n", CellFormat.COUNT),), (*rows, Row((12,), Role.TOTAL)))
    sheet = opened(workbook([("t", table)]))["t"]
    assert [sheet[f"A{line}"].value for line in (6, 9, 10)] == [
        "=SUM(A4:A5)",
        "=SUM(A7:A8)",
        "=SUM(A4:A5,A7:A8)",
    ]


def test_a_total_that_is_no_sum_of_what_stands_above_is_a_value() -> None:
    table = Table(
        "t", "t", (Column("n", "n", CellFormat.COUNT),), (Row((1,)), Row((2,)), Row((5,), Role.TOTAL))
    )
    assert opened(workbook([("t", table)]))["t"]["A6"].value == 5


def wide_table() -> Table:
    """A table of twelve columns of numbers, 120 characters or so across."""
    columns = [Column(f"c{n}", f"Column {n}", CellFormat.COUNT) for n in range(13)]
    return Table("w", "Wide", tuple(columns), (Row(tuple(range(13))),))


@pytest.mark.parametrize(("table", "way"), [(totals_table(), "portrait"), (wide_table(), "landscape")])
def test_sheets_can_be_printed(table: Table, way: str) -> None:
    sheet = opened(workbook([("x", table)]))["x"]
    assert sheet.page_setup.orientation == way
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert int(sheet.page_setup.fitToHeight) == 0  # as many pages down as there are
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddFooter.center.text == "&P/&N"
    assert sheet.oddHeader.left.text is None


def test_the_whole_table_with_its_notes_is_printed() -> None:
    sheet = opened(workbook([("x", totals_table())]))["x"]
    assert sheet.freeze_panes == "C4"
    assert sheet["A1"].value == "Công tác, quý I năm 2024"
    assert sheet["A12"].value == "Chưa có báo cáo: Huyện C."
    last = get_column_letter(len(totals_table().columns))
    assert sheet.print_area == f"'x'!$A$1:${last}$12"
    without = replace(totals_table(), notes=())
    assert opened(workbook([("x", without)]))["x"].print_area.endswith("$10")


def test_issuer_and_period_stand_at_the_head_of_pages() -> None:
    head = PagesHead("Ban Tuyên giáo & Dân vận", "Quý I năm 2024")
    book = opened(workbook([("x", totals_table()), ("y", totals_table())], head=head))
    for sheet in book:
        assert sheet.oddHeader.left.text == "Ban Tuyên giáo && Dân vận"
        assert sheet.oddHeader.right.text == "Quý I năm 2024"


def test_of_rows_that_are_not_printed_the_title_and_a_line_that_says_so_are() -> None:
    book = opened(workbook([("x", totals_table()), ("raw", totals_table())], unprinted=("raw",)))
    raw = book["raw"]
    assert raw.print_area.startswith("'raw'!$A$1:")
    assert raw.print_area.endswith("$2")
    assert "not printed" in raw["A2"].value
    assert raw.print_title_rows is None
    assert [cell.value for cell in raw["A"][2:]] == [cell.value for cell in book["x"]["A"][2:]]


def test_names_of_sheets_are_possible_and_different() -> None:
    table = totals_table()
    wanted = ("A/B", "a b", "", "x" * 40, "x" * 40)
    names = opened(workbook([(name, table) for name in wanted])).sheetnames
    assert names == ["A B", "a b (2)", "-", "x" * 31, "x" * 27 + " (2)"]


def test_the_same_input_makes_the_same_file() -> None:
    first, second = (workbook([("x", totals_table())]) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert "2000-01-01T00:00:00Z" in package.read("docProps/core.xml").decode()
