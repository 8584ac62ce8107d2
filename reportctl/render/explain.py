"""What can be found, explained: each kind of finding, its severity, why it matters, how to put it right."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from reportctl.core import wording
from reportctl.core.finding_kinds import KINDS, OFF, Severity
from reportctl.core.findings import BY_FORM, Severities, changes_in_words, known_kind, severity_name
from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Row, Table

# What fills a message altogether is named; in other messages the blanks explain themselves.
_BLANKS = {
    "text": N_("what the form's rule says"),
    "figures": N_("the figures concerned"),
    "by": N_("code, name or label"),
    "expected": N_("what is asked for"),
}
# Kinds whose severity is not always the one in the table of kinds: when it is another one.
_EXCEPTIONS = {
    BY_FORM: N_("each rule of form.toml can have another one"),
    "places_disagree": N_("an error where the label is another question's"),
    "not_found": N_("a note where an older form did not ask for it and it may be empty"),
}


def in_general(template: str) -> str:
    """A message or hint as it is said of no file in particular: `“…” is typed as text`."""
    # What was found and what is asked for are two blanks of one kind: where both stand, neither is named.
    named = {} if "{found}" in template else {name: _(words) for name, words in _BLANKS.items()}
    return _(template).format_map(defaultdict(lambda: "…", named))


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
            cells[1] += "" if code in severities else _exception(code)
            cells += [_(kind.why), in_general(kind.hint), ", ".join(kind.settable)]
        rows.append(Row(tuple(cells)))
    changes = changes_in_words(severities)
    return Table(
        "findings", _("What is found in files"), tuple(columns), tuple(rows), (changes,) if changes else ()
    )


def kind_table(code: str, severities: Severities) -> Table:
    """One kind in plain words. Raises `ReportctlError` where there is no such code."""
    kind = known_kind(code)
    severity = {
        Severity.ERROR: _("error: a file with it is rejected"),
        Severity.WARNING: _("warning: the file counts, but should be looked at"),
        Severity.NOTE: _("note: it only tells"),
        None: _("switched off: nothing is said"),
    }[severities.get(code, kind.severity)]
    if code in severities:
        standard = _("so reportctl.toml says; the standard is “{severity}”")
        severity += f" ({standard.format(severity=severity_name(kind.severity))})"
    else:
        severity += _exception(code)
    if kind.settable:
        settable = _("{severities}, in reportctl.toml under [findings]").format(
            severities=", ".join(f'"{one}"' for one in kind.settable)
        )
    else:
        settable = _(
            "nothing else: it says that something could not be read, whose it is, which file counts or what "
            "was decided"
        )
    lines = (
        (_("What is found"), in_general(kind.message)),
        (_("Why it matters"), _(kind.why)),
        (_("How to put it right"), in_general(kind.hint)),
        (_("Severity"), severity),
        (_("Can be set to"), settable),
    )
    rows = tuple(Row((name, wording.capitalised(text))) for name, text in lines)
    columns = (Column("code", _("Code"), CellFormat.TEXT, 1.0), Column("said", code, CellFormat.TEXT, 4.0))
    return Table("finding", _("What “{code}” means").format(code=code), columns, rows)


def _exception(code: str) -> str:
    """When the severity of a kind is not the standard one; empty where it always is."""
    return f"; {_(_EXCEPTIONS[code])}" if code in _EXCEPTIONS else ""


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
