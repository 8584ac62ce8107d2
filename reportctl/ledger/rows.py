"""The rows of the ledger's tables, made where a file is read, and the records made of them again."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, details_from_json, details_to_json
from reportctl.core.period import Quarter
from reportctl.form.indicators import Type
from reportctl.form.submission import Answer, AnswerState, ListRow

Row = tuple[object, ...]
Graded = tuple[Finding, Severity | None]  # with its severity here, None: it is switched off

STATES = tuple(AnswerState)

Value = int | float | str | None
# Period, unit, code, state, value, raw, estimate, file, sheet, cell, sha256: as in `ValueRecord`.
LongRow = tuple[str, str, str, AnswerState, Value, str, bool, str, str, str, str]
# Code, state, value, raw, estimate, sheet, cell, who told it by telephone, when and why (else None). A raw of
# None: what is nearly always typed for the value.
SourceAnswer = tuple[str, AnswerState, Value, str | None, bool, str, str, str | None]


class Source(NamedTuple):
    """What answers of a unit are from: its file, or what was imported or closed of it."""

    period: str
    unit: str
    file: str
    sha256: str


_NUMBER_OF_STATE = {state: number for number, state in enumerate(STATES)}
_LARGEST = 2**63 - 1
_NEVER = dt.datetime(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a submission: of its answers without the submission's number, of its findings without that
    number and the quarter.

    The texts of `unlabelled` stand in `answers` where the numbers of labels do: they had none yet.
    """

    answers: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()
    unlabelled: frozenset[str] = frozenset()

    def labelled_answers(self, labels: Mapping[str, int]) -> Iterable[Row]:
        """The rows of the answers with the numbers of all labels."""
        if not self.unlabelled:
            return self.answers
        known: dict[object, object] = {text: labels[text] for text in self.unlabelled}
        return (
            (known.get(of, of), number, position, known.get(code, code), *said, known.get(sheet, sheet), cell)
            for of, number, position, code, *said, sheet, cell in self.answers
        )


_LABELLED = (0, 3, 8)  # the places of list, code and sheet in the row of an answer


def rows_of(
    answers: Iterable[Answer],
    lists: Iterable[ListRow],
    findings: Iterable[Graded],
    labels: Mapping[str, int],
) -> Rows:
    """The rows of answers in the form's order, of the rows of lists, and of findings.

    `labels` are the numbers by which the ledger knows texts.
    """
    found: list[Row] = []
    in_lists = ((labels.get(row.list_code, row.list_code), row.number, row.answers) for row in lists)
    for list_label, number, of_one in ((0, 0, answers), *in_lists):
        for position, answer in enumerate(of_one):
            value = storable(answer.value)
            raw = None if answer.raw == plain_raw(value) else answer.raw
            code, sheet = labels.get(answer.code, answer.code), labels.get(answer.sheet, answer.sheet)
            state = _NUMBER_OF_STATE[answer.state]
            found.append(
                (list_label, number, position, code, state, value, raw, answer.estimate, sheet, answer.cell)
            )
    codes, sheets, listed = ({row[place] for row in found} for place in _LABELLED)
    unlabelled = {one for one in codes | sheets | listed if isinstance(one, str)}
    return Rows(tuple(found), finding_rows(findings), frozenset(unlabelled))


def finding_rows(findings: Iterable[Graded], first: int = 0) -> tuple[Row, ...]:
    """The rows of findings, which stand in their order from the place `first` on."""
    return tuple(
        (
            position,
            found.code,
            grade and grade.value,
            found.severity.value,
            found.unit,
            found.file,
            found.sheet,
            found.cell,
            found.indicator,
            found.value,
            details_to_json(found.details),
        )
        for position, (found, grade) in enumerate(findings, first)
    )


def storable(value: object) -> Value:
    """An answer's value as SQLite keeps it: dates as ISO text, whole numbers beyond 64 bits as fractions."""
    if isinstance(value, int):  # as nearly all are
        return value if -_LARGEST <= value <= _LARGEST else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, float | str) else None


def typed_value(value: Value | dt.date, kind: Type) -> Value | dt.date:
    """A value of the ledger as an answer of that type has it: a date out of its ISO text."""
    return dt.date.fromisoformat(value) if kind is Type.DATE and isinstance(value, str) else value


# ---- records


class CacheKeys(NamedTuple):
    """Cache keys (hashes) of reading, checking and grading a submission; empty `read` means: read again."""

    read: str
    checked: str = ""
    graded: str = ""


_NO_KEYS = CacheKeys("")


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """A submission with what came of it: `verdict` is "accepted", "warned", "rejected" or "ignored".

    `filled` says how many of the `of` questions asked of its unit are answered, by telephone too.
    `own_verdict` is the one that its own findings make, `accepted`: it was taken in spite of them;
    `has_answers`: anything could be read.
    """

    period: Quarter
    unit: str | None
    file: str
    sha256: str
    received: dt.date
    modified: dt.datetime | None
    verdict: str
    counts: bool = False
    filled: int = 0
    of: int = 0
    own_verdict: str = ""
    accepted: bool = False
    has_answers: bool = False
    keys: CacheKeys = _NO_KEYS

    @property
    def when(self) -> tuple[dt.date, dt.datetime]:
        """What decides which is later; a document that does not say when it was modified is the earliest."""
        modified = self.modified or _NEVER
        if modified.tzinfo:
            modified = modified.astimezone(dt.UTC).replace(tzinfo=None)
        return self.received, modified

    @property
    def order(self) -> tuple[object, ...]:
        """A key that sorts the latest last; those of the same date by file name."""
        return (self.when, self.file, self.sha256)


@dataclass(frozen=True, slots=True)
class ValueRecord:
    """An answer that counts, with the cell it stands in. Dates are ISO text.

    Of a correction `file` says who made it, when and why; `unit` is `PROVINCE` in an imported figure of the
    province alone, which counts instead of those of the units where it `stands`.
    """

    period: Quarter
    unit: str
    code: str
    state: AnswerState
    value: Value
    raw: str
    estimate: bool
    file: str
    sheet: str
    cell: str
    sha256: str
    received: dt.date
    by: str  # "file", "correction" or "import"
    list_code: str = ""  # of an answer in a list, with the number of its row
    number: int = 0
    stands: bool = False


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A row of a list in a submission that counts: its values by column; `cell` is the row's first one.

    In the columns `nothing` it says that there is nothing to say; other columns without a value were left
    empty, cannot be read, or were not asked.
    """

    period: Quarter
    unit: str
    list_code: str
    number: int
    values: dict[str, Value]
    file: str
    sheet: str
    cell: str
    nothing: frozenset[str] = frozenset()


def value_record(
    row: Sequence[Any], labels: Mapping[int, str], *, code: str = "", list_code: str = ""
) -> ValueRecord:
    """The answer in a row with the columns of the view `counted` from the period on; `labels` are the texts
    by their numbers. It answers `code`, in the list `list_code`, where these are given."""
    period, unit, label, state, value, raw, estimate, file, sheet, cell, sha256, received, by, of, number = (
        row
    )
    return ValueRecord(
        period=quarter_of(period),
        unit=unit,
        code=code or labels[label],
        state=STATES[state],
        value=value,
        raw=plain_raw(value) if raw is None else raw,
        estimate=bool(estimate),
        file=file,
        sheet=labels[sheet],
        cell=cell,
        sha256=sha256,
        received=_day(received),
        by=by,
        list_code=list_code or (labels[of] if of else ""),
        number=number,
    )


def finding_of(row: tuple[Any, ...]) -> Finding:
    """The finding stored as (code, severity, unit, file, sheet, cell, indicator, value, details)."""
    code, severity, unit, file, sheet, cell, indicator, value, details = row
    return Finding(
        code, Severity(severity), unit, file, sheet, cell, indicator, value, details_from_json(details)
    )


_day = functools.lru_cache(maxsize=1024)(dt.date.fromisoformat)


def plain_raw(value: Value) -> str:
    """What is nearly always typed for `value`; where it was, the ledger does not repeat it."""
    return "" if value is None else str(value)


@functools.lru_cache(maxsize=256)
def quarter_of(text: str) -> Quarter:
    """The quarter that its canonical spelling names."""
    return Quarter(int(text[:4]), int(text[6]))


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """What is stored of a file just read, but for what its receipt says.

    `verdict` is the one that its own findings make; `filled` of the `asked` questions are answered.
    """

    keys: CacheKeys
    unit: str | None
    modified: dt.datetime | None
    verdict: str
    filled: int = 0
    asked: int = 0
    rows: Rows = Rows()


@dataclass(frozen=True, slots=True)
class RecheckedSubmission:
    """What changes in a submission whose findings were made again without reading its file.

    `completeness` says how many of how many questions are answered, None that this stays as it was.
    """

    checked: str
    graded: str
    verdict: str
    completeness: tuple[int, int] | None
    findings: Sequence[Row]


@dataclass(frozen=True, slots=True)
class QuarterOutcome:
    """What follows from all submissions of a quarter: the hashes of those that count and of those accepted in
    spite of their errors, `verdicts` where they are not the submission's own, corrected answers by hash,
    how many questions were `told` that the file leaves open, findings of no single file.

    What was found in the files `replaced` is not said any more, and of those `superseded` only what
    `IDENTITY` holds; both by hash.

    `key` is the cache key of all that this depends on but the inbox, `inbox_key` that of the inbox.
    """

    counting: Collection[str] = ()
    accepted: Collection[str] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, Sequence[CorrectedAnswer]] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    replaced: Collection[str] = ()
    superseded: Collection[str] = ()
    key: str = ""
    inbox_key: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """The findings of the last comparison of a quarter, before grading, with its cache keys as for
    `Store.put_comparison`; both are empty where there was none."""

    key: str
    outer_key: str
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A file as it was when it was hashed; `modified` is in nanoseconds."""

    size: int
    modified: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CorrectedAnswer:
    """An answer given by telephone in place of the file's; `source` says who noted it, when and why."""

    answer: Answer
    source: str
    day: dt.date


PROVINCE = ""  # in place of a unit: a figure of the province alone, imported without those of the units
