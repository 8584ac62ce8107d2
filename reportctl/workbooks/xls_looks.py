"""How cells of an Excel 97-2003 workbook look, from the records of the whole workbook ([MS-XLS] 2.4).

xlrd tells that only where it reads all formats, and then it takes cells that are merely formatted for filled.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import xlrd
from xlrd.book import unpack_SST_table

from reportctl.workbooks.looks import LOWERED, PLAIN, RAISED, STRUCK, CellLook, Run, look
from reportctl.workbooks.number_formats import is_odd

_FONT, _STRINGS, _CONTINUED = 0x0031, 0x00FC, 0x003C
_STRUCK = 0x08
_NO_FONT = 4  # no font has this number


@dataclass(frozen=True, slots=True)
class XlsLooks:
    """What of a workbook's formats is odd: the marks of fonts, the formats of cells as font and code, and the
    pieces of shared strings, each with its font; a piece without one is in that of its cell."""

    marks: Mapping[int, str] = field(default_factory=dict)
    formats: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    runs: Mapping[int, Sequence[tuple[str, int | None]]] = field(default_factory=dict)

    def of_cells(
        self, formats: Mapping[tuple[int, int], int], strings: Mapping[tuple[int, int], int]
    ) -> dict[tuple[int, int], CellLook]:
        """The looks of the cells that are odd, by their `formats` and the places of their `strings`."""
        found = {}
        for place, format_ in formats.items():
            pieces = self.runs.get(strings.get(place, -1), ())
            if not pieces and format_ not in self.formats:
                continue
            font, code = self.formats.get(format_, (0, ""))
            runs = [Run(text, self.marks.get(font if own is None else own, PLAIN)) for text, own in pieces]
            odd = look(runs, struck=self.marks.get(font) == STRUCK, format_code=code)
            if odd:
                found[place] = odd
        return found


def read_looks(records: Sequence[tuple[int, bytes]], workbook: xlrd.book.Book) -> XlsLooks:
    """What is odd in the `records` of the `workbook` itself."""
    fonts = [content for kind, content in records if kind == _FONT]
    marks = {
        number + (number >= _NO_FONT): mark for number, font in enumerate(fonts) if (mark := _mark(font))
    }
    formats = {}
    for number, one in enumerate(workbook.xf_list):
        known = workbook.format_map.get(one.format_key)
        code = known.format_str if known and is_odd(known.format_str) else ""
        if code or one.font_index in marks:
            formats[number] = one.font_index, code
    return XlsLooks(marks, formats, _runs(records) if marks else {})


def _mark(font: bytes) -> str:
    """How text in the font is written (2.4.122)."""
    if len(font) < 10:
        return PLAIN
    _height, flags, _colour, _weight, raised = struct.unpack_from("<HHHHH", font)
    return STRUCK if flags & _STRUCK else {1: RAISED, 2: LOWERED}.get(raised, PLAIN)


def _runs(records: Sequence[tuple[int, bytes]]) -> dict[int, list[tuple[str, int | None]]]:
    """The pieces of the shared strings that have several, by their places (2.4.265)."""
    table: list[bytes] = []
    for kind, content in records:
        if kind == _STRINGS or (table and kind == _CONTINUED):
            table.append(content)
        elif table:
            break
    if not table or len(table[0]) < 8:
        return {}
    (count,) = struct.unpack_from("<i", table[0], 4)
    texts, runs = unpack_SST_table(table, count)
    found: dict[int, list[tuple[str, int | None]]] = {}
    for place, starts in runs.items():
        text = texts[place]
        if any(after[0] < before[0] for before, after in pairwise(starts)):
            continue  # no program writes that, and pieces over one another may be very many
        ends = [at for at, _font in starts[1:]] + [len(text)]
        found[place] = [(text[: starts[0][0]], None)] if starts else []
        found[place] += [(text[at:end], font) for (at, font), end in zip(starts, ends, strict=True)]
    return found
