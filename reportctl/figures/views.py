"""From the ledger to tables: the views of `summary`, the merged workbook and the long data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportctl.core import language
from reportctl.core.period import Period, Quarter
from reportctl.core.table import Table
from reportctl.figures import as_json, merged_workbook, tables, values
from reportctl.figures.answers import Answers, read_answers
from reportctl.figures.figures import Summary
from reportctl.figures.jumps import jump_notes, jumps
from reportctl.figures.notes import coverage_notes
from reportctl.figures.plan import load_plan, plan_table
from reportctl.figures.summary import needed_quarters, summarise
from reportctl.figures.totals import group_values
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.session import Session


@dataclass(frozen=True, slots=True)
class View:
    """A summary to show: its tables, and the object that `--format json` prints."""

    tables: tuple[Table, ...]
    json: dict[str, Any]


def summary_of(session: Session, ledger: Ledger, period: Period) -> Summary:
    """The figures of `period` beside those of other periods and the plan."""
    plan = load_plan(session.workspace.plan, session.roster, session.form)
    base = session.settings.report.base
    return summarise(ledger, session.form, session.calendar, plan, period, base)


def answers_of(session: Session, ledger: Ledger, quarters: Iterable[Quarter]) -> Answers:
    """The units' answers in `quarters`."""
    return read_answers(ledger, session.form, session.calendar, quarters)


def view(session: Session, period: Period, by: str, sections: Sequence[str]) -> View:
    """The summary by "indicator", "unit" or "kind", of all sections or those named.

    Raises `ReportctlError` for a code that is no section's.
    """
    form, units = session.form, session.calendar.units(period)
    chosen = tables.chosen_sections(form, sections)
    with session.ledger() as ledger:
        summary = summary_of(session, ledger, period)
        if by == "kind":
            kinds = {k.code: [c for c, unit in units.items() if unit.kind == k.code] for k in form.kinds}
            figures = group_values(answers_of(session, ledger, period.quarters), kinds, period)
            table = tables.kind_table(summary, form, units, figures, sections=sections)
            table = replace(table, notes=(*coverage_notes(summary, units), *table.notes))
            return View((table,), as_json.kinds_json(summary, form, figures, sections=sections))
        if by == "unit":
            by_section = (tables.unit_table(summary, form, units, section.code) for section in chosen)
            json = as_json.units_json(summary, form, units, sections=sections)
            return View(tuple(by_section), json)
        regrouped = session.calendar.regrouped(period)
        table = tables.province_table(summary, form, units, sections=sections, regrouped=regrouped)
        table = _with_jumps(session, ledger, summary, table, sections)
    return View((table,), as_json.summary_json(summary, form, sections=sections))


def exported(session: Session, period: Period, to: str, before: bytes = b"") -> bytes:
    """The figures and texts of `period` in the format `to`: "xlsx", "csv", "json" or "parquet".

    `before`: the previous values.csv of a quarter; rows of unchanged units are copied from it.

    They are in the workspace's language. Raises `ReportctlError` where what writes the format is missing.
    """
    form, units = session.form, session.calendar.units(period)
    with session.ledger() as ledger, language.speaking(session.settings.language):
        match to:
            case "csv":
                renewed = before and values.renewed_csv(before, ledger, form, units, period.quarters[0])
                return renewed or values.values_csv(ledger, form, units, period.quarters)
            case "json":
                return values.values_json(ledger, form, units, period.quarters)
            case "parquet":
                return values.values_parquet(ledger, form, units, period.quarters)
        return merged_workbook.merged_workbook(
            _printable_tables(session, ledger, period), form, units, ledger, period
        )


def _with_jumps(
    session: Session, ledger: Ledger, summary: Summary, table: Table, sections: Sequence[str] = ()
) -> Table:
    """The province's table with a note on each figure that jumped, of all sections or those named."""
    chosen = {section.code for section in tables.chosen_sections(session.form, sections)}
    found = jumps(summary, session.settings.checks, chosen)
    if not found:
        return table
    answers = answers_of(session, ledger, needed_quarters(summary.period))
    units = session.calendar.units(summary.period)
    return replace(table, notes=(*table.notes, *jump_notes(found, answers, summary.period, units)))


def _printable_tables(session: Session, ledger: Ledger, period: Period) -> Iterator[Table]:
    """The printable workbook's tables: the province, the sections by unit, the plan where there is one."""
    form, units = session.form, session.calendar.units(period)
    summary = summary_of(session, ledger, period)
    regrouped = session.calendar.regrouped(period)
    province = tables.province_table(summary, form, units, regrouped=regrouped, wholes=True)
    yield _with_jumps(session, ledger, summary, province)
    for section in form.sections:
        yield tables.unit_table(summary, form, units, section.code)
    plan = plan_table(summary, units)
    if plan.rows:
        yield plan
