"""The commands that write the Word report, and renew one that people have edited."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportctl.cli import jobs
from reportctl.cli.arguments import Format, FormatOption, OutOption, PeriodArgument, Style
from reportctl.core.errors import say
from reportctl.core.language import _
from reportctl.ledger.session import Session


def report(
    context: typer.Context,
    period: PeriodArgument = None,
    out: OutOption = None,
    style: Annotated[
        Style | None,
        typer.Option("--style", show_default=False, help=_("Take the stock document of that style.")),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help=_("Also an .xlsx of every figure and the cells behind it."))
    ] = False,
) -> None:
    """Write the report."""
    session: Session = context.obj
    path = jobs.report(session, session.period(period), out, style, evidence=evidence)
    say(_("The report is in {path}").format(path=path))


def refresh(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.docx", show_default=False, help=_("The report; it knows its period.")),
    ],
    check: Annotated[
        bool, typer.Option("--check", help=_("Change nothing; exit code 1 where figures differ."))
    ] = False,
    renew: Annotated[
        list[str] | None,
        typer.Option(
            "--renew",
            metavar="TAG",
            show_default=False,
            help=_("Renew this text although somebody edited it; may be repeated."),
        ),
    ] = None,
    format_: FormatOption = Format.table,
) -> int:
    """Renew an edited report's figures."""
    return jobs.refresh(context.obj, file, renew or (), check, format_)
