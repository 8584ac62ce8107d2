"""Filling a Word document: what stands in its tagged content controls is renewed, everything else is kept.

A fresh template and a report that people have edited are filled alike. A custom XML part of the document
says which control (by its number, see `controls`) is which, and what was last printed into it.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
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
from reportctl.word.blocks import Element, w
from reportctl.word.captions import Captions
from reportctl.word.content import Chart, Content, CrossReference, Paragraph, TableOfContents, stands_in_line
from reportctl.word.controls import Numbers, Occurrence, Story
from reportctl.word.fields import caption_style, fields, styles_of, text_width
from reportctl.word.record import Printed, PrintRecord, read_record, write_record

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document is filled for: the period, the form's fingerprint, the date it bears (None: the one
    it has), its language, its style ("party" or "state")."""

    period: str
    form: str
    created: dt.datetime | None
    language: str | None = None
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
    """A control of a document: what stands in it, what was last printed into it, what is to be said there.

    `printed` is None for one that has never been filled, `new` where there is nothing to say; `fate` is None
    where nothing was filled.
    """

    tag: str
    text: str
    printed: str | None
    new: str | None = None
    fate: FillResult | None = None

    @property
    def overtyped(self) -> bool:
        """Whether somebody has changed what was printed."""
        return self.printed is not None and self.text != self.printed


@dataclass(frozen=True, slots=True)
class FilledDocument:
    """A filled document, and its controls as they were found.

    `absent` are tags of contents that no control asks for; `repaired`: some control had lost its shape, as
    LibreOffice's saving does, or stood there as a typed placeholder.
    """

    document: bytes
    controls: tuple[Control, ...]
    absent: tuple[str, ...]
    repaired: bool

    def tags(self, fate: FillResult) -> tuple[str, ...]:
        """The tags of the controls that met this fate, each once."""
        return tuple(dict.fromkeys(one.tag for one in self.controls if one.fate is fate))


def list_controls(document: bytes) -> tuple[Control, ...]:
    """The controls of a document in their order, with their present text and the text last printed.

    Raises `ReportctlError` where it is no Word document.
    """
    package = _open(document)
    return tuple(_control(place) for place in controls.find(_stories(package), read_record(package).printed))


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

    A control of the tags to `keep` stays as it is where somebody has edited its words, or they are to be the
    same. `progress` hears how many controls are done, of how many, and the tag of the next. Raises
    `ReportctlError` where it is no Word document, or a typed tag is not known.
    """
    package = _open(template)
    stories = _stories(package)
    inline = {tag: stands_in_line(content) for tag, content in contents.items()}
    typed = placeholders.convert((story.element for story in stories), inline)
    record = read_record(package)
    places = controls.find(stories, record.printed, contents)
    found = {place: _control(place) for place in places}
    fates = _fates(found, inline, keep)
    adopted = {
        place: controls.adopt(place, inline[place.tag])
        for place, fate in fates.items()
        if fate is FillResult.RENEWED and not (place.tag in keep and _says(found[place], place, contents))
    }
    repaired = typed or any(sdt is not place.start for place, sdt in adopted.items())
    untouched = [place for place in places if place not in adopted]
    controls.unmark(stories, {place.number for place in untouched})
    for sdt in adopted.values():
        captions.forget(sdt)
    filling = _Filling(package, adopted, facts, {p.tag for p in adopted if _captioned(contents[p.tag])})
    numbers = Numbers(place.number for place in places if place.number)
    printed = {place.number: place.printed for place in untouched if place.number and place.printed}
    spoken = [p for p in places if p not in adopted or isinstance(contents[p.tag], CrossReference)]
    new = {place: _words(contents[place.tag]) for place in spoken if place.tag in contents}
    for place, content in filling.in_turn(adopted, contents, progress):
        number = place.number or numbers.new()
        printed[number] = filling.put(place, adopted[place], content, number)
        new[place] = printed[number].text
    captions.renumber(package.main_document_part.element[-1], [story.element for story in stories])
    write_record(package, PrintRecord(facts.period, facts.form, printed, facts.style))
    _date(package, facts.created)
    said = [replace(one, new=new.get(place), fate=fates[place]) for place, one in found.items()]
    beyond = [
        Control(tag, text, None, _words(contents[tag]), FillResult.BEYOND)
        for tag, text in _beyond(package)
        if tag in contents
    ]
    asked = {place.tag for place in places}
    return FilledDocument(
        _saved(package), (*said, *beyond), tuple(tag for tag in contents if tag not in asked), repaired
    )


def _fates(
    found: Mapping[Occurrence, Control], inline: Mapping[str, bool], keep: Container[str]
) -> dict[Occurrence, FillResult]:
    """What becomes of every control, decided before anything is changed."""
    known = [place for place in found if place.tag in inline]
    fitting = [place for place in known if controls.fits(place, inline[place.tag])]
    owner = {node: place for place in fitting for node in controls.covered(place, inline[place.tag])}
    nested: set[Occurrence] = set()
    for place in fitting:
        around = (owner.get(node) for node in chain([place.start], place.start.iterancestors()))
        nested.update(both for one in around if one not in (None, place) for both in (place, one) if both)
    fates = dict.fromkeys(found, FillResult.UNKNOWN) | dict.fromkeys(known, FillResult.MISPLACED)
    for place in fitting:
        kept = place.tag in keep and found[place].overtyped
        fates[place] = (
            FillResult.NESTED if place in nested else FillResult.KEPT if kept else FillResult.RENEWED
        )
    return fates


def _says(control: Control, place: Occurrence, contents: Mapping[str, Content]) -> bool:
    """Whether a control that is in good shape says its words already: how people set them can stay."""
    content = contents[place.tag]
    in_shape = (
        place.number and place.whole and (stands_in_line(content) or controls.level(place.start) != "run")
    )
    return bool(in_shape) and control.text == control.printed == _words(content)


def _control(place: Occurrence) -> Control:
    return Control(place.tag, controls.text(place), place.printed.text if place.printed else None)


def _line(content: str) -> str:
    """A text as it stands within a line."""
    return " ".join(blocks.clean(content).split("\n")).replace("\t", " ")


def _words(content: Content) -> str | None:
    """What a text or paragraphs would say in a control; None of a table or a chart."""
    if isinstance(content, str):
        return _line(content)
    if isinstance(content, tuple):
        return controls.text_of(blocks.text_blocks(content, blocks.TextLook()), None)
    return "#" if isinstance(content, CrossReference) else None


def _captioned(content: Content) -> bool:
    """Whether what is printed has a caption with a number."""
    return isinstance(content, Table | Chart) and bool(content.title)


_Printable = str | tuple[Paragraph, ...] | Table | Chart | TableOfContents


class _Filling:
    """One filling of a document: its facts, its styles, and the numbers and names that are free in it.

    `captioned` are the tags of controls that get a caption.
    """

    def __init__(
        self,
        package: Any,
        renewed: Mapping[Occurrence, Element],
        facts: DocumentFacts,
        captioned: Container[str],
    ) -> None:
        self._package = package
        self._facts = facts
        self._styles = styles_of(package.main_document_part)
        self._caption = caption_style(self._styles)
        self._captioned = captioned
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

    def in_turn(
        self,
        adopted: Mapping[Occurrence, Element],
        contents: Mapping[str, Content],
        progress: Progress | None,
    ) -> Iterator[tuple[Occurrence, _Printable]]:
        """What is to be printed into each control, a table of contents after all that it lists.

        References are put in here: of them no control is left.
        """
        in_order = sorted(adopted, key=lambda place: isinstance(contents[place.tag], TableOfContents))
        for done, place in enumerate(in_order):
            if progress:
                progress(done, len(adopted), place.tag)
            content = contents[place.tag]
            said = self.refer(adopted[place], content) if isinstance(content, CrossReference) else content
            if said is not None:
                yield place, said

    def put(self, place: Occurrence, sdt: Element, content: _Printable, number: int) -> Printed:
        """Renew one control; gives what it says now."""
        look = controls.look(sdt)
        controls.name(sdt, place.tag, isinstance(content, str), self._controls)
        kind, width = "text", text_width(sdt, self._package)
        if isinstance(content, str):
            line = blocks.run(_line(content), look.run)
            new = [line if controls.level(sdt) == "run" else blocks.paragraph([line], look.paragraph)]
        elif isinstance(content, Table):
            kind = "table" if content.rows else "text"
            caption = self._captions(place.tag, "table").caption
            new = tables.table_blocks(content, width, caption, self._facts.language)
        elif isinstance(content, Chart):
            kind = "chart"
            relation = self._chart(place.story, replace(content, title=""))
            new = [blocks.chart_block(content, relation, self._drawings.new(), width)]
            if content.title:
                new.append(self._captions(place.tag, "chart").caption(content.title))
        elif isinstance(content, TableOfContents):
            kind = "contents"
            body = self._package.main_document_part.element[-1]
            new = captions.contents_blocks(body, self._styles, sdt)
        else:
            new = blocks.text_blocks(content, look)
        if fields(new[0]):
            new.insert(0, blocks.hairline())  # LibreOffice makes plain text of a field that begins a control
        controls.put(sdt, new, number, self._marks)
        captions.hold_references(sdt)
        said = "" if kind == "contents" else controls.text_of(new, place.story)
        return Printed(place.tag, kind, said)

    def _captions(self, tag: str, kind: str) -> Captions:
        mark = captions.mark_of(tag, self._names)
        self._names.add(mark)
        return Captions(kind, mark, self._marks.new(), self._caption, self._facts.language)

    def refer(self, sdt: Element, content: CrossReference) -> str | None:
        """Put a reference to a caption in the place of a control: the field is renewed without one, and
        LibreOffice would lose it. Gives what to say instead where the document has no such caption."""
        label = captions.label(content.tag.split(":")[0], self._facts.language)
        mark = captions.mark_of(content.tag)
        if content.tag not in self._captioned and mark not in self._names:
            return f"{label}\u00a0…"
        controls.unwrap(sdt, captions.reference_runs(mark, label, controls.look(sdt).run))
        return None

    def _chart(self, story: Story, chart: Chart) -> str:
        """Add a chart and its workbook to the package; gives the relation of the story to the chart."""
        xml, workbook = charts.chart_parts(chart)
        package = self._package
        part = Part(package.next_partname("/word/charts/chart%d.xml"), CT.DML_CHART, xml, package)
        relation = story.relate_to(part, RT.CHART)
        name = package.next_partname("/word/embeddings/Microsoft_Excel_Sheet%d.xlsx")
        part.load_rel(RT.PACKAGE, Part(name, CT.SML_SHEET, workbook, package), charts.WORKBOOK_RELATION)
        return str(relation)


_NOTES = (RT.FOOTNOTES, RT.ENDNOTES, RT.COMMENTS)


def _beyond(package: Any) -> Iterator[tuple[str, str]]:
    """The controls in notes and comments, by name, with what stands in them."""
    for rel in package.main_document_part.rels.values():
        if rel.reltype in _NOTES and not rel.is_external:
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


def _date(package: Any, created: dt.datetime | None) -> None:
    """Date the document properties, where it has any; python-docx would make some in its own name."""
    if created and any(rel.reltype == RT.CORE_PROPERTIES for rel in package.rels.values()):
        package.core_properties.created = created
        package.core_properties.modified = created


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
