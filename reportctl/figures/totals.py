"""Totals of the ledger's figures: over time unit by unit, then over units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from reportctl.core.period import Quarter
from reportctl.figures.figures import Number, mixable
from reportctl.form.model import Form, Indicator
from reportctl.ledger.rows import PROVINCE

if TYPE_CHECKING:
    from reportctl.ledger.ledger import Ledger

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from reportctl.core.period import Period
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster, Unit
from reportctl.workspace.units_by_period import units_of

if TYPE_CHECKING:
    from reportctl.ledger.ledger import Ledger

# Two frames. Cells: a row for each figure that counts, with its code, unit, quarter, `value` (NaN: not
# applicable) and `estimate`; of a share, `value` is the numerator and `below` the denominator.
# Totals: the same without the quarter, added up over time; of one indicator, they go by unit.
# In both `PROVINCE` stands as a unit with what was imported for the province alone.
Cells = pd.DataFrame
Totals = pd.DataFrame

_COLUMNS = ["quarter", "unit", "code", "value", "estimate"]


# ---- from the ledger's rows to totals over time


def cells_of(ledger: Ledger, form: Form, quarters: Sequence[Quarter]) -> Cells:
    """The figures of `quarters`, with the shares worked out from pairs that have both figures."""
    of_province = [
        (str(record.period), PROVINCE, record.code, record.value, False)
        for record in ledger.province_values(quarters)
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


def counting_in(cells: Cells, form: Form, quarters: Sequence[Quarter]) -> Cells:
    """The cells that make the figures of `quarters` together: of what is not added up over time, only the
    last quarter's, or none."""
    last = {i.code for i in form.indicators.values() if i.over_time == "last"}
    never = {i.code for i in form.indicators.values() if i.over_time == "none" and len(quarters) > 1}
    chosen = cells[cells["quarter"].isin([str(q) for q in quarters]) & ~cells["code"].isin(never)]
    return chosen[~chosen["code"].isin(last) | (chosen["quarter"] == str(quarters[-1]))]


def over_time(cells: Cells, form: Form, quarters: Sequence[Quarter]) -> Totals:
    """The totals of `quarters`, unit by unit; `quarters`: how many of them an indicator has figures of."""
    numbers = counting_in(cells, form, quarters).dropna(subset=["value"])
    grouped = numbers.groupby(["code", "unit"], sort=False)
    totals = grouped.agg(value=("value", "sum"), below=("below", "sum"), estimate=("estimate", "any"))
    how = totals.index.get_level_values("code").map({c: i.over_time for c, i in form.indicators.items()})
    for name in ("mean", "min", "max"):
        if (how == name).any():
            totals["value"] = totals["value"].where(how != name, grouped["value"].agg(name))
    quarters_of = numbers.groupby("code", sort=False)["quarter"].nunique().to_dict()
    totals["quarters"] = totals.index.get_level_values("code").map(quarters_of)
    return totals


def totals_by_code(totals: Totals) -> dict[str, Totals]:
    return {str(code): frame.droplevel("code") for code, frame in totals.groupby(level="code", sort=False)}


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
        return plain(float(totals["value"].sum()) / below) if below else None
    return plain(float(totals["value"].agg(indicator.over_units)))


def holds_province(totals: Totals | None) -> bool:
    """Whether a figure that was imported for the province alone is among the totals of one indicator."""
    return totals is not None and PROVINCE in totals.index


def own_values(totals: Totals, indicator: Indicator) -> pd.Series[float]:
    """Each unit's own value; a share of nothing is left out."""
    totals = totals[totals.index != PROVINCE]
    if not indicator.computed:
        return totals["value"]
    whole = totals[totals["below"] != 0]
    return whole["value"] / whole["below"]


def plain(value: float) -> Number:
    """`value` to the 15 digits that a float holds; whole numbers as such."""
    if float(value).is_integer() and abs(value) < 1e15:
        return int(value)  # as most are; it has no more digits than that
    exact = float(f"{value:.15g}")
    return int(exact) if exact.is_integer() and abs(exact) < 1e15 else exact


Groups = Mapping[str, Sequence[str]]  # the codes of units under the title of their group


def kind_values(
    ledger: Ledger, form: Form, roster: Roster, settings: Settings, period: Period
) -> dict[str, dict[str, Number | None]]:
    """Every numeric indicator's figure for `period` over the units of each kind: kind, then code."""
    units = units_of(roster, settings, period)
    kinds = {kind.code: [c for c, unit in units.items() if unit.kind == kind.code] for kind in form.kinds}
    return group_values(ledger, form, kinds, period)


def group_values(
    ledger: Ledger, form: Form, groups: Groups, period: Period
) -> dict[str, dict[str, Number | None]]:
    """Every numeric indicator's figure for `period` over the units of each group: group, then code.

    A share is the ratio of its group's sums. None: there is no figure to give.
    """
    totals = totals_by_code(over_time(cells_of(ledger, form, period.quarters), form, period.quarters))
    group_of = {unit: group for group, units in groups.items() for unit in units}
    found: dict[str, dict[str, Number | None]] = {group: {} for group in groups}
    for code, indicator in form.indicators.items():
        if indicator.numeric:
            mine = totals.get(code)
            parts = {} if mine is None else dict(iter(mine.groupby(mine.index.map(group_of.get))))
            for group, values in found.items():
                values[code] = over_units(parts.get(group), indicator)
    return found


def quarter_values(
    ledger: Ledger, form: Form, quarters: Sequence[Quarter]
) -> dict[str, dict[Quarter, Number | None]]:
    """Every numeric indicator's figure of the province in each of `quarters`: code, then quarter."""
    cells = cells_of(ledger, form, quarters)
    found: dict[str, dict[Quarter, Number | None]] = {
        code: {} for code, indicator in form.indicators.items() if indicator.numeric
    }
    for quarter in quarters:
        totals = totals_by_code(over_time(cells, form, (quarter,)))
        for code, values in found.items():
            values[quarter] = over_units(totals.get(code), form.indicators[code])
    return found


def groups_of(units: Mapping[str, Unit], roster: Roster, form: Form, most: int) -> dict[str, list[str]]:
    """The units under the names of their parents, those without one under the titles of their kinds; by kind
    alone where that makes more groups than `most`.

    A unit that is a parent stands in its own group. Groups come in the order of their first units.
    """
    parents = {unit.parent for unit in units.values() if unit.parent}
    above = {code: code if code in parents else unit.parent for code, unit in units.items()}
    if len(set(above.values())) > most:
        above = dict.fromkeys(above, "")
    names = {parent: _name(parent, units, roster) for parent in dict.fromkeys(above.values()) if parent}
    alike = Counter(names.values())
    kinds = {kind.code: str(kind.name) for kind in form.kinds}
    groups: dict[str, list[str]] = {}
    for code, parent in above.items():
        kind = units[code].kind
        title = names.get(parent, kinds.get(kind, kind))
        groups.setdefault(f"{title} ({parent})" if alike[title] > 1 else title, []).append(code)
    return groups


def _name(code: str, units: Mapping[str, Unit], roster: Roster) -> str:
    """What a unit is called in the period, or was last where it does not report itself."""
    rows = [units[code]] if code in units else roster.rows(code)[-1:]
    return rows[0].name if rows else code
