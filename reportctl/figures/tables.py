"""A summary as tables: by indicator, by unit, by kind of unit."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reportctl.core import wording
from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Subject, Table, Value
from reportctl.figures.figures import Figure, Number, Summary, total
from reportctl.figures.notes import (
    ESTIMATE,
    Missing,
    comparison_notes,
    coverage_notes,
    names_of,
    notes_on_signs,
)
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
            near = difflib.get_close_matches(code, known, 1) or list(known)
            raise ReportctlError(
                _("The form has no section “{code}”; there is: {known}.").format(
                    code=code, known=", ".join(near)
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
    columns = _province_columns(summary.period)
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
    filled = [
        n
        for n, column in enumerate(columns)
        if column.key in ("number", "label", "measure", "value")
        or any(isinstance(row.cells[n], int | float) for row in rows if row.role is not Role.SECTION)
    ]
    title = _("Summary of figures, {period}").format(period=wording.period_words(summary.period))
    table = Table("province", title, columns, tuple(rows)).with_columns(filled)
    notes = (
        *coverage_notes(summary, units, missing),
        *comparison_notes(shown, {column.key for column in table.columns}, units, regrouped),
        *notes_on_signs(table),
    )
    return replace(table, notes=notes)


def _province_columns(period: Period) -> tuple[Column, ...]:
    """All columns that such a table can have; of a span, not what another one says already."""
    if isinstance(period, Quarter):
        value, previous, year_ago = _("This quarter"), _("Previous quarter"), _("Year ago")
    elif period.kind == "9M":
        value, previous, year_ago = _("9 months"), "", _("Year ago")
    elif period.kind == "Y":
        value, previous, year_ago = _("The year"), _("Previous year"), _("Previous year")
    else:
        value, previous, year_ago = _("6 months"), _("Previous 6 months"), _("Year ago")
    left_out = set()
    if not isinstance(period, Quarter) and period.quarters == period.to_date:
        left_out.add("to_date")
    if period.previous == period.year_ago:
        left_out |= {"previous", "change_previous"}
    columns = (
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
    )
    return tuple(column for column in columns if column.key not in left_out)


def _cell(figure: Figure, key: str) -> Value:
    """A figure's cell; of what has no plan nothing is missing.

    The measure is what the province's figure is counted in: of yes or no, the units that say yes.
    """
    indicator = figure.indicator
    match key:
        case "label":
            return f"{indicator.name} {ESTIMATE}" if figure.estimate else str(indicator.name)
        case "measure":
            yes = indicator.type is Type.YES_NO and indicator.over_units == "sum"
            return _("units") if yes and not indicator.unit_of_measure else str(indicator.measure)
        case "plan" | "of_plan" if figure.plan is None:
            return ""
    value: Value = getattr(figure, key)
    return value


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
    columns = [
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Unit"), CellFormat.TEXT, 2.4),
    ]
    for indicator in asked:
        # Units say yes or no, which their rows are the kind of; a total is how many of them say yes.
        kind = CellFormat.FIGURE if indicator.type is Type.YES_NO else KIND_OF[indicator.type]
        columns.append(Column(indicator.code, titled(summary.figures[indicator.code]), kind))
        if indicator.code in planned:
            columns.append(Column(f"{indicator.code}.of_plan", _("Of plan"), CellFormat.PERCENT, 0.8))
    groups = _groups(summary, form, units, asked)
    rows: list[Row] = []
    counted: list[str] = []
    for title, codes in groups:
        if len(groups) > 1:
            rows.append(Row(("", title, *[""] * (len(columns) - 2)), Role.SECTION))
        for code in codes:
            counted.append(code)
            cells: list[Value] = [str(len(counted)), names_of([code], units)]
            for indicator in asked:
                cells.append(summary.by_unit.get(code, {}).get(indicator.code, NOT_APPLICABLE))
                if indicator.code in planned:
                    own = planned[indicator.code].get(code)
                    cells.append(own.of_plan if own else "")
            rows.append(Row(tuple(cells), kind=CellFormat.YES_NO, about=Subject(units=(code,))))
        if len(groups) > 1 and len(codes) > 1:
            totals = _totals(codes, asked, planned, summary)
            label = _("Total: {group}").format(group=title)
            rows.append(Row(("", label, *totals), Role.TOTAL, about=Subject(units=tuple(codes))))
    totals = _totals(counted, asked, planned, summary)
    rows.append(Row(("", _("Total"), *totals), Role.TOTAL, about=Subject(units=tuple(counted))))
    title = _("{section}: by unit, {period}").format(
        section=chosen.name, period=wording.period_words(summary.period)
    )
    table = Table(f"unit:{section}", title, tuple(columns), tuple(rows))
    notes = [*coverage_notes(summary, units, missing), *notes_on_signs(table)]
    if planned:
        note = _("{column}: the year to date against the plan of the year.")
        notes.append(note.format(column=_("Of plan")))
    return replace(table, notes=tuple(notes), repeated=2)


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
        if indicator.over_units != "sum":
            yield ""
        else:
            values = [summary.by_unit.get(code, {}).get(indicator.code, NOT_APPLICABLE) for code in units]
            summed = total(values)
            yield NOT_APPLICABLE if summed is None and NOT_APPLICABLE in values else summed
        if indicator.code in planned:
            own = planned[indicator.code]
            whole = together(own[code] for code in units if code in own)
            yield whole.of_plan if whole else ""


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
            cells = (place, _cell(figure, "label"), _cell(figure, "measure"), *of_kinds, figure.value)
            rows.append(Row(cells, Role.PART if "." in place else Role.PLAIN, KIND_OF[indicator.type]))
    title = _("Figures by kind of unit, {period}").format(period=wording.period_words(summary.period))
    table = Table("kind", title, columns, tuple(rows))
    return replace(table, notes=notes_on_signs(table))
