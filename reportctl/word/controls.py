"""Content controls of a Word document: finding them, reading them, renewing what is inside.

A control (w:sdt) carries its name in tag and alias, and a bookmark `_rc_N` inside, N being its number in
the document; the further paragraphs of a longer content carry `_rc_N_2`, `_rc_N_3`… In the alias, which Word
shows, words stand before the name: “Báo chí: tin, bài · press_total”. Word keeps all of that. LibreOffice
keeps the alias of an inline control, shrinks a control round several paragraphs into
the first of them, one round a chart into nothing beside it, and keeps the bookmarks: so a control is found
by tag, by alias, or by its number, and its paragraphs by theirs.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from reportctl.word.blocks import Element, clean, el, excerpt, hairline, paragraph, w
from reportctl.word.fields import numbers_in
from reportctl.word.package import Story
from reportctl.word.record import Printed

PLACEHOLDER = re.compile(r"\{\{[\s\u00a0]*([^{}\0]+?)[\s\u00a0]*\}\}")  # a tag as people type it

# Characters that nobody sees: soft hyphens, joiners, marks of direction.
_INVISIBLE = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BOOKMARK = "_rc_"
_BEFORE_NAME = " · "
_LONGEST_ALIAS = 64  # characters: Word takes a document with a longer one for damaged
_FEWEST_WORDS = 8  # characters: what is left of them in less says nothing
_LEVELS = {w("p"): "run", w("tr"): "cell", w("tbl"): "row"}
_WRAPPERS = frozenset(
    w(name) for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink")
)
_STARTS = (w("commentRangeStart"), w("bookmarkStart"))
_ENDS = (w("commentRangeEnd"), w("bookmarkEnd"))
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_BREAKS = {w("tab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "\u2011"}
# Kinds of control that hold no other one; what would put other words into it.
_CLOSED = frozenset(
    [
        *(w(name) for name in ("showingPlcHdr", "dataBinding", "text", "date", "dropDownList", "comboBox")),
        *(w(name) for name in ("picture", "equation", "citation", "bibliography")),
        f"{_W14}checkbox",
        f"{_W15}dataBinding",
    ]
)
# Names, which are written anew; kinds of control; what would put other words over ours or take it away.
_RENEWED = _CLOSED.union(
    (w(name) for name in ("alias", "tag", "id", "temporary", "richText", "docPartObj", "docPartList")),
    [w("group"), f"{_W15}repeatingSection", f"{_W15}repeatingSectionItem"],
)


_BEHIND_DATA = frozenset((w("label"), w("tabIndex")))  # by the schema


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


def seen(text: str) -> str:
    """`text` without the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def named(alias: str) -> str:
    """The name in an alias, behind the words that say what stands there."""
    return alias.rpartition(_BEFORE_NAME)[2]


def alias_of(tag: str, words: str) -> str:
    """The alias of a control: `words` that say what stands there, shortened, and its name; the name alone
    where there is no room for words."""
    room = _LONGEST_ALIAS - len(_BEFORE_NAME) - len(tag)
    said = excerpt(clean(words), max(room, 1))
    return f"{said}{_BEFORE_NAME}{tag}" if words and room >= _FEWEST_WORDS else tag


def renamed(alias: str, name: str) -> str:
    """An alias with another name behind its words."""
    words, _sign, _name = alias.rpartition(_BEFORE_NAME)
    return alias_of(name, words)


def release(sdt: Element) -> None:
    """Make a control that is not ours one that may hold others, and whose words nothing puts back."""
    properties = sdt.find(w("sdtPr"))
    for node in [] if properties is None else list(properties):
        if node.tag in _CLOSED:
            properties.remove(node)


def level(node: Element) -> str:
    """What a control in this place holds: "run" (within a paragraph), "block", "cell" or "row"."""
    node = node.getparent()
    while node.tag in _WRAPPERS:
        node = node.getparent()
    return _LEVELS.get(node.tag, "block")


class Numbers:
    """Numbers that are free, the smallest first; `used` are not."""

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
        marks = _bookmarks_of_controls(story, taken)
        for node in story.element.iter(w("sdt"), w("bookmarkStart")):
            if node.tag == w("bookmarkStart"):
                number = number_of(node)
                if number and number in printed and number not in taken:
                    taken.add(number)
                    places.append(Occurrence(story, printed[number].tag, number, node, printed[number]))
                continue
            number = number_of(marks.get(node))
            last = printed.get(number or 0)
            names = [node.find(f"{w('sdtPr')}/{w(name)}") for name in ("tag", "alias")]
            said = [str(each.get(w("val"))) for each in names if each is not None and each.get(w("val"))]
            tags = list(dict.fromkeys(name for one in said for name in (named(one), one)))
            tags += [last.tag] if last else []
            if tags:
                tag = next((tag for tag in tags if known is None or tag in known), tags[0])
                last = last if last and last.tag == tag else by_tag.get(tag)
                words = seen("".join(t.text or "" for t in node.iter(w("t"))))
                typed = PLACEHOLDER.fullmatch(words.strip())
                if typed and typed[1].casefold() == tag.casefold():
                    last = None
                places.append(Occurrence(story, tag, number, node, last))
    return places


def _bookmarks_of_controls(story: Story, taken: set[int]) -> dict[Element, Element]:
    """The bookmark of each control: the first that starts in it, or ends in it. Adds to `taken`."""
    marks: dict[Element, Element] = {}
    ends = {end.get(w("id")): end for end in story.element.iter(w("bookmarkEnd"))}
    for mark in our_bookmarks(story.element):
        number = number_of(mark)
        for node in (mark, ends.get(mark.get(w("id")))):
            sdt = None if node is None else next(node.iterancestors(w("sdt")), None)
            if number and sdt is not None and sdt not in marks and number not in taken:
                marks[sdt] = mark
                taken.add(number)
    return marks


def our_bookmarks(node: Element) -> Iterator[Element]:
    """The starts of the bookmarks that number controls."""
    return (mark for mark in node.iter(w("bookmarkStart")) if number_of(mark) is not None)


def number_of(mark: Element | None) -> int | None:
    """The number of the control that a bookmark belongs to; None where it is no such bookmark."""
    name = "" if mark is None else mark.get(w("name"), "")
    digits = name.removeprefix(_BOOKMARK).split("_")[0] if name.startswith(_BOOKMARK) else ""
    return int(digits) if digits.isascii() and digits.isdigit() else None


def extent(place: Occurrence) -> list[Element] | None:
    """The control, or the neighbouring blocks that were one; None where it is part of a line or a row."""
    stands = level(place.start)
    if stands == "block" and place.whole:
        return [place.start]
    if stands != "run":
        return None
    block: Element = next(place.start.iterancestors(w("p")), None)
    kind = place.printed.kind if place.printed else "text"
    if kind == "text" or place.number is None:
        # One that was copied or typed may stand among people's words: it must be alone in its paragraph.
        inside = {run for node in _line(place) for run in node.iter(w("r"))}
        runs = (run for run in block.iter(w("r")) if run not in inside)
        if any(part.tag != w("rPr") for run in runs for part in run):
            return None
    around = next(block.iterancestors(w("tbl")), None)
    if kind == "table" and around is not None and next(around.iter(w("p"))) is block:
        block = around

    return [block, *_continued(place, block)]


def _continued(place: Occurrence, first: Element) -> Iterator[Element]:
    """The blocks after the `first` of a control that has shrunk which were in it."""

    def belongs(node: Element) -> bool:
        return place.number is not None and place.number in map(number_of, our_bookmarks(node))

    return itertools.takewhile(belongs, first.itersiblings())


def paragraphs(place: Occurrence) -> list[Element]:
    """The paragraphs that a text in this place takes part in, without empty ones at both ends."""
    if place.whole and level(place.start) != "run":
        found = list(place.start.iter(w("p")))
    else:
        first: Element = next(place.start.iterancestors(w("p")))
        found = [first, *_continued(place, first)]
    filled = [at for at, each in enumerate(found) if any(text.text for text in each.iter(w("t")))]
    return found[filled[0] : filled[-1] + 1] if filled else []


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


def spanned(place: Occurrence) -> list[Element]:
    """The nodes that hold what was printed into this place, wherever it stands."""
    if place.whole:
        return [place.start, *(extent(place) or [])]
    return extent(place) or _line(place)


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
        return text_of(_line(place), place.story, inline=True)
    return text_of(blocks or [place.start], place.story)


def text_of(nodes: Sequence[Element], story: Story, *, inline: bool = False) -> str:
    """The text of blocks, or of one line (runs, or `inline`): a line a paragraph, without what tracked
    changes have deleted; "#" for a caption's number, which is the document's own; a sign for a picture."""
    if inline or (nodes and nodes[0].tag == w("r")):
        nodes = [el("p", *map(copy.deepcopy, nodes))]  # a field is several runs
    return "\n".join(line for node in nodes for line in _lines(node, story)).strip("\n")


def _lines(node: Element, story: Story) -> Iterator[str]:
    """The text below a node, a line for each paragraph and each row of a table; the rows of a head that has
    several are one line, in which every column has all that stands above it."""
    if node.tag == w("tbl") and len(_head_rows(node)) > 1:
        head = _head_rows(node)
        yield "\t".join(_column_titles(head, story))
        for child in node:
            if child not in head:
                yield from _lines(child, story)
        return
    if node.tag == w("tr"):
        cells = [[line for part in cell for line in _lines(part, story)] for cell in node.iter(w("tc"))]
        yield "\t".join(" ".join(cell) for cell in cells)
        return
    if node.tag not in (w("p"), w("r")):
        for child in node:
            yield from _lines(child, story)
        return
    numbers = numbers_in(node)
    pieces: list[str] = []
    for piece in node.iter(w("t"), w("drawing"), w("pict"), qn("c:chart"), *_BREAKS):
        if piece.tag == w("t"):
            pieces.append(numbers.get(piece, piece.text or ""))
        elif piece.tag in (w("drawing"), w("pict")):
            pieces.append("" if next(piece.iter(qn("c:chart")), None) is not None else "\ufffc")
        elif piece.tag == qn("c:chart"):
            part = story.related_parts.get(piece.get(qn("r:id")))
            values = [] if part is None else parse_xml(part.blob).iter(qn("c:v"))
            pieces.append("\t".join(value.text or "" for value in values))
        elif piece.getparent().tag == w("r"):  # elsewhere w:tab is a tab stop
            pieces.append(_BREAKS[piece.tag])
    yield "".join(pieces)


def _head_rows(table: Element) -> list[Element]:
    """The rows of a table that stand on every page."""
    return [
        row for row in table.iterchildren(w("tr")) if row.find(f"{w('trPr')}/{w('tblHeader')}") is not None
    ]


def _column_titles(head: Sequence[Element], story: Story) -> Iterator[str]:
    """Of each column all that stands above it in the rows of the head, as `table.Column.heading`."""
    above: list[list[str]] = []
    for row in head:
        at = 0
        for cell in row.iter(w("tc")):
            text = " ".join(line for part in cell for line in _lines(part, story))
            span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
            for column in range(at, at + (1 if span is None else int(span.get(w("val"))))):
                above += [[] for _n in range(column + 1 - len(above))]
                above[column] += [text] if text else []
                at = column + 1
    return (" / ".join(texts) for texts in above)


def adopt(place: Occurrence, inline: bool) -> Element:
    """The control itself, around all that is its content; made anew where it has shrunk or is gone.

    For a place that `fits` only.
    """
    content = covered(place, inline)
    if place.whole and content[0] is place.start:
        return place.start
    properties = place.start.find(w("sdtPr")) if place.whole else None
    sdt = el("sdt", el("sdtPr") if properties is None else copy.deepcopy(properties), el("sdtContent"))
    content[0].addprevious(sdt)
    sdt[-1].extend(content)
    return sdt


def set_name(
    sdt: Element, tag: str, plain: bool, numbers: Numbers, words: str = "", bound: Element | None = None
) -> None:
    """Write a control's name, as tag and alias, and its id; `plain` makes it a plain-text one, `bound` binds
    it to data of the document. An alias that has words before the name keeps them, else it gets `words`."""
    old = sdt.find(w("sdtPr"))
    alias = None if old is None else old.find(w("alias"))
    called = "" if alias is None else str(alias.get(w("val"), ""))
    if not called.endswith(f"{_BEFORE_NAME}{tag}"):
        called = alias_of(tag, words)
    kept = [] if old is None else [node for node in old if node.tag not in _RENEWED]
    names = [el("alias", val=called), el("tag", val=tag), el("id", val=numbers.new(control_id(sdt)))]
    look = [node for node in kept if node.tag == w("rPr")]  # which stands first by the schema
    others = [node for node in kept if node.tag != w("rPr")]
    last = [node for node in others if node.tag in _BEHIND_DATA]
    middle = [node for node in others if node.tag not in _BEHIND_DATA]
    data = [] if bound is None else [bound]
    new = el("sdtPr", *look, *names, *middle, *data, *last, *([el("text")] if plain else []))
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
    bookmark = f"{_BOOKMARK}{number}"
    if stands == "run":
        bookmarked = [(content, bookmark)]
    else:
        bookmarked = []
        main = next((block for block in new if block.tag == w("tbl")), new[0])
        for index, block in enumerate(new, 1):
            first = block if block.tag == w("p") else next(block.iter(w("p")))
            bookmarked.append((first, bookmark if block is main else f"{bookmark}_{index}"))
    for holder, name in bookmarked:
        mark = marks.new()
        holder.insert(0 if holder.find(w("pPr")) is None else 1, el("bookmarkStart", id=mark, name=name))
        holder.append(el("bookmarkEnd", id=mark))
    if stands == "run":
        for node in before:
            sdt.addprevious(node)
        for node in reversed(after):
            sdt.addnext(node)
        return
    first = next(content.iter(w("p")))
    start = first.find(w("bookmarkStart"))
    for node in before:
        start.addprevious(node)
    first.extend(after)
    for section in reversed(sections):
        sdt.addnext(hairline(section))


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
