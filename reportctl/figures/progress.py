"""How far the units are with the year's plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from reportctl.core.period import Period, Quarter, Span
from reportctl.core.table import Absent
from reportctl.figures.figures import Number
from reportctl.figures.plan import Plan
from reportctl.form.model import Form
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster

UnitValues = Mapping[str, Mapping[str, Number | Absent | None]]  # unit, then indicator


@dataclass(frozen=True, slots=True)
class Progress:
    """What is to be reached in the year, what has been reached to date, and what part of the plan that is.

    None: nothing was reported, or there is no such part. `divided`: the unit was divided since the plan was
    made, and nothing is apportioned. `units` are those whose plans and figures these are.
    """

    plan: Number
    to_date: Number | None
    of_plan: float | None
    divided: bool = False
    units: tuple[str, ...] = field(default=(), compare=False)


Progresses = Mapping[str, Mapping[str, Progress]]  # indicator, then unit; of those that have a plan


def year_so_far(period: Period) -> Period:
    """The quarters of the year up to the last one of `period`, as one period."""
    last = period.last
    return last if last.number == 1 else Span(last.year, ("H1", "9M", "Y")[last.number - 2])


def progress_by_unit(
    plan: Plan, to_date: UnitValues, form: Form, roster: Roster, settings: Settings, period: Period
) -> dict[str, dict[str, Progress]]:
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
) -> dict[str, Progress]:
    """The progress with one indicator: of today's units, then of those that were divided."""
    found: dict[str, Progress] = {}
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


def together(rows: Iterable[Progress]) -> Progress | None:
    """Several units' progress as one; there is no part of the plan where one of them was divided."""
    listed = list(rows)
    if not listed:
        return None
    units = tuple(dict.fromkeys(unit for row in listed for unit in row.units))
    summed = replace(_progress([row.plan for row in listed], [row.to_date for row in listed]), units=units)
    if any(row.divided for row in listed):
        return replace(summed, of_plan=None, divided=True)
    return summed


def _progress(plans: Iterable[object], done: Iterable[object]) -> Progress:
    plan, to_date = _sum(plans) or 0, _sum(done)
    part = None if to_date is None or plan <= 0 else float(f"{to_date / plan:.15g}")
    return Progress(plan, to_date, part)


def _sum(values: Iterable[object]) -> Number | None:
    """The sum of the numbers among `values`, to the 15 digits that a float holds; None where none is."""
    known = [value for value in values if isinstance(value, int | float)]
    if not known:
        return None
    whole = [value for value in known if isinstance(value, int)]
    return sum(whole) if len(whole) == len(known) else float(f"{math.fsum(known):.15g}")
