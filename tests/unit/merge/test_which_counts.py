"""Which submission counts."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.ledger.rows import SubmissionRecord
from reportctl.merge.which_counts import which_count

Q1 = Quarter(2024, 1)
DAY = dt.date(2024, 3, 20)
NOON = dt.datetime(2024, 3, 19, 12, 0)


def candidate(
    key: str, days: int = 0, hours: int | None = 0, verdict: str = "accepted", unit: str = "HN"
) -> SubmissionRecord:
    modified = None if hours is None else NOON + dt.timedelta(hours=hours)
    day = DAY + dt.timedelta(days=days)
    return SubmissionRecord(Q1, unit, f"{key}.xlsx", key, day, modified, verdict)


def said(*candidates: SubmissionRecord) -> set[tuple[str, str | None, str]]:
    return {(f.code, f.file, f.severity.value) for f in which_count(candidates).findings}


def test_a_single_acceptable_submission_counts_without_a_word() -> None:
    for verdict in ("accepted", "warned"):
        settled = which_count([candidate("a", verdict=verdict)])
        assert settled.counting == {"HN": "a"}
        assert settled.findings == ()


def test_a_rejected_submission_never_counts() -> None:
    settled = which_count([candidate("a", verdict="rejected")])
    assert settled.counting == {}
    assert settled.findings == ()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (candidate("a", days=0, hours=9), candidate("b", days=1, hours=0)),  # received goes before modified
        (candidate("a", hours=1), candidate("b", hours=2)),
        (candidate("a", hours=None), candidate("b", hours=-900)),  # no date of its own: earliest
    ],
)
def test_the_latest_by_received_then_modified_counts(
    earlier: SubmissionRecord, later: SubmissionRecord
) -> None:
    assert which_count([earlier, later]).counting == {"HN": "b"}
    assert said(earlier, later) == {("superseded", "a.xlsx", "note"), ("several_files", None, "note")}


def test_two_with_the_same_date_are_a_tie_and_neither_counts() -> None:
    first, twin, other = candidate("a", days=-1), candidate("b"), candidate("c")
    settled = which_count([first, twin, other])
    assert settled.counting == {}
    assert settled.tied == {"b", "c"}
    assert said(first, twin, other) == {
        ("tie", "b.xlsx", "error"),
        ("tie", "c.xlsx", "error"),
        ("several_files", None, "note"),
    }


def test_two_without_a_date_of_their_own_received_the_same_day_are_a_tie() -> None:
    assert which_count([candidate("a", hours=None), candidate("b", hours=None)]).tied == {"a", "b"}


def test_a_tie_below_the_latest_does_not_matter() -> None:
    settled = which_count([candidate("a"), candidate("b"), candidate("c", days=1)])
    assert settled.counting == {"HN": "c"}
    assert not settled.tied


def test_a_rejected_twin_makes_no_tie() -> None:
    assert which_count([candidate("a"), candidate("b", verdict="rejected")]).counting == {"HN": "a"}


def test_a_later_rejected_one_leaves_the_earlier_one_counting_with_a_warning() -> None:
    pair = [candidate("a"), candidate("b", days=1, verdict="rejected")]
    settled = which_count(pair)
    assert settled.counting == {"HN": "a"}
    assert said(*pair) == {("later_rejected", "a.xlsx", "warning"), ("several_files", None, "note")}
    warning = next(f for f in settled.findings if f.code == "later_rejected")
    assert warning.message == "a later file of the unit was rejected (b.xlsx); this earlier one still counts"


def test_an_earlier_rejected_one_is_superseded_too() -> None:
    pair = [candidate("a", verdict="rejected"), candidate("b", days=1)]
    assert ("superseded", "a.xlsx", "note") in said(*pair)


def test_messages_name_the_files_in_both_languages() -> None:
    settled = which_count([candidate("a"), candidate("b", days=1)])
    assert {f.message for f in settled.findings} == {
        "a later file of the unit counts instead: b.xlsx",
        "2 files came from this unit; b.xlsx counts",
    }
    none = which_count([candidate("a", verdict="rejected"), candidate("b", verdict="rejected")]).findings
    assert [f.message for f in none] == ["2 files came from this unit; none counts"]
    language.use("vi")
    assert "không tệp nào" in dict(none[0].details)["counts"].in_language("vi")


def test_the_same_bytes_twice_are_one_submission() -> None:
    assert which_count([candidate("a"), candidate("a")]).findings == ()


def test_what_is_no_workbook_is_left_out() -> None:
    assert which_count([candidate("a"), candidate("b", days=1, verdict="ignored")]).findings == ()


def test_dates_with_and_without_a_zone_can_be_compared() -> None:
    modified = dt.datetime(2024, 3, 19, 13, tzinfo=dt.UTC)
    zoned = SubmissionRecord(Q1, "HN", "b.xlsx", "b", DAY, modified, "accepted")
    assert which_count([candidate("a"), zoned]).counting == {"HN": "b"}


_candidates = st.lists(
    st.builds(
        SubmissionRecord,
        period=st.just(Q1),
        sha256=st.uuids().map(str),
        unit=st.sampled_from(["HN", "HP", "DN"]),
        file=st.sampled_from(["a.xlsx", "b.xlsx"]),
        received=st.dates(dt.date(2024, 3, 1), dt.date(2024, 3, 3)),
        modified=st.none() | st.sampled_from([NOON, NOON + dt.timedelta(1)]),
        verdict=st.sampled_from(["accepted", "warned", "rejected", "ignored"]),
    ),
    max_size=8,
    unique_by=lambda c: c.sha256,
)


@given(_candidates, st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(candidates: list[SubmissionRecord], chance: random.Random) -> None:
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert which_count(shuffled) == which_count(candidates)


@given(_candidates, st.dates(dt.date(2024, 2, 1), dt.date(2024, 4, 1)))
def test_a_rejected_one_never_changes_who_counts(candidates: list[SubmissionRecord], day: dt.date) -> None:
    more = [*candidates, SubmissionRecord(Q1, "HN", "n.xlsx", "new", day, NOON, "rejected")]
    assert which_count(more).counting == which_count(candidates).counting
    assert which_count(more).tied == which_count(candidates).tied


@given(_candidates)
def test_a_later_acceptable_one_counts_whatever_came_before(candidates: list[SubmissionRecord]) -> None:
    latest = SubmissionRecord(Q1, "HN", "n.xlsx", "new", dt.date(2024, 4, 1), None, "warned")
    assert which_count([*candidates, latest]).counting["HN"] == "new"


@given(_candidates)
def test_who_counts_is_acceptable_and_not_tied(candidates: list[SubmissionRecord]) -> None:
    settled = which_count(candidates)
    by_key = {c.sha256: c for c in candidates}
    for unit, key in settled.counting.items():
        assert by_key[key].unit == unit
        assert by_key[key].verdict in ("accepted", "warned")
        assert key not in settled.tied


def test_that_no_file_counts_is_said_in_a_sentence() -> None:
    rejected = [candidate(key, days, verdict="rejected") for days, key in enumerate("ab")]
    (found,) = (one for one in which_count(rejected).findings if one.code == "several_files")
    with language.speaking("vi"):
        assert found.message == "đơn vị gửi 2 tệp; được tính: không tệp nào"
    with language.speaking("en"):
        assert found.message == "2 files came from this unit; none counts"
