"""A ledger that has the rows of one list, and says who reported what in which quarter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportctl.core.period import Quarter, parse_quarter
from reportctl.form.asked_then import Unasked
from reportctl.ledger.rows import ListRecord

Q1 = Quarter(2024, 1)


def row(
    unit: str, number: int, quarter: str = "2024-Q1", nothing: Sequence[str] = (), **values: Any
) -> ListRecord:
    """A row of the list “places” in a unit's file."""
    period = parse_quarter(quarter)
    return ListRecord(
        period,
        unit,
        "places",
        number,
        values,
        f"{unit}.xlsx",
        "Điểm trường",
        f"B{number}",
        frozenset(nothing),
    )


@dataclass
class ListLedger:
    """`counts`: the units of whose reports something counts, by quarter; where it does not say so, those
    that have rows. `lost` are reports without the list, `imported` such figures without a report."""

    rows: Sequence[ListRecord] = ()
    counts: Mapping[str, Collection[str]] = field(default_factory=dict)
    lost: Collection[tuple[str, str]] = ()
    imported: Collection[tuple[str, str]] = ()
    unasked: Mapping[str, Mapping[tuple[str, str], Unasked]] = field(default_factory=dict)

    def list_rows(self, quarters: Sequence[Quarter], code: str) -> list[ListRecord]:
        return [one for one in self.rows if one.period in quarters and one.list_code == code]

    def counting(self, quarter: Quarter) -> set[str]:
        sent = {one.unit for one in self.rows if one.period == quarter}
        return set(self.counts.get(str(quarter), sent))

    def counting_lists(self, quarter: Quarter) -> set[str]:
        return {unit for unit in self.counting(quarter) if (str(quarter), unit) not in self.imported}

    def lists_lost(self, quarter: Quarter) -> set[tuple[str, str]]:
        return {(unit, "places") for of, unit in self.lost if of == str(quarter)}

    def unasked_columns(self, quarter: Quarter) -> Mapping[tuple[str, str], Unasked]:
        return self.unasked.get(str(quarter), {})

    def long_rows(self, _quarters: Any, _only: Any = None) -> Iterator[Any]:
        return iter(())
