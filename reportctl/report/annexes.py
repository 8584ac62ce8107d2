"""The report's tables and charts out of the ledger: unit by unit, or by group where there are many units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportctl.core import wording
from reportctl.core.language import N_, _
from reportctl.core.period import Period
from reportctl.core.table import Role, Table, Value
from reportctl.figures import notes as table_notes
from reportctl.figures import tables as summary_tables
from reportctl.figures.figures import Summary
from reportctl.figures.notes import Missing
from reportctl.figures.plan import Progresses, plan_table, together
from reportctl.figures.tables import MOST_ROWS, GroupValues, group_table, shortened
from reportctl.figures.totals import group_values, groups_of, quarter_values
from reportctl.figures.views import missing_by_quarter, progress_of, summary_of
from reportctl.form.model import Form, ListSection, Section, Type
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.session import Session
from reportctl.report import chart_figures
from reportctl.report.chart_figures import MOST_BARS, Bar
from reportctl.report.contents import Event, events_table
from reportctl.status.status import Status, UnitStatus, reporting_table, status
from reportctl.word.content import Chart
from reportctl.workspace.units import Unit

_MANY_EVENTS = N_("The first {shown} of {total} rows stand here; all of them are in merged.xlsx.")
_MANY_REPORTS = N_(
    "{shown} of {total} units stand here, those without a report and late ones first; all of them are in the "
    "list that reportctl status --list writes."
)


@dataclass(frozen=True, slots=True)
class AnnexData:
    """What tables and charts are made from: the ledger, the figures, the units of the period by code, those
    that are missing; `groups` of units by title, of which the annexes are where single units are too many.
    """

    session: Session
    ledger: Ledger
    summary: Summary
    units: Mapping[str, Unit]
    missing: Missing
    groups: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, session: Session, ledger: Ledger, period: Period) -> AnnexData:
        """What there is of `period`."""
        units = session.calendar.units(period)
        groups = groups_of(units, session.roster, session.form, MOST_BARS)
        summary = summary_of(session, ledger, period)
        return cls(session, ledger, summary, units, missing_by_quarter(session, ledger, period), groups)

    @property
    def form(self) -> Form:
        """The form."""
        return self.session.form

    @property
    def many(self) -> bool:
        """Whether there are more units than an annex has rows."""
        return len(self.units) > MOST_ROWS

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every table of the report, by the name after `table:` in its tag."""
        summary, form, units = self.summary, self.form, self.units
        apart = self.session.calendar.regrouped(summary.period)
        yield "province", summary_tables.province_table(summary, form, units, regrouped=apart)
        values = self._group_values() if self.many else {}
        for section in form.sections:
            yield section.code, section_table(summary, form, units, section)
            yield f"units:{section.code}", self._by_unit(section, values)
        for listed in form.lists:
            yield f"list:{listed.code}", shortened(self._events(listed), _(_MANY_EVENTS))
        yield "plan", self._plan()
        yield "reporting", self._reporting()

    def _group_values(self) -> GroupValues:
        return group_values(self.ledger, self.form, self.groups, self.summary.period)

    def _by_unit(self, section: Section, values: GroupValues) -> Table:
        if self.many:
            return group_table(self.summary, self.form, self.units, section.code, self.groups, values)
        return summary_tables.unit_table(self.summary, self.form, self.units, section.code)

    def _events(self, listed: ListSection) -> Table:
        dates = {column.code for column in listed.columns if column.type is Type.DATE}
        events = [
            Event(
                listed.code,
                row.unit,
                {c: _value(v, c in dates) for c, v in row.values.items()},
                row.period,
                row.number,
            )
            for row in self.ledger.list_rows(self.summary.period.quarters, listed.code)
        ]
        return events_table(listed, events, self.units)

    def _plan(self) -> Table:
        progress = progress_of(self.session, self.ledger, self.summary)
        units = {} if self.many else self.units
        return plan_table(
            self._grouped(progress) if self.many else progress, self.form, units, self.summary.period
        )

    def _grouped(self, progresses: Progresses) -> Progresses:
        """The plan of groups instead of units; what units are to do that are no more comes last."""
        found = {}
        for indicator, by_unit in progresses.items():
            parts = {title: [c for c in codes if c in by_unit] for title, codes in self.groups.items()}
            parts |= {code: [code] for code in by_unit if code not in self.units}
            wholes = {title: together(by_unit[c] for c in codes) for title, codes in parts.items()}
            found[indicator] = {title: whole for title, whole in wholes.items() if whole}
        return found

    def _reporting(self) -> Table:
        s = self.session
        with s.ledger() as ledger:
            statuses = [
                status(ledger, s.form, s.calendar, quarter, settings=s.settings, today=s.today)
                for quarter in self.summary.period.quarters
            ]
        if self.many:
            statuses = [_late_first(status) for status in statuses]
        return shortened(reporting_table(statuses, self.summary.period), _(_MANY_REPORTS))

    def charts(self) -> Iterator[tuple[str, Chart]]:
        """The chart of every section that has one, by the section's code."""
        lines = any(section.chart == "line" for section in self.form.sections)
        through = chart_figures.quarters_until(self.summary.period.last)
        by_quarter = quarter_values(self.ledger, self.form, through) if lines else {}
        for section in self.form.sections:
            chart = None
            match section.chart:
                case "column":
                    chart = chart_figures.column_chart(section, self.summary)
                case "bar":
                    chart = chart_figures.bar_chart(section, self._bars(section), self.summary.period)
                case "line":
                    chart = chart_figures.line_chart(section, by_quarter, self.summary.period)
            if chart:
                yield section.code, chart

    def _bars(self, section: Section) -> list[Bar]:
        """The units' figures; those of groups where there are more units than a chart has room for."""
        indicator = chart_figures.bars_of(section)
        if indicator is None:
            return []
        bars = chart_figures.bars_by_unit(indicator, self.summary, self.units)
        if sum(bar.value is not None for bar in bars) <= MOST_BARS:
            return bars
        values = self._group_values()
        return [Bar(title, values[title].get(indicator.code), tuple(c)) for title, c in self.groups.items()]


def section_table(summary: Summary, form: Form, units: Mapping[str, Unit], section: Section) -> Table:
    """The section's part of the province's table; who is missing is said at the head of the report."""
    table = summary_tables.province_table(summary, form, units, sections=(section.code,))
    return replace(
        table,
        name=section.code,
        title=_("{section}, {period}").format(
            section=section.name, period=wording.period_words(summary.period)
        ),
        rows=tuple(row for row in table.rows if row.role is not Role.SECTION),
        notes=(
            *table_notes.comparison_notes(
                [summary.figures[i.code] for i in section.indicators if i.code in summary.figures],
                {column.key for column in table.columns},
                units,
                (),
            ),
            *table_notes.notes_on_signs(table),
        ),
    )


def _late_first(status: Status) -> Status:
    """The units without a report, then those that were late, then the others."""

    def place(unit: UnitStatus) -> int:
        return 0 if unit.state in ("missing", "rejected") else 1 if unit.late else 2

    return replace(status, units=tuple(sorted(status.units, key=place)))


def _value(value: int | float | str | None, is_date: bool) -> Value:
    return dt.date.fromisoformat(value) if is_date and isinstance(value, str) else value
