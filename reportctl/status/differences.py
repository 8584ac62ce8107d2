"""What one workbook of a unit says otherwise than another one, answer by answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reportctl.core import wording
from reportctl.core.language import _
from reportctl.core.table import NOT_APPLICABLE, CellFormat
from reportctl.form.model import KIND_OF, Form, Indicator, ListColumn, ListSection, TextQuestion, Type
from reportctl.form.submission import Answer, AnswerState, AnswerValue, ListRow

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

    Shares that the form works out are left out: what they are made of is listed. Answers are the same where
    they mean the same, however they were typed.
    """
    return (*_of_answers(form, before[0], after[0]), *_of_lists(form, before[1], after[1]))


# ---- figures and texts


def _of_answers(form: Form, before: Sequence[Answer], after: Sequence[Answer]) -> Iterator[Difference]:
    asked: dict[str, Question] = {**form.indicators, **{text.code: text for text in form.texts}}
    earlier, later = ({answer.code: answer for answer in answers} for answers in (before, after))
    for code in dict.fromkeys((*asked, *earlier, *later)):
        ask = asked.get(code)
        if code not in {**earlier, **later} or (isinstance(ask, Indicator) and ask.computed):
            continue
        old, new = (answers.get(code, Answer(code, AnswerState.MISSING)) for answers in (earlier, later))
        if _meaning(old) != _meaning(new):
            yield Difference(code, _name(ask, code), side(old, ask), side(new, ask))


def _meaning(answer: Answer) -> tuple[object, ...]:
    """What decides whether two answers are the same."""
    typed = answer.raw if answer.state is AnswerState.INVALID else ""
    return answer.state, answer.value, answer.estimate, typed


def _name(ask: Question, code: str) -> str:
    return str(ask.name) if ask else code


def side(answer: Answer, ask: Question) -> Side:
    """An answer to the question `ask` as it is shown: numbers formatted, an invalid one as it was typed."""
    match answer.state:
        case AnswerState.VALUE:
            text = _formatted(answer.value, ask)
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


def _formatted(value: AnswerValue, ask: Question) -> str:
    if ask is None or isinstance(ask, TextQuestion) or value is None:
        return str(value or "")
    if ask.type is Type.DATE and isinstance(value, str):
        value = dt.date.fromisoformat(value)
    kind = CellFormat.YES_NO if ask.type is Type.YES_NO else KIND_OF[ask.type]
    return wording.cell_text(value, kind)


# ---- lists


def _of_lists(form: Form, before: Sequence[ListRow], after: Sequence[ListRow]) -> Iterator[Difference]:
    sections = {section.code: section for section in form.lists}
    for code in dict.fromkeys((*sections, *(row.list_code for row in (*before, *after)))):
        section = sections.get(code)
        old, new = ([row for row in rows if row.list_code == code] for rows in (before, after))
        # Rows are told by what they say: one put in between moves all that follow to other cells.
        earlier, later = ([_row_meaning(row) for row in rows] for rows in (old, new))
        matched = SequenceMatcher(a=earlier, b=later, autojunk=False)
        for tag, first, last, from_, to in matched.get_opcodes():
            if tag == "equal":
                continue
            changed = min(last - first, to - from_)
            for pair in zip(old[first:last], new[from_:to], strict=False):
                yield from _of_rows(section, *pair)
            for row in old[first + changed : last]:
                yield Difference(code, _row_label(section, row), _row_side(section, row), _no_row())
            for row in new[from_ + changed : to]:
                yield Difference(code, _row_label(section, row), _no_row(), _row_side(section, row))


def _row_meaning(row: ListRow) -> tuple[object, ...]:
    return tuple((answer.code, *_meaning(answer)) for answer in row.answers)


def _of_rows(section: ListSection | None, before: ListRow, after: ListRow) -> Iterator[Difference]:
    columns = {column.code: column for column in section.columns} if section else {}
    earlier, later = ({answer.code: answer for answer in row.answers} for row in (before, after))
    for code in dict.fromkeys((*columns, *earlier, *later)):
        old, new = (answers.get(code, Answer(code, AnswerState.MISSING)) for answers in (earlier, later))
        if _meaning(old) != _meaning(new):
            column = columns.get(code)
            label = f"{_row_label(section, after)}: {str(column.name) if column else code}"
            yield Difference(f"{after.list_code}.{code}", label, side(old, column), side(new, column))


def _row_label(section: ListSection | None, row: ListRow) -> str:
    return _("{list}, row {number}").format(
        list=section.name if section else row.list_code, number=row.number
    )


def _row_side(section: ListSection | None, row: ListRow) -> Side:
    """A whole row: its filled cells one after the other; its place is its first cell."""
    columns = {column.code: column for column in section.columns} if section else {}
    filled = [answer for answer in row.answers if answer.state is not AnswerState.MISSING]
    text = "; ".join(side(answer, columns.get(answer.code)).text for answer in filled)
    first = next((answer for answer in row.answers if answer.cell), None)
    return Side(
        text, text, AnswerState.VALUE.value, first.sheet if first else "", first.cell if first else ""
    )


def _no_row() -> Side:
    return Side(_("no such row"), None, AnswerState.MISSING.value)


# ---- texts that are too long to be shown whole


def excerpts(before: str, after: str, room: int) -> tuple[str, str]:
    """Two texts in at most `room` letters each; of long ones the part is shown where they begin to differ."""
    if max(len(before), len(after)) <= room:
        return before, after
    same = next(
        (n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new),
        min(len(before), len(after)),
    )
    start = max(0, same - _CONTEXT)
    return _excerpt(before, start, room), _excerpt(after, start, room)


def _excerpt(text: str, start: int, room: int) -> str:
    if len(text) <= room:
        return text
    start = min(start, len(text) - room + 1)
    said = f"…{text[start + 1 :]}" if start else text
    return said if len(said) <= room else f"{said[: room - 1].rstrip()}…"
