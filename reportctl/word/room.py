"""How wide the text is where something stands: in its cell, its text box, its column, on its page.

Lengths are twentieths of a point (dxa).
"""

from __future__ import annotations

import re
from itertools import chain

from docx.oxml.ns import qn

from reportctl.word.blocks import EMU, Element, w

_A4_WIDTH, _MARGIN = 11906, 1440  # of a page that says nothing else
_BETWEEN_COLUMNS = 720
_CELL_MARGIN = 108  # on either side
_BOX_MARGIN = 144  # likewise
_VML_WIDTH = re.compile(r"(?:^|;)\s*width:\s*([\d.]+)(pt|in|cm|mm)")
_VML_UNITS = {"pt": 20, "in": 1440, "cm": 567, "mm": 56.7}


def text_width(node: Element, body: Element) -> int:
    """The width of the text where `node` stands: of its cell or text box, else of its section's column;
    outside of `body`, in a header or a note, that of the first page. At least 1."""
    for up in node.iterancestors(w("tc"), w("txbxContent")):
        width = _cell_width(up) if up.tag == w("tc") else _box_width(up)
        if width:
            return max(width, 1)
    top = next((up for up in chain([node], node.iterancestors()) if up.getparent() is body), None)
    following = [*body] if top is None else [top, *top.itersiblings()]
    section = next((found for block in following for found in block.iter(w("sectPr"))), None)
    if section is None:
        return _A4_WIDTH - 2 * _MARGIN
    page, margins = section.find(w("pgSz")), section.find(w("pgMar"))
    width = _A4_WIDTH if page is None else _number(page, "w", _A4_WIDTH)
    sides = (
        [_MARGIN, _MARGIN]
        if margins is None
        else [_number(margins, side, 0) for side in ("left", "right", "gutter")]
    )
    columns = None if top is None else section.find(w("cols"))
    return max(_column_width(width - sum(sides), columns), 1)


def _column_width(width: int, columns: Element | None) -> int:
    """The width of one of a section's columns; of unequal ones the narrowest: which one it will be is known
    to Word alone."""
    if columns is None:
        return width
    own = [_number(column, "w", width) for column in columns.iter(w("col"))]
    if own and columns.get(w("equalWidth"), "1") in ("0", "false", "off"):
        return min(own)
    count = max(_number(columns, "num", 1), 1)
    return (width - (count - 1) * _number(columns, "space", _BETWEEN_COLUMNS)) // count


def _cell_width(cell: Element) -> int:
    """The width of a cell's text: by its own width, else by the table's grid; 0 where neither is given."""
    size = cell.find(f"{w('tcPr')}/{w('tcW')}")
    if size is not None and size.get(w("type"), "dxa") == "dxa" and _number(size, "w", 0):
        return max(_number(size, "w", 0) - 2 * _CELL_MARGIN, 1)
    row = next(cell.iterancestors(w("tr")), None)
    table = next(cell.iterancestors(w("tbl")), None)
    if row is None or table is None:
        return 0
    grid = [_number(column, "w", 0) for column in table.iterfind(f"{w('tblGrid')}/{w('gridCol')}")]
    at = 0
    for each in (one for one in row.iter(w("tc")) if next(one.iterancestors(w("tr"))) is row):
        span = each.find(f"{w('tcPr')}/{w('gridSpan')}")
        wide = 1 if span is None else _number(span, "val", 1)
        if each is cell:
            total = sum(grid[at : at + wide])
            return max(total - 2 * _CELL_MARGIN, 1) if total else 0
        at += wide
    return 0


def _box_width(content: Element) -> int:
    """The width of a text box's text, by the drawing's extent or the shape's style; 0 where none is given."""
    for up in content.iterancestors():
        if up.tag in (qn("wp:inline"), qn("wp:anchor")):
            extent = up.find(qn("wp:extent"))
            wide = 0 if extent is None else int(extent.get("cx", "0")) // EMU
            return max(wide - 2 * _BOX_MARGIN, 1) if wide else 0
        if found := _VML_WIDTH.search(up.get("style", "")):
            return max(int(float(found[1]) * _VML_UNITS[found[2]]) - 2 * _BOX_MARGIN, 1)
        if up.tag == w("p"):
            break
    return 0


def _number(node: Element, name: str, default: int) -> int:
    """A length or count in an attribute of WordprocessingML, `default` where there is none to read."""
    text = node.get(w(name), "")
    try:
        return round(float(text))
    except ValueError:
        return default
