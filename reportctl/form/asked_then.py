"""What an earlier quarter's form asked of the figures of another one: under which codes, and what it did not
ask, or asked as something else."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from reportctl.form.divided import Divided, divided_otherwise
from reportctl.form.model import Form

_Key = TypeVar("_Key", str, tuple[str, str])

# What makes another figure of one with the same code: figures of then are no figures of now.
ASKED_AS = ("type", "unit_of_measure", "over_units", "cumulative")
COLUMNS_ASKED_AS = ("type", "unit_of_measure")  # of a list


class Unasked(StrEnum):
    """Why a quarter can have no figure, whoever reported."""

    NEW = "not_asked"  # its form did not have it
    OTHERWISE = "asked_otherwise"  # its form asked it in another unit of measure, as another type, …


ListCell = tuple[str, str]  # the codes of a list and of one of its columns


@dataclass(frozen=True, slots=True)
class AskedThen:
    """How a quarter's form stands to another one.

    `codes` are those of now by those of then, as far as they differ; None: what was answered is no answer to
    the question of now. `unasked` goes by the codes of now. `lists`, `columns` and `unasked_columns` say the
    same of lists and of their columns. `divided` are the figures of now that were made of other parts then.
    """

    codes: Mapping[str, str | None] = field(default_factory=dict)
    unasked: Mapping[str, Unasked] = field(default_factory=dict)
    lists: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[ListCell, ListCell | None] = field(default_factory=dict)
    unasked_columns: Mapping[ListCell, Unasked] = field(default_factory=dict)
    divided: tuple[Divided, ...] = ()


def asked_then(then: Form | None, later: Sequence[Form]) -> AskedThen:
    """How the form of `then` stands to the last of the `later` ones, which came after it one by one: what one
    of them renamed (`was`) is followed. Of a quarter whose form is not known (None) only that is said."""
    now = later[-1]
    codes = _renamed([form.renamed for form in later], now.indicators)
    lists = _renamed([form.renamed_lists for form in later], {one.code for one in now.lists})
    columns = _renamed([form.renamed_columns for form in later], now.list_columns)
    if then is None:
        return AskedThen(codes, lists=lists, columns=columns)
    asked = {code: one for code, one in now.indicators.items() if not one.computed}
    codes, unasked = _stands(then.indicators, asked, codes, ASKED_AS)
    lists_then, lists_now = ({one.code: one for one in form.lists} for form in (then, now))
    lists, _new = _stands(lists_then, lists_now, lists, ())
    columns, of_lists = _stands(then.list_columns, now.list_columns, columns, COLUMNS_ASKED_AS)
    return AskedThen(codes, unasked, lists, columns, of_lists, divided_otherwise(then, now, codes))


def _renamed(renamings: Iterable[Mapping[_Key, _Key]], now: Container[_Key]) -> dict[_Key, _Key | None]:
    """What every code became that one form after the other renamed, as far as it is there `now`."""
    found: dict[_Key, _Key] = {}
    for renamed in renamings:
        found = {old: renamed.get(code, code) for old, code in found.items()} | dict(renamed)
    return {old: code for old, code in found.items() if code in now}


def _stands(
    then: Mapping[_Key, object],
    now: Mapping[_Key, object],
    renamed: Mapping[_Key, _Key | None],
    alike: Sequence[str],
) -> tuple[dict[_Key, _Key | None], dict[_Key, Unasked]]:
    """The codes of now by those of then, and what was not asked, or otherwise, of questions `then` and `now`.
    They ask the same where the fields `alike` are equal."""
    codes = dict(renamed)
    unasked = dict.fromkeys(now, Unasked.NEW)
    taken: set[_Key | None] = set()
    in_order: list[_Key] = [code for code in renamed if code in then]
    in_order += [code for code in then if code not in renamed]
    for old in in_order:
        code = codes.get(old, old)
        if code in taken:  # it is gone, and another figure has its code now
            codes[old] = None
        elif code is not None and code in unasked:
            if all(getattr(then[old], key) == getattr(now[code], key) for key in alike):
                del unasked[code]
            else:
                unasked[code], codes[old] = Unasked.OTHERWISE, None
        taken.add(code)
    return codes, unasked
