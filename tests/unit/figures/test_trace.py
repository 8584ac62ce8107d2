"""The files and cells behind a figure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.core.period import parse_period
from reportctl.core.table import Role
from reportctl.figures.trace import Trace, trace, trace_json, trace_table
from tests.making.figures import (
    FORM,
    ROSTER,
    SHARES,
    TWO_QUARTERS,
    CellsLedger,
    Figures,
    calendar_of,
    one,
    summary_of,
)


def traced(figures: Any, code: str, period: str = "2024-Q1", unit: str | None = None) -> Trace:
    ledger: Any = CellsLedger(figures)
    return trace(ledger, FORM, calendar_of(ROSTER), parse_period(period), code, unit)


def test_json_of_a_sum() -> None:
    said = trace_json(traced(one("added", {"2024-Q1": {"a": 4, "b": None, "p": 3}}), "added"))
    part = {
        "period": "2024-Q1", "unit": "a", "value": 4, "raw": "4", "file": "a.xlsx", "sheet": "Số liệu",
        "cell": "F7", "sha256": "a" * 64, "received": "2024-03-20", "by": "file",
    }  # fmt: skip
    assert said["parts"][0] == part
    assert said["parts"][1] == {
        **part,
        "unit": "p",
        "value": 3,
        "raw": "3",
        "file": "p.xlsx",
        "sha256": "p" * 64,
    }
    assert {key: said[key] for key in ("period", "code", "value")} == {
        "period": "2024-Q1",
        "code": "added",
        "value": 7,
    }
    assert len(said["parts"]) == 2


def test_only_the_quarters_that_count_are_parts() -> None:
    stock = traced(one("stock", TWO_QUARTERS), "stock", "2024-H1")
    assert {str(part.period) for part in stock.parts} == {"2024-Q2"}
    assert stock.value == 9
    assert len(traced(one("added", TWO_QUARTERS), "added", "2024-H1").parts) == 4


def test_a_shares_parts_carry_both_figures() -> None:
    said = trace_json(traced(SHARES, "share", "2024-H1"))
    assert said["value"] == 0.7  # 14/20
    assert [(p["period"], p["unit"], p["numerator"], p["denominator"]) for p in said["parts"]] == [
        ("2024-Q1", "a", 3, 4),
        ("2024-Q1", "p", 0, 0),
        ("2024-Q2", "a", 2, 6),
        ("2024-Q2", "b", 9, 10),
    ]
    assert [p["value"] for p in said["parts"]] == [0.75, None, 0.333333333333333, 0.9]  # 2/6 to 15 digits
    assert said["parts"][0]["raw"] == "3 / 4"
    assert said["parts"][0]["cell"] == "F17 / F18"
    assert said["parts"][0]["file"] == "a.xlsx"
    assert "numerator" not in trace_json(traced(SHARES, "done"))["parts"][0]


def test_one_units_part() -> None:
    found = traced(one("added", TWO_QUARTERS), "added", "2024-H1", "a")
    assert (found.value, len(found.parts)) == (10, 2)
    assert traced(SHARES, "share", "2024-H1", "a").value == 0.5
    assert traced(one("own", {"2024-Q1": {"a": 5}}), "own", unit="a").value == 5
    assert traced(one("own", {"2024-Q1": {"a": 5}}), "own").value is None
    assert traced({"2024-Q1": {"a": {"words": "lời"}}}, "words", unit="a").value == "lời"


def test_unknown_codes_are_told_with_what_is_near() -> None:
    with pytest.raises(ReportctlError, match=r"no indicator “add” \(near it: added\)"):
        traced({}, "add")
    with pytest.raises(ReportctlError, match="There is no unit with the code “zz”"):
        traced({}, "added", unit="zz")


def test_table() -> None:
    table = trace_table(traced(one("added", {"2024-Q1": {"a": 4, "p": 3}}), "added"), ROSTER)
    assert table.title == "Sources of “added”, first quarter of 2024"
    assert table.rows[0].cells == (
        "2024-Q1", "Huyện A", 4, "4", "a.xlsx", "Số liệu!F7", dt.date(2024, 3, 20), "file",
    )  # fmt: skip
    assert table.rows[-1].role is Role.TOTAL
    assert table.rows[-1].cells[1:3] == ("Total", 7)
    assert trace_table(traced({}, "added"), ROSTER).notes == ("No unit has given a figure.",)


numbers = st.integers(0, 10**6)
answers = st.dictionaries(
    st.sampled_from(["a", "b", "p", ""]),
    st.dictionaries(
        st.sampled_from(
            ["added", "stock", "average", "least", "most", "done", "asked_for", "peak_sum", "within"]
        ),
        numbers | st.none(),
    ),
)


@settings(max_examples=25)
@given(first=answers, second=answers, period=st.sampled_from(["2024-Q1", "2024-Q2", "2024-H1"]))
@pytest.mark.slow
def test_the_parts_make_the_summarys_figure(first: Any, second: Any, period: str) -> None:
    figures: Figures = {"2024-Q1": first, "2024-Q2": second}
    summary = summary_of(figures, period)
    for code, figure in summary.figures.items():
        value = traced(figures, code, period).value
        assert value == (None if figure.value is None else pytest.approx(figure.value, rel=1e-12))
