"""Values, names and a hidden sheet in somebody's workbook: formats, formulas and all other parts stay."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook as OpenedWorkbook
from xlsxwriter import Workbook

from reportctl.workbooks.book import Area, Book, CellValue
from reportctl.workbooks.package.fill import add_hidden_sheet, add_names, fill, fill_cells
from reportctl.workbooks.package.parts import NotEditableError, Package
from reportctl.workbooks.parts import TEXT_LIMIT
from reportctl.workbooks.safety import inspect
from reportctl.workbooks.xlsx import read_book

S = "Số liệu"


def _workbook(write: Callable[[Workbook], None] | None = None, *, from_1904: bool = False) -> bytes:
    """A workbook with the sheets “Số liệu” and “Khác”: input cells in D of rows 2 to 5, their total in D6."""
    content = io.BytesIO()
    file = Workbook(content, {"in_memory": True, "date_1904": from_1904})
    sheet = file.add_worksheet(S)
    yellow = file.add_format({"bg_color": "#FFFF00", "num_format": "#,##0"})
    for row in range(1, 5):
        sheet.write_string(row, 0, f"chỉ tiêu {row}")
        sheet.write_blank(row, 3, None, yellow)
    sheet.write_formula("D6", "=SUM(D2:D5)", None, 999)
    sheet.write_blank("E2", None, file.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_blank("E3", None, file.add_format({"num_format": "@"}))
    sheet.merge_range("G2:H4", "", yellow)
    sheet.set_column("K:K", 12, file.add_format({"italic": True}))
    other = file.add_worksheet("Khác")
    other.write_string(0, 0, "lời")
    other.insert_textbox(3, 3, "ghi chú")
    if write:
        write(file)
    file.close()
    return content.getvalue()


def _read(data: bytes) -> Book:
    book, findings = read_book(inspect(data, "a.xlsx").parts)
    assert not findings
    return book


def _opened(data: bytes) -> OpenedWorkbook:
    return load_workbook(io.BytesIO(data))


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _put(data: bytes, part: str, old: str, new: str) -> bytes:
    """The package with a piece of one part replaced."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, said in _parts(data).items():
            if name == part:
                assert old.encode() in said
                said = said.replace(old.encode(), new.encode())
            archive.writestr(name, said)
    return content.getvalue()


def _with_formula(cell: str, formula: str) -> bytes:
    """The workbook with a formula as XML in an input cell."""
    data = _workbook()
    found = re.search(rf'(<c r="{cell}" s="[0-9]+")/>', _parts(data)["xl/worksheets/sheet1.xml"].decode())
    assert found
    return _put(data, "xl/worksheets/sheet1.xml", found[0], f"{found[1]}>{formula}</c>")


def test_values_stand_in_their_cells_with_the_formats_that_were_there() -> None:
    before = _workbook()
    after = fill(before, {(S, 1, 3): 12, (S, 2, 3): 0.1, (S, 3, 3): "=1+1", (S, 4, 3): True})
    sheet = _opened(after)[S]
    assert [sheet.cell(row, 4).value for row in range(2, 6)] == [12, 0.1, "=1+1", True]
    assert sheet["D4"].data_type == "s"
    assert {sheet.cell(row, 4).fill.fgColor.rgb for row in range(2, 6)} == {"FFFFFF00"}
    assert _read(after).sheets[0].at(3, 3) == "=1+1"


def test_every_other_part_is_as_it_came() -> None:
    before = _workbook()
    after = fill(before, {(S, 1, 3): 12})
    changed = {name for name, said in _parts(before).items() if _parts(after)[name] != said}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert list(_parts(before)) == list(_parts(after))


def test_nothing_to_fill_changes_nothing() -> None:
    before = _workbook()
    assert _parts(fill(before, {})) == _parts(before)


def test_kept_values_of_formulas_go_and_programs_are_told_to_calculate() -> None:
    after = fill(_workbook(), {(S, 1, 3): 12})
    sheet = _parts(after)["xl/worksheets/sheet1.xml"].decode()
    assert "SUM(D2:D5)" in sheet
    assert "999" not in sheet
    assert re.search(r'<calcPr [^>]*fullCalcOnLoad="1"', _parts(after)["xl/workbook.xml"].decode())
    assert _read(after).sheets[0].extras[5, 3].formula


def test_kept_values_go_on_sheets_without_a_value_too() -> None:
    def write(file: Workbook) -> None:
        other = file.get_worksheet_by_name("Khác")
        assert other
        other.write_formula("B2", f"='{S}'!D6*2", None, 1998)
        other.write_array_formula("C2:C4", "{=A1:A3}", None, 77)
        other.write_number("C3", 78)

    sheet = _parts(fill(_workbook(write), {(S, 1, 3): 12}))["xl/worksheets/sheet2.xml"].decode()
    # The shared string in A1 stays; C3 is filled by the array formula.
    assert re.findall(r"<v>([^<]*)</v>", sheet) == ["4"]


@pytest.mark.parametrize(
    "formula",
    ["<f>1+1</f>", '<f t="shared" ref="D2:D3" si="0">A1</f>', '<f t="array" ref="D2:D5">A1:A4</f>'],
)
def test_a_cell_with_a_formula_is_not_written_over(formula: str) -> None:
    before = _with_formula("D2", formula)
    with pytest.raises(NotEditableError):
        fill(before, {(S, 1, 3): 5})
    covered = (S, 4, 3)
    if "array" in formula:
        with pytest.raises(NotEditableError):
            fill(before, {covered: 5})
    else:
        assert _read(fill(before, {covered: 5})).sheets[0].at(4, 3) == 5


def test_a_cell_with_the_copy_of_a_shared_formula_is_not_written_over() -> None:
    before = _with_formula("D3", '<f t="shared" si="0"/>')
    with pytest.raises(NotEditableError):
        fill(before, {(S, 2, 3): 5})


def test_a_covered_cell_stands_for_the_first_of_its_area() -> None:
    sheet = _opened(fill(_workbook(), {(S, 3, 7): 8}))[S]
    assert sheet["G2"].value == 8


def test_cells_and_rows_that_are_not_there_are_made_where_they_belong() -> None:
    after = fill(_workbook(), {(S, 40, 10): 1, (S, 1, 10): 2, (S, 20, 0): "x", (S, 20, 3): 4})
    sheet = _opened(after)[S]
    assert (sheet["K41"].value, sheet["K2"].value, sheet["A21"].value, sheet["D21"].value) == (1, 2, "x", 4)
    assert sheet["K41"].font.italic  # as the column has it
    assert _read(after).sheets[0].at(40, 10) == 1
    assert sheet.calculate_dimension() == "A2:K41"


def test_rows_and_cells_without_their_numbers_keep_their_places() -> None:
    data = _workbook()
    rows = (
        '<row><c t="inlineStr"><is><t>a</t></is></c></row><row/>'
        "<row><c><v>1</v></c><c/><c/><c><v>2</v></c></row>"
    )
    part = "xl/worksheets/sheet1.xml"
    sheet = re.sub(
        r"<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>", _parts(data)[part].decode()
    )
    before = _put(data, part, _parts(data)[part].decode(), sheet)
    after = _read(fill(before, {(S, 2, 5): 3, (S, 1, 0): 9, (S, 5, 0): 7})).sheets[0]
    assert [after.at(2, column) for column in (0, 3, 5)] == [1, 2, 3]
    assert (after.at(0, 0), after.at(1, 0), after.at(5, 0)) == ("a", 9, 7)


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_are_numbers_where_the_format_shows_them_else_texts(from_1904: bool) -> None:
    day = dt.date(2024, 4, 5)
    before = _workbook(from_1904=from_1904)
    after = fill(before, {(S, 1, 4): day, (S, 2, 4): day, (S, 3, 3): dt.datetime(2024, 4, 5, 6, 30)})
    read = _read(after).sheets[0]
    assert (read.at(1, 4), read.at(2, 4), read.at(3, 3)) == (day, "05/04/2024", "05/04/2024 06:30")
    assert _opened(after)[S]["E2"].value == dt.datetime(2024, 4, 5)


@example(day=dt.date(1900, 1, 1))
@example(day=dt.date(1900, 2, 28))
@example(day=dt.date(1900, 3, 1))
@given(day=st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)))
def test_every_day_comes_back(day: dt.date) -> None:
    assert _read(fill(_FILLED, {(S, 1, 4): day})).sheets[0].at(1, 4) == day


_FILLED = _workbook()


@given(
    value=st.one_of(
        st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False), st.text()
    )
)
def test_every_value_comes_back(value: CellValue) -> None:
    if isinstance(value, str):
        kept = "".join(
            sign for sign in value if sign in "\t\n" or 0x20 <= ord(sign) < 0xFFFE or ord(sign) > 0xFFFF
        )
        expected = "".join(sign for sign in kept if not 0xD800 <= ord(sign) < 0xE000)
        value = value.replace("\r", "")
        expected = expected.replace("\r", "")
        assert _read(fill(_FILLED, {(S, 1, 3): value})).sheets[0].at(1, 3) == expected
    else:
        assert _read(fill(_FILLED, {(S, 1, 3): value})).sheets[0].at(1, 3) == value


def test_none_empties_a_cell_and_leaves_its_format() -> None:
    filled = fill(_workbook(), {(S, 1, 3): 12, (S, 2, 3): "lời"})
    sheet = _opened(fill(filled, {(S, 1, 3): None, (S, 2, 3): None, (S, 90, 3): None}))[S]
    assert (sheet["D2"].value, sheet["D3"].value) == (None, None)
    assert sheet["D2"].fill.fgColor.rgb == "FFFFFF00"
    assert sheet.max_row == 6


@pytest.mark.parametrize(
    "values",
    [
        {("Không có", 1, 1): 1},
        {(S, 1, 3): float("nan")},
        {(S, 1, 3): float("inf")},
        {(S, 1, 3): "a" * (TEXT_LIMIT + 1)},
        {(S, 1, 3): "😀" * (TEXT_LIMIT // 2 + 1)},
        {(S, 5, 3): 1},
    ],
)
def test_what_no_cell_can_hold_is_refused(values: dict[tuple[str, int, int], CellValue]) -> None:
    with pytest.raises(NotEditableError):
        fill(_workbook(), values)


def test_what_is_no_workbook_of_this_kind_is_refused() -> None:
    strict = _put(
        _workbook(),
        "xl/workbook.xml",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    for data in (b"", b"PK\x03\x04", strict):
        with pytest.raises(NotEditableError):
            fill(data, {(S, 1, 3): 1})


def test_names_are_added_once_and_those_of_others_stay() -> None:
    def write(file: Workbook) -> None:
        file.define_name("Tong", f"='{S}'!$D$6")
        file.define_name(f"'{S}'!local", f"='{S}'!$A$1")

    package = Package(_workbook(write))
    names: dict[str, tuple[str, int, int] | Area] = {
        "press_total": (S, 1, 3),
        "events": Area(S, 2, 0, 9, 4),
        "local": ("Khác", 0, 0),
    }
    assert add_names(package, names) == frozenset()
    assert add_names(package, names) == frozenset()
    assert add_names(package, {"TONG": (S, 1, 1), "press_total": (S, 1, 3)}) == {"TONG"}
    book = _read(package.write())
    assert book.names["press_total"] == Area(S, 1, 3, 1, 3)
    assert book.names["events"] == Area(S, 2, 0, 9, 4)
    assert book.names["local"] == Area("Khác", 0, 0, 0, 0)
    assert book.names["tong"] == Area(S, 5, 3, 5, 3)
    opened = _opened(package.write())
    assert opened.defined_names["press_total"].attr_text == f"'{S}'!$D$2"
    assert len(opened.defined_names) == 4


def test_names_stand_before_how_the_workbook_is_calculated() -> None:
    package = Package(_workbook())
    add_names(package, {"press_total": (S, 1, 3)})
    assert re.search(rb"</sheets><definedNames>.*</definedNames><calcPr", package["xl/workbook.xml"])


def test_a_hidden_sheet_is_added_last_and_replaced() -> None:
    package = Package(_workbook())
    add_hidden_sheet(package, "_reportctl", [("form", "quy"), ("unit", "01", None, 3)])
    add_hidden_sheet(package, "_reportctl", [("form", "quy"), (), (None, "001"), (2.5, True)])
    opened = _opened(package.write())
    assert opened.sheetnames == [S, "Khác", "_reportctl"]
    assert opened["_reportctl"].sheet_state == "veryHidden"
    assert [[cell.value for cell in row] for row in opened["_reportctl"].iter_rows()] == [
        ["form", "quy"],
        [None, None],
        [None, "001"],
        [2.5, True],
    ]
    book = _read(package.write())
    assert [sheet.visible for sheet in book.sheets] == [True, True, False]


def test_values_names_and_a_sheet_go_into_one_package() -> None:
    package = Package(_workbook())
    add_hidden_sheet(package, "_reportctl", [("form", "quy")])
    add_names(package, {"press_total": (S, 1, 3)})
    fill_cells(package, {(S, 1, 3): 5, ("_reportctl", 1, 0): "unit", ("_reportctl", 1, 1): "01"})
    book = _read(package.write())
    assert book.sheets[2].rows == [["form", "quy"], ["unit", "01"]]
    assert book.sheets[0].at(1, 3) == 5
