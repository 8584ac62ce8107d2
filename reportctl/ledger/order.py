"""Submissions of a unit in the order in which they were received."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

_NEVER = dt.datetime(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A submission of `unit`; `key` is its hash, `verdict` what its own findings make of it."""

    key: str
    unit: str
    file: str
    received: dt.date
    modified: dt.datetime | None
    verdict: str

    @property
    def when(self) -> tuple[dt.date, dt.datetime]:
        """What decides which is later; a document that does not say when it was modified is the earliest."""
        modified = self.modified or _NEVER
        if modified.tzinfo:
            modified = modified.astimezone(dt.UTC).replace(tzinfo=None)
        return self.received, modified


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, the latest last; those of the same date by file name."""
    return sorted(candidates, key=lambda c: (c.when, c.file, c.key))
