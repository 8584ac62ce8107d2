"""What is said to a person: the one exception that stops a run, sentences, and remarks beside the result."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from reportctl.core.language import _
from reportctl.core.letters import printable


class ReportctlError(Exception):
    """A run that cannot go on (exit code 2). `str()` is one translated sentence: why, and what to do."""


def say(sentence: str = "") -> None:
    """Print a line, or several, on standard output, without what a terminal would obey."""
    print(printable(sentence))


def note(sentence: str) -> None:
    """Say something on standard error, beside the result; nothing where there is nothing to say."""
    if sentence:
        print(printable(sentence), file=sys.stderr)


def near(code: str, known: Iterable[str]) -> str:
    """What may have been meant by an unknown `code`, to be said after it; empty where nothing is near."""
    import difflib  # for mistakes only: every command starts by loading this module

    found = difflib.get_close_matches(code.casefold(), list(known), 3)
    return _(" (near it: {codes})").format(codes=", ".join(found)) if found else ""
