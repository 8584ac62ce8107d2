"""What a document mentions before anything is filled in: tags in controls, typed ones, its other words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from reportctl.word import controls
from reportctl.word.blocks import Element, w
from reportctl.word.controls import PLACEHOLDER, Occurrence, seen
from reportctl.word.elsewhere import tags_elsewhere
from reportctl.word.lost import lines_outside
from reportctl.word.package import open_document
from reportctl.word.placeholders import known_tag
from reportctl.word.record import read_record


@dataclass(frozen=True, slots=True)
class UnknownTag:
    """A tag that is not known: `name` as it is spelled, the text that it stands in (of a control its own),
    and whether it was `typed` in braces or names a control."""

    name: str
    text: str
    typed: bool


@dataclass(frozen=True, slots=True)
class Mentions:
    """What stands in a document: its known `tags`, the `unknown` ones, its `paragraphs`; the `lines` in
    which something stands that nothing fills, rows of tables with tabs, each with that."""

    tags: frozenset[str]
    unknown: tuple[UnknownTag, ...]
    paragraphs: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


def mentions(document: bytes, known: Collection[str]) -> Mentions:
    """What a document mentions; `known` are the tags that can be filled. Raises `ReportctlError` for no
    document."""
    file = open_document(document)
    stories = file.stories()
    places = controls.find(stories, read_record(file.package).printed, known)
    ours = [place for place in places if place.tag in known]
    folded = {tag.casefold(): tag for tag in known}
    paragraphs = [seen(text) for story in stories for text in _paragraphs(story.element)]
    typed = [(found[1], text) for text in paragraphs for found in PLACEHOLDER.finditer(text)]
    typed += [(name, place) for name, place in tags_elsewhere(stories)]
    tags = {place.tag for place in ours}
    unknown: dict[UnknownTag, None] = {}
    for name, text in typed:
        tag = known_tag(name, folded)
        if tag:
            tags.add(folded[tag])
        else:
            unknown[UnknownTag(name, text, typed=True)] = None
    for place in places:
        if place.tag not in known and not PLACEHOLDER.search(seen(_text(place))):
            unknown[UnknownTag(place.tag, _text(place), typed=False)] = None
    lines = tuple(lines_outside(stories, ours))
    return Mentions(frozenset(tags), tuple(unknown), tuple(paragraphs), lines)


@dataclass(frozen=True, slots=True)
class Standing:
    """A tag that a document asks for: `name` as it is spelled, the `text` that it stands in, of a control its
    own."""

    name: str
    text: str


def standing_tags(document: bytes, known: Collection[str]) -> Iterator[Standing]:
    """All that is typed in braces, and the controls of the tags that are `known`. Raises `ReportctlError` for
    no document."""
    file = open_document(document)
    stories = file.stories()
    for text in (seen(text) for story in stories for text in _paragraphs(story.element)):
        yield from (Standing(found[1], text) for found in PLACEHOLDER.finditer(text))
    for place in controls.find(stories, read_record(file.package).printed, known):
        if place.tag in known:
            yield Standing(place.tag, _text(place))


def _text(place: Occurrence) -> str:
    return controls.text(place)


def _paragraphs(story: Element) -> Iterator[str]:
    """The text of each paragraph that has any."""
    for paragraph in story.iter(w("p")):
        if text := "".join(node.text or "" for node in paragraph.iter(w("t"))):
            yield text
