"""What an empty tag leaves behind in the words typed round it: “241 văn bản, .”, “()”, two blanks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from reportctl.word.blocks import Element, w
from reportctl.word.controls import level
from reportctl.word.package import Story

_EMPTY = "\0"  # stands for a tag that has nothing to say
_BLANK = "[ \u00a0]"
_LEFT_OVER = re.compile(
    rf"""
      [,;:] {_BLANK}* (?:{_EMPTY}{_BLANK}*)+ (?:[,;:.!?)\]]|$)   # “văn bản, .”
    | [(\[] {_BLANK}* (?:{_EMPTY}{_BLANK}*)+ [)\],;]            # “()”, “(, tăng 5%)”
    | (?:{_BLANK}|^) {_EMPTY} (?:{_BLANK}|[,;:.])                # “hành  văn bản”, “văn bản .”
    """,
    re.VERBOSE,
)
_BEFORE, _AFTER = 50, 20  # characters that are shown of the line


def debris(stories: Iterable[Story], empty: Collection[Element]) -> tuple[str, ...]:
    """The places where one of the `empty` controls has left signs or blanks behind, as they read now, with
    the words round them; none in paragraphs in which nothing else is typed."""
    if not empty:
        return ()
    found: dict[str, None] = {}
    for story in stories:
        for paragraph in story.element.iter(w("p")):
            line = "".join(_pieces(paragraph, empty))
            if line.replace(_EMPTY, "").strip():
                found |= dict.fromkeys(_around(line, left) for left in _LEFT_OVER.finditer(line))
    return tuple(found)


def _around(line: str, left: re.Match[str]) -> str:
    """What was left behind, with the words before and after it."""
    start, end = max(left.start() - _BEFORE, 0), left.end() + _AFTER
    words = line[start:end].replace(_EMPTY, "").strip(" \t")
    return f"{'…' if start else ''}{words}{'…' if end < len(line) else ''}"


def _pieces(paragraph: Element, empty: Collection[Element]) -> Iterator[str]:
    """The text of a paragraph, with a sign for each empty control in it."""
    for node in paragraph.iter(w("t"), w("tab"), w("br"), w("sdt")):
        if node.tag == w("sdt"):
            if node in empty and level(node) == "run":
                yield _EMPTY
        elif node.tag == w("t"):
            yield node.text or ""
        elif node.getparent().tag == w("r"):
            yield "\t"
