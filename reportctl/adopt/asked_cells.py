"""Which cells of a table's items are asked: open ones; not those marked, shaded or locked; nor computed or
given ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reportctl.adopt.blank_form import ColumnUse
from reportctl.adopt.grid import Grid, Place


@dataclass(frozen=True, slots=True)
class AskedCells:
    """The cells of a table by what becomes of them."""

    inputs: frozenset[Place] = field(default_factory=frozenset)
    not_asked: frozenset[Place] = field(default_factory=frozenset)
    computed: frozenset[Place] = field(default_factory=frozenset)
    given: frozenset[Place] = field(default_factory=frozenset)
    typed: frozenset[Place] = field(default_factory=frozenset)  # those of the inputs in which a figure stands


def asked_cells(
    grid: Grid,
    uses: Mapping[int, ColumnUse],
    rows: Sequence[int],
    labels: Collection[int],
    head: int | None = None,
) -> AskedCells:
    """The cells of the value columns in `rows`, merged areas by their first cells; `labels` are the columns
    that name the rows, `head` is the lowest row of headings."""
    places = _places(grid, uses, rows)
    computed = {place for place in places if grid.is_formula(*place)}
    rest = [place for place in places if place not in computed]
    usual_mark = _usual_mark(grid, [place for place in rest if uses[place[1]] != "given"])
    marked = {
        place
        for place in rest
        if grid.is_mark(*place)
        and (not usual_mark or grid.text(*place) != usual_mark)
        and (grid.cell(*place).look.crossed or not grid.is_open(*place))
    }
    given = {
        place
        for place in rest
        if uses[place[1]] == "given" and place not in marked and not grid.is_open(*place)
    }
    left = [place for place in rest if place not in marked and place not in given]
    said = _columns_of_words(grid, given)
    unsaid = {place for place in left if place[1] in said}
    left = [place for place in left if place not in unsaid]
    shaded = _shaded(grid, left, labels, head)
    left = [place for place in left if place not in shaded]
    locked = _locked(grid, left)
    left = [place for place in left if place not in locked]
    worded = {place for place in left if grid.is_words(*place) and not grid.is_open(*place)}
    inputs = {place for place in left if place not in worded}
    typed = {place for place in inputs if not grid.is_open(*place)}
    return AskedCells(
        frozenset(inputs),
        frozenset(marked | shaded | locked | unsaid),
        frozenset(computed),
        frozenset(given | worded),
        frozenset(typed),
    )


def _columns_of_words(grid: Grid, given: Collection[Place]) -> set[int]:
    """The columns that the office has filled with words: where they say nothing there is nothing to say."""
    standing = Counter(column for _row, column in given)
    worded = Counter(column for row, column in given if grid.is_words(row, column))
    return {column for column, count in standing.items() if worded[column] * 2 > count}


def _places(grid: Grid, uses: Mapping[int, ColumnUse], rows: Sequence[int]) -> list[Place]:
    """The cells, merged areas by their first ones; without what is hidden."""
    asked = set(rows)
    return [
        (row, column)
        for row in rows
        for column in uses
        if grid.anchor(row, column) == (row, column) and row in asked and not grid.is_hidden(row, column)
    ]


def _usual_mark(grid: Grid, places: Sequence[Place]) -> str:
    """The dash that stands in most of the cells, so that it means nothing; empty: none."""
    texts = Counter(text for place in places if (text := grid.text(*place)) and not text.strip("-–—"))
    if not texts:
        return ""
    text, count = texts.most_common(1)[0]
    others = sum(grid.is_mark(*place) and bool(grid.text(*place).strip("-–—")) for place in places)
    return text if count > 0.6 * (len(places) - others) else ""


def is_grey(fill: str) -> bool:
    """Whether a fill is grey or black: of one brightness in all three colours, and not nearly white."""
    if not fill:
        return False
    parts = [int(fill[at : at + 2], 16) for at in (0, 2, 4)]
    return max(parts) - min(parts) <= 16 and max(parts) < 247


_FEW = 0.35  # a shade of fewer cells than that says something of them


def _shaded(grid: Grid, places: Sequence[Place], labels: Collection[int], head: int | None) -> set[Place]:
    """Cells shaded otherwise than most, where neither their whole row is, with its names, nor their whole
    column, with its heading in the row `head`: those that are not to be filled in."""
    fills = Counter(grid.cell(*place).look.fill for place in places)
    if len(fills) < 2:
        return set()
    usual, _count = fills.most_common(1)[0]
    rows, columns = {row for row, _c in places}, {column for _r, column in places}
    of_labels = Counter(grid.cell(row, column).look.fill for row in rows for column in labels)
    usual_head = (
        _usual(grid.cell(*grid.anchor(head, column)).look.fill for column in columns)
        if head is not None
        else ""
    )
    found = set()
    for place in places:
        fill = grid.cell(*place).look.fill
        some = of_labels[fill] < 0.9 * of_labels.total()
        if fill == usual or (some and _of_its_row(grid, place, labels, fill)):
            continue
        if (
            head is not None
            and fill
            and fill != usual_head
            and grid.cell(*grid.anchor(head, place[1])).look.fill == fill
        ):
            continue
        few = fills[fill] < _FEW * len(places)
        if is_grey(fill) or (few and (fill or not is_grey(usual))):
            found.add(place)
    return found


def _usual(fills: Iterable[str]) -> str:
    counted = Counter(fills)
    return counted.most_common(1)[0][0] if counted else ""


def _of_its_row(grid: Grid, place: Place, labels: Collection[int], fill: str) -> bool:
    """Whether the names of the row have the same fill, so that it is the row that is shaded."""
    return any(grid.cell(place[0], column).look.fill == fill for column in labels)


def _locked(grid: Grid, places: Sequence[Place]) -> set[Place]:
    """Locked cells of a protected sheet, where most of the others are open to typing."""
    if not grid.sheet.protected:
        return set()
    locked = {place for place in places if grid.cell(*place).look.locked}
    return locked if len(locked) * 2 < len(places) else set()
