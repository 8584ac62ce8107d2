"""The commands that show what is asked and what can be found: form, explain."""

from __future__ import annotations

from typing import Annotated

import typer

from reportctl.arguments import Format, FormatOption, emit
from reportctl.errors import say
from reportctl.language import _
from reportctl.session import Session


def form(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help=_("Only say what is wrong with it."))] = False,
    format_: FormatOption = Format.table,
) -> None:
    from reportctl import form_tables

    session: Session = context.obj
    found = session.form
    if check:
        say(
            _("The form is in order: {indicators} indicators, {rules} rules, version {fingerprint}.").format(
                indicators=len(found.indicators), rules=len(found.rules), fingerprint=found.fingerprint
            )
        )
        return
    emit(form_tables.form_table(found), format_, lambda: form_tables.form_json(found))


def explain(
    context: typer.Context,
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", show_default=False, help=_("The finding's code; default: all.")),
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    from reportctl import explain as explaining

    severities = context.obj.severities
    if code is None:
        table = explaining.kinds_table(severities, full=format_ is Format.csv)
        emit(table, format_, lambda: explaining.kinds_json(severities))
    else:
        table = explaining.kind_table(code, severities)
        emit(table, format_, lambda: explaining.kind_json(code, severities))
