"""The province's figures of a period, as values that tables, exports and reports say."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from reportctl.core.language import Phrase
from reportctl.core.period import Period, Quarter
from reportctl.core.table import Absent
from reportctl.form.asked_then import Unasked
from reportctl.form.indicators import Indicator

Number = int | float  # as it is printed and written to JSON: exact, or to 15 digits
Exact = int | Fraction


def exact(value: Number) -> Exact:
    """`value` as the decimal number that a spreadsheet shows of it, to 15 digits: 0.1 is a tenth."""
    return value if isinstance(value, int) else _exact_of_float(value)


@functools.lru_cache(maxsize=2**14)
def _exact_of_float(value: float) -> Exact:
    fraction = Fraction(f"{value:.15g}")
    return fraction.numerator if fraction.denominator == 1 else fraction


def rounded(value: Exact) -> Number:
    """`value` to the 15 digits that a float holds; whole numbers as such."""
    if value.denominator == 1:
        return value.numerator
    number = float(f"{Decimal(value.numerator) / value.denominator:.15g}")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def total(values: Iterable[object]) -> Number | None:
    """The sum of the numbers among `values`; None where there is no number."""
    numbers = [exact(value) for value in values if isinstance(value, int | float)]
    return rounded(sum(numbers)) if numbers else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Units by code, in the roster's order: who is to report, of whom a submission counts, who is missing.

    Of a span: in each of its quarters in which the unit is to report, and in any of them; `by_quarter` says
    who is missing in which.
    """

    expected: tuple[str, ...]
    accepted: tuple[str, ...]
    missing: tuple[str, ...]
    by_quarter: Mapping[Quarter, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside that of another period, both over the same groups of units.

    `whole` is the other period's total of all units. `base` and `value` are the other period's and this one's
    figure over the groups that can be compared; `change` follows from these two: a fraction (0.125: an eighth
    more), of a percentage the difference (0.021: 2.1 percentage points). None: there is none to give.
    `comparable`: how many of the units asked on this period's last day are in these groups; None where there
    is nothing to compare with. `units`: the groups' units of both periods. `reported`: how many units gave a
    figure in the other period, of how many asked on its last day. `fewer`: units that are not compared have
    part in this period's figure. `partial`: some of the other period's quarters are missing, so that it is no
    base. `regrouped`: nothing can be compared because units were regrouped. `over`: "groups"; "totals" of the
    province, because one was imported without the units' figures; "all", whoever reported in each period,
    which the office has chosen. `unasked`: the other period's quarters whose form did not ask the figure, or
    asked it as something else, so that there is no base.
    """

    whole: Number | None = None
    base: Number | None = None
    value: Number | None = None
    change: Number | None = None
    comparable: int | None = None
    units: tuple[str, ...] = ()
    reported: tuple[int, int] = (0, 0)
    fewer: bool = False
    partial: bool = False
    regrouped: bool = False
    over: Literal["groups", "totals", "all"] = "groups"
    unasked: tuple[tuple[Quarter, Unasked], ...] = ()


NO_COMPARISON = Comparison()


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """What is to be reached in the year (`target`), and what has been `done` of it to date, both exact.

    It is that of a group of units: one with its predecessors and heirs within the year. `target` is None
    where the plan of the group is not that of all its units at one time: it was given to some of them only,
    or to units and to what became of them. `done` is None where nothing was reported. `today` are the group's
    units on the last day, `units` all that the figures are of, `judged` how many of today's have a plan that
    counts. `incomplete`: units that were asked in an earlier quarter of the year gave no figure then.
    `lacking`: what counts as it is on the last day was not given by all of today's units.
    """

    target: Exact | None
    done: Exact | None
    judged: int = 0
    today: tuple[str, ...] = ()
    units: tuple[str, ...] = field(default=(), compare=False)
    incomplete: bool = field(default=False, compare=False)
    lacking: bool = field(default=False, compare=False)

    @property
    def plan(self) -> Number | None:
        """What is to be reached, as it is printed."""
        return None if self.target is None else rounded(self.target)

    @property
    def to_date(self) -> Number | None:
        """What has been done of it, as it is printed."""
        return None if self.done is None else rounded(self.done)

    @property
    def of_plan(self) -> Number | None:
        """What part of the plan that is, a fraction; None where nothing was reported, or is to be reached."""
        if self.target is None or self.done is None or self.target <= 0:
            return None
        return rounded(Fraction(self.done) / self.target)


@dataclass(frozen=True, slots=True)
class Apart:
    """That a figure is more (or, below zero, less) by `amount` than its `parts` (codes) make as they are
    printed, because it was made of other parts in a quarter, or because the units named in `given_by` gave
    figures that do not add up, which were accepted or corrected so.

    `of` is the column whose figure holds that quarter's: "value", "to_date", "previous" or "year_ago".
    `dropped` names the parts that it had then alone, `added` those that it has now alone and that were asked
    then; `called` is the figure's name among its parts. `units`: whose own figures differ so.
    """

    of: str
    quarter: Quarter
    amount: Number
    called: Phrase
    dropped: tuple[Phrase, ...]
    added: tuple[Phrase, ...]
    parts: tuple[str, ...]
    units: frozenset[str] = frozenset()
    given_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of the province; None: there is no figure to give.

    `estimate`: some unit marked its figure as an estimate. `units_reporting` gave a figure, `asked_reporting`
    of the `units_asked` on the period's last day. `given`: how many units gave one, of those that were asked
    and whose submissions count. `gaps`: the quarters of the year in which units that were asked gave no
    figure, so that the year to date lacks them, and how many; `unasked`: those whose form did not ask it, or
    as something else. `apart`: in which quarters its parts do not make it. `absent`: that there is no figure
    because nobody was asked, or it applied to nobody who answered. `of_plan` is a fraction: `done_of_plan` of
    `plan`, both over `planned` of the units asked (`with_plan`, with those that they were made of), or of
    the province as a whole; `plan_incomplete`: it lacks such a quarter.
    """

    section: str
    indicator: Indicator
    value: Number | None
    estimate: bool
    against_previous: Comparison
    against_year_ago: Comparison
    to_date: Number | None
    plan: Number | None
    of_plan: Number | None
    done_of_plan: Number | None
    planned: int
    with_plan: tuple[str, ...]
    plan_incomplete: bool
    units_reporting: int
    units_asked: int
    asked_reporting: int
    given: tuple[int, int]
    gaps: tuple[tuple[Quarter, int], ...] = ()
    unasked: tuple[tuple[Quarter, Unasked], ...] = ()
    apart: tuple[Apart, ...] = ()
    absent: Absent | None = None

    def apart_in(self, column: str) -> tuple[Apart, ...]:
        """Of which other parts what the column "value", "to_date", "previous" or "year_ago" has is made."""
        return tuple(one for one in self.apart if one.of == column and not one.given_by)

    @property
    def previous(self) -> Number | None:
        """The whole total of the period before."""
        return self.against_previous.whole

    @property
    def year_ago(self) -> Number | None:
        """The whole total of the same period last year."""
        return self.against_year_ago.whole

    @property
    def change_previous(self) -> Number | None:
        """The change from the period before, over the groups compared."""
        return self.against_previous.change

    @property
    def change_year_ago(self) -> Number | None:
        """The change from the same period last year, over the groups compared."""
        return self.against_year_ago.change

    def against(self, which: str) -> Comparison:
        """The comparison with "previous" or "year_ago"."""
        return self.against_previous if which == "previous" else self.against_year_ago


@dataclass(frozen=True)
class Summary:
    """All figures of a period by indicator code, and each unit's own values (unit, then code).

    `progress`: by code, how far each group of units that has a plan is with it, in the plan's order.
    `lacking`: by code, the units whose figure of a span lacks a quarter; `asked`: those asked on its last
    day. `undivided`: by code, what the province's figure has beyond the units' own, because a total was
    imported without them. `moved`: the units that were of another kind earlier in the period. `shares`: by
    code of a share and unit, what was divided by what, both of the quarters in which there are both.
    """

    period: Period
    coverage: Coverage
    figures: Mapping[str, Figure]
    by_unit: Mapping[str, Mapping[str, Number | Absent | None]]
    progress: Mapping[str, Sequence[PlanProgress]]
    lacking: Mapping[str, AbstractSet[str]]
    asked: Mapping[str, AbstractSet[str]]
    undivided: Mapping[str, Number]
    moved: Sequence[str]
    shares: Mapping[str, Mapping[str, tuple[Exact, Exact]]]
