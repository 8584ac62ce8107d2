"""Where the answers of a returned workbook stand: by code, then by defined name, then by label."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reportctl.core.cellrefs import cell_name
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.form.layout import (
    CODE_COLUMN,
    ESTIMATE_COLUMN,
    FIGURES,
    LABEL_COLUMN,
    LISTING_MARK,
    META,
    VALUE_COLUMN,
    Layout,
)
from reportctl.intake.lines import Lines, SoughtLine, label_in, plain
from reportctl.workbooks.book import Book, CellExtra, CellValue, Sheet, as_typed

BY = {
    "code": Phrase("mã", "code"),
    "name": Phrase("tên ô", "name"),
    "label": Phrase("nội dung", "label"),
}
_CODE_COLUMNS = 6  # how far right the code column is looked for where columns were inserted before it
_ESTIMATE_HEADINGS = frozenset({"ước", "ước tính", "ước thực hiện"})
_MARK_ROWS, _MARK_COLUMNS = 3, 3  # how far from A1 the mark of a sheet is looked for
_NAMED = 8  # sheets that a message names
HEADINGS = 15  # how many rows above the lines are searched for their headings


class FoundCell(NamedTuple):
    """A cell that was found; `by` is a key of `BY`."""

    sheet: Sheet
    row: int
    column: int
    by: str = "code"

    @property
    def cell(self) -> str:
        """Its reference without the sheet."""
        return cell_name(self.row, self.column)

    @property
    def value(self) -> CellValue:
        """What stands in it."""
        return self.sheet.at(self.row, self.column)

    @property
    def doubt(self) -> CellExtra | None:
        """What stands in it besides its value, where that is anything."""
        return self.sheet.doubts.get((self.row, self.column))

    @property
    def blank(self) -> bool:
        """Whether nothing at all stands in it."""
        place = (self.row, self.column)
        return self.sheet.at(*place) == "" and place not in self.sheet.doubts

    @property
    def place(self) -> tuple[str, int, int]:
        """What tells it from others."""
        return self.sheet.name, self.row, self.column


@dataclass(frozen=True, slots=True)
class Located:
    """The answers' cells by code; `twice` are the codes that stand twice with different answers."""

    spots: dict[str, FoundCell] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A sheet and where codes stand on it: their column, the rows of lines, the input rows of lists."""

    sheet: Sheet
    column: int
    lines: dict[str, list[int]]
    lists: dict[str, list[int]]

    @property
    def shift(self) -> int:
        """How far right of its place the code column stands."""
        return self.column - CODE_COLUMN


@dataclass(frozen=True, slots=True)
class Index:
    """A workbook with the codes found on its sheets; the program's own sheets are left out."""

    book: Book
    sheets: tuple[Indexed, ...]

    @property
    def searched(self) -> str:
        """The sheets on which answers are looked for, as messages say it."""
        names = [f"“{one.sheet.name}”" for one in self.sheets]
        return ", ".join(names[:_NAMED] + ["…"] * (len(names) > _NAMED))

    def ordered(self, name: str) -> list[Indexed]:
        """The sheets, the one of that name first among the visible ones, hidden ones last."""
        return sorted(self.sheets, key=lambda one: (not one.sheet.visible, one.sheet.name != name))


def index(book: Book, places: Layout) -> Index:
    """The index of the codes that `places` knows."""
    lines = places.indicators.keys() | places.texts.keys()
    sheets = (sheet for sheet in book.sheets if sheet.name != META and not _lists_findings(sheet))
    return Index(book, tuple(_indexed(sheet, lines, places.lists.keys()) for sheet in sheets))


def _lists_findings(sheet: Sheet) -> bool:
    """Whether it is the sheet that a marked copy begins with; labels and values stand on it as well."""
    return any(LISTING_MARK in cells[:_MARK_COLUMNS] for cells in sheet.rows[:_MARK_ROWS])


def _indexed(sheet: Sheet, known_lines: Collection[str], known_lists: Collection[str]) -> Indexed:
    """The codes are taken from the first column that has some: people insert columns before it."""
    lines: dict[str, list[int]] = {}
    lists: dict[str, list[int]] = {}
    for column in range(CODE_COLUMN, CODE_COLUMN + _CODE_COLUMNS):
        for row, cells in enumerate(sheet.rows):
            text = cells[column] if len(cells) > column else ""
            if not text or not isinstance(text, str):
                continue
            if text in known_lines:
                lines.setdefault(text, []).append(row)
            before, _point, number = text.rpartition(".")
            if before in known_lists and number.isdecimal():
                lists.setdefault(before, []).append(row)
        if lines or lists:
            return Indexed(sheet, column, lines, lists)
    return Indexed(sheet, CODE_COLUMN, lines, lists)


def find_lines(index: Index, lines: Lines) -> Located:
    """The cells of the answers to `lines`."""
    located = Located()
    search = _Search(index, lines)
    for code, line in lines.by_code.items():
        if coded := search.coded.get(code):
            located.spots[code] = coded[0]
            if len(coded) > 1 and _differ(coded):
                located.twice.add(code)
                located.findings.append(_code_twice(code, coded))
            if other := search.disagreement(line, coded):
                located.findings.append(other)
        elif found := search.by_name_or_label(line):
            located.spots[code] = found
    located.findings.extend(search.hidden_copies(located.spots))
    located.findings.extend(_moved(lines.by_code, located.spots))
    return located


def estimate_columns(spots: Iterable[FoundCell]) -> dict[str, int]:
    """The column headed “Ước” by the sheets of `spots`; none where the heading has slipped over the spots."""
    from_below = sorted(spots, key=lambda spot: -spot.row)
    columns = {(spot.sheet.name, spot.column) for spot in from_below}
    first = {spot.sheet.name: spot for spot in from_below}
    estimates = {name: _estimate_column(spot.sheet, spot.row) for name, spot in first.items()}
    return {
        name: column
        for name, column in estimates.items()
        if column is not None and (name, column) not in columns
    }


class _Search:
    """The sheets of a workbook that hold some of `lines`, indexed by code; labels are indexed when needed."""

    def __init__(self, index: Index, lines: Lines) -> None:
        self.index, self.book, self.lines = index, index.book, lines
        self.hosts: list[Indexed] = []
        for one in index.ordered(lines.sheet):
            if not lines.by_code.keys().isdisjoint(one.lines) and (one.sheet.visible or not self.hosts):
                self.hosts.append(one)
        self.sheets = {sheet.name: sheet for sheet in self.book.sheets}
        self.shifts = {one.sheet.name: one.shift for one in self.hosts}
        self.coded: dict[str, list[FoundCell]] = {}
        for one in self.hosts:
            column = self._value_column(one)
            for code, rows in one.lines.items():
                self.coded.setdefault(code, []).extend([FoundCell(one.sheet, row, column) for row in rows])

    def by_name_or_label(self, line: SoughtLine) -> FoundCell | None:
        """The cell of the line's name, else beside its label; in no row in which a line's code stands."""
        named = self._by_name(line.code)
        return named if named and self._free(named) else self._by_label(line)

    def _by_name(self, code: str) -> FoundCell | None:
        area = self.book.names.get(code)
        sheet = self.sheets.get(area.sheet) if area else None
        return FoundCell(sheet, area.row, area.column, "name") if area and sheet else None

    def _by_label(self, line: SoughtLine) -> FoundCell | None:
        """The one cell beside the label of `line`; None where there is none, or more than one."""
        label = plain(line.label)
        if self.lines.owners.get(label) != line.code:
            return None
        found = [spot for spot in self._labelled.get(label, ()) if self._free(spot)]
        return found[0] if len(found) == 1 else None

    def _free(self, spot: FoundCell) -> bool:
        """Whether no line's code stands in the spot's row."""
        return (spot.sheet.name, spot.row) not in self._rows_with_codes

    @functools.cached_property
    def _rows_with_codes(self) -> set[tuple[str, int]]:
        return {(spot.sheet.name, spot.row) for spots in self.coded.values() for spot in spots}

    def disagreement(self, line: SoughtLine, coded: Sequence[FoundCell]) -> Finding | None:
        """What is to be said where label (an error) or name (a warning) lead elsewhere than the code."""
        spot = coded[0]
        label = spot.sheet.at(spot.row, LABEL_COLUMN + self.shifts[spot.sheet.name])
        if label != line.label and isinstance(label, str):
            owner = self.lines.owners.get(label_in(label), line.code)
            if owner != line.code:
                other = next(iter(self.coded.get(owner, ())), spot).cell
                return _disagree(spot, line, "label", other, Severity.ERROR)
        area = self.book.names.get(line.code)
        if area is None or (area.sheet, area.row, area.column) == spot.place:
            return None
        named = self._by_name(line.code)
        if named and all(named.place != one.place for one in coded):
            cell = named.cell if named.sheet.name == spot.sheet.name else f"{named.sheet.name}!{named.cell}"
            return _disagree(spot, line, "name", cell, Severity.WARNING)
        return None

    def hidden_copies(self, spots: Mapping[str, FoundCell]) -> Iterator[Finding]:
        """A finding for each hidden sheet that answers one of the lines otherwise than what was read."""
        seen = {one.sheet.name for one in self.hosts}
        for one in self.index.sheets:
            if one.sheet.visible or one.sheet.name in seen or self.lines.by_code.keys().isdisjoint(one.lines):
                continue
            column = self._value_column(one)
            found = (
                (code, FoundCell(one.sheet, row, column)) for code, rows in one.lines.items() for row in rows
            )
            for code, theirs in found:
                ours = spots.get(code)
                if ours and theirs.value not in ("", ours.value):
                    yield hidden_copy(theirs, ours, code)
                    break

    def _value_column(self, one: Indexed) -> int:
        """The column of the answers: where the names say, else beside the heading “Ước”, else as laid out."""
        areas = (self.book.names.get(code) for code in self.lines.by_code)
        columns = Counter([area.column for area in areas if area and area.sheet == one.sheet.name])
        if columns:
            return columns.most_common(1)[0][0]
        first = min((row for rows in one.lines.values() for row in rows), default=HEADINGS)
        estimates = _estimate_column(one.sheet, first) if self.lines.sheet == FIGURES else None
        if estimates is not None:
            return estimates - (ESTIMATE_COLUMN - VALUE_COLUMN)
        return self.lines.column + one.shift

    @functools.cached_property
    def _labelled(self) -> dict[str, list[FoundCell]]:
        """The answers' cells by the label in their row, whatever column the label stands in."""
        hosts = self.hosts
        if not hosts:
            everywhere = self.index.ordered(self.lines.sheet)
            hosts = [one for one in everywhere if one.sheet.name == self.lines.sheet] or everywhere
        sheets = [(one.sheet, self._value_column(one)) for one in hosts]
        found: dict[str, list[FoundCell]] = {}
        for sheet, column in sheets:
            for row, cells in enumerate(sheet.rows):
                for label in {label_in(cell) for cell in cells if isinstance(cell, str) and cell}:
                    if label in self.lines.owners:
                        found.setdefault(label, []).append(FoundCell(sheet, row, column, "label"))
        return found


def _estimate_column(sheet: Sheet, before: int) -> int | None:
    """The column headed “Ước” above the row `before`, where the lines begin: below, it is no heading."""
    for cells in sheet.rows[: min(before, HEADINGS)]:
        for column, text in enumerate(cells):
            if isinstance(text, str) and plain(text) in _ESTIMATE_HEADINGS:
                return column
    return None


def _differ(spots: Sequence[FoundCell]) -> bool:
    return len({as_typed(spot.value) for spot in spots}) > 1


def _code_twice(code: str, spots: Sequence[FoundCell]) -> Finding:
    first, *others = spots
    value = first.value
    other = next(spot for spot in others if spot.value != value)
    names = [f"{spot.sheet.name}!{spot.cell}" for spot in (first, other)]
    if first.sheet is other.sheet:
        names = [first.cell, other.cell]
    return finding(
        "code_twice",
        sheet=other.sheet.name,
        cell=other.cell,
        indicator=code,
        value=as_typed(other.value),
        first=names[0],
        second=names[1],
    )


def hidden_copy(theirs: FoundCell, ours: FoundCell, code: str) -> Finding:
    """A finding about a hidden sheet in which the answer to `code` is not the one that was read."""
    return finding(
        "hidden_copy",
        sheet=theirs.sheet.name,
        cell=theirs.cell,
        indicator=code,
        value=as_typed(theirs.value),
        first=as_typed(theirs.value)[:60],
        second=as_typed(ours.value)[:60] or "-",
    )


def _disagree(spot: FoundCell, line: SoughtLine, by: str, other: str, severity: Severity) -> Finding:
    return finding(
        "places_disagree",
        severity=severity,
        sheet=spot.sheet.name,
        cell=spot.cell,
        indicator=line.code,
        value=as_typed(spot.value),
        at=spot.cell,
        by=BY[by],
        other=other,
    )


def _moved(lines: Mapping[str, SoughtLine], spots: Mapping[str, FoundCell]) -> Iterator[Finding]:
    """A note for each run of lines that stand elsewhere than laid out, all by as much."""
    runs: list[tuple[tuple[int, int, str], list[str]]] = []
    for code, spot in spots.items():
        laid_out = lines[code].value
        shift = (spot.row - laid_out.row, spot.column - laid_out.column, spot.by)
        if runs and runs[-1][0] == shift and spot.by == "code":
            runs[-1][1].append(code)
        else:
            runs.append((shift, [code]))
    for shift, codes in runs:
        if shift != (0, 0, "code"):
            spot = spots[codes[0]]
            yield finding(
                "code_moved",
                sheet=spot.sheet.name,
                cell=spot.cell,
                indicator=codes[0],
                at=spot.cell,
                by=BY[spot.by],
                count=len(codes),
            )
