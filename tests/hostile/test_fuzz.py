"""A thousand returned workbooks, spoilt in all kinds of ways; `make fuzz` tries more on request."""

from __future__ import annotations

import csv
import dataclasses
import json
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from reportctl.core.finding_kinds import Severity
from reportctl.form.submission import Answer, AnswerState
from reportctl.intake.job import Context, Job, ReadResult
from reportctl.intake.open_file import read_one
from reportctl.intake.workers import read_all
from tests.hostile.comparison import faults
from tests.hostile.fuzz import Base, case, run, sample_bases, sample_context, small_bases, spoilt_zip
from tests.hostile.independent import UnreadableError, look
from tests.making import commands
from tests.making.machine import posix
from tests.making.returned import FORM_TEXT, UNITS, context

SEED = 2024
SHARDS, CASES = 2, 500


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_nothing_is_read_wrongly_or_left_unsaid(
    shard: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    outcome = run(range(shard * CASES, (shard + 1) * CASES), SEED, tmp_path)
    record_property("fuzz", str(outcome))
    broken = "\n".join(f"{one.number}, {one.base.name}, {one.what}: {fault}" for one, fault in outcome.broken)
    assert not broken, f"{broken}\nagain: python -m tests.hostile.fuzz --seed {SEED} --only NUMBER"
    assert outcome.cases == CASES
    assert outcome.ends["read"] > CASES / 10  # else it would be about nothing but refusals
    assert outcome.ends["refused"] > CASES / 10


def test_of_good_workbooks_nothing_is_said(tmp_path: Path) -> None:
    for base in (*small_bases(), *sample_bases()):
        read = _read(base, tmp_path)
        assert not read.findings
        assert faults(base.data, base.suffix, read, _given(base)) == []


def _given(base: Base) -> Context:
    return sample_context() if base.sample else context()


def _read(base: Base, folder: Path) -> ReadResult:
    path = folder / base.name
    path.write_bytes(base.data)
    return read_one(Job(path, base.name), _given(base))


@pytest.mark.slow
def test_the_comparison_sees_every_wrong_answer(tmp_path: Path) -> None:
    """Each answer in turn: another value, none, one from another cell."""
    for base in small_bases():
        read = _read(base, tmp_path)
        assert read.submission
        for answer in read.submission.answers if base.suffix != ".xls" else ():
            if answer.code != "budget_share":
                for wrong in (
                    answer._replace(value=7),
                    answer._replace(state=AnswerState.MISSING, value=None),
                    answer._replace(state=AnswerState.NOT_APPLICABLE, value=None),
                    answer._replace(cell="Z99"),
                    answer._replace(cell="", state=AnswerState.MISSING, value=None),
                ):
                    assert faults(base.data, base.suffix, _with(read, wrong), context()), (base.name, wrong)
        rows = read.submission.rows
        for fewer in ((), rows[1:]) if base.suffix != ".xls" else ():
            submission = dataclasses.replace(read.submission, rows=fewer)
            assert faults(base.data, base.suffix, dataclasses.replace(read, submission=submission), context())


def _with(read: ReadResult, wrong: Answer) -> ReadResult:
    assert read.submission
    answers = tuple(wrong if one.code == wrong.code else one for one in read.submission.answers)
    return dataclasses.replace(read, submission=dataclasses.replace(read.submission, answers=answers))


@posix
@pytest.mark.slow
def test_killed_workers_cost_no_other_file(tmp_path: Path) -> None:
    jobs = []
    for number in range(1, 200):
        one = case(number, SEED)
        if not one.base.sample:
            path = tmp_path / f"{number}{one.base.suffix}"
            path.write_bytes(one.data)
            jobs.append(Job(path, path.name))
    undisturbed = {read.job: read for read in read_all(jobs, context())}
    rng = Random(SEED)
    reads, killed = [], 0
    for read in read_all(jobs, context(), processes=2):
        reads.append(read)
        if len(reads) % 7 == 3:
            process = rng.choice(multiprocessing.active_children())
            os.kill(process.pid or 0, signal.SIGKILL)
            killed += 1
    assert killed > 20
    assert Counter(read.job for read in reads) == Counter(jobs)
    lost = [read for read in reads if read != undisturbed[read.job]]
    assert all([found.code for found in read.findings] == ["reader_failed"] for read in lost)
    assert len(lost) <= killed // 2  # only a file that was in hand at two deaths


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_whole_runs_end_and_say_what_they_could_not_read(tmp_path: Path, seed: int) -> None:
    inbox = _workspace(tmp_path)
    files = {}
    for number in range(1, 61):
        one = case(number, seed)
        if not one.base.sample:
            name = f"{number}{one.base.suffix}"
            (inbox / name).write_bytes(one.data)
            files[name] = one.data
    (inbox / "spoilt.zip").write_bytes(spoilt_zip(seed))
    said = json.loads(_run(tmp_path, "validate", "2024-Q1", "--format", "json"))
    verdicts = {one["file"]: one["verdict"] for one in said["files"]}
    assert verdicts.keys() >= files.keys()
    assert any(name.startswith("spoilt.zip") for name in verdicts)
    errors = {one["file"] for one in said["findings"] if one["severity"] == Severity.ERROR.value}
    for name, data in files.items():
        if not name.endswith(".xls") and not _readable(data) and verdicts[name] != "ignored":
            assert (verdicts[name], name in errors) == ("rejected", True), name
    _run(tmp_path, "merge", "2024-Q1")
    for command in ("status", "summary"):
        json.loads(_run(tmp_path, command, "2024-Q1", "--format", "json"))
    assert json.loads(_run(tmp_path, "validate", "2024-Q1", "--format", "json")) == said


def _workspace(folder: Path) -> Path:
    """A workspace of the small form; the inbox is returned."""
    (folder / "reportctl.toml").write_text('language = "en"\n')
    (folder / "form.toml").write_text(FORM_TEXT, encoding="utf-8")
    with (folder / "units.csv").open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle)
        table.writerow(["code", "name", "kind", "valid_to"])
        table.writerows([unit.code, unit.name, unit.kind, unit.valid_to or ""] for unit in UNITS)
    inbox = folder / "inbox" / "2024-Q1"
    inbox.mkdir(parents=True)
    return inbox


def _run(folder: Path, *arguments: str) -> str:
    """What the command prints; it may end with 0 or 1 only, and without a traceback."""
    said = commands.run("-w", folder, *arguments)
    assert said.code in (0, 1), said.err
    assert "Traceback" not in said.err
    return said.out


def _readable(data: bytes) -> bool:
    try:
        look(data)
    except UnreadableError:
        return False
    return True
