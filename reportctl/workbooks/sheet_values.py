"""The values of the sheets of an Excel workbook, told from the rows that the checks have taken apart.

calamine can read every workbook that gets here. But the XML of all sheets has been taken apart by then, for
the checks, and a second reading takes two fifths of the time that a file takes. So values are told from that
where there are only plain texts, numbers, days, errors and formulas, as in nearly all workbooks that come
back: exactly what calamine tells, in the same types. Where that is not certain, it is calamine that reads.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping, Sequence

from reportctl.cells.cell import Raw
from reportctl.workbooks.sheet_rows import BOOLEAN, ERROR, NUMBER, SHARED, TEXT, Row
from reportctl.workbooks.xmltext import told_text

_LONG = 1 << 10  # bytes: longer texts are not kept
_RUN = re.compile(rb'<t( xml:space="preserve")?(?: ?/>|>([^<]*)</t>)')


def told_texts(plain: bytes) -> list[str] | None:
    """The shared strings, which are `plain` texts; None where one of them may be read otherwise."""
    *pieces, _end = plain.split(b"</si>")
    texts = [_text_once(piece) if len(piece) < _LONG else _text(piece) for piece in pieces]
    told = [text for text in texts if text is not None]
    return told if len(told) == len(texts) else None


def _text(piece: bytes) -> str | None:
    runs = [told_text(written, bool(preserved)) for preserved, written in _RUN.findall(piece)]
    return None if None in runs else "".join(run for run in runs if run)


_text_once = functools.lru_cache(maxsize=4096)(_text)


def told_rows(found: Sequence[Row], texts: Sequence[str], days: Mapping[int, bool]) -> list[list[Raw]] | None:
    """The rows of a sheet from A1 on, empty cells as empty texts; None where calamine has to read them.

    `texts` are the shared strings, `days` the formats whose numbers are no numbers: whether they are days.
    """
    if not all(row.simple for row in found):
        return None
    try:
        return _filled(found, texts, days)
    except LookupError:
        return None


def _filled(found: Sequence[Row], texts: Sequence[str], days: Mapping[int, bool]) -> list[list[Raw]]:
    """The same. Raises `LookupError` where calamine has to tell a value."""
    width = max([row.cells.reach for row in found], default=0)
    rows: list[list[Raw]] = []
    for row in found:
        cells = row.cells
        if not cells.reach:
            continue
        while len(rows) < row.number:
            rows.append([""] * width)
        line = rows[-1]
        for column, kind, style, value in zip(cells.held, cells.kinds, cells.styles, row.values, strict=True):
            if kind == SHARED:
                line[column] = texts[int(value)]
            elif kind == NUMBER and style not in days:
                line[column] = float(value)
            else:
                line[column] = _other(kind, value, days.get(style, False))
        for column, text in cells.texts:
            line[column] = text
    return rows


def _other(kind: bytes, value: bytes, day: bool) -> Raw:
    if kind == NUMBER and day:
        return _day(float(value))
    text = told_text(value, preserved=True) if kind == TEXT else None
    if text is not None:
        return text
    if kind == BOOLEAN and value in (b"0", b"1"):
        return value == b"1"
    if kind == ERROR and value != b"#GETTING_DATA":
        return ""
    raise LookupError(value)


_BEFORE, _FIRST, _LAST = dt.date(1899, 12, 30), 61, 2_958_465  # 1/3/1900 to 31/12/9999


@functools.lru_cache(maxsize=1024)
def _day(number: float) -> dt.date:
    if not (_FIRST <= number <= _LAST and number.is_integer()):
        raise LookupError(number)
    return _BEFORE + dt.timedelta(number)
