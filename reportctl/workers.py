"""Files to processes that may die: a parser that crashes, hangs or eats memory costs its own file only.

This module sequences the stages that read one file: package, book, intake, checks.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from reportctl import checks, ods, package, xlsx
from reportctl.book import Book, BookError
from reportctl.errors import ReportctlError
from reportctl.findings import Finding, finding
from reportctl.intake import Context, read_workbook
from reportctl.language import Phrase, _
from reportctl.layout import column_name
from reportctl.parts import TEXT_LIMIT, too_long
from reportctl.period import Window
from reportctl.processes import processors
from reportctl.severities import adjusted
from reportctl.submission import Submission
from reportctl.zips import RefusedError, read_member

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

__all__ = ["Context", "Job", "Read", "read_all", "read_one", "read_then"]

T = TypeVar("T")

BATCH = 8  # files a message; small enough that two of them never fill a pipe
FEW = 3  # files that one process reads sooner than a second one starts
MEMORY = 2**30  # bytes that a worker may take beyond what it starts with
START_LIMIT = 120.0  # seconds
READ_LIMIT = 100 * 2**20  # of a larger file only the beginning is looked at
_HEAD = 2**16


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read; `name` is how people know it, `member` which one of the .zip archive `path` it is.

    `sha256` is the hash that its bytes should have, empty where that is not known.
    """

    path: Path
    name: str
    member: str | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a file. `ignored`: it is no workbook at all, so nothing is expected of it.

    `sha256` is empty where the file could not be opened; `submission` is None where there was none to read.
    """

    job: Job
    sha256: str
    submission: Submission | None
    findings: tuple[Finding, ...]
    ignored: bool = False


def read_all(
    jobs: Sequence[Job], context: Context, *, processes: int | None = None, timeout: float = 20.0
) -> Iterator[Read]:
    """One `Read` for every job, in the order they are done.

    A file whose reading kills its process is tried once more, then reported; one that takes longer than
    `timeout` seconds is reported. Raises `ReportctlError` where no process can be started.
    """
    for _job, read in read_then(jobs, context, _itself, processes=processes, timeout=timeout):
        yield read


def read_then(
    jobs: Sequence[Job],
    context: Context,
    then: Callable[[Read], T],
    *,
    processes: int | None = None,
    timeout: float = 20.0,
) -> Iterator[tuple[Job, T]]:
    """As `read_all`, with what the function `then`, which runs in the processes, makes of each `Read`."""
    if not jobs:
        return
    count = processes or (1 if len(jobs) <= FEW else processors())
    pool = _Pool(jobs, context, then, timeout)
    try:
        yield from pool.run(min(count, len(jobs)))
    finally:
        pool.stop()


def _itself(read: Read) -> Read:
    return read


# In the parent


class _Worker:
    """One process with its pipe and the jobs it was given, the one in hand first."""

    def __init__(self, context: Context, then: Callable[[Read], object]) -> None:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        self.connection: Connection = ours
        self.process: SpawnProcess = spawn.Process(target=_serve, args=(theirs, context, then), daemon=True)
        with _interrupts_held():
            self.process.start()
        theirs.close()
        self.jobs: deque[Job] = deque()
        self.ready = False
        self.since = time.monotonic()

    def give(self, jobs: list[Job]) -> None:
        """Send more work."""
        if not self.jobs:
            self.since = time.monotonic()
        self.jobs.extend(jobs)
        with contextlib.suppress(OSError):  # a dead process is noticed where its answer is awaited
            self.connection.send(jobs)

    def left(self, timeout: float) -> float:
        """The seconds that it has left for what it is doing."""
        limit = timeout if self.ready else START_LIMIT
        busy = self.jobs or not self.ready
        return self.since + limit - time.monotonic() if busy else limit

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.connection.close()
        self.process.kill()
        self.process.join()


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C goes to the whole group of processes; a new one must not see it before it can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Pool(Generic[T]):
    """The workers, the jobs not given out yet, and those that were tried before."""

    def __init__(
        self, jobs: Sequence[Job], context: Context, then: Callable[[Read], T], timeout: float
    ) -> None:
        self.waiting = deque(jobs)
        self.context, self.then, self.timeout = context, then, timeout
        self.workers: list[_Worker] = []
        self.tried: set[Job] = set()
        self.failed_starts = 0

    def run(self, count: int) -> Iterator[tuple[Job, T]]:
        """Give out all jobs and collect what becomes of them."""
        self.workers = [_Worker(self.context, self.then) for _number in range(count)]
        while self.waiting or any(worker.jobs for worker in self.workers):
            for worker in self.workers:
                if self.waiting and len(worker.jobs) < BATCH:
                    worker.give(self._batch())
            patience = min(worker.left(self.timeout) for worker in self.workers)
            ready = wait([worker.connection for worker in self.workers], max(0.0, patience))
            # Who is late is settled before anything is handed on: whoever takes it may take his time.
            late = [w for w in self.workers if w.connection not in ready and w.left(self.timeout) <= 0]
            for worker in [w for w in self.workers if w.connection in ready]:
                yield from self._receive(worker)
            for worker in late:
                yield from self._overdue(worker)

    def stop(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.stop()

    def _batch(self) -> list[Job]:
        share = -(-len(self.waiting) // (2 * len(self.workers)))
        return [self.waiting.popleft() for _number in range(min(BATCH, max(1, share)))]

    def _receive(self, worker: _Worker) -> Iterator[tuple[Job, T]]:
        try:
            answer: T = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._died(worker)
            return
        worker.since = time.monotonic()
        if worker.ready:
            yield worker.jobs.popleft(), answer
        worker.ready = True  # which is all that the first message says
        self.failed_starts = 0

    def _died(self, worker: _Worker) -> Iterator[tuple[Job, T]]:
        """The file in hand is tried once more, in another process; a second death is put down to it."""
        if not worker.ready:
            self._replace(worker)
            return
        if worker.jobs:
            job = worker.jobs.popleft()
            if job in self.tried:
                crashed = Phrase("chương trình đọc bị dừng đột ngột", "the reader crashed")
                yield job, self.then(_failed(job, crashed))
            else:
                self.tried.add(job)
                self.waiting.append(job)
        self._replace(worker)

    def _overdue(self, worker: _Worker) -> Iterator[tuple[Job, T]]:
        if worker.ready:
            seconds = f"{self.timeout:g}"
            why = Phrase(f"đọc quá {seconds} giây chưa xong", f"not done after {seconds} seconds")
            job = worker.jobs.popleft()
            yield job, self.then(_failed(job, why))
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        """A new process for one that is gone; what it had not begun goes back."""
        self.waiting.extendleft(reversed(worker.jobs))
        self.workers.remove(worker)
        worker.stop()
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts > 3:
                raise ReportctlError(
                    _("The processes that read files cannot be started. Close other programs and try again.")
                )
        if self.waiting or not self.workers:
            self.workers.append(_Worker(self.context, self.then))


def _failed(job: Job, reason: Phrase) -> Read:
    return Read(job, _digest(job), None, (finding("reader_failed", file=job.name, reason=reason),))


def _digest(job: Job) -> str:
    if not job.path.is_file():
        return ""
    try:
        return _content(job).sha256
    except (OSError, RefusedError):
        return ""


# In the worker


def _serve(connection: Connection, context: Context, then: Callable[[Read], object]) -> None:
    """Read the jobs that come, one answer each, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence()
    _limit_memory()
    window = _window(context)
    with contextlib.suppress(EOFError, OSError):
        connection.send(None)
        while True:
            for job in connection.recv():
                connection.send(then(_guarded(job, context, window)))


def _silence() -> None:
    """A parser that panics prints to file descriptor 2, past everything that Python could redirect."""
    with open(os.devnull, "w") as nothing:  # noqa: PTH123 - a device, not a path
        os.dup2(nothing.fileno(), 2)


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return  # elsewhere the limit counts what is shared with the whole system as well
    used = pages * resource.getpagesize()
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + MEMORY
    if hard == resource.RLIM_INFINITY or wanted < hard:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _guarded(job: Job, context: Context, window: Window) -> Read:
    try:
        return read_one(job, context, window)
    except MemoryError:
        return _failed(job, Phrase("cần quá nhiều bộ nhớ", "it takes too much memory"))
    except BaseException as error:  # a panicking parser raises what is no Exception
        said = f"{type(error).__name__}: {error}"[:200]
        return _failed(
            job, Phrase(f"lỗi trong chương trình đọc ({said})", f"an error in the reader ({said})")
        )


def _window(context: Context) -> Window:
    """The data window that ends on the context's day."""
    windows = (context.quarter.window(rule) for rule in ("decree", "calendar"))
    return next((w for w in windows if w.last == context.day), context.quarter.window())


@dataclass(frozen=True, slots=True)
class _Content:
    """The bytes of a file, of a large one only its first, with its whole size and hash."""

    data: bytes
    size: int
    sha256: str


def _content(job: Job) -> _Content:
    """Raises `OSError`, and `RefusedError` for what cannot be taken from an archive."""
    if job.member:
        data = read_member(job.path, job.member)
        return _Content(data, len(data), hashlib.sha256(data).hexdigest())
    with job.path.open("rb") as handle:
        size = os.fstat(handle.fileno()).st_size
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
        return _Content(handle.read() if size <= READ_LIMIT else handle.read(_HEAD), size, sha256)


def read_one(job: Job, context: Context, window: Window) -> Read:
    """Read one file in this process: package, book, intake, checks."""
    try:
        content = _content(job)
    except OSError as error:
        reason = error.strerror or str(error)
        return Read(job, "", None, (finding("unreadable_file", file=job.name, reason=reason),))
    except RefusedError as refused:
        return Read(job, "", None, (dataclasses.replace(refused.finding, file=job.name),))
    inspected = package.inspect(content.data, job.name, content.size)
    findings = list(inspected.findings)
    submission = None
    if inspected.readable:
        try:
            opened, found = _open(inspected)
        except (BookError, RefusedError) as refusal:
            findings.append(refusal.finding)
        else:
            submission, said = read_workbook(opened, job.name, content.sha256, context)
            findings += [*found, *said]
            unit = context.units.get(submission.identity.unit)
            if unit and submission.answers:
                case = checks.Case(context.form, unit.kind, window, submission)
                findings += checks.check(case)
    unit_code = submission.identity.unit if submission else ""
    stamped = (dataclasses.replace(f, file=job.name, unit=unit_code or None) for f in findings)
    graded = adjusted(stamped, context.severities)
    return Read(job, content.sha256, submission, tuple(graded), inspected.ignored)


def _open(inspected: package.Inspected) -> tuple[Book, list[Finding]]:
    """The workbook, and what is said of its sheets. Raises `BookError`, `RefusedError`."""
    match inspected.file_type:
        case "xls":
            from reportctl import xls  # xlrd takes as long to import as all the rest of this module

            return _within_bounds(xls.read_book(inspected.data)), []
        case "ods":
            return _within_bounds(ods.read_book(inspected.parts)), []
    return xlsx.read_book(inspected.data, inspected.parts)


def _within_bounds(book: Book) -> Book:
    """The `book`. Raises `RefusedError` where a text is too long; those of .xlsx are measured beforehand."""
    for sheet in book.sheets:
        for row, cells in enumerate(sheet.rows):
            for column, raw in enumerate(cells):
                if isinstance(raw, str) and len(raw) > TEXT_LIMIT:
                    raise too_long(raw, sheet=sheet.name, cell=f"{column_name(column)}{row + 1}")
    return book
