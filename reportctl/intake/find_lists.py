"""The lists of a returned workbook: where their rows stand, and what is filled in there."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.form.indicators import Type
from reportctl.form.layout import ListPlace
from reportctl.form.model import ListColumn
from reportctl.form.submission import Answer, AnswerState, ListRow, added_up
from reportctl.intake.answers import AsRead, as_text_together, cell_finding, differing_sum, read_answer
from reportctl.intake.find_lines import FOUND_BY, HEADINGS, FoundCell, Index, hidden_copy
from reportctl.intake.headings import Path, headed_columns, heading_of, path_of
from reportctl.intake.lines import plain, unique
from reportctl.intake.list_totals import TypedRow, called_total, may_be_total, proven_totals
from reportctl.intake.unseen import stray_figures
from reportctl.workbooks.book import Sheet, area, as_typed

_TOTALS = frozenset({"tổng", "tổng số", "tổng cộng", "cộng", "total"})
_WORDS = frozenset({Type.TEXT, Type.CHOICE, Type.DATE, Type.YES_NO})
_SAID = (AnswerState.VALUE, AnswerState.NOT_APPLICABLE)
_CODE = re.compile(r"[a-z][a-z0-9_]*\.(?:[0-9]+|total)")  # hidden, of a row
_BELOW = 5  # rows below the sums that are looked at for figures that are not read


@dataclass(frozen=True, slots=True)
class FoundList:
    """Where a list stands: its rows, both ends included, and its columns by code.

    `by` is a key of `FOUND_BY`; `coded` and `labelled` are the cells above it with the columns' hidden codes
    and with their headings; `total` is the row of its sums, which is none of its rows.
    """

    sheet: Sheet
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    coded: Mapping[str, FoundCell]
    labelled: Mapping[str, FoundCell]
    by: str
    total: int | None = None

    def spot(self, row: int, code: str) -> FoundCell:
        """The cell of the column `code` in a row of the sheet."""
        return FoundCell(self.sheet, row, self.columns[code])


class ListRead(NamedTuple):
    """The filled rows of a list, those in which only what means no answer was typed, what is to be said."""

    rows: Sequence[ListRow]
    empty_rows: Sequence[ListRow]
    findings: Sequence[Finding]


def read_list(index: Index, place: ListPlace, spots: Sequence[FoundList], as_read: AsRead) -> ListRead:
    """The rows of a list, which stands at the first of the `spots`, and what is to be said of them.

    Rows are read from the first input row to the last, those that people inserted between them too; a row
    counts as filled when any of its cells is.
    """
    code, name = place.section.code, place.section.name
    if not spots:
        if any(one.sheet.name == place.sheet for one in index.sheets):
            searched = index.searched
            lost = finding("not_found", sheet=place.sheet, indicator=code, label=name, sheets=searched)
        else:
            lost = finding("missing_sheet", indicator=code, missing=place.sheet)
        return ListRead([], [], [lost])
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
            cell_finding("code_moved", first, code, "", at=first.cell, by=FOUND_BY[spot.by], count=1)
        )
    for column in place.section.columns:  # whose code and heading put it in different places
        at, headed = spot.coded.get(column.code), spot.labelled.get(column.code)
        if at and headed and at.column != headed.column:
            details = {
                "at": at.cell,
                "by": FOUND_BY["label"],
                "other": headed.cell,
                "severity": Severity.ERROR,
            }
            findings.append(
                cell_finding("places_disagree", at, place.column_code(column.code), "", **details)
            )
    findings += [*_copies(place, spots), *_hidden_copies(index, place, spot)]
    typed, empty, found = _read_rows(place, spot, as_read)
    left_out = proven_totals(place.section, [_as_typed(spot, row) for row in typed])
    rows = [row for row in typed if row.number not in left_out]
    remarks: list[Finding] = []
    for row in typed:
        if row.number in left_out:
            where, name = _total_cell(spot, row), place.section.name
            said = [cell_finding("total_left_out", *where, list=name, row=row.number)]
        else:
            said = [*_struck_row(place, row, found[row.number]), *_called_total(place, spot, row)]
        remarks += [replace(one, indicator=place.column_code(one.indicator or "")) for one in said]
    remarks = _each_area_once(remarks)
    findings += as_text_together(remarks) if as_read.points else remarks
    if spot.total is not None:
        findings += _totals(place, spot, spot.total, rows, typed)
    return ListRead(rows, empty, findings)


def _read_rows(
    place: ListPlace, spot: FoundList, as_read: AsRead
) -> tuple[list[ListRow], list[ListRow], dict[int, list[Finding]]]:
    """The rows in which anything was filled in, those in which only what means no answer was typed, and what
    is to be said of the cells of each row, by its number."""
    every = (_read_row(place, spot, number, as_read) for number in _typed_rows(spot))
    read = [(row, found) for row, found in every if row.answers]
    empty = [row for row, _found in read if _says_nothing(row)]
    filled = [row for row, _found in read if not _says_nothing(row)]
    return filled, empty, {row.number: found for row, found in read}


def _says_nothing(row: ListRow) -> bool:
    return all(answer.state is AnswerState.MISSING for answer in row.answers)


def _as_typed(spot: FoundList, row: ListRow) -> TypedRow:
    """A row with its texts, those of the columns to the left of the list's too, and its formulas."""
    number = spot.first_row + row.number - 1
    formulas = frozenset(
        code
        for code, column in spot.columns.items()
        if (extra := spot.sheet.extras.get((number, column))) and extra.formula
    )
    return TypedRow(row, tuple(text for _column, text in _texts(spot, number)), formulas)


def _texts(spot: FoundList, number: int) -> Iterator[tuple[int, str]]:
    """What stands in words in a row of the sheet up to the list's last column: numbers and codes left out."""
    cells = spot.sheet.rows[number] if number < len(spot.sheet.rows) else ()
    for column, text in enumerate(cells[: max(spot.columns.values()) + 1]):
        if isinstance(text, str) and any(letter.isalpha() for letter in text) and not _CODE.fullmatch(text):
            yield column, text


def _totals(
    place: ListPlace, spot: FoundList, row: int, rows: Sequence[ListRow], typed: Sequence[ListRow]
) -> Iterator[Finding]:
    """What is said of the row of sums: that a row of the list was typed over it; of each that is another one
    than the rows make (and than all that was `typed`, totals among it, where its formula adds these too); and
    of rows and figures that stand below it, which are not read."""
    for column in place.section.columns:
        if column.over_units == "sum" and column.code in spot.columns:
            ours, all_typed = (list(_differing(place, spot, row, column, some)) for some in (rows, typed))
            yield from ours if all_typed else ()
    yield from itertools.islice(_words_over_sums(place, spot, row), 1)
    below = range(row + 1, row + 1 + _BELOW)
    yield from itertools.islice(_rows_below(place, spot, below), 1)
    yield from stray_figures(
        FoundCell(spot.sheet, one, column) for one in below for column in spot.columns.values()
    )


def _words_over_sums(place: ListPlace, spot: FoundList, row: int) -> Iterator[Finding]:
    """An error for each date or answer in words in the row of sums, what this is called left out: a row of
    the list was typed there, which is not read."""
    for column, cell, answer in _answered(place, spot, row):
        said = column.type is Type.DATE or (column.type in _WORDS and _has_letters(answer.raw))
        if said and not (cell.extra and cell.extra.formula) and not _names_sums(answer.raw):
            code, details = place.column_code(column.code), {"list": place.section.name, "label": column.name}
            yield cell_finding("list_total_overwritten", cell, code, answer.raw, **details)


def _rows_below(place: ListPlace, spot: FoundList, below: Sequence[int]) -> Iterator[Finding]:
    """An error for each row of the list that was typed right below its sums: a text, and an answer that is
    none; of texts alone are signatures."""
    for row in below:
        found = _answered(place, spot, row)
        texts = [one for one in found if one[0].type is Type.TEXT and _has_letters(one[2].raw)]
        if not texts or all(column.type is Type.TEXT for column, _cell, _answer in found):
            return
        column, cell, answer = texts[0]
        code, name = place.column_code(column.code), place.section.name
        yield cell_finding("list_row_below_total", cell, code, answer.raw, list=name)


def _names_sums(text: str) -> bool:
    return may_be_total(text) or plain(text).startswith(("tổng số ", "tổng cộng "))


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _answered(place: ListPlace, spot: FoundList, row: int) -> list[tuple[ListColumn, FoundCell, Answer]]:
    """The cells of a row of the sheet that answer the list's columns."""
    cells = [
        (column, spot.spot(row, column.code))
        for column in place.section.columns
        if column.code in spot.columns
    ]
    read = [
        (column, cell, read_answer(cell, column.code, column, AsRead("missing"))[0]) for column, cell in cells
    ]
    return [(column, cell, answer) for column, cell, answer in read if answer.state is AnswerState.VALUE]


def _differing(
    place: ListPlace, spot: FoundList, row: int, column: ListColumn, rows: Sequence[ListRow]
) -> Iterator[Finding]:
    """What is said of a cell in the row of sums where these rows make another one."""
    answers = [one for line in rows for one in line.answers if one.code == column.code]
    if not any(one.state is AnswerState.INVALID for one in answers):
        whole = added_up("", [(1, one) for one in answers if one.state is AnswerState.VALUE])
        ours = whole.value if isinstance(whole.value, int | float) else 0
        code, parts = place.column_code(column.code), [(1, one.value) for one in answers]
        yield from differing_sum(spot.spot(row, column.code), code, column, ours, parts)


def _typed_rows(spot: FoundList) -> list[int]:
    """The list's rows in whose columns anything stands."""
    sheet, rows = spot.sheet, range(spot.first_row, spot.last_row + 1)
    columns = frozenset(spot.columns.values())
    typed = {row for row, column in sheet.extras if row in rows and column in columns}
    typed |= {
        one.row
        for one in sheet.pictures
        if one.row == one.last_row and one.row in rows and one.column in columns
    }
    first, end = min(columns), max(columns) + 1
    for row, cells in enumerate(sheet.rows[rows.start : rows.stop], rows.start):
        across = cells[first:end]
        if across.count("") < len(across) and any(sheet.at(row, column) != "" for column in columns):
            typed.add(row)
    return sorted(typed - {spot.total})


def _read_row(place: ListPlace, spot: FoundList, row: int, as_read: AsRead) -> tuple[ListRow, list[Finding]]:
    """One row, what is to be said of its cells, and of those that must be filled in and are not. Without
    answers where nothing but merged cells of rows above stands in it."""
    answers: list[Answer] = []
    findings: list[Finding] = []
    lacking: list[Finding] = []
    above: list[str] = []  # columns whose answer is seen in a row above
    number = row - spot.first_row + 1
    for column in place.section.columns:
        if column.code in spot.columns:
            covered = spot.spot(row, column.code)
            cell = _seen(spot, covered, column)
            answer, found = read_answer(cell, column.code, column, as_read)
            if cell is not covered:
                above.append(column.code)
                found = [_for_each_row(covered, cell, column.code)] if answer.state in _SAID else []
            answers.append(answer)
            findings += found
            if column.required and answer.state is AnswerState.MISSING:
                details = {"row": number, "list": place.section.name, "label": column.name}
                lacking.append(cell_finding("list_row_incomplete", cell, column.code, answer.raw, **details))
    if above and all(one.raw == "" or one.code in above for one in answers):
        return ListRow(place.section.code, number, ()), []
    return ListRow(place.section.code, number, tuple(answers)), findings + lacking


def _seen(spot: FoundList, cell: FoundCell, column: ListColumn) -> FoundCell:
    """The cell in which the answer in `cell` is seen: of words merged over several rows of the list the
    first one, since they are meant for each of the rows. A figure over several rows may be their sum, and is
    not shared out."""
    extra = cell.extra
    if not extra or not extra.merged or cell.value != "" or column.type not in _WORDS:
        return cell
    merged = area(cell.sheet.name, extra.merged)
    within = [one for one in spot.columns.values() if merged.column <= one <= merged.last_column]
    if within != [cell.column] or merged.column != cell.column or merged.row < spot.first_row:
        return cell
    return FoundCell(cell.sheet, merged.row, merged.column, cell.by)


def _for_each_row(covered: FoundCell, seen: FoundCell, code: str) -> Finding:
    """A note that what is `seen` was read for the row of the `covered` cell, too."""
    merged = covered.extra.merged if covered.extra else ""
    return cell_finding("merged_rows", seen, code, as_typed(seen.value), area=merged)


def _each_area_once(found: Sequence[Finding]) -> list[Finding]:
    """What was `found`; of merged cells that were read for several rows it is said once."""
    first = {one.cell: one for one in reversed(found) if one.code == "merged_rows"}
    return [one for one in found if one.code != "merged_rows" or one is first[one.cell]]


def _struck_row(place: ListPlace, row: ListRow, found: Sequence[Finding]) -> Sequence[Finding]:
    """What was `found` in a row, with one finding in place of one for each cell where all are struck out."""
    struck = [one for one in found if one.code == "struck_out"]
    if len(struck) < 2 or len(struck) < sum(answer.raw != "" for answer in row.answers):
        return found
    first = replace(struck[0], code="struck_row", details=_of_row(place, row))
    return [first, *(one for one in found if one not in struck)]


def _called_total(place: ListPlace, spot: FoundList, row: ListRow) -> Iterator[Finding]:
    """A warning where the row is called a total, in the list's columns or to the left of them."""
    if any(called_total(text) for _column, text in _texts(spot, spot.first_row + row.number - 1)):
        yield cell_finding("total_row", *_total_cell(spot, row), list=place.section.name, row=row.number)


def _total_cell(spot: FoundList, row: ListRow) -> tuple[FoundCell, str, str]:
    """The cell of a row that is a total which says so, else its first figure; the code of its column, and
    what stands there."""
    number = spot.first_row + row.number - 1
    codes = {at: code for code, at in spot.columns.items()}
    first = next(spot.columns[one.code] for one in row.answers if one.state is not AnswerState.MISSING)
    names = ((column, text) for column, text in _texts(spot, number) if may_be_total(text))
    column, text = next(names, (first, as_typed(spot.sheet.at(number, first))))
    return FoundCell(spot.sheet, number, column), codes.get(column, next(iter(spot.columns))), text


def _of_row(place: ListPlace, row: ListRow) -> tuple[tuple[str, Any], ...]:
    return (("list", place.section.name), ("row", row.number))


def _copies(place: ListPlace, spots: Sequence[FoundList]) -> Iterator[Finding]:
    """What is said of a copied sheet whose rows differ from those that are read."""
    first = spots[0]
    for other in spots[1:]:
        both = [code for code in first.columns if code in other.columns]
        for row in range(max(first.last_row - first.first_row, other.last_row - other.first_row) + 1):
            for code in both:
                ours = first.spot(first.first_row + row, code)
                theirs = other.spot(other.first_row + row, code)
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
            copy = _found_list(one.sheet, place, rows[0], rows[-1], one.shift)
            both = [code for code in ours.columns if code in copy.columns]
            for row, code in ((row, code) for row in rows for code in both):
                theirs, read = copy.spot(row, code), ours.spot(ours.first_row + row - rows[0], code)
                if theirs.value not in ("", read.value):
                    yield hidden_copy(theirs, read, place.column_code(code))
                    break


# Where the rows and columns stand


def find_list(index: Index, place: ListPlace) -> list[FoundList]:
    """The list's rows, on every sheet that holds them: one, more where a sheet was copied, or none.

    They are found by code, else by the list's name, else below a row with the headings of all its columns.
    """
    found: list[FoundList] = []
    for one in index.ordered(place.sheet):
        rows = one.lists.get(place.section.code)
        if rows and (one.sheet.visible or not found):
            found.append(_found_list(one.sheet, place, rows[0], rows[-1], one.shift))
    if found:
        return found
    named = index.book.names.get(place.section.code)
    for sheet in index.book.sheets:
        if named and sheet.name == named.sheet:
            shift = named.column - place.column(place.section.columns[0].code)
            return [_found_list(sheet, place, named.row, named.last_row, shift, "name")]
    for one in index.ordered(place.sheet):
        if row := _below_headings(one.sheet, place):
            return [_found_list(one.sheet, place, row, row + place.rows - 1, 0, "label")]
    return []


def _below_headings(sheet: Sheet, place: ListPlace) -> int:
    """The row below the headings of all columns of the list; 0 where there is none."""
    labels = {plain(column.label) for column in place.section.columns}
    if place.heads == 1:
        for row, cells in enumerate(sheet.rows):
            if labels <= {heading_of(text, labels) for text in cells if isinstance(text, str)}:
                return row + 1
        return 0
    texts = [{heading_of(text, labels) for text in cells if isinstance(text, str)} for cells in sheet.rows]
    lowest = max(range(len(texts)), key=lambda row: len(texts[row] & labels), default=0)
    headed = headed_columns(sheet, max(0, lowest - place.heads), lowest + place.heads, _headings(place))
    found = len(headed) == len(place.section.columns)
    return max(cell.row for cell in headed.values()) + 1 if found else 0


def _found_list(
    sheet: Sheet, place: ListPlace, first_row: int, last_row: int, shift: int, by: str = "code"
) -> FoundList:
    """The list with its columns: by the hidden codes above them, then by their headings, then as laid out.

    The last row is moved down: people type on below the last input row where there are too few.
    """
    by_code, by_label = _column_names(place)
    coded: dict[str, FoundCell] = {}
    labelled: dict[str, FoundCell] = {}
    if place.heads > 1:
        labelled = headed_columns(sheet, max(0, first_row - HEADINGS), first_row, _headings(place))
    for row in range(first_row - 1, max(0, first_row - HEADINGS) - 1, -1):
        for column, text in enumerate(sheet.rows[row] if row < len(sheet.rows) else ()):
            if text and isinstance(text, str):
                if code := by_code.get(text):
                    coded.setdefault(code, FoundCell(sheet, row, column))
                elif code := by_label.get(heading_of(text, by_label)):
                    labelled.setdefault(code, FoundCell(sheet, row, column))
    columns = {code: cell.column for code, cell in {**labelled, **coded}.items()}
    if not columns:
        columns = {column.code: place.column(column.code) + shift for column in place.section.columns}
    total = total_row(sheet, place, first_row, min(columns.values())) if place.section.total else None
    if total is not None and total > last_row:
        last_row = total - 1
    elif total is None:
        while any(sheet.at(last_row + 1, column) != "" for column in columns.values()):
            last_row += 1
    return FoundList(sheet, first_row, last_row, columns, coded, labelled, by, total)


def total_row(sheet: Sheet, place: ListPlace, first_row: int, first_column: int) -> int | None:
    """The row of the list's sums: by its code, else the last one that says so up to its first column."""
    below = list(enumerate(sheet.rows[first_row:], first_row))
    for row, cells in below:
        if place.total_code in cells:
            return row
    for row, cells in reversed(below):
        if any(isinstance(text, str) and plain(text) in _TOTALS for text in cells[: first_column + 1]):
            return row
    return None


@functools.lru_cache(maxsize=256)
def _headings(place: ListPlace) -> dict[str, Path]:
    """The headings of the list's columns by code, with those above them."""
    return {column.code: path_of(column.under, column.label) for column in place.section.columns}


@functools.lru_cache(maxsize=256)
def _column_names(place: ListPlace) -> tuple[dict[str, str], dict[str, str]]:
    """The list's columns by their hidden codes and by their labels."""
    by_code = {place.column_code(column.code): column.code for column in place.section.columns}
    if place.heads > 1:  # their labels alone do not tell them from each other
        return by_code, {}
    return by_code, unique({column.code: plain(column.label) for column in place.section.columns})
