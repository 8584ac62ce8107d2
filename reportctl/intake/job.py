"""Returned files: one to read, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportctl.core.findings import Finding
from reportctl.form.submission import Submission


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
class Read:
    """What became of a file. `ignored`: it is no workbook at all, so nothing is expected of it.

    `sha256` is empty where the file could not be opened; `submission` is None where there was none to read.
    `found` is all that was found of it, `findings` what of that is said here, as `grading.graded`.
    """

    job: Job
    sha256: str
    submission: Submission | None
    found: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    ignored: bool = False


def unread(job: Job, sha256: str, found: Finding) -> Read:
    """What became of a file of which nothing was read."""
    return Read(job, sha256, None, (found,), (found,))
