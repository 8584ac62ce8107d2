"""Tables, findings and objects as text for other programs: CSV, Markdown, JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from reportctl.core import wording
from reportctl.core.findings import Finding
from reportctl.core.language import _
from reportctl.core.letters import DIRECTIONS, plain
from reportctl.core.table import Absent, CellFormat, Column, Role, Row, Table, Value, guarded

TextFormat = Literal["csv", "markdown", "json"]


def findings_table(findings: Sequence[Finding]) -> Table:
    """Findings as a table, for the formats that other programs read."""
    keys = ("severity", "unit", "file", "sheet", "cell", "indicator", "value", "code", "message", "hint")
    columns = tuple(Column(key, key) for key in keys)
    rows = tuple(Row(tuple(str(getattr(f, key) or "") for key in keys)) for f in findings)
    return Table("findings", _("Findings"), columns, rows)


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
    lines.append("|" + "|".join("---" if c.kind is CellFormat.TEXT else "--:" for c in table.columns) + "|")
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
