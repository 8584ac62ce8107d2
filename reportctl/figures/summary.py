"""What a period's figures come to beside those of other periods and the plan, like with like."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import pandas as pd

from reportctl.core.period import Period, Quarter
from reportctl.core.table import NOT_APPLICABLE, Absent
from reportctl.figures.figures import Coverage, Figure, Number, Summary, rounded
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
)
from reportctl.form.model import Form, Indicator, Type, applies
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import PROVINCE
from reportctl.workspace.units_by_period import Calendar


def summarise(ledger: Ledger, form: Form, calendar: Calendar, plan: Plan, period: Period) -> Summary:
    """Every numeric indicator of `form` for `period`: its figure, what it compares with, each unit's own.

    A change is worked out over the units that have a figure in every quarter of both periods; units that
    were regrouped since are compared where they are exactly the sum of units of then. Where there are none,
    and a figure was imported for the province alone, totals are compared.
    """
    spans: dict[str, Period] = {"value": period, "year_ago": period.year_ago}
    if period.previous:
        spans["previous"] = period.previous
    needed = {*period.to_date, *(quarter for span in spans.values() for quarter in span.quarters)}
    cells = cells_of(ledger, form, sorted(needed))
    totals = {name: over_time(cells, form, span.quarters) for name, span in spans.items()}
    totals["to_date"] = over_time(cells, form, period.to_date)
    comparable = {
        name: _comparable(cells, form, calendar, (period, span))
        for name, span in spans.items()
        if span != period
    }
    origins = calendar.origins(period.last, Quarter(period.year, 1))
    expected = tuple(calendar.units(period.last))
    figures = {}
    for section, indicator in ((s, i) for s in form.sections for i in s.indicators if i.numeric):
        code = indicator.code
        own = {name: by_code.get(code) for name, by_code in totals.items()}
        value = {name: over_units(frame, indicator) for name, frame in own.items()}
        changes = {
            name: _change(indicator, (now.get(code), then.get(code)), (own["value"], own[name]))
            for name, (now, then) in comparable.items()
        }
        previous, year_ago = changes.get("previous", _ComparedChange()), changes["year_ago"]
        planned = plan.of(code, period.year) if indicator.over_units == "sum" else {}
        of_plan, with_plan = _of_plan(planned, own["to_date"], set(expected), origins)
        current = own["value"]
        figures[code] = Figure(
            section=section.code,
            indicator=indicator,
            value=value["value"],
            estimate=current is not None and bool(current["estimate"].any()),
            previous=value.get("previous"),
            year_ago=value["year_ago"],
            to_date=value["to_date"],
            plan=rounded(float(sum(planned.values()))) if planned else None,
            change_previous=previous.change,
            change_year_ago=year_ago.change,
            of_plan=of_plan,
            units_reporting=0 if current is None else len(own_values(current, indicator)),
            comparable=len((previous if value["year_ago"] is None else year_ago).units),
            comparable_previous=len(previous.units),
            comparable_year_ago=len(year_ago.units),
            of_totals=tuple(name for name, change in changes.items() if change.of_totals),
            over={"plan": with_plan} | {name: change.units for name, change in changes.items()},
        )
    counting = ledger.counting(period.last)
    coverage = Coverage(
        expected,
        accepted=tuple(code for code in expected if code in counting),
        missing=tuple(code for code in expected if code not in counting),
    )
    return Summary(period, coverage, figures, _by_unit(cells, form, calendar, period, totals["value"]))


def _of_plan(
    planned: Mapping[str, Number],
    to_date: Totals | None,
    today: Set[str],
    origins: Mapping[str, tuple[str, ...]],
) -> tuple[float | None, tuple[str, ...]]:
    """What part of the units' plan the units that have one have done, and these units.

    What units do that are exactly made of such units is theirs; where one was divided, there is no such part.
    What was imported for the province alone is theirs where every unit has a plan.
    """
    heirs = {code: origin for code, origin in origins.items() if set(origin) <= planned.keys()}
    divided = planned.keys() - today - {code for origin in heirs.values() for code in origin}
    plan = rounded(float(sum(planned.values())))
    theirs = planned.keys() | heirs.keys()
    if to_date is None or not plan or divided:
        return None, ()
    if holds_province(to_date):
        if not today <= theirs:
            return None, ()
        theirs = {*theirs, PROVINCE}
    done = to_date["value"][to_date.index.isin(theirs)]
    return None if done.empty else float(rounded(float(done.sum()) / plan)), tuple(done.index)


# ---- like with like


def _comparable(
    cells: Cells, form: Form, calendar: Calendar, spans: tuple[Period, Period]
) -> tuple[dict[str, Totals], dict[str, Totals]]:
    """The totals of two periods by code, both over the same units of the first one's last day.

    Each of them has a figure in every quarter that counts, of both periods. Several units of then make up one
    of that day where what they report is added up over the units, and all of them have a figure.
    """
    parts = pd.DataFrame(
        [
            (str(quarter), old, new, len(origin))
            for span in spans
            for quarter in span.quarters
            for new, origin in calendar.origins(spans[0].last, quarter).items()
            for old in origin
        ],
        columns=["quarter", "unit", "today", "parts"],
    )
    joined = (
        cells.dropna(subset=["value"])
        .merge(parts, on=["quarter", "unit"])
        .groupby(["code", "today", "quarter"], sort=False)
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
    counting = pd.concat([counting_in(joined[whole], form, span.quarters) for span in spans])
    quarters = sum(len(span.quarters) for span in spans)
    wanted = {c: len(spans) if i.over_time == "last" else quarters for c, i in form.indicators.items()}
    there = counting.groupby(["code", "unit"], sort=False)["quarter"].transform("count")
    complete = counting[there == counting["code"].map(wanted)]
    now, then = (over_time(complete, form, span.quarters) for span in spans)
    return now, then


@dataclass(frozen=True, slots=True)
class _ComparedChange:
    """A change as a fraction (of a percentage: its difference), and the units that it is over.

    `of_totals`: it is that of the province's totals, because one was imported without the units' figures.
    """

    change: float | None = None
    units: tuple[str, ...] = ()
    of_totals: bool = False


_TwoPeriods = tuple[Totals | None, Totals | None]


def _change(indicator: Indicator, comparable: _TwoPeriods, whole: _TwoPeriods) -> _ComparedChange:
    """The change over the units that are `comparable`, else that of the `whole` province where one of its
    figures was imported alone; of what is not above zero there is no change in per cent."""
    of_totals = False
    now, then = (over_units(totals, indicator) for totals in comparable)
    if now is None or then is None:
        of_totals = any(map(holds_province, whole))
        now, then = (over_units(totals, indicator) for totals in whole)
        if not of_totals or now is None or then is None:
            return _ComparedChange()
    change = None
    if indicator.type is Type.PERCENT:
        change = float(rounded(now - then))
    elif then > 0:
        change = float(rounded(now / then - 1))
    units = comparable[0].index if comparable[0] is not None and not of_totals else ()
    return _ComparedChange(change, tuple(units), of_totals)


def _by_unit(
    cells: Cells, form: Form, calendar: Calendar, period: Period, totals: Mapping[str, Totals]
) -> dict[str, dict[str, Number | Absent | None]]:
    """Each unit's values of what it is asked; those of units the roster does not know come last.

    "Not applicable" where that is all that was answered in the period; `totals` are the period's.
    """
    by_unit: dict[str, dict[str, Number | Absent | None]] = {
        code: {i.code: None for i in form.indicators.values() if i.numeric and applies(i, unit.kind)}
        for code, unit in calendar.units(period).items()
    }
    used = counting_in(cells, form, period.quarters)
    without = used[used["value"].isna()]
    for code, unit in zip(without["code"], without["unit"], strict=True):
        by_unit.setdefault(unit, {})[code] = NOT_APPLICABLE
    for code, frame in totals.items():
        values = own_values(frame, form.indicators[code])
        for unit, value in zip(values.index.tolist(), values.tolist(), strict=True):
            by_unit.setdefault(str(unit), {})[code] = rounded(float(value))
    return by_unit
