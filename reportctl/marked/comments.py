"""Comments on the cells of a sheet: their texts, and the boxes they are shown in (VML, as Excel has it).

The sender's own comments stay; on a cell that has one, ours is put below it. Ours are known by their first
words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping

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
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_V, _O, _X = (f"{{urn:schemas-microsoft-com:{name}}}" for name in ("vml", "office:office", "office:excel"))
_EMPTY = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
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
_LAST = re.compile(r"\d+$")

Anchor = Callable[[str, int, int], str]


class Comments:
    """The comments of the sheet `part`, whose root is `sheet`. Nothing is written before `save`."""

    def __init__(self, package: Package, part: str, sheet: Element) -> None:
        self.package, self.part, self.sheet = package, part, sheet
        self.name = package.related(part, "comments")
        self.root = parse(package[self.name]) if self.name else _no_comments()
        if self.root.tag != f"{{{MAIN}}}comments":
            raise NotEditableError
        self.gone: set[str] = set()
        self.sized: dict[str, str] = {}  # by cell: the text that its box has to hold

    def clean(self) -> None:
        """Take our own comments away, of those below somebody else's only our part."""
        for comment in list(self._list()):
            texts = list(comment.iter(f"{{{MAIN}}}t"))
            said = "".join(text.text or "" for text in texts)
            at = 0 if said.startswith(SIGNATURE) else said.find(f"\n{SIGNATURE}")
            if at < 0:
                continue
            if not said[:at].strip():
                self._list().remove(comment)
                self.gone.add(comment.get("ref", ""))
            else:
                _cut(texts, len(said[:at].rstrip("\n")))

    def add(self, cell: str, head: str, rest: str, author: str) -> None:
        """Say something on `cell`: `head` on the first line, which stands out, then the `rest`."""
        present = next((one for one in self._list() if one.get("ref") == cell), None)
        if present is None:
            number = str(self._author(author))
            present = etree.SubElement(self._list(), f"{{{MAIN}}}comment", ref=cell, authorId=number)
            text = etree.SubElement(present, f"{{{MAIN}}}text")
            before = ""
        else:
            text = _text_of(present)
            before = "\n\n"
        _run(text, f"{before}{SIGNATURE}{head}\n", bold=True)
        _run(text, rest, bold=False)
        self.sized[cell] = "".join(each.text or "" for each in text.iter(f"{{{MAIN}}}t"))

    def save(self, anchor: Anchor) -> None:
        """Write the comments and their boxes into the package; `anchor` gives a box's place."""
        if self.name:
            self.package.put(self.name, serialised(self.root))
        elif self.sized:
            name = self.package.new("xl/comments{}.xml", serialised(self.root), _TYPE)
            self.package.relate(self.part, "comments", name)
        else:
            return
        if self.gone or self.sized:
            self._draw(anchor)

    def _list(self) -> Element:
        found = self.root.find(f"{{{MAIN}}}commentList")
        return etree.SubElement(self.root, f"{{{MAIN}}}commentList") if found is None else found

    def _author(self, name: str) -> int:
        authors = self.root.find(f"{{{MAIN}}}authors")
        if authors is None:
            authors = self.root.makeelement(f"{{{MAIN}}}authors")
            self.root.insert(0, authors)
        for number, author in enumerate(authors):
            if author.text == name:
                return number
        etree.SubElement(authors, f"{{{MAIN}}}author").text = name
        return len(authors) - 1

    def _draw(self, anchor: Anchor) -> None:
        """Bring the boxes in line with the comments."""
        drawing = self.sheet.find(f"{{{MAIN}}}legacyDrawing")
        if drawing is None:
            if not self.sized:
                return
            name = _new_drawing(self.package)
            drawing = self.sheet.makeelement(f"{{{MAIN}}}legacyDrawing", nsmap={"r": RELATIONSHIPS})
            drawing.set(f"{{{RELATIONSHIPS}}}id", self.package.relate(self.part, "vmlDrawing", name))
            self.sheet.insert(_place_of_drawing(self.sheet), drawing)
        number = drawing.get(f"{{{RELATIONSHIPS}}}id", "")
        part = next((one.part for one in self.package.relations(self.part) if one.id == number), "")
        root = parse(self.package[part])
        _boxes(root, self.gone - self.sized.keys(), self.sized, anchor)
        self.package.put(part, etree.tostring(root))


def _no_comments() -> Element:
    return parse(f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode())


def _run(text: Element, said: str, *, bold: bool) -> None:
    run = etree.SubElement(text, f"{{{MAIN}}}r")
    look = etree.SubElement(run, f"{{{MAIN}}}rPr")
    if bold:
        etree.SubElement(look, f"{{{MAIN}}}b")
    etree.SubElement(look, f"{{{MAIN}}}sz", val="9")
    etree.SubElement(look, f"{{{MAIN}}}color", indexed="81")
    etree.SubElement(look, f"{{{MAIN}}}rFont", val="Tahoma")
    letters = etree.SubElement(run, f"{{{MAIN}}}t")
    letters.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    letters.text = legal(said)


def _text_of(comment: Element) -> Element:
    """The text of a comment, in runs, so that others can follow."""
    text = comment.find(f"{{{MAIN}}}text")
    if text is None:
        raise NotEditableError
    for letters in text.findall(f"{{{MAIN}}}t"):
        run = text.makeelement(f"{{{MAIN}}}r")
        text.replace(letters, run)
        run.append(letters)
    return text


def _cut(texts: list[Element], length: int) -> None:
    """Shorten what stands in `texts` together to `length` letters."""
    for text in texts:
        kept = (text.text or "")[: max(0, length)]
        length -= len(text.text or "")
        text.text = kept
        run = text.getparent()
        if not kept and run is not None and local(run) == "r" and (outer := run.getparent()) is not None:
            outer.remove(run)


# Boxes


def _new_drawing(package: Package) -> str:
    package.default_type("vml", _VML_TYPE)
    return package.new("xl/drawings/vmlDrawing{}.vml", _EMPTY, _VML_TYPE)


def _place_of_drawing(sheet: Element) -> int:
    """Where the element stands by the schema: before certain others, else at the end."""
    return next((n for n, each in enumerate(sheet) if local(each) in _AFTER_DRAWING), len(sheet))


def _boxes(root: Element, gone: Collection[str], wanted: Mapping[str, str], anchor: Anchor) -> None:
    places = {tuple(map(str, cell_place(cell))): cell for cell in (*gone, *wanted)}
    present: dict[str, Element] = {}
    for shape in list(root.iter(f"{_V}shape")):
        data = shape.find(f"{_X}ClientData")
        if data is None or data.get("ObjectType") != "Note":
            continue
        at = tuple((data.findtext(f"{_X}{name}") or "").strip() for name in ("Row", "Column"))
        cell = places.get((at[0], at[1]))
        if cell is None:
            continue
        if cell in wanted:
            present[cell] = data
        elif (parent := shape.getparent()) is not None:
            parent.remove(shape)
    if wanted and all(each.get("id") != "_x0000_t202" for each in root.iter(f"{_V}shapetype")):
        _shape_type(root)
    numbers = (_LAST.search(each.get("id", "")) for each in root.iter(f"{_V}shape"))
    number = max((int(found[0]) for found in numbers if found), default=1024)
    for cell, text in wanted.items():
        place = anchor(cell, _WIDTH, _height(text))
        if cell not in present:
            number += 1
            present[cell] = _shape(root, number, cell)
        found = present[cell].find(f"{_X}Anchor")
        if found is None:
            found = etree.SubElement(present[cell], f"{_X}Anchor")
        found.text = place


def _height(text: str) -> int:
    """Pixels that a comment of that text needs."""
    return _EDGES + _LINE * sum(math.ceil(len(line) / _LETTERS) or 1 for line in text.split("\n"))


def _shape_type(root: Element) -> None:
    kind = etree.SubElement(
        root,
        f"{_V}shapetype",
        {
            "id": "_x0000_t202",
            "coordsize": "21600,21600",
            f"{_O}spt": "202",
            "path": "m,l,21600r21600,l21600,xe",
        },
    )
    etree.SubElement(kind, f"{_V}stroke", joinstyle="miter")
    etree.SubElement(kind, f"{_V}path", {"gradientshapeok": "t", f"{_O}connecttype": "rect"})


def _shape(root: Element, number: int, cell: str) -> Element:
    """A hidden box for the comment on `cell`; gives the element that says which it is."""
    style = "position:absolute;margin-left:0;margin-top:0;width:255pt;height:60pt;z-index:1;visibility:hidden"
    shape = etree.SubElement(
        root,
        f"{_V}shape",
        {
            "id": f"_x0000_s{number}",
            "type": "#_x0000_t202",
            "style": style,
            "fillcolor": "#ffffe1",
            f"{_O}insetmode": "auto",
        },
    )
    etree.SubElement(shape, f"{_V}fill", color2="#ffffe1")
    etree.SubElement(shape, f"{_V}shadow", on="t", color="black", obscured="t")
    etree.SubElement(shape, f"{_V}path", {f"{_O}connecttype": "none"})
    box = etree.SubElement(shape, f"{_V}textbox", style="mso-direction-alt:auto")
    etree.SubElement(box, "div", style="text-align:left")
    data = etree.SubElement(shape, f"{_X}ClientData", ObjectType="Note")
    etree.SubElement(data, f"{_X}MoveWithCells")
    etree.SubElement(data, f"{_X}SizeWithCells")
    etree.SubElement(data, f"{_X}Anchor")
    etree.SubElement(data, f"{_X}AutoFill").text = "False"
    row, column = map(str, cell_place(cell))
    etree.SubElement(data, f"{_X}Row").text = row
    etree.SubElement(data, f"{_X}Column").text = column
    return data
