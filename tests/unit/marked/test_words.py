"""What a marked copy says."""

from __future__ import annotations

import datetime as dt

import pytest

from reportctl.core import language
from reportctl.core.finding_kinds import KINDS, FindingKind, Severity
from reportctl.core.findings import Finding, finding
from reportctl.form.layout import FIGURES, META
from reportctl.marked.words import Addressee, Markup, for_sender, markup, needs_marking
from tests.making.returned import QUARTER, form

TO = Addressee("Huyện Một", "a.xlsx", QUARTER, dt.date(2024, 3, 17), "")


def _said(*findings: Finding) -> Markup:
    return markup(findings, TO, form())


def _on(cell: str, code: str, **details: object) -> Finding:
    return finding(code, sheet=FIGURES, cell=cell, **details)


@pytest.fixture(autouse=True)
def reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds with reasons of their own, since their words may change."""
    zero = FindingKind(Severity.WARNING, "“{value}” was read as 0", "write 0", "")
    monkeypatch.setitem(KINDS, "dash_as_zero", zero)  # type: ignore[misc]
    error = FindingKind(Severity.ERROR, "the cell holds {value}", "type the answer", "It says nothing.")
    monkeypatch.setitem(KINDS, "error_cell", error)  # type: ignore[misc]


def test_findings_on_one_cell_are_one_mark_the_gravest_first() -> None:
    dash = _on("F8", "dash_as_zero", value="-")
    error = _on("F8", "error_cell", value="#REF!")
    (mark,) = _said(dash, error).marks
    assert (mark.sheet, mark.cell, mark.severity, mark.head) == (FIGURES, "F8", Severity.ERROR, "Error")
    assert mark.text == (
        "The cell holds #REF!\nWhy: It says nothing.\nTo put it right: type the answer\n\n"
        "Warning\n“-” was read as 0\nTo put it right: write 0"
    )


def test_what_asks_for_nothing_or_cannot_be_seen_is_listed_but_not_marked() -> None:
    idle = _on("D7", "decomposed_text", value="a")
    hidden = [
        _on("A1", "wrong_period", value="2024-Q2", found="Q2", expected="Q1"),
        finding("no_unit", sheet=META, cell="B1"),
        finding("missing_sheet", missing="Phần lời"),
    ]
    said = _said(idle, *hidden)
    assert said.marks == ()
    assert [(line.sheet, line.cell) for line in said.lines] == [
        (FIGURES, "D7"),
        (FIGURES, ""),
        ("", ""),
        ("", ""),
    ]
    assert _said(_on("F8", "word_as_zero", value="không")).marks  # a note that asks for something


def test_questions_are_named_by_their_labels() -> None:
    found = [
        _on("F8", "error_cell", indicator=code)
        for code in ("press_total", "results", "events.attendance", "events", "unknown", None)
    ]
    assert [line.label for line in _said(*found).lines] == [
        "Stories",
        "Kết quả nổi bật",
        "Conferences: Attendance",
        "Conferences",
        "",
        "",
    ]


def test_the_facts_above_the_list() -> None:
    said = dict(_said(_on("F8", "error_cell"), _on("F9", "dash_as_zero", value="-")).facts)
    assert said["In all"] == "1 error, 1 warning, 0 notes"
    assert said["Unit"] == "Huyện Một"
    unknown = dict(markup([], Addressee("", "a.xlsx", QUARTER, None, ""), form()).facts)
    assert (unknown["Unit"], unknown["To be sent again by"]) == ("–", "–")
    assert _said().author == "reportctl"


def test_it_is_said_in_the_language_chosen() -> None:
    with language.speaking("vi"):
        said = _said(_on("F8", "error_cell", value="#REF!", indicator="press_total"))
    assert said.lines[0].label == "Tổng số tin, bài"
    assert dict(said.facts)["Tệp"] == "a.xlsx"


def test_what_concerns_the_office_is_not_said_to_senders() -> None:
    theirs = _on("F8", "error_cell", file="a.xlsx")
    ours = finding("tie", file="a.xlsx", count=2)
    copied = _on("D7", "text_copied", file="a.xlsx", label="Kết quả", share="100%", units="002")
    closed = finding("unreadable_file", file="a.xlsx", reason="Permission denied")
    packed = finding("zip_not_opened", file="a.xlsx", reason="it lies in another one")
    other = _on("F8", "error_cell", file="b.xlsx")
    assert for_sender([theirs, ours, copied, closed, packed, other], "a.xlsx") == [theirs]
    assert needs_marking([theirs])
    assert not needs_marking([_on("F8", "word_as_zero")])
    assert not needs_marking([])
