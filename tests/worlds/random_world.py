"""Worlds made of a seed: units that merge, split and change kind, and what is sent, told, imported, planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from tests.worlds.world import DAY, KAD, PROVINCE, Indicator, Quarter, Typed, Unit, World, named

KINDS = ("district", "department", "press")
REFORM = dt.date(2025, 7, 1)
MOST_UNITS = 14
# The first and the last quarter: six to eight of two years, that end before or after the reform of July 2025.
_YEARS = tuple(
    (Quarter(2024, first), Quarter(2025, last))
    for first, last in ((1, 4), (1, 4), (1, 3), (2, 4), (2, 3), (3, 4), (1, 2))
)

_I = Indicator
# Blocks of indicators that are asked together; each world has some of them.
_BLOCKS: tuple[tuple[Indicator, ...], ...] = (
    (_I("meetings"),),
    (_I("stories"), _I("printed", part_of="stories"), _I("aired", part_of="stories")),
    (_I("members", over_time="last"), _I("women", over_time="last", part_of="members")),
    (
        _I("granted", "money"),
        _I("spent", "money"),
        _I("spent_share", "percent", "ratio", "ratio", numerator="spent", denominator="granted"),
    ),
    (
        _I("staff", over_time="last"),
        _I("trained", over_time="last"),
        _I("trained_last", "percent", "ratio", "last", numerator="trained", denominator="staff"),
        _I("trained_ratio", "percent", "ratio", "ratio", numerator="trained", denominator="staff"),
        _I("per_head", "number", "ratio", "last", numerator="trained", denominator="staff"),
    ),
    (_I("hours", "number", "mean", "mean"),),
    (_I("score", "number", "mean", "last"),),
    (_I("satisfied", "percent", "mean", "last"), _I("turnout", "percent", "mean", "mean")),
    (_I("least", "number", "min", "min"), _I("most", "number", "max", "max")),
    (_I("peak", "count", "sum", "max"), _I("average", "number", "sum", "mean")),
    (_I("has_plan", "yes_no", "sum", "last"), _I("has_page", "yes_no", "mean", "last")),
    (_I("prizes", required=False),),
    (
        _I("visits", over_time="last", cumulative=True),
        _I("far_visits", over_time="last", cumulative=True, part_of="visits"),
    ),
    (_I("within", "number", "none", "none"), _I("single", "number", "mean", "none")),
    (_I("mean_sum", "number", "mean", "sum"), _I("widest", "percent", "max", "max")),
)


@dataclass(frozen=True)
class Habits:
    """How often things happen in a world."""

    no_report: float
    blank: float
    kad: float
    zero: float


@dataclass
class Draft:
    """A roster in the making: rows that are over, and those that still hold, by code."""

    over: list[Unit] = field(default_factory=list)
    holding: dict[str, Unit] = field(default_factory=dict)
    numbers: int = 0
    divided: set[str] = field(default_factory=set)  # those that live on, which the list of units then expects

    def begin(self, kind: str, day: dt.date | None, predecessors: Sequence[str] = (), code: str = "") -> None:
        """A row from `day` on; a new code unless one is given."""
        if not code:
            self.numbers += 1
            code = f"{self.numbers:03}"
        self.holding[code] = Unit(code, named(code, day), kind, day, None, tuple(predecessors))

    def end(self, code: str, day: dt.date) -> Unit:
        """The unit's row holds for the last time on the day before `day`."""
        row = replace(self.holding.pop(code), last=day - DAY)
        self.over.append(row)
        return row


def random_world(seed: int) -> World:
    """The world of that seed."""
    rng = Random(f"world {seed}")
    start, last = rng.choice(_YEARS)
    quarters = [start]
    while quarters[-1] != last:
        quarters.append(quarters[-1].plus(1))
    kinds = KINDS[: rng.randint(2, 3)]
    habits = Habits(
        no_report=rng.choice((0, 0, 0.05, 0.2)),
        blank=rng.choice((0, 0.02, 0.1)),
        kad=rng.choice((0, 0.05, 0.15)),
        zero=rng.choice((0, 0.1, 0.3)),
    )
    units = _units(rng, kinds)
    world = World(rng.choice(("decree", "decree", "decree", "calendar")), units, _indicators(rng, kinds))
    silent = {quarter for quarter in quarters[:-1] if rng.random() < 0.04}
    imported = _imports(rng, world, quarters[: rng.choice((0, 0, 1, 2, 4))], habits)
    reports = _reports(rng, world, [q for q in quarters if q not in silent], habits)
    reports = _without_some_that_were_imported(rng, reports, {key[0] for key in imported})
    world = replace(world, reports=reports, imports=imported)
    corrections = _corrections(rng, world)
    return replace(world, corrections=corrections, plans=_plans(rng, world))


# ---- units


def _units(rng: Random, kinds: Sequence[str]) -> tuple[Unit, ...]:
    draft = Draft()
    for number in range(rng.randint(3, 9)):
        draft.begin(kinds[number % len(kinds)] if number < 2 else rng.choice(kinds), None)
    days = {REFORM, *(_some_day(rng) for _ in range(rng.randint(0, 2)))}
    for day in sorted(days):
        for _event in range(rng.randint(1, 3) if day == REFORM else 1):
            _change(rng, draft, day, kinds)
    return tuple(
        sorted([*draft.over, *draft.holding.values()], key=lambda row: (row.code, row.first or dt.date.min))
    )


def _some_day(rng: Random) -> dt.date:
    """The first day of a month, or any day; some of them before a quarter's window closes, some after it."""
    return dt.date(rng.choice((2024, 2025)), rng.randint(2, 11), rng.choice((1, 1, rng.randint(2, 28))))


def _change(rng: Random, draft: Draft, day: dt.date, kinds: Sequence[str]) -> None:
    """One thing that happens to some of the units that have held for a while."""
    codes = [
        code
        for code, row in draft.holding.items()
        if code not in draft.divided and (not row.first or row.first < day)
    ]
    rng.shuffle(codes)
    if len(codes) < 3 or draft.numbers >= MOST_UNITS:
        return
    one, two, three = codes[:3]
    kind = draft.holding[one].kind
    match rng.choice(
        (
            "merge",
            "merge",
            "split",
            "many",
            "rename",
            "recode",
            "absorb",
            "split off",
            "begin",
            "end",
            "kind",
            "kind",
        )
    ):
        case "merge":
            parts = [one, two, three][: rng.randint(2, 3)]
            for code in parts:
                draft.end(code, day)
            draft.begin(kind, day, parts)
        case "split":
            draft.end(one, day)
            for _part in range(2):
                draft.begin(kind, day, [one])
        case "many":
            for code in (one, two):
                draft.end(code, day)
            draft.begin(kind, day, [one, two])
            draft.begin(kind, day, rng.choice(([one, two], [two])))
        case "rename":
            row = draft.end(one, day)
            draft.begin(row.kind, day, row.predecessors if rng.random() < 0.5 else (), one)
        case "recode":
            draft.end(one, day)
            draft.begin(kind, day, [one])
        case "absorb":
            draft.end(two, day)
            draft.end(one, day)
            draft.begin(kind, day, [two], one)
        case "split off":
            draft.begin(kind, day, [one])
            draft.divided.add(one)
        case "begin":
            draft.begin(rng.choice(kinds), day)
        case "end":
            draft.end(one, day)
        case "kind":
            draft.end(one, day)
            draft.begin(rng.choice([other for other in kinds if other != kind]), day, (), one)


# ---- the form


def _indicators(rng: Random, kinds: Sequence[str]) -> dict[str, Indicator]:
    """Some of the blocks; a block may be asked of some kinds only, and a part of fewer still."""
    chosen = rng.sample(range(len(_BLOCKS)), rng.randint(3, 7))
    found: dict[str, Indicator] = {}
    for number in sorted(chosen):
        asked = tuple(sorted(rng.sample(kinds, rng.randint(1, len(kinds))))) if rng.random() < 0.3 else ()
        for one in _BLOCKS[number]:
            only = asked
            if one.part_of and rng.random() < 0.15:
                only = (rng.choice(asked or kinds),)
            optional = rng.random() < 0.1 and not one.share
            found[one.code] = replace(
                one, kinds=() if one.share else only, required=one.required and not optional
            )
    return found


# ---- what is sent


def _number(rng: Random, indicator: Indicator, habits: Habits) -> Decimal:
    """A figure as a unit might have it; small ones are frequent, so that bases of zero are."""
    if rng.random() < habits.zero:
        return Decimal(0)
    match indicator.type:
        case "yes_no":
            return Decimal(rng.randint(0, 1))
        case "percent":
            return Decimal(rng.randint(0, 1000)) / 1000
        case "money":
            return Decimal(rng.randint(1, 200_000)) / rng.choice((1, 10, 100))
        case "number":
            return Decimal(rng.randint(1, 4000)) / rng.choice((1, 10, 100))
    return Decimal(rng.choice((rng.randint(1, 9), rng.randint(1, 60), rng.randint(100, 9000))))


def _reports(
    rng: Random, world: World, quarters: Sequence[Quarter], habits: Habits
) -> dict[tuple[Quarter, str], Mapping[str, Typed]]:
    reports: dict[tuple[Quarter, str], Mapping[str, Typed]] = {}
    counters: dict[tuple[int, str, str], Decimal] = {}
    for quarter in quarters:
        for unit, row in world.on(quarter).items():
            answers: dict[str, Typed] = {}
            for code, indicator in world.indicators.items():
                if indicator.share or not world.asks(code, row):
                    continue
                number = _number(rng, indicator, habits)
                if indicator.cumulative:
                    key = (quarter.year, unit, code)
                    number = counters[key] = counters.get(key, Decimal(0)) + number
                    if rng.random() < 0.05:
                        number = Decimal(int(number / 2))
                if rng.random() < habits.kad:
                    answers[code] = KAD
                elif rng.random() >= habits.blank * (1 if indicator.required else 4):
                    answers[code] = number
            if rng.random() >= habits.no_report and answers:
                reports[quarter, unit] = answers
    return reports


def _imports(
    rng: Random, world: World, quarters: Sequence[Quarter], habits: Habits
) -> dict[tuple[Quarter, str, str], Typed]:
    """Figures of the first quarters: of the units, or of the province alone."""
    imports: dict[tuple[Quarter, str, str], Typed] = {}
    for quarter in quarters:
        of_province = rng.random() < 0.5
        parts = {part for one in world.indicators.values() for part in (one.numerator, one.denominator)}
        for code, indicator in world.indicators.items():
            if indicator.share or (code not in parts and rng.random() < 0.1):
                continue
            if of_province:
                if indicator.cumulative or indicator.over_units == "none" or code == "has_page":
                    continue
                number = _number(
                    rng, replace(indicator, type="count") if code == "has_plan" else indicator, habits
                )
                imports[quarter, PROVINCE, code] = number
                continue
            for unit, row in world.on(quarter).items():
                if world.asks(code, row) and rng.random() >= max(habits.no_report, habits.blank):
                    number = _number(rng, indicator, habits)
                    imports[quarter, unit, code] = KAD if rng.random() < habits.kad else number
    return imports


def _without_some_that_were_imported(
    rng: Random, reports: Mapping[tuple[Quarter, str], Mapping[str, Typed]], imported: set[Quarter]
) -> dict[tuple[Quarter, str], Mapping[str, Typed]]:
    """Of an imported quarter mostly nothing is sent, else some units' reports or all of them."""
    sent = {quarter: rng.choice((0.0, 0.0, 0.0, 0.4, 1.0)) for quarter in sorted(imported)}
    return {key: answers for key, answers in reports.items() if rng.random() < sent.get(key[0], 1.0)}


def _corrections(rng: Random, world: World) -> dict[tuple[Quarter, str, str], Typed]:
    """Some figures told by telephone, of cells that are filled in and of blank ones."""
    found: dict[tuple[Quarter, str, str], Typed] = {}
    for _told in range(rng.choice((0, 1, 3))):
        quarter, unit = rng.choice(list(world.reports))
        row = world.on(quarter)[unit]
        codes = [code for code, one in world.indicators.items() if not one.share and world.asks(code, row)]
        code = rng.choice(codes)
        number = _number(rng, world.indicators[code], Habits(0, 0, 0, 0.1))
        found[quarter, unit, code] = KAD if rng.random() < 0.1 else number
    return found


# ---- plans


def _plans(rng: Random, world: World) -> dict[tuple[int, str, str], Decimal]:
    """For some indicators and years: plans of the units of the first quarter, of the last, of both, of some,
    and of the province."""
    plans: dict[tuple[int, str, str], Decimal] = {}
    for code, indicator in world.indicators.items():
        if indicator.over_units not in ("sum", "ratio") or indicator.type == "yes_no":
            continue
        for year in (2024, 2025):
            mode = rng.choice(("none", "none", "old", "new", "both", "some", "province", "both kinds"))
            if mode == "none":
                continue
            if mode in ("province", "both kinds") or indicator.share:
                share = Decimal(rng.randint(1, 100)) / 100
                plans[year, PROVINCE, code] = share if indicator.share else Decimal(rng.randint(1, 9000))
            if mode == "province" or indicator.share:
                continue
            first, last = (world.on(Quarter(year, number)) for number in (1, 4))
            asked = {"old": [first], "new": [last]}.get(mode, [first, last])
            units = {unit for rows in asked for unit, row in rows.items() if world.asks(code, row)}
            for unit in sorted(units):
                if mode != "some" or rng.random() < 0.5:
                    plans[year, unit, code] = Decimal(rng.randint(0, 400))
    return plans
