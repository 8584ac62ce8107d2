"""Codes in a workbook that a spreadsheet program has misread, as they were sent out."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from reportctl.core.letters import misreadings
from reportctl.workbooks.book import Book, CellValue, Sheet

_BETWEEN = re.compile("([ .:|])")  # codes in one text: bang.dong.cot, the marks of a sheet


def restored(book: Book, codes: Iterable[str]) -> Book:
    """The book with these codes wherever stands what is made of them: in cells, as defined names.

    Where the same is made of two codes, neither is meant. Codes may have several parts, with points between.
    """
    known = _misread(frozenset(codes))
    if not known:
        return book
    names = {_restored(name, known): area for name, area in book.names.items()}
    return replace(book, sheets=tuple(_sheet(sheet, known) for sheet in book.sheets), names=names)


@functools.lru_cache(maxsize=16)  # the same form for many workbooks
def _misread(codes: frozenset[str]) -> dict[str, str]:
    """The codes, and their parts, by what is made of them."""
    parts = {part for code in codes for part in code.split(".")}
    made = [(text, part) for part in parts for text in misreadings(part)]
    often = Counter(text for text, _part in made)
    return {text: part for text, part in made if often[text] == 1}


def _sheet(sheet: Sheet, known: dict[str, str]) -> Sheet:
    """The sheet with the codes restored; unchanged rows are the same objects."""
    return replace(sheet, rows=[_row(cells, known) for cells in sheet.rows])


def _row(cells: Sequence[CellValue], known: dict[str, str]) -> Sequence[CellValue]:
    if not any(isinstance(cell, str) and not cell.isprintable() for cell in cells):
        return cells
    return [_restored(cell, known) if isinstance(cell, str) else cell for cell in cells]


def _restored(text: str, known: dict[str, str]) -> str:
    return "".join(known.get(part, part) for part in _BETWEEN.split(text))
