"""A form's tables with the figures of the province, or of the units in one row."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportctl.core import wording
from reportctl.core.language import Phrase, _
from reportctl.core.period import Period
from reportctl.core.table import NOT_ASKED, CellFormat, Column, Role, Row, Subject, Table, Value
from reportctl.figures.chosen import TablePart
from reportctl.figures.figures import NO_COMPARISON, Figure, Summary
from reportctl.figures.notes import (
    ESTIMATE,
    comparison_notes,
    coverage_notes,
    notes_on_gaps,
    notes_on_parts,
    notes_on_rounding,
    notes_on_signs,
    over_fewer,
)
from reportctl.figures.plan import over_those
from reportctl.figures.tables import (
    GroupValues,
    compared_columns,
    figure_cell,
    marks_of,
    province_columns,
    table_by_group,
    table_by_unit,
)
from reportctl.form.indicators import KIND_OF, Type
from reportctl.form.model import Form
from reportctl.form.names import headings, whole_heading
from reportctl.form.tables import FormTable, TableCell, TableColumn
from reportctl.workspace.units import Unit

# ---- the whole table


@dataclass(frozen=True, slots=True)
class _Shown:
    """A column that is shown: `holds` is the column whose figures it has (itself where it is asked)."""

    column: TableColumn
    holds: TableColumn

    @property
    def key(self) -> str:
        """The code of the column whose figures it has, behind it which of them."""
        return self.holds.code if self.column is self.holds else f"{self.holds.code}.{self.column.is_}"


def matrix_table(
    summary: Summary,
    table: FormTable,
    units: Mapping[str, Unit],
    *,
    regrouped: Sequence[str] = (),
    coverage: bool = True,
) -> Table:
    """The province's figures in the rows and columns of the form's table, under its headings.

    Columns that the program fills in have what its comparisons are with: of other periods the figures over
    the groups compared, marked where these are fewer. What stands in a workbook when it is sent is left out,
    and so are plans where there are none.
    Without `coverage` no note says who has reported.
    """
    planned = {
        cell.column
        for cell in table.cells.values()
        if (figure := summary.figures.get(cell.code)) and figure.plan is not None
    }
    shown = [
        one
        for column in table.columns
        if column.is_ != "given"
        for one in (_Shown(column, table.source_of(column)),)
        if column.is_ != "plan" or one.holds.code in planned
    ]
    measures = _measures(table)
    numbers, depths = table.numbers, table.depths
    label = str(Phrase(table.row_title, table.row_title_en)) or _("Content")
    leading = [Column("number", _("No."), CellFormat.TEXT, 0.6), Column("label", label, CellFormat.TEXT, 3.4)]
    leading += [Column("measure", _("Measure"), CellFormat.TEXT, 1.0)] if measures.of_rows else []
    columns = [
        Column(
            one.key,
            wording.with_measure(str(one.column.name), measures.of_columns.get(one.holds.code, "")),
            CellFormat.FIGURE if one.holds.type is None else KIND_OF[one.holds.type],
            under=tuple(map(str, headings(one.column))),
        )
        for one in shown
    ]
    rows = []
    for row in table.rows:
        if row.caption:
            empty = [""] * (len(leading) - 2 + len(columns))
            rows.append(Row(("", str(row.name), *empty), Role.SECTION))
            continue
        cells: list[Value] = [numbers[row.code], str(row.name)]
        cells += [measures.of_rows.get(row.code, "")] if measures.of_rows else []
        marks: dict[str, str] = {}
        for one in shown:
            cell = table.cells.get((row.code, one.holds.code))
            if cell is None:
                cells.append(NOT_ASKED)
                continue
            figure = summary.figures.get(cell.code)
            cells.append("" if figure is None or cell.over_units == "none" else _value(figure, one.column))
            if figure is not None and (mark := _mark(figure, one.column, summary.period)):
                marks[one.key] = mark
        kind = KIND_OF[row.type or table.type or Type.COUNT]
        about = Subject(f"{table.code}.{row.code}")
        rows.append(Row(tuple(cells), kind=kind, about=about, marks=marks, level=depths[row.code]))
    title = _("{section}, {period}").format(
        section=wording.with_measure(str(table.name), measures.of_all),
        period=wording.period_title(summary.period),
    )
    made = Table(f"matrix:{table.code}", title, (*leading, *columns), tuple(rows), repeated=len(leading))
    roles: set[str] = {one.column.is_ for one in shown}
    figures = [f for cell in TablePart(table).cells if (f := summary.figures.get(cell.code))]
    sources = {one.holds.code for one in shown if one.column.is_ in ("previous", "year_ago")}
    compared = [
        _with_shown(figure, shown)
        for figure in figures
        if isinstance(figure.indicator, TableCell) and figure.indicator.column in sources
    ]
    notes = (
        *(coverage_notes(summary, units) if coverage else ()),
        *comparison_notes(compared, summary.period, units, regrouped, changes=False),
        *notes_on_gaps(figures, summary.period, {role for role in roles if role == "to_date"}),
        *notes_on_parts([_with_shown(f, shown) for f in figures], roles),
        *notes_on_signs(made),
        *_notes_on_blanks(table, {one.holds.code for one in shown}),
        *notes_on_rounding(made, [f.value for f in figures if f.indicator.over_units == "sum"]),
    )
    return replace(made, notes=notes)


def _notes_on_blanks(table: FormTable, columns: Container[str]) -> tuple[str, ...]:
    """Why cells of these columns are blank, where what units answer there does not come to a figure."""
    asked = [cell for (_row, column), cell in table.cells.items() if column in columns]
    if all(cell.numeric and cell.over_units != "none" for cell in asked):
        return ()
    return (_("Blank: asked, but words, dates and what is not added up over units have no total."),)


def _value(figure: Figure, column: TableColumn) -> Value:
    """What a column has of a figure."""
    match column.is_:
        case "previous" | "year_ago":
            return figure_cell(figure, column.is_)
        case "to_date":
            return figure_cell(figure, "to_date")
        case "plan":
            return "" if figure.plan is None else figure.plan
    return figure_cell(figure, "value")


def _mark(figure: Figure, column: TableColumn, period: Period) -> str:
    """What stands behind a number there: over how many units it is, the signs of estimates and of gaps."""
    marks = marks_of(figure, period)
    match column.is_:
        case "previous" | "year_ago":
            fewer = over_fewer(figure, column.is_)
            found = figure.against(column.is_)
            over = over_those(found.comparable or 0, figure.units_asked) if fewer else ""
            return " ".join(filter(None, (over, marks.get(column.is_))))
        case "to_date":
            return marks.get("to_date", "")
        case "plan":
            return over_those(figure.planned, figure.units_asked)
        case "value":
            return " ".join(filter(None, (marks.get("value"), ESTIMATE if figure.estimate else "")))
    return ""


def _with_shown(figure: Figure, shown: Sequence[_Shown]) -> Figure:
    """The figure without what the table has no column for: comparisons, what is said of its parts there, and
    the share of the plan."""
    cell = figure.indicator
    roles = {one.column.is_ for one in shown if isinstance(cell, TableCell) and one.holds.code == cell.column}
    return replace(
        figure,
        against_previous=figure.against_previous if "previous" in roles else NO_COMPARISON,
        against_year_ago=figure.against_year_ago if "year_ago" in roles else NO_COMPARISON,
        plan=None,
        apart=tuple(one for one in figure.apart if one.of in roles),
    )


@dataclass(frozen=True, slots=True)
class _Measures:
    """Where a table says its units of measure: once for `of_all`, at its columns, or at its rows."""

    of_all: str = ""
    of_columns: Mapping[str, str] = field(default_factory=dict)
    of_rows: Mapping[str, str] = field(default_factory=dict)


def _measures(table: FormTable) -> _Measures:
    by_column: dict[str, set[str]] = {}
    by_row: dict[str, dict[str, None]] = {}
    for (row, column), cell in table.cells.items():
        by_column.setdefault(column, set()).add(str(cell.measure))
        by_row.setdefault(row, {})[str(cell.measure)] = None
    every = set[str]().union(*by_column.values())
    if len(every) <= 1:
        return _Measures("".join(every))
    if all(len(found) == 1 for found in by_column.values()):
        return _Measures(of_columns={code: "".join(found) for code, found in by_column.items()})
    return _Measures(of_rows={code: " / ".join(filter(None, found)) for code, found in by_row.items()})


# ---- by unit


def cells_by_unit(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    part: TablePart,
    cells: Sequence[TableCell] = (),
    groups: tuple[Mapping[str, Sequence[str]], GroupValues] | None = None,
) -> Table:
    """Unit by unit, the figures of one row of a form's table under its headings, of one column under the
    rows' labels, which are headings too; of the whole table, or some `cells` of it, under both.
    With `groups` (and their figures) a line for each of these instead.
    """
    rows = {row.code: str(row.name) for row in part.table.lines}
    columns = {column.code: column for column in part.table.columns}
    alone = len(part.table.asked_columns) == 1
    above = _labels_above(part.table)
    heads = []
    shown = cells or part.cells
    measures = {str(cell.measure) for cell in shown}
    of_all = "".join(measures) if len(measures) == 1 else ""
    for cell in shown:
        column, figure = columns[cell.column], summary.figures[cell.code]
        title, under = str(column.name), tuple(map(str, headings(column)))
        if part.column:
            title, under = rows[cell.row], above[cell.row]
        elif not part.row:
            title, under = (rows[cell.row], ()) if alone else (title, (rows[cell.row], *under))
        title = wording.with_measure(title, "" if of_all else str(cell.measure))
        title += f" {ESTIMATE}" if figure.estimate else ""
        heads.append(Column(cell.code, title, KIND_OF[cell.type], under=under))
    period = wording.period_title(summary.period)
    of_part = rows[part.row] if part.row else str(whole_heading(columns[part.column])) if part.column else ""
    subject = f"{part.table.name}: {of_part}" if of_part else str(part.table.name)
    subject = wording.with_measure(subject, of_all)
    name = f"unit:{part.code}"
    if groups is not None:
        title = _("{section}: by group of units, {period}").format(section=subject, period=period)
        return table_by_group(summary, form, units, name, title, heads, *groups)
    title = _("{section}: by unit, {period}").format(section=subject, period=period)
    return table_by_unit(summary, form, units, name, title, heads, plans=False)


def _labels_above(table: FormTable) -> dict[str, tuple[str, ...]]:
    """The labels of the rows that each row stands below, the top one first, by its code."""
    found: dict[str, tuple[str, ...]] = {}
    path: list[str] = []
    for row in table.lines:
        del path[table.depths[row.code] :]
        found[row.code] = tuple(path)
        path.append(str(row.name))
    return found


# ---- one column, or one line


def column_table(
    summary: Summary,
    part: TablePart,
    units: Mapping[str, Unit],
    *,
    regrouped: Sequence[str] = (),
    coverage: bool = True,
) -> Table:
    """One column of a form's table, row by row: this period's figures beside what they compare with."""
    (column,) = (one for one in part.table.columns if one.code == part.column)
    cells = {cell.row: cell for cell in part.cells}
    figures = [f for cell in cells.values() if (f := summary.figures.get(cell.code))]
    columns = province_columns(summary.period, compared_columns(figures))
    depths, numbers = part.table.depths, part.table.numbers
    rows = []
    for row in part.table.rows:
        if row.caption:
            rows.append(Row(("", str(row.name), *[""] * (len(columns) - 2)), Role.SECTION))
            continue
        cell = cells.get(row.code)
        figure = summary.figures.get(cell.code) if cell is not None else None
        if cell is None or figure is None or cell.over_units == "none":
            absent = "" if (row.code, part.column) in part.table.cells else NOT_ASKED
            values = [absent if one.kind is CellFormat.FIGURE else "" for one in columns[2:]]
            values[0] = str(cell.measure) if cell is not None else ""
            rows.append(Row((numbers[row.code], str(row.name), *values), level=depths[row.code]))
            continue
        own = [figure_cell(figure, one.key) for one in columns[2:]]
        label = f"{row.name} {ESTIMATE}" if figure.estimate else str(row.name)
        about, marks = Subject(cell.code), marks_of(figure, summary.period)
        kind = KIND_OF[cell.type]
        rows.append(
            Row((numbers[row.code], label, *own), kind=kind, about=about, marks=marks, level=depths[row.code])
        )
    filled = {n for row in rows for n, cell in enumerate(row.cells) if isinstance(cell, int | float)}
    measures = {str(row.cells[2]) for row in rows if row.role is not Role.SECTION}
    texts = {2} if len(measures) > 1 else set[int]()
    value = {n for n, one in enumerate(columns) if one.key == "value"}
    heading = whole_heading(column)
    title = _("{section}, {period}").format(
        section=wording.with_measure(f"{part.table.name}: {heading}", "" if texts else "".join(measures)),
        period=wording.period_title(summary.period),
    )
    made = Table(f"column:{part.code}", title, columns, tuple(rows))
    made = made.with_columns(sorted({0, 1} | filled | texts | value))
    notes = (
        *(coverage_notes(summary, units) if coverage else ()),
        *comparison_notes(figures, summary.period, units, regrouped),
        *notes_on_gaps(figures, summary.period, {one.key for one in made.columns}),
        *notes_on_parts(figures, {one.key for one in made.columns}),
        *notes_on_signs(made),
        *_notes_on_blanks(part.table, (part.column,)),
        *notes_on_rounding(made, [f.value for f in figures if f.indicator.over_units == "sum"]),
    )
    return replace(made, notes=notes)
