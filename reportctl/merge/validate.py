"""Validating: files read and assessed as a merge would, and nothing stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reportctl.core.finding_kinds import DISPUTED, IDENTITY
from reportctl.core.findings import Finding
from reportctl.core.findings import verdict as verdict_by
from reportctl.core.period import Quarter
from reportctl.form.submission import Submission
from reportctl.intake.job import Job, ReadResult, unread
from reportctl.intake.workers import read_all
from reportctl.ledger import archive
from reportctl.ledger.archive import Decision, Receipt, read_decisions, receipts
from reportctl.ledger.decisions import QuarterDecisions, decision_finding, decisions_by_quarter
from reportctl.ledger.rows import SubmissionRecord
from reportctl.merge.assess import Assessor, as_warnings, of_unit_named, unit_of, verdict_of
from reportctl.merge.compare_quarter import compare_read
from reportctl.merge.corrections import (
    correct_read,
    left_of,
    taken_back,
    with_answers,
)
from reportctl.merge.form_in_force import contexts_of, forms_in_force
from reportctl.merge.merge import Key, Run
from reportctl.merge.receive import chosen, copies
from reportctl.merge.which_counts import which_count
from reportctl.workbooks.inbox import InputFile, find_inputs, set_aside


@dataclass(frozen=True, slots=True)
class Checked:
    """What a validation found: (file, unit, verdict) of each file, and all findings by file and place.

    A copy of another file is "ignored"; of a file that a later one has replaced only what is said of its
    identity is among the findings, and it is left out of the verdicts `weighing`. `inputs` are the files by
    name.
    """

    quarter: Quarter
    files: tuple[tuple[str, str | None, str], ...]
    findings: tuple[Finding, ...]
    form: str
    inputs: Mapping[str, InputFile]
    weighing: tuple[str, ...] = ()


def validate(run: Run, files: Sequence[InputFile] | None) -> Checked:
    """Check `files` (None: all of the quarter's inbox) as a merge would, and store nothing.

    Which one counts is found among these files alone. What counts of them is compared with each other, with
    what the ledger has of other units, and with its earlier quarters; with none where it cannot be read.
    """
    quarter, workspace = run.quarter, run.session.workspace
    rows = read_decisions(workspace.decisions)
    known, decisions = receipts(rows), decisions_by_quarter(rows)
    holds = decisions.get(quarter, QuarterDecisions())
    closed = [each for each, of in decisions.items() if of.closing]
    received = {of for of, _sha256 in known}
    forms = forms_in_force(
        run.session.form, quarter, archive.forms_used(rows), received, closed, workspace.begun
    )
    context = contexts_of(run.session, {quarter: forms[quarter]})[quarter]
    assessor = Assessor(context)

    # Files with the same bytes are one.
    inputs = find_inputs(workspace.inbox(quarter)) if files is None else files
    file_of = {Job(file.path, file.name, file.member): file for file in inputs}
    by_hash: dict[str, dict[InputFile, ReadResult]] = {}
    aside = {job: found for job, file in file_of.items() if (found := _aside(file))}
    for job, found in aside.items():
        read = replace(unread(job, "", found), ignored=found.code == "also_received")
        by_hash[job.name] = {file_of[job]: read}
    to_read = tuple(job for job in file_of if job not in aside)
    for done, read in enumerate(read_all(to_read, context), 1 + len(aside)):
        run.progress(done, len(file_of), read.job.name)
        by_hash.setdefault(read.sha256 or read.job.name, {})[file_of[read.job]] = read

    results: dict[str, tuple[str, str | None, str]] = {}
    copied: list[tuple[str, str | None, str]] = []
    findings_of: dict[str, list[Finding]] = {}
    findings: list[Finding] = []
    candidates: list[SubmissionRecord] = []
    submissions: dict[str, Submission] = {}
    own_of: dict[str, tuple[Finding, ...]] = {}
    typed_in: dict[str, list[Finding]] = {}
    inputs_by_name: dict[str, InputFile] = {}
    for sha256, reads in by_hash.items():
        present = known.get((quarter, sha256))
        file = chosen(tuple(reads), present)
        read = of_unit_named(reads[file], context)
        verdict, own, is_late = _by_decisions(assessor, read, sha256, holds)
        unit = unit_of(read)
        findings_of[sha256] = own
        findings += copies(reads, file.name)
        results[sha256] = file.name, unit, verdict
        copied += [(copy.name, unit, "ignored") for copy in reads if copy is not file]
        inputs_by_name[file.name] = file
        if read.submission:
            submissions[sha256], own_of[sha256] = read.submission, tuple(read.findings)
            typed_in[sha256] = [replace(one, unit=unit) for one in read.found if one.code == DISPUTED]
        if not is_late:
            day = file.received or (present.received if present else run.session.today)
            modified = read.submission.modified if read.submission else None
            candidates.append(SubmissionRecord(quarter, unit, file.name, sha256, day, modified, verdict))

    counts = which_count(candidates)
    counting = set(counts.counting.values())
    told = {
        one.sha256: correct_read(
            assessor,
            submissions[one.sha256],
            own_of[one.sha256],
            one,
            holds.corrected[one.sha256],
            one.sha256 in holds.accepted and verdict_by(own_of[one.sha256]) == "rejected",
        )
        for one in candidates
        if one.sha256 in counting and one.sha256 in holds.corrected
    }
    corrected = submissions | {
        sha256: with_answers(submissions[sha256], one.answers) for sha256, one in told.items()
    }
    compared = compare_read(
        workspace,
        context,
        {unit: corrected[sha256] for unit, sha256 in counts.counting.items()},
        [one for sha256 in counts.counting.values() for one in typed_in[sha256]],
    )
    back = taken_back(
        context,
        {unit: (sha256, submissions[sha256].file) for unit, sha256 in counts.counting.items()},
        _told_of_earlier(holds, known, [one for one in candidates if one.sha256 in counting]),
        lambda sha256: submissions[sha256].answers,
    )
    for sha256, found_in in findings_of.items():
        own = left_of(found_in, told[sha256].answers) if sha256 in told else found_in
        findings += [one for one in own if sha256 not in counts.superseded or one.code in IDENTITY]
    findings += [
        *counts.findings,
        *compared,
        *back,
        *(note for one in told.values() for note in one.findings),
    ]
    if files is None:
        findings += assessor.not_received(unit for _file, unit, _verdict in results.values())
    changed = {sha256: one.verdict for sha256, one in told.items()}
    changed |= dict.fromkeys(counts.tied, "rejected")
    changed |= dict.fromkeys(counts.warned((*counts.findings, *compared, *back)), "warned")
    return Checked(
        quarter=quarter,
        files=tuple(
            sorted(
                [
                    *copied,
                    *((name, unit, changed.get(key, own)) for key, (name, unit, own) in results.items()),
                ]
            )
        ),
        findings=assessor.in_order(findings),
        form=context.form.fingerprint,
        inputs=inputs_by_name,
        weighing=tuple(
            changed.get(key, own)
            for key, (_name, _unit, own) in results.items()
            if key not in counts.superseded
        ),
    )


def _told_of_earlier(
    holds: QuarterDecisions, known: Mapping[Key, Receipt], counting: Iterable[SubmissionRecord]
) -> dict[str, dict[str, Decision]]:
    """The corrections that hold, by hash and code, without those of a file that came later than the one
    `counting` of its unit, or as late and was merged later: an older file takes nothing back."""
    turns = {key: turn for turn, key in enumerate(known)}

    def came(one: SubmissionRecord | Receipt) -> tuple[dt.date, int]:
        quarter = one.quarter if isinstance(one, Receipt) else one.period
        return one.received, turns.get((quarter, one.sha256), len(turns))

    kept: dict[str, dict[str, Decision]] = {}
    for record in counting:
        for sha256, by_code in holds.corrected.items():
            of_it = known.get((record.period, sha256))
            of_unit = {code: told for code, told in by_code.items() if told.unit == record.unit}
            if of_unit and (of_it is None or came(of_it) <= came(record)):
                kept.setdefault(sha256, {}).update(of_unit)
    return kept


def _aside(file: InputFile) -> Finding | None:
    """What is said of a file that a merge would not take in; None of all others."""
    try:
        return set_aside(file, file.path.stat())
    except OSError:  # why is said where it is read
        return None


def _by_decisions(
    assessor: Assessor, read: ReadResult, sha256: str, decisions: QuarterDecisions
) -> tuple[str, list[Finding], bool]:
    """The verdict and the findings of a file by what was found in it and decided about it, and whether it
    came after its quarter was closed."""
    unit, file, verdict, found = unit_of(read), read.job.name, verdict_of(read), list(read.findings)
    answered = bool(read.submission and read.submission.answers)
    accepted, closing = decisions.accepted.get(sha256), decisions.closing
    if accepted and verdict == "rejected" and answered and unit in assessor.context.units:
        note = decision_finding("accepted_despite", accepted, unit=unit, file=file, why=accepted.why)
        found, verdict = [*as_warnings(found), note], "warned"
    is_late = closing is not None and sha256 not in closing.received
    if closing and is_late:
        at = closing.decision
        found.append(decision_finding("quarter_closed", at, unit=unit, file=file, quarter=at.period))
        verdict = "warned" if verdict == "accepted" else verdict
    return verdict, found, is_late
