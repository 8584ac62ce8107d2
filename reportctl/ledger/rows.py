"""The rows of the ledger's tables: made where a file is read and stored as they are; and what they say."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, details_from_json, details_to_json
from reportctl.core.period import Quarter
from reportctl.form.model import Type
from reportctl.form.submission import Answer, AnswerState, ListRow

Row = tuple[object, ...]
Graded = tuple[Finding, Severity | None]  # with what it weighs, None: nothing

STATES = tuple(AnswerState)

Value = int | float | str | None
# Period, unit, code, state, value, raw, estimate, file, sheet, cell, sha256: as in `ValueRecord`.
LongRow = tuple[str, str, str, AnswerState, Value, str, bool, str, str, str, str]

_NUMBER_OF_STATE = {state: number for number, state in enumerate(STATES)}
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a submission: of its answers without its number, of its findings without that and the
    quarter.

    The texts of `unlabelled` stand in `answers` where the numbers of labels do: they had none yet.
    """

    answers: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()
    unlabelled: frozenset[str] = frozenset()


def rows_of(
    answers: Iterable[Answer],
    lists: Iterable[ListRow],
    findings: Iterable[Graded],
    labels: Mapping[str, int],
) -> Rows:
    """The rows of answers in the form's order, of the rows of lists, and of findings.

    `labels` are the numbers by which the ledger knows texts.
    """
    found = _answer_rows(0, 0, answers, labels)
    for row in lists:
        found += _answer_rows(labels.get(row.list_code, row.list_code), row.number, row.answers, labels)
    named = {text for row in found for text in (row[0], row[3], row[8]) if isinstance(text, str)}
    return Rows(tuple(found), finding_rows(findings), frozenset(named))


def _answer_rows(
    of_list: int | str, number: int, answers: Iterable[Answer], labels: Mapping[str, int]
) -> list[Row]:
    found: list[Row] = []
    for position, answer in enumerate(answers):
        value = storable(answer.value)
        raw = None if answer.raw == plain_raw(value) else answer.raw
        code, sheet = labels.get(answer.code, answer.code), labels.get(answer.sheet, answer.sheet)
        state = _NUMBER_OF_STATE[answer.state]
        found.append(
            (of_list, number, position, code, state, value, raw, answer.estimate, sheet, answer.cell)
        )
    return found


def labelled(rows: Rows, labels: Mapping[str, int]) -> tuple[Row, ...]:
    """The answers' rows with the numbers of all labels."""
    if not rows.unlabelled:
        return rows.answers
    return tuple(
        tuple(
            labels[one] if place in (0, 3, 8) and isinstance(one, str) else one
            for place, one in enumerate(row)
        )
        for row in rows.answers
    )


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
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > _LARGEST:
        return float(value)
    return value if isinstance(value, int | float | str) else None


def typed_value(value: Value | dt.date, kind: Type) -> Value | dt.date:
    """A value of the ledger as an answer of that type has it: a date out of its ISO text."""
    return dt.date.fromisoformat(value) if kind is Type.DATE and isinstance(value, str) else value


# What they say


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """A submission as stored: `verdict` is "accepted", "warned", "rejected" or "ignored".

    `filled` says how many of the `of` questions asked of its unit are answered.
    """

    period: Quarter
    unit: str | None
    file: str
    sha256: str
    received: dt.date
    modified: dt.datetime | None
    verdict: str
    counts: bool
    filled: int
    of: int


@dataclass(frozen=True, slots=True)
class ValueRecord:
    """An answer that counts, with the cell it stands in. Dates are ISO text.

    Of a correction `file` says who told it, when and why; `unit` is `PROVINCE` in an imported figure of the
    province alone.
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


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A row of a list in a submission that counts: its values by column; `cell` is the row's first one."""

    period: Quarter
    unit: str
    list_code: str
    number: int
    values: dict[str, Value]
    file: str
    sheet: str
    cell: str


def value_record(row: tuple[Any, ...], labels: Mapping[int, str]) -> ValueRecord:
    """The answer in a row with the columns of the view `counted` from the period on; `labels` are the texts
    by their numbers."""
    period, unit, code, state, value, raw, estimate, file, sheet, cell, sha256, received, by, of, number = row
    return ValueRecord(
        period=quarter_of(period),
        unit=unit,
        code=labels[code],
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
        list_code=labels[of] if of else "",
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


class CacheKeys(NamedTuple):
    """Texts that change with all that a submission was read by, its answers were checked by and its findings
    were graded by; an empty `read`: it has to be read again."""

    read: str
    checked: str = ""
    graded: str = ""


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """What is stored of a file, but for what its receipt says; `filled` of the `asked` questions are
    answered."""

    basis: CacheKeys
    unit: str | None
    modified: dt.datetime | None
    verdict: str
    filled: int = 0
    asked: int = 0
    rows: Rows = Rows()


@dataclass(frozen=True, slots=True)
class RecheckedSubmission:
    """What a submission that stays as it was read is judged to be; `checked` and `graded` as in `Basis`.

    `fullness` says how many of how many questions are answered; twice None, that this stays as it was.
    """

    checked: str
    graded: str
    verdict: str
    fullness: tuple[int, int] | tuple[None, None]
    findings: Sequence[Row]


@dataclass(frozen=True, slots=True)
class KnownSubmission:
    """What the ledger knows of a submission without its answers; `judged` is its own findings' verdict.

    `read` says whether there are answers at all.
    """

    basis: CacheKeys
    unit: str | None
    file: str
    received: dt.date
    modified: dt.datetime | None
    judged: str
    read: bool


@dataclass(frozen=True, slots=True)
class QuarterOutcome:
    """What follows from all of a quarter: which hashes count, which were accepted in spite of their errors,
    `verdicts` of those whose own findings no longer make it, corrections by hash, findings of no single file.

    `basis` and `inbox` name what else it depends on: all but the inbox, and what was seen there.
    """

    counting: Collection[str] = ()
    accepted: Collection[str] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Sequence[CorrectedAnswer]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    basis: str = ""
    inbox: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """What was `found` where a quarter was compared, by which `state` and `basis` (see `Store.compare`); both
    are empty where it was not."""

    state: str
    basis: str
    found: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A file as it was when it was hashed; `modified` is in nanoseconds."""

    size: int
    modified: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CorrectedAnswer:
    """An answer told by telephone, in place of what the file says; `who` says who noted it, when and why."""

    answer: Answer
    who: str
    day: dt.date


PROVINCE = ""  # in place of a unit: a figure of the province alone, imported without those of the units
