"""The program's door: chooses the language, runs the command, turns what went wrong into a sentence."""

from __future__ import annotations

import contextlib
import io
import locale
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from reportctl.core import language
from reportctl.core.errors import ReportctlError, note
from reportctl.core.language import _


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (default: the program's own) and give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Nobody adds to how settings and forms are read; looking for those who might takes time in every run.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    language.use(_language(given))
    from reportctl.cli import app  # its help texts are said in the language just chosen

    try:
        return app.run(given)
    except ReportctlError as error:
        return _stop(str(error))
    except KeyboardInterrupt:
        note("\n" + _("Interrupted; what was done is kept."))
        return 130
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing is left to say to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        return _stop(_("There is not enough memory; close other programs and try again."))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _stop(
            _("{where}{reason}. Check the rights of the folder and the room on the disk.").format(
                where=where, reason=error.strerror or error
            )
        )


def _stop(sentence: str) -> int:
    note(sentence)
    return 2


def _language(arguments: Sequence[str]) -> str:
    """`--lang`, else `$REPORTCTL_LANG`, else the workspace's, else the locale's; else English."""
    asked = (_option(arguments, "--lang"), os.environ.get("REPORTCTL_LANG"))
    named = next((name for name in asked if name in language.LANGUAGES), None)
    chosen = named or _workspace_language(arguments) or _locale_language()
    return chosen if chosen in language.LANGUAGES else "en"


def _option(arguments: Sequence[str], *names: str) -> str | None:
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in names:
            return value if equals else next(iter(arguments[position + 1 :]), None)
    return None


_LANGUAGE = re.compile(r"""^\s*language\s*=\s*["'](\w+)""", re.MULTILINE)


def _workspace_language(arguments: Sequence[str]) -> str | None:
    from reportctl.workspace.settings import SETTINGS, find_root

    named = _option(arguments, "-w", "--workspace")
    with contextlib.suppress(ReportctlError, OSError):
        root = find_root(Path(named) if named else None, Path.cwd())
        text = (root / SETTINGS).read_bytes().decode("utf-8-sig", "replace")
        try:
            found = tomllib.loads(text).get("language")
        except tomllib.TOMLDecodeError:  # the sentence about that is to be in its language, too
            line = _LANGUAGE.search(text)
            found = line and line[1]
        return found if isinstance(found, str) else None
    return None


def _locale_language() -> str:
    name = next((os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), None)
    return (name or locale.getlocale()[0] or "").replace("Vietnamese", "vi")[:2].lower()


if __name__ == "__main__":
    sys.exit(main())
