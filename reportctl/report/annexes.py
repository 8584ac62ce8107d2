"""The report's tables and charts, made from the ledger: unit by unit, or by group where there are many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportctl.core import wording
from reportctl.core.language import N_, _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Subject, Table, Value
from reportctl.figures import matrices
from reportctl.figures import notes as table_notes
from reportctl.figures import tables as summary_tables
from reportctl.figures.chosen import TablePart, summed_columns
from reportctl.figures.figures import Summary
from reportctl.figures.plan import plan_table
from reportctl.figures.plan_by_unit import plan_by_unit
from reportctl.figures.tables import MOST_ROWS, group_table, shortened
from reportctl.figures.totals import group_values, groups_of, quarter_values
from reportctl.figures.views import answers_of, summary_of
from reportctl.form.model import ListSection, Type
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ListRecord
from reportctl.ledger.session import Session
from reportctl.report import chart_figures
from reportctl.report.chart_figures import MOST_BARS, Bar
from reportctl.status.status import WITHOUT_FIGURES, UnitStatus, reporting_table, status
from reportctl.word.content import Chart
from reportctl.workspace.units import Unit

_MANY_EVENTS = N_("The first {shown} of {total} rows stand here; all of them are in merged.xlsx.")
_MANY_REPORTS = N_(
    "{shown} of {total} units stand here, those without a report and late ones first; all of them are in the "
    "list that reportctl status --list writes."
)


@dataclass(frozen=True, slots=True)
class Annexes:
    """The report's tables and charts. `units` are those of the period by code; `groups` are groups of them by
    title, for the rows of tables and the bars of charts where there is no room for single units."""

    session: Session
    ledger: Ledger
    summary: Summary
    units: Mapping[str, Unit]
    groups: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, session: Session, ledger: Ledger, period: Period) -> Annexes:
        """The annexes of the report of `period`."""
        units = session.calendar.units(period)
        groups = groups_of(units, session.roster, session.form, MOST_BARS)
        return cls(session, ledger, summary_of(session, ledger, period), units, groups)

    def tables(self, parts: Iterable[TablePart]) -> Iterator[tuple[str, Table]]:
        """Every table of the report, by the name in its tag; of the form's tables those `parts`."""
        session, ledger, summary, units = self.session, self.ledger, self.summary, self.units
        form, settings, period = session.form, session.settings, summary.period
        many = len(units) > MOST_ROWS
        apart = session.calendar.regrouped(period)
        yield "province", summary_tables.province_table(summary, form, units, regrouped=apart)

        values = (
            group_values(answers_of(session, ledger, period.quarters), self.groups, period) if many else {}
        )
        for section in form.sections:
            table = summary_tables.province_table(summary, form, units, sections=(section.code,))
            figures = [summary.figures[i.code] for i in section.indicators if i.code in summary.figures]
            keys = {column.key for column in table.columns}
            yield (
                section.code,
                replace(
                    table,
                    name=section.code,
                    title=_("{section}, {period}").format(
                        section=section.name, period=wording.period_words(period)
                    ),
                    rows=tuple(row for row in table.rows if row.role is not Role.SECTION),
                    # Who is missing stands at the head of the report.
                    notes=(
                        *table_notes.comparison_notes(figures, period, units, ()),
                        *table_notes.notes_on_gaps(figures, period, keys),
                        *table_notes.notes_on_signs(table),
                    ),
                ),
            )
            if many:
                by_unit = group_table(summary, form, units, section.code, self.groups, values)
            else:
                by_unit = summary_tables.unit_table(summary, form, units, section.code, plans=False)
            yield f"units:{section.code}", by_unit
        for part in parts:
            if part.column:
                yield part.code, matrices.column_table(summary, part, units, coverage=False)
            elif part.row:
                of_groups = (self.groups, values) if many else None
                yield part.code, matrices.cells_by_unit(summary, form, units, part, groups=of_groups)
            else:
                yield part.code, matrices.matrix_table(summary, part.table, units, coverage=False)
        for listed in form.lists:
            rows = ledger.list_rows(period.quarters, listed.code)
            table = shortened(list_table(listed, rows, units), _(_MANY_EVENTS))
            if rows and summed_columns(listed):
                about = Subject(listed.code, tuple(dict.fromkeys(record.unit for record in rows)))
                sums = matrices.list_total_row(listed, rows, _("Total"), table.columns[2:], about)
                table = replace(table, rows=(*table.rows, sums))
            yield f"list:{listed.code}", table

        yield "plan", plan_table(summary, units, self.groups if many else None)
        yield "plan_units", plan_by_unit(summary, units, self.groups if many else None)

        statuses = [
            status(ledger, form, session.calendar, quarter, settings=settings, today=session.today)
            for quarter in period.quarters
        ]
        if many:  # the units without a report first, then those that were late

            def place(unit: UnitStatus) -> int:
                return 0 if unit.state in WITHOUT_FIGURES else 1 if unit.late else 2

            statuses = [replace(one, units=tuple(sorted(one.units, key=place))) for one in statuses]
        yield "reporting", shortened(reporting_table(statuses, period), _(_MANY_REPORTS))

    def charts(self) -> Iterator[tuple[str, Chart]]:
        """The chart of every section that has one, by the section's code."""
        form, summary = self.session.form, self.summary
        lines = any(section.chart == "line" for section in form.sections)
        through = chart_figures.quarters_until(summary.period.last)
        by_quarter: chart_figures.ByQuarter = {}
        short: list[Quarter] = []
        if lines:
            answers = answers_of(self.session, self.ledger, through)
            by_quarter = quarter_values(answers, through)
            short = [q for q in through if not answers.returned[q] >= self.session.calendar.units(q).keys()]
        for section in form.sections:
            chart = None
            match section.chart:
                case "column":
                    chart = chart_figures.column_chart(section, summary)
                case "bar" if indicator := chart_figures.bars_of(section):
                    bars = chart_figures.bars_by_unit(indicator, summary, self.units)
                    if sum(bar.value is not None for bar in bars) > MOST_BARS:
                        answers = answers_of(self.session, self.ledger, summary.period.quarters)
                        values = group_values(answers, self.groups, summary.period)
                        bars = [
                            Bar(title, values[title].get(indicator.code), tuple(codes))
                            for title, codes in self.groups.items()
                        ]
                    chart = chart_figures.bar_chart(section, bars, summary.period)
                case "line":
                    chart = chart_figures.line_chart(section, by_quarter, summary.period, short)
            if chart:
                yield section.code, chart


def list_table(section: ListSection, records: Iterable[ListRecord], units: Mapping[str, Unit]) -> Table:
    """The rows of one list from all units, by date where it has one, then in the roster's order."""
    order = {unit: n for n, unit in enumerate(units)}
    dated = next((column.code for column in section.columns if column.type is Type.DATE), None)

    def place(record: ListRecord) -> tuple[str, int]:
        return str(record.values.get(dated) or "") if dated else "", order.get(record.unit, 0)

    columns = [
        Column("number", _("No."), CellFormat.TEXT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.4),
    ]
    columns += matrices.list_columns(section)
    rows = []
    for number, record in enumerate(sorted(records, key=place), 1):
        cells: list[Value] = [str(number), units[record.unit].name if record.unit in units else record.unit]
        for column in section.columns:
            value = record.values.get(column.code)
            iso = column.type is Type.DATE and isinstance(value, str)
            cells.append(dt.date.fromisoformat(str(value)) if iso else value)
        about = Subject(record.list_code, (record.unit,), record.period, record.number)
        rows.append(Row(tuple(cells), about=about))
    notes = () if rows else (_("No unit reported any."),)
    return Table(f"list:{section.code}", str(section.name), tuple(columns), tuple(rows), notes)
