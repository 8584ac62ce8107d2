"""Units of measure: whether what is counted in one may be added to what is counted in another.

Offices write the same unit of measure in several ways, so words that differ prove nothing by themselves.
Known are sums of money, percentages, and the usual measures of area, length, weight, volume and time, with
how great each is beside the others of its family.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from reportctl.form.indicators import Type


class Likeness(StrEnum):
    """Whether two figures are in the same unit of measure; `UNSURE` where the words alone differ."""

    SAME = "same"
    UNSURE = "unsure"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure of the `type` is counted in, by its `words`; its `family` (empty: not known), and in that
    its `scale`: the currency, if any, and how many of the least it is (None: not known)."""

    type: Type
    words: str
    family: str = ""
    scale: tuple[str, float] | None = None


_MONEY, _PERCENT = "money", "percent"
_GREATNESS = {
    "trăm": 1e2, "nghìn": 1e3, "ngàn": 1e3, "1000": 1e3, "thousand": 1e3, "triệu": 1e6, "tr": 1e6,
    "1000000": 1e6, "million": 1e6, "tỷ": 1e9, "tỉ": 1e9, "billion": 1e9,
}  # fmt: skip
_GREAT = "|".join(sorted(_GREATNESS, key=len, reverse=True))
# “Đồng” stands in “hội đồng”, “đồng chí”, “hợp đồng” too: money it is by itself, or behind a greatness.
_SUM_OF_MONEY = re.compile(
    rf"(?P<great>(?:(?:{_GREAT})\.?\s*)*)"
    r"(?P<currency>đồng(?: việt nam)?|việt nam đồng|vnđ|vnd|dongs?|(?<=[rnuỷỉ0.\s])đ"
    r"|usd|us\$|\$|đô la(?: mỹ)?|eur|euro|€)(?:\s*/.*)?"
)
_OTHER_CURRENCY = {"usd": "usd", "us$": "usd", "$": "usd", "đô la": "usd", "đô la mỹ": "usd"}
_OTHER_CURRENCY |= dict.fromkeys(("eur", "euro", "€"), "eur")
_SIZES: dict[str, dict[str, float]] = {
    "area": {
        "m2": 1, "m²": 1, "mét vuông": 1, "ha": 1e4, "hecta": 1e4, "héc ta": 1e4, "km2": 1e6, "km²": 1e6,
    },
    "length": {"cm": 1e-2, "m": 1, "mét": 1, "km": 1e3, "ki lô mét": 1e3},
    "weight": {"g": 1e-3, "kg": 1, "ki lô gam": 1, "tạ": 1e2, "tấn": 1e3},
    "volume": {"lít": 1e-3, "m3": 1, "m³": 1, "mét khối": 1},
    "time": {"phút": 1, "giờ": 60, "minutes": 1, "hours": 60},
}  # fmt: skip


def likeness(one: Measure, other: Measure) -> Likeness:
    """Whether two figures may be added up by their units of measure.

    Of known ones the family and the scale decide. Money and percentages are known by their words or types, so
    anything else that is named beside them is different.
    """
    types = {one.type, other.type}
    if Type.PERCENT in types and len(types) > 1:
        return Likeness.DIFFERENT
    if one.words and one.words == other.words and (one.family == other.family or Type.COUNT not in types):
        return Likeness.SAME
    if one.family and other.family:
        if one.family != other.family:
            return Likeness.DIFFERENT
        if one.scale is None or other.scale is None:
            return Likeness.UNSURE if one.words or other.words else Likeness.SAME
        return Likeness.SAME if one.scale == other.scale else Likeness.DIFFERENT
    known, unknown = (one, other) if one.family else (other, one)
    by_type = known.family == _MONEY and unknown.type is Type.COUNT
    by_words = known.family in (_MONEY, _PERCENT) and unknown.words
    if by_type or by_words:
        return Likeness.DIFFERENT
    if known.family:
        return Likeness.UNSURE
    return Likeness.SAME if one.words == other.words else Likeness.UNSURE


@functools.lru_cache(maxsize=1024)  # thousands of cells have a few of them
def measure(kind: Type, words: str) -> Measure:
    """The unit of measure `words` of figures of this type."""
    plain = " ".join(unicodedata.normalize("NFC", words).casefold().strip(" ().:").split())
    if kind is Type.PERCENT or "%" in plain or plain in ("phần trăm", "percent"):
        return Measure(kind, plain, _PERCENT, ("", 1))
    digits = re.sub(r"(?<=\d)[.,\s](?=\d{3})", "", plain)
    if found := _SUM_OF_MONEY.fullmatch(digits):
        currency = _OTHER_CURRENCY.get(found["currency"], "")
        return Measure(kind, plain, _MONEY, (currency, _great(found["great"])))
    if kind is Type.MONEY:
        only_greatness = re.fullmatch(rf"(?:(?:{_GREAT})\.?\s*)+", digits)
        return Measure(kind, plain, _MONEY, ("", _great(digits)) if only_greatness else None)
    for family, sizes in _SIZES.items():
        if plain in sizes:
            return Measure(kind, plain, family, ("", sizes[plain]))
    return Measure(kind, plain)


def _great(words: str) -> float:
    """How many of one unit these words say: a thousand million for “nghìn triệu”."""
    scale = 1.0
    for word in re.findall(_GREAT, words):
        scale *= _GREATNESS[word]
    return scale


def names_several(whole: Measure, parts: list[Measure]) -> bool:
    """Whether the unit of measure of a whole is put together of those of its parts: “tin, bài”."""
    words = re.split(r"\s*[,;/+&]\s*|\s+(?:và|and|hoặc|or)\s+", whole.words)
    return len(words) > 1 and any(part.words in words for part in parts)
