"""The sheets of a workbook as people see them: values, and what a reader of values does not tell.

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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from reportctl.cells import Raw
from reportctl.findings import Finding, finding
from reportctl.language import Phrase
from reportctl.layout import column_name

ROWS, COLUMNS = 1_048_576, 16_384  # of a sheet, in Excel
AREA_LIMIT = 5_000_000  # cells from A1 to the last one filled: calamine keeps every one of them
_MANY_BLANK_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Doubt:
    """What stands in a cell besides its value: an error such as `#REF!`, a formula, one never calculated."""

    error: str = ""
    formula: bool = False
    calculated: bool = True


@dataclass(frozen=True, slots=True)
class Area:
    """The cells that a defined name stands for; rows and columns are counted from 0, last ones included."""

    sheet: str
    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows of values from A1 on, and the doubts by row and column."""

    name: str
    visible: bool
    rows: Sequence[Sequence[Raw]]
    doubts: Mapping[tuple[int, int], Doubt] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Raw:
        """The value of a cell; empty text where nothing stands."""
        if row < len(self.rows):
            cells = self.rows[row]
            if column < len(cells):
                return cells[column]
        return ""


def as_typed(raw: Raw) -> str:
    """A cell's value as text, as near to what was typed as the file tells; dates as day/month/year."""
    match raw:
        case None:
            return ""
        case str():
            return raw
        case bool():
            return str(raw).upper()
        case float():
            return f"{raw:.15g}"
        case dt.datetime() if raw.time() == dt.time():
            return f"{raw:%d/%m/%Y}"
        case dt.datetime():
            return f"{raw:%d/%m/%Y %H:%M}"
        case dt.date():
            return f"{raw:%d/%m/%Y}"
    return str(raw)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its sheets in order, its defined names in small letters, when it was last saved (UTC)."""

    sheets: tuple[Sheet, ...]
    names: Mapping[str, Area]
    modified: dt.datetime | None = None


class BookError(Exception):
    """A workbook that cannot be read, as a finding."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.finding = found


def read_book(data: bytes, parts: Mapping[str, bytes]) -> tuple[Book, list[Finding]]:
    """The Office Open XML workbook `data`, whose unpacked parts are `parts`. Raises `BookError`."""
    try:
        index = _Index(parts)
        scans = {name: scan(parts[part]) for name, part in index.sheets.items() if part in parts}
        for name, scanned in scans.items():
            _check_area(name, scanned)
        sheets = tuple(_sheets(data, scans))
    except (CalamineError, ET.ParseError, KeyError, ValueError) as error:
        raise BookError(finding("truncated")) from error
    blank = [
        finding("blank_rows", sheet=name, rows=scanned.blank_rows)
        for name, scanned in scans.items()
        if scanned.blank_rows > _MANY_BLANK_ROWS
    ]
    return Book(sheets, index.names, _modified(parts)), blank


def _sheets(data: bytes, scans: Mapping[str, Scan]) -> Iterator[Sheet]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet and about.name in scans:
                rows = workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                visible = about.visible == SheetVisibleEnum.Visible
                yield Sheet(about.name, visible, rows, scans[about.name].doubts)


def _check_area(name: str, scanned: Scan) -> None:
    beyond = scanned.rows > ROWS or scanned.columns > COLUMNS
    if beyond or scanned.rows * scanned.columns > AREA_LIMIT:
        last = f"{column_name(min(scanned.columns, COLUMNS + 1) - 1)}{min(scanned.rows, ROWS + 1)}"
        area = f"A1:{last}"
        what = Phrase(f"vùng có dữ liệu của trang “{name}”", f"the used area of the sheet “{name}”")
        limit = Phrase("5 triệu ô", "5 million cells")
        raise BookError(finding("too_large", sheet=name, cell=last, what=what, size=area, limit=limit))


# The workbook part: sheets and defined names

_REFERENCE = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)


_MAIN = "xl/workbook.xml"  # calamine knows no other name


class _Index:
    """Which part holds which sheet, and the names defined for the whole workbook."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        targets = _targets(parts)
        self.sheets: dict[str, str] = {}
        self.names: dict[str, Area] = {}
        for element in ET.fromstring(parts[_MAIN]).iter():  # noqa: S314 - documents with a DTD come no further than `package`
            local = element.tag.rpartition("}")[2]
            if local == "sheet":
                rid = next((value for key, value in element.items() if key.endswith("}id")), "")
                self.sheets[element.get("name", "")] = targets.get(rid, "")
            elif local == "definedName" and element.get("localSheetId") is None:
                area = _area(element.text or "")
                if area:
                    self.names[element.get("name", "").lower()] = area


def _targets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The parts that the workbook part leads to, by the ids of its relationships."""
    folder, name = posixpath.split(_MAIN)
    relations = ET.fromstring(parts[f"{folder}/_rels/{name}.rels"])  # noqa: S314 - the same
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[
            1:
        ].lower()
        for relation in relations
    }


def _area(text: str) -> Area | None:
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    sheet = found[1].replace("''", "'") if found[1] else found[2]
    row, column = int(found[4]) - 1, column_index(found[3])
    if found[6] is None:
        return Area(sheet, row, column, row, column)
    return Area(sheet, row, column, int(found[6]) - 1, column_index(found[5]))


@functools.cache
def column_index(letters: str) -> int:
    """The inverse of `layout.column_name`; large and small letters alike."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


_MODIFIED = re.compile(rb"<(?:\w+:)?modified[^>]*>([^<]+)<")


def _modified(parts: Mapping[str, bytes]) -> dt.datetime | None:
    """When the document says it was last saved, in UTC; None where it does not say."""
    found = _MODIFIED.search(parts.get("docprops/core.xml", b""))
    with contextlib.suppress(ValueError, OverflowError):
        if found:
            modified = dt.datetime.fromisoformat(found[1].decode().strip())
            return modified.astimezone(dt.UTC).replace(tzinfo=None) if modified.tzinfo else modified
    return None


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
