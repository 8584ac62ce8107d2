"""What a returned workbook says of itself: its hidden marks, and the headings that people see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportctl.book import Book, Sheet, as_typed
from reportctl.findings import Finding, finding
from reportctl.language import Phrase
from reportctl.layout import META, META_ROWS, PERIOD_ROW, UNIT_ROW, cell_name, read_mark
from reportctl.period import Quarter, read_period
from reportctl.roster import Roster
from reportctl.submission import Identity

_MARK_ROWS, _MARK_COLUMNS = 3, 3  # how far from A1 the mark is looked for
_FIELDS = {
    "form": Phrase("biểu mẫu", "forms"),
    "unit": Phrase("đơn vị", "units"),
    "period": Phrase("kỳ báo cáo", "periods"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in which a workbook says of itself what it is."""

    sheet: Sheet
    row: int
    column: int
    identity: Identity

    @property
    def cell(self) -> str:
        """Its reference without the sheet."""
        return cell_name(self.row, self.column)


def read_marks(book: Book) -> list[Mark]:
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
                    marks.append(Mark(sheet, row, column, identity))
    if hidden:
        said = {as_typed(hidden.at(row, 0)): as_typed(hidden.at(row, 1)) for row in range(len(hidden.rows))}
        if said.get("form"):
            marks.append(Mark(hidden, 0, 1, Identity(*(said.get(name, "") for name in META_ROWS))))
    return marks


def read_identity(marks: Sequence[Mark]) -> tuple[Identity, list[Finding]]:
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


def at_mark(mark: Mark, findings: Sequence[Finding]) -> list[Finding]:
    """Findings about what the workbook says of itself, with the cell in which it says so."""
    return [replace(found, sheet=mark.sheet.name, cell=mark.cell) for found in findings]


# Headings


def headings(marks: Sequence[Mark], identity: Identity, roster: Roster) -> Iterator[Finding]:
    """Errors where a marked sheet's heading names another quarter or unit than its mark; at most one of each.

    A heading that names neither is left alone: units are renamed, and people word headings their own way.
    """
    own = {_plain(unit.name): unit.name for unit in roster.rows(identity.unit)}
    period = read_period(identity.period)
    odd: dict[str, Finding] = {}
    headed = [mark for mark in marks if mark.sheet.name != META]
    units = [_unit_said(mark) for mark in headed]
    foreign = _of_units({_plain(name) for _cell, name in units if name} - own.keys(), roster)
    for mark, (unit_cell, name) in zip(headed, units, strict=True):
        cell, text = _heading(mark.sheet, mark.row + PERIOD_ROW)
        quarter = read_period(text.partition("(")[0]) if period else None
        if isinstance(quarter, Quarter) and quarter != period:
            odd.setdefault("period", _differs(mark.sheet, cell, str(quarter), identity.period))
        if foreign and _plain(name) in foreign:
            meant = next(iter(own.values()), identity.unit)
            odd.setdefault("unit", _differs(mark.sheet, unit_cell, name, meant))
    yield from odd.values()


def _unit_said(mark: Mark) -> tuple[str, str]:
    """The unit's name in the heading of the mark's sheet, with its cell; empty where there is none."""
    cell, text = _heading(mark.sheet, mark.row + UNIT_ROW)
    return cell, text.partition(":")[2].strip()


def _of_units(names: set[str], roster: Roster) -> set[str]:
    """Those of the plain `names` that are a unit's."""
    return names.intersection(_plain(unit.name) for unit in roster.units) if names else names


def _heading(sheet: Sheet, row: int) -> tuple[str, str]:
    """The first text in a row after the column of codes, with its cell; empty where there is none."""
    cells = sheet.rows[row] if row < len(sheet.rows) else ()
    for column, text in enumerate(cells):
        if column and isinstance(text, str) and text:
            return cell_name(row, column), text
    return "", ""


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _differs(sheet: Sheet, cell: str, said: str, meant: str) -> Finding:
    return finding("heading_differs", sheet=sheet.name, cell=cell, value=said, said=said, meant=meant)
