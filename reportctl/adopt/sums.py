"""Sums that a form says: in words in labels, in the row of column numbers, in headings, in formulas."""

from __future__ import annotations

from reportctl.adopt.grid import Grid
from reportctl.adopt.tables import Found


def with_sums(grid: Grid, found: Found) -> Found:
    """The table with the sums of its rows and columns."""
    return found
