"""The formats of cells in a workbook's styles part: one with another fill, or a new one.

What is there stays at its number; what is needed is found, or added at the end.
"""

from __future__ import annotations

import contextlib
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from reportctl.workbooks.package.parts import Element, NotEditableError, local, parse

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NONE = f'<fill xmlns="{MAIN}"><patternFill patternType="none"/></fill>'
EMPTY = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell of ours looks: `fill` is its colour (ARGB), `horizontal` where its text stands."""

    bold: bool = False
    italic: bool = False
    link: bool = False
    size: int = 11
    fill: str = ""
    border: bool = False
    horizontal: str = "left"
    vertical: str = "top"
    quoted: bool = False  # it stays text when somebody opens the cell and presses Enter


def solid(colour: str) -> str:
    """The fill with one colour (ARGB)."""
    return (
        f'<fill xmlns="{MAIN}"><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )


def colour_of(fill: Element) -> str:
    """The one colour (ARGB) of a fill; empty where it is none."""
    pattern = fill.find(f"{{{MAIN}}}patternFill")
    colour = pattern.find(f"{{{MAIN}}}fgColor") if pattern is not None else None
    if pattern is None or colour is None or pattern.get("patternType") != "solid":
        return ""
    return colour.get("rgb", "").upper()


class CellStyles:
    """The formats in a styles part, `root`, which is changed. Raises `NotEditableError`."""

    def __init__(self, root: Element) -> None:
        if root.tag != f"{{{MAIN}}}styleSheet":
            raise NotEditableError
        self.root = root
        self.fills = self._collection("fills")
        for pattern in ("none", "gray125")[len(self.fills) :]:  # the first two numbers are spoken for
            self._add(self.fills, f'<fill xmlns="{MAIN}"><patternFill patternType="{pattern}"/></fill>')
        self.formats = self._collection("cellXfs")
        if not len(self.formats):
            self._add(self.formats, f'<xf xmlns="{MAIN}" numFmtId="0" fontId="0" fillId="0" borderId="0"/>')

    def with_fill(self, number: int, fill: str) -> int:
        """The number of the format `number` with `fill`, which is XML, instead of its own."""
        changed = deepcopy(self._format(number))
        changed.set("fillId", str(self._number(self.fills, fill)))
        changed.set("applyFill", "1")
        return self._number(self.formats, changed)

    def unlocked(self, number: int) -> int:
        """The number of the format `number` for a cell that can be filled in on a protected sheet."""
        changed = deepcopy(self._format(number))
        locked = changed.find(f"{{{MAIN}}}protection")
        if locked is None:
            locked = etree.SubElement(changed, f"{{{MAIN}}}protection")
            extension = changed.find(f"{{{MAIN}}}extLst")
            if extension is not None:
                changed.append(extension)
        locked.set("locked", "0")
        changed.set("applyProtection", "1")
        return self._number(self.formats, changed)

    def shown_as(self, number: int) -> str:
        """The code of the number format of the format `number`; empty for most of the usual ones."""
        own = int(self._format(number).get("numFmtId", "0"))
        known = {9: "0%", 10: "0.00%", 49: "@"}
        formats = self.root.iterfind(f"{{{MAIN}}}numFmts/{{{MAIN}}}numFmt")
        codes = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in formats}
        return codes.get(own, known.get(own, ""))

    def fill(self, number: int) -> Element:
        """The fill of the format `number`."""
        with contextlib.suppress(ValueError, IndexError):
            return self.fills[int(self._format(number).get("fillId", "0"))]
        return self.fills[0]

    def fill_xml(self, number: int) -> str:
        """The same as XML."""
        return _canonical(self.fill(number))

    def coloured(self, colours: frozenset[str]) -> set[int]:
        """The numbers of the formats whose fill is one of `colours`."""
        return {n for n in range(len(self.formats)) if colour_of(self.fill(n)) in colours}

    def look(self, look: CellLook) -> int:
        """The number of a format that looks like that."""
        marks = ("<b/>" if look.bold else "") + ("<i/>" if look.italic else "")
        colour = '<color rgb="FF0563C1"/>' if look.link else '<color rgb="FF000000"/>'
        font = f'{marks}{"<u/>" if look.link else ""}<sz val="{look.size}"/>{colour}'
        font_id = self._number(
            self._collection("fonts"), f'<font xmlns="{MAIN}">{font}<name val="Times New Roman"/></font>'
        )
        sides = "".join(
            f'<{side} style="thin"><color rgb="FF7F7F7F"/></{side}>' if look.border else f"<{side}/>"
            for side in ("left", "right", "top", "bottom")
        )
        border_id = self._number(
            self._collection("borders"), f'<border xmlns="{MAIN}">{sides}<diagonal/></border>'
        )
        fill_id = self._number(self.fills, solid(look.fill)) if look.fill else 0
        quoted = ' quotePrefix="1"' if look.quoted else ""
        base = ' xfId="0"' if self.root.find(f"{{{MAIN}}}cellStyleXfs") is not None else ""
        made = (
            f'<xf xmlns="{MAIN}" numFmtId="49" fontId="{font_id}" fillId="{fill_id}" borderId="{border_id}"'
            f'{base}{quoted} applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" '
            f'applyAlignment="1"><alignment horizontal="{look.horizontal}" vertical="{look.vertical}" '
            'wrapText="1"/></xf>'
        )
        return self._number(self.formats, made)

    def _format(self, number: int) -> Element:
        return self.formats[number if 0 <= number < len(self.formats) else 0]

    def _number(self, collection: Element, wanted: Element | str) -> int:
        """The place of an element like `wanted`, which may be XML, in `collection`: added if need be."""
        element = _made(wanted) if isinstance(wanted, str) else wanted
        said = _canonical(element)
        place = next((n for n, one in enumerate(collection) if _canonical(one) == said), len(collection))
        if place == len(collection):
            collection.append(element)
            collection.set("count", str(len(collection)))
        return place

    def _add(self, collection: Element, xml: str) -> None:
        collection.append(_made(xml))
        collection.set("count", str(len(collection)))

    def _collection(self, name: str) -> Element:
        found = self.root.find(f"{{{MAIN}}}{name}")
        if found is None:
            found = self.root.makeelement(f"{{{MAIN}}}{name}")
            before = _ORDER[: _ORDER.index(name)]
            self.root.insert(sum(local(each) in before for each in self.root), found)
        return found


def _canonical(element: Element) -> str:
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False).decode()


def _made(xml: str) -> Element:
    made = parse(xml.encode())
    if not made.tag.startswith(f"{{{MAIN}}}"):
        raise NotEditableError
    return made
