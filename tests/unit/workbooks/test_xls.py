"""Excel 97-2003 workbooks; the files were saved by LibreOffice 7.4."""

from __future__ import annotations

import datetime as dt
import io
import os
import struct
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import xlrd
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.workbooks import book
from reportctl.workbooks.book import Area, BookError
from reportctl.workbooks.safety import inspect
from reportctl.workbooks.xls import read_book, sheet_notes
from tests.making.machine import FIXTURES, ROOT, Convert
from tests.making.returned import places, say
from tests.making.saved import DOUBTFUL, NAMES, TYPED

FILLED = (FIXTURES / "libreoffice-filled.xls").read_bytes()
EXTRAS = (FIXTURES / "libreoffice-doubts.xls").read_bytes()


def _refused(data: bytes) -> str:
    with pytest.raises(BookError) as refusal:
        read_book(data)
    say([refusal.value.finding])
    return refusal.value.finding.code


def test_values_formulas_errors_and_names() -> None:
    read = read_book(EXTRAS)
    sheet, hidden = read.sheets
    assert sheet.rows == TYPED
    assert sheet.extras == DOUBTFUL
    assert [(one.name, one.visible) for one in read.sheets] == [("Số liệu", True), ("Ẩn", False)]
    assert hidden.rows == [["ẩn"]]
    assert read.names == NAMES


def test_what_the_reader_notices_may_be_in_any_language(tmp_path: Path) -> None:
    """Where the system's encoding has no Vietnamese, as on most Windows, the file is read all the same."""
    (tmp_path / "a.xls").write_bytes(FILLED)
    script = (
        "import sys, xlrd; from pathlib import Path\n"
        "real = xlrd.open_workbook\n"
        "def talkative(*given, logfile, **more):\n"
        "    print('*** Huy\\u1ec7n \\udce1', file=logfile)\n"
        "    return real(*given, logfile=logfile, **more)\n"
        "xlrd.open_workbook = talkative\n"
        "from reportctl.workbooks.xls import read_book\n"
        "print(len(read_book(Path(sys.argv[1]).read_bytes()).sheets), sys.flags.utf8_mode)\n"
    )
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a.xls")],
        env=os.environ | ascii_only,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [str(len(read_book(FILLED).sheets)), "0"]


def test_only_names_of_the_whole_workbook_count() -> None:
    names = {defined.name for defined in xlrd.open_workbook(file_contents=FILLED).name_obj_list}
    assert {"Print_Area", "press_total"} <= names
    assert read_book(FILLED).names.keys() == places().indicators.keys() | places().texts.keys() | {"events"}


def test_names_may_be_any_formula() -> None:
    """Those of the fixture are what `_SAID` says; two of them stand for cells of one sheet."""
    data = (FIXTURES / "libreoffice-names.xls").read_bytes()
    assert {name.name for name in xlrd_names(data)} == _SAID.keys()
    assert read_book(data).names == {
        "one": Area("Số liệu", 1, 0, 1, 0),
        "whole": Area("Số liệu", 0, 0, 65_535, 0),
    }


_SAID = {
    "one": "'Số liệu'!$A$2",
    "whole": "'Số liệu'!$A:$A",
    "to_index": "'Số liệu'!$A$1:INDEX('Số liệu'!$A:$A,COUNTA('Số liệu'!$A:$A))",
    "to_offset": "'Số liệu'!$A$1:OFFSET('Số liệu'!$A$1,3,0)",
    "offset": "OFFSET('Số liệu'!$A$1,0,0,COUNTA('Số liệu'!$A:$A),1)",
    "several": "('Số liệu'!$A$1,'Số liệu'!$A$2)",
    "lost": "#REF!",
    "number": "5",
    "array": "{1,2;3,4}",
    "round_1": "round_2+1",
    "round_2": "round_1+1",
    "of_names": "one:to_index",
    "indirect": 'INDIRECT("A1")',
    "unknown": "NOSUCH(1)",
}


def xlrd_names(data: bytes) -> list[xlrd.book.Name]:
    return xlrd.open_workbook(file_contents=data, logfile=io.StringIO()).name_obj_list


def test_sheets_of_macros_are_left_out() -> None:
    """Of the second sheet its record says what kind it is ([MS-XLS] 2.4.28)."""
    at = EXTRAS.index("Ẩn".encode("utf-16-le")) - 3
    assert EXTRAS[at : at + 3] == b"\x00\x02\x01"
    for kind in (1, 2, 6):  # macros of Excel 4, a chart, a module
        changed = EXTRAS[:at] + bytes([kind]) + EXTRAS[at + 1 :]
        assert [sheet.name for sheet in read_book(changed).sheets] == ["Số liệu"]


def _record(kind: int, *numbers: int) -> bytes:
    return struct.pack("<HH", kind, 2 * len(numbers)) + struct.pack(f"<{len(numbers)}H", *numbers)


def test_formulas_of_worksheets_only() -> None:
    """Globals of a chart sheet and a worksheet, then those two, as [MS-XLS] 2.1.7.20 lays them out."""
    begin, end, formula, number = 0x0809, 0x000A, 0x0006, 0x0203
    sheets = [
        _record(begin, 0) + _record(formula, 1, 1, 0) + _record(end),
        _record(begin, 0)
        + _record(number, 1, 1, 0)
        + _record(formula, 7, 2, 0)
        + _record(end)
        + _record(formula, 9, 9),
    ]
    size = len(_record(begin, 0)) + 2 * len(_record(0x85, 0, 0, 0)) + len(_record(end))
    bound = _record(0x85, size, 0, 0x0200) + _record(0x85, size + len(sheets[0]), 0, 0)
    stream = _record(begin, 0) + bound + _record(end) + b"".join(sheets)
    assert [said.formulas for said in sheet_notes(stream)] == [[(7, 2)]]


def test_dates_of_a_mac() -> None:
    data = (FIXTURES / "libreoffice-1904.xls").read_bytes()
    assert xlrd.open_workbook(file_contents=data).datemode == 1
    assert [read_book(data).sheets[0].at(row, 1) for row in (5, 6, 11)] == [
        dt.date(2024, 3, 5),
        dt.datetime(2024, 3, 5, 7, 5),
        dt.time(7, 5),
    ]


def test_a_number_that_is_no_date_stays_a_number() -> None:
    data = (FIXTURES / "libreoffice-doubts.xls").read_bytes()
    date = struct.pack("<d", 45356 + 425 / 1440)  # 5 March 2024, 7:05
    assert data.count(date) == 1
    for number in (-5.0, 1e12):
        changed = data.replace(date, struct.pack("<d", number))
        assert read_book(changed).sheets[0].at(6, 1) == number


def test_when_it_was_saved() -> None:
    ticks = int((dt.datetime(2024, 3, 20, 8, 30) - dt.datetime(1601, 1, 1)).total_seconds()) * 10**7
    at = FILLED.index(struct.pack("<I", 13), FILLED.index(b"\xe0\x85\x9f\xf2"))  # in the table of properties
    start = FILLED.rindex(b"\xfe\xff", 0, at)
    (section,) = struct.unpack_from("<I", FILLED, start + 44)
    (place,) = struct.unpack_from("<I", FILLED, at + 4)
    saved = start + section + place + 4
    changed = FILLED[:saved] + struct.pack("<Q", ticks) + FILLED[saved + 8 :]
    assert read_book(changed).modified == dt.datetime(2024, 3, 20, 8, 30)
    assert read_book(FILLED[:saved] + bytes(8) + FILLED[saved + 8 :]).modified is None


WRITE_ACCESS, FILE_PASS = b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00"


def test_a_password() -> None:
    assert FILLED.count(WRITE_ACCESS) == 1
    assert _refused(FILLED.replace(WRITE_ACCESS, FILE_PASS)) == "encrypted"


def test_damage() -> None:
    assert _refused(FILLED[:4000]) == "truncated"
    assert _refused(FILLED[:512] + bytes(len(FILLED) - 512)) == "truncated"
    assert _refused(b"") == "truncated"


def test_sectors_that_lead_back_to_themselves() -> None:
    (table,) = struct.unpack_from("<i", EXTRAS, 60)  # the first sector of the table of short sectors
    at = 512 * (table + 1)
    assert struct.unpack_from("<ii", EXTRAS, at) == (1, 2)
    assert _refused(EXTRAS[: at + 4] + struct.pack("<i", 0) + EXTRAS[at + 8 :]) == "truncated"


@settings(max_examples=25)
@given(st.data())
def test_no_damage_makes_it_raise_anything_else(data: st.DataObject) -> None:
    content = bytearray(EXTRAS)
    for _number in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_book(bytes(content))
    except BookError as refusal:
        say([refusal.finding])


def test_xlrd_says_nothing_on_the_way(capfd: pytest.CaptureFixture[str]) -> None:
    _refused(FILLED[:4000])
    read_book(FILLED + b"x")  # no whole number of sectors: worth a warning to xlrd
    assert capfd.readouterr() == ("", "")


def test_a_sheet_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "AREA_LIMIT", 14 * 4 - 1)
    assert _refused(EXTRAS) == "too_large"


def test_what_it_is_is_told_by_content() -> None:
    for name, expected in (
        ("a.xls", []),
        ("a.XLT", []),
        ("a.xlsx", ["wrong_extension"]),
        ("a", ["wrong_extension"]),
    ):
        inspected = inspect(FILLED, name)
        assert (inspected.file_type, inspected.readable) == ("xls", True)
        assert [found.code for found in inspected.findings] == expected
        say(inspected.findings)
    large = inspect(FILLED + bytes(21 * 2**20), "a.xls")
    assert ([found.code for found in large.findings], large.readable) == (["too_large"], False)


@pytest.mark.libreoffice
def test_values_are_those_of_an_independent_reader(tmp_path: Path, soffice: Convert) -> None:
    path = tmp_path / "filled.xls"
    path.write_bytes(FILLED)
    (saved,) = soffice([path], to="xlsx", outdir=tmp_path)
    theirs = openpyxl.load_workbook(io.BytesIO(saved.read_bytes()), data_only=True)
    ours = read_book(FILLED)
    assert [sheet.name for sheet in ours.sheets] == theirs.sheetnames
    for sheet in ours.sheets:
        for row in theirs[sheet.name].iter_rows():
            for cell in row:
                value = sheet.at(cell.row - 1, cell.column - 1)
                expected = "" if cell.value is None else cell.value
                if isinstance(expected, dt.datetime) and not isinstance(value, dt.datetime):
                    expected = expected.date()
                assert value == expected, (sheet.name, cell.coordinate)
    assert {name: defined.attr_text for name, defined in theirs.defined_names.items()} == {
        name: _reference(area) for name, area in ours.names.items()
    }


def _reference(area: Area) -> str:
    first, last = (
        f"${openpyxl.utils.get_column_letter(column + 1)}${row + 1}"
        for row, column in ((area.row, area.column), (area.last_row, area.last_column))
    )
    return f"'{area.sheet}'!{first}" + (f":{last}" if last != first else "")
