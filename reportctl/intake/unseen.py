"""Figures where nothing was asked, in lines that people have put between; answers where they are hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from reportctl.core.cellrefs import cell_place
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.form.submission import Answer, AnswerState, Submission
from reportctl.intake.find_lines import FoundCell
from reportctl.workbooks.book import Book, CellValue, as_typed

_BELOW = 5  # how many lines below the last one are looked at
_LISTED = 8  # cells that a message names


def unasked_figures(spots: Iterable[FoundCell]) -> Iterator[Finding]:
    """A warning for each sheet that has figures in the answers' column, in lines of no question."""
    by_sheet: dict[str, list[FoundCell]] = {}
    for spot in spots:
        by_sheet.setdefault(spot.sheet.name, []).append(spot)
    for found in by_sheet.values():
        sheet, asked = found[0].sheet, {spot.row for spot in found}
        column = Counter([spot.column for spot in found]).most_common(1)[0][0]
        rows = range(min(asked), max(asked) + _BELOW + 1)
        yield from stray_figures(FoundCell(sheet, row, column) for row in rows if row not in asked)


def stray_figures(unasked: Iterable[FoundCell]) -> Iterator[Finding]:
    """A warning where figures stand in cells of one sheet in which nothing is asked."""
    strays = [spot for spot in unasked if _is_figure(spot.value)]
    if strays:
        first, cells = strays[0], _listed([spot.cell for spot in strays])
        value = as_typed(first.value)
        yield finding("stray_figure", sheet=first.sheet.name, cell=first.cell, value=value, cells=cells)


def _is_figure(value: CellValue) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number or (isinstance(value, str) and value.strip().isdecimal())


def _listed(cells: Sequence[str]) -> str:
    return ", ".join(cells[:_LISTED]) + ", …" * (len(cells) > _LISTED)


_SHEET = Phrase("trang bị ẩn", "a hidden sheet")
_ROWS = Phrase("dòng bị ẩn", "hidden rows")
_COLUMNS = Phrase("cột bị ẩn", "hidden columns")


def hidden_answers(book: Book, submission: Submission) -> Iterator[Finding]:
    """A warning for each sheet with answers in it that are hidden, and why they are; blanks do not count."""
    by_sheet: dict[str, list[Answer]] = {}
    for answer in chain(submission.answers, *(row.answers for row in submission.rows)):
        if answer.raw and answer.cell and answer.state is not AnswerState.MISSING:
            by_sheet.setdefault(answer.sheet, []).append(answer)
    for sheet in book.sheets:
        answers = by_sheet.get(sheet.name, [])
        hidden: dict[Phrase, list[str]] = {_SHEET: [], _COLUMNS: [], _ROWS: []}
        places = [cell_place(answer.cell) for answer in answers]
        rows = {row for row, _column in places} & sheet.hidden_rows
        columns = {
            column
            for column in {column for _row, column in places}
            if any(first <= column <= last for first, last in sheet.hidden_columns)
        }
        if sheet.visible and not rows and not columns:
            continue
        for answer, (row, column) in zip(answers, places, strict=True):
            if not sheet.visible:
                hidden[_SHEET].append(answer.cell)
            elif column in columns:
                hidden[_COLUMNS].append(answer.cell)
            elif row in rows:
                hidden[_ROWS].append(answer.cell)
        for what, cells in hidden.items():
            if cells:
                yield finding(
                    "hidden_answers",
                    sheet=sheet.name,
                    cell=cells[0],
                    what=what,
                    cells=_listed(cells),
                    count=len(cells),
                )
