"""Excel workbooks (.xlsx, .xlsm): values through calamine, and what it does not tell from the parts.

calamine gives error cells as empty, shows no formulas and no defined names; they are read here from the
parts of the package, which are unpacked anyway.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from reportctl.book import Area, Book, BookError, Doubt, Sheet, area, check_area, column_index, utc
from reportctl.findings import Finding, finding
from reportctl.layout import column_name

_MANY_BLANK_ROWS = 10_000


def read_book(data: bytes, parts: Mapping[str, bytes]) -> tuple[Book, list[Finding]]:
    """The Office Open XML workbook `data`, whose unpacked parts are `parts`. Raises `BookError`."""
    try:
        index = _Index(parts)
        scans = {name: scan(parts[part]) for name, part in index.sheets.items() if part in parts}
        for name, scanned in scans.items():
            check_area(name, scanned.rows, scanned.columns)
        sheets = _sheets(data, parts, index, scans)
    except (CalamineError, ET.ParseError, KeyError, ValueError) as error:
        raise BookError(finding("truncated")) from error
    blank = [
        finding("blank_rows", sheet=name, rows=scanned.blank_rows)
        for name, scanned in scans.items()
        if scanned.blank_rows > _MANY_BLANK_ROWS
    ]
    return Book(sheets, index.names, _modified(parts)), blank


def _sheets(
    data: bytes, parts: Mapping[str, bytes], index: _Index, scans: Mapping[str, Scan]
) -> tuple[Sheet, ...]:
    if index.usual:
        with contextlib.suppress(CalamineError):
            return tuple(_values(data, scans))
    return tuple(_values(_put_together_anew(parts, index), scans))


def _values(data: bytes, scans: Mapping[str, Scan]) -> Iterator[Sheet]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet and about.name in scans:
                rows = workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                visible = about.visible == SheetVisibleEnum.Visible
                yield Sheet(about.name, visible, rows, scans[about.name].doubts)


# The workbook part: sheets and defined names

_REFERENCE = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)


class _Index:
    """The package's parts by what they are, and the names defined for the whole workbook."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        start = _relations(parts, _START)
        self.main = next((relation.part for relation in start if relation.kind == "officeDocument"), "")
        folder, name = posixpath.split(self.main)
        self.relations = _relations(parts, posixpath.join(folder, "_rels", f"{name}.rels"), folder)
        targets = {relation.id: relation.part for relation in self.relations}
        self.sheets: dict[str, str] = {}
        self.names: dict[str, Area] = {}
        for element in ET.fromstring(parts[self.main]).iter():  # noqa: S314 - documents with a DTD come no further than `package`
            local = element.tag.rpartition("}")[2]
            if local == "sheet":
                rid = next((value for key, value in element.items() if key.endswith("}id")), "")
                self.sheets[element.get("name", "")] = targets.get(rid, "")
            elif local == "definedName" and element.get("localSheetId") is None:
                found = _area(element.text or "")
                if found:
                    self.names[element.get("name", "").lower()] = found

    @property
    def usual(self) -> bool:
        """Whether the parts that calamine takes by their names have those names."""
        others = all(_USUAL.get(relation.kind, relation.part) == relation.part for relation in self.relations)
        return others and self.main == _MAIN


@dataclass(frozen=True, slots=True)
class _Relation:
    """A relationship of a part; `kind` is the last word of its type, `part` its target in small letters."""

    id: str
    kind: str
    part: str


def _relations(parts: Mapping[str, bytes], part: str, folder: str = "") -> list[_Relation]:
    """The relationships in `part`, their targets being relative to `folder`."""
    return [
        _Relation(
            relation.get("Id", ""),
            relation.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:].lower(),
        )
        for relation in ET.fromstring(parts[part])  # noqa: S314 - the same
    ]


def _area(text: str) -> Area | None:
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    sheet, plain, *cells = found.groups()
    return area(sheet.replace("''", "'") if sheet else plain, *cells)


# What calamine takes by its name.
_START, _MAIN = "_rels/.rels", "xl/workbook.xml"
_USUAL = {"sharedStrings": "xl/sharedstrings.xml", "styles": "xl/styles.xml"}
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*>(?:</(?:\w+:)?dimension>)?")


def _put_together_anew(parts: Mapping[str, bytes], index: _Index) -> bytes:
    """The workbook with its parts where calamine looks for them, and without the sheets' dimensions.

    Those are written as `1:49`, which calamine does not take, where rows are formatted in their whole length.
    """
    content = io.BytesIO()
    relations = []
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(_START, _relationships([_Relation("rId1", "officeDocument", _MAIN)]))
        archive.writestr(_MAIN, parts[index.main])
        for number, relation in enumerate(index.relations):
            if relation.part in parts:
                part = _USUAL.get(relation.kind, f"xl/part{number}.xml")
                archive.writestr(part, _DIMENSION.sub(b"", parts[relation.part], count=1))
                relations.append(_Relation(relation.id, relation.kind, posixpath.basename(part)))
        archive.writestr("xl/_rels/workbook.xml.rels", _relationships(relations))
    return content.getvalue()


def _relationships(relations: Iterable[_Relation]) -> bytes:
    root = ET.Element("Relationships", xmlns=_PACKAGE)
    for relation in relations:
        ET.SubElement(
            root, "Relationship", Id=relation.id, Type=f"{_TYPES}/{relation.kind}", Target=relation.part
        )
    return ET.tostring(root)


_MODIFIED = re.compile(rb"<(?:\w+:)?modified[^>]*>([^<]+)<")


def _modified(parts: Mapping[str, bytes]) -> dt.datetime | None:
    """When the document says it was last saved, in UTC; None where it does not say."""
    found = _MODIFIED.search(parts.get("docprops/core.xml", b""))
    return utc(found[1].decode("utf-8", "replace")) if found else None


# The sheets' own XML


@dataclass(frozen=True, slots=True)
class Scan:
    """What a sheet's XML tells at a glance: its doubts, how far it is filled, blank rows after that."""

    doubts: Mapping[tuple[int, int], Doubt]
    rows: int = 0
    columns: int = 0
    blank_rows: int = 0


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The expressions for one namespace prefix; most programs write none."""

    unnumbered: re.Pattern[bytes]  # a cell that does not begin with its reference
    token: re.Pattern[bytes]
    filled: re.Pattern[bytes]  # a cell that is not empty: column, row, attributes, formula, value


@functools.lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> _Patterns:
    start, end = b"<" + re.escape(prefix), b"</" + re.escape(prefix)
    formula = start + rb"f(?:\s[^>]*)?(?:/>|>[^<]*" + end + rb"f>)"
    value = start + rb"v(?:\s[^>]*)?>([^<]*)<"
    return _Patterns(
        unnumbered=re.compile(start + rb'c(?=[\s/>])(?! r="[A-Za-z]+[0-9]+")'),
        token=re.compile(start + rb"(row|c)((?:\s[^>]*)?/?)>"),
        filled=re.compile(
            start + rb'c r="([A-Za-z]+)([0-9]+)"([^>]*[^>/])?>\s*(' + formula + rb")?\s*(?:" + value + rb")?"
        ),
    )


_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?worksheet[\s>]")
_ERROR = b' t="e"'
_ATTRIBUTE = re.compile(rb"""\sr=["']([A-Za-z]*)([0-9]+)["']""")


def scan(xml: bytes) -> Scan:
    """Errors, formulas and the used area of the sheet `xml`; cells that are only formatted do not count.

    Text is searched, not parsed: this is done for every file, and costs a fraction of reading the values.
    """
    root = _ROOT.search(xml)
    prefix = (root[1] or b"") if root else b""
    patterns = _patterns(prefix)
    if patterns.unnumbered.search(xml):
        xml = _numbered(xml, prefix)
    cells = patterns.filled.findall(xml)
    rows = max(map(int, {cell[1] for cell in cells}), default=0)
    columns = max((column_index(letters.decode()) + 1 for letters in {cell[0] for cell in cells}), default=0)
    doubts = {
        (int(row) - 1, column_index(letters.decode())): _doubt(attributes, formula, value)
        for letters, row, attributes, formula, value in cells
        if formula or _ERROR in attributes
    }
    last = xml.rfind(b"<" + prefix + b"row ")
    last_row = _ATTRIBUTE.search(xml, last) if last >= 0 else None
    return Scan(doubts, rows, columns, max(0, int(last_row[2]) - rows) if last_row else 0)


def _doubt(attributes: bytes, formula: bytes, value: bytes) -> Doubt:
    error = (value.decode("utf-8", "replace") or "#ERROR") if _ERROR in attributes else ""
    return _shared_doubt(error, bool(formula), bool(value) or b' t="str"' in attributes)


_shared_doubt = functools.lru_cache(maxsize=64)(Doubt)


def _numbered(xml: bytes, prefix: bytes) -> bytes:
    """The sheet with the reference first in every cell; some programs leave references out."""
    row = column = 0

    def number(found: re.Match[bytes]) -> bytes:
        nonlocal row, column
        said = _ATTRIBUTE.search(found[2])
        if found[1] == b"row":
            row, column = int(said[2]) if said else row + 1, 0
            return found[0]
        if said and said[1]:
            row, column = int(said[2]), column_index(said[1].decode())
        reference = f"{column_name(column)}{row}".encode()
        column += 1
        rest = _ATTRIBUTE.sub(b"", found[2]).replace(b"'", b'"')
        return b"<" + prefix + b'c r="' + reference + b'"' + rest + b">"

    return _patterns(prefix).token.sub(number, xml)
