"""Word documents as other people and programs make them: more parts, text boxes, controls of their own."""

from __future__ import annotations

import io
import zipfile

from tests.making.word_documents import OFFICE, SPACE, TYPES, p, parts

_PARTS = {
    "footnotes": ("footnotes", f"{TYPES}.footnotes+xml", "footnote"),
    "endnotes": ("endnotes", f"{TYPES}.endnotes+xml", "endnote"),
    "comments": ("comments", f"{TYPES}.comments+xml", "comment"),
}
_DIAGRAM = "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def zipped(files: dict[str, bytes]) -> bytes:
    """A package of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def replaced(document: bytes, part: str, old: str, new: str) -> bytes:
    """The same package, `old` replaced in one part, in which it stands."""
    files = parts(document)
    assert old in files[part].decode()
    return zipped(files | {part: files[part].decode().replace(old, new).encode()})


def with_part(document: bytes, name: str, content_type: str, relation: str, xml: str) -> bytes:
    """The package with one more part, which the body relates to as `relation`."""
    rels, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    document = zipped(parts(document) | {f"word/{name}": xml.encode()})
    end = "</Relationships>"
    link = f'<Relationship Id="x{len(parts(document))}" Type="{relation}" Target="{name}"/>'
    document = replaced(document, rels, end, link + end)
    override = f'<Override PartName="/word/{name}" ContentType="{content_type}"/></Types>'
    return replaced(document, types, "</Types>", override)


def with_notes(document: bytes, kind: str, *inner: str) -> bytes:
    """The package with "footnotes", "endnotes" or "comments" of these paragraphs, a note each."""
    relation, content_type, note = _PARTS[kind]
    notes = "".join(f'<w:{note} w:id="{number}">{each}</w:{note}>' for number, each in enumerate(inner, 1))
    xml = f'<w:{kind} xmlns:w="{SPACE}">{notes}</w:{kind}>'
    return with_part(document, f"{kind}.xml", content_type, f"{OFFICE}/{relation}", xml)


def with_smart_art(document: bytes, text: str) -> bytes:
    """The package with SmartArt that says `text`, in two runs."""
    half = len(text) // 2
    runs = "".join(f"<a:r><a:t>{piece}</a:t></a:r>" for piece in (text[:half], text[half:]))
    xml = (
        f'<dgm:dataModel xmlns:dgm="{_DRAWING}/diagram" xmlns:a="{_DRAWING}/main"><dgm:ptLst><dgm:pt>'
        f"<dgm:t><a:p>{runs}</a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    return with_part(document, "diagrams/data1.xml", _DIAGRAM, f"{OFFICE}/diagramData", xml)


def text_box(*inner: str, width: int = 2880000) -> str:
    """A paragraph with a text box as Word writes one: the drawing, and the picture of older versions."""
    content = f"<w:txbxContent>{''.join(inner)}</w:txbxContent>"
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        f'xmlns:a="{_DRAWING}/main" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    drawing = (
        f'<w:drawing><wp:inline><wp:extent cx="{width}" cy="900000"/><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing>"
    )
    shape = f'<v:shape style="width:226.8pt;height:70pt"><v:textbox>{content}</v:textbox></v:shape>'
    old = f"<w:pict>{shape}</w:pict>"
    return p(
        f'<w:r><mc:AlternateContent {spaces}><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def foreign_control(content: str, properties: str = "") -> str:
    """A content control of somebody else."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
