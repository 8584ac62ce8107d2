"""WordprocessingML for what a report is made of: runs, paragraphs, drawings.

Lengths are twentieths of a point (dxa) unless said otherwise: 567 are a centimetre.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import oxml_parser, parse_xml
from docx.text.font import Font

from reportctl.word.content import Chart, Paragraph

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EMU = 635  # to one dxa

Element = Any  # an lxml element; python-docx's own classes for them are not lxml's to a type checker

_UNWRITABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HOLDS = ("keepNext", "keepLines")
_OFF = ("0", "false", "off")
_TRACKED = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPr")


@functools.cache
def w(name: str) -> str:
    """The full name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def el(name: str, /, *children: Element, **attributes: str | int) -> Element:
    """A WordprocessingML element; its attributes are of the same namespace."""
    named = {w(key): str(value) for key, value in attributes.items()}
    node = oxml_parser.makeelement(w(name), named, {"w": W})
    node.extend(children)
    return node


def clean(text: str) -> str:
    """`text` without the characters XML cannot hold; line ends are `\\n`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("", text)


def excerpt(text: str, most: int = 80) -> str:
    """`text` on one line of at most `most` characters, the last of them “…” where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


@dataclass(frozen=True, slots=True)
class TextLook:
    """The formatting of a control's text: properties of its paragraphs (w:pPr) and of its runs (w:rPr).

    `held`: its last paragraph is kept whole, on the page of what follows the control.
    """

    paragraph: Element | None = None
    run: Element | None = None
    held: bool = False

    @classmethod
    def of(cls, control: Element) -> TextLook:
        """The formatting of the first paragraph with words, and of the first run in it, else of the first
        ones in a control, each None where there is none; without tracked changes and the grey of placeholder
        text. What holds the last paragraph to what follows is no look of the others.
        """
        looks: list[Element | None] = []
        paragraphs = list(control.iter(w("p")))
        said = [each for each in paragraphs if any(text.text for text in each.iter(w("t")))]
        held = bool(paragraphs) and _is_held((said or paragraphs)[-1])
        control = next(iter(said), control)
        for holder, properties in (("p", "pPr"), ("r", "rPr")):
            first = next(control.iter(w(holder)), None)
            look = None if first is None else copy.deepcopy(first.find(w(properties)))
            if look is not None:
                style = look.find(w("rStyle"))
                if style is not None and style.get(w("val")) == "PlaceholderText":
                    look.remove(style)
                for tracked in list(look.iter(*map(w, _TRACKED))):
                    tracked.getparent().remove(tracked)
                for hold in list(look.iterchildren(*map(w, _HOLDS))) if held else ():
                    look.remove(hold)
            looks.append(look if look is not None and len(look) else None)
        return cls(looks[0], looks[1], held)


def _is_held(paragraph: Element) -> bool:
    """Whether a paragraph is kept whole and with what follows; a heading is kept with that only."""
    found = [paragraph.find(f"{w('pPr')}/{w(hold)}") for hold in _HOLDS]
    return all(one is not None and one.get(w("val"), "1") not in _OFF for one in found)


def run(text: str, look: Element | None = None, *, bold: bool = False) -> Element:
    """A run of text with the properties `look` (w:rPr); line ends become line breaks."""
    node = el("r")
    if look is not None:
        node.append(copy.deepcopy(look))
    if bold:
        font = Font(node)
        font.bold = font.cs_bold = True
    for index, line in enumerate(clean(text).split("\n")):
        if index:
            node.append(el("br"))
        for position, piece in enumerate(line.split("\t")):
            if position:
                node.append(el("tab"))
            if piece:
                node.append(text_element(piece))
    return node


def text_element(text: str, name: str = "t") -> Element:
    """An element that holds `text`, of which Word keeps the spaces at both ends."""
    node = el(name)
    node.text = text
    if text != text.strip():
        node.set(qn("xml:space"), "preserve")
    return node


def paragraph(runs: Sequence[Element], properties: Element | None = None) -> Element:
    """A paragraph of `runs` with the properties `properties` (w:pPr)."""
    start = [] if properties is None else [copy.deepcopy(properties)]
    return el("p", *start, *runs)


def text_blocks(content: tuple[Paragraph, ...], look: TextLook) -> list[Element]:
    """A paragraph for each of `content`, leads in bold, items dashed; for none an empty one.

    A lead alone is a heading, and stays on the page of what follows.
    """
    blocks = []
    apart = look.paragraph
    headed = any(item.lead and not item.text for item in content)
    if headed and apart is not None:  # that of a heading, where the text begins with one
        apart = copy.deepcopy(apart)
        for held in list(apart.iterchildren(w("keepNext"))):
            apart.remove(held)
    regular = copy.deepcopy(look.run)
    if regular is not None:
        for bold in list(regular.iterchildren(w("b"), w("bCs"))):
            regular.remove(bold)
        regular = regular if len(regular) else None
    for item in content or (Paragraph(""),):
        runs = []
        dash = "- " if item.item else ""
        if item.lead:
            gap = " " if item.text and not item.lead.endswith((" ", "\u00a0")) else ""
            runs.append(run(dash + item.lead + gap, regular, bold=True))
            dash = ""
        if item.text or not item.lead:
            runs.append(run(dash + item.text, regular))
        blocks.append(paragraph(runs, apart))
        if item.lead and not item.text:
            keep_with_next(blocks[-1])
    if look.held:
        keep_whole_with_next(blocks[-1])
    return blocks


def keep_with_next(block: Element) -> None:
    """Hold the paragraphs of a block on the page of what follows them."""
    for one in [block] if block.tag == w("p") else block.iter(w("p")):
        _hold(one, "keepNext")


def keep_whole_with_next(paragraph: Element) -> None:
    """Hold all of a paragraph on the page of what follows it."""
    _hold(paragraph, *_HOLDS)


def _hold(paragraph: Element, *holds: str) -> None:
    """Put `holds` into a paragraph's properties, where the schema has them: behind the style."""
    if paragraph.find(w("pPr")) is None:
        paragraph.insert(0, el("pPr"))
    properties = paragraph.find(w("pPr"))
    for before in list(properties.iterchildren(*map(w, holds))):
        properties.remove(before)
    styled = properties.find(w("pStyle")) is not None
    for place, hold in enumerate(holds, int(styled)):
        properties.insert(place, el(hold))


def hairline(section: Element | None = None) -> Element:
    """An empty paragraph as low as a line, held to what follows; `section`, where given, ends after it."""
    small = el("rPr", el("sz", val=2), el("szCs", val=2))
    space = el("spacing", before=0, after=0, line=20, lineRule="exact")
    if section is None:
        return el("p", el("pPr", el("keepNext"), space, small))
    return el("p", el("pPr", space, small, section))


def remove_bookmarks(root: Element, chosen: Iterable[Element]) -> None:
    """Take the bookmarks `chosen` (w:bookmarkStart) with their ends out of the tree of `root`."""
    starts = list(chosen)
    ids = {mark.get(w("id")) for mark in starts}
    ends = [end for end in root.iter(w("bookmarkEnd")) if end.get(w("id")) in ids]
    for node in (*starts, *ends):
        node.getparent().remove(node)


def spacing(before: int, after: int) -> Element:
    """Space before and after a paragraph of single lines."""
    return el("spacing", before=before, after=after, line=240, lineRule="auto")


def picture_run(name: str, relation: str, drawing_id: int, size: tuple[int, int]) -> Element:
    """A run that holds the picture of `relation`, of a width and height in dxa, called `name`."""
    drawing = parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'pic', 'r')}>"
        '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent/><wp:docPr/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="0" name=""/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    width, height = (str(length * EMU) for length in size)
    for extent in (drawing[0][0], next(drawing.iter(qn("a:ext")))):
        extent.set("cx", width)
        extent.set("cy", height)
    named = drawing[0][1]
    named.set("id", str(drawing_id))
    named.set("name", clean(name))
    named.set("descr", clean(name))
    return el("r", drawing)


def chart_block(chart: Chart, relation: str, drawing_id: int, width: int) -> Element:
    """A paragraph that holds the chart of `relation`, as wide as the text, with its alternative text."""
    height = width // 2
    if chart.shape == "bar":  # room for every bar, up to a page
        bars = len(chart.categories) * (len(chart.series) + 1)
        height = min(max(height, bars * 260 + 1500), width * 13 // 10)
    drawing = parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'c', 'r')}>"
        '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent/><wp:docPr/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    extent, named = drawing[0][0], drawing[0][1]
    extent.set("cx", str(width * EMU))
    extent.set("cy", str(height * EMU))
    named.set("id", str(drawing_id))
    named.set("name", clean(chart.name))
    named.set("descr", clean(chart.description or chart.title))
    held = [el("keepNext")] if chart.title else []
    properties = el("pPr", *held, spacing(120, 0), el("ind", firstLine=0), el("jc", val="center"))
    return paragraph([el("r", drawing)], properties)
