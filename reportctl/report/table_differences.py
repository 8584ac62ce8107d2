"""How a printed table differs from the one of now: in its figures, or in how it is laid out.

Cells are compared by the label of their row and the heading of their column, so that a column that came or
went makes no other cell different. What is called the same but for added or dropped words, and says the same,
was renamed.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.wording import NBSP
from reportctl.word.captions import without_part

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MARKS = re.compile(r"\s*\(\*+\)")
_RUNNING = re.compile(r"(?:[IVXLCDM]+|\d+(?:\.\d+)*|[a-zđ]|-)?[.)]?")

Place = tuple[str, str]  # the name of a row, the heading of a column
Pairs = dict[str, str]  # what is which: of the printed table, of the one of now


@dataclass(frozen=True, slots=True)
class Grid:
    """A table by the text in its control, its parts put together: headings and rows' names, each once (the
    second has “ (2)”); cells by both; the lines that are no rows: captions and notes. `is_numbered`: the
    first column has running numbers only."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: Mapping[Place, str]
    lines: tuple[str, ...]
    is_numbered: bool

    def label(self, row: str) -> str:
        """What a row is called, without its running number."""
        return self.cells.get((row, self.columns[int(self.is_numbered)]), "")


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell that says something else; `where` are row and heading of now, `place` those it was printed
    under."""

    where: str
    place: Place
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TableDifferences:
    """`cells` are those of rows and columns that both have; what was renamed is a pair, before and now;
    `moved`: rows or columns stand in another order. `lines` are captions and notes that went and came."""

    cells: tuple[CellDifference, ...] = ()
    rows_added: tuple[str, ...] = ()
    rows_dropped: tuple[str, ...] = ()
    rows_renamed: tuple[tuple[str, str], ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_dropped: tuple[str, ...] = ()
    columns_renamed: tuple[tuple[str, str], ...] = ()
    lines_added: tuple[str, ...] = ()
    lines_dropped: tuple[str, ...] = ()
    moved: bool = False

    @property
    def same_lines(self) -> bool:
        """Whether captions and notes say the same numbers; of notes this is known only where columns are
        others, which they explain."""
        went, came = (numbers("\n".join(lines)) for lines in (self.lines_dropped, self.lines_added))
        notes = [line for line in (*self.lines_dropped, *self.lines_added) if not _is_caption(line)]
        explained = self.columns_added or self.columns_dropped or self.columns_renamed
        return went == came and bool(explained or not notes)


def numbers(text: str) -> list[str]:
    """The numbers in a text, in their order."""
    return _NUMBER.findall(text)


def grid_of(text: str) -> Grid:
    """The table whose control has this text: cells with tabs between, the head of each part first."""
    columns: list[str] = []
    rows: dict[str, None] = {}
    cells: dict[Place, str] = {}
    lines: list[str] = []
    titles: list[str] = []
    seen: Counter[str] = Counter()
    typed = text.replace(NBSP, " ").split("\n")
    for line, before in zip(typed, ["", *typed], strict=False):
        row = line.split("\t")
        if len(row) == 1:
            lines += [without_part(line)] if line.strip() else []
        elif "\t" not in before:
            titles = _titles(row, columns)
            columns += [title for title in titles if title not in columns]
            seen.clear()
        else:
            name = " ".join(filter(None, row[:2]))
            seen[name] += 1
            name += f" ({seen[name]})" if seen[name] > 1 else ""
            rows[name] = None
            for position, cell in enumerate(row):
                title = titles[position] if position < len(titles) else str(position)
                if cells.get((name, title), cell) != cell:  # a part's own copy of a column of all parts
                    title = f"{title} ({position})"
                columns += [title] if title not in columns else []
                cells[name, title] = cell
    first = [cells.get((name, columns[0]), "") for name in rows]
    numbered = len(columns) > 1 and all(map(_RUNNING.fullmatch, first))
    return Grid(tuple(columns), tuple(rows), cells, tuple(lines), numbered)


def _titles(head: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The headings of a part, each once; those that it begins with like the first part are the same."""
    found: list[str] = []
    again = bool(columns)
    for position, title in enumerate(head):
        again = again and position < len(columns) and columns[position] == title
        number, own = 1, title
        while own in found or (own in columns and not again):
            number += 1
            own = f"{title} ({number})"
        found.append(own)
    return found


def differences(old: Grid, new: Grid) -> TableDifferences:
    """How the table `new` differs from `old`."""
    columns = _paired(old.columns, new.columns, str)
    columns |= _paired(_without(old.columns, columns), _without(new.columns, columns.values()), _unmarked)
    rows = _same_rows(old, new, columns)
    columns = _in_order(columns | _renamed_columns(old, new, columns, rows), old.columns)
    rows = _in_order(rows | _renamed_rows(old, new, columns, rows), old.rows)
    dropped, added = _without(old.rows, rows), _without(new.rows, rows.values())
    moved = _out_of_order(rows, new.rows) or _out_of_order(columns, new.columns)
    reworded = {
        now: was
        for was, now in rows.items()
        if _unmarked(old.label(was)) != _unmarked(new.label(now))
        and _is_reworded(old.label(was), new.label(now))
    }
    heads = [
        CellDifference(now, ("", was), was, now)
        for was, now in columns.items()
        if was != now and _unmarked(was) == _unmarked(now)
    ]
    renumbered = old.is_numbered and (dropped or added or moved)
    skipped = {old.columns[0]} if renumbered else set()
    names = set(old.columns[: 1 + old.is_numbered])
    cells = [
        CellDifference(_where(row, column, new), (was, under), before, after)
        for was, row in rows.items()
        for under, column in columns.items()
        if (before := old.cells.get((was, under), "")) != (after := new.cells.get((row, column), ""))
        and under not in skipped
        and not (row in reworded and under in names)
    ]
    went, came = Counter(old.lines), Counter(new.lines)
    return TableDifferences(
        (*heads, *cells),
        added,
        dropped,
        tuple((old.label(was), new.label(now)) for now, was in reworded.items()),
        _without(new.columns, columns.values()),
        _without(old.columns, columns),
        tuple((was, now) for was, now in columns.items() if _unmarked(was) != _unmarked(now)),
        tuple((came - went).elements()),
        tuple((went - came).elements()),
        moved,
    )


def _where(row: str, column: str, grid: Grid) -> str:
    return row if column == grid.columns[0] else f"{row} · {column}"


def _is_caption(line: str) -> bool:
    return "#" in line


def _unmarked(words: str) -> str:
    """A label or heading without the mark of an estimate."""
    return _MARKS.sub("", words)


def _without(names: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    known = set(known)
    return tuple(name for name in names if name not in known)


def _in_order(pairs: Pairs, order: Sequence[str]) -> Pairs:
    """The same pairs by the order of before."""
    return {name: pairs[name] for name in order if name in pairs}


def _out_of_order(pairs: Pairs, order: Sequence[str]) -> bool:
    """Whether what both have stands in another order now; `pairs` go by the order of before."""
    place = {name: n for n, name in enumerate(order)}
    now = [place[name] for name in pairs.values()]
    return now != sorted(now)


def _paired(old: Sequence[str], new: Sequence[str], key: Callable[[str], Hashable]) -> Pairs:
    """Those of both that have the same key, which no other has."""
    by_key: tuple[dict[Hashable, list[str]], ...] = (defaultdict(list), defaultdict(list))
    for names, found in zip((old, new), by_key, strict=True):
        for name in names:
            found[key(name)].append(name)
    was, now = by_key
    return {names[0]: now[one][0] for one, names in was.items() if len(names) == len(now.get(one, ())) == 1}


def _same_rows(old: Grid, new: Grid, columns: Pairs) -> Pairs:
    """Which row is which: all by their names where these are the same, else those first that say the same
    whatever their number, then by name, then by label."""
    if old.rows == new.rows:
        return dict(zip(old.rows, new.rows, strict=True))
    asked = [(was, now) for was, now in columns.items() if not (old.is_numbered and was == old.columns[0])]
    before = [tuple(old.cells.get((row, was), "") for was, _now in asked) for row in old.rows]
    after = [tuple(new.cells.get((row, now), "") for _was, now in asked) for row in new.rows]
    found: Pairs = {}
    for block in difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        found |= {old.rows[block.a + n]: new.rows[block.b + n] for n in range(block.size)}
    for in_old, in_new in ((str, str), (old.label, new.label)):
        left, right = _without(old.rows, found), _without(new.rows, found.values())
        called = {("old", row): _unmarked(in_old(row)) for row in left}
        called |= {("new", row): _unmarked(in_new(row)) for row in right}
        of_old = {row: called["old", row] for row in left if called["old", row]}
        of_new = {row: called["new", row] for row in right if called["new", row]}
        often = Counter(of_old.values()), Counter(of_new.values())
        once = {words for words, count in often[0].items() if count == often[1][words] == 1}
        by_words = {words: row for row, words in of_new.items()}
        found |= {row: by_words[words] for row, words in of_old.items() if words in once}
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", _unmarked(text).casefold()))


def _is_reworded(words: str, other: str) -> bool:
    """Whether two labels differ in words that one of them has besides, and in no number."""
    was, now = _words(words), _words(other)
    return bool(was and now) and (was <= now or now <= was) and numbers(words) == numbers(other)


def _renamed_columns(old: Grid, new: Grid, columns: Pairs, rows: Pairs) -> Pairs:
    """Columns that were reworded: most of their cells say the same."""

    def alike(was: str, now: str) -> float:
        pairs = [(old.cells.get((a, was), ""), new.cells.get((b, now), "")) for a, b in rows.items()]
        filled = [a == b for a, b in pairs if a or b]
        return sum(filled) / len(filled) if filled else 1.0

    left, right = _without(old.columns, columns), _without(new.columns, columns.values())
    return _best((alike(was, now), was, now) for was in left for now in right if _is_reworded(was, now))


def _renamed_rows(old: Grid, new: Grid, columns: Pairs, rows: Pairs) -> Pairs:
    """Rows that were reworded: all their figures are the same, and there are some."""
    names = set(old.columns[: 1 + old.is_numbered])
    asked = [(was, now) for was, now in columns.items() if was not in names]
    by_figures: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)  # and a word of the label
    for row in _without(new.rows, rows.values()):
        figures = tuple(new.cells.get((row, now), "") for _was, now in asked)
        for word in _words(new.label(row)):
            by_figures[figures, word].append(row)
    found = []
    for row in _without(old.rows, rows):
        figures = tuple(old.cells.get((row, was), "") for was, _now in asked)
        words = _words(old.label(row)) if any(map(numbers, figures)) else frozenset()
        near = dict.fromkeys(now for word in sorted(words) for now in by_figures.get((figures, word), ()))
        found += [(1.0, row, now) for now in near if _is_reworded(old.label(row), new.label(now))]
    return _best(found)


def _best(candidates: Iterable[tuple[float, str, str]]) -> Pairs:
    """Those that are alike by more than half, the most alike first, each once."""
    found: Pairs = {}
    taken: set[str] = set()
    for share, was, now in sorted(candidates, key=lambda one: -one[0]):
        if share > 1 / 2 and was not in found and now not in taken:
            found[was] = now
            taken.add(now)
    return found
