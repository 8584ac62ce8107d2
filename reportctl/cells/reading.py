"""What a cell was read as, and a number as an answer: whole where it must be, within its bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

from reportctl.core.language import Phrase
from reportctl.core.letters import folded
from reportctl.form.indicators import Indicator, Type
from reportctl.form.limits import limits as form_limits
from reportctl.form.model import ListColumn
from reportctl.form.submission import AnswerState, AnswerValue

Question = Indicator | ListColumn
Details = tuple[tuple[str, object], ...]
Words = str | Phrase  # of a message: the same in both languages, or not


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding's code and what its message is filled with."""

    code: str
    details: Details = ()


class Reading(NamedTuple):
    """What a cell says. `code` is a finding's, empty where the cell was read as typed.

    `details` are what the finding's message is filled with; `further` are more findings of the same cell.
    """

    state: AnswerState
    value: AnswerValue = None
    code: str = ""
    details: Details = ()
    further: tuple[Remark, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether it is a value, or says that the question does not apply."""
        return self.state in (AnswerState.VALUE, AnswerState.NOT_APPLICABLE)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All findings of the cell, its own first."""
        return (*((Remark(self.code, self.details),) if self.code else ()), *self.further)


MISSING: Final = Reading(AnswerState.MISSING)
NOT_APPLICABLE: Final = Reading(AnswerState.NOT_APPLICABLE)
LARGEST: Final = 10**15  # beyond 15 digits a spreadsheet no longer keeps a number exactly
_NOISE = 1e-9  # how far the result of a formula may lie from the whole number it stands for

_EXPECTED = {
    Type.COUNT: Phrase("số nguyên", "a whole number"),
    Type.NUMBER: Phrase("một số", "a number"),
    Type.PERCENT: Phrase("tỷ lệ phần trăm", "a percentage"),
    Type.MONEY: Phrase("số tiền", "an amount of money"),
    Type.YES_NO: Phrase("“Có” hoặc “Không”", "“Yes” or “No”"),
}
# What is said of a figure without a unit of measure: what is counted whole, what is typed alone.
NUMBERS: Final = Phrase("ở ô này", "numbers")
PLAIN_NUMBER: Final = Phrase("không kèm chữ", "a plain number")


def invalid(code: str, **details: object) -> Reading:
    """What cannot be taken for a value, with the finding that says why."""
    return Reading(AnswerState.INVALID, None, code, tuple(details.items()))


def wrong_type(kind: Type, suggestion: Words = "") -> Reading:
    """Something else than what is asked for; `suggestion` is what was probably meant."""
    return invalid("wrong_type", expected=_EXPECTED[kind], suggestion=suggestion)


def measure(ask: Question) -> Phrase | None:
    """The unit of measure, None where the form names none."""
    if not ask.unit_of_measure:
        return None
    return ask.measure if isinstance(ask, Indicator) else Phrase(ask.unit_of_measure)


_HOURS = frozenset({"giờ", "tiếng", "h", "hours", "hour"})
_MINUTES = frozenset({"phút", "minutes", "minute", "min"})


def in_a_day(ask: Question) -> int:
    """How many of the unit of measure are a day: 24 for hours, 1440 for minutes, 0 for all others."""
    own = measure(ask)
    words = {folded(own.vi), folded(own.en)} if own else set()
    return 24 if words & _HOURS else 1440 if words & _MINUTES else 0


def of_a_day(share: float, ask: Question) -> Words:
    """The part `share` of a day in the unit of measure, which `in_a_day` knows."""
    number = round(share * in_a_day(ask), 6)
    return number_words(int(number) if number.is_integer() else number)


def number_words(value: float, suffix: str = "") -> Words:
    """A number for a message, without separators of thousands; where it has decimals, in both languages."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return Phrase(text.replace(".", ",") + suffix, text + suffix) if "." in text else text + suffix


def in_both_languages(value: float) -> dict[str, Phrase]:
    """The detail of a finding that says the number in a cell in the way of each language; nothing where both
    write it alike."""
    words = number_words(value)
    return {"number": words} if isinstance(words, Phrase) else {}


def limits(ask: Question) -> tuple[float, float]:
    """The least and the most that a figure may be; where there is no limit, as far as numbers are exact."""
    low, high = form_limits(ask)
    return -LARGEST if low is None else low, LARGEST if high is None else high


def figure(
    value: float, ask: Question, code: str = "", details: Details = (), *, percent_sign: bool = False
) -> Reading:
    """The number `value` in answer to `ask`, if it can be one; `code` and `details` say how it was read.

    Decimals in a count: an English spreadsheet makes 1.2 of a typed `1.200`, text it leaves as it is.
    """
    if not math.isfinite(value):
        return wrong_type(ask.type)
    kind, (low, high) = ask.type, limits(ask)
    if kind is Type.COUNT:
        whole = round(value)
        if abs(value - whole) > _NOISE:
            three_decimals = abs(value * 100 - round(value * 100)) > _NOISE
            in_thousands = 1 <= value < (1000 if three_decimals else 10)
            if not code and in_thousands and abs(value * 1000 - round(value * 1000)) < 1e-6:
                return invalid("thousands_guess", suggestion=str(round(value * 1000)))
            return invalid("not_whole", measure=measure(ask) or NUMBERS)
        value = whole
    if low <= value <= high:
        return Reading(AnswerState.VALUE, value, code, details)
    if kind is Type.PERCENT and not percent_sign and value > high and low <= value / 100 <= high:
        return invalid(
            "percent_scale", percent=number_words(value * 100, "%"), suggestion=number_words(value, "%")
        )
    factor, suffix = (100, "%") if kind is Type.PERCENT else (1, "")
    first, last = (number_words(bound * factor, suffix) for bound in (low, high))
    # A bound that only stands for “no limit” is left out.
    if value < low and high == LARGEST:
        bounds = phrase("từ {} trở lên", "{} or more", first)
    elif value > high and low == -LARGEST:
        bounds = phrase("không quá {}", "at most {}", last)
    else:
        bounds = phrase("từ {} đến {}", "from {} to {}", first, last)
    return invalid("out_of_range", bounds=bounds)


def read_points(value: float, ask: Question) -> Reading:
    """The number `value` in answer to `ask` for a percentage: 7 means 7 %."""
    return figure(value / 100, ask, percent_sign=True)


def phrase(vi: str, en: str, *parts: Words) -> Phrase:
    """A phrase in both languages, filled with `parts` as each language says them."""
    both = [part if isinstance(part, Phrase) else Phrase(part) for part in parts]
    return Phrase(
        vi.format(*(part.vi for part in both)), en.format(*(part.in_language("en") for part in both))
    )
