"""What a figure is expected to be by others of its kind."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from reportctl.merge.of_its_kind import FarOff, far_off
from reportctl.workspace.settings import CheckSettings

NINE = [40, 55, 60, 48, 52, 70, 45, 50, 64]


def far(*figures: float | None, **limits: float) -> list[FarOff]:
    """What is far off among units "0", "1" … that filled in these figures; None left the cell empty."""
    of = {str(n): value for n, value in enumerate(figures) if value is not None}
    return far_off({"banners": of}, CheckSettings(**limits))


def test_a_hundredfold_figure() -> None:
    (one,) = far(*NINE[:-1], 6400)
    assert (one.unit, one.code, one.units, one.least, one.most) == ("8", "banners", 9, 40, 70)
    assert one.median == 52
    assert one.expected == pytest.approx(52)


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        # The median of these nine is 52 where the last is the largest; ten times (52 + 10) is 620.
        ([*NINE[:-1], 609], []),
        ([*NINE[:-1], 611], ["8"]),
        ([*NINE[:-2], 4000, 5000], ["7", "8"]),  # two do not hide each other
        # Seven units, or eight of which one left it empty, are too few.
        ([*NINE[:6], 6400], []),
        ([*NINE[:6], None, 6400], []),
        ([*NINE[:7], 6400], ["7"]),
        # To have done nothing is usual; where half did nothing, so is everything.
        ([*NINE[:-1], 0], []),
        ([0, 0, 0, 0, 45, 50, 52, 55, 6400], ["8"]),
        ([0, 0, 0, 0, 0, 50, 52, 55, 6400], []),
        ([0, 0, 0, 0, 0, 0, 0, 0, 6400], []),
        # Ten times less: a tenth of 1,010 is 101.
        ([1000, 1100, 900, 1000, 950, 1050, 1000, 1020, 92], []),
        ([1000, 1100, 900, 1000, 950, 1050, 1000, 1020, 90], ["8"]),
        # Where units differ a hundredfold, a hundredfold figure says nothing.
        ([1, 10, 100, 1000, 10_000, 100_000, 30, 300, 6400], []),
    ],
)
def test_what_is_far(figures: Sequence[float | None], found: list[str]) -> None:
    assert [one.unit for one in far(*figures)] == found


def test_limits_are_the_offices() -> None:
    assert far(*NINE[:-1], 6400, far=200.0) == []
    assert far(*NINE[:-1], 6400, min_units=10) == []
    assert far(*NINE[:-1], 400, far=5.0, deviations=2.0)


def province(large: float, *, many: int = 10) -> dict[str, dict[str, float]]:
    """Ten figures of nine units, the last of which is so many times as large as the others."""
    usual = {f"f{n}": 30.0 * 2**n for n in range(many)}
    return {
        code: {str(n): round(value * (0.8 + n * 0.05) * (large if n == 8 else 1)) for n in range(9)}
        for code, value in usual.items()
    }


def test_a_large_unit_is_no_slip() -> None:
    assert far_off(province(25), CheckSettings()) == []
    # With one figure nothing tells a large unit from a slip.
    assert [one.unit for one in far_off(province(25, many=1), CheckSettings())] == ["8"]


def test_a_slip_of_a_large_unit_and_of_a_small_one() -> None:
    for large in (25, 1, 1 / 10):
        figures = province(large)
        figures["f5"]["8"] *= 100 * max(1, 1 / large)
        (one,) = far_off(figures, CheckSettings())
        assert (one.unit, one.code) == ("8", "f5")
        assert one.expected == pytest.approx(960 * 1.2 * large, rel=0.25)


def test_a_figure_as_others_have_it_is_none_for_a_large_unit() -> None:
    """Meetings need not be more where everything else is."""
    figures = province(50)
    figures["f5"]["8"] = 1100
    assert far_off(figures, CheckSettings()) == []


def test_the_order_of_units_changes_nothing() -> None:
    figures = province(3)
    figures["f2"]["4"] *= 100
    mixed = {
        code: dict(random.Random(code).sample(sorted(of.items()), len(of))) for code, of in figures.items()
    }
    assert [(one.unit, one.code) for one in far_off(mixed, CheckSettings())] == [("4", "f2")]
