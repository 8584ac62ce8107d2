"""The command line: its commands, the options before them, and what is said of wrong usage."""

from __future__ import annotations

import datetime as dt
import errno
import os
import sys
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from reportctl import __version__
from reportctl.cli import (
    collect,
    completing,
    decide,
    doctor,
    figures,
    init,
    main_job,
    menu,
    report,
    settings,
    setup,
)
from reportctl.cli.arguments import Format, Style
from reportctl.core import language
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _
from reportctl.ledger.session import Session

# The commands by what they are for, in the order of a quarter's work: so `--help` shows them, and the page of
# commands that is made of it.
_GROUPS: dict[str, dict[Callable[..., int | None], str]] = {
    _("Set up"): {
        init.init: _("Make a new workspace in the folder DIR."),
        settings.settings: _("Show what stands in reportctl.toml, or set it."),
        setup.form: _("Show the form, or what is wrong with it."),
        decide.history: _("Take in figures of quarters before reportctl came."),
        setup.next: _("Begin the next quarter."),
    },
    _("Send out"): {
        setup.template: _("Make the workbooks to send out, one for each unit, in outbox/PERIOD/."),
    },
    _("Take in"): {
        collect.validate: _("Check what came back; nothing is stored."),
        collect.merge: _("Take in what came back and settle what counts."),
        main_job.run: _("The main job: merge, summary and report in one go."),
    },
    _("Decide"): {
        decide.accept: _("Take a unit's latest report in spite of its errors."),
        decide.correct: _("Write down a figure told by telephone."),
        decide.close: _("Freeze a quarter's figures."),
        decide.reopen: _("Open a closed quarter again."),
    },
    _("Look"): {
        collect.status: _("Say who has sent what, and who is late."),
        figures.summary: _("Show the summary tables."),
        figures.trace: _("Show the files and cells behind one figure."),
    },
    _("Report"): {
        report.report: _("Write the Word report into output/PERIOD/."),
        report.refresh: _("Renew the figures of a report that people have edited."),
        figures.export: _("Write the figures for use elsewhere."),
    },
    _("Get help"): {
        menu.menu: _("A numbered menu of the quarter's work."),
        setup.explain: _("Say what a finding means, why it matters, how to put it right."),
        doctor.doctor: _("Say what is wrong with this computer and this workspace, and what to do."),
        main_job.demo: _("Try it: copy the sample to DIR and do the main job there."),
    },
}
_WITHOUT_WORKSPACE = ("init", "demo", "explain", "doctor")  # the last names copies itself
_INTERRUPTED = 130  # what the library makes of an interrupt
# What options can be, by their parameters.
_CHOICES = {
    "format_": Format,
    "by": figures.By,
    "style": Style,
    "to": figures.To,
    "completion": completing.Shell,
}


def command_line(called: str = "") -> Any:
    """The whole command line; where a command of the name `called` is there, with that one alone.

    To make the options of twenty commands takes as long as many a command to run.
    """
    app = typer.Typer(
        name="reportctl",
        help=_(
            "Quarterly reporting for a provincial committee: templates, checks, merging, one Word report."
        ),
        epilog=_(
            "PERIOD is a quarter such as 2024-Q1 (also Q1/2024, I/2024); spans: 2024-H1, 2024-9M, 2024."
        ),
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_start)
    known = [(one, text, panel) for panel, group in _GROUPS.items() for one, text in group.items()]
    for command, text, panel in [one for one in known if one[0].__name__ == called] or known:
        # A figure may begin with a minus; it is then refused for what it is.
        lenient = {"ignore_unknown_options": command in (decide.correct, settings.settings)}
        app.command(help=text, context_settings=lenient, rich_help_panel=panel)(command)
    group: Any = typer.main.get_command(app)
    # What the library says for itself in help texts, but not through gettext, is said in our language.
    group.subcommand_metavar = _("COMMAND [ARGUMENTS]...")
    for made in (group, *group.commands.values()):
        made.options_metavar = _("[OPTIONS]")
        context = typer.Context(made, help_option_names=["-h", "--help"])
        help_option = made.get_help_option(context)
        help_option.help = _("Show this help.")

        def format_usage(context: Any, formatter: Any, command: Any = made) -> None:
            pieces = " ".join(command.collect_usage_pieces(context))
            formatter.write_usage(context.command_path, pieces, prefix=_("Usage: "))

        made.format_usage = format_usage
        for parameter in (*made.params, help_option):
            # That arguments are strings, and flags true or false, helps nobody.
            if parameter.param_type_name == "argument" or getattr(parameter, "is_flag", False):
                parameter.display_type_rich = _nothing
    return group


def _nothing(**_context: Any) -> None:
    return None


def run(arguments: Sequence[str], called: str) -> int:
    """Run one command line, in which the command `called` is called, and give its exit code.

    Raises `ReportctlError` where the usage is wrong, `KeyboardInterrupt` and `BrokenPipeError` as they come.
    """
    from typer.exceptions import TyperException

    streams = sys.stdout, sys.stderr
    completing.get_ready()
    try:
        code = command_line(called).main(
            list(arguments), prog_name="reportctl", standalone_mode=False, windows_expand_args=True
        )
    except TyperException as error:
        raise ReportctlError(_wrong_usage(error)) from error
    except SystemExit as error:  # what libraries make of a broken pipe
        if sys.stdout is streams[0]:  # rich, of our output only, which goes nowhere from here on
            return 0
        sys.stdout, sys.stderr = streams  # typer, of any pipe
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from error
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _wrong_usage(error: Any) -> str:
    """What was wrong with a command line, in one sentence with where to read on."""
    context = getattr(error, "ctx", None)
    option, parameter = getattr(error, "option_name", None), getattr(error, "param", None)
    name = "" if parameter is None else max(parameter.opts, key=len)
    if parameter is not None and not name.startswith("-"):  # an argument is shown by its metavar
        name = parameter.metavar or name
    choices = typing.get_args(_CHOICES.get(parameter.name)) if parameter is not None else ()
    if option:
        wrong = _("The option {option} is not known here or lacks its value.").format(option=option)
    elif choices:
        wrong = _("{name} can be {choices}.").format(name=name, choices=", ".join(choices))
    elif type(error).__name__ == "MissingParameter":
        wrong = _("{name} is missing.").format(name=name)
    elif name:
        wrong = _("{name}: this value is not possible.").format(name=name)
    else:
        # Of a command line as a whole the library says some things in English only.
        message = error.format_message()
        extra = message.removeprefix("Got unexpected extra argument")
        if extra != message:
            words = extra[extra.find(" (") + 2 : -1]
            wrong = _("This is more than the command takes: {words}.").format(words=words)
        else:
            wrong, _sep, near = message.partition(" Did you mean ")
            if near:
                wrong += " " + _("{near} was meant?").format(near=near.rstrip("?"))
    return _("{wrong} See: {command} --help").format(
        wrong=wrong.rstrip(), command=context.command_path if context else "reportctl"
    )


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"reportctl {__version__}")
        raise typer.Exit


def _show_completion(shell: str | None) -> None:
    if shell is not None:
        say(completing.script(shell))
        raise typer.Exit


def _start(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "-w",
            "--workspace",
            metavar=_("DIR"),
            show_default=False,
            help=_("The workspace; default: the nearest upwards."),
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="vi|en", show_default=False, help=_("The language of messages.")),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=_("Print the version."))
    ] = False,
    completion: Annotated[  # noqa: ARG001 - its callback prints it
        completing.Shell | None,
        typer.Option(
            "--show-completion",
            callback=_show_completion,
            is_eager=True,
            show_default=False,
            help=_("Print what makes this shell complete commands, periods, units and codes with Tab."),
        ),
    ] = None,
) -> None:
    """Hold the workspace for the command; without one, say where the quarter stands."""
    if lang is not None and lang not in language.LANGUAGES:
        raise ReportctlError(
            _("“{value}” is no language of this program; it can be vi or en.").format(value=lang)
        )
    context.obj = Session(workspace)
    context.meta[menu.COMMANDS] = [command.__name__ for group in _GROUPS.values() for command in group]
    if context.invoked_subcommand != "doctor":  # which says that of the clock, too
        _refuse_clock(context.obj.today)
    if context.invoked_subcommand not in _WITHOUT_WORKSPACE:
        _name_conflicts(workspace)
    if context.invoked_subcommand is None:
        main_job.overview(context.obj)


def _refuse_clock(today: dt.date) -> None:
    """Raises `ReportctlError` where the computer's day is one that no workbook or document can name: the
    packages that they are hold days from 1980 to 2107."""
    if not 1980 <= today.year <= 2107:
        from reportctl.core.wording import date_short

        raise ReportctlError(
            _("The clock of this computer says that it is {day}. Set it right and try again.").format(
                day=date_short(today)
            )
        )


def _name_conflicts(workspace: Path | None) -> None:
    """Name the copies that a syncing folder has put beside the workspace's files."""
    from reportctl.ledger.conflicts import conflicts
    from reportctl.workspace.root import root_if_any

    root = root_if_any(workspace, Path.cwd())
    for sentence in conflicts(root) if root else ():
        note(sentence)
