"""What a figure is expected to be by the other units of its kind, robustly: medians of logarithms.

Figures of units of one kind differ by how large the units are, and by what each unit does more of or less.
So a figure is far off only where it is far from what its kind has, and far from what it would be for a unit
of that size, the size being how much more or less than its kind the unit has in the median of its figures.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportctl.workspace.settings import CheckSettings

# The median absolute deviation, times this, is the standard deviation of what is normally distributed.
NORMAL = 1.4826

Number = int | float


@dataclass(frozen=True, slots=True)
class FarOff:
    """The figure of `unit` for `code`, and what `units` of its kind have: the median, and from the `least`
    to the `most` that the others have. `expected` is what it would be for a unit of that size."""

    unit: str
    code: str
    units: int
    median: float
    least: Number
    most: Number
    expected: float


def far_off(figures: Mapping[str, Mapping[str, Number]], limits: CheckSettings) -> list[FarOff]:
    """The figures that are far from those of other units; `figures` are those of one kind, by code and unit.

    Compared is what at least `limits.min_units` units filled in, and of that only what is above zero: that a
    unit did nothing is usual. Where half of the units or more did nothing, what others did is not compared.
    Far is more than `limits.far` times as much or as little, `limits.small` being
    added to both, and more than `limits.deviations` robust standard deviations of the logarithms.
    """
    compared = {
        code: above
        for code, of in figures.items()
        if len(of) >= limits.min_units and 2 * len(above := _above_zero(of)) > len(of)
    }
    logs = {
        code: {unit: math.log(value + limits.small) for unit, value in of.items()}
        for code, of in compared.items()
    }
    centres = {code: statistics.median(of.values()) for code, of in logs.items()}
    nearest = math.log(limits.far)
    if all(
        centres[code] - nearest <= min(of.values()) and max(of.values()) <= centres[code] + nearest
        for code, of in logs.items()
    ):
        return []  # none is far from what its kind has, so that sizes do not matter
    sizes = _sizes(logs, limits)
    by_size = {
        code: {unit: log - sizes.get(unit, 0) for unit, log in of.items()} for code, of in logs.items()
    }
    of_size = {code: statistics.median(of.values()) for code, of in by_size.items()}
    spreads = {
        code: min(_spread([*of.values()]), _spread([*by_size[code].values()])) for code, of in logs.items()
    }
    usual = statistics.median(spreads.values()) if spreads else 0.0
    found = []
    for code, of in logs.items():
        limit = max(nearest, limits.deviations * max(spreads[code], usual))
        for unit, log in of.items():
            expected = of_size[code] + sizes.get(unit, 0)
            low, high = sorted((centres[code], expected))
            if low - limit <= log <= high + limit:
                continue
            others = [value for other, value in compared[code].items() if other != unit]
            found.append(
                FarOff(
                    unit,
                    code,
                    len(of),
                    statistics.median(compared[code].values()),
                    min(others),
                    max(others),
                    max(math.exp(expected) - limits.small, 0),
                )
            )
    return found


def _above_zero(figures: Mapping[str, Number]) -> dict[str, Number]:
    return {unit: value for unit, value in figures.items() if value > 0}


def _sizes(logs: Mapping[str, Mapping[str, float]], limits: CheckSettings) -> dict[str, float]:
    """How large each unit is, as a logarithm, 0 being the kind's middle: of units with so many figures that
    no single one decides it."""
    sizes: dict[str, float] = {}
    for _round in range(2):  # once more, since who has a figure differs from figure to figure
        apart: dict[str, list[float]] = {}
        for of in logs.values():
            centre = statistics.median(log - sizes.get(unit, 0) for unit, log in of.items())
            for unit, log in of.items():
                apart.setdefault(unit, []).append(log - centre)
        sizes = {
            unit: statistics.median(each) for unit, each in apart.items() if len(each) >= limits.min_figures
        }
    return sizes


def _spread(logs: Sequence[float]) -> float:
    """The robust standard deviation; of few it comes out too small by about one part in their number."""
    median = statistics.median(logs)
    deviation = NORMAL * statistics.median(abs(each - median) for each in logs)
    return deviation * len(logs) / (len(logs) - 1) if len(logs) > 1 else 0.0
