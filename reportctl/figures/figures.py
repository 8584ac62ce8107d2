"""The province's figures of a period, as values that tables, exports and reports say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reportctl.core.period import Period
from reportctl.core.table import Absent
from reportctl.form.model import Indicator

Number = int | float

# Aggregates over units and over time of which it makes no difference which goes first.
_EITHER_WAY = {("sum", "sum"), ("ratio", "ratio"), ("min", "min"), ("max", "max")}


def mixable(indicator: Indicator) -> bool:
    """Whether a quarter's figure of the province alone and the units' figures of other quarters make one."""
    return (indicator.over_units, indicator.over_time) in _EITHER_WAY


def rounded(value: float) -> Number:
    """`value` to the 15 digits that a float holds; whole numbers below 10^15 as such."""
    if float(value).is_integer() and abs(value) < 1e15:
        return int(value)  # as most are; it has no more digits than that
    exact = float(f"{value:.15g}")
    return int(exact) if exact.is_integer() and abs(exact) < 1e15 else exact


def total(values: Iterable[object]) -> Number | None:
    """The sum of the numbers among `values`, exact or to 15 digits; None where there is no number."""
    numbers = [value for value in values if isinstance(value, int | float)]
    if not all(isinstance(value, int) for value in numbers):
        return float(rounded(math.fsum(numbers)))
    return sum(numbers) if numbers else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Units by code, in the roster's order: who is to report, of whom a submission counts, who is missing."""

    expected: tuple[str, ...]
    accepted: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of the province. Changes and `of_plan` are fractions; None: there is none to give.

    `estimate`: some unit marked its figure as an estimate. `comparable_*`: over how many units the change
    was worked out; `comparable` is that of the year before, or of the quarter before where there is none.
    A change of a percentage is its difference (0.021: 2.1 percentage points).

    `of_totals`: against what ("previous", "year_ago") the change is that of the province's totals, because
    one of them was imported without the units' figures; `comparable_*` is 0 then. `over`: the units that a
    change against "previous" or "year_ago", or the part of the "plan" that is done, is worked out over.
    """

    section: str
    indicator: Indicator
    value: Number | None
    estimate: bool
    previous: Number | None
    year_ago: Number | None
    to_date: Number | None
    plan: Number | None
    change_previous: float | None
    change_year_ago: float | None
    of_plan: float | None
    units_reporting: int
    comparable: int
    comparable_previous: int
    comparable_year_ago: int
    of_totals: tuple[str, ...] = ()
    over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """All figures of a period by indicator code, and each unit's own values (unit, then code)."""

    period: Period
    coverage: Coverage
    figures: Mapping[str, Figure]
    by_unit: Mapping[str, Mapping[str, Number | Absent | None]]
