"""An office's blank workbook read into a `BlankForm`: all that is seen in it, what has to be asked, what is
refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportctl.adopt import words
from reportctl.adopt.blank_form import BlankForm, IdentityCell, Question, ReadTable, Refusal
from reportctl.adopt.blocks import Block, find_blocks, is_one_column_of_words, without_blank_edges
from reportctl.adopt.codes import Codes, code_of_words
from reportctl.adopt.grid import Grid, Span, grid_of
from reportctl.adopt.headings import Heading, read_heading, side_by_side
from reportctl.adopt.questions import corner_question, questions_about
from reportctl.adopt.refusals import refused_in
from reportctl.adopt.single_values import (
    box_under_title,
    boxes_in,
    identity_cells,
    marked_pairs,
    pairs_in,
    signs,
    values_table,
)
from reportctl.adopt.sums import with_sums
from reportctl.adopt.tables import Found, read_tables
from reportctl.adopt.words import bare
from reportctl.core.errors import ReportctlError
from reportctl.core.files import read_file
from reportctl.core.language import _
from reportctl.core.typed import as_typed
from reportctl.form.layout import META
from reportctl.workbooks.book import BookError
from reportctl.workbooks.styled import StyledSheet, read_styled
from reportctl.workbooks.unread import unread

REVIEW = "_adopt"  # the hidden sheet of a review


def read_form(path: Path, corners: Mapping[str, Sequence[Span]] | None = None) -> BlankForm:
    """What is read of the blank workbook at `path`; `corners` are the tables that people pointed at, by
    sheet.

    Raises `ReportctlError` where it cannot be read.
    """
    data = read_file(path)
    try:
        book = read_styled(data, path.name)
    except BookError as refused:
        raise unread(path, data, refused.finding) from refused
    _refuse_ours({sheet.name for sheet in book.sheets}, path)
    return form_of(book.sheets, path.name, corners or {})


def _refuse_ours(sheets: AbstractSet[str], path: Path) -> None:
    """Raises `ReportctlError` where a workbook with these sheets was made by this program."""
    if REVIEW in sheets:
        message = _("{path} is a review already. Take its answers: reportctl form adopt --from {name}")
    elif META in sheets:
        message = _(
            "{path} was sent out by reportctl, or is a copy of such a workbook. Name the blank workbook as "
            "it came from above, without this program's marks."
        )
    else:
        return
    raise ReportctlError(message.format(path=path, name=as_typed(path)))


def form_of(sheets: Sequence[StyledSheet], name: str, corners: Mapping[str, Sequence[Span]]) -> BlankForm:
    """What is read of the sheets of the blank workbook `name`."""
    known = {sheet.name for sheet in sheets}
    for sheet in corners:
        if sheet not in known:
            raise ReportctlError(
                _("There is no sheet “{sheet}” in {file}. Its sheets are: {names}.").format(
                    sheet=sheet, file=name, names=", ".join(sorted(known))
                )
            )
    read = _Read()
    for filled in (False, True):  # a return has figures in all cells: then it is read, and said
        read = _read_sheets(sheets, corners, filled=filled)
        if read.found or read.refused:
            break
    asked = questions_about(read.found) + read.asked
    return BlankForm(
        name,
        code_of_words(Path(name).stem, "form"),
        read.title,
        tuple(one.table for one in read.found),
        tuple(read.identity),
        tuple(asked),
        tuple(read.refused),
        tuple(read.unread),
    )


@dataclass
class _Read:
    """What was read of the sheets so far."""

    found: list[Found] = field(default_factory=list)
    identity: list[IdentityCell] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    title: str = ""


def _read_sheets(
    sheets: Sequence[StyledSheet], corners: Mapping[str, Sequence[Span]], *, filled: bool
) -> _Read:
    codes = Codes(names_of_cells=True)
    read = _Read()
    unclear: list[tuple[str, bool]] = []
    grids: list[Grid] = []
    for sheet in sheets:
        if not sheet.visible and sheet.name not in corners:
            read.unread.append(sheet.name)
            continue
        grid = grid_of(sheet)
        grids.append(grid)
        tables, taken, blocks = _read_sheet(grid, corners.get(sheet.name, ()), codes, filled=filled)
        kept = []
        for one in tables:
            why = refused_in(grid, one.table)
            read.refused += [each for each in why if each not in read.refused]
            if not why:
                kept.append(with_sums(grid, one))
        read.found += kept
        read.identity += identity_cells(grid, [one.table for one in kept], taken)
        read.title = read.title or (_form_title(grid) if tables else "")
        if not tables:
            read.unread.append(sheet.name)
        if sheet.name not in corners and may_hold_table(grid, blocks):
            unclear.append((sheet.name, bool(tables) or _rows_with_text(grid) > 1))
    if any(said_of_a_day(grid) for grid in grids):
        read.found = [replace(one, table=replace(one.table, over_time="last")) for one in read.found]
    sure = bool(read.found or read.refused)
    read.asked += [corner_question(name) for name, much in unclear if much or not sure]
    return read


_OF_A_DAY = re.compile(
    r".*\b(?:(?:co|tinh) den(?: het)? (?:ngay )?\d|tai thoi diem|so lieu den ngay|as (?:of|at) )"
)


def said_of_a_day(grid: Grid) -> bool:
    """Whether the first lines of a sheet say that its figures are of a day: `(có đến 30 tháng 9)`."""
    lines = (
        text for row in range(min(grid.height, 12)) for _c, text in grid.texts_in_row(row, 0, grid.width - 1)
    )
    return any(len(text) < 100 and _OF_A_DAY.match(bare(text)) for text in lines)


def _rows_with_text(grid: Grid) -> int:
    return sum(bool(grid.texts_in_row(row, 0, grid.width - 1)) for row in range(min(grid.height, 50)))


def _read_sheet(
    grid: Grid, corners: Sequence[Span], codes: Codes, *, filled: bool
) -> tuple[list[Found], list[Span], list[Span]]:
    """The tables of a sheet, the rectangles that they take, and those of all its blocks."""
    blocks = [Block(span, framed=True, given=True) for span in corners] if corners else find_blocks(grid)
    blocks = [part for block in blocks for part in side_by_side(grid, block)]
    found: list[Found] = []
    taken: list[Span] = []
    before: tuple[Block, Heading] | None = None
    for block in blocks:
        heading = read_heading(grid, block)
        above = before if before and _goes_on(block, before[0]) and not boxes_in(grid, block.span) else None
        if (
            heading is None
            and not (above and block.span.right == above[0].span.right)
            and (narrower := without_blank_edges(grid, block)) != block
            and not is_one_column_of_words(grid, narrower)
        ):
            heading = read_heading(grid, narrower)
            block = narrower if heading else block
        if heading is None and above:
            made = read_tables(grid, block, _again(above[1], block), codes, filled=filled)
            if made:
                found += made
                taken.append(block.span)
                continue
        if heading is not None and not signs(heading, block):
            made = read_tables(grid, block, heading, codes, filled=filled)
            if made:
                found += made
                taken.append(block.span)
                before = block, heading
                continue
        made_values = _single_values(grid, block, codes)
        if made_values:
            found.append(Found(made_values))
            taken.append(block.span)
    spans = [block.span for block in blocks]
    lines = [] if corners or may_hold_table(grid, spans) else _open_lines(grid, spans, codes)
    return found + lines, taken, [block.span for block in blocks]


def _open_lines(grid: Grid, taken: Sequence[Span], codes: Codes) -> list[Found]:
    """The single values outside all blocks: words with a shaded or underlined cell beside them."""
    rows = [row for row in range(grid.height) if not any(span.top <= row <= span.bottom for span in taken)]
    pairs = [pair for row in rows for pair in marked_pairs(grid, row) if not words.identity_of(pair.label)]
    if len(pairs) < 2:
        return []
    span = Span(pairs[0].cell[0], 0, pairs[-1].cell[0], grid.width - 1)
    return [Found(values_table(grid, span, pairs, _title_above(grid, span), codes, 0.6))]


def _goes_on(block: Block, before: Block) -> bool:
    """Whether a block without a heading goes on with the one above it: it has its columns, a few rows
    below."""
    one, other = block.span, before.span
    return one.left == other.left and one.right == other.right and 0 < one.top - other.bottom <= 4


def _again(heading: Heading, block: Block) -> Heading:
    """The heading of the block above for one that goes on with it."""
    above = block.span.top - 1
    return Heading("", heading.top, above, heading.number_row, heading.paths, heading.numbers)


def _single_values(grid: Grid, block: Block, codes: Codes) -> ReadTable | None:
    """The block as single values; None where it says who and when, or nothing is open in it."""
    pairs = pairs_in(grid, block.span) or box_under_title(grid, block.span)
    asked = [pair for pair in pairs if not words.identity_of(pair.label)]
    if not asked or len(asked) * 2 < len(pairs) or (len(pairs) == 1 and _is_full(grid, block.span)):
        return None
    title = _title_above(grid, block.span)
    return values_table(grid, block.span, asked, title, codes, 0.8 if len(asked) > 1 else 0.5)


def _is_full(grid: Grid, span: Span) -> bool:
    """Whether something stands in all cells of three rows or more, so that an open cell is a gap."""
    rows = range(span.top, span.bottom + 1)
    return sum(not any(grid.is_open(row, at) for at in range(span.left, span.right + 1)) for row in rows) > 3


def _title_above(grid: Grid, span: Span) -> str:
    for row in range(span.top - 1, max(-1, span.top - 4), -1):
        cells = grid.texts_in_row(row, span.left, span.right)
        if cells and not words.identity_of(cells[0][1]):
            return cells[0][1]
    return ""


def _form_title(grid: Grid) -> str:
    """What the form calls itself: the first line in capitals, else in bold."""
    best = ""
    for row in range(min(grid.height, 25)):
        for column, text in grid.texts_in_row(row, 0, grid.width - 1):
            first_line = grid.raw(row, column).strip().split("\n")[0]
            letters = [sign for sign in first_line if sign.isalpha()]
            if (
                len(letters) < 8
                or " " not in text
                or words.identity_of(text)
                or bare(text).startswith(
                    (
                        "cong hoa",
                        "doc lap",
                        "dang cong san",
                        "ubnd",
                        "uy ban",
                        "so ",
                        "bo ",
                        "tinh uy",
                        "mau so",
                        "don vi",
                    )
                )
            ):
                continue
            if sum(sign.isupper() for sign in letters) > 0.7 * len(letters):
                return text
            if not best and grid.cell(row, column).look.bold:
                best = text
    return best


_SHORT = 80


def may_hold_table(grid: Grid, spans: Sequence[Span]) -> bool:
    """Whether a row outside the blocks looks like the heading of a table: three texts or more beside each
    other, none of which says who or when, signs or explains."""
    for row in range(min(grid.height, 500)):
        if row in grid.sheet.hidden_rows or any(span.top <= row <= span.bottom for span in spans):
            continue
        texts = [
            text for column, text in grid.texts_in_row(row, 0, grid.width - 1) if grid.is_words(row, column)
        ]
        plain = [bare(text) for text in texts]
        if len(texts) < 3 or any(len(text) > _SHORT for text in texts):
            continue
        if any(words.identity_of(text) and (":" in text or words.DOTS.search(text)) for text in texts) or any(
            words.SIGNATURE.fullmatch(text)
            or words.NOTES_BELOW.fullmatch(text)
            or text.startswith(_LETTERHEAD)
            for text in plain
        ):
            continue
        return True
    return False


_LETTERHEAD = (
    "bieu",
    "mau",
    "phu luc",
    "ban hanh",
    "kem theo",
    "cong hoa",
    "doc lap",
    "dang cong san",
    "form",
    "so:",
)
