"""Figures of the province that jumped, and the units behind it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reportctl.core.language import use
from reportctl.core.period import parse_period
from reportctl.figures.jumps import jump_notes, jumps
from reportctl.workspace.settings import CheckSettings
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import ROSTER, Figures, answers_of, calendar_of, one, summary_of


def notes(figures: Figures, period: str = "2024-Q1", *, roster: Roster = ROSTER, **more: Any) -> list[str]:
    use("en")
    summary = summary_of(figures, period, roster=roster, **more)
    found = jumps(summary, CheckSettings(), {"all"})
    answers = answers_of(figures, period, roster=roster)
    units = calendar_of(roster).units(parse_period(period))
    return [*jump_notes(found, answers, parse_period(period), units)]


def added(**quarters: dict[str, float | None]) -> Figures:
    """Figures of "added": `q4` is the quarter before the first of 2024, `ago` that of last year."""
    names = {"ago": "2023-Q1", "q4": "2023-Q4", "q1": "2024-Q1"}
    return one("added", {names[quarter]: units for quarter, units in quarters.items()})


def test_a_jump_names_the_unit_behind_it() -> None:
    (note,) = notes(added(q4={"a": 50, "b": 60, "p": 30}, q1={"a": 55, "b": 6000, "p": 31}))
    assert note == (
        "“added” is 6,086; in the fourth quarter of 2023 it was 140; mostly by: Huyện B (from 60 to 6,000)."
    )


def test_a_fall_too() -> None:
    (note,) = notes(added(q4={"a": 5000, "b": 60, "p": 30}, q1={"a": 5, "b": 70, "p": 31}))
    assert note == (
        "“added” is 106; in the fourth quarter of 2023 it was 5,090; mostly by: Huyện A (from 5,000 to 5)."
    )


def test_the_largest_come_first_until_half_is_named() -> None:
    (note,) = notes(added(q4={"a": 10, "b": 10, "p": 10}, q1={"a": 410, "b": 510, "p": 310}))
    assert note.endswith("mostly by: Huyện B (from 10 to 510); Huyện A (from 10 to 410).")


@pytest.mark.parametrize(
    ("now", "before", "jumped"),
    [(410, 130, False), (411, 130, True), (36, 131, True), (37, 131, False), (10, 0, False), (0, 131, True)],
)
def test_how_far_is_a_jump(now: int, before: int, jumped: bool) -> None:
    """Three times (130 + 10) is 420; a third of 141 is 47. From nothing there is no jump."""
    figures = added(q4={"a": before, "b": 0, "p": 0}, q1={"a": now, "b": 0, "p": 0})
    assert len(notes(figures)) == jumped


def test_what_comes_every_year_is_no_jump() -> None:
    few, many = {"a": 50, "b": 60, "p": 30}, {"a": 50, "b": 6000, "p": 30}
    assert notes(added(ago=many, q4=few, q1=many)) == []
    assert notes(added(ago=few, q4=many, q1=many)) == []
    assert len(notes(added(ago=few, q4=few, q1=many))) == 1
    # More than before and less than a year ago.
    assert notes(added(ago={"a": 9000, "b": 0, "p": 0}, q4=few, q1={"a": 900, "b": 0, "p": 0})) == []


def test_units_that_cannot_be_compared_are_not_behind_it() -> None:
    """Only "a" and "p" reported in both quarters."""
    (note,) = notes(added(q4={"a": 50, "p": 30}, q1={"a": 700, "b": 60_000, "p": 31}))
    assert note == (
        "“added” is 731; in the fourth quarter of 2023 it was 80; mostly by: Huyện A (from 50 to 700)."
    )


def test_where_only_the_provinces_figure_is_known_of_then() -> None:
    (note,) = notes(added(q4={"": 140}, q1={"a": 55, "b": 6000, "p": 31}))
    assert note == "“added” is 6,086; in the fourth quarter of 2023 it was 140; mostly by: Huyện B (6,000)."
    (note,) = notes(added(q4={"": 9000}, q1={"a": 55, "b": 60, "p": 31}))
    assert note == "“added” is 146; in the fourth quarter of 2023 it was 9,000."
    (note,) = notes(added(q4={"a": 55, "b": 60, "p": 31}, q1={"": 9000}))
    assert note == "“added” is 9,000; in the fourth quarter of 2023 it was 146."


def test_beyond_the_plan_in_the_very_first_quarter() -> None:
    first = added(q1={"a": 55, "b": 6000, "p": 31})
    (note,) = notes(
        first, plan={("a", "added", 2024): 200, ("b", "added", 2024): 240, ("p", "added", 2024): 120}
    )
    assert note == (
        "“added” is 6,086 in the year to date, and the plan of the year is 560; mostly by: Huyện B (6,000)."
    )
    (note,) = notes(first, plan={("", "added", 2024): 600})
    assert "the plan of the year is 600; mostly by: Huyện B (6,000)" in note
    assert notes(first, plan={("", "added", 2024): 5000}) == []
    assert notes(first) == []


def test_units_that_were_merged_are_one() -> None:
    day = dt.date(2024, 1, 1)
    roster = Roster(
        (
            Unit("a", "Huyện A", "district", valid_to=day - dt.timedelta(1)),
            Unit("b", "Huyện B", "district", valid_to=day - dt.timedelta(1)),
            Unit("n", "Xã N", "district", valid_from=day, predecessors=("a", "b")),
            Unit("p", "Báo P", "press"),
        )
    )
    figures = added(q4={"a": 20, "b": 30, "p": 40}, q1={"n": 5000, "p": 41})
    (note,) = notes(figures, roster=roster)
    assert note.endswith("mostly by: Xã N (from 50 to 5,000).")


def test_of_spans() -> None:
    figures = one(
        "added",
        {
            f"{year}-Q{number}": {"a": 50, "b": b, "p": 30}
            for year, b in ((2023, 60), (2024, 3000))
            for number in (1, 2)
        },
    )
    (note,) = notes(figures, "2024-H1")
    assert note.startswith("“added” is 6,160; in ")
    assert note.endswith("mostly by: Huyện B (from 120 to 6,000).")


def test_shares_and_answers_do_not_jump() -> None:
    figures: Figures = {
        "2023-Q4": {"a": {"within": 0.01, "own": 3, "done": 1, "asked_for": 400}},
        "2024-Q1": {"a": {"within": 0.99, "own": 900, "done": 2, "asked_for": 2}},
    }
    assert not any("within" in note or "own" in note or "share" in note for note in notes(figures))
    assert any("asked_for" in note for note in notes(figures))
