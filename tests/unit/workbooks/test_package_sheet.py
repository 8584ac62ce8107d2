"""The XML of a sheet: cells that are missing are made in their place, formats are found, boxes have room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.cellrefs import cell_name, cell_place, column_name
from reportctl.workbooks.package.parts import NotEditableError, parse, serialised
from reportctl.workbooks.package.sheet import SheetXml
from reportctl.workbooks.package.styles import EMPTY, MAIN, CellStyles, colour_of, solid

CELL = f"{{{MAIN}}}c"
PLACES = st.sets(st.tuples(st.integers(1, 6), st.integers(0, 30)), max_size=12)


def _sheet(rows: str, before: str = "") -> SheetXml:
    return SheetXml(
        parse(f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'.encode())
    )


def _references(sheet: SheetXml) -> list[list[str]]:
    return [[cell.get("r", "") for cell in row.iter(CELL)] for row in sheet.data]


@given(present=PLACES, wanted=PLACES)
def test_cells_are_made_in_order_and_values_stay(
    present: set[tuple[int, int]], wanted: set[tuple[int, int]]
) -> None:
    rows = ""
    for number in sorted({row for row, _column in present}):
        columns = sorted(column for row, column in present if row == number)
        cells = "".join(f'<c r="{column_name(c)}{number}"><v>{c}</v></c>' for c in columns)
        rows += f'<row r="{number}" spans="1:31">{cells}</row>'
    sheet = _sheet(rows)
    for row, column in wanted:
        sheet.format(f"{column_name(column)}{row}", 7)
    after = SheetXml(parse(serialised(sheet.root)))
    expected: dict[int, list[int]] = {}
    for row, column in sorted(present | wanted):
        expected.setdefault(row, []).append(column)
    assert _references(after) == [[f"{column_name(c)}{row}" for c in cs] for row, cs in expected.items()]
    for row, column in present:
        found = next(c for c in after.data.iter(CELL) if c.get("r") == f"{column_name(column)}{row}")
        assert found.findtext(f"{{{MAIN}}}v") == str(column)
    assert dict(after.formatted({7})) == {f"{column_name(column)}{row}": 7 for row, column in wanted}


def test_rows_and_cells_that_do_not_say_where_they_are() -> None:
    sheet = _sheet('<row><c/><c/></row><row r="4"><c r="C4"/><c/></row><row><c s="3"/></row>')
    assert sheet.format_of("A5") == 3
    sheet.format("B1", 5)
    sheet.format("D4", 6)
    sheet.format("B4", 7)
    assert [[(c.get("r"), c.get("s")) for c in row] for row in sheet.data] == [
        [(None, None), (None, "5")],
        [("B4", "7"), ("C4", None), (None, "6")],
        [(None, "3")],
    ]


def test_a_cell_that_is_missing_has_the_format_of_its_row_or_column() -> None:
    columns = '<cols><col min="2" max="3" width="10" style="4"/></cols>'
    sheet = _sheet('<row r="1" s="9" customFormat="1"/><row r="2" s="9"/>', columns)
    assert [sheet.format_of(cell) for cell in ("B1", "B2", "C3", "D3")] == [9, 4, 4, 0]


def test_a_box_ends_where_its_pixels_end() -> None:
    """Columns of 10 digits are 70 pixels wide and the hidden one nothing; rows of 15 points are 20 pixels."""
    columns = '<cols><col min="3" max="3" width="10" hidden="1"/><col min="1" max="2" width="10"/></cols>'
    sheet = _sheet(
        '<row r="3" ht="30"/>', f'<sheetFormatPr defaultColWidth="10" defaultRowHeight="15"/>{columns}'
    )
    # 315 pixels from the left of B on: 70 in B, none in C, 70 each in D, E and F, the last 35 in G.
    assert sheet.anchor("A2", 300, 50) == "1, 15, 0, 4, 6, 35, 2, 14"


@pytest.mark.parametrize("cell", ["A1", "Z9", "AA10", "XFD1048576"])
def test_cells_are_taken_apart(cell: str) -> None:
    assert cell_name(*cell_place(cell)) == cell


def test_what_is_no_worksheet_is_refused() -> None:
    for xml in (f'<worksheet xmlns="{MAIN}"/>', "<worksheet><sheetData/></worksheet>", "<x/>"):
        with pytest.raises(NotEditableError):
            SheetXml(parse(xml.encode()))


def test_the_two_fills_that_programs_take_for_granted_stay_free() -> None:
    """Fills 0 and 1 are none and grey dots, whatever the file says (Excel, LibreOffice)."""
    styles = CellStyles(parse(f'<styleSheet xmlns="{MAIN}"><cellXfs><xf/></cellXfs></styleSheet>'.encode()))
    number = styles.with_fill(0, solid("FF123456"))
    assert styles.formats[number].get("fillId") == "2"
    assert colour_of(styles.fill(number)) == "FF123456"
    assert styles.with_fill(0, solid("FF123456")) == number
    assert styles.coloured(frozenset({"FF123456"})) == {number}
    assert [each.tag.rpartition("}")[2] for each in styles.root] == ["fills", "cellXfs"]
    assert CellStyles(parse(EMPTY)).fill_xml(99).count("none") == 1
