"""A returned workbook as a submission: who it is from, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reportctl.cells.cell import read_cell
from reportctl.cells.reading import Question
from reportctl.core.finding_kinds import LOST
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.period import read_period
from reportctl.core.wording import period_words
from reportctl.form.layout import ESTIMATE_COLUMN, VALUE_COLUMN, Layout, layout
from reportctl.form.model import Indicator, TextQuestion, Type
from reportctl.form.submission import (
    Answer,
    AnswerState,
    AnswerValue,
    Identity,
    ListRow,
    Submission,
    in_words,
    quotient,
)
from reportctl.intake.answers import cell_finding, read_answer, read_estimate
from reportctl.intake.find_lines import FoundCell, Index, Located, estimate_columns, find_lines, index
from reportctl.intake.find_lists import read_list
from reportctl.intake.identity import at_mark, headings, read_identity, read_marks
from reportctl.intake.job import Context
from reportctl.intake.lines import Lines, SoughtLine, figure_lines, text_lines
from reportctl.intake.unseen import hidden_answers, stray_figures
from reportctl.workbooks.book import Book, CellValue, as_typed
from reportctl.workspace.units import Unit

_SHARE_TOLERANCE = 0.005  # of the share itself: people round what they type


def read_workbook(book: Book, file: str, sha256: str, context: Context) -> tuple[Submission, list[Finding]]:
    """What `book` answers, and everything that is to be said of it, before `grading.grades`.

    `file` is the name people know it by. Where it is not known which form or unit it belongs to, nothing
    but its identity is read. Of `context` it depends on no more than `contexts.reading_basis` says, its
    unit's rows as far as `contexts.unit_basis` does, and what a dash means.
    """
    marks = read_marks(book)
    identity, findings = read_identity(marks)
    submission = Submission(file, sha256, identity, book.modified)
    if identity == Identity():
        return submission, [finding("not_our_form")]
    if identity.form != context.form.id:
        wrong = finding("wrong_form", value=identity.form, found=identity.form, expected=context.form.id)
        return submission, [*findings, *at_mark(marks[0], [wrong])]
    unit, said = _unit(identity, context)
    findings += at_mark(marks[0], [*_version_and_period(identity, context), *said])
    if unit is None:
        return submission, findings
    findings += headings(marks, identity, context.roster.rows(identity.unit))
    places = layout(context.form, unit.kind)
    reader = _Reader(index(book, places), places, context.dash)
    answers = (*reader.figures(), *reader.texts())
    rows = tuple(reader.lists())
    lost, empty = tuple(reader.lists_lost), tuple(reader.empty_rows)
    read = Submission(file, sha256, identity, book.modified, answers, rows, lost, empty)
    return read, [*findings, *reader.findings, *hidden_answers(book, read)]


# Who it is from, for which quarter


def _unit(identity: Identity, context: Context) -> tuple[Unit | None, list[Finding]]:
    """The unit that the workbook is from, as it is in the quarter, else as it was last."""
    code = identity.unit
    if not code:
        return None, [finding("no_unit")]
    if code in context.units:
        return context.units[code], []
    known = context.roster.rows(code)
    if not known:
        return None, [finding("unknown_unit", value=code, found=code)]
    return known[-1], [finding("unit_not_asked", value=code, found=known[-1].name)]


def _version_and_period(identity: Identity, context: Context) -> Iterator[Finding]:
    yield finding("other_version", value=identity.fingerprint)
    period = read_period(identity.period)
    if period != context.quarter:
        found, expected = (
            Phrase(*(period_words(p, short=True, language=language) for language in ("vi", "en")))
            if p
            else identity.period
            for p in (period, context.quarter)
        )
        yield finding("wrong_period", value=identity.period, found=found, expected=expected)


# Answers


class _Reader:
    """Reads the answers of one workbook, in the form's order; `findings`, `lists_lost` and `empty_rows`
    grow as it goes."""

    def __init__(self, found: Index, places: Layout, dash: str) -> None:
        self.index, self.places, self.dash = found, places, dash
        self.findings: list[Finding] = []
        self.lists_lost: list[str] = []
        self.empty_rows: list[ListRow] = []

    def figures(self) -> list[Answer]:
        """The indicators; shares are worked out, whatever the workbook says."""
        located = self._locate(figure_lines(self.places))
        self.findings += stray_figures(located.spots.values())
        estimates = estimate_columns(located.spots.values())
        answers: dict[str, Answer] = {}
        shares: list[Indicator] = []
        for code, place in self.places.indicators.items():
            if place.indicator.computed:
                shares.append(place.indicator)
            else:
                answer = self._answer(located, code, place.indicator)
                answers[code] = self._estimated(answer, located.spots.get(code), estimates)
        for share in shares:
            answers[share.code] = self._share(share, answers, located.spots.get(share.code))
        return [answers[code] for code in self.places.indicators]

    def _estimated(self, answer: Answer, spot: FoundCell | None, columns: Mapping[str, int]) -> Answer:
        """The answer in `spot`, an estimate where its line says so in the sheet's one of the `columns`."""
        if spot is None:
            return answer
        column = columns.get(spot.sheet.name, spot.column + ESTIMATE_COLUMN - VALUE_COLUMN)
        mark = FoundCell(spot.sheet, spot.row, column)
        if mark.blank:
            return answer
        estimate, found = read_estimate(mark, answer.code)
        self.findings += found
        return replace(answer, estimate=True) if estimate else answer

    def texts(self) -> list[Answer]:
        """The questions answered in words."""
        located = self._locate(text_lines(self.places))
        return [self._answer(located, code, None) for code in self.places.texts]

    def lists(self) -> Iterator[ListRow]:
        """The filled rows of all lists."""
        for place in self.places.lists.values():
            rows, empty, found = read_list(self.index, place, self.dash)
            self.empty_rows += empty
            self.findings += found
            lost = {one.indicator for one in found if one.code in LOST}
            if place.section.code in lost:
                self.lists_lost.append(place.section.code)
            yield from rows

    def _locate(self, lines: Lines) -> Located:
        located = find_lines(self.index, lines)
        self.findings += located.findings
        missing = [line for code, line in lines.by_code.items() if code not in located.spots]
        if not located.spots and missing and all(one.sheet.name != lines.sheet for one in self.index.sheets):
            self.findings.append(finding("missing_sheet", missing=lines.sheet))
            return located
        self.findings += [self._not_found(line) for line in missing if not self._computed(line.code)]
        return located

    def _not_found(self, line: SoughtLine) -> Finding:
        label = self._item(line.code).name
        return finding("not_found", indicator=line.code, label=label, sheets=self.index.searched)

    def _item(self, code: str) -> Indicator | TextQuestion:
        place = self.places.indicators.get(code)
        return place.indicator if place else self.places.texts[code].question

    def _computed(self, code: str) -> bool:
        item = self._item(code)
        return isinstance(item, Indicator) and item.computed

    def _answer(self, located: Located, code: str, ask: Question | None) -> Answer:
        spot = located.spots.get(code)
        if spot is None:
            return Answer(code, AnswerState.MISSING)
        answer, found = read_answer(spot, code, ask, self.dash)
        self.findings += found
        if code in located.twice:
            return replace(answer, state=AnswerState.INVALID, value=None)
        return answer

    def _share(self, indicator: Indicator, answers: Mapping[str, Answer], spot: FoundCell | None) -> Answer:
        """A share worked out anew; there is a finding where the workbook's own differs."""
        parts = [answers.get(code) for code in (indicator.numerator, indicator.denominator)]
        answer = quotient(indicator.code, *parts)
        if spot is None:
            return answer
        raw = as_typed(spot.value)
        said = _said(spot.value, indicator)
        if _differ(said, answer.value):
            top, bottom = (part.value if part else None for part in parts)
            found = cell_finding(
                "share_differs",
                spot,
                indicator.code,
                raw,
                said=raw if isinstance(said, str) else in_words(said, indicator.type),
                numerator=in_words(top, Type.NUMBER),
                denominator=in_words(bottom, Type.NUMBER),
                read=in_words(answer.value, indicator.type),
            )
            self.findings.append(found)
        return replace(answer, raw=raw, sheet=spot.sheet.name, cell=spot.cell)


def _said(typed: CellValue, indicator: Indicator) -> AnswerValue:
    """The share that a workbook says: a number, a text that is none, nothing."""
    if isinstance(typed, int | float):
        return typed
    reading = read_cell(typed, indicator)
    words = typed if isinstance(typed, str) and reading.state is AnswerState.INVALID else None
    return words if reading.value is None else reading.value


def _differ(said: AnswerValue, ours: AnswerValue) -> bool:
    """Whether two shares differ by more than rounding explains; a text is never what is worked out."""
    if not isinstance(ours, int | float):
        return False
    if not isinstance(said, int | float):
        return isinstance(said, str)
    return abs(said - ours) > _SHARE_TOLERANCE * abs(ours)
