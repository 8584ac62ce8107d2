"""How the text of a Word document looks in the end, read from its parts with lxml.

What counts is resolved as Word resolves it: document defaults, then the paragraph's style and those it is
based on, then what stands on the paragraph or run itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tests.making.word_documents import W, body, value

FONT_SLOTS = ("ascii", "hAnsi", "eastAsia", "cs")
_MARKS = {"b": "b", "i": "i", "c": "caps", "u": "u"}
_OFF = ("0", "false", "off", "none")

_WIDTHS = {  # of Times New Roman bold, in thousandths of its size
    letter: width
    for width, letters in {
        250: " ,.",
        278: "il",
        333: "-tf",
        389: "Is",
        444: "cer",
        500: "0123456789agovxyz",
        556: "Sbdhknpqu",
        611: "PFZ",
        667: "BELT",
        722: "ACDNRUVXY",
        778: "GHKOQ",
        833: "m",
        944: "M",
    }.items()
    for letter in letters
}


def attributes(node: Any) -> dict[str, str]:
    """The attributes of an element, without their namespace."""
    return {etree.QName(name).localname: text for name, text in node.attrib.items()}


def millimetres(length: str | int | None) -> float:
    """A length in twentieths of a point, in millimetres."""
    return round(int(length or 0) / 1440 * 25.4, 1)


def bold_width(text: str, size: float) -> float:
    """How wide a bold text is, in twentieths of a point; an accent takes no room."""
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return sum(_WIDTHS[letter] for letter in letters if not unicodedata.combining(letter)) * size / 50


def rules(node: Any, width: int) -> list[int]:
    """The lengths of the drawn rules of a cell or page as wide as `width`; each is drawn in its middle."""
    found = []
    for border in node.iter(f"{W}top"):
        if border.getparent().tag != f"{W}pBdr":
            continue
        assert border.get(f"{W}val") == "single"
        indent = attributes(border.getparent().getparent().find(f"{W}ind"))
        assert indent["left"] == indent["right"]
        found.append(width - 2 * int(indent["left"]))
    return found


class Looks:
    """The looks of a document's paragraphs and runs."""

    def __init__(self, document: bytes) -> None:
        root = body(document, "word/styles.xml")
        self._defaults = root.find(f"{W}docDefaults")
        self._styles = {style.get(f"{W}styleId"): style for style in root.iter(f"{W}style")}
        (self._normal,) = [
            code
            for code, style in self._styles.items()
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") == "1"
        ]

    def _layers(self, paragraph: Any, kind: str) -> Iterator[Any]:
        """The w:pPr or w:rPr that hold for a paragraph, the weakest first."""
        yield self._defaults.find(f"{W}{kind}Default/{W}{kind}")
        code = value(paragraph, f"{W}pPr/{W}pStyle") or self._normal
        chain = []
        while code:
            chain.append(self._styles[code])
            code = value(self._styles[code], f"{W}basedOn") or ""
        yield from (style.find(f"{W}{kind}") for style in reversed(chain))

    def of_paragraph(self, paragraph: Any) -> dict[str, dict[str, str]]:
        """Its properties: for each name the attributes, each as the strongest that gives it has it."""
        return _merged([*self._layers(paragraph, "pPr"), paragraph.find(f"{W}pPr")])

    def of_run(self, run: Any) -> dict[str, dict[str, str]]:
        """The same for a run, within its paragraph; it has no character style."""
        assert run.find(f"{W}rPr/{W}rStyle") is None
        paragraph = next(run.iterancestors(f"{W}p"))
        return _merged([*self._layers(paragraph, "rPr"), run.find(f"{W}rPr")])

    def face(self, run: Any) -> tuple[float, str]:
        """Size in points; b(old), i(talic), c(apitals), u(nderlined)."""
        said = self.of_run(run)
        on = {name for name, given in said.items() if given.get("val") not in _OFF}
        assert said["sz"] == said["szCs"]
        assert ("b" in on, "i" in on) == ("bCs" in on, "iCs" in on)
        return int(said["sz"]["val"]) / 2, "".join(mark for mark, name in _MARKS.items() if name in on)

    def look(self, paragraph: Any) -> tuple[float, str, str]:
        """The face that all runs of a paragraph have, and its side."""
        (face,) = {self.face(run) for run in paragraph.iter(f"{W}r")}
        return *face, self.of_paragraph(paragraph).get("jc", {}).get("val", "left")


def _merged(layers: list[Any]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for layer in layers:
        for each in () if layer is None else layer:
            name = etree.QName(each).localname
            merged[name] = merged.get(name, {}) | attributes(each) if name != "pBdr" else {}
    return merged
