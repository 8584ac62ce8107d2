"""Figures of quarters before reportctl came: taken in once, so that there is something to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportctl.cells.cell import read_cell
from reportctl.cells.reading import Reading
from reportctl.core.errors import meant
from reportctl.core.files import digest, read_file, write_atomic
from reportctl.core.findings import finding
from reportctl.core.language import _, ngettext
from reportctl.core.period import Quarter, read_period
from reportctl.form.model import Indicator, Type, applies
from reportctl.form.submission import AnswerState
from reportctl.ledger import archive
from reportctl.ledger.decisions import day_in_words, decisions_by_quarter
from reportctl.ledger.ledger import open_ledger
from reportctl.ledger.rows import PROVINCE, ValueRecord
from reportctl.merge.closed_file import from_csv, imported_file, to_csv
from reportctl.merge.form_in_force import context_of
from reportctl.merge.merge import Run, take_in
from reportctl.workspace.small_tables import SmallTableError, SmallTableProblem, TableRow, read_small_table
from reportctl.workspace.units import no_such_unit

COLUMNS = ("unit", "indicator", "period", "value")
_PROVINCE_WORDS = frozenset({"", "province", "tỉnh", "toàn tỉnh"})

_Key = tuple[str, str]  # unit, indicator


@dataclass(frozen=True, slots=True)
class Replaced:
    """A figure that was imported before with another value; `unit` is empty for the province."""

    quarter: Quarter
    unit: str
    code: str
    before: ValueRecord
    after: ValueRecord


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken in: how many figures of each quarter, and which of them were another before.

    `aside` are figures of the province that do not count, because units' figures of the same are there.
    """

    figures: Mapping[Quarter, int]
    replaced: tuple[Replaced, ...]
    aside: tuple[ValueRecord, ...] = ()


def take_history(run: Run, path: Path) -> Imported:
    """Take in the figures in the table `path` (.csv or .xlsx; columns unit, indicator, period, value).

    A figure without a unit is the province's. One that was imported before is replaced. Raises
    `RecordsError` with every mistake and its place, and then takes in nothing.
    """
    with run.session.writing():
        records = read_small_table(path, COLUMNS)
        data = read_file(path)
        take_in(run, ())
        table = _Table(run, path.name, digest(data), _taken(run))
        found, problems = table.read(records)
        if problems:
            raise SmallTableError(path, problems)
        archive.keep_original(run.session.workspace.archive, digest(data), path.name, data)
        replaced = [
            one for quarter in sorted(found) for one in _keep(run, quarter, list(found[quarter].values()))
        ]
        take_in(run, ())
        aside = tuple(one for quarter in sorted(found) for one in _aside(run, quarter))
    return Imported({quarter: len(found[quarter]) for quarter in sorted(found)}, tuple(replaced), aside)


def _aside(run: Run, quarter: Quarter) -> Iterator[ValueRecord]:
    """The province's imported figures that do not count, because there are units' figures of the same."""
    path = imported_file(run.session.workspace, quarter)
    records = from_csv(path, read_file(path), quarter)
    of_units = {record.code for record in records if record.unit != PROVINCE}
    yield from (record for record in records if record.unit == PROVINCE and record.code in of_units)


def _taken(run: Run) -> dict[Quarter, str]:
    """The quarters that figures cannot be imported for, and why."""
    found = {}
    with open_ledger(run.session.workspace.ledger) as ledger:
        for quarter in ledger.quarters():
            count = sum(record.counts for record in ledger.submissions(quarter))
            if count:
                found[quarter] = ngettext(
                    "the report of {count} unit counts for {quarter} already",
                    "the reports of {count} units count for {quarter} already",
                    count,
                ).format(count=count, quarter=quarter)
    decisions = archive.read_decisions(run.session.workspace.decisions)
    for quarter, ruled in decisions_by_quarter(decisions).items():
        if ruled.closing:
            day = day_in_words(ruled.closing.decision)
            found[quarter] = _("{quarter} was closed on {day}").format(quarter=quarter, day=day)
    return found


def _keep(run: Run, quarter: Quarter, new: Sequence[ValueRecord]) -> Iterator[Replaced]:
    """Write the quarter's imported figures, the `new` ones in place of those imported before."""
    path = imported_file(run.session.workspace, quarter)
    present = {_key(r): r for r in from_csv(path, read_file(path), quarter)} if path.exists() else {}
    for record in new:
        before = present.get(_key(record))
        if before and before.value != record.value:
            yield Replaced(quarter, record.unit, record.code, before, record)
    merged = present | {_key(record): record for record in new}
    order = {code: place for place, code in enumerate(run.session.form.indicators)}
    inorder = sorted(merged.values(), key=lambda r: (r.unit, order.get(r.code, len(order)), r.code))
    write_atomic(path, to_csv(inorder))


def _key(record: ValueRecord) -> _Key:
    return record.unit, record.code


# ---- the table


@dataclass(frozen=True, slots=True)
class _Table:
    """Reads the rows of the file `name` with that hash; `taken` are the quarters that are not for import."""

    run: Run
    name: str
    sha256: str
    taken: Mapping[Quarter, str]

    def read(
        self, records: Sequence[TableRow]
    ) -> tuple[dict[Quarter, dict[_Key, ValueRecord]], list[SmallTableProblem]]:
        """The figures by quarter, then unit and indicator; and everything that is wrong."""
        figures: dict[Quarter, dict[_Key, ValueRecord]] = {}
        problems: list[SmallTableProblem] = []
        lines: dict[tuple[Quarter, str, str], int] = {}
        for record in records:
            quarter, found = self._quarter(record)
            unit = self._unit(record)
            found += self._unit_problems(record, unit, quarter)
            indicator, said = self._indicator(record, unit, quarter)
            found += said
            reading, said = _reading(record, indicator, unit, self.run.session.workspace.settings.cells.dash)
            found += said
            if quarter and indicator and reading and not found:
                key = (quarter, unit, indicator.code)
                if lines.setdefault(key, record.line) != record.line:
                    message = _("this unit, indicator and period already stand in line {line}")
                    found.append(record.problem("unit", message.format(line=lines[key])))
                figures.setdefault(quarter, {})[key[1:]] = self._figure(record, key, reading)
            problems += found
        if not records:
            problems.append(
                SmallTableProblem(2, _("line {line}").format(line=2), _("there is no figure in the file"))
            )
        return figures, problems

    def _quarter(self, record: TableRow) -> tuple[Quarter | None, list[SmallTableProblem]]:
        text = record.get("period")
        quarter = read_period(text)
        if not text:
            message = _("nothing is filled in")
        elif quarter is None:
            message = _("“{value}” is not a period; write a quarter such as 2023-Q1").format(value=text)
        elif not isinstance(quarter, Quarter):
            message = _("“{value}” is more than one quarter; write a quarter such as {example}").format(
                value=text, example=quarter.last
            )
        elif quarter in self.taken:
            message = _("{why}; figures are imported only for quarters without reports").format(
                why=self.taken[quarter]
            )
        elif quarter >= self.run.quarter:
            message = _("{quarter} is not before the current quarter, {current}").format(
                quarter=quarter, current=self.run.quarter
            )
        else:
            return quarter, []
        return None, [record.problem("period", message)]

    def _unit(self, record: TableRow) -> str:
        code = record.get("unit")
        known = code in self.run.session.roster.codes
        return code if known or code.casefold() not in _PROVINCE_WORDS else PROVINCE

    def _unit_problems(self, record: TableRow, unit: str, quarter: Quarter | None) -> list[SmallTableProblem]:
        if unit == PROVINCE:
            return []
        if unit not in self.run.session.roster.codes:
            return [record.problem("unit", no_such_unit(unit, self.run.session.roster.codes))]
        if quarter and unit not in context_of(self.run.session, quarter).units:
            message = _(
                "the unit “{value}” did not report in {quarter}; check its dates in the list of units"
            )
            return [record.problem("unit", message.format(value=unit, quarter=quarter))]
        return []

    def _indicator(
        self, record: TableRow, unit: str, quarter: Quarter | None
    ) -> tuple[Indicator | None, list[SmallTableProblem]]:
        code = record.get("indicator")
        indicator = self.run.session.form.indicators.get(code)
        if not code:
            message = _("nothing is filled in")
        elif indicator is None:
            message = _("the form has no indicator “{value}”").format(value=code)
            message = meant(message, code, self.run.session.form.indicators)
        elif indicator.computed:
            message = _("“{value}” is worked out; give “{numerator}” and “{denominator}” instead").format(
                value=code, numerator=indicator.numerator, denominator=indicator.denominator
            )
        elif not indicator.numeric:
            message = _("“{value}” is no figure").format(value=code)
        elif unit == PROVINCE and indicator.over_units == "none":
            message = _("there is no figure of the province for “{value}”").format(value=code)
        elif not self._asked(indicator, unit, quarter):
            message = _("the unit is not asked for “{value}”").format(value=code)
        else:
            return indicator, []
        return None, [record.problem("indicator", message)]

    def _asked(self, indicator: Indicator, unit: str, quarter: Quarter | None) -> bool:
        units = context_of(self.run.session, quarter).units if quarter else {}
        return unit not in units or applies(indicator, units[unit].kind)

    def _figure(self, record: TableRow, key: tuple[Quarter, str, str], reading: Reading) -> ValueRecord:
        quarter, unit, code = key
        sheet, cell = _place(record)
        return ValueRecord(
            period=quarter,
            unit=unit,
            code=code,
            state=reading.state,
            value=reading.value if isinstance(reading.value, int | float) else None,
            raw=record.get("value"),
            estimate=False,
            file=self.name,
            sheet=sheet,
            cell=cell,
            sha256=self.sha256,
            received=self.run.session.today,
            by="import",
        )


def _reading(
    record: TableRow, indicator: Indicator | None, unit: str, dash: str
) -> tuple[Reading | None, list[SmallTableProblem]]:
    """What the value says; a figure of the province is not bound by what one unit can have."""
    typed = record.numbers.get("value", record.get("value"))
    if typed == "":
        return None, [record.problem("value", _("nothing is filled in"))]
    if indicator is None:
        return None, []
    ask = indicator
    if unit == PROVINCE:
        kind = Type.COUNT if indicator.type is Type.YES_NO else indicator.type
        ask = indicator.model_copy(update={"min": None, "max": None, "type": kind})
    reading = read_cell(typed, ask, dash=dash)
    if reading.is_answer and (unit != PROVINCE or reading.state is AnswerState.VALUE):
        return reading, []
    text = record.get("value")
    message = _("“{value}” is no figure").format(value=text)
    if reading.code:
        details: dict[str, Any] = dict(reading.details)
        message = finding(reading.code, value=text, **details).message
    return None, [record.problem("value", message)]


def _place(record: TableRow) -> tuple[str, str]:
    """The sheet and the cell of the record's value; in a text file the column and the line."""
    letters = record.cells.get("value")
    if letters is None:
        return "", f"value:{record.line}"
    sheet, _mark, column = letters.rpartition("!")
    return sheet, f"{column}{record.line}"
