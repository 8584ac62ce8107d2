"""What the program says of a world, held against the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.making.commands import run
from tests.worlds.reference import UNSAID, Comparison, Reference, Unsaid
from tests.worlds.world import Period, World

_EXACT, _FIFTEEN = Context(60), Context(15, ROUND_HALF_UP)


@dataclass(frozen=True)
class Difference:
    """A place in which the program says something else than the reference."""

    period: str
    where: str
    said: object
    expected: object

    def __str__(self) -> str:
        expected = float(self.expected) if isinstance(self.expected, Fraction) else self.expected
        return f"{self.period} {self.where}: said {self.said}, expected {expected}"


@dataclass
class Outcome:
    """How many figures were compared, by where they stand, and what differs."""

    counts: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def hold(self, period: Period, where: str, said: object, expected: object) -> None:
        """Count a figure, and note it where it is another."""
        if expected is UNSAID:
            return
        kind = where.split(":")[0]
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if not same(said, expected):
            self.differences.append(Difference(str(period), where, said, expected))

    @property
    def figures(self) -> int:
        """All that were compared."""
        return sum(self.counts.values())


def same(said: object, expected: object) -> bool:
    """Whether both are the same, numbers to 15 digits."""
    if expected is None or said is None or isinstance(said, bool | str):
        return said == expected
    if isinstance(expected, Fraction | int) and isinstance(said, int | float):
        return digits(said) == digits(expected)
    return said == expected


def digits(number: float | Fraction) -> Decimal:
    """The number to 15 digits, exactly."""
    if not isinstance(number, Fraction):
        return _FIFTEEN.plus(Decimal(repr(number)))
    return _FIFTEEN.plus(_EXACT.divide(Decimal(number.numerator), Decimal(number.denominator)))


def compare(world: World, root: Path, periods: Sequence[Period]) -> Outcome:
    """What the program says of the world that lies in the workspace `root`."""
    outcome, reference = Outcome(), Reference(world)
    for period in periods:
        by_indicator(world, reference, period, said(root, period, "indicator"), outcome)
        by_unit(world, reference, period, said(root, period, "unit"), outcome)
        by_kind(world, reference, period, said(root, period, "kind"), outcome)
    return outcome


def said(root: Path, period: Period, by: str) -> Any:
    """The summary as JSON."""
    done = run("-w", root, "--lang", "en", "summary", period, "--by", by, "--format", "json")
    assert done.code == 0, done.err
    return done.json


def by_indicator(world: World, reference: Reference, period: Period, told: Any, outcome: Outcome) -> None:
    """Every key of every row, and who has reported."""
    coverage = reference.coverage(period)
    units = told["units"]
    outcome.hold(period, "units: missing", sorted(units["missing"]), sorted(coverage.missing))
    outcome.hold(period, "units: expected", units["expected"], len(coverage.expected))
    outcome.hold(period, "units: accepted", units["accepted"], len(coverage.expected - coverage.missing))
    rows = {row["code"]: row for row in told["rows"]}
    outcome.hold(period, "rows: codes", sorted(rows), sorted(world.indicators))
    for code in world.indicators:
        row, figure = rows[code], reference.of(code, period)
        expected: dict[str, object] = {
            "value": figure.value,
            "to_date": figure.to_date,
            "plan": figure.plan.plan,
            "of_plan": figure.plan.of_plan,
            "units_reporting": figure.units_reporting,
            "units_asked": figure.units_asked,
            **_compared("previous", figure.previous),
            **_compared("year_ago", figure.year_ago),
        }
        expected["comparable"] = expected["comparable_year_ago"]
        for key, number in expected.items():
            outcome.hold(period, f"indicator: {code} {key}", row.get(key, "no key"), number)


def _compared(name: str, one: Comparison) -> Mapping[str, object]:
    return {
        name: one.total,
        f"base_{name}": one.base,
        f"value_{name}": one.value,
        f"change_{name}": one.change,
        f"comparable_{name}": one.comparable,
    }


def by_unit(world: World, reference: Reference, period: Period, told: Any, outcome: Outcome) -> None:
    """Every unit's own figure."""
    rows = {row["unit"]: row["values"] for row in told["rows"]}
    units = reference.all_units(period.quarters)
    outcome.hold(period, "unit: codes", sorted(rows), units)
    for unit in units:
        for code in world.indicators:
            expected = reference.own_figure(code, unit, period.quarters)
            number = rows.get(unit, {}).get(code)
            outcome.hold(period, f"unit: {unit} {code}", number, expected)


def by_kind(world: World, reference: Reference, period: Period, told: Any, outcome: Outcome) -> None:
    """The figures of the units of a kind."""
    rows = {row["kind"]: row["values"] for row in told["rows"]}
    kinds = reference.kinds(period)
    for kind, units in kinds.items():
        for code in world.indicators:
            expected: Fraction | Unsaid | None = reference.figure(code, units, period.quarters)
            if any(reference.stands(code, quarter) for quarter in period.quarters):
                expected = UNSAID
            outcome.hold(period, f"kind: {kind} {code}", rows.get(kind, {}).get(code), expected)
