"""Letters: characters that are no text, text for comparing, text for a terminal, bytes of text files."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

SOFT_HYPHEN: Final = "\u00ad"  # the letter ư in TCVN3, so that it is looked at apart from all others

_LINE_ENDS = re.compile("\r(?!\n)|[\x0b\x0c\x85\u2028\u2029]")  # of other systems, of Word
_ESCAPES = re.compile(r"_x00(?:0D_\n?|0A_|(?:0[0-8BCEF]|1[0-9A-F])_)", re.IGNORECASE)
# Without the joiners U+200C and U+200D, which put emoji together.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_JOINERS = re.compile("[\u00ad\u200c\u200d]")
_WIDE = re.compile(r"\d|[！-～]")


def cleaned(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without what cannot be seen in it, and what that was, as `U+200B`, each once.

    Spaces go from both ends, unusual line ends become the usual one, CR LF and the soft hyphen stay. An
    escaped line end such as `_x000D_`, which some programs leave in the text, becomes one.
    """
    text = text.strip()
    if text.isprintable() and "_" not in text:  # as nearly all text is
        return text, ()
    found = dict.fromkeys(escape[:7] for escape in _ESCAPES.findall(text))
    text = _ESCAPES.sub(lambda escape: "\n" if escape[0][5].upper() in "DA" else "", text)
    unseen = (*_LINE_ENDS.findall(text), *_UNSEEN.findall(text))
    found |= dict.fromkeys(f"U+{ord(sign):04X}" for sign in unseen)
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).strip(), tuple(found)


# What LibreOffice takes for an escaped sign: with four digits, as the standard has it (ECMA-376 part 1,
# 22.9.2.19), any; with fewer a control character or the line `_` (so does 7.4). Others may take any.
_READ_AS_ESCAPE = re.compile("_x(0*(?:[01]?[0-9A-Fa-f]|5[Ff])|[0-9A-Fa-f]{4})_")
_MAY_BE_ESCAPE = re.compile("_x([0-9A-Fa-f]{1,4})_")
_CONTROL = re.compile("[\x00-\x1f]")


def misreadings(text: str) -> tuple[str, ...]:
    """What spreadsheet programs may make of `text` in a cell, and save, the likeliest first; none where they
    read it as it is: of the code so_xa_moi LibreOffice makes two lines, so and moi.

    A carriage return is a line feed once it has been saved and read.
    """

    def sign(escape: re.Match[str]) -> str:
        return chr(int(escape[1], 16)).replace("\r", "\n")

    made = (pattern.sub(sign, text) for pattern in (_READ_AS_ESCAPE, _MAY_BE_ESCAPE))
    return tuple(dict.fromkeys(one for one in made if one != text)) if "_x" in text else ()


def unmisread(text: str) -> str:
    """A text of codes, of which none is known, as it was before it was misread: each control character is
    the part of a code that LibreOffice takes for it."""
    return _CONTROL.sub(lambda sign: f"_x{ord(sign[0]):x}_", text)


def without_soft_hyphens(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without soft hyphens, and what was taken out, as `cleaned` says it."""
    return text.replace(SOFT_HYPHEN, ""), (("U+00AD",) if SOFT_HYPHEN in text else ())


@functools.lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """`text` for comparing: composed, one space between words, small letters, Đ however it was typed."""
    joined = text if text.isprintable() else _JOINERS.sub("", text)
    composed = unicodedata.normalize("NFC", joined)
    return " ".join(composed.split()).casefold().replace("ð", "đ")


@functools.lru_cache(maxsize=1 << 14)
def bare(text: str) -> str:
    """`text` for comparing: small letters without accents, one space between words."""
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d").replace("Ð", "D"))
    kept = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return " ".join(kept.split()).casefold()


def narrow(text: str) -> str:
    """`text` with digits of every width and script, and full-width signs, as plain ones."""

    def plain(wide: re.Match[str]) -> str:
        value = unicodedata.decimal(wide[0], None)
        return chr(ord(wide[0]) - 0xFEE0) if value is None else str(value)

    return text if text.isascii() else _WIDE.sub(plain, text)


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


def decoded(data: bytes) -> str:
    """The text of a CSV file in any encoding in which Excel saves one: UTF-8, UTF-16, Windows-1258.

    With a mark at its head it is what that says, whatever a killed run has cut in two. Windows-1258, which
    keeps tone marks apart from their letters, is composed (NFC); the others are as they were written. Bytes
    that are no letter become U+FFFD.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig", errors="replace")
    # The names of columns are plain letters, so that every second byte of UTF-16 is zero at the beginning.
    if b"\0" in data[:2]:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
