"""Which of a unit's submissions counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reportctl.core.finding_kinds import KINDS
from reportctl.core.findings import Finding
from reportctl.core.language import Phrase
from reportctl.ledger.order import Candidate, in_order

_NONE_COUNTS = Phrase("không tệp nào", "none")


@dataclass(frozen=True, slots=True)
class CountingFiles:
    """`counting`: the key of the submission that counts for each unit that has one; `tied`: the keys of
    those that do not count because another one has the same date."""

    counting: dict[str, str]
    findings: tuple[Finding, ...]
    tied: frozenset[str] = frozenset()


def settle(candidates: Iterable[Candidate]) -> CountingFiles:
    """Settle which submission of each unit counts.

    Of those not rejected the one received last counts; of several received on the same day the one modified
    last. Where two are equal in both, none of the unit's counts. Files that are no workbook are left out.
    """
    by_unit: dict[str, dict[str, Candidate]] = {}
    for candidate in candidates:
        if candidate.verdict != "ignored":
            by_unit.setdefault(candidate.unit, {})[candidate.key] = candidate
    counting: dict[str, str] = {}
    findings: list[Finding] = []
    tied: set[str] = set()
    for unit, unique in sorted(by_unit.items()):
        inorder = in_order(unique.values())
        acceptable = [c for c in inorder if c.verdict != "rejected"]
        latest = [c for c in acceptable if c.when == acceptable[-1].when]
        counts = latest[0] if len(latest) == 1 else None
        if counts:
            counting[unit] = counts.key
            findings += _about(inorder, counts)
        else:
            tied.update(c.key for c in latest)
            findings += [_finding("tie", unit, c.file, count=len(latest)) for c in latest]
        if len(inorder) > 1:
            name = counts.file if counts else _NONE_COUNTS
            findings.append(_finding("several_files", unit, None, count=len(inorder), counts=name))
    return CountingFiles(counting, tuple(findings), frozenset(tied))


def _about(inorder: list[Candidate], counts: Candidate) -> list[Finding]:
    """What is said of the unit's other files: the earlier ones are superseded, later ones were rejected."""
    superseded = [c for c in inorder if c.when < counts.when]
    rejected = [c for c in inorder if c.when > counts.when]
    return [_finding("superseded", c.unit, c.file, details_file=counts.file) for c in superseded] + [
        _finding("later_rejected", c.unit, counts.file, details_file=c.file) for c in rejected
    ]


def _finding(code: str, unit: str, file: str | None, *, details_file: str = "", **details: Any) -> Finding:
    if details_file:
        details["file"] = details_file
    return Finding(code, KINDS[code].severity, unit=unit, file=file, details=tuple(sorted(details.items())))
