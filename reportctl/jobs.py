"""What several commands do: merge, write the results, show findings, write the report, say what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportctl import wording
from reportctl.errors import note
from reportctl.language import _
from reportctl.period import Period, Quarter
from reportctl.session import Session

if TYPE_CHECKING:
    from reportctl.files import InputFile, Saved
    from reportctl.findings import Finding
    from reportctl.merge import Checked, Merged
    from reportctl.status import Status


def merge(session: Session, quarter: Quarter, files: list[InputFile] | None) -> Merged:
    """Take in the files (None: the whole inbox), with progress; say what came of earlier quarters."""
    from reportctl import merge as merging

    with session.progress(_("Reading")) as progress:
        merged = merging.merge(
            session.workspace,
            session.form,
            session.roster,
            quarter,
            files,
            today=session.today,
            who=session.who,
            progress=progress,
        )
    if merged.earlier:
        note(
            _("Of earlier quarters, for comparison: {quarters}.").format(
                quarters=", ".join(f"{q} ({n})" for q, n in merged.earlier.items())
            )
        )
    return merged


def write_merged(session: Session, quarter: Quarter, *, printable: bool) -> list[Saved]:
    """Write values.csv and, if `printable`, merged.xlsx."""
    from reportctl import summing
    from reportctl.files import Outputs

    folder = session.workspace.output(quarter)
    with Outputs(session.workspace.root) as outputs:
        return [
            outputs.save(folder / name, data)
            for name, data in summing.merged_files(session, quarter, printable=printable)
        ]


def show_findings(session: Session, quarter: Quarter, findings: Sequence[Finding]) -> None:
    """What is in error or to be looked at again; notes only where there is nothing graver."""
    from reportctl import console
    from reportctl.findings import Severity

    graver = [finding for finding in findings if finding.severity is not Severity.NOTE]
    names = {code: unit.name for code, unit in session.units(quarter).items()}
    console.show_findings(graver or findings, console.make_console(), names)


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
    from reportctl.findings import finding_json

    return {
        "period": str(checked.quarter),
        "files": [{"file": file, "unit": unit, "verdict": verdict} for file, unit, verdict in checked.files],
        "findings": [finding_json(found) for found in checked.findings],
    }


def exit_code(findings: Sequence[Finding]) -> int:
    """1 where something is in error, else 0."""
    from reportctl.findings import Severity

    return int(any(finding.severity is Severity.ERROR for finding in findings))


def report(session: Session, period: Period, out: Path | None) -> None:
    """Write the Word report and say where it is and what in its template was left alone."""
    from reportctl import reporting
    from reportctl.files import Outputs

    made = reporting.write_report(session, period)
    path = out or session.workspace.output(period) / f"report-{period}.docx"
    with Outputs(session.workspace.root) as outputs:
        saved = outputs.save(path, made.document)
    for tag in made.unknown:
        note(_("The template asks for “{tag}”, which is not known; it was left alone.").format(tag=tag))
    for tag in made.misplaced:
        note(
            _("“{tag}” stands within a line of other text, where it has no room; it was left alone.").format(
                tag=tag
            )
        )
    print(_("The report is in {path}").format(path=saved.path))
    note(saved.remark)


def run(session: Session, quarter: Quarter) -> int:
    """Merge, summary, report; then what is left to do."""
    from reportctl import console, summing
    from reportctl.status import next_step

    merged = merge(session, quarter, None)
    write_merged(session, quarter, printable=True)
    for table in summing.view(session, quarter, "indicator", ()).tables:
        console.show_table(table, console.make_console())
    print()
    report(session, quarter, None)
    status = session.status(quarter)
    print(left_to_do(status))
    note(next_step(status, 0))
    return exit_code(merged.findings)


def left_to_do(status: Status) -> str:
    """Who is missing and whose report was rejected, by name."""
    said = []
    for state, sentence in (
        ("missing", _("Not received ({count}): {names}.")),
        ("rejected", _("Rejected ({count}): {names}.")),
    ):
        names = [unit.name for unit in status.units if unit.state == state]
        if names:
            said.append(sentence.format(count=len(names), names=", ".join(names)))
    return "\n".join(said) or _("All units have reported.")


def overview(session: Session) -> None:
    """Say where the current quarter stands and what comes next."""
    from reportctl.status import counts_in_words, next_step

    quarter = session.workspace.current()
    status = session.status(quarter)
    print(f"{wording.capitalised(wording.period_words(quarter))}. {counts_in_words(status)}")
    print(next_step(status, session.unmerged(quarter)))
