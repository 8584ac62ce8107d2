"""Figures in the report's running text: inline tags, and the sentences of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from types import SimpleNamespace
from typing import Any

from reportctl.core import wording
from reportctl.core.language import Phrase, _, ngettext
from reportctl.core.period import Period
from reportctl.core.table import CellFormat, Value
from reportctl.figures.figures import Figure, Summary
from reportctl.form.model import KIND_OF, Section, Type
from reportctl.word.content import Content, Paragraph, Tag


def figure_tags(figure: Figure, period: Period) -> dict[str, Content]:
    """The inline tags of one indicator: its figures and its clauses, empty where there is none."""
    code, kind = figure.indicator.code, KIND_OF[figure.indicator.type]
    values: dict[str, Value] = {
        code: figure.value,
        f"{code}.previous": figure.previous,
        f"{code}.year_ago": figure.year_ago,
        f"{code}.to_date": figure.to_date,
        f"{code}.plan": figure.plan,
    }
    return {
        **{tag: "" if value is None else wording.running_text(value, kind) for tag, value in values.items()},
        f"{code}.change_year_ago": _change(figure, "year_ago", period),
        f"{code}.change_previous": _change(figure, "previous", period),
        f"{code}.of_plan": _of_plan(figure, period),
        f"{code}.units": str(figure.units_reporting),
    }


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the form, filled in. `figures` are those in it, in their order: an indicator's code, the
    figure or phrase of it (one of `form.SLOTS`), the words."""

    text: str
    figures: tuple[tuple[str, str, str], ...]


def sentences(section: Section, summary: Summary) -> Iterator[Sentence]:
    """The sentences of a section, its own before its indicators'.

    An indicator without a figure, or part of a zero, has none; nor is there one that lacks a figure.
    """
    yield from _filled(section.sentence, section.sentence_en, None, summary)
    for indicator in section.indicators:
        figure, whole = (summary.figures.get(code) for code in (indicator.code, indicator.part_of))
        if figure is None or figure.value is None or (whole is not None and whole.value == 0):
            continue
        if indicator.sentence_zero and not figure.value:
            yield from _filled(indicator.sentence_zero, indicator.sentence_zero_en, figure, summary)
        else:
            yield from _filled(indicator.sentence, indicator.sentence_en, figure, summary)


def section_sentences(section: Section, summary: Summary) -> tuple[Paragraph, ...]:
    """A section's sentences as one paragraph; none without figures."""
    texts = [sentence.text for sentence in sentences(section, summary)]
    return (Paragraph(" ".join(texts)),) if texts else ()


def _filled(vi: str, en: str, own: Figure | None, summary: Summary) -> Iterator[Sentence]:
    """The sentence with these words and slots, in the current language; none where there are no words or a
    figure is missing. `own` is the figure that it is about, whose slots need no code."""
    pattern = str(Phrase(vi, en))
    slots: dict[str, Any] = {
        code: SimpleNamespace(**_slots(figure, summary, pattern, own))
        for code, figure in summary.figures.items()
        if figure.value is not None
    }
    if own is not None:
        slots |= _slots(own, summary, pattern, None)
    try:
        text = wording.capitalised(wording.tidy(pattern.format(**slots)))
    except KeyError:
        return
    if not text:
        return
    figures = []
    for _text, name, _spec, _conversion in Formatter().parse(pattern):
        if name:
            slot = Tag.parse(name)
            if slot.part:
                code, key, words = slot.name, slot.part, vars(slots[slot.name])[slot.part]
            else:
                code, key, words = own.indicator.code if own else "", slot.name, slots[slot.name]
            if words := words.removeprefix(", "):
                figures.append((code, key, wording.tidy(words)))
    yield Sentence(text, tuple(figures))


def _slots(figure: Figure, summary: Summary, pattern: str, beside: Figure | None) -> dict[str, str]:
    """What a sentence can take of one figure; clauses begin with a comma, so that they can be empty.

    A share is not called an estimate where the figure `beside` it, which it is a share of or from, is.
    """
    period, indicator, value = summary.period, figure.indicator, figure.value or 0
    if indicator.type is Type.YES_NO:
        units = int(value)
        amount = wording.count_words(units, ngettext("unit", "units", units))
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
    return {
        "value": amount,
        **{slot: f", {text}" if text else "" for slot, text in clauses.items()},
        "units": _("{n}/{of} units").format(n=figure.units_reporting, of=len(summary.coverage.expected)),
    }


def _change(figure: Figure, against: wording.Against, period: Period) -> str:
    """The change as a clause, over the units that can be compared; empty where there is none to state."""
    if against == "year_ago":
        base, change, units = figure.year_ago, figure.change_year_ago, figure.comparable_year_ago
    else:
        base, change, units = figure.previous, figure.change_previous, figure.comparable_previous
    if figure.value is None or base is None:
        return ""
    kind = KIND_OF[figure.indicator.type]
    of_totals = against in figure.of_totals
    if change is None:
        before, now = 0.0, float(figure.value)
        if base or not (units or of_totals):
            return ""
    else:
        # The totals of both periods may be of different units; the fraction never is.
        before = base if kind is CellFormat.PERCENT else 1
        now = before + change
    comparable = None if of_totals else (units, figure.units_reporting)
    return wording.change(now, before, kind, against, period=period, comparable=comparable) or ""


def _of_plan(figure: Figure, period: Period) -> str:
    return "" if figure.of_plan is None else wording.of_plan(figure.of_plan, period=period)
