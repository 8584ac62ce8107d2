"""Small Word documents for tests, written and read with zipfile and lxml."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Container, Mapping
from typing import Any

from lxml import etree

from reportctl.core import language
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Table
from reportctl.word import controls
from reportctl.word.content import Chart, Content, Series
from reportctl.word.fill import Control, DocumentFacts, FilledDocument, fill
from reportctl.word.package import open_document
from reportctl.word.record import read_record
from reportctl.word.regions import Scope
from tests.making.machine import TEMPLATES

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{SPACE}}}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
FACTS = DocumentFacts("2024-Q1", "f00d", dt.datetime(2024, 3, 25, 8, 30))
SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="567" w:footer="567"'
    ' w:gutter="0"/></w:sectPr>'
)

STOCK = (TEMPLATES / "report-party.docx").read_bytes()


def docx(body: str, header: str = "", styles: str = "", main: str = f"{TYPES}.document.main+xml") -> bytes:
    """A Word document of this body, with a header and styles where they are given."""
    parts = {"word/document.xml": (main, f"<w:document %s><w:body>{body}</w:body></w:document>")}
    relations = ""
    more = (("header1", "header", "hdr", header), ("styles", "styles", "styles", styles))
    for name, kind, root, inner in more:
        if inner:
            parts[f"word/{name}.xml"] = (f"{TYPES}.{kind}+xml", f"<w:{root} %s>{inner}</w:{root}>")
            relations += f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{name}.xml"/>'
    rels = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    types = rels + "".join(
        f'<Override PartName="/{n}" ContentType="{kind}"/>' for n, (kind, _) in parts.items()
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    first = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">{first}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}'
        "</Relationships>",
        **{name: text % f'xmlns:w="{SPACE}" xmlns:r="{OFFICE}"' for name, (_, text) in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def run(text: str, look: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*inner: str, look: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{look}</w:pPr>' if look else ''}{''.join(inner)}</w:p>"


def tagged(*tags: str) -> bytes:
    """A document with a paragraph for each of the tags."""
    return docx("".join(p(run(f"{{{{{tag}}}}}")) for tag in tags))


def sdt(tag: str, content: str, more: str = "") -> str:
    properties = f'<w:sdtPr><w:tag w:val="{tag}"/>{more}</w:sdtPr>'
    return f"<w:sdt>{properties}<w:sdtContent>{content}</w:sdtContent></w:sdt>"


def inline(tag: str, look: str = "") -> str:
    return sdt(tag, run("[?]", look), "<w:text/>")


def block(tag: str, look: str = "", text_look: str = "") -> str:
    return sdt(tag, p(run("[?]", text_look), look=look))


def parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(document: bytes, part: str = "word/document.xml") -> Any:
    return etree.fromstring(parts(document)[part])


def said(node: Any) -> str:
    return "".join(text.text or "" for text in node.iter(f"{W}t"))


def lines(node: Any) -> list[str]:
    return [said(paragraph) for paragraph in node.iter(f"{W}p")]


def control(root: Any, tag: str) -> Any:
    found = [node for node in root.iter(f"{W}sdt") if value(node, f"{W}sdtPr/{W}tag") == tag]
    assert len(found) == 1, f"{len(found)} controls {tag}"
    return found[0]


def value(node: Any, path: str) -> str | None:
    found = node.find(path)
    return None if found is None else found.get(f"{W}val")


def names(node: Any, path: str) -> list[str]:
    return [etree.QName(child).localname for child in node.find(path)]


def marks(root: Any) -> list[str]:
    return [mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")]


# What stands on a condition is there.
ALL = Scope(lambda _sign, _name: ("",), lambda tag, _region, _key: tag)


def filled(
    template: bytes,
    contents: Mapping[str, Content],
    facts: DocumentFacts = FACTS,
    keep: Container[str] = (),
    **more: Any,
) -> FilledDocument:
    """The document filled in Vietnamese, as offices have it."""
    with language.speaking("vi"):
        return fill(template, contents, facts, keep, **more)


def one(content: Content, look: str = "", text_look: str = "") -> Any:
    """The control of a document that holds this content alone."""
    template = docx(block("x", look, text_look) + SECTION)
    return control(body(filled(template, {"x": content}).document), "x")


def changed_text(document: bytes, old: str, new: str) -> bytes:
    """The same package, `old` replaced in the text of its word/document.xml."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts(document).items():
            xml = data.decode().replace(old, new).encode() if name == "word/document.xml" else data
            archive.writestr(name, xml)
    return buffer.getvalue()


def edited(document: bytes, how: Any) -> bytes:
    """The document after `how` has changed the tree of its body and that of its header."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts(document).items():
            if name in ("word/document.xml", "word/header1.xml"):
                root = etree.fromstring(data)
                how(root)
                data = etree.tostring(root)
            archive.writestr(name, data)
    return buffer.getvalue()


TABLE = Table(
    "province",
    "Biểu tổng hợp",
    (
        Column("n", "STT", width=0.5),
        Column("label", "Chỉ tiêu", width=5),
        Column("value", "Quý này", CellFormat.FIGURE, 1.5),
        Column("change", "So sánh", CellFormat.CHANGE, 1.5),
    ),
    (
        Row(("I", "Chỉ đạo, định hướng công tác", None, None), Role.SECTION),
        Row(("1", "Văn bản đã ban hành trong kỳ", 1234, 0.125)),
        Row(("", "Trong đó: cấp huyện", None, NOT_APPLICABLE), Role.PART),
        Row(("2", "Tỷ lệ đơn vị có kế hoạch", 0.5, -0.05), kind=CellFormat.PERCENT),
        Row(("", "Tổng cộng", 9999999, None), Role.TOTAL),
    ),
    ("(*) Số ước.",),
)

CHART = Chart(
    "press", "Tin, bài", ("Báo in", "Báo nói"), (Series("Quý này", (12, 30)),), description="Biểu đồ cột"
)


def list_controls(document: bytes) -> tuple[Control, ...]:
    """The controls of a document in their order, with their present text and the text last printed.

    Raises `ReportctlError` where it is no Word document.
    """
    file = open_document(document)
    places = controls.find(file.stories(), read_record(file.package).printed)
    return tuple(
        Control(place.tag, controls.text(place), place.printed.text if place.printed else None)
        for place in places
    )


def without_row(document: bytes, words: str) -> bytes:
    """The document without the row of a table that has these words."""

    def without(root: Any) -> None:
        for row in list(root.iter(f"{W}tr")):
            if words in said(row):
                row.getparent().remove(row)

    return edited(document, without)
