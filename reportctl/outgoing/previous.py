"""What a unit's workbook shows of the quarter before, also of regrouped units, and why it shows nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from reportctl.core.language import _
from reportctl.core.period import Quarter
from reportctl.form.asked_then import Unasked
from reportctl.form.indicators import Indicator
from reportctl.form.model import Form, applies
from reportctl.form.predecessors import joined
from reportctl.form.submission import Answer, AnswerState, quotient
from reportctl.form.tables import TableCell
from reportctl.ledger.ledger import Ledger
from reportctl.ledger.rows import Value, ValueRecord
from reportctl.workspace.units import Unit
from reportctl.workspace.units_by_period import Calendar


class Gap(Enum):
    """Why nothing is shown."""

    NEW = auto()  # the unit was not there, nor anything that it was made of
    REGROUPED = auto()  # of what it was made of it is not the whole, or their answers cannot be joined
    NOT_REPORTED = auto()
    NO_FIGURE = auto()  # left empty, unreadable, or not in the workbook of then
    NOT_APPLICABLE = auto()
    NOT_ASKED = auto()
    NOT_IN_FORM = auto()
    ASKED_OTHERWISE = auto()  # figures of then are of something else


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answer to one indicator in an earlier quarter: a `value` (as the ledger has it), else the `gap`.

    `of` names the units that the value is of, or that lack it, where the unit was another one then.
    """

    value: Value = None
    gap: Gap | None = None
    of: tuple[str, ...] = ()

    def note(self, when: str = "") -> str:
        """What is to be said of it, in the current language; nothing of the unit's own figure. `when` says of
        which time it is, by default of the quarter before."""
        units, when = ", ".join(self.of), when or _("Previous quarter")
        match self.gap:
            case None:
                return _("{when}: of {units}").format(when=when, units=units) if units else ""
            case Gap.NEW:
                message = _("{when}: there is none, the unit is new")
            case Gap.REGROUPED:
                message = _("{when}: not comparable (units were regrouped)")
            case Gap.NOT_REPORTED if units:
                message = _("{when}: no report was accepted from {units}")
            case Gap.NOT_REPORTED:
                message = _("{when}: no report was accepted from the unit")
            case Gap.NO_FIGURE if units:
                message = _("{when}: no figure in the report of {units}")
            case Gap.NO_FIGURE:
                message = _("{when}: no figure in the unit's report")
            case Gap.NOT_APPLICABLE:
                message = _("{when}: did not apply")
            case Gap.NOT_ASKED:
                message = _("{when}: was not asked")
            case Gap.NOT_IN_FORM:
                message = _("{when}: the form did not have this yet")
            case Gap.ASKED_OTHERWISE:
                message = _("{when}: asked otherwise then (unit of measure, type), not comparable")
        return message.format(when=when, units=units)


def of_earlier_quarter(
    ledger: Ledger,
    form: Form,
    calendar: Calendar,
    quarter: Quarter,
    units: Sequence[Unit],
    cells: Sequence[TableCell] = (),
) -> list[dict[str, Earlier]]:
    """For each of the `units` of `quarter`, by code, what its workbook shows of the quarter before: of all
    indicators of sections, and of these `cells` of tables."""
    wanted = [*(one for section in form.sections for one in section.indicators), *cells]
    return of_quarter(ledger, form, calendar, quarter, quarter.previous, units, wanted)


def of_quarter(
    ledger: Ledger,
    form: Form,
    calendar: Calendar,
    quarter: Quarter,
    before: Quarter,
    units: Sequence[Unit],
    wanted: Sequence[Indicator],
    *,
    alone: bool = False,
) -> list[dict[str, Earlier]]:
    """For each of the `units` of `quarter`, by code, what is known of `wanted` in the quarter `before`.

    A unit that is exactly the whole of its predecessors shows what theirs come to. Nothing at all where the
    ledger has nothing of that quarter. `alone`: no other units' answers are read, which is less where the
    units are few.
    """
    day, then = calendar.day(quarter), calendar.day(before)
    of_these: set[str] | None = None
    if alone:
        of_these = {one for unit in units for one in calendar.roster.ancestry(unit.code, day, then) or ()}
    records: dict[str, dict[str, ValueRecord]] = {}
    unasked = ledger.unasked(before)
    for record in ledger.values((before,), units=of_these):
        records.setdefault(record.unit, {})[record.code] = record
    if not records:
        return [{} for _unit in units]
    of_then = calendar.roster.on(then)
    found = []
    for unit in units:
        asked = [one for one in wanted if applies(one, unit.kind)]
        if origin := calendar.roster.ancestry(unit.code, day, then):
            case = _Origin(form, unit, tuple(of_then[code] for code in origin), records, unasked)
            found.append({indicator.code: case.earlier(indicator) for indicator in asked})
        else:
            new = calendar.roster.is_new(unit.code, day, then)
            found.append({one.code: Earlier(gap=Gap.NEW if new else Gap.REGROUPED) for one in asked})
    return found


@dataclass(frozen=True, slots=True)
class _Origin:
    """A unit, the units of the quarter before that it is exactly made of, and the answers of then."""

    form: Form
    unit: Unit
    parts: tuple[Unit, ...]
    records: Mapping[str, Mapping[str, ValueRecord]]
    unasked: Mapping[str, Unasked]

    def earlier(self, indicator: Indicator) -> Earlier:
        """What all parts answered to `indicator`; a part that was not asked has answered with nothing."""
        asked = [part for part in self.parts if applies(indicator, part.kind)]
        silent = [part for part in asked if part.code not in self.records]
        if not asked:
            return Earlier(gap=Gap.NOT_ASKED)
        if silent:
            return Earlier(None, Gap.NOT_REPORTED, self.names(silent))
        if indicator.computed:
            return self.share(indicator)
        answers = [(part, self.records[part.code].get(indicator.code)) for part in asked]
        if (why := self.unasked.get(indicator.code)) and not any(answer for _part, answer in answers):
            return Earlier(gap=Gap.NOT_IN_FORM if why is Unasked.NEW else Gap.ASKED_OTHERWISE)
        lacking = [part for part, answer in answers if answer is None or answer.state in _LACKING]
        if lacking:
            return Earlier(None, Gap.NO_FIGURE, self.names(lacking))
        values = [one.value for _part, one in answers if one and one.state is AnswerState.VALUE]
        if not values:
            return Earlier(gap=Gap.NOT_APPLICABLE)
        if len(self.parts) == 1:
            return Earlier(values[0], of=self.names(self.parts))
        value = joined(indicator, [one for one in values if isinstance(one, int | float)])
        if value is None:
            return Earlier(gap=Gap.REGROUPED)
        return Earlier(value, of=self.names(self.parts))

    def share(self, indicator: Indicator) -> Earlier:
        """A share of what the parts' numerators and denominators come to; imported figures have no share."""
        ends = [
            self.earlier(self.form.indicators[code]) for code in (indicator.numerator, indicator.denominator)
        ]
        for end in ends:
            if end.gap:
                return end
        top, bottom = (Answer("", AnswerState.VALUE, end.value) for end in ends)
        worked_out = quotient(indicator.code, top, bottom)
        if worked_out.state is not AnswerState.VALUE or not isinstance(worked_out.value, int | float):
            return Earlier(gap=Gap.NOT_APPLICABLE)
        return Earlier(worked_out.value, of=self.names(self.parts))

    def names(self, parts: Sequence[Unit]) -> tuple[str, ...]:
        """The names of these parts; none where the unit itself was there alone."""
        alone = len(self.parts) == 1 and self.parts[0].code == self.unit.code
        return () if alone else tuple(part.name for part in parts)


_LACKING = (AnswerState.MISSING, AnswerState.INVALID)
