"""`doctor`: what it finds out of a computer and a workspace, and how it ends."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from reportctl.doctor import gather
from reportctl.ledger import schema
from reportctl.ledger.lock import writer_lock
from tests.making import sample
from tests.making.commands import Said, run
from tests.making.held import forbid, sharing_violation
from tests.making.office import Office


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample after `reportctl demo`, not to be changed; a copy, for in each folder it is tried to write,
    which whoever copies the same one would see."""
    return Path(shutil.copytree(sample.demo(), tmp_path_factory.mktemp("doctor") / "demo"))


@pytest.fixture
def workspace(demo: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(demo, tmp_path / "workspace"))


def doctor(root: Path, *more: object) -> Said:
    return run("-w", root, "--lang", "en", "doctor", *more)


def found(root: Path) -> dict[str, tuple[str, str, str]]:
    """State, what and remedy by code; where there are several of one code, the last."""
    said = doctor(root, "--format", "json").json["checks"]
    return {one["check"]: (one["state"], one["what"], one["remedy"] or "") for one in said}


def test_the_sample_is_in_order(demo: Path) -> None:
    """But for the clock: its quarter is years ago; and for fonts, which depend on the machine."""
    said = doctor(demo, "--format", "json")
    assert (said.code, said.err) == (0, "")
    states = {one["check"]: one["state"] for one in said.json["checks"]}
    assert states.pop("fonts") in ("ok", "note")
    assert states.pop("clock") == "note"
    assert states.pop("console") in ("ok", "note")
    assert set(states.values()) == {"ok"}
    assert len(states) == 11


def test_nothing_is_changed(workspace: Path) -> None:
    def files() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in workspace.rglob("*") if path.is_file()}

    before = files()
    assert doctor(workspace).code == 0
    assert files() == before


@pytest.mark.parametrize("format_", ["table", "csv", "markdown", "json"])
def test_every_format(demo: Path, format_: str) -> None:
    said = doctor(demo, "--format", format_)
    assert said.code == 0
    assert "Python 3." in said.out
    if format_ == "csv":
        assert said.out.startswith("check,state,what,remedy\npython,ok,")


def test_in_vietnamese(demo: Path) -> None:
    said = run("-w", demo, "--lang", "vi", "doctor")
    for words in ("Cách xử lý", "Đồng hồ", "lưu ý", "Mẫu Word khớp với biểu mẫu"):
        assert words in said.out


def test_into_a_file(demo: Path, tmp_path: Path) -> None:
    said = doctor(demo, "--out", tmp_path / "máy.csv")
    assert (said.code, said.out) == (0, "")
    assert (tmp_path / "máy.csv").read_bytes().startswith(b"\xef\xbb\xbfcheck,state,")


def test_outside_of_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("--lang", "en", "doctor", "--format", "json")
    assert said.code == 0
    assert [one["check"] for one in said.json["checks"]] == [
        "python", "console", "fonts", "clock", "workspace"
    ]  # fmt: skip
    run("--lang", "en", "doctor", "--out", "a.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_workspace_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = doctor(tmp_path, "--format", "json")
    assert (said.code, said.json["checks"][-1]["state"]) == (1, "problem")
    assert f"{tmp_path} is no workspace" in said.json["checks"][-1]["what"]
    monkeypatch.setenv("REPORTCTL_WORKSPACE", str(tmp_path))
    assert run("--lang", "en", "doctor").code == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("reportctl.toml", "language = [", "reportctl.toml"),
        ("form.toml", "sections = 3\n", "form.toml"),
        ("units.csv", "code,name\n1,a\n", "units.csv"),
        ("plan.csv", "unit,indicator\n1,a\n", "plan.csv"),
    ],
)
def test_a_file_that_cannot_be_read(workspace: Path, name: str, text: str, said: str) -> None:
    (workspace / name).write_text(text, encoding="utf-8")
    state, what, _remedy = found(workspace)["settings"]
    assert (state, said in what) == ("problem", True)
    ended = doctor(workspace)
    assert (ended.code, ended.err) == (1, "")


@pytest.mark.parametrize("broken", [True, False])
def test_the_form_of_an_earlier_quarter_that_is_gone_or_cannot_be_read(workspace: Path, broken: bool) -> None:
    """Of the sample's quarters the last one is asked by the form of now."""
    for kept in (workspace / "archive" / "forms").glob("*.toml"):
        if broken:
            kept.write_text('id = "broken', encoding="utf-8")
        else:
            kept.unlink()
    said = run("-w", workspace, "--lang", "en", "doctor", "--format", "json")
    assert said.code == 1
    assert "2023-Q1, 2023-Q2, 2023-Q3, 2023-Q4. What they asked otherwise" in said.out
    assert "Put the folder archive back from a backup." in said.out


def test_report_and_form_apart(workspace: Path) -> None:
    (workspace / "report.docx").unlink()
    assert found(workspace)["report"][0] == "problem"
    assert "report.docx" in found(workspace)["report"][1]


@pytest.mark.parametrize(
    ("version", "state", "words"),
    [(schema.VERSION - 1, "problem", "older"), (schema.VERSION + 1, "problem", "newer")],
)
def test_another_versions_ledger(workspace: Path, version: int, state: str, words: str) -> None:
    with sqlite3.connect(workspace / "reportctl.db") as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    assert found(workspace)["ledger"][0] == state
    assert words in found(workspace)["ledger"][1]


@pytest.mark.slow
def test_a_ledger_that_is_gone_or_damaged(workspace: Path) -> None:
    path = workspace / "reportctl.db"
    path.write_bytes(b"nothing that SQLite knows " * 100)
    assert found(workspace)["ledger"][1] == "reportctl.db is damaged."
    path.unlink()
    assert found(workspace)["ledger"][::2] == (
        "problem",
        "It is made again, with the same figures, by: reportctl merge",
    )
    assert not path.exists()
    assert run("-w", workspace, "merge").code in (0, 1)
    assert found(workspace)["ledger"][0] == "ok"


def test_a_merge_under_way_and_one_that_was_broken_off(workspace: Path) -> None:
    with writer_lock(workspace / "reportctl.db.lock", "lan"):
        state, what, remedy = found(workspace)["lock"]
    assert (state, "A merge by lan on" in what, "reportctl.db.lock" in remedy) == ("note", True, True)
    (workspace / "reportctl.db-journal").write_bytes(b"")
    assert found(workspace)["lock"][1].startswith("A merge was broken off")


def test_lock_files_of_office_programs(workspace: Path) -> None:
    folder = workspace / "output" / "2024-Q1"
    (folder / "~$port-2024-Q1.docx").write_bytes(b"")
    (workspace / ".~lock.units.csv#").write_bytes(b"")
    (workspace / "~$nothing.xlsx").write_bytes(b"")
    state, what, remedy = found(workspace)["open"]
    assert state == "note"
    assert what == "Open in another program: output/2024-Q1/report-2024-Q1.docx, units.csv."
    assert "output/2024-Q1/~$port-2024-Q1.docx, .~lock.units.csv#" in remedy


@pytest.mark.parametrize("says_so", [True, False])
def test_a_file_that_windows_says_is_held(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, *, says_so: bool
) -> None:
    """Or of which it says no more than that it is not permitted."""
    real = Path.open

    def opened(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if path.name == "decisions.csv" and mode == "r+b":
            raise sharing_violation(path) if says_so else PermissionError(13, "Permission denied", str(path))
        return real(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", opened)
    assert found(workspace)["open"][:2] == (
        "problem",
        "Open in another program: decisions.csv. No merge or decision can be written.",
    )


def test_folders_that_may_not_be_written_in(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, workspace / "output", workspace / "output" / "2024-Q1")
    said = [
        one["what"]
        for one in doctor(workspace, "--format", "json").json["checks"]
        if one["check"] == "rights"
    ]
    assert said[0] == (
        f"This account may not write in the folder {workspace / 'output'} (Permission denied). "
        "Ask whoever administers it for the right to, or choose another folder."
    )
    assert any(str(workspace / "output" / "2024-Q1") in one for one in said)
    assert doctor(workspace).code == 1


def test_a_file_marked_read_only(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a super-user no such mark stops anything, so the system's answer is said for it."""
    real = Path.open

    def opened(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if path.name == "decisions.csv" and mode == "r+b":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, mode, *more, **named)

    (workspace / "decisions.csv").chmod(0o444)
    monkeypatch.setattr(Path, "open", opened)
    assert "it is marked read-only" in found(workspace)["rights"][1]


def test_little_room(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9, 5_400_000))
    assert found(workspace)["disk"][:2] == ("problem", "5 MB are left.")


def test_a_clock_behind_the_files(workspace: Path) -> None:
    later = dt.datetime.now() + dt.timedelta(days=30)
    os.utime(workspace / "decisions.csv", (later.timestamp(), later.timestamp()))
    state, what, _remedy = found(workspace)["clock"]
    assert (state, "decisions.csv was written at" in what) == ("problem", True)
    # What units have saved with clocks of their own says nothing of this one.
    shutil.copystat(workspace / "form.toml", workspace / "decisions.csv")
    received = next(path for path in (workspace / "inbox").rglob("*.xlsx"))
    os.utime(received, (later.timestamp(), later.timestamp()))
    assert found(workspace)["clock"][0] == "note"


def test_a_clock_that_no_workbook_can_name(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other commands stop there; this one says all else, too."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Clock:
            del tz
            return cls(1970, 1, 1)

    class Day(dt.date):
        @classmethod
        def today(cls) -> Day:
            return cls(1970, 1, 1)

    monkeypatch.setattr(dt, "datetime", Clock)
    monkeypatch.setattr(dt, "date", Day)
    said = doctor(workspace, "--format", "json")
    assert said.code == 1
    assert {one["check"]: one["state"] for one in said.json["checks"]}["clock"] == "problem"


def test_a_syncing_folder_and_its_copies(demo: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(demo, tmp_path / "OneDrive - VP" / "workspace"))
    assert "OneDrive" in found(root)["syncing"][1]
    (root / "decisions-PC2.csv").write_bytes((root / "decisions.csv").read_bytes())
    said = doctor(root, "--format", "json")
    assert [one["check"] for one in said.json["checks"]].count("syncing") == 2
    assert said.err == ""  # it stands in the list, and only there


def test_fonts_of_the_document(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.making.word_documents import SECTION, docx, p

    fonts = '<w:rPr><w:rFonts w:ascii="Nowhere Serif" w:hAnsi="Nowhere Serif"/></w:rPr>'
    document = docx(p(f"<w:r>{fonts}<w:t>{{{{press_total}}}}</w:t></w:r>") + SECTION)
    (office.root / "report.docx").write_bytes(document)

    def listed(*_given: object, **_more: object) -> Any:
        return subprocess.CompletedProcess([], 0, b"Times New Roman,Times\nArial\n")

    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/fc-list")
    monkeypatch.setattr(subprocess, "run", listed)
    state, what, _remedy = found(office.root)["fonts"]
    assert (state, "Nowhere Serif" in what) == ("note", True)
    assert gather._fonts_of_fontconfig() == {"times new roman", "times", "arial"}
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert found(office.root)["fonts"][1] == "This computer does not say which fonts it has."


def test_the_json_is_one_object(demo: Path) -> None:
    said = json.loads(doctor(demo, "--format", "json").out)
    assert all(set(one) == {"check", "state", "what", "remedy"} for one in said["checks"])
