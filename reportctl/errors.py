"""What is said to a person beside the result: the one exception that stops a run, and remarks."""

from __future__ import annotations

import sys


class ReportctlError(Exception):
    """A run that cannot go on (exit code 2). `str()` is one translated sentence: why, and what to do."""


def note(sentence: str) -> None:
    """Say something on standard error, beside the result; nothing where there is nothing to say."""
    if sentence:
        print(sentence, file=sys.stderr)
