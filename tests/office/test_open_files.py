"""Files that are open elsewhere while a command runs: the others are written, these are named at the end."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.ledger.archive import read_decisions
from tests.making.commands import Run
from tests.making.held import forbid, held, hold_from_reading, hold_from_replacing, hurry, sharing_violation
from tests.making.office import Office, closing, verdicts
from tests.making.word_documents import SECTION, docx, p
from tests.making.word_documents import run as text_run

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def reporting(office: Office) -> Office:
    """An office with two returns, one of them in error, and a Word template with one figure."""
    office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 20, aired=5))
    (office.root / "report.docx").write_bytes(docx(p(text_run("{{press_total}} tin, bài")) + SECTION))
    return office


def test_templates_are_made_but_for_one_that_is_open(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_from_replacing(monkeypatch, held("02 Huyen 02.xlsx"))
    outbox = office.root / "outbox" / "2024-Q1"
    outbox.mkdir(parents=True)
    (outbox / "02 Huyen 02.xlsx").write_bytes(b"open in Excel")
    written = {"outbox/2024-Q1/02 Huyen 02.xlsx": hashlib.sha256(b"open in Excel").hexdigest()}
    (office.root / ".reportctl-written.json").write_text(json.dumps(written))
    said = office.run("template", "2024-Q1")
    assert said.code == 2
    assert "2 workbooks are in" in said.out
    locked, rest = said.err.splitlines()[-2:]
    assert locked.endswith(
        "02 Huyen 02.xlsx cannot be written: it is open in another program. Close it and try again."
    )
    assert rest == "All the others are written."
    assert listed(outbox) == ["01 Huyen 01.xlsx", "02 Huyen 02.xlsx", "03 Huyen 03.xlsx"]
    assert (outbox / "02 Huyen 02.xlsx").read_bytes() == b"open in Excel"
    monkeypatch.undo()
    assert office.run("template", "2024-Q1").code == 0
    assert listed(outbox) == ["01 Huyen 01.xlsx", "02 Huyen 02.xlsx", "03 Huyen 03.xlsx"]


def test_a_folder_without_rights_stops_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tried = Path.open, []

    def open_(path: Path, mode: str = "r", *more: object, **named: object) -> object:
        if "x" in mode and "outbox" in path.parts:
            tried.append(path)
            raise PermissionError(errno.EACCES, "Access is denied", str(path))
        return real(path, mode, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_)
    monkeypatch.setattr("reportctl.core.files._WAITS", ())
    said = office.run("template", "2024-Q1")
    assert said.code == 2
    assert f"this account may not write in the folder {office.root / 'outbox' / '2024-Q1'}" in said.err
    assert len(tried) == 1


def test_marked_copies_are_made_but_for_one_that_is_open(
    reporting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporting.put("c.xlsx", reporting.book("03", 30, aired=7))
    hold_from_replacing(monkeypatch, held("b.marked.xlsx"))
    said = reporting.run("validate", "2024-Q1", "--mark")
    assert said.code == 2
    assert listed(reporting.root / "returned" / "2024-Q1") == ["c.marked.xlsx"]
    assert "1 marked copy is in" in said.err
    assert "b.marked.xlsx cannot be written" in said.err.splitlines()[-2]
    assert "no longer to be sent" not in said.err
    hold_from_replacing(monkeypatch, held("b.marked.xlsx", "c.marked.xlsx"))
    said = reporting.run("validate", "2024-Q1", "--mark")
    assert "Nothing needs to be sent back" not in said.err + said.out


@pytest.mark.parametrize(
    ("open_one", "written"),
    [
        ("merged.xlsx", ["report-2024-Q1.docx", "values.csv"]),
        ("values.csv", ["merged.xlsx", "report-2024-Q1.docx"]),
        ("report-2024-Q1.docx", ["merged.xlsx", "values.csv"]),
    ],
)
def test_the_main_job_goes_on_without_one_that_is_open(
    reporting: Office, monkeypatch: pytest.MonkeyPatch, open_one: str, written: list[str]
) -> None:
    hold_from_replacing(monkeypatch, held(open_one))
    said = reporting.run("run", "2024-Q1")
    assert said.code == 2
    assert listed(reporting.root / "output" / "2024-Q1") == written
    assert f"{open_one} cannot be written: " in said.err.splitlines()[-2]
    assert "Rejected (1): Huyện 02." in said.out  # it went on to its end
    assert ("The report is in" in said.out) == (open_one != "report-2024-Q1.docx")


def test_a_merge_says_what_came_of_the_files_where_the_folder_takes_none(
    reporting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (reporting.root / "output" / "2024-Q1").mkdir(parents=True)
    forbid(monkeypatch, reporting.root / "output" / "2024-Q1")
    said = reporting.run("merge", "2024-Q1")
    assert said.code == 2
    assert "2 files: 1 accepted" in said.out
    assert "cannot be written" in said.err.splitlines()[-1]
    monkeypatch.undo()
    assert reporting.run("merge", "2024-Q1").code == 1
    assert listed(reporting.root / "output" / "2024-Q1") == ["merged.xlsx", "values.csv"]


def test_a_merge_goes_on_without_a_workbook_that_is_open(
    reporting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_from_replacing(monkeypatch, held("merged.xlsx"))
    said = reporting.run("merge", "2024-Q1")
    assert said.code == 2
    assert listed(reporting.root / "output" / "2024-Q1") == ["values.csv"]
    assert "2 files: 1 accepted" in said.out


def test_an_output_that_nobody_may_even_read_is_put_off_too(
    reporting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporting.run("merge", "2024-Q1")
    output = reporting.root / "output" / "2024-Q1"
    real = Path.open

    def open_(path: Path, *more: object, **named: object) -> object:
        if path.name == "merged.xlsx":
            raise sharing_violation(path)
        return real(path, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_)
    reporting.put("c.xlsx", reporting.book("03", 30))
    said = reporting.run("merge", "2024-Q1")
    assert said.code == 2
    assert "merged.xlsx cannot be written: it is open in another program" in said.err
    assert listed(output) == ["merged.xlsx", "values.csv"]
    assert ",03," in (output / "values.csv").read_text(encoding="utf-8-sig")


def test_the_same_bytes_twice_in_an_inbox_are_no_trouble(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = office.book("01", 10)
    office.put("2024-03-20/a.xlsx", book)
    office.put("2024-03-21/a.xlsx", book)
    real = os.replace

    def replace(source: str, target: str) -> None:
        real(source, target)
        if Path(target).suffix == ".xlsx":  # another thread has just put the same there
            raise sharing_violation(target)

    monkeypatch.setattr(os, "replace", replace)
    assert verdicts(office.merge()) == {"2024-03-20/a.xlsx": ("accepted", True)}


def test_a_return_that_is_held_costs_itself_only_and_is_said_to_be_open(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 20))
    hold_from_reading(monkeypatch, held("b.xlsx"))
    merged = office.merge()
    assert verdicts(merged) == {"a.xlsx": ("accepted", True)}
    (found,) = [one for one in merged.findings if one.code == "unreadable_file"]
    assert found.message == "the file cannot be opened here: it is open in another program"


# The old file of a refresh, the frozen file of a closed quarter


def test_a_refresh_that_cannot_write_leaves_no_backup(
    reporting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reporting.run("run", "2024-Q1").code == 1
    reporting.put("c.xlsx", reporting.book("03", 30))
    reporting.run("merge", "2024-Q1")
    report = reporting.root / "output" / "2024-Q1" / "report-2024-Q1.docx"
    before, names = report.read_bytes(), listed(report.parent)
    hold_from_replacing(monkeypatch, held(report.name))
    said = reporting.run("refresh", report)
    assert said.code == 2
    assert "it is open in another program" in said.err
    assert listed(report.parent) == names
    assert report.read_bytes() == before
    monkeypatch.undo()
    assert reporting.run("refresh", report).code == 0
    assert listed(report.parent) == sorted([*names, "report-2024-Q1.before-1.docx"])


def test_a_refresh_sees_that_word_has_a_name_of_seven_letters_open(reporting: Office) -> None:
    report = reporting.root / "bao-cao.docx"
    reporting.run("merge", "2024-Q1")
    assert reporting.run("report", "2024-Q1", "--out", report).code == 0
    reporting.put("c.xlsx", reporting.book("03", 30))
    reporting.run("merge", "2024-Q1")
    (reporting.root / "~$ao-cao.docx").write_text("Lan")
    said = reporting.run("refresh", report)
    assert said.code == 2
    assert "~$ao-cao.docx lies beside it" in said.err


def test_a_quarter_that_cannot_be_closed_keeps_its_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    frozen = office.root / "closed" / "2024-Q1.csv"
    frozen.parent.mkdir()
    frozen.write_bytes(b"of before")
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if Path(source).name.startswith(".~") and target == frozen:
            raise sharing_violation(target)
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(ReportctlError, match=r"2024-Q1\.csv cannot be written"):
        closing(office)
    assert [(path.name, path.read_bytes()) for path in frozen.parent.iterdir()] == [
        ("2024-Q1.csv", b"of before")
    ]
    assert not [row for row in read_decisions(office.root / "decisions.csv") if row.action == "closed"]


# Files named by a pattern


def test_the_program_finds_the_files_that_a_pattern_names(office: Office) -> None:
    folder = office.root / "tới [2024]"
    folder.mkdir()
    for name, code in (("a.xlsx", "01"), ("b.xlsx", "02"), ("~$a.xlsx", "03"), ("c.ods", "03")):
        (folder / name).write_bytes(office.book(code, 10))
    said = office.run("validate", "2024-Q1", folder / "*.xlsx", "--format", "json")
    assert [file["file"] for file in said.json["files"]] == ["a.xlsx", "b.xlsx"]
    said = office.run("validate", "2024-Q1", folder / "?.*", folder / "a.xlsx", "--format", "json")
    assert [file["file"] for file in said.json["files"]] == ["a.xlsx", "b.xlsx", "c.ods"]
    said = office.run("merge", "2024-Q1", folder / "*.pdf")
    assert said.code == 2
    assert "No file fits “" in said.err
    assert "*.pdf”. Check the folder and the name." in said.err


def test_where_one_file_is_taken_a_pattern_names_one(office: Office) -> None:
    (office.root / "inbox" / "2024-Q1").mkdir(parents=True)
    for name in ("a.csv", "b.csv"):
        (office.root / name).write_text("unit,indicator,period,value\n01,press_total,2023-Q1,5\n")
    assert (
        "fits 2 files, and only one is taken: a.csv, b.csv"
        in office.run("history", office.root / "?.csv").err
    )
    assert "2023: 1 figure taken in" in office.run("history", office.root / "a*.csv").out
    assert (office.root / "closed" / "imported-2023-Q1.csv").is_file()
    assert office.run("history", "COM1").code == 2
    assert "There is no file CON.docx" in office.run("refresh", "CON.docx").err


# Names


def test_an_output_is_not_named_as_a_device(office: Office, tmp_path: Path, run: Run) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    said = office.run("export", "2024-Q1", "--to", "csv", "--out", office.root / "AUX.csv")
    assert said.code == 2
    assert "Windows keeps the name “AUX.csv” for a device" in said.err
    assert run("init", tmp_path / "com1").code == 2
    assert run("demo", tmp_path / "nul").code == 2
    assert not (tmp_path / "com1").exists()


# Copies of a syncing folder


@pytest.mark.parametrize(
    "name",
    [
        "decisions-PC2.csv",  # OneDrive
        "decisions (Lan's conflicted copy 2024-03-20).csv",  # Dropbox
        "decisions (1).csv",  # Google Drive
        "decisions.sync-conflict-20240320-101112-ABCDEFG.csv",  # Syncthing
        "decisions_PC2_Mar-20-101112-2024_Conflict.csv",  # Synology
        "Decisions - Copy.csv",
    ],
)
def test_a_second_list_of_decisions_is_named_with_what_only_it_has(office: Office, name: str) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    decisions = office.root / "decisions.csv"
    copy = office.root / name
    copy.write_bytes(decisions.read_bytes())
    said = office.run("status", "2024-Q1")
    assert f"{name} lies beside decisions.csv" in said.err
    assert "All its rows stand in decisions.csv: delete it." in said.err
    assert name not in said.out
    more = b"2024-04-02T08:00:00,an,corrected,2024-Q1,01,press_total,12,,,,told\r\n"
    copy.write_bytes(decisions.read_bytes() + more)
    for command in ("merge", "validate", "report", "summary"):
        assert "1 row of it is not in decisions.csv: add it at the end there" in office.run(command).err
    copy.write_bytes(b"not a list")
    assert f"{name} lies beside decisions.csv" in office.run("status", "2024-Q1").err


def test_other_conflicted_copies_are_named_and_peoples_own_copies_are_not(office: Office) -> None:
    (office.root / "closed").mkdir()
    wrong = [
        "form-LAPTOP-3K2.toml",
        "units (conflicted copy).csv",
        "plan (Bản sao bị xung đột của Lan).csv",
        "closed/2024-Q1-PC2.csv",
        "closed/imported-2023-Q4 (1).csv",
    ]
    right = [
        "units-2025.csv",
        "units - cũ.csv",
        "form-moi.toml",
        "report (2).docx",
        "reportage-PC2.docx",
        "closed/2023-Q3.csv",
        "closed/2023-Q3-until-2024-05-01.csv",
        "closed/2023-Q3-until-2024-05-01-2.csv",
        "decisionsnew.csv",
    ]
    for name in (*wrong, *right):
        (office.root / name).write_text("x")
    said = office.run("status", "2024-Q1").err
    assert [name for name in wrong if f"{Path(name).name} lies beside" not in said] == []
    assert [name for name in right if f"{Path(name).name} lies beside" in said] == []
    assert "lies beside" not in office.run("explain").err
