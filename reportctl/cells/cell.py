"""What one cell means: figures, dates and words as people type them.

Nothing is taken silently that was not typed plainly: whatever needs interpreting carries a finding's code,
and what can be read in more than one way is not read at all. Blank, zero and not applicable stay apart.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
import unicodedata
from collections.abc import Mapping

from reportctl.cells.dates import date_in_cell, date_in_text, short_date, to_serial
from reportctl.cells.encodings import Converted, conversions, spellings
from reportctl.cells.figures import figure_in_text
from reportctl.cells.reading import (
    MISSING,
    NOT_APPLICABLE,
    Question,
    Reading,
    Remark,
    Words,
    figure,
    in_a_day,
    invalid,
    of_a_day,
    wrong_type,
)
from reportctl.core.errors import nearest
from reportctl.core.language import Phrase
from reportctl.core.letters import cleaned, folded, narrow, without_soft_hyphens
from reportctl.form.indicators import Type
from reportctl.form.submission import AnswerState
from reportctl.workbooks.book import CellValue
from reportctl.workbooks.error_words import is_error

_MISSING_WORD = re.compile(r"x|[.…\s]+|\?+|['’‘`]")
_DASHES = frozenset({"-", "--", "–", "—", "−"})
_NOT_APPLICABLE_WORDS = frozenset({"kad", "n/a", "không áp dụng", "not applicable"})
_ZERO_WORDS = frozenset(
    {"không", "không có", "không phát sinh", "khong", "khong co", "ko", "ko có", "none", "nil"}
)
_KNOWN_WORDS = _ZERO_WORDS | _NOT_APPLICABLE_WORDS
_YES_WORDS = frozenset({"có", "co", "yes", "1", "true"})
_NO_WORDS = frozenset({"không", "khong", "không có", "no", "0", "false"})
_PERHAPS_YES = re.compile(r"[✓✔√☑v]|đã có|có rồi|rồi|đúng|đã.*|có[ ,.;(:].*")
_PERHAPS_NO = re.compile(r"chưa.*|không[ ,.;(:].*|ko|k|sai")
_NARROW = re.compile("#{3,}")  # what is seen in a column that is too narrow, copied as text
_PICTURE = re.compile(r"=?\s*(?:_xlfn\.)?DISPIMG\s*\(", re.IGNORECASE)  # how WPS keeps a picture in a cell
_LONGEST_SHOWN = 80  # characters of a text that was converted
_LAST_SERIAL_YEAR = 1930  # dates before it are small figures in a cell that is formatted as a date


def read_cell(raw: CellValue, ask: Question, *, dash: str = "zero") -> Reading:
    """What the cell value `raw` says in answer to `ask`.

    Percentages are fractions, yes and no are 1 and 0, texts are composed (NFC). `dash` is what a lone dash
    means for a figure: "zero" or "missing".
    """
    kind = ask.type
    if isinstance(raw, int) and raw.bit_length() > 1000:  # more than a spreadsheet, or a float, can hold
        raw = math.inf if raw > 0 else -math.inf
    if kind is Type.TEXT:
        return read_text(raw)
    if isinstance(raw, str):
        return _read_typed(raw, ask, dash)
    if raw is None:
        return MISSING
    if kind is Type.DATE:
        return date_in_cell(raw)
    if kind is Type.CHOICE:
        return _read_choice(_as_text(raw), ask)
    if kind is Type.YES_NO:
        return Reading(AnswerState.VALUE, int(raw == 1)) if raw in (0, 1) else wrong_type(kind)
    if isinstance(raw, bool):
        return wrong_type(kind)
    if isinstance(raw, (int, float)):
        return _part_of_day(raw, ask) or figure(raw, ask)
    # A spreadsheet made a date or a time of what was typed, such as `12/5`.
    match raw:
        case dt.datetime() | dt.date() if raw.year < _LAST_SERIAL_YEAR:
            typed = str(to_serial(raw))
        case dt.date():
            typed = f"{raw.day}/{raw.month}"
        case dt.time() if raw == dt.time():
            typed = "0"
        case dt.time() | dt.timedelta() if in_a_day(ask):
            passed = raw if isinstance(raw, dt.timedelta) else _since_midnight(raw)
            return invalid("became_date", suggestion=of_a_day(passed / dt.timedelta(1), ask))
        case dt.timedelta():
            minutes = round(raw.total_seconds() / 60)
            typed = f"{minutes // 60}:{minutes % 60:02}"
        case _:
            typed = _as_text(raw)
    return invalid("became_date", suggestion=typed)


def _since_midnight(clock: dt.time) -> dt.timedelta:
    return dt.datetime.combine(dt.date.min, clock) - dt.datetime.combine(dt.date.min, dt.time())


def _part_of_day(value: float, ask: Question) -> Reading | None:
    """A time of day such as 1:30, which is 0.0625 in a cell formatted as a number, where hours are asked for.

    Whole minutes only, and not what may be hours of one or two decimals.
    """
    if ask.type not in (Type.COUNT, Type.NUMBER) or not 0 < value < 1 or not in_a_day(ask):
        return None
    minutes = value * 1440
    if abs(minutes - round(minutes)) > 1e-6 or abs(value * 100 - round(value * 100)) < 1e-9:
        return None
    likely = of_a_day(round(minutes) / 1440, ask)
    if ask.type is Type.COUNT:
        return invalid("became_date", suggestion=likely)
    return figure(value, ask, "part_of_day", (("suggestion", likely),))


def read_text(raw: CellValue) -> Reading:
    """What the cell value `raw` says in answer to a question that is answered in words."""
    if raw is None:
        return MISSING
    if not isinstance(raw, str):
        return Reading(AnswerState.VALUE, _as_text(raw))
    text, unseen = cleaned(raw)
    remarks: list[Remark] = []
    found = conversions(text)
    known = [one for one in found if one.certain or folded(one.text) in _KNOWN_WORDS]
    if len(known) == 1:
        remarks.append(_converted("old_encoding", text, known[0]))
        text = known[0].text
    elif found:
        remarks.append(_converted("perhaps_old_encoding", text, found[0]))
    else:
        text, hyphens = without_soft_hyphens(text)
        unseen += hyphens
    composed = unicodedata.normalize("NFC", text)
    # More than three words stand for an answer; so a quick look leaves out the slow one at most texts.
    prose = composed[:1].isalpha() and composed.isprintable() and len(composed.split(maxsplit=3)) > 3
    if not prose and _PICTURE.match(composed):
        return invalid("picture_in_cell")
    special = None if prose else MISSING if composed in _DASHES else _special(folded(composed))
    if special and special.state is AnswerState.INVALID:
        return special
    if special is None and composed != text:
        remarks.append(Remark("decomposed_text"))
    return remarked(special or Reading(AnswerState.VALUE, composed), *remarks, *_taken_out(unseen))


def _special(word: str) -> Reading | None:
    """The reading of a folded word that stands for no answer, or is a spreadsheet's error."""
    if not word or _MISSING_WORD.fullmatch(word):
        return MISSING
    if word in _NOT_APPLICABLE_WORDS:
        return NOT_APPLICABLE
    return invalid("error_cell") if is_error(word) or _NARROW.fullmatch(word) else None


def remarked(reading: Reading, *remarks: Remark) -> Reading:
    """The reading with further findings of the cell; a blank one has none."""
    if reading.state is AnswerState.MISSING or not remarks:
        return reading
    if reading.code:
        return reading._replace(further=(*reading.further, *remarks))
    first, *others = remarks
    return reading._replace(code=first.code, details=first.details, further=(*reading.further, *others))


def _converted(code: str, text: str, found: Converted) -> Remark:
    before, after = (
        one if len(one) <= _LONGEST_SHOWN else f"{one[:_LONGEST_SHOWN]}…" for one in (text, found.text)
    )
    return Remark(code, (("encoding", found.encoding), ("before", before), ("after", after)))


def _taken_out(unseen: tuple[str, ...]) -> tuple[Remark, ...]:
    return (Remark("unseen_characters", (("characters", ", ".join(unseen)),)),) if unseen else ()


def _read_typed(raw: str, ask: Question, dash: str) -> Reading:
    """The text `raw` as an answer other than text, in whatever encoding it was typed.

    In an old encoding it is a suggestion only, unless it can be nothing else.
    """
    text, unseen = cleaned(raw)
    if _PICTURE.match(text):
        return invalid("picture_in_cell")
    visible, hyphens = without_soft_hyphens(text)
    reading = remarked(_as_answer(visible, ask, dash), *_taken_out(unseen + hyphens))
    if reading.state is not AnswerState.INVALID:
        return reading
    found = [(one, _as_answer(one.text, ask, dash)) for one in spellings(text)]
    likely = [pair for pair in found if pair[1].is_answer] or [pair for pair in found if pair[0].signs]
    if len(likely) != 1:
        return reading
    one, answer = likely[0]
    if one.certain:
        return remarked(answer, _converted("old_encoding", text, one), *_taken_out(unseen))
    return _unknown_choice(ask, one.text) if ask.type is Type.CHOICE else wrong_type(ask.type, one.text)


def _as_answer(text: str, ask: Question, dash: str) -> Reading:
    if ask.type is Type.CHOICE:  # before all others: “Không áp dụng” may be one of the choices
        return _read_choice(text, ask)
    word = folded(narrow(text))
    if special := _special(word):
        return special
    if word in _DASHES and (ask.type in (Type.DATE, Type.YES_NO) or dash != "zero"):
        return MISSING
    if ask.type is Type.DATE:
        return date_in_text(word)
    if ask.type is Type.YES_NO:
        if word in _YES_WORDS or word in _NO_WORDS:
            return Reading(AnswerState.VALUE, int(word in _YES_WORDS))
        likely: Words = Phrase("Có", "Yes") if _PERHAPS_YES.fullmatch(word) else ""
        return wrong_type(Type.YES_NO, Phrase("Không", "No") if _PERHAPS_NO.fullmatch(word) else likely)
    if word in _DASHES:
        return figure(0, ask, "dash_as_zero")
    if word in _ZERO_WORDS:
        return figure(0, ask, "word_as_zero")
    return figure_in_text(word, ask)


def _read_choice(text: str, ask: Question) -> Reading:
    """One of the answers to choose from, whatever its case and spaces."""
    word = folded(narrow(text))
    choices = _by_word(ask.choices)
    if word in choices:
        return Reading(AnswerState.VALUE, choices[word])
    if special := MISSING if word in _DASHES else _special(word):
        return special
    return _unknown_choice(ask, choices.get(nearest(word[:200], choices), ""))


@functools.lru_cache(maxsize=256)
def _by_word(choices: tuple[str, ...]) -> Mapping[str, str]:
    return {folded(narrow(choice)): choice for choice in choices}


def _unknown_choice(ask: Question, suggestion: str) -> Reading:
    return invalid("choice_unknown", choices="; ".join(ask.choices), suggestion=suggestion)


def _as_text(raw: CellValue) -> str:
    match raw:
        case dt.datetime() if raw.time() != dt.time():
            return f"{raw:%H:%M} {_as_text(raw.date())}"
        case dt.date():
            return short_date(raw)
        case dt.time():
            return f"{raw:%H:%M}"
        case float():
            return f"{raw:.15g}"
    return str(raw)
