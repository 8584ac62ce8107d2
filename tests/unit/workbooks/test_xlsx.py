"""Excel workbooks: what calamine does not tell, and files that programs other than Excel put together."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from reportctl.workbooks.book import Area, Book, BookError, CellExtra
from reportctl.workbooks.safety import inspect
from reportctl.workbooks.sheet_xml import SheetScan, scan
from reportctl.workbooks.xlsx import read_book
from tests.making.returned import repacked, returned, sent_out

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _book(data: bytes) -> Book:
    book, _said = read_book(inspect(data, "a.xlsx").parts)
    return book


def _sheet(rows: str, prefix: str = "") -> bytes:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    data = f"<{prefix}sheetData>{rows}</{prefix}sheetData>"
    return f'<{prefix}worksheet {declared}="{MAIN}">{data}</{prefix}worksheet>'.encode()


ROWS = (
    '<row r="2"><c r="B2" s="1"><v>5</v></c><c r="C2" s="3" t="e"><v>#REF!</v></c><c r="D2" s="1"/></row>'
    '<row r="3"><c r="A3" t="str"><f>IF(1,"","")</f><v></v></c><c r="B3"><f>1+1</f></c>'
    '<c r="C3"><f t="shared" ref="C3:C9" si="0">A1&lt;2</f><v>1</v></c>'
    '<c r="D3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    '<row r="20000"><c r="A20000" s="1"/></row>'
)
EXTRAS = {
    (1, 2): CellExtra("#REF!"),
    (2, 0): CellExtra(formula=True, calculated=True),
    (2, 1): CellExtra(formula=True, calculated=False),
    (2, 2): CellExtra(formula=True),
    (2, 3): CellExtra("#DIV/0!", formula=True),
}


def test_a_scan_tells_errors_formulas_and_how_far_the_sheet_is_filled() -> None:
    scanned = scan(_sheet(ROWS))
    assert scanned.extras == EXTRAS
    assert (scanned.rows, scanned.columns, scanned.blank_rows) == (3, 4, 19_997)


def test_a_prefix_and_spaces_between_the_elements_make_no_difference() -> None:
    prefixed = ROWS.replace("<", "<x:").replace("<x:/", "</x:")
    assert scan(_sheet(prefixed, "x:")).extras == EXTRAS
    assert scan(_sheet(ROWS.replace("><f", ">\n  <f").replace("><v", ">\n  <v"))).extras == EXTRAS


def test_cells_without_references_are_counted() -> None:
    rows = (
        "<row/><row><c/><c><v>5</v></c><c t='e' s='1'><v>#REF!</v></c></row>"
        '<row r="3"><c t="str"><f>1</f><v></v></c><c><f>1+1</f></c><c s="1" r="C3"><f>1</f><v>1</v></c>'
        '<c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    assert scan(_sheet(rows)).extras == EXTRAS


def test_what_stands_outside_cells_is_no_formula() -> None:
    xml = _sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><family val="2"/></rPr><t>a</t></r></is></c></row>'
    )
    xml = xml.replace(
        b"</worksheet>",
        b"<conditionalFormatting><cfRule><formula>A1</formula></cfRule></conditionalFormatting>"
        b"<extLst xmlns:xm='m'><xm:f>A1</xm:f></extLst></worksheet>",
    )
    assert scan(xml).extras == {}


def test_an_empty_sheet() -> None:
    assert scan(_sheet("")) == SheetScan()


@pytest.mark.slow
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 30), st.integers(0, 60)),
        st.sampled_from(["=1+1", "=A1", "#N/A", "a=b", 5, "", "<f>", 't="e"']),
        max_size=30,
    )
)
def test_extras_are_what_an_independent_reader_finds(cells: dict[tuple[int, int], str | int]) -> None:
    written = openpyxl.Workbook()
    for (row, column), value in cells.items():
        written.active.cell(row + 1, column + 1).value = value
    content = io.BytesIO()
    written.save(content)
    ours = _book(content.getvalue()).sheets[0].extras
    theirs = openpyxl.load_workbook(io.BytesIO(content.getvalue())).active
    expected = {
        (cell.row - 1, cell.column - 1): cell.data_type
        for row in theirs.iter_rows()
        for cell in row
        if cell.data_type in "ef"
    }
    assert {place: "f" if extra.formula else "e" for place, extra in ours.items()} == expected


def test_values_stand_where_they_stand() -> None:
    content = io.BytesIO()
    with Workbook(content) as written:
        sheet = written.add_worksheet("Trang 'một' 1")
        sheet.write(3, 2, 7)
        sheet.write(4, 1, "a")
        written.add_worksheet("Ẩn").hide()
        written.define_name("một_ô", "='Trang ''một'' 1'!$C$4")
        written.define_name("Vùng", "='Trang ''một'' 1'!$B$4:$C$5")
        written.define_name("'Ẩn'!cục_bộ", "='Ẩn'!$A$1")
        written.define_name("hằng", "=5")
    book = _book(content.getvalue())
    sheet, hidden = book.sheets
    assert (sheet.name, sheet.visible, hidden.visible) == ("Trang 'một' 1", True, False)
    assert [sheet.at(*place) for place in ((3, 2), (4, 1), (0, 0), (99, 0), (0, 99))] == [
        7.0,
        "a",
        "",
        "",
        "",
    ]
    assert book.names == {
        "một_ô": Area("Trang 'một' 1", 3, 2, 3, 2),
        "vùng": Area("Trang 'một' 1", 3, 1, 4, 2),
    }


def test_when_it_was_saved() -> None:
    for said, modified in (("2024-03-20T08:30:00Z", dt.datetime(2024, 3, 20, 8, 30)), ("hôm qua", None)):
        inside = f'<dcterms:modified xsi:type="t">{said}</dcterms:modified>'
        core = f'<core xmlns:dcterms="d" xmlns:xsi="i">{inside}</core>'
        data = repacked(
            sent_out(), lambda name, old, core=core: core.encode() if name == "docProps/core.xml" else old
        )
        assert _book(data).modified == modified


def test_a_missing_document_date_is_none() -> None:
    data = repacked(sent_out(), lambda name, old: None if name == "docProps/core.xml" else old)
    assert _book(data).modified is None


# Packages put together otherwise


def _renamed(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(returned())) as old, zipfile.ZipFile(content, "w") as new:
        for part in old.namelist():
            text = old.read(part).replace(b"xl/workbook.xml", name.encode())
            new.writestr(part.replace("workbook.xml", name[3:]), text)
    return content.getvalue()


def test_letters_in_the_names_of_parts_may_be_large_or_small() -> None:
    assert [sheet.name for sheet in _book(_renamed("xl/Workbook.xml")).sheets][:2] == ["Hướng dẫn", "Số liệu"]


def _values(book: Book) -> list[object]:
    return [(sheet.name, sheet.visible, sheet.rows, sheet.extras) for sheet in book.sheets]


WORKBOOK = "xl/_rels/workbook.xml.rels"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("_rels/.rels", b'Target="xl/', b'Target="/xl/'),
        (WORKBOOK, b'Target="/xl/', b'Target="'),
        (WORKBOOK, b'Target="/xl/', b'Target="./'),
        (WORKBOOK, b'Target="/xl/', b'Target="../xl/'),
        ("xl/worksheets/sheet2.xml", b'<dimension ref="A1:', b'<dimension ref="1:'),
        ("xl/worksheets/sheet2.xml", b'<dimension ref="A1:', b'<dimension ref="B5:'),
    ],
)
def test_targets_and_dimensions_as_other_programs_write_them(part: str, old: bytes, new: bytes) -> None:
    def change(name: str, content: bytes) -> bytes:
        assert name != part or old in content
        return content.replace(old, new) if name == part else content

    plain = returned()
    data = repacked(plain, change)
    assert data != plain
    assert _values(_book(data)) == _values(_book(plain))
    assert _book(data).names == _book(plain).names


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("styles.xml", "look.xml"),
        ("sharedStrings.xml", "text/strings.xml"),
        ("worksheets/sheet2.xml", "sheets/figures.xml"),
    ],
)
def test_parts_under_other_names(old: str, new: str) -> None:
    plain = sent_out() if "Strings" in old else returned()  # the latter has dates, but no shared strings
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as given, zipfile.ZipFile(content, "w") as renamed:
        assert f"xl/{old}" in given.namelist()
        for part in given.namelist():
            text = given.read(part)
            for folder in ("", "/xl/"):
                text = text.replace(f'"{folder}{old}"'.encode(), f'"{folder}{new}"'.encode())
            renamed.writestr(new.join(part.rsplit(old, 1)) if part == f"xl/{old}" else part, text)
    assert _values(_book(content.getvalue())) == _values(_book(plain))


def test_the_workbook_part_under_another_name() -> None:
    assert _values(_book(_renamed("xl/book.xml"))) == _values(_book(returned()))


def test_a_package_without_its_parts_is_damaged() -> None:
    for part in ("xl/workbook.xml", "_rels/.rels", WORKBOOK):
        data = repacked(returned(), lambda name, old, part=part: None if name == part else old)
        with pytest.raises(BookError) as refusal:
            _book(data)
        assert refusal.value.finding.code == "truncated"
