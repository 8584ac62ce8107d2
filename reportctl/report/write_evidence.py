"""Writing the evidence of a report: ledger, plan and decisions read once, into a workbook beside it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from reportctl.core import language
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.figures.plan import load_plan
from reportctl.figures.sources import SourceCell, Sources, needed_quarters
from reportctl.ledger import archive
from reportctl.ledger.decisions import QuarterDecisions, decisions_by_quarter
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ValueRecord
from reportctl.ledger.session import Session
from reportctl.report.evidence import printed_figures
from reportctl.report.evidence_book import QuarterFacts, evidence_book, facts_of, provenance_table
from reportctl.report.write import WrittenReport


def evidence(session: Session, written: WrittenReport, report: Path) -> bytes:
    """The workbook to lie beside `report`, the document that was just `written`, in its language.

    Links to the originals in the archive are relative to the report's folder.
    """
    material, workspace = written.material, session.workspace
    period = material.summary.period
    with language.speaking(material.settings.language):
        with session.ledger() as ledger:
            charted = {quarter for chart in material.charts.values() for quarter in chart.quarters}
            records = _records(ledger, sorted({*needed_quarters(period), *charted}))
            submissions = [one for quarter in period.quarters for one in ledger.submissions(quarter)]
            facts = _facts(session, ledger, records)
        plan = load_plan(workspace.plan, session.roster, session.form)
        planned = {code: plan.of(code, period.year) for code in session.form.indicators}
        counting = [record for of_quarter in records.values() for record in of_quarter]
        sources = Sources(
            session.form,
            session.calendar,
            material.summary,
            counting,
            submissions,
            planned,
            workspace.plan.name,
        )
        figures = tuple(printed_figures(written.filled, written.said, material, sources))
        units = {unit.code: unit for unit in session.roster.units} | dict(material.units)
        title = _("Figures of {report} and what they rest on").format(report=report.name)
        paths = _Paths(workspace.archive, workspace.plan, report.absolute().parent)
        table = provenance_table(material, facts, report.name)
        return evidence_book(title, figures, table, session.form, units, paths.to)


def _records(ledger: Ledger, quarters: Sequence[Quarter]) -> dict[Quarter, list[ValueRecord]]:
    """All answers that count, of units and in lists, and of the province alone where they do, by quarter."""
    found = {}
    for quarter in quarters:
        of_units = [record for record in ledger.everything(quarter) if record.unit]
        found[quarter] = [*ledger.of_province([quarter]), *of_units]
    return found


def _facts(session: Session, ledger: Ledger, records: dict[Quarter, list[ValueRecord]]) -> list[QuarterFacts]:
    """What is known of the quarters of which there is anything."""
    decisions = archive.read_decisions(session.workspace.decisions)
    ruled, forms = decisions_by_quarter(decisions), archive.forms_used(decisions)
    return [
        facts_of(
            ledger,
            quarter,
            len(session.units(quarter)),
            forms.get(quarter, ""),
            ruled.get(quarter, QuarterDecisions()),
            found,
        )
        for quarter, found in records.items()
        if found
    ]


class _Paths:
    """The paths from one folder to where sources are kept."""

    def __init__(self, archive_folder: Path, plan: Path, folder: Path) -> None:
        self._archive, self._plan, self._folder = archive_folder, plan, folder
        self._known: dict[str, str] = {}

    def to(self, source: SourceCell) -> str:
        """The path to a source's original, with forward slashes; empty where it is not kept."""
        key = source.sha256
        if key not in self._known:
            kept = self._plan if source.by == "plan" else archive.kept_original(self._archive, key)
            self._known[key] = self._relative(kept) if kept else ""
        return self._known[key]

    def _relative(self, path: Path) -> str:
        try:
            return Path(os.path.relpath(path.absolute(), self._folder)).as_posix()
        except ValueError:  # on another drive
            return path.absolute().as_posix()
