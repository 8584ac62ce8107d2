"""The workbook beside a report: its figures, the cells that they rest on, what it was made with."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl import __version__
from reportctl.core import wording
from reportctl.core.findings import Finding, changed_severities, severity_name
from reportctl.core.language import N_, _
from reportctl.core.period import Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.figures.notes import names_of
from reportctl.figures.sources import SourceCell
from reportctl.figures.trace import SOURCE_KINDS
from reportctl.form.model import KIND_OF, Form, Type
from reportctl.ledger.decisions import QuarterDecisions, day_in_words
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import PROVINCE, ValueRecord
from reportctl.render.sheets import MOST_LINKS, line_of, to_file, to_line, workbook
from reportctl.report.contents import ReportData
from reportctl.report.evidence import PrintedFigure
from reportctl.status.status import STATE_NAMES
from reportctl.workspace.units import Unit

_LINKED = 6  # the column of the cells behind a figure
_FILE = 6  # the column of a source's file
_SAID_BY: Mapping[str, str] = {**SOURCE_KINDS, "report": N_("whole report"), "plan": N_("plan")}


def evidence_book(
    title: str,
    figures: Sequence[PrintedFigure],
    provenance: Table,
    form: Form,
    units: Mapping[str, Unit],
    path_to: Callable[[SourceCell], str],
) -> bytes:
    """The .xlsx file: a row for each figure, each of its cells once, and the table `provenance`.

    `path_to` gives the path from the workbook's folder to where a source is kept; empty where nothing is.
    """
    sources = _in_order((source for figure in figures for source in figure.basis.sources), form, units)
    lines = {source: line_of(row) for row, source in enumerate(sources)}
    spans = [spans_of(lines[source] for source in figure.basis.sources) for figure in figures]
    first, second = _("Figures"), _("Source cells")
    inside = {
        (row, _LINKED): to_line(second, found[0][0])
        for row, found in enumerate(itertools.islice(spans, MOST_LINKS))
        if found
    }
    outside = dict(_file_links(sources, path_to))
    return workbook(
        (
            (first, _figures_table(title, figures, spans)),
            (second, _sources_table(sources, form, units)),
            (_("Basis"), provenance),
        ),
        {first: inside, second: outside},
    )


def spans_of(lines: Iterable[int]) -> list[tuple[int, int]]:
    """The unbroken runs of these numbers, first and last of each, in order."""
    spans: list[tuple[int, int]] = []
    for line in sorted(lines):
        if spans and line == spans[-1][1] + 1:
            spans[-1] = spans[-1][0], line
        else:
            spans.append((line, line))
    return spans


def _in_order(sources: Iterable[SourceCell], form: Form, units: Mapping[str, Unit]) -> list[SourceCell]:
    """Each source once: reports, figures in the form's order with their plan, lists; by period and unit."""
    codes = {code: place for place, code in enumerate(form.indicators)}
    lists = {section.code: len(codes) + place for place, section in enumerate(form.lists)}
    order = {unit: place for place, unit in enumerate(units)}

    def place(source: SourceCell) -> tuple[object, ...]:
        indicator = lists[source.list_code] if source.list_code else codes.get(source.code, -1)
        unit = order.get(source.unit, len(order)), source.unit, source.number, source.file, source.sha256
        return indicator, source.code, source.by == "plan", source.period, *unit

    return sorted(set(sources), key=place)


def _file_links(
    sources: Sequence[SourceCell], path_to: Callable[[SourceCell], str]
) -> Iterator[tuple[tuple[int, int], str]]:
    """A link to where each source is kept; of very many only from the first of each file."""
    seen: set[str] = set()
    for row, source in enumerate(sources):
        if len(sources) <= MOST_LINKS or source.sha256 not in seen:
            seen.add(source.sha256)
            if path := path_to(source):
                yield (row, _FILE), to_file(path)


def _figures_table(
    title: str, figures: Sequence[PrintedFigure], spans: Sequence[Sequence[tuple[int, int]]]
) -> Table:
    columns = (
        Column("name", _("Tag"), CellFormat.TEXT, 1.4),
        Column("where", _("Where"), CellFormat.TEXT, 3.0),
        Column("printed", _("As printed"), CellFormat.TEXT, 1.6),
        Column("code", _("Code"), CellFormat.TEXT, 1.4),
        Column("periods", _("Period"), CellFormat.TEXT, 1.0),
        Column("count", _("Cells"), CellFormat.COUNT, 0.6),
        Column("lines", _("Lines in “Source cells”"), CellFormat.TEXT, 1.4),
    )
    rows = (
        Row(
            (
                figure.tag,
                figure.where,
                figure.printed,
                figure.code,
                ", ".join(figure.basis.periods),
                len(figure.basis.sources),
                ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found),
            )
        )
        for figure, found in zip(figures, spans, strict=True)
    )
    notes = (
        _("Figures are in the order of the document. A change rests on the cells of both periods, a share on "
          "its numerators and denominators, a part of the plan on the year to date and the plan."),
    )  # fmt: skip
    return Table("evidence", title, columns, tuple(rows), notes)


def _sources_table(sources: Sequence[SourceCell], form: Form, units: Mapping[str, Unit]) -> Table:
    columns = (
        Column("code", _("Code"), CellFormat.TEXT, 1.4),
        Column("indicator", _("Content"), CellFormat.TEXT, 3.0),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.8),
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        Column("value", _("Value"), CellFormat.FIGURE),
        Column("raw", _("As typed"), CellFormat.TEXT),
        Column("file", _("File"), CellFormat.TEXT, 2.2),
        Column("sheet", _("Sheet"), CellFormat.TEXT, 0.9),
        Column("cell", _("Cell"), CellFormat.TEXT, 0.6),
        Column("received", _("Received"), CellFormat.DATE, 0.9),
        Column("by", _("From"), CellFormat.TEXT, 0.8),
        Column("sha256", "SHA-256", CellFormat.TEXT, 1.4),
    )
    items = {i.code: (str(i.name), i.type) for i in form.indicators.values()}
    items |= {f"{s.code}.{c.code}": (f"{s.name}: {c.name}", c.type) for s in form.lists for c in s.columns}
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
            _(_SAID_BY[source.by]),
            source.sha256,
        )
        yes_no = kind is Type.YES_NO and source.by != "plan" and source.unit != PROVINCE
        rows.append(Row(cells, kind=CellFormat.YES_NO if yes_no else KIND_OF[kind]))
    notes = (_("The links in the column of files lead to the originals as they were received."),)
    return Table("sources", _("Cells that the figures rest on"), columns, tuple(rows), notes)


_DECIDED = frozenset({"accepted_despite", "corrected", "correction_void"})


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """One quarter that figures rest on. `decided` are the findings that say what people decided, `errors`
    those in spite of which submissions were accepted, `imported` how many figures by file and day."""

    quarter: Quarter
    form: str
    closed: bool
    counting: int
    expected: int
    ruled: QuarterDecisions
    decided: tuple[Finding, ...]
    errors: tuple[Finding, ...]
    imported: Mapping[tuple[str, str], int]


def facts_of(
    ledger: Ledger,
    quarter: Quarter,
    expected: int,
    form: str,
    ruled: QuarterDecisions,
    records: Iterable[ValueRecord],
) -> QuarterFacts:
    """What is known of a quarter; `form` is the fingerprint of the one it was judged by, `records` are its
    answers that count."""
    brought = Counter(
        (record.file, record.received.isoformat()) for record in records if record.by == "import"
    )
    return QuarterFacts(
        quarter=quarter,
        form=form,
        closed=ledger.is_closed(quarter),
        counting=len(ledger.counting(quarter)),
        expected=expected,
        ruled=ruled,
        decided=tuple(one for one in ledger.findings(quarter) if one.code in _DECIDED),
        errors=tuple(ledger.accepted_errors(quarter)),
        imported=brought,
    )


def provenance_table(material: ReportData, facts: Sequence[QuarterFacts], report: str) -> Table:
    """What is to be known of the report called `report` beside its figures; what there is not is said too."""
    rows: list[Row] = []
    for title, lines in (
        (_("The report"), _of_report(material, report)),
        (_("Quarters that the figures rest on"), map(_of_quarter, facts)),
        (_("Reports taken in spite of errors"), _accepted(material, facts)),
        (_("Figures corrected"), _corrected(material, facts)),
        (_("Figures imported"), _imported(facts)),
        (_("Severities changed in reportctl.toml"), _severities(material)),
    ):
        rows.append(Row((title, "", "", ""), Role.SECTION))
        rows += [Row(line) for line in lines] or [Row((_("none"), "", "", ""))]
    columns = (
        Column("subject", _("Subject"), CellFormat.TEXT, 1.6),
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        Column("place", _("File and cell"), CellFormat.TEXT, 2.0),
        Column("text", _("Content"), CellFormat.TEXT, 5.0),
    )
    return Table("provenance", _("What the report was made with"), columns, tuple(rows))


_Line = tuple[str, str, str, str]


def _of_report(material: ReportData, report: str) -> Iterator[_Line]:
    form, summary, coverage = material.form, material.summary, material.summary.coverage
    period = summary.period
    first = period.quarters[0].window(material.settings.data_window).first
    last = period.last.window(material.settings.data_window).last
    said = (
        (_("File"), report),
        (_("Period"), wording.period_words(period)),
        (_("Data window"), f"{wording.date_short(first)} – {wording.date_short(last)}"),
        (_("Form"), _("{id}, version {fingerprint}").format(id=form.id, fingerprint=form.fingerprint)),
        (_("Program"), f"reportctl {__version__}"),
        (
            _("Units that reported"),
            _("{accepted} of {expected}").format(
                accepted=len(coverage.accepted), expected=len(coverage.expected)
            ),
        ),
        (_("Units without a report that counts"), names_of(coverage.missing, material.units) or _("none")),
    )
    for subject, text in said:
        yield subject, str(period), "", text


def _of_quarter(one: QuarterFacts) -> _Line:
    counted = _("{accepted} of {expected} units count; form of version {form}").format(
        accepted=one.counting, expected=one.expected, form=one.form or "?"
    )
    closing = one.ruled.closing
    if one.closed and closing:
        state = _("closed by {who} on {day}").format(
            who=closing.decision.who, day=day_in_words(closing.decision)
        )
    else:
        state = _("not closed: its figures can still change")
    return wording.capitalised(wording.period_words(one.quarter)), str(one.quarter), "", f"{counted}; {state}"


def _accepted(material: ReportData, facts: Sequence[QuarterFacts]) -> Iterator[_Line]:
    for one in facts:
        for decision in (found for found in one.decided if found.code == "accepted_despite"):
            errors = [e for e in one.errors if (e.unit, e.file) == (decision.unit, decision.file)]
            if errors:
                for found in (decision, *errors):
                    yield _of_finding(material, one.quarter, found)


def _corrected(material: ReportData, facts: Sequence[QuarterFacts]) -> Iterator[_Line]:
    for one in facts:
        for found in one.decided:
            if found.code != "accepted_despite":
                yield _of_finding(material, one.quarter, found)


def _of_finding(material: ReportData, quarter: Quarter, found: Finding) -> _Line:
    unit = names_of([found.unit], material.units) if found.unit else ""
    cell = f"{found.sheet}!{found.cell}" if found.sheet and found.cell else found.cell or ""
    asked = material.form.indicators.get(found.indicator or "")
    text = f"{asked.name}: {found.message}" if asked else found.message
    return unit, str(quarter), " · ".join(filter(None, (found.file, cell))), text


def _imported(facts: Sequence[QuarterFacts]) -> Iterator[_Line]:
    for one in facts:
        for (file, day), count in sorted(one.imported.items()):
            text = _("{count} figures, taken in on {day}").format(count=count, day=day)
            yield wording.capitalised(wording.period_words(one.quarter)), str(one.quarter), file, text


def _severities(material: ReportData) -> Iterator[_Line]:
    for changed in changed_severities(material.settings.findings):
        text = _("{standard}, here {here}").format(
            standard=severity_name(changed.standard), here=severity_name(changed.here)
        )
        yield changed.code, "", "", text
