"""What one workbook of a unit says otherwise than another one, answer by answer."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.table import NOT_APPLICABLE, CellFormat
from reportctl.form.indicators import ANSWER_KIND_OF, Indicator
from reportctl.form.model import Form, ListColumn, TextQuestion
from reportctl.form.submission import Answer, AnswerState, ListRow
from reportctl.ledger.rows import typed_value

Question = Indicator | ListColumn | TextQuestion | None
Answers = tuple[tuple[Answer, ...], tuple[ListRow, ...]]

_CONTEXT = 15  # letters that two long texts have in common, shown before what differs


@dataclass(frozen=True, slots=True)
class Side:
    """What stands in one of the two workbooks, and where: `text` as it is shown, `value` as it is kept.

    `value` is None where there is none (`state` says why), of an invalid answer what was typed.
    """

    text: str
    value: int | float | str | None
    state: str
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that is not the same in both; `label` is its question.

    Of a cell in a list the code is `list.column`, of a row that was added or taken out the list's; the side
    that lacks the row is missing and has no place.
    """

    code: str
    label: str
    before: Side
    after: Side


def differences(form: Form, before: Answers, after: Answers) -> tuple[Difference, ...]:
    """What `after` says otherwise than `before`: figures and texts in the form's order, then the lists.

    Shares and sums that are worked out are left out: what they are made of is listed. Answers are the same
    where they mean the same, however they were typed.
    """
    asked: dict[str, Question] = {**form.indicators, **{text.code: text for text in form.texts}}
    figures = {code for code, ask in asked.items() if not isinstance(ask, Indicator) or ask.filled_in}
    return (
        *(
            Difference(code, str(ask.name) if ask else code, old, new)
            for code, ask, old, new in _changed(asked, before[0], after[0])
            if code in figures or ask is None
        ),
        *_of_lists(form, before[1], after[1]),
    )


def _changed(
    asked: Mapping[str, Question], before: Sequence[Answer], after: Sequence[Answer]
) -> Iterator[tuple[str, Question, Side, Side]]:
    """The code of each answer that does not mean the same in both, with its question, in their order."""
    earlier, later = ({answer.code: answer for answer in answers} for answers in (before, after))
    for code in dict.fromkeys((*asked, *earlier, *later)):
        old, new = (answers.get(code, Answer(code, AnswerState.MISSING)) for answers in (earlier, later))
        if _meaning(old) != _meaning(new):
            yield code, asked.get(code), side(old, asked.get(code)), side(new, asked.get(code))


def _meaning(answer: Answer) -> tuple[object, ...]:
    """What decides whether two answers are the same."""
    typed = answer.raw if answer.state is AnswerState.INVALID else ""
    return answer.state, answer.value, answer.estimate, typed


def side(answer: Answer, ask: Question) -> Side:
    """An answer to the question `ask` as it is shown: numbers formatted, an invalid one as it was typed."""
    match answer.state:
        case AnswerState.VALUE:
            text = str(answer.value or "")
            if isinstance(ask, Indicator | ListColumn) and answer.value is not None:
                value = typed_value(answer.value, ask.type)
                text = wording.cell_text(value, ANSWER_KIND_OF[ask.type])
        case AnswerState.NOT_APPLICABLE:
            text = wording.cell_text(NOT_APPLICABLE, CellFormat.TEXT)
        case AnswerState.INVALID:
            text = f"“{answer.raw}”"
        case _:
            text = _("not filled in")
    if answer.estimate:
        text = _("{figure} (estimate)").format(figure=text)
    value = answer.raw if answer.state is AnswerState.INVALID else answer.value
    kept = value.isoformat() if isinstance(value, dt.date) else value
    return Side(text, kept, answer.state.value, answer.sheet, answer.cell)


def _of_lists(form: Form, before: Sequence[ListRow], after: Sequence[ListRow]) -> Iterator[Difference]:
    no_row = Side(_("no such row"), None, AnswerState.MISSING.value)
    sections = {section.code: section for section in form.lists}
    for code in dict.fromkeys((*sections, *(row.list_code for row in (*before, *after)))):
        name = sections[code].name if code in sections else code
        columns: dict[str, Question] = {}
        if code in sections:
            columns = {column.code: column for column in sections[code].columns}
        old, new = ([row for row in rows if row.list_code == code] for rows in (before, after))
        # Rows are told by what they say: one put in between moves all that follow to other cells.
        earlier, later = (
            [tuple((answer.code, *_meaning(answer)) for answer in row.answers) for row in rows]
            for rows in (old, new)
        )
        matched = SequenceMatcher(a=earlier, b=later, autojunk=False)
        for tag, first, last, from_, to in matched.get_opcodes():
            if tag == "equal":
                continue
            changed = min(last - first, to - from_)
            for was, now in zip(old[first:last], new[from_:to], strict=False):
                label = _("{list}, row {number}").format(list=name, number=now.number)
                for column, ask, left, right in _changed(columns, was.answers, now.answers):
                    of_column = f"{label}: {str(ask.name) if ask else column}"
                    yield Difference(f"{now.list_code}.{column}", of_column, left, right)
            removed, added = old[first + changed : last], new[from_ + changed : to]
            for row, is_new in (*((row, False) for row in removed), *((row, True) for row in added)):
                label = _("{list}, row {number}").format(list=name, number=row.number)
                filled = [answer for answer in row.answers if answer.state is not AnswerState.MISSING]
                text = "; ".join(side(answer, columns.get(answer.code)).text for answer in filled)
                place = next((answer for answer in row.answers if answer.cell), Answer("", AnswerState.VALUE))
                whole = Side(text, text, AnswerState.VALUE.value, place.sheet, place.cell)
                sides = (no_row, whole) if is_new else (whole, no_row)
                yield Difference(code, label, *sides)


# ---- texts that are too long to be shown whole


def excerpts(before: str, after: str, room: int) -> tuple[str, str]:
    """Two texts in at most `room` letters each; of long ones the part is shown where they begin to differ."""
    if max(len(before), len(after)) <= room:
        return before, after
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    same = sum(1 for _pair in alike)

    def excerpt(text: str) -> str:
        if len(text) <= room:
            return text
        start = min(max(0, same - _CONTEXT), len(text) - room + 1)
        shown = f"…{text[start + 1 :]}" if start else text
        return shown if len(shown) <= room else f"{shown[: room - 1].rstrip()}…"

    return excerpt(before), excerpt(after)
