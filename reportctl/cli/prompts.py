"""Questions to whoever sits at the terminal, or to the lines that are piped in their place."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable
from typing import TypeVar

from reportctl.core.errors import ReportctlError, note
from reportctl.core.language import _
from reportctl.core.letters import printable

_T = TypeVar("_T")


class NobodyError(Exception):
    """Nobody answers any more: the end of the input."""


def at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def answers_come() -> bool:
    """Whether somebody can be asked, or answers are piped or stand in a file."""
    if sys.stdin is None:
        return False
    if sys.stdin.isatty():
        return True
    with contextlib.suppress(OSError, ValueError):
        mode = os.fstat(sys.stdin.fileno()).st_mode
        return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)
    return False


def answer(question: str, default: str = "") -> str:
    """The line that is typed in answer to a question, blanks stripped; `default`, which is shown, where it is
    empty. Raises `NobodyError` at the end of the input."""
    shown = f"{question} [{default}]:" if default else f"{question}:"
    return line(shown) or default


def line(prompt: str) -> str:
    """The next line of the input behind a `prompt`, blanks stripped. Raises `NobodyError` at its end."""
    return whole_line(prompt).strip()


def whole_line(prompt: str) -> str:
    """The next line of the input behind a `prompt`, with the tabs and blanks at its ends: they part the
    columns of a row that was copied. Raises `NobodyError` at the end of the input."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    print(printable(prompt), end=" ", file=sys.stderr, flush=True)
    typed = sys.stdin.readline()
    if not typed:
        print(file=sys.stderr)
        raise NobodyError
    return typed.rstrip("\r\n")


def more_waits(seconds: float = 0.3) -> bool:
    """Whether a line of the terminal's input has come that nobody has read yet, or comes within `seconds`."""
    if not at_terminal():
        return False
    if sys.platform == "win32":
        import msvcrt
        import time

        end = time.monotonic() + seconds
        while not (waits := msvcrt.kbhit()) and time.monotonic() < end:
            time.sleep(0.02)
        return waits
    import select

    return bool(select.select([sys.stdin], [], [], seconds)[0])


def forget_waiting() -> None:
    """Throw away what has been typed or pasted at the terminal and not been read: it is no answer to a
    question that is yet to be asked."""
    if not at_terminal():
        return
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
        return
    import termios

    termios.tcflush(sys.stdin, termios.TCIFLUSH)


def until_right(question: str, default: str, read: Callable[[str], _T]) -> _T:
    """What `read` makes of the answer; asked again, with the reason, as long as that raises
    `ReportctlError`."""
    while True:
        try:
            return read(answer(question, default))
        except ReportctlError as error:
            note(str(error))


def yes(question: str, *, default: bool) -> bool:
    """Whether the answer is yes; asked again where it is neither yes nor no."""
    choices = _("[Y/n]") if default else _("[y/N]")
    while True:
        typed = line(f"{question} {choices}").casefold()
        if not typed:
            return default
        if typed in ("c", "có", "co", "y", "yes"):
            return True
        if typed in ("k", "không", "khong", "n", "no"):
            return False
        note(_("Type y for yes or n for no."))
