"""What one returned workbook says: answers with the cells they stand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from reportctl.core import wording
from reportctl.core.language import Phrase
from reportctl.form.indicators import DECIMAL, KIND_OF, Indicator, Type
from reportctl.form.rules import EARLIER, Gap, Lookup, Operand, Reference
from reportctl.form.tables import TableCell


class AnswerState(StrEnum):
    """What an answer says. Blank, zero and not applicable are three things."""

    VALUE = "value"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    INVALID = "invalid"  # something stands there that cannot be taken for a value


AnswerValue = int | float | str | dt.date | None

LONGEST_SHOWN: Final = 200  # characters of an answer that a finding repeats


def shown(text: str) -> str:
    """`text` as a finding repeats it: cut where it is long."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def in_words(value: AnswerValue, kind: Type, decimals: int | None = None) -> Phrase:
    """A value of a question of the type `kind` as messages say it, in both languages; a number with so many
    `decimals` at most, where they are given."""
    if decimals is None or kind not in DECIMAL or not isinstance(value, int | float):
        vi, en = (wording.running_text(value, KIND_OF[kind], language) for language in ("vi", "en"))
        return Phrase(vi, en)
    say = wording.percent if kind is Type.PERCENT else wording.number
    return Phrase(*(say(value, decimals, language) for language in ("vi", "en")))


_FEWEST, _MOST = 2, 6  # decimals of figures that stand in one message


def decimals_together(values: Iterable[tuple[float, Type]]) -> int:
    """With how many decimals values, each of its type, are said in one message: with so many that none is
    rounded, as far as that takes no more than six; else who adds them up on paper finds another sum."""
    needed = [
        -int(wording.exact(value).normalize().as_tuple().exponent) - 2 * (kind is Type.PERCENT)
        for value, kind in values
    ]
    return min(max(*needed, _FEWEST, _FEWEST), _MOST)


def on_paper(value: float, kind: Type, decimals: int) -> float:
    """The value that somebody reads where it is said with so many decimals."""
    return float(wording.rounded(wording.exact(value), decimals + 2 * (kind is Type.PERCENT)))


class Answer(NamedTuple):
    """One answer: `value` is None unless `state` is VALUE; `raw` is what was typed, as text.

    Yes and no are 1 and 0, percentages fractions. `sheet` and `cell` say where it was found, empty where
    it was not found at all.
    """

    code: str
    state: AnswerState
    value: AnswerValue = None
    raw: str = ""
    sheet: str = ""
    cell: str = ""
    estimate: bool = False


@dataclass(frozen=True, slots=True)
class ListRow:
    """One filled row of a list; `number` counts its input rows from 1, `answers` go by column code."""

    list_code: str
    number: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a workbook says of itself; empty strings where it says nothing."""

    form: str = ""
    fingerprint: str = ""
    unit: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """One returned workbook as read: who it is from, what it answers; `lists_lost` were not found in it.

    In the `empty_rows` of lists stands only what means no answer, such as dashes; `rows` are all others.
    `modified` is when the document says that it was saved, in UTC, without a zone.
    """

    file: str
    sha256: str
    identity: Identity
    modified: dt.datetime | None = None
    answers: tuple[Answer, ...] = ()
    rows: tuple[ListRow, ...] = ()
    lists_lost: tuple[str, ...] = ()
    empty_rows: tuple[ListRow, ...] = ()

    def answer(self, code: str) -> Answer | None:
        """The answer to `code`, or None where the workbook has no place for it."""
        return next((a for a in self.answers if a.code == code), None)


def quotient(code: str, top: Answer | None, bottom: Answer | None) -> Answer:
    """The share `top` / `bottom`; not applicable where one of them is, or where there is no whole."""
    values = [part.value if part and part.state is AnswerState.VALUE else None for part in (top, bottom)]
    match values:
        case [int() | float() as above, int() | float() as below] if below:
            return Answer(code, AnswerState.VALUE, above / below)
        case [_, 0]:
            return Answer(code, AnswerState.NOT_APPLICABLE)
    if any(part is None or part.state is AnswerState.NOT_APPLICABLE for part in (top, bottom)):
        return Answer(code, AnswerState.NOT_APPLICABLE)
    return Answer(code, AnswerState.MISSING)


def added_up(code: str, parts: Iterable[tuple[int, Answer | None]]) -> Answer:
    """The sum of `parts`, each with its sign, of which a part that is not asked (None) or does not apply
    counts as nothing; not applicable where nothing else is left, missing where one of them is."""
    given = [(sign, part) for sign, part in parts if part and part.state is not AnswerState.NOT_APPLICABLE]
    if not given:
        return Answer(code, AnswerState.NOT_APPLICABLE)
    amount = Decimal()
    for sign, part in given:
        if part.state is not AnswerState.VALUE or not isinstance(part.value, int | float):
            return Answer(code, AnswerState.MISSING)
        amount += sign * Decimal(repr(part.value))  # as it was typed: binary fractions do not add up
    whole = all(isinstance(part.value, int) for _sign, part in given)
    return Answer(code, AnswerState.VALUE, int(amount) if whole else float(amount))


def sums(cells: Iterable[Indicator], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers of those of the `cells` that are added up, by code, worked out from `answers`."""
    parts = {one.code: one.parts for one in cells if isinstance(one, TableCell) and one.added_up}
    found: dict[str, Answer] = {}

    def answer(code: str) -> Answer | None:
        if code not in parts:
            return answers.get(code)
        if code not in found:
            found[code] = added_up(code, [(sign, answer(part)) for sign, part in parts[code]])
        return found[code]

    for code in parts:
        answer(code)
    return found


def operand(answer: Answer | None) -> Operand:
    """The answer as a rule sees it; a question that the unit is not asked (None) is nothing."""
    if answer and answer.state is AnswerState.VALUE and isinstance(answer.value, (int, float)):
        return answer.value
    if answer is None or answer.state is AnswerState.NOT_APPLICABLE:
        return Gap.NOTHING
    return Gap.UNKNOWN if answer.state is AnswerState.MISSING else Gap.UNREADABLE


def lookup(submission: Submission) -> Lookup:
    """What gives every reference of a rule its value in `submission`.

    A figure is the number answered; `rows` of a list are counted, of its columns all cells of the filled rows
    are given. A list that was not found is unreadable, and so is what rules ask of earlier quarters.
    """
    answers = {answer.code: answer for answer in submission.answers}

    def value(reference: Reference) -> Operand | tuple[Operand, ...]:
        if reference.what == "value":
            return operand(answers.get(reference.code))
        if reference.what in EARLIER or reference.code in submission.lists_lost:
            return Gap.UNREADABLE
        rows = [row for row in submission.rows if row.list_code == reference.code]
        if reference.what == "rows":
            return len(rows)
        return tuple(operand(a) for row in rows for a in row.answers if a.code == reference.column)

    return value
