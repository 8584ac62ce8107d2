"""Lists that ask for persons with what identifies them: the product holds no records of persons."""

from __future__ import annotations

from reportctl.adopt.blank_form import Refusal
from reportctl.adopt.grid import Grid
from reportctl.adopt.tables import Found


def refused_in(grid: Grid, found: Found) -> list[Refusal]:
    """Why the table is not taken in, a refusal for each column that says so; none: it is."""
    return []
