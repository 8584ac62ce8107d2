"""Running a command and measuring it: time on the clock, of processors, peak memory of its process tree."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.05  # seconds between two looks at the memory
# An installed program is compiled; without this it might be compiled at every start.
_ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds on the clock and of all processors, megabytes at the peak."""

    wall: float
    cpu: float
    peak: float


def cost(arguments: Sequence[str], *, codes: tuple[int, ...] = (0,), watched: bool = False) -> Cost:
    """One run of `python ARGUMENTS`; what it prints as two numbers counts in place of its own times.

    Only where it is `watched` is its memory known: looking at it takes its time from the run.
    """
    stop = threading.Event()
    begun = time.perf_counter()
    before = os.times()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=_ENVIRONMENT,
    )
    peaks = [0.0]
    watcher = threading.Thread(target=_watch, args=(process.pid, stop, peaks))
    if watched:
        watcher.start()
    out, err = process.communicate()
    wall = time.perf_counter() - begun
    after = os.times()
    stop.set()
    if watched:
        watcher.join()
    if process.returncode not in codes:
        raise SystemExit(
            f"{' '.join(arguments)} ended with {process.returncode}:\n{out[-2000:]}\n{err[-2000:]}"
        )
    spent = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    if arguments[:2] == ["-m", "benchmarks.baselines"]:
        wall, spent = map(float, out.split())
    return Cost(wall, spent, peaks[0])


def _watch(root: int, stop: threading.Event, peaks: list[float]) -> None:
    while not stop.wait(_EVERY):
        peaks[0] = max(peaks[0], sum(map(_memory, _tree(root))))


def _tree(root: int) -> list[int]:
    """The process and all that it started."""
    found = [root]
    for pid in found:
        try:
            tasks = Path(f"/proc/{pid}/task").iterdir()
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _memory(pid: int) -> float:
    """A process's own megabytes and its share of what it has in common with others."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def median(rounds: int, run: Callable[[bool], Cost]) -> Cost:
    """The median of that many runs, after a first one of which only the memory counts."""
    return medians(rounds, {"": run})[""]


def medians(rounds: int, runs: Mapping[str, Callable[[bool], Cost]]) -> dict[str, Cost]:
    """As `median` for each of `runs`, which take turns: what slows the machine for a while slows all."""
    peaks = {name: run(True).peak for name, run in runs.items()}
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for _round in range(rounds):
        for name, run in runs.items():
            costs[name].append(run(False))
    return {
        name: Cost(
            statistics.median(one.wall for one in some),
            statistics.median(one.cpu for one in some),
            peaks[name],
        )
        for name, some in costs.items()
    }
