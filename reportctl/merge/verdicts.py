"""What follows from what was read: verdicts, how full a workbook is, the order of findings."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from reportctl.core.cellrefs import sheet_name
from reportctl.core.findings import Finding, finding, verdict
from reportctl.core.language import Phrase
from reportctl.form.layout import FIGURES, TEXTS
from reportctl.form.model import applies
from reportctl.form.submission import Answer, AnswerState, Submission
from reportctl.intake.checks import severities, with_severities
from reportctl.intake.job import Context, ReadResult, unread
from reportctl.ledger.rows import (
    CacheKeys,
    Graded,
    KnownSubmission,
    NewSubmission,
    RecheckedSubmission,
    finding_rows,
    rows_of,
)
from reportctl.merge import contexts

_CELL = re.compile(r"([A-Z]+)([0-9]+)")
_ANSWERED = (AnswerState.VALUE, AnswerState.NOT_APPLICABLE)
_CHANGED = Phrase(
    "bản gốc lưu trong archive đã bị thay đổi", "its original in the archive is not what it was"
)
# What may turn out otherwise the next time, because it does not lie in the file.
_TRANSIENT = frozenset({"reader_failed", "unreadable_file"})


def verdict_of(read: ReadResult) -> str:
    """What a file's own findings make of it: "accepted", "warned", "rejected" or "ignored"."""
    return "ignored" if read.ignored else verdict(read.findings)


def unit_of(read: ReadResult) -> str | None:
    """The unit that the file names, as far as it could be read."""
    named = read.submission.identity.unit if read.submission else ""
    return named or next((found.unit for found in read.findings if found.unit), None)


@dataclass(frozen=True)
class VerdictMaker:
    """Judges one quarter's files by its context."""

    context: Context

    @functools.cached_property
    def _reading(self) -> str:
        return contexts.reading_basis(self.context)

    @functools.cached_property
    def _units(self) -> dict[str | None, str]:
        return {}

    def reading(self, unit: str | None, *, dash: bool) -> str:
        """What the reading of a file that names the `unit` depended on; `dash`: and on what a dash means."""
        if unit not in self._units:
            self._units[unit] = contexts.unit_basis(self.context, unit or "")
        return f"{self._reading} {self._units[unit]} {self.context.dash if dash else ''}"

    @functools.cached_property
    def checking(self) -> str:
        """What the checks of every submission depend on, as `contexts.checking_basis` says it."""
        return contexts.checking_basis(self.context)

    @functools.cached_property
    def grading(self) -> str:
        """What the grades of all findings depend on, as `contexts.grading_basis` says it."""
        return contexts.grading_basis(self.context)

    def settled_by(self, basis: str) -> str:
        """What all that is settled depends on besides its files: `basis`, and how the files are judged."""
        return f"{basis} {self.checking} {self.grading}"

    def read_as_now(self, was: KnownSubmission) -> bool:
        """Whether a submission would be read as it was."""
        return was.basis.read in (self.reading(was.unit, dash=dash) for dash in (False, True))

    def judged_as_now(self, was: KnownSubmission) -> bool:
        """Whether a submission that is read as it was would be judged as it was."""
        return (was.basis.checked, was.basis.graded) == (self.checking, self.grading)

    @functools.cached_property
    def _codes(self) -> Mapping[str, int]:
        form = self.context.form
        codes = (*form.indicators, *(question.code for question in form.texts))
        return {code: position for position, code in enumerate(codes)}

    @functools.cached_property
    def _sheets(self) -> Mapping[str, int]:
        lists = (sheet_name(section.title) for section in self.context.form.lists)
        return {sheet: position for position, sheet in enumerate((FIGURES, TEXTS, *lists))}

    @functools.cached_property
    def _asked(self) -> Mapping[str, frozenset[str]]:
        """The codes of the questions that each kind of unit is asked."""
        form = self.context.form
        asked = {}
        for kind in (kind.code for kind in form.kinds):
            figures = {i.code for i in form.indicators.values() if applies(i, kind) and not i.computed}
            asked[kind] = frozenset(figures | {text.code for text in form.texts if applies(text, kind)})
        return asked

    def fullness(self, unit: str | None, submission: Submission | None) -> tuple[int, int]:
        """How many of the questions asked of the unit are answered, and how many there are.

        Questions are the figures that are filled in, and the texts; "not applicable" is an answer.
        """
        described = self.context.units.get(unit or "")
        if described is None:
            return 0, 0
        asked = self._asked.get(described.kind, frozenset())
        answered = {a.code for a in submission.answers if a.state in _ANSWERED} if submission else set()
        return len(asked & answered), len(asked)

    def in_form_order(self, answers: Iterable[Answer]) -> tuple[Answer, ...]:
        """Figures in the form's order, then texts."""
        last = len(self._codes)
        return tuple(sorted(answers, key=lambda answer: self._codes.get(answer.code, last)))

    def by_place(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings by file, sheet, row, column; those of the whole file come first, those of no file last."""
        return tuple(sorted(findings, key=self._place))

    def _place(self, found: Finding) -> tuple[Any, ...]:
        cell = _CELL.fullmatch(found.cell or "")
        column, row = (cell[1], int(cell[2])) if cell else ("", 0)
        sheet = self._sheets.get(found.sheet, len(self._sheets)) if found.sheet else -1
        at = (found.file is None, found.file or "", sheet, found.sheet or "", row, len(column), column)
        return (*at, found.code, found.indicator or "", found.unit or "")

    def without_file(self, heard_of: Iterable[str | None]) -> list[Finding]:
        """A note for each unit that is to report and of which nothing came, in the roster's order."""
        heard = set(heard_of)
        return [finding("no_file", unit=code) for code in self.context.units if code not in heard]

    def draft(self, read: ReadResult, labels: Mapping[str, int]) -> NewSubmission:
        """What is stored of a file received: a reading that failed for no fault of the file's has no basis,
        so that it is tried again the next time.

        `labels` are as for `rows_of`.
        """
        if read.submission and read.job.sha256 not in ("", read.sha256):
            lost = finding("unreadable_file", file=read.job.name, reason=_CHANGED)
            read = unread(read.job, read.sha256, lost)
        submission = read.submission
        unit = unit_of(read)
        filled, asked = self.fullness(unit, submission)
        transient = any(found.code in _TRANSIENT for found in read.found)
        dash = submission is not None and _has_dashes(submission)
        basis = "" if transient else self.reading(unit, dash=dash)
        return NewSubmission(
            CacheKeys(basis, self.checking, self.grading),
            unit,
            submission.modified if submission else None,
            verdict_of(read),
            filled,
            asked,
            rows_of(
                self.in_form_order(submission.answers) if submission else (),
                submission.rows if submission else (),
                self._graded(read.found),
                labels,
            ),
        )

    def judged(
        self, was: KnownSubmission, found: Sequence[Finding], submission: Submission | None = None
    ) -> RecheckedSubmission:
        """What a submission that stays as it was read is judged to be, of which all that is `found` now.

        How full it is is worked out again where `submission` is given.
        """
        said = verdict(with_severities(found, self.context))
        return RecheckedSubmission(
            self.checking,
            self.grading,
            "ignored" if was.judged == "ignored" else said,
            self.fullness(was.unit, submission) if submission else (None, None),
            finding_rows(self._graded(found)),
        )

    def _graded(self, found: Iterable[Finding]) -> list[Graded]:
        placed = self.by_place(found)
        return list(zip(placed, severities(placed, self.context), strict=True))

    @property
    def labels(self) -> Iterator[str]:
        """The texts that stand in the answers of nearly every file: codes, and names of sheets."""
        yield from ("", FIGURES, TEXTS)
        yield from self._codes
        for section in self.context.form.lists:
            yield from (sheet_name(section.title), section.code, *(each.code for each in section.columns))


def _has_dashes(submission: Submission) -> bool:
    """Whether what a dash means may matter: a cell that was read as zero or as nothing holds signs alone, as
    dashes are in every width."""
    rows = chain(submission.rows, submission.empty_rows)
    return any(
        not answer.value and answer.raw and not any(map(str.isalnum, answer.raw))
        for answer in chain(submission.answers, *(row.answers for row in rows))
    )


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Makes drafts where files are read; `labels` as for `rows_of`."""

    judge: VerdictMaker
    labels: Mapping[str, int]

    def __call__(self, read: ReadResult) -> NewSubmission:
        """As `Judge.draft`."""
        return self.judge.draft(read, self.labels)
