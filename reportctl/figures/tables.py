"""A summary as tables: by indicator, by unit, by group of units, by kind of unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from fractions import Fraction

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import (
    NOT_APPLICABLE,
    NOT_ASKED,
    Absent,
    CellFormat,
    Column,
    Role,
    Row,
    Subject,
    Table,
    Value,
)
from reportctl.figures.chosen import TablePart, chosen_sections
from reportctl.figures.figures import Comparison, Figure, Number, PlanProgress, Summary, exact, rounded, total
from reportctl.figures.notes import (
    APART,
    ESTIMATE,
    INCOMPLETE,
    comparison_notes,
    coverage_notes,
    names_of,
    notes_on_gaps,
    notes_on_moves,
    notes_on_parts,
    notes_on_rounding,
    notes_on_signs,
)
from reportctl.figures.plan import added_up, over_those
from reportctl.form.indicators import KIND_OF, Indicator, Type
from reportctl.form.layout import roman
from reportctl.form.model import Form, Section, applies
from reportctl.workspace.units import Unit

MOST_ROWS = 200  # of a printed annex; single units and all events stand in the merged workbook

GroupValues = Mapping[
    str, Mapping[str, Number | None]
]  # the title of a group or the code of a kind, then code


# ---- by indicator


def province_table(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    *,
    sections: Sequence[str] = (),
    regrouped: Sequence[str] = (),
    wholes: bool = False,
) -> Table:
    """Every figure beside what it compares with; columns in which nothing stands are left out.

    `wholes`: behind them stand the whole totals of the other periods, where these are others. `units` are
    those of the period by code; `regrouped` those that are named where no figure compares them.
    """
    chosen = chosen_sections(form, sections)
    shown = [summary.figures[i.code] for one in chosen for i in one.indicators if i.numeric and _printed(i)]
    compared = [*compared_columns(shown)]
    if wholes:
        compared += [
            f"whole_{which}"
            for which in ("year_ago", "previous")
            if any(f.against(which).whole != f.against(which).base for f in shown)
        ]
    columns = province_columns(summary.period, compared)

    def cells(figure: Figure) -> list[Value]:
        return [figure_cell(figure, column.key) for column in columns[1:]]

    rows = _rows_by_indicator(chosen, form, summary, len(columns), cells)
    filled = [
        n
        for n, column in enumerate(columns)
        if column.key in ("number", "label", "measure", "value")
        or any(isinstance(row.cells[n], int | float) for row in rows if row.role is not Role.SECTION)
        # What is no base because some of its quarters are missing, or were not asked, is shown as such.
        or (column.key in ("year_ago", "previous") and any(_no_base(f.against(column.key)) for f in shown))
    ]
    title = _("Summary of figures, {period}").format(period=wording.period_title(summary.period))
    table = Table("province", title, columns, tuple(rows)).with_columns(filled)
    notes = (
        *coverage_notes(summary, units),
        *comparison_notes(shown, summary.period, units, regrouped),
        *notes_on_gaps(shown, summary.period, {column.key for column in table.columns}),
        *notes_on_parts(shown, {column.key for column in table.columns}),
        *notes_on_signs(table),
    )
    return replace(table, notes=notes)


def _no_base(found: Comparison) -> bool:
    return found.partial or bool(found.unasked)


def _printed(indicator: Indicator) -> bool:
    """Whether the province has a figure of it."""
    return indicator.over_units != "none"


def compared_columns(figures: Sequence[Figure]) -> tuple[str, ...]:
    """The columns with this period's figure over the groups compared that a table of these figures needs,
    because some figure of its own covers more: "value_year_ago", "value_previous"; "value_compared" where
    one serves both."""
    differing = [
        which
        for which in ("year_ago", "previous")
        if any(f.against(which).value not in (None, f.value) for f in figures)
    ]
    values = ([f.against(which).value for f in figures] for which in ("year_ago", "previous"))
    of_year_ago, of_previous = values
    both = zip(of_year_ago, of_previous, strict=True)
    if differing and all(one == other or None in (one, other) for one, other in both):
        return ("value_compared",)
    return tuple(f"value_{which}" for which in differing)


def province_columns(period: Period, compared: Sequence[str]) -> tuple[Column, ...]:
    """All columns that such a table can have; of a span, not what another one says already. `compared` are
    the keys of those with this period's figure over the groups compared, and with whole totals."""
    if isinstance(period, Quarter):
        value, previous, year_ago = _("This quarter"), _("Previous quarter"), _("Year ago")
    elif period.kind == "9M":
        value, previous, year_ago = _("9 months"), "", _("Year ago")
    elif period.kind == "Y":
        value, previous, year_ago = _("The year"), _("Previous year"), _("Previous year")
    else:
        value, previous, year_ago = _("6 months"), _("Previous 6 months"), _("Year ago")
    optional = ("value_year_ago", "value_previous", "value_compared", "whole_year_ago", "whole_previous")
    left_out = {*optional} - {*compared}
    if not isinstance(period, Quarter) and period.quarters == period.to_date:
        left_out.add("to_date")
    if period.previous == period.year_ago:
        left_out |= {"previous", "value_previous", "change_previous", "whole_previous"}
    over = _("{period}, units compared").format(period=value)
    beside, whole = _("{period} (beside {base})"), _("{period}, all units")
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("label", _("Content"), CellFormat.TEXT, 3.4),
        Column("measure", _("Measure"), CellFormat.TEXT, 1.0),
        Column("year_ago", year_ago, CellFormat.FIGURE),
        Column("value_year_ago", beside.format(period=value, base=year_ago.lower()), CellFormat.FIGURE),
        Column("previous", previous, CellFormat.FIGURE),
        Column("value_previous", beside.format(period=value, base=previous.lower()), CellFormat.FIGURE),
        Column("value_compared", over, CellFormat.FIGURE),
        Column("value", value, CellFormat.FIGURE),
        Column("to_date", _("Year to date"), CellFormat.FIGURE),
        Column("plan", _("Plan of the year"), CellFormat.FIGURE),
        Column("of_plan", _("Of plan"), CellFormat.PERCENT, 0.8),
        Column("change_year_ago", _("+/- {base}").format(base=year_ago.lower()), CellFormat.CHANGE, 0.9),
        Column("change_previous", _("+/- {base}").format(base=previous.lower()), CellFormat.CHANGE, 0.9),
        Column("whole_year_ago", whole.format(period=year_ago), CellFormat.FIGURE),
        Column("whole_previous", whole.format(period=previous), CellFormat.FIGURE),
    )
    return tuple(column for column in columns if column.key not in left_out)


def figure_cell(figure: Figure, key: str) -> Value:
    """A figure's cell; of what has no plan nothing is missing.

    What it is compared with is over the groups compared. The measure is what the province's figure is counted
    in: of yes or no, the units that say yes.
    """
    indicator = figure.indicator
    year_ago, previous = figure.against_year_ago, figure.against_previous
    match key:
        case "label":
            return f"{indicator.name} {ESTIMATE}" if figure.estimate else str(indicator.name)
        case "measure":
            yes = indicator.type is Type.YES_NO and indicator.over_units == "sum"
            return _("units") if yes and not indicator.unit_of_measure else str(indicator.measure)
        case "plan" | "of_plan" if figure.plan is None:
            return ""
        case "year_ago" | "previous":
            return NOT_ASKED if figure.against(key).unasked else figure.against(key).base
        case "change_year_ago" | "change_previous":
            found = figure.against(key.removeprefix("change_"))
            return NOT_ASKED if found.unasked else found.change
        case "value_year_ago":
            return year_ago.value
        case "value_previous":
            return previous.value
        case "whole_year_ago":
            return NOT_ASKED if year_ago.unasked else year_ago.whole
        case "whole_previous":
            return NOT_ASKED if previous.unasked else previous.whole
        case "value_compared":
            return previous.value if year_ago.value is None else year_ago.value
        case "value" | "to_date" if getattr(figure, key) is None:
            return figure.absent
    value: Value = getattr(figure, key)
    return value


def marks_of(figure: Figure, period: Period) -> dict[str, str]:
    """What stands behind the numbers of a figure: over how many units they are, where not over all that
    reported; a sign where the year to date lacks some, or the span itself; one where its parts do not make
    it."""
    marks = {}
    given, reported = figure.given
    of_value = [f"({given}/{reported})"] if given < reported else []
    if any(quarter in period.quarters for quarter, _why in (*figure.gaps, *figure.unasked)):
        of_value.append(INCOMPLETE)
    if figure.apart_in("value"):
        of_value.append(APART)
    if of_value:
        marks["value"] = " ".join(of_value)
    part = over_those(figure.planned, figure.units_asked)
    of_year = [INCOMPLETE] if figure.gaps or (figure.unasked and not figure.indicator.cumulative) else []
    if figure.apart_in("to_date"):
        of_year.append(APART)
    if of_year:
        marks["to_date"] = " ".join(of_year)
    marks |= {which: APART for which in ("previous", "year_ago") if figure.apart_in(which)}
    if figure.plan_incomplete:
        part = f"{part} {INCOMPLETE}".strip()
    if part:
        marks["of_plan"] = part
    return marks


def _rows_by_indicator(
    sections: Sequence[Section],
    form: Form,
    summary: Summary,
    width: int,
    cells: Callable[[Figure], Sequence[Value]],
) -> list[Row]:
    """What has a figure of the province, `cells` behind its number: sections have I, II, …, indicators 1, 2,
    parts 2.1; parts that do not make the whole have a dash."""
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
            if part and not _makes_whole(section, indicator.part_of, form, summary):
                place = _NO_NUMBER
            figure = summary.figures[indicator.code]
            values = (place, *cells(figure))
            own.append(
                Row(
                    values,
                    role,
                    KIND_OF[indicator.type],
                    Subject(indicator.code),
                    marks_of(figure, summary.period),
                )
            )
        if own:
            number += 1
            rows.append(Row((roman(number), str(section.name), *[""] * (width - 2)), Role.SECTION))
            rows += own
    return rows


_NO_NUMBER = "-"


def _makes_whole(section: Section, whole: str, form: Form, summary: Summary) -> bool:
    """Whether the parts of a figure in its section come to the whole: as a rule of the form says, else as the
    figures do. Where one is missing nothing speaks against it. One part is none of several that make it."""
    parts = [one.code for one in section.indicators if one.part_of == whole and one.numeric]
    figures = [summary.figures[code] for code in parts]
    if len(parts) < 2 or any(part.indicator.over_units != "sum" for part in figures):
        return False
    if frozenset({whole, *parts}) in _equal(form):  # so that a row has the same number all year
        return True
    values = [part.value for part in figures]
    if None in values or summary.figures[whole].value is None:
        return True
    return total(values) == total([summary.figures[whole].value])


def _equal(form: Form) -> frozenset[frozenset[str]]:
    """The figures of which a rule of the form says that some come to the others."""
    nodes = [rule.node for rule in form.rules]
    return frozenset(
        frozenset(asked.code for asked in node.references)
        for node in nodes
        if node.operator == "=" and all(asked.what == "value" for asked in node.references)
    )


# ---- by unit


def unit_table(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    section: str,
    *,
    plans: bool = True,
) -> Table:
    """The figures of one section unit by unit, grouped by kind, with totals of what is added up.

    Behind what has a plan stands how far each unit is with it, if `plans`.
    """
    (chosen,) = chosen_sections(form, (section,))
    title = _("{section}: by unit, {period}").format(
        section=chosen.name, period=wording.period_title(summary.period)
    )
    columns = _columns_of(chosen, summary)
    return table_by_unit(summary, form, units, f"unit:{section}", title, columns, plans=plans)


def _columns_of(section: Section, summary: Summary) -> list[Column]:
    """A column for each of a section's figures."""
    return [
        Column(i.code, titled(summary.figures[i.code]), KIND_OF[i.type])
        for i in section.indicators
        if i.numeric
    ]


def table_by_unit(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    name: str,
    title: str,
    figures: Sequence[Column],
    *,
    plans: bool = True,
) -> Table:
    """As `unit_table`, of the indicators and cells whose codes are the keys of the columns `figures`."""
    asked = [form.indicators[column.key] for column in figures]
    planned = {i.code for i in asked if plans and i.code in summary.progress}
    columns = [
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Unit"), CellFormat.TEXT, 2.4),
    ]
    for indicator, column in zip(asked, figures, strict=True):
        # Units say yes or no, which their rows are the kind of; a total is how many of them say yes.
        kind = CellFormat.FIGURE if indicator.type is Type.YES_NO else column.kind
        columns.append(replace(column, kind=kind))
        if indicator.code in planned:
            key = f"{indicator.code}.of_plan"
            columns.append(Column(key, _("Of plan"), CellFormat.PERCENT, 0.8, column.under))
    groups = _groups(summary, form, units, asked)
    rows: list[Row] = []
    counted: list[str] = []
    for kind_title, codes in groups:
        if len(groups) > 1:
            rows.append(Row(("", kind_title, *[""] * (len(columns) - 2)), Role.SECTION))
        for code in codes:
            counted.append(code)
            marks = {}
            cells: list[Value] = [str(len(counted)), names_of([code], units)]
            for indicator in asked:
                cells.append(summary.by_unit.get(code, {}).get(indicator.code, NOT_APPLICABLE))
                if sign := _signs(summary, indicator.code, (code,)):
                    marks[indicator.code] = sign
                if indicator.code in planned:
                    groups_of_unit = (g for g in summary.progress[indicator.code] if code in g.today)
                    own = next(groups_of_unit, None)
                    alone = own is not None and len(own.today) == 1
                    cells.append("" if own is None else own.of_plan if alone else None)
                    if own and own.incomplete:
                        marks[f"{indicator.code}.of_plan"] = INCOMPLETE
            about = Subject(units=(code,))
            rows.append(Row(tuple(cells), kind=CellFormat.YES_NO, about=about, marks=marks))
        if len(groups) > 1 and len(codes) > 1:
            totals = _totals(codes, asked, planned, summary)
            label = _("Total: {group}").format(group=kind_title)
            marks = _marks_of_group(summary, asked, planned, codes)
            about = Subject(units=tuple(codes))
            rows.append(Row(("", label, *totals), Role.TOTAL, about=about, marks=marks))
    rows += _undivided_row(summary, [c.key for c in columns])
    whole: list[Value] = []
    for indicator in asked:
        figure = summary.figures[indicator.code]
        (own_total,) = _totals(counted, [indicator], frozenset(), summary)
        # With what is not by unit; none where that and the units' figures do not make one.
        if indicator.over_units == "sum" and (figure.value is not None or isinstance(own_total, int | float)):
            own_total = figure.value
        if indicator.computed:
            own_total = "" if figure.value is None else figure.value
        whole.append(own_total)
        if indicator.code in planned:
            whole.append("" if figure.plan is None else figure.of_plan)
    marks = {
        f"{code}.of_plan": marks_of(summary.figures[code], summary.period).get("of_plan", "")
        for code in planned
    }
    for figure in (summary.figures[i.code] for i in asked):
        signs = [INCOMPLETE] if _span_gaps(summary, figure.indicator.code) else []
        signs += [APART] if figure.apart_in("value") else []
        marks |= {figure.indicator.code: " ".join(signs)} if signs else {}
    about = Subject(units=tuple(counted))
    rows.append(Row(("", _("Total"), *whole), Role.TOTAL, about=about, marks=marks))
    table = Table(name, title, tuple(columns), tuple(rows))
    notes = [
        *coverage_notes(summary, units),
        *notes_on_moves(summary, units, form),
        *notes_on_signs(table),
        *notes_on_rounding(table),
    ]
    lacking = [summary.figures[i.code] for i in asked if _span_gaps(summary, i.code)]
    with_plan = [summary.figures[c] for c in planned if summary.figures[c].plan_incomplete]
    notes += notes_on_gaps([*lacking, *with_plan], summary.period, {"of_plan"} if with_plan else set())
    notes += notes_on_parts([summary.figures[i.code] for i in asked])
    if planned:
        note = _("{column}: the year to date against the plan of the year.")
        notes.append(note.format(column=_("Of plan")))
    return replace(table, notes=tuple(notes), repeated=2)


def titled(figure: Figure) -> str:
    """What a figure is called at the head of a column: with its unit of measure, and a sign for estimates."""
    measure = str(figure.indicator.measure)
    title = f"{figure.indicator.name} ({measure})" if measure else str(figure.indicator.name)
    return f"{title} {ESTIMATE}" if figure.estimate else title


def titled_in_short(figure: Figure) -> str:
    """As `titled`, where there is little room: with its unit of measure only where no name says it already,
    its own or that of what it is a part of."""
    indicator = figure.indicator
    measure, name = str(indicator.measure), str(indicator.short_name)
    said = indicator.part_of or measure.casefold() in f"{indicator.name} {name}".casefold()
    title = wording.with_measure(name, "" if said else measure)
    return f"{title} {ESTIMATE}" if figure.estimate else title


def _groups(
    summary: Summary, form: Form, units: Mapping[str, Unit], asked: Sequence[Indicator]
) -> list[tuple[str, list[str]]]:
    """The units that are asked anything here under the titles of their kinds, in the form's order."""
    codes = {indicator.code for indicator in asked}
    groups = [
        (
            str(kind.name),
            [
                code
                for code, unit in units.items()
                if unit.kind == kind.code and not codes.isdisjoint(summary.by_unit.get(code, ()))
            ],
        )
        for kind in form.kinds
    ]
    strangers = [
        code
        for code, values in summary.by_unit.items()
        if code not in units and any(indicator.code in values for indicator in asked)
    ]
    groups.append((_("Not in the list of units"), strangers))
    return [(title, codes) for title, codes in groups if codes]


def _totals(
    units: Sequence[str], asked: Sequence[Indicator], planned: AbstractSet[str], summary: Summary
) -> Iterator[Value]:
    """The sums of what is added up over the units, and of shares the share of these sums; nothing under the
    other columns. Behind what is `planned` stands what part of the plan has been done by the groups that are
    among the units on the last day."""
    for indicator in asked:
        if indicator.computed:
            yield _share_of_sums(units, indicator, summary)
        elif indicator.over_units != "sum":
            yield ""
        else:
            values = [summary.by_unit.get(code, {}).get(indicator.code, NOT_APPLICABLE) for code in units]
            summed = total(values)
            absent = next((one for one in (NOT_ASKED, NOT_APPLICABLE) if one in values), None)
            yield absent if summed is None else summed
        if indicator.code in planned:
            own = _groups_within(summary, indicator.code, units)
            added = indicator.over_units == "sum" and any(each.plan is not None for each in own)
            yield added_up(own).of_plan if added else ""


def _share_of_sums(units: Sequence[str], share: Indicator, summary: Summary) -> Value:
    """The share that the sums of the units' two figures make; "" where there is none, or where what a unit's
    own share divides is not its two figures, as of a span in which they count in different quarters."""
    above = below = Fraction()
    lacking = [summary.lacking.get(one, frozenset()) for one in (share.numerator, share.denominator)]
    if not all(each.isdisjoint(units) for each in lacking):
        return ""
    divided = summary.shares.get(share.code, {})
    for code in units:
        own = summary.by_unit.get(code, {})
        ends = [own.get(one) for one in (share.numerator, share.denominator)]
        if code not in divided and any(not isinstance(end, int | float) for end in ends):
            continue
        if code not in divided or ends != [rounded(end) for end in divided[code]]:
            return ""
        above, below = above + divided[code][0], below + divided[code][1]
    return rounded(above / below) if below else ""


def _span_gaps(summary: Summary, code: str) -> bool:
    """Whether the province's figure of a span lacks units' figures in some quarter."""
    figure = summary.figures[code]
    quarters = [quarter for quarter, _why in (*figure.gaps, *figure.unasked)]
    return len(summary.period.quarters) > 1 and any(q in summary.period.quarters for q in quarters)


def _signs(summary: Summary, code: str, units: Sequence[str]) -> str:
    """The signs behind a figure of these units: that it lacks a quarter of one of them, that its parts do not
    make it."""
    lacks = not summary.lacking.get(code, frozenset()).isdisjoint(units)
    apart = _apart(summary, code, units)
    return " ".join(sign for sign, stands in ((INCOMPLETE, lacks), (APART, apart)) if stands)


def _apart(summary: Summary, code: str, units: Sequence[str]) -> bool:
    """Whether the parts of a figure do not make that of one of these units."""
    return any(not one.units.isdisjoint(units) for one in summary.figures[code].apart_in("value"))


def _marks_of_group(
    summary: Summary, asked: Sequence[Indicator], planned: AbstractSet[str], units: Sequence[str]
) -> dict[str, str]:
    """The marks behind the totals of some units: where one lacks a quarter, where not all have a plan."""
    marks = {i.code: signs for i in asked if (signs := _signs(summary, i.code, units))}
    for code in planned:
        groups = _groups_within(summary, code, units)
        judged = sum(group.judged for group in groups)
        over = over_those(judged, sum(unit in summary.asked[code] for unit in units))
        sign = INCOMPLETE if any(g.incomplete for g in groups if g.target is not None) else ""
        marks[f"{code}.of_plan"] = f"{over} {sign}".strip()
    return marks


def _groups_within(summary: Summary, code: str, units: Sequence[str]) -> list[PlanProgress]:
    """The groups with a plan of an indicator whose units of the last day are all among these."""
    return [g for g in summary.progress[code] if g.today and {*g.today} <= {*units}]


def _undivided_row(summary: Summary, keys: Sequence[str]) -> list[Row]:
    """What the province's totals have beyond the units' figures, under the columns with these keys."""
    if not any(key in summary.undivided for key in keys):
        return []
    cells = [summary.undivided.get(key, "") for key in keys[2:]]
    return [Row(("", _("Not by unit (imported totals of the province)"), *cells))]


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
    title = _("{section}: by group of units, {period}").format(
        section=chosen.name, period=wording.period_title(summary.period)
    )
    columns = _columns_of(chosen, summary)
    return table_by_group(summary, form, units, f"unit:{section}", title, columns, groups, values)


def table_by_group(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    name: str,
    title: str,
    figures: Sequence[Column],
    groups: Mapping[str, Sequence[str]],
    values: GroupValues,
) -> Table:
    """As `group_table`, of the indicators and cells whose codes are the keys of the columns `figures`."""
    asked = [form.indicators[column.key] for column in figures]
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Group of units"), CellFormat.TEXT, 2.4),
        Column("units", _("Number of units"), CellFormat.TEXT, 0.8),
        *figures,
    )
    rows: list[Row] = []
    counted: list[str] = []
    keys = [column.key for column in columns]
    for group, codes in groups.items():
        cells: list[Value] = []
        for indicator in asked:
            own = [summary.by_unit.get(code, {}).get(indicator.code, NOT_APPLICABLE) for code in codes]
            if all(isinstance(value, Absent) for value in own):
                cells.append(NOT_ASKED if NOT_ASKED in own else NOT_APPLICABLE)
            else:  # nothing where the figure is not put together over units
                cells.append("" if indicator.over_units == "none" else values[group].get(indicator.code))
        if any(cell is not NOT_APPLICABLE for cell in cells):
            count = wording.cell_text(len(codes), CellFormat.COUNT)
            about = Subject(units=tuple(codes))
            marks = {i.code: APART for i in asked if _apart(summary, i.code, codes)}
            rows.append(Row((str(len(rows) + 1), group, count, *cells), about=about, marks=marks))
            counted += codes
    rows += (
        replace(row, cells=(*row.cells[:2], "", *row.cells[2:])) for row in _undivided_row(summary, keys[1:])
    )
    count = wording.cell_text(len(counted), CellFormat.COUNT)
    of_province = ["" if i.over_units == "none" else summary.figures[i.code].value for i in asked]
    about = Subject(units=tuple(counted))
    marks = {i.code: APART for i in asked if summary.figures[i.code].apart_in("value")}
    rows.append(Row(("", _("Total"), count, *of_province), Role.TOTAL, about=about, marks=marks))
    table = Table(name, title, columns, tuple(rows), repeated=3)
    notes = (
        _("There are {count} units; those of a group stand together, each by itself in merged.xlsx.").format(
            count=wording.running_text(len(units), CellFormat.COUNT)
        ),
        *coverage_notes(summary, units),
        *notes_on_parts([summary.figures[i.code] for i in asked]),
        *notes_on_signs(table),
        *notes_on_rounding(table),
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


def kind_table(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    values: GroupValues,
    *,
    sections: Sequence[str] = (),
    parts: Sequence[TablePart] = (),
) -> Table:
    """The figures of each kind of unit beside the province's, of `sections` and of the main cells of tables'
    `parts` (all sections where neither is named); `values` go by kind, then code."""
    cells_shown = {cell.code for part in parts for cell in part.main_cells}
    of_tables = dict.fromkeys(part.table.code for part in parts)
    chosen = [
        section.model_copy(
            update={"indicators": tuple(i for i in section.indicators if i.code in cells_shown)}
        )
        if section.code in of_tables
        else section
        for section in chosen_sections(form, [*sections, *of_tables])
    ]
    kinds = [kind for kind in form.kinds if any(v is not None for v in values.get(kind.code, {}).values())]
    others = {
        code: _beyond(figure, [values[k.code].get(code) for k in kinds])
        for code, figure in summary.figures.items()
    }
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("label", _("Content"), CellFormat.TEXT, 3.4),
        Column("measure", _("Measure"), CellFormat.TEXT, 1.0),
        *(Column(kind.code, str(kind.name), CellFormat.FIGURE) for kind in kinds),
        *([Column("others", _("Of no kind"), CellFormat.FIGURE)] if any(others.values()) else []),
        Column("value", _("Total"), CellFormat.FIGURE),
    )

    def cells(figure: Figure) -> list[Value]:
        code = figure.indicator.code
        of_kinds = [
            values[kind.code].get(code)
            if values[kind.code].get(code) is not None or applies(figure.indicator, kind.code)
            else NOT_APPLICABLE
            for kind in kinds
        ]
        rest = [others[code] or ""] if any(others.values()) else []
        return [
            figure_cell(figure, "label"),
            figure_cell(figure, "measure"),
            *of_kinds,
            *rest,
            figure_cell(figure, "value"),
        ]

    of_kind = {k.code: [code for code, unit in units.items() if unit.kind == k.code] for k in kinds}

    def marked(row: Row) -> Row:
        code = row.about.code if row.about else ""
        apart = {kind: APART for kind, own in of_kind.items() if code and _apart(summary, code, own)}
        return replace(row, marks={**row.marks, **apart}) if apart else row

    rows = [marked(row) for row in _rows_by_indicator(chosen, form, summary, len(columns), cells)]
    title = _("Figures by kind of unit, {period}").format(period=wording.period_title(summary.period))
    table = Table("kind", title, columns, tuple(rows))
    shown = [summary.figures[row.about.code] for row in rows if row.about]
    notes = [
        *notes_on_moves(summary, units, form),
        *notes_on_gaps(shown, summary.period, set()),
        *notes_on_parts(shown),
        *notes_on_signs(table),
        *notes_on_rounding(table),
    ]
    if any(others.values()):
        notes.append(_("Of no kind: imported totals of the province, and units that are not in the list."))
    return replace(table, notes=tuple(notes))


def _beyond(figure: Figure, parts: Iterable[Number | None]) -> Number | None:
    """What a figure that is added up has beyond these parts; None where that is nothing."""
    if figure.value is None or figure.indicator.over_units != "sum":
        return None
    rest = exact(figure.value) - sum(exact(part) for part in parts if part is not None)
    return rounded(rest) if rest else None
