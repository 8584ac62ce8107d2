"""Is this file safe and sane to open: what it is, whether it is whole, before any parser sees it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.workbooks.parts import check_ods, check_xlsx, in_utf8, refuse_entities, refuse_unsound
from reportctl.workbooks.passwords import is_excels_own
from reportctl.workbooks.zips import (
    DAMAGE,
    FILE_LIMIT,
    PART_LIMIT,
    UNPACKED_LIMIT,
    RefusedError,
    has_small_directory,
    part_name,
    read_entry,
    refusal,
    too_large,
)

PARTS_LIMIT = 2_000

# The types that are read, with the extensions people give them.
READ = {
    "xlsx": (".xlsx", ".xltx"),
    "xlsm": (".xlsm", ".xltm"),
    "xls": (".xls", ".xlt"),
    "ods": (".ods", ".ots"),
}
_WORDS = {
    "xlsx": Phrase("bảng tính Excel (.xlsx)", "an Excel workbook (.xlsx)"),
    "xlsm": Phrase("bảng tính Excel có macro (.xlsm)", "an Excel workbook with macros (.xlsm)"),
    "xls": Phrase("bảng tính Excel 97-2003 (.xls)", "an Excel 97-2003 workbook (.xls)"),
    "ods": Phrase("bảng tính OpenDocument (.ods)", "an OpenDocument spreadsheet (.ods)"),
}
# Types that may hold the answers but are not read.
_OTHER_WORKBOOKS = {
    "xlsb": Phrase("tệp Excel nhị phân (.xlsb)", "a binary Excel workbook (.xlsb)"),
    "xml": Phrase("tệp Excel dạng XML", "an Excel XML spreadsheet"),
    "fods": Phrase("bảng tính OpenDocument dạng XML (.fods)", "a flat OpenDocument spreadsheet (.fods)"),
    "numbers": Phrase("bảng tính Numbers của Apple", "an Apple Numbers spreadsheet"),
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
    "archive": Phrase("tệp nén", "an archive"),
    "msg": Phrase("thư điện tử", "an e-mail"),
    "txt": Phrase("tệp chữ", "a text file"),
    "web": Phrase("trang web", "a web page"),
    "other": Phrase("tệp thuộc loại khác", "a file of another kind"),
}
_UNPACK = Phrase(
    "hãy giải nén rồi để các bảng tính bên trong vào thư mục",
    "unpack it and put the workbooks in it into the folder",
)
_SAVE_ATTACHED = Phrase(
    "hãy mở thư và lưu các tệp đính kèm vào thư mục",
    "open it and save what is attached to it into the folder",
)
# What may hold the workbook, with how to get it out.
_HOLDING_FILES = dict.fromkeys(("rar", "7z", "gz", "archive"), _UNPACK) | {"msg": _SAVE_ATTACHED}
_WORKBOOK_NAMES = (*(name for names in READ.values() for name in names), ".xlsb")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is by its content: its type (empty where unknown) and what is to be said of it.

    `parts` are the unpacked XML parts of an .xlsx, .xlsm or .ods by their names in small letters, in UTF-8.
    """

    file_type: str
    findings: tuple[Finding, ...] = ()
    parts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def readable(self) -> bool:
        """Whether it is a workbook that may be opened."""
        return self.file_type in READ

    @property
    def ignored(self) -> bool:
        """Whether it is no workbook at all, so that nothing is expected of it."""
        return self.file_type in _OTHER_THINGS


def inspect(data: bytes, name: str, size: int | None = None, whole: BinaryIO | None = None) -> Inspected:
    """What the file `name` with the content `data` is, and whether it can be opened.

    `size` is the file's size in bytes where `data` is only its beginning; a .zip archive of which there is no
    more is too large, unless the `whole` file can be looked into.
    """
    size = len(data) if size is None else size
    name = name.lower()
    if not size:
        return Inspected("", (finding("empty_file"),))
    parts: dict[str, bytes] = {}
    try:
        if data.startswith(_ZIP):
            if size > len(data) and (whole is None or not has_small_directory(whole)):
                raise too_large("size", size, FILE_LIMIT)
            with zipfile.ZipFile(whole or io.BytesIO(data)) as archive:
                file_type = _by_zip(archive, name)
                if file_type not in READ:
                    return _not_read(file_type, data, name, archive)
                if size > FILE_LIMIT:
                    raise too_large("size", size, FILE_LIMIT)
                parts = _unpack(archive, file_type)
            (check_ods if file_type == "ods" else check_xlsx)(parts)
        else:
            file_type = _by_signature(data) or _by_compound_file(data, name, size) or _by_text(data, name)
            if file_type not in READ:
                return _not_read(file_type, data, name)
            if size > FILE_LIMIT:
                raise too_large("size", size, FILE_LIMIT)
    except RefusedError as refused:
        return Inspected("", (refused.finding,))
    except DAMAGE:
        return Inspected("", (finding("truncated"),))
    if name.endswith(READ[file_type]):
        return Inspected(file_type, (), parts)
    extension = name[name.rfind(".") :] if "." in name else "-"
    wrong = finding("wrong_extension", extension=extension, file_type=_WORDS[file_type])
    return Inspected(file_type, (wrong,), parts)


def _not_read(file_type: str, data: bytes, name: str, archive: zipfile.ZipFile | None = None) -> Inspected:
    """What is said of a file that is not opened; `archive` is the .zip archive that it is."""
    if file_type in _OTHER_WORKBOOKS:
        found = finding("format_not_read", file_type=_OTHER_WORKBOOKS[file_type])
    elif file_type in _OTHER_THINGS:
        out: dict[str, Any] = {"suggestion": _HOLDING_FILES[file_type]} if file_type in _HOLDING_FILES else {}
        found = finding("also_received", file_type=_OTHER_THINGS[file_type], **out)
    elif file_type == "encrypted" and is_excels_own(data):
        found = finding("excel_password")
    elif file_type in ("encrypted", "old_excel"):
        found = finding(file_type)
    elif archive:
        reason = refusal(archive)
        if reason is None and ".zip/" in name:
            reason = Phrase("tệp nằm trong một tệp .zip khác", "it lies in another .zip archive")
        elif reason is None and not name.endswith(".zip"):
            reason = Phrase("tên tệp không có đuôi .zip", "its name does not end in .zip")
        elif reason is None:
            reason = Phrase("không liệt kê được các tệp bên trong", "the files in it cannot be listed")
        found = finding("zip_not_opened", reason=reason)
    elif not data.strip(b"\0"):
        found = finding("truncated")  # what a broken copy leaves behind
    else:
        found = finding("not_a_workbook")
    return Inspected(file_type, (found,))


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
    (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"MSCF", "archive"),
    (b"\x78\x9f\x3e\x22", "msg"),  # the winmail.dat of Outlook
    (b"{\\rtf", "rtf"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif")


# How the files of Excel 2, 3 and 4 begin, and later ones that other programs wrote without a container: a
# record, its length, a version, the kind of sheet ([MS-XLS] 2.4.21).
_OLD_EXCEL = re.compile(
    rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00..[\x05\x06\x10\x20\x40\x00][\x00\x01]", re.DOTALL
)


def _by_signature(data: bytes) -> str:
    for signature, file_type in _SIGNATURES:
        if data.startswith(signature):
            return file_type
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "bmp"
    if data[257:262] == b"ustar":
        return "archive"
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in _HEIC_BRANDS else "video"
    if _OLD_EXCEL.match(data):
        return "old_excel"
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


def _by_compound_file(data: bytes, name: str, size: int) -> str:
    """The type of an OLE2 compound file, by the first telling stream of its directory ([MS-CFB] 2.6)."""
    if not data.startswith(_COMPOUND):
        return ""
    sector_shift, first = struct.unpack("<H16xI", data[30:52].ljust(22, b"\xff"))
    start = (first + 1) << min(sector_shift, 12)
    if start >= size and name.endswith(_WORKBOOK_NAMES):
        raise RefusedError("truncated")
    directory = data[start:]
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
    """The type of a file of plain text, else what its name makes of it; empty where that is a workbook."""
    head = data[:16384]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    named_workbook = name.endswith(_WORKBOOK_NAMES)
    if any(sign < 32 and sign not in b"\t\n\f\r" for sign in head):
        return "" if named_workbook or "." not in name[-6:] or not data.strip(b"\0") else "other"
    head = head.lower()
    if name.endswith(".eml"):  # it may hold any of the following
        return "msg"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "xml"
    if b"application/vnd.oasis.opendocument.spreadsheet" in head:
        return "fods"
    if b"<html" in head or b"<table" in head or head.startswith(b"mime-version"):
        return "html" if named_workbook else "web"
    if name.endswith(".csv") or (named_workbook and _SEPARATORS.search(head)):
        return "csv"
    if named_workbook:
        return ""
    return "txt"


_SEPARATORS = re.compile(rb"\A[^\r\n]*[\t,;]")

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
_MANIFEST = "meta-inf/manifest.xml"
_TAG = re.compile(rb"<[^<>]*>")
_WHOLE = re.compile(rb"full-path=[\"']/[\"']")  # what a manifest says of the document itself


def _by_zip(archive: zipfile.ZipFile, name: str) -> str:
    """The type by what the package says of itself; empty where it is a mere archive of files."""
    entries = {part_name(entry): entry for entry in archive.infolist()}
    for part, markers in (
        ("mimetype", _MIMETYPES),
        ("[content_types].xml", _CONTENT_TYPES),
        (_MANIFEST, _MIMETYPES),
    ):
        if part in entries:
            said = read_entry(archive, entries[part], PART_LIMIT)
            said = (said if part == "mimetype" else in_utf8(part, said)).lower()
            if part == _MANIFEST:
                said = b"".join(tag for tag in _TAG.findall(said) if _WHOLE.search(tag))
            for marker, file_type in markers:
                if marker in said:
                    return file_type
    if "index/document.iwa" in entries:  # Apple's Numbers; Pages and Keynote have the same parts
        return "other" if name.endswith((".pages", ".key")) else "numbers"
    return ""


# Unpacking

_XML = (".xml", ".rels")
_OF_ODS = ("content.xml", "meta.xml", "styles.xml")


def _unpack(archive: zipfile.ZipFile, file_type: str) -> dict[str, bytes]:
    """The XML parts that are read, in UTF-8, by their names in small letters; all checksums are checked.

    Raises `RefusedError`, or one of `DAMAGE`.
    """
    if not all(entry.filename for entry in archive.infolist()):
        raise zipfile.BadZipFile  # a part without a name
    listed = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(listed) > PARTS_LIMIT:
        raise too_large("parts", len(listed), PARTS_LIMIT)
    entries = {part_name(entry): entry for entry in listed}
    if len(entries) < len(listed):
        raise RefusedError("unsafe", what=Phrase("hai thành phần cùng tên", "two parts of the same name"))
    manifest = entries.get(_MANIFEST) if file_type == "ods" else None
    if manifest and b"encryption-data" in read_entry(archive, manifest, PART_LIMIT):
        raise RefusedError("encrypted")
    parts: dict[str, bytes] = {}
    left = UNPACKED_LIMIT
    for name, entry in entries.items():
        content = read_entry(archive, entry, left)
        left -= len(content)
        if name.startswith("customxml/") or name.endswith(".vml"):  # may be anything, and nobody reads it
            refuse_entities(content.replace(b"\0", b""))
        elif name in _OF_ODS if file_type == "ods" else name.endswith(_XML):
            parts[name] = in_utf8(name, content)
            refuse_unsound(parts[name])
    return parts
