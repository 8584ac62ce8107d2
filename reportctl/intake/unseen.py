"""Figures that stand where nothing was asked: in lines that people have put between those of the workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from reportctl.cells.cell import Raw
from reportctl.core.findings import Finding, finding
from reportctl.intake.find_lines import Spot
from reportctl.workbooks.book import as_typed

_BELOW = 5  # how many lines below the last one are looked at
_NAMED = 8  # cells that a message names


def stray_figures(spots: Iterable[Spot]) -> Iterator[Finding]:
    """A warning for each sheet that has figures in the answers' column, in lines of no question."""
    by_sheet: dict[str, list[Spot]] = {}
    for spot in spots:
        by_sheet.setdefault(spot.sheet.name, []).append(spot)
    for found in by_sheet.values():
        sheet, asked = found[0].sheet, {spot.row for spot in found}
        column = Counter([spot.column for spot in found]).most_common(1)[0][0]
        lines = range(min(asked), max(asked) + _BELOW + 1)
        stray = [
            Spot(sheet, row, column)
            for row in lines
            if row not in asked and _is_figure(sheet.at(row, column))
        ]
        if stray:
            cells = [spot.cell for spot in stray[:_NAMED]] + ["…"] * (len(stray) > _NAMED)
            yield finding(
                "stray_figure",
                sheet=sheet.name,
                cell=stray[0].cell,
                value=as_typed(stray[0].value),
                cells=", ".join(cells),
            )


def _is_figure(value: Raw) -> bool:
    if isinstance(value, str):
        return value.strip().isdecimal()
    return isinstance(value, int | float) and not isinstance(value, bool)
