"""WordprocessingML for what a report is made of: runs, paragraphs, tables, drawings.

Lengths are twentieths of a point (dxa) unless said otherwise: 567 are a centimetre.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import nsdecls
from docx.oxml.parser import oxml_parser, parse_xml
from docx.text.font import Font

from reportctl import table as tables
from reportctl.content import Chart, Paragraph
from reportctl.language import Phrase
from reportctl.table import Kind, Role, Table
from reportctl.wording import cell_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EMU = 635  # to one dxa

Node = Any  # an lxml element; python-docx's own classes for them are not lxml's to a type checker

_NO_ROWS = Phrase("Không có số liệu.", "No figures.")
_NUMERIC = frozenset({Kind.COUNT, Kind.NUMBER, Kind.PERCENT, Kind.MONEY, Kind.CHANGE})
_CELL_MARGIN = 57
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
_TRACKED = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPr")


def w(name: str) -> str:
    """The full name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def el(name: str, /, *children: Node, **attributes: str | int) -> Node:
    """A WordprocessingML element; its attributes are of the same namespace."""
    named = {w(key): str(value) for key, value in attributes.items()}
    node = oxml_parser.makeelement(w(name), named, {"w": W})
    node.extend(children)
    return node


def clean(text: str) -> str:
    """`text` without the characters XML cannot hold; line ends are `\\n`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\t\n" or (c >= " " and not _unwritable(c)))


def _unwritable(character: str) -> bool:
    return "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff" or character in "\ufffe\uffff"


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of a control is set: properties of its paragraphs (w:pPr) and of its runs (w:rPr)."""

    paragraph: Node | None = None
    run: Node | None = None

    @classmethod
    def of(cls, paragraph: Node | None, run: Node | None) -> Look:
        """The look of what stands there, without tracked changes and the grey of placeholder text."""
        return cls(
            _plain(None if paragraph is None else paragraph.find(w("pPr"))),
            _plain(None if run is None else run.find(w("rPr"))),
        )


def _plain(properties: Node | None) -> Node | None:
    if properties is None:
        return None
    properties = copy.deepcopy(properties)
    style = properties.find(w("rStyle"))
    if style is not None and style.get(w("val")) == "PlaceholderText":
        properties.remove(style)
    for name in _TRACKED:
        for node in list(properties.iter(w(name))):
            node.getparent().remove(node)
    return properties if len(properties) else None


def _regular(look: Node | None) -> Node | None:
    """A look that is not bold."""
    if look is None:
        return None
    look = copy.deepcopy(look)
    for node in [*look.iterchildren(w("b"), w("bCs"))]:
        look.remove(node)
    return look if len(look) else None


def run(text: str, look: Node | None = None, *, bold: bool = False) -> Node:
    """A run of text, its line ends as line breaks."""
    node = el("r")
    if look is not None:
        node.append(copy.deepcopy(look))
    for index, line in enumerate(clean(text).split("\n")):
        if index:
            node.append(el("br"))
        for position, piece in enumerate(line.split("\t")):
            if position:
                node.append(el("tab"))
            if piece:
                node.append(_text(piece))
    if bold:
        font = Font(node)
        font.bold = font.cs_bold = True
    return node


def _text(piece: str) -> Node:
    node = el("t")
    node.text = piece
    if piece != piece.strip():
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return node


def paragraph(runs: Sequence[Node], properties: Node | None = None) -> Node:
    """A paragraph of `runs`."""
    start = [] if properties is None else [copy.deepcopy(properties)]
    return el("p", *start, *runs)


def text_blocks(content: tuple[Paragraph, ...], look: Look) -> list[Node]:
    """A paragraph each, leads in bold, items dashed; one empty paragraph where there is no text."""
    blocks = []
    look_of_text = _regular(look.run)
    for item in content or (Paragraph(""),):
        runs = []
        dash = "- " if item.item else ""
        if item.lead:
            gap = " " if item.text and not item.lead.endswith((" ", "\u00a0")) else ""
            runs.append(run(dash + item.lead + gap, look_of_text, bold=True))
            dash = ""
        if item.text or not item.lead:
            runs.append(run(dash + item.text, look_of_text))
        blocks.append(paragraph(runs, look.paragraph))
    return blocks


def table_blocks(table: Table, width: int, caption_style: str | None, language: str | None) -> list[Node]:
    """Caption, table and notes; `width` is that of the text, `caption_style` a paragraph style's id.

    A paragraph follows every table: Word joins tables that touch, and wants one at the end of a cell.
    """
    blocks = []
    if table.title:
        blocks.append(_caption(table.title, caption_style))
    notes = table.notes
    if table.rows:
        blocks.append(_grid(table, width, language))
    elif not notes:
        notes = (_NO_ROWS.in_language(language) if language else str(_NO_ROWS),)
    below = [_small(el("i"), el("iCs"), text=note, size=22) for note in notes]
    _keep_with_next(below[:-1])
    blocks += below
    if not notes:
        blocks.append(_small(text="", size=8))
    return blocks


def _caption(title: str, style: str | None) -> Node:
    if style:
        return paragraph([run(title)], el("pPr", el("pStyle", val=style)))
    properties = el("pPr", el("keepNext"), _spacing(120, 60), el("ind", firstLine=0), el("jc", val="center"))
    return paragraph([run(title, bold=True)], properties)


def _small(*marks: Node, text: str, size: int) -> Node:
    """A paragraph in `size` half points below a table."""
    look = el("rPr", *marks, el("sz", val=size), el("szCs", val=size))
    properties = el("pPr", _spacing(40, 0), el("ind", firstLine=0), el("jc", val="both"), copy.deepcopy(look))
    return paragraph([run(text, look)], properties)


def _spacing(before: int, after: int) -> Node:
    return el("spacing", before=before, after=after, line=240, lineRule="auto")


def _grid(table: Table, width: int, language: str | None) -> Node:
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


def _keep_with_next(blocks: Iterable[Node]) -> None:
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

    def cell(self, text: str, side: str, *, bold: bool = False, indent: int = 0) -> Node:
        """A cell's paragraph."""
        marks = [el("b"), el("bCs")] if bold else []
        look = el("rPr", *marks, el("sz", val=self.size), el("szCs", val=self.size))
        indentation = el("ind", left=indent, right=0, firstLine=0)
        properties = el("pPr", _spacing(20, 20), indentation, el("jc", val=side), copy.deepcopy(look))
        return paragraph([run(text, look)], properties)


def _alignment(kind: Kind, texts: list[str]) -> str:
    if kind in _NUMERIC or kind is Kind.FIGURE:
        return "right"
    if kind is Kind.TEXT and any(len(text) > _SHORT_TEXT for text in texts):
        return "left"
    return "center"


def _header_row(table: Table, widths: list[int], style: _Style) -> Node:
    cells = [
        _cell(width, style.cell(column.title, "center", bold=True))
        for column, width in zip(table.columns, widths, strict=True)
    ]
    return el("tr", el("trPr", el("cantSplit"), el("tblHeader")), *cells)


def _row(row: tables.Row, texts: list[str], widths: list[int], style: _Style) -> Node:
    if row.role is Role.SECTION:
        return _section_row(row, texts, widths, style)
    cells = []
    for i, (text, width) in enumerate(zip(texts, widths, strict=True)):
        indent = 170 if row.role is Role.PART and i == style.labels else 0
        look = style.cell(text, style.alignment[i], bold=row.role is Role.TOTAL, indent=indent)
        cells.append(_cell(width, look))
    return el("tr", el("trPr", el("cantSplit")), *cells)


def _section_row(row: tables.Row, texts: list[str], widths: list[int], style: _Style) -> Node:
    """A heading's row: its last text runs on over the cells that say nothing."""
    said = ["" if value is None else text for value, text in zip(row.cells, texts, strict=True)]
    last = _last_said(row)
    cells = [_cell(widths[i], style.cell(said[i], style.alignment[i], bold=True)) for i in range(last)]
    title = style.cell(said[last], "left", bold=True)
    cells.append(_cell(sum(widths[last:]), title, span=len(widths) - last))
    return el("tr", el("trPr", el("cantSplit")), *cells)


def _cell(width: int, content: Node, span: int = 1) -> Node:
    properties = el("tcPr", el("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(el("gridSpan", val=span))
    properties.append(el("vAlign", val="center"))
    return el("tc", properties, content)


def chart_block(chart: Chart, relation: str, drawing_id: int, width: int) -> Node:
    """A paragraph that holds the chart of `relation`, as wide as the text, with its alternative text."""
    height = width // 2
    if chart.shape == "bar":  # room for every bar, up to a page
        bars = len(chart.categories) * (len(chart.series) + 1)
        height = min(max(height, bars * 200 + 1500), width * 6 // 5)
    drawing = parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'c', 'r')}>"
        '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent/><wp:docPr/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    extent, named = drawing[0][0], drawing[0][1]
    extent.set("cx", str(width * EMU))
    extent.set("cy", str(height * EMU))
    named.set("id", str(drawing_id))
    named.set("name", clean(chart.name))
    named.set("descr", clean(chart.description or chart.title))
    properties = el("pPr", _spacing(120, 120), el("ind", firstLine=0), el("jc", val="center"))
    return paragraph([el("r", drawing)], properties)
