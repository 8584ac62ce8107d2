"""What the ledger's figures come to: over time unit by unit, then over the units; and how they compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from reportctl.calendars import Calendar, units_of
from reportctl.figures import PROVINCE, Coverage, Figure, Number, Summary, mixable
from reportctl.form import Form, Indicator, Type, applies
from reportctl.period import Period, Quarter
from reportctl.plan import Plan
from reportctl.roster import Roster, Unit
from reportctl.table import NOT_APPLICABLE, Absent
from reportctl.workspace import Settings

if TYPE_CHECKING:
    from reportctl.ledger import Ledger

# Two frames. Cells: a row for each figure that counts, with its code, unit, quarter, `value` (NaN: not
# applicable) and `estimate`; of a share, `value` is the numerator and `below` the denominator.
# Totals: the same without the quarter, added up over time; of one indicator, they go by unit.
# In both `PROVINCE` stands as a unit with what was imported for the province alone.
Cells = pd.DataFrame
Totals = pd.DataFrame
_AgainstPlan = tuple[Number | None, float | None, tuple[str, ...]]  # plan, part that is done, units that did

_COLUMNS = ["quarter", "unit", "code", "value", "estimate"]


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
    cells = _cells(ledger, form, sorted(needed))
    totals = {name: _by_code(_over_time(cells, form, span.quarters)) for name, span in spans.items()}
    totals["to_date"] = _by_code(_over_time(cells, form, period.to_date))
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


def kind_values(
    ledger: Ledger, form: Form, roster: Roster, settings: Settings, period: Period
) -> dict[str, dict[str, Number | None]]:
    """Every numeric indicator's figure for `period` over the units of each kind: kind, then code."""
    kinds = {code: unit.kind for code, unit in units_of(roster, settings, period).items()}
    totals = _by_code(_over_time(_cells(ledger, form, period.quarters), form, period.quarters))
    found: dict[str, dict[str, Number | None]] = {kind.code: {} for kind in form.kinds}
    for code, indicator in form.indicators.items():
        if indicator.numeric:
            mine = totals.get(code)
            for kind, values in found.items():
                chosen = None if mine is None else mine[[kinds.get(unit) == kind for unit in mine.index]]
                values[code] = _over_units(chosen, indicator)
    return found


# ---- from the ledger's rows to totals over time


def _cells(ledger: Ledger, form: Form, quarters: Sequence[Quarter]) -> Cells:
    """The figures of `quarters`, with the shares worked out from pairs that have both figures."""
    of_province = [
        (str(record.period), PROVINCE, record.code, record.value, False)
        for record in ledger.of_province(quarters)
    ]
    frame = pd.DataFrame([*ledger.numbers(quarters), *of_province], columns=_COLUMNS)
    filled = {i.code for i in form.indicators.values() if i.numeric and not i.computed}
    frame = frame[frame["code"].isin(filled)].astype({"value": "float64", "estimate": "bool"})
    shares = [_share(frame, indicator) for indicator in form.indicators.values() if indicator.computed]
    return pd.concat([frame.assign(below=1.0), *shares], ignore_index=True)


def _share(frame: Cells, indicator: Indicator) -> Cells:
    above, below = (frame[frame["code"] == code] for code in (indicator.numerator, indicator.denominator))
    pairs = above.merge(below, on=["quarter", "unit"], suffixes=("", "_below"))
    return pd.DataFrame(
        {
            "quarter": pairs["quarter"],
            "unit": pairs["unit"],
            "code": indicator.code,
            "value": pairs["value"].where(pairs["value_below"].notna()),
            "estimate": pairs["estimate"] | pairs["estimate_below"],
            "below": pairs["value_below"],
        }
    )


def _counting(cells: Cells, form: Form, quarters: Sequence[Quarter]) -> Cells:
    """The cells that make the figures of `quarters` together: of what is not added up over time, only the
    last quarter's, or none."""
    last = {i.code for i in form.indicators.values() if i.over_time == "last"}
    never = {i.code for i in form.indicators.values() if i.over_time == "none" and len(quarters) > 1}
    chosen = cells[cells["quarter"].isin([str(q) for q in quarters]) & ~cells["code"].isin(never)]
    return chosen[~chosen["code"].isin(last) | (chosen["quarter"] == str(quarters[-1]))]


def _over_time(cells: Cells, form: Form, quarters: Sequence[Quarter]) -> Totals:
    """The totals of `quarters`, unit by unit; `quarters`: how many of them an indicator has figures of."""
    numbers = _counting(cells, form, quarters).dropna(subset=["value"])
    grouped = numbers.groupby(["code", "unit"], sort=False)
    totals = grouped.agg(value=("value", "sum"), below=("below", "sum"), estimate=("estimate", "any"))
    how = totals.index.get_level_values("code").map({c: i.over_time for c, i in form.indicators.items()})
    for name in ("mean", "min", "max"):
        if (how == name).any():
            totals["value"] = totals["value"].where(how != name, grouped["value"].agg(name))
    quarters_of = numbers.groupby("code", sort=False)["quarter"].nunique().to_dict()
    totals["quarters"] = totals.index.get_level_values("code").map(quarters_of)
    return totals


def _by_code(totals: Totals) -> dict[str, Totals]:
    return {str(code): frame.droplevel("code") for code, frame in totals.groupby(level="code", sort=False)}


# ---- over the units


def _over_units(totals: Totals | None, indicator: Indicator) -> Number | None:
    """The units' totals of one indicator as the province's figure; None where there is none to give.

    There is none either where figures of the province alone and of other quarters do not make one exactly.
    """
    if totals is None or totals.empty or indicator.over_units == "none":
        return None
    if _of_province(totals) and not mixable(indicator) and totals["quarters"].iloc[0] > 1:
        return None
    if indicator.over_units == "ratio":
        below = float(totals["below"].sum())
        return _plain(float(totals["value"].sum()) / below) if below else None
    return _plain(float(totals["value"].agg(indicator.over_units)))


def _of_province(totals: Totals | None) -> bool:
    """Whether a figure that was imported for the province alone is among the totals of one indicator."""
    return totals is not None and PROVINCE in totals.index


def _own_values(totals: Totals, indicator: Indicator) -> pd.Series[float]:
    """Each unit's own value; a share of nothing is left out."""
    totals = totals[totals.index != PROVINCE]
    if not indicator.computed:
        return totals["value"]
    whole = totals[totals["below"] != 0]
    return whole["value"] / whole["below"]


def _plain(value: float) -> Number:
    """`value` to the 15 digits that a float holds; whole numbers as such."""
    exact = float(f"{value:.15g}")
    return int(exact) if exact.is_integer() and abs(exact) < 1e15 else exact


def _figure(
    section: str,
    indicator: Indicator,
    totals: Mapping[str, Totals | None],
    changes: Mapping[str, _Change],
    against_plan: _AgainstPlan,
) -> Figure:
    value = {name: _over_units(frame, indicator) for name, frame in totals.items()}
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
        units_reporting=0 if current is None else len(_own_values(current, indicator)),
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
    plan = _plain(float(sum(planned.values())))
    heirs = {code: origin for code, origin in origins.items() if set(origin) <= planned.keys()}
    divided = planned.keys() - today - {code for origin in heirs.values() for code in origin}
    if to_date is None or not plan or divided:
        return plan, None, ()
    theirs = planned.keys() | heirs.keys()
    if _of_province(to_date):
        if not today <= theirs:
            return plan, None, ()
        theirs = {*theirs, PROVINCE}
    done = to_date["value"][to_date.index.isin(theirs)]
    return plan, None if done.empty else float(_plain(float(done.sum()) / plan)), tuple(done.index)


# ---- like with like


def _alike(
    cells: Cells, form: Form, calendar: Calendar, spans: tuple[Period, Period]
) -> tuple[dict[str, Totals], dict[str, Totals]]:
    """The totals of two periods by code, both over the same units of the first one's last day.

    Each of them has a figure in every quarter that counts, of both periods.
    """
    regrouped = _as_of_today(cells, form, calendar, spans)
    counting = pd.concat([_counting(regrouped, form, span.quarters) for span in spans])
    quarters = sum(len(span.quarters) for span in spans)
    wanted = {c: len(spans) if i.over_time == "last" else quarters for c, i in form.indicators.items()}
    there = counting.groupby(["code", "unit"], sort=False)["quarter"].transform("count")
    complete = counting[there == counting["code"].map(wanted)]
    now, then = (_by_code(_over_time(complete, form, span.quarters)) for span in spans)
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
    now, then = (_over_units(totals, indicator) for totals in alike)
    if alike[0] is not None and now is not None and then is not None:
        return _Change(_difference(indicator, now, then), tuple(alike[0].index))
    now, then = (_over_units(totals, indicator) for totals in whole)
    if not any(map(_of_province, whole)) or now is None or then is None:
        return _Change()
    return _Change(_difference(indicator, now, then), of_totals=True)


def _difference(indicator: Indicator, now: Number, then: Number) -> float | None:
    if indicator.type is Type.PERCENT:
        return float(_plain(now - then))
    return float(_plain(now / then - 1)) if then > 0 else None


# ---- units


def _absent(cells: Cells, form: Form, period: Period) -> set[tuple[str, str]]:
    """The (code, unit) pairs of which all that was answered in `period` is that it does not apply."""
    used = _counting(cells, form, period.quarters)
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
        own = _own_values(frame, form.indicators[code])
        for unit, value in zip(own.index, own, strict=True):
            found.setdefault(str(unit), {})[code] = _plain(float(value))
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
