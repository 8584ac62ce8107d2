"""Comments on the cells of a sheet: their texts, and the boxes they are shown in (VML, as Excel has it).

The sender's own comments stay; on a cell that has one, ours is put below it. Ours are known by their first
words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from lxml import etree

from reportctl.core.cellrefs import cell_place
from reportctl.workbooks.package.parts import (
    RELATIONSHIPS,
    Element,
    NotEditableError,
    Package,
    legal,
    local,
    parse,
    serialised,
)
from reportctl.workbooks.package.styles import MAIN

SIGNATURE = "reportctl – "
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_V, _X = (f"{{urn:schemas-microsoft-com:{name}}}" for name in ("vml", "office:excel"))
_NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_DRAWING = (
    f'<xml {_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    f'<v:shapetype {_NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (  # a hidden box for the comment on the cell in that row and column
    f'<v:shape {_NAMESPACES} id="_x0000_s{{number}}" type="#_x0000_t202" style="position:absolute;'
    'margin-left:0;margin-top:0;width:255pt;height:60pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" '
    'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor/>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
# By the schema the drawing of the comments stands before these in a sheet.
_AFTER_DRAWING = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
)
_WIDTH, _LETTERS, _LINE, _EDGES = 340, 50, 15, 14  # pixels, and the letters of a line, of a comment's box
_LAST_NUMBER = re.compile(r"\d+$")

Anchor = Callable[[str, int, int], str]


class Comments:
    """The comments of the sheet `part`, whose root is `sheet`. Nothing is written before `save`.

    Raises `NotEditableError` where they are written as this program does not change them.
    """

    def __init__(self, package: Package, part: str, sheet: Element) -> None:
        self.package, self.part, self.sheet = package, part, sheet
        self.name = package.related(part, "comments")
        empty = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
        self.root = parse(package[self.name] if self.name else empty)
        if self.root.tag != f"{{{MAIN}}}comments":
            raise NotEditableError
        found = self.root.find(f"{{{MAIN}}}commentList")
        self.list = etree.SubElement(self.root, f"{{{MAIN}}}commentList") if found is None else found
        self.removed: set[str] = set()  # cells
        self.changed: dict[str, str] = {}  # by cell: the text that its box has to hold

    def remove_ours(self) -> None:
        """Take our own comments away, of those below somebody else's only our part."""
        for comment in list(self.list):
            texts = list(comment.iter(f"{{{MAIN}}}t"))
            whole = "".join(text.text or "" for text in texts)
            at = 0 if whole.startswith(SIGNATURE) else whole.find(f"\n{SIGNATURE}")
            if at < 0:
                continue
            theirs = whole[:at].rstrip("\n")
            if not theirs.strip():
                self.list.remove(comment)
                self.removed.add(comment.get("ref", ""))
                continue
            room = len(theirs)
            for text in texts:
                kept = (text.text or "")[: max(0, room)]
                room -= len(text.text or "")
                text.text = kept
                run = text.getparent()
                if (
                    not kept
                    and run is not None
                    and local(run) == "r"
                    and (outer := run.getparent()) is not None
                ):
                    outer.remove(run)

    def add(self, cell: str, head: str, rest: str, author: str) -> None:
        """Comment on `cell`: `head` on the first line, which stands out, then the `rest`."""
        comment = next((one for one in self.list if one.get("ref") == cell), None)
        before = ""
        if comment is None:
            authors = self.root.find(f"{{{MAIN}}}authors")
            if authors is None:
                authors = self.root.makeelement(f"{{{MAIN}}}authors")
                self.root.insert(0, authors)
            number = next((n for n, one in enumerate(authors) if one.text == author), len(authors))
            if number == len(authors):
                etree.SubElement(authors, f"{{{MAIN}}}author").text = author
            comment = etree.SubElement(self.list, f"{{{MAIN}}}comment", ref=cell, authorId=str(number))
            text = etree.SubElement(comment, f"{{{MAIN}}}text")
        else:
            before = "\n\n"
            found = comment.find(f"{{{MAIN}}}text")
            if found is None:
                raise NotEditableError
            text = found
            for letters in text.findall(f"{{{MAIN}}}t"):  # into runs, so that others can follow
                run = text.makeelement(f"{{{MAIN}}}r")
                text.replace(letters, run)
                run.append(letters)
        for written, bold in ((f"{before}{SIGNATURE}{head}\n", True), (rest, False)):
            run = etree.SubElement(text, f"{{{MAIN}}}r")
            look = etree.SubElement(run, f"{{{MAIN}}}rPr")
            if bold:
                etree.SubElement(look, f"{{{MAIN}}}b")
            etree.SubElement(look, f"{{{MAIN}}}sz", val="9")
            etree.SubElement(look, f"{{{MAIN}}}color", indexed="81")
            etree.SubElement(look, f"{{{MAIN}}}rFont", val="Tahoma")
            letters = etree.SubElement(run, f"{{{MAIN}}}t")
            letters.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            letters.text = legal(written)
        self.changed[cell] = "".join(each.text or "" for each in text.iter(f"{{{MAIN}}}t"))

    def save(self, anchor: Anchor) -> None:
        """Write the comments and their boxes into the package; `anchor` gives a box's place."""
        if self.name:
            self.package.put(self.name, serialised(self.root))
        elif self.changed:
            name = self.package.new("xl/comments{}.xml", serialised(self.root), _COMMENTS_TYPE)
            self.package.relate(self.part, "comments", name)
        drawing = self.sheet.find(f"{{{MAIN}}}legacyDrawing")
        if not self.changed and (drawing is None or not self.removed):
            return
        if drawing is None:
            self.package.default_type("vml", _DRAWING_TYPE)
            name = self.package.new("xl/drawings/vmlDrawing{}.vml", _DRAWING.encode(), _DRAWING_TYPE)
            drawing = self.sheet.makeelement(f"{{{MAIN}}}legacyDrawing", nsmap={"r": RELATIONSHIPS})
            drawing.set(f"{{{RELATIONSHIPS}}}id", self.package.relate(self.part, "vmlDrawing", name))
            after = (n for n, each in enumerate(self.sheet) if local(each) in _AFTER_DRAWING)
            self.sheet.insert(next(after, len(self.sheet)), drawing)
        number = drawing.get(f"{{{RELATIONSHIPS}}}id", "")
        part = next((one.part for one in self.package.relations(self.part) if one.id == number), "")
        root = parse(self.package[part])
        self._update_boxes(root, anchor)
        self.package.put(part, etree.tostring(root))

    def _update_boxes(self, root: Element, anchor: Anchor) -> None:
        """Bring the boxes of the drawing `root` in line with the comments."""
        removed = self.removed - self.changed.keys()
        cells = {tuple(map(str, cell_place(cell))): cell for cell in (*removed, *self.changed)}
        boxes: dict[str, Element] = {}
        for shape in list(root.iter(f"{_V}shape")):
            data = shape.find(f"{_X}ClientData")
            if data is None or data.get("ObjectType") != "Note":
                continue
            cell = cells.get(tuple((data.findtext(f"{_X}{key}") or "").strip() for key in ("Row", "Column")))
            if cell is None:
                continue
            if cell in self.changed:
                boxes[cell] = data
            elif (parent := shape.getparent()) is not None:
                parent.remove(shape)
        if self.changed and all(each.get("id") != "_x0000_t202" for each in root.iter(f"{_V}shapetype")):
            root.append(parse(_SHAPE_TYPE.encode()))
        numbers = (_LAST_NUMBER.search(each.get("id", "")) for each in root.iter(f"{_V}shape"))
        number = max((int(found[0]) for found in numbers if found), default=1024)
        for cell, text in self.changed.items():
            if cell not in boxes:
                number += 1
                row, column = cell_place(cell)
                shape = parse(_SHAPE.format(number=number, row=row, column=column).encode())
                root.append(shape)
                boxes[cell] = shape[-1]
            place = boxes[cell].find(f"{_X}Anchor")
            if place is None:
                place = etree.SubElement(boxes[cell], f"{_X}Anchor")
            lines = sum(math.ceil(len(line) / _LETTERS) or 1 for line in text.split("\n"))
            place.text = anchor(cell, _WIDTH, _EDGES + _LINE * lines)
