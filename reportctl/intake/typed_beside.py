"""What stands in the cells that the program fills in beside those that are asked, where somebody typed there.

Whether a unit disputes an earlier figure so is known only beside the ledger (`merge/disputed.py`); until then
nothing is said.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from reportctl.cells.figures import possible_figures
from reportctl.cells.looks import read_shown as read_shown_cell
from reportctl.core.finding_kinds import DISPUTED
from reportctl.core.findings import Finding
from reportctl.core.language import Phrase
from reportctl.core.letters import folded
from reportctl.form.hidden_sheet import read_shown
from reportctl.form.indicators import NUMERIC, Indicator
from reportctl.form.layout import HEADER_ROW, META, PREVIOUS_COLUMN, VALUE_COLUMN, TablePlace
from reportctl.form.names import whole_heading
from reportctl.form.submission import Answer, AnswerState, AnswerValue
from reportctl.form.tables import TableCell
from reportctl.intake.answers import AsRead, cell_finding, read_answer
from reportctl.intake.find_in_own import OwnAnswers
from reportctl.intake.find_lines import FoundCell
from reportctl.intake.find_tables import FoundTable
from reportctl.workbooks.book import Book, CellValue, as_typed

_PREVIOUS = Phrase("Quý trước", "Previous quarter")
_UNTOUCHED = 0.5  # of the figures that were sent; else another column stands in its place


class _Beside(NamedTuple):
    """A column that the program fills in: what it is and is called, and the asked cells beside it by row."""

    code: str
    role: str
    name: Phrase
    cells: Mapping[str, TableCell]


@functools.lru_cache(maxsize=256)
def _columns(place: TablePlace) -> tuple[_Beside, ...]:
    """The columns of a table that the program fills in."""
    found = []
    for column in place.table.columns:
        if column.is_ not in ("value", "given") and column.code in place.columns:
            source = place.table.source_of(column).code
            cells = {row: cell for row in place.rows if (cell := place.cells.get((row, source)))}
            found.append(_Beside(column.code, column.is_, whole_heading(column), cells))
    return tuple(found)


def sent_beside(book: Book) -> dict[str, str]:
    """What was filled in when the workbook was sent out, by the codes of the cells."""
    hidden = next((sheet for sheet in book.sheets if sheet.name == META), None)
    return read_shown(hidden.rows) if hidden else {}


def typed_in_table(
    place: TablePlace,
    table: FoundTable,
    answers: Mapping[str, Answer],
    sent: Mapping[str, str],
    as_read: AsRead,
    own: OwnAnswers | None,
) -> Iterator[Finding]:
    """What somebody typed in the table's columns that the program fills in; with each, in a column of the
    year to date, the answer of this quarter that it counts."""
    for column in _columns(place):
        at = table.columns.get(column.code)
        if at is None:
            continue
        spots = {
            row: FoundCell(table.sheet, line.at, at.at)
            for row in column.cells
            if (line := table.rows.get(row)) and table.sheet.at(line.at, at.at) not in ("", None)
        }
        some = own.typed(place.sheet, spots.values()) if own and spots else spots.values()
        typed = {spot.place for spot in some}
        for row, spot in spots.items():
            cell = column.cells[row]
            before = sent.get(f"{place.table.code}.{row}.{column.code}", "")
            if spot.place in typed and as_typed(spot.value) != before:
                answer = answers.get(cell.code)
                now = answer.value if answer and column.role == "to_date" else None
                yield from _typed(spot, cell, column.role, column.name, as_read, before, now=now)


def typed_beside_figures(
    spots: Iterable[tuple[Indicator, FoundCell]], sent: Mapping[str, str], as_read: AsRead
) -> Iterator[Finding]:
    """What somebody typed in the column of the quarter before on the sheet of figures.

    Where most of the figures that were sent stand there no more, the column is another one; of cells that
    were sent empty it is known by its heading.
    """
    found = [
        (indicator, FoundCell(spot.sheet, spot.row, spot.column + PREVIOUS_COLUMN - VALUE_COLUMN))
        for indicator, spot in spots
    ]
    known = [(one, spot) for one, spot in found if one.code in sent]
    other = [(one, spot) for one, spot in known if as_typed(spot.value) != sent[one.code]]
    if len(other) > _UNTOUCHED * len(known):
        return
    empty = [(one, spot) for one, spot in found if one.code not in sent and _headed(spot)]
    for indicator, spot in (*other, *empty):
        if spot.value not in ("", None):
            before = sent.get(indicator.code, "")
            yield from _typed(spot, indicator, "previous", _PREVIOUS, as_read, before)


def _headed(spot: FoundCell) -> bool:
    """Whether the cell stands below the heading of the quarter before."""
    return folded(str(spot.sheet.at(HEADER_ROW, spot.column))) in (folded(_PREVIOUS.vi), folded(_PREVIOUS.en))


def _typed(
    spot: FoundCell, ask: Indicator, role: str, column: Phrase, as_read: AsRead, before: str, **more: Any
) -> Iterator[Finding]:
    """What is typed in a cell, with what it showed `before`, when it was sent, and, where it is no answer,
    the figures that it may be; nothing where the formula of a year to date stands there, where nobody can
    tell what does, or where that says that there is none."""
    extra = spot.extra
    if extra and (extra.error or extra.merged or extra.picture or not extra.calculated or role == "to_date"):
        return
    answer, _found = read_answer(spot, ask.code, ask, as_read)
    if answer.state in (AnswerState.VALUE, AnswerState.INVALID):
        about = {"role": role, "column": column, "label": ask.name, "typed": _kept(answer.value), **more}
        about["sent"] = before if role == "to_date" else _as_sent(before, spot, ask, as_read)
        if answer.state is AnswerState.INVALID:
            about["may_be"] = possible_figures(spot.value, ask)
        yield cell_finding(DISPUTED, spot, ask.code, answer.raw, **about)


def _as_sent(before: str, spot: FoundCell, ask: Indicator, as_read: AsRead) -> float | str | None:
    """The figure that the text `before`, which stood in the cell when it was sent, says; None where it says
    none."""
    value: CellValue = before
    if ask.type in NUMERIC:
        with contextlib.suppress(ValueError):
            value = float(before)
    return _kept(read_shown_cell(value, spot.look, ask, dash=as_read.dash, points=as_read.points).value)


def _kept(value: AnswerValue) -> float | str | None:
    """The answer as a finding keeps it."""
    return value if isinstance(value, int | float | str | None) else str(value)
