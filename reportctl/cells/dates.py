"""Dates typed as text: day first, the year in four digits; anything else is only a suggestion."""

from __future__ import annotations

import contextlib
import datetime as dt
import re

from reportctl.cells.reading import Reading, invalid
from reportctl.form.submission import AnswerState
from reportctl.workbooks.book import CellValue

_NUMBERS = re.compile(r"(?:ngày )?([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})")
_WORDS = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_LOOSE = re.compile(
    r"(?:[0-9:h]+ |ngày )?([0-9]{1,2})[/. -]+([0-9]{1,2})[/. -]+([0-9]{4}|[0-9]{2})(?:[ ,].*)?"
)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_DAY_ZERO = dt.date(1899, 12, 30)  # of day numbers in spreadsheets
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 1 January 2000 and 2100


def date_in_text(word: str) -> Reading:
    """The date that the folded text `word` is; an error with a suggestion where it is only like one."""
    date = None
    if found := _NUMBERS.fullmatch(word):
        date = _date(found[4], found[3], found[1])
    elif found := _WORDS.fullmatch(word):
        date = _date(found[3], found[2], found[1])
    elif found := _ISO.fullmatch(word):
        date = _date(*found.groups())
    if date:
        return Reading(AnswerState.VALUE, date, "date_as_text", (("read", short_date(date)),))
    likely = None
    if found := _COMPACT.fullmatch(word):
        likely = _date(*found.groups())
    elif found := _LOOSE.fullmatch(word):
        day, month, year = found.groups()
        year = year if len(year) == 4 else f"20{year}"
        likely = _date(year, month, day) or _date(year, day, month)
    return invalid("bad_date", suggestion=short_date(likely) if likely else "")


def date_in_cell(raw: CellValue) -> Reading:
    """The date in a cell that is no text."""
    if isinstance(raw, dt.datetime):
        return Reading(AnswerState.VALUE, raw.date())
    if isinstance(raw, dt.date):
        return Reading(AnswerState.VALUE, raw)
    suggestion = ""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and _FIRST_SERIAL <= raw < _LAST_SERIAL:
        suggestion = short_date(from_serial(int(raw)))
    return invalid("bad_date", suggestion=suggestion)


def to_serial(date: dt.date) -> int:
    """The day number that a spreadsheet has for `date`; 1900 had no 29 February, though it counts one."""
    days = (dt.date(date.year, date.month, date.day) - _DAY_ZERO).days
    return days if days > 60 else days - 1


def from_serial(number: int) -> dt.date:
    """The date of a day number after February 1900."""
    return _DAY_ZERO + dt.timedelta(number)


def short_date(date: dt.date) -> str:
    """A date as the office writes it in short: `05/4/2024`."""
    return f"{date.day:02}/{date.month}/{date.year}"


def _date(year: str, month: str, day: str) -> dt.date | None:
    with contextlib.suppress(ValueError):
        return dt.date(int(year), int(month), int(day))
    return None
