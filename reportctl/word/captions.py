"""Captions of tables and charts, and references to them, as Word's own fields: Word counts them anew.

A caption's number is a SEQ field, and a bookmark round “Bảng 1” is what REF fields refer to. People may have
captions of their own that count in the same row: theirs are counted, and shown as they are.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reportctl.core.language import Phrase
from reportctl.word.blocks import Element, el, paragraph, run, spacing, w
from reportctl.word.fields import field_runs, fields

_MARK = "_rccap_"
_PEOPLES = "_Ref"  # bookmarks that Word's dialog for cross-references puts round a caption's label
_CONTINUED = Phrase("(tiếp theo)", "(continued)")
_PART = Phrase("{title} (phần {part}/{parts})", "{title} (part {part} of {parts})")
_LABELS = {"table": Phrase("Bảng", "Table"), "chart": Phrase("Biểu đồ", "Chart")}


def label(kind: str, language: str | None) -> str:
    """What a "table" or a "chart" is called before its number."""
    phrase = _LABELS[kind]
    return phrase.in_language(language) if language else str(phrase)


def mark_of(tag: str, taken: Container[str] = ()) -> str:
    """The name of the bookmark on the caption of the control `tag`; of a copy of it, where that is taken."""
    copies = 0
    while True:
        said = f"{tag}#{copies}" if copies else tag
        name = _MARK + hashlib.sha256(said.encode()).hexdigest()[:12]
        if name not in taken:
            return name
        copies += 1


def is_ours(mark: Element) -> bool:
    """Whether a w:bookmarkStart is on one of our captions."""
    return str(mark.get(w("name"), "")).startswith(_MARK)


@dataclass(frozen=True, slots=True)
class Captions:
    """How the captions of one control are set: `kind` is "table" or "chart", `style` a paragraph style's id,
    `mark` and `number` the name and the id of the bookmark."""

    kind: str
    mark: str
    number: int
    style: str | None
    language: str | None

    def caption(self, title: str, part: int = 1, parts: int = 1) -> Element:
        """The caption of a part of a table, or of the whole; those after the first repeat its number."""
        bold = self.style is None
        if parts > 1:
            title = self._said(_PART).format(title=title, part=part, parts=parts)
        if part > 1:
            head = reference_runs(self.mark, f"{self._label}\u00a0", bold=bold)
            title = f" {self._said(_CONTINUED)}. {title}"
        else:
            number = field_runs(f"SEQ {self._label.replace(' ', '_')} \\* ARABIC", "0", bold=bold)
            head = [
                el("bookmarkStart", id=self.number, name=self.mark),
                run(f"{self._label}\u00a0", bold=bold),
                *number,
                el("bookmarkEnd", id=self.number),
            ]
            title = f". {title}"
        return paragraph([*head, run(title, bold=bold)], self._properties())

    @property
    def _label(self) -> str:
        return label(self.kind, self.language)

    def _said(self, phrase: Phrase) -> str:
        return phrase.in_language(self.language) if self.language else str(phrase)

    def _properties(self) -> Element:
        """Tables have their captions above them, charts below."""
        properties = el("pPr")
        if self.style:
            properties.append(el("pStyle", val=self.style))
        if self.kind == "chart":
            properties.append(el("keepNext", val=0))
        elif not self.style:
            properties.append(el("keepNext"))
        if not self.style:
            properties.extend((spacing(120, 60), el("ind", firstLine=0), el("jc", val="center")))
        return properties


def reference_runs(
    mark: str, result: str, look: Element | None = None, *, bold: bool = False
) -> list[Element]:
    """The runs of a reference to the caption that bears the bookmark `mark`."""
    return field_runs(f"REF {mark} \\h \\* MERGEFORMAT", result, look, bold=bold)


def forget(control: Element) -> None:
    """Take our bookmarks off the captions in a control that is to be filled anew."""
    starts = [mark for mark in control.iter(w("bookmarkStart")) if is_ours(mark)]
    ids = {mark.get(w("id")) for mark in starts}
    ends = [end for end in control.iter(w("bookmarkEnd")) if end.get(w("id")) in ids]
    for node in (*starts, *ends):
        node.getparent().remove(node)


def hold_references(control: Element) -> None:
    """Put the bookmarks of people's cross-references back round the label of the control's caption."""
    ours = next((mark for mark in control.iter(w("bookmarkStart")) if is_ours(mark)), None)
    if ours is None:
        return
    end = _end(control, ours)
    for mark in [*control.iter(w("bookmarkStart"))]:
        last = _end(control, mark) if str(mark.get(w("name"), "")).startswith(_PEOPLES) else None
        if last is not None and end is not None:
            ours.addprevious(mark)
            end.addnext(last)


def _end(control: Element, mark: Element) -> Element | None:
    number = mark.get(w("id"))
    return next((end for end in control.iter(w("bookmarkEnd")) if end.get(w("id")) == number), None)


def renumber(body: Element, stories: Iterable[Element]) -> None:
    """Show in our captions the numbers that Word will count, and in our references what they refer to."""
    ours = {
        each: mark
        for mark in body.iter(w("bookmarkStart"))
        if is_ours(mark)
        for each in _results(mark.getparent())
    }
    counts: dict[str, int] = defaultdict(int)
    said: dict[str, str] = {}
    for each in fields(body):
        words = each.words
        if len(words) < 2 or words[0].upper() != "SEQ":
            continue
        counts[words[1]] = _counted(counts[words[1]], words)
        mark = next((ours[node] for node in each.results if node in ours), None)
        if mark is not None:
            each.show(str(counts[words[1]]))
            named = next(text.text or "" for text in mark.getparent().iter(w("t")) if text.text)
            said[mark.get(w("name"))] = f"{named}{counts[words[1]]}"
    for each in (found for story in stories for found in fields(story)):
        words = each.words
        if len(words) > 1 and words[0].upper() == "REF" and words[1] in said:
            each.show(said[words[1]])


def _results(paragraph: Element) -> Iterable[Element]:
    return (node for each in fields(paragraph) for node in each.results)


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
_INDENT = 284  # of each level below the first, in dxa


def contents_blocks(body: Element, styles: Element | None, around: Element) -> list[Element]:
    """The table of contents of `body`: a paragraph for each heading outside the control `around`."""
    named = _styles_by_name(styles)
    entries = list(_headings(body, _outline_levels(styles), around)) or [(1, "")]
    begin, code, separate, _result, end = field_runs(f'TOC \\o "1-{_LEVELS}" \\h \\z \\u', "0")
    blocks = []
    for index, (level, text) in enumerate(entries):
        runs = [run(text)]
        if index == 0:
            runs = [begin, code, separate, *runs]
        if index == len(entries) - 1:
            runs.append(end)
        blocks.append(paragraph(runs, _look(level, named.get(f"toc {level}"))))
    return blocks


def _look(level: int, style: str | None) -> Element:
    if style:
        return el("pPr", el("pStyle", val=style))
    return el("pPr", spacing(0, 60), el("ind", left=(level - 1) * _INDENT, firstLine=0))


def _headings(body: Element, levels: Mapping[str, int], around: Element) -> Iterator[tuple[int, str]]:
    """The level, from 1, and the words of each heading."""
    inside = set(around.iter(w("p")))
    for each in body.iter(w("p")):
        level = _level(each, levels)
        text = " ".join("".join(_words(each)).split())
        if level < _LEVELS and text and each not in inside:
            yield level + 1, text


def _words(heading: Element) -> Iterator[str]:
    for node in heading.iter(w("t"), w("br"), w("tab")):
        yield (node.text or "") if node.tag == w("t") else " "


def _level(heading: Element, levels: Mapping[str, int]) -> int:
    style = _value(heading, f"{w('pPr')}/{w('pStyle')}")
    own = _value(heading, f"{w('pPr')}/{w('outlineLvl')}")
    return int(own) if own else levels.get(style, _LEVELS)


def _outline_levels(styles: Element | None) -> dict[str, int]:
    """The outline level, from 0, of each paragraph style that has one, its own or its base's."""
    if styles is None:
        return {}
    bases = {_code(style): _value(style, w("basedOn")) for style in styles.iter(w("style"))}
    own = {_code(style): _value(style, f"{w('pPr')}/{w('outlineLvl')}") for style in styles.iter(w("style"))}
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


def _styles_by_name(styles: Element | None) -> dict[str, str]:
    if styles is None:
        return {}
    return {_value(style, w("name")).lower(): _code(style) for style in styles.iter(w("style"))}


def _code(style: Element) -> str:
    return str(style.get(w("styleId"), ""))


def _value(node: Element, path: str) -> str:
    found = node.find(path)
    return "" if found is None else str(found.get(w("val"), ""))
