"""What each column of a table is for, by the words of its heading and by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportctl.adopt import words
from reportctl.adopt.blank_form import ColumnUse
from reportctl.adopt.grid import Grid
from reportctl.adopt.headings import Heading
from reportctl.adopt.row_numbers import row_number
from reportctl.adopt.words import bare


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a column below its heading: how many rows, how many filled, with words, with numbers,
    with row numbers, how many different texts, how long they are."""

    rows: int
    filled: int
    worded: int
    numeric: int
    numbering: int
    open: int
    marks: int
    formulas: int
    different: int
    length: float

    def share(self, count: int) -> float:
        """`count` as a share of the filled rows."""
        return count / self.filled if self.filled else 0.0


def content_of(grid: Grid, column: int, rows: Sequence[int]) -> Content:
    """The content of a column in those rows; merged areas once."""
    texts, filled, worded, numeric, numbering, open_, marks, formulas, seen = [], 0, 0, 0, 0, 0, 0, 0, 0
    for row in rows:
        if grid.anchor(row, column)[1] != column:
            continue
        seen += 1
        if grid.is_formula(row, column):
            formulas += 1
            continue
        text = grid.text(row, column)
        if grid.is_open(row, column):
            open_ += 1
            continue
        filled += 1
        texts.append(text)
        worded += grid.is_words(row, column)
        numeric += grid.is_number(row, column)
        numbering += bool(row_number(text))
        marks += grid.is_mark(row, column)
    length = sum(map(len, texts)) / len(texts) if texts else 0.0
    return Content(seen, filled, worded, numeric, numbering, open_, marks, formulas, len(set(texts)), length)


def column_uses(
    grid: Grid, heading: Heading, columns: Sequence[int], rows: Sequence[int]
) -> dict[int, ColumnUse]:
    """The use of each column; `rows` are those in which anything stands besides what is computed.

    Columns without a heading of which nothing can be said are left out.
    """
    found: dict[int, ColumnUse] = {}
    contents = {column: content_of(grid, column, rows) for column in columns}
    labels = _label_columns(heading, columns, contents)
    first_value = _first_value(columns, contents, labels)
    for column in columns:
        use = _use(heading, column, contents[column], labels, before=column < first_value)
        if use:
            found[column] = use
    return found


def _said(heading: Heading, column: int) -> str:
    return bare(heading.label(column)).strip(" :.*()")


def _label_columns(heading: Heading, columns: Sequence[int], contents: dict[int, Content]) -> list[int]:
    """The columns that say what the rows are called."""
    found = []
    for column in columns:
        content, said = contents[column], _said(heading, column)
        if words.NUMBER.fullmatch(said) or words.UNIT.fullmatch(said) or words.NOTE.fullmatch(said):
            continue
        if _is_code(said, content):
            continue
        if content.filled >= 1 and content.share(content.worded) >= 0.5:
            found.append(column)
    if not found:
        found = _label_by_count(heading, columns, contents)
    if not found:
        return []
    # Words right of open columns are what the office has given there, or a second block beside the first.
    named = [column for column in found if words.LABEL.fullmatch(_said(heading, column))]
    main = max(named or found[:1], key=lambda column: (contents[column].filled, -column))
    kept = []
    for column in found:
        between = [one for one in columns if min(column, main) < one < max(column, main)]
        opened = [
            one for one in between if contents[one].filled * 2 < contents[one].rows and contents[one].rows
        ]
        if (
            column == main
            or (column < main and not opened)
            or (column > main and not opened and _is_label_too(heading, column, main, contents))
        ):
            kept.append(column)
    return kept


def _label_by_count(heading: Heading, columns: Sequence[int], contents: dict[int, Content]) -> list[int]:
    """The first column without words that names the rows all the same: years, months, ages, each once."""
    for column in columns:
        content, said = contents[column], _said(heading, column)
        if content.rows < 2 or content.filled < content.rows or content.different < content.filled:
            continue
        if words.TIME_OR_AGE.fullmatch(said) or (
            content.numbering < content.filled and not words.NUMBER.fullmatch(said)
        ):
            return [column]
        if not words.NUMBER.fullmatch(said):
            return []
    return []


def _is_label_too(heading: Heading, column: int, main: int, contents: dict[int, Content]) -> bool:
    """Whether a column of words right of the labels goes on with them: it has their heading, or none, or
    one that labels have."""
    said = _said(heading, column)
    alike = not said or said == _said(heading, main) or bool(words.LABEL.fullmatch(said))
    return alike and contents[column].filled * 2 >= contents[main].filled


def _is_code(said: str, content: Content) -> bool:
    if not words.CODE.fullmatch(said):
        return False
    return content.length <= 16


def _first_value(columns: Sequence[int], contents: dict[int, Content], labels: Sequence[int]) -> int:
    after = (labels[-1] + 1) if labels else columns[0]
    for column in columns:
        if column >= after and contents[column].filled * 2 < max(1, contents[column].rows):
            return column
    return after


def _use(
    heading: Heading, column: int, content: Content, labels: Sequence[int], *, before: bool
) -> ColumnUse | None:
    said, whole = _said(heading, column), bare(heading.whole(column))
    if column in labels:
        return "label"
    if words.NUMBER.fullmatch(said) or (
        not labels
        and said in ("", "a")
        and before
        and content.share(content.numbering) > 0.7
        and content.filled
    ):
        return "number"
    if words.UNIT.fullmatch(said) and (content.filled or not content.open):
        return "unit_of_measure"
    filled = content.filled >= max(1, 0.6 * content.rows)
    if _is_code(said, content) and (filled or (labels and content.filled * 3 > content.rows)):
        return "code"
    if words.NOTE.fullmatch(said):
        return "note"
    if words.UNIT_OR_OFFICE.fullmatch(said) and labels and content.share(content.worded) > 0.5:
        return "unit_of_measure"
    left_of_labels = bool(labels) and column < labels[0]
    if left_of_labels or (before and labels and column < labels[-1]):
        if content.filled and content.share(content.numbering) >= 0.5:
            return "number"
        if content.filled and content.length <= 16:
            return "code"
        return "number" if not said and not content.filled else ("label" if content.filled else "note")
    if not said and not content.filled and not heading.numbers.get(column):
        return None
    if labels and content.filled >= 0.7 * max(1, content.rows) and content.marks < content.filled * 0.6:
        return "given"
    for use, pattern in _PERIODS:
        if pattern.fullmatch(whole) and not words.COMPARED.fullmatch(said):
            return use
    return "value"


_PERIODS: tuple[tuple[ColumnUse, re.Pattern[str]], ...] = (
    ("year_ago", words.YEAR_AGO),
    ("previous", words.PREVIOUS),
    ("to_date", words.TO_DATE),
    ("plan", words.PLAN),
)
VALUES: frozenset[ColumnUse] = frozenset(("value", "given", "previous", "year_ago", "to_date", "plan"))


def kind_of_figure(label: str, format_: str, unit_of_measure: str, choices: tuple[str, ...] | None) -> str:
    """The type of what is asked in a column or row: by its words, its unit of measure, its number format."""
    said, unit = bare(label), bare(unit_of_measure)
    if choices:
        return "choice"
    if "%" in unit or (
        words.RATE.fullmatch(said)
        and ("%" in said or "ty le" in said or "ti le" in said or "percent" in said)
    ):
        return "percent"
    if any(word in f"{unit} {said}" for word in ("dong", "vnd", "usd", "eur")) and any(
        word in f"{unit} {said}"
        for word in ("trieu dong", "ty dong", "nghin dong", "(dong", "vnd", "usd", "dong")
    ):
        return (
            "money"
            if (unit and any(word in unit for word in ("dong", "vnd", "usd")))
            or any(word in said for word in ("trieu dong", "ty dong", "nghin dong", "(dong)", "vnd"))
            else "count"
        )
    if "%" in format_:
        return "percent"
    if "yy" in format_.lower() or said.startswith(("ngay", "thoi diem", "date")):
        return "date"
    if words.RATE.fullmatch(said) or "0.0" in format_:
        return "number"
    return "count"
