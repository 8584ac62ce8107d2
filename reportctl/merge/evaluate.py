"""Evaluating a quarter: which submission of each unit counts, and what follows from all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from reportctl.core.finding_kinds import COMPARED, DISPUTED, UNREADABLE
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.period import Quarter
from reportctl.core.wording import date_short
from reportctl.ledger.archive import Receipt
from reportctl.ledger.decisions import QuarterDecisions, decision_finding
from reportctl.ledger.ledger import file_answers
from reportctl.ledger.rows import ComparisonResult, QuarterOutcome, SubmissionRecord
from reportctl.ledger.writing import Store
from reportctl.merge.assess import Assessor
from reportctl.merge.closed_file import changed_since_closing
from reportctl.merge.corrections import correct, taken_back
from reportctl.merge.receive import InboxState
from reportctl.merge.which_counts import CountingFiles, which_count
from reportctl.merge.year_plan import plan_key, plan_or_none
from reportctl.workspace.settings import Workspace
from reportctl.workspace.units import unit_named
from reportctl.workspace.units_by_period import Calendar

_CHANGED = Phrase("bản mới", "the changed file")
_UNCHANGED = Phrase("bản đã tổng hợp trước đó", "the file as it was merged")
_NONE = Phrase("không bản nào", "none")


def evaluate_quarters(
    store: Store,
    workspace: Workspace,
    assessors: Mapping[Quarter, Assessor],
    decisions: Mapping[Quarter, QuarterDecisions],
    inbox_of: Callable[[Quarter], InboxState],
    current: Quarter,
    unclear: Sequence[Finding] = (),
) -> None:
    """Evaluate the quarters, by their `assessors`, in which something is otherwise than at the last time.

    Of other quarters than the `current` one the inbox alone is no reason to; what is `unclear` in
    decisions.csv is said with the current one. What follows from a quarter is
    replaced in one transaction, with the cache key of all that it depends on.
    """
    evaluated, counting = store.evaluated(), dict[Quarter, str]()
    planned = plan_key(workspace)
    # Oldest first: what a quarter is compared with is evaluated then.
    for quarter, assessor in sorted(assessors.items()):
        holds, keys = decisions.get(quarter, QuarterDecisions()), assessor.keys
        outer_key = keys.outer(workspace.settings, holds.cache_key, counting, planned)
        key = f"{outer_key} {keys.checking} {keys.grading}"
        last_key, last_inbox_key = evaluated.get(quarter, (key, ""))
        if quarter == current or last_key != key:
            inbox = inbox_of(quarter)
            notes = [*inbox.notes, *changed_since_closing(workspace, quarter, holds)]
            notes += _of_plan(workspace, assessor)
            if quarter == current:
                notes += unclear
            inbox = replace(inbox, notes=notes)
            if quarter not in evaluated or (last_key, last_inbox_key) != (key, inbox.cache_key):
                outcome = _outcome(store, assessor, holds, inbox, key)
                before = store.comparison(quarter, COMPARED)
                with store.transaction():
                    store.put_outcome(quarter, outcome)
                    _compare(store, assessor, workspace, outer_key, before)
        counting[quarter] = store.counting_key(quarter, holds.cache_key)


def _of_plan(workspace: Workspace, assessor: Assessor) -> Iterator[Finding]:
    """What is to be looked at in the year's plan; nothing where it cannot be read, as `summary` says then."""
    context = assessor.context
    if plan := plan_or_none(workspace, context):
        from reportctl.figures.plan import plan_findings  # which is loaded with the plan

        calendar = Calendar(context.roster, workspace.settings.data_window)
        yield from plan_findings(plan, context.form, calendar, context.quarter)


def _outcome(
    store: Store, assessor: Assessor, decisions: QuarterDecisions, inbox: InboxState, key: str
) -> QuarterOutcome:
    """What follows from all submissions of the assessor's quarter; `key` is the cache key of all of it.

    In a closed quarter those count whose figures were frozen, and what came later is only kept.
    """
    quarter, closing = assessor.context.quarter, decisions.closing
    known = {sha256: one for (_quarter, sha256), one in store.submissions(quarter).items()}
    late = known.keys() - closing.received if closing else set()
    accepted = {
        sha256: decision
        for sha256, decision in decisions.accepted.items()
        if (one := known.get(sha256))
        and one.own_verdict == "rejected"
        and one.has_answers
        and one.unit in assessor.context.units
    }
    files = which_count(
        replace(one, verdict="warned" if sha256 in accepted else one.own_verdict)
        for sha256, one in known.items()
        if sha256 not in late
    )
    counting = set(files.counting.values())
    if closing:
        counting = store.frozen_submissions(quarter) & known.keys()
    corrected = {
        sha256: correct(store, assessor, known[sha256], by_code, sha256 in accepted)
        for sha256, by_code in decisions.corrected.items()
        if sha256 in counting
    }
    of_corrections = (found for one in corrected.values() for found in one.findings)
    notes = [_of_unit_named(note, assessor) for note in inbox.notes]
    back = taken_back(
        assessor.context,
        {unit: (sha256, known[sha256].file) for sha256 in counting if (unit := known[sha256].unit)},
        decisions.corrected,
        lambda sha256: file_answers(store.reader, quarter, sha256)[0],
    )
    findings = [*notes, *files.findings, *of_corrections, *back]
    findings += [
        decision_finding("accepted_despite", decision, unit=one.unit, file=one.file, why=decision.why)
        for one, decision in ((known[sha256], decision) for sha256, decision in accepted.items())
    ]
    findings += [
        finding("file_vanished", unit=known[receipt.sha256].unit, file=receipt.file)
        for receipt in inbox.gone
        if receipt.sha256 in counting
    ]
    findings += _changed_files(inbox.changed, known, files)
    if closing:
        at = closing.decision
        findings += [
            decision_finding("quarter_closed", at, unit=one.unit, file=one.file, quarter=at.period)
            for one in (known[sha256] for sha256 in late)
        ]
    # What lies no longer in the inbox, or not as it was. What lies there instead of a file that counts came
    # later, whatever it says of its date.
    overwritten = {
        receipt.sha256
        for receipt, now in inbox.changed.items()
        if receipt.sha256 in known and now in known and receipt.sha256 not in counting
    }
    waiting = {now for receipt, now in inbox.changed.items() if receipt.sha256 in counting}
    taken_out = {receipt.sha256 for receipt in inbox.gone} & files.superseded
    units = (
        *(one.unit for one in known.values()),
        *(note.unit for note in notes),
        *store.reader.counting(quarter),
    )
    findings += assessor.not_received(units)
    verdicts = dict.fromkeys(accepted, "warned") | {sha256: one.verdict for sha256, one in corrected.items()}
    for sha256 in (*files.warned((*files.findings, *back)), *late):
        if verdicts.get(sha256, known[sha256].own_verdict) == "accepted":
            verdicts[sha256] = "warned"
    return QuarterOutcome(
        counting=counting,
        accepted=accepted.keys(),
        verdicts=verdicts | dict.fromkeys(files.tied, "rejected"),
        corrections={sha256: one.answers for sha256, one in corrected.items()},
        told={sha256: one.told for sha256, one in corrected.items()},
        findings=assessor.in_order(findings),
        replaced=overwritten | taken_out,
        superseded=files.superseded - counting - waiting,
        key=key,
        inbox_key=inbox.cache_key,
    )


def _of_unit_named(note: Finding, assessor: Assessor) -> Finding:
    """The note, of a file that could not be read with the unit that its name tells."""
    if note.unit or not note.file or note.code not in UNREADABLE:
        return note
    return replace(note, unit=unit_named(note.file, assessor.context.units.values()) or None)


def _changed_files(
    changed: Mapping[Receipt, str], known: Mapping[str, SubmissionRecord], files: CountingFiles
) -> Iterator[Finding]:
    """A note for each name that stood for other bytes of a unit when it was merged, and what counts now.

    `changed` has the hash of what each file holds now.
    """
    by_name: dict[str, list[Receipt]] = {}
    for receipt in changed:
        if receipt.sha256 in known and known[receipt.sha256].unit:
            by_name.setdefault(receipt.file, []).append(receipt)
    for name, receipts in by_name.items():
        last = max(receipts, key=lambda receipt: (receipt.received, receipt.sha256))
        unit = known[last.sha256].unit or ""
        sha256 = files.counting.get(unit)
        counts: Phrase | str
        if sha256 is None:
            counts = _NONE
        elif sha256 == changed[last]:
            counts = _CHANGED
        elif sha256 in {receipt.sha256 for receipt in receipts}:
            counts = _UNCHANGED
        else:
            counts = known[sha256].file
        day = Phrase(*(date_short(last.received, language) for language in ("vi", "en")))
        yield finding("file_changed", unit=unit, file=name, day=day, counts=counts)


def _compare(
    store: Store, assessor: Assessor, workspace: Workspace, outer_key: str, before: ComparisonResult
) -> None:
    """Compare what counts in the quarter, just evaluated; where nothing changed, it is as `before`.

    Where only files of some units changed, only what depends on these is compared. What is closed or imported
    is compared as a whole, and so is what has another `outer_key` than before.
    """
    from reportctl.merge.compare_quarter import ChangedAnswers, compare_quarter  # seldom anything changed

    quarter, context = assessor.context.quarter, assessor.context
    key, findings = store.counting_key(quarter, outer_key), before.findings
    if key != before.key:
        changed = None
        if outer_key == before.outer_key and quarter not in store.frozen():
            changed = ChangedAnswers(*store.changed_since_comparison(quarter), findings)
        plan = plan_or_none(workspace, context)
        findings = compare_quarter(store.reader, context, workspace.settings, changed, plan)
    if context.form.asks_earlier:
        from reportctl.merge.earlier_rules import broken_in_ledger  # most forms have no such rules

        findings = [*findings, *broken_in_ledger(store.reader, context, workspace.settings)]
    if store.reader.not_said(quarter, DISPUTED):
        from reportctl.merge.disputed import disputed_in_ledger  # few units type there

        plan = plan_or_none(workspace, context)
        targets = plan.values if plan else {}
        findings = [*findings, *disputed_in_ledger(store.reader, context, workspace.settings, targets)]
    store.put_comparison(quarter, key, outer_key, assessor.graded(findings))
