"""Excel workbooks (.xlsx, .xlsm): values through calamine, and what it does not tell from the parts.

calamine gives error cells as empty, shows no formulas and no defined names; they are read here from the
parts of the package, which are unpacked anyway. So are the values of workbooks that hold nothing special
(`sheet_values`): calamine is asked only how it takes what is around the cells.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from python_calamine import CalamineError

from reportctl.core.cellrefs import cell_place
from reportctl.core.findings import Finding, finding
from reportctl.workbooks.book import Area, Book, BookError, CellValue, Sheet, area, check_area, utc
from reportctl.workbooks.conformity import plain_texts, refuse_malformed
from reportctl.workbooks.sheet_values import (
    RELATIONS,
    SHARED_STRINGS,
    START,
    STYLES,
    WORKBOOK,
    read_sheets,
    special_formats,
    told_rows,
    told_texts,
    visible_sheets,
)
from reportctl.workbooks.sheet_xml import SheetScan, scan

_MANY_BLANK_ROWS = 10_000


def read_book(data: bytes, parts: Mapping[str, bytes]) -> tuple[Book, list[Finding]]:
    """The Office Open XML workbook `data`, whose unpacked parts are `parts`. Raises `BookError`."""
    try:
        index = _index(parts)
        refuse_malformed(parts, index.kinds, {part: name for name, part in index.sheets.items()})
        scans = {name: _scan(name, parts[part]) for name, part in index.sheets.items()}
        told = _told(parts, index, scans)
        sheets = _sheets(data, parts, index, scans) if told is None else told
    except (CalamineError, ET.ParseError, LookupError, ValueError) as error:
        raise BookError(finding("truncated")) from error
    blank = [
        finding("blank_rows", sheet=name, rows=scanned.blank_rows)
        for name, scanned in scans.items()
        if scanned.blank_rows > _MANY_BLANK_ROWS
    ]
    return Book(sheets, index.names, _modified(parts)), blank


def _scan(name: str, xml: bytes) -> SheetScan:
    try:
        scanned = scan(xml)
    except BookError as refused:
        if refused.finding.cell:  # where it lies beyond what a sheet can hold, that is what is wrong
            row, column = cell_place(refused.finding.cell)
            check_area(name, row + 1, column + 1)
        raise BookError(replace(refused.finding, sheet=name)) from refused
    check_area(name, scanned.rows, scanned.columns)
    return scanned


def _sheets(
    data: bytes, parts: Mapping[str, bytes], index: _Index, scans: Mapping[str, SheetScan]
) -> tuple[Sheet, ...]:
    plain = {index.sheets[name]: scanned.plain for name, scanned in scans.items() if scanned.plain}
    if index.usual and not plain:
        with contextlib.suppress(CalamineError):
            return _values(data, scans)
    return _values(_put_together_anew({**parts, **plain}, index), scans)


def _values(data: bytes, scans: Mapping[str, SheetScan]) -> tuple[Sheet, ...]:
    seen = read_sheets(data, scans)
    return tuple(_sheet(name, *seen[name], scanned) for name, scanned in scans.items())


def _sheet(name: str, visible: bool, rows: list[list[CellValue]], scanned: SheetScan) -> Sheet:
    return Sheet(name, visible, rows, scanned.doubts, scanned.hidden_rows, scanned.hidden_columns)


# Values without calamine


def _told(
    parts: Mapping[str, bytes], index: _Index, scans: Mapping[str, SheetScan]
) -> tuple[Sheet, ...] | None:
    """The sheets with the values that stand in their parts; None where calamine has to read them."""
    kinds = {relation.kind for relation in index.relations}
    usual = index.usual and all((kind in kinds) == (part in parts) for kind, part in _USUAL.items())
    if not usual or not all(scanned.usual for scanned in scans.values()):
        return None
    around = parts[START], parts[WORKBOOK], parts[RELATIONS]
    visible = visible_sheets(*around, tuple(index.sheets.items()))
    special = special_formats(parts[STYLES]) if STYLES in parts else {}
    plain = plain_texts(parts[SHARED_STRINGS]) if SHARED_STRINGS in parts else b""
    texts = None if plain is None else told_texts(plain)
    if visible is None or special is None or texts is None:
        return None
    rows = {name: told_rows(scanned.found, texts, special) for name, scanned in scans.items()}
    told = {name: one for name, one in rows.items() if one is not None}
    if len(told) < len(scans):
        return None
    return tuple(_sheet(name, visible[name], told[name], scanned) for name, scanned in scans.items())


# The workbook part: sheets and defined names

_REFERENCE = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)


def _index(parts: Mapping[str, bytes]) -> _Index:
    start = _relations(parts[START])
    main = next((relation.part for relation in start if relation.kind == "officeDocument"), "")
    folder, name = posixpath.split(main)
    # Workbooks that one template made have mostly the same of these.
    return _indexed(main, parts[main], parts[posixpath.join(folder, "_rels", f"{name}.rels")])


class _Index:
    """The package's parts by what they are, and the names defined for the whole workbook."""

    def __init__(self, main: str, workbook: bytes, relations: bytes) -> None:
        self.main = main
        self.relations = _relations(relations, posixpath.dirname(main))
        targets = {relation.id: relation for relation in self.relations}
        if len(targets) < len(self.relations):
            raise ValueError("two relationships of one id")
        self.sheets: dict[str, str] = {}
        self.names: dict[str, Area] = {}
        for element in ET.fromstring(workbook).iter():  # noqa: S314 - documents with a DTD come no further than `package`
            local = element.tag.rpartition("}")[2]
            if local == "sheet":
                rid = next((value for key, value in element.items() if key.endswith("}id")), "")
                name = element.get("name", "")
                if targets[rid].kind == "worksheet":  # others are charts and macros
                    if name in self.sheets:
                        raise ValueError("two sheets of one name")
                    self.sheets[name] = targets[rid].part
            elif local == "definedName" and element.get("localSheetId") is None:
                found = _area(element.text or "")
                if found:
                    self.names[element.get("name", "").lower()] = found

    @property
    def kinds(self) -> dict[str, str]:
        """What the parts are that relationships lead to."""
        return {self.main: "officeDocument"} | {one.part: one.kind for one in self.relations}

    @property
    def usual(self) -> bool:
        """Whether the parts that calamine takes by their names have those names."""
        others = all(_USUAL.get(relation.kind, relation.part) == relation.part for relation in self.relations)
        return others and self.main == WORKBOOK


_indexed = functools.lru_cache(maxsize=64)(_Index)


@dataclass(frozen=True, slots=True)
class _Relation:
    """A relationship of a part; `kind` is the last word of its type, `part` its target in small letters."""

    id: str
    kind: str
    part: str


@functools.lru_cache(maxsize=64)
def _relations(part: bytes, folder: str = "") -> tuple[_Relation, ...]:
    """The relationships in `part`, their targets being relative to `folder`."""
    return tuple(
        _Relation(
            relation.get("Id", ""),
            relation.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:].lower(),
        )
        for relation in ET.fromstring(part)  # noqa: S314 - the same
    )


def _area(text: str) -> Area | None:
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    sheet, plain, *cells = found.groups()
    return area(sheet.replace("''", "'") if sheet else plain, *cells)


# What calamine takes by its name.
_USUAL = {"sharedStrings": SHARED_STRINGS, "styles": STYLES}
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
        archive.writestr(START, _relationships([_Relation("rId1", "officeDocument", WORKBOOK)]))
        archive.writestr(WORKBOOK, parts[index.main])
        for number, relation in enumerate(index.relations):
            if relation.part in parts:
                part = _USUAL.get(relation.kind, f"xl/part{number}.xml")
                archive.writestr(part, _DIMENSION.sub(b"", parts[relation.part], count=1))
                relations.append(_Relation(relation.id, relation.kind, posixpath.basename(part)))
        archive.writestr(RELATIONS, _relationships(relations))
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
