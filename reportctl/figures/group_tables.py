"""Annexes of a province with many units: figures by group of units, and the beginning of long lists.

A printed annex holds so many rows; single units and all events stand in the merged workbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Subject, Table, Value
from reportctl.figures.figures import Number, Summary
from reportctl.figures.notes import coverage_notes, notes_on_signs
from reportctl.figures.tables import chosen_sections, titled
from reportctl.form.model import KIND_OF, Form, applies
from reportctl.workspace.units import Unit

MOST_ROWS = 200  # of a printed annex

GroupValues = Mapping[str, Mapping[str, Number | None]]  # the title of a group, then code


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
    asked = [indicator for indicator in chosen.indicators if indicator.numeric]
    columns = (
        Column("number", _("No."), CellFormat.TEXT, 0.5),
        Column("unit", _("Group of units"), CellFormat.TEXT, 2.4),
        Column("units", _("Number of units"), CellFormat.TEXT, 0.8),
        *(Column(i.code, titled(summary.figures[i.code]), KIND_OF[i.type]) for i in asked),
    )
    rows: list[Row] = []
    counted: list[str] = []
    for title, codes in groups.items():
        own = [units[code] for code in codes if code in units]
        cells: list[Value] = []
        for indicator in asked:
            if not any(applies(indicator, unit.kind) for unit in own):
                cells.append(NOT_APPLICABLE)
            else:  # nothing where the figure is not put together over units
                cells.append("" if indicator.over_units == "none" else values[title].get(indicator.code))
        if any(cell is not NOT_APPLICABLE for cell in cells):
            number = str(len(rows) + 1)
            rows.append(
                Row(
                    (number, title, wording.cell_text(len(codes), CellFormat.COUNT), *cells),
                    about=Subject(units=tuple(codes)),
                )
            )
            counted += codes
    total = ["" if i.over_units == "none" else summary.figures[i.code].value for i in asked]
    about = Subject(units=tuple(counted))
    rows.append(
        Row(
            ("", _("Total"), wording.cell_text(len(counted), CellFormat.COUNT), *total),
            Role.TOTAL,
            about=about,
        )
    )
    title = _("{section}: by group of units, {period}").format(
        section=chosen.name, period=wording.period_words(summary.period)
    )
    table = Table(f"unit:{section}", title, columns, tuple(rows), repeated=3)
    notes = (
        _("There are {count} units; those of a group stand together, each by itself in merged.xlsx.").format(
            count=wording.running_text(len(units), CellFormat.COUNT)
        ),
        *coverage_notes(summary, units, None),
        *notes_on_signs(table),
    )
    return replace(table, notes=notes)


def shortened(table: Table, note: str) -> Table:
    """The table with as many rows as an annex holds; `note` says {shown} and {total}."""
    if len(table.rows) <= MOST_ROWS:
        return table
    shown, total = (wording.running_text(number, CellFormat.COUNT) for number in (MOST_ROWS, len(table.rows)))
    notes = (note.format(shown=shown, total=total), *table.notes)
    return replace(table, rows=table.rows[:MOST_ROWS], notes=notes)
