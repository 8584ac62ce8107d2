"""How many processes this machine runs side by side."""

from __future__ import annotations

import os
import sys

_MOST = 32


def processors() -> int:
    """The number of processors that this process may use, 32 at most."""
    found = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(found, _MOST)
