"""One unit's files: numbered, which counts and why, what changed between them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import openpyxl
import pytest

from reportctl.decisions.close import close
from reportctl.ledger.archive import read_decisions
from reportctl.ledger.decisions import QuarterDecisions, decisions_by_quarter
from reportctl.ledger.ledger import open_ledger
from reportctl.status.status import status
from reportctl.status.unit import UnitReport, unit_json, unit_report, unit_tables
from reportctl.workspace.settings import Settings
from tests.making.figures import calendar_of
from tests.making.office import Q1, TODAY, Office, accepting, correcting, run_of


def report(office: Office, unit: str = "01") -> UnitReport:
    ruled = decisions_by_quarter(read_decisions(office.root / "decisions.csv")).get(Q1, QuarterDecisions())
    with open_ledger(office.root / "reportctl.db") as ledger:
        found = status(ledger, office.form, calendar_of(office.roster), Q1, settings=Settings(), today=TODAY)
        of = next(one for one in found.units if one.unit == unit)
        return unit_report(ledger, office.form, Q1, of, ruled, "zero")


def revisions(of: UnitReport) -> list[tuple[int, str, bool, str]]:
    return [(r.number, r.file.record.file, r.file.record.counts, r.why) for r in of.revisions]


def changes(of: UnitReport) -> list[tuple[int, int, str, object, object]]:
    return [
        (step.before, step.after, d.code, d.before.value, d.after.value)
        for step in of.steps
        for d in step.differences
    ]


def today_in_words() -> str:
    day = dt.date.today()
    return f"{day.day}\u00a0{day:%b %Y}"


def test_files_are_numbered_in_the_order_received_and_compared_one_by_one(office: Office) -> None:
    office.put("2024-03-22/a.xlsx", office.book("01", 12))
    office.put("2024-03-20/z.xlsx", office.book("01", 10, printed="khoảng 9"))
    office.put("2024-03-21/m.xlsx", office.book("01", 10))
    office.put("2024-03-21/other.xlsx", office.book("02", 99))
    office.merge()
    found = report(office)
    assert revisions(found) == [
        (1, "2024-03-20/z.xlsx", False, "rejected: 1 error"),
        (2, "2024-03-21/m.xlsx", False, "superseded by 3"),
        (3, "2024-03-22/a.xlsx", True, "the latest without errors"),
    ]
    assert [(r.file.errors, r.file.warnings) for r in found.revisions] == [(1, 0), (0, 0), (0, 0)]
    assert changes(found) == [
        (1, 2, "printed", "khoảng 9", 9),
        (2, 3, "press_total", 10, 12),
        (2, 3, "printed", 9, 11),
    ]


def test_of_one_day_the_documents_own_date_decides(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 11, modified="2024-03-16T08:00:00Z"))
    office.put("b.xlsx", office.book("01", 10, modified="2024-03-15T08:00:00Z"))
    office.merge()
    assert [(n, file) for n, file, _counts, _why in revisions(report(office))] == [
        (1, "b.xlsx"),
        (2, "a.xlsx"),
    ]


def test_when_a_document_was_saved_is_said_in_the_time_of_vietnam(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 11, modified="2024-03-15T20:05:00Z"))
    office.merge()
    found = report(office)
    (row,) = unit_tables(found)[0].rows
    assert "16\N{NO-BREAK SPACE}Mar 2024 03:05" in row.cells
    assert unit_json(found)["revisions"][0]["modified"] == "2024-03-15T20:05:00+00:00"


def test_a_tie_says_with_whom(office: Office) -> None:
    office.put("2024-03-20/o.xlsx", office.book("01", 9))
    office.put("2024-03-21/a.xlsx", office.book("01", 10))
    office.put("2024-03-21/b.xlsx", office.book("01", 11))
    office.merge()
    assert [why for *_rest, why in revisions(report(office))] == [
        "superseded by 2, 3",
        "of the same date as 3, so none counts",
        "of the same date as 2, so none counts",
    ]


def test_who_accepted_it_and_what_was_told(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10, printed=5))
    office.merge()
    accepting(office, "01")
    correcting(office, "01", "printed", "9")
    found = report(office)
    ((_n, _file, counts, why),) = revisions(found)
    assert counts
    assert why == f"accepted in spite of its errors by lan on {today_in_words()}: đã gọi điện"
    (told,) = found.corrections
    assert (told.revision, told.difference.before.value, told.difference.after.value) == (1, 5, 9)
    assert told.holds
    # A newer file supersedes it; what was told stays visible beside the file it was told about.
    office.put("2024-03-21/a.xlsx", office.book("01", 12))
    office.merge()
    found = report(office)
    assert [why for *_rest, why in revisions(found)] == ["superseded by 2", "the latest without errors"]
    assert [told.holds for told in found.corrections] == [False]
    assert (1, 2, "printed", 5, 11) in changes(found)


def test_what_came_after_closing(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.merge()
    close(run_of(office), "xong")
    office.put("2024-03-21/b.xlsx", office.book("01", 12))
    office.merge()
    assert revisions(report(office)) == [
        (1, "2024-03-20/a.xlsx", True, "the latest without errors"),
        (2, "2024-03-21/b.xlsx", False, f"came after the quarter was closed by lan on {today_in_words()}"),
    ]


def emptied(data: bytes) -> bytes:
    """The workbook with nothing left on its sheets but the mark of whose it is."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name in list(book.defined_names):
        del book.defined_names[name]
    for sheet in book.worksheets[1:3]:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        for row in sheet.iter_rows():
            for cell in row:
                if cell.coordinate != "A1":
                    cell.value = None
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_file_without_answers_is_passed_over_in_comparing(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.put("2024-03-21/b.xlsx", emptied(office.book("01", 11)))
    office.put("2024-03-22/c.xlsx", office.book("01", 12))
    office.merge()
    found = report(office)
    assert [why for *_rest, why in revisions(found)] == [
        "superseded by 3",
        "rejected: 4 errors",
        "the latest without errors",
    ]
    assert found.unread == (2,)
    assert [step[:2] for step in changes(found)] == [(1, 3), (1, 3)]


def test_nothing_changed_and_nothing_came(office: Office) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.put("2024-03-21/b.xlsx", office.book("01", 10, modified="2024-03-16T08:00:00Z"))
    office.merge()
    assert office.run("status", "2024-Q1", "--unit", "01")[1].count("the answers are the same") == 1
    assert "No file has come from the unit." in office.run("status", "2024-Q1", "--unit", "02")[1]


# ---- the command


@pytest.fixture
def twice(office: Office) -> Office:
    office.put("2024-03-20/a.xlsx", office.book("01", 10, printed=5))
    office.put("2024-03-21/b.xlsx", office.book("01", 12, results="- 1 tốt"))
    office.merge()
    correcting(office, "01", "aired", "2")
    return office


def test_json_as_promised(twice: Office) -> None:
    code, out, _err = twice.run("status", "2024-Q1", "--unit", "01", "--format", "json")
    found: dict[str, Any] = json.loads(out)
    assert code == 0
    assert (found["period"], found["unit"], found["state"]) == ("2024-Q1", "01", "warned")
    first, second = found["revisions"]
    assert set(first) == {
        "number", "file", "sha256", "received", "modified", "verdict", "counts", "why", "errors", "warnings",
    }  # fmt: skip
    assert (first["number"], first["received"], first["verdict"], first["counts"], first["errors"]) == (
        1, "2024-03-20", "rejected", False, 1,
    )  # fmt: skip
    assert second["counts"] is True
    assert second["modified"].startswith("2024-03-15T08:00:00")
    by_code = {one["code"]: one for one in found["differences"]}
    assert (by_code["press_total"]["before"], by_code["press_total"]["after"]) == (10, 12)
    assert (by_code["press_total"]["from"], by_code["press_total"]["to"]) == (1, 2)
    assert by_code["press_total"]["cell"]
    assert (by_code["results"]["before"], by_code["results"]["after"]) == (None, "- 1 tốt")
    (told,) = found["corrections"]
    assert (told["revision"], told["code"], told["before"], told["after"]) == (2, "aired", 1, 2)
    assert (told["who"], told["why"], told["counts"]) == ("lan", "đã gọi điện", True)


def test_csv_is_one_table(twice: Office) -> None:
    _code, out, _err = twice.run("status", "2024-Q1", "--unit", "01", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["record"] for row in rows] == ["revision"] * 2 + ["difference"] * 3 + ["correction"]
    assert [row["counts"] for row in rows] == ["0", "1", "", "", "", "1"]
    assert rows[4]["after"] == "'- 1 tốt"


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_it_is_shown(twice: Office, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    _code, out, _err = twice.run("status", "2024-Q1", "--unit", "01", "--format", form)
    plain = " ".join(out.split())
    for words in ("accepted with warnings", "rejected: 1 error", "From 1 to 2", "Corrected by telephone"):
        assert words in plain
    assert "lan, " in plain


def test_a_unit_that_there_is_not(twice: Office) -> None:
    assert twice.run("status", "2024-Q1", "--unit", "1") == (
        2,
        "",
        "No unit that reports in this quarter has the code “1”; “01” was meant?\n",
    )


def test_a_reminder_for_one_unit(twice: Office) -> None:
    _code, out, _err = twice.run("status", "2024-Q1", "--unit", "02", "--remind", "--format", "json")
    assert [one["unit"] for one in json.loads(out)["reminders"]] == ["02"]
    assert json.loads(twice.run("status", "2024-Q1", "--unit", "01", "--remind", "--format", "json"
    )[1])["reminders"] == []  # fmt: skip


@pytest.mark.parametrize("other", [["--remind"], ["--unit", "01"]])
def test_the_list_stands_alone(twice: Office, other: list[str]) -> None:
    code, out, err = twice.run("status", "2024-Q1", "--list", *other)
    assert (code, out) == (2, "")
    assert err.startswith("--list stands alone")
    assert not (twice.root / "output/2024-Q1/status.xlsx").exists()
