"""The reporting units, dated, with their predecessors."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from reportctl.core.errors import ReportctlError, nearest
from reportctl.core.files import plain_name
from reportctl.core.language import _

_MANY = 300  # codes
_Ways = Mapping[str, Sequence[str]]


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

    def __reduce__(self) -> tuple[type[Unit], tuple[object, ...]]:
        """For pickle, which would look up the fields of every unit: every process that reads gets them."""
        return Unit, (
            self.code,
            self.name,
            self.kind,
            self.parent,
            self.valid_from,
            self.valid_to,
            self.predecessors,
            self.contact,
        )

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


def unit_named(file: str, units: Collection[Unit]) -> str:
    """The code of the one of `units` that the name of a `file` tells, or else that of a folder it is in.

    The name begins with the code, as those of workbooks sent out do, or holds the unit's name, with accents
    or without. Empty where it tells none, or more than one.
    """
    names, codes = _spoken(tuple(units))
    for part in (PurePosixPath(file).stem, *reversed(PurePosixPath(file).parts[:-1])):
        spoken = _words(part)
        held = [name for name in names if name in spoken]
        # “Xã Yên Bình A” holds “Xã Yên Bình”, too.
        longest = [name for name in held if not any(name in other for other in held if other != name)]
        found = {code for name in longest for code in names[name]}
        found |= {codes[first] for first in spoken.split()[:1] if first in codes}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


@functools.lru_cache(maxsize=4)
def _spoken(units: tuple[Unit, ...]) -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """The codes of the units by their names as `_words` has them, and by themselves in small letters."""
    names: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        names[_words(unit.name)].append(unit.code)
    return names, {unit.code.lower(): unit.code for unit in units}


def _words(text: str) -> str:
    """`text` in small letters without accents, a space before and after every word."""
    return f" {' '.join(_BETWEEN.sub(' ', plain_name(text).lower()).split())} "


_BETWEEN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Roster:
    """All units in the file's order; what is asked of it for a day or between two days is kept."""

    units: tuple[Unit, ...]
    _days: dict[dt.date, Mapping[str, Unit]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _kinds: dict[tuple[dt.date, tuple[str, ...]], frozenset[str]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _changes: dict[tuple[dt.date, dt.date], tuple[_Ways, _Ways]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    _groups: dict[tuple[dt.date, dt.date], Mapping[str, str]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

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

    def of_kinds(self, day: dt.date, kinds: tuple[str, ...]) -> frozenset[str]:
        """The units there are on `day` that are of one of these `kinds`; all of them where none is named."""
        if (day, kinds) not in self._kinds:
            units = self.on(day).items()
            self._kinds[day, kinds] = frozenset(
                code for code, unit in units if not kinds or unit.kind in kinds
            )
        return self._kinds[day, kinds]

    def ancestry(self, code: str, day: dt.date, earlier: dt.date) -> tuple[str, ...] | None:
        """The units of the day `earlier` that together are exactly the unit `code` of `day`.

        None where there is no such set: the unit is new, or units were divided between it and others.
        Nothing is apportioned, so such a unit cannot be compared.
        """
        before, now = self.on(earlier), self.on(day)
        if code not in now:
            return None
        predecessors, successors = self._changes_between(earlier, day)
        if code in before and code not in predecessors and code not in successors:
            return (code,)  # as most units, so that nothing has to be searched
        origins: list[str] = []
        for unit in _reached([code], predecessors):
            if unit in before:
                origins.append(unit)
            elif unit not in predecessors:
                return None
        return tuple(origins) if {u for u in _reached(origins, successors) if u in now} == {code} else None

    def groups(self, earlier: dt.date, day: dt.date) -> Mapping[str, str]:
        """The units that changes after `earlier` and until `day` tie together, directly or by others: each
        under the code of the first of its group. A unit of no such change is a group of its own, left out.
        """
        if (earlier, day) in self._groups:
            return self._groups[earlier, day]
        first: dict[str, str] = {}
        predecessors, successors = self._changes_between(earlier, day)
        changed = {*predecessors, *successors}
        either_way = {code: [*predecessors.get(code, ()), *successors.get(code, ())] for code in changed}
        for code in self._by_code:
            if code in changed and code not in first:
                first |= dict.fromkeys(_reached([code], either_way), code)
        self._groups[earlier, day] = first
        return first

    def is_new(self, code: str, day: dt.date, earlier: dt.date) -> bool:
        """Whether there was nothing on the day `earlier` that the unit `code` of `day` is, or was made of."""
        before = self.on(earlier)
        predecessors, _successors = self._changes_between(earlier, day)
        return not any(unit in before for unit in _reached([code], predecessors))

    @functools.cached_property
    def _by_code(self) -> Mapping[str, Sequence[Unit]]:
        rows: dict[str, list[Unit]] = {}
        for unit in self.units:
            rows.setdefault(unit.code, []).append(unit)
        return rows

    def _changes_between(self, earlier: dt.date, day: dt.date) -> tuple[_Ways, _Ways]:
        """The predecessors of units, and their successors, by changes after `earlier` and until `day`."""
        if (earlier, day) not in self._changes:
            # The first day counts: a unit renamed later may name its predecessors in each of its rows.
            days: dict[tuple[str, str], dt.date] = {}
            for unit in self.units:
                for code in unit.predecessors:
                    days[code, unit.code] = min(unit.first, days.get((code, unit.code), dt.date.max))
            predecessors: dict[str, list[str]] = defaultdict(list)
            successors: dict[str, list[str]] = defaultdict(list)
            for (source, heir), when in days.items():
                if earlier < when <= day:
                    predecessors[heir].append(source)
                    successors[source].append(heir)
            self._changes[earlier, day] = dict(predecessors), dict(successors)
        return self._changes[earlier, day]


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
    same = next((known for known in units if known.lstrip("0") == code.lstrip("0")), "")
    near = same or nearest(code, units)
    raise ReportctlError(
        _("No unit that reports in this quarter has the code “{code}”; “{near}” was meant?").format(
            code=code, near=near
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
    if near := nearest(code.casefold(), names):
        message = _("{message}; “{better}” was meant?").format(message=message, better=names[near])
    return message
