"""The form's lists as tables: what they come to in the province, and unit by unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.table import (
    NOT_APPLICABLE,
    NOT_ASKED,
    CellFormat,
    Column,
    Role,
    Row,
    Subject,
    Table,
    Value,
)
from reportctl.figures.chosen import summed_columns
from reportctl.figures.lists import ListFigures
from reportctl.figures.notes import names_of, notes_on_rounding, notes_on_signs
from reportctl.figures.sources import ROWS
from reportctl.form.indicators import ANSWER_KIND_OF, KIND_OF, Type
from reportctl.form.model import ListSection
from reportctl.form.names import headings, whole_heading
from reportctl.workspace.units import Unit


def list_columns(section: ListSection, *, summed: bool = False) -> list[Column]:
    """The columns of a list under their headings; with `summed` those that are added up over units."""
    return [
        Column(
            column.code,
            wording.with_measure(str(column.name), column.unit_of_measure),
            ANSWER_KIND_OF[column.type],
            2.4 if column.type is Type.TEXT else 0.9,
            tuple(map(str, headings(column))),
        )
        for column in (summed_columns(section) if summed else section.columns)
    ]


_MANY = 12  # columns of a list, from which it is parted for a page


def named_by(section: ListSection, leading: int) -> int:
    """How many columns stand in every part of a list that has to be split for a page: the `leading` ones and
    the first of its own, where that is a text; of a list that is not split none."""
    if len(section.columns) < _MANY:
        return 0
    return leading + (section.columns[0].type is Type.TEXT)


def list_total_row(
    listed: ListFigures,
    label: str,
    columns: Sequence[Column],
    units: Collection[str] | None = None,
    leading: int = 2,
) -> Row:
    """The row with the sums of a list below its rows, or below those of some `units`; `columns` are the
    table's, of which the `leading` ones are not the list's own."""
    sums, about = listed.sums(units), Subject(listed.section.code, _whose(listed, units))
    cells: list[Value] = ["", label, *[""] * (leading - 2)]
    cells += [sums.get(column.key, "") for column in columns[leading:]]
    return Row(tuple(cells), Role.TOTAL, about=about, marks=listed.marks(units))


def notes_on_cells(rows: Iterable[Row]) -> Iterator[str]:
    """What the signs mean that stand for no answer in the rows of a list, of those that stand there."""
    cells = [cell for row in rows for cell in row.cells]
    meanings: tuple[tuple[Value, str], ...] = (
        (None, _("{sign}: left empty, or not readable.")),
        (NOT_ASKED, _("{sign}: not asked.")),
        (NOT_APPLICABLE, _("{sign}: does not apply.")),
    )
    for value, meaning in meanings:
        if any(cell is value for cell in cells):
            yield meaning.format(sign=wording.cell_text(value, CellFormat.TEXT))


def _whose(listed: ListFigures, units: Collection[str] | None) -> tuple[str, ...]:
    """The units whose rows these are, of those that have any."""
    sent = dict.fromkeys(record.unit for record in listed.records)
    return tuple(unit for unit in sent if units is None or unit in units)


def list_by_unit(listed: ListFigures, units: Mapping[str, Unit]) -> Table:
    """What each unit's rows of a list come to, and the province's; of units that have not sent it nothing."""
    section, period = listed.section, listed.period
    count = f"{ROWS}{period}"
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.4),
        Column("unit", _("Unit"), CellFormat.TEXT, 2.4),
        Column(count, _("Number of rows"), CellFormat.COUNT, 0.8),
        *list_columns(section, summed=True),
    )

    def row(number: str, label: str, own: Collection[str] | None, role: Role = Role.PLAIN) -> Row:
        about = Subject(section.code, _whose(listed, own))
        cells = (number, label, listed.count(own), *listed.sums(own).values())
        # Of what is known to be nothing there is no sum either.
        shown = cells if cells[2] != 0 else (*cells[:3], *("" for _cell in cells[3:]))
        return Row(shown, role, about=about, marks=listed.marks(own, count))

    rows = [row(str(n), names_of([unit], units), (unit,)) for n, unit in enumerate(listed.by_unit, 1)]
    rows.append(row("", _("Total"), None, Role.TOTAL))
    title = _("{section}: by unit, {period}").format(
        section=section.name, period=wording.period_title(period)
    )
    made = Table(f"unit:{section.code}", title, columns, tuple(rows), repeated=2)
    return replace(made, notes=(*listed.notes(units), *notes_on_signs(made), *notes_on_rounding(made)))


def list_totals_table(listed: ListFigures, units: Mapping[str, Unit]) -> Table:
    """What a list comes to in the province: how many rows, and the sums of its columns that are added up."""
    sums, marks = listed.sums(), listed.marks()

    def row(label: str, measure: str, value: Value, kind: CellFormat, key: str) -> Row:
        return Row((label, measure, value), kind=kind, marks={"value": marks[key]} if key in marks else {})

    rows = [row(_("Number of rows"), "", listed.count(), CellFormat.COUNT, "rows")]
    rows += [
        row(str(whole_heading(c)), c.unit_of_measure, sums[c.code], KIND_OF[c.type], c.code)
        for c in listed.columns
    ]
    columns = (
        Column("label", _("Content"), CellFormat.TEXT, 3.4),
        Column("measure", _("Measure"), CellFormat.TEXT, 1.0),
        Column("value", _("Total"), CellFormat.FIGURE),
    )
    title = _("{section}, {period}").format(
        section=listed.section.name, period=wording.period_title(listed.period)
    )
    made = Table(f"list:{listed.section.code}", title, columns, tuple(rows))
    return replace(made, notes=(*listed.notes(units), *notes_on_signs(made)))


def lists_json(lists: Iterable[ListFigures]) -> list[dict[str, Any]]:
    """Lists that are added up, each with its number of rows and the sums of its columns by code; null where
    no row has a number. `quarters` are those whose rows they are, `missing` the units whose rows they lack,
    by quarter, `incomplete` the columns whose sums lack something."""
    return [
        {
            "list": one.section.code,
            "rows": len(one.records),
            "sums": {c: v if isinstance(v, int | float) else None for c, v in one.sums().items()},
            "over_time": one.section.counts,
            "quarters": [str(quarter) for quarter in one.quarters],
            "missing": {str(quarter): units for quarter, units in one.lacking_units.items()},
            "incomplete": list(one.lacking),
            "not_asked": {
                code: [str(quarter) for quarter in quarters] for code, quarters in one.unasked.items()
            },
        }
        for one in lists
    ]
