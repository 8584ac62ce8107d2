"""The commands about what came back: status, validate, merge."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportctl.cli import completing
from reportctl.cli.arguments import (
    ByOption,
    FilesArgument,
    Format,
    FormatOption,
    QuarterArgument,
    day_named,
    input_files,
    option,
    split_period,
    writing_run,
)
from reportctl.cli.output import (
    are_many,
    emit,
    emit_all,
    exit_code,
    names_of_units,
    save,
    say_changed_severities,
    say_verdicts,
    show_findings,
)
from reportctl.cli.to_file import result_to_file
from reportctl.core import language
from reportctl.core.errors import ReportctlError, note, said_in_ours, say
from reportctl.core.language import _
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportctl.core.findings import Finding
    from reportctl.core.period import Quarter
    from reportctl.merge.merge import Merged
    from reportctl.status.status import Status, UnitStatus
    from reportctl.workbooks.inbox import InputFile


@result_to_file(lambda given: (".xlsx",) if given["list_"] else ())
def status(
    context: typer.Context,
    period: QuarterArgument = None,
    list_: Annotated[
        bool, option("--list", _("The chasing list with contacts, also to print: status.xlsx."))
    ] = False,
    remind: Annotated[
        bool,
        option("--remind", _("A message for each unit to be reminded, ready to paste, kept with its day.")),
    ] = False,
    by: ByOption = None,
    unit: Annotated[
        str | None,
        option(
            "--unit",
            _("This unit's files, which of them counts and why, and what changed between them."),
            "CODE",
            completing.units,
        ),
    ] = None,
    format_: FormatOption = "table",
    out: Annotated[
        Path | None,
        option(
            "--out",
            _("Write the result to this file instead: .xlsx (for Excel), .csv, .json, .md or .txt."),
            "FILE",
        ),
    ] = None,
) -> None:
    from reportctl.status.reminded import last_reminded, reminded_in_words, reminders_file
    from reportctl.status.status import next_step, status_json, status_table, to_merge
    from reportctl.workspace.units import known_unit

    session: Session = context.obj
    if list_ and (remind or unit is not None):
        raise ReportctlError(_("--list stands alone: it is about all units. Ask for the other by itself."))
    if by is not None and not remind:
        raise ReportctlError(_("--by is the day that messages name: write it with --remind."))
    until = day_named(by, session.today)
    quarter = session.quarter(period)
    session = session.of(quarter)
    known = known_unit(session.units(quarter), unit) if unit is not None else None
    state = status_of(session, quarter)
    if known:
        state = replace(state, units=tuple(one for one in state.units if one.unit == known.code))
    if remind:
        from reportctl.status import chase

        with session.ledger() as ledger, language.speaking(session.settings.language):
            findings, settings = ledger.findings(quarter), session.settings
            reminders = chase.reminders(state, session.form, findings, settings, session.today, until)
            text = chase.reminders_text(reminders)
            if format_ == "table":
                say(text)
        if format_ != "table":
            table = chase.reminders_table(state, reminders)
            emit(table, format_, lambda: chase.reminders_json(state, reminders))
        if reminders:
            path, kept = reminders_file(session.workspace.output(quarter), session.today, text)
            try:
                with redirect_stdout(sys.stderr):
                    save(session, path, kept)
            except ReportctlError as error:  # the messages are there all the same
                note(str(error))
        note(to_merge(state))
    elif known:
        _show_unit(session, quarter, state.units[0], format_)
    elif list_:
        from reportctl.status import chase

        with session.ledger() as ledger:
            findings = ledger.findings(quarter)
        emit(chase.chasing_table(state, session.form, findings), format_, lambda: status_json(state))
        with language.speaking(session.settings.language):
            data = chase.chasing_workbook(state, session.form, findings)
        with redirect_stdout(sys.stderr):
            save(session, out or session.workspace.output(quarter) / "status.xlsx", data)
        note(to_merge(state))
    else:
        emit(status_table(state, session.form), format_, lambda: status_json(state))
        say_changed_severities(session)
        for sentence in reminded_in_words(
            state, last_reminded(session.workspace.output(quarter), state.units)
        ):
            note(sentence)
        note(next_step(state))


def _show_unit(session: Session, quarter: Quarter, status: UnitStatus, format_: Format) -> None:
    """Show where one unit stands: its files, which of them counts and why, what changed between them."""
    from reportctl.ledger.archive import read_decisions
    from reportctl.ledger.decisions import QuarterDecisions, decisions_by_quarter
    from reportctl.status import unit

    decisions = decisions_by_quarter(read_decisions(session.workspace.decisions))
    with session.ledger() as ledger:
        report = unit.unit_report(
            ledger,
            session.form,
            quarter,
            status,
            decisions.get(quarter, QuarterDecisions()),
            session.settings.cells.dash,
        )
    if format_ in ("json", "csv"):
        emit(unit.unit_data_table(report), format_, lambda: unit.unit_json(report))
    else:
        emit_all(unit.unit_tables(report), format_)


def status_of(session: Session, quarter: Quarter, *, merged: bool = False) -> Status:
    """Who has sent what; where all was `merged` just now, the inbox is not looked into again.

    Raises `ReportctlError` where what the last merge left is lost.
    """
    from reportctl.merge.unmerged import refuse_lost
    from reportctl.merge.waiting import unmerged_files
    from reportctl.render.terminal import progress
    from reportctl.status.status import status

    with session.ledger() as ledger, progress(_("Reading")) as bar:
        refuse_lost(session.workspace, ledger)
        return status(
            ledger,
            session.form,
            session.calendar,
            quarter,
            settings=session.settings,
            today=session.today,
            unmerged=() if merged else unmerged_files(session, ledger, quarter, bar),
        )


@result_to_file(lambda _given: (".xlsx", ".csv"))
def validate(
    context: typer.Context,
    arguments: FilesArgument = None,
    mark: Annotated[
        bool, option("--mark", _("Also write marked copies for the senders: returned/PERIOD/."))
    ] = False,
    by: ByOption = None,
    format_: FormatOption = "table",
    out: Annotated[
        Path | None,
        option(
            "--out",
            _("Also write all that was found to this .xlsx or .csv file; .json, .md, .txt: there instead."),
            "FILE",
        ),
    ] = None,
) -> int:
    from reportctl.core.findings import finding_json
    from reportctl.merge.validate import validate
    from reportctl.render.formats import findings_table
    from reportctl.render.many_findings import findings_list
    from reportctl.render.terminal import progress

    session: Session = context.obj
    if by is not None and not mark:
        raise ReportctlError(_("--by is the day that marked copies name: write it with --mark."))
    until = day_named(by, session.today)
    named, names = split_period(arguments)
    quarter = session.quarter(named)
    with progress(_("Checking")) as bar:
        checked = validate(writing_run(session, quarter, bar), input_files(session, names))
    say_changed_severities(session)
    lists: list[Path] = []
    if out is not None:
        data = findings_file(session, quarter, checked.findings, out.suffix.lower())
        with redirect_stdout(sys.stderr):
            lists.append(save(session, out, data))
    if format_ == "table":
        show_findings(session, quarter, checked.findings, lists, names_of_files=names)
        say_verdicts(checked.weighing)
    else:
        files = [{"file": file, "unit": unit, "verdict": verdict} for file, unit, verdict in checked.files]
        data_only = format_ in ("json", "csv")
        emit(
            findings_table(checked.findings)
            if data_only
            else findings_list(checked.findings, names_of_units(session, quarter)),
            format_,
            lambda: {
                "period": str(checked.quarter),
                "files": files,
                "findings": [finding_json(finding) for finding in checked.findings],
            },
        )
    if mark:
        from reportctl.core.files import unwritten
        from reportctl.marked.write import left_over, summary, write_marked

        with progress(_("Marking")) as bar:
            copies, problems = write_marked(session.of(checked.quarter), checked, bar, until)
        for copy in copies:
            note(copy.saved.remark)
        folder = session.workspace.returned(quarter)
        if copies or not problems:
            note(summary(copies, folder))
        if problems:  # which of the older copies are still needed is not known then
            raise unwritten(problems)
        if not names:  # of the whole inbox the older copies can be told that need not be sent any more
            note(left_over(copies, folder))
    return exit_code(checked.findings)


def merge(
    context: typer.Context,
    arguments: FilesArgument = None,
    no_workbook: Annotated[bool, option("--no-workbook", _("Leave the printable merged.xlsx out."))] = False,
) -> int:
    from reportctl.core.files import unwritten

    session: Session = context.obj
    named, names = split_period(arguments)
    quarter = session.quarter(named)
    merged = merge_quarter(session, quarter, input_files(session, names))
    # Before anything long is printed: whoever stops reading has the files all the same.
    many = are_many(session, quarter, merged.findings, news=merged.news)
    written, lists, problems, stopped = list[Path](), list[Path](), list[str](), None
    try:
        written, problems = write_merged(session, quarter, printable=not no_workbook)
        lists, unlisted = write_findings(session, quarter, merged.findings, many=many)
        problems += unlisted
    except ReportctlError as error:  # what came of the files is said all the same
        stopped = error
    show_findings(session, quarter, merged.findings, lists, news=merged.news)
    say_verdicts([record.verdict for record in merged.weighing])
    for path in written if many else [*written, *lists]:
        say(_("Written: {path}").format(path=path))
    if stopped:
        raise stopped
    if problems:
        raise unwritten(problems)
    return exit_code(merged.findings)


def merge_quarter(session: Session, quarter: Quarter, files: list[InputFile] | None) -> Merged:
    """Take in the files (None: the whole inbox), with progress; say what came of earlier quarters, and of
    files that were taken in before."""
    from reportctl.merge.ahead import readers_ahead

    with readers_ahead(session.workspace, quarter) as readers:
        from reportctl.merge.merge import merge  # while they start
        from reportctl.render.terminal import progress

        with progress(_("Reading")) as bar:
            merged = merge(writing_run(session, quarter, bar, readers), files)
    for late in merged.late:
        note(late.sentence)
    say_changed_severities(session)
    if again := merged.reread + merged.rechecked:
        note(
            _(
                "Files received before that were checked again, because the form, the units, the settings or "
                "the ledger are not as they were: {count}."
            ).format(count=again)
        )
    if merged.earlier:
        note(
            _("Of earlier quarters, for comparison: {quarters}.").format(
                quarters=", ".join(f"{q} ({n})" for q, n in merged.earlier.items())
            )
        )
    say_imported_totals({each: found for each, found in merged.totals.items() if each != quarter})
    return merged


def say_imported_totals(totals: Mapping[Quarter, Sequence[Finding]]) -> None:
    """Say where figures imported for the province alone gave way to those of units, or stand although some
    have reported; `totals` are such findings by quarter."""
    for quarter, findings in sorted(totals.items()):
        for found in findings:
            note(f"{quarter}: {found.message}")


def write_merged(session: Session, quarter: Quarter, *, printable: bool) -> tuple[list[Path], list[str]]:
    """Write values.csv and, if `printable`, merged.xlsx: where they are, and a sentence for each that stands
    open elsewhere, or cannot be written for another reason of its own."""
    from reportctl.core.files import put_off
    from reportctl.core.outputs import Outputs

    written: list[Path] = []
    problems: list[str] = []
    made_from = session.made_from()
    with Outputs(session.workspace.root) as outputs:
        for name in ("merged.xlsx", "values.csv")[not printable :]:
            path = session.workspace.output(quarter) / name
            with put_off(problems):
                if not outputs.is_made(path, made_from):
                    from reportctl.figures import views  # most runs of a merge change nothing

                    if name == "values.csv":
                        before = outputs.made_alike(path, made_from)
                        pieces = views.values_of_quarter(session, quarter, before)
                        saved = outputs.save_pieces(path, pieces, made_from)
                    else:
                        book = said_in_ours(partial(views.exported, session, quarter, "xlsx"))
                        saved = outputs.save(path, book, made_from)
                    note(saved.remark)
                    path = saved.path
                written.append(path)
    return written, problems


def write_findings(
    session: Session, quarter: Quarter, findings: Sequence[Finding], *, many: bool
) -> tuple[list[Path], list[str]]:
    """Write findings.xlsx and findings.csv where the findings are `many`, and else where they are there from
    before, so that they stay true: where they are, and sentences as for `write_merged`."""
    from reportctl.core.files import digest, put_off
    from reportctl.core.outputs import Outputs

    paths = [session.workspace.output(quarter) / f"findings{suffix}" for suffix in (".xlsx", ".csv")]
    written: list[Path] = []
    problems: list[str] = []
    wanted = [path for path in paths if many or path.exists()]
    text = findings_file(session, quarter, findings, ".csv") if wanted else b""
    made_from = f"findings {digest(text)}"
    with Outputs(session.workspace.root) as outputs:
        for path in wanted:
            with put_off(problems):
                if not outputs.is_made(path, made_from):
                    is_text = path.suffix == ".csv"
                    data = text if is_text else findings_file(session, quarter, findings, path.suffix)
                    saved = outputs.save(path, data, made_from)
                    note(saved.remark)
                    path = saved.path
                written.append(path)
    return written, problems


def findings_file(session: Session, quarter: Quarter, findings: Sequence[Finding], suffix: str) -> bytes:
    """All findings in the workspace's language as a file of the kind `suffix`, .xlsx or .csv."""
    from reportctl.render.formats import csv_text, findings_table
    from reportctl.render.many_findings import findings_workbook

    with language.speaking(session.settings.language):
        if suffix == ".xlsx":
            return findings_workbook(findings, names_of_units(session, quarter))
        return csv_text(findings_table(findings)).encode("utf-8-sig")


def renew_merged(session: Session, quarter: Quarter) -> None:
    """Write them after a decision and say where they are. Raises `ReportctlError` with what could not be
    written; the decision holds all the same."""
    from reportctl.core.files import unwritten

    written, problems = write_merged(session, quarter, printable=True)
    with session.ledger() as ledger:
        findings = ledger.findings(quarter)
    lists, unlisted = write_findings(session, quarter, findings, many=False)
    problems += unlisted
    for path in [*written, *lists]:
        say(_("Written: {path}").format(path=path))
    if problems:
        raise unwritten(problems)
