"""Tags that people type into a Word document, `{{press_total}}`, made into content controls.

Word splits typed words over runs as it pleases, so a paragraph is searched as a whole and its runs are cut
where a placeholder begins and ends. What stands in a control already, or was one, is not searched: a unit's
own words may hold braces.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from docx.oxml.ns import qn

from reportctl.core.errors import ReportctlError, near
from reportctl.core.language import _
from reportctl.word.blocks import Element, el, excerpt, w
from reportctl.word.controls import PLACEHOLDER, named, number_of, our_bookmarks, release, seen

_BRACES = re.compile(r"\{\{[^\0]{0,30}|[^\0]{0,30}\}\}")
_HYPHENS = {w("softHyphen"): "\u00ad", w("noBreakHyphen"): "\u2011"}
_UNSEEN = frozenset((w("rPr"), w("lastRenderedPageBreak")))  # of what stands in a run


def convert(
    stories: Iterable[Element],
    inline: Mapping[str, bool],
    numbers: Container[int] = (),
    elsewhere: Collection[tuple[str, str]] = (),
    hint: Callable[[str], str] = lambda _tag: "",
) -> bool:
    """Make a control of every placeholder typed in `stories` (the roots of a document's parts).

    `inline` are the known tags, and whether their content stands within a line; what does not becomes a
    control round its paragraph, where it stands alone in it. `numbers` are those of the controls that
    were filled before; `elsewhere` are typed tags with the name of a place where there are no controls;
    `hint` says of a tag why it is not known. Returns whether there was any placeholder. Raises
    `ReportctlError` that names all that are unknown, not closed or elsewhere, before anything is changed."""
    known = {tag.casefold(): tag for tag in inline}
    stories = list(stories)
    ours = {sdt for story in stories for sdt in ours_of(story, inline, numbers)}
    paragraphs = [
        paragraph
        for story in stories
        for paragraph in story.iter(w("p"))
        if ours.isdisjoint(paragraph.iterancestors(w("sdt")))
    ]
    texts = [_text(_letters(paragraph, ours)) for paragraph in paragraphs]
    names = dict.fromkeys(found[1] for text in texts for found in PLACEHOLDER.finditer(text))
    typed = dict.fromkeys((*names, *(name for name, _place in elsewhere)))
    unknown = [name for name in typed if known_tag(name, known) is None]
    # Braces of a line that make no tag, each with what stands beside it.
    loose = [
        found[0].strip(" \0") for text in texts for found in _BRACES.finditer(PLACEHOLDER.sub("\0", text))
    ]
    wrong = []
    if unknown:
        asked = "; ".join(
            f"{{{{{name}}}}}{hint(name) or near(name, list(inline))}{_standing(name, texts)}"
            for name in unknown
        )
        message = _("The document asks for what is not known: {names}. All tags: reportctl form --tags")
        wrong.append(message.format(names=asked))
    if loose:
        message = _(
            "The document holds braces that make no tag: {texts}. A tag is written with two on each side, on "
            "one line: {{{{press_total}}}}"
        )
        wrong.append(message.format(texts="; ".join(f"“{text}”" for text in loose)))
    out_of_reach = [(name, place) for name, place in elsewhere if name not in unknown]
    if out_of_reach:
        message = _(
            "Tags stand where nothing can be filled in: {tags}. Type them into the text, a text box or a "
            "footnote instead."
        )
        asked = "; ".join(f"{{{{{name}}}}} ({_(place)})" for name, place in out_of_reach)
        wrong.append(message.format(tags=asked))
    if wrong:
        raise ReportctlError("\n".join(wrong))
    for paragraph in paragraphs:
        while True:
            letters = _letters(paragraph, ours)
            text = _text(letters)
            found = PLACEHOLDER.search(text)
            if found is None:
                break
            tag = known[known_tag(found[1], known) or ""]
            whole = text.strip() == found[0] and not inline[tag]
            standing = [at for at, letter in enumerate(letters) if seen(letter.text)]
            piece = letters[standing[found.start()] : standing[found.end() - 1] + 1]
            ours.add(_enclose(_cut_out(piece, tag), paragraph if whole else None, tag))
            if whole:
                break
    return bool(names)


def typed_text(paragraph: Element, ours: Container[Element]) -> str:
    """What is typed in a paragraph itself and is seen; not what stands in controls of `ours`."""
    return _text(_letters(paragraph, ours))


def take_out(paragraph: Element, typed: str, *, last: bool) -> None:
    """Take a tag out of a paragraph as it is `typed` there, the first or the last one of it."""
    run = _run_of(paragraph, typed, last=last)
    run.getparent().remove(run)


def gather(node: Element) -> None:
    """Give every typed tag below `node` a run of its own."""
    paragraphs = [node] if node.tag == w("p") else list(node.iter(w("p")))
    for paragraph in paragraphs:
        count = len(PLACEHOLDER.findall(typed_text(paragraph, ())))
        for number in range(count):
            _run_of(paragraph, "", number=number)


def _run_of(paragraph: Element, typed: str, *, last: bool = False, number: int = 0) -> Element:
    """The run, made if need be, of a tag in a paragraph: of the first or last that is `typed` so, or of the
    one with that `number`."""
    letters = _letters(paragraph, ())
    all_ = list(PLACEHOLDER.finditer(_text(letters)))
    chosen = [one for one in all_ if one[0] == typed] if typed else [all_[number]]
    found = chosen[-1 if last else 0]
    standing = [at for at, letter in enumerate(letters) if seen(letter.text)]
    return _cut_out(letters[standing[found.start()] : standing[found.end() - 1] + 1], found[1])


def _standing(name: str, texts: Iterable[str]) -> str:
    """The line that a tag stands in, where something else stands there, too."""
    for text in texts:
        for found in PLACEHOLDER.finditer(text):
            if found[1] == name and text.strip("\0 ") != found[0]:
                return _(" in “{line}”").format(line=excerpt(text.replace("\0", " ")))
    return ""


def typed_names(stories: Iterable[Element]) -> list[str]:
    """The names that stand between braces anywhere in these stories, each once."""
    lines = (
        "".join(node.text or "" for node in paragraph.iter(w("t")))
        for story in stories
        for paragraph in story.iter(w("p"))
    )
    return list(dict.fromkeys(found[1] for line in lines for found in PLACEHOLDER.finditer(seen(line))))


def ours_of(story: Element, known: Container[str], numbers: Container[int]) -> Iterator[Element]:
    """The controls of a story that have a known tag or alias, or the bookmark of one that was filled."""
    for sdt in story.iter(w("sdt")):
        names = (sdt.find(f"{w('sdtPr')}/{w(name)}") for name in ("tag", "alias"))
        said = [str(name.get(w("val"), "")) for name in names if name is not None]
        if any(name in known for one in said for name in (one, named(one))):
            yield sdt
    for mark in our_bookmarks(story):
        around = next(mark.iterancestors(w("sdt")), None)
        if number_of(mark) in numbers and around is not None:
            yield around


def known_tag(name: str, known: Container[str]) -> str | None:
    """The known tag, in small letters, that a typed name means. Ctrl+Shift+_ types a no-break hyphen in
    Word: it is left out, or stands for the underscore."""
    name = name.casefold()
    variants = (name, name.replace("\u2011", ""), name.replace("\u2011", "_"))
    return next((variant for variant in variants if variant in known), None)


def _enclose(run: Element, paragraph: Element | None, tag: str) -> Element:
    """A control of this tag round a run, or round its whole `paragraph`; other controls round it become
    ones that may hold it. One without a tag that holds nothing else becomes this control."""
    others = list(run.iterancestors(w("sdt")))
    for sdt in others:
        release(sdt)
    nearest = others[0] if others and run.getparent().getparent() is others[0] else None
    if paragraph is None and nearest is not None and _only(run, nearest):
        properties = nearest.find(w("sdtPr"))
        for name in list(properties.iterchildren(w("tag"), w("alias"))):
            properties.remove(name)
        properties.append(el("tag", val=tag))
        return nearest
    node = run if paragraph is None else paragraph
    sdt = el("sdt", el("sdtPr", el("tag", val=tag)), el("sdtContent"))
    node.addprevious(sdt)
    sdt[-1].append(node)
    return sdt


def _only(run: Element, sdt: Element) -> bool:
    """Whether a control without a tag of its own holds the text of this run and no more."""
    properties = sdt.find(w("sdtPr"))
    tag = None if properties is None else properties.find(w("tag"))
    others = (text for text in sdt.iter(w("t")) if text.getparent() is not run)
    return (
        properties is not None
        and (tag is None or not tag.get(w("val")))
        and not any(seen(text.text or "") for text in others)
    )


@dataclass(frozen=True, slots=True)
class _Letter:
    """One character of a line: the run and the element (w:t, a hyphen) that hold it, and where in that."""

    text: str
    run: Element
    holder: Element
    at: int


def _text(letters: Iterable[_Letter]) -> str:
    """The letters that are seen."""
    return seen("".join(letter.text for letter in letters))


def _letters(paragraph: Element, ours: Container[Element]) -> list[_Letter]:
    """What is typed in a paragraph itself, also in controls that are not `ours`; what is no text (a tab, a
    picture) is a control character."""
    letters: list[_Letter] = []
    marked: set[str] = set()
    for node in paragraph.iter(w("r"), w("bookmarkStart"), w("bookmarkEnd")):
        if node.tag == w("bookmarkStart"):
            marked |= {mark.get(w("id")) for mark in our_bookmarks(node)}
        elif node.tag == w("bookmarkEnd"):
            marked.discard(node.get(w("id")))
        elif not marked and _holder(node, ours) is paragraph:
            for child in node:
                if child.tag == w("t"):
                    letters += [_Letter(c, node, child, at) for at, c in enumerate(child.text or "")]
                elif child.tag in _HYPHENS:
                    letters.append(_Letter(_HYPHENS[child.tag], node, child, 0))
                elif child.tag not in _UNSEEN:
                    letters.append(_Letter("\0", node, child, 0))
    return letters


def _holder(run: Element, ours: Container[Element]) -> Element | None:
    """The paragraph or control of `ours` that a run belongs to; None for what was moved away from there."""
    for node in run.iterancestors(w("p"), w("sdt"), w("moveFrom")):
        if node.tag == w("moveFrom"):
            return None
        if node.tag == w("p") or node in ours:
            return node
    return None


def _cut_out(letters: list[_Letter], tag: str) -> Element:
    """A run, in the place and with the look of these letters, which hold a tag and stand nowhere any more;
    it holds the tag in braces, as it is spelled.

    What follows them in a run goes to a run of its own.
    """

    def like(run: Element) -> Element:
        look = run.find(w("rPr"))
        return el("r", *([] if look is None else [copy.deepcopy(look)]))

    for run in dict.fromkeys(letter.run for letter in reversed(letters)):
        inside = [letter for letter in letters if letter.run is run]
        last, rest = inside[-1], like(run)
        followers = list(last.holder.itersiblings())
        if last.holder.tag == w("t") and (after := (last.holder.text or "")[last.at + 1 :]):
            rest.append(el("t"))
            rest[-1].text = after
            rest[-1].set(qn("xml:space"), "preserve")
        rest.extend(followers)
        if any(node.tag != w("rPr") for node in rest):
            run.addnext(rest)
        starts = {letter.holder: letter.at for letter in reversed(inside)}
        for holder, start in starts.items():
            if holder.tag != w("t"):
                holder.getparent().remove(holder)
                continue
            holder.text = (holder.text or "")[:start]
            holder.set(qn("xml:space"), "preserve")
    first = letters[0].run
    run = like(first)
    run.append(el("t"))
    run[-1].text = f"{{{{{tag}}}}}"
    first.addnext(run)
    return run
