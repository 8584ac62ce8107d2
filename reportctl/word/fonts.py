"""The fonts that a Word document names."""

from __future__ import annotations

from docx.opc.constants import RELATIONSHIP_TYPE as RT

from reportctl.word.blocks import w
from reportctl.word.package import open_document

_SLOTS = tuple(w(name) for name in ("ascii", "hAnsi", "cs", "eastAsia"))


def fonts_named(document: bytes) -> frozenset[str]:
    """The fonts that the text and the styles of a document name; those of its theme are not among them.

    Raises `ReportctlError` for no Word document.
    """
    word = open_document(document)
    styles = [rel.target_part for rel in word.main.rels.values() if rel.reltype == RT.STYLES]
    parts = [part.element for part in (*word.stories(), *styles) if hasattr(part, "element")]
    found = (fonts.get(slot) for part in parts for fonts in part.iter(w("rFonts")) for slot in _SLOTS)
    return frozenset(name for name in found if name)
