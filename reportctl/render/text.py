"""Tables and findings as lines of text, for a terminal as for a pipe; only a terminal shows their styles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from reportctl.core import wording
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, severity_name
from reportctl.core.language import _
from reportctl.core.letters import plain
from reportctl.core.table import Absent, CellFormat, Column, Role, Table, heading_lines, headings
from reportctl.render.fitting import GAP, INDENT, FittedBlock, cell_len, fit, label_column

_WIDE = 100  # columns from which a finding's value has a column of its own
_NARROWEST = 20  # columns at least for what a finding says; narrower terminals break the lines themselves
_LONGEST_VALUE = 60  # letters shown of what somebody typed
_MARGIN = 2  # before findings
SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_WORD = re.compile(r"\s*\S+\s*")

# A piece of text with its style as rich writes it ("bold red"; empty: none), and one line of such pieces.
Piece = tuple[str, str]
Line = list[Piece]


class TextCell(NamedTuple):
    """What stands in one column of a row: paragraphs, each in one style."""

    paragraphs: Sequence[Piece]
    right: bool = False  # to the right side of its column
    indent: int = 0


def wrapped(text: str, width: int) -> list[str]:
    """The lines of `text` in `width` columns: broken between words, longer words anywhere, as rich does.

    Blanks where a line is broken stay at its end as far as there is room.
    """
    if cell_len(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in _WORD.findall(text) or [text]:
        size = cell_len(word.rstrip())
        if cell_len(line) + size <= width:
            line += word
            continue
        if line:
            lines.append(line)
        pieces = [word]
        if size > width:
            from rich.cells import chop_cells  # which words this long need only

            pieces = chop_cells(word, width)
        lines += pieces[:-1]
        line = pieces[-1]
    lines.append(line)
    for n in range(len(lines)):
        while cell_len(lines[n]) > width:  # by blanks only
            lines[n] = lines[n][:-1]
    return lines


def table_lines(table: Table, width: int) -> Iterator[Line]:
    """`table` in lines of `width` columns: texts wrap, numbers never; what has no room is named below it."""
    fitted = fit(table, width)
    yield from across(table.title, width, "bold")
    for block in fitted.blocks:
        yield from _block_lines(block, width)
    notes = list(table.notes)
    if fitted.dropped:
        notes.append(
            _("Not shown for want of room: {columns}. A wider window or --format csv shows them.").format(
                columns=", ".join(fitted.dropped)
            )
        )
    for note in notes:
        yield from across(note, width, "dim")


def _block_lines(block: FittedBlock, width: int) -> Iterator[Line]:
    """One block of a table's columns; the title of a section runs across all of them."""
    table, widths, label = block.table, block.widths, label_column(block.table)
    right = [column.kind is not CellFormat.TEXT for column in table.columns]
    yield from _head_lines(table.columns, widths, right)
    for row in table.rows:
        if row.role is Role.SECTION:
            title = " ".join(plain(str(cell)) for cell in row.cells if cell not in ("", None))
            yield from across(title, width, "bold")
            continue
        style = "bold" if row.role is Role.TOTAL else ""
        cells = []
        for n, value in enumerate(row.cells):
            text = plain(wording.text_in(table, row, n))
            absent = value is None or isinstance(value, Absent)
            indent = min(INDENT * row.depth, widths[n] // 2) if n == label else 0
            cells.append(TextCell([(text, f"{style} dim".strip() if absent else style)], right[n], indent))
        yield from row_lines(cells, widths)


def _head_lines(columns: Sequence[Column], widths: Sequence[int], right: Sequence[bool]) -> Iterator[Line]:
    """The titles of the columns, below them a rule; above them, over a rule of their own, the headings that
    several columns have together. A title stands down at the columns' rule, however deep others are."""
    heads = headings(columns)
    for line in range(heading_lines(columns) - 1):
        groups = [one for one in heads if one.top == one.bottom == line]
        cells: list[TextCell] = []
        across: list[int] = []
        column = 0
        while column < len(columns):
            group = next((one for one in groups if one.first == column), None)
            last = group.last if group else column
            across.append(sum(widths[column : last + 1]) + GAP * (last - column))
            paragraphs = [(plain(group.text), "bold"), ("─" * across[-1], "")] if group else [("", "")]
            cells.append(TextCell(paragraphs))
            column = last + 1
        yield from row_lines(cells, across, bottom=True)
    titles = [
        TextCell([(plain(column.title), "bold")], aside) for column, aside in zip(columns, right, strict=True)
    ]
    yield from row_lines(titles, widths, bottom=True)
    yield [("─" * (sum(widths) + GAP * (len(widths) - 1)), "")]


def findings_lines(findings: Sequence[Finding], names: Mapping[str, str], width: int) -> Iterator[Line]:
    """Findings in lines of `width` columns as `lines_by_file` has them, and how many there are; none where
    there are no findings. `names` are the units' by code."""
    yield from lines_by_file(findings, names, width)
    if findings:
        yield from across(counts_in_words(findings), width, "")


def counts_in_words(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity, and about how many files, in a line."""
    errors, warnings, notes = (sum(one.severity is severity for one in findings) for severity in Severity)
    files = len({finding.file for finding in findings if finding.file})
    return _("Errors: {errors}. Warnings: {warnings}. Notes: {notes}. Files: {files}.").format(
        errors=errors, warnings=warnings, notes=notes, files=files
    )


def lines_by_file(findings: Sequence[Finding], names: Mapping[str, str], width: int) -> Iterator[Line]:
    """Findings in lines of `width` columns, under headings that name file and unit, the gravest first.
    `names` are the units' by code."""
    words = {severity: severity_name(severity) for severity in Severity}
    order = list(Severity)
    widths = [max(map(cell_len, words.values())), 20, 18]
    if width < _WIDE:
        del widths[1]
    widths.append(max(_NARROWEST, width - _MARGIN - sum(widths) - GAP * len(widths)))
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.file or "", finding.unit or ""), []).append(finding)
    for (file, unit), of_file in groups.items():
        heading = " · ".join(part for part in (file, names.get(unit, unit)) if part)
        yield from across(heading or _("The quarter as a whole"), width, "bold")
        for finding in sorted(of_file, key=lambda one: order.index(one.severity)):
            place = f"{finding.sheet}!{finding.cell}" if finding.sheet and finding.cell else finding.sheet
            value = plain(finding.shown_value)
            if len(value) > _LONGEST_VALUE:
                value = f"{value[: _LONGEST_VALUE - 1].rstrip()}…"
            about = [(plain(place or finding.cell or ""), ""), (value, "italic")]
            where = [[piece] for piece in about] if width >= _WIDE else [[p for p in about if p[0]]]
            severity = [(words[finding.severity], SEVERITY_STYLES[finding.severity])]
            message = [(plain(finding.message), ""), (f"→ {plain(finding.hint)}", "dim")]
            for line in row_lines([TextCell(cell) for cell in (severity, *where, message)], widths):
                yield [(" " * _MARGIN, ""), *line]
        yield []


def across(text: str, width: int, style: str) -> Iterator[Line]:
    """A text in as many lines of the whole width as it needs."""
    for line in wrapped(plain(text), width):
        yield [(line, style)]


def row_lines(cells: Sequence[TextCell], widths: Sequence[int], *, bottom: bool = False) -> Iterator[Line]:
    """One row: its texts side by side, each wrapped in its column, from the top or down to the bottom."""
    columns = [
        [
            (" " * cell.indent + line, style)
            for text, style in cell.paragraphs
            for line in wrapped(text, width - cell.indent)
        ]
        for cell, width in zip(cells, widths, strict=True)
    ]
    height = max(map(len, columns))
    for n in range(height):
        line: Line = []
        for column, cell, width in zip(columns, cells, widths, strict=True):
            at = n - (height - len(column)) * bottom
            text, style = column[at] if 0 <= at < len(column) else ("", "")
            if cell.right:
                text = text.rstrip()
            room = " " * (width - cell_len(text))
            if line:
                line.append((" " * GAP, ""))
            line.append((room + text if cell.right else text + room, style))
        yield line
