"""Totals of the ledger's figures: over time unit by unit, then over units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from reportctl.core.period import Period, Quarter
from reportctl.figures.figures import Number, mixable, rounded
from reportctl.form.model import Form, Indicator
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import PROVINCE
from reportctl.workspace.units import Roster, Unit

# Two frames. Cells: a row for each figure that counts, with its code, unit, quarter, `value` (NaN: not
# applicable) and `estimate`; of a share, `value` is the numerator and `below` the denominator.
# Totals: the same without the quarter, added up over time; of one indicator, they go by unit.
# In both `PROVINCE` stands as a unit with what was imported for the province alone.
Cells = pd.DataFrame
Totals = pd.DataFrame

_COLUMNS = ["quarter", "unit", "code", "value", "estimate"]


# ---- from the ledger's rows to totals over time


def cells_of(ledger: Ledger, form: Form, quarters: Sequence[Quarter]) -> Cells:
    """The figures of `quarters`; a share has a cell for each unit and quarter with both of its figures."""
    of_province = [
        (str(record.period), PROVINCE, record.code, record.value, False)
        for record in ledger.province_values(quarters)
    ]
    told = {(quarter, code) for quarter, _unit, code, _value, _estimate in of_province}
    of_units = (row for row in ledger.numbers(quarters) if (row[0], row[2]) not in told)
    frame = pd.DataFrame([*of_units, *of_province], columns=_COLUMNS)
    filled = {i.code for i in form.indicators.values() if i.numeric and not i.computed}
    frame = frame[frame["code"].isin(filled)].astype({"value": "float64", "estimate": "bool"})
    cells = [frame.assign(below=1.0)]
    for share in (indicator for indicator in form.indicators.values() if indicator.computed):
        above, below = (frame[frame["code"] == code] for code in (share.numerator, share.denominator))
        pairs = above.merge(below, on=["quarter", "unit"], suffixes=("", "_below"))
        cells.append(
            pd.DataFrame(
                {
                    "quarter": pairs["quarter"],
                    "unit": pairs["unit"],
                    "code": share.code,
                    "value": pairs["value"].where(pairs["value_below"].notna()),
                    "estimate": pairs["estimate"] | pairs["estimate_below"],
                    "below": pairs["value_below"],
                }
            )
        )
    return pd.concat(cells, ignore_index=True)


def counting_in(cells: Cells, form: Form, quarters: Sequence[Quarter]) -> Cells:
    """The cells that make the figures of `quarters` together: of what is not added up over time, only the
    last quarter's, or none."""
    last = {i.code for i in form.indicators.values() if i.over_time == "last"}
    never = {i.code for i in form.indicators.values() if i.over_time == "none" and len(quarters) > 1}
    chosen = cells[cells["quarter"].isin([str(q) for q in quarters]) & ~cells["code"].isin(never)]
    return chosen[~chosen["code"].isin(last) | (chosen["quarter"] == str(quarters[-1]))]


def over_time(cells: Cells, form: Form, quarters: Sequence[Quarter]) -> dict[str, Totals]:
    """The totals of `quarters` by code, unit by unit; `quarters`: how many of them have figures."""
    numbers = counting_in(cells, form, quarters).dropna(subset=["value"])
    grouped = numbers.groupby(["code", "unit"], sort=False)
    totals = grouped.agg(value=("value", "sum"), below=("below", "sum"), estimate=("estimate", "any"))
    how = totals.index.get_level_values("code").map({c: i.over_time for c, i in form.indicators.items()})
    for name in ("mean", "min", "max"):
        if (how == name).any():
            totals["value"] = totals["value"].where(how != name, grouped["value"].agg(name))
    quarters_of = numbers.groupby("code", sort=False)["quarter"].nunique().to_dict()
    totals["quarters"] = totals.index.get_level_values("code").map(quarters_of)
    by_code = totals.groupby(level="code", sort=False)
    return {str(code): frame.droplevel("code") for code, frame in by_code}


# ---- over the units


def over_units(totals: Totals | None, indicator: Indicator) -> Number | None:
    """The units' totals of one indicator as the province's figure; None where there is none to give.

    There is none either where figures of the province alone and of other quarters do not make one exactly.
    """
    if totals is None or totals.empty or indicator.over_units == "none":
        return None
    if holds_province(totals) and not mixable(indicator) and totals["quarters"].iloc[0] > 1:
        return None
    if indicator.over_units == "ratio":
        below = float(totals["below"].sum())
        return rounded(float(totals["value"].sum()) / below) if below else None
    return rounded(float(totals["value"].agg(indicator.over_units)))


def holds_province(totals: Totals | None) -> bool:
    """Whether a figure that was imported for the province alone is among the totals of one indicator."""
    return totals is not None and PROVINCE in totals.index


def own_values(totals: Totals, indicator: Indicator) -> pd.Series[float]:
    """Each unit's own value; a share of nothing is left out."""
    totals = totals[totals.index != PROVINCE]
    if not indicator.computed:
        return totals["value"]
    totals = totals[totals["below"] != 0]
    return totals["value"] / totals["below"]


Groups = Mapping[str, Sequence[str]]  # the codes of units under the title of their group


def group_values(
    ledger: Ledger, form: Form, groups: Groups, period: Period
) -> dict[str, dict[str, Number | None]]:
    """Every numeric indicator's figure for `period` over the units of each group: group, then code.

    A share is the ratio of its group's sums. None: there is no figure to give.
    """
    totals = over_time(cells_of(ledger, form, period.quarters), form, period.quarters)
    group_of = {unit: group for group, units in groups.items() for unit in units}
    figures: dict[str, dict[str, Number | None]] = {group: {} for group in groups}
    for code, indicator in form.indicators.items():
        if indicator.numeric:
            own = totals.get(code)
            parts = {} if own is None else dict(iter(own.groupby(own.index.map(group_of.get))))
            for group, values in figures.items():
                values[code] = over_units(parts.get(group), indicator)
    return figures


def quarter_values(
    ledger: Ledger, form: Form, quarters: Sequence[Quarter]
) -> dict[str, dict[Quarter, Number | None]]:
    """Every numeric indicator's figure of the province in each of `quarters`: code, then quarter."""
    cells = cells_of(ledger, form, quarters)
    figures: dict[str, dict[Quarter, Number | None]] = {
        code: {} for code, indicator in form.indicators.items() if indicator.numeric
    }
    for quarter in quarters:
        totals = over_time(cells, form, (quarter,))
        for code, values in figures.items():
            values[quarter] = over_units(totals.get(code), form.indicators[code])
    return figures


def groups_of(units: Mapping[str, Unit], roster: Roster, form: Form, most: int) -> dict[str, list[str]]:
    """The units under the names of their parents, those without one under the titles of their kinds; by kind
    alone where that makes more groups than `most`.

    A unit that is a parent stands in its own group. Groups come in the order of their first units.
    """
    parents = {unit.parent for unit in units.values() if unit.parent}
    above = {code: code if code in parents else unit.parent for code, unit in units.items()}
    if len(set(above.values())) > most:
        above = dict.fromkeys(above, "")
    # What a unit is called in the period, or was last where it does not report itself.
    rows = {p: [units[p]] if p in units else roster.rows(p)[-1:] for p in above.values() if p}
    names = {parent: known[0].name if known else parent for parent, known in rows.items()}
    bearers = Counter(names.values())
    kinds = {kind.code: str(kind.name) for kind in form.kinds}
    groups: dict[str, list[str]] = {}
    for code, parent in above.items():
        kind = units[code].kind
        title = names.get(parent, kinds.get(kind, kind))
        groups.setdefault(f"{title} ({parent})" if bearers[title] > 1 else title, []).append(code)
    return groups
