"""A world: units over time, a form, and all that was sent, told by telephone, imported and planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

Kad = Literal["KAD"]
KAD: Kad = "KAD"
Typed = Decimal | Kad  # what stands in a cell that is not blank

PROVINCE = ""
DAY = dt.timedelta(days=1)
_SPANS = {"H1": (1, 2), "H2": (3, 4), "9M": (1, 2, 3), "Y": (1, 2, 3, 4)}


class Quarter(NamedTuple):
    """A quarter of a year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    def plus(self, quarters: int) -> Quarter:
        """The quarter that many quarters later."""
        year, number = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, number + 1)

    def last_day(self, window: str) -> dt.date:
        """The last day of its data window: the 14th of its last month, or the calendar's."""
        if window == "decree":
            return dt.date(self.year, 3 * self.number, 14)
        after = self.plus(1)
        return dt.date(after.year, 3 * after.number - 2, 1) - DAY


class Period(NamedTuple):
    """A quarter ("Q1" to "Q4") or a span ("H1", "H2", "9M", "Y") of a year."""

    year: int
    kind: str

    def __str__(self) -> str:
        return str(self.year) if self.kind == "Y" else f"{self.year}-{self.kind}"

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters it is made of, in order."""
        if self.kind.startswith("Q"):
            return (Quarter(self.year, int(self.kind[1])),)
        return tuple(Quarter(self.year, number) for number in _SPANS[self.kind])

    @property
    def so_far(self) -> tuple[Quarter, ...]:
        """The year's quarters up to its last one."""
        return tuple(Quarter(self.year, n) for n in range(1, self.quarters[-1].number + 1))

    @property
    def previous(self) -> Period | None:
        """The period of the same length just before it; nine months have none."""
        match self.kind:
            case "9M":
                return None
            case "Y":
                return Period(self.year - 1, "Y")
            case "H1" | "Q1":
                return Period(self.year - 1, {"H1": "H2", "Q1": "Q4"}[self.kind])
            case "H2":
                return Period(self.year, "H1")
        return Period(self.year, f"Q{int(self.kind[1]) - 1}")

    @property
    def year_ago(self) -> Period:
        """The same period of the year before."""
        return Period(self.year - 1, self.kind)


@dataclass(frozen=True)
class Unit:
    """A row of the list of units."""

    code: str
    name: str
    kind: str
    first: dt.date | None = None
    last: dt.date | None = None
    predecessors: tuple[str, ...] = ()

    def on(self, day: dt.date) -> bool:
        """Whether the row holds on `day`."""
        return (self.first or dt.date.min) <= day <= (self.last or dt.date.max)


@dataclass(frozen=True)
class Indicator:
    """A question of the form, or a share of two."""

    code: str
    type: str = "count"
    over_units: str = "sum"
    over_time: str = "sum"
    kinds: tuple[str, ...] = ()
    required: bool = True
    cumulative: bool = False
    part_of: str = ""
    numerator: str = ""
    denominator: str = ""

    @property
    def share(self) -> bool:
        """Whether it is worked out from two others."""
        return bool(self.numerator)


@dataclass(frozen=True)
class World:
    """All of a province. Blank cells of a report are left out of its answers."""

    window: str = "decree"
    units: tuple[Unit, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    reports: Mapping[tuple[Quarter, str], Mapping[str, Typed]] = field(default_factory=dict)
    corrections: Mapping[tuple[Quarter, str, str], Typed] = field(default_factory=dict)
    imports: Mapping[tuple[Quarter, str, str], Typed] = field(default_factory=dict)
    plans: Mapping[tuple[int, str, str], Decimal] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its units, and those that are asked for something."""
        asked = {kind for one in self.indicators.values() for kind in one.kinds}
        return tuple(sorted({unit.kind for unit in self.units} | asked))

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters from the first to the last one of which there is anything."""
        given = sorted({key[0] for key in (*self.reports, *self.imports)})
        return tuple(
            Quarter(year, number)
            for year in range(given[0].year, given[-1].year + 1)
            for number in (1, 2, 3, 4)
            if given[0] <= (year, number) <= given[-1]
        )

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every quarter, and every span that ends with one."""
        return tuple(
            Period(q.year, kind)
            for q in self.quarters
            for kind in (f"Q{q.number}", *(k for k, of in _SPANS.items() if of[-1] == q.number))
        )

    def on(self, quarter: Quarter) -> dict[str, Unit]:
        """The units on the last day of the quarter's data window, by code."""
        day = quarter.last_day(self.window)
        return {unit.code: unit for unit in self.units if unit.on(day)}

    def asks(self, code: str, unit: Unit) -> bool:
        """Whether a unit of that kind is asked; of a share: for both of its parts."""
        indicator = self.indicators[code]
        parts = (indicator.numerator, indicator.denominator) if indicator.share else ()
        return (not indicator.kinds or unit.kind in indicator.kinds) and all(
            self.asks(part, unit) for part in parts
        )

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """A line for each thing that is so; `read` takes them back."""
        yield f"window {self.window}"
        for unit in self.units:
            dates = (str(unit.first or "-"), str(unit.last or "-"))
            yield " ".join(("unit", unit.code, unit.kind, *dates, *unit.predecessors))
        for one in self.indicators.values():
            words = ["indicator", one.code, one.type, one.over_units, one.over_time]
            words += [f"kinds={','.join(one.kinds)}"] if one.kinds else []
            words += ["optional"] if not one.required else []
            words += ["cumulative"] if one.cumulative else []
            words += [f"part_of={one.part_of}"] if one.part_of else []
            words += [f"share={one.numerator}/{one.denominator}"] if one.share else []
            yield " ".join(words)
        for (quarter, unit), answers in self.reports.items():
            said = " ".join(f"{code}={value}" for code, value in answers.items())
            yield f"report {quarter} {unit} {said}".rstrip()
        for what, given in (
            ("correction", self.corrections),
            ("import", self.imports),
            ("plan", self.plans),
        ):
            for (when, unit, code), number in given.items():
                yield f"{what} {when} {unit or '-'} {code}={number}"


def read(text: str) -> World:
    """The world whose lines those are."""
    window, units, indicators = "decree", list[Unit](), dict[str, Indicator]()
    reports: dict[tuple[Quarter, str], Mapping[str, Typed]] = {}
    corrections: dict[tuple[Quarter, str, str], Typed] = {}
    imports: dict[tuple[Quarter, str, str], Typed] = {}
    plans: dict[tuple[int, str, str], Decimal] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match line.split():
            case ["window", window]:
                pass
            case ["unit", code, kind, first, last, *predecessors]:
                units.append(Unit(code, _name(code, first), kind, _day(first), _day(last), (*predecessors,)))
            case ["indicator", code, *words]:
                indicators[code] = _indicator(code, words)
            case ["report", when, unit, *said]:
                reports[_quarter(when), unit] = dict(map(_figure, said))
            case ["plan", when, unit, said]:
                code, number = said.split("=")
                plans[int(when), unit.strip("-"), code] = Decimal(number)
            case ["correction" | "import" as what, when, unit, said]:
                code, value = _figure(said)
                into = corrections if what == "correction" else imports
                into[_quarter(when), unit.strip("-"), code] = value
            case _:
                raise ValueError(line)
    return World(window, tuple(units), indicators, reports, corrections, imports, plans)


def _name(code: str, first: str) -> str:
    """A unit's name: another one in each of its rows."""
    return f"Đơn vị {code}" + ("" if first == "-" else f" từ {first}")


def named(code: str, first: dt.date | None) -> str:
    """The name that a unit has in its row that begins on `first`."""
    return _name(code, str(first or "-"))


def _day(text: str) -> dt.date | None:
    return None if text == "-" else dt.date.fromisoformat(text)


def _quarter(text: str) -> Quarter:
    year, number = text.split("-Q")
    return Quarter(int(year), int(number))


def _figure(text: str) -> tuple[str, Typed]:
    code, value = text.split("=")
    return code, KAD if value == KAD else Decimal(value)


def _indicator(code: str, words: list[str]) -> Indicator:
    given = dict(word.split("=") for word in words[3:] if "=" in word)
    numerator, _, denominator = given.get("share", "").partition("/")
    return Indicator(
        code,
        *words[:3],
        kinds=tuple(filter(None, given.get("kinds", "").split(","))),
        required="optional" not in words,
        cumulative="cumulative" in words,
        part_of=given.get("part_of", ""),
        numerator=numerator,
        denominator=denominator,
    )
