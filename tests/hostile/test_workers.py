from __future__ import annotations

import contextlib
import dataclasses
import errno
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.period import Window
from reportctl.intake import workers
from reportctl.intake.job import Job, ReadResult
from reportctl.intake.open_file import read_one
from reportctl.intake.workers import read_all
from tests.making.machine import ROOT, posix
from tests.making.returned import context, repacked, returned, say, sent_out, with_xml

pytestmark = [pytest.mark.usefixtures("spawned"), pytest.mark.slow]


@pytest.fixture(autouse=True)
def these_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs run elsewhere are those of this folder, wherever an installed one comes from."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def _jobs(folder: Path, count: int) -> list[Job]:
    """Good workbooks that differ, every fourth with an answer in error."""
    folder.mkdir(exist_ok=True)
    kinds = [returned(), returned({"press_total": "khoảng 30"})]
    jobs = []
    for number in range(count):
        path = folder / f"{number:03}.xlsx"
        path.write_bytes(kinds[number % 4 == 3])
        jobs.append(Job(path, path.name))
    return jobs


def _by_name(reads: Iterator[ReadResult]) -> dict[str, ReadResult]:
    found = {read.job.name: read for read in reads}
    for read in found.values():
        say(read.findings)
    return found


def _codes(read: ReadResult) -> list[str]:
    return [found.code for found in read.findings]


@contextlib.contextmanager
def _killer(pipe: Path, times: int) -> Iterator[None]:
    """Kills the process that reads `pipe`, `times` times, and lets the next one read to the end."""
    done = threading.Event()

    def run() -> None:
        left = times
        while not done.is_set():
            try:
                writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody reads it yet
                time.sleep(0.01)
                continue
            if left:
                left -= 1
                (process,) = multiprocessing.active_children()
                os.kill(process.pid or 0, signal.SIGKILL)
                with contextlib.suppress(BrokenPipeError):
                    while True:  # until it is dead
                        os.write(writer, b"x")
                        time.sleep(0.01)
            os.close(writer)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_every_file_is_read_once_whatever_the_number_of_processes(tmp_path: Path) -> None:
    jobs = _jobs(tmp_path, 21)
    alone = {job.name: read_one(job, context()) for job in jobs}
    for processes in (1, 2):
        reads = list(read_all(jobs, context(), processes=processes))
        assert len(reads) == 21
        assert {read.job.name: read for read in reads} == alone
    assert alone["003.xlsx"].submission is not None
    assert _codes(alone["003.xlsx"]) == ["approximate"]
    assert multiprocessing.active_children() == []


def test_no_files_no_processes() -> None:
    assert list(read_all([], context())) == []


def test_what_is_said_names_the_file_and_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(returned({"press_total": "khoảng 30"}))
    (read,) = read_all([Job(path, "huyện/một.xlsx")], context())
    (found,) = read.findings
    assert (found.file, found.unit) == ("huyện/một.xlsx", "001")
    assert read.submission is not None
    assert read.submission.file == "huyện/một.xlsx"


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4")
    (read,) = read_all([Job(path, "a.pdf")], context())
    assert read.sha256 == _sha256(path)
    assert (read.ignored, read.submission, _codes(read)) == (True, None, ["also_received"])


def _sha256(path: Path) -> str:
    """As coreutils count it, not we."""
    return subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    jobs = [*_jobs(tmp_path, 1), Job(tmp_path / "gone.xlsx", "gone.xlsx"), Job(tmp_path, "folder")]
    reads = _by_name(read_all(jobs, context()))
    assert _codes(reads["gone.xlsx"]) == _codes(reads["folder"]) == ["unreadable_file"]
    assert reads["gone.xlsx"].findings[0].message == (
        "the file cannot be opened here: No such file or directory"
    )
    assert reads["gone.xlsx"].sha256 == ""
    assert reads["000.xlsx"].findings == ()


def test_of_a_very_large_file_only_the_beginning_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportctl.intake.open_file.READ_LIMIT", 1_000_000)
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(2_000_000))
    film = read_one(Job(path, "film.mp4"), context())
    assert (_codes(film), film.sha256) == (["also_received"], _sha256(path))
    path.write_bytes(sent_out() + bytes(2_000_000))
    large = read_one(Job(path, "a.xlsx"), context())
    assert (_codes(large), large.sha256) == (["too_large"], _sha256(path))


# Deaths


@posix
def test_a_worker_killed_from_outside_costs_nothing(tmp_path: Path) -> None:
    jobs = _jobs(tmp_path, 12)
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    jobs.insert(5, Job(pipe, "pipe.xlsx"))
    with _killer(pipe, 1):
        reads = list(read_all(jobs, context(), processes=1))
    assert sorted(read.job.name for read in reads) == sorted(job.name for job in jobs)
    found = {read.job.name: read for read in reads}
    assert _codes(found.pop("pipe.xlsx")) == ["unreadable_file"]  # tried again, and a pipe cannot be rewound
    assert all(read.submission for read in found.values())


@posix
def test_a_file_that_kills_twice_is_reported_and_no_other(tmp_path: Path) -> None:
    jobs = _jobs(tmp_path, 12)
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    jobs.insert(5, Job(pipe, "pipe.xlsx"))
    with _killer(pipe, 2):
        found = {read.job.name: read for read in read_all(jobs, context(), processes=1)}
    assert len(found) == 13
    failed = found.pop("pipe.xlsx")
    say(failed.findings)
    assert _codes(failed) == ["reader_failed"]
    assert failed.findings[0].message == "the file could not be read: the reader crashed"
    assert all(read.submission for read in found.values())


@pytest.mark.slow
@posix
def test_a_file_that_hangs_is_given_up_after_its_time(tmp_path: Path) -> None:
    jobs = _jobs(tmp_path, 6)
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    jobs.insert(2, Job(pipe, "pipe.xlsx"))
    writer = os.open(pipe, os.O_RDWR)  # it can be opened, and never ends
    try:
        reads = _by_name(read_all(jobs, context(), processes=2, timeout=1.5))
    finally:
        os.close(writer)
    assert len(reads) == 7
    failed = reads.pop("pipe.xlsx")
    assert failed.findings[0].message == "the file could not be read: not done after 1.5 seconds"
    assert all(read.submission for read in reads.values())


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is set where the system tells what is used")
@pytest.mark.slow
def test_a_file_that_takes_all_memory_is_reported_and_no_other(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Very many empty cells: small in the file, gigabytes once read."""

    def change(name: str, old: bytes) -> bytes:
        many = b"<row>" + b"<c s='1'/>" * 5_000_000 + b"</row></sheetData>"
        return old.replace(b"</sheetData>", many) if name == "xl/worksheets/sheet2.xml" else old

    jobs = _jobs(tmp_path, 4)
    path = tmp_path / "heavy.xlsx"
    path.write_bytes(repacked(sent_out(), change))
    jobs.insert(1, Job(path, "heavy.xlsx"))
    reads = _by_name(read_all(jobs, context(), processes=1, timeout=120.0))  # it is not slow, but large
    assert len(reads) == 5
    heavy = reads.pop("heavy.xlsx")
    assert [found.message for found in heavy.findings] == ["the file could not be read: the reader crashed"]
    assert all(read.submission for read in reads.values())
    assert capfd.readouterr().err == ""  # what the dying parser had to say


def test_an_error_of_ours_costs_its_own_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> ReadResult:
        raise RecursionError("too deep")

    monkeypatch.setattr("reportctl.intake.open_file.read_one", fail)
    (job,) = _jobs(tmp_path, 1)
    read = workers._guarded(job, context())
    say(read.findings)
    assert read.findings[0].message == (
        "the file could not be read: an error in the reader (RecursionError: too deep)"
    )
    assert read.sha256 == _sha256(job.path)


def test_processes_that_do_not_start_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("only_here")
    exec("def serve(connection):\n    pass", module.__dict__)  # noqa: S102 - no other process can import it
    module.serve.__module__ = "only_here"
    monkeypatch.setitem(sys.modules, "only_here", module)
    monkeypatch.setattr(workers, "_serve", module.serve)
    with pytest.raises(ReportctlError, match="cannot be started"):
        list(read_all(_jobs(tmp_path, 1), context()))
    assert multiprocessing.active_children() == []


def dies_at_once(connection: Connection) -> None:
    """Dies before it is ready, and its end of the pipe outlives it for a while, as on Windows."""
    hold = [sys.executable, "-c", "import time; time.sleep(20)"]
    subprocess.Popen(hold, pass_fds=(connection.fileno(),), stdout=subprocess.DEVNULL)
    os._exit(1)


def dies_at_its_first_file(connection: Connection) -> None:
    """The same, once it was ready and has been given work."""
    connection.send(None)
    connection.recv()
    dies_at_once(connection)


@posix
def test_a_process_that_dies_while_starting_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_serve", dies_at_once)
    begun = time.monotonic()
    with pytest.raises(ReportctlError, match="cannot be started"):
        list(read_all(_jobs(tmp_path, 2), context()))
    assert time.monotonic() - begun < 15
    assert multiprocessing.active_children() == []


@posix
def test_a_process_that_dies_later_is_not_waited_for_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_serve", dies_at_its_first_file)
    begun = time.monotonic()
    reads = list(read_all(_jobs(tmp_path, 1), context(), timeout=60))
    assert [found.message for found in reads[0].findings] == [
        "the file could not be read: the reader crashed"
    ]
    assert time.monotonic() - begun < 15


def _failing_to_start(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Windows says so of a process that dies before it was told what to do."""
    real, left = multiprocessing.get_context("spawn").Process.start, iter(range(times))

    def start(process: BaseProcess) -> None:
        if next(left, None) is not None:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        real(process)

    monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", start)


def test_a_process_that_cannot_be_told_what_to_do_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing_to_start(monkeypatch, 2)
    assert all(read.submission for read in read_all(_jobs(tmp_path, 3), context()))


def test_processes_that_cannot_be_told_what_to_do_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing_to_start(monkeypatch, 100)
    with pytest.raises(ReportctlError, match="cannot be started"):
        list(read_all(_jobs(tmp_path, 1), context()))


def test_whoever_stops_listening_leaves_no_process_behind(tmp_path: Path) -> None:
    reads = read_all(_jobs(tmp_path, 40), context(), processes=2)
    next(reads)
    assert multiprocessing.active_children()
    reads.close()
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_a_slow_listener_does_not_make_anybody_late(tmp_path: Path) -> None:
    reads = []
    for read in read_all(_jobs(tmp_path, 24), context(), processes=2, timeout=1.0):
        if len(reads) == 9:
            time.sleep(1.5)
        reads.append(read)
    assert len(reads) == 24
    assert all(read.submission for read in reads)


# The program round it

SCRIPT = """
import pickle, sys
from reportctl.intake.workers import read_all

def main():
    jobs, context = pickle.loads(open(sys.argv[1], "rb").read())
    print("ready", flush=True)
    for read in read_all(jobs, context, processes=2):
        print(read.job.name, len(read.submission.answers), flush=True)

if __name__ == "__main__":
    main()
"""


def _script(folder: Path, jobs: list[Job]) -> list[str]:
    (folder / "script.py").write_text(SCRIPT)
    (folder / "given").write_bytes(pickle.dumps((jobs, context())))
    return [sys.executable, str(folder / "script.py"), str(folder / "given")]


def test_it_works_from_a_script_and_says_nothing_else(tmp_path: Path) -> None:
    jobs = _jobs(tmp_path, 5)
    run = subprocess.run(_script(tmp_path, jobs), capture_output=True, text=True, check=True, timeout=60)
    assert sorted(run.stdout.split("\n")[1:-1]) == [f"{job.name} 12" for job in jobs]
    assert run.stderr == ""


@posix
def test_ctrl_c_stops_everything_at_once(tmp_path: Path) -> None:
    jobs = _jobs(tmp_path, 3)
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    jobs += [Job(pipe, "pipe.xlsx")]
    with subprocess.Popen(
        _script(tmp_path, jobs),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        assert run.stdout
        for _line in range(4):
            run.stdout.readline()
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to all of them
        _out, errors = run.communicate(timeout=20)
    assert run.returncode == -signal.SIGINT
    assert errors.count("Traceback") == 1  # the script's own: it has no other way to end
    assert "KeyboardInterrupt" in errors
    assert _wait_for(lambda: _nobody_reads(pipe))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells which signals are held back")
def test_the_first_process_does_not_see_ctrl_c_while_it_starts(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from reportctl.intake.workers import Readers\n"
        "if __name__ == '__main__':\n"
        "    with Readers() as readers:\n"
        "        readers.start(1)\n"
        "        process = readers._workers[0].process\n"
        "        print(Path(f'/proc/{process.pid}/status').read_text())\n",
        encoding="utf-8",
    )
    said = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
    (held,) = [int(line.split()[1], 16) for line in said.splitlines() if line.startswith("SigBlk:")]
    assert held & 1 << signal.SIGINT - 1


def _nobody_reads(pipe: Path) -> bool:
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return True
    return False


def _wait_for(condition: Callable[[], bool]) -> bool:
    for _attempt in range(100):
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_what_the_children_load_is_little() -> None:
    heavy = {"typer", "rich", "pandas", "numpy", "openpyxl", "xlsxwriter", "docx", "babel", "xlrd"}
    code = f"import sys, reportctl.intake.workers; print(sorted({heavy!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_what_goes_to_a_worker_and_comes_back_is_unchanged(tmp_path: Path) -> None:
    given = context()
    assert given.units  # worked out before it is sent
    assert pickle.loads(pickle.dumps(given)) == given  # noqa: S301 - our own
    read = read_one(_jobs(tmp_path, 4)[3], given)
    assert pickle.loads(pickle.dumps(read)) == read  # noqa: S301 - our own


def test_the_data_window_is_the_one_that_ends_on_the_day() -> None:
    given = context()
    assert given.window == given.quarter.window("decree")
    calendar = dataclasses.replace(given, day=given.quarter.window("calendar").last)
    assert calendar.window == given.quarter.window("calendar")
    assert isinstance(given.window, Window)


def test_a_damaged_cell_reference_is_refused_in_a_whole_run(tmp_path: Path) -> None:
    data = with_xml(returned(), "Số liệu", "A1", 't="s"', "<v>99999</v>")  # no such shared text
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    (read,) = read_all([Job(path, "a.xlsx")], context())
    assert _codes(read) == ["truncated"]
