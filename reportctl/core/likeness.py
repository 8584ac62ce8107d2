"""How alike texts are: the share of their runs of words, and of their figures, that they have in common.

Shares are Dice's coefficient: twice what both have, of what the two have together. Dates and the names of
periods are left out: they are what is changed where last quarter's text is sent again. A text written anew by
the same pattern has figures of its own, so figures count apart.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# A run of words that stands in more different texts than this is a stock phrase, and says nothing.
_MANY = 50
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_DATE = re.compile(
    r"\b(?:ngày|tháng|quý|năm)\s+(?:[ivx]+\b(?:\s?/\s?\d+)?|\d+(?:[/.-]\d+)*)"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|\b\d{1,2}/\d{4}\b"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared: its shingles, every run of three words as a number that is the same in every
    run of the program; and its figures, each with the word before it and how often it stood so already."""

    shingles: frozenset[int]
    figures: frozenset[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Twins:
    """The texts that are most like one, itself perhaps among them: `share` of it stands in each of `keys`."""

    share: float
    keys: tuple[str, ...]


def text_of(words: str, min_words: int) -> Text | None:
    """What is compared of an answer in words; None where it has fewer than `min_words` words."""
    plain = _DATE.sub(" ", unicodedata.normalize("NFC", words).casefold())
    tokens = [number for chunk in plain.split() for number in _numbers(chunk)]
    numbers = [number for number in tokens if number] if 0 in tokens else tokens
    if len(numbers) < max(min_words, 3):
        return None
    runs = zip(numbers, numbers[1:], numbers[2:], strict=False)
    shingles = frozenset([one ^ two << 1 ^ three << 2 for one, two, three in runs])
    if numbers is tokens:
        return Text(shingles, frozenset())
    seen: Counter[tuple[str, str]] = Counter()
    figures = []
    for before, token in itertools.pairwise(["", *_TOKEN.findall(plain)]):
        if token[0].isdigit():
            figures.append((before, token, seen[before, token]))
            seen[before, token] += 1
    return Text(shingles, frozenset(figures))


def similarity(one: Text, other: Text) -> float:
    """From 0, nothing in common, to 1, the same: the lesser of what words and figures have in common."""
    pairs = ((one.shingles, other.shingles), (one.figures, other.figures))
    return min(2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0 for a, b in pairs)


def twins(texts: Mapping[str, Text], at_least: float) -> dict[str, Twins]:
    """For every text that another one is like, by the share `at_least`, those that are most like it.

    Stock phrases are left out before texts are compared, and a text that is mostly made of them is like none
    but those that are the same. The order of `texts` does not matter.
    """
    same: dict[Text, list[str]] = defaultdict(list)
    for key in sorted(texts):
        same[texts[key]].append(key)
    found = {key: Twins(1.0, tuple(keys)) for keys in same.values() if len(keys) > 1 for key in keys}
    often = Counter(itertools.chain.from_iterable(text.shingles for text in same))
    stock = {shingle for shingle, count in often.items() if count > _MANY}
    own = {text: text for text in same}
    for text in same:
        if not stock.isdisjoint(text.shingles):
            rest = text.shingles - stock
            own[text] = Text(rest if 2 * len(rest) >= len(text.shingles) else frozenset(), text.figures)
    best: dict[Text, tuple[float, list[Text]]] = {}
    for pair in _candidates(own, often, at_least):
        share = similarity(*(own[text] for text in pair))
        for text, other in (pair, pair[::-1]):
            highest, those = best.get(text, (at_least, []))
            if share > highest or (share == highest and not those):
                best[text] = share, [other]
            elif share == highest:
                those.append(other)
    for text, (share, those) in best.items():
        keys = tuple(sorted(key for other in those for key in same[other]))
        found |= {key: Twins(share, keys) for key in same[text] if key not in found}
    return found


def groups_of_similar(texts: Mapping[int, Text], at_least: float) -> dict[int, int]:
    """Group similar texts: map each text to the first one of its group, itself where it is like none.

    Texts are taken in the order of `texts`; each joins the first group whose first text it is like by the
    share `at_least`, or begins a group. Stock phrases count here.
    """
    often = Counter(itertools.chain.from_iterable(text.shingles for text in texts.values()))
    index: dict[int, list[int]] = defaultdict(list)
    place = {key: n for n, key in enumerate(texts)}
    found: dict[int, int] = {}
    for key, text in texts.items():
        prefix = _rarest(text, often, at_least)
        candidates = dict.fromkeys(first for shingle in prefix for first in index[shingle])
        alike = (first for first in candidates if similarity(text, texts[first]) >= at_least)
        found[key] = min(alike, key=place.__getitem__, default=key)
        if found[key] == key:
            for shingle in prefix:
                index[shingle].append(key)
    return found


def _candidates(
    own: Mapping[Text, Text], often: Mapping[int, int], at_least: float
) -> Iterator[tuple[Text, Text]]:
    """Every pair of texts that can be alike by the share `at_least`, once; `own` is what is compared of each.

    Each of two such texts has at least the part t/(2-t) of its shingles in the other. So they have one in
    common among the rarest of both, those that are left when one less than that part, the commonest, are set
    aside (prefix filtering: Chaudhuri, Ganti and Kaushik, ICDE 2006).
    """
    index: dict[int, list[Text]] = defaultdict(list)
    for text, compared in own.items():
        prefix = _rarest(compared, often, at_least)
        yield from ((text, other) for other in {id(o): o for one in prefix for o in index[one]}.values())
        for shingle in prefix:
            index[shingle].append(text)


def _rarest(text: Text, often: Mapping[int, int], at_least: float) -> list[int]:
    """The rarest shingles: texts that are alike by the share `at_least` have one of theirs in common."""
    count = len(text.shingles)
    shared = [shingle for shingle in text.shingles if often[shingle] > 1]
    # What is in no other text is the rarest of all. Floats may lose a little: one more does no harm.
    rarest = count - math.ceil(at_least / (2 - at_least) * count - 1e-9) + 1 - (count - len(shared))
    if rarest <= 0:
        return []
    return sorted(shared, key=lambda shingle: (often[shingle], shingle))[:rarest]


@functools.lru_cache(maxsize=2**17)
def _numbers(chunk: str) -> tuple[int, ...]:
    """A number for every word in what stands between two spaces, the same in every run; 0 for figures."""
    return tuple(
        0
        if token[0].isdigit()
        else int.from_bytes(hashlib.blake2b(token.encode(), digest_size=7).digest()) or 1
        for token in _TOKEN.findall(chunk)
    )
