"""Filling a Word document: the content of its tagged controls is renewed, everything else is kept.

A fresh template and a report that people have edited are filled alike. A custom XML part of the document
records which control (by its number, see `controls`) has which tag, and what was last printed into it.
Captions, labels and cells are written in the current language.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import ChainMap
from collections.abc import Callable, Container, Mapping, MutableMapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import Part
from docx.oxml.ns import qn

from reportctl.core.errors import ReportctlError
from reportctl.core.files import digest
from reportctl.core.language import N_, _
from reportctl.core.progress import Progress
from reportctl.core.table import Table
from reportctl.core.wording import NBSP
from reportctl.word import (
    blocks,
    bound,
    captions,
    charts,
    controls,
    lost,
    merging,
    pages,
    placeholders,
    regions,
    tables,
)
from reportctl.word.blocks import Element, TextLook, w
from reportctl.word.captions import Captions
from reportctl.word.content import (
    Chart,
    Content,
    CrossReference,
    Paragraph,
    Picture,
    TableOfContents,
    Tag,
    stands_in_line,
)
from reportctl.word.controls import PLACEHOLDER, Numbers, Occurrence
from reportctl.word.debris import debris
from reportctl.word.elsewhere import tags_elsewhere
from reportctl.word.fields import fields, paragraph_styles, styles_of
from reportctl.word.lost import LostPlace
from reportctl.word.package import WordFile, open_document
from reportctl.word.record import Printed, PrintRecord, Region, read_record, write_record
from reportctl.word.regions import RegionChange, Scope
from reportctl.word.room import text_width
from reportctl.word.table_looks import TableLook

_PAGE = 9355  # dxa: the text of the stock document's pages
_NARROWEST_CHART = 2268  # dxa: 4 cm
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document is filled for: the period, the form's fingerprint, the date in its properties (None:
    the one it has), its style ("party" or "state"), the `template`'s name and the `unit` as the record has
    them."""

    period: str
    form: str
    created: dt.datetime | None
    style: str = ""
    template: str = ""
    unit: str = ""


class FillResult(StrEnum):
    """What a filling did to a control. All but those that are renewed or mended stay as they are.

    "mended": somebody edited it, and what has changed was renewed between the edits; "kept": somebody edited
    it and it was to be kept; "unknown": there is no content for its tag; "misplaced": a table, a chart or
    paragraphs within a line of other text; "nested": it holds one of our controls, or stands in one;
    "beyond": a table or a chart outside of the body; "narrow": one in too narrow a place; "dropped": people
    have said that it is no longer to be filled.
    """

    RENEWED = "renewed"
    MENDED = "mended"
    KEPT = "kept"
    UNKNOWN = "unknown"
    MISPLACED = "misplaced"
    NESTED = "nested"
    BEYOND = "beyond"
    NARROW = "narrow"
    DROPPED = "dropped"


# What to do where a typed tag cannot be filled.
_REMEDIES = {
    FillResult.MISPLACED: N_("it brings paragraphs of its own: type it alone in a paragraph"),
    FillResult.NESTED: N_("it stands in a place that is filled itself: type it outside of that"),
    FillResult.BEYOND: N_("a table or chart has no room there: type it in the text itself"),
    FillResult.NARROW: N_("what it brings is wider: widen the cell or column, or type it elsewhere"),
    FillResult.KEPT: N_("it stands in a text that is filled itself: type it in a paragraph outside of that"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """A control of a document: the text in it, the text last printed into it, the text of its new content.

    `printed` is None for one that has never been filled; `new` where its tag has no content, and for a table
    or chart that was not printed; `result` where nothing was filled. `label` is what a caption calls it
    (“Bảng 16”); `mended` is an edited text after what has changed was renewed in it, `left` are the changes
    that it has no place for; `picture` is the name of a picture whose file is not the one that was printed.
    """

    tag: str
    text: str
    printed: str | None
    new: str | None = None
    result: FillResult | None = None
    label: str = ""
    mended: str | None = None
    left: tuple[merging.Open, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class FilledDocument:
    """A filled document, and its controls as they were before.

    `repaired`: some control had lost its shape, as LibreOffice's saving does, or was a typed placeholder.
    `lost` are the places of the record that the document does not have; those dropped on purpose among them.
    `debris` are pieces of lines in which an empty tag has left signs or blanks behind. `regions` is what
    became of the parts that stand on a condition or once for each of something.
    """

    document: bytes
    controls: tuple[Control, ...]
    repaired: bool
    lost: tuple[LostPlace, ...] = ()
    debris: tuple[str, ...] = ()
    regions: tuple[RegionChange, ...] = ()

    def tags(self, result: FillResult) -> tuple[str, ...]:
        """The tags of the controls with this result, each once."""
        return tuple(dict.fromkeys(one.tag for one in self.controls if one.result is result))


def last_filling(document: bytes) -> PrintRecord | None:
    """What the document was last filled for; None for one that never was. Raises `ReportctlError`."""
    record = read_record(open_document(document).package)
    return record if record.period else None


def fill(
    template: bytes,
    contents: Mapping[str, Content],
    facts: DocumentFacts,
    keep: Container[str] = (),
    progress: Progress | None = None,
    *,
    mend: Container[str] = (),
    drop: Container[str] = (),
    anew: bool = False,
    scope: Scope | None = None,
    words: Callable[[str], str] = lambda _tag: "",
) -> FilledDocument:
    """`template` with the content of every control, and of every typed `{{tag}}`, that is in `contents`.

    A control of the tags to `keep` stays as it is where somebody has edited its text, or where its new text
    is the same; of these the tags to `mend` get the changes between people's words. Places of the tags to
    `drop` that are gone or typed over are recorded as gone on purpose. In a document that is made `anew` what
    an earlier filling printed and it has no longer is forgotten. `words` say of a tag, in the title of its
    control, what stands there. `progress` hears how many controls are done,
    of how many, and the tag of the next. Raises `ReportctlError` where it is no Word document, or a typed tag
    is not known or cannot be filled where it stands.
    """
    file = open_document(template)
    package, stories = file.package, file.stories()
    record = read_record(package)
    parts: dict[int, Region] = {}
    moved: list[RegionChange] = []
    if scope is not None:
        parts, moved, left_out = regions.renew(stories, record.regions, scope, drop)
        printed_before = {n: one for n, one in record.printed.items() if n not in left_out}
        record = replace(record, printed=printed_before)
        filled_before = {
            sdt for s in stories for sdt in placeholders.ours_of(s.element, contents, record.printed)
        }
        moved += regions.expand(stories, parts, scope, filled_before, contents)
        running: dict[str, Content] = {**regions.running_numbers(stories)}
        contents = ChainMap(running, cast("MutableMapping[str, Content]", contents))  # nothing is put in
    for name in placeholders.typed_names(story.element for story in stories):
        contents.get(name)  # what is made when it is asked for is there from here on
    inline = {tag: stands_in_line(content) for tag, content in contents.items()}
    elsewhere = tags_elsewhere(stories)
    roots, hint = [story.element for story in stories], scope.hint if scope else lambda _tag: ""
    typed = placeholders.convert(roots, inline, record.printed, elsewhere, hint)
    places = controls.find(stories, record.printed, contents)
    texts = {place: controls.text(place) for place in places}
    contents = ChainMap(cast(Any, bound.typed(texts, keep)), cast(Any, contents))
    results = _results(texts, contents, keep, file)
    mended = _mended(texts, results, contents, keep, mend)
    for place, result in results.items():
        given_up = place.printed is not None and (place.printed.dropped or place.tag in drop)
        if given_up and result is not FillResult.RENEWED:
            results[place] = FillResult.DROPPED
            mended.pop(place, None)
    _refuse_braces(texts, results)
    gone = {} if anew else lost.lost_places(record.printed, places, drop)
    gone = {n: one for n, one in gone.items() if not regions.is_running_number(one.tag)}
    around = lost.lines_outside(stories, places)

    renewed = _adopted(texts, results, contents, keep)
    repaired = typed or any(sdt is not place.start for place, sdt in renewed.items())
    untouched = [place for place in places if place not in renewed]
    kept = {place.number for place in untouched}
    for story in stories:
        ours = [m for m in controls.our_bookmarks(story.element) if controls.number_of(m) not in kept]
        blocks.remove_bookmarks(story.element, ours)
    for sdt in renewed.values():
        blocks.remove_bookmarks(sdt, filter(captions.is_caption_bookmark, sdt.iter(w("bookmarkStart"))))

    filling = _Filling(file, renewed, contents, words)
    tables_of = _notes_once(file.body, renewed, contents)
    numbers = Numbers([*gone, *(place.number for place in places if place.number)])
    printed = dict(gone)
    for place in untouched:
        if place.number and place.printed:
            dropped = results[place] is FillResult.DROPPED
            printed[place.number] = replace(place.printed, dropped=dropped)
    new = {place: _text(contents[place.tag]) for place in untouched if place.tag in contents}
    for place, change in mended.items():
        merging.write(change.paragraphs, change.edits)
        if place.number and not change.left:
            printed[place.number] = Printed(place.tag, "text", new[place] or "")
    # A table of contents comes after all that it lists.
    in_turn = sorted(renewed, key=lambda place: isinstance(contents[place.tag], TableOfContents))
    for done, place in enumerate(in_turn):
        if progress:
            progress(done, len(renewed), place.tag)
        content = tables_of.get(place, contents[place.tag])
        if isinstance(content, CrossReference):
            new[place] = _text(content)
            open_reference = filling.refer(renewed[place], content)
            if open_reference is None:
                continue
            content = open_reference
        number = place.number or numbers.new()
        last = filling.put(place, renewed[place], content, number)
        new[place] = last.text
        if not any(True for _node in place.start.iterancestors(_FALLBACK)):  # Word writes that anew
            printed[number] = last

    empty = {
        renewed.get(place, place.start)
        for place in places
        if contents.get(place.tag) == "" and (place in renewed or not texts[place])
    }
    left_behind = debris(stories, empty)
    labels = captions.renumber(file.body, [story.element for story in stories])
    said = facts.period, facts.form, printed, facts.style, facts.template, facts.unit
    parts = regions.with_texts(stories, parts)
    write_record(package, PrintRecord(*said, parts))
    once = {place.tag: contents.get(place.tag) for place in places if bound.is_bound(place.tag)}
    bound.write_values(package, {tag: _line(text) for tag, text in once.items() if isinstance(text, str)})
    _set_properties(package, facts, contents)
    if anew:
        pages.number_again(file.body, file.main)

    def listed(place: Occurrence) -> Control:
        change = mended.get(place)
        return Control(
            place.tag,
            change.text if change else texts[place],
            place.printed.text if place.printed else None,
            new.get(place),
            results[place],
            captions.label_of(renewed.get(place, place.start), labels),
            merging.applied(change.text, change.edits) if change and change.edits else None,
            change.left if change else (),
            _another_picture(contents.get(place.tag), place.printed) if place in renewed else "",
        )

    return FilledDocument(
        file.saved(),
        tuple(map(listed, places)),
        repaired,
        tuple(
            LostPlace(one.tag, one.kind, one.text, filling.would_say(one.tag), one.dropped, standing)
            for one in gone.values()
            for standing in [lost.where_standing(one, around)]
        ),
        left_behind,
        tuple(_with_text(one, parts) for one in moved),
    )


def _another_picture(content: Content | None, printed: Printed | None) -> str:
    """The name of a picture whose file is not the one that was printed; empty of all else."""
    if not isinstance(content, Picture) or printed is None or not printed.picture:
        return ""
    return "" if printed.picture == digest(content.data) else content.name


def _with_text(one: RegionChange, parts: Mapping[int, Region]) -> RegionChange:
    """A change with the text of a copy that was added."""
    if one.result != "added":
        return one
    texts = (
        each.text
        for part in parts.values()
        if part.tag == one.tag
        for each in part.copies
        if each.key == one.key
    )
    return replace(one, text=next(texts, ""))


def _set_properties(package: Any, facts: DocumentFacts, contents: Mapping[str, Content]) -> None:
    """Set the dates in the document's properties, and fill the tags that a title there holds: Word copies
    into it what is typed in a cover page's control."""
    # python-docx would make document properties in its own name where there are none.
    if not any(rel.reltype == RT.CORE_PROPERTIES and not rel.is_external for rel in package.rels.values()):
        return
    properties = package.core_properties
    if facts.created:
        properties.created = facts.created
        properties.modified = facts.created
    texts = {tag.casefold(): content for tag, content in contents.items() if isinstance(content, str)}
    for node in package.part_related_by(RT.CORE_PROPERTIES).element:
        if "{{" in (node.text or ""):
            node.text = PLACEHOLDER.sub(
                lambda found: _line(texts.get(found[1].casefold(), found[0])), controls.seen(node.text)
            ).replace(NBSP, " ")


def _refuse_braces(texts: Mapping[Occurrence, str], results: Mapping[Occurrence, FillResult]) -> None:
    """Raises `ReportctlError` for the tags that people typed where they cannot be filled."""
    refused: dict[str, None] = {}
    for place, text in texts.items():
        result = results[place]
        if result is FillResult.MENDED:
            result = FillResult.KEPT
        if result not in _REMEDIES:
            continue
        known = place.printed.text if place.printed else ""
        for found in PLACEHOLDER.finditer(controls.seen(text)):
            if found[0] in known:
                continue
            line = next(place.start.iterancestors(w("p")), None)
            words = text if line is None else controls.text_of([line], place.story)
            refused[f"{found[0]} (“{blocks.excerpt(words)}”): {_(_REMEDIES[result])}"] = None
    if refused:
        raise ReportctlError(
            _("The document asks for what cannot be filled where it stands: {tags}.").format(
                tags="; ".join(refused)
            )
        )


def _results(
    texts: Mapping[Occurrence, str], contents: Mapping[str, Content], keep: Container[str], file: WordFile
) -> dict[Occurrence, FillResult]:
    """What becomes of every control, decided before anything is changed. `texts` are the controls with their
    present text."""
    results = dict.fromkeys(texts, FillResult.UNKNOWN)
    owner: dict[Element, Occurrence] = {}  # of what makes way when a control is renewed
    for place, text in texts.items():
        content = contents.get(place.tag)
        if content is None:
            continue
        if no_room := _no_room(place, content, file):
            results[place] = no_room
            continue
        overtyped = place.printed is not None and text != place.printed.text
        kept = overtyped and place.tag in keep and not bound.is_bound(place.tag)
        results[place] = FillResult.KEPT if kept else FillResult.RENEWED
        owner |= dict.fromkeys(controls.covered(place, stands_in_line(content)), place)
    for place in [one for one, result in results.items() if result in (FillResult.KEPT, FillResult.RENEWED)]:
        for node in (place.start, *place.start.iterancestors()):
            around = owner.get(node, place)
            if around is not place:
                results[place] = results[around] = FillResult.NESTED
    return results


def _no_room(place: Occurrence, content: Content, file: WordFile) -> FillResult | None:
    """Why a content cannot stand in this place; None where it can."""
    if isinstance(content, Table | Chart | TableOfContents):
        in_box = next(place.start.iterancestors(w("txbxContent")), None) is not None
        if in_box or place.story is not file.main:
            return FillResult.BEYOND
    if isinstance(content, Picture) and not hasattr(place.story, "get_or_add_image"):
        return FillResult.BEYOND
    if not controls.fits(place, stands_in_line(content)):
        return FillResult.MISPLACED
    if isinstance(content, Table | Chart) and next(place.start.iterancestors(w("tc")), None) is not None:
        need = _NARROWEST_CHART if isinstance(content, Chart) else tables.narrowest(content)
        if text_width(place.start, file.body) < need:
            return FillResult.NARROW
    return None


@dataclass(frozen=True, slots=True)
class _Mended:
    """An edited text, the paragraphs it stands in, what is renewed in it, and what cannot be."""

    paragraphs: tuple[Element, ...]
    text: str
    edits: tuple[merging.Edit, ...]
    left: tuple[merging.Open, ...]


def _mended(
    texts: Mapping[Occurrence, str],
    results: dict[Occurrence, FillResult],
    contents: Mapping[str, Content],
    keep: Container[str],
    mend: Container[str],
) -> dict[Occurrence, _Mended]:
    """What is renewed in the texts that people have edited, whose results are put right: a text with
    something added beside it, in its own paragraph, is an edited one too."""
    found = {}
    starts = [place.start for place in texts]
    for place, result in list(results.items()):
        printed = place.printed
        if result not in (FillResult.KEPT, FillResult.MISPLACED) or place.tag not in keep or not printed:
            continue
        paragraphs = controls.paragraphs(place)
        inside = {node for paragraph in paragraphs for node in paragraph.iter()}
        if any(start in inside and start is not place.start for start in starts):
            continue  # its words are those of other places too
        text = controls.text_of(paragraphs, place.story)
        now = _text(contents[place.tag]) or ""
        if now.replace(NBSP, " ") == printed.text.replace(NBSP, " "):
            now = printed.text  # other blanks are no news
        edits, left = merging.merge(printed.text, text, now) if place.tag in mend else ((), ())
        results[place] = FillResult.KEPT
        if edits and merging.can_write(paragraphs, text, edits):
            results[place] = FillResult.MENDED
        elif edits:
            edits, left = (), (merging.Open(printed.text, now),)
        if place.tag not in mend and now not in (printed.text, text):
            left = (merging.Open(printed.text, now),)
        found[place] = _Mended(tuple(paragraphs), text, edits, left)
    return found


def _adopted(
    texts: Mapping[Occurrence, str],
    results: Mapping[Occurrence, FillResult],
    contents: Mapping[str, Content],
    keep: Container[str],
) -> dict[Occurrence, Element]:
    """The controls to renew, each made whole where it had lost its shape.

    One of the tags to `keep` that is whole and has its new text already is none of them: the formatting that
    people gave it stays.
    """
    renewed = {}
    for place in (place for place, result in results.items() if result is FillResult.RENEWED):
        content = contents[place.tag]
        inline = stands_in_line(content)
        whole = place.number and place.whole and controls.covered(place, inline)[0] is place.start
        printed = place.printed.text if place.printed else None
        if place.tag in keep and whole and texts[place] == printed == _text(content):
            continue
        renewed[place] = controls.adopt(place, inline)
    return renewed


def _notes_once(
    body: Element, renewed: Mapping[Occurrence, Element], contents: Mapping[str, Content]
) -> dict[Occurrence, Table]:
    """The tables of annexes, with every note below the last table of the annex that has it: an annex is a
    section of the document behind its first."""
    order = {block: n for n, block in enumerate(body)}
    ends = [order[block] for block in body if block.find(f".//{w('sectPr')}") is not None]
    found: dict[Occurrence, Table] = {}
    said: dict[int, set[str]] = {}
    tables_here = [
        (order[top], place, content)
        for place, sdt in renewed.items()
        if isinstance(content := contents[place.tag], Table)
        for top in (sdt, *sdt.iterancestors())
        if top in order
    ]
    for at, place, content in sorted(tables_here, key=lambda one: one[0], reverse=True):
        section = sum(end < at for end in ends)
        if section:
            below = said.setdefault(section, set())
            found[place] = replace(content, notes=tuple(n for n in content.notes if n not in below))
            below.update(content.notes)
    return found


def _text(content: Content) -> str | None:
    """The text of a content in a control, as `controls.text` reads it; None of a table or a chart."""
    match content:
        case str():
            return _line(content)
        case tuple():
            return controls.text_of(blocks.text_blocks(content, TextLook()), None)
        case CrossReference():
            return "#"
        case Picture():
            return "\ufffc"
    return None


def _line(text: str) -> str:
    """A text as it stands within a line."""
    return blocks.clean(text).replace("\n", " ").replace("\t", " ")


_Printable = str | tuple[Paragraph, ...] | Table | Chart | Picture | TableOfContents


class _Filling:
    """One filling of a document: its styles, and the numbers and names that are free in it."""

    def __init__(
        self,
        file: WordFile,
        renewed: Mapping[Occurrence, Element],
        contents: Mapping[str, Content],
        words: Callable[[str], str],
    ) -> None:
        self._words = words
        self._body, self._package, self._contents = file.body, file.package, contents
        self._styles = styles_of(file.main)
        self._look = TableLook.of(self._styles)
        of_paragraphs = paragraph_styles(self._styles)
        self._caption = of_paragraphs.get("caption", of_paragraphs.get("Caption"))  # LibreOffice adds its own
        self._captioned = {
            place.tag
            for place in renewed
            if isinstance(content := contents[place.tag], Table | Chart) and content.title
        }
        inside = {node for sdt in renewed.values() for node in sdt.iter()}
        nodes = [node for story in file.stories() for node in story.element.iter()]
        kept = [node for node in nodes if node not in inside]
        marks = [*kept, *(node for sdt in renewed.values() for node in controls.anchors(sdt))]
        self._names = {str(node.get(w("name"))) for node in marks if node.tag == w("bookmarkStart")}
        self._marks = Numbers(int(node.get(w("id"))) for node in marks if node.get(w("id"), "").isdigit())
        self._drawings = Numbers(int(node.get("id", "0")) for node in kept if node.tag == qn("wp:docPr"))
        self._controls = Numbers(controls.control_id(node) or 0 for node in kept if node.tag == w("sdt"))
        for place, sdt in renewed.items():
            for chart in list(sdt.iter(qn("c:chart"))):
                if chart.get(qn("r:id")) in place.story.rels:
                    place.story.drop_rel(chart.get(qn("r:id")))

    def put(self, place: Occurrence, sdt: Element, content: _Printable, number: int) -> Printed:
        """Renew one control, which gets this number; returns what is printed into it."""
        look = TextLook.of(sdt)
        plain, data = isinstance(content, str), bound.binding(place.tag)
        controls.set_name(sdt, place.tag, plain, self._controls, self._words(place.tag), data)
        package, kind, width = self._package, "text", text_width(sdt, self._body)
        if isinstance(content, str):
            line = blocks.run(_line(content), look.run)
            new = [line if controls.level(sdt) == "run" else blocks.paragraph([line], look.paragraph)]
        elif isinstance(content, Picture):
            relation, image = place.story.get_or_add_image(io.BytesIO(content.data))
            wide, high = (max(int(length) // blocks.EMU, 1) for length in (image.width, image.height))
            size = (width, max(high * width // wide, 1)) if wide > width else (wide, high)
            line = blocks.picture_run(content.name, relation, self._drawings.new(), size)
            new = [line if controls.level(sdt) == "run" else blocks.paragraph([line], look.paragraph)]
        elif isinstance(content, Table):
            kind = "table" if content.rows else "text"
            new = tables.table_blocks(content, width, self._captions(place.tag, "table").caption, self._look)
        elif isinstance(content, Chart):
            kind = "chart"
            xml, workbook = charts.chart_parts(replace(content, title=""))
            part = Part(package.next_partname("/word/charts/chart%d.xml"), CT.DML_CHART, xml, package)
            relation = place.story.relate_to(part, RT.CHART)
            name = package.next_partname("/word/embeddings/Microsoft_Excel_Sheet%d.xlsx")
            embedded = Part(name, CT.SML_SHEET, workbook, package)
            part.load_rel(RT.PACKAGE, embedded, charts.WORKBOOK_RELATION)
            new = [blocks.chart_block(content, relation, self._drawings.new(), width)]
            if content.title:
                new.append(self._captions(place.tag, "chart").caption(content.title))
        elif isinstance(content, TableOfContents):
            kind = "contents"
            new = captions.contents_blocks(self._body, self._styles, sdt)
        else:
            new = blocks.text_blocks(content, look)
        led = isinstance(content, tuple) and bool(content) and bool(content[0].lead)
        if fields(new[0]) or new[0].tag == w("tbl") or led:
            # LibreOffice makes plain text of what begins a control: a field, a first cell, bold words.
            new.insert(0, blocks.hairline())
        controls.put(sdt, new, number, self._marks)
        captions.hold_references(sdt)
        picture = digest(content.data) if isinstance(content, Picture) else ""
        text = "" if kind == "contents" else controls.text_of(new, place.story)
        return Printed(place.tag, kind, text, picture=picture)

    def _captions(self, tag: str, kind: str) -> Captions:
        bookmark = captions.bookmark_of(tag, self._names)
        self._names.add(bookmark)
        return Captions(kind, bookmark, (self._marks.new(), self._marks.new()), self._caption)

    def would_say(self, tag: str) -> str | None:
        """What would be printed for a tag, as text; None where it is not known. Of a table or chart its size
        says enough: nobody types one."""
        match content := self._contents.get(tag):
            case None:
                return None
            case Table():
                return controls.text_of([tables.grid(content, _PAGE)], None) if content.rows else ""
            case Chart():
                return content.title
            case TableOfContents():
                return ""
        return _text(content)

    def refer(self, sdt: Element, content: CrossReference) -> str | None:
        """Put a reference to a caption in the place of a control: the field is renewed without one, and
        LibreOffice would lose it. Returns the text to print where the document has no such caption."""
        label = captions.label(Tag.parse(content.tag).kind)
        bookmark = captions.bookmark_of(content.tag)
        if content.tag not in self._captioned and bookmark not in self._names:
            return f"{label}\u00a0…"
        controls.unwrap(sdt, captions.reference_in_line(bookmark, label, TextLook.of(sdt).run))
        return None
