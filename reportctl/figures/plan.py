"""The year's plan, of units and of the province: `plan.csv` or `plan.xlsx`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reportctl.cells.cell import read_cell
from reportctl.cells.reading import LARGEST
from reportctl.core import wording
from reportctl.core.findings import Finding, finding
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Subject, Table
from reportctl.figures.answers import Amount, Answers, asked_units
from reportctl.figures.figures import (
    Exact,
    PlanProgress,
    Summary,
    exact,
    total,
)
from reportctl.figures.notes import INCOMPLETE, names_of, notes_on_gaps, notes_on_signs
from reportctl.figures.totals import counting_quarters, over_time, over_units
from reportctl.form.asked_then import Unasked
from reportctl.form.indicators import KIND_OF, Indicator, Type
from reportctl.form.layout import roman
from reportctl.form.model import Form, applies
from reportctl.form.renamed import called_in, meant_figure
from reportctl.workspace.small_tables import SmallTableError, SmallTableProblem, TableRow, read_small_table
from reportctl.workspace.units import Roster, Unit, no_such_unit
from reportctl.workspace.units_by_period import Calendar

COLUMNS = ("unit", "indicator", "year", "value")

_WHOLE = frozenset({Type.COUNT, Type.YES_NO})
# What a year's figure is read as: no bound of the indicator's, which are for a quarter.
_COUNT, _NUMBER, _PERCENT = (
    Indicator(code="value", label="value", type=kind, min=-LARGEST, max=LARGEST)
    for kind in (Type.COUNT, Type.NUMBER, Type.PERCENT)
)
_MOST_PER_CENT = 10  # ten times the whole; beyond that the sign was forgotten


@dataclass(frozen=True, slots=True)
class Plan:
    """What each unit is to reach, by (unit, indicator, year); what the province is to, under no unit."""

    values: Mapping[tuple[str, str, int], int | float]

    def all_of(self, code: str, year: int) -> dict[str, int | float]:
        """The plan for the indicator `code` in `year`, by unit; that of the province under no unit."""
        return {
            unit: value
            for (unit, indicator, of_year), value in self.values.items()
            if indicator == code and of_year == year
        }

    def of(self, code: str, year: int) -> dict[str, int | float]:
        """The units' plan for the indicator `code` in `year`, by unit."""
        return {unit: value for unit, value in self.all_of(code, year).items() if unit}

    def of_province(self, code: str, year: int) -> int | float | None:
        """The plan for the indicator `code` in `year` that was given to the province as a whole."""
        return self.values.get(("", code, year))


def load_plan(path: Path, roster: Roster, form: Form, others: Callable[[], Iterable[Form]] = tuple) -> Plan:
    """The plan in the file `path` (CSV or .xlsx); an empty one where there is no such file.

    It is given under the codes of `form` or of its earlier and later versions, the `others`; what only these
    have is left out. Raises `SmallTableError` with every mistake: units and indicators that are not known or
    do not go together, years and values that cannot be read or are below zero, rows that say the same twice.
    """
    if not path.exists():
        return Plan({})
    problems: list[SmallTableProblem] = []
    values: dict[tuple[str, str, int], int | float] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for record in read_small_table(path, COLUMNS):
        unit, asked, year = (record.get(column) for column in ("unit", "indicator", "year"))
        code = asked if asked in form.indicators else _code_in(form, asked, others)
        if code is None:
            continue
        wrong = _key_problems(record, roster, form, code)
        if not wrong and lines.setdefault((unit, code, year), record.line) != record.line:
            message = _("this unit, indicator and year already stand in line {line}").format(
                line=lines[unit, code, year]
            )
            wrong.append(record.problem("unit", message))
        value, message = _value(record, form.indicators.get(code))
        if message:
            wrong.append(record.problem("value", message))
        if not wrong:
            values[unit, code, int(year)] = value
        problems += wrong
    if problems:
        raise SmallTableError(path, problems)
    return Plan(values)


def _code_in(form: Form, asked: str, others: Callable[[], Iterable[Form]]) -> str | None:
    """What `form` calls the figure that another version of it calls `asked`, several renamings before or
    after; None where it does not have it, and `asked` itself where no version has."""
    versions = tuple(others())
    if found := called_in(asked, form, versions):
        return found
    return None if any(asked in of.indicators for of in versions) else asked


def _key_problems(record: TableRow, roster: Roster, form: Form, asked: str) -> list[SmallTableProblem]:
    """What is wrong with the record's unit, with the indicator `asked`, and with its year."""
    code, year = (record.get(column) for column in ("unit", "year"))
    indicator, rows = form.indicators.get(asked), roster.rows(code)
    wrong = dict.fromkeys(("unit", "indicator", "year"), "")
    if code and not rows:
        wrong["unit"] = no_such_unit(code, roster.codes)
    if not asked:
        wrong["indicator"] = _("nothing is filled in")
    elif indicator is None:
        wrong["indicator"] = no_such_indicator(asked, form)
    elif not indicator.numeric or indicator.over_units == "none":
        wrong["indicator"] = _("a plan can be given only for figures that the province has as a whole")
    elif rows and not any(applies(indicator, unit.kind) for unit in rows):
        wrong["indicator"] = _("the unit is not asked for “{value}”").format(value=asked)
    if not year:
        wrong["year"] = _("nothing is filled in")
    elif not re.fullmatch(r"(19|20)\d\d", year):
        wrong["year"] = _("“{value}” is not a year").format(value=year)
    elif rows:
        first, last = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
        if not any(unit.first <= last and first <= unit.last for unit in rows):
            wrong["year"] = _("the unit “{value}” is not there in {year}").format(value=code, year=year)
    return [record.problem(column, message) for column, message in wrong.items() if message]


def no_such_indicator(code: str, form: Form) -> str:
    """What is wrong with a code that no indicator has, with the code that was probably meant."""
    return meant_figure(_("the form has no indicator “{value}”").format(value=code), code, form)


def _value(record: TableRow, indicator: Indicator | None) -> tuple[int | float, str]:
    """The record's value, and what is wrong with it: nothing where it can be taken.

    Text is read as in a returned workbook (see `cells`): whole numbers may be grouped (`1.200`, `1,200`,
    `1 200`). Where decimals are possible, `1.200` and `1,200` say two things and are refused; `1.234,5`,
    `1.234.567`, `12,5` and `12.5` say one. A percentage is typed with its sign, or is a
    fraction: `95%`, 0.95.
    """
    if indicator is not None and indicator.type is Type.PERCENT:
        return _percentage(record)
    text, whole = record.get("value"), indicator is not None and indicator.type in _WHOLE
    reading = read_cell(record.numbers.get("value", text), _COUNT if whole else _NUMBER)
    value = reading.value if reading.code in ("", "number_as_text") else None
    if not isinstance(value, int | float):
        message = _("“{value}” is no number, or can be read in two ways; write 1200 or 12,5")
        if whole:
            message = _("“{value}” is no whole number; write 1200 or 1.200")
    elif value < 0:
        message = _("“{value}” is less than zero")
    else:
        return value, ""
    return 0, message.format(value=record.said("value")) if text else _("nothing is filled in")


def _percentage(record: TableRow) -> tuple[int | float, str]:
    """The record's value as a fraction, and what is wrong with it."""
    text = record.get("value")
    reading = read_cell(record.numbers.get("value", text), _PERCENT)
    value = reading.value if reading.code in ("", "number_as_text") else None
    if isinstance(value, int | float) and 0 <= value <= _MOST_PER_CENT:
        return value, ""
    message = _("“{value}” is no percentage; write 95%").format(value=record.said("value"))
    return 0, message if text else _("nothing is filled in")


def plan_table(
    summary: Summary, units: Mapping[str, Unit], together: Mapping[str, Sequence[str]] | None = None
) -> Table:
    """Every indicator that has a plan, with the units that have one and the province below them.

    `units` are those of the period by code; those that are listed `together` under a title have one row. A
    table without rows where there is no plan.
    """
    period = summary.period
    order = {unit: place for place, unit in enumerate(units)}
    rows: list[Row] = []
    unclear: list[str] = []
    for code, figure in summary.figures.items():
        groups = summary.progress.get(code, ())
        if not groups and figure.plan is None:
            continue
        measure = str(figure.indicator.measure)
        title = f"{figure.indicator.name} ({measure})" if measure else str(figure.indicator.name)
        number = sum(row.role is Role.SECTION for row in rows) + 1
        rows.append(Row((roman(number), title, "", "", ""), Role.SECTION))
        kind = KIND_OF[figure.indicator.type]
        listed = sorted(groups, key=lambda one: order.get((one.today or one.units)[0], len(order)))
        lines = [(names_of(one.today or one.units, units), one) for one in listed]
        if together is not None:
            parts = {
                title: [one for one in listed if one.today and {*one.today} <= {*codes}]
                for title, codes in together.items()
            }
            added = figure.indicator.over_units == "sum"
            lines = [(title, added_up(own)) for title, own in parts.items() if own and added]
        for place, (names, one) in enumerate(lines, 1):
            cells = (str(place), names, one.plan, None if one.plan is None else one.to_date, one.of_plan)
            marks = dict.fromkeys(("to_date", "of_plan"), INCOMPLETE) if one.incomplete else {}
            rows.append(Row(cells, kind=kind, about=Subject(code, one.units), marks=marks))
            if one.plan is None:
                unclear.append(names)
        if figure.plan is not None:
            cells = ("", _("Total"), figure.plan, figure.done_of_plan, figure.of_plan)
            sign = INCOMPLETE if figure.plan_incomplete else ""
            over = over_those(figure.planned, figure.units_asked)
            marks = {"to_date": sign, "of_plan": f"{over} {sign}".strip()}
            rows.append(Row(cells, Role.TOTAL, kind, Subject(code, figure.with_plan), marks))
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Unit"), CellFormat.TEXT, 3.4),
        Column("plan", _("Plan of {year}").format(year=period.year), CellFormat.FIGURE),
        Column("to_date", _("Year to date"), CellFormat.FIGURE),
        Column("of_plan", _("Of plan"), CellFormat.PERCENT, 0.8),
    )
    title = _("The plan of {year} and what has been done of it by the end of {period}").format(
        year=period.year, period=wording.period_words(period.last)
    )
    table = Table("plan", title, columns, tuple(rows))
    planned = [figure for figure in summary.figures.values() if figure.plan_incomplete]
    notes = [*notes_on_gaps(planned, period, {"to_date"}), *notes_on_signs(table)]
    if not rows:
        notes.append(_("No plan was given for {year}.").format(year=period.year))
    if unclear:
        notes.append(
            _(
                "Not judged, because the plan was given to only some of the units that were regrouped, or to "
                "units and to what became of them: {units}."
            ).format(units="; ".join(dict.fromkeys(unclear)))
        )
    return replace(table, notes=tuple(notes))


def over_those(judged: int, asked: int) -> str:
    """Over how many units a part of the plan is, where some of those asked have none."""
    return f"({judged}/{asked})" if 0 < judged < asked else ""


def progress_by_group(
    answers: Answers, indicator: Indicator, plan: Plan, period: Period
) -> tuple[PlanProgress, ...]:
    """How far each group of units that has a plan is with it on the last day of `period`, in the order of
    the plan.

    The plan is the group's where the units that it was given to are all of the group that were asked in some
    quarter of the year. What is not added up over units is judged for single units.
    """
    groups = planned_groups(plan, indicator, answers.calendar, period)
    if not groups:
        return ()
    planned = plan.of(indicator.code, period.year)
    done = done_by_unit(answers, indicator, period)
    missing = missing_in_year(answers, indicator, period)
    unasked = unasked_in_year(answers, indicator, period)
    last = answers.as_typed(indicator, period.last)
    is_stock = indicator.over_time == "last" and not indicator.cumulative and last.province is None
    found = []
    for group in groups:
        lacking = is_stock and not last.missing.isdisjoint(group.today)
        given = [] if lacking else [done[unit] for unit in group.units if unit in done]
        to_date = over_units(indicator, given)
        whole = group.whole and (indicator.over_units == "sum" or len(group.given) == 1)
        target = sum(exact(planned[unit]) for unit in group.given)
        found.append(
            PlanProgress(
                target=target if whole else None,
                done=to_date,
                judged=len(group.today) if whole else 0,
                today=group.today,
                units=tuple(unit for unit in group.units if unit in group.given or unit in done),
                incomplete=bool(unasked)
                or any(not codes.isdisjoint(group.units) for codes in missing.values()),
                lacking=lacking,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """Units that changes within the year tie together, with those of them to which a plan was `given`.

    `today` are those asked on the last day. `whole`: the plan is that of all that were asked in some quarter;
    `doubled`: it was given to all of one quarter and, besides, to what they were made of or became.
    """

    units: tuple[str, ...]
    given: tuple[str, ...]
    today: tuple[str, ...]
    whole: bool
    doubled: bool


def planned_groups(
    plan: Plan, indicator: Indicator, calendar: Calendar, period: Period
) -> tuple[PlannedGroup, ...]:
    """The groups of units to which a plan was given for the year of `period`, in the order of the plan."""
    planned = plan.of(indicator.code, period.year)
    quarters = period.to_date
    groups = calendar.groups(quarters)
    members: dict[str, list[str]] = {}
    for unit in dict.fromkeys((*planned, *groups)):
        members.setdefault(groups.get(unit, unit), []).append(unit)
    asked = [asked_units(indicator, calendar, quarter) for quarter in reversed(quarters)]
    found = []
    for group in dict.fromkeys(groups.get(unit, unit) for unit in planned):
        units = members[group]
        given = tuple(unit for unit in units if unit in planned)
        generations = [{unit for unit in units if unit in of_quarter} for of_quarter in asked]
        whole = {*given} in generations
        found.append(
            PlannedGroup(
                tuple(units),
                given,
                tuple(unit for unit in units if unit in generations[0]),
                whole,
                not whole and any(one and one < {*given} for one in generations),
            )
        )
    return tuple(found)


def plan_findings(plan: Plan, form: Form, calendar: Calendar, quarter: Quarter) -> Iterator[Finding]:
    """What is to be looked at in the plan of the quarter's year: given to units and to what became of them,
    or to only some of those that were regrouped; given to the province otherwise than to its units."""
    names = {unit.code: unit.name for unit in calendar.roster.units}
    for code, indicator in form.indicators.items():
        groups = planned_groups(plan, indicator, calendar, quarter)
        for group in groups:
            if not group.whole and len(group.units) > 1:
                kind = "plan_doubled" if group.doubled else "plan_partial"
                units = ", ".join(names[unit] for unit in group.given)
                yield finding(kind, indicator=code, label=indicator.name, units=units, year=str(quarter.year))
        whole, planned = plan.of_province(code, quarter.year), plan.of(code, quarter.year)
        summed = total(planned[unit] for group in groups if group.whole for unit in group.given)
        if whole is not None and summed is not None and whole != summed and indicator.over_units == "sum":
            yield finding(
                "plan_differs",
                indicator=code,
                label=indicator.name,
                year=str(quarter.year),
                whole=wording.cell_text(whole, CellFormat.NUMBER),
                summed=wording.cell_text(summed, CellFormat.NUMBER),
            )


def missing_in_year(answers: Answers, indicator: Indicator, period: Period) -> dict[Quarter, frozenset[str]]:
    """The units that were asked and gave no figure, by the quarters that count for the year to date.

    A quarter with a total that was imported lacks none.

    The last quarter is among them for a span, and for what counts from the beginning of the year; of a single
    quarter it is known anyway who has not reported.
    """
    if indicator.cumulative:
        last = answers.as_typed(indicator, period.last)
        return {period.last: last.missing} if last.missing and last.province is None else {}
    counting = counting_quarters(answers.form, indicator, period.to_date)
    counted = zip(counting, answers.of(indicator, counting), strict=True)
    return {
        quarter: one.missing
        for quarter, one in counted
        if one.province is None and one.missing and (quarter < period.last or len(period.quarters) > 1)
    }


def unasked_in_year(answers: Answers, indicator: Indicator, period: Period) -> dict[Quarter, Unasked]:
    """The quarters that count for the year to date whose form did not ask the figure, or asked it as another
    one."""
    if indicator.cumulative:
        return dict(filter(None, [answers.as_typed(indicator, period.last).unasked]))
    counting = counting_quarters(answers.form, indicator, period.to_date)
    return dict(one.unasked for one in answers.of(indicator, counting) if one.unasked)


def done_by_unit(answers: Answers, indicator: Indicator, period: Period) -> dict[str, Amount]:
    """What each unit has done in the year up to the last quarter of `period`.

    Of what is filled in from the beginning of the year that is what was filled in last; a unit that has heirs
    is in what they fill in.
    """
    if not indicator.cumulative:
        counting = counting_quarters(answers.form, indicator, period.to_date)
        return over_time(indicator, answers.of(indicator, counting))
    last: dict[str, Amount] = {}
    for quarter in period.to_date:
        groups = answers.calendar.groups((quarter.previous, quarter)) if quarter.number > 1 else {}
        typed = answers.as_typed(indicator, quarter).values
        heirs = {groups[unit] for unit in typed if unit in groups}
        there = answers.calendar.units(quarter)
        for unit in [unit for unit in last if groups.get(unit) in heirs and unit not in there]:
            del last[unit]
        last |= typed
    return last


def of_province_plan(
    answers: Answers,
    indicator: Indicator,
    plan: Plan,
    progresses: Sequence[PlanProgress],
    to_date: Exact | None,
    period: Period,
) -> PlanProgress:
    """The province's progress: with the plan that it was given as a whole, judged at its figure `to_date`;
    else that of the groups whose plan counts, where it is added up over units.

    Where a total was imported without the units' figures, it is set beside the plan of all units.
    """
    target = plan.of_province(indicator.code, period.year)
    if target is not None:
        incomplete = bool(
            missing_in_year(answers, indicator, period) or unasked_in_year(answers, indicator, period)
        )
        return PlanProgress(exact(target), to_date, incomplete=incomplete)
    if indicator.over_units != "sum":
        return PlanProgress(None, None)
    summed = added_up(progresses)
    answered = answers.of(indicator, counting_quarters(answers.form, indicator, period.to_date))
    if summed.target is None or all(one.province is None for one in answered):
        return summed
    everybody = summed.judged == len(answered[-1].asked)
    return replace(summed, done=to_date if everybody else None)


def added_up(progresses: Sequence[PlanProgress]) -> PlanProgress:
    """The progress of several groups together, of those whose plan counts; as long as there are others,
    without those that lack a figure on the last day."""
    listed = [one for one in progresses if one.target is not None]
    listed = [one for one in listed if not one.lacking] or listed
    targets = [one.target for one in listed if one.target is not None]
    done = [one.done for one in listed if one.done is not None]
    return PlanProgress(
        sum(targets) if targets else None,
        sum(done) if done else None,
        judged=sum(one.judged for one in listed),
        today=tuple(unit for one in listed for unit in one.today),
        units=tuple(unit for one in listed for unit in one.units),
        incomplete=any(one.incomplete for one in listed),
    )
