"""Places that were printed and that the document has no longer: which, and where their words still stand.

A place is gone with its control and its bookmark: somebody deleted the paragraph, pasted the text without its
controls, or saved the report with a program that keeps neither.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from reportctl.word.blocks import Element, w
from reportctl.word.controls import Occurrence, spanned
from reportctl.word.merging import kept_share
from reportctl.word.package import Story
from reportctl.word.record import Printed

_MOST = 3  # paragraphs that are named for one place
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALIKE = 0.6  # of the words of a printed line


@dataclass(frozen=True, slots=True)
class LostPlace:
    """A place that is gone: what it said, and would say (None: its tag is not known any more); `standing`
    are the paragraphs or rows that still have its words, as plain text; `dropped`: gone on purpose."""

    tag: str
    kind: str
    printed: str
    new: str | None
    dropped: bool
    standing: tuple[str, ...] = ()


def lost_places(
    printed: Mapping[int, Printed], places: Iterable[Occurrence], drop: Container[str]
) -> dict[int, Printed]:
    """What was printed and stands nowhere, by number; those of the tags to `drop` are dropped from here on.

    A control that has lost its number, or was typed again, stands for one that is gone under its tag.
    """
    numbers: set[int] = set()
    others: Counter[str] = Counter()
    for place in places:
        last = printed.get(place.number or 0)
        if place.number and last and last.tag == place.tag:
            numbers.add(place.number)
        else:
            others[place.tag] += 1
    gone = {}
    for number, one in sorted(printed.items(), key=lambda entry: (entry[1].dropped, entry[0])):
        if number in numbers:
            continue
        if others[one.tag]:
            others[one.tag] -= 1
            continue
        gone[number] = replace(one, dropped=one.dropped or one.tag in drop)
    return gone


def lines_outside(stories: Iterable[Story], places: Iterable[Occurrence]) -> list[tuple[str, str]]:
    """Every paragraph, and every row of a table with tabs between its cells: its text, and that of it which
    stands in no control."""
    inside = {node for place in places for node in spanned(place)}
    lines = []
    for story in stories:
        for node in story.element.iter(w("p"), w("tr")):
            if node.tag == w("p") and next(node.iterancestors(w("tr")), None) is not None:
                continue
            pieces = list(_pieces(node, inside))
            whole = "".join(text for text, _outside in pieces)
            outside = "".join(text for text, outside in pieces if outside)
            if outside.strip():
                lines.append((_plain(whole), _plain(outside)))
    return lines


def _pieces(node: Element, inside: Set[Element]) -> Iterator[tuple[str, bool]]:
    """The pieces of a paragraph's or row's text, each with whether it stands outside of all controls."""
    cell = None
    for text in node.iter(w("t")):
        around = next(text.iterancestors(w("tc")), None)
        if cell is not None and around is not cell:
            yield "\t", True
        cell = around
        up, outside = text, True
        while up is not None and up is not node and outside:
            outside = up not in inside
            up = up.getparent()
        yield text.text or "", outside and node not in inside and inside.isdisjoint(node.iterancestors())


def _plain(text: str) -> str:
    """A line with plain blanks."""
    return re.sub(r"[^\S\t]+", " ", text).strip()


def where_standing(one: Printed, lines: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The lines, three at most, in which what was printed still stands as plain text: a figure as it is, a
    sentence or a row of a table for the most part, else one of the sentence's figures."""
    if one.kind == "contents":
        return ()
    printed = [text.partition("#. ")[2] or text for text in map(_plain, one.text.split("\n"))]
    scored = [
        (score, whole)
        for text in printed
        if any(map(str.isalnum, text))
        for whole, outside in lines
        if (score := _likeness(text, outside)) >= _ALIKE
    ]
    found = [whole for _score, whole in sorted(scored, key=lambda pair: -pair[0])]
    if not found and one.kind == "text":
        numbers = [number for number in _NUMBER.findall(one.text) if _telling(number)]
        found = [whole for number in numbers for whole, outside in lines if _as_it_is(number, outside)]
    return tuple(dict.fromkeys(found))[:_MOST]


def _likeness(printed: str, line: str) -> float:
    """How much of a printed line stands in another: 1 where it does as it is, 0 where few words do."""
    if _as_it_is(printed, line):
        return 1.0
    words = set(printed.split())
    alike = len(words) > 3 and len(words.intersection(line.split())) > len(words) / 2
    return kept_share(printed, line) if alike else 0.0


def _as_it_is(printed: str, line: str) -> bool:
    """Whether a text stands in a line, and not as a part of a longer number or word."""
    at = line.find(printed)
    return at >= 0 and bool(re.search(rf"(?<![\w.,]){re.escape(printed)}(?!\w|[.,]\d)", line))


def _telling(number: str) -> bool:
    """Whether a number is found again by itself: it has three digits, or a decimal, and is no year."""
    return not _YEAR.fullmatch(number) and (sum(map(str.isdigit, number)) > 2 or not number.isdigit())
