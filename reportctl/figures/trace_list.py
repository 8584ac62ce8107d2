"""The rows of the units' lists behind one figure: what a column comes to, or how many rows there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportctl.core import wording
from reportctl.core.as_json import json_object
from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import Absent, CellFormat, Role, Row, Table, Value
from reportctl.figures.figures import Number
from reportctl.figures.lists import ListFigures, list_figures
from reportctl.figures.sources import SOURCE_KINDS, SourceCell, names_better, source_columns
from reportctl.figures.trace import check_unit
from reportctl.form.indicators import ANSWER_KIND_OF, KIND_OF, Type
from reportctl.form.model import Form, ListColumn, ListSection
from reportctl.form.names import whole_heading
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ValueRecord, typed_value
from reportctl.workspace.units import Roster
from reportctl.workspace.units_by_period import Calendar


@dataclass(frozen=True, slots=True)
class ListPart:
    """A list of the form, or one of its columns."""

    section: ListSection
    column: ListColumn | None = None

    @property
    def code(self) -> str:
        """How it is named: `list`, `list.column`."""
        return f"{self.section.code}.{self.column.code}" if self.column else self.section.code

    @property
    def name(self) -> str:
        """Its words."""
        if self.column is None:
            return str(self.section.name)
        return f"{self.section.name}: {whole_heading(self.column)}"


def list_part(form: Form, code: str) -> ListPart | None:
    """The list or column of one that `code` names; None where it names none."""
    found = (part for section in form.lists for part in _parts(section) if part.code == code)
    return next(found, None)


def list_codes(form: Form) -> Iterator[tuple[str, str]]:
    """The codes of all lists and their columns, each with its words."""
    for section in form.lists:
        yield from ((part.code, part.name) for part in _parts(section))


def _parts(section: ListSection) -> Iterator[ListPart]:
    yield ListPart(section)
    yield from (ListPart(section, column) for column in section.columns)


@dataclass(frozen=True)
class ListTrace:
    """What makes a figure of a list: of a column its cell in every row, of the list the cell that names each,
    as `names_better` chooses. `unit`: only that unit's."""

    part: ListPart
    listed: ListFigures
    unit: str | None
    parts: tuple[SourceCell, ...]

    @property
    def value(self) -> Number | Absent | None:
        """The column's sum, or how many rows there are; None where there is no figure, and of a column that
        is not added up."""
        units = None if self.unit is None else (self.unit,)
        if self.part.column is None:
            return self.listed.count(units)
        return self.listed.sums(units).get(self.part.column.code)


def trace_list(
    ledger: Ledger, calendar: Calendar, period: Period, part: ListPart, unit: str | None = None
) -> ListTrace:
    """What makes a figure of a list in `period`: the rows of the quarters that count. Raises `ReportctlError`
    where the roster has no such unit."""
    check_unit(calendar.roster, unit)
    listed = list_figures(ledger, part.section, calendar, period)
    rows: dict[tuple[Quarter, str, int], ValueRecord] = {}
    for quarter in listed.quarters:
        for record in ledger.all_values(quarter):
            asked = part.column is None or record.code == part.column.code
            of_list = record.list_code == part.section.code and record.state is not AnswerState.NOT_APPLICABLE
            if of_list and asked and unit in (None, record.unit):
                key = (record.period, record.unit, record.number)
                if names_better(record, rows.get(key), part.section.key):
                    rows[key] = record
    return ListTrace(part, listed, unit, tuple(map(SourceCell.of_answer, rows.values())))


def list_trace_json(traced: ListTrace) -> dict[str, Any]:
    """The object that `trace --format json` prints: as of other figures, each part with the number of its
    `row`; the value of a cell that was left empty or cannot be read is null."""
    value = traced.value
    return {
        "period": str(traced.listed.period),
        "code": traced.part.code,
        "value": None if isinstance(value, Absent) else value,
        "parts": [
            json_object(part, "period unit value raw file sheet cell sha256 received by")
            | {"row": part.number}
            for part in traced.parts
        ],
    }


def list_trace_table(traced: ListTrace, roster: Roster) -> Table:
    """The parts with the units' names and the numbers of their rows, and the figure they make below them."""
    column, listed = traced.part.column, traced.listed
    columns = source_columns("period unit row value raw file cell received by")
    units = {one.code: one for one in roster.units}
    types = {one.code: one.type for one in listed.section.columns}
    rows = [
        Row(
            (
                part.period,
                units[part.unit].name if part.unit in units else part.unit,
                str(part.number),
                _shown(part, types.get(part.code, Type.TEXT)),
                part.raw,
                part.file,
                f"{part.sheet}!{part.cell}",
                part.received,
                _(SOURCE_KINDS.get(part.by, part.by)),
            ),
            kind=ANSWER_KIND_OF[types.get(part.code, Type.TEXT)],
        )
        for part in traced.parts
    ]
    if traced.unit is None and (column is None or column in listed.columns):
        label = _("Total") if column else _("Number of rows")
        marks = listed.marks().get(column.code if column else "rows")
        cells = ("", label, "", traced.value, *("" for _column in columns[4:]))
        of_whole = KIND_OF[column.type] if column else CellFormat.COUNT
        rows.append(Row(cells, Role.TOTAL, of_whole, marks={"value": marks} if marks else {}))
    title = _("Sources of “{label}”, {period}").format(
        label=traced.part.name, period=wording.period_title(listed.period)
    )
    empty = () if traced.parts else (_("No unit reported any."),)
    notes = (*empty, *listed.notes(units, column=column.code if column else ""))
    return Table(f"trace:{traced.part.code}", title, columns, tuple(rows), notes)


def _shown(part: SourceCell, kind: Type) -> Value:
    return part.value if isinstance(part.value, Absent) else typed_value(part.value, kind)
