"""What the independent readers have in common: what they see, packages, XML, dates, numbers."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from lxml import etree

Raw = str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
At = tuple[int, int]


class UnreadableError(Exception):
    """Why no reader should take the file for a workbook."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; `unclear` says why it may be read in more than one way."""

    value: Raw = None
    formula: bool = False
    error: bool = False
    unclear: str = ""


@dataclass
class Sheet:
    """The cells that hold something by row and column, counted from 0; `unclear` is about all of them."""

    cells: dict[At, Cell] = field(default_factory=dict)
    visible: bool = True
    unclear: str = ""


@dataclass
class Seen:
    """A workbook's sheets by name; `unclear` is about all of them."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    unclear: str = ""


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name; ASCII letters of names are alike in large and small (part 2, 6.2.2.3).

    Programs for Windows have written backslashes in names.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if not all(entry.filename for entry in archive.infolist()):
                raise UnreadableError("a part without a name")
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            parts = {
                entry.filename.replace("\\", "/").lstrip("/").lower(): archive.read(entry)
                for entry in entries
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise UnreadableError(f"zip: {error}") from error
    except (NotImplementedError, RuntimeError) as error:
        raise UnreadableError(f"zip: {error}") from error
    if len(parts) < len(entries):
        raise UnreadableError("two parts of one name")
    return parts


def parse(content: bytes) -> etree._Element:
    if content[:1] == b"\0" or content[1:2] == b"\0":  # UTF-16 without a mark (XML 1.0, appendix F)
        text = content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
        content = re.sub(r"\A<\?xml[^>]*>", "", text).encode()
    try:
        root = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        if "is not a valid URI" not in str(error):  # of a namespace: a remark, not a mistake in the XML
            raise UnreadableError(f"XML: {error}") from error
        root = etree.fromstring(content, _parser(recover=True))
    if root.getroottree().docinfo.doctype:
        raise UnreadableError("DOCTYPE")
    return root


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


NUMBER = re.compile(r"[ \t\r\n]*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[ \t\r\n]*")


_UNITS = {"D": 86_400, "H": 3_600, "M": 60, "S": 1}  # of a span of time, in seconds


def iso_date(text: str) -> Raw | Cell:
    span = re.fullmatch(r"P(\d+D)?(T(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?", text.strip())
    if span:
        said = re.findall(r"(\d+(?:[.,]\d+)?)([DHMS])", span[0])
        return dt.timedelta(seconds=sum(float(one.replace(",", ".")) * _UNITS[unit] for one, unit in said))
    try:
        when = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return Cell(unclear=f"the date {text!r}")
    return when.date() if when.time() == dt.time() else when
