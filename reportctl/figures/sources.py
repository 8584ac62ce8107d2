"""What the report's figures rest on: the cells of units' files, what stands in their place, and the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from reportctl.core import wording
from reportctl.core.language import N_, _
from reportctl.core.period import Period, Quarter, Span
from reportctl.core.table import CellFormat, Column, Value
from reportctl.figures.figures import Figure, Number, Summary
from reportctl.figures.of_unit import UnitFigures
from reportctl.figures.totals import counting_in_list, counting_quarters
from reportctl.form.hidden_sheet import HandedUp
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.rows import PROVINCE, SubmissionRecord, ValueRecord
from reportctl.workspace.units_by_period import Calendar

# What the key of a column that counts a list's rows begins with, before the period; no code has this sign.
ROWS = "rows@"
Units = AbstractSet[str] | None  # None: all of them, and what was imported for the province alone


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One place that figures rest on.

    `by` is "file", "correction" (then `file` says who told it, when and why) or "import", all of them answers
    as in the ledger; "plan": a figure of the year's plan; "report": a unit's report as a whole. Of a list's
    cell, `code` is the column. `unit` is empty where a figure is the province's own.

    A share in `trace` is one such place: `value` is `numerator` / `denominator`, and where these come from
    two places, both are named, with a slash between them.

    `below`: of which figure of an office below it was handed up, and over how many of its units that is.
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
    below: HandedUp | None = None

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


SOURCE_KINDS = {"file": N_("file"), "correction": N_("correction by telephone"), "import": N_("imported")}


def source_columns(keys: str, raw: str = "") -> tuple[Column, ...]:
    """The columns of these `keys` (with spaces between) in a table with a line for each such place. `raw`
    heads what was typed, where that is of two cells; “Cell” names the sheet too, where no column does."""
    every = (
        Column("code", _("Code"), CellFormat.TEXT, 1.4),
        Column("indicator", _("Content"), CellFormat.TEXT, 3.0),
        Column("period", _("Period"), CellFormat.TEXT, 0.8),
        Column("unit", _("Unit"), CellFormat.TEXT, 1.8),
        Column("row", _("Row"), CellFormat.TEXT, 0.5),
        Column("value", _("Value"), CellFormat.FIGURE),
        Column("raw", raw or _("As typed"), CellFormat.TEXT),
        Column("file", _("File"), CellFormat.TEXT, 2.2),
        Column("sheet", _("Sheet"), CellFormat.TEXT, 0.9),
        Column("cell", _("Cell"), CellFormat.TEXT, 0.6 if "sheet" in keys.split() else 1.2),
        Column("received", _("Received"), CellFormat.DATE, 0.9),
        Column("by", _("From"), CellFormat.TEXT, 0.8),
        Column("sha256", "SHA-256", CellFormat.TEXT, 1.4),
    )
    of_key = {column.key: column for column in every}
    return tuple(of_key[key] for key in keys.split())


def names_better(record: ValueRecord, than: ValueRecord | None, key: str) -> bool:
    """Whether a cell of a list's row tells better which row it is than another one of the same row: a value
    than none, that of the column `key` than another; of two that are alike the first."""
    return than is None or _naming(record, key) > _naming(than, key)


def _naming(record: ValueRecord, key: str) -> tuple[bool, bool]:
    return record.state is AnswerState.VALUE, record.code == key


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
    `more` reads the answers of another period, `plan_of_year` gives another year's plan.
    """

    form: Form
    calendar: Calendar
    summary: Summary
    records: Iterable[ValueRecord]
    submissions: Sequence[SubmissionRecord]
    planned: Mapping[str, Mapping[str, Number]]
    plan_file: str = ""
    more: Callable[[Period], Iterable[ValueRecord]] | None = None
    plan_of_year: Callable[[int], Mapping[str, Mapping[str, Number]]] | None = None
    _answers: dict[tuple[str, Quarter], dict[str, SourceCell]] = field(default_factory=dict)
    _texts: dict[tuple[str, Quarter, str], SourceCell] = field(default_factory=dict)
    _listed: dict[tuple[str, Quarter, str, int, str], SourceCell] = field(default_factory=dict)
    _rows: dict[tuple[str, Quarter, str, int], ValueRecord] = field(default_factory=dict)

    def __post_init__(self) -> None:
        asked_in_words = {question.code for question in self.form.texts}
        keys = {listed.code: listed.key for listed in self.form.lists}
        for record in self.records:
            if record.code in asked_in_words and not record.list_code:
                self._texts[record.code, record.period, record.unit] = SourceCell.of_answer(record)
            if record.state is not AnswerState.VALUE:
                continue
            source = SourceCell.of_answer(record)
            if record.list_code:
                row = record.list_code, record.period, record.unit, record.number
                if names_better(record, self._rows.get(row), keys.get(record.list_code, "")):
                    self._rows[row] = record
            if not isinstance(record.value, int | float):
                continue
            if record.list_code:
                key = record.list_code, record.period, record.unit, record.number, record.code
                self._listed[key] = source
            else:
                self._answers.setdefault((record.code, record.period), {})[record.unit] = source

    def of_province(self, figure: Figure, key: str) -> FigureSources:
        """What a figure of the province rests on; `key` is what of it is said: "value", "previous",
        "change_year_ago", "of_plan", …; figures that are compared rest on the groups compared."""
        indicator, today = figure.indicator, self.summary.period
        which = "previous" if key.endswith("previous") else "year_ago"
        if key == "value_compared" and figure.against_year_ago.value is None:
            which = "previous"
        compared = figure.against(which)
        units = frozenset(compared.units) if compared.over == "groups" else None
        then: Period | None = today.previous if which == "previous" else today.year_ago
        spans: tuple[Period, ...] = ()
        if key.startswith("value_"):
            spans = (today,)
        elif key in ("previous", "year_ago"):
            spans = (then,) if then else ()
        elif key.startswith("change_"):
            spans = (today, then) if then else ()
        if key.startswith("whole_") and then:
            return FigureSources((str(then),), tuple(self._cells(indicator, then.quarters, None)))
        if not spans:
            return self._basis(indicator, key, None, frozenset(figure.with_plan) or None)
        cells = [cell for span in spans for cell in self._cells(indicator, span.quarters, units)]
        return FigureSources(tuple(map(str, spans)), tuple(cells))

    def of_units(self, code: str, key: str, units: Iterable[str]) -> FigureSources:
        """What one unit's figure, or several units' together, rests on."""
        chosen = set(units)
        return self._basis(self.form.indicators[code], key, chosen, chosen)

    def of_unit(self, found: UnitFigures, code: str, key: str) -> FigureSources:
        """What a figure in one unit's own summary rests on; `key` as for the province, and "mean": what the
        units of its kind have."""
        figure = found.summary.figures[code]
        if key in ("mean", "kind_mean"):
            peers = set(found.peers.get(code, ()))
            return self._basis(figure.indicator, "value", peers, peers)
        if key in ("value", "units"):
            return self._basis(figure.indicator, key, {found.unit.code}, None)
        if key in ("to_date", "plan", "of_plan"):
            return self._basis(figure.indicator, key, found.kin, found.kin)
        return self.of_province(figure, key)

    def of_period(self, summary: Summary) -> Sources:
        """The sources of the figures of another period, whose `summary` this is."""
        plan = self.plan_of_year(summary.period.year) if self.plan_of_year else {}
        records = self.more(summary.period) if self.more else ()
        return replace(
            self,
            summary=summary,
            records=records,
            planned=plan,
            _answers={},
            _texts={},
            _listed={},
            _rows={},
        )

    def of_quarter(self, indicator: Indicator, quarter: Quarter) -> FigureSources:
        """What the province's figure of one quarter rests on."""
        return FigureSources((str(quarter),), tuple(self._cells(indicator, (quarter,), None)))

    def of_list(self, code: str, column: str, quarter: Quarter, unit: str, number: int) -> FigureSources:
        """What a figure in the row of a unit's list rests on."""
        source = self._listed.get((code, quarter, unit, number, column))
        return FigureSources((str(quarter),), (source,) if source else ())

    def of_list_sum(self, code: str, column: str, units: Collection[str] = ()) -> FigureSources:
        """What the sum of a list's column over these `units` rests on (none: all of them)."""
        quarters = self._list_quarters(code, self.summary.period)
        cells = (
            source
            for (listed, quarter, unit, _number, of_column), source in self._listed.items()
            if (listed, of_column) == (code, column) and quarter in quarters and (not units or unit in units)
        )
        return FigureSources((str(self.summary.period),), tuple(cells))

    def of_texts(
        self, code: str, of: Iterable[tuple[str, Quarter | None, str, Sequence[float]]]
    ) -> FigureSources:
        """What a figure made from answers in words rests on: of each the unit, the quarter (None: the
        period's last one), a line as it was typed, which is a place of its own, and the figures in it."""
        cells = []
        for unit, quarter, line, figures in of:
            if source := self._texts.get((code, quarter or self.summary.period.last, unit)):
                value = figures[0] if len(figures) == 1 else "; ".join(map(wording.number, figures))
                cells.append(replace(source, value=value, raw=line))
        return FigureSources(tuple(sorted({cell.period for cell in cells})), tuple(dict.fromkeys(cells)))

    def of_list_rows(self, code: str, period: Period, units: Collection[str]) -> FigureSources:
        """What the number of these `units`' rows of a list in `period` rests on: the cell that names each."""
        quarters = self._list_quarters(code, period)
        cells = (
            SourceCell.of_answer(record)
            for (listed, quarter, unit, _number), record in self._rows.items()
            if listed == code and quarter in quarters and unit in units
        )
        return FigureSources((str(period),), tuple(cells))

    def _list_quarters(self, code: str, period: Period) -> tuple[Quarter, ...]:
        """The quarters of `period` whose rows of the list count."""
        listed = next(one for one in self.form.lists if one.code == code)
        there = {quarter for of, quarter, _unit, _number in self._rows if of == code}
        return counting_in_list(listed, period, there)

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
        if key in ("value", "units"):
            return FigureSources((str(period),), tuple(self._cells(indicator, period.quarters, units)))
        if key == "to_date":
            return FigureSources((str(so_far),), tuple(self._done(indicator, units)))
        targets = self.planned.get(indicator.code, {})
        chosen = {""} if units is None and "" in targets else with_plan if units is None else units
        planned = tuple(
            SourceCell("plan", indicator.code, unit, str(period.year), value, file=self.plan_file)
            for unit, value in targets.items()
            if unit in (chosen or ())
        )
        if key == "plan":
            return FigureSources((str(period.year),), planned)
        if key == "of_plan":
            done = self._done(indicator, with_plan)
            return FigureSources(tuple(dict.fromkeys((str(so_far), str(period.year)))), (*done, *planned))
        return FigureSources((), ())

    def _cells(self, indicator: Indicator, quarters: Sequence[Quarter], units: Units) -> Iterator[SourceCell]:
        """The answers of these units; of a share, numerators and denominators of those that gave both."""
        codes = (indicator.numerator, indicator.denominator) if indicator.computed else (indicator.code,)
        rested_on = list(counting_quarters(self.form, indicator, quarters))
        if any(self.form.indicators[code].cumulative for code in codes):  # less that of the quarter before
            rested_on += [q.previous for q in rested_on if q.number > 1 and q.previous not in rested_on]
        for quarter in rested_on:
            answers = [self._answers.get((code, quarter), {}) for code in codes]
            alone = units is None and all(PROVINCE in each for each in answers)
            for of_code in answers:
                for unit, source in of_code.items():
                    wanted = unit == PROVINCE if alone else units is None or unit in units
                    if wanted and all(unit in each for each in answers):
                        yield source

    def _done(self, indicator: Indicator, units: Units) -> Iterator[SourceCell]:
        """The answers that make the year to date."""
        if not indicator.cumulative:
            return self._cells(indicator, year_so_far(self.summary.period).quarters, units)
        typed = self._answers.get((indicator.code, self.summary.period.last), {})
        return (source for unit, source in typed.items() if units is None or unit in units)


def year_so_far(period: Period) -> Period:
    """The quarters of the year up to the last one of `period`, as one period."""
    last = period.last
    return last if last.number == 1 else Span(last.year, ("H1", "9M", "Y")[last.number - 2])
