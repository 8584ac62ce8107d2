"""Filling a Word document: what stands in its tagged content controls is renewed, everything else is kept.

A fresh template and a report that people have edited are filled alike. A custom XML part of the document
says which control (by its number, see `controls`) is which, and what was last printed into it.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.package import Package
from lxml import etree

from reportctl import blocks, charts, controls
from reportctl.blocks import Node, w
from reportctl.content import Chart, Content
from reportctl.controls import Numbers, Place, Printed, Story
from reportctl.errors import ReportctlError
from reportctl.language import _
from reportctl.table import Table

_RECORD = "urn:reportctl:report"
_RECORD_ITEM = (
    "{7D2C1A54-9B0E-4C5F-8C36-5A2F3E9D1B70}"  # the custom XML part's own name, the same in every report
)
_PROPERTIES = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_A4_WIDTH, _MARGIN = 11906, 1440


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document is filled for: the period, the form's fingerprint, the date it bears, its language."""

    period: str
    form: str
    created: dt.datetime
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """A control of a document: what stands in it, what was last printed into it, what a filling put there.

    `printed` is None for one that has never been filled, `new` for one that was left alone.
    """

    tag: str
    text: str
    printed: str | None
    new: str | None = None

    @property
    def overtyped(self) -> bool:
        """Whether somebody has changed what was printed."""
        return self.printed is not None and self.text != self.printed


@dataclass(frozen=True, slots=True)
class Record:
    """What a document says of its last filling: period, form's fingerprint, and each control's number."""

    period: str
    form: str
    printed: Mapping[int, Printed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled document, its controls as they were found, and the tags that came to what.

    `unknown` tags are in the document only, `absent` ones among the contents only; `misplaced` are tables,
    charts or paragraphs whose control stands within a line of other text. None of these is touched.
    """

    document: bytes
    filled: tuple[str, ...]
    unknown: tuple[str, ...]
    misplaced: tuple[str, ...]
    absent: tuple[str, ...]
    controls: tuple[Control, ...]


def list_controls(document: bytes) -> tuple[Control, ...]:
    """The controls of a document in their order, with their present text and the text last printed.

    Raises `ReportctlError` where it is no Word document.
    """
    package = _open(document)
    return tuple(_control(place) for place in controls.find(_stories(package), _record(package).printed))


def last_filling(document: bytes) -> Record | None:
    """What the document was last filled for; None for one that never was. Raises `ReportctlError`."""
    record = _record(_open(document))
    return record if record.period else None


def fill(template: bytes, contents: Mapping[str, Content], facts: Facts) -> Filled:
    """`template` with the content of every control whose tag is in `contents`.

    Raises `ReportctlError` where it is no Word document.
    """
    package = _open(template)
    stories = _stories(package)
    record = _record(package)
    places = controls.find(stories, record.printed, contents)
    known = [place for place in places if place.tag in contents]
    fitting = [place for place in known if controls.fits(place, isinstance(contents[place.tag], str))]
    found = {place: _control(place) for place in places}
    adopted = {place: controls.adopt(place, isinstance(contents[place.tag], str)) for place in fitting}
    renewed = {place: sdt for place, sdt in adopted.items() if not _within(sdt, adopted.values())}
    untouched = [place for place in places if place not in adopted]
    controls.unmark(stories, {place.number for place in untouched})
    filling = _Filling(package, renewed, facts)
    numbers = Numbers(place.number for place in places if place.number)
    printed = {place.number: place.printed for place in untouched if place.number and place.printed}
    new = {}
    for place, sdt in renewed.items():
        number = place.number or numbers.new()
        printed[number] = filling.put(place, sdt, contents[place.tag], number)
        new[place] = printed[number].text
    _write_record(package, Record(facts.period, facts.form, printed))
    _date(package, facts.created)
    return Filled(
        _saved(package),
        filled=_tags(renewed),
        unknown=_tags(place for place in places if place.tag not in contents),
        misplaced=_tags(place for place in known if place not in adopted),
        absent=tuple(tag for tag in contents if tag not in {place.tag for place in known}),
        controls=tuple(
            Control(control.tag, control.text, control.printed, new.get(place))
            for place, control in found.items()
        ),
    )


def _tags(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.tag for place in places))


def _control(place: Place) -> Control:
    return Control(place.tag, controls.text(place), place.printed.text if place.printed else None)


def _within(sdt: Node, others: Iterable[Node]) -> bool:
    """Whether a control is part of what another one is going to hold."""
    around = set(sdt.iterancestors(w("sdt")))
    return any(other in around for other in others)


class _Filling:
    """One filling of a document: its facts, its caption style, and the numbers that are free in it."""

    def __init__(self, package: Any, renewed: Mapping[Place, Node], facts: Facts) -> None:
        self._package = package
        self._facts = facts
        self._caption = _caption_style(package.main_document_part)
        inside = {node for sdt in renewed.values() for node in sdt.iter()}
        nodes = [node for story in _stories(package) for node in story.element.iter()]
        kept = [node for node in nodes if node not in inside]
        marks = [*kept, *(node for sdt in renewed.values() for node in controls.anchors(sdt))]
        self._marks = Numbers(int(node.get(w("id"))) for node in marks if node.get(w("id"), "").isdigit())
        self._drawings = Numbers(int(node.get("id", "0")) for node in kept if node.tag == qn("wp:docPr"))
        self._controls = Numbers(controls.control_id(node) or 0 for node in kept if node.tag == w("sdt"))
        for place, sdt in renewed.items():
            for chart in list(sdt.iter(qn("c:chart"))):
                place.story.drop_rel(chart.get(qn("r:id")))

    def put(self, place: Place, sdt: Node, content: Content, number: int) -> Printed:
        """Renew one control; gives what it says now."""
        look = controls.look(sdt)
        controls.name(sdt, place.tag, isinstance(content, str), self._controls)
        kind = "text"
        if isinstance(content, str):
            line = blocks.run(" ".join(blocks.clean(content).split("\n")).replace("\t", " "), look.run)
            new = [line if controls.level(sdt) == "run" else blocks.paragraph([line], look.paragraph)]
        elif isinstance(content, Table):
            kind = "table" if content.rows else "text"
            width = _text_width(sdt, self._package)
            new = blocks.table_blocks(content, width, self._caption, self._facts.language)
        elif isinstance(content, Chart):
            kind = "chart"
            relation = self._chart(place.story, content)
            width = _text_width(sdt, self._package)
            new = [blocks.chart_block(content, relation, self._drawings.new(), width)]
        else:
            new = blocks.text_blocks(content, look)
        controls.put(sdt, new, number, self._marks)
        return Printed(place.tag, kind, controls.text_of(new, place.story))

    def _chart(self, story: Story, chart: Chart) -> str:
        """Add a chart and its workbook to the package; gives the relation of the story to the chart."""
        xml, workbook = charts.chart_parts(chart)
        package = self._package
        part = Part(package.next_partname("/word/charts/chart%d.xml"), CT.DML_CHART, xml, package)
        relation = story.relate_to(part, RT.CHART)
        name = package.next_partname("/word/embeddings/Microsoft_Excel_Sheet%d.xlsx")
        part.load_rel(RT.PACKAGE, Part(name, CT.SML_SHEET, workbook, package), charts.WORKBOOK_RELATION)
        return str(relation)


def _caption_style(main: Any) -> str | None:
    """The id of the captions' style: "caption" to Word in any language; LibreOffice adds a "Caption"."""
    parts = [rel.target_part for rel in main.rels.values() if rel.reltype == RT.STYLES]
    ids = {
        str(style.find(w("name")).get(w("val"))): str(style.get(w("styleId")))
        for part in parts
        for style in part.element.iter(w("style"))
        if style.get(w("type")) == "paragraph" and style.find(w("name")) is not None
    }
    return ids.get("caption", ids.get("Caption"))


def _text_width(node: Node, package: Any) -> int:
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


def _record_relation(package: Any) -> str | None:
    for name, rel in package.main_document_part.rels.items():
        if rel.reltype == RT.CUSTOM_XML and not rel.is_external and _RECORD.encode() in rel.target_part.blob:
            return str(name)
    return None


def _record(package: Any) -> Record:
    relation = _record_relation(package)
    if relation is None:
        return Record("", "")
    root = etree.fromstring(package.main_document_part.rels[relation].target_part.blob)
    printed = {
        int(number): Printed(node.get("tag", ""), node.get("kind", "text"), node.text or "")
        for node in root.iter(f"{{{_RECORD}}}control")
        if (number := node.get("n", "")).isdigit()
    }
    return Record(root.get("period", ""), root.get("form", ""), printed)


def _write_record(package: Any, record: Record) -> None:
    main = package.main_document_part
    relation = _record_relation(package)
    if relation:
        del main.rels[relation]
    root = etree.Element(
        f"{{{_RECORD}}}report", {"period": record.period, "form": record.form}, {"rc": _RECORD}
    )
    for number, printed in sorted(record.printed.items()):
        node = etree.SubElement(
            root, f"{{{_RECORD}}}control", n=str(number), tag=printed.tag, kind=printed.kind
        )
        node.text = printed.text
    item = Part(package.next_partname("/customXml/item%d.xml"), CT.XML, _xml(root), package)
    name = PackURI(item.partname.replace("item", "itemProps"))
    item.relate_to(Part(name, _PROPERTIES, _item_properties(), package), RT.CUSTOM_XML_PROPS)
    main.relate_to(item, RT.CUSTOM_XML)


def _item_properties() -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    root = etree.Element(f"{{{space}}}datastoreItem", {f"{{{space}}}itemID": _RECORD_ITEM}, {"ds": space})
    schemas = etree.SubElement(root, f"{{{space}}}schemaRefs")
    etree.SubElement(schemas, f"{{{space}}}schemaRef", {f"{{{space}}}uri": _RECORD})
    return _xml(root)


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _date(package: Any, created: dt.datetime) -> None:
    """Date the document properties, where it has any; python-docx would make some in its own name."""
    if any(rel.reltype == RT.CORE_PROPERTIES for rel in package.rels.values()):
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
