"""What can be seen of a portable folder without Windows: that nothing is missing in it, nothing foreign."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from email.message import Message
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from tools.portable_guide import faults_of_guide
from tools.windows_wheels import PLATFORM, Wheel, is_kept, kept, parsed, requirements, unmet

MOST_BYTES = 160 * 10**6
# A stand-in is counted as large as the embeddable Python that takes its place: 3.12.10 has 23 MB unpacked.
PYTHON_BYTES = 25 * 10**6
# Windows takes 259 characters of a path; an officer's own folder may have the rest.
LONGEST_PATH = 150
SITE_PACKAGES = Path("python", "Lib", "site-packages")
# What the standard library has on POSIX systems only, and what the embeddable one leaves out.
_POSIX = {
    "crypt", "curses", "fcntl", "grp", "nis", "ossaudiodev", "posix", "pty", "pwd", "readline", "resource",
    "spwd", "syslog", "termios", "tty",
}  # fmt: skip
_LEFT_OUT = {
    "distutils", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tkinter", "turtle", "turtledemo",
    "venv",
}  # fmt: skip
_EMBEDDED = ("python.exe", "python3.dll", "_sqlite3.pyd", "sqlite3.dll", "vcruntime140.dll", "LICENSE.txt")


def faults(
    folder: Path, on: Mapping[str, str], wheels: Sequence[Wheel], files: Collection[str], *, python: bool
) -> list[str]:
    """Everything that is wrong with the portable `folder`, a sentence each.

    `on` is the Windows that it is for, `wheels` what it was made of, `files` what must lie in it beside
    `python/`, and `python` whether there is a Python in it already.
    """
    site = folder / SITE_PACKAGES
    said = [parsed(path.read_text(encoding="utf-8")) for path in sorted(site.glob("*.dist-info/METADATA"))]
    own = next((one for one in said if one["Name"] == "reportctl"), None)
    if own is None:
        return [f"reportctl is not in {SITE_PACKAGES}"]
    return [
        *unmet(said, on),
        *_unresolved(site, _extras(own, on)),
        *_foreign(site, wheels),
        *_misplaced(folder, {*files, "python"}, said),
        *faults_of_guide(folder),
        *(_incomplete(folder / "python", on) if python else ()),
        *_too_large(folder, python=python),
    ]


def _extras(own: Message, on: Mapping[str, str]) -> set[str]:
    """The modules of libraries that the program can do without, by what it says of them."""
    extras = own.get_all("Provides-Extra", [])
    needed = {one.name for one in requirements(own, on)}
    return {one.name.replace("-", "_") for one in requirements(own, on, extras) if one.name not in needed}


# Imports


def _unresolved(site: Path, extras: Collection[str]) -> list[str]:
    """The modules that the program imports, at once or later, and that are not there."""
    found = []
    for path in sorted((site / "reportctl").rglob("*.py")):
        for name, at_once in imported(path.read_text(encoding="utf-8")):
            if not is_there(name, site, extras, at_once=at_once):
                found.append(f"{path.relative_to(site).as_posix()} imports {name}, which is not there")
    return found


def imported(source: str) -> Iterator[tuple[str, bool]]:
    """The modules that a module imports, by their whole names, and whether as soon as it is loaded: not
    those that only type checkers see."""

    def walk(node: ast.AST, at_once: bool) -> Iterator[tuple[str, bool]]:
        if isinstance(node, ast.Import):
            yield from ((alias.name, at_once) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, at_once
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            children: list[ast.AST] = [*node.orelse]
        else:
            children = [*ast.iter_child_nodes(node)]
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in children:
            yield from walk(child, at_once and not inside)

    return walk(ast.parse(source), True)


def is_there(name: str, site: Path, extras: Collection[str], *, at_once: bool) -> bool:
    """Whether Windows finds the module of that whole `name`, in `site` or its standard library.

    What only POSIX systems have may be imported later: then the program has asked where it runs.
    """
    first, *_rest = name.split(".")
    if first in sys.stdlib_module_names:
        return first not in _LEFT_OUT and not (at_once and first in _POSIX)
    if first in extras:
        return not at_once
    path = site.joinpath(*name.split("."))
    compiled = path.parent.glob(f"{path.name}.*.pyd") if path.parent.is_dir() else ()
    return path.is_dir() or path.with_name(f"{path.name}.py").is_file() or any(compiled)


# Files


def _foreign(site: Path, wheels: Sequence[Wheel]) -> list[str]:
    """What is compiled for another system, and what of the wheels is not there."""
    found = [
        f"{path.relative_to(site).as_posix()} is not for Windows"
        for path in sorted(site.rglob("*"))
        if re.search(r"\.(so|dylib)(\.\d+)*$", path.name)
    ]
    for wheel in wheels:
        places = kept(wheel).values()
        found += [
            f"{place} of {wheel.path.name} is missing" for place in places if not (site / place).is_file()
        ]
        platforms = {tag.platform for tag in parse_wheel_filename(wheel.path.name)[3]}
        if not platforms <= {PLATFORM, "any"}:
            found.append(f"{wheel.path.name} is for {', '.join(sorted(platforms))}")
        elif PLATFORM in platforms and not any(place.endswith(".pyd") for place in places):
            found.append(f"{wheel.path.name} has no compiled part (.pyd)")
    return found


def _misplaced(folder: Path, top: Collection[str], said: Collection[Message]) -> list[str]:
    there = {path.name for path in folder.iterdir()}
    found = [f"{name} is missing" for name in sorted(set(top) - there)]
    found += [f"{name} does not belong there" for name in sorted(there - set(top))]
    licences = {path.stem.lower() for path in (folder / "LICENSES").glob("*.txt")}
    for one in said:
        if f"{canonicalize_name(one['Name'])}-{one['Version']}" not in licences:
            found.append(f"LICENSES has nothing of {one['Name']} {one['Version']}")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if len(name) > LONGEST_PATH:
            found.append(f"{name} is a path of more than {LONGEST_PATH} characters")
        if path.is_relative_to(folder / SITE_PACKAGES) and path.is_file() and path.suffix != ".pyc":
            inside = path.relative_to(folder / SITE_PACKAGES).as_posix()
            if not is_kept(inside):
                found.append(f"{name} is not needed")
    return found


def _incomplete(python: Path, on: Mapping[str, str]) -> list[str]:
    """What the program needs of an embeddable Python and does not find."""
    short = "python" + on["python_version"].replace(".", "")
    wanted = [*_EMBEDDED, f"{short}.dll", f"{short}.zip", f"{short}._pth"]
    return [f"python/{name} is missing" for name in wanted if not (python / name).is_file()]


def _too_large(folder: Path, *, python: bool) -> list[str]:
    size = size_of(folder) + (0 if python else PYTHON_BYTES)
    if size <= MOST_BYTES:
        return []
    return [f"{size / 1e6:.0f} MB are more than {MOST_BYTES / 1e6:.0f} MB"]


def size_of(folder: Path) -> int:
    """The bytes of all files below `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
