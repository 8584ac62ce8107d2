"""The commands that show what is asked and what can be found: form, explain."""

from __future__ import annotations

from typing import Annotated

import typer

from reportctl.cli import jobs
from reportctl.cli.arguments import Format, FormatOption, PeriodArgument, emit
from reportctl.core.errors import ReportctlError, say
from reportctl.core.language import _
from reportctl.ledger.session import Session


def form(
    context: typer.Context,
    period: PeriodArgument = None,
    check: Annotated[bool, typer.Option("--check", help=_("Only say what is wrong with it."))] = False,
    tags: Annotated[
        bool, typer.Option("--tags", help=_("The tags of the Word report with what they would say now."))
    ] = False,
    format_: FormatOption = Format.table,
) -> None:
    from reportctl.form import tables

    session: Session = context.obj
    found = session.form
    if tags and check:
        raise ReportctlError(_("Use either --check or --tags."))
    if tags:
        return jobs.show_tags(session, session.period(period), format_)
    if period is not None:
        raise ReportctlError(
            _("A period goes with --tags only: reportctl form --tags {period}").format(period=period)
        )
    if check:
        say(
            _("The form is in order: {indicators} indicators, {rules} rules, version {fingerprint}.").format(
                indicators=len(found.indicators), rules=len(found.rules), fingerprint=found.fingerprint
            )
        )
        return None
    emit(tables.form_table(found), format_, lambda: tables.form_json(found))
    return None


def explain(
    context: typer.Context,
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", show_default=False, help=_("The finding's code; default: all.")),
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    from reportctl.render import explain as explaining

    severities = context.obj.severities
    if code is None:
        table = explaining.kinds_table(severities, full=format_ is Format.csv)
        emit(table, format_, lambda: explaining.kinds_json(severities))
    else:
        table = explaining.kind_table(code, severities)
        emit(table, format_, lambda: explaining.kind_json(code, severities))
