"""The reporting units, dated, with their predecessors: `units.csv`."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportctl.language import _
from reportctl.records import Record, RecordProblem, RecordsError, read_records

COLUMNS = ("code", "name", "kind")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is from `valid_from` to `valid_to` (None: still); a renamed unit has several such rows."""

    code: str
    name: str
    kind: str
    parent: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    predecessors: tuple[str, ...] = ()
    contact: str = ""

    def valid_on(self, day: dt.date) -> bool:
        """Whether this row describes the unit on `day`."""
        return (self.valid_from or dt.date.min) <= day <= (self.valid_to or dt.date.max)


@dataclass(frozen=True)
class Roster:
    """All units in the file's order."""

    units: tuple[Unit, ...]

    @functools.cached_property
    def codes(self) -> frozenset[str]:
        """Every code that ever was."""
        return frozenset(unit.code for unit in self.units)

    def on(self, day: dt.date) -> Mapping[str, Unit]:
        """The units there are on `day`, by code, in the file's order."""
        if day not in self._days:
            self._days[day] = {unit.code: unit for unit in self.units if unit.valid_on(day)}
        return self._days[day]

    @functools.cached_property
    def _days(self) -> dict[dt.date, Mapping[str, Unit]]:
        return {}

    @functools.cached_property
    def _successors(self) -> Counter[str]:
        return Counter(code for unit in self.units for code in unit.predecessors)

    def ancestry(self, code: str, day: dt.date, earlier: dt.date) -> tuple[str, ...] | None:
        """The units of the day `earlier` that together are exactly the unit `code` of `day`.

        None where there is no such set: the unit is new, or units were divided between it and others.
        Nothing is apportioned, so such a unit cannot be compared.
        """
        before, now = self.on(earlier), self.on(day)
        if code not in now:
            return None
        if code in before:
            # Most units are nobody's predecessor, which is quickly said.
            heirs = now.values() if self._successors[code] else ()
            parted = any(code in unit.predecessors for unit in heirs if unit.code not in before)
            return None if parted else (code,)
        unit = now[code]
        if not unit.predecessors:
            return None
        if any(self._successors[p] != 1 or p not in before or p in now for p in unit.predecessors):
            return None
        return unit.predecessors


def load_roster(path: Path, kinds: frozenset[str]) -> Roster:
    """The units in the CSV file `path`; `kinds` are the kinds that the form knows.

    Raises `RecordsError` with every mistake: eaten zeros, double codes, unknown kinds, parents or
    predecessors, circles of parents, wrong dates.
    """
    records = read_records(path, COLUMNS)
    problems: list[RecordProblem] = []
    units = [_unit(record, problems) for record in records]
    problems += _code_problems(records, units)
    known = {unit.code for unit in units}
    for record, unit in zip(records, units, strict=True):
        if unit.kind not in kinds:
            problems.append(
                RecordProblem(
                    record.line,
                    "kind",
                    _("“{value}” is not one of the form's kinds of units: {known}").format(
                        value=unit.kind, known=", ".join(sorted(kinds))
                    ),
                )
            )
        for column, codes in (("parent", (unit.parent,)), ("predecessors", unit.predecessors)):
            problems += [
                RecordProblem(
                    record.line, column, _("there is no unit with the code “{value}”").format(value=code)
                )
                for code in codes
                if code and code not in known
            ]
    problems += _circles(records, units)
    if not units:
        problems.append(RecordProblem(2, "code", _("there is no unit in the file")))
    if problems:
        raise RecordsError(path, sorted(problems, key=lambda problem: problem.line))
    return Roster(tuple(units))


def _unit(record: Record, problems: list[RecordProblem]) -> Unit:
    for column in COLUMNS:
        if not record.get(column):
            problems.append(RecordProblem(record.line, column, _("nothing is filled in")))
    return Unit(
        code=record.get("code"),
        name=record.get("name"),
        kind=record.get("kind"),
        parent=record.get("parent"),
        valid_from=_date(record, "valid_from", problems),
        valid_to=_date(record, "valid_to", problems),
        predecessors=tuple(
            p for p in record.get("predecessors").replace(";", " ").replace(",", " ").split() if p
        ),
        contact=record.get("contact"),
    )


def _date(record: Record, column: str, problems: list[RecordProblem]) -> dt.date | None:
    text = record.get(column)
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    problems.append(
        RecordProblem(
            record.line,
            column,
            _("“{value}” is not a date; write 2024-07-01 or 01/7/2024").format(value=text),
        )
    )
    return None


def _code_problems(records: list[Record], units: list[Unit]) -> list[RecordProblem]:
    """Codes whose leading zero is gone, and codes that two rows hold at the same time."""
    problems = []
    longest: dict[str, int] = {}
    for unit in units:
        if unit.code.isdigit():
            longest[unit.kind] = max(longest.get(unit.kind, 0), len(unit.code))
    for record, unit in zip(records, units, strict=True):
        full = longest.get(unit.kind, 0)
        if unit.code.isdigit() and len(unit.code) < full:
            problems.append(
                RecordProblem(
                    record.line,
                    "code",
                    _(
                        "“{value}” has lost its leading zero in a spreadsheet program; “{better}” was meant? "
                        "Set the column to text before typing codes"
                    ).format(value=unit.code, better=unit.code.zfill(full)),
                )
            )
    by_code: dict[str, list[tuple[Record, Unit]]] = {}
    for record, unit in zip(records, units, strict=True):
        for other_record, other in by_code.setdefault(unit.code.lower(), []):
            first = max(unit.valid_from or dt.date.min, other.valid_from or dt.date.min)
            last = min(unit.valid_to or dt.date.max, other.valid_to or dt.date.max)
            if unit.code and first <= last:
                problems.append(
                    RecordProblem(
                        record.line,
                        "code",
                        _("the code “{value}” already stands in line {line} for the same days").format(
                            value=unit.code, line=other_record.line
                        ),
                    )
                )
                break
        by_code[unit.code.lower()].append((record, unit))
    return problems


def _circles(records: list[Record], units: list[Unit]) -> list[RecordProblem]:
    parents = {unit.code: unit.parent for unit in units}
    problems = []
    for record, unit in zip(records, units, strict=True):
        seen, at = {unit.code}, unit.parent
        while at and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        if at and at == unit.code:
            problems.append(
                RecordProblem(
                    record.line,
                    "parent",
                    _("the unit is its own parent by way of “{value}”").format(value=unit.parent),
                )
            )
    return problems
