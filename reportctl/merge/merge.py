"""Merging: files in, every submission read and stored, and each quarter evaluated.

Files are the truth and the ledger is their index: whatever of `decisions.csv` the ledger does not hold, or
holds as it was read by other questions, is read again from the archive; what would be read as it was, but
checked by other rules or settings, is checked again by what the ledger holds. So a run killed at any instant
is made good by the next one, and a ledger that was deleted is made again.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from reportctl.core.errors import cannot_read
from reportctl.core.files import digest, sweep
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.core.progress import Progress, silent
from reportctl.intake.job import Job
from reportctl.intake.workers import Readers
from reportctl.ledger import archive
from reportctl.ledger.archive import FORM, WITHDRAWN, Decision, Receipt, decision_rows, receipts
from reportctl.ledger.decisions import LateFiles, decisions_by_quarter, unclear_decisions
from reportctl.ledger.ledger import LedgerError
from reportctl.ledger.rows import SubmissionRecord
from reportctl.ledger.session import Session
from reportctl.ledger.writing import Store, open_store
from reportctl.merge.assess import Assessor
from reportctl.merge.closed_file import load_frozen
from reportctl.merge.evaluate import evaluate_quarters
from reportctl.merge.form_in_force import context_of, contexts_of, forms_in_force
from reportctl.merge.imported_totals import settle_totals
from reportctl.merge.receive import ReceivedFiles, Receiver
from reportctl.merge.recheck import recheck
from reportctl.workbooks.inbox import InputFile
from reportctl.workbooks.zips import RefusedError
from reportctl.workspace.settings import Workspace

# In one transaction; a single file each would take several times as long.
_BATCH, _BATCH_OF_RECHECKED, _BATCH_SECONDS = 64, 256, 1.0

Key = tuple[Quarter, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge left: all of its quarter's submissions and findings.

    `new_files`: submissions of the quarter not seen before; `earlier`: the same for earlier quarters whose
    inbox was taken in as well; `reread`: submissions read again because what their reading depends on has
    changed, or the ledger lacked them; `rechecked`: those not read again, and checked by other rules or
    settings; `form`: the fingerprint of the form that is in force in the quarter; `late`: the new files that
    quarters which are closed do not count; `unmerged`: how many files of the quarter's inbox were not taken
    in; `totals`: what is found of figures imported for the province alone, by the quarters in which that is
    otherwise than before.
    """

    quarter: Quarter
    submissions: tuple[SubmissionRecord, ...]
    findings: tuple[Finding, ...]
    new_files: int
    earlier: dict[Quarter, int]
    reread: int
    rechecked: int
    form: str
    late: tuple[LateFiles, ...] = ()
    unmerged: int = 0
    totals: Mapping[Quarter, Sequence[Finding]] = field(default_factory=dict)

    @property
    def news(self) -> bool:
        """Whether anything was read or checked that had not been so before."""
        return bool(self.new_files or self.earlier or self.reread or self.rechecked)

    @property
    def weighing(self) -> list[SubmissionRecord]:
        """The submissions in whose place no later one has come: of those rejected of one name the last, where
        its errors are said."""
        rejected = sorted(filter(_is_rejected, self.submissions), key=lambda record: record.order)
        last = {record.file: record for record in rejected}
        counting = {record.unit: record.when for record in self.submissions if record.counts}
        in_error = {found.file for found in self.findings if found.severity is Severity.ERROR}

        def weighs(record: SubmissionRecord) -> bool:
            if _is_rejected(record):
                return record.file in in_error and record is last[record.file]
            later = record.when >= counting.get(record.unit, record.when)
            return record.counts or record.verdict == "ignored" or later

        return [record for record in self.submissions if weighs(record)]


def _is_rejected(record: SubmissionRecord) -> bool:
    return record.verdict == "rejected"


@dataclass(frozen=True, slots=True)
class Run:
    """What a command that writes works on: the `quarter` of a session; `progress` is told of every file.

    Files without a dated folder are received on the session's day. `readers`: the processes
    to read files with, where some have been started ahead.
    """

    session: Session
    quarter: Quarter
    progress: Progress = silent
    readers: Readers | None = None


def merge(run: Run, files: Sequence[InputFile] | None) -> Merged:
    """Take in `files` (None: all of the quarter's inbox) and what earlier quarters' inboxes hold besides.

    Raises `ReportctlError` where another merge is under way or something cannot be read or written.
    """
    with run.session.writing():
        return take_in(run, files)


def take_in(run: Run, files: Sequence[InputFile] | None) -> Merged:
    """As `merge`, for whoever holds the lock. With no `files` the ledger is brought up to what is received
    and decided, and of the quarter's own inbox nothing is taken in."""
    workspace = run.session.workspace
    for folder in workspace.written:
        sweep(folder)
    fingerprint = run.session.form.fingerprint
    archive.keep_form_and_units(workspace.archive, workspace.form, fingerprint, workspace.units)
    there = decision_rows(workspace.decisions)
    decisions = [Decision(**row) for row in there.rows]
    unclear = [*unclear_decisions(there)]
    try:
        return _merge_into_ledger(run, decisions, unclear, files)
    except LedgerError as error:
        if not error.damaged:
            raise
    return _merge_into_ledger(run, decisions, unclear, files)


def _merge_into_ledger(
    run: Run, decisions: list[Decision], unclear: Sequence[Finding], files: Sequence[InputFile] | None
) -> Merged:
    """Merge by all `decisions`, to which new ones are added; `unclear` is what is said of those that cannot
    be understood."""
    workspace, quarter = run.session.workspace, run.quarter
    with open_store(workspace.ledger) as store, run.readers or Readers() as readers:
        # Take the files in; meanwhile the processes that will read them start.
        hashed = store.reader.hashed_files()
        known = receipts(decisions)
        received = Receiver(run.session, known, hashed, readers.start).receive(quarter, files)
        decisions += received.rows
        new_hashes = {path: one for path, one in received.hashed.items() if hashed.get(path) != one}
        if new_hashes or received.forgotten:
            with store.transaction():
                store.remember(new_hashes, received.forgotten)

        # Read what is new or is asked other questions, the quarter that was asked for first.
        known |= receipts(received.rows)
        holds = decisions_by_quarter(decisions)
        closed = {each: of.closing for each, of in holds.items() if of.closing}
        assessors = _assessors(run, decisions, known, closed)
        store.set_forms(archive.forms_used(decisions))
        to_read, to_recheck = _outdated(store, known, assessors)
        read, rechecked = (sum(map(len, each.values())) for each in (to_read, to_recheck))
        done = itertools.count(1)

        def tell(file: str) -> None:
            run.progress(next(done), read + rechecked, file)

        readers.start(read)
        for each in sorted(to_read, key=lambda each: (each != quarter, each)):
            receipt_of = {_job(workspace, receipt, received): receipt for receipt in to_read[each]}
            labels = store.labels(assessors[each].frequent_texts)
            then = partial(assessors[each].new_submission, labels=labels)
            new = readers.read(tuple(receipt_of), assessors[each].context, then)
            named = ((job.name, (receipt_of[job], submission)) for job, submission in new)
            for batch in _in_batches(named, tell, _BATCH):
                with store.transaction():
                    store.put(batch)

        # Check and grade the others again where rules, settings or the program are not as they were.
        for each, outdated in to_recheck.items():
            for again in _in_batches(recheck(store, assessors[each], outdated), tell, _BATCH_OF_RECHECKED):
                with store.transaction():
                    store.put_rechecked(each, again)

        # Evaluate the quarters in which anything is otherwise.
        gone = received.gone(known)
        withdrawn = _withdraw(run, store, decisions, [*gone, *_overwritten(received, known)], received)
        gone = [receipt for receipt in gone if receipt not in withdrawn]
        known = {key: receipt for key, receipt in known.items() if receipt not in withdrawn}
        load_frozen(store, workspace, holds, run.session.roster.codes)
        quarters = {quarter, *store.evaluated(), *store.reader.quarters()}
        all_of_them = {one: assessors.get(one) or Assessor(context_of(run.session, one)) for one in quarters}
        inbox_of = partial(received.inbox_state, receipts=known, gone=gone)
        evaluate_quarters(store, workspace, all_of_them, holds, inbox_of, quarter, unclear)
        totals = settle_totals(store, all_of_them)
        with store.transaction():
            store.set_up_to(archive.decisions_hash(workspace.decisions))
        return Merged(
            quarter=quarter,
            submissions=tuple(store.reader.submissions(quarter)),
            findings=tuple(store.reader.findings(quarter)),
            new_files=received.new[quarter],
            earlier={each: n for each, n in sorted(received.new.items()) if n and each != quarter},
            reread=read - sum(received.new.values()),
            rechecked=rechecked,
            form=assessors[quarter].context.form.fingerprint,
            late=tuple(
                LateFiles(closed[each], received.new[each]) for each in sorted(closed) if received.new[each]
            ),
            unmerged=len(received.unreadable.get(quarter, []))
            + sum((quarter, sha256) not in known for sha256 in received.listed[quarter]),
            totals=totals,
        )


def _assessors(
    run: Run, decisions: list[Decision], known: Mapping[Key, Receipt], closed: Collection[Quarter]
) -> dict[Quarter, Assessor]:
    """What assesses each quarter's files; the form in force is noted in `decisions` where it is a new one."""
    received = {quarter for quarter, _sha256 in known}
    used = archive.forms_used(decisions)
    forms = forms_in_force(run.session.form, run.quarter, used, received, closed, run.session.workspace.begun)
    rows = [
        archive.decided(run.session.who, FORM, quarter, value=fingerprint)
        for quarter, fingerprint in sorted(forms.items())
        if quarter in received and used.get(quarter) != fingerprint
    ]
    archive.add_decisions(run.session.workspace.decisions, rows)
    decisions += rows
    return {quarter: Assessor(context) for quarter, context in contexts_of(run.session, forms).items()}


def _outdated(
    store: Store, known: Mapping[Key, Receipt], assessors: Mapping[Quarter, Assessor]
) -> tuple[dict[Quarter, list[Receipt]], dict[Quarter, dict[str, SubmissionRecord]]]:
    """What has to be done, by quarter: receipts whose files have to be read, and submissions by hash that
    have to be checked or graded again. What is no longer received, or on another day, is put right here."""
    stored = store.submissions()
    to_read: dict[Quarter, list[Receipt]] = {}
    to_recheck: dict[Quarter, dict[str, SubmissionRecord]] = {}
    removed = stored.keys() - known.keys()
    redated = []
    for key, receipt in known.items():
        submission, keys = stored.get(key), assessors[receipt.quarter].keys
        if submission is None or not keys.is_read(submission) or submission.file != receipt.file:
            to_read.setdefault(receipt.quarter, []).append(receipt)
            continue
        if submission.received != receipt.received:
            redated.append(receipt)
        if not keys.is_checked(submission):
            to_recheck.setdefault(receipt.quarter, {})[receipt.sha256] = submission
    if removed or redated:
        with store.transaction():
            for quarter, sha256 in removed:
                store.remove(quarter, sha256)
            for receipt in redated:
                store.set_received(receipt.quarter, receipt.sha256, receipt.received)
    return to_read, to_recheck


def _job(workspace: Workspace, receipt: Receipt, received: ReceivedFiles) -> Job:
    """The archived original to read, put back first where it is gone, or is not what it was, and an inbox
    still has the file."""
    path = archive.original(workspace.archive, receipt.sha256, receipt.file)
    same = [file for listed in received.listed.values() for file in listed.get(receipt.sha256, [])]
    if same and receipt.sha256 not in received.kept and not archive.is_kept(path, receipt.sha256):
        try:
            data = same[0].read()
        except OSError as error:
            raise cannot_read(same[0].place[0], error) from error
        except RefusedError:  # an archive that has changed since it was listed
            data = b""
        if digest(data) == receipt.sha256:
            archive.keep_original(workspace.archive, receipt.sha256, receipt.file, data)
    return Job(path, receipt.file, sha256=receipt.sha256)


def _in_batches(items: Iterable[tuple[str, T]], tell: Callable[[str], None], size: int) -> Iterator[list[T]]:
    """The items, each with the name of its file, which is passed to `tell`; as many at once as go into one
    transaction. An interrupt loses nothing that was done."""
    batch: list[T] = []
    begun = time.monotonic()
    try:
        for file, item in items:
            batch.append(item)
            tell(file)
            if len(batch) >= size or time.monotonic() - begun >= _BATCH_SECONDS:
                yield batch
                batch, begun = [], time.monotonic()
    except KeyboardInterrupt:
        yield batch
        raise
    yield batch


def _withdraw(
    run: Run, store: Store, decisions: list[Decision], gone: Sequence[Receipt], received: ReceivedFiles
) -> list[Receipt]:
    """Those of the files `gone` from the inbox that are withdrawn.

    One that could not count anyway, and could not be opened, names no unit, or lies in another quarter's
    inbox now, was bad or put in the wrong place: people have put that right.
    """
    withdrawn = []
    for receipt in gone:
        was = store.submission(receipt.quarter, receipt.sha256)
        elsewhere = any(
            receipt.sha256 in files
            for quarter, files in received.listed.items()
            if quarter != receipt.quarter
        )
        misplaced = was.unit not in run.session.roster.codes or elsewhere or not was.has_answers
        if was.keys.read and was.own_verdict in ("rejected", "ignored") and misplaced:
            withdrawn.append(receipt)
    if not withdrawn:
        return []
    who = run.session.who
    rows = [
        archive.decided(who, WITHDRAWN, receipt.quarter, sha256=receipt.sha256, file=receipt.file)
        for receipt in withdrawn
    ]
    archive.add_decisions(run.session.workspace.decisions, rows)
    decisions += rows
    with store.transaction():
        for receipt in withdrawn:
            store.remove(receipt.quarter, receipt.sha256)
    return withdrawn


def _overwritten(received: ReceivedFiles, known: Mapping[Key, Receipt]) -> list[Receipt]:
    """The files in whose place others of the same name lie that are received, too."""
    return [
        receipt
        for quarter in received.listed
        for receipt, now in received.changed(quarter, known).items()
        if (quarter, now) in known
    ]
