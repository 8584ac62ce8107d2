"""Periods: how offices write them, their data windows, and what comes before and after."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.core.period import Period, Quarter, Span, Window, parse_period, parse_quarter, read_period

YEARS = st.integers(1901, 2098)
QUARTERS = st.builds(Quarter, YEARS, st.integers(1, 4))
SPANS = st.builds(Span, YEARS, st.sampled_from(["H1", "H2", "9M", "Y"]))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2024-Q1", "2024-Q1"),
        ("2024Q1", "2024-Q1"),
        ("2024-q3", "2024-Q3"),
        ("2024/Q2", "2024-Q2"),
        ("Q1/2024", "2024-Q1"),
        ("Q4-2024", "2024-Q4"),
        ("1/2024", "2024-Q1"),
        ("I/2024", "2024-Q1"),
        ("IV/2024", "2024-Q4"),
        ("iii/2023", "2023-Q3"),
        ("quý I/2024", "2024-Q1"),
        ("Quý II/2024", "2024-Q2"),
        ("QUÝ IV NĂM 2024", "2024-Q4"),
        ("quý 1 năm 2024", "2024-Q1"),
        ("quý 3/2024", "2024-Q3"),
        ("quý II - 2024", "2024-Q2"),
        ("quí II/2024", "2024-Q2"),
        ("Quy III nam 2024", "2024-Q3"),
        ("2024 quý I", "2024-Q1"),
        ("quarter 2 of 2024", "2024-Q2"),
        ("  quý\u00a0I /  2024 ", "2024-Q1"),
        ("2024-H1", "2024-H1"),
        ("H2/2024", "2024-H2"),
        ("2024-9m", "2024-9M"),
        ("6 tháng đầu năm 2024", "2024-H1"),
        ("6 tháng cuối năm 2024", "2024-H2"),
        ("6 tháng năm 2024", "2024-H1"),
        ("9 tháng năm 2024", "2024-9M"),
        ("9 tháng đầu năm 2024", "2024-9M"),
        ("Năm 2024", "2024"),
        ("cả năm 2024", "2024"),
        ("2024", "2024"),
    ],
)
def test_a_period_is_read_in_every_spelling(text: str, canonical: str) -> None:
    for written in (text, unicodedata.normalize("NFD", text), text.upper(), text.lower()):
        assert str(parse_period(written)) == canonical


@pytest.mark.parametrize(
    "text",
    ["", "quý", "quý V/2024", "Q5/2024", "0/2024", "12/2024", "12024", "1/24", "2024-13", "2024-Q1.xlsx",
     "1899", "3021-Q1", "001", "10 tháng năm 2024", "quý I"],
)  # fmt: skip
def test_what_names_no_period_is_refused_in_a_sentence(text: str) -> None:
    assert read_period(text) is None
    with pytest.raises(ReportctlError, match="2024-Q1"):
        parse_period(text)


def test_where_a_quarter_is_needed_a_span_is_refused_with_an_example() -> None:
    assert parse_quarter("I/2024") == Quarter(2024, 1)
    with pytest.raises(ReportctlError, match="2024-Q2"):
        parse_quarter("2024-H1")


@given(st.one_of(QUARTERS, SPANS))
def test_the_canonical_spelling_is_read_back(period: Period) -> None:
    assert read_period(str(period)) == period


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [  # Decree 09/2019/NĐ-CP
        (Quarter(2024, 1), dt.date(2023, 12, 15), dt.date(2024, 3, 14)),
        (Quarter(2024, 2), dt.date(2024, 3, 15), dt.date(2024, 6, 14)),
        (Quarter(2024, 3), dt.date(2024, 6, 15), dt.date(2024, 9, 14)),
        (Quarter(2024, 4), dt.date(2024, 9, 15), dt.date(2024, 12, 14)),
    ],
)
def test_the_decree_window_runs_from_the_15th_to_the_14th(
    quarter: Quarter, first: dt.date, last: dt.date
) -> None:
    assert quarter.window() == quarter.window("decree") == Window(first, last)


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (Quarter(2024, 1), dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        (Quarter(2024, 2), dt.date(2024, 4, 1), dt.date(2024, 6, 30)),
        (Quarter(2023, 3), dt.date(2023, 7, 1), dt.date(2023, 9, 30)),
        (Quarter(2023, 4), dt.date(2023, 10, 1), dt.date(2023, 12, 31)),
    ],
)
def test_the_calendar_window_is_the_calendar_quarter(quarter: Quarter, first: dt.date, last: dt.date) -> None:
    assert quarter.window("calendar") == Window(first, last)


@given(QUARTERS, st.sampled_from(["decree", "calendar"]))
def test_windows_follow_each_other_without_gap_or_overlap(quarter: Quarter, rule: str) -> None:
    assert quarter.following.window(rule).first == quarter.window(rule).last + dt.timedelta(days=1)


@given(YEARS, st.sampled_from(["decree", "calendar"]))
def test_the_four_windows_tile_a_year(year: int, rule: str) -> None:
    windows = [quarter.window(rule) for quarter in Span(year, "Y").quarters]
    days = sum((window.last - window.first).days + 1 for window in windows)
    assert days == (dt.date(year, 12, 14) - dt.date(year - 1, 12, 14)).days


@given(QUARTERS)
def test_previous_and_next_undo_each_other(quarter: Quarter) -> None:
    assert quarter.following.previous == quarter == quarter.previous.following
    assert quarter.previous < quarter < quarter.following


@given(QUARTERS)
def test_a_year_ago_is_four_quarters_before(quarter: Quarter) -> None:
    assert quarter.year_ago == quarter.previous.previous.previous.previous


@given(SPANS)
def test_a_span_a_year_ago_is_made_of_its_quarters_a_year_ago(span: Span) -> None:
    assert span.year_ago.quarters == tuple(quarter.year_ago for quarter in span.quarters)


@given(SPANS)
def test_the_span_before_ends_where_the_span_begins(span: Span) -> None:
    before = span.previous
    if before is None:
        assert span.kind == "9M"
        return
    assert before.last.following == span.quarters[0]
    assert len(before.quarters) == len(span.quarters)


@given(st.one_of(QUARTERS, SPANS))
def test_to_date_runs_from_the_first_quarter_to_the_last(period: Period) -> None:
    assert [quarter.number for quarter in period.to_date] == list(range(1, period.last.number + 1))
    assert {quarter.year for quarter in period.to_date} == {period.year}


def test_spans_are_made_of_their_quarters() -> None:
    numbers = {kind: [q.number for q in Span(2024, kind).quarters] for kind in ("H1", "H2", "9M", "Y")}
    assert numbers == {"H1": [1, 2], "H2": [3, 4], "9M": [1, 2, 3], "Y": [1, 2, 3, 4]}
    assert [Quarter(2024, n).roman for n in (1, 2, 3, 4)] == ["I", "II", "III", "IV"]
