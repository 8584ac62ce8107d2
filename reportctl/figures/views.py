"""From the ledger to tables: the views of `summary`, the merged workbook and the long data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportctl.core import language
from reportctl.core.period import Period, Quarter
from reportctl.core.table import Table
from reportctl.figures import as_json, merged_workbook
from reportctl.figures import tables as summary_tables
from reportctl.figures import values as long_data
from reportctl.figures.figures import Summary
from reportctl.figures.notes import coverage_notes
from reportctl.figures.plan import Progresses, load_plan, plan_table, progress_by_unit, year_so_far
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.session import Session
from reportctl.workspace.units_by_period import regrouped, units_of


@dataclass(frozen=True, slots=True)
class View:
    """A summary to show: its tables, and the object that `--format json` prints."""

    tables: tuple[Table, ...]
    json: dict[str, Any]


def summary_of(session: Session, ledger: Ledger, period: Period) -> Summary:
    """The figures of `period` beside those of other periods and the plan."""
    from reportctl.figures.summary import (
        summarise,  # pandas takes longer to import than many a command to run
    )

    plan = load_plan(session.workspace.plan, session.roster, session.form)
    return summarise(ledger, session.form, session.roster, plan, session.settings, period)


def missing_by_quarter(session: Session, ledger: Ledger, period: Period) -> dict[Quarter, list[str]]:
    """The units of which no report counts, by each quarter of `period`."""
    missing = {}
    for quarter in period.quarters:
        counting = ledger.counting(quarter)
        missing[quarter] = [code for code in session.units(quarter) if code not in counting]
    return missing


def progress_of(session: Session, ledger: Ledger, summary: Summary) -> Progresses:
    """How far the units are with the year's plan at the end of the summary's period."""
    so_far = year_so_far(summary.period)
    same = so_far == summary.period
    to_date = summary if same else summary_of(session, ledger, so_far)
    plan = load_plan(session.workspace.plan, session.roster, session.form)
    return progress_by_unit(
        plan, to_date.by_unit, session.form, session.roster, session.settings, summary.period
    )


def view(session: Session, period: Period, by: str, sections: Sequence[str]) -> View:
    """The summary by "indicator", "unit" or "kind", of all sections or those named.

    Raises `ReportctlError` for a code that is no section's.
    """
    form, roster, settings = session.form, session.roster, session.settings
    units = units_of(roster, settings, period)
    chosen = summary_tables.chosen_sections(form, sections)
    with session.ledger() as ledger:
        found = summary_of(session, ledger, period)
        missing = missing_by_quarter(session, ledger, period)
        if by == "kind":
            from reportctl.figures.totals import kind_values

            values = kind_values(ledger, form, roster, settings, period)
            table = summary_tables.kind_table(found, form, values, sections=sections)
            notes = (*coverage_notes(found, units, missing), *table.notes)
            return View(
                (replace(table, notes=notes),),
                as_json.kinds_json(found, form, values, sections=sections),
            )
        if by == "unit":
            progress = progress_of(session, ledger, found)
            tables = (
                summary_tables.unit_table(
                    found, form, units, section.code, progress=progress, missing=missing
                )
                for section in chosen
            )
            return View(
                tuple(tables),
                as_json.units_json(found, form, units, sections=sections, progress=progress),
            )
    apart = regrouped(roster, settings, period)
    table = summary_tables.province_table(
        found, form, units, sections=sections, regrouped=apart, missing=missing
    )
    return View((table,), as_json.summary_json(found, form, sections=sections))


def exported(session: Session, period: Period, to: str, before: bytes = b"") -> bytes:
    """The figures and texts of `period` in the format `to`: "xlsx", "csv", "json" or "parquet".

    `before` is the CSV of a quarter as it was made from the same, but for the files of some units.

    They are in the workspace's language. Raises `ReportctlError` where what writes the format is missing.
    """
    form, settings = session.form, session.settings
    units = units_of(session.roster, settings, period)
    with session.ledger() as ledger, language.speaking(settings.language):
        match to:
            case "csv":
                renewed = before and long_data.renewed_csv(before, ledger, form, units, period.quarters[0])
                return renewed or long_data.values_csv(ledger, form, units, period.quarters)
            case "json":
                return long_data.values_json(ledger, form, units, period.quarters)
            case "parquet":
                return long_data.values_parquet(ledger, form, units, period.quarters)
        return merged_workbook.merged_workbook(_printed(session, ledger, period), form, units, ledger, period)


def _printed(session: Session, ledger: Ledger, period: Period) -> Iterator[Table]:
    """The printable workbook's tables: the province, the sections by unit, the plan where there is one."""
    form, roster, settings = session.form, session.roster, session.settings
    units = units_of(roster, settings, period)
    found = summary_of(session, ledger, period)
    missing = missing_by_quarter(session, ledger, period)
    progress = progress_of(session, ledger, found)
    yield summary_tables.province_table(
        found, form, units, regrouped=regrouped(roster, settings, period), missing=missing
    )
    for section in form.sections:
        yield summary_tables.unit_table(found, form, units, section.code, progress=progress, missing=missing)
    plan = plan_table(progress, form, units, period)
    if plan.rows:
        yield plan
