"""The values of the cells of an Excel workbook: shared strings, formats that show dates, rows of values."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import math
import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from reportctl.workbooks.book import CellValue
from reportctl.workbooks.conformity import plain_texts
from reportctl.workbooks.sheet_rows import BOOLEAN, DATE, NUMBER, SHARED, TEXT, XmlRow, read_text, unescaped

_LONG = 1 << 10  # bytes: longer texts are not kept
_RUN = re.compile(rb'<t( xml:space="preserve")?(?: ?/>|>([^<]*)</t>)')
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def read_shared_strings(part: bytes) -> Sequence[str]:
    """The texts in the shared strings part, by their places (ECMA-376 part 1, 18.4); none where it is empty.

    How texts are spoken is left out. Raises `ParseError`.
    """
    if not part:
        return ()
    plain = plain_texts(part)
    if plain is not None:  # which saves parsing for nearly every workbook
        *pieces, _end = plain.split(b"</si>")
        return [_text_once(piece) if len(piece) < _LONG else _text(piece) for piece in pieces]
    return [
        "".join(
            read_text(text.text or "", preserved=text.get(_SPACE) == "preserve")
            for path in ("{*}t", "{*}r/{*}t")
            for text in item.iterfind(path)
        )
        for item in ET.fromstring(part).iterfind("{*}si")  # noqa: S314 - documents with a DTD come no further than `safety`
    ]


def _text(piece: bytes) -> str:
    """The text of one plain shared string."""
    runs = _RUN.findall(piece)
    return "".join([read_text(unescaped(run), preserved=bool(preserved)) for preserved, run in runs])


_text_once = functools.lru_cache(maxsize=4096)(_text)

# Numbers of built-in formats: of dates and times, those of East Asian languages included, and the one of time
# that has passed (ECMA-376 part 1, 18.8.30).
_DATES = frozenset(map(str, (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59))))
_ELAPSED = "46"
# In other formats the first section decides, without what it prints as it stands and what is in brackets.
_ASIDE = r'"[^"]*+"?+|[\\_*].?+|\[[^\]]*+\]?+'
_LONGEST_FORMAT = 255  # characters: no spreadsheet takes a longer one
_TOKEN = re.compile(
    rf"\[(h+|m+|s+)\]|{_ASIDE}|([dmyhs]|a(?>{_ASIDE}|[^;mp/])*?[mp/])|(a|;)",  # AM/PM or A/P, but not General
    re.DOTALL | re.IGNORECASE,
)


@functools.lru_cache(maxsize=64)
def read_date_formats(styles: bytes) -> Mapping[int, bool]:
    """The cell formats that show numbers as dates or times, by their places in the part `styles`.

    True: it shows how much time has passed, as `[h]:mm` does. Raises `ParseError`, `ValueError`.
    """
    if not styles:
        return {}
    root = ET.fromstring(styles)  # noqa: S314 - the same
    own = root.iterfind("{*}numFmts/{*}numFmt")
    codes = {one.get("numFmtId"): one.get("formatCode", "")[:_LONGEST_FORMAT] for one in own}
    found: dict[int, bool] = {}
    for place, one in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        number = one.get("numFmtId", "0")
        if number in codes:
            token = next((token for token in _TOKEN.finditer(codes[number]) if token.lastindex), None)
            if token and not token[3]:
                found[place] = token[1] is not None
        elif number in _DATES or number == _ELAPSED:
            found[place] = number == _ELAPSED
    return found


def read_rows(
    rows: Sequence[XmlRow], strings: Sequence[str], dates: Mapping[int, bool], *, from_1904: bool
) -> list[list[CellValue]]:
    """The values of a sheet from A1 on, empty texts for empty cells and errors.

    `strings` are the shared strings, `dates` the formats as `read_date_formats` has them. Raises
    `LookupError` where there is no such shared string.
    """
    width = max([row.cells.reach for row in rows], default=0)
    read: list[list[CellValue]] = []
    for row in rows:
        cells = row.cells
        if not cells.reach:
            continue
        while len(read) < row.number:
            read.append([""] * width)
        line = read[-1]
        for column, kind, style, value in zip(cells.held, cells.kinds, cells.styles, row.values, strict=True):
            if kind == SHARED:
                line[column] = strings[int(value)]
            elif kind == NUMBER:
                number = float(value)
                if not math.isfinite(number):  # larger than any that a cell can hold
                    line[column] = value.decode()
                elif style in dates:
                    line[column] = _moment(number, dates[style], from_1904)
                else:
                    line[column] = number
            elif kind == TEXT:
                line[column] = read_text(unescaped(value), preserved=True)
            elif kind == BOOLEAN:
                line[column] = value in (b"1", b"true")
            elif kind == DATE:
                line[column] = _iso_moment(value.decode())
        for column, text, _style in cells.texts:
            line[column] = text
    return read


_DAY = 86_400_000  # milliseconds


@functools.lru_cache(maxsize=1024)
def _moment(number: float, elapsed: bool, from_1904: bool) -> CellValue:
    """The date and time that a number of days stands for; the number itself where no date has it.

    The 29th of February 1900, which was none, counts as a day (18.17.4.1).
    """
    with contextlib.suppress(OverflowError):
        if elapsed:
            return dt.timedelta(milliseconds=round(number * _DAY))
        days = number + 1462 if from_1904 else number
        day, rest = divmod(round((days if days >= 60 else days + 1) * _DAY), _DAY)
        clock = (dt.datetime(1900, 1, 1) + dt.timedelta(milliseconds=rest)).time()
        if number < 1:
            return clock
        date = dt.date(1899, 12, 30) + dt.timedelta(day)
        return date if number.is_integer() else dt.datetime.combine(date, clock)
    return number


_SPAN = re.compile(r"P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:[.,][0-9]+)?)S)?)?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+)?|T?[0-9]{2}:[0-9:.]+")


def _iso_moment(text: str) -> CellValue:
    """A date, a time or a span of time as ISO 8601 writes it.

    The text itself where it is none, names a zone, or counts years and months, whose lengths differ.
    """
    with contextlib.suppress(ValueError, OverflowError):
        if found := _SPAN.fullmatch(text):
            days, hours, minutes, seconds = (float((one or "0").replace(",", ".")) for one in found.groups())
            return dt.timedelta(days, hours=hours, minutes=minutes, seconds=seconds)
    for kind in (dt.date, dt.time, dt.datetime) if _MOMENT.fullmatch(text) else ():
        with contextlib.suppress(ValueError):
            return kind.fromisoformat(text)
    return text
