"""The units in `units.csv` or `units.xlsx`, or every mistake in that file with its place."""

from __future__ import annotations

import contextlib
import datetime as dt
import filecmp
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from reportctl.core.errors import ReportctlError, meant
from reportctl.core.language import _
from reportctl.core.letters import plain
from reportctl.workspace.small_tables import SmallTableError, SmallTableProblem, TableRow, read_small_table
from reportctl.workspace.units import Roster, Unit, no_such_unit

COLUMNS = ("code", "name", "kind")
OPTIONAL = ("parent", "valid_from", "valid_to", "predecessors", "contact")
_DATES = ("valid_from", "valid_to")
_DAY = dt.timedelta(days=1)
# What a spreadsheet program writes where a formula has no value.
_NO_VALUE = re.compile(r"#[A-Z0-9/_]+[!?]?|=.*", re.DOTALL)
# A question mark for each letter that the encoding has not, or UTF-8 that was opened as Windows-1258.
_LOST_LETTERS = re.compile(r"[?\ufffd]|á[»º]")


@dataclass(frozen=True, slots=True)
class _UnitRow:
    """A row of the file as a unit; `dated` where its days could be read and follow each other."""

    record: TableRow
    unit: Unit
    dated: bool


_ByCode = Mapping[str, Sequence[_UnitRow]]


def load_roster(path: Path, kinds: frozenset[str], earlier: Sequence[Path] = ()) -> Roster:
    """The units in the file `path` (CSV or .xlsx); `kinds` are the kinds that the form knows, `earlier` the
    files of lists that were in use before, by which codes are known that have lost their leading zeros.

    Raises `SmallTableError` with every mistake: eaten zeros, double codes, unknown kinds, parents or
    predecessors, circles of parents, wrong dates, days on which a unit or what became of it is nowhere.
    """
    records = read_small_table(path, COLUMNS, OPTIONAL)
    problems: list[SmallTableProblem] = []
    rows = [_row(record, problems) for record in records]
    by_code: dict[str, list[_UnitRow]] = defaultdict(list)
    for row in rows:
        if row.unit.code:
            by_code[row.unit.code].append(row)
    problems += _eaten_zeros(rows, _others(path, earlier))
    for row in rows:
        if row.unit.kind and row.unit.kind not in kinds:
            message = _("“{value}” is not one of the form's kinds of units: {known}").format(
                value=row.unit.kind, known=", ".join(sorted(kinds))
            )
            message = meant(message, row.unit.kind, sorted(kinds))
            problems.append(row.record.problem("kind", message))
    problems += _parent_problems(rows, by_code)
    problems += _predecessor_problems(rows, by_code)
    problems += _double_codes_and_gaps(rows, by_code)
    if not rows:
        problems.append(
            SmallTableProblem(2, _("line {line}").format(line=2), _("there is no unit in the file"))
        )
    if problems:
        raise SmallTableError(path, sorted(problems, key=lambda problem: problem.line))
    return Roster(tuple(row.unit for row in rows))


def _row(record: TableRow, problems: list[SmallTableProblem]) -> _UnitRow:
    """The record as a unit; what is wrong with its fields is added to `problems`."""
    fields = {}
    for column in (*COLUMNS, *OPTIONAL):
        if column in _DATES:
            continue
        text = fields[column] = plain(record.get(column)).strip()
        message = ""
        if not text:
            message = _("nothing is filled in") if column in COLUMNS else ""
        elif _NO_VALUE.fullmatch(text):
            message = _("“{value}” is an error or a formula without a value; type what is meant")
        elif column == "name" and _LOST_LETTERS.search(text):
            message = _(
                "“{value}” has lost letters when the file was saved; type it again and save the file as "
                "“CSV UTF-8” or .xlsx"
            )
        if message:
            problems.append(record.problem(column, message.format(value=text)))
            fields[column] = ""
    wrong_days: list[SmallTableProblem] = []
    first, last = (_date(record, column, wrong_days) for column in _DATES)
    if first and last and first > last:
        message = _("the unit ends on {last}, before it begins on {first}").format(first=first, last=last)
        wrong_days.append(record.problem("valid_to", message))
    problems += wrong_days
    unit = Unit(
        code=fields["code"],
        name=" ".join(fields["name"].split()),
        kind=fields["kind"],
        parent=fields["parent"],
        valid_from=first,
        valid_to=last,
        predecessors=tuple(dict.fromkeys(re.findall(r"[^\s;,]+", fields["predecessors"]))),
        contact=fields["contact"],
    )
    return _UnitRow(record, unit, not wrong_days)


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


def _eaten_zeros(rows: Sequence[_UnitRow], earlier: Sequence[Path]) -> Iterator[SmallTableProblem]:
    """Codes of digits that are shorter than others of their kind, or than that of an `earlier` list which is
    not there any more."""
    codes = {row.unit.code for row in rows}
    digits = any(code.isdigit() for code in codes)
    known = _codes_in(earlier) if digits else frozenset()
    whole = {code.lstrip("0"): code for code in sorted(known - codes) if code.isdigit()}
    longest: dict[str, int] = {}
    for row in rows:
        if row.unit.code.isdigit():
            longest[row.unit.kind] = max(longest.get(row.unit.kind, 0), len(row.unit.code))
    for row in rows:
        code, full = row.unit.code, longest.get(row.unit.kind, 0)
        was = "" if code in known else whole.get(code, "")
        if code.isdigit() and (len(code) < full or was):
            message = _(
                "“{value}” has lost its leading zero in a spreadsheet program; “{better}” was meant? "
                "Set the column to text before typing codes"
            ).format(value=code, better=was or code.zfill(full))
            yield row.record.problem("code", message)


def _others(path: Path, lists: Sequence[Path]) -> list[Path]:
    """The `lists`; none where one of them is the file `path` to the last byte: that was in order before."""
    with contextlib.suppress(OSError):
        if any(filecmp.cmp(path, one, shallow=False) for one in lists):
            return []
    return [*lists]


def _codes_in(lists: Sequence[Path]) -> frozenset[str]:
    """The codes in lists of units, of those that can be read."""
    found = set()
    for path in lists:
        with contextlib.suppress(ReportctlError):
            found |= {plain(record.get("code")).strip() for record in read_small_table(path, ("code",))}
    return frozenset(found)


def _parent_problems(rows: Sequence[_UnitRow], by_code: _ByCode) -> Iterator[SmallTableProblem]:
    """Parents that are no units, or not on the unit's days; units that are, on some day, above themselves."""
    for row in rows:
        code = row.unit.parent
        parents = by_code.get(code, [])
        dated = all(each.dated for each in (row, *parents))
        if code and not parents:
            yield row.record.problem("parent", no_such_unit(code, by_code))
        elif code and dated and not any(row.unit.overlaps(parent.unit) for parent in parents):
            message = _("“{value}” was not there on any of this unit's days").format(value=code)
            yield row.record.problem("parent", message)
    below = [row for row in rows if row.unit.parent and row.dated]
    reported: set[int] = set()
    for day in sorted({row.unit.first for row in below}):
        valid = [row for row in below if row.unit.valid_on(day)]
        parents_on_day = {row.unit.code: row.unit.parent for row in valid}
        for row in valid:
            above, seen = row.unit.code, set[str]()
            while above in parents_on_day and above not in seen:
                seen.add(above)
                above = parents_on_day[above]
            if above == row.unit.code and row.record.line not in reported:
                reported.add(row.record.line)
                message = _("the unit is its own parent by way of “{value}”").format(value=row.unit.parent)
                yield row.record.problem("parent", message)


def _predecessor_problems(rows: Sequence[_UnitRow], by_code: _ByCode) -> Iterator[SmallTableProblem]:
    """Predecessors that are no other units, and units that do not begin on the day after those ended.

    A predecessor that gave away only a part lives on; its days end when what was left of it becomes
    something else. A unit that was renamed later may name its predecessors in each of its rows.
    """
    successors: dict[str, dict[str, _UnitRow]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.unit.first):
        for code in row.unit.predecessors:
            if code == row.unit.code:
                message = _("the unit is its own predecessor; a new name alone needs none")
                yield row.record.problem("predecessors", message)
            elif code not in by_code:
                yield row.record.problem("predecessors", no_such_unit(code, by_code))
            else:
                successors[code].setdefault(row.unit.code, row)
    for code, heirs in successors.items():
        units = [row.unit for row in by_code[code]]
        ended = max(unit.last for unit in units)
        # Whether a part of it lived on until it ended.
        lived_on = ended == dt.date.max or any(row.unit.first == ended + _DAY for row in heirs.values())
        for row in heirs.values():
            first = row.unit.first
            if not all(each.dated for each in (row, *by_code[code])):
                continue
            if first == dt.date.min:
                yield row.record.problem("valid_from", _("a unit with predecessors needs its first day"))
                continue
            before = first - _DAY
            if (lived_on or before == ended) and any(unit.valid_on(before) for unit in units):
                continue
            if first <= min(unit.first for unit in units) or ended == dt.date.max:
                message = _("“{value}”, which the unit is made of, was not there on the day before")
                yield row.record.problem("valid_from", message.format(value=code))
            else:
                message = _("“{value}” ended on {last}, so the unit that follows it begins on {day}")
                yield row.record.problem(
                    "valid_from", message.format(value=code, last=ended, day=ended + _DAY)
                )


def _double_codes_and_gaps(rows: Sequence[_UnitRow], by_code: _ByCode) -> Iterator[SmallTableProblem]:
    """Codes that an earlier row holds on some of the same days; days between a unit's rows without one."""
    same_code: dict[str, list[_UnitRow]] = defaultdict(list)
    for row in rows:
        if row.unit.code and row.dated:
            earlier = same_code[row.unit.code.lower()]
            twin = next((other for other in earlier if row.unit.overlaps(other.unit)), None)
            if twin:
                message = _("the code “{value}” already stands in line {line} for the same days").format(
                    value=row.unit.code, line=twin.record.line
                )
                yield row.record.problem("code", message)
            earlier.append(row)
    for unit_rows in by_code.values():
        if not all(row.dated for row in unit_rows):
            continue
        for before, row in pairwise(sorted(unit_rows, key=lambda row: row.unit.first)):
            if before.unit.last < dt.date.max and before.unit.last + _DAY < row.unit.first:
                message = _("the unit has no row for the days from {first} to {last}").format(
                    first=before.unit.last + _DAY, last=row.unit.first - _DAY
                )
                yield row.record.problem("valid_from", message)
