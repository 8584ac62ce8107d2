"""An office's own workbook that came back, laid over the blank one: which of its rows and columns are which.

People insert, delete and move rows, rename and copy sheets, or paste everything into a fresh copy. What is
printed in the blank workbook tells: rows and columns are matched by their printed texts in their order, so
that of lines with the same label the one below the same others is meant.
"""

from __future__ import annotations

import bisect
import functools
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reportctl.core.cellrefs import cell_name
from reportctl.form.addresses import Addresses
from reportctl.form.layout import LISTING_MARK, META
from reportctl.intake.lines import plain
from reportctl.workbooks.book import Area, Book, CellValue, Sheet

_LONGEST = 2000  # characters of a printed text that is compared
_ALIKE = 0.5  # of the printed rows, that a sheet under another name must have
_COPY = 0.8  # of them, that a second sheet must have to be a copy
_MARK_ROWS, _MARK_COLUMNS = 3, 3  # how far from A1 the mark of a sheet is looked for

At = tuple[int, int]  # a row and a column, counted from 0
Signature = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Printed:
    """A sheet of the blank workbook: its texts by cell, and by row from left to right.

    Cells in which something is to be filled in hold none, and figures are none: people type them, too.
    """

    sheet: Sheet
    texts: Mapping[At, str]
    rows: Mapping[int, Signature]

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """All its texts."""
        return frozenset(self.texts.values())

    @functools.cached_property
    def columns(self) -> frozenset[int]:
        """The columns in which anything is printed."""
        return frozenset(column for _row, column in self.texts)


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows, or the columns, of the blank sheet that are found on the returned one: where they stand."""

    found: Mapping[int, int]
    printed: Collection[int]  # those in which anything is printed

    def at(self, line: int) -> int | None:
        """Where a line stands: where it was found, else between its neighbours where these have moved by as
        much; None where that cannot be told."""
        if line in self.found:
            return self.found[line]
        above, below = self.shift_above(line), self.shift_below(line)
        if above is not None and below is not None and above != below:
            return None
        shift = above if above is not None else below
        return line + (shift or 0) if line + (shift or 0) >= 0 else None

    def shift_above(self, line: int) -> int | None:
        """By how much the nearest line before it has moved; None where none was found."""
        keys = sorted(self.found)
        place = bisect.bisect_left(keys, line)
        return self.found[keys[place - 1]] - keys[place - 1] if place else None

    def shift_below(self, line: int) -> int | None:
        """By how much the nearest line after it has moved; None where none was found."""
        keys = sorted(self.found)
        place = bisect.bisect_right(keys, line)
        return self.found[keys[place]] - keys[place] if place < len(keys) else None

    def differs(self, line: int) -> bool:
        """Whether something is printed in the line that is not there any more."""
        return line in self.printed and line not in self.found


@dataclass(frozen=True, eq=False)
class LaidSheet:
    """A returned sheet over the one of the blank workbook that it was."""

    printed: Printed
    sheet: Sheet
    rows: Matched
    columns: Matched

    def is_printed(self, row: int, column: int) -> bool:
        """Whether a cell of the returned sheet holds what it held before, or what is worked out there."""
        before = self.printed.sheet
        at = self._rows_before.get(row, row), self._columns_before.get(column, column)
        extra = before.extras.get(at)
        return bool(extra and extra.formula) or before.at(*at) == self.sheet.at(row, column)

    @functools.cached_property
    def formulas(self) -> frozenset[str]:
        """The cells of the returned sheet with formulas that the blank one has."""
        before = self.printed.sheet.extras.items()
        found = {(self.rows.at(row), self.columns.at(column)) for (row, column), one in before if one.formula}
        now = (at for at, one in self.sheet.extras.items() if one.formula)
        return frozenset(cell_name(*at) for at in now if at in found)

    @functools.cached_property
    def _rows_before(self) -> Mapping[int, int]:
        return {there: at for at, there in self.rows.found.items()}

    @functools.cached_property
    def _columns_before(self) -> Mapping[int, int]:
        return {there: at for at, there in self.columns.found.items()}


@dataclass(frozen=True, slots=True, eq=False)
class LaidOver:
    """A returned workbook over the blank one: by the name of each blank sheet with answers the sheet that it
    is, then copies of that."""

    book: Book
    sheets: Mapping[str, Sequence[LaidSheet]]

    def first(self, sheet: str) -> LaidSheet | None:
        """The sheet that the blank workbook's `sheet` is; None where it is not there."""
        return next(iter(self.sheets.get(sheet, ())), None)

    def named(self, code: str, laid: LaidSheet) -> Area | None:
        """The cells of the name `code`, where they are on that sheet."""
        area = self.book.names.get(code)
        return area if area and area.sheet == laid.sheet.name else None


def lay_over(book: Book, printed: Mapping[str, Printed], addresses: Addresses) -> LaidOver:
    """The returned `book` over the blank one with those `printed` sheets, whose answers stand at `addresses`.

    A sheet is found by the names of its cells, then by its own name, then by what is printed on it.
    """
    there = [sheet for sheet in book.sheets if not _is_ours(sheet)]
    alike = {(name, one.name): _alike(own, one) for name, own in printed.items() for one in there}
    by_names = {
        sheet: area.sheet
        for sheet, codes in _codes(addresses).items()
        if (area := _most(book.names[code] for code in codes if code in book.names))
    }
    chosen: dict[str, str] = {}
    for name in printed:
        if by_names.get(name) in {one.name for one in there}:
            chosen[name] = by_names[name]
    for name in printed:
        same = alike.get((name, name))
        if name not in chosen and name not in chosen.values() and same is not None and same >= _ALIKE:
            chosen[name] = name
    for name in printed:
        left = [one for one in there if one.name not in chosen.values()]
        best = max(left, key=lambda one: (alike[name, one.name], one.visible), default=None)
        if name not in chosen and best is not None and alike[name, best.name] >= _ALIKE:
            chosen[name] = best.name
    sheets: dict[str, list[LaidSheet]] = {}
    for name, own in printed.items():
        copies = [
            one
            for one in there
            if name in chosen and one.name not in chosen.values() and alike[name, one.name] >= _COPY
        ]
        first = [one for one in there if one.name == chosen.get(name)]
        both = sorted((*first, *copies), key=lambda one: not one.visible)
        sheets[name] = [_laid(own, one) for one in both]
    return LaidOver(book, sheets)


def _is_ours(sheet: Sheet) -> bool:
    """Whether the program has added the sheet."""
    return sheet.name == META or any(LISTING_MARK in row[:_MARK_COLUMNS] for row in sheet.rows[:_MARK_ROWS])


def _most(areas: Iterable[Area]) -> Area | None:
    """One of the areas on the sheet on which most are."""
    listed = list(areas)
    counts = Counter(area.sheet for area in listed)
    return max(listed, key=lambda area: counts[area.sheet], default=None)


def _codes(addresses: Addresses) -> Mapping[str, list[str]]:
    """The codes of the names by sheet."""
    found: dict[str, list[str]] = {}
    for code, cell in addresses.cells.items():
        found.setdefault(cell.sheet, []).append(code)
    for code, listed in addresses.lists.items():
        found.setdefault(listed.sheet, []).append(code)
    for code, table in addresses.tables.items():
        names = (f"{code}.{row}.{column}" for row in table.rows for column in table.columns)
        found.setdefault(table.sheet, []).extend(names)
    return found


# ---- what is printed


def printed_on(blank: Book, addresses: Addresses) -> Mapping[str, Printed]:
    """By name the sheets of the blank workbook on which answers stand, with what is printed there."""
    filled = _filled_in(addresses)
    return {sheet.name: _printed(sheet, filled[sheet.name]) for sheet in blank.sheets if sheet.name in filled}


def _filled_in(addresses: Addresses) -> Mapping[str, set[At]]:
    """By sheet the cells in which something is filled in: by the office, or by who reports."""
    cells: dict[str, set[At]] = {}
    singles = [*addresses.cells.values(), *(one for some in addresses.identity.values() for one in some)]
    for one in singles:
        cells.setdefault(one.sheet, set()).add((one.row, one.column))
    for table in addresses.tables.values():
        own = cells.setdefault(table.sheet, set())
        own |= {(row, column) for row in table.rows.values() for column in table.columns.values()}
    for listed in addresses.lists.values():
        rows = [*range(listed.first_row, listed.last_row + 1)]
        cells.setdefault(listed.sheet, set()).update(
            (row, column) for row in rows for column in listed.columns.values()
        )
    return cells


def _printed(sheet: Sheet, filled: Collection[At]) -> Printed:
    texts = {
        (row, column): text
        for row, cells in enumerate(sheet.rows)
        for column, value in enumerate(cells)
        if (row, column) not in filled and (text := _text(value))
    }
    return Printed(sheet, texts, _by_row(texts))


def _text(value: CellValue) -> str:
    """A printed text as it is compared; empty for figures, dates and what has no letter or digit."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    text = plain(value)
    digits = text.replace(".", "").replace(",", "")
    return "" if digits.isdecimal() or not any(sign.isalnum() for sign in text) else text


def _by_row(texts: Mapping[At, str]) -> dict[int, Signature]:
    rows: dict[int, list[str]] = {}
    for (row, _column), text in texts.items():
        rows.setdefault(row, []).append(text)
    return {row: tuple(found) for row, found in rows.items()}


# ---- matching


def _known(printed: Printed, sheet: Sheet) -> dict[At, str]:
    """The texts of a returned sheet that are printed somewhere on the blank one."""
    return {
        (row, column): text
        for row, cells in enumerate(sheet.rows)
        for column, value in enumerate(cells)
        if value and isinstance(value, str) and (text := _text(value)) in printed.words
    }


def _alike(printed: Printed, sheet: Sheet) -> float:
    """Which part of the printed rows stands on a returned sheet."""
    if not printed.rows:
        return 1.0 if sheet.name == printed.sheet.name else 0.0
    rows = Counter(_by_row(_known(printed, sheet)).values())
    return (Counter(printed.rows.values()) & rows).total() / len(printed.rows)


def _laid(printed: Printed, sheet: Sheet) -> LaidSheet:
    texts = _known(printed, sheet)
    there = _by_row(texts)
    rows = matched(printed.rows, there)
    first = Matched(dict(rows), printed.rows.keys())
    for row, own in printed.rows.items():  # beside which an answer was typed that is printed elsewhere
        at = first.at(row)
        if (
            row not in rows
            and at is not None
            and at not in rows.values()
            and set(own) <= {*there.get(at, ())}
        ):
            rows[row] = at
    columns = _columns(printed, texts, rows)
    return LaidSheet(printed, sheet, Matched(rows, printed.rows.keys()), Matched(columns, printed.columns))


def matched(ours: Mapping[int, Hashable], theirs: Mapping[int, Hashable]) -> dict[int, int]:
    """Which of their lines is which of ours: the longest runs in the same order, then those elsewhere that
    there is but one of on both sides."""
    own, other = list(ours.items()), list(theirs.items())
    found: dict[int, int] = {}
    if own == other:
        return {line: line for line, _text in own}
    matcher = SequenceMatcher(None, [text for _n, text in own], [text for _n, text in other], autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        found |= {own[a + n][0]: other[b + n][0] for n in range(size)}
    taken = set(found.values())
    single = {text: line for line, text in theirs.items() if line not in taken}
    counts = Counter(theirs.values())
    of_ours = Counter(ours.values())
    for line, text in own:
        if line not in found and text in single and counts[text] == of_ours[text] == 1:
            found[line] = single[text]
    return found


def _columns(printed: Printed, texts: Mapping[At, str], rows: Mapping[int, int]) -> dict[int, int]:
    """Where each column with printed texts stands: where most of these are, in the rows that were found."""
    votes: dict[int, Counter[int]] = {}
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in texts.items():
        by_row.setdefault(row, {})[column] = text
    for row, own in _texts_by_row(printed).items():
        if row in rows:
            for column, there in matched(own, by_row.get(rows[row], {})).items():
                votes.setdefault(column, Counter())[there] += 1
    best = {column: of.most_common(1)[0][0] for column, of in votes.items()}
    counts = Counter(best.values())  # two of ours cannot be one of theirs
    return {column: there for column, there in sorted(best.items()) if counts[there] == 1}


@functools.lru_cache(maxsize=16)
def _texts_by_row(printed: Printed) -> Mapping[int, Mapping[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in printed.texts.items():
        rows.setdefault(row, {})[column] = text
    return rows
