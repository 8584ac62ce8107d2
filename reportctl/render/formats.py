"""Tables, findings and objects as text for other programs: CSV, Markdown, JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from reportctl.core import wording
from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding, severity_name
from reportctl.core.language import _
from reportctl.core.letters import DIRECTIONS, plain
from reportctl.core.table import Absent, CellFormat, Column, Role, Row, Table, guarded
from reportctl.render.fitting import label_column


def findings_table(findings: Sequence[Finding]) -> Table:
    """Findings as a table for CSV: a severity is called there as in all that shows one."""
    keys = ("severity", "unit", "file", "sheet", "cell", "indicator", "value", "code", "message", "hint")
    columns = tuple(Column(key, key) for key in keys)
    words = {severity: severity_name(severity) for severity in Severity}
    rows = tuple(
        Row((words[f.severity], *(str(getattr(f, key) or "") for key in keys[1:]))) for f in findings
    )
    return Table("findings", _("Findings"), columns, rows)


def csv_text(table: Table) -> str:
    """`table` as CSV: the columns' keys, then numbers and days as they are, an `x` where a mark is set, as in
    the columns of marks of workbooks; ends with a line end."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        cells: list[object] = []
        for value in row.cells:
            if isinstance(value, str):
                cells.append(guarded(plain(value)))
            elif isinstance(value, bool):
                cells.append("x" if value else "")
            else:
                cells.append(None if isinstance(value, Absent) else value)
        writer.writerow(cells)
    return out.getvalue()


_TO_ESCAPE = re.compile("[\x7f-\x9f\u2028\u2029" + DIRECTIONS + "]")


def json_text(value: Any) -> str:
    """`value` as JSON whose letters can be read; what a terminal would obey is written as an escape."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _TO_ESCAPE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) + "\n"


def markdown_text(table: Table) -> str:
    """`table` as Markdown, its numbers formatted as people read them; ends with a line end."""
    lines = [f"**{_markdown(table.title)}**", ""] if table.title else []
    lines.append("| " + " | ".join(_markdown(column.heading) for column in table.columns) + " |")
    lines.append("|" + "|".join("---" if c.kind is CellFormat.TEXT else "--:" for c in table.columns) + "|")
    for row in table.rows:
        cells = [_markdown(wording.text_in(table, row, n)) for n in range(len(row.cells))]
        if row.level:
            label = label_column(table)
            cells[label] = "&nbsp;&nbsp;" * row.level + cells[label]
        if row.role in (Role.SECTION, Role.TOTAL):
            cells = [f"**{cell}**" if cell else "" for cell in cells]
        lines.append("| " + " | ".join(cells) + " |")
    for note in table.notes:
        lines += ["", _markdown(note)]
    return "\n".join(lines) + "\n"


def _markdown(text: str) -> str:
    return re.sub(r"([\\|*_`<\[])", r"\\\1", plain(text))
