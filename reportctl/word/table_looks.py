"""The styles by which a document sets its tables, where it has them; people change them in Word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportctl.word.blocks import Element, w

TABLE = "Bảng số liệu"
PARAGRAPHS: Mapping[str, str] = {  # what a paragraph of a table is: the name of its style
    "head": "Bảng: đầu cột",
    "left": "Bảng: lời",
    "right": "Bảng: số",
    "center": "Bảng: giữa ô",
    "note": "Bảng: ghi chú",
}
DENSE = ", chữ nhỏ"  # what the name ends with of the style for a table that is printed small


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """The id of a style, and the size of its letters in half points."""

    code: str
    size: int


@dataclass(frozen=True, slots=True)
class TableLook:
    """The styles of a document's tables: the id of the tables' own (empty: it has none), and those of their
    paragraphs by name. Programs that save the document may change ids, and keep the names."""

    table: str = ""
    paragraphs: Mapping[str, ParagraphStyle] = field(default_factory=dict)

    @classmethod
    def of(cls, styles: Element | None) -> TableLook:
        """Those of the document with these styles (w:styles)."""
        table, paragraphs = "", {}
        wanted = {name + end for name in PARAGRAPHS.values() for end in ("", DENSE)}
        for style in [] if styles is None else styles.iter(w("style")):
            name = style.find(w("name"))
            called = "" if name is None else name.get(w("val"))
            size = style.find(f"{w('rPr')}/{w('sz')}")
            if style.get(w("type")) == "table" and called == TABLE:
                table = style.get(w("styleId"))
            elif called in wanted and size is not None:
                paragraphs[called] = ParagraphStyle(style.get(w("styleId")), int(size.get(w("val"))))
        return cls(table, paragraphs)

    def paragraph(self, kind: str, *, dense: bool = False) -> ParagraphStyle | None:
        """The style for a paragraph of this kind, one of `PARAGRAPHS`; None where the document has none."""
        name = PARAGRAPHS[kind]
        return self.paragraphs.get(name + DENSE if dense else name)
