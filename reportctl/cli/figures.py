"""The commands that show and hand on figures: summary, trace, export."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from reportctl.cli.arguments import FormatOption, OutOption, PeriodArgument, argument, option, split_period
from reportctl.cli.output import emit, emit_all, save, say_what_is_lacking
from reportctl.core.errors import ReportctlError, note, said_in_ours, say
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
            emit(as_json.data_table(shown.json, session.form), format_, lambda: shown.json)
        case _:
            emit_all(shown.tables, format_)


def trace(
    context: typer.Context,
    arguments: Annotated[list[str], argument("PERIOD|CODE", _("The indicator's code."))],
    unit: Annotated[str | None, option("--unit", _("Only this unit's part."), "CODE")] = None,
    format_: FormatOption = "table",
) -> None:
    from reportctl.figures.trace import trace, trace_json, trace_table

    session: Session = context.obj
    named, codes = split_period(arguments)
    if len(codes) != 1:
        raise ReportctlError(_("Name one indicator's code. All codes: reportctl form"))
    asked = session.period(named)
    say_what_is_lacking(session, asked)
    with session.ledger() as ledger:
        traced = trace(ledger, session.form, session.calendar, asked, codes[0], unit)
    emit(trace_table(traced, session.roster), format_, lambda: trace_json(traced))


def export(
    context: typer.Context,
    period: PeriodArgument = None,
    to: Annotated[To, option("--to", _("The format; xlsx is the printable workbook."))] = "xlsx",
    every: Annotated[
        bool,
        option("--all", _("With --to parquet: every quarter, as one data set with a folder for each.")),
    ] = False,
    out: OutOption = None,
) -> None:
    from reportctl.figures import views

    session: Session = context.obj
    if every:
        _export_all(session, period, to, out)
        return
    named = session.period(period)
    say_what_is_lacking(session, named)
    data = said_in_ours(partial(views.exported, session, named, to))
    path = out or session.workspace.output(named) / f"{'merged' if to == 'xlsx' else 'values'}.{to}"
    save(session, path, data)


def _export_all(session: Session, period: str | None, to: To, out: Path | None) -> None:
    """Write the data set of all quarters."""
    from reportctl.figures.data_set import save_data_set
    from reportctl.merge.form_in_force import forms_used

    if to != "parquet" or period:
        raise ReportctlError(_("All quarters go into one data set: reportctl export --to parquet --all"))
    say_what_is_lacking(session, None)
    path = out or session.workspace.root / "output" / "values"
    saved = said_in_ours(partial(save_data_set, session, path, forms_used(session)))
    say(_("Written: {path}").format(path=saved.path))
    note(saved.remark)
