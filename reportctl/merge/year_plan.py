"""The year's plan as a quarter is compared with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from reportctl.core.files import digest, read_file
from reportctl.form.predecessors import joined
from reportctl.intake.job import Context
from reportctl.ledger.versions import kept_forms
from reportctl.workspace.settings import Workspace
from reportctl.workspace.small_tables import SmallTableError

if TYPE_CHECKING:
    from reportctl.figures.plan import Plan

Number = int | float


def plan_key(workspace: Workspace) -> str:
    """A hash of the plan's file, empty where there is none.

    Raises `ReportctlError` where it cannot be read or there are two.
    """
    path = workspace.plan
    return digest(read_file(path)) if path.exists() else ""


def plan_or_none(workspace: Workspace, context: Context) -> Plan | None:
    """The plan; None where there is none or it has mistakes, as `summary` says then.

    Raises `ReportctlError` as `plan_key`.
    """
    if not workspace.plan.exists():
        return None
    from reportctl.figures.plan import load_plan  # many offices have none

    try:
        others = partial(kept_forms, workspace.archive)
        return load_plan(workspace.plan, context.roster, context.form, others)
    except SmallTableError:
        return None


def planned(plan: Plan, context: Context, units: Iterable[str]) -> dict[tuple[str, str], Number]:
    """What each of the `units` is to reach in the quarter's year, by unit and code.

    The plan of a unit that was made of others within the year is theirs together, where it has none itself.
    """
    year, indicators = context.quarter.year, context.form.indicators
    given = {(unit, code): value for (unit, code, of), value in plan.values.items() if unit and of == year}
    codes = dict.fromkeys(code for _unit, code in given)
    found: dict[tuple[str, str], Number] = {}
    for unit in units:
        origin = context.roster.ancestry(unit, context.day, dt.date(year, 1, 1)) or (unit,)
        for code in codes:
            parts = [given[part, code] for part in origin if (part, code) in given]
            value: Number | None = given.get((unit, code))
            if value is None and len(parts) == len(origin):
                value = joined(indicators[code], parts) if len(parts) > 1 else parts[0]
            if value is not None:
                found[unit, code] = value
    return found
