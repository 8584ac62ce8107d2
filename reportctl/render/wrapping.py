"""Text in the columns of a terminal: how wide it is, and in which lines it stands in so many columns."""

from __future__ import annotations

import re

# Signs that take one column each: nearly everything that is ever said.
_SINGLE = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u1ea0-\u1ef9\u2010-\u2027\u2190-\u2199\u2212\u2500]*")
_WORD = re.compile(r"\s*\S+\s*")


def is_single(text: str) -> bool:
    """Whether every sign of `text` is known to take one column."""
    return _SINGLE.fullmatch(text) is not None


def cell_len(text: str) -> int:
    """The columns that `text` takes."""
    if is_single(text):
        return len(text)
    from rich.cells import cell_len  # its tables are needed for other signs only

    return cell_len(text)


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a `text` of single columns: broken between words, longer words anywhere, as rich does.

    Blanks where a line is broken stay at its end as far as there is room.
    """
    if len(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in _WORD.findall(text) or [text]:
        size = len(word.rstrip())
        if len(line) + size <= width:
            line += word
            continue
        if line:
            lines.append(line)
        pieces = [word[at : at + width] for at in range(0, len(word), width)] if size > width else [word]
        lines += pieces[:-1]
        line = pieces[-1]
    return [line[:width] for line in (*lines, line)]
