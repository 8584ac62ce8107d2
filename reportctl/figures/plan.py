"""The year's plan, unit by unit: `plan.csv` or `plan.xlsx`."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportctl.cells.cell import read_cell
from reportctl.cells.reading import LARGEST
from reportctl.core import wording
from reportctl.core.errors import meant
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter, Span
from reportctl.core.table import Absent, CellFormat, Column, Role, Row, Subject, Table
from reportctl.figures.figures import Number
from reportctl.figures.notes import notes_on_signs
from reportctl.form.layout import roman
from reportctl.form.model import KIND_OF, Form, Indicator, Type, applies
from reportctl.workspace.settings import Settings
from reportctl.workspace.small_tables import SmallTableError, SmallTableProblem, TableRow, read_small_table
from reportctl.workspace.units import Roster, Unit, no_such_unit

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

    Raises `RecordsError` with every mistake: units and indicators that are not known or do not go together,
    years and values that cannot be read or are below zero, rows that say the same thing twice.
    """
    if not path.exists():
        return Plan({})
    problems: list[SmallTableProblem] = []
    values: dict[tuple[str, str, int], int | float] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for record in read_small_table(path, COLUMNS):
        found = [
            *_unit_problems(record, roster),
            *_indicator_problems(record, roster, form),
            *_year_problems(record, roster),
        ]
        unit, code, year = (record.get(column) for column in ("unit", "indicator", "year"))
        if not found and lines.setdefault((unit, code, year), record.line) != record.line:
            message = _("this unit, indicator and year already stand in line {line}").format(
                line=lines[unit, code, year]
            )
            found.append(record.problem("unit", message))
        value, wrong = _value(record, form.indicators.get(code))
        if wrong:
            found.append(record.problem("value", wrong))
        if not found:
            values[unit, code, int(year)] = value
        problems += found
    if problems:
        raise SmallTableError(path, problems)
    return Plan(values)


def read_value(typed: str | float, kind: Type) -> int | float | None:
    """The number that was typed; None where it is none, or text that can be read in two ways.

    Text is read as in a returned workbook (see `cells`): whole numbers may be grouped (`1.200`, `1,200`,
    `1 200`). Where decimals are possible, `1.200` and `1,200` say two things and are refused; `1.234,5`,
    `1.234.567`, `12,5` and `12.5` say one.
    """
    reading = read_cell(typed, _COUNT if kind in _WHOLE else _NUMBER)
    plain = reading.code in ("", "number_as_text")
    return reading.value if plain and isinstance(reading.value, (int, float)) else None


def _unit_problems(record: TableRow, roster: Roster) -> list[SmallTableProblem]:
    code = record.get("unit")
    if code in roster.codes:
        return []
    message = no_such_unit(code, roster.codes) if code else _("nothing is filled in")
    return [record.problem("unit", message)]


def _indicator_problems(record: TableRow, roster: Roster, form: Form) -> list[SmallTableProblem]:
    code = record.get("indicator")
    indicator = form.indicators.get(code)
    if not code:
        message = _("nothing is filled in")
    elif indicator is None:
        message = meant(_("the form has no indicator “{value}”").format(value=code), code, form.indicators)
    elif indicator.over_units != "sum":
        message = _("a plan can be given only for figures that are added up over the units")
    elif not _asked(indicator, record.get("unit"), roster):
        message = _("the unit is not asked for “{value}”").format(value=code)
    else:
        return []
    return [record.problem("indicator", message)]


def _asked(indicator: Indicator, code: str, roster: Roster) -> bool:
    rows = roster.rows(code)
    return not rows or any(applies(indicator, unit.kind) for unit in rows)


def _year_problems(record: TableRow, roster: Roster) -> list[SmallTableProblem]:
    year, code = record.get("year"), record.get("unit")
    if not year:
        message = _("nothing is filled in")
    elif not re.fullmatch(r"(19|20)\d\d", year):
        message = _("“{value}” is not a year").format(value=year)
    elif code in roster.codes and not _there(code, int(year), roster):
        message = _("the unit “{value}” is not there in {year}").format(value=code, year=year)
    else:
        return []
    return [record.problem("year", message)]


def _there(code: str, year: int, roster: Roster) -> bool:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return any(unit.first <= last and first <= unit.last for unit in roster.rows(code))


def _value(record: TableRow, indicator: Indicator | None) -> tuple[int | float, str]:
    """The record's value, and what is wrong with it: nothing where it can be taken."""
    text, kind = record.get("value"), indicator.type if indicator else Type.NUMBER
    value = read_value(record.numbers.get("value", text), kind)
    if value is not None and value >= 0:
        return value, ""
    if not text:
        message = _("nothing is filled in")
    elif value is not None:
        message = _("“{value}” is less than zero")
    elif kind in _WHOLE:
        message = _("“{value}” is no whole number; write 1200 or 1.200")
    else:
        message = _("“{value}” is no number, or can be read in two ways; write 1200 or 12,5")
    return 0, message.format(value=text)


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
            about = Subject(code, by_unit[unit].units)
            rows.append(Row((str(place), name, *_cells(by_unit[unit])), kind=kind, about=about))
        if whole := together(by_unit.values()):
            about = Subject(code, whole.units)
            rows.append(Row(("", _("Total"), *_cells(whole)), Role.TOTAL, kind, about))
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
    return Table(table.name, title, columns, table.rows, notes)


def _cells(progress: PlanProgress) -> tuple[int | float | None, ...]:
    return progress.plan, progress.to_date, progress.of_plan


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
    plan: Plan, to_date: UnitValues, form: Form, roster: Roster, settings: Settings, period: Period
) -> dict[str, dict[str, PlanProgress]]:
    """How far each unit is on the last day of `period` with what it is to reach in the year.

    `to_date` are the units' own values of `year_so_far(period)`. A unit that is exactly made of units with a
    plan works for theirs, with what they had done before; units that were divided come last.
    """
    today = period.last.window(settings.data_window).last
    then = Quarter(period.year, 1).window(settings.data_window).last
    origins = {unit: set(roster.ancestry(unit, today, then) or ()) for unit in roster.on(today)}
    found = {}
    for code, indicator in form.indicators.items():
        planned = plan.of(code, period.year) if indicator.over_units == "sum" else {}
        if planned:
            done = {unit: values.get(code) for unit, values in to_date.items()}
            found[code] = _by_unit(planned, done, origins)
    return found


def _by_unit(
    planned: Mapping[str, Number], done: Mapping[str, object], origins: Mapping[str, Set[str]]
) -> dict[str, PlanProgress]:
    """The progress with one indicator: of today's units, then of those that were divided."""
    found: dict[str, PlanProgress] = {}
    accounted: set[str] = set()
    for unit, origin in origins.items():
        inherits = bool(origin) and origin <= planned.keys()
        if inherits or unit in planned:
            parts = {unit, *origin} if inherits else {unit}
            accounted |= parts
            progress = _progress(map(planned.get, parts), map(done.get, parts))
            found[unit] = replace(progress, units=tuple(sorted(parts)))
    for unit, value in planned.items():
        if unit not in accounted:
            alone = _progress([value], [done.get(unit)])
            found[unit] = replace(alone, of_plan=None, divided=True, units=(unit,))
    return found


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
    plan, to_date = _sum(plans) or 0, _sum(done)
    part = None if to_date is None or plan <= 0 else float(f"{to_date / plan:.15g}")
    return PlanProgress(plan, to_date, part)


def _sum(values: Iterable[object]) -> Number | None:
    """The sum of the numbers among `values`, to the 15 digits that a float holds; None where none is."""
    known = [value for value in values if isinstance(value, int | float)]
    if not known:
        return None
    whole = [value for value in known if isinstance(value, int)]
    return sum(whole) if len(whole) == len(known) else float(f"{math.fsum(known):.15g}")
