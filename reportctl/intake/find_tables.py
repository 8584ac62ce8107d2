"""Where a table of a returned workbook stands: its rows and columns by code, then by name, then by label."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.core.language import Phrase
from reportctl.form.layout import TablePlace
from reportctl.form.names import whole_heading
from reportctl.form.tables import Key
from reportctl.intake.find_lines import FOUND_BY, FoundCell, Index, Indexed, hidden_copy
from reportctl.intake.headings import Path, headed_columns, path_of
from reportctl.intake.lines import label_in, plain
from reportctl.workbooks.book import Area, Sheet, as_typed

_LONGEST_LABEL = 1000  # letters; what is longer is no label
_HEADINGS = 40  # rows above the first row of a table that are searched for its headings


class Line(NamedTuple):
    """A row or a column of a sheet, counted from 0; `by` is a key of `FOUND_BY`."""

    at: int
    by: str = "code"


@dataclass(frozen=True, slots=True)
class FoundTable:
    """Where a table stands on a sheet: its rows and columns by code.

    `again` are rows in which a row stands once more, as a copied one does; `findings` say where codes and
    labels disagree.
    """

    sheet: Sheet
    rows: Mapping[str, Line]
    columns: Mapping[str, Line]
    again: Mapping[str, Sequence[int]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()

    def spot(self, key: Key) -> FoundCell | None:
        """The cell in this row and column; None where one of them is not there."""
        row, column = self.rows.get(key[0]), self.columns.get(key[1])
        if row is None or column is None:
            return None
        by = row.by if row.by != "code" else column.by
        return FoundCell(self.sheet, row.at, column.at, by)


class Standing(NamedTuple):
    """A table with its copies on other visible sheets and on hidden ones."""

    table: FoundTable
    copies: Sequence[FoundTable] = ()
    hidden: Sequence[FoundTable] = ()


def find_table(index: Index, place: TablePlace) -> Standing | None:
    """Where the table stands; None where nothing of it is found."""
    hosts: list[Indexed] = []
    for one in index.ordered(place.sheet):
        if place.table.code in one.tables and (one.sheet.visible or not hosts):
            hosts.append(one)
    if not hosts:
        found = _without_codes(index, place)
        return Standing(found) if found else None
    hidden = [
        one
        for one in index.sheets
        if place.table.code in one.tables and not one.sheet.visible and one not in hosts
    ]
    of_hosts, of_hidden = (
        [_on_sheet(index, place, one.sheet, one.tables[place.table.code]) for one in group]
        for group in (hosts, hidden)
    )
    return Standing(of_hosts[0], of_hosts[1:], of_hidden)


def _without_codes(index: Index, place: TablePlace) -> FoundTable | None:
    """The table on the sheet to which its names lead, else where its headings and most rows are."""
    names = Counter(area.sheet for area in _named(index, place).values())
    for one in index.sheets:
        if names and one.sheet.name == names.most_common(1)[0][0]:
            return _on_sheet(index, place, one.sheet, {})
    asked = {column for _row, column in place.cells}
    for one in index.ordered(place.sheet):
        found = _on_sheet(index, place, one.sheet, {})
        if found.columns.keys() >= asked and 2 * len(found.rows) > len(place.rows):
            return found
    return None


def _on_sheet(
    index: Index, place: TablePlace, sheet: Sheet, coded: Mapping[str, Sequence[int]]
) -> FoundTable:
    """The table on this sheet, where `coded` are the rows of the sheet in which codes of its rows stand."""
    names: dict[Key, Area] = {}
    if len(coded) < len(place.rows) or not _columns_coded(sheet, place, coded):
        names = {key: area for key, area in _named(index, place).items() if area.sheet == sheet.name}
    known = [rows[0] for rows in coded.values()] or [area.row for area in names.values()]
    first = min(known) if known else _first_labelled(place, sheet)
    top = max(0, first - _HEADINGS)
    codes = {place.column_code(code): code for code in place.columns}
    coded_columns: dict[str, FoundCell] = {}
    for row in range(top, min(first, len(sheet.rows))):
        for column, text in enumerate(sheet.rows[row]):
            if text and isinstance(text, str) and text in codes:
                coded_columns.setdefault(codes[text], FoundCell(sheet, row, column))
    headed = headed_columns(sheet, top, first, _headings(place))
    columns = _lines(
        {code: cell.column for code, cell in coded_columns.items()},
        _most((key[1], area.column) for key, area in names.items()),
        {code: cell.column for code, cell in headed.items()},
    )
    findings = [
        _disagrees(place, at, f"*.{code}", headed[code].cell)
        for code, at in coded_columns.items()
        if code in headed and headed[code].column != at.column
    ]
    before = min((line.at for line in columns.values()), default=0)
    coded_rows = {code: rows[0] for code, rows in coded.items()}
    labelled: dict[str, int] = {}
    if len(coded_rows) < len(place.rows) or not _labels_agree(place, sheet, coded_rows, before):
        labelled = _labelled_rows(place, sheet, first, before)
        owners = {at: code for code, at in labelled.items()}
        for code, row in coded_rows.items():
            if (owner := owners.get(row, code)) != code:
                other = FoundCell(sheet, coded_rows.get(owner, row), before)
                findings.append(_disagrees(place, FoundCell(sheet, row, before), f"{code}.*", other.cell))
    rows = _lines(coded_rows, _most((key[0], area.row) for key, area in names.items()), labelled)
    again = {code: at[1:] for code, at in coded.items() if len(at) > 1}
    return FoundTable(sheet, rows, columns, again, findings)


def _columns_coded(sheet: Sheet, place: TablePlace, coded: Mapping[str, Sequence[int]]) -> bool:
    """Whether the codes of all columns stand in one row above the table."""
    codes = {place.column_code(code) for code in place.columns}
    first = min(rows[0] for rows in coded.values())
    return any(codes <= set(cells) for cells in sheet.rows[max(0, first - _HEADINGS) : first])


def _named(index: Index, place: TablePlace) -> dict[Key, Area]:
    """The cells to which the names of the table's cells lead."""
    names = index.book.names
    return {key: names[code] for code, key in keys(place).items() if code in names}


@functools.lru_cache(maxsize=256)
def keys(place: TablePlace) -> dict[str, Key]:
    """The rows and columns of the table's cells by their codes, row by row."""
    return {cell.code: key for key, cell in place.cells.items()}


def _most(found: Iterator[tuple[str, int]]) -> dict[str, int]:
    """Where most of the cells of each row or column stand."""
    counts: dict[str, Counter[int]] = {}
    for code, at in found:
        counts.setdefault(code, Counter())[at] += 1
    return {code: of.most_common(1)[0][0] for code, of in counts.items()}


def _lines(
    coded: Mapping[str, int], named: Mapping[str, int], labelled: Mapping[str, int]
) -> dict[str, Line]:
    """Rows or columns by code: by their codes, else by name, else by label, none of them twice."""
    lines: dict[str, Line] = {}
    taken: set[int] = set()
    for by, found in (("code", coded), ("name", named), ("label", labelled)):
        new = {code: Line(at, by) for code, at in found.items() if code not in lines and at not in taken}
        lines |= new
        taken |= {line.at for line in new.values()}
    return lines


# ---- labels


@functools.lru_cache(maxsize=256)
def _headings(place: TablePlace) -> dict[str, Path]:
    """The headings of the columns by code, with those above them."""
    return {
        column.code: path_of(column.under, column.label)
        for column in place.table.columns
        if column.code in place.columns
    }


class _Labelled(NamedTuple):
    """A row or a caption of a table: its code (empty for a caption), its number, and the places among the
    table's rows of the captions and rows that it stands below, the nearest first."""

    code: str
    number: str
    above: tuple[int, ...]


@functools.lru_cache(maxsize=256)
def _labels(place: TablePlace) -> dict[str, list[tuple[int, _Labelled]]]:
    """The rows and captions of the table by label, each with its place among the table's rows.

    A row stands below the caption before it and the rows of smaller levels before it; a caption below the row
    before it.
    """
    found: dict[str, list[tuple[int, _Labelled]]] = {}
    before: list[tuple[int, int]] = []  # place and level of the rows that later ones may stand below
    caption: tuple[int, ...] = ()
    for n, row in enumerate(place.table.rows):
        if row.caption:
            one = _Labelled("", "", (n - 1,) if n else ())
            caption = (n,)
        else:
            before = [(at, level) for at, level in before if level < row.level]
            above = sorted({*caption, *(at for at, _level in before)}, reverse=True)
            one = _Labelled(row.code, plain(row.no), tuple(above))
            before.append((n, row.level))
        found.setdefault(label_in(row.caption or row.label), []).append((n, one))
    return found


def _labelled_rows(place: TablePlace, sheet: Sheet, first: int, before: int) -> dict[str, int]:
    """The rows of the sheet, from `first` on, by the code of the table's row whose label stands there.

    Labels stand left of the column `before`, and not right of the column with most of them, where a unit of
    measure may read like one. Of rows with the same label the one is meant that has its number, else the one
    below whose captions and rows it stands; a row that cannot be told from others is left out, and so is one
    whose label stands twice.
    """
    labels = _labels(place)
    end = _labels_end(place, sheet)
    end = min(before, end) if before else end
    seen: dict[int, int] = {}  # the row of the sheet by the place among the table's rows
    twice: set[str] = set()
    rows: dict[str, int] = {}
    for at in range(first, len(sheet.rows)):
        texts = [as_typed(cell) for cell in sheet.rows[at][:end] if cell not in ("", None)]
        candidates = [
            one for text in texts if len(text) < _LONGEST_LABEL for one in labels.get(label_in(text), ())
        ]
        if len(candidates) > 1:
            numbers = {plain(text) for text in texts}
            numbered = [one for one in candidates if one[1].number and one[1].number in numbers]
            candidates = _nearest(numbered or candidates, seen)
        if len(candidates) == 1:
            n, one = candidates[0]
            if one.code and one.code in rows:
                twice.add(one.code)
            elif one.code:
                rows[one.code] = at
            seen[n] = at
    return {code: at for code, at in rows.items() if code not in twice}


def _nearest(
    candidates: Sequence[tuple[int, _Labelled]], seen: Mapping[int, int]
) -> list[tuple[int, _Labelled]]:
    """Those of the candidates that stand below what was seen last."""
    ranks = [tuple(seen.get(above, -1) for above in one.above) for _n, one in candidates]
    best = max(ranks)
    return [one for one, rank in zip(candidates, ranks, strict=True) if rank == best]


def _first_labelled(place: TablePlace, sheet: Sheet) -> int:
    """The first row of the sheet, below the one with most of the headings, in which the label of the table's
    first row stands, where labels do: a heading may read like it."""
    first = place.table.rows[0]
    label, end = label_in(first.caption or first.label), _labels_end(place, sheet)
    headings = {text for path in _headings(place).values() for text in path}
    texts = [{label_in(cell) for cell in cells if isinstance(cell, str) and cell} for cells in sheet.rows]
    headed = max(range(len(texts)), key=lambda row: len(texts[row] & headings), default=0)
    labelled = (
        row
        for row in range(headed + 1, len(texts))
        if any(isinstance(cell, str) and cell and label_in(cell) == label for cell in sheet.rows[row][:end])
    )
    return next(labelled, len(texts))


def _labels_end(place: TablePlace, sheet: Sheet) -> int:
    """The column behind the one in which most of the table's labels stand; of several with as many, behind
    the first."""
    labels = _labels(place)
    found: dict[int, set[str]] = {}
    for cells in sheet.rows:
        for column, cell in enumerate(cells):
            if (
                cell
                and isinstance(cell, str)
                and len(cell) < _LONGEST_LABEL
                and (text := label_in(cell)) in labels
            ):
                found.setdefault(column, set()).add(text)
    return max(found, key=lambda column: (len(found[column]), -column), default=-1) + 1


def _labels_agree(place: TablePlace, sheet: Sheet, rows: Mapping[str, int], before: int) -> bool:
    """Whether each of the rows has its own label, left of the column `before`."""
    for row in place.table.lines:
        at = rows.get(row.code)
        if at is not None and not any(
            cell == row.label or (isinstance(cell, str) and cell and label_in(cell) == label_in(row.label))
            for cell in sheet.rows[at][:before]
        ):
            return False
    return True


# ---- what is to be said of places


def title_of(place: TablePlace, line: str) -> Phrase:
    """What a row ("row.*") or a column ("*.column") of the table is called."""
    table = place.table
    row, column = line.split(".")
    if column == "*":
        name = next(one.name for one in table.lines if one.code == row)
    else:
        name = whole_heading(next(one for one in table.columns if one.code == column))
    said = (f"{table.name.in_language(one)}: {name.in_language(one)}" for one in ("vi", "en"))
    return Phrase(*said)


def _disagrees(place: TablePlace, at: FoundCell, line: str, other: str) -> Finding:
    """An error about a row or a column whose label says that it is another one."""
    details = {"at": at.cell, "by": FOUND_BY["label"], "other": other, "severity": Severity.ERROR}
    return at.finding("places_disagree", f"{place.table.code}.{line}", value=as_typed(at.value), **details)


def moved(place: TablePlace, found: FoundTable, still: Collection[str]) -> Iterator[Finding]:
    """A note for each run of rows, and of columns, that stand elsewhere than laid out, all by as much, or
    that are found by something else than `still`."""
    for lines, laid_out, of_rows in (
        (found.rows, place.rows, True),
        (found.columns, place.columns, False),
    ):
        runs: list[tuple[tuple[int, str], list[str]]] = []
        for code in (code for code in laid_out if code in lines):
            shift = lines[code].at - laid_out[code], lines[code].by
            if runs and runs[-1][0] == shift:
                runs[-1][1].append(code)
            else:
                runs.append((shift, [code]))
        for shift, codes in runs:
            keys = [key for key in place.cells if key[0 if of_rows else 1] == codes[0]]
            spot = next((spot for key in keys if (spot := found.spot(key))), None)
            if (shift[0] or shift[1] not in still) and spot:
                line = f"{codes[0]}.*" if of_rows else f"*.{codes[0]}"
                about = {"at": spot.cell, "by": FOUND_BY[shift[1]], "count": len(codes)}
                yield spot.finding("code_moved", f"{place.table.code}.{line}", **about)


def named_elsewhere(index: Index, place: TablePlace, found: FoundTable) -> Iterator[Finding]:
    """A warning for each row, or each column, of which names lead to other cells than codes do."""
    said: set[str] = set()
    rows, columns = ({code: line.at for code, line in lines.items()} for lines in (found.rows, found.columns))
    names, sheet = index.book.names, found.sheet.name
    for code, key in keys(place).items():
        area = names.get(code)
        if area is None:
            continue
        if area.row == rows.get(key[0]) and area.column == columns.get(key[1]) and area.sheet == sheet:
            continue  # as nearly all do
        spot = found.spot(key)
        if spot is None or spot.by != "code":
            continue
        line = f"*.{key[1]}" if area.row == spot.row and area.sheet == spot.sheet.name else f"{key[0]}.*"
        if line not in said:
            said.add(line)
            other = FoundCell(found.sheet, area.row, area.column).cell
            elsewhere = "" if area.sheet == sheet else f"{area.sheet}!"
            about = {"at": spot.cell, "by": FOUND_BY["name"], "other": f"{elsewhere}{other}"}
            yield spot.finding(
                "places_disagree", f"{place.table.code}.{line}", value=as_typed(spot.value), **about
            )


def differing_copies(place: TablePlace, standing: Standing) -> dict[Key, tuple[FoundCell, FoundCell]]:
    """The cells that stand twice with different answers, in a copied row or on a copied sheet: where they are
    read, and where else they stand."""
    table = standing.table
    found: dict[Key, tuple[FoundCell, FoundCell]] = {}
    for key in place.cells if table.again or standing.copies else ():
        if not (spot := table.spot(key)):
            continue
        others = [FoundCell(table.sheet, row, spot.column) for row in table.again.get(key[0], ())]
        others += [other for copy in standing.copies if (other := copy.spot(key))]
        for other in others:
            if as_typed(other.value) != as_typed(spot.value):
                found.setdefault(key, (spot, other))
    return found


def twice(place: TablePlace, differing: Mapping[Key, tuple[FoundCell, FoundCell]]) -> Iterator[Finding]:
    """An error for each row of which cells stand twice with different answers, in the first such cell."""
    rows: dict[str, Key] = {}
    for key in differing:
        rows.setdefault(key[0], key)
    for key in rows.values():
        spot, other = differing[key]
        first, second = (
            one.cell if spot.sheet is other.sheet else f"{one.sheet.name}!{one.cell}" for one in (spot, other)
        )
        details = {"first": first, "second": second}
        yield other.finding("code_twice", place.cells[key].code, value=as_typed(other.value), **details)


def hidden_copies(place: TablePlace, standing: Standing) -> Iterator[Finding]:
    """A finding for each hidden sheet that answers otherwise than what was read."""
    for copy in standing.hidden:
        for key, cell in place.cells.items():
            theirs, ours = copy.spot(key), standing.table.spot(key)
            if theirs and ours and theirs.value not in ("", ours.value):
                yield hidden_copy(theirs, ours, cell.code)
                break
