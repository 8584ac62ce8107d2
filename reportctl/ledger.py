"""The ledger: a SQLite file made from the archive and the decisions, and how it is read.

Text that stands in many rows (codes, names of sheets) is kept once, in `label`. A `list` of 0 is the form
itself. Of a unit's submissions in a quarter at most one counts, which the index `counting` makes certain.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from reportctl.errors import ReportctlError
from reportctl.findings import Finding, Severity, details_from_json
from reportctl.language import _
from reportctl.period import Quarter
from reportctl.submission import State

VERSION = 1
STATES = tuple(State)
SCHEMA = f"""
CREATE TABLE label (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE seen (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE settled (period TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE submission (
    id INTEGER PRIMARY KEY, period TEXT NOT NULL, sha256 TEXT NOT NULL, basis TEXT NOT NULL, unit TEXT,
    file TEXT NOT NULL, received TEXT NOT NULL, modified TEXT, judged TEXT NOT NULL, verdict TEXT NOT NULL,
    counts INTEGER NOT NULL DEFAULT 0, filled INTEGER NOT NULL, asked INTEGER NOT NULL,
    UNIQUE (period, sha256)
);
CREATE UNIQUE INDEX counting ON submission (period, unit) WHERE counts;
CREATE TABLE answer (
    submission INTEGER NOT NULL, list INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
    code INTEGER NOT NULL, state INTEGER NOT NULL, value, raw TEXT, estimate INTEGER NOT NULL,
    sheet INTEGER NOT NULL, cell TEXT NOT NULL,
    PRIMARY KEY (submission, list, number, position)
) WITHOUT ROWID;
CREATE TABLE finding (
    id INTEGER PRIMARY KEY, period TEXT NOT NULL, submission INTEGER, position INTEGER NOT NULL,
    code TEXT NOT NULL, severity TEXT NOT NULL, unit TEXT, file TEXT, sheet TEXT, cell TEXT, indicator TEXT,
    value TEXT, details TEXT NOT NULL
);
CREATE INDEX finding_of ON finding (period, submission);
PRAGMA user_version = {VERSION};
"""
BUSY_SECONDS = 30.0

Value = int | float | str | None


class LedgerError(ReportctlError):
    """A ledger that cannot be read; `damaged`: the file is broken and has to be made again."""

    def __init__(self, path: str, error: BaseException) -> None:
        self.damaged = is_damage(error)
        super().__init__(
            _("The ledger {path} cannot be read ({reason}). Run: reportctl merge").format(
                path=path, reason=error
            )
        )


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """A submission as stored: `verdict` is "accepted", "warned", "rejected" or "ignored".

    `filled` says how many of the `of` questions asked of its unit are answered.
    """

    period: Quarter
    unit: str | None
    file: str
    sha256: str
    received: dt.date
    modified: dt.datetime | None
    verdict: str
    counts: bool
    filled: int
    of: int


@dataclass(frozen=True, slots=True)
class ValueRecord:
    """An answer of a submission that counts, with the cell it stands in. Dates are ISO text."""

    period: Quarter
    unit: str
    code: str
    state: State
    value: Value
    raw: str
    estimate: bool
    file: str
    sheet: str
    cell: str
    sha256: str
    received: dt.date
    by: str  # "file", "correction" or "import"


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A row of a list in a submission that counts: its values by column; `cell` is the row's first one."""

    period: Quarter
    unit: str
    list_code: str
    number: int
    values: dict[str, Value]
    file: str
    sheet: str
    cell: str


class Ledger:
    """Reads a ledger. Every answer is of one instant; a merge under way is not waited for."""

    def __init__(self, connection: sqlite3.Connection, path: str = "") -> None:
        self._connection = connection
        self._path = path

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters of which there is a submission, oldest first."""
        rows = self._rows("SELECT DISTINCT period FROM submission ORDER BY period")
        return tuple(quarter_of(period) for (period,) in rows)

    def submissions(self, quarter: Quarter) -> list[SubmissionRecord]:
        """Every submission of the quarter, by file name."""
        rows = self._rows(
            "SELECT unit, file, sha256, received, modified, verdict, counts, filled, asked FROM submission "
            "WHERE period = ? ORDER BY file, sha256",
            str(quarter),
        )
        return [
            SubmissionRecord(
                quarter,
                unit,
                file,
                sha256,
                dt.date.fromisoformat(received),
                dt.datetime.fromisoformat(modified) if modified else None,
                verdict,
                bool(counts),
                filled,
                of,
            )
            for unit, file, sha256, received, modified, verdict, counts, filled, of in rows
        ]

    def findings(self, quarter: Quarter) -> list[Finding]:
        """Every finding of the quarter: by file, then by its place in the workbook; those of no file last."""
        rows = self._rows(
            "SELECT f.code, f.severity, f.unit, f.file, f.sheet, f.cell, f.indicator, f.value, f.details "
            "FROM finding f LEFT JOIN submission s ON s.id = f.submission WHERE f.period = ? "
            "ORDER BY f.file IS NULL, f.file, f.submission IS NULL, s.sha256, f.position",
            str(quarter),
        )
        return [
            Finding(
                code, Severity(severity), unit, file, sheet, cell, indicator, value, details_from_json(more)
            )
            for code, severity, unit, file, sheet, cell, indicator, value, more in rows
        ]

    def numbers(self, quarters: Sequence[Quarter]) -> list[tuple[str, str, str, float | None, bool]]:
        """(period, unit, code, number, estimate) of the submissions that count, in the form's order.

        The number is None where the question does not apply; missing and invalid answers are left out.
        """
        labels = self._labels()
        rows = self._counting_answers(
            "s.period, s.unit, a.code, a.value, a.estimate",
            quarters,
            "a.list = 0 AND (a.state = ? OR a.state = ? AND typeof(a.value) IN ('integer', 'real'))",
            (STATES.index(State.NOT_APPLICABLE), STATES.index(State.VALUE)),
        )
        return [
            (period, unit, labels[code], number, bool(estimate))
            for period, unit, code, number, estimate in rows
        ]

    def values(
        self, quarters: Sequence[Quarter], *, code: str | None = None, unit: str | None = None
    ) -> list[ValueRecord]:
        """Every answer of the submissions that count, by period, unit and the form's order."""
        labels = self._labels()
        only, given = ["a.list = 0"], []
        if code is not None:
            only.append("a.code = (SELECT id FROM label WHERE text = ?)")
            given.append(code)
        if unit is not None:
            only.append("s.unit = ?")
            given.append(unit)
        rows = self._counting_answers(
            "s.period, s.unit, a.code, a.state, a.value, a.raw, a.estimate, s.file, a.sheet, a.cell, "
            "s.sha256, s.received",
            quarters,
            " AND ".join(only),
            given,
        )
        return [_value_record(row, labels) for row in rows]

    def list_rows(self, quarters: Sequence[Quarter], list_code: str) -> list[ListRecord]:
        """The rows of a list in the submissions that count, by period, unit and place in the sheet."""
        labels = self._labels()
        rows = self._counting_answers(
            "s.period, s.unit, a.number, a.code, a.value, s.file, a.sheet, a.cell",
            quarters,
            "a.list = (SELECT id FROM label WHERE text = ?)",
            (list_code,),
        )
        found: dict[tuple[str, str, int], ListRecord] = {}
        for period, unit, number, code, value, file, sheet, cell in rows:
            record = found.setdefault(
                (period, unit, number),
                ListRecord(quarter_of(period), unit, list_code, number, {}, file, labels[sheet], cell),
            )
            record.values[labels[code]] = value
        return list(found.values())

    def _counting_answers(
        self, columns: str, quarters: Sequence[Quarter], only: str, given: Iterable[object]
    ) -> Iterator[tuple[Any, ...]]:
        # CROSS JOIN keeps the submissions outermost, so that both indices give the order: nothing is sorted.
        sql = (
            f"SELECT {columns} FROM submission s CROSS JOIN answer a ON a.submission = s.id "  # noqa: S608
            f"WHERE s.period = ? AND s.counts AND {only} "
            "ORDER BY s.period, s.unit, s.id, a.list, a.number, a.position"
        )
        given = tuple(given)
        for quarter in sorted(set(quarters)):
            yield from self._rows(sql, str(quarter), *given)

    def _labels(self) -> dict[int, str]:
        return dict(self._rows("SELECT id, text FROM label"))

    def _rows(self, sql: str, *given: object) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, given).fetchall()
        except sqlite3.DatabaseError as error:
            raise LedgerError(self._path, error) from error


def _value_record(row: tuple[Any, ...], labels: dict[int, str]) -> ValueRecord:
    period, unit, code, state, value, raw, estimate, file, sheet, cell, sha256, received = row
    return ValueRecord(
        period=quarter_of(period),
        unit=unit,
        code=labels[code],
        state=STATES[state],
        value=value,
        raw=plain_raw(value) if raw is None else raw,
        estimate=bool(estimate),
        file=file,
        sheet=labels[sheet],
        cell=cell,
        sha256=sha256,
        received=dt.date.fromisoformat(received),
        by="file",
    )


def plain_raw(value: Value) -> str:
    """What is nearly always typed for `value`; where it was, the ledger does not repeat it."""
    return "" if value is None else str(value)


def quarter_of(text: str) -> Quarter:
    """The quarter that its canonical spelling names."""
    return Quarter(int(text[:4]), int(text[6]))


def open_ledger(path: Path) -> Ledger:
    """The ledger at `path` to read from; a missing or empty file reads as an empty ledger.

    Raises `ReportctlError` where another version of the program wrote it, or where it is damaged.
    """
    try:
        if not path.exists() or not path.stat().st_size:
            return Ledger(_empty())
        connection = connect(path)
        with contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            version = version_of(connection)
            if version == VERSION:
                connection.execute("PRAGMA query_only = ON")
                stack.pop_all()
                return Ledger(connection, str(path))
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(str(path), error) from error
    if version == 0:
        return Ledger(_empty())
    raise ReportctlError(
        _("{path} was made by another version of reportctl. Run: reportctl merge").format(path=path)
    )


def connect(path: Path) -> sqlite3.Connection:
    """A connection in which every statement stands alone unless a transaction is begun."""
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


def is_damage(error: BaseException) -> bool:
    """Whether `error` says that the file is broken, or no database at all."""
    code = getattr(error, "sqlite_errorcode", None)
    # The low byte is the kind of error, the others its detail.
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def version_of(connection: sqlite3.Connection) -> int:
    """The schema's version; 0 where there is none yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    return connection
