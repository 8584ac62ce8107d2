"""Figures told by telephone, in place of what a unit's file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportctl.cells.cell import read_cell
from reportctl.core.findings import Finding, finding
from reportctl.form.model import Form
from reportctl.form.submission import Answer, Submission, quotient
from reportctl.ledger.archive import Decision
from reportctl.ledger.decisions import day_in_words, day_of, source
from reportctl.ledger.rows import CorrectedAnswer, KnownSubmission


@dataclass(frozen=True, slots=True)
class CorrectedSubmission:
    """A submission with what was told in it; `told` are its new answers, worked-out shares among them."""

    submission: Submission
    told: tuple[CorrectedAnswer, ...]
    findings: tuple[Finding, ...]


def corrected(
    form: Form, submission: Submission, stored: KnownSubmission, decisions: Mapping[str, Decision], dash: str
) -> CorrectedSubmission:
    """Let what was decided, by code, stand in place of the submission's answers.

    What the form no longer asks for, or no longer takes, is a finding and changes nothing. `dash` as for
    `cells.read_cell`.
    """
    answers = {answer.code: answer for answer in submission.answers}
    told: dict[str, CorrectedAnswer] = {}
    findings = []
    for code, decision in decisions.items():
        was, indicator = answers.get(code), form.indicators.get(code)
        reading = read_cell(decision.value, indicator, dash=dash) if was and indicator else None
        good = was is not None and reading is not None and reading.is_answer
        kind = "corrected" if good else "correction_void"
        findings.append(_finding(kind, stored, decision, was))
        if was and reading and good:
            answer = replace(
                was, state=reading.state, value=reading.value, raw=decision.value, estimate=False
            )
            told[code] = CorrectedAnswer(answer, source(decision), day_of(decision) or stored.received)
    told |= _shares(form, {**answers, **{code: one.answer for code, one in told.items()}}, told)
    changed = tuple(told[a.code].answer if a.code in told else a for a in submission.answers)
    return CorrectedSubmission(replace(submission, answers=changed), tuple(told.values()), tuple(findings))


def _finding(kind: str, stored: KnownSubmission, decision: Decision, was: Answer | None) -> Finding:
    return finding(
        kind,
        unit=stored.unit,
        file=stored.file,
        sheet=(was.sheet or None) if was else None,
        cell=(was.cell or None) if was else None,
        indicator=decision.code,
        value=decision.value,
        who=decision.who,
        day=day_in_words(decision),
        why=decision.why,
    )


def _shares(
    form: Form, answers: Mapping[str, Answer], told: Mapping[str, CorrectedAnswer]
) -> dict[str, CorrectedAnswer]:
    """The shares that what was told changes."""
    found = {}
    for code, indicator in form.indicators.items():
        parts = (indicator.numerator, indicator.denominator)
        sources = [told[part] for part in parts if part in told]
        if indicator.computed and sources and code in answers:
            share = quotient(code, *(answers.get(part) for part in parts))
            new = replace(answers[code], state=share.state, value=share.value, raw="")
            found[code] = CorrectedAnswer(new, sources[0].who, sources[0].day)
    return found
