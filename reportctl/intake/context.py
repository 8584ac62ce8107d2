"""What a quarter's files are read against."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from reportctl.core.period import Quarter, Window
from reportctl.core.severities import Severities
from reportctl.form.model import Form
from reportctl.workspace.units import Roster, Unit


@dataclass(frozen=True)
class Context:
    """What files are read against; `day` is the last of the quarter's data window, `dash` as for cells.

    `severities` are those that the office has set for findings.
    """

    form: Form
    roster: Roster
    quarter: Quarter
    day: dt.date
    dash: str = "zero"
    severities: Severities = field(default_factory=dict)

    @functools.cached_property
    def units(self) -> Mapping[str, Unit]:
        """The units that report, by code."""
        return self.roster.on(self.day)

    @functools.cached_property
    def window(self) -> Window:
        """The data window that ends on its day."""
        windows = (self.quarter.window(rule) for rule in ("decree", "calendar"))
        return next((one for one in windows if one.last == self.day), self.quarter.window())
