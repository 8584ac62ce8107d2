"""The package that an Excel workbook is: its parts, what they are, how they lead to one another.

What is not changed is written as it came, byte for byte (ECMA-376, part 2: Open Packaging Conventions).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from xml.etree.ElementTree import ParseError

from lxml import etree

from reportctl.core.relationships import Relationship, read_relationships, relationships_part

Element = etree._Element

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_RELATIONS = f"{{{_PACKAGE}relationships}}"
_TYPES = f"{{{_PACKAGE}content-types}}"
_NO_RELATIONSHIPS = f'<Relationships xmlns="{_PACKAGE}relationships"/>'.encode()
_TYPES_PART = "[content_types].xml"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PINNED = (1980, 1, 1, 0, 0, 0)
XML_LIMIT = 32 * 2**20  # bytes of a part that is taken apart
# What a package that is damaged makes of an edit.
DAMAGE = (zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, IndexError, UnicodeError)


class NotEditableError(Exception):
    """A workbook whose package cannot be changed without harm."""


def parse(content: bytes) -> Element:
    """The root of an XML part. Raises `NotEditableError`."""
    if len(content) > XML_LIMIT:
        raise NotEditableError
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotEditableError from error


def serialised(root: Element) -> bytes:
    """An XML part as it is written."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def legal(text: str) -> str:
    """A text without the signs that XML cannot hold."""
    return _ILLEGAL.sub("", text)


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class Package:
    """The parts of a workbook; names are compared in small letters, as the format has it."""

    def __init__(self, data: bytes) -> None:
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._parts: dict[str, bytes] = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    name = info.filename.replace("\\", "/").lstrip("/").lower()
                    self._infos[name] = info
                    self._parts[name] = archive.read(info)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def __getitem__(self, name: str) -> bytes:
        try:
            return self._parts[name.lower()]
        except KeyError as error:
            raise NotEditableError from error

    def put(self, name: str, content: bytes) -> None:
        """Replace the part `name`, or add it."""
        self._infos.setdefault(name.lower(), zipfile.ZipInfo(name, _PINNED))
        self._parts[name.lower()] = content

    def new(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part named by `pattern`, which may have a place for a number; gives its name."""
        name = next(
            (name for n in range(1, len(self._parts) + 2) if (name := pattern.format(n)) not in self), pattern
        )
        self.put(name, content)
        root = parse(self[_TYPES_PART])
        etree.SubElement(root, f"{_TYPES}Override", PartName=f"/{name}", ContentType=content_type)
        self.put(_TYPES_PART, serialised(root))
        return name

    def drop(self, name: str) -> None:
        """Take the part `name` out, with its relationships and its content type."""
        for gone in (name, relationships_part(name)):
            self._parts.pop(gone.lower(), None)
            self._infos.pop(gone.lower(), None)
        root = parse(self[_TYPES_PART])
        for override in root.findall(f"{_TYPES}Override"):
            if override.get("PartName", "").lstrip("/").lower() == name.lower():
                root.remove(override)
        self.put(_TYPES_PART, serialised(root))

    def default_type(self, extension: str, content_type: str) -> None:
        """Say what parts with that extension are, where it is not said."""
        root = parse(self[_TYPES_PART])
        if all(one.get("Extension", "").lower() != extension for one in root.iterfind(f"{_TYPES}Default")):
            default = root.makeelement(f"{_TYPES}Default", Extension=extension, ContentType=content_type)
            root.insert(0, default)
            self.put(_TYPES_PART, serialised(root))

    def no_template(self) -> None:
        """Make a workbook of a template for workbooks (.xltx, .xltm)."""
        content = self[_TYPES_PART]
        for kind in (b".template.main+xml", b".template.macroEnabled.main+xml"):
            content = content.replace(kind, kind.replace(b".template.", b".sheet."))
        self.put(_TYPES_PART, content)

    def relations(self, part: str) -> list[Relationship]:
        """Where `part` leads inside the package, parts named as it writes them; an empty name stands for the
        package itself."""
        name = relationships_part(part)
        try:
            found = read_relationships(self[name], part) if name in self else ()
        except ParseError as error:
            raise NotEditableError from error
        names = {key: info.filename.replace("\\", "/").lstrip("/") for key, info in self._infos.items()}
        return [one._replace(part=names.get(one.part, one.part)) for one in found]

    def related(self, part: str, kind: str) -> str | None:
        """The part that `part` leads to by a relationship of that kind."""
        return next((one.part for one in self.relations(part) if one.kind == kind), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Lead from `part` to `target`; gives the new relationship's id."""
        name = relationships_part(part)
        root = parse(
            self[name] if name in self else f'<Relationships xmlns="{_PACKAGE}relationships"/>'.encode()
        )
        taken = {one.get("Id") for one in root}
        number = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        path = posixpath.relpath(target, posixpath.dirname(part) or ".")
        etree.SubElement(
            root, f"{_RELATIONS}Relationship", Id=number, Type=f"{RELATIONSHIPS}/{kind}", Target=path
        )
        self.put(name, serialised(root))
        return number

    def unrelate(self, part: str, number: str) -> None:
        """Take a relationship of `part` away."""
        root = parse(self[relationships_part(part)])
        for one in root:
            if one.get("Id") == number:
                root.remove(one)
        self.put(relationships_part(part), serialised(root))

    def write(self) -> bytes:
        """The package as a file."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self._parts.items():
                info = zipfile.ZipInfo(self._infos[name].filename, self._infos[name].date_time)
                archive.writestr(info, part, zipfile.ZIP_DEFLATED)
        return content.getvalue()
