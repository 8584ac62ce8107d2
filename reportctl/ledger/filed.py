"""What every submission's own file says, whether it counts or not."""

from __future__ import annotations

from dataclasses import dataclass

from reportctl.core.period import Quarter
from reportctl.form.submission import Answer, ListRow
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import STATES, SubmissionRecord, plain_raw

Answers = tuple[tuple[Answer, ...], tuple[ListRow, ...]]

_LABELLED = (
    "SELECT list, number, (SELECT text FROM label WHERE id = list), "
    "(SELECT text FROM label WHERE id = code), state, value, raw, "
    "(SELECT text FROM label WHERE id = sheet), cell, estimate, position"
)
_OF = "(SELECT id FROM submission WHERE period = ?1 AND sha256 = ?2)"
_ANSWERS = (
    f"{_LABELLED} FROM answer WHERE submission = {_OF} AND told IS NULL UNION ALL "
    f"{_LABELLED} FROM overruled WHERE submission = {_OF} ORDER BY list, number, position"
)
_FOUND = (
    "(SELECT count(*) FROM finding f WHERE f.period = s.period AND f.submission = s.id AND f.severity = ?)"
)
_JUDGED = (
    f"SELECT s.sha256, s.judged, s.accepted, {_FOUND}, {_FOUND} FROM submission s "  # noqa: S608
    "WHERE s.period = ? AND s.unit = ? ORDER BY s.file, s.sha256"
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A submission with how many `errors` and `warnings` were found in its file, and the verdict these make
    (`judged`). `accepted`: it was taken in spite of them."""

    record: SubmissionRecord
    judged: str
    accepted: bool
    errors: int
    warnings: int


def file_answers(ledger: Ledger, quarter: Quarter, sha256: str) -> Answers:
    """What a submission's file says, without what was told by telephone: answers in the form's order and the
    rows of its lists; dates are ISO text."""
    found: dict[tuple[int, int], list[Answer]] = {}
    lists: dict[int, str] = {}
    for of, row, list_code, code, state, value, raw, sheet, cell, estimate, _position in ledger.rows(
        _ANSWERS, str(quarter), sha256
    ):
        typed = plain_raw(value) if raw is None else raw
        answer = Answer(code, STATES[state], value, typed, sheet, cell, estimate=bool(estimate))
        found.setdefault((of, row), []).append(answer)
        lists[of] = list_code
    return tuple(found.pop((0, 0), ())), tuple(
        ListRow(lists[of], row, tuple(answers)) for (of, row), answers in found.items()
    )


def filed(ledger: Ledger, quarter: Quarter, unit: str) -> list[Filed]:
    """Every submission of a unit for the quarter, by file name; files that are no workbook are left out."""
    with ledger.one_instant():
        records = {record.sha256: record for record in ledger.submissions(quarter)}
        rows = ledger.rows(_JUDGED, "error", "warning", str(quarter), unit)
    return [
        Filed(records[sha256], judged, bool(accepted), errors, warnings)
        for sha256, judged, accepted, errors, warnings in rows
        if judged != "ignored"
    ]
