"""The commands that show and hand on figures: summary, trace, export."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

import typer

from reportctl.cli.arguments import FormatOption, OutOption, PeriodArgument, argument, option, split_period
from reportctl.cli.output import emit, emit_all, save, say_what_is_lacking
from reportctl.core.errors import ReportctlError, said_in_ours
from reportctl.core.language import _
from reportctl.ledger.session import Session

By = Literal["indicator", "unit", "kind"]  # what the rows of a summary are
To = Literal["xlsx", "csv", "json", "parquet"]  # the formats of `export`


def summary(
    context: typer.Context,
    period: PeriodArgument = None,
    by: Annotated[By, option("--by", _("What the rows are."))] = "indicator",
    section: Annotated[
        list[str] | None, option("--section", _("Only this section or table; repeatable."), "CODE")
    ] = None,
    table: Annotated[
        list[str] | None,
        option("--table", _("Only this table, table.row or table.*.column; repeatable."), "CODE"),
    ] = None,
    format_: FormatOption = "table",
) -> None:
    from reportctl.figures import as_json, views

    session: Session = context.obj
    named = session.period(period)
    say_what_is_lacking(session, named)
    shown = views.view(session, named, by, section or (), table or ())
    match format_:
        case "json" | "csv":
            emit(as_json.data_table(shown.json, session.of(named).form), format_, lambda: shown.json)
        case _:
            emit_all(shown.tables, format_)


def trace(
    context: typer.Context,
    arguments: Annotated[list[str], argument("PERIOD|CODE", _("The indicator's code."))],
    unit: Annotated[str | None, option("--unit", _("Only this unit's part."), "CODE")] = None,
    format_: FormatOption = "table",
) -> None:
    from reportctl.figures.trace import code_in, trace, trace_json, trace_table

    session: Session = context.obj
    named, codes = split_period(arguments)
    if len(codes) != 1:
        raise ReportctlError(_("Name one indicator's code. All codes: reportctl form"))
    asked = session.period(named)
    say_what_is_lacking(session, asked)
    of_then = session.of(asked)
    code = code_in(of_then.form, session.form, codes[0])
    session = session if code is None else of_then
    with session.ledger() as ledger:
        traced = trace(ledger, session.form, session.calendar, asked, code or codes[0], unit)
    emit(trace_table(traced, session.roster), format_, lambda: trace_json(traced))


def export(
    context: typer.Context,
    period: PeriodArgument = None,
    to: Annotated[To, option("--to", _("The format; xlsx is the printable workbook."))] = "xlsx",
    out: OutOption = None,
) -> None:
    from reportctl.figures import views

    session: Session = context.obj
    named = session.period(period)
    say_what_is_lacking(session, named)
    data = said_in_ours(partial(views.exported, session, named, to))
    path = out or session.workspace.output(named) / f"{'merged' if to == 'xlsx' else 'values'}.{to}"
    save(session, path, data)
