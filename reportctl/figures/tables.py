"""A summary as tables: by indicator, by unit, by group of units, by kind of unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from reportctl.core import wording
from reportctl.core.errors import ReportctlError, nearest
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

MOST_ROWS = 200  # of a printed annex; single units and all events stand in the merged workbook

GroupValues = Mapping[
    str, Mapping[str, Number | None]
]  # the title of a group or the code of a kind, then code


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
    columns = _province_columns(summary.period)
    chosen = chosen_sections(form, sections)

    def cells(figure: Figure) -> list[Value]:
        return [_cell(figure, column.key) for column in columns[1:]]

    rows = _rows_by_indicator(chosen, summary, len(columns), cells)
    shown = [summary.figures[row.about.code] for row in rows if row.about]
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


def _rows_by_indicator(
    sections: Sequence[Section], summary: Summary, width: int, cells: Callable[[Figure], Sequence[Value]]
) -> list[Row]:
    """What has a figure of the province, `cells` behind its number: sections have I, II, …, indicators 1, 2,
    parts 2.1."""
    rows: list[Row] = []
    number = 0
    for section in sections:
        own: list[Row] = []
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
            place, role = (f"{whole}.{part}", Role.PART) if part else (str(whole), Role.PLAIN)
            values = (place, *cells(summary.figures[indicator.code]))
            own.append(Row(values, role, KIND_OF[indicator.type], Subject(indicator.code)))
        if own:
            number += 1
            rows.append(Row((roman(number), str(section.name), *[""] * (width - 2)), Role.SECTION))
            rows += own
    return rows


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


# ---- by group of units


def group_table(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    section: str,
    groups: Mapping[str, Sequence[str]],
    values: GroupValues,
) -> Table:
    """The figures of one section by group of units instead of unit by unit, and the province's below them.

    `groups` are the units of the period by the title of their group, `values` the groups' figures.
    """
    (chosen,) = chosen_sections(form, (section,))
    asked = [indicator for indicator in chosen.indicators if indicator.numeric]
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Group of units"), CellFormat.TEXT, 2.4),
        Column("units", _("Number of units"), CellFormat.TEXT, 0.8),
        *(Column(i.code, titled(summary.figures[i.code]), KIND_OF[i.type]) for i in asked),
    )
    rows: list[Row] = []
    counted: list[str] = []
    for title, codes in groups.items():
        own = [units[code] for code in codes if code in units]
        cells: list[Value] = []
        for indicator in asked:
            if not any(applies(indicator, unit.kind) for unit in own):
                cells.append(NOT_APPLICABLE)
            else:  # nothing where the figure is not put together over units
                cells.append("" if indicator.over_units == "none" else values[title].get(indicator.code))
        if any(cell is not NOT_APPLICABLE for cell in cells):
            count = wording.cell_text(len(codes), CellFormat.COUNT)
            about = Subject(units=tuple(codes))
            rows.append(Row((str(len(rows) + 1), title, count, *cells), about=about))
            counted += codes
    count = wording.cell_text(len(counted), CellFormat.COUNT)
    of_province = ["" if i.over_units == "none" else summary.figures[i.code].value for i in asked]
    about = Subject(units=tuple(counted))
    rows.append(Row(("", _("Total"), count, *of_province), Role.TOTAL, about=about))
    title = _("{section}: by group of units, {period}").format(
        section=chosen.name, period=wording.period_words(summary.period)
    )
    table = Table(f"unit:{section}", title, columns, tuple(rows), repeated=3)
    notes = (
        _("There are {count} units; those of a group stand together, each by itself in merged.xlsx.").format(
            count=wording.running_text(len(units), CellFormat.COUNT)
        ),
        *coverage_notes(summary, units, None),
        *notes_on_signs(table),
    )
    return replace(table, notes=notes)


def shortened(table: Table, note: str) -> Table:
    """The table with as many rows as an annex holds; `note` says {shown} and {total}."""
    if len(table.rows) <= MOST_ROWS:
        return table
    shown, rows = (wording.running_text(number, CellFormat.COUNT) for number in (MOST_ROWS, len(table.rows)))
    notes = (note.format(shown=shown, total=rows), *table.notes)
    return replace(table, rows=table.rows[:MOST_ROWS], notes=notes)


# ---- by kind


def kind_table(summary: Summary, form: Form, values: GroupValues, *, sections: Sequence[str] = ()) -> Table:
    """The figures of each kind of unit beside the province's; `values` go by kind, then code."""
    kinds = [kind for kind in form.kinds if any(v is not None for v in values.get(kind.code, {}).values())]
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("label", _("Content"), CellFormat.TEXT, 3.4),
        Column("measure", _("Measure"), CellFormat.TEXT, 1.0),
        *(Column(kind.code, str(kind.name), CellFormat.FIGURE) for kind in kinds),
        Column("value", _("Total"), CellFormat.FIGURE),
    )

    def cells(figure: Figure) -> list[Value]:
        of_kinds = (
            values[kind.code].get(figure.indicator.code)
            if applies(figure.indicator, kind.code)
            else NOT_APPLICABLE
            for kind in kinds
        )
        return [_cell(figure, "label"), _cell(figure, "measure"), *of_kinds, figure.value]

    rows = _rows_by_indicator(chosen_sections(form, sections), summary, len(columns), cells)
    title = _("Figures by kind of unit, {period}").format(period=wording.period_words(summary.period))
    table = Table("kind", title, columns, tuple(rows))
    return replace(table, notes=notes_on_signs(table))
