"""What a number format makes of a number: whether what is seen is what the cell holds.

Only the ways in which a format shows another number, or none, are worked out: thousands left out by commas at
its end, percent signs, digits that the format itself prints, sections without any place for digits (ECMA-376
part 1, 18.8.31).
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from typing import NamedTuple

from reportctl.core.language import Phrase

SCALED, PERCENT, DIGITS, HIDDEN = "scaled", "percent", "digits", "hidden"


NOTHING = Phrase("ô trống", "nothing")


class Shown(NamedTuple):
    """What is seen of a number: how it differs (`SCALED`, `PERCENT`, `DIGITS`, `HIDDEN`), as what it is seen,
    and as which number where that is one."""

    how: str
    text: str | Phrase
    number: float | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the parts between semicolons. `pieces` are what it prints: a digit (`_DIGIT`), the decimal point
    (`_POINT`), or a text; `condition` is an operator and a number; `thousands` how often 1000 is left out,
    `percents` how often 100 comes in. `holds`: a digit has a place in it; `adds`: its texts have digits."""

    pieces: tuple[str, ...]
    condition: tuple[str, float] | None
    thousands: int
    percents: int
    holds: bool
    adds: bool

    @property
    def odd(self) -> bool:
        """Whether it shows some numbers otherwise than they are."""
        return bool(self.thousands or self.percents or self.adds or not self.holds)


_TOKEN = re.compile(
    r'"([^"]*)"?|\\(.)|[_*].?|\[([^\]]*)\]?|(;)|(general|@)|e[+-]|([0#?])|([.,%])|(.)',
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)")
_MOMENT = frozenset("dmyhsDMYHS")  # a date or a time: those are read as such
_BEFORE = re.compile(r"(?:^|[^\w.,])[0-9][0-9., \u00a0]*$")  # digits that join those of the number
_AFTER = re.compile(r"[., \u00a0]*[0-9]")
_MANY = 255  # characters: no spreadsheet takes a longer format
_DIGIT, _POINT = "\0", "\1"  # which stand in no XML


@functools.lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    split: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code[:_MANY]):
        if token[4]:
            split.append([])
        else:
            split[-1].append(token)
    return tuple(map(_section, split))


def _section(tokens: list[re.Match[str]]) -> _Section:
    pieces: list[str] = []
    condition, skeleton, moment, percents = None, "", False, 0
    for token in tokens:
        quoted, escaped, bracketed, _end, general, digit, sign, other = token.groups()
        if bracketed is not None:
            found = _CONDITION.fullmatch(bracketed.strip())
            condition = (found[1], float(found[2])) if found else condition
        elif general or digit:
            skeleton += "0"
            pieces.append(_DIGIT)
        elif sign == "%":
            percents += 1
            pieces.append("%")
        elif sign:
            skeleton += sign
            pieces += [_POINT] if sign == "." else []
        elif other and other in _MOMENT:
            moment = True
        elif said := quoted or escaped or other:
            pieces.append(said)
    before, _point, after = skeleton.partition(".")
    thousands = sum(len(part) - len(part.rstrip(",")) for part in (before, after)) if "0" in skeleton else 0
    holds = moment or "0" in skeleton
    adds = "0" in skeleton and not moment and _adds("".join(pieces))
    return _Section(tuple(pieces), condition, 0 if moment else thousands, percents, holds, adds)


def _adds(printed: str) -> bool:
    """Whether texts among the digits, before or after them make another number of it."""
    first, last = printed.index(_DIGIT), printed.rindex(_DIGIT)
    inside = printed[first : last + 1]
    return bool(
        _BEFORE.search(printed[:first])
        or _AFTER.match(printed, last + 1)
        or any(sign.isdecimal() for sign in inside)
        or _LIKE_DECIMALS.search(inside.partition(_POINT)[0])
    )


# A point or a comma that is printed as it stands looks like decimals where not three digits follow it.
_LIKE_DECIMALS = re.compile(rf"[.,](?!{_DIGIT}{{3}}(?!{_DIGIT}))")


@functools.lru_cache(maxsize=1024)
def is_odd(code: str) -> bool:
    """Whether a cell with the format `code` may be seen as another number than it holds, or as none."""
    sections = _sections(code)
    if hides_text(code) or (len(sections) > 1 and all(one.condition for one in sections)):
        return True  # texts, or some numbers, are not shown
    counted = sections[:2] if not any(one.condition for one in sections) else sections[:3]
    return any(one.odd for one in counted) or any(one.adds or one.thousands for one in sections[2:3])


def hides_text(code: str) -> bool:
    """Whether a text in a cell with the format `code` is not seen: its fourth section has no place for it."""
    sections = _sections(code)
    return len(sections) > 3 and not sections[3].holds


def shown(code: str, value: float) -> Shown | None:
    """How `value` is seen in the format `code`; None where it is seen as it is, zero also where it is not."""
    sections = _sections(code)
    section = _chosen(sections, value)
    if value == 0 or not math.isfinite(value):
        return None
    if section is None:
        return Shown(HIDDEN, "###") if len(sections) > 1 else None
    if not section.holds:
        return Shown(HIDDEN, "".join(section.pieces).strip() or NOTHING)
    number = value * 100**section.percents / 1000**section.thousands
    if section.adds:
        text = _rendered(section, number)
        digits = re.sub("[^0-9]", "", text.partition(_POINT)[0])
        like_decimals = _LIKE_DECIMALS.search("".join(section.pieces).partition(_POINT)[0])
        same = int(digits or "0") == int(abs(value)) and not like_decimals
        return None if same else Shown(DIGITS, text.replace(_POINT, "."))
    if section.thousands:
        return Shown(SCALED, "", number)
    return Shown(PERCENT, "", number) if section.percents else None


_COMPARED = {
    "<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__, "=": float.__eq__,
    "<>": float.__ne__,
}  # fmt: skip


def _chosen(sections: tuple[_Section, ...], value: float) -> _Section | None:
    """The section for `value`; None where the format has none for it."""
    number = float(value)
    if any(one.condition for one in sections):
        for one in sections[:3]:
            if one.condition is None or _COMPARED[one.condition[0]](number, one.condition[1]):
                return one
        return None
    if len(sections) == 1:
        return sections[0]
    if number < 0:
        return sections[1]
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


def _rendered(section: _Section, number: float) -> str:
    """The number's digits, from the right, among what the section prints."""
    after = section.pieces[section.pieces.index(_POINT) :] if _POINT in section.pieces else ()
    digits = list(f"{abs(number):.{min(after.count(_DIGIT), 20)}f}".replace(".", ""))
    first = section.pieces.index(_DIGIT)
    printed: list[str] = []
    for at in range(len(section.pieces) - 1, -1, -1):
        piece = section.pieces[at]
        if piece != _DIGIT:
            printed.append(piece)
        elif at == first:
            printed.append("".join(digits))
        elif digits:
            printed.append(digits.pop())
    return "".join(reversed(printed)).strip()
