"""What the report says of figures in running text: inline tags, and the sentences of the form."""

from __future__ import annotations

from types import SimpleNamespace

from reportctl import wording
from reportctl.content import Content, Paragraph
from reportctl.figures import KIND_OF, Figure, Summary
from reportctl.form import Indicator, Section, Type
from reportctl.language import Phrase, _, current, ngettext
from reportctl.period import Period
from reportctl.table import Kind, Value


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
    own = _filled(Phrase(section.sentence, section.sentence_en), summary)
    said = [own, *(sentence(indicator, summary) for indicator in section.indicators)]
    return (Paragraph(" ".join(filter(None, said))),) if any(said) else ()


def sentence(indicator: Indicator, summary: Summary) -> str:
    """The indicator's sentence with its figures; empty where it has none or a figure in it is missing."""
    figure = summary.figures.get(indicator.code)
    if figure is None or figure.value is None:
        return ""
    whole = summary.figures.get(indicator.part_of)
    if whole is not None and whole.value == 0:  # there is nothing that could be divided
        return ""
    of_zero = Phrase(indicator.sentence_zero, indicator.sentence_zero_en)
    if not figure.value and str(of_zero):
        return _filled(of_zero, summary, figure)
    return _filled(Phrase(indicator.sentence, indicator.sentence_en), summary, figure)


def _filled(words: Phrase, summary: Summary, own: Figure | None = None) -> str:
    """A sentence pattern with its figures, `own` being that of the indicator which it belongs to."""
    pattern = words.in_language(current())
    slots: dict[str, object] = {
        code: SimpleNamespace(**_slots(figure, summary, pattern, own))
        for code, figure in summary.figures.items()
        if figure.value is not None
    }
    if own is not None:
        slots |= _slots(own, summary, pattern)
    try:
        return wording.capitalised(wording.tidy(pattern.format(**slots)))
    except KeyError:
        return ""


def _slots(figure: Figure, summary: Summary, pattern: str, beside: Figure | None = None) -> dict[str, str]:
    """What a sentence pattern can take of one figure; clauses begin with a comma, so they can be empty."""

    def clause(text: str) -> str:
        return f", {text}" if text else ""

    period = summary.period
    # Of a year both comparisons are with the same year.
    twice = period.previous == period.year_ago and "change_year_ago}" in pattern
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
    if KIND_OF[indicator.type] is Kind.PERCENT:
        said = wording.running_text(value, Kind.PERCENT)
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
        before = base if kind is Kind.PERCENT else 1
        now = before + change
    comparable = None if of_totals else (units, figure.units_reporting)
    clause = wording.change(now, before, kind, against, period=period, comparable=comparable)
    return clause or ""


def _of_plan(figure: Figure, period: Period) -> str:
    return "" if figure.of_plan is None else wording.of_plan(figure.of_plan, period=period)
