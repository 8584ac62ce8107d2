"""Where each statement, key and value of a TOML text stands, to the character, so that it can be edited.

The standard library says what a TOML text means but not where. The text must be one that it reads
(`toml_values`): what is scanned here is taken to be well formed (TOML 1.0).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Literal

_KEY = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DOTTED = re.compile(rf"[ \t]*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*")
_PART = re.compile(_KEY)
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'", re.DOTALL
)
_BARE = re.compile(r"[^,\]}#\r\n]*[^,\]}#\s]")  # numbers, dates (which may have a blank), true and false
_BETWEEN = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")  # inside brackets
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")  # of a line, after a statement
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


@dataclass(frozen=True, slots=True)
class Value:
    """A value from `start` to `end` (exclusive): a scalar, an array with its `items`, a table in braces with
    its `pairs`."""

    start: int
    end: int
    kind: Literal["scalar", "array", "table"] = "scalar"
    items: tuple[Value, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A key, which begins at `start`, and its value. A dotted key is its parts joined by points."""

    key: str
    start: int
    value: Value

    @property
    def end(self) -> int:
        """Where its value ends."""
        return self.value.end


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or a pair, from the beginning of its line to the end of its last one with the line break.

    `header` are the names in a header, else empty; `many` where it has two brackets.
    """

    start: int
    end: int
    header: tuple[str, ...] = ()
    many: bool = False
    pair: Pair | None = None


def statements(text: str) -> list[Statement]:
    """All headers and pairs of `text` in its order; blank lines and comments stand between them."""
    found, at = list[Statement](), 0
    while line := _LINE.match(text, at):
        content = line[0].strip(" \t\r\n\ufeff")
        if not content or content.startswith("#"):
            at = line.end()
            continue
        if content.startswith("["):
            many = content.startswith("[[")
            name = _DOTTED.match(text, text.index("[", at) + 1 + many)
            header = _names(name[1]) if name else ()
            found.append(Statement(at, line.end(), header, many))
        else:
            pair = _pair(text, at)
            rest = _REST.match(text, pair.end)
            found.append(Statement(at, rest.end() if rest else pair.end, pair=pair))
        at = found[-1].end
    return found


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(
        next(iter(tomllib.loads(f"{part} = 0"))) if part[0] in "\"'" else part
        for part in _PART.findall(dotted)
    )


def _pair(text: str, at: int) -> Pair:
    """The pair whose key begins at `at`, or after the blanks there."""
    key = _DOTTED.match(text, at)
    assert key, text[at : at + 40]  # noqa: S101 - the text was read before
    start = key.start(1)
    return Pair(".".join(_names(key[1])), start, _value(text, text.index("=", key.end()) + 1))


def _value(text: str, at: int) -> Value:
    """The value that begins at `at`, or after the blanks there."""
    start = _between(text, at)
    match text[start]:
        case "[":
            items, at = list[Value](), _between(text, start + 1)
            while text[at] != "]":
                items.append(_value(text, at))
                at = _after_comma(text, items[-1].end)
            return Value(start, at + 1, "array", items=tuple(items))
        case "{":
            pairs, at = list[Pair](), _between(text, start + 1)
            while text[at] != "}":
                pairs.append(_pair(text, at))
                at = _after_comma(text, pairs[-1].end)
            return Value(start, at + 1, "table", pairs=tuple(pairs))
    found = _STRING.match(text, start) or _BARE.match(text, start)
    assert found, text[start : start + 40]  # noqa: S101 - the text was read before
    return Value(start, found.end())


def _between(text: str, at: int) -> int:
    """The place of what follows blanks, line breaks and comments."""
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _after_comma(text: str, at: int) -> int:
    at = _between(text, at)
    return _between(text, at + 1) if text[at] == "," else at
