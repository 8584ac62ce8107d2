"""The commands about what came back: status, validate, merge."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportctl.cli.arguments import (
    FilesArgument,
    Format,
    FormatOption,
    QuarterArgument,
    input_files,
    option,
    split_period,
    writing_run,
)
from reportctl.cli.output import (
    emit,
    emit_all,
    exit_code,
    save,
    say_changed_severities,
    say_verdicts,
    show_findings,
)
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


def status(
    context: typer.Context,
    period: QuarterArgument = None,
    list_: Annotated[
        bool, option("--list", _("The chasing list with contacts, also to print: status.xlsx."))
    ] = False,
    remind: Annotated[
        bool, option("--remind", _("A message for each unit to be reminded, ready to paste."))
    ] = False,
    unit: Annotated[
        str | None,
        option(
            "--unit",
            _("This unit's files, which of them counts and why, and what changed between them."),
            "CODE",
        ),
    ] = None,
    format_: FormatOption = "table",
) -> None:
    from reportctl.status.status import next_step, status_json, status_table
    from reportctl.workspace.units import known_unit

    session: Session = context.obj
    if list_ and (remind or unit is not None):
        raise ReportctlError(_("--list stands alone: it is about all units. Ask for the other by itself."))
    quarter = session.quarter(period)
    known = known_unit(session.units(quarter), unit) if unit is not None else None
    state = status_of(session, quarter)
    if known:
        state = replace(state, units=tuple(one for one in state.units if one.unit == known.code))
    if remind:
        from reportctl.status import chase

        with session.ledger() as ledger, language.speaking(session.settings.language):
            findings, issuer = ledger.findings(quarter), session.settings.issuer.name
            reminders = chase.reminders(state, session.form, findings, issuer, session.today)
            if format_ == "table":
                say(chase.reminders_text(reminders))
            else:
                table = chase.reminders_table(state, reminders)
                emit(table, format_, lambda: chase.reminders_json(state, reminders))
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
            save(session, session.workspace.output(quarter) / "status.xlsx", data)
    else:
        emit(status_table(state, session.form), format_, lambda: status_json(state))
        say_changed_severities(session)
        note(next_step(state, unmerged(session, quarter)))


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


def status_of(session: Session, quarter: Quarter) -> Status:
    """Who has sent what, as the last merge left it. Raises `ReportctlError` where what it left is lost."""
    from reportctl.merge.unmerged import refuse_lost
    from reportctl.status.status import status

    with session.ledger() as ledger:
        refuse_lost(session.workspace, ledger)
        return status(
            ledger, session.form, session.calendar, quarter, settings=session.settings, today=session.today
        )


def unmerged(session: Session, quarter: Quarter) -> int:
    """How many files lie in the quarter's inbox that no merge has taken in."""
    from reportctl.merge.unmerged import unmerged

    with session.ledger() as ledger:
        return unmerged(session.workspace, ledger, quarter)


def validate(
    context: typer.Context,
    arguments: FilesArgument = None,
    mark: Annotated[
        bool, option("--mark", _("Also write marked copies for the senders: returned/PERIOD/."))
    ] = False,
    format_: FormatOption = "table",
) -> int:
    from reportctl.core.findings import finding_json
    from reportctl.merge.validate import validate
    from reportctl.render.formats import findings_table
    from reportctl.render.terminal import progress

    session: Session = context.obj
    named, names = split_period(arguments)
    quarter = session.quarter(named)
    with progress(_("Checking")) as bar:
        checked = validate(writing_run(session, quarter, bar), input_files(session, names))
    say_changed_severities(session)
    if format_ == "table":
        show_findings(session, quarter, checked.findings)
        say_verdicts(checked.weighing)
    else:
        files = [{"file": file, "unit": unit, "verdict": verdict} for file, unit, verdict in checked.files]
        emit(
            findings_table(checked.findings),
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
            copies, problems = write_marked(session, checked, bar)
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
    written, problems = write_merged(session, quarter, printable=not no_workbook)
    show_findings(session, quarter, merged.findings)
    say_verdicts([record.verdict for record in merged.weighing])
    for path in written:
        say(_("Written: {path}").format(path=path))
    if problems:
        raise unwritten(problems)
    return exit_code(merged.findings)


def merge_quarter(session: Session, quarter: Quarter, files: list[InputFile] | None) -> Merged:
    """Take in the files (None: the whole inbox), with progress; say what came of earlier quarters, and of
    files that were taken in before."""
    from reportctl.merge.merge import merge
    from reportctl.render.terminal import progress

    with progress(_("Reading")) as bar:
        merged = merge(writing_run(session, quarter, bar), files)
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
    from reportctl.core.files import Outputs, put_off

    written: list[Path] = []
    problems: list[str] = []
    made_from = session.made_from()
    with Outputs(session.workspace.root) as outputs:
        for name, to in (("merged.xlsx", "xlsx"), ("values.csv", "csv"))[not printable :]:
            path = session.workspace.output(quarter) / name
            with put_off(problems):
                if not outputs.is_made(path, made_from):
                    from reportctl.figures.views import exported  # most runs of a merge change nothing

                    before = outputs.made_alike(path, made_from) if to == "csv" else b""
                    saved = outputs.save(
                        path, said_in_ours(partial(exported, session, quarter, to, before)), made_from
                    )
                    note(saved.remark)
                    path = saved.path
                written.append(path)
    return written, problems


def renew_merged(session: Session, quarter: Quarter) -> None:
    """Write both after a decision and say where they are. Raises `ReportctlError` with what could not be
    written; the decision holds all the same."""
    from reportctl.core.files import unwritten

    written, problems = write_merged(session, quarter, printable=True)
    for path in written:
        say(_("Written: {path}").format(path=path))
    if problems:
        raise unwritten(problems)
