"""Where the controls of a written document stand, as somebody finds them who has it on paper: below which
heading, in which paragraph, in which table or chart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn

from reportctl.word import controls
from reportctl.word.blocks import Element, w
from reportctl.word.captions import headings
from reportctl.word.controls import Occurrence
from reportctl.word.fields import fields, styles_of
from reportctl.word.package import open_document
from reportctl.word.record import read_record

_ANNEX = re.compile(r"((?:phụ lục|annex|appendix)(?:\s+(?:số\s+)?(?:[IVXLC]+|\d+|[A-Z]))?)\b", re.IGNORECASE)
# “I- ”, “2. ”, “2.1 ”, “a) ”, which people type; Word's own numbering is not among a paragraph's words.
_NUMBER = re.compile(
    r"(?:(?:phần|chương|mục|part|chapter|section)\s+)?"
    r"((?-i:[IVXLC]+|[A-ZĐa-zđ])(?=\s*[.):/–—-])|\d{1,2}(?:\.\d{1,2})+(?=[\s.):/–—-])"
    r"|\d{1,2}(?=\s*[.):/–—-])(?!\.\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level, from 0, its words, and the number typed before them; without one it is empty."""

    level: int
    words: str
    number: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a control stands.

    `annex` is what the annex is called (“Phụ lục II”), empty in the body; `headings` are those that it stands
    below, the highest first; `lines` its paragraphs, each with its number below the last heading (0: it is
    the heading) and its words. `caption` is what the table or chart is called (“Bảng 3”) that it is, or in
    which it stands in line `row` (from 1; 0: it is in no table of somebody's own). `aside`: in a header or
    footer, or a note.
    """

    tag: str
    annex: str = ""
    headings: tuple[Heading, ...] = ()
    lines: tuple[tuple[int, str], ...] = ()
    caption: str = ""
    row: int = 0
    aside: bool = False


def places(document: bytes, known: Container[str]) -> list[Place]:
    """The place of every control of a `document` that was filled, in its order; of several names of one a
    `known` one goes first."""
    file = open_document(document)
    found = controls.find(file.stories(), read_record(file.package).printed, known)
    filled = {
        paragraph
        for place in found
        for node in controls.spanned(place)
        if _is_drawn(node)
        for paragraph in node.iter(w("p"))
    }
    standing = _standing(file.body, styles_of(file.main), filled)
    return [
        _place(place, standing) if place.story is file.main else Place(place.tag, aside=True)
        for place in found
    ]


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where one paragraph of the body stands: below the annex and the headings, as the paragraph `number`."""

    annex: str
    headings: tuple[Heading, ...]
    number: int


def _standing(body: Element, styles: Element | None, filled: Container[Element]) -> dict[Element, _Standing]:
    """Where each paragraph stands. Those in tables, those `filled` with a table or chart, captions, centred
    ones (the title, what stands below an annex's) and empty ones are not counted."""
    centred = _centred(styles)
    levels = {paragraph: (level, words) for paragraph, level, words in headings(body, styles)}
    annex, number = "", 0
    above: tuple[Heading, ...] = ()
    named = -1  # the level of the annex's own heading, until text follows
    found: dict[Element, _Standing] = {}
    for paragraph in body.iter(w("p")):
        level, words = levels.get(paragraph, (-1, ""))
        if paragraph in filled:
            pass
        elif words and (of_annex := _ANNEX.match(words)):
            annex, above, number, named = of_annex[1], (), 0, level
        elif words and level != named:
            typed = _NUMBER.match(words)
            own = Heading(level, words, typed[1] if typed else "")
            above, number = (*(one for one in above if one.level < level), own), 0
        elif not words and _is_text(paragraph, centred):
            number, named = number + 1, -1
        found[paragraph] = _Standing(annex, above, 0 if words else number)
    return found


def _is_text(paragraph: Element, centred: Container[str]) -> bool:
    """Whether a reader counts it among the paragraphs of the text; `centred` are styles."""
    if next(paragraph.iterancestors(w("tbl")), None) is not None or not _words(paragraph).strip():
        return False
    aligned = _value(paragraph, f"{w('pPr')}/{w('jc')}")
    in_middle = aligned == "center" or (not aligned and _style(paragraph) in centred)
    return not in_middle and not _caption(paragraph)


def _centred(styles: Element | None) -> frozenset[str]:
    """The ids of the paragraph styles that say themselves that lines stand in the middle."""
    every = () if styles is None else styles.iter(w("style"))
    return frozenset(
        style.get(w("styleId"), "") for style in every if _value(style, f"{w('pPr')}/{w('jc')}") == "center"
    )


def _style(paragraph: Element) -> str:
    return _value(paragraph, f"{w('pPr')}/{w('pStyle')}")


def _value(node: Element, path: str) -> str:
    found = node.find(path)
    return "" if found is None else str(found.get(w("val"), ""))


def _is_drawn(node: Element) -> bool:
    """Whether a table or a chart stands in it."""
    return next(node.iter(w("tbl"), qn("c:chart")), None) is not None


def _words(paragraph: Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(w("t")))


def _caption(paragraph: Element) -> str:
    """What a caption calls its table or chart, up to the number that Word counts; empty for no caption."""
    for each in fields(paragraph):
        if each.words and each.words[0].upper() == "SEQ" and each.results:
            pieces: list[str] = []
            for text in paragraph.iter(w("t")):
                pieces.append(text.text or "")
                if text is each.results[-1]:
                    return " ".join("".join(pieces).split())
    return ""


def _place(place: Occurrence, standing: dict[Element, _Standing]) -> Place:
    """The place of a control in the body."""
    nodes = controls.spanned(place)
    drawn = any(map(_is_drawn, nodes))
    inside = list(dict.fromkeys(paragraph for node in nodes for paragraph in node.iter(w("p"))))
    around = next(place.start.iterancestors(w("p")), None)
    paragraphs = inside if inside or around is None else [around]
    if not paragraphs:
        return Place(place.tag)
    stands = standing[paragraphs[0]]
    if drawn:
        captions = (_caption(paragraph) for paragraph in paragraphs)
        return Place(place.tag, stands.annex, stands.headings, caption=next(filter(None, captions), ""))
    lines = tuple((standing[one].number, _words(one)) for one in paragraphs if _words(one).strip())
    caption, row = _own_table(place.start)
    return Place(place.tag, stands.annex, stands.headings, lines, caption, row)


def _own_table(node: Element) -> tuple[str, int]:
    """What the table is called that `node` stands in, and in which of its lines, from 1; 0 in none."""
    line = next(node.iterancestors(w("tr")), node if node.tag == w("tr") else None)
    table = None if line is None else next(line.iterancestors(w("tbl")), None)
    if table is None:
        return "", 0
    before = next((one for one in table.itersiblings(preceding=True) if _words(one).strip()), None)
    caption = "" if before is None or before.tag != w("p") else _caption(before)
    return caption, 1 + list(table.iter(w("tr"))).index(line)


def by_tag(found: list[Place]) -> dict[str, Iterator[Place]]:
    """The places of each tag, one after the other."""
    of_tags: dict[str, list[Place]] = defaultdict(list)
    for place in found:
        of_tags[place.tag].append(place)
    return {tag: iter(each) for tag, each in of_tags.items()}
