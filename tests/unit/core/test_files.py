"""Writing without losing anybody's work; safe names."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.errors import ReportctlError
from reportctl.core.files import free_name, plain_name, write_atomic
from reportctl.core.outputs import Outputs
from tests.making.machine import posix


def put(root: Path, name: str, data: bytes) -> str:
    with Outputs(root) as outputs:
        return outputs.save(root / name, data).path.name


def test_own_output_is_replaced(tmp_path: Path) -> None:
    assert put(tmp_path, "report.docx", b"one") == "report.docx"
    assert put(tmp_path, "report.docx", b"two") == "report.docx"
    assert (tmp_path / "report.docx").read_bytes() == b"two"


def test_a_file_that_somebody_changed_stays(tmp_path: Path) -> None:
    put(tmp_path, "report.docx", b"one")
    (tmp_path / "report.docx").write_bytes(b"edited by hand")
    with Outputs(tmp_path) as outputs:
        saved = outputs.save(tmp_path / "report.docx", b"two")
    assert saved.path.name == "report (2).docx"
    assert "report.docx was changed by somebody" in saved.remark
    assert (tmp_path / "report.docx").read_bytes() == b"edited by hand"
    # The second one is ours and may be replaced; the edited one still stays.
    assert put(tmp_path, "report.docx", b"three") == "report (2).docx"
    assert (tmp_path / "report (2).docx").read_bytes() == b"three"
    (tmp_path / "report (2).docx").write_bytes(b"edited too")
    assert put(tmp_path, "report.docx", b"four") == "report (3).docx"


def test_a_file_that_was_there_before_stays(tmp_path: Path) -> None:
    (tmp_path / "merged.xlsx").write_bytes(b"the office's own")
    assert put(tmp_path, "merged.xlsx", b"ours") == "merged (2).xlsx"


def test_the_same_content_is_no_second_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"same")
    assert put(tmp_path, "a.csv", b"same") == "a.csv"
    assert [path.name for path in tmp_path.glob("a*")] == ["a.csv"]


def test_what_was_written_is_remembered_when_the_run_fails(tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with Outputs(tmp_path) as outputs:
            outputs.save(tmp_path / "a.csv", b"one")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert put(tmp_path, "a.csv", b"two") == "a.csv"


MANY = [bytes([number]) * 3_000_000 for number in range(8)]  # more than is put on the disk at once


@pytest.mark.parametrize("pieces", [[], [b""], [b"one", b"", b"two"], MANY])
def test_what_is_written_in_pieces_is_what_they_are_together(tmp_path: Path, pieces: list[bytes]) -> None:
    path = tmp_path / "q1" / "values.csv"
    with Outputs(tmp_path) as outputs:
        saved = outputs.save_pieces(path, iter(pieces), "one")
    assert (saved.path, saved.kept) == (path, None)
    assert path.read_bytes() == b"".join(pieces)
    assert [one.name for one in path.parent.iterdir()] == ["values.csv"]
    with Outputs(tmp_path) as outputs:
        assert outputs.is_made(path, "one")
        assert outputs.save_pieces(path, iter(pieces), "two").path == path  # the same stays as it is
        assert outputs.save(path, b"new").path == path  # it is known as ours


def test_pieces_replace_only_what_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_bytes(b"the office's own")
    for pieces in (MANY, [b"few"]):
        with Outputs(tmp_path) as outputs:
            saved = outputs.save_pieces(path, pieces)
        assert (saved.path.name, saved.kept) == ("values (2).csv", path)
        assert saved.path.read_bytes() == b"".join(pieces)
    assert path.read_bytes() == b"the office's own"
    assert {one.name for one in tmp_path.glob("*.csv")} == {"values.csv", "values (2).csv"}


@pytest.mark.parametrize("made", [0, 1, 7])
def test_pieces_that_cannot_all_be_made_leave_the_old_file(tmp_path: Path, made: int) -> None:
    put(tmp_path, "values.csv", b"old")

    def pieces() -> Iterator[bytes]:
        yield from MANY[:made]
        raise ReportctlError("the ledger is broken")

    with pytest.raises(ReportctlError, match="the ledger is broken"), Outputs(tmp_path) as outputs:
        outputs.save_pieces(tmp_path / "values.csv", pieces())
    assert (tmp_path / "values.csv").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv"] == ["values.csv"]
    assert put(tmp_path, "values.csv", b"new") == "values.csv"


@pytest.mark.parametrize("at", [1, 2])
def test_pieces_that_the_disk_has_no_room_for_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    flushes = itertools.count(1)

    def full(_file: int) -> None:
        if next(flushes) > at:  # the first is of nothing
            raise OSError(errno.ENOSPC, "No space left on device")

    with Outputs(tmp_path) as outputs:
        outputs.save(tmp_path / "values.csv", b"old")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(ReportctlError, match=r"values\.csv cannot be written: .*disk"):
            outputs.save_pieces(tmp_path / "values.csv", MANY)
        monkeypatch.undo()
    assert (tmp_path / "values.csv").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv"] == ["values.csv"]


@pytest.mark.parametrize("pieces", [[b"same"], MANY])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_pieces_that_are_there_already_need_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: list[bytes], at: int
) -> None:
    """Also where nothing can be put into the folder at all (0)."""
    flushes, real = itertools.count(1), Path.open

    def full(_file: int) -> None:
        if next(flushes) > at:
            raise OSError(errno.ENOSPC, "No space left on device")

    def open_(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if "x" in mode and at == 0:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return real(path, mode, *more, **named)

    with Outputs(tmp_path) as outputs:
        outputs.save_pieces(tmp_path / "values.csv", pieces, "one")
        monkeypatch.setattr(os, "fsync", full)
        monkeypatch.setattr(Path, "open", open_)
        assert outputs.save_pieces(tmp_path / "values.csv", pieces, "two").path == tmp_path / "values.csv"
        with pytest.raises(ReportctlError, match=r"values\.csv cannot be written"):
            outputs.save_pieces(tmp_path / "values.csv", [*pieces, b"more"], "three")
        monkeypatch.undo()
        assert outputs.is_made(tmp_path / "values.csv", "two")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv"] == ["values.csv"]


@pytest.mark.skipif(os.name == "nt", reason="folder rights work differently on Windows")
def test_a_failed_write_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ReportctlError, match="cannot be written"):
        write_atomic(tmp_path / "file" / "a.txt", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_new_file_can_be_read_by_the_office(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a.txt", b"x")
    (tmp_path / "plain").write_bytes(b"x")
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("001 Huyện Đông Giang", "001 Huyen Dong Giang"),
        ("Báo “Sự thật” / Đài: số 1?", "Bao Su that _ Dai_ so 1_"),
        ("../../etc", "_.._etc"),
        ("con", "con_"),
        ("...", "_"),
        ("a\x1b[31m\nb", "a[31mb"),
    ],
)
def test_plain_names(text: str, name: str) -> None:
    assert plain_name(text) == name


@given(st.text())
def test_a_plain_name_stays_in_its_folder(text: str) -> None:
    name = plain_name(text)
    assert name
    assert Path(name).name == name
    assert name not in {".", ".."}
    assert name.isascii()


def test_what_was_made_from_the_same_and_is_still_there_need_not_be_made_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with Outputs(tmp_path) as outputs:
        assert not outputs.is_made(path, "one")
        outputs.save(path, b"1", "one")
        outputs.save(tmp_path / "b.csv", b"1")
    with Outputs(tmp_path) as outputs:
        assert outputs.is_made(path, "one")
        assert not outputs.is_made(path, "two")
        assert not outputs.is_made(tmp_path / "b.csv", "one")
        path.write_bytes(b"2")
        assert not outputs.is_made(path, "one")
        path.unlink()
        assert not outputs.is_made(path, "one")


def test_a_name_that_is_taken_gets_the_first_free_number() -> None:
    taken = {"a", "a-2", "a-4"}
    assert free_name("b", taken, "-{}") == "b"
    assert free_name("A", taken, "-{}") == "A-3"


def test_a_numbered_name_is_no_longer_than_allowed() -> None:
    long = "x" * 31
    assert free_name(long, {long}, " ({})", 31) == "x" * 27 + " (2)"
    assert free_name("Tin bài " * 4, {("Tin bài " * 4).lower()}, " ({})", 12) == "Tin bài (2)"


# A folder that is made anew as a whole


def fill(root: Path, files: dict[str, bytes], name: str = "values") -> str:
    def into(folder: Path) -> None:
        for file, data in files.items():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(data)

    with Outputs(root) as outputs:
        return outputs.save_folder(root / name, into).path.name


def holds(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_folder_of_ours_is_replaced_as_a_whole(tmp_path: Path) -> None:
    assert fill(tmp_path, {"q1/a": b"1", "q2/a": b"2"}) == "values"
    assert fill(tmp_path, {"q2/a": b"3", "q3/a": b"4"}) == "values"
    assert holds(tmp_path / "values") == {"q2/a": b"3", "q3/a": b"4"}
    assert not (tmp_path / "values" / "q1").exists()
    (tmp_path / "values" / "q3" / "a").unlink()  # nobody's work is in what is gone
    assert fill(tmp_path, {"q1/a": b"5"}) == "values"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".reportctl-written.json", "values"]


@pytest.mark.parametrize("name", ["q1/a", "q1/notes.txt", "own/notes.txt"])
def test_a_folder_in_which_somebody_has_anything_stays(tmp_path: Path, name: str) -> None:
    fill(tmp_path, {"q1/a": b"1"})
    theirs = tmp_path / "values" / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_bytes(b"somebody's")
    before = holds(tmp_path / "values")
    assert fill(tmp_path, {"q1/a": b"2"}) == "values (2)"
    assert fill(tmp_path, {"q1/a": b"3"}) == "values (2)"  # that one is ours
    assert holds(tmp_path / "values") == before
    assert holds(tmp_path / "values (2)") == {"q1/a": b"3"}


def test_a_folder_that_was_there_before_stays(tmp_path: Path) -> None:
    (tmp_path / "values").mkdir()
    assert fill(tmp_path, {"a": b"1"}) == "values"  # an empty one holds nothing of anybody's
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").write_bytes(b"1")  # the same, and yet not known to be ours
    assert fill(tmp_path, {"a": b"1"}, "out") == "out (2)"
    (tmp_path / "file").write_bytes(b"x")
    assert fill(tmp_path, {"a": b"1"}, "file") == "file (2)"
    assert (tmp_path / "file").read_bytes() == b"x"


@posix
def test_links_in_a_folder_are_somebodys_and_a_link_to_it_is_followed(tmp_path: Path) -> None:
    fill(tmp_path, {"a": b"1"})
    (tmp_path / "values" / "theirs").symlink_to(tmp_path)
    assert fill(tmp_path, {"a": b"2"}) == "values (2)"
    (tmp_path / "large").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "large")
    assert fill(tmp_path, {"a": b"3"}, "linked") == "large"
    assert fill(tmp_path, {"a": b"4"}, "linked") == "large"
    assert holds(tmp_path / "large") == {"a": b"4"}
    assert (tmp_path / "linked").is_symlink()


def test_a_folder_that_cannot_be_filled_leaves_the_old_one(tmp_path: Path) -> None:
    fill(tmp_path, {"a": b"1"})

    def failing(folder: Path) -> None:
        (folder / "half").write_bytes(b"2")
        raise ReportctlError("no room")

    with pytest.raises(ReportctlError, match="no room"), Outputs(tmp_path) as outputs:
        outputs.save_folder(tmp_path / "values", failing)
    assert holds(tmp_path / "values") == {"a": b"1"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".reportctl-written.json", "values"]
    assert fill(tmp_path, {"a": b"3"}) == "values"


def test_a_folder_that_cannot_be_put_there_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where another program has a file of it open, on Windows."""
    fill(tmp_path, {"a": b"1"})
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if target.name == "values" and (path / "a").read_bytes() == b"2":
            raise OSError(errno.ENOTEMPTY, "held", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(ReportctlError, match="cannot be written"):
        fill(tmp_path, {"a": b"2"})
    assert holds(tmp_path / "values") == {"a": b"1"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".reportctl-written.json", "values"]
    monkeypatch.undo()
    assert fill(tmp_path, {"a": b"3"}) == "values"


@posix
def test_what_a_killed_run_left_of_a_folder_is_removed(tmp_path: Path) -> None:
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    left = tmp_path / f".~{killed.pid}-0"
    (left / "q1").mkdir(parents=True)
    (left / "q1" / "a").write_bytes(b"half")
    fill(tmp_path, {"a": b"1"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".reportctl-written.json", "values"]
