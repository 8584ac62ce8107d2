"""Filling a Word document: the content of its tagged controls is renewed, everything else is kept.

A fresh template and a report that people have edited are filled alike. A custom XML part of the document
records which control (by its number, see `controls`) has which tag, and what was last printed into it.
Captions, labels and cells are written in the current language.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.package import Package
from lxml import etree

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _
from reportctl.core.progress import Progress
from reportctl.core.table import Table
from reportctl.word import blocks, captions, charts, controls, placeholders, tables
from reportctl.word.blocks import Element, TextLook, w
from reportctl.word.captions import Captions
from reportctl.word.content import (
    Chart,
    Content,
    CrossReference,
    Paragraph,
    TableOfContents,
    Tag,
    stands_in_line,
)
from reportctl.word.controls import Numbers, Occurrence, Story
from reportctl.word.fields import fields, paragraph_styles, styles_of, text_width
from reportctl.word.record import Printed, PrintRecord, read_record, write_record

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document is filled for: the period, the form's fingerprint, the date in its properties (None:
    the one it has), its style ("party" or "state")."""

    period: str
    form: str
    created: dt.datetime | None
    style: str = ""


class FillResult(StrEnum):
    """What a filling did to a control. All but those that are renewed stay as they are.

    "kept": somebody edited it and it was to be kept; "unknown": there is no content for its tag;
    "misplaced": a table, a chart or paragraphs within a line of other text; "nested": it holds one of our
    controls, or stands in one; "beyond": in a footnote, an endnote or a comment.
    """

    RENEWED = "renewed"
    KEPT = "kept"
    UNKNOWN = "unknown"
    MISPLACED = "misplaced"
    NESTED = "nested"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Control:
    """A control of a document: the text in it, the text last printed into it, the text of its new content.

    `printed` is None for one that has never been filled; `new` where its tag has no content, and for a table
    or chart that was not printed; `result` where nothing was filled.
    """

    tag: str
    text: str
    printed: str | None
    new: str | None = None
    result: FillResult | None = None


@dataclass(frozen=True, slots=True)
class FilledDocument:
    """A filled document, and its controls as they were before.

    `repaired`: some control had lost its shape, as LibreOffice's saving does, or was a typed placeholder.
    """

    document: bytes
    controls: tuple[Control, ...]
    repaired: bool

    def tags(self, result: FillResult) -> tuple[str, ...]:
        """The tags of the controls with this result, each once."""
        return tuple(dict.fromkeys(one.tag for one in self.controls if one.result is result))


def last_filling(document: bytes) -> PrintRecord | None:
    """What the document was last filled for; None for one that never was. Raises `ReportctlError`."""
    record = read_record(_open(document))
    return record if record.period else None


def fill(
    template: bytes,
    contents: Mapping[str, Content],
    facts: DocumentFacts,
    keep: Container[str] = (),
    progress: Progress | None = None,
) -> FilledDocument:
    """`template` with the content of every control, and of every typed `{{tag}}`, that is in `contents`.

    A control of the tags to `keep` stays as it is where somebody has edited its text, or where its new text
    is the same. `progress` hears how many controls are done, of how many, and the tag of the next. Raises
    `ReportctlError` where it is no Word document, or a typed tag is not known.
    """
    package = _open(template)
    stories = _stories(package)
    inline = {tag: stands_in_line(content) for tag, content in contents.items()}
    typed = placeholders.convert((story.element for story in stories), inline)
    record = read_record(package)
    places = controls.find(stories, record.printed, contents)
    texts = {place: controls.text(place) for place in places}
    results = _results(texts, inline, keep)

    renewed = _adopted(texts, results, contents, keep)
    repaired = typed or any(sdt is not place.start for place, sdt in renewed.items())
    untouched = [place for place in places if place not in renewed]
    kept = {place.number for place in untouched}
    for story in stories:
        ours = [m for m in controls.our_bookmarks(story.element) if controls.number_of(m) not in kept]
        blocks.remove_bookmarks(story.element, ours)
    for sdt in renewed.values():
        blocks.remove_bookmarks(sdt, filter(captions.is_caption_bookmark, sdt.iter(w("bookmarkStart"))))

    filling = _Filling(package, renewed, contents)
    numbers = Numbers(place.number for place in places if place.number)
    printed = {place.number: place.printed for place in untouched if place.number and place.printed}
    new = {place: _text(contents[place.tag]) for place in untouched if place.tag in contents}
    # A table of contents comes after all that it lists.
    in_turn = sorted(renewed, key=lambda place: isinstance(contents[place.tag], TableOfContents))
    for done, place in enumerate(in_turn):
        if progress:
            progress(done, len(renewed), place.tag)
        content = contents[place.tag]
        if isinstance(content, CrossReference):
            new[place] = _text(content)
            open_reference = filling.refer(renewed[place], content)
            if open_reference is None:
                continue
            content = open_reference
        number = place.number or numbers.new()
        printed[number] = filling.put(place, renewed[place], content, number)
        new[place] = printed[number].text

    captions.renumber(package.main_document_part.element[-1], [story.element for story in stories])
    write_record(package, PrintRecord(facts.period, facts.form, printed, facts.style))
    # python-docx would make document properties in its own name where there are none.
    if facts.created and any(rel.reltype == RT.CORE_PROPERTIES for rel in package.rels.values()):
        package.core_properties.created = facts.created
        package.core_properties.modified = facts.created
    listed = [
        Control(
            place.tag, text, place.printed.text if place.printed else None, new.get(place), results[place]
        )
        for place, text in texts.items()
    ]
    listed += [
        Control(tag, text, None, _text(contents[tag]), FillResult.BEYOND)
        for tag, text in _controls_in_notes(package)
        if tag in contents
    ]
    return FilledDocument(_saved(package), tuple(listed), repaired)


def _results(
    texts: Mapping[Occurrence, str], inline: Mapping[str, bool], keep: Container[str]
) -> dict[Occurrence, FillResult]:
    """What becomes of every control, decided before anything is changed. `texts` are the controls with their
    present text; `inline` are the known tags, and whether their content stands within a line."""
    results = dict.fromkeys(texts, FillResult.UNKNOWN)
    owner: dict[Element, Occurrence] = {}  # of what makes way when a control is renewed
    for place, text in texts.items():
        if place.tag not in inline:
            continue
        if not controls.fits(place, inline[place.tag]):
            results[place] = FillResult.MISPLACED
            continue
        overtyped = place.printed is not None and text != place.printed.text
        results[place] = FillResult.KEPT if overtyped and place.tag in keep else FillResult.RENEWED
        owner |= dict.fromkeys(controls.covered(place, inline[place.tag]), place)
    for place in [one for one, result in results.items() if result in (FillResult.KEPT, FillResult.RENEWED)]:
        for node in (place.start, *place.start.iterancestors()):
            around = owner.get(node, place)
            if around is not place:
                results[place] = results[around] = FillResult.NESTED
    return results


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


def _text(content: Content) -> str | None:
    """The text of a content in a control, as `controls.text` reads it; None of a table or a chart."""
    match content:
        case str():
            return _line(content)
        case tuple():
            return controls.text_of(blocks.text_blocks(content, TextLook()), None)
        case CrossReference():
            return "#"
    return None


def _line(text: str) -> str:
    """A text as it stands within a line."""
    return blocks.clean(text).replace("\n", " ").replace("\t", " ")


_Printable = str | tuple[Paragraph, ...] | Table | Chart | TableOfContents


class _Filling:
    """One filling of a document: its styles, and the numbers and names that are free in it."""

    def __init__(
        self, package: Any, renewed: Mapping[Occurrence, Element], contents: Mapping[str, Content]
    ) -> None:
        self._package = package
        self._styles = styles_of(package.main_document_part)
        of_paragraphs = paragraph_styles(self._styles)
        self._caption = of_paragraphs.get("caption", of_paragraphs.get("Caption"))  # LibreOffice adds its own
        self._captioned = {
            place.tag
            for place in renewed
            if isinstance(content := contents[place.tag], Table | Chart) and content.title
        }
        inside = {node for sdt in renewed.values() for node in sdt.iter()}
        nodes = [node for story in _stories(package) for node in story.element.iter()]
        kept = [node for node in nodes if node not in inside]
        marks = [*kept, *(node for sdt in renewed.values() for node in controls.anchors(sdt))]
        self._names = {str(node.get(w("name"))) for node in marks if node.tag == w("bookmarkStart")}
        self._marks = Numbers(int(node.get(w("id"))) for node in marks if node.get(w("id"), "").isdigit())
        self._drawings = Numbers(int(node.get("id", "0")) for node in kept if node.tag == qn("wp:docPr"))
        self._controls = Numbers(controls.control_id(node) or 0 for node in kept if node.tag == w("sdt"))
        for place, sdt in renewed.items():
            for chart in list(sdt.iter(qn("c:chart"))):
                place.story.drop_rel(chart.get(qn("r:id")))

    def put(self, place: Occurrence, sdt: Element, content: _Printable, number: int) -> Printed:
        """Renew one control, which gets this number; returns what is printed into it."""
        look = TextLook.of(sdt)
        controls.set_name(sdt, place.tag, isinstance(content, str), self._controls)
        package, kind, width = self._package, "text", text_width(sdt, self._package)
        if isinstance(content, str):
            line = blocks.run(_line(content), look.run)
            new = [line if controls.level(sdt) == "run" else blocks.paragraph([line], look.paragraph)]
        elif isinstance(content, Table):
            kind = "table" if content.rows else "text"
            new = tables.table_blocks(content, width, self._captions(place.tag, "table").caption)
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
            new = captions.contents_blocks(package.main_document_part.element[-1], self._styles, sdt)
        else:
            new = blocks.text_blocks(content, look)
        if fields(new[0]):
            new.insert(0, blocks.hairline())  # LibreOffice makes plain text of a field that begins a control
        controls.put(sdt, new, number, self._marks)
        captions.hold_references(sdt)
        return Printed(place.tag, kind, "" if kind == "contents" else controls.text_of(new, place.story))

    def _captions(self, tag: str, kind: str) -> Captions:
        bookmark = captions.bookmark_of(tag, self._names)
        self._names.add(bookmark)
        return Captions(kind, bookmark, self._marks.new(), self._caption)

    def refer(self, sdt: Element, content: CrossReference) -> str | None:
        """Put a reference to a caption in the place of a control: the field is renewed without one, and
        LibreOffice would lose it. Returns the text to print where the document has no such caption."""
        label = captions.label(Tag.parse(content.tag).kind)
        bookmark = captions.bookmark_of(content.tag)
        if content.tag not in self._captioned and bookmark not in self._names:
            return f"{label}\u00a0…"
        controls.unwrap(sdt, captions.reference_runs(bookmark, label, TextLook.of(sdt).run))
        return None


def _controls_in_notes(package: Any) -> Iterator[tuple[str, str]]:
    """The tags of the controls in footnotes, endnotes and comments, with the text in them."""
    for rel in package.main_document_part.rels.values():
        if rel.reltype in (RT.FOOTNOTES, RT.ENDNOTES, RT.COMMENTS) and not rel.is_external:
            for sdt in parse_xml(rel.target_part.blob).iter(w("sdt")):
                tag = sdt.find(f"{w('sdtPr')}/{w('tag')}")
                if tag is not None:
                    yield str(tag.get(w("val"))), controls.text_of([sdt], None)


def _open(document: bytes) -> Any:
    try:
        package = Package.open(io.BytesIO(document))
        main = package.main_document_part
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise ReportctlError(
            _("This is not a Word document that can be read. Open it in Word and save it as .docx.")
        ) from error
    if main.content_type != CT.WML_DOCUMENT_MAIN:
        raise ReportctlError(_("This is not a Word document of the type .docx. Save it in Word as .docx."))
    return package


def _stories(package: Any) -> list[Story]:
    """The body, then headers and footers by name."""
    main = package.main_document_part
    edges = {
        rel.target_part.partname: rel.target_part
        for rel in main.rels.values()
        if rel.reltype in (RT.HEADER, RT.FOOTER)
    }
    return [main, *(edges[name] for name in sorted(edges))]


def _saved(package: Any) -> bytes:
    """The package's bytes, with fixed dates and order."""
    written, pinned = io.BytesIO(), io.BytesIO()
    package.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(pinned, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(entry, source.read(name))
    return pinned.getvalue()
