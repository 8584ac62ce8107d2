"""A quarter compared with earlier ones, its units with each other: the ledger's figures for the checks."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from reportctl.core import finding_kinds
from reportctl.core.errors import ReportctlError
from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.figures.plan import Plan
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form, applies
from reportctl.form.predecessors import joined
from reportctl.form.submission import Answer, Submission, shown
from reportctl.intake.checks import with_severities
from reportctl.intake.job import Context
from reportctl.ledger import schema
from reportctl.ledger.ledger import Ledger, open_ledger
from reportctl.ledger.rows import Value, ValueRecord
from reportctl.merge import compare
from reportctl.merge.cache_keys import compared_quarters
from reportctl.merge.compare import ByUnitAndCode, Comparison, UnitAnswers
from reportctl.merge.disputed import disputed
from reportctl.merge.earlier_rules import broken_in
from reportctl.merge.of_its_kind import Number
from reportctl.merge.year_plan import plan_or_none, planned
from reportctl.workspace.settings import Settings, Workspace

_MANY = 256  # units whose earlier quarters are held in memory at once


@dataclass(frozen=True, slots=True)
class ChangedAnswers:
    """What changed since a quarter was compared last: answers of which `units`, to which `codes`; and the
    `findings` of that comparison."""

    units: Collection[str]
    codes: Collection[str]
    findings: Sequence[Finding]


def compare_quarter(
    ledger: Ledger,
    context: Context,
    settings: Settings,
    changed: ChangedAnswers | None = None,
    plan: Plan | None = None,
) -> list[Finding]:
    """The findings, not graded yet, of comparing all that counts in the context's quarter, with the year's
    `plan` too.

    Of what has `changed` only that and what depends on it is compared; all other findings stay.
    """
    quarter, files = context.quarter, _files(ledger, context.quarter)
    units, questions = set(files), _questions(context.form)
    kept: list[Finding] = []
    found: list[Finding] = []
    if changed:
        units, questions = units & set(changed.units), _questions(context.form, changed.codes)
        for one in changed.findings:
            if one.code in finding_kinds.WITH_OTHERS and one.unit in files and one.indicator not in questions:
                # It holds as it was, but in a changed file the answer may stand elsewhere.
                (found if one.unit in units else kept).append(one)
            elif one.code in finding_kinds.BY_ITSELF and one.unit in files.keys() - units:
                kept.append(one)
    of_these = _of_units(ledger, context.form, quarter, units)
    for some in (of_these[start : start + _MANY] for start in range(0, len(of_these), _MANY)):
        earlier = _beside_earlier(ledger, context, settings, some, plan)
        found += compare.compare(earlier, compare.BY_ITSELF)
    if questions:
        of_all = of_these if units == files.keys() else _of_units(ledger, context.form, quarter, files)
        of_others = _with_others(ledger, context, settings, of_all)
        found += [one for one in of_others if one.indicator in questions]

    def answers_of(unit: str) -> Mapping[str, ValueRecord]:
        return {record.code: record for record in ledger.values([quarter], unit=unit)}

    return [*kept, *_placed(found, files, answers_of)]


def compare_read(
    workspace: Workspace,
    context: Context,
    submissions: Mapping[str, Submission],
    typed: Sequence[Finding] = (),
) -> list[Finding]:
    """The findings of comparing submissions, by unit, that were read and not stored; `typed` is what was
    typed in them over what the program fills in.

    They are compared with each other, with the plan, and with what counts of other units and in earlier
    quarters where the ledger can be read.
    """
    settings = workspace.settings
    plan: Plan | None = None
    with contextlib.suppress(ReportctlError):
        plan = plan_or_none(workspace, context)
    own = _answers(
        (unit, answer.code, answer.value)
        for unit, submission in sorted(submissions.items())
        for answer in submission.answers
        if isinstance(answer.value, int | float | str)
    )

    def compared(ledger: Ledger) -> tuple[list[Finding], list[Finding]]:
        with ledger:
            others = _files(ledger, context.quarter).keys() - submissions.keys()
            stored = [one for one in _answers(ledger.unit_values(context.quarter)) if one.unit in others]
            answers = sorted([*own, *stored], key=lambda each: each.unit)
            earlier = _beside_earlier(ledger, context, settings, own, plan)
            by_itself = compare.compare(earlier, compare.BY_ITSELF)
            broken = broken_in(ledger, context, settings, submissions)
            broken += disputed(ledger, context, settings, plan.values if plan else {}, typed) if typed else []
            return [*by_itself, *_with_others(ledger, context, settings, answers)], broken

    try:
        found, broken = compared(open_ledger(workspace.ledger))
    except ReportctlError:
        found, broken = compared(Ledger(schema.empty()))
    files = {unit: submission.file for unit, submission in submissions.items()}
    placed = _placed(
        [one for one in found if one.unit in submissions],
        files,
        lambda unit: {one.code: one for one in submissions[unit].answers},
    )
    return with_severities([*placed, *broken], context)


def _questions(form: Form, changed: Collection[str] | None = None) -> set[str]:
    """The questions in which units are compared with each other; with `changed`, those that depend on it."""
    codes = {code: {code, one.per} for code, one in form.indicators.items() if one.per}
    # How large a unit is, and so what is expected of it, goes by all its figures.
    amounts = form.compared.keys()
    codes |= dict.fromkeys(amounts, amounts | {one.per for one in form.indicators.values() if one.per})
    codes |= {question.code: {question.code} for question in form.texts}
    return {code for code, used in codes.items() if changed is None or not used.isdisjoint(changed)}


def _amounts(form: Form) -> dict[str, Indicator]:
    """The figures of earlier quarters that are needed: those that are compared, and what they go by."""
    divisors = {one.per: form.indicators[one.per] for one in form.compared.values() if one.per}
    return {**form.compared, **divisors}


def _of_units(ledger: Ledger, form: Form, quarter: Quarter, units: Collection[str]) -> list[UnitAnswers]:
    """What is compared of these units' answers, in the order of units."""
    codes = _questions(form) | {one.per for one in form.indicators.values() if one.per}
    return _answers(ledger.unit_values(quarter, units=units, codes=codes))


def _with_others(
    ledger: Ledger, context: Context, settings: Settings, answers: Sequence[UnitAnswers]
) -> list[Finding]:
    """The findings of comparing the `answers` of all units, in the order of these, with each other; what is
    usual for a unit by its own earlier quarters is not said."""
    comparison = Comparison(context.form, settings.checks, context.quarter, context.units, answers, {}, {})
    found = compare.compare(comparison, compare.WITH_OTHERS)
    apart = {one.unit for one in found if one.code == "unusual_of_kind"}
    if not apart:
        return found
    of_these = [each for each in answers if each.unit in apart]
    earlier = _beside_earlier(ledger, context, settings, of_these)
    return [
        one for one in found if one.code != "unusual_of_kind" or not compare.is_usual_for_it(earlier, one)
    ]


def _beside_earlier(
    ledger: Ledger,
    context: Context,
    settings: Settings,
    answers: Sequence[UnitAnswers],
    plan: Plan | None = None,
) -> Comparison:
    """Each unit's `answers` beside its own of earlier quarters, and its plan."""
    form, known = context.form, set(ledger.quarters())
    ledger = ledger.under(form, context.archive)
    amounts = set(_amounts(form))
    questions = {question.code for question in form.texts}
    history: dict[Quarter, dict[ByUnitAndCode, Number]] = {}
    texts: dict[ByUnitAndCode, str] = {}
    for quarter in (one for one in compared_quarters(context.quarter, settings) if one in known):
        then = quarter.window(settings.data_window).last
        # The units of then that each unit of today is exactly made of, where it is.
        origins = {
            each.unit: origin
            for each in answers
            if each.unit in context.units
            and (origin := context.roster.ancestry(each.unit, context.day, then))
        }
        last = quarter == context.quarter.previous
        values = ledger.unit_values(
            quarter,
            units={part for origin in origins.values() for part in origin},
            codes=amounts | questions if last else amounts,
        )
        of_then = context.roster.on(then)
        parts = [of_then[part] for origin in origins.values() if len(origin) > 1 for part in origin]
        nothing = ledger.not_applicable(quarter, [part.code for part in parts], amounts) if parts else set()
        nothing |= {
            (part.code, code)
            for part in parts
            for code in amounts
            if not applies(form.indicators[code], part.kind)
        }
        history[quarter] = _figures(values, form, origins, nothing)
        if last:
            today = {origin[0]: unit for unit, origin in origins.items() if len(origin) == 1}
            texts = {
                (today[unit], code): value
                for unit, code, value in values
                if unit in today and code in questions and isinstance(value, str)
            }
    of_plan = planned(plan, context, [each.unit for each in answers]) if plan else {}
    return Comparison(form, settings.checks, context.quarter, context.units, answers, history, texts, of_plan)


def _figures(
    values: Iterable[tuple[str, str, Value]],
    form: Form,
    origins: Mapping[str, Sequence[str]],
    nothing: Collection[ByUnitAndCode],
) -> dict[ByUnitAndCode, Number]:
    """A quarter's figures by the unit that they are of today; where it was several, what theirs come to.

    What these were not asked, or what did not apply to them, is `nothing`.
    """
    then = {(unit, code): value for unit, code, value in values if isinstance(value, int | float)}
    same = {unit for unit, origin in origins.items() if tuple(origin) == (unit,)}
    found = {key: number for key, number in then.items() if key[0] in same}
    for unit in origins.keys() - same:
        for code, indicator in _amounts(form).items():
            asked = [each for each in origins[unit] if (each, code) not in nothing]
            numbers = [then[each, code] for each in asked if (each, code) in then]
            alone = numbers[0] if len(origins[unit]) == len(numbers) == 1 else None
            number = joined(indicator, numbers) if alone is None else alone
            if len(numbers) == len(asked) and number is not None:
                found[unit, code] = number
    return found


def _files(ledger: Ledger, quarter: Quarter) -> dict[str, str]:
    """The files that count in the quarter, by unit."""
    return {
        record.unit: record.file for record in ledger.submissions(quarter) if record.counts and record.unit
    }


def _answers(values: Iterable[tuple[str, str, Value]]) -> list[UnitAnswers]:
    """What each unit answers, from (unit, code, value) in the order of units."""
    found = []
    for unit, of_unit in itertools.groupby(values, key=itemgetter(0)):
        numbers: dict[str, Number] = {}
        texts: dict[str, str] = {}
        for _unit, code, value in of_unit:
            if isinstance(value, str):
                texts[code] = value
            elif value is not None:
                numbers[code] = value
        found.append(UnitAnswers(unit, numbers, texts))
    return found


def _placed(
    found: Iterable[Finding],
    files: Mapping[str, str],
    answers_of: Callable[[str], Mapping[str, Answer | ValueRecord]],
) -> list[Finding]:
    """The findings with the file of their unit and the cell of the answer that they are about."""
    placed = []
    named = sorted(((one.unit or "", one) for one in found), key=itemgetter(0))
    for unit, of_unit in itertools.groupby(named, key=itemgetter(0)):
        answers = answers_of(unit)
        for _unit, one in of_unit:
            one = replace(one, file=files[unit])
            if answer := answers.get(one.indicator or ""):
                raw = shown(answer.raw)
                one = replace(one, sheet=answer.sheet or None, cell=answer.cell or None, value=raw)
            placed.append(one)
    return placed
