"""Tables as WordprocessingML: set for print, split by columns where they are too wide for the page.

Lengths are twentieths of a point (dxa).
"""

from __future__ import annotations

import copy
import functools
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from reportctl.core.language import Phrase
from reportctl.core.table import (
    NOT_ASKED,
    CellFormat,
    Column,
    Role,
    Row,
    Table,
    heading_lines,
    headings,
    page_breaks,
    together,
)
from reportctl.core.wording import NBSP, decimal_sign, name_in_lines, text_in, unbroken
from reportctl.word.blocks import Element, clean, el, keep_with_next, paragraph, run, spacing, w
from reportctl.word.table_looks import TableLook

_PLAIN = TableLook()  # of a document without such styles
_NO_ROWS = Phrase("Không có số liệu.", "No figures.")
_NUMERIC = frozenset(
    {CellFormat.COUNT, CellFormat.NUMBER, CellFormat.PERCENT, CellFormat.MONEY, CellFormat.CHANGE}
)
_CELL_MARGIN = 57
_DENSE = 18  # half points: letters of a table that is printed small
_SMALLER = (20, 18, 16)  # likewise: letters of a table whose words would be broken in larger ones
_ABOUT = 1.03  # what words need is reckoned amply
_NARROWEST = 900  # a column of figures below a heading of several lines
_SHARE = 1000  # what one share of a column that stands in every part takes
_WIDE_LETTERS = 1.3  # how much wider than in Times New Roman they are in the widest usual typefaces
_GREY = "D9D9D9"  # of what is not asked
_INDENT = 170  # a step of what stands below others
_SHORT_TEXT = 16  # characters: a column of texts no longer than this (numbering, units of measure) is centred
_CHARACTER_WIDTHS = {  # in bold Times New Roman, in widths of an em
    character: width
    for characters, width in (
        ("IJSTZPFL", 0.65),
        ("iltfjr.,;:-/()", 0.34),
        ("ưừứửữựơờớởỡợƯƠ", 0.64),
        ("0123456789", 0.5),
        ("mw%", 0.85),
    )
    for character in characters
}

# What stands above a part of a table: of its title, the part's number (from 1), and how many parts there are.
Caption = Callable[[str, int, int], Element]


def table_blocks(table: Table, width: int, caption: Caption, look: TableLook = _PLAIN) -> list[Element]:
    """Caption, table and notes; `width` is that of the text, `look` are the styles that the document has.

    A table of which columns stand at the head of every part is split where its columns would be too narrow.
    A paragraph follows every table: Word joins tables that touch, and wants one at the end of a cell.
    """
    notes = table.notes or (() if table.rows else (str(_NO_ROWS),))
    parts = list(_parts(table, width)) if table.rows else []
    blocks: list[Element] = [] if parts or not table.title else [caption(table.title, 1, 1)]
    for number, part in enumerate(parts, 1):
        if table.title:
            blocks.append(caption(table.title, number, len(parts)))
        last = number == len(parts)
        blocks.append(grid(part if last else replace(part, notes=()), width, look))
        if not last or not notes:
            blocks.append(_small(text="", size=8))
    below = [_note(note, look) for note in notes]
    _keep_with_next(below[:-1])
    return blocks + below


def _note(text: str, look: TableLook) -> Element:
    """A note below a table."""
    if style := look.paragraph("note"):
        return paragraph([run(text)], el("pPr", el("pStyle", val=style.code)))
    return _small(el("i"), el("iCs"), text=text, size=22)


def narrowest(table: Table) -> int:
    """The width below which a table cannot be read, however it is split."""
    columns = len(table.columns) if not table.repeated else min(table.repeated + 1, len(table.columns))
    return columns * _NARROWEST // 2 if table.rows else 0


def _parts(table: Table, width: int) -> Iterator[Table]:
    """The table, or parts of it that fit the width, about equally wide; the first columns stand in every one.
    Columns below one heading, or that belong to the one before (`CODE.of_plan`), stay together."""
    held, count = table.repeated, len(table.columns)
    needs = [
        column.width * _SHARE if n < held else max(column.width, 1) * _NARROWEST
        for n, column in enumerate(table.columns)
    ]
    if not held or sum(needs) <= width:
        yield table
        return
    headed = [(one.first, one.last) for one in headings(table.columns)]
    blocks = [(block[0], block[-1]) for block in together(table.columns)]
    breaks = page_breaks(needs, held, (*headed, *blocks), width)
    for first, end in itertools.pairwise((held, *breaks, count)):
        yield table.with_columns([*range(held), *range(first, end)])


def _small(*marks: Element, text: str, size: int) -> Element:
    """A paragraph in `size` half points below a table."""
    look = el("rPr", *marks, el("sz", val=size), el("szCs", val=size))
    properties = el("pPr", spacing(40, 0), el("ind", firstLine=0), el("jc", val="both"), copy.deepcopy(look))
    return paragraph([run(text, look)], properties)


def grid(table: Table, width: int, styles: TableLook = _PLAIN) -> Element:
    """The table itself (w:tbl): figures to the right, short texts centred, its header on every page; a
    section's heading runs on over the empty cells after it."""
    table = replace(table, columns=tuple(_unbroken_title(column) for column in table.columns))
    texts = [[_cell_text(table, row, i) for i in range(len(row.cells))] for row in table.rows]
    plain = [cells for row, cells in zip(table.rows, texts, strict=True) if row.role is not Role.SECTION]
    steps = any(row.level for row in table.rows)
    sides = []
    for i, column in enumerate(table.columns):
        if column.kind in _NUMERIC or column.kind is CellFormat.FIGURE:
            sides.append("right")
        elif column.key == "unit" or (
            column.kind is CellFormat.TEXT
            and ((steps and column.key == "label") or any(len(cells[i]) > _SHORT_TEXT for cells in plain))
        ):  # names, however short
            sides.append("left")
        else:
            sides.append("center")
    labels = sides.index("left") if "left" in sides else None
    average = width / len(table.columns)
    dense = table.dense and average >= 600
    size = (
        _DENSE
        if dense
        else 24
        if average >= 1500
        else 22
        if average >= 1050
        else 20
        if average >= 600
        else 16
    )  # half points
    room_above = 4 if size == _DENSE else 20
    figures = styles.paragraph("right", dense=dense)
    # The document's own styles set tables in Times New Roman; without them nobody knows how wide letters are.
    letters = (1.0,) if figures else (_WIDE_LETTERS, (1 + _WIDE_LETTERS) / 2, 1.0)
    # Smaller letters, where words would be broken and are not then.
    for smaller in (size, *(one for one in _SMALLER if one < size), size):
        rooms = _rooms_behind(table, texts, min(smaller, figures.size) if figures else smaller)
        needs = [_needs(table, texts, smaller, rooms, one) for one in letters]
        fitting = next((one for one in needs if sum(one) <= width), needs[-1])
        if sum(fitting) <= width * _ABOUT:
            break
    size = smaller
    firm = [side != "left" for side in sides]
    widths = _widths([column.width for column in table.columns], fitting, width, firm=firm)

    @functools.cache  # most cells of a table are like others but for their text
    def blank(
        at: int,
        side: str,
        *,
        bold: bool = False,
        indent: int = 0,
        room: int = 0,
        span: int = 1,
        grey: bool = False,
        head: bool = False,
    ) -> tuple[Element, Element | None]:
        """An empty cell, and the properties of its text."""
        style = styles.paragraph("head" if head else side, dense=dense)
        marks = [el("b"), el("bCs")] if bold and not (head and style) else []
        if style is None or size < style.size:  # the columns are narrower than the style's letters are for
            marks += [el("sz", val=size), el("szCs", val=size)]
        look = el("rPr", *marks) if marks else None
        if style:
            indents = [el("ind", left=indent, right=room, firstLine=0)] if indent or room else []
            said = [el("pStyle", val=style.code), *indents]
        else:
            indentation = el("ind", left=indent, right=room, firstLine=0)
            said = [spacing(room_above, room_above), indentation, el("jc", val=side)]
        properties = el("pPr", *said, *([] if look is None else [copy.deepcopy(look)]))
        merged = [el("gridSpan", val=span)] if span > 1 else []
        shade = [el("shd", val="clear", color="auto", fill=_GREY)] if grey else []
        wide = el("tcW", w=sum(widths[at : at + span]), type="dxa")
        inside = el("tcPr", wide, *merged, *shade, el("vAlign", val="center"))
        return el("tc", inside, paragraph([], properties)), look

    def cell(text: str, at: int, side: str, **look: Any) -> Element:
        empty, of_text = blank(at, side, **look)
        made = copy.deepcopy(empty)
        made[-1].append(run(text, of_text))
        return made

    lines = _head(table, cell)
    heads = len(lines)
    for row, cells, behind in zip(table.rows, texts, rooms, strict=True):
        if row.role is Role.SECTION:
            cells = ["" if value is None else text for value, text in zip(row.cells, cells, strict=True)]
            last = _last_filled(row)
            line = [cell(cells[i], i, sides[i], bold=True) for i in range(last)]
            line.append(cell(cells[last], last, "left", bold=True, span=len(widths) - last))
        else:
            bold = row.role is Role.TOTAL
            indents = [_INDENT * row.depth if i == labels else 0 for i in range(len(cells))]
            line = [
                cell(text, i, "center", grey=True)
                if row.cells[i] is NOT_ASKED
                else cell(text, i, sides[i], bold=bold, indent=indents[i], room=behind[i])
                for i, text in enumerate(cells)
            ]
        lines.append(el("tr", el("trPr", el("cantSplit")), *line))
    held = _held([row.role for row in table.rows], notes=bool(table.notes))
    _keep_with_next([*lines[:heads], *(lines[heads + n] for n in held)])
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = el("tblBorders", *(el(edge, val="single", sz=4, space=0, color="auto") for edge in edges))
    properties = el(
        "tblPr",
        *([el("tblStyle", val=styles.table)] if styles.table else []),
        el("tblW", w=width, type="dxa"),
        el("jc", val="center"),
        *([] if styles.table else [borders]),
        el("tblLayout", type="fixed"),
        el("tblCellMar", *(el(side, w=_CELL_MARGIN, type="dxa") for side in ("left", "right"))),
        *_alternative_text(table),
    )
    return el("tbl", properties, el("tblGrid", *(el("gridCol", w=each) for each in widths)), *lines)


_BRACKETED = re.compile(r"\(([^()]{1,20})\)(?=$| )")


def _unbroken_title(column: Column) -> Column:
    """The column with a unit of measure in its title that is not broken over lines."""
    title = _BRACKETED.sub(lambda found: found[0].replace(" ", NBSP), column.title)
    return replace(column, title=title)


def _cell_text(table: Table, row: Row, at: int) -> str:
    """What a cell shows; a short unit of measure is not broken over lines, a unit's name not badly."""
    text, key = text_in(table, row, at), table.columns[at].key
    if key == "unit":
        return name_in_lines(text)
    return unbroken(text) if key == "measure" else text


def _rooms_behind(table: Table, texts: list[list[str]], size: int) -> list[list[int]]:
    """The room behind each cell's text, in letters of `size` half points, by which the decimal signs of a
    column of figures stand below each other.

    It is as wide as the decimals that others have and the text does not. Word's decimal tabs would go by the
    decimal sign of the computer's own language.
    """
    sign = decimal_sign()
    decimals = re.compile(rf"[+-]?\d[\d.,{NBSP}]*?(?:{re.escape(sign)}(\d+))?")
    rooms = [[0] * len(cells) for cells in texts]
    for i, column in enumerate(table.columns):
        if column.kind not in _NUMERIC and column.kind is not CellFormat.FIGURE:
            continue
        behind = {}
        for n, cells in enumerate(texts):
            found = decimals.fullmatch(cells[i]) if table.rows[n].role is not Role.SECTION else None
            if found:
                behind[n] = len(found[1] or "")
        most = max(behind.values(), default=0)
        for n, own in behind.items():
            missing = most - own
            # A digit is half an em wide, a comma or a full stop a quarter.
            rooms[n][i] = missing * size * 5 + (0 if own or not most else size * 5 // 2)
    return rooms


def _alternative_text(table: Table) -> list[Element]:
    """What is read out of a table to who does not see it: its title, and what its columns are."""
    columns = "; ".join(column.heading for column in table.columns)
    said = {"tblCaption": table.title, "tblDescription": columns}
    return [el(name, val=" ".join(clean(text).split())) for name, text in said.items() if text]


def _head(table: Table, cell: Callable[..., Element]) -> list[Element]:
    """The rows of a table's head, which stand on every page: headings over several columns are merged
    across, titles of columns down to the last row."""
    rows = [
        el("tr", el("trPr", el("cantSplit"), el("tblHeader"))) for _n in range(heading_lines(table.columns))
    ]
    for one in sorted(headings(table.columns), key=lambda one: one.first):
        for line in range(one.top, one.bottom + 1):
            text = one.text if line == one.top else ""
            made = cell(text, one.first, "center", head=True, bold=True, span=one.last - one.first + 1)
            if one.bottom > one.top:
                merge = el("vMerge", val="restart") if line == one.top else el("vMerge")
                made[0].find(w("vAlign")).addprevious(merge)
            rows[line].append(made)
    return rows


_WHOLE = 12  # rows of a table that is not parted


def _held(roles: Sequence[Role], *, notes: bool) -> list[int]:
    """The rows, from 0, that stay on the page of what follows them, so that a short table stands on one page
    and a page that a long one begins or ends on has two of its rows at least, and none a total alone.

    Word and LibreOffice both go by the first paragraph of a row.
    """
    last = len(roles) - 1
    if last < _WHOLE:
        held = set(range(last))
    else:
        plain = [n for n, role in enumerate(roles) if role not in (Role.SECTION, Role.TOTAL)]
        held = set(range(plain[1])) if len(plain) > 1 else set()
        held |= set(range(plain[-2], last)) if len(plain) > 1 else set()
        held |= {n for n, role in enumerate(roles[:-1]) if role is Role.SECTION or roles[n + 1] is Role.TOTAL}
    return sorted(held | ({last} if notes else set()))


def _keep_with_next(blocks: Iterable[Element]) -> None:
    """Hold rows or paragraphs on the page of what follows them."""
    for block in blocks:
        keep_with_next(block)


def _needs(
    table: Table, texts: list[list[str]], size: int, rooms: Sequence[Sequence[int]], letters: float
) -> list[int]:
    """How wide each column must be so that no word and no figure in letters of `size` half points is broken,
    with the `rooms` behind the cells' texts; `letters` are so many times as wide as in Times New Roman."""
    needs = []
    headed: dict[str, set[int]] = {}  # the columns below each heading
    for i, column in enumerate(table.columns):
        for text in column.under:
            headed.setdefault(text, set()).add(i)
    em = size * 10 * letters
    for i, column in enumerate(table.columns):
        inside = [
            cells[i]
            for row, cells in zip(table.rows, texts, strict=True)
            if row.role is not Role.SECTION or i < _last_filled(row)
        ]
        above = (text for text in column.under if len(headed[text]) == 1)
        words = {
            word for text in (column.title, *above, *inside) for word in text.replace("\n", " ").split(" ")
        }
        longest = max(
            sum(_CHARACTER_WIDTHS.get(c, 0.76 if c.isupper() else 0.53) for c in word) for word in words
        )
        figures = [
            sum(_CHARACTER_WIDTHS.get(c, 0.53) for c in cells[i]) * em + behind[i]
            for cells, behind in zip(texts, rooms, strict=True)
            if behind[i]
        ]
        needs.append(math.ceil(max([longest * em, *figures])) + 2 * _CELL_MARGIN + 20)
    return needs


def _widths(shares: Sequence[float], needs: Sequence[int], width: int, *, firm: Sequence[bool]) -> list[int]:
    """The columns' widths, which add up to `width`: by their shares, and none narrower than it needs, if that
    can be; else none that is `firm`, of figures and short texts, as long as the others keep a third of what
    they need."""
    if sum(needs) > width * _ABOUT:
        needs = [need if firm[i] else math.ceil(need / 3) for i, need in enumerate(needs)]
    shares = [*(needs if sum(needs) > width else shares)]
    narrow: set[int] = set()
    while sum(needs) <= width:
        free = width - sum(needs[i] for i in narrow)
        unit = free / sum(share for i, share in enumerate(shares) if i not in narrow)
        short = {i for i, share in enumerate(shares) if i not in narrow and share * unit < needs[i]}
        if not short:
            shares = [needs[i] if i in narrow else share * unit for i, share in enumerate(shares)]
            break
        narrow |= short
    edges = [round(edge * width / sum(shares)) for edge in itertools.accumulate(shares, initial=0)]
    return [right - left for left, right in itertools.pairwise(edges)]


def _last_filled(row: Row) -> int:
    """The last cell of a heading's row that is not empty."""
    return max((i for i, value in enumerate(row.cells) if value not in (None, "")), default=0)
