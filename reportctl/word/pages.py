"""Page numbers that LibreOffice has left out of a template's annexes."""

from __future__ import annotations

import copy
from typing import Any

from docx.oxml.ns import qn

from reportctl.word.blocks import Element, el, w
from reportctl.word.fields import fields

_BEHIND_TITLE_PAGE = frozenset(
    map(w, ("textDirection", "bidi", "rtlGutter", "docGrid", "printerSettings", "sectPrChange"))
)


def number_again(body: Element, main: Any) -> None:
    """Give the sections whose page numbers LibreOffice has left out those of the first section again.

    It saves a section that has no second page yet, as an annex has in a template, with the header of its
    first page alone, which is empty. Those sections begin their numbering anew, and have an empty header and
    no footer; the first section has page numbers, but not on its first page.
    """
    first, *others = [*body.iter(w("sectPr"))] or [el("sectPr")]
    model = _headers(first, main)
    if first.find(w("titlePg")) is None or not {"default", "first"} <= {*model}:
        return
    if not _numbered(model["default"], main) or not _is_empty(model["first"], main):
        return
    for section in others:
        start, own = section.find(w("pgNumType")), _headers(section, main)
        anew = start is not None and start.get(w("start")) is not None
        if not anew or {*own} != {"default"} or not _is_empty(own["default"], main):
            continue
        if section.find(w("titlePg")) is not None or section.find(w("footerReference")) is not None:
            continue
        section.remove(own["default"])
        for kind in ("first", "default"):
            section.insert(0, copy.deepcopy(model[kind]))
        behind = next((node for node in section if node.tag in _BEHIND_TITLE_PAGE), None)
        if behind is None:
            section.append(el("titlePg"))
        else:
            behind.addprevious(el("titlePg"))


def _headers(section: Element, main: Any) -> dict[str, Element]:
    """The references to a section's headers by kind ("default", "first", "even"), where they lead to one."""
    found = section.iterchildren(w("headerReference"))
    return {node.get(w("type")): node for node in found if _root(node, main) is not None}


def _root(reference: Element, main: Any) -> Element:
    part = main.related_parts.get(reference.get(qn("r:id")))
    return getattr(part, "element", None)


def _numbered(reference: Element, main: Any) -> bool:
    """Whether a header has the page's number."""
    return any(each.words[:1] == ["PAGE"] for each in fields(_root(reference, main)))


def _is_empty(reference: Element, main: Any) -> bool:
    """Whether a header has neither words nor pictures."""
    pieces = _root(reference, main).iter(w("t"), w("drawing"), w("pict"))
    return all(piece.tag == w("t") and not piece.text for piece in pieces)
