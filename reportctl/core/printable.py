"""What a terminal is given: nothing that it would obey, wherever a text came from."""

from __future__ import annotations

import unicodedata

# Marks that turn the direction of writing round: a file's name could be made to read as another.
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_SPACES = "\t\r\v\f\x85\u2028\u2029"
_CONTROLS = (chr(code) for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc")
_SHOWN = (
    dict.fromkeys(map(ord, (*_CONTROLS, *DIRECTIONS))) | dict.fromkeys(map(ord, _SPACES), " ") | {0x0A: "\n"}
)


def printable(text: str) -> str:
    """`text` without control characters and without marks that turn its direction; its lines stay lines."""
    return text if text.isprintable() else text.translate(_SHOWN)


def plain(text: str) -> str:
    """`printable` text on one line."""
    return printable(text).replace("\n", " ")
