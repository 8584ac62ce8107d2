"""The files and cells behind one figure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportctl.core import wording
from reportctl.core.as_json import json_object
from reportctl.core.errors import ReportctlError, near
from reportctl.core.language import N_, _
from reportctl.core.period import Period
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.figures.figures import mixable, rounded
from reportctl.figures.sources import SourceCell, counting_quarters
from reportctl.form.model import ANSWER_KIND_OF, KIND_OF, Form, Indicator, TextQuestion
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import PROVINCE
from reportctl.workspace.units import Roster


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure and its parts, which make it by the indicator's own aggregates. `unit`: only that unit's."""

    period: Period
    item: Indicator | TextQuestion
    unit: str | None
    value: int | float | str | None
    parts: tuple[SourceCell, ...]


def trace(
    ledger: Ledger, form: Form, roster: Roster, period: Period, code: str, unit: str | None = None
) -> Trace:
    """What makes the figure `code` of `period`, of the province or of one unit.

    What was imported for the province alone and stands is all there is of its quarter; a share has a part for
    each unit and quarter with both answers. Raises `ReportctlError` where the form has no such code or the
    roster no such unit.
    """
    items: dict[str, Indicator | TextQuestion] = {**form.indicators, **{t.code: t for t in form.texts}}
    if code not in items:
        raise ReportctlError(
            _("The form has no indicator “{code}”{near}. All codes: reportctl form").format(
                code=code, near=near(code, items)
            )
        )
    if unit is not None and unit not in roster.codes:
        raise ReportctlError(
            _("There is no unit with the code “{code}”{near}.").format(
                code=unit, near=near(unit, sorted(roster.codes))
            )
        )
    item = items[code]
    quarters = counting_quarters(item, period.quarters) if isinstance(item, Indicator) else period.quarters

    def answers(code: str) -> list[SourceCell]:
        records = ledger.values(quarters, code=code, unit=unit)
        if unit is None:
            of_province = ledger.province_values(quarters, code=code)
            told = {record.period for record in of_province}  # there the units' figures do not count
            of_units = (record for record in records if record.period not in told)
            records = sorted((*of_province, *of_units), key=lambda record: record.period)
        return [
            SourceCell.of_answer(record)
            for record in records
            if record.state is AnswerState.VALUE and record.value is not None
        ]

    if isinstance(item, Indicator) and item.computed:
        below = {(one.period, one.unit): one for one in answers(item.denominator)}
        parts = [
            _share(above, below[above.period, above.unit])
            for above in answers(item.numerator)
            if (above.period, above.unit) in below
        ]
    else:
        parts = answers(code)
    return Trace(period, item, unit, _figure(item, period, unit, parts), tuple(parts))


def _share(above: SourceCell, below: SourceCell) -> SourceCell:
    """A share out of its two answers, with the places of both."""

    def both(first: str, second: str) -> str:
        return first if first == second else f"{first} / {second}"

    numerator, denominator = _number(above), _number(below)
    return replace(
        above,
        value=numerator / denominator if denominator else None,
        raw=f"{above.raw} / {below.raw}",
        file=both(above.file, below.file),
        sheet=both(above.sheet, below.sheet),
        cell=f"{above.cell} / {below.cell}",
        sha256=both(above.sha256, below.sha256),
        received=max(filter(None, (above.received, below.received)), default=None),
        by=above.by if above.by != "file" else below.by,
        numerator=numerator,
        denominator=denominator,
    )


def _number(source: SourceCell) -> float:
    return source.value if isinstance(source.value, int | float) else math.nan


def _figure(
    item: Indicator | TextQuestion, period: Period, unit: str | None, parts: Sequence[SourceCell]
) -> int | float | str | None:
    """The figure that the parts make: over time unit by unit, then over the units; as `totals`, which takes
    pandas and all units at once, to 15 digits."""
    if not isinstance(item, Indicator) or not item.numeric:
        only = parts[0].value if unit and len(parts) == 1 else None
        return only if isinstance(only, int | float | str) else None
    if item.over_time == "none" and len(period.quarters) > 1:
        return None
    alone = any(part.unit == PROVINCE for part in parts)
    if alone and not mixable(item) and len({part.period for part in parts}) > 1:
        return None
    if item.computed:
        below = math.fsum(part.denominator or 0 for part in parts)
        return rounded(math.fsum(part.numerator or 0 for part in parts) / below) if below else None
    # What counts at the end, or is not added up over time, is one value here.
    aggregates: dict[str, Callable[[Sequence[float]], float]]
    aggregates = {"mean": statistics.fmean, "min": min, "max": max}
    by_unit: dict[str, list[float]] = {}
    for part in parts:
        by_unit.setdefault(part.unit, []).append(_number(part))
    totals = [aggregates.get(item.over_time, math.fsum)(values) for values in by_unit.values()]
    if not totals or (unit is None and item.over_units == "none"):
        return None
    return rounded(totals[0] if unit else aggregates.get(item.over_units, math.fsum)(totals))


# ---- what is shown of it


def trace_json(traced: Trace) -> dict[str, Any]:
    """The object that `trace --format json` prints."""
    share = isinstance(traced.item, Indicator) and traced.item.computed
    keys = (
        f"period unit value {'numerator denominator ' if share else ''}raw file sheet cell sha256 received by"
    )
    parts = [json_object(part, keys) for part in traced.parts]
    return {
        "period": str(traced.period),
        "code": traced.item.code,
        "value": traced.value,
        "parts": [
            {key: None if value == "" and key != "value" else value for key, value in part.items()}
            for part in parts
        ],
    }


SOURCE_KINDS = {"file": N_("file"), "correction": N_("correction by telephone"), "import": N_("imported")}


def trace_table(traced: Trace, roster: Roster) -> Table:
    """The parts with the units' names, and the figure they make below them."""
    item = traced.item
    kind = ANSWER_KIND_OF[item.type] if isinstance(item, Indicator) else CellFormat.TEXT
    share = isinstance(item, Indicator) and item.computed
    columns = (
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.8),
        Column("value", _("Value"), CellFormat.FIGURE),
        Column("raw", _("Numerator / denominator") if share else _("As typed"), CellFormat.TEXT),
        Column("file", _("File"), CellFormat.TEXT, 2.2),
        Column("cell", _("Cell"), CellFormat.TEXT, 1.2),
        Column("received", _("Received"), CellFormat.DATE, 0.9),
        Column("by", _("From"), CellFormat.TEXT, 0.8),
    )
    names = {unit.code: unit.name for unit in roster.units} | {PROVINCE: _("The province")}
    rows = [
        Row(
            (
                part.period,
                names.get(part.unit, part.unit),
                part.value,
                part.raw,
                part.file,
                f"{part.sheet}!{part.cell}" if part.sheet else part.cell,
                part.received,
                _(SOURCE_KINDS.get(part.by, part.by)),
            ),
            kind=kind,
        )
        for part in traced.parts
    ]
    if traced.value is not None and traced.unit is None:
        of_province = KIND_OF[item.type] if isinstance(item, Indicator) else kind
        rows.append(Row(("", _("Total"), traced.value, "", "", "", "", ""), Role.TOTAL, of_province))
    title = _("Sources of “{label}”, {period}").format(
        label=item.name, period=wording.period_words(traced.period)
    )
    notes = () if traced.parts else (_("No unit has given a figure."),)
    return Table(f"trace:{item.code}", title, columns, tuple(rows), notes)
