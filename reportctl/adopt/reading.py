"""An office's blank workbook read into a `BlankForm`: all that is seen in it, what has to be asked, what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reportctl.adopt import words
from reportctl.adopt.blank_form import BlankForm, IdentityCell, Question, ReadTable, Refusal
from reportctl.adopt.blocks import Block, find_blocks
from reportctl.adopt.codes import Codes, code_of_words
from reportctl.adopt.grid import Grid, Span, grid_of
from reportctl.adopt.headings import Heading, read_heading
from reportctl.adopt.questions import corner_question, questions_about
from reportctl.adopt.refusals import refused_in
from reportctl.adopt.single_values import identity_cells, pairs_in, values_table
from reportctl.adopt.sums import with_sums
from reportctl.adopt.tables import Found, read_tables
from reportctl.adopt.words import bare
from reportctl.core.errors import ReportctlError
from reportctl.core.files import read_file
from reportctl.core.language import _
from reportctl.workbooks.book import BookError
from reportctl.workbooks.styled import StyledSheet, read_styled


def read_form(path: Path, corners: Mapping[str, Sequence[Span]] | None = None) -> BlankForm:
    """What is read of the blank workbook at `path`; `corners` are the tables that people pointed at, by sheet.

    Raises `ReportctlError` where it cannot be read.
    """
    data = read_file(path)
    try:
        book = read_styled(data, path.name)
    except BookError as refused:
        raise ReportctlError(_("{path} cannot be read: {reason} {remedy}").format(path=path, reason=refused.finding.message, remedy=refused.finding.hint)) from refused
    return form_of(book.sheets, path.name, corners or {})


def form_of(sheets: Sequence[StyledSheet], name: str, corners: Mapping[str, Sequence[Span]]) -> BlankForm:
    """What is read of the sheets of the blank workbook `name`."""
    known = {sheet.name for sheet in sheets}
    for sheet in corners:
        if sheet not in known:
            raise ReportctlError(
                _("There is no sheet “{sheet}” in {file}. Its sheets are: {names}.").format(sheet=sheet, file=name, names=", ".join(sorted(known)))
            )
    codes = Codes(names_of_cells=True)
    found: list[Found] = []
    identity: list[IdentityCell] = []
    refused: list[Refusal] = []
    asked: list[Question] = []
    unread: list[str] = []
    title = ""
    for sheet in sheets:
        if not sheet.visible and sheet.name not in corners:
            unread.append(sheet.name)
            continue
        grid = grid_of(sheet)
        tables, spans, unclear = _read_sheet(grid, corners.get(sheet.name, ()), codes)
        kept = []
        for one in tables:
            why = refused_in(grid, one)
            refused += why
            if not why:
                kept.append(with_sums(grid, one))
        found += kept
        identity += identity_cells(grid, [one.table for one in kept], spans)
        title = title or (_form_title(grid) if tables else "")
        if not tables:
            unread.append(sheet.name)
            if unclear:
                asked.append(corner_question(sheet.name))
    asked += questions_about(found)
    id_ = code_of_words(Path(name).stem, "form")
    return BlankForm(
        name, id_, title, tuple(one.table for one in found), tuple(identity), tuple(asked), tuple(refused), tuple(unread)
    )


def _read_sheet(grid: Grid, corners: Sequence[Span], codes: Codes) -> tuple[list[Found], list[Span], bool]:
    """The tables of a sheet, the rectangles they take, and whether there may be one that was not found."""
    blocks = [Block(span, framed=True, given=True) for span in corners] if corners else find_blocks(grid)
    found: list[Found] = []
    spans: list[Span] = []
    before: tuple[Block, Heading] | None = None
    for block in blocks:
        heading = read_heading(grid, block)
        if heading is None and before and _goes_on(block, before[0]):
            whole = Block(block.span, block.framed, block.given)
            made = read_tables(grid, whole, _again(before[1], block), codes)
            if made:
                found += made
                spans.append(block.span)
                continue
        if heading is not None:
            made = read_tables(grid, block, heading, codes)
            if made:
                found += made
                spans.append(block.span)
                before = block, heading
                continue
        made_values = _single_values(grid, block, codes)
        if made_values:
            found.append(Found(made_values))
            spans.append(block.span)
    return found, spans, not found and _may_hold_table(grid)


def _goes_on(block: Block, before: Block) -> bool:
    """Whether a block without a heading goes on with the one above it: it has its columns, a few rows below."""
    one, other = block.span, before.span
    return one.left == other.left and one.right == other.right and 0 < one.top - other.bottom <= 4


def _again(heading: Heading, block: Block) -> Heading:
    """The heading of the block above for one that goes on with it."""
    above = block.span.top - 1
    return Heading("", heading.top, above, heading.number_row, heading.paths, heading.numbers)


def _single_values(grid: Grid, block: Block, codes: Codes) -> ReadTable | None:
    """The block as single values; None where it says who and when, or nothing is open in it."""
    pairs = pairs_in(grid, block.span)
    asked = [pair for pair in pairs if not words.identity_of(pair.label)]
    if not asked or len(asked) * 2 < len(pairs):
        return None
    title = _title_above(grid, block.span)
    return values_table(grid, block.span, asked, title, codes, 0.8 if len(asked) > 1 else 0.5)


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
            letters = [sign for sign in text if sign.isalpha()]
            if len(letters) < 8 or bare(text).startswith(("cong hoa", "doc lap", "dang cong san", "ubnd", "uy ban", "so ", "bo ", "tinh uy", "mau so", "don vi")):
                continue
            if sum(sign.isupper() for sign in letters) > 0.7 * len(letters):
                return text
            if not best and grid.cell(row, column).look.bold:
                best = text
    return best


def _may_hold_table(grid: Grid) -> bool:
    """Whether words stand in a sheet as those of a table would: in several columns of several rows."""
    rows = [row for row in range(min(grid.height, 300)) if len(grid.texts_in_row(row, 0, grid.width - 1)) >= 2]
    labels = [row for row in range(min(grid.height, 300)) if grid.texts_in_row(row, 0, grid.width - 1)]
    return len(rows) >= 1 and len(labels) >= 3
