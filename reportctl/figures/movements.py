"""The figures that changed most from another period, both over the same units."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportctl.core.wording import exact, rounded
from reportctl.figures.figures import Comparison, Figure, Number, Summary
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form

LEAST_BASE = 10  # below that one meeting more or less is a large part of the whole
LEAST_CHANGE = Decimal("0.05")  # a twentieth, or five percentage points
MOST = 3  # that are named of those that rose, and of those that fell

_SLOT_OF_CHANGE = re.compile(r"\{([^{}]+)\.(?:change_year_ago|change_previous)\}")


@dataclass(frozen=True, slots=True)
class Movement:
    """A figure's change from `base` to `value`: a fraction of the base, or the difference of percentages."""

    figure: Figure
    base: Number
    value: Number
    change: Number

    @property
    def printed(self) -> Decimal:
        """The size of the change as it is printed, in hundredths with one decimal: by that the largest are
        chosen, so that what looks equal counts as equal."""
        return rounded(abs(exact(self.change)) * 100, 1)


@dataclass(frozen=True, slots=True)
class Movements:
    """How the figures of a period moved `against` another one.

    `up`, `down` and `same` are all figures of whose change the table of all figures says how much it is, in
    the form's order; `rose` and `fell` the largest changes, the largest first, of the `main` figures: those
    that a sentence of the form is about and that are like for like in both periods.
    """

    against: Literal["year_ago", "previous"]
    rose: tuple[Movement, ...]
    fell: tuple[Movement, ...]
    up: tuple[Figure, ...]
    down: tuple[Figure, ...]
    same: tuple[Figure, ...]
    main: tuple[Figure, ...]

    @property
    def of_some(self) -> bool:
        """Whether there are other figures than the main ones: the largest changes are not those of all."""
        return len(self.main) < len(self.compared)

    @property
    def compared(self) -> tuple[Figure, ...]:
        """All figures that can be compared."""
        return (*self.up, *self.down, *self.same)


def movements(summary: Summary, form: Form) -> Movements:
    """How the figures of `form` moved from the same period last year; where none can be compared with that,
    from the period before.

    Of the main figures only what is like for like counts: over units complete in both periods, at least half
    of those asked. Parts of a whole move with it and are not told apart. A large change is one of a twentieth
    or five percentage points that does not start from a handful (`LEAST_BASE`).
    """
    main = {one.code for one in _spoken_of(form)}
    printed = [
        i for section in form.sections for i in section.indicators if i.numeric and i.over_units != "none"
    ]
    figures = [summary.figures[one.code] for one in printed if one.code in summary.figures]
    found = _against(figures, main, summary, "year_ago")
    if not found.compared and summary.period.previous is not None:
        return _against(figures, main, summary, "previous")
    return found


def _largest(ordered: Sequence[Movement]) -> tuple[Movement, ...]:
    """The first of the movements, which are ordered; those that are printed alike are taken or left together.

    Where all of those in front are alike and more than are named otherwise, they are all taken.
    """
    if len(ordered) <= MOST:
        return tuple(ordered)
    bound = ordered[MOST - 1].printed
    larger = [one for one in ordered if one.printed > bound]
    alike = [one for one in ordered if one.printed == bound]
    return tuple(larger if larger and len(larger) + len(alike) > MOST else [*larger, *alike])


def _spoken_of(form: Form) -> Iterator[Indicator]:
    """The indicators that sentences of the form are about, in its order; no parts of others."""
    named = {
        code
        for section in form.sections
        for text in (section.sentence, *(one.sentence for one in section.indicators))
        for code in _SLOT_OF_CHANGE.findall(text)
    }
    for section in form.sections:
        for indicator in section.indicators:
            spoken = bool(indicator.sentence) or indicator.code in named
            if spoken and indicator.numeric and not indicator.part_of:
                yield indicator


def _against(
    figures: Iterable[Figure],
    spoken_of: Collection[str],
    summary: Summary,
    which: Literal["year_ago", "previous"],
) -> Movements:
    up: list[Figure] = []
    down: list[Figure] = []
    same: list[Figure] = []
    main: list[Figure] = []
    large: list[Movement] = []
    for figure in figures:
        found = figure.against(which)
        if found.value is None or found.base is None or found.change is None:
            continue
        (up if found.change > 0 else down if found.change < 0 else same).append(figure)
        if figure.indicator.code not in spoken_of or not _like_for_like(figure, found):
            continue
        main.append(figure)
        if abs(exact(found.change)) >= LEAST_CHANGE and _starts_large(figure, found, summary, which):
            large.append(Movement(figure, found.base, found.value, found.change))
    large.sort(key=lambda one: -one.printed)  # as in the form where they are equal
    return Movements(
        which,
        rose=_largest([one for one in large if one.change > 0]),
        fell=_largest([one for one in large if one.change < 0]),
        up=tuple(up),
        down=tuple(down),
        same=tuple(same),
        main=tuple(main),
    )


def _like_for_like(figure: Figure, found: Comparison) -> bool:
    """Whether the change is over the same units in both periods, and over at least half of those asked."""
    if found.over == "all":  # whoever reported: alike where all did
        now = (figure.asked_reporting, figure.units_asked)
        return now[0] == now[1] and found.reported[0] == found.reported[1]
    return found.comparable is None or 2 * found.comparable >= figure.units_asked


def _starts_large(
    figure: Figure, found: Comparison, summary: Summary, which: Literal["year_ago", "previous"]
) -> bool:
    """Whether the base is no handful: of amounts the base itself, of a share what it is a share of, of a mean
    the units that it is over."""
    indicator = figure.indicator
    if indicator.computed:
        whole = summary.figures.get(indicator.denominator)
        base = whole.against(which).base if whole else None
        return base is not None and base >= LEAST_BASE
    if indicator.over_units == "sum":
        return found.base is not None and found.base >= LEAST_BASE
    return (
        indicator.over_units == "mean"
        and len(found.units) >= LEAST_BASE
        and indicator.type is not Type.YES_NO
    )
