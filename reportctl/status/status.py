"""Who has sent what in a quarter, and what to do next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reportctl.core import wording
from reportctl.core.as_json import json_object
from reportctl.core.finding_kinds import IDENTITY, UNREADABLE, Severity
from reportctl.core.findings import Finding
from reportctl.core.language import N_, _, ngettext
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Column, Row, Table, Value
from reportctl.form.model import Form, applies
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import SubmissionRecord
from reportctl.workspace.settings import Settings
from reportctl.workspace.units_by_period import Calendar

UnitState = Literal["missing", "unreadable", "unmerged", "rejected", "warned", "accepted"]
STATES: tuple[UnitState, ...] = ("accepted", "warned", "rejected", "unreadable", "unmerged", "missing")
WITHOUT_FIGURES: frozenset[UnitState] = frozenset({"missing", "unreadable", "unmerged", "rejected"})

SHOWN_NAMES = 20  # in a sentence that names files or units


@dataclass(frozen=True, slots=True)
class UnmergedFile:
    """A file in the inbox that no merge has taken in: by its `name` there, the code of the unit it is from
    (None: it is not known), the day that names its folder (None: none does).

    `aside`: it is a copy of another one, or a letter or picture, of which nothing is expected.
    """

    name: str
    unit: str | None = None
    received: dt.date | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """One unit: the state and date of what counts of it, else of the last that came, which cannot be opened
    where the state is "unreadable" and has not been looked into where it is "unmerged".

    `late`: its first report without errors, or where there is none what came last, came after `deadline`;
    where nothing came, the deadline is over. `filled` answers stand in it of the `of` it is asked for; `file`
    is where it came in. `unmerged` are its files that no merge has taken in, whatever its state.
    """

    unit: str
    name: str
    kind: str
    state: UnitState
    received: dt.date | None
    deadline: dt.date
    late: bool
    filled: int
    of: int
    contact: str = ""
    file: str = ""
    unmerged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """All units that are to report in a quarter, in the roster's order; `closed`: its figures are frozen.

    `unassigned` are the files, no copies of others and no letters or pictures, that are of none of the units;
    `unmerged` is how many files no merge has taken in; `doubts` are the errors about whose workbook a file is
    and of which quarter, also of files that newer ones have replaced.
    """

    quarter: Quarter
    units: tuple[UnitStatus, ...]
    closed: bool = False
    unassigned: tuple[str, ...] = ()
    unmerged: int = 0
    doubts: tuple[Finding, ...] = ()

    def count(self, state: UnitState) -> int:
        """How many units are in `state`."""
        return Counter(unit.state for unit in self.units)[state]


def status(
    ledger: Ledger,
    form: Form,
    calendar: Calendar,
    quarter: Quarter,
    *,
    settings: Settings,
    today: dt.date,
    unmerged: Sequence[UnmergedFile] = (),
) -> Status:
    """Where every unit of `quarter` stands on `today`; `settings` say by when reports are due, `unmerged` are
    the files that lie in the quarter's inbox and were not merged.

    A unit of which nothing counts is not said to have sent nothing, or a report with errors, while a file of
    it waits: that one may be the report, and may be without them.
    """
    sent: dict[str, list[SubmissionRecord]] = {}
    waiting: dict[str, list[UnmergedFile]] = {}
    of_units = calendar.units(quarter)
    records_of_all = [record for record in ledger.submissions(quarter) if record.verdict != "ignored"]
    for record in records_of_all:
        if record.unit is not None:
            sent.setdefault(record.unit, []).append(record)
    unread = ledger.files_with(quarter, UNREADABLE)
    unassigned = {record.file for record in records_of_all if record.unit not in of_units}
    unassigned |= {file for unit_code, file in unread if unit_code not in of_units}
    for one in (one for one in unmerged if not one.aside):
        if one.unit in of_units:
            waiting.setdefault(one.unit, []).append(one)
        else:
            unassigned.add(one.name)
    with_figures = ledger.counting(quarter)
    units = []
    for unit in of_units.values():
        deadline = settings.deadline(unit.kind, quarter)
        records = sent.get(unit.code, ())
        counting = next((record for record in records if record.counts), None)
        shown = counting or max(records, key=lambda record: record.received, default=None)
        sound = [record.received for record in records if record.counts or record.verdict != "rejected"]
        unreadable = {file for unit_code, file in unread if unit_code == unit.code}
        state: UnitState = "missing" if shown is None else "rejected"
        if unreadable and (shown is None or shown.file in unreadable):
            state = "unreadable"
        late = (min(sound) if sound else shown.received if shown else today) > deadline
        if counting is not None:
            state = "accepted" if counting.verdict == "accepted" else "warned"
        elif shown is None and unit.code in with_figures:  # they were imported
            state, late = "accepted", False
        received, filled, file = None, 0, min(unreadable, default="")
        if shown is not None:
            received, filled, file = shown.received, shown.filled, shown.file
        files = waiting.get(unit.code, ())
        if files and state in WITHOUT_FIGURES:
            state, filled, file = "unmerged", 0, files[-1].name
            received = max((one.received for one in files if one.received), default=None)
            late = min([*sound, *(one.received or today for one in files)]) > deadline
        asked = [i for i in form.indicators.values() if i.filled_in and applies(i, unit.kind)]
        asked_texts = sum(applies(text, unit.kind) for text in form.texts)
        units.append(
            UnitStatus(
                unit=unit.code,
                name=unit.name,
                kind=unit.kind,
                state=state,
                received=received,
                deadline=deadline,
                late=late,
                filled=filled,
                of=shown.of if shown else len(asked) + asked_texts,
                contact=unit.contact,
                file=file,
                unmerged=tuple(one.name for one in files),
            )
        )
    return Status(
        quarter=quarter,
        units=tuple(units),
        closed=ledger.is_closed(quarter),
        unassigned=tuple(sorted(unassigned)),
        unmerged=len(unmerged),
        doubts=tuple(one for one in ledger.findings(quarter, IDENTITY) if one.severity is Severity.ERROR),
    )


# ---- what comes next


def next_step(status: Status) -> str:
    """One sentence that names the next command."""
    missing, rejected = status.count("missing"), status.count("rejected") + status.count("unreadable")
    count = 0
    if status.unmerged:
        return to_merge(status)
    if status.closed:
        sentence = _(
            "{quarter} is closed. Report: reportctl report {quarter}. "
            "To change anything: reportctl reopen {quarter} --why …"
        )
    elif missing == len(status.units):
        sentence = _(
            "Nothing has come yet. Workbooks to send out: reportctl template {quarter}; "
            "put what comes back into inbox/{quarter}/."
        )
    elif rejected:
        count = rejected
        sentence = ngettext(
            "{count} unit's report is rejected. What is wrong: reportctl validate {quarter}. "
            "Message to send: reportctl status {quarter} --remind",
            "The reports of {count} units are rejected. What is wrong: reportctl validate {quarter}. "
            "Messages to send: reportctl status {quarter} --remind",
            count,
        )
    elif missing:
        count = missing
        sentence = ngettext(
            "{count} unit has not reported. Reminder: reportctl status {quarter} --remind. "
            "Report without it: reportctl report {quarter}",
            "{count} units have not reported. Reminders: reportctl status {quarter} --remind. "
            "Report without them: reportctl report {quarter}",
            count,
        )
    else:
        sentence = _("All units have reported. Next: reportctl report {quarter}")
    return sentence.format(count=count, quarter=status.quarter)


def to_merge(status: Status) -> str:
    """A sentence that files are not merged yet, and with which command they are; empty where all are."""
    if not status.unmerged:
        return ""
    sentence = ngettext(
        "{count} file in the inbox is not merged yet: reportctl merge {quarter}",
        "{count} files in the inbox are not merged yet: reportctl merge {quarter}",
        status.unmerged,
    )
    return sentence.format(count=status.unmerged, quarter=status.quarter)


_COUNTED: Mapping[UnitState, str] = {
    "accepted": N_("{count} accepted"),
    "warned": N_("{count} accepted with warnings"),
    "rejected": N_("{count} rejected"),
    "unreadable": N_("{count} received but not readable"),
    "unmerged": N_("{count} received but not merged yet"),
    "missing": N_("{count} not received"),
}


def counts_in_words(status: Status) -> str:
    """How many units are in which state, in one sentence; what is seldom only where there are such."""
    states = [state for state in STATES if status.count(state) or state not in ("unreadable", "unmerged")]
    return _("{expected} units: {states}; {late} late.").format(
        expected=len(status.units),
        states=", ".join(_(_COUNTED[state]).format(count=status.count(state)) for state in states),
        late=sum(unit.late for unit in status.units),
    )


# ---- what is shown of it

STATE_NAMES = {
    "missing": N_("not received"),
    "unreadable": N_("received, not readable"),
    "unmerged": N_("not merged yet"),
    "rejected": N_("rejected"),
    "warned": N_("accepted with warnings"),
    "accepted": N_("accepted"),
}


def status_json(status: Status) -> dict[str, Any]:
    """The object that `status --format json` prints."""
    return {
        "period": str(status.quarter),
        "expected": len(status.units),
        "received": len(status.units) - status.count("missing"),
        **{state: status.count(state) for state in STATES},
        "unassigned": list(status.unassigned),
        "units": [json_object(unit, "unit name kind state received late filled of") for unit in status.units],
    }


def status_table(status: Status, form: Form) -> Table:
    """All units with their state."""
    kinds = {kind.code: str(kind.name) for kind in form.kinds}
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.4),
        Column("unit", _("Code"), CellFormat.TEXT, 0.8),
        Column("name", _("Unit"), CellFormat.TEXT, 2.6),
        Column("kind", _("Kind"), CellFormat.TEXT, 1.2),
        Column("state", _("State"), CellFormat.TEXT, 1.2),
        Column("received", _("Received"), CellFormat.DATE, 0.9),
        Column("late", _("Late"), CellFormat.TEXT, 0.5),
        Column("filled", _("Filled in"), CellFormat.TEXT, 0.8),
    )
    rows = (
        Row((str(number), *(unit_cells(unit, kinds)[column.key] for column in columns[1:])))
        for number, unit in enumerate(status.units, 1)
    )
    title = _("Reports received, {period}").format(period=wording.period_title(status.quarter))
    return Table("status", title, columns, tuple(rows), notes_below(status, kinds))


def notes_below(status: Status, kinds: Mapping[str, str]) -> tuple[str, ...]:
    """What stands below a list of all units; `kinds` are the names of kinds."""
    lines = [deadlines_in_words(status, kinds), counts_in_words(status)]
    renewed = [unit.name for unit in status.units if unit.unmerged and unit.state not in WITHOUT_FIGURES]
    if renewed:
        sentence = ngettext(
            "{count} unit has a newer file that is not merged yet: {units}.",
            "{count} units have newer files that are not merged yet: {units}.",
            len(renewed),
        )
        lines.append(sentence.format(count=len(renewed), units=some_names(renewed)))
    if status.unassigned:
        sentence = ngettext(
            "{count} file of which it is not known whose it is: {files}.",
            "{count} files of which it is not known whose they are: {files}.",
            len(status.unassigned),
        )
        lines.append(
            sentence.format(count=len(status.unassigned), files=some_names(status.unassigned, between="; "))
        )
    return (*lines, *doubts_in_words(status.doubts))


def doubts_in_words(findings: Sequence[Finding], most: int = SHOWN_NAMES) -> list[str]:
    """Those of the findings that are errors about whose workbook it is and of which quarter, in a sentence
    about `most` files at most; none where there are none."""
    by_file: dict[str, list[str]] = {}
    for one in findings:
        if one.code in IDENTITY and one.severity is Severity.ERROR:
            by_file.setdefault(one.file or "", []).append(one.message.rstrip("."))
    if not by_file:
        return []
    said = [f"{file}: {', '.join(messages)}" for file, messages in by_file.items()]
    sentence = ngettext(
        "{count} file says the wrong unit, quarter or form: {files}.",
        "{count} files say the wrong unit, quarter or form: {files}.",
        len(said),
    )
    return [sentence.format(count=len(said), files=some_names(said, most, "; "))]


def some_names(names: Sequence[str], most: int = SHOWN_NAMES, between: str = ", ") -> str:
    """The names one after the other; of more than `most` the first, and how many others there are."""
    shown = between.join(names[:most])
    if (more := len(names) - most) <= 0:
        return shown
    sentence = ngettext("{names} and {count} other", "{names} and {count} others", more)
    return sentence.format(names=shown, count=more)


def unit_cells(unit: UnitStatus, kinds: Mapping[str, str]) -> dict[str, Value]:
    """What a table says of a unit, by its columns' keys; `kinds` are the names of kinds."""
    return {
        "unit": unit.unit,
        "name": unit.name,
        "kind": kinds.get(unit.kind, unit.kind),
        "state": _(STATE_NAMES[unit.state]),
        "deadline": unit.deadline,
        "received": unit.received or "",
        "late": _("late") if unit.late else "",
        "filled": "" if unit.state == "unmerged" or not unit.of else f"{unit.filled}/{unit.of}",
    }


def deadlines_in_words(status: Status, kinds: Mapping[str, str]) -> str:
    """By when reports are due, kind by kind where that differs; `kinds` are their names."""
    by_kind = {unit.kind: unit.deadline for unit in status.units}
    if len(set(by_kind.values())) == 1:
        return _("Deadline: {date}.").format(date=wording.date_short(status.units[0].deadline))
    dates = (f"{kinds.get(kind, kind)} {wording.date_short(date)}" for kind, date in by_kind.items())
    return _("Deadlines: {dates}.").format(dates="; ".join(dates))


def reporting_table(statuses: Sequence[Status], period: Period) -> Table:
    """Who reported, when, and whether in time, in an office's words; `statuses` are those of the period's
    quarters. That a report came and its figures do not count is a remark."""
    names: dict[str, str] = {}
    for status in reversed(statuses):
        for unit in status.units:
            names.setdefault(unit.unit, unit.name)
    columns = [
        Column("number", _("No."), CellFormat.TEXT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 3.0),
    ]
    cells: list[tuple[Value, ...]] = []
    if len(statuses) == 1:
        columns += [
            Column("received", _("Received"), CellFormat.DATE, 1.0),
            Column("state", _("Sent"), CellFormat.TEXT, 1.0),
            Column("remarks", _("Remarks"), CellFormat.TEXT, 1.6),
        ]
        for unit in statuses[0].units:
            cells.append((unit.received or "", _punctuality(unit), _not_counted(unit)))
    else:
        for status in statuses:
            heading = wording.capitalised(wording.period_words(status.quarter, short=True))
            columns.append(Column(str(status.quarter), heading, CellFormat.TEXT, 1.2))
        by_quarter = [{unit.unit: unit for unit in status.units} for status in statuses]
        cells = [tuple(_in_short(units.get(code)) for units in by_quarter) for code in names]
    rows = tuple(
        Row((str(number), name, *of_unit))
        for number, (name, of_unit) in enumerate(zip(names.values(), cells, strict=True), 1)
    )
    title = _("Reports received, {period}").format(period=wording.period_title(period))
    return Table("reporting", title, tuple(columns), rows)


def _punctuality(unit: UnitStatus) -> str:
    """Whether a unit's report came in time."""
    if unit.state == "missing":
        return _("not sent")
    return _("late") if unit.late else _("in time")


def _not_counted(unit: UnitStatus) -> str:
    """That a report came whose figures do not count; else nothing."""
    sent = unit.state in WITHOUT_FIGURES and unit.state != "missing"
    return _("figures not included") if sent else ""


def _in_short(unit: UnitStatus | None) -> str:
    """Whether a report came in time, on which day, and whether its figures are lacking; empty for who was not
    to report."""
    if unit is None:
        return ""
    if unit.state == "missing" or unit.received is None:
        return _("not sent")
    when = _("{when} ({date})").format(when=_punctuality(unit), date=wording.date_short(unit.received))
    return ", ".join(filter(None, (when, _not_counted(unit))))
