"""What a Word document sets for what stands in it: its styles, and how wide its text is."""

from __future__ import annotations

from itertools import chain
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RT

from reportctl.word.blocks import Node, w

_A4_WIDTH, _MARGIN = 11906, 1440


def styles_of(main: Any) -> Node | None:
    """The document's styles, where it has any."""
    parts = (rel.target_part for rel in main.rels.values() if rel.reltype == RT.STYLES)
    return next((part.element for part in parts), None)


def caption_style(styles: Node | None) -> str | None:
    """The id of the captions' style: "caption" to Word in any language; LibreOffice adds a "Caption"."""
    ids = {
        str(style.find(w("name")).get(w("val"))): str(style.get(w("styleId")))
        for style in ([] if styles is None else styles.iter(w("style")))
        if style.get(w("type")) == "paragraph" and style.find(w("name")) is not None
    }
    return ids.get("caption", ids.get("Caption"))


def text_width(node: Node, package: Any) -> int:
    """The width of the text where `node` stands, in dxa: of its cell, else of its section's page."""
    cell = next(node.iterancestors(w("tc")), None)
    size = None if cell is None else cell.find(f"{w('tcPr')}/{w('tcW')}")
    if size is not None and size.get(w("type")) == "dxa":
        return int(size.get(w("w"))) - 2 * 108
    body = package.main_document_part.element[-1]
    top = next((up for up in chain([node], node.iterancestors()) if up.getparent() is body), None)
    following = [*body] if top is None else [top, *top.itersiblings()]
    section = next((found for block in following for found in block.iter(w("sectPr"))), None)
    if section is None:
        return _A4_WIDTH - 2 * _MARGIN
    page, margins = section.find(w("pgSz")), section.find(w("pgMar"))
    width = _A4_WIDTH if page is None else int(page.get(w("w"), _A4_WIDTH))
    sides = (
        [_MARGIN, _MARGIN]
        if margins is None
        else [int(margins.get(w(s), 0)) for s in ("left", "right", "gutter")]
    )
    return width - sum(sides)
