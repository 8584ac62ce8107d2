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

from reportctl.core.errors import ReportctlError, near
from reportctl.core.language import _
from reportctl.word.blocks import Element, el, w
from reportctl.word.controls import PLACEHOLDER, our_marks

_BRACES = re.compile(r"\{\{[^\0]{0,30}|[^\0]{0,30}\}\}")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def convert(stories: Iterable[Element], inline: Mapping[str, bool]) -> bool:
    """Make a control of every placeholder typed in `stories` (the roots of a document's parts).

    `inline` are the known tags, and whether what they say stands within a line; what does not becomes a
    control round its paragraph, where it stands alone in it. Gives whether there was any. Raises
    `ReportctlError` that names all that are unknown, or not closed, before anything is changed.
    """
    known = {tag.casefold(): tag for tag in inline}
    paragraphs = [p for story in stories for p in story.iter(w("p")) if not _in_control(p)]
    texts = ["".join(letter.text for letter in _letters(p)) for p in paragraphs]
    names = dict.fromkeys(found[1] for text in texts for found in PLACEHOLDER.finditer(text))
    wrong = []
    if unknown := [name for name in names if name.casefold() not in known]:
        wrong.append(_unknown(unknown, list(inline)))
    if loose := [one for text in texts for one in _loose(text)]:
        wrong.append(_half(loose))
    if wrong:
        raise ReportctlError("\n".join(wrong))
    for paragraph in paragraphs:
        while letters := _first(paragraph):
            said = "".join(letter.text for letter in letters)
            found = PLACEHOLDER.fullmatch(said)
            tag = known[found[1].casefold()] if found else ""
            if inline[tag] or not _alone(paragraph, said):
                _wrap(_cut_out(letters), tag)
            else:
                _wrap(paragraph, tag)
                break
    return bool(names)


def _unknown(names: list[str], known: list[str]) -> str:
    said = [f"{{{{{name}}}}}{near(name, known)}" for name in names]
    return _("The document asks for what is not known: {names}. All tags: reportctl form --tags").format(
        names="; ".join(said)
    )


def _loose(text: str) -> list[str]:
    """Braces of a line that make no tag, each with what stands beside it."""
    left = PLACEHOLDER.sub("\0", text)
    return [found[0].strip(" \0") for found in _BRACES.finditer(left)]


def _half(loose: list[str]) -> str:
    said = "; ".join(f"“{text}”" for text in loose)
    return _(
        "The document holds braces that make no tag: {texts}. A tag is written with two on each side, on one "
        "line: {{{{press_total}}}}"
    ).format(texts=said)


def _in_control(paragraph: Element) -> bool:
    """Whether a paragraph is part of a control that has a name."""
    controls = (sdt.find(f"{w('sdtPr')}/{w('tag')}") for sdt in paragraph.iterancestors(w("sdt")))
    return any(tag is not None for tag in controls)


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
            marked |= {mark.get(w("id")) for mark in our_marks(node)}
        elif node.tag == w("bookmarkEnd"):
            marked.discard(node.get(w("id")))
        elif not marked and next(node.iterancestors(w("p"), w("sdt"))) is paragraph:
            for child in node:
                if child.tag == w("t"):
                    letters += [_Letter(c, node, child, at) for at, c in enumerate(child.text or "")]
                elif child.tag != w("rPr"):
                    letters.append(_Letter("\0", node, child, 0))
    return letters


def _first(paragraph: Element) -> list[_Letter]:
    """The letters of the paragraph's first placeholder; none where it has none."""
    letters = _letters(paragraph)
    found = PLACEHOLDER.search("".join(letter.text for letter in letters))
    return letters[found.start() : found.end()] if found else []


def _alone(paragraph: Element, said: str) -> bool:
    """Whether a paragraph holds nothing but the words `said`."""
    texts = "".join(letter.text for letter in _letters(paragraph)).strip()
    return texts == said and paragraph.find(f".//{w('sdt')}") is None


def _cut_out(letters: list[_Letter]) -> Element:
    """A run, in its place and with its look, that holds these letters, which stand nowhere else any more."""
    first = letters[0]
    for run in dict.fromkeys(letter.run for letter in letters[::-1]):
        _cut(run, [letter for letter in letters if letter.run is run])
    run = el("r", el("t"))
    run[0].text = "".join(letter.text for letter in letters)
    look = first.run.find(w("rPr"))
    if look is not None:
        run.insert(0, copy.deepcopy(look))
    first.run.addnext(run)
    return run


def _cut(run: Element, letters: list[_Letter]) -> None:
    """Take letters out of a run; what follows them in it goes to a run of its own."""
    last = letters[-1]
    rest = el("r")
    look = run.find(w("rPr"))
    if look is not None:
        rest.append(copy.deepcopy(look))
    after = (last.holder.text or "")[last.at + 1 :]
    followers = list(last.holder.itersiblings())
    if after:
        rest.append(_words(after))
    rest.extend(followers)
    if after or followers:
        run.addnext(rest)
    for holder in dict.fromkeys(letter.holder for letter in letters):
        start = min(letter.at for letter in letters if letter.holder is holder)
        holder.text = (holder.text or "")[:start]
        holder.set(_SPACE, "preserve")


def _words(text: str) -> Element:
    node = el("t")
    node.text = text
    node.set(_SPACE, "preserve")
    return node


def _wrap(node: Element, tag: str) -> None:
    """Put a control with the name `tag` round a run or a paragraph."""
    sdt = el("sdt", el("sdtPr", el("tag", val=tag)), el("sdtContent"))
    node.addprevious(sdt)
    sdt[-1].append(node)
