"""Spans of quarters: every aggregate on both axes, and like compared with like, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from reportctl.core.period import parse_period
from reportctl.figures.figures import Figure
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summarise
from reportctl.figures.totals import group_values
from reportctl.figures.trace import trace
from reportctl.form.model import Form
from tests.making.figures import (
    ROSTER,
    CellsLedger,
    FakeLedger,
    Figures,
    answers_of,
    calendar_of,
    indicator,
    units_by_kind,
)

UNITS = ("sum", "mean", "min", "max", "none")
TIME = ("sum", "last", "mean", "min", "max", "none")


def every(prefix: str = "") -> list[dict[str, Any]]:
    return [
        indicator(f"{prefix}{units}_{time}", units, time, type="number") for units in UNITS for time in TIME
    ]


FORM = Form.model_validate(
    {
        "id": "form",
        "title": "Biểu",
        "kinds": [{"code": "district", "title": "Huyện"}, {"code": "press", "title": "Báo"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [
                    *every(),
                    indicator(
                        "share", "ratio", "ratio", type="percent", numerator="part", denominator="whole"
                    ),
                    indicator("part"),
                    indicator("whole"),
                ],
            }
        ],
    }
)

#            Q1  Q2  Q3
# Huyện A     4   6   5   sum 15, last 5, mean 5, min 4, max 6
# Huyện B     7   -   3   sum 10, last 3, mean 5, min 3, max 7
# Báo P       -   2   -   sum  2, last -, mean 2, min 2, max 2
TYPED = {"2024-Q1": {"a": 4, "b": 7}, "2024-Q2": {"a": 6, "p": 2}, "2024-Q3": {"a": 5, "b": 3}}

NINE_MONTHS = {
    # over time: over the units as the sum, mean, min, max
    "sum": (27, 9, 2, 15),  # of 15, 10, 2
    "last": (8, 4, 3, 5),  # of 5, 3
    "mean": (12, 4, 2, 5),  # of 5, 5, 2
    "min": (9, 3, 2, 4),  # of 4, 3, 2
    "max": (15, 5, 2, 7),  # of 6, 7, 2
    "none": (None, None, None, None),
}
HALF_YEAR = {
    "sum": (19, 19 / 3, 2, 10),  # of 10, 7, 2
    "last": (8, 4, 2, 6),  # of 6, 2
    "mean": (14, 14 / 3, 2, 7),  # of 5, 7, 2
    "min": (13, 13 / 3, 2, 7),  # of 4, 7, 2
    "max": (15, 5, 2, 7),  # of 6, 7, 2
    "none": (None, None, None, None),
}
SECOND_QUARTER = dict.fromkeys(TIME, (8, 4, 2, 6))  # of 6, 2, however it goes over time
OWN = {  # of A over nine months
    "sum": 15, "last": 5, "mean": 5, "min": 4, "max": 6, "none": None,
}  # fmt: skip


def figures_of(typed: dict[str, dict[str, float]]) -> Figures:
    """The same figures under every pair of aggregates."""
    return {
        quarter: {unit: {i["code"]: value for i in every()} for unit, value in units.items()}
        for quarter, units in typed.items()
    }


def summarised(figures: Figures, period: str) -> dict[str, Figure]:
    ledger: Any = FakeLedger(figures)
    found = summarise(ledger, FORM, calendar_of(ROSTER), Plan({}), parse_period(period))
    return dict(found.figures)


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2024-9M", NINE_MONTHS), ("2024-H1", HALF_YEAR), ("2024-Q2", SECOND_QUARTER)],
)
def test_every_aggregate_on_both_axes(period: str, expected: dict[str, tuple[float | None, ...]]) -> None:
    figures = summarised(figures_of(TYPED), period)
    found = {time: tuple(figures[f"{units}_{time}"].value for units in UNITS[:-1]) for time in TIME}
    assert found.keys() == expected.keys()
    for time, values in expected.items():
        assert found[time] == tuple(v if v is None else pytest.approx(v, rel=1e-14) for v in values), time
    assert {figures[f"none_{time}"].value for time in TIME} == {None}


def test_the_year_to_date_is_the_span_up_to_the_quarter() -> None:
    quarter, span = summarised(figures_of(TYPED), "2024-Q3"), summarised(figures_of(TYPED), "2024-9M")
    for code, figure in quarter.items():
        assert figure.to_date == span[code].value == span[code].to_date, code


def test_each_units_own_value_over_time() -> None:
    ledger: Any = FakeLedger(figures_of(TYPED))
    summary = summarise(ledger, FORM, calendar_of(ROSTER), Plan({}), parse_period("2024-9M"))
    for units in UNITS:
        assert {time: summary.by_unit["a"][f"{units}_{time}"] for time in TIME} == OWN
        assert summary.by_unit["p"][f"{units}_last"] is None  # it has not reported in the last quarter


def test_the_same_over_one_kind_of_units() -> None:
    answers = answers_of(figures_of(TYPED), "2024-9M", form=FORM)
    values = group_values(answers, units_by_kind(parse_period("2024-9M")), parse_period("2024-9M"))
    assert values["district"]["mean_sum"] == 12.5  # of 15, 10
    assert values["press"]["max_mean"] == 2
    assert values["press"]["sum_last"] is None


def test_a_share_is_a_ratio_of_sums_on_both_axes() -> None:
    figures = {
        "2024-Q1": {"a": {"part": 1, "whole": 2}, "b": {"part": 9, "whole": 10}},
        "2024-Q2": {"a": {"part": 3, "whole": 8}},
    }
    assert summarised(figures, "2024-H1")["share"].value == 0.65  # (1+3+9)/(2+8+10), no mean of shares
    assert summarised(figures, "2024-Q1")["share"].value == pytest.approx(10 / 12)
    assert summarised(figures, "2024-Q2")["share"].to_date == 0.65


# ---- like with like

BEFORE = {"2023-Q1": {"a": 2, "b": 4, "p": 50}, "2023-Q2": {"a": 3, "b": 5}, "2023-Q3": {"a": 5}}
NOW = {"2024-Q1": {"a": 4, "b": 7}, "2024-Q2": {"a": 6, "p": 2}, "2024-Q3": {"a": 5, "b": 3}}


@pytest.mark.parametrize(
    ("code", "period", "change", "units"),
    [
        # Only A has a figure in all four quarters: (4+6)/(2+3), (4+6+5)/(2+3+5).
        ("sum_sum", "2024-H1", 1.0, 1),
        ("sum_sum", "2024-9M", 0.5, 1),
        ("sum_mean", "2024-H1", 1.0, 1),  # 5 / 2.5
        ("sum_max", "2024-H1", 1.0, 1),  # 6 / 3
        ("sum_min", "2024-9M", 1.0, 1),  # 4 / 2
        # Of what counts at the end only the last quarters matter: A alone in the half-year, 6/3.
        ("sum_last", "2024-H1", 1.0, 1),
        ("sum_last", "2024-9M", 0.0, 1),  # 5/5; B has no third quarter of 2023
        ("mean_last", "2024-Q1", 4 / 6 * 11 / 4 - 1, 2),  # (4+7)/2 against (2+4)/2
        ("sum_none", "2024-H1", None, 0),
    ],
)
def test_a_change_is_over_units_that_are_there_in_both_spans(
    code: str, period: str, change: float | None, units: int
) -> None:
    figure = summarised(figures_of({**BEFORE, **NOW}), period)[code]
    assert figure.change_year_ago == (change if change is None else pytest.approx(change))
    assert figure.against_year_ago.comparable == units


def test_a_whole_year_is_compared_with_the_year_before() -> None:
    typed = {f"{year}-Q{n}": {"a": n * (year - 2022)} for year in (2023, 2024) for n in (1, 2, 3, 4)}
    figures = summarised(figures_of(typed), "2024")
    assert (figures["sum_sum"].value, figures["sum_sum"].year_ago) == (20, 10)
    assert figures["sum_sum"].change_year_ago == figures["sum_sum"].change_previous == 1
    assert (figures["sum_last"].value, figures["sum_last"].year_ago) == (8, 4)


# ---- the cells behind it


@pytest.mark.parametrize("period", ["2024-Q2", "2024-H1", "2024-9M"])
def test_the_parts_of_a_figure_make_the_figure(period: str) -> None:
    ledger: Any = CellsLedger(figures_of(TYPED))
    figures = summarised(figures_of(TYPED), period)
    for code, figure in figures.items():
        if figure.indicator.computed or code in ("part", "whole"):
            continue
        value = trace(ledger, FORM, calendar_of(ROSTER), parse_period(period), code).value
        assert value == (figure.value if figure.value is None else pytest.approx(figure.value)), code
