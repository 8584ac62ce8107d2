"""Which units there are in a period, and what they were made of: the roster seen by quarters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reportctl.core.period import Period, Quarter
from reportctl.workspace.units import Roster, Unit


@dataclass(frozen=True, slots=True)
class Calendar:
    """The units of each period, as they are on the last day of a quarter's data window; `rule` is the
    settings' `data_window`."""

    roster: Roster
    rule: str

    def day(self, quarter: Quarter) -> dt.date:
        """The last day of the quarter's data window."""
        return quarter.window(self.rule).last

    def units(self, period: Period) -> dict[str, Unit]:
        """The units of `period` by code: those of its last quarter, then those that were there earlier in it.

        Those of one quarter come in the roster's order.
        """
        units: dict[str, Unit] = {}
        for quarter in reversed(period.quarters):
            present = self.roster.on(self.day(quarter))
            units |= {code: unit for code, unit in present.items() if code not in units}
        return units

    def origins(self, now: Quarter, then: Quarter) -> dict[str, tuple[str, ...]]:
        """The units of `then` that each unit of `now` is exactly made of, where it is."""
        day, earlier = self.day(now), self.day(then)
        found = {code: self.roster.ancestry(code, day, earlier) for code in self.roster.on(day)}
        return {code: origin for code, origin in found.items() if origin}

    def origins_of(self, unit: str, now: Quarter, then: Quarter) -> tuple[str, ...]:
        """The units of `then` that the one `unit` of `now` is exactly made of; none where it is not."""
        return self.roster.ancestry(unit, self.day(now), self.day(then)) or ()

    def groups(self, quarters: Collection[Quarter]) -> Mapping[str, str]:
        """The units that changes between the first and the last of these quarters tie together, as
        `Roster.groups` gives them."""
        days = sorted(map(self.day, quarters))
        return self.roster.groups(days[0], days[-1]) if days else {}

    def regrouped(self, period: Period) -> tuple[str, ...]:
        """The units of the last quarter that were not there the year before, or were regrouped since."""
        before, now = (self.roster.on(self.day(p.last)) for p in (period.year_ago, period))
        groups = self.groups((period.year_ago.last, period.last))
        return tuple(code for code in now if code in groups or code not in before)
