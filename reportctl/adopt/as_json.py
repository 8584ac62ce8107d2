"""What was read of a blank form as JSON, as the command line's contract says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportctl.adopt.blank_form import BlankForm, ReadTable
from reportctl.adopt.grid import Place
from reportctl.core.cellrefs import cell_name


def form_as_json(form: BlankForm) -> dict[str, Any]:
    """The tables, who-and-when cells, questions and refusals of the form."""
    return {
        "tables": [_table(table) for table in form.tables],
        "identity": [{"sheet": one.sheet, "cell": one.cell, "what": one.what} for one in form.identity],
        "questions": [
            {
                "id": one.id,
                "question": str(one.question),
                "default": one.default,
                "choices": list(one.choices),
            }
            for one in form.questions
        ],
        "refused": [{"sheet": one.sheet, "cell": one.cell, "why": str(one.why)} for one in form.refused],
    }


def _table(table: ReadTable) -> dict[str, Any]:
    rows = [
        {"caption": row.caption, "sure": row.sure}
        if row.caption
        else {
            "code": row.code,
            "label": row.label,
            "no": row.no,
            "level": row.level,
            "unit_of_measure": row.unit_of_measure,
            "sum": row.sum,
            "computed": row.computed,
            "sure": row.sure,
        }
        for row in table.rows
    ]
    columns = [
        {
            "code": column.code,
            "label": column.label,
            "under": list(column.under),
            "use": column.use,
            "type": column.type,
            "unit_of_measure": column.unit_of_measure,
            "sum": column.sum,
            "computed": column.computed,
            "sure": column.sure,
        }
        for column in table.columns
    ]
    return {
        "sheet": table.sheet,
        "kind": table.kind,
        "code": table.code,
        "title": table.title,
        "rows": rows,
        "columns": columns,
        "inputs": areas(table.inputs),
        "not_asked": areas(table.not_asked),
        "computed": areas(table.computed),
        "given": areas(table.given),
        "sure": table.sure,
    }


def areas(places: Iterable[Place]) -> list[str]:
    """The cells as few rectangles, such as `D7:H12`, from above: runs of a row joined with equal ones
    below."""
    runs: dict[tuple[int, int], list[list[int]]] = {}
    by_row: dict[int, list[int]] = {}
    for row, column in sorted(places):
        by_row.setdefault(row, []).append(column)
    for row, columns in by_row.items():
        start = before = columns[0]
        for column in [*columns[1:], -1]:
            if column != before + 1:
                same = runs.setdefault((start, before), [])
                if same and same[-1][1] == row - 1:
                    same[-1][1] = row
                else:
                    same.append([row, row])
                start = column
            before = column
    rectangles = sorted(
        (top, left, bottom, right) for (left, right), rows in runs.items() for top, bottom in rows
    )
    return [
        cell_name(top, left)
        if (top, left) == (bottom, right)
        else f"{cell_name(top, left)}:{cell_name(bottom, right)}"
        for top, left, bottom, right in rectangles
    ]
