"""What a quarter is compared with: the figures of earlier quarters and of other units, out of the ledger."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from reportctl.core import finding_kinds
from reportctl.core.errors import ReportctlError
from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.form.model import Form
from reportctl.form.submission import Answer, Submission, shown
from reportctl.intake.checks import graded
from reportctl.intake.job import Context
from reportctl.ledger import schema
from reportctl.ledger.ledger import Ledger, open_ledger
from reportctl.ledger.rows import Value, ValueRecord
from reportctl.merge import compare as comparing
from reportctl.merge.compare import ByUnitAndCode, Comparison, Number, UnitAnswers
from reportctl.merge.contexts import compared_with
from reportctl.workspace.settings import Settings, Workspace

_MANY = 256  # units whose earlier quarters are held at once


@dataclass(frozen=True, slots=True)
class ChangedAnswers:
    """What is otherwise than when a quarter was compared: answers of which `units`, to which `codes`."""

    units: Collection[str]
    codes: Collection[str]


def compare(ledger: Ledger, context: Context, settings: Settings) -> list[Finding]:
    """What is found where all that counts in the context's quarter is compared, before it is graded."""
    return _compare(ledger, context, settings, _files(ledger, context.quarter), None)


def compare_again(
    ledger: Ledger, context: Context, settings: Settings, before: Iterable[Finding], changes: ChangedAnswers
) -> list[Finding]:
    """As `compare`, where `before` was found before the `changes`: only what hangs on these is compared."""
    files = _files(ledger, context.quarter)
    units, among = set(changes.units), _among(context.form, changes.codes)
    kept: list[Finding] = []
    moved: list[Finding] = []
    for one in before:
        if one.code in finding_kinds.WITH_OTHERS and one.unit in files and one.indicator not in among:
            (moved if one.unit in units else kept).append(one)
        elif one.code in finding_kinds.BY_ITSELF and one.unit in files.keys() - units:
            kept.append(one)
    placed = _placed(moved, files, _answers_in(ledger, context.quarter))
    return [*kept, *placed, *_compare(ledger, context, settings, files, changes)]


def _compare(
    ledger: Ledger,
    context: Context,
    settings: Settings,
    files: Mapping[str, str],
    changes: ChangedAnswers | None,
) -> list[Finding]:
    quarter = context.quarter
    units = sorted(files.keys() & set(changes.units) if changes else files)
    found: list[Finding] = []
    for some in (units[start : start + _MANY] for start in range(0, len(units), _MANY)):
        found += _by_itself(ledger, context, settings, _returns(ledger.said(quarter, units=some)))
    among = _among(context.form, changes.codes if changes else None)
    if among:
        codes = among | {context.form.indicators[code].per for code in among & context.form.indicators.keys()}
        returns = [each for each in _returns(ledger.said(quarter, codes=codes)) if each.unit in files]
        found += [one for one in _with_others(context, settings, returns) if one.indicator in among]
    return _placed(found, files, _answers_in(ledger, quarter))


def compare_read(
    workspace: Workspace, context: Context, submissions: Mapping[str, Submission]
) -> list[Finding]:
    """What is found of submissions, by unit, that were read and not stored.

    They are compared with each other, and with what counts of other units and in earlier quarters where the
    ledger can be read.
    """
    settings = workspace.settings
    at_hand = _returns(
        (unit, answer.code, answer.value)
        for unit, submission in sorted(submissions.items())
        for answer in submission.answers
        if isinstance(answer.value, int | float | str)
    )

    def found_with(ledger: Ledger) -> list[Finding]:
        with ledger:
            others = _files(ledger, context.quarter).keys() - submissions.keys()
            stored = [each for each in _returns(ledger.said(context.quarter)) if each.unit in others]
            all_of_them = sorted([*at_hand, *stored], key=lambda each: each.unit)
            return [
                *_by_itself(ledger, context, settings, at_hand),
                *_with_others(context, settings, all_of_them),
            ]

    try:
        found = found_with(open_ledger(workspace.ledger))
    except ReportctlError:
        found = found_with(Ledger(schema.empty()))
    own = graded([one for one in found if one.unit in submissions], context)
    files = {unit: submission.file for unit, submission in submissions.items()}
    return _placed(own, files, lambda unit: {one.code: one for one in submissions[unit].answers})


def _among(form: Form, changed: Collection[str] | None) -> set[str]:
    """The questions in which units are compared with each other; with `changed`, those that hang on it."""
    codes = {code: {code, one.per} for code, one in form.indicators.items() if one.per}
    codes |= {question.code: {question.code} for question in form.texts}
    return {code for code, used in codes.items() if changed is None or not used.isdisjoint(changed)}


def _by_itself(
    ledger: Ledger, context: Context, settings: Settings, returns: Sequence[UnitAnswers]
) -> list[Finding]:
    """What is found of each of the `returns` by its own earlier quarters."""
    known = set(ledger.quarters())
    units = [each.unit for each in returns]
    history: dict[Quarter, dict[ByUnitAndCode, Number]] = {}
    texts: dict[ByUnitAndCode, str] = {}
    for quarter in (one for one in compared_with(context.quarter, settings) if one in known):
        origins = _origins(context, units, quarter.window(settings.data_window).last)
        parts = sorted({part for origin in origins.values() for part in origin})
        last = quarter == context.quarter.previous
        said = ledger.said(quarter, units=parts, numbers_only=not last)
        history[quarter] = _figures(said, context.form, origins)
        if last:
            texts = _texts(said, context.form, origins)
    case = Comparison(context.form, settings.checks, context.quarter, context.units, returns, history, texts)
    return comparing.compare(case, comparing.BY_ITSELF)


def _with_others(context: Context, settings: Settings, returns: Sequence[UnitAnswers]) -> list[Finding]:
    """What is found of all units' `returns`, which are in the order of the units, by each other."""
    case = Comparison(context.form, settings.checks, context.quarter, context.units, returns, {}, {})
    return comparing.compare(case, comparing.WITH_OTHERS)


def _files(ledger: Ledger, quarter: Quarter) -> dict[str, str]:
    """The files that count in the quarter, by unit."""
    return {
        record.unit: record.file for record in ledger.submissions(quarter) if record.counts and record.unit
    }


def _returns(answers: Iterable[tuple[str, str, Value]]) -> list[UnitAnswers]:
    """What each unit says, from (unit, code, value) in the order of units."""
    found = []
    for unit, said in itertools.groupby(answers, key=itemgetter(0)):
        numbers: dict[str, Number] = {}
        texts: dict[str, str] = {}
        for _unit, code, value in said:
            if isinstance(value, str):
                texts[code] = value
            elif value is not None:
                numbers[code] = value
        found.append(UnitAnswers(unit, numbers, texts))
    return found


_Answers = Mapping[str, Answer | ValueRecord]


def _answers_in(ledger: Ledger, quarter: Quarter) -> Callable[[str], _Answers]:
    def answers_of(unit: str) -> _Answers:
        return {record.code: record for record in ledger.values([quarter], unit=unit)}

    return answers_of


def _placed(
    found: Iterable[Finding], files: Mapping[str, str], answers_of: Callable[[str], _Answers]
) -> list[Finding]:
    """The findings with the file of their unit and the cell of the answer that they are about."""
    placed = []
    by_unit = itemgetter(0)
    named = sorted(((one.unit or "", one) for one in found), key=by_unit)
    for unit, of_unit in itertools.groupby(named, key=by_unit):
        answers = answers_of(unit)
        for _unit, one in of_unit:
            one = replace(one, file=files[unit])
            if answer := answers.get(one.indicator or ""):
                raw = shown(answer.raw)
                one = replace(one, sheet=answer.sheet or None, cell=answer.cell or None, value=raw)
            placed.append(one)
    return placed


_Origins = Mapping[str, Sequence[str]]


def _origins(context: Context, units: Iterable[str], then: dt.date) -> _Origins:
    """The units of the day `then` that each of the `units` of today is exactly made of, where it is."""
    found = {
        code: context.roster.ancestry(code, context.day, then) for code in units if code in context.units
    }
    return {code: origin for code, origin in found.items() if origin}


def _figures(
    said: Iterable[tuple[str, str, Value]], form: Form, origins: _Origins
) -> dict[ByUnitAndCode, Number]:
    """A quarter's figures by the unit that they are of today; of what several units were, their sum."""
    amounts = {i.code: i for i in form.indicators.values() if i.amount}
    then = {
        (unit, code): value
        for unit, code, value in said
        if code in amounts and isinstance(value, int | float)
    }
    same = {unit for unit, origin in origins.items() if origin == (unit,)}
    found = {key: number for key, number in then.items() if key[0] in same}
    for unit in origins.keys() - same:
        for code, indicator in amounts.items():
            parts = [then.get((each, code)) for each in origins[unit]]
            numbers = [number for number in parts if number is not None]
            if len(numbers) == len(parts) and (indicator.over_units == "sum" or len(parts) == 1):
                found[unit, code] = sum(numbers)
    return found


def _texts(said: Iterable[tuple[str, str, Value]], form: Form, origins: _Origins) -> dict[ByUnitAndCode, str]:
    """A quarter's texts by the unit that they are of today; there are none of what several units were."""
    today = {origin[0]: unit for unit, origin in origins.items() if len(origin) == 1}
    questions = {question.code for question in form.texts}
    return {
        (today[unit], code): value
        for unit, code, value in said
        if unit in today and code in questions and isinstance(value, str)
    }
