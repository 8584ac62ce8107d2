"""Why a text is no TOML, where the mistake is one that people make: found by mending it and reading on.

A mistake is taken for the cause where the text can be read further with it mended. What the parser says of it
would name the place, but seldom what was done there.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from reportctl.core.language import _

_Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Mended:
    """The lines with one mistake put right: what it was, in which line, how far what follows has moved."""

    lines: list[str]
    line: int
    message: str
    moved: int = 0  # characters, in the line where reading stopped
    added: int = 0  # lines before it


def cause(text: str, error: tomllib.TOMLDecodeError) -> tuple[int, str] | None:
    """The line and the cause of an `error` in `text`; None where it is none of those known here."""
    line, column = _place(str(error))
    lines = text.replace("\r\n", "\n").split("\n")
    if not 0 < line <= len(lines):
        return None
    at = int(line)
    for mended in _mended(lines, at):
        new_line, new_column = _stops_at("\n".join(mended.lines))
        if (new_line, new_column) > (line + mended.added, column + mended.moved):
            return mended.line, mended.message
    return None


def _place(message: str) -> _Place:
    found = re.search(r"\(at line (\d+), column (\d+)", message)
    return (float(found[1]), float(found[2])) if found else (math.inf, math.inf)


def _stops_at(text: str) -> _Place:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _place(str(error))
    return math.inf, math.inf


def _mended(lines: list[str], at: int) -> Iterator[_Mended]:
    yield from _headers(lines, at)
    yield from _numbers(lines, at)
    yield from _commas(lines, at)


# ---- a line [[…]] that was forgotten, or has single brackets

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\- ]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
# The arrays of tables of form.toml, with those inside them.
_INSIDE = {
    "sections": ("sections.indicators",),
    "tables": ("tables.columns", "tables.rows"),
    "lists": ("lists.columns",),
}
_ARRAYS = frozenset(
    {*_INSIDE, *(one for inner in _INSIDE.values() for one in inner), "texts", "rules", "kinds"}
)


def _headers(lines: list[str], at: int) -> Iterator[_Mended]:
    header = _HEADER.fullmatch(lines[at - 1])
    if header and header[1] == "[" and header[2] in _ARRAYS:
        name = header[2]
        doubled = [
            f"[[{name}]]" if (found := _HEADER.fullmatch(line)) and found[2] == name else line
            for line in lines
        ]
        message = _("write [[{name}]], with two brackets on each side: there can be several of these")
        yield _Mended(doubled, at, message.format(name=name), moved=2)
    key = _KEY.match(lines[at - 1])
    above = next((n for n in range(at - 1, 0, -1) if _HEADER.fullmatch(lines[n - 1])), None)
    if not key or above is None:
        return
    inside = _HEADER.fullmatch(lines[above - 1])
    keys = [found[1] for line in lines[above : at - 1] if (found := _KEY.match(line))]
    # What stands twice is the first line of another block; any other key may simply stand there twice.
    if inside and inside[1] == "[[" and inside[2] in _ARRAYS and keys and keys[0] == key[1]:
        name = _block(inside[2], _keys_from(lines, at))
        message = _("the line [[{name}]] is missing above this one: another of these begins here")
        more = [*lines[: at - 1], f"[[{name}]]", *lines[at - 1 :]]
        yield _Mended(more, at, message.format(name=name), added=1)


def _keys_from(lines: list[str], at: int) -> set[str]:
    found = set()
    for line in lines[at - 1 :]:
        if _HEADER.fullmatch(line):
            break
        if key := _KEY.match(line):
            found.add(key[1])
    return found


def _block(above: str, keys: set[str]) -> str:
    """Which block one with these `keys` is that follows a block of the array `above`: tables with others in
    them have a title, those inside have a label."""
    outer = above.partition(".")[0]
    if outer in _INSIDE:
        if "title" in keys and "label" not in keys:
            return outer
        return above if above in _INSIDE[outer] else _INSIDE[outer][0]
    return above


# ---- numbers as they are written by hand

_DECIMAL_COMMA = re.compile(r"(?<![\w.,\"'])[-+]?\d+,\d+(?![\w.]|,\d)")
_GROUPED = re.compile(r"(?<![\w.,\"'])[-+]?\d{1,3}(?:[. ]\d{3}){1,4}(?![\w.,])")
_PERCENT = re.compile(r"(?<![\w.,\"'])(\d+(?:[.,]\d+)?)\s?%")
_DAY = re.compile(r"(?<![\w/\"'])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\w/])")


def _numbers(lines: list[str], at: int) -> Iterator[_Mended]:
    line = lines[at - 1]

    def replaced(found: re.Match[str], better: str, message: str) -> _Mended:
        mended = f"{line[: found.start()]}{better}{line[found.end() :]}"
        moved = max(0, len(better) - len(found[0]))
        return _Mended([*lines[: at - 1], mended, *lines[at:]], at, message, moved)

    for found in _DAY.finditer(line):
        message = _day(found, of_deadlines=_table(lines, at) == "deadlines")
        yield replaced(found, f'"{found[0]}"', message)
    for found in _DECIMAL_COMMA.finditer(line):
        yield replaced(found, found[0].replace(",", "."), decimal_comma(found[0]))
    for found in _GROUPED.finditer(line):
        better = re.sub("[. ]", "", found[0])
        message = _("“{typed}” is no number in this file: thousands are written without any sign, {better}")
        yield replaced(found, better, message.format(typed=found[0], better=better))
    for found in _PERCENT.finditer(line):
        share = f"{float(found[1].replace(',', '.')) / 100:.6g}"
        message = _("“{typed}” is no number in this file: write a share as {better}, without the sign %")
        yield replaced(found, share, message.format(typed=found[0], better=share))


def decimal_comma(typed: str) -> str:
    """That the number `typed` has a decimal comma; empty where it is no such number."""
    if not _DECIMAL_COMMA.fullmatch(typed):
        return ""
    return _(
        "“{typed}” is no number in this file: decimals are written with a point, {better}, and thousands "
        "without any sign"
    ).format(typed=typed, better=typed.replace(",", "."))


def _table(lines: list[str], at: int) -> str:
    headers = (_HEADER.fullmatch(line) for line in reversed(lines[:at]))
    return next((found[2] for found in headers if found), "")


def _day(found: re.Match[str], *, of_deadlines: bool) -> str:
    day, month = int(found[1]), int(found[2])
    if found[3] or not of_deadlines:
        year = found[3] or "2026"
        message = _("“{typed}” is no number and no day in this file: a day is written {better}")
        return message.format(typed=found[0], better=f"{year}-{month:02}-{day:02}")
    return no_deadline(found[0])


def no_deadline(typed: str) -> str:
    """That `typed` is no deadline, with how one is written: the same day, where it is a day."""
    found = _DAY.fullmatch(typed)
    day, month = (int(found[1]), int(found[2])) if found else (20, 3)
    if not (1 <= day <= 31 and 1 <= month <= 12):
        day, month = 20, 3
    return _(
        "“{typed}” is no deadline; write {{ month = {month}, day = {day} }} for day {day} of the quarter's "
        "month {month} (1 to 3; 4 is the month after the quarter), or {{ days_after = 3 }} for 3 days after "
        "the data window"
    ).format(typed=typed, month=(month - 1) % 3 + 1, day=day)


# ---- commas

_ENDS, _BEGINS = r"[\w\"'\]}]", r"[\"'\[{]|[A-Za-z0-9_\-]+[ \t]*=|[-+]?\d"
_BETWEEN = re.compile(rf"(?<={_ENDS})(?=[ \t]+(?:{_BEGINS}))|(?<=[\"'\]}}])(?=[\"'\[{{])")
_LAST = re.compile(r"(?:\"[^\"]*\"|'[^']*'|[\w.+\-]+|[\]}])$")
_NEEDLESS = re.compile(r",(?=\s*(?:\}|(?:#.*)?$))")
_ITEM = re.compile(r"\s*(?:[\"'{\-+\d]|\[\s*[\"'{\[])(?![^\"'=]*=[^=\"']*$)")  # not the next key or section
_LINE_END = re.compile(rf"{_ENDS}(?=\s*(?:#.*)?$)")


def _commas(lines: list[str], at: int) -> Iterator[_Mended]:
    def with_comma(number: int, place: int, moved: int) -> _Mended:
        line = lines[number - 1]
        mended = f"{line[:place]},{line[place:]}"
        before = _LAST.search(line[:place])
        message = _("a comma is missing after {before}").format(before=before[0] if before else line[:place])
        return _Mended([*lines[: number - 1], mended, *lines[number:]], number, message, moved)

    line = lines[at - 1]
    for found in _NEEDLESS.finditer(line):
        mended = f"{line[: found.start()]}{line[found.end() :]}"
        message = _("a comma stands where nothing follows it: take it away")
        yield _Mended([*lines[: at - 1], mended, *lines[at:]], at, message)
    for found in _BETWEEN.finditer(line):
        yield with_comma(at, found.start(), 1)
    before = next((n for n in range(at - 1, 0, -1) if lines[n - 1].split("#")[0].strip()), None)
    if before is not None and _ITEM.match(line):
        for found in _LINE_END.finditer(lines[before - 1]):
            yield with_comma(before, found.end(), 0)
