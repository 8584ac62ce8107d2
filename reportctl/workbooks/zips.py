"""The files in a .zip archive as inputs of their own: which there are, what they are called, their bytes.

Nothing is unpacked to the disk, so a name in an archive, whatever it says, is only a name.
"""

from __future__ import annotations

import lzma
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from reportctl.core.files import patiently
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase

MEGABYTE = 2**20
FILE_LIMIT = 20 * MEGABYTE  # of a workbook that is read
MEMBERS_LIMIT = 5_000
PART_LIMIT = 100 * MEGABYTE
UNPACKED_LIMIT = 200 * MEGABYTE
_ENTRIES_LIMIT = 4 * MEMBERS_LIMIT  # of the directory, where folders have entries as well
_DIRECTORY_LIMIT = 8 * MEGABYTE

# What reading a damaged archive may raise.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)


class RefusedError(Exception):
    """Why something in an archive is not read, as a finding."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.finding: Finding = finding(code, **details)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: the `key` it has there, its `name` for people, folders and all, and its `size` in
    bytes as the archive says, of which no more is unpacked."""

    key: str
    name: str
    size: int = field(default=0, compare=False)


_END, _END_SIZE = b"PK\5\6", 22


def members(path: Path) -> list[Member]:
    """The files in the archive `path`, by name.

    There are none where it is no archive of files (a workbook is one, too), is damaged, or too large:
    then it is to be read as one file, and `safety` says why.
    """
    try:
        if not path.is_file():
            return []
        with patiently(lambda: path.open("rb"), path) as handle:
            if not has_small_directory(handle):
                return []
            with zipfile.ZipFile(handle) as archive:
                document = any(part_name(entry) in _OF_DOCUMENTS for entry in archive.infolist())
                if document or refusal(archive):
                    return []
                found = [
                    Member(entry.filename, shown_name(entry), entry.file_size) for entry in _files(archive)
                ]
    except DAMAGE:
        return []
    return sorted(found, key=lambda member: (member.name, member.key))


def has_small_directory(handle: BinaryIO) -> bool:
    """Whether the file is an archive whose directory may be read outside the processes that may die.

    Raises `OSError`, or `struct.error` where it is damaged.
    """
    size = handle.seek(0, 2)
    handle.seek(max(0, size - _END_SIZE - 0xFFFF))
    tail = handle.read()
    at = tail.rfind(_END)
    if at < 0:
        return False
    entries, directory = map(int, struct.unpack_from("<HI", tail, at + 10))
    return entries <= _ENTRIES_LIMIT and directory <= _DIRECTORY_LIMIT


def read_member(path: Path, key: str) -> bytes:
    """The bytes of one member. Raises `OSError` where the archive cannot be opened, else `RefusedError`."""
    with patiently(lambda: path.open("rb"), path) as handle:
        try:
            with zipfile.ZipFile(handle) as archive:
                return read_entry(archive, archive.getinfo(key), UNPACKED_LIMIT)
        except (*DAMAGE, KeyError) as error:
            raise RefusedError("truncated") from error


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """One entry, at most `left` bytes, counted while it is unpacked: what its header says is not believed.

    Raises `RefusedError`, or one of `DAMAGE`.
    """
    if entry.flag_bits & 1:
        raise RefusedError("encrypted")
    with archive.open(entry) as stream:
        content = stream.read(min(PART_LIMIT, left) + 1)
    if len(content) > PART_LIMIT:
        raise too_large("part", len(content), PART_LIMIT)
    if len(content) > left:
        raise too_large("unpacked", UNPACKED_LIMIT + 1, UNPACKED_LIMIT)
    return content


_MEASURED = {
    "size": Phrase("dung lượng tệp", "the size of the file"),
    "parts": Phrase("số thành phần trong tệp", "the number of parts"),
    "part": Phrase("dung lượng một thành phần khi giải nén", "the size of a part when unpacked"),
    "unpacked": Phrase("dung lượng khi giải nén", "the size when unpacked"),
}


def too_large(what: str, size: int, limit: int) -> RefusedError:
    """That `what`, a key of the measured things, is larger than is read."""
    if what == "parts":
        return RefusedError("too_large", what=_MEASURED[what], size=str(size), limit=str(limit))
    said = f"{size / MEGABYTE:.0f} MB" if what == "size" else f"> {limit / MEGABYTE:.0f} MB"
    return RefusedError("too_large", what=_MEASURED[what], size=said, limit=f"{limit / MEGABYTE:.0f} MB")


# Which archives are looked into

_OF_DOCUMENTS = {"[content_types].xml", "mimetype", "meta-inf/manifest.xml", "index/document.iwa"}


def part_name(entry: zipfile.ZipInfo) -> str:
    """The name of a document's part, in small letters."""
    return entry.filename.replace("\\", "/").lstrip("/").lower()


def refusal(archive: zipfile.ZipFile) -> Phrase | None:
    """Why the files in the archive are not taken one by one; None where they are."""
    files = _files(archive)
    if not files:
        return Phrase("trong đó không có tệp nào", "there is no file in it")
    if len(files) > MEMBERS_LIMIT:
        return Phrase("trong đó có hơn 5.000 tệp", "there are more than 5,000 files in it")
    if sum(entry.file_size for entry in files) > UNPACKED_LIMIT:
        return Phrase("giải nén ra hơn 200 MB", "it unpacks to more than 200 MB")
    if len({entry.filename for entry in files}) < len(files):
        return Phrase("trong đó có hai tệp cùng tên", "two files in it have the same name")
    return None


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files that people put there: without folders, lock files and what systems add."""
    return [
        entry
        for entry in archive.infolist()
        if not entry.filename.endswith(("/", "\\")) and not any(map(is_litter, _folders_and_name(entry)))
    ]


# Of Windows, of macOS, of the storage boxes of an office network.
_SYSTEM = {"thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information"}
_SYSTEM |= {"__macosx", "@eadir", "#recycle"}


def is_litter(name: str) -> bool:
    """Whether a file or folder of that name is a lock file, hidden, or the system's own."""
    return name.startswith(("~$", ".")) or name.lower() in _SYSTEM


# Names

_UTF8 = 0x800
_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
_VIETNAMESE = frozenset("đĐ" + _MARKS)  # beyond ASCII, of letters taken apart


def shown_name(entry: zipfile.ZipInfo) -> str:
    """The name of a member as people read it, its folders before it."""
    return "/".join(_folders_and_name(entry)) or "_"


def readable(name: str) -> str:
    """A file's name with `_` for what cannot be shown: control characters, marks, bytes of no letter."""
    return name if name.isprintable() else "".join(sign if sign.isprintable() else "_" for sign in name)


def _folders_and_name(entry: zipfile.ZipInfo) -> list[str]:
    """The parts of a member's name.

    One without a mark of its encoding was decoded as cp437, as the format's first version wants it. It is
    UTF-8, or Windows-1258 where that gives Vietnamese: Windows writes names in the code page of its language.
    """
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        for encoding in ("utf-8", "cp1258"):
            try:
                decoded = name.encode("cp437").decode(encoding)
            except UnicodeError:
                continue
            letters = unicodedata.normalize("NFD", decoded)
            if encoding == "utf-8" or all(sign in _VIETNAMESE for sign in letters if ord(sign) > 127):
                name = decoded
                break
    plain = readable(unicodedata.normalize("NFC", name))
    return [part for part in plain.replace("\\", "/").split("/") if part not in ("", ".", "..")]
