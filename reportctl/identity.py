"""What a returned workbook says of itself: its hidden marks, and the headings that people see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportctl.book import Book, Sheet, as_typed
from reportctl.findings import Finding, finding
from reportctl.language import Phrase
from reportctl.layout import META, META_ROWS, PERIOD_ROW, UNIT_ROW, column_name, read_mark
from reportctl.period import Quarter, read_period
from reportctl.roster import Roster
from reportctl.submission import Identity

_MARK_ROWS, _MARK_COLUMNS = 3, 3  # how far from A1 the mark is looked for
_FIELDS = {
    "form": Phrase("biểu mẫu", "forms"),
    "unit": Phrase("đơn vị", "units"),
    "period": Phrase("kỳ báo cáo", "periods"),
}


def read_identity(book: Book) -> tuple[Identity, list[Finding]]:
    """What the workbook says of itself, by its sheets' marks, else by the hidden sheet; empty: nothing.

    Where sheets differ the first one is believed, and there is a finding.
    """
    marks = list(_marks(book))
    findings = []
    for name, what in _FIELDS.items():
        values = dict.fromkeys(getattr(identity, name) for _sheet, _cell, identity in marks)
        if len(values) > 1:
            sheet, cell, odd = next(mark for mark in marks if getattr(mark[2], name) != next(iter(values)))
            findings.append(
                finding(
                    "identity_differs",
                    sheet=sheet,
                    cell=cell,
                    value=getattr(odd, name),
                    what=what,
                    found=", ".join(values),
                )
            )
    return marks[0][2] if marks else Identity(), findings


def at_mark(book: Book, findings: Sequence[Finding]) -> list[Finding]:
    """Findings about what the workbook says of itself, with the cell in which it says so."""
    sheet, cell, _identity = next(_marks(book))
    return [replace(found, sheet=sheet, cell=cell) for found in findings]


def _marks(book: Book) -> Iterator[tuple[str, str, Identity]]:
    """Every mark with its sheet and cell, the hidden sheet's identity last."""
    hidden = None
    for sheet in book.sheets:
        if sheet.name == META:
            hidden = sheet
            continue
        for row, cells in enumerate(sheet.rows[:_MARK_ROWS]):
            for column, text in enumerate(cells[:_MARK_COLUMNS]):
                identity = read_mark(text) if isinstance(text, str) else None
                if identity:
                    yield sheet.name, f"{column_name(column)}{row + 1}", identity
    if hidden:
        said = {as_typed(hidden.at(row, 0)): as_typed(hidden.at(row, 1)) for row in range(len(hidden.rows))}
        if said.get("form"):
            yield META, "B1", Identity(*(said.get(name, "") for name in META_ROWS))


# Headings


def headings(book: Book, identity: Identity, roster: Roster) -> Iterator[Finding]:
    """Errors where a heading names another quarter or unit than the hidden marks do; at most one of each.

    A heading that names neither is left alone: units are renamed, and people word headings their own way.
    """
    names = {_plain(unit.name) for unit in roster.units if unit.code != identity.unit}
    own = {_plain(unit.name): unit.name for unit in roster.units if unit.code == identity.unit}
    period = read_period(identity.period)
    odd: dict[str, Finding] = {}
    for sheet, first_row in _marked_sheets(book):
        said = _heading(sheet, first_row + PERIOD_ROW)
        quarter = read_period(said[1].partition("(")[0]) if said and period else None
        if said and isinstance(quarter, Quarter) and quarter != period:
            odd.setdefault("period", _differs(sheet, said[0], str(quarter), identity.period))
        said = _heading(sheet, first_row + UNIT_ROW)
        name = said[1].partition(":")[2].strip() if said else ""
        if said and _plain(name) in names.difference(own):
            meant = next(iter(own.values()), identity.unit)
            odd.setdefault("unit", _differs(sheet, said[0], name, meant))
    yield from odd.values()


def _marked_sheets(book: Book) -> Iterator[tuple[Sheet, int]]:
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for name, cell, _identity in _marks(book):
        if name != META:
            yield sheets[name], int(cell.lstrip("ABC")) - 1


def _heading(sheet: Sheet, row: int) -> tuple[str, str] | None:
    """The first text in a row after the column of codes, with its cell."""
    cells = sheet.rows[row] if row < len(sheet.rows) else ()
    for column, text in enumerate(cells):
        if column and isinstance(text, str) and text:
            return f"{column_name(column)}{row + 1}", text
    return None


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _differs(sheet: Sheet, cell: str, said: str, meant: str) -> Finding:
    return finding("heading_differs", sheet=sheet.name, cell=cell, value=said, said=said, meant=meant)
