"""The form: what is asked of the units.

One definition makes the sheets, the checks, the messages, the tables and the report. Its fingerprint is
the hash of what it asks, so comments, spacing and what figures are compared with do not change it.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from reportctl.core.language import Phrase
from reportctl.core.table import CellFormat
from reportctl.form import rules
from reportctl.form.addresses import Addresses
from reportctl.form.digest import digest
from reportctl.form.rules import Reference


class Type(StrEnum):
    """What an answer is."""

    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DATE = "date"
    TEXT = "text"


NUMERIC = frozenset({Type.COUNT, Type.NUMBER, Type.PERCENT, Type.MONEY, Type.YES_NO})
UNSUMMED = frozenset({Type.PERCENT, Type.YES_NO})  # over time nobody adds them up: the last quarter counts
DECIMAL = frozenset({Type.NUMBER, Type.PERCENT, Type.MONEY})
AMOUNTS = frozenset({Type.COUNT, Type.NUMBER, Type.MONEY})

# What a sentence pattern can ask for: {value}, or {CODE.value} of another figure.
SLOTS = ("value", "change_year_ago", "change_previous", "of_plan", "units", "top", "behind", "units_on_plan")
# How a sentence can begin, which needs no figure.
OPENING = "opening"

Aggregate = Literal["sum", "mean", "min", "max", "ratio", "none"]
TimeAggregate = Literal["sum", "last", "mean", "min", "max", "ratio", "none"]
NonEmpty = Annotated[str, Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class _Titled(_Model):
    """What has a code and a title."""

    code: NonEmpty
    title: NonEmpty
    title_en: str = ""

    @property
    def name(self) -> Phrase:
        """Its title in both languages."""
        return Phrase(self.title, self.title_en)


class _Labelled(_Model):
    """What has a code and a label."""

    code: NonEmpty
    label: NonEmpty
    label_en: str = ""

    @property
    def name(self) -> Phrase:
        """Its label in both languages."""
        return Phrase(self.label, self.label_en)


class UnitKind(_Titled):
    """A kind of unit, such as districts or press agencies."""


class Indicator(_Labelled):
    """One figure that is asked for, or (with a numerator and a denominator) worked out from two others."""

    unit_of_measure: str = ""
    unit_of_measure_en: str = ""
    type: Type = Type.COUNT
    over_units: Aggregate = "sum"
    over_time: TimeAggregate = "sum"
    required: bool = True
    applies_to: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    choices: tuple[NonEmpty, ...] = ()
    part_of: str = ""
    numerator: str = ""
    denominator: str = ""
    per: str = ""  # the figure that this one is divided by where it is compared with other units'
    cumulative: bool = False  # what is filled in counts from the beginning of the year
    was: str = ""  # its code in earlier versions of the form
    guide: str = ""
    sentence: str = ""
    sentence_en: str = ""
    sentence_zero: str = ""  # instead, where the figure is zero
    sentence_zero_en: str = ""
    short: str = ""  # what the columns of tables by unit call it
    short_en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _words_are_not_added_up(cls, data: Any) -> Any:
        if isinstance(data, dict) and str(data.get("type")) in set(Type) - NUMERIC:
            return {"over_units": "none", "over_time": "none", **data}
        return data

    @model_validator(mode="after")
    def _the_last_quarter_counts(self) -> Self:
        # What the file does not say stays unsaid: the fingerprint goes by that.
        if self.type in UNSUMMED and "over_time" not in self.model_fields_set:
            object.__setattr__(self, "over_time", "last")
        return self

    @property
    def measure(self) -> Phrase:
        """Its unit of measure in both languages."""
        return Phrase(self.unit_of_measure, self.unit_of_measure_en)

    @property
    def short_name(self) -> Phrase:
        """What it is called where there is little room."""
        return Phrase(self.short or self.label, self.short_en or self.label_en)

    @property
    def computed(self) -> bool:
        """Whether it is a share, worked out from a numerator and a denominator."""
        return bool(self.numerator)

    @property
    def filled_in(self) -> bool:
        """Whether units fill it in; else it is worked out from what they fill in."""
        return not self.computed

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers; yes and no count as 1 and 0."""
        return self.type in NUMERIC

    @property
    def amount(self) -> bool:
        """Whether it is a count, a number or a sum of money that is filled in."""
        return self.type in AMOUNTS and self.filled_in


class Section(_Titled):
    """A titled group of indicators.

    `chart` is what the report's chart of it shows: its figures beside those of other periods ("column"), its
    units ("bar") or the last quarters ("line"); of the figure `chart_of` where that is named.
    """

    sentence: str = ""
    sentence_en: str = ""
    chart: Literal["column", "bar", "line", "none"] = "column"
    chart_of: str = ""
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class _OfCells(_Model):
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
    `computed` it is never asked, but worked out. What it `is`: asked (a value), or filled in by the program.
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
    was: str = ""

    @property
    def name(self) -> Phrase:
        """Its label in both languages."""
        return Phrase(self.label, self.label_en)


def headings(column: TableColumn | ListColumn) -> tuple[Phrase, ...]:
    """The headings that a column of a table or list stands below, the top one first, in both languages."""
    pairs = itertools.zip_longest(column.under, column.under_en, fillvalue="")
    return tuple(itertools.starmap(Phrase, pairs))


def whole_heading(column: TableColumn | ListColumn) -> Phrase:
    """A column's label after the headings above it: “Công lập / Nữ”."""
    parts = (*headings(column), column.name)
    return Phrase(*(" / ".join(one.in_language(language) for one in parts) for language in ("vi", "en")))


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


class FormTable(_Titled, _OfCells):
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
        column that it stands beside.

        That is the one that shares most headings with it, level by level from the top or from below: "Kỳ này
        / Nữ", or "Nữ", for "Kỳ trước / Nữ". Of several one below the same headings, then the nearest one to
        the left, else to the right.
        """
        if column.is_ == "value":
            return column
        codes = [one.code for one in self.columns]
        place, path = codes.index(column.code), (*column.under, column.label)

        def likeness(other: TableColumn) -> tuple[int, bool, bool, int]:
            at, own = codes.index(other.code), (*other.under, other.label)
            shared = max(
                sum(a == b for a, b in zip(path, own, strict=False)),
                sum(a == b for a, b in zip(reversed(path), reversed(own), strict=False)),
            )
            return shared, other.under == column.under, at < place, -abs(at - place)

        return max(self.asked_columns, key=likeness)

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


def _of_row(row: TableRow, column: TableColumn) -> SignedKeys:
    """The parts of a row's sum in a column, with their signs."""
    return tuple((sign, (code, column.code)) for sign, code in signed_codes(row.sum))


def _of_column(row: TableRow, column: TableColumn) -> SignedKeys:
    """The parts of a column's sum in a row, with their signs."""
    return tuple((sign, (row.code, code)) for sign, code in signed_codes(column.sum))


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


_CELL = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*|\*)\.([a-z][a-z0-9_]*|\*)")


_SUMMED = re.compile(r"\bsum\s*\(([^()]*)\)")  # in brackets are names alone


def _placed(found: re.Match[str], row: str, column: str) -> str:
    """A cell of a rule with this row and this column in place of *."""
    parts = (row if found[2] == "*" else found[2], column if found[3] == "*" else found[3])
    return ".".join((found[1], *parts))


@functools.lru_cache(maxsize=4096)  # every cell of a table asks it of all rows and columns
def signed_codes(text: str) -> tuple[tuple[int, str], ...]:
    """The codes of a sum such as "a + b - c", each with 1 or -1."""
    return tuple((-1 if sign == "-" else 1, code) for sign, code in _SIGNED.findall(text))


_SIGNED = re.compile(r"([+-]?)\s*([a-z][a-z0-9_]*)")


class ListColumn(_Labelled):
    """One column of a list, below the headings `under` (in English `under_en`). What is a number is added up
    over the rows, and over units, where `over_units` is "sum". `was` is its code in earlier versions of the
    form."""

    type: Type = Type.TEXT
    required: bool = True
    unit_of_measure: str = ""
    min: float | None = None
    max: float | None = None
    choices: tuple[NonEmpty, ...] = ()
    under: tuple[NonEmpty, ...] = ()
    under_en: tuple[NonEmpty, ...] = ()
    over_units: Literal["none", "sum"] = "none"
    was: str = ""


class ListSection(_Titled):
    """A list with a row for each event; `rows` is how many the sheet has room for.

    `key` is the column that names a row: the same name twice is a finding. `total`: below the rows stands a
    line with their sums. `over_time`: what a period of several quarters has of it, as `counts` says; None:
    what goes without saying. `was` is its code in earlier versions of the form.
    """

    rows: int = Field(default=20, ge=1, le=500)
    applies_to: tuple[str, ...] = ()
    columns: tuple[ListColumn, ...] = Field(min_length=1)
    key: str = ""
    total: bool = False
    over_time: Literal["sum", "last"] | None = None
    was: str = ""

    @model_validator(mode="after")
    def _what_goes_without_saying(self) -> Self:
        # Said or not, it is the same form: the fingerprint goes by that.
        if self.over_time == self._by_itself:
            object.__setattr__(self, "over_time", None)
        return self

    @property
    def _by_itself(self) -> Literal["sum", "last"]:
        return "last" if self.key else "sum"

    @property
    def counts(self) -> Literal["sum", "last"]:
        """Which rows a period of several quarters has: "sum" those of all quarters, each of which lists other
        things, such as events; "last" those of its last quarter that has any: a register of what there is.

        A `key` names things that stay, so that without a word it is "last" with one and "sum" without.
        """
        return self.over_time or self._by_itself


class TextQuestion(_Labelled):
    """A question answered in words; `about`: what the answers are about. In a report over several quarters
    those about the period after are the last quarter's: what was to come for earlier ones is past."""

    required: bool = False
    applies_to: tuple[str, ...] = ()
    max_words: int | None = Field(default=None, ge=1)
    guide: str = ""
    about: Literal["period", "next_period"] = "period"


class Theme(_Model):
    """What units' texts can be about: the report puts lines with any of its `words` together."""

    title: NonEmpty
    title_en: str = ""
    words: Annotated[tuple[NonEmpty, ...], Field(min_length=1)]

    @property
    def name(self) -> Phrase:
        """Its title in both languages."""
        return Phrase(self.title, self.title_en)


class Rule(_Model):
    """What must hold between figures; `check` is an expression of `form/rules.py`. `tolerance` is by how much
    two sides may differ besides rounding, `missing` what a blank figure does."""

    code: NonEmpty
    check: NonEmpty
    severity: Literal["error", "warning", "note"] = "error"
    message: Annotated[str, Field(min_length=1, max_length=200)]
    message_en: Annotated[str, Field(max_length=200)] = ""
    tolerance: float = Field(default=0, ge=0)
    missing: Literal["skip", "zero", "error"] = "skip"

    @property
    def policy(self) -> rules.Policy:
        """How it is judged."""
        return rules.Policy(self.tolerance, self.missing)

    def with_check(self, check: str) -> Rule:
        """The same rule with another expression, which can be read."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        return Rule.model_construct(self.model_fields_set, **(said | {"check": check}))

    @property
    def words(self) -> Phrase:
        """Its message in both languages."""
        return Phrase(self.message, self.message_en)

    @functools.cached_property
    def node(self) -> rules.Node:
        """The parsed expression."""
        return rules.parse(self.check)


class Form(_Model):
    """The whole form."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    title: NonEmpty
    title_en: str = ""
    kinds: tuple[UnitKind, ...] = Field(min_length=1)
    sections: tuple[Section, ...] = ()
    tables: tuple[FormTable, ...] = ()
    lists: tuple[ListSection, ...] = ()
    texts: tuple[TextQuestion, ...] = ()
    themes: tuple[Theme, ...] = ()
    rules: tuple[Rule, ...] = ()
    # No field: where answers stand is no part of what is asked, nor of its fingerprint.
    _addresses: Addresses | None = PrivateAttr(default=None)

    @property
    def addresses(self) -> Addresses | None:
        """Where its answers stand in the office's own workbook; None where the program makes workbooks."""
        return self._addresses

    def standing_at(self, addresses: Addresses | None) -> Form:
        """The same form, with its answers at those places."""
        placed = self.model_copy()
        placed._addresses = addresses
        return placed

    def __hash__(self) -> int:
        """Of `reading`, which is worked out once: equal forms have the same.

        Their fingerprints may differ by what one file says and the other leaves to the program.
        """
        return hash(self.reading)

    @property
    def name(self) -> Phrase:
        """Its title in both languages."""
        return Phrase(self.title, self.title_en)

    @functools.cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by code: those of the sections in their order, then the cells of the tables."""
        return {i.code: i for section in self.all_sections for i in section.indicators}

    @functools.cached_property
    def codes(self) -> frozenset[str]:
        """Every code that a workbook sent out bears, the form's own among them; those of rows and columns
        with that of their table or list before them."""
        tables = {f"{one.code}.{line.code}" for one in self.tables for line in one.lines}
        tables |= {f"{one.code}.{column.code}" for one in self.tables for column in one.columns}
        lists = {".".join(pair) for pair in self.list_columns}
        return frozenset({self.id, *self.indicators, *tables, *lists, *(one.code for one in self.texts)})

    @functools.cached_property
    def all_sections(self) -> tuple[Section, ...]:
        """The sections, then each table as one, with its cells as indicators."""
        return (
            *self.sections,
            *(
                Section(
                    code=table.code,
                    title=table.title,
                    title_en=table.title_en,
                    chart="none",
                    indicators=tuple(table.cells.values()),
                )
                for table in self.tables
            ),
        )

    @functools.cached_property
    def list_columns(self) -> dict[tuple[str, str], ListColumn]:
        """The columns of the lists by the codes of list and column."""
        return {(section.code, column.code): column for section in self.lists for column in section.columns}

    @functools.cached_property
    def renamed(self) -> dict[str, str]:
        """The codes of indicators by those that they had in earlier versions of the form.

        A cell has another code where its row or its column has.
        """
        found = {one.was: one.code for s in self.sections for one in s.indicators if one.was}
        for table in self.tables:
            rows, columns = (
                {one.code: [one.code, one.was] if one.was else [one.code] for one in group}
                for group in (table.lines, table.asked_columns)
            )
            found |= {
                f"{table.code}.{row}.{column}": cell.code
                for (row_now, column_now), cell in table.cells.items()
                for row in rows[row_now]
                for column in columns[column_now]
            }
        return {old: code for old, code in found.items() if old not in self.indicators}

    @functools.cached_property
    def renamed_lists(self) -> dict[str, str]:
        """The codes of lists by those that they had in earlier versions of the form."""
        now = {one.code for one in self.lists}
        return {one.was: one.code for one in self.lists if one.was and one.was not in now}

    @functools.cached_property
    def renamed_columns(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The codes of list and column by those that they had in earlier versions of the form: a column has
        others where its own has changed or its list's. Those of columns that were renamed come first."""
        found = {
            (of, column_code): (section.code, column.code)
            for section in self.lists
            for column in section.columns
            for of in filter(None, (section.code, section.was))
            for column_code in filter(None, (column.code, column.was))
        }
        gone = [old for old in found if old not in self.list_columns]
        return {old: found[old] for old in sorted(gone, key=lambda one: one[1] == found[one][1])}

    @functools.cached_property
    def all_renamed(self) -> dict[str, str]:
        """The codes of figures, of lists and of columns of lists (`list.column`) by those that they had in
        earlier versions of the form."""
        columns = {".".join(old): ".".join(new) for old, new in self.renamed_columns.items()}
        return self.renamed | self.renamed_lists | columns

    def made_of(self, code: str) -> list[str]:
        """The codes of the figures that are filled in of which this one is worked out, or its own."""
        indicator = self.indicators[code]
        if indicator.computed:
            parts = [indicator.numerator, indicator.denominator]
        elif isinstance(indicator, TableCell) and indicator.added_up:
            parts = [part for _sign, part in indicator.parts]
        else:
            return [code]
        return list(dict.fromkeys(one for part in parts for one in self.made_of(part)))

    @functools.cached_property
    def compared(self) -> dict[str, Indicator]:
        """The counts, numbers and amounts of money that are compared with earlier quarters and other units.

        Of a table these are the cells that it says; sums of cells are among them.
        """
        asked = [one for section in self.sections for one in section.indicators if one.amount]
        cells = [
            cell
            for table in self.tables
            for cell in table.cells.values()
            if cell.type in AMOUNTS and (table.compared == "all" or (table.compared == "totals" and cell.top))
        ]
        return {one.code: one for one in (*asked, *cells)}

    def is_rounded(self, reference: Reference) -> bool:
        """Whether what a rule asks for is typed with decimals, so that people have rounded it."""
        if reference.what in rules.FIGURES:
            indicator = self.indicators.get(reference.code)
            return bool(indicator and indicator.type in DECIMAL and not indicator.computed)
        column = self.list_columns.get((reference.code, reference.column))
        return bool(column and column.type in DECIMAL)

    @functools.cached_property
    def every_rule(self) -> tuple[Rule, ...]:
        """The rules, those with * once for every row or column."""
        return tuple(each for rule in self.rules for each in self.each(rule))

    @functools.cached_property
    def table_sums(self) -> tuple[TableSum, ...]:
        """The sums of the tables that must hold: those of cells that are filled in."""
        return tuple(
            TableSum(code, parts, self.indicators)
            for table in self.tables
            for code, parts in table.sums
            if self.indicators[code].filled_in
        )

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """The rules, those with * once for every row or column, then the sums of the tables."""
        return (*self.every_rule, *(one.rule for one in self.table_sums))

    @functools.cached_property
    def asks_earlier(self) -> bool:
        """Whether a rule asks for figures of earlier quarters."""
        return any(rule.node.earlier for rule in self.rules)

    def each(self, rule: Rule) -> tuple[Rule, ...]:
        """A rule with the codes of figures in place of what it adds up; with * once for every row or column
        that has all the cells it speaks of."""
        return tuple(self._for_every(self._with_sums(rule)))

    @functools.cached_property
    def shows_earlier(self) -> bool:
        """Whether a table has a column in which the program fills in other than the quarter before."""
        shown = {column.is_ for table in self.tables for column in table.columns}
        return not shown.isdisjoint(("year_ago", "to_date", "plan"))

    def _with_sums(self, rule: Rule) -> Rule:
        """The rule with the codes of figures in place of the sections and lines that it adds up."""
        check = _SUMMED.sub(lambda found: f"sum({', '.join(self._all_added(found[1]))})", rule.check)
        return rule if check == rule.check else rule.with_check(check)

    def _all_added(self, codes: str) -> Iterator[str]:
        for code in codes.split(","):
            name = "".join(code.split())
            yield from (name,) if name in self.indicators else self.added(name)

    def added(self, code: str) -> tuple[str, ...]:
        """The figures that a sum over the section or table `code`, or over the cells of `table.row.*` or
        `table.*.column`, adds up: its counts, numbers and sums of money.

        Nothing is counted twice: a section's figures that are parts of another one of it are left out, and so
        are cells that are themselves the sum of others there.
        """
        for section in self.sections:
            if section.code == code:
                amounts = {one.code: one for one in section.indicators if one.amount}
                return tuple(key for key, one in amounts.items() if one.part_of not in amounts)
        pattern = (code if "." in code else f"{code}.*.*").split(".")
        for table in self.tables:
            if table.code == pattern[0]:
                sums = dict[str, set[str]]()
                for whole, parts in table.sums:
                    sums.setdefault(whole, set()).update(part for _sign, part in parts)
                there = [
                    cell.code
                    for cell in table.cells.values()
                    if cell.type in AMOUNTS
                    and pattern[1] in (cell.row, "*")
                    and pattern[2] in (cell.column, "*")
                ]
                return tuple(one for one in there if sums.get(one, set()).isdisjoint(there))
        return ()

    def _for_every(self, rule: Rule) -> Iterator[Rule]:
        """The rule for every row or column that it speaks of with *, where all its cells are asked."""
        cells = _CELL.findall(rule.check)
        if not any("*" in parts for _table, *parts in cells):
            yield rule
            return
        tables = {table.code: table for table in self.tables}
        rows = [[r.code for r in tables[t].lines] for t, row, _c in cells if row == "*" and t in tables]
        columns = [
            [c.code for c in tables[t].asked_columns] for t, _r, c in cells if c == "*" and t in tables
        ]
        both = (
            [code for code in codes[0] if all(code in each for each in codes)] if codes else ["*"]
            for codes in (rows, columns)
        )
        for row, column in itertools.product(*both):
            check = _CELL.sub(functools.partial(_placed, row=row, column=column), rule.check)
            own = rule.with_check(check)
            of_figures = (r.code for r in own.node.references if r.what in (*rules.FIGURES, "blank"))
            if all(code in self.indicators for code in of_figures):
                yield own

    @functools.cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change when, and only when, what the form asks changes.

        What figures are compared with, charts, themes of texts and what these are about, and the report's
        sentences for sections and for zeros, are left out, and so are keys of later versions of this program
        where they are not used: workbooks that were sent out stay valid.
        """
        left_out = {
            "Form": ("themes",),
            "Section": _OF_SECTIONS,
            "Indicator": _REPORTED,
            "FormTable": _COMPARED,
            "TableRow": _NAMED,
            "TableColumn": _NAMED,
            "ListSection": _NAMED,
            "ListColumn": _NAMED,
            "TextQuestion": _TEXTS_REPORTED,
        }
        return digest(self, left_out)

    @functools.cached_property
    def reading(self) -> str:
        """As `fingerprint`, of what the cells of a returned workbook are read by.

        Left out besides are rules and what is asked of answers once they are read, how they are aggregated,
        and what only guides people.
        """
        left_out = {
            "Form": ("rules", "themes"),
            "Section": _OF_SECTIONS,
            "Indicator": (*_REPORTED, *_CHECKED),
            "FormTable": (*_COMPARED, *_CHECKED),
            "TableRow": (*_NAMED, *_CHECKED),
            "TableColumn": (*_NAMED, *_CHECKED),
            "ListSection": (*_NAMED, "over_time"),
            "ListColumn": _NAMED,
            "TextQuestion": (*_TEXTS_REPORTED, "required", "max_words", "guide"),
        }
        return digest(self, left_out)


# What the report says and draws of a section.
_OF_SECTIONS = ("sentence", "sentence_en", "chart", "chart_of")
# Fields of an indicator: with what it is compared, what the report says of it, what it was called.
_REPORTED = ("per", "cumulative", "sentence_zero", "sentence_zero_en", "short", "short_en", "was")
_TEXTS_REPORTED = ("about",)  # of a question answered in words
_NAMED = ("was",)  # what rows, columns and lists were called
_COMPARED = ("compared",)  # which cells of a table are
# What is asked of its answers, how they are aggregated, what guides people.
_CHECKED = ("required", "over_units", "over_time", "guide", "sentence", "sentence_en")


def applies(item: Indicator | ListSection | TextQuestion, kind: str) -> bool:
    """Whether units of `kind` are asked for `item`."""
    return not item.applies_to or kind in item.applies_to


KIND_OF: Mapping[Type, CellFormat] = {
    Type.COUNT: CellFormat.COUNT,
    Type.NUMBER: CellFormat.NUMBER,
    Type.PERCENT: CellFormat.PERCENT,
    Type.MONEY: CellFormat.MONEY,
    Type.YES_NO: CellFormat.COUNT,  # of a province: how many units say yes
    Type.CHOICE: CellFormat.TEXT,
    Type.DATE: CellFormat.DATE,
    Type.TEXT: CellFormat.TEXT,
}
# Of a single unit's answers.
ANSWER_KIND_OF: Mapping[Type, CellFormat] = {**KIND_OF, Type.YES_NO: CellFormat.YES_NO}
