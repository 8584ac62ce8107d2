"""Merging: files in, every submission read and stored, and which one counts settled quarter by quarter.

Files are the truth and the ledger is their index: whatever of `decisions.csv` the ledger does not hold, or
holds as it was read by other settings, is read again from the archive. So a run killed at any instant is
made good by the next one, and a ledger that was deleted is made again.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reportctl import archive
from reportctl.archive import FORM, WITHDRAWN, Decision, Receipt, read_decisions, receipts
from reportctl.contexts import Contexts, judged_by
from reportctl.errors import ReportctlError
from reportctl.files import InputFile, find_inputs
from reportctl.findings import Finding, finding
from reportctl.form import Form
from reportctl.judging import Judge, unit_of, verdict_of
from reportctl.language import _
from reportctl.ledger import LedgerError, SubmissionRecord
from reportctl.lock import writer_lock
from reportctl.period import Quarter
from reportctl.receiving import Receiver, Reception, chosen
from reportctl.revisions import Candidate, settle
from reportctl.roster import Roster
from reportctl.store import Store, open_store
from reportctl.workers import Context, Job, Read, read_all
from reportctl.workspace import Workspace

_BATCH, _BATCH_SECONDS = 64, 1.0

Key = tuple[Quarter, str]


class Progress(Protocol):
    """Told of every file read, in the calling thread."""

    def __call__(self, done: int, total: int, file: str, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge left: all of its quarter's submissions and findings.

    `new_files`: submissions of the quarter not seen before; `earlier`: the same for earlier quarters whose
    inbox was taken in as well; `reread`: submissions read again because what their reading depends on has
    changed, or the ledger lacked them; `form`: the fingerprint of the form that the quarter is judged by.
    """

    quarter: Quarter
    submissions: tuple[SubmissionRecord, ...]
    findings: tuple[Finding, ...]
    new_files: int
    earlier: dict[Quarter, int]
    reread: int
    form: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a validation found: (file, unit, verdict) of each file, and all findings by file and place."""

    quarter: Quarter
    files: tuple[tuple[str, str | None, str], ...]
    findings: tuple[Finding, ...]
    form: str


@dataclass(frozen=True, slots=True)
class _Run:
    workspace: Workspace
    contexts: Contexts
    quarter: Quarter
    today: dt.date
    who: str
    progress: Progress

    def decide(self, decisions: list[Decision], new: Sequence[Decision]) -> None:
        archive.add_decisions(self.workspace.decisions, new)
        decisions += new


def merge(
    workspace: Workspace,
    form: Form,
    roster: Roster,
    quarter: Quarter,
    files: Sequence[InputFile] | None,
    *,
    today: dt.date,
    who: str,
    progress: Progress,
) -> Merged:
    """Take in `files` (None: all of the quarter's inbox) and what earlier quarters' inboxes hold besides.

    `today` is the day on which files without a dated folder are received. Raises `ReportctlError` where
    another merge is under way or something cannot be read or written.
    """
    run = _Run(workspace, Contexts(workspace, form, roster), quarter, today, who, progress)
    with writer_lock(workspace.ledger.with_name(f"{workspace.ledger.name}.lock"), who):
        archive.keep_form(workspace.archive, form.fingerprint, _bytes_of(workspace.form))
        archive.keep_units(workspace.archive, _bytes_of(workspace.units))
        decisions = read_decisions(workspace.decisions)
        try:
            return _merge_into_ledger(run, decisions, files)
        except LedgerError as error:
            if not error.damaged:
                raise
        return _merge_into_ledger(run, decisions, files)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReportctlError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror)
        ) from error


def _merge_into_ledger(run: _Run, decisions: list[Decision], files: Sequence[InputFile] | None) -> Merged:
    with open_store(run.workspace.ledger) as store:
        reception = _receive(run, store, decisions, files)
        known = receipts(decisions)
        judges = _judges(run, decisions, known)
        pending = _pending(store, known, judges)
        _read_pending(run, store, pending, judges, reception)
        gone = _withdraw(run, store, decisions, reception.gone(known), reception)
        for changed in sorted({run.quarter, *store.unsettled()}):
            notes = reception.unreadable.get(changed, [])
            _settle(store, judges.get(changed) or Judge(run.contexts.of(changed)), gone, notes)
        new = dict(sorted((+reception.new).items()))
        return Merged(
            run.quarter,
            tuple(store.reader.submissions(run.quarter)),
            tuple(store.reader.findings(run.quarter)),
            new.pop(run.quarter, 0),
            new,
            sum(map(len, pending.values())) - sum(reception.new.values()),
            judges[run.quarter].context.form.fingerprint,
        )


def _receive(
    run: _Run, store: Store, decisions: list[Decision], files: Sequence[InputFile] | None
) -> Reception:
    seen = store.seen()
    receiver = Receiver(run.workspace, receipts(decisions), seen, run.today, run.who)
    reception = receiver.receive(run.quarter, files)
    decisions += reception.rows
    fresh = {path: new for path, new in reception.seen.items() if seen.get(path) != new}
    if fresh or reception.forgotten:
        with store.transaction():
            store.remember(fresh, reception.forgotten)
    return reception


def _judges(run: _Run, decisions: list[Decision], known: Mapping[Key, Receipt]) -> dict[Quarter, Judge]:
    """Who judges each quarter's files; by which form that is gets noted where it is new."""
    received = {quarter for quarter, _sha256 in known}
    used = archive.forms_used(decisions)
    fingerprints = judged_by(run.contexts.form, run.quarter, used, received)
    run.decide(
        decisions,
        [
            archive.decided(run.who, FORM, quarter, value=fingerprint)
            for quarter, fingerprint in sorted(fingerprints.items())
            if quarter in received and used.get(quarter) != fingerprint
        ],
    )
    return {quarter: Judge(context) for quarter, context in run.contexts.all(fingerprints).items()}


def _pending(
    store: Store, known: Mapping[Key, Receipt], judges: Mapping[Quarter, Judge]
) -> dict[Quarter, list[Receipt]]:
    """What has to be read, by quarter. What is no longer received, or on another day, is put right here."""
    stored = store.stored()
    pending: dict[Quarter, list[Receipt]] = {}
    removed = stored.keys() - known.keys()
    redated = []
    for key, receipt in known.items():
        was = stored.get(key)
        if was is None or was.basis != judges[receipt.quarter].basis or was.file != receipt.file:
            pending.setdefault(receipt.quarter, []).append(receipt)
        elif was.received != receipt.received:
            redated.append(receipt)
    if removed or redated:
        with store.transaction():
            for quarter, sha256 in removed:
                store.remove(quarter, sha256)
            for receipt in redated:
                store.set_received(receipt.quarter, receipt.sha256, receipt.received)
    return pending


def _read_pending(
    run: _Run,
    store: Store,
    pending: Mapping[Quarter, Sequence[Receipt]],
    judges: Mapping[Quarter, Judge],
    reception: Reception,
) -> None:
    """Read what is pending and store it in batches, the quarter that was asked for first."""
    total = sum(map(len, pending.values()))
    done = itertools.count(1)
    for quarter in sorted(pending, key=lambda quarter: (quarter != run.quarter, quarter)):
        judge = judges[quarter]
        receipt_of = {_job(run.workspace, receipt, reception): receipt for receipt in pending[quarter]}
        reads = read_all(tuple(receipt_of), judge.context)
        for batch in _in_batches(reads, lambda name: run.progress(next(done), total, name)):
            entries = [judge.entry(receipt_of[read.job], read) for read in batch]
            with store.transaction():
                for entry in entries:
                    store.put(entry)


def _job(workspace: Workspace, receipt: Receipt, reception: Reception) -> Job:
    """The archived original to read, put back first where it is gone and the inbox still has the file."""
    path = archive.original(workspace.archive, receipt.sha256, receipt.file)
    if not path.exists():
        for file in reception.listed.get(receipt.quarter, {}).get(receipt.sha256, []):
            archive.keep_original(workspace.archive, receipt.sha256, receipt.file, _bytes_of(file.path))
    return Job(path, receipt.file)


def _in_batches(reads: Iterator[Read], tell: Callable[[str], None]) -> Iterator[list[Read]]:
    """What was read, as much at once as goes into one transaction; an interrupt loses nothing of it."""
    batch: list[Read] = []
    begun = time.monotonic()
    try:
        for read in reads:
            batch.append(read)
            tell(read.job.name)
            if len(batch) >= _BATCH or time.monotonic() - begun >= _BATCH_SECONDS:
                yield batch
                batch, begun = [], time.monotonic()
    except KeyboardInterrupt:
        yield batch
        raise
    finally:
        if isinstance(reads, Generator):
            reads.close()
    yield batch


def _withdraw(
    run: _Run, store: Store, decisions: list[Decision], gone: Sequence[Receipt], reception: Reception
) -> list[Receipt]:
    """Those of the files `gone` from the inbox whose originals stay.

    One that could not count anyway, and names no unit or lies in another quarter's inbox now, was put in the
    wrong place: people have put that right, and it is withdrawn.
    """
    if not gone:
        return []
    stored = store.stored()
    withdrawn = []
    for receipt in gone:
        was = stored[receipt.quarter, receipt.sha256]
        misplaced = was.unit not in run.contexts.roster.codes or reception.elsewhere(receipt)
        if was.basis and was.judged in ("rejected", "ignored") and misplaced:
            withdrawn.append(receipt)
    run.decide(
        decisions,
        [
            archive.decided(run.who, WITHDRAWN, receipt.quarter, sha256=receipt.sha256, file=receipt.file)
            for receipt in withdrawn
        ],
    )
    with store.transaction():
        for receipt in withdrawn:
            store.remove(receipt.quarter, receipt.sha256)
    return [receipt for receipt in gone if receipt not in withdrawn]


def _settle(store: Store, judge: Judge, gone: Sequence[Receipt], notes: Sequence[Finding]) -> None:
    """Settle who counts in the judge's quarter, and replace the findings that follow from all of it."""
    quarter = judge.context.quarter
    stored = {sha256: was for (_quarter, sha256), was in store.stored(quarter).items()}
    settled = settle(
        Candidate(sha256, was.unit, was.file, was.received, was.modified, was.judged)
        for sha256, was in stored.items()
        if was.unit
    )
    counting = set(settled.counting.values())
    vanished = [
        finding("file_vanished", unit=stored[receipt.sha256].unit, file=receipt.file)
        for receipt in gone
        if receipt.quarter == quarter and receipt.sha256 in counting
    ]
    missing = judge.without_file(was.unit for was in stored.values())
    derived = [*notes, *settled.findings, *vanished, *missing]
    with store.transaction():
        store.settle(quarter, counting, settled.tied, judge.by_place(derived))


def validate(
    workspace: Workspace,
    form: Form,
    roster: Roster,
    quarter: Quarter,
    files: Sequence[InputFile] | None,
    *,
    today: dt.date,
    progress: Progress,
) -> Checked:
    """Check `files` (None: all of the quarter's inbox) as a merge would, and store nothing.

    Which one counts is settled among these files alone.
    """
    decisions = read_decisions(workspace.decisions)
    known = receipts(decisions)
    with_files = {quarter for quarter, _sha256 in known}
    fingerprint = judged_by(form, quarter, archive.forms_used(decisions), with_files)[quarter]
    judge = Judge(Contexts(workspace, form, roster).all({quarter: fingerprint})[quarter])
    inputs = find_inputs(workspace.inbox(quarter)) if files is None else files
    reads: dict[str, Read] = {}
    candidates = []
    for key, file, read in _read_unique(inputs, judge.context, known, progress):
        reads[key] = read
        present = known.get((quarter, key))
        received = file.received or (present.received if present else today)
        if unit := unit_of(read):
            modified = read.submission.modified if read.submission else None
            candidates.append(Candidate(key, unit, file.name, received, modified, verdict_of(read)))
    settled = settle(candidates)
    findings = [*settled.findings, *(found for read in reads.values() for found in read.findings)]
    if files is None:
        findings += judge.without_file(map(unit_of, reads.values()))
    verdicts = {key: "rejected" if key in settled.tied else verdict_of(read) for key, read in reads.items()}
    return Checked(
        quarter,
        tuple(sorted((read.job.name, unit_of(read), verdicts[key]) for key, read in reads.items())),
        judge.by_place(findings),
        judge.context.form.fingerprint,
    )


def _read_unique(
    inputs: Sequence[InputFile], context: Context, known: Mapping[Key, Receipt], progress: Progress
) -> Iterator[tuple[str, InputFile, Read]]:
    """Each file with its hash and what was read; of those with the same bytes only one."""
    file_of = {Job(file.path, file.name): file for file in inputs}
    same: dict[str, dict[InputFile, Read]] = {}
    for done, read in enumerate(read_all(tuple(file_of), context), 1):
        progress(done, len(file_of), read.job.name)
        same.setdefault(read.sha256 or read.job.name, {})[file_of[read.job]] = read
    for key, reads in same.items():
        file = chosen(tuple(reads), known.get((context.quarter, key)))
        yield key, file, reads[file]
