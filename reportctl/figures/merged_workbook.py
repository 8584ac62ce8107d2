"""The printable workbook of everything."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reportctl.core.language import _
from reportctl.core.period import Period
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.core.wording import capitalised, period_title
from reportctl.figures.list_tables import list_columns, list_total_row, named_by, notes_on_cells
from reportctl.figures.lists import ListFigures, list_figures
from reportctl.figures.notes import names_of
from reportctl.figures.values import COLUMNS, data_rows
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.render.sheets import PagesHead, workbook
from reportctl.workspace.units import Unit
from reportctl.workspace.units_by_period import Calendar

_SHEET = 17  # letters of a table's title in the name of a sheet that says more
_TOTALS = 12  # the same, where still more is said
MOST_PRINTED = 48  # figures of a unit, about four pages across, that are printed unit by unit
DATA_ROWS = 50_000  # of the sheet with every value; beyond that the CSV file has them


def merged_workbook(
    tables: Iterable[Table],
    form: Form,
    calendar: Calendar,
    ledger: Ledger,
    period: Period,
    issuer: str = "",
) -> bytes:
    """The workbook of everything: a sheet for each of `tables`, the units' texts, their lists, every value.

    Printed, it has the `issuer` and the period at the head of each page, and leaves out the single values and
    tables by unit of more than `MOST_PRINTED` figures, which would take paper that nobody reads.
    Each table is made when its sheet is written, and let go then.
    Where there are more values than `DATA_ROWS`, a note on the first sheet says where they stand.
    """
    units = calendar.units(period)
    names = {"province": _("Summary"), "kind": _("By kind of unit"), "plan": _("Plan")}
    names |= {f"unit:{section.code}": str(section.name) for section in form.sections}
    for asked in form.tables:
        names[f"matrix:{asked.code}"] = str(asked.name)
        names[f"unit:{asked.code}"] = _("{table} by unit").format(table=str(asked.name)[:_SHEET].strip())
        names[f"top:{asked.code}"] = _("{table} totals by unit").format(
            table=str(asked.name)[:_TOTALS].strip()
        )
    head, data = PagesHead(issuer, capitalised(period_title(period))), _("Data")
    too_many = next(itertools.islice(ledger.long_rows(period.quarters), DATA_ROWS, None), None) is not None

    unprinted = {data}

    def sheets() -> Iterator[tuple[str, Table]]:
        for table in tables:
            name = names.get(table.name, table.title)
            figures = sum(column.kind is not CellFormat.TEXT for column in table.columns)
            wide = table.name.startswith("unit:") and figures > MOST_PRINTED
            (unprinted.add if wide else unprinted.discard)(name)  # titles may be alike where they are cut
            yield name, table
        if form.texts:
            yield _("Texts"), _texts_table(form, units, ledger, period)
        for section in form.lists:
            yield str(section.name), _list_table(list_figures(ledger, section, calendar, period), units)
        if not too_many and (form.indicators or form.texts):
            formats = {"value": CellFormat.NUMBER}
            widths = {"label": 2.0}
            columns = (
                Column(key, key, formats.get(key, CellFormat.TEXT), widths.get(key, 1.0)) for key in COLUMNS
            )
            rows = map(Row, data_rows(ledger, form, units, period.quarters))
            yield data, Table("data", _("Every single value"), tuple(columns), tuple(rows))

    if not too_many:
        return workbook(sheets(), head=head, unprinted=unprinted)
    note = _("Every single value stands in values.csv.")
    noted = (
        (name, table if number else replace(table, notes=(*table.notes, note)))
        for number, (name, table) in enumerate(sheets())
    )
    return workbook(noted, head=head, unprinted=unprinted)


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


def _list_table(listed: ListFigures, units: Mapping[str, Unit]) -> Table:
    """The rows of one list from all units; where columns are added up, the sums of each unit that has several
    rows, and of all."""
    section = listed.section
    columns = (
        Column("number", _("No."), CellFormat.COUNT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.6),
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        *(replace(column, width=1.0) for column in list_columns(section)),
    )
    rows: list[Row] = []
    numbers = itertools.count(1)
    for unit, of_unit in listed.by_unit.items():
        name = names_of([unit], units)
        for record in of_unit:
            rows.append(Row((next(numbers), name, str(record.period), *listed.cells(record))))
        if listed.columns and 1 < len(of_unit) < len(listed.records):
            rows.append(list_total_row(listed, _("Total: {group}").format(group=name), columns, (unit,), 3))
    if listed.columns and listed.records:
        rows.append(list_total_row(listed, _("Total"), columns, leading=3))
    repeated = named_by(section, leading=3)
    none = [] if rows else [_("No unit reported any.")]
    notes = (*none, *listed.notes(units), *notes_on_cells(rows))
    return Table(f"list:{section.code}", str(section.name), columns, tuple(rows), notes, repeated)
