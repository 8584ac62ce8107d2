"""The file that opens the menu by double click: bytes that the Windows command processor reads rightly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportctl.core import language
from reportctl.workspace import double_click
from reportctl.workspace.double_click import LAUNCHER, launcher, program_place, write_launcher

PLACE = r"C:\Bạn & tôi\100% (mới)!\reportctl.exe"


def lines(place: str = PLACE, spoken: str = "vi") -> list[str]:
    data = launcher(place, spoken)
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    return data.decode("utf-8").split("\r\n")[:-1]


def test_letters_stand_only_behind_the_line_that_changes_the_code_page() -> None:
    data = launcher(PLACE)
    head, changes, rest = data.partition(b"chcp 65001 >nul\r\n")
    assert changes
    assert head.isascii()
    assert head.startswith(b"@echo off\r\n")  # no mark before it: that would be a command
    assert not rest.isascii()
    assert "Bạn & tôi" in rest.decode("utf-8")


def test_the_place_is_written_so_that_it_is_read_as_it_is() -> None:
    """`%` stands twice, all else in quotation marks, and `!` means nothing."""
    written = r"C:\Bạn & tôi\100%% (mới)!\reportctl.exe"
    assert f'if not defined reportctl if exist "{written}" set "reportctl={written}"' in lines()
    assert lines()[1] == "setlocal DisableDelayedExpansion"
    shown = [line for line in lines() if written in line]
    assert len(shown) == 2
    assert all(f'"{written}"' in line or f'={written}"' in line for line in shown)


def test_the_path_comes_first_and_the_folder_of_the_file_is_none_of_it() -> None:
    """A program of that name in a shared folder is not run: only PATH is looked through."""
    at = {line: number for number, line in enumerate(lines())}
    path = 'if not defined reportctl for %%P in (reportctl.exe) do set "reportctl=%%~$PATH:P"'
    place = next(number for line, number in at.items() if "if exist" in line)
    assert at['pushd "%~dp0"'] < at[path] < place < at["cmd /k"]
    assert not any(line.startswith(("reportctl", "call ", "goto ", ":")) for line in lines())


def test_no_line_has_a_bracket_that_a_folders_name_could_close() -> None:
    for line in lines():
        bare = re.sub(r'"[^"]*"', "", line)
        assert bare.count("(") == bare.count(")")
        assert "(" not in re.sub(r"in \([^)]*\)", "", bare)


@pytest.mark.parametrize("spoken", ["vi", "en"])
@pytest.mark.parametrize("place", ["", PLACE])
def test_sentences_hold_nothing_that_is_no_letter_to_the_command_processor(spoken: str, place: str) -> None:
    said = [line.partition(" echo ")[2] for line in lines(place, spoken) if " echo " in line]
    assert len(said) >= 4
    for sentence in said:
        assert not set(re.sub(r'"[^"]*"', "", sentence)) & set('&|<>^%"()!')
    assert 'reportctl -w "%CD%" menu' in said


@pytest.mark.parametrize("place", ["", PLACE])
def test_after_the_menu_the_window_takes_commands_of_the_program(place: str) -> None:
    """`cmd /k` stays open, in the folder that `popd` leaves only behind it; the program's folder is on PATH
    whichever way it was found, and the file does not end in a `pause` that closes it."""
    written = lines(place)
    on_path = 'if defined reportctl for %%P in ("%reportctl%") do set "PATH=%%~dpP;%PATH%"'
    menu = [
        number for number, line in enumerate(written) if line.endswith((" menu", ' menu"')) and "for" in line
    ]
    found = max(
        number for number, line in enumerate(written) if line.startswith("if not defined reportctl for")
    )
    assert found < written.index(on_path) < min(menu)
    assert len(menu) == 2
    assert max(menu) < written.index("cmd /k") == len(written) - 2
    assert written[-1] == "popd"


@pytest.mark.parametrize("spoken", ["vi", "en"])
def test_the_language_of_the_workspace_takes_the_place_of_the_computers(spoken: str) -> None:
    assert f'if not defined LANG set "LANG={spoken}"' in lines(spoken=spoken)


def test_it_speaks_the_language_of_the_workspace() -> None:
    language.use("en")
    assert any("Không tìm thấy chương trình reportctl" in line for line in lines(spoken="vi"))
    assert any("was not found on this computer" in line for line in lines(spoken="en"))


def test_where_the_program_is(tmp_path: Path) -> None:
    """Called by its name; by a Python in a folder below it; by one in a virtual environment."""
    home = tmp_path / "Chương trình"
    (home / "python").mkdir(parents=True)
    python = home / "python" / "python.exe"
    assert program_place("reportctl", str(python)) == ""
    (home / "reportctl.cmd").touch()
    assert program_place("python/__main__.py", str(python)) == str(home / "reportctl.cmd")
    (home / "reportctl.exe").touch()
    assert program_place("python/__main__.py", str(python)) == str(home / "reportctl.exe")
    assert program_place(str(home / "reportctl"), "/usr/bin/python3") == str(home / "reportctl.exe")
    assert program_place("/usr/lib/__main__.py", "/usr/bin/python3") == ""


def windows(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setattr(double_click, "_WINDOWS", True)
    monkeypatch.setattr(double_click, "program_place", lambda _called, _python: place)


def test_a_program_that_has_moved_is_written_in_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    windows(monkeypatch, PLACE)
    write_launcher(tmp_path, "vi")
    assert (tmp_path / LAUNCHER).read_bytes() == launcher(PLACE)
    windows(monkeypatch, r"D:\50%\reportctl.exe")
    write_launcher(tmp_path, "vi")
    assert (tmp_path / LAUNCHER).read_bytes() == launcher(r"D:\50%\reportctl.exe")
    windows(monkeypatch, "")
    write_launcher(tmp_path, "vi")
    assert (tmp_path / LAUNCHER).read_bytes() == launcher(r"D:\50%\reportctl.exe")


def test_one_that_somebody_has_changed_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = launcher(PLACE) + b"rem mine\r\n"
    (tmp_path / LAUNCHER).write_bytes(own)
    windows(monkeypatch, r"D:\reportctl.exe")
    write_launcher(tmp_path, "vi")
    assert (tmp_path / LAUNCHER).read_bytes() == own
