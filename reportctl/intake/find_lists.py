"""The lists of a returned workbook: where their rows stand, and what is filled in there."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.form.layout import ListPlace
from reportctl.form.submission import Answer, AnswerState, ListRow
from reportctl.intake.answers import cell_finding, read_answer
from reportctl.intake.find_lines import BY, HEADINGS, FoundCell, Index, hidden_copy
from reportctl.intake.lines import plain, unique
from reportctl.workbooks.book import Book, Sheet, as_typed


@dataclass(frozen=True, slots=True)
class Headings:
    """What stands above a list: row and column of its columns' hidden codes, and of their headings."""

    coded: Mapping[str, tuple[int, int]]
    labelled: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class FoundList:
    """Where a list stands: its rows, both ends included, and its columns by code; `by` is a key of `BY`."""

    sheet: Sheet
    first_row: int
    last_row: int
    headings: Headings
    columns: Mapping[str, int]
    by: str = "code"

    def spot(self, row: int, code: str) -> FoundCell:
        """The cell of the column `code` in a row of the sheet."""
        return FoundCell(self.sheet, row, self.columns[code])


class ListRead(NamedTuple):
    """The filled rows of a list, those in which only what means no answer was typed, what is to be said."""

    rows: Sequence[ListRow]
    empty_rows: Sequence[ListRow]
    findings: Sequence[Finding]


def read_list(index: Index, place: ListPlace, dash: str) -> ListRead:
    """The rows of a list and what is to be said of them.

    Rows are read from the first input row to the last, those that people inserted between them too; a row
    counts as filled when any of its cells is.
    """
    spots = find_list(index, place)
    if not spots:
        return ListRead([], [], [_not_found(index, place)])
    spot = spots[0]
    findings = [
        finding(
            "not_found",
            sheet=spot.sheet.name,
            indicator=place.column_code(column.code),
            label=column.name,
            sheets=f"“{spot.sheet.name}”",
        )
        for column in place.section.columns
        if column.code not in spot.columns
    ]
    if spot.by != "code":
        first = spot.spot(spot.first_row, next(iter(spot.columns)))
        findings.append(
            cell_finding("code_moved", first, place.section.code, "", at=first.cell, by=BY[spot.by], count=1)
        )
    findings += _headed_otherwise(place, spot)
    findings += [*_copies(place, spots), *_hidden_copies(index, place, spot)]
    rows: list[ListRow] = []
    empty: list[ListRow] = []
    for row in _typed_rows(spot):
        answers, found = _read_row(place, spot, row, dash)
        read = ListRow(place.section.code, row - spot.first_row + 1, answers)
        if all(answer.state is AnswerState.MISSING for answer in answers):
            empty.append(read)
        else:
            rows.append(read)
            findings += [_of_list(one, place) for one in (*found, *_lacking(place, spot, read))]
    return ListRead(rows, empty, findings)


def _typed_rows(spot: FoundList) -> list[int]:
    """The list's rows in whose columns anything stands."""
    sheet, rows = spot.sheet, range(spot.first_row, spot.last_row + 1)
    columns = frozenset(spot.columns.values())
    typed = {row for row, column in sheet.doubts if row in rows and column in columns}
    first, end = min(columns), max(columns) + 1
    for row, cells in enumerate(sheet.rows[rows.start : rows.stop], rows.start):
        across = cells[first:end]
        if across.count("") < len(across) and any(sheet.at(row, column) != "" for column in columns):
            typed.add(row)
    return sorted(typed)


def _read_row(
    place: ListPlace, spot: FoundList, row: int, dash: str
) -> tuple[tuple[Answer, ...], list[Finding]]:
    answers: list[Answer] = []
    findings: list[Finding] = []
    for column in place.section.columns:
        if column.code in spot.columns:
            answer, found = read_answer(spot.spot(row, column.code), column.code, column, dash)
            answers.append(answer)
            findings += found
    return tuple(answers), findings


def _lacking(place: ListPlace, spot: FoundList, row: ListRow) -> Iterator[Finding]:
    """What is said of a filled row's cells that must be filled in and are not."""
    missing = {answer.code: answer for answer in row.answers if answer.state is AnswerState.MISSING}
    for column in place.section.columns if missing else ():
        answer = missing.get(column.code)
        if answer and column.required:
            yield cell_finding(
                "list_row_incomplete",
                spot.spot(spot.first_row + row.number - 1, column.code),
                column.code,
                answer.raw,
                row=row.number,
                list=place.section.name,
                label=column.name,
            )


def _of_list(found: Finding, place: ListPlace) -> Finding:
    return replace(found, indicator=place.column_code(found.indicator or ""))


def _not_found(index: Index, place: ListPlace) -> Finding:
    code = place.section.code
    if any(one.sheet.name == place.sheet for one in index.sheets):
        return finding(
            "not_found", sheet=place.sheet, indicator=code, label=place.section.name, sheets=index.searched
        )
    return finding("missing_sheet", indicator=code, missing=place.sheet)


def _copies(place: ListPlace, spots: Sequence[FoundList]) -> Iterator[Finding]:
    """What is said of a copied sheet whose rows differ from those that are read."""
    first = spots[0]
    for other in spots[1:]:
        for row in range(max(first.last_row - first.first_row, other.last_row - other.first_row) + 1):
            for code in first.columns.keys() & other.columns.keys():
                ours, theirs = (
                    first.spot(first.first_row + row, code),
                    other.spot(other.first_row + row, code),
                )
                if ours.value != theirs.value:
                    yield cell_finding(
                        "code_twice",
                        theirs,
                        place.column_code(code),
                        as_typed(theirs.value),
                        first=f"{ours.sheet.name}!{ours.cell}",
                        second=f"{theirs.sheet.name}!{theirs.cell}",
                    )
                    return


def _hidden_copies(index: Index, place: ListPlace, ours: FoundList) -> Iterator[Finding]:
    """A finding for each hidden sheet on which a row of the list says otherwise than what is read."""
    for one in index.sheets:
        rows = one.lists.get(place.section.code)
        if rows and not one.sheet.visible and one.sheet is not ours.sheet:
            headings = _headings(one.sheet, place, rows[0])
            columns = _list_columns(place, headings, one.shift)
            found = (
                (
                    FoundCell(one.sheet, row, columns[code]),
                    ours.spot(ours.first_row + row - rows[0], code),
                    code,
                )
                for row in rows
                for code in ours.columns.keys() & columns.keys()
            )
            for theirs, read, code in found:
                if theirs.value not in ("", read.value):
                    yield hidden_copy(theirs, read, place.column_code(code))
                    break


# Where the rows and columns stand


def find_list(index: Index, place: ListPlace) -> list[FoundList]:
    """The list's rows, on every sheet that holds them: one, more where a sheet was copied, or none."""
    found: list[FoundList] = []
    for one in index.ordered(place.sheet):
        rows = one.lists.get(place.section.code)
        if rows and (one.sheet.visible or not found):
            headings = _headings(one.sheet, place, rows[0])
            columns = _list_columns(place, headings, one.shift)
            last = _last_row(one.sheet, rows[-1], columns)
            found.append(FoundList(one.sheet, rows[0], last, headings, columns))
    return found or _list_by_name(index.book, place) or _list_by_labels(index, place)


def _list_columns(place: ListPlace, headings: Headings, shift: int) -> dict[str, int]:
    """The list's columns: by the hidden codes above them, then by their headings, then as laid out."""
    headed = {**headings.labelled, **headings.coded}
    columns = {code: column for code, (_row, column) in headed.items()}
    if not columns:
        return {column.code: place.column(column.code) + shift for column in place.section.columns}
    return columns


@functools.lru_cache(maxsize=256)
def _names(place: ListPlace) -> tuple[dict[str, str], dict[str, str]]:
    """The list's columns by their hidden codes and by their labels."""
    by_code = {place.column_code(column.code): column.code for column in place.section.columns}
    return by_code, unique({column.code: plain(column.label) for column in place.section.columns})


def _headings(sheet: Sheet, place: ListPlace, first_row: int) -> Headings:
    by_code, by_label = _names(place)
    coded: dict[str, tuple[int, int]] = {}
    labelled: dict[str, tuple[int, int]] = {}
    for row in range(first_row - 1, max(0, first_row - HEADINGS) - 1, -1):
        for column, text in enumerate(sheet.rows[row] if row < len(sheet.rows) else ()):
            if text and isinstance(text, str):
                if code := by_code.get(text):
                    coded.setdefault(code, (row, column))
                elif code := by_label.get(plain(text)):
                    labelled.setdefault(code, (row, column))
    return Headings(coded, labelled)


def _headed_otherwise(place: ListPlace, spot: FoundList) -> Iterator[Finding]:
    """What is said of columns that their code and their heading put in different places."""
    coded, labelled = spot.headings.coded, spot.headings.labelled
    for code in coded.keys() & labelled.keys():
        if coded[code][1] != labelled[code][1]:
            at, headed = (FoundCell(spot.sheet, *where[code]) for where in (coded, labelled))
            details = {"at": at.cell, "by": BY["label"], "other": headed.cell, "severity": Severity.ERROR}
            yield cell_finding("places_disagree", at, place.column_code(code), "", **details)


def _last_row(sheet: Sheet, row: int, columns: Mapping[str, int]) -> int:
    """The last row that is read: people type on below the last input row where there are too few."""
    while any(sheet.at(row + 1, column) != "" for column in columns.values()):
        row += 1
    return row


def _list_by_name(book: Book, place: ListPlace) -> list[FoundList]:
    area = book.names.get(place.section.code)
    sheet = next((s for s in book.sheets if area and s.name == area.sheet), None)
    if area is None or sheet is None:
        return []
    headings = _headings(sheet, place, area.row)
    columns = _list_columns(place, headings, area.column - place.column(place.section.columns[0].code))
    last = _last_row(sheet, area.last_row, columns)
    return [FoundList(sheet, area.row, last, headings, columns, "name")]


def _list_by_labels(index: Index, place: ListPlace) -> list[FoundList]:
    """The rows below a row that holds the headings of all the list's columns."""
    labels = {plain(column.label) for column in place.section.columns}
    for one in index.ordered(place.sheet):
        for row, cells in enumerate(one.sheet.rows):
            if labels <= {plain(text) for text in cells if isinstance(text, str)}:
                headings = _headings(one.sheet, place, row + 1)
                columns = _list_columns(place, headings, 0)
                last = _last_row(one.sheet, row + place.rows, columns)
                return [FoundList(one.sheet, row + 1, last, headings, columns, "label")]
    return []
