"""Small tables: encodings and separators, workbooks, the place of every mistake, which file is the table."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.core.errors import ReportctlError
from reportctl.core.language import speaking
from reportctl.workspace.settings import Settings, Workspace
from reportctl.workspace.small_tables import (
    SmallTableError,
    TableRow,
    read_small_table,
    table_rows,
)
from tests.making.machine import Convert

COLUMNS = ("code", "name")
OPTIONAL = ("note", "valid_from")
TABLE = 'code;name;note\n001;"Huyện ""Thủy, Nguyên""; bắc";\n002;Thị xã Vân Khê;"hai\ndòng"\n003;Đà Bắc;\n'
ROWS = [
    (2, "001", 'Huyện "Thủy, Nguyên"; bắc', ""),
    (3, "002", "Thị xã Vân Khê", "hai\ndòng"),
    (5, "003", "Đà Bắc", ""),
]


def text_file(folder: Path, data: bytes | str) -> Path:
    path = folder / "table.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def workbook(folder: Path, *rows: list[object], sheet: str = "Sheet") -> tuple[Path, Worksheet]:
    """A workbook that openpyxl writes; the sheet can be changed and its `parent` saved again."""
    book = openpyxl.Workbook()
    active = book.active
    assert isinstance(active, Worksheet)
    active.title = sheet
    for row in rows:
        active.append(row)
    path = folder / "table.xlsx"
    book.save(path)
    return path, active


def seen(records: list[TableRow]) -> list[tuple[int, str, str, str]]:
    return [(r.line, r.get("code"), r.get("name"), r.get("note")) for r in records]


def problems(path: Path) -> list[str]:
    with pytest.raises(SmallTableError) as caught:
        read_small_table(path, COLUMNS, OPTIONAL)
    return [str(problem) for problem in caught.value.problems]


# Text files


def windows_1258(text: str) -> bytes:
    """As Windows writes it: some letters whole, tone marks after the others."""
    apart = {"ệ": "ê\u0323", "ủ": "u\u0309", "ị": "i\u0323", "ắ": "ă\u0301", "ã": "a\u0303", "ò": "o\u0300"}
    return "".join(apart.get(letter, letter) for letter in text).encode("cp1258")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1258", "nfd"]
)
def test_whatever_spreadsheet_programs_save(
    tmp_path: Path, encoding: str, separator: str, newline: str
) -> None:
    if encoding == "nfd":
        text, encode = TABLE.replace("ệ", "e\u0323\u0302").replace("ê", "e\u0302"), str.encode
    elif encoding == "windows-1258":
        text, encode = TABLE, windows_1258
    else:
        text, encode = TABLE, lambda text: text.encode(encoding)
    buffer = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    writer = csv.writer(buffer, delimiter=separator, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    assert seen(read_small_table(text_file(tmp_path, encode(buffer.getvalue())), COLUMNS, OPTIONAL)) == ROWS


@pytest.mark.parametrize("said", ["sep=|", "SEP=|", '"sep=|"', "sep=|,,"])
def test_the_line_that_tells_excel_the_separator(tmp_path: Path, said: str) -> None:
    path = text_file(tmp_path, f"{said}\r\ncode|name\r\n001|Sở A, B; C\r\n")
    assert seen(read_small_table(path, COLUMNS)) == [(3, "001", "Sở A, B; C", "")]


def test_names_of_columns_as_people_write_them(tmp_path: Path) -> None:
    path = text_file(tmp_path, ",,,\n Code , NAME,Valid From,của tôi\n001,A,2024-07-01,x\n,,,chỉ ghi chú\n")
    (record,) = read_small_table(path, COLUMNS, OPTIONAL)
    assert (record.line, record.get("valid_from"), record.get("note")) == (3, "2024-07-01", "")


def test_misspelt_doubled_and_missing_columns(tmp_path: Path) -> None:
    assert problems(text_file(tmp_path, "cde,Code,valid_form,nam,stars\n")) == [
        "line 1, column valid_form: this column is not known; “valid_from” was meant?",
        "line 1, column nam: this column is not known; “name” was meant?",
    ]
    assert problems(text_file(tmp_path, "mã,name,name\n")) == [
        "line 1, column name: the column stands there twice",
        "line 1, column code: there is no such column",
    ]


def test_a_separator_that_is_not_quoted_shifts_nothing(tmp_path: Path) -> None:
    path = text_file(tmp_path, "sep=,\ncode,name\n1,Sở A\n2,Sở B, C\n3,D,\n4,E, F\n")
    assert [problem.split(";")[0] for problem in problems(path)] == [
        "line 4: there are more fields than names of columns",
        "line 6: there are more fields than names of columns",
    ]


def test_what_stands_right_of_the_table_is_nobodys_business(tmp_path: Path) -> None:
    path = text_file(tmp_path, "code,name,,\n1,Sở A,,ghi chú\n")
    assert seen(read_small_table(path, COLUMNS)) == [(2, "1", "Sở A", "")]


@pytest.mark.parametrize("row", ['2,"Sở B\n3,C', '2,"Sở "B"\n3,C'])
def test_a_quotation_mark_too_few_swallows_nothing(tmp_path: Path, row: str) -> None:
    assert problems(text_file(tmp_path, f"code,name\n1,A\n{row}\n")) == [
        "line 3: a quotation mark is missing or one too many; inside quotation marks it is typed twice"
    ]


def test_a_space_before_a_quotation_mark(tmp_path: Path) -> None:
    path = text_file(tmp_path, 'code, name\n1, "Sở A, B"\n')
    assert seen(read_small_table(path, COLUMNS)) == [(2, "1", "Sở A, B", "")]


def test_spaces_that_nobody_sees_are_taken_off(tmp_path: Path) -> None:
    path = text_file(tmp_path, "code,name\n\u200b001\u00a0,\ufeff A \n")
    assert seen(read_small_table(path, COLUMNS)) == [(2, "001", "A", "")]


FIELD = st.text("aạĐ0,;\t\n\"'=| ", max_size=6)


@given(
    st.lists(st.tuples(FIELD, FIELD, FIELD), max_size=6),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_fields_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], separator: str, encoding: str
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([("code", "name", "note"), *rows])
    path = text_file(tmp_path_factory.getbasetemp(), buffer.getvalue().encode(encoding))
    written = [tuple(field.strip() for field in row) for row in rows]
    assert [row[1:] for row in seen(read_small_table(path, COLUMNS, OPTIONAL))] == [
        row for row in written if any(row)
    ]


# Workbooks


def test_a_workbook_says_the_same_as_text(tmp_path: Path) -> None:
    rows = csv.reader(io.StringIO(TABLE, newline=""), delimiter=";")
    path, _sheet = workbook(tmp_path, *map(list, rows))
    # A cell with two lines is one row of a sheet.
    assert seen(read_small_table(path, COLUMNS, OPTIONAL)) == [*ROWS[:2], (4, *ROWS[2][1:])]


def test_what_cells_hold(tmp_path: Path) -> None:
    path, _sheet = workbook(
        tmp_path,
        ["code", "name", "valid_from"],
        [1, 0.1 + 0.2, dt.date(2024, 7, 1)],
        ["001", True, dt.datetime(2024, 7, 1, 10, 30)],
        [1234567, "e\u0302", dt.time(8, 5)],
    )
    records = read_small_table(path, COLUMNS, OPTIONAL)
    assert [list(record.fields.values()) for record in records] == [
        ["1", "0.3", "2024-07-01"],
        ["001", "TRUE", "2024-07-01 10:30"],
        ["1234567", "ê", "08:05:00"],
    ]
    assert [dict(record.numbers) for record in records] == [
        {"code": 1.0, "name": pytest.approx(0.3)},
        {},
        {"code": 1234567.0},
    ]


def test_the_place_is_the_cell(tmp_path: Path) -> None:
    path, sheet = workbook(tmp_path)
    sheet["C4"], sheet["AB4"] = "code", "name"
    sheet["C7"] = "001"
    sheet.parent.save(path)
    (record,) = read_small_table(path, COLUMNS)
    assert str(record.problem("code", "wrong")) == "cell C7: wrong"
    assert str(record.problem("name", "wrong")) == "cell AB7: wrong"
    sheet.parent.create_sheet("Ghi chú")
    sheet.title = "Đơn vị's"
    sheet.parent.save(path)
    (record,) = read_small_table(path, COLUMNS)
    assert str(record.problem("code", "wrong")) == "cell 'Đơn vị''s'!C7: wrong"


def test_the_first_sheet_that_holds_the_table(tmp_path: Path) -> None:
    path, sheet = workbook(tmp_path, ["Danh sách đơn vị"], ["code", "name"], ["x", "X"], sheet="Bìa")
    hidden = sheet.parent.create_sheet("old")
    hidden.sheet_state = "hidden"
    sheet.parent.create_chartsheet("chart")
    for name, code in (("units", "001"), ("more", "002")):
        table = sheet.parent.create_sheet(name)
        table.append([])
        table.append(["code", "name"])
        table.append([code, "A"])
    hidden.append(["code", "name"])
    hidden.append(["000", "A"])
    sheet.parent.save(path)
    (record,) = read_small_table(path, COLUMNS)
    assert str(record.problem("code", record.get("code"))) == "cell units!A3: 001"


def test_columns_missing_from_a_workbook(tmp_path: Path) -> None:
    path, sheet = workbook(tmp_path, ["Danh sách"])
    sheet.parent.create_sheet("units").append(["", "code", "nane"])
    sheet.parent.save(path)
    assert problems(path) == ["cell units!C1: this column is not known; “name” was meant?"]
    path, _sheet = workbook(tmp_path)
    assert problems(path) == [
        "line 1, column code: there is no such column",
        "line 1, column name: there is no such column",
    ]


def test_errors_and_formulas_never_calculated_are_not_blank(tmp_path: Path) -> None:
    path, _sheet = workbook(tmp_path, ["code", "name", "note"], ["001", "#N/A", "=A2"], ["002", "B", "#REF!"])
    assert seen(read_small_table(path, COLUMNS, OPTIONAL)) == [
        (2, "001", "#N/A", "=A2"),
        (3, "002", "B", "#REF!"),
    ]


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The package with something replaced in one of its parts, as other programs may write it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def test_cells_without_references_are_counted(tmp_path: Path) -> None:
    path, _sheet = workbook(tmp_path, ["code", "name", "note"], ["001", "#N/A", "x"])
    for reference in (b' r="A2"', b' r="B2"', b' r="C2"', b' r="2"'):
        rewritten(path, "xl/worksheets/sheet1.xml", reference, b"")
    assert seen(read_small_table(path, COLUMNS, OPTIONAL)) == [(2, "001", "#N/A", "x")]


def test_formatted_rows_are_not_rows(tmp_path: Path) -> None:
    path, sheet = workbook(tmp_path, ["code", "name"], ["001", "A"])
    for row in range(3, 500):
        sheet.cell(row, 1).number_format = "@"
    sheet.parent.save(path)
    assert len(read_small_table(path, COLUMNS)) == 1


def test_a_cell_far_away_is_said_and_not_read(tmp_path: Path) -> None:
    path, sheet = workbook(tmp_path, ["code", "name"], ["001", "A"])
    sheet["XFD1048576"] = " "
    sheet.parent.save(path)
    with pytest.raises(ReportctlError, match="as far as the cell XFD1048576"):
        read_small_table(path, COLUMNS)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "Excel 97-2003 workbook or has a password"),
        (b"PK\x03\x04 and no more", "cannot be read as a workbook"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "units.xlsx"
    path.write_bytes(data)
    with pytest.raises(ReportctlError, match=said) as caught:
        read_small_table(path, COLUMNS)
    assert "\n" not in str(caught.value)


def test_another_zip_and_half_a_workbook(tmp_path: Path) -> None:
    path, _sheet = workbook(tmp_path, ["code", "name"], ["001", "A"])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ReportctlError, match="cannot be read as a workbook"):
        read_small_table(path, COLUMNS)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "A")
    with pytest.raises(ReportctlError, match="cannot be read as a workbook"):
        read_small_table(path, COLUMNS)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (b"%PDF-1.4\n%", "is neither"),
        (b"\x89PNG\r\n\0", "is neither"),
    ],
)
def test_what_is_neither_workbook_nor_text(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(data)
    for read in (lambda: read_small_table(path, COLUMNS), lambda: table_rows(path, lambda _text: [])):
        with pytest.raises(ReportctlError, match=said):
            read()


def test_a_word_document_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    with pytest.raises(ReportctlError, match="is neither"):
        read_small_table(path, COLUMNS)


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    path, _sheet = workbook(tmp_path, ["code", "name"], ["001", "A"])
    assert seen(read_small_table(path.rename(tmp_path / "units.csv"), COLUMNS)) == [(2, "001", "A", "")]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReportctlError, match=r"none\.csv cannot be read"):
        read_small_table(tmp_path / "none.csv", COLUMNS)


def test_the_reader_of_workbooks_is_not_loaded_without_one() -> None:
    modules = "reportctl.figures.plan, reportctl.workspace.units_file"
    loaded = f"import sys, {modules}; print('python_calamine' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.libreoffice
@pytest.mark.slow
def test_what_libreoffice_saves(tmp_path: Path, soffice: Convert) -> None:
    rows = csv.reader(io.StringIO(TABLE, newline=""), delimiter=";")
    path, _sheet = workbook(tmp_path, *map(list, rows))
    # LibreOffice's numbers of the encodings: UTF-8, UTF-16, Windows-1258.
    for options in ("44,34,76", "9,34,65535", "59,34,40"):
        (saved,) = soffice([path], to=f"csv:Text - txt - csv (StarCalc):{options}", outdir=tmp_path)
        assert seen(read_small_table(saved, COLUMNS, OPTIONAL)) == ROWS
    (saved,) = soffice([path], outdir=tmp_path / "saved")
    assert seen(read_small_table(saved, COLUMNS, OPTIONAL)) == [*ROWS[:2], (4, *ROWS[2][1:])]


# Which file is the table


@pytest.mark.parametrize("name", ["units", "plan"])
def test_the_table_is_the_csv_file_or_else_the_workbook(tmp_path: Path, name: str) -> None:
    workspace = Workspace(tmp_path, Settings())

    def found() -> str:
        return (workspace.units if name == "units" else workspace.plan).name

    assert found() == f"{name}.csv"
    (tmp_path / f"{name}.xlsx").touch()
    assert found() == f"{name}.xlsx"
    (tmp_path / f"{name}.csv").touch()
    os.utime(tmp_path / f"{name}.xlsx", (2000, 2000))
    for saved, older, newer in ((1000, "csv", "xlsx"), (3000, "xlsx", "csv")):
        os.utime(tmp_path / f"{name}.csv", (saved, saved))
        with pytest.raises(ReportctlError, match=f"{name}.{newer} was saved last.*remove {name}.{older}"):
            found()
    (tmp_path / f"{name}.xlsx").unlink()
    assert found() == f"{name}.csv"


@pytest.mark.parametrize(("language", "said"), [("vi", "1234,5"), ("en", "1234.5")])
def test_a_number_of_a_workbook_is_said_in_the_way_of_the_language(
    tmp_path: Path, language: str, said: str
) -> None:
    path, _sheet = workbook(tmp_path, ["code", "name"], [1234.5, "1234.5"])
    (row,) = read_small_table(path, COLUMNS)
    with speaking(language):
        assert (row.said("code"), row.said("name")) == (said, "1234.5")
