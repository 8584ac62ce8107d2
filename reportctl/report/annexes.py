"""The report's tables and charts, made from the ledger: unit by unit, or by group where there are many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportctl.core import wording
from reportctl.core.language import N_, _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Subject, Table
from reportctl.core.wording import text_in
from reportctl.figures import matrices
from reportctl.figures import notes as table_notes
from reportctl.figures import tables as summary_tables
from reportctl.figures.chosen import TablePart
from reportctl.figures.figures import Summary
from reportctl.figures.list_tables import list_columns, list_total_row, named_by, notes_on_cells
from reportctl.figures.lists import ListFigures, list_figures
from reportctl.figures.notes import INCOMPLETE
from reportctl.figures.plan import plan_table
from reportctl.figures.plan_by_unit import plan_by_unit
from reportctl.figures.sources import ROWS
from reportctl.figures.tables import MOST_ROWS, group_table, shortened, titled_in_short
from reportctl.figures.totals import group_values, groups_of, quarter_values
from reportctl.figures.views import answers_of, summary_of
from reportctl.form.indicators import Type
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ListRecord
from reportctl.ledger.session import Session
from reportctl.report import chart_figures
from reportctl.report.chart_figures import MOST_BARS, Bar
from reportctl.report.hollow import said_instead, shows_nothing
from reportctl.status.status import WITHOUT_FIGURES, UnitStatus, reporting_table, status
from reportctl.word.content import Chart
from reportctl.workspace.units import Unit

_MANY_EVENTS = N_("The first {shown} of {total} rows stand here; all of them are in merged.xlsx.")
_MOST_OF_SPAN = 40  # rows of a list, about a page, that a report of several quarters prints
_MANY_REPORTS = N_(
    "{shown} of {total} units stand here, those without a report and late ones first; all of them are in the "
    "list that reportctl status --list writes."
)


@dataclass(frozen=True, slots=True)
class Annexes:
    """The report's tables and charts. `units` are those of the period by code; `groups` are groups of them by
    title, for the rows of tables and the bars of charts where there is no room for single units; `lists` what
    the form's lists come to."""

    session: Session
    ledger: Ledger
    summary: Summary
    units: Mapping[str, Unit]
    groups: Mapping[str, Sequence[str]]
    lists: tuple[ListFigures, ...]

    @classmethod
    def of(cls, session: Session, ledger: Ledger, period: Period) -> Annexes:
        """The annexes of the report of `period`."""
        units = session.calendar.units(period)
        groups = groups_of(units, session.roster, session.form, MOST_BARS)
        calendar = session.calendar
        lists = tuple(list_figures(ledger, one, calendar, period) for one in session.form.lists)
        return cls(session, ledger, summary_of(session, ledger, period), units, groups, lists)

    @property
    def is_short(self) -> bool:
        """Whether the report is of several quarters, and such are to be kept short."""
        return len(self.summary.period.quarters) > 1 and self.session.settings.report.spans == "short"

    def tables(self, parts: Iterable[TablePart], coverage: bool = False) -> Iterator[tuple[str, Table]]:
        """Every table of the report as it is printed, by the name in its tag, without rows where there is no
        answer; of the form's tables those `parts`. Who has not reported stands below them only if `coverage`:
        else the report's lead says so."""
        said = () if coverage else table_notes.coverage_notes(self.summary, self.units)
        for name, table in self._tables(parts):
            notes = tuple(note for note in table.notes if note not in said)
            printed = _said_once(replace(_printed(table, self.summary.period), notes=notes))
            if not _says_anything(name, table):
                never = shows_nothing(f"table:{name}", self.session.form)
                instead = said_instead(self.session.form) if never else ""
                printed = replace(printed, rows=(), notes=(instead,) if instead else ())
            yield name, printed

    def _tables(self, parts: Iterable[TablePart]) -> Iterator[tuple[str, Table]]:
        session, ledger, summary, units = self.session, self.ledger, self.summary, self.units
        form, settings, period = session.form, session.settings, summary.period
        many = len(units) > MOST_ROWS
        apart = session.calendar.regrouped(period)
        province = summary_tables.province_table(summary, form, units, regrouped=apart)
        yield "province", replace(province, dense=True)

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
                        section=section.name, period=wording.period_title(period)
                    ),
                    rows=tuple(row for row in table.rows if row.role is not Role.SECTION),
                    notes=(
                        *table_notes.comparison_notes(figures, period, units, ()),
                        *table_notes.notes_on_gaps(figures, period, keys),
                        *table_notes.notes_on_parts(figures, keys),
                        *table_notes.notes_on_signs(table),
                    ),
                ),
            )
            if many:
                by_unit = group_table(summary, form, units, section.code, self.groups, values)
            else:
                by_unit = summary_tables.unit_table(summary, form, units, section.code, plans=False)
            columns = (
                replace(column, title=titled_in_short(summary.figures[column.key]))
                if column.key in summary.figures
                else column
                for column in by_unit.columns
            )
            yield f"units:{section.code}", replace(by_unit, columns=tuple(columns), dense=True)
        for part in parts:
            if part.column:
                made = matrices.column_table(summary, part, units, coverage=False)
                yield part.code, replace(made, dense=True)
            elif part.row:
                of_groups = (self.groups, values) if many else None
                by_unit = matrices.cells_by_unit(summary, form, units, part, groups=of_groups)
                yield part.code, replace(by_unit, dense=True)
            else:
                made = matrices.matrix_table(summary, part.table, units, coverage=False)
                yield part.code, replace(made, dense=True)
        for listed in self.lists:
            yield f"list:{listed.section.code}", replace(self.listed(listed), dense=True)

        yield "plan", plan_table(summary, units, self.groups if many else None)
        yield "plan_units", replace(plan_by_unit(summary, units, self.groups if many else None), dense=True)

        statuses = [
            status(ledger, form, session.calendar, quarter, settings=settings, today=session.today)
            for quarter in period.quarters
        ]
        if many:  # the units without a report first, then those that were late

            def place(unit: UnitStatus) -> int:
                return 0 if unit.state in WITHOUT_FIGURES else 1 if unit.late else 2

            statuses = [replace(one, units=tuple(sorted(one.units, key=place))) for one in statuses]
        yield "reporting", shortened(reporting_table(statuses, period), _(_MANY_REPORTS))

    def listed(self, listed: ListFigures) -> Table:
        """A list with the sums below its rows; in a short report of a long one how many rows units have."""
        units = self.units
        if self.is_short and len(listed.records) > _MOST_OF_SPAN:
            of_units: list[tuple[str, Sequence[str]]] = (
                [*self.groups.items()]
                if len(units) > MOST_ROWS
                else [(unit.name, (unit.code,)) for unit in units.values()]
            )
            return counted_list(listed, of_units, units)
        table = shortened(list_table(listed, units), _(_MANY_EVENTS))
        if listed.records and listed.columns:
            leading = len(table.columns) - len(listed.section.columns)
            sums = list_total_row(listed, _("Total"), table.columns, leading=leading)
            table = replace(table, rows=(*table.rows, sums))
            table = replace(table, notes=(*table.notes, *table_notes.notes_on_rounding(table)))
        return replace(table, notes=(*table.notes, *notes_on_cells(table.rows)))

    def charts(self) -> Iterator[tuple[str, Chart]]:
        """The chart of every section that has one, by the section's code."""
        form, summary = self.session.form, self.summary
        period = summary.period
        span = len(period.quarters) > 1
        lines = any(
            section.chart == "line" or (span and section.chart == "column") for section in form.sections
        )
        through = chart_figures.quarters_until(period.last)  # two years: those of a span beside last year's
        by_quarter: chart_figures.ByQuarter = {}
        short: list[Quarter] = []
        if lines:
            answers = answers_of(self.session, self.ledger, through)
            by_quarter = quarter_values(answers, through)
            short = [q for q in through if not answers.returned[q] >= self.session.calendar.units(q).keys()]
        for section in form.sections:
            chart = None
            match section.chart:
                case "column" if span:
                    chart = chart_figures.quarters_chart(section, by_quarter, period, short)
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


def _says_anything(name: str, table: Table) -> bool:
    """Whether a table has a single answer, now or of another period; lists and who reported say what they say
    in words."""
    in_words = name == "reporting" or name.startswith("list:")
    return in_words or any(isinstance(cell, int | float) for row in table.rows for cell in row.cells)


def _printed(table: Table, period: Period) -> Table:
    """The table without columns that say nothing: words of which there are none, and in the first quarter
    the year to date, which is the quarter's own figure."""
    columns = {column.key for column in table.columns}
    repeats = period.quarters == period.to_date and {"value", "to_date"} <= columns
    kept = [
        n
        for n, column in enumerate(table.columns)
        if not (column.key == "to_date" and repeats)
        and (column.kind is not CellFormat.TEXT or not table.rows or any(row.cells[n] for row in table.rows))
    ]
    return replace(table.with_columns(kept), repeated=sum(n < table.repeated for n in kept))


def _said_once(table: Table) -> Table:
    """The table without the sign of figures that lack a quarter where all have it, under the columns in which
    it stands: the note below says it of all."""
    own = [note for note in table.notes if note.startswith(f"{INCOMPLETE}: ")]
    keys = {key for row in table.rows for key, mark in row.marks.items() if INCOMPLETE in mark}
    signed = [
        INCOMPLETE in row.marks.get(column.key, "")
        for row in table.rows
        for cell, column in zip(row.cells, table.columns, strict=True)
        if column.key in keys and isinstance(cell, int | float)
    ]
    if len(own) != 1 or len(signed) < _MOST_SIGNS or not all(signed):
        return table
    rows = tuple(
        replace(row, marks={key: mark.replace(INCOMPLETE, "").strip() for key, mark in row.marks.items()})
        for row in table.rows
    )
    said = wording.capitalised(own[0].removeprefix(f"{INCOMPLETE}: "))
    return replace(table, rows=rows, notes=tuple(said if note == own[0] else note for note in table.notes))


_MOST_SIGNS = 3


def _by_content(column: Column, texts: Sequence[str]) -> Column:
    """A column of a list, as wide as nine in ten of its texts, and its title on two lines."""
    lengths = sorted(map(len, texts))
    most = lengths[len(lengths) * 9 // 10] if lengths else 0
    of_title = max(len(column.title) // 2, *(len(word) for word in column.title.split()), 0)
    return replace(column, width=min(max(most, of_title) + 2, 44) / 10)


def counted_list(
    listed: ListFigures,
    of_units: Iterable[tuple[str, Sequence[str]]],
    units: Mapping[str, Unit],
) -> Table:
    """How many rows of a list each unit has, or group of units, in each quarter and in all, and the sums of
    the columns that are added up; those without a row are left out. `of_units`: titles, codes of units."""
    section, period = listed.section, listed.period
    quarters = listed.quarters if len(listed.quarters) > 1 else ()
    columns = [
        Column("number", _("No."), CellFormat.TEXT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 2.4),
        *(
            Column(
                f"{ROWS}{one}",
                wording.capitalised(wording.period_words_alone(one, short=True)),
                CellFormat.COUNT,
                0.7,
            )
            for one in quarters
        ),
        Column(f"{ROWS}{period}", _("Total"), CellFormat.COUNT, 0.8),
        *list_columns(section, summed=True),
    ]
    rows: list[Row] = []

    def row(title: str, wanted: Collection[str], role: Role = Role.PLAIN) -> Row:
        own = listed.of(wanted)
        counts = [sum(record.period == one for record in own) for one in quarters]
        number = "" if role is Role.TOTAL else str(len(rows) + 1)
        about = Subject(section.code, tuple(wanted))
        # Who has sent none in some quarter is lacking in the total too, though the rows are not theirs.
        marks = listed.marks(None if role is Role.TOTAL else wanted, f"{ROWS}{period}")
        cells = (number, title, *counts, len(own), *listed.sums(wanted).values())
        return Row(cells, role, about=about, marks=marks)

    sent = {record.unit for record in listed.records}
    named = [(title, codes) for title, codes in of_units if sent.intersection(codes)]
    named += [(unit, (unit,)) for unit in sorted(sent.difference(*(codes for _title, codes in named)))]
    for title, codes in named:
        rows.append(row(title, codes))
    rows.append(row(_("Total"), tuple(sorted(sent)), Role.TOTAL))
    note = _("The rows themselves stand in the reports of the single quarters.")
    title = _("{section}: number by unit").format(section=section.name)
    notes = (note, *listed.notes(units, coverage=False), *notes_on_cells(rows))
    return Table(f"list:{section.code}", title, tuple(columns), tuple(rows), notes, 2)


def list_table(listed: ListFigures, units: Mapping[str, Unit]) -> Table:
    """The rows of one list from all units, by date where it has one, then by quarter, in the roster's order;
    where rows of several quarters stand together a column says which each is of."""
    section = listed.section
    order = {unit: n for n, unit in enumerate(units)}
    dated = next((column.code for column in section.columns if column.type is Type.DATE), None)

    def place(record: ListRecord) -> tuple[str, Quarter, int]:
        date = str(record.values.get(dated) or "") if dated else ""
        return date, record.period, order.get(record.unit, 0)

    columns = [
        Column("number", _("No."), CellFormat.TEXT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.4),
        *([Column("quarter", _("Quarter"), CellFormat.TEXT, 0.6)] if listed.of_several else []),
    ]
    leading = len(columns)
    for titled, asked in zip(list_columns(section), section.columns, strict=True):
        said = asked.unit_of_measure.casefold() in asked.label.casefold()
        columns.append(replace(titled, title=str(asked.name)) if said else titled)
    rows = []
    for number, record in enumerate(sorted(listed.records, key=place), 1):
        of = [units[record.unit].name if record.unit in units else record.unit]
        if listed.of_several:
            of.append(wording.capitalised(wording.period_words_alone(record.period, short=True)))
        about = Subject(record.list_code, (record.unit,), record.period, record.number)
        rows.append(Row((str(number), *of, *listed.cells(record)), about=about))
    notes = (*([] if rows else [_("No unit reported any.")]), *listed.notes(units))
    repeated = named_by(section, leading)
    table = Table(f"list:{section.code}", str(section.name), tuple(columns), tuple(rows), notes, repeated)
    wide = (_by_content(column, [text_in(table, row, n) for row in rows]) for n, column in enumerate(columns))
    return replace(table, columns=tuple(wide))
