"""The office's own workbook as it was before anything was filled in: its bytes, and what is printed there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest, read_file
from reportctl.core.language import _
from reportctl.workbooks import safety, xlsx
from reportctl.workbooks.book import Book, BookError


@dataclass(frozen=True, slots=True, eq=False)
class OwnWorkbook:
    """The blank workbook: its content, and what that holds."""

    data: bytes
    book: Book


def read_own_workbook(path: Path, sha256: str) -> OwnWorkbook:
    """The workbook at `path`, whose content is to have the hash `sha256`.

    Raises `ReportctlError` where it cannot be read, or is another one: then nobody knows where answers stand.
    """
    data = read_file(path)
    if digest(data) != sha256:
        raise ReportctlError(
            _(
                "{path} is not the workbook that layout.toml was made from: it was changed since. Put the "
                "old one back, or adopt the new one: reportctl form adopt {name}"
            ).format(path=path, name=path.name)
        )
    inspected = safety.inspect(data, path.name, len(data))
    try:
        if not inspected.readable or inspected.file_type not in ("xlsx", "xlsm"):
            raise BookError(inspected.findings[0])
        book, _findings = xlsx.read_book(inspected.parts)
    except (BookError, IndexError) as error:
        raise ReportctlError(
            _(
                "{path} cannot be read as a workbook (.xlsx). Put the office's own workbook back there."
            ).format(path=path)
        ) from error
    return OwnWorkbook(data, book)
