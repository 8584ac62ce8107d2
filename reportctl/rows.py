"""What was read of a file as rows of the ledger's tables: made where the file is read, stored as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reportctl.findings import Finding, details_to_json
from reportctl.ledger import STATES, Value, plain_raw
from reportctl.submission import Answer, ListRow

Row = tuple[object, ...]

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
    findings: Iterable[Finding],
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


def finding_rows(findings: Iterable[Finding], first: int = 0) -> tuple[Row, ...]:
    """The rows of findings, which stand in their order from the place `first` on."""
    return tuple(
        (
            position,
            found.code,
            found.severity.value,
            found.unit,
            found.file,
            found.sheet,
            found.cell,
            found.indicator,
            found.value,
            details_to_json(found.details),
        )
        for position, found in enumerate(findings, first)
    )


def storable(value: object) -> Value:
    """An answer's value as SQLite keeps it: dates as ISO text, whole numbers beyond 64 bits as fractions."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > _LARGEST:
        return float(value)
    return value if isinstance(value, int | float | str) else None
