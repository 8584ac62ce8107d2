"""The tables of a form: rows and columns, the cells that these make, and the sums that hold between them."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from reportctl.core.language import Phrase
from reportctl.form.indicators import AMOUNTS, Aggregate, Indicator, TimeAggregate, Type
from reportctl.form.names import Model, NonEmpty, Titled, whole_heading
from reportctl.form.rules import Rule


class _OfCells(Model):
    """What a table, one of its rows or columns says of its cells; None: as the table says, or an indicator's
    default. A column goes before a row, a row before its table."""

    type: Type | None = None
    unit_of_measure: str | None = None
    unit_of_measure_en: str | None = None
    over_units: Aggregate | None = None
    over_time: TimeAggregate | None = None
    required: bool | None = None
    min: float | None = None
    max: float | None = None
    choices: tuple[NonEmpty, ...] | None = None
    cumulative: bool | None = None
    applies_to: tuple[str, ...] | None = None


OF_CELLS = tuple(_OfCells.model_fields)
Key = tuple[str, str]  # the row and the column of a table's cell
SignedKeys = tuple[tuple[int, Key], ...]  # 1 or -1, and a cell

# What a column of a table holds: what is asked, what the program fills in, what stands there when it is sent.
ColumnRole = Literal["value", "previous", "year_ago", "to_date", "plan", "given"]


class TableColumn(_OfCells):
    """One column of a table, headed by `label`, below the headings `under` (the top one first), of which
    `under_en` are the English words, one for each.

    `sum` names the columns that it is the sum of ("public + private", "a - b"): a check in every row; with
    `computed` it is never asked, but worked out. What it `is`: asked (a value), or filled in by the program;
    then `of` names the asked column whose figures it shows (empty: `FormTable.source_of` says which).
    """

    code: NonEmpty
    label: NonEmpty
    label_en: str = ""
    under: tuple[NonEmpty, ...] = ()
    under_en: tuple[NonEmpty, ...] = ()
    no: str = ""
    sum: str = ""
    computed: bool = False
    is_: ColumnRole = Field(default="value", alias="is")
    of: str = ""
    was: str = ""

    @property
    def name(self) -> Phrase:
        """Its label in both languages."""
        return Phrase(self.label, self.label_en)


class TableRow(_OfCells):
    """One row of a table: a line that is asked, or a `caption` between lines. `level` is how deep it stands
    below others, from 1; `sum` and `computed` as for a column, of rows."""

    code: str = ""
    label: str = ""
    label_en: str = ""
    caption: str = ""
    caption_en: str = ""
    no: str = ""
    level: int = Field(default=1, ge=1, le=9)
    sum: str = ""
    computed: bool = False
    was: str = ""

    @property
    def name(self) -> Phrase:
        """Its label, or the caption, in both languages."""
        return Phrase(self.caption, self.caption_en) if self.caption else Phrase(self.label, self.label_en)


class TableCell(Indicator):
    """One cell of a table as an indicator, with the code `table.row.column`.

    `parts` are the cells that it is the sum of, with their signs; where it is `added_up` it is never asked.
    """

    table: str
    row: str
    column: str
    row_name: Phrase
    column_name: Phrase
    parts: tuple[tuple[int, str], ...] = ()
    added_up: bool = False
    top: bool = False  # a total, or a row of the first level

    @property
    def filled_in(self) -> bool:
        """Whether units fill it in; else it is the sum of what they fill in."""
        return not self.added_up


class FormTable(Titled, _OfCells):
    """A matrix of figures: a line for each row, a column for each column, under headings that are a tree.

    `not_asked` are cells that are not there: "row.column", "row.*", "*.column". `compared`: which cells are
    compared with earlier quarters and other units: totals and rows of the first level, all, or none.
    """

    row_title: str = ""
    row_title_en: str = ""
    compared: Literal["totals", "all", "none"] = "totals"
    columns: tuple[TableColumn, ...] = Field(min_length=1)
    rows: tuple[TableRow, ...] = Field(min_length=1)
    not_asked: tuple[NonEmpty, ...] = ()

    @property
    def lines(self) -> tuple[TableRow, ...]:
        """Its rows that are asked, without captions."""
        return tuple(row for row in self.rows if not row.caption)

    @property
    def asked_columns(self) -> tuple[TableColumn, ...]:
        """Its columns that hold what is asked or worked out in this period."""
        return tuple(column for column in self.columns if column.is_ == "value")

    @functools.cached_property
    def numbers(self) -> dict[str, str]:
        """The numbers of its rows as the form has them, by code; where it has none, 1, 2, 3 and so on."""
        if any(row.no for row in self.lines):
            return {row.code: row.no for row in self.lines}
        return {row.code: str(number) for number, row in enumerate(self.lines, 1)}

    @functools.cached_property
    def depths(self) -> dict[str, int]:
        """How many steps each row is indented, by code: one more than the nearest row above of a lower level,
        so that levels which are left out take no room."""
        depths: dict[str, int] = {}
        above: list[int] = []  # the levels of the rows that the next one may stand below
        for row in self.lines:
            while above and above[-1] >= row.level:
                above.pop()
            depths[row.code] = len(above)
            above.append(row.level)
        return depths

    def source_of(self, column: TableColumn) -> TableColumn:
        """The asked column whose figures `column` shows: itself, or of one that the program fills in the
        column that it is `of`, else that it stands beside.

        That is the one that shares most headings with it, level by level from the top or from below: "Kỳ này
        / Nữ", or "Nữ", for "Kỳ trước / Nữ". Of several one below the same headings, then the nearest one to
        the left, else to the right.
        """
        if column.is_ == "value":
            return column
        if named := next((one for one in self.asked_columns if one.code == column.of), None):
            return named
        codes = [one.code for one in self.columns]
        place = codes.index(column.code)

        def likeness(other: TableColumn) -> tuple[int, bool, bool, int]:
            at = codes.index(other.code)
            return *_likeness(column, other), at < place, -abs(at - place)

        return max(self.asked_columns, key=likeness)

    @functools.cached_property
    def doubtful_sources(self) -> tuple[tuple[TableColumn, TableColumn], ...]:
        """The columns filled in that may be meant for another column than they show, each with that one: a
        total is asked in the table, and headings alone do not tell, or tell only what is no total."""
        found = []
        filled = (one for one in self.columns if one.is_ not in ("value", "given") and not one.of)
        for column in filled if any(one.sum for one in self.asked_columns) else ():
            source = self.source_of(column)
            shared, together = _likeness(column, source)
            alike = [one for one in self.asked_columns if _likeness(column, one) == (shared, together)]
            if len(alike) > 1 or not (shared or source.sum):
                found.append((column, source))
        return tuple(found)

    @functools.cached_property
    def cells(self) -> dict[Key, TableCell]:
        """Its cells by row and column, row by row; those that are not asked are left out, and those that are
        worked out of nothing else."""
        rows = {row.code: row for row in self.lines}
        columns = {column.code: column for column in self.asked_columns}
        return {key: self._cell(rows[key[0]], columns[key[1]]) for key in self._asked_of}

    @functools.cached_property
    def _asked_of(self) -> dict[Key, tuple[str, ...]]:
        """The kinds of units that each cell is asked of (none named: all), by row and column.

        One that is worked out is asked of those of whom any of its parts is. Where that is nobody, it is no
        cell: there is nothing that it could say.
        """
        there = {
            (row.code, column.code): (row, column)
            for row in self.lines
            for column in self.asked_columns
            if not self.leaves_out(row.code, column.code)
        }
        found: dict[Key, tuple[str, ...] | None] = {}

        def asked_of(key: Key) -> tuple[str, ...] | None:
            if key in there and key not in found:
                found[key] = self._kinds(*there[key], asked_of)
            return found.get(key)

        return {key: kinds for key in there if (kinds := asked_of(key)) is not None}

    def leaves_out(self, row: str, column: str) -> bool:
        """Whether `not_asked` names the cell in this row and this column."""
        return not self._not_asked.isdisjoint({(row, column), (row, "*"), ("*", column)})

    @functools.cached_property
    def _not_asked(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(address.split(".", 1)) for address in self.not_asked)

    def _kinds(
        self, row: TableRow, column: TableColumn, asked_of: Callable[[Key], tuple[str, ...] | None]
    ) -> tuple[str, ...] | None:
        """The kinds of units that a cell is asked of, by those of other cells; None: of nobody."""
        said = next((o.applies_to for o in (column, row, self) if o.applies_to is not None), ())
        if not _is_worked_out(row, column):
            return said
        for parts in _worked_out_of(row, column):
            if of_parts := [kinds for _sign, part in parts if (kinds := asked_of(part)) is not None]:
                return _kinds_of_any(said, of_parts)
        return None

    def _type(self, key: Key) -> Type:
        """What the answer of a cell is: as its column says, else its row, else the table."""
        return self._types[0].get(key[1]) or self._types[1].get(key[0]) or self.type or Type.COUNT

    @functools.cached_property
    def _types(self) -> tuple[dict[str, Type | None], dict[str, Type | None]]:
        """What its columns, and its rows, say of the types of their cells, by code."""
        return {one.code: one.type for one in self.asked_columns}, {one.code: one.type for one in self.lines}

    def _cell(self, row: TableRow, column: TableColumn) -> TableCell:
        """One cell; it takes each of its settings from its column, else its row, else the table."""
        key = (row.code, column.code)
        said = {
            name: value
            for name in OF_CELLS
            if (value := next((v for o in (column, row, self) if (v := getattr(o, name)) is not None), None))
            is not None
        }
        heading = whole_heading(column)
        alone = len(self.asked_columns) == 1
        return TableCell(
            code=self._code(key),
            label=row.label if alone else f"{row.label} · {heading.vi}",
            label_en=row.label_en if alone or not row.label_en else f"{row.label_en} · {heading.en}",
            table=self.code,
            row=row.code,
            column=column.code,
            row_name=row.name,
            column_name=heading,
            part_of=self._code(self._wholes[key]) if key in self._wholes else "",
            parts=self._parts(row, column),
            added_up=_is_worked_out(row, column),
            top=row.level == 1 or bool(row.sum),
            **(said | {"applies_to": self._asked_of[key]}),
        )

    def _code(self, key: Key) -> str:
        return f"{self.code}.{key[0]}.{key[1]}"

    def _parts(self, row: TableRow, column: TableColumn) -> tuple[tuple[int, str], ...]:
        """The cells that one is the sum of: that it is worked out of, else that its row's sum names there,
        else its column's."""
        for parts in (*_worked_out_of(row, column), _of_row(row, column), _of_column(row, column)):
            if there := tuple((sign, self._code(part)) for sign, part in parts if part in self._asked_of):
                return there
        return ()

    @functools.cached_property
    def _sums(self) -> tuple[tuple[tuple[Key, SignedKeys], ...], tuple[tuple[Key, SignedKeys], ...]]:
        """The sums of rows, then of columns, that must hold: the cell, and its parts with their signs.

        A cell that is left out counts for nothing. Only counts, numbers and sums of money are added up: where
        a percentage, a text, a date, yes or no stands there is no sum.
        """
        of_rows, of_columns = list[tuple[Key, SignedKeys]](), list[tuple[Key, SignedKeys]]()
        for row in self.lines:
            for column in self.asked_columns:
                for found, parts in (
                    (of_rows, _of_row(row, column)),
                    (of_columns, _of_column(row, column)),
                ):
                    key = (row.code, column.code)
                    there = tuple((sign, part) for sign, part in parts if part in self._asked_of)
                    if not there or key not in self._asked_of:
                        continue
                    if all(self._type(one) in AMOUNTS for one in (key, *(part for _sign, part in there))):
                        found.append((key, there))
        return tuple(of_rows), tuple(of_columns)

    @functools.cached_property
    def _wholes(self) -> dict[Key, Key]:
        """The cell that each is a part of: of a row's sum, else of a column's; those of no sum left out."""
        wholes: dict[Key, Key] = {}
        for whole, parts in itertools.chain(*self._sums):
            for sign, part in parts:
                if sign > 0:
                    wholes.setdefault(part, whole)
        return wholes

    @functools.cached_property
    def sums(self) -> tuple[tuple[str, tuple[tuple[int, str], ...]], ...]:
        """Every sum that must hold: the cell, and its parts with their signs, row by row; at a cell first
        that of its row. `_sums` says what is none."""
        order = {key: place for place, key in enumerate(self._asked_of)}
        every = sorted(itertools.chain(*self._sums), key=lambda found: order[found[0]])
        return tuple(
            (self._code(whole), tuple((sign, self._code(part)) for sign, part in parts))
            for whole, parts in every
        )


def _likeness(column: TableColumn, other: TableColumn) -> tuple[int, bool]:
    """How many headings two columns share, from the top or from below; whether they stand below the same."""
    path, own = ((*one.under, one.label) for one in (column, other))
    shared = max(
        sum(a == b for a, b in zip(path, own, strict=False)),
        sum(a == b for a, b in zip(reversed(path), reversed(own), strict=False)),
    )
    return shared, other.under == column.under


def _of_row(row: TableRow, column: TableColumn) -> SignedKeys:
    """The parts of a row's sum in a column, with their signs."""
    return tuple((sign, (code, column.code)) for sign, code in signed_codes(row.sum))


def _of_column(row: TableRow, column: TableColumn) -> SignedKeys:
    """The parts of a column's sum in a row, with their signs."""
    return tuple((sign, (row.code, code)) for sign, code in signed_codes(column.sum))


@functools.lru_cache(maxsize=4096)  # every cell of a table asks it of all rows and columns
def signed_codes(text: str) -> tuple[tuple[int, str], ...]:
    """The codes of a sum such as "a + b - c", each with 1 or -1."""
    return tuple((-1 if sign == "-" else 1, code) for sign, code in _SIGNED.findall(text))


_SIGNED = re.compile(r"([+-]?)\s*([a-z][a-z0-9_]*)")


def all_below(code: str, sums: Mapping[str, Iterable[str]]) -> set[str]:
    """The codes that a sum is made of, and those that they are made of; itself among them, where it is a sum
    of itself."""
    ahead, seen = list(sums.get(code, ())), set[str]()
    while ahead:
        part = ahead.pop()
        if part not in seen:
            seen.add(part)
            ahead += sums.get(part, ())
    return seen


def _is_worked_out(row: TableRow, column: TableColumn) -> bool:
    """Whether the cell in this row and this column is never asked."""
    return bool((row.computed and row.sum) or (column.computed and column.sum))


def _worked_out_of(row: TableRow, column: TableColumn) -> tuple[SignedKeys, ...]:
    """The sums that such a cell may be worked out of: its row's goes before its column's."""
    of_row = (_of_row(row, column),) if row.computed and row.sum else ()
    return (*of_row, *((_of_column(row, column),) if column.computed and column.sum else ()))


def _kinds_of_any(said: tuple[str, ...], of_parts: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The kinds of units, of those `said` (none named: all), of whom any part is asked; None: of nobody."""
    if not all(of_parts):
        return said
    any_part = tuple(dict.fromkeys(itertools.chain(*of_parts)))
    return tuple(kind for kind in said if kind in any_part) or None if said else any_part


@dataclass(frozen=True, eq=False)
class TableSum:
    """The cell `whole` of a form's table, which must be the sum of `parts`, each with its sign."""

    whole: str
    parts: tuple[tuple[int, str], ...]
    indicators: Mapping[str, Indicator] = field(repr=False)

    @functools.cached_property
    def sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The cells that make as much together as the others: the whole with what is taken off; the rest."""
        off = tuple(part for sign, part in self.parts if sign < 0)
        return (self.whole, *off), tuple(part for sign, part in self.parts if sign > 0)

    def is_right(self, numbers: Mapping[str, int]) -> bool:
        """Whether it holds to the last digit by whole `numbers` alone, as nearly all do; of any other its
        rule tells."""
        some, others = self.sides
        try:
            return sum(map(numbers.__getitem__, some)) == sum(map(numbers.__getitem__, others))
        except KeyError:
            return False

    @functools.cached_property
    def rule(self) -> Rule:
        """It as a rule."""
        return sum_rule(self.indicators, self.whole, self.parts)


def sum_rule(indicators: Mapping[str, Indicator], code: str, parts: Iterable[tuple[int, str]]) -> Rule:
    """The rule that the cell `code` is the sum of `parts`, each with its sign. Its message names what they
    have in common, the row or the column, once."""
    signed = [(sign, part) for sign, part in parts]
    cells = [indicators[one] for one in (code, *(part for _sign, part in signed))]
    common, names = _named_apart(cells)

    def added(texts: Iterable[str]) -> str:
        signs = ("+" if sign > 0 else "-" for sign, _part in signed)
        every = "".join(f" {sign} {text}" for sign, text in zip(signs, texts, strict=True))
        return every.removeprefix(" + ").strip()

    check = added(part for _sign, part in signed)
    said = []
    for language in ("vi", "en"):
        whole, *others = (name.in_language(language) for name in names)
        heading = f"{common.in_language(language)}: " if common else ""
        said.append(f"{heading}{whole} = {added(others)}")
    message, message_en = (text if len(text) <= 200 else f"{text[:199]}…" for text in said)
    return Rule(code=code, check=f"{code} = {check}", message=message, message_en=message_en)


def _named_apart(cells: Sequence[Indicator]) -> tuple[Phrase | None, list[Phrase]]:
    """What cells of a table have in common that stand in one row or one column, and what tells them apart;
    nothing in common where their names do not say it, or they are not of one line."""
    of_table = [cell for cell in cells if isinstance(cell, TableCell)]
    names = [cell.name for cell in cells]
    if len(of_table) == len(cells) and names != [cell.row_name for cell in of_table]:
        if len({cell.column for cell in of_table}) == 1:
            return of_table[0].column_name, [cell.row_name for cell in of_table]
        if len({cell.row for cell in of_table}) == 1:
            return of_table[0].row_name, [cell.column_name for cell in of_table]
    return None, names
