"""What several commands do: merge, write the results, show findings, write the report, say what is left."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportctl.cli import arguments
from reportctl.cli.arguments import Format, emit, emit_all
from reportctl.core import language
from reportctl.core.errors import ReportctlError, note, say
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.ledger.session import Session

if TYPE_CHECKING:
    from reportctl.core.findings import Finding
    from reportctl.merge.merge import Merged
    from reportctl.merge.validate import Checked
    from reportctl.status.status import Status
    from reportctl.workbooks.inbox import InputFile


def merge(session: Session, quarter: Quarter, files: list[InputFile] | None) -> Merged:
    """Take in the files (None: the whole inbox), with progress; say what came of earlier quarters, and of
    files that were taken in before."""
    from reportctl.merge import merge as merging

    with arguments.progress(_("Reading")) as tell:
        merged = merging.merge(arguments.writing_run(session, quarter, tell), files)
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
    return merged


def say_changed_severities(session: Session) -> None:
    """Say which findings are not as severe here as they are elsewhere, where there are such."""
    from reportctl.core.findings import changes_in_words

    note(changes_in_words(session.settings.findings))


def write_merged(session: Session, quarter: Quarter, *, printable: bool) -> None:
    """Write values.csv and, if `printable`, merged.xlsx; say where they are."""
    from reportctl.core.files import Outputs

    folder = session.workspace.output(quarter)
    made_from = session.basis()
    with Outputs(session.workspace.root) as outputs:
        for name, to in (("merged.xlsx", "xlsx"), ("values.csv", "csv"))[not printable :]:
            path = folder / name
            if not outputs.is_made(path, made_from):
                from reportctl.figures import views  # most runs of a merge change nothing

                before = outputs.made_alike(path, made_from) if to == "csv" else b""
                data = views.exported(session, quarter, to, before)
                saved = outputs.save(path, data, made_from)
                note(saved.remark)
                path = saved.path
            say(_("Written: {path}").format(path=path))


def save(session: Session, path: Path, data: bytes) -> None:
    """Put a result at `path`, or beside what somebody changed there; say where it is."""
    from reportctl.core.files import Outputs

    with Outputs(session.workspace.root) as outputs:
        saved = outputs.save(path, data)
    say(_("Written: {path}").format(path=saved.path))
    note(saved.remark)


def chase(session: Session, quarter: Quarter, format_: Format) -> None:
    """Show whom to chase, with contacts, and write the list to print."""
    from reportctl.status import chase as chasing
    from reportctl.status.status import status_json

    status = arguments.status_of(session, quarter)
    with session.ledger() as ledger:
        findings = ledger.findings(quarter)
    emit(chasing.chasing_table(status, session.form, findings), format_, lambda: status_json(status))
    with language.speaking(session.settings.language):
        data = chasing.chasing_workbook(status, session.form, findings)
    with redirect_stdout(sys.stderr):
        save(session, session.workspace.output(quarter) / "status.xlsx", data)


def remind(session: Session, quarter: Quarter, format_: Format, unit: str | None = None) -> None:
    """Print a message for each unit that is missing or rejected, in the workspace's language; with the code
    of a `unit` that one's alone."""
    from reportctl.status import chase as chasing

    status = arguments.status_of(session, quarter) if unit is None else _status_of(session, quarter, unit)
    with session.ledger() as ledger, language.speaking(session.settings.language):
        said = chasing.reminders(
            status, session.form, ledger.findings(quarter), session.settings.issuer.name, session.today
        )
        if format_ is Format.table:
            say(chasing.reminders_text(said))
        else:
            table = chasing.reminders_table(status, said)
            emit(table, format_, lambda: chasing.reminders_json(status, said))


def show_unit(session: Session, quarter: Quarter, code: str, format_: Format) -> None:
    """Show where one unit stands: its files, which of them counts and why, what changed between them."""
    from reportctl.ledger.archive import read_decisions
    from reportctl.ledger.decisions import QuarterDecisions, decisions_by_quarter
    from reportctl.status import unit as unit_status

    (status,) = _status_of(session, quarter, code).units
    ruled = decisions_by_quarter(read_decisions(session.workspace.decisions)).get(quarter, QuarterDecisions())
    with session.ledger() as ledger:
        report = unit_status.unit_report(
            ledger, session.form, quarter, status, ruled, session.settings.cells.dash
        )
    match format_:
        case Format.json:
            emit(unit_status.unit_data_table(report), format_, lambda: unit_status.unit_json(report))
        case Format.csv:
            emit(unit_status.unit_data_table(report), format_, dict)
        case _:
            emit_all(unit_status.unit_tables(report), format_)


def _status_of(session: Session, quarter: Quarter, code: str) -> Status:
    """The quarter's status of that unit alone. Raises `ReportctlError` where there is no such unit."""
    from reportctl.workspace.units import known_unit

    unit = known_unit(session.units(quarter), code)
    status = arguments.status_of(session, quarter)
    return replace(status, units=tuple(one for one in status.units if one.unit == unit.code))


def show_findings(session: Session, quarter: Quarter, findings: Sequence[Finding]) -> None:
    """All findings by file, but of files that a later one replaced only that they were, and of units that
    sent nothing only their names."""
    replaced = {found.file for found in findings if found.code == "superseded"}
    shown = [
        found
        for found in findings
        if found.code != "no_file" and (found.file not in replaced or found.code == "superseded")
    ]
    names = {code: unit.name for code, unit in session.units(quarter).items()}
    arguments.show_findings(shown, names)
    silent = [names.get(found.unit or "", found.unit or "") for found in findings if found.code == "no_file"]
    if silent:
        say(_("Not received ({count}): {names}.").format(count=len(silent), names=", ".join(silent)))


def verdicts(verdicts: Sequence[str]) -> str:
    """How many files came to what."""
    counted = Counter(verdicts)
    return _(
        "{files} files: {accepted} accepted, {warned} accepted with warnings, {rejected} rejected, "
        "{ignored} left aside."
    ).format(
        files=len(verdicts),
        accepted=counted["accepted"],
        warned=counted["warned"],
        rejected=counted["rejected"],
        ignored=counted["ignored"],
    )


def checked_json(checked: Checked) -> dict[str, Any]:
    """The object that `validate --format json` prints."""
    from reportctl.core.findings import finding_json

    return {
        "period": str(checked.quarter),
        "files": [{"file": file, "unit": unit, "verdict": verdict} for file, unit, verdict in checked.files],
        "findings": [finding_json(found) for found in checked.findings],
    }


def mark(session: Session, checked: Checked, *, whole: bool) -> None:
    """Write the marked copies; say how many there are, and where, and, where the `whole` inbox was checked,
    which older ones need not be sent any more."""
    from reportctl.marked import write

    with arguments.progress(_("Marking")) as tell:
        made = write.write_marked(session, checked, tell)
    for one in made:
        note(one.saved.remark)
    folder = session.workspace.returned(checked.quarter)
    note(write.said_of(made, folder))
    if whole:
        note(write.left_over(made, folder))


def exit_code(findings: Sequence[Finding]) -> int:
    """1 where something is in error, else 0."""
    from reportctl.core.finding_kinds import Severity

    return int(any(finding.severity is Severity.ERROR for finding in findings))


def report(
    session: Session,
    period: Period,
    out: Path | None = None,
    style: str | None = None,
    *,
    evidence: bool = False,
) -> Path:
    """Write the Word report, with `evidence` also the workbook of its figures and their cells; say what in
    its template was left alone. Returns where it is."""
    from reportctl.core.files import Outputs
    from reportctl.report.changes import changes, sentences
    from reportctl.report.write import write_report
    from reportctl.word.fill import FillResult

    if out is not None and out.suffix.lower() != ".docx":
        raise ReportctlError(
            _("{path}: the report is a Word file; let its name end in .docx.").format(path=out)
        )
    with arguments.progress(_("Writing the report")) as tell:
        written = write_report(session, period, style, tell)
    made = written.filled
    path = out or session.workspace.output(period) / f"report-{period}.docx"
    with Outputs(session.workspace.root) as outputs:
        saved = outputs.save(path, made.document)
    if not made.tags(FillResult.RENEWED):
        note(
            _("The template {path} has no tagged place, so nothing was filled in.").format(
                path=session.workspace.report_template
            )
        )
    for sentence in sentences(changes(made)):
        note(sentence)
    if "toc" in made.tags(FillResult.RENEWED):
        note(_("The table of contents gets its page numbers in Word: click into it and press F9."))
    note(saved.remark)
    if evidence:
        from reportctl.report.evidence_book import evidence_book

        beside = saved.path.with_name(f"{saved.path.stem}.evidence.xlsx")
        save(session, beside, evidence_book(session, written, saved.path))
    return saved.path


def show_tags(session: Session, period: Period, format_: Format) -> None:
    """Show every tag of the Word report with what it would say now, in the report's language."""
    from reportctl.report.contents import contents
    from reportctl.report.tags import groups_of, tags_json, tags_table
    from reportctl.report.write import report_data

    with language.speaking(session.settings.language):
        of_tags = contents(report_data(session, period, session.settings))
    groups = groups_of(of_tags, session.form)
    emit(tags_table(groups, period), format_, lambda: tags_json(groups, period))


def refresh(session: Session, path: Path, renew: Sequence[str], check: bool, format_: Format) -> int:
    """Renew the figures of an edited report, or with `check` only say which differ; gives the exit code."""
    from reportctl.report.changes import changes_json, changes_table, sentences
    from reportctl.report.refresh import refresh

    done = refresh(session, path, renew, check=check)
    found, backup = done.changes, done.backup
    said = {"file": str(path), "period": str(done.period), "backup": backup.name if backup else None}
    if found.changed or format_ is not Format.table:
        emit(changes_table(found), format_, lambda: said | changes_json(found))
    elif found.kept or found.left_alone:
        say(_("Nothing differs from the ledger but what was edited by hand or left alone."))
    else:
        say(_("Every figure says what the ledger says."))
    for sentence in sentences(found):
        note(sentence)
    if backup:
        note(_("{path} was renewed; the old one is kept as {backup}.").format(path=path, backup=backup.name))
    elif not check:
        note(_("{path} stays as it is.").format(path=path))
    return int(check and found.differ)


def run(session: Session, quarter: Quarter) -> int:
    """Merge, write everything, show the summary; then what is left to do."""
    from reportctl.figures import views
    from reportctl.status.status import next_step

    merged = merge(session, quarter, None)
    write_merged(session, quarter, printable=True)
    # Before anything long is printed: whoever stops reading has the report all the same.
    path = report(session, quarter)
    say()
    for table in views.view(session, quarter, "indicator", ()).tables:
        arguments.show_table(table)
    say()
    say(_("The report is in {path}").format(path=path))
    status = arguments.status_of(session, quarter)
    say(left_to_do(status, merged))
    if status.count("missing") or status.count("rejected"):
        note(next_step(status, 0))
    return exit_code(merged.findings)


def left_to_do(status: Status, merged: Merged) -> str:
    """Who is missing, whose report was rejected, which files were rejected that name no unit."""
    unknown = [
        record.file for record in merged.submissions if record.verdict == "rejected" and record.unit is None
    ]
    said = []
    for sentence, names in (
        (_("Not received ({count}): {names}."), [u.name for u in status.units if u.state == "missing"]),
        (_("Rejected ({count}): {names}."), [u.name for u in status.units if u.state == "rejected"]),
        (_("Rejected, and not known from whom ({count}): {names}."), unknown),
    ):
        if names:
            said.append(sentence.format(count=len(names), names=", ".join(names)))
    return "\n".join(said) or _("All units have reported.")


def overview(session: Session) -> None:
    """Say where the current quarter stands and what comes next."""
    from reportctl.core import wording
    from reportctl.status.status import counts_in_words, next_step

    quarter = session.workspace.current()
    status = arguments.status_of(session, quarter)
    say(f"{wording.capitalised(wording.period_words(quarter))}. {counts_in_words(status)}")
    say(next_step(status, arguments.unmerged(session, quarter)))
