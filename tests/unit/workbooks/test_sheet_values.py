"""Values of Excel sheets told from their rows: exactly what calamine tells, in value and type, or nothing."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from reportctl.core.cellrefs import column_name
from reportctl.workbooks.book import BookError
from reportctl.workbooks.conformity import plain_texts
from reportctl.workbooks.safety import inspect
from reportctl.workbooks.sheet_rows import split_rows
from reportctl.workbooks.sheet_values import read_sheets, special_formats, told_rows, told_texts
from reportctl.workbooks.xlsx import read_book
from tests.making.machine import ROOT
from tests.making.programs import MAIN, PACKAGE, RELATIONS
from tests.making.returned import returned

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


def _told(rows: str, texts: str = "") -> list[list[Any]] | None:
    """The rows without calamine; None where it has to read them."""
    found = split_rows(rows.encode())
    plain = plain_texts(f'<sst xmlns="{MAIN}">{texts}</sst>'.encode())
    special = special_formats(_styles().encode())
    known = None if plain is None else told_texts(plain)
    assert special is not None
    return None if found is None or known is None else told_rows(found, known, special)


def _read(rows: str, texts: str = "") -> list[list[Any]]:
    """The rows as calamine reads them."""
    return read_sheets(_workbook(rows, texts), ["S"])["S"][1]


# Any sheet in the plain form; odd ones hold what calamine has to read

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
def test_what_is_told_is_what_calamine_tells(sheet: tuple[str, str]) -> None:
    told = _told(*sheet)
    assume(told is not None)
    assert repr(told) == repr(_read(*sheet))


SIMPLE = st.one_of(
    st.tuples(
        st.just(""), st.one_of(st.just(""), st.integers(-9, 10**9).map(str), st.floats(0, 1e9).map(repr))
    ),
    st.tuples(st.just(' s="1"'), st.integers(61, 2_958_465).map(str)),
    st.tuples(st.just(' t="s"'), st.integers(0, 2).map(str)),
    st.tuples(st.just(' t="str"'), st.sampled_from(["", "Có", "a &amp; b"])),
    st.tuples(st.just(' t="b"'), st.sampled_from("01")),
    st.tuples(st.just(' t="e"'), st.just("#REF!")),
)


@given(st.lists(st.lists(SIMPLE, max_size=5), max_size=5))
def test_simple_sheets_need_no_calamine(said: list[list[tuple[str, str]]]) -> None:
    texts = (
        "<si><t>Số &amp; chữ</t></si><si><t/></si><si><r><t>Ước</t></r><r><rPr><b/></rPr><t>: 5</t></r></si>"
    )
    rows = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{column_name(column)}{number}"{kind}><v>{value}</v></c>'
            for column, (kind, value) in enumerate(cells, 1)
        )
        + "</row>"
        for number, cells in enumerate(said, 2)
    )
    told = _told(rows, texts)
    assert told is not None
    assert repr(told) == repr(_read(rows, texts))


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
        (_cell(' t="s"><v>0</v>'), '<si><t>a</t><phoneticPr fontId="1"/></si>'),
        (_cell(' t="s"><v>1</v>'), "<si><t>a</t></si>"),
        (_cell(' t="str"><v>_x0041_</v>'), ""),
        (_cell(' t="str"><v/>'), ""),
        (_cell(' t="inlineStr"><is><t> a</t></is>'), ""),
        (_cell(' t="d"><v>2024-03-14</v>'), ""),
        (_cell(' t="b"><v>true</v>'), ""),
        (_cell(' t="e"><v>#GETTING_DATA</v>'), ""),
        (_cell(' t="foo"><v></v>'), ""),
        (_cell(' s="1000000"><v>1</v>'), ""),
        ('<row r="1" ht="1" ht="2"><c r="A1"><v>1</v></c></row>', ""),
    ],
)
def test_what_is_not_certain_is_left_to_calamine(rows: str, texts: str) -> None:
    assert _told(rows, texts) is None


def test_days_have_the_formats_that_show_days() -> None:
    rows = "".join(
        f'<row r="{place + 1}"><c r="A{place + 1}" s="{place}"><v>45366</v></c></row>'
        for place in range(17)
        if place not in (3, 6, 13)
    )
    days = {place for place, row in enumerate(_told(rows) or []) if row == [dt.date(2024, 3, 15)]}
    assert days == {1, 2, 5, 9, 14}


# Whole files


def _sides(data: bytes) -> Iterator[tuple[object, object]]:
    """What the product reads in every sheet, and what calamine does."""
    inspected = inspect(data, "a.xlsx")
    book, _findings = read_book(inspected.data, inspected.parts)
    expected = read_sheets(data, [sheet.name for sheet in book.sheets])
    for sheet in book.sheets:
        yield repr((sheet.visible, sheet.rows)), repr(expected[sheet.name])


@pytest.fixture
def second_readings(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The workbooks that calamine has to read for the product."""
    given: list[bytes] = []

    def read(data: bytes, names: Any) -> Any:
        given.append(data)
        return read_sheets(data, names)

    monkeypatch.setattr("reportctl.workbooks.xlsx.read_sheets", read)
    return given


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
def test_what_programs_save_is_read_once(data: bytes, second_readings: list[bytes]) -> None:
    for read, expected in _sides(data):
        assert read == expected
    assert not second_readings


@pytest.mark.slow
def test_the_sample_is_read_as_calamine_reads_it() -> None:
    paths = sorted(path for path in (ROOT / "sample_data").rglob("*") if path.suffix in (".xlsx", ".xlsm"))
    assert paths
    for path in paths:
        for read, expected in _sides(path.read_bytes()):
            assert read == expected, path


DAY = '<row r="1"><c r="A1" s="1"><v>45000</v></c></row>'


@pytest.mark.parametrize(
    ("around", "properties"),
    [
        (("", ""), '<workbookPr date1904="1"/>'),
        (('<dimension ref="1:4"/>', ""), ""),
        (("", '<mergeCells><mergeCell ref="A0"/></mergeCells>'), ""),
    ],
    ids=["1904", "size", "merged"],
)
def test_what_stands_around_the_cells_may_need_calamine(
    around: tuple[str, str], properties: str, second_readings: list[bytes]
) -> None:
    data = _workbook(DAY, around=around, properties=properties)
    inspected = inspect(data, "a.xlsx")
    try:
        book, _findings = read_book(data, inspected.parts)
        assert book.sheets[0].rows == [[dt.date(2027, 3, 16) if properties else dt.date(2023, 3, 15)]]
    except BookError:
        assert around[1]  # a reader refuses it, and so does the product
    assert second_readings


def test_what_calamine_refuses_is_refused(second_readings: list[bytes]) -> None:
    data = _workbook('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "<si><t>a</t></si>")
    with pytest.raises(BookError):
        read_book(data, inspect(data, "a.xlsx").parts)
    assert second_readings
