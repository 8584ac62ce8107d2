"""The program's door: chooses the language, runs the command, turns what went wrong into a sentence."""

from __future__ import annotations

import contextlib
import errno
import io
import locale
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from reportctl.core import language
from reportctl.core.errors import ReportctlError, note
from reportctl.core.language import _
from reportctl.core.processes import collect_rarely
from reportctl.workspace.root import SETTINGS, root_if_any


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (default: the program's own) and give its exit code."""
    if getattr(sys, "frozen", False):  # as one file it is also what the processes that read files start with
        from multiprocessing import freeze_support

        freeze_support()
    if arguments is None:  # the process is there for this run alone
        collect_rarely()
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Nobody adds to how settings and forms are read; looking for those who might takes time in every run.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    try:
        code = _run(given)
        _flush(sys.stdout)  # a reader who has gone away may show here only
        return code
    except ReportctlError as error:
        sentence, code = str(error), 2
    except KeyboardInterrupt:
        sentence, code = "\n" + _("Interrupted; what was done is kept."), 130
    except MemoryError:
        sentence, code = _("There is not enough memory; close other programs and try again."), 2
    except OSError as error:
        # Of a closed pipe Windows says "invalid argument". Other pipes than our output are broken, too.
        if error.errno in (errno.EPIPE, errno.EINVAL) and not error.filename and _is_unread(sys.stdout):
            sentence, code = "", 0  # whoever read it has had enough; nothing is left to say to them
        else:
            reason, code = error.strerror or error, 2
            where = f"{error.filename}: " if error.filename else ""
            sentence = _("{where}{reason}. Check the rights of the folder and the room on the disk.").format(
                where=where, reason=reason
            )
    with contextlib.suppress(OSError):  # nobody may be reading that either
        note(sentence)
        _flush(sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        _let_go(stream)
    return code


def _run(arguments: Sequence[str]) -> int:
    """Run the command line in the language that it asks for, and give its exit code."""
    lang, workspace, command = _first_look(_typed() or arguments)
    language.use(_language(lang, workspace))
    from reportctl.cli import app  # its help texts are said in the language just chosen

    return app.run(arguments, command)


def _typed() -> list[str]:
    """The words after the program's name in a command line that a shell asks to complete; none where none
    does."""
    typed = ""
    if os.environ.get("_REPORTCTL_COMPLETE"):
        typed = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    try:
        return shlex.split(typed)[1:]
    except ValueError:  # a quotation mark is open
        return typed.split()[1:]


def _flush(stream: TextIO | None) -> None:
    if stream is not None:  # a program without a console has none
        stream.flush()


def _is_unread(stream: TextIO | None) -> bool:
    """Whether nobody takes what is written there any more."""
    if stream is None:
        return True
    try:
        stream.write("\n")
        stream.flush()
    except (OSError, ValueError):
        return True
    return False


def _let_go(stream: TextIO | None) -> None:
    """Let what is left in a stream that cannot be written go nowhere, or Python would complain at its end."""
    try:
        _flush(stream)
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


def _first_look(arguments: Sequence[str]) -> tuple[str, str, str]:
    """The language, the workspace and the command that `arguments` name, each empty where they name none.

    This is what has to be known before the options of commands are made, with their texts; typer reads the
    same arguments again and says what is wrong with them.
    """
    values = {"--lang": "", "-w": "", "--workspace": ""}
    command = ""
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if name in values:
            value = value if equals else next(words, "")
            values[name] = values[name] or value
        elif not command and (not word.startswith("-") or word in ("-h", "--help")):
            command = word
    return values["--lang"], values["-w"] or values["--workspace"], command


def _language(lang: str, workspace: str) -> str:
    """`lang`, else `$REPORTCTL_LANG`, else the workspace's language, else the locale's; else English."""
    for name in (lang, os.environ.get("REPORTCTL_LANG")):
        if name in language.LANGUAGES:
            return str(name)
    chosen: object = None
    with contextlib.suppress(OSError):
        root = root_if_any(Path(workspace) if workspace else None, Path.cwd())
        text = ""
        if root:
            from reportctl.core.files import read_bytes  # which --help and --version do without
            from reportctl.core.letters import decoded

            text = decoded(read_bytes(root / SETTINGS))
        try:
            chosen = tomllib.loads(text).get("language")
        except tomllib.TOMLDecodeError:  # the sentence about that is to be in its language, too
            line = re.search(r"""^\s*language\s*=\s*["'](\w+)""", text, re.MULTILINE)
            chosen = line and line[1]
    if not chosen or not isinstance(chosen, str):
        names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        name = next(filter(None, names), None) or locale.getlocale()[0] or ""
        chosen = name.replace("Vietnamese", "vi")[:2].lower()
    return chosen if chosen in language.LANGUAGES else "en"


if __name__ == "__main__":
    sys.exit(main())
