"""One unit's figures as a summary of their own: beside those of other periods, its plan, and its kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reportctl.core import wording
from reportctl.core.language import _, ngettext
from reportctl.core.period import Quarter
from reportctl.core.table import (
    NOT_APPLICABLE,
    NOT_ASKED,
    CellFormat,
    Column,
    Role,
    Row,
    Subject,
    Table,
    Value,
)
from reportctl.figures.answers import Answered, Answers
from reportctl.figures.figures import Comparison, Figure, Number, Summary, exact, rounded
from reportctl.figures.notes import APART, ESTIMATE, notes_on_parts, notes_on_signs
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summary_of_answers
from reportctl.figures.tables import figure_cell, marks_of, province_columns
from reportctl.figures.totals import counting_quarters, over_time, over_units
from reportctl.form.indicators import ANSWER_KIND_OF, Indicator, Type
from reportctl.form.model import Form, applies
from reportctl.workspace.units import Unit

MOST_ROWS = 48  # of a page, in small letters
_ROOMY = 26  # in the usual ones, where some labels take two lines
_WIDTHS = {"number": 0.5, "label": 6.5, "of_plan": 0.8, "change_year_ago": 1.2}
LEAST_UNITS = 3  # of a kind that have a figure: below that a mean says what a single other unit has


@dataclass(frozen=True)
class UnitFigures:
    """What one unit has come to in a period.

    `summary` has its figures where a summary has the province's; `kin` are the units that these are of: it
    and what it was made of. `means` are the means of the units of its kind, by code, `peers` those that have
    part in them.
    """

    unit: Unit
    kin: frozenset[str]
    summary: Summary
    means: Mapping[str, Number]
    peers: Mapping[str, tuple[str, ...]]


def unit_figures(answers: Answers, plan: Plan, whole: Summary, unit: Unit) -> UnitFigures:
    """The figures of `unit` in the period of `whole`, the summary of the province from the same `answers`.

    Earlier quarters are those of the units that it was exactly made of; a unit that was divided since has
    none. Of a span it has what `whole` has as its own.
    """
    period = whole.period
    # A form of lists alone has no answers that are figures, and reports that count all the same.
    quarters = {*answers.returned}.union(*answers.typed.values())
    members = {
        quarter: (unit.code,)
        if quarter in period.quarters
        else answers.calendar.origins_of(unit.code, period.last, quarter)
        for quarter in quarters
    }
    kin = {code for codes in members.values() for code in codes} | {unit.code}
    own = _restricted(answers, members)
    of_kin = Plan({key: value for key, value in plan.values.items() if key[0] in kin})
    found = summary_of_answers(own, of_kin, period)
    values = whole.by_unit.get(unit.code, {})
    figures = {
        code: _its_own(figure, values.get(code, NOT_APPLICABLE), kin)
        for code, figure in found.figures.items()
    }
    means, peers = _means(answers, whole, unit)
    return UnitFigures(unit, frozenset(kin), replace(found, figures=figures), means, peers)


def _restricted(answers: Answers, members: Mapping[Quarter, Collection[str]]) -> Answers:
    """The answers without those of units that are not among the `members` of their quarter."""

    def of(by_code: Mapping[str, Mapping[Quarter, Answered]]) -> dict[str, dict[Quarter, Answered]]:
        return {
            code: {
                quarter: _answered(one, frozenset(members.get(quarter, ())))
                for quarter, one in by_quarter.items()
            }
            for code, by_quarter in by_code.items()
        }

    returned = {
        quarter: units.intersection(members.get(quarter, ())) for quarter, units in answers.returned.items()
    }
    reported = frozenset(quarter for quarter in answers.reported if returned.get(quarter))
    return replace(
        answers, own=of(answers.own), typed=of(answers.typed), returned=returned, reported=reported
    )


def _answered(one: Answered, units: frozenset[str]) -> Answered:
    return Answered(
        {unit: one.values[unit] for unit in units if unit in one.values},
        one.nothing & units,
        one.estimates & units,
        one.asked & units,
        None,
        one.unasked,
    )


def _its_own(figure: Figure, value: object, kin: Collection[str]) -> Figure:
    """The figure with the unit's `value`, also of what is not added up over units; what it is not asked does
    not apply to it. Where there is none, the figures of other periods are there all the same."""
    number = value if isinstance(value, int | float) else None
    absent = value if value is NOT_APPLICABLE or value is NOT_ASKED else None
    if number is None:
        before, then = (_known(one, kin) for one in (figure.against_previous, figure.against_year_ago))
        figure = replace(figure, against_previous=before, against_year_ago=then)
    return replace(figure, value=number, absent=absent)


def _known(found: Comparison, kin: Collection[str]) -> Comparison:
    """What the unit, or all that it was made of, had in another period, though nothing stands beside it."""
    gave, asked = found.reported
    whole = not (found.partial or found.regrouped or found.unasked) and gave == asked
    if found.base is not None or found.whole is None or not whole:
        return found
    return replace(found, base=found.whole, units=tuple(sorted(kin)))


def without_figures(figure: Figure) -> Figure:
    """The figure of a unit that was not there."""
    return replace(
        figure,
        value=None,
        against_previous=Comparison(),
        against_year_ago=Comparison(),
        to_date=None,
        plan=None,
        of_plan=None,
        units_reporting=0,
        absent=None,
    )


def _means(
    answers: Answers, whole: Summary, unit: Unit
) -> tuple[dict[str, Number], dict[str, tuple[str, ...]]]:
    """What the units of its kind have in the mean, by code, and which these are; of shares the share of all
    of them together. None of fewer than three units, nor of what is not added up."""
    period = whole.period
    kind = [one.code for one in answers.calendar.units(period).values() if one.kind == unit.kind]
    means: dict[str, Number] = {}
    peers: dict[str, tuple[str, ...]] = {}
    for code, figure in whole.figures.items():
        indicator = figure.indicator
        if indicator.over_units == "none" or not applies(indicator, unit.kind):
            continue
        have = {
            one: value
            for one in kind
            if isinstance(value := whole.by_unit.get(one, {}).get(code), int | float)
        }
        if len(have) < LEAST_UNITS:
            continue
        mean: Fraction | int | None = Fraction(sum(map(exact, have.values()))) / len(have)
        if indicator.over_units == "ratio":
            mean = _ratio(answers, indicator, whole, have)
        if mean is not None:
            if indicator.type is not Type.PERCENT:
                mean = Fraction(wording.rounded(wording.exact(rounded(mean)), 1))
            means[code] = rounded(mean)
            peers[code] = tuple(have)
    return means, peers


def _ratio(
    answers: Answers, indicator: Indicator, whole: Summary, units: Collection[str]
) -> Fraction | int | None:
    counting = counting_quarters(answers.form, indicator, whole.period.quarters)
    amounts = over_time(indicator, answers.of(indicator, counting))
    return over_units(indicator, [amounts[unit] for unit in units if unit in amounts])


def table_of_unit(found: UnitFigures, form: Form) -> Table:
    """What the unit was asked, a row each: its figure beside the year ago's, the plan, and the mean of its
    kind. Columns in which nothing stands are left out; of a unit without a single figure also the rows in
    which nothing but the mean does; where there are more rows than a page holds, what is part of another
    figure, then the names of sections.
    """
    summary = found.summary
    wanted = ("number", "label", "value", "year_ago", "change_year_ago", "plan", "of_plan")
    by_key = {column.key: column for column in province_columns(summary.period, ())}
    columns = [replace(by_key[key], width=_WIDTHS.get(key, 1.0)) for key in wanted if key in by_key]
    columns.append(Column("mean", _("Mean of its kind"), CellFormat.FIGURE))
    rows = _by_section(found, form, columns)
    if not any(isinstance(figure.value, int | float) for figure in summary.figures.values()):
        columns = columns[:-1]
        rows = _with_figures(replace(row, cells=row.cells[:-1]) for row in rows)
    for role in (Role.PART, Role.SECTION):
        if len(rows) > MOST_ROWS:
            rows = [row for row in rows if row.role is not role]
    kept = [
        n
        for n, column in enumerate(columns)
        if column.key in ("number", "label", "value")
        or any(isinstance(row.cells[n], int | float) for row in rows if row.role is not Role.SECTION)
    ]
    table = Table("unit", "", tuple(columns), tuple(rows), dense=len(rows) > _ROOMY).with_columns(kept)
    keys = {column.key for column in table.columns}
    shown = [summary.figures[row.about.code] for row in table.rows if row.about]
    notes = [*notes_on_parts([one for one in shown if one.value is not None], keys), *notes_on_signs(table)]
    if any(column.key == "mean" for column in table.columns):
        least = ngettext("{count} unit", "{count} units", LEAST_UNITS).format(count=LEAST_UNITS)
        notes.append(
            _(
                "The mean covers the units of the kind that have a figure, where there are at least {least}."
            ).format(least=least)
        )
    return replace(table, notes=tuple(notes))


def _with_figures(rows: Iterable[Row]) -> list[Row]:
    """The rows in which a figure stands, numbered anew, below the names of their sections."""
    kept: list[Row] = []
    number = 0
    for row in rows:
        if row.role is Role.SECTION:
            if kept and kept[-1].role is Role.SECTION:
                kept.pop()
        elif not any(isinstance(cell, int | float) for cell in row.cells):
            continue
        elif row.role is Role.PLAIN:
            number += 1
            row = replace(row, cells=(str(number), *row.cells[1:]))
        kept.append(row)
    return kept[:-1] if kept and kept[-1].role is Role.SECTION else kept


def _by_section(found: UnitFigures, form: Form, columns: Sequence[Column]) -> list[Row]:
    """The rows of all sections, each below the section's name."""
    rows: list[Row] = []
    for section in form.sections:
        before = sum(row.role is Role.PLAIN for row in rows)
        own = _rows(found, section.indicators, columns, before)
        if own:
            rows.append(Row(("", str(section.name), *[""] * (len(columns) - 2)), Role.SECTION))
            rows += own
    return rows


def _rows(
    found: UnitFigures, indicators: Collection[Indicator], columns: Collection[Column], before: int
) -> list[Row]:
    """A row for each of these indicators that the unit is asked, numbered from `before` on."""
    summary, code = found.summary, found.unit.code
    rows: list[Row] = []
    for indicator in indicators:
        if not indicator.numeric or not applies(indicator, found.unit.kind):
            continue
        figure = summary.figures[indicator.code]
        cells: list[Value] = [
            _cell(found, figure, column.key) for column in columns if column.key != "number"
        ]
        part = bool(indicator.part_of) and any(row.about for row in rows)
        place = "-" if part else str(before + sum(row.role is Role.PLAIN for row in rows) + 1)
        if indicator.measure and indicator.type is not Type.YES_NO:  # one unit is not counted
            sign = f" {ESTIMATE}" if figure.estimate else ""
            cells[0] = f"{indicator.name} ({indicator.measure}){sign}"
        marks = marks_of(figure, summary.period)
        signs = {key: APART for key, sign in marks.items() if APART in sign.split()}
        rows.append(
            Row(
                (place, *cells),
                Role.PART if part else Role.PLAIN,
                ANSWER_KIND_OF[indicator.type],
                Subject(indicator.code, (code,)),
                signs,
            )
        )
    return rows


def _cell(found: UnitFigures, figure: Figure, key: str) -> Value:
    """The cell of a row; of an answer of yes or no there is neither a mean nor a change to print."""
    yes_no = figure.indicator.type is Type.YES_NO
    if key == "mean":
        return "" if yes_no else found.means.get(figure.indicator.code, "")
    return "" if yes_no and key in ("change_year_ago", "of_plan") else figure_cell(figure, key)
