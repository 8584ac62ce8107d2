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
from reportctl.form.indicators import Indicator, Type
from reportctl.form.layout import ESTIMATE_COLUMN, VALUE_COLUMN, Layout, layout
from reportctl.form.model import TextQuestion
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
from reportctl.intake.answers import AsRead, cell_finding, read_answer, read_estimate
from reportctl.intake.checks import broken_older_sums
from reportctl.intake.find_in_own import OwnAnswers
from reportctl.intake.find_lines import FoundCell, Index, Located, estimate_columns, find_lines, index
from reportctl.intake.find_lists import find_list, read_list
from reportctl.intake.handed_up import from_below
from reportctl.intake.identity import (
    at_mark,
    headings,
    identity_by_cells,
    own_headings,
    read_identity,
    read_marks,
)
from reportctl.intake.job import Context
from reportctl.intake.laid_over import lay_over
from reportctl.intake.left_out import left_out
from reportctl.intake.lines import sought_lines
from reportctl.intake.read_tables import read_table
from reportctl.intake.typed_beside import sent_beside, typed_beside_figures
from reportctl.intake.unseen import hidden_answers, unasked_figures
from reportctl.intake.versions import (
    as_renamed,
    brought_over,
    lists_of_this_form,
    of_this_form,
    rows_of_this_form,
    version_of,
)
from reportctl.workbooks.book import Book, as_typed
from reportctl.workbooks.misread import restored
from reportctl.workspace.units import Unit

_SHARE_TOLERANCE = 0.005  # of the share itself: people round what they type


def read_workbook(book: Book, file: str, sha256: str, context: Context) -> tuple[Submission, list[Finding]]:
    """What `book` answers, and everything that is to be said of it, before `checks.severities`.

    `file` is the name people know it by. Where it is not known which form or unit it belongs to, nothing
    but its identity is read. Of `context` it depends on no more than `cache_keys.CacheKeyMaker.reading` says:
    the form's questions and those of the version that the file was made from, the quarter, its unit's rows in
    units.csv, and what a dash means.
    """
    book = restored(book, context.form.codes)
    marks = read_marks(book)
    addresses = context.form.addresses
    over = lay_over(book, context.printed, addresses) if addresses and context.blank else None
    lost: list[Finding] = []
    if over and not marks and (said := identity_by_cells(over, context)):
        marks, lost = [said[0]], said[1]
    identity, findings = read_identity(marks)
    findings += lost
    submission = Submission(file, sha256, identity, book.modified)
    if identity == Identity():
        return submission, [finding("not_our_form")]
    if identity.form != context.form.id:
        wrong = finding("wrong_form", value=identity.form, found=identity.form, expected=context.form.id)
        return submission, [*findings, *at_mark(marks[0], [wrong])]
    unit, of_unit = _unit(identity, context)
    of_mark = [finding("other_version", value=identity.fingerprint)]
    period = read_period(identity.period)
    if period != context.quarter:
        found, expected = (
            Phrase(*(period_words(p, short=True, language=language) for language in ("vi", "en")))
            if p
            else identity.period
            for p in (period, context.quarter)
        )
        of_mark.append(finding("wrong_period", value=identity.period, found=found, expected=expected))
    findings += at_mark(marks[0], [*of_mark, *of_unit])
    if unit is None:
        return submission, findings
    findings += headings(marks, identity, context.roster.rows(identity.unit))
    findings += own_headings(over, identity, context) if over and not lost else ()
    version = version_of(context, identity.fingerprint)
    book = restored(book, version.codes) if version else book
    places = layout(version or context.form, unit.kind)
    own = OwnAnswers(over) if over and places.addresses else None
    reader = _Reader(index(book, places), places, context.dash, own)
    answers = [*reader.figures(), *reader.texts()]
    rows = list(reader.lists())
    lists_lost, empty = reader.lists_lost, reader.empty_rows
    answers, of_units = from_below(book, places, answers, rows)
    of_cells = own.without_own_formulas(places, reader.findings) if own else reader.findings
    of_answers = [*of_cells, *of_units]
    if version:
        form, version = as_renamed(context, version)
        taken, lacking = brought_over(form, version, unit.kind, answers)
        dropped = [*left_out(form, version, unit.kind, answers, rows, taken)]
        as_asked = replace(submission, answers=tuple(answers))
        broken = broken_older_sums(form, version, unit.kind, context.window, as_asked)
        of_then = [*of_this_form(form, version, of_answers), *broken]
        answers = taken
        rows, empty = (rows_of_this_form(form, version, some) for some in (rows, empty))
        lists_lost = lists_of_this_form(form, version, lists_lost)
        of_answers = [*at_mark(marks[0], [*dropped, *lacking]), *of_then]
    read = Submission(
        file, sha256, identity, book.modified, tuple(answers), tuple(rows), tuple(lists_lost), tuple(empty)
    )
    return read, [*findings, *of_answers, *hidden_answers(book, read)]


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


class _Reader:
    """Reads the answers of one workbook, in the form's order; `own` finds them in an office's own workbook.

    `findings`, `lists_lost` and `empty_rows` grow as it goes.
    """

    def __init__(self, found: Index, places: Layout, dash: str, own: OwnAnswers | None) -> None:
        self.index, self.places, self.dash, self.own = found, places, dash, own
        self.as_read = AsRead(dash, points=own is not None)
        self.sent = sent_beside(found.book)
        self.findings: list[Finding] = []
        self.lists_lost: list[str] = []
        self.empty_rows: list[ListRow] = []

    def figures(self) -> list[Answer]:
        """The indicators and the cells of tables; shares are worked out, whatever the workbook says."""
        items = {code: place.indicator for code, place in self.places.indicators.items()}
        located = self._locate(items, texts=False)
        self.findings += () if self.own else unasked_figures(located.spots.values())
        estimates = {} if self.own else estimate_columns(located.spots.values())
        answers: dict[str, Answer] = {}
        for code, indicator in items.items():
            if indicator.computed:
                continue
            answer = answers[code] = self._answer(located, code, indicator)
            spot = located.spots.get(code)
            if spot and not self.own:  # its line may say in another column that the figure is an estimate
                column = estimates.get(spot.sheet.name, spot.column + ESTIMATE_COLUMN - VALUE_COLUMN)
                mark = FoundCell(spot.sheet, spot.row, column)
                if mark.value != "" or mark.extra:
                    estimate, found = read_estimate(mark, code)
                    self.findings += found
                    answers[code] = answer._replace(estimate=True) if estimate else answer
        if self.sent and not self.own:  # else nobody can tell who wrote what stands there
            spots = ((items[code], spot) for code, spot in located.spots.items())
            self.findings += typed_beside_figures(spots, self.sent, self.as_read)
        cells = {answer.code: answer for answer in self._cells()}
        answers |= cells
        for code, indicator in items.items():
            if indicator.computed:
                answers[code] = self._share(indicator, answers, located.spots.get(code))
        return [answers[code] for code in (*items, *cells)]

    def _cells(self) -> Iterator[Answer]:
        """The cells of all tables."""
        for place in self.places.tables.values():
            answers, found = read_table(self.index, place, self.as_read, self.own, self.sent)
            self.findings += found
            yield from answers

    def texts(self) -> list[Answer]:
        """The questions answered in words."""
        located = self._locate(
            {code: place.question for code, place in self.places.texts.items()}, texts=True
        )
        return [self._answer(located, code, None) for code in self.places.texts]

    def lists(self) -> Iterator[ListRow]:
        """The filled rows of all lists."""
        for place in self.places.lists.values():
            spots = self.own.rows_of(place) if self.own else find_list(self.index, place)
            rows, empty, found = read_list(self.index, place, spots, self.as_read)
            self.empty_rows += empty
            self.findings += found
            if any(one.code in LOST and one.indicator == place.section.code for one in found):
                self.lists_lost.append(place.section.code)
            yield from rows

    def _locate(self, items: Mapping[str, Indicator | TextQuestion], *, texts: bool) -> Located:
        """Where the answers to `items` stand, which are texts or figures; findings for those that do not."""
        lines = sought_lines(self.places, texts=texts)
        if self.own:
            located = self.own.cells({code: line.value for code, line in lines.by_code.items()})
        else:
            located = find_lines(self.index, lines)
        self.findings += located.findings
        missing = [item for code, item in items.items() if code not in located.spots]
        missing = [item for item in missing if not (isinstance(item, Indicator) and item.computed)]
        if not located.spots and missing and all(one.sheet.name != lines.sheet for one in self.index.sheets):
            self.findings.append(finding("missing_sheet", missing=lines.sheet))
            return located
        sheets = self.index.searched
        for item in missing:
            self.findings.append(finding("not_found", indicator=item.code, label=item.name, sheets=sheets))
        return located

    def _answer(self, located: Located, code: str, ask: Question | None) -> Answer:
        spot = located.spots.get(code)
        if spot is None:
            return Answer(code, AnswerState.MISSING)
        answer, found = read_answer(spot, code, ask, self.as_read)
        self.findings += found
        if code in located.twice:
            return answer._replace(state=AnswerState.INVALID, value=None)
        return answer

    def _share(self, indicator: Indicator, answers: Mapping[str, Answer], spot: FoundCell | None) -> Answer:
        """A share worked out anew; there is a finding where the workbook's own differs by more than rounding
        explains, or is a text."""
        parts = [answers.get(code) for code in (indicator.numerator, indicator.denominator)]
        answer = quotient(indicator.code, *parts)
        if spot is None:
            return answer
        raw, typed = as_typed(spot.value), spot.value
        said: AnswerValue = None
        if isinstance(typed, int | float):
            said = typed
        else:
            reading = read_cell(typed, indicator)
            if isinstance(typed, str) and reading.state is AnswerState.INVALID:
                said = typed
            if reading.value is not None:
                said = reading.value
        ours, differs = answer.value, False
        if isinstance(ours, int | float):
            differs = (
                abs(said - ours) > _SHARE_TOLERANCE * abs(ours)
                if isinstance(said, int | float)
                else isinstance(said, str)
            )
        if differs:
            top, bottom = (part.value if part else None for part in parts)
            self.findings.append(
                cell_finding(
                    "share_differs",
                    spot,
                    indicator.code,
                    raw,
                    said=raw if isinstance(said, str) else in_words(said, indicator.type),
                    numerator=in_words(top, Type.NUMBER),
                    denominator=in_words(bottom, Type.NUMBER),
                    read=in_words(ours, indicator.type),
                )
            )
        return answer._replace(raw=raw, sheet=spot.sheet.name, cell=spot.cell)
