"""The sheet that lists what is to be corrected, as XML: to read on the screen and to print on A4 across."""

from __future__ import annotations

import dataclasses
import html
import json
import math
import re
from collections.abc import Collection, Iterator, Mapping

from reportctl.core.cellrefs import column_name, quoted
from reportctl.core.finding_kinds import Severity
from reportctl.core.table import reads_as_formula
from reportctl.form.layout import LISTING_MARK
from reportctl.marked.words import Markup, heading
from reportctl.workbooks.package.parts import legal
from reportctl.workbooks.package.styles import MAIN, CellLook, CellStyles

# Solid fills, since not every program has patterns; in black and white they differ by how dark they are.
COLOURS = {Severity.ERROR: "FFF28A80", Severity.WARNING: "FFFFD65C", Severity.NOTE: "FFDCE8FA"}
HEADER_ROW = 9
_WIDTHS = (5, 11, 14, 8, 28, 20, 42, 42)  # digits, of the columns from B on
_VALUES_FROM = 4  # the column in which what stands above the list begins
_LINE = 15.0  # points
_HIGHEST = 409.0
_TEXT_LIMIT = 32_767
_HEAD_FILL = "FFD9E2F3"
# Four digits by the standard; LibreOffice takes fewer for an escaped sign too, as in so_xa_moi.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{1,4}_)")

Cell = tuple[str, str]


class Listing:
    """The sheet for `markup`; `sheets` are those of the workbook, to which cells are linked.

    `before` are the fills that marked cells had, as XML: a hidden column keeps them, so that the marks can be
    taken away when the copy comes back. `strings` are the workbook's shared ones as XML, which ours are added
    to; None: ours stand in their cells.
    """

    def __init__(
        self,
        markup: Markup,
        styles: CellStyles,
        sheets: Collection[str],
        before: Mapping[Cell, str],
        strings: list[str] | None,
    ) -> None:
        self.markup, self.styles, self.sheets, self.strings = markup, styles, sheets, strings
        self.before = dict(before)
        self.merged: list[str] = []
        self.links: list[str] = []

    def xml(self) -> bytes:
        """The part."""
        rows = "".join((*self._head(), *self._table()))
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
            for n, width in enumerate(_WIDTHS, 2)
        )
        merged = "".join(f'<mergeCell ref="{area}"/>' for area in self.merged)
        links = f"<hyperlinks>{''.join(self.links)}</hyperlinks>" if self.links else ""
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
            '<sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="{_LINE}"/>'
            f'<cols><col min="1" max="1" width="9" hidden="1" customWidth="1"/>{columns}</cols>'
            f"<sheetData>{rows}</sheetData>"
            f'<mergeCells count="{len(self.merged)}">{merged}</mergeCells>{links}'
            '<printOptions horizontalCentered="1"/>'
            '<pageMargins left="0.5" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
            "<headerFooter><oddFooter>&amp;C&amp;P/&amp;N</oddFooter></headerFooter></worksheet>"
        ).encode()

    def _head(self) -> Iterator[str]:
        """The rows above the list: title, facts, guidance, the list's header."""
        title = CellLook(bold=True, size=14, horizontal="center", vertical="center")
        hidden = self._text("A1", LISTING_MARK)
        yield _row(1, 30, hidden + self._across(1, 1, self.markup.title, title))
        row = 1
        for row, (label, value) in enumerate(self.markup.facts, 2):
            name = self._across(row, 1, label, CellLook(bold=True), last=_VALUES_FROM - 1)
            cell = self._across(row, _VALUES_FROM, value, CellLook(quoted=reads_as_formula(value)))
            yield _row(row, _LINE * _lines(value, sum(_WIDTHS[_VALUES_FROM - 1 :])) + 3, name + cell)
        guidance = self._across(row + 1, 1, self.markup.guidance, CellLook(italic=True))
        yield _row(row + 1, _LINE * _lines(self.markup.guidance, sum(_WIDTHS)) + 6, guidance)
        look = CellLook(bold=True, border=True, fill=_HEAD_FILL, horizontal="center", vertical="center")
        cells = (self._cell(HEADER_ROW, n, text, look) for n, text in enumerate(self.markup.headings, 1))
        yield _row(HEADER_ROW, 2 * _LINE, "".join(cells))

    def _table(self) -> Iterator[str]:
        """A row for each finding, with a link to its cell."""
        for number, line in enumerate(self.markup.lines, 1):
            row = HEADER_ROW + number
            hidden = ""
            fill = self.before.pop((line.sheet, line.cell), None)
            if fill is not None:
                hidden = self._text(f"A{row}", json.dumps([line.sheet, line.cell, fill], ensure_ascii=False))
            linked = bool(line.cell) and line.sheet in self.sheets
            if linked:
                place = f"{quoted(line.sheet)}!{line.cell}"
                self.links.append(
                    f'<hyperlink ref="{column_name(4)}{row}" location="{html.escape(place)}" '
                    f'display="{line.cell}"/>'
                )
            severity, *others = dataclasses.astuple(line)
            texts = (str(number), heading(severity), *others)
            looks = [CellLook(border=True, quoted=reads_as_formula(text)) for text in texts]
            looks[0] = CellLook(border=True, horizontal="center")
            looks[1] = CellLook(border=True, bold=True, fill=COLOURS[severity], horizontal="center")
            looks[3] = CellLook(border=True, link=linked, horizontal="center")
            cells = (
                self._cell(row, n, text, look)
                for n, (text, look) in enumerate(zip(texts, looks, strict=True), 1)
            )
            lines = max(_lines(text, width) for text, width in zip(texts, _WIDTHS, strict=True))
            yield _row(row, min(_HIGHEST, _LINE * lines + 3), hidden + "".join(cells))

    def _across(self, row: int, first: int, text: str, look: CellLook, last: int = len(_WIDTHS)) -> str:
        """A text over several columns, by default up to the last."""
        self.merged.append(f"{column_name(first)}{row}:{column_name(last)}{row}")
        return self._cell(row, first, text, look)

    def _cell(self, row: int, column: int, text: str, look: CellLook) -> str:
        return self._text(f"{column_name(column)}{row}", text, self.styles.look(look))

    def _text(self, cell: str, text: str, style: int = 0) -> str:
        """A cell that holds text, whatever that begins with."""
        if not text:
            return f'<c r="{cell}" s="{style}"/>'
        letters = html.escape(_ESCAPE.sub("_x005F_", legal(text)[:_TEXT_LIMIT]), quote=False)
        element = f'<t xml:space="preserve">{letters}</t>'
        if self.strings is None:
            return f'<c r="{cell}" s="{style}" t="inlineStr"><is>{element}</is></c>'
        self.strings.append(f"<si>{element}</si>")
        return f'<c r="{cell}" s="{style}" t="s"><v>{len(self.strings) - 1}</v></c>'


def _row(number: int, height: float, cells: str) -> str:
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{cells}</row>'


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column that is so many digits wide."""
    return sum(math.ceil(len(part) * 0.95 / width) or 1 for part in text.split("\n"))
