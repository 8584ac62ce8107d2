"""The year's plan, unit by unit: `plan.csv` or `plan.xlsx`."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportctl.cells.cell import LARGEST, read_cell
from reportctl.core.language import _
from reportctl.form.model import Form, Indicator, Type, applies
from reportctl.workspace.small_tables import Record, RecordProblem, RecordsError, read_records
from reportctl.workspace.units import Roster, no_such_unit

COLUMNS = ("unit", "indicator", "year", "value")

_WHOLE = frozenset({Type.COUNT, Type.YES_NO})
# What a year's figure is read as: no bound of the indicator's, which are for a quarter.
_COUNT, _NUMBER = (
    Indicator(code="value", label="value", type=kind, min=-LARGEST, max=LARGEST)
    for kind in (Type.COUNT, Type.NUMBER)
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What each unit is to reach: the figure for (unit, indicator, year)."""

    values: Mapping[tuple[str, str, int], int | float]

    def of(self, code: str, year: int) -> dict[str, int | float]:
        """The plan for the indicator `code` in `year`, by unit."""
        return {
            unit: value
            for (unit, indicator, of_year), value in self.values.items()
            if indicator == code and of_year == year
        }


def load_plan(path: Path, roster: Roster, form: Form) -> Plan:
    """The plan in the file `path` (CSV or .xlsx); an empty one where there is no such file.

    Raises `RecordsError` with every mistake: units and indicators that are not known or do not go together,
    years and values that cannot be read or are below zero, rows that say the same thing twice.
    """
    if not path.exists():
        return Plan({})
    problems: list[RecordProblem] = []
    values: dict[tuple[str, str, int], int | float] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for record in read_records(path, COLUMNS):
        found = [
            *_unit_problems(record, roster),
            *_indicator_problems(record, roster, form),
            *_year_problems(record, roster),
        ]
        unit, code, year = (record.get(column) for column in ("unit", "indicator", "year"))
        if not found and lines.setdefault((unit, code, year), record.line) != record.line:
            message = _("this unit, indicator and year already stand in line {line}").format(
                line=lines[unit, code, year]
            )
            found.append(record.problem("unit", message))
        value, wrong = _value(record, form.indicators.get(code))
        if wrong:
            found.append(record.problem("value", wrong))
        if not found:
            values[unit, code, int(year)] = value
        problems += found
    if problems:
        raise RecordsError(path, problems)
    return Plan(values)


def read_value(typed: str | float, kind: Type) -> int | float | None:
    """The number that was typed; None where it is none, or text that can be read in two ways.

    Text is read as in a returned workbook (see `cells`): whole numbers may be grouped (`1.200`, `1,200`,
    `1 200`). Where decimals are possible, `1.200` and `1,200` say two things and are refused; `1.234,5`,
    `1.234.567`, `12,5` and `12.5` say one.
    """
    reading = read_cell(typed, _COUNT if kind in _WHOLE else _NUMBER)
    plain = reading.code in ("", "number_as_text")
    return reading.value if plain and isinstance(reading.value, (int, float)) else None


def _unit_problems(record: Record, roster: Roster) -> list[RecordProblem]:
    code = record.get("unit")
    if code in roster.codes:
        return []
    message = no_such_unit(code, roster.codes) if code else _("nothing is filled in")
    return [record.problem("unit", message)]


def _indicator_problems(record: Record, roster: Roster, form: Form) -> list[RecordProblem]:
    code = record.get("indicator")
    indicator = form.indicators.get(code)
    if not code:
        message = _("nothing is filled in")
    elif indicator is None:
        near = difflib.get_close_matches(code, form.indicators, 1)
        message = _("the form has no indicator “{value}”").format(value=code)
        if near:
            message = _("{message}; “{better}” was meant?").format(message=message, better=near[0])
    elif indicator.over_units != "sum":
        message = _("a plan can be given only for figures that are added up over the units")
    elif not _asked(indicator, record.get("unit"), roster):
        message = _("the unit is not asked for “{value}”").format(value=code)
    else:
        return []
    return [record.problem("indicator", message)]


def _asked(indicator: Indicator, code: str, roster: Roster) -> bool:
    rows = roster.rows(code)
    return not rows or any(applies(indicator, unit.kind) for unit in rows)


def _year_problems(record: Record, roster: Roster) -> list[RecordProblem]:
    year, code = record.get("year"), record.get("unit")
    if not year:
        message = _("nothing is filled in")
    elif not re.fullmatch(r"(19|20)\d\d", year):
        message = _("“{value}” is not a year").format(value=year)
    elif code in roster.codes and not _there(code, int(year), roster):
        message = _("the unit “{value}” is not there in {year}").format(value=code, year=year)
    else:
        return []
    return [record.problem("year", message)]


def _there(code: str, year: int, roster: Roster) -> bool:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return any(unit.first <= last and first <= unit.last for unit in roster.rows(code))


def _value(record: Record, indicator: Indicator | None) -> tuple[int | float, str]:
    """The record's value, and what is wrong with it: nothing where it can be taken."""
    text, kind = record.get("value"), indicator.type if indicator else Type.NUMBER
    value = read_value(record.numbers.get("value", text), kind)
    if value is not None and value >= 0:
        return value, ""
    if not text:
        message = _("nothing is filled in")
    elif value is not None:
        message = _("“{value}” is less than zero")
    elif kind in _WHOLE:
        message = _("“{value}” is no whole number; write 1200 or 1.200")
    else:
        message = _("“{value}” is no number, or can be read in two ways; write 1200 or 12,5")
    return 0, message.format(value=text)
