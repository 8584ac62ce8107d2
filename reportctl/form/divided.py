"""What a form divides its figures into, and where another version of it divides them otherwise: parts that an
earlier quarter asked and this form does not, or the other way round."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reportctl.core.language import Phrase
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form
from reportctl.form.rules import Rule
from reportctl.form.tables import TableCell

Signed = tuple[int, str]  # a part with its sign
Division = tuple[Signed, ...]


class Divisions(NamedTuple):
    """What a figure is divided into. `said` are the divisions that make it as the form says: sums of tables,
    rules that it is the sum of others beside it. Of the `shown` one, the parts that stand below a figure of
    a section (`part_of`), only the figures tell whether they do."""

    said: tuple[Division, ...] = ()
    shown: Division = ()

    @property
    def every(self) -> tuple[Division, ...]:
        """All of them, each once."""
        own = {frozenset(one) for one in self.said}
        return (*self.said, self.shown) if self.shown and frozenset(self.shown) not in own else self.said


@dataclass(frozen=True, slots=True)
class Divided:
    """A figure of the form of now, the `whole`, that the form of then divided otherwise.

    `parts` are those of now, `then` those of then with their codes of then; empty where it was not divided.
    `dropped` names the parts of then that are none now, `added` has the codes and names of those of now that
    were none then; `called` is the whole's name. All names are those of rows, or of columns, where all stand
    in one `line`, a "column" or a "row" of a table (else empty). `said`: the form says that the parts make
    the whole; else the figures tell. `said_then`: as much of the form of then.
    """

    whole: str
    called: Phrase
    line: str
    parts: Division
    then: Division
    dropped: tuple[Phrase, ...]
    added: tuple[tuple[str, Phrase], ...]
    said: bool
    said_then: bool


@functools.lru_cache(maxsize=16)
def divisions(form: Form) -> Mapping[str, Divisions]:
    """What each figure is divided into, by its code; those that are not are left out."""
    said: dict[str, dict[frozenset[Signed], Division]] = {}
    for table in form.tables:
        for code, parts in table.sums:
            said.setdefault(code, {})[frozenset(parts)] = parts
    for rule in form.every_rule:
        if found := sum_of(form, rule):
            code, parts = found
            said.setdefault(code, {}).setdefault(frozenset(parts), parts)
    shown: dict[str, list[Signed]] = {}
    for section in form.sections:
        own = {one.code for one in section.indicators}
        for one in section.indicators:
            if one.part_of in own and one.amount:
                shown.setdefault(one.part_of, []).append((1, one.code))
    return {
        code: Divisions(tuple(said.get(code, {}).values()), tuple(shown.get(code, ())))
        for code in dict.fromkeys((*said, *shown))
    }


def sum_of(form: Form, rule: Rule) -> tuple[str, Division] | None:
    """The figure that the rule says to be a sum of others in its section or table, and these; None where it
    says something else."""
    if rule.node.operator != "=" or rule.node.balance is None:
        return None
    left, right = rule.node.operands
    some, others = rule.node.balance
    whole = next((one.reference.code for one in (left, right) if one.reference), None)
    if whole is None:
        return None
    if left.reference and right.reference and form.indicators[whole].part_of == right.reference.code:
        whole = right.reference.code
    same, opposite = (some, others) if whole in some else (others, some)
    parts = (*((1, one) for one in opposite), *((-1, one) for one in same if one != whole))
    codes = [part for _sign, part in parts]
    places = _places(form)
    beside = all(places.get(one) == places[whole] for one in codes) and whole not in codes
    return (whole, parts) if codes and beside else None


@functools.lru_cache(maxsize=16)
def _places(form: Form) -> Mapping[str, str]:
    """The section or the table of each figure."""
    return {one.code: section.code for section in form.all_sections for one in section.indicators}


def divided_otherwise(then: Form, now: Form, codes: Mapping[str, str | None]) -> tuple[Divided, ...]:
    """The figures that `now` divides otherwise than `then`, in the order of `now`; `codes` are those of now
    by those of then, as far as they differ (None: what was asked then is no figure of now).

    A figure that `then` did not ask is none of them.
    """
    if then is now:
        return ()
    called = {codes.get(code, code): code for code in then.indicators}
    before = divisions(then)
    found = list[Divided]()
    for whole, own in divisions(now).items():
        old = called.get(whole)
        if old is None:
            continue
        was = {_under(codes, one): one for one in before.get(old, Divisions()).every}
        kept = {frozenset(parts) for parts in own.every}
        left = [key for key in was if key not in kept]
        for parts in own.every:
            if frozenset(parts) in was:
                continue
            nearest = _nearest(frozenset(parts), left)
            left = [key for key in left if key != nearest]
            before_it = was[nearest] if nearest else ()
            sure = parts in own.said, before_it in before.get(old, Divisions()).said
            found.append(_divided(then, now, codes, whole, parts, before_it, *sure))
    return tuple(found)


def _nearest(parts: frozenset[Signed], others: Sequence[frozenset[Signed]]) -> frozenset[Signed] | None:
    """That of the others which has most of the parts; None where there is none."""
    return max(others, key=lambda one: len(one & parts), default=None)


def _under(codes: Mapping[str, str | None], division: Division) -> frozenset[Signed]:
    """A division of then under the codes of now; of what is no figure of now an address that nothing has."""
    return frozenset((sign, codes.get(one, one) or f"{one}?") for sign, one in division)


def _divided(
    then: Form,
    now: Form,
    codes: Mapping[str, str | None],
    whole: str,
    parts: Division,
    before: Division,
    said: bool,
    said_then: bool,
) -> Divided:
    was = _under(codes, before)
    gone = [one for sign, one in before if (sign, codes.get(one, one)) not in parts]
    cells = [now.indicators[whole], *(now.indicators[one] for _sign, one in parts)]
    cells += [then.indicators[one] for _sign, one in before]
    line = _line(cells)
    return Divided(
        whole,
        _name(cells[0], line),
        line,
        parts,
        before,
        tuple(_with_fate(_name(then.indicators[one], line), now, codes.get(one, one)) for one in gone),
        tuple((one, _name(now.indicators[one], line)) for sign, one in parts if (sign, one) not in was),
        said,
        said_then,
    )


_GONE = Phrase("nay không hỏi", "no longer asked")


def _with_fate(name: Phrase, now: Form, code: str | None) -> Phrase:
    """The name of a part of then, with the word that the form does not ask it now where that is so."""
    if code is None or code in now.indicators:
        return name
    return Phrase(*(f"{name.in_language(one)} ({_GONE.in_language(one)})" for one in ("vi", "en")))


def _line(figures: Sequence[Indicator]) -> str:
    """Whether all these stand in one "column" or in one "row" of a table; else empty."""
    cells = [one for one in figures if isinstance(one, TableCell)]
    if len(cells) < len(figures):
        return ""
    if len({cell.column for cell in cells}) == 1:
        return "column"
    return "row" if len({cell.row for cell in cells}) == 1 else ""


def _name(one: Indicator, line: str) -> Phrase:
    """What a figure is called among others of its `line`."""
    if isinstance(one, TableCell) and line:
        return one.row_name if line == "column" else one.column_name
    return one.name
