"""What a TOML file says, and where things stand in it, so that a mistake can be shown with its line."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from reportctl.core.language import N_, _
from reportctl.core.letters import printable

Keys = tuple[str | int, ...]

_QUOTE = N_('a text here or further up does not end: put a straight quote " at its beginning and at its end')
_TWICE = N_("this stands twice: a name once in its section, a section once in the file; put them together")
_BACKSLASH = N_("write / instead of \\, or two of them: \\\\")
_CLOSING = N_("a bracket that was opened here or further up is not closed")
# By the beginnings of what the parser says.
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
        said = next((_(it) for begins, it in _FAULTS.items() if str(error).startswith(begins)), str(error))
        stands = printable(lines[self.line - 1].strip()) if 0 < self.line <= len(lines) else ""
        super().__init__(
            _("{reason}. There stands: {text}").format(reason=said, text=stands) if stands else said
        )


def toml_values(text: str) -> dict[str, Any]:
    """What a TOML file says; its texts are printable. Raises `TomlError`."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(text, error) from error
    return {key: _printable(value) for key, value in said.items()}


def _printable(value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case list():
            return [_printable(each) for each in value]
        case dict():
            return {key: _printable(each) for key, each in value.items()}
    return value


class TomlLines:
    """The line at which each table and key of a TOML file stands, by its path."""

    _HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.\-\s]+?)\s*\]\]?\s*(?:#.*)?$")
    _KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")

    def __init__(self, text: str) -> None:
        self.lines: dict[Keys, int] = {}
        counts: dict[Keys, int] = {}
        here: Keys = ()
        for number, line in enumerate(text.splitlines(), 1):
            if header := self._HEADER.match(line):
                here = self._path(header[1], "[[" in line.split("#")[0], counts)
                self.lines.setdefault(here, number)
            elif key := self._KEY.match(line):
                self.lines.setdefault((*here, key[1]), number)

    @staticmethod
    def _path(dotted: str, is_array: bool, counts: dict[Keys, int]) -> Keys:
        path: Keys = ()
        parts = [part.strip() for part in dotted.split(".")]
        for part in parts[:-1]:
            path += (part,)
            if path in counts:
                path += (counts[path],)
        path += (parts[-1],)
        if is_array:
            counts[path] = counts.get(path, -1) + 1
            path += (counts[path],)
        return path

    def at(self, path: Keys) -> int | None:
        """The line of `path`, or of the nearest table round it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return None
