"""The condition in which the ledger's file lies there, told without changing or waiting for anything."""

from __future__ import annotations

import contextlib
import sqlite3
from enum import StrEnum
from pathlib import Path

from reportctl.ledger import schema

_SECONDS = 1.0  # to wait for whoever writes at the moment


class Condition(StrEnum):
    """What can be said of the file."""

    MISSING = "missing"
    READY = "ready"
    OLDER = "older"  # another version of the program made it, and the next merge makes it again
    NEWER = "newer"
    DAMAGED = "damaged"
    BUSY = "busy"  # held by somebody who writes, or not to be opened


def condition(path: Path) -> Condition:
    """The condition of the ledger at `path`."""
    try:
        if not path.exists() or not path.stat().st_size:
            return Condition.MISSING
        with contextlib.closing(sqlite3.connect(path, timeout=_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only = ON")
            version = schema.version_of(connection)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except (sqlite3.Error, OSError) as error:
        return Condition.DAMAGED if schema.is_damage(error) else Condition.BUSY
    if version == 0:
        return Condition.MISSING
    if version == schema.VERSION:
        return Condition.READY
    return Condition.OLDER if version < schema.VERSION else Condition.NEWER
