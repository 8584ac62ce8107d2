"""What decisions.csv says holds in a quarter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.period import Quarter
from reportctl.ledger.archive import Decision
from reportctl.ledger.decisions import (
    QuarterDecisions,
    day_in_words,
    day_of,
    decisions_by_quarter,
    reason_given,
    refuse_closed,
)

Q1, Q4 = Quarter(2024, 1), Quarter(2023, 4)
A, B = "a" * 64, "b" * 64


def row(action: str, sha256: str = "", period: str = "2024-Q1", **more: str) -> Decision:
    return replace(Decision("2024-04-02T08:00:00", "lan", action, period, sha256=sha256), **more)


def test_nothing_decided_nothing_holds() -> None:
    assert decisions_by_quarter([row("received", A), row("form")]) == {Q1: QuarterDecisions()}


def test_the_last_row_about_a_thing_holds() -> None:
    rows = [
        row("accepted", A, why="first"),
        row("accepted", A, why="second"),
        row("corrected", A, code="x", value="1"),
        row("corrected", A, code="y", value="2"),
        row("corrected", A, code="x", value="3"),
        row("corrected", A, "2023-Q4", code="x", value="4"),
    ]
    found = decisions_by_quarter(rows)
    assert found[Q1].accepted == {A: rows[1]}
    assert found[Q1].corrected == {A: {"x": rows[4], "y": rows[3]}}
    assert found[Q4].corrected == {A: {"x": rows[5]}}


def test_a_quarter_is_closed_with_what_had_come_until_it_is_opened() -> None:
    rows = [row("received", A, "Q1/2024"), row("received", B), row("withdrawn", B), row("closed")]
    closing = decisions_by_quarter(rows)[Q1].closing
    assert closing is not None
    assert closing.received == {A}
    later = [*rows, row("received", B)]
    assert decisions_by_quarter(later)[Q1].closing == closing
    opened = [*later, row("reopened")]
    assert decisions_by_quarter(opened)[Q1].closing is None
    again = decisions_by_quarter([*opened, row("closed")])[Q1].closing
    assert again is not None
    assert again.received == {A, B}


def test_the_basis_changes_with_what_holds_and_with_nothing_else() -> None:
    rows = [row("accepted", A), row("corrected", B, code="x", value="1"), row("closed", "c" * 64)]
    bases = [decisions_by_quarter(rows[:n]).get(Q1, QuarterDecisions()).cache_key for n in range(4)]
    assert bases[0] == ""
    assert len(set(bases)) == 4
    assert (
        decisions_by_quarter([*rows, row("received", "d" * 64), row("accepted", A, "2023-Q4")])[Q1].cache_key
        == bases[3]
    )
    assert decisions_by_quarter([*rows, row("reopened")])[Q1].cache_key == bases[2]


def test_days_as_people_may_have_changed_them() -> None:
    assert str(day_of(row("closed"))) == "2024-04-02"
    assert str(day_in_words(row("closed"))) == "2\u00a0Apr 2024"
    odd = row("closed", when="02/04/2024 8:00")
    assert day_of(odd) is None
    assert str(day_in_words(odd)) == "02/04/2024 8:00"


def test_a_closed_quarter_is_refused_and_a_reason_asked_for() -> None:
    refuse_closed(decisions_by_quarter([row("closed"), row("reopened")]), Q1)
    with pytest.raises(ReportctlError, match="2024-Q1 was closed by lan on 2\u00a0Apr 2024"):
        refuse_closed(decisions_by_quarter([row("closed")]), Q1)
    assert reason_given(" a\n b ") == "a b"
    with pytest.raises(ReportctlError, match="Say why"):
        reason_given("\t")
