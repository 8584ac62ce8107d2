"""What a shell offers when Tab is pressed, asked as the shells ask: through the environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from reportctl.form.form_file import load_form
from tests.making import sample
from tests.making.commands import run
from tests.making.machine import ROOT


@pytest.fixture(scope="module")
def demo() -> Path:
    """The sample after `reportctl demo`; not to be changed."""
    return sample.demo()


def offered(monkeypatch: pytest.MonkeyPatch, *typed: object, asking: str = "powershell") -> dict[str, str]:
    """The words offered for the last of those `typed`, which is empty or begun, each with its meaning."""
    line = " ".join(("reportctl", *map(str, typed)))
    with monkeypatch.context() as asked:
        asked.setenv("_REPORTCTL_COMPLETE", f"complete_{asking}")
        asked.setenv("_TYPER_COMPLETE_ARGS", line)
        asked.setenv("_TYPER_COMPLETE_WORD_TO_COMPLETE", str(typed[-1]))
        asked.setenv("COMP_WORDS", line)
        asked.setenv("COMP_CWORD", str(len(typed)))
        said = run()
    assert (said.code, said.err) == (0, "")
    pairs = [line.partition(":::") for line in said.out.splitlines() if line]
    return {word: meaning for word, _marks, meaning in pairs}


def test_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(offered(monkeypatch, "s")) == ["settings", "status", "summary"]
    assert "--remind" in offered(monkeypatch, "status", "--re")


def test_commands_are_explained_in_the_language_of_the_line() -> None:
    """In a process of its own: help texts are said in the language of the first line."""
    asked = {"_REPORTCTL_COMPLETE": "complete_powershell", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "stat"}
    done = subprocess.run(
        [sys.executable, "-m", "reportctl"],
        env=os.environ | asked | {"_TYPER_COMPLETE_ARGS": "reportctl --lang vi stat"},
        capture_output=True, check=True, cwd=ROOT, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout == "status:::Cho biết đơn vị nào đã gửi, đơn vị nào chậm.\n"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["status", "validate", "merge", "run", "close", "template", "reopen"])
def test_quarters(monkeypatch: pytest.MonkeyPatch, demo: Path, command: str) -> None:
    found = offered(monkeypatch, "-w", demo, "--lang", "en", command, "")
    assert list(found) == ["2024-Q1", "2023-Q4", "2023-Q3", "2023-Q2", "2023-Q1"]
    assert found["2024-Q1"] == "the first quarter of 2024"
    assert list(offered(monkeypatch, "-w", demo, command, "2023-Q4", "")) == []
    assert list(offered(monkeypatch, "-w", demo, command, "2024")) == ["2024-Q1"]


@pytest.mark.parametrize("command", ["summary", "report", "trace"])
def test_spans_where_figures_are_shown(monkeypatch: pytest.MonkeyPatch, demo: Path, command: str) -> None:
    found = offered(monkeypatch, "-w", demo, "--lang", "vi", command, "2024-")
    assert list(found) == ["2024-Q1", "2024-H1", "2024-H2", "2024-9M"]
    assert found["2024-H1"] == "6 tháng đầu năm 2024"


def test_a_closed_quarter_says_so(monkeypatch: pytest.MonkeyPatch, demo: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(demo, tmp_path / "workspace"))
    (root / "closed").mkdir(exist_ok=True)
    (root / "closed" / "2022-Q4.csv").write_text("", encoding="utf-8")
    found = offered(monkeypatch, "-w", root, "--lang", "en", "trace", "2022-Q4")
    assert found == {"2022-Q4": "the fourth quarter of 2022, closed"}


@pytest.mark.parametrize(
    "line",
    [
        ("status", "--unit"), ("template", "--unit"), ("trace", "press_total", "--unit"),
        ("report", "--unit"), ("accept",), ("correct",), ("correct", "2024-Q1"), ("accept", "2024-Q1", "001"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_units_with_their_names(monkeypatch: pytest.MonkeyPatch, demo: Path, line: tuple[str, ...]) -> None:
    found = offered(monkeypatch, "-w", demo, *line, "B0")
    assert found == {
        "B01": "Báo An Lạc",
        "B02": "Đài Phát thanh và Truyền hình An Lạc",
        "B03": "Tạp chí Văn nghệ An Lạc",
    }


def test_a_page_of_every_unit(monkeypatch: pytest.MonkeyPatch, demo: Path) -> None:
    assert list(offered(monkeypatch, "-w", demo, "report", "--unit", "a")) == ["all"]


@pytest.mark.parametrize(
    "line",
    [("trace",), ("trace", "2024-Q1"), ("correct", "001"), ("correct", "2024-Q1", "001")],
    ids=" ".join,
)
def test_figures_with_their_labels(
    monkeypatch: pytest.MonkeyPatch, demo: Path, line: tuple[str, ...]
) -> None:
    form = load_form(demo / "form.toml")
    found = offered(monkeypatch, "-w", demo, "--lang", "vi", *line, "press_t")
    assert found == {code: str(form.indicators[code].label) for code in ("press_total", "press_tv")}
    whole = offered(monkeypatch, "-w", demo, *line, "")
    assert form.indicators.keys() <= whole.keys()


def test_the_value_of_a_correction_is_not_offered(monkeypatch: pytest.MonkeyPatch, demo: Path) -> None:
    assert offered(monkeypatch, "-w", demo, "correct", "001", "press_total", "") == {}


def test_settings_with_what_they_mean(monkeypatch: pytest.MonkeyPatch, demo: Path) -> None:
    """What reportctl.toml leaves out, too, and the form's kinds of units; to take away only what is set."""
    form = load_form(demo / "form.toml")
    found = offered(monkeypatch, "-w", demo, "--lang", "vi", "settings", "")
    assert {"issuer.place", "deadlines.default", "style"} <= found.keys()
    assert {f"deadlines.{kind.code}" for kind in form.kinds} <= found.keys()
    assert found["style"] == "thể thức văn bản: của Đảng hoặc Nhà nước"
    assert not any(key.startswith("findings.") for key in found)
    assert "findings.number_as_text" in offered(monkeypatch, "-w", demo, "settings", "findings.n")
    assert offered(monkeypatch, "-w", demo, "settings", "style", "") == {}
    data = tomllib.loads((demo / "reportctl.toml").read_text(encoding="utf-8"))
    unset = offered(monkeypatch, "-w", demo, "settings", "--unset", "issuer.")
    assert {key.partition(".")[2] for key in unset} <= data["issuer"].keys()
    assert "issuer.place" in unset
    assert "issuer.place" in offered(monkeypatch, "-w", demo, "settings", "iss")


def test_sections_tables_findings(monkeypatch: pytest.MonkeyPatch, demo: Path) -> None:
    assert "press" in offered(monkeypatch, "-w", demo, "summary", "--section", "p")
    parts = offered(monkeypatch, "-w", demo, "summary", "--table", "press_media.")
    assert {"press_media.total", "press_media.*.news"} <= parts.keys()
    assert "number_as_text" in offered(monkeypatch, "--lang", "en", "explain", "number")
    assert list(offered(monkeypatch, "export", "--to", "p")) == ["parquet"]
    assert list(offered(monkeypatch, "status", "--format", "")) == ["table", "json", "csv", "markdown"]


@pytest.mark.parametrize("line", [("status", ""), ("trace", ""), ("status", "--unit", ""), ("correct", "")])
@pytest.mark.parametrize("broken", ["no workspace", "settings", "form", "units", "a folder"])
def test_what_cannot_be_read_offers_nothing(
    monkeypatch: pytest.MonkeyPatch, demo: Path, tmp_path: Path, line: tuple[str, ...], broken: str
) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    for name in ("reportctl.toml", "form.toml", "units.csv"):
        shutil.copyfile(demo / name, root / name)
    names = {"settings": "reportctl.toml", "form": "form.toml", "units": "units.csv", "a folder": "form.toml"}
    if broken == "no workspace":
        root = tmp_path / "nowhere"
    else:
        (root / names[broken]).unlink()
    if broken == "a folder":
        (root / "form.toml").mkdir()
    elif broken in names:
        (root / names[broken]).write_bytes(b'x = "\xff\n[[')
    found = offered(monkeypatch, "-w", root, *line)
    readable = {"2024-Q1", "2024-H1", "2024-H2", "2024-9M", "2024"}
    if broken == "units":
        form = load_form(root / "form.toml")
        of_lists = {f"{one.code}.{column.code}" for one in form.lists for column in one.columns}
        readable |= {*form.indicators, *of_lists, *(one.code for one in form.lists)}
    assert found.keys() <= readable


def test_what_a_shell_would_obey_is_not_offered(
    monkeypatch: pytest.MonkeyPatch, demo: Path, tmp_path: Path
) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    for name in ("reportctl.toml", "form.toml", "units.csv"):
        shutil.copyfile(demo / name, root / name)
    with (root / "units.csv").open("a", encoding="utf-8") as lines:
        lines.write("$(reboot),\"Sở `reboot` $(reboot) [bold] 'x'\",department,,,,,\n")
        lines.write("S99,\"Sở `reboot` $(reboot) [/bold] 'x':::y\",department,,,,,\n")
    found = offered(monkeypatch, "-w", root, "status", "--unit", "")
    assert len(found) == 21
    assert "$(reboot)" not in found
    assert found["S99"] == "Sở ’reboot’ (reboot) (/bold) ’x’:y"
    zsh = offered(monkeypatch, "-w", root, "status", "--unit", "S99", asking="zsh")
    assert list(zsh) == ['_arguments \'*: :(("S99":"Sở ’reboot’ (reboot) (/bold) ’x’\\\\:y"))\'']


def reportctl_in(folder: Path) -> dict[str, str]:
    """The surroundings of a shell that finds the program by its name."""
    program = folder / "reportctl"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reportctl "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_by_the_script(demo: Path, tmp_path: Path) -> None:
    script = """eval "$(reportctl --show-completion bash)"
complete -p reportctl
COMP_WORDS=(reportctl -w "$1" status --unit B0); COMP_CWORD=5
_reportctl_completion reportctl
echo "${COMPREPLY[@]}"
"""
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", demo],
        env=reportctl_in(tmp_path), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "complete -o default -F _reportctl_completion reportctl",
        "B01 B02 B03",
    ]


def test_the_scripts_ask_by_the_variable_that_is_read() -> None:
    for shell, marks in (
        ("bash", ["complete_bash", "COMP_WORDS", "COMP_CWORD"]),
        ("zsh", ["complete_zsh", "_TYPER_COMPLETE_ARGS", "compdef"]),
        (
            "powershell",
            ["complete_powershell", "_TYPER_COMPLETE_ARGS", "_TYPER_COMPLETE_WORD_TO_COMPLETE", "UTF8"],
        ),
    ):
        said = run("--show-completion", shell)
        assert (said.code, said.err) == (0, "")
        for mark in ("_REPORTCTL_COMPLETE", *marks):
            assert mark in said.out, (shell, mark)
    assert "can be bash, zsh, powershell" in run("--lang", "en", "--show-completion", "fish").err
