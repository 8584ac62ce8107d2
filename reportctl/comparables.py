"""What a quarter is compared with: the figures of earlier quarters and of other units, out of the ledger."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence

from reportctl import comparing, schema
from reportctl.comparing import ByUnitAndCode, Case, Number, Return
from reportctl.errors import ReportctlError
from reportctl.files import digest
from reportctl.findings import Finding
from reportctl.ledger import Ledger, ValueRecord, open_ledger
from reportctl.period import Quarter
from reportctl.severities import adjusted
from reportctl.submission import Answer, Submission
from reportctl.workers import Context
from reportctl.workspace import Settings, Workspace


def earlier(quarter: Quarter, settings: Settings) -> list[Quarter]:
    """The quarters that `quarter` is compared with, newest first."""
    found = [quarter.previous]
    while len(found) < settings.checks.quarters:
        found.append(found[-1].previous)
    return found


def basis(context: Context, settings: Settings, decided: str, states: Mapping[Quarter, str]) -> str:
    """A text that changes with everything, the quarter's own files apart, that its settling depends on.

    `decided` names its decisions, `states` (`Store.state`) what counts in each earlier quarter.
    """
    amounts = [(i.code, i.per, i.cumulative) for i in context.form.indicators.values() if i.amount]
    units = [
        (unit.code, str(unit.valid_from), str(unit.valid_to), unit.predecessors)
        for unit in context.roster.units
    ]
    before = [states.get(quarter, "") for quarter in earlier(context.quarter, settings)]
    said = [decided, settings.data_window, settings.checks.model_dump(), amounts, units, before]
    return digest(json.dumps(said).encode())[:16]


def compare(ledger: Ledger, context: Context, settings: Settings, returns: Sequence[Return]) -> list[Finding]:
    """What is found where the `returns`, all that count in the context's quarter, are compared."""
    known = set(ledger.quarters())
    before = [quarter for quarter in earlier(context.quarter, settings) if quarter in known]
    origins = {quarter: _origins(context, quarter.window(settings.data_window).last) for quarter in before}
    history = {quarter: _figures(ledger, context, quarter, origins[quarter]) for quarter in before}
    last = context.quarter.previous
    texts = _texts(ledger, context, last, origins[last]) if last in origins else {}
    inorder = sorted(returns, key=lambda each: each.unit)
    case = Case(context.form, settings.checks, context.quarter, context.units, inorder, history, texts)
    return adjusted(comparing.compare(case), context.severities)


def counting(ledger: Ledger, quarter: Quarter, besides: Collection[str] = ()) -> list[Return]:
    """What counts of the quarter's units in the ledger, those `besides` left out."""
    files = {
        record.unit: record.file
        for record in ledger.submissions(quarter)
        if record.counts and record.unit and record.unit not in besides
    }
    answers: dict[str, dict[str, Answer]] = {unit: {} for unit in files}
    for record in ledger.values([quarter]):
        if record.unit in answers:
            answers[record.unit][record.code] = _answer(record)
    return [Return(unit, file, answers[unit]) for unit, file in files.items()]


def compare_read(
    workspace: Workspace, context: Context, submissions: Mapping[str, Submission]
) -> list[Finding]:
    """What is found of submissions, by unit, that were read and not stored.

    They are compared with each other, and with what counts of other units and in earlier quarters where the
    ledger can be read.
    """
    at_hand = [
        Return(unit, submission.file, {answer.code: answer for answer in submission.answers})
        for unit, submission in submissions.items()
    ]

    def found_with(ledger: Ledger) -> list[Finding]:
        with ledger:
            others = counting(ledger, context.quarter, submissions)
            return compare(ledger, context, workspace.settings, [*at_hand, *others])

    try:
        found = found_with(open_ledger(workspace.ledger))
    except ReportctlError:
        found = found_with(Ledger(schema.empty()))
    return [one for one in found if one.unit in submissions]


def _answer(record: ValueRecord) -> Answer:
    return Answer(record.code, record.state, record.value, record.raw, record.sheet, record.cell)


_Origins = Mapping[str, Sequence[str]]


def _origins(context: Context, then: dt.date) -> _Origins:
    """The units of the day `then` that each unit of today is exactly made of, where it is."""
    found = {code: context.roster.ancestry(code, context.day, then) for code in context.units}
    return {code: origin for code, origin in found.items() if origin}


def _figures(
    ledger: Ledger, context: Context, quarter: Quarter, origins: _Origins
) -> dict[ByUnitAndCode, Number]:
    """The quarter's figures by the unit that they are of today; of what several units were, their sum."""
    amounts = {i.code: i for i in context.form.indicators.values() if i.amount}
    then = {
        (unit, code): number
        for _period, unit, code, number, _estimate in ledger.numbers([quarter])
        if code in amounts and number is not None
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


def _texts(ledger: Ledger, context: Context, quarter: Quarter, origins: _Origins) -> dict[ByUnitAndCode, str]:
    """The quarter's texts by the unit that they are of today; there are none of what several units were."""
    today = {origin[0]: unit for unit, origin in origins.items() if len(origin) == 1}
    return {
        (today[record.unit], question.code): record.value
        for question in context.form.texts
        for record in ledger.values([quarter], code=question.code)
        if record.unit in today and isinstance(record.value, str)
    }
