"""The ledger's file: what tables it has, connecting to it, making it anew where it cannot be used.

Text that stands in many rows (codes, names of sheets) is kept once, in `label`. A `list` of 0 is the form
itself. Of a unit's submissions in a quarter at most one counts, which the index `counting` makes certain.

`told` stands in answers that were corrected by telephone; what the file says there is in `overruled`.
`frozen` holds the figures of closed and imported quarters, whose files `frozen_from` names; the unit of the
province's own figures is empty.

What a submission's reading depended on is its `basis`; what its checks and the grades of its findings did,
`checked` and `graded`. A finding's `severity` is its grade, NULL where it is not said; `found` is that of its
kind, or rule, by itself.

`settled` says what a quarter's settling depended on (no `basis`, once something has changed since), and with
`compared` what its comparison with earlier quarters and between units did, `compared_by` without its files;
the submissions that counted then are `compared`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _

VERSION = 5
_ANSWER = """
    submission INTEGER NOT NULL, list INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
    code INTEGER NOT NULL, state INTEGER NOT NULL, value, raw TEXT, estimate INTEGER NOT NULL,
    sheet INTEGER NOT NULL, cell TEXT NOT NULL, told TEXT, told_on TEXT,
    PRIMARY KEY (submission, list, number, position)
"""
SCHEMA = f"""
CREATE TABLE label (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE seen (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE settled (
    period TEXT PRIMARY KEY, basis TEXT, inbox TEXT NOT NULL,
    compared TEXT NOT NULL, compared_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE submission (
    id INTEGER PRIMARY KEY, period TEXT NOT NULL, sha256 TEXT NOT NULL, basis TEXT NOT NULL,
    checked TEXT NOT NULL, graded TEXT NOT NULL, unit TEXT, file TEXT NOT NULL, received TEXT NOT NULL,
    modified TEXT, judged TEXT NOT NULL, verdict TEXT NOT NULL,
    counts INTEGER NOT NULL DEFAULT 0, accepted INTEGER NOT NULL DEFAULT 0, filled INTEGER NOT NULL,
    asked INTEGER NOT NULL, read INTEGER NOT NULL, compared INTEGER NOT NULL DEFAULT 0,
    UNIQUE (period, sha256)
);
CREATE UNIQUE INDEX counting ON submission (period, unit) WHERE counts;
CREATE TABLE answer ({_ANSWER}) WITHOUT ROWID;
CREATE TABLE overruled ({_ANSWER}) WITHOUT ROWID;
CREATE TABLE finding (
    id INTEGER PRIMARY KEY, period TEXT NOT NULL, submission INTEGER, position INTEGER NOT NULL,
    code TEXT NOT NULL, severity TEXT, found TEXT NOT NULL, unit TEXT, file TEXT, sheet TEXT, cell TEXT,
    indicator TEXT, value TEXT, details TEXT NOT NULL, overruled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX finding_of ON finding (period, submission);
CREATE TABLE frozen (
    period TEXT NOT NULL, unit TEXT NOT NULL, list INTEGER NOT NULL, number INTEGER NOT NULL,
    position INTEGER NOT NULL, code INTEGER NOT NULL, state INTEGER NOT NULL, value, raw TEXT,
    estimate INTEGER NOT NULL, file TEXT NOT NULL, sheet INTEGER NOT NULL, cell TEXT NOT NULL,
    sha256 TEXT NOT NULL, received TEXT NOT NULL, by TEXT NOT NULL,
    PRIMARY KEY (period, unit, list, number, position)
) WITHOUT ROWID;
CREATE TABLE frozen_from (
    period TEXT PRIMARY KEY, sha256 TEXT NOT NULL, closed INTEGER NOT NULL
) WITHOUT ROWID;
-- CROSS JOIN keeps the submissions outermost, so that both indices give the order: nothing is sorted.
CREATE VIEW counted AS SELECT
    s.id, s.period, s.unit, a.list, a.number, a.position, a.code, a.state, a.value, a.raw, a.estimate,
    coalesce(a.told, s.file) AS file, a.sheet, a.cell, s.sha256, coalesce(a.told_on, s.received) AS received,
    CASE WHEN a.told IS NULL THEN 'file' ELSE 'correction' END AS by
    FROM submission s CROSS JOIN answer a ON a.submission = s.id WHERE s.counts;
PRAGMA user_version = {VERSION};
"""  # noqa: S608
BUSY_SECONDS = 30.0


def connect(path: Path) -> sqlite3.Connection:
    """A connection in which every statement stands alone unless a transaction is begun."""
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


def empty() -> sqlite3.Connection:
    """A ledger in which nothing stands."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    return connection


def version_of(connection: sqlite3.Connection) -> int:
    """The schema's version; 0 where there is none yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_damage(error: BaseException) -> bool:
    """Whether `error` says that the file is broken, or no database at all."""
    code = getattr(error, "sqlite_errorcode", None)
    # The low byte is the kind of error, the others its detail.
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def usable(path: Path) -> sqlite3.Connection:
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
    discard(path)
    return usable(path)


def _is_new(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def discard(path: Path) -> None:
    """Remove the ledger at `path`. Raises `ReportctlError` where that cannot be done."""
    try:
        for file in (path, path.with_name(f"{path.name}-journal")):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise ReportctlError(
            _("{path} is damaged and cannot be removed: {reason}. Close it where it is open.").format(
                path=path, reason=error.strerror
            )
        ) from error
