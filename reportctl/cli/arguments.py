"""What commands take and how they print: shared arguments, periods and files among them, formats."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportctl.core.errors import ReportctlError, say
from reportctl.core.language import _
from reportctl.core.period import parse_period, read_period
from reportctl.core.progress import Progress, silent
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.core.findings import Finding
    from reportctl.core.period import Quarter
    from reportctl.core.table import Table
    from reportctl.merge.merge import Run
    from reportctl.status.status import Status
    from reportctl.workbooks.inbox import InputFile


# 2024-Q7, 2024Q0: no period, but surely meant as one.
_MEANT_AS_PERIOD = re.compile(r"(?:19|20)\d\d ?-? ?[QqHhMm]\w{0,2}")


class Format(StrEnum):
    """How a command prints its result."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


class Style(StrEnum):
    """The document styles there is a stock report for."""

    party = "party"
    state = "state"


class To(StrEnum):
    """The formats of `export`."""

    xlsx = "xlsx"
    csv = "csv"
    json = "json"
    parquet = "parquet"


class By(StrEnum):
    """What the rows of a summary are."""

    indicator = "indicator"
    unit = "unit"
    kind = "kind"


QuarterArgument = Annotated[
    str | None,
    typer.Argument(metavar="PERIOD", show_default=False, help=_("The quarter; default: the current one.")),
]
PeriodArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="PERIOD", show_default=False, help=_("The quarter or span; default: the current quarter.")
    ),
]
FilesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PERIOD|FILE",
        show_default=False,
        help=_("The quarter, then files; default: all of inbox/PERIOD/."),
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", show_default=False, help=_("Write it there instead.")),
]
WhyOption = Annotated[
    str, typer.Option("--why", metavar="TEXT", show_default=False, help=_("The reason; it is kept."))
]
FormatOption = Annotated[
    Format, typer.Option("--format", show_default=False, help=_("How the result is printed."))
]


def split(arguments: Sequence[str] | None) -> tuple[str | None, list[str]]:
    """The first argument that reads as a period, and the others."""
    given = list(arguments or ())
    if given and _MEANT_AS_PERIOD.fullmatch(given[0]) and not Path(given[0]).exists():
        parse_period(given[0])
    for position, argument in enumerate(given):
        if read_period(argument):
            return argument, given[:position] + given[position + 1 :]
    return None, given


def inputs(session: Session, names: Sequence[str]) -> list[InputFile] | None:
    """The files named on the command line; None where none is."""
    from reportctl.workbooks.inbox import named_input, unpacked

    for name in names:
        if not Path(name).is_file():
            raise ReportctlError(
                _(
                    "“{path}” is neither a period (such as 2024-Q1) nor a file. Check the name; names with "
                    "spaces stand in quotes."
                ).format(path=name)
            )
    given = [named_input(Path(name), session.workspace.root) for name in names]
    alike = Counter(file.name for file in given)
    told_apart = (
        replace(file, name=f"{file.path.absolute().parent.name}/{file.name}")
        if alike[file.name] > 1
        else file
        for file in given
    )
    return [one for file in told_apart for one in unpacked(file)] or None


def show_table(table: Table) -> None:
    """Print a table for people to read, as wide as the terminal."""
    from reportctl.core.letters import plain
    from reportctl.render import plain_text
    from reportctl.render.fitting import fit

    width = plain_text.width_without_terminal(sys.stdout)
    text = plain_text.table_text(table, fit(table, width, plain), width) if width else None
    if text is not None:
        sys.stdout.write(text)
        return
    from reportctl.render import terminal as console  # what it draws with takes long to load

    terminal = console.make_console()
    console.show_table(table, fit(table, terminal.width, plain), terminal)


def show_findings(findings: Sequence[Finding], names: Mapping[str, str]) -> None:
    """Print findings by file for people to read, as wide as the terminal; `names` are the units' by code."""
    from reportctl.render import plain_text

    width = plain_text.width_without_terminal(sys.stdout)
    text = plain_text.findings_text(findings, names, width) if width else None
    if text is not None:
        sys.stdout.write(text)
        return
    from reportctl.render import terminal as console  # what it draws with takes long to load

    console.show_findings(findings, console.make_console(), names)


def emit(table: Table, format_: Format, json_value: Callable[[], object]) -> None:
    """Print a result on standard output, which holds nothing else."""
    from reportctl.render import formats

    match format_:
        case Format.table:
            show_table(table)
        case Format.json:
            say(formats.json_text(json_value()))
        case Format.csv:
            sys.stdout.write(formats.table_as(table, "csv"))
        case Format.markdown:
            sys.stdout.write(formats.table_as(table, "markdown"))


def emit_all(tables: Sequence[Table], format_: Format) -> None:
    """Print tables, one below the other."""
    for number, table in enumerate(tables):
        if number:
            say()
        emit(table, format_, dict)


def progress(title: str) -> AbstractContextManager[Progress]:
    """A progress bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        return nullcontext(silent)
    from reportctl.render import terminal  # what it draws with takes long to load

    return terminal.progress(terminal.make_console(stderr=True), title)


def writing_run(session: Session, quarter: Quarter, tell: Progress = silent) -> Run:
    """What a command that merges or writes decisions works on; it tells `tell` of every file."""
    from reportctl.merge.merge import Run

    return Run(session.workspace, session.form, session.roster, quarter, session.today, session.who, tell)


def status_of(session: Session, quarter: Quarter) -> Status:
    """Who has sent what, as the last merge left it."""
    from reportctl.status.status import status

    with session.ledger() as ledger:
        return status(
            ledger, session.form, session.calendar, quarter, settings=session.settings, today=session.today
        )


def unmerged(session: Session, quarter: Quarter) -> int:
    """How many files lie in the quarter's inbox that no merge has taken in."""
    from reportctl.merge import receive

    with session.ledger() as ledger:
        return receive.unmerged(session.workspace, ledger, quarter)
