"""What can be found, explained: each kind of finding, its severity, why it matters, how to put it right."""

from __future__ import annotations

from typing import Any

from reportctl.core import wording
from reportctl.core.finding_kinds import KINDS, OFF, FindingKind, Severity
from reportctl.core.findings import BY_FORM, Severities, changes_in_words, known_kind, severity_name
from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Row, Table

_BLANK = "…"
# What a message is made of altogether is named; of other messages the blanks explain themselves.
_NAMED = {
    "text": N_("what the form's rule says"),
    "figures": N_("the figures concerned"),
    "by": N_("code, name or label"),
    "expected": N_("what is asked for"),
}
# Where the severity is not always the one in the table.
_OTHERWISE = {
    BY_FORM: N_("each rule of form.toml can have another one"),
    "places_disagree": N_("an error where the label is another question's"),
    "not_found": N_("a note where an older form did not ask for it and it may be empty"),
}


class _Blanks(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return _BLANK


def in_general(template: str) -> str:
    """A message or hint as it is said of no file in particular: `“…” is typed as text`."""
    # What was found and what is asked for are two blanks of one kind: where both stand, neither is named.
    named = {} if "{found}" in template else {name: _(words) for name, words in _NAMED.items()}
    return _(template).format_map(_Blanks(named))


def kinds_table(severities: Severities, *, full: bool = False) -> Table:
    """All kinds with their severity here and what is found; `full`: why, the remedy, what can be set too."""
    columns = [
        Column("code", _("Code"), CellFormat.TEXT, 1.4),
        Column("severity", _("Severity"), CellFormat.TEXT, 0.8),
        Column("what", _("What is found"), CellFormat.TEXT, 3.4),
    ]
    if full:
        columns += [
            Column("why", _("Why it matters"), CellFormat.TEXT, 3.0),
            Column("hint", _("How to put it right"), CellFormat.TEXT, 3.0),
            Column("settable", _("Can be set to"), CellFormat.TEXT, 1.4),
        ]
    rows = []
    for code, kind in KINDS.items():
        severity = severity_name(severities.get(code, kind.severity))
        cells = [code, severity, in_general(kind.message)]
        if full:
            cells[1] += _otherwise(code, severities)
            cells += [_(kind.why), in_general(kind.hint), ", ".join(kind.settable)]
        rows.append(Row(tuple(cells)))
    changes = changes_in_words(severities)
    return Table(
        "findings", _("What is found in files"), tuple(columns), tuple(rows), (changes,) if changes else ()
    )


def kind_table(code: str, severities: Severities) -> Table:
    """One kind in plain words. Raises `ReportctlError` where there is no such code."""
    kind = known_kind(code)
    said = (
        (_("What is found"), in_general(kind.message)),
        (_("Why it matters"), _(kind.why)),
        (_("How to put it right"), in_general(kind.hint)),
        (_("Severity"), _severity(code, kind, severities)),
        (_("Can be set to"), _settable(kind)),
    )
    rows = tuple(Row((name, wording.capitalised(text))) for name, text in said)
    columns = (Column("code", _("Code"), CellFormat.TEXT, 1.0), Column("said", code, CellFormat.TEXT, 4.0))
    return Table("finding", _("What “{code}” means").format(code=code), columns, rows)


def _severity(code: str, kind: FindingKind, severities: Severities) -> str:
    """The severity here, what it does, and the standard one where reportctl.toml says otherwise."""
    here = severities.get(code, kind.severity)
    effect = {
        Severity.ERROR: _("error: a file with it is rejected"),
        Severity.WARNING: _("warning: the file counts, but should be looked at"),
        Severity.NOTE: _("note: it only tells"),
        None: _("switched off: nothing is said"),
    }[here]
    if code not in severities:
        return effect + _otherwise(code, severities)
    standard = _("so reportctl.toml says; the standard is “{severity}”").format(
        severity=severity_name(kind.severity)
    )
    return f"{effect} ({standard})"


def _otherwise(code: str, severities: Severities) -> str:
    """When the severity is another one, where that is so and nothing else is set."""
    return f"; {_(_OTHERWISE[code])}" if code in _OTHERWISE and code not in severities else ""


def _settable(kind: FindingKind) -> str:
    if not kind.settable:
        return _(
            "nothing else: it says that something could not be read, whose it is, which file counts or what "
            "was decided"
        )
    return _("{severities}, in reportctl.toml under [findings]").format(
        severities=", ".join(f'"{one}"' for one in kind.settable)
    )


def kinds_json(severities: Severities) -> dict[str, Any]:
    """The object that `explain --format json` prints."""
    return {"findings": [kind_json(code, severities) for code in KINDS]}


def kind_json(code: str, severities: Severities) -> dict[str, Any]:
    """The object that `explain CODE --format json` prints. Raises `ReportctlError` for an unknown code."""
    kind = known_kind(code)
    here = severities.get(code, kind.severity)
    return {
        "code": code,
        "severity": here.value if here else OFF,
        "standard": kind.severity.value,
        "settable": list(kind.settable),
        "what": in_general(kind.message),
        "why": _(kind.why),
        "hint": in_general(kind.hint),
    }
