"""A workbook of another version of the form: read by that version, answers under the codes of this."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.form.form_file import load_form
from reportctl.form.model import Form, Indicator, TextQuestion, applies
from reportctl.form.submission import Answer, AnswerState, ListRow, quotient, sums
from reportctl.intake.job import Context
from reportctl.ledger.archive import kept_form

_LISTED = 8  # questions that a message names


def version_of(context: Context, fingerprint: str) -> Form | None:
    """The version of the form with this fingerprint, where it is kept and is not the one in force."""
    if context.archive is None or fingerprint == context.form.fingerprint or not fingerprint.isalnum():
        return None
    kept = _kept(kept_form(context.archive, fingerprint))
    return kept if kept and kept.id == context.form.id else None


@functools.lru_cache(maxsize=16)
def _kept(path: Path) -> Form | None:
    if not path.exists():
        return None
    try:
        return load_form(path, kept=True)
    except ReportctlError:
        return None  # it is read by the form in force, then


def brought_over(
    form: Form, version: Form, kind: str, answers: Sequence[Answer]
) -> tuple[list[Answer], list[Finding]]:
    """The answers to the questions of `form`, out of those to the questions of the `version`; of what it did
    not ask, or asked as something else, there is none, and a note says so.

    Sums and shares are worked out again.
    """
    earlier = {new: old for old, new in version.renamed.items()}  # where the workbook is the newer one
    given = {earlier.get(answer.code, answer.code): answer for answer in answers}
    given |= {form.renamed.get(answer.code, answer.code): answer for answer in answers}
    given |= {answer.code: answer for answer in answers if answer.code in form.indicators}
    questions: list[Indicator | TextQuestion] = [*form.indicators.values(), *form.texts]
    asked = {one.code: one for one in questions if applies(one, kind)}
    found: dict[str, Answer] = {}
    lacking: list[Phrase] = []
    for code, question in asked.items():
        answer = given.get(code)
        if answer is not None and _asks_the_same(version, answer.code, question):
            found[code] = replace(answer, code=code)
            continue
        found[code] = Answer(code, AnswerState.MISSING)
        if not isinstance(question, Indicator) or form.made_of(code) == [code]:
            lacking.append(question.name)
    of_parts = [one for one in form.indicators.values() if one.code in asked]
    for code, answer in sums(of_parts, found).items():
        found[code] = replace(found[code], state=answer.state, value=answer.value)
    for one in of_parts:
        if one.computed:
            share = quotient(one.code, found.get(one.numerator), found.get(one.denominator))
            found[one.code] = replace(found[one.code], state=share.state, value=share.value)
    return list(found.values()), [_lacks(lacking)] if lacking else []


def _asks_the_same(version: Form, code: str, question: Indicator | TextQuestion) -> bool:
    """Whether the question with this code in the `version` is one whose answers are answers to `question`."""
    if not isinstance(question, Indicator):
        return any(one.code == code for one in version.texts)
    then = version.indicators.get(code)
    return then is not None and (then.type, then.unit_of_measure) == (question.type, question.unit_of_measure)


def _lacks(names: Sequence[Phrase]) -> Finding:
    vi, en = ("; ".join(f"“{one.in_language(to)}”" for one in names[:_LISTED]) for to in ("vi", "en"))
    more = len(names) - _LISTED
    labels = Phrase(f"{vi} và {more} chỉ tiêu khác", f"{en} and {more} more") if more > 0 else Phrase(vi, en)
    return finding("version_lacks", labels=labels, count=len(names))


def of_this_form(form: Form, version: Form, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings of reading by the `version`, under the codes of `form`; those about what the form asks no
    longer are left out."""
    texts = {one.code for one in form.texts}
    texts_then = {one.code for one in version.texts}
    lists, lists_then = ({one.code for one in of.lists} for of in (form, version))
    gone = (version.indicators.keys() | texts_then) - form.indicators.keys() - texts - form.renamed.keys()
    gone |= lists_then - lists
    for one in findings:
        code = one.indicator or ""
        if code not in gone and not ("." in code and code.partition(".")[0] in gone):
            yield replace(one, indicator=form.renamed.get(code, code)) if code else one


def rows_of_this_form(form: Form, rows: Sequence[ListRow]) -> list[ListRow]:
    """The rows of the lists that the form has, with the answers in the columns that it has."""
    columns = {one.code: {column.code for column in one.columns} for one in form.lists}
    return [
        replace(row, answers=tuple(one for one in row.answers if one.code in columns[row.list_code]))
        for row in rows
        if row.list_code in columns
    ]
