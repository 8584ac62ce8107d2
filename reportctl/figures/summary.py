"""What a period's figures come to beside those of other periods and the plan, like with like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from reportctl.core.period import Period, Quarter
from reportctl.core.table import NOT_APPLICABLE, Absent
from reportctl.figures.figures import Coverage, Figure, Number, Summary
from reportctl.figures.plan import Plan
from reportctl.figures.totals import (
    Cells,
    Totals,
    cells_of,
    counting_in,
    holds_province,
    over_time,
    over_units,
    own_values,
    plain,
    totals_by_code,
)
from reportctl.form.model import Form, Indicator, Type, applies
from reportctl.ledger.rows import PROVINCE
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster, Unit
from reportctl.workspace.units_by_period import Calendar, units_of

if TYPE_CHECKING:
    from reportctl.ledger.ledger import Ledger


_AgainstPlan = tuple[Number | None, float | None, tuple[str, ...]]  # plan, part that is done, units that did


def summarise(
    ledger: Ledger, form: Form, roster: Roster, plan: Plan, settings: Settings, period: Period
) -> Summary:
    """Every numeric indicator of `form` for `period`: its figure, what it compares with, each unit's own.

    A change is worked out over the units that have a figure in every quarter of both periods; units that
    were regrouped since are compared where they are exactly the sum of units of then. Where there are none,
    and a figure was imported for the province alone, totals are compared.
    """
    calendar = Calendar(roster, settings.data_window)
    spans: dict[str, Period] = {"value": period, "year_ago": period.year_ago}
    if period.previous:
        spans["previous"] = period.previous
    needed = {*period.to_date, *(quarter for span in spans.values() for quarter in span.quarters)}
    cells = cells_of(ledger, form, sorted(needed))
    totals = {name: totals_by_code(over_time(cells, form, span.quarters)) for name, span in spans.items()}
    totals["to_date"] = totals_by_code(over_time(cells, form, period.to_date))
    alike = {
        name: _alike(cells, form, calendar, (period, span)) for name, span in spans.items() if span != period
    }
    origins = calendar.origins(period.last, Quarter(period.year, 1))
    today = calendar.units(period.last).keys()
    figures = {}
    for section, indicator in ((s, i) for s in form.sections for i in s.indicators if i.numeric):
        code = indicator.code
        mine = {name: by_code.get(code) for name, by_code in totals.items()}
        changes = {
            name: _change(indicator, (now.get(code), then.get(code)), (mine["value"], mine[name]))
            for name, (now, then) in alike.items()
        }
        planned = plan.of(code, period.year)
        against_plan = _against_plan(indicator, planned, mine["to_date"], today, origins)
        figures[code] = _figure(section.code, indicator, mine, changes, against_plan)
    units = units_of(roster, settings, period)
    by_unit = _by_unit(form, units, totals["value"], _absent(cells, form, period))
    return Summary(period, _coverage(ledger, calendar, period), figures, by_unit)


def _figure(
    section: str,
    indicator: Indicator,
    totals: Mapping[str, Totals | None],
    changes: Mapping[str, _Change],
    against_plan: _AgainstPlan,
) -> Figure:
    value = {name: over_units(frame, indicator) for name, frame in totals.items()}
    current = totals["value"]
    against_previous, against_year_ago = changes.get("previous", _Change()), changes["year_ago"]
    return Figure(
        section=section,
        indicator=indicator,
        value=value["value"],
        estimate=current is not None and bool(current["estimate"].any()),
        previous=value.get("previous"),
        year_ago=value["year_ago"],
        to_date=value["to_date"],
        plan=against_plan[0],
        change_previous=against_previous.change,
        change_year_ago=against_year_ago.change,
        of_plan=against_plan[1],
        units_reporting=0 if current is None else len(own_values(current, indicator)),
        comparable=len((against_previous if value["year_ago"] is None else against_year_ago).units),
        comparable_previous=len(against_previous.units),
        comparable_year_ago=len(against_year_ago.units),
        of_totals=tuple(name for name, against in changes.items() if against.of_totals),
        over={"plan": against_plan[2]} | {name: change.units for name, change in changes.items()},
    )


def _against_plan(
    indicator: Indicator,
    planned: Mapping[str, Number],
    to_date: Totals | None,
    today: Set[str],
    origins: Mapping[str, tuple[str, ...]],
) -> _AgainstPlan:
    """The units' plan, and what part of it the units that have one have done.

    What units do that are exactly made of such units is theirs; where one was divided, there is no such part.
    What was imported for the province alone is theirs where every unit has a plan.
    """
    if not planned or indicator.over_units != "sum":
        return None, None, ()
    plan = plain(float(sum(planned.values())))
    heirs = {code: origin for code, origin in origins.items() if set(origin) <= planned.keys()}
    divided = planned.keys() - today - {code for origin in heirs.values() for code in origin}
    if to_date is None or not plan or divided:
        return plan, None, ()
    theirs = planned.keys() | heirs.keys()
    if holds_province(to_date):
        if not today <= theirs:
            return plan, None, ()
        theirs = {*theirs, PROVINCE}
    done = to_date["value"][to_date.index.isin(theirs)]
    return plan, None if done.empty else float(plain(float(done.sum()) / plan)), tuple(done.index)


# ---- like with like


def _alike(
    cells: Cells, form: Form, calendar: Calendar, spans: tuple[Period, Period]
) -> tuple[dict[str, Totals], dict[str, Totals]]:
    """The totals of two periods by code, both over the same units of the first one's last day.

    Each of them has a figure in every quarter that counts, of both periods.
    """
    regrouped = _as_of_today(cells, form, calendar, spans)
    counting = pd.concat([counting_in(regrouped, form, span.quarters) for span in spans])
    quarters = sum(len(span.quarters) for span in spans)
    wanted = {c: len(spans) if i.over_time == "last" else quarters for c, i in form.indicators.items()}
    there = counting.groupby(["code", "unit"], sort=False)["quarter"].transform("count")
    complete = counting[there == counting["code"].map(wanted)]
    now, then = (totals_by_code(over_time(complete, form, span.quarters)) for span in spans)
    return now, then


def _as_of_today(cells: Cells, form: Form, calendar: Calendar, spans: tuple[Period, Period]) -> Cells:
    """The cells of both periods under the units of the first one's last day that they make up exactly.

    Only what is added up over the units can be put together from several units of then.
    """
    made_of = pd.DataFrame(
        [
            (str(quarter), old, new, len(origin))
            for span in spans
            for quarter in span.quarters
            for new, origin in calendar.origins(spans[0].last, quarter).items()
            for old in origin
        ],
        columns=["quarter", "unit", "today", "parts"],
    )
    numbers = cells.dropna(subset=["value"]).merge(made_of, on=["quarter", "unit"])
    joined = (
        numbers.groupby(["code", "today", "quarter"], sort=False)
        .agg(
            value=("value", "sum"),
            below=("below", "sum"),
            estimate=("estimate", "any"),
            parts=("parts", "first"),
            there=("value", "size"),
        )
        .reset_index()
        .rename(columns={"today": "unit"})
    )
    added = {i.code for i in form.indicators.values() if i.over_units in ("sum", "ratio")}
    whole = (joined["there"] == joined["parts"]) & ((joined["parts"] == 1) | joined["code"].isin(added))
    return joined[whole]


@dataclass(frozen=True, slots=True)
class _Change:
    """A change as a fraction (of a percentage: its difference), and the units that it is over.

    `of_totals`: it is that of the province's totals, because one was imported without the units' figures.
    """

    change: float | None = None
    units: tuple[str, ...] = ()
    of_totals: bool = False


_Both = tuple[Totals | None, Totals | None]


def _change(indicator: Indicator, alike: _Both, whole: _Both) -> _Change:
    """The change over the units that are `alike` in both periods, else that of the `whole` province where
    one of its figures was imported alone."""
    now, then = (over_units(totals, indicator) for totals in alike)
    if alike[0] is not None and now is not None and then is not None:
        return _Change(_difference(indicator, now, then), tuple(alike[0].index))
    now, then = (over_units(totals, indicator) for totals in whole)
    if not any(map(holds_province, whole)) or now is None or then is None:
        return _Change()
    return _Change(_difference(indicator, now, then), of_totals=True)


def _difference(indicator: Indicator, now: Number, then: Number) -> float | None:
    if indicator.type is Type.PERCENT:
        return float(plain(now - then))
    return float(plain(now / then - 1)) if then > 0 else None


# ---- units


def _absent(cells: Cells, form: Form, period: Period) -> set[tuple[str, str]]:
    """The (code, unit) pairs of which all that was answered in `period` is that it does not apply."""
    used = counting_in(cells, form, period.quarters)
    without = used[used["value"].isna()]
    return set(zip(without["code"], without["unit"], strict=True))


def _by_unit(
    form: Form, units: Mapping[str, Unit], totals: Mapping[str, Totals], absent: Iterable[tuple[str, str]]
) -> dict[str, dict[str, Number | Absent | None]]:
    """Each unit's own values of what it is asked; those of units the roster does not know come last."""
    found: dict[str, dict[str, Number | Absent | None]] = {
        code: {i.code: None for i in form.indicators.values() if i.numeric and applies(i, unit.kind)}
        for code, unit in units.items()
    }
    for code, unit in absent:
        found.setdefault(unit, {})[code] = NOT_APPLICABLE
    for code, frame in totals.items():
        own = own_values(frame, form.indicators[code])
        for unit, value in zip(own.index.tolist(), own.tolist(), strict=True):
            found.setdefault(str(unit), {})[code] = plain(float(value))
    return found


def _coverage(ledger: Ledger, calendar: Calendar, period: Period) -> Coverage:
    """Who was to report in the last quarter, and did."""
    counting = ledger.counting(period.last)
    expected = tuple(calendar.units(period.last))
    return Coverage(
        expected,
        tuple(code for code in expected if code in counting),
        tuple(code for code in expected if code not in counting),
    )
