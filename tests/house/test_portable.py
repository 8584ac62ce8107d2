"""The portable folder for Windows, as far as it can be seen without Windows: made of small wheels here."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from reportctl import __main__
from tests.making.machine import PACKAGE, ROOT, SAMPLE, TEMPLATES
from tools import portable, portable_checks, portable_guide, windows_wheels
from tools.portable_guide import Guide
from tools.windows_wheels import Wheel, parsed, windows

ON = windows("3.11.9")
STUB = b"MZ" + "<launcher_dir>\\".encode("utf-16-le")
SITE = portable_checks.SITE_PACKAGES
GUIDE = Guide(
    {"index.html": b"<title>Xin</title>", "guide/vi/a.html": b"<p>a"}, "theme", "9.1", {"LICENSE": "You may."}
)


def make_wheel(
    folder: Path, name: str, version: str, *lines: str, files: Mapping[str, str], tag: str = "py3-none-any"
) -> Wheel:
    """A wheel of these files, with a licence unless `lines`, those of its METADATA, name none."""
    base = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{base}-{tag}.whl"
    folder.mkdir(parents=True, exist_ok=True)
    metadata = "\n".join(["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *lines])
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(inside, text)
        archive.writestr(f"{base}.dist-info/METADATA", f"{metadata}\n\nRequires-Dist: not-a-heading\n")
        archive.writestr(f"{base}.dist-info/RECORD", "")
    return windows_wheels.read_wheel(path)


def licensed(base: str, **more: str) -> dict[str, str]:
    return {f"{base}.dist-info/licenses/LICENSE": f"You may use {base}.", **more}


# What is needed


def test_conditions_are_read_as_on_windows_wherever_this_runs() -> None:
    metadata = parsed(
        "Requires-Dist: always>=1\n"
        "Requires-Dist: on-windows; sys_platform == 'win32'\n"
        "Requires-Dist: on-windows-too; platform_system == 'Windows' and os_name == 'nt'\n"
        "Requires-Dist: on-linux; sys_platform == 'linux'\n"
        "Requires-Dist: elsewhere; os_name != 'nt'\n"
        "Requires-Dist: for-arm; platform_machine == 'ARM64'\n"
        "Requires-Dist: for-old; python_version < '3.11'\n"
        "Requires-Dist: for-new; python_version >= '3.12'\n"
        "Requires-Dist: for-pypy; platform_python_implementation == 'PyPy'\n"
        "Requires-Dist: wished; extra == 'more'\n"
        "Requires-Dist: wished-there; sys_platform == 'win32' and extra == 'more'\n"
    )
    at_least = {"always", "on-windows", "on-windows-too"}
    assert {one.name for one in windows_wheels.requirements(metadata, ON)} == at_least
    with_extra = windows_wheels.requirements(metadata, ON, ["more"])
    assert {one.name for one in with_extra} == {*at_least, "wished", "wished-there"}
    newer = windows_wheels.requirements(metadata, windows("3.12.10"))
    assert {one.name for one in newer} == {*at_least, "for-new"}


def test_versions_are_those_pinned_for_windows() -> None:
    text = (
        "# made by hand\n"
        "Some_Name==1.2\n"
        "colorama==0.4 ; sys_platform == 'win32'\n"
        "uvloop==9 ; sys_platform != 'win32'\n"
        "numpy==2.4 ; python_full_version < '3.12'\n"
        "numpy==2.5 ; python_full_version >= '3.12'\n"
    )
    assert windows_wheels.pins(text, ON) == {"some-name": "1.2", "colorama": "0.4", "numpy": "2.4"}
    assert windows_wheels.pins(text, windows("3.12.10"))["numpy"] == "2.5"


def test_every_library_of_the_project_is_pinned_for_windows() -> None:
    for python in portable.PYTHONS.values():
        on = windows(python)
        pinned = windows_wheels.pins((ROOT / "constraints.txt").read_text(encoding="utf-8"), on)
        lines = importlib.metadata.requires("reportctl") or []
        needed = [one for one in map(Requirement, lines) if not one.marker or one.marker.evaluate(on)]
        assert {"tzdata", "pandas"} <= {one.name for one in needed}
        assert {one.name for one in needed if canonicalize_name(one.name) not in pinned} == set()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Wheels of libraries that need each other, one of them on Windows alone."""
    folder = tmp_path / "shelf"
    make_wheel(folder, "first", "1.0", "Requires-Dist: Second[extra]>=2", files={})
    make_wheel(
        folder, "second", "2.1",
        "Provides-Extra: extra",
        "Requires-Dist: third; extra == 'extra'",
        "Requires-Dist: fourth; sys_platform == 'win32'",
        "Requires-Dist: fifth; sys_platform == 'linux'",
        files={},
    )  # fmt: skip
    make_wheel(folder, "third", "3.0", "Requires-Dist: first", files={})
    make_wheel(folder, "fourth", "4.0", files={}, tag="cp311-cp311-win_amd64")
    make_wheel(folder, "fourth", "4.0", files={}, tag="cp312-cp312-win_amd64")
    make_wheel(folder, "fourth", "4.0", files={}, tag="cp311-cp311-manylinux_2_17_x86_64")
    return folder


VERSIONS = {"first": "1.0", "second": "2.1", "third": "3.0", "fourth": "4.0", "fifth": "5.0", "unused": "1"}


def found(shelf: Path, own: Wheel, versions: Mapping[str, str] = VERSIONS) -> list[str]:
    wheels = windows_wheels.complete(
        own, versions, ON, lambda wanted: windows_wheels.wheels_in(shelf, wanted, "3.11.9")
    )
    return [wheel.path.name for wheel in wheels]


def test_the_libraries_of_libraries_are_found_with_their_extras(shelf: Path, tmp_path: Path) -> None:
    own = make_wheel(tmp_path, "reportctl", "0.1", "Requires-Dist: first", files={})
    assert found(shelf, own) == [
        "first-1.0-py3-none-any.whl",
        "fourth-4.0-cp311-cp311-win_amd64.whl",
        "reportctl-0.1-py3-none-any.whl",
        "second-2.1-py3-none-any.whl",
        "third-3.0-py3-none-any.whl",
    ]


def test_an_extra_that_is_asked_for_later_counts_too(shelf: Path, tmp_path: Path) -> None:
    own = make_wheel(tmp_path, "reportctl", "0.1", "Requires-Dist: second", "Requires-Dist: first", files={})
    assert "third-3.0-py3-none-any.whl" in found(shelf, own)


@pytest.mark.parametrize(
    ("versions", "says"),
    [
        ({**VERSIONS, "second": "1.9"}, r"has Second 1\.9, but .*>=2.* is needed"),
        ({name: VERSIONS[name] for name in ("first", "second", "third")}, "no version of fourth"),
        ({**VERSIONS, "fourth": "4.1"}, r"no wheel for Windows in .*shelf of fourth 4\.1"),
    ],
)
def test_a_version_that_is_missing_or_not_allowed_stops_it(
    shelf: Path, tmp_path: Path, versions: Mapping[str, str], says: str
) -> None:
    own = make_wheel(tmp_path, "reportctl", "0.1", "Requires-Dist: first", files={})
    with pytest.raises(SystemExit, match=says):
        found(shelf, own, versions)


# What is unpacked


def test_only_what_programs_need_is_unpacked(tmp_path: Path) -> None:
    wheel = make_wheel(
        tmp_path, "Some-Lib", "1.0",
        files={
            "some_lib/__init__.py": "x = 1",
            "some_lib/core.cp311-win_amd64.pyd": "compiled",
            "some_lib/core.pyi": "x: int",
            "some_lib/core.h": "int x;",
            "some_lib/tests/test_core.py": "import some_lib",
            "some_lib/testing.py": "def assert_close(): ...",
            "some_lib.libs/part.dll": "compiled",
            "Some_Lib-1.0.data/platlib/beside.py": "y = 2",
            "Some_Lib-1.0.data/scripts/tool": "#!python",
            "Some_Lib-1.0.data/headers/some_lib.txt": "int x;",
            "Some_Lib-1.0.dist-info/licenses/deep/LICENSE": "MIT",
        },
    )  # fmt: skip
    windows_wheels.unpack(wheel, tmp_path / "site")
    there = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*")}
    assert {name for name in there if (tmp_path / "site" / name).is_file()} == {
        "some_lib/__init__.py",
        "some_lib/core.cp311-win_amd64.pyd",
        "some_lib/testing.py",
        "some_lib.libs/part.dll",
        "beside.py",
        "Some_Lib-1.0.dist-info/METADATA",
    }
    assert (tmp_path / "site" / "beside.py").read_text(encoding="utf-8") == "y = 2"


@pytest.mark.parametrize(
    "name", ["../evil.py", "a/../../evil.py", "/evil.py", "x.data/purelib/../../evil.py"]
)
def test_nothing_is_unpacked_elsewhere(tmp_path: Path, name: str) -> None:
    wheel = make_wheel(tmp_path, "evil", "1.0", files={name: "x = 1"})
    with pytest.raises(SystemExit, match="outside of its folder"):
        windows_wheels.unpack(wheel, tmp_path / "deep" / "site")
    assert list(tmp_path.rglob("evil.py")) == []


@pytest.mark.parametrize(
    "name",
    [
        *("babel/locale-data/vi.dat", "babel/locale-data/root.dat", "babel/locale-data/en_001.dat"),
        *(
            "babel/global.dat",
            "babel/localedata.py",
            "numpy/testing/__init__.py",
            "pandas/_testing/compat.py",
        ),
        *("numpy/_core/_methods.py", "numpy/lib/format.py", "lxml/etree.cp311-win_amd64.pyd", "x/tests.py"),
        *("openpyxl/compat/numbers.py", "docx/templates/default.docx", "tzdata/zoneinfo/Asia/Ho_Chi_Minh"),
        *("reportctl/locale/vi/LC_MESSAGES/reportctl.mo", "reportctl/_stock/templates/report-party.docx"),
        *("numpy.libs/libscipy_openblas64_.dll", "numpy-2.4.6.dist-info/METADATA", "lib/readme.txt"),
    ],
)
def test_what_is_kept(name: str) -> None:
    assert windows_wheels.is_kept(name)


@pytest.mark.parametrize(
    "name",
    [
        *("babel/locale-data/de.dat", "babel/locale-data/en_GB.dat", "babel/locale-data/vi_VNX.dat"),
        *("numpy/f2py/cfuncs.py", "numpy/_core/lib/npymath.lib", "numpy/_core/include/numpy/arrayobject.h"),
        *("pandas/tests/test_frame.py", "tests/test_top.py", "numpy/lib/tests/test_io.py"),
        *("lxml/includes/libxml/tree.h", "lxml/etree.pyx", "x/__pycache__/a.cpython-311.pyc", "x/y.pxd"),
        *("typer/.agents/skills/typer/SKILL.md", ".github/a.yml", "numpy-2.4.6.dist-info/RECORD"),
        "numpy-2.4.6.dist-info/licenses/numpy/ma/LICENSE",
    ],
)
def test_what_is_left_out(name: str) -> None:
    assert not windows_wheels.is_kept(name)


def copied(file: Path, target: Path) -> None:
    """Copy a file of a library, and what Python has compiled of it, which takes long."""
    for source, place in (file, target), *((_compiled(file), _compiled(target)),) * (file.suffix == ".py"):
        if source.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)  # with its time, by which it is known what was compiled


def _compiled(module: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(module)))


@pytest.mark.slow
def test_the_main_job_runs_with_what_is_kept(tmp_path: Path) -> None:
    """The libraries of this machine, with the same left out: every module loads and the sample is reported.

    Tools of Linux are no part of it, so that this holds for Windows as far as the libraries are the same.
    """
    site = tmp_path / "site"
    for name in sorted(installed_for("reportctl")):
        for file in importlib.metadata.files(name) or ():
            inside = file.as_posix()
            if ".." not in file.parts and windows_wheels.is_kept(inside):
                copied(Path(str(file.locate())), site / inside)
    shutil.copytree(PACKAGE, site / "reportctl", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TEMPLATES, site / "reportctl" / "_stock" / "templates")
    shutil.copytree(SAMPLE, site / "reportctl" / "_stock" / "sample_data")
    (site / "reportctl.exe").write_bytes(portable.launcher(STUB))

    def run(*arguments: str | Path) -> str:
        done = subprocess.run(
            [sys.executable, "-S", *arguments], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(site)},
            capture_output=True, check=False, text=True, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    sources = [path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))]
    names = {name for source in sources for name, _at_once in portable_checks.imported(source)}
    names -= {name for name in names if name.split(".")[0] in (*sys.stdlib_module_names, "pyarrow")}
    assert {"pandas", "openpyxl", "docx", "babel", "reportctl.report.refresh"} <= names
    code = f"import importlib\nfor name in {sorted(names)}: print(importlib.import_module(name).__file__)"
    for loaded in run("-c", code).splitlines():
        assert Path(loaded).is_relative_to(site)
    run(site / "reportctl.exe", "demo", tmp_path / "demo")
    assert (tmp_path / "demo" / "output" / "2024-Q1" / "report-2024-Q1.docx").is_file()


def installed_for(name: str) -> set[str]:
    """The distributions installed here that `name` needs, without itself."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for one in map(Requirement, importlib.metadata.requires(waiting.pop()) or []):
            if (not one.marker or one.marker.evaluate({"extra": ""})) and one.name not in found:
                found.add(one.name)
                waiting.append(one.name)
    return found


# What starts it


def test_the_embeddable_python_looks_for_modules_in_its_folder_only() -> None:
    assert portable.search_path("python311") == b"python311.zip\r\n.\r\nLib\\site-packages\r\n"


@pytest.mark.parametrize("script", [portable.LAUNCHER, portable.WINDOW], ids=["launcher", "window"])
def test_cmd_reads_its_files_as_they_are_meant(script: bytes) -> None:
    """cmd reads bytes in the code page in force: before `chcp 65001` nothing else than ASCII may stand."""
    lines = script.split(b"\r\n")
    assert lines[0] == b"@echo off"
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert not script.startswith(b"\xef\xbb\xbf")
    before, _chcp, after = script.partition(b"chcp 65001 >nul\r\n")
    assert before.isascii()
    after.decode("utf-8")
    for place in re.findall(rb"[^;=\r\n]?%~dp0", script):
        assert place.startswith((b'"', b"%")), "a path with spaces or & must stand in quotes"


def test_the_window_tells_where_it_is_and_is_not_in_the_folder_of_the_program() -> None:
    """Explorer may show another folder as Documents; what is made in the program's folder goes with it."""
    lines = portable.WINDOW.decode().split("\r\n")
    at = [lines.index(line) for line in ('cd /d "%USERPROFILE%"', "if exist Documents cd Documents")]
    shown = next(number for number, line in enumerate(lines) if line.startswith("echo ") and "%CD%" in line)
    assert at[0] < at[1] < shown < lines.index("call reportctl menu") < lines.index("cmd /k")


@pytest.mark.parametrize("script", [portable.WINDOW.decode(), portable.readme("1", "3.12", "x")])
def test_what_an_officer_reads_has_the_words_of_the_guide(script: str) -> None:
    assert "bảng chọn việc" in script.lower()
    assert "nhấn" in script.lower()
    assert not re.findall(r"trình đơn|bấm đúp|bấm enter", script, re.IGNORECASE)


def test_the_window_speaks_vietnamese_and_a_workspace_its_own_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the computer's language is; what the script sets is taken from it."""
    sets = re.findall(r'^if not defined (\w+) set "(\w+)=(\w+)"\r$', portable.WINDOW.decode(), re.MULTILINE)
    for name in ("REPORTCTL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: ("English_United States", "1252"))
    monkeypatch.chdir(tmp_path)
    assert __main__._language("", "") == "en"
    for tested, name, value in sets:
        assert tested == name
        monkeypatch.setenv(name, value)
    assert __main__._language("", "") == "vi"
    (tmp_path / "reportctl.toml").write_text('language = "en"\n', encoding="utf-8")
    assert __main__._language("", "") == "en"


# The documentation in it


def test_the_guide_is_opened_from_the_programs_folder() -> None:
    shown = f'"%~dp0{portable_guide.OPENER}"'
    assert f'if exist {shown} echo Hướng dẫn từng việc: start "" {shown}\r\n' in portable.WINDOW.decode()
    page = portable_guide.opener().decode()
    assert re.findall(r"(?:url=|href=\")([^\"]+)", page) == ["huong-dan/index.html"] * 2


def test_without_mkdocs_the_guide_is_its_pages_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    guide = portable_guide.guide()
    assert not guide.is_site
    assert guide.files["guide/vi/set-up.md"] == (ROOT / "docs" / "guide" / "vi" / "set-up.md").read_bytes()
    assert not guide.licences


@pytest.mark.usefixtures("stub")
def test_a_guide_of_markdown_has_no_page_to_open_it(tmp_path: Path, wheels: list[Wheel]) -> None:
    folder = tmp_path / "out"
    names = portable.build(folder, wheels, "3.11.9", None, Guide({"index.md": b"# Xin"}))
    assert portable_checks.faults(folder, ON, wheels, names, python=False) == []
    assert not (folder / portable_guide.OPENER).exists()
    assert "huong-dan\\index.md" in (folder / "README.txt").read_text(encoding="utf-8-sig")
    (folder / "huong-dan" / "index.md").unlink()
    wrong = portable_checks.faults(folder, ON, wheels, names, python=False)
    assert wrong == ["huong-dan/index.md is missing"]


def test_the_site_is_built_to_be_read_from_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands there for a server is left out; the search is switched off by what mkdocs.yml asks for."""
    asked = {}

    def build(command: list[str], *, env: Mapping[str, str], **_how: Any) -> Any:
        asked.update(env)
        site = Path(command[command.index("--site-dir") + 1])
        for name in ("index.html", "guide/vi/a.html", "assets/main.css", "sitemap.xml", "sitemap.xml.gz"):
            written(name)(site)
        for name in ("404.html", "search/index.json", "assets/main.css.map", "assets/javascripts/lunr/vi.js"):
            written(name)(site)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: "there")
    monkeypatch.setattr(portable_guide.subprocess, "run", build)
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: "9.7")
    paths = ("m-9.7.dist-info/licenses/LICENSE", "m/.icons/a/LICENSE.md", "m/.icons/a/license.svg", "m/x.py")
    monkeypatch.setattr(importlib.metadata, "files", lambda _name: [Text(path) for path in paths])
    guide = portable_guide.guide()
    assert set(guide.files) == {"index.html", "guide/vi/a.html", "assets/main.css"}
    assert guide.licences == {path: f"text of {path}" for path in paths[:2]}
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    switch = re.search(r"- search:\n +enabled: !ENV \[(\w+), true\]", config)
    assert switch is not None
    assert asked[switch[1]] == "false"


class Text(PurePosixPath):
    """A file that says its own name."""

    def read_text(self, encoding: str) -> str:
        return f"text of {self}" if encoding == "utf-8" else ""


def test_a_site_that_cannot_be_built_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: "there")
    monkeypatch.setattr(
        portable_guide.subprocess, "run", lambda *_c, **_h: subprocess.CompletedProcess([], 1)
    )
    with pytest.raises(SystemExit, match="cannot be built"):
        portable_guide.guide()


def test_the_launcher_hands_all_arguments_to_the_python_beside_it() -> None:
    assert portable.LAUNCHER.endswith(b'"%~dp0python\\python.exe" -m reportctl %*\r\n')


def test_the_program_behind_the_launcher_is_this_one(tmp_path: Path) -> None:
    """Python runs what is appended to it, on every system; the lines before that are for the stub."""
    data = portable.launcher(STUB)
    rest = data.removeprefix(STUB)
    assert rest != data
    assert rest.startswith(b"#!<launcher_dir>\\python\\python.exe\r\nPK")
    assert portable.launcher(STUB) == data
    path = tmp_path / "reportctl.exe"
    path.write_bytes(data)
    said = subprocess.run(
        [sys.executable, path, "--lang", "vi", "--help"], capture_output=True, check=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, encoding="utf-8",
    ).stdout  # fmt: skip
    assert "reportctl" in said
    assert "Cách dùng" in said


def test_a_launcher_that_knows_no_place_beside_it_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        origin = str(tmp_path / "__init__.py")

    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: Found)
    assert portable.launcher_stub() is None
    (tmp_path / "t64.exe").write_bytes(b"MZ of long ago")
    assert portable.launcher_stub() is None
    (tmp_path / "t64.exe").write_bytes(STUB)
    assert portable.launcher_stub() == STUB


def test_without_pip_there_is_no_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    assert portable.launcher_stub() is None


def test_both_languages_of_the_readme_say_the_same_commands() -> None:
    text = portable.readme("1.2.3", "3.12", "first.html")
    vietnamese, english = re.split(r"\n(?=reportctl 1\.2\.3 for Windows)", text)
    commands = re.compile(r"^ +(reportctl .*?)   ", re.MULTILINE)
    assert len(commands.findall(english)) == 3
    assert commands.findall(vietnamese) == commands.findall(english)
    assert text.count(portable.OPENER) == 4
    assert text.count("first.html") == 2
    assert "{" not in text


@pytest.mark.parametrize("page", ["releasing.md", "releasing.vi.md"])
def test_the_pages_on_releases_name_the_options_and_limits_of_the_tool(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        portable.main(["--help"])
    option = re.compile(r"--[a-z0-9]+(?:-[a-z]+)*")
    rows = "".join(re.findall(r"^\| `(--.*?)` \|", text, re.MULTILINE))
    assert {*option.findall(rows), "--help"} == set(option.findall(capsys.readouterr().out))
    assert f"{portable_checks.LONGEST_PATH} " in text
    assert f"{portable_checks.MOST_BYTES // 10**6} MB" in text
    assert f"`{portable.OPENER}`" in text


# Licences


def test_a_library_has_all_its_licence_texts_in_one_file(tmp_path: Path) -> None:
    wheel = make_wheel(
        tmp_path, "lib", "1.0", "License-Expression: MIT AND Zlib",
        files={
            "lib-1.0.dist-info/LICENCE.rst": "the old place",
            "lib-1.0.dist-info/licenses/NOTICE": "a notice",
            "lib-1.0.dist-info/licenses/parts/deep/ANYTHING": "the new place",
            "lib-1.0.dist-info/top_level.txt": "lib",
            "lib/_parts/LICENSE.txt": "of others' code in it",
            "lib/licenses.py": "x = 1",
            "lib/notices/words.py": "y = 2",
        },
    )  # fmt: skip
    assert windows_wheels.licence_texts(wheel) == {
        "LICENCE.rst": "the old place",
        "NOTICE": "a notice",
        "lib/_parts/LICENSE.txt": "of others' code in it",
        "parts/deep/ANYTHING": "the new place",
    }


@pytest.mark.parametrize(
    ("lines", "called"),
    [
        ("License-Expression: MIT AND Zlib\nLicense: other", "MIT AND Zlib"),
        ("License: BSD", "BSD"),
        ("License: Long\n  and longer\nClassifier: License :: OSI Approved :: BSD License", "BSD License"),
        ("Classifier: License :: OSI Approved :: ISC License (ISCL)", "ISC License (ISCL)"),
        ("Classifier: Programming Language :: Python", ""),
    ],
)  # fmt: skip
def test_what_a_licence_is_called(lines: str, called: str) -> None:
    assert windows_wheels.licence_name(parsed(lines)) == called


def test_the_index_has_a_line_for_each_part() -> None:
    parts = [portable.Licence("b", "1.10", "MIT", {}), portable.Licence("alpha", "2", "BSD", {})]
    assert portable.index(parts) == "alpha  2     BSD\nb      1.10  MIT\n"


# The whole folder, of small wheels


@pytest.fixture
def wheels(tmp_path: Path) -> list[Wheel]:
    shelf = tmp_path / "wheels"
    return [
        make_wheel(
            shelf, "alib", "1.0", "License: MIT",
            tag="cp311-cp311-win_amd64",
            files=licensed("alib-1.0", **{"alib/__init__.py": "", "alib/fast.cp311-win_amd64.pyd": "MZ"}),
        ),
        make_wheel(
            shelf, "reportctl", "0.1.0", "License: MIT", "Provides-Extra: more",
            "Requires-Dist: alib>=1", "Requires-Dist: nowhere; sys_platform == 'linux'",
            "Requires-Dist: big-lib; extra == 'more'",
            files=licensed(
                "reportctl-0.1.0",
                **{
                    "reportctl/__init__.py": "import json, alib.fast\nfrom alib import anything",
                    "reportctl/later.py": "def f():\n    import resource\n    from big_lib import x",
                },
            ),
        ),
    ]  # fmt: skip


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable, "launcher_stub", lambda: STUB)


@pytest.fixture
def embedded(tmp_path: Path) -> Path:
    """A folder with the files of an embeddable Python that count."""
    folder = tmp_path / "embedded"
    folder.mkdir()
    names = ("python.exe", "python3.dll", "python311.dll", "python311.zip", "_sqlite3.pyd", "sqlite3.dll")
    for name in (*names, "vcruntime140.dll", "python311._pth"):
        (folder / name).write_bytes(b"made by python.org")
    (folder / "LICENSE.txt").write_text("PSF", encoding="utf-8")
    return folder


Built = tuple[Path, list[str]]


@pytest.fixture
def built(tmp_path: Path, wheels: list[Wheel], embedded: Path, request: pytest.FixtureRequest) -> Built:
    request.getfixturevalue("stub")
    folder = tmp_path / "out" / "reportctl-windows"
    return folder, portable.build(folder, wheels, "3.11.9", embedded, GUIDE)


def test_what_lies_in_the_folder(built: Built, wheels: list[Wheel]) -> None:
    folder, names = built
    assert portable_checks.faults(folder, ON, wheels, names, python=True) == []
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    site = SITE.as_posix()
    assert {name for name in there if not name.endswith(".pyc")} == {
        *("reportctl.cmd", "reportctl.exe", "Mở reportctl.cmd", "Hướng dẫn.html", "README.txt"),
        *("huong-dan/index.html", "huong-dan/guide/vi/a.html", "LICENSES/theme-9.1.txt"),
        *("LICENSES/THIRD-PARTY.txt", "LICENSES/alib-1.0.txt", "LICENSES/reportctl-0.1.0.txt"),
        *("LICENSES/python-3.11.9.txt", *(one for one in there if one.startswith("LICENSES/distlib-"))),
        *("python/python.exe", "python/python3.dll", "python/python311.dll", "python/python311.zip"),
        *("python/_sqlite3.pyd", "python/sqlite3.dll", "python/vcruntime140.dll", "python/python311._pth"),
        "python/LICENSE.txt",
        *(f"{site}/alib/__init__.py", f"{site}/alib/fast.cp311-win_amd64.pyd"),
        *(f"{site}/reportctl/__init__.py", f"{site}/reportctl/later.py"),
        *(f"{site}/alib-1.0.dist-info/METADATA", f"{site}/reportctl-0.1.0.dist-info/METADATA"),
    }
    search = (folder / "python" / "python311._pth").read_bytes()
    assert search == portable.search_path("python311")
    text = (folder / "LICENSES" / "alib-1.0.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfalib 1.0: MIT\r\n")
    assert b"You may use alib-1.0." in text


@pytest.mark.usefixtures("stub")
def test_byte_code_is_taken_whatever_the_times_of_the_files(tmp_path: Path, wheels: list[Wheel]) -> None:
    """Flags of PEP 552: 1, by a hash that is not checked."""
    folder = tmp_path / "out"
    portable.build(folder, wheels, f"3.{sys.version_info.minor}.0", None, GUIDE)
    compiled = folder / SITE / "reportctl" / "__pycache__" / f"__init__.{sys.implementation.cache_tag}.pyc"
    assert compiled.read_bytes()[:8] == importlib.util.MAGIC_NUMBER + bytes([1, 0, 0, 0])
    assert str(folder).encode() not in compiled.read_bytes()


@pytest.mark.usefixtures("stub")
def test_byte_code_for_another_python_is_not_made(tmp_path: Path, wheels: list[Wheel]) -> None:
    other = 12 if sys.version_info.minor == 11 else 11
    portable.build(tmp_path / "out", wheels, f"3.{other}.0", None, GUIDE)
    assert list((tmp_path / "out").rglob("*.pyc")) == []


@pytest.mark.usefixtures("stub")
def test_a_stand_in_is_all_but_the_python(tmp_path: Path, wheels: list[Wheel]) -> None:
    folder = tmp_path / "stand-in"
    names = portable.build(folder, wheels, "3.12.10", None, GUIDE)
    assert portable_checks.faults(folder, windows("3.12.10"), wheels, names, python=False) == []
    assert {path.name for path in (folder / "python").iterdir()} == {"Lib", "python312._pth"}


def test_a_python_without_a_launcher_gives_a_folder_without_exe(
    tmp_path: Path, wheels: list[Wheel], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(portable, "launcher_stub", lambda: None)
    names = portable.build(tmp_path / "stand-in", wheels, "3.11.9", None, GUIDE)
    assert portable_checks.faults(tmp_path / "stand-in", ON, wheels, names, python=False) == []
    assert "no launcher for Windows" in capsys.readouterr().out
    assert not (tmp_path / "stand-in" / "reportctl.exe").exists()
    assert not list((tmp_path / "stand-in" / "LICENSES").glob("distlib*"))


@pytest.mark.usefixtures("stub")
def test_what_has_no_licence_stops_it_before_anything_is_written(tmp_path: Path, wheels: list[Wheel]) -> None:
    silent = make_wheel(tmp_path, "silent", "1.0", "License: MIT", files={"silent.py": ""})
    unnamed = make_wheel(tmp_path, "unnamed", "2.0", files=licensed("unnamed-2.0"))
    with pytest.raises(SystemExit, match=r"silent 1\.0, unnamed 2\.0$"):
        portable.build(tmp_path / "out", [*wheels, silent, unnamed], "3.11.9", None, GUIDE)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("stub")
def test_a_python_without_its_licence_stops_it(tmp_path: Path, wheels: list[Wheel], embedded: Path) -> None:
    (embedded / "LICENSE.txt").unlink()
    with pytest.raises(SystemExit, match=r"python 3\.11\.9"):
        portable.build(tmp_path / "out", wheels, "3.11.9", embedded, GUIDE)


def written(name: str, text: str = "x") -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return change


def removed(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


OLDER = "Name: alib\nVersion: 0.9\n"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (written(f"{SITE}/alib/fast.cpython-311-x86_64-linux-gnu.so"), "gnu.so is not for Windows"),
        (written(f"{SITE}/alib.libs/libz.so.1"), "libz.so.1 is not for Windows"),
        (removed(f"{SITE}/alib/fast.cp311-win_amd64.pyd"), "reportctl/__init__.py imports alib.fast"),
        (removed(f"{SITE}/alib/__init__.py"), "alib/__init__.py of alib-1.0-cp311-cp311-win_amd64.whl"),
        (written(f"{SITE}/reportctl/a.py", "import alib.slow"), "reportctl/a.py imports alib.slow"),
        (written(f"{SITE}/reportctl/a.py", "import resource"), "imports resource"),
        (written(f"{SITE}/reportctl/a.py", "def f():\n    import tkinter"), "imports tkinter"),
        (written(f"{SITE}/reportctl/a.py", "def f():\n    from numpy import array"), "imports numpy"),
        (written(f"{SITE}/reportctl/a.py", "import big_lib"), "imports big_lib"),
        (written(f"{SITE}/alib-1.0.dist-info/METADATA", OLDER), "needs alib>=1; there is 0.9"),
        (written(f"{SITE}/alib/tests/test_a.py"), "alib/tests/test_a.py is not needed"),
        (written(f"{SITE}/a/{'b' * 130}.py"), "is a path of more than 150 characters"),
        (removed("LICENSES/alib-1.0.txt"), "LICENSES has nothing of alib 1.0"),
        (removed("reportctl.exe"), "reportctl.exe is missing"),
        (removed("README.txt"), "README.txt is missing"),
        (removed("huong-dan/index.html"), "huong-dan/index.html is missing"),
        (written("huong-dan/b.html", '<script src="https://x/y.js">'), "loads something from elsewhere"),
        (written("huong-dan/b.html", "<link rel=icon href=//x/y.css>"), "loads something from elsewhere"),
        (written("huong-dan/b.html", '<a href="." title>'), "b.html has a link to a folder"),
        (written("huong-dan/a/b.html", '<a href="../..">'), "b.html has a link to a folder"),
        (written("huong-dan/b.html", '<div data-md-component="search">'), "b.html has a search"),
        (written("notes.txt"), "notes.txt does not belong there"),
        (removed("python/python311.dll"), "python/python311.dll is missing"),
        (removed("python/_sqlite3.pyd"), "python/_sqlite3.pyd is missing"),
        (removed(f"{SITE}/reportctl-0.1.0.dist-info/METADATA"), "reportctl is not in"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_seen(
    built: Built, wheels: list[Wheel], spoil: Callable[[Path], None], says: str
) -> None:
    folder, names = built
    spoil(folder)
    wrong = portable_checks.faults(folder, ON, wheels, names, python=True)
    assert [sentence for sentence in wrong if says in sentence] != [], wrong


@pytest.mark.usefixtures("stub")
def test_a_wheel_for_another_system_is_seen(tmp_path: Path, wheels: list[Wheel]) -> None:
    linux = make_wheel(
        tmp_path, "blib", "1.0", "License: MIT", files=licensed("blib-1.0"), tag="cp311-cp311-linux_x86_64"
    )
    empty = make_wheel(
        tmp_path, "clib", "1.0", "License: MIT", files=licensed("clib-1.0"), tag="cp311-cp311-win_amd64"
    )
    given = [*wheels, linux, empty]
    names = portable.build(tmp_path / "out", given, "3.11.9", None, GUIDE)
    assert portable_checks.faults(tmp_path / "out", ON, given, names, python=False) == [
        "blib-1.0-cp311-cp311-linux_x86_64.whl is for linux_x86_64",
        "clib-1.0-cp311-cp311-win_amd64.whl has no compiled part (.pyd)",
    ]


def test_a_folder_that_is_too_large_is_seen(
    built: Built, wheels: list[Wheel], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, names = built
    (folder / "LICENSES" / "big.txt").write_bytes(bytes(3_000_000))
    monkeypatch.setattr(portable_checks, "MOST_BYTES", 2_000_000)
    wrong = portable_checks.faults(folder, ON, wheels, names, python=True)
    assert wrong == ["3 MB are more than 2 MB"]


def test_a_stand_in_counts_as_large_as_the_real_one() -> None:
    """The Python that is not there is not forgotten: at most 160 MB with it."""
    assert portable_checks.MOST_BYTES == 160_000_000
    assert portable_checks.PYTHON_BYTES >= 20_000_000


def test_imports_are_found_wherever_they_stand() -> None:
    source = (
        "import a.b, c as d\n"
        "from e.f import g\n"
        "from . import h\n"
        "if TYPE_CHECKING:\n    import only_checked\nelse:\n    import i\n"
        "try:\n    import j\nexcept ImportError:\n    pass\n"
        "class K:\n    import k\n    def m(self):\n        import later\n"
        "async def n():\n    from later.too import x\n"
    )
    imports = list(portable_checks.imported(source))
    assert [name for name, at_once in imports if at_once] == ["a.b", "c", "e.f", "i", "j", "k"]
    assert [name for name, at_once in imports if not at_once] == ["later", "later.too"]


# The Python that is given, and the archive


def zipped(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder))


def test_a_python_is_taken_by_its_checksum_only(embedded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = zipped(embedded)
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    with pytest.raises(SystemExit, match=sha256), portable._python(archive, None):
        pass
    with pytest.raises(SystemExit, match="is not the Python"), portable._python(archive, "0" * 64):
        pass
    with portable._python(archive, sha256.upper()) as (version, folder):
        assert version == "3.11.0"
        assert folder is not None
        assert (folder / "python.exe").is_file()
    monkeypatch.setitem(portable.PYTHONS, sha256, "3.11.7")
    with portable._python(archive, None) as (version, _folder):
        assert version == "3.11.7"


def test_the_checksum_of_a_folder_is_that_of_the_list_of_its_files(tmp_path: Path) -> None:
    """As `sha256sum` writes it, so that it can be made again with the tools of a system."""
    written("python/a.txt", "one")(tmp_path)
    written("python/b/c.txt", "two")(tmp_path)
    one, two = (hashlib.sha256(text).hexdigest() for text in (b"one", b"two"))
    expected = hashlib.sha256(f"{one}  a.txt\n{two}  b/c.txt\n".encode()).hexdigest()
    assert portable.checksum(tmp_path / "python") == expected


@pytest.mark.parametrize(
    "names", [[], ["python3.dll"], ["python310.dll"], ["python311.dll", "python312.dll"]]
)
def test_what_is_no_python_to_run_with_is_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(SystemExit, match=r"no embeddable Python 3\.11 or 3\.12"):
        portable.version_of(tmp_path)


def test_the_archive_is_the_same_for_the_same_files(tmp_path: Path, built: Built) -> None:
    folder, _names = built
    portable.pack(folder, tmp_path / "one.zip")
    for path in folder.rglob("*"):
        os.utime(path, (10**9, 10**9))
    portable.pack(folder, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = archive.namelist()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == sorted(names)
    # "Extract All" to D:\\reportctl gives D:\\reportctl\\Mở reportctl.cmd, as the guide says.
    assert {"Mở reportctl.cmd", "python/python.exe"} < set(names)
    assert not any("reportctl-windows" in name for name in names)


def run_whole(monkeypatch: pytest.MonkeyPatch, wheels: list[Wheel], *arguments: Any) -> int:
    """The tool with small wheels in place of those that pip would bring, and a small guide."""
    monkeypatch.setattr(portable_guide, "guide", lambda: GUIDE)
    monkeypatch.setattr(portable, "_wheels", lambda *_given: wheels)
    return portable.main([*map(str, arguments)])


@pytest.mark.usefixtures("stub")
def test_the_tool_from_end_to_end(
    tmp_path: Path, wheels: list[Wheel], embedded: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "out"
    given = ("--python", embedded, "--sha256", portable.checksum(embedded), "--out", out)
    assert run_whole(monkeypatch, wheels, *given) == 0
    assert {path.name for path in out.iterdir()} == {"reportctl-0.1.0-windows", "reportctl-0.1.0-windows.zip"}
    assert "MB of at most 160, for Python 3.11.0" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="is there already"):
        run_whole(monkeypatch, wheels, *given)


@pytest.mark.usefixtures("stub")
def test_a_folder_with_faults_is_not_packed(
    tmp_path: Path, wheels: list[Wheel], embedded: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (embedded / "sqlite3.dll").unlink()
    out = tmp_path / "out"
    given = ("--python", embedded, "--sha256", portable.checksum(embedded), "--out", out)
    assert run_whole(monkeypatch, wheels, *given) == 1
    assert {path.name for path in out.iterdir()} == {"reportctl-0.1.0-windows"}
    assert capsys.readouterr().err == "python/sqlite3.dll is missing\n"
