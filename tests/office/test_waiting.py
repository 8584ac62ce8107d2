"""Files that wait in the inbox: who has sent what before a merge, and by when it is to be sent again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import openpyxl
import pytest

from tests.making.office import Q4, Office
from tests.making.word_documents import tagged

TODAY = dt.date.today()


def states(office: Office, *more: object) -> dict[str, str]:
    return {one["unit"]: one["state"] for one in _status(office, *more)["units"]}


def _status(office: Office, *more: object) -> Any:
    return office.run("status", "2024-Q1", "--format", "json", *more).json


def reminded(office: Office) -> set[str]:
    said = office.run("status", "2024-Q1", "--remind", "--format", "json").json
    return {one["unit"] for one in said["reminders"]}


def test_a_workbook_says_whose_it_is_whatever_it_is_called(office: Office) -> None:
    office.put("bao cao.xlsx", office.book("01", 10))
    office.put("2024-03-10/03.xlsx", office.book("02", 10))  # a copy of another unit's workbook, filled in
    assert states(office) == {"01": "unmerged", "02": "unmerged", "03": "missing"}
    assert reminded(office) == {"03"}
    listed = office.run("status", "2024-Q1", "--list")
    assert "Received, not merged yet (2)" in listed.out
    assert "2 files in the inbox are not merged yet: reportctl merge 2024-Q1" in listed.err
    assert "2 files in the inbox are not merged yet" in office.run("status", "2024-Q1", "--remind").err
    office.merge()
    assert states(office) == {"01": "accepted", "02": "accepted", "03": "missing"}
    assert "not merged" not in office.run("status", "2024-Q1", "--remind").err


def test_a_file_that_cannot_be_opened_is_known_by_its_name(office: Office) -> None:
    office.put("Huyện 02.xlsx", b"PK\x03\x04 cut off")
    office.put("x.xlsx", b"PK\x03\x04 cut off too")
    found = _status(office)
    assert (found["unmerged"], found["missing"], found["unassigned"]) == (1, 2, ["x.xlsx"])
    office.merge()
    assert states(office)["02"] == "unreadable"  # it does not wait any longer


def test_what_the_last_merge_could_not_open_either_does_not_wait(office: Office) -> None:
    office.put("01.xlsx", office.book("01", 10))
    (office.root / "inbox" / "2024-Q1" / "Huyện 02.xlsx").symlink_to(office.root / "gone.xlsx")
    assert states(office) == {"01": "unmerged", "02": "unmerged", "03": "missing"}
    office.merge()
    assert states(office) == {"01": "accepted", "02": "unreadable", "03": "missing"}
    assert reminded(office) == {"02", "03"}


def test_what_is_no_workbook_and_copies_are_no_reports(office: Office) -> None:
    office.put("Huyện 01.pdf", b"%PDF-1.4 a scan")
    office.put("02.xlsx", office.book("02", 5))
    office.put("a copy of it.xlsx", office.book("02", 5))
    found = _status(office)
    assert (found["unmerged"], found["missing"], found["unassigned"]) == (1, 2, [])


def test_of_very_many_files_only_those_are_opened_whose_names_tell_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportctl.merge.waiting._OPENED", 2)
    office.put("01.xlsx", office.book("02", 1))
    office.put("x.xlsx", office.book("03", 2))
    assert states(office) == {"01": "missing", "02": "unmerged", "03": "unmerged"}
    office.put("y.xlsx", office.book("03", 3))
    assert states(office) == {"01": "unmerged", "02": "missing", "03": "unmerged"}


def test_a_newer_file_of_a_rejected_report_waits(office: Office) -> None:
    office.put("2024-03-10/01.xlsx", office.book("01", 10, printed="khoảng 9"))
    office.put("2024-03-10/02.xlsx", office.book("02", 10))
    office.merge()
    assert reminded(office) == {"01", "03"}
    office.put("2024-03-11/01.xlsx", office.book("01", 10))
    office.put("2024-03-11/02.xlsx", office.book("02", 12))
    assert states(office) == {"01": "unmerged", "02": "accepted", "03": "missing"}
    assert reminded(office) == {"03"}
    shown = office.run("status", "2024-Q1").out
    assert "1 unit has a newer file that is not merged yet: Huyện 02." in shown


def test_one_units_files_that_wait_are_named(office: Office) -> None:
    office.put("01.xlsx", office.book("01", 10))
    shown = office.run("status", "2024-Q1", "--unit", "01").out
    assert "Huyện 01 (01), first quarter of 2024: not merged yet; late" in shown
    assert "1 file is not merged yet: 01.xlsx. Run: reportctl merge 2024-Q1" in shown
    assert "imported" not in shown
    assert office.run("status", "2024-Q1", "--unit", "01", "--format", "json").json["unmerged"] == ["01.xlsx"]


def test_wrong_quarters_are_said_also_where_a_newer_file_counts(office: Office) -> None:
    office.put("2024-03-10/old.xlsx", office.book("01", 10, Q4))
    (office.root / "report.docx").write_bytes(tagged("table:province"))
    for code in ("01", "02", "03"):
        office.put(f"2024-03-12/{code}.xlsx", office.book(code, 10))
    # The findings of an ordinary file that was replaced are not said.
    office.put("2024-03-10/02.xlsx", office.book("02", 10, printed="khoảng 9"))
    merged = office.run("merge", "2024-Q1")
    assert merged.code == 1
    assert "2024-03-10/old.xlsx" in merged.out
    assert "khoảng" not in merged.out
    assert states(office) == {"01": "accepted", "02": "accepted", "03": "accepted"}
    sentence = "1 file says the wrong unit, quarter or form: 2024-03-10/old.xlsx: "
    for command in ("status", "run"):
        assert sentence in " ".join(office.run(command, "2024-Q1").out.split())
    (office.root / "reportctl.toml").write_text('language = "en"\ncurrent = "2024-Q1"\n', encoding="utf-8")
    assert sentence in office.run().out


def test_the_day_by_which_a_report_is_to_be_sent_again(office: Office) -> None:
    office.put("01.xlsx", office.book("01", 10, printed="khoảng 9"))
    office.merge()
    (office.root / "reportctl.toml").write_text(
        'language = "en"\n[deadlines]\ndefault = { days_after = 3 }\nresend_days = 5\n', encoding="utf-8"
    )
    day, later = TODAY + dt.timedelta(days=5), TODAY + dt.timedelta(days=9)
    office.run("validate", "2024-Q1", "--mark")
    assert _marked_by(office) == f"{day.day} {day:%B %Y}"
    office.run("validate", "2024-Q1", "--mark", "--by", f"{later:%d/%m/%Y}")
    assert _marked_by(office) == f"{later.day} {later:%B %Y}"
    said = office.run("status", "2024-Q1", "--remind", "--by", later.isoformat()).out
    assert said.count(f"by {later.day}\u00a0{later:%b %Y} at the latest") == 3
    assert f"by {day.day}\u00a0{day:%b %Y} at the latest" in office.run("status", "2024-Q1", "--remind").out


def _marked_by(office: Office) -> str:
    book = openpyxl.load_workbook(office.root / "returned" / "2024-Q1" / "01.marked.xlsx")
    above = {row[0]: row[3] for row in book["To correct"].iter_rows(2, 6, 2, 5, values_only=True)}
    return str(above["To be sent again by"]).replace("\u00a0", " ")


@pytest.mark.parametrize("command", [("status", "--remind"), ("validate", "--mark")])
def test_a_past_day_is_refused(office: Office, command: tuple[str, ...]) -> None:
    past = TODAY - dt.timedelta(days=1)
    for word, sentence in ((past.isoformat(), "is past"), ("mai", "is no day"), ("30/2/2099", "is no day")):
        said = office.run(*command, "--by", word)
        assert (said.code, sentence in said.err) == (2, True)
    today = office.run(command[0], "2024-Q1", *command[1:], "--by", TODAY.isoformat())
    assert today.code == 0
    alone = office.run(command[0], "2024-Q1", "--by", TODAY.isoformat())
    assert (alone.code, f"write it with {command[1]}" in alone.err) == (2, True)


@pytest.mark.parametrize("value", ["-1", '"two"', "{ days_after = 2 }"])
def test_days_that_cannot_be_used_are_named(office: Office, value: str) -> None:
    (office.root / "reportctl.toml").write_text(f"[deadlines]\nresend_days = {value}\n", encoding="utf-8")
    said = office.run("status", "2024-Q1")
    assert said.code == 2
    assert "deadlines.resend_days" in said.err
