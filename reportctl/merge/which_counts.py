"""Which of a unit's submissions counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.ledger.rows import SubmissionRecord

_NONE_COUNTS = Phrase("không tệp nào", "none")


@dataclass(frozen=True, slots=True)
class CountingFiles:
    """`counting`: the hash of the submission that counts for each unit that has one; `tied`: the hashes of
    those that do not count because another one has the same date; `superseded`: those of files that came
    before the one that counts."""

    counting: dict[str, str]
    findings: tuple[Finding, ...]
    tied: frozenset[str] = frozenset()
    superseded: frozenset[str] = frozenset()

    def warned(self, findings: Iterable[Finding]) -> set[str]:
        """The hashes of submissions that count and of whose unit there is a warning among `findings`, or an
        error: what the office has made one of."""
        severe = (Severity.WARNING, Severity.ERROR)
        units = {found.unit for found in findings if found.severity in severe}
        return {key for unit, key in self.counting.items() if unit in units}


def which_count(candidates: Iterable[SubmissionRecord]) -> CountingFiles:
    """Find which submission of each unit counts.

    Of those not rejected the one received last counts; of several received on the same day the one modified
    last. Where two are equal in both, none of the unit's counts. Files that are no workbook are left
    out, and so are those that name no unit.
    """
    by_unit: dict[str, dict[str, SubmissionRecord]] = {}
    for candidate in candidates:
        if candidate.unit and candidate.verdict != "ignored":
            by_unit.setdefault(candidate.unit, {})[candidate.sha256] = candidate
    counting: dict[str, str] = {}
    findings: list[Finding] = []
    tied: set[str] = set()
    superseded: set[str] = set()
    for unit, unique in sorted(by_unit.items()):
        inorder = sorted(unique.values(), key=lambda one: one.order)
        acceptable = [c for c in inorder if c.verdict != "rejected"]
        latest = [c for c in acceptable if c.when == acceptable[-1].when]
        counts = latest[0] if len(latest) == 1 else None
        if counts:
            counting[unit] = counts.sha256
            earlier = [c for c in inorder if c.when < counts.when]
            superseded.update(c.sha256 for c in earlier)
            later = [c for c in inorder if c.when > counts.when]  # they were rejected
            findings += [_note("superseded", unit, c.file, ("file", counts.file)) for c in earlier]
            findings += [_note("later_rejected", unit, counts.file, ("file", c.file)) for c in later]
        else:
            tied.update(c.sha256 for c in latest)
            findings += [finding("tie", unit=unit, file=c.file, count=len(latest)) for c in latest]
        if len(inorder) > 1:
            name = counts.file if counts else _NONE_COUNTS
            findings.append(finding("several_files", unit=unit, count=len(inorder), counts=name))
    return CountingFiles(counting, tuple(findings), frozenset(tied), frozenset(superseded))


def _note(code: str, unit: str, file: str, detail: tuple[str, str]) -> Finding:
    """A finding whose message has a detail that is called as one of a finding's own fields."""
    return replace(finding(code, unit=unit, file=file), details=(detail,))
