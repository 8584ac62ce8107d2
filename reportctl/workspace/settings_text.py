"""The text of reportctl.toml with one setting changed: all else stays letter for letter, comments too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportctl.core.toml import toml_key, toml_value
from reportctl.core.toml_spans import Pair, Statement, Value, statements

_NEXT_EXAMPLE = re.compile(r"[ \t]*#[ \t]*\[")  # a section that is written as a remark


@dataclass(frozen=True, slots=True)
class Key:
    """The name of a setting, and the section that it stands in: none where it stands above all sections."""

    section: str
    name: str

    def __str__(self) -> str:
        return f"{self.section}.{self.name}" if self.section else self.name

    def assignment(self, value: object) -> str:
        """The line, without its end, that sets it within its section."""
        return f"{toml_key(self.name)} = {toml_value(value)}"


def key_of(words: str) -> Key:
    """The setting named as `section.name` or `name`; what follows the first dot is the name."""
    section, dot, name = words.partition(".")
    return Key(section, name) if dot else Key("", words)


def with_value(text: str, key: Key, value: object) -> str:
    """The text of a settings file, which can be read, in which `key` says `value`.

    The value takes the place of the old one, else that of a remark which shows how it is written, else it
    stands behind what its section says already. Whoever calls it looks whether that came about: a section
    may be written in a way that takes no more lines.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    if found := _found(text, key):
        place = found[1].value
        return _spliced(text, place.start, place.end, _written(value, text, place, newline))
    if braces := _braces(text, key.section):
        inside = ", ".join([*(text[each.start : each.end] for each in braces.pairs), key.assignment(value)])
        return _spliced(text, braces.start, braces.end, f"{{ {inside} }}")
    if example := _example(text, key):
        start, end, line = example
        old = statements(line)[0].pair
        assert old  # noqa: S101 - it was read as one
        said = _spliced(line, old.value.start, old.value.end, toml_value(value))
        return _spliced(text, start, end, said)
    at, line = _new_place(text, key, value, newline)
    if text[:at] and not text[:at].endswith("\n"):
        line = newline + line
    return _spliced(text, at, at, line + newline)


def without(text: str, key: Key) -> str:
    """The text of a settings file in which `key` is not set: the lines that set it are remarks, which go on
    showing how that is written."""
    found = _found(text, key)
    if not found:
        return text
    statement, pair = found
    if pair is not statement.pair:
        braces = _braces(text, key.section)
        assert braces  # noqa: S101 - the pair was found there
        kept = [text[each.start : each.end] for each in braces.pairs if each is not pair and each != pair]
        return _spliced(text, braces.start, braces.end, f"{{ {', '.join(kept)} }}" if kept else "{}")
    lines = text[statement.start : statement.end].splitlines(keepends=True)
    return _spliced(text, statement.start, statement.end, "".join(f"# {line}" for line in lines))


def as_wanted(data: Mapping[str, Any], key: Key, value: object | None) -> dict[str, Any]:
    """What the file that says `data` is to say where `key` is `value`, or is not set (None)."""
    inner = dict(data.get(key.section, {}) if key.section else data)
    inner.pop(key.name, None)
    if value is not None:
        inner[key.name] = value
    return {**data, key.section: inner} if key.section else inner


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _under(text: str) -> Iterator[tuple[tuple[str, ...], Statement]]:
    """The pairs of the file, each with the names in the header that it stands under; none of a table that
    there are several of."""
    header: tuple[str, ...] = ()
    many = False
    for statement in statements(text):
        if statement.header:
            header, many = statement.header, statement.many
        elif not many:
            yield header, statement


def _found(text: str, key: Key) -> tuple[Statement, Pair] | None:
    """Where `key` is set: the statement, and the pair, which may stand in braces inside it."""
    for header, statement in _under(text):
        pair = statement.pair
        assert pair  # noqa: S101 - it is no header
        named = ".".join((*header, pair.key))
        if named == str(key):
            return statement, pair
        if key.section and named == key.section:
            for inner in pair.value.pairs:
                if inner.key == key.name:
                    return statement, inner
    return None


def _braces(text: str, section: str) -> Value | None:
    """The table in braces that a section is written as; None where it is not."""
    for header, statement in _under(text):
        pair = statement.pair
        if section and not header and pair and pair.key == section and pair.value.kind == "table":
            return pair.value
    return None


def _written(value: object, text: str, old: Value, newline: str) -> str:
    """The value as it takes the place of an `old` one: a list with an item a line where that had them so."""
    if isinstance(value, list) and value and old.items and "\n" in text[old.start : old.items[0].start]:
        head, _newline, indent = text[old.start : old.items[0].start].rpartition("\n")
        lines = "".join(f"{indent}{toml_value(item)},{newline}" for item in value)
        return f"{head}\n{lines}]"
    return toml_value(value)


def _region(text: str, section: str) -> tuple[int, int, int] | None:
    """Where the lines of a section begin, where its last value ends, and where the next section begins."""
    begin, last, inside = (0, 0, True) if not section else (0, 0, False)
    for statement in statements(text):
        if statement.header:
            if inside:
                return begin, last, statement.start
            inside = statement.header == (section,) and not statement.many
            begin = last = statement.end if inside else 0
        elif inside:
            last = statement.end
    return (begin, last, len(text)) if inside else None


def _example(text: str, key: Key) -> tuple[int, int, str] | None:
    """The remark in the section that shows how `key` is written: its line without the end, from where to
    where, and the line as it would be without the sign of a remark."""
    region = _region(text, key.section)
    if region is None:
        return None
    begin, _last, end = region
    at = begin
    for line in text[begin:end].splitlines(keepends=True):
        if _NEXT_EXAMPLE.match(line):
            return None
        content = line.rstrip("\r\n")
        if content.lstrip(" \t").startswith("#") and "=" in content:
            said = content.lstrip(" \t").removeprefix("#").lstrip(" \t")
            if _is_statement(said, key.name):
                return at, at + len(content), said
        at += len(line)
    return None


def _is_statement(line: str, name: str) -> bool:
    try:
        return list(tomllib.loads(line)) == [name]
    except tomllib.TOMLDecodeError:
        return False


def _new_place(text: str, key: Key, value: object, newline: str) -> tuple[int, str]:
    """Where a line that sets `key` for the first time goes, and the line, with its section where that is
    not there."""
    if region := _region(text, key.section):
        _begin, last, end = region
        return (last if key.section or last else end), key.assignment(value)
    dotted = [
        statement.end
        for header, statement in _under(text)
        if not header and statement.pair and statement.pair.key.startswith(f"{key.section}.")
    ]
    if dotted:
        return dotted[-1], f"{toml_key(key.section)}.{key.assignment(value)}"
    blank = newline if text.strip() else ""
    return len(text), f"{blank}[{toml_key(key.section)}]{newline}{key.assignment(value)}"
