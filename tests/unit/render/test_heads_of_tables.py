"""Groups of headings and rows below others in the terminal, Markdown and Excel."""

from __future__ import annotations

import io

import openpyxl
import pytest

from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.render.formats import csv_text, markdown_text
from reportctl.render.sheets import workbook
from reportctl.render.text import table_lines

TABLE = Table(
    "matrix:rooms",
    "Rooms",
    (
        Column("number", "No."),
        Column("label", "Content", width=3),
        Column("total", "Total", CellFormat.COUNT),
        Column("solid", "Solid", CellFormat.COUNT, under=("Public", "Built")),
        Column("half", "Half solid", CellFormat.COUNT, under=("Public", "Built")),
        Column("old", "Old", CellFormat.COUNT, under=("Public",)),
        Column("plan", "Solid", CellFormat.COUNT, under=("Private",)),
    ),
    (
        Row(("1", "Rooms", 1000, 200, 300, 400, 100)),
        Row(("", "Of these:", "", "", "", "", ""), Role.SECTION),
        Row(("1.1", "Libraries", 10, 2, 3, 4, 1), level=1),
        Row(("1.1.1", "Large ones", 10, 2, 3, 4, 1), level=2),
        Row(("", "Total", 1010, 202, 303, 404, 101), Role.TOTAL),
    ),
    repeated=2,
)


def shown(width: int) -> list[str]:
    return ["".join(text for text, _style in line).rstrip() for line in table_lines(TABLE, width)]


def test_a_terminal_rules_what_columns_have_together() -> None:
    assert shown(80)[1:12] == [
        "                              Public                   Private",
        "                              ───────────────────────  ───────",
        "                              Built",
        "                              ───────────────",
        "                                         Half",
        "No.    Content         Total   Solid    solid     Old    Solid",
        "──────────────────────────────────────────────────────────────",
        "1      Rooms           1,000     200      300     400      100",
        "Of these:",
        "1.1      Libraries        10       2        3       4        1",
        "1.1.1      Large ones     10       2        3       4        1",
    ]


@pytest.mark.parametrize("width", [30, 38, 43, 50, 54, 60])
def test_blocks_keep_what_stands_below_one_heading_together_where_it_fits(width: int) -> None:
    lines = shown(width)
    assert all(len(line) <= width for line in lines)
    heads = " ".join(line for line in lines if "Content" in line)
    assert heads.count("Solid") == 2  # no column is left out, not even one whose key is "plan"
    assert "Not shown" not in " ".join(lines)
    public = [line for line in lines if line.strip().startswith("Publ")]
    assert len(public) == 1 or width == 30


def test_markdown_has_headings_on_one_line_and_csv_the_keys() -> None:
    lines = markdown_text(TABLE).splitlines()
    assert lines[2] == (
        "| No. | Content | Total | Public / Built / Solid | Public / Built / Half solid | Public / Old "
        "| Private / Solid |"
    )
    assert lines[6].startswith("| 1.1 | &nbsp;&nbsp;Libraries |")
    assert csv_text(TABLE).splitlines()[0] == "number,label,total,solid,half,old,plan"


def test_excel_merges_headings_repeats_and_freezes_them_and_adds_up_below_them() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([("Rooms", TABLE)])))
    sheet = book["Rooms"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A3:A5", "B3:B5", "C3:C5", "D3:F3", "D4:E4", "F4:F5", "G4:G5"} <= merged
    assert [sheet[cell].value for cell in ("D3", "D4", "D5", "E5", "F4", "G3", "G4")] == [
        "Public", "Built", "Solid", "Half solid", "Old", "Private", "Solid",
    ]  # fmt: skip
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$5", "C6")
    assert [sheet.cell(line, 3).value for line in (6, 8, 9)] == [1000, 10, 10]
    assert [sheet.cell(line, 2).alignment.indent for line in (6, 8, 9)] == [0, 1, 2]
    assert all(sheet.row_dimensions[line].height for line in (3, 4, 5))


def test_what_is_very_wide_is_printed_over_several_pages_with_the_names_on_each() -> None:
    """A page begins before a heading over several columns, not among these; so does what says more of it."""
    many = [Column(f"c{n}", f"Column {n}", CellFormat.COUNT, under=(f"Group {n // 7}",)) for n in range(91)]
    wide = Table("unit:t", "T", (*TABLE.columns[:2], *many), (Row(("1", "A", *range(91))),), repeated=2)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([("T", wide)])))["T"]
    assert sheet.print_title_cols == "$A:$B"
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.scale == 70
    begun = [one.id - 2 for one in sheet.col_breaks.brk]  # columns of figures before each page
    assert len(begun) > 2
    assert all(n % 7 == 0 for n in begun)
    title = next(area for area in sheet.merged_cells.ranges if area.min_row == 1)
    assert title.max_col == begun[0] + 2  # it stands on the first page
    narrow = openpyxl.load_workbook(io.BytesIO(workbook([("T", TABLE)])))["T"]
    assert narrow.print_title_cols is None
    assert (narrow.page_setup.fitToWidth or 1) == 1
