"""What goes into the ledger of a submission and of a quarter, and what of it comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reportctl.core.findings import Finding
from reportctl.ledger.replacements import Told
from reportctl.ledger.rows import Row, Rows


class Basis(NamedTuple):
    """Texts that change with all that a submission was read by, its answers were checked by and its findings
    were graded by; an empty `read`: it has to be read again."""

    read: str
    checked: str = ""
    graded: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is stored of a file, but for what its receipt says; `filled` of the `asked` questions are
    answered."""

    basis: Basis
    unit: str | None
    modified: dt.datetime | None
    verdict: str
    filled: int = 0
    asked: int = 0
    rows: Rows = Rows()  # noqa: RUF009 - it is immutable


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a submission that stays as it was read is judged to be; `checked` and `graded` as in `Basis`.

    `fullness` says how many of how many questions are answered; twice None, that this stays as it was.
    """

    checked: str
    graded: str
    verdict: str
    fullness: tuple[int, int] | tuple[None, None]
    findings: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the ledger knows of a submission without its answers; `judged` is its own findings' verdict.

    `read` says whether there are answers at all.
    """

    basis: Basis
    unit: str | None
    file: str
    received: dt.date
    modified: dt.datetime | None
    judged: str
    read: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from all of a quarter: which hashes count, which were accepted in spite of their errors,
    `verdicts` of those whose own findings no longer make it, corrections by hash, findings of no single file.

    `basis` and `inbox` name what else it depends on: all but the inbox, and what was seen there.
    """

    counting: Collection[str] = ()
    accepted: Collection[str] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    basis: str = ""
    inbox: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was `found` where a quarter was compared, by which `state` and `basis` (see `Store.compare`); both
    are empty where it was not."""

    state: str
    basis: str
    found: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was hashed; `modified` is in nanoseconds."""

    size: int
    modified: int
    sha256: str
