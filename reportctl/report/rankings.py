"""Units ahead and behind, in the words of a sentence: the slots `top`, `behind` and `units_on_plan`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportctl.core import wording
from reportctl.core.language import N_, _, ngettext
from reportctl.core.table import CellFormat
from reportctl.figures.figures import Figure, Summary
from reportctl.figures.notes import names_of
from reportctl.figures.rankings import DECIMALS, Place, Ranking, on_plan, ranking
from reportctl.form.indicators import KIND_OF
from reportctl.form.tables import TableCell
from reportctl.report.said import Part, Said, Statement
from reportctl.workspace.units import Unit

SLOTS = ("top", "behind", "units_on_plan")

_MOST_NAMED = 5  # units of one place that are named before only their number is given
_NOTHING = Statement("")
# By what units are ranked, where the sentence does not say it; what stands at each end.
_ENDS = {
    ("plan", "top"): N_("highest against the year's plan: {units}"),
    ("plan", "behind"): N_("lowest against the year's plan: {units}"),
    ("value", "top"): N_("highest: {units}"),
    ("value", "behind"): N_("lowest: {units}"),
}


RANKINGS = "text:rankings"
_MOST_FIGURES = 6  # whose units are ranked one after another


def of_rankings(summary: Summary, units: Mapping[str, Unit]) -> tuple[Statement, ...]:
    """Which units are ahead and which behind, a statement for each figure of which that can be said: those
    with a plan first, at most six; none of tables, whose cells say in parts what figures say as a whole."""
    ranks = [
        (figure, found)
        for figure in summary.figures.values()
        if not isinstance(figure.indicator, TableCell)
        and not figure.indicator.part_of
        and (found := ranking(figure, summary)) is not None
        and found.top
    ]
    ranks.sort(key=lambda pair: pair[1].by != "plan")
    return tuple(_all_slots(figure, summary, units) for figure, _found in ranks[:_MOST_FIGURES])


def _all_slots(figure: Figure, summary: Summary, units: Mapping[str, Unit]) -> Statement:
    plan = ranked("units_on_plan", figure, summary, units)
    ends = [ranked(slot, figure, summary, units, of_plan=bool(plan.text)) for slot in ("top", "behind")]
    words = "; ".join(one.text for one in (plan, *ends) if one.text)
    sign = ":" if plan.text else ","
    return Statement(
        f"{figure.indicator.name}{sign} {words}.",
        tuple(figures for one in (plan, *ends) for figures in one.said),
    )


def ranked(
    slot: str, figure: Figure, summary: Summary, units: Mapping[str, Unit], *, of_plan: bool = False
) -> Statement:
    """What the slot says of a figure; empty where its units cannot be ranked, or none stands out.

    `of_plan`: the sentence speaks of the plan anyway.
    """
    if slot == "units_on_plan":
        return _on_plan(figure, summary)
    found = ranking(figure, summary)
    places = () if found is None else found.top if slot == "top" else found.behind
    if found is None or not places:
        return _NOTHING
    said = [_place(place, figure, found, summary, units) for place in places]
    pattern = _ENDS["plan" if found.by == "plan" and not of_plan else "value", slot]
    return Statement(_(pattern).format(units=", ".join(one.words for one in said)), tuple(said))


def _on_plan(figure: Figure, summary: Summary) -> Statement:
    """How many units have done their part of the year's plan, of those that can be judged."""
    found = on_plan(figure, summary)
    if found is None:
        return _NOTHING
    count = wording.of_units(len(found.reached), len(found.judged))
    pattern = _("{units} at {share} or more of the year's plan")
    if not found.reached:
        judged = len(found.judged)
        count = wording.count_words(judged, ngettext("unit", "units", judged))
        pattern = _("none of {units} at {share} or more of the year's plan")
    words = pattern.format(units=count, share=wording.percent(found.pace))
    return Statement(words, (Said(words, (Part(figure.indicator.code, "of_plan", found.judged),)),))


def _place(place: Place, figure: Figure, found: Ranking, summary: Summary, units: Mapping[str, Unit]) -> Said:
    """The units of a place and what each of them has come to: `Xã A (64%)`, `07 đơn vị (0%)`."""
    code, per = figure.indicator.code, figure.indicator.per
    names: Sequence[str] = [names_of([unit], units) for unit in place.units]
    count = len(names)
    amount = _amount(place, figure, found, summary)
    who = ", ".join(names)
    if count > _MOST_NAMED:
        who = wording.count_words(count, ngettext("unit", "units", count))
    if count > 1:
        amount = _("{amount} each").format(amount=amount)
    parts = {
        "plan": (Part(code, "of_plan", place.units),),
        "per": (Part(code, "value", place.units), Part(per, "value", place.units)),
        "value": (Part(code, "value", place.units),),
    }
    return Said(f"{who} ({amount})", parts[found.by])


def _amount(place: Place, figure: Figure, found: Ranking, summary: Summary) -> str:
    """What the units of a place have come to."""
    kind = KIND_OF[figure.indicator.type]
    if found.by == "plan" or kind is CellFormat.PERCENT:
        return wording.percent(place.value)
    measure = str(figure.indicator.measure)
    number = wording.number(place.value, DECIMALS[found.by])
    amount = f"{number}{wording.NBSP}{wording.unbroken(measure)}" if measure else number
    below = summary.figures.get(figure.indicator.per)
    if found.by != "per" or below is None or not str(below.indicator.measure):
        return amount
    return wording.by_each(amount, str(below.indicator.measure))
