"""What the columns of tables show that the program fills in: the year before, the year to date, the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.form.hidden_sheet import earlier_text
from reportctl.form.layout import NOT_APPLICABLE, Layout, TablePlace
from reportctl.form.model import Form, applies
from reportctl.form.tables import ColumnRole, TableCell, TableColumn
from reportctl.ledger.ledger import Ledger
from reportctl.outgoing.previous import Earlier, Gap, of_quarter
from reportctl.workspace.units import Unit
from reportctl.workspace.units_by_period import Calendar

Figure = int | float | str
Targets = Mapping[tuple[str, str, int], int | float]  # the plan by unit, code and year

_NOTHING_THERE = (Gap.NEW, Gap.NOT_APPLICABLE, Gap.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Known:
    """What is filled in beside a cell: the figure that is known, or those of the year's earlier quarters,
    percentages as fractions; None where there is nothing to show. The `note` says why, or whose they are."""

    figures: tuple[Figure, ...] | None = None
    note: str = ""


# By what a column of a table is ("year_ago", "to_date", "plan") and the code of the cell that it belongs to.
Beside = Mapping[ColumnRole, Mapping[str, Known]]


def shown_cells(form: Form, role: ColumnRole) -> list[TableCell]:
    """The cells beside which a column stands that is `role`."""
    return [
        cell
        for table in form.tables
        for column in table.columns
        if column.is_ == role
        for cell in table.cells.values()
        if cell.column == table.source_of(column).code
    ]


def known_figure(
    role: ColumnRole, cell: TableCell, previous: Mapping[str, Figure], beside: Beside
) -> Figure | None:
    """The figure that is filled in beside a cell, in a column that is `role`; None where there is none, and
    in a column of the year to date, which counts what is still to be typed."""
    if role == "previous":
        return previous.get(cell.code)
    figures = beside.get(role, {}).get(cell.code, Known()).figures if role != "to_date" else None
    return figures[0] if figures else None


def earlier_shown(column: TableColumn, cell: TableCell, beside: Beside) -> str:
    """What the hidden sheet says of a cell of the year to date: the figures of earlier quarters that it
    counts; empty for other columns, and where nothing is known."""
    if column.is_ != "to_date" or cell.cumulative or cell.over_time == "last":
        return ""
    figures = beside.get("to_date", {}).get(cell.code, Known()).figures
    return "" if figures is None else earlier_text(figures)


def filled_cells(places: Layout) -> Iterator[tuple[str, TablePlace, TableColumn, TableCell]]:
    """The cells of tables that the program fills in beside those that are asked: `table.row.column`, the
    table, the column, and the cell that it stands beside; those of which a column has no place left out."""
    for place in places.tables.values():
        for column in place.table.columns:
            if column.is_ in ("value", "given") or column.code not in place.columns:
                continue
            source = place.table.source_of(column).code
            for row in place.rows:
                if cell := place.cells.get((row, source)):
                    yield f"{place.table.code}.{row}.{column.code}", place, column, cell


def of_columns(
    ledger: Ledger,
    form: Form,
    calendar: Calendar,
    quarter: Quarter,
    units: Sequence[Unit],
    plan: Targets,
    *,
    alone: bool = False,
) -> list[Beside]:
    """For each of the `units` of `quarter` what is filled in, but for the quarter before; `alone` as for
    `of_quarter`. Notes are in the current language."""
    found: list[dict[ColumnRole, Mapping[str, Known]]] = [{} for _unit in units]
    if cells := shown_cells(form, "year_ago"):
        when = _("Same quarter last year")
        answers = of_quarter(ledger, form, calendar, quarter, quarter.year_ago, units, cells, alone=alone)
        for own, earlier in zip(found, answers, strict=True):
            own["year_ago"] = {code: _known(one, when) for code, one in earlier.items()}
    if cells := shown_cells(form, "to_date"):
        quarters = quarter.to_date[:-1]
        by_quarter = [
            of_quarter(ledger, form, calendar, quarter, q, units, cells, alone=alone) for q in quarters
        ]
        for place, own in enumerate(found):
            earlier_ones = {q: of_then[place] for q, of_then in zip(quarters, by_quarter, strict=True)}
            own["to_date"] = {cell.code: _to_date(cell, earlier_ones) for cell in cells}
    if cells := shown_cells(form, "plan"):
        for unit, own in zip(units, found, strict=True):
            asked = [cell.code for cell in cells if applies(cell, unit.kind)]
            own["plan"] = {
                code: _target(plan.get((unit.code, code, quarter.year)), quarter) for code in asked
            }
    return list(found)


def _known(one: Earlier, when: str) -> Known:
    """An earlier answer as it is shown, "not applicable" too."""
    if one.gap is Gap.NOT_APPLICABLE:
        return Known((NOT_APPLICABLE,), one.note(when))
    return Known(None if one.value is None else (one.value,), one.note(when))


def _to_date(cell: TableCell, earlier: Mapping[Quarter, Mapping[str, Earlier]]) -> Known:
    """The figures of the year's earlier quarters. Where one of them lacks what it should have, there is no
    sum; a mean, the least and the greatest are of those there are, as in the summary, and a note says so."""
    if cell.cumulative or cell.over_time == "last":
        return Known(())
    figures: list[Figure] = []
    lacking: list[str] = []
    for quarter, of_then in earlier.items():
        one = of_then.get(cell.code, Earlier(gap=Gap.NOT_REPORTED))
        if one.value is not None:
            figures.append(one.value)
        elif one.gap not in _NOTHING_THERE:
            name = wording.capitalised(wording.period_words(quarter, short=True))
            lacking.append(one.note(_("Year to date, {quarter}").format(quarter=name)))
    if lacking and cell.over_time not in _OF_THOSE_THERE:
        return Known(None, lacking[0])
    return Known(tuple(figures), "\n".join(lacking))


_OF_THOSE_THERE = ("mean", "min", "max")  # over time


def _target(value: float | None, quarter: Quarter) -> Known:
    """The plan of the year."""
    if value is None:
        return Known(None, _("Plan of {year}: the unit was given none").format(year=quarter.year))
    return Known((value,))
