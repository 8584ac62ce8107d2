"""What one cell means: figures, dates and words as people type them.

Nothing is taken silently that was not typed plainly: whatever needs interpreting carries a finding's code,
and what can be read in more than one way is not read at all. Blank, zero and not applicable stay apart.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from reportctl.form import Indicator, ListColumn, Type
from reportctl.language import Phrase
from reportctl.submission import AnswerValue, State

Raw = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Ask = Indicator | ListColumn
Details = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says. `code` is a finding's, empty where the cell was read as typed.

    `details` are what the finding's message is filled with.
    """

    state: State
    value: AnswerValue = None
    code: str = ""
    details: Details = ()


_MISSING = Reading(State.MISSING)
_NOT_APPLICABLE = Reading(State.NOT_APPLICABLE)

LARGEST: Final = 10**15  # beyond 15 digits a spreadsheet no longer keeps a number exactly
_NOISE = 1e-9  # how far the result of a formula may lie from the whole number it stands for
_LONGEST_FIGURE = 60  # characters; anything longer is prose

_MISSING_WORD = re.compile(r"x|[.…\s]+|\?+")
_DASHES = frozenset({"-", "--", "–", "—", "−"})
_NOT_APPLICABLE_WORDS = frozenset({"kad", "n/a", "không áp dụng", "not applicable"})
_ZERO_WORDS = frozenset(
    {"không", "không có", "không phát sinh", "khong", "khong co", "ko", "ko có", "none", "nil"}
)
_YES_WORDS = frozenset({"có", "co", "yes", "1", "true"})
_NO_WORDS = frozenset({"không", "khong", "không có", "no", "0", "false"})

_EXPECTED = {
    Type.COUNT: Phrase("số nguyên", "a whole number"),
    Type.NUMBER: Phrase("một số", "a number"),
    Type.PERCENT: Phrase("tỷ lệ phần trăm", "a percentage"),
    Type.MONEY: Phrase("số tiền", "an amount of money"),
    Type.YES_NO: Phrase("“Có” hoặc “Không”", "“Yes” or “No”"),
}
_NUMBERS = Phrase("số", "numbers")


def read_cell(raw: Raw, ask: Ask, *, dash: str = "zero") -> Reading:
    """What the cell value `raw` says in answer to `ask`.

    Percentages are fractions, yes and no are 1 and 0, texts are composed (NFC). `dash` is what a lone dash
    means for a figure: "zero" or "missing".
    """
    if raw is None:
        return _MISSING
    kind = ask.type
    if kind is Type.TEXT:
        return read_text(raw)
    if isinstance(raw, str):
        return _from_text(raw, ask, dash)
    if kind is Type.DATE:
        return _from_date(raw)
    if kind is Type.CHOICE:
        return _from_words(_as_text(raw), ask)
    if kind is Type.YES_NO:
        return Reading(State.VALUE, int(raw == 1)) if raw in (0, 1) else _wrong_type(kind)
    if isinstance(raw, bool):
        return _wrong_type(kind)
    if isinstance(raw, (int, float)):
        return _figure(raw, ask)
    return _invalid("became_date", suggestion=_typed_as(raw))


def read_text(raw: Raw) -> Reading:
    """What the cell value `raw` says in answer to a question that is answered in words."""
    if raw is None:
        return _MISSING
    if not isinstance(raw, str):
        return Reading(State.VALUE, _as_text(raw))
    text = _stripped(raw)
    composed = unicodedata.normalize("NFC", text)
    if special := _special(_folded(composed)):
        return special
    if composed in _DASHES:
        return _MISSING
    return Reading(State.VALUE, composed, "" if composed == text else "decomposed_text")


def _invalid(code: str, **details: object) -> Reading:
    return Reading(State.INVALID, None, code, tuple(details.items()))


def _wrong_type(kind: Type) -> Reading:
    return _invalid("wrong_type", expected=_EXPECTED[kind])


def _stripped(text: str) -> str:
    # Zero-width spaces come along with copied text; U+00AD must stay, it is the letter ư in TCVN3.
    return text.strip().strip("\u200b\ufeff").strip()


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _special(word: str) -> Reading | None:
    """The reading of a word that stands for no answer."""
    if not word or _MISSING_WORD.fullmatch(word):
        return _MISSING
    return _NOT_APPLICABLE if word in _NOT_APPLICABLE_WORDS else None


def _from_text(raw: str, ask: Ask, dash: str) -> Reading:
    text = unicodedata.normalize("NFC", _stripped(raw))
    word = _folded(text)
    if ask.type is Type.CHOICE:  # before all others: “Không áp dụng” may be one of the choices
        return _from_words(text, ask)
    if special := _special(word):
        return special
    if ask.type is Type.DATE:
        return _MISSING if word in _DASHES else _from_date_text(word)
    if ask.type is Type.YES_NO:
        if word in _DASHES:
            return _MISSING
        if word in _YES_WORDS or word in _NO_WORDS:
            return Reading(State.VALUE, int(word in _YES_WORDS))
        return _wrong_type(ask.type)
    if word in _DASHES:
        return _figure(0, ask, "dash_as_zero") if dash == "zero" else _MISSING
    if word in _ZERO_WORDS:
        return _figure(0, ask, "word_as_zero")
    return _figure_in_text(word, ask) if len(word) <= _LONGEST_FIGURE else _wrong_type(ask.type)


def _from_words(text: str, ask: Ask) -> Reading:
    """One of the answers to choose from, whatever its case and spaces."""
    word = _folded(text)
    choices = {_folded(unicodedata.normalize("NFC", choice)): choice for choice in ask.choices}
    if word in choices:
        return Reading(State.VALUE, choices[word])
    if special := _special(word):
        return special
    if word in _DASHES:
        return _MISSING
    near = difflib.get_close_matches(word[:200], choices, 1)
    return _invalid(
        "choice_unknown", choices="; ".join(ask.choices), suggestion=choices[near[0]] if near else ""
    )


# Figures


def _figure(
    value: float, ask: Ask, code: str = "", details: Details = (), *, percent_sign: bool = False
) -> Reading:
    """The number `value` in answer to `ask`, if it can be one; `code` and `details` say how it was read."""
    if not math.isfinite(value):
        return _wrong_type(ask.type)
    kind, low, high = ask.type, ask.min, ask.max
    if low is None:
        low = -LARGEST if kind is Type.NUMBER else 0
    if high is None:
        high = 1 if kind is Type.PERCENT else LARGEST
    if kind is Type.COUNT:
        whole = round(value)
        if abs(value - whole) > _NOISE:
            return _not_whole(value, ask, typed=not code)
        value = whole
    if low <= value <= high:
        return Reading(State.VALUE, value, code, details)
    if kind is Type.PERCENT and not percent_sign and value > high and low <= value / 100 <= high:
        return _invalid("percent_scale", percent=_said(value * 100, "%"), suggestion=_said(value, "%"))
    return _invalid("out_of_range", bounds=_bounds(value, low, high, kind))


def _not_whole(value: float, ask: Ask, *, typed: bool) -> Reading:
    """Decimals in a count. An English spreadsheet makes 1.2 of a typed `1.200`; text it leaves as it is."""
    thousandfold = round(value * 1000)
    three_decimals = abs(value * 100 - round(value * 100)) > _NOISE
    if typed and 1 <= value < (1000 if three_decimals else 10) and abs(value * 1000 - thousandfold) < 1e-6:
        return _invalid("thousands_guess", suggestion=str(thousandfold))
    return _invalid("not_whole", measure=_measure(ask) or _NUMBERS)


def _measure(ask: Ask) -> Phrase | None:
    """The unit of measure, None where the form names none."""
    if not ask.unit_of_measure:
        return None
    return ask.measure if isinstance(ask, Indicator) else Phrase(ask.unit_of_measure)


def _said(value: float, suffix: str = "") -> str | Phrase:
    """A number for a message, without separators of thousands; where it has decimals, in both languages."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return Phrase(text.replace(".", ",") + suffix, text + suffix) if "." in text else text + suffix


def _bounds(value: float, low: float, high: float, kind: Type) -> Phrase:
    """The bounds that `value` is outside of; one that only stands for “no limit” is left out."""
    factor, suffix = (100, "%") if kind is Type.PERCENT else (1, "")
    first, last = (_said(bound * factor, suffix) for bound in (low, high))
    if value < low and high == LARGEST:
        return Phrase(f"từ {_in(first, 'vi')} trở lên", f"{_in(first, 'en')} or more")
    if value > high and low == -LARGEST:
        return Phrase(f"không quá {_in(last, 'vi')}", f"at most {_in(last, 'en')}")
    return Phrase(
        f"từ {_in(first, 'vi')} đến {_in(last, 'vi')}", f"from {_in(first, 'en')} to {_in(last, 'en')}"
    )


def _in(said: str | Phrase, language: str) -> str:
    return said.in_language(language) if isinstance(said, Phrase) else said


_DIGITS = r"[0-9](?:[0-9., ]*[0-9])?"
_NUMBER = re.compile(rf"(?P<sign>[-−+]?)(?P<digits>{_DIGITS})(?P<tail>.*)")
_WHOLE = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<group>[., ])[0-9]{3}(?:(?P=group)[0-9]{3})*")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_GROUPED_DECIMAL = re.compile(
    r"[1-9][0-9]{0,2}(?P<group>[., ])[0-9]{3}(?:(?P=group)[0-9]{3})*(?!(?P=group))(?P<point>[.,])[0-9]+"
)
_UNIT_WORDS = re.compile(r"[^\W\d_][^\d_]{0,29}|%")
_ABOUT = (
    r"(?:khoảng|gần|hơn|trên|dưới|chừng|tầm|xấp xỉ|ước(?: tính| đạt)?|ít nhất|tối thiểu|tối đa"
    r"|about|over|under|nearly|around|approx\.?|[~≈<>≤≥±]=?)"
)
_APPROXIMATE = re.compile(
    rf"{_ABOUT} ?(?P<about>{_DIGITS})(?P<sign>%?).*"
    rf"|(?P<estimate>{_DIGITS})(?P<sign2>%?)[^0-9]*(?:\(? ?(?:ước|khoảng)(?: tính)? ?\)?|\+|\?|trở lên)"
)
_RANGE = re.compile(rf"(?:từ |from )?({_DIGITS}) ?(?:-|–|—|đến|tới|to) ?({_DIGITS})(?:[^0-9]*)")


def _readings(digits: str) -> list[int | float]:
    """The numbers that `digits`, with its separators, can be: none, one or two (`1.200`: 1200, then 1.2)."""
    if _WHOLE.fullmatch(digits):
        return [int(digits)]
    found: list[int | float] = []
    if _GROUPED.fullmatch(digits):
        found.append(int(re.sub(r"[., ]", "", digits)))
    if _DECIMAL.fullmatch(digits):
        found.append(float(digits.replace(",", ".")))
    if mixed := _GROUPED_DECIMAL.fullmatch(digits):
        before, _point, after = digits.rpartition(mixed["point"])
        found.append(float(re.sub(r"[., ]", "", before) + "." + after))
    return found


def _figure_in_text(word: str, ask: Ask) -> Reading:
    """A figure typed as text, with separators, its unit of measure or a percent sign."""
    found = _NUMBER.fullmatch(word)
    readings = _readings(found["digits"]) if found else []
    tail = found["tail"].strip(" ().;") if found else ""
    measure = _measure(ask)
    own_unit = measure is not None and tail in {_folded(measure.vi), _folded(measure.en)} - {""}
    percent_sign = tail == "%" and ask.type is Type.PERCENT
    if (tail and not own_unit and not percent_sign) or not readings:
        return _approximate(word) or (
            _invalid("wrong_unit_in_cell", found=tail, measure=measure or _NUMBERS)
            if readings and _UNIT_WORDS.fullmatch(tail)
            else _wrong_type(ask.type)
        )
    suffix = "%" if percent_sign else ""
    if len(readings) > 1 and ask.type is not Type.COUNT:
        return _invalid(
            "ambiguous_number", first=_said(readings[0], suffix), second=_said(readings[1], suffix)
        )
    value = readings[0] if found and found["sign"] in ("", "+") else -readings[0]
    return _figure(
        value / 100 if percent_sign else value,
        ask,
        "unit_in_cell" if own_unit and not percent_sign else "number_as_text",
        (("read", _said(value, suffix)),),
        percent_sign=percent_sign,
    )


def _approximate(word: str) -> Reading | None:
    """An estimate or a range of figures, with the number it suggests; None where it is neither."""
    if found := _RANGE.fullmatch(word):
        first, last = (_readings(digits) for digits in found.groups())
        if first and last and first[0] < last[0]:
            low, high = _said(first[0]), _said(last[0])
            either = Phrase(
                f"{_in(low, 'vi')} hoặc {_in(high, 'vi')}", f"{_in(low, 'en')} or {_in(high, 'en')}"
            )
            return _invalid("approximate", suggestion=either)
    elif found := _APPROXIMATE.fullmatch(word):
        readings = _readings(found["about"] or found["estimate"])
        if readings:
            return _invalid(
                "approximate", suggestion=_said(readings[0], found["sign"] or found["sign2"] or "")
            )
    return None


# Dates

_DATE_TEXT = re.compile(r"(?:ngày )?([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})")
_DATE_WORDS = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})")
_DATE_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def _from_date(raw: Raw) -> Reading:
    if isinstance(raw, dt.datetime):
        return Reading(State.VALUE, raw.date())
    return Reading(State.VALUE, raw) if isinstance(raw, dt.date) else _invalid("bad_date")


def _from_date_text(word: str) -> Reading:
    """A date typed as text: day first, the year in four digits."""
    if found := _DATE_TEXT.fullmatch(word):
        day, month, year = found[1], found[3], found[4]
    elif found := _DATE_WORDS.fullmatch(word):
        day, month, year = found.groups()
    elif found := _DATE_ISO.fullmatch(word):
        year, month, day = found.groups()
    else:
        return _invalid("bad_date")
    try:
        date = dt.date(int(year), int(month), int(day))
    except ValueError:
        return _invalid("bad_date")
    return Reading(State.VALUE, date, "date_as_text", (("read", _as_text(date)),))


# Values as text


def _typed_as(raw: Raw) -> str:
    """What was probably typed where a spreadsheet made a date or a time of it: `12/5`."""
    return f"{raw.day}/{raw.month}" if isinstance(raw, dt.date) else _as_text(raw)


def _as_text(raw: Raw) -> str:
    match raw:
        case dt.datetime() if raw.time() != dt.time():
            return f"{raw:%H:%M} {_as_text(raw.date())}"
        case dt.date():
            return f"{raw.day:02}/{raw.month}/{raw.year}"
        case dt.time():
            return f"{raw:%H:%M}"
        case float():
            return f"{raw:.15g}"
    return str(raw)
