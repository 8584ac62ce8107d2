"""What is typed once in a document and stands in several places: its number and its date.

Word binds the controls of such a tag to one element of a custom XML part: typed in one place, it stands in
all of them. LibreOffice 7.4 keeps part and bindings, and changes the one place that is typed in; it leaves
out the relation that says which part is meant, so that Word shows what stands in each place from then on. The
next filling puts all that right.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from reportctl.word.blocks import Element, el
from reportctl.word.controls import Occurrence

_KIND = "document."  # what the tags of such places begin with
_NAMESPACE = "urn:reportctl:document"
_ITEM = "{3E5B6F0C-41D7-4B52-9A6E-0C8D2F7A5E14}"  # the part's own name, the same in every document
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_PROPERTIES = (
    f'{_HEAD}<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"'
    f' ds:itemID="{_ITEM}"><ds:schemaRefs><ds:schemaRef ds:uri="{_NAMESPACE}"/></ds:schemaRefs>'
    "</ds:datastoreItem>"
)


def is_bound(tag: str) -> bool:
    """Whether what stands under a tag is typed once for all its places."""
    return tag.startswith(_KIND)


def binding(tag: str) -> Element | None:
    """What binds a control of this tag to its element (w:dataBinding); None where it stands for itself."""
    if not is_bound(tag):
        return None
    path = f"/d:document[1]/d:{tag.removeprefix(_KIND)}[1]"
    return el("dataBinding", prefixMappings=f'xmlns:d="{_NAMESPACE}"', xpath=path, storeItemID=_ITEM)


def typed(texts: Mapping[Occurrence, str], keep: Container[str]) -> dict[str, str]:
    """What people have typed, by tag, of the tags to `keep`: in the first of its places that differs from
    what was printed there. `texts` are the present texts of a document's places, in its order."""
    found: dict[str, str] = {}
    for place, text in texts.items():
        if not is_bound(place.tag) or place.tag not in keep or place.printed is None:
            continue
        if text != place.printed.text:
            found.setdefault(place.tag, text)
    unchanged = {
        place.tag: place.printed.text
        for place in texts
        if is_bound(place.tag) and place.tag in keep and place.printed is not None
    }
    return unchanged | found


def write_values(package: Any, values: Mapping[str, str]) -> None:
    """Put the `values`, by tag, into the part that the controls are bound to, in place of the one that the
    document has; none where there are none."""
    main = package.main_document_part
    for name, rel in list(main.rels.items()):
        ours = not rel.is_external and rel.reltype == RT.CUSTOM_XML
        if ours and _NAMESPACE.encode() in rel.target_part.blob:
            del main.rels[name]
    if not values:
        return
    inside = "".join(
        f"<{tag.removeprefix(_KIND)}>{escape(text)}</{tag.removeprefix(_KIND)}>"
        for tag, text in sorted(values.items())
    )
    xml = f'{_HEAD}<document xmlns="{_NAMESPACE}">{inside}</document>'.encode()
    item = Part(package.next_partname("/customXml/item%d.xml"), CT.XML, xml, package)
    named = PackURI(item.partname.replace("item", "itemProps"))
    item.relate_to(Part(named, _PROPERTIES_TYPE, _PROPERTIES.encode(), package), RT.CUSTOM_XML_PROPS)
    main.relate_to(item, RT.CUSTOM_XML)
