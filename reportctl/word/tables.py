"""Tables as WordprocessingML: set for print, split by columns where they are too wide for the page.

Lengths are twentieths of a point (dxa).
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from reportctl.core import table as tables
from reportctl.core.language import Phrase
from reportctl.core.table import CellFormat, Role, Table
from reportctl.core.wording import cell_text
from reportctl.word.blocks import Element, el, paragraph, run, spacing, w

_NO_ROWS = Phrase("Không có số liệu.", "No figures.")
_NUMERIC = frozenset(
    {CellFormat.COUNT, CellFormat.NUMBER, CellFormat.PERCENT, CellFormat.MONEY, CellFormat.CHANGE}
)
_CELL_MARGIN = 57
_NARROWEST = 900  # a column of figures below a heading of several lines
_SHARE = 1000  # what one share of a column that stands in every part takes
_SHORT_TEXT = 16  # characters: a column of texts no longer than this (numbering, units of measure) is centred
_CHARACTER_WIDTHS = {
    character: width
    for characters, width in (
        ("IJSTZPFL", 0.65),
        ("iltfjr.,;:-/()", 0.33),
        ("0123456789", 0.5),
        ("mw%", 0.85),
    )
    for character in characters
}


# What stands above a part of a table: of its title, the part's number (from 1), and how many parts there are.
Caption = Callable[[str, int, int], Element]


def table_blocks(table: Table, width: int, caption: Caption, language: str | None) -> list[Element]:
    """Caption, table and notes; `width` is that of the text.

    A table of which columns stand at the head of every part is split where its columns would be too narrow.
    A paragraph follows every table: Word joins tables that touch, and wants one at the end of a cell.
    """
    notes = table.notes
    if not table.rows and not notes:
        notes = (_NO_ROWS.in_language(language) if language else str(_NO_ROWS),)
    parts = list(_parts(table, width)) if table.rows else []
    blocks: list[Element] = [] if parts or not table.title else [caption(table.title, 1, 1)]
    for number, part in enumerate(parts, 1):
        if table.title:
            blocks.append(caption(table.title, number, len(parts)))
        last = number == len(parts)
        blocks.append(_grid(part if last else replace(part, notes=()), width, language))
        if not last or not notes:
            blocks.append(_small(text="", size=8))
    below = [_small(el("i"), el("iCs"), text=note, size=22) for note in notes]
    _keep_with_next(below[:-1])
    return blocks + below


def _parts(table: Table, width: int) -> Iterator[Table]:
    """The table, or parts of it that fit the width, about as many columns in each; the first columns
    stand in every one. A column that belongs to the one before it (`CODE.of_plan`) stays with it."""
    head = range(table.repeated)
    blocks: list[list[int]] = []
    for index in range(table.repeated, len(table.columns)):
        if blocks and table.columns[index].key.startswith(f"{table.columns[blocks[-1][0]].key}."):
            blocks[-1].append(index)
        else:
            blocks.append([index])
    rest = len(table.columns) - len(head)
    room = max(int(width - sum(table.columns[n].width for n in head) * _SHARE) // _NARROWEST, 1)
    if not head or rest <= room:
        yield table
        return
    goal = math.ceil(rest / math.ceil(rest / room))
    while blocks:
        chosen: list[int] = []
        while blocks and len(chosen) < goal:
            chosen += blocks.pop(0)
        yield table.with_columns([*head, *chosen])


def _small(*marks: Element, text: str, size: int) -> Element:
    """A paragraph in `size` half points below a table."""
    look = el("rPr", *marks, el("sz", val=size), el("szCs", val=size))
    properties = el("pPr", spacing(40, 0), el("ind", firstLine=0), el("jc", val="both"), copy.deepcopy(look))
    return paragraph([run(text, look)], properties)


def _grid(table: Table, width: int, language: str | None) -> Element:
    texts = [
        [cell_text(value, table.kind_of(row, i), language) for i, value in enumerate(row.cells)]
        for row in table.rows
    ]
    style = _Style.of(table, texts, width)
    widths = _widths(table, _needs(table, texts, style.size), width)
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    margins = (el(side, w=_CELL_MARGIN, type="dxa") for side in ("left", "right"))
    properties = el(
        "tblPr",
        el("tblW", w=width, type="dxa"),
        el("jc", val="center"),
        el("tblBorders", *(el(edge, val="single", sz=4, space=0, color="auto") for edge in edges)),
        el("tblLayout", type="fixed"),
        el("tblCellMar", *margins),
    )
    grid = el("tblGrid", *(el("gridCol", w=each) for each in widths))
    rows = [_header_row(table, widths, style)]
    rows += [_row(row, cells, widths, style) for row, cells in zip(table.rows, texts, strict=True)]
    headings = [line for row, line in zip(table.rows, rows[1:], strict=True) if row.role is Role.SECTION]
    end = rows[-2:] if table.notes else rows[-2:-1]  # no total and no note alone on a page
    _keep_with_next(dict.fromkeys((rows[0], *headings, *end)))
    return el("tbl", properties, grid, *rows)


def _keep_with_next(blocks: Iterable[Element]) -> None:
    """Hold rows or paragraphs on the page of what follows them."""
    for properties in (found for block in blocks for found in block.iter(w("pPr"))):
        properties.insert(0, el("keepNext"))


def _needs(table: Table, texts: list[list[str]], size: int) -> list[float]:
    """What each column needs so that no word and no figure is broken."""
    needs = []
    for i, column in enumerate(table.columns):
        said = [
            cells[i]
            for row, cells in zip(table.rows, texts, strict=True)
            if row.role is not Role.SECTION or i < _last_said(row)
        ]
        words = {word for text in (column.title, *said) for word in text.replace("\n", " ").split(" ")}
        needs.append(max(_length(word) for word in words) * size * 10 + 2 * _CELL_MARGIN + 20)
    return needs


def _length(text: str) -> float:
    """About how long a text is in bold Times New Roman, in widths of an em."""
    return sum(_CHARACTER_WIDTHS.get(c, 0.76 if c.isupper() else 0.53) for c in text)


def _widths(table: Table, needs: list[float], width: int) -> list[int]:
    """The columns' widths, which add up to `width`: by their shares, none below its need if that can be."""
    shares = [column.width for column in table.columns]
    narrow: set[int] = set()
    while sum(needs) <= width:
        free = width - sum(needs[i] for i in narrow)
        unit = free / sum(share for i, share in enumerate(shares) if i not in narrow)
        found = {i for i, share in enumerate(shares) if i not in narrow and share * unit < needs[i]}
        if not found:
            shares = [needs[i] if i in narrow else share * unit for i, share in enumerate(shares)]
            break
        narrow |= found
    edges = [round(edge * width / sum(shares)) for edge in itertools.accumulate(shares, initial=0)]
    return [right - left for left, right in itertools.pairwise(edges)]


def _last_said(row: tables.Row) -> int:
    """The last cell of a heading's row that says something."""
    return max((i for i, value in enumerate(row.cells) if value not in (None, "")), default=0)


@dataclass(frozen=True, slots=True)
class _Style:
    """How a table's cells are set: alignment of each column, size in half points, the labels' column."""

    alignment: tuple[str, ...]
    size: int
    labels: int | None

    @classmethod
    def of(cls, table: Table, texts: list[list[str]], width: int) -> _Style:
        plain = [cells for row, cells in zip(table.rows, texts, strict=True) if row.role is not Role.SECTION]
        alignment = tuple(
            _alignment(column.kind, [cells[i] for cells in plain]) for i, column in enumerate(table.columns)
        )
        labels = next((i for i, side in enumerate(alignment) if side == "left"), None)
        average = width / len(table.columns)
        return cls(alignment, 24 if average >= 1500 else 22 if average >= 1050 else 20, labels)

    def cell(self, text: str, side: str, *, bold: bool = False, indent: int = 0) -> Element:
        """A cell's paragraph."""
        marks = [el("b"), el("bCs")] if bold else []
        look = el("rPr", *marks, el("sz", val=self.size), el("szCs", val=self.size))
        indentation = el("ind", left=indent, right=0, firstLine=0)
        properties = el("pPr", spacing(20, 20), indentation, el("jc", val=side), copy.deepcopy(look))
        return paragraph([run(text, look)], properties)


def _alignment(kind: CellFormat, texts: list[str]) -> str:
    if kind in _NUMERIC or kind is CellFormat.FIGURE:
        return "right"
    if kind is CellFormat.TEXT and any(len(text) > _SHORT_TEXT for text in texts):
        return "left"
    return "center"


def _header_row(table: Table, widths: list[int], style: _Style) -> Element:
    cells = [
        _cell(width, style.cell(column.title, "center", bold=True))
        for column, width in zip(table.columns, widths, strict=True)
    ]
    return el("tr", el("trPr", el("cantSplit"), el("tblHeader")), *cells)


def _row(row: tables.Row, texts: list[str], widths: list[int], style: _Style) -> Element:
    if row.role is Role.SECTION:
        return _section_row(row, texts, widths, style)
    cells = []
    for i, (text, width) in enumerate(zip(texts, widths, strict=True)):
        indent = 170 if row.role is Role.PART and i == style.labels else 0
        look = style.cell(text, style.alignment[i], bold=row.role is Role.TOTAL, indent=indent)
        cells.append(_cell(width, look))
    return el("tr", el("trPr", el("cantSplit")), *cells)


def _section_row(row: tables.Row, texts: list[str], widths: list[int], style: _Style) -> Element:
    """A heading's row: its last text runs on over the cells that say nothing."""
    said = ["" if value is None else text for value, text in zip(row.cells, texts, strict=True)]
    last = _last_said(row)
    cells = [_cell(widths[i], style.cell(said[i], style.alignment[i], bold=True)) for i in range(last)]
    title = style.cell(said[last], "left", bold=True)
    cells.append(_cell(sum(widths[last:]), title, span=len(widths) - last))
    return el("tr", el("trPr", el("cantSplit")), *cells)


def _cell(width: int, content: Element, span: int = 1) -> Element:
    properties = el("tcPr", el("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(el("gridSpan", val=span))
    properties.append(el("vAlign", val="center"))
    return el("tc", properties, content)
