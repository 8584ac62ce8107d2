"""A summary as the JSON objects that the command line prints: by indicator, by unit, by kind of unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportctl.figures import Summary
from reportctl.form import Form
from reportctl.roster import Unit
from reportctl.summary_tables import Values, chosen_sections
from reportctl.table import Absent

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
    summary: Summary, form: Form, units: Mapping[str, Unit], *, sections: Sequence[str] = ()
) -> dict[str, Any]:
    """The object that `summary --by unit --format json` prints; what does not apply is null."""
    shown = {i.code for section in chosen_sections(form, sections) for i in section.indicators}
    rows = [
        {
            "unit": code,
            "name": units[code].name if code in units else code,
            "values": {
                key: None if isinstance(value, Absent) else value
                for key, value in values.items()
                if key in shown
            },
        }
        for code, values in summary.by_unit.items()
    ]
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
