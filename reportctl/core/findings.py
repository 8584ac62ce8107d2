"""What is wrong with somebody's data: findings as values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reportctl.core.finding_kinds import KINDS, Severity
from reportctl.core.language import Phrase, _


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `details` are what its message and hint are filled with; `value` is the cell as typed."""

    code: str
    severity: Severity
    unit: str | None = None
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    indicator: str | None = None
    value: str | None = None
    details: tuple[tuple[str, Any], ...] = ()

    @property
    def message(self) -> str:
        """What is wrong, in the current language."""
        return self._filled(KINDS[self.code].message)

    @property
    def hint(self) -> str:
        """How to put it right, in the current language."""
        kind = KINDS[self.code]
        suggested = kind.suggesting and str(dict(self.details).get("suggestion", ""))
        return self._filled(kind.suggesting if suggested else kind.hint)

    def _filled(self, template: str) -> str:
        return _(template).format(**{"value": self.value or "", **dict(self.details)})


def finding(code: str, *, severity: Severity | None = None, **fields: Any) -> Finding:
    """A finding of the kind `code`: fields of `Finding` go to it, all others are details of its message."""
    own = {name: fields.pop(name) for name in _OWN_FIELDS & fields.keys()}
    return Finding(code, severity or KINDS[code].severity, details=tuple(sorted(fields.items())), **own)


_OWN_FIELDS = {"unit", "file", "sheet", "cell", "indicator", "value"}


def finding_json(found: Finding) -> dict[str, str | None]:
    """The object that `validate --format json` prints for a finding."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "unit": found.unit,
        "file": found.file,
        "sheet": found.sheet,
        "cell": found.cell,
        "indicator": found.indicator,
        "value": found.value,
        "message": found.message,
        "hint": found.hint,
    }


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity among `findings`; None where there are none."""
    seen = {finding.severity for finding in findings}
    return next((severity for severity in Severity if severity in seen), None)


def verdict(findings: Iterable[Finding]) -> str:
    """ "rejected" with any error, "warned" with any warning, else "accepted"."""
    match worst(findings):
        case Severity.ERROR:
            return "rejected"
        case Severity.WARNING:
            return "warned"
    return "accepted"


def details_to_json(details: tuple[tuple[str, Any], ...]) -> str:
    """The details as JSON text for storage; phrases keep both languages."""
    return json.dumps(
        {k: {"vi": v.vi, "en": v.en} if isinstance(v, Phrase) else v for k, v in details}, ensure_ascii=False
    )


def details_from_json(text: str) -> tuple[tuple[str, Any], ...]:
    """The inverse of `details_to_json`."""
    return tuple(
        (k, Phrase(**v) if isinstance(v, dict) else v) for k, v in sorted(json.loads(text or "{}").items())
    )
