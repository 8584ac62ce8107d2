"""What an earlier quarter's form asked of the figures of another one: under which codes, and what it did not
ask, or asked as something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reportctl.form.model import Form, Indicator

# What makes another figure of one with the same code: figures of then are no figures of now.
ASKED_AS = ("type", "unit_of_measure", "over_units", "cumulative")


class Unasked(StrEnum):
    """Why a quarter can have no figure, whoever reported."""

    NEW = "not_asked"  # its form did not have it
    OTHERWISE = "asked_otherwise"  # its form asked it in another unit of measure, as another type, …


@dataclass(frozen=True, slots=True)
class AskedThen:
    """How a quarter's form stands to another one.

    `codes` are those of now by those of then, as far as they differ; None: what was answered is no answer to
    the question of now. `unasked` goes by the codes of now.
    """

    codes: Mapping[str, str | None] = field(default_factory=dict)
    unasked: Mapping[str, Unasked] = field(default_factory=dict)


def asked_then(then: Form | None, later: Sequence[Form]) -> AskedThen:
    """How the form of `then` stands to the last of the `later` ones, which came after it one by one: what one
    of them renamed (`was`) is followed. Of a quarter whose form is not known (None) only that is said."""
    now = later[-1]
    codes: dict[str, str | None] = {
        old: code for old, code in _renamed(later).items() if code in now.indicators
    }
    if then is None:
        return AskedThen(codes)
    unasked = {code: Unasked.NEW for code, one in now.indicators.items() if not one.computed}
    taken = {codes[old] for old in then.indicators if old in codes}
    for old, question in then.indicators.items():
        code = codes.get(old, old)
        if old in taken and old not in codes:  # it is gone, and another figure has its code now
            codes[old] = None
        elif code in unasked:
            if _asked_alike(question, now.indicators[code]):
                del unasked[code]
            else:
                unasked[code], codes[old] = Unasked.OTHERWISE, None
    return AskedThen(codes, unasked)


def _renamed(forms: Sequence[Form]) -> dict[str, str]:
    """What every code became that one of these forms, in their order, renamed."""
    found: dict[str, str] = {}
    for form in forms:
        found = {old: form.renamed.get(code, code) for old, code in found.items()} | form.renamed
    return found


def _asked_alike(then: Indicator, now: Indicator) -> bool:
    return all(getattr(then, key) == getattr(now, key) for key in ASKED_AS)
