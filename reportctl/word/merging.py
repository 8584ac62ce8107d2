"""An edited text with what has changed in its original: figures renewed between people's own words.

Three texts are compared by words and numbers: what was printed, what people have made of it, what would be
printed now. What differs between the first and the last is put into the second where people have not changed
that place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from docx.oxml.ns import qn

from reportctl.word.blocks import Element, w

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of a text that become `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Open:
    """What a merge could not renew: what was `printed` there, what it would say `now`."""

    printed: str
    now: str


def merge(printed: str, edited: str, now: str) -> tuple[tuple[Edit, ...], tuple[Open, ...]]:
    """The edits that renew `edited`, in order, and what has to be renewed by hand.

    No edit reaches over a line end: a new paragraph is left to people.
    """
    base, theirs, ours = (list(_WORD.finditer(text)) for text in (printed, edited, now))
    place: dict[int, int] = {}  # of each word of the base that people left as it was, its place in theirs
    for at, there, count in _matcher(base, theirs).get_matching_blocks():
        place |= {at + n: there + n for n in range(count)}
    edits: list[Edit] = []
    left: list[Open] = []
    for kind, i, j, k, m in _matcher(base, ours).get_opcodes():
        if kind == "equal":
            continue
        new = now[ours[k].start() : ours[m - 1].end()] if m > k else ""
        where = _span(range(i, j), place, len(base), len(theirs))
        if where is None:
            old = printed[base[i].start() : base[j - 1].end()] if j > i else ""
            before, after = place.get(i - 1, -1), place.get(j, len(theirs))
            if not _already([word[0] for word in theirs[before + 1 : after]], old, new):
                left.append(Open(old, new))
            continue
        first, last = where
        if last > first and m > k:
            edit = Edit(theirs[first].start(), theirs[last - 1].end(), new)
        elif last > first:  # gone, with the blank before it
            edit = Edit(theirs[first - 1].end() if first else 0, theirs[last - 1].end(), "")
        elif first:  # new, after a word
            start = theirs[first - 1].end()
            edit = Edit(start, start, now[ours[k - 1].end() if k else 0 : ours[m - 1].end()])
        else:
            edit = Edit(0, 0, now[: ours[m].start()] if m < len(ours) else new)
        if "\n" in edited[edit.start : edit.end] + edit.new:
            left.append(Open(edited[edit.start : edit.end].strip(), new))
        else:
            edits.append(edit)
    return _without_half_moves(edited, edits, left)


def _without_half_moves(
    edited: str, edits: Sequence[Edit], left: Sequence[Open]
) -> tuple[tuple[Edit, ...], tuple[Open, ...]]:
    """The same, without taking away a word, as “ước”, that goes to another place which people have changed:
    moved by half it would be lost. Where nothing else is to be changed there, people's order stays."""
    kept: list[Edit] = []
    moved: set[str] = set()
    for edit in edits:
        old = edited[edit.start : edit.end]
        lost = {*_words(old)} - {*_words(edit.new)}
        goes = {word for one in left for word in {*_words(one.now)} - {*_words(one.printed)}}
        at = _end_of(old, lost & goes)
        if not at:
            kept.append(edit)
            continue
        moved |= lost & goes
        if edit.new:  # the word stays where it was, before what has changed
            kept.append(replace(edit, start=edit.start + at))
    still = [
        one
        for one in left
        if not moved or [word for word in _words(one.now) if word not in moved] != _words(one.printed)
    ]
    return tuple(kept), tuple(still)


def _end_of(text: str, words: Collection[str]) -> int:
    """Where the words that `text` begins with end, with the blank behind; 0 where it begins otherwise."""
    at = 0
    for found in _WORD.finditer(text):
        if found[0].casefold() not in words:
            return found.start() if at else 0
        at = found.end()
    return at


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _matcher(a: Sequence[re.Match[str]], b: Sequence[re.Match[str]]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, [word[0] for word in a], [word[0] for word in b], autojunk=False)


def _span(words: range, place: dict[int, int], of_base: int, of_theirs: int) -> tuple[int, int] | None:
    """Where the words of the base stand in theirs, first and after the last; of none, between which two they
    would. None where people have changed that place."""
    around = words if words else range(max(words.start - 1, 0), min(words.stop + 1, of_base))
    found = [place.get(word) for word in around]
    if not found or None in found:
        return None
    standing = [at for at in found if at is not None]
    if standing != list(range(standing[0], standing[0] + len(standing))):
        return None
    if words:
        return standing[0], standing[-1] + 1
    if words.start == 0:
        return (0, 0) if standing[0] == 0 else None
    if words.start == of_base and standing[0] != of_theirs - 1:
        return None
    return standing[0] + 1, standing[0] + 1


def _already(there: Sequence[str], old: str, new: str) -> bool:
    """Whether people have typed there, among words of theirs, what would be printed now."""

    def has(words: Sequence[str]) -> bool:
        count = len(words)
        return any(list(there[at : at + count]) == words for at in range(len(there) - count + 1))

    return has(_WORD.findall(new)) and not (old and has(_WORD.findall(old)))


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` after `edits`."""
    for edit in reversed(edits):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def kept_share(printed: str, edited: str) -> float:
    """How much of a printed text still stands in an edited one, from 0 to 1, by its words and numbers."""
    base, theirs = list(_WORD.finditer(printed)), list(_WORD.finditer(edited))
    same = sum(block.size for block in _matcher(base, theirs).get_matching_blocks())
    return same / len(base) if base else 1.0


def typed_numbers(original: str, edited: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of an edited text that its original has not, each once: those that may stand for one of its
    own, and those in words that were added beside it, which can only be told where all its own are there."""
    base, theirs = list(_WORD.finditer(original)), list(_WORD.finditer(edited))
    known = {word[0] for word in base}
    all_there = not {word for word in known if word[0].isdigit()} - {word[0] for word in theirs}
    instead: dict[str, None] = {}
    beside: dict[str, None] = {}
    for kind, i, j, k, m in _matcher(base, theirs).get_opcodes():
        numbers = [word[0] for word in theirs[k:m] if word[0][0].isdigit() and word[0] not in known]
        numbers = [] if kind == "equal" else numbers
        changed = not all_there or any(word[0][0].isdigit() for word in base[i:j])
        (instead if changed else beside).update(dict.fromkeys(numbers))
    return tuple(instead), tuple(number for number in beside if number not in instead)


def _letters(paragraphs: Sequence[Element]) -> list[tuple[Element, int] | None]:
    """Of each character of these paragraphs its w:t and its place there; None for a line end."""
    letters: list[tuple[Element, int] | None] = []
    for number, paragraph in enumerate(paragraphs):
        letters += [None] if number else []
        for node in paragraph.iter(w("t")):
            letters += [(node, at) for at in range(len(node.text or ""))]
    return letters


def can_write(paragraphs: Sequence[Element], text: str, edits: Sequence[Edit]) -> bool:
    """Whether `edits` of `text` can be made in these paragraphs: they hold that text and nothing else (a
    tab, a field, a picture), and each edit stands within one of them."""
    letters = _letters(paragraphs)
    typed = "".join("\n" if letter is None else (letter[0].text or "")[letter[1]] for letter in letters)
    return typed == text and all(
        None not in letters[max(edit.start - (edit.end == edit.start), 0) : max(edit.end, 1)]
        for edit in edits
    )


def write(paragraphs: Sequence[Element], edits: Sequence[Edit]) -> None:
    """Make `edits` in the paragraphs of a text that `can_write` them, each word in the look of what it
    replaces."""
    letters = _letters(paragraphs)
    pieces: dict[Element, list[str]] = {letter[0]: list(letter[0].text or "") for letter in letters if letter}
    for edit in edits:
        replaced = [letter for letter in letters[edit.start : edit.end] if letter]
        if not replaced:
            beside = letters[max(edit.start - 1, 0)]
            if beside:
                node, at = beside
                kept = pieces[node][at]
                pieces[node][at] = edit.new + kept if edit.start == 0 else kept + edit.new
            continue
        for node, at in replaced:
            pieces[node][at] = ""
        node, at = replaced[0]
        pieces[node][at] = edit.new
    for node, characters in pieces.items():
        new = "".join(characters)
        if new != node.text:
            node.text = new
            node.set(qn("xml:space"), "preserve")
