"""The commands that show and hand on figures: summary, trace, export."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reportctl.cli import completing
from reportctl.cli.arguments import (
    FormatOption,
    OutOption,
    PeriodArgument,
    ResultOption,
    argument,
    one_file,
    option,
    split_period,
)
from reportctl.cli.output import emit, emit_all, exit_code, save, say_what_is_lacking
from reportctl.cli.to_file import result_to_file
from reportctl.core.errors import ReportctlError, note, said_in_ours, say
from reportctl.core.language import _
from reportctl.core.period import parse_period
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportctl.core.period import Period

By = Literal["indicator", "unit", "kind"]  # what the rows of a summary are
To = Literal["xlsx", "csv", "json", "parquet", "lists", "return"]  # the formats of `export`


@result_to_file()
def summary(
    context: typer.Context,
    period: PeriodArgument = None,
    by: Annotated[By, option("--by", _("What the rows are."))] = "indicator",
    section: Annotated[
        list[str] | None,
        option("--section", _("Only this section or table; repeatable."), "CODE", completing.sections),
    ] = None,
    table: Annotated[
        list[str] | None,
        option(
            "--table",
            _("Only this table, table.row or table.*.column; repeatable."),
            "CODE",
            completing.tables,
        ),
    ] = None,
    format_: FormatOption = "table",
    out: ResultOption = None,  # noqa: ARG001 - what is printed goes there
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


@result_to_file()
def trace(
    context: typer.Context,
    arguments: Annotated[
        list[str], argument("PERIOD|CODE", _("The indicator's code."), completing.periods_and_figures)
    ],
    unit: Annotated[
        str | None, option("--unit", _("Only this unit's part."), "CODE", completing.units)
    ] = None,
    format_: FormatOption = "table",
    out: ResultOption = None,  # noqa: ARG001 - what is printed goes there
) -> None:
    from reportctl.figures.trace import code_in, trace, trace_json, trace_table
    from reportctl.figures.trace_list import list_part, list_trace_json, list_trace_table, trace_list

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
        archive, calendar = session.workspace.archive, session.calendar
        if part := list_part(session.form, code or codes[0]):
            rows = trace_list(ledger, calendar, asked, part, unit)
            emit(list_trace_table(rows, session.roster), format_, lambda: list_trace_json(rows))
            return
        traced = trace(ledger, session.form, calendar, asked, code or codes[0], unit, archive)
    emit(trace_table(traced, session.roster), format_, lambda: trace_json(traced))


def export(
    context: typer.Context,
    arguments: Annotated[
        list[str] | None,
        argument(
            "PERIOD|FILE",
            _("The quarter or span; default: the current quarter. With --to return the workbook to fill in."),
            completing.quarters_before_files,
        ),
    ] = None,
    to: Annotated[
        To,
        option(
            "--to",
            _(
                "The format; xlsx is the printable workbook, lists the cells of the units' lists (CSV), "
                "return the workbook that the level above has sent."
            ),
        ),
    ] = "xlsx",
    as_: Annotated[
        str | None, option("--as", _("With --to return: this office's code at the level above."), "CODE")
    ] = None,
    text: Annotated[
        list[str] | None,
        option(
            "--text",
            _("With --to return: the office's own answer to a question there, or a file that holds it."),
            "CODE=TEXT|FILE",
        ),
    ] = None,
    every: Annotated[
        bool,
        option("--all", _("With --to parquet: every quarter, as one data set with a folder for each.")),
    ] = False,
    out: OutOption = None,
) -> int:
    from reportctl.figures import views

    session: Session = context.obj
    period, names = split_period(arguments)
    if every:
        _export_all(session, period, names, to, out)
        return 0
    named = session.period(period)
    if to == "return":
        return _hand_up(session, named, names, as_, text or (), out)
    if names and not Path(names[0]).suffix:
        parse_period(names[0])  # which says how periods are written
    if names or as_ is not None or text:
        raise ReportctlError(_("A workbook, --as and --text go with --to return only."))
    say_what_is_lacking(session, named)
    data = said_in_ours(partial(views.exported, session, named, to))
    name = {"xlsx": "merged.xlsx", "lists": "lists.csv"}.get(to, f"values.{to}")
    path = out or session.workspace.output(named) / name
    save(session, path, data)
    return 0


def _hand_up(
    session: Session,
    period: Period,
    names: Sequence[str],
    unit: str | None,
    texts: Sequence[str],
    out: Path | None,
) -> int:
    """Fill in the workbook that the level above has sent, and say what could not be filled in."""
    from reportctl.core.files import read_file
    from reportctl.core.period import Quarter
    from reportctl.render import terminal
    from reportctl.upward.hand_up import hand_up
    from reportctl.upward.request import read_request

    if len(names) != 1 or unit is None:
        raise ReportctlError(
            _(
                "Name the workbook that the level above has sent, and this office's code there: "
                "reportctl export {period} --to return --as CODE FILE.xlsx"
            ).format(period=period)
        )
    if not isinstance(period, Quarter):
        raise ReportctlError(_("A workbook is filled in for one quarter, such as 2024-Q1."))
    path = one_file(Path(names[0]))
    request = read_request(session, period, path.name, read_file(path), unit)
    session.load()
    say_what_is_lacking(session, period)
    given = dict(_answer(text) for text in texts)
    given |= _asked({code: label for code, label in request.open_questions.items() if code not in given})
    filled = hand_up(session, period, request, given)
    terminal.show_findings(filled.findings, {})
    say(
        _("Filled in: {filled} of {asked} that {file} asks.").format(
            filled=filled.filled, asked=filled.asked, file=path.name
        )
    )
    save(session, out or session.workspace.output(period) / path.name, filled.data)
    return exit_code(filled.findings)


_TEXT_FILES = (".txt", ".md")
_LONGEST_NAME = 200  # characters of a file's name with its folders


def _answer(text: str) -> tuple[str, str]:
    """The code and the answer of one `--text`; what names a file stands for what is in it. Raises
    `ReportctlError`."""
    from reportctl.core.files import read_file
    from reportctl.core.letters import decoded

    code, equals, answer = text.partition("=")
    if not equals or not code.strip():
        raise ReportctlError(_("Write --text CODE=TEXT, or --text CODE=FILE.txt: {text}").format(text=text))
    path = Path(answer)
    is_name = "\n" not in answer and len(answer) <= _LONGEST_NAME
    if not is_name or not (path.suffix.lower() in _TEXT_FILES or path.is_file()):
        return code.strip(), answer
    data = read_file(path)
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReportctlError(_("{path} is no text file. Save the text as .txt.").format(path=path))
    return code.strip(), decoded(data).strip()


def _asked(questions: Mapping[str, str]) -> dict[str, str]:
    """What somebody at a terminal answers to the questions, by code; nothing where there is no terminal."""
    if not questions or not sys.stdin.isatty():
        return {}
    note(
        _(
            "What follows is this office's own: paste or type it, then an empty line. Enter alone leaves it "
            "empty."
        )
    )
    given = {}
    for code, label in questions.items():
        note(f"\n{label} ({code}):")
        lines = []
        while line := sys.stdin.readline().rstrip("\r\n"):
            lines.append(line)
        given[code] = "\n".join(lines)
    return {code: answer for code, answer in given.items() if answer}


def _export_all(session: Session, period: str | None, names: Sequence[str], to: To, out: Path | None) -> None:
    """Write the data set of all quarters."""
    from reportctl.figures.data_set import save_data_set
    from reportctl.merge.form_in_force import forms_used

    if to != "parquet" or period or names:
        raise ReportctlError(_("All quarters go into one data set: reportctl export --to parquet --all"))
    say_what_is_lacking(session, None)
    path = out or session.workspace.root / "output" / "values"
    saved = said_in_ours(partial(save_data_set, session, path, forms_used(session)))
    say(_("Written: {path}").format(path=saved.path))
    note(saved.remark)
