"""The live formulas of a table's sheet: what is wrong in a row, what is still empty, sums, year to date."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.cellrefs import cell_name
from reportctl.core.language import _
from reportctl.form.layout import NOT_APPLICABLE, TablePlace
from reportctl.form.rules import Rule
from reportctl.form.tables import TableCell, TableRow
from reportctl.outgoing.beside import Known
from reportctl.outgoing.input_cells import (
    LONGEST_FORMULA,
    LiveChecks,
    LiveFormula,
    cut,
    expected,
    fitting,
    following,
    joined,
    literal,
    short_heading,
)

_LONGEST_SAID = 220  # characters of a message: Excel takes 255 between quotes
_LONGEST_MARK = 40  # of the words that name a row or a column in it


@dataclass(frozen=True, slots=True, eq=False)
class TableChecks:
    """Makes the live cells of one table's sheet; `shown` are the rules by the cell where they are shown."""

    checker: LiveChecks
    place: TablePlace
    shown: Mapping[str, Sequence[Rule]]

    def numbers(self) -> list[str]:
        """The line below the headings: what the form calls each column, else its number in brackets."""
        return [column.no or f"({place})" for place, column in enumerate(self.place.table.columns, 1)]

    def messages(self, row: TableRow) -> list[str]:
        """Everything that the check of a row may say of sums and rules."""
        marks = _marks(self.place)
        return [marks.said(rule, cell) for cell in self._cells(row) for rule in self.shown.get(cell.code, ())]

    def of_row(self, row: TableRow) -> LiveFormula:
        """What is wrong in a row: types and limits of its cells, then the sums and rules shown there."""
        wrong, rules = self._wrong(row), self._rules(row)
        broken = [self._broken(rule, cell) for rule, cell in rules]
        marks = _marks(self.place)
        empty = [marks.said(rule, cell) for rule, cell in rules if self.checker.broken_when_empty(rule)]
        return LiveFormula(f"={joined((*self._with_room(row, wrong, broken), *broken))}", "; ".join(empty))

    def unsaid(self, row: TableRow) -> list[Rule]:
        """The sums and rules of a row that its check has no room for."""
        rules = self._rules(row)
        broken = [self._broken(rule, cell) for rule, cell in rules]
        wrong = self._with_room(row, self._wrong(row), broken)
        kept = {place - len(wrong) for place in fitting((*wrong, *broken))}
        return [rule for place, (rule, _cell) in enumerate(rules) if place not in kept]

    def _rules(self, row: TableRow) -> list[tuple[Rule, TableCell]]:
        return [(rule, cell) for cell in self._cells(row) for rule in self.shown.get(cell.code, ())]

    def _broken(self, rule: Rule, cell: TableCell) -> str:
        """The expression that says that `rule`, shown at `cell`, does not hold."""
        return self.checker.broken(rule, following(_marks(self.place).said(rule, cell)), self.place.sheet)

    def _with_room(self, row: TableRow, wrong: list[str], broken: list[str]) -> list[str]:
        """The checks of single cells, put together where they leave too little room for rules."""
        fits = sum(map(len, (*wrong, *broken))) + len(wrong) + len(broken) <= LONGEST_FORMULA
        return wrong if fits else [self._any_wrong(row)]

    def _wrong(self, row: TableRow) -> list[str]:
        """For each cell of a row that is filled in an expression that says what is wrong in it."""
        marks, wrong = _marks(self.place), list[str]()
        for cell in self._cells(row):
            at = self.place.place(cell.row, cell.column).cell
            if cell.filled_in:
                words = _("{column}: {expected}").format(
                    column=marks.columns[cell.column], expected=expected(cell)[:-1]
                )
                right = self.checker.right(cell, at)
                wrong.append(f'IF(OR({at}="",{right}),"",{literal(following(words))})')
        return wrong

    def _any_wrong(self, row: TableRow) -> str:
        """As the checks of single cells, without saying which cell is wrong: it fits in any formula."""
        cells = [cell for cell in self._cells(row) if cell.filled_in]
        tests = []
        for cell in cells:
            at = self.place.place(cell.row, cell.column).cell
            tests.append(f'{at}="",{self.checker.right(cell, at)}')
        each, words = ",".join(f"OR({test})" for test in tests), _("a cell of the row is wrong")
        return f'IF(AND({each}),"",{literal(following(words))})'

    def _cells(self, row: TableRow) -> Iterator[TableCell]:
        """The cells of a row that the unit is asked, or that are worked out, from left to right."""
        keys = ((row.code, column) for column in self.place.columns)
        return (self.place.cells[key] for key in keys if key in self.place.cells)

    def empty(self, row: TableRow) -> LiveFormula:
        """How many cells of a row must be filled in and are empty."""
        columns = [
            self.place.columns[cell.column] for cell in self._cells(row) if cell.filled_in and cell.required
        ]
        line = self.place.rows[row.code]
        counted = (f"COUNTBLANK({_area(line, *run)})" for run in runs(columns))
        return LiveFormula(f"={'+'.join(counted) or '0'}", str(len(columns)))

    def sum_of(self, cell: TableCell) -> str:
        """The formula of a cell that is never asked: blank while one of its parts is, or is no figure; parts
        that do not apply, or that the unit is not asked, count for nothing."""
        parts = [
            (sign, self.place.place(row, column).cell)
            for sign, code in cell.parts
            for _table, row, column in (code.split("."),)
            if (row, column) in self.place.cells
        ]
        cells = [at for _sign, at in parts]
        given = f"COUNT({','.join(cells)})"
        gone = "".join(f'+({at}="{NOT_APPLICABLE}")' for at in cells)
        added = "".join(f"{'+' if sign > 0 else '-'}N({at})" for sign, at in parts).removeprefix("+")
        return f'=IF({given}{gone}<{len(cells)},"",IF({given}=0,"{NOT_APPLICABLE}",{added}))'

    def to_date(self, cell: TableCell, known: Known) -> str | None:
        """The formula of the year to date: what is `known` of earlier quarters with the cell of this one;
        blank while that is no answer. None where the figures of quarters are not put together."""
        at = self.place.place(cell.row, cell.column).cell
        if not cell.numeric or known.figures is None:
            return None
        answered = f'ISNUMBER({at})+({at}="{NOT_APPLICABLE}")'
        if cell.cumulative or cell.over_time == "last":
            return f'=IF({answered},{at},"")'
        function = _OVER_TIME.get(cell.over_time)
        if function is None:
            return None
        figures = ",".join(
            (*(f"{figure:.15g}" for figure in known.figures if not isinstance(figure, str)), at)
        )
        return f'=IF({answered},IF(COUNT({figures})=0,"{NOT_APPLICABLE}",{function}({figures})),"")'


_OVER_TIME = {"sum": "SUM", "mean": "AVERAGE", "min": "MIN", "max": "MAX"}


@dataclass(frozen=True, slots=True)
class _Marks:
    """By what messages call the rows and the columns of a table, as short as it is plain."""

    rows: Mapping[str, str]
    columns: Mapping[str, str]

    def said(self, rule: Rule, cell: TableCell) -> str:
        """What is said where `rule`, which is shown at `cell`, does not hold."""
        column = self.columns[cell.column]
        if rule.code != cell.code:  # one that the form states, not a sum of the table
            return cut(f"{column}: {str(rule.words).rstrip('.')}", _LONGEST_SAID)
        # A sum's first reference is the whole; its parts stand in the same row, or in the same column.
        parts = [asked.code.split(".")[1:] for asked in rule.node.references[1:]]
        signs = _signs(rule)
        in_row = all(row == cell.row for row, _column in parts)
        names = (self.columns[one] if in_row else self.rows[row] for row, one in parts)
        added = "".join(f"{sign}{name}" for sign, name in zip(signs, names, strict=True))
        if in_row:
            return cut(_("{whole} must be {parts}").format(whole=column, parts=added), _LONGEST_SAID)
        whole = _("{whole} must be {parts}").format(whole=self.rows[cell.row], parts=added)
        return cut(f"{column}: {whole}", _LONGEST_SAID)


def _signs(rule: Rule) -> list[str]:
    """The signs before the parts of a sum; before the first one a minus or nothing."""
    words = rule.check.split("=", 1)[1].split()
    first = "-" if words[0] == "-" else ""
    return [first, *(f" {sign} " for sign in words[bool(first) :] if sign in ("+", "-"))]


@functools.lru_cache(maxsize=64)
def _marks(place: TablePlace) -> _Marks:
    """Rows by the number that the form gives them, columns by that of the line below the headings, where it
    tells them apart; else by their labels."""
    table = place.table
    numbers = {c.code: c.no or f"({n})" for n, c in enumerate(table.columns, 1)}
    headings = {column.code: f"“{short_heading(column)}”" for column in table.columns}
    labels = {row.code: f"“{cut(str(row.name), _LONGEST_MARK)}”" for row in table.lines}
    of_rows = Counter(row.no for row in table.lines)
    rows = {r.code: r.no.rstrip(".") if r.no and of_rows[r.no] == 1 else labels[r.code] for r in table.lines}
    unique = len({*numbers.values()}) == len(numbers) and not any("=" in no for no in numbers.values())
    return _Marks(rows, numbers if unique else headings)


def runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of the columns, or rows, that stand beside each other, for each such stretch."""
    ordered = sorted(places)
    first = 0
    for at, place in enumerate(ordered):
        if at + 1 == len(ordered) or ordered[at + 1] != place + 1:
            yield ordered[first], place
            first = at + 1


def _area(row: int, first: int, last: int) -> str:
    """The reference of neighbouring cells in one row."""
    return cell_name(row, first) if first == last else f"{cell_name(row, first)}:{cell_name(row, last)}"
