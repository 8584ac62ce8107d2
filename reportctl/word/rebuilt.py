"""A stock report with other contents: its heading, styles, signature and pages stay, the text between them
and the annexes are written anew."""

from __future__ import annotations

import copy
import io
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docx import Document
from docx.oxml.ns import qn

from reportctl.core.language import _
from reportctl.word.blocks import Element, el, keep_whole_with_next, w

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: its name in capitals, the tags of what stands there, and of what is `optional`: there only
    while it says something; `upright`: on pages that are; `shown_if`: a tag without which the annex, which is
    the last one, is not there at all."""

    name: str
    tags: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    upright: bool = False
    shown_if: str = ""


def rebuilt(document: bytes, parts: Sequence[Sequence[tuple[str, str]]], annexes: Sequence[Annex]) -> bytes:
    """The stock `document` with other paragraphs (style and text, in which tags are typed) below its
    headings, the first of `parts` below the first one, and these `annexes`; below a heading that has no part
    the paragraph is empty, for the office to write."""
    opened = Document(io.BytesIO(document))
    body = opened.element.body
    blocks = list(body)
    headings = [block for block in blocks if _style(block) == "Heading1"]
    end = next(block for block in blocks if _style(block) == "End")
    for block in blocks[blocks.index(headings[0]) : blocks.index(end)]:
        if block not in headings:
            body.remove(block)
    nothing = itertools.repeat([("BodyText", "")])
    for heading, paragraphs in zip(headings, itertools.chain(parts, nothing), strict=False):
        for style, text in reversed(paragraphs):
            heading.addnext(_paragraph(style, text))
    if (last := end.getprevious()) not in headings:
        keep_whole_with_next(last)  # no page has the end and the signature alone
    _rewrite_annexes(body, annexes)
    made = io.BytesIO()
    opened.save(made)
    return made.getvalue()


def _rewrite_annexes(body: Element, annexes: Sequence[Annex]) -> None:
    """Put `annexes` in place of the document's: each as its first one stands there, after a section's end of
    which the report's is the first, an annex's all others."""
    blocks = list(body)
    ends = [
        place
        for place, block in enumerate(blocks)
        if block.tag == w("p") and block.find(f".//{w('sectPr')}") is not None
    ]
    model = blocks[ends[0] + 1 : ends[1]]
    head = [block for block in model if _style(block) in ("Annex", "AnnexReference")]
    section_end = blocks[ends[1]]
    pages = [*(blocks[place].find(f".//{w('sectPr')}") for place in ends[1:]), body[-1]]
    upright = {_is_upright(page): page for page in reversed(pages)}
    for block in blocks[ends[0] + 1 : -1]:
        body.remove(block)
    last = body[-1]
    for place, (numeral, annex) in enumerate(zip(_NUMERALS, annexes, strict=False)):
        if annex.shown_if:
            last.addprevious(_paragraph("BodyText", f"{{{{?{annex.shown_if}}}}}"))
        if place:
            end_before = copy.deepcopy(section_end)
            before = end_before.find(f".//{w('sectPr')}")
            before.getparent().replace(before, _pages(upright, annexes[place - 1]))
            last.addprevious(end_before)
        for number, block in enumerate(head):
            own = copy.deepcopy(block)
            if number == 0:
                _say(own, _("Annex {numeral}").format(numeral=numeral), annex.name)
            last.addprevious(own)
        for tag in annex.tags:
            style = "Caption" if tag.startswith("table:") else "UnitTexts"
            last.addprevious(_paragraph(style, f"{{{{{tag}}}}}"))
        for tag in annex.optional:
            last.addprevious(_paragraph("Caption", f"{{{{?{tag}}}}}{{{{{tag}}}}}{{{{/?}}}}"))
        if annex.shown_if:
            last.addprevious(_paragraph("BodyText", "{{/?}}"))
    if annexes:
        body.replace(last, _pages(upright, annexes[-1]))


def _pages(known: Mapping[bool, Element], annex: Annex) -> Element:
    """The section's properties for an annex, as the document has them for one of its kind."""
    return copy.deepcopy(known.get(annex.upright, next(iter(known.values()))))


def _is_upright(section: Element) -> bool:
    size = section.find(w("pgSz"))
    return size is None or size.get(qn("w:orient")) != "landscape"


def _style(block: Element) -> str:
    found = block.find(f"{w('pPr')}/{w('pStyle')}")
    return "" if found is None else str(found.get(qn("w:val")))


def _paragraph(style: str, text: str) -> Element:
    made = el("p", el("pPr", el("pStyle", val=style)))
    if text:
        made.append(_run(text))
    return made


def _run(text: str) -> Element:
    words = el("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return el("r", words)


def _say(paragraph: Element, *lines: str) -> None:
    """Let a paragraph say these lines and nothing else."""
    for child in list(paragraph):
        if child.tag != w("pPr"):
            paragraph.remove(child)
    for number, line in enumerate(lines):
        if number:
            paragraph.append(el("r", el("br")))
        paragraph.append(_run(line))
