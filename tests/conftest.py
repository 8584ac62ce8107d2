"""What several tests share."""

from __future__ import annotations

import gc
import multiprocessing
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from reportctl.core import language
from tests.making import commands
from tests.making.commands import Run
from tests.making.kept import share
from tests.making.libreoffice import running
from tests.making.machine import ROOT, SOFFICE, Convert
from tests.making.office import Office, make_office
from tools.translations import compile_catalogue

# How long one example takes says how busy the machine is; tests that measure time say so themselves.
settings.register_profile("reportctl", deadline=None, max_examples=50)
settings.load_profile("reportctl")

# Programs that a test starts keep their byte code: each would compile all modules again otherwise.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - bytes


def has_room(folder: Path) -> bool:
    """Whether `folder` is one in memory that takes what the tests write, programs too."""
    if sys.platform != "linux" or not os.access(folder, os.W_OK):
        return False
    about, memory = os.statvfs(folder), Path("/proc/meminfo").read_text("ascii")
    free = int(re.findall(r"MemAvailable: +(\d+) kB", memory)[0]) * 1024
    return min(free, about.f_bavail * about.f_frsize) > ROOM and not about.f_flag & os.ST_NOEXEC


# A workspace is hundreds of small files, and most tests have one of their own: on a disk they are waited for.
if "TMPDIR" not in os.environ and has_room(MEMORY):
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # asks for it anew


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogue where the .po file was changed since the program was installed."""
    if not hasattr(config, "workerinput"):  # of several processes only the one that starts the others
        compile_catalogue()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named after their parameter and numbered: a ZIP file holds the second it was made in, and two
    processes that make it one after the other would not agree on which tests there are."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need LibreOffice run one after another, with one LibreOffice for all; where it is absent
    they say so. CI sets REPORTCTL_NO_SKIP and fails instead. Worlds, of seconds each, do not come last: one
    process would wait for the other."""
    items.sort(key=lambda item: "worlds" not in item.path.parts)
    of_libreoffice = [item for item in items if item.get_closest_marker("libreoffice")]
    for item in of_libreoffice:
        item.add_marker(pytest.mark.xdist_group("libreoffice"))
    if SOFFICE or not of_libreoffice:
        return
    if os.environ.get("REPORTCTL_NO_SKIP"):
        raise pytest.UsageError("LibreOffice is not installed, and REPORTCTL_NO_SKIP is set")
    for item in of_libreoffice:
        item.add_marker(pytest.mark.skip(reason="LibreOffice (soffice) is not installed"))


def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: it need not be looked through for garbage each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages in English unless a test says otherwise, whatever the machine's own language is."""
    before = {name: os.environ.pop(name, None) for name in ("REPORTCTL_LANG", "REPORTCTL_WORKSPACE")}
    language.use("en")
    yield
    language.use("en")
    os.environ.update({name: value for name, value in before.items() if value is not None})


@pytest.fixture(scope="session", autouse=True)
def shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is made once is made once for all processes of the run."""
    base = tmp_path_factory.getbasetemp()
    share((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "kept")


@pytest.fixture(scope="session", autouse=True)
def forked() -> Iterator[pytest.MonkeyPatch]:
    """Processes that read files or make workbooks are forked from one that has loaded what they need.

    They are processes of their own all the same, which may die. `spawned` undoes it for a module; what tests
    run as a program of its own, from the command line to a merge that is killed, spawns them as always.
    """
    with pytest.MonkeyPatch.context() as patch:
        if "forkserver" in multiprocessing.get_all_start_methods():
            from multiprocessing import forkserver

            forkserver.set_forkserver_preload(["tests.making.preloaded"])
            with pytest.MonkeyPatch.context() as environment:
                environment.setenv("PYTHONPATH", str(ROOT))  # of what it loads
                forkserver.ensure_running()
            real = multiprocessing.get_context

            def context(method: str | None = None) -> Any:
                return real("forkserver" if method == "spawn" else method)

            patch.setattr(multiprocessing, "get_context", context)
        yield patch


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """What is written here need not outlive a loss of power, and is not waited for until the disk has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture(scope="module")
def spawned(forked: pytest.MonkeyPatch) -> Iterator[None]:
    """Processes are spawned as they are outside of tests."""
    here = multiprocessing.get_context
    forked.undo()
    yield
    forked.setattr(multiprocessing, "get_context", here)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with three units and nothing in its inbox."""
    return make_office(tmp_path / "office")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the program in English: `run("-w", folder, "status")` gives how it ended and what it said."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return commands.run


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Convert]:
    """Opens files in LibreOffice and saves them: `soffice(files, to="xlsx", outdir=folder)`."""
    with running(tmp_path_factory.mktemp("libreoffice")) as convert:
        yield convert


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests that try many cases report of them."""
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, said in report.user_properties:
            if name in ("fuzz", "worlds"):
                terminalreporter.write_line(f"{name}: {said}")
