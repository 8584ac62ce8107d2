"""Fields of a Word document: what Word counts and looks up by itself, and what it shows until it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RT

from reportctl.word.blocks import Element, el, run, text_element, w

_CHARACTER, _INSTRUCTION, _TEXT, _SIMPLE = w("fldChar"), w("instrText"), w("t"), w("fldSimple")
_A4_WIDTH, _MARGIN = 11906, 1440  # of a page that says nothing else, in dxa


@dataclass(slots=True, eq=False)
class Field:
    """A field: what it asks for, the w:t elements of its result."""

    instruction: str = ""
    results: list[Element] = field(default_factory=list)
    complete: bool = False  # its instruction is

    @property
    def words(self) -> list[str]:
        """The words of its instruction, its name first."""
        return self.instruction.split()

    def show(self, result: str) -> None:
        """Make `result` what is shown."""
        for node in self.results[1:]:
            node.text = ""
        if self.results:
            self.results[0].text = result


def fields(root: Element) -> list[Field]:
    """The fields below `root` in the order in which they begin; one within another has its results too."""
    found: list[Field] = []
    around: list[Field] = []
    for node in root.iter(_CHARACTER, _INSTRUCTION, _TEXT, _SIMPLE):
        if node.tag == _SIMPLE:
            found.append(Field(node.get(w("instr"), ""), list(node.iter(_TEXT)), complete=True))
        elif node.tag == _CHARACTER:
            match node.get(w("fldCharType")):
                case "begin":
                    around.append(Field())
                    found.append(around[-1])
                case "separate" if around:
                    around[-1].complete = True
                case "end" if around:
                    around.pop()
        elif node.tag == _INSTRUCTION and around and not around[-1].complete:
            around[-1].instruction += node.text or ""
        elif node.tag == _TEXT:
            for each in around:
                if each.complete:
                    each.results.append(node)
    return found


def field_runs(
    instruction: str, result: str, look: Element | None = None, *, bold: bool = False
) -> list[Element]:
    """The runs of a field that shows `result`, which is not empty."""
    code = text_element(f" {instruction} ", "instrText")
    runs = [run("", look, bold=bold) for _ in range(4)]
    contents = (el("fldChar", fldCharType="begin"), code, el("fldChar", fldCharType="separate"))
    for holder, content in zip(runs, (*contents, el("fldChar", fldCharType="end")), strict=True):
        holder.append(content)
    return [*runs[:3], run(result, look, bold=bold), runs[3]]


def numbers_in(paragraph: Element) -> dict[Element, str]:
    """The w:t elements of its fields that show a number (SEQ, REF), each with the text to compare it by: "#".

    A caption's number says nothing about the caption: one more caption above it changes it.
    """
    if next(paragraph.iter(_CHARACTER, _SIMPLE), None) is None:
        return {}
    return {
        node: "" if index else "#"
        for each in fields(paragraph)
        if each.words and each.words[0].upper() in ("SEQ", "REF")
        for index, node in enumerate(each.results)
    }


def styles_of(main: Any) -> Element | None:
    """The document's styles, where it has any."""
    parts = (rel.target_part for rel in main.rels.values() if rel.reltype == RT.STYLES)
    return next((part.element for part in parts), None)


def paragraph_styles(styles: Element | None) -> dict[str, str]:
    """The ids of a document's paragraph styles by name; Word's own have English names in any language."""
    return {
        str(style.find(w("name")).get(w("val"))): str(style.get(w("styleId")))
        for style in ([] if styles is None else styles.iter(w("style")))
        if style.get(w("type")) == "paragraph" and style.find(w("name")) is not None
    }


def text_width(node: Element, package: Any) -> int:
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
