"""How many files a ledger knows, told before it is opened by whoever works with it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from reportctl.ledger.schema import connect

_COUNT = "SELECT count(*) FROM hashed_file WHERE substr(path, 1, ?) = ?"


def known_files(ledger: Path, folder: str) -> int:
    """How many files the ledger has hashes of whose paths in the workspace begin with `folder`.

    0 where it cannot be read: who opens it says why.
    """
    if not ledger.is_file():
        return 0
    with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(ledger)) as connection:
        return int(connection.execute(_COUNT, (len(folder), folder)).fetchone()[0])
    return 0
