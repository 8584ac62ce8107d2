"""How cells of an Excel workbook look: what is struck out or raised in them, odd number formats, pictures."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

from reportctl.core.relationships import read_relationships, relationships_part
from reportctl.workbooks.book import COLUMNS, ROWS, Area
from reportctl.workbooks.looks import LOWERED, PLAIN, RAISED, STRUCK, CellLook, Run, look, rows_under
from reportctl.workbooks.number_formats import is_odd
from reportctl.workbooks.sheet_rows import SHARED, XmlRow, read_text

INHERITED = "inherited"  # the mark of a piece of text that is written as its cell is
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_OFF = ("0", "false")


def _mark(font: ET.Element) -> str:
    """How text of that font, or of such a run, is written (ECMA-376 part 1, 18.4.7, 18.8.22)."""
    strike, raised = font.find("{*}strike"), font.find("{*}vertAlign")
    if strike is not None and strike.get("val") not in _OFF:
        return STRUCK
    said = raised.get("val") if raised is not None else ""
    return {"superscript": RAISED, "subscript": LOWERED}.get(said or "", PLAIN)


# Pieces of texts


def read_runs(text: ET.Element) -> tuple[Run, ...]:
    """The pieces of a shared string or of a text in its cell; a piece without properties is `INHERITED`."""
    runs = []
    for one in text:
        name = one.tag.rpartition("}")[2]
        properties = one.find("{*}rPr") if name == "r" else None
        mark = INHERITED if properties is None else _mark(properties)
        for piece in [one] if name == "t" else one.findall("{*}t") if name == "r" else []:
            runs.append(Run(read_text(piece.text or "", preserved=piece.get(_SPACE) == "preserve"), mark))
    return tuple(runs)


def read_marked_strings(part: bytes, *, inherited: bool) -> Mapping[int, tuple[Run, ...]]:
    """The pieces of the shared strings that have several, by their places; none where no look is odd.

    `inherited`: the fonts of some cells are odd, too. Raises `ParseError`.
    """
    if not part or not (inherited or b"strike" in part or b"vertAlign" in part):
        return {}
    return {
        place: read_runs(item)
        for place, item in enumerate(ET.fromstring(part).iterfind("{*}si"))  # noqa: S314 - documents with a DTD come no further than `safety`
        if item.find("{*}r") is not None
    }


# Formats of cells


class CellFormat(NamedTuple):
    """The mark of a cell's font, and the code of its number format where that is odd."""

    mark: str
    code: str


_BUILT_IN = {"9": "0%", "10": "0.00%"}  # of those only they show another number (18.8.30)


@functools.lru_cache(maxsize=64)
def read_odd_formats(styles: bytes) -> Mapping[int, CellFormat]:
    """The cell formats in the part `styles` that are odd, by their places. Raises `ParseError`."""
    if not styles:
        return {}
    root = ET.fromstring(styles)  # noqa: S314 - the same
    marks = [_mark(font) for font in root.iterfind("{*}fonts/{*}font")]
    own = root.iterfind("{*}numFmts/{*}numFmt")
    codes = _BUILT_IN | {one.get("numFmtId", ""): one.get("formatCode", "") for one in own}
    odd = {number: code for number, code in codes.items() if is_odd(code)}
    found = {}
    for place, one in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        font = one.get("fontId", "0")
        known = font.isdecimal() and len(font) < 6 and int(font) < len(marks)
        format_ = CellFormat(marks[int(font)] if known else PLAIN, odd.get(one.get("numFmtId", ""), ""))
        if format_ != (PLAIN, ""):
            found[place] = format_
    return found


# The cells of a sheet

_PLAIN_FORMAT = CellFormat(PLAIN, "")


def read_looks(
    rows: Sequence[XmlRow],
    formats: Mapping[int, CellFormat],
    strings: Mapping[int, Sequence[Run]],
    inline: Mapping[tuple[int, int], Sequence[Run]],
) -> dict[tuple[int, int], CellLook]:
    """The looks of the cells that are odd; `inline` are the pieces of texts in the sheet itself."""
    found: dict[tuple[int, int], CellLook] = {}
    if not (formats or strings or inline):
        return found
    odd = frozenset(formats)
    for row in rows:
        cells = row.cells
        if strings or inline or not odd.isdisjoint(cells.styles):
            for column, kind, style, value in zip(
                cells.held, cells.kinds, cells.styles, row.values, strict=True
            ):
                format_ = formats.get(style, _PLAIN_FORMAT)
                place = row.number - 1, column
                runs = strings.get(int(value), ()) if kind == SHARED and strings else inline.get(place, ())
                if runs or format_ is not _PLAIN_FORMAT:
                    _put(found, place, format_, runs)
        for column, _text, style in cells.texts:
            if style in formats:
                _put(found, (row.number - 1, column), formats[style], ())
    return found


def _put(
    found: dict[tuple[int, int], CellLook], place: tuple[int, int], format_: CellFormat, runs: Sequence[Run]
) -> None:
    resolved = [Run(text, format_.mark if mark == INHERITED else mark) for text, mark in runs]
    looks = look(resolved, struck=format_.mark == STRUCK, format_code=format_.code)
    if looks:
        found[place] = looks


# Pictures

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_STRICT_DRAWING = "{http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing}"


def read_pictures(parts: Mapping[str, bytes], part: str) -> tuple[Area, ...]:
    """The cells under each picture of the sheet in `part` (20.5.2.33); charts and shapes are left out.

    Raises `ParseError`.
    """
    listed = parts.get(relationships_part(part))
    if listed is None or parts[part].find(b"rawing", max(parts[part].rfind(b"sheetData"), 0)) < 0:
        return ()
    drawings = [one.part for one in read_relationships(listed, part) if one.kind == "drawing"]
    return tuple(area for name in drawings if name in parts for area in _areas(parts[name]))


_TO_AN_INCH = 914_400  # English Metric Units (20.1.2.1)


def _areas(drawing: bytes) -> Iterator[Area]:
    root = ET.fromstring(drawing)  # noqa: S314 - the same
    space = _STRICT_DRAWING if root.tag.startswith(_STRICT_DRAWING) else _DRAWING
    for anchor in root:
        first, last = anchor.find(f"{space}from"), anchor.find(f"{space}to")
        if first is None or next(anchor.iter(f"{space}pic"), None) is None:
            continue
        row, column = _place(first, space)
        extent = anchor.find(f"{space}ext")
        high = (extent.get("cy") or "").strip() if extent is not None else ""
        inches = int(high) / _TO_AN_INCH if high.isdecimal() and len(high) < 12 else 0
        below = row + rows_under(inches), column
        last_row, last_column = below if last is None else _place(last, space, end=True)
        yield Area("", row, column, max(row, last_row), max(column, last_column))


def _place(marker: ET.Element, space: str, *, end: bool = False) -> tuple[int, int]:
    """Row and column of a corner; one that ends where a cell begins (`end`) is of the cell before."""

    def number(name: str, limit: int) -> int:
        said = (marker.findtext(f"{space}{name}") or "0").strip()
        return min(int(said), limit) if said.isdecimal() and len(said) < 10 else 0

    row, column = number("row", ROWS - 1), number("col", COLUMNS - 1)
    over = number("rowOff", 1), number("colOff", 1)
    return row - (end and not over[0]), column - (end and not over[1])
