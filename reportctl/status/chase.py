"""Chasing reports: the list to work through with a telephone, and messages ready to paste."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportctl.core import wording
from reportctl.core.as_json import json_object
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.core.language import N_, _, ngettext
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.form.model import Form
from reportctl.render.sheets import workbook
from reportctl.status.status import (
    STATE_NAMES,
    Status,
    UnitState,
    UnitStatus,
    notes_below,
    unit_cells,
)
from reportctl.workspace.settings import Settings

SHOWN_ERRORS = 5  # of a rejected report, in a message

_GROUPS: tuple[tuple[str, tuple[UnitState, ...]], ...] = (
    (N_("Not received"), ("missing",)),
    (N_("Received, not readable"), ("unreadable",)),
    (N_("Rejected"), ("rejected",)),
    (N_("Received, not merged yet"), ("unmerged",)),
    (N_("Accepted"), ("warned", "accepted")),
)


def errors_of(unit: UnitStatus, findings: Sequence[Finding]) -> list[Finding]:
    """What is in error in the report that the unit's state speaks of; `findings` are the quarter's."""
    errors = (f for f in findings if f.severity is Severity.ERROR and f.unit == unit.unit)
    return list(dict.fromkeys(f for f in errors if f.file in (None, unit.file)))


# ---- the list


def chasing_table(
    status: Status, form: Form, findings: Sequence[Finding], *, to_write_on: bool = False
) -> Table:
    """All units: those of which nothing came, or what cannot be opened, those rejected, those whose files are
    not merged yet, those accepted; with deadlines and contacts.

    `findings` are the quarter's. `to_write_on`: with everybody's contact and an empty column for what is said
    on the telephone; else with the contacts of those to chase.
    """
    kinds = {kind.code: str(kind.name) for kind in form.kinds}
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.4),
        Column("unit", _("Code"), CellFormat.TEXT, 0.8),
        Column("name", _("Unit"), CellFormat.TEXT, 2.8),
        Column("kind", _("Kind"), CellFormat.TEXT, 1.4),
        Column("state", _("State"), CellFormat.TEXT, 1.6),
        Column("deadline", _("Deadline"), CellFormat.DATE, 0.9),
        Column("received", _("Received"), CellFormat.DATE, 0.9),
        Column("late", _("Late"), CellFormat.TEXT, 0.6),
        Column("filled", _("Filled in"), CellFormat.TEXT, 0.7),
        Column("contact", _("Contact"), CellFormat.TEXT, 2.4),
        *((Column("note", _("Notes of calls"), CellFormat.TEXT, 3.6),) if to_write_on else ()),
    )
    rows: list[Row] = []
    numbers = itertools.count(1)
    for title, states in _GROUPS:
        units = [unit for unit in status.units if unit.state in states]
        if units:
            heading = f"{_(title)} ({len(units)})"
            rows.append(Row(("", heading, *[""] * (len(columns) - 2)), Role.SECTION))
        for unit in units:
            cells = unit_cells(unit, kinds)
            if unit.state == "rejected" and (errors := len(errors_of(unit, findings))):
                count = ngettext("({count} error)", "({count} errors)", errors).format(count=errors)
                cells["state"] = f"{cells['state']} {count}"
            to_chase = unit.state in ("missing", "unreadable", "rejected")
            cells["contact"] = unit.contact if to_write_on or to_chase else ""
            cells |= {"number": str(next(numbers)), "note": ""}
            rows.append(Row(tuple(cells[column.key] for column in columns)))
    title = _("Chasing list, {period}").format(period=wording.period_title(status.quarter))
    return Table("chase", title, columns, tuple(rows), notes_below(status, kinds))


def chasing_workbook(status: Status, form: Form, findings: Sequence[Finding]) -> bytes:
    """The list as an .xlsx to print: A4 across, the header on every page, room to note calls."""
    return workbook([(_("Chasing list"), chasing_table(status, form, findings, to_write_on=True))])


# ---- messages


_TO = N_("To: {unit}")
_MISSING_IN_TIME = N_(
    "{issuer} has not received your report of {period} yet. Please fill in the workbook and send it by "
    "{by} at the latest."
)
_MISSING_LATE = N_(
    "Your report of {period} was due on {deadline} and has not reached {issuer}. Please send the completed "
    "workbook by {by} at the latest; if something stands in the way, please let us know."
)
_MISSING_TODAY = N_(
    "Your report of {period} was due on {deadline} and has not reached {issuer}. Please send the completed "
    "workbook today, {by}; if something stands in the way, please let us know."
)
_REJECTED = N_("Your report of {period}, received on {received}, is not in the figures yet, because of this:")
_UNREADABLE = N_(
    "The file that you sent for {period} has reached {issuer} and cannot be read, because of this:"
)
_ANEW_IN_TIME = N_("Please send the completed workbook again by {by} at the latest.")
_ANEW_LATE = N_("Please send the completed workbook again by {by} at the latest (it was due on {deadline}).")
_ANEW_TODAY = N_("Please send the completed workbook again today, {by} (it was due on {deadline}).")
_AGAIN_IN_TIME = N_("Please put it right in the workbook you sent and send it again by {by} at the latest.")
_AGAIN_LATE = N_(
    "Please put it right in the workbook you sent and send it again by {by} at the latest (it was due on "
    "{deadline})."
)
_AGAIN_TODAY = N_(
    "Please put it right in the workbook you sent and send it again today, {by} (it was due on {deadline})."
)
_THANKS = N_("Thank you.")


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message to a unit of which no report counts."""

    unit: UnitStatus
    message: str


def reminders(
    status: Status,
    form: Form,
    findings: Sequence[Finding],
    settings: Settings,
    today: dt.date,
    by: dt.date | None = None,
) -> tuple[Reminder, ...]:
    """A message for each unit of which no report counts and no file waits to be merged: which report, by
    when, what was wrong last time.

    `findings` are the quarter's; `settings` say whom the report goes to and, where no day `by` is named, by
    when it is to be sent.
    """
    words = {
        "issuer": settings.issuer.name or _("The committee"),
        "period": wording.period_words(status.quarter),
    }
    messages = []
    for unit in status.units:
        until = settings.send_by(unit.deadline, today, by)
        when = 0 if today <= unit.deadline else 2 if until == today else 1
        own = {
            "unit": unit.name,
            "deadline": wording.date_short(unit.deadline),
            "by": wording.date_short(until),
            "received": wording.date_short(unit.received) if unit.received else "",
        }
        mistakes = []
        if unit.state == "missing":
            before, after = [_TO, (_MISSING_IN_TIME, _MISSING_LATE, _MISSING_TODAY)[when]], [_THANKS]
        elif unit.state in ("rejected", "unreadable"):
            before, after = [_TO, _REJECTED], [(_AGAIN_IN_TIME, _AGAIN_LATE, _AGAIN_TODAY)[when], _THANKS]
            if unit.state == "unreadable":
                before = [_TO, _UNREADABLE]
                after = [(_ANEW_IN_TIME, _ANEW_LATE, _ANEW_TODAY)[when], _THANKS]
            errors = errors_of(unit, findings)
            mistakes = [f"{n}. {_in_words(error, form)}" for n, error in enumerate(errors[:SHOWN_ERRORS], 1)]
            if (more := len(errors) - SHOWN_ERRORS) > 0:
                sentence = ngettext("and {count} more mistake.", "and {count} more mistakes.", more)
                mistakes.append(sentence.format(count=wording.count_words(more, "")))
        else:
            continue
        lines, last_lines = ([_(line).format(**words, **own) for line in part] for part in (before, after))
        messages.append(Reminder(unit, "\n".join((*lines, *mistakes, *last_lines))))
    return tuple(messages)


def _in_words(error: Finding, form: Form) -> str:
    """Where the mistake is, what is wrong, and how to put it right."""
    if error.code == "tie":  # its hint is for the office
        return _("Several different files came on the same day; please say which one counts.")
    place = error.sheet or ""
    if error.sheet and error.cell:
        place = _("cell {cell} of the sheet “{sheet}”").format(cell=error.cell, sheet=error.sheet)
    item = form.indicators.get(error.indicator or "")
    label = str(item.name) if item and str(item.name) not in error.message else ""
    where = ", ".join(part for part in (place, label) if part)
    sentence = wording.capitalised(f"{where}: {error.message}" if where else error.message)
    return f"{sentence.rstrip('.')}; {error.hint}."


def reminders_text(reminders: Sequence[Reminder]) -> str:
    """All messages, each below a line that says for whom it is and how to reach them."""
    messages = []
    for reminder in reminders:
        unit = reminder.unit
        heading = " · ".join(part for part in (f"{unit.name} ({unit.unit})", unit.contact) if part)
        messages.append(f"--- {heading} ---\n\n{reminder.message}\n")
    return "\n".join(messages) if messages else _("There is nobody to remind.") + "\n"


def reminders_json(status: Status, reminders: Sequence[Reminder]) -> dict[str, Any]:
    """The object that `status --remind --format json` prints."""
    return {
        "period": str(status.quarter),
        "reminders": [
            {**json_object(reminder.unit, "unit name contact state"), "message": reminder.message}
            for reminder in reminders
        ],
    }


def reminders_table(status: Status, reminders: Sequence[Reminder]) -> Table:
    """The messages as a table, a row for each unit."""
    columns = (
        Column("unit", _("Code"), CellFormat.TEXT, 0.6),
        Column("name", _("Unit"), CellFormat.TEXT, 1.6),
        Column("contact", _("Contact"), CellFormat.TEXT, 1.6),
        Column("state", _("State"), CellFormat.TEXT, 0.8),
        Column("message", _("Message"), CellFormat.TEXT, 5.0),
    )
    rows = (
        Row((one.unit.unit, one.unit.name, one.unit.contact, _(STATE_NAMES[one.unit.state]), one.message))
        for one in reminders
    )
    title = _("Reminders, {period}").format(period=wording.period_title(status.quarter))
    return Table("reminders", title, columns, tuple(rows))
