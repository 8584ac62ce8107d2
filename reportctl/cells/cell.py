"""What one cell means: figures, dates and words as people type them.

Nothing is taken silently that was not typed plainly: whatever needs interpreting carries a finding's code,
and what can be read in more than one way is not read at all. Blank, zero and not applicable stay apart.
"""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import math
import re
import unicodedata
from collections.abc import Mapping

from reportctl.cells.dates import date_in_cell, date_in_text, shown, to_serial
from reportctl.cells.encodings import Converted, conversions, spellings
from reportctl.cells.figures import figure_in_text
from reportctl.cells.reading import (
    MISSING,
    NOT_APPLICABLE,
    Question,
    Reading,
    Remark,
    Said,
    figure,
    invalid,
    wrong_type,
)
from reportctl.core.language import Phrase
from reportctl.core.letters import cleaned, folded, narrow, without_soft_hyphens
from reportctl.form.model import Type
from reportctl.form.submission import AnswerState
from reportctl.workbooks.book import CellValue

_FIGURES = (Type.COUNT, Type.MONEY, Type.NUMBER, Type.PERCENT)
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
_ERROR = re.compile(
    r"#(?:ref!|div/0!|n/a|name\?|null!|num!|value!|spill!|calc!|getting_data)|err:[0-9]{3}|#{3,}"
)
_LONGEST_SHOWN = 80  # characters of a text that was converted


def read_cell(raw: CellValue, ask: Question, *, dash: str = "zero") -> Reading:
    """What the cell value `raw` says in answer to `ask`.

    Percentages are fractions, yes and no are 1 and 0, texts are composed (NFC). `dash` is what a lone dash
    means for a figure: "zero" or "missing".
    """
    kind = ask.type
    if isinstance(raw, str):
        return read_text(raw) if kind is Type.TEXT else _from_text(raw, ask, dash)
    if raw is None:
        return MISSING
    if isinstance(raw, int) and raw.bit_length() > 1000:  # more than a spreadsheet, or a float, can hold
        raw = math.inf if raw > 0 else -math.inf
    if kind in _FIGURES:
        return _figure_in_cell(raw, ask)
    if kind is Type.TEXT:
        return read_text(raw)
    if kind is Type.DATE:
        return date_in_cell(raw)
    if kind is Type.CHOICE:
        return _from_words(_as_text(raw), ask)
    return Reading(AnswerState.VALUE, int(raw == 1)) if raw in (0, 1) else wrong_type(kind)


def _figure_in_cell(raw: CellValue, ask: Question) -> Reading:
    if isinstance(raw, bool):
        return wrong_type(ask.type)
    if isinstance(raw, (int, float)):
        return figure(raw, ask)
    return invalid("became_date", suggestion=_typed_as(raw))


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
    reading = Reading(AnswerState.VALUE, composed) if _is_prose(composed) else _in_few_words(composed)
    if reading.state is AnswerState.INVALID:
        return reading
    if reading.state is AnswerState.VALUE and composed != text:
        remarks.append(Remark("decomposed_text"))
    return _remarked(reading, *remarks, *_taken_out(unseen))


def _is_prose(text: str) -> bool:
    """Whether it is more words than anything that stands for no answer; a quick look that may miss some."""
    return text[:1].isalpha() and text.isprintable() and len(text.split(maxsplit=3)) > 3


def _in_few_words(text: str) -> Reading:
    """What a text says that may be one which stands for no answer."""
    word = folded(text)
    if _ERROR.fullmatch(word):
        return invalid("error_cell")
    return (MISSING if text in _DASHES else _special(word)) or Reading(AnswerState.VALUE, text)


def _special(word: str) -> Reading | None:
    """The reading of a word that stands for no answer."""
    if not word or _MISSING_WORD.fullmatch(word):
        return MISSING
    return NOT_APPLICABLE if word in _NOT_APPLICABLE_WORDS else None


def _remarked(reading: Reading, *remarks: Remark) -> Reading:
    """The reading with more that is to be said of the cell; of a blank one there is nothing to say."""
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


def _from_text(raw: str, ask: Question, dash: str) -> Reading:
    """The text `raw` as an answer, in whatever encoding it was typed."""
    text, unseen = cleaned(raw)
    visible, hyphens = without_soft_hyphens(text)
    reading = _remarked(_as_answer(visible, ask, dash), *_taken_out(unseen + hyphens))
    if reading.state is not AnswerState.INVALID:
        return reading
    return _in_old_encoding(text, ask, dash, unseen) or reading


def _in_old_encoding(text: str, ask: Question, dash: str, unseen: tuple[str, ...]) -> Reading | None:
    """What `text` says where it is an answer in an old encoding; a suggestion where that is not certain."""
    found = [(one, _as_answer(one.text, ask, dash)) for one in spellings(text)]
    answers = [pair for pair in found if pair[1].state in (AnswerState.VALUE, AnswerState.NOT_APPLICABLE)]
    likely = answers or [pair for pair in found if pair[0].signs]
    if len(likely) != 1:
        return None
    one, answer = likely[0]
    if one.certain:
        return _remarked(answer, _converted("old_encoding", text, one), *_taken_out(unseen))
    if ask.type is Type.CHOICE:
        return _unknown_choice(ask, one.text)
    return wrong_type(ask.type, one.text)


def _as_answer(text: str, ask: Question, dash: str) -> Reading:
    word = folded(narrow(text))
    if ask.type is Type.CHOICE:  # before all others: “Không áp dụng” may be one of the choices
        return _from_words(text, ask)
    if special := _special(word):
        return special
    if _ERROR.fullmatch(word):
        return invalid("error_cell")
    if ask.type is Type.DATE:
        return MISSING if word in _DASHES else date_in_text(word)
    if ask.type is Type.YES_NO:
        return _yes_or_no(word)
    if word in _DASHES:
        return figure(0, ask, "dash_as_zero") if dash == "zero" else MISSING
    if word in _ZERO_WORDS:
        return figure(0, ask, "word_as_zero")
    return figure_in_text(word, ask)


def _yes_or_no(word: str) -> Reading:
    if word in _DASHES:
        return MISSING
    if word in _YES_WORDS or word in _NO_WORDS:
        return Reading(AnswerState.VALUE, int(word in _YES_WORDS))
    likely: Said = Phrase("Có", "Yes") if _PERHAPS_YES.fullmatch(word) else ""
    return wrong_type(Type.YES_NO, Phrase("Không", "No") if _PERHAPS_NO.fullmatch(word) else likely)


def _from_words(text: str, ask: Question) -> Reading:
    """One of the answers to choose from, whatever its case and spaces."""
    word = folded(narrow(text))
    choices = _by_word(ask.choices)
    if word in choices:
        return Reading(AnswerState.VALUE, choices[word])
    if special := _special(word):
        return special
    if word in _DASHES:
        return MISSING
    if _ERROR.fullmatch(word):
        return invalid("error_cell")
    near = difflib.get_close_matches(word[:200], choices, 1)
    return _unknown_choice(ask, choices[near[0]] if near else "")


@functools.lru_cache(maxsize=256)
def _by_word(choices: tuple[str, ...]) -> Mapping[str, str]:
    return {folded(narrow(choice)): choice for choice in choices}


def _unknown_choice(ask: Question, suggestion: str) -> Reading:
    return invalid("choice_unknown", choices="; ".join(ask.choices), suggestion=suggestion)


# Values as text

_LAST_SERIAL_YEAR = 1930  # dates before it are small figures in a cell that is formatted as a date


def _typed_as(raw: CellValue) -> str:
    """What was probably typed where a spreadsheet made a date or a time of it: `12/5`."""
    match raw:
        case dt.datetime() | dt.date() if raw.year < _LAST_SERIAL_YEAR:
            return str(to_serial(raw))
        case dt.date():
            return f"{raw.day}/{raw.month}"
        case dt.time() if raw == dt.time():
            return "0"
        case dt.timedelta():
            minutes = round(raw.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
    return _as_text(raw)


def _as_text(raw: CellValue) -> str:
    match raw:
        case dt.datetime() if raw.time() != dt.time():
            return f"{raw:%H:%M} {_as_text(raw.date())}"
        case dt.date():
            return shown(raw)
        case dt.time():
            return f"{raw:%H:%M}"
        case float():
            return f"{raw:.15g}"
    return str(raw)


def takes(reading: Reading) -> bool:
    """Whether what was told is an answer."""
    return reading.state in (AnswerState.VALUE, AnswerState.NOT_APPLICABLE)
