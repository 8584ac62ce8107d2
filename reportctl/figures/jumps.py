"""Figures of the province that jumped, with the units behind it: notes below a summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.figures.answers import Answers
from reportctl.figures.figures import Exact, Figure, Number, Summary, exact, rounded
from reportctl.figures.notes import names_of
from reportctl.figures.totals import counting_quarters, over_time, own_values
from reportctl.form.indicators import KIND_OF, Indicator
from reportctl.workspace.settings import CheckSettings
from reportctl.workspace.units import Unit

_NAMED = 3  # units behind a jump that a note names


@dataclass(frozen=True, slots=True)
class Jump:
    """A figure that is many times as much or as little as it was `then`, or than the year's plan where
    `then` is None; `compared` are the units over which it is, empty where these are all."""

    figure: Figure
    value: Number
    base: Number
    then: Period | None
    compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """What units that are compared together did `now` and `then`; None: nothing of then is known of them."""

    units: tuple[str, ...]
    now: Exact
    then: Exact | None


def jumps(summary: Summary, limits: CheckSettings, sections: AbstractSet[str]) -> list[Jump]:
    """The figures in these sections that jumped.

    A figure jumps where it is more than `limits.times` times as much or as little as in the period before
    and, where there is one, in the same period last year; what comes every year is none. One that jumped
    neither way, but is beyond `limits.of_plan` times the plan of the year, counts as well.
    """
    found = []
    for figure in summary.figures.values():
        if figure.section in sections and figure.indicator.amount:
            jump = _from_earlier(figure, summary.period, limits) or _beyond_plan(figure, limits)
            if jump:
                found.append(jump)
    return found


def _from_earlier(figure: Figure, period: Period, limits: CheckSettings) -> Jump | None:
    periods = {"previous": period.previous, "year_ago": period.year_ago}
    beside = [
        Jump(figure, one.value, one.base, then, one.units)
        for which, then in periods.items()
        if then is not None
        and (one := figure.against(which)).value is not None
        and one.base is not None
        and one.base > 0
    ]
    apart = [one for one in beside if _apart(one.value, one.base, limits.times, limits)]
    same_way = len({one.value > one.base for one in apart}) == 1
    return apart[0] if same_way and len(apart) == len(beside) else None


def _beyond_plan(figure: Figure, limits: CheckSettings) -> Jump | None:
    done, plan = figure.done_of_plan, figure.plan
    if done is None or plan is None or not 0 < plan < done:
        return None
    return Jump(figure, done, plan, None) if _apart(done, plan, limits.of_plan, limits) else None


def _apart(value: Number, other: Number, times: float, limits: CheckSettings) -> bool:
    """Whether one is more than so many times the other; to small figures something is added first."""
    low, high = sorted((value + limits.small, other + limits.small))
    return high > times * low


def jump_notes(
    found: Sequence[Jump], answers: Answers, period: Period, units: Mapping[str, Unit]
) -> tuple[str, ...]:
    """A note on each jump: the figure, what it is compared with, the units that account for most of it."""
    return tuple(_note(jump, answers, period, units) for jump in found)


def _note(jump: Jump, answers: Answers, period: Period, units: Mapping[str, Unit]) -> str:
    indicator = jump.figure.indicator
    in_words = _in_words(indicator)
    parts = _behind(jump, _parts(jump, answers, period))
    rows = {unit: answers.calendar.roster.rows(unit) for part in parts for unit in part.units}
    named = {unit: row[-1] for unit, row in rows.items() if row} | dict(units)
    told = "; ".join(_part_in_words(part, named, in_words) for part in parts)
    what = {"label": str(indicator.name), "value": in_words(jump.value), "base": in_words(jump.base)}
    if jump.then is None:
        sentence = _("“{label}” is {value} in the year to date, and the plan of the year is {base}.")
        if told:
            sentence = _(
                "“{label}” is {value} in the year to date, and the plan of the year is {base}; mostly by: "
                "{units}."
            )
        return sentence.format(**what, units=told)
    sentence = _("“{label}” is {value}; in {period} it was {base}.")
    if told:
        sentence = _("“{label}” is {value}; in {period} it was {base}; mostly by: {units}.")
    return sentence.format(**what, period=wording.period_words(jump.then), units=told)


def _in_words(indicator: Indicator) -> Callable[[Number], str]:
    return lambda value: wording.running_text(value, KIND_OF[indicator.type])


def _part_in_words(part: _Part, units: Mapping[str, Unit], in_words: Callable[[Number], str]) -> str:
    today = [unit for unit in part.units if unit in units]
    names, now = names_of(today or part.units, units), in_words(rounded(part.now))
    if part.then is None:
        return f"{names} ({now})"
    return _("{units} (from {then} to {now})").format(units=names, then=in_words(rounded(part.then)), now=now)


def _parts(jump: Jump, answers: Answers, period: Period) -> list[_Part]:
    """What the units did now and then, of those over which the figure is compared. There is no then where
    only the province's figure was imported, and there are no parts where it is of now."""
    indicator = jump.figure.indicator
    if jump.then is None:
        quarters = counting_quarters(answers.form, indicator, period.to_date)
        return [_Part((unit,), now, None) for unit, now in _own(answers, indicator, quarters).items()]
    of_now, of_then = (
        counting_quarters(answers.form, indicator, one.quarters) for one in (period, jump.then)
    )
    now, then = (_own(answers, indicator, quarters) for quarters in (of_now, of_then))
    if any(one.province is not None for one in answers.of(indicator, of_now)):
        return []
    if any(one.province is not None for one in answers.of(indicator, of_then)):
        return [_Part((unit,), value, None) for unit, value in now.items()]
    groups = answers.calendar.groups((*of_now, *of_then))
    members: dict[str, list[str]] = {}
    for unit in dict.fromkeys((*now, *then)):
        if unit in jump.compared or not jump.compared:
            members.setdefault(groups.get(unit, unit), []).append(unit)
    return [
        _Part(tuple(u for u in group if u in now) or tuple(group), _sum(now, group), _sum(then, group))
        for group in members.values()
    ]


def _own(answers: Answers, indicator: Indicator, quarters: Sequence[Quarter]) -> dict[str, Exact]:
    return own_values(over_time(indicator, answers.of(indicator, quarters)))


def _sum(values: Mapping[str, Exact], units: Iterable[str]) -> Exact:
    return sum(values.get(unit, 0) for unit in units)


def _behind(jump: Jump, parts: Sequence[_Part]) -> list[_Part]:
    """The first of the units that account for half of the jump, the largest first; at most so many as a note
    names. None where a fall is known of the province alone."""
    up = jump.value > jump.base
    moves = [(part.now - (part.then or 0) if up else (part.then or 0) - part.now, part) for part in parts]
    moved = sorted(((move, part) for move, part in moves if move > 0), key=lambda one: -one[0])
    whole, found, so_far = sum(move for move, _part in moved), list[_Part](), exact(0)
    for move, part in moved[:_NAMED]:
        found.append(part)
        so_far += move
        if 2 * so_far >= whole:
            break
    return found
