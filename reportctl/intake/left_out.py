"""What a workbook of another version of the form answers that the form in force does not ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.form.indicators import Indicator
from reportctl.form.lines import EVERY, as_lines, line_name
from reportctl.form.model import Form, TextQuestion, applies
from reportctl.form.submission import Answer, AnswerState, ListRow, in_words
from reportctl.intake.versions import columns_now, given_away, lists_now

_NAMED = 8  # lines, columns and questions that the message names


class _Left(NamedTuple):
    """What is left out under one name: how many answers, how many of them say more than that there is
    nothing, and the answer where there is but one and it is short."""

    name: Phrase
    answers: int
    telling: int
    answer: Phrase | None = None
    in_rows: bool = False

    @property
    def words(self) -> Phrase:
        """The name with the answer, or with how many there are."""
        if self.answer:
            return Phrase(
                *(f"{self.name.in_language(one)} = {self.answer.in_language(one)}" for one in _BOTH)
            )
        if self.answers < 2:
            return self.name
        vi, en = ("dòng", "rows") if self.in_rows else ("câu trả lời", "answers")
        return Phrase(
            f"{self.name.vi} ({self.answers} {vi})", f"{self.name.in_language('en')} ({self.answers} {en})"
        )


_BOTH = ("vi", "en")


def left_out(
    form: Form,
    version: Form,
    kind: str,
    answers: Sequence[Answer],
    rows: Sequence[ListRow],
    taken: Sequence[Answer] = (),
) -> Iterator[Finding]:
    """A finding that names what is answered in a workbook of the `version` and is not asked of units of
    `kind` in the `form`; none where nothing is. It is a warning where an answer says more than that there
    is nothing: a figure that is not zero, or words.

    What both ask, but as something else, is not among it. `taken` are the answers under the codes of the
    form: what it works out, and was filled in then, is left out where that comes to something else.
    """
    given = {answer.code: answer for answer in answers}
    questions: dict[str, Indicator | TextQuestion] = {
        **form.indicators,
        **{one.code: one for one in form.texts},
    }
    asked = {code for code, one in questions.items() if applies(one, kind)}
    later = {
        new: old for old, new in version.renamed.items() if old in asked
    }  # the workbook is the newer one
    now = {code: code for code in asked - given_away(form, version)}
    now |= {old: new for of in (form.renamed, later) for old, new in of.items() if new in asked}
    values = {answer.code: answer.value for answer in taken}
    known = {
        old
        for old, new in now.items()
        if _is_filled_in(questions[new]) or old not in given or given[old].value == values.get(new)
    }
    left = [
        *_figures(version, known, given),
        *_of_tables(version, kind, known, given),
        *_texts(version, known, given),
        *_of_lists(form, version, rows),
    ]
    if not left:
        return
    telling = [one for one in left if one.telling]
    named = [one.words for one in (*telling, *(one for one in left if not one.telling))]
    more = len(named) - _NAMED
    said = ("; ".join(one.in_language(language) for one in named[:_NAMED]) for language in _BOTH)
    ends = (f" và {more} nội dung khác", f" and {more} more") if more > 0 else ("", "")
    what = Phrase(*(text + end for text, end in zip(said, ends, strict=True)))
    yield finding("dropped_question", what=what, severity=Severity.WARNING if telling else Severity.NOTE)


def _is_filled_in(question: Indicator | TextQuestion) -> bool:
    return question.filled_in if isinstance(question, Indicator) else True


def _weight(answer: Answer | None) -> int:
    """0 of no answer, 1 of one that says that there is nothing, 2 of any other."""
    if answer is None or answer.state is AnswerState.MISSING:
        return 0
    nothing = answer.state is AnswerState.NOT_APPLICABLE or answer.value == 0
    return 1 if nothing else 2


def _together(
    name: Phrase, questions: Iterable[Indicator | TextQuestion], given: Mapping[str, Answer]
) -> Iterator[_Left]:
    """What is left out of these questions under one name; nothing where none is answered."""
    answered = [(one, given[one.code]) for one in questions if _weight(given.get(one.code))]
    if answered:
        question, answer = answered[0]
        alone = None
        if len(answered) == 1 and isinstance(question, Indicator) and answer.state is AnswerState.VALUE:
            alone = in_words(answer.value, question.type)
        telling = sum(_weight(each) > 1 for _one, each in answered)
        yield _Left(name, len(answered), telling, alone)


def _figures(version: Form, known: Collection[str], given: Mapping[str, Answer]) -> Iterator[_Left]:
    for section in version.sections:
        for one in section.indicators:
            if one.code not in known and one.filled_in:
                yield from _together(one.name, [one], given)


def _texts(version: Form, known: Collection[str], given: Mapping[str, Answer]) -> Iterator[_Left]:
    for one in version.texts:
        if one.code not in known:
            yield from _together(one.name, [one], given)


def _of_tables(
    version: Form, kind: str, known: Collection[str], given: Mapping[str, Answer]
) -> Iterator[_Left]:
    """Whole tables, else whole rows, else whole columns, else single cells."""
    for table in version.tables:
        cells = {key: cell for key, cell in table.cells.items() if cell.filled_in and applies(cell, kind)}
        gone = {key: cell for key, cell in cells.items() if cell.code not in known}
        for row, column in as_lines(gone, cells):
            of_line = [key for key in gone if row in (key[0], EVERY) and column in (key[1], EVERY)]
            name = line_name(table, (row, column))
            if (row == EVERY) is not (column == EVERY):  # a line is called so in its table alone
                name = Phrase(*(f"{table.name.in_language(o)}: {name.in_language(o)}" for o in _BOTH))
            yield from _together(name, [gone.pop(key) for key in of_line], given)


def _of_lists(form: Form, version: Form, rows: Sequence[ListRow]) -> Iterator[_Left]:
    """Lists that the form does not have, with how many rows are filled in; columns that it does not."""
    lists, columns = lists_now(form, version), columns_now(form, version)
    for listed in version.lists:
        own = [row for row in rows if row.list_code == listed.code]
        if listed.code not in lists:
            if own:
                yield _Left(listed.name, len(own), len(own), in_rows=True)
            continue
        for column in (one for one in listed.columns if (listed.code, one.code) not in columns):
            weights = [_weight(one) for row in own for one in row.answers if one.code == column.code]
            if any(weights):
                named = Phrase(
                    *(f"{listed.name.in_language(o)}: {column.name.in_language(o)}" for o in _BOTH)
                )
                yield _Left(named, sum(map(bool, weights)), weights.count(2))
