"""What lies in a workspace and is no return: films, pipes, broken ledgers, what killed runs left."""

from __future__ import annotations

import datetime as dt
import io
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reportctl.core.files import digest, write_atomic
from tests.making.commands import Run
from tests.making.office import Q1, Q4, Office

pytestmark = pytest.mark.slow

posix = pytest.mark.skipif(os.name != "posix", reason="pipes and devices in folders")
MP4 = b"\0\0\0\x18ftypmp42"


def _inbox(office: Office, name: str) -> Path:
    return office.root / "inbox" / str(Q1) / name


def _sparse(path: Path, begins: bytes, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(begins)
    os.truncate(path, size)


def _said(office: Office) -> list[dict[str, str | None]]:
    """What is said of files by a check and by a merge, which must be the same."""
    checked, merged = office.validate().findings, office.merge().findings
    both = [
        sorted((str(one.file), one.code, one.message) for one in found if one.file)
        for found in (checked, merged)
    ]
    assert both[0] == both[1]
    return [{"file": file, "code": code, "message": message} for file, code, message in both[0]]


# Sizes


@posix
def test_films_cost_no_memory_and_no_room(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    for number in range(3):
        _sparse(_inbox(office, f"phim {number}.mp4"), MP4, 1_500_000_000)
    tracemalloc.start()
    try:
        said = _said(office)
        _size, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [(one["file"], one["message"]) for one in said] == [
        (f"phim {number}.mp4", "also received: a video") for number in range(3)
    ]
    assert peak < 50_000_000
    kept = [path for path in (office.root / "archive" / "files").rglob("*") if path.is_file()]
    assert [path.stat().st_size for path in kept] == [len(office.book("01", 10))]
    assert office.totals() == {("2024-Q1", "01"): 10}
    status = office.run("status", Q1)
    assert "not merged yet" not in status.out + status.err
    assert office.run("merge", Q1).code == 0


@pytest.mark.parametrize(
    ("name", "part", "code", "message"),
    [
        ("a.pptx", "presentationml.presentation.main+xml", "also_received", "also received: a presentation"),
        ("a.docx", "wordprocessingml.document.main+xml", "also_received", "also received: a Word document"),
        (
            "01 a.xlsx", "spreadsheetml.sheet.main+xml", "too_large",
            "the file is beyond what is read: the size of the file is 2 MB, the limit 1 MB",
        ),
    ],
)  # fmt: skip
def test_what_is_too_large_to_be_kept_is_told_by_its_beginning_and_directory(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str, part: str, code: str, message: str
) -> None:
    monkeypatch.setattr("reportctl.workbooks.inbox.READ_LIMIT", 1_000_000)
    monkeypatch.setattr("reportctl.workbooks.safety.FILE_LIMIT", 1_000_000)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("media/film.bin", os.urandom(2_000_000))
        archive.writestr("[Content_Types].xml", f"<Types>{part}</Types>")
    office.put(name, data.getvalue())
    assert [(one["code"], one["message"]) for one in _said(office)] == [(code, message)]
    assert not (office.root / "archive" / "files").exists()


def test_a_large_workbook_is_its_units_by_name(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("inbox.READ_LIMIT", "safety.FILE_LIMIT"):
        monkeypatch.setattr(f"reportctl.workbooks.{limit}", 10_000)
    office.put("01 Huyen 01.xlsx", office.book("01", 10) + bytes(20_000))
    (found,) = [one for one in office.merge().findings if one.file]
    assert (found.code, found.unit) == ("too_large", "01")
    assert "received, not readable" in office.run("status", Q1).out


@posix
def test_pipes_and_devices_are_skipped_by_every_command(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    os.mkfifo(_inbox(office, "ống.xlsx"))
    os.mkfifo(_inbox(office, "tệp.zip"))
    _inbox(office, "thiết bị.xlsx").symlink_to("/dev/zero")
    assert {(one["file"], one["message"]) for one in _said(office)} == {
        (name, "the file cannot be opened here: it is no ordinary file")
        for name in ("ống.xlsx", "tệp.zip", "thiết bị.xlsx")
    }
    for command in ("status", "summary", "export", "template"):
        ended = office.run(command, Q1)
        assert ended.code == 0, ended.err
        assert "not merged yet" not in ended.out + ended.err
    assert office.totals() == {("2024-Q1", "01"): 10}


@posix
@pytest.mark.parametrize("name", ["form.toml", "units.csv", "plan.csv", "decisions.csv", "report.docx"])
def test_a_pipe_in_place_of_a_file_is_a_sentence(office: Office, name: str) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    (office.root / name).unlink(missing_ok=True)
    os.mkfifo(office.root / name)
    ended = office.run("report" if name == "report.docx" else "summary", Q1)
    assert ended.code == 2
    assert f"{office.root / name} cannot be read: it is no ordinary file." in ended.err


# The ledger

DAMAGE = {
    "file names": "UPDATE submission SET file = CAST(x'ff41' AS TEXT)",
    "answers": "UPDATE answer SET raw = CAST(x'c3' AS TEXT), value = 'a' WHERE position = 1",
    "labels": "UPDATE label SET text = CAST(x'80' AS TEXT) WHERE id = 1",
    "findings": "UPDATE finding SET details = CAST(x'7bff7d' AS TEXT)",
    "details": "UPDATE finding SET details = '{\"a\": '",
    "days": "UPDATE submission SET received = '2024-13-40'",
    "times": "UPDATE submission SET modified = 'hôm qua'",
    "quarters": "UPDATE submission SET period = 'quý một'",
    "states": "UPDATE answer SET state = 7 WHERE position = 0",
    "codes": "UPDATE answer SET code = 999 WHERE position = 0",
    "sizes": "UPDATE hashed_file SET size = 'to'",
    "tables": "DROP TABLE answer",
}


def _as_before(office: Office, before: object) -> None:
    """One merge makes it good, and every command works again."""
    ended = office.run("merge", Q1)
    assert ended.code == 0, ended.err
    assert office.dump() == before
    for command in ("status", "summary", "export"):
        assert office.run(command, Q1).code == 0


@pytest.mark.parametrize("sql", DAMAGE.values(), ids=DAMAGE)
def test_a_ledger_with_broken_content_is_made_again_by_a_merge(office: Office, sql: str) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.put("b.xlsx", office.book("02", 1200, press_total="1.200"))
    office.merge()
    before = office.dump()
    with sqlite3.connect(office.root / "reportctl.db") as connection:
        assert connection.execute(sql).rowcount
    connection.close()
    for command in ("status", "summary", "export"):
        ended = office.run(command, Q1)
        assert ended.code == 0 or ended.err.rstrip().endswith("Run: reportctl merge"), ended.err
    _as_before(office, before)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _data: "không phải sổ số liệu".encode() * 500,
        lambda data: data[:100] + bytes(len(data) - 100),
        lambda data: data[:5000] + b"\xff" * 3000 + data[8000:],
        lambda data: data[: len(data) // 2],
        lambda data: data[:16] + os.urandom(84) + data[100:],
    ],
    ids=["garbage", "zeros", "a torn page", "half of it", "a random head"],
)
def test_a_ledger_of_garbage_is_made_again_by_a_merge(
    office: Office, spoil: Callable[[bytes], bytes]
) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    before, ledger = office.dump(), office.root / "reportctl.db"
    ledger.write_bytes(spoil(ledger.read_bytes()))
    _as_before(office, before)


def test_a_lock_whose_holder_is_garbage_says_what_to_delete(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    office.merge()
    lock = office.root / "reportctl.db.lock"
    with sqlite3.connect(lock) as connection:
        connection.execute("UPDATE holder SET who = CAST(x'ff' AS TEXT)")
    connection.close()
    ended = office.run("merge", Q1)
    assert ended.code in (0, 2)
    assert ended.code == 0 or f"{lock} cannot be used" in ended.err
    lock.unlink()
    assert office.run("merge", Q1).code == 0


# The archive


def _original(office: Office, data: bytes) -> Path:
    sha256 = digest(data)
    return office.root / "archive" / "files" / sha256[:2] / f"{sha256}.xlsx"


@pytest.mark.parametrize(
    "spoil",
    [lambda data: data[:-1] + b"?", lambda data: data[:100], lambda _data: b"", lambda _data: None],
    ids=["altered", "cut off", "empty", "gone"],
)
def test_an_altered_original_is_restored_from_the_same_file_in_the_inbox(
    office: Office, spoil: Callable[[bytes], bytes | None]
) -> None:
    data = office.book("01", 10)
    office.put("a.xlsx", data)
    office.merge()
    before, kept = office.dump(), _original(office, data)
    spoilt = spoil(data)
    kept.unlink() if spoilt is None else kept.write_bytes(spoilt)
    (office.root / "reportctl.db").unlink()
    merged = office.merge()
    assert [one.file for one in merged.findings if one.file] == []
    assert kept.read_bytes() == data
    assert office.dump() == before


def test_an_altered_original_is_restored_when_the_same_file_comes_again(office: Office) -> None:
    data = office.book("01", 10)
    path = office.put("a.xlsx", data)
    office.merge()
    path.unlink()
    kept = _original(office, data)
    kept.write_bytes(data[:-1] + b"?")
    (office.root / "reportctl.db").unlink()
    assert [one.code for one in office.merge().findings if one.file == "a.xlsx"][:1] == ["unreadable_file"]
    office.put("gửi lại/a.xlsx", data)
    office.merge()
    assert kept.read_bytes() == data
    assert office.totals() == {("2024-Q1", "01"): 10}


def test_what_was_put_into_another_quarters_folder_restores_it_too(office: Office) -> None:
    data = office.book("01", 10)
    path = office.put("a.xlsx", data)
    office.merge()
    kept = _original(office, data)
    kept.write_bytes(b"?")
    path.unlink()
    office.put("a.xlsx", data, Q4)
    (office.root / "reportctl.db").unlink()
    office.merge()
    assert kept.read_bytes() == data


# What killed runs left


def _plant(path: Path, age: float = 0.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return path


@posix
def test_a_merge_sweeps_what_killed_runs_left(office: Office) -> None:
    office.put("a.xlsx", office.book("01", 10))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    here = digest(platform.node().encode())[:8]
    left = [
        _plant(office.root / f".~{ended.pid}-0.csv"),
        _plant(office.root / "archive" / "files" / "ab" / f".~{ended.pid}-7-{here}.xlsx"),
        _plant(office.root / "output" / "2023-Q4" / f".~{ended.pid}-1-{here}.docx"),
        _plant(office.root / "outbox" / "2024-Q1" / ".~5-1-00000000.xlsx", age=7200),
    ]
    theirs = [
        _plant(office.root / "output" / "2024-Q1" / f".~{os.getppid()}-1-{here}.docx"),
        _plant(office.root / "archive" / ".~5-1-00000000.xlsx", age=60),
        _plant(office.root / ".~lock.plan.csv#", age=90_000),
        _plant(office.root / "output" / ".~ghi chú.docx", age=90_000),
        _plant(office.root / "inbox" / "2024-Q1" / f".~{ended.pid}-0.csv"),
    ]
    office.merge()
    assert [path.name for path in left if path.exists()] == []
    assert [path.name for path in theirs if not path.exists()] == []


@posix
def test_what_a_killed_write_left_goes_with_the_next_one(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal, sys\n"
        "from reportctl.core import files\n"
        "files.put_in_place = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "files.write_atomic(pathlib.Path(sys.argv[1]), b'half')\n"
    )
    target = tmp_path / "a.docx"
    ended = subprocess.run([sys.executable, "-c", script, str(target)], check=False)
    assert ended.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".~")
    write_atomic(target, b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


# The clock


@pytest.mark.parametrize(
    ("day", "said"), [(dt.date(1970, 1, 1), "1\xa0Jan 1970"), (dt.date(2108, 3, 2), "2\xa0Mar 2108")]
)
def test_a_clock_that_no_workbook_can_name_is_a_sentence(
    office: Office, run: Run, monkeypatch: pytest.MonkeyPatch, day: dt.date, said: str
) -> None:
    class Stopped(dt.date):
        @classmethod
        def today(cls) -> dt.date:
            return day

    monkeypatch.setattr("reportctl.ledger.session.dt.date", Stopped)
    for command in (("template", Q1), ("merge", Q1), ("status", Q1), ("init", office.root / "new")):
        ended = run("-w", office.root, *command)
        assert ended.code == 2
        assert (
            ended.err == f"The clock of this computer says that it is {said}. Set it right and try again.\n"
        )
    assert run("--version").code == 0
