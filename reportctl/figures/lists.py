"""What a list of the form comes to in a period: the rows that count, their sums, and what these lack."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reportctl.core import wording
from reportctl.core.language import _, ngettext
from reportctl.core.period import Period, Quarter
from reportctl.core.table import NOT_APPLICABLE, NOT_ASKED, Absent, Value
from reportctl.figures.chosen import summed_columns
from reportctl.figures.figures import Number, total
from reportctl.figures.notes import (
    INCOMPLETE,
    missing_in_words,
    names_of,
    not_reported,
    not_there,
    some_of,
)
from reportctl.figures.totals import counting_in_list
from reportctl.form.asked_then import Unasked
from reportctl.form.model import ListColumn, ListSection
from reportctl.form.names import whole_heading
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ListRecord, typed_value
from reportctl.workspace.units import Unit
from reportctl.workspace.units_by_period import Calendar

ByQuarter = Mapping[Quarter, tuple[str, ...]]


@dataclass(frozen=True)
class ListFigures:
    """A list in a period. `records` are the rows that count: those of its `quarters`.

    Of every quarter of the period, in the roster's order: `asked` are the units that it asked for the list,
    `missing` those of which no report counts, `without` those whose report counts and does not have the list,
    `emptied` those that list nothing and had rows in an earlier quarter. `unasked`: by column, those of its
    `quarters` whose form did not have it, or asked it as something else.
    """

    section: ListSection
    period: Period
    quarters: tuple[Quarter, ...]
    records: tuple[ListRecord, ...]
    asked: ByQuarter = field(default_factory=dict)
    missing: ByQuarter = field(default_factory=dict)
    without: ByQuarter = field(default_factory=dict)
    emptied: ByQuarter = field(default_factory=dict)
    unasked: Mapping[str, Mapping[Quarter, Unasked]] = field(default_factory=dict)

    @functools.cached_property
    def columns(self) -> tuple[ListColumn, ...]:
        """The columns that are added up."""
        return summed_columns(self.section)

    @functools.cached_property
    def by_unit(self) -> dict[str, tuple[ListRecord, ...]]:
        """The rows of each unit that was asked, in the roster's order; behind them those of other units."""
        found: dict[str, list[ListRecord]] = {unit: [] for unit in self._asked_in}
        for record in self.records:
            found.setdefault(record.unit, []).append(record)
        return {unit: tuple(rows) for unit, rows in found.items()}

    @functools.cached_property
    def of_several(self) -> bool:
        """Whether rows of several quarters stand together."""
        return len({record.period for record in self.records}) > 1

    def of(self, units: Collection[str]) -> tuple[ListRecord, ...]:
        """The rows of these units."""
        return tuple(record for unit in units for record in self.by_unit.get(unit, ()))

    def given(self, column: str = "") -> tuple[str, ...]:
        """The units asked that have sent the list in every quarter that asked them; of a `column` those of
        them that have left none of its cells empty."""
        short = {
            *self._lacking_in,
            *(r.unit for c in self.columns if c.code == column for r in self._blank(c)),
        }
        return tuple(unit for unit in self._asked_in if unit not in short)

    def cells(self, record: ListRecord) -> tuple[Value, ...]:
        """What a row has in the list's columns, `NOT_ASKED` in those that its quarter's form did not have and
        `NOT_APPLICABLE` where it says so; None where there is no answer."""
        return tuple(self._cell(record, column) for column in self.section.columns)

    def _cell(self, record: ListRecord, column: ListColumn) -> Value:
        if record.period in self.unasked.get(column.code, {}):
            return NOT_ASKED
        if column.code in record.nothing:
            return NOT_APPLICABLE
        return typed_value(record.values.get(column.code), column.type)

    def count(self, units: Collection[str] | None = None) -> int | None:
        """How many rows there are, of these `units` where they are given; None where none of them has sent
        the list."""
        rows = self.records if units is None else self.of(units)
        return len(rows) if rows or not self._silent(units) else None

    def sums(self, units: Collection[str] | None = None) -> dict[str, Number | Absent | None]:
        """The sums of the columns that are added up, by code; None where no row has a number, `NOT_ASKED`
        where no quarter asked it, `NOT_APPLICABLE` where every row says so."""
        rows = self.records if units is None else self.of(units)
        return {column.code: self._sum(column.code, rows) for column in self.columns}

    def _sum(self, column: str, rows: Sequence[ListRecord]) -> Number | Absent | None:
        if self._never_asked(column):
            return NOT_ASKED
        if rows and all(column in record.nothing for record in rows):
            return NOT_APPLICABLE
        return total(record.values.get(column) for record in rows)

    def marks(self, units: Collection[str] | None = None, rows: str = "rows") -> dict[str, str]:
        """The sign behind each sum that lacks something, by the column's code; behind how many rows there are
        by the key `rows`. A single quarter's lacks of units without a report are known anyway."""
        short = self._short_of_units(units) or bool(self._before_the_list)
        lacking = [c.code for c in self.columns if short or self.unasked.get(c.code) or self._blank(c, units)]
        return dict.fromkeys([*([rows] if short else []), *lacking], INCOMPLETE)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The codes of the columns whose sums lack something, units without a report too."""
        if any(self._due(self.missing).values()):
            return tuple(column.code for column in self.columns)
        return tuple(code for code in self.marks() if code != "rows")

    @property
    def lacking_units(self) -> dict[Quarter, list[str]]:
        """By quarter, the units that were asked for the list and whose rows the list lacks."""
        lacking = {quarter: self._lacking_units(quarter) for quarter in self._due(self.asked)}
        return {quarter: units for quarter, units in lacking.items() if units}

    def notes(self, units: Mapping[str, Unit], *, coverage: bool = True, column: str = "") -> tuple[str, ...]:
        """What stands below the list: which rows these are, who has not reported (with `coverage`), and under
        the sign what the sums lack; of one `column` alone where it is given."""
        return (
            *self._which_rows(),
            *(self._coverage(units) if coverage else ()),
            *self._no_more_rows(units),
            *self._gaps(units, [c for c in self.section.columns if column in ("", c.code)]),
        )

    def _which_rows(self) -> Iterator[str]:
        if len(self.period.quarters) > 1:
            if self.section.counts == "sum":
                yield _("Rows of all quarters of the period.")
            elif self.quarters:
                quarter = wording.period_words(self.quarters[0])
                yield _("Rows of {quarter} alone: the list says what there is.").format(quarter=quarter)

    def _coverage(self, units: Mapping[str, Unit]) -> Iterator[str]:
        asked = {unit for each in self.asked.values() for unit in each}
        if len(self.period.quarters) == 1:
            (missing,) = self.missing.values() or [()]
            yield not_reported(missing, len(asked), units)
        elif words := self._in_words(self.missing, units):
            yield _("Not reported: {missing}.").format(missing=words)
        elif self.quarters:
            yield _("All {count} units have reported in every quarter.").format(count=len(asked))

    def _no_more_rows(self, units: Mapping[str, Unit]) -> Iterator[str]:
        if self.section.counts == "last" and (words := self._in_words(self._due(self.emptied), units)):
            yield _("Rows in an earlier quarter, none any more: {units}.").format(units=words)

    def _in_words(self, of: ByQuarter, units: Mapping[str, Unit]) -> str:
        """Units by quarter; “all units” are those that were asked for the list."""
        asked = {unit for each in self.asked.values() for unit in each}
        return missing_in_words(of, {unit: units[unit] for unit in asked if unit in units})

    def _gaps(self, units: Mapping[str, Unit], columns: Sequence[ListColumn]) -> Iterator[str]:
        missing, without = self._due(self.missing), self._due(self.without)
        if len(self.period.quarters) > 1 and any(missing.values()):
            yield _("{sign}: lacks figures of {quarters}.").format(
                sign=INCOMPLETE,
                quarters="; ".join(
                    "{quarter}: {units}".format(
                        quarter=wording.period_words(quarter, short=True),
                        units=wording.count_words(len(codes), ngettext("unit", "units", len(codes))),
                    )
                    for quarter, codes in missing.items()
                    if codes
                ),
            )
        if any(without.values()):
            (first, *_others) = without.values()
            single = len(self.period.quarters) == 1
            names = names_of(first, units) if single else self._in_words(without, units)
            yield _("{sign}: the list is not in the reports of {units}.").format(sign=INCOMPLETE, units=names)
        summed = [column for column in columns if column in self.columns]
        blank = [words for column in summed if (words := self._blank_in_words(column, units))]
        if blank:
            yield _("{sign}: cells left empty, which are not added: {columns}.").format(
                sign=INCOMPLETE, columns="; ".join(blank)
            )
        yield from self._unasked_in_words(columns)

    def _unasked_in_words(self, columns: Sequence[ListColumn]) -> Iterator[str]:
        labels: dict[tuple[Unasked, tuple[Quarter, ...]], list[str]] = {}
        for column in columns:
            for reason in Unasked:
                quarters = [q for q, why in self.unasked.get(column.code, {}).items() if why is reason]
                if quarters:
                    labels.setdefault((reason, tuple(quarters)), []).append(str(whole_heading(column)))
        whole = [_("everything in this table")]
        labels = {
            of: whole if len(named) == len(self.section.columns) else named for of, named in labels.items()
        }
        summed = {str(whole_heading(column)) for column in self.columns}
        for (reason, of), named in labels.items():
            text = not_there(reason, of, named, of="list")
            plain = len(of) == len(self.quarters) or (named != whole and summed.isdisjoint(named))
            yield wording.capitalised(text) if plain else f"{INCOMPLETE}: {text}"

    def _blank_in_words(self, column: ListColumn, units: Mapping[str, Unit]) -> str:
        rows = self._blank(column)
        if not rows:
            return ""
        names = some_of([names_of([one], units) for one in dict.fromkeys(row.unit for row in rows)])
        return _("{column}: {count} ({units})").format(
            column=whole_heading(column), count=len(rows), units=names
        )

    def _blank(self, column: ListColumn, units: Collection[str] | None = None) -> tuple[ListRecord, ...]:
        """The rows that should have a number in the column and have none."""
        unasked = self.unasked.get(column.code, {})
        return tuple(
            record
            for record in (self.records if units is None else self.of(units))
            if not isinstance(record.values.get(column.code), int | float)
            and column.code not in record.nothing
            and record.period not in unasked
        )

    def _never_asked(self, column: str) -> bool:
        return bool(self.quarters) and self.unasked.get(column, {}).keys() >= {*self.quarters}

    @functools.cached_property
    def _before_the_list(self) -> tuple[Quarter, ...]:
        """The quarters whose form did not have the list."""
        return tuple(
            quarter
            for quarter in self.quarters
            if all(quarter in self.unasked.get(column.code, {}) for column in self.section.columns)
        )

    def _due(self, of: ByQuarter) -> ByQuarter:
        """Of the quarters that count and of those behind them: where these give no rows, older ones stand in
        their place."""
        return {quarter: units for quarter, units in of.items() if quarter >= self.quarters[0]}

    def _lacking_units(self, quarter: Quarter) -> list[str]:
        return [*self.missing.get(quarter, ()), *self.without.get(quarter, ())]

    @functools.cached_property
    def _asked_in(self) -> Mapping[str, int]:
        """In how many of its quarters each unit was asked for the list, in the roster's order."""
        return Counter(unit for quarter in self.quarters for unit in self.asked.get(quarter, ()))

    @functools.cached_property
    def _lacking_in(self) -> Mapping[str, int]:
        """In how many of these each unit's rows are lacking."""
        return Counter(unit for quarter in self.quarters for unit in self._lacking_units(quarter))

    @functools.cached_property
    def _short(self) -> frozenset[str]:
        """The units of which rows are lacking in a quarter of several, or although they have reported."""
        gaps = [self.without, *([self.missing] if len(self.period.quarters) > 1 else [])]
        return frozenset(unit for one in gaps for each in self._due(one).values() for unit in each)

    def _short_of_units(self, units: Collection[str] | None) -> bool:
        return bool(self._short) if units is None else any(unit in self._short for unit in units)

    def _silent(self, units: Collection[str] | None) -> bool:
        """Whether, in every quarter that asked any of the units, these have not sent the list."""
        asked = self._asked_in if units is None else units
        return all(self._lacking_in.get(unit, 0) >= self._asked_in.get(unit, 0) for unit in asked)


def list_figures(ledger: Ledger, section: ListSection, calendar: Calendar, period: Period) -> ListFigures:
    """The list in `period`: of several quarters the rows of all of them, or of the last one that has any, as
    the list `counts`."""
    records = ledger.list_rows(period.quarters, section.code)
    quarters = counting_in_list(section, period, {record.period for record in records})
    asked, missing, without, emptied = (dict[Quarter, tuple[str, ...]]() for _each in range(4))
    unasked: dict[str, dict[Quarter, Unasked]] = {}
    had_rows: set[str] = set()
    for quarter in period.quarters:
        columns = {
            column: why for (of, column), why in ledger.unasked_columns(quarter).items() if of == section.code
        }
        for column, why in columns.items() if quarter in quarters else ():
            unasked.setdefault(column, {})[quarter] = why
        there = any(column.code not in columns for column in section.columns)
        units = calendar.roster.of_kinds(calendar.day(quarter), section.applies_to)
        asked[quarter] = tuple(unit for unit in calendar.units(quarter) if unit in units and there)
        came, listed = ledger.counting(quarter), ledger.counting_lists(quarter)
        lost = {unit for unit, code in ledger.lists_lost(quarter) if code == section.code}
        missing[quarter] = tuple(unit for unit in asked[quarter] if unit not in came)
        without[quarter] = tuple(
            unit for unit in asked[quarter] if unit in came and (unit in lost or unit not in listed)
        )
        have_rows = {record.unit for record in records if record.period == quarter}
        silent = {*missing[quarter], *without[quarter], *have_rows}
        emptied[quarter] = tuple(unit for unit in asked[quarter] if unit in had_rows - silent)
        had_rows |= have_rows
    counting = tuple(record for record in records if record.period in quarters)
    return ListFigures(section, period, tuple(quarters), counting, asked, missing, without, emptied, unasked)
