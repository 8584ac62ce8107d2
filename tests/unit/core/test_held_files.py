"""Files that other programs look at or hold: waiting for them, and what is said where that is in vain."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from reportctl.core import files
from reportctl.core.errors import ReportctlError, cannot_read
from reportctl.core.files import (
    UnwritableError,
    cannot_write,
    open_elsewhere,
    patiently,
    plain_name,
    put_off,
    read_file,
    refuse_name,
    write_atomic,
)
from reportctl.core.outputs import WRITTEN, Outputs
from tests.making.held import held, hold_from_reading, hold_from_replacing, hurry, sharing_violation

# Short locks


def test_a_file_that_is_held_for_a_moment_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = hurry(monkeypatch)
    hold_from_replacing(monkeypatch, held("a.csv", times=2))
    write_atomic(tmp_path / "a.csv", b"new")
    assert (tmp_path / "a.csv").read_bytes() == b"new"
    assert len(waited) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_that_stays_held_is_given_up_after_three_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = hurry(monkeypatch)
    (tmp_path / "a.csv").write_bytes(b"old")
    hold_from_replacing(monkeypatch, held("a.csv"))
    with pytest.raises(
        UnwritableError, match=r"a\.csv cannot be written: it is open in another program\. Close"
    ):
        write_atomic(tmp_path / "a.csv", b"new")
    assert 2.5 < sum(waited) < 3.5
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.csv", b"old")]


def test_a_file_that_is_held_for_a_moment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    (tmp_path / "a.csv").write_bytes(b"x")
    hold_from_reading(monkeypatch, held("a.csv", times=2))
    assert read_file(tmp_path / "a.csv") == b"x"


def test_nobody_waits_for_what_is_not_there_or_not_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = hurry(monkeypatch)
    with pytest.raises(ReportctlError, match="No such file"):
        read_file(tmp_path / "none.csv")
    monkeypatch.setattr(os, "access", lambda _path, _use: False)
    with pytest.raises(PermissionError):
        patiently(lambda: (_ for _ in ()).throw(sharing_violation("a")), tmp_path)
    assert waited == []


def test_a_temporary_file_that_cannot_be_removed_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    (tmp_path / "a.csv").write_bytes(b"old")
    hold_from_replacing(monkeypatch, held("a.csv"))

    def unlink(path: Path, **_missing_ok: bool) -> None:
        raise sharing_violation(path)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(UnwritableError, match="open in another program"):
        write_atomic(tmp_path / "a.csv", b"new")


# The same at once


def test_who_comes_second_with_the_same_content_has_succeeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = hurry(monkeypatch)
    real = os.replace

    def replace(source: str, target: str) -> None:
        real(source, target)  # the other thread, which had the same bytes
        raise sharing_violation(target)

    monkeypatch.setattr(os, "replace", replace)
    write_atomic(tmp_path / "a.xlsx", b"same")
    assert waited == []
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.xlsx", b"same")]


@pytest.mark.parametrize("present", [None, b"old"])
def test_pieces_cannot_be_put_where_a_file_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: bytes | None
) -> None:
    hurry(monkeypatch)
    with Outputs(tmp_path) as outputs:
        if present:
            outputs.save(tmp_path / "values.csv", present)
        hold_from_replacing(monkeypatch, held("values.csv"))
        with pytest.raises(UnwritableError, match="open in another program"):
            outputs.save_pieces(tmp_path / "values.csv", [b"one", b"two"])
    there = [(path.name, path.read_bytes()) for path in tmp_path.iterdir() if path.suffix == ".csv"]
    assert there == ([("values.csv", present)] if present else [])


def test_who_comes_second_with_the_same_pieces_has_succeeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)

    def replace(source: Path, target: Path) -> None:
        Path(target).write_bytes(Path(source).read_bytes())  # the other process
        raise sharing_violation(target)

    monkeypatch.setattr(os, "replace", replace)
    with Outputs(tmp_path) as outputs:
        outputs.save_pieces(tmp_path / "values.csv", [b"one", b"two"])
        monkeypatch.undo()
    there = [(path.name, path.read_bytes()) for path in tmp_path.iterdir() if path.suffix == ".csv"]
    assert there == [("values.csv", b"onetwo")]


def test_who_comes_second_with_other_content_has_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    (tmp_path / "a.xlsx").write_bytes(b"same")
    hold_from_replacing(monkeypatch, held("a.xlsx"))
    with pytest.raises(UnwritableError):
        write_atomic(tmp_path / "a.xlsx", b"diff")


def test_many_threads_put_the_same_in_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows lets one of them through and refuses the others while it is at it."""
    real, busy = os.replace, threading.Lock()
    refused: list[str] = []

    def replace(source: str, target: str) -> None:
        if not busy.acquire(blocking=False):
            refused.append(target)
            raise sharing_violation(target)
        try:
            threading.Event().wait(0.02)
            real(source, target)
        finally:
            busy.release()

    monkeypatch.setattr(os, "replace", replace)
    failed: list[BaseException] = []

    def write() -> None:
        try:
            write_atomic(tmp_path / "ab" / "a.xlsx", b"same" * 1000)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert refused
    assert [path.name for path in (tmp_path / "ab").iterdir()] == ["a.xlsx"]


# What was written last


def test_a_list_that_is_held_for_a_moment_makes_no_second_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    with Outputs(tmp_path) as outputs:
        outputs.save(tmp_path / "report.docx", b"one")
    hold_from_reading(monkeypatch, held(WRITTEN, times=2))
    with Outputs(tmp_path) as outputs:
        assert outputs.save(tmp_path / "report.docx", b"two").path.name == "report.docx"


def test_a_list_that_stays_held_stops_the_run_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    with Outputs(tmp_path) as outputs:
        outputs.save(tmp_path / "report.docx", b"one")
    hold_from_reading(monkeypatch, held(WRITTEN))
    with pytest.raises(ReportctlError, match="it is open in another program"):
        Outputs(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [WRITTEN, "report.docx"]


def test_a_list_that_cannot_be_written_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    with Outputs(tmp_path) as outputs:
        outputs.save(tmp_path / "report.docx", b"one")
        outputs.save(tmp_path / "other.docx", b"one")
    with monkeypatch.context() as held_meanwhile:
        hold_from_replacing(held_meanwhile, held(WRITTEN))
        for content in (b"two", b"three"):
            with Outputs(tmp_path) as outputs:
                assert outputs.save(tmp_path / "report.docx", content).path.name == "report.docx"
    with Outputs(tmp_path) as outputs:
        assert outputs.save(tmp_path / "report.docx", b"four").path.name == "report.docx"
        assert outputs.save(tmp_path / "other.docx", b"two").path.name == "other.docx"
    assert sorted(path.name for path in tmp_path.iterdir()) == [WRITTEN, "other.docx", "report.docx"]


def test_a_file_of_the_workspace_is_known_by_whatever_way_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with Outputs(tmp_path / "real") as outputs:
        outputs.save(tmp_path / "real" / "a.csv", b"one")
        assert outputs.save(tmp_path / "link" / "a.csv", b"two").kept is None


# Each obstacle by its own name


def _error(kind: type[OSError], code: int, winerror: int | None = None) -> OSError:
    error = kind(code, os.strerror(code), "x")
    if winerror is not None:
        error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


DENIED = _error(PermissionError, errno.EACCES, 5)
HELD = _error(PermissionError, errno.EACCES, 32)
GONE = _error(FileNotFoundError, errno.ENOENT, 3)


def test_why_a_file_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    assert "open in another program. Close it" in str(cannot_write(path, HELD))
    path.chmod(0o444)
    assert "it is marked read-only. Take that mark away" in str(cannot_write(path, DENIED))
    (tmp_path / "folder").mkdir()
    assert "there is a folder of that name" in str(cannot_write(tmp_path / "folder", DENIED))
    said = cannot_write(tmp_path / "new.csv", DENIED, folder=True)
    assert f"this account may not write in the folder {tmp_path} (Permission denied). Ask" in str(said)
    assert not isinstance(said, UnwritableError)  # nor will any other file be written there
    full = cannot_write(path, _error(OSError, errno.ENOSPC))
    assert "No space left on device" in str(full)
    assert not isinstance(full, UnwritableError)


@pytest.mark.parametrize("length", [260, 400])
def test_a_path_that_is_too_long_for_windows(tmp_path: Path, length: int) -> None:
    path = tmp_path / "x" / ("n" * 40)
    path = path.with_name("n" * (length - len(str(path.parent)) - 1))
    assert len(str(path)) == length
    said = f"its name or its path is too long ({length} characters; Windows takes 259 at most). Shorten"
    for folder in (False, True):
        assert said in str(cannot_write(path, GONE, folder=folder))
    assert said not in str(cannot_write(path.with_name("n"), GONE))


def test_a_long_path_that_is_really_not_there_is_not_said_to_be_too_long(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 240) / "a.xlsx"
    path.parent.mkdir()
    assert "No such file" in str(cannot_read(path, GONE))
    path.write_bytes(b"x")  # it is listed there, and cannot be opened all the same
    assert "too long" in str(cannot_read(path, GONE))


def test_a_name_that_is_too_long_here(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError, match="its name or its path is too long"):
        write_atomic(tmp_path / ("n" * 300), b"x")


def test_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    assert "it is open in another program. Close it" in str(cannot_read(path, HELD))
    assert "this account may not open it (Permission denied). Ask" in str(cannot_read(path, DENIED))
    assert "this account may not open it" in str(cannot_read(tmp_path, _error(PermissionError, errno.EACCES)))


def test_a_folder_that_may_not_be_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_folder = _error(IsADirectoryError, errno.EISDIR)
    assert "cannot be read: Is a directory" in str(cannot_read(tmp_path, is_folder))

    def listdir(path: Path) -> list[str]:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "listdir", listdir)
    assert "this account may not open it" in str(cannot_read(tmp_path, is_folder))


def test_a_folder_without_rights_is_said_to_be_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    (tmp_path / "a.csv").write_bytes(b"x")  # which is not what stands in the way
    real = Path.open

    def open_(path: Path, mode: str = "r", *more: object, **named: object) -> object:
        if "x" in mode:
            raise PermissionError(errno.EACCES, "Access is denied", str(path))
        return real(path, mode, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_)
    with pytest.raises(ReportctlError, match="may not write in the folder") as raised:
        write_atomic(tmp_path / "a.csv", b"new")
    assert not isinstance(raised.value, UnwritableError)


def test_only_what_is_wrong_with_one_file_is_put_off() -> None:
    problems: list[str] = []
    with put_off(problems):
        raise UnwritableError("a")
    with pytest.raises(ReportctlError, match="b"), put_off(problems):
        raise ReportctlError("b")
    assert problems == ["a"]


# Names


@pytest.mark.parametrize("name", ["COM1", "aux.xlsx", "Nul.tar.gz", "lpt9 .csv", "con", "COM¹.csv", "prn:x"])
def test_names_of_devices_are_refused_and_avoided(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReportctlError, match=r"Windows keeps the name .* for a device\. Choose"):
        write_atomic(tmp_path / name, b"x")
    with Outputs(tmp_path) as outputs, pytest.raises(ReportctlError, match="for a device"):
        outputs.save(tmp_path / name, b"x")
    assert list(tmp_path.iterdir()) == []
    refuse_name(tmp_path / plain_name(name))


@pytest.mark.parametrize("name", ["COM10", "auxiliary.xlsx", "com.xlsx", "a.con", "CON_.csv"])
def test_names_that_only_look_like_devices_are_taken(tmp_path: Path, name: str) -> None:
    write_atomic(tmp_path / name, b"x")


@pytest.mark.parametrize("name", ["Quý I: bản 2.docx", "a?.csv", "a. ", "b."])
def test_what_windows_would_make_another_name_of_is_refused_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_atomic(tmp_path / name, b"x")
    monkeypatch.setattr(files, "_WINDOWS", True)
    with pytest.raises(ReportctlError, match="on Windows a name has none of the signs"):
        write_atomic(tmp_path / name, b"x")
    with pytest.raises(ReportctlError, match="the name “Aux” for a device"):
        write_atomic(tmp_path / "Aux" / "a.csv", b"x")


# Who has a file open


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("bao.docx", "~$bao.docx"),  # Word up to six letters
        ("baocao.docx", "~$baocao.docx"),
        ("bao-cao.docx", "~$ao-cao.docx"),  # seven: the first one gives way
        ("bao-cao1.docx", "~$o-cao1.docx"),  # eight and more: the first two
        ("report-2024-Q1.docx", "~$port-2024-Q1.docx"),
        ("report-2024-Q1.docx", "~$report-2024-Q1.docx"),  # WPS
        ("bao-cao.docx", ".~lock.bao-cao.docx#"),  # LibreOffice
    ],
)
def test_the_lock_files_of_office_programs(tmp_path: Path, name: str, lock: str) -> None:
    assert open_elsewhere(tmp_path / name) is None
    (tmp_path / lock).write_text("x")
    assert open_elsewhere(tmp_path / name) == tmp_path / lock


def test_the_lock_file_of_another_document_is_none_of_this(tmp_path: Path) -> None:
    (tmp_path / "~$eport.docx").write_text("x")
    assert open_elsewhere(tmp_path / "report-2.docx") is None
    assert open_elsewhere(tmp_path / "xreport-2.docx") is None
