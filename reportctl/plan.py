"""The year's plan, unit by unit: `plan.csv`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportctl.form import Form, Indicator, Type, applies
from reportctl.language import _
from reportctl.records import Record, RecordProblem, RecordsError, read_records
from reportctl.roster import Roster

COLUMNS = ("unit", "indicator", "year", "value")

_WHOLE = frozenset({Type.COUNT, Type.YES_NO})
_PLAIN = re.compile(r"\d+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_GROUPED_TWICE = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}")
_GROUPED_WITH_DECIMALS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+")
# Three digits after the only separator may be a group of thousands as well as decimals.
_WITH_DECIMALS = re.compile(r"\d+[.,](?:\d{1,2}|\d{4,})|\d{4,}[.,]\d{3}|0+[.,]\d{3}")


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
    """The plan in the CSV file `path`; an empty one where there is no such file.

    Raises `RecordsError` with every mistake: units and indicators that are not known or do not go together,
    years and values that cannot be read, lines that say the same thing twice.
    """
    if not path.exists():
        return Plan({})
    problems: list[RecordProblem] = []
    values: dict[tuple[str, str, int], int | float] = {}
    lines: dict[tuple[str, str, int], int] = {}
    for record in read_records(path, COLUMNS):
        found = [
            *_unit_problems(record, roster),
            *_indicator_problems(record, roster, form),
            *_year_problems(record),
        ]
        indicator = form.indicators.get(record.get("indicator"))
        value = read_value(record.get("value"), indicator.type if indicator else Type.NUMBER)
        if value is None:
            found.append(_value_problem(record, indicator))
        problems += found
        if found or value is None:
            continue
        key = (record.get("unit"), record.get("indicator"), int(record.get("year")))
        if key in lines:
            message = _("this unit, indicator and year already stand in line {line}").format(line=lines[key])
            problems.append(RecordProblem(record.line, "unit", message))
        lines.setdefault(key, record.line)
        values.setdefault(key, value)
    if problems:
        raise RecordsError(path, problems)
    return Plan(values)


def read_value(text: str, kind: Type) -> int | float | None:
    """The number that `text` writes; None where it is none, or can be read in two ways.

    Whole numbers may be grouped (`1.200`). Where decimals are possible, `1.200` and `1,200` say two things
    and are refused; `1.234,5`, `1.234.567`, `12,5` and `12.5` say one.
    """
    if _PLAIN.fullmatch(text):
        return int(text)
    if kind in _WHOLE:
        return int(text.replace(".", "")) if _GROUPED.fullmatch(text) else None
    if _GROUPED_TWICE.fullmatch(text):
        return int(text.replace(".", ""))
    if _GROUPED_WITH_DECIMALS.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if _WITH_DECIMALS.fullmatch(text):
        return float(text.replace(",", "."))
    return None


def _unit_problems(record: Record, roster: Roster) -> list[RecordProblem]:
    code = record.get("unit")
    if code in roster.codes:
        return []
    message = (
        _("there is no unit with the code “{value}”").format(value=code)
        if code
        else _("nothing is filled in")
    )
    whole = next((known for known in sorted(roster.codes) if code and known.lstrip("0") == code), None)
    if whole:
        message = _("“{value}” has lost its leading zero in a spreadsheet program; write {better}").format(
            value=code, better=whole
        )
    return [RecordProblem(record.line, "unit", message)]


def _indicator_problems(record: Record, roster: Roster, form: Form) -> list[RecordProblem]:
    code = record.get("indicator")
    indicator = form.indicators.get(code)
    if indicator is None:
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
    return [RecordProblem(record.line, "indicator", message)]


def _asked(indicator: Indicator, code: str, roster: Roster) -> bool:
    rows = [unit for unit in roster.units if unit.code == code]
    return not rows or any(applies(indicator, unit.kind) for unit in rows)


def _year_problems(record: Record) -> list[RecordProblem]:
    if re.fullmatch(r"(19|20)\d\d", record.get("year")):
        return []
    message = _("“{value}” is not a year").format(value=record.get("year"))
    return [RecordProblem(record.line, "year", message)]


def _value_problem(record: Record, indicator: Indicator | None) -> RecordProblem:
    text = record.get("value")
    if not text:
        message = _("nothing is filled in")
    elif indicator and indicator.type in _WHOLE:
        message = _("“{value}” is no whole number; write 1200 or 1.200").format(value=text)
    else:
        message = _("“{value}” is no number, or can be read in two ways; write 1200 or 12,5").format(
            value=text
        )
    return RecordProblem(record.line, "value", message)
