"""What a document wants of the form's tables: a big form has thousands of tags and hundreds of tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reportctl.core.errors import nearest
from reportctl.figures.chosen import TablePart, parts_of
from reportctl.form.model import Form
from reportctl.word.content import Tag


@dataclass(frozen=True, slots=True)
class Wanted:
    """The tables, rows and columns to make, and the codes of the cells whose tags to make."""

    parts: tuple[TablePart, ...]
    cells: frozenset[str]


def wanted_of_tables(form: Form, asked: Collection[str] | None) -> Wanted:
    """What the tags `asked` ask for; everything where they are None. For a tag of a table that there is not,
    what is nearest to it, so that it can be named."""
    parts = {part.code: part for table in form.tables for part in parts_of(table)}
    cells = {cell.code for table in form.tables for cell in table.cells.values()}
    if asked is None:
        return Wanted(tuple(parts.values()), frozenset(cells))
    tables = {table.code for table in form.tables}
    found: dict[str, set[str]] = {"table": set(), "": set()}
    for text in asked:
        tag = Tag.parse(text)
        if tag.kind not in found or tag.name.partition(".")[0] not in tables:
            continue
        known = parts if tag.kind else cells
        if tag.name in known:
            found[tag.kind].add(tag.name)
        else:
            table, _dot, _rest = tag.name.partition(".")
            of_table = [code for code in known if code == table or code.startswith(f"{table}.")]
            found[tag.kind].add(nearest(f"{tag.name}.{tag.part}".rstrip("."), of_table))
    return Wanted(
        tuple(part for code, part in parts.items() if code in found["table"]), frozenset(found[""] & cells)
    )
