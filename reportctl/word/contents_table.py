"""A table of contents as Word's own field, with the headings that there are now as its entries.

Only Word knows on which pages they stand: the numbers come when it renews the field (F9). It is not asked to
do so on opening, because it would ask its reader first whether fields from other files may be renewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportctl.word.blocks import Node, el, paragraph, run, spacing, w
from reportctl.word.fields import field_runs

_LEVELS = 3
_INDENT = 284  # of each level below the first, in dxa


def contents_blocks(body: Node, styles: Node | None, around: Node) -> list[Node]:
    """The table of contents of `body`: a paragraph for each heading outside the control `around`."""
    named = _styles_by_name(styles)
    entries = list(_headings(body, _outline_levels(styles), around)) or [(1, "")]
    begin, code, separate, _result, end = field_runs(f'TOC \\o "1-{_LEVELS}" \\h \\z \\u', "0")
    blocks = []
    for index, (level, text) in enumerate(entries):
        runs = [run(text)]
        if index == 0:
            runs = [begin, code, separate, *runs]
        if index == len(entries) - 1:
            runs.append(end)
        blocks.append(paragraph(runs, _look(level, named.get(f"toc {level}"))))
    return blocks


def _look(level: int, style: str | None) -> Node:
    if style:
        return el("pPr", el("pStyle", val=style))
    return el("pPr", spacing(0, 60), el("ind", left=(level - 1) * _INDENT, firstLine=0))


def _headings(body: Node, levels: Mapping[str, int], around: Node) -> Iterator[tuple[int, str]]:
    """The level, from 1, and the words of each heading."""
    inside = set(around.iter(w("p")))
    for each in body.iter(w("p")):
        level = _level(each, levels)
        text = " ".join("".join(_words(each)).split())
        if level < _LEVELS and text and each not in inside:
            yield level + 1, text


def _words(heading: Node) -> Iterator[str]:
    for node in heading.iter(w("t"), w("br"), w("tab")):
        yield (node.text or "") if node.tag == w("t") else " "


def _level(heading: Node, levels: Mapping[str, int]) -> int:
    style = _value(heading, f"{w('pPr')}/{w('pStyle')}")
    own = _value(heading, f"{w('pPr')}/{w('outlineLvl')}")
    return int(own) if own else levels.get(style, _LEVELS)


def _outline_levels(styles: Node | None) -> dict[str, int]:
    """The outline level, from 0, of each paragraph style that has one, its own or its base's."""
    if styles is None:
        return {}
    bases = {_code(style): _value(style, w("basedOn")) for style in styles.iter(w("style"))}
    own = {_code(style): _value(style, f"{w('pPr')}/{w('outlineLvl')}") for style in styles.iter(w("style"))}
    levels = {}
    for code in bases:
        seen: list[str] = []
        at = code
        while at in bases and at not in seen and not own[at]:
            seen.append(at)
            at = bases[at]
        if own.get(at):
            levels[code] = int(own[at])
    return levels


def _styles_by_name(styles: Node | None) -> dict[str, str]:
    if styles is None:
        return {}
    return {_value(style, w("name")).lower(): _code(style) for style in styles.iter(w("style"))}


def _code(style: Node) -> str:
    return str(style.get(w("styleId"), ""))


def _value(node: Node, path: str) -> str:
    found = node.find(path)
    return "" if found is None else str(found.get(w("val"), ""))
