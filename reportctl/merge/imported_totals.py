"""Figures imported for the province alone, beside those of its units: which of them count."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.period import Quarter
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form, applies
from reportctl.form.submission import in_words
from reportctl.ledger.rows import ValueRecord
from reportctl.ledger.writing import Store
from reportctl.merge.assess import Assessor
from reportctl.workspace.units import Unit

_NAMED = 3  # indicators that a message names
_SMALL = 1e-9  # sums of fractions that differ by less are the same
_OVER_UNITS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sum": math.fsum,
    "mean": statistics.fmean,
    "min": min,
    "max": max,
}


@dataclass(frozen=True, slots=True)
class Reports:
    """Who has reported in a quarter: of the `units` by code, those `with_files` that count; `imported` has
    the codes of what was imported for others; `figures` all figures of units, by code."""

    units: Mapping[str, Unit]
    with_files: Collection[str]
    imported: Mapping[str, Collection[str]]
    figures: Mapping[str, Sequence[float]]

    def reported(self, indicator: Indicator) -> int:
        """How many units have reported on the indicator.

        A unit that sent a file has, whatever it left blank; one whose figures were imported has where this
        one was among them, or is not asked for.
        """
        return sum(
            code in self.with_files
            or (
                code in self.imported
                and (indicator.code in self.imported[code] or not applies(indicator, unit.kind))
            )
            for code, unit in self.units.items()
        )

    def replace(self, indicator: Indicator) -> bool:
        """Whether the units' figures count instead of an imported total: all have reported, one has any."""
        everybody = bool(self.units) and self.reported(indicator) == len(self.units)
        return everybody and bool(self.figures.get(indicator.code))


def settle_totals(store: Store, assessors: Mapping[Quarter, Assessor]) -> dict[Quarter, list[Finding]]:
    """Settle in every quarter that is not closed which imported totals of the province stand.

    Returns what is found in the quarters where that is otherwise than it was.
    """
    changed = {}
    for quarter, (_sha256, closed) in store.frozen().items():
        totals = [] if closed else store.reader.imported_totals(quarter)
        if not totals:
            continue
        assessor = assessors[quarter]
        form, reports = assessor.context.form, _reports(store, assessor, totals)
        indicators = form.indicators
        replaced = [one for one in totals if one.code in indicators and reports.replace(indicators[one.code])]
        standing = {one.code for one in totals} - {one.code for one in replaced}
        found = [*_still_standing(form, reports, standing), *_replaced(form, reports, replaced)]
        with store.transaction():
            if store.put_totals(quarter, standing, assessor.graded(found)):
                changed[quarter] = found
    return changed


def _reports(store: Store, assessor: Assessor, totals: Iterable[ValueRecord]) -> Reports:
    quarter = assessor.context.quarter
    figures: dict[str, list[float]] = {}
    for _unit, code, value in store.reader.unit_values(quarter, codes={one.code for one in totals}):
        if isinstance(value, int | float):
            figures.setdefault(code, []).append(value)
    with_files, imported = store.with_files(quarter), store.imported_answers(quarter)
    return Reports(assessor.context.units, with_files, imported, figures)


def _still_standing(form: Form, reports: Reports, standing: Collection[str]) -> Iterator[Finding]:
    """A note where some units have reported on what stands, and not all."""
    counts = {
        indicator: reports.reported(indicator)
        for indicator in form.indicators.values()
        if indicator.code in standing
    }
    some = [one for one, count in counts.items() if 0 < count < len(reports.units)]
    if some:
        count = min(counts[one] for one in some)
        yield finding("imported_total_stands", labels=_names(some), count=count, units=len(reports.units))


def _replaced(form: Form, reports: Reports, replaced: Sequence[ValueRecord]) -> Iterator[Finding]:
    """A note where units' figures count instead of imported totals, a warning for each that was another."""
    if replaced:
        names = _names([form.indicators[one.code] for one in replaced])
        yield finding("imported_total_replaced", labels=names, units=len(reports.units))
    for one in replaced:
        indicator = form.indicators[one.code]
        together = _OVER_UNITS.get(indicator.over_units)
        if together is None or not isinstance(one.value, int | float):
            continue
        figure = together(reports.figures[one.code])
        if not math.isclose(figure, one.value, rel_tol=_SMALL, abs_tol=_SMALL):
            yield finding(
                "imported_total_differs",
                indicator=one.code,
                label=indicator.name,
                figure=in_words(figure, indicator.type),
                before=in_words(one.value, indicator.type),
            )


def _names(indicators: Sequence[Indicator]) -> Phrase:
    """The first of the indicators by name, and how many more there are."""
    vi, en = (
        "; ".join(f"“{one.name.in_language(language)}”" for one in indicators[:_NAMED])
        for language in ("vi", "en")
    )
    more = len(indicators) - _NAMED
    return Phrase(f"{vi} và {more} chỉ tiêu khác", f"{en} and {more} more") if more > 0 else Phrase(vi, en)
