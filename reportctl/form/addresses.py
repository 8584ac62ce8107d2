"""`layout.toml`: where the answers stand in an office's own workbook, outside the form and its fingerprint.

Made by `reportctl form adopt`. Rows and columns of sheets are counted from 0 here; in the file rows are as a
spreadsheet numbers them and columns are letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportctl.core.cellrefs import cell_name, column_index, column_name, quoted
from reportctl.core.errors import ReportctlError, capped, meant
from reportctl.core.files import read_file
from reportctl.core.language import _
from reportctl.core.toml import Keys, TomlError, TomlLines, toml_string, toml_text, toml_values
from reportctl.form.problem import Problem


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
    """Where a list stands: its first heading row, its prepared rows, its columns by code, its row of sums."""

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


class AddressesError(ReportctlError):
    """Addresses that cannot be used; `problems` are all their mistakes, in the order of the file."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(
            _(
                "The addresses {path} cannot be used; put right what stands below, or adopt the office's "
                "workbook again (reportctl form adopt):\n{problems}"
            ).format(path=path, problems=capped(problems))
        )


def load_addresses(path: Path) -> Addresses:
    """The addresses in the file `path`.

    Raises `AddressesError` with every mistake, `ReportctlError` where the file cannot be read.
    """
    data = read_file(path)
    try:
        text = toml_text(data)
    except ValueError as error:
        raise AddressesError(str(path), [Problem(None, path.name, str(error))]) from error
    return parse_addresses(text, path.name)


def parse_addresses(text: str, name: str = "layout.toml") -> Addresses:
    """The addresses written in `text`. Raises `AddressesError` with every mistake found."""
    try:
        data = toml_values(text)
    except TomlError as error:
        raise AddressesError(name, [Problem(error.line, name, str(error))]) from error
    reading = _Reading(TomlLines(text))
    whole = _Block(reading, (), data)
    addresses = Addresses(
        file=whole.text("file"),
        sha256=whole.text("sha256"),
        identity={
            what: tuple(
                cell
                for n, one in enumerate(whole.inside("identity").array(what))
                if (cell := reading.cell(("identity", what, n), one))
            )
            for what in whole.inside("identity").values
        },
        cells={
            code: cell
            for code, one in whole.inside("cells").values.items()
            if (cell := reading.cell(("cells", code), one))
        },
        tables={code: _table(block) for code, block in whole.blocks("tables")},
        lists={code: _list(block) for code, block in whole.blocks("lists")},
    )
    whole.refuse_others("file", "sha256", "identity", "cells", "tables", "lists")
    if reading.problems:
        raise AddressesError(name, sorted(reading.problems, key=lambda problem: problem.line or 0))
    return addresses


def _table(block: _Block) -> TableAddress:
    address = TableAddress(
        sheet=block.text("sheet"),
        head=block.row("head"),
        first_row=block.row("first_row"),
        rows=block.run("rows", "row"),
        columns=block.run("columns", "column"),
        captions=block.captions(),
    )
    block.refuse_others("sheet", "head", "first_row", "rows", "columns", "captions")
    return address


def _list(block: _Block) -> ListAddress:
    address = ListAddress(
        sheet=block.text("sheet"),
        head=block.row("head"),
        first_row=block.row("first_row"),
        last_row=block.row("last_row"),
        columns=block.run("columns", "column"),
        total_row=block.row(_TOTAL) if _TOTAL in block.values else None,
    )
    block.refuse_others("sheet", "head", "first_row", "last_row", "columns", _TOTAL)
    return address


_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_TOTAL = "total_row"  # the key; a finding has the same name
_COLUMN = re.compile(r"[A-Za-z]{1,3}")
_ROWS, _COLUMNS = 1 << 20, 1 << 14  # of a sheet


@dataclass(frozen=True, slots=True)
class _Reading:
    """The lines of the file, and the mistakes found so far."""

    lines: TomlLines
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: Keys, message: str) -> None:
        place = ".".join(str(part) for part in path) or "layout.toml"
        self.problems.append(Problem(self.lines.at(path), place, message))

    def cell(self, path: Keys, value: Any) -> CellAddress | None:
        found = _CELL.fullmatch(value) if isinstance(value, str) else None
        if found and int(found[4]) <= _ROWS and column_index(found[3]) < _COLUMNS:
            sheet = found[2] or found[1].replace("''", "'")
            return CellAddress(sheet, int(found[4]) - 1, column_index(found[3]))
        message = _("{value!r} is no cell of a workbook; write it as 'Sheet 1'!C7")
        self.report(path, message.format(value=value))
        return None

    def place(self, path: Keys, value: Any, kind: str) -> int:
        """A row (from 1) or a column (letters), counted from 0; 0 where it is none."""
        if kind == "row" and isinstance(value, int) and 1 <= value <= _ROWS:
            return value - 1
        if kind == "column" and isinstance(value, str) and _COLUMN.fullmatch(value):
            column = column_index(value)
            if column < _COLUMNS:
                return column
        message = (
            _("{value!r} is no row of a sheet; rows are numbers from 1")
            if kind == "row"
            else _("{value!r} is no column of a sheet; columns are letters, such as “D”")
        )
        self.report(path, message.format(value=value))
        return 0


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the file with its keys."""

    reading: _Reading
    path: Keys
    values: Mapping[str, Any]

    def inside(self, key: str) -> _Block:
        """The part `key` of it; empty where it is not there."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.reading.report(
                (*self.path, key), _("“{key}” is to be a part of the file: [{key}]").format(key=key)
            )
            value = {}
        return _Block(self.reading, (*self.path, key), value)

    def blocks(self, key: str) -> Iterator[tuple[str, _Block]]:
        """The parts `[key.CODE]` by code."""
        inside = self.inside(key)
        return ((code, inside.inside(code)) for code in inside.values)

    def has(self, key: str) -> bool:
        if key not in self.values:
            self.reading.report(self.path, _("“{key}” is missing").format(key=key))
        return key in self.values

    def wrong_type(self, key: str, value: Any) -> None:
        message = _("“{key}” holds {value!r}, which is not of the right type")
        self.reading.report((*self.path, key), message.format(key=key, value=value))

    def text(self, key: str) -> str:
        value = self.values[key] if self.has(key) else "-"
        if isinstance(value, str) and value:
            return value
        self.wrong_type(key, value)
        return ""

    def row(self, key: str) -> int:
        return self.reading.place((*self.path, key), self.values[key], "row") if self.has(key) else 0

    def array(self, key: str) -> list[Any]:
        value = self.values.get(key, [])
        if isinstance(value, list):
            return value
        self.wrong_type(key, value)
        return []

    def run(self, key: str, kind: str) -> dict[str, int]:
        """Codes with their rows or columns: each item is where the first one stands and, after it in the
        sheet, the next ones."""
        found: dict[str, int] = {}
        self.has(key)
        for n, item in enumerate(self.array(key)):
            at = (*self.path, key, n)
            codes = item.get("codes") if isinstance(item, dict) else None
            if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
                example = (
                    '{ row = 10, codes = ["a", "b"] }'
                    if kind == "row"
                    else '{ column = "D", codes = ["a", "b"] }'
                )
                self.reading.report(at, _("write it as {example}").format(example=example))
                continue
            first = self.reading.place(at, item.get(kind), kind)
            for place, code in enumerate(codes, first):
                if code in found:
                    self.reading.report(at, _("the code “{code}” is there twice").format(code=code))
                found[code] = place
        return found

    def captions(self) -> dict[int, int]:
        inside = self.inside("captions")
        found: dict[int, int] = {}
        for place, row in inside.values.items():
            at = (*inside.path, place)
            if place.isdecimal() and int(place) > 0:
                found[int(place) - 1] = self.reading.place(at, row, "row")
            else:
                self.reading.report(
                    at,
                    _("“{place}” is no place of a caption among the table's rows: a number from 1").format(
                        place=place
                    ),
                )
        return found

    def refuse_others(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                message = meant(_("“{key}” is not known here").format(key=key), key, known)
                self.reading.report((*self.path, key), message)


def addresses_toml(addresses: Addresses) -> str:
    """The file that says `addresses`: the same text for the same addresses, neighbouring rows and columns in
    one line. `parse_addresses` reads it back."""
    lines = [
        "# " + _("Made by reportctl form adopt: where the answers stand in the office's own workbook."),
        f"file = {toml_string(addresses.file)}",
        f"sha256 = {toml_string(addresses.sha256)}",
    ]
    if addresses.identity:
        lines += ["", "[identity]  # " + _("the cells that say who and for when")]
        for what, cells in addresses.identity.items():
            lines.append(f"{what} = [{', '.join(map(_cell_text, cells))}]")
    if addresses.cells:
        lines += ["", "[cells]"]
        lines += [f"{code} = {_cell_text(cell)}" for code, cell in addresses.cells.items()]
    for code, table in addresses.tables.items():
        lines += ["", f"[tables.{code}]", *_table_lines(table)]
    for code, listed in addresses.lists.items():
        lines += ["", f"[lists.{code}]", *_list_lines(listed)]
    return "\n".join(lines) + "\n"


def _table_lines(table: TableAddress) -> list[str]:
    captions = ", ".join(f"{place + 1} = {row + 1}" for place, row in table.captions.items())
    return [
        f"sheet = {toml_string(table.sheet)}",
        f"head = {table.head + 1}",
        f"first_row = {table.first_row + 1}",
        *_run_lines("columns", "column", table.columns),
        *_run_lines("rows", "row", table.rows),
        *([f"captions = {{ {captions} }}"] if captions else []),
    ]


def _list_lines(listed: ListAddress) -> list[str]:
    return [
        f"sheet = {toml_string(listed.sheet)}",
        f"head = {listed.head + 1}",
        f"first_row = {listed.first_row + 1}",
        f"last_row = {listed.last_row + 1}",
        *_run_lines("columns", "column", listed.columns),
        *([f"{_TOTAL} = {listed.total_row + 1}"] if listed.total_row is not None else []),
    ]


def _run_lines(key: str, kind: str, places: Mapping[str, int]) -> list[str]:
    """Codes with their places as `_Block.run` reads them, neighbours of the sheet in one line."""
    runs: list[tuple[int, list[str]]] = []
    for code, place in places.items():
        if runs and place == runs[-1][0] + len(runs[-1][1]):
            runs[-1][1].append(code)
        else:
            runs.append((place, [code]))
    lines = []
    for first, codes in runs:
        at = f"{first + 1}" if kind == "row" else toml_string(column_name(first))
        lines.append(f"  {{ {kind} = {at}, codes = [{', '.join(map(toml_string, codes))}] }},")
    return [f"{key} = [", *lines, "]"]


def _cell_text(cell: CellAddress) -> str:
    return toml_string(f"{quoted(cell.sheet)}!{cell_name(cell.row, cell.column)}")
