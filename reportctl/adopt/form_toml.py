"""The text of form.toml with what it says changed: what stays the same stays letter for letter.

A table of the file is a block with a header, `[[sections.indicators]]`, or stands in braces in an array,
`rows = [{ … }]`. Comments go by where they stand: on a line with a value they belong to it; directly above a
header, or below the last value of a block, to that block, and go with it where it is moved or dropped. All
others stay in their place, those between the lines of an array too.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportctl.adopt.form_keys import BELOW, Kind, keys
from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.core.toml import Keys, same_values, toml_value, toml_values
from reportctl.core.toml_spans import Statement, Value, statements


@dataclass(frozen=True, slots=True)
class Entry:
    """What one table of the form is to say: its `values` by key, and the tables `below` it by their kind.

    `origin` is the path of the table in the file that it is made from, None where it is a new one.
    """

    values: Mapping[str, Any]
    below: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    origin: Keys | None = None


def entry_of(data: Mapping[str, Any], kind: Kind = (), path: Keys = ()) -> Entry:
    """What the table `data` of the file, at `path`, says as it is."""
    below = {
        name: tuple(
            entry_of(each, (*kind, name), (*path, name, number)) for number, each in enumerate(data[name])
        )
        for name in BELOW[kind]
        if name in data
    }
    return Entry({key: value for key, value in data.items() if key not in below}, below, path)


def data_of(entry: Entry) -> dict[str, Any]:
    """The values of a TOML file that says just this; arrays of tables that are empty are left out."""
    below = {name: [data_of(each) for each in entries] for name, entries in entry.below.items() if entries}
    return {**entry.values, **below}


def edited(text: str, form: Entry) -> str:
    """The text of form.toml, which can be read, changed to say what `form` says.

    Raises `ReportctlError` where that does not come about.
    """
    editor = _Editor(text)
    changed = editor.blocks_of((), form, ())
    if not same_values(data_of(entry_of(toml_values(changed))), data_of(form)):
        raise ReportctlError(
            _(
                "form.toml is written in a way that cannot be changed by itself. Make the changes that are "
                "listed there by hand."
            )
        )
    return changed


@dataclass(frozen=True, slots=True)
class _Block:
    """A header with its values, from `start` to `end`; `lead` is where the comments directly above begin, and
    `first` where its own values do.

    The values at the top of the file are one too, without a header.
    """

    path: Keys
    lead: int
    start: int
    first: int
    end: int
    values: Mapping[str, Statement]


class _Editor:
    """A form.toml, where everything stands in it, and how its tables are written."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = toml_values(text)
        self.newline = "\r\n" if "\r\n" in text else "\n"
        blocks = _blocks(text)
        self.blocks = {block.path: block for block in blocks}
        self.gaps = {
            after.path: text[before.end : after.lead] for before, after in itertools.pairwise(blocks)
        }
        self.tail = text[blocks[-1].end :]
        self.gap = self.newline if any(self.gaps.values()) or not self.gaps else ""  # before a new block
        self.braces: dict[Keys, Value] = {}  # by path
        for block in blocks:
            for key, statement in block.values.items():
                self._note_braces((*block.path, key), _value(statement))
        written = {_kind(path) for path in self.blocks}
        self.braced = {_kind(path) for path in self.braces}
        self.braced |= {kind for kind in (("tables", "rows"), ("tables", "columns")) if kind not in written}

    def _note_braces(self, path: Keys, value: Value) -> None:
        for number, item in enumerate(value.items):
            if item.kind == "table":
                self.braces[(*path, number)] = item
                for pair in item.pairs:
                    self._note_braces((*path, number, pair.key), pair.value)

    def _old(self, path: Keys) -> Any:
        """What stands at `path` now."""
        found: Any = self.data
        for part in path:
            found = found[part]
        return found

    def _in_braces(self, path: Keys | None, kind: Kind) -> bool:
        """Whether the tables of the `kind` that stand below the block at `path` are to stand in an array."""
        block = self.blocks.get(path) if path is not None else None
        if block and kind[-1] in block.values and _value(block.values[kind[-1]]).items:
            return True
        if block and (*block.path, kind[-1], 0) in self.blocks:
            return False
        return len(kind) > 1 and kind in self.braced

    # Blocks

    def blocks_of(self, path: Keys, entry: Entry, kind: Kind) -> str:
        """The block at `path` with those below it, as `entry` says; without a path the whole file."""
        staying: dict[Keys, tuple[Entry, Kind]] = {}
        before: dict[Keys, list[str]] = {}  # new and moved blocks by the one that they stand before
        after: dict[Keys, list[str]] = {}  # by the one that they follow, with all that is below it
        self._plan(path, entry, kind, staying, before, after)
        listed = [block for block in self.blocks.values() if block.path[: len(path)] == path]
        last = {  # the last block below each that stays
            block.path[:depth]: block.path
            for block in listed
            if block.path in staying
            for depth in range(len(path), len(block.path) + 1, 2)
        }
        out, carried = "", ""
        for block in listed:
            if block.path not in staying:
                if block.path[:-2] in staying:  # else what is above goes with the block round it
                    carried = self._both(carried, self.gaps[block.path])
                continue
            gap = self._both(carried, self.gaps[block.path]) if block.path != path else ""
            carried = ""
            for chunk in before.get(block.path, ()):
                out, gap = f"{out}{gap}{chunk}", self.gap
            out += gap + self.text[block.lead : block.start] + self._head(block, *staying[block.path])
            for depth in range(len(block.path), len(path) - 1, -2):
                if last[block.path[:depth]] == block.path:
                    for chunk in after.get(block.path[:depth], ()):
                        out = self._line_ended(out) + self.gap + chunk
        if not path:
            out += self._both(carried, self.tail) if carried.strip() else self.tail
        return out

    def _plan(
        self,
        path: Keys,
        entry: Entry,
        kind: Kind,
        staying: dict[Keys, tuple[Entry, Kind]],
        before: dict[Keys, list[str]],
        after: dict[Keys, list[str]],
    ) -> None:
        """Find which of the blocks at and below `path` stay where they are, and the texts of those that are
        new there or stand elsewhere now, with the block that each goes before or after."""
        staying[path] = entry, kind
        end = path  # what blocks follow that have none of their kind beside them
        unplaced: list[str] = []  # that are to stand before all others
        for name in BELOW[kind]:
            below, entries = (*kind, name), entry.below.get(name, ())
            if self._in_braces(path, below):
                continue
            kept = rising(
                [
                    int(one.origin[-1])
                    if one.origin in self.blocks and one.origin[:-1] == (*path, name)
                    else None
                    for one in entries
                ]
            )
            stays = [place in kept for place in range(len(entries))]
            ahead = next((one.origin for one, here in zip(entries, stays, strict=True) if here), None)
            behind: Keys | None = None
            for one, here in zip(entries, stays, strict=True):
                if here and one.origin is not None:
                    self._plan(one.origin, one, below, staying, before, after)
                    before.setdefault(one.origin, []).extend(unplaced)
                    unplaced, behind = [], one.origin
                    continue
                chunk = self._chunk(one, below)
                if behind is not None:
                    after.setdefault(behind, []).append(chunk)
                elif ahead is not None:
                    before.setdefault(ahead, []).append(chunk)
                elif end:
                    after.setdefault(end, []).append(chunk)
                else:
                    unplaced.append(chunk)
            end = behind or end
        after.setdefault(end, []).extend(unplaced)

    def _chunk(self, entry: Entry, kind: Kind) -> str:
        """A block that is new, or that stands elsewhere now, with those below it."""
        if entry.origin in self.blocks:
            return self._line_ended(self.blocks_of(entry.origin, entry, kind))
        lines = [f"[[{'.'.join(kind)}]]"]
        blocks = []
        for key in keys(kind):
            if key in entry.values:
                lines.append(f"{key} = {toml_value(entry.values[key])}")
            elif entries := entry.below.get(key):
                below = (*kind, key)
                if self._in_braces(None, below):
                    lines.append(f"{key} = {self._array(None, (), entries, below)}")
                else:
                    blocks += [self.gap + self._chunk(one, below) for one in entries]
        return "".join(f"{line}{self.newline}" for line in lines) + "".join(blocks)

    def _line_ended(self, text: str) -> str:
        return text if text.endswith("\n") or not text else text + self.newline

    def _both(self, first: str, second: str) -> str:
        """What stands between two blocks where the one between them is gone: comments above and below it."""
        if not second.strip():
            return first or second
        if not first.strip():
            return second
        return first.rstrip("\r\n") + self.newline + second

    # The values of a block

    def _head(self, block: _Block, entry: Entry, kind: Kind) -> str:
        """A block without those below it."""
        splices: list[tuple[int, int, str]] = []
        added = dict[int, str]()
        place, indent, arrays = block.first, "", dict[str, tuple[Entry, ...]]()
        for name in BELOW[kind]:
            if self._in_braces(block.path, (*kind, name)):
                arrays[name] = entry.below.get(name, ())
        for key in keys(kind):
            path = (*block.path, key)
            statement = block.values.get(key)
            if statement is None:
                if key in entry.values or arrays.get(key):
                    text = (
                        toml_value(entry.values[key])
                        if key in entry.values
                        else self._array(None, path, arrays[key], (*kind, key))
                    )
                    added[place] = added.get(place, "") + f"{indent}{key} = {text}{self.newline}"
                continue
            if statement.end > place:
                place, line = statement.end, self.text[statement.start : statement.end]
                indent = line[: len(line) - len(line.lstrip(" \t"))]
            value = _value(statement)
            if key in entry.values:
                splices.append((value.start, value.end, self._changed(value, path, entry.values[key])))
            elif key in arrays:
                splices.append((value.start, value.end, self._array(value, path, arrays[key], (*kind, key))))
            elif key not in BELOW[kind] or entry.below.get(key):
                splices.append((statement.start, statement.end, ""))
        splices += [(at, at, text) for at, text in added.items()]
        out, at = "", block.start
        for start, end, text in sorted(splices, key=lambda each: each[:2]):
            out += self.text[at:start]
            out = self._line_ended(out) + text if start == end else out + text
            at = end
        return out + self.text[at : block.end]

    def _changed(self, value: Value, path: Keys, new: Any) -> str:
        """A value as it stands there, or the `new` one in its place."""
        old, text = self._old(path), self.text[value.start : value.end]
        if same_values(old, new):
            return text
        if isinstance(old, list) and isinstance(new, list) and value.items:
            free = list(enumerate(old))
            items = []
            for one in new:
                number = next((n for n, each in free if same_values(each, one)), None)
                free = [each for each in free if each[0] != number]
                items.append((number, toml_value(one)))
            return self._rejoined(value, items)
        if text.startswith(('"""', "'''")) and isinstance(new, str) and "\n" in new:
            lines = (toml_value(line)[1:-1] for line in new.split("\n"))
            return f'"""{self.newline}{self.newline.join(lines)}"""'
        return toml_value(new)

    # Tables in braces

    def _array(self, value: Value | None, path: Keys, entries: Sequence[Entry], kind: Kind) -> str:
        """The array at `path` of the tables `entries`; `value` is what stands there now, None if nothing."""
        items = []
        for one in entries:
            number = None
            if one.origin in self.braces:
                text = self._table(one.origin, one, kind)
                number = one.origin[-1] if one.origin[:-1] == path else None
            else:
                text = self._new_table(one, kind)
            items.append((number if isinstance(number, int) else None, text))
        if value is not None and value.items:
            return self._rejoined(value, items)
        lines = "".join(f"  {text},{self.newline}" for _number, text in items)
        return f"[{self.newline}{lines}]" if items else "[]"

    def _table(self, path: Keys, entry: Entry, kind: Kind) -> str:
        """The table in braces at `path`, as `entry` says."""
        value = self.braces[path]
        known = {pair.key: pair for pair in value.pairs}
        texts: dict[str, str] = {}
        for key, pair in known.items():
            if key in entry.values:
                changed = self._changed(pair.value, (*path, key), entry.values[key])
            elif entry.below.get(key) or (key in BELOW[kind] and not pair.value.items):
                changed = self._array(pair.value, (*path, key), entry.below.get(key, ()), (*kind, key))
            else:
                continue
            texts[key] = self.text[pair.start : pair.value.start] + changed
        new = {key: text for key, text in self._new_pairs(entry, kind).items() if key not in known}
        order = list(texts)
        for key, text in new.items():
            earlier = keys(kind)[: keys(kind).index(key)]
            order.insert(max((order.index(each) + 1 for each in earlier if each in order), default=0), key)
            texts[key] = f"{key} = {text}"
        written = list(known)
        out, before = self.text[value.start : value.pairs[0].start], ""
        for key in order:
            if before in known and key in known and written.index(key) == written.index(before) + 1:
                out += self.text[known[before].end : known[key].start]
            elif before:
                out += ", "
            out, before = out + texts[key], key
        return out + self.text[value.pairs[-1].end : value.end]

    def _new_pairs(self, entry: Entry, kind: Kind) -> dict[str, str]:
        """The texts of its values by key, in the order in which they are written."""
        found = {}
        for key in keys(kind):
            if key in entry.values:
                found[key] = toml_value(entry.values[key])
            elif entries := entry.below.get(key):
                found[key] = f"[{', '.join(self._new_table(one, (*kind, key)) for one in entries)}]"
        return found

    def _new_table(self, entry: Entry, kind: Kind) -> str:
        pairs = ", ".join(f"{key} = {text}" for key, text in self._new_pairs(entry, kind).items())
        return f"{{ {pairs} }}"

    def _rejoined(self, value: Value, new: Sequence[tuple[int | None, str]]) -> str:
        """The array `value` with the items `new`: which of its items each is, None for none, and its text."""
        items, end = self._items(value)
        stays = rising([number for number, _text in new])
        several = [item.before for item in items if "\n" in item.before]
        apart = self.newline + several[0].rpartition("\n")[2] if several else " "
        out, done, in_comment = "[", 0, False
        for place, (number, text) in enumerate(new):
            item = _Item("", "", comma=True, after="") if number is None else items[number]
            before = apart if several or place else items[0].before
            if place in stays and number is not None:
                comments = "".join(_comments(gone.before) for gone in items[done:number])
                out += self._apart(in_comment, comments)
                in_comment = in_comment or bool(comments)
                before, done = item.before if several else before, number + 1
            comma = "," if place < len(new) - 1 or items[-1].comma else ""
            out += self._apart(in_comment, before) + text + item.between + comma + item.after
            in_comment = bool(item.after)
        comments = "".join(_comments(gone.before) for gone in items[done:])
        out += self._apart(in_comment, comments)
        return out + self._apart(in_comment or bool(comments), end + "]")

    def _apart(self, in_comment: bool, text: str) -> str:
        """`text` as it follows: on a new line where what is before it ends `in_comment`."""
        swallowed = in_comment and text and not text.lstrip(" \t\r").startswith("\n")
        return self.newline + text if swallowed else text

    def _items(self, value: Value) -> tuple[list[_Item], str]:
        """What stands round the items of an array, and between the last one and the bracket."""
        found, at = [], value.start + 1
        for item in value.items:
            before = self.text[at : item.start]
            blank = _BLANK.match(self.text, item.end)
            end = blank.end() if blank else item.end
            comma = self.text[end] == ","
            between = self.text[item.end : end] if comma else ""
            at = end + 1 if comma else item.end
            comment = _COMMENT.match(self.text, at)
            after = comment[0] if comment else ""
            at += len(after)
            found.append(_Item(before, between, comma, after))
        return found, self.text[at : value.end - 1]


@dataclass(frozen=True, slots=True)
class _Item:
    """What stands round an item of an array: `before` it, from the end of the one before; `between` it and
    its comma; a comment `after` that on the same line."""

    before: str
    between: str
    comma: bool
    after: str


def _kind(path: Keys) -> Kind:
    return tuple(part for part in path if isinstance(part, str))


def _value(statement: Statement) -> Value:
    assert statement.pair  # noqa: S101 - it is no header
    return statement.pair.value


_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")
_COMMENT_LINE = re.compile(r"[ \t]*#[^\n]*(?:\n|\Z)")


def _comments(before: str) -> str:
    """The comments before an item, each with the line break before it; without comments nothing."""
    return before[: before.rindex("\n")].rstrip("\r") if "#" in before else ""


def _blocks(text: str) -> list[_Block]:
    """The blocks of a form.toml in its order, the first one what stands above all headers."""
    groups: list[list[Statement]] = [[]]
    for statement in statements(text):
        if statement.header:
            groups.append([])
        groups[-1].append(statement)
    found: list[_Block] = []
    counts: dict[Keys, int] = {}
    lead = 0
    for group, following in itertools.zip_longest(groups, groups[1:]):
        path: Keys = ()
        start = first = group[0].start if group and not group[0].header else 0
        end = group[-1].end if group else 0
        next_lead = _above(text, following[0].start, end) if following else len(text)
        while end < next_lead and (comment := _COMMENT_LINE.match(text, end)):
            end = comment.end()
        if found:
            *above, last = group[0].header
            for name in above:
                path += (name, counts[*path, name])
            counts[*path, last] = counts.get((*path, last), -1) + 1
            path += (last, counts[*path, last])
            start, first = group[0].start, group[0].end
        values = {one.pair.key: one for one in group if one.pair}
        found.append(_Block(path, lead, start, first, end, values))
        lead = next_lead
    return found


def _above(text: str, start: int, floor: int) -> int:
    """Where the comment lines directly above the line at `start` begin, at `floor` at the earliest."""
    while start > floor:
        line = text.rfind("\n", 0, start - 1) + 1
        if line < floor or not text[line:start].lstrip(" \t").startswith("#"):
            break
        start = line
    return start


def rising(numbers: Sequence[int | None]) -> frozenset[int]:
    """The places of a longest rising run among the `numbers`: what can stay for all to be in order."""
    ends: list[tuple[int, int]] = []  # of the run of each length, the least number at its end, with its place
    before: dict[int, int | None] = {}
    for place, number in enumerate(numbers):
        if number is not None:
            length = bisect.bisect_left(ends, (number, -1))
            before[place] = ends[length - 1][1] if length else None
            ends[length : length + 1] = [(number, place)]
    found = set()
    last = ends[-1][1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return frozenset(found)
