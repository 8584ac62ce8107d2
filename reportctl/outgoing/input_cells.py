"""What an input cell takes: its number format, the check of what is typed, the words that ask for it."""

from __future__ import annotations

import datetime as dt
import textwrap

from reportctl.core import wording
from reportctl.core.language import N_, _
from reportctl.core.period import Window
from reportctl.form import layout
from reportctl.form.model import Indicator, ListColumn, TextQuestion, Type

Item = Indicator | ListColumn

LONGEST_TEXT = 2000  # characters of a text among figures or in a list; text questions have no such limit
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255  # Excel's limits for the messages of a cell
DECIMAL = frozenset({Type.NUMBER, Type.MONEY})
_SPELT = frozenset({Type.COUNT, Type.NUMBER, Type.PERCENT, Type.MONEY})

WHOLE = "#,##0"
NUMBER_FORMATS = {
    Type.COUNT: WHOLE,
    Type.NUMBER: "#,##0.###",
    Type.MONEY: "#,##0.###",
    Type.PERCENT: "0.0%",
    Type.DATE: "dd/mm/yyyy",
}
AS_TEXT = "@"  # so that an answer that begins with = + - @ stays what it is

_EXPECTED = {
    Type.COUNT: N_("A whole number"),
    Type.NUMBER: N_("A number"),
    Type.MONEY: N_("An amount"),
    Type.PERCENT: N_("A percentage, such as 85%"),
    Type.DATE: N_("A date: day/month/year"),
    Type.YES_NO: N_("One of the answers in the list"),
    Type.CHOICE: N_("One of the answers in the list"),
}


def number_format(item: Item) -> str:
    """The number format of a cell that answers `item`."""
    return NUMBER_FORMATS.get(item.type, AS_TEXT)


def takes_estimate(item: Item) -> bool:
    """Whether an answer to `item` can be an estimate: a figure that is filled in."""
    return item.type in _SPELT and not (isinstance(item, Indicator) and item.computed)


def limits(item: Item) -> tuple[float | None, float | None]:
    """The least and the greatest figure: the form's own; else counts from 0, percentages from 0 to 1."""
    low, high = item.min, item.max
    if low is None and item.type in (Type.COUNT, Type.PERCENT):
        low = 0
    if high is None and item.type is Type.PERCENT:
        high = 1
    return low, high


def days(window: Window) -> tuple[dt.date, dt.date]:
    """The first and the last date that is taken: a year round the data window, to tell a mistyped year."""
    return dt.date(window.first.year - 1, 1, 1), dt.date(window.last.year + 1, 12, 31)


def accepts(item: Item, cell: str, window: Window) -> str:
    """An Excel expression, never an error, that is true where `cell` holds an answer to `item`.

    For what is typed; answers that are chosen from a list are for the list to check. "Not applicable" is
    an answer to everything.
    """
    if item.type not in NUMBER_FORMATS:
        return f"LEN({cell})<={LONGEST_TEXT}"
    conditions = [f"{cell}=INT({cell})"] if item.type is Type.COUNT else []
    if item.type is Type.DATE:
        first, last = days(window)
        conditions += [
            f"{cell}{sign}DATE({day.year},{day.month},{day.day})"
            for sign, day in ((">=", first), ("<=", last))
        ]
    else:
        low, high = limits(item)
        conditions += [
            f"{cell}{sign}{end:.15g}" for sign, end in ((">=", low), ("<=", high)) if end is not None
        ]
    return f'IF(ISNUMBER({cell}),AND({",".join(conditions or ["TRUE"])}),{cell}="{layout.NOT_APPLICABLE}")'


def expected(item: Item) -> str:
    """What is to be typed, as a sentence: `Ghi số nguyên, từ 0 trở lên.`"""
    if item.type is Type.TEXT:
        return _("Text of at most {limit} characters.").format(limit=LONGEST_TEXT)
    return f"{_(_EXPECTED[item.type])}{_limits_in_words(item)}."


def _limits_in_words(item: Item) -> str:
    if item.type not in _SPELT:
        return ""
    low, high = (
        None if end is None else wording.percent(end) if item.type is Type.PERCENT else wording.number(end)
        for end in limits(item)
    )
    if low is None and high is None:
        return ""
    if high is None:
        return _(", not below {low}").format(low=low)
    if low is None:
        return _(", not above {high}").format(high=high)
    return _(", from {low} to {high}").format(low=low, high=high)


def refusal(item: Item) -> str:
    """What is said where something else was typed."""
    mark = layout.NOT_APPLICABLE
    if item.type in _SPELT:
        rest = _("Where there was none, write 0; where it does not apply, {mark}.").format(mark=mark)
    elif item.type is Type.TEXT:
        rest = ""
    else:
        rest = _("Where it does not apply, {mark}.").format(mark=mark)
    return cut(f"{expected(item)} {rest}", LONGEST_MESSAGE)


def prompt(item: Item) -> tuple[str, str]:
    """The title and the message shown when a cell for `item` is chosen."""
    measure = item.measure if isinstance(item, Indicator) else item.unit_of_measure
    parts = [
        _("Unit of measure: {measure}.").format(measure=measure) if str(measure) else "",
        expected(item),
        "" if item.required else _("May be left empty."),
        item.guide if isinstance(item, Indicator) else "",
    ]
    return cut(str(item.name), LONGEST_TITLE), cut(" ".join(parts), LONGEST_MESSAGE)


def notes(question: TextQuestion) -> list[str]:
    """What is to be borne in mind with a question that is answered in words, a sentence each."""
    said = [
        question.guide,
        _("At most {most} words.").format(most=question.max_words) if question.max_words else "",
        "" if question.required else _("May be left empty."),
    ]
    return [note for note in said if note]


def cut(text: str, length: int) -> str:
    """`text` in one line, cut between words where it is longer than `length`."""
    line = " ".join(text.split())
    return line if len(line) <= length else textwrap.shorten(line, length, placeholder="…")
