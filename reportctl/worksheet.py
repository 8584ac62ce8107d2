"""A sheet's own XML in an Excel workbook: what stands in it besides values, and whether it is unambiguous.

Readers differ over XML that no spreadsheet program writes: a cell that stands twice or out of order, a
value that its type does not allow, a comment inside a number. A sheet of the plain form is taken as it is;
any other is put into the plain form first, with everything that another program may rightly write; what
cannot be put into it contradicts itself, and the file is refused.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from reportctl.book import Area, BookError, Doubt, area, cell_place, covered
from reportctl.findings import finding
from reportctl.layout import column_name
from reportctl.xmltext import is_text

_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a sheet's XML tells: its doubts, how far it is filled, blank rows after that, what is hidden.

    Rows and columns are counted from 0, `hidden_columns` are first and last ones. `plain` is the sheet in the
    plain form where it was not in it, else empty.
    """

    doubts: Mapping[tuple[int, int], Doubt] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0
    blank_rows: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    plain: bytes = b""


def scan(xml: bytes) -> Scan:
    """What the sheet `xml` tells; cells that are only formatted do not count as filled.

    Text is searched, not parsed, where it is of the plain form: this is done for every file, and parsing
    would take as long as reading all values. Raises `BookError` where it contradicts itself, `ParseError`
    where it is no XML.
    """
    cells = _cells(xml)
    if cells is not None:
        return _scan(xml, cells)
    plain = _put_plainly(xml)
    cells = _cells(plain)
    if cells is None:
        raise BookError(finding("truncated"))
    return _scan(plain, cells, plain)


# The plain form

# Finite, however long: at most 10**60 times 10**239.
_DECIMAL = (
    rb"[-+]?(?:[0-9]{1,60}(?:\.[0-9]*)?|\.[0-9]+)"
    rb"(?:[eE](?:\+?(?:[0-9]{1,2}|1[0-9]{2}|2[0-3][0-9])|-[0-9]{1,3}))?"
)
_FORMULA = rb'<f(?: [a-zA-Z0-9]+="[^"<]*")*+(?:/>|>[^<]*</f>)'
_ATTRIBUTE = rb' (?!r=)[\w:]+="[^"<&]*"'
_HIDDEN = rb' (?:hidden="(?:1|true)"|ht="0")'
# A row's beginning or a cell: the whole, its reference, a plain value, else whatever else is told.
_TOKEN = re.compile(
    rb'(<(?:row r="(?=[0-9])|c r="(?=[A-Z]))([A-Z]{0,3}[0-9]{1,7})"(?: s="[0-9]+")?(?: ?/>'
    rb'|((?: t="s"><v>[0-9]{1,9}| t="str"><v>[^<]*|(?: t="n")?><v>' + _DECIMAL + rb'| t="b"><v>[01])</v></c>'
    rb'| t="inlineStr"><is>(?:<t(?: xml:space="preserve")?>[^<]*</t>)?</is></c>)'
    rb'|((?: t="[a-zA-Z]+")?>(?:' + _FORMULA + rb")?(?:<v>[^<]*</v>|<v ?/>)?</c>)"
    rb"|(?:(?!" + _HIDDEN + rb")" + _ATTRIBUTE + rb")*+ ?/?>"
    rb"|((?:" + _ATTRIBUTE + rb")*+ ?/?>))(?:</row>)?)"
)
_BEGIN, _END, _EMPTY = b"<sheetData>", b"</sheetData>", (b"<sheetData/>", b"<sheetData />")
_HEAD = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml(?:\s+(?:version|standalone)=["'][\w.]*["']|\s+encoding=["'][uU][tT][fF]-8["'])*"""
    rb"""\s*\?>)?\s*<worksheet\s[^>]*?xmlns="(?:"""
    + b"|".join(re.escape(space.encode()) for space in _SPACES)
    + rb')"'
)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The rows' beginnings and the cells of a sheet in the plain form, and where its data begin and end."""

    begin: int
    end: int
    references: Sequence[bytes] = ()
    values: Sequence[bytes] = ()
    others: Mapping[bytes, _Said] = field(default_factory=dict)
    hidden: Sequence[bytes] = ()
    extent: _Extent = field(default_factory=lambda: _Extent())


def _cells(xml: bytes) -> _Cells | None:
    """What stands in the sheet, None where it is not of the plain form. Raises `BookError`: out of order."""
    if not _HEAD.match(xml) or xml.count(b"sheetData") > 2:  # two tables, or the word in a text
        return None
    begin, end = xml.find(_BEGIN), xml.rfind(_END)
    if begin < 0:
        empty = max(map(xml.find, _EMPTY))
        return _Cells(empty, empty) if empty >= 0 else None
    begin += len(_BEGIN)
    tokens = _TOKEN.findall(xml[begin:end])
    if not tokens:
        return _Cells(begin, end) if begin == end else None
    wholes, references, values, others, hidden = zip(*tokens, strict=True)
    if sum(map(len, wholes)) != end - begin or not is_text(b" ".join(values)):
        return None
    said = {}
    for reference, other in zip(references, others, strict=True):
        if other:
            one = _said(other)
            if one is None:
                return None
            said[reference] = one
    return _Cells(begin, end, references, values, said, hidden, _extent(b" ".join(references)))


@dataclass(frozen=True, slots=True)
class _Extent:
    """The last row that a sheet mentions and its last column, both counted from 1."""

    rows: int = 0
    columns: int = 0


@functools.lru_cache(maxsize=64)  # of one template's sheets the references are the same in every file
def _extent(references: bytes) -> _Extent:
    """How far the references go. Raises `BookError`: one stands twice, out of order, in another's row."""
    row = column = widest = 0
    for reference in references.decode().split():
        if reference.isdecimal():
            if int(reference) <= row:
                raise _contradiction(f"A{reference}")
            row, column = int(reference), 0
            continue
        its_row, its_column = cell_place(reference)
        if its_row + 1 != row or its_column < column:
            raise _contradiction(reference)
        column = its_column + 1
        widest = max(widest, column)
    return _Extent(row, widest)


def _contradiction(cell: str | None = None) -> BookError:
    return BookError(finding("truncated", cell=cell))


# One cell that holds more than a plain value

_OTHER = re.compile(rb'(?: t="([a-zA-Z]+)")?>(' + _FORMULA + rb")?(<v ?/>|<v>([^<]*)</v>)?</c>")
_ERRORS = frozenset(
    {b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!", b"#GETTING_DATA"}
)  # ECMA-376 part 1, 18.17.3; the reader of the values takes no others
_ALLOWED = {
    b"": re.compile(_DECIMAL),
    b"n": re.compile(_DECIMAL),
    b"s": re.compile(rb"[0-9]{1,9}"),
    b"str": re.compile(rb"[^<]*"),
    b"d": re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+Z?)?|[0-9]{2}:[0-9]{2}[0-9:.]*"),
    b"b": re.compile(rb"[01]|true|false"),
    b"e": re.compile(b"|".join(map(re.escape, sorted(_ERRORS)))),
}


_ARRAY = re.compile(
    rb'<f (?=[^>]*t="(?:array|dataTable)")[^>]*ref="([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)"'
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a cell says besides a plain value; `spread` are the cells that its array formula fills."""

    filled: bool
    doubt: Doubt | None = None
    spread: Area | None = None


@functools.lru_cache(maxsize=4096)
def _said(other: bytes) -> _Said | None:
    """What the cell says, None where its type does not allow its value."""
    found = _OTHER.fullmatch(other)
    if found is None or not is_text(other):
        return None
    kind, formula, written, value = found.groups()
    allowed = _ALLOWED.get(kind or b"")
    if value and not (allowed and allowed.fullmatch(value)):
        return None
    if kind != b"e" and not formula:
        return _Said(bool(value))
    error = (value or b"#ERROR").decode() if kind == b"e" else ""
    doubt = Doubt(error, bool(formula), bool(value) or (kind == b"str" and bool(written)))
    array = _ARRAY.search(formula or b"")
    letters = [part.decode() for part in array.groups()] if array else []
    return _Said(True, doubt, area("", *letters) if letters else None)


def _doubts(cells: _Cells) -> dict[tuple[int, int], Doubt]:
    """Errors and formulas; all cells of an array formula hold it, though only the first one says so."""
    doubts = {
        cell_place(reference.decode()): said.doubt for reference, said in cells.others.items() if said.doubt
    }
    arrays = [said.spread for said in cells.others.values() if said.spread]
    for reference, value in zip(cells.references, cells.values, strict=True) if arrays else ():
        place = cell_place(reference.decode()) if value else None
        if place and any(one.holds(*place) for one in arrays):
            doubts[place] = Doubt(formula=True)
    return doubts


# Around the data: columns before, merged cells after

_COLUMN = re.compile(rb"<col\s[^>]*>")
_UNSEEN = re.compile(rb'\s(?:hidden="(?:1|true)"|width="0(?:\.0*)?")')
_FROM, _TO = re.compile(rb'\smin="([0-9]{1,5})"'), re.compile(rb'\smax="([0-9]{1,5})"')
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


def _scan(xml: bytes, cells: _Cells, plain: bytes = b"") -> Scan:
    filled = (
        reference
        for reference, value in zip(reversed(cells.references), reversed(cells.values), strict=True)
        if value or _is_filled(cells, reference)
    )
    rows = cell_place(next(filled, b"A0").decode())[0] + 1
    columns = _columns(cells, rows)
    doubts = _doubts(cells)
    merged = xml.find(b"<mergeCells", cells.end)
    if merged >= 0:
        doubts |= _covered(xml[merged : xml.find(b"</mergeCells>", merged)], rows, cells.extent.columns)
    unseen = zip(cells.references, cells.hidden, strict=True) if any(cells.hidden) else ()
    return Scan(
        doubts,
        rows,
        columns,
        cells.extent.rows - rows,
        frozenset(int(row) - 1 for row, said in unseen if said),
        _hidden_columns(xml[: cells.begin]),
        plain,
    )


def _is_filled(cells: _Cells, reference: bytes) -> bool:
    said = cells.others.get(reference)
    return said is not None and said.filled


def _columns(cells: _Cells, rows: int) -> int:
    """The last column that is filled; where the sheet is small, those that are only formatted count, too."""
    if not rows or rows * cells.extent.columns <= _SMALL:
        return cells.extent.columns if rows else 0
    return max(
        cell_place(reference.decode())[1] + 1
        for reference, value in zip(cells.references, cells.values, strict=True)
        if value or _is_filled(cells, reference)
    )


_SMALL = 100_000


@functools.lru_cache(maxsize=64)
def _covered(merged: bytes, rows: int, columns: int) -> Mapping[tuple[int, int], Doubt]:
    areas = [area("", *(part.decode() for part in found)) for found in _MERGED.findall(merged)]
    return covered(areas, rows, columns)


@functools.lru_cache(maxsize=64)
def _hidden_columns(head: bytes) -> tuple[tuple[int, int], ...]:
    found = []
    for column in _COLUMN.findall(head):
        first, last = _FROM.search(column), _TO.search(column)
        if _UNSEEN.search(column) and first and last:
            found.append((int(first[1]) - 1, int(last[1]) - 1))
    return tuple(found)


# Putting a sheet plainly


def _put_plainly(xml: bytes) -> bytes:
    """Columns, cells and merged cells of `xml` in the plain form. Raises `BookError`, `ParseError`."""
    root = ET.fromstring(xml)  # noqa: S314 - documents with a DTD come no further than `package`
    space = next((f"{{{one}}}" for one in _SPACES if root.tag == f"{{{one}}}worksheet"), None)
    if space is None or len(root.findall(f"{space}sheetData")) > 1:
        raise BookError(finding("truncated"))
    columns = "".join(
        _element("col", column, "min", "max", "width", "hidden") for column in root.iter(f"{space}col")
    )
    rows = "".join(_rows([row for data in root.findall(f"{space}sheetData") for row in data], space))
    merged = "".join(_element("mergeCell", one, "ref") for one in root.iter(f"{space}mergeCell"))
    return (
        f'<worksheet xmlns="{_SPACES[0]}"><cols>{columns}</cols><sheetData>{rows}</sheetData>'
        f"<mergeCells>{merged}</mergeCells></worksheet>"
    ).encode()


def _element(name: str, element: ET.Element, *kept: str) -> str:
    attributes = ((key, element.get(key)) for key in kept)
    said = "".join(f' {key}="{escape(text, _QUOTE)}"' for key, text in attributes if text is not None)
    return f"<{name}{said}/>"


_QUOTE = {'"': "&quot;"}


def _rows(rows: Sequence[ET.Element], space: str) -> Iterator[str]:
    """The rows; some programs leave out the references of rows and cells that follow each other."""
    number = 0
    for row in rows:
        _only(row, space, "row", "c", "extLst")
        said = row.get("r", str(number + 1)).strip()
        if not re.fullmatch("[0-9]{1,7}", said):
            raise BookError(finding("truncated"))
        number, column = int(said), 0
        unseen = ' hidden="1"' if row.get("hidden") in ("1", "true") or row.get("ht") == "0" else ""
        yield f'<row r="{number}"{unseen}>'
        for cell in row.findall(f"{space}c"):
            reference = cell.get("r", f"{column_name(column)}{number}").strip().upper()
            if not _CELL.fullmatch(reference):
                raise _contradiction(reference) if _REFERENCE.fullmatch(reference) else _contradiction()
            column = cell_place(reference)[1] + 1
            yield _cell(cell, reference, space)
        yield "</row>"


def _only(element: ET.Element, space: str, name: str, *inside: str) -> None:
    """Raises `BookError` where the element is another, or holds others: some readers look into them."""
    if element.tag != space + name or any(one.tag not in [space + own for own in inside] for one in element):
        raise BookError(finding("truncated"))


_REFERENCE = re.compile(r"[A-Z]{1,9}[1-9][0-9]{0,14}")
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


def _cell(cell: ET.Element, reference: str, space: str) -> str:
    """One cell. Raises `BookError` where readers would differ over it."""
    _only(cell, space, "c", "f", "v", "is", "extLst")
    kind, style = cell.get("t", "n"), cell.get("s", "").strip()
    formulas, values, texts = (cell.findall(f"{space}{name}") for name in ("f", "v", "is"))
    several = max(map(len, (formulas, values, texts))) > 1 or any(map(len, values))
    if several or (texts and (values or kind != "inlineStr")):
        raise _contradiction(reference)
    value = values[0].text or "" if values else None
    if kind == "inlineStr":
        if value:
            raise _contradiction(reference)
        kind, value = "str", _inline(texts[0], space) if texts else None
    formula = _formula(formulas[0]) if formulas else ""
    styled = f' s="{style}"' if style.isdecimal() else ""
    said = "" if value is None else f"<v>{_allowed(kind, value, reference)}</v>"
    return f'<c r="{reference}"{styled} t="{escape(kind, _QUOTE)}">{formula}{said}</c>'


def _formula(formula: ET.Element) -> str:
    attributes = "".join(
        f' {key}="{escape(formula.get(key, ""), _QUOTE)}"' for key in ("t", "ref", "si") if formula.get(key)
    )
    return f"<f{attributes}>{escape(formula.text or '')}</f>"


def _inline(text: ET.Element, space: str) -> str:
    """A text and its runs; how they are spoken does not count. Raises `BookError` for what is no text."""
    _only(text, space, "is", "t", "r", "rPh", "phoneticPr")
    for run in text.findall(f"{space}r"):
        _only(run, space, "r", "t", "rPr")
    return "".join(
        one.text or ""
        for path in ("t", "r")
        for run in text.findall(f"{space}{path}")
        for one in run.iter(f"{space}t")
    )


def _allowed(kind: str, value: str, reference: str) -> str:
    """The value as XML. Raises `BookError` where its type does not allow it."""
    if kind == "str":
        return escape(value)
    said = value.strip()
    if kind == "b":
        said = {"true": "1", "false": "0"}.get(said, said)
    if kind == "e" and said and said.encode() not in _ERRORS:
        said = "#VALUE!"  # newer errors, such as #SPILL!
    allowed = _ALLOWED.get(kind.encode())
    if said and not (allowed and allowed.fullmatch(said.encode())):
        raise _contradiction(reference)
    return escape(said)
