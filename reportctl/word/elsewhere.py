"""Typed tags where Word can hold text but no control: SmartArt, charts, drawings, WordArt, fields' codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml import etree

from reportctl.core.language import N_
from reportctl.word.blocks import Element, w
from reportctl.word.controls import PLACEHOLDER, seen
from reportctl.word.package import Story

_PARTS = {
    RT.DIAGRAM_DATA: N_("SmartArt"),
    RT.CHART: N_("a chart"),
    "http://schemas.microsoft.com/office/2014/relationships/chartEx": N_("a chart"),
}
_PLACES = _PARTS | {
    "drawing": N_("a drawing"),
    "art": N_("WordArt"),
    "field": N_("the code of a field"),
}
_DRAWN_PARAGRAPH, _DRAWN_TEXT = qn("a:p"), qn("a:t")
_ART = "{urn:schemas-microsoft-com:vml}textpath"


def tags_elsewhere(stories: Iterable[Story]) -> list[tuple[str, str]]:
    """The typed tags that no filling reaches, each once: its name as typed and where it stands, in English.

    Charts that we drew hold names of units and indicators, which are not typed: only charts outside our
    controls are looked at.
    """
    found: dict[tuple[str, str], None] = {}
    for story in stories:
        texts = [("field", "".join(code)) for code in _codes(story.element)]
        texts += [("art", art.get("string", "")) for art in story.element.iter(_ART)]
        texts += [("drawing", text) for text in _drawn(story.element)]
        ours = {
            chart.get(qn("r:id"))
            for chart in story.element.iter(qn("c:chart"))
            if next(chart.iterancestors(w("sdt")), None) is not None
        }
        for number, rel in story.rels.items():
            if rel.is_external or rel.reltype not in _PARTS or number in ours:
                continue
            texts += [(rel.reltype, text) for text in _drawn(_root(rel.target_part.blob))]
        for place, text in texts:
            found |= dict.fromkeys((name[1], _PLACES[place]) for name in PLACEHOLDER.finditer(seen(text)))
    return list(found)


def _root(blob: bytes) -> Element:
    """The root of a part; an empty one where the part is no XML: then Word shows nothing of it either."""
    try:
        return parse_xml(blob)
    except etree.XMLSyntaxError:
        return parse_xml("<none/>")


def _drawn(root: Element) -> Iterator[str]:
    """The text of each paragraph of DrawingML."""
    for paragraph in root.iter(_DRAWN_PARAGRAPH):
        yield "".join(text.text or "" for text in paragraph.iter(_DRAWN_TEXT))


def _codes(root: Element) -> Iterator[list[str]]:
    """The code of each field, in the pieces that Word has made of it."""
    for simple in root.iter(w("fldSimple")):
        yield [simple.get(w("instr"), "")]
    for paragraph in root.iter(w("p")):
        yield [code.text or "" for code in paragraph.iter(w("instrText"))]
