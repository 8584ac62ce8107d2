"""Where the answers of a returned workbook stand: by code, then by defined name, then by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reportctl.cells.reading import in_both_languages
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
from reportctl.workbooks.book import Area, Book, CellExtra, CellValue, Sheet, as_typed
from reportctl.workbooks.looks import CellLook

FOUND_BY = {
    "code": Phrase("mã", "code"),
    "name": Phrase("tên ô", "name"),
    "label": Phrase("nội dung", "label"),
    "place": Phrase("vị trí", "place"),
}
_CODE_COLUMNS = 6  # how far right the code column is looked for where columns were inserted before it
_ESTIMATE_HEADINGS = frozenset({"ước", "ước tính", "ước thực hiện"})
_MARK_ROWS, _MARK_COLUMNS = 3, 3  # how far from A1 the mark of a sheet is looked for
_LISTED = 8  # sheets that a message names
HEADINGS = 15  # how many rows above the lines are searched for their headings


class FoundCell(NamedTuple):
    """A cell that was found; `by` is a key of `FOUND_BY`."""

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
    def extra(self) -> CellExtra | None:
        """What stands in it besides its value, where that is anything."""
        return self.sheet.extras.get((self.row, self.column))

    @property
    def look(self) -> CellLook | None:
        """How it looks, where that is not as what it holds."""
        return self.sheet.looks.get((self.row, self.column))

    @property
    def picture(self) -> Area | None:
        """The cells under the first picture that lies over it."""
        if not self.sheet.pictures:  # as nearly always
            return None
        return next((area for area in self.sheet.pictures if area.holds(self.row, self.column)), None)

    @property
    def place(self) -> tuple[str, int, int]:
        """What tells it from others."""
        return self.sheet.name, self.row, self.column

    def finding(self, kind: str, code: str, **more: Any) -> Finding:
        """A finding about the cell, which answers `code`."""
        if isinstance(self.value, float) and more.get("value") == as_typed(self.value):
            more |= in_both_languages(self.value)
        return finding(kind, sheet=self.sheet.name, cell=self.cell, indicator=code, **more)


@dataclass(frozen=True, slots=True)
class Located:
    """The answers' cells by code; `twice` are the codes that stand twice with different answers."""

    spots: dict[str, FoundCell] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A sheet and where codes stand on it: their column, the rows of lines, the input rows of lists, the
    rows of tables by table and row."""

    sheet: Sheet
    column: int
    lines: dict[str, list[int]]
    lists: dict[str, list[int]]
    tables: dict[str, dict[str, list[int]]]

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
        return ", ".join(names[:_LISTED] + ["…"] * (len(names) > _LISTED))

    def named(self, code: str) -> FoundCell | None:
        """The first cell of the defined name `code`, where its sheet is there."""
        area = self.book.names.get(code)
        sheets = [sheet for sheet in self.book.sheets if area and sheet.name == area.sheet]
        return FoundCell(sheets[-1], area.row, area.column, "name") if area and sheets else None

    def ordered(self, name: str) -> list[Indexed]:
        """The sheets, the one of that name first among the visible ones, hidden ones last."""
        return sorted(self.sheets, key=lambda one: (not one.sheet.visible, one.sheet.name != name))


def index(book: Book, places: Layout) -> Index:
    """The index of the codes that `places` knows.

    Codes are taken from the first column that has some: people insert columns before it. The sheet that a
    marked copy begins with is left out: labels and values stand on it as well.
    """
    known_lines = places.indicators.keys() | places.texts.keys()
    of_rows = {
        place.row_code(row): (table, row) for table, place in places.tables.items() for row in place.rows
    }
    of_columns = {place.column_code(column) for place in places.tables.values() for column in place.columns}
    found = []
    for sheet in book.sheets:
        if sheet.name == META or any(LISTING_MARK in row[:_MARK_COLUMNS] for row in sheet.rows[:_MARK_ROWS]):
            continue
        lines: dict[str, list[int]] = {}
        lists: dict[str, list[int]] = {}
        tables: dict[str, dict[str, list[int]]] = {}
        for column in range(CODE_COLUMN, CODE_COLUMN + _CODE_COLUMNS):
            for row, cells in enumerate(sheet.rows):
                text = cells[column] if len(cells) > column else ""
                if not text or not isinstance(text, str):
                    continue
                if text in known_lines:
                    lines.setdefault(text, []).append(row)
                before, _point, number = text.rpartition(".")
                if before in places.lists and number.isdecimal():
                    lists.setdefault(before, []).append(row)
                elif text in of_rows and not _is_of_columns(cells, column, of_columns):
                    table, code = of_rows[text]
                    tables.setdefault(table, {}).setdefault(code, []).append(row)
            if lines or lists or tables:
                break
        else:
            column = CODE_COLUMN
        found.append(Indexed(sheet, column, lines, lists, tables))
    return Index(book, tuple(found))


def _is_of_columns(cells: Sequence[CellValue], column: int, codes: AbstractSet[str]) -> bool:
    """Whether the code in this column of a row is one of those above the columns of a table: nothing but such
    codes stands in that row."""
    return all(
        isinstance(cell, str) and (not cell or cell in codes) for n, cell in enumerate(cells) if n != column
    )


def find_lines(index: Index, lines: Lines) -> Located:
    """The cells of the answers to `lines`: by code; else by name, else by label, in rows without codes."""
    hosts: list[Indexed] = []
    for one in index.ordered(lines.sheet):
        if not lines.by_code.keys().isdisjoint(one.lines) and (one.sheet.visible or not hosts):
            hosts.append(one)
    coded: dict[str, list[FoundCell]] = {}
    for one in hosts:
        column = _value_column(index, lines, one)
        for code, rows in one.lines.items():
            coded.setdefault(code, []).extend([FoundCell(one.sheet, row, column) for row in rows])
    if coded.keys() >= lines.by_code.keys():
        labelled, with_codes = {}, set()
    else:
        labelled = _labelled(index, lines, hosts)
        with_codes = {(spot.sheet.name, spot.row) for spots in coded.values() for spot in spots}
    shifts = {one.sheet.name: one.shift for one in hosts}
    located = Located()
    for code, line in lines.by_code.items():
        named = index.named(code)
        if spots := coded.get(code):
            located.spots[code] = spots[0]
            if len({as_typed(spot.value) for spot in spots}) > 1:
                located.twice.add(code)
                located.findings.append(_code_twice(code, spots))
            label = spots[0].sheet.at(spots[0].row, LABEL_COLUMN + shifts[spots[0].sheet.name])
            owner = code
            if label != line.label and isinstance(label, str):
                owner = lines.owners.get(label_in(label), code)
            of_label = None if owner == code else next(iter(coded.get(owner, ())), spots[0])
            if disagreement := _disagreement(code, spots, of_label, named):
                located.findings.append(disagreement)
        elif named and (named.sheet.name, named.row) not in with_codes:
            located.spots[code] = named
        elif lines.owners.get(label := plain(line.label)) == code:
            beside = [one for one in labelled.get(label, ()) if (one.sheet.name, one.row) not in with_codes]
            if len(beside) == 1:
                located.spots[code] = beside[0]
    located.findings.extend(_hidden_copies(index, lines, hosts, located.spots))
    located.findings.extend(_moved(lines.by_code, located.spots))
    return located


def _value_column(index: Index, lines: Lines, one: Indexed) -> int:
    """The column of the answers: where the names say, else beside the heading “Ước”, else as laid out."""
    areas = (index.book.names.get(code) for code in lines.by_code)
    columns = Counter([area.column for area in areas if area and area.sheet == one.sheet.name])
    if columns:
        return columns.most_common(1)[0][0]
    if lines.sheet == FIGURES:
        first = min((row for rows in one.lines.values() for row in rows), default=HEADINGS)
        estimates = _estimate_column(one.sheet, first)
        if estimates is not None:
            return estimates - (ESTIMATE_COLUMN - VALUE_COLUMN)
    return lines.column + one.shift


def _labelled(index: Index, lines: Lines, hosts: Sequence[Indexed]) -> dict[str, list[FoundCell]]:
    """The answers' cells by the label in their row, whatever column the label stands in."""
    if not hosts:
        everywhere = index.ordered(lines.sheet)
        hosts = [one for one in everywhere if one.sheet.name == lines.sheet] or everywhere
    found: dict[str, list[FoundCell]] = {}
    for one in hosts:
        column = _value_column(index, lines, one)
        for row, cells in enumerate(one.sheet.rows):
            for label in {label_in(cell) for cell in cells if isinstance(cell, str) and cell}:
                if label in lines.owners:
                    found.setdefault(label, []).append(FoundCell(one.sheet, row, column, "label"))
    return found


def estimate_columns(spots: Iterable[FoundCell]) -> dict[str, int]:
    """The column headed “Ước” by the sheets of `spots`; none where the heading has slipped over the spots."""
    from_below = sorted(spots, key=lambda spot: -spot.row)
    answers = {(spot.sheet.name, spot.column) for spot in from_below}
    found = {}
    for spot in {spot.sheet.name: spot for spot in from_below}.values():  # the first one on each sheet
        column = _estimate_column(spot.sheet, spot.row)
        if column is not None and (spot.sheet.name, column) not in answers:
            found[spot.sheet.name] = column
    return found


def _estimate_column(sheet: Sheet, before: int) -> int | None:
    """The column headed “Ước” above the row `before`, where the lines begin: below, it is no heading."""
    for cells in sheet.rows[: min(before, HEADINGS)]:
        for column, text in enumerate(cells):
            if isinstance(text, str) and plain(text) in _ESTIMATE_HEADINGS:
                return column
    return None


# What is to be said of places


def _code_twice(code: str, spots: Sequence[FoundCell]) -> Finding:
    first, *others = spots
    other = next(spot for spot in others if spot.value != first.value)
    here, there = ("" if first.sheet is other.sheet else f"{one.sheet.name}!" for one in (first, other))
    details = {"first": f"{here}{first.cell}", "second": f"{there}{other.cell}"}
    return other.finding("code_twice", code, value=as_typed(other.value), **details)


def _disagreement(
    code: str, spots: Sequence[FoundCell], of_label: FoundCell | None, named: FoundCell | None
) -> Finding | None:
    """What is to be said where the label beside the code (an error) is another line's, whose cell is
    `of_label`, or its name (a warning) leads to none of the `spots` of the code."""
    spot = spots[0]
    if of_label:
        by, other, severity = "label", of_label.cell, Severity.ERROR
    elif named and all(named.place != one.place for one in spots):
        sheet = "" if named.sheet.name == spot.sheet.name else f"{named.sheet.name}!"
        by, other, severity = "name", f"{sheet}{named.cell}", Severity.WARNING
    else:
        return None
    details = {"severity": severity, "at": spot.cell, "by": FOUND_BY[by], "other": other}
    return spot.finding("places_disagree", code, value=as_typed(spot.value), **details)


def _hidden_copies(
    index: Index, lines: Lines, hosts: Sequence[Indexed], spots: Mapping[str, FoundCell]
) -> Iterator[Finding]:
    """A finding for each hidden sheet that answers one of the lines otherwise than what was read."""
    read = {one.sheet.name for one in hosts}
    for one in index.sheets:
        if one.sheet.visible or one.sheet.name in read or lines.by_code.keys().isdisjoint(one.lines):
            continue
        column = _value_column(index, lines, one)
        cells = (
            (code, FoundCell(one.sheet, row, column)) for code, rows in one.lines.items() for row in rows
        )
        for code, theirs in cells:
            ours = spots.get(code)
            if ours and theirs.value not in ("", ours.value):
                yield hidden_copy(theirs, ours, code)
                break


def hidden_copy(theirs: FoundCell, ours: FoundCell, code: str) -> Finding:
    """A finding about a hidden sheet in which the answer to `code` is not the one that was read."""
    value = as_typed(theirs.value)
    second = as_typed(ours.value)[:60] or "-"
    return theirs.finding("hidden_copy", code, value=value, first=value[:60], second=second)


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
            yield spot.finding("code_moved", codes[0], at=spot.cell, by=FOUND_BY[spot.by], count=len(codes))
