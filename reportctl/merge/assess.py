"""What follows from a submission by itself: its verdict, how complete it is, its findings in order."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from reportctl.core.cellrefs import sheet_name
from reportctl.core.finding_kinds import UNREADABLE, Severity
from reportctl.core.findings import Finding, finding, verdict
from reportctl.core.language import Phrase
from reportctl.form.layout import FIGURES, TEXTS, TEXTS_BEFORE
from reportctl.form.model import applies
from reportctl.form.submission import AnswerState, Submission
from reportctl.intake.checks import severities, with_severities
from reportctl.intake.job import Context, ReadResult, unread
from reportctl.ledger.rows import (
    CacheKeys,
    Graded,
    NewSubmission,
    RecheckedSubmission,
    SubmissionRecord,
    finding_rows,
    rows_of,
)
from reportctl.merge.cache_keys import CacheKeyMaker
from reportctl.workspace.units import unit_named

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


def of_unit_named(read: ReadResult, context: Context) -> ReadResult:
    """`read`, with the unit that the file's name tells where the file could not be opened; what it answers
    never depends on that."""
    if read.ignored or unit_of(read) or not any(found.code in UNREADABLE for found in read.found):
        return read
    unit = unit_named(read.job.name, context.units.values())
    if not unit:
        return read
    found, findings = (
        tuple(replace(one, unit=unit) for one in several) for several in (read.found, read.findings)
    )
    return replace(read, found=found, findings=findings)


@dataclass(frozen=True)
class Assessor:
    """Assesses the submissions of the quarter whose files are read against `context`."""

    context: Context

    @functools.cached_property
    def keys(self) -> CacheKeyMaker:
        """What makes the cache keys of the quarter."""
        return CacheKeyMaker(self.context)

    @functools.cached_property
    def _codes(self) -> Mapping[str, int]:
        form = self.context.form
        codes = (*form.indicators, *(question.code for question in form.texts))
        return {code: position for position, code in enumerate(codes)}

    @functools.cached_property
    def _sheets(self) -> Mapping[str, int]:
        form = self.context.form
        tables, lists = ((sheet_name(one.title) for one in group) for group in (form.tables, form.lists))
        return {
            sheet: position for position, sheet in enumerate((FIGURES, *tables, TEXTS_BEFORE, TEXTS, *lists))
        }

    @functools.cached_property
    def _asked(self) -> Mapping[str, frozenset[str]]:
        """The codes of the questions that each kind of unit is asked."""
        form = self.context.form
        asked = {}
        for kind in (kind.code for kind in form.kinds):
            figures = {i.code for i in form.indicators.values() if applies(i, kind) and i.filled_in}
            asked[kind] = frozenset(figures | {text.code for text in form.texts if applies(text, kind)})
        return asked

    @property
    def frequent_texts(self) -> Iterator[str]:
        """The texts that stand in the answers of nearly every file: codes, and names of sheets."""
        yield from ("", FIGURES, TEXTS)
        yield from self._codes
        yield from (sheet_name(table.title) for table in self.context.form.tables)
        for section in self.context.form.lists:
            yield from (sheet_name(section.title), section.code, *(each.code for each in section.columns))

    def completeness(self, unit: str | None, submission: Submission | None) -> tuple[int, int]:
        """How many of the questions asked of the unit are answered, and how many there are.

        Questions are the figures that are filled in, and the texts; "not applicable" is an answer.
        """
        described = self.context.units.get(unit or "")
        if described is None:
            return 0, 0
        asked = self._asked.get(described.kind, frozenset())
        answered = {a.code for a in submission.answers if a.state in _ANSWERED} if submission else set()
        return len(asked & answered), len(asked)

    def in_order(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings by file, sheet, row, column; those of the whole file come first, those of no file last."""

        def place(found: Finding) -> tuple[Any, ...]:
            cell = _CELL.fullmatch(found.cell or "")
            column, row = (cell[1], int(cell[2])) if cell else ("", 0)
            sheet = self._sheets.get(found.sheet, len(self._sheets)) if found.sheet else -1
            at = (found.file is None, found.file or "", sheet, found.sheet or "", row, len(column), column)
            return (*at, found.code, found.indicator or "", found.unit or "")

        return tuple(sorted(findings, key=place))

    def graded(self, findings: Iterable[Finding]) -> list[Graded]:
        """Findings in order, each with its severity here."""
        inorder = self.in_order(findings)
        return list(zip(inorder, severities(inorder, self.context), strict=True))

    def not_received(self, units: Iterable[str | None]) -> list[Finding]:
        """A note for each unit that is to report and is not among `units`, in the roster's order."""
        heard = set(units)
        return [finding("no_file", unit=code) for code in self.context.units if code not in heard]

    def new_submission(self, read: ReadResult, labels: Mapping[str, int]) -> NewSubmission:
        """What is stored of a file just read; `labels` are as for `rows_of`.

        A reading that failed for no fault of the file's has no cache key, so that it is tried again the next
        time; one that took too long twice does not, so that the file costs that time once.
        """
        if read.submission and read.job.sha256 not in ("", read.sha256):
            lost = finding("unreadable_file", file=read.job.name, reason=_CHANGED)
            read = unread(read.job, read.sha256, lost)
        read = of_unit_named(read, self.context)
        submission, unit = read.submission, unit_of(read)
        answers, rows = (submission.answers, submission.rows) if submission else ((), ())
        empty = submission.empty_rows if submission else ()
        # A cell that holds signs alone, as dashes are in every width, and was read as zero or as nothing.
        of_rows = chain.from_iterable(row.answers for row in (*rows, *empty))
        nothing = [answer.raw for answer in (*answers, *of_rows) if not answer.value and answer.raw]
        dash = any(not any(map(str.isalnum, raw)) for raw in nothing)
        transient = any(one.code in _TRANSIENT and "seconds" not in dict(one.details) for one in read.found)
        version = submission.identity.fingerprint if submission else ""
        reading = "" if transient else self.keys.reading(unit, version, dash=dash)
        filled, asked = self.completeness(unit, submission)
        inorder = sorted(answers, key=lambda answer: self._codes.get(answer.code, len(self._codes)))
        return NewSubmission(
            keys=CacheKeys(reading, self.keys.checking, self.keys.grading),
            unit=unit,
            modified=submission.modified if submission else None,
            verdict=verdict_of(read),
            filled=filled,
            asked=asked,
            rows=rows_of(inorder, rows, self.graded(read.found), labels),
        )

    def rechecked(
        self, known: SubmissionRecord, findings: Sequence[Finding], submission: Submission | None = None
    ) -> RecheckedSubmission:
        """What is stored anew of a submission that stays as it was read, of which these are all `findings`.

        Its completeness is worked out again where `submission` is given.
        """
        own = verdict(with_severities(findings, self.context))
        return RecheckedSubmission(
            checked=self.keys.checking,
            graded=self.keys.grading,
            verdict="ignored" if known.own_verdict == "ignored" else own,
            completeness=self.completeness(known.unit, submission) if submission else None,
            findings=finding_rows(self.graded(findings)),
        )


def as_warnings(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of a submission that is taken in spite of its errors, which are warnings then."""
    return [
        replace(found, severity=Severity.WARNING) if found.severity is Severity.ERROR else found
        for found in findings
    ]
