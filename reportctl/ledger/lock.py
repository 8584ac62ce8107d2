"""One writer at a time: who merges holds the workspace's lock, which vanishes with the process."""

from __future__ import annotations

import contextlib
import datetime as dt
import platform
import sqlite3
import time
import uuid
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.ledger.schema import is_damage, kind_of, unwritable

# A process that has just begun needs a moment to write its name; only then can others be told who it is.
_ATTEMPTS = 10
_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, on which machine, since when (ISO); `key` tells processes apart."""

    who: str
    host: str
    since: str
    key: str


@contextlib.contextmanager
def writer_lock(path: Path, who: str) -> Iterator[None]:
    """Hold the lock in the file `path` while the block runs.

    The file is a tiny database in which the holder keeps a transaction open: the operating system frees that
    when the process dies, and the row written before tells everybody else whose it is. Raises
    `ReportctlError` where somebody else holds it, with who and since when.
    """
    now = dt.datetime.now().isoformat(timespec="seconds")
    holder = Holder(who, platform.node(), now, uuid.uuid4().hex)
    with contextlib.ExitStack() as stack:
        try:
            connection = sqlite3.connect(path, timeout=0, isolation_level=None)
            stack.callback(connection.close)
            _take(connection, holder)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise unwritable(path, error) from error
            raise ReportctlError(
                _(
                    "{path} cannot be used: {reason}. Check the rights of the folder, or delete that file, "
                    "and try again."
                ).format(path=path, reason=error)
            ) from error
        yield


def _take(connection: sqlite3.Connection, holder: Holder) -> None:
    """Begin a transaction while the holder written in the file is `holder`."""
    other = None
    for _attempt in range(_ATTEMPTS):
        try:
            connection.execute("BEGIN IMMEDIATE")
            if _holder(connection) == holder:
                return
            connection.execute(
                "CREATE TABLE IF NOT EXISTS holder (who TEXT, host TEXT, since TEXT, key TEXT)"
            )
            connection.execute("DELETE FROM holder")
            connection.execute("INSERT INTO holder VALUES (?, ?, ?, ?)", astuple(holder))
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if kind_of(error) != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_PAUSE)
            with contextlib.suppress(sqlite3.OperationalError):
                other = _holder(connection)
    raise ReportctlError(_under_way(other))


def refuse_while_held(path: Path) -> None:
    """Raises `ReportctlError` where somebody holds the lock in the file `path`, with who and since when."""
    if not path.exists():
        return
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if kind_of(error) == sqlite3.SQLITE_BUSY:
                with contextlib.suppress(sqlite3.OperationalError):
                    raise ReportctlError(_under_way(_holder(connection))) from error
                raise ReportctlError(_under_way(None)) from error
        except sqlite3.DatabaseError:
            return  # it is no lock; who wants to write is told so


def _under_way(holder: Holder | None) -> str:
    """That the merge of the `holder` (None: nobody knows whose) has to be waited for."""
    if holder is None:
        return _("Somebody else's merge is under way in this workspace. Wait until it is done and try again.")
    from reportctl.core import wording  # only who is refused pays for loading it

    since = dt.datetime.fromisoformat(holder.since)
    return _(
        "A merge by {who} on {host} has been under way in this workspace since {time} on {day}. "
        "Wait until it is done and try again."
    ).format(
        who=holder.who, host=holder.host or "?", time=f"{since:%H:%M}", day=wording.date_short(since.date())
    )


def _holder(connection: sqlite3.Connection) -> Holder | None:
    """The holder written in the file; None where none was yet."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'holder'").fetchone():
        return None
    row = connection.execute("SELECT who, host, since, key FROM holder").fetchone()
    return Holder(*row) if row else None
