"""What is asked of a submission as a whole, one function a check: adding a check is adding a function."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.period import Window
from reportctl.form.model import Form, Rule, Type, applies
from reportctl.form.rules import Gap, Operand, Reference, holds, references
from reportctl.form.submission import Answer, State, Submission, lookup
from reportctl.intake.answers import in_words, shown
from reportctl.intake.context import Context


@dataclass(frozen=True, slots=True)
class Case:
    """What is checked: the submission of a unit of `kind`, against the form and the quarter's data window."""

    form: Form
    kind: str
    window: Window
    submission: Submission


def required_figures(case: Case) -> Iterator[Finding]:
    """Figures that must be filled in and are not. What was not found at all has been said already."""
    answers = {answer.code: answer for answer in case.submission.answers}
    for code, indicator in case.form.indicators.items():
        answer = answers.get(code)
        if answer and _left_empty(answer) and indicator.required and not indicator.computed:
            chosen = indicator.type in (Type.YES_NO, Type.CHOICE)
            kind = "required_choice_missing" if chosen else "required_missing"
            yield _about(answer, kind, label=indicator.name)


def required_texts(case: Case) -> Iterator[Finding]:
    """Questions that must be answered in words and are not."""
    answers = {answer.code: answer for answer in case.submission.answers}
    for question in case.form.texts:
        answer = answers.get(question.code)
        if answer and question.required and _left_empty(answer):
            yield _about(answer, "required_text_missing", label=question.name)


def long_texts(case: Case) -> Iterator[Finding]:
    """Answers of more words than the form allows."""
    limits = {question.code: question.max_words for question in case.form.texts}
    for answer in case.submission.answers:
        limit, text = limits.get(answer.code), answer.value
        # That many words, and the spaces between them, are more characters than most texts have.
        if limit and isinstance(text, str) and len(text) > 2 * limit and (words := len(text.split())) > limit:
            yield _about(answer, "too_many_words", words=words, limit=limit)


def list_dates(case: Case) -> Iterator[Finding]:
    """Dates in lists that lie outside the data window."""
    first, last = case.window.first, case.window.last
    for row in case.submission.rows:
        for answer in row.answers:
            if isinstance(answer.value, dt.date) and not first <= answer.value <= last:
                bounds = Phrase(*(f"{first:%d/%m/%Y} {to} {last:%d/%m/%Y}" for to in ("đến", "to")))
                code = f"{row.list_code}.{answer.code}"
                yield _about(answer, "date_outside", indicator=code, bounds=bounds)


def broken_rules(case: Case) -> Iterator[Finding]:
    """Rules between figures that do not hold; one of whose figures is unknown is not decided."""
    value = lookup(case.submission)
    for rule in _rules(case.form, case.kind):
        if holds(rule.node, value) is False:
            yield _broken(case, rule, {reference: value(reference) for reference in references(rule.node)})


@functools.lru_cache(maxsize=64)
def _rules(form: Form, kind: str) -> tuple[Rule, ...]:
    """The rules that speak of no other lists than those that units of `kind` are asked for."""
    lists = {section.code for section in form.lists if applies(section, kind)}
    return tuple(
        rule
        for rule in form.rules
        if all(asked.what == "value" or asked.code in lists for asked in references(rule.node))
    )


CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    required_figures,
    required_texts,
    long_texts,
    list_dates,
    broken_rules,
)


def check(case: Case) -> list[Finding]:
    """Everything that the checks find."""
    return [found for one in CHECKS for found in one(case)]


def checked(submission: Submission, context: Context) -> list[Finding]:
    """What the checks find of a submission; nothing where its unit does not report, or nothing was read."""
    unit = context.units.get(submission.identity.unit)
    if unit is None or not submission.answers:
        return []
    return check(Case(context.form, unit.kind, context.window, submission))


def _left_empty(answer: Answer) -> bool:
    return answer.state is State.MISSING and bool(answer.cell)


def _about(answer: Answer, kind: str, *, indicator: str = "", **details: Any) -> Finding:
    return finding(
        kind,
        sheet=answer.sheet,
        cell=answer.cell,
        indicator=indicator or answer.code,
        value=shown(answer.raw),
        **details,
    )


def _broken(case: Case, rule: Rule, operands: dict[Reference, Operand]) -> Finding:
    """The finding, in the cell of the rule's first figure; of a rule about lists alone, in the first row."""
    figures = [
        _figure(case.form, reference, value)
        for reference, value in operands.items()
        if value is not Gap.NOTHING
    ]
    answers = {answer.code: answer for answer in case.submission.answers}
    codes = [reference.code for reference in operands if reference.what == "value"]
    first = next((answers[code] for code in codes if code in answers), None)
    if first is None:
        codes = [reference.code for reference in operands]
        rows = (row for row in case.submission.rows if row.list_code in codes)
        first = next((answer for row in rows for answer in row.answers), Answer(codes[0], State.MISSING))
    said = {
        language: "; ".join(figure.in_language(language) for figure in figures) for language in ("vi", "en")
    }
    return finding(
        "rule_broken",
        severity=Severity(rule.severity),
        sheet=first.sheet or None,
        cell=first.cell or None,
        indicator=codes[0],
        value=first.raw,
        text=rule.words,
        figures=Phrase(said["vi"], said["en"]),
    )


def _figure(form: Form, reference: Reference, value: Operand) -> Phrase:
    """One figure of a broken rule as it is said: `Báo in = 50`, `số dòng của “Hội nghị” = 3`."""
    name, kind = _name(form, reference)
    amount = in_words(None if isinstance(value, Gap) else value, kind)
    return Phrase(f"{name.vi} = {amount.vi}", f"{name.in_language('en')} = {amount.en}")


def _name(form: Form, reference: Reference) -> tuple[Phrase, Type]:
    if reference.what == "value":
        indicator = form.indicators[reference.code]
        return indicator.name, indicator.type
    section = next(section for section in form.lists if section.code == reference.code)
    title = section.name
    if reference.what == "rows":
        return Phrase(f"số dòng của “{title.vi}”", f"rows of “{title.in_language('en')}”"), Type.COUNT
    column = next(column for column in section.columns if column.code == reference.column)
    vi = f"tổng “{column.name.vi}” của “{title.vi}”"
    en = f"total of “{column.name.in_language('en')}” in “{title.in_language('en')}”"
    return Phrase(vi, en), column.type
