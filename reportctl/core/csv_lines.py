"""CSV files that the program writes and people open: what a spreadsheet program may have made of them since.

It leaves out separators at the end of a row, chooses another one, and writes days as its system does.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reportctl.core.language import Phrase

LONGEST = 131_072  # characters of a field that the csv module takes
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINES = 30  # that a cell with line breaks may have
_OF_A_ROW = 3  # separators: a line with so many is a row of its own, not the rest of a cell

QUOTE = Phrase(
    "thiếu hoặc thừa một dấu ngoặc kép; dấu ngoặc kép trong chữ phải gõ hai lần",
    "a quotation mark is missing or one too many; within a text it is typed twice",
)
LONG = Phrase("một ô dài hơn 131.072 ký tự", "a field has more than 131,072 characters")


@dataclass(frozen=True, slots=True)
class CsvLine:
    """A row: the line where it begins, counted from 1, and its fields; none where there is a `problem`.

    `ended`: a line end follows it; without one it may be half-written.
    """

    number: int
    fields: tuple[str, ...]
    problem: Phrase | None = None
    ended: bool = True


def separator_of(text: str) -> str:
    """What separates the fields, by the first line."""
    head = _LINE_END.split(text, maxsplit=1)[0]
    return max(",;\t", key=head.count)


def csv_lines(text: str, separator: str) -> list[CsvLine]:
    """The rows of `text`, in which a row was written on one line; line breaks in its fields are spaces.

    A quotation mark that is missing or one too many harms no other row than its own.
    """
    lines = _LINE_END.split(text)
    last = len(lines) if lines[-1] else 0
    if len(max(lines, key=len)) <= LONGEST and not any(line.count('"') % 2 for line in lines):
        rows = enumerate(csv.reader(lines, delimiter=separator), 1)  # which is faster
        return [CsvLine(number, tuple(row), None, number != last) for number, row in rows if row]
    found = []
    number = 1
    while number <= len(lines):
        row, taken = _row(lines, number - 1, separator)
        if row or isinstance(row, Phrase):
            fields, problem = ((), row) if isinstance(row, Phrase) else (row, None)
            found.append(CsvLine(number, fields, problem, number + taken - 1 != last))
        number += taken
    return found


def _row(lines: Sequence[str], at: int, separator: str) -> tuple[tuple[str, ...] | Phrase, int]:
    """The row that begins with a line, or what is wrong with it, and how many lines it takes."""
    if lines[at].count('"') % 2 == 0:
        return _fields(lines[at], separator), 1
    for end in range(at + 2, min(at + _LINES, len(lines)) + 1):
        cell = "\n".join(lines[at:end])
        if cell.count('"') % 2 == 0:
            fields = _fields(cell, separator, strict=True)
            if isinstance(fields, tuple) and not any(
                rest.count(separator) >= _OF_A_ROW for one in fields for rest in one.split("\n")[1:]
            ):
                return tuple(field.replace("\n", " ") for field in fields), end - at
            break
    return QUOTE, 1


def _fields(line: str, separator: str, *, strict: bool = False) -> tuple[str, ...] | Phrase:
    try:
        return tuple(next(csv.reader([line], delimiter=separator, strict=strict), ()))
    except csv.Error:
        return LONG if len(line) > LONGEST else QUOTE


# Days

_DAY = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4}|\d{2})(?:[ T][\d:.]+(?: [AP]M)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[./ -](\d{1,2})[./ -](\d{1,2})(?:[ T][\d:.]+)?")


def read_day(text: str, *, month_first: bool = False) -> dt.date | None:
    """The day that a spreadsheet program means by `text`, day or month first; None where it is no day."""
    try:
        if found := _YEAR_FIRST.fullmatch(text.strip()):
            year, month, day = map(int, found.groups())
        elif found := _DAY.fullmatch(text.strip()):
            day, month, year = map(int, found.groups())
            if month_first:
                day, month = month, day
            year += 2000 if year < 100 else 0
        else:
            return None
        return dt.date(year, month, day)
    except ValueError:
        return None


def with_month_first(days: Iterable[tuple[str, dt.date | None]]) -> str:
    """The first of the `days` that one program has written with the month first; empty: the day is first.

    Beside each stands the day that it is likely to be. The month is first where so fewer of them are no days,
    or fewer are others than is likely.
    """

    def misses(*, month_first: bool) -> Iterator[int]:
        for text, likely in known:
            day = read_day(text, month_first=month_first)
            yield len(known) + 1 if day is None else likely not in (None, day)

    known = [(text, likely) for text, likely in days if _DAY.fullmatch(text.strip())]
    return known[0][0] if sum(misses(month_first=True)) < sum(misses(month_first=False)) else ""
