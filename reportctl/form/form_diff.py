"""What changed between two versions of a form: added, dropped, renamed, retyped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.form.model import Form, Indicator, ListColumn, ListSection, TextQuestion

Question = Indicator | ListSection | ListColumn | TextQuestion
ChangeKind = Literal["added", "dropped", "renamed", "retyped"]

_NAMES = {
    "added": N_("added"),
    "dropped": N_("dropped"),
    "renamed": N_("renamed"),
    "retyped": N_("asked otherwise"),
}
# What makes another question of one with the same code: figures of then are no figures of now.
_ASKED = ("type", "unit_of_measure", "over_units", "over_time", "cumulative")
_ASKED_OF_LISTS = {"key": "key", "over_time": "counts"}  # by key, what of the model says it


@dataclass(frozen=True, slots=True)
class Change:
    """One question that is not the same in both; `was` is its code then where that was another one.

    Of a retyped one `before` and `after` are the settings that differ.
    """

    kind: ChangeKind
    code: str
    label: str
    was: str = ""
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()


def changes(before: Form, after: Form) -> tuple[Change, ...]:
    """What `after` asks otherwise than `before`: in its order, then what it asks no longer.

    A question that was renamed and is asked otherwise too is both.
    """
    then, now = _questions(before), _questions(after)
    earlier = {new: old for old, new in after.all_renamed.items() if old in then}
    found: list[Change] = []
    for code, question in now.items():
        was = code if code in then else earlier.get(code, "")
        if not was:
            found.append(Change("added", code, str(question.name)))
            continue
        if was != code:
            found.append(Change("renamed", code, str(question.name), was))
        old, new = _settings(then[was]), _settings(question)
        differing = [key for key in old if key in new and old[key] != new[key]]
        if differing:
            sides = (tuple((key, of[key]) for key in differing) for of in (old, new))
            found.append(Change("retyped", code, str(question.name), "", *sides))
    kept = now.keys() | earlier.values()
    return (*found, *(Change("dropped", code, str(then[code].name)) for code in then if code not in kept))


def _questions(form: Form) -> dict[str, Question]:
    """Everything that is asked by code; columns of lists as `list.column`, behind their list."""
    asked: dict[str, Question] = {**form.indicators, **{one.code: one for one in form.texts}}
    for listed in form.lists:
        asked |= {listed.code: listed}
        asked |= {f"{listed.code}.{column.code}": column for column in listed.columns}
    return asked


def _settings(question: Question) -> dict[str, str]:
    if isinstance(question, ListSection):
        return {key: str(getattr(question, name)) for key, name in _ASKED_OF_LISTS.items()}
    return {key: str(getattr(question, key)) for key in _ASKED if hasattr(question, key)}


def changes_table(before: Form, after: Form, quarter: str) -> Table:
    """The changes as a table."""
    rows = [
        Row(
            (
                _(_NAMES[one.kind]),
                one.code,
                one.label,
                "\n".join(_in_words(one)),
            ),
            Role.PLAIN,
        )
        for one in changes(before, after)
    ]
    notes = [
        _("{quarter} was asked with version {before}; the form is now version {after}.").format(
            quarter=quarter, before=before.fingerprint, after=after.fingerprint
        )
    ]
    if not rows:
        notes.append(_("Both ask the same."))
    return Table(
        "form_diff",
        _("What changed in the form since {quarter}").format(quarter=quarter),
        (
            Column("change", _("Change"), CellFormat.TEXT, 0.8),
            Column("code", _("Code"), CellFormat.TEXT, 1.4),
            Column("label", _("Content"), CellFormat.TEXT, 3),
            Column("details", _("From and to"), CellFormat.TEXT, 1.6),
        ),
        tuple(rows),
        tuple(notes),
    )


def _in_words(change: Change) -> Iterator[str]:
    if change.was:
        yield _("was {code}").format(code=change.was)
    for (key, old), (_key, new) in zip(change.before, change.after, strict=True):
        yield f"{key}: {old or '–'} → {new or '–'}"


def changes_json(before: Form, after: Form, quarter: str) -> dict[str, Any]:
    """The object that `form --diff --format json` prints."""
    return {
        "period": quarter,
        "before": before.fingerprint,
        "after": after.fingerprint,
        "changes": [
            {
                "change": one.kind,
                "code": one.code,
                "was": one.was or None,
                "label": one.label,
                "before": dict(one.before),
                "after": dict(one.after),
            }
            for one in changes(before, after)
        ],
    }
