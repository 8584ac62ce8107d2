"""A summary for other programs, by indicator, by unit, by kind of unit: as JSON objects, and for CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportctl.core.table import Absent, CellFormat, Column, Row, Table
from reportctl.figures.figures import Summary
from reportctl.figures.plan import Progresses
from reportctl.figures.tables import Values, chosen_sections
from reportctl.form.model import Form
from reportctl.workspace.units import Unit

_KEYS = (
    "value",
    "estimate",
    "previous",
    "year_ago",
    "to_date",
    "plan",
    "change_previous",
    "change_year_ago",
    "of_plan",
    "units_reporting",
    "comparable",
)
_OF_PROGRESS = ("to_date", "plan", "of_plan")


def summary_json(summary: Summary, form: Form, *, sections: Sequence[str] = ()) -> dict[str, Any]:
    """The object that `summary --format json` prints."""
    rows = [
        {
            "section": section.code,
            "code": indicator.code,
            "label": str(indicator.name),
            "unit_of_measure": str(indicator.measure),
            **{key: getattr(summary.figures[indicator.code], key) for key in _KEYS},
        }
        for section in chosen_sections(form, sections)
        for indicator in section.indicators
        if indicator.numeric
    ]
    return {**_head(summary), "rows": rows}


def units_json(
    summary: Summary,
    form: Form,
    units: Mapping[str, Unit],
    *,
    sections: Sequence[str] = (),
    progress: Progresses | None = None,
) -> dict[str, Any]:
    """The object that `summary --by unit --format json` prints; what does not apply is null.

    Under `to_date`, `plan` and `of_plan` stands what of `progress` is the unit's, by indicator.
    """
    shown = {i.code for section in chosen_sections(form, sections) for i in section.indicators}
    rows = []
    for unit, values in summary.by_unit.items():
        own = {code: planned[unit] for code, planned in (progress or {}).items() if unit in planned}
        said = {
            "values": {code: None if isinstance(v, Absent) else v for code, v in values.items()},
            **{part: {code: getattr(p, part) for code, p in own.items()} for part in _OF_PROGRESS},
        }
        rows.append(
            {
                "unit": unit,
                "name": units[unit].name if unit in units else unit,
                **{
                    part: {code: value for code, value in by_code.items() if code in shown}
                    for part, by_code in said.items()
                },
            }
        )
    return {**_head(summary), "rows": rows}


def kinds_json(
    summary: Summary, form: Form, values: Values, *, sections: Sequence[str] = ()
) -> dict[str, Any]:
    """The object that `summary --by kind --format json` prints."""
    shown = {i.code for section in chosen_sections(form, sections) for i in section.indicators}
    rows = [
        {
            "kind": kind.code,
            "name": str(kind.name),
            "values": {code: v for code, v in values.get(kind.code, {}).items() if code in shown},
        }
        for kind in form.kinds
    ]
    return {**_head(summary), "rows": rows}


def _head(summary: Summary) -> dict[str, Any]:
    coverage = summary.coverage
    return {
        "period": str(summary.period),
        "units": {
            "expected": len(coverage.expected),
            "accepted": len(coverage.accepted),
            "missing": list(coverage.missing),
        },
    }


def data_table(said: Mapping[str, Any], form: Form) -> Table:
    """The rows of one of these objects as a table with a column for each of their keys, for CSV.

    What goes by indicator has its columns in the form's order: `meetings_held`, `meetings_held.of_plan`.
    """
    rows = said["rows"]
    parts = [key for key, value in (rows[0] if rows else {}).items() if isinstance(value, dict)]
    plain = [key for key in (rows[0] if rows else {}) if key not in parts]
    by_code = [
        (code, part) for code in form.indicators for part in parts if any(code in row[part] for row in rows)
    ]
    columns = (
        *(Column(key, key, CellFormat.TEXT) for key in plain),
        *(
            Column(code if part == "values" else f"{code}.{part}", code, CellFormat.TEXT)
            for code, part in by_code
        ),
    )
    return Table(
        "data",
        "",
        columns,
        tuple(
            Row((*(row[key] for key in plain), *(row[part].get(code) for code, part in by_code)))
            for row in rows
        ),
    )
