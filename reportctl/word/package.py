"""A Word file as a package of parts: opened wherever Word opens it, its stories, and its bytes again.

python-docx refuses what Word overlooks: a relationship that leads nowhere, a name in other letters than the
part's. Comments and processing instructions of XML, which Word overlooks too, are left out.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import OpcError
from docx.opc.part import PartFactory, XmlPart
from docx.package import Package
from lxml import etree

from reportctl.core.errors import ReportctlError
from reportctl.core.language import _

Story = Any  # a part that holds text: python-docx's part of a body, a header, a footer, or of notes

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_OLD_FORMAT = bytes.fromhex("d0cf11e0a1b11ae1")  # what .doc files and encrypted ones begin with
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_NOTES = (RT.FOOTNOTES, RT.ENDNOTES, RT.COMMENTS)
_BROKEN = (
    *(OpcError, zipfile.BadZipFile, zlib.error, etree.LxmlError, EOFError, RuntimeError),
    *(KeyError, ValueError, AttributeError, TypeError, IndexError),
)

# python-docx keeps parts it has no class for as bytes; these are read and written as XML like the others.
for _content_type in (CT.WML_FOOTNOTES, CT.WML_ENDNOTES):
    PartFactory.part_type_for.setdefault(_content_type, XmlPart)


@dataclass(frozen=True, slots=True)
class WordFile:
    """An opened Word file. `dangling` are the relationships that lead nowhere, as (name of the .rels part in
    small letters, id): they are written again as they were."""

    package: Any
    dangling: frozenset[tuple[str, str]] = frozenset()

    @property
    def main(self) -> Story:
        """The part that holds the body."""
        return self.package.main_document_part

    @property
    def body(self) -> Any:
        """The w:body."""
        return self.main.element[-1]

    def stories(self) -> list[Story]:
        """The body, then headers and footers, then footnotes, endnotes and comments, by name."""
        found: dict[str, Story] = {}
        for kinds in ((RT.HEADER, RT.FOOTER), _NOTES):
            parts = {part.partname: part for part in self._related(kinds) if hasattr(part, "element")}
            found |= {name: parts[name] for name in sorted(parts)}
        return [self.main, *found.values()]

    def notes(self) -> list[Story]:
        """The parts of footnotes, endnotes and comments."""
        return list(self._related(_NOTES))

    def _related(self, kinds: tuple[str, ...]) -> Iterator[Story]:
        for rel in self.main.rels.values():
            if rel.reltype in kinds and not rel.is_external:
                yield rel.target_part

    def saved(self) -> bytes:
        """The bytes, with fixed dates and order."""
        written, pinned = io.BytesIO(), io.BytesIO()
        self.package.save(written)
        with (
            zipfile.ZipFile(written) as source,
            zipfile.ZipFile(pinned, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
                entry = zipfile.ZipInfo(name, _ZIP_DATE)
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
                target.writestr(entry, self._as_it_was(name, source.read(name)))
        return pinned.getvalue()

    def _as_it_was(self, name: str, data: bytes) -> bytes:
        """A part's bytes; where it holds dangling relationships these are no longer said to be external."""
        ids = {number for part, number in self.dangling if part == name.lower()}
        if not ids:
            return data
        root = etree.fromstring(data)
        for node in root:
            if node.get("Id") in ids:
                node.attrib.pop("TargetMode", "")
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def open_document(document: bytes) -> WordFile:
    """The Word file of these bytes. Raises `ReportctlError` where it is none that can be filled."""
    _refuse_other_kinds(document)
    try:
        mended, dangling = _mended(document)
        package = Package.open(io.BytesIO(mended))
        main = package.main_document_part
        content_type = main.content_type
        for part in package.iter_parts():
            if isinstance(part, XmlPart):
                etree.strip_tags(part.element, etree.Comment, etree.ProcessingInstruction)
        whole = content_type != CT.WML_DOCUMENT_MAIN or main.element[-1].tag.endswith("}body")
    except _BROKEN as error:
        raise _not_word() from error
    if not whole:
        raise _not_word()
    if content_type != CT.WML_DOCUMENT_MAIN:
        raise ReportctlError(_("This is not a Word document of the type .docx. Save it in Word as .docx."))
    return WordFile(package, dangling)


def _not_word() -> ReportctlError:
    return ReportctlError(
        _("This is not a Word document that can be read. Open it in Word and save it as .docx.")
    )


def _refuse_other_kinds(document: bytes) -> None:
    """Raises `ReportctlError` for a file with a password and for a .doc file."""
    if not document.startswith(_OLD_FORMAT):
        return
    if _ENCRYPTED in document:
        raise ReportctlError(
            _(
                "This Word document is protected by a password and cannot be read. Open it in Word, take "
                "the password away (File, Info, Protect Document, Encrypt with Password) and save it."
            )
        )
    raise ReportctlError(
        _("This is a Word document of the old type .doc. Open it in Word and save it as .docx.")
    )


def _mended(document: bytes) -> tuple[bytes, frozenset[tuple[str, str]]]:
    """The package with every relationship leading to a part, or said to lead outside; which these are.

    Names are compared as Word does: whatever the case, the slash, the percent signs (ECMA-376 part 2, 6.2.2).
    """
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        entries = {_plain(name): archive.read(name) for name in archive.namelist() if name[-1] not in "/\\"}
        renamed = any(name not in entries for name in archive.namelist() if name[-1] not in "/\\")
    loose = {unquote(name).lower(): name for name in entries}
    types = loose.get("[content_types].xml", "[Content_Types].xml")
    if types != "[Content_Types].xml":
        entries["[Content_Types].xml"] = entries.pop(types)
        renamed = True
    dangling = set()
    changed = renamed
    for name in [name for name in entries if name.lower().endswith(".rels")]:
        root = etree.fromstring(entries[name], etree.XMLParser(resolve_entities=False, remove_comments=True))
        if name.lower() == "_rels/.rels" and _STRICT in entries[name]:
            raise ReportctlError(
                _(
                    "This document is saved as “Strict Open XML Document”, which cannot be filled. Open it "
                    "in Word, choose Save As, and take the type “Word Document (*.docx)”."
                )
            )
        of_this = False
        folder = posixpath.dirname(posixpath.dirname(name))
        for node in root.iterchildren("{*}Relationship"):
            if node.get("TargetMode") == "External":
                continue
            named = node.get("Target") or ""
            target = _plain(named, folder)
            if target in entries and "\\" not in named:
                continue
            of_this = True
            if found := loose.get(unquote(target).lower()):
                node.set("Target", f"/{found}")
            else:
                node.set("TargetMode", "External")
                node.set("Target", named)
                dangling.add((name.lower(), node.get("Id", "")))
        if of_this:
            entries[name] = etree.tostring(root)
            changed = True
    if not changed:
        return document, frozenset()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue(), frozenset(dangling)


def _plain(name: str, folder: str = "") -> str:
    """The name of a part in its package, from a zip's entry or a relationship's target in `folder`."""
    return posixpath.normpath(posixpath.join("/", folder, name.replace("\\", "/"))).lstrip("/")
