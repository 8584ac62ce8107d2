"""What a Word document says of its last filling: a custom XML part with what was printed into each control.

Word and LibreOffice keep such a part as it is, so that an overtyped figure can be told from a renewed one.
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

_SPACE = "urn:reportctl:report"
_ITEM = "{7D2C1A54-9B0E-4C5F-8C36-5A2F3E9D1B70}"  # the part's own name, the same in every report
_PROPERTIES = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_ITEM_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"


@dataclass(frozen=True, slots=True)
class Printed:
    """What was last printed into a control. `kind` is "text", "table" or "chart"."""

    tag: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintRecord:
    """The last filling: period, form's fingerprint, document style; what was printed, by control number."""

    period: str
    form: str
    printed: Mapping[int, Printed] = field(default_factory=dict)
    style: str = ""


def read_record(package: Any) -> PrintRecord:
    """The record in a document; an empty one where it was never filled."""
    relation = _relation(package)
    if relation is None:
        return PrintRecord("", "")
    root = etree.fromstring(package.main_document_part.rels[relation].target_part.blob)
    printed = {
        int(number): Printed(node.get("tag", ""), node.get("kind", "text"), node.text or "")
        for node in root.iter(f"{{{_SPACE}}}control")
        if (number := node.get("n", "")).isdigit()
    }
    return PrintRecord(root.get("period", ""), root.get("form", ""), printed, root.get("style", ""))


def write_record(package: Any, record: PrintRecord) -> None:
    """Put the record into a document in place of the one it has."""
    main = package.main_document_part
    relation = _relation(package)
    if relation:
        del main.rels[relation]
    said = {"period": record.period, "form": record.form} | ({"style": record.style} if record.style else {})
    root = etree.Element(f"{{{_SPACE}}}report", said, {"rc": _SPACE})
    for number, printed in sorted(record.printed.items()):
        node = etree.SubElement(
            root, f"{{{_SPACE}}}control", n=str(number), tag=printed.tag, kind=printed.kind
        )
        node.text = printed.text
    item = Part(package.next_partname("/customXml/item%d.xml"), CT.XML, _xml(root), package)
    name = PackURI(item.partname.replace("item", "itemProps"))
    item.relate_to(Part(name, _PROPERTIES, _properties(), package), RT.CUSTOM_XML_PROPS)
    main.relate_to(item, RT.CUSTOM_XML)


def _relation(package: Any) -> str | None:
    for name, rel in package.main_document_part.rels.items():
        if rel.reltype == RT.CUSTOM_XML and not rel.is_external and _SPACE.encode() in rel.target_part.blob:
            return str(name)
    return None


def _properties() -> bytes:
    root = etree.Element(
        f"{{{_ITEM_SPACE}}}datastoreItem", {f"{{{_ITEM_SPACE}}}itemID": _ITEM}, {"ds": _ITEM_SPACE}
    )
    schemas = etree.SubElement(root, f"{{{_ITEM_SPACE}}}schemaRefs")
    etree.SubElement(schemas, f"{{{_ITEM_SPACE}}}schemaRef", {f"{{{_ITEM_SPACE}}}uri": _SPACE})
    return _xml(root)


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
