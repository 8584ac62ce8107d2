"""Tags that people type into a Word document, `{{press_total}}`, made into content controls.

Word splits typed words over runs as it pleases, so a paragraph is searched as a whole and its runs are cut
where a placeholder begins and ends. What stands in a control already, or was one, is not searched: a unit's
own words may hold braces.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docx.oxml.ns import qn

from reportctl.core.errors import ReportctlError, near
from reportctl.core.language import _
from reportctl.word.blocks import Element, el, w
from reportctl.word.controls import PLACEHOLDER, our_bookmarks

_BRACES = re.compile(r"\{\{[^\0]{0,30}|[^\0]{0,30}\}\}")


def convert(stories: Iterable[Element], inline: Mapping[str, bool]) -> bool:
    """Make a control of every placeholder typed in `stories` (the roots of a document's parts).

    `inline` are the known tags, and whether their content stands within a line; what does not becomes a
    control round its paragraph, where it stands alone in it. Returns whether there was any. Raises
    `ReportctlError` that names all that are unknown, or not closed, before anything is changed.
    """
    known = {tag.casefold(): tag for tag in inline}
    paragraphs = [
        paragraph
        for story in stories
        for paragraph in story.iter(w("p"))
        if all(sdt.find(f"{w('sdtPr')}/{w('tag')}") is None for sdt in paragraph.iterancestors(w("sdt")))
    ]
    texts = ["".join(letter.text for letter in _letters(paragraph)) for paragraph in paragraphs]
    names = dict.fromkeys(found[1] for text in texts for found in PLACEHOLDER.finditer(text))
    unknown = [name for name in names if name.casefold() not in known]
    # Braces of a line that make no tag, each with what stands beside it.
    loose = [
        found[0].strip(" \0") for text in texts for found in _BRACES.finditer(PLACEHOLDER.sub("\0", text))
    ]
    wrong = []
    if unknown:
        asked = "; ".join(f"{{{{{name}}}}}{near(name, list(inline))}" for name in unknown)
        message = _("The document asks for what is not known: {names}. All tags: reportctl form --tags")
        wrong.append(message.format(names=asked))
    if loose:
        message = _(
            "The document holds braces that make no tag: {texts}. A tag is written with two on each side, on "
            "one line: {{{{press_total}}}}"
        )
        wrong.append(message.format(texts="; ".join(f"“{text}”" for text in loose)))
    if wrong:
        raise ReportctlError("\n".join(wrong))
    for paragraph in paragraphs:
        while True:
            letters = _letters(paragraph)
            text = "".join(letter.text for letter in letters)
            found = PLACEHOLDER.search(text)
            if found is None:
                break
            tag = known[found[1].casefold()]
            alone = text.strip() == found[0] and paragraph.find(f".//{w('sdt')}") is None
            whole = alone and not inline[tag]
            node = paragraph if whole else _cut_out(letters[found.start() : found.end()])
            sdt = el("sdt", el("sdtPr", el("tag", val=tag)), el("sdtContent"))
            node.addprevious(sdt)
            sdt[-1].append(node)
            if whole:
                break
    return bool(names)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One character of a line: the run and the w:t that hold it, and where in that."""

    text: str
    run: Element
    holder: Element
    at: int


def _letters(paragraph: Element) -> list[_Letter]:
    """What is typed in a paragraph itself; what is no text (a tab, a picture) is a control character."""
    letters: list[_Letter] = []
    marked: set[str] = set()
    for node in paragraph.iter(w("r"), w("bookmarkStart"), w("bookmarkEnd")):
        if node.tag == w("bookmarkStart"):
            marked |= {mark.get(w("id")) for mark in our_bookmarks(node)}
        elif node.tag == w("bookmarkEnd"):
            marked.discard(node.get(w("id")))
        elif not marked and next(node.iterancestors(w("p"), w("sdt"))) is paragraph:
            for child in node:
                if child.tag == w("t"):
                    letters += [_Letter(c, node, child, at) for at, c in enumerate(child.text or "")]
                elif child.tag != w("rPr"):
                    letters.append(_Letter("\0", node, child, 0))
    return letters


def _cut_out(letters: list[_Letter]) -> Element:
    """A run, in its place and with its look, that holds these letters, which stand nowhere else any more.

    What follows them in a run goes to a run of its own.
    """

    def like(run: Element) -> Element:
        look = run.find(w("rPr"))
        return el("r", *([] if look is None else [copy.deepcopy(look)]))

    for run in dict.fromkeys(letter.run for letter in reversed(letters)):
        inside = [letter for letter in letters if letter.run is run]
        last, rest = inside[-1], like(run)
        followers = list(last.holder.itersiblings())
        if after := (last.holder.text or "")[last.at + 1 :]:
            rest.append(el("t"))
            rest[-1].text = after
            rest[-1].set(qn("xml:space"), "preserve")
        rest.extend(followers)
        if after or followers:
            run.addnext(rest)
        starts = {letter.holder: letter.at for letter in reversed(inside)}
        for holder, start in starts.items():
            holder.text = (holder.text or "")[:start]
            holder.set(qn("xml:space"), "preserve")
    first = letters[0].run
    run = like(first)
    run.append(el("t"))
    run[-1].text = "".join(letter.text for letter in letters)
    first.addnext(run)
    return run
