"""The files and cells behind one figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportctl.core import wording
from reportctl.core.as_json import json_object
from reportctl.core.errors import ReportctlError, near
from reportctl.core.language import _, ngettext
from reportctl.core.period import Period, Quarter
from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.figures.answers import Answers, Share, read_answers, units_continued
from reportctl.figures.figures import rounded
from reportctl.figures.from_below import FromBelow, of_share
from reportctl.figures.sources import SOURCE_KINDS, SourceCell, source_columns
from reportctl.figures.totals import amount_as_figure, counting_quarters, of_province, over_time, own_values
from reportctl.form.hidden_sheet import HandedUp
from reportctl.form.indicators import ANSWER_KIND_OF, KIND_OF, Indicator
from reportctl.form.model import Form, TextQuestion
from reportctl.form.renamed import near_figure
from reportctl.form.submission import AnswerState
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import PROVINCE
from reportctl.workspace.units import Roster
from reportctl.workspace.units_by_period import Calendar


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure and its parts, which make it by the indicator's own aggregates. `unit`: only that unit's."""

    period: Period
    item: Indicator | TextQuestion
    unit: str | None
    value: int | float | str | None
    parts: tuple[SourceCell, ...]


def code_in(then: Form, now: Form, code: str) -> str | None:
    """What the form of `then` calls the figure `code` of that form or of the one of `now`; None where only
    the latter has it."""
    known = then.indicators.keys() | {text.code for text in then.texts} | _of_lists(then)
    before = {new: old for old, new in now.all_renamed.items()}
    candidates = (code, then.all_renamed.get(code), before.get(code))
    if found := next((one for one in candidates if one in known), None):
        return found
    return None if code in now.indicators or code in _of_lists(now) else code


def _of_lists(form: Form) -> frozenset[str]:
    """The codes of lists, and of columns of lists as `list.column`."""
    return frozenset({one.code for one in form.lists} | {".".join(pair) for pair in form.list_columns})


def check_unit(roster: Roster, unit: str | None) -> None:
    """Raises `ReportctlError` where the roster has no such unit."""
    if unit is not None and unit not in roster.codes:
        raise ReportctlError(
            _("There is no unit with the code “{code}”{near}.").format(
                code=unit, near=near(unit, sorted(roster.codes))
            )
        )


def trace(
    ledger: Ledger,
    form: Form,
    calendar: Calendar,
    period: Period,
    code: str,
    unit: str | None = None,
    archive: Path | None = None,
) -> Trace:
    """What makes the figure `code` of `period`, of the province or of one unit.

    Where what was imported for the province alone stands, it makes the province's figure; a share has a part
    for each unit and quarter with both answers. With the `archive` of originals parts say what offices below
    have handed them up of. Raises `ReportctlError` where the form has no such code, or
    the roster no such unit.
    """
    items: dict[str, Indicator | TextQuestion] = {**form.indicators, **{t.code: t for t in form.texts}}
    if code not in items:
        raise ReportctlError(
            _("The form has no indicator “{code}”{near}. All codes: reportctl form").format(
                code=code, near=near_figure(code, form, [*items, *_of_lists(form)])
            )
        )
    check_unit(calendar.roster, unit)
    item, from_below = items[code], FromBelow(ledger, form, archive) if archive else None
    if not isinstance(item, Indicator) or not item.numeric:
        parts = _cells(ledger, code, period.quarters, unit, from_below)
        only = parts[0].value if unit and len(parts) == 1 else None
        return Trace(period, item, unit, only if isinstance(only, int | float | str) else None, tuple(parts))
    quarters = counting_quarters(form, item, period.quarters)
    answers = read_answers(ledger, form, calendar, quarters, code)
    answered = answers.of(item, quarters)
    if item.computed:
        ends = (item.numerator, item.denominator)
        above, below = (
            {(one.period, one.unit): one for one in _cells(ledger, end, quarters, unit, from_below)}
            for end in ends
        )
        parts = []
        for quarter, one in zip(quarters, answered, strict=True):
            alone = unit is None and one.province is not None
            for each, amount in ({PROVINCE: one.province} if alone else one.values).items():
                if isinstance(amount, Share) and unit in (None, each):
                    key = str(quarter), each
                    parts.append(_share(above[key], below[key], amount))
    else:
        parts = _figures(ledger, answers, code, quarters, unit, from_below)
    figure = None
    if answered:
        own = own_values(over_time(item, answered))
        figure = of_province(item, answered) if unit is None else own.get(unit)
    return Trace(period, item, unit, None if figure is None else rounded(figure), tuple(parts))


def _cells(
    ledger: Ledger,
    code: str,
    quarters: Sequence[Quarter],
    unit: str | None,
    from_below: FromBelow | None,
) -> list[SourceCell]:
    """The cells of the answers to one question that count: of the province alone where its total was imported
    and stands, else of the units, or of `unit` alone."""
    records = ledger.values(quarters, code=code, unit=unit)
    if unit is None:
        alone = ledger.province_values(quarters, code=code)
        instead = {record.period for record in alone}
        records = [*alone, *(record for record in records if record.period not in instead)]
        records.sort(key=lambda record: record.period)
    return [
        replace(SourceCell.of_answer(record), below=from_below.of(record) if from_below else None)
        for record in records
        if record.state is AnswerState.VALUE and record.value is not None
    ]


def _figures(
    ledger: Ledger,
    answers: Answers,
    code: str,
    quarters: Sequence[Quarter],
    unit: str | None,
    from_below: FromBelow | None,
) -> list[SourceCell]:
    """The cells of an indicator's answers. What is counted from the beginning of the year is a quarter's
    figure less that of the quarter before, which stands there below zero; a unit without it has none."""
    found = _cells(ledger, code, quarters, unit, from_below)
    if not answers.form.indicators[code].cumulative:
        return found
    own = answers.own[code]
    parts: list[SourceCell] = []
    for quarter in quarters:
        whole = unit is None and own[quarter].province is not None
        counted = {PROVINCE} if whole else own[quarter].values.keys()
        parts += [one for one in found if one.period == str(quarter) and one.unit in counted]
        if quarter.number == 1:
            continue
        continued = units_continued(answers.calendar, quarter)
        before = {part for each in counted for part in continued.get(each, (each,))}
        parts += [
            replace(one, value=-_number(one))
            for one in _cells(ledger, code, (quarter.previous,), None, from_below)
            if (whole or one.unit in before) and (unit is None or one.unit in continued.get(unit, (unit,)))
        ]
    return parts


def _share(above: SourceCell, below: SourceCell, share: Share) -> SourceCell:
    """A share with the places of its two answers."""

    def both(first: str, second: str) -> str:
        return first if first == second else f"{first} / {second}"

    value = amount_as_figure(share)
    return replace(
        above,
        value=None if value is None else rounded(value),
        raw=f"{above.raw} / {below.raw}",
        file=both(above.file, below.file),
        sheet=both(above.sheet, below.sheet),
        cell=f"{above.cell} / {below.cell}",
        sha256=both(above.sha256, below.sha256),
        received=max(filter(None, (above.received, below.received)), default=None),
        by=above.by if above.by != "file" else below.by,
        numerator=rounded(share.above),
        denominator=rounded(share.below),
        below=of_share(above.below, below.below),
    )


def _number(source: SourceCell) -> float:
    return source.value if isinstance(source.value, int | float) else math.nan


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
            | ({"below": json_object(source.below, "source given asked")} if source.below else {})
            for part, source in zip(parts, traced.parts, strict=True)
        ],
    }


def trace_table(traced: Trace, roster: Roster) -> Table:
    """The parts with the units' names, and the figure they make below them."""
    item = traced.item
    kind = ANSWER_KIND_OF[item.type] if isinstance(item, Indicator) else CellFormat.TEXT
    share = isinstance(item, Indicator) and item.computed
    columns = source_columns(
        "period unit value raw file cell received by", raw=_("Numerator / denominator") if share else ""
    )
    if any(part.below for part in traced.parts):
        columns += (Column("below", _("From below"), CellFormat.TEXT, 1.4),)
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
                _there(part.below),
            )[: len(columns)],
            kind=kind,
        )
        for part in traced.parts
    ]
    if traced.value is not None and traced.unit is None:
        of_province = KIND_OF[item.type] if isinstance(item, Indicator) else kind
        cells = ("", _("Total"), traced.value, *("" for _column in columns[3:]))
        rows.append(Row(cells, Role.TOTAL, of_province))
    title = _("Sources of “{label}”, {period}").format(
        label=item.name, period=wording.period_title(traced.period)
    )
    notes = () if traced.parts else (_("No unit has given a figure."),)
    return Table(f"trace:{item.code}", title, columns, tuple(rows), notes)


def _there(below: HandedUp | None) -> str:
    """What a part was handed up of, and over how many units that is, in words."""
    if below is None or not below.asked:
        return below.source if below else ""
    return ngettext(
        "{source}, of {given} of {count} unit", "{source}, of {given} of {count} units", below.asked
    ).format(source=below.source, given=below.given, count=below.asked)
