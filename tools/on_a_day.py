"""Run the program on a fixed day, with a fixed room on the disk: for pictures that are the same each time.

    python -m tools.on_a_day ARGUMENTS...

It is the day after the sample's last file arrived.
"""

from __future__ import annotations

import datetime
import importlib
import os
import shutil
import sys
import types
from pathlib import Path
from typing import Any

NOW = datetime.datetime(2024, 3, 25, 8, 30)
FREE = 64_000_000_000  # bytes
ASKING = ("ledger.session", "cli.init", "doctor.gather")  # the modules that ask which day it is

_DAY: Any = type("date", (datetime.date,), {"today": staticmethod(NOW.date)})
_TIME: Any = type("datetime", (datetime.datetime,), {"now": staticmethod(lambda *_zone: NOW)})


def main() -> int:
    """Run the program's command line and give its exit code."""
    calendar = types.SimpleNamespace(**vars(datetime) | {"date": _DAY, "datetime": _TIME})
    for name in ASKING:
        vars(importlib.import_module(f"reportctl.{name}"))["dt"] = calendar
    vars(shutil)["disk_usage"] = lambda _path: types.SimpleNamespace(free=FREE)
    from reportctl.__main__ import main as program

    return program()


def age(folder: Path) -> None:
    """Make everything in a folder as old as the fixed day, so that its clock is not found to be wrong."""
    for path in folder.rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))


if __name__ == "__main__":
    sys.exit(main())
