"""What a list of the form comes to in a period: the rows that count, their sums, and what these lack."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reportctl.core import wording
from reportctl.core.language import _, ngettext
from reportctl.core.period import Period, Quarter
from reportctl.core.table import NOT_ASKED, Absent, Value
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
from reportctl.form.model import ListColumn, ListSection, whole_heading
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import ListRecord, typed_value
from reportctl.workspace.units import Unit
from reportctl.workspace.units_by_period import Calendar

ByQuarter = Mapping[Quarter, tuple[str, ...]]


@dataclass(frozen=True)
class ListFigures:
    """A list in a period. `records` are the rows that count: those of its `quarters`.

    `asked` are the units that these quarters asked for the list, `missing` those of which no report counts,
    `without` those whose report counts and does not have the list, all in the roster's order. `unasked`: by
    column, the quarters whose form did not have it, or asked it as something else.
    """

    section: ListSection
    period: Period
    quarters: tuple[Quarter, ...]
    records: tuple[ListRecord, ...]
    asked: ByQuarter = field(default_factory=dict)
    missing: ByQuarter = field(default_factory=dict)
    without: ByQuarter = field(default_factory=dict)
    unasked: Mapping[str, Mapping[Quarter, Unasked]] = field(default_factory=dict)

    @functools.cached_property
    def columns(self) -> tuple[ListColumn, ...]:
        """The columns that are added up."""
        return summed_columns(self.section)

    @functools.cached_property
    def by_unit(self) -> dict[str, tuple[ListRecord, ...]]:
        """The rows of each unit that was asked, in the roster's order; behind them those of other units."""
        units = dict.fromkeys(unit for asked in self.asked.values() for unit in asked)
        found: dict[str, list[ListRecord]] = {unit: [] for unit in units}
        for record in self.records:
            found.setdefault(record.unit, []).append(record)
        return {unit: tuple(rows) for unit, rows in found.items()}

    @property
    def of_several(self) -> bool:
        """Whether rows of several quarters stand together."""
        return len({record.period for record in self.records}) > 1

    def of(self, units: Collection[str]) -> tuple[ListRecord, ...]:
        """The rows of these units."""
        return tuple(record for record in self.records if record.unit in units)

    def cells(self, record: ListRecord) -> tuple[Value, ...]:
        """What a row has in the list's columns, `NOT_ASKED` in those that its quarter's form did not have."""
        return tuple(
            NOT_ASKED
            if record.period in self.unasked.get(column.code, {})
            else typed_value(record.values.get(column.code), column.type)
            for column in self.section.columns
        )

    def count(self, units: Collection[str] | None = None) -> int | None:
        """How many rows there are, of these `units` where they are given; None where none of them has sent
        the list."""
        rows = self.records if units is None else self.of(units)
        return len(rows) if rows or not self._silent(units) else None

    def sums(self, units: Collection[str] | None = None) -> dict[str, Number | Absent | None]:
        """The sums of the columns that are added up, by code; None where no row has a number, `NOT_ASKED`
        where no quarter asked it."""
        rows = self.records if units is None else self.of(units)
        return {
            column.code: NOT_ASKED
            if self._never_asked(column.code)
            else total(record.values.get(column.code) for record in rows)
            for column in self.columns
        }

    def marks(self, units: Collection[str] | None = None, rows: str = "rows") -> dict[str, str]:
        """The sign behind each sum that lacks something, by the column's code; behind how many rows there are
        by the key `rows`. A single quarter's lacks of units without a report are known anyway."""
        short = self._short_of_units(units)
        lacking = [c.code for c in self.columns if short or self.unasked.get(c.code) or self._blank(c, units)]
        return dict.fromkeys([*([rows] if short else []), *lacking], INCOMPLETE)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The codes of the columns whose sums lack something, units without a report too."""
        if any(self.missing.values()):
            return tuple(column.code for column in self.columns)
        return tuple(code for code in self.marks() if code != "rows")

    def lacking_units(self, quarter: Quarter) -> list[str]:
        """The units that were asked for the list in the quarter and whose rows are not there."""
        return [*self.missing.get(quarter, ()), *self.without.get(quarter, ())]

    def notes(self, units: Mapping[str, Unit], *, coverage: bool = True, column: str = "") -> tuple[str, ...]:
        """What stands below the list: which rows these are, who has not reported (with `coverage`), and under
        the sign what the sums lack; of one `column` alone where it is given."""
        return (
            *self._which_rows(),
            *(self._coverage(units) if coverage else ()),
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
        elif words := missing_in_words(self.missing, {unit: units[unit] for unit in asked if unit in units}):
            yield _("Not reported: {missing}.").format(missing=words)
        elif self.quarters:
            yield _("All {count} units have reported in every quarter.").format(count=len(asked))

    def _gaps(self, units: Mapping[str, Unit], columns: Sequence[ListColumn]) -> Iterator[str]:
        if len(self.quarters) > 1 and any(self.missing.values()):
            yield _("{sign}: lacks figures of {quarters}.").format(
                sign=INCOMPLETE,
                quarters="; ".join(
                    "{quarter}: {units}".format(
                        quarter=wording.period_words(quarter, short=True),
                        units=wording.count_words(len(codes), ngettext("unit", "units", len(codes))),
                    )
                    for quarter, codes in self.missing.items()
                    if codes
                ),
            )
        if any(self.without.values()):
            (first, *_others) = self.without.values()
            single = len(self.period.quarters) == 1
            names = names_of(first, units) if single else missing_in_words(self.without, units)
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
        summed = {str(whole_heading(column)) for column in self.columns}
        for (reason, of), named in labels.items():
            text = not_there(reason, of, named, of="list")
            never = len(of) == len(self.quarters)
            yield wording.capitalised(text) if never or summed.isdisjoint(named) else f"{INCOMPLETE}: {text}"

    def _blank_in_words(self, column: ListColumn, units: Mapping[str, Unit]) -> str:
        rows = self._blank(column, None)
        if not rows:
            return ""
        names = some_of([names_of([one], units) for one in dict.fromkeys(row.unit for row in rows)])
        return _("{column}: {count} ({units})").format(
            column=whole_heading(column), count=len(rows), units=names
        )

    def _blank(self, column: ListColumn, units: Collection[str] | None) -> tuple[ListRecord, ...]:
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

    def _short_of_units(self, units: Collection[str] | None) -> bool:
        """Whether rows of some of the units are lacking, in a quarter of several or with a report."""
        gaps = [self.without, *([self.missing] if len(self.quarters) > 1 else [])]
        return any(units is None or unit in units for one in gaps for each in one.values() for unit in each)

    def _silent(self, units: Collection[str] | None) -> bool:
        """Whether, in every quarter that asked any of the units, these have not sent the list."""
        asked = {
            (quarter, unit)
            for quarter, each in self.asked.items()
            for unit in each
            if units is None or unit in units
        }
        absent = {
            (quarter, unit)
            for one in (self.missing, self.without)
            for quarter, each in one.items()
            for unit in each
        }
        return asked <= absent


def list_figures(ledger: Ledger, section: ListSection, calendar: Calendar, period: Period) -> ListFigures:
    """The list in `period`: of several quarters the rows of all of them, or of the last one that has any, as
    the list `counts`."""
    records = ledger.list_rows(period.quarters, section.code)
    quarters = counting_in_list(section, period, {record.period for record in records})
    records = [record for record in records if record.period in quarters]
    asked, missing, without = (dict[Quarter, tuple[str, ...]]() for _each in range(3))
    unasked: dict[str, dict[Quarter, Unasked]] = {}
    for quarter in quarters:
        units = calendar.roster.of_kinds(calendar.day(quarter), section.applies_to)
        asked[quarter] = tuple(unit for unit in calendar.units(quarter) if unit in units)
        came, listed = ledger.counting(quarter), ledger.counting_lists(quarter)
        lost = {unit for unit, code in ledger.lists_lost(quarter) if code == section.code}
        missing[quarter] = tuple(unit for unit in asked[quarter] if unit not in came)
        without[quarter] = tuple(
            unit for unit in asked[quarter] if unit in came and (unit in lost or unit not in listed)
        )
        for (of, column), why in ledger.unasked_columns(quarter).items():
            if of == section.code:
                unasked.setdefault(column, {})[quarter] = why
    return ListFigures(section, period, tuple(quarters), tuple(records), asked, missing, without, unasked)
