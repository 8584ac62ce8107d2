"""A form taken back from a workbook: what changes in form.toml, and the change written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportctl.adopt.form_keys import Kind
from reportctl.adopt.form_sheets import SHEETS
from reportctl.adopt.form_toml import Entry, edited, rising
from reportctl.adopt.form_workbook import version_of
from reportctl.adopt.from_workbook import read_form
from reportctl.core.errors import ReportctlError
from reportctl.core.files import read_file, replace_keeping
from reportctl.core.language import N_, _
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.core.toml import Keys, toml_text, toml_values
from reportctl.core.wording import as_said
from reportctl.form.form_diff import changes
from reportctl.form.form_file import load_form, parse_form
from reportctl.form.model import Form

_CHANGES = {
    "added": N_("added"),
    "dropped": N_("dropped"),
    "renamed": N_("renamed"),
    "changed": N_("changed"),
    "moved": N_("moved"),
}
_MOST_NAMED = 10
_SHORT = 40  # characters of a text that is shown whole


@dataclass(frozen=True, slots=True)
class Edit:
    """What changes of one thing of the form: how, and of what is changed the values by key; `was` is its code
    until now where that is another one."""

    kind: Kind
    changes: tuple[str, ...]
    code: str
    label: str
    was: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EditedForm:
    """A form.toml at `path`, and what an edited workbook makes of it."""

    path: Path
    old: bytes
    new: bytes
    before: Form
    after: Form
    edits: tuple[Edit, ...]
    remarks: tuple[str, ...]
    stale: bool  # the form.toml has changed since the workbook was made

    def write(self) -> Path:
        """Write it; the old one stays beside it, in the file that is returned.

        Raises `ReportctlError` where it cannot be written, or has changed meanwhile.
        """
        if read_file(self.path) != self.old:
            raise ReportctlError(
                _("{path} was changed by somebody meanwhile. Look at what changes again.").format(
                    path=self.path
                )
            )
        return replace_keeping(self.path, self.old, self.new)


def edited_form(path: Path, workbook: Path) -> EditedForm:
    """What the `workbook` makes of the form.toml at `path`. Raises `ReportctlError` with every mistake."""
    before, old = load_form(path), read_file(path)
    text = toml_text(old)
    read = read_form(read_file(workbook), workbook.name, text)
    new = edited(text, read.entry)
    edits = tuple(_edits(toml_values(text), read.entry))
    mark = old[: len(old) - len(text.encode())]
    return EditedForm(
        path,
        old,
        mark + new.encode(),
        before,
        parse_form(new),
        edits,
        read.remarks,
        read.version != version_of(text),
    )


def _edits(data: Mapping[str, Any], form: Entry) -> Iterator[Edit]:
    """All changes, sheet by sheet: of what there is to be in its order, then what is dropped."""
    listed: dict[Kind, list[tuple[Entry, Entry | None, bool]]] = {kind: [] for kind in SHEETS}
    _list((), form, None, True, listed)
    for kind, entries in listed.items():
        there = {entry.origin for entry, _above, _stays in entries}
        for entry, above, stays in entries:
            old = _at(data, entry.origin) if entry.origin is not None else None
            if edit := _edit(kind, entry, above, old, stays=stays):
                yield edit
        for path in _paths(data, kind):
            if path not in there:
                old = _at(data, path)
                yield Edit(
                    kind, ("dropped",), _code(old, _at(data, path[:-2]), kind), _label(old), "", {}, {}
                )


def _list(
    kind: Kind,
    entry: Entry,
    above: Entry | None,
    stays: bool,
    listed: dict[Kind, list[tuple[Entry, Entry | None, bool]]],
) -> None:
    """Put a thing, and all that stands in it, to its kind: with what it stands in, and whether it stays where
    it stood."""
    listed[kind].append((entry, above, stays))
    for name, entries in entry.below.items():
        places = [
            int(one.origin[-1]) if one.origin and one.origin[:-2] == entry.origin else None for one in entries
        ]
        kept = rising(places)
        for number, one in enumerate(entries):
            _list((*kind, name), one, entry, number in kept, listed)


def _edit(
    kind: Kind, entry: Entry, above: Entry | None, old: Mapping[str, Any] | None, *, stays: bool
) -> Edit | None:
    code, label = _code(entry.values, above.values if above else {}, kind), _label(entry.values)
    if old is None:
        return Edit(kind, ("added",), code, label, "", {}, entry.values)
    said = {key: value for key, value in old.items() if not _is_tables(value)}
    was = str(said.get("code", "")) if said.get("code") != entry.values.get("code") else ""
    differing = [
        key
        for key in dict.fromkeys((*said, *entry.values))
        if said.get(key) != entry.values.get(key) and not (was and key in ("code", "was"))
    ]
    found = [
        name for name, holds in (("renamed", was), ("changed", differing), ("moved", not stays)) if holds
    ]
    if not found:
        return None
    before, after = ({key: of.get(key) for key in differing} for of in (said, entry.values))
    return Edit(kind, tuple(found), code, label, was, before, after)


def _at(data: Mapping[str, Any], path: Keys) -> Mapping[str, Any]:
    found: Any = data
    for part in path:
        found = found[part]
    return found  # type: ignore[no-any-return]


def _paths(data: Mapping[str, Any], kind: Kind) -> Iterator[Keys]:
    """Where the things of a kind stand in the file."""
    above = _paths(data, kind[:-1]) if len(kind) > 1 else [()]
    for path in above:
        for number in range(len(_at(data, path).get(kind[-1], ())) if kind else 0):
            yield (*path, kind[-1], number)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _code(said: Mapping[str, Any], above: Mapping[str, Any], kind: Kind) -> str:
    """Its code, of rows and columns after that of what they stand in."""
    code = str(said.get("code", said.get("id", "")))
    return (
        ".".join(filter(None, (above.get("code", ""), code)))
        if kind[-1:] in (("rows",), ("columns",))
        else code
    )


def _label(said: Mapping[str, Any]) -> str:
    return str(next((said[key] for key in ("label", "title", "caption", "message") if said.get(key)), ""))


# How it is said


def edits_table(form: EditedForm) -> Table:
    """The changes as a table."""
    rows = [
        Row(
            (
                ", ".join(_(_CHANGES[one]) for one in edit.changes),
                _(SHEETS[edit.kind]),
                edit.code,
                edit.label,
                "; ".join(_in_words(edit)),
            ),
            Role.PLAIN,
        )
        for edit in form.edits
    ]
    return Table(
        "form_edits",
        _("What changes in form.toml"),
        (
            Column("change", _("Change"), CellFormat.TEXT, 0.8),
            Column("sheet", _("Sheet"), CellFormat.TEXT, 0.8),
            Column("code", _("Code"), CellFormat.TEXT, 1.2),
            Column("label", _("Content"), CellFormat.TEXT, 2),
            Column("details", _("From and to"), CellFormat.TEXT, 2.4),
        ),
        tuple(rows),
        tuple(_notes(form)),
    )


def _in_words(edit: Edit) -> Iterator[str]:
    if edit.was:
        yield _("was {code}").format(code=edit.was)
    for key, after in edit.after.items():
        if key in edit.before:
            yield f"{key}: {' → '.join(_differing(_text(edit.before[key]), _text(after)))}"
        elif key not in ("code", "label", "title", "caption"):
            yield f"{key}: {_text(after)}"


def _differing(before: str, after: str) -> tuple[str, str]:
    """Two texts; of long ones only the words from the first to the last that differ."""
    if min(len(before), len(after)) <= _SHORT:
        return before, after
    old, new = before.split(" "), after.split(" ")
    first = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    most = min(len(old), len(new)) - first
    last = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    ends = (["…"] * (first > 0), ["…"] * (last > 0))
    return (
        " ".join([*ends[0], *old[first : len(old) - last], *ends[1]]),
        " ".join([*ends[0], *new[first : len(new) - last], *ends[1]]),
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(map(as_said, value)) or "–"
    return "–" if value is None or value == "" else as_said(value)


def _notes(form: EditedForm) -> Iterator[str]:
    """What the changes mean for workbooks that are out, and for figures of earlier quarters."""
    if form.before.fingerprint == form.after.fingerprint:
        yield _("Workbooks that were sent out stay valid (version {version}).").format(
            version=form.after.fingerprint
        )
    else:
        yield _(
            "The form becomes version {after}; workbooks that were sent out answer version {before}. Send "
            "new ones where units are to be asked otherwise: reportctl template"
        ).format(before=form.before.fingerprint, after=form.after.fingerprint)
    retyped = [one.code for one in changes(form.before, form.after) if one.kind == "retyped"]
    if retyped:
        shown = ", ".join(retyped[:_MOST_NAMED]) + (", …" if len(retyped) > _MOST_NAMED else "")
        yield _("Asked otherwise than before, so not comparable with earlier quarters: {codes}").format(
            codes=shown
        )


def edits_json(form: EditedForm) -> dict[str, Any]:
    """The object that `form --from-workbook --format json` prints."""
    return {
        "before": form.before.fingerprint,
        "after": form.after.fingerprint,
        "edits": [
            {
                "changes": list(edit.changes),
                "kind": ".".join(edit.kind) or "form",
                "code": edit.code or None,
                "was": edit.was or None,
                "label": edit.label,
                "before": dict(edit.before),
                "after": dict(edit.after),
            }
            for edit in form.edits
        ],
    }
