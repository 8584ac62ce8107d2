"""How cells of an OpenDocument spreadsheet look: styles with what is struck out or raised, number formats."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree as ET

from reportctl.workbooks.looks import LOWERED, PLAIN, RAISED, STRUCK, CellLook, Run, look
from reportctl.workbooks.number_formats import is_odd

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
NUMBER_SPACE = f"{_OASIS}datastyle:1.0}}"
_STYLE, _TEXT, _OFFICE = (f"{_OASIS}{space}:1.0}}" for space in ("style", "text", "office"))
_PARAGRAPH, _SPACES, _TAB, _BREAK = (f"{_TEXT}{name}" for name in ("p", "s", "tab", "line-break"))
_APART = (f"{_TEXT}note", f"{_TEXT}ruby-text")
_DEEP = 20  # styles that one is made from another: a circle is left


class _Font(NamedTuple):
    """What a style says of text: whether it is struck out, whether raised; None: it says nothing."""

    struck: bool | None = None
    raised: str | None = None


@dataclass(frozen=True, slots=True)
class _OneStyle:
    parent: str
    font: _Font
    format: str


@dataclass(slots=True)
class OdsStyles:
    """The styles of a document by family and name, and the codes of its number formats; they grow as it is
    read."""

    styles: dict[tuple[str, str], _OneStyle] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    odd_texts: bool = False  # some style strikes out or raises text
    _fonts: dict[tuple[str, str], _Font] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)

    def read(self, part: bytes) -> None:
        """Take in the styles of a whole part. Raises `ParseError`."""
        if not part:
            return
        for _event, element in ET.iterparse(io.BytesIO(part)):  # noqa: S314 - documents with a DTD come no further than `safety`
            if element.tag == f"{_STYLE}style":
                self.add(element)
            elif element.tag.startswith(NUMBER_SPACE):
                self.add_format(element)

    def add(self, element: ET.Element) -> None:
        """Take in a style."""
        properties = element.find(f"{_STYLE}text-properties")
        font = _Font() if properties is None else _font(properties)
        self.odd_texts = self.odd_texts or bool(font.struck or font.raised)
        key = element.get(f"{_STYLE}family", ""), element.get(f"{_STYLE}name", "")
        parent, code = (
            element.get(f"{_STYLE}parent-style-name", ""),
            element.get(f"{_STYLE}data-style-name", ""),
        )
        self.styles[key] = _OneStyle(parent, font, code)

    def add_format(self, element: ET.Element) -> None:
        """Take in a number format; other elements of their space are left out."""
        name = element.get(f"{_STYLE}name")
        if name and element.tag in _FORMATS:
            self.formats[name] = _code(element, self.formats)

    def look(self, cell: ET.Element, style: str) -> CellLook | None:
        """The look of a cell of the `style`; None where it looks as what it holds."""
        code = self._format(style)
        if not code and cell.get(f"{_OFFICE}value-type") == "percentage":
            code = "0%"
        if not code and not self.odd_texts:
            return None
        font = self._font("table-cell", style)
        paragraphs = cell.findall(_PARAGRAPH) if self.odd_texts else []
        runs: list[Run] = []
        for number, paragraph in enumerate(paragraphs):
            runs += [Run("\n", PLAIN)] * bool(number)
            runs += self._runs(paragraph, font)
        odd = [run for run in runs if run.text]
        return look(odd, struck=bool(font.struck), format_code=code)

    def _runs(self, element: ET.Element, font: _Font) -> Iterator[Run]:
        mark = _mark(font)
        yield Run(_WHITE.sub(" ", element.text or ""), mark)
        for child in element:
            if child.tag == _SPACES:
                yield Run(" " * min(int(child.get(f"{_TEXT}c", "1")), 1_000), mark)
            elif child.tag in (_TAB, _BREAK):
                yield Run("\t" if child.tag == _TAB else "\n", mark)
            elif child.tag.startswith(_TEXT) and child.tag not in _APART:
                own = self._font("text", child.get(f"{_TEXT}style-name", ""))
                yield from self._runs(child, _over(own, font))
            yield Run(_WHITE.sub(" ", child.tail or ""), mark)

    def _font(self, family: str, name: str) -> _Font:
        key = family, name
        if key not in self._fonts:
            font = _Font()
            for _level in range(_DEEP):
                style = self.styles.get((family, name))
                if style is None:
                    break
                font, name = _over(font, style.font), style.parent
            self._fonts[key] = font
        return self._fonts[key]

    def _format(self, name: str) -> str:
        """The code of the number format of a cell's style where that is odd."""
        first = name
        if first not in self._codes:
            code = ""
            for _level in range(_DEEP):
                style = self.styles.get(("table-cell", name))
                if style is None or code:
                    break
                code, name = self.formats.get(style.format, ""), style.parent
            self._codes[first] = code if is_odd(code) else ""
        return self._codes[first]


_WHITE = re.compile(r"[ \t\r\n]+")


def _font(properties: ET.Element) -> _Font:
    """What the properties of text say (20.373, 20.374, 20.382)."""
    lines = [properties.get(f"{_STYLE}text-line-through-{name}") for name in ("style", "type")]
    said = [line for line in lines if line is not None]
    position = (properties.get(f"{_STYLE}text-position") or "").split()
    raised: str | None = None
    if position:
        first = position[0].rstrip("%")
        number = float(first) if re.fullmatch(r"-?[0-9]{1,4}(?:\.[0-9]{1,9})?", first) else 0.0
        raised = RAISED if first == "super" or number > 0 else LOWERED if first == "sub" or number < 0 else ""
    return _Font(bool(said) and "none" not in said if said else None, raised)


def _over(font: _Font, below: _Font) -> _Font:
    """What holds where `font` lies over another."""
    struck = below.struck if font.struck is None else font.struck
    return _Font(struck, below.raised if font.raised is None else font.raised)


def _mark(font: _Font) -> str:
    return STRUCK if font.struck else font.raised or PLAIN


# Number formats, as the codes that other programs have for them

_FORMATS = frozenset(
    f"{NUMBER_SPACE}{name}-style" for name in ("number", "percentage", "currency", "text", "boolean")
)
_CONDITION = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?[0-9.]{1,20})")


def _code(element: ET.Element, formats: Mapping[str, str]) -> str:
    """The code of a number format: sections with conditions are those of the formats it names (16.27)."""
    percent = element.tag == f"{NUMBER_SPACE}percentage-style"
    sections = []
    for condition in element.iterfind(f"{_STYLE}map"):
        found = _CONDITION.fullmatch((condition.get(f"{_STYLE}condition") or "").strip())
        applied = formats.get(condition.get(f"{_STYLE}apply-style-name", ""))
        if found and applied is not None:
            sections.append(f"[{found[1].replace('!=', '<>')}{found[2]}]{applied}")
    own = "".join(_piece(child, percent=percent) for child in element)
    return ";".join([*sections, own])


def _piece(child: ET.Element, *, percent: bool) -> str:
    match child.tag.removeprefix(NUMBER_SPACE):
        case "number":
            return _digits(child)
        case "scientific-number" | "fraction":
            return "0"
        case "text-content":
            return "@"
        case "boolean":
            return "General"
        case "text" | "currency-symbol":
            text = (child.text or "").replace('"', "")
            return (
                "%".join(f'"{part}"' if part else "" for part in text.split("%")) if percent else f'"{text}"'
            )
    return ""


def _digits(number: ET.Element) -> str:
    """The places for digits, with the texts between them and a comma for each 1000 that is left out."""

    def said(name: str, most: int) -> int:
        text = number.get(f"{NUMBER_SPACE}{name}", "")
        return min(int(text), most) if text.isdecimal() and len(text) < 10 else 0

    texts = {}
    for one in number.iterfind(f"{NUMBER_SPACE}embedded-text"):
        position = one.get(f"{NUMBER_SPACE}position", "")
        if position.isdecimal() and len(position) < 3:
            texts[int(position)] = (one.text or "").replace('"', "")
    places = max([said("min-integer-digits", 30), 1, *(place + 1 for place in texts)])
    whole = ""
    for place in range(places, 0, -1):
        whole += f'"{texts[place]}"0' if place in texts else "0"
    factor = number.get(f"{NUMBER_SPACE}display-factor", "1")
    known = re.fullmatch(r"[0-9]{1,15}(?:\.0*)?", factor) and float(factor) > 1
    thousands = round(math.log10(float(factor)) / 3) if known else 0
    after = "." + "0" * said("decimal-places", 30) if said("decimal-places", 30) else ""
    return whole + after + "," * thousands
