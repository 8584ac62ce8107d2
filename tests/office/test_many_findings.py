"""A quarter with more errors than a screen has room for."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.making.office import Q4, Office, make_office
from tests.making.word_documents import tagged

pytestmark = pytest.mark.slow

UNITS = tuple(f"{number:04}" for number in range(1, 61))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Of sixty units forty have sent a workbook with two errors."""
    made = make_office(tmp_path / "many", UNITS)
    broken = made.book("0001", 10, printed="khoảng 9", aired="1.5x")
    for code in UNITS[:40]:
        made.put(f"{code}.xlsx", _of_unit(broken, code))
    return made


def _of_unit(book: bytes, code: str) -> bytes:
    """The workbook of unit 0001 as another unit's."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(
                zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), old.read(name).replace(b"0001", code.encode())
            )
    return out.getvalue()


def listed(office: Office) -> tuple[int, int]:
    """How many rows findings.csv has, and how many cells of findings.xlsx hold a code of its last column."""
    folder = office.root / "output" / "2024-Q1"
    rows = list(csv.DictReader((folder / "findings.csv").read_text("utf-8-sig").splitlines()))
    sheet = openpyxl.load_workbook(folder / "findings.xlsx")["Findings"]
    return len(rows), sum(
        row[9].value in ("approximate", "wrong_unit_in_cell") for row in sheet.iter_rows(min_row=4)
    )


def test_the_screen_has_a_summary_and_files_have_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in ("80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        (office.root / "reportctl.db").unlink(missing_ok=True)  # everything is new
        merged = office.run("merge", "2024-Q1")
        assert merged.code == 1
        assert len(merged.out.splitlines()) <= 110
        assert "Errors: 80. Warnings: 0. Notes: 0. Files: 40." in merged.out
        assert "and 28 more units, with 56 findings" in merged.out
        assert "2024-Q1/findings.xlsx, findings.csv" in merged.out
        assert "Not received (20): Huyện 0041, " in merged.out
        assert listed(office) == (100, 80)  # with the 20 that sent nothing


def test_where_nothing_is_new_it_is_no_more_than_a_screen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):  # the quarter before, by mistake
        office.put(f"the workbook of last quarter {number}.xlsx", office.book("0050", 10 + number, Q4))
    first = office.run("merge", "2024-Q1")
    assert "9 files say the wrong unit, quarter or form: " in first.out
    for width in (80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        again = office.run("merge", "2024-Q1")
        assert again.code == 1
        assert sum(max(1, -(-len(line) // width)) for line in again.out.splitlines()) <= 24
        assert "9 files say the wrong unit, quarter or form: " in again.out
        assert "Errors: 89." in again.out
        assert "2024-Q1/findings.xlsx" in again.out
    assert listed(office)[1] == 80


def test_the_lists_stay_true_when_there_are_few(office: Office) -> None:
    office.run("merge", "2024-Q1")
    for code in UNITS[1:40]:
        (office.root / "inbox" / "2024-Q1" / f"{code}.xlsx").unlink()
    for name in ("decisions.csv", "reportctl.db"):
        (office.root / name).unlink()  # as if they had never come
    merged = office.run("merge", "2024-Q1")
    assert "khoảng 9" in merged.out
    assert "All of it" not in merged.out
    assert "Written" in merged.out.split("values.csv")[1]
    assert listed(office)[1] == 2
    office.run("accept", "2024-Q1", "0001", "--why", "đã gọi điện")
    assert "\nerror," not in (office.root / "output/2024-Q1/findings.csv").read_text("utf-8-sig")


def test_few_findings_are_shown_and_not_written(office: Office) -> None:
    for code in UNITS[2:40]:
        (office.root / "inbox" / "2024-Q1" / f"{code}.xlsx").unlink()
    merged = office.run("merge", "2024-Q1")
    assert merged.out.count("khoảng 9") == 4  # the value, and what is said of it
    assert not list((office.root / "output" / "2024-Q1").glob("findings*"))


def test_what_somebody_noted_in_the_list_stays(office: Office) -> None:
    office.run("merge", "2024-Q1")
    path = office.root / "output" / "2024-Q1" / "findings.xlsx"
    path.write_bytes(b"somebody's")
    merged = office.run("merge", "2024-Q1")
    assert path.read_bytes() == b"somebody's"
    assert "findings (2).xlsx, findings.csv" in merged.out


def test_a_run_writes_the_lists_too(office: Office) -> None:
    (office.root / "report.docx").write_bytes(tagged("table:province"))
    said = office.run("run", "2024-Q1")
    assert said.code == 1
    assert "2024-Q1/findings.xlsx" in said.out
    assert ", Huyện 0020 and 20 others." in said.out
    assert listed(office) == (100, 80)


def test_validate_says_how_to_have_all_of_it(office: Office, tmp_path: Path) -> None:
    checked = office.run("validate", "2024-Q1")
    assert len(checked.out.splitlines()) <= 110
    assert "All of it: reportctl validate 2024-Q1 --out findings.xlsx" in checked.out
    assert not (office.root / "output").exists()
    for name in ("all.xlsx", "all.csv"):
        assert (
            f"All of it: {tmp_path / name}" in office.run("validate", "2024-Q1", "--out", tmp_path / name).out
        )
    assert len(list(csv.DictReader((tmp_path / "all.csv").read_text("utf-8-sig").splitlines()))) == 100
    assert openpyxl.load_workbook(tmp_path / "all.xlsx")["By kind"]["B4"].value == "approximate"
    refused = office.run("validate", "2024-Q1", "--out", tmp_path / "all.pdf")
    assert (refused.code, ".xlsx, .csv, .json" in refused.err) == (2, True)


def test_other_formats_have_all_findings(office: Office) -> None:
    office.run("merge", "2024-Q1")
    assert len(office.run("validate", "2024-Q1", "--format", "json").json["findings"]) == 100
    assert len(office.run("validate", "2024-Q1", "--format", "csv").out.splitlines()) == 101
