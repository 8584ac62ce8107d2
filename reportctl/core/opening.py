"""Opening a file or folder with the program that the system has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def opener() -> Callable[[Path], None] | None:
    """What opens a path, raising `OSError` where the system does not; None where nothing can, as on a machine
    without a screen."""
    if start := getattr(os, "startfile", None):  # Windows only
        return lambda path: start(path)
    command = "open" if sys.platform == "darwin" else "xdg-open"
    screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    program = shutil.which(command) if screen else None
    if program is None:
        return None

    def open_with(path: Path) -> None:
        subprocess.Popen(  # noqa: S603 - the system's own program, with a path that this program has written
            [program, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    return open_with
