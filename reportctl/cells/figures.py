"""Figures typed as text: with separators, units of measure, notes, brackets, as sums and in words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from reportctl.cells import numerals
from reportctl.cells.numerals import DIGITS, Number, readings
from reportctl.cells.reading import (
    LARGEST,
    PLAIN_NUMBER,
    Question,
    Reading,
    Words,
    figure,
    invalid,
    measure,
    number_words,
    phrase,
    wrong_type,
)
from reportctl.core.language import Phrase
from reportctl.core.letters import cleaned, folded, narrow
from reportctl.form.indicators import NUMERIC, Type
from reportctl.workbooks.book import CellValue

_LONGEST: Final = 60  # characters; anything longer is prose

_NOT_KNOWN = frozenset(
    {"chưa", "chưa có", "chưa có số liệu", "không có số liệu", "chưa rõ", "không rõ", "chưa tổng hợp",
     "đang tổng hợp", "đang cập nhật", "đang thực hiện", "cập nhật sau", "bổ sung sau", "báo cáo sau", "tbd"}
)  # fmt: skip
_ELSEWHERE = frozenset(
    {"nt", "-nt-", "như trên", '"', "“", "”", "″", "''", "//", "như quý trước", "như kỳ trước", "xem phụ lục",
     "theo phụ lục", "có phụ lục kèm theo", "có danh sách kèm theo", "xem file đính kèm", "see above"}
)  # fmt: skip
_PERHAPS_ZERO = frozenset({"o", "k", "kh", "kô", "hông", "0 có", "o có", "không co", "ko co"})
_PERHAPS_NOT_APPLICABLE = frozenset({"na", "n.a", "n.a.", "n-a", "k.a.d", "k/a/d", "kad."})

_NUMBER = re.compile(rf"(?P<sign>[-−+]?)(?P<digits>{DIGITS})(?P<tail>.*)")
_UNIT_WORDS = re.compile(r"[^\W\d_][^\d_]{0,29}|%")
_PERCENT_WORDS = frozenset({"phần trăm", "percent", "per cent"})
_LETTERS_FOR_DIGITS = str.maketrans("oil|", "0111")


def figure_in_text(word: str, ask: Question) -> Reading:
    """What the text `word`, folded and in plain signs, says in answer to the figure `ask`."""
    word = word.lstrip("'’‘`").strip()
    if len(word) > _LONGEST:
        return wrong_type(ask.type)
    for words, code in ((_NOT_KNOWN, "no_figure_yet"), (_ELSEWHERE, "figure_elsewhere")):
        if word in words:
            return invalid(code)
    if word in _PERHAPS_ZERO or word in _PERHAPS_NOT_APPLICABLE:
        return wrong_type(ask.type, "0" if word in _PERHAPS_ZERO else "KAD")
    return (
        _typed(word, ask)
        or _sum(word, ask)
        or _exponent(word)
        or _approximate(word)
        or _sign_unclear(word)
        or _mistyped(word, ask)
        or _in_words(word, ask)
        or _other_unit(word, ask)
        or _with_note(word, ask)
        or wrong_type(ask.type)
    )


def possible_figures(raw: CellValue, ask: Question) -> list[float]:
    """All figures that a cell may mean which is no answer to `ask`: beyond its bounds, not whole, or with
    separators that say two things. A percentage may be typed without its sign; none where it is no number."""
    if ask.type not in NUMERIC or isinstance(raw, bool):
        return []
    numbers: list[Number] = []
    sign = False
    if isinstance(raw, int | float):
        numbers = [raw]
    elif isinstance(raw, str) and len(raw) <= _LONGEST:
        found = _NUMBER.fullmatch(folded(narrow(cleaned(raw)[0])).lstrip("'’‘`=").strip())
        tail = found["tail"].strip(" ().;") if found else ""
        sign = tail == "%" or tail in _PERCENT_WORDS
        if found and (not tail or sign or _is_own_unit(tail, ask)):
            minus = found["sign"] not in ("", "+")
            numbers = [-one if minus else one for one in readings(found["digits"])]
    numbers = [one for one in numbers if abs(one) <= LARGEST]
    if ask.type is not Type.PERCENT:
        return [float(one) for one in numbers]
    return [one / 100 for one in numbers] + [float(one) for one in numbers if not sign]


def _typed(word: str, ask: Question) -> Reading | None:
    """A figure with separators, its own unit of measure or a percent sign."""
    found = _NUMBER.fullmatch(word.removeprefix("=").lstrip())
    values = readings(found["digits"]) if found else []
    if found is None or not values:
        return None
    tail = found["tail"].strip(" ().;")
    own_unit = bool(tail) and _is_own_unit(tail, ask)
    percent_sign = ask.type is Type.PERCENT and (tail == "%" or tail in _PERCENT_WORDS)
    if tail and not own_unit and not percent_sign:
        return None
    suffix = "%" if percent_sign else ""
    signed = values if found["sign"] in ("", "+") else [-value for value in values]
    if len(values) > 1 and ask.type is not Type.COUNT:
        first, second = (number_words(value, suffix) for value in signed)
        return invalid("ambiguous_number", first=first, second=second)
    value = signed[0]
    return figure(
        value / 100 if percent_sign else value,
        ask,
        "unit_in_cell" if own_unit and not percent_sign else "number_as_text",
        (("read", number_words(value, suffix)),),
        percent_sign=percent_sign,
    )


def _sum(word: str, ask: Question) -> Reading | None:
    """A sum, or a formula, that stands there as text."""
    total = numerals.summed(_without_own_unit(word, ask), whole=ask.type is Type.COUNT)
    if total is not None:
        return figure(total, ask, "sum_as_text", (("read", number_words(total)),))
    return invalid("formula_as_text") if re.match(r"[=+]\s*[a-z(]", word) else None


def _exponent(word: str) -> Reading | None:
    value = numerals.with_exponent(word.lstrip("+"))
    if value is None:
        return None
    text = f"{value:.15f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    suggestion = Phrase(text.replace(".", ","), text) if "." in text else text
    return invalid("exponent_form", suggestion=suggestion)


# Estimates and ranges

_ABOUT = (
    r"(?:khoảng|gần|hơn|trên|dưới|chừng|tầm|xấp xỉ|ước(?: tính| đạt)?|ít nhất|tối thiểu|tối đa"
    r"|about|over|under|nearly|around|approx\.?|[~≈<>≤≥±]=?)"
)
_APPROXIMATE = re.compile(
    rf"{_ABOUT} ?(?P<about>{DIGITS})(?P<sign>%?).*"
    rf"|(?P<estimate>{DIGITS})(?P<sign2>%?)[^0-9]*(?:\(? ?(?:ước|khoảng)(?: tính)? ?\)?|\+|\?|trở lên)"
)
_RANGE = re.compile(rf"(?:từ |from )?({DIGITS})(?: ?%)? ?(?:-|–|—|đến|tới|to) ?({DIGITS})(?:[^0-9]*)")


def _approximate(word: str) -> Reading | None:
    """An estimate or a range of figures, with the number it suggests; None where it is neither."""
    if found := _RANGE.fullmatch(word):
        first, last = (readings(digits) for digits in found.groups())
        if first and last and first[0] < last[0]:
            sign = "%" if "%" in word else ""
            either = phrase(
                "{} hoặc {}", "{} or {}", number_words(first[0], sign), number_words(last[0], sign)
            )
            return invalid("approximate", suggestion=either)
    elif found := _APPROXIMATE.fullmatch(word):
        values = readings(found["about"] or found["estimate"])
        if values:
            suggestion = number_words(values[0], found["sign"] or found["sign2"] or "")
            return invalid("approximate", suggestion=suggestion)
    return None


# Brackets and dashes that can mean a minus

_PERHAPS_NEGATIVE = re.compile(
    rf"\( ?(?P<bracketed>{DIGITS}) ?%?\)|(?P<before>{DIGITS}) ?%? ?[-–—−]"
    rf"|(?:[-−] +|[–—] ?)(?P<after>{DIGITS}) ?%?"
)


def _sign_unclear(word: str) -> Reading | None:
    """A figure in brackets or with a dash, which can mean a minus."""
    found = _PERHAPS_NEGATIVE.fullmatch(word)
    values = readings(next(filter(None, found.groups()))) if found else []
    if not values:
        return None
    return invalid("sign_unclear", first=number_words(values[0]), second=number_words(-values[0]))


# Slips of the hand


def _mistyped(word: str, ask: Question) -> Reading | None:
    """O, I and l among digits, half a decimal, “năm” (five, or year); with what was probably meant."""
    digits = word.translate(_LETTERS_FOR_DIGITS)
    if digits != word and digits.isdecimal() and any(sign.isdecimal() for sign in word):
        return wrong_type(ask.type, digits)
    if re.fullmatch(r"[.,][0-9]+", word):
        return wrong_type(ask.type, number_words(float(f"0.{word[1:]}")))
    values = readings(word[:-1].rstrip()) if word.endswith(",") else []
    if len(values) == 1:
        return wrong_type(ask.type, number_words(values[0]))
    if word == "năm":
        return wrong_type(ask.type, "5")
    return None


# In words

_BOTH = re.compile(
    rf"(?P<digits>{DIGITS}) ?\((?P<words>[^\W\d_][^\d()]*)\)|(?P<words2>[^\d()]+)\((?P<digits2>{DIGITS})\)"
)


def _in_words(word: str, ask: Question) -> Reading | None:
    """A number in words, or in digits and in words (`12 (mười hai)`)."""
    plain = _without_own_unit(word, ask)
    value = numerals.in_words(plain)
    if value is not None:
        return figure(value, ask, "number_in_words", (("read", number_words(value)),))
    found = _BOTH.fullmatch(plain)
    if found is None:
        return None
    words = _without_own_unit((found["words"] or found["words2"]).strip(), ask)
    value, values = numerals.in_words(words), readings(found["digits"] or found["digits2"])
    if value is None or not values:
        return None
    if value not in values:
        return invalid("several_numbers", suggestion="")
    return figure(value, ask, "number_as_text", (("read", number_words(value)),))


# Units of measure

_SCALES = {
    "chục": 10, "trăm": 100, "nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tr": 10**6,
    "tỷ": 10**9, "tỉ": 10**9, "thousand": 10**3, "million": 10**6, "billion": 10**9,
}  # fmt: skip
_SCALED = re.compile(rf"({'|'.join(_SCALES)})(?: ({'|'.join(_SCALES)}))?(?![^\W\d_])\.? ?(.*)|(tr)(đ)")
_DONG = frozenset({"đ", "đồng", "dong", "vnđ", "vnd"})


def _scale(unit: str) -> tuple[int, str]:
    """A unit of measure as a factor and what is counted: `triệu đồng` is 1,000,000 and `đồng`."""
    found = _SCALED.fullmatch(unit)
    if found is None:
        factor, counted = 1, unit
    elif found[4]:
        factor, counted = _SCALES[found[4]], found[5]
    else:
        factor, counted = _SCALES[found[1]] * _SCALES.get(found[2], 1), found[3]
    return factor, "đồng" if counted in _DONG else counted


def _units(ask: Question) -> set[str]:
    """The unit of measure of what is asked as it may be typed, folded: in Vietnamese, in English."""
    own = measure(ask)
    return {folded(own.vi), folded(own.en)} - {""} if own else set()


def _is_own_unit(tail: str, ask: Question) -> bool:
    """Whether `tail` is the unit of measure asked for, for money also in short (`tr`, `đ`)."""
    factor, counted = _scale(tail)
    own = {unit: _scale(unit) for unit in _units(ask)}
    return any(tail == unit or (factor, counted) == scale for unit, scale in own.items()) or (
        not counted and factor > 1 and factor in {own_factor for own_factor, _counted in own.values()}
    )


_MANY_DONG = 10**12  # đồng: more than one unit's amount comes to


def typed_in_dong(value: float, ask: Question) -> Words | None:
    """What `value` is in the unit of measure asked for, thousands or millions of đồng, where it was probably
    typed in đồng: so large an amount that no unit has it. None: it was not, or the form allows for it."""
    if not isinstance(value, int | float) or value < 10**6 or value != int(value) or ask.max is not None:
        return None
    for unit in _units(ask):
        factor, counted = _scale(unit)
        money = counted == "đồng" or (not counted and ask.type is Type.MONEY)
        if money and factor > 1 and value * factor >= _MANY_DONG:
            return number_words(numerals.exactly(Decimal(int(value)) / factor))
    return None


def _without_own_unit(word: str, ask: Question) -> str:
    for unit in _units(ask):
        if word.endswith(f" {unit}"):
            return word.removesuffix(unit).strip()
    return word


def _other_unit(word: str, ask: Question) -> Reading | None:
    """A number of something else; where that is only another scale, with the number that it makes."""
    found = _NUMBER.fullmatch(word)
    values = readings(found["digits"]) if found else []
    tail = found["tail"].strip(" ().,;") if found else ""
    if found is None or not values or not _UNIT_WORDS.fullmatch(tail):
        return None
    factor, counted = _scale(tail)
    suggestion: Words = ""
    for unit in _units(ask) or {""}:
        own_factor, own = _scale(unit)
        sure = len(values) == 1 or (ask.type is Type.COUNT and factor == 1)
        if sure and factor != own_factor and (counted == own or (not counted and factor > 1)):
            rescaled = numerals.exactly(Decimal(str(values[0])) * factor / own_factor)
            suggestion = number_words(rescaled)
            break
    if not suggestion and ("(" in found["tail"] or tail.startswith(_NOTE_WORDS)):
        return None
    return invalid(
        "wrong_unit_in_cell", found=tail, measure=measure(ask) or PLAIN_NUMBER, suggestion=suggestion
    )


# Notes beside a figure, several figures

_NOTE_WORDS = (
    "trong đó",
    "gồm",
    "bao gồm",
    "tăng",
    "giảm",
    "tính đến",
    "đã",
    "đang",
    "chưa",
    "theo",
    "của",
    "tại",
)
_LISTED = re.compile(r"[0-9., ]+(?:(?:;|&|\+|và|and)[0-9., ]+)+")


_ALONE = re.compile(rf"(?<![^\s:;(\[]){DIGITS}(?![\w%.,$€])")


def _with_note(word: str, ask: Question) -> Reading | None:
    """A figure with a note beside it, or several figures; None where there is none."""
    plain = word
    for unit in _units(ask):
        plain = re.sub(rf"(?<=[0-9 ]){re.escape(unit)}(?![^\W\d_])", "", plain)
    main = re.match(rf"({DIGITS}) *[(*].*", plain)
    numbers = [main[1]] if main else numerals.NUMBER.findall(plain)
    values = [readings(number) for number in numbers]
    if not values or not all(values):
        return None
    if len(values) == 1:
        sure = _ALONE.search(plain) and (len(values[0]) == 1 or ask.type is Type.COUNT)
        return invalid("note_in_cell", suggestion=number_words(values[0][0]) if sure else "")
    listed = ask.type is not Type.PERCENT and _LISTED.fullmatch(plain) and all(len(v) == 1 for v in values)
    total = numerals.exactly(sum((Decimal(str(v[0])) for v in values), Decimal(0)))
    return invalid("several_numbers", suggestion=number_words(total) if listed else "")
