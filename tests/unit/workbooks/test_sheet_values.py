"""Values of Excel workbooks: exactly what calamine reads, in value and type."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum
from xlsxwriter import Workbook

from reportctl.core.cellrefs import column_name
from reportctl.workbooks.book import BookError
from reportctl.workbooks.safety import inspect
from reportctl.workbooks.sheet_rows import split_rows
from reportctl.workbooks.sheet_values import read_date_formats, read_rows, read_shared_strings
from reportctl.workbooks.xlsx import read_book
from tests.making.machine import ROOT
from tests.making.programs import MAIN, PACKAGE, RELATIONS
from tests.making.returned import repacked, returned

# Formats by their places: general, two built-in days, a built-in time that has passed, then the office's own.
BUILT_IN = (0, 14, 22, 46, 10)
CODES = (
    "dd/mm/yyyy",
    "[h]:mm:ss",
    "#,##0.00",
    '"ngày" 0',
    "[$-42A]d mmmm yyyy;@",
    "[Red]0",
    r"0.0\d",
    "_d0",
    "mm:ss",
    "yyyy&quot;năm&quot;",
    "0*d",
    "General",
)


def _styles(codes: Sequence[str] = CODES) -> str:
    own = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for number, code in enumerate(codes, 164)
    )
    numbers = (*BUILT_IN, *range(164, 164 + len(codes)))
    places = "".join(f'<xf numFmtId="{number}"/>' for number in numbers)
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        f"<cellXfs>{places}</cellXfs></styleSheet>"
    )


def _related(*relations: tuple[str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _workbook(
    rows: str, texts: str = "", *, around: tuple[str, str] = ("", ""), properties: str = ""
) -> bytes:
    content = io.BytesIO()
    related = _related(
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("styles", "styles.xml"),
    )
    parts = {
        "[Content_Types].xml": "<Types>spreadsheetml.sheet.main+xml</Types>",
        "_rels/.rels": _related(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{around[0]}'
        f"<sheetData>{rows}</sheetData>{around[1]}</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/styles.xml": _styles(),
    }
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _ours(rows: str, texts: str = "") -> list[list[Any]]:
    """The rows as the product reads them. Raises `LookupError`."""
    found = split_rows(rows.encode())
    assert found is not None
    strings = read_shared_strings(f'<sst xmlns="{MAIN}">{texts}</sst>'.encode())
    return read_rows(found, strings, read_date_formats(_styles().encode()), from_1904=False)


def _theirs(data: bytes, sheets: Sequence[str] = ("S",)) -> dict[str, tuple[bool, list[list[Any]]]]:
    """Whether the sheets are visible, and their rows, as calamine reads them."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        visible = {about.name: about.visible for about in workbook.sheets_metadata}
        return {
            name: (
                visible[name] == SheetVisibleEnum.Visible,
                workbook.get_sheet_by_name(name).to_python(skip_empty_area=False),
            )
            for name in sheets
        }


# Any sheet in the plain form; odd ones hold what few workbooks do

DIGITS = st.text("0123456789", min_size=1, max_size=20)
NUMBERS = st.one_of(
    st.integers(-100, 50_000).map(str),
    st.floats(-1e15, 1e15, allow_nan=False).map(repr),
    st.sampled_from(
        ["-0", "0", "1.", ".5", "-.5", "+7", "007", "1e5", "1E+05", "1e-400", "4.9e-324", "9" * 60]
    ),
    st.builds("{}.{}e{}".format, DIGITS, DIGITS, st.integers(-330, 200)),
)
ODD_DAYS = st.sampled_from(["-1", "0", "0.5", "59", "60", "61.25", "2958466", "45000.000000001"])
LETTERS = st.text(
    st.one_of(
        st.sampled_from(" \t\n\u00a0\u2003&<>\"'_xđẾ\u0301;#"),
        st.characters(exclude_categories=("Cs", "Cc", "Cn")),
    ),
    max_size=12,
)
TEXTS = st.one_of(
    LETTERS.map(str.strip).map(escape),
    st.sampled_from(
        ["", "&amp;lt;", "&quot;&apos;&gt;", "a&#10;b", "&#272;&#x1EAE;", "a\u0085b", "a&#13;b", "&#128;."]
    ),
)
ODD_TEXTS = st.one_of(
    LETTERS.map(escape), st.sampled_from(["_x0041_", "_x000D_", "a\r\nb", "&#13;", "&#10;", " "])
)
FORMULAS = st.sampled_from(
    [
        "",
        "<f>A1&amp;B2</f>",
        '<f t="shared" ref="A1:A9" si="0">1</f>',
        '<f t="shared" si="0"/>',
        "<f/>",
        '<f ca="1">NOW()</f>',
    ]
)
NO_NUMBERS = [
    place for place in range(len(BUILT_IN) + len(CODES) + 2) if place not in (1, 2, 3, 5, 6, 9, 13, 14)
]


def _text(draw: st.DrawFn, odd: bool) -> str:
    said = draw(ODD_TEXTS if odd else st.one_of(TEXTS, LETTERS.map(escape)))
    bare = odd or said == said.strip()
    return f"<t{draw(st.sampled_from(['', PRESERVE])) if bare else PRESERVE}>{said}</t>"


PRESERVE = ' xml:space="preserve"'


def _value(draw: st.DrawFn, odd: bool) -> tuple[str, str, str]:
    """A format, a type, a value."""
    style = st.one_of(st.just(""), st.sampled_from(NO_NUMBERS).map(' s="{}"'.format))
    match draw(st.integers(0, 11 if odd else 7)):
        case 0 | 1:
            return draw(style), draw(st.sampled_from(["", ' t="n"'])), draw(NUMBERS)
        case 2:
            days = draw(st.sampled_from([1, 2, 5, 9, 13, 14]))
            return f' s="{days}"', "", str(draw(st.integers(61, 2_958_465)))
        case 3:
            return draw(style), ' t="s"', str(draw(st.integers(0, 9)))
        case 4:
            return draw(style), ' t="str"', draw(TEXTS)
        case 5:
            return draw(style), ' t="b"', draw(st.sampled_from("01"))
        case 6:
            return draw(style), ' t="e"', draw(st.sampled_from(["#N/A", "#REF!", "#DIV/0!"]))
        case 7:
            return (
                draw(style),
                draw(st.sampled_from(["", *(f' t="{kind}"' for kind in ("n", "str", "b", "e", "s"))])),
                "",
            )
        case 8:
            return f' s="{draw(st.integers(0, 20))}"', "", draw(st.one_of(NUMBERS, ODD_DAYS))
        case 9:
            return draw(style), ' t="str"', draw(ODD_TEXTS)
        case 10:
            return draw(style), ' t="b"', draw(st.sampled_from(["true", "false"]))
    return draw(style), *draw(
        st.sampled_from([(' t="d"', "2024-03-14"), (' t="e"', "#GETTING_DATA"), (' t="s"', "10")])
    )


@st.composite
def _cells(draw: st.DrawFn, odd: bool) -> str:
    """A cell; its reference is to be put in."""
    style, kind, value = _value(draw, odd)
    match draw(st.integers(0, 9 if odd else 8)):
        case 0 | 1:
            return f'<c r="@"{style}/>'
        case 2:
            return f'<c r="@"{style} t="inlineStr"><is>{_text(draw, odd)}</is></c>'
        case 3:
            return f'<c r="@"{style}{draw(st.sampled_from(["", TEXT]))}>{draw(FORMULAS)}</c>'
        case 4:
            return f'<c r="@"{style} t="inlineStr"><is></is></c>'
        case 9:
            return f'<c r="@"{style}{TEXT}>{draw(FORMULAS)}<v/></c>'
    return f'<c r="@"{style}{kind}>{draw(FORMULAS)}<v>{value}</v></c>'


TEXT = ' t="str"'


@st.composite
def _sheets(draw: st.DrawFn) -> tuple[str, str]:
    """Rows in order, with gaps, and so their cells; ten shared strings, some in runs."""
    odd = draw(st.integers(0, 3)) == 0
    rows = []
    for number in sorted(draw(st.sets(st.integers(1, 12), max_size=6))):
        columns = sorted(draw(st.sets(st.integers(0, 30), max_size=6)))
        cells = (draw(_cells(odd)).replace("@", f"{column_name(column)}{number}") for column in columns)
        said = draw(st.sampled_from(["", ' spans="1:9" ht="15"', ' hidden="1"', ' x14ac:dyDescent="0.25"']))
        rows.append(f'<row r="{number}"{said}>{"".join(cells)}</row>' if columns else f'<row r="{number}"/>')
    texts = []
    for _number in range(10):
        runs = [_text(draw, odd) for _run in range(draw(st.integers(1, 2)))]
        looks = draw(st.sampled_from(["", '<rPr><b/><sz val="12"/><color theme="1" tint="-0.5"/></rPr>']))
        texts.append(runs[0] if len(runs) == 1 else "".join(f"<r>{looks}{run}</r>" for run in runs))
    return "".join(rows), "".join(f"<si>{text}</si>" for text in texts)


@given(_sheets())
def test_what_is_read_is_what_calamine_reads(sheet: tuple[str, str]) -> None:
    try:
        expected = _theirs(_workbook(*sheet))["S"][1]
    except CalamineError as error:
        if "GETTING_DATA" in str(error):  # which is an error like others
            return
        with pytest.raises(LookupError):
            _ours(*sheet)
        return
    except BaseException as error:
        if type(error).__name__ not in ("PanicException", "OverflowError"):
            raise
        _ours(*sheet)  # calamine fails at a duration beyond any date
        return
    assert repr(_ours(*sheet)) == repr(expected)


# One thing after the other


def _cell(said: str) -> str:
    return f'<row r="1"><c r="A1"{said}</c></row>'


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (_cell(' s="1"><v>45000.5</v>'), ""),  # a day and a time
        (_cell(' s="1"><v>60</v>'), ""),  # a day that never was
        (_cell(' s="1"><v>2958466</v>'), ""),  # beyond the last one
        (_cell(' s="3"><v>1.5</v>'), ""),  # a time that has passed
        (_cell(' t="s"><v>0</v>'), "<si><t>a_x000D_b</t></si>"),
        (_cell(' t="s"><v>0</v>'), "<si><t>a\r\nb</t></si>"),
        (_cell(' t="s"><v>0</v>'), "<si><t> a</t></si>"),
        (_cell(' t="s"><v>0</v>'), "<si><t>a&#10;</t></si>"),
        (_cell(' t="s"><v>0</v>'), "<si><t>\N{NO-BREAK SPACE}a\N{EM SPACE}</t></si>"),
        (_cell(' t="inlineStr"><is><t>\N{NO-BREAK SPACE}</t></is>'), ""),
        (_cell(' t="inlineStr"><is><t>\N{IDEOGRAPHIC SPACE}\N{NEXT LINE}a</t></is>'), ""),
        (_cell(' t="s"><v>0</v>'), '<si><t>a</t><phoneticPr fontId="1"/></si>'),
        (_cell(' t="str"><v>_x0041_</v>'), ""),
        (_cell(' t="str"><v/>'), ""),
        (_cell(' t="inlineStr"><is><t> a</t></is>'), ""),
        (_cell(' t="d"><v>2024-03-14</v>'), ""),
        (_cell(' t="b"><v>true</v>'), ""),
        (_cell(' s="1000000"><v>1</v>'), ""),
        ('<row r="1" ht="1" ht="2"><c r="A1"><v>1</v></c></row>', ""),
    ],
)
def test_what_is_rare_is_read_as_calamine_reads_it(rows: str, texts: str) -> None:
    assert repr(_ours(rows, texts)) == repr(_theirs(_workbook(rows, texts))["S"][1])


@pytest.mark.parametrize("number", ["1e9", "1e10", "1e15", "1e200"])
def test_a_time_that_no_date_has_is_the_number(number: str) -> None:
    assert _ours(_cell(f' s="3"><v>{number}</v>')) == [[float(number)]]


def test_days_have_the_formats_that_show_days() -> None:
    rows = "".join(
        f'<row r="{place + 1}"><c r="A{place + 1}" s="{place}"><v>45366</v></c></row>' for place in range(17)
    )
    read = [row[0] for row in _ours(rows)]
    days = {place for place, value in enumerate(read) if value == dt.date(2024, 3, 15)}
    assert days == {1, 2, 5, 9, 13, 14}
    assert {place for place, value in enumerate(read) if value == dt.timedelta(45366)} == {3, 6}


# Whole files


def _sides(data: bytes) -> Iterator[tuple[object, object]]:
    """What the product reads in every sheet, and what calamine does."""
    book, _findings = read_book(inspect(data, "a.xlsx").parts)
    expected = _theirs(data, [sheet.name for sheet in book.sheets])
    for sheet in book.sheets:
        yield repr((sheet.visible, sheet.rows)), repr(expected[sheet.name])


def _xlsxwriter() -> bytes:
    content = io.BytesIO()
    with Workbook(content, {"default_date_format": "dd/mm/yyyy"}) as book:
        bold = book.add_format({"bold": True})
        first, second = book.add_worksheet("Một"), book.add_worksheet("Hai")
        first.write_row(3, 2, [1, 2.5, "chữ", True, " a ", dt.date(2024, 3, 14)])
        first.write_rich_string(5, 0, bold, "Ghi chú", ": không bắt buộc")
        first.write_formula(6, 0, "=1/0", None, "#DIV/0!")
        first.write_formula(6, 1, '=IF(A1,"","")', None, "")
        first.set_row(9, 30, bold)
        first.merge_range("A12:C13", "x & y")
        second.hide()
    return content.getvalue()


def _openpyxl() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet["C3"], sheet["C4"], sheet["D4"], sheet["A9"] = "Đã có", 12, dt.date(2024, 3, 14), "=C4*2"
    book.save(content)
    return content.getvalue()


SAVED = {
    "XlsxWriter": _xlsxwriter(),
    "openpyxl": _openpyxl(),
    "returned": returned(),
    "sample": next((ROOT / "sample_data/inbox").rglob("*.xlsx")).read_bytes(),
}


@pytest.mark.parametrize("data", SAVED.values(), ids=SAVED)
def test_what_programs_save_is_read_as_calamine_reads_it(data: bytes) -> None:
    for read, expected in _sides(data):
        assert read == expected


@pytest.mark.slow
def test_the_sample_is_read_as_calamine_reads_it() -> None:
    paths = sorted(path for path in (ROOT / "sample_data").rglob("*") if path.suffix in (".xlsx", ".xlsm"))
    assert paths
    for path in paths:
        for read, expected in _sides(path.read_bytes()):
            assert read == expected, path


def _day(number: str = "45000", *, size: str = "", merged: str = "", properties: str = "") -> object:
    """What the product reads in a cell that shows days, other things standing round it."""
    row = f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>'
    data = _workbook(row, around=(size, merged), properties=properties)
    return read_book(inspect(data, "a.xlsx").parts)[0].sheets[0].at(0, 0)


@pytest.mark.parametrize("code", ["14", "dd/mm/yyyy", "[h]:mm"])
def test_cells_without_a_format_have_the_first_one(code: str) -> None:
    """18.3.1.4; some readers see numbers in them."""
    own = f'<numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
    first = f'<cellXfs><xf numFmtId="{code if code.isdecimal() else 164}"/></cellXfs>'
    styles = f'<styleSheet xmlns="{MAIN}">{own}{first}</styleSheet>'.encode()
    data = repacked(_workbook(_cell("><v>1</v>")), lambda name, old: styles if "styles" in name else old)
    value = read_book(inspect(data, "a.xlsx").parts)[0].sheets[0].at(0, 0)
    assert value == (dt.timedelta(1) if code == "[h]:mm" else dt.date(1900, 1, 1))


def test_days_may_be_counted_from_1904() -> None:
    assert _day(properties='<workbookPr date1904="1"/>') == dt.date(2027, 3, 16)
    assert _day("0.5", properties='<workbookPr date1904="true"/>') == dt.time(12)
    assert _day(properties='<workbookPr date1904="0"/>') == dt.date(2023, 3, 15)


def test_the_size_that_a_sheet_says_does_not_count() -> None:
    assert _day(size='<dimension ref="1:4"/>') == dt.date(2023, 3, 15)


@pytest.mark.parametrize("reference", ["A0", "$A$1:B2", "", "A1:B2:C3"])
def test_merged_cells_that_are_none_are_refused(reference: str) -> None:
    with pytest.raises(BookError):
        _day(merged=f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>')


def test_a_state_that_no_sheet_has_is_refused() -> None:
    data = _workbook(_cell("><v>1</v>"))
    for state, visible in (("visible", True), ("hidden", False), ("veryHidden", False)):
        assert read_book(inspect(_in_state(data, state), "a.xlsx").parts)[0].sheets[0].visible == visible
    with pytest.raises(BookError):
        read_book(inspect(_in_state(data, "seen"), "a.xlsx").parts)


def _in_state(data: bytes, state: str) -> bytes:
    return repacked(data, lambda _name, part: part.replace(b"sheetId=", f'state="{state}" sheetId='.encode()))


@pytest.mark.parametrize("cell", [' t="s"><v>7</v>', ' t="foo"><v></v>'])
def test_a_value_that_is_none_is_refused(cell: str) -> None:
    data = _workbook(_cell(cell), "<si><t>a</t></si>")
    with pytest.raises(BookError):
        read_book(inspect(data, "a.xlsx").parts)
