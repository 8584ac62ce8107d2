"""The record of a Word document's last filling: a custom XML part with what was printed into each control.

Word and LibreOffice keep such a part as it is, so that a figure that somebody typed over can be recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

_NAMESPACE = "urn:reportctl:report"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
# The itemID is the part's own name, the same in every report.
_PROPERTIES = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    '<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"'
    ' ds:itemID="{7D2C1A54-9B0E-4C5F-8C36-5A2F3E9D1B70}"><ds:schemaRefs>'
    f'<ds:schemaRef ds:uri="{_NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
).encode()


@dataclass(frozen=True, slots=True)
class Printed:
    """What was last printed into a control. `kind` is "text", "table", "chart" or "contents"; `dropped`:
    people have said that this place is gone on purpose; `picture` is the SHA-256 of a picture's file."""

    tag: str
    kind: str
    text: str
    dropped: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a region: its `number` there, the `key` of what it is for, the text that it had last;
    `dropped`: people have said that it is gone on purpose."""

    number: int
    key: str
    text: str
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the document that is there on a condition, or once for each of something.

    `tag` is its mark and name (“?press_total”, “*units”); `level` is "block" or "row"; `body` the XML that is
    copied; `within` the region and the copy of it that it stands in.
    """

    tag: str
    level: str
    body: str
    copies: tuple[Copy, ...] = ()
    within: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class PrintRecord:
    """The last filling: period, form's fingerprint, document style; what was printed, by control number.

    `template` is the name of the document that was filled, empty for the workspace's report; `unit` the code
    of the unit whose figures it has, empty for the province's.
    """

    period: str
    form: str
    printed: Mapping[int, Printed] = field(default_factory=dict)
    style: str = ""
    template: str = ""
    unit: str = ""
    regions: Mapping[int, Region] = field(default_factory=dict)


def read_record(package: Any) -> PrintRecord:
    """The record in a document; an empty one where it was never filled."""
    relation = _relation(package)
    if relation is None:
        return PrintRecord("", "")
    root = etree.fromstring(package.main_document_part.rels[relation].target_part.blob)
    printed = {
        int(number): Printed(
            *(node.get("tag", ""), node.get("kind", "text"), node.text or ""),
            dropped=node.get("dropped") == "1",
            picture=node.get("picture", ""),
        )
        for node in root.iter(f"{{{_NAMESPACE}}}control")
        if (number := node.get("n", "")).isdigit()
    }
    said = {key: root.get(key, "") for key in ("period", "form", "style", "template", "unit")}
    regions = {
        int(number): _region(node)
        for node in root.iter(f"{{{_NAMESPACE}}}region")
        if (number := node.get("n", "")).isdigit()
    }
    return PrintRecord(printed=printed, regions=regions, **said)


def _region(node: Any) -> Region:
    copies = tuple(
        Copy(int(one.get("n", "0")), one.get("key", ""), one.text or "", one.get("dropped") == "1")
        for one in node.iterchildren(f"{{{_NAMESPACE}}}copy")
    )
    within = int(node.get("region", "0")), int(node.get("copy", "0"))
    body = node.findtext(f"{{{_NAMESPACE}}}body") or ""
    return Region(node.get("tag", ""), node.get("level", "block"), body, copies, within)


def write_record(package: Any, record: PrintRecord) -> None:
    """Put the record into a document in place of the one it has."""
    main = package.main_document_part
    relation = _relation(package)
    if relation:
        del main.rels[relation]
    facts = {"period": record.period, "form": record.form}
    optional = {"style": record.style, "template": record.template, "unit": record.unit}
    facts |= {key: said for key, said in optional.items() if said}
    root = etree.Element(f"{{{_NAMESPACE}}}report", facts, {"rc": _NAMESPACE})
    for number, printed in sorted(record.printed.items()):
        named = {"n": str(number), "tag": printed.tag, "kind": printed.kind}
        named |= {"dropped": "1"} if printed.dropped else {}
        named |= {"picture": printed.picture} if printed.picture else {}
        etree.SubElement(root, f"{{{_NAMESPACE}}}control", named).text = printed.text
    for number, region in sorted(record.regions.items()):
        facts = {"n": str(number), "tag": region.tag, "level": region.level}
        facts |= {"region": str(region.within[0]), "copy": str(region.within[1])}
        node = etree.SubElement(root, f"{{{_NAMESPACE}}}region", facts)
        etree.SubElement(node, f"{{{_NAMESPACE}}}body").text = region.body
        for one in region.copies:
            named = {"n": str(one.number), "key": one.key} | ({"dropped": "1"} if one.dropped else {})
            etree.SubElement(node, f"{{{_NAMESPACE}}}copy", named).text = one.text
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    item = Part(package.next_partname("/customXml/item%d.xml"), CT.XML, xml, package)
    name = PackURI(item.partname.replace("item", "itemProps"))
    item.relate_to(Part(name, _PROPERTIES_TYPE, _PROPERTIES, package), RT.CUSTOM_XML_PROPS)
    main.relate_to(item, RT.CUSTOM_XML)


def _relation(package: Any) -> str | None:
    """The document's relationship to its record; None where it has no record."""
    for name, rel in package.main_document_part.rels.items():
        if (
            rel.reltype == RT.CUSTOM_XML
            and not rel.is_external
            and _NAMESPACE.encode() in rel.target_part.blob
        ):
            return str(name)
    return None
