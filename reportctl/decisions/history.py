"""Figures of quarters before reportctl came: taken in once, so that there is something to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reportctl.cells.cell import read_cell
from reportctl.cells.reading import Reading
from reportctl.core.files import digest, read_file, write_atomic
from reportctl.core.findings import Finding, finding
from reportctl.core.language import _, ngettext
from reportctl.core.period import Quarter, read_period
from reportctl.figures.plan import no_such_indicator
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form, applies
from reportctl.form.submission import Answer, AnswerState, sums
from reportctl.ledger import archive
from reportctl.ledger.decisions import day_in_words, decisions_by_quarter
from reportctl.ledger.ledger import open_ledger
from reportctl.ledger.rows import PROVINCE, ValueRecord
from reportctl.merge.closed_file import from_csv, imported_file, to_csv
from reportctl.merge.form_in_force import context_of
from reportctl.merge.merge import Run, take_in
from reportctl.workspace.small_tables import SmallTableError, SmallTableProblem, TableRow, read_small_table
from reportctl.workspace.units import Unit, no_such_unit

COLUMNS = ("unit", "indicator", "period", "value")
_PROVINCE_WORDS = frozenset({"", "province", "tỉnh", "toàn tỉnh"})

_Figures = dict[tuple[str, str], ValueRecord]  # by unit and indicator


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

    `aside` are figures of the province that do not count, because all units' figures of the same are there;
    `totals`: what is found of those of the province beside those of units, by quarter.
    """

    figures: Mapping[Quarter, int]
    replaced: tuple[Replaced, ...]
    aside: tuple[ValueRecord, ...] = ()
    totals: Mapping[Quarter, Sequence[Finding]] = field(default_factory=dict)


def take_history(run: Run, path: Path) -> Imported:
    """Take in the figures in the table `path` (.csv or .xlsx; columns unit, indicator, period, value).

    A figure without a unit is the province's. One that was imported before is replaced. Raises
    `SmallTableError` with every mistake and its place, and then takes in nothing.
    """
    with run.session.writing():
        rows = read_small_table(path, COLUMNS)
        data = read_file(path)
        take_in(run, ())
        figures, problems = _read(run, rows, path.name, digest(data))
        if problems:
            raise SmallTableError(path, problems)
        archive.keep_original(run.session.workspace.archive, digest(data), path.name, data)
        replaced = [one for quarter in sorted(figures) for one in _keep(run, quarter, figures[quarter])]
        settled = take_in(run, ()).totals
        with open_ledger(run.session.workspace.ledger) as ledger:
            totals = [one for quarter in sorted(figures) for one in ledger.imported_totals(quarter)]
    counts = {quarter: len(figures[quarter]) for quarter in sorted(figures)}
    aside = tuple(one for one in totals if not one.stands)
    return Imported(counts, tuple(replaced), aside, settled)


def _keep(run: Run, quarter: Quarter, new: _Figures) -> Iterator[Replaced]:
    """Write the quarter's imported figures, the `new` ones in place of those imported before."""
    path = imported_file(run.session.workspace, quarter)
    present: _Figures = {}
    if path.exists():
        present = {(one.unit, one.code): one for one in from_csv(path, read_file(path), quarter)}
    for key, record in new.items():
        if key in present and present[key].value != record.value:
            yield Replaced(quarter, record.unit, record.code, present[key], record)
    order = {code: place for place, code in enumerate(run.session.form.indicators)}
    # Whether a figure of the province stands depends on who reports, and is found again at every merge.
    merged = (replace(one, stands=False) for one in (present | new).values())
    write_atomic(path, to_csv(sorted(merged, key=lambda r: (r.unit, order.get(r.code, len(order)), r.code))))


# ---- the table


def _read(
    run: Run, rows: Sequence[TableRow], name: str, sha256: str
) -> tuple[dict[Quarter, _Figures], list[SmallTableProblem]]:
    """The figures in the rows of the file `name` by quarter; and everything that is wrong."""
    figures: dict[Quarter, _Figures] = {}
    problems: list[SmallTableProblem] = []
    lines: dict[tuple[Quarter, str, str], int] = {}
    refused = _quarters_with_reports(run)
    for row in rows:
        wrong: dict[str, str] = {}  # by column
        quarter, wrong["period"] = _quarter(row.get("period"), run.quarter, refused)
        units = context_of(run.session, quarter).units if quarter else {}
        code = row.get("unit")
        if code not in run.session.roster.codes and code.casefold() in _PROVINCE_WORDS:
            code = PROVINCE
        elif code not in run.session.roster.codes:
            wrong["unit"] = no_such_unit(code, run.session.roster.codes)
        elif quarter and code not in units:
            wrong["unit"] = _(
                "the unit “{value}” did not report in {quarter}; check its dates in the list of units"
            ).format(value=code, quarter=quarter)
        indicator, wrong["indicator"] = _indicator(row.get("indicator"), run.session.form, code, units)
        reading, wrong["value"] = _reading(row, indicator, code, run.session.workspace.settings.cells.dash)
        if quarter and indicator and reading and not any(wrong.values()):
            line = lines.setdefault((quarter, code, indicator.code), row.line)
            if line != row.line:
                message = _("this unit, indicator and period already stand in line {line}")
                wrong["unit"] = message.format(line=line)
            # The place: a sheet and a cell; in a text file the column and the line.
            sheet, _mark, column = row.cells.get("value", "").rpartition("!")
            figures.setdefault(quarter, {})[code, indicator.code] = ValueRecord(
                period=quarter,
                unit=code,
                code=indicator.code,
                state=reading.state,
                value=reading.value if isinstance(reading.value, int | float) else None,
                raw=row.get("value"),
                estimate=False,
                file=name,
                sheet=sheet,
                cell=f"{column}{row.line}" if "value" in row.cells else f"value:{row.line}",
                sha256=sha256,
                received=run.session.today,
                by="import",
            )
        problems += [row.problem(place, message) for place, message in wrong.items() if message]
    for quarter, of_quarter in figures.items():
        of_quarter |= _sums(run.session.form, context_of(run.session, quarter).units, of_quarter)
    if not rows:
        problems.append(
            SmallTableProblem(2, _("line {line}").format(line=2), _("there is no figure in the file"))
        )
    return figures, problems


def _sums(form: Form, units: Mapping[str, Unit], figures: _Figures) -> _Figures:
    """The sums of tables that a quarter's `figures` leave out, of each unit that gave all of their parts.

    In the ledger they stand beside their parts, as those of a file do.
    """
    cells = [cell for table in form.tables for cell in table.cells.values()]
    found: _Figures = {}
    for unit in dict.fromkeys(unit for unit, _code in figures) if cells else ():
        answers = {}
        for cell in cells:
            given = figures.get((unit, cell.code))
            if given:
                answers[cell.code] = Answer(cell.code, given.state, given.value)
            elif unit not in units or applies(cell, units[unit].kind):
                answers[cell.code] = Answer(cell.code, AnswerState.MISSING)
        of_unit = {code: figures[unit, code] for code in answers if (unit, code) in figures}
        for code, answer in sums(cells, answers).items():
            first = next((of_unit[part] for part in form.made_of(code) if part in of_unit), None)
            if first and answer.state is not AnswerState.MISSING and code not in of_unit:
                value = answer.value if isinstance(answer.value, int | float) else None
                found[unit, code] = replace(first, code=code, state=answer.state, value=value, raw="")
    return found


def _quarters_with_reports(run: Run) -> dict[Quarter, str]:
    """The quarters that figures cannot be imported for, and why."""
    reasons = {}
    with open_ledger(run.session.workspace.ledger) as ledger:
        for quarter in ledger.quarters():
            count = sum(record.counts for record in ledger.submissions(quarter))
            if count:
                reasons[quarter] = ngettext(
                    "the report of {count} unit counts for {quarter} already",
                    "the reports of {count} units count for {quarter} already",
                    count,
                ).format(count=count, quarter=quarter)
    for quarter, decided in decisions_by_quarter(
        archive.read_decisions(run.session.workspace.decisions)
    ).items():
        if decided.closing:
            day = day_in_words(decided.closing.decision)
            reasons[quarter] = _("{quarter} was closed on {day}").format(quarter=quarter, day=day)
    return reasons


def _quarter(text: str, current: Quarter, refused: Mapping[Quarter, str]) -> tuple[Quarter | None, str]:
    """The quarter that `text` names, or what is wrong with it."""
    quarter = read_period(text)
    if not text:
        message = _("nothing is filled in")
    elif quarter is None:
        message = _("“{value}” is not a period; write a quarter such as 2023-Q1").format(value=text)
    elif not isinstance(quarter, Quarter):
        message = _("“{value}” is more than one quarter; write a quarter such as {example}").format(
            value=text, example=quarter.last
        )
    elif quarter in refused:
        message = _("{why}; figures are imported only for quarters without reports").format(
            why=refused[quarter]
        )
    elif quarter >= current:
        message = _("{quarter} is not before the current quarter, {current}").format(
            quarter=quarter, current=current
        )
    else:
        return quarter, ""
    return None, message


def _indicator(code: str, form: Form, unit: str, units: Mapping[str, Unit]) -> tuple[Indicator | None, str]:
    """The indicator with that code, or what is wrong with it; `units` are those of the quarter by code."""
    indicator = form.indicators.get(code)
    if not code:
        message = _("nothing is filled in")
    elif indicator is None:
        message = no_such_indicator(code, form)
    elif indicator.computed:
        message = _("“{value}” is worked out; give “{numerator}” and “{denominator}” instead").format(
            value=code, numerator=indicator.numerator, denominator=indicator.denominator
        )
    elif not indicator.numeric:
        message = _("“{value}” is no figure").format(value=code)
    elif unit == PROVINCE and indicator.over_units == "none":
        message = _("there is no figure of the province for “{value}”").format(value=code)
    elif unit in units and not applies(indicator, units[unit].kind):
        message = _("the unit is not asked for “{value}”").format(value=code)
    else:
        return indicator, ""
    return None, message


def _reading(row: TableRow, indicator: Indicator | None, unit: str, dash: str) -> tuple[Reading | None, str]:
    """What the value says, or what is wrong with it; a figure of the province is not bound by what one unit
    can have."""
    text = row.get("value")
    typed = row.numbers.get("value", text)
    if typed == "":
        return None, _("nothing is filled in")
    if indicator is None:
        return None, ""
    if unit == PROVINCE:
        kind = Type.COUNT if indicator.type is Type.YES_NO else indicator.type
        indicator = indicator.model_copy(update={"min": None, "max": None, "type": kind})
    reading = read_cell(typed, indicator, dash=dash)
    if reading.is_answer and (unit != PROVINCE or reading.state is AnswerState.VALUE):
        return reading, ""
    if reading.code:
        details: dict[str, Any] = dict(reading.details)
        return None, finding(reading.code, value=row.said("value"), **details).message
    return None, _("“{value}” is no figure").format(value=row.said("value"))
