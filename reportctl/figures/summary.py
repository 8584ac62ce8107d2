"""What a period's figures come to beside those of other periods and the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from reportctl.core.period import Period, Quarter
from reportctl.core.table import NOT_APPLICABLE, NOT_ASKED, Absent
from reportctl.figures.answers import Amount, Answered, Answers, Share, read_answers
from reportctl.figures.apart import with_apart
from reportctl.figures.comparisons import change_of, comparisons
from reportctl.figures.figures import (
    NO_COMPARISON,
    Comparison,
    Coverage,
    Exact,
    Figure,
    Number,
    PlanProgress,
    Summary,
    exact,
    rounded,
)
from reportctl.figures.plan import (
    Plan,
    done_by_unit,
    missing_in_year,
    of_province_plan,
    progress_by_group,
    unasked_in_year,
)
from reportctl.figures.totals import counting_quarters, of_province, over_time, over_units, own_values
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form, applies
from reportctl.ledger.ledger import Ledger
from reportctl.workspace.units_by_period import Calendar

Base = Literal["comparable", "all"]


def summarise(
    ledger: Ledger, form: Form, calendar: Calendar, plan: Plan, period: Period, base: Base = "comparable"
) -> Summary:
    """Every numeric indicator of `form` for `period`: its figure, what it compares with, each unit's own.

    With the `base` "all", figures are set beside the whole totals of other periods, whoever reported in each.
    """
    answers = read_answers(ledger, form, calendar, needed_quarters(period))
    return summary_of_answers(answers, plan, period, base)


def needed_quarters(period: Period) -> tuple[Quarter, ...]:
    """The quarters whose figures a summary of `period` may rest on, oldest first."""
    spans = [period, period.year_ago, *([period.previous] if period.previous else [])]
    return tuple(sorted({*period.to_date, *(quarter for span in spans for quarter in span.quarters)}))


def summary_of_answers(answers: Answers, plan: Plan, period: Period, base: Base = "comparable") -> Summary:
    """As `summarise`, from answers that were read already."""
    form, calendar = answers.form, answers.calendar
    previous = comparisons(answers, period, period.previous) if period.previous else {}
    year_ago = comparisons(answers, period, period.year_ago)
    figures: dict[str, Figure] = {}
    totals: dict[str, dict[str, Amount]] = {}
    progress: dict[str, Sequence[PlanProgress]] = {}
    lacking: dict[str, frozenset[str]] = {}
    asked: dict[str, frozenset[str]] = {}
    undivided: dict[str, Number] = {}
    for section in form.all_sections:
        for indicator in section.indicators:
            if not indicator.numeric:
                continue
            code = indicator.code
            counting = counting_quarters(answers.form, indicator, period.quarters)
            answered = answers.of(indicator, counting)
            totals[code] = over_time(indicator, answered)
            value = of_province(indicator, answered)
            to_date = year_to_date(answers, indicator, period)
            by_group = progress_by_group(answers, indicator, plan, period)
            planned = of_province_plan(answers, indicator, plan, by_group, to_date, period)
            if by_group:
                progress[code] = by_group
            against = [
                _over_all(indicator, one, value) if base == "all" else one
                for one in (previous.get(code, NO_COMPARISON), year_ago[code])
            ]
            (last,) = answers.of(indicator, (period.last,))
            figures[code] = Figure(
                section=section.code,
                indicator=indicator,
                value=None if value is None else rounded(value),
                estimate=any(one.estimates for one in answered),
                against_previous=against[0],
                against_year_ago=against[1],
                to_date=None if to_date is None else rounded(to_date),
                plan=planned.plan,
                of_plan=planned.of_plan,
                done_of_plan=planned.to_date,
                planned=planned.judged,
                with_plan=planned.units,
                plan_incomplete=planned.incomplete,
                units_reporting=len(own := own_values(totals[code])),
                units_asked=len(last.asked),
                asked_reporting=len(last.asked & own.keys()),
                given=_given(answers, indicator, counting),
                gaps=tuple(
                    (q, len(codes)) for q, codes in missing_in_year(answers, indicator, period).items()
                ),
                unasked=tuple(
                    sorted(
                        unasked_in_year(answers, indicator, period).items()
                        | {one.unasked for one in answered if one.unasked}
                    )
                ),
                absent=_absent(answered) if value is None else None,
            )
            whole = over_units(indicator, totals[code].values())
            asked[code] = last.asked
            if len(counting) > 1:
                short = frozenset[str]().union(*(one.missing for one in answered))
                units = frozenset(totals[code])
                lacking[code] = units if any(one.unasked for one in answered) else short & units
            if indicator.over_units == "sum" and value is not None and value != (whole or 0):
                undivided[code] = rounded(value - (whole or 0))
    return Summary(
        period,
        _coverage(answers, period),
        with_apart(answers, figures, period),
        _by_unit(answers, period, totals),
        progress,
        lacking,
        asked,
        undivided,
        _moved(calendar, period),
        {
            code: {unit: amount for unit, amount in of_code.items() if isinstance(amount, Share)}
            for code, of_code in totals.items()
            if form.indicators[code].computed
        },
    )


def year_to_date(answers: Answers, indicator: Indicator, period: Period) -> Exact | None:
    """The province's figure of the year up to the last quarter of `period`; of what is filled in from the
    beginning of the year what was filled in last."""
    if not indicator.cumulative:
        counting = counting_quarters(answers.form, indicator, period.to_date)
        return of_province(indicator, answers.of(indicator, counting))
    last = answers.as_typed(indicator, period.last)
    if last.province is not None:
        return of_province(indicator, [last])
    return over_units(indicator, done_by_unit(answers, indicator, period).values())


def _over_all(indicator: Indicator, found: Comparison, value: Exact | None) -> Comparison:
    """The comparison with the whole total of the other period instead of that of the groups compared."""
    if value is None or found.whole is None:
        return replace(found, base=None, value=None, change=None, units=(), regrouped=False)
    return replace(
        found,
        base=found.whole,
        value=rounded(value),
        change=change_of(indicator, value, exact(found.whole)),
        units=(),
        regrouped=False,
        over="all",
    )


def _given(answers: Answers, indicator: Indicator, quarters: Sequence[Quarter]) -> tuple[int, int]:
    """How many units gave a figure in each of these quarters in which they were asked and their submission
    counts, and how many these are. Whom it does not apply to is not among them."""
    reported: set[str] = set()
    short: set[str] = set()
    for quarter, one in zip(quarters, answers.of(indicator, quarters), strict=True):
        if one.province is None and not one.unasked:
            accepted = (one.asked & answers.returned[quarter]) - one.nothing
            reported |= accepted
            short |= accepted.difference(one.values)
    return len(reported) - len(short), len(reported)


def _absent(answered: Sequence[Answered]) -> Absent | None:
    """What is to be said where the quarters that count come to no figure: nobody was asked, or it applies to
    none of those who were; None: some have not reported."""
    if answered and not any(one.asked or one.nothing for one in answered):
        return NOT_ASKED
    nothing = any(one.nothing for one in answered) and not any(one.values or one.missing for one in answered)
    return NOT_APPLICABLE if nothing else None


def _coverage(answers: Answers, period: Period) -> Coverage:
    expected = tuple(answers.calendar.units(period))
    by_quarter = {
        quarter: tuple(
            code for code in answers.calendar.units(quarter) if code not in answers.returned[quarter]
        )
        for quarter in period.quarters
    }
    missing = {code for codes in by_quarter.values() for code in codes}
    return Coverage(
        expected,
        accepted=tuple(code for code in expected if code not in missing),
        missing=tuple(code for code in expected if code in missing),
        by_quarter=by_quarter,
    )


def _moved(calendar: Calendar, period: Period) -> tuple[str, ...]:
    """The units that were of another kind earlier in the period than they are in it last."""
    last = calendar.units(period)
    earlier = (calendar.units(quarter) for quarter in period.quarters)
    return tuple(
        dict.fromkeys(
            code for units in earlier for code, unit in units.items() if unit.kind != last[code].kind
        )
    )


def _by_unit(
    answers: Answers, period: Period, totals: Mapping[str, Mapping[str, Amount]]
) -> dict[str, dict[str, Number | Absent | None]]:
    """Each unit's values of what it was asked in any quarter; those of units the roster does not know come
    last. "Not applicable" where that is all that was answered in the period."""
    units = answers.calendar.units(period)
    by_unit: dict[str, dict[str, Number | Absent | None]] = {code: {} for code in units}
    for code, amounts in totals.items():
        indicator = answers.form.indicators[code]
        answered = answers.of(indicator, period.quarters)
        counting = answers.of(indicator, counting_quarters(answers.form, indicator, period.quarters))
        asked = frozenset[str]().union(*(one.asked for one in answered))
        nothing = frozenset[str]().union(*(one.nothing for one in counting))
        values = own_values(amounts)
        if all(one.unasked for one in answered):
            asked_now = (one for one, row in units.items() if applies(indicator, row.kind))
            by_unit |= {one: {**by_unit[one], code: NOT_ASKED} for one in asked_now}
            continue
        for unit in units:
            if unit in asked or unit in values or unit in nothing:
                by_unit[unit][code] = NOT_APPLICABLE if unit in nothing else None
        for unit in (*sorted(nothing), *values):
            if unit not in units:
                by_unit.setdefault(unit, {})[code] = NOT_APPLICABLE
        for unit, value in values.items():
            by_unit[unit][code] = rounded(value)
    return by_unit
