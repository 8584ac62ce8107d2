"""`layout.toml`: where the answers stand in an office's own workbook, outside the form and its fingerprint.

Made by `reportctl form adopt`. Rows and columns of sheets are counted from 0 here; in the file rows are as a
spreadsheet numbers them and columns are letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CellAddress:
    """One cell of the office's own workbook."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class TableAddress:
    """Where a table of the form stands: its first heading row, the first row below the headings, its rows and
    columns by code, captions by their place among the table's rows."""

    sheet: str
    head: int
    first_row: int
    rows: Mapping[str, int]
    columns: Mapping[str, int]
    captions: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListAddress:
    """Where a list stands: its first heading row, its prepared rows, its columns by code, its line of sums."""

    sheet: str
    head: int
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    total_row: int | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything of a form stands in the workbook `file` of the workspace, whose content has the hash
    `sha256`. `identity` are the cells that say who and when, by what they say: unit, unit_code, period."""

    file: str
    sha256: str
    identity: Mapping[str, tuple[CellAddress, ...]] = field(default_factory=dict)
    cells: Mapping[str, CellAddress] = field(default_factory=dict)  # indicators and texts by code
    tables: Mapping[str, TableAddress] = field(default_factory=dict)
    lists: Mapping[str, ListAddress] = field(default_factory=dict)
