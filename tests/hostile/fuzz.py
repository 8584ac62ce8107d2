"""Returned workbooks, spoilt, through the intake: it ends, says what it cannot read, reads nothing wrongly.

`python -m tests.hostile.fuzz --cases 20000 --seed 7` tries more of them than the tests do.
"""

from __future__ import annotations

import argparse
import functools
import io
import multiprocessing
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from reportctl.core.period import Quarter
from reportctl.form.form_file import load_form
from reportctl.intake.job import Context, Job, ReadResult
from reportctl.intake.workers import read_all
from reportctl.workspace.units_file import load_roster
from tests.hostile.comparison import faults
from tests.hostile.mutations import mutate
from tests.making.machine import FIXTURES, SAMPLE
from tests.making.programs import PROGRAMS
from tests.making.returned import QUARTER, context, repacked, returned

TIMEOUT = 2.0  # seconds that a file may take


@dataclass(frozen=True)
class Base:
    """A good workbook that is spoilt; `sample` says that it answers the sample's form, not the small one."""

    name: str
    data: bytes
    sample: bool = False

    @property
    def suffix(self) -> str:
        """The extension of its name."""
        return Path(self.name).suffix


@dataclass(frozen=True)
class Case:
    """A spoilt workbook: the `number` and the seed make it again."""

    number: int
    base: Base
    what: str
    data: bytes


@dataclass
class Outcome:
    """What became of many cases; times in seconds, memory in bytes."""

    cases: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    largest: tuple[int, int] = (0, -1)
    broken: list[tuple[Case, str]] = field(default_factory=list)

    def __str__(self) -> str:
        ends = ", ".join(f"{what} {count}" for what, count in self.ends.most_common())
        (seconds, slowest), (memory, largest) = self.slowest, self.largest
        return (
            f"{self.cases} cases ({ends}), {len(self.broken)} faults; slowest {seconds:.2f} s "
            f"(case {slowest}), largest memory {memory / 2**20:.0f} MB (case {largest})"
        )


@functools.cache
def small_bases() -> tuple[Base, ...]:
    """The small form's workbook as many programs save it."""
    written = [Base(f"{name}.xlsx", program.write(returned())) for name, program in PROGRAMS.items()]
    saved = [Base(path.name, path.read_bytes()) for path in sorted(FIXTURES.glob("libreoffice-filled.*"))]
    return (Base("openpyxl.xlsx", returned()), Base("macros.xlsm", with_macros(returned())), *written, *saved)


@functools.cache
def sample_bases() -> tuple[Base, ...]:
    """Real returned workbooks, one of each type that the sample has."""
    folder = SAMPLE / "inbox" / "2024-Q1"
    paths = sorted(path for kind in ("xlsx", "xls", "ods") for path in folder.rglob(f"*.{kind}"))
    groups_of_similar = {path.suffix: path for path in reversed(paths)}
    return tuple(Base(path.name, path.read_bytes(), True) for path in groups_of_similar.values())


def with_macros(data: bytes) -> bytes:
    """The workbook as one with macros."""
    old, new = (
        b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
        b"vnd.ms-excel.sheet.macroEnabled.main",
    )
    return repacked(data, lambda name, part: part.replace(old, new) if "Content_Types" in name else part)


@functools.cache
def sample_context() -> Context:
    """What the sample's files are read against."""
    form = load_form(SAMPLE / "form.toml")
    roster = load_roster(SAMPLE / "units.csv", frozenset(kind.code for kind in form.kinds))
    return Context(form, roster, Quarter(2024, 1), Quarter(2024, 1).window().last)


def case(number: int, seed: int) -> Case:
    """The case of that number; every twentieth is made of a file of the sample."""
    rng = Random(f"{seed}/{number}")
    base = rng.choice(sample_bases() if number % 20 == 0 else small_bases())
    what, data = mutate(base.data, rng)
    return Case(number, base, what, data)


def run(numbers: Sequence[int], seed: int, folder: Path) -> Outcome:
    """Read the cases of those numbers as the product does, in a process of their own, and compare."""
    outcome = Outcome()
    cases = [case(number, seed) for number in numbers]
    for sample in (False, True):
        chosen = [one for one in cases if one.base.sample is sample]
        given = sample_context() if sample else context()
        jobs = {Job(_written(one, folder), _name(one)): one for one in chosen}
        reads = list(_timed(list(jobs), given, outcome))
        assert Counter(read.job for read in reads) == Counter(list(jobs)), "not one answer a file"
        for read in reads:
            _judge(jobs[read.job], read, given, outcome)
    return outcome


def _name(one: Case) -> str:
    return f"{one.number}{one.base.suffix}"


def _written(one: Case, folder: Path) -> Path:
    path = folder / _name(one)
    path.write_bytes(one.data)
    return path


def _timed(jobs: list[Job], given: Context, outcome: Outcome) -> Iterator[ReadResult]:
    """As they are read, by one process, so that the time between two is that of the second."""
    since = None
    for read in read_all(jobs, given, processes=1, timeout=TIMEOUT):
        now = time.monotonic()
        number = int(Path(read.job.name).stem)
        if since is not None:
            outcome.slowest = max(outcome.slowest, (now - since, number))
        since = now
        outcome.largest = max(outcome.largest, (_peak(), number), key=lambda one: one[0])
        yield read


def _peak() -> int:
    """The most memory that a reading process has taken, in bytes; 0 where the system does not tell."""
    peaks = [0]
    for process in multiprocessing.active_children():
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            continue
        peaks += [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return max(peaks)


def _judge(one: Case, read: ReadResult, given: Context, outcome: Outcome) -> None:
    outcome.cases += 1
    codes = [found.code for found in read.findings]
    if "reader_failed" in codes:
        outcome.ends[read.findings[codes.index("reader_failed")].message] += 1
    elif read.submission is None:
        outcome.ends["refused"] += 1
    else:
        outcome.ends["read" if read.submission.answers else "not ours"] += 1
    outcome.broken += [(one, fault) for fault in faults(one.data, one.base.suffix, read, given)]


def spoilt_zip(seed: int) -> bytes:
    """A .zip archive with some cases in it, spoilt itself."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(1, 6):
            archive.writestr(_name(case(number, seed)), case(number, seed).data)
    return mutate(target.getvalue(), Random(seed))[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try cases and print what became of them; 1 where one is broken."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of the one case to try")
    parser.add_argument("--keep", type=Path, help="a folder for the cases that break")
    given = parser.parse_args(arguments)
    numbers = range(given.cases) if given.only is None else [given.only]
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(numbers, given.seed, Path(folder))
    for one, fault in outcome.broken:
        print(f"{one.number}: {one.base.name}, {one.what}\n    {fault}")
        print(
            f"    again: python -m tests.hostile.fuzz --seed {given.seed} --only {one.number} --keep FOLDER"
        )
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            _written(one, given.keep)
    print(f"quarter {QUARTER}, seed {given.seed}: {outcome}")
    return 1 if outcome.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
