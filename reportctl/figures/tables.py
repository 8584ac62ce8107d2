"""A summary as tables: by indicator, by unit, by kind of unit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reportctl.core import wording
from reportctl.core.errors import ReportctlError, nearest
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Subject, Table, Value
from reportctl.figures.figures import Figure, Number, Summary
from reportctl.figures.notes import ESTIMATE, Missing, comparison_notes, coverage_notes, notes_on_signs
from reportctl.figures.plan import Progresses, together
from reportctl.form.layout import roman
from reportctl.form.model import KIND_OF, Form, Indicator, Section, Type, applies
from reportctl.workspace.units import Unit

Values = Mapping[str, Mapping[str, Number | None]]


def chosen_sections(form: Form, codes: Sequence[str]) -> tuple[Section, ...]:
    """The sections named by `codes`, all where none is. Raises `ReportctlError` for a code that is none."""
    known = {section.code: section for section in form.sections}
    for code in codes:
        if code not in known:
            raise ReportctlError(
                _("The form has no section “{code}”; there is: {known}.").format(
                    code=code, known=nearest(code, known) or ", ".join(known)
                )
            )
    return tuple(section for section in form.sections if not codes or section.code in codes)


# ---- by indicator


def province_table(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    *,
    sections: Sequence[str] = (),
    regrouped: Sequence[str] = (),
    missing: Missing | None = None,
) -> Table:
    """Every figure beside what it compares with; columns in which nothing stands are left out.

    `units` are those of the period by code; `regrouped` those that cannot be compared with the year before;
    `missing` those without a report in each quarter of a span (by default: in its last one).
    """
    columns = _province_columns(summary)
    rows: list[Row] = []
    shown: list[Figure] = []
    for number, section, indicators in _numbered(chosen_sections(form, sections)):
        rows.append(Row((number, str(section.name), *[""] * (len(columns) - 2)), Role.SECTION))
        for place, indicator in indicators:
            figure = summary.figures[indicator.code]
            shown.append(figure)
            cells = [place, *(_cell(figure, column.key) for column in columns[1:])]
            role = Role.PART if "." in place else Role.PLAIN
            rows.append(Row(tuple(cells), role, KIND_OF[indicator.type], Subject(indicator.code)))
    table = _without_empty(
        Table(
            "province",
            _("Summary of figures, {period}").format(period=wording.period_words(summary.period)),
            columns,
            tuple(rows),
        ),
        {"year_ago", "previous", "to_date", "plan", "of_plan", "change_year_ago", "change_previous"},
    )
    notes = (
        *coverage_notes(summary, units, missing),
        *comparison_notes(shown, {column.key for column in table.columns}, units, regrouped),
        *notes_on_signs(table),
    )
    return Table(table.name, table.title, table.columns, table.rows, notes)


def _province_columns(summary: Summary) -> tuple[Column, ...]:
    period = summary.period
    value, previous, year_ago = _period_titles(period)
    columns = [
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("label", _("Content"), CellFormat.TEXT, 3.4),
        Column("measure", _("Measure"), CellFormat.TEXT, 1.0),
        Column("year_ago", year_ago, CellFormat.FIGURE),
        Column("previous", previous, CellFormat.FIGURE),
        Column("value", value, CellFormat.FIGURE),
        Column("to_date", _("Year to date"), CellFormat.FIGURE),
        Column("plan", _("Plan"), CellFormat.FIGURE),
        Column("of_plan", _("Of plan"), CellFormat.PERCENT, 0.8),
        Column("change_year_ago", _("+/- {base}").format(base=year_ago.lower()), CellFormat.CHANGE, 0.9),
        Column("change_previous", _("+/- {base}").format(base=previous.lower()), CellFormat.CHANGE, 0.9),
    ]
    # What a span says already: the year to date, and for a year the period before.
    said = set()
    if not isinstance(period, Quarter) and period.quarters == period.to_date:
        said.add("to_date")
    if period.previous == period.year_ago:
        said |= {"previous", "change_previous"}
    return tuple(column for column in columns if column.key not in said)


def _period_titles(period: Period) -> tuple[str, str, str]:
    """What a period, the one before and the one a year ago are called at the head of a column."""
    if isinstance(period, Quarter):
        return _("This quarter"), _("Previous quarter"), _("Year ago")
    match period.kind:
        case "9M":
            return _("9 months"), "", _("Year ago")
        case "Y":
            return _("The year"), _("Previous year"), _("Previous year")
    return _("6 months"), _("Previous 6 months"), _("Year ago")


def _cell(figure: Figure, key: str) -> Value:
    """A figure's cell; of what has no plan nothing is missing."""
    indicator = figure.indicator
    match key:
        case "label":
            return f"{indicator.name} {ESTIMATE}" if figure.estimate else str(indicator.name)
        case "measure":
            return _measure(indicator)
        case "plan" | "of_plan" if figure.plan is None:
            return ""
    value: Value = getattr(figure, key)
    return value


def _measure(indicator: Indicator) -> str:
    """What the province's figure is counted in; of yes or no, the units that say yes."""
    if indicator.type is Type.YES_NO and indicator.over_units == "sum" and not indicator.unit_of_measure:
        return _("units")
    return str(indicator.measure)


def _numbered(
    sections: Sequence[Section],
) -> Iterator[tuple[str, Section, list[tuple[str, Indicator]]]]:
    """What has a figure of the province: sections with I, II, …, indicators with 1, 2, parts with 2.1."""
    number = 0
    for section in sections:
        listed: list[tuple[str, Indicator]] = []
        wholes: set[str] = set()
        whole = part = 0
        for indicator in section.indicators:
            if not indicator.numeric or indicator.over_units == "none":
                continue
            if indicator.part_of in wholes:
                part += 1
            else:
                whole, part = whole + 1, 0
            wholes.add(indicator.code)
            listed.append((f"{whole}.{part}" if part else str(whole), indicator))
        if listed:
            number += 1
            yield roman(number), section, listed


def _without_empty(table: Table, optional: set[str]) -> Table:
    """The table without those of the `optional` columns that hold no value in any row."""
    kept = [
        n
        for n, column in enumerate(table.columns)
        if column.key not in optional
        or any(isinstance(row.cells[n], int | float) for row in table.rows if row.role is not Role.SECTION)
    ]
    return table.with_columns(kept)


# ---- by unit


def unit_table(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    section: str,
    *,
    progress: Progresses | None = None,
    missing: Missing | None = None,
) -> Table:
    """The figures of one section unit by unit, grouped by kind, with totals of what is added up.

    Behind what has a plan in `progress` stands how far each unit is with it; `missing` as for
    `province_table`.
    """
    (chosen,) = chosen_sections(form, (section,))
    asked = [indicator for indicator in chosen.indicators if indicator.numeric]
    planned = {i.code: progress[i.code] for i in asked if progress and i.code in progress}
    columns = _unit_columns(asked, planned, summary)
    groups = _groups(summary, form, units, asked)
    rows: list[Row] = []
    counted: list[str] = []
    for title, codes in groups:
        if len(groups) > 1:
            rows.append(Row(("", title, *[""] * (len(columns) - 2)), Role.SECTION))
        for code in codes:
            counted.append(code)
            name = units[code].name if code in units else code
            cells = _unit_cells(code, asked, planned, summary)
            about = Subject(units=(code,))
            rows.append(Row((str(len(counted)), name, *cells), kind=CellFormat.YES_NO, about=about))
        if len(groups) > 1 and len(codes) > 1:
            totals = _totals(codes, asked, planned, summary)
            label = _("Total: {group}").format(group=title)
            rows.append(Row(("", label, *totals), Role.TOTAL, about=Subject(units=tuple(codes))))
    totals = _totals(counted, asked, planned, summary)
    rows.append(Row(("", _("Total"), *totals), Role.TOTAL, about=Subject(units=tuple(counted))))
    title = _("{section}: by unit, {period}").format(
        section=chosen.name, period=wording.period_words(summary.period)
    )
    table = Table(f"unit:{section}", title, columns, tuple(rows))
    notes = [*coverage_notes(summary, units, missing), *notes_on_signs(table)]
    if planned:
        note = _("{column}: the year to date against the plan of the year.")
        notes.append(note.format(column=_("Of plan")))
    return replace(table, notes=tuple(notes), repeated=2)


def _unit_columns(asked: Sequence[Indicator], planned: Progresses, summary: Summary) -> tuple[Column, ...]:
    columns = [
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Unit"), CellFormat.TEXT, 2.4),
    ]
    for indicator in asked:
        code = indicator.code
        columns.append(Column(code, titled(summary.figures[code]), _UNIT_KINDS[indicator.type]))
        if code in planned:
            columns.append(Column(f"{code}.of_plan", _("Of plan"), CellFormat.PERCENT, 0.8))
    return tuple(columns)


def _unit_cells(
    unit: str, asked: Sequence[Indicator], planned: Progresses, summary: Summary
) -> Iterator[Value]:
    """One unit's figures; under what part of the plan that is, nothing where it has none."""
    values = summary.by_unit.get(unit, {})
    for indicator in asked:
        yield values.get(indicator.code, NOT_APPLICABLE)
        if indicator.code in planned:
            own = planned[indicator.code].get(unit)
            yield own.of_plan if own else ""


# Units say yes or no, which their rows are the kind of; a total is how many of them say yes.
_UNIT_KINDS = {**KIND_OF, Type.YES_NO: CellFormat.FIGURE}


def titled(figure: Figure) -> str:
    """What a figure is called at the head of a column: with its unit of measure, and a sign for estimates."""
    measure = str(figure.indicator.measure)
    title = f"{figure.indicator.name} ({measure})" if measure else str(figure.indicator.name)
    return f"{title} {ESTIMATE}" if figure.estimate else title


def _groups(
    summary: Summary, form: Form, units: Mapping[str, Unit], asked: Sequence[Indicator]
) -> list[tuple[str, list[str]]]:
    """The units that are asked anything here under the titles of their kinds, in the form's order."""
    groups = [
        (str(kind.name), [code for code, unit in units.items() if unit.kind == kind.code])
        for kind in form.kinds
        if any(applies(indicator, kind.code) for indicator in asked)
    ]
    strangers = [
        code
        for code, values in summary.by_unit.items()
        if code not in units and any(indicator.code in values for indicator in asked)
    ]
    groups.append((_("Not in the list of units"), strangers))
    return [(title, codes) for title, codes in groups if codes]


def _totals(
    units: Sequence[str], asked: Sequence[Indicator], planned: Progresses, summary: Summary
) -> Iterator[Value]:
    """The sums of what is added up over the units; nothing under the other columns."""
    for indicator in asked:
        values = [summary.by_unit.get(code, {}).get(indicator.code, NOT_APPLICABLE) for code in units]
        numbers = [value for value in values if isinstance(value, int | float)]
        total: Value = NOT_APPLICABLE if NOT_APPLICABLE in values else None
        if numbers:
            total = _sum(numbers)
        yield total if indicator.over_units == "sum" else ""
        if indicator.code in planned:
            own = planned[indicator.code]
            all_of_them = together(own[code] for code in units if code in own)
            yield all_of_them.of_plan if all_of_them else ""


def _sum(numbers: Sequence[Number]) -> Number:
    """The sum, to the 15 digits that a float holds."""
    whole = [value for value in numbers if isinstance(value, int)]
    return sum(whole) if len(whole) == len(numbers) else float(f"{math.fsum(numbers):.15g}")


# ---- by kind


def kind_table(summary: Summary, form: Form, values: Values, *, sections: Sequence[str] = ()) -> Table:
    """The figures of each kind of unit beside the province's; `values` go by kind, then code."""
    kinds = [kind for kind in form.kinds if any(v is not None for v in values.get(kind.code, {}).values())]
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("label", _("Content"), CellFormat.TEXT, 3.4),
        Column("measure", _("Measure"), CellFormat.TEXT, 1.0),
        *(Column(kind.code, str(kind.name), CellFormat.FIGURE) for kind in kinds),
        Column("value", _("Total"), CellFormat.FIGURE),
    )
    rows: list[Row] = []
    for number, section, indicators in _numbered(chosen_sections(form, sections)):
        rows.append(Row((number, str(section.name), *[""] * (len(columns) - 2)), Role.SECTION))
        for place, indicator in indicators:
            of_kinds = (
                values[kind.code].get(indicator.code) if applies(indicator, kind.code) else NOT_APPLICABLE
                for kind in kinds
            )
            figure = summary.figures[indicator.code]
            cells = (place, _cell(figure, "label"), _measure(indicator), *of_kinds, figure.value)
            rows.append(Row(cells, Role.PART if "." in place else Role.PLAIN, KIND_OF[indicator.type]))
    title = _("Figures by kind of unit, {period}").format(period=wording.period_words(summary.period))
    table = Table("kind", title, columns, tuple(rows))
    return Table(table.name, title, columns, table.rows, notes_on_signs(table))
