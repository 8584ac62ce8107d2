"""A sheet's own XML in an Excel workbook: what stands in it besides values, and whether it is unambiguous.

Readers differ over XML that no spreadsheet program writes: a cell that stands twice or out of order, a
value that its type does not allow, a comment inside a number. A sheet of the plain form is taken as it is;
any other is put into the plain form first, with everything that another program may rightly write; what
cannot be put into it contradicts itself, and the file is refused.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

from reportctl.core.cellrefs import cell_place, column_name
from reportctl.core.findings import finding
from reportctl.workbooks.book import BookError, CellExtra, area, covered
from reportctl.workbooks.sheet_rows import XmlRow, is_allowed, split_rows

_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What a sheet's XML tells: its doubts, how far it is filled, blank rows after that, what is hidden.

    Rows and columns are counted from 0, `hidden_columns` are first and last ones. `plain` is the sheet in the
    plain form where it was not in it, else empty. `found` are its rows; `usual` says that what is around them
    is written as every reader takes it.
    """

    doubts: Mapping[tuple[int, int], CellExtra] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0
    blank_rows: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    plain: bytes = b""
    found: Sequence[XmlRow] = field(default=(), compare=False, repr=False)
    usual: bool = field(default=True, compare=False, repr=False)


def scan(xml: bytes) -> SheetScan:
    """What the sheet `xml` tells; cells that are only formatted do not count as filled.

    Text is searched, not parsed, where it is of the plain form: this is done for every file, and parsing
    would take as long as reading all values. Raises `BookError` where it contradicts itself, `ParseError`
    where it is no XML.
    """
    data = _data(xml)
    if data is not None:
        return _scan(xml, data)
    plain = _put_plainly(xml)
    data = _data(plain)
    if data is None:
        raise BookError(finding("truncated"))
    return _scan(plain, data, plain)


# The plain form

_BEGIN, _END, _EMPTY = b"<sheetData>", b"</sheetData>", (b"<sheetData/>", b"<sheetData />")
_HEAD = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml(?:\s+(?:version|standalone)=["'][\w.]*["']|\s+encoding=["'][uU][tT][fF]-8["'])*"""
    rb"""\s*\?>)?\s*<worksheet\s[^>]*?xmlns="(?:"""
    + b"|".join(re.escape(space.encode()) for space in _SPACES)
    + rb')"'
)


@dataclass(frozen=True, slots=True)
class _Data:
    """The rows of a sheet in the plain form, and where in its XML they begin and end."""

    begin: int
    end: int
    rows: Sequence[XmlRow] = ()


def _data(xml: bytes) -> _Data | None:
    """The sheet's rows, None where it is not of the plain form. Raises `BookError`: out of order."""
    begin, end = xml.find(_BEGIN), xml.rfind(_END)
    if begin < 0:
        begin = end = max(map(xml.find, _EMPTY))
    else:
        begin += len(_BEGIN)
    if not 0 <= begin <= end or not _HEAD.match(xml):
        return None
    around = xml.count(b"sheetData", 0, begin) + xml.count(b"sheetData", end)
    if around > 2:  # two tables, or the word in a text
        return None
    found = split_rows(xml[begin:end])
    if found is None:
        return None
    _refuse_disorder(found)
    return _Data(begin, end, found)


def _refuse_disorder(rows: Iterable[XmlRow]) -> None:
    """Raises `BookError` where a row or a cell stands twice, out of order, in another's row."""
    last = 0
    for row in rows:
        if row.number <= last:
            raise _contradiction(f"A{row.number}")
        if row.misplaced:
            raise _contradiction(row.misplaced)
        last = row.number


def _contradiction(cell: str | None = None) -> BookError:
    return BookError(finding("truncated", cell=cell))


def _doubts(rows: Sequence[XmlRow]) -> dict[tuple[int, int], CellExtra]:
    """Errors and formulas; all cells of an array formula hold it, though only the first one says so."""
    doubts: dict[tuple[int, int], CellExtra] = {}
    for row in rows:
        for column, doubt in row.cells.doubts:
            doubts[row.number - 1, column] = doubt
        for column, value in row.cells.errors:
            place = row.number - 1, column
            doubts[place] = replace(doubts[place], error=row.values[value].decode())
    arrays = [spread for row in rows for spread in row.cells.spreads]
    for row in rows if arrays else ():
        for column in row.cells.plain:
            if any(one.holds(row.number - 1, column) for one in arrays):
                doubts[row.number - 1, column] = CellExtra(formula=True)
    return doubts


# Around the data: columns before, merged cells after

_COLUMN = re.compile(rb"<col\s[^>]*>")
_UNSEEN = re.compile(rb'\s(?:hidden="(?:1|true)"|width="0(?:\.0*)?")')
_FROM, _TO = re.compile(rb'\smin="([0-9]{1,5})"'), re.compile(rb'\smax="([0-9]{1,5})"')
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


def _scan(xml: bytes, data: _Data, plain: bytes = b"") -> SheetScan:
    listed, head = data.rows, xml[: data.begin]
    rows = next((row.number for row in reversed(listed) if row.cells.filled), 0)
    mentioned = max([row.cells.mentioned for row in listed], default=0)
    doubts = _doubts(data.rows)
    merged = xml.find(b"<mergeCells", data.end)
    if merged >= 0:
        doubts |= _covered(xml[merged : xml.find(b"</mergeCells>", merged)], rows, mentioned)
    return SheetScan(
        doubts,
        rows,
        # Where the sheet is small, columns that are only formatted count, too.
        mentioned if 0 < rows * mentioned <= _SMALL else max([row.cells.filled for row in listed], default=0),
        (listed[-1].number if listed else 0) - rows,
        frozenset([row.number - 1 for row in listed if row.hidden]),
        _hidden_columns(head),
        plain,
        data.rows,
        not plain and _is_usual(head) and _is_usually_merged(xml, data.end),
    )


_SMALL = 100_000


@functools.lru_cache(maxsize=64)
def _covered(merged: bytes, rows: int, columns: int) -> Mapping[tuple[int, int], CellExtra]:
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


# What calamine looks at, though no value depends on it; where it finds something else it refuses the sheet
_AREA = rb"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?"
_SIZE = re.compile(rb'<dimension ref="' + _AREA + rb'" ?/>')
_MERGE = re.compile(rb'<mergeCell ref="' + _AREA + rb'" ?/>')


@functools.lru_cache(maxsize=64)
def _is_usual(head: bytes) -> bool:
    return head.count(b"dimension") == len(_SIZE.findall(head))


def _is_usually_merged(xml: bytes, end: int) -> bool:
    said = xml.count(b"mergeCell", end)
    return not said or said == 2 + len(_MERGE.findall(xml, end))


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
    said = "".join(f' {key}="{html.escape(text)}"' for key, text in attributes if text is not None)
    return f"<{name}{said}/>"


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
    return f'<c r="{reference}"{styled} t="{html.escape(kind)}">{formula}{said}</c>'


def _formula(formula: ET.Element) -> str:
    attributes = "".join(
        f' {key}="{html.escape(formula.get(key, ""))}"' for key in ("t", "ref", "si") if formula.get(key)
    )
    return f"<f{attributes}>{html.escape(formula.text or '', quote=False)}</f>"


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
        return html.escape(value, quote=False)
    said = value.strip()
    if kind == "b":
        said = {"true": "1", "false": "0"}.get(said, said)
    if kind == "e" and said and not is_allowed(b"e", said.encode()):
        said = "#VALUE!"  # newer errors, such as #SPILL!
    if said and not is_allowed(kind.encode(), said.encode()):
        raise _contradiction(reference)
    return html.escape(said, quote=False)
