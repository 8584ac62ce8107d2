"""All figures that a cell may mean which is no answer to its question."""

from __future__ import annotations

import math

import pytest

from reportctl.cells.figures import possible_figures
from reportctl.form.indicators import Indicator, Type
from reportctl.workbooks.book import CellValue


def asked(kind: Type) -> Indicator:
    return Indicator(code="spent", label="Chi", type=kind, unit_of_measure="tỷ đồng")


@pytest.mark.parametrize(
    ("raw", "kind", "figures"),
    [
        ("10,875", Type.MONEY, [10875, 10.875]),
        ("−10.875 tỷ đồng", Type.NUMBER, [-10875, -10.875]),
        ("10,8750", Type.MONEY, [10.875]),
        (10.5, Type.COUNT, [10.5]),
        (2, Type.YES_NO, [2]),
        ("52,5", Type.PERCENT, [0.525, 52.5]),
        ("12,500%", Type.PERCENT, [125, 0.125]),
        ("10,875 người", Type.MONEY, []),
        ("khác", Type.MONEY, []),
        ("10,875", Type.DATE, []),
        (True, Type.COUNT, []),
        (None, Type.COUNT, []),
        (10**400, Type.MONEY, []),
        (math.nan, Type.MONEY, []),
        ("9" * 500, Type.MONEY, []),
    ],
)
def test_possible_figures(raw: CellValue, kind: Type, figures: list[float]) -> None:
    assert possible_figures(raw, asked(kind)) == pytest.approx(figures)
