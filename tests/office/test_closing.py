"""A closed quarter keeps its figures, whatever comes; opened again it counts what its files say."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.finding_kinds import Severity
from reportctl.core.period import Quarter
from reportctl.decisions.close import Reopened, reopen
from reportctl.figures.trace import trace, trace_json
from reportctl.form.layout import layout
from reportctl.ledger.archive import add_decisions, read_decisions
from reportctl.ledger.ledger import open_ledger
from reportctl.ledger.rows import ListRecord, ValueRecord
from reportctl.status.status import status
from reportctl.workspace.settings import Settings
from tests.making.figures import calendar_of
from tests.making.machine import ROOT, posix
from tests.making.office import (
    FORM,
    Q1,
    Q4,
    TODAY,
    Office,
    accepting,
    answer,
    closing,
    correcting,
    one,
    rebuilt,
    run_of,
    verdicts,
)

pytestmark = pytest.mark.slow

LIST = """
[[lists]]
code = "meetings"
title = "Hội nghị"
rows = 3
[[lists.columns]]
code = "held_on"
label = "Ngày"
type = "date"
[[lists.columns]]
code = "what"
label = "Tên"

[[texts]]"""


def reopening(office: Office, quarter: Quarter = Q1) -> Reopened:
    return reopen(run_of(office, quarter), "sửa số liệu")


def all_values(office: Office, quarter: Quarter = Q1) -> tuple[list[ValueRecord], list[ListRecord]]:
    with open_ledger(office.root / "reportctl.db") as ledger:
        return ledger.values([quarter]), ledger.list_rows([quarter], "meetings")


def full(office: Office) -> None:
    """Two units report with texts and a list, one of them is corrected, the third one's is accepted."""
    (office.root / "form.toml").write_text(FORM.replace("[[texts]]", LIST), encoding="utf-8")
    text = "=Tốt\nvà “nhiều”; -1, 2\r\ndòng ba"
    book = openpyxl.load_workbook(io.BytesIO(office.book("01", 10)))
    places = layout(office.form, "district")
    results, meetings = places.texts["results"].value, places.lists["meetings"]
    book[results.sheet][results.cell].value = text
    book[results.sheet][results.cell].data_type = "s"  # and no formula
    for column, value in (("held_on", dt.date(2024, 2, 1)), ("what", "'Tổng kết")):
        place = meetings.place(column, 2)
        book[place.sheet][place.cell].value = value
    out = io.BytesIO()
    book.save(out)
    office.put("2024-03-18/a.xlsx", out.getvalue())
    office.put("b.xlsx", office.book("02", 20, results="12"))
    office.put("c.xlsx", office.book("03", 30, printed="khoảng 9"))
    office.merge()
    accepting(office, "03")
    correcting(office, "02", "aired", "KAD")


def test_every_figure_is_frozen_with_its_source(office: Office) -> None:
    full(office)
    before = all_values(office)
    closed = closing(office)
    assert closed.path == office.root / "closed" / "2024-Q1.csv"
    assert (closed.units, closed.answers) == (3, len(before[0]) + 2)
    assert all_values(office) == before
    assert [row.values for row in before[1]] == [{"held_on": "2024-02-01", "what": "'Tổng kết"}]
    said = {value.unit: value.value for value in before[0] if value.code == "results"}
    assert said == {"01": "=Tốt\nvà “nhiều”; -1, 2\r\ndòng ba", "02": "12", "03": None}
    row = read_decisions(office.root / "decisions.csv")[-1]
    assert (row.action, row.who, row.period, row.file) == ("closed", "lan", "2024-Q1", "closed/2024-Q1.csv")
    rebuilt(office)
    assert all_values(office) == before


def test_the_figures_stay_when_everything_else_changes(office: Office) -> None:
    full(office)
    before = all_values(office)
    closing(office)
    (office.root / "form.toml").write_text(
        FORM.replace('code = "aired"', 'code = "aired"\nmax = 0'), encoding="utf-8"
    )
    (office.root / "units.csv").write_text("code,name,kind\n01,Một,district\n", encoding="utf-8")
    (office.root / "reportctl.toml").write_text('[cells]\ndash = "missing"\n', encoding="utf-8")
    merged = office.merge()
    assert all_values(office) == before
    assert [record.counts for record in merged.submissions] == [True, True, True]
    shutil.rmtree(office.root / "inbox")
    shutil.rmtree(office.root / "archive" / "files")
    (office.root / "reportctl.db").unlink()
    office.merge()
    assert all_values(office) == before


def test_the_form_of_a_closed_quarter_is_the_one_it_was_judged_by(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    used = office.merge().form
    closing(office)
    (office.root / "form.toml").write_text(
        FORM.replace('code = "aired"', 'code = "aired"\nmax = 0'), encoding="utf-8"
    )
    merged = office.merge()
    assert (merged.form, merged.reread) == (used, 0)
    assert verdicts(merged) == {"a.xlsx": ("accepted", True)}
    assert office.validate().files == (("a.xlsx", "01", "accepted"),)


def test_what_comes_later_is_kept_as_late(office: Office) -> None:
    office.put("2024-03-18/a.xlsx", office.book("01", 10))
    office.merge()
    closing(office)
    office.put("2024-03-20/a.xlsx", office.book("01", 11))
    office.put("b.xlsx", office.book("02", 20))
    merged = office.merge()
    assert office.totals() == {("2024-Q1", "01"): 10}
    assert [(late.files, late.closing.decision.period) for late in merged.late] == [(2, "2024-Q1")]
    assert "2024-Q1 was closed by lan on " in merged.late[0].sentence
    assert "2 new files were kept as late and do not count" in merged.late[0].sentence
    assert {s.file: s.counts for s in merged.submissions} == {
        "2024-03-18/a.xlsx": True, "2024-03-20/a.xlsx": False, "b.xlsx": False,
    }  # fmt: skip
    late = [found for found in merged.findings if found.code == "quarter_closed"]
    assert [(found.unit, found.file, found.severity) for found in late] == [
        ("01", "2024-03-20/a.xlsx", Severity.WARNING), ("02", "b.xlsx", Severity.WARNING),
    ]  # fmt: skip
    assert "reportctl reopen 2024-Q1" in late[0].hint
    assert not {"superseded", "tie", "several_files"} & {found.code for found in merged.findings}
    assert len(list((office.root / "archive" / "files").rglob("*.xlsx"))) == 3
    assert [found for found in office.validate().findings if found.code == "quarter_closed"] == late
    assert office.merge().late == ()
    rebuilt(office)
    assert office.totals() == {("2024-Q1", "01"): 10}


def test_late_files_of_an_earlier_quarter_are_told_of(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, Q4), Q4)
    office.merge(Q4)
    closing(office, Q4)
    office.put("b.xlsx", office.book("02", 20, Q4), Q4)
    merged = office.merge(Q1)
    assert [(late.files, late.closing.decision.period) for late in merged.late] == [(1, "2023-Q4")]
    assert office.totals(Q4) == {("2023-Q4", "01"): 10}


def test_opened_again_it_counts_what_came_late_and_can_be_closed_again(office: Office) -> None:
    office.put("2024-03-18/a.xlsx", office.book("01", 10))
    office.merge()
    closing(office)
    office.put("2024-03-20/a.xlsx", office.book("01", 11))
    office.merge()
    frozen = (office.root / "closed" / "2024-Q1.csv").read_bytes()
    opened = reopening(office)
    assert opened.path is not None
    assert opened.path.name == f"2024-Q1-until-{TODAY}.csv"
    assert opened.path.read_bytes() == frozen
    assert office.totals() == {("2024-Q1", "01"): 11}
    assert "quarter_closed" not in [found.code for found in opened.merged.findings]
    row = read_decisions(office.root / "decisions.csv")[-1]
    assert (row.action, row.why) == ("reopened", "sửa số liệu")
    rebuilt(office)
    closing(office)
    assert office.totals() == {("2024-Q1", "01"): 11}
    assert "quarter_closed" not in [found.code for found in office.merge().findings]
    reopening(office)
    assert len(list((office.root / "closed").iterdir())) == 2


def test_it_can_be_opened_again_without_its_file(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    closing(office)
    shutil.rmtree(office.root / "closed")
    assert reopening(office).path is None
    assert office.totals() == {("2024-Q1", "01"): 10}


def test_refusals(office: Office) -> None:
    with pytest.raises(ReportctlError, match="No unit's report for 2024-Q1 counts"):
        closing(office)
    with pytest.raises(ReportctlError, match="2024-Q1 is not closed"):
        reopening(office)
    office.put("a.xlsx", office.book("01", 10))
    with pytest.raises(
        ReportctlError, match=r"1 file in inbox/2024-Q1 is not merged yet\. Run: reportctl merge"
    ):
        closing(office)
    office.merge()
    office.put("b.xlsx", office.book("02", 10, printed=1))
    with pytest.raises(ReportctlError, match="1 file in inbox/2024-Q1 is not merged yet"):
        closing(office)
    office.merge()
    closing(office)
    before = (office.root / "decisions.csv").read_bytes()
    for forbidden in (
        lambda: closing(office),
        lambda: accepting(office, "02"),
        lambda: correcting(office, "01", "aired", "3"),
    ):
        with pytest.raises(
            ReportctlError, match=r"2024-Q1 was closed by lan on .* reportctl reopen 2024-Q1 --why"
        ):
            forbidden()
    with pytest.raises(ReportctlError, match="Say why"):
        reopen(run_of(office), "")
    assert (office.root / "decisions.csv").read_bytes() == before


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_frozen_file_that_is_not_what_it_was_is_noticed_and_its_figures_stay(
    office: Office, damage: str
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    path = closing(office).path
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b",10,", b",99,"))
    found = one(office.merge().findings, "closed_file_changed")
    assert (found.severity, found.file) == (Severity.WARNING, None)
    (office.root / "reportctl.db").unlink()
    office.merge()
    assert office.totals() == {("2024-Q1", "01"): 10}
    (office.root / "reportctl.db").unlink()
    for copy in (office.root / "archive" / "files").rglob("*.csv"):
        copy.unlink()
    with pytest.raises(ReportctlError, match=r"2024-Q1\.csv is not what it was .* reportctl reopen 2024-Q1"):
        office.merge()
    reopening(office)
    assert office.totals() == {("2024-Q1", "01"): 10}


def test_trace_of_a_closed_quarter_names_the_cells(office: Office) -> None:
    full(office)
    with open_ledger(office.root / "reportctl.db") as ledger:
        before = [
            trace_json(trace(ledger, office.form, calendar_of(office.roster), Q1, c))
            for c in ("aired", "share_printed")
        ]
    closing(office)
    with open_ledger(office.root / "reportctl.db") as ledger:
        after = [
            trace_json(trace(ledger, office.form, calendar_of(office.roster), Q1, c))
            for c in ("aired", "share_printed")
        ]
    assert after == before
    assert answer(office, "02", "aired").by == "correction"


def test_status_says_that_it_is_closed(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    closing(office)
    office.put("b.xlsx", office.book("02", 10))
    office.merge()
    with open_ledger(office.root / "reportctl.db") as ledger:
        found = status(ledger, office.form, calendar_of(office.roster), Q1, settings=Settings(), today=TODAY)
    assert found.closed
    assert [unit.state for unit in found.units] == ["accepted", "rejected", "missing"]


# decisions.csv saved by a spreadsheet program, or spoilt


def _as_saved_by_excel(path: Path) -> None:
    """Without the separators at the end of rows, with semicolons and its own order of the day."""
    rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    text = io.StringIO(newline="")
    for row in rows:
        if row[9] and row[9] != "received":
            row[9] = f"{dt.date.fromisoformat(row[9]):%m/%d/%Y}"
        csv.writer(text, delimiter=";").writerow(row)
    path.write_bytes(
        "".join(f"{line.rstrip(';')}\r\n" for line in text.getvalue().splitlines()).encode("utf-8-sig")
    )


def test_decisions_saved_by_excel_hold(office: Office) -> None:
    full(office)
    closing(office)
    path, before = office.root / "decisions.csv", all_values(office)
    decisions = read_decisions(path)
    _as_saved_by_excel(path)
    office.put("late.xlsx", office.book("01", 99))
    found = office.merge().findings
    assert read_decisions(path)[: len(decisions)] == decisions
    assert [one.code for one in found if one.code in ("decision_unclear", "file_vanished")] == []
    assert "quarter_closed" in [one.code for one in found]
    assert all_values(office) == before
    (office.root / "reportctl.db").unlink()
    office.merge()
    assert all_values(office) == before


def test_a_decision_that_cannot_be_understood_is_an_error_until_it_is_put_right(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    path = office.root / "decisions.csv"
    spoilt = '2024-04-01T08:00:00,"lan,reopened,2024-Q1,,,,,,,sửa'.encode()
    path.write_bytes(path.read_bytes() + spoilt + b"\r\n")
    office.put("b.xlsx", office.book("02", 10))
    line = path.read_bytes().count(b"\n")
    for _time in range(2):
        found = one(office.merge().findings, "decision_unclear")
        assert (found.severity, dict(found.details)["line"]) == (Severity.ERROR, line)
        assert found.message.startswith(f"decisions.csv, line {line}: the row cannot be understood")
        assert spoilt in path.read_bytes()
    assert office.totals() == {("2024-Q1", "01"): 10, ("2024-Q1", "02"): 10}
    path.write_bytes(path.read_bytes().replace(b'"lan', b"lan"))
    assert "decision_unclear" not in [found.code for found in office.merge().findings]


# Changed and vanished files


def test_a_file_changed_after_it_was_merged_is_noticed(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    assert "file_changed" not in [found.code for found in office.merge().findings]
    office.put("a.xlsx", office.book("01", 12, modified="2024-03-16T08:00:00Z"))
    found = one(office.merge().findings, "file_changed")
    assert (found.severity, found.unit, found.file) == (Severity.NOTE, "01", "a.xlsx")
    assert "(received 2\u00a0Apr 2024); what counts now: the changed file" in found.message
    office.put("a.xlsx", office.book("01", 13, aired=7, modified="2024-03-17T08:00:00Z"))
    assert (
        "what counts now: the file as it was merged" in one(office.merge().findings, "file_changed").message
    )
    office.put("2024-04-09/b.xlsx", office.book("01", 14))
    assert "what counts now: 2024-04-09/b.xlsx" in one(office.merge().findings, "file_changed").message


def test_a_file_changed_and_not_merged_yet_is_noticed_too(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 10))
    office.merge()
    office.put("a.xlsx", office.book("01", 12))
    merged = office.merge(files=[])
    assert "what counts now: the file as it was merged" in one(merged.findings, "file_changed").message
    assert office.totals()["2024-Q1", "01"] == 10


def test_a_changed_file_of_which_none_counts(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10, aired=7))
    office.merge()
    office.put("a.xlsx", office.book("01", 12, aired=7))
    assert "what counts now: none" in one(office.merge().findings, "file_changed").message


def test_a_closed_quarters_file_that_changes_is_late(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    closing(office)
    office.put("a.xlsx", office.book("01", 12))
    merged = office.merge()
    assert office.totals() == {("2024-Q1", "01"): 10}
    assert {"quarter_closed", "file_changed"} <= {found.code for found in merged.findings}
    (office.root / "inbox" / "2024-Q1" / "a.xlsx").unlink()
    assert one(office.merge().findings, "file_vanished").unit == "01"
    assert office.totals() == {("2024-Q1", "01"): 10}


# Killed

SCRIPT = """
import datetime as dt, os, signal, sys
from pathlib import Path
from reportctl.decisions import close as closing
from reportctl.ledger import archive
from reportctl.merge.merge import Run
from reportctl.core.period import Quarter
from reportctl.ledger.session import Session
from reportctl.ledger.writing import Store

def deadly(function, call):
    calls = 0
    def wrapped(*arguments, **options):
        nonlocal calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return wrapped

if __name__ == "__main__":
    root, command = Path(sys.argv[1]), sys.argv[2]
    owners = {"closing": closing, "archive": archive, "path": Path, "store": Store}
    owner, name = owners[sys.argv[3]], sys.argv[4]
    setattr(owner, name, deadly(getattr(owner, name), int(sys.argv[5])))
    run = Run(Session(root, dt.date(2024, 4, 2), "lan"), Quarter(2024, 1), print)
    getattr(closing, command)(run, "kết thúc")
"""


def killed(office: Office, tmp_path: Path, command: str, *call: str) -> None:
    script = tmp_path / "run_close.py"
    script.write_text(SCRIPT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(script), str(office.root), command, *call],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr


# What is called in the course of a close, and whether the quarter is closed if it is killed there.
CALLS = [
    ("archive", "keep_original", 1, False),
    ("closing", "write_atomic", 1, False),
    ("archive", "add_decisions", 3, False),  # a merge that takes nothing in appends nothing, twice
    ("closing", "take_in", 2, True),
    ("store", "put_outcome", 1, True),  # before it, what was settled already is not settled again
]


@posix
@pytest.mark.parametrize("call", CALLS, ids=lambda call: "-".join(map(str, call[:3])))
def test_killed_while_closing_it_is_open_or_closed(
    office: Office, tmp_path: Path, call: tuple[str, str, int, bool]
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    *where, is_closed = call
    killed(office, tmp_path, "close", *map(str, where))
    office.put("2024-04-03/a.xlsx", office.book("01", 11))
    merged = office.merge()
    assert bool(merged.late) == is_closed
    assert office.totals() == {("2024-Q1", "01"): 10 if is_closed else 11}
    if not is_closed:
        closing(office)
        assert office.totals() == {("2024-Q1", "01"): 11}
    rebuilt(office)


@posix
@pytest.mark.parametrize(
    "call", [("archive", "add_decisions", 1), ("path", "replace", 1), ("closing", "take_in", 1)]
)
def test_killed_while_opening_it_is_open_or_closed(
    office: Office, tmp_path: Path, call: tuple[str, str, int]
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    closing(office)
    killed(office, tmp_path, "reopen", *map(str, call))
    office.put("2024-04-03/a.xlsx", office.book("01", 11))
    is_closed = call[1] == "add_decisions"
    assert bool(office.merge().late) == is_closed
    if is_closed:
        reopening(office)
    assert office.totals() == {("2024-Q1", "01"): 11}
    closing(office)
    assert office.totals() == {("2024-Q1", "01"): 11}
    rebuilt(office)


def test_a_closing_taken_back_by_hand_is_undone(office: Office) -> None:
    """Whoever edits decisions.csv gets what it says."""
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    rows = read_decisions(office.root / "decisions.csv")
    closing(office)
    (office.root / "decisions.csv").unlink()
    add_decisions(office.root / "decisions.csv", rows)
    office.put("2024-04-03/a.xlsx", office.book("01", 11))
    office.merge()
    assert office.totals() == {("2024-Q1", "01"): 11}
