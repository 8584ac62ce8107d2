"""A slow, strict reader of .xlsx and .ods for comparison: it shares no code with the product.

It says where a file can be read in more than one way.
"""

from __future__ import annotations

from tests.hostile.seen import Cell, Seen, Sheet, UnreadableError, unpacked
from tests.hostile.seen_ods import read_ods
from tests.hostile.seen_xlsx import read_xlsx

__all__ = ["Cell", "Seen", "Sheet", "UnreadableError", "look"]


def look(data: bytes) -> Seen:
    """What the .xlsx, .xlsm or .ods `data` shows. Raises `UnreadableError`."""
    parts = unpacked(data)
    return read_ods(parts) if "content.xml" in parts else read_xlsx(parts)
