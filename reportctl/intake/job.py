"""Returned files: one to read, and what became of it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reportctl.core.findings import Finding, Severities
from reportctl.core.period import Quarter, Window
from reportctl.form.model import Form
from reportctl.form.submission import Submission
from reportctl.workbooks.book import Book
from reportctl.workspace.units import Roster, Unit

if TYPE_CHECKING:
    from reportctl.intake.laid_over import Printed


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read; `name` is how people know it, `member` which one of the .zip archive `path` it is.

    `sha256` is the hash that its bytes should have, empty where that is not known.
    """

    path: Path
    name: str
    member: str | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What became of a file. `ignored`: it is no workbook at all, so nothing is expected of it.

    `sha256` is empty where the file could not be opened; `submission` is None where there was none to read.
    `found` is all that was found of it, `findings` what of that is said here, as `checks.with_severities`.
    """

    job: Job
    sha256: str
    submission: Submission | None
    found: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    ignored: bool = False


def unread(job: Job, sha256: str, found: Finding) -> ReadResult:
    """What became of a file of which nothing was read."""
    return ReadResult(job, sha256, None, (found,), (found,))


@dataclass(frozen=True)
class Context:
    """What files are read against; `day` is the last of the quarter's data window, `dash` as for cells.

    `severities` are those that the office has set for findings; `archive` is the folder in which other
    versions of the form are kept, None where workbooks of all versions are read by this one. `blank` is the
    office's own workbook that was sent out, None where the program made it. `one_by_one` are the fingerprints
    of the forms that were in force, in the order in which they were.
    """

    form: Form
    roster: Roster
    quarter: Quarter
    day: dt.date
    dash: str = "zero"
    severities: Severities = field(default_factory=dict)
    archive: Path | None = None
    blank: Book | None = None
    one_by_one: tuple[str, ...] = ()

    @functools.cached_property
    def units(self) -> Mapping[str, Unit]:
        """The units that report, by code."""
        return self.roster.on(self.day)

    @functools.cached_property
    def printed(self) -> Mapping[str, Printed]:
        """What is printed on the sheets of the office's own workbook; nothing where there is none."""
        addresses = self.form.addresses
        if not (self.blank and addresses):
            return {}
        from reportctl.intake.laid_over import printed_on  # most offices have no workbook of their own

        return printed_on(self.blank, addresses)

    @functools.cached_property
    def window(self) -> Window:
        """The data window that ends on its day."""
        windows = (self.quarter.window(rule) for rule in ("decree", "calendar"))
        return next((one for one in windows if one.last == self.day), self.quarter.window())
