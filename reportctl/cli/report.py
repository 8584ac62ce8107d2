"""The commands that write the Word report, and renew one that people have edited."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportctl.cli.arguments import (
    FormatOption,
    OutOption,
    PeriodArgument,
    Style,
    argument,
    one_file,
    option,
)
from reportctl.cli.output import emit, save, say_what_is_lacking
from reportctl.core.errors import ReportctlError, note, said_in_ours, say
from reportctl.core.language import _
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.core.period import Period
    from reportctl.report.write import WrittenReport


def report(
    context: typer.Context,
    period: PeriodArgument = None,
    out: OutOption = None,
    style: Annotated[Style | None, option("--style", _("Take the stock document of that style."))] = None,
    evidence: Annotated[
        bool, option("--evidence", _("Also an .xlsx of every figure and the cells behind it."))
    ] = False,
    new_template: Annotated[
        bool,
        option("--new-template", _("No report, but a fresh stock document beside the workspace's own one.")),
    ] = False,
) -> None:
    session: Session = context.obj
    if new_template:
        if period or out or evidence:
            raise ReportctlError(_("--new-template makes no report; beside it only --style can stand."))
        _put_fresh_template(session, style or session.settings.style)
        return
    named = session.period(period)
    say_what_is_lacking(session, named)
    path = write_report(session, named, out, style, evidence=evidence)
    say(_("The report is in {path}").format(path=path))


def _put_fresh_template(session: Session, style: Style) -> None:
    """Put the stock document of a style into the workspace, beside the one that is there."""
    from reportctl.core.files import Outputs
    from reportctl.workspace import stock

    own = session.workspace.report_template
    with Outputs(session.workspace.root) as outputs:
        fresh = outputs.save(own, stock.report_document(style)).path
    say(_("A fresh stock document is in {path}").format(path=fresh))
    if fresh != own:
        note(
            _(
                "{own} stays as it is, and reports are still made from it. To change over: bring what is "
                "yours into {fresh} and give it the name {own}."
            ).format(own=own.name, fresh=fresh.name)
        )


def write_report(
    session: Session,
    period: Period,
    out: Path | None = None,
    style: Style | None = None,
    *,
    evidence: bool = False,
) -> Path:
    """Write the Word report, with `evidence` also the workbook of its figures and their cells; say what in
    its template was left alone. Returns where it is."""
    from reportctl.core.files import Outputs, UnwritableError
    from reportctl.render.terminal import progress
    from reportctl.report import write
    from reportctl.report.change_list import sentences
    from reportctl.report.changes import changes
    from reportctl.word.fill import FillResult

    if out is not None and out.suffix.lower() != ".docx":
        raise ReportctlError(
            _("{path}: the report is a Word file; let its name end in .docx.").format(path=out)
        )
    with progress(_("Writing the report")) as bar:
        written = write.write_report(session, period, style, bar)
    for remark in written.remarks:
        note(remark)
    filled = written.filled
    path = out or session.workspace.output(period) / f"report-{period}.docx"
    with Outputs(session.workspace.root) as outputs:
        saved = outputs.save(path, filled.document)
    renewed = filled.tags(FillResult.RENEWED)
    if not renewed:
        note(
            _("The template {path} has no tagged place, so nothing was filled in.").format(
                path=session.workspace.report_template
            )
        )
    for sentence in sentences(changes(filled)):
        note(sentence)
    if "toc" in renewed:
        note(_("The table of contents gets its page numbers in Word: click into it and press F9."))
    note(saved.remark)
    if evidence:
        try:
            _save_evidence(session, written, saved.path)
        except UnwritableError:
            note(_("The report is in {path}").format(path=saved.path))
            raise
    return saved.path


def _save_evidence(session: Session, written: WrittenReport, report: Path) -> None:
    """Write the workbook of the figures of the `report` that was `written`, and their cells, beside it."""
    from reportctl.report.evidence_book import evidence_book

    book = said_in_ours(partial(evidence_book, session, written, report))
    save(session, report.with_name(f"{report.stem}.evidence.xlsx"), book)


def refresh(
    context: typer.Context,
    file: Annotated[Path, argument("FILE.docx", _("The report; it knows its period."))],
    check: Annotated[
        bool,
        option(
            "--check",
            _("Change nothing; exit code 1 where figures differ, places are gone, files are not merged."),
        ),
    ] = False,
    renew: Annotated[
        list[str] | None,
        option("--renew", _("Renew this text although somebody edited it; may be repeated."), "TAG"),
    ] = None,
    drop: Annotated[
        list[str] | None,
        option("--drop", _("This place is gone from the report on purpose; may be repeated."), "TAG"),
    ] = None,
    evidence: Annotated[
        bool, option("--evidence", _("Also an .xlsx of every figure and the cells behind it."))
    ] = False,
    all_: Annotated[
        bool, option("--all", _("Every cell that differs, not only what fits on one screen."))
    ] = False,
    format_: FormatOption = "table",
) -> int:
    from reportctl.report.change_list import changes_json, changes_table, sentences, table_lines
    from reportctl.report.refresh import period_of, refresh

    session: Session = context.obj
    if check and evidence:
        raise ReportctlError(
            _(
                "--evidence is about the report as it is renewed, --check renews nothing: "
                "leave one of them out."
            )
        )
    file = one_file(file)
    stale = say_what_is_lacking(session, period_of(file))
    refreshed = refresh(session, file, renew or (), check=check, drop=drop or ())
    for remark in refreshed.remarks:
        note(remark)
    changes, backup = refreshed.changes, refreshed.backup
    about = {"file": str(file), "period": str(refreshed.period), "backup": backup.name if backup else None}
    differ = changes.changed or changes.mended or changes.lost
    if format_ != "table" or (all_ and differ):
        emit(changes_table(changes), format_, lambda: about | changes_json(changes))
    elif differ:
        short = changes_table(changes, whole=False)
        if short.rows:
            emit(short, format_, dict)
        for line in table_lines(changes):
            say(line)
        note(_("Every cell that differs: --all"))
    elif changes.kept or changes.left_alone or changes.dropped:
        say(_("Nothing differs from the ledger but what was edited by hand or left alone."))
    else:
        say(_("Every figure says what the ledger says."))
    for sentence in sentences(changes):
        note(sentence)
    if backup:
        note(_("{path} was renewed; the old one is kept as {backup}.").format(path=file, backup=backup.name))
    elif not check:
        note(_("{path} stays as it is.").format(path=file))
    if evidence:
        _save_evidence(session, refreshed.written, file)
    return int(check and (changes.differ or stale))
