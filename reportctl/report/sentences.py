"""What the report says of figures in running text: inline tags, and the sentences of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from types import SimpleNamespace
from typing import Any

from reportctl.core import wording
from reportctl.core.language import Phrase, _, current_language, ngettext
from reportctl.core.period import Period
from reportctl.core.table import CellFormat, Value
from reportctl.figures.figures import Figure, Summary
from reportctl.form.model import KIND_OF, Indicator, Section, Type
from reportctl.word.content import Content, Paragraph


def figure_tags(figure: Figure, period: Period) -> dict[str, Content]:
    """The inline tags of one indicator: its figures and its clauses, empty where there is none."""
    code, kind = figure.indicator.code, KIND_OF[figure.indicator.type]

    def said(value: Value) -> str:
        return "" if value is None else wording.running_text(value, kind)

    return {
        code: said(figure.value),
        f"{code}.previous": said(figure.previous),
        f"{code}.year_ago": said(figure.year_ago),
        f"{code}.to_date": said(figure.to_date),
        f"{code}.plan": said(figure.plan),
        f"{code}.change_year_ago": _change(figure, "year_ago", period),
        f"{code}.change_previous": _change(figure, "previous", period),
        f"{code}.of_plan": _of_plan(figure, period),
        f"{code}.units": str(figure.units_reporting),
    }


def section_sentences(section: Section, summary: Summary) -> tuple[Paragraph, ...]:
    """A section's sentences as one paragraph, its own before its indicators'; none without figures."""
    said = [text for pattern in _patterns(section, summary) if (text := _filled(pattern, summary))]
    return (Paragraph(" ".join(said)),) if said else ()


def sentence(indicator: Indicator, summary: Summary) -> str:
    """The indicator's sentence with its figures; empty where it has none or a figure in it is missing."""
    return _filled(_pattern(indicator, summary), summary)


def figures_said(section: Section, summary: Summary) -> Iterator[tuple[str, str, str]]:
    """The figures and clauses in the section's sentences as they stand there, in their order: an indicator's
    code, what of it (one of `form.SLOTS`), the words."""
    for pattern in _patterns(section, summary):
        if not _filled(pattern, summary):
            continue
        slots = _all_slots(pattern, summary)
        for _text, name, _spec, _conversion in Formatter().parse(pattern.words):
            if name:
                first, _dot, second = name.partition(".")
                code, slot = (first, second) if second else (pattern.code, first)
                words = vars(slots[code])[slot] if second else slots[slot]
                if words := words.removeprefix(", "):
                    yield code, slot, wording.tidy(words)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with slots, and the indicator whose own figure it is about; a section's is about none."""

    words: str
    code: str = ""


def _patterns(section: Section, summary: Summary) -> Iterator[_Pattern]:
    yield _Pattern(Phrase(section.sentence, section.sentence_en).in_language(current_language()))
    yield from (_pattern(indicator, summary) for indicator in section.indicators)


def _pattern(indicator: Indicator, summary: Summary) -> _Pattern:
    """The sentence for the indicator's figure; empty where it has none, or is part of a zero."""
    figure, whole = (summary.figures.get(code) for code in (indicator.code, indicator.part_of))
    if figure is None or figure.value is None or (whole is not None and whole.value == 0):
        return _Pattern("")
    of_zero = Phrase(indicator.sentence_zero, indicator.sentence_zero_en)
    words = of_zero if of_zero.vi and not figure.value else Phrase(indicator.sentence, indicator.sentence_en)
    return _Pattern(words.in_language(current_language()), indicator.code)


def _filled(pattern: _Pattern, summary: Summary) -> str:
    """The sentence with its figures; empty where one is missing."""
    if not pattern.words:
        return ""
    try:
        return wording.capitalised(wording.tidy(pattern.words.format(**_all_slots(pattern, summary))))
    except KeyError:
        return ""


def _all_slots(pattern: _Pattern, summary: Summary) -> dict[str, Any]:
    """What a sentence can take: figures by code, and the slots of the figure that it is about."""
    own = summary.figures.get(pattern.code)
    slots: dict[str, Any] = {
        code: SimpleNamespace(**_slots(figure, summary, pattern, own))
        for code, figure in summary.figures.items()
        if figure.value is not None
    }
    return slots if own is None else slots | _slots(own, summary, pattern, None)


def _slots(figure: Figure, summary: Summary, pattern: _Pattern, beside: Figure | None) -> dict[str, str]:
    """What a sentence pattern can take of one figure; clauses begin with a comma, so they can be empty."""

    def clause(text: str) -> str:
        return f", {text}" if text else ""

    period = summary.period
    # Of a year both comparisons are with the same year.
    twice = period.previous == period.year_ago and "change_year_ago}" in pattern.words
    return {
        "value": _amount(figure, beside),
        "change_year_ago": clause(_change(figure, "year_ago", period)),
        "change_previous": "" if twice else clause(_change(figure, "previous", period)),
        "of_plan": clause(_of_plan(figure, period)),
        "units": _("{n}/{of} units").format(n=figure.units_reporting, of=len(summary.coverage.expected)),
    }


def _amount(figure: Figure, beside: Figure | None) -> str:
    """A figure with its unit of measure, said to be an estimate where some unit's is; a share is not said to
    be one where the figure `beside` it, which it is a share of or from, is said to be."""
    indicator, value = figure.indicator, figure.value or 0
    if indicator.type is Type.YES_NO:
        units = int(value)
        return wording.count_words(units, ngettext("unit", "units", units))
    if KIND_OF[indicator.type] is CellFormat.PERCENT:
        said = wording.running_text(value, CellFormat.PERCENT)
    else:
        said = wording.count_words(value, str(indicator.measure))
    ends = (indicator.numerator, indicator.denominator)
    known = beside is not None and beside.estimate and beside.indicator.code in ends
    return wording.estimated(said) if figure.estimate and not known else said


def _change(figure: Figure, against: wording.Against, period: Period) -> str:
    """The change as a clause, over the units that can be compared; empty where there is nothing to say."""
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
    clause = wording.change(now, before, kind, against, period=period, comparable=comparable)
    return clause or ""


def _of_plan(figure: Figure, period: Period) -> str:
    return "" if figure.of_plan is None else wording.of_plan(figure.of_plan, period=period)
