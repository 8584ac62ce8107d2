"""The one exception that stops a run; sentences for people on standard output and standard error."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from reportctl.core.language import _, keeping
from reportctl.core.letters import printable


class ReportctlError(Exception):
    """A run that cannot go on (exit code 2). `str()` is one translated sentence: why, and what to do."""


_T = TypeVar("_T")


def said_in_ours(work: Callable[[], _T]) -> _T:
    """What `work` gives, which makes something in a language that need not be the program's (`speaking`).

    Where it fails it is done once more in the program's language, so that whoever runs it can read why; so it
    must change nothing before it fails. Raises what `work` raises.
    """
    try:
        return work()
    except ReportctlError:
        with keeping():
            work()
        raise


@contextlib.contextmanager
def naming(document: str) -> Iterator[None]:
    """What stops a run inside the block says in which document it is."""
    try:
        yield
    except ReportctlError as error:
        raise ReportctlError(f"{document}: {error}") from error


def cannot_read(path: Path, error: OSError) -> ReportctlError:
    """The error to raise where the system does not give the content of `path`."""
    from reportctl.core.obstacles import to_reading

    obstacle = to_reading(path, error)
    message = _("{path} cannot be read: {reason}. {remedy}")
    return ReportctlError(message.format(path=path, reason=obstacle.reason, remedy=obstacle.remedy))


MOST_SHOWN = 20


def capped(lines: Iterable[object], most: int = MOST_SHOWN) -> str:
    """The lines below each other, indented; of more than `most` the first, and how many more there are."""
    shown = [f"  {line}" for line in lines]
    if (more := len(shown) - most) > 0:
        rest = _("… and {count} more").format(count=more)
        shown[most:] = [f"  {rest}"]
    return "\n".join(shown)


def say(sentence: str = "") -> None:
    """Print a line, or several, on standard output, without what a terminal would obey."""
    print(printable(sentence))


def note(sentence: str) -> None:
    """Print a sentence on standard error, beside the result; nothing where it is empty."""
    if sentence:
        print(printable(sentence), file=sys.stderr)


def ask(question: str) -> str:
    """The line that is typed in answer to a question, which is printed on standard error; blanks stripped."""
    print(printable(question), end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The one of the `known` words that is most like `word`; empty where none is by the ratio `cutoff`."""
    import difflib  # for mistakes only: every command starts by loading this module

    return next(iter(difflib.get_close_matches(word, list(known), 1, cutoff)), "")


def meant(message: str, word: str, known: Iterable[str]) -> str:
    """`message`, that `word` is not known, with the one of the `known` words that is nearest, if any is."""
    better = nearest(word, known)
    return _("{message}; “{better}” was meant?").format(message=message, better=better) if better else message


def near(code: str, known: Iterable[str], most: int = 3) -> str:
    """A bracket to follow an unknown `code`: the known codes nearest to it, `most` at most; else empty."""
    import difflib

    codes = difflib.get_close_matches(code.casefold(), list(known), most)
    return _(" (near it: {codes})").format(codes=", ".join(codes)) if codes else ""
