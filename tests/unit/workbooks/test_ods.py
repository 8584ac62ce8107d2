"""OpenDocument spreadsheets: what LibreOffice 7.4 saved, and what others may write."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reportctl.workbooks import book
from reportctl.workbooks.book import Area, Book, BookError, CellExtra, Sheet
from reportctl.workbooks.ods import read_book
from reportctl.workbooks.safety import inspect
from tests.making.machine import FIXTURES
from tests.making.returned import repacked, say
from tests.making.saved import DOUBTFUL, NAMES, TYPED

FILLED = (FIXTURES / "libreoffice-filled.ods").read_bytes()
EXTRAS = (FIXTURES / "libreoffice-doubts.ods").read_bytes()
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def _read(data: bytes) -> Book:
    inspected = inspect(data, "a.ods")
    assert (inspected.file_type, inspected.findings) == ("ods", ())
    return read_book(inspected.parts)


def _content(tables: str, styles: str = "") -> str:
    spaces = "".join(
        f' xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "table", "text", "style", "drawing")
    )
    return (
        f'<office:document-content{spaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:'
        f'xmlns:calcext:1.0"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def _ods(content: str, **parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", TYPE)
        for name, part in {"content.xml": content, **parts}.items():
            archive.writestr(name, part)
    return target.getvalue()


def _table(*rows: str) -> str:
    return f'<table:table table:name="T">{"".join(rows)}</table:table>'


def _sheet(*rows: str) -> Sheet:
    return _read(_ods(_content(_table(*rows)))).sheets[0]


def _row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def _cell(inside: str = "", attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{inside}</table:table-cell>"


def _text(inside: str) -> str:
    return _cell(inside, 'office:value-type="string"')


def _refused(content: str) -> str:
    with pytest.raises(BookError) as refusal:
        read_book({"content.xml": content.encode()})
    say([refusal.value.finding])
    return refusal.value.finding.code


# What LibreOffice saves


def test_values_formulas_errors_and_names() -> None:
    read = _read(EXTRAS)
    sheet, hidden = read.sheets
    # LibreOffice stores truth as the number 1 in this format, and drops the tab.
    assert sheet.rows == [[_without_tab(value) for value in row] for row in TYPED]
    assert sheet.extras == DOUBTFUL
    assert [(one.name, one.visible) for one in read.sheets] == [("Số liệu", True), ("Ẩn", False)]
    assert hidden.rows == [["ẩn"]]
    assert read.names == NAMES


def _without_tab(value: object) -> object:
    return value.replace("\t", "") if isinstance(value, str) else value


def test_values_are_those_of_an_independent_reader() -> None:
    ours = _read(FILLED)
    with CalamineWorkbook.from_filelike(io.BytesIO(FILLED)) as theirs:
        assert [sheet.name for sheet in ours.sheets] == theirs.sheet_names
        for sheet in ours.sheets:
            for number, row in enumerate(
                theirs.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            ):
                for column, value in enumerate(row):
                    assert sheet.at(number, column) == value, (sheet.name, number, column)


def test_places_of_formulas_and_names_worked_out_by_hand() -> None:
    """The same from the XML by plain counting, sheet by sheet."""
    ours = _read(FILLED)
    with zipfile.ZipFile(io.BytesIO(FILLED)) as archive:
        root = ET.fromstring(archive.read("content.xml"))
    table = "{" + OASIS + ":table:1.0}"
    for sheet, element in zip(ours.sheets, root.iter(f"{table}table"), strict=True):
        formulas, row = set(), 0
        for line in element.iter(f"{table}table-row"):
            column = 0
            for cell in line:
                if cell.get(f"{table}formula"):
                    formulas.add((row, column))
                column += int(cell.get(f"{table}number-columns-repeated", "1"))
            row += int(line.get(f"{table}number-rows-repeated", "1"))
        assert {place for place, extra in sheet.extras.items() if extra.formula} == formulas
    spreadsheet = next(root.iter("{" + OASIS + ":office:1.0}spreadsheet"))
    named = {
        one.get(f"{table}name"): one.get(f"{table}cell-range-address")
        for one in spreadsheet.iterfind(f"{table}named-expressions/*")
    }
    assert len(named) == len(ours.names) > 10
    assert named["press_total"] == "$'Số liệu'.$F$8"
    assert ours.names["press_total"] == Area("Số liệu", 7, 5, 7, 5)


def test_when_it_was_saved_is_local_time() -> None:
    for said, modified in (
        ("2024-03-20T08:30:00", dt.datetime(2024, 3, 20, 1, 30)),
        ("2024-03-20T08:30:00.123456789", dt.datetime(2024, 3, 20, 1, 30, 0, 123456)),
        ("2024-03-20T08:30:00Z", dt.datetime(2024, 3, 20, 8, 30)),
        ("hôm qua", None),
    ):
        meta = f'<office:meta xmlns:dc="d"><dc:date>{said}</dc:date></office:meta>'
        assert _read(_ods(_content(""), **{"meta.xml": meta})).modified == modified
    assert _read(_ods(_content(""))).modified is None


# Errors, as spreadsheets of other languages save them

ERRORS = (
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:502",
    "#WERT!", "#BEZUG!", "#ZAHL!", "#NV", "#NULL!",  # German
    "#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!", "#VALEUR\u00a0!", "Err :502",  # French
    "#¡VALOR!", "#¡REF!", "#¿NOMBRE?", "#¡NUM!", "#¡DIV/0!", "#N/D",  # Spanish
    "#ЗНАЧ!", "#ССЫЛКА!", "#ИМЯ?", "#ДЕЛ/0!", "#ЧИСЛО!", "#ПУСТО!", "#Н/Д", "Ошибка:502",  # Russian
    "#名称?", "#值!", "#引用!", "错误:502",  # Chinese
    "#WAARDE!", "#ARG!", "#DĚLENÍ_NULOU!", "#VÄRDEFEL!", "#DEĞER!", "#SPILL!", "#GETTING_DATA",
)  # fmt: skip


@pytest.mark.parametrize("word", ERRORS)
@pytest.mark.parametrize(
    "attributes", ['office:value-type="float" office:value="0"', 'office:value-type="string"']
)
def test_error_words_of_all_languages_are_errors_and_never_zero(word: str, attributes: str) -> None:
    for formula in ("", ' table:formula="of:=1/0"'):
        sheet = _sheet(
            _row(_cell(f"<text:p>{word}</text:p>", attributes + formula), _text("<text:p>a</text:p>"))
        )
        assert sheet.at(0, 0) == ""
        assert sheet.extras[0, 0] == CellExtra(word, formula=bool(formula))


@pytest.mark.parametrize("word", ["Lỗi?", "Chưa có!", "#", "##", "#1", "Số liệu:502", "Hội nghị #NV", "N/A"])
def test_other_words_are_none(word: str) -> None:
    assert _sheet(_row(_text(f"<text:p>{word}</text:p>"))).at(0, 0) == word


def test_a_number_in_a_narrow_column_or_in_a_format_of_its_own_is_none() -> None:
    for shown in ("###", "#12", "12 #", "-", "Err"):
        assert _sheet(_row(_cell(f"<text:p>{shown}</text:p>", NUMBER))).at(0, 0) == 5


# Single cells

NUMBER = 'office:value-type="float" office:value="5"'


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (_cell("<text:p>5</text:p>", NUMBER), 5.0),
        (_cell("", 'office:value-type="percentage" office:value="0.25"'), 0.25),
        (_cell("", 'office:value-type="currency" office:currency="VND" office:value="1.2E3"'), 1200.0),
        (_cell("<text:p>5</text:p>", 'office:value-type="float" office:value="NaN"'), "5"),
        (_cell("<text:p>5</text:p>", 'office:value-type="float"'), "5"),
        (_cell("", 'office:value-type="boolean" office:boolean-value="true"'), True),
        (_cell("", 'office:value-type="boolean" office:boolean-value="false"'), False),
        (_cell("", 'office:value-type="date" office:date-value="2024-03-05"'), dt.date(2024, 3, 5)),
        (_cell("", 'office:value-type="date" office:date-value="2024-03-05T00:00:00"'), dt.date(2024, 3, 5)),
        (
            _cell("", 'office:value-type="date" office:date-value="2024-03-05T07:05:00Z"'),
            dt.datetime(2024, 3, 5, 7, 5),
        ),
        (_cell("<text:p>30/02</text:p>", 'office:value-type="date" office:date-value="2024-02-30"'), "30/02"),
        (_cell("", 'office:value-type="time" office:time-value="PT07H05M30S"'), dt.time(7, 5, 30)),
        (_cell("", 'office:value-type="time" office:time-value="PT30H00M00.5S"'), dt.timedelta(1, 21600.5)),
        (_cell("<text:p>7 giờ</text:p>", 'office:value-type="time" office:time-value="7h"'), "7 giờ"),
        (_cell("<text:p>chữ</text:p>"), "chữ"),
        (_text("<text:p>một</text:p><text:p/><text:p>hai</text:p>"), "một\n\nhai"),
        (_cell("<text:p>b</text:p>", 'office:value-type="string" office:string-value="a"'), "a"),
        (
            _text(
                '<text:p>a <text:span>b</text:span><text:s text:c="3"/>c<text:s/>d<text:tab/>e'
                "<text:line-break/><text:a>g</text:a>  \n h &amp; &#432;</text:p>"
            ),
            "a b   c d\te\ng h & ư",
        ),
        (_text("<office:annotation><text:p>ghi chú</text:p></office:annotation><text:p>a</text:p>"), "a"),
        (_text("<drawing:frame><text:p>hộp</text:p></drawing:frame><text:p>a</text:p>"), "a"),
        (_text("<text:p>a<drawing:frame>hộp</drawing:frame>b<text:note>chú</text:note></text:p>"), "ab"),
        (
            _text("<text:p><text:ruby><text:ruby-base>a</text:ruby-base><text:ruby-text>b</text:ruby-text></text:ruby></text:p>"),
            "a",
        ),
        (_cell("<office:annotation><text:p>ghi chú</text:p></office:annotation>"), ""),
    ],
)  # fmt: skip
def test_the_value_of_a_cell(cell: str, value: object) -> None:
    sheet = _sheet(_row(cell))
    assert (sheet.at(0, 0), type(sheet.at(0, 0))) == (value, type(value))
    assert sheet.extras == {}


@pytest.mark.parametrize(
    ("cell", "value", "extra"),
    [
        (_cell("<text:p>5</text:p>", f'table:formula="of:=2+3" {NUMBER}'), 5.0, CellExtra(formula=True)),
        (_cell("<text:p/>", 'table:formula="of:=&quot;&quot;"'), "", CellExtra(formula=True)),
        (_cell("", 'table:formula="of:=1+1"'), "", CellExtra(formula=True, calculated=False)),
        (
            _cell("<text:p>#CHIA/0!</text:p>", 'calcext:value-type="error" office:value-type="string"'),
            "",
            CellExtra("#CHIA/0!"),
        ),
        (
            _cell("", 'calcext:value-type="error" table:formula="of:=1/0"'),
            "",
            CellExtra("#ERROR", formula=True),
        ),
        (
            _cell("<text:p>#DIV/0!</text:p>", 'office:value-type="float" office:value="0"'),
            "",
            CellExtra("#DIV/0!"),
        ),
        (_text("<text:p>Err:502</text:p>"), "", CellExtra("Err:502")),
        (_text("<text:p>#1</text:p>"), "#1", None),
    ],
)
def test_errors_and_formulas(cell: str, value: object, extra: CellExtra | None) -> None:
    sheet = _sheet(_row(cell))
    assert sheet.at(0, 0) == value
    assert sheet.extras == ({(0, 0): extra} if extra else {})


# Where cells stand

EMPTY_ROWS = _row(_cell("", 'table:number-columns-repeated="16384"'), repeated=1_048_000)


def test_repeated_rows_and_columns() -> None:
    twice = 'table:number-columns-repeated="2"'
    sheet = _sheet(
        _row(
            _cell("", twice),
            _cell("<text:p>5</text:p>", f'{twice} table:formula="of:=5" {NUMBER}'),
            repeated=2,
        )
        + _row(_cell("", 'table:number-columns-repeated="16384"'), repeated=3)
        + _row(
            "<table:covered-table-cell/>",
            _text("<text:p>a</text:p>"),
            _cell("", 'table:number-columns-repeated="99"'),
        )
        + EMPTY_ROWS
    )
    five = ["", "", 5.0, 5.0]
    assert sheet.rows == [five, five, [], [], [], ["", "a"]]
    assert sheet.extras == {place: CellExtra(formula=True) for place in ((0, 2), (0, 3), (1, 2), (1, 3))}


def test_rows_in_groups_and_what_lies_between() -> None:
    a, b, c = (_row(_text(f"<text:p>{letter}</text:p>")) for letter in "abc")
    sheet = _sheet(
        f"<table:table-header-rows>{a}</table:table-header-rows><text:soft-page-break/>"
        f"<table:table-row-group><table:table-row-group>{b}</table:table-row-group></table:table-row-group>"
        f"<table:table-rows>{c}</table:table-rows>"
    )
    assert sheet.rows == [["a"], ["b"], ["c"]]


def test_a_table_within_a_cell_is_left_out() -> None:
    inner = f'<table:table table:name="I">{_row(_text("<text:p>trong</text:p>"))}</table:table>'
    read = _read(
        _ods(
            _content(
                f'<table:table table:name="T">{_row(_cell(inner), _text("<text:p>a</text:p>"))}</table:table>'
            )
        )
    )
    assert [(sheet.name, sheet.rows) for sheet in read.sheets] == [("T", [["", "a"]])]


def test_copies_of_other_files_are_no_sheets() -> None:
    row = _row(_text("<text:p>a</text:p>"))
    read = _read(
        _ods(
            _content(
                f'<table:table table:name="T">{row}</table:table>'
                f"<table:table table:name=\"'file:///cũ.ods'#T\"><table:table-source/>{row}</table:table>"
                f"<table:dde-links><table:dde-link><table:table>{row}</table:table></table:dde-link></table:dde-links>"
            )
        )
    )
    assert [sheet.name for sheet in read.sheets] == ["T"]


def test_hidden_sheets_and_names() -> None:
    shown, hidden = (
        f'<style:style style:name="{name}" style:family="table">'
        f'<style:table-properties table:display="{display}"/></style:style>'
        for name, display in (("ta1", "true"), ("ta2", "false"))
    )
    own = '<table:named-range table:name="riêng" table:cell-range-address="$A.$A$1"/>'
    named = "".join(
        f'<table:named-range table:name="{name}" table:cell-range-address="{address}"/>'
        for name, address in (
            ("Một", "$'O''Neil. 1'.$F$20"),
            ("hai", "A.B1:.D32"),
            ("ba", "$A.$B$1:$A.$D$32"),
            ("sai", "#REF!"),
        )
    )
    expression = '<table:named-expression table:name="bốn" table:expression="of:=[$A.$C$3]"/>'
    constant = '<table:named-expression table:name="năm" table:expression="of:=5"/>'
    read = _read(
        _ods(
            _content(
                f'<table:table table:name="A" table:style-name="ta1">{own}</table:table>'
                '<table:table table:name="B" table:style-name="ta2"/>'
                f"<table:named-expressions>{named}{expression}{constant}</table:named-expressions>",
                shown + hidden,
            )
        )
    )
    assert [(sheet.name, sheet.visible) for sheet in read.sheets] == [("A", True), ("B", False)]
    assert read.names == {
        "một": Area("O'Neil. 1", 19, 5, 19, 5),
        "hai": Area("A", 0, 1, 31, 3),
        "ba": Area("A", 0, 1, 31, 3),
        "bốn": Area("A", 2, 2, 2, 2),
    }


# What is not opened


@pytest.mark.parametrize(
    "row",
    [
        _row(_cell("<text:p>5</text:p>", f'table:number-columns-repeated="99999999999999" {NUMBER}')),
        _row(_cell("", 'table:number-columns-repeated="16384"'), _cell("<text:p>5</text:p>", NUMBER)),
        _row(_cell("<text:p>5</text:p>", NUMBER), repeated=999_999_999_999),
        _row(_cell("<text:p>5</text:p>", f'table:number-columns-repeated="10" {NUMBER}'), repeated=500_001),
        EMPTY_ROWS + _row(_cell("<text:p>5</text:p>", NUMBER), repeated=600),
    ],
)
def test_a_sheet_that_is_too_large(row: str) -> None:
    assert _refused(_content(_table(row))) == "too_large"


def test_damage() -> None:
    assert _refused("<a") == "truncated"
    assert _refused(_content(_table('<table:table-row table:number-rows-repeated="x"/>'))) == "truncated"
    deep = "<text:span>" * 5_000 + "</text:span>" * 5_000
    assert _refused(_content(_table(_row(_text(f"<text:p>{deep}</text:p>"))))) == "truncated"
    with pytest.raises(BookError):
        read_book({})


@settings(max_examples=25)
@given(st.data())
def test_no_damage_makes_it_raise_anything_else(data: st.DataObject) -> None:
    content = bytearray(EXTRAS)
    for _number in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    inspected = inspect(bytes(content), "a.ods")
    if inspected.readable:
        try:
            read_book(inspected.parts)
        except BookError as refusal:
            say([refusal.finding])


def _codes(data: bytes, name: str = "a.ods") -> list[str]:
    inspected = inspect(data, name)
    say(inspected.findings)
    return [found.code for found in inspected.findings]


def test_a_document_type_is_not_opened_where_it_would_be_read() -> None:
    evil = '<!DOCTYPE x [<!ENTITY a "b">]>'
    assert _codes(_ods(evil + _content(""))) == ["unsafe"]
    # LibreOffice itself writes one into the parts of macros.
    assert _codes(_ods(_content(""), **{"Basic/script-lc.xml": evil + "<a/>"})) == []


def test_a_password() -> None:
    manifest = (
        '<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        "</manifest:file-entry></manifest:manifest>"
    )
    for content in ("content.xml", "encrypted-package"):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("mimetype", TYPE)
            archive.writestr(content, bytes(range(256)))
            archive.writestr("META-INF/manifest.xml", manifest)
        assert _codes(target.getvalue()) == ["encrypted"]


def test_what_it_is_is_told_by_content() -> None:
    assert _codes(FILLED) == _codes(FILLED, "a.OTS") == []
    assert _codes(FILLED, "a.xlsx") == ["wrong_extension"]
    # Without its first entry the manifest says it, and of the document itself, not of what it holds.
    assert _codes(repacked(FILLED, lambda name, old: None if name == "mimetype" else old)) == []
    text = TYPE.replace("spreadsheet", "text")
    manifest = (
        f'<m:manifest><m:file-entry m:full-path="/" m:media-type="{text}"/>'
        f'<m:file-entry m:full-path="Object 1/" m:media-type="{TYPE}"/></m:manifest>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("META-INF/manifest.xml", manifest)
    assert _codes(target.getvalue(), "a.odt") == ["also_received"]


def test_the_limit_is_that_of_all_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "AREA_LIMIT", 14 * 4 - 1)
    with pytest.raises(BookError) as refusal:
        _read(EXTRAS)
    assert (refusal.value.finding.code, refusal.value.finding.cell) == ("too_large", "D14")


def test_merged_and_hidden_cells() -> None:
    columns = (
        "<table:table-column/><table:table-column-group>"
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '</table:table-column-group><table:table-column table:visibility="visible"/>'
    )
    value = '<table:table-cell office:value-type="float" office:value="1"/>'
    rows = (
        f'<table:table-row table:number-rows-repeated="2" table:visibility="filter">{value}</table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="2" '
        'office:value-type="float" office:value="1"/><table:covered-table-cell/></table:table-row>'
        f'<table:table-row>{value}{value}<table:covered-table-cell table:number-columns-repeated="2" '
        'office:value-type="float" office:value="2"/></table:table-row>'
    )
    sheet = _sheet(columns, rows)
    assert (sheet.hidden_rows, list(sheet.hidden_columns)) == ({0, 1}, [(1, 2)])
    assert sheet.extras == dict.fromkeys([(2, 3), (3, 2), (3, 3)], CellExtra(merged="C3:D4"))


@pytest.mark.parametrize(
    "row",
    [
        '<table:table-row table:number-rows-repeated="0"/>',
        '<table:table-row table:number-rows-repeated="-1"/>',
        '<table:table-row table:number-rows-repeated="２"/>',
        '<table:table-row><table:table-cell table:number-columns-repeated="0"/></table:table-row>',
        "<table:table-row><style:x><table:table-cell/></style:x></table:table-row>",
        "<style:x><table:table-row/></style:x>",
        '<table:table-row><table:table-cell office:value-type="x"/></table:table-row>',
        "<table:table-row><table:covered-table-cell><text:p>a</text:p></table:covered-table-cell></table:table-row>",
    ],
)
def test_what_readers_would_read_differently_is_refused(row: str) -> None:
    assert _refused(_content(_table(row))) == "truncated"
    good = '<table:table-row table:number-rows-repeated=" +02 "><table:table-cell/></table:table-row>'
    assert _read(_ods(_content(_table(good)))).sheets[0].rows == []


def test_of_sheets_of_one_name_each_later_one_gets_a_number() -> None:
    tables = "".join(_table(_row(_text(f"<text:p>{said}</text:p>"))) for said in "abc")
    named = tables.replace('"T"', '"T_2"', 1)
    for content, names in ((tables, ["T", "T_2", "T_3"]), (named, ["T_2", "T", "T_3"])):
        sheets = _read(_ods(_content(content))).sheets
        assert [sheet.name for sheet in sheets] == names
        assert [sheet.at(0, 0) for sheet in sheets] == ["a", "b", "c"]
