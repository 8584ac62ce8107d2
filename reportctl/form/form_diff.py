"""What changed between two versions of a form: of each thing that it is made of whether it came, went, was
renamed, is asked otherwise or is said otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reportctl.core.language import N_, Phrase, _
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.form.form_things import Thing, called_as_in, settings_of_cell, things
from reportctl.form.lines import EVERY, as_lines, line_code, line_name
from reportctl.form.model import Form
from reportctl.form.parts_over_year import OtherParts, parts_in_words
from reportctl.form.renamed_since import renamed_since
from reportctl.form.tables import FormTable, Key

ChangeKind = Literal["added", "dropped", "renamed", "retyped", "changed"]

_NAMES = {
    "added": N_("added"),
    "dropped": N_("dropped"),
    "renamed": N_("renamed"),
    "retyped": N_("asked otherwise"),
    "changed": N_("changed"),
}
# What makes another question of one with the same code: figures of then are no figures of now.
_ASKED = ("type", "unit_of_measure", "over_units", "over_time", "cumulative")
_QUESTIONS = ("indicator", "list_column")
_SAID_BY_ITS_PARTS = ("form", "section")  # that one came or went is said by what stands in it
_SAID_FOR_ITS_PARTS = ("table", "list")  # of one that came or went the lines are not named one by one
# What stands in a thing, by the key of its order.
_PARTS = {
    "sections": "section", "indicators": "indicator", "tables": "table", "rows": "row", "columns": "column",
    "lists": "list", "list_columns": "list_column", "texts": "text", "rules": "rule",
}  # fmt: skip
_HEADINGS = {
    "form": N_("Form"),
    "kind": N_("Kinds of units"),
    "text": N_("Texts"),
    "theme": N_("Themes of texts"),
    "rule": N_("Rules"),
}

_ThingKey = tuple[str, str]
_Things = Mapping[_ThingKey, Thing]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of the form that is not the same in both: a question, a rule, a row, a column or a cell of a
    table (`of`), in the section, table or list `group`; `was` is its code then where that was another one.

    Of a retyped and of a changed one `before` and `after` are the settings that differ.
    """

    kind: ChangeKind
    of: str
    group: str
    code: str
    label: str
    was: str = ""
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()

    @property
    def block(self) -> tuple[str, str]:
        """What it is shown with: its section, table or list, else what is of its kind."""
        return ("", self.group) if self.group else (self.of, "")


def changes(before: Form, after: Form, between: Sequence[Form] = ()) -> tuple[Change, ...]:
    """What `after` is otherwise than `before`, by section, table and list: in its order, of each what is gone
    last. What one of the forms `between` renamed, which came one by one, is followed.

    A question that was renamed and is asked otherwise too is both. What holds of cells of a table is said of
    whole rows and columns as far as that goes.
    """
    after = renamed_since(before, tuple(between), after)
    old, new = ({one.key: one for one in things(form)} for form in (before, after))
    then = _then(old, new, after)
    found = [*_of_things(old, new, then, after)]
    tables = {table.code: table for table in before.tables}
    for table in after.tables:
        if table.code in tables:
            found += _of_cells(tables[table.code], table, then)
    blocks = [
        *dict.fromkeys(
            ("", one.group) if one.group else (one.of, "") for one in (*new.values(), *old.values())
        )
    ]
    return tuple(sorted(found, key=lambda one: (blocks.index(one.block), one.kind == "dropped")))


def _then(old: _Things, new: _Things, after: Form) -> dict[_ThingKey, Thing]:
    """What each thing of now was then, by its key of now; the form is itself under any name. A column of a
    list had another code where its list had. What is called as another one was is not that one."""
    found: dict[_ThingKey, Thing] = {}
    taken = {(one.of, one.was) for one in new.values()}
    of_lists = {".".join(then): ".".join(now) for then, now in after.renamed_columns.items()}
    for key, one in new.items():
        before = [next(iter(old)) if one.of == "form" else (one.of, one.was)]
        if one.of == "list_column":
            before += [(one.of, code) for code, now in of_lists.items() if now == one.code]
        before += [key] if key not in taken else []
        if was := next((old[name] for name in before if name in old), None):
            found[key] = was
    return found


def _of_things(old: _Things, new: _Things, then: _Things, after: Form) -> Iterator[Change]:
    """What came and went, was renamed, or is said otherwise; not what holds of cells of tables."""
    renamed = _renamed(new, then)
    for key, one in new.items():
        was = then.get(key)
        if was is None:
            if _has_a_line(one, new.keys() - then.keys()):
                yield Change("added", one.of, one.group, one.code, str(one.name))
            continue
        # Of a list that was renamed its columns are not named one by one.
        with_its_list = one.of == "list_column" and was.short == one.short
        if was.code != one.code and one.of != "form" and not with_its_list:
            yield Change("renamed", one.of, one.group, one.code, str(one.name), was.code)
        was = called_as_in(was, after, renamed.get((one.of, one.group), {}))
        said = dict(was.settings), dict(one.settings)
        for part, codes in one.below.items():
            names = renamed.get((_PARTS[part], one.group), {})
            order = _orders([names.get(code, code) for code in was.below.get(part, ())], codes)
            for settings, text in zip(said, order, strict=True):
                settings[part] = text
        yield from _otherwise(one, *said, question=one.of in _QUESTIONS)
    stayed = {one.key for one in then.values()}
    for key, one in old.items():
        if key not in stayed and _has_a_line(one, old.keys() - stayed):
            yield Change("dropped", one.of, one.group, one.code, str(one.name))


def _has_a_line(one: Thing, like: Collection[_ThingKey]) -> bool:
    """Whether it is said of a thing itself that it came or went, as all those `like` it did."""
    if one.of in _SAID_BY_ITS_PARTS:
        return False
    return one.of in _SAID_FOR_ITS_PARTS or not any((of, one.group) in like for of in _SAID_FOR_ITS_PARTS)


def _renamed(new: _Things, then: _Things) -> dict[_ThingKey, dict[str, str]]:
    """The codes of then with those of now, where they are others: of each kind of thing in each group."""
    found: dict[_ThingKey, dict[str, str]] = {}
    for key, was in then.items():
        if was.code != new[key].code:
            found.setdefault((was.of, new[key].group), {})[was.short] = new[key].short
    return found


def _orders(then: Sequence[str], now: Sequence[str]) -> tuple[str, str]:
    """What there was then and is now, in the order of then and of now."""
    return ", ".join(one for one in then if one in now), ", ".join(one for one in now if one in then)


def _otherwise(
    one: Thing, old: Mapping[str, str], new: Mapping[str, str], *, question: bool
) -> Iterator[Change]:
    """What is said otherwise of a thing; of a `question` first what makes it another one."""
    differing = [key for key in old if key in new and old[key] != new[key]]
    retyped = [key for key in differing if question and key in _ASKED]
    others = [key for key in differing if key not in retyped]
    kinds: tuple[tuple[ChangeKind, list[str]], ...] = (("retyped", retyped), ("changed", others))
    for kind, keys in kinds:
        if keys:
            before, after = (tuple((key, said[key]) for key in keys) for said in (old, new))
            yield Change(kind, one.of, one.group, one.code, str(one.name), "", before, after)


# ---- cells of tables


def _of_cells(old: FormTable, new: FormTable, then: _Things) -> Iterator[Change]:
    """What changed of the cells in rows and columns that a table had then and has now."""
    rows, columns = _lines_then(new, "row", then), _lines_then(new, "column", then)
    origins = {(row, column): (rows[row], columns[column]) for row in rows for column in columns}
    cells = {key: cell for key, cell in new.cells.items() if key in origins}
    there = {origins[key] for key in cells}
    came = [key for key in cells if origins[key] not in old.cells]
    yield from (Change("added", *said) for said in _of_lines(new, as_lines(came, cells)))
    alike: dict[tuple[tuple[tuple[str, str], ...], ...], list[Key]] = {}
    for key, cell in cells.items():
        if was := old.cells.get(origins[key]):
            said = settings_of_cell(was), settings_of_cell(cell)
            differing = [one for one in said[0] if said[0][one] != said[1][one]]
            if differing:
                sides = tuple(tuple((one, each[one]) for one in differing) for each in said)
                alike.setdefault(sides, []).append(key)
    stayed = [key for key in cells if origins[key] in old.cells]
    for (before, after), keys in alike.items():
        for of, group, code, label in _of_lines(new, as_lines(keys, stayed)):
            thing = Thing(of, code, Phrase(label), group)
            yield from _otherwise(thing, dict(before), dict(after), question=True)
    had = [key for key in old.cells if key in set(origins.values())]
    gone = [key for key in had if key not in there]
    yield from (Change("dropped", *said) for said in _of_lines(old, as_lines(gone, had)))


def _lines_then(table: FormTable, of: str, then: _Things) -> dict[str, str]:
    """The codes that the rows, or columns, of a table had then, by those of now."""
    lines = [(row.code, EVERY) for row in table.lines]
    if of == "column":
        lines = [(EVERY, column.code) for column in table.columns]
    codes = {line[of == "column"]: (of, line_code(table, line)) for line in lines}
    return {code: then[key].short for code, key in codes.items() if key in then}


def _of_lines(table: FormTable, lines: Sequence[Key]) -> Iterator[tuple[str, str, str, str]]:
    """What each of these lines is, its table, how it is written and called."""
    for row, column in lines:
        of = {(True, True): "table", (False, True): "row", (True, False): "column"}
        kind = of.get((row == EVERY, column == EVERY), "cell")
        yield kind, table.code, line_code(table, (row, column)), str(line_name(table, (row, column)))


# ---- how they are shown


# How the report says what is asked, not what that is: named together, and told in full as JSON.
_WORDING = frozenset({"sentence", "sentence_en", "short", "short_en"})


def changes_table(
    before: Form,
    after: Form,
    quarter: str,
    other_parts: Sequence[OtherParts] = (),
    between: Sequence[Form] = (),
) -> Table:
    """The `changes` as a table: below a heading for each section, table and list. `other_parts` are what the
    quarter, one of this year, made of other parts."""
    rows: list[Row] = []
    titles = {one.code: one.name for form in (before, after) for one in things(form) if one.code == one.group}
    heading: tuple[str, str] | None = None
    reworded = list[str]()
    for one in changes(before, after, between):
        if one.kind == "changed" and all(key in _WORDING for key, _value in one.before):
            reworded.append(one.code)
            continue
        if one.block != heading:
            heading = one.block
            title = str(titles[one.group]) if one.group else _(_HEADINGS[one.of])
            rows.append(Row(("", one.group, title, ""), Role.SECTION))
        rows.append(Row((_(_NAMES[one.kind]), one.code, one.label, "\n".join(_in_words(one)))))
    notes = [
        _("{quarter} was asked with version {before}; the form is now version {after}.").format(
            quarter=quarter, before=before.fingerprint, after=after.fingerprint
        )
    ]
    if not rows:
        notes.append(_("Both ask the same."))
    notes += parts_in_words({quarter: tuple(other_parts)})
    if reworded:
        notes.append(
            _(
                "How sentences or short names of the report say it has changed too: {count}. "
                "“--format json” names them."
            ).format(count=len(reworded))
        )
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
        if key not in _WORDING:
            yield f"{key}: {old or '–'} → {new or '–'}"


def changes_json(
    before: Form,
    after: Form,
    quarter: str,
    other_parts: Sequence[OtherParts] = (),
    between: Sequence[Form] = (),
) -> dict[str, Any]:
    """The object that `form --diff --format json` prints; `cells` are the codes of the cells of a table, or
    of its row or column, that changed."""
    return {
        "period": quarter,
        "before": before.fingerprint,
        "after": after.fingerprint,
        "changes": [
            {
                "change": one.kind,
                "of": one.of,
                "group": one.group or None,
                "code": one.code,
                "cells": _cells(one, before if one.kind == "dropped" else after),
                "was": one.was or None,
                "label": one.label,
                "before": dict(one.before),
                "after": dict(one.after),
            }
            for one in changes(before, after, between)
        ],
        "other_parts": [
            {
                "code": one.code,
                "label": str(one.name),
                "dropped": list(map(str, one.dropped)),
                "added": list(map(str, one.added)),
            }
            for one in other_parts
        ],
    }


def _cells(change: Change, form: Form) -> list[str]:
    """The codes of the cells of the `form` that a change of a table, a row, a column, a cell is about."""
    if change.of not in ("table", "row", "column", "cell"):
        return []
    table = next(one for one in form.tables if one.code == change.group)
    row, column = [*change.code.split(".")[1:], EVERY, EVERY][:2]
    return [
        cell.code
        for (of_row, of_column), cell in table.cells.items()
        if row in (of_row, EVERY) and column in (of_column, EVERY)
    ]
