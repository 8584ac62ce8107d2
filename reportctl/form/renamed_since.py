"""A form as one of its earlier versions stands to it: `was` is what each thing was called in that one."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel

from reportctl.form.indicators import Indicator
from reportctl.form.model import Form, ListColumn, ListSection
from reportctl.form.tables import FormTable, TableColumn, TableRow

_Key = tuple[str, ...]  # what it is, the code of its table or list, its own code
_Named = TypeVar("_Named", Indicator, TableRow, TableColumn, ListSection, ListColumn)
_Model = TypeVar("_Model", bound=BaseModel)


@functools.lru_cache(maxsize=64)
def renamed_since(version: Form, between: tuple[Form, ...], form: Form) -> Form:
    """The `form` with `was` of each indicator, row, column, list and column of a list as the code that this
    had in the `version`, empty where it had the same or there was none.

    The forms `between` came after the version one by one. What one of them renamed is followed; one that
    does not have a thing says nothing of it.
    """
    names = _names(form)
    for earlier in (*reversed(between), version):
        of_earlier = _names(earlier)
        found = {
            key: next((one for one in called if one in of_earlier), None) for key, called in names.items()
        }
        if earlier is not version:
            names = {key: of_earlier[one] if one else names[key] for key, one in found.items()}

    def put(one: _Named, *key: str) -> _Named:
        old = found.get((*key, one.code))
        was = old[-1] if old and old[-1] != one.code else ""
        return one if one.was == was else _with(one, was=was)

    def of_table(table: FormTable) -> FormTable:
        rows = tuple(put(row, "row", table.code) if row.code else row for row in table.rows)
        columns = tuple(put(column, "column", table.code) for column in table.columns)
        return _with(table, rows=rows, columns=columns)

    def of_list(listed: ListSection) -> ListSection:
        columns = tuple(put(column, "list_column", listed.code) for column in listed.columns)
        return _with(put(listed, "list"), columns=columns)

    sections = tuple(
        _with(section, indicators=tuple(put(one, "indicator") for one in section.indicators))
        for section in form.sections
    )
    tables, lists = tuple(map(of_table, form.tables)), tuple(map(of_list, form.lists))
    return _with(form, sections=sections, tables=tables, lists=lists)


def _names(form: Form) -> dict[_Key, tuple[_Key, ...]]:
    """How each thing of the form may be called in the form before: as it `was`, else as it is called."""
    return {one[-1]: one for one in _all_names(form)}


def _all_names(form: Form) -> Iterator[tuple[_Key, ...]]:
    for section in form.sections:
        for one in section.indicators:
            yield tuple(("indicator", code) for code in _codes(one))
    for table in form.tables:
        for row in table.lines:
            yield tuple(("row", table.code, code) for code in _codes(row))
        for column in table.columns:
            yield tuple(("column", table.code, code) for code in _codes(column))
    for listed in form.lists:
        yield tuple(("list", code) for code in _codes(listed))
        for each in listed.columns:
            yield tuple(("list_column", of, code) for of in _codes(listed) for code in _codes(each))


def _codes(one: Indicator | TableRow | TableColumn | ListSection | ListColumn) -> Iterable[str]:
    return (one.was, one.code) if one.was else (one.code,)


def _with(model: _Model, **changed: object) -> _Model:
    """The model with these fields, without what was worked out of the others."""
    made = model.model_copy(update=changed)
    for name in made.__dict__.keys() - type(made).model_fields.keys():
        del made.__dict__[name]
    return made
