"""What is read of an office's blank workbook: its tables, lists and single values, who-and-when cells, and
what has to be asked. A value between reading, the review that people edit, and the form made of it.

Rows and columns of sheets are counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reportctl.core.cellrefs import cell_name
from reportctl.core.language import Phrase

Kind = Literal["matrix", "list", "values"]
ColumnUse = Literal[
    "label",  # what the row is called
    "number",  # the row's number
    "code",  # the row's official code
    "unit_of_measure",
    "note",  # not read
    "value",  # asked, or added up
    "given",  # filled in by the office before it is sent out
    "previous",
    "year_ago",
    "to_date",
    "plan",
]


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of a table: its place, what it is for, its heading below those above it.

    `sum` says which columns it adds up, by code ("public + private"), empty: none. `computed`: never typed.
    `over_units` and `over_time` are empty where the table, or its type, says. `sure` is from 0 to 1.
    """

    at: int
    use: ColumnUse
    code: str
    label: str
    under: tuple[str, ...] = ()
    no: str = ""
    type: str = "count"
    unit_of_measure: str = ""
    sum: str = ""
    computed: bool = False
    sure: float = 1.0
    over_units: str = ""
    over_time: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a table: an item that is asked, or a caption (then `caption` is set and the code empty).

    `type`, `over_units` and `over_time` are empty where its columns or the table say.
    """

    at: int
    code: str = ""
    label: str = ""
    caption: str = ""
    no: str = ""
    level: int = 1
    official_code: str = ""
    unit_of_measure: str = ""
    sum: str = ""
    computed: bool = False
    sure: float = 1.0
    type: str = ""
    over_units: str = ""
    over_time: str = ""


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A matrix, an open list of rows or a block of single values on one sheet.

    `head` and `foot` are the first row of the heading and the last row of the table. The cells of its items'
    value columns are in exactly one of `inputs`, `not_asked`, `computed`, `given`; a merged area counts by
    its
    first cell. Of a list `rows` is empty and `inputs` are its prepared rows. Of single values each row has
    one value column of its own (`value_at`), in the order of `rows`.
    """

    kind: Kind
    sheet: str
    code: str
    title: str
    head: int
    foot: int
    columns: tuple[ReadColumn, ...]
    rows: tuple[ReadRow, ...] = ()
    inputs: frozenset[tuple[int, int]] = frozenset()
    not_asked: frozenset[tuple[int, int]] = frozenset()
    computed: frozenset[tuple[int, int]] = frozenset()
    given: frozenset[tuple[int, int]] = frozenset()
    value_at: tuple[int, ...] = ()
    total_row: int | None = None  # of a list: the row of its sums
    over_time: Literal["sum", "last"] = "sum"
    sure: float = 1.0
    unit_of_measure: str = ""
    applies_to: tuple[str, ...] = ()  # the kinds of units that are asked; empty: all
    key: str = ""  # of a list: the column that names a row once
    room: int = 0  # of a list: how many rows a unit needs at most; 0: those that are prepared


@dataclass(frozen=True, slots=True)
class IdentityCell:
    """A cell that says who fills in the form, or for when: `what` is unit, unit_code, period, date, person,
    place."""

    sheet: str
    row: int
    column: int
    what: str
    text: str = ""  # what the office's form says there or before it

    @property
    def cell(self) -> str:
        """Its reference without the sheet."""
        return cell_name(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Question:
    """What cannot be seen in the workbook and is asked of the office, with the answer taken otherwise.

    `id` says what the answer changes: `TABLE.KEY` with over_time, unit_of_measure, applies_to, key, rows or
    asked (`lists.rows`: of all lists with few rows);
    `TABLE.CODE.KEY`, of a row or a column, with sum, use, type, unit_of_measure, over_units, over_time,
    label or
    asked (`rooms.over_time`, `rooms.n1.sum`, `rooms.note.use`); `answers.answered` takes it. An answer to any
    other is only noted. `choices` may be empty where anything may be typed.
    """

    id: str
    question: Phrase
    default: str
    choices: tuple[str, ...] = ()
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A column or cell that the product does not take in (records of persons), with the reason."""

    sheet: str
    cell: str
    why: Phrase


@dataclass(frozen=True, slots=True)
class BlankForm:
    """All that is read of one blank workbook; `file` is its name, `title` what it calls itself, `noted` the
    questions with answers that a form does not hold: people see them in its first lines."""

    file: str
    id: str
    title: str
    tables: tuple[ReadTable, ...]
    identity: tuple[IdentityCell, ...] = ()
    questions: tuple[Question, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unread: tuple[str, ...] = field(default=())  # sheets in which nothing was found
    noted: tuple[tuple[str, str], ...] = ()
