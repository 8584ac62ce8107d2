"""What mattered in a period: the largest changes, and a beginning for the committee's own assessment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from reportctl.core import wording
from reportctl.core.language import N_, _, ngettext
from reportctl.figures.figures import Figure, Summary, exact
from reportctl.figures.movements import Movement, Movements, movements
from reportctl.figures.plan_by_unit import planned_codes
from reportctl.form.indicators import KIND_OF
from reportctl.form.model import Form
from reportctl.report.said import Part, Said, Statement

MOVEMENTS, ASSESSMENT = "text:movements", "text:assessment"

_QUARTERS = 4


# What is said where the main figures are all there are, and where there are others.
_INCREASES = (
    N_("Largest increases on {base}: {changes}."),
    N_("Largest increases of the main figures on {base}: {changes}."),
)
_DECREASES = (
    N_("Largest decreases on {base}: {changes}."),
    N_("Largest decreases of the main figures on {base}: {changes}."),
)
_NO_CHANGES = (
    N_("No figure changed much from {base}."),
    N_("None of the main figures changed much from {base}."),
)


def of_movements(summary: Summary, form: Form) -> tuple[Statement, ...]:
    """The main figures that rose most and those that fell most, a statement each; that there was no large
    change; nothing where none can be compared."""
    found = movements(summary, form)
    base = _base(found, summary)
    statements = [
        _changes(one, found, of_main if found.of_some else of_all, base)
        for one, of_all, of_main in (
            (found.rose, *_INCREASES),
            (found.fell, *_DECREASES),
        )
        if one
    ]
    if not statements and found.main:
        of_all, of_main = _NO_CHANGES
        pattern = of_main if found.of_some else of_all
        statements = [Statement(_(pattern).format(base=base))]
    return tuple(statements)


def _base(found: Movements, summary: Summary) -> str:
    """What the other period is called."""
    if found.against == "year_ago":
        return wording.year_ago_words(summary.period)
    return wording.previous_words(summary.period) or ""


def _changes(changes: Sequence[Movement], found: Movements, pattern: str, base: str) -> Statement:
    said = []
    words = []
    for one in changes:
        indicator, over = one.figure.indicator, one.figure.against(found.against)
        kind, measure = KIND_OF[indicator.type], str(indicator.measure)
        estimate = one.figure.estimate
        change = wording.movement(one.value, one.base, kind, measure, one.change, estimate=estimate)
        if over.fewer and over.comparable is not None:
            change += wording.over_units((over.comparable, one.figure.units_asked))
        said.append(Said(wording.tidy(change), (Part(indicator.code, f"change_{found.against}"),)))
        words.append(f"{wording.lowered(str(indicator.name))} {change}")
    return Statement(_(pattern).format(base=base, changes="; ".join(words)), tuple(said))


def of_assessment(summary: Summary, form: Form) -> tuple[Statement, ...]:
    """What the figures come to as a whole, for the office to write its assessment from: how many of all that
    the tables compare rose and fell, the largest of each; which are at their part of the year's plan, and
    which are not."""
    return (*_of_all(summary, form), *_of_plans(summary))


def _of_all(summary: Summary, form: Form) -> Iterator[Statement]:
    found = movements(summary, form)
    if not found.compared:
        return
    count = len(found.compared)
    said = [_count(found.compared, found, ngettext("{n} figure", "{n} figures", count))]
    for figures, pattern in (
        (found.up, _("{n} rose")),
        (found.down, _("{n} fell")),
        (found.same, _("{n} stayed the same")),
    ):
        if figures:
            said.append(_count(figures, found, pattern))
    of, *counts = [one.words for one in said]
    words = _("Of {figures} that can be compared with {base}, {counts}").format(
        figures=of, base=_base(found, summary), counts=", ".join(counts)
    )
    largest_of_each = []
    for changes, pattern in (
        (found.rose, N_("the largest increase was in {what}")),
        (found.fell, N_("the largest decrease was in {what}")),
    ):
        if changes:
            largest = [one for one in changes if one.printed == changes[0].printed]
            parts = tuple(Part(one.figure.indicator.code, f"change_{found.against}") for one in largest)
            size = wording.change_size(largest[0].change, KIND_OF[largest[0].figure.indicator.type])
            names = wording.listed([wording.lowered(str(one.figure.indicator.name)) for one in largest])
            largest_of_each.append(_(pattern).format(what=f"{names} ({size})"))
            said.append(Said(size, parts))
    if largest_of_each:
        of_main = _("of the main figures, {changes}") if found.of_some else "{changes}"
        words += "; " + of_main.format(changes="; ".join(largest_of_each))
    yield Statement(f"{words}.", tuple(said))


def _count(figures: Sequence[Figure], found: Movements, pattern: str) -> Said:
    """How many figures did something, resting on the changes of all of them."""
    words = pattern.format(n=wording.count_words(len(figures), ""))
    return Said(words, tuple(Part(one.indicator.code, f"change_{found.against}") for one in figures))


def _of_plans(summary: Summary) -> Iterator[Statement]:
    """Which figures of the province have done a quarter of the year's plan for each quarter so far."""
    planned = [
        figure
        for figure in map(summary.figures.__getitem__, planned_codes(summary))
        if figure.of_plan is not None and not figure.plan_incomplete
    ]
    if not planned:
        return
    pace = Fraction(summary.period.last.number, _QUARTERS)
    reached = [one for one in planned if exact(one.of_plan or 0) >= pace]
    behind = [one for one in planned if exact(one.of_plan or 0) < pace]
    share = wording.percent(float(pace))
    words = _("Against the year's plan, no figure has reached {share}").format(share=share)
    said: list[Said] = []
    if reached:
        count = f"{wording.count_words(len(reached), '')}/{wording.count_words(len(planned), '')}"
        said.append(Said(count, tuple(Part(one.indicator.code, "of_plan") for one in planned)))
        pattern = _("Against the year's plan, {count} figures have reached {share} or more")
        words = pattern.format(count=count, share=share)
    below = "; " + _("below that:") + " " if reached else ": "
    for figures, before in ((reached, ": "), (behind, below)):
        shares = [wording.percent(one.of_plan or 0) for one in figures]
        names = [wording.lowered(str(one.indicator.name)) for one in figures]
        if figures:
            pairs = zip(names, shares, strict=True)
            words += before + ", ".join(f"{name} ({share})" for name, share in pairs)
        said += [
            Said(share, (Part(one.indicator.code, "of_plan"),))
            for one, share in zip(figures, shares, strict=True)
        ]
    yield Statement(f"{words}.", tuple(said))
