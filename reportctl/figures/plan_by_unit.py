"""How far each unit is with the year's plan: one row for a unit, a column for each figure with a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Subject, Table, Value
from reportctl.figures.figures import PlanProgress, Summary
from reportctl.figures.notes import INCOMPLETE, names_of, notes_on_gaps, notes_on_signs
from reportctl.figures.plan import added_up, over_those
from reportctl.form.tables import TableCell
from reportctl.workspace.units import Unit


def plan_by_unit(
    summary: Summary, units: Mapping[str, Unit], together: Mapping[str, Sequence[str]] | None = None
) -> Table:
    """The part of the year's plan that each unit has done, in the roster's order, and the province below.

    `units` are those of the period by code; those that are listed `together` under a title have one row.
    Units that have one plan together have no part of their own. A table without rows where there is no plan.
    """
    period = summary.period
    codes = planned_codes(summary)
    rows: list[Row] = []
    listed = {names_of([unit], units): (unit,) for unit in units} if together is None else together
    for title, members in listed.items():
        found = [_progress(summary, code, members, alone=together is None) for code in codes]
        if any(one is not None for one in found):
            cells = [NOT_APPLICABLE if one is None else one.of_plan for one in found]
            marks = {
                f"{code}.of_plan": INCOMPLETE
                for code, one in zip(codes, found, strict=True)
                if one is not None and one.incomplete
            }
            about = Subject(units=tuple(members))
            rows.append(Row((str(len(rows) + 1), title, *cells), about=about, marks=marks))
    if codes:
        rows.append(_total(summary, codes))
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Unit"), CellFormat.TEXT, 2.4),
        *(
            Column(f"{code}.of_plan", str(summary.figures[code].indicator.short_name), CellFormat.PERCENT)
            for code in codes
        ),
    )
    title = _("Progress of units against the {year} plan by the end of {period}").format(
        year=period.year, period=wording.period_words_alone(period.last)
    )
    table = Table("plan_units", title, columns, tuple(rows), repeated=2)
    incomplete = [summary.figures[code] for code in codes if summary.figures[code].plan_incomplete]
    notes = [*notes_on_gaps(incomplete, period, {"of_plan"}), *notes_on_signs(table)]
    if not codes:
        notes.append(_("No plan was given for {year}.").format(year=period.year))
    return replace(table, notes=tuple(notes))


def planned_codes(summary: Summary) -> list[str]:
    """The codes of the figures that have a plan; cells of tables only where nothing else has one: they say in
    parts what the figures of sections say as a whole."""
    codes = [code for code, figure in summary.figures.items() if summary.progress.get(code) or figure.plan]
    alone = [code for code in codes if not isinstance(summary.figures[code].indicator, TableCell)]
    return alone or codes


def _progress(summary: Summary, code: str, members: Sequence[str], *, alone: bool) -> PlanProgress | None:
    """How far these units are together with their plan of a figure; None where they have none. A unit that is
    `alone` and has its plan with others has no part of its own."""
    groups = summary.progress.get(code, ())
    if alone:
        own = next((one for one in groups if {*members} & {*one.today}), None)
        return replace(own, done=None) if own and len(own.today) > 1 else own
    within = [one for one in groups if one.today and {*one.today} <= {*members}]
    return added_up(within) if within else None


def _total(summary: Summary, codes: Sequence[str]) -> Row:
    """The row of the province; it rests on the units whose plans count."""
    figures = [summary.figures[code] for code in codes]
    cells: list[Value] = ["" if figure.plan is None else figure.of_plan for figure in figures]
    marks = {}
    for code, figure in zip(codes, figures, strict=True):
        sign = INCOMPLETE if figure.plan_incomplete else ""
        marks[f"{code}.of_plan"] = f"{over_those(figure.planned, figure.units_asked)} {sign}".strip()
    return Row(("", _("Total"), *cells), Role.TOTAL, about=Subject(), marks=marks)
