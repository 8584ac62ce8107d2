"""Codes of tables, rows and columns: from an official code, else a number, else the words; the same at
every reading."""

from __future__ import annotations

import re

from reportctl.adopt.words import bare
from reportctl.core.letters import folded

MOST = 32
_CELL_LIKE = re.compile(r"[a-z]{1,3}[0-9]{1,7}|r|c|r[0-9]+(c[0-9]*)?|c[0-9]+|rc[0-9]*|true|false")
_EMPTY_WORDS = frozenset(
    [
        "của",
        "và",
        "các",
        "cho",
        "có",
        "là",
        "theo",
        "trong",
        "tại",
        "với",
        "được",
        "do",
        "để",
        "đến",
        "từ",
        "số",
        "những",
        "về",
        "một",
        "of",
        "and",
        "the",
        "for",
        "in",
        "by",
        "to",
        "a",
        "an",
    ]
)


def code_of_words(text: str, fallback: str, *, most: int = MOST) -> str:
    """A code out of `text`: its words without accents, those that say little left out, at most `most`
    signs; `fallback` where it has no words, as `%`."""
    said = folded(text).split()
    telling = _plain_words(" ".join(word for word in said if word not in _EMPTY_WORDS)) or _plain_words(text)
    code = ""
    for word in telling:
        longer = f"{code}_{word}" if code else word
        if len(longer) > most:
            break
        code = longer
    code = code or (telling[0][:most] if telling else fallback)
    return code if not code or code[0].isalpha() else f"n{code}"[:most]


def _plain_words(text: str) -> list[str]:
    return [word for word in re.split("[^a-z0-9]+", bare(text)) if word]


def code_of_number(number: str, prefix: str) -> str:
    """A code out of a number or an official code, such as `1.2` with "n": `n1_2`; `R-101` gives `r_101`."""
    signs = "_".join(part for part in re.split("[^a-z0-9]+", bare(number)) if part)
    if not signs:
        return ""
    code = signs if signs[0].isalpha() and len(signs) > 1 and prefix == "m" else f"{prefix}{signs}"
    return code[:MOST]


class Codes:
    """Gives each thing a code that no other has: the second one of a kind ends in `_2`."""

    def __init__(self, *, names_of_cells: bool = False) -> None:
        self._taken: set[str] = set()
        self._guarded = names_of_cells  # of tables and single values: a code must not read as a cell

    def unique(self, code: str) -> str:
        """`code`, or `code` with a number after it."""
        if self._guarded and _CELL_LIKE.fullmatch(code):
            code = f"{code}_"[: MOST - 1] + "x"
        made, number = code, 2
        while made in self._taken:
            end = f"_{number}"
            made, number = code[: MOST - len(end)].rstrip("_") + end, number + 1
        self._taken.add(made)
        return made
