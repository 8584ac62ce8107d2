"""The tables of a returned workbook: what their cells answer, what is added up, what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from reportctl.cells.cell import read_cell
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.form import rules
from reportctl.form.layout import TablePlace
from reportctl.form.model import DECIMAL, TableCell
from reportctl.form.rules import Reference
from reportctl.form.submission import Answer, AnswerState, AnswerValue, in_words, sums
from reportctl.intake.answers import cell_finding, read_answer
from reportctl.intake.find_lines import FoundCell, Index
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

_ALIKE = 3  # findings of the same kind, no errors, in one table that are said cell by cell
_LISTED = 8  # cells, and parts of a sum, that a message names
_BELOW = 5  # rows below the last one that are looked at for stray figures


class TableRead(NamedTuple):
    """The answers of a table in the form's order, and what is to be said."""

    answers: Sequence[Answer]
    findings: Sequence[Finding]


def read_table(index: Index, place: TablePlace, dash: str) -> TableRead:
    """The answers in the cells of a table; `dash` as for `read_cell`.

    Cells that are added up are worked out from those that are filled in, whatever the workbook says.
    """
    standing = find_table(index, place)
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
        *moved(place, table),
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
        answer, found = read_answer(spot, cell.code, cell, dash)
        remarks += found
        if key in differing:
            answer = replace(answer, state=AnswerState.INVALID, value=None)
        answers[cell.code] = answer
    findings += _together(remarks)
    for code, answer in sums(place.cells.values(), answers).items():
        row, column = code.split(".")[1:]
        spot, cell = table.spot((row, column)), place.cells[row, column]
        answers[code] = answer
        if spot:
            findings += _differing_sum(cell, answer, answers, spot)
            raw = as_typed(spot.value)
            answers[code] = replace(answer, raw=raw, sheet=spot.sheet.name, cell=spot.cell)
    findings += stray_figures(_unasked(place, table))
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


def _together(found: Iterable[Finding]) -> Iterator[Finding]:
    """Findings of cells; of many alike that are no errors, the first one with the cells of all."""
    by_kind: dict[str, list[Finding]] = {}
    for one in found:
        by_kind.setdefault(one.code, []).append(one)
    for alike in by_kind.values():
        first = alike[0]
        if first.severity is Severity.ERROR or len(alike) <= _ALIKE:
            yield from alike
            continue
        cells = list(dict.fromkeys(one.cell or "" for one in alike))
        listed = ", ".join(cells[:_LISTED]) + ", …" * (len(cells) > _LISTED)
        details = dict(first.details) | {"alike": len(cells), "alike_cells": listed}
        yield replace(first, details=tuple(sorted(details.items())))


def _differing_sum(
    cell: TableCell, answer: Answer, answers: Mapping[str, Answer], spot: FoundCell
) -> Iterator[Finding]:
    """A finding where the workbook has another sum than its parts make, by more than rounding explains."""
    ours, typed = answer.value, spot.value
    if not isinstance(ours, int | float) or typed in ("", None):
        return
    said: AnswerValue = typed if isinstance(typed, int | float) else None
    if said is None:
        reading = read_cell(typed, cell)
        said = reading.value
        if said is None and reading.state is not AnswerState.INVALID:
            return
    if isinstance(said, int | float) and (said == ours or _rounded_alike(cell, said, answers)):
        return
    parts = [(sign, answers.get(code)) for sign, code in cell.parts]
    words = [
        Phrase(*(f"{'-' if sign < 0 else '+'} {text}" for text in (shown.vi, shown.en)))
        for sign, part in parts
        if part and isinstance(part.value, int | float)
        for shown in [in_words(part.value, cell.type)]
    ]
    yield cell_finding(
        "sum_differs",
        spot,
        cell.code,
        as_typed(typed),
        said=in_words(said, cell.type) if isinstance(said, int | float) else as_typed(typed),
        parts=Phrase(*(_sum_in_words([one.in_language(to) for one in words]) for to in ("vi", "en"))),
        read=in_words(ours, cell.type),
    )


def _sum_in_words(parts: Sequence[str]) -> str:
    """The first parts of a sum, each with its sign."""
    return " ".join(parts[:_LISTED]).removeprefix("+ ") + " …" * (len(parts) > _LISTED)


def _rounded_alike(cell: TableCell, said: float, answers: Mapping[str, Answer]) -> bool:
    """Whether `said` may be the sum of the cell's parts, each of which was rounded by itself."""
    check = f"{cell.code} = 0" + "".join(f" {'-' if sign < 0 else '+'} {code}" for sign, code in cell.parts)

    def value(reference: Reference) -> rules.Operand:
        if reference.code == cell.code:
            return said
        part = answers.get(reference.code)
        return part.value if part and isinstance(part.value, int | float) else rules.Gap.NOTHING

    decimal = cell.type in DECIMAL
    return rules.holds(rules.parse(check), value, lambda _reference: decimal) is True


def _unasked(place: TablePlace, table: FoundTable) -> Iterator[FoundCell]:
    """The cells within the table, and a little below, in which nothing is asked."""
    if not table.rows or not table.columns:
        return
    rows = {line.at: code for code, line in table.rows.items()}
    again = {at for rows_again in table.again.values() for at in rows_again}
    columns = {line.at: code for code, line in table.columns.items()}
    filled_in = {column.code for column in place.table.asked_columns}
    first, last = min(columns), max(columns)
    for row in range(min(rows), max(rows) + _BELOW + 1):
        cells = table.sheet.rows[row] if row < len(table.sheet.rows) else ()
        if row in again:
            continue
        for column in range(first, min(last + 1, len(cells))):
            code = columns.get(column)
            if cells[column] == "" or (code is not None and code not in filled_in):
                continue
            if row not in rows or code is None or (rows[row], code) not in place.cells:
                yield FoundCell(table.sheet, row, column)
