"""What stands below a summary's tables: who is missing, what is compared, what the signs mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reportctl.core import wording
from reportctl.core.language import _, ngettext
from reportctl.core.period import Quarter
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Table
from reportctl.figures.figures import Figure, Number, Summary
from reportctl.form.model import Type
from reportctl.workspace.units import Unit

ESTIMATE = "(*)"
_NAMED_AT_MOST = 10  # units that a note names before it gives only their number

Missing = Mapping[Quarter, Sequence[str]]  # the units of which no report counts, by quarter


def coverage_notes(summary: Summary, units: Mapping[str, Unit], missing: Missing | None) -> tuple[str, ...]:
    """Whether all have reported, or who has not; of a span: in which of its quarters."""
    period, coverage = summary.period, summary.coverage
    expected = len(coverage.expected)
    if not isinstance(period, Quarter):
        by_quarter = missing_in_words({period.last: coverage.missing, **(missing or {})}, units)
        if by_quarter:
            return (_("Not reported: {missing}.").format(missing=by_quarter),)
        return (_("All {count} units have reported in every quarter.").format(count=expected),)
    if not coverage.missing:
        sentence = ngettext("The {count} unit has reported.", "All {count} units have reported.", expected)
        return (sentence.format(count=expected),)
    count, names = len(coverage.missing), names_of(coverage.missing, units)
    sentence = _("Not reported ({count} of {expected} units): {names}.")
    return (sentence.format(count=count, expected=expected, names=names),)


def missing_in_words(missing: Missing, units: Mapping[str, Unit]) -> str:
    """The units that are missing, quarter by quarter; empty where none is."""
    return "; ".join(
        _("{quarter}: {units}").format(
            quarter=wording.period_words(quarter, short=True),
            units=_("all units") if len(codes) > 1 and units.keys() <= set(codes) else names_of(codes, units),
        )
        for quarter, codes in sorted(missing.items())
        if codes
    )


def names_of(codes: Iterable[str], units: Mapping[str, Unit]) -> str:
    """The names of units, in the order of `codes`."""
    return ", ".join(units[code].name if code in units else code for code in codes)


def comparison_notes(
    figures: Sequence[Figure], shown: set[str], units: Mapping[str, Unit], regrouped: Sequence[str]
) -> list[str]:
    """What the changes are worked out over, where that does not go without saying; `shown` are the keys of
    the table's columns."""
    notes: list[str] = []
    if not shown & {"change_year_ago", "change_previous"}:
        return notes
    if any(over_fewer(f, "year_ago") or over_fewer(f, "previous") for f in figures):
        notes.append(_("Changes are worked out over the units that have figures in both periods."))
    if regrouped and "change_year_ago" in shown:
        if len(regrouped) > _NAMED_AT_MOST:
            named = _("{count} of {total} units").format(count=len(regrouped), total=len(units))
        else:
            named = names_of(regrouped, units)
        notes.append(_("Cannot be compared (units were regrouped): {units}.").format(units=named))
    if any(f"change_{against}" in shown for figure in figures for against in figure.of_totals):
        notes.append(_("Where only the province's figures were imported, changes are those of the totals."))
    return notes


def over_fewer(figure: Figure, against: wording.Against) -> bool:
    """Whether a change is over fewer units than the two figures beside it, and so is not theirs."""
    change: float | None = getattr(figure, f"change_{against}")
    base: Number | None = getattr(figure, against)
    if change is None or base is None or figure.value is None:
        return False
    if figure.indicator.type is Type.PERCENT:
        return abs(figure.value - base - change) > 1e-9
    return not base or abs(figure.value / base - 1 - change) > 1e-9


def notes_on_signs(table: Table) -> tuple[str, ...]:
    """What the signs in the table mean, of those that stand in it."""
    cells = [cell for row in table.rows for cell in row.cells]
    titles = [column.title for column in table.columns]
    notes = []
    if any(isinstance(text, str) and text.endswith(ESTIMATE) for text in (*cells, *titles)):
        notes.append(_("{sign}: estimates among the figures.").format(sign=ESTIMATE))
    if None in cells:
        sign = wording.cell_text(None, CellFormat.TEXT)
        notes.append(_("{sign}: no figure, or no comparison.").format(sign=sign))
    if NOT_APPLICABLE in cells:
        sign = wording.cell_text(NOT_APPLICABLE, CellFormat.TEXT)
        notes.append(_("{sign}: does not apply.").format(sign=sign))
    return tuple(notes)
