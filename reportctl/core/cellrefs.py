"""Cell references as spreadsheet programs write them: columns as letters, cells, names of sheets."""

from __future__ import annotations

import functools


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it: in quotation marks, those in it doubled."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


def sheet_name(title: str) -> str:
    """A title as a sheet's name: without the signs that Excel forbids, at most 31 characters."""
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip("' ")
    return kept[:31].rstrip("' ") or "-"


def column_name(column: int) -> str:
    """The letters of a column counted from 0: A, B, …, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@functools.cache
def column_index(letters: str) -> int:
    """The column with these `letters`, large or small, counted from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


@functools.lru_cache(maxsize=1 << 14)
def cell_name(row: int, column: int) -> str:
    """The reference of a cell without the sheet, such as D7; row and column are counted from 0."""
    return f"{column_name(column)}{row + 1}"


@functools.lru_cache(maxsize=1 << 14)
def cell_place(reference: str) -> tuple[int, int]:
    """Row and column, counted from 0, of the cell `reference`, such as F8."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]) - 1, column_index(letters)
