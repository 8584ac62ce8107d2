"""Where everything stands in a workbook, as data: the only place that knows an address.

In the program's own workbooks figures, texts and lists have a sheet each. Column A and, on list sheets, one
row are hidden and carry codes; cell A1 of each sheet carries the workbook's identity. In an office's own
workbook answers stand where its addresses say.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.cellrefs import cell_name, column_name, quoted, sheet_name
from reportctl.form import rules
from reportctl.form.addresses import Addresses, CellAddress
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form, ListColumn, ListSection, Section, TextQuestion, applies
from reportctl.form.rules import EARLIER, Reference, Rule
from reportctl.form.submission import Identity
from reportctl.form.tables import FormTable, TableCell, TableRow

INSTRUCTIONS = "Hướng dẫn"
FIGURES = "Số liệu"
TEXTS = "Phần lời"
TEXTS_BEFORE = "Văn bản"  # its name in workbooks that are out already
META = "_reportctl"
LISTING_MARK = "reportctl: marks"  # cell A1 of the sheet that a marked copy begins with
YES, NO = "Có", "Không"
NOT_APPLICABLE = rules.NOT_APPLICABLE
ESTIMATE_MARK = "x"

# Columns of the figures sheet, counted from 0.
CODE_COLUMN, NUMBER_COLUMN, LABEL_COLUMN, MEASURE_COLUMN = 0, 1, 2, 3
PREVIOUS_COLUMN, VALUE_COLUMN, ESTIMATE_COLUMN, CHECK_COLUMN = 4, 5, 6, 7
REQUIRED_COLUMN = 8  # hidden; 1 where the line must be filled in, for the line that counts what is empty
# Columns of the texts sheet.
TEXT_LABEL_COLUMN, TEXT_COLUMN, TEXT_CHECK_COLUMN, TEXT_REQUIRED_COLUMN = 2, 3, 4, 5
# Rows of every sheet, counted from 0: title, unit, period, what is still empty; then the header.
TITLE_ROW, UNIT_ROW, PERIOD_ROW, EMPTY_ROW, HEADER_ROW = 0, 1, 2, 3, 5
# List sheets have their hidden row of column codes above the header; the first list column stands at C.
LIST_CODES_ROW = 4
LIST_FIRST_COLUMN = 2
# The hidden sheet: META_ROWS in A and B; from this column on the answers to choose from, a column a set.
META_ROWS = ("form", "fingerprint", "unit", "period")
ANSWERS_COLUMN = 3

_PREFIX = "reportctl"


@dataclass(frozen=True, slots=True)
class Place:
    """One cell; row and column are counted from 0."""

    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        """Its reference without the sheet, such as D7."""
        return cell_name(self.row, self.column)

    @property
    def in_sheet(self) -> str:
        """Its absolute reference without the sheet, such as $D$7."""
        return f"${column_name(self.column)}${self.row + 1}"

    @property
    def absolute(self) -> str:
        """Its absolute reference with the sheet, such as 'Số liệu'!$D$7."""
        return f"{quoted(self.sheet)}!{self.in_sheet}"

    def down(self, rows: int) -> str:
        """The absolute reference of the `rows` cells from here on downwards."""
        return f"{self.absolute}:${column_name(self.column)}${self.row + rows}"


@dataclass(frozen=True, slots=True)
class IndicatorPlace:
    """An indicator's line: where its value stands; in the program's own workbooks also, beside it, its
    estimate mark, last quarter's figure and check."""

    indicator: Indicator
    section: Section
    number: str  # as printed before the label: 1, 2, 2.1
    value: Place

    @property
    def estimate(self) -> Place:
        """Where the figure is marked as an estimate."""
        return Place(self.value.sheet, self.value.row, ESTIMATE_COLUMN)

    @property
    def previous(self) -> Place:
        """Where last quarter's figure stands."""
        return Place(self.value.sheet, self.value.row, PREVIOUS_COLUMN)

    @property
    def check(self) -> Place:
        """Where it is said what is wrong with the figure."""
        return Place(self.value.sheet, self.value.row, CHECK_COLUMN)


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """A section's heading line on the figures sheet."""

    section: Section
    number: str
    row: int


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A text question's line."""

    question: TextQuestion
    number: str
    value: Place


@dataclass(frozen=True, slots=True, eq=False)
class ListPlace:
    """A list's sheet: its input rows are `rows` lines from `first_row` on, a column for each list column
    under headings that are a tree and begin in the line `head`. `total_row` is the line of its total, None
    where it has none.

    Equal is only itself, as for `Layout`.
    """

    section: ListSection
    sheet: str
    head: int
    first_row: int
    rows: int
    columns: Mapping[str, int]
    total_row: int | None

    @property
    def heads(self) -> int:
        """How many lines the headings take."""
        return self.first_row - self.head

    @property
    def last_row(self) -> int:
        """The last input row."""
        return self.first_row + self.rows - 1

    @property
    def total_code(self) -> str:
        """The hidden code of the line of the total."""
        return f"{self.section.code}.total"

    def column(self, code: str) -> int:
        """The sheet column of the list column `code`, counted from 0."""
        return self.columns[code]

    def place(self, code: str, number: int) -> Place:
        """The cell of column `code` in the input row `number`, counted from 1."""
        return Place(self.sheet, self.first_row + number - 1, self.column(code))

    def row_code(self, number: int) -> str:
        """The hidden code of the input row `number`, counted from 1."""
        return f"{self.section.code}.{number}"

    def column_code(self, code: str) -> str:
        """The hidden code above the list column `code`."""
        return f"{self.section.code}.{code}"

    @property
    def check_column(self) -> int:
        """The column after the list's own, which says what a row lacks."""
        return max(self.columns.values()) + 1

    @property
    def area(self) -> str:
        """The input rows as an absolute reference."""
        first, last = min(self.columns.values()), max(self.columns.values())
        end = Place(self.sheet, self.last_row, last).in_sheet
        return f"{Place(self.sheet, self.first_row, first).absolute}:{end}"

    def column_area(self, code: str) -> str:
        """The input cells of one list column as an absolute reference."""
        return self.place(code, 1).down(self.rows)

    @property
    def count_expression(self) -> str:
        """An Excel expression that counts the rows in which anything is filled in."""
        filled = "+".join(f'({self.column_area(column.code)}<>"")' for column in self.section.columns)
        return f"SUMPRODUCT(--(({filled})>0))"


@dataclass(frozen=True, slots=True, eq=False)
class TablePlace:
    """A table's sheet: headings from the line `head` to before `first_row` (the tree of the columns, then
    their numbers), below them a line for each row and caption. `rows` and `columns` are the sheet's lines and
    columns by code.

    Equal is only itself, as for `Layout`.
    """

    table: FormTable
    sheet: str
    head: int
    first_row: int
    rows: Mapping[str, int]
    captions: Mapping[int, TableRow]
    columns: Mapping[str, int]
    cells: Mapping[tuple[str, str], TableCell]

    @property
    def heads(self) -> int:
        """How many lines the headings take."""
        return self.first_row - self.head

    @property
    def last_row(self) -> int:
        """The last line."""
        return max((*self.rows.values(), *self.captions))

    @property
    def check_column(self) -> int:
        """The column after the table's own, which says what is wrong in a row."""
        return max(self.columns.values()) + 1

    @property
    def required_column(self) -> int:
        """The hidden column with the number of cells of a row that must be filled in and are empty."""
        return self.check_column + 1

    def place(self, row: str, column: str) -> Place:
        """The cell in this row and column."""
        return Place(self.sheet, self.rows[row], self.columns[column])

    def row_code(self, row: str) -> str:
        """The hidden code of a row."""
        return f"{self.table.code}.{row}"

    def column_code(self, column: str) -> str:
        """The hidden code above a column."""
        return f"{self.table.code}.{column}"


@dataclass(frozen=True, eq=False)
class Layout:
    """Everything's place in the workbook of one kind of unit.

    Equal is only itself: `layout` gives the same one again, and what is worked out from it can be kept by it.
    """

    form: Form
    kind: str
    sections: tuple[SectionPlace, ...]
    indicators: dict[str, IndicatorPlace]
    texts: dict[str, TextPlace]
    lists: dict[str, ListPlace]
    tables: dict[str, TablePlace]
    addresses: Addresses | None = None  # of the office's own workbook, where it is that

    @functools.cached_property
    def cells(self) -> dict[str, tuple[TableCell, Place]]:
        """The cells of the tables that the unit is asked, or that are worked out, by code."""
        return {
            cell.code: (cell, place.place(*key))
            for place in self.tables.values()
            for key, cell in place.cells.items()
        }

    @property
    def sheets(self) -> tuple[str, ...]:
        """The visible sheets that hold answers, in order."""
        if self.addresses:
            own = [table.sheet for table in self.tables.values()]
            own += [listed.sheet for listed in self.lists.values()]
            own += [line.value.sheet for line in self.indicators.values()]
            own += [text.value.sheet for text in self.texts.values()]
            return tuple(dict.fromkeys(own))
        figures = (FIGURES,) if self.indicators else ()
        texts = (TEXTS,) if self.texts else ()
        tables = (place.sheet for place in self.tables.values())
        return (*figures, *tables, *texts, *(place.sheet for place in self.lists.values()))

    def address(self, reference: Reference) -> str | None:
        """The cell or expression that a rule's reference stands for; None where this workbook has none.

        Yes and no, which are typed as words, count as 1 and 0.
        """
        if reference.what in rules.FIGURES:
            line, cell_of_table = self.indicators.get(reference.code), self.cells.get(reference.code)
            at: Place | None = None
            if line is not None:
                indicator = line.indicator
                at = {"value": line.value, "previous": line.previous}.get(reference.what)
            elif cell_of_table is not None:
                indicator, at = cell_of_table
                if reference.what in EARLIER:
                    at = self._beside(cell_of_table[0], reference.what)
            if at is None:
                return None
            cell = at.absolute
            if indicator.computed and reference.what == "value":
                return self._share(indicator, cell)
            if indicator.type is not Type.YES_NO:
                return cell
            return f'IF({cell}="{YES}",1,IF({cell}="{NO}",0,{cell}&""))'
        section = self.lists.get(reference.code)
        if section is None:
            return None
        return section.count_expression if reference.what == "rows" else section.column_area(reference.column)

    def _share(self, indicator: Indicator, cell: str) -> str | None:
        """A share's cell, blank where there is none, as an expression that tells why: it does not apply where
        one of its figures does not, or where there is no whole. None where the unit is not asked for both."""
        parts = (self.indicators.get(code) for code in (indicator.numerator, indicator.denominator))
        top, bottom = (part.value.absolute if part else "" for part in parts)
        if not top or not bottom:
            return None
        gone = f'{top}="{NOT_APPLICABLE}",{bottom}="{NOT_APPLICABLE}",AND(ISNUMBER({bottom}),N({bottom})=0)'
        return f'IF(OR({gone}),"{NOT_APPLICABLE}",{cell})'

    def _beside(self, cell: TableCell, role: str) -> Place | None:
        """Where a table shows the figure of an earlier quarter beside `cell`; None where it does not."""
        place = self.tables[cell.table]
        shown = (column for column in place.table.columns if column.is_ == role)
        column = next((one for one in shown if place.table.source_of(one).code == cell.column), None)
        return place.place(cell.row, column.code) if column else None

    def says(self, rule: Rule) -> bool:
        """Whether the workbook holds all that the rule asks of earlier quarters."""
        return all(self.address(asked) for asked in rule.node.earlier)

    @functools.cached_property
    def rules(self) -> Mapping[str, Sequence[Rule]]:
        """The rules that apply here, by the code of the indicator, cell or list at which they are shown.

        That is a rule's first indicator that the unit is asked, else its first list; a rule of which it is
        asked neither is left out, and so is one that asks for an earlier figure that is not shown.
        """
        shown: dict[str, list[Rule]] = {}
        figures = self.indicators.keys() | self.cells.keys()
        for rule in filter(self.says, self.form.all_rules):
            asked = [reference.code for reference in rule.node.references]
            for places in (figures, self.lists.keys()):
                if code := next((code for code in asked if code in places), ""):
                    shown.setdefault(code, []).append(rule)
                    break
        return shown

    def answers(self) -> dict[tuple[str, ...], Place]:
        """Every set of answers to choose from here, and the first cell of its column on the hidden sheet."""
        asked: list[Indicator | ListColumn] = [place.indicator for place in self.indicators.values()]
        asked += [cell for cell, _place in self.cells.values()]
        asked += [column for place in self.lists.values() for column in place.section.columns]
        sets = dict.fromkeys(choices for item in asked if (choices := answers_to(item)))
        return {choices: Place(META, 0, ANSWERS_COLUMN + n) for n, choices in enumerate(sets)}


@functools.lru_cache(maxsize=64)
def layout(form: Form, kind: str) -> Layout:
    """The layout of the workbook that units of `kind` get: the office's own one where the form has addresses.

    Else on the figures sheet a heading for each section and a line for each indicator, parts numbered below
    their whole; on the texts sheet a line for each question; a sheet for each list.
    """
    if form.addresses:
        return _in_own_workbook(form, form.addresses, kind)
    sections: list[SectionPlace] = []
    indicators: dict[str, IndicatorPlace] = {}
    row = HEADER_ROW + 1
    for section in form.sections:
        asked = [indicator for indicator in section.indicators if applies(indicator, kind)]
        if not asked:
            continue
        sections.append(SectionPlace(section, roman(len(sections) + 1), row))
        row += 1
        whole, part = 0, 0
        for indicator in asked:
            if indicator.part_of in indicators and whole:
                part += 1
                number = f"{whole}.{part}"
            else:
                whole, part = whole + 1, 0
                number = str(whole)
            value = Place(FIGURES, row, VALUE_COLUMN)
            indicators[indicator.code] = IndicatorPlace(indicator, section, number, value)
            row += 1
    texts: dict[str, TextPlace] = {}
    for question in form.texts:
        if applies(question, kind):
            row = HEADER_ROW + 1 + len(texts)
            value = Place(TEXTS, row, TEXT_COLUMN)
            texts[question.code] = TextPlace(question, str(len(texts) + 1), value)
    lists = {}
    for listed in form.lists:
        if not applies(listed, kind):
            continue
        first = HEADER_ROW + 1 + max(len(column.under) for column in listed.columns)
        lists[listed.code] = ListPlace(
            listed,
            sheet_name(listed.title),
            HEADER_ROW,
            first,
            listed.rows,
            {column.code: LIST_FIRST_COLUMN + n for n, column in enumerate(listed.columns)},
            first + listed.rows if listed.total else None,
        )
    tables = {}
    for table in form.tables:
        cells = {key: cell for key, cell in table.cells.items() if applies(cell, kind)}
        if not cells:
            continue
        first = HEADER_ROW + 2 + max(len(column.under) for column in table.columns)
        # Number, label, unit of measure where rows have one; then the table's own columns.
        before = 3 + any(row.unit_of_measure for row in table.rows)
        tables[table.code] = TablePlace(
            table,
            sheet_name(table.title),
            HEADER_ROW,
            first,
            {row.code: first + n for n, row in enumerate(table.rows) if not row.caption},
            {first + n: row for n, row in enumerate(table.rows) if row.caption},
            {column.code: before + n for n, column in enumerate(table.columns)},
            cells,
        )
    return Layout(form, kind, tuple(sections), indicators, texts, lists, tables)


def _in_own_workbook(form: Form, at: Addresses, kind: str) -> Layout:
    """The layout of the office's own workbook; what the addresses do not name has no place."""
    indicators = {
        one.code: IndicatorPlace(one, section, "", _place(at.cells[one.code]))
        for section in form.sections
        for one in section.indicators
        if applies(one, kind) and one.code in at.cells
    }
    texts = {
        one.code: TextPlace(one, "", _place(at.cells[one.code]))
        for one in form.texts
        if applies(one, kind) and one.code in at.cells
    }
    lists = {
        one.code: ListPlace(
            one,
            own.sheet,
            own.head,
            own.first_row,
            own.last_row - own.first_row + 1,
            own.columns,
            own.total_row,
        )
        for one in form.lists
        if applies(one, kind) and (own := at.lists.get(one.code))
    }
    tables = {}
    for table in form.tables:
        if (of := at.tables.get(table.code)) is None:
            continue
        cells = {
            key: cell
            for key, cell in table.cells.items()
            if applies(cell, kind) and key[0] in of.rows and key[1] in of.columns
        }
        if cells:
            captions = {row: table.rows[n] for n, row in of.captions.items() if n < len(table.rows)}
            tables[table.code] = TablePlace(
                table, of.sheet, of.head, of.first_row, of.rows, captions, of.columns, cells
            )
    return Layout(form, kind, (), indicators, texts, lists, tables, at)


def _place(at: CellAddress) -> Place:
    return Place(at.sheet, at.row, at.column)


def unplaced(form: Form, addresses: Addresses) -> list[str]:
    """What the form asks and the addresses do not name: the codes of figures, texts and lists, of a table
    `table.row` or `table.*.column`."""
    cells = [one.code for section in form.sections for one in section.indicators if one.filled_in]
    found = [code for code in (*cells, *(one.code for one in form.texts)) if code not in addresses.cells]
    for table in form.tables:
        at = addresses.tables.get(table.code)
        if at is None:
            found.append(table.code)
            continue
        asked = [key for key, cell in table.cells.items() if cell.filled_in]
        found += dict.fromkeys(f"{table.code}.{row}" for row, _column in asked if row not in at.rows)
        found += dict.fromkeys(f"{table.code}.*.{one}" for _row, one in asked if one not in at.columns)
    for listed in form.lists:
        own = addresses.lists.get(listed.code)
        columns = () if own is None else own.columns
        found += [listed.code] if own is None else []
        found += [f"{listed.code}.{one.code}" for one in listed.columns if own and one.code not in columns]
    return found


def roman(number: int) -> str:
    """A Roman numeral, for numbers below 40."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def answers_to(item: Indicator | ListColumn) -> tuple[str, ...]:
    """The answers that can be chosen in a cell for `item`; none where something is typed instead."""
    match item.type:
        case Type.YES_NO:
            return (YES, NO, NOT_APPLICABLE)
        case Type.CHOICE:
            return tuple(dict.fromkeys((*item.choices, NOT_APPLICABLE)))
    return ()


def mark(identity: Identity) -> str:
    """The text of the hidden cell A1: which form, version, unit and period a sheet belongs to."""
    return "|".join((_PREFIX, identity.form, identity.fingerprint, identity.unit, identity.period))


def read_mark(text: str) -> Identity | None:
    """The inverse of `mark`; None where the text is no mark."""
    parts = text.strip().split("|")
    return Identity(*parts[1:]) if len(parts) == 5 and parts[0] == _PREFIX else None
