"""What a return on another version of the form is asked to add up: the sums of the version it answers."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from reportctl.form.asked_then import AskedThen, asked_then
from reportctl.form.divided import Divided, Signed, sum_of
from reportctl.form.model import Form
from reportctl.form.rules import Rule
from reportctl.form.tables import TableSum, sum_rule

Sum = tuple[str, frozenset[Signed]]  # a figure and its parts


@dataclass(frozen=True, slots=True)
class OtherSums:
    """The sums of the form in force that a return on another version was never asked for (`not_asked`), and
    the version's own `instead` of them, of those all whose figures the form in force asks too."""

    not_asked: frozenset[Sum] = frozenset()
    instead: tuple[Rule, ...] = ()

    def asked_of(self, form: Form, rules: Iterable[Rule]) -> Iterator[Rule]:
        """Those of the form's rules that were asked for."""
        for rule in rules:
            found = sum_of(form, rule) if self.not_asked else None
            if found is None or (found[0], frozenset(found[1])) not in self.not_asked:
                yield rule

    def sums_asked(self, every: Iterable[TableSum]) -> Iterator[TableSum]:
        """Those of these sums of tables that were asked for."""
        return (one for one in every if (one.whole, frozenset(one.parts)) not in self.not_asked)


ALL_ASKED = OtherSums()


@functools.lru_cache(maxsize=64)
def other_sums(form: Form, version: Form) -> OtherSums:
    """How the sums by which returns on the `version` are checked differ from those of `form`. Where only a
    rule is another one and the figures are the same, that was put right and holds."""
    found = asked_then(version, (form,))
    others = [one for one in found.divided if not _is_rule_put_right(form, version, found, one)]
    instead = []
    for one in others:
        then = [(sign, found.codes.get(code, code)) for sign, code in one.then]
        known = [(sign, code) for sign, code in then if code in form.indicators]
        if one.said_then and known and len(known) == len(then):
            instead.append(sum_rule(form.indicators, one.whole, known))
    not_asked = frozenset((one.whole, frozenset(one.parts)) for one in others)
    return OtherSums(not_asked, tuple(instead))


def _is_rule_put_right(form: Form, version: Form, then: AskedThen, one: Divided) -> bool:
    """Whether a figure is another sum only because a rule says so: no figure of it came or went, or is a part
    of another one, and it is no sum of a table."""
    if any((each.whole, each.parts) == (one.whole, one.parts) for each in form.table_sums):
        return False
    called = {then.codes.get(code, code): figure for code, figure in version.indicators.items()}
    codes = {then.codes.get(code, code) for _sign, code in one.then} | {code for _sign, code in one.parts}
    return all(
        code in form.indicators
        and code in called
        and form.indicators[code].part_of == then.codes.get(called[code].part_of, called[code].part_of)
        for code in codes
    )


class SumOfThen(NamedTuple):
    """A sum of a version of the form: the `rule` in its own codes; in those of the form in force the `whole`,
    and `asked`, which of its figures that asks too, the whole among them."""

    whole: str
    asked: tuple[str, ...]
    rule: Rule


@functools.lru_cache(maxsize=64)
def sums_with_dropped(form: Form, version: Form) -> tuple[SumOfThen, ...]:
    """The sums of the `version` that need what `form` asks no longer, so that they can be judged only by the
    workbook itself."""
    found = asked_then(version, (form,))

    def now(code: str) -> str | None:
        known = found.codes.get(code, code)
        return known if known in form.indicators else None

    said: list[tuple[str, tuple[Signed, ...], Rule]] = [
        (one.whole, one.parts, one.rule) for one in version.table_sums
    ]
    said += [(*division, rule) for rule in version.every_rule if (division := sum_of(version, rule))]
    return tuple(
        SumOfThen(whole, (whole, *filter(None, called)), rule)
        for code, parts, rule in said
        if None in (called := [now(part) for _sign, part in parts]) and (whole := now(code))
    )
