"""What a report was made with: form, coverage, what people decided, which severities were changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl import __version__
from reportctl.core import wording
from reportctl.core.findings import Finding
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.core.severities import changed_severities, severity_name
from reportctl.core.table import Column, Kind, Role, Row, Table
from reportctl.figures.notes import names_of
from reportctl.ledger.decisions import Rulings, day_in_words
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ValueRecord
from reportctl.report.contents import Material

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
    ruled: Rulings
    decided: tuple[Finding, ...]
    errors: tuple[Finding, ...]
    imported: Mapping[tuple[str, str], int]


def facts_of(
    ledger: Ledger,
    quarter: Quarter,
    expected: int,
    form: str,
    ruled: Rulings,
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


def provenance_table(material: Material, facts: Sequence[QuarterFacts], report: str) -> Table:
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
        Column("subject", _("Subject"), Kind.TEXT, 1.6),
        Column("period", _("Period"), Kind.TEXT, 0.8),
        Column("place", _("File and cell"), Kind.TEXT, 2.0),
        Column("text", _("Content"), Kind.TEXT, 5.0),
    )
    return Table("provenance", _("What the report was made with"), columns, tuple(rows))


_Line = tuple[str, str, str, str]


def _of_report(material: Material, report: str) -> Iterator[_Line]:
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


def _accepted(material: Material, facts: Sequence[QuarterFacts]) -> Iterator[_Line]:
    for one in facts:
        for decision in (found for found in one.decided if found.code == "accepted_despite"):
            errors = [e for e in one.errors if (e.unit, e.file) == (decision.unit, decision.file)]
            if errors:
                for found in (decision, *errors):
                    yield _of_finding(material, one.quarter, found)


def _corrected(material: Material, facts: Sequence[QuarterFacts]) -> Iterator[_Line]:
    for one in facts:
        for found in one.decided:
            if found.code != "accepted_despite":
                yield _of_finding(material, one.quarter, found)


def _of_finding(material: Material, quarter: Quarter, found: Finding) -> _Line:
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


def _severities(material: Material) -> Iterator[_Line]:
    for changed in changed_severities(material.settings.findings):
        text = _("{standard}, here {here}").format(
            standard=severity_name(changed.standard), here=severity_name(changed.here)
        )
        yield changed.code, "", "", text
