"""The XML parts of a workbook before any parser sees them: readable letters, whole, within a sheet's bounds.

Text is searched, not parsed, where a part may be large: this is done for every file.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from reportctl.core.cellrefs import cell_name, column_index
from reportctl.core.language import Phrase
from reportctl.workbooks.book import COLUMNS, ROWS
from reportctl.workbooks.workbook_part import read_workbook_part
from reportctl.workbooks.zips import RefusedError

MERGED_LIMIT = 1_000_000  # cells of all merged areas of a sheet: some readers keep every one of them
TEXT_LIMIT = 32_767  # characters of a cell, in Excel

# Encodings

_PIECE = 1 << 15  # bytes
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DECLARATION = re.compile(r"\A\ufeff?<\?xml\s[^>]*\?>")
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']""")
_TAKEN = re.compile(r"utf-(?:8|16(?:-[bl]e)?)|iso-8859-[0-9]{1,2}|windows-125[0-8]")


def in_utf8(part: str, content: bytes) -> bytes:
    """The XML `content` in UTF-8; `content` itself where it is. Raises `RefusedError`: it cannot be decoded.

    Workbooks are in UTF-8 or UTF-16 (ECMA-376, part 2, 8.1.4). A search in bytes is blind to anything but the
    former, so all else is converted, and parsers are given what was searched.
    """
    encoding = _encoding(content)
    try:
        if not _TAKEN.fullmatch(encoding):
            raise LookupError(encoding)
        if encoding != "utf-8":
            return _DECLARATION.sub("", content.decode(encoding)).encode()
        if not content.isascii():
            _decode(content)
    except (UnicodeError, LookupError) as error:
        raise RefusedError("undecodable", part=part, encoding=encoding.upper()) from error
    return content


def _decode(content: bytes) -> None:
    """Raises `UnicodeError` where `content` is not UTF-8.

    It is looked at by pieces: the whole text of a large part takes room, and twice the time.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _PIECE):
        decoder.decode(content[start : start + _PIECE])
    decoder.decode(b"", final=True)


def _encoding(content: bytes) -> str:
    """By the mark at the beginning, by the zeros that UTF-16 has beside ASCII, by what is declared."""
    if content.startswith(_UTF16_MARKS):
        return "utf-16"
    if b"\0" in content[:2]:
        return "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    declared = _DECLARED.match(content)
    name = declared[1].decode().lower() if declared else "utf-8"
    return "utf-8" if name in ("us-ascii", "utf8") else name


# Whole, and without a document type

_NAME = rb"<([^\s/>!?]+)"
_ASIDE = rb"\s*+(?><\?.*?\?>\s*+|<!--.*?-->\s*+)*+"  # what may stand round the outermost element
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?" + _ASIDE + _NAME, re.DOTALL)
_AFTER = re.compile(rb"\s*>" + _ASIDE + rb"\Z", re.DOTALL)


def refuse_unsound(content: bytes) -> None:
    """Raises `RefusedError` where UTF-8 `content` declares a document type, or is not one whole element.

    What a document type declares blows up or fetches files; of a part that is cut off readers take the rest.
    """
    root = _ROOT.match(content)
    if not root:
        refuse_entities(content)
        raise RefusedError("truncated")
    end = b"</" + root[1]
    at = content.rfind(end)
    whole = _AFTER.match(content, at + len(end)) if at >= 0 else content[-64:].rstrip().endswith(b"/>")
    if not whole:
        raise RefusedError("truncated")


def refuse_entities(content: bytes) -> None:
    """Raises `RefusedError` where `content` declares a document type or an entity, wherever it does."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise RefusedError("unsafe", what="DOCTYPE")


# What an Excel workbook lists


def check_xlsx(parts: Mapping[str, bytes]) -> None:
    """Raises `RefusedError` where the workbook lacks a part that it lists, or a sheet is beyond bounds."""
    try:
        workbook = read_workbook_part(parts)
    except ET.ParseError as error:
        raise RefusedError("truncated") from error
    if workbook is None:
        raise _missing(Phrase("chính bảng tính", "the workbook itself"))
    for sheet in workbook.worksheets:
        if sheet.part not in parts:
            raise _missing(Phrase(f"trang “{sheet.name}”", f"the sheet “{sheet.name}”"), sheet.name)
        xml = parts[sheet.part]
        after_cells = max(xml.rfind(b"sheetData"), 0)  # merged areas come later
        _check_cells(sheet.name, xml, after_cells)
        merged, end = 0, xml.find(b">", max(xml.rfind(b"mergeCell", after_cells), 0))
        for left, top, right, bottom in _MERGED.findall(xml, after_cells, end):
            columns = column_index(right.decode()) - column_index(left.decode()) + 1
            merged += abs(columns * (int(bottom) - int(top) + 1))
        if merged > MERGED_LIMIT:
            raise _too_much_merged(merged, sheet.name)
        _check_texts(xml, b' r="', after_cells)
    for one in workbook.relationships:
        if one.kind == "sharedStrings" and one.part in parts:
            _check_texts(parts[one.part], b"si>", len(parts[one.part]))


def _missing(what: Phrase, sheet: str | None = None) -> RefusedError:
    return RefusedError("part_missing", what=what, sheet=sheet)


# What stands in its sheets

_UNUSUAL = re.compile(rb'r=(?!"[A-Za-z]{0,2}[0-9]{1,6}")')  # quick, and right for nearly every sheet
_CELL = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]*)""")


def _check_cells(sheet: str, xml: bytes, end: int) -> None:
    """Raises `RefusedError` where a cell or row, filled or not, is not one that a sheet can have."""
    start = max(xml.find(b"sheetData"), 0)
    if not _UNUSUAL.search(xml, start, end):
        return
    for letters, digits in _CELL.findall(xml, start, end):
        beyond = len(letters) > 3 or (letters and column_index(letters.decode()) >= COLUMNS)
        if beyond or len(digits) > 7 or int(digits or 0) > ROWS:
            what = Phrase(f"một ô của trang “{sheet}”", f"a cell of the sheet “{sheet}”")
            size = (letters + digits).decode()[:24]
            last = cell_name(ROWS - 1, COLUMNS - 1)
            raise RefusedError("too_large", sheet=sheet, what=what, size=size, limit=last)


_MERGED = re.compile(
    rb"""mergeCell\s[^<>]{0,400}?ref\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7}):([A-Za-z]{1,3})([0-9]{1,7})["']"""
)


def _too_much_merged(cells: int, sheet: str = "") -> RefusedError:
    return RefusedError(
        "too_large",
        sheet=sheet or None,
        what=Phrase(f"vùng ô gộp của trang “{sheet}”", f"the merged area of the sheet “{sheet}”")
        if sheet
        else Phrase("vùng ô gộp", "the merged area"),
        size=_counted(cells, "ô", "cells"),
        limit=Phrase("1 triệu ô", "1 million cells"),
    )


def _counted(number: int, vi: str, en: str) -> Phrase:
    return Phrase(f"{number:,} {vi}".replace(",", "."), f"{number:,} {en}")


_STEP = 2**14
_ENDS = re.compile(rb"<(/?)((?:[\w.-]+:)?(?:si|is|v))(?:\s[^<>]*)?>")  # where texts begin and end
_TAG = re.compile(rb"<!\[CDATA\[|\]\]>|<[^<>]*>")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")  # one character (ECMA-376, part 1, 22.9.2.19)


def _check_texts(xml: bytes, sign: bytes, end: int) -> None:
    """Raises `RefusedError` where a text before `end` is too long; `sign` stands between any two texts.

    A text that long covers at least one whole step of the part, in which there is no `sign`.
    """
    steps = range(0, end - _STEP, _STEP)
    if all(xml.find(sign, step, step + _STEP) >= 0 for step in steps):
        return
    begun: dict[bytes, int] = {}
    for tag in _ENDS.finditer(xml, 0, end):
        closing, name = tag.groups()
        if not closing:
            begun[name] = tag.end()
        elif (start := begun.pop(name, tag.start())) + TEXT_LIMIT < tag.start():
            inside = xml[start : tag.start()]
            text = _ESCAPED.sub(" ", html.unescape(_TAG.sub(b"", inside).decode()))
            if len(text) > TEXT_LIMIT:
                raise too_long(text)


def too_long(text: str, **place: str) -> RefusedError:
    """That `text` is longer than a cell can hold; `place`: sheet and cell, where they are known."""
    start = " ".join(text[:40].split())
    return RefusedError(
        "too_large",
        **place,
        what=Phrase(f"độ dài của đoạn chữ “{start}…”", f"the length of the text “{start}…”"),
        size=_counted(len(text), "ký tự", "characters"),
        limit=_counted(TEXT_LIMIT, "ký tự", "characters"),
    )


# OpenDocument

_SPAN = re.compile(rb"""number-(?:columns|rows)-spanned\s*=\s*["']([0-9]{1,9})["']""")


def check_ods(parts: Mapping[str, bytes]) -> None:
    """Raises `RefusedError` where the content is missing, or too many cells are merged.

    How far its sheets are filled is counted while they are read: cells say how often they are repeated.
    """
    content = parts.get("content.xml")
    if content is None:
        raise _missing(Phrase("chính bảng tính", "the workbook itself"))
    if b"-spanned" not in content:
        return
    merged = end = 0
    while (at := content.find(b"-spanned", end)) >= 0:
        start, end = content.rfind(b"<", end, at), content.find(b">", at)
        if end < 0:
            break
        cells = 1
        for span in _SPAN.findall(content, max(start, 0), end):
            cells *= int(span)
        merged += cells
    if merged > MERGED_LIMIT:
        raise _too_much_merged(merged)
