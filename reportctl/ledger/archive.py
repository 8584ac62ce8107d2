"""What must never be lost: originals by their hash, forms and lists of units, and `decisions.csv`."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePath

from reportctl.core.csv_lines import read_day
from reportctl.core.errors import ReportctlError, cannot_read
from reportctl.core.files import (
    cannot_write,
    digest,
    patiently,
    read_bytes,
    read_file,
    refuse_endless,
    write_atomic,
)
from reportctl.core.language import _
from reportctl.core.letters import decoded
from reportctl.core.period import Quarter, read_period
from reportctl.ledger.decision_rows import DecisionRows, added, ending, read_rows

RECEIVED, WITHDRAWN, FORM = "received", "withdrawn", "form"
ACCEPTED, CORRECTED, CLOSED, REOPENED = "accepted", "corrected", "closed", "reopened"
NAMED = "named"

_LISTS = 5  # of units, that are looked at for codes of before

_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of `decisions.csv`: what `who` decided at `when`, all as text.

    `received`: the file with these bytes came for `period` on the day `received`; `value` is "named" where
    it was named on the command line and does not lie in the inbox. `withdrawn`: people took a file that
    could not count out of the inbox. `form`: in `period` the form with the fingerprint `value` is in force.
    `accepted`: the submission with these bytes is taken in spite of its errors. `corrected`: its answer to
    `code` is `value`. `closed`: the figures of `period` are those in the file with these bytes; `reopened`:
    they no longer are.
    """

    when: str
    who: str
    action: str
    period: str = ""
    unit: str = ""
    code: str = ""
    value: str = ""
    sha256: str = ""
    file: str = ""
    received: str = ""
    why: str = ""


def decided(who: str, action: str, quarter: Quarter, **fields: str) -> Decision:
    """A decision about `quarter` made now; `fields` are further columns."""
    now = dt.datetime.now().isoformat(timespec="seconds")
    return Decision(now, who, action, str(quarter), **fields)


COLUMNS = tuple(field.name for field in fields(Decision))
_MARK = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
_HEAD = _MARK + (",".join(COLUMNS) + "\r\n").encode()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A file that was received: for which quarter, under which name, on which day."""

    quarter: Quarter
    sha256: str
    file: str
    received: dt.date
    named: bool = False


def original(archive: Path, sha256: str, file: str) -> Path:
    """The path of the original with the hash `sha256` that came as `file`, whether it exists or not."""
    extension = PurePath(file).suffix.lower()
    if not _EXTENSION.fullmatch(extension):
        extension = ""
    return archive / "files" / sha256[:2] / f"{sha256}{extension}"


def kept_original(archive: Path, sha256: str) -> Path | None:
    """The path of the original with the hash `sha256`, whatever its extension; None where it is not kept."""
    return next(iter(sorted((archive / "files" / sha256[:2]).glob(f"{sha256}*"))), None)


def keep_original(archive: Path, sha256: str, file: str, data: bytes) -> None:
    """Keep the bytes `data`; nothing is written where they are kept already, unaltered."""
    path = original(archive, sha256, file)
    if not is_kept(path, sha256):
        write_atomic(path, data)


def is_kept(path: Path, sha256: str) -> bool:
    """Whether at `path` stands the original with the hash `sha256`, as it came."""
    try:
        refuse_endless(path)
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest() == sha256
    except OSError:  # it is not there; who cannot read it is told so where it has to be read
        return path.exists()


def kept_form(archive: Path, fingerprint: str) -> Path:
    """The path of the form with this fingerprint, whether it exists or not."""
    return archive / "forms" / f"{fingerprint}.toml"


def keep_form_and_units(archive: Path, form: Path, fingerprint: str, units: Path) -> None:
    """Keep the form's file by the form's fingerprint and the list of units by the hash of its file.

    Raises `ReportctlError` where one of them cannot be read or written.
    """
    _keep(kept_form(archive, fingerprint), read_file(form))
    data = read_file(units)
    _keep(archive / "units" / f"{digest(data)[:12]}{units.suffix.lower()}", data)


def kept_lists(archive: Path) -> list[Path]:
    """The lists of units that were in use last, the newest of them first."""
    found = [path for path in (archive / "units").glob("*.*") if path.is_file()]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[:_LISTS]


def _keep(path: Path, data: bytes) -> None:
    if not path.exists():
        write_atomic(path, data)


def read_decisions(path: Path) -> list[Decision]:
    """All rows of `decisions.csv`, in order; none where there is no such file.

    A row that a killed run left half-written is passed over, and so are those that cannot be understood. The
    file may have been saved by a spreadsheet program since. Raises `ReportctlError` where it cannot be read.
    """
    return [Decision(**row) for row in decision_rows(path).rows]


def decision_rows(path: Path) -> DecisionRows:
    """What stands in `decisions.csv`, with what is unclear there. Raises `ReportctlError`."""
    try:
        data = read_bytes(path)
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise cannot_read(path, error) from error
    return _rows(path, decoded(data))


def _rows(path: Path, text: str) -> DecisionRows:
    found = read_rows(text, COLUMNS) if text else DecisionRows(COLUMNS, ",")
    if found is None:
        raise ReportctlError(
            _("The first line of {path} must name its columns: {columns}. Put it back and try again.").format(
                path=path, columns=",".join(COLUMNS)
            )
        )
    return found


def decisions_hash(path: Path) -> str:
    """A hash of `decisions.csv`; empty where there is no such file.

    Raises `ReportctlError` where it cannot be read.
    """
    try:
        return digest(read_bytes(path))
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise cannot_read(path, error) from error


def holds_anything(archive: Path) -> bool:
    """Whether an original is kept."""
    return any(path.is_file() for path in (archive / "files").glob("*/*"))


def add_decisions(path: Path, decisions: Sequence[Decision]) -> None:
    """Append rows to `decisions.csv`; when this returns they are on the disk.

    One in another encoding than ours becomes UTF-8, line for line, and is kept in the archive as it was.
    Raises `ReportctlError` where the file cannot be written.
    """
    if not decisions:
        return
    try:
        present = read_bytes(path) if path.exists() else b""
        ours = present.startswith(_HEAD) and present.endswith(b"\n")  # then its rows need not be read
        text = "" if ours else decoded(present)
        there = DecisionRows(COLUMNS, ",") if ours else _rows(path, text)
        new = ending(there, text) + added(there, [asdict(decision) for decision in decisions])
        if not (ours or text):
            write_atomic(path, _HEAD + new.encode())
            return
        if not present.startswith(_MARK):
            _keep(path.parent / "archive" / "decisions" / f"{digest(present)[:12]}.csv", present)
            write_atomic(path, _MARK + (text + new).encode())
            return
        with patiently(lambda: path.open("ab"), path, os.W_OK) as handle:
            handle.write(new.encode())
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise cannot_write(path, error) from error


def receipts(decisions: Iterable[Decision]) -> dict[tuple[Quarter, str], Receipt]:
    """Every file received and not withdrawn, by quarter and hash; its last row says its name and day."""
    found: dict[tuple[Quarter, str], Receipt] = {}
    for row in decisions:
        quarter = read_period(row.period)
        if row.action not in (RECEIVED, WITHDRAWN) or not isinstance(quarter, Quarter):
            continue
        if row.action == WITHDRAWN:
            found.pop((quarter, row.sha256), None)
        elif row.received and _SHA256.fullmatch(row.sha256):
            found[quarter, row.sha256] = Receipt(quarter, row.sha256, row.file, _day(row), row.value == NAMED)
    return found


def forms_used(decisions: Iterable[Decision]) -> dict[Quarter, str]:
    """The fingerprint of the form that was in force last in each quarter."""
    found = {}
    for row in decisions:
        quarter = read_period(row.period)
        if row.action == FORM and row.value and isinstance(quarter, Quarter):
            found[quarter] = row.value
    return found


def forms_one_by_one(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """The fingerprints of the forms that were in force, by quarter and as they came within it."""
    found = [
        (quarter, row.value)
        for row in decisions
        if row.action == FORM and row.value and isinstance(quarter := read_period(row.period), Quarter)
    ]
    return tuple(fingerprint for _quarter, fingerprint in sorted(found, key=lambda one: one[0]))


def _day(row: Decision) -> dt.date:
    if day := read_day(row.received):
        return day
    raise ReportctlError(
        _(
            "decisions.csv: “{value}” in the row of {file} ({when}) is not a date. "
            "Write it as 2024-03-20 and try again."
        ).format(value=row.received, file=row.file, when=row.when)
    )
