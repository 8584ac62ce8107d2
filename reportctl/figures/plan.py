"""The year's plan, unit by unit: `plan.csv` or `plan.xlsx`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportctl.cells.cell import read_cell
from reportctl.cells.reading import LARGEST
from reportctl.core import wording
from reportctl.core.errors import meant
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter, Span
from reportctl.core.table import Absent, CellFormat, Column, Role, Row, Subject, Table
from reportctl.figures.figures import Number, rounded, total
from reportctl.figures.notes import names_of, notes_on_signs
from reportctl.form.layout import roman
from reportctl.form.model import KIND_OF, Form, Indicator, Type, applies
from reportctl.workspace.small_tables import SmallTableError, SmallTableProblem, TableRow, read_small_table
from reportctl.workspace.units import Roster, Unit, no_such_unit
from reportctl.workspace.units_by_period import Calendar

COLUMNS = ("unit", "indicator", "year", "value")

_WHOLE = frozenset({Type.COUNT, Type.YES_NO})
# What a year's figure is read as: no bound of the indicator's, which are for a quarter.
_COUNT, _NUMBER = (
    Indicator(code="value", label="value", type=kind, min=-LARGEST, max=LARGEST)
    for kind in (Type.COUNT, Type.NUMBER)
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What each unit is to reach: the figure for (unit, indicator, year)."""

    values: Mapping[tuple[str, str, int], int | float]

    def of(self, code: str, year: int) -> dict[str, int | float]:
        """The plan for the indicator `code` in `year`, by unit."""
        return {
            unit: value
            for (unit, indicator, of_year), value in self.values.items()
            if indicator == code and of_year == year
        }


def load_plan(path: Path, roster: Roster, form: Form) -> Plan:
    """The plan in the file `path` (CSV or .xlsx); an empty one where there is no such file.

    Raises `SmallTableError` with every mistake: units and indicators that are not known or do not go
    together, years and values that cannot be read or are below zero, rows that say the same thing twice.
    """
    if not path.exists():
        return Plan({})
    problems: list[SmallTableProblem] = []
    values: dict[tuple[str, str, int], int | float] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for record in read_small_table(path, COLUMNS):
        unit, code, year = (record.get(column) for column in ("unit", "indicator", "year"))
        wrong = _key_problems(record, roster, form)
        if not wrong and lines.setdefault((unit, code, year), record.line) != record.line:
            message = _("this unit, indicator and year already stand in line {line}").format(
                line=lines[unit, code, year]
            )
            wrong.append(record.problem("unit", message))
        value, message = _value(record, form.indicators.get(code))
        if message:
            wrong.append(record.problem("value", message))
        if not wrong:
            values[unit, code, int(year)] = value
        problems += wrong
    if problems:
        raise SmallTableError(path, problems)
    return Plan(values)


def _key_problems(record: TableRow, roster: Roster, form: Form) -> list[SmallTableProblem]:
    """What is wrong with the record's unit, its indicator, and its year."""
    code, asked, year = (record.get(column) for column in ("unit", "indicator", "year"))
    indicator, rows = form.indicators.get(asked), roster.rows(code)
    wrong = dict.fromkeys(("unit", "indicator", "year"), "")
    if not rows:
        wrong["unit"] = no_such_unit(code, roster.codes) if code else _("nothing is filled in")
    if not asked:
        wrong["indicator"] = _("nothing is filled in")
    elif indicator is None:
        wrong["indicator"] = no_such_indicator(asked, form)
    elif indicator.over_units != "sum":
        wrong["indicator"] = _("a plan can be given only for figures that are added up over the units")
    elif rows and not any(applies(indicator, unit.kind) for unit in rows):
        wrong["indicator"] = _("the unit is not asked for “{value}”").format(value=asked)
    if not year:
        wrong["year"] = _("nothing is filled in")
    elif not re.fullmatch(r"(19|20)\d\d", year):
        wrong["year"] = _("“{value}” is not a year").format(value=year)
    elif rows:
        first, last = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
        if not any(unit.first <= last and first <= unit.last for unit in rows):
            wrong["year"] = _("the unit “{value}” is not there in {year}").format(value=code, year=year)
    return [record.problem(column, message) for column, message in wrong.items() if message]


def no_such_indicator(code: str, form: Form) -> str:
    """What is wrong with a code that no indicator has, with the code that was probably meant."""
    return meant(_("the form has no indicator “{value}”").format(value=code), code, form.indicators)


def _value(record: TableRow, indicator: Indicator | None) -> tuple[int | float, str]:
    """The record's value, and what is wrong with it: nothing where it can be taken.

    Text is read as in a returned workbook (see `cells`): whole numbers may be grouped (`1.200`, `1,200`,
    `1 200`). Where decimals are possible, `1.200` and `1,200` say two things and are refused; `1.234,5`,
    `1.234.567`, `12,5` and `12.5` say one.
    """
    text, whole = record.get("value"), indicator is not None and indicator.type in _WHOLE
    reading = read_cell(record.numbers.get("value", text), _COUNT if whole else _NUMBER)
    value = reading.value if reading.code in ("", "number_as_text") else None
    if not isinstance(value, int | float):
        message = _("“{value}” is no number, or can be read in two ways; write 1200 or 12,5")
        if whole:
            message = _("“{value}” is no whole number; write 1200 or 1.200")
    elif value < 0:
        message = _("“{value}” is less than zero")
    else:
        return value, ""
    return 0, message.format(value=text) if text else _("nothing is filled in")


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
        lines = [
            (str(n), names_of([unit], units), by_unit[unit], Role.PLAIN) for n, unit in enumerate(listed, 1)
        ]
        if whole := together(by_unit.values()):
            lines.append(("", _("Total"), whole, Role.TOTAL))
        for place, name, progress, role in lines:
            cells = (place, name, progress.plan, progress.to_date, progress.of_plan)
            rows.append(Row(cells, role, kind, Subject(code, progress.units)))
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Unit"), CellFormat.TEXT, 3.4),
        Column("plan", _("Plan of {year}").format(year=period.year), CellFormat.FIGURE),
        Column("to_date", _("Year to date"), CellFormat.FIGURE),
        Column("of_plan", _("Of plan"), CellFormat.PERCENT, 0.8),
    )
    title = _("The plan of {year} and what has been done of it by the end of {period}").format(
        year=period.year, period=wording.period_words(period.last)
    )
    table = Table("plan", title, columns, tuple(rows))
    notes = notes_on_signs(table) if rows else (_("No plan was given for {year}.").format(year=period.year),)
    return replace(table, notes=notes)


UnitValues = Mapping[str, Mapping[str, Number | Absent | None]]  # unit, then indicator


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """What is to be reached in the year, what has been reached to date, and what part of the plan that is.

    None: nothing was reported, or there is no such part. `divided`: the unit was divided since the plan was
    made, and nothing is apportioned. `units` are those whose plans and figures these are.
    """

    plan: Number
    to_date: Number | None
    of_plan: float | None
    divided: bool = False
    units: tuple[str, ...] = field(default=(), compare=False)


Progresses = Mapping[str, Mapping[str, PlanProgress]]  # indicator, then unit; of those that have a plan


def year_so_far(period: Period) -> Period:
    """The quarters of the year up to the last one of `period`, as one period."""
    last = period.last
    return last if last.number == 1 else Span(last.year, ("H1", "9M", "Y")[last.number - 2])


def progress_by_unit(
    plan: Plan, to_date: UnitValues, form: Form, calendar: Calendar, period: Period
) -> dict[str, dict[str, PlanProgress]]:
    """How far each unit is on the last day of `period` with what it is to reach in the year.

    `to_date` are the units' own values of `year_so_far(period)`. A unit that is exactly made of units with a
    plan works for theirs, with what they had done before; units that were divided come last.
    """
    today, origins = calendar.units(period.last), calendar.origins(period.last, Quarter(period.year, 1))
    progresses = {}
    for code, indicator in form.indicators.items():
        planned = plan.of(code, period.year) if indicator.over_units == "sum" else {}
        if not planned:
            continue
        progress: dict[str, PlanProgress] = {}
        accounted: set[str] = set()
        for unit in today:
            origin = set(origins.get(unit, ()))
            inherits = bool(origin) and origin <= planned.keys()
            if inherits or unit in planned:
                parts = {unit, *origin} if inherits else {unit}
                accounted |= parts
                done = [to_date.get(part, {}).get(code) for part in parts]
                summed = _progress([planned.get(part) for part in parts], done)
                progress[unit] = replace(summed, units=tuple(sorted(parts)))
        for unit, value in planned.items():
            if unit not in accounted:
                alone = _progress([value], [to_date.get(unit, {}).get(code)])
                progress[unit] = replace(alone, of_plan=None, divided=True, units=(unit,))
        progresses[code] = progress
    return progresses


def together(rows: Iterable[PlanProgress]) -> PlanProgress | None:
    """Several units' progress as one; there is no part of the plan where one of them was divided."""
    listed = list(rows)
    if not listed:
        return None
    units = tuple(dict.fromkeys(unit for row in listed for unit in row.units))
    summed = replace(_progress([row.plan for row in listed], [row.to_date for row in listed]), units=units)
    if any(row.divided for row in listed):
        return replace(summed, of_plan=None, divided=True)
    return summed


def _progress(plans: Iterable[object], done: Iterable[object]) -> PlanProgress:
    plan, to_date = total(plans) or 0, total(done)
    part = None if to_date is None or plan <= 0 else float(rounded(to_date / plan))
    return PlanProgress(plan, to_date, part)
