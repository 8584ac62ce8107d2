"""Cells with their looks, as values: what `styled` gives of a workbook, whichever kind of file it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportctl.workbooks.book import Area, CellValue


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks: its own frame lines (`crossed`: one from corner to corner), fill (six hexadecimal
    digits, empty for none and white), font,
    indent, number format, and whether it is locked where its sheet is protected."""

    left: bool = False
    right: bool = False
    top: bool = False
    bottom: bool = False
    crossed: bool = False
    fill: str = ""
    bold: bool = False
    italic: bool = False
    indent: int = 0
    centred: bool = False
    format: str = "General"
    locked: bool = True


PLAIN_LOOK = Look()


@dataclass(frozen=True, slots=True)
class StyledCell:
    """One cell; `formula` is `=` alone where it has one that cannot be given, and `value` then the words
    that it last gave, None where that were none."""

    value: CellValue = None
    look: Look = PLAIN_LOOK
    formula: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class StyledSheet:
    """One sheet: its cells that hold or look like anything, merged areas, what is hidden, lists to choose
    from."""

    name: str
    visible: bool
    protected: bool
    cells: Mapping[tuple[int, int], StyledCell]
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    tables: tuple[Area, ...] = ()  # what the workbook itself calls tables
    choices: Mapping[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StyledBook:
    """A workbook's sheets in their order."""

    sheets: tuple[StyledSheet, ...]
