"""Sums that a form says: in words in labels, in the row of column numbers, in headings, in help texts, in
formulas.

Nothing is guessed here: "Tổng số / Nữ / Dân tộc thiểu số" are subsets that do not add up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from reportctl.adopt.blank_form import ReadColumn, ReadRow, ReadTable
from reportctl.adopt.columns import VALUES
from reportctl.adopt.grid import Grid, Place
from reportctl.adopt.number_rows import column_number, said_sum
from reportctl.adopt.tables import Found
from reportctl.adopt.words import bare
from reportctl.core.cellrefs import cell_place, column_name
from reportctl.core.letters import narrow

Line = TypeVar("Line", ReadRow, ReadColumn)
Signed = tuple[tuple[int, str], ...]  # 1 or -1, and a code


def with_sums(grid: Grid, found: Found) -> Found:
    """The table with the sums of its rows and columns, and which of them the form works out itself."""
    table = found.table
    if table.kind == "values":
        return found
    rows = tuple(_row_in_words(row, table.rows) for row in table.rows)
    columns = tuple(_column_in_words(column, table.columns) for column in table.columns)
    columns = _by_help(grid, table, columns)
    table = replace(table, rows=rows, columns=columns)
    return replace(found, table=_by_formulas(grid, table))


# In words

_WORD = re.compile(r"\s*(?:(?:mã(?: số)?|ms|cột|dòng|mục|chỉ tiêu|col\.?|line|row)\b\s*)?", re.IGNORECASE)
_PART = re.compile(
    r"(?P<code>[A-Za-zĐđ]{0,3}-?\d{1,4}(?:\.\d{1,4}){0,6}[a-zđ]?(?![\w])|[IVX]{1,4}(?:\.\d{1,3}){0,3}(?![\w])|[A-Ha-hĐđ](?:\.\d{1,3}){0,3}(?![\w]))\.?"
)
_SIGN = re.compile(r"\s*([-+–−])\s*")
_LEFT_OUT = re.compile(r"\s*(?:…|\.{2,})[\s….]*")
_RANGE = re.compile(
    r"(?:từ|from|cột|dòng|mã số|[\[(])\s*(?:cột|dòng|mã số|mục|col(?:umn)?s?|lines?"
    r"|rows?)?\s*[\[(]?\s*(?P<first>\d+(?:\.\d+)*)\s*[\])]?\s*(?:đến|tới|to|÷|→|->)\s*"
    r"(?:cột|dòng|mã số|mục|col(?:umn)?|line|row)?\s*[\[(]?\s*(?P<last>\d+(?:\.\d+)*)\s*(?:[.;,)\]]|$)",
    re.IGNORECASE,
)


def parts_of(text: str) -> tuple[list[tuple[int, str]], bool] | None:
    """The parts of a sum such as `(1.1)+ (1.2)`, `20 + (21 - 22) - (25 + 26)`, `(3.1) + … + (3.6)` with
    their signs,
    and whether some between the last two are left out; None where the whole of `text` is no sum."""
    text = (
        narrow(text)
        .strip()
        .strip(" .;,")
        .translate({ord("["): "(", ord("]"): ")", ord("{"): "(", ord("}"): ")"})
    )
    if len(text) > 600:
        return None
    reading = _Sum(text)
    read = reading.expression(1)
    if not read and text.endswith(")"):  # a bracket that was opened before
        reading = _Sum(text[:-1].strip())
        read = reading.expression(1)
    return (reading.parts, reading.gap) if read and reading.at == len(reading.text) else None


class _Sum:
    """A sum being read: `at` is how far, `parts` what was found."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.gap = text, 0, False
        self.parts: list[tuple[int, str]] = []

    def expression(self, sign: int) -> bool:
        """Whether a sum begins here; it is read up to what does not go on with it."""
        if not self._term(sign):
            return False
        while found := _SIGN.match(self.text, self.at):
            self.at = found.end()
            if left_out := _LEFT_OUT.match(self.text, self.at):
                self.gap, self.at = True, left_out.end()
            elif not self._term(sign if found[1] == "+" else -sign):
                return False
        self.at += len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
        return True

    def _term(self, sign: int) -> bool:
        start, count = self.at, len(self.parts)
        word = _WORD.match(self.text, self.at)
        self.at = word.end() if word else self.at
        if self.text[self.at : self.at + 1] == "(":
            self.at += 1
            if self.expression(sign) and self.text[self.at : self.at + 1] == ")":
                self.at += 1
                return True
            self.at = start
            del self.parts[count:]
            return False
        found = _PART.match(self.text, self.at)
        if not found:
            return False
        self.parts.append((sign, found["code"]))
        self.at = found.end()
        return True


_IN_BRACKETS = re.compile(r"[\[({]\s*(?P<sum>=?[^()\[\]{}]*[+=][^()\[\]{}]*)[\])}]|\{(?P<nested>[^{}]+)\}")
_NO_SUM = re.compile(r"[/*×%]|[\])]\s*[x:]\s*[\[(\d]")  # a rate is no sum


def said_parts(text: str) -> tuple[list[tuple[int, str]], bool] | None:
    """The parts of the sum that a label or heading says, after an equals sign or in brackets; None: none."""
    text = narrow(text)
    ranged = _RANGE.search(text)
    if ranged and any(word in text.lower() for word in ("=", "tổng", "cộng", "sum")):
        return [(1, ranged["first"].strip(".")), (1, ranged["last"])], True
    if "=" in text:
        after = text.rsplit("=", 1)[1]
        if _NO_SUM.search(after):
            return None
        for said in (after, after.strip().removesuffix(")").removesuffix("]").strip()):
            if (found := parts_of(said)) and len(found[0]) > 1:
                return found
    for bracket in reversed(list(_IN_BRACKETS.finditer(text))):
        if (found := parts_of((bracket["sum"] or bracket["nested"]).rsplit("=", 1)[-1])) and len(
            found[0]
        ) > 1:
            return found
    return None


_SUM_AT_END = re.compile(
    r"\s*(?:[=:]\s*[\[(]?\s*(?:\d|[IVX]+\b|[\[(]|[Cc]ột|[Mm]ã|MS).*|[\[(]\s*(?:\d+\s*=\s*)?=?\s*[^()\[\]]*[+=][^()\[\]]*[\])]\s*\.?)$",
    re.DOTALL,
)


def without_sum(label: str) -> str:
    """The label without the sum it ends in."""
    return _SUM_AT_END.sub("", label).strip() or label


def _row_in_words(row: ReadRow, rows: Sequence[ReadRow]) -> ReadRow:
    said = None if row.caption else said_parts(row.label)
    if not said:
        return row
    for by in (_by_number(rows), _by_code(rows)):
        if parts := _resolved(*said, by, row.code):
            return replace(row, sum=as_text(parts), label=without_sum(row.label))
    nearby = _below(row, rows)
    if parts := _resolved(*said, nearby, row.code):
        return replace(row, sum=as_text(parts), label=without_sum(row.label))
    return row


def _plain(number: str) -> str:
    """A number for comparing: `01` as `1`, `R-1` as `r1`."""
    return ".".join(
        part.lstrip("0") or "0" for part in re.sub("[^a-z0-9.]", "", bare(number)).strip(".").split(".")
    )


def _by_number(rows: Sequence[ReadRow]) -> dict[str, str]:
    """The rows' codes by number; numbers that several have are left out."""
    numbers = [_plain(row.no) for row in rows if row.no and not row.caption]
    return {
        _plain(row.no): row.code
        for row in rows
        if row.no and not row.caption and numbers.count(_plain(row.no)) == 1
    }


def _by_code(rows: Sequence[ReadRow]) -> dict[str, str]:
    return {_plain(row.official_code): row.code for row in rows if row.official_code}


def _below(row: ReadRow, rows: Sequence[ReadRow]) -> dict[str, str]:
    """The rows near a row whose numbers begin anew in each section: those before it, then those after it, up
    to the first row that is less deep."""
    at = rows.index(row)
    found: dict[str, str] = {}
    for near in (*reversed(rows[:at]), None, *rows[at + 1 :]):
        if near is None:
            if found:
                break
            continue
        if near.level < row.level and not near.caption:
            if found:
                break
            continue
        if near.no and not near.caption:
            if _plain(near.no) in found:
                break
            found[_plain(near.no)] = near.code
    return found


def _resolved(
    parts: Sequence[tuple[int, str]], gap: bool, codes: Mapping[str, str], own: str
) -> Signed | None:
    """The parts by code; None where one of them is not there, or the sum itself is one."""
    found = [(sign, _plain(number)) for sign, number in parts]
    if any(number not in codes for _sign, number in found):
        return None
    if gap:
        order = list(codes)
        first, last = order.index(found[-2][1]), order.index(found[-1][1])
        depth = found[-1][1].count(".")
        between = [number for number in order[first + 1 : last] if number.count(".") == depth]
        found = [*found[:-1], *((1, number) for number in between), found[-1]]
    signed = tuple((sign, codes[number]) for sign, number in found)
    if (
        len({code for _sign, code in signed}) < len(signed)
        or any(code == own for _sign, code in signed)
        or len(signed) < 2
    ):
        return None
    return signed


def as_text(parts: Signed) -> str:
    """The sum as a form says it, such as `a + b - c`."""
    first = ("-" if parts[0][0] < 0 else "") + parts[0][1]
    return first + "".join(f" {'-' if sign < 0 else '+'} {code}" for sign, code in parts[1:])


def _column_in_words(column: ReadColumn, columns: Sequence[ReadColumn]) -> ReadColumn:
    if column.use not in VALUES:
        return column
    numbers = _column_numbers(columns)
    for said in (said_sum(column.no), column.label):
        parts = parts_of(said) if said is not column.label else said_parts(said)
        if parts and (signed := _resolved(*parts, numbers, column.code)):
            label = without_sum(column.label) if said is column.label else column.label
            return replace(column, sum=as_text(signed), label=label)
    return column


def _column_numbers(columns: Sequence[ReadColumn]) -> dict[str, str]:
    """The codes of the columns by the numbers in the row of these, else by those in brackets in their
    headings."""
    found = {
        str(number): column.code
        for column in columns
        if column.use in VALUES and column.no and (number := column_number(column.no)) is not None
    }
    return found or {
        inside[1]: column.code
        for column in columns
        if column.use in VALUES and (inside := _NUMBER_IN_HEADING.match(narrow(column.label)))
    }


_NUMBER_IN_HEADING = re.compile(r"[^()]*[(\[](\d{1,3})[)\]]")


_HELP = re.compile(
    r"cột\s*[\[(]?\s*(?P<column>\d{1,3})\s*[\])]?\s*(?:=|bằng|là)\s*(?P<sum>[^;.\n]{3,120})", re.IGNORECASE
)


def _by_help(grid: Grid, table: ReadTable, columns: tuple[ReadColumn, ...]) -> tuple[ReadColumn, ...]:
    """The columns with the sums that a long text on the sheet says: `Cột (10) = Tổng các cột từ (2) đến
    (9)`."""
    numbers = _column_numbers(columns)
    if not numbers:
        return columns
    said: dict[str, str] = {}
    for place, cell in grid.sheet.cells.items():
        if isinstance(cell.value, str) and len(cell.value) > 30 and not table.head <= place[0] <= table.foot:
            for found in _HELP.finditer(narrow(cell.value)):
                code = numbers.get(found["column"])
                words = re.sub(r"cột\s*", "", found["sum"], flags=re.IGNORECASE)
                parts = said_parts(f"= {words}") or parts_of(words)
                signed = _resolved(*parts, numbers, code) if code and parts else None
                if code and signed:
                    said[code] = as_text(signed)
    return tuple(replace(column, sum=column.sum or said.get(column.code, "")) for column in columns)


# In formulas

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,6})")
_ADDED = re.compile(r"[+-]?\$?[A-Z]{1,3}\$?\d{1,6}(?:[+-]\$?[A-Z]{1,3}\$?\d{1,6})*")
_SUM = re.compile(r"SUM\(([^()]*)\)")


def formula_parts(formula: str) -> list[tuple[int, Place]] | None:
    """The cells that a formula adds up, with their signs; None where it does anything else."""
    text = formula.replace(" ", "").upper().removeprefix("=").removeprefix("+")
    text = re.sub(r"^ROUND\((.*),-?\d\)$", r"\1", text)
    if len(text) > 2_000:
        return None
    opened = _SUM.sub(lambda found: f"({_spelled(found[1])})", text)
    while opened.startswith("(") and opened.endswith(")") and opened.count("(") == 1:
        opened = opened[1:-1]
    if "(" in opened and not re.search(r"-\(", opened):
        opened = opened.replace("(", "").replace(")", "")
    if not _ADDED.fullmatch(opened):
        return None
    return [
        (-1 if sign == "-" else 1, cell_place(f"{letters}{row}"))
        for sign, letters, row in re.findall(r"([+-]?)\$?([A-Z]{1,3})\$?(\d{1,6})", opened)
        if int(row)
    ]


def _spelled(arguments: str) -> str:
    """The cells of the arguments of SUM, each added."""
    cells = []
    for argument in arguments.replace(";", ",").split(","):
        ends = _REFERENCE.findall(argument)
        if _REFERENCE.sub("", argument).strip(":") != "" or not 1 <= len(ends) <= 2:
            return "?"
        (top, left), (bottom, right) = (cell_place(f"{letters}{row}") for letters, row in (ends[0], ends[-1]))
        if (bottom - top + 1) * (right - left + 1) > 500:
            return "?"
        cells += [
            f"{column_name(column)}{row + 1}"
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
    return "+".join(cells)


def _by_formulas(grid: Grid, table: ReadTable) -> ReadTable:
    """The table with the sums that its formulas make along whole rows and columns; a row or column all of
    whose cells are formulas is computed."""
    rows = {row.at: row for row in table.rows if row.code}
    columns = {column.at: column for column in table.columns if column.use in VALUES}
    of_row: dict[int, list[Signed | None]] = {}
    of_column: dict[int, list[Signed | None]] = {}
    for row, column in sorted(table.computed):
        parts = formula_parts(grid.cell(row, column).formula) or []
        down = [
            (sign, rows[at].code)
            for sign, (at, other) in parts
            if other == column and at in rows and at != row
        ]
        across = [
            (sign, columns[at].code)
            for sign, (other, at) in parts
            if other == row and at in columns and at != column
        ]
        if table.kind == "matrix":
            of_row.setdefault(row, []).append(
                tuple(down) if down and len(down) == len(_used(parts, rows)) else None
            )
        of_column.setdefault(column, []).append(
            tuple(across) if across and len(across) == len(parts) else None
        )
    cells = table.inputs | table.not_asked | table.computed | table.given
    new_rows = tuple(
        _computed(row, of_row.get(row.at, []), sum(at == row.at for at, _c in cells)) if row.code else row
        for row in table.rows
    )
    new_columns = tuple(
        _computed(column, of_column.get(column.at, []), sum(at == column.at for _r, at in cells))
        for column in table.columns
    )
    return replace(table, rows=new_rows, columns=new_columns)


def _used(parts: Sequence[tuple[int, Place]], rows: Mapping[int, ReadRow]) -> list[tuple[int, Place]]:
    """The parts without cells of captions and blank rows, which a SUM over a range takes along."""
    return [part for part in parts if part[1][0] in rows]


def _computed(line: Line, sums: Sequence[Signed | None], count: int) -> Line:
    """The row or column with the sum that most of its formulas make."""
    said = [one for one in sums if one]
    if not said or len(set(said)) > 1 or len(said) * 2 <= len(sums):
        return line
    whole = len(said) == count
    return replace(line, sum=as_text(said[0]), computed=whole)
