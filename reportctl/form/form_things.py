"""What a form is made of, thing by thing: what each is called, and all that the form says of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

from reportctl.core.language import Phrase
from reportctl.form.lines import EVERY, line_code, line_name
from reportctl.form.model import Form, ListSection, Section
from reportctl.form.renamed import renamed_tag
from reportctl.form.tables import OF_CELLS, FormTable, TableCell


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a form: what it is (`of`), the code by which it is known, what it is called, and in which
    section, table or list it stands (`group`).

    `settings` are what the form says of it, by key; `below` the codes of what stands in it, in order. `was`
    is its code in earlier versions of the form.
    """

    of: str
    code: str
    name: Phrase
    group: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    below: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    was: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.of, self.code

    @property
    def short(self) -> str:
        """Its code without that of its table or list."""
        return self.code.removeprefix(f"{self.group}.").strip(f".{EVERY}") if self.group else self.code


def things(form: Form) -> Iterator[Thing]:
    """Everything that a form is made of, in its order. What is said of the cells of tables is left out: they
    take it from their columns, rows and tables."""
    tables, lists = ([one.code for one in group] for group in (form.tables, form.lists))
    below = {"sections": [one.code for one in form.sections], "tables": tables, "lists": lists}
    below |= {"texts": [one.code for one in form.texts], "rules": [one.code for one in form.rules]}
    yield _thing("form", form.id, form.name, "", form, below=below)
    for kind in form.kinds:
        yield _thing("kind", kind.code, kind.name, "", kind)
    for section in form.sections:
        yield from _of_section(section)
    for table in form.tables:
        yield from _of_table(table)
    for listed in form.lists:
        yield from _of_list(listed)
    for text in form.texts:
        yield _thing("text", text.code, text.name, "", text)
    for theme in form.themes:
        yield _thing("theme", theme.title, theme.name, "", theme, ("title",))
    for rule in form.rules:
        yield _thing("rule", rule.code, rule.words, "", rule)


def _of_section(section: Section) -> Iterator[Thing]:
    below = {"indicators": [one.code for one in section.indicators]}
    yield _thing("section", section.code, section.name, section.code, section, below=below)
    for one in section.indicators:
        made = _thing("indicator", one.code, one.name, section.code, one, was=one.was)
        yield replace(made, settings={**made.settings, "section": section.code})


def _of_table(table: FormTable) -> Iterator[Thing]:
    rows = [row.code or f"“{row.name.vi}”" for row in table.rows]
    below = {"rows": rows, "columns": [column.code for column in table.columns]}
    made = _thing("table", table.code, table.name, table.code, table, (*OF_CELLS, "not_asked"), below)
    captions = _text(tuple(row.name.vi for row in table.rows if row.caption))
    yield replace(made, settings={**made.settings, "captions": captions})
    without = (*OF_CELLS, "caption", "caption_en")
    for row in table.lines:
        line, old = ((code, EVERY) for code in (row.code, row.was))
        was = line_code(table, old) if row.was else ""
        yield _thing("row", line_code(table, line), line_name(table, line), table.code, row, without, was=was)
    for column in table.columns:
        line, old = ((EVERY, code) for code in (column.code, column.was))
        was = line_code(table, old) if column.was else ""
        name = line_name(table, line)
        yield _thing("column", line_code(table, line), name, table.code, column, OF_CELLS, was=was)


def _of_list(listed: ListSection) -> Iterator[Thing]:
    below = {"list_columns": [column.code for column in listed.columns]}
    made = _thing("list", listed.code, listed.name, listed.code, listed, below=below, was=listed.was)
    yield replace(made, settings={**made.settings, "over_time": listed.counts})
    for column in listed.columns:
        code = f"{listed.code}.{column.code}"
        was = f"{listed.code}.{column.was}" if column.was else ""
        yield _thing("list_column", code, column.name, listed.code, column, was=was)


def _thing(
    of: str,
    code: str,
    name: Phrase,
    group: str,
    model: BaseModel,
    without: Collection[str] = (),
    below: Mapping[str, Iterable[str]] | None = None,
    *,
    was: str = "",
) -> Thing:
    fields = type(model).model_fields.items()
    keys = {key: one.alias or key for key, one in fields if key not in ("code", "was", *without)}
    settings = {
        said: _text(value) for key, said in keys.items() if not _is_made_of(value := getattr(model, key))
    }
    return Thing(of, code, name, group, settings, {k: tuple(v) for k, v in (below or {}).items()}, was)


def settings_of_cell(cell: TableCell) -> dict[str, str]:
    """What holds of a cell of a table, wherever the form says it."""
    return {key: _text(getattr(cell, key)) for key in OF_CELLS}


def _is_made_of(value: Any) -> bool:
    """Whether a setting holds things of their own."""
    return isinstance(value, tuple) and any(isinstance(one, BaseModel) for one in value)


def _text(value: Any) -> str:
    """What a setting says, as one text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


_NAMING = ("part_of", "numerator", "denominator", "per", "chart_of", "check")
_SENTENCES = ("sentence", "sentence_en", "sentence_zero", "sentence_zero_en")
_CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.(?:[a-z][a-z0-9_]*|\*))*(?![a-z0-9_.*]|\s*\()")
_SLOT = re.compile(r"(?<=\{)[^{}]+(?=\})")


def called_as_in(one: Thing, later: Form, lines: Mapping[str, str]) -> Thing:
    """The thing of an earlier version, with the codes in its settings as the `later` one calls what they
    name; of the sum of a row or column, and of what a column is of, these are its table's, in `lines`."""

    def now(found: re.Match[str]) -> str:
        return renamed_tag(found[0], later) or found[0]

    said = dict(one.settings)
    for key, text in said.items():
        if key in _NAMING:
            said[key] = _CODE.sub(now, text)
        elif key in _SENTENCES:
            said[key] = _SLOT.sub(now, text)
        elif key in ("sum", "of"):
            said[key] = _CODE.sub(lambda found: lines.get(found[0], found[0]), text)
    return replace(one, settings=said)
