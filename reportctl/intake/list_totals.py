"""Totals that people type among the rows of a list: which rows are proved to be some by their figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportctl.core.letters import cleaned, folded
from reportctl.form.model import ListColumn, ListSection
from reportctl.form.submission import Answer, AnswerState, ListRow
from reportctl.intake.answers import rounded_alike

_TOTAL = re.compile(
    r"(?:tổng cộng|cộng|tổng số|tổng|lũy kế|luỹ kế|grand total|total|sum)"
    r"(?: ?[:.(=–—-].*| ?[0-9].*| (?:chung|dồn|lại|toàn|cả|các|quý|kỳ|trong|hội nghị|cuộc|lớp|buổi)(?: .*)?)?"
)
# What totals are called besides, by which alone no row is taken for one.
_WHOLE = re.compile(
    r"(?:(?:toàn|cả) (?:xã|phường|thị trấn|huyện|quận|tỉnh|thành phố|trường|ngành|khối|đơn vị|cơ quan)"
    r"|chung|tất cả|all|(?:sub|grand )?total)(?: .*)?"
)
_NUMBERED = re.compile(r"(?:[ivx]+|[0-9]+(?:\.[0-9]+)*|[a-z])[.)/]\s*")
_LONGEST = 60  # characters; a longer text is a name


def called_total(text: str) -> bool:
    """Whether a row of which a cell says this is called a total."""
    return len(text) < _LONGEST and _TOTAL.fullmatch(folded(cleaned(text)[0])) is not None


def may_be_total(text: str) -> bool:
    """Whether a row of which a cell says this may be a total, where its figures are the sums of others."""
    words = folded(cleaned(text)[0])
    words = words[found.end() :] if (found := _NUMBERED.match(words)) else words
    return len(text) < _LONGEST and bool(_TOTAL.fullmatch(words) or _WHOLE.fullmatch(words))


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row of a list with what else is known of it: the `texts` in it and to the left of it, and the columns
    of which the figures are worked out by `formulas`."""

    row: ListRow
    texts: tuple[str, ...] = ()
    formulas: frozenset[str] = frozenset()


def proven_totals(section: ListSection, typed: Sequence[TypedRow]) -> set[int]:
    """The numbers of the rows whose figures are the sums of the rows above them, or, of what is called a
    total, of those below, in every column that is added up, and not all of them nothing.

    Above means since the last such total, or all rows that are none. A row with figures alone, or with
    formulas where the rows above have none, is one too, of two rows or more. A row that has a name stays
    whatever its figures are: they may be the same by chance.
    """
    judged = tuple(column for column in section.columns if column.over_units == "sum")
    rows = [_Figures.of(one, judged) for one in typed]
    found: set[int] = set()
    block: list[_Figures] = []
    every: list[_Figures] = []
    for one in rows:
        if one.is_sum_of(block, judged) or (found and one.is_sum_of(every, judged)):
            found.add(one.number)
            block = []
        else:
            block.append(one)
            every.append(one)
    named = [n for n, one in enumerate(rows) if one.named_total]
    for n, end in zip(named, [*named[1:], len(rows)], strict=False):
        others = [[r for r in rows[n + 1 : stop] if r.number not in found] for stop in (end, len(rows))]
        if rows[n].number not in found and any(rows[n].is_sum_of(below, judged) for below in others):
            found.add(rows[n].number)
    return found


_SAID = (AnswerState.VALUE, AnswerState.INVALID)


@dataclass(frozen=True, slots=True)
class _Figures:
    number: int
    answers: Mapping[str, Answer]
    named_total: bool
    nameless: bool
    formulas: Collection[str]

    @classmethod
    def of(cls, typed: TypedRow, judged: Sequence[ListColumn]) -> _Figures:
        codes = {column.code for column in judged}
        answers = {one.code: one for one in typed.row.answers}
        others = (one for code, one in answers.items() if code not in codes)
        return cls(
            typed.row.number,
            {code: one for code, one in answers.items() if code in codes},
            any(map(may_be_total, typed.texts)),
            not typed.texts and all(one.state not in _SAID for one in others),
            typed.formulas,
        )

    def is_sum_of(self, others: Sequence[_Figures], judged: Sequence[ListColumn]) -> bool:
        """Whether its figures prove it to be the sum of these rows."""
        filled = [column for column in judged if self._state(column) is not AnswerState.MISSING]
        if not filled or not any(_number(self.answers.get(column.code)) for column in filled):
            return False
        if self.named_total:
            return bool(others) and all(self._adds_up(column, others) for column in filled)
        worked_out = {column.code for column in filled} <= {*self.formulas} and not any(
            other.formulas for other in others
        )
        known = self.nameless or worked_out
        return known and len(others) > 1 and all(self._adds_up(column, others) for column in judged)

    def _adds_up(self, column: ListColumn, others: Sequence[_Figures]) -> bool:
        states = [self._state(column), *(other._state(column) for other in others)]
        if AnswerState.INVALID in states:
            return False
        own = _number(self.answers.get(column.code))
        parts = [_number(other.answers.get(column.code)) for other in others]
        return own == sum(parts) or rounded_alike(float(own), [(1, float(part)) for part in parts], column)

    def _state(self, column: ListColumn) -> AnswerState:
        answer = self.answers.get(column.code)
        return answer.state if answer else AnswerState.MISSING


def _number(answer: Answer | None) -> Decimal:
    """What an answer adds to a sum, as it was typed."""
    value = answer.value if answer else None
    return Decimal(repr(value)) if isinstance(value, int | float) else Decimal()
