"""Whether the parts of an Excel workbook are XML as the standard has it (ECMA-376).

Readers differ over what is not: some go by the names of elements wherever they stand, in whatever namespace,
some read on where the XML is broken. What can be read in more than one way is not read. Of sheets only the
XML is looked at here, and where their cells begin: what stands in those is looked at where it is read.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from reportctl.core.findings import finding
from reportctl.workbooks.book import BookError
from reportctl.workbooks.sheet_rows import is_text

# Of spreadsheets; the second one is that of ISO strict.
NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE = ("http://schemas.openxmlformats.org/package/2006/relationships",)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a part looks like: `places` are the elements that matter, each with those that it may stand in.

    In the elements of `closed` there is nothing else; those of `once` stand once. `unique` are attributes
    that no two elements of a name share.
    After the beginning of the element `until` nothing is looked at but the XML. The names of `reserved` no
    other namespace may use.
    """

    root: str
    places: Mapping[str, frozenset[str]]
    closed: frozenset[str]
    once: frozenset[str] = frozenset()
    unique: Mapping[str, str] = field(default_factory=dict)
    spaces: tuple[str, ...] = NAMESPACES
    until: str = ""
    reserved: frozenset[str] = frozenset()


def _shape(root: str, places: Mapping[str, str], closed: str, **more: Any) -> _Shape:
    within = {name: frozenset(said.split()) for name, said in places.items()}
    return _Shape(root, within, frozenset(closed.split()), **more)


_SHAPES = {
    "rels": _shape(
        "Relationships",
        {"Relationship": "Relationships"},
        "Relationships Relationship",
        unique={"Relationship": "Id"},
        spaces=_PACKAGE,
    ),
    "worksheet": _shape(
        "worksheet", {"sheetData": "worksheet"}, "", until="sheetData", reserved=frozenset({"sheetData"})
    ),  # 18.3
    "officeDocument": _shape(  # 18.2
        "workbook",
        {
            "workbookPr": "workbook",
            "sheets": "workbook",
            "sheet": "sheets",
            "definedNames": "workbook",
            "definedName": "definedNames",
        },
        "sheets definedNames",
        once=frozenset({"workbookPr", "sheets", "definedNames"}),
        unique={"sheet": "name"},
        reserved=frozenset({"sheets", "sheet"}),
    ),
    "sharedStrings": _shape(  # 18.4
        "sst",
        {
            "si": "sst",
            "t": "si r rPh",
            "r": "si",
            "rPr": "r",
            "rPh": "si",
            "phoneticPr": "si",
            "extLst": "sst",
        },
        "sst si t r rPh",
    ),
    "styles": _shape(  # 18.8
        "styleSheet",
        {
            "numFmts": "styleSheet",
            "numFmt": "numFmts dxf",
            "cellStyleXfs": "styleSheet",
            "cellXfs": "styleSheet",
            "xf": "cellStyleXfs cellXfs",
        },
        "numFmts cellStyleXfs cellXfs",
        once=frozenset({"numFmts", "cellStyleXfs", "cellXfs"}),
        reserved=frozenset({"numFmts", "cellXfs", "xf"}),
    ),
}


def refuse_malformed(parts: Mapping[str, bytes], kinds: Mapping[str, str], sheets: Mapping[str, str]) -> None:
    """Raises `BookError` where one of `parts` is no XML, or not what it should be.

    `kinds` are the last words of the types of the relationships that lead to parts, `sheets` the names of
    the sheets that are in them.
    """
    for name, content in parts.items():
        kind = "rels" if name.endswith(".rels") else kinds.get(name, "")
        try:
            if kind == "worksheet":  # its cells are looked at where they are read
                begin, end = content.find(_CELLS), content.rfind(_CELLS_END)
                _read_once(content[:begin] + _CELLS + content[end:] if 0 <= begin < end else content, kind)
            elif kind != "sharedStrings":
                _read_once(content, kind)
            elif plain_texts(content) is None:
                _read(content, _SHAPES[kind])
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise BookError(finding("truncated", sheet=sheets.get(name))) from error


_CELLS, _CELLS_END = b"<sheetData>", b"</sheetData>"


@functools.lru_cache(maxsize=256)  # most parts are the same in all workbooks that one template made
def _read_once(content: bytes, kind: str) -> None:
    _read(content, _SHAPES.get(kind))


def _read(content: bytes, shape: _Shape | None) -> None:
    """Raises `ExpatError` or `LookupError` for what is no XML, `ValueError` for what is not of that shape."""
    parser = expat.ParserCreate(namespace_separator=" ")
    if shape is None:
        parser.Parse(content, True)
        return
    names: list[str] = []  # of the elements that are open; those of other namespaces carry theirs
    found: set[str] = set()
    values: set[tuple[str, str]] = set()  # of the unique attributes

    def start(name: str, attributes: Mapping[str, str]) -> None:
        """An element begins. Raises `ValueError` where it is not in its place."""
        space, _sign, local = name.rpartition(" ")
        own = local if space in shape.spaces else f" {name}"
        if not names:
            right = own == shape.root
        elif own in shape.places:
            right = names[-1] in shape.places[own] and not (own in shape.once and own in found)
        else:
            right = names[-1] not in shape.closed and local not in shape.reserved
        value = own, attributes.get(shape.unique.get(own, ""), "")
        if not right or (value[1] and value in values):
            raise ValueError(name)
        values.add(value)
        found.add(own)
        if own == shape.until:
            parser.StartElementHandler = parser.EndElementHandler = None
        names.append(own)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: names.pop()
    parser.Parse(content, True)
    if shape.until not in ("", *found):
        raise ValueError(f"no {shape.until}")


# Alternatives

_ALTERNATIVES, _CHOICE, _FALLBACK = (
    f"{{http://schemas.openxmlformats.org/markup-compatibility/2006}}{name}"
    for name in ("AlternateContent", "Choice", "Fallback")
)


def without_alternatives(part: bytes, *, newest: bool) -> bytes:
    """The XML `part` with one of each `AlternateContent` (ECMA-376 part 3, 7.5). Raises `ParseError`.

    The `newest` program understands the first choice, the oldest none, and falls back.
    """

    def taken(element: ET.Element) -> Iterator[ET.Element]:
        """What stands in place of the element."""
        if element.tag != _ALTERNATIVES:
            element[:] = [one for child in element for one in taken(child)]
            yield element
            return
        choice, fallback = element.find(_CHOICE), element.find(_FALLBACK)
        chosen = fallback if choice is None or not newest else choice
        for child in chosen if chosen is not None else ():
            yield from taken(child)

    root = ET.fromstring(part)  # noqa: S314 - documents with a DTD come no further than `safety`
    return ET.tostring(next(taken(root), root))


# Shared strings

_DECLARATION = (
    rb"""<\?xml\s+version=(?:"1\.0"|'1\.0')(?:\s+encoding=(?:"(?i:utf-8)"|'(?i:utf-8)'))?"""
    rb"""(?:\s+standalone=(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>"""
)
_TEXT = rb'<t(?: xml:space="preserve")?>[^<]*</t>'
# What a run of a text looks like (18.4.7), in elements of one attribute or a colour and its tint.
_LOOKS = (
    rb"<rPr>(?:<(?:b|i|strike|condense|extend|outline|shadow|u|vertAlign|sz|color|rFont|family|charset|scheme)"
    rb'(?: (?:val|rgb|theme|indexed|auto)="[^"<&]*")?(?: tint="[^"<&]*")? ?/>)*+</rPr>'
)
_PLAIN_TEXTS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:"
    + _DECLARATION
    + rb')?\s*<sst xmlns="(?:'
    + b"|".join(re.escape(space.encode()) for space in NAMESPACES)
    + rb')"(?: xmlns:r="'
    + re.escape(RELATIONS[0].encode())
    + rb'")?(?: (?:count|uniqueCount)="[0-9]{0,7}")*>'
    rb"((?:<si>(?:"
    + _TEXT
    + rb"|<t ?/>|(?:<r>(?:"
    + _LOOKS
    + rb")?"
    + _TEXT
    + rb"</r>)+)</si>|\s+)*+)</sst>\s*"
)


def plain_texts(part: bytes) -> bytes | None:
    """The shared strings in that part; None where they are not, as nearly always, plain texts and no more."""
    return _plain_once(part) if len(part) < _LONG else _plain(part)


def _plain(part: bytes) -> bytes | None:
    found = _PLAIN_TEXTS.fullmatch(part)
    return found[1] if found and is_text(found[1]) else None


_LONG, _plain_once = 1 << 20, functools.lru_cache(maxsize=2)(_plain)  # they are checked, then read
