"""A trial round: the workbook that would be sent out is filled with 1, 2, 3 …, read back, and compared cell
by cell. What comes back elsewhere, or not at all, would have come back so from every unit."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportctl.core import wording
from reportctl.core.cellrefs import cell_name, quoted
from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.form.indicators import Indicator, Type
from reportctl.form.layout import NO, YES, Layout, Place, answers_to, layout
from reportctl.form.model import ListColumn
from reportctl.form.submission import Answer, AnswerState, Submission
from reportctl.intake.read import read_workbook
from reportctl.ledger.session import Session
from reportctl.merge.form_in_force import context_of
from reportctl.outgoing.page import Dispatch
from reportctl.outgoing.send import sent_to
from reportctl.workbooks import safety, xlsx
from reportctl.workbooks.book import Book, BookError
from reportctl.workbooks.package.fill import fill
from reportctl.workbooks.package.parts import NotEditableError
from reportctl.workspace.units import Unit

_MOST = 20  # cells that are named


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed into a cell, and what is to be read there."""

    place: Place
    name: str
    typed: str | float | dt.date
    expected: str | float | dt.date


@dataclass(frozen=True, slots=True)
class Trial:
    """How many cells were filled in, of workbooks for how many kinds of units; sentences for each that did
    not come back as it was filled in."""

    cells: int
    kinds: int
    wrong: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What came of it."""
        if not self.wrong:
            said = _("Trial round: all {count} cells come back as they were filled in.")
            return (said.format(count=self.cells),)
        said = _("Trial round: {wrong} of {count} cells do not come back as they were filled in:")
        shown = [f"  {sentence}" for sentence in self.wrong[:_MOST]]
        if (more := len(self.wrong) - _MOST) > 0:
            shown.append("  " + _("… and {count} more").format(count=more))
        return (said.format(wrong=len(self.wrong), count=self.cells), *shown)


def trial(session: Session, quarter: Quarter) -> Trial:
    """Fill, read back and compare the workbook of one unit of each kind that reports in `quarter`.

    Nothing is stored, and findings of what was typed do not count. Raises `ReportctlError` where no unit
    reports, or the workbook cannot be made.
    """
    of_kinds: dict[str, Unit] = {}
    for unit in session.units(quarter).values():
        of_kinds.setdefault(unit.kind, unit)
    if not of_kinds:
        raise ReportctlError(_("There are no units in {quarter} to try it with.").format(quarter=quarter))
    first = quarter.window(session.settings.data_window).first
    count, wrong = 0, list[str]()
    for unit in of_kinds.values():
        filled = _filled(layout(session.form, unit.kind), first)
        if session.own_workbook:
            filled = _seen(filled, session.own_workbook.book)
        count += len(filled)
        wrong += _of_unit(session, quarter, unit, filled)
    return Trial(count, len(of_kinds), tuple(dict.fromkeys(wrong)))


def _of_unit(session: Session, quarter: Quarter, unit: Unit, filled: Mapping[str, Filled]) -> Iterator[str]:
    """A sentence for each cell of the unit's workbook that does not come back."""
    settings = session.settings
    window, deadline = quarter.window(settings.data_window), settings.deadline(unit.kind, quarter)
    sending = Dispatch(session.form, unit, quarter, window, deadline, settings.issuer.name)
    sent = sent_to(session, sending)
    values = {(one.place.sheet, one.place.row, one.place.column): one.typed for one in filled.values()}
    try:
        data = fill(sent, values)
        inspected = safety.inspect(data, "trial.xlsx", len(data))
        book, _of_sheets = xlsx.read_book(inspected.parts)
    except (NotEditableError, BookError) as error:
        yield (
            _("The workbook of {unit} cannot be filled in or read back.").format(unit=unit.name) + f" {error}"
        )
        return
    submission, _findings = read_workbook(book, "trial.xlsx", digest(data), context_of(session, quarter))
    read = _read(submission)
    for code, one in filled.items():
        answer = read.get(code)
        where = f"{quoted(one.place.sheet)}!{cell_name(one.place.row, one.place.column)}"
        if answer is None or answer.state is AnswerState.MISSING:
            yield _("{where} ({name}): {typed} was filled in, and nothing was read.").format(
                where=where, name=one.name, typed=wording.as_said(one.typed)
            )
        elif not _is(answer, one.expected):
            yield _("{where} ({name}): {typed} was filled in, “{read}” was read from {cell}.").format(
                where=where,
                name=one.name,
                typed=wording.as_said(one.typed),
                read=_read_as(answer),
                cell=f"{quoted(answer.sheet)}!{answer.cell}" if answer.cell else "-",
            )


def _read(submission: Submission) -> dict[str, Answer]:
    """What was read, by code; of lists by list, row and column."""
    answers = {answer.code: answer for answer in submission.answers}
    rows = {
        f"{row.list_code}[{row.number}].{answer.code}": answer
        for row in submission.rows
        for answer in row.answers
    }
    return answers | rows


def _read_as(answer: Answer) -> str:
    """What was read of a cell: a number in the language's way, anything else as it was typed."""
    return wording.as_said(answer.value) if isinstance(answer.value, float) else answer.raw


def _is(answer: Answer, expected: str | float | dt.date) -> bool:
    if answer.state is not AnswerState.VALUE:
        return False
    if isinstance(expected, int | float) and isinstance(answer.value, int | float):
        return abs(answer.value - expected) < 1e-9
    return answer.value == expected


def _filled(places: Layout, first: dt.date) -> dict[str, Filled]:
    """What is typed into every cell of a workbook that is filled in, by code: 1, 2, 3 …"""
    numbers = itertools.count(1)
    found = {
        code: _typed(place.value, str(place.indicator.name), place.indicator, next(numbers), first)
        for code, place in places.indicators.items()
        if place.indicator.filled_in
    }
    for code, (cell, place_of_cell) in places.cells.items():
        if cell.filled_in:
            found[code] = _typed(place_of_cell, str(cell.name), cell, next(numbers), first)
    for code, of_text in places.texts.items():
        words = f"{next(numbers)}"
        found[code] = Filled(of_text.value, str(of_text.question.name), f"({words})", f"({words})")
    for code, of_list in places.lists.items():
        for number in range(1, of_list.rows + 1):
            for column in of_list.section.columns:
                name = f"{column.name}, {number}"
                place = of_list.place(column.code, number)
                found[f"{code}[{number}].{column.code}"] = _typed(place, name, column, next(numbers), first)
    return found


def _seen(filled: Mapping[str, Filled], blank: Book) -> dict[str, Filled]:
    """Those of the cells that do not lie under merged ones of the blank workbook: nothing is typed there."""
    covered = {
        (sheet.name, *at) for sheet in blank.sheets for at, extra in sheet.extras.items() if extra.merged
    }
    return {
        code: one
        for code, one in filled.items()
        if (one.place.sheet, one.place.row, one.place.column) not in covered
    }


def _typed(place: Place, name: str, ask: Indicator | ListColumn, number: int, first: dt.date) -> Filled:
    """What is typed into one cell: the number itself where that is an answer to what it asks."""
    match ask.type:
        case Type.PERCENT:
            percent = (
                number % 99 + 1
            )  # with its sign, so that no format of the cell makes something else of it
            return Filled(place, name, f"{percent}%", percent / 100)
        case Type.YES_NO:
            return Filled(place, name, YES if number % 2 else NO, number % 2)
        case Type.CHOICE:
            choices = answers_to(ask)[:-1] or ("-",)
            return Filled(place, name, choices[number % len(choices)], choices[number % len(choices)])
        case Type.DATE:
            day = first + dt.timedelta(days=number % 80)
            return Filled(place, name, f"{day:%d/%m/%Y}", day)
        case Type.TEXT:
            return Filled(place, name, f"({number})", f"({number})")
    low, high = ask.min, ask.max
    value: float = number
    if low is not None and high is not None:
        value = low + number % max(1, int(high - low))
    elif low is not None:
        value = max(low, low + number)
    elif high is not None:
        value = min(high, number)
    return Filled(place, name, value, value)
