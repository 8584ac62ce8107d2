"""The workbook beside a report: its figures, the cells that they rest on, what it was made with."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reportctl import __version__
from reportctl.core import language, wording
from reportctl.core.findings import Finding, changed_severities, severity_name
from reportctl.core.language import N_, _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.figures.notes import names_of
from reportctl.figures.sources import SOURCE_KINDS, SourceCell, Sources, source_columns
from reportctl.figures.summary import needed_quarters
from reportctl.figures.views import plan_of
from reportctl.form.indicators import KIND_OF, Type
from reportctl.form.model import Form
from reportctl.ledger import archive
from reportctl.ledger.decisions import QuarterDecisions, day_in_words, decisions_by_quarter
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import PROVINCE, ValueRecord
from reportctl.ledger.session import Session
from reportctl.render.sheets import MOST_LINKS, PagesHead, line_of, to_file, to_line, workbook
from reportctl.report.contents import ReportData
from reportctl.report.evidence import PrintedFigure, printed_figures
from reportctl.report.write import WrittenReport
from reportctl.status.status import STATE_NAMES
from reportctl.workspace.units import Unit

_LINES_COLUMN = 6  # of the figures, with the link to their first cell
_FILE_COLUMN = 6  # of the cells, with the link to the original
_FROM: Mapping[str, str] = {**SOURCE_KINDS, "report": N_("whole report"), "plan": N_("plan")}


def evidence_book(session: Session, written: WrittenReport, report: Path) -> bytes:
    """The .xlsx workbook to lie beside `report`, the document that was just `written`, in its language.

    A row for each figure, what the report was made with, and each of the cells once, which are not
    printed. Links to the originals are relative to the report's folder; where there are very many cells only
    the first of each file has one.
    """
    session = session.asking(written.data.form)
    data, form, workspace = written.data, session.form, session.workspace
    period = data.summary.period
    with language.speaking(data.settings.language):
        charted = {
            quarter
            for chart in data.charts.values()
            for quarters in (chart.quarters, *(series.quarters for series in chart.series))
            for quarter in quarters
        }
        # All answers that count, of units and in lists, and of the province alone where they do.
        records: dict[Quarter, list[ValueRecord]] = {}
        with session.ledger() as ledger:
            rested_on = {*needed_quarters(period), *charted}
            if any(indicator.cumulative for indicator in form.indicators.values()):
                rested_on |= {quarter.previous for quarter in rested_on if quarter.number > 1}
            records |= {quarter: _answers(ledger, quarter) for quarter in sorted(rested_on)}
            submissions = [one for quarter in period.quarters for one in ledger.submissions(quarter)]
            provenance = _provenance_table(session, ledger, data, records, report.name)
        plan = plan_of(session)
        sources = Sources(
            form,
            session.calendar,
            data.summary,
            [record for of_quarter in records.values() for record in of_quarter],
            submissions,
            {code: plan.all_of(code, period.year) for code in form.indicators},
            workspace.plan.name,
            lambda other: _answers_of(session, other),
            lambda year: {code: plan.all_of(code, year) for code in form.indicators},
        )
        figures = list(printed_figures(written, sources))
        units = {unit.code: unit for unit in session.roster.units} | dict(data.units)
        cells = _in_order((cell for figure in figures for cell in figure.basis.sources), form, units)
        lines = {cell: line_of(row) for row, cell in enumerate(cells)}
        spans = [spans_of(lines[cell] for cell in figure.basis.sources) for figure in figures]
        first, second = _("Figures"), _("Source cells")
        inside = {
            (row, _LINES_COLUMN): to_line(second, found[0][0])
            for row, found in enumerate(spans[:MOST_LINKS])
            if found
        }
        outside = {}
        paths: dict[str, str] = {}
        for row, cell in enumerate(cells):
            known = cell.sha256 in paths
            if not known:
                of_plan = cell.by == "plan"
                kept = workspace.plan if of_plan else archive.kept_original(workspace.archive, cell.sha256)
                paths[cell.sha256] = _relative(kept, report.absolute().parent) if kept else ""
            if paths[cell.sha256] and (len(cells) <= MOST_LINKS or not known):
                outside[row, _FILE_COLUMN] = to_file(paths[cell.sha256])
        title = _("Figures of {report} and what they rest on").format(report=report.name)
        tables = (
            (first, _figures_table(title, figures, spans)),
            (_("Basis"), provenance),
            (second, _cells_table(cells, form, units)),
        )
        head = PagesHead(data.settings.issuer.name, wording.capitalised(wording.period_title(period)))
        return workbook(tables, {first: inside, second: outside}, head, unprinted=(second,))


def _answers(ledger: Ledger, quarter: Quarter) -> list[ValueRecord]:
    """All answers of a quarter that count."""
    of_units = [record for record in ledger.all_values(quarter) if record.unit]
    return [*ledger.province_values([quarter]), *of_units]


def _answers_of(session: Session, period: Period) -> list[ValueRecord]:
    """All answers that the figures of another period than the report's may rest on."""
    needed = {*needed_quarters(period)}
    needed |= {quarter.previous for quarter in needed if quarter.number > 1}
    with session.ledger() as ledger:
        return [record for quarter in sorted(needed) for record in _answers(ledger, quarter)]


def _relative(path: Path, folder: Path) -> str:
    """The path from `folder`, with forward slashes; the whole one where it is on another drive."""
    try:
        return Path(os.path.relpath(path.absolute(), folder)).as_posix()
    except ValueError:
        return path.absolute().as_posix()


def spans_of(lines: Iterable[int]) -> list[tuple[int, int]]:
    """The unbroken runs of these numbers, first and last of each, in order."""
    spans: list[tuple[int, int]] = []
    for line in sorted(lines):
        if spans and line == spans[-1][1] + 1:
            spans[-1] = spans[-1][0], line
        else:
            spans.append((line, line))
    return spans


def _in_order(cells: Iterable[SourceCell], form: Form, units: Mapping[str, Unit]) -> list[SourceCell]:
    """Each cell once: reports, figures in the form's order with their plan, lists, texts; by period and
    unit."""
    codes = {code: place for place, code in enumerate(form.indicators)}
    codes |= {one.code: len(codes) + len(form.lists) + place for place, one in enumerate(form.texts)}
    lists = {section.code: len(form.indicators) + place for place, section in enumerate(form.lists)}
    order = {unit: place for place, unit in enumerate(units)}

    def place(cell: SourceCell) -> tuple[object, ...]:
        indicator = lists[cell.list_code] if cell.list_code else codes.get(cell.code, -1)
        unit = (
            order.get(cell.unit, len(order)),
            cell.unit,
            cell.number,
            cell.file,
            cell.sha256,
            str(cell.value),
            cell.raw,
        )
        return indicator, cell.code, cell.by == "plan", cell.period, *unit

    return sorted(set(cells), key=place)


def _figures_table(
    title: str, figures: Sequence[PrintedFigure], spans: Sequence[Sequence[tuple[int, int]]]
) -> Table:
    columns = (
        Column("place", _("Where"), CellFormat.TEXT, 1.8),
        Column("where", _("Content"), CellFormat.TEXT, 3.0),
        Column("printed", _("As printed"), CellFormat.TEXT, 1.6),
        Column("code", _("Code"), CellFormat.TEXT, 1.4),
        Column("periods", _("Period"), CellFormat.TEXT, 1.0),
        Column("count", _("Cells"), CellFormat.COUNT, 0.6),
        Column("lines", _("Lines in “Source cells”"), CellFormat.TEXT, 1.4),
        Column("tag", _("Tag"), CellFormat.TEXT, 1.4),
    )
    rows = (
        Row(
            (
                figure.place,
                figure.where,
                figure.printed,
                figure.code,
                ", ".join(figure.basis.periods),
                len(figure.basis.sources),
                ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found),
                figure.tag,
            )
        )
        for figure, found in zip(figures, spans, strict=True)
    )
    notes = (
        _("Figures are in the order of the document. A change rests on the cells of both periods, a share on "
          "its numerators and denominators, a part of the plan on the year to date and the plan."),
    )  # fmt: skip
    return Table("evidence", title, columns, tuple(rows), notes)


def _cells_table(sources: Sequence[SourceCell], form: Form, units: Mapping[str, Unit]) -> Table:
    columns = source_columns("code indicator unit period value raw file sheet cell received by sha256")
    items = {i.code: (str(i.name), i.type) for i in form.indicators.values()}
    items |= {f"{s.code}.{c.code}": (f"{s.name}: {c.name}", c.type) for s in form.lists for c in s.columns}
    items |= {one.code: (str(one.name), Type.TEXT) for one in form.texts}
    texts = {one.code for one in form.texts}
    names = {code: unit.name for code, unit in units.items()} | {PROVINCE: _("The province")}
    rows = []
    for source in sources:
        code = f"{source.list_code}.{source.code}" if source.list_code else source.code
        label, kind = items.get(code, ("", Type.TEXT))
        value = source.value
        if source.by == "report":
            label, value = _("Report: {state}").format(state=_(STATE_NAMES[str(value)])), ""
        cells = (
            code,
            label,
            names.get(source.unit, source.unit),
            source.period,
            value,
            source.raw,
            source.file,
            source.sheet,
            source.cell,
            source.received or "",
            _(_FROM[source.by]),
            source.sha256,
        )
        if source.code in texts and isinstance(value, int | float):  # a figure in a line of words
            kind = Type.NUMBER
        yes_no = kind is Type.YES_NO and source.by != "plan" and source.unit != PROVINCE
        rows.append(Row(cells, kind=CellFormat.YES_NO if yes_no else KIND_OF[kind]))
    notes = (_("The links in the column of files lead to the originals as they were received."),)
    return Table("sources", _("Cells that the figures rest on"), columns, tuple(rows), notes)


_Line = tuple[str, str, str, str]  # subject, period, file and cell, content


def _provenance_table(
    session: Session,
    ledger: Ledger,
    data: ReportData,
    records: Mapping[Quarter, Sequence[ValueRecord]],
    report: str,
) -> Table:
    """What the report called `report` was made with; `records` are the answers that count, by quarter."""
    every = archive.read_decisions(session.workspace.decisions)
    decisions, forms = decisions_by_quarter(every), archive.forms_used(every)
    about_quarters: list[_Line] = []
    accepted: list[_Line] = []
    corrected: list[_Line] = []
    imported: list[_Line] = []
    for quarter in (quarter for quarter, of_quarter in records.items() if of_quarter):
        name = wording.capitalised(wording.period_title(quarter))
        counted = _("{accepted} of {expected} units count; form of version {form}").format(
            accepted=len(ledger.counting(quarter)),
            expected=len(session.units(quarter)),
            form=forms.get(quarter) or "?",
        )
        closing = decisions.get(quarter, QuarterDecisions()).closing
        state = _("not closed: its figures can still change")
        if ledger.is_closed(quarter) and closing:
            state = _("closed by {who} on {day}").format(
                who=closing.decision.who, day=day_in_words(closing.decision)
            )
        about_quarters.append((name, str(quarter), "", f"{counted}; {state}"))
        accepted_errors = ledger.accepted_errors(quarter)
        for finding in ledger.findings(quarter):
            if finding.code in ("corrected", "correction_void"):
                corrected.append(_of_finding(data, quarter, finding))
            elif finding.code == "accepted_despite":
                errors = [e for e in accepted_errors if (e.unit, e.file) == (finding.unit, finding.file)]
                accepted += [_of_finding(data, quarter, one) for one in (finding, *errors) if errors]
        brought = Counter(
            (one.file, one.received.isoformat()) for one in records[quarter] if one.by == "import"
        )
        for (file, day), count in sorted(brought.items()):
            text = _("{count} figures, taken in on {day}").format(count=count, day=day)
            imported.append((name, str(quarter), file, text))
    severities: list[_Line] = []
    for changed in changed_severities(data.settings.findings):
        standard, here = severity_name(changed.standard), severity_name(changed.here)
        words = _("{standard}, here {here}").format(standard=standard, here=here)
        severities.append((changed.code, "", "", words))
    rows: list[Row] = []
    for heading, lines in (
        (_("The report"), _of_report(data, report)),
        (_("Quarters that the figures rest on"), about_quarters),
        (_("Reports taken in spite of errors"), accepted),
        (_("Figures corrected"), corrected),
        (_("Figures imported"), imported),
        (_("Severities changed in reportctl.toml"), severities),
    ):
        rows.append(Row((heading, "", "", ""), Role.SECTION))
        rows += [Row(line) for line in lines] or [Row((_("none"), "", "", ""))]
    columns = (
        Column("subject", _("Subject"), CellFormat.TEXT, 1.6),
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        Column("place", _("File and cell"), CellFormat.TEXT, 2.0),
        Column("text", _("Content"), CellFormat.TEXT, 5.0),
    )
    return Table("provenance", _("What the report was made with"), columns, tuple(rows))


def _of_report(data: ReportData, report: str) -> list[_Line]:
    form, coverage, period = data.form, data.summary.coverage, data.summary.period
    first = period.quarters[0].window(data.settings.data_window).first
    last = period.last.window(data.settings.data_window).last
    version = _("{id}, version {fingerprint}").format(id=form.id, fingerprint=form.fingerprint)
    reported = _("{accepted} of {expected}").format(
        accepted=len(coverage.accepted), expected=len(coverage.expected)
    )
    missing = names_of(coverage.missing, data.units) or _("none")
    texts = (
        (_("File"), report),
        (_("Period"), wording.period_title(period)),
        (_("Data window"), f"{wording.date_short(first)} – {wording.date_short(last)}"),
        (_("Form"), version),
        (_("Program"), f"reportctl {__version__}"),
        (_("Units that reported"), reported),
        (_("Units without a report that counts"), missing),
    )
    return [(subject, str(period), "", text) for subject, text in texts]


def _of_finding(data: ReportData, quarter: Quarter, found: Finding) -> _Line:
    unit = names_of([found.unit], data.units) if found.unit else ""
    cell = f"{found.sheet}!{found.cell}" if found.sheet and found.cell else found.cell or ""
    asked = data.form.indicators.get(found.indicator or "")
    text = f"{asked.name}: {found.message}" if asked else found.message
    return unit, str(quarter), " · ".join(filter(None, (found.file, cell))), text
