"""What stands below a summary's tables: who is missing, what is compared, what the signs mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from reportctl.core import wording
from reportctl.core.language import N_, _, ngettext
from reportctl.core.period import Period, Quarter
from reportctl.core.table import NOT_APPLICABLE, NOT_ASKED, CellFormat, Role, Table, Value
from reportctl.figures.figures import Apart, Comparison, Figure, Summary, exact
from reportctl.form.asked_then import Unasked
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form
from reportctl.form.tables import TableCell
from reportctl.workspace.units import Unit

ESTIMATE = "(*)"
INCOMPLETE = "(**)"
APART = "(***)"
_NAMED_AT_MOST = 10  # units that a note names before it gives only their number


def coverage_notes(summary: Summary, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """Whether all have reported, or who has not; of a span: in which of its quarters."""
    period, coverage = summary.period, summary.coverage
    expected = len(coverage.expected)
    if not isinstance(period, Quarter):
        by_quarter = missing_in_words(coverage.by_quarter, units)
        if by_quarter:
            return (_("Not reported: {missing}.").format(missing=by_quarter),)
        return (_("All {count} units have reported in every quarter.").format(count=expected),)
    return (not_reported(coverage.missing, expected, units),)


def not_reported(missing: Sequence[str], expected: int, units: Mapping[str, Unit]) -> str:
    """Which of the `expected` units have not reported in a quarter, or that all have."""
    if not missing:
        sentence = ngettext("The {count} unit has reported.", "All {count} units have reported.", expected)
        return sentence.format(count=expected)
    count, names = len(missing), names_of(missing, units)
    sentence = _("Not reported ({count} of {expected} units): {names}.")
    return sentence.format(count=count, expected=expected, names=names)


def missing_in_words(missing: Mapping[Quarter, Sequence[str]], units: Mapping[str, Unit]) -> str:
    """The units that are missing, quarter by quarter; empty where none is."""
    return "; ".join(
        _("{quarter}: {units}").format(
            quarter=wording.period_words(quarter, short=True),
            units=_("all units") if len(codes) > 1 and units.keys() <= set(codes) else names_of(codes, units),
        )
        for quarter, codes in sorted(missing.items())
        if codes
    )


def lacking_quarters(
    summary: Summary, units: Mapping[str, Unit], figures: Iterable[Figure]
) -> tuple[Quarter, ...]:
    """The quarters of the period from which no unit has reported and which some of the `figures` lack, where
    there are figures of others."""
    missing = summary.coverage.by_quarter
    there = [figure for figure in figures if figure.value is not None]
    return tuple(
        quarter
        for quarter in summary.period.quarters
        if missing.get(quarter)
        and units.keys() <= {*missing[quarter]}
        and any(quarter == lacked for figure in there for lacked, _count in figure.gaps)
    )


def quarters_in_words(quarters: Sequence[Quarter]) -> str:
    """The quarters within a sentence: “quý I, quý II năm 2024”."""
    return ", ".join(
        wording.period_words(quarter) if quarter == quarters[-1] else wording.period_words_alone(quarter)
        for quarter in quarters
    )


def names_of(codes: Iterable[str], units: Mapping[str, Unit]) -> str:
    """The names of units, in the order of `codes`."""
    return ", ".join(units[code].name if code in units else code for code in codes)


def comparison_notes(
    figures: Sequence[Figure],
    period: Period,
    units: Mapping[str, Unit],
    regrouped: Sequence[str],
    *,
    changes: bool = True,
) -> list[str]:
    """What a table's comparisons are over, where that does not go without saying, and what cannot be compared
    because units were regrouped. `figures` are the table's; `regrouped` units of the last day are named where
    no figure compares them. `changes`: whether the table has columns of changes."""
    notes: list[str] = []
    words = {"year_ago": wording.year_ago_words(period), "previous": wording.previous_words(period) or ""}
    compared = {
        which: [f.against(which) for f in figures if f.against(which).base is not None] for which in words
    }
    if period.previous == period.year_ago:
        del words["previous"]
    over_totals = any(one.over == "totals" for each in compared.values() for one in each)
    shares = [
        (one.comparable or 0, figure.units_asked)
        for figure in figures
        for one in (figure.against_year_ago, figure.against_previous)
        if one.base is not None and one.over == "groups" and figure.units_asked
    ]
    if any(over_fewer(f, which) for f in figures for which in ("year_ago", "previous")):
        bases = ", ".join(words[which] for which in words if compared[which])
        sentence = _("{bases}: of the units that can be compared.")
        if any(n < of for n, of in shares):
            sentence = _("{bases}: of the units that can be compared ({count}).")
        notes.append(wording.capitalised(sentence.format(bases=bases, count=_from_to(shares))))
    for which, base in words.items():
        beside = [(f, f.against(which)) for f in figures if f.against(which).over == "all"]
        if beside:
            now = _from_to([(f.asked_reporting, f.units_asked) for f, _one in beside if f.units_asked])
            then = _from_to([one.reported for _f, one in beside if one.reported[1]])
            text = _("{base}: of all units that reported then ({then}; in this period {now}).")
            notes.append(wording.capitalised(text.format(base=base, then=then, now=now)))
    for which, base in words.items():
        apart = [f for f in figures if f.against(which).regrouped]
        if apart:
            text = _("Compared with {base}: cannot be compared (units were regrouped)").format(base=base)
            everything = all(f.against(which).base is None for f in figures)
            named = "." if everything else f": {some_of([str(f.indicator.name) for f in apart])}."
            notes.append(text + named)
    notes += _unasked_bases(figures, words, period)
    members = {unit for one in compared["year_ago"] for unit in one.units}
    named_units = [unit for unit in regrouped if unit not in members] if compared["year_ago"] else []
    over_groups = all(one.over == "groups" for each in compared.values() for one in each)
    if named_units and over_groups:
        if len(named_units) > _NAMED_AT_MOST:
            names = _("{count} of {total} units").format(count=len(named_units), total=len(units))
        else:
            names = names_of(named_units, units)
        notes.append(_("Cannot be compared (units were regrouped): {units}.").format(units=names))
    partly = [f for f in figures if f.plan is not None and f.done_of_plan not in (None, f.to_date)]
    if partly:
        names = some_of([str(figure.indicator.name) for figure in partly])
        sentence = _("{column}: of what the units with a plan that counts have done: {labels}.")
        notes.append(sentence.format(column=_("Of plan"), labels=names))
    apart = [f for f in figures if any(_before_rounding(f.indicator, f.against(w)) for w in words)]
    if changes and apart:
        names = some_of([str(figure.indicator.name) for figure in apart])
        notes.append(
            _("Changes worked out from figures before they are rounded: {labels}.").format(labels=names)
        )
    if over_totals:
        notes.append(_("Where only the province's figures were imported, changes are those of the totals."))
    return notes


_NO_BASE = {
    Unasked.NEW: N_("{base}: the form did not have this yet, so that nothing is compared: {labels}."),
    Unasked.OTHERWISE: N_("{base}: asked otherwise (unit of measure, type), so not compared: {labels}."),
}
_NOT_THERE = {
    Unasked.NEW: N_("{quarters}: the form did not have this yet: {labels}."),
    Unasked.OTHERWISE: N_("{quarters}: asked otherwise (unit of measure, type), so not added: {labels}."),
}
_COLUMNS_NOT_THERE = {
    Unasked.NEW: N_("{quarters}: the form did not have this column yet: {labels}."),
    Unasked.OTHERWISE: N_("{quarters}: column asked otherwise (unit, type), so not added: {labels}."),
}


def _unasked_bases(figures: Sequence[Figure], words: Mapping[str, str], period: Period) -> Iterator[str]:
    """What has no base because the other period's form did not ask it, or asked it as something else; said
    once for all bases of which the same is to be said."""
    others = {"previous": period.previous, "year_ago": period.year_ago}
    said: dict[tuple[Unasked, tuple[str, ...]], list[str]] = {}
    for which, base in words.items():
        for reason in Unasked:
            lacking = [f for f in figures if reason in dict(f.against(which).unasked).values()]
            quarters = {q for f in lacking for q, why in f.against(which).unasked if why is reason}
            then = others[which]
            some = then is not None and quarters < {*then.quarters}
            if lacking:
                words_of = f"{base} ({_in_words(quarters)})" if some else base
                said.setdefault((reason, labels_of(lacking, figures)), []).append(words_of)
    for (reason, labels), bases in said.items():
        text = _(_NO_BASE[reason]).format(base=", ".join(bases), labels=some_of(labels))
        yield wording.capitalised(text)


def _in_words(quarters: Iterable[Quarter]) -> str:
    return ", ".join(wording.period_words(quarter, short=True) for quarter in sorted(quarters))


def labels_of(lacking: Sequence[Figure], figures: Sequence[Figure]) -> tuple[str, ...]:
    """What figures are called of which something is `lacking` among `figures`; cells of a table by their row,
    or their column, where all of it are meant."""
    if len(lacking) == len(figures) > 1:
        return (_("everything in this table"),)
    cells = [cell for one in figures if isinstance(cell := one.indicator, TableCell)]
    gone = {one.indicator.code for one in lacking}
    there = [cell for cell in cells if cell.code not in gone]
    rows, columns = {(c.table, c.row) for c in there}, {(c.table, c.column) for c in there}
    labels = []
    for one in (figure.indicator for figure in lacking):
        label = one.name
        if isinstance(one, TableCell) and (one.table, one.row) not in rows:
            label = one.row_name
        elif isinstance(one, TableCell) and (one.table, one.column) not in columns:
            label = one.column_name
        labels.append(str(label))
    return tuple(dict.fromkeys(labels))


def _before_rounding(indicator: Indicator, found: Comparison) -> bool:
    """Whether the change that is printed is another than the two printed figures make."""
    if found.base is None or found.value is None or found.change is None:
        return False
    if indicator.type is Type.PERCENT:
        value, base, change = (wording.rounded(number * 100, 1) for number in _decimals(found))
        return value - base != change
    value, base = (wording.rounded(number, wording.decimals_of(number)) for number in _decimals(found)[:2])
    printed = wording.rounded(_decimals(found)[2] * 100, 1)
    return not base or wording.rounded((value / base - 1) * 100, 1) != printed


def _decimals(found: Comparison) -> tuple[Decimal, Decimal, Decimal]:
    """The value, the base and the change as the decimals that are printed from."""
    value, base, change = (wording.exact(number or 0) for number in (found.value, found.base, found.change))
    return value, base, change


def over_fewer(figure: Figure, which: str) -> bool:
    """Whether the comparison with "year_ago" or "previous" is over fewer units than were asked, or than the
    figure itself: units that ended within a span are not asked on its last day."""
    found = figure.against(which)
    fewer = (found.comparable or 0) < figure.units_asked or found.fewer
    return found.base is not None and found.over == "groups" and fewer


def some_of(names: Sequence[str]) -> str:
    """These names, or the first of them."""
    shown = "; ".join(names[:_NAMED_AT_MOST])
    return f"{shown}; …" if len(names) > _NAMED_AT_MOST else shown


def _from_to(shares: Sequence[tuple[int, int]]) -> str:
    """Over how many units of how many, or from how many to how many."""
    if not shares:
        return _("no unit")
    least, most = (pick(shares, key=lambda share: (share[0] / share[1], share)) for pick in (min, max))
    if least == most:
        return _("{n}/{of} units").format(n=least[0], of=least[1])
    return _("from {least} to {most} units").format(
        least=f"{least[0]}/{least[1]}", most=f"{most[0]}/{most[1]}"
    )


def notes_on_gaps(figures: Sequence[Figure], period: Period, shown: AbstractSet[str]) -> list[str]:
    """Which quarters the year to date lacks, and of how many units, under the sign that marks it; `shown` are
    the keys of the table's columns. What they were not asked, or asked as something else, stands below."""
    of_year = bool(shown & {"to_date", "of_plan"})
    return [*_lacking_units(figures, period, of_year=of_year), *_unasked(figures, period, of_year=of_year)]


def notes_on_parts(figures: Sequence[Figure], shown: AbstractSet[str] = frozenset()) -> list[str]:
    """The figures of the period, and in the columns `shown`, whose parts do not make them, and by how much:
    under their sign those that were made of other parts in a quarter, without one those of which units' own
    figures do not add up."""
    found: dict[tuple[str, bool], list[tuple[Figure, Apart]]] = {}
    for figure in figures:
        for one in figure.apart:
            if one.of in {"value", *shown}:
                why = _why_apart(one)
                why = wording.capitalised(why) if one.given_by else f"{APART}: {why}"
                found.setdefault((why, one.amount > 0), []).append((figure, one))
    texts = (
        _("{why}; more than the parts printed here make, by: {amounts}."),
        _("{why}; less than the parts printed here make, by: {amounts}."),
    )
    return [
        texts[not more].format(why=why, amounts=some_of(_amounts(of))) for (why, more), of in found.items()
    ]


def _amounts(apart: Sequence[tuple[Figure, Apart]]) -> list[str]:
    """By how much figures differ from their parts, each figure by its name among these: of a row of which one
    cell does, by that of the row."""
    named: dict[str, set[str]] = {}
    for figure, one in apart:
        named.setdefault(str(one.called), set()).add(figure.indicator.code)
    texts = (
        f"{one.called if len(named[str(one.called)]) == 1 else figure.indicator.name} "
        f"{wording.number(abs(one.amount))}"
        for figure, one in apart
    )
    return list(dict.fromkeys(texts))


def _why_apart(one: Apart) -> str:
    """Which other parts the quarter's form had, or whose figures do not add up."""
    quarter = wording.period_words(one.quarter, short=True)
    if one.given_by:
        text = _("in {quarter} the figures of {units} do not add up")
        return text.format(quarter=quarter, units=some_of(one.given_by))
    dropped, added = ("; ".join(map(str, names)) for names in (one.dropped, one.added))
    if dropped and added:
        text = _("figures of {quarter} also count {dropped}, and not {added}")
    elif dropped:
        text = _("figures of {quarter} also count {dropped}")
    elif added:
        text = _("figures of {quarter} do not count {added}")
    else:
        text = _("in {quarter} they were not made of these parts")
    return text.format(quarter=quarter, dropped=dropped, added=added)


def _unasked(figures: Sequence[Figure], period: Period, *, of_year: bool) -> Iterator[str]:
    """What quarters of the period, or of the year, were not asked, or asked as something else: under the sign
    where a figure lacks them, without it where there is none."""
    found: dict[tuple[bool, Unasked, tuple[Quarter, ...]], list[Figure]] = {}
    for figure in figures:
        signed = figure.value is not None
        # Without a figure of its own it has none because of them, or for another reason.
        whole = figure.indicator.cumulative or figure.absent is NOT_ASKED
        for reason in Unasked:
            quarters = tuple(
                quarter
                for quarter, why in figure.unasked
                if why is reason and (quarter in period.quarters or (of_year if signed else whole))
            )
            if quarters:
                found.setdefault((not signed, reason, quarters), []).append(figure)
    for (plain, reason, quarters), lacking in sorted(found.items()):
        labels = labels_of(lacking, figures)
        text = not_there(reason, quarters, labels)
        yield wording.capitalised(text) if plain else f"{INCOMPLETE}: {text}"


def not_there(reason: Unasked, quarters: Iterable[Quarter], labels: Sequence[str], *, of: str = "") -> str:
    """That the forms of these quarters did not ask what has the `labels`, or otherwise; `of` a "list": that
    these are columns of one."""
    words = _COLUMNS_NOT_THERE if of == "list" else _NOT_THERE
    return _(words[reason]).format(quarters=_in_words(quarters), labels=some_of(labels))


def _lacking_units(figures: Sequence[Figure], period: Period, *, of_year: bool) -> list[str]:
    counts: dict[Quarter, list[int]] = {}
    for figure in figures:
        for quarter, count in figure.gaps if figure.to_date is not None else ():
            if of_year or quarter in period.quarters:
                counts.setdefault(quarter, []).append(count)
    if not counts:
        return []
    words = []
    for quarter, numbers in sorted(counts.items()):
        least, most = min(numbers), max(numbers)
        text = wording.count_words(most, ngettext("unit", "units", most))
        if least < most:
            text = _("from {least} to {most} units").format(least=least, most=most)
        words.append(f"{wording.period_words(quarter, short=True)}: {text}")
    return [_("{sign}: lacks figures of {quarters}.").format(sign=INCOMPLETE, quarters="; ".join(words))]


def notes_on_moves(summary: Summary, units: Mapping[str, Unit], form: Form) -> list[str]:
    """Which units were of another kind earlier in the period, where tables go by kind."""
    if not summary.moved:
        return []
    kinds = {kind.code: str(kind.name) for kind in form.kinds}
    if len(summary.moved) > _NAMED_AT_MOST:
        names = _("{count} of {total} units").format(count=len(summary.moved), total=len(units))
    else:
        names = ", ".join(
            f"{names_of([code], units)} ({kinds.get(units[code].kind, units[code].kind)})"
            for code in summary.moved
        )
    return [_("By the kind of unit that they were on the last day: {units}.").format(units=names)]


def _is_number(cell: Value) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def notes_on_rounding(table: Table, added: Iterable[Value] = ()) -> tuple[str, ...]:
    """That parts may not make the printed total, where they are rounded: numbers of a column whose total
    stands below them, or those `added` of the table that make others in it."""
    parts = [value for values in _summed(table) for value in values]
    if not any(isinstance(one, int | float) and wording.is_rounded(one) for one in (*parts, *added)):
        return ()
    return (_("Figures are rounded, so that parts may differ from their total in the last digit."),)


def _summed(table: Table) -> Iterator[list[int | float]]:
    """The numbers of each column of amounts that make the total in the last row."""
    if not table.rows or table.rows[-1].role is not Role.TOTAL:
        return
    *rows, last = table.rows
    for n, whole in enumerate(last.cells):
        cells = [row.cells[n] for row in rows if row.role is Role.PLAIN]
        parts = [cell for cell in cells if isinstance(cell, int | float)]
        in_percent = table.kind_of(last, n) in (CellFormat.PERCENT, CellFormat.CHANGE, CellFormat.TEXT)
        if in_percent or not parts or not isinstance(whole, int | float):
            continue
        if sum(map(exact, parts)) == exact(whole):
            yield parts


def notes_on_signs(table: Table) -> tuple[str, ...]:
    """What the signs in the table mean, of those that stand in it."""
    cells = [cell for row in table.rows for cell in row.cells]
    titles = [column.title for column in table.columns]
    notes = []
    behind = {sign for row in table.rows for mark in row.marks.values() for sign in mark.split(" ")}
    if ESTIMATE in behind or any(isinstance(t, str) and t.endswith(ESTIMATE) for t in (*cells, *titles)):
        notes.append(_("{sign}: estimates among the figures.").format(sign=ESTIMATE))
    shown = (
        table.mark_of(row, n) for row in table.rows for n, cell in enumerate(row.cells) if _is_number(cell)
    )
    if any("/" in mark for mark in shown):
        notes.append(_("(n/N): of n units, out of N that reported or were asked."))
    if None in cells:
        sign = wording.cell_text(None, CellFormat.TEXT)
        notes.append(_("{sign}: no figure, or no comparison.").format(sign=sign))
    if NOT_ASKED in cells:
        notes.append(_("{sign}: not asked.").format(sign=wording.cell_text(NOT_ASKED, CellFormat.TEXT)))
    if NOT_APPLICABLE in cells:
        sign = wording.cell_text(NOT_APPLICABLE, CellFormat.TEXT)
        notes.append(_("{sign}: does not apply.").format(sign=sign))
    return tuple(notes)
