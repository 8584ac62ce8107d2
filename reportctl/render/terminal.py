"""What a person sees while a command runs: tables, findings, progress; elsewhere the same as plain text."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from reportctl.core.findings import Finding
from reportctl.core.letters import plain
from reportctl.core.progress import Progress, silent
from reportctl.core.table import Table
from reportctl.render import many_findings
from reportctl.render.text import Line, findings_lines, table_lines

if TYPE_CHECKING:
    from rich.console import Console

_WITHOUT_TERMINAL = 120  # columns, where the output goes to a file or another program
_SOON_DONE = 0.5  # seconds of work that need no bar


class ForFile(io.StringIO):
    """Standard output while what is printed is meant for a file: no terminal, whatever the environment says,
    and with room for all there is."""


class ForSheets(ForFile):
    """The same while tables are meant for the sheets of a workbook, which keep their numbers: `tables` takes
    them, and what is printed are sentences."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []


def is_for_file() -> bool:
    """Whether what is printed now goes into a file."""
    return isinstance(sys.stdout, ForFile)


def make_console(*, stderr: bool = False) -> Console:
    """The terminal, or what stands in for it; without colour and 120 columns wide where there is none."""
    from rich.console import Console  # takes long to load, and a pipe does not need it

    width = _width_without_terminal(sys.stderr if stderr else sys.stdout)
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def _width_without_terminal(stream: TextIO) -> int | None:
    """The columns to write for; None where `stream` is a terminal, or the environment says how many."""
    if isinstance(stream, ForFile):
        return _WITHOUT_TERMINAL
    if stream.isatty() or os.environ.get("COLUMNS"):
        return None
    if sys.stderr.isatty() and stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
        return os.get_terminal_size(sys.stderr.fileno()).columns  # a pager shows it in the same window
    return _WITHOUT_TERMINAL


def show_table(table: Table) -> None:
    """Print a table on standard output, made to fit the terminal."""
    _show(lambda width: table_lines(table, width))


def show_findings(findings: Sequence[Finding], names: Mapping[str, str]) -> None:
    """Print findings by file on standard output, made to fit the terminal; `names` are the units' by code."""
    _show(lambda width: findings_lines(findings, names, width))


def exceed(findings: Sequence[Finding], names: Mapping[str, str], most: int) -> bool:
    """Whether `show_findings` would print more than `most` lines on a screen."""
    if is_for_file():
        return False
    width = _width_without_terminal(sys.stdout) or make_console().width
    return many_findings.exceed(findings, names, width, most)


def show_many_findings(findings: Sequence[Finding], names: Mapping[str, str], *, brief: bool) -> None:
    """Print how many findings there are of what, and unless `brief` the first ones."""
    _show(lambda width: many_findings.short_lines(findings, names, width, brief=brief))


def _show(lines: Callable[[int], Iterable[Line]]) -> None:
    """Print the lines that `lines` gives for the width of standard output."""
    width = _width_without_terminal(sys.stdout)
    if width:
        sys.stdout.write("".join(f"{''.join(text for text, _style in line)}\n" for line in lines(width)))
        return
    from rich.text import Text

    console = make_console()
    for line in lines(console.width):
        console.print(Text.assemble(*line), soft_wrap=True)


@contextlib.contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A bar on standard error to be told (done, of, file); only on a terminal, and gone at the end.

    It shows once the work has taken half a second.
    """
    console = make_console(stderr=True) if sys.stderr.isatty() else None
    if console is None or not console.is_terminal:
        yield silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[file]}", markup=False),
    )
    bar = Bar(*columns, console=console, transient=True)
    task = bar.add_task(title, total=None, file="")
    begun = time.monotonic()

    def tell(done: int, total: int, file: str) -> None:
        if time.monotonic() - begun >= _SOON_DONE:
            bar.start()  # which it is once
        bar.update(task, completed=done, total=total, file=plain(file))

    try:
        yield tell
    finally:
        bar.stop()
