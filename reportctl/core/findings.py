"""What is wrong with somebody's data: findings as values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from reportctl.core.errors import ReportctlError, near
from reportctl.core.finding_kinds import KINDS, OFF, FindingKind, Severity
from reportctl.core.language import N_, Phrase, _


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
        """What is wrong, in the current language; where it stands for many cells alike, which these are."""
        filling = self._filling
        message = _(KINDS[self.code].message).format(**filling)
        if "alike" not in filling:
            return message
        return message + _(" (alike in {alike} cells: {alike_cells})").format(**filling)

    @property
    def hint(self) -> str:
        """How to put it right, in the current language."""
        kind, filling = KINDS[self.code], self._filling
        suggested = kind.suggesting and str(filling.get("suggestion", ""))
        return _(kind.suggesting if suggested else kind.hint).format(**filling)

    @property
    def shown_value(self) -> str:
        """The cell as typed, as people read it: a number with decimals in the way of the current language."""
        return str(dict(self.details).get("number", self.value or ""))

    @property
    def _filling(self) -> dict[str, Any]:
        return {**dict(self.details), "value": self.shown_value}


def finding(code: str, *, severity: Severity | None = None, **fields: Any) -> Finding:
    """A finding of the kind `code`: fields of `Finding` go to it, all others are details of its message."""
    own = {name: fields.pop(name) for name in _OWN_FIELDS & fields.keys()}
    return Finding(code, severity or KINDS[code].severity, details=tuple(sorted(fields.items())), **own)


_OWN_FIELDS = {"unit", "file", "sheet", "cell", "indicator", "value"}
_JSON_KEYS = (
    "code", "severity", "unit", "file", "sheet", "cell", "indicator", "value", "message", "hint",
)  # fmt: skip


_ALIKE = 3  # findings that are alike, no errors, which are said cell by cell
_LISTED = 8  # cells that a message names


def together(
    found: Iterable[Finding], key: Callable[[Finding], object] = attrgetter("code")
) -> list[Finding]:
    """Findings of cells of one sheet; of many with the same `key` that are no errors, the first one with the
    cells of all."""
    alike: dict[object, list[Finding]] = {}
    for one in found:
        alike.setdefault(key(one), []).append(one)
    said: list[Finding] = []
    for some in alike.values():
        first = some[0]
        if first.severity is Severity.ERROR or len(some) <= _ALIKE:
            said += some
            continue
        cells = list(dict.fromkeys(one.cell or "" for one in some))
        listed = ", ".join(cells[:_LISTED]) + ", …" * (len(cells) > _LISTED)
        details = dict(first.details) | {"alike": len(cells), "alike_cells": listed}
        said.append(replace(first, details=tuple(sorted(details.items()))))
    return said


def finding_json(found: Finding) -> dict[str, str | None]:
    """The object that `validate --format json` prints for a finding."""
    return {key: getattr(found, key) for key in _JSON_KEYS}


def verdict(findings: Iterable[Finding]) -> str:
    """ "rejected" with any error, "warned" with any warning, else "accepted"."""
    severities = {finding.severity for finding in findings}
    if Severity.ERROR in severities:
        return "rejected"
    return "warned" if Severity.WARNING in severities else "accepted"


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


# The office's severities by the kinds' codes; None: switched off.
Severities = Mapping[str, Severity | None]

BY_FORM = "rule_broken"  # each rule of a form has a severity of its own, so that any setting changes it


@dataclass(frozen=True, slots=True)
class ChangedSeverity:
    """A kind whose severity is another one here than the `standard` one; `here` is None where it is off."""

    code: str
    standard: Severity
    here: Severity | None


def read_severities(section: Mapping[str, object]) -> dict[str, Severity | None]:
    """What the section [findings] of `reportctl.toml` sets. Raises `ValueError`, a line for each mistake."""
    problems = []
    for code, value in section.items():
        try:
            settable = known_kind(code).settable
        except ReportctlError as unknown:
            problems.append(str(unknown))
            continue
        if not settable:
            problems.append(
                _("{code}: its severity is fixed. Why: reportctl explain {code}").format(code=code)
            )
        elif value not in settable:
            problems.append(
                _("{code}: “{value}” is not possible; it can be {expected}{near}").format(
                    code=code,
                    value=value,
                    expected=", ".join(f'"{choice}"' for choice in settable),
                    near=near(str(value).strip(), settable, 1),
                )
            )
    if problems:
        raise ValueError("\n".join(problems))
    return {code: None if value == OFF else Severity(str(value)) for code, value in section.items()}


def known_kind(code: str) -> FindingKind:
    """The kind of finding with that code. Raises `ReportctlError` with the nearest where there is none."""
    if code in KINDS:
        return KINDS[code]
    raise ReportctlError(
        _("There is no finding with the code “{code}”{near}. All codes: reportctl explain").format(
            code=code, near=near(code.replace("-", "_"), KINDS, 1)
        )
    )


def changed_severities(severities: Severities) -> tuple[ChangedSeverity, ...]:
    """The kinds whose severity is not the standard one, in the order of the table of kinds."""
    return tuple(
        ChangedSeverity(code, kind.severity, severities[code])
        for code, kind in KINDS.items()
        if code in severities and (severities[code] is not kind.severity or code == BY_FORM)
    )


_NAMES = {Severity.ERROR: N_("error"), Severity.WARNING: N_("warning"), Severity.NOTE: N_("note")}


def severity_name(severity: Severity | None) -> str:
    """How a severity is called; None: that it is switched off."""
    return _(_NAMES[severity]) if severity else _("switched off")


def changes_in_words(severities: Severities) -> str:
    """One sentence that says which severities are changed here; empty where none is."""
    changed = changed_severities(severities)
    if not changed:
        return ""
    severities_here = ", ".join(f"{one.code} ({severity_name(one.here)})" for one in changed)
    return _(
        "Changed in reportctl.toml: the severity of {findings}. What they are: reportctl explain"
    ).format(findings=severities_here)
