"""Which step of a quarter comes next, and how the choices stand on a terminal."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path

import pytest

from reportctl.cli.menu_steps import Standing, lines, steps, steps_without_workspace
from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.core.typed import as_typed
from reportctl.status.status import Status, UnitState, UnitStatus

Q1 = Quarter(2024, 1)
REPORT = Path("output/2024-Q1/report-2024-Q1.docx")
ROOT = Path("/office")


def unit(state: UnitState, *, late: bool = False) -> UnitStatus:
    day = dt.date(2024, 3, 17)
    return UnitStatus("01", "Xã A", "commune", state, None if state == "missing" else day, day, late, 1, 2)


def standing(
    *units: UnitStatus, closed: bool = False, unmerged: int = 0, sent: bool = True, stale: bool = False,
    past: bool = False, report: Path | None = None, marked: bool = False, reminded: bool = False,
) -> Standing:  # fmt: skip
    status = Status(Q1, units, closed, (), unmerged)
    return Standing(Q1, status, sent, stale, past, report, marked, reminded)


GOOD, MISSING, LATE, REJECTED = (
    unit("accepted"),
    unit("missing"),
    unit("missing", late=True),
    unit("rejected"),
)


@pytest.mark.parametrize(
    ("now", "key"),
    [
        (standing(MISSING, MISSING, sent=False), "template"),
        (standing(MISSING, MISSING), "status"),
        (standing(MISSING, LATE), "remind"),
        (standing(GOOD, LATE), "remind"),
        (standing(GOOD, MISSING, report=REPORT), "status"),
        (standing(GOOD, REJECTED, LATE), "validate"),
        (standing(GOOD, unit("unreadable")), "validate"),
        (standing(GOOD, REJECTED, unmerged=2), "merge"),
        (standing(GOOD, unit("unmerged"), stale=True, report=REPORT), "merge"),
        (standing(GOOD, unit("warned")), "report"),
        (standing(GOOD, GOOD, report=REPORT), "refresh"),
        (standing(GOOD, GOOD, report=REPORT, past=True), "close"),
        (standing(GOOD, GOOD, past=True), "report"),
        (standing(GOOD, MISSING, closed=True), "next"),
        # What is marked or reminded holds nothing up where most units are in.
        (standing(GOOD, GOOD, REJECTED, marked=True), "report"),
        (standing(GOOD, GOOD, REJECTED, marked=True, report=REPORT), "refresh"),
        (standing(GOOD, GOOD, REJECTED, marked=True, report=REPORT, past=True), "close"),
        (standing(GOOD, REJECTED, marked=True), "status"),
        (standing(GOOD, GOOD, LATE), "remind"),
        (standing(GOOD, GOOD, LATE, report=REPORT), "refresh"),
        (standing(GOOD, GOOD, LATE, reminded=True), "report"),
        (standing(GOOD, LATE, reminded=True), "status"),
        (standing(GOOD, GOOD, GOOD, LATE, REJECTED, marked=True), "remind"),
        (standing(GOOD, GOOD, GOOD, LATE, REJECTED, marked=True, reminded=True), "report"),
        # The day of a unit that is missing is not over.
        (standing(GOOD, GOOD, MISSING), "status"),
        (standing(GOOD, GOOD, MISSING, report=REPORT), "status"),
    ],
)
def test_what_comes_next(now: Standing, key: str) -> None:
    assert now.next_key == key
    assert key in {step.key for step in steps(now, ROOT, ())}


def test_the_steps_stand_in_the_order_of_a_quarter() -> None:
    listed = steps(standing(GOOD, report=REPORT), ROOT, {"doctor", "merge"})
    assert [" ".join(step.words) for step in listed] == [
        "template 2024-Q1", "status 2024-Q1", "status 2024-Q1 --remind", "validate 2024-Q1 --mark",
        "merge 2024-Q1", "summary 2024-Q1", "report 2024-Q1", f"refresh {REPORT} --check",
        "close 2024-Q1", "next", "settings",
        "doctor", "--help",
    ]  # fmt: skip
    assert "doctor" not in {step.key for step in steps(standing(GOOD), ROOT, {"merge"})}
    assert not next(step for step in steps(standing(GOOD), ROOT, ()) if step.key == "refresh").words


@pytest.mark.parametrize("spoken", ["vi", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_the_lines_fit_the_terminal(spoken: str, columns: int) -> None:
    language.use(spoken)
    listed = steps(standing(GOOD, report=REPORT), ROOT, {"doctor"})
    shown = lines(listed, "merge", "reportctl", columns)
    assert max(map(len, shown)) <= columns
    (marked,) = [line for line in shown if line.startswith("→")]
    assert marked.startswith("→  5. ")
    assert marked.endswith("  reportctl merge 2024-Q1")
    assert shown[-1].startswith("   0. ")
    below = columns == 80
    assert any(line.strip() == f"reportctl refresh {REPORT} --check" for line in shown) == below
    assert len(shown) == len(listed) + 1 + below


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("output/2024-Q1/report-2024-Q1.docx", None), ("D:\\Báo_cáo\\Quý.docx", None), ("20/3", None),
        ("80%", None),
        ("press_total@2023-Q1", None), ("--check", None), ("a b", '"a b"'), ("R&D", '"R&D"'),
        ("Quý I (bản 2).docx", '"Quý I (bản 2).docx"'), ("D'Ran", '"D\'Ran"'), ("a;b", '"a;b"'),
        ("a,b", '"a,b"'),
        ("*.xlsx", '"*.xlsx"'), ("@x", '"@x"'), ("a{b}", '"a{b}"'), ("a|b", '"a|b"'), ("$x", "'$x'"),
        ("", '""'),
    ],
)  # fmt: skip
def test_words_as_they_are_typed(word: str, typed: str | None) -> None:
    assert as_typed(word) == (typed or word)
    if "\\" not in word:  # which a shell of Unix takes otherwise
        assert shlex.split(as_typed(word)) == [word]


def test_names_with_blanks_stand_in_quotation_marks() -> None:
    report = Path("output/2024-Q1/Bao cao 2024-Q1.docx")
    shown = lines(steps(standing(GOOD, report=report), ROOT, ()), "", 'reportctl -w "a b"', 200)
    assert any(
        'reportctl -w "a b" refresh "output/2024-Q1/Bao cao 2024-Q1.docx" --check' in line for line in shown
    )


def test_without_a_workspace_one_can_be_made() -> None:
    assert [step.words for step in steps_without_workspace()] == [
        ("init", "bao-cao"),
        ("demo",),
        ("--help",),
    ]
