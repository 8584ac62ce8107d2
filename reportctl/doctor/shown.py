"""What was looked at as a table, and as the object of JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Row, Table
from reportctl.doctor.checks import TITLES, Check, State

_STATES = {State.OK: N_("in order"), State.NOTE: N_("note"), State.PROBLEM: N_("wrong")}


def checks_table(checks: Sequence[Check], *, codes: bool = False) -> Table:
    """A row for each check; with `codes` what and how it is stand there as other programs read it."""
    columns = (
        Column("check", _("Looked at"), CellFormat.TEXT, 1.2),
        Column("state", _("State"), CellFormat.TEXT, 0.7),
        Column("what", _("What is found"), CellFormat.TEXT, 3.2),
        Column("remedy", _("What to do"), CellFormat.TEXT, 3.0),
    )
    rows = []
    for check in checks:
        title = check.code if codes else _(TITLES[check.code])
        state = check.state.value if codes else _(_STATES[check.state])
        rows.append(Row((title, state, check.what, check.remedy)))
    return Table("doctor", _("This computer and this workspace"), columns, tuple(rows))


def checks_json(checks: Sequence[Check]) -> dict[str, Any]:
    """The object that `doctor --format json` prints; `remedy` is null where there is none."""
    return {
        "checks": [
            {"check": one.code, "state": one.state.value, "what": one.what, "remedy": one.remedy or None}
            for one in checks
        ]
    }
