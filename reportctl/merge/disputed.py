"""Earlier figures that a unit disputes: what it typed in the cells that the program fills in, beside what the
ledger and the plan have now. Where these have nothing, what it typed is in no total, and that is said.

A workbook that went out before a correction shows the figure of then: what is as it was sent is no dispute.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from reportctl.core import wording
from reportctl.core.finding_kinds import DISPUTED
from reportctl.core.findings import Finding, together
from reportctl.core.language import Phrase
from reportctl.core.letters import folded
from reportctl.form.hidden_sheet import read_earlier
from reportctl.form.indicators import ANSWER_KIND_OF, Indicator, Type
from reportctl.form.layout import NOT_APPLICABLE
from reportctl.form.model import Form
from reportctl.form.submission import decimals_together, in_words
from reportctl.intake.job import Context
from reportctl.ledger.ledger import Ledger
from reportctl.outgoing.beside import Beside, Figure, Known, Targets, of_columns
from reportctl.outgoing.previous import Gap, of_quarter
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Unit
from reportctl.workspace.units_by_period import Calendar

_MANY = 64  # units whose earlier quarters are held in memory at once
_EXACT = 1e-9  # of a figure: what saving a workbook may change in it


def disputed_in_ledger(ledger: Ledger, context: Context, settings: Settings, plan: Targets) -> list[Finding]:
    """The findings, not graded yet, of all files that count in the context's quarter."""
    return disputed(ledger, context, settings, plan, ledger.not_said(context.quarter, DISPUTED))


def disputed(
    ledger: Ledger, context: Context, settings: Settings, plan: Targets, typed: Iterable[Finding]
) -> list[Finding]:
    """Warnings, with both figures, for those of the cells `typed` in which another figure stands than is
    known of the unit; where none is known, that it is not taken. Many of one column are one finding."""
    by_unit: dict[str, list[Finding]] = {}
    for one in typed:
        if (one.unit or "") in context.units and one.indicator in context.form.indicators:
            by_unit.setdefault(one.unit or "", []).append(one)
    calendar, then = (
        Calendar(context.roster, settings.data_window),
        ledger.under(context.form, context.archive),
    )
    found: list[Finding] = []
    codes = sorted(by_unit)
    for some in (codes[start : start + _MANY] for start in range(0, len(codes), _MANY)):
        units = [context.units[code] for code in some]
        known = _known(then, context, calendar, units, plan, [one for code in some for one in by_unit[code]])
        for unit, (previous, beside) in zip(units, known, strict=True):
            said = (_said(one, context.form, previous, beside) for one in by_unit[unit.code])
            found += together([one for one in said if one], _line)
    return found


def _line(one: Finding) -> object:
    """What is said, and of which column."""
    return one.code, one.sheet, dict(one.details)["column"], (one.indicator or "").partition(".")[0]


def _known(
    ledger: Ledger,
    context: Context,
    calendar: Calendar,
    units: Sequence[Unit],
    plan: Targets,
    typed: Sequence[Finding],
) -> Iterator[tuple[Mapping[str, Figure], Beside]]:
    """What the workbooks of the units would show now: of the quarter before by code, and in other columns."""
    form, quarter = context.form, context.quarter
    codes = {one.indicator: None for one in typed if dict(one.details)["role"] == "previous"}
    wanted = [form.indicators[code] for code in codes if code]
    of_before = (
        of_quarter(ledger, form, calendar, quarter, quarter.previous, units, wanted, alone=True)
        if wanted
        else [{} for _unit in units]
    )
    others = any(dict(one.details)["role"] != "previous" for one in typed)
    beside: Sequence[Beside] = [{} for _unit in units]
    if others:
        beside = of_columns(ledger, form, calendar, quarter, units, plan, alone=True)
    for of_unit, columns in zip(of_before, beside, strict=True):
        previous: dict[str, Figure] = {}
        for code, one in of_unit.items():
            if one.value is not None:
                previous[code] = one.value
            elif one.gap is Gap.NOT_APPLICABLE:
                previous[code] = NOT_APPLICABLE
        yield previous, columns


def _said(one: Finding, form: Form, previous: Mapping[str, Figure], beside: Beside) -> Finding | None:
    """The finding with the figure that is known, where what is typed is neither this nor what was sent; where
    none is known, that what is typed is not taken."""
    about: dict[str, Any] = dict(one.details)
    ask = form.indicators[one.indicator or ""]
    role, typed = about["role"], about["typed"]
    known: Figure | None
    if role == "previous":
        known = previous.get(ask.code)
    else:
        figures = beside.get(role, {}).get(ask.code, Known()).figures
        known = (
            _to_date(ask, figures, about.get("now")) if role == "to_date" else next(iter(figures or ()), None)
        )
    if known is None:
        return _not_taken(one, ask, about)
    undisputed = [one for one in (known, _as_sent(ask, about)) if one is not None]
    may_be = (typed, *about.get("may_be", ()))
    if not all(_differs(one, figure, ask) for one in may_be for figure in undisputed):
        return None
    numbers = [(each, ask.type) for each in (typed, known) if isinstance(each, int | float)]
    decimals = decimals_together(numbers)
    said, theirs = (
        _words(each, ask.type, decimals) if isinstance(each, int | float) else each for each in (typed, known)
    )
    details = {"label": ask.name, "column": about["column"], "said": said or one.value, "known": theirs}
    return replace(one, details=tuple(sorted(details.items())))


def _not_taken(one: Finding, ask: Indicator, about: Mapping[str, Any]) -> Finding | None:
    """The finding of a figure, or of a text beside a text, that is typed where none is known; None where it
    says nothing, or the sum of a year to date that went out with the workbook may stand there."""
    typed = about["typed"]
    pasted = (
        about["role"] == "to_date" and about.get("now") is None and read_earlier(str(about["sent"] or ""))
    )
    if pasted or (not typed and not any(about.get("may_be", ()))):
        return None
    said: Phrase | str | None = one.value
    if isinstance(typed, int | float):
        said = _words(typed, ask.type, decimals_together([(typed, ask.type)]))
    details = {"label": ask.name, "column": about["column"], "said": said}
    return replace(one, code="earlier_not_taken", details=tuple(sorted(details.items())))


def _as_sent(ask: Indicator, about: Mapping[str, Any]) -> Figure | None:
    """The figure that the cell showed by what was known when the workbook was sent; None where it does not
    say that."""
    sent: Figure | None = about.get("sent")
    if about["role"] != "to_date":
        return sent
    return _to_date(ask, read_earlier(str(sent or "")), about.get("now"))


def _words(value: float, kind: Type, decimals: int) -> Phrase:
    """A unit's figure as the message says it; of yes and no the word."""
    if kind is not Type.YES_NO:
        return in_words(value, kind, decimals)
    return Phrase(*(wording.running_text(value, ANSWER_KIND_OF[kind], one) for one in ("vi", "en")))


def _to_date(ask: Indicator, earlier: Sequence[Figure] | None, now: object) -> Figure | None:
    """The year to date with what the file itself answers of this quarter; None where that is no figure, or
    what quarters come to is not known."""
    if earlier is None or not isinstance(now, int | float):
        return None
    figures = [*(one for one in earlier if not isinstance(one, str)), now]
    if ask.cumulative or ask.over_time == "last":
        return now
    match ask.over_time:
        case "sum":
            return float(sum(Decimal(repr(one)) for one in figures))
        case "mean":
            return statistics.fmean(figures)
        case "min":
            return min(figures)
        case "max":
            return max(figures)
    return None


def _differs(typed: object, known: Figure, ask: Indicator) -> bool:
    """Whether what is typed is another figure than the known one, by more than people round when they
    type."""
    if isinstance(known, str):
        if known == NOT_APPLICABLE:
            return isinstance(typed, int | float) and typed != 0
        return folded(str(typed)) != folded(known)
    if not isinstance(typed, int | float):
        return True
    half = 0.5 * 10.0 ** -_decimals(typed, ask) / _scale(ask)
    return abs(typed - known) > half + _EXACT * abs(known)


def _scale(ask: Indicator) -> int:
    """By how much a figure is greater as people write it."""
    return 100 if ask.type is Type.PERCENT else 1


def _decimals(value: float, ask: Indicator) -> int:
    """The decimals with which a figure is written."""
    exact = (wording.exact(value) * _scale(ask)).normalize()
    return max(0, -int(exact.as_tuple().exponent))
