"""How well blank forms are read: of the cells that are to be filled in how many are found, of those found how
many are right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportctl.adopt.blank_form import BlankForm
from reportctl.core.cellrefs import cell_place

Cell = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Score:
    """The cells of one file: those that are to be filled in, and those that were read as such."""

    expected: frozenset[Cell]
    found: frozenset[Cell]

    @property
    def recall(self) -> float:
        """The share of the expected cells that was found."""
        return len(self.expected & self.found) / len(self.expected) if self.expected else 1.0

    @property
    def precision(self) -> float:
        """The share of the cells found that was expected."""
        return len(self.expected & self.found) / len(self.found) if self.found else float(not self.expected)


def cells_in(areas: Mapping[str, Iterable[str]]) -> frozenset[Cell]:
    """The cells of areas such as `D7:H12`, by sheet."""
    found = set()
    for sheet, references in areas.items():
        for reference in references:
            first, _colon, last = reference.partition(":")
            (top, left), (bottom, right) = cell_place(first), cell_place(last or first)
            found |= {
                (sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
            }
    return frozenset(found)


def inputs_of(form: BlankForm) -> frozenset[Cell]:
    """The cells that a form was read to ask for."""
    return frozenset((table.sheet, *place) for table in form.tables for place in table.inputs)


def expected_in(folder: Path) -> dict[str, frozenset[Cell]]:
    """The input cells of the forms in `folder`, by the names of their files without ending:
    `expected.json`."""
    said = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return {name: cells_in(areas) for name, areas in said.items()}


def file_of(folder: Path, name: str) -> Path | None:
    """The workbook of that name in `folder`."""
    return next(
        (
            path
            for path in sorted(folder.iterdir())
            if re.fullmatch(re.escape(name) + r"\.xlsx?m?", path.name)
        ),
        None,
    )
