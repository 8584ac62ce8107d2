"""The tables of a returned workbook: what their cells answer, what is added up, what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from reportctl.core.findings import Finding, finding, together
from reportctl.form.layout import TablePlace
from reportctl.form.submission import Answer, AnswerState, sums
from reportctl.intake.answers import AsRead, differing_sum, read_answer
from reportctl.intake.find_in_own import OwnAnswers
from reportctl.intake.find_lines import FOUND_BY, FoundCell, Index
from reportctl.intake.find_tables import (
    FoundTable,
    differing_copies,
    find_table,
    hidden_copies,
    moved,
    named_elsewhere,
    title_of,
    twice,
)
from reportctl.intake.unseen import stray_figures
from reportctl.workbooks.book import as_typed

_BELOW = 5  # rows below the last one that are looked at for stray figures


class TableRead(NamedTuple):
    """The answers of a table in the form's order, and what is to be said."""

    answers: Sequence[Answer]
    findings: Sequence[Finding]


def read_table(index: Index, place: TablePlace, as_read: AsRead, own: OwnAnswers | None = None) -> TableRead:
    """The answers in the cells of a table, which `own` finds where it is in the office's own workbook.

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
    answers: dict[str, Answer] = {}
    remarks: list[Finding] = []
    for key, cell in place.cells.items():
        spot = table.spot(key)
        if cell.added_up:
            continue
        if spot is None:
            answers[cell.code] = Answer(cell.code, AnswerState.MISSING)
            continue
        answer, found = read_answer(spot, cell.code, cell, as_read)
        remarks += found
        if key in differing:
            answer = replace(answer, state=AnswerState.INVALID, value=None)
        answers[cell.code] = answer
    findings += together(remarks)
    for code, answer in sums(place.cells.values(), answers).items():
        row, column = code.split(".")[1:]
        spot, cell = table.spot((row, column)), place.cells[row, column]
        answers[code] = answer
        if spot and isinstance(answer.value, int | float):
            parts = [(sign, given.value) for sign, part in cell.parts if (given := answers.get(part))]
            findings += differing_sum(spot, code, cell, answer.value, parts)
            raw = as_typed(spot.value)
            answers[code] = replace(answer, raw=raw, sheet=spot.sheet.name, cell=spot.cell)
    unasked = _unasked(place, table, 0 if own else _BELOW)
    findings += stray_figures(own.typed(place.sheet, unasked) if own else unasked)
    return TableRead([answers[cell.code] for cell in place.cells.values()], findings)


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
    asked = [key for key, cell in place.cells.items() if cell.filled_in]
    asked_rows, asked_columns = ({key[n] for key in asked} for n in (0, 1))
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
