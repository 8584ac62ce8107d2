"""What a terminal shows: tables, findings, progress."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table as Grid
from rich.text import Text

from reportctl.core import wording
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.core.letters import plain
from reportctl.core.table import Absent, CellFormat, Role, Row, Table
from reportctl.render.fitting import GAP, Fit, Fitted
from reportctl.render.plain_text import (
    FindingWords,
    cell_indent,
    counted,
    finding_widths,
    findings_by_file,
    section_title,
    table_notes,
    width_without_terminal,
)

_SOON_DONE = 0.5  # seconds of work that need no bar


def make_console(*, stderr: bool = False) -> Console:
    """The terminal, or what stands in for it; without colour and 120 columns wide where there is none."""
    width = width_without_terminal(sys.stderr if stderr else sys.stdout)
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


# ---- tables


def show_table(table: Table, fitted: Fit, console: Console) -> None:
    """Print `table`, made to fit the terminal: texts wrap, numbers never, what has no room is named below."""
    console.print(Text(plain(table.title), style="bold"))
    for block in fitted.blocks:
        _show_block(block, console)
    for note in table_notes(table, fitted):
        console.print(Text(note, style="dim"))


def _show_block(block: Fitted, console: Console) -> None:
    """One block of columns; a section's title runs across all of them."""
    table = block.table
    grid = _grid(block, header=True)
    for row in table.rows:
        if row.role is Role.SECTION:
            if grid.row_count or grid.show_header:
                console.print(grid)
            console.print(Text(section_title(row), style="bold"))
            grid = _grid(block, header=False)
        else:
            grid.add_row(*(_cell(table, row, n) for n in range(len(row.cells))), style=_STYLES.get(row.role))
    console.print(grid)


_STYLES = {Role.TOTAL: "bold"}


def _grid(block: Fitted, *, header: bool) -> Grid:
    # The lines of a box take one column between two columns of the table, the padding the others.
    grid = Grid(
        box=box.SIMPLE_HEAD, show_edge=False, show_header=header, padding=(0, GAP - 1, 0, 0), pad_edge=False
    )
    for column, width in zip(block.table.columns, block.widths, strict=True):
        numeric = column.kind is not CellFormat.TEXT
        grid.add_column(
            Text(plain(column.title)),
            width=width,
            justify="right" if numeric else "left",
            vertical="top",
            overflow="fold",
        )
    return grid


def _cell(table: Table, row: Row, index: int) -> Text | Padding:
    value, kind = row.cells[index], table.kind_of(row, index)
    text = Text(plain(wording.cell_text(value, kind)))
    if value is None or isinstance(value, Absent):
        text.stylize("dim")
    indent = cell_indent(table, row, index)
    return Padding(text, (0, 0, 0, indent)) if indent else text


# ---- findings

_SEVERITIES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def show_findings(
    findings: Sequence[Finding], console: Console, names: Mapping[str, str] | None = None
) -> None:
    """Print findings under the files they are about, the gravest first; `names` are the units' by code."""
    for heading, found in findings_by_file(findings, names or {}):
        console.print(Text(heading, style="bold"))
        console.print(_findings_grid(found, console.width))
        console.print()
    if findings:
        console.print(Text(counted(findings)))


def _findings_grid(findings: Sequence[FindingWords], width: int) -> Padding:
    widths = finding_widths(width)
    grid = Grid(box=None, show_header=False, padding=(0, GAP, 0, 0), pad_edge=False)
    for room in widths:
        grid.add_column(width=room, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    for one in findings:
        said = Text(one.message)
        said.append(f"\n→ {one.hint}", style="dim")
        where, value = Text(one.place), Text(one.value, style="italic")
        apart = len(widths) > 2
        cells = [where, value] if apart else [Text("\n").join(t for t in (where, value) if t.plain)]
        grid.add_row(Text(one.word, style=_SEVERITIES[one.severity]), *cells, said)
    return Padding(grid, (0, 0, 0, 2))


# ---- progress


@contextlib.contextmanager
def progress(console: Console, title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar to be told (done, of, file); on `console` only while it is a terminal, and gone at the end.

    It shows once the work has taken half a second.
    """
    if not console.is_terminal:
        yield lambda _done, _total, _file: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[file]}", markup=False),
    )
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(title, total=None, file="")
    begun = time.monotonic()

    def tell(done: int, total: int, file: str) -> None:
        if time.monotonic() - begun >= _SOON_DONE:
            bar.start()  # which it is once
        bar.update(task, completed=done, total=total, file=plain(file))

    try:
        yield tell
    finally:
        bar.stop()
