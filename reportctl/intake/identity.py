"""What a returned workbook says of itself: its hidden marks, and the headings that people see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportctl.core.cellrefs import cell_name
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.letters import folded
from reportctl.core.period import Quarter, read_period
from reportctl.form.blanks import filled_in
from reportctl.form.layout import META, META_ROWS, PERIOD_ROW, UNIT_ROW, read_mark
from reportctl.form.submission import Identity
from reportctl.intake.find_lines import FoundCell
from reportctl.intake.job import Context
from reportctl.intake.laid_over import LaidOver
from reportctl.workbooks.book import Book, Sheet, as_typed
from reportctl.workspace.units import Unit

_MARK_ROWS, _MARK_COLUMNS = 3, 3  # how far from A1 the mark is looked for
_FIELDS = {
    "form": Phrase("biểu mẫu", "forms"),
    "unit": Phrase("đơn vị", "units"),
    "period": Phrase("kỳ báo cáo", "periods"),
}


@dataclass(frozen=True, slots=True)
class IdentityMark:
    """A place in which a workbook says of itself what it is."""

    sheet: Sheet
    row: int
    column: int
    identity: Identity

    @property
    def cell(self) -> str:
        """Its reference without the sheet."""
        return cell_name(self.row, self.column)


def read_marks(book: Book) -> list[IdentityMark]:
    """Every mark of the sheets, then that of the hidden sheet; none: the workbook says nothing of itself."""
    marks = []
    hidden = None
    for sheet in book.sheets:
        if sheet.name == META:
            hidden = sheet
            continue
        for row, cells in enumerate(sheet.rows[:_MARK_ROWS]):
            for column, text in enumerate(cells[:_MARK_COLUMNS]):
                identity = read_mark(text) if text and isinstance(text, str) else None
                if identity:
                    marks.append(IdentityMark(sheet, row, column, identity))
    if hidden:
        said = {as_typed(hidden.at(row, 0)): as_typed(hidden.at(row, 1)) for row in range(len(hidden.rows))}
        if said.get("form"):
            marks.append(IdentityMark(hidden, 0, 1, Identity(*(said.get(name, "") for name in META_ROWS))))
    return marks


def read_identity(marks: Sequence[IdentityMark]) -> tuple[Identity, list[Finding]]:
    """What the workbook says of itself; empty: nothing.

    Where its marks differ the first one is believed, and there is a finding.
    """
    findings = []
    for name, what in _FIELDS.items():
        values = list(dict.fromkeys([getattr(mark.identity, name) for mark in marks]))
        if len(values) > 1:
            odd = next(mark for mark in marks if getattr(mark.identity, name) == values[1])
            findings.append(
                finding(
                    "identity_differs",
                    sheet=odd.sheet.name,
                    cell=odd.cell,
                    value=values[1],
                    what=what,
                    found=", ".join(values),
                )
            )
    return marks[0].identity if marks else Identity(), findings


def identity_by_cells(over: LaidOver, context: Context) -> tuple[IdentityMark, list[Finding]] | None:
    """What the cells for unit and period of an office's own workbook say, where its marks are gone: exactly
    one unit of the list, and a quarter; else None."""
    said = _said_in_cells(over, context)
    units = {
        unit.code: cell
        for cell, text in (*said.get("unit", ()), *said.get("unit_code", ()))
        for unit in context.roster.units
        if folded(text) == folded(unit.name) or text == unit.code
    }
    periods = [(cell, read_period(text)) for cell, text in said.get("period", ())]
    quarters = {str(period) for _cell, period in periods if isinstance(period, Quarter)}
    if len(units) != 1 or len(quarters) != 1:
        return None
    (unit, cell), (quarter,) = next(iter(units.items())), quarters
    identity = Identity(context.form.id, context.form.fingerprint, unit, quarter)
    name = context.roster.rows(unit)[-1].name
    warning = finding(
        "identity_by_cells", sheet=cell.sheet.name, cell=cell.cell, value=name, said=f"{name}, {quarter}"
    )
    return IdentityMark(cell.sheet, cell.row, cell.column, identity), [warning]


def own_headings(over: LaidOver, identity: Identity, context: Context) -> Iterator[Finding]:
    """Errors where the cells for unit and period of an office's own workbook name another unit of the list,
    or another quarter, than its marks; what names none is left aside."""
    own = {folded(unit.name) for unit in context.roster.rows(identity.unit)}
    others = {folded(unit.name): unit.name for unit in context.roster.units}
    meant = next((unit.name for unit in context.roster.rows(identity.unit)), identity.unit)
    period = read_period(identity.period)
    said = _said_in_cells(over, context)
    for cell, text in said.get("unit", ()):
        if folded(text) in others and folded(text) not in own:
            yield cell.finding("heading_differs", "", value=text, said=text, meant=meant, of="unit")
    for cell, text in said.get("period", ()):
        quarter = read_period(text)
        if isinstance(quarter, Quarter) and quarter != period:
            about = {"said": str(quarter), "meant": identity.period, "of": "period"}
            yield cell.finding("heading_differs", "", value=text, **about)


def _said_in_cells(over: LaidOver, context: Context) -> dict[str, list[tuple[FoundCell, str]]]:
    """What is typed in the cells that say who and when, without what is printed in them, by what they say."""
    addresses = context.form.addresses
    found: dict[str, list[tuple[FoundCell, str]]] = {}
    for what, places in (addresses.identity if addresses else {}).items():
        for place in places:
            laid = over.first(place.sheet)
            row, column = (laid.rows.at(place.row), laid.columns.at(place.column)) if laid else (None, None)
            if laid is None or row is None or column is None:
                continue
            cell = FoundCell(laid.sheet, row, column, "place")
            text = filled_in(as_typed(laid.printed.sheet.at(place.row, place.column)), as_typed(cell.value))
            if text:
                found.setdefault(what, []).append((cell, text))
    return found


def at_mark(mark: IdentityMark, findings: Sequence[Finding]) -> list[Finding]:
    """Findings about what the workbook says of itself, with the cell in which it says so."""
    return [replace(found, sheet=mark.sheet.name, cell=mark.cell) for found in findings]


def headings(marks: Sequence[IdentityMark], identity: Identity, units: Sequence[Unit]) -> Iterator[Finding]:
    """Errors where a marked sheet's heading names another quarter than its mark, or none of the `units` that
    have the mark's code: one for the quarter, one for each other name.

    Whether such a name is another unit's is told by `checks.severities`.
    """
    own = {folded(unit.name): unit.name for unit in units}
    meant = next(iter(own.values()), identity.unit)
    period = read_period(identity.period)
    odd: dict[str, Finding] = {}
    for mark in (mark for mark in marks if mark.sheet.name != META):
        differing = []
        cell, text = _heading(mark.sheet, mark.row + PERIOD_ROW)
        quarter = read_period(text.partition("(")[0]) if period else None
        if isinstance(quarter, Quarter) and quarter != period:
            differing.append(("period", "", cell, str(quarter), identity.period))
        cell, text = _heading(mark.sheet, mark.row + UNIT_ROW)
        name = text.partition(":")[2].strip()
        if name and folded(name) not in own:
            differing.append(("unit", folded(name), cell, name, meant))
        for of, key, cell, said, mark_says in differing:
            sheet = mark.sheet.name
            odd.setdefault(
                key,
                finding(
                    "heading_differs", sheet=sheet, cell=cell, value=said, said=said, meant=mark_says, of=of
                ),
            )
    yield from odd.values()


def _heading(sheet: Sheet, row: int) -> tuple[str, str]:
    """The first text in a row after the column of codes, with its cell; empty where there is none."""
    cells = sheet.rows[row] if row < len(sheet.rows) else ()
    for column, text in enumerate(cells):
        if column and isinstance(text, str) and text:
            return cell_name(row, column), text
    return "", ""
