"""Figures of a form that an earlier quarter of the year made of other parts, so that over several quarters
the parts of now do not make them: said before that is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportctl.core.language import Phrase, _
from reportctl.form.asked_then import AskedThen, Unasked
from reportctl.form.divided import Divided
from reportctl.form.model import Form
from reportctl.form.tables import TableCell


@dataclass(frozen=True, slots=True)
class OtherParts:
    """A figure, or a row or column of a table (`code`, as `table.row.*`), that had the parts `dropped`
    besides, and not those `added`; with neither it was not made of these parts."""

    code: str
    name: Phrase
    dropped: tuple[Phrase, ...]
    added: tuple[Phrase, ...]


def other_parts(form: Form, then: AskedThen) -> tuple[OtherParts, ...]:
    """What of the form's figures will not be made of its parts over quarters with the form of `then` and with
    this one. A part that is new to a sum adds up: nobody was asked it before."""
    return tuple(dict.fromkeys(_other_parts(form, then)))


def _other_parts(form: Form, then: AskedThen) -> Iterator[OtherParts]:
    for one in then.divided:
        whole = form.indicators[one.whole]
        over_time = whole.cumulative or whole.over_time not in ("last", "none")
        added = tuple(name for code, name in one.added if then.unasked.get(code) is not Unasked.NEW)
        if over_time and (one.said or one.said_then) and (one.dropped or added or not one.said_then):
            yield OtherParts(_code(form, one), _name(form, one), one.dropped, added)


def _code(form: Form, divided: Divided) -> str:
    """The row or the column of the figure, as `table.row.*`, where its parts are other rows or columns."""
    cell = form.indicators[divided.whole]
    if not isinstance(cell, TableCell) or not divided.line:
        return divided.whole
    return f"{cell.table}.{cell.row}.*" if divided.line == "column" else f"{cell.table}.*.{cell.column}"


def _name(form: Form, divided: Divided) -> Phrase:
    """What it is called, behind the name of its table."""
    cell = form.indicators[divided.whole]
    if not isinstance(cell, TableCell):
        return divided.called
    title = next(table.name for table in form.tables if table.code == cell.table)
    return Phrase(*(f"{title.in_language(one)}: {divided.called.in_language(one)}" for one in ("vi", "en")))


def parts_in_words(found: Mapping[str, tuple[OtherParts, ...]]) -> list[str]:
    """A sentence for each figure, row or column that had other parts in quarters of the year, by how these
    are written; of several quarters with the same once."""
    quarters: dict[OtherParts, list[str]] = {}
    for quarter, every in found.items():
        for one in every:
            quarters.setdefault(one, []).append(quarter)
    return [
        _(
            "“{name}” ({code}) is another sum than in {quarters} ({parts}): figures over several quarters of "
            "the year will not add up, and a note below them says so. Better keep the parts as they were "
            "until the year ends; of a part that there is no more units fill in 0."
        ).format(name=one.name, code=one.code, quarters=", ".join(of), parts=_parts(one))
        for one, of in quarters.items()
    ]


def _parts(one: OtherParts) -> str:
    dropped, added = ("; ".join(map(str, names)) for names in (one.dropped, one.added))
    if dropped and added:
        return _("there with {dropped}, without {added}").format(dropped=dropped, added=added)
    if dropped:
        return _("there with {dropped}").format(dropped=dropped)
    if added:
        return _("there without {added}").format(added=added)
    return _("there not made of these parts")
