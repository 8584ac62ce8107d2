"""One unit's files of a quarter: which of them counts and why, and what each says otherwise than the last."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportctl.cells.cell import read_cell
from reportctl.core import wording
from reportctl.core.as_json import json_object
from reportctl.core.language import _, ngettext
from reportctl.core.period import VIETNAM, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.form.model import Form
from reportctl.form.submission import Answer, AnswerState
from reportctl.ledger.archive import Decision
from reportctl.ledger.decisions import QuarterDecisions, day_in_words
from reportctl.ledger.ledger import FileVerdict, Ledger, file_answers, file_verdicts
from reportctl.status.differences import Difference, differences, excerpts, side
from reportctl.status.status import STATE_NAMES, UnitStatus, some_names

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
    """A figure of a revision that was corrected by telephone: from what to what, and by which decision.

    `holds`: the revision counts; a newer file supersedes the corrections of the one before.
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
    corrections: tuple[CorrectedFigure, ...]


def unit_report(
    ledger: Ledger, form: Form, quarter: Quarter, status: UnitStatus, decisions: QuarterDecisions, dash: str
) -> UnitReport:
    """The files of the unit that `status` is about; `decisions` are the quarter's, `dash` is as for cells."""
    with ledger.one_instant():
        revisions = _revisions(file_verdicts(ledger, quarter, status.unit), decisions)
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
    corrections = []
    for one in revisions:
        figures = {answer.code: answer for answer in answers[one.number][0]}
        for code, decision in decisions.corrected.get(one.file.record.sha256, {}).items():
            indicator = form.indicators.get(code)
            was = figures.get(code, Answer(code, AnswerState.MISSING))
            now = Answer(code, AnswerState.INVALID, raw=decision.value)
            if indicator:
                reading = read_cell(decision.value, indicator, dash=dash)
                now = Answer(code, reading.state, reading.value, raw=decision.value)
            label = str(indicator.name) if indicator else code
            difference = Difference(code, label, side(was, indicator), side(now, indicator))
            holds = one.file.record.counts and indicator is not None
            corrections.append(CorrectedFigure(one.number, difference, decision, holds))
    unread = tuple(number for number in answers if number not in read)
    return UnitReport(quarter, status, tuple(revisions), unread, tuple(steps), tuple(corrections))


# ---- which one counts, and why


def _revisions(files: Sequence[FileVerdict], decisions: QuarterDecisions) -> list[Revision]:
    numbered = list(enumerate(sorted(files, key=lambda one: one.record.order), 1))
    counting = next((number for number, one in numbered if one.record.counts), None)
    # Rejected only because another one is of the same date.
    tied = [
        number
        for number, one in numbered
        if one.record.verdict == "rejected" and (one.record.own_verdict != "rejected" or one.record.accepted)
    ]
    return [Revision(number, one, _why(number, one, counting, tied, decisions)) for number, one in numbered]


def _why(
    number: int, one: FileVerdict, counting: int | None, tied: Sequence[int], decisions: QuarterDecisions
) -> str:
    """Why a file counts or does not; `counting` and `tied` are numbers of revisions."""
    closing, accepted = decisions.closing, decisions.accepted.get(one.record.sha256)
    if closing and one.record.sha256 not in closing.received:
        return _("came after the quarter was closed by {who} on {day}").format(
            who=closing.decision.who, day=day_in_words(closing.decision)
        )
    if one.record.own_verdict == "rejected" and not one.record.accepted:
        return ngettext("rejected: {count} error", "rejected: {count} errors", one.errors).format(
            count=one.errors
        )
    if number in tied:
        others = ", ".join(str(other) for other in tied if other != number)
        return _("of the same date as {numbers}, so none counts").format(numbers=others)
    if not one.record.counts:
        later = str(counting) if counting else ", ".join(map(str, tied))
        return _("superseded by {numbers}").format(numbers=later)
    if one.record.accepted and accepted:
        return _("accepted in spite of its errors by {who} on {day}: {why}").format(
            who=accepted.who, day=day_in_words(accepted), why=accepted.why
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
    if status.state != "unmerged" and status.of:  # it has been looked into, and asks more than lists
        parts.append(_("{filled} of {of} filled in").format(filled=status.filled, of=status.of))
    return _("{unit} ({code}), {period}: {state}").format(
        unit=status.name,
        code=status.unit,
        period=wording.period_title(report.quarter),
        state="; ".join(parts),
    )


def unit_tables(report: UnitReport) -> list[Table]:
    """The revisions; what changed from one to the next; what was corrected by telephone."""
    changes = [_differences_table(report)] if report.steps else []
    corrections = [_corrections_table(report)] if report.corrections else []
    return [_revisions_table(report), *changes, *corrections]


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
    rows = []
    for one in report.revisions:
        record, modified = one.file.record, "-"
        if record.modified:  # in UTC, as the document says; shown in the time of Vietnam
            local = record.modified.replace(tzinfo=dt.UTC).astimezone(VIETNAM)
            modified = f"{wording.date_short(local.date())} {local:%H:%M}"
        verdict, findings = _(STATE_NAMES[record.verdict]), f"{one.file.errors}/{one.file.warnings}"
        counts = int(record.counts)
        rows.append(
            Row((str(one.number), record.file, record.received, modified, verdict, findings, counts, one.why))
        )
    notes = [
        _("No answers could be read from {number}, so it is not compared.").format(number=number)
        for number in report.unread
    ]
    if files := report.status.unmerged:
        sentence = ngettext(
            "{count} file is not merged yet: {files}. Run: reportctl merge {quarter}",
            "{count} files are not merged yet: {files}. Run: reportctl merge {quarter}",
            len(files),
        )
        notes.append(
            sentence.format(count=len(files), files=some_names(files, between="; "), quarter=report.quarter)
        )
    if not rows and report.status.state != "unmerged":
        imported = report.status.state not in ("missing", "unreadable")
        notes.append(
            _("No file has come from the unit; its figures were imported.")
            if imported
            else _("No file has come from the unit.")
        )
    return Table("revisions", headline(report), columns, tuple(rows), tuple(notes))


def _differences_table(report: UnitReport) -> Table:
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
        for one in step.differences:
            cells = (f"{each.sheet}!{each.cell}" for each in (one.before, one.after) if each.cell)
            before_after = excerpts(one.before.text, one.after.text, _SHOWN)
            rows.append(Row((one.label, " → ".join(dict.fromkeys(cells)), *before_after)))
    title = _("What changed from one file to the next")
    return Table("differences", title, columns, tuple(rows))


def _corrections_table(report: UnitReport) -> Table:
    columns = (
        Column("revision", _("Rev."), CellFormat.TEXT, 0.4),
        Column("label", _("Question"), CellFormat.TEXT, 2.0),
        Column("before", _("In the file"), CellFormat.TEXT, 1.0),
        Column("after", _("Told"), CellFormat.TEXT, 1.0),
        Column("counts", _("Counts"), CellFormat.YES_NO, 0.5),
        Column("why", _("By whom, when, why"), CellFormat.TEXT, 2.0),
    )
    rows = []
    for one in report.corrections:
        before_after = excerpts(one.difference.before.text, one.difference.after.text, _SHOWN)
        source = f"{one.decision.who}, {day_in_words(one.decision)}: {one.decision.why}"
        rows.append(Row((str(one.revision), one.difference.label, *before_after, int(one.holds), source)))
    return Table("corrections", _("Corrected by telephone"), columns, tuple(rows))


# ---- for other programs


def unit_json(report: UnitReport) -> dict[str, Any]:
    """The object that `status --unit CODE --format json` prints.

    `sheet` and `cell` are those of the later file, else of the earlier one; the states tell what a null is.
    """
    return {
        "period": str(report.quarter),
        **json_object(report.status, "unit name state"),
        "revisions": [
            {
                "number": one.number,
                **json_object(one.file.record, "file sha256 received"),
                "modified": m.replace(tzinfo=dt.UTC).isoformat() if (m := one.file.record.modified) else None,
                **json_object(one.file.record, "verdict counts"),
                "why": one.why,
                **json_object(one.file, "errors warnings"),
            }
            for one in report.revisions
        ],
        "unmerged": list(report.status.unmerged),
        "differences": [
            {"from": step.before, "to": step.after, **_difference_json(one)}
            for step in report.steps
            for one in step.differences
        ],
        "corrections": [
            {
                "revision": one.revision,
                **_difference_json(one.difference),
                **json_object(one.decision, "who when why"),
                "counts": one.holds,
            }
            for one in report.corrections
        ],
    }


def _difference_json(one: Difference) -> dict[str, Any]:
    return {
        **json_object(one, "code label"),
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
    printed = unit_json(report)
    records: list[dict[str, Any]] = [
        *({**one, "record": "revision", "revision": one["number"]} for one in printed["revisions"]),
        *(
            {**one, "record": "difference", "revision": one["to"], "compared_with": one["from"]}
            for one in printed["differences"]
        ),
        *({**one, "record": "correction"} for one in printed["corrections"]),
    ]
    for record in records:
        if "counts" in record:
            record["counts"] = int(record["counts"])
        if "verdict" in record:  # called as in the list of all units
            state = STATE_NAMES[record["verdict"]]
            record["verdict"] = _(state)
    rows = tuple(Row(tuple(record.get(key) for key in _KEYS)) for record in records)
    return Table("revisions", headline(report), tuple(Column(key, key) for key in _KEYS), rows)
