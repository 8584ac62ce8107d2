"""Writing the ledger: submissions in batches, and what follows from all of a quarter as a whole."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportctl.errors import ReportctlError
from reportctl.findings import Finding, details_to_json
from reportctl.language import _
from reportctl.ledger import (
    SCHEMA,
    STATES,
    VERSION,
    Ledger,
    LedgerError,
    SubmissionRecord,
    Value,
    connect,
    is_damage,
    plain_raw,
    quarter_of,
    version_of,
)
from reportctl.period import Quarter
from reportctl.submission import Answer, ListRow

_LARGEST = 2**63 - 1
_FINDING = (
    "INSERT INTO finding (period, submission, position, code, severity, unit, file, sheet, cell, indicator, "
    "value, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission to store, its answers in the form's order. `basis` names all its reading depended on."""

    record: SubmissionRecord
    basis: str
    answers: tuple[Answer, ...] = ()
    rows: tuple[ListRow, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """What the ledger knows of a submission without its answers; `judged` is its own findings' verdict."""

    basis: str
    unit: str | None
    file: str
    received: dt.date
    modified: dt.datetime | None
    judged: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was hashed; `modified` is in nanoseconds."""

    size: int
    modified: int
    sha256: str


class Store:
    """Writes a ledger. Whoever has one holds the workspace's lock, so nobody else writes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.reader = Ledger(connection, str(path))
        self._labels: dict[str, int] = dict(connection.execute("SELECT text, id FROM label"))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside is stored together when it ends, and nothing of it where it fails."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def stored(self, quarter: Quarter | None = None) -> dict[tuple[Quarter, str], Stored]:
        """Every submission, or every one of `quarter`, by quarter and hash."""
        rows = self._connection.execute(
            "SELECT period, sha256, basis, unit, file, received, modified, judged FROM submission "
            "WHERE period GLOB ? ORDER BY period, sha256",
            (str(quarter) if quarter else "*",),
        )
        return {
            (quarter_of(period), sha256): Stored(
                basis,
                unit,
                file,
                dt.date.fromisoformat(received),
                dt.datetime.fromisoformat(modified) if modified else None,
                judged,
            )
            for period, sha256, basis, unit, file, received, modified, judged in rows
        }

    def seen(self) -> dict[str, Seen]:
        """The files hashed before, by path."""
        rows = self._connection.execute("SELECT path, size, modified, sha256 FROM seen")
        return {path: Seen(size, modified, sha256) for path, size, modified, sha256 in rows}

    def remember(self, seen: Mapping[str, Seen], gone: Iterable[str] = ()) -> None:
        """Note the hashes of files, by path, and forget those of files that are `gone`."""
        self._connection.executemany("DELETE FROM seen WHERE path = ?", [(path,) for path in gone])
        self._connection.executemany(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
            [(path, file.size, file.modified, file.sha256) for path, file in seen.items()],
        )

    def put(self, entry: Entry) -> None:
        """Store a submission, in place of what was read from the same bytes before.

        Whether it counts stays as it was until the quarter is settled.
        """
        record = entry.record
        self._connection.execute(
            "INSERT INTO submission (period, sha256, basis, unit, file, received, modified, judged, verdict, "
            "filled, asked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (period, sha256) DO UPDATE "
            "SET counts = counts AND unit IS excluded.unit, basis = excluded.basis, unit = excluded.unit, "
            "file = excluded.file, received = excluded.received, modified = excluded.modified, "
            "judged = excluded.judged, verdict = excluded.verdict, filled = excluded.filled, "
            "asked = excluded.asked",
            (
                str(record.period),
                record.sha256,
                entry.basis,
                record.unit,
                record.file,
                record.received.isoformat(),
                record.modified.isoformat() if record.modified else None,
                record.verdict,
                record.verdict,
                record.filled,
                record.of,
            ),
        )
        self._unsettle(record.period)
        number = self._number(record.period, record.sha256)
        self._clear(number, record.period)
        self._put_answers(number, 0, 0, entry.answers)
        for row in entry.rows:
            self._put_answers(number, self._label(row.list_code), row.number, row.answers)
        self._put_findings(record.period, number, entry.findings)

    def remove(self, quarter: Quarter, sha256: str) -> None:
        """Take a submission out."""
        number = self._number(quarter, sha256)
        self._clear(number, quarter)
        self._unsettle(quarter)
        self._connection.execute("DELETE FROM submission WHERE id = ?", (number,))

    def set_received(self, quarter: Quarter, sha256: str, day: dt.date) -> None:
        """Note another day on which a submission was received."""
        self._unsettle(quarter)
        self._connection.execute(
            "UPDATE submission SET received = ? WHERE period = ? AND sha256 = ?",
            (day.isoformat(), str(quarter), sha256),
        )

    def settle(
        self, quarter: Quarter, counting: Iterable[str], tied: Iterable[str], findings: Iterable[Finding]
    ) -> None:
        """Replace what follows from all of the quarter: which hashes count, which are tied, findings of no
        single file."""
        period = str(quarter)
        execute, many = self._connection.execute, self._connection.executemany
        execute("UPDATE submission SET counts = 0, verdict = judged WHERE period = ?", (period,))
        many(
            "UPDATE submission SET counts = 1 WHERE period = ? AND sha256 = ?",
            [(period, sha256) for sha256 in counting],
        )
        many(
            "UPDATE submission SET verdict = 'rejected' WHERE period = ? AND sha256 = ?",
            [(period, sha256) for sha256 in tied],
        )
        execute("DELETE FROM finding WHERE period = ? AND submission IS NULL", (period,))
        self._put_findings(quarter, None, findings)
        execute("INSERT OR IGNORE INTO settled VALUES (?)", (period,))

    def unsettled(self) -> set[Quarter]:
        """The quarters in which something changed since they were settled."""
        rows = self._connection.execute(
            "SELECT period FROM submission UNION SELECT period FROM finding EXCEPT SELECT period FROM settled"
        )
        return {quarter_of(period) for (period,) in rows}

    def _unsettle(self, quarter: Quarter) -> None:
        self._connection.execute("DELETE FROM settled WHERE period = ?", (str(quarter),))

    def _number(self, quarter: Quarter, sha256: str) -> int:
        sql = "SELECT id FROM submission WHERE period = ? AND sha256 = ?"
        return int(self._connection.execute(sql, (str(quarter), sha256)).fetchone()[0])

    def _clear(self, number: int, quarter: Quarter) -> None:
        self._connection.execute("DELETE FROM answer WHERE submission = ?", (number,))
        self._connection.execute(
            "DELETE FROM finding WHERE period = ? AND submission = ?", (str(quarter), number)
        )

    def _put_answers(self, number: int, of_list: int, row: int, answers: Iterable[Answer]) -> None:
        self._connection.executemany(
            "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    number,
                    of_list,
                    row,
                    position,
                    self._label(answer.code),
                    STATES.index(answer.state),
                    value := _storable(answer.value),
                    None if answer.raw == plain_raw(value) else answer.raw,
                    answer.estimate,
                    self._label(answer.sheet),
                    answer.cell,
                )
                for position, answer in enumerate(answers)
            ],
        )

    def _put_findings(self, quarter: Quarter, number: int | None, findings: Iterable[Finding]) -> None:
        self._connection.executemany(
            _FINDING,
            [
                (
                    str(quarter),
                    number,
                    position,
                    found.code,
                    found.severity,
                    found.unit,
                    found.file,
                    found.sheet,
                    found.cell,
                    found.indicator,
                    found.value,
                    details_to_json(found.details),
                )
                for position, found in enumerate(findings)
            ],
        )

    def _label(self, text: str) -> int:
        number = self._labels.get(text)
        if number is None:
            number = self._connection.execute("INSERT INTO label (text) VALUES (?)", (text,)).lastrowid or 0
            self._labels[text] = number
        return number


def _storable(value: object) -> Value:
    """An answer's value as SQLite keeps it: dates as ISO text, whole numbers beyond 64 bits as fractions."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > _LARGEST:
        return float(value)
    return value if isinstance(value, int | float | str) else None


@contextlib.contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """The ledger at `path` to write to, made anew where there is none that can be used.

    Raises `LedgerError` with `damaged` where the file turns out to be broken later on; it is removed then, so
    that the next attempt makes it anew. `ReportctlError` where it cannot be written.
    """
    connection = None
    try:
        connection = _usable(path)
        yield Store(connection, path)
    except (sqlite3.Error, LedgerError) as error:
        damaged = error.damaged if isinstance(error, LedgerError) else is_damage(error)
        if damaged:
            if connection:
                connection.close()
            _discard(path)
            raise LedgerError(str(path), error.__cause__ or error) from error
        raise ReportctlError(
            _(
                "{path} cannot be written: {reason}. Check the rights of the folder and the room on the disk."
            ).format(path=path, reason=error)
        ) from error
    finally:
        if connection:
            connection.close()


def _usable(path: Path) -> sqlite3.Connection:
    """A connection to the ledger at `path`; a file of another version, or broken, makes way for a new one."""
    connection = connect(path)
    try:
        if _is_new(connection):
            connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        if version_of(connection) == VERSION:
            # Room for a whole transaction: one that outgrew it would shut readers out before it ends.
            connection.execute("PRAGMA cache_size = -65536")
            return connection
    except sqlite3.Error as error:
        connection.close()
        if not is_damage(error):
            raise
    connection.close()
    _discard(path)
    return _usable(path)


def _is_new(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _discard(path: Path) -> None:
    try:
        for file in (path, path.with_name(f"{path.name}-journal")):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise ReportctlError(
            _("{path} is damaged and cannot be removed: {reason}. Close it where it is open.").format(
                path=path, reason=error.strerror
            )
        ) from error
