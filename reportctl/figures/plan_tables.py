"""The year's plan as a table: indicator by indicator, what each unit is to reach and has reached."""

from __future__ import annotations

from collections.abc import Mapping

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.period import Period
from reportctl.core.table import About, Column, Kind, Role, Row, Table
from reportctl.figures.figures import KIND_OF
from reportctl.figures.notes import notes_on_signs
from reportctl.figures.progress import Progress, Progresses, together
from reportctl.form.layout import roman
from reportctl.form.model import Form
from reportctl.workspace.units import Unit


def plan_table(progresses: Progresses, form: Form, units: Mapping[str, Unit], period: Period) -> Table:
    """Every indicator that has a plan, with the units that have one and all of them together.

    `units` are those of the period by code. A table without rows where there is no plan.
    """
    rows: list[Row] = []
    for number, (code, by_unit) in enumerate(progresses.items(), 1):
        indicator = form.indicators[code]
        measure = str(indicator.measure)
        title = f"{indicator.name} ({measure})" if measure else str(indicator.name)
        rows.append(Row((roman(number), title, "", "", ""), Role.SECTION))
        kind = KIND_OF[indicator.type]
        order = {unit: place for place, unit in enumerate(units)}
        listed = sorted(by_unit, key=lambda unit: order.get(unit, len(order)))
        for place, unit in enumerate(listed, 1):
            name = units[unit].name if unit in units else unit
            about = About(code, by_unit[unit].units)
            rows.append(Row((str(place), name, *_cells(by_unit[unit])), kind=kind, about=about))
        if whole := together(by_unit.values()):
            about = About(code, whole.units)
            rows.append(Row(("", _("Total"), *_cells(whole)), Role.TOTAL, kind, about))
    columns = (
        Column("number", _("No."), Kind.TEXT, 0.5),
        Column("unit", _("Unit"), Kind.TEXT, 3.4),
        Column("plan", _("Plan of {year}").format(year=period.year), Kind.FIGURE),
        Column("to_date", _("Year to date"), Kind.FIGURE),
        Column("of_plan", _("Of plan"), Kind.PERCENT, 0.8),
    )
    title = _("The plan of {year} and what has been done of it by the end of {period}").format(
        year=period.year, period=wording.period_words(period.last)
    )
    table = Table("plan", title, columns, tuple(rows))
    notes = notes_on_signs(table) if rows else (_("No plan was given for {year}.").format(year=period.year),)
    return Table(table.name, title, columns, table.rows, notes)


def _cells(progress: Progress) -> tuple[int | float | None, ...]:
    return progress.plan, progress.to_date, progress.of_plan
