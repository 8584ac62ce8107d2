"""Captions of tables and charts, references to them, and the table of contents, as Word's own fields.

A caption's number is a SEQ field, with a bookmark round “Bảng 1” and one round the number alone. References
in lines are the word and a REF field for the number, since LibreOffice breaks a field's text at a no-break
space; in older documents REF fields are for both. People may have
captions of their own that count in the same sequence: these are counted, and shown as they are.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reportctl.core.language import Phrase
from reportctl.word.blocks import Element, el, paragraph, run, spacing, w
from reportctl.word.fields import field_runs, fields, paragraph_styles

_BOOKMARK = "_rccap_"
_OF_NUMBER = "n"  # what the name of the bookmark round the number alone ends with
_WORDS_BOOKMARK = "_Ref"  # what Word's dialog for cross-references puts round a caption's label
_CONTINUED = Phrase("(tiếp theo)", "(continued)")
_PART = Phrase("{title} (phần {part}/{parts})", "{title} (part {part} of {parts})")
_OF_PARTS = re.compile(r" \((?:tiếp theo|continued)\)(?=\.)| \((?:phần \d+/\d+|part \d+ of \d+)\)$")
_LABELS = {"table": Phrase("Bảng", "Table"), "chart": Phrase("Biểu đồ", "Chart")}


def without_part(caption: str) -> str:
    """The text of a caption without which part of its table it is of; any other line as it is."""
    if "#" not in caption:
        return caption
    return _OF_PARTS.sub("", caption)


def label(kind: str) -> str:
    """What a "table" or a "chart" is called before its number, in the current language."""
    return str(_LABELS[kind])


def bookmark_of(tag: str, taken: Container[str] = ()) -> str:
    """The name of the bookmark on the caption of the control `tag`; of a copy of it, where that is taken."""
    copies = 0
    while True:
        text = f"{tag}#{copies}" if copies else tag
        name = _BOOKMARK + hashlib.sha256(text.encode()).hexdigest()[:12]
        if name not in taken:
            return name
        copies += 1


def is_caption_bookmark(mark: Element) -> bool:
    """Whether a w:bookmarkStart is on one of our captions."""
    return str(mark.get(w("name"), "")).startswith(_BOOKMARK)


@dataclass(frozen=True, slots=True)
class Captions:
    """The captions of one control: `kind` is "table" or "chart", `style` a paragraph style's id, `bookmark`
    its name, `ids` those of it and of the one round the number."""

    kind: str
    bookmark: str
    ids: tuple[int, int]
    style: str | None

    def caption(self, title: str, part: int = 1, parts: int = 1) -> Element:
        """The caption of one part of a table, or of a whole; those after the first repeat its number.

        Tables have their captions above them, charts below.
        """
        bold = self.style is None
        word = label(self.kind)
        if parts > 1:
            title = str(_PART).format(title=title, part=part, parts=parts)
        if part > 1:
            head = reference_runs(self.bookmark, f"{word}\u00a0", bold=bold)
            title = f" {_CONTINUED}. {title}"
        else:
            number = field_runs(f"SEQ {word.replace(' ', '_')} \\* ARABIC", "0", bold=bold)
            whole, inner = self.ids
            head = [
                el("bookmarkStart", id=whole, name=self.bookmark),
                run(f"{word}\u00a0", bold=bold),
                el("bookmarkStart", id=inner, name=self.bookmark + _OF_NUMBER),
                *number,
                el("bookmarkEnd", id=inner),
                el("bookmarkEnd", id=whole),
            ]
            title = f". {title}"
        properties = el("pPr")
        if self.style:
            properties.append(el("pStyle", val=self.style))
        # A table follows its caption; the style of captions, the office's own, may not say so.
        properties.append(el("keepNext", val=0) if self.kind == "chart" else el("keepNext"))
        if not self.style:
            properties.extend((spacing(120, 60), el("ind", firstLine=0), el("jc", val="center")))
        return paragraph([*head, run(title, bold=bold)], properties)


def reference_runs(
    bookmark: str, result: str, look: Element | None = None, *, bold: bool = False
) -> list[Element]:
    """The runs of a reference to the caption under `bookmark`."""
    return field_runs(f"REF {bookmark} \\h \\* MERGEFORMAT", result, look, bold=bold)


def reference_in_line(bookmark: str, word: str, look: Element | None = None) -> list[Element]:
    """The runs of a reference within a line, which is not broken: “Bảng” and the number of the caption."""
    return [run(f"{word}\u00a0", look), *reference_runs(bookmark + _OF_NUMBER, "0", look)]


def hold_references(control: Element) -> None:
    """Put the bookmarks of people's cross-references back round the label of the control's caption."""
    starts = list(control.iter(w("bookmarkStart")))
    ends = {end.get(w("id")): end for end in reversed(list(control.iter(w("bookmarkEnd"))))}
    ours = next(filter(is_caption_bookmark, starts), None)
    label_end = None if ours is None else ends.get(ours.get(w("id")))
    if ours is None or label_end is None:
        return
    for mark in starts:
        end = ends.get(mark.get(w("id")))
        if end is not None and mark.get(w("name"), "").startswith(_WORDS_BOOKMARK):
            ours.addprevious(mark)
            label_end.addnext(end)


def renumber(body: Element, stories: Iterable[Element]) -> dict[str, str]:
    """Show in our captions the numbers that Word will count, and in our references what they refer to.

    Returns what each caption is called (“Bảng 3”), by its bookmark's name.
    """
    ours = {
        node: mark
        for mark in body.iter(w("bookmarkStart"))
        if is_caption_bookmark(mark) and not mark.get(w("name")).endswith(_OF_NUMBER)
        for each in fields(mark.getparent())
        for node in each.results
    }
    numbers: dict[str, str] = {}
    counts: dict[str, int] = defaultdict(int)
    captions: dict[str, str] = {}
    for each in fields(body):
        words = each.words
        if len(words) < 2 or words[0].upper() != "SEQ":
            continue
        counts[words[1]] = _counted(counts[words[1]], words)
        mark = next((ours[node] for node in each.results if node in ours), None)
        if mark is not None:
            each.show(str(counts[words[1]]))
            named = next(text.text or "" for text in mark.getparent().iter(w("t")) if text.text)
            captions[mark.get(w("name"))] = f"{named}{counts[words[1]]}"
            numbers[mark.get(w("name")) + _OF_NUMBER] = str(counts[words[1]])
    for each in (found for story in stories for found in fields(story)):
        words = each.words
        if len(words) > 1 and words[0].upper() == "REF" and words[1] in {**captions, **numbers}:
            each.show(captions.get(words[1]) or numbers[words[1]])
    return captions


def label_of(control: Element, labels: Mapping[str, str]) -> str:
    """What the caption in a control is called, of the `labels` that `renumber` gave; empty for none."""
    marks = (mark.get(w("name"), "") for mark in control.iter(w("bookmarkStart")))
    return next((labels[name] for name in marks if name in labels), "")


def _counted(before: int, words: list[str]) -> int:
    """The number that a SEQ field shows: the next, with \\c the last again, with \\r the one it names."""
    for index, word in enumerate(words):
        if word == "\\c":
            return before
        number = words[index + 1] if word == "\\r" and index + 1 < len(words) else word[2:]
        if word.startswith("\\r") and number.isdigit():
            return int(number)
    return before + 1


_LEVELS = 3
_BODY_LEVEL = 9  # of what is no heading, as w:outlineLvl says it
_INDENT = 284  # of each level below the first, in dxa


def contents_blocks(body: Element, styles: Element | None, around: Element) -> list[Element]:
    """The table of contents of `body`: a paragraph for each heading outside the control `around`."""
    inside = set(around.iter(w("p")))
    # The level, from 1, and the words of each heading.
    entries = [
        (level + 1, text)
        for heading, level, text in headings(body, styles)
        if level < _LEVELS and heading not in inside
    ]
    entries = entries or [(1, "")]
    named = {name.lower(): style for name, style in paragraph_styles(styles).items()}
    begin, code, separate, _result, end = field_runs(f'TOC \\o "1-{_LEVELS}" \\h \\z \\u', "0")
    blocks = []
    for index, (level, text) in enumerate(entries):
        runs = [run(text)]
        if index == 0:
            runs = [begin, code, separate, *runs]
        if index == len(entries) - 1:
            runs.append(end)
        if style := named.get(f"toc {level}"):
            look = el("pPr", el("pStyle", val=style))
        else:
            look = el("pPr", spacing(0, 60), el("ind", left=(level - 1) * _INDENT, firstLine=0))
        blocks.append(paragraph(runs, look))
    return blocks


def headings(body: Element, styles: Element | None) -> Iterator[tuple[Element, int, str]]:
    """The headings of `body` that have words: paragraph, outline level, from 0, and words on one line."""
    outline = _outline_levels(styles)
    for heading in body.iter(w("p")):
        own = _value(heading, f"{w('pPr')}/{w('outlineLvl')}")
        level = int(own) if own else outline.get(_value(heading, f"{w('pPr')}/{w('pStyle')}"), _BODY_LEVEL)
        pieces = heading.iter(w("t"), w("br"), w("tab"))
        text = " ".join("".join((p.text or "") if p.tag == w("t") else " " for p in pieces).split())
        if level < _BODY_LEVEL and text:
            yield heading, level, text


def _outline_levels(styles: Element | None) -> dict[str, int]:
    """The outline level, from 0, of each paragraph style that has one, its own or its base's."""
    every = (
        {} if styles is None else {style.get(w("styleId"), ""): style for style in styles.iter(w("style"))}
    )
    bases = {code: _value(style, w("basedOn")) for code, style in every.items()}
    own = {code: _value(style, f"{w('pPr')}/{w('outlineLvl')}") for code, style in every.items()}
    levels = {}
    for code in bases:
        seen: list[str] = []
        at = code
        while at in bases and at not in seen and not own[at]:
            seen.append(at)
            at = bases[at]
        if own.get(at):
            levels[code] = int(own[at])
    return levels


def _value(node: Element, path: str) -> str:
    """The w:val of the element at `path`; empty where there is none."""
    found = node.find(path)
    return "" if found is None else str(found.get(w("val"), ""))
