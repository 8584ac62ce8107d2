"""Merging: whatever happens on the way, the same files give the same ledger."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest
from reportctl.core.findings import finding
from reportctl.form.layout import layout
from reportctl.intake import workers
from reportctl.intake.job import Context, Job, ReadResult, unread
from reportctl.intake.workers import Readers
from reportctl.ledger.archive import Decision, add_decisions, read_decisions
from reportctl.ledger.ledger import open_ledger
from reportctl.ledger.session import Session
from reportctl.merge.merge import Run, merge
from reportctl.workbooks.inbox import named_input
from tests.making.machine import ROOT, posix
from tests.making.office import (
    FORM,
    MORE,
    Q1,
    Q3,
    Q4,
    TODAY,
    UNITS,
    Dump,
    Office,
    codes,
    make_office,
    verdicts,
)

# What one merge does


def test_an_inbox_is_taken_in(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, results="Tốt"))
    office.put("2024-03-20/b.xlsx", office.book("02", 20))
    told: list[tuple[int, int, str]] = []
    run = Run(Session(office.root, TODAY, "lan"), Q1, lambda *what: told.append(what))
    merged = merge(run, None)
    assert verdicts(merged) == {"a.xlsx": ("accepted", True), "2024-03-20/b.xlsx": ("accepted", True)}
    assert {s.file: s.received for s in merged.submissions} == {
        "a.xlsx": TODAY,
        "2024-03-20/b.xlsx": dt.date(2024, 3, 20),
    }
    assert {s.file: (s.filled, s.of) for s in merged.submissions} == {
        "a.xlsx": (4, 4),
        "2024-03-20/b.xlsx": (3, 4),
    }
    assert office.totals() == {("2024-Q1", "01"): 10, ("2024-Q1", "02"): 20}
    assert codes(merged.findings) == [("no_file", "03", None)]
    assert (merged.new_files, merged.earlier, merged.reread) == (2, {}, 0)
    assert [(done, total) for done, total, _file in told] == [(1, 2), (2, 2)]
    assert {file for _done, _total, file in told} == {"a.xlsx", "2024-03-20/b.xlsx"}


def test_originals_form_units_and_dates_are_kept(office: Office) -> None:
    data = office.book("01", 10)
    office.put("a.xlsx", data)
    office.merge()
    sha256 = digest(data)
    archive = office.root / "archive"
    assert (archive / "files" / sha256[:2] / f"{sha256}.xlsx").read_bytes() == data
    assert (archive / "forms" / f"{office.form.fingerprint}.toml").read_text(encoding="utf-8") == FORM
    assert [p.read_bytes() for p in (archive / "units").iterdir()] == [
        (office.root / "units.csv").read_bytes()
    ]
    rows = [
        (r.action, r.who, r.period, r.sha256, r.file, r.received)
        for r in read_decisions(office.root / "decisions.csv")
    ]
    assert rows == [
        ("received", "lan", "2024-Q1", sha256, "a.xlsx", "2024-04-02"),
        ("form", "lan", "2024-Q1", "", "", ""),
    ]


def test_a_broken_rule_rejects_and_the_finding_has_its_cell(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, printed=5))
    merged = office.merge()
    assert verdicts(merged) == {"a.xlsx": ("rejected", False)}
    assert office.totals() == {}
    broken = next(found for found in merged.findings if found.code == "rule_broken")
    assert (broken.unit, broken.file, broken.severity) == ("01", "a.xlsx", "error")


def test_merging_twice_changes_nothing_and_reads_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 20, printed=1))
    office.put("scan.pdf", b"%PDF-1.7\n%%EOF")
    first = office.merge()
    before, decisions = office.dump(), (office.root / "decisions.csv").read_bytes()

    def no_reading(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a file was read again")

    monkeypatch.setattr(Readers, "read", no_reading)
    monkeypatch.setattr("reportctl.intake.workers._Worker", no_reading)
    inbox = office.root / "inbox"
    opened: list[Path] = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: opened.append(self) or read_bytes(self))
    second = office.merge(today=TODAY + dt.timedelta(days=9))
    assert (second.new_files, second.reread) == (0, 0)
    assert (second.submissions, second.findings) == (first.submissions, first.findings)
    assert office.dump() == before
    assert (office.root / "decisions.csv").read_bytes() == decisions
    assert not [path for path in opened if path.is_relative_to(inbox)]


@pytest.mark.slow
def test_a_ledger_that_was_deleted_is_made_again(office: Office) -> None:
    office.put("2024-03-18/a.xlsx", office.book("01", 10))
    office.put("a.xlsx", office.book("01", 11, modified="2024-03-19T08:00:00Z"))
    office.put("b.xlsx", office.book("02", 20))
    office.put("q4.xlsx", office.book("02", 7, Q4), Q4)
    office.merge()
    before = office.dump()
    assert office.totals(Q1, Q4) == {("2023-Q4", "02"): 7, ("2024-Q1", "01"): 11, ("2024-Q1", "02"): 20}
    (office.root / "reportctl.db").unlink()
    again = office.merge(today=TODAY + dt.timedelta(days=9))
    assert (again.new_files, again.reread) == (0, 4)
    assert office.dump() == before


@pytest.mark.slow
def test_a_ledger_is_made_again_without_the_inbox(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 20), Q4)
    office.merge()
    totals = office.totals(Q1)
    (office.root / "reportctl.db").unlink()
    shutil.rmtree(office.root / "inbox")
    merged = office.merge()
    assert office.totals(Q1) == totals
    assert codes(merged.findings)[0] == ("file_vanished", "01", "a.xlsx")


@pytest.mark.parametrize("content", [b"", b"no database " * 500, None])
def test_a_broken_ledger_is_made_again(office: Office, content: bytes | None) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    before = office.dump()
    path = office.root / "reportctl.db"
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40960 if content is None else content)
    office.merge()
    assert office.dump() == before


# Which one counts


def test_a_later_file_supersedes_and_the_earlier_one_stays_stored(office: Office) -> None:
    office.put("2024-03-18/a.xlsx", office.book("01", 10))
    office.put("2024-03-20/a.xlsx", office.book("01", 11))
    merged = office.merge()
    assert verdicts(merged) == {
        "2024-03-18/a.xlsx": ("accepted", False),
        "2024-03-20/a.xlsx": ("accepted", True),
    }
    assert office.totals() == {("2024-Q1", "01"): 11}
    assert ("superseded", "01", "2024-03-18/a.xlsx") in codes(merged.findings)


def test_a_later_rejected_file_leaves_the_earlier_one_counting(office: Office) -> None:
    office.put("2024-03-18/a.xlsx", office.book("01", 10))
    office.put("2024-03-20/a.xlsx", office.book("01", 11, aired=7))
    merged = office.merge()
    assert office.totals() == {("2024-Q1", "01"): 10}
    assert ("later_rejected", "01", "2024-03-18/a.xlsx") in codes(merged.findings)


def test_a_tie_is_undone_by_moving_one_to_a_later_folder(office: Office) -> None:
    first = office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("01", 11))
    merged = office.merge()
    assert verdicts(merged) == {"a.xlsx": ("rejected", False), "b.xlsx": ("rejected", False)}
    assert office.totals() == {}
    assert office.merge().findings == merged.findings
    (first.parent / "2024-04-03").mkdir()
    first.rename(first.parent / "2024-04-03" / "a.xlsx")
    merged = office.merge()
    assert verdicts(merged) == {"2024-04-03/a.xlsx": ("accepted", True), "b.xlsx": ("accepted", False)}
    assert office.totals() == {("2024-Q1", "01"): 10}
    before = office.dump()
    office.merge()
    assert office.dump() == before


def test_another_day_alone_is_noted_without_reading_again(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    row = next(r for r in read_decisions(office.root / "decisions.csv") if r.action == "received")
    add_decisions(office.root / "decisions.csv", [Decision(**{**_fields(row), "received": "2024-03-01"})])
    merged = office.merge()
    assert [s.received for s in merged.submissions] == [dt.date(2024, 3, 1)]
    assert merged.reread == 0


def _fields(row: Decision) -> dict[str, str]:
    return {name: getattr(row, name) for name in Decision.__slots__}


def test_the_same_bytes_in_two_places_are_one_submission(office: Office) -> None:
    data = office.book("01", 10)
    office.put("0.xlsx", data)
    office.put("2024-03-21/a.xlsx", data)
    office.put("2024-03-20/copy.xlsx", data)
    merged = office.merge()
    assert verdicts(merged) == {"2024-03-20/copy.xlsx": ("accepted", True)}
    assert merged.new_files == 1
    before = office.dump()
    office.merge()
    assert office.dump() == before


def test_the_same_bytes_in_two_quarters_are_a_submission_in_each(office: Office) -> None:
    data = office.book("01", 10, Q4)
    office.put("a.xlsx", data, Q4)
    office.put("a.xlsx", data, Q1)
    merged = office.merge()
    assert office.totals(Q1, Q4) == {("2023-Q4", "01"): 10}
    assert ("wrong_period", "01", "a.xlsx") in codes(merged.findings)


# Earlier quarters


def test_earlier_quarters_are_taken_in_and_counted_apart(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("a.xlsx", office.book("01", 4, Q4), Q4)
    office.put("b.xlsx", office.book("02", 5, Q4, printed=0), Q4)
    office.put("a.xlsx", office.book("01", 3, Q3), Q3)
    merged = office.merge(Q4)
    assert (merged.new_files, merged.earlier) == (2, {Q3: 1})
    assert office.totals(Q1, Q3, Q4) == {("2023-Q3", "01"): 3, ("2023-Q4", "01"): 4}
    merged = office.merge(Q1)
    assert (merged.new_files, merged.earlier) == (1, {})
    assert codes(merged.findings) == [("no_file", "02", None), ("no_file", "03", None)]
    inbox = office.root / "inbox" / str(Q3)
    (inbox / "a.xlsx").rename(inbox / "renamed.xlsx")
    assert (office.merge().earlier, office.totals(Q3)) == ({}, {("2023-Q3", "01"): 3})


# Named files


def test_only_the_files_named_are_taken_in(office: Office, tmp_path: Path) -> None:
    inside = office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 20))
    outside = tmp_path / "mail.xlsx"
    outside.write_bytes(office.book("03", 30))
    merged = office.merge(files=[named_input(path, office.root) for path in (inside, outside)])
    assert verdicts(merged) == {"2024-03-20/a.xlsx": ("accepted", True), "mail.xlsx": ("accepted", True)}
    assert {s.received for s in merged.submissions} == {dt.date(2024, 3, 20), TODAY}
    merged = office.merge()
    assert office.totals() == {("2024-Q1", "01"): 10, ("2024-Q1", "02"): 20, ("2024-Q1", "03"): 30}
    assert merged.new_files == 1
    assert merged.findings == ()  # what never lay in the inbox is not missed there


# Files that vanish, move, cannot be read


def test_a_file_that_vanished_still_counts_with_a_note(office: Office) -> None:
    path = office.put("a.xlsx", office.book("01", 10))
    office.merge()
    path.unlink()
    merged = office.merge()
    assert ("file_vanished", "01", "a.xlsx") in codes(merged.findings)
    assert office.totals() == {("2024-Q1", "01"): 10}
    office.put("a.xlsx", office.book("01", 10))
    assert "file_vanished" not in [found.code for found in office.merge().findings]


def test_the_same_name_with_other_bytes_is_a_new_submission(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    office.put("a.xlsx", office.book("01", 12, modified="2024-03-16T08:00:00Z"))
    merged = office.merge(today=TODAY + dt.timedelta(days=1))
    assert merged.new_files == 1
    assert office.totals() == {("2024-Q1", "01"): 12}
    office.put("a.xlsx", office.book("01", 13, aired=7, modified="2024-03-17T08:00:00Z"))
    merged = office.merge(today=TODAY + dt.timedelta(days=2))
    assert office.totals() == {("2024-Q1", "01"): 12}
    assert "later_rejected" in [found.code for found in merged.findings]
    assert "file_vanished" not in [found.code for found in merged.findings]


def test_a_file_moved_to_its_own_quarter_is_no_error_any_more(office: Office) -> None:
    path = office.put("a.xlsx", office.book("01", 10, Q4), Q1)
    assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
    path.unlink()
    office.put("a.xlsx", office.book("01", 10, Q4), Q4)
    merged = office.merge()
    assert merged.submissions == ()
    assert office.totals(Q4) == {("2023-Q4", "01"): 10}
    before = office.dump()
    (office.root / "reportctl.db").unlink()
    office.merge()
    assert office.dump() == before


def test_a_stray_file_taken_away_is_no_error_any_more_but_a_units_is(office: Office) -> None:
    stray = office.put("list.xlsx", b"PK\x03\x04 cut off")
    wrong = office.put("a.xlsx", office.book("01", 10, aired=5))
    assert set(verdicts(office.merge())) == {"list.xlsx", "a.xlsx"}
    stray.unlink()
    wrong.unlink()
    assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
    assert [s.file for s in office.merge().submissions] == ["a.xlsx"]
    assert any((office.root / "archive" / "files").rglob("*.xlsx"))


def test_what_cannot_be_read_is_a_finding_and_the_rest_goes_on(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    (office.root / "inbox" / str(Q1) / "broken.xlsx").symlink_to(office.root / "nowhere.xlsx")
    os.mkfifo(office.root / "inbox" / str(Q1) / "pipe.xlsx")
    merged = office.merge()
    assert office.totals() == {("2024-Q1", "01"): 10}
    unreadable = {found.file: found.message for found in merged.findings if found.code == "unreadable_file"}
    assert unreadable == {
        "broken.xlsx": "the file cannot be opened here: No such file or directory",
        "pipe.xlsx": "the file cannot be opened here: it is no ordinary file",
    }


def test_a_copy_under_another_name_is_said(office: Office) -> None:
    book = office.book("01", 10)
    office.put("2024-03-20/01.xlsx", book)
    office.put("2024-03-21/01.xlsx", book)
    office.put("2024-03-21/02.xlsx", book)
    office.put("3.xlsx", b"")
    office.put("4.xlsx", b"")
    said = {
        ("02.xlsx", "the file is a copy of 2024-03-20/01.xlsx, byte for byte; only that one was read"),
        ("4.xlsx", "the file is a copy of 3.xlsx, byte for byte; only that one was read"),
    }
    for found in (office.validate().findings, office.merge().findings, office.validate().findings):
        copied = [one for one in found if one.code == "same_content"]
        assert {(str(one.file).removeprefix("2024-03-21/"), one.message) for one in copied} == said
    assert office.totals() == {("2024-Q1", "01"): 10}


def test_what_lies_in_a_folder_that_cannot_be_listed_is_not_gone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("2024-03-20/a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 5))
    office.merge()
    listed, folder = os.scandir, str(office.root / "inbox" / str(Q1) / "2024-03-20")

    def scandir(path: str) -> Any:
        if str(path) == folder:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = codes(office.merge().findings)
    assert ("unreadable_file", None, "2024-03-20") in found
    assert not [code for code, _unit, _file in found if code == "file_vanished"]
    assert office.totals() == {("2024-Q1", "01"): 10, ("2024-Q1", "02"): 5}


def test_a_name_that_is_no_text_is_taken_all_the_same(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    inbox = office.root / "inbox" / str(Q1)
    (inbox / "a.xlsx").rename(inbox / os.fsdecode(b"b\xe1o.xlsx"))
    assert verdicts(office.merge()) == {"b_o.xlsx": ("accepted", True)}
    assert office.merge().new_files == 0


def test_what_is_no_workbook_is_ignored_and_stored(office: Office) -> None:
    office.put("scan.pdf", b"%PDF-1.7\n%%EOF")
    merged = office.merge()
    assert verdicts(merged) == {"scan.pdf": ("ignored", False)}
    assert ("also_received", None, "scan.pdf") in codes(merged.findings)


def test_an_original_gone_from_the_archive_is_put_back(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    shutil.rmtree(office.root / "archive")
    (office.root / "units.csv").write_text("code,name,kind\n01,Huyện Một,district\n", encoding="utf-8")
    assert office.merge().reread == 1
    assert office.totals() == {("2024-Q1", "01"): 10}
    assert any((office.root / "archive" / "files").rglob("*.xlsx"))


def test_an_original_gone_everywhere_is_an_error_that_heals(office: Office) -> None:
    path = office.put("a.xlsx", office.book("01", 10))
    office.merge()
    original = next((office.root / "archive" / "files").rglob("*.xlsx"))
    kept = original.read_bytes()
    original.write_bytes(office.book("01", 99))
    path.unlink()
    (office.root / "reportctl.db").unlink()
    merged = office.merge()
    assert [found.message for found in merged.findings if found.code == "unreadable_file"] == [
        "the file cannot be opened here: its original in the archive is not what it was"
    ]
    assert office.totals() == {}
    original.write_bytes(kept)
    office.merge()
    assert office.totals() == {("2024-Q1", "01"): 10}


# What a reading depends on


def test_other_settings_make_files_be_read_again(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, results="-"))
    assert office.merge().reread == 0
    (office.root / "reportctl.toml").write_text(
        'language = "vi"\n[cells]\ndash = "missing"\n', encoding="utf-8"
    )
    assert office.merge().reread == 1
    units = office.root / "units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("Huyện 01", "Huyện Một"), encoding="utf-8")
    assert office.merge().reread == 1
    assert office.merge().reread == 0


def test_a_contact_makes_nothing_be_read_again(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    rows = "".join(f"{code},Huyện {code},district,024 {code}\n" for code in UNITS)
    (office.root / "units.csv").write_text(f"code,name,kind,contact\n{rows}", encoding="utf-8")
    assert office.merge().reread == 0


def test_a_unit_that_is_not_known_any_more_rejects_its_file(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    (office.root / "units.csv").write_text("code,name,kind\n02,Hai,district\n", encoding="utf-8")
    merged = office.merge()
    assert verdicts(merged) == {"a.xlsx": ("rejected", False)}
    assert office.totals() == {}


def test_a_new_question_rejects_no_earlier_quarter(office: Office) -> None:
    """A workbook of the quarter before has no line for it; the old form judges it, even in a new ledger."""
    office.put("a.xlsx", office.book("01", 4, Q4), Q4)
    assert office.merge(Q4).form == office.form.fingerprint
    (office.root / "form.toml").write_text(FORM.replace("[[texts]]", f"{MORE}\n[[texts]]"), encoding="utf-8")
    office.put("a.xlsx", office.book("01", 10, classes=3))
    merged = office.merge(Q1)
    assert (merged.reread, merged.form) == (0, office.form.fingerprint)
    expected = {("2023-Q4", "01"): 4, ("2024-Q1", "01"): 10}
    assert office.totals(Q1, Q4) == expected
    (office.root / "reportctl.db").unlink()
    assert office.merge(Q1).reread == 2
    assert office.totals(Q1, Q4) == expected
    late = office.merge(Q4)  # a late file of the old quarter does not change that
    assert late.form != office.form.fingerprint
    assert office.totals(Q1, Q4) == expected
    assert office.validate(Q4).files == (("a.xlsx", "01", "accepted"),)


def test_the_quarter_under_way_is_judged_by_the_form_as_it_is_now(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, aired=5))
    assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
    (office.root / "form.toml").write_text(FORM.partition("[[rules]]")[0], encoding="utf-8")
    assert verdicts(office.merge()) == {"a.xlsx": ("accepted", True)}


def test_a_reader_that_failed_is_tried_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.put("a.xlsx", office.book("01", 10))

    def failing(
        _readers: Readers, jobs: tuple[Job, ...], _context: Context, then: Callable[[ReadResult], object]
    ) -> object:
        for job in jobs:
            lost = finding("reader_failed", file=job.name, reason="killed")
            yield job, then(unread(job, job.path.stem, lost))

    with monkeypatch.context() as patch:
        patch.setattr(Readers, "read", failing)
        assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
    assert verdicts(office.merge()) == {"a.xlsx": ("accepted", True)}


def test_a_file_that_took_too_long_is_remembered_by_its_content(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    tried = []

    def late(
        _readers: Readers, jobs: tuple[Job, ...], _context: Context, then: Callable[[ReadResult], object]
    ) -> object:
        for job in jobs:
            tried.append(job.name)
            yield job, then(workers._timed_out(job, 20.0))

    with monkeypatch.context() as patch:
        patch.setattr(Readers, "read", late)
        assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
        assert verdicts(office.merge()) == {"a.xlsx": ("rejected", False)}
        assert tried == ["a.xlsx"]
        (office.root / "reportctl.db").unlink()
        office.merge()  # what was remembered is gone, as all that is made from the files
        assert tried == ["a.xlsx"] * 2
    office.put("a.xlsx", office.book("01", 11))
    assert verdicts(office.merge())["a.xlsx"] == ("accepted", True)


# Killed, interrupted, two at once

SCRIPT = """
import datetime as dt, os, signal, sys, time
from pathlib import Path
from reportctl.ledger import archive
from reportctl.merge import merge as merging
from reportctl.core.period import Quarter
from reportctl.ledger.session import Session
from reportctl.ledger.writing import Store

def told(done, total, file):
    print(done, flush=True)
    time.sleep(0.02)

def deadly(function, call):
    calls = 0
    def wrapped(*arguments, **options):
        nonlocal calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return wrapped

merging._BATCH, merging._BATCH_SECONDS = 4, 600.0
if __name__ == "__main__":
    root = Path(sys.argv[1])
    if len(sys.argv) > 2:
        owner, name = {"store": Store, "archive": archive}[sys.argv[2]], sys.argv[3]
        setattr(owner, name, deadly(getattr(owner, name), int(sys.argv[4])))
    session = Session(root, dt.date(2024, 4, 2), "Lan")
    merging.merge(merging.Run(session, Quarter(2024, 1), told), None)
    print("end", flush=True)
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """20 units, each with a file; one is rejected, one has come twice, one quarter before has two."""
    units = tuple(f"{n:02}" for n in range(1, 21))
    office = make_office(tmp_path_factory.mktemp("many") / "office", units)
    for n, code in enumerate(units):
        office.put(f"{code}.xlsx", office.book(code, 10 + n, **({"aired": 9} if code == "07" else {})))
    office.put("2024-03-20/04.xlsx", office.book("04", 77))
    for code in ("01", "02"):
        office.put(f"{code}.xlsx", office.book(code, 5, Q4), Q4)
    return office


@pytest.fixture(scope="module")
def undisturbed(many: Office, tmp_path_factory: pytest.TempPathFactory) -> Dump:
    office = Office(Path(shutil.copytree(many.root, tmp_path_factory.mktemp("calm") / "office")))
    office.merge()
    assert len(office.totals(Q1, Q4)) == 21
    return office.dump()


@pytest.fixture
def copy(many: Office, tmp_path: Path) -> Office:
    return Office(Path(shutil.copytree(many.root, tmp_path / "office")))


@contextlib.contextmanager
def started(office: Office, tmp_path: Path, *kill: str) -> Iterator[subprocess.Popen[str]]:
    """A merge in a process of its own; whatever the test leaves of it is killed."""
    script = tmp_path / "run_merge.py"
    script.write_text(SCRIPT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(office.root), *kill]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: subprocess.Popen[str], count: int) -> None:
    """Wait until the merge has told of so many files."""
    assert process.stdout
    for _ in range(count):
        assert process.stdout.readline()


def kill_when(process: subprocess.Popen[str], moment: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not moment() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.001)
    process.kill()
    assert process.wait() == -signal.SIGKILL


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(pid) for pid in listed.split() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def stored(office: Office) -> int:
    try:
        with open_ledger(office.root / "reportctl.db") as ledger:
            return sum(len(ledger.submissions(quarter)) for quarter in ledger.quarters())
    except ReportctlError:
        return 0


# A function of the ledger's store or the archive, and which call of it kills the process.
CALLS = [
    ("archive", "keep_original", 1),
    ("archive", "keep_original", 15),
    ("archive", "add_decisions", 1),
    ("archive", "add_decisions", 2),
    ("archive", "add_decisions", 3),
    ("store", "remember", 1),
    ("store", "submissions", 1),
    ("store", "put", 1),
    ("store", "_put", 11),
    ("store", "_put", 23),
    ("store", "put_outcome", 1),
    ("store", "put_outcome", 2),
]
proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="no /proc to find the workers in")


@posix
@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS, ids=lambda call: "-".join(map(str, call)))
def test_killed_at_this_instant_the_next_run_ends_the_same(
    copy: Office, tmp_path: Path, call: tuple[str, str, int], undisturbed: Dump
) -> None:
    with started(copy, tmp_path, *map(str, call)) as process:
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    copy.merge()
    assert copy.dump() == undisturbed


@posix
@pytest.mark.slow
@pytest.mark.parametrize("enough", [1, 12])
def test_killed_from_outside_the_next_run_ends_the_same(
    copy: Office, tmp_path: Path, enough: int, undisturbed: Dump
) -> None:
    with started(copy, tmp_path) as process:
        kill_when(process, lambda: stored(copy) >= enough)
    assert stored(copy) < 23
    copy.merge()
    assert copy.dump() == undisturbed


@posix
@pytest.mark.slow
@pytest.mark.parametrize(("files", "least", "most"), [(1, 0, 22), (6, 4, 22), (21, 16, 23), (23, 20, 23)])
def test_killed_while_reading_the_next_run_ends_the_same(
    copy: Office, tmp_path: Path, files: int, least: int, most: int, undisturbed: Dump
) -> None:
    with started(copy, tmp_path) as process:
        lines(process, files)
        process.kill()
    assert least <= stored(copy) <= most
    copy.merge()
    assert copy.dump() == undisturbed


@posix
@pytest.mark.slow
def test_killed_again_and_again_the_run_after_that_ends_the_same(
    copy: Office, tmp_path: Path, undisturbed: Dump
) -> None:
    for files in (1, 3, 2, 5):
        with started(copy, tmp_path) as process:
            lines(process, files)
            process.kill()
    copy.merge()
    assert copy.dump() == undisturbed


@proc
@pytest.mark.slow
def test_killed_workers_cost_nothing(copy: Office, tmp_path: Path, undisturbed: Dump) -> None:
    killed = 0
    with started(copy, tmp_path) as process:
        assert process.stdout
        for line in process.stdout:
            if line.strip() in ("3", "9"):
                for pid in workers_of(process):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        assert process.wait() == 0
    assert killed
    copy.merge()
    assert copy.dump() == undisturbed


@posix
@pytest.mark.slow
def test_interrupted_what_was_done_stays(copy: Office, tmp_path: Path, undisturbed: Dump) -> None:
    with started(copy, tmp_path) as process:
        lines(process, 5)
        process.send_signal(signal.SIGINT)
        assert "end" not in process.communicate()[0]
    assert stored(copy) >= 5
    copy.merge()
    assert copy.dump() == undisturbed


@pytest.mark.slow
def test_a_second_writer_is_told_who_is_at_it(copy: Office, tmp_path: Path) -> None:
    with started(copy, tmp_path) as process:
        lines(process, 1)
        with pytest.raises(ReportctlError, match=r"A merge by Lan on .* Wait until it is done"):
            copy.merge()
        assert copy.validate().files  # who only looks need not wait
        process.communicate()
        assert process.returncode == 0
    assert copy.merge().new_files == 0


# Validation


@pytest.mark.slow
def test_validation_says_what_a_merge_would_and_stores_nothing(office: Office) -> None:
    office.put("2024-03-18/a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 20, aired=5))
    office.put("c.xlsx", office.book("03", 30))
    office.put("d.xlsx", office.book("03", 31))
    office.put("scan.pdf", b"%PDF-1.7\n%%EOF")
    before = sorted(office.root.rglob("*"))
    checked = office.validate()
    assert sorted(office.root.rglob("*")) == before
    assert checked.files == (
        ("2024-03-18/a.xlsx", "01", "accepted"),
        ("b.xlsx", "02", "rejected"),
        ("c.xlsx", "03", "rejected"),
        ("d.xlsx", "03", "rejected"),
        ("scan.pdf", None, "ignored"),
    )
    merged = office.merge()
    assert checked.findings == merged.findings
    assert {(s.file, s.unit, s.verdict) for s in merged.submissions} == set(checked.files)


def test_validation_of_named_files_misses_nobody(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "mail.xlsx"
    path.write_bytes(office.book("01", 10))
    checked = office.validate(files=[named_input(path, office.root)])
    assert checked.files == (("mail.xlsx", "01", "accepted"),)
    assert checked.findings == ()


def test_validation_knows_when_a_file_came_first(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge(today=TODAY - dt.timedelta(days=3))
    office.put("b.xlsx", office.book("01", 11))
    assert {file: verdict for file, _unit, verdict in office.validate().files} == {
        "a.xlsx": "accepted",
        "b.xlsx": "accepted",
    }


def test_validation_takes_the_same_bytes_once(office: Office) -> None:
    for name in ("a.xlsx", "2024-03-20/b.xlsx", "2024-03-21/b.xlsx"):
        office.put(name, office.book("01", 10))
    checked = office.validate()
    assert checked.files == (
        ("2024-03-20/b.xlsx", "01", "accepted"),
        ("2024-03-21/b.xlsx", "01", "ignored"),
        ("a.xlsx", "01", "ignored"),
    )
    assert checked.weighing == ("accepted",)


def test_findings_go_by_place(office: Office) -> None:
    office.put("b.xlsx", office.book("02", 10, printed="abc", press_total="=1/0", results="x" * 10))
    office.put("a.xlsx", office.book("01", 10, aired="xyz"))
    places = layout(office.form, "district")
    checked = office.validate()
    at = [(found.file, found.cell) for found in checked.findings if found.cell]
    assert at == sorted(at, key=lambda pair: (pair[0], int(re.sub(r"\D", "", pair[1] or ""))))
    assert ("a.xlsx", places.indicators["aired"].value.cell) in at
    assert [found.code for found in checked.findings][-1] == "no_file"


def test_a_unit_that_reports_no_more_is_said_by_its_present_name(office: Office) -> None:
    office.put("b.xlsx", office.book("02", 10))
    for name in ("Huyện 02", "Huyện Hai"):
        (office.root / "units.csv").write_text(
            f"code,name,kind,valid_to\n01,Huyện 01,district,\n02,{name},district,2023-01-01\n",
            encoding="utf-8",
        )
        (said,) = [found.message for found in office.merge().findings if found.code == "unit_not_asked"]
        assert name in said
