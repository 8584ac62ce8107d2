"""What a TOML file says, and where things stand in it, so that a mistake can be shown with its line."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from reportctl.printable import printable

Keys = tuple[str | int, ...]


def toml_values(text: str) -> dict[str, Any]:
    """What a TOML file says; its texts are printable. Raises `tomllib.TOMLDecodeError`."""
    return {key: _printable(value) for key, value in tomllib.loads(text).items()}


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
