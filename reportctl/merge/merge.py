"""Merging: files in, every submission read and stored, and which one counts settled quarter by quarter.

Files are the truth and the ledger is their index: whatever of `decisions.csv` the ledger does not hold, or
holds as it was read by other questions, is read again from the archive; what would be read as it was, but
checked by other rules or settings, is judged again by what the ledger holds. So a run killed at any instant
is made good by the next one, and a ledger that was deleted is made again.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from reportctl.core.errors import cannot_read
from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.core.progress import Progress
from reportctl.form.model import Form
from reportctl.intake.job import Job
from reportctl.intake.workers import Readers
from reportctl.ledger import archive
from reportctl.ledger.archive import FORM, WITHDRAWN, Decision, Receipt, read_decisions, receipts
from reportctl.ledger.decisions import LateFiles, QuarterDecisions, decisions_by_quarter
from reportctl.ledger.ledger import LedgerError
from reportctl.ledger.lock import writer_lock
from reportctl.ledger.rows import KnownSubmission, NewSubmission, SubmissionRecord
from reportctl.ledger.writing import Store, open_store
from reportctl.merge.closed_file import load_frozen
from reportctl.merge.contexts import Contexts, judged_by, settling_basis
from reportctl.merge.receive import ReceivedFiles, Receiver
from reportctl.merge.recheck import recheck
from reportctl.merge.settle import InboxState, inbox_of, settle_quarter
from reportctl.merge.verdicts import RowMaker, VerdictMaker
from reportctl.workbooks.inbox import InputFile
from reportctl.workspace.settings import Workspace
from reportctl.workspace.units import Roster

_BATCH, _BATCH_SECONDS = 64, 1.0

Key = tuple[Quarter, str]
Drawn = tuple[Job, NewSubmission]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge left: all of its quarter's submissions and findings.

    `new_files`: submissions of the quarter not seen before; `earlier`: the same for earlier quarters whose
    inbox was taken in as well; `reread`: submissions read again because what their reading depends on has
    changed, or the ledger lacked them; `rechecked`: those not read again, and judged by other rules or
    settings; `form`: the fingerprint of the form that the quarter is judged by; `late`: the new files that
    quarters which are closed do not count; `unmerged`: how many files of the quarter's inbox were not taken
    in.
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


@dataclass(frozen=True, slots=True)
class Run:
    """What a command that writes works on: `quarter`, on the day `today`, by the person `who`.

    Files without a dated folder are received on that day.
    """

    workspace: Workspace
    form: Form
    roster: Roster
    quarter: Quarter
    today: dt.date
    who: str
    progress: Progress

    @property
    def contexts(self) -> Contexts:
        """By what files are read."""
        return Contexts(self.workspace, self.form, self.roster)

    def writing(self) -> AbstractContextManager[None]:
        """Holds the workspace's lock. Raises `ReportctlError` where somebody else holds it."""
        ledger = self.workspace.ledger
        return writer_lock(ledger.with_name(f"{ledger.name}.lock"), self.who)

    def decide(self, decisions: list[Decision], new: Sequence[Decision]) -> None:
        """Append to `decisions.csv`, and to the `decisions` read from it."""
        archive.add_decisions(self.workspace.decisions, new)
        decisions += new


def merge(run: Run, files: Sequence[InputFile] | None) -> Merged:
    """Take in `files` (None: all of the quarter's inbox) and what earlier quarters' inboxes hold besides.

    Raises `ReportctlError` where another merge is under way or something cannot be read or written.
    """
    with run.writing():
        return take_in(run, files)


def take_in(run: Run, files: Sequence[InputFile] | None) -> Merged:
    """As `merge`, for whoever holds the lock. With no `files` the ledger is brought up to what is received
    and decided, and of the quarter's own inbox nothing is taken in."""
    workspace = run.workspace
    archive.keep_form(workspace.archive, run.form.fingerprint, _bytes_of(workspace.form))
    archive.keep_units(workspace.archive, workspace.units.name, _bytes_of(workspace.units))
    decisions = read_decisions(workspace.decisions)
    try:
        return _merge_into_ledger(run, decisions, files)
    except LedgerError as error:
        if not error.damaged:
            raise
    return _merge_into_ledger(run, decisions, files)


def _bytes_of(path: Path, member: str | None = None) -> bytes:
    try:
        return InputFile(path, path.name, member=member).read()
    except OSError as error:
        raise cannot_read(path, error) from error


def _merge_into_ledger(run: Run, decisions: list[Decision], files: Sequence[InputFile] | None) -> Merged:
    with open_store(run.workspace.ledger) as store, Readers() as readers:
        reception = _receive(run, store, decisions, files, readers)
        known, ruled = receipts(decisions), decisions_by_quarter(decisions)
        closed = {quarter: each.closing for quarter, each in ruled.items() if each.closing}
        judges = _judges(run, decisions, known, closed)
        work = _work(store, known, judges)
        tell = _counting(run.progress, work.total)
        _read(run, store, work, judges, reception, readers, tell)
        for quarter, due in work.due.items():
            recheck(store, judges[quarter], due, tell)
        gone = _withdraw(run, store, decisions, reception.gone(known), reception)
        load_frozen(store, run.workspace, ruled)
        _settle(run, store, judges, ruled, partial(inbox_of, run.workspace, reception, known, gone))
        new = dict(sorted((+reception.new).items()))
        return Merged(
            run.quarter,
            tuple(store.reader.submissions(run.quarter)),
            tuple(store.reader.findings(run.quarter)),
            new.pop(run.quarter, 0),
            new,
            sum(map(len, work.pending.values())) - sum(reception.new.values()),
            sum(map(len, work.due.values())),
            judges[run.quarter].context.form.fingerprint,
            tuple(LateFiles(closed[q], reception.new[q]) for q in sorted(closed) if reception.new[q]),
            len(reception.unreadable.get(run.quarter, []))
            + sum((run.quarter, sha256) not in known for sha256 in reception.listed[run.quarter]),
        )


def _settle(
    run: Run,
    store: Store,
    judges: Mapping[Quarter, VerdictMaker],
    ruled: Mapping[Quarter, QuarterDecisions],
    inboxes: Callable[[Quarter, QuarterDecisions], InboxState],
) -> None:
    """Settle every quarter in which something is otherwise than when it was settled last.

    Of other quarters than the run's own the inbox alone is no reason to.
    """
    settled = store.settled()
    settings, states = run.workspace.settings, dict[Quarter, str]()
    # Oldest first: what a quarter is compared with is settled then.
    for quarter in sorted({run.quarter, *settled, *store.reader.quarters()}):
        rules = ruled.get(quarter, QuarterDecisions())
        judge = judges.get(quarter) or VerdictMaker(run.contexts.of(quarter))
        basis = settling_basis(judge.context, settings, rules.basis, states)
        by = judge.settled_by(basis)
        was = settled.get(quarter, (by, ""))
        if quarter == run.quarter or was[0] != by:
            inbox = inboxes(quarter, rules)
            if quarter not in settled or was != (by, inbox.basis):
                settle_quarter(store, judge, rules, inbox, settings=settings, basis=basis)
        states[quarter] = store.state(quarter, rules.basis)


def _receive(
    run: Run,
    store: Store,
    decisions: list[Decision],
    files: Sequence[InputFile] | None,
    readers: Readers,
) -> ReceivedFiles:
    """Take the files in; meanwhile the processes that will read them start."""
    seen = store.seen()
    receiver = Receiver(run.workspace, receipts(decisions), seen, run.today, run.who, readers.start)
    reception = receiver.receive(run.quarter, files)
    decisions += reception.rows
    fresh = {path: new for path, new in reception.seen.items() if seen.get(path) != new}
    if fresh or reception.forgotten:
        with store.transaction():
            store.remember(fresh, reception.forgotten)
    return reception


def _judges(
    run: Run, decisions: list[Decision], known: Mapping[Key, Receipt], closed: Collection[Quarter]
) -> dict[Quarter, VerdictMaker]:
    """Who judges each quarter's files; by which form that is gets noted where it is new."""
    received = {quarter for quarter, _sha256 in known}
    used = archive.forms_used(decisions)
    fingerprints = judged_by(run.form, run.quarter, used, received, closed)
    run.decide(
        decisions,
        [
            archive.decided(run.who, FORM, quarter, value=fingerprint)
            for quarter, fingerprint in sorted(fingerprints.items())
            if quarter in received and used.get(quarter) != fingerprint
        ],
    )
    return {quarter: VerdictMaker(context) for quarter, context in run.contexts.all(fingerprints).items()}


@dataclass(frozen=True, slots=True)
class _Work:
    """What has to be done, by quarter: receipts whose files have to be read, and submissions by hash that are
    `due` for being judged again."""

    pending: dict[Quarter, list[Receipt]] = field(default_factory=dict)
    due: dict[Quarter, dict[str, KnownSubmission]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many files it is about."""
        return sum(map(len, (*self.pending.values(), *self.due.values())))


def _work(store: Store, known: Mapping[Key, Receipt], judges: Mapping[Quarter, VerdictMaker]) -> _Work:
    """What has to be done. What is no longer received, or on another day, is put right here."""
    stored = store.stored()
    work = _Work()
    removed = stored.keys() - known.keys()
    redated = []
    for key, receipt in known.items():
        was, judge = stored.get(key), judges[receipt.quarter]
        if was is None or not judge.read_as_now(was) or was.file != receipt.file:
            work.pending.setdefault(receipt.quarter, []).append(receipt)
            continue
        if was.received != receipt.received:
            redated.append(receipt)
        if not judge.judged_as_now(was):
            work.due.setdefault(receipt.quarter, {})[receipt.sha256] = was
    if removed or redated:
        with store.transaction():
            for quarter, sha256 in removed:
                store.remove(quarter, sha256)
            for receipt in redated:
                store.set_received(receipt.quarter, receipt.sha256, receipt.received)
    return work


def _counting(progress: Progress, total: int) -> Callable[[str], None]:
    done = itertools.count(1)
    return lambda file: progress(next(done), total, file)


def _read(
    run: Run,
    store: Store,
    work: _Work,
    judges: Mapping[Quarter, VerdictMaker],
    reception: ReceivedFiles,
    readers: Readers,
    tell: Callable[[str], None],
) -> None:
    """Read what is pending and store it in batches, the quarter that was asked for first."""
    pending = work.pending
    readers.start(sum(map(len, pending.values())))
    for quarter in sorted(pending, key=lambda quarter: (quarter != run.quarter, quarter)):
        judge = judges[quarter]
        receipt_of = {_job(run.workspace, receipt, reception): receipt for receipt in pending[quarter]}
        drawn = readers.read(tuple(receipt_of), judge.context, RowMaker(judge, store.labels(judge.labels)))
        for batch in _in_batches(drawn, tell):
            with store.transaction():
                store.put((receipt_of[job], draft) for job, draft in batch)


def _job(workspace: Workspace, receipt: Receipt, reception: ReceivedFiles) -> Job:
    """The archived original to read, put back first where it is gone and the inbox still has the file."""
    path = archive.original(workspace.archive, receipt.sha256, receipt.file)
    if not path.exists():
        for file in reception.listed.get(receipt.quarter, {}).get(receipt.sha256, []):
            archive.keep_original(workspace.archive, receipt.sha256, receipt.file, _bytes_of(*file.place))
    return Job(path, receipt.file, sha256=receipt.sha256)


def _in_batches(drawn: Iterator[Drawn], tell: Callable[[str], None]) -> Iterator[list[Drawn]]:
    """What was read, as much at once as goes into one transaction; an interrupt loses nothing of it."""
    batch: list[Drawn] = []
    begun = time.monotonic()
    try:
        for job, draft in drawn:
            batch.append((job, draft))
            tell(job.name)
            if len(batch) >= _BATCH or time.monotonic() - begun >= _BATCH_SECONDS:
                yield batch
                batch, begun = [], time.monotonic()
    except KeyboardInterrupt:
        yield batch
        raise
    finally:
        if isinstance(drawn, Generator):
            drawn.close()
    yield batch


def _withdraw(
    run: Run, store: Store, decisions: list[Decision], gone: Sequence[Receipt], reception: ReceivedFiles
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
        misplaced = was.unit not in run.roster.codes or reception.elsewhere(receipt)
        if was.basis.read and was.judged in ("rejected", "ignored") and misplaced:
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
