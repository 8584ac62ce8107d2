"""One unit's files of a quarter: which of them counts and why, and what each says otherwise than the last."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportctl.cells.cell import read_cell
from reportctl.core import wording
from reportctl.core.language import _, ngettext
from reportctl.core.period import VIETNAM, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Table, Value
from reportctl.form.model import Form
from reportctl.form.submission import Answer, AnswerState
from reportctl.ledger.archive import Decision
from reportctl.ledger.decisions import QuarterDecisions, day_in_words
from reportctl.ledger.ledger import FileVerdict, Ledger, file_answers, file_verdicts
from reportctl.status.differences import Answers, Difference, Side, differences, excerpts, side
from reportctl.status.status import STATE_NAMES, UnitStatus

_SHOWN = 60  # letters of an answer in a table


@dataclass(frozen=True, slots=True)
class Revision:
    """A file of the unit, numbered from 1 in the order received; `why` it counts, or does not."""

    number: int
    file: FileVerdict
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one revision says otherwise than an earlier one; both by their numbers."""

    before: int
    after: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class CorrectedFigure:
    """A figure of a revision that was told by telephone: what the file says, what was told, by whose word.

    `holds`: the revision counts; a newer file supersedes what was told about the one before.
    """

    revision: int
    difference: Difference
    decision: Decision
    holds: bool


@dataclass(frozen=True, slots=True)
class UnitReport:
    """All that came from a unit for a quarter. No answers at all could be read from the revisions `unread`;
    each of the others is compared with the one before it."""

    quarter: Quarter
    status: UnitStatus
    revisions: tuple[Revision, ...]
    unread: tuple[int, ...]
    steps: tuple[Step, ...]
    told: tuple[CorrectedFigure, ...]


def unit_report(
    ledger: Ledger, form: Form, quarter: Quarter, status: UnitStatus, ruled: QuarterDecisions, dash: str
) -> UnitReport:
    """The files of the unit that `status` is about; `ruled` holds in the quarter, `dash` is as for cells."""
    with ledger.one_instant():
        revisions = _revisions(file_verdicts(ledger, quarter, status.unit), ruled)
        answers = {one.number: file_answers(ledger, quarter, one.file.record.sha256) for one in revisions}
    read = [
        number
        for number, (figures, rows) in answers.items()
        if rows or any(answer.cell for answer in figures)
    ]
    steps = (
        Step(before, after, differences(form, answers[before], answers[after]))
        for before, after in itertools.pairwise(read)
    )
    told = (
        CorrectedFigure(
            one.number,
            _told(form, answers[one.number], code, decision, dash),
            decision,
            one.file.record.counts and code in form.indicators,
        )
        for one in revisions
        for code, decision in ruled.corrected.get(one.file.record.sha256, {}).items()
    )
    unread = tuple(number for number in answers if number not in read)
    return UnitReport(quarter, status, tuple(revisions), unread, tuple(steps), tuple(told))


def _told(form: Form, answers: Answers, code: str, decision: Decision, dash: str) -> Difference:
    indicator = form.indicators.get(code)
    was = next((answer for answer in answers[0] if answer.code == code), Answer(code, AnswerState.MISSING))
    now = Answer(code, AnswerState.INVALID, raw=decision.value)
    if indicator:
        reading = read_cell(decision.value, indicator, dash=dash)
        now = Answer(code, reading.state, reading.value, raw=decision.value)
    return Difference(
        code, str(indicator.name) if indicator else code, side(was, indicator), side(now, indicator)
    )


# ---- which one counts, and why


def _revisions(files: Sequence[FileVerdict], ruled: QuarterDecisions) -> list[Revision]:
    numbered = list(enumerate(sorted(files, key=lambda one: one.record.order), 1))
    counting = next((number for number, one in numbered if one.record.counts), None)
    tied = [number for number, one in numbered if _tied(one)]
    return [Revision(number, one, _why(number, one, counting, tied, ruled)) for number, one in numbered]


def _tied(one: FileVerdict) -> bool:
    """Whether it is rejected only because another one is of the same date."""
    return one.record.verdict == "rejected" and (one.record.own_verdict != "rejected" or one.record.accepted)


def _why(
    number: int, one: FileVerdict, counting: int | None, tied: Sequence[int], ruled: QuarterDecisions
) -> str:
    closing = ruled.closing
    if closing and one.record.sha256 not in closing.received:
        return _("came after the quarter was closed by {who} on {day}").format(
            who=closing.decision.who, day=day_in_words(closing.decision)
        )
    if one.record.own_verdict == "rejected" and not one.record.accepted:
        return ngettext("rejected: {count} error", "rejected: {count} errors", one.errors).format(
            count=one.errors
        )
    if _tied(one):
        others = ", ".join(str(other) for other in tied if other != number)
        return _("of the same date as {numbers}, so none counts").format(numbers=others)
    if not one.record.counts:
        later = str(counting) if counting else ", ".join(map(str, tied))
        return _("superseded by {numbers}").format(numbers=later)
    decision = ruled.accepted.get(one.record.sha256)
    if one.record.accepted and decision:
        return _("accepted in spite of its errors by {who} on {day}: {why}").format(
            who=decision.who, day=day_in_words(decision), why=decision.why
        )
    return _("the latest without errors")


# ---- what is shown of it


def headline(report: UnitReport) -> str:
    """Where the unit stands, in one line."""
    status = report.status
    parts = [_(STATE_NAMES[status.state])]
    if status.received:
        parts.append(_("received {date}").format(date=wording.date_short(status.received)))
    if status.late:
        parts.append(_("late"))
    parts.append(_("{filled} of {of} filled in").format(filled=status.filled, of=status.of))
    return _("{unit} ({code}), {period}: {state}").format(
        unit=status.name,
        code=status.unit,
        period=wording.period_words(report.quarter),
        state="; ".join(parts),
    )


def unit_tables(report: UnitReport) -> list[Table]:
    """The revisions; what changed from one to the next; what was told by telephone."""
    tables = [_revisions_table(report)]
    if report.steps:
        tables.append(_steps_table(report))
    if report.told:
        tables.append(_told_table(report))
    return tables


def _revisions_table(report: UnitReport) -> Table:
    columns = (
        Column("revision", _("Rev."), CellFormat.TEXT, 0.4),
        Column("file", _("File"), CellFormat.TEXT, 2.0),
        Column("received", _("Received"), CellFormat.DATE, 0.9),
        Column("modified", _("Modified"), CellFormat.TEXT, 1.0),
        Column("verdict", _("Verdict"), CellFormat.TEXT, 1.0),
        Column("findings", _("Errors, warnings"), CellFormat.TEXT, 0.6),
        Column("counts", _("Counts"), CellFormat.YES_NO, 0.5),
        Column("why", _("Why"), CellFormat.TEXT, 1.8),
    )
    rows = tuple(
        Row(
            (
                str(one.number),
                one.file.record.file,
                one.file.record.received,
                _moment(one.file.record.modified),
                _(STATE_NAMES[one.file.record.verdict]),
                f"{one.file.errors}/{one.file.warnings}",
                int(one.file.record.counts),
                one.why,
            )
        )
        for one in report.revisions
    )
    notes = [
        _("No answers could be read from {number}, so it is not compared.").format(number=number)
        for number in report.unread
    ]
    if not rows:
        imported = report.status.state != "missing"
        notes.append(
            _("No file has come from the unit; its figures were imported.")
            if imported
            else _("No file has come from the unit.")
        )
    return Table("revisions", headline(report), columns, rows, tuple(notes))


def _moment(modified: dt.datetime | None) -> str:
    """When a document says that it was saved (`modified` is in UTC), in the time of Vietnam."""
    if modified is None:
        return "-"
    local = modified.replace(tzinfo=dt.UTC).astimezone(VIETNAM)
    return f"{wording.date_short(local.date())} {local:%H:%M}"


def _steps_table(report: UnitReport) -> Table:
    columns = (
        Column("label", _("Question"), CellFormat.TEXT, 2.4),
        Column("cell", _("Cell"), CellFormat.TEXT, 1.0),
        Column("before", _("Before"), CellFormat.TEXT, 1.5),
        Column("after", _("After"), CellFormat.TEXT, 1.5),
    )
    rows = []
    for step in report.steps:
        heading = (
            _("From {before} to {after}")
            if step.differences
            else _("From {before} to {after}: the answers are the same")
        )
        rows.append(Row((heading.format(before=step.before, after=step.after), "", "", ""), Role.SECTION))
        rows += [Row(_cells(one)) for one in step.differences]
    title = _("What changed from one file to the next")
    return Table("differences", title, columns, tuple(rows))


def _told_table(report: UnitReport) -> Table:
    columns = (
        Column("revision", _("Rev."), CellFormat.TEXT, 0.4),
        Column("label", _("Question"), CellFormat.TEXT, 2.0),
        Column("before", _("In the file"), CellFormat.TEXT, 1.0),
        Column("after", _("Told"), CellFormat.TEXT, 1.0),
        Column("counts", _("Counts"), CellFormat.YES_NO, 0.5),
        Column("why", _("By whom, when, why"), CellFormat.TEXT, 2.0),
    )
    rows = []
    for told in report.told:
        label, _cell, before, after = _cells(told.difference)
        rows.append(Row((str(told.revision), label, before, after, int(told.holds), _source(told.decision))))
    return Table("corrections", _("Corrected by telephone"), columns, tuple(rows))


def _source(decision: Decision) -> str:
    return f"{decision.who}, {day_in_words(decision)}: {decision.why}"


def _cells(difference: Difference) -> tuple[str, str, str, str]:
    before, after = excerpts(difference.before.text, difference.after.text, _SHOWN)
    places = dict.fromkeys(filter(None, (_place(difference.before), _place(difference.after))))
    return difference.label, " → ".join(places), before, after


def _place(one: Side) -> str:
    return f"{one.sheet}!{one.cell}" if one.cell else ""


# ---- for other programs


def unit_json(report: UnitReport) -> dict[str, Any]:
    """The object that `status --unit CODE --format json` prints.

    `sheet` and `cell` are those of the later file, else of the earlier one; the states tell what a null is.
    """
    return {
        "period": str(report.quarter),
        "unit": report.status.unit,
        "name": report.status.name,
        "state": report.status.state,
        "revisions": [_revision_json(one) for one in report.revisions],
        "differences": [
            {"from": step.before, "to": step.after, **_difference_json(one)}
            for step in report.steps
            for one in step.differences
        ],
        "corrections": [
            {
                "revision": told.revision,
                **_difference_json(told.difference),
                "who": told.decision.who,
                "when": told.decision.when,
                "why": told.decision.why,
                "counts": told.holds,
            }
            for told in report.told
        ],
    }


def _revision_json(one: Revision) -> dict[str, Any]:
    record = one.file.record
    return {
        "number": one.number,
        "file": record.file,
        "sha256": record.sha256,
        "received": record.received.isoformat(),
        "modified": record.modified.replace(tzinfo=dt.UTC).isoformat() if record.modified else None,
        "verdict": record.verdict,
        "counts": record.counts,
        "why": one.why,
        "errors": one.file.errors,
        "warnings": one.file.warnings,
    }


def _difference_json(one: Difference) -> dict[str, Any]:
    return {
        "code": one.code,
        "label": one.label,
        "sheet": one.after.sheet or one.before.sheet or None,
        "cell": one.after.cell or one.before.cell or None,
        "before": one.before.value,
        "after": one.after.value,
        "before_state": one.before.state,
        "after_state": one.after.state,
    }


_KEYS = (
    "record", "revision", "compared_with", "file", "sha256", "received", "modified", "verdict", "counts",
    "errors", "warnings", "who", "when", "why", "code", "label", "sheet", "cell", "before", "before_state",
    "after", "after_state",
)  # fmt: skip


def unit_data_table(report: UnitReport) -> Table:
    """The same as one table of rows of three kinds: `revision`, `difference`, `correction`."""
    said = unit_json(report)
    records = [
        *({**one, "record": "revision", "revision": one["number"]} for one in said["revisions"]),
        *(
            {**one, "record": "difference", "revision": one["to"], "compared_with": one["from"]}
            for one in said["differences"]
        ),
        *({**one, "record": "correction"} for one in said["corrections"]),
    ]
    rows = tuple(Row(tuple(_datum(record.get(key)) for key in _KEYS)) for record in records)
    return Table("revisions", headline(report), tuple(Column(key, key) for key in _KEYS), rows)


def _datum(value: Value) -> Value:
    return int(value) if isinstance(value, bool) else value
