"""What the report's figures rest on: the cells of units' files, what stands in their place, and the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from reportctl.core.period import Period, Quarter
from reportctl.core.table import Value
from reportctl.figures.figures import Figure, Number, Summary
from reportctl.figures.plan import year_so_far
from reportctl.form.model import Form, Indicator
from reportctl.form.submission import AnswerState
from reportctl.ledger.rows import SubmissionRecord, ValueRecord
from reportctl.workspace.units_by_period import Calendar

Units = AbstractSet[str] | None  # None: all of them, and what was imported for the province alone


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One place that figures rest on.

    `by` is "file", "correction" (then `file` says who told it, when and why) or "import", all of them answers
    as in the ledger; "plan": a figure of the year's plan; "report": a unit's report as a whole. Of a list's
    cell, `code` is the column. `unit` is empty where a figure is the province's own.

    A share in `trace` is one such place: `value` is `numerator` / `denominator`, and where these come from
    two places, both are named, with a slash between them.
    """

    by: str
    code: str
    unit: str
    period: str
    value: Value
    raw: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    sha256: str = ""
    received: dt.date | None = None
    list_code: str = ""
    number: int = 0
    numerator: float | None = None
    denominator: float | None = None

    @classmethod
    def of_answer(cls, record: ValueRecord) -> SourceCell:
        """The cell of an answer that counts."""
        return cls(
            by=record.by,
            code=record.code,
            unit=record.unit,
            period=str(record.period),
            value=record.value,
            raw=record.raw,
            file=record.file,
            sheet=record.sheet,
            cell=record.cell,
            sha256=record.sha256,
            received=record.received,
            list_code=record.list_code,
            number=record.number,
        )


@dataclass(frozen=True, slots=True)
class FigureSources:
    """What one figure rests on: periods, as they are spelled, and their cells."""

    periods: tuple[str, ...]
    sources: tuple[SourceCell, ...]


@dataclass(frozen=True)
class Sources:
    """Finds the sources of figures, in what was read once.

    `records` are all answers of `needed_quarters`, those of the province alone as they count; `submissions`
    those of the period itself; `planned` the plan of its year by indicator, then unit, from `plan_file`.
    """

    form: Form
    calendar: Calendar
    summary: Summary
    records: Iterable[ValueRecord]
    submissions: Sequence[SubmissionRecord]
    planned: Mapping[str, Mapping[str, Number]]
    plan_file: str = ""
    _answers: dict[tuple[str, Quarter], dict[str, SourceCell]] = field(default_factory=dict)
    _listed: dict[tuple[str, Quarter, str, int, str], SourceCell] = field(default_factory=dict)
    _origins: dict[Quarter, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for record in self.records:
            if record.state is not AnswerState.VALUE or not isinstance(record.value, int | float):
                continue
            source = SourceCell.of_answer(record)
            if record.list_code:
                key = record.list_code, record.period, record.unit, record.number, record.code
                self._listed[key] = source
            else:
                self._answers.setdefault((record.code, record.period), {})[record.unit] = source

    def of_province(self, figure: Figure, key: str) -> FigureSources:
        """What a figure of the province rests on; `key` is what of it is said: "value", "previous",
        "change_year_ago", "of_plan", …"""
        if not key.startswith("change_"):
            return self._basis(figure.indicator, key, None, set(figure.over.get("plan", ())))
        against = key.removeprefix("change_")
        today = self.summary.period
        spans: tuple[Period, ...] = (today, getattr(today, against))
        cells: list[SourceCell] = []
        for span in spans:
            for quarter in counting_quarters(figure.indicator, span.quarters):
                units: Units = None
                if against not in figure.of_totals:  # those of `quarter` that make up the units of today
                    if quarter not in self._origins:
                        self._origins[quarter] = self.calendar.origins(today.last, quarter)
                    origins = self._origins[quarter]
                    units = {part for unit in figure.over[against] for part in origins.get(unit, ())}
                cells += self._cells(figure.indicator, (quarter,), units)
        return FigureSources(tuple(map(str, spans)), tuple(cells))

    def of_units(self, code: str, key: str, units: Iterable[str]) -> FigureSources:
        """What one unit's figure, or several units' together, rests on."""
        chosen = set(units)
        return self._basis(self.form.indicators[code], key, chosen, chosen)

    def of_quarter(self, indicator: Indicator, quarter: Quarter) -> FigureSources:
        """What the province's figure of one quarter rests on."""
        return FigureSources((str(quarter),), tuple(self._cells(indicator, (quarter,), None)))

    def of_list(self, code: str, column: str, quarter: Quarter, unit: str, number: int) -> FigureSources:
        """What a figure in the row of a unit's list rests on."""
        source = self._listed.get((code, quarter, unit, number, column))
        return FigureSources((str(quarter),), (source,) if source else ())

    def of_reports(self) -> FigureSources:
        """The reports that count in the period's quarters."""
        cells = (
            SourceCell(
                by="report",
                code="",
                unit=one.unit or "",
                period=str(one.period),
                value=one.verdict,
                file=one.file,
                sha256=one.sha256,
                received=one.received,
            )
            for one in self.submissions
            if one.counts
        )
        return FigureSources((str(self.summary.period),), tuple(cells))

    def _basis(self, indicator: Indicator, key: str, units: Units, with_plan: Units) -> FigureSources:
        """As `of_units`; with the plan go the figures of the units `with_plan`."""
        period = self.summary.period
        so_far = year_so_far(period)
        spans: dict[str, Period | None] = {
            "value": period,
            "units": period,
            "previous": period.previous,
            "year_ago": period.year_ago,
            "to_date": so_far,
        }
        if span := spans.get(key):
            return FigureSources((str(span),), tuple(self._cells(indicator, span.quarters, units)))
        planned = tuple(
            SourceCell("plan", indicator.code, unit, str(period.year), value, file=self.plan_file)
            for unit, value in self.planned.get(indicator.code, {}).items()
            if units is None or unit in units
        )
        if key == "plan":
            return FigureSources((str(period.year),), planned)
        if key == "of_plan":
            done = self._cells(indicator, so_far.quarters, with_plan)
            return FigureSources(tuple(dict.fromkeys((str(so_far), str(period.year)))), (*done, *planned))
        return FigureSources((), ())

    def _cells(self, indicator: Indicator, quarters: Sequence[Quarter], units: Units) -> Iterator[SourceCell]:
        """The answers of these units; of a share, numerators and denominators of those that gave both."""
        codes = (indicator.numerator, indicator.denominator) if indicator.computed else (indicator.code,)
        for quarter in counting_quarters(indicator, quarters):
            answers = [self._answers.get((code, quarter), {}) for code in codes]
            for of_code in answers:
                for unit, source in of_code.items():
                    if (units is None or unit in units) and all(unit in each for each in answers):
                        yield source


def needed_quarters(period: Period) -> tuple[Quarter, ...]:
    """The quarters whose figures a report of `period` may rest on, oldest first."""
    spans = [period, period.year_ago, *([period.previous] if period.previous else [])]
    return tuple(sorted({*period.to_date, *(quarter for span in spans for quarter in span.quarters)}))


def counting_quarters(indicator: Indicator, quarters: Sequence[Quarter]) -> Sequence[Quarter]:
    """Those of a period's quarters whose answers count for it: the last one where the indicator says so."""
    return quarters[-1:] if indicator.over_time == "last" else quarters
