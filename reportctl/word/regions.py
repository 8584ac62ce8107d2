"""Parts of a document that stand there on a condition, or once for each of several things.

`{{?press_total}} … {{/?}}` round paragraphs or rows of a table: they are there while the tag says something.
`{{*units}} … {{/*}}`: they are there once for each unit. Both marks stand at the ends of one paragraph, in
two paragraphs of the same text, or in two cells of one table: then whole rows are meant.

What is copied holds ordinary tags, so filling and refreshing them is as anywhere. The record keeps what was
copied and for what; bookmarks `_rg_N_i_k` (region, copy, block), which Word and LibreOffice keep, find the
copies again.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from docx.oxml.parser import parse_xml
from lxml import etree

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.word import blocks, controls, placeholders
from reportctl.word.blocks import Element, el, excerpt, hairline, w
from reportctl.word.controls import PLACEHOLDER, Numbers
from reportctl.word.package import Story
from reportctl.word.record import Copy, Region

NUMBER = "n"  # the tag of a copy's running number
_BOOKMARK = "_rg_"
_MARK = re.compile(r"([?*])\s*(.+)|/\s*([?*])")
_TEXTS = frozenset(map(w, ("body", "tc", "hdr", "ftr", "txbxContent", "sdtContent")))
_KINDS = {w("tr"): "r", w("tbl"): "t"}
_BEHIND, _ALONE = "b", "e"  # ends of an anchor's name: it is in the row behind, in a row that was emptied
_BEFORE = (_BEHIND, _ALONE)
_ROOT = f'<w:body xmlns:w="{blocks.W}">'


@dataclass(frozen=True)
class Scope:
    """What there is to be asked of: `copies` gives for a mark ("?" or "*") and its name the keys of the
    copies to be there, None where the name is not known; `inside` the tag that a tag in the copy of a key
    means; `hint` a bracket that says why a tag is not known, empty where there is nothing to say."""

    copies: Callable[[str, str], Sequence[str] | None]
    inside: Callable[[str, str, str], str]
    hint: Callable[[str], str] = lambda _tag: ""


@dataclass(frozen=True, slots=True)
class RegionChange:
    """What became of one copy: `tag` is its region's mark and name, `key` what it is for. `result` is
    "added", "removed", "kept" (it should go, but somebody has edited it), "gone" (somebody took it out, and
    what was printed in it is lost), "missing" (likewise, and nothing was printed in it) or "dropped" (it is
    gone on purpose)."""

    tag: str
    key: str
    result: str
    text: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A mark in a paragraph: "?" or "*", the name (empty at the end of a region), the letters of it."""

    paragraph: Element
    sign: str
    name: str
    typed: str
    line: str


def renew(
    stories: Sequence[Story], recorded: Mapping[int, Region], scope: Scope, drop: Container[str] = ()
) -> tuple[dict[int, Region], list[RegionChange], set[int]]:
    """Bring the copies of the `recorded` regions to what the scope says now.

    Returns the regions, what was changed, and the numbers of the controls that went with removed copies.
    Copies that people have edited stay, also where they should go; what people took out stays out, on purpose
    where its region is among those to `drop`.
    """
    regions: dict[int, Region] = {}
    changes: list[RegionChange] = []
    gone: set[int] = set()
    dropped: set[tuple[int, int]] = set()
    taken_out: set[tuple[int, int]] = set()
    for number, region in sorted(recorded.items()):
        if region.within in dropped:
            continue
        wanted = scope.copies(region.tag[0], region.tag[1:])
        if wanted is None:  # the form does not have it any more: what stands there stays
            regions[number] = region
            continue
        places = {one.number: _blocks_of(stories, number, one.number) for one in region.copies}
        kept: list[Copy] = []
        for one in region.copies:
            nodes = places[one.number]
            now = text_of(nodes) if nodes else ""
            if not nodes:
                given_up = one.dropped or region.tag in drop
                kept.append(replace(one, dropped=given_up))
                taken_out.add((number, one.number))
                # With what it stood in it is named there.
                if one.key in wanted and region.within not in taken_out:
                    result = "dropped" if given_up else "gone" if _holds_tags(region) else "missing"
                    changes.append(RegionChange(region.tag, one.key, result, one.text))
            elif one.key in wanted:
                kept.append(one)
            elif now != one.text:
                kept.append(one)
                changes.append(RegionChange(region.tag, one.key, "kept", now))
            else:
                changes.append(RegionChange(region.tag, one.key, "removed", now))
                gone |= {
                    controls.number_of(mark) or 0 for each in nodes for mark in controls.our_bookmarks(each)
                }
                dropped.add((number, one.number))
        standing = [node for one in kept for node in places[one.number]]
        anchor = _anchor_of(stories, number)
        fresh = _added(region, number, kept, wanted, places, anchor, scope)
        leaving = [one for one in region.copies if (number, one.number) in dropped]
        for node in [node for one in leaving for node in places[one.number]]:
            if not standing and not fresh and anchor is None:
                outer = [each for each in _copies_at(node) if each[0] != number]
                anchor = _leave_anchor(node, number, region, outer)
            if node.getparent() is not None:
                # LibreOffice has put it there: what is copied has none of its own.
                for section in [] if "sectPr" in region.body else list(node.iter(w("sectPr"))):
                    node.addnext(hairline(section))
                node.getparent().remove(node)
        changes += [RegionChange(region.tag, one.key, "added", "") for one in fresh]
        if (standing or fresh) and anchor is not None:
            _remove_anchor(anchor, region)
        order = {key: at for at, key in enumerate(wanted)}
        copies = sorted([*kept, *fresh], key=lambda one: order.get(one.key, len(order)))
        regions[number] = replace(region, copies=tuple(copies))
    return regions, changes, gone


def _holds_tags(region: Region) -> bool:
    """Whether something is printed in the copies of a region themselves, so that its loss is told by that."""
    root = parse_xml(f"{_ROOT}{region.body}</w:body>")
    typed = (
        found[1].strip() for text in root.iter(w("t")) for found in PLACEHOLDER.finditer(text.text or "")
    )
    printed = [tag for tag in typed if not _MARK.fullmatch(tag) and tag.casefold() != NUMBER]
    return bool(printed) or next(root.iter(w("tag")), None) is not None


def expand(
    stories: Sequence[Story],
    regions: dict[int, Region],
    scope: Scope,
    ours: Collection[Element],
    known: Mapping[str, object],
) -> list[RegionChange]:
    """Make the copies of every region that is typed in the stories, and add it to `regions`; `ours` are
    controls in which nothing is typed. Raises `ReportctlError` for marks that are not closed or not known,
    each with its line, before anything is changed."""
    changes: list[RegionChange] = []
    numbers = Numbers(regions)
    for story in stories:
        _refuse(_pairs(story.element, ours), scope)
        _refuse_inside(story.element, ours, scope, known)
    for story in stories:
        while pairs := _pairs(story.element, ours):
            opening, closing = pairs[0]
            number = numbers.new()
            region, first, old = _region(opening, closing)
            outer = _copies_at(first)
            region = replace(region, within=_inside_of(first))
            wanted = scope.copies(opening.sign, opening.name)
            if wanted is None:
                raise ReportctlError(_unknown([opening], scope))
            fresh: list[Copy] = []
            last = first
            for at, key in enumerate(wanted, 1):
                for node in _copied(region, number, at, key, scope, outer):
                    last.addnext(node)
                    last = node
                fresh.append(Copy(at, key, ""))
            if not fresh:
                _refuse_hidden(region, scope, known)
                _leave_anchor(first, number, region, outer)
            for node in [first, *old]:
                if node.getparent() is not None:
                    node.getparent().remove(node)
            regions[number] = replace(region, copies=tuple(fresh))
            changes += [RegionChange(region.tag, key, "added", "") for key in wanted]
    return changes


def with_texts(stories: Sequence[Story], regions: Mapping[int, Region]) -> dict[int, Region]:
    """The regions with the text that each copy has now; of copies that are gone the one it had."""
    found = {}
    for number, region in regions.items():
        places = {one.number: _blocks_of(stories, number, one.number) for one in region.copies}
        copies = tuple(
            replace(one, text=text_of(places[one.number])) if places[one.number] else one
            for one in region.copies
        )
        found[number] = replace(region, copies=copies)
    return found


def running_numbers(stories: Iterable[Story]) -> dict[str, str]:
    """The running number of every copy, by the tag that stands for it there: in the order in which the copies
    stand in the document, without those that people took out."""
    order: dict[int, dict[int, None]] = {}
    for story in stories:
        for mark in story.element.iter(w("bookmarkStart")):
            if (found := _copy_of(mark)) and found[1]:
                order.setdefault(found[0], {})[found[1]] = None
    return {
        f"{NUMBER}:{region}_{copy_}": str(place)
        for region, copies in order.items()
        for place, copy_ in enumerate(copies, 1)
    }


def is_running_number(tag: str) -> bool:
    """Whether a tag is that of a copy's running number."""
    return tag.startswith(f"{NUMBER}:")


def text_of(nodes: Iterable[Element]) -> str:
    """The text of blocks or rows, a line each."""
    return "\n".join("".join(node.text or "" for node in each.iter(w("t"))) for each in nodes)


# ---- typed marks


def _pairs(root: Element, ours: Collection[Element]) -> list[tuple[_Found, _Found]]:
    """The outermost regions typed below `root`, each with its ends. Raises `ReportctlError` for ends that do
    not belong together."""
    open_: list[_Found] = []
    pairs: list[tuple[_Found, _Found]] = []
    wrong: list[str] = []
    for mark in _marks(root, ours):
        if mark.name:
            open_.append(mark)
        elif open_ and open_[-1].sign == mark.sign:
            opening = open_.pop()
            if not open_:
                pairs.append((opening, mark))
        else:
            wrong.append(_("{mark} in “{line}” closes nothing").format(mark=mark.typed, line=mark.line))
            break
    wrong += [
        _("{mark} in “{line}” is not closed: {{{{/{sign}}}}} is missing").format(
            mark=one.typed, line=one.line, sign=one.sign
        )
        for one in ([] if wrong else open_)
    ]
    if wrong:
        raise ReportctlError(
            _("Parts of the document do not begin and end properly: {wrong}.").format(wrong="; ".join(wrong))
        )
    return pairs


def _marks(root: Element, ours: Collection[Element]) -> Iterator[_Found]:
    for paragraph in root.iter(w("p")):
        if any(sdt in ours for sdt in paragraph.iterancestors(w("sdt"))):
            continue
        line = placeholders.typed_text(paragraph, ours)
        for found in PLACEHOLDER.finditer(line):
            mark = _MARK.fullmatch(found[1].strip())
            if mark:
                sign = mark[1] or mark[3]
                yield _Found(paragraph, sign, (mark[2] or "").strip(), found[0], excerpt(line))


def _refuse(pairs: Iterable[tuple[_Found, _Found]], scope: Scope) -> None:
    unknown = [one for one, _end in pairs if scope.copies(one.sign, one.name) is None]
    if unknown:
        raise ReportctlError(_unknown(unknown, scope))


def _refuse_inside(
    root: Element, ours: Collection[Element], scope: Scope, known: Mapping[str, object]
) -> None:
    """Raises `ReportctlError` for marks and tags in repeated parts that mean nothing in their first copies,
    as they are typed, with the lines as they are typed."""
    folded = {tag.casefold() for tag in known}
    around: list[tuple[str, str]] = []  # the regions that are open, each with the key of its first copy
    marks: list[_Found] = []
    tags: dict[str, None] = {}
    for paragraph in root.iter(w("p")):
        if any(sdt in ours for sdt in paragraph.iterancestors(w("sdt"))):
            continue
        line = placeholders.typed_text(paragraph, ours)
        for found in PLACEHOLDER.finditer(line):
            mark = _MARK.fullmatch(found[1].strip())
            if mark and mark[3]:
                around.pop()
                continue
            tag = (mark[2] if mark else found[1]).strip()
            for region, key in around:
                tag = scope.inside(tag, region, key) if key else tag
            if mark:
                keys = scope.copies(mark[1], tag)
                if keys is None and around:
                    marks.append(_Found(paragraph, mark[1], tag, found[0], excerpt(line)))
                around.append((f"{mark[1]}{tag}", next(iter(keys or ()), "")))
                continue
            copied = any(region[0] == "*" and key for region, key in around)
            there = tag.casefold() in folded or tag.casefold() == NUMBER or known.get(tag) is not None
            if copied and not there:
                said = _("{mark} in “{line}”").format(mark=found[0], line=excerpt(line))
                tags[said + scope.hint(tag)] = None
    if marks:
        raise ReportctlError(_unknown(marks, scope))
    if tags:
        message = _("The document asks for what is not known: {names}. All tags: reportctl form --tags")
        raise ReportctlError(message.format(names="; ".join(tags)))


def _refuse_hidden(region: Region, scope: Scope, known: Mapping[str, object]) -> None:
    """Raises `ReportctlError` for a tag that is not known in a part on a condition that does not hold."""
    if region.tag[0] != "?":
        return
    folded = {tag.casefold() for tag in known}
    for node in parse_xml(f"{_ROOT}{region.body}</w:body>").iter(w("p")):
        line = placeholders.typed_text(node, ())
        for found in PLACEHOLDER.finditer(line):
            mark = _MARK.fullmatch(found[1].strip())
            if mark and mark[1] is None:
                continue
            if mark:
                there = scope.copies(mark[1], mark[2].strip()) is not None
            else:
                there = found[1].casefold() in folded or known.get(found[1]) is not None
            if not there:
                said = _("{mark} in “{line}”").format(mark=found[0], line=excerpt(line))
                said += scope.hint(found[1])
                message = _(
                    "The document asks for what is not known: {names}. All tags: reportctl form --tags"
                )
                raise ReportctlError(message.format(names=said))


def _unknown(marks: Iterable[_Found], scope: Scope) -> str:
    said = "; ".join(
        _("{mark} in “{line}”").format(mark=one.typed, line=one.line) + scope.hint(one.name) for one in marks
    )
    return _(
        "The document asks for parts on conditions, or for each of something, that are not known: {marks}."
    ).format(marks=said)


def _region(opening: _Found, closing: _Found) -> tuple[Region, Element, list[Element]]:
    """The region between two marks, with the first block or row that it stands in and the others; the marks
    are taken out. Raises `ReportctlError` where no blocks or rows stand between them."""
    first, last, rows = opening.paragraph, closing.paragraph, False
    if first is not last:
        ancestors = [first, *first.iterancestors()]
        common = next(node for node in last.iterancestors() if node in ancestors)
        rows = common.tag in (w("tbl"), w("tr"))
        if common.tag == w("tr"):
            first = last = common
        else:
            first, last = (_child_of(common, node) for node in (first, last))
        fits = rows or common.tag in (
            w("body"),
            w("tc"),
            w("hdr"),
            w("ftr"),
            w("txbxContent"),
            w("sdtContent"),
        )
        if not fits or (rows and {first.tag, last.tag} != {w("tr")}):
            raise ReportctlError(
                _("{mark} in “{line}” and its end stand in places that do not belong together.").format(
                    mark=opening.typed, line=opening.line
                )
            )
    elif not _at_ends(opening, closing):
        raise ReportctlError(
            _(
                "{mark} in “{line}”: words stand beside what is shown or repeated. The marks stand at the "
                "beginning and the end of a paragraph, or in paragraphs of their own."
            ).format(mark=opening.typed, line=opening.line)
        )
    nodes = [first]
    while nodes[-1] is not last:
        nodes.append(nodes[-1].getnext())
    for mark, from_end in ((opening, False), (closing, True)):
        placeholders.take_out(mark.paragraph, mark.typed, last=from_end)
    _keep_sections(nodes, opening, closing)
    shown = [
        node
        for node in nodes
        if rows
        or node not in (opening.paragraph, closing.paragraph)
        or not _is_empty(node)
        or len(nodes) == 1
    ]
    for node in shown:
        placeholders.gather(node)
    body = "".join(etree.tostring(_plain(node), encoding="unicode") for node in shown)
    tag = f"{opening.sign}{opening.name}"
    return Region(tag, "row" if rows else "block", body), first, nodes[1:]


def _keep_sections(nodes: Sequence[Element], opening: _Found, closing: _Found) -> None:
    """Leave the end of a section that is at an end of a region outside of it, in a paragraph that nobody
    sees: LibreOffice puts it there, and it is not part of what is shown or repeated."""
    if opening.paragraph is nodes[0] and len(nodes) > 1 and _is_empty(opening.paragraph):
        for section in opening.paragraph.findall(f"{w('pPr')}/{w('sectPr')}"):
            opening.paragraph.addprevious(hairline(section))
    if closing.paragraph is nodes[-1]:
        for section in closing.paragraph.findall(f"{w('pPr')}/{w('sectPr')}"):
            closing.paragraph.addnext(hairline(section))


def _at_ends(opening: _Found, closing: _Found) -> bool:
    line = placeholders.typed_text(opening.paragraph, ()).strip()
    return line.startswith(opening.typed) and line.endswith(closing.typed)


def _child_of(ancestor: Element, node: Element) -> Element:
    while node.getparent() is not ancestor:
        node = node.getparent()
    return node


def _is_empty(paragraph: Element) -> bool:
    runs = (part for run in paragraph.iter(w("r")) for part in run if part.tag != w("rPr"))
    return not any(part.tag != w("t") or (part.text or "").strip() for part in runs)


def _plain(node: Element) -> Element:
    """A block or row as it is copied: without bookmarks, which have one place each."""
    node = copy.deepcopy(node)
    node.tail = None
    for mark in list(node.iter(w("bookmarkStart"), w("bookmarkEnd"))):
        mark.getparent().remove(mark)
    return node


# ---- copies


def _copied(
    region: Region, number: int, at: int, key: str, scope: Scope, outer: Iterable[tuple[int, int]]
) -> list[Element]:
    """A copy of the region's body for one key, with its bookmarks, also those of the `outer` copies that it
    is part of, and the tags that are meant in it."""
    nodes = list(parse_xml(f"{_ROOT}{region.body}</w:body>"))
    within = 0  # other repeated parts, which number their own copies
    for k, node in enumerate(nodes, 1):
        for text in node.iter(w("t")):
            if found := PLACEHOLDER.fullmatch((text.text or "").strip()):
                mark = _MARK.fullmatch(found[1].strip())
                within += (mark[1] == "*") - (mark[3] == "*") if mark else 0
                own = NUMBER if within else f"{NUMBER}:{number}_{at}"
                text.text = f"{{{{{_meant(found[1].strip(), region, key, scope, own)}}}}}"
        for name in node.iter(w("tag"), w("alias")):
            said = name.get(w("val"), "")
            name.set(w("val"), controls.renamed(said, _meant(controls.named(said), region, key, scope)))
        kind = _KINDS.get(node.tag, "")
        _bookmark(node, f"{_BOOKMARK}{number}_{at}_{kind}{k}")
        for around, copy_ in outer:
            _bookmark(node, f"{_BOOKMARK}{around}_{copy_}_{kind}{number}x{at}x{k}")
    return nodes


def _meant(tag: str, region: Region, key: str, scope: Scope, number: str = NUMBER) -> str:
    """What a tag means in a copy; `number` is that of the copy's running number."""
    if tag.startswith("/"):
        return tag
    sign = tag[:1] if tag[:1] in "?*" else ""
    meant = sign + scope.inside(tag[len(sign) :], region.tag, key)
    return number if meant.casefold() == NUMBER and region.tag[0] == "*" else meant


def _added(
    region: Region,
    number: int,
    kept: Sequence[Copy],
    wanted: Sequence[str],
    places: Mapping[int, list[Element]],
    anchor: Element | None,
    scope: Scope,
) -> list[Copy]:
    """Make the copies that are wanted and were not there, each behind the one that it follows."""
    fresh: list[Copy] = []
    there = {one.key for one in kept}
    ends = {one.key: places[one.number][-1] for one in kept if places[one.number]}
    numbers = Numbers(one.number for one in region.copies)
    every = [node for nodes in places.values() for node in nodes]
    previous: Element | None = None
    for key in wanted:
        if key in there:
            previous = ends.get(key, previous)
            continue
        at = numbers.new()
        spot = previous
        beside = spot if spot is not None else every[0] if every else anchor
        outer = [] if beside is None else [one for one in _copies_at(_block(beside)) if one[0] != number]
        nodes = _copied(region, number, at, key, scope, outer)
        if spot is None and every:
            every[0].addprevious(nodes[0])
        elif spot is None and anchor is not None:
            _put_at(anchor, nodes[0], region)
        elif spot is not None:
            spot.addnext(nodes[0])
        else:
            continue  # no place is left of it
        for before, node in itertools.pairwise(nodes):
            before.addnext(node)
        previous = nodes[-1]
        fresh.append(Copy(at, key, ""))
    return fresh


def _block(node: Element) -> Element:
    """The block that an anchor's bookmark stands in; any other node is one itself."""
    return next(node.iterancestors(w("p"))) if node.tag == w("bookmarkStart") else node


def _bookmark(node: Element, name: str) -> None:
    paragraph = node if node.tag == w("p") else next(node.iter(w("p")), None)
    if paragraph is None:
        return
    mark = _free_id(name)
    first = 0 if paragraph.find(w("pPr")) is None else 1
    paragraph.insert(first, el("bookmarkStart", id=mark, name=name))
    paragraph.append(el("bookmarkEnd", id=mark))


def _free_id(name: str) -> int:
    """A number for a bookmark that follows from its name, far from those that Word gives."""
    number = 0
    for letter in name:
        number = (number * 131 + ord(letter)) % 1_900_000_000
    return number + 100_000_000


def _blocks_of(stories: Iterable[Story], number: int, at: int) -> list[Element]:
    """The blocks or rows of one copy that are still there, in order; with all that is in controls of them."""
    prefix = f"{_BOOKMARK}{number}_{at}_"
    found: list[Element] = []
    for story in stories:
        for mark in story.element.iter(w("bookmarkStart")):
            if mark.get(w("name"), "").startswith(prefix):
                node = _holder(mark)
                if node not in found:
                    found.append(node)
    return found


def _holder(mark: Element) -> Element:
    """The row, table or paragraph that a bookmark of a copy stands for, with the control round it."""
    paragraph = next(mark.iterancestors(w("p")))
    kind = mark.get(w("name"), "").split("_")[-1][:1]
    node = paragraph
    for tag, letter in _KINDS.items():
        if kind == letter:
            node = next(paragraph.iterancestors(tag), paragraph)
    while node.getparent().tag == w("sdtContent"):
        node = node.getparent().getparent()
    return node


def _anchor_of(stories: Iterable[Story], number: int) -> Element | None:
    names = {f"{_BOOKMARK}{number}_0{side}" for side in ("", *_BEFORE)}
    for story in stories:
        for mark in story.element.iter(w("bookmarkStart")):
            if mark.get(w("name")) in names:
                return mark
    return None


def _leave_anchor(
    node: Element, number: int, region: Region, outer: Iterable[tuple[int, int]] = ()
) -> Element:
    """Mark the place of a region of which nothing is shown, beside the block or row `node`: in an empty
    paragraph, or in the row before or behind it. A table's only row stays, empty."""
    name = f"{_BOOKMARK}{number}_0"
    if region.level == "block":
        paragraph = hairline()
        paragraph.find(w("pPr")).remove(paragraph.find(f"{w('pPr')}/{w('keepNext')}"))
        node.addprevious(paragraph)
        _bookmark(paragraph, name)
        for around, copy_ in outer:
            _bookmark(paragraph, f"{_BOOKMARK}{around}_{copy_}_{number}x0")
        return _mark_in(paragraph, name)
    rows = list(node.itersiblings(w("tr"), preceding=True))
    if rows:
        _bookmark(rows[0], name)
        return _mark_in(rows[0], name)
    behind = next(node.itersiblings(w("tr")), None)
    if behind is None:
        behind = copy.deepcopy(node)
        for run in [run for each in behind.iter(w("p")) for run in each if run.tag != w("pPr")]:
            run.getparent().remove(run)
        node.addnext(behind)
        _bookmark(behind, f"{name}{_ALONE}")
        return _mark_in(behind, f"{name}{_ALONE}")
    _bookmark(behind, f"{name}{_BEHIND}")
    return _mark_in(behind, f"{name}{_BEHIND}")


def _mark_in(node: Element, name: str) -> Element:
    return next(mark for mark in node.iter(w("bookmarkStart")) if mark.get(w("name")) == name)


def _put_at(anchor: Element, node: Element, region: Region) -> None:
    """Put a block or row where the anchor says."""
    paragraph = next(anchor.iterancestors(w("p")))
    spot = paragraph if region.level == "block" else next(paragraph.iterancestors(w("tr")), paragraph)
    if anchor.get(w("name"), "").endswith(_BEHIND):
        spot.addprevious(node)
    else:
        spot.addnext(node)


def _remove_anchor(anchor: Element, region: Region) -> None:
    paragraph = next(anchor.iterancestors(w("p")))
    if anchor.get(w("name"), "").endswith(_ALONE):
        row = next(paragraph.iterancestors(w("tr")))
        if not "".join(text.text or "" for text in row.iter(w("t"))).strip():
            row.getparent().remove(row)
            return
    if region.level == "block" and _is_empty(paragraph):
        paragraph.getparent().remove(paragraph)
        return
    blocks.remove_bookmarks(paragraph, [anchor])


def _copies_at(node: Element) -> list[tuple[int, int]]:
    """The regions and copies of which a block or row is one, the outermost first."""
    found: dict[tuple[int, int], None] = {}
    for mark in node.iter(w("bookmarkStart")):
        if (at := _copy_of(mark)) and _holder(mark) is node:
            found[at] = None
    return sorted(found)


def _copy_of(mark: Element) -> tuple[int, int] | None:
    """The region and the copy that a bookmark stands for; None for any other, and for an anchor."""
    parts = mark.get(w("name"), "").removeprefix(_BOOKMARK).split("_")
    ours = mark.get(w("name"), "").startswith(_BOOKMARK) and len(parts) == 3
    return (int(parts[0]), int(parts[1])) if ours else None


def _inside_of(node: Element) -> tuple[int, int]:
    """The innermost region and copy that a block stands in; (0, 0) where it is in none."""
    for up in [node, *node.iterancestors()]:
        if up.tag in (w("p"), w("tr"), w("tbl"), w("sdt")) and (found := _copies_at(up)):
            return found[-1]
    return 0, 0
