"""Blocks without a heading: words with an open cell beside them. Single values, or who fills the form in
and for when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportctl.adopt import words
from reportctl.adopt.asked_cells import is_grey
from reportctl.adopt.blank_form import IdentityCell, ReadColumn, ReadRow, ReadTable
from reportctl.adopt.blocks import Block
from reportctl.adopt.codes import Codes, code_of_words
from reportctl.adopt.columns import kind_of_figure
from reportctl.adopt.grid import Grid, Place, Span
from reportctl.adopt.headings import Heading
from reportctl.adopt.row_numbers import split_number
from reportctl.adopt.units_of_measure import unit_of_words
from reportctl.adopt.words import bare


@dataclass(frozen=True, slots=True)
class Pair:
    """Words, and the open cell right of them (or below where `below`)."""

    label: str
    words_at: Place
    cell: Place
    unit_of_measure: str = ""


def pairs_in(grid: Grid, span: Span) -> list[Pair]:
    """The words of a block, each with the open cell at its right."""
    found = []
    for row in range(span.top, span.bottom + 1):
        if row in grid.sheet.hidden_rows:
            continue
        cells = grid.texts_in_row(row, span.left, span.right)
        for number, (column, text) in enumerate(cells):
            after = grid.span(row, column).right + 1
            if below := _box_below(grid, span, row, column):
                found.append(Pair(text, (row, column), below))
                continue
            if after > span.right or not grid.is_words(row, column) or grid.span(row, column).top != row:
                continue
            place = grid.anchor(row, after)
            if place[0] != row or not grid.is_open(*place) or grid.is_hidden(*place):
                continue
            follows = cells[number + 1] if number + 1 < len(cells) else None
            unit = ""
            if (
                follows
                and follows[0] == grid.span(*place).right + 1
                and number + 2 >= len(cells)
                and len(follows[1]) <= 12
            ):
                unit = follows[1]
            found.append(Pair(text, (row, column), place, unit))
    return found


def boxes_in(grid: Grid, span: Span) -> bool:
    """Whether words of the block have a box below them that is as wide as the block."""
    return any(_box_below(grid, span, row, span.left) for row in range(span.top, span.bottom))


def box_under_title(grid: Grid, span: Span) -> list[Pair]:
    """The block as the answer to the words right above it, where it is one open cell of several rows or
    columns; else nothing."""
    above = span.top - 1
    one = grid.span(span.top, span.left)
    if one != span or one.width == one.height == 1 or not grid.is_open(span.top, span.left) or above < 0:
        return []
    place = grid.anchor(above, span.left)
    text = grid.text(*place)
    if not grid.is_words(*place) or words.identity_of(text) or words.SIGNATURE.fullmatch(bare(text)):
        return []
    return [Pair(text, place, (span.top, span.left))]


def _box_below(grid: Grid, span: Span, row: int, column: int) -> Place | None:
    """The open box below words that reach over the whole block, where the two are alike in width; None:
    none."""
    one = grid.span(row, column)
    if (one.top, one.left, one.right) != (row, span.left, span.right) or not grid.is_words(row, column):
        return None
    under = grid.span(one.bottom + 1, column)
    whole = one.bottom < span.bottom and (under.left, under.right) == (span.left, span.right)
    return (under.top, under.left) if whole and grid.is_open(under.top, under.left) else None


def marked_pairs(grid: Grid, row: int) -> list[Pair]:
    """The words of a row outside all frames that have an open cell at their right which is shaded otherwise
    than they are, or underlined alone."""
    found = []
    if row in grid.sheet.hidden_rows:
        return []
    for column, text in grid.texts_in_row(row, 0, grid.width - 1):
        place = grid.anchor(row, grid.span(row, column).right + 1)
        if (
            place[0] != row
            or not grid.is_words(row, column)
            or not grid.is_open(*place)
            or grid.is_hidden(*place)
        ):
            continue
        look, own = grid.cell(*place).look, grid.cell(row, column).look
        shaded = bool(look.fill) and look.fill != own.fill and not is_grey(look.fill)
        underlined = look.bottom and not own.bottom and not look.top
        after = grid.anchor(row, grid.span(*place).right + 1)
        if look.fill and grid.cell(*after).look.fill == look.fill and grid.is_open(*after):
            continue  # one of several answers to the words: a table
        if (shaded or underlined) and len(text) <= 200 and not words.SIGNATURE.fullmatch(bare(text)):
            found.append(Pair(text, (row, column), place))
    return found


_SIGNED = re.compile(
    r"(?:ho (?:va )?ten|ten|nguoi .*|chuc vu|chuc danh|chu ky|ky ten|ngay(?: ky| lap)?|dien thoai"
    r"|so dien thoai|e-?mail|don vi|co quan|ngay thang"
    r"|lap bieu|kiem tra|kiem soat|phe duyet|thu truong.*|ke toan.*|giam doc.*|name|title|position"
    r"|signature|date|phone|telephone|e-?mail|prepared by|checked by|approved by|reviewed by|organi[sz]ation)"
)


def signs(heading: Heading, block: Block) -> bool:
    """Whether a block with a heading is for those who sign or are asked back: nothing but name, post,
    signature, telephone, and a row or two."""
    said = [bare(heading.label(column)).strip(" :.*()") for column in heading.paths if heading.label(column)]
    rows = block.span.bottom - heading.bottom
    return len(said) >= 2 and rows <= 3 and heading.number_row is None and all(map(_SIGNED.fullmatch, said))


def values_table(
    grid: Grid, span: Span, pairs: Sequence[Pair], title: str, tables: Codes, sure: float
) -> ReadTable:
    """The single values of a block as a table, each row with a value column of its own."""
    codes = Codes(names_of_cells=True)
    rows: list[ReadRow] = []
    columns: dict[int, ReadColumn] = {}
    for pair in pairs:
        no, label = split_number(pair.label)
        label = label.strip(" :")
        unit = pair.unit_of_measure or unit_of_words(label)
        choices = grid.sheet.choices.get(pair.cell)
        rows.append(
            ReadRow(
                pair.cell[0],
                codes.unique(code_of_words(label, "value")),
                label,
                no=no,
                unit_of_measure=unit,
                type=type_of_value(label, grid.cell(*pair.cell).look.format, unit, choices),
            )
        )
        columns.setdefault(
            pair.words_at[1], ReadColumn(pair.words_at[1], "label", f"label_{len(columns)}", "")
        )
    for at in sorted({pair.cell[1] for pair in pairs}):
        columns.setdefault(at, ReadColumn(at, "value", f"value_{len(columns)}", ""))
    return ReadTable(
        kind="values",
        sheet=grid.sheet.name,
        code=tables.unique(code_of_words(title or grid.sheet.name, "values", most=20)),
        title=title,
        head=span.top,
        foot=span.bottom,
        columns=tuple(columns[at] for at in sorted(columns)),
        rows=tuple(rows),
        inputs=frozenset(pair.cell for pair in pairs),
        value_at=tuple(pair.cell[1] for pair in pairs),
        sure=sure,
    )


_TEXT = re.compile(
    r"(?:ten|ma|dia chi|tru so|noi|so dien thoai|dien thoai|so (?:giay|quyet dinh|van ban|hieu|tai khoan"
    r"|cong van)|hinh thuc|mo ta|nhan xet|danh gia|kien nghi|de xuat"
    r"|kho khan|nguyen nhan|ket qua noi bat|noi dung|ly do|ghi chu|name|address|title|description"
    r"|comments?|explain|describe|summary|e-?mail|website|contact|phone|nguoi|ho ten)\b.*"
)


def type_of_value(label: str, format_: str, unit: str, choices: tuple[str, ...] | None) -> str:
    """The type of a single value by its label."""
    if choices:
        return "choice"
    plain = bare(label)
    if not unit and _TEXT.fullmatch(plain):
        return "text"
    return kind_of_figure(label, format_, unit, choices)


_AFTER_COLON = re.compile(r"(?P<label>[^:]{2,60}):\s*(?P<rest>.*)", re.DOTALL)


def identity_cells(grid: Grid, tables: Sequence[ReadTable], taken: Sequence[Span]) -> list[IdentityCell]:
    """The cells of a sheet that say who fills it in, or for when: open ones after such words, and the words
    themselves where they have dots or a colon to write after."""
    found: dict[Place, IdentityCell] = {}
    inputs = {place for table in tables for place in table.inputs}
    for row in range(grid.height):
        for column, text in grid.texts_in_row(row, 0, grid.width - 1):
            if any(span.holds(row, column) for span in taken) or len(text) > 160 or (row, column) in inputs:
                continue
            what = words.identity_of(text)
            if what in ("", "other"):
                continue
            place = _place_of(grid, row, column, text)
            if place and place not in inputs and place not in found:
                found[place] = IdentityCell(grid.sheet.name, *place, what, text)
    return list(found.values())


def _place_of(grid: Grid, row: int, column: int, text: str) -> Place | None:
    """Where the answer to the words in the cell stands: at their right, else in the cell itself."""
    dotted = bool(words.DOTS.search(text)) or text.rstrip().endswith(":")
    after = grid.span(row, column).right + 1
    place = grid.anchor(row, after)
    look = grid.cell(*place).look
    beside = place[0] == row and grid.is_open(*place) and after < max(grid.width, column + 2)
    if beside and (look.bottom or look.fill or grid.is_framed(*place) or not grid.is_blank(*place)):
        return place
    if bool(words.DOTS.search(text)):
        return row, column
    if dotted:
        return place if beside else (row, column)
    found = _AFTER_COLON.fullmatch(text)
    return (row, column) if found and len(found["rest"]) < 80 else None
