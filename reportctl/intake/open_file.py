"""Opening a returned file: package, book, intake and checks, one after the other."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from dataclasses import dataclass

from reportctl.core.cellrefs import column_name
from reportctl.core.findings import Finding, finding
from reportctl.intake.checks import check, with_severities
from reportctl.intake.job import Context, Job, ReadResult, unread
from reportctl.intake.read import read_workbook
from reportctl.workbooks import ods, safety, xlsx
from reportctl.workbooks.book import Book, BookError
from reportctl.workbooks.parts import TEXT_LIMIT, too_long
from reportctl.workbooks.zips import RefusedError, read_member

READ_LIMIT = 100 * 2**20  # of a larger file only the beginning is looked at
_HEAD = 2**16


def digest_of(job: Job) -> str:
    """The hash of the file; empty where it cannot be had."""
    if not job.path.is_file():
        return ""
    try:
        return _content(job).sha256
    except (OSError, RefusedError):
        return ""


@dataclass(frozen=True, slots=True)
class _Content:
    """The bytes of a file, of a large one only its first, with its whole size and hash."""

    data: bytes
    size: int
    sha256: str


def _content(job: Job) -> _Content:
    """Raises `OSError`, and `RefusedError` for what cannot be taken from an archive."""
    if job.member:
        data = read_member(job.path, job.member)
        return _Content(data, len(data), hashlib.sha256(data).hexdigest())
    with job.path.open("rb") as handle:
        size = os.fstat(handle.fileno()).st_size
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
        return _Content(handle.read() if size <= READ_LIMIT else handle.read(_HEAD), size, sha256)


def read_one(job: Job, context: Context) -> ReadResult:
    """Read one file in this process: package, book, intake, checks."""
    try:
        content = _content(job)
    except OSError as error:
        reason = error.strerror or str(error)
        return unread(job, "", finding("unreadable_file", file=job.name, reason=reason))
    except RefusedError as refused:
        return unread(job, "", dataclasses.replace(refused.finding, file=job.name))
    inspected = safety.inspect(content.data, job.name, content.size)
    findings = list(inspected.findings)
    submission = None
    if inspected.readable:
        try:
            opened, doubts = _open(inspected, content.data)
        except (BookError, RefusedError) as refusal:
            findings.append(refusal.finding)
        else:
            submission, intake = read_workbook(opened, job.name, content.sha256, context)
            findings += [*doubts, *intake, *check(submission, context)]
    unit_code = submission.identity.unit if submission else ""
    found = [dataclasses.replace(one, file=job.name, unit=unit_code or None) for one in findings]
    said = with_severities(found, context)
    return ReadResult(job, content.sha256, submission, tuple(found), tuple(said), inspected.ignored)


def _open(inspected: safety.Inspected, data: bytes) -> tuple[Book, list[Finding]]:
    """The workbook, and what is said of its sheets. Raises `BookError`, `RefusedError`."""
    match inspected.file_type:
        case "xls":
            from reportctl.workbooks import xls  # xlrd takes as long to import as all the rest of this module

            return _within_bounds(xls.read_book(data)), []
        case "ods":
            return _within_bounds(ods.read_book(inspected.parts)), []
    return xlsx.read_book(inspected.parts)


def _within_bounds(book: Book) -> Book:
    """The `book`. Raises `RefusedError` where a text is too long; those of .xlsx are measured beforehand."""
    for sheet in book.sheets:
        for row, cells in enumerate(sheet.rows):
            for column, raw in enumerate(cells):
                if isinstance(raw, str) and len(raw) > TEXT_LIMIT:
                    raise too_long(raw, sheet=sheet.name, cell=f"{column_name(column)}{row + 1}")
    return book
