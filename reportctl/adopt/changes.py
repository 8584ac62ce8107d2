"""A table of a blank form as people want it: what they have changed of it, its rows and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reportctl.adopt.blank_form import ReadColumn, ReadRow, ReadTable

Changed = Mapping[str, Mapping[str, Any]]
FILLED_BY_US = ("given", "previous", "year_ago", "to_date", "plan")
_AREAS = ("inputs", "not_asked", "computed", "given")


def changed_table(table: ReadTable, changed: Changed) -> ReadTable:
    """`table` with what was changed, by the keys of the review's lines, then by field."""
    of_table = dict(changed.get(f"t:{table.code}", {}))
    of_table.pop("asked", None)
    for said, named in (("label", "title"), ("rows", "room")):
        if said in of_table:
            of_table[named] = of_table.pop(said)
    made = replace(table, **of_table)
    for column in table.columns:
        if of_column := changed.get(f"c:{table.code}:{column.code or column.at}"):
            made = _with_column(made, column, of_column)
    for row in table.rows:
        if of_row := changed.get(f"r:{table.code}:{row.code or row.at}"):
            made = _with_row(made, row, of_row)
    return made


def item_rows(table: ReadTable) -> tuple[int, ...]:
    """The rows of the sheet in which a column has cells to fill in: its items', or a list's prepared rows."""
    if table.kind == "list":
        return tuple(sorted({row for row, _column in table.inputs}))
    return tuple(row.at for row in table.rows if not row.caption)


def value_columns(table: ReadTable) -> tuple[ReadColumn, ...]:
    """The columns that hold figures, asked or not."""
    return tuple(column for column in table.columns if column.use in ("value", *FILLED_BY_US))


def row_cells(table: ReadTable, row: ReadRow) -> frozenset[tuple[int, int]]:
    """The cells of a row's figures."""
    if table.kind == "values":
        return frozenset(
            (one.at, at) for one, at in zip(table.rows, table.value_at, strict=True) if one == row
        )
    return frozenset((row.at, column.at) for column in value_columns(table))


def _with_column(table: ReadTable, column: ReadColumn, changed: Mapping[str, Any]) -> ReadTable:
    fields = dict(changed)
    use = fields.pop("use", None)
    cells = frozenset((row, column.at) for row in item_rows(table))
    if use is not None:
        fields |= {"use": "value" if use == "computed" else use, "computed": use == "computed"}
        if use in FILLED_BY_US:
            fields["sum"] = ""
    made = replace(column, **fields)
    table = replace(table, columns=tuple(made if one == column else one for one in table.columns))
    if use is None:
        return table
    if table.kind == "list":
        return _put(table, cells, "inputs" if use in ("value", "label", "code") else "")
    if use == "value":
        asked = {row for row, at in table.inputs | table.computed | table.given if at != column.at}
        return _put(table, frozenset(one for one in cells if one[0] in asked or not asked), "inputs")
    if use == "computed":
        return _put(table, cells - table.not_asked, "computed")
    return _put(table, cells, "given" if use in FILLED_BY_US else "")


def _with_row(table: ReadTable, row: ReadRow, changed: Mapping[str, Any]) -> ReadTable:
    fields = dict(changed)
    asked, not_asked = fields.pop("asked", None), fields.pop("not_asked", None)
    if row.caption and "label" in fields:
        fields["caption"] = fields.pop("label")
    if asked is not None:
        fields["computed"] = asked == "computed"
    made = replace(row, **fields)
    cells = row_cells(table, row)
    table = replace(table, rows=tuple(made if one == row else one for one in table.rows))
    open_cells = cells - frozenset(one for one in cells if _filled_by_us(table, one[1]))
    if asked == "no":
        table = _put(table, cells, "not_asked")
    elif asked == "yes":
        table = _put(table, open_cells, "inputs")
    elif asked == "computed":
        table = _put(table, open_cells - table.not_asked, "computed")
    if not_asked is not None and asked != "no":
        left_out = frozenset(
            (row.at, column.at) for column in value_columns(table) if column.code in not_asked
        )
        table = _put(
            table, (table.not_asked & open_cells) - left_out, "computed" if made.computed else "inputs"
        )
        table = _put(table, left_out & cells, "not_asked")
    return table


def _filled_by_us(table: ReadTable, column: int) -> bool:
    return any(one.at == column and one.use in FILLED_BY_US for one in table.columns)


def _put(table: ReadTable, cells: frozenset[tuple[int, int]], area: str) -> ReadTable:
    """The table with the `cells` in this area and in no other; in none where it is empty."""
    areas = {name: getattr(table, name) - cells for name in _AREAS}
    if area:
        areas[area] |= cells
    return replace(table, **areas)
