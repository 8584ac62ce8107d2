"""The sample's table, stories by medium and genre: its figures against what units typed, from every side, and
the quarter before, which was asked without it."""

from __future__ import annotations

import csv
import functools
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlrd
from lxml import etree

from tests.making import sample
from tests.making.commands import Run

pytestmark = pytest.mark.slow

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SHEET = "Tin, bài theo loại hình"
# The lines and columns of the sheet that is sent out, from 1.
ROWS = {"total": 9, "print": 10, "radio": 11, "tv": 12, "online": 13}
COLUMNS = {"all": 5, "news": 6, "articles": 7, "features": 8}
MEDIA, GENRES = tuple(ROWS)[1:], tuple(COLUMNS)[1:]
OLD_FORM = "0a93be07861e"

Cells = dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def demo() -> Path:
    """The sample after `reportctl demo`; not to be changed."""
    return sample.demo()


def cells_of(path: Path) -> Cells:
    """What stands in the table of a returned workbook, sums as LibreOffice has worked them out."""
    data = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            data = archive.read(archive.namelist()[0])
    if path.suffix == ".xls":
        old = xlrd.open_workbook(file_contents=data).sheet_by_name(SHEET)
        there = {key: old.cell_value(key[0] - 1, key[1] - 1) for key in _places()}
    else:
        new = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        if SHEET not in new.sheetnames:  # of a unit that is not asked
            return {}
        there = {key: new[SHEET].cell(*key).value for key in _places()}
    return {_places()[key]: int(value) for key, value in there.items() if value not in (None, "")}


def _places() -> dict[tuple[int, int], tuple[str, str]]:
    return {(row, column): (r, c) for r, row in ROWS.items() for c, column in COLUMNS.items()}


@functools.cache
def returned() -> dict[str, Cells]:
    """The table of each unit that counts; of the unit that sent two files that of the later one."""
    inbox = sample.demo() / "inbox" / "2024-Q1"
    files = sorted(path for path in inbox.rglob("*") if path.suffix in (".xlsx", ".xls", ".zip"))
    found = {path.name[:3]: cells_of(path) for path in files if path.name[:3] != "007"}
    return {unit: cells for unit, cells in found.items() if cells}


def added(row: str, column: str) -> int:
    """What the units typed in a cell of the table, or in the cells that it is the sum of."""
    media = MEDIA if row == "total" else (row,)
    genres = GENRES if column == "all" else (column,)
    return sum(cells.get((m, g), 0) for cells in returned().values() for m in media for g in genres)


def dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def test_fourteen_units_have_filled_in_the_table() -> None:
    districts = {f"{n:03}" for n in range(1, 13)} - {"007"}
    assert returned().keys() == districts | {"B01", "B02", "B03"}
    assert all(
        {row for row, _column in returned()[unit]} == {"total", "radio", "online"} for unit in districts
    )


def test_the_summary_is_what_was_typed_added_up(run: Run, demo: Path) -> None:
    rows = {row["code"]: row for row in run("-w", demo, "summary", "--format", "json").json["rows"]}
    for row in ROWS:
        for column in COLUMNS:
            assert rows[f"press_media.{row}.{column}"]["value"] == added(row, column)
        section = "press_total" if row == "total" else f"press_{row}"
        assert rows[section]["value"] == added(row, "all")
    assert added("total", "all") == 6407


def test_a_units_sums_are_those_that_its_own_workbook_shows(run: Run, demo: Path) -> None:
    said = run("-w", demo, "summary", "--by", "unit", "--table", "press_media", "--format", "json").json
    values = {row["unit"]: row["values"] for row in said["rows"]}
    seen = 0
    for unit, cells in returned().items():
        for (row, column), shown in cells.items():
            assert values[unit][f"press_media.{row}.{column}"] == shown
            seen += 1
    assert seen == 11 * 3 * 4 + 3 * 5 * 4


def test_plans_are_those_of_the_units(run: Run, demo: Path) -> None:
    with (demo / "plan.csv").open(encoding="utf-8-sig", newline="") as handle:
        plan = [row for row in csv.DictReader(handle) if row["year"] == "2024"]
    rows = {row["code"]: row for row in run("-w", demo, "summary", "--format", "json").json["rows"]}
    for medium in ROWS:
        code = f"press_media.{medium}.all"
        given = sum(int(row["value"]) for row in plan if row["indicator"] == code)
        assert rows[code]["plan"] == given > 0


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal(
    run: Run, demo: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = run("--lang", "vi", "-w", demo, "summary", "--table", "press_media").out
    lines = said.splitlines()
    assert max(map(len, lines)) <= width
    head = next(line for line in lines if "Chia theo thể loại" in line)
    assert head.split() == ["Chia", "theo", "thể", "loại"]  # alone above its columns
    for row, label in (("total", "Tổng số"), ("radio", "Phát thanh"), ("tv", "Truyền hình")):
        (line,) = (
            line for line in lines if label in line and "tin" not in line and line.split()[-1].isdigit()
        )
        assert line.split()[-4:] == [dotted(added(row, column)) for column in COLUMNS]


# ---- the report


def tables_and_text(demo: Path) -> tuple[list[etree._Element], str]:
    with zipfile.ZipFile(demo / "output" / "2024-Q1" / "report-2024-Q1.docx") as package:
        root = etree.fromstring(package.read("word/document.xml"))
    said = "\n".join("".join(p.itertext(f"{W}t")) for p in root.iter(f"{W}p")).replace("\u00a0", " ")
    return list(root.iter(f"{W}tbl")), said


def test_the_report_has_the_table_once_under_groups_of_headings(demo: Path) -> None:
    tables, text = tables_and_text(demo)
    (table,) = (one for one in tables if "Chia theo thể loại" in "".join(one.itertext(f"{W}t")))
    lines = [list(row.iter(f"{W}tc")) for row in table.iter(f"{W}tr")]
    words = [["".join(cell.itertext(f"{W}t")).replace("\u00a0", " ") for cell in line] for line in lines]
    assert words[0][-1] == "Chia theo thể loại"
    assert lines[0][-1].find(f"{W}tcPr/{W}gridSpan").get(f"{W}val") == "3"
    assert words[1][-3:] == ["Tin", "Bài", "Phóng sự, chuyên đề"]
    assert [line[-4:] for line in words[2:]] == [
        [dotted(added(row, column)) for column in COLUMNS] for row in ROWS
    ]
    assert "Bảng 2. Tin, bài theo loại hình, quý I năm 2024" in text
    assert "Số liệu tổng hợp toàn tỉnh (Bảng 1) tại Phụ lục I;" in text


def test_the_report_says_how_stories_are_divided(demo: Path) -> None:
    _tables, text = tables_and_text(demo)
    news, articles, features = (dotted(added("total", genre)) for genre in GENRES)
    assert f"Theo thể loại, có {news} tin, {articles} bài và {features} phóng sự, chuyên đề." in text


def test_the_merged_workbook_has_the_table(demo: Path) -> None:
    book = openpyxl.load_workbook(demo / "output" / "2024-Q1" / "merged.xlsx", data_only=True)
    sheet = book[SHEET]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] == "Phát thanh"]
    assert [row[3:7] for row in rows] == [tuple(added("radio", column) for column in COLUMNS)]
    (group,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "Chia theo thể loại")
    assert any(group.coordinate in area and area.size["columns"] == 3 for area in sheet.merged_cells.ranges)


# ---- what is wrong in it


def test_mistakes_as_people_make_them(run: Run, demo: Path) -> None:
    found = run("-w", demo, "validate", "--format", "json").json["findings"]
    of_table = {
        (one["unit"], one["code"], one["severity"], one["indicator"], one["sheet"], one["cell"], one["value"])
        for one in found
        if one["sheet"] == SHEET
    }
    assert of_table == {
        ("007", "approximate", "error", "press_media.radio.features", SHEET, "H11", "khoảng 10"),
        ("007", "unit_in_cell", "warning", "press_media.online.articles", SHEET, "G13", "102 bài"),
    }


def test_the_file_that_passed_over_the_new_sheet_was_rejected(run: Run, demo: Path) -> None:
    first = next((demo / "inbox" / "2024-Q1").glob("2024-03-11/004*.xlsx"))
    found = run("-w", demo, "validate", "2024-Q1", first, "--format", "json").json["findings"]
    lacking = {one["indicator"] for one in found if one["code"] == "required_cells_missing"}
    assert lacking == {"press_media.radio.*", "press_media.online.*"}
    assert {one["indicator"] for one in found if one["code"] == "rule_broken"} == {"corrections_prompt"}


# ---- the quarter before


def test_earlier_quarters_keep_the_form_that_they_were_asked_with(run: Run, demo: Path) -> None:
    assert (demo / "archive" / "forms" / f"{OLD_FORM}.toml").is_file()
    said = run("-w", demo, "form", "--diff", "2023-Q4", "--format", "json").json
    assert said["before"] == OLD_FORM
    asked = {one["code"]: one for one in said["changes"] if one["change"] != "changed"}
    assert {code: one["change"] for code, one in asked.items() if one["of"] not in ("rule", "theme")} == {
        "press_media": "added"
    }
    assert set(asked["press_media"]["cells"]) == {
        f"press_media.{row}.{column}" for row in ROWS for column in COLUMNS
    }
    for quarter in ("2023-Q1", "2023-Q4"):
        checked = run("-w", demo, "validate", quarter, "--format", "json")
        assert checked.code == 0
        assert {one["code"] for one in checked.json["findings"]} <= {"text_copied"}
    book = openpyxl.load_workbook(next((demo / "inbox" / "2023-Q4").rglob("B01*.xlsx")))
    assert SHEET not in book.sheetnames
    assert f"|{OLD_FORM}|" in book["Số liệu"]["A1"].value


def test_what_is_asked_of_both_quarters_is_compared(run: Run, demo: Path) -> None:
    rows = {row["code"]: row for row in run("-w", demo, "summary", "--format", "json").json["rows"]}
    assert rows["press_total"]["base_previous"] == 6053
    assert rows["press_media.total.all"]["base_previous"] is None
    assert rows["press_media.total.all"]["change_previous"] is None
