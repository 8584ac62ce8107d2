"""Where the answers stand in an office's own workbook that came back.

They are found by defined name, then by what is printed in their row and column, else in their place, where
nothing is printed that speaks against it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reportctl.core.findings import Finding
from reportctl.core.language import Phrase
from reportctl.form.layout import Layout, ListPlace, Place, TablePlace
from reportctl.intake.find_lines import FOUND_BY, FoundCell, Located
from reportctl.intake.find_lists import FoundList, total_row
from reportctl.intake.find_tables import FoundTable, Line, Standing
from reportctl.intake.laid_over import LaidOver, LaidSheet, Matched
from reportctl.workbooks.book import Area, as_typed

_OF_FORMULAS = ("formula_in_input", "sum_differs")
_LONGEST = 60  # characters of a printed text in a message


class _Standing(NamedTuple):
    """Where a row or a column stands, and by what that is known.

    `instead` is where what is printed in it stands, if that is elsewhere; `differs`: it is not there any
    more, and nothing else says where it is.
    """

    line: Line
    instead: int | None = None
    differs: bool = False


def _standing(matched: Matched, laid_out: int, named: int | None) -> _Standing | None:
    """Where the row or column stands that is the blank workbook's `laid_out`; None where it is gone."""
    if named is not None:
        printed = matched.at(laid_out)
        elsewhere = printed not in (None, named) and not matched.differs(laid_out)
        return _Standing(Line(named, "name"), printed if elsewhere else None)
    printed = matched.found.get(laid_out)
    if printed is not None:
        return _Standing(Line(printed, "label"))
    at = matched.at(laid_out)
    if at is None or at in matched.found.values():
        return None
    return _Standing(Line(at, "place"), differs=matched.differs(laid_out))


def _most(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Where most of the named cells of each row or column stand."""
    counts: dict[str, Counter[int]] = {}
    for code, at in found:
        counts.setdefault(code, Counter())[at] += 1
    return {code: of.most_common(1)[0][0] for code, of in counts.items()}


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """Finds the answers of a returned workbook that lies over the blank one."""

    over: LaidOver

    # ---- single cells

    def cells(self, places: Mapping[str, Place]) -> Located:
        """The cells of indicators or texts by code."""
        located = Located()
        for code, place in places.items():
            laid = self.over.first(place.sheet)
            if laid is None:
                continue
            area = self.over.named(code, laid)
            row = _standing(laid.rows, place.row, area.row if area else None)
            column = _standing(laid.columns, place.column, area.column if area else None)
            if row is None or column is None:
                continue
            by = "name" if area else row.line.by
            spot = located.spots[code] = FoundCell(laid.sheet, row.line.at, column.line.at, by)
            located.findings.extend(_disagreements(laid, spot, code, place, row, column))
            if (spot.row, spot.column) != (place.row, place.column):
                about = {"at": spot.cell, "by": FOUND_BY[spot.by], "count": 1}
                located.findings.append(spot.finding("code_moved", code, **about))
        return located

    # ---- tables

    def table(self, place: TablePlace) -> Standing | None:
        """The table with its copies; None where its sheet is not there."""
        laid = self.over.sheets.get(place.sheet, ())
        found = [self._table_on(place, one, first=one is laid[0]) for one in laid]
        if not found or not found[0].rows or not found[0].columns:
            return None
        copies = [one for one in found[1:] if one.sheet.visible]
        return Standing(found[0], copies, [one for one in found[1:] if not one.sheet.visible])

    def _table_on(self, place: TablePlace, laid: LaidSheet, *, first: bool) -> FoundTable:
        names: dict[tuple[str, str], Area] = {}
        if first:
            named = ((key, self.over.named(cell.code, laid)) for key, cell in place.cells.items())
            names = {key: area for key, area in named if area}
        findings: list[Finding] = []
        lines: list[dict[str, Line]] = []
        of_names = (
            _most((key[0], area.row) for key, area in names.items()),
            _most((key[1], area.column) for key, area in names.items()),
        )
        for matched, laid_out, named_at in zip(
            (laid.rows, laid.columns), (place.rows, place.columns), of_names, strict=True
        ):
            standing = {
                code: one
                for code, at in laid_out.items()
                if (one := _standing(matched, at, named_at.get(code)))
            }
            lines.append({code: one.line for code, one in standing.items()})
            if first:
                findings += _lines_disagree(place, laid, standing, of_rows=matched is laid.rows)
        return FoundTable(laid.sheet, lines[0], lines[1], {}, findings)

    # ---- lists

    def rows_of(self, place: ListPlace) -> list[FoundList]:
        """The list's rows, on the sheet that it is on, and on copies of that."""
        laid = self.over.sheets.get(place.sheet, ())
        found = [self._list_on(place, one, first=one is laid[0]) for one in laid if one.sheet.visible]
        found = found or [self._list_on(place, one, first=True) for one in laid[:1]]
        return [one for one in found if one]

    def _list_on(self, place: ListPlace, laid: LaidSheet, *, first: bool) -> FoundList | None:
        area = self.over.named(place.section.code, laid) if first else None
        columns: dict[str, int] = {}
        by = "code"
        for code, column in place.columns.items():
            standing = _standing(laid.columns, column, None)
            if standing and not standing.differs:
                columns[code] = standing.line.at
        above, below = laid.rows.shift_above(place.first_row), laid.rows.shift_below(place.last_row)
        if not columns or (area is None and above is None and below is None):
            return None
        shift = above if above is not None else below or 0
        first_row = area.row if area else place.first_row + shift
        last_row = (
            area.last_row if area else place.last_row + max(shift, below if below is not None else shift)
        )
        if first_row != place.first_row or columns != {code: place.columns[code] for code in columns}:
            by = "name" if area else "label"
        total = None
        if place.section.total:
            total = None if place.total_row is None else laid.rows.found.get(place.total_row)
            if total is None:
                total = total_row(laid.sheet, place, first_row, min(columns.values()))
        after = [
            there for row, there in laid.rows.found.items() if row > place.last_row and there > first_row
        ]
        end = min([*after, *([total] if total is not None else [])], default=None)
        if end is not None and (total == end or last_row >= end):
            last_row = end - 1
        while (end is None or last_row + 1 < end) and any(
            laid.sheet.at(last_row + 1, column) != "" for column in columns.values()
        ):
            last_row += 1
        return FoundList(laid.sheet, first_row, last_row, columns, {}, {}, by, total)

    # ---- what was there before

    def typed(self, sheet: str, spots: Iterable[FoundCell]) -> Iterator[FoundCell]:
        """Those of the cells, of the blank workbook's `sheet`, in which something stands that is not printed
        there."""
        laid = self.over.first(sheet)
        return (spot for spot in spots if laid and not laid.is_printed(spot.row, spot.column))

    def without_own_formulas(self, places: Layout, found: Collection[Finding]) -> list[Finding]:
        """The findings, but for those of cells with formulas that the blank workbook has there: that they are
        formulas, and that they come to something else, since figures typed as text are none to them."""
        firsts = [self.over.first(name) for name in places.sheets]
        own = {(laid.sheet.name, cell) for laid in firsts if laid for cell in laid.formulas}
        return [one for one in found if one.code not in _OF_FORMULAS or (one.sheet, one.cell) not in own]


def _disagreements(
    laid: LaidSheet, spot: FoundCell, code: str, place: Place, row: _Standing, column: _Standing
) -> Iterator[Finding]:
    """What is to be said where the printed texts of a cell's row and column are elsewhere, or gone."""
    if row.instead is not None or column.instead is not None:
        other = FoundCell(
            spot.sheet,
            spot.row if row.instead is None else row.instead,
            spot.column if column.instead is None else column.instead,
        )
        yield spot.finding(
            "label_elsewhere", code, value=as_typed(spot.value), at=spot.cell, other=other.cell
        )
    elif row.differs or column.differs:
        text = _row_text(laid, place.row) if row.differs else _column_text(laid, place.column)
        yield spot.finding("label_gone", code, value=as_typed(spot.value), at=spot.cell, label=text)


def _lines_disagree(
    place: TablePlace, laid: LaidSheet, standing: Mapping[str, _Standing], *, of_rows: bool
) -> Iterator[Finding]:
    """The same of a table's rows, or its columns."""
    for code, one in standing.items():
        keys = [key for key in place.cells if key[0 if of_rows else 1] == code]
        if not keys or (one.instead is None and not one.differs):
            continue
        row, column = keys[0]
        laid_out = place.rows[row], place.columns[column]
        other_at = laid.columns.at(laid_out[1]) if of_rows else laid.rows.at(laid_out[0])
        at = (one.line.at, other_at or 0) if of_rows else (other_at or 0, one.line.at)
        spot = FoundCell(laid.sheet, *at)
        line = f"{place.table.code}.{code}.*" if of_rows else f"{place.table.code}.*.{code}"
        value = as_typed(spot.value)
        if one.instead is None:
            text = _row_text(laid, laid_out[0]) if of_rows else _column_text(laid, laid_out[1])
            yield spot.finding("label_gone", line, value=value, at=spot.cell, label=text)
        else:
            instead = (one.instead, at[1]) if of_rows else (at[0], one.instead)
            other = FoundCell(laid.sheet, *instead)
            yield spot.finding("label_elsewhere", line, value=value, at=spot.cell, other=other.cell)


def _row_text(laid: LaidSheet, row: int) -> str | Phrase:
    """The longest text that is printed in a row of the blank workbook, as it stands there."""
    return _shown(laid, [at for at in laid.printed.texts if at[0] == row])


def _column_text(laid: LaidSheet, column: int) -> str | Phrase:
    """The lowest text that is printed at the head of a column."""
    cells = [at for at in laid.printed.texts if at[1] == column]
    return _shown(laid, cells[:1])


def _shown(laid: LaidSheet, cells: Collection[tuple[int, int]]) -> str:
    texts = [" ".join(as_typed(laid.printed.sheet.at(*at)).split()) for at in cells]
    text = max(texts, key=len, default="")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
