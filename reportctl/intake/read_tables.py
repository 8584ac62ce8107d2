"""The tables of a returned workbook: what their cells answer, what is added up, what is said of them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from reportctl.cells.reading import limits
from reportctl.core.cellrefs import cell_name
from reportctl.core.findings import Finding, finding, together
from reportctl.form.indicators import AMOUNTS, Type
from reportctl.form.layout import TablePlace
from reportctl.form.submission import Answer, AnswerState, sums
from reportctl.form.tables import Key, TableCell
from reportctl.intake.answers import AsRead, differing_sum, read_answer
from reportctl.intake.find_in_own import OwnAnswers
from reportctl.intake.find_lines import FOUND_BY, FoundCell, Index
from reportctl.intake.find_tables import (
    FoundTable,
    differing_copies,
    find_table,
    hidden_copies,
    keys,
    moved,
    named_elsewhere,
    title_of,
    twice,
)
from reportctl.intake.typed_beside import typed_in_table
from reportctl.intake.unseen import stray_figures
from reportctl.workbooks.book import as_typed

_NOTHING_SENT: Mapping[str, str] = MappingProxyType({})
_BELOW = 5  # rows below the last one that are looked at for stray figures


class TableRead(NamedTuple):
    """The answers of a table in the form's order, and what is to be said."""

    answers: Sequence[Answer]
    findings: Sequence[Finding]


def read_table(
    index: Index,
    place: TablePlace,
    as_read: AsRead,
    own: OwnAnswers | None = None,
    sent: Mapping[str, str] = _NOTHING_SENT,
) -> TableRead:
    """The answers in the cells of a table, which `own` finds where it is in the office's own workbook; `sent`
    are the texts that were filled in beside them, by code.

    Cells that are added up are worked out from those that are filled in, whatever the workbook says.
    """
    standing = own.table(place) if own else find_table(index, place)
    if standing is None:
        lost = [Answer(cell.code, AnswerState.MISSING) for cell in place.cells.values()]
        return TableRead(lost, [_lost(index, place)])
    table, differing = standing.table, differing_copies(place, standing)
    findings = [
        *_lost_lines(index, place, table),
        *table.findings,
        *named_elsewhere(index, place, table),
        *twice(place, differing),
        *hidden_copies(place, standing),
        *moved(place, table, still=FOUND_BY if own else ("code",)),
    ]
    answers = {answer.code: answer for answer in _plain_answers(place, table)}
    for key in differing:
        answers.pop(place.cells[key].code, None)
    remarks: list[Finding] = []
    for code, key in _filled_in(place).items():
        if code in answers:
            continue
        spot = table.spot(key)
        if spot is None:
            answers[code] = Answer(code, AnswerState.MISSING)
            continue
        answer, found = read_answer(spot, code, place.cells[key], as_read)
        remarks += found
        if key in differing:
            answer = answer._replace(state=AnswerState.INVALID, value=None)
        answers[code] = answer
    findings += together(remarks)
    for code, answer in sums(_worked_out(place), answers).items():
        row, column = code.split(".")[1:]
        spot, cell = table.spot((row, column)), place.cells[row, column]
        answers[code] = answer
        if spot and isinstance(answer.value, int | float):
            parts = [(sign, given.value) for sign, part in cell.parts if (given := answers.get(part))]
            findings += differing_sum(spot, code, cell, answer.value, parts)
            raw = as_typed(spot.value)
            answers[code] = answer._replace(raw=raw, sheet=spot.sheet.name, cell=spot.cell)
    findings += typed_in_table(place, table, answers, sent, as_read, own)
    unasked = _unasked(place, table, 0 if own else _BELOW)
    findings += stray_figures(own.typed(place.sheet, unasked) if own else unasked)
    return TableRead([answers[code] for code in keys(place)], findings)


# What a table asks, worked out once for all files


@functools.lru_cache(maxsize=256)
def _filled_in(place: TablePlace) -> dict[str, Key]:
    """The rows and columns of the cells that are filled in, by their codes, row by row."""
    return {cell.code: key for key, cell in place.cells.items() if cell.filled_in}


@functools.lru_cache(maxsize=256)
def _worked_out(place: TablePlace) -> tuple[TableCell, ...]:
    """The cells that are the sums of others."""
    return tuple(cell for cell in place.cells.values() if not cell.filled_in)


@functools.lru_cache(maxsize=256)
def _lines_filled_in(place: TablePlace) -> tuple[frozenset[str], frozenset[str]]:
    """The rows and the columns in which anything is filled in."""
    keys = _filled_in(place).values()
    return frozenset(row for row, _column in keys), frozenset(column for _row, column in keys)


class _Amount(NamedTuple):
    """A cell that asks for a count, a number or an amount, and what that may be; `whole`: it is a count."""

    code: str
    column: str
    least: float
    most: float
    whole: bool


@functools.lru_cache(maxsize=256)
def _amounts(place: TablePlace) -> dict[str, list[_Amount]]:
    """The cells that are filled in with amounts, by row."""
    found: dict[str, list[_Amount]] = {}
    for code, (row, column) in _filled_in(place).items():
        cell = place.cells[row, column]
        if cell.type in AMOUNTS:
            one = _Amount(code, column, *limits(cell), cell.type is Type.COUNT)
            found.setdefault(row, []).append(one)
    return found


def _plain_answers(place: TablePlace, table: FoundTable) -> Iterator[Answer]:
    """The answers of the cells that hold a whole number and nothing besides, as nearly all of a large table
    do. `read_answer` gives the same, and nothing to be said, and takes four times as long."""
    sheet = table.sheet
    columns = {code: line.at for code, line in table.columns.items()}
    beside = {*sheet.extras, *sheet.looks}
    for row, amounts in _amounts(place).items() if not sheet.pictures else ():
        line = table.rows.get(row)
        if line is None or line.at >= len(sheet.rows):
            continue
        cells = sheet.rows[line.at]
        for code, column, least, most, whole in amounts:
            at = columns.get(column, len(cells))
            raw = cells[at] if at < len(cells) else ""
            if (
                isinstance(raw, float)
                and least <= raw <= most
                and raw.is_integer()
                and (line.at, at) not in beside
            ):
                value = int(raw) if whole else raw
                yield Answer(
                    code, AnswerState.VALUE, value, as_typed(raw), sheet.name, cell_name(line.at, at)
                )


def _lost(index: Index, place: TablePlace) -> Finding:
    """An error: nothing of the table is there."""
    code = place.table.code
    if any(one.sheet.name == place.sheet for one in index.sheets):
        searched = index.searched
        return finding(
            "not_found", sheet=place.sheet, indicator=code, label=place.table.name, sheets=searched
        )
    return finding("missing_sheet", indicator=code, missing=place.sheet)


def _lost_lines(index: Index, place: TablePlace, table: FoundTable) -> Iterator[Finding]:
    """An error for each row and each column of the table, if anything is filled in there, that is lost."""
    asked_rows, asked_columns = _lines_filled_in(place)
    lines = [f"{row}.*" for row in place.rows if row in asked_rows and row not in table.rows]
    lines += [f"*.{one}" for one in place.columns if one in asked_columns and one not in table.columns]
    for line in lines:
        yield finding(
            "not_found",
            sheet=table.sheet.name,
            indicator=f"{place.table.code}.{line}",
            label=title_of(place, line),
            sheets=index.searched,
        )


def _unasked(place: TablePlace, table: FoundTable, below: int) -> Iterator[FoundCell]:
    """The cells within the table, and so many rows below, in which nothing is asked."""
    if not table.rows or not table.columns:
        return
    rows = {line.at: code for code, line in table.rows.items()}
    again = {at for rows_again in table.again.values() for at in rows_again}
    columns = {line.at: code for code, line in table.columns.items()}
    filled_in = {column.code for column in place.table.asked_columns}
    first, last = min(columns), max(columns)
    for row in range(min(rows), max(rows) + below + 1):
        cells = table.sheet.rows[row] if row < len(table.sheet.rows) else ()
        if row in again:
            continue
        for column in range(first, min(last + 1, len(cells))):
            code = columns.get(column)
            if cells[column] == "" or (code is not None and code not in filled_in):
                continue
            if row not in rows or code is None or (rows[row], code) not in place.cells:
                yield FoundCell(table.sheet, row, column)
