"""What the documentation promises is there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.making.commands import run
from tests.making.machine import PACKAGE, ROOT, modules
from tools import findings_pages, help_pages, readme_command


@pytest.mark.parametrize("spoken", ["en", "vi"])
def test_the_page_of_commands_is_what_the_program_declares(tmp_path: Path, spoken: str) -> None:
    """In a process of its own: the help is said in the language that the program spoke when it was loaded."""
    again = tmp_path / "commands.md"
    subprocess.run([sys.executable, "-m", "tools.help_pages", spoken, again], check=True, cwd=ROOT)
    assert help_pages.PAGES[spoken].read_text(encoding="utf-8") == again.read_text(encoding="utf-8")


def test_both_pages_of_commands_have_the_same_commands_and_options() -> None:
    name = re.compile(r"^## \w+|^- `-[^` ]*|^- \[`\w+`", re.MULTILINE)
    english, vietnamese = (
        name.findall(help_pages.PAGES[spoken].read_text(encoding="utf-8")) for spoken in ("en", "vi")
    )
    assert len(english) > 100
    assert english == vietnamese


@pytest.mark.parametrize(
    ("spoken", "groups"),
    [
        ("en", ["Set up", "Send out", "Take in", "Decide", "Look", "Report", "Get help"]),
        (
            "vi",
            ["Chuẩn bị", "Gửi biểu mẫu", "Nhận và tổng hợp", "Quyết định", "Xem", "Báo cáo", "Trợ giúp"],
        ),
    ],
)
def test_the_help_groups_the_commands_in_the_order_of_a_quarter(spoken: str, groups: list[str]) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "reportctl", "--lang", spoken, "--help"],
        capture_output=True, check=True, cwd=ROOT, text=True, encoding="utf-8",
    ).stdout  # fmt: skip
    assert re.search(".*".join(f"─ {title} ─" for title in groups), shown, re.DOTALL)
    page = help_pages.PAGES[spoken].read_text(encoding="utf-8")
    assert re.findall(r"^\*\*(.+)\*\*$", page, re.MULTILINE) == groups


@pytest.mark.slow
@pytest.mark.parametrize("name", help_pages.commands())
def test_the_help_of_a_command_names_the_options_of_its_page(name: str) -> None:
    """Only the names: how the help is laid out is up to the versions of typer and rich."""
    shown = run("--lang", "en", name, "--help").out
    section = help_pages.PAGES["en"].read_text(encoding="utf-8").split(f"\n## {name}\n")[1].split("\n## ")[0]
    option = re.compile(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*")
    assert set(option.findall(shown)) == {*option.findall(section), "--help"}


def test_the_readme_has_the_two_commands() -> None:
    assert readme_command.command("main") == (
        "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e . && .venv/bin/reportctl demo"
    )
    assert readme_command.command("tests") == (
        "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[test]' && .venv/bin/pytest"
    )


def test_the_constraints_are_versions_that_the_project_allows() -> None:
    """Every library that the project names has a version tried, on every system; no package host is named."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    tried: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            one = Requirement(line)
            tried.setdefault(canonicalize_name(one.name), []).append(str(one.specifier).removeprefix("=="))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = map(Requirement, chain(project["dependencies"], *project["optional-dependencies"].values()))
    wanted = {canonicalize_name(one.name): one.specifier for one in named if one.name != project["name"]}
    assert len(wanted) > 10
    for name, allowed in wanted.items():
        assert tried[name], name
        assert all(allowed.contains(version) for version in tried[name]), name
        assert any(bound.operator in (">=", "==") for bound in allowed), f"{name} has no lower bound"


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_readme_names_only_commands_that_there_are(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"reportctl ([a-z]+)", text))
    assert named <= set(help_pages.commands())
    assert {"init", "template", "validate", "run", "status"} <= named


@pytest.mark.parametrize(
    "name",
    [
        *("README.md", "README.vi.md", "CHANGELOG.md", "SECURITY.md"),
        *("docs/architecture.md", "docs/rules.md", "docs/scale.md", "docs/scale.vi.md"),
        *("docs/releasing.md", "docs/releasing.vi.md", "CONTRIBUTING.md"),
        *("docs/commands.md", "docs/commands.vi.md"),
    ],
)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_both_readmes_have_the_same_commands() -> None:
    blocks = [
        re.findall(r"```(?:sh|bat|powershell)\n(.+?)```", (ROOT / name).read_text(encoding="utf-8"), re.S)
        for name in READMES
    ]
    english, vietnamese = (
        [re.sub(r"\s*#.*", "", line) for block in group for line in block.splitlines()] for group in blocks
    )
    assert english == vietnamese
    english, vietnamese = (listed_commands(name) for name in READMES)
    assert len(english) > 25
    assert english == vietnamese


READMES = ("README.md", "README.vi.md")
# What PowerShell 5.1 and cmd do not know, or each reads in its own way; `\'` is no quotation mark to cmd.
NOT_OF_WINDOWS = re.compile(r"&&|\|\||\bsource\b|^export |'|\$\(|`|\\$|/bin/|^#| #", re.MULTILINE)


def listed_commands(name: str) -> list[str]:
    """The commands in the table of a quarter's work."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^\|[^|]*\| `(reportctl[^`]*)` \|", text, re.MULTILINE)


@pytest.mark.parametrize("name", READMES)
def test_what_is_meant_for_windows_works_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:bat|powershell)\n(.+?)```", text, re.S)
    assert len(blocks) == 5
    for block in (*blocks, *listed_commands(name)):
        assert not NOT_OF_WINDOWS.search(block), block


@pytest.mark.parametrize("name", READMES)
def test_the_profile_of_powershell_can_be_read_and_is_there(name: str) -> None:
    """A standard Windows refuses to read it, and has no folder for it; one that is there is not emptied."""
    text = (ROOT / name).read_text(encoding="utf-8")
    opened = text.index("notepad $PROFILE")
    assert "Set-ExecutionPolicy -Scope CurrentUser RemoteSigned\n" in text[:opened]
    made = [line for line in text[:opened].splitlines() if "New-Item" in line]
    assert made
    assert all("if (!(Test-Path $PROFILE))" in line for line in made)


@pytest.mark.parametrize("name", READMES)
def test_where_windows_differs_its_lines_are_there(name: str) -> None:
    """A block for a Unix shell that Windows does not understand has one for Windows in its section."""
    sections = re.split(r"^## ", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    unix = [
        (section, block)
        for section in sections
        for block in re.findall(r"```sh\n(.+?)```", section, re.S)
        if NOT_OF_WINDOWS.search(block)
    ]
    assert len(unix) == 3
    for section, block in unix:
        assert re.search(r"```(?:bat|powershell)\n", section), block


def test_other_pages_have_no_lines_that_windows_does_not_understand() -> None:
    blocks = [
        (page.name, block)
        for page in sorted((ROOT / "docs").glob("*.md"))
        for block in re.findall(r"```(?:sh|bat|powershell)\n(.+?)```", page.read_text(encoding="utf-8"), re.S)
    ]
    assert len(blocks) >= 2
    assert [name for name, block in blocks if NOT_OF_WINDOWS.search(block)] == []


def test_a_block_that_windows_does_not_understand_is_found() -> None:
    for line in (
        "py -m venv .venv && pip", "source .venv/bin/activate", "export A=1", "pip install '.[test]'",
        "cd bao-cao   # comment", "# comment", 'eval "$(reportctl)"', ".venv/bin/pip",
    ):  # fmt: skip
        assert NOT_OF_WINDOWS.search(line), line
    for line in (r".venv\Scripts\pip install -e \".[test]\"", "reportctl | Out-String", 'x --why "..."'):
        assert not NOT_OF_WINDOWS.search(line), line


def test_the_listed_commands_have_the_options_that_they_name() -> None:
    page = help_pages.PAGES["en"].read_text(encoding="utf-8")
    for line in listed_commands("README.md"):
        words = line.split()[1:]
        section = page.split(f"\n## {words[0]}\n")[1].split("\n## ")[0] if words else ""
        for word in words:
            if word.startswith("--"):
                assert f"`{word}" in section, line


@pytest.mark.parametrize(("name", "spoken"), [("README.md", "en"), ("README.vi.md", "vi")])
def test_the_readme_groups_the_commands_as_the_help_does(name: str, spoken: str) -> None:
    page = help_pages.PAGES[spoken].read_text(encoding="utf-8")
    groups = re.findall(r"^\*\*(.+)\*\*$", page, re.MULTILINE)
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"^\| \*\*(.+?)\*\* \| `reportctl", text, re.MULTILINE) == groups
    # A command stands in the group in which the help has it.
    of = {}
    for group, listed in re.findall(r"^\*\*(.+)\*\*\n\n((?:- .*\n)+)", page, re.MULTILINE):
        of |= dict.fromkeys(re.findall(r"^- \[`(\w+)`", listed, re.MULTILINE), group)
    group = ""
    for title, command in re.findall(r"^\| (?:\*\*(.+?)\*\* )?\| `reportctl ?(\w*)", text, re.MULTILINE):
        group = title or group
        assert not command or of[command] == group, command


def test_every_room_has_its_line_in_the_architecture() -> None:
    """A room is a folder of modules; what stands in none, the door, has a line by its own name."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    first = {name.partition("/") for name in modules(PACKAGE) if name != "__init__.py"}
    rooms = {f"`{room}{slash}`" for room, slash, _rest in first}
    assert len(rooms) > 10
    assert {room for room in rooms if room not in text} == set()


@pytest.mark.parametrize("spoken", ["en", "vi"])
def test_the_pages_of_findings_are_what_the_program_explains(spoken: str) -> None:
    assert findings_pages.PAGES[spoken].read_text(encoding="utf-8") == findings_pages.page(spoken)


def test_every_folder_of_modules_is_a_package() -> None:
    """The import contracts do not see what lies in another folder."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert len(folders) > 10
    assert {folder.name for folder in folders if not (folder / "__init__.py").is_file()} == set()
