"""Rows of a small table that people keep in a spreadsheet program: `units.csv`, `plan.csv`."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from reportctl.errors import ReportctlError
from reportctl.language import _


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its line in the file and its fields by column name, stripped and in composed letters (NFC)."""

    line: int
    fields: dict[str, str]

    def get(self, column: str) -> str:
        """The field under `column`, empty where the file has no such column."""
        return self.fields.get(column, "")


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A mistake in such a file, at its line and column."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return _("line {line}, column {column}: {message}").format(
            line=self.line, column=self.column, message=self.message
        )


class RecordsError(ReportctlError):
    """A file that cannot be used; `problems` are all its mistakes."""

    def __init__(self, path: Path, problems: list[RecordProblem]) -> None:
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            _("{path} cannot be used; put right what stands below and try again:\n{problems}").format(
                path=path.name, problems=lines
            )
        )


def decode(data: bytes) -> str:
    """Text in any encoding in which Excel saves CSV: UTF-8 with or without a mark, UTF-16, Windows-1258.

    Windows-1258 keeps tone marks apart from their letters; the result is composed (NFC) in any case.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return unicodedata.normalize("NFC", data.decode("utf-16"))
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))


def read_records(path: Path, columns: tuple[str, ...]) -> list[Record]:
    """The rows of the CSV file `path`, separated by commas or semicolons; empty rows are left out.

    Raises `ReportctlError` where the file cannot be read or lacks one of `columns`.
    """
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise ReportctlError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror)
        ) from error
    header, _end, _rest = text.partition("\n")
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names = [name.strip().lower() for name in next(reader, [])]
    missing = [column for column in columns if column not in names]
    if missing:
        raise RecordsError(
            path, [RecordProblem(1, column, _("there is no such column")) for column in missing]
        )
    records = []
    for row in reader:
        fields = dict(zip(names, (field.strip() for field in row), strict=False))
        if any(fields.values()):
            records.append(Record(reader.line_num, fields))
    return records
