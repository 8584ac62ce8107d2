"""Processes of ours: how many run side by side, that an interrupt stops the one that started them, and how
rarely they look for garbage."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Iterator

_MOST = 32


def processors() -> int:
    """The number of processors that this process may use, 32 at most."""
    found = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(found, _MOST)


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Ctrl-C goes to the whole group of processes; one that is started in this block sees none before it can
    ignore it."""
    if sys.platform == "win32":
        import ctypes

        ignore = ctypes.windll.kernel32.SetConsoleCtrlHandler  # what it says is handed down to new processes
        ignore(None, True)
        try:
            yield
        finally:
            ignore(None, False)
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # the first process would start it, which lets interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_interrupts() -> None:
    """Let this process run on at an interrupt, until whoever started it ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def collect_rarely() -> None:
    """Let this process look for objects that only keep each other alive as rarely as a short run needs, and
    not at its end.

    There are hardly any: what is loaded stays, and values refer to nothing that holds them. Looking for them
    as often as Python does by itself took a twentieth of a command, and 50 ms more when it was done.
    """
    gc.set_threshold(200_000, 30, 30)
    atexit.register(gc.freeze)
