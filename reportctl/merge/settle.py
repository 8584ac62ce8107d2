"""Settling a quarter: which submission of each unit counts, and what follows from all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportctl.core.files import digest
from reportctl.core.finding_kinds import COMPARED, Severity
from reportctl.core.findings import Finding, finding, verdict
from reportctl.core.language import Phrase
from reportctl.core.period import Quarter
from reportctl.core.wording import date_short
from reportctl.intake.checks import severities, with_severities
from reportctl.intake.job import ReadResult
from reportctl.ledger.archive import Decision, Receipt
from reportctl.ledger.decisions import Closing, QuarterDecisions, day_in_words
from reportctl.ledger.order import Candidate
from reportctl.ledger.rows import ComparisonResult, KnownSubmission, QuarterOutcome
from reportctl.ledger.writing import Store
from reportctl.merge.closed_file import changed_since_closing
from reportctl.merge.corrections import CorrectedSubmission, corrected
from reportctl.merge.receive import ReceivedFiles, copies
from reportctl.merge.recheck import stored_submission
from reportctl.merge.verdicts import VerdictMaker, unit_of, verdict_of
from reportctl.merge.which_counts import CountingFiles, settle
from reportctl.workspace.settings import Settings, Workspace

_CHANGED = Phrase("bản mới", "the changed file")
_UNCHANGED = Phrase("bản đã tổng hợp trước đó", "the file as it was merged")
_NONE = Phrase("không bản nào", "none")


@dataclass(frozen=True, slots=True)
class InboxState:
    """What was seen of a quarter's inbox: `notes` on it, the files that are `gone` since they were merged,
    and those whose content was `changed`, with the hash of what they hold now."""

    notes: Sequence[Finding] = ()
    gone: Sequence[Receipt] = ()
    changed: Mapping[Receipt, str] = field(default_factory=dict)

    @property
    def basis(self) -> str:
        """A text that changes with all of it."""
        return digest(repr(self).encode())[:16]


def inbox_of(
    workspace: Workspace,
    reception: ReceivedFiles,
    known: Mapping[tuple[Quarter, str], Receipt],
    gone: Iterable[Receipt],
    quarter: Quarter,
    ruled: QuarterDecisions,
) -> InboxState:
    """What was seen of a quarter's inbox; `gone`, of all quarters, are the files no longer there."""
    copied = (
        found
        for sha256, files in reception.listed.get(quarter, {}).items()
        if (quarter, sha256) in known
        for found in copies(files, known[quarter, sha256].file)
    )
    return InboxState(
        [*reception.unreadable.get(quarter, []), *copied, *changed_since_closing(workspace, quarter, ruled)],
        [receipt for receipt in gone if receipt.quarter == quarter],
        changed_files(reception, known, quarter),
    )


def changed_files(
    reception: ReceivedFiles, known: Mapping[tuple[Quarter, str], Receipt], quarter: Quarter
) -> dict[Receipt, str]:
    """The files merged earlier under a name that stands for other bytes now, with the hash of these."""
    listed = reception.listed.get(quarter, {})
    now = {file.name: sha256 for sha256, files in listed.items() for file in files}
    return {
        receipt: now[receipt.file]
        for (of, sha256), receipt in known.items()
        if sha256 not in listed and of == quarter and receipt.file in now and not receipt.named
    }


def settle_quarter(
    store: Store,
    judge: VerdictMaker,
    ruled: QuarterDecisions,
    inbox: InboxState,
    *,
    settings: Settings,
    basis: str,
) -> None:
    """Settle who counts in the judge's quarter, and replace the findings that follow from all of it.

    In a closed quarter those count whose figures were frozen, and what came later is only kept. `basis`, as
    `contexts.settling_basis` says it, names what besides the quarter's files and their judging it all
    depends on.
    """
    quarter = judge.context.quarter
    stored = {sha256: was for (_quarter, sha256), was in store.stored(quarter).items()}
    late = late_files(stored, ruled.closing)
    accepted = {
        key
        for key in ruled.accepted
        if (was := stored.get(key)) and was.judged == "rejected" and acceptable(judge, was.unit, was.read)
    }
    settled = settle(
        Candidate(key, was.unit, was.file, was.received, was.modified, _verdict(key, was.judged, accepted))
        for key, was in stored.items()
        if was.unit and key not in late
    )
    counting = set(settled.counting.values())
    if ruled.closing:
        counting = store.overlay.frozen_submissions(quarter) & stored.keys()
    changes = {
        key: _corrected(store, judge, key, stored[key], by_code)
        for key, by_code in ruled.corrected.items()
        if key in counting
    }
    after = {key: _after(store, judge, change, key in accepted) for key, change in changes.items()}
    heard_of = {*(was.unit for was in stored.values()), *store.reader.counting(quarter)}
    derived = [
        *inbox.notes,
        *settled.findings,
        *(found for findings, _made in after.values() for found in findings),
        *(_accepted_note(stored[key].unit, stored[key].file, ruled.accepted[key]) for key in accepted),
        *_vanished(inbox.gone, stored, counting),
        *_changed(inbox.changed, stored, settled),
        *(_late_note(stored[key].unit, stored[key].file, ruled.closing) for key in late if ruled.closing),
        *judge.without_file(heard_of),
    ]
    verdicts = dict.fromkeys(accepted, "warned") | {key: one for key, (_found, one) in after.items()}
    for key in (*warned(settled, settled.findings), *late):
        if verdicts.get(key, stored[key].judged) == "accepted":
            verdicts[key] = "warned"
    outcome = QuarterOutcome(
        counting,
        accepted,
        verdicts | dict.fromkeys(settled.tied, "rejected"),
        {key: change.told for key, change in changes.items()},
        judge.by_place(derived),
        judge.settled_by(basis),
        inbox.basis,
    )
    compared = store.compared(quarter, COMPARED)
    with store.transaction():
        store.settle(quarter, outcome)
        _compare(store, judge, settings, basis, compared)


def warned(settled: CountingFiles, findings: Iterable[Finding]) -> set[str]:
    """The submissions that count and of which there is a warning among `findings`."""
    units = {found.unit for found in findings if found.severity is Severity.WARNING}
    return {key for unit, key in settled.counting.items() if unit in units}


def _compare(
    store: Store, judge: VerdictMaker, settings: Settings, basis: str, before: ComparisonResult
) -> None:
    """Compare what counts in the quarter, just settled; where nothing changed, it is as `before`.

    What is closed or imported is compared as a whole, and so is what has another `basis` than before.
    """
    from reportctl.merge import comparables  # most runs of a merge have nothing to compare

    quarter, ledger, context = judge.context.quarter, store.reader, judge.context
    state, found = store.state(quarter, basis), before.found
    if state != before.state:
        if basis != before.basis or quarter in store.overlay.frozen():
            found = comparables.compare(ledger, context, settings)
        else:
            changes = comparables.ChangedAnswers(*store.changed(quarter))
            found = comparables.compare_again(ledger, context, settings, before.found, changes)
    placed = judge.by_place(found)
    store.compare(quarter, state, basis, list(zip(placed, severities(placed, context), strict=True)))


# ---- taken in spite of errors


def acceptable(judge: VerdictMaker, unit: str | None, read: bool) -> bool:
    """Whether a submission can be taken in spite of its errors: it could be `read`, and its unit reports."""
    return read and unit in judge.context.units


def _verdict(key: str, judged: str, accepted: Collection[str]) -> str:
    return "warned" if key in accepted else judged


def in_spite(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of a submission that is taken in spite of its errors, which are warnings then."""
    return [
        replace(found, severity=Severity.WARNING) if found.severity is Severity.ERROR else found
        for found in findings
    ]


def _accepted_note(unit: str | None, file: str, decision: Decision) -> Finding:
    return finding(
        "accepted_despite",
        unit=unit,
        file=file,
        who=decision.who,
        day=day_in_words(decision),
        why=decision.why,
    )


@dataclass(frozen=True, slots=True)
class FileResult:
    """What a file comes to before it is known what else there is; `late`: its quarter is closed."""

    file: str
    unit: str | None
    verdict: str
    findings: tuple[Finding, ...]
    late: bool


def judge_read(read: ReadResult, key: str, judge: VerdictMaker, ruled: QuarterDecisions) -> FileResult:
    """What the file with the hash `key` comes to by what was found in it and what was decided."""
    unit, verdict_, found = unit_of(read), verdict_of(read), list(read.findings)
    decision = ruled.accepted.get(key)
    answered = bool(read.submission and read.submission.answers)
    if decision and verdict_ == "rejected" and acceptable(judge, unit, answered):
        found = [*in_spite(found), _accepted_note(unit, read.job.name, decision)]
        verdict_ = "warned"
    late = bool(late_files([key], ruled.closing))
    if late and ruled.closing:
        found.append(_late_note(unit, read.job.name, ruled.closing))
        verdict_ = "warned" if verdict_ == "accepted" else verdict_
    return FileResult(read.job.name, unit, verdict_, tuple(found), late)


# ---- corrections


def _corrected(
    store: Store, judge: VerdictMaker, key: str, was: KnownSubmission, by_code: Mapping[str, Decision]
) -> CorrectedSubmission:
    submission = stored_submission(store, judge.context, key, was, store.found(judge.context.quarter, key))
    return corrected(judge.context.form, submission, was, by_code, judge.context.dash)


def _after(
    store: Store, judge: VerdictMaker, change: CorrectedSubmission, accepted: bool
) -> tuple[list[Finding], str]:
    """What is found of a submission once it is corrected, and the verdict that makes: it goes on counting.

    A rule that its file broke already, and that was accepted, is no error now either.
    """
    from reportctl.intake import checks  # most quarters have no corrections

    context, submission = judge.context, change.submission
    unit = context.units.get(submission.identity.unit)
    own = store.own_findings(context.quarter, submission.sha256)
    broken_before = {(one.indicator, dict(one.details)["text"]) for one in own if one.code == "rule_broken"}
    case = checks.CheckInput(context.form, unit.kind if unit else "", context.window, submission)
    found = list(change.findings)
    for broken in with_severities(list(checks.broken_rules(case)), context) if change.told else ():
        known = accepted and (broken.indicator, dict(broken.details)["text"]) in broken_before
        said = replace(broken, unit=submission.identity.unit, file=submission.file)
        found += in_spite([said]) if known else [said]
    if not change.told:
        return found, verdict(in_spite(own) if accepted else own)
    codes = {one.answer.code for one in change.told}
    left = [one for one in own if one.code != "rule_broken" and one.indicator not in codes]
    return found, "warned" if verdict((*left, *found)) != "accepted" or accepted else "accepted"


# ---- files that came late, changed, vanished


def late_files(received: Iterable[str], closing: Closing | None) -> set[str]:
    """The hashes of what came after the quarter was closed."""
    return {key for key in received if key not in closing.received} if closing else set()


def _late_note(unit: str | None, file: str, closing: Closing) -> Finding:
    return finding(
        "quarter_closed",
        unit=unit,
        file=file,
        who=closing.decision.who,
        day=day_in_words(closing.decision),
        quarter=closing.decision.period,
    )


def _vanished(
    gone: Iterable[Receipt], stored: Mapping[str, KnownSubmission], counting: Collection[str]
) -> Iterator[Finding]:
    for receipt in gone:
        if receipt.sha256 in counting:
            yield finding("file_vanished", unit=stored[receipt.sha256].unit, file=receipt.file)


def _changed(
    changed: Mapping[Receipt, str], stored: Mapping[str, KnownSubmission], settled: CountingFiles
) -> Iterator[Finding]:
    """A note for each name that stood for other bytes of a unit when it was merged, and what counts now."""
    by_name: dict[str, list[Receipt]] = {}
    for receipt in changed:
        if receipt.sha256 in stored and stored[receipt.sha256].unit:
            by_name.setdefault(receipt.file, []).append(receipt)
    for name, receipts in by_name.items():
        last = max(receipts, key=lambda receipt: (receipt.received, receipt.sha256))
        unit = stored[last.sha256].unit or ""
        counts = settled.counting.get(unit)
        said: Phrase | str
        if counts is None:
            said = _NONE
        elif counts == changed[last]:
            said = _CHANGED
        elif counts in {receipt.sha256 for receipt in receipts}:
            said = _UNCHANGED
        else:
            said = stored[counts].file
        day = Phrase(*(date_short(last.received, language) for language in ("vi", "en")))
        yield finding("file_changed", unit=unit, file=name, day=day, counts=said)
