"""Numbers as people write them: with separators, with an exponent, as a sum, in Vietnamese words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

Number = int | float

DIGITS: Final = r"[0-9](?:[0-9.,'’ ]*[0-9])?"  # with separators
_WHOLE = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<group>[.,'’ ])[0-9]{3}(?:(?P=group)[0-9]{3})*")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_GROUPED_DECIMAL = re.compile(
    r"[1-9][0-9]{0,2}(?P<group>[.,'’ ])[0-9]{3}(?:(?P=group)[0-9]{3})*(?!(?P=group))(?P<point>[.,])[0-9]+"
)
_SEPARATORS = re.compile(r"[.,'’ ]")


def readings(digits: str) -> list[Number]:
    """The numbers that `digits`, with its separators, can be: none, one or two (`1.200`: 1200, then 1.2)."""
    if _WHOLE.fullmatch(digits):
        return [int(digits)]
    found: list[Number] = []
    if _GROUPED.fullmatch(digits):
        found.append(int(_SEPARATORS.sub("", digits)))
    if _DECIMAL.fullmatch(digits):
        found.append(float(digits.replace(",", ".")))
    if mixed := _GROUPED_DECIMAL.fullmatch(digits):
        before, _point, after = digits.rpartition(mixed["point"])
        found.append(float(_SEPARATORS.sub("", before) + "." + after))
    return found


# A number in a text, as it is typed.
NUMBER: Final = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]+(?:[.,][0-9]+)*")


def exactly(value: Decimal) -> Number:
    """`value` as a whole number where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


_EXPONENT = re.compile(r"([0-9]+)(?:[.,]([0-9]+))? ?(?:e ?|[x×*.] ?10 ?\^ ?)([+-]?[0-9]{1,2})")


def with_exponent(text: str) -> Number | None:
    """The number that `text` writes with an exponent (`1,2E+05`); None where it does not."""
    found = _EXPONENT.fullmatch(text)
    if found is None or len(text) > 40:
        return None
    return exactly(Decimal(f"{found[1]}.{found[2] or 0}E{found[3]}"))


_TERM = re.compile(r"([+-]?) ?([0-9][0-9.,]*)")
_SUM = re.compile(r"=? ?[0-9][0-9.,]*(?: ?[+-] ?[0-9][0-9.,]*)* ?(?:= ?(?P<total>[0-9][0-9.,]*))?")


def summed(text: str, *, whole: bool) -> Number | None:
    """What the sum `text` comes to (`12+15`, `=12+15-3`, `12+15=27`); None where that is not sure.

    Something is taken away only after an equals sign: `20-25` is a range. In `whole` numbers `1.200` is 1200,
    otherwise it says two things.
    """
    found = _SUM.fullmatch(text)
    formula = text.startswith("=")
    if found is None or not (formula or "+" in text) or ("-" in text and not formula):
        return None
    terms = text[1:] if formula else text
    terms = terms.partition("=")[0]
    total = Decimal(0)
    for sign, digits in _TERM.findall(terms):
        value = _only(digits, whole=whole)
        if value is None:
            return None
        total += -value if sign == "-" else value
    if found["total"] and _only(found["total"], whole=whole) != total:
        return None
    return exactly(total)


def _only(digits: str, *, whole: bool) -> Decimal | None:
    """The one number that `digits` can be."""
    found = readings(digits)
    return Decimal(str(found[0])) if len(found) == 1 or (found and whole) else None


# In words

_ONES = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_AFTER_TEN = _ONES | {"lăm": 5, "nhăm": 5}
_AFTER_TENS = _AFTER_TEN | {"mốt": 1, "tư": 4}
_ODD = ("linh", "lẻ")


def in_words(text: str) -> int | None:
    """The number that `text`, in small letters, writes in Vietnamese words; None where it is not sure.

    “Một nghìn hai” and “một triệu hai trăm” are not read: people mean 1,200 and 1,200,000 by them.
    """
    return _scaled(text.replace("ngàn", "nghìn").replace("tỉ", "tỷ").split(), _SCALES)


_SCALES = (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3))


def _scaled(words: list[str], scales: tuple[tuple[str, int], ...]) -> int | None:
    if not scales:
        return _below_thousand(words)
    (name, factor), smaller = scales[0], scales[1:]
    if name not in words:
        return _scaled(words, smaller)
    at = words.index(name)
    many, rest = _below_thousand(words[:at]), words[at + 1 :]
    if many is None or not rest:
        return None if many is None else many * factor
    next_name = smaller[0][0] if smaller else "trăm"
    if rest[0] in _ODD and len(rest) == 2 and rest[1] in _ONES:
        return many * factor + _ONES[rest[1]]
    few = _scaled(rest, smaller) if next_name in rest else None
    return None if few is None else many * factor + few


def _below_thousand(words: list[str]) -> int | None:
    if len(words) > 1 and words[1] == "trăm":
        hundreds, rest = {"không": 0, **_ONES}.get(words[0]), words[2:]
        if hundreds is None or not rest:
            return None if hundreds is None else hundreds * 100
        if len(rest) == 2 and rest[0] in _ODD and rest[1] in _ONES:
            return hundreds * 100 + _ONES[rest[1]]
        tens = _below_hundred(rest) if rest[0] == "mười" or len(rest) > 1 else None
        return None if tens is None else hundreds * 100 + tens
    return _below_hundred(words)


def _below_hundred(words: list[str]) -> int | None:
    match words:
        case ["mười"]:
            return 10
        case ["mười", one] if one in _AFTER_TEN:
            return 10 + _AFTER_TEN[one]
        case [one] if one in _ONES:
            return _ONES[one]
        case [ten, "mươi"] if ten in _ONES:
            return _ONES[ten] * 10
        case [ten, "mươi", one] if ten in _ONES and one in _AFTER_TENS:
            return _ONES[ten] * 10 + _AFTER_TENS[one]
    return None
