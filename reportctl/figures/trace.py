"""The files and cells behind one figure."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportctl.core import wording
from reportctl.core.errors import ReportctlError, near
from reportctl.core.language import N_, _
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.figures.figures import mixable
from reportctl.form.model import KIND_OF, Form, Indicator, TextQuestion, Type
from reportctl.form.submission import AnswerState
from reportctl.ledger.rows import PROVINCE
from reportctl.workspace.units import Roster

if TYPE_CHECKING:
    from reportctl.ledger.ledger import Ledger
    from reportctl.ledger.rows import ValueRecord

Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class TracePart:
    """One answer that the figure is made of, with its cell; `unit` is empty where it is the province's own.

    Of a correction, `file` says who told it, when and why. Of a share, `numerator` and `denominator` are the
    two answers; where these come from two places, both are named, with a slash between them.
    """

    period: Quarter
    unit: str
    value: Value
    raw: str
    file: str
    sheet: str
    cell: str
    sha256: str
    received: dt.date
    by: str
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure and its parts, which make it by the indicator's own aggregates. `unit`: only that unit's."""

    period: Period
    item: Indicator | TextQuestion
    unit: str | None
    value: Value
    parts: tuple[TracePart, ...]


def trace(
    ledger: Ledger, form: Form, roster: Roster, period: Period, code: str, unit: str | None = None
) -> Trace:
    """What makes the figure `code` of `period`, of the province or of one unit.

    Raises `ReportctlError` where the form has no such code or the roster no such unit.
    """
    item = _item(form, code)
    if unit is not None and unit not in roster.codes:
        raise ReportctlError(
            _("There is no unit with the code “{code}”{near}.").format(
                code=unit, near=near(unit, sorted(roster.codes))
            )
        )
    last_only = isinstance(item, Indicator) and item.over_time == "last"
    quarters = (period.last,) if last_only else period.quarters
    if isinstance(item, Indicator) and item.computed:
        parts = _shares(
            _records(ledger, quarters, item.numerator, unit),
            _records(ledger, quarters, item.denominator, unit),
        )
    else:
        parts = [_part(record) for record in _records(ledger, quarters, code, unit)]
    return Trace(period, item, unit, _figure(item, period, unit, parts), tuple(parts))


def _records(ledger: Ledger, quarters: Sequence[Quarter], code: str, unit: str | None) -> list[ValueRecord]:
    """The values of `code`, those imported for the province alone first in each quarter."""
    found = ledger.values(quarters, code=code, unit=unit)
    if unit is None:
        found = sorted(
            (*ledger.province_values(quarters, code=code), *found), key=lambda record: record.period
        )
    return [record for record in found if record.state is AnswerState.VALUE and record.value is not None]


def _item(form: Form, code: str) -> Indicator | TextQuestion:
    items: dict[str, Indicator | TextQuestion] = {**form.indicators, **{t.code: t for t in form.texts}}
    if code in items:
        return items[code]
    raise ReportctlError(
        _("The form has no indicator “{code}”{near}. All codes: reportctl form").format(
            code=code, near=near(code, list(items))
        )
    )


def _part(record: ValueRecord) -> TracePart:
    return TracePart(
        period=record.period,
        unit=record.unit,
        value=record.value,
        raw=record.raw,
        file=record.file,
        sheet=record.sheet,
        cell=record.cell,
        sha256=record.sha256,
        received=record.received,
        by=record.by,
    )


def _shares(above: Iterable[ValueRecord], below: Iterable[ValueRecord]) -> list[TracePart]:
    """A part for each unit and quarter that has both answers."""
    denominators = {(r.period, r.unit): r for r in below}
    pairs = (
        (record, denominators[record.period, record.unit])
        for record in above
        if (record.period, record.unit) in denominators
    )
    return [_share(*pair) for pair in pairs]


def _share(above: ValueRecord, below: ValueRecord) -> TracePart:
    def both(first: str, second: str) -> str:
        return first if first == second else f"{first} / {second}"

    numerator, denominator = _number(above.value), _number(below.value)
    return TracePart(
        period=above.period,
        unit=above.unit,
        value=numerator / denominator if denominator else None,
        raw=f"{above.raw} / {below.raw}",
        file=both(above.file, below.file),
        sheet=both(above.sheet, below.sheet),
        cell=f"{above.cell} / {below.cell}",
        sha256=both(above.sha256, below.sha256),
        received=max(above.received, below.received),
        by=above.by if above.by != "file" else below.by,
        numerator=numerator,
        denominator=denominator,
    )


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else math.nan


# ---- the figure that the parts make


def _figure(
    item: Indicator | TextQuestion, period: Period, unit: str | None, parts: Sequence[TracePart]
) -> Value:
    if not isinstance(item, Indicator) or not item.numeric:
        return parts[0].value if unit and len(parts) == 1 else None
    if item.over_time == "none" and len(period.quarters) > 1:
        return None
    alone = any(part.unit == PROVINCE for part in parts)
    if alone and not mixable(item) and len({part.period for part in parts}) > 1:
        return None
    if item.computed:
        below = math.fsum(part.denominator or 0 for part in parts)
        return _plain(math.fsum(part.numerator or 0 for part in parts) / below) if below else None
    by_unit: dict[str, list[float]] = {}
    for part in parts:
        by_unit.setdefault(part.unit, []).append(_number(part.value))
    totals = [_aggregate(item.over_time, values) for values in by_unit.values()]
    if not totals or (unit is None and item.over_units == "none"):
        return None
    return _plain(totals[0] if unit else _aggregate(item.over_units, totals))


def _aggregate(how: str, values: Sequence[float]) -> float:
    """Several values as one. What counts at the end, or is not added up over time, is one value here."""
    match how:
        case "mean":
            return statistics.fmean(values)
        case "min":
            return min(values)
        case "max":
            return max(values)
    return math.fsum(values)


def _plain(value: float) -> int | float:
    exact = float(f"{value:.15g}")
    return int(exact) if exact.is_integer() and abs(exact) < 1e15 else exact


# ---- what is shown of it


def trace_json(traced: Trace) -> dict[str, Any]:
    """The object that `trace --format json` prints."""
    share = isinstance(traced.item, Indicator) and traced.item.computed
    parts = []
    for part in traced.parts:
        said: dict[str, Any] = {"period": str(part.period), "unit": part.unit or None, "value": part.value}
        if share:
            said |= {"numerator": part.numerator, "denominator": part.denominator}
        said |= {key: getattr(part, key) or None for key in ("raw", "file", "sheet", "cell", "sha256")}
        parts.append({**said, "received": part.received.isoformat(), "by": part.by})
    return {
        "period": str(traced.period),
        "code": traced.item.code,
        "value": traced.value,
        "parts": parts,
    }


BY = {"file": N_("file"), "correction": N_("correction by telephone"), "import": N_("imported")}


def trace_table(traced: Trace, roster: Roster) -> Table:
    """The parts with the units' names, and the figure they make below them."""
    item = traced.item
    kind = KIND_OF[item.type] if isinstance(item, Indicator) else CellFormat.TEXT
    if isinstance(item, Indicator) and item.type is Type.YES_NO:
        kind = CellFormat.YES_NO
    share = isinstance(item, Indicator) and item.computed
    columns = (
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.8),
        Column("value", _("Value"), CellFormat.FIGURE),
        *((Column("raw", _("Numerator / denominator"), CellFormat.TEXT),) if share else ()),
        *(() if share else (Column("raw", _("As typed"), CellFormat.TEXT),)),
        Column("file", _("File"), CellFormat.TEXT, 2.2),
        Column("cell", _("Cell"), CellFormat.TEXT, 1.2),
        Column("received", _("Received"), CellFormat.DATE, 0.9),
        Column("by", _("From"), CellFormat.TEXT, 0.8),
    )
    names = {unit.code: unit.name for unit in roster.units} | {PROVINCE: _("The province")}
    rows = [
        Row(
            (
                str(part.period),
                names.get(part.unit, part.unit),
                part.value,
                part.raw,
                part.file,
                f"{part.sheet}!{part.cell}" if part.sheet else part.cell,
                part.received,
                _(BY.get(part.by, part.by)),
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
