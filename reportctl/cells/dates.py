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
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 1 January 2000 and 2100, as spreadsheets count days


def date_in_text(word: str) -> Reading:
    """The date that the folded text `word` is; an error with a suggestion where it is only like one."""
    if found := _NUMBERS.fullmatch(word):
        day, month, year = found[1], found[3], found[4]
    elif found := _WORDS.fullmatch(word):
        day, month, year = found.groups()
    elif found := _ISO.fullmatch(word):
        year, month, day = found.groups()
    else:
        return invalid("bad_date", suggestion=_likely(word))
    date = _date(year, month, day)
    if date is None:
        return invalid("bad_date", suggestion=_likely(word))
    return Reading(AnswerState.VALUE, date, "date_as_text", (("read", shown(date)),))


def date_in_cell(raw: CellValue) -> Reading:
    """The date in a cell that is no text."""
    if isinstance(raw, dt.datetime):
        return Reading(AnswerState.VALUE, raw.date())
    if isinstance(raw, dt.date):
        return Reading(AnswerState.VALUE, raw)
    serial = (
        isinstance(raw, int | float) and not isinstance(raw, bool) and _FIRST_SERIAL <= raw < _LAST_SERIAL
    )
    return invalid("bad_date", suggestion=shown(from_serial(int(raw))) if serial else "")  # type: ignore[arg-type]


def from_serial(days: int) -> dt.date:
    """The date of a spreadsheet's day number."""
    return dt.date(1899, 12, 30) + dt.timedelta(days=days)


def to_serial(date: dt.date) -> int:
    """The day number that a spreadsheet has for `date`; 1900 had no 29 February, though it counts one."""
    days = (dt.date(date.year, date.month, date.day) - dt.date(1899, 12, 30)).days
    return days if days > 60 else days - 1


def shown(date: dt.date) -> str:
    """A date as the office writes it in short: `05/4/2024`."""
    return f"{date.day:02}/{date.month}/{date.year}"


def _likely(word: str) -> str:
    """The date that was probably meant, as it is shown; empty where none comes to mind."""
    if found := _COMPACT.fullmatch(word):
        date = _date(*found.groups())
        return shown(date) if date else ""
    found = _LOOSE.fullmatch(word)
    if found is None:
        return ""
    day, month, year = found.groups()
    year = year if len(year) == 4 else f"20{year}"
    likely = _date(year, month, day) or _date(year, day, month)
    return shown(likely) if likely else ""


def _date(year: str, month: str, day: str) -> dt.date | None:
    with contextlib.suppress(ValueError):
        return dt.date(int(year), int(month), int(day))
    return None
