"""A summary for other programs, by indicator, by unit, by kind of unit: as JSON objects, and for CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportctl.core.as_json import json_object
from reportctl.core.table import Absent, Column, Row, Table
from reportctl.figures.chosen import chosen
from reportctl.figures.figures import Figure, Summary
from reportctl.figures.notes import names_of
from reportctl.figures.tables import GroupValues
from reportctl.form.asked_then import Unasked
from reportctl.form.model import Form
from reportctl.form.tables import TableCell
from reportctl.workspace.units import Unit

_OF_FIGURE = (
    "value estimate previous year_ago to_date plan change_previous change_year_ago of_plan units_reporting"
)


def summary_json(
    summary: Summary, form: Form, *, sections: Sequence[str] = (), tables: Sequence[str] = ()
) -> dict[str, Any]:
    """The object that `summary --format json` prints; a cell of a table has its table, row and column."""
    rows = []
    for code in chosen(form, sections, tables).codes:
        if (figure := summary.figures.get(code)) is None:
            continue
        indicator = figure.indicator
        place = (indicator.table, indicator.row, indicator.column) if isinstance(indicator, TableCell) else ()
        rows.append(
            {
                "section": figure.section,
                "code": code,
                "label": str(indicator.name),
                "unit_of_measure": str(indicator.measure),
                **_figure_json(figure),
                **dict(zip(("table", "row", "column"), place or (None, None, None), strict=True)),
            }
        )
    return _with_coverage(summary, rows)


def _figure_json(figure: Figure) -> dict[str, Any]:
    """A figure with what it compares with: whole totals, and what the changes follow from. `apart`: by how
    much a column is more than its parts make, because of which quarter's other parts, or of which units."""
    return {
        **json_object(figure, _OF_FIGURE),
        "comparable": figure.against_year_ago.comparable,
        **{
            f"{part}_{which}": getattr(figure.against(which), part)
            for part in ("base", "value", "comparable")
            for which in ("previous", "year_ago")
        },
        "units_asked": figure.units_asked,
        **{f"no_base_{which}": _no_base(figure, which) for which in ("previous", "year_ago")},
        "apart": [
            {
                "of": one.of,
                "period": str(one.quarter),
                "amount": one.amount,
                "dropped": list(map(str, one.dropped)),
                "added": list(map(str, one.added)),
                "parts": list(one.parts),
                "units": sorted(one.units) if one.given_by else [],
            }
            for one in figure.apart
        ],
        **{str(why): [str(quarter) for quarter, of in figure.unasked if of is why] for why in Unasked},
    }


def _no_base(figure: Figure, which: str) -> str | None:
    """Why there is nothing to compare with: units were regrouped, quarters are missing, or were asked without
    the figure, or for something else; None where there is a base, or nobody reported."""
    found = figure.against(which)
    if found.unasked:
        return str(max(why for _quarter, why in found.unasked))
    return "regrouped" if found.regrouped else "incomplete" if found.partial else None


def units_json(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    *,
    sections: Sequence[str] = (),
    tables: Sequence[str] = (),
) -> dict[str, Any]:
    """The object that `summary --by unit --format json` prints; what does not apply is null.

    Under `to_date`, `plan` and `of_plan` stands how far a unit that has a plan is with it, by indicator: with
    its predecessors, but for one that shares them with others.
    """
    shown = chosen(form, sections, tables).codes
    rows = []
    for unit, values in summary.by_unit.items():
        own = {
            code: one
            for code, groups in summary.progress.items()
            for one in groups
            if code in shown and one.today == (unit,)
        }
        rows.append(
            {
                "unit": unit,
                "name": names_of([unit], units),
                "values": {c: None if isinstance(v, Absent) else v for c, v in values.items() if c in shown},
                **{
                    part: {code: getattr(one, part) for code, one in own.items()}
                    for part in ("to_date", "plan", "of_plan")
                },
            }
        )
    return _with_coverage(summary, rows)


def kinds_json(
    summary: Summary,
    form: Form,
    values: GroupValues,
    *,
    sections: Sequence[str] = (),
    tables: Sequence[str] = (),
) -> dict[str, Any]:
    """The object that `summary --by kind --format json` prints."""
    shown = chosen(form, sections, tables).codes
    rows = [
        {
            "kind": kind.code,
            "name": str(kind.name),
            "values": {code: v for code, v in values.get(kind.code, {}).items() if code in shown},
        }
        for kind in form.kinds
    ]
    return _with_coverage(summary, rows)


def _with_coverage(summary: Summary, rows: list[dict[str, Any]]) -> dict[str, Any]:
    coverage = summary.coverage
    return {
        "period": str(summary.period),
        "units": {
            "expected": len(coverage.expected),
            "accepted": len(coverage.accepted),
            "missing": list(coverage.missing),
        },
        "rows": rows,
    }


def data_table(printed: Mapping[str, Any], form: Form) -> Table:
    """The rows of one of these objects as a table with a column for each of their keys, for CSV.

    What goes by indicator has its columns in the form's order: `meetings_held`, `meetings_held.of_plan`.
    """
    rows: list[dict[str, Any]] = printed["rows"]
    first = rows[0] if rows else {}
    parts = [key for key, value in first.items() if isinstance(value, dict)]
    plain = [key for key in first if key not in parts]
    rows = [
        {key: " ".join(map(_word, v)) if isinstance(v, list) else v for key, v in row.items()} for row in rows
    ]
    by_code = [
        (code, part) for code in form.indicators for part in parts if any(code in row[part] for row in rows)
    ]
    titled = [(key, key) for key in plain]
    titled += [(code if part == "values" else f"{code}.{part}", code) for code, part in by_code]
    cells = ((*(row[key] for key in plain), *(row[part].get(code) for code, part in by_code)) for row in rows)
    return Table("data", "", tuple(Column(key, title) for key, title in titled), tuple(map(Row, cells)))


def _word(one: str | Mapping[str, Any]) -> str:
    """One of several things in a cell: a quarter; that a column differs from its parts by so much."""
    return one if isinstance(one, str) else f"{one['of']}:{one['period']}:{one['amount']}"
