"""Fields of a Word document: what Word counts and looks up by itself, and what it shows until it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RT

from reportctl.word.blocks import Element, el, run, text_element, w

_CHARACTER, _INSTRUCTION, _TEXT, _SIMPLE = w("fldChar"), w("instrText"), w("t"), w("fldSimple")


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
    parts = (
        rel.target_part for rel in main.rels.values() if rel.reltype == RT.STYLES and not rel.is_external
    )
    return next((part.element for part in parts), None)


def paragraph_styles(styles: Element | None) -> dict[str, str]:
    """The ids of a document's paragraph styles by name; Word's own have English names in any language."""
    return {
        str(style.find(w("name")).get(w("val"))): str(style.get(w("styleId")))
        for style in ([] if styles is None else styles.iter(w("style")))
        if style.get(w("type")) == "paragraph" and style.find(w("name")) is not None
    }
