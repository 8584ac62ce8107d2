"""The forms that quarters were asked with, as the archive keeps them, and how they stand to another one."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.period import Quarter
from reportctl.form.asked_then import AskedThen, asked_then
from reportctl.form.divided import Divided
from reportctl.form.form_file import load_form
from reportctl.form.model import Form
from reportctl.ledger.archive import kept_form

_FINGERPRINT = re.compile("[0-9a-f]{12}")


def is_fingerprint(text: str) -> bool:
    """Whether this may be a version's fingerprint: what a workbook says of itself may be anything."""
    return _FINGERPRINT.fullmatch(text) is not None


def form_at(path: Path) -> Form | None:
    """The form that is kept at `path`; None where there is none, or this version of the program cannot read
    it."""
    return _read(path) if path.is_file() else None


@functools.lru_cache(maxsize=64)
def _read(path: Path) -> Form | None:
    try:
        return load_form(path, kept=True)
    except ReportctlError:
        return None


def kept_forms(archive: Path) -> Iterator[Form]:
    """Every form that the archive keeps and that can be read."""
    for path in sorted((archive / "forms").glob("*.toml")):
        if form := form_at(path):
            yield form


def forms_between(archive: Path, one_by_one: Sequence[str], first: str, last: str) -> tuple[Form, ...] | None:
    """The forms that were in force after the `first` and before the `last`, as far as the archive keeps them,
    of the fingerprints `one_by_one`; None where the first is not known to have come before the last.

    A `last` that is not among them came after all.
    """
    if first not in one_by_one:
        return None
    after = [*one_by_one[one_by_one.index(first) + 1 :]]
    if last in one_by_one and last not in after:
        return None
    until = after[: after.index(last)] if last in after else after
    own = [one for at, one in enumerate(until) if one not in (first, *until[at + 1 :])]
    return tuple(form for one in own if (form := form_at(kept_form(archive, one))))


@dataclass(frozen=True)
class Versions:
    """How the form of each quarter stands to `form`. `used` are their fingerprints; one that is not in the
    `archive` any more says nothing."""

    form: Form
    archive: Path | None
    used: Mapping[Quarter, str]
    _found: dict[Quarter, AskedThen] = field(default_factory=dict, compare=False)
    _divided: dict[str, tuple[Divided, ...]] = field(default_factory=dict, compare=False)

    def then(self, quarter: Quarter) -> AskedThen:
        """How the form of the quarter stands to `form`."""
        if quarter not in self._found:
            own = self.used.get(quarter)
            then = self.form if own == self.form.fingerprint else self._kept(own)
            self._found[quarter] = asked_then(then, (*self._between(quarter), self.form))
        return self._found[quarter]

    def divided_by(self, fingerprint: str) -> tuple[Divided, ...]:
        """The figures of `form` that its version with this fingerprint makes of other parts; the text may be
        anything."""
        if fingerprint not in self._divided:
            known = is_fingerprint(fingerprint) and fingerprint != self.form.fingerprint
            version = self._kept(fingerprint) if known else None
            self._divided[fingerprint] = asked_then(version, (self.form,)).divided
        return self._divided[fingerprint]

    def _between(self, quarter: Quarter) -> Iterator[Form]:
        """The forms of later quarters one by one, before `form` itself was used."""
        last = self.used.get(quarter)
        for _quarter, fingerprint in sorted(one for one in self.used.items() if one[0] > quarter):
            if fingerprint == self.form.fingerprint:
                return
            if fingerprint != last and (form := self._kept(fingerprint)):
                yield form
            last = fingerprint

    def _kept(self, fingerprint: str | None) -> Form | None:
        return form_at(kept_form(self.archive, fingerprint)) if self.archive and fingerprint else None
