"""From the ledger to tables: the views of `summary`, the merged workbook and the long data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportctl import summary_json, summary_tables
from reportctl.export import merged_workbook, values_csv
from reportctl.figures import Summary
from reportctl.ledger import Ledger
from reportctl.period import Period
from reportctl.plan import load_plan
from reportctl.session import Session
from reportctl.summary import kind_values, regrouped, summarise, units_of
from reportctl.table import Table


@dataclass(frozen=True, slots=True)
class View:
    """A summary to show: its tables, and the object that `--format json` prints."""

    tables: tuple[Table, ...]
    json: Callable[[], dict[str, Any]]


def summary_of(session: Session, ledger: Ledger, period: Period) -> Summary:
    """The figures of `period` beside those of other periods and the plan."""
    plan = load_plan(session.workspace.plan, session.roster, session.form)
    return summarise(ledger, session.form, session.roster, plan, session.settings, period)


def view(session: Session, period: Period, by: str, sections: Sequence[str]) -> View:
    """The summary by "indicator", "unit" or "kind", of all sections or those named.

    Raises `ReportctlError` for a code that is no section's.
    """
    form, roster, settings = session.form, session.roster, session.settings
    units = units_of(roster, settings, period)
    chosen = summary_tables.chosen_sections(form, sections)
    with session.ledger() as ledger:
        found = summary_of(session, ledger, period)
        if by == "kind":
            values = kind_values(ledger, form, roster, settings, period)
            return View(
                (summary_tables.kind_table(found, form, values, sections=sections),),
                lambda: summary_json.kinds_json(found, form, values, sections=sections),
            )
    if by == "unit":
        return View(
            tuple(summary_tables.unit_table(found, form, units, section.code) for section in chosen),
            lambda: summary_json.units_json(found, form, units, sections=sections),
        )
    apart = regrouped(roster, settings, period)
    return View(
        (summary_tables.province_table(found, form, units, sections=sections, regrouped=apart),),
        lambda: summary_json.summary_json(found, form, sections=sections),
    )


def merged_files(session: Session, period: Period, *, printable: bool) -> Iterator[tuple[str, bytes]]:
    """What a merge writes, by name: the printable workbook (unless left out) and every value as CSV."""
    form, roster, settings = session.form, session.roster, session.settings
    units = units_of(roster, settings, period)
    with session.ledger() as ledger:
        if printable:
            found = summary_of(session, ledger, period)
            apart = regrouped(roster, settings, period)
            tables = [
                summary_tables.province_table(found, form, units, regrouped=apart),
                *(summary_tables.unit_table(found, form, units, section.code) for section in form.sections),
            ]
            yield "merged.xlsx", merged_workbook(tables, form, units, ledger, period)
        yield "values.csv", values_csv(ledger, form, units, period.quarters)
