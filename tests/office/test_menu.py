"""`reportctl menu`: numbers in place of commands, with the command of each beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from reportctl.__main__ import main
from reportctl.cli.menu import _words
from tests.making.commands import Said, run
from tests.making.kept import kept_folder
from tests.making.machine import ROOT
from tests.making.terminal import Terminal

TEMPLATE, STATUS, MERGE, REPORT, REFRESH, CLOSE, NEXT, SETTINGS = "1", "2", "5", "7", "8", "9", "10", "11"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept_folder("menu", begun) / "Cơ quan", tmp_path / "Cơ quan"))


def begun(folder: Path) -> None:
    folder.mkdir()
    (folder / "ds.csv").write_text("Tên đơn vị\nXã A\nSở B\n", encoding="utf-8")
    assert run("init", folder / "Cơ quan", "--period", "2024-Q1", "--units", folder / "ds.csv").code == 0


class InThisProcess:
    """What the menu starts for a command; it has ended before it is waited for, and nobody answers it."""

    def __init__(self, command: list[str], stdin: int | None) -> None:
        assert command[:3] == [sys.executable, "-m", "reportctl"]
        assert stdin == subprocess.DEVNULL
        with Path(os.devnull).open() as nobody, pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", nobody)
            self.code = main(command[3:])

    def wait(self) -> int:
        return self.code


def answered(where: Path, *answers: str, **environment: str) -> Said:
    """As `piped`, but the menu and its commands run here."""
    typed = where.parent / "answers"
    typed.write_text("".join(f"{one}\n" for one in answers), encoding="utf-8")
    programs = SimpleNamespace(Popen=InThisProcess, DEVNULL=subprocess.DEVNULL)
    with typed.open(encoding="utf-8") as stdin, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", stdin)
        patch.setattr("reportctl.cli.menu.subprocess", programs)
        patch.chdir(where)
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            patch.delenv(name, raising=False)
        for name, value in {"COLUMNS": "80", **environment}.items():
            patch.setenv(name, value)
        return run("--lang", "en", "menu")


def piped(
    where: Path, *answers: str, spoken: str = "en", **environment: str
) -> subprocess.CompletedProcess[str]:
    """The menu with its answers piped, without a screen on which anything could be opened."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "reportctl", "--lang", spoken, "menu"],
        cwd=where, input="".join(f"{one}\n" for one in answers), capture_output=True, text=True,
        encoding="utf-8",
        env={**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **environment}, timeout=120,
    )  # fmt: skip


@pytest.mark.slow
def test_a_quarter_by_numbers(office: Path) -> None:
    said = piped(office, "", "", REPORT, "", "0")  # Enter: the next step, which is to make the workbooks
    assert said.returncode == 0, said.stderr
    assert said.stdout.count("Next: ") == 3
    assert "Next: Make the workbooks to send out. reportctl template 2024-Q1" in said.stdout
    assert "\n> reportctl template 2024-Q1\n" in said.stdout
    assert "\n> reportctl report 2024-Q1\n" in said.stdout
    assert "The report is not written yet." in said.stdout
    assert "The report is in output/2024-Q1/report-2024-Q1.docx" in said.stdout
    assert len(list((office / "outbox/2024-Q1").glob("*.xlsx"))) == 2
    assert (office / "output/2024-Q1/report-2024-Q1.docx").is_file()
    # Once the workbooks are sent the late units come next.
    assert "Next: Messages to units that are late. reportctl status 2024-Q1 --remind" in said.stdout
    assert max(map(len, (line for line in said.stdout.splitlines() if line[:1] in " →"))) <= 80


def test_a_report_that_is_in_step_and_one_that_is_not(office: Path) -> None:
    assert run("-w", office, "report").code == 0
    assert run("-w", office, "settings", "issuer.place", "Nơi khác").code == 0
    said = answered(office, REFRESH, "y", "", "0")
    assert "\n> reportctl refresh output/2024-Q1/report-2024-Q1.docx --check\n" in said.out
    assert "Renew its figures now?" in said.err
    assert "\n> reportctl refresh output/2024-Q1/report-2024-Q1.docx\n" in said.out
    again = answered(office, REFRESH, "", "0")
    assert "Renew its figures now?" not in again.err


def test_what_is_no_report_yet(office: Path) -> None:
    said = answered(office, REFRESH, "", "0")
    assert "There is no report of this quarter yet." in said.err
    assert said.code == 0


def test_what_cannot_be_taken_back_is_asked_first(office: Path) -> None:
    said = answered(office, CLOSE, "n", "", CLOSE, "perhaps", "y", "", "0")
    assert said.out.count("> reportctl close 2024-Q1") == 1
    assert "Type y for yes or n for no." in said.err


def test_settings_are_shown_and_changed(office: Path) -> None:
    said = answered(
        office, SETTINGS, "deadlines.default", "20/3", "issuer.plase", "X", "cells.dash", "", "", "0"
    )
    assert "> reportctl settings deadlines.default 20/3" in said.out
    assert "“issuer.place” was meant?" in said.err
    assert "default = { month = 3, day = 20 }" in (office / "reportctl.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("typed", ["99", "x", "-1", '"', "1.5", "menu", "rm"])
def test_what_is_no_choice(office: Path, typed: str) -> None:
    said = answered(office, typed, "0")
    assert said.code == 0
    assert f"“{typed}” is none of the choices: type a number from 0 to 13." in said.err


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("REPORTCTL status", ("status",)),
        ("reportctl.exe status 2024-Q1", ("status", "2024-Q1")),
        ("validate D'Ran.xlsx", ("validate", "D'Ran.xlsx")),
        ("validate 'Đạ Huoai 1.xlsx'", ("validate", "Đạ Huoai 1.xlsx")),
        ('validate "D\'Ran 1.xlsx"', ("validate", "D'Ran 1.xlsx")),
        (r"validate C:\inbox\a.xlsx", ("validate", r"C:\inbox\a.xlsx")),
        ('"', ()),
    ],
)
def test_words_of_a_command(typed: str, words: tuple[str, ...]) -> None:
    assert _words(typed) == words


def test_a_command_that_was_learned_can_be_typed(office: Path) -> None:
    said = answered(office, "reportctl explain tie", "", "status --format json", "", "thoát")
    assert said.code == 0
    assert "> reportctl explain tie" in said.out
    assert '"expected": 2' in said.out


@pytest.mark.parametrize("answers", [(), ("",), (STATUS,), (SETTINGS, "deadlines.default")])
def test_the_end_of_the_answers_is_the_end(office: Path, answers: tuple[str, ...]) -> None:
    said = answered(office, *answers)
    assert said.code == 0
    assert "Traceback" not in said.err


def test_nobody_to_answer(office: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "reportctl", "--lang", "en", "menu"], cwd=office, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert said.returncode == 2
    assert "nobody is here to answer them" in said.stderr
    assert not said.stdout


def test_without_a_workspace_one_is_made(tmp_path: Path) -> None:
    said = answered(tmp_path, "1", "Cơ quan mới", "", "0")
    assert said.code == 0
    assert "There is no workspace here." in said.out
    assert '> reportctl init "Cơ quan mới"' in said.out
    assert (tmp_path / "Cơ quan mới/reportctl.toml").is_file()
    # From then on it is about the new one, which no command has to name; who leaves is told where it is.
    assert '\n> cd "Cơ quan mới"\n' in said.out
    assert " -w " not in said.out.partition("\n> cd ")[2]
    assert "Next: Make the workbooks to send out. reportctl template" in said.out
    assert said.out.endswith('To type these commands yourself, first: cd "Cơ quan mới"\n')


@pytest.mark.parametrize("folder", ['"Cơ quan mới"', "“Cơ quan mới”", " Cơ quan mới ", "'Cơ quan mới'"])
def test_a_folder_in_quotation_marks(tmp_path: Path, folder: str) -> None:
    said = answered(tmp_path, "1", folder, "", "0")
    assert said.code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["Cơ quan mới"]


def test_what_is_shown_without_a_workspace_works_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = answered(tmp_path, "0").out
    commands = [
        line.partition("  reportctl ")[2].split() for line in said.splitlines() if "  reportctl " in line
    ]
    assert [words[0] for words in commands] == ["init", "demo", "--help"]
    monkeypatch.chdir(tmp_path)
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        for words in commands:
            assert run(*words).code in (0, 1)


def test_a_workspace_that_is_named_becomes_the_current_folder(office: Path, tmp_path: Path) -> None:
    for where, command in ((tmp_path, 'cd "Cơ quan"'), (tmp_path / "bin", f'cd "{office}"')):
        where.mkdir(exist_ok=True)
        said = answered(where, STATUS, "", "0", REPORTCTL_WORKSPACE=str(office))
        assert said.code == 0
        assert f"\n> {command}\n" in said.out
        assert "\n> reportctl status 2024-Q1\n" in said.out
        assert max(map(len, (line for line in said.out.splitlines() if line[:1] in " →"))) <= 80


@pytest.mark.slow
def test_the_sample_and_its_report(tmp_path: Path) -> None:
    """The steps of the README for Windows, in its language."""
    environment = fake_opener(tmp_path / "bin")
    home = tmp_path / "Documents"
    home.mkdir()
    first = piped(home, "2", "", "", "", "0", **environment, REPORTCTL_LANG="vi", spoken="vi")
    assert first.returncode == 0, first.stderr
    assert "2. Dùng thử với bộ mẫu" in first.stdout
    assert "> reportctl demo reportctl-demo" in first.stdout
    assert "Mở report-2024-Q1.docx? [C/k]" in first.stderr
    noted = tmp_path / "bin/opened"
    end = time.monotonic() + 20
    while not (noted.is_file() and noted.read_text(encoding="utf-8")) and time.monotonic() < end:
        time.sleep(0.05)
    wanted = home / "reportctl-demo/output/2024-Q1/report-2024-Q1.docx"
    assert Path(noted.read_text(encoding="utf-8")) == wanted
    assert first.stdout.endswith("cd reportctl-demo\n")


@pytest.mark.slow
def test_the_way_from_the_sample_to_its_end(tmp_path: Path) -> None:
    assert run("demo", tmp_path / "demo").code == 0
    folder = tmp_path / "demo"
    # One report is rejected and one unit late for years. Once the rejected one is marked nothing else waits.
    before = run("-w", folder, "--lang", "en").out
    assert "Next: Check what came, mark mistakes. reportctl validate 2024-Q1 --mark" in before
    said = answered(folder, "", "", "9", "", "", "9", "y", "", "0")
    assert said.out.count("Next: Check what came, mark mistakes.") == 1
    assert said.out.count("Next: Freeze the quarter. reportctl close 2024-Q1") == 2
    question = (
        "Not finished: 1 unit has not reported; the report of 1 unit is rejected. Freeze the figures of "
        "2024-Q1? [y/N]"
    )
    assert said.err.count(question) == 2
    assert said.out.count("> reportctl close 2024-Q1") == 1  # Enter alone is no
    assert "Next: Begin the next quarter. reportctl next" in said.out


def test_the_next_quarter_begins_on_yes_only(office: Path) -> None:
    said = answered(office, NEXT, "", "", "0")
    assert (
        "Not finished: 2 units have not reported; there is no Word report. Begin the quarter after"
        in said.err
    )
    assert "> reportctl next" not in said.out


def test_the_menu_and_the_overview_say_the_same(office: Path) -> None:
    for _step in range(3):
        overview = [line for line in run("-w", office, "--lang", "en").out.splitlines() if "Next: " in line]
        menu = [line for line in answered(office, "0", COLUMNS="200").out.splitlines() if "Next: " in line]
        assert len(menu) == 1
        assert overview in ([], menu)
        assert run("-w", office, *menu[0].partition("reportctl ")[2].split()).code == 0


def test_a_workspace_that_was_named_and_is_none(tmp_path: Path) -> None:
    said = answered(tmp_path, "0", REPORTCTL_WORKSPACE=str(tmp_path))
    assert said.code == 2
    assert "is no workspace" in said.err


def test_an_older_workspace_gets_the_file_to_double_click(office: Path) -> None:
    (office / "Mở reportctl.cmd").unlink()
    assert answered(office, "0").code == 0
    assert "Không tìm thấy" in (office / "Mở reportctl.cmd").read_text(encoding="utf-8")


def test_a_form_that_cannot_be_read(office: Path) -> None:
    (office / "form.toml").write_text('id = "x', encoding="utf-8")
    said = answered(office, "1", "", "0")
    assert said.code == 0
    assert "form.toml" in said.out
    assert "> reportctl form --check" in said.out


def fake_opener(folder: Path, code: int = 0) -> dict[str, str]:
    """An environment with a screen and a program that notes what it is to open."""
    folder.mkdir()
    program = folder / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{folder}/opened"\nexit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}", "DISPLAY": ":0"}


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "opened"), [("", True), ("y", True), ("n", False)])
def test_results_are_opened_on_a_question(office: Path, tmp_path: Path, answer: str, opened: bool) -> None:
    environment = fake_opener(tmp_path / "bin")
    said = piped(office, REPORT, answer, "", "0", **environment)
    assert "Open report-2024-Q1.docx? [Y/n]" in said.stderr
    noted = tmp_path / "bin/opened"
    end = time.monotonic() + 20
    while opened and not (noted.is_file() and noted.read_text(encoding="utf-8")) and time.monotonic() < end:
        time.sleep(0.05)
    wanted = str(office / "output/2024-Q1/report-2024-Q1.docx")
    assert (noted.read_text(encoding="utf-8") if noted.is_file() else "") == (wanted if opened else "")


def test_without_a_program_to_open_it_nothing_is_asked(office: Path) -> None:
    said = answered(office, REPORT, "", "0")
    assert said.code == 0
    assert "Open report" not in said.err


@pytest.mark.slow
@pytest.mark.parametrize("spoken", ["vi", "en"])
def test_at_a_terminal(office: Path, spoken: str) -> None:
    terminal = Terminal(office, "--lang", spoken, "menu", columns=80)
    leave = {"vi": "0. Thoát", "en": "0. Leave"}[spoken]
    terminal.answer((leave, STATUS), ("Enter: ", ""), (leave, "0"))
    assert terminal.end() == 0
    shown, _command, said = terminal.shown.partition("> reportctl status 2024-Q1\n")
    assert said
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.slow
@pytest.mark.parametrize(("key", "code"), [("\x04", 0), ("\x03", 130)])
def test_leaving_by_a_key(office: Path, key: str, code: int) -> None:
    terminal = Terminal(office, "--lang", "en", "menu")
    terminal.wait_for("0. Leave")
    terminal.wait_for("Number, or Enter")
    terminal.press(key)
    assert terminal.end() == code
    assert "Traceback" not in terminal.shown


def test_init_in_the_menu_asks_its_questions(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--lang", "en", "menu")
    terminal.answer(
        ("Number, or Enter for “A workspace for an office”:", ""), ("Folder [bao-cao]:", ""),
        ("First quarter", "2026-Q3"), ("Style", ""), ("Office", "Văn phòng"), ("Body", ""), ("Place", ""),
        ("Post", ""),
        ("Last day", ""), ("paste the list", "Xã A\n\n"), ("Enter: take them.", ""), ("Enter: write it.", ""),
        ("Enter: back to the menu.", ""), ("Next: Make the workbooks", "0"),
    )  # fmt: skip
    assert terminal.end() == 0
    assert (tmp_path / "bao-cao/units.xlsx").is_file()
