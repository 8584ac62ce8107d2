"""Figures given by telephone, in place of what a unit's file says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportctl.cells.cell import read_cell
from reportctl.core.findings import Finding, verdict
from reportctl.form.submission import Answer, quotient
from reportctl.intake.checks import with_severities
from reportctl.intake.job import Context
from reportctl.ledger.archive import Decision
from reportctl.ledger.decisions import day_of, decision_finding
from reportctl.ledger.rows import CorrectedAnswer, SubmissionRecord
from reportctl.ledger.writing import Store
from reportctl.merge.assess import Assessor, as_warnings
from reportctl.merge.recheck import stored_submission


@dataclass(frozen=True, slots=True)
class CorrectedSubmission:
    """What correcting a submission makes of it: its new `answers`, shares worked out from them among these,
    the findings that this gives, and its verdict then."""

    answers: tuple[CorrectedAnswer, ...]
    findings: tuple[Finding, ...]
    verdict: str


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
    from reportctl.intake import checks  # most quarters have no corrections

    context, sha256 = assessor.context, next(iter(decisions.values())).sha256
    found = store.findings(context.quarter, sha256, graded=False)
    submission = stored_submission(store, context, sha256, known, found)
    answers, findings = _corrected_answers(context, submission.answers, known, decisions)
    own = store.findings(context.quarter, sha256, graded=True)
    if not answers:
        return CorrectedSubmission((), tuple(findings), verdict(as_warnings(own) if accepted else own))
    changed = tuple(answers[a.code].answer if a.code in answers else a for a in submission.answers)
    unit = context.units.get(known.unit or "")
    case = checks.CheckInput(
        context.form, unit.kind if unit else "", context.window, replace(submission, answers=changed)
    )
    broken_before = {_rule(one) for one in own if one.code == "rule_broken"}
    for broken in with_severities(list(checks.broken_rules(case)), context):
        of_unit = replace(broken, unit=known.unit or "", file=known.file)
        findings += as_warnings([of_unit]) if accepted and _rule(broken) in broken_before else [of_unit]
    left = [one for one in own if one.code != "rule_broken" and one.indicator not in answers]
    good = verdict((*left, *findings)) == "accepted" and not accepted
    return CorrectedSubmission(tuple(answers.values()), tuple(findings), "accepted" if good else "warned")


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
                replace(answer, state=reading.state, value=reading.value, raw=decision.value, estimate=False),
                f"{decision.who}, {decision.when.replace('T', ' ')}: {decision.why}",
                day_of(decision) or known.received,
            )
    after = before | {code: one.answer for code, one in corrected.items()}
    shares = {}
    for code, indicator in context.form.indicators.items():
        parts = (indicator.numerator, indicator.denominator)
        sources = [corrected[part] for part in parts if part in corrected]
        if indicator.computed and sources and code in before:
            share = quotient(code, *(after.get(part) for part in parts))
            new = replace(before[code], state=share.state, value=share.value, raw="")
            shares[code] = CorrectedAnswer(new, sources[0].source, sources[0].day)
    return corrected | shares, findings
