"""What commands take: the arguments and options that several of them have, periods and files among them."""

from __future__ import annotations

import datetime as dt
import glob
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from reportctl.cli import completing
from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.core.period import parse_period, read_period
from reportctl.core.progress import Progress, silent
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.core.period import Quarter
    from reportctl.intake.workers import Readers
    from reportctl.merge.merge import Run
    from reportctl.workbooks.inbox import InputFile


Offer = Callable[[typer.Context, str], list[tuple[str, str]]]

# 2024-Q7, 2024Q0: no period, but surely meant as one.
_MEANT_AS_PERIOD = re.compile(r"(?:19|20)\d\d ?-? ?[QqHhMm]\w{0,2}")

_WILDCARDS = frozenset("*?")

Format = Literal["table", "json", "csv", "markdown"]  # how a command prints its result
Style = Literal["party", "state"]  # the document styles there is a stock report for


# What the help calls the values that people put in.
_VALUES = {
    "CODE": _("CODE"),
    "DAY": _("DAY"),
    "DIR": _("DIR"),
    "FILE": _("FILE"),
    "KEY": _("KEY"),
    "NAME": _("NAME"),
    "PERIOD": _("PERIOD"),
    "POST": _("POST"),
    "SHEET": _("SHEET"),
    "TAG": _("TAG"),
    "TEXT": _("TEXT"),
    "UNIT": _("UNIT"),
    "VALUE": _("VALUE"),
}


def option(name: str, help_: str, metavar: str | None = None, offered: Offer | None = None) -> Any:
    """An option with its help; `metavar` names its value, which a flag and a choice need not, `offered` gives
    what a shell offers for it."""
    return typer.Option(
        name, metavar=metavar and _said(metavar), show_default=False, help=help_, autocompletion=offered
    )


def argument(metavar: str, help_: str, offered: Offer | None = None) -> Any:
    """An argument with its help, called `metavar` there; `offered` gives what a shell offers for it."""
    return typer.Argument(metavar=_said(metavar), show_default=False, help=help_, autocompletion=offered)


def _said(metavar: str) -> str:
    return re.sub(r"[A-Z]{2,}", lambda word: _VALUES[word.group()], metavar)


QuarterArgument = Annotated[
    str | None, argument("PERIOD", _("The quarter; default: the current one."), completing.quarters)
]
PeriodArgument = Annotated[
    str | None,
    argument("PERIOD", _("The quarter or span; default: the current quarter."), completing.periods),
]
FilesArgument = Annotated[
    list[str] | None,
    argument(
        "PERIOD|FILE",
        _("The quarter, then files; default: all of inbox/PERIOD/."),
        completing.quarters_before_files,
    ),
]
OutOption = Annotated[Path | None, option("--out", _("Write it there instead."), "FILE")]
ResultOption = Annotated[
    Path | None,
    option(
        "--out",
        _("Write the result to this file instead: .xlsx (for Excel), .csv, .json, .md or .txt."),
        "FILE",
    ),
]
WhyOption = Annotated[str, option("--why", _("The reason; it is kept."), "TEXT")]
ByOption = Annotated[
    str | None,
    option(
        "--by",
        _("Until when it is to be sent; default: the deadline, and after it resend_days from today."),
        "DAY",
    ),
]
FormatOption = Annotated[
    Format, option("--format", _("How the result is written; default: table, with --out by the file's name."))
]


def day_named(word: str | None, today: dt.date) -> dt.date | None:
    """The day named on the command line, None where none is: `05/4/2024`, `2024-04-05` and the like.

    Raises `ReportctlError` for what is no day, and for one that is past.
    """
    if word is None:
        return None
    from reportctl.cells.dates import date_in_text
    from reportctl.core.wording import date_short

    day = date_in_text(" ".join(word.lower().split())).value
    if not isinstance(day, dt.date):
        raise ReportctlError(
            _("“{word}” is no day. Write it as in {example}.").format(
                word=word, example=f"{today.day:02}/{today.month:02}/{today.year}"
            )
        )
    if day < today:
        raise ReportctlError(
            _("{day} is past; nobody can send anything by then. Name today or a later day.").format(
                day=date_short(day)
            )
        )
    return day


def split_period(arguments: Sequence[str] | None) -> tuple[str | None, list[str]]:
    """The first argument that reads as a period, and the others."""
    given = list(arguments or ())
    if given and _MEANT_AS_PERIOD.fullmatch(given[0]) and not Path(given[0]).exists():
        parse_period(given[0])
    for position, argument in enumerate(given):
        if read_period(argument):
            return argument, given[:position] + given[position + 1 :]
    return None, given


def input_files(session: Session, names: Sequence[str]) -> list[InputFile] | None:
    """The files named on the command line, zip archives unpacked; None where none is named.

    Files of one name are told apart by their folders. Raises `ReportctlError` for what is no file.
    """
    from reportctl.core.files import is_file
    from reportctl.workbooks.inbox import named_input, unpacked

    paths = [path for name in names for path in matching(name)]
    for path in paths:
        if not is_file(path):
            raise ReportctlError(
                _(
                    "“{path}” is neither a period (such as 2024-Q1) nor a file. Check the name; names with "
                    "spaces stand in quotes."
                ).format(path=path)
            )
    files = [named_input(path, session.workspace.root) for path in dict.fromkeys(paths)]
    counts = Counter(file.name for file in files)
    for n, file in enumerate(files):
        if counts[file.name] > 1:
            files[n] = replace(file, name=f"{file.path.absolute().parent.name}/{file.name}")
    return [one for file in files for one in unpacked(file)] or None


def matching(name: str) -> list[Path]:
    """The files that `name` means: the one of that name, else where it has a `*` or `?` those that fit it, by
    name, without lock files. Shells of Windows leave that to the program.

    Raises `ReportctlError` where none fits.
    """
    from reportctl.core.files import is_file
    from reportctl.workbooks.zips import is_litter

    path = Path(name)
    if not _WILDCARDS & set(name) or is_file(path):
        return [path]
    pattern = name.replace("[", "[[]")  # in a name it is a letter like others
    found = [Path(each) for each in sorted(glob.glob(pattern))]  # noqa: PTH207 - folders may have signs, too
    files = [each for each in found if each.is_file() and not is_litter(each.name)]
    if not files:
        raise ReportctlError(
            _("No file fits “{pattern}”. Check the folder and the name.").format(pattern=name)
        )
    return files


def one_file(path: Path) -> Path:
    """The file that a command which takes one was given. Raises `ReportctlError` where several fit its name,
    or none."""
    from reportctl.core.files import is_file

    files = matching(str(path))
    if len(files) > 1:
        raise ReportctlError(
            _("“{pattern}” fits {count} files, and only one is taken: {names}").format(
                pattern=path, count=len(files), names=", ".join(each.name for each in files)
            )
        )
    if not is_file(files[0]):
        raise ReportctlError(_("There is no file {path}. Check its name.").format(path=path))
    return files[0]


def writing_run(
    session: Session, quarter: Quarter, progress: Progress = silent, readers: Readers | None = None
) -> Run:
    """What a command that merges or writes decisions works on; `progress` and `readers` as for `Run`."""
    from reportctl.merge.merge import Run

    session.load()
    return Run(session, quarter, progress, readers)
