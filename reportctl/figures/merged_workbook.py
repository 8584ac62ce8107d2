"""The printable workbook of everything."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reportctl.core.language import _
from reportctl.core.period import Period
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.figures.notes import names_of
from reportctl.figures.values import COLUMNS, data_rows
from reportctl.form.model import ANSWER_KIND_OF, Form, ListSection
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import typed_value
from reportctl.render.sheets import workbook
from reportctl.workspace.units import Unit

DATA_ROWS = 50_000  # of the sheet with every value; beyond that the CSV file has them


def merged_workbook(
    tables: Iterable[Table], form: Form, units: Mapping[str, Unit], ledger: Ledger, period: Period
) -> bytes:
    """The workbook of everything: a sheet for each of `tables`, the units' texts, their lists, every value.

    `units` are those of the period by code. Each table is made when its sheet is written, and let go then.
    Where there are more values than `DATA_ROWS`, a note on the first sheet says where they stand.
    """
    names = {"province": _("Summary"), "kind": _("By kind of unit"), "plan": _("Plan")}
    names |= {f"unit:{section.code}": str(section.name) for section in form.sections}
    too_many = next(itertools.islice(ledger.long_rows(period.quarters), DATA_ROWS, None), None) is not None

    def sheets() -> Iterator[tuple[str, Table]]:
        for table in tables:
            yield names.get(table.name, table.title), table
        if form.texts:
            yield _("Texts"), _texts_table(form, units, ledger, period)
        for section in form.lists:
            yield str(section.name), _list_table(section, units, ledger, period)
        if not too_many:
            formats = {"value": CellFormat.NUMBER}
            widths = {"label": 2.0}
            columns = (
                Column(key, key, formats.get(key, CellFormat.TEXT), widths.get(key, 1.0)) for key in COLUMNS
            )
            rows = map(Row, data_rows(ledger, form, units, period.quarters))
            yield _("Data"), Table("data", "", tuple(columns), tuple(rows))

    if not too_many:
        return workbook(sheets())
    note = _("Every single value stands in values.csv.")
    return workbook(
        (name, table if number else replace(table, notes=(*table.notes, note)))
        for number, (name, table) in enumerate(sheets())
    )


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
            Row((n, names_of([record.unit], units), str(record.period), str(record.value)))
            for n, record in enumerate(answers, 1)
        ]
    columns = (
        Column("number", _("No."), CellFormat.COUNT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 2.0),
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        Column("text", _("Answer"), CellFormat.TEXT, 6.0),
    )
    return Table("texts", _("What the units write"), columns, tuple(rows))


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
                ANSWER_KIND_OF[column.type],
            )
            for column in section.columns
        ),
    )
    rows = tuple(
        Row(
            (
                n,
                names_of([record.unit], units),
                str(record.period),
                *(typed_value(record.values.get(column.code), column.type) for column in section.columns),
            )
        )
        for n, record in enumerate(ledger.list_rows(period.quarters, section.code), 1)
    )
    notes = () if rows else (_("No unit reported any."),)
    return Table(f"list:{section.code}", str(section.name), columns, rows, notes)
