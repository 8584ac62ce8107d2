"""What a TOML file says, and where things stand in it, so that a mistake can be shown with its line."""

from __future__ import annotations

import bisect
import json
import re
import tomllib
from typing import Any

from reportctl.core.language import N_, _
from reportctl.core.letters import printable
from reportctl.core.toml_causes import cause
from reportctl.core.toml_spans import Pair, Value, statements

Keys = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

_QUOTE = N_('a text here or further up does not end: put a straight quote " at its beginning and at its end')
_TWICE = N_("this stands twice: a name once in its section, a section once in the file; put them together")
_BACKSLASH = N_("write / instead of \\, or two of them: \\\\")
_CLOSING = N_("a bracket that was opened here or further up is not closed")
# What is wrong, by how the message of the standard library's parser begins.
_FAULTS = {
    "Invalid value": N_(
        'what stands after = cannot be read: put texts between straight quotes, as in name = "text"; write '
        "numbers without spaces, with a point for decimals"
    ),
    "Invalid initial character for a key part": N_("a name of letters a-z, digits, - and _ is to stand here"),
    "Expected '=' after a key": N_(
        "after a name of letters a-z, digits, - and _ there is to stand = and a value"
    ),
    "Expected newline or end of document": N_(
        "more stands after the value: one line for each name; no other quotes within a text in quotes"
    ),
    "Invalid statement": N_(
        "a line is either a [section], or a name with = and a value; remarks begin with #"
    ),
    "Expected ']": _CLOSING,
    "Unclosed": _CLOSING,
    "Cannot declare": _TWICE,
    "Cannot overwrite": _TWICE,
    "Cannot mutate": _TWICE,
    "Cannot redefine": _TWICE,
    "Duplicate": _TWICE,
    "Unterminated string": _QUOTE,
    "Illegal character '\\n'": _QUOTE,
    "Illegal character '\\r'": _QUOTE,
    "Expected": _QUOTE,
    "Unescaped": _BACKSLASH,
    "Invalid hex": _BACKSLASH,
    "Escaped character": _BACKSLASH,
    "Invalid date": N_("there is no such day or time; a day is written 2024-03-17"),
    "Illegal character": N_("a sign that cannot be seen stands here; type the line again"),
    "Found invalid character": N_("a sign that cannot be seen stands here; type the line again"),
}


class TomlError(Exception):
    """A text that is no TOML: what is wrong in which `line`, and what stands there."""

    def __init__(self, text: str, error: tomllib.TOMLDecodeError) -> None:
        lines = text.splitlines()
        found = re.search(r"\(at line (\d+)", str(error))
        self.line = int(found[1]) if found else len(lines)
        if known := cause(text, error):
            self.line, reason = known
        else:
            faults = (_(it) for begins, it in _FAULTS.items() if str(error).startswith(begins))
            reason = next(faults, str(error))
        stands = printable(lines[self.line - 1].strip()) if 0 < self.line <= len(lines) else ""
        super().__init__(
            _("{reason}. There stands: {text}").format(reason=reason, text=stands) if stands else reason
        )


def toml_text(data: bytes) -> str:
    """The text in the bytes of a TOML file. Raises `ValueError` with why it is none."""
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:200]
    if is_utf16:
        raise ValueError(
            _(
                "the file is saved as UTF-16, which Notepad calls “Unicode”; save it again with the encoding "
                "UTF-8 (Save as, Encoding)"
            )
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            _("the file is not saved as UTF-8; save it again with the encoding UTF-8")
        ) from error


def toml_string(text: str) -> str:
    """`text` as a TOML file writes it: between straight quotes, with what has a meaning there escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_value(value: Any) -> str:
    """A text, number, truth value, array or table of these as TOML writes it, on one line."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case int() | float():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case dict():
            return (
                f"{{ {', '.join(f'{toml_key(key)} = {toml_value(each)}' for key, each in value.items())} }}"
            )
    return toml_string(value)


def toml_key(name: str) -> str:
    """A key as TOML writes it: in quotes where it is not letters a-z, digits, - and _ alone."""
    return name if _BARE_KEY.fullmatch(name) else toml_string(name)


def same_values(one: Any, other: Any) -> bool:
    """Whether two values of TOML are the same, true not being 1, and 1 being 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_values(each, other[key]) for key, each in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same_values, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and (
        one == other or (one != one and other != other)
    )


def toml_values(text: str) -> dict[str, Any]:
    """What a TOML file says; its texts are printable. Raises `TomlError`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(text, error) from error

    def cleaned(value: Any) -> Any:
        match value:
            case str():
                return printable(value)
            case list():
                return [cleaned(each) for each in value]
            case dict():
                return {key: cleaned(each) for key, each in value.items()}
        return value

    return {key: cleaned(value) for key, value in values.items()}


class TomlLines:
    """The line at which each table and key of a TOML text stands, by its path; the text can be read."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Keys, int] = {}
        counts: dict[Keys, int] = {}
        ends = [found.end() for found in re.finditer("\n", text)]
        here: Keys = ()

        def put(path: Keys, start: int) -> None:
            self.lines.setdefault(path, bisect.bisect_right(ends, start) + 1)

        def put_pair(path: Keys, pair: Pair) -> None:
            put((*path, pair.key), pair.start)
            put_below((*path, pair.key), pair.value)

        def put_below(path: Keys, value: Value) -> None:
            for pair in value.pairs:
                put_pair(path, pair)
            for number, item in enumerate(value.items):
                put((*path, number), item.start)
                put_below((*path, number), item)

        for statement in statements(text):
            if statement.pair:
                put_pair(here, statement.pair)
                continue
            here = ()
            *tables, last = statement.header
            for table in tables:
                here += (table,)
                if here in counts:
                    here += (counts[here],)
            here += (last,)
            if statement.many:
                counts[here] = counts.get(here, -1) + 1
                here += (counts[here],)
            put(here, statement.start)

    def at(self, path: Keys) -> int | None:
        """The line of `path`, or of the first thing inside it, or of the nearest table round it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            inside = (at for keys, at in self.lines.items() if keys[: len(path)] == path)
            if (first := min(inside, default=0)) and isinstance(path[-1], str):
                return first
            path = path[:-1]
        return None
