"""What figures, rows and columns are called since the form renamed them: for who writes an old code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reportctl.core.errors import meant, near
from reportctl.core.language import _
from reportctl.form.model import Form

_NAMED = re.compile(
    r"(?P<kind>(?:ref:|table:|list:)*)(?P<code>[a-z][\w*.]*)(?P<whose>[:@].*)?", re.IGNORECASE
)
_PARTS_OF_CELL = 3  # of its code: table, row, column


def called_now(code: str, form: Form) -> str:
    """The code of today of the figure, cell, list or column of a list (`list.column`) `code`, or of the row
    (`table.row`, `table.row.*`) or column (`table.*.column`) of a table; empty where the form renamed none
    that was called so."""
    if new := form.all_renamed.get(code):
        return new
    table_code, _dot, line = code.partition(".")
    row, _dot, column = line.partition(".")
    for table in form.tables if line else ():
        if table.code != table_code:
            continue
        if column and column != "*":
            columns = {one.was: one.code for one in table.asked_columns if one.was}
            return f"{table_code}.*.{columns[column]}" if row == "*" and column in columns else ""
        rows = {one.was: one.code for one in table.lines if one.was}
        return f"{table_code}.{rows[row]}{_dot}{column}" if row in rows else ""
    return ""


def called_in(code: str, form: Form, others: Iterable[Form]) -> str:
    """The code in `form` of the figure that one of its `others` versions calls `code`, some renamings before
    or after; empty where none leads there."""
    if code in form.renamed:
        return form.renamed[code]
    later = {pair for of in (form, *others) for pair in of.renamed.items()}
    for pairs in (later, {(new, old) for old, new in later}):
        called, last = {code}, {code}
        while last:
            last = {now for then, now in pairs if then in last} - called
            called |= last
            if found := sorted(last & form.indicators.keys()):
                return found[0]
    return ""


def renamed_tag(name: str, form: Form) -> str:
    """How the tag `name` of a document is spelled since what it names was renamed, with its slot, its unit
    and its period as they are; empty where nothing that it names was.

    A slot is what stands after the code: `old.year_ago`, `rooms.n1.old.plan:007@2023-Q1`, `table:rooms.old`.
    """
    found = _NAMED.fullmatch(name.strip())
    if found is None:
        return ""
    parts = found["code"].casefold().split(".")
    own = 1 if len(parts) < _PARTS_OF_CELL or found["kind"] else _PARTS_OF_CELL
    # A column of a list has two parts, of which the first one alone may be renamed too.
    sizes = (len(parts),) if found["kind"] else (own, len(parts)) if own > 1 else (len(parts), own)
    for size in sizes:
        if new := called_now(".".join(parts[:size]), form):
            return found["kind"] + ".".join((new, *parts[size:])) + (found["whose"] or "")
    return ""


def said_now(new: str) -> str:
    """A bracket to follow a name that is not known, of what is called `new` now; empty where that is."""
    return _(" (it is called {name} now)").format(name=new) if new else ""


def near_figure(code: str, form: Form, known: Iterable[str]) -> str:
    """A bracket to follow a code that is not known: what it is called now, else the `known` ones nearest."""
    return said_now(called_now(code, form)) or near(code, known)


def meant_figure(message: str, code: str, form: Form) -> str:
    """`message`, that `code` is no figure, with the one that it is called now, else the nearest."""
    new = called_now(code, form)
    return meant(message, new or code, (new,) if new else form.indicators)
