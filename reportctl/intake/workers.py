"""Files to processes that may die: a parser that crashes, hangs or eats memory costs its own file only."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from reportctl.core import wording
from reportctl.core.errors import ReportctlError
from reportctl.core.findings import finding
from reportctl.core.language import Phrase, _
from reportctl.core.processes import collect_rarely, ignore_interrupts, interrupts_held, processors

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from reportctl.intake.job import Context, Job, ReadResult

T = TypeVar("T")

BATCH = 8  # files a message; small enough that two of them never fill a pipe
FEW = 3  # files that one process reads sooner than a second one starts
MEMORY = 2**30  # bytes that a worker may take beyond what it starts with
START_LIMIT = 120.0  # seconds


def read_all(
    jobs: Sequence[Job], context: Context, *, processes: int | None = None, timeout: float = 20.0
) -> Iterator[ReadResult]:
    """One result for every job, in the order they are done.

    A file whose reading kills its process, or takes longer than `timeout` seconds, is tried once more after
    all others, then reported. Raises `ReportctlError` where no process can be started.
    """
    if not jobs:
        return
    with Readers(timeout) as readers:
        readers.start(len(jobs), processes)
        for _job, read in readers.read(jobs, context, _as_read):
            yield read


def _as_read(read: ReadResult) -> ReadResult:
    """All that was read of a file; other processes are given this function by its name."""
    return read


# In the parent, which may start processes before it loads what it tells them


@dataclass(frozen=True)
class _Task:
    """What files are read by, and the function that makes of each result what is sent back."""

    context: Context
    then: Callable[[ReadResult], object]


class _Worker:
    """One process with its pipe and the jobs it was given, the one in hand first.

    It is `ready` once it has said so; then it is told its task, and only then given jobs.
    """

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        self.connection: Connection = ours
        self.process: SpawnProcess = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        try:
            with interrupts_held():
                self.process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self.jobs: deque[Job] = deque()
        self.ready = False
        self.task = b""
        self.since = time.monotonic()

    def give(self, task: bytes, jobs: list[Job]) -> None:
        """Send more work."""
        if not self.jobs:
            self.since = time.monotonic()
        self.jobs.extend(jobs)
        with contextlib.suppress(OSError):  # a dead process is noticed where its answer is awaited
            if self.task is not task:
                self.connection.send_bytes(task)
            self.task = task
            self.connection.send(jobs)

    def left(self, timeout: float) -> float:
        """The seconds that it has left for what it is doing."""
        limit = timeout if self.ready else START_LIMIT
        busy = self.jobs or not self.ready
        return self.since + limit - time.monotonic() if busy else limit

    def is_silent(self, ready: Collection[object]) -> bool:
        """Whether its pipe holds nothing more; `ready` are the ends that had something a moment ago."""
        try:
            return self.connection not in ready and not self.connection.poll()
        except OSError:  # the pipe is broken, which is all there is to it
            return True

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.connection.close()
        self.process.kill()
        self.process.join()


class Readers:
    """Processes that read files. They may be started before it is known what is to be read."""

    def __init__(self, timeout: float = 20.0) -> None:
        self._timeout = timeout
        self._workers: list[_Worker] = []
        self._waiting: deque[Job] = deque()  # the jobs not given out yet
        self._tried: set[Job] = set()  # those whose reading killed a process, or took too long
        self._then: Callable[[ReadResult], Any] = _as_read
        self._failed_starts = 0

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def start(self, files: int, processes: int | None = None) -> None:
        """Let there be as many processes as so many files are worth, or so many `processes`."""
        count = processes or (1 if files <= FEW else processors())
        while len(self._workers) < min(count, files):
            self._add()

    def _add(self) -> None:
        try:
            self._workers.append(_Worker())
        except OSError:  # it died before it was told what to do, or the system has no room for it
            self._count_failed_start()

    def read(
        self, jobs: Sequence[Job], context: Context, then: Callable[[ReadResult], T]
    ) -> Iterator[tuple[Job, T]]:
        """Every job with what the function `then`, which runs in the processes, makes of its result, in the
        order they are done. Where that is not taken to its end, the processes end."""
        self._waiting, self._tried, self._then = deque(jobs), set(), then
        if not self._workers:
            self.start(len(jobs))
        try:
            yield from self._answers(bytes(ForkingPickler.dumps(_Task(context, then))))
        finally:
            if self._busy:
                self.close()

    @property
    def _busy(self) -> bool:
        return bool(self._waiting) or any(worker.jobs for worker in self._workers)

    def _answers(self, task: bytes) -> Iterator[tuple[Job, Any]]:
        while self._busy:
            for worker in self._workers:
                if self._waiting and worker.ready and len(worker.jobs) < BATCH:
                    share = -(-len(self._waiting) // (2 * len(self._workers)))
                    batch = [self._waiting.popleft() for _number in range(min(BATCH, max(1, share)))]
                    worker.give(task, batch)
            patience = min(worker.left(self._timeout) for worker in self._workers)
            # On Windows the pipe of a process that dies before it took its end over never breaks.
            awaited = [end for one in self._workers for end in (one.connection, one.process.sentinel)]
            ready = wait(awaited, max(0.0, patience))
            gone = [one for one in self._workers if one.process.sentinel in ready and one.is_silent(ready)]
            # Who is late is settled before anything is handed on: whoever takes it may take his time.
            late = [
                one
                for one in self._workers
                if one.connection not in ready and one not in gone and one.left(self._timeout) <= 0
            ]
            for worker in [one for one in self._workers if one.connection in ready]:
                yield from self._receive(worker)
            for worker in gone:
                yield from self._died(worker)
            for worker in late:
                if worker.ready and not self._once_more(job := worker.jobs.popleft()):
                    yield job, self._then(_timed_out(job, self._timeout))
                self._replace(worker)

    def _receive(self, worker: _Worker) -> Iterator[tuple[Job, Any]]:
        """What a process has sent, or that it died."""
        try:
            answer = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._died(worker)
            return
        worker.since = time.monotonic()
        if worker.ready:
            yield worker.jobs.popleft(), answer
        worker.ready = True  # which is all that the first message says
        self._failed_starts = 0

    def _died(self, worker: _Worker) -> Iterator[tuple[Job, Any]]:
        """The file that a dead process had in hand is tried once more, in another process; a second death is
        put down to it."""
        if worker.ready and worker.jobs and not self._once_more(job := worker.jobs.popleft()):
            crashed = Phrase("chương trình đọc bị dừng đột ngột", "the reader crashed")
            yield job, self._then(_failed(job, crashed))
        self._replace(worker)

    def _once_more(self, job: Job) -> bool:
        """Whether a job whose process died or was late is tried again, after all others: the first time only.

        A computer that was asleep, or busy with something else, makes everybody late.
        """
        first = job not in self._tried
        if first:
            self._tried.add(job)
            self._waiting.append(job)
        return first

    def _replace(self, worker: _Worker) -> None:
        """A new process for one that is gone; what it had not begun goes back."""
        before = len(self._workers)
        self._waiting.extendleft(reversed(worker.jobs))
        self._workers.remove(worker)
        worker.stop()
        if not worker.ready:
            self._count_failed_start()
        while not self._workers:
            self._add()
        if self._waiting and len(self._workers) < before:
            self._add()

    def _count_failed_start(self) -> None:
        self._failed_starts += 1
        if self._failed_starts > 3:
            raise ReportctlError(
                _("The processes that read files cannot be started. Close other programs and try again.")
            )


def _timed_out(job: Job, seconds: float) -> ReadResult:
    vi, en = (wording.number(seconds, 1, language) for language in ("vi", "en"))
    why = Phrase(f"đọc quá {vi} giây chưa xong", f"not done after {en} seconds")
    return _failed(job, why, seconds=seconds)


def _failed(job: Job, reason: Phrase, **more: Any) -> ReadResult:
    from reportctl.intake.job import unread
    from reportctl.intake.open_file import digest_of

    return unread(job, digest_of(job), finding("reader_failed", file=job.name, reason=reason, **more))


# In the worker


def _serve(connection: Connection) -> None:
    """Read the jobs that come, one answer each, by the task that came last, until the other end is closed."""
    collect_rarely()
    importlib.import_module("reportctl.intake.open_file")  # before it says that it is ready
    ignore_interrupts()
    # A parser that panics prints to file descriptor 2, past everything that Python could redirect.
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - a device, not a path
        os.dup2(nothing.fileno(), 2)
    _limit_memory()
    with contextlib.suppress(EOFError, OSError):
        connection.send(None)
        while True:
            message: _Task | list[Job] = connection.recv()
            if isinstance(message, _Task):
                task = message
                continue
            for job in message:
                connection.send(task.then(_guarded(job, task.context)))


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError):
        return  # elsewhere the limit counts what is shared with the whole system as well
    used = pages * resource.getpagesize()
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + MEMORY
    if hard == resource.RLIM_INFINITY or wanted < hard:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _guarded(job: Job, context: Context) -> ReadResult:
    from reportctl.intake.open_file import (
        read_one,  # the parent, which does not read, starts without all of that
    )

    try:
        return read_one(job, context)
    except MemoryError:
        return _failed(job, Phrase("cần quá nhiều bộ nhớ", "it takes too much memory"))
    except BaseException as error:  # a panicking parser raises what is no Exception
        said = f"{type(error).__name__}: {error}"[:200]
        return _failed(
            job, Phrase(f"lỗi trong chương trình đọc ({said})", f"an error in the reader ({said})")
        )
