"""What is asked of a submission as a whole, one function a check: adding a check is adding a function."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.letters import folded
from reportctl.core.period import Window
from reportctl.form.model import Form, Rule, Type, applies
from reportctl.form.rules import Gap, Operand, Reference, holds
from reportctl.form.submission import Answer, AnswerState, Submission, in_words, lookup, shown
from reportctl.intake.job import Context


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What is checked: the submission of a unit of `kind`, against the form and the quarter's data window."""

    form: Form
    kind: str
    window: Window
    submission: Submission


def required_figures(case: CheckInput) -> Iterator[Finding]:
    """Figures that must be filled in and are not. What was not found at all has been said already."""
    answers = {answer.code: answer for answer in case.submission.answers}
    for code, indicator in case.form.indicators.items():
        answer = answers.get(code)
        if answer and _left_empty(answer) and indicator.required and not indicator.computed:
            chosen = indicator.type in (Type.YES_NO, Type.CHOICE)
            kind = "required_choice_missing" if chosen else "required_missing"
            yield _about(answer, kind, label=indicator.name)


def required_texts(case: CheckInput) -> Iterator[Finding]:
    """Questions that must be answered in words and are not."""
    answers = {answer.code: answer for answer in case.submission.answers}
    for question in case.form.texts:
        answer = answers.get(question.code)
        if answer and question.required and _left_empty(answer):
            yield _about(answer, "required_text_missing", label=question.name)


def long_texts(case: CheckInput) -> Iterator[Finding]:
    """Answers of more words than the form allows."""
    limits = {question.code: question.max_words for question in case.form.texts}
    for answer in case.submission.answers:
        limit, text = limits.get(answer.code), answer.value
        # That many words, and the spaces between them, are more characters than most texts have.
        if limit and isinstance(text, str) and len(text) > 2 * limit and (words := len(text.split())) > limit:
            yield _about(answer, "too_many_words", words=words, limit=limit)


def list_dates(case: CheckInput) -> Iterator[Finding]:
    """Dates in lists that lie outside the data window."""
    first, last = case.window.first, case.window.last
    for row in case.submission.rows:
        for answer in row.answers:
            if isinstance(answer.value, dt.date) and not first <= answer.value <= last:
                bounds = Phrase(*(f"{first:%d/%m/%Y} {to} {last:%d/%m/%Y}" for to in ("đến", "to")))
                code = f"{row.list_code}.{answer.code}"
                yield _about(answer, "date_outside", indicator=code, bounds=bounds)


def broken_rules(case: CheckInput) -> Iterator[Finding]:
    """Rules between figures that do not hold; one of whose figures is unknown is not decided."""
    value = lookup(case.submission)
    for rule in _rules(case.form, case.kind):
        if holds(rule.node, value) is False:
            yield _broken(case, rule, {reference: value(reference) for reference in rule.node.references})


@functools.lru_cache(maxsize=64)
def _rules(form: Form, kind: str) -> tuple[Rule, ...]:
    """The rules that speak of no other lists than those that units of `kind` are asked for."""
    lists = {section.code for section in form.lists if applies(section, kind)}
    return tuple(
        rule
        for rule in form.rules
        if all(asked.what == "value" or asked.code in lists for asked in rule.node.references)
    )


CHECKS: tuple[Callable[[CheckInput], Iterator[Finding]], ...] = (
    required_figures,
    required_texts,
    long_texts,
    list_dates,
    broken_rules,
)


def check(case: CheckInput) -> list[Finding]:
    """Everything that the checks find."""
    return [found for one in CHECKS for found in one(case)]


def checked(submission: Submission, context: Context) -> list[Finding]:
    """What the checks find of a submission; nothing where its unit does not report, or nothing was read."""
    unit = context.units.get(submission.identity.unit)
    if unit is None or not submission.answers:
        return []
    return check(CheckInput(context.form, unit.kind, context.window, submission))


def _left_empty(answer: Answer) -> bool:
    return answer.state is AnswerState.MISSING and bool(answer.cell)


def _about(answer: Answer, kind: str, *, indicator: str = "", **details: Any) -> Finding:
    return finding(
        kind,
        sheet=answer.sheet,
        cell=answer.cell,
        indicator=indicator or answer.code,
        value=shown(answer.raw),
        **details,
    )


def _broken(case: CheckInput, rule: Rule, operands: dict[Reference, Operand]) -> Finding:
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
        first = next(
            (answer for row in rows for answer in row.answers), Answer(codes[0], AnswerState.MISSING)
        )
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


def grades(findings: Sequence[Finding], context: Context) -> list[Severity | None]:
    """The severity here of each of the findings of one file; None: it is not said at all."""
    version = context.form.fingerprint
    ours = any(one.code == "other_version" and one.value == version for one in findings)
    standing = (_standing(one, context, ours=ours) for one in findings)
    return [
        severity and context.severities.get(one.code, severity)
        for one, severity in zip(findings, standing, strict=True)
    ]


def graded(findings: Sequence[Finding], context: Context) -> list[Finding]:
    """The findings of one file that are said here, with their severity here."""
    return [
        one if severity is one.severity else replace(one, severity=severity)
        for one, severity in zip(findings, grades(findings, context), strict=True)
        if severity
    ]


def _standing(found: Finding, context: Context, *, ours: bool) -> Severity | None:
    """Its severity before settings; `ours`: the workbook was made from this version of the form."""
    form, indicator = context.form, found.indicator or ""
    match found.code:
        case "other_version" if ours:
            return None
        case "code_moved" if not ours and all(indicator != each.code for each in form.lists):
            return None  # lines of another version stand elsewhere by rights
        case "not_found" if not ours:
            texts = {question.code: question for question in form.texts}
            item = form.indicators.get(indicator) or texts.get(indicator)
            # An older form may not have asked for it.
            return Severity.NOTE if item and not item.required else found.severity
        case "heading_differs" if not _names_another(found, context):
            return None  # units are renamed, and people word headings their own way
    return found.severity


def _names_another(found: Finding, context: Context) -> bool:
    """Whether a heading names another quarter, or another unit."""
    details = dict(found.details)
    said = folded(str(details["said"]))
    return details["of"] != "unit" or any(folded(unit.name) == said for unit in context.roster.units)
