"""What a figure may be: the form's own limits, and those of its type where the form has none."""

from __future__ import annotations

from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import ListColumn


def limits(ask: Indicator | ListColumn) -> tuple[float | None, float | None]:
    """The least and the greatest figure in answer to `ask`, None where there is no end; a percentage is a
    fraction.

    The workbook that is sent and the reading of the returned one go by the same: what a cell takes counts.
    """
    low, high = ask.min, ask.max
    if low is None and ask.type is not Type.NUMBER:
        low = 0
    if high is None and ask.type is Type.PERCENT:
        high = 1
    return low, high
