"""Validating: files read and judged as a merge would, and nothing stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.core.progress import Progress
from reportctl.form.submission import Submission
from reportctl.intake.job import Context, Job, ReadResult
from reportctl.intake.workers import read_all
from reportctl.ledger import archive
from reportctl.ledger.archive import Receipt, read_decisions, receipts
from reportctl.ledger.decisions import QuarterDecisions, decisions_by_quarter
from reportctl.ledger.order import Candidate
from reportctl.merge import comparables
from reportctl.merge.contexts import judged_by
from reportctl.merge.merge import Key, Run
from reportctl.merge.receive import chosen, copies
from reportctl.merge.settle import FileResult, judge_read, warned
from reportctl.merge.verdicts import VerdictMaker
from reportctl.merge.which_counts import settle
from reportctl.workbooks.inbox import InputFile, find_inputs


@dataclass(frozen=True, slots=True)
class Checked:
    """What a validation found: (file, unit, verdict) of each file, and all findings by file and place.

    `inputs` are the files by name.
    """

    quarter: Quarter
    files: tuple[tuple[str, str | None, str], ...]
    findings: tuple[Finding, ...]
    form: str
    inputs: Mapping[str, InputFile]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read, by hash: the files, what each comes to by itself, those that may count, the
    submissions; and what is said of copies."""

    judged: dict[str, FileResult] = field(default_factory=dict)
    inputs: dict[str, InputFile] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    submissions: dict[str, Submission] = field(default_factory=dict)
    copied: list[Finding] = field(default_factory=list)


def validate(run: Run, files: Sequence[InputFile] | None) -> Checked:
    """Check `files` (None: all of the quarter's inbox) as a merge would, and store nothing.

    Which one counts is settled among these files alone. What counts of them is compared with each other, with
    what the ledger has of other units, and with its earlier quarters; with none where it cannot be read.
    """
    quarter, workspace = run.quarter, run.workspace
    decisions = read_decisions(workspace.decisions)
    known, ruled = receipts(decisions), decisions_by_quarter(decisions)
    closed = [each for each, of in ruled.items() if of.closing]
    with_files = {quarter for quarter, _sha256 in known}
    fingerprint = judged_by(run.form, quarter, archive.forms_used(decisions), with_files, closed)[quarter]
    judge = VerdictMaker(run.contexts.all({quarter: fingerprint})[quarter])
    inputs = find_inputs(workspace.inbox(quarter)) if files is None else files
    seen = _judge(run, inputs, judge, known, ruled.get(quarter, QuarterDecisions()))
    settled = settle(seen.candidates)
    counting = {unit: seen.submissions[key] for unit, key in settled.counting.items()}
    compared = comparables.compare_read(workspace, judge.context, counting)
    own = (found for judged in seen.judged.values() for found in judged.findings)
    findings = [*settled.findings, *own, *seen.copied, *compared]
    if files is None:
        findings += judge.without_file(judged.unit for judged in seen.judged.values())
    verdicts = {key: judged.verdict for key, judged in seen.judged.items()}
    verdicts |= dict.fromkeys(settled.tied, "rejected")
    verdicts |= dict.fromkeys(warned(settled, (*settled.findings, *compared)), "warned")
    return Checked(
        quarter,
        tuple(sorted((judged.file, judged.unit, verdicts[key]) for key, judged in seen.judged.items())),
        judge.by_place(findings),
        judge.context.form.fingerprint,
        seen.inputs,
    )


def _judge(
    run: Run,
    inputs: Sequence[InputFile],
    judge: VerdictMaker,
    known: Mapping[Key, Receipt],
    rules: QuarterDecisions,
) -> _Seen:
    """Read the files, and judge each by itself."""
    seen = _Seen()
    for key, file, read, same in _read_unique(inputs, judge.context, known, run.progress):
        seen.copied.extend(copies(same, file.name))
        judged = seen.judged[key] = judge_read(read, key, judge, rules)
        seen.inputs[judged.file] = file
        if read.submission:
            seen.submissions[key] = read.submission
        if judged.unit and not judged.late:
            present = known.get((run.quarter, key))
            received = file.received or (present.received if present else run.today)
            modified = read.submission.modified if read.submission else None
            seen.candidates.append(Candidate(key, judged.unit, file.name, received, modified, judged.verdict))
    return seen


def _read_unique(
    inputs: Sequence[InputFile], context: Context, known: Mapping[Key, Receipt], progress: Progress
) -> Iterator[tuple[str, InputFile, ReadResult, Collection[InputFile]]]:
    """Each file with its hash, what was read and all files of the same bytes, of which there is only one."""
    file_of = {Job(file.path, file.name, file.member): file for file in inputs}
    same: dict[str, dict[InputFile, ReadResult]] = {}
    for done, read in enumerate(read_all(tuple(file_of), context), 1):
        progress(done, len(file_of), read.job.name)
        same.setdefault(read.sha256 or read.job.name, {})[file_of[read.job]] = read
    for key, reads in same.items():
        file = chosen(tuple(reads), known.get((context.quarter, key)))
        yield key, file, reads[file], reads.keys()
