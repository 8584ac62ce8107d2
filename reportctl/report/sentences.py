"""Figures in the report's running text: inline tags, and the sentences of the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from reportctl.core import wording
from reportctl.core.language import Phrase, _, ngettext
from reportctl.core.period import Period
from reportctl.core.table import CellFormat
from reportctl.figures.figures import Figure, Number, Summary
from reportctl.figures.notes import lacking_quarters, quarters_in_words
from reportctl.figures.tables import figure_cell
from reportctl.form.asked_then import Unasked
from reportctl.form.indicators import KIND_OF, OPENING, Type
from reportctl.form.model import Section
from reportctl.report.openings import opening
from reportctl.report.rankings import SLOTS as OF_UNITS
from reportctl.report.rankings import ranked
from reportctl.report.said import Part, Said, Statement
from reportctl.word.content import Content, Paragraph, Tag
from reportctl.workspace.units import Unit

_NAMELESS: Mapping[str, Unit] = {}


def figure_tags(
    figure: Figure, period: Period, kinds: Mapping[Type, CellFormat] = KIND_OF
) -> dict[str, Content]:
    """The inline tags of one indicator: its figures, which are written as in tables where they are missing or
    do not apply, and its clauses, empty where there is none; `kinds` say how they are written, those of a
    single unit otherwise than those of several. Of what has no plan nothing is missing."""
    code, kind = figure.indicator.code, kinds[figure.indicator.type]
    keys = ("value", "previous", "year_ago", "value_previous", "value_year_ago", "to_date", "plan")
    values = {code if key == "value" else f"{code}.{key}": figure_cell(figure, key) for key in keys}
    return {
        **{tag: wording.running_text(value, kind) for tag, value in values.items()},
        f"{code}.change_year_ago": _change(figure, "year_ago", period),
        f"{code}.change_previous": _change(figure, "previous", period),
        f"{code}.of_plan": _of_plan(figure, period),
        f"{code}.units": str(figure.units_reporting),
    }


def ranking_tags(figure: Figure, summary: Summary, units: Mapping[str, Unit]) -> dict[str, Statement]:
    """The inline tags of one indicator that name units ahead and behind; empty where nothing can be said."""
    return {f"{figure.indicator.code}.{slot}": ranked(slot, figure, summary, units) for slot in OF_UNITS}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the form, filled in, with all figures in it, in their order."""

    text: str
    said: tuple[Said, ...]

    @property
    def figures(self) -> tuple[tuple[str, str, str], ...]:
        """Those of the province: an indicator's code, the figure or phrase of it (one of `form.SLOTS`), the
        words."""
        parts = [(one.parts[0], one.words) for one in self.said if not one.parts[0].units]
        return tuple((part.code, part.key, words) for part, words in parts)


def sentences(
    section: Section, summary: Summary, units: Mapping[str, Unit] = _NAMELESS, *, rank: bool = True
) -> Iterator[Sentence]:
    """The sentences of a section, its own before its indicators'; `units` are those of the period by code,
    and which are ahead and behind is said only to `rank` them.

    An indicator without a figure, or part of a zero, has none; nor is there one that lacks a figure.
    """
    first = opening(section, summary)
    yield from _filled(section.sentence, section.sentence_en, None, summary, units, first, rank)
    for indicator in section.indicators:
        figure, whole = (summary.figures.get(code) for code in (indicator.code, indicator.part_of))
        if figure is None or figure.value is None or (whole is not None and whole.value == 0):
            continue
        vi, en = indicator.sentence, indicator.sentence_en
        if indicator.sentence_zero and not figure.value:
            vi, en = indicator.sentence_zero, indicator.sentence_zero_en
        yield from _filled(vi, en, figure, summary, units, first, rank)


def section_sentences(
    section: Section, summary: Summary, units: Mapping[str, Unit] = _NAMELESS, *, rank: bool = True
) -> tuple[Paragraph, ...]:
    """A section's sentences as one paragraph, which says first which quarters of a span they lack; none
    without figures."""
    texts = [sentence.text for sentence in sentences(section, summary, units, rank=rank)]
    if not texts:
        return ()
    figures = [summary.figures[one.code] for one in section.indicators if one.code in summary.figures]
    several = len(summary.period.quarters) > 1
    if lacking := lacking_quarters(summary, units, figures) if several and units else ():
        sentence = _("Without figures of {quarters}.").format(quarters=quarters_in_words(lacking))
        texts.insert(0, wording.tidy(sentence))
    return (Paragraph(" ".join(texts)),)


def _filled(
    vi: str,
    en: str,
    own: Figure | None,
    summary: Summary,
    units: Mapping[str, Unit],
    first: str,
    rank: bool,
) -> Iterator[Sentence]:
    """The sentence with these words and slots, in the current language; none where there are no words, where
    a figure is missing, or where nothing is to be told but an order of units that there is not. `own` is the
    figure that it is about, whose slots need no code; `first` are the words that it opens with where it asks
    for them."""
    pattern = str(Phrase(vi, en))
    text = ""
    figures: list[Said] = []
    ranks = False
    for literal, name, _spec, _conversion in Formatter().parse(pattern):
        text += literal
        if not name:
            continue
        if name == OPENING:
            text += first
            continue
        slot = Tag.parse(name)
        figure = summary.figures.get(slot.name) if slot.part else own
        if figure is None or figure.value is None:
            return
        key = slot.part or slot.name
        if key in OF_UNITS:
            ranks = True
            if not rank:
                continue
            one = ranked(key, figure, summary, units, of_plan="plan}" in pattern)
            text += f"; {one.text}" if one.text and key != "units_on_plan" else one.text
            figures += one.said
            continue
        words = _slots(figure, summary, pattern, own if slot.part else None)[key]
        text, words = wording.before_the_verb(text, words) if key == "value" else (text, words)
        text += words
        if words := words.removeprefix(", "):
            figures.append(Said(wording.tidy(words), (Part(figure.indicator.code, key),)))
    if ranks and not figures:
        return  # it was about the units' order alone, and there is none to tell
    text = wording.without_debris(text).lstrip(" ,;:")
    if text:
        yield Sentence(wording.capitalised(wording.tidy(text)), tuple(figures))


def _slots(figure: Figure, summary: Summary, pattern: str, beside: Figure | None) -> dict[str, str]:
    """What a sentence can take of one figure; clauses begin with a comma, so that they can be empty.

    A share is not called an estimate where the figure `beside` it, which it is a share of or from, is.
    """
    period, indicator, value = summary.period, figure.indicator, figure.value or 0
    if indicator.type is Type.YES_NO:
        amount = _yes_words(figure, value)
    else:
        if KIND_OF[indicator.type] is CellFormat.PERCENT:
            amount = wording.running_text(value, CellFormat.PERCENT)
        else:
            amount = wording.count_words(value, str(indicator.measure))
        ends = (indicator.numerator, indicator.denominator)
        known = beside is not None and beside.estimate and beside.indicator.code in ends
        amount = wording.estimated(amount) if figure.estimate and not known else amount
    clauses = {
        "change_year_ago": _change(figure, "year_ago", period),
        "change_previous": _change(figure, "previous", period),
        "of_plan": _of_plan(figure, period),
    }
    if period.previous == period.year_ago and "change_year_ago}" in pattern:
        clauses["change_previous"] = ""  # of a year both comparisons are with the same year
    elif "change_year_ago}" in pattern and "change_previous}" in pattern and _unasked_alike(figure):
        clauses["change_year_ago"] = _unasked(figure, ("year_ago", "previous"), period)
        clauses["change_previous"] = ""
    return {
        "value": amount,
        **{slot: f", {text}" if text else "" for slot, text in clauses.items()},
        "units": wording.of_units(figure.asked_reporting, figure.units_asked),
    }


def _unasked_alike(figure: Figure) -> bool:
    """Whether the same keeps the figure from being compared with either period: what was asked then."""
    reasons = [{why for _q, why in figure.against(which).unasked} for which in ("year_ago", "previous")]
    return bool(reasons[0]) and reasons[0] == reasons[1]


def _yes_words(figure: Figure, value: Number) -> str:
    """How many units say yes, of how many that were asked; of a mean, of how many that answered, and where
    that is no number of whole units, a percentage."""
    units = value * figure.units_reporting if figure.indicator.over_units == "mean" else value
    count = round(units)
    if abs(units - count) > 1e-9:
        return wording.running_text(value, CellFormat.PERCENT)
    if figure.indicator.over_units != "mean":
        if count <= figure.units_asked:
            return wording.of_units(count, figure.units_asked)
        return wording.count_words(count, ngettext("unit", "units", count))
    of = figure.units_reporting
    return _("{n} of {units}").format(
        n=wording.count_words(count, ""), units=wording.count_words(of, ngettext("unit", "units", of))
    )


def _change(figure: Figure, against: wording.Against, period: Period) -> str:
    """The change as a clause, with the units that it is over where the figure itself covers more; empty where
    there is none to state."""
    found = figure.against(against)
    if found.unasked and figure.value is not None:
        return _unasked(figure, (against,), period)
    kind = KIND_OF[figure.indicator.type]
    if found.regrouped and figure.value is not None:
        return wording.regrouped(against, period) or ""
    if figure.value is None or found.base is None or found.value is None:
        return ""
    if found.change is None and found.base:
        return ""
    over = (found.comparable or 0, figure.units_asked) if found.fewer else None
    clause = wording.change(
        float(found.value),
        float(found.base),
        kind,
        against,
        period=period,
        comparable=over,
        unrounded=found.change,
    )
    if clause and over and over[0] == over[1]:  # it covers units that ended within the period, too
        clause += wording.over_compared()
    now = (figure.asked_reporting, figure.units_asked)
    if clause and found.over == "all" and any(n < of for n, of in (now, found.reported)):
        clause += wording.over_all(now, found.reported, against, period)
    return clause or ""


def _unasked(figure: Figure, against: Sequence[wording.Against], period: Period) -> str:
    """That the periods `against` which it would be compared did not have the figure, or another one."""
    found = figure.against(against[0]).unasked
    then = period.previous if against[0] == "previous" else period.year_ago
    counted = {quarter for quarter, _why in found}
    partly = then is not None and figure.indicator.over_time != "last" and counted < {*then.quarters}
    otherwise = any(why is Unasked.OTHERWISE for _quarter, why in found)
    return wording.unasked(against, period, otherwise=otherwise, partly=partly)


def _of_plan(figure: Figure, period: Period) -> str:
    if figure.of_plan is None:
        return ""
    return wording.of_plan(figure.of_plan, period=period, planned=(figure.planned, figure.units_asked))
