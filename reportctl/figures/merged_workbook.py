"""The printable workbook of everything."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reportctl.core.language import _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Table, Value
from reportctl.figures.values import COLUMNS, data_rows
from reportctl.form.model import KIND_OF, Form, ListSection, Type
from reportctl.form.submission import AnswerState
from reportctl.render.sheets import workbook
from reportctl.workspace.units import Unit

if TYPE_CHECKING:
    from reportctl.ledger.ledger import Ledger

DATA_ROWS = 50_000  # of the sheet with every value; beyond that the CSV file has them


def merged_workbook(
    tables: Iterable[Table], form: Form, units: Mapping[str, Unit], ledger: Ledger, period: Period
) -> bytes:
    """The workbook of everything: a sheet for each of `tables`, the units' texts, their lists, every value.

    `units` are those of the period by code. Each table is made when its sheet is written, and let go then.
    """
    sheets = _sheets(tables, form, units, ledger, period)
    if _fit_a_sheet(ledger, period.quarters):
        data = _data_table(ledger, form, units, period.quarters)
        return workbook(itertools.chain(sheets, [(_("Data"), data)]))
    return workbook(_with_note(sheets, _("Every single value stands in values.csv.")))


def _fit_a_sheet(ledger: Ledger, quarters: Sequence[Quarter]) -> bool:
    """Whether there are no more values than a sheet is to hold."""
    return next(itertools.islice(ledger.long_rows(quarters), DATA_ROWS, None), None) is None


def _sheets(
    tables: Iterable[Table], form: Form, units: Mapping[str, Unit], ledger: Ledger, period: Period
) -> Iterator[tuple[str, Table]]:
    for table in tables:
        yield _sheet_title(table, form), table
    if form.texts:
        yield _("Texts"), _texts_table(form, units, ledger, period)
    for section in form.lists:
        yield str(section.name), _list_table(section, units, ledger, period)


def _sheet_title(table: Table, form: Form) -> str:
    sections = {f"unit:{section.code}": str(section.name) for section in form.sections}
    names = {"province": _("Summary"), "kind": _("By kind of unit"), "plan": _("Plan"), **sections}
    return names.get(table.name, table.title)


def _with_note(sheets: Iterable[tuple[str, Table]], note: str) -> Iterator[tuple[str, Table]]:
    """The sheets, the first one with the note."""
    for number, (name, table) in enumerate(sheets):
        yield name, table if number else replace(table, notes=(*table.notes, note))


def _name(units: Mapping[str, Unit], code: str) -> str:
    return units[code].name if code in units else code


def _texts_table(form: Form, units: Mapping[str, Unit], ledger: Ledger, period: Period) -> Table:
    """The units' answers in words, question by question."""
    rows: list[Row] = []
    for question in form.texts:
        answers = [
            record
            for record in ledger.values(period.quarters, code=question.code)
            if record.state is AnswerState.VALUE and record.value not in (None, "")
        ]
        rows.append(Row(("", str(question.name), "", ""), Role.SECTION))
        rows += [
            Row((n, _name(units, record.unit), str(record.period), str(record.value)))
            for n, record in enumerate(answers, 1)
        ]
    columns = (
        Column("number", _("No."), CellFormat.COUNT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 2.0),
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        Column("text", _("Answer"), CellFormat.TEXT, 6.0),
    )
    return Table("texts", _("What the units write"), columns, tuple(rows))


_CELL_KINDS = {**KIND_OF, Type.YES_NO: CellFormat.YES_NO}


def _list_table(section: ListSection, units: Mapping[str, Unit], ledger: Ledger, period: Period) -> Table:
    """The rows of one list from all units."""
    columns = (
        Column("number", _("No."), CellFormat.COUNT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.6),
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        *(
            Column(
                column.code,
                f"{column.name} ({column.unit_of_measure})" if column.unit_of_measure else str(column.name),
                _CELL_KINDS[column.type],
            )
            for column in section.columns
        ),
    )
    rows = tuple(
        Row(
            (
                n,
                _name(units, record.unit),
                str(record.period),
                *(_typed(record.values.get(column.code), column.type) for column in section.columns),
            )
        )
        for n, record in enumerate(ledger.list_rows(period.quarters, section.code), 1)
    )
    notes = () if rows else (_("No unit reported any."),)
    return Table(f"list:{section.code}", str(section.name), columns, rows, notes)


def _typed(value: int | float | str | None, kind: Type) -> Value:
    return dt.date.fromisoformat(value) if kind is Type.DATE and isinstance(value, str) else value


def _data_table(ledger: Ledger, form: Form, units: Mapping[str, Unit], quarters: Sequence[Quarter]) -> Table:
    """Every value, a row each."""
    columns = (
        Column(
            key, key, CellFormat.NUMBER if key == "value" else CellFormat.TEXT, 2.0 if key == "label" else 1.0
        )
        for key in COLUMNS
    )
    rows = map(Row, data_rows(ledger, form, units, quarters))
    return Table("data", "", tuple(columns), tuple(rows))
