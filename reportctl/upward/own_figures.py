"""The figures of this office that are handed up: exact, with over how many units each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from reportctl.core.period import Quarter
from reportctl.figures.answers import Answered, Answers, asked_units, read_answers
from reportctl.figures.figures import Exact, exact
from reportctl.figures.lists import list_figures
from reportctl.figures.summary import year_to_date
from reportctl.figures.totals import counting_quarters, of_province, own_values
from reportctl.form.indicators import Indicator, Type
from reportctl.form.layout import YES
from reportctl.form.model import Form, ListSection
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ListRecord
from reportctl.upward.leads import ROWS, Source
from reportctl.workspace.units_by_period import Calendar

Why = Literal["", "nobody", "not_added", "unknown"]  # why there is no value


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """One figure: None where there is none to give, and `why`; `nothing`: it applies to no unit.

    It is over `given` of the `asked` units; both are 0 where it was imported without units' figures.
    `counts`: it is a number of units or rows.
    """

    value: Exact | None
    type: Type
    measure: str = ""
    given: int = 0
    asked: int = 0
    estimate: bool = False
    nothing: bool = False
    counts: bool = False
    why: Why = ""


@dataclass(frozen=True)
class OwnFigures:
    """Finds the figures of one quarter in the ledger."""

    ledger: Ledger
    form: Form
    calendar: Calendar
    quarter: Quarter
    _listed: dict[str, list[ListRecord]] = field(default_factory=dict)

    @cached_property
    def answers(self) -> Answers:
        """The units' answers of the year up to the quarter."""
        return read_answers(self.ledger, self.form, self.calendar, self.quarter.to_date)

    def figure(self, source: Source, *, since_january: bool) -> OwnFigure:
        """The figure that `source` means, of the quarter or of the year so far."""
        listed = next((one for one in self.form.lists if one.code == source.code), None)
        if listed:
            return self._of_list(listed, source.column)
        indicator = self.form.indicators[source.code]
        if source.answer and indicator.type is Type.CHOICE:
            return self._chosen(indicator, source.answer)
        if source.answer:
            return self._said(indicator, source.answer == YES)
        return self._added_up(indicator, since_january=since_january)

    def rows(self, code: str) -> list[ListRecord]:
        """The rows of a list, by unit and place in its sheet."""
        if code not in self._listed:
            self._listed[code] = self.ledger.list_rows((self.quarter,), code)
        return self._listed[code]

    def _added_up(self, indicator: Indicator, *, since_january: bool) -> OwnFigure:
        quarters = self.quarter.to_date if since_january else (self.quarter,)
        if since_january and indicator.cumulative:
            answered = [self.answers.as_typed(indicator, self.quarter)]
            value = year_to_date(self.answers, indicator, self.quarter)
        else:
            answered = self.answers.of(indicator, counting_quarters(self.form, indicator, quarters))
            value = of_province(indicator, answered)
        return self._over(answered, value, indicator)

    def _said(self, indicator: Indicator, said: bool) -> OwnFigure:
        """How many units said yes, or no."""
        answered = self.answers.of(indicator, (self.quarter,))
        values = own_values(answered[0].values)
        number = sum(value == int(said) for value in values.values())
        return self._over(answered, number if values else None, indicator, counts=True)

    def _over(
        self, answered: Sequence[Answered], value: Exact | None, indicator: Indicator, *, counts: bool = False
    ) -> OwnFigure:
        """A figure made of these answers, with how many units it is over."""
        imported = any(one.province is not None for one in answered) and not counts
        asked = frozenset[str]().union(*(one.asked for one in answered))
        short = frozenset[str]().union(*(one.missing for one in answered))
        values = any(one.values for one in answered)
        nothing = value is None and not values and not short and any(one.nothing for one in answered)
        return OwnFigure(
            value,
            indicator.type,
            indicator.unit_of_measure,
            0 if imported else len(asked - short),
            0 if imported else len(asked),
            any(one.estimates for one in answered),
            nothing,
            counts,
            "" if value is not None or nothing else "not_added" if values or imported else "nobody",
        )

    def _chosen(self, indicator: Indicator, answer: str) -> OwnFigure:
        """How many units gave that answer to a choice."""
        asked = asked_units(indicator, self.calendar, self.quarter)
        values = self.ledger.unit_values(self.quarter, codes=[indicator.code])
        nothing = {unit for unit, _code in self.ledger.not_applicable(self.quarter, asked, [indicator.code])}
        given = asked & (nothing | {unit for unit, _code, _value in values})
        return OwnFigure(
            sum(value == answer for _unit, _code, value in values) if values else None,
            Type.COUNT,
            given=len(given),
            asked=len(asked),
            nothing=not values and bool(asked) and nothing == asked,
            counts=True,
            why="" if values else "nobody",
        )

    def _of_list(self, listed: ListSection, column: str) -> OwnFigure:
        """How many rows the list has, or what one of its columns comes to."""
        found = list_figures(self.ledger, listed, self.calendar, self.quarter)
        asked, sent, given = found.asked[self.quarter], found.given(), found.given(column)
        rows = found.records
        if column == ROWS and all(one.code != ROWS for one in listed.columns):
            value: Exact | None = len(rows)
            of, measure = Type.COUNT, ""
        else:
            asks = next(one for one in listed.columns if one.code == column)
            numbers = [row.values.get(column) for row in rows]
            value = sum(exact(one) for one in numbers if isinstance(one, int | float))
            of, measure = asks.type, asks.unit_of_measure
        return OwnFigure(
            value if sent else None,
            of,
            measure,
            len(given),
            len(asked),
            counts=column == ROWS,
            why="" if sent else "nobody",
        )


def combined(figures: Sequence[OwnFigure]) -> OwnFigure:
    """Several figures added up as one; what applies to no unit counts for nothing, and without one of the
    others there is no sum. It is over as many units as the one over the fewest."""
    some = [one for one in figures if not one.nothing]
    if len(figures) == 1 or not some:
        return figures[0]
    values = [one.value for one in some]
    least = min(some, key=lambda one: one.given - one.asked)
    return OwnFigure(
        sum(value for value in values if value is not None) if None not in values else None,
        some[0].type,
        some[0].measure,
        least.given,
        least.asked,
        any(one.estimate for one in some),
        counts=all(one.counts for one in some),
        why=next((one.why for one in some if one.why), ""),
    )
