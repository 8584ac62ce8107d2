"""Rules that ask for a unit's own figures of earlier quarters, judged where these are at hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter

from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.form.model import Form
from reportctl.form.rules import Operand, Reference, Rule
from reportctl.form.submission import Answer, Identity, ListRow, Submission
from reportctl.intake.checks import CheckInput, broken_with_earlier
from reportctl.intake.job import Context
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ValueRecord
from reportctl.outgoing.previous import of_quarter
from reportctl.workspace.settings import Settings
from reportctl.workspace.units_by_period import Calendar


def broken_in_ledger(ledger: Ledger, context: Context, settings: Settings) -> list[Finding]:
    """The findings, not graded yet, of all that counts in the context's quarter, corrections included."""
    rules = _rules(context.form)
    if not rules:
        return []
    return broken_in(ledger, context, settings, _submissions(ledger, context, rules))


def broken_in(
    ledger: Ledger, context: Context, settings: Settings, submissions: Mapping[str, Submission]
) -> list[Finding]:
    """The findings of these submissions, by unit, beside what the ledger has of the units' earlier quarters.

    An earlier figure is the one that the unit's workbook shows: of a unit that is exactly the whole of its
    predecessors what theirs come to. Where there is none, nothing is found.
    """
    rules = _rules(context.form)
    units = [context.units[code] for code in submissions if code in context.units] if rules else []
    earlier: dict[str, dict[Reference, Operand]] = {unit.code: {} for unit in units}
    calendar, then = (
        Calendar(context.roster, settings.data_window),
        ledger.under(context.form, context.archive),
    )
    asked = {one for rule in rules for one in rule.node.earlier}
    for what, before in earlier_quarters(context.quarter).items():
        wanted = [context.form.indicators[one.code] for one in sorted(asked) if one.what == what]
        if not wanted or not units:
            continue
        of_then = of_quarter(then, context.form, calendar, context.quarter, before, units, wanted)
        for unit, answers in zip(units, of_then, strict=True):
            earlier[unit.code] |= {
                Reference(what, code): answer.value
                for code, answer in answers.items()
                if isinstance(answer.value, int | float)
            }
    found = []
    for unit in units:
        submission = submissions[unit.code]
        case = CheckInput(context.form, unit.kind, context.window, submission)
        found += [
            replace(one, unit=unit.code, file=submission.file)
            for one in broken_with_earlier(case, earlier[unit.code])
        ]
    return found


def earlier_quarters(quarter: Quarter) -> Mapping[str, Quarter]:
    """The quarters that rules of `quarter` may ask for, by the word with which they do."""
    return {"previous": quarter.previous, "year_ago": quarter.year_ago}


def _rules(form: Form) -> list[Rule]:
    return [rule for rule in form.every_rule if rule.node.earlier]


def _submissions(ledger: Ledger, context: Context, rules: Iterable[Rule]) -> dict[str, Submission]:
    """The submissions that count by unit: their answers as they count; lists where the rules ask for one."""
    quarter = context.quarter
    files = {one.unit: one for one in ledger.submissions(quarter) if one.counts and one.unit}
    lists = {one.code for rule in rules for one in rule.node.references if one.what in ("rows", "total")}
    lost: dict[str, set[str]] = {}
    for unit, code in ledger.lists_lost(quarter) if lists else ():
        if code in lists:
            lost.setdefault(unit, set()).add(code)
    records = ledger.all_values(quarter) if lists else ledger.values([quarter])
    submissions = {}
    for unit, of_unit in itertools.groupby(sorted(records, key=attrgetter("unit")), key=attrgetter("unit")):
        if unit not in files:
            continue
        answers: list[Answer] = []
        rows: dict[tuple[str, int], list[Answer]] = {}
        for record in of_unit:
            group = rows.setdefault((record.list_code, record.number), []) if record.list_code else answers
            group.append(_answer(record))
        submissions[unit] = Submission(
            file=files[unit].file,
            sha256=files[unit].sha256,
            identity=Identity(unit=unit),
            answers=tuple(answers),
            rows=tuple(ListRow(code, number, tuple(of_row)) for (code, number), of_row in rows.items()),
            lists_lost=tuple(sorted(lost.get(unit, ()))),
        )
    return submissions


def _answer(record: ValueRecord) -> Answer:
    return Answer(record.code, record.state, record.value, record.raw, record.sheet, record.cell)
