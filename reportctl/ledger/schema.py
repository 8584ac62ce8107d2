"""The ledger's file: its tables, connecting to it, making it anew where it cannot be used.

Text that stands in many rows (codes, names of sheets) is kept once, in `label`. A `list` of 0 is the form
itself. Of a unit's submissions in a quarter at most one counts, which the index `counting` makes certain.

`corrected_by` stands in answers that were corrected by telephone; what the file says there is in
`replaced_answer`, and findings that a correction has put right are `resolved` (1), those of a file that a
later one replaced too (2). `frozen` holds the figures of closed and imported quarters, whose files
`frozen_from` names; the province's own figures have no unit, and where one of them `stands` it counts instead
of those of the units. `told` says how many of the questions that a submission's file leaves open were
answered by telephone.

`up_to` has one row once a merge has brought the ledger up to all that was received and decided: the hash of
decisions.csv then. A ledger without that row is still being made. `asked_with` says by which form, of which
fingerprint, each quarter was read last.

A finding's `severity` is the one it has here, NULL where it is switched off; `standard_severity` is that of
its kind, or rule. `own_verdict` is what a submission's own findings make, `verdict` what all of them do.

Cache keys say what a result depended on: of a submission `read_key`, `check_key` and `grade_key`; of a
quarter (table `evaluated`) `key`, NULL once something has changed since, and `inbox_key`; of its comparison
with earlier quarters and between units `compared_key`, and `compared_outer_key` without its own files. The
submissions that counted then are `compared`.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from functools import partial
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.files import patiently
from reportctl.core.language import _
from reportctl.core.obstacles import to_a_database
from reportctl.core.outputs import Outputs

VERSION = 8
_ANSWER = """
    submission INTEGER NOT NULL, list INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
    code INTEGER NOT NULL, state INTEGER NOT NULL, value, raw TEXT, estimate INTEGER NOT NULL,
    sheet INTEGER NOT NULL, cell TEXT NOT NULL, corrected_by TEXT, corrected_on TEXT,
    PRIMARY KEY (submission, list, number, position)
"""
SCHEMA = f"""
CREATE TABLE label (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE hashed_file (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE up_to (decisions TEXT NOT NULL);
CREATE TABLE asked_with (period TEXT PRIMARY KEY, form TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE evaluated (
    period TEXT PRIMARY KEY, key TEXT, inbox_key TEXT NOT NULL,
    compared_key TEXT NOT NULL, compared_outer_key TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE submission (
    id INTEGER PRIMARY KEY, period TEXT NOT NULL, sha256 TEXT NOT NULL, read_key TEXT NOT NULL,
    check_key TEXT NOT NULL, grade_key TEXT NOT NULL, unit TEXT, file TEXT NOT NULL, received TEXT NOT NULL,
    modified TEXT, own_verdict TEXT NOT NULL, verdict TEXT NOT NULL,
    counts INTEGER NOT NULL DEFAULT 0, accepted INTEGER NOT NULL DEFAULT 0, filled INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0, asked INTEGER NOT NULL, has_answers INTEGER NOT NULL,
    compared INTEGER NOT NULL DEFAULT 0,
    UNIQUE (period, sha256)
);
CREATE UNIQUE INDEX counting ON submission (period, unit) WHERE counts;
CREATE TABLE answer ({_ANSWER}) WITHOUT ROWID;
CREATE TABLE replaced_answer ({_ANSWER}) WITHOUT ROWID;
CREATE TABLE finding (
    id INTEGER PRIMARY KEY, period TEXT NOT NULL, submission INTEGER, position INTEGER NOT NULL,
    code TEXT NOT NULL, severity TEXT, standard_severity TEXT NOT NULL, unit TEXT, file TEXT, sheet TEXT,
    cell TEXT, indicator TEXT, value TEXT, details TEXT NOT NULL, resolved INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX finding_of ON finding (period, submission);
CREATE TABLE frozen (
    period TEXT NOT NULL, unit TEXT NOT NULL, list INTEGER NOT NULL, number INTEGER NOT NULL,
    position INTEGER NOT NULL, code INTEGER NOT NULL, state INTEGER NOT NULL, value, raw TEXT,
    estimate INTEGER NOT NULL, file TEXT NOT NULL, sheet INTEGER NOT NULL, cell TEXT NOT NULL,
    sha256 TEXT NOT NULL, received TEXT NOT NULL, by TEXT NOT NULL, stands INTEGER NOT NULL,
    PRIMARY KEY (period, unit, list, number, position)
) WITHOUT ROWID;
CREATE TABLE frozen_from (
    period TEXT PRIMARY KEY, sha256 TEXT NOT NULL, closed INTEGER NOT NULL
) WITHOUT ROWID;
-- CROSS JOIN keeps the submissions outermost, so that both indices give the order: nothing is sorted.
CREATE VIEW counted AS SELECT
    s.id, s.period, s.unit, a.list, a.number, a.position, a.code, a.state, a.value, a.raw, a.estimate,
    coalesce(a.corrected_by, s.file) AS file, a.sheet, a.cell, s.sha256,
    coalesce(a.corrected_on, s.received) AS received,
    CASE WHEN a.corrected_by IS NULL THEN 'file' ELSE 'correction' END AS by
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


# What says nothing of the file's content: that it is held, or cannot be read or written where it lies; that
# the program wanted to store what may not stand there.
_ELSEWHERE = frozenset(
    {
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


def kind_of(error: BaseException) -> int:
    """SQLite's number for the kind of `error`; 0 where it is an error of Python's own, as of text that is no
    UTF-8."""
    # The low byte is the kind of error, the others its detail.
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def is_damage(error: BaseException) -> bool:
    """Whether `error` says that what stands in the file is broken, or that it is no database at all."""
    return isinstance(error, sqlite3.DatabaseError) and kind_of(error) not in _ELSEWHERE


def unwritable(path: Path, error: BaseException) -> ReportctlError:
    """The error to raise where the database at `path` cannot be written, of which SQLite said `error`."""
    code = kind_of(error)
    obstacle = to_a_database(
        path,
        str(error),
        read_only=code == sqlite3.SQLITE_READONLY,
        unopened=code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
    )
    return ReportctlError(
        _("{path} cannot be written: {reason}. {remedy}").format(
            path=path, reason=obstacle.reason, remedy=obstacle.remedy
        )
    )


def usable(path: Path, *, sound: bool = False) -> sqlite3.Connection:
    """A connection to the ledger at `path`; a file of another version, or broken, makes way for a new one.

    Whether what stands there can be understood is not looked into where it is known to be `sound`.
    """
    connection = connect(path)
    try:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        if version_of(connection) == VERSION and (sound or is_sound(connection)):
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


# The system lets go of a process's locks on a file as soon as that process closes the file anywhere, so the
# two that read it whole are asked only while it is not connected to.


def is_noted_sound(path: Path) -> bool:
    """Whether the ledger is to the last byte what was noted, and nobody was killed while writing it."""
    if not path.exists() or _journal(path).exists():
        return False
    with contextlib.suppress(ReportctlError), Outputs(path.parent) as outputs:
        return outputs.is_made(path, _SOUND)
    return False


def note_sound(path: Path) -> None:
    """Note that the ledger is sound as it is now, so that the next merge need not look through all of it."""
    with contextlib.suppress(ReportctlError), Outputs(path.parent) as outputs:  # it is looked through then
        outputs.note(path, _SOUND)


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


_SOUND = f"sound {VERSION}"
_QUARTER, _DAY = "period NOT GLOB '[0-9][0-9][0-9][0-9]-Q[1-4]'", "date(received) IS NOT received"
_SIGNS = "estimate NOT IN (0, 1) OR state NOT BETWEEN 0 AND 3"
_UNNAMED = "code NOT IN (SELECT id FROM label) OR sheet NOT IN (SELECT id FROM label)"
# What no row may be, by table; its columns of text, and what to put together when these are looked through.
_UNSOUND = {
    "label": ("typeof(text) <> 'text'", "text", "id / 256"),
    "hashed_file": ("typeof(size) <> 'integer'", "path, sha256", "substr(sha256, 1, 2)"),
    "submission": (
        f"{_QUARTER} OR {_DAY} OR modified IS NOT NULL AND datetime(modified) IS NULL",
        "unit, file, sha256, own_verdict, verdict, modified, read_key, check_key, grade_key",
        "id / 256",
    ),
    "answer": (
        f"{_SIGNS} OR {_UNNAMED} OR date(corrected_on) IS NOT corrected_on",
        "value, raw, cell, corrected_by, corrected_on",
        "submission",
    ),
    "replaced_answer": (f"{_SIGNS} OR {_UNNAMED}", "value, raw, cell", "submission"),
    "finding": (
        f"{_QUARTER} OR NOT json_valid(details)",
        "code, severity, standard_severity, unit, file, sheet, cell, indicator, value, details",
        "period, submission",
    ),
    "frozen": (
        f"{_QUARTER} OR {_DAY} OR {_SIGNS} OR {_UNNAMED}",
        "unit, value, raw, file, cell, sha256, by",
        "period, unit",
    ),
    "evaluated": (_QUARTER, "key, inbox_key, compared_key, compared_outer_key", "period"),
    "asked_with": (_QUARTER, "form", "period"),
    "frozen_from": (_QUARTER, "sha256", "period"),
}


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether all that stands in the ledger can be understood, also what is not asked for at the moment.

    Who reads a ledger can only be told that a merge makes it anew; so a merge has to see whatever they see.
    Raises `sqlite3.Error`, of text that is no UTF-8 too.
    """
    ask = connection.execute
    if ask("PRAGMA quick_check(1)").fetchone() != ("ok",):
        return False
    for table, (unsound, texts, together) in _UNSOUND.items():
        if ask(f"SELECT 1 FROM {table} WHERE {unsound} LIMIT 1").fetchone():  # noqa: S608
            return False
        # Put together there is little to hand over; what is no text in a row is none in all of them.
        joined = " || '|' || ".join(f"ifnull({column}, '')" for column in texts.split(", "))
        for _row in ask(f"SELECT group_concat({joined}) FROM {table} GROUP BY {together}"):  # noqa: S608
            pass
    return True


def discard(path: Path) -> None:
    """Remove the ledger at `path`. Raises `ReportctlError` where that cannot be done."""
    try:
        for file in (path, _journal(path)):
            patiently(partial(file.unlink, missing_ok=True), file, os.W_OK)
    except OSError as error:
        raise ReportctlError(
            _("{path} is damaged and cannot be removed: {reason}. Close it where it is open.").format(
                path=path, reason=error.strerror
            )
        ) from error
