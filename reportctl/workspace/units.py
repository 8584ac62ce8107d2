"""The reporting units, dated, with their predecessors: `units.csv` or `units.xlsx`."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.core.letters import plain
from reportctl.workspace.small_tables import SmallTableError, SmallTableProblem, TableRow, read_small_table

COLUMNS = ("code", "name", "kind")
OPTIONAL = ("parent", "valid_from", "valid_to", "predecessors", "contact")
_DATES = ("valid_from", "valid_to")
_WORDS = tuple(column for column in (*COLUMNS, *OPTIONAL) if column not in _DATES)
_DAY = dt.timedelta(days=1)
_MANY = 300  # codes


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

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return self.valid_from or dt.date.min

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.valid_to or dt.date.max

    def valid_on(self, day: dt.date) -> bool:
        """Whether this row describes the unit on `day`."""
        return self.first <= day <= self.last

    def overlaps(self, other: Unit) -> bool:
        """Whether both rows describe their units on some day."""
        return max(self.first, other.first) <= min(self.last, other.last)


@dataclass(frozen=True)
class Roster:
    """All units in the file's order."""

    units: tuple[Unit, ...]

    @functools.cached_property
    def codes(self) -> frozenset[str]:
        """Every code that ever was."""
        return frozenset(self._by_code)

    def rows(self, code: str) -> Sequence[Unit]:
        """The rows of the unit `code`, one after another in the file; none where there is no such unit."""
        return self._by_code.get(code, ())

    def on(self, day: dt.date) -> Mapping[str, Unit]:
        """The units there are on `day`, by code, in the file's order."""
        if day not in self._days:
            self._days[day] = {unit.code: unit for unit in self.units if unit.valid_on(day)}
        return self._days[day]

    def ancestry(self, code: str, day: dt.date, earlier: dt.date) -> tuple[str, ...] | None:
        """The units of the day `earlier` that together are exactly the unit `code` of `day`.

        None where there is no such set: the unit is new, or units were divided between it and others.
        Nothing is apportioned, so such a unit cannot be compared.
        """
        before, now = self.on(earlier), self.on(day)
        if code not in now:
            return None
        sources, heirs = self._changes_between(earlier, day)
        if code in before and code not in sources and code not in heirs:
            return (code,)  # as most units are, which is quickly said
        origins: list[str] = []
        for unit in _reached([code], sources):
            if unit in before:
                origins.append(unit)
            elif unit not in sources:
                return None
        return tuple(origins) if {u for u in _reached(origins, heirs) if u in now} == {code} else None

    @functools.cached_property
    def _by_code(self) -> Mapping[str, Sequence[Unit]]:
        rows: dict[str, list[Unit]] = {}
        for unit in self.units:
            rows.setdefault(unit.code, []).append(unit)
        return rows

    @functools.cached_property
    def _days(self) -> dict[dt.date, Mapping[str, Unit]]:
        return {}

    @functools.cached_property
    def _changes(self) -> Mapping[tuple[str, str], dt.date]:
        """The day on which a unit gave to another what that is made of, by (predecessor, unit).

        A unit that was renamed later may name its predecessors in each of its rows.
        """
        days: dict[tuple[str, str], dt.date] = {}
        for unit in self.units:
            for code in unit.predecessors:
                days[code, unit.code] = min(unit.first, days.get((code, unit.code), dt.date.max))
        return days

    @functools.cached_property
    def _changes_in_spans(self) -> dict[tuple[dt.date, dt.date], tuple[_Ways, _Ways]]:
        return {}

    def _changes_between(self, earlier: dt.date, day: dt.date) -> tuple[_Ways, _Ways]:
        """The predecessors of units, and their heirs, by changes after `earlier` and until `day`."""
        if (earlier, day) not in self._changes_in_spans:
            sources: dict[str, list[str]] = defaultdict(list)
            heirs: dict[str, list[str]] = defaultdict(list)
            for (source, heir), when in self._changes.items():
                if earlier < when <= day:
                    sources[heir].append(source)
                    heirs[source].append(heir)
            self._changes_in_spans[earlier, day] = dict(sources), dict(heirs)
        return self._changes_in_spans[earlier, day]


_Ways = Mapping[str, Sequence[str]]


def _reached(start: Sequence[str], ways: _Ways) -> Iterator[str]:
    """The codes of `start` and all that the `ways` lead to from there, each once."""
    seen: set[str] = set()
    ahead = list(start)
    while ahead:
        code = ahead.pop(0)
        if code not in seen:
            seen.add(code)
            yield code
            ahead += ways.get(code, ())


def known_unit(units: Mapping[str, Unit], code: str) -> Unit:
    """The unit with that code. Raises `ReportctlError` where none of the quarter's units has it."""
    if code in units:
        return units[code]
    # A spreadsheet program, or haste, leaves out leading zeros.
    near = [known for known in units if known.lstrip("0") == code.lstrip("0")]
    near = near or get_close_matches(code, units, 1)
    raise ReportctlError(
        _("No unit that reports in this quarter has the code “{code}”; “{near}” was meant?").format(
            code=code, near=near[0]
        )
        if near
        else _("No unit that reports in this quarter has the code “{code}”.").format(code=code)
    )


def no_such_unit(code: str, known: Collection[str]) -> str:
    """What is wrong with a code that no unit has, with the code that was probably meant."""
    same = (each for each in known if each.lstrip("0") == code.lstrip("0"))
    if code.isdigit() and (full := min(same, default="")):
        return _("“{value}” has lost its leading zero in a spreadsheet program; write {better}").format(
            value=code, better=full
        )
    message = _("there is no unit with the code “{value}”").format(value=code)
    # Which other number was meant cannot be guessed: all of them are alike, and so are very many codes.
    names = {each.casefold(): each for each in known if not code.isdigit() and len(known) <= _MANY}
    if near := get_close_matches(code.casefold(), names, 1):
        message = _("{message}; “{better}” was meant?").format(message=message, better=names[near[0]])
    return message


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file as a unit; `dated` where its days could be read and follow each other."""

    record: TableRow
    unit: Unit
    dated: bool


_ByCode = Mapping[str, Sequence[_Row]]


def load_roster(path: Path, kinds: frozenset[str]) -> Roster:
    """The units in the file `path` (CSV or .xlsx); `kinds` are the kinds that the form knows.

    Raises `RecordsError` with every mistake: eaten zeros, double codes, unknown kinds, parents or
    predecessors, circles of parents, wrong dates, days on which a unit or what became of it is nowhere.
    """
    records = read_small_table(path, COLUMNS, OPTIONAL)
    problems: list[SmallTableProblem] = []
    rows = [_row(record, problems) for record in records]
    by_code: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.unit.code:
            by_code[row.unit.code].append(row)
    problems += [
        *_eaten_zeros(rows),
        *_kind_problems(rows, kinds),
        *_parent_problems(rows, by_code),
        *_circles(rows),
        *_predecessor_problems(rows, by_code),
        *_double_codes(rows),
        *_gaps(by_code),
    ]
    if not rows:
        problems.append(
            SmallTableProblem(2, _("line {line}").format(line=2), _("there is no unit in the file"))
        )
    if problems:
        raise SmallTableError(path, sorted(problems, key=lambda problem: problem.line))
    return Roster(tuple(row.unit for row in rows))


# What a spreadsheet program writes where a formula has no value.
_NO_VALUE = re.compile(r"#[A-Z0-9/_]+[!?]?|=.*", re.DOTALL)
# A question mark for each letter that the encoding has not, or UTF-8 that was opened as Windows-1258.
_LOST_LETTERS = re.compile(r"[?\ufffd]|á[»º]")


def _row(record: TableRow, problems: list[SmallTableProblem]) -> _Row:
    said = {column: _said(record, column, problems) for column in _WORDS}
    wrong_days: list[SmallTableProblem] = []
    first, last = (_date(record, column, wrong_days) for column in _DATES)
    if first and last and first > last:
        message = _("the unit ends on {last}, before it begins on {first}").format(first=first, last=last)
        wrong_days.append(record.problem("valid_to", message))
    problems += wrong_days
    unit = Unit(
        code=said["code"],
        name=" ".join(said["name"].split()),
        kind=said["kind"],
        parent=said["parent"],
        valid_from=first,
        valid_to=last,
        predecessors=tuple(dict.fromkeys(re.findall(r"[^\s;,]+", said["predecessors"]))),
        contact=said["contact"],
    )
    return _Row(record, unit, not wrong_days)


def _said(record: TableRow, column: str, problems: list[SmallTableProblem]) -> str:
    """The field under `column`; empty, with a mistake added to `problems`, where it says nothing."""
    text = plain(record.get(column)).strip()
    if not text and column not in COLUMNS:
        return ""
    message = ""
    if not text:
        message = _("nothing is filled in")
    elif _NO_VALUE.fullmatch(text):
        message = _("“{value}” is an error or a formula without a value; type what is meant")
    elif column == "name" and _LOST_LETTERS.search(text):
        message = _(
            "“{value}” has lost letters when the file was saved; type it again and save the file as "
            "“CSV UTF-8” or .xlsx"
        )
    if message:
        problems.append(record.problem(column, message.format(value=text)))
    return "" if message else text


def _date(record: TableRow, column: str, problems: list[SmallTableProblem]) -> dt.date | None:
    text = record.get(column)
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    message = _("“{value}” is not a date; write 2024-07-01 or 01/7/2024").format(value=text)
    problems.append(record.problem(column, message))
    return None


def _eaten_zeros(rows: Sequence[_Row]) -> Iterator[SmallTableProblem]:
    """Codes of digits that are shorter than others of their kind."""
    longest: dict[str, int] = {}
    for row in rows:
        if row.unit.code.isdigit():
            longest[row.unit.kind] = max(longest.get(row.unit.kind, 0), len(row.unit.code))
    for row in rows:
        code, full = row.unit.code, longest.get(row.unit.kind, 0)
        if code.isdigit() and len(code) < full:
            message = _(
                "“{value}” has lost its leading zero in a spreadsheet program; “{better}” was meant? "
                "Set the column to text before typing codes"
            ).format(value=code, better=code.zfill(full))
            yield row.record.problem("code", message)


def _kind_problems(rows: Sequence[_Row], kinds: frozenset[str]) -> Iterator[SmallTableProblem]:
    message, known = _("“{value}” is not one of the form's kinds of units: {known}"), ", ".join(sorted(kinds))
    for row in rows:
        if row.unit.kind and row.unit.kind not in kinds:
            yield row.record.problem("kind", message.format(value=row.unit.kind, known=known))


def _double_codes(rows: Sequence[_Row]) -> Iterator[SmallTableProblem]:
    """Codes that an earlier row holds on some of the same days."""
    by_code: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.unit.code and row.dated:
            earlier = by_code[row.unit.code.lower()]
            twin = next((other for other in earlier if row.unit.overlaps(other.unit)), None)
            if twin:
                message = _("the code “{value}” already stands in line {line} for the same days").format(
                    value=row.unit.code, line=twin.record.line
                )
                yield row.record.problem("code", message)
            earlier.append(row)


def _gaps(by_code: _ByCode) -> Iterator[SmallTableProblem]:
    """Days between two rows of a unit on which it is nowhere."""
    for rows in by_code.values():
        in_time = sorted(rows, key=lambda row: row.unit.first) if all(row.dated for row in rows) else []
        for before, row in pairwise(in_time):
            if before.unit.last < dt.date.max and before.unit.last + _DAY < row.unit.first:
                message = _("the unit has no row for the days from {first} to {last}").format(
                    first=before.unit.last + _DAY, last=row.unit.first - _DAY
                )
                yield row.record.problem("valid_from", message)


def _parent_problems(rows: Sequence[_Row], by_code: _ByCode) -> Iterator[SmallTableProblem]:
    for row in rows:
        code = row.unit.parent
        parents = by_code.get(code, [])
        dated = all(each.dated for each in (row, *parents))
        if code and not parents:
            yield row.record.problem("parent", no_such_unit(code, by_code))
        elif code and dated and not any(row.unit.overlaps(parent.unit) for parent in parents):
            message = _("“{value}” was not there on any of this unit's days").format(value=code)
            yield row.record.problem("parent", message)


def _circles(rows: Sequence[_Row]) -> Iterator[SmallTableProblem]:
    """Units that are, on some day, above themselves."""
    below = [row for row in rows if row.unit.parent and row.dated]
    told: set[int] = set()
    for day in sorted({row.unit.first for row in below}):
        parents = {row.unit.code: row.unit.parent for row in below if row.unit.valid_on(day)}
        for row in below:
            line, code = row.record.line, row.unit.code
            if line not in told and row.unit.valid_on(day) and _above_itself(code, parents):
                told.add(line)
                message = _("the unit is its own parent by way of “{value}”").format(value=row.unit.parent)
                yield row.record.problem("parent", message)


def _above_itself(code: str, parents: Mapping[str, str]) -> bool:
    seen, at = {code}, parents[code]
    while at in parents and at not in seen:
        seen.add(at)
        at = parents[at]
    return at == code


def _predecessor_problems(rows: Sequence[_Row], by_code: _ByCode) -> Iterator[SmallTableProblem]:
    """Predecessors that are no other units, and units that do not begin on the day after those ended.

    A predecessor that gave away only a part lives on; its days end when what was left of it becomes
    something else. A unit that was renamed later may name its predecessors in each of its rows.
    """
    naming: dict[str, dict[str, _Row]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.unit.first):
        for code in row.unit.predecessors:
            if code == row.unit.code:
                message = _("the unit is its own predecessor; a new name alone needs none")
                yield row.record.problem("predecessors", message)
            elif code not in by_code:
                yield row.record.problem("predecessors", no_such_unit(code, by_code))
            else:
                naming[code].setdefault(row.unit.code, row)
    for code, heirs in naming.items():
        days = [row.unit for row in by_code[code]]
        ended = max(unit.last for unit in days)
        left = ended == dt.date.max or any(row.unit.first == ended + _DAY for row in heirs.values())
        for row in heirs.values():
            if not all(each.dated for each in (row, *by_code[code])):
                continue
            if row.unit.first == dt.date.min:
                yield row.record.problem("valid_from", _("a unit with predecessors needs its first day"))
            elif not _follows(row.unit.first, days, ended, left):
                yield row.record.problem("valid_from", _not_following(row.unit.first, code, days, ended))


def _follows(first: dt.date, days: Sequence[Unit], ended: dt.date, left: bool) -> bool:
    """Whether a unit that begins on `first` can be made of one that was there on `days`.

    `left` says whether a part of that lived on until `ended`.
    """
    before = first - _DAY
    return (left or before == ended) and any(unit.valid_on(before) for unit in days)


def _not_following(first: dt.date, code: str, days: Sequence[Unit], ended: dt.date) -> str:
    if first <= min(unit.first for unit in days) or ended == dt.date.max:
        return _("“{value}”, which the unit is made of, was not there on the day before").format(value=code)
    return _("“{value}” ended on {last}, so the unit that follows it begins on {day}").format(
        value=code, last=ended, day=ended + _DAY
    )
