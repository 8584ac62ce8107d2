"""Which units there are in a period, and what they were made of: the roster seen by quarters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from reportctl.core.period import Period, Quarter
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster, Unit


@dataclass(frozen=True, slots=True)
class Calendar:
    """The units of each quarter, as they are on the last day of its data window."""

    roster: Roster
    rule: str

    def day(self, quarter: Quarter) -> dt.date:
        """The last day of the quarter's data window."""
        return quarter.window(self.rule).last

    def units(self, quarter: Quarter) -> Mapping[str, Unit]:
        """The units of the quarter by code, in the roster's order."""
        return self.roster.on(self.day(quarter))

    def origins(self, now: Quarter, then: Quarter) -> dict[str, tuple[str, ...]]:
        """The units of `then` that each unit of `now` is exactly made of, where it is."""
        day, earlier = self.day(now), self.day(then)
        found = {code: self.roster.ancestry(code, day, earlier) for code in self.units(now)}
        return {code: origin for code, origin in found.items() if origin}


def units_of(roster: Roster, settings: Settings, period: Period) -> dict[str, Unit]:
    """The units of `period` by code: those of its last day, then those that were there earlier in it."""
    calendar = Calendar(roster, settings.data_window)
    found: dict[str, Unit] = {}
    for quarter in reversed(period.quarters):
        found |= {code: unit for code, unit in calendar.units(quarter).items() if code not in found}
    return found


def regrouped(roster: Roster, settings: Settings, period: Period) -> tuple[str, ...]:
    """The units of `period` that cannot be compared with the year before: new, or made of parts of others."""
    calendar = Calendar(roster, settings.data_window)
    origins = calendar.origins(period.last, period.year_ago.last)
    return tuple(code for code in calendar.units(period.last) if code not in origins)
