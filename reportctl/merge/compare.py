"""What counts in a quarter against earlier quarters, the plan and other units, one function a check.

Only counts, numbers and money that were filled in are compared; shares follow from them. What was compared
is in every finding.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportctl.core import wording
from reportctl.core.findings import Finding, finding
from reportctl.core.language import Phrase
from reportctl.core.likeness import Text, similarity, text_of, twins
from reportctl.core.period import Quarter
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import Form
from reportctl.form.submission import in_words
from reportctl.merge.of_its_kind import NORMAL, FarOff, Number, far_off
from reportctl.workspace.settings import CheckSettings
from reportctl.workspace.units import Unit

_NAMED = 3  # units that a message names

ByUnitAndCode = tuple[str, str]


@dataclass(frozen=True, slots=True)
class UnitAnswers:
    """What counts of `unit`: its figures and its texts by code."""

    unit: str
    numbers: Mapping[str, Number]
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Comparison:
    """What counts in `quarter`, and what it is compared with.

    `history` holds the figures of earlier quarters, newest first, by the unit that they are of today; `texts`
    the quarter before's; `plan` each unit's plan for the whole year.
    """

    form: Form
    limits: CheckSettings
    quarter: Quarter
    units: Mapping[str, Unit]
    answers: Sequence[UnitAnswers]
    history: Mapping[Quarter, Mapping[ByUnitAndCode, Number]]
    texts: Mapping[ByUnitAndCode, str]
    plan: Mapping[ByUnitAndCode, Number] = field(default_factory=dict)

    def earlier(self, unit: str, code: str) -> list[tuple[Quarter, Number]]:
        """The unit's figures of earlier quarters, newest first, where it has them."""
        key = unit, code
        return [(quarter, of[key]) for quarter, of in self.history.items() if key in of]

    def text(self, words: str) -> Text | None:
        """What is compared of an answer in words; None where it is too short."""
        return text_of(words, self.limits.min_words) if words else None

    def amounts(self, *, cumulative: bool) -> list[Indicator]:
        """The indicators that are compared: those that count from the beginning of the year, or others."""
        return [one for one in self.form.compared.values() if one.cumulative is cumulative]


def unusual_figures(case: Comparison) -> Iterator[Finding]:
    """Figures far from the unit's own of the last quarters."""
    codes = {indicator.code: indicator for indicator in case.amounts(cumulative=False)}
    few = max(case.limits.min_quarters, 1)
    for each in case.answers if len(case.history) >= few else ():
        for code, value in each.numbers.items():
            key = each.unit, code
            history = [of[key] for of in case.history.values() if key in of]
            if len(history) < few or min(history) <= value <= max(history) or code not in codes:
                continue
            indicator = codes[code]
            year_ago = case.history.get(case.quarter.year_ago, {}).get(key)
            if is_unusual(value, history, year_ago, case.limits) and not _follows(case, each, indicator):
                yield _about(
                    each,
                    code,
                    "unusual_figure",
                    **_figure(each, indicator),
                    count=len(history),
                    low=in_words(min(history), indicator.type),
                    high=in_words(max(history), indicator.type),
                    median=in_words(statistics.median(history), Type.NUMBER),
                )


def unusual_changes(case: Comparison) -> Iterator[Finding]:
    """Figures very far from the unit's own where there are too few earlier quarters to say what is usual.

    Figures that were imported count as those of a quarter. Nothing says nothing, then or now.
    """
    few = max(case.limits.min_quarters, 1)
    indicators = case.amounts(cumulative=False) if case.history else ()
    for each in case.answers:
        for indicator in indicators:
            value = each.numbers.get(indicator.code) or 0
            earlier = case.earlier(each.unit, indicator.code) if value > 0 else []
            some = [number for _quarter, number in earlier if number > 0]
            if not some or len(earlier) >= few or min(some) <= value <= max(some):
                continue
            median = statistics.median(some)
            if _apart(value, median, case.limits, case.limits.far) and not _follows(case, each, indicator):
                quarter, before = next((quarter, number) for quarter, number in earlier if number > 0)
                about = {"quarter": _quarter(quarter), "before": in_words(before, indicator.type)}
                yield _about(each, indicator.code, "unusual_change", **_figure(each, indicator), **about)


def beyond_plan(case: Comparison) -> Iterator[Finding]:
    """Figures of one quarter that are far more than the unit's plan for the whole year."""
    for each in case.answers if case.plan else ():
        for indicator in case.form.compared.values():
            value, plan = each.numbers.get(indicator.code), case.plan.get((each.unit, indicator.code), 0)
            if value is None or plan <= 0 or value <= plan:
                continue
            if _apart(value, plan, case.limits, case.limits.of_plan):
                words = in_words(plan, indicator.type)
                yield _about(each, indicator.code, "beyond_plan", **_figure(each, indicator), plan=words)


def is_unusual(
    value: Number, history: Sequence[Number], year_ago: Number | None, limits: CheckSettings
) -> bool:
    """Whether `value` is far from the median of `history`, which has what its like never had.

    What comes every year in the same quarter is usual: far from the same quarter of last year, too.
    """
    if min(history) <= value <= max(history):
        return False
    median = statistics.median(history)
    spread = NORMAL * statistics.median(abs(each - median) for each in history)
    far = _apart(value, median, limits) and abs(value - median) > limits.deviations * spread
    return far and (year_ago is None or _apart(value, year_ago, limits))


def _follows(case: Comparison, each: UnitAnswers, indicator: Indicator) -> bool:
    """Whether the figure is as it is because the one it goes by is: few came, as there were few meetings."""
    if not indicator.per:
        return False
    value, divisor = each.numbers.get(indicator.code) or 0, each.numbers.get(indicator.per) or 0
    above, below = (dict(case.earlier(each.unit, code)) for code in (indicator.code, indicator.per))
    ratios = [above[quarter] / below[quarter] for quarter in above if below.get(quarter, 0) > 0]
    if divisor <= 0 or not ratios:
        return value == divisor == 0
    low, high = sorted((value / divisor, statistics.median(ratios)))
    return high <= case.limits.times * low


def _apart(value: Number, other: Number, limits: CheckSettings, times: float | None = None) -> bool:
    """Whether one is more than so many `times` the other, as the limits say where it is not given; to small
    figures something is added first."""
    low, high = sorted((value + limits.small, other + limits.small))
    return high > (times or limits.times) * low


def lower_to_date(case: Comparison) -> Iterator[Finding]:
    """Figures from the beginning of the year that are less than those of an earlier quarter of it."""
    indicators = case.amounts(cumulative=True)
    for each in case.answers:
        for indicator in indicators:
            value = each.numbers.get(indicator.code)
            earlier = case.earlier(each.unit, indicator.code)
            of_year = [(quarter, number) for quarter, number in earlier if quarter.year == case.quarter.year]
            if value is not None and of_year and value < of_year[0][1]:
                quarter, before = _quarter(of_year[0][0]), in_words(of_year[0][1], indicator.type)
                about = {**_figure(each, indicator), "quarter": quarter, "before": before}
                yield _about(each, indicator.code, "lower_to_date", **about)


def repeated_quarters(case: Comparison) -> Iterator[Finding]:
    """Returns whose figures are nearly all those of the quarter before.

    What stands at the end of a quarter often stays as it is, and nothing remains nothing: both are left out.
    """
    before = case.history.get(case.quarter.previous, {})
    codes = [i.code for i in case.amounts(cumulative=False) if i.over_time in ("sum", "mean")]
    for each in case.answers:
        now = {code: each.numbers.get(code) for code in codes if (each.unit, code) in before}
        pairs = [(value, before[each.unit, code]) for code, value in now.items() if value is not None]
        moving = [pair for pair in pairs if any(pair)]
        same = sum(value == earlier for value, earlier in moving)
        if len(moving) >= case.limits.min_figures and same >= case.limits.repeated * len(moving):
            quarter = _quarter(case.quarter.previous)
            yield finding("repeated_quarter", unit=each.unit, same=same, of=len(moving), quarter=quarter)


def unusual_ratios(case: Comparison) -> Iterator[Finding]:
    """Figures that, divided by the one the form names, are far beyond what other units have."""
    for indicator in (one for one in case.form.indicators.values() if one.per):
        ratios: dict[str, float] = {}
        for each in case.answers:
            above, below = each.numbers.get(indicator.code), each.numbers.get(indicator.per)
            if above is not None and below is not None and below > 0:
                ratios[each.unit] = above / below
        inorder = sorted(ratios.values())
        median = statistics.median(inorder) if inorder else 0
        if len(ratios) <= case.limits.min_units or median <= 0:
            continue
        spread = NORMAL * statistics.median(abs(ratio - median) for ratio in inorder)
        limit = median + max((case.limits.times - 1) * median, case.limits.deviations * spread)
        divisor = case.form.indicators[indicator.per]
        for each in (one for one in case.answers if ratios.get(one.unit, limit) > limit):
            ratio = ratios[each.unit]
            yield _about(
                each,
                indicator.code,
                "unusual_ratio",
                **_figure(each, indicator),
                ratio=in_words(ratio, Type.NUMBER),
                per=divisor.name,
                divisor=in_words(each.numbers.get(divisor.code), divisor.type),
                units=len(ratios),
                median=in_words(median, Type.NUMBER),
                high=in_words(inorder[-2] if ratio == inorder[-1] else inorder[-1], Type.NUMBER),
            )


def unusual_of_kind(case: Comparison) -> Iterator[Finding]:
    """Figures that are very far from those of other units of the same kind, and from what a unit of that
    size would have; those whose ratio is unusual are not named twice."""
    titles = {kind.code: kind.name for kind in case.form.kinds}
    found = [(kind, one) for kind, figures in _by_kind(case).items() for one in far_off(figures, case.limits)]
    said = {(one.unit, one.indicator) for one in unusual_ratios(case)} if found else set()
    of_unit = {each.unit: each for each in case.answers}
    for kind, one in found:
        if (one.unit, one.code) not in said:
            indicator = case.form.indicators[one.code]
            about = _figure(of_unit[one.unit], indicator) | _among_others(one, indicator)
            title = titles.get(kind, Phrase(kind))
            yield _about(of_unit[one.unit], one.code, "unusual_of_kind", **about, of_kind=title)


def _by_kind(case: Comparison) -> dict[str, dict[str, dict[str, Number]]]:
    """The amounts that were filled in, by kind of unit, then code and unit."""
    codes = [*case.form.compared]
    by_kind: dict[str, dict[str, dict[str, Number]]] = {}
    for each in case.answers:
        if each.unit in case.units:
            figures = by_kind.setdefault(case.units[each.unit].kind, {code: {} for code in codes})
            for code in codes:
                if code in each.numbers:
                    figures[code][each.unit] = each.numbers[code]
    return by_kind


def _among_others(found: FarOff, indicator: Indicator) -> dict[str, Any]:
    """What the others of its kind have, and what is expected of it, as the message says it."""
    expected = (
        round(found.expected) if found.expected >= 1 or indicator.type is Type.COUNT else found.expected
    )
    return {
        "units": found.units,
        "median": in_words(found.median, Type.NUMBER),
        "low": in_words(found.least, indicator.type),
        "high": in_words(found.most, indicator.type),
        "usual": in_words(expected, indicator.type),
    }


def is_usual_for_it(case: Comparison, one: Finding) -> bool:
    """Whether a figure that is far from those of its kind is near the unit's own of earlier quarters, or
    these are enough to judge it by: some units are not like others, quarter after quarter."""
    earlier = [number for _quarter, number in case.earlier(one.unit or "", one.indicator or "")]
    some = [number for number in earlier if number > 0]
    if len(earlier) >= max(case.limits.min_quarters, 1):
        return True
    values = [each.numbers.get(one.indicator or "") for each in case.answers if each.unit == one.unit]
    return bool(some) and any(
        value is not None and not _apart(value, statistics.median(some), case.limits) for value in values
    )


def repeated_texts(case: Comparison) -> Iterator[Finding]:
    """Texts that are nearly those of the quarter before."""
    for question in case.form.texts:
        for each in case.answers:
            then = case.text(case.texts.get((each.unit, question.code), ""))
            now = case.text(each.texts.get(question.code, "")) if then else None
            if then and now and (share := similarity(now, then)) >= case.limits.alike:
                about = {"share": _share(share), "quarter": _quarter(case.quarter.previous)}
                yield _about(each, question.code, "text_repeated", label=question.name, **about)


def copied_texts(case: Comparison) -> Iterator[Finding]:
    """Texts that are nearly those of other units."""
    for question in case.form.texts:
        texts = {each.unit: case.text(each.texts.get(question.code, "")) for each in case.answers}
        found = twins({unit: text for unit, text in texts.items() if text}, case.limits.alike)
        for each in case.answers:
            if each.unit in found:
                like = found[each.unit]
                units = _named(case, each.unit, like.keys)
                about = {"label": question.name, "share": _share(like.share), "units": units}
                yield _about(each, question.code, "text_copied", **about)


Check = Callable[[Comparison], Iterator[Finding]]
# What is found of a unit depends on its own answers alone, or on those of all units to the same questions.
BY_ITSELF: tuple[Check, ...] = (
    unusual_figures,
    unusual_changes,
    beyond_plan,
    lower_to_date,
    repeated_quarters,
    repeated_texts,
)
WITH_OTHERS: tuple[Check, ...] = (unusual_ratios, unusual_of_kind, copied_texts)


def compare(case: Comparison, checks: Iterable[Check]) -> list[Finding]:
    """Everything that the checks find; what a finding is about is its unit and its indicator."""
    return [found for one in checks for found in one(case)]


def _figure(each: UnitAnswers, indicator: Indicator) -> dict[str, Phrase]:
    """What a message about a figure begins with: its name, and what it is."""
    return {"label": indicator.name, "figure": in_words(each.numbers.get(indicator.code), indicator.type)}


def _about(each: UnitAnswers, code: str, kind: str, **details: Any) -> Finding:
    return finding(kind, unit=each.unit, indicator=code, **details)


def _named(case: Comparison, unit: str, others: tuple[str, ...]) -> Phrase:
    """The first of the `others`, which are in order, by name, and how many more there are."""
    first = [code for code in others[: _NAMED + 1] if code != unit][:_NAMED]
    names = "; ".join(case.units[code].name if code in case.units else code for code in first)
    place = bisect_left(others, unit)
    more = len(others) - (others[place : place + 1] == (unit,)) - len(first)
    return Phrase(f"{names} và {more} đơn vị khác", f"{names} and {more} more") if more else Phrase(names)


def _quarter(quarter: Quarter) -> Phrase:
    return Phrase(*(wording.period_words(quarter, language=language) for language in ("vi", "en")))


def _share(share: float) -> Phrase:
    return Phrase(*(wording.percent(share, 0, language) for language in ("vi", "en")))
