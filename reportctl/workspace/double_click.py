"""The file of a workspace that opens its menu by double click on Windows."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from reportctl.core import language
from reportctl.core.files import read_bytes, write_atomic
from reportctl.core.language import _

LAUNCHER = "Mở reportctl.cmd"
_WINDOWS = os.name == "nt"
_PROGRAMS = ("reportctl.exe", "reportctl.cmd")
# What the command processor would take for itself in a line of a sentence.
_SPECIAL = re.compile(r'[&|<>^%"()!]')
_PLACE = re.compile(r'if exist "(?P<place>[^"\n]*)" set "reportctl=')


def launcher(place: str, spoken: str = "vi") -> bytes:
    """The content of the launcher for a program that was last at `place`, by its whole name; empty: nowhere
    in particular. Its sentences are in the language `spoken`, which also takes the place of the computer's.

    After the menu it leaves a command window in which the program's folder is on PATH, wherever it was found:
    who has unpacked the program anywhere can type its commands there.

    The command processor reads a file in the console's old code page until the line that changes that, so all
    before it is ASCII. Lines do without brackets and jumps: a `)` in the name of a folder would end the one,
    and letters of several bytes mislead the other. Names stand in quotes, and nothing is expanded twice, so
    that they may hold `&`, `!`, `%` and brackets.
    """
    known = place.replace("%", "%%")
    with language.speaking(spoken):
        sentences = [
            _("The program reportctl was not found on this computer."),
            _("It may have been moved or deleted. It was here:") if place else "",
            f'"{known}"' if place else "",
            _("Put its folder back there, or type this in its new folder; then this file knows it again:")
            if place
            else _("Install it, then type this; then this file knows it:"),
        ]
        stays = _("Commands can be typed here. The menu again: reportctl menu. To close the window: exit.")
    lines = [
        "@echo off",
        "setlocal DisableDelayedExpansion",
        "chcp 65001 >nul",
        "title reportctl",
        f'if not defined LANG set "LANG={spoken}"',
        'pushd "%~dp0"',
        'set "reportctl="',
        *(
            f'if not defined reportctl for %%P in ({name}) do set "reportctl=%%~$PATH:P"'
            for name in _PROGRAMS
        ),
        *([f'if not defined reportctl if exist "{known}" set "reportctl={known}"'] if place else []),
        'if defined reportctl for %%P in ("%reportctl%") do set "PATH=%%~dpP;%PATH%"',
        'if defined reportctl for %%P in ("%reportctl%") do if /i "%%~xP"==".exe" "%%~P" menu',
        'if defined reportctl for %%P in ("%reportctl%") do if /i not "%%~xP"==".exe" '
        'cmd /d /s /c ""%%~P" menu"',
        *(f"if not defined reportctl echo {_harmless(each)}" for each in sentences if each),
        'if not defined reportctl echo reportctl -w "%CD%" menu',
        "echo.",
        f"if defined reportctl echo {_harmless(stays)}",
        'set "reportctl="',
        "cmd /k",
        "popd",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _harmless(sentence: str) -> str:
    return sentence if sentence.startswith('"') else _SPECIAL.sub(" ", sentence)


def program_place(argv0: str, executable: str) -> str:
    """The whole name of the program that runs as `argv0` by the Python at `executable`; empty where it is
    none that could be called by its name."""
    called, python = Path(argv0), Path(executable)
    beside = [called.with_name(name) for name in _PROGRAMS] if called.stem == "reportctl" else []
    near = [folder / name for folder in (python.parent, python.parent.parent) for name in _PROGRAMS]
    return next((str(path.absolute()) for path in (*beside, *near) if path.is_file()), "")


def write_launcher(root: Path, spoken: str) -> None:
    """Put the launcher into the workspace, or renew the place in the one that is there; one that people have
    changed stays as it is."""
    place = program_place(sys.argv[0], sys.executable) if _WINDOWS else ""
    path, content = root / LAUNCHER, launcher(place, spoken)
    if path.exists():
        old = read_bytes(path)
        was = _PLACE.search(old.decode("utf-8", errors="replace"))
        if (
            not place
            or old == content
            or old != launcher(was["place"].replace("%%", "%") if was else "", spoken)
        ):
            return
    write_atomic(path, content)
