"""The commands before and around a quarter: init, form, template, explain."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from reportctl.cli.arguments import FormatOption, PeriodArgument, QuarterArgument, argument, option
from reportctl.cli.output import emit
from reportctl.core import language
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _, ngettext
from reportctl.core.period import parse_quarter, quarter_at
from reportctl.ledger.session import Session


def init(
    directory: Annotated[Path, argument("DIR", _("The folder; it is made."))],
    period: Annotated[str | None, option("--period", _("Its first quarter; default: today's."), "P")] = None,
) -> None:
    from reportctl.workspace import stock

    quarter = parse_quarter(period) if period else quarter_at(dt.date.today())
    made = stock.make_workspace(directory, quarter)
    say(
        _(
            "The workspace {path} is ready for {period}. Put your office's name into reportctl.toml and your "
            "units into units.csv, then make the workbooks to send out: reportctl -w {path} template"
        ).format(path=f'"{directory}"' if " " in str(directory) else directory, period=made.current())
    )


def form(
    context: typer.Context,
    period: PeriodArgument = None,
    check: Annotated[bool, option("--check", _("Only say what is wrong with it."))] = False,
    tags: Annotated[
        bool, option("--tags", _("The tags of the Word report with what they would say now."))
    ] = False,
    format_: FormatOption = "table",
) -> None:
    from reportctl.form.tables import form_json, form_table

    session: Session = context.obj
    asked = session.form
    if tags and check:
        raise ReportctlError(_("Use either --check or --tags."))
    if tags:
        from reportctl.report.contents import contents
        from reportctl.report.tags import list_tags, tags_json, tags_table
        from reportctl.report.write import report_data

        named = session.period(period)
        with language.speaking(session.settings.language):
            of_tags = contents(report_data(session, named, session.settings))
        listed = list_tags(of_tags, asked)
        emit(tags_table(listed, named), format_, lambda: tags_json(listed, named))
    elif period is not None:
        raise ReportctlError(
            _("A period goes with --tags only: reportctl form --tags {period}").format(period=period)
        )
    elif check:
        from reportctl.outgoing.unsaid import unsaid_rules

        for message in unsaid_rules(asked):
            note(message)
        say(
            _("The form is in order: {indicators} indicators, {rules} rules, version {fingerprint}.").format(
                indicators=len(asked.indicators), rules=len(asked.rules), fingerprint=asked.fingerprint
            )
        )
    else:
        emit(form_table(asked), format_, lambda: form_json(asked))


def template(
    context: typer.Context,
    period: QuarterArgument = None,
    unit: Annotated[
        list[str] | None, option("--unit", _("Only this unit's; may be repeated."), "CODE")
    ] = None,
) -> None:
    from reportctl.figures.plan import load_plan
    from reportctl.outgoing.beside import shown_cells
    from reportctl.outgoing.send import write_templates
    from reportctl.render.terminal import progress

    session: Session = context.obj
    quarter = session.quarter(period)
    plan = {}
    if shown_cells(session.form, "plan"):
        plan = dict(load_plan(session.workspace.plan, session.roster, session.form).values)
    with progress(_("Writing")) as bar:
        workbooks = write_templates(session, quarter, unit or (), bar, plan)
    for saved in workbooks:
        note(saved.remark)
    say(
        ngettext("{count} workbook is in {path}", "{count} workbooks are in {path}", len(workbooks)).format(
            count=len(workbooks), path=session.workspace.outbox(quarter)
        )
    )


def explain(
    context: typer.Context,
    code: Annotated[str | None, argument("CODE", _("The finding's code; default: all."))] = None,
    format_: FormatOption = "table",
) -> None:
    from reportctl.render.explain import kind_json, kind_table, kinds_json, kinds_table

    severities = context.obj.severities
    if code is None:
        table = kinds_table(severities, full=format_ == "csv")
        emit(table, format_, lambda: kinds_json(severities))
    else:
        table = kind_table(code, severities)
        emit(table, format_, lambda: kind_json(code, severities))
