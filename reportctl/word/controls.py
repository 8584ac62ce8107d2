"""Content controls of a Word document: finding them, reading them, renewing what is inside.

A control (w:sdt) carries its name in tag and alias, and a bookmark `_rc_N` inside, N being its number in
the document; the further paragraphs of a longer content carry `_rc_N_2`, `_rc_N_3`… Word keeps all of
that. LibreOffice keeps the alias of an inline control, shrinks a control round several paragraphs into
the first of them, one round a chart into nothing beside it, and keeps the bookmarks: so a control is found
by tag, by alias, or by its number, and its paragraphs by theirs.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from reportctl.word.blocks import Element, TextLook, el, hairline, paragraph, w
from reportctl.word.fields import numbers_in
from reportctl.word.record import Printed

Story = Any  # python-docx's part of a body, a header or a footer

PLACEHOLDER = re.compile(r"\{\{[\s\u00a0]*([^{}\0]+?)[\s\u00a0]*\}\}")  # a tag as people type it

_MARK = "_rc_"
_STANDS_IN = {w("p"): "run", w("tr"): "cell", w("tbl"): "row"}
_WRAPPERS = frozenset(
    w(name) for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink")
)
_STARTS = (w("commentRangeStart"), w("bookmarkStart"))
_ENDS = (w("commentRangeEnd"), w("bookmarkEnd"))
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
# Names, which are written anew; kinds of control; what would put other words over ours or take it away.
_RENEWED = frozenset(
    [
        *(w(name) for name in ("alias", "tag", "id", "showingPlcHdr", "dataBinding", "temporary", "text")),
        *(w(name) for name in ("richText", "date", "dropDownList", "comboBox", "picture", "docPartObj")),
        *(w(name) for name in ("docPartList", "equation", "citation", "group", "bibliography")),
        f"{_W14}checkbox",
        *(f"{_W15}{name}" for name in ("dataBinding", "repeatingSection", "repeatingSectionItem")),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Occurrence:
    """One occurrence of a control. `start` is its w:sdt, or the bookmark where only that is left of it."""

    story: Story
    tag: str
    number: int | None
    start: Element
    printed: Printed | None

    @property
    def whole(self) -> bool:
        """Whether the control itself is there."""
        return bool(self.start.tag == w("sdt"))


def level(node: Element) -> str:
    """What a control in this place holds: "run" (within a paragraph), "block", "cell" or "row"."""
    node = node.getparent()
    while node.tag in _WRAPPERS:
        node = node.getparent()
    return _STANDS_IN.get(node.tag, "block")


class Numbers:
    """Numbers nobody uses yet, the smallest first, and those already used."""

    def __init__(self, used: Iterable[int]) -> None:
        self._used = set(used)
        self._next = 1

    def new(self, wanted: int | None = None) -> int:
        """`wanted` if it is free, else the next free number; used from here on."""
        number = wanted or 0
        if number in self._used or not number:
            while self._next in self._used:
                self._next += 1
            number = self._next
        self._used.add(number)
        return number


def find(
    stories: Iterable[Story], printed: Mapping[int, Printed], known: Container[str] | None = None
) -> list[Occurrence]:
    """Every control with a name, in the order of the document; of its names a `known` one goes first.

    One that was copied has lost its number: what was printed under its tag is taken as printed into it.
    Into one that holds its typed tag nothing was printed yet.
    """
    places: list[Occurrence] = []
    by_tag = {last.tag: last for last in printed.values()}
    taken: set[int] = set()
    for story in stories:
        marks = _marks_of_controls(story, taken)
        for node in story.element.iter(w("sdt"), w("bookmarkStart")):
            if node.tag == w("sdt"):
                number = _number(marks.get(node))
                last = printed.get(number or 0)
                tag = _tag(node, last, known)
                if tag:
                    said = last if last and last.tag == tag else by_tag.get(tag)
                    said = None if tag and _holds_placeholder(node, tag) else said
                    places.append(Occurrence(story, tag, number, node, said))
                continue
            number = _number(node)
            if number and number in printed and number not in taken:
                taken.add(number)
                places.append(Occurrence(story, printed[number].tag, number, node, printed[number]))
    return places


def _tag(sdt: Element, last: Printed | None, known: Container[str] | None) -> str | None:
    nodes = [sdt.find(f"{w('sdtPr')}/{w(name)}") for name in ("tag", "alias")]
    names = [str(node.get(w("val"))) for node in nodes if node is not None and node.get(w("val"))]
    names += [last.tag] if last else []
    return next((name for name in names if known is None or name in known), names[0] if names else None)


def _holds_placeholder(sdt: Element, tag: str) -> bool:
    found = PLACEHOLDER.fullmatch("".join(piece.text or "" for piece in sdt.iter(w("t"))).strip())
    return found is not None and found[1].casefold() == tag.casefold()


def _marks_of_controls(story: Story, taken: set[int]) -> dict[Element, Element]:
    """The bookmark of each control: the first that starts in it, or ends in it. Adds to `taken`."""
    marks: dict[Element, Element] = {}
    ends = {end.get(w("id")): end for end in story.element.iter(w("bookmarkEnd"))}
    for mark in our_marks(story.element):
        number = _number(mark)
        for node in (mark, ends.get(mark.get(w("id")))):
            sdt = None if node is None else next(node.iterancestors(w("sdt")), None)
            if number and sdt is not None and sdt not in marks and number not in taken:
                marks[sdt] = mark
                taken.add(number)
    return marks


def our_marks(node: Element) -> Iterator[Element]:
    """The starts of the bookmarks that number controls."""
    return (mark for mark in node.iter(w("bookmarkStart")) if _number(mark) is not None)


def _number(mark: Element | None) -> int | None:
    name = "" if mark is None else mark.get(w("name"), "")
    digits = name.removeprefix(_MARK).split("_")[0] if name.startswith(_MARK) else ""
    return int(digits) if digits.isascii() and digits.isdigit() else None


def extent(place: Occurrence) -> list[Element] | None:
    """The control, or the neighbouring blocks that were one; None where it is part of a line or a row."""
    stands = level(place.start)
    if stands == "block" and place.whole:
        return [place.start]
    block: Element = next(place.start.iterancestors(w("p")), None)
    kind = place.printed.kind if place.printed else "text"
    ours = kind != "text" and place.number is not None  # a copied or typed one may stand in people's words
    if stands != "run" or (not ours and not _alone(place, block)):
        return None
    around = next(block.iterancestors(w("tbl")), None)
    if kind == "table" and around is not None and next(around.iter(w("p"))) is block:
        block = around
    return [block, *itertools.takewhile(lambda node: _belongs(node, place), block.itersiblings())]


def _alone(place: Occurrence, paragraph: Element) -> bool:
    """Whether the paragraph holds nothing but this control."""
    inside = {run for node in _line(place) for run in node.iter(w("r"))}
    runs = (run for run in paragraph.iter(w("r")) if run not in inside)
    return all(part.tag == w("rPr") for run in runs for part in run)


def _line(place: Occurrence) -> list[Element]:
    """An inline control, or what its bookmark spans of its line."""
    if place.whole:
        return [place.start]
    number = place.start.get(w("id"))
    return list(
        itertools.takewhile(
            lambda node: node.tag != w("bookmarkEnd") or node.get(w("id")) != number,
            place.start.itersiblings(),
        )
    )


def _belongs(node: Element, place: Occurrence) -> bool:
    return place.number is not None and any(_number(mark) == place.number for mark in our_marks(node))


def covered(place: Occurrence, inline: bool) -> list[Element]:
    """The nodes that make way when the control is renewed."""
    if place.whole and (inline or level(place.start) != "run"):
        return [place.start]
    return _line(place) if inline else extent(place) or []


def fits(place: Occurrence, inline: bool) -> bool:
    """Whether a text (`inline`), or else paragraphs, a table, a chart, can stand in this place."""
    stands = level(place.start)
    if stands == "cell":
        return place.start.find(f"{w('sdtContent')}/{w('tc')}") is not None
    if inline:
        return stands in ("run", "block") and (place.whole or bool(_line(place)))
    return extent(place) is not None


def text(place: Occurrence) -> str:
    """What stands in the control: a line a paragraph; the cells of a row and a chart's values with tabs."""
    if place.printed and place.printed.kind == "contents":
        return ""  # Word writes it
    blocks = extent(place)
    if blocks is None and level(place.start) == "run":
        return _line_of(_line(place), place.story)
    return text_of(blocks or [place.start], place.story)


def text_of(nodes: Sequence[Element], story: Story) -> str:
    """The text of blocks or runs, without what tracked changes have deleted; a sign for the number of a
    caption, which is the document's own, and for a picture."""
    if nodes and nodes[0].tag == w("r"):
        return _line_of(nodes, story)
    return "\n".join(line for node in nodes for line in _lines(node, story)).strip("\n")


def _line_of(nodes: Iterable[Element], story: Story) -> str:
    """The text of what stands within a line; a field is several runs of it."""
    return "".join(_pieces(el("p", *map(copy.deepcopy, nodes)), story)).strip("\n")


def _lines(node: Element, story: Story) -> Iterator[str]:
    if node.tag in (w("p"), w("r")):
        yield "".join(_pieces(node, story))
    elif node.tag == w("tr"):
        cells = [[line for part in cell for line in _lines(part, story)] for cell in node.iter(w("tc"))]
        yield "\t".join(" ".join(cell) for cell in cells)
    else:
        for child in node:
            yield from _lines(child, story)


_SIGNS = {w("tab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "\u2011"}


def _pieces(node: Element, story: Story) -> Iterator[str]:
    numbers = numbers_in(node)
    for piece in node.iter(w("t"), w("drawing"), w("pict"), qn("c:chart"), *_SIGNS):
        if piece.tag == w("t"):
            yield numbers.get(piece, piece.text or "")
        elif piece.tag in (w("drawing"), w("pict")):
            yield "" if next(piece.iter(qn("c:chart")), None) is not None else "\ufffc"
        elif piece.tag == qn("c:chart"):
            part = story.related_parts.get(piece.get(qn("r:id")))
            values = [] if part is None else parse_xml(part.blob).iter(qn("c:v"))
            yield "\t".join(value.text or "" for value in values)
        elif piece.getparent().tag == w("r"):  # elsewhere w:tab is a tab stop
            yield _SIGNS[piece.tag]


def adopt(place: Occurrence, inline: bool) -> Element:
    """The control itself, around all that is its content; made anew where it has shrunk or is gone.

    For a place that `fits` only.
    """
    if place.whole and (inline or level(place.start) != "run"):
        return place.start
    content = _line(place) if inline else extent(place) or []
    properties = place.start.find(w("sdtPr")) if place.whole else None
    sdt = el("sdt", el("sdtPr") if properties is None else copy.deepcopy(properties), el("sdtContent"))
    content[0].addprevious(sdt)
    sdt[-1].extend(content)
    return sdt


def unmark(stories: Iterable[Story], kept: Container[int | None]) -> None:
    """Take away the bookmarks of all controls but those of the numbers `kept`."""
    for story in stories:
        starts = [mark for mark in our_marks(story.element) if _number(mark) not in kept]
        ids = {mark.get(w("id")) for mark in starts}
        ends = [end for end in story.element.iter(w("bookmarkEnd")) if end.get(w("id")) in ids]
        for node in (*starts, *ends):
            node.getparent().remove(node)


def look(sdt: Element) -> TextLook:
    """How the first words of a control are set."""
    return TextLook.of(next(sdt.iter(w("p")), None), next(sdt.iter(w("r")), None))


def name(sdt: Element, tag: str, plain: bool, numbers: Numbers) -> None:
    """Write a control's properties: its name as tag and alias, its id; `plain` makes it a plain-text one."""
    old = sdt.find(w("sdtPr"))
    kept = [] if old is None else [node for node in old if node.tag not in _RENEWED]
    look_of_control = [node for node in kept if node.tag == w("rPr")]
    rest = [node for node in kept if node.tag != w("rPr")]
    new = el("sdtPr", *look_of_control, el("alias", val=tag), el("tag", val=tag))
    new.append(el("id", val=numbers.new(control_id(sdt))))
    new.extend(rest + ([el("text")] if plain else []))
    if old is None:
        sdt.insert(0, new)
    else:
        sdt.replace(old, new)


def control_id(sdt: Element) -> int | None:
    """The number that Word knows a control by."""
    node = sdt.find(f"{w('sdtPr')}/{w('id')}")
    return None if node is None else int(node.get(w("val"), "0"))


def put(sdt: Element, new: Sequence[Element], number: int, marks: Numbers) -> None:
    """Make `new` (a run, or blocks) the content of a control and bookmark it; `marks` numbers bookmarks.

    Comments on the old words and people's bookmarks stay. A section that ends in the old content ends
    after the control: its page set-up is not the control's.
    """
    content = sdt.find(w("sdtContent"))
    stands = level(sdt)
    if stands == "cell":
        content = content.find(w("tc"))
    held = anchors(content)
    before = [node for node in held if node.tag in _STARTS]
    after = [node for node in held if node.tag not in _STARTS]
    sections = list(content.iter(w("sectPr")))
    for node in list(content):
        if node.tag != w("tcPr"):
            content.remove(node)
    content.extend(new)
    if stands == "run":
        _mark(content, f"{_MARK}{number}", marks)
        _around(sdt, before, after)
        return
    main = next((block for block in new if block.tag == w("tbl")), new[0])
    for index, block in enumerate(new, 1):
        paragraph = block if block.tag == w("p") else next(block.iter(w("p")))
        _mark(paragraph, f"{_MARK}{number}" + ("" if block is main else f"_{index}"), marks)
    first = next(content.iter(w("p")))
    _around(first.find(w("bookmarkStart")), before, [])
    first.extend(after)
    _around(sdt, [], [_section_end(section) for section in sections])


def _section_end(section: Element) -> Element:
    """A paragraph that ends a section, too small to start a page of its own."""
    return hairline(section)


def unwrap(sdt: Element, runs: Sequence[Element]) -> None:
    """Put a line of `runs` in the place of a control, which is gone then."""
    stands, content = level(sdt), sdt.find(w("sdtContent"))
    cell = content.find(w("tc")) if stands == "cell" else None
    first = next(content.iter(w("p")), None)
    new = (
        list(runs) if stands == "run" else [paragraph(runs, None if first is None else first.find(w("pPr")))]
    )
    if cell is not None:
        for node in list(cell):
            if node.tag != w("tcPr"):
                cell.remove(node)
        cell.extend(new)
        new = [cell]
    for node in new:
        sdt.addprevious(node)
    sdt.getparent().remove(sdt)


def anchors(content: Element) -> list[Element]:
    """What comments and people's bookmarks hold on to: their starts and ends, and the comments' marks."""
    marks = [run for run in content.iter(w("r")) if run.find(w("commentReference")) is not None]
    return [*content.iter(*_STARTS, *_ENDS), *marks]


def _around(node: Element, before: Iterable[Element], after: Sequence[Element]) -> None:
    for each in before:
        node.addprevious(each)
    for each in reversed(after):
        node.addnext(each)


def _mark(holder: Element, bookmark: str, marks: Numbers) -> None:
    number = marks.new()
    start = 0 if holder.find(w("pPr")) is None else 1
    holder.insert(start, el("bookmarkStart", id=number, name=bookmark))
    holder.append(el("bookmarkEnd", id=number))
