"""What the terminal shows: tables, findings, progress; and tables as text for other programs."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table as Grid
from rich.text import Text

from reportctl import wording
from reportctl.findings import Finding
from reportctl.fitting import GAP, INDENT, Fitted, first_label, fit
from reportctl.kinds import Severity
from reportctl.language import _
from reportctl.printable import DIRECTIONS, printable
from reportctl.severities import severity_name
from reportctl.table import Absent, Column, Kind, Role, Row, Table, Value, guarded

TextFormat = Literal["csv", "markdown", "json"]

_WITHOUT_TERMINAL = 120  # columns, where the output goes to a file or another program
_WIDE = 100  # columns from which a finding's value has a column of its own
_VALUE_SHOWN = 60
_SOON_DONE = 0.5  # seconds of work that need no bar


def make_console(*, stderr: bool = False) -> Console:
    """The terminal, or what stands in for it; without colour and 120 columns wide where there is none."""
    width = _width(sys.stderr if stderr else sys.stdout)
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def _width(stream: TextIO) -> int | None:
    """The columns to write for; None: as many as `stream` itself has."""
    if stream.isatty() or os.environ.get("COLUMNS"):
        return None
    if sys.stderr.isatty() and stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
        return os.get_terminal_size(sys.stderr.fileno()).columns  # a pager shows it in the same window
    return _WITHOUT_TERMINAL


def plain(text: str) -> str:
    """`text` without what a terminal would obey, on one line."""
    return printable(text).replace("\n", " ")


# ---- tables


def show_table(table: Table, console: Console) -> None:
    """Print `table` as wide as the terminal: texts wrap, numbers never, what has no room is named below."""
    fitted = fit(table, console.width, plain)
    console.print(Text(plain(table.title), style="bold"))
    for block in fitted.blocks:
        _show_block(block, console)
    notes = list(table.notes)
    if fitted.dropped:
        notes.append(
            _("Not shown for want of room: {columns}. A wider window or --format csv shows them.").format(
                columns=", ".join(fitted.dropped)
            )
        )
    for note in notes:
        console.print(Text(plain(note), style="dim"))


def _show_block(block: Fitted, console: Console) -> None:
    """One block of columns; a section's title runs across all of them."""
    table = block.table
    grid = _grid(block, header=True)
    for row in table.rows:
        if row.role is Role.SECTION:
            if grid.row_count or grid.show_header:
                console.print(grid)
            heading = " ".join(plain(str(cell)) for cell in row.cells if cell not in ("", None))
            console.print(Text(heading, style="bold"))
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
        numeric = column.kind is not Kind.TEXT
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
    part = row.role is Role.PART and index == first_label(table)
    return Padding(text, (0, 0, 0, INDENT)) if part else text


# ---- findings

_SEVERITIES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def show_findings(
    findings: Sequence[Finding], console: Console, names: Mapping[str, str] | None = None
) -> None:
    """Print findings under the files they are about, the gravest first; `names` are the units' by code."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.file or "", finding.unit or ""), []).append(finding)
    for (file, unit), found in groups.items():
        known = (names or {}).get(unit, unit)
        heading = " · ".join(part for part in (file, known) if part) or _("The quarter as a whole")
        console.print(Text(plain(heading), style="bold"))
        console.print(_findings_grid(found, console.width))
        console.print()
    if findings:
        console.print(Text(_counted(findings, len({f.file for f in findings if f.file}))))


def _findings_grid(findings: Sequence[Finding], width: int) -> Padding:
    labels = {severity: severity_name(severity) for severity in Severity}
    wide = width >= _WIDE
    grid = Grid(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(width=max(map(cell_len, labels.values())))
    grid.add_column(width=20 if wide else 18, overflow="fold")
    if wide:
        grid.add_column(width=18, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    for finding in sorted(findings, key=lambda f: list(Severity).index(f.severity)):
        place = f"{finding.sheet}!{finding.cell}" if finding.sheet and finding.cell else finding.sheet
        value = Text(_shortened(plain(finding.value or "")), style="italic")
        said = Text(plain(finding.message))
        said.append(f"\n→ {plain(finding.hint)}", style="dim")
        where = Text(plain(place or finding.cell or ""))
        cells = [where, value] if wide else [Text("\n").join(t for t in (where, value) if t.plain)]
        severity = Text(labels[finding.severity], style=_SEVERITIES[finding.severity])
        grid.add_row(severity, *cells, said)
    return Padding(grid, (0, 0, 0, 2))


def _shortened(text: str) -> str:
    return text if len(text) <= _VALUE_SHOWN else f"{text[: _VALUE_SHOWN - 1].rstrip()}…"


def _counted(findings: Sequence[Finding], files: int) -> str:
    errors, warnings, notes = (
        sum(finding.severity is severity for finding in findings) for severity in Severity
    )
    return _("Errors: {errors}. Warnings: {warnings}. Notes: {notes}. Files: {files}.").format(
        errors=errors, warnings=warnings, notes=notes, files=files
    )


def findings_table(findings: Sequence[Finding]) -> Table:
    """Findings as a table, for the formats that other programs read."""
    keys = ("severity", "unit", "file", "sheet", "cell", "indicator", "value", "code", "message", "hint")
    columns = tuple(Column(key, key) for key in keys)
    rows = tuple(Row(tuple(str(getattr(f, key) or "") for key in keys)) for f in findings)
    return Table("findings", _("Findings"), columns, rows)


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


# ---- text for other programs


def table_as(table: Table, form: TextFormat) -> str:
    """`table` as CSV or JSON with plain numbers, or as Markdown with formatted ones; ends with a line end."""
    match form:
        case "csv":
            return _as_csv(table)
        case "json":
            return json_text(_as_object(table))
    return _as_markdown(table)


def _raw(value: Value) -> str | int | float | bool | None:
    match value:
        case Absent():
            return None
        case dt.date():
            return value.isoformat()
        case str():
            return plain(value)
    return value


def _as_csv(table: Table) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        raws = (_raw(value) for value in row.cells)
        writer.writerow([guarded(raw) if isinstance(raw, str) else raw for raw in raws])
    return out.getvalue()


def _as_object(table: Table) -> dict[str, Any]:
    keys = [column.key for column in table.columns]
    return {
        "name": table.name,
        "title": table.title,
        "columns": [{"key": column.key, "title": column.title} for column in table.columns],
        "rows": [
            {"role": row.role.value, **dict(zip(keys, map(_raw, row.cells), strict=True))}
            for row in table.rows
        ],
        "notes": list(table.notes),
    }


_TO_ESCAPE = re.compile("[\x7f-\x9f\u2028\u2029" + DIRECTIONS + "]")


def json_text(value: Any) -> str:
    """`value` as JSON whose letters can be read; what a terminal would obey is written as an escape."""
    said = json.dumps(value, ensure_ascii=False, indent=2)
    return _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", said) + "\n"


def _as_markdown(table: Table) -> str:
    lines = [f"**{_markdown(table.title)}**", ""] if table.title else []
    lines.append("| " + " | ".join(_markdown(column.title) for column in table.columns) + " |")
    lines.append("|" + "|".join("---" if c.kind is Kind.TEXT else "--:" for c in table.columns) + "|")
    for row in table.rows:
        cells = [
            _markdown(wording.cell_text(value, table.kind_of(row, n))) for n, value in enumerate(row.cells)
        ]
        if row.role in (Role.SECTION, Role.TOTAL):
            cells = [f"**{cell}**" if cell else "" for cell in cells]
        lines.append("| " + " | ".join(cells) + " |")
    for note in table.notes:
        lines += ["", _markdown(note)]
    return "\n".join(lines) + "\n"


def _markdown(text: str) -> str:
    return re.sub(r"([\\|*_`<\[])", r"\\\1", plain(text))
