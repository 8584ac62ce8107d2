"""Figures that stand where nothing was asked: in lines that people have put between those of the workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from reportctl.core.cellrefs import cell_place
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.form.submission import Answer, AnswerState, Submission
from reportctl.intake.find_lines import FoundCell
from reportctl.workbooks.book import Book, CellValue, Sheet, as_typed

_BELOW = 5  # how many lines below the last one are looked at
_NAMED = 8  # cells that a message names


def stray_figures(spots: Iterable[FoundCell]) -> Iterator[Finding]:
    """A warning for each sheet that has figures in the answers' column, in lines of no question."""
    by_sheet: dict[str, list[FoundCell]] = {}
    for spot in spots:
        by_sheet.setdefault(spot.sheet.name, []).append(spot)
    for found in by_sheet.values():
        sheet, asked = found[0].sheet, {spot.row for spot in found}
        column = Counter([spot.column for spot in found]).most_common(1)[0][0]
        lines = range(min(asked), max(asked) + _BELOW + 1)
        stray = [
            FoundCell(sheet, row, column)
            for row in lines
            if row not in asked and _is_figure(sheet.at(row, column))
        ]
        if stray:
            cells = [spot.cell for spot in stray[:_NAMED]] + ["…"] * (len(stray) > _NAMED)
            yield finding(
                "stray_figure",
                sheet=sheet.name,
                cell=stray[0].cell,
                value=as_typed(stray[0].value),
                cells=", ".join(cells),
            )


def _is_figure(value: CellValue) -> bool:
    if isinstance(value, str):
        return value.strip().isdecimal()
    return isinstance(value, int | float) and not isinstance(value, bool)


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
        answers = by_sheet.get(sheet.name)
        if answers and not sheet.visible:
            yield _finding(sheet, answers, _SHEET)
        elif answers:
            yield from _partly(sheet, answers)


def _partly(sheet: Sheet, answers: Sequence[Answer]) -> Iterator[Finding]:
    places = {answer.cell: cell_place(answer.cell) for answer in answers}
    columns = {column for _row, column in places.values()}
    unseen = {
        column for column in columns if any(first <= column <= last for first, last in sheet.hidden_columns)
    }
    if unseen:
        yield _finding(sheet, [answer for answer in answers if places[answer.cell][1] in unseen], _COLUMNS)
    if sheet.hidden_rows:
        hidden = [
            answer
            for answer in answers
            if places[answer.cell][0] in sheet.hidden_rows and places[answer.cell][1] not in unseen
        ]
        if hidden:
            yield _finding(sheet, hidden, _ROWS)


def _finding(sheet: Sheet, answers: Sequence[Answer], what: Phrase) -> Finding:
    cells = [answer.cell for answer in answers[:_NAMED]] + ["…"] * (len(answers) > _NAMED)
    return finding(
        "hidden_answers",
        sheet=sheet.name,
        cell=answers[0].cell,
        what=what,
        cells=", ".join(cells),
        count=len(answers),
    )
