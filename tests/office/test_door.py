"""How the program ends when its reader goes away or somebody interrupts it."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportctl import __main__ as door
from reportctl.__main__ import main
from reportctl.cli import app
from tests.making import sample
from tests.making.machine import ROOT, posix
from tests.making.office import Office, make_office


class Gone(io.RawIOBase):
    """A pipe whose reader has gone away, as a system says it."""

    def __init__(self, code: int) -> None:
        self.code = code

    def writable(self) -> bool:
        return True

    def write(self, _data: object) -> int:
        raise OSError(self.code, os.strerror(self.code))


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EPIPE])
@pytest.mark.parametrize("size", [0, 100_000])
def test_a_reader_who_has_had_enough_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, size: int
) -> None:
    """Windows says EINVAL; a short text fails only when it is flushed, a long one where it is printed."""
    out = io.TextIOWrapper(io.BufferedWriter(Gone(code)), encoding="utf-8")

    def run(_arguments: object, _command: str) -> int:
        print("x" * size)
        return 1

    monkeypatch.setattr(app, "run", run)
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["status"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(out.buffer.raw, "write", lambda data: len(data))  # so that it can be closed
    out.flush()


@pytest.mark.parametrize("kind", [BrokenPipeError, OSError])
def test_another_pipe_that_breaks_is_no_end_in_peace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: type[OSError]
) -> None:
    code = errno.EPIPE if kind is BrokenPipeError else errno.EINVAL

    def run(_arguments: object, _command: str) -> int:
        raise kind(code, os.strerror(code))

    monkeypatch.setattr(app, "run", run)
    assert main(["status"]) == 2
    assert os.strerror(code) in capsys.readouterr().err


def _program(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "reportctl", "--lang", "en", *map(str, arguments)]


def _environment(*, buffered: bool) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return kept | {"PYTHONPATH": str(ROOT)} | ({} if buffered else {"PYTHONUNBUFFERED": "1"})


@pytest.mark.slow
@posix
@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("command", [["--version"], ["explain", "--format", "csv"], ["--help"]])
def test_a_pipe_that_is_closed(command: list[str], buffered: bool) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        _program(*command),
        stdout=writer,
        stderr=subprocess.PIPE,
        env=_environment(buffered=buffered),
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize("buffered", [True, False])
def test_an_output_for_which_there_is_no_room_is_no_success(buffered: bool) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            _program("--version"),
            stdout=full,
            stderr=subprocess.PIPE,
            env=_environment(buffered=buffered),
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"No space left on device. ")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.slow
@posix
def test_whoever_stops_reading_has_the_merged_files(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    reader, writer = os.pipe()
    os.close(reader)
    subprocess.run(
        _program("-w", office.root, "merge", "2024-Q1"),
        stdout=writer,
        stderr=subprocess.PIPE,
        env=_environment(buffered=False),
        check=False,
    )
    os.close(writer)
    output = office.root / "output" / "2024-Q1"
    assert sorted(path.name for path in output.iterdir()) == ["merged.xlsx", "values.csv"]


def test_a_program_without_a_console_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "run", lambda _arguments, _command: 0)
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["status"]) == 0


# Interrupts


def test_an_interrupt_is_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the library of the command line, which makes an exit code of it."""

    def interrupted(*_given: object, **_more: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("reportctl.cli.collect.status_of", interrupted)
    said = office.run("status", "2024-Q1")
    assert (said.code, said.out, said.err) == (130, "", "\nInterrupted; what was done is kept.\n")


def test_an_interrupt_while_the_program_loads_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_given: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(door, "_language", interrupted)
    assert main(["status"]) == 130
    assert capsys.readouterr().err == "\nInterrupted; what was done is kept.\n"


def _interrupted(command: list[str], when: Callable[[subprocess.Popen[str]], None]) -> tuple[int, str]:
    """How a program ends whose whole group is interrupted, as a terminal does it, and what it said."""
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=_environment(buffered=True),
    ) as run:
        when(run)
        os.killpg(run.pid, signal.SIGINT)
        return run.wait(30), run.communicate()[1]


def _children(run: subprocess.Popen[str]) -> list[int]:
    path = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


def _begun(more: int, delay: float) -> Callable[[subprocess.Popen[str]], None]:
    """Waits until the program has started `more` processes, and then for `delay` seconds."""

    def wait(run: subprocess.Popen[str]) -> None:
        for _attempt in range(2000):
            if run.poll() is not None or len(_children(run)) >= more:
                break
            time.sleep(0.005)
        time.sleep(delay)

    return wait


SENTENCE = "Interrupted; what was done is kept.\n"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Linux tells which processes there are")
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1, 0.3])
def test_an_interrupt_while_processes_start_to_read(tmp_path: Path, delay: float) -> None:
    workspace = tmp_path / "w"
    sample_root = sample.merged()
    for name in ("form.toml", "units.csv", "plan.csv", "reportctl.toml"):
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_bytes((sample_root / name).read_bytes())
    (workspace / "inbox").symlink_to(sample_root / "inbox")
    code, said = _interrupted(
        _program(
            "-w", workspace, "validate", "2024-Q1", *sorted((workspace / "inbox" / "2024-Q1").rglob("*.xlsx"))
        ),
        _begun(2, delay),  # of which one is the tracker of resources
    )
    assert said.endswith(SENTENCE) or code in (0, 1)
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Linux tells which processes there are")
@pytest.mark.parametrize("delay", [0.0, 0.1, 0.5])
def test_an_interrupt_while_processes_start_to_make_workbooks(tmp_path: Path, delay: float) -> None:
    office = make_office(tmp_path / "office", tuple(f"{number:03}" for number in range(400)))
    code, said = _interrupted(_program("-w", office.root, "template", "2024-Q1"), _begun(2, delay))
    assert code in (130, -signal.SIGINT)
    assert said.endswith(SENTENCE)
    assert "Traceback" not in said


def test_as_one_file_on_windows_it_starts_its_processes_by_its_own_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What such a process is started with is no command line of ours: it would start others without end."""
    from multiprocessing import spawn

    started: list[dict[str, int | None]] = []
    monkeypatch.setattr(spawn, "spawn_main", lambda **given: started.append(given))
    monkeypatch.setattr(app, "run", lambda *_given: pytest.fail("the command line was read"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(
        sys, "argv", ["reportctl.exe", "--multiprocessing-fork", "parent_pid=7", "pipe_handle=9"]
    )
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code is None
    assert started == [{"parent_pid": 7, "pipe_handle": 9}]
