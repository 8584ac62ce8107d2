"""The commands: each parses its arguments, calls the stages in order, prints, and gives the exit code."""

from __future__ import annotations

import copy
import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from reportctl import __version__
from reportctl.cli import decide, jobs, reference, report
from reportctl.cli.arguments import (
    By,
    FilesArgument,
    Format,
    FormatOption,
    OutOption,
    PeriodArgument,
    QuarterArgument,
    Style,
    To,
    emit,
    emit_all,
    inputs,
    progress,
    split,
    status_of,
    unmerged,
    writing_run,
)
from reportctl.core import language
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _
from reportctl.core.period import parse_quarter, quarter_at
from reportctl.ledger.session import Session

app = typer.Typer(
    name="reportctl",
    help=_("Quarterly reporting for a provincial committee: templates, checks, merging, one Word report."),
    epilog=_("PERIOD is a quarter such as 2024-Q1 (also Q1/2024, I/2024); spans: 2024-H1, 2024-9M, 2024."),
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code. Wrong usage is a `ReportctlError`."""
    from typer.exceptions import TyperException

    try:
        command = typer.main.get_command(_asked_for(arguments))
        _in_our_words(command)
        code = command.main(
            list(arguments), prog_name="reportctl", standalone_mode=False, windows_expand_args=True
        )
    except TyperException as error:
        raise ReportctlError(_usage(error)) from error
    return code if isinstance(code, int) else 0


def _asked_for(arguments: Sequence[str]) -> typer.Typer:
    """The program with only the command that is called, with all of them where none is: making the options
    of twenty commands takes as long as many a command to run."""
    words = iter(arguments)
    called = next(words, "")
    while called.startswith("-"):
        if called in ("-h", "--help"):
            return app
        if called in ("-w", "--workspace", "--lang"):
            next(words, "")
        called = next(words, "")
    part = copy.copy(app)
    part.registered_commands = [
        one
        for one in app.registered_commands
        if called == (one.name or getattr(one.callback, "__name__", ""))
    ] or app.registered_commands
    return part


def _in_our_words(group: Any) -> None:
    """Say what the library says for itself in help texts, but not through gettext, in our language."""
    for command in (group, *group.commands.values()):
        command.options_metavar = _("[OPTIONS]")
        context = typer.Context(command, help_option_names=["-h", "--help"])
        command.get_help_option(context).help = _("Show this help.")

        def usage(context: Any, formatter: Any, command: Any = command) -> None:
            pieces = " ".join(command.collect_usage_pieces(context))
            formatter.write_usage(context.command_path, pieces, prefix=_("Usage: "))

        command.format_usage = usage
    group.subcommand_metavar = _("COMMAND [ARGUMENTS]...")


def _usage(error: Any) -> str:
    """What was wrong with a command line, in one sentence with where to read on."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "reportctl"
    option, parameter = getattr(error, "option_name", None), getattr(error, "param", None)
    name = "" if parameter is None else max(parameter.opts, key=len)
    if parameter is not None and not name.startswith("-"):  # an argument is shown by its metavar
        name = parameter.metavar or name
    choices = _CHOICES.get(parameter.name) if parameter is not None else None
    if option:
        wrong = _("The option {option} is not known here or lacks its value.").format(option=option)
    elif choices:
        wrong = _("{name} can be {choices}.").format(name=name, choices=", ".join(choices))
    elif type(error).__name__ == "MissingParameter":
        wrong = _("{name} is missing.").format(name=name)
    elif name:
        wrong = _("{name}: this value is not possible.").format(name=name)
    else:
        wrong = _in_general(error.format_message())
    return _("{wrong} See: {command} --help").format(wrong=wrong, command=command)


def _in_general(message: str) -> str:
    """What the library says of a command line as a whole, as far as it says it in English only."""
    extra = message.removeprefix("Got unexpected extra argument")
    if extra != message:
        words = extra[extra.find(" (") + 2 : -1]
        return _("This is more than the command takes: {words}.").format(words=words)
    said, _sep, near = message.partition(" Did you mean ")
    guess = _("{near} was meant?").format(near=near.rstrip("?")) if near else ""
    return f"{said} {guess}".rstrip()


_CHOICES: dict[str | None, list[str]] = {"format_": [*Format], "by": [*By], "style": [*Style], "to": [*To]}


def _version(wanted: bool) -> None:
    if wanted:
        say(f"reportctl {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "-w",
            "--workspace",
            metavar="DIR",
            show_default=False,
            help=_("The workspace; default: the nearest upwards."),
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="vi|en", show_default=False, help=_("The language of messages.")),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Print the version."))
    ] = False,
) -> None:
    """Hold the workspace for the command; without one, say where the quarter stands."""
    if lang is not None and lang not in language.LANGUAGES:
        raise ReportctlError(
            _("“{value}” is no language of this program; it can be vi or en.").format(value=lang)
        )
    context.obj = Session(workspace)
    if context.invoked_subcommand is None:
        jobs.overview(context.obj)


# ---- the commands


@app.command(help=_("Make a new workspace in the folder DIR."))
def init(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", show_default=False, help=_("The folder; it is made."))
    ],
    period: Annotated[
        str | None,
        typer.Option(
            "--period", metavar="P", show_default=False, help=_("Its first quarter; default: today's.")
        ),
    ] = None,
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


app.command(help=_("Show the form, or what is wrong with it."))(reference.form)


@app.command(help=_("Make the workbooks to send out, one for each unit, in outbox/PERIOD/."))
def template(
    context: typer.Context,
    period: QuarterArgument = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(
            "--unit", metavar="CODE", show_default=False, help=_("Only this unit's; may be repeated.")
        ),
    ] = None,
) -> None:
    from reportctl.outgoing import send

    session: Session = context.obj
    quarter = session.quarter(period)
    with progress(_("Writing")) as tell:
        sent = send.write_templates(session, quarter, unit or (), tell)
    for saved in sent:
        note(saved.remark)
    say(
        language.ngettext(
            "{count} workbook is in {path}", "{count} workbooks are in {path}", len(sent)
        ).format(count=len(sent), path=session.workspace.outbox(quarter))
    )


@app.command(help=_("Say who has sent what, and who is late."))
def status(
    context: typer.Context,
    period: QuarterArgument = None,
    list_: Annotated[
        bool, typer.Option("--list", help=_("The chasing list with contacts, also to print: status.xlsx."))
    ] = False,
    remind: Annotated[
        bool, typer.Option("--remind", help=_("A message for each unit to be reminded, ready to paste."))
    ] = False,
    unit: Annotated[
        str | None,
        typer.Option(
            "--unit",
            metavar="CODE",
            show_default=False,
            help=_("This unit's files, which of them counts and why, and what changed between them."),
        ),
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    from reportctl.status.status import next_step, status_json, status_table

    session: Session = context.obj
    if list_ and (remind or unit is not None):
        raise ReportctlError(_("--list stands alone: it is about all units. Ask for the other by itself."))
    quarter = session.quarter(period)
    if remind:
        return jobs.remind(session, quarter, format_, unit)
    if unit is not None:
        return jobs.show_unit(session, quarter, unit, format_)
    if list_:
        return jobs.chase(session, quarter, format_)
    found = status_of(session, quarter)
    emit(status_table(found, session.form), format_, lambda: status_json(found))
    jobs.say_changed_severities(session)
    note(next_step(found, unmerged(session, quarter)))
    return None


@app.command(help=_("Check what came back; nothing is stored."))
def validate(
    context: typer.Context,
    arguments: FilesArgument = None,
    mark: Annotated[
        bool, typer.Option("--mark", help=_("Also write marked copies for the senders: returned/PERIOD/."))
    ] = False,
    format_: FormatOption = Format.table,
) -> int:
    from reportctl.merge import validate as validating
    from reportctl.render import formats

    session: Session = context.obj
    named, names = split(arguments)
    quarter = session.quarter(named)
    with progress(_("Checking")) as tell:
        checked = validating.validate(writing_run(session, quarter, tell), inputs(session, names))
    jobs.say_changed_severities(session)
    if format_ is Format.table:
        jobs.show_findings(session, quarter, checked.findings)
        say(jobs.verdicts([verdict for _file, _unit, verdict in checked.files]))
    else:
        emit(formats.findings_table(checked.findings), format_, lambda: jobs.checked_json(checked))
    if mark:
        jobs.mark(session, checked, whole=not names)
    return jobs.exit_code(checked.findings)


@app.command(help=_("Take in what came back and settle what counts."))
def merge(
    context: typer.Context,
    arguments: FilesArgument = None,
    no_workbook: Annotated[
        bool, typer.Option("--no-workbook", help=_("Leave the printable merged.xlsx out."))
    ] = False,
) -> int:
    session: Session = context.obj
    named, names = split(arguments)
    quarter = session.quarter(named)
    merged = jobs.merge(session, quarter, inputs(session, names))
    jobs.show_findings(session, quarter, merged.findings)
    say(jobs.verdicts([record.verdict for record in merged.submissions]))
    jobs.write_merged(session, quarter, printable=not no_workbook)
    return jobs.exit_code(merged.findings)


@app.command(help=_("Show the summary tables."))
def summary(
    context: typer.Context,
    period: PeriodArgument = None,
    by: Annotated[By, typer.Option("--by", show_default=False, help=_("What the rows are."))] = By.indicator,
    section: Annotated[
        list[str] | None,
        typer.Option(
            "--section", metavar="CODE", show_default=False, help=_("Only this section; repeatable.")
        ),
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    from reportctl.figures import as_json, views

    session: Session = context.obj
    shown = views.view(session, session.period(period), by.value, section or ())
    match format_:
        case Format.json:
            emit(shown.tables[0], format_, lambda: shown.json)
        case Format.csv:
            emit(as_json.data_table(shown.json, session.form), format_, dict)
        case _:
            emit_all(shown.tables, format_)


for _command, _help in (
    (decide.accept, _("Take a unit's latest report in spite of its errors.")),
    (decide.correct, _("Write down a figure told by telephone.")),
    (decide.close, _("Freeze a quarter's figures.")),
    (decide.reopen, _("Open a closed quarter again.")),
    (decide.history, _("Take in figures of quarters before reportctl came.")),
):
    # A figure may begin with a minus; it is then refused for what it is.
    _settings = {"ignore_unknown_options": _command is decide.correct}
    app.command(help=_help, context_settings=_settings)(_command)


@app.command(help=_("Write the figures for use elsewhere."))
def export(
    context: typer.Context,
    period: PeriodArgument = None,
    to: Annotated[
        To, typer.Option("--to", show_default=False, help=_("The format; xlsx is the printable workbook."))
    ] = To.xlsx,
    out: OutOption = None,
) -> None:
    from reportctl.figures import views

    session: Session = context.obj
    named = session.period(period)
    data = views.exported(session, named, to.value)
    path = out or session.workspace.output(named) / f"{'merged' if to is To.xlsx else 'values'}.{to}"
    jobs.save(session, path, data)


app.command(help=_("Write the Word report into output/PERIOD/."))(report.report)
app.command(help=_("Renew the figures of a report that people have edited."))(report.refresh)


@app.command(help=_("Show the files and cells behind one figure."))
def trace(
    context: typer.Context,
    arguments: Annotated[
        list[str],
        typer.Argument(metavar="PERIOD|CODE", show_default=False, help=_("The indicator's code.")),
    ],
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="CODE", show_default=False, help=_("Only this unit's part.")),
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    from reportctl.figures import trace as tracing

    session: Session = context.obj
    named, codes = split(arguments)
    if len(codes) != 1:
        raise ReportctlError(_("Name one indicator's code. All codes: reportctl form"))
    with session.ledger() as ledger:
        traced = tracing.trace(ledger, session.form, session.roster, session.period(named), codes[0], unit)
    emit(tracing.trace_table(traced, session.roster), format_, lambda: tracing.trace_json(traced))


app.command(help=_("Say what a finding means, why it matters, how to put it right."))(reference.explain)


@app.command(name="run", help=_("The main job: merge, summary and report in one go."))
def run_all(context: typer.Context, period: QuarterArgument = None) -> int:
    session: Session = context.obj
    return jobs.run(session, session.quarter(period))


@app.command(help=_("Try it: copy the sample to DIR and do the main job there."))
def demo(
    context: typer.Context,
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", show_default=False, help=_("Default: ./reportctl-demo."))
    ] = Path("reportctl-demo"),
) -> int:
    from reportctl.workspace import stock

    session = Session(stock.copy_sample(directory).root)
    if not (context.find_root().params["lang"] or os.environ.get("REPORTCTL_LANG")):
        language.use(session.settings.language)  # as it would be said in the folder itself
    quarter = session.workspace.current()
    jobs.run(session, quarter)
    expected = stock.expected_outcome(directory)
    found = status_of(session, quarter)
    outcome = {state: found.count(state) for state in ("accepted", "warned", "rejected", "missing")}
    if outcome != expected:
        note(_("The sample in {path} was changed and ended otherwise than it does.").format(path=directory))
        return 1
    return 0
