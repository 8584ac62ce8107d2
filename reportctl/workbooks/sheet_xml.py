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
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from xml.etree import ElementTree as ET

from reportctl.core.cellrefs import cell_name, cell_place
from reportctl.core.findings import finding
from reportctl.workbooks.book import Area, BookError, CellExtra, area, covered
from reportctl.workbooks.conformity import NAMESPACES
from reportctl.workbooks.looks import Run
from reportctl.workbooks.sheet_looks import read_runs
from reportctl.workbooks.sheet_rows import XmlRow, is_allowed, is_picture, split_rows


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What a sheet's XML tells: what cells hold besides values, how far it is filled, what is hidden.

    Rows and columns are counted from 0, `hidden_columns` are first and last ones; `blank_rows` come after the
    filled ones. `xml_rows` are the rows of the sheet in the plain form. `runs` are the pieces of texts that
    stand in the sheet itself and have several, each with its look.
    """

    extras: Mapping[tuple[int, int], CellExtra] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0
    blank_rows: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    xml_rows: Sequence[XmlRow] = field(default=(), compare=False, repr=False)
    runs: Mapping[tuple[int, int], Sequence[Run]] = field(default_factory=dict)


_SMALL = 100_000  # cells


def scan(xml: bytes) -> SheetScan:
    """What the sheet `xml` tells; cells that are only formatted do not count as filled.

    Text is searched, not parsed, where it is of the plain form: this is done for every file, and parsing
    would take as long as reading all values. Raises `BookError` where it contradicts itself, `ParseError`
    where it is no XML.
    """
    data, beside = _data(xml), _Beside()
    if data is None:
        xml = _put_plainly(xml, beside)
        data = _data(xml)
    if data is None:
        raise BookError(finding("truncated"))
    listed = data.rows
    rows = next((row.number for row in reversed(listed) if row.cells.filled), 0)
    mentioned = max([row.cells.mentioned for row in listed], default=0)
    extras: dict[tuple[int, int], CellExtra] = {}
    for row in listed:
        for column, extra in row.cells.extras:
            extras[row.number - 1, column] = extra
        for column, value in row.cells.errors:
            place = row.number - 1, column
            extras[place] = replace(extras[place], error=row.values[value].decode())
    for place in beside.pictures:
        extras[place] = replace(extras[place], picture=True)
    # All cells of an array formula hold it, though only the first one says so.
    arrays = [spread for row in listed for spread in row.cells.spreads]
    extras |= _of_arrays(arrays, listed)
    merged = xml.find(b"<mergeCells", data.end)
    if merged >= 0:
        extras |= _covered(xml[merged : xml.find(b"</mergeCells>", merged)], rows, mentioned)
    return SheetScan(
        extras,
        rows,
        # Where the sheet is small, columns that are only formatted count, too.
        mentioned if 0 < rows * mentioned <= _SMALL else max([row.cells.filled for row in listed], default=0),
        (listed[-1].number if listed else 0) - rows,
        frozenset([row.number - 1 for row in listed if row.hidden]),
        _hidden_columns(xml[: data.begin]),
        listed,
        beside.runs,
    )


_ARRAY_ROWS = 300_000  # of all array formulas together; in a workbook that people filled in there are no more


def _of_arrays(arrays: Sequence[Area], listed: Sequence[XmlRow]) -> dict[tuple[int, int], CellExtra]:
    """That the cells that array formulas fill hold one. Raises `BookError` where there are too many."""
    numbers = [row.number for row in listed] if arrays else []
    found: dict[tuple[int, int], CellExtra] = {}
    left = _ARRAY_ROWS
    for one in dict.fromkeys(arrays):
        begin, end = bisect_left(numbers, one.row + 1), bisect_right(numbers, one.last_row + 1)
        left -= end - begin
        if left < 0:
            raise BookError(finding("truncated"))
        for row in listed[begin:end]:
            plain = row.cells.plain
            for column in plain[bisect_left(plain, one.column) : bisect_right(plain, one.last_column)]:
                found[row.number - 1, column] = CellExtra(formula=True)
    return found


# The plain form

_BEGIN, _END, _EMPTY = b"<sheetData>", b"</sheetData>", (b"<sheetData/>", b"<sheetData />")
_HEAD = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml(?:\s+(?:version|standalone)=["'][\w.]*["']|\s+encoding=["'][uU][tT][fF]-8["'])*"""
    rb"""\s*\?>)?\s*<worksheet\s[^>]*?xmlns="(?:"""
    + b"|".join(re.escape(space.encode()) for space in NAMESPACES)
    + rb')"'
)


class _Data(NamedTuple):
    """The rows of a sheet in the plain form, and where in its XML they begin and end."""

    begin: int
    end: int
    rows: Sequence[XmlRow]


def _data(xml: bytes) -> _Data | None:
    """The sheet's rows, None where it is not of the plain form.

    Raises `BookError` where a row or a cell stands twice, out of order, in another's row.
    """
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
    rows = split_rows(xml[begin:end])
    last = 0
    for row in rows or ():
        if row.number <= last:
            raise _contradiction(f"A{row.number}")
        if row.misplaced:
            raise _contradiction(row.misplaced)
        last = row.number
    return None if rows is None else _Data(begin, end, rows)


def _contradiction(cell: str | None = None) -> BookError:
    return BookError(finding("truncated", cell=cell))


# Around the data: columns before, merged cells after

_COLUMN = re.compile(rb"<col\s[^<>]*>")
_UNSEEN = re.compile(rb'\s(?:hidden="(?:1|true)"|width="0(?:\.0*)?")')
_FROM, _TO = re.compile(rb'\smin="([0-9]{1,5})"'), re.compile(rb'\smax="([0-9]{1,5})"')
_MERGED = re.compile(rb'<mergeCell\s(?:[^<>]*?\s)?ref="([^"<]*)"')
_AREA = re.compile(rb"[A-Za-z]{1,3}0*[1-9][0-9]{0,6}(?::[A-Za-z]{1,3}0*[1-9][0-9]{0,6})?")


@functools.lru_cache(maxsize=64)
def _covered(merged: bytes, rows: int, columns: int) -> Mapping[tuple[int, int], CellExtra]:
    """Doubts for the cells that the `merged` areas cover. Raises `BookError` where one is no area."""
    references = _MERGED.findall(merged)
    if not all(map(_AREA.fullmatch, references)):
        raise BookError(finding("truncated"))
    return covered([area("", reference.decode()) for reference in references], rows, columns)


@functools.lru_cache(maxsize=64)
def _hidden_columns(head: bytes) -> tuple[tuple[int, int], ...]:
    found = []
    for column in _COLUMN.findall(head):
        first, last = _FROM.search(column), _TO.search(column)
        if _UNSEEN.search(column) and first and last:
            found.append((int(first[1]) - 1, int(last[1]) - 1))
    return tuple(found)


# Putting a sheet plainly


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the plain form has no place for: texts in several pieces, the cells whose value is a picture."""

    runs: dict[tuple[int, int], Sequence[Run]] = field(default_factory=dict)
    pictures: set[tuple[int, int]] = field(default_factory=set)


def _put_plainly(xml: bytes, beside: _Beside) -> bytes:
    """Columns, cells and merged cells of `xml` in the plain form; what that has no place for goes `beside`.

    Raises `BookError`, `ParseError`.
    """
    root = ET.fromstring(xml)  # noqa: S314 - documents with a DTD come no further than `safety`
    space = next((f"{{{one}}}" for one in NAMESPACES if root.tag == f"{{{one}}}worksheet"), None)
    if space is None or len(root.findall(f"{space}sheetData")) > 1:
        raise BookError(finding("truncated"))

    def listed(name: str, *kept: str) -> str:
        found = [
            [f' {key}="{html.escape(one.get(key, ""))}"' for key in kept if one.get(key) is not None]
            for one in root.iter(f"{space}{name}")
        ]
        return "".join(f"<{name}{''.join(attributes)}/>" for attributes in found)

    rows = "".join(_rows([row for data in root.findall(f"{space}sheetData") for row in data], space, beside))
    return (
        f'<worksheet xmlns="{NAMESPACES[0]}"><cols>{listed("col", "min", "max", "width", "hidden")}</cols>'
        f"<sheetData>{rows}</sheetData><mergeCells>{listed('mergeCell', 'ref')}</mergeCells></worksheet>"
    ).encode()


def _rows(rows: Sequence[ET.Element], space: str, beside: _Beside) -> Iterator[str]:
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
            reference = cell.get("r", cell_name(number - 1, column)).strip().upper()
            if not _CELL.fullmatch(reference):
                raise _contradiction(reference) if _REFERENCE.fullmatch(reference) else _contradiction()
            column = cell_place(reference)[1] + 1
            yield _cell(cell, reference, space)
            _set_beside(cell, cell_place(reference), space, beside)
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
    formula = ""
    for one in formulas:
        kept = "".join(
            f' {key}="{html.escape(said)}"' for key in ("t", "ref", "si") if (said := one.get(key))
        )
        formula = f"<f{kept}>{html.escape(one.text or '', quote=False)}</f>"
    if value is not None and kind != "str":
        value = value.strip()
        if kind == "b":
            value = {"true": "1", "false": "0"}.get(value, value)
        if kind == "e" and value and not is_allowed(b"e", value.encode()):
            value = "#VALUE!"  # newer errors, such as #SPILL!
        if value and not is_allowed(kind.encode(), value.encode()):
            raise _contradiction(reference)
    styled = f' s="{style}"' if style.isdecimal() else ""
    held = "" if value is None else f"<v>{html.escape(value, quote=False)}</v>"
    return f'<c r="{reference}"{styled} t="{html.escape(kind)}">{formula}{held}</c>'


def _set_beside(cell: ET.Element, place: tuple[int, int], space: str, beside: _Beside) -> None:
    """Note what `_cell` leaves out: the pieces of a text, or that the cell's value is a picture.

    Excel gives a cell with a picture an error as its value, and a rich value besides (`vm`), which newer
    errors of formulas have as well.
    """
    text = cell.find(f"{space}is")
    if text is not None and text.find(f"{space}r") is not None:
        beside.runs[place] = read_runs(text)
    formula = cell.find(f"{space}f")
    shows = formula is None or is_picture((formula.text or "").encode())
    error = cell.findtext(f"{space}v", "").strip()
    if cell.get("t") == "e" and cell.get("vm") and shows and error in ("", "#VALUE!"):
        beside.pictures.add(place)


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
