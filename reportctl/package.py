"""Is this file safe and sane to open: what it is, whether it is whole, before any parser sees it."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportctl.findings import Finding, finding
from reportctl.language import Phrase

MEGABYTE = 2**20
FILE_LIMIT = 20 * MEGABYTE
PARTS_LIMIT = 2_000
PART_LIMIT = 100 * MEGABYTE
UNPACKED_LIMIT = 200 * MEGABYTE

# The types that are read, with the extensions people give them.
READ = {"xlsx": (".xlsx", ".xltx"), "xlsm": (".xlsm", ".xltm")}
# Types that may hold the answers but are not read.
_OTHER_WORKBOOKS = {
    "xls": Phrase("tệp Excel 97-2003 (.xls)", "an Excel 97-2003 workbook (.xls)"),
    "ods": Phrase("bảng tính OpenDocument (.ods)", "an OpenDocument spreadsheet (.ods)"),
    "xlsb": Phrase("tệp Excel nhị phân (.xlsb)", "a binary Excel workbook (.xlsb)"),
    "xml": Phrase("tệp Excel dạng XML", "an Excel XML spreadsheet"),
    "html": Phrase("trang web có đuôi tên của Excel", "a web page with an Excel name"),
    "csv": Phrase("tệp CSV", "a CSV file"),
}
_OTHER_THINGS = {
    "pdf": Phrase("tệp PDF", "a PDF file"),
    "jpeg": Phrase("ảnh JPEG", "a JPEG picture"),
    "png": Phrase("ảnh PNG", "a PNG picture"),
    "gif": Phrase("ảnh GIF", "a GIF picture"),
    "bmp": Phrase("ảnh BMP", "a BMP picture"),
    "webp": Phrase("ảnh WebP", "a WebP picture"),
    "tiff": Phrase("ảnh TIFF", "a TIFF picture"),
    "heic": Phrase("ảnh HEIC", "a HEIC picture"),
    "video": Phrase("tệp video", "a video"),
    "docx": Phrase("văn bản Word", "a Word document"),
    "pptx": Phrase("bản trình chiếu", "a presentation"),
    "odt": Phrase("văn bản OpenDocument", "an OpenDocument text"),
    "rtf": Phrase("văn bản RTF", "an RTF document"),
    "rar": Phrase("tệp nén RAR", "a RAR archive"),
    "7z": Phrase("tệp nén 7z", "a 7z archive"),
    "gz": Phrase("tệp nén gzip", "a gzip archive"),
    "msg": Phrase("thư điện tử", "an e-mail"),
    "txt": Phrase("tệp chữ", "a text file"),
    "web": Phrase("trang web", "a web page"),
}
_WORDS = {
    "xlsx": Phrase("bảng tính Excel (.xlsx)", "an Excel workbook (.xlsx)"),
    "xlsm": Phrase("bảng tính Excel có macro (.xlsm)", "an Excel workbook with macros (.xlsm)"),
}
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is by its content: its type (empty where unknown) and what is to be said of it.

    `parts` are the unpacked XML parts of an Office Open XML workbook by their names in small letters; there
    are none where the file is not to be opened.
    """

    file_type: str
    findings: tuple[Finding, ...] = ()
    parts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def ignored(self) -> bool:
        """Whether it is no workbook at all, so that nothing is expected of it."""
        return self.file_type in _OTHER_THINGS


class _RefusedError(Exception):
    """Why a package is not opened, as a finding."""

    def __init__(self, code: str, **details: Any) -> None:
        self.finding = finding(code, **details)


def inspect(data: bytes, name: str, size: int | None = None) -> Inspected:
    """What the file `name` with the content `data` is, and whether it can be opened.

    `size` is the file's size in bytes where `data` is only its beginning.
    """
    size = len(data) if size is None else size
    name = name.lower()
    if not size:
        return Inspected("", (finding("empty_file"),))
    if not data.startswith(_ZIP):
        return _not_read(_by_signature(data) or _by_compound_file(data, name) or _by_text(data, name), data)
    try:
        if size > len(data):
            raise _too_large("size", size, FILE_LIMIT)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            file_type = _by_zip(archive)
            if file_type not in READ:
                return _not_read(file_type, data)
            if size > FILE_LIMIT:
                raise _too_large("size", size, FILE_LIMIT)
            return Inspected(file_type, _extension(name, file_type), _unpack(archive))
    except _RefusedError as refusal:
        return Inspected("", (refusal.finding,))
    except _DAMAGE:
        return Inspected("", (finding("truncated"),))


def _not_read(file_type: str, data: bytes) -> Inspected:
    if file_type in _OTHER_WORKBOOKS:
        found = finding("format_not_read", file_type=_OTHER_WORKBOOKS[file_type])
    elif file_type in _OTHER_THINGS:
        found = finding("also_received", file_type=_OTHER_THINGS[file_type])
    elif file_type == "encrypted":
        found = finding("encrypted")
    elif not data.strip(b"\0"):
        found = finding("truncated")  # what a broken copy leaves behind
    else:
        found = finding("not_a_workbook")
    return Inspected(file_type, (found,))


def _extension(name: str, file_type: str) -> tuple[Finding, ...]:
    if name.endswith(READ[file_type]):
        return ()
    extension = name[name.rfind(".") :] if "." in name else "-"
    return (finding("wrong_extension", extension=extension, file_type=_WORDS[file_type]),)


# Types by content

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n", "png"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"{\\rtf", "rtf"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif")


def _by_signature(data: bytes) -> str:
    for signature, file_type in _SIGNATURES:
        if data.startswith(signature):
            return file_type
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "bmp"
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in _HEIC_BRANDS else "video"
    return "pdf" if b"%PDF-" in data[:1024] else ""


# The streams of compound files (.xls, .doc, …) that tell what they are.
_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "docx"),
    ("PowerPoint Document", "pptx"),
    ("__properties_version1.0", "msg"),
)


def _by_compound_file(data: bytes, name: str) -> str:
    """The type of an OLE2 compound file, by the first telling stream of its directory ([MS-CFB] 2.6)."""
    if not data.startswith(_COMPOUND) or len(data) < 512:
        return ""
    sector_shift, first = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 48)[0]
    directory = data[(first + 1) << min(sector_shift, 12) :]
    found = []
    for stream, file_type in _STREAMS:
        at = directory.find(f"{stream}\0".encode("utf-16-le"))
        if at >= 0 and at % 128 == 0:
            found.append((at, file_type))
    file_type = min(found)[1] if found else ""
    if file_type == "encrypted" and name.endswith((".docx", ".pptx")):
        return name[-4:]
    return file_type


def _by_text(data: bytes, name: str) -> str:
    """The type of a file of plain text; empty where it is none."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    if any(sign < 32 and sign not in b"\t\n\f\r" for sign in head):
        return ""
    head = head.lower()
    named_workbook = name.endswith(_WORKBOOK_NAMES)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "xml"
    if b"<html" in head or b"<table" in head:
        return "html" if named_workbook else "web"
    if name.endswith(".csv"):
        return "csv"
    if named_workbook:
        return ""
    return "msg" if name.endswith(".eml") else "txt"


# Markers in [Content_Types].xml, in small letters.
_CONTENT_TYPES = (
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"spreadsheetml.template.main+xml", "xlsx"),
    (b"ms-excel.sheet.macroenabled.main+xml", "xlsm"),
    (b"ms-excel.template.macroenabled.main+xml", "xlsm"),
    (b"ms-excel.sheet.binary.macroenabled.main", "xlsb"),
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"ms-word.document.macroenabled.main+xml", "docx"),
    (b"presentationml.presentation.main+xml", "pptx"),
    (b"presentationml.slideshow.main+xml", "pptx"),
)
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.presentation", "pptx"),
)


def _by_zip(archive: zipfile.ZipFile) -> str:
    entries = {_part_name(entry): entry for entry in archive.infolist()}
    for part, markers in (("[content_types].xml", _CONTENT_TYPES), ("mimetype", _MIMETYPES)):
        if part in entries:
            said = _read_part(archive, entries[part], PART_LIMIT).lower()
            for marker, file_type in markers:
                if marker in said:
                    return file_type
    return ""


# Unpacking

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
_XML = (".xml", ".rels", ".vml")


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML parts of the package; every part is unpacked, so that its checksum is checked."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > PARTS_LIMIT:
        raise _too_large("parts", len(entries), PARTS_LIMIT)
    parts: dict[str, bytes] = {}
    names: set[str] = set()
    left = UNPACKED_LIMIT
    for entry in entries:
        name = _part_name(entry)
        if name in names:
            raise zipfile.BadZipFile(name)
        names.add(name)
        content = _read_part(archive, entry, left)
        left -= len(content)
        if name.endswith(_XML):
            _refuse_entities(content)
            parts[name] = content
    return parts


def _part_name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/").lstrip("/").lower()


def _read_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """One part, counted while it is unpacked: what its header says of its size is not believed."""
    if entry.flag_bits & 1:
        raise _RefusedError("encrypted")
    with archive.open(entry) as stream:
        content = stream.read(min(PART_LIMIT, left) + 1)
    if len(content) > PART_LIMIT:
        raise _too_large("part", len(content), PART_LIMIT)
    if len(content) > left:
        raise _too_large("unpacked", UNPACKED_LIMIT + 1, UNPACKED_LIMIT)
    return content


def _refuse_entities(content: bytes) -> None:
    text = content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:64]:
        text = content.decode("utf-16").encode()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise _RefusedError("unsafe", what="DOCTYPE")


_MEASURED = {
    "size": Phrase("dung lượng tệp", "the size of the file"),
    "parts": Phrase("số thành phần trong tệp", "the number of parts"),
    "part": Phrase("dung lượng một thành phần khi giải nén", "the size of a part when unpacked"),
    "unpacked": Phrase("dung lượng khi giải nén", "the size when unpacked"),
}


def _too_large(what: str, size: int, limit: int) -> _RefusedError:
    if what == "parts":
        return _RefusedError("too_large", what=_MEASURED[what], size=str(size), limit=str(limit))
    said = f"{size / MEGABYTE:.0f} MB" if what == "size" else f"> {limit / MEGABYTE:.0f} MB"
    return _RefusedError("too_large", what=_MEASURED[what], size=said, limit=f"{limit / MEGABYTE:.0f} MB")
