"""Tables and findings as lines of text, where there is no terminal; a terminal shows the same words."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TextIO

from reportctl.core import wording
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, severity_name
from reportctl.core.language import _
from reportctl.core.letters import plain
from reportctl.core.table import CellFormat, Role, Row, Table
from reportctl.render.fitting import GAP, INDENT, Fit, Fitted, first_label
from reportctl.render.wrapping import cell_len, is_single, wrapped

_WITHOUT_TERMINAL = 120  # columns, where the output goes to a file or another program
_WIDE = 100  # columns from which a finding's value has a column of its own
_VALUE_SHOWN = 60
_MARGIN = 2  # before findings


def width_without_terminal(stream: TextIO) -> int | None:
    """The columns to write for; None where `stream` is a terminal, or the environment says how many."""
    if stream.isatty() or os.environ.get("COLUMNS"):
        return None
    if sys.stderr.isatty() and stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
        return os.get_terminal_size(sys.stderr.fileno()).columns  # a pager shows it in the same window
    return _WITHOUT_TERMINAL


class _Cell(NamedTuple):
    text: str
    right: bool = False  # to the right side of its column
    indent: int = 0


def _lines(cells: Sequence[_Cell], widths: Sequence[int], *, bottom: bool = False) -> Iterator[str]:
    """One row: its texts side by side, each wrapped in its column, from the top or down to the bottom."""
    columns = [
        [" " * cell.indent + line for line in _wrapped(cell.text, width - cell.indent)]
        for cell, width in zip(cells, widths, strict=True)
    ]
    gap, height = " " * GAP, max(map(len, columns))
    for n in range(height):
        at = [n - (height - len(column)) * bottom for column in columns]
        said = (column[i] if 0 <= i < len(column) else "" for column, i in zip(columns, at, strict=True))
        yield gap.join(
            text.rstrip().rjust(width) if cell.right else text.ljust(width)
            for text, cell, width in zip(said, cells, widths, strict=True)
        )


def _wrapped(text: str, width: int) -> list[str]:
    if len(text) <= width and "\n" not in text:
        return [text]
    return [line for part in text.split("\n") for line in wrapped(part, width)]


# ---- tables


def table_notes(table: Table, fitted: Fit) -> list[str]:
    """What stands below a table: its notes, and what has no room."""
    notes = list(table.notes)
    if fitted.dropped:
        notes.append(
            _("Not shown for want of room: {columns}. A wider window or --format csv shows them.").format(
                columns=", ".join(fitted.dropped)
            )
        )
    return [plain(note) for note in notes]


def section_title(row: Row) -> str:
    """What a heading inside a table says across all of its columns."""
    return " ".join(plain(str(cell)) for cell in row.cells if cell not in ("", None))


def cell_indent(table: Table, row: Row, index: int) -> int:
    """How far a cell is indented: what names a part of the row above it."""
    return INDENT if row.role is Role.PART and index == first_label(table) else 0


def table_text(table: Table, fitted: Fit, width: int) -> str | None:
    """`table`, made to fit `width` columns, as text.

    None where it holds signs that do not take one column each, or where it does not fit or a column is empty.
    """
    lines = wrapped(plain(table.title), width)
    for block in fitted.blocks:
        if sum(block.widths) + GAP * (len(block.widths) - 1) > width or not all(block.widths):
            return None
        lines += _block_lines(block, width)
    for note in table_notes(table, fitted):
        lines += wrapped(note, width)
    text = "\n".join(lines)
    return f"{text}\n" if is_single(text.replace("\n", "")) else None


def _block_lines(block: Fitted, width: int) -> Iterator[str]:
    table, widths = block.table, block.widths
    right = [column.kind is not CellFormat.TEXT for column in table.columns]
    titles = [_Cell(plain(column.title), aside) for column, aside in zip(table.columns, right, strict=True)]
    yield from _lines(titles, widths, bottom=True)
    yield "─" * (sum(widths) + GAP * (len(widths) - 1))
    for row in table.rows:
        if row.role is Role.SECTION:
            yield from wrapped(section_title(row), width)
            continue
        cells = [
            _Cell(
                plain(wording.cell_text(value, table.kind_of(row, n))), right[n], cell_indent(table, row, n)
            )
            for n, value in enumerate(row.cells)
        ]
        yield from _lines(cells, widths)


# ---- findings


class FindingWords(NamedTuple):
    """One finding in words: how grave it is, where it is, the value there, what is wrong and what to do."""

    severity: Severity
    word: str
    place: str
    value: str
    message: str
    hint: str


def findings_by_file(
    findings: Sequence[Finding], names: Mapping[str, str]
) -> Iterator[tuple[str, list[FindingWords]]]:
    """The findings under headings that name the file and the unit, the gravest first; `names` by code."""
    labels = {severity: severity_name(severity) for severity in Severity}
    order = {severity: n for n, severity in enumerate(Severity)}
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.file or "", finding.unit or ""), []).append(finding)
    for (file, unit), found in groups.items():
        heading = " · ".join(part for part in (file, names.get(unit, unit)) if part)
        gravest_first = sorted(found, key=lambda one: order[one.severity])
        yield (
            plain(heading or _("The quarter as a whole")),
            [_said(one, labels[one.severity]) for one in gravest_first],
        )


def _said(finding: Finding, word: str) -> FindingWords:
    place = f"{finding.sheet}!{finding.cell}" if finding.sheet and finding.cell else finding.sheet
    return FindingWords(
        finding.severity,
        word,
        plain(place or finding.cell or ""),
        _shortened(plain(finding.value or "")),
        plain(finding.message),
        plain(finding.hint),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _VALUE_SHOWN else f"{text[: _VALUE_SHOWN - 1].rstrip()}…"


def finding_widths(width: int) -> tuple[int, ...]:
    """The columns of findings but the last, which has what is left: severity, place, and the value's where
    there is room for one of its own."""
    words = max(cell_len(severity_name(severity)) for severity in Severity)
    return (words, 20, 18) if width >= _WIDE else (words, 18)


def counted(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity, and of how many files."""
    errors, warnings, notes = (
        sum(finding.severity is severity for finding in findings) for severity in Severity
    )
    files = len({finding.file for finding in findings if finding.file})
    return _("Errors: {errors}. Warnings: {warnings}. Notes: {notes}. Files: {files}.").format(
        errors=errors, warnings=warnings, notes=notes, files=files
    )


def findings_text(findings: Sequence[Finding], names: Mapping[str, str], width: int) -> str | None:
    """Findings under the files they are about, as text of `width` columns; None where it holds signs that do
    not take one column each, or where that is too narrow."""
    widths = finding_widths(width)
    columns = (*widths, width - _MARGIN - sum(widths) - GAP * len(widths))
    if columns[-1] < 1:
        return None
    lines: list[str] = []
    for heading, found in findings_by_file(findings, names):
        lines += wrapped(heading, width)
        for one in found:
            about = [one.place, one.value]
            where = about if len(widths) > 2 else ["\n".join(text for text in about if text)]
            cells = [_Cell(text) for text in (one.word, *where, f"{one.message}\n→ {one.hint}")]
            lines += (" " * _MARGIN + line for line in _lines(cells, columns))
        lines.append("")
    if findings:
        lines += wrapped(counted(findings), width)
    text = "\n".join(lines)
    if not is_single(text.replace("\n", "")):
        return None
    return f"{text}\n" if lines else ""
