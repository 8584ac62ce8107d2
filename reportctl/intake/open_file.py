"""One returned file: whether it is safe to open, its sheets, the answers in them, the checks."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace

from reportctl.core.files import patiently
from reportctl.core.findings import finding
from reportctl.core.obstacles import to_reading
from reportctl.intake.checks import check, with_severities
from reportctl.intake.job import Context, Job, ReadResult, unread
from reportctl.intake.read import read_workbook
from reportctl.workbooks import safety
from reportctl.workbooks.book import BookError
from reportctl.workbooks.inbox import HEAD, READ_LIMIT
from reportctl.workbooks.open_book import open_book
from reportctl.workbooks.zips import RefusedError, read_member


def digest_of(job: Job) -> str:
    """The hash of the file; empty where it cannot be had."""
    if not job.path.is_file():
        return ""
    try:
        return _content(job)[2]
    except (OSError, RefusedError):
        return ""


def _content(job: Job) -> tuple[bytes, int, str]:
    """The bytes of a file, of a large one only its first, with its whole size and hash.

    Raises `OSError`, and `RefusedError` for what cannot be taken from an archive.
    """
    if job.member:
        data = read_member(job.path, job.member)
        return data, len(data), hashlib.sha256(data).hexdigest()
    with patiently(lambda: job.path.open("rb"), job.path) as handle:
        size = os.fstat(handle.fileno()).st_size
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
        return handle.read() if size <= READ_LIMIT else handle.read(HEAD), size, sha256


def read_one(job: Job, context: Context) -> ReadResult:
    """Read one file in this process: its type, its sheets, its answers, what the checks find of them."""
    try:
        data, size, sha256 = _content(job)
    except OSError as error:
        reason = to_reading(job.path, error).reason
        return unread(job, "", finding("unreadable_file", file=job.name, reason=reason))
    except RefusedError as refused:
        return unread(job, "", replace(refused.finding, file=job.name))
    inspected = safety.inspect(data, job.name, size)
    findings = list(inspected.findings)
    submission = None
    if inspected.readable:
        try:
            book, of_sheets = open_book(inspected, data)
        except (BookError, RefusedError) as refusal:
            findings.append(refusal.finding)
        else:
            submission, of_answers = read_workbook(book, job.name, sha256, context)
            findings += [*of_sheets, *of_answers, *check(submission, context)]
    unit_code = submission.identity.unit if submission else ""
    found = [replace(one, file=job.name, unit=unit_code or None) for one in findings]
    said = with_severities(found, context)
    return ReadResult(job, sha256, submission, tuple(found), tuple(said), inspected.ignored)
