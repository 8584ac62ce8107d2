"""The province's figures taken apart: over groups of its units, and quarter by quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reportctl.core.period import Period, Quarter
from reportctl.figures.figures import Number
from reportctl.figures.totals import cells_of, over_time, over_units, totals_by_code
from reportctl.form.model import Form
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster, Unit
from reportctl.workspace.units_by_period import units_of

if TYPE_CHECKING:
    from reportctl.ledger.ledger import Ledger

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
