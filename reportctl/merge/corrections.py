"""Figures given by telephone, in place of what a unit's file says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportctl.cells.cell import read_cell
from reportctl.core.findings import Finding, verdict
from reportctl.core.language import Phrase
from reportctl.form.indicators import Indicator
from reportctl.form.submission import (
    Answer,
    AnswerState,
    AnswerValue,
    Submission,
    in_words,
    quotient,
    shown,
    sums,
)
from reportctl.intake.checks import with_severities
from reportctl.intake.job import Context
from reportctl.ledger.archive import Decision
from reportctl.ledger.decisions import day_of, decision_finding
from reportctl.ledger.rows import CorrectedAnswer, SubmissionRecord
from reportctl.ledger.writing import Store
from reportctl.merge.assess import Assessor, as_warnings
from reportctl.merge.recheck import stored_submission

_NOTHING = Phrase("để trống", "nothing")


@dataclass(frozen=True, slots=True)
class CorrectedSubmission:
    """What correcting a submission makes of it: its new `answers`, shares worked out from them among these,
    the findings that this gives, its verdict then, and how many questions are answered that were not."""

    answers: tuple[CorrectedAnswer, ...]
    findings: tuple[Finding, ...]
    verdict: str
    told: int = 0


def correct(
    store: Store,
    assessor: Assessor,
    known: SubmissionRecord,
    decisions: Mapping[str, Decision],
    accepted: bool,
) -> CorrectedSubmission:
    """The submission with the hash that the `decisions`, by code, are about, corrected by them.

    It goes on counting: a rule that is broken now makes it "warned", unless its file broke that already and
    was `accepted` in spite of it.
    """
    quarter, sha256 = assessor.context.quarter, next(iter(decisions.values())).sha256
    found = store.findings(quarter, sha256, graded=False)
    submission = stored_submission(store, assessor.context, sha256, known, found)
    own = store.findings(quarter, sha256, graded=True)
    return correct_read(assessor, submission, own, known, decisions, accepted)


def correct_read(
    assessor: Assessor,
    submission: Submission,
    own: Sequence[Finding],
    known: SubmissionRecord,
    decisions: Mapping[str, Decision],
    accepted: bool,
) -> CorrectedSubmission:
    """As `correct`, with the submission at hand and its `own` findings."""
    from reportctl.intake import checks  # most quarters have no corrections

    context = assessor.context
    answers, findings = _corrected_answers(context, submission.answers, known, decisions)
    if not answers:
        return CorrectedSubmission((), tuple(findings), verdict(as_warnings(own) if accepted else own))
    changed = with_answers(submission, answers.values())
    unit = context.units.get(known.unit or "")
    case = checks.case_of(changed, context, unit.kind if unit else "")
    broken_before = {_rule(one) for one in own if one.code == "rule_broken"}
    for broken in with_severities(list(checks.broken_rules(case)), context):
        of_unit = replace(broken, unit=known.unit or "", file=known.file)
        findings += as_warnings([of_unit]) if accepted and _rule(broken) in broken_before else [of_unit]
    left = left_of(own, answers.values())
    good = verdict((*left, *findings)) == "accepted" and not accepted
    before, after = (assessor.completeness(known.unit, one)[0] for one in (submission, changed))
    return CorrectedSubmission(
        tuple(answers.values()), tuple(findings), "accepted" if good else "warned", after - before
    )


def with_answers(submission: Submission, corrected: Iterable[CorrectedAnswer]) -> Submission:
    """The submission with these answers in place of its own."""
    told = {one.answer.code: one.answer for one in corrected}
    return replace(submission, answers=tuple(told.get(one.code, one) for one in submission.answers))


def left_of(own: Iterable[Finding], corrected: Collection[CorrectedAnswer]) -> list[Finding]:
    """The findings of a file that still hold once these answers stand in place of its own: rules are judged
    anew, and sums of an older form no more."""
    codes = {one.answer.code for one in corrected}
    return [
        one
        for one in own
        if not codes or (one.code != "rule_broken" and codes.isdisjoint((one.indicator, *_asked(one))))
    ]


def _asked(one: Finding) -> list[str]:
    """The figures of a sum of an older form that is broken."""
    return str(dict(one.details).get("asked", "")).split() if one.code == "older_sum_broken" else []


def taken_back(
    context: Context,
    counting: Mapping[str, tuple[str, str]],
    decisions: Mapping[str, Mapping[str, Decision]],
    answers_of: Callable[[str], Iterable[Answer]],
) -> list[Finding]:
    """A warning for each figure told by telephone in place of which the file that counts now says another.

    `counting` has the hash and the name of that file for each unit, `answers_of` what the one with a hash
    says; `decisions` are the quarter's corrections by hash, then code: of several about one figure the last
    is meant.
    """
    told: dict[tuple[str, str], tuple[str, Decision]] = {}
    for sha256, by_code in decisions.items():
        for code, decision in by_code.items():
            key = decision.unit, code
            if key not in told or told[key][1].when <= decision.when:
                told[key] = sha256, decision
    findings: list[Finding] = []
    for (unit, _code), (sha256, decision) in told.items():
        now, file = counting.get(unit, (sha256, ""))
        if now != sha256:
            findings += _taken_back(context, file, answers_of(now), decision)
    return findings


def _taken_back(
    context: Context, file: str, answers: Iterable[Answer], decision: Decision
) -> Iterator[Finding]:
    """A warning where the file that counts says otherwise than what was told."""
    indicator = context.form.indicators.get(decision.code)
    answer = next((one for one in answers if one.code == decision.code), None)
    reading = read_cell(decision.value, indicator, dash=context.dash) if indicator else None
    if not (indicator and answer and reading and reading.is_answer):
        return  # the form no longer asks for it, or takes it otherwise
    if (answer.state, answer.value) != (reading.state, reading.value):
        yield decision_finding(
            "correction_taken_back",
            decision,
            unit=decision.unit,
            file=file,
            sheet=answer.sheet or None,
            cell=answer.cell or None,
            indicator=decision.code,
            value=shown(answer.raw),
            label=indicator.name,
            told=_said(reading.state, reading.value, decision.value, indicator),
            says=_said(answer.state, answer.value, answer.raw, indicator),
            why=decision.why,
        )


def _said(state: AnswerState, value: AnswerValue, raw: str, indicator: Indicator) -> Phrase:
    """An answer as a message says it."""
    match state:
        case AnswerState.VALUE:
            return in_words(value, indicator.type)
        case AnswerState.MISSING:
            return _NOTHING
    return Phrase(f"“{shown(raw)}”")


def _rule(broken: Finding) -> tuple[str | None, str]:
    return broken.indicator, dict(broken.details)["text"]


def _corrected_answers(
    context: Context, answers: Sequence[Answer], known: SubmissionRecord, decisions: Mapping[str, Decision]
) -> tuple[dict[str, CorrectedAnswer], list[Finding]]:
    """The answers by code that the decisions change, and a finding for each decision.

    What the form no longer asks for, or no longer takes, is a finding and changes nothing.
    """
    before = {answer.code: answer for answer in answers}
    corrected: dict[str, CorrectedAnswer] = {}
    findings = []
    for code, decision in decisions.items():
        answer, indicator = before.get(code), context.form.indicators.get(code)
        reading = read_cell(decision.value, indicator, dash=context.dash) if answer and indicator else None
        taken = reading is not None and reading.is_answer
        findings.append(
            decision_finding(
                "corrected" if taken else "correction_void",
                decision,
                unit=known.unit,
                file=known.file,
                sheet=(answer.sheet or None) if answer else None,
                cell=(answer.cell or None) if answer else None,
                indicator=decision.code,
                value=decision.value,
                why=decision.why,
            )
        )
        if answer and reading and taken:
            corrected[code] = CorrectedAnswer(
                answer._replace(state=reading.state, value=reading.value, raw=decision.value, estimate=False),
                f"{decision.who}, {decision.when.replace('T', ' ')}: {decision.why}",
                day_of(decision) or known.received,
            )
    after = before | {code: one.answer for code, one in corrected.items()}
    worked_out: dict[str, CorrectedAnswer] = {}
    indicators = context.form.indicators if corrected else {}
    after |= sums(indicators.values(), after)
    for code, indicator in indicators.items():
        made_of = context.form.made_of(code)
        sources = [corrected[part] for part in made_of if part in corrected]
        if made_of != [code] and sources and code in before:
            new = after[code]
            if indicator.computed:
                new = quotient(code, after.get(indicator.numerator), after.get(indicator.denominator))
            new = before[code]._replace(state=new.state, value=new.value, raw="")
            worked_out[code] = CorrectedAnswer(new, sources[0].source, sources[0].day)
    return corrected | worked_out, findings
