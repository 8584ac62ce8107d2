"""Figures of one unit, of another period, or both, which a document asks for by name: `{{press_total:007}}`,
`{{press_total@2023-Q1}}`, `{{press_total.change_year_ago:007@2023-Q1}}`.

There are too many of them to be made before they are asked for.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reportctl.core import wording
from reportctl.core.errors import near
from reportctl.core.finding_kinds import UNREADABLE
from reportctl.core.language import _
from reportctl.core.period import Period, read_period
from reportctl.figures.answers import Answers
from reportctl.figures.figures import Figure, Summary
from reportctl.figures.of_unit import UnitFigures, table_of_unit, unit_figures, without_figures
from reportctl.figures.plan import Plan
from reportctl.figures.summary import needed_quarters, summary_of_answers
from reportctl.figures.views import answers_of, plan_of
from reportctl.form.indicators import ANSWER_KIND_OF
from reportctl.form.model import Form, applies
from reportctl.form.renamed import renamed_tag, said_now
from reportctl.form.tables import TableCell
from reportctl.ledger.session import Session
from reportctl.report.sentences import figure_tags, ranking_tags
from reportctl.word.content import Content, Paragraph, Tag
from reportctl.workspace.units import Roster, Unit

MEAN = "kind_mean"  # the slot of what the units of a unit's kind have in the mean
NAMES = ("name", "measure")  # slots of what a figure is called and counted in
_ADDRESS = re.compile(r"(?P<figure>[a-z][\w.]*)(?::(?P<unit>[^@:]+))?(?:@(?P<period>.+))?", re.IGNORECASE)
OF_UNIT = ("unit.code", "unit.name", "unit.kind", "unit.lead")
UNIT_TABLE = "table:unit"


@dataclass(frozen=True, slots=True)
class Address:
    """A figure that a tag names: the indicator's `code`, the figure or phrase of it (`part`, empty: itself),
    of which `unit` (empty: the province, or the document's own unit), in which `period` (None: the
    document's)."""

    code: str
    part: str = ""
    unit: str = ""
    period: Period | None = None

    @property
    def tag(self) -> str:
        """How it is spelled."""
        figure = f"{self.code}.{self.part}" if self.part else self.code
        unit = f":{self.unit}" if self.unit else ""
        return figure + unit + (f"@{self.period}" if self.period else "")


def address(name: str, form: Form, roster: Roster) -> Address | None:
    """The figure that a tag names which is of a unit or of a period, or names its words; None for any other
    tag, also where form or roster do not have what it names."""
    parsed = _ADDRESS.fullmatch(name.strip())
    if parsed is None:
        return None
    figure = Tag.parse(parsed["figure"].casefold())
    indicator = form.indicators.get(figure.name)
    if indicator is None or not indicator.numeric:
        return None
    unit, period = "", None
    if parsed["unit"]:
        unit = _unit(parsed["unit"].strip(), roster)
        if not unit:
            return None
    if parsed["period"]:
        period = read_period(parsed["period"].strip())
        if period is None:
            return None
    if not (unit or period or figure.part in (*NAMES, MEAN)):
        return None
    return Address(figure.name, figure.part, unit, period)


def hint(name: str, form: Form, roster: Roster) -> str:
    """A bracket to follow a tag that is not known: what it is called since the form renamed that, which unit
    there is not, or what is no period; empty where it is for another reason."""
    if renamed := said_now(renamed_tag(name, form)):
        return renamed
    parsed = _ADDRESS.fullmatch(name.strip())
    if parsed is None:
        return ""
    figure = Tag.parse(parsed["figure"].casefold())
    if figure.name not in form.indicators and figure.name != "unit":
        return ""
    if parsed["unit"] and not _unit(parsed["unit"].strip(), roster):
        code = parsed["unit"].strip()
        return _(" (there is no unit {code}{near})").format(code=code, near=near(code, sorted(roster.codes)))
    if parsed["period"] and read_period(parsed["period"].strip()) is None:
        return _(" (“{text}” is no period; one is written 2024-Q1, 2024-H1 or 2024)").format(
            text=parsed["period"].strip()
        )
    return ""


def _unit(code: str, roster: Roster) -> str:
    """The unit's code as the roster spells it; empty where there is none."""
    if code in roster.codes:
        return code
    return next((known for known in sorted(roster.codes) if known.casefold() == code.casefold()), "")


@dataclass(frozen=True)
class Elsewhere:
    """The figures of units and of other periods than the report's own; each is read when it is first asked
    for. `summary` is the report's own, of which the `units` are by code."""

    session: Session
    summary: Summary
    units: Mapping[str, Unit]
    _summaries: dict[Period, Summary] = field(default_factory=dict)
    _answers: dict[Period, Answers] = field(default_factory=dict)
    _of_units: dict[tuple[Period, str], UnitFigures | None] = field(default_factory=dict)
    _plans: list[Plan] = field(default_factory=list)

    def of_period(self, period: Period) -> Summary:
        """The province's figures of a period."""
        if period == self.summary.period:
            return self.summary
        if period not in self._summaries:
            base = self.session.settings.report.base
            self._summaries[period] = summary_of_answers(self._read(period), self._plan, period, base)
        return self._summaries[period]

    def holds(self, period: Period) -> bool:
        """Whether anything is known of a period: in some quarter of it a report counts, or a figure is
        imported."""
        answers = self._read(period)
        return any(map(answers.holds, period.quarters))

    def of_unit(self, period: Period, code: str) -> UnitFigures | None:
        """One unit's figures of a period; None where it was not there then."""
        key = period, code
        if key not in self._of_units:
            unit = self.session.calendar.units(period).get(code)
            whole = self.of_period(period)
            found = unit_figures(self._read(period), self._plan, whole, unit) if unit else None
            self._of_units[key] = found
        return self._of_units[key]

    @functools.cached_property
    def sent(self) -> frozenset[str]:
        """The units of which a report of the period has come, whatever became of it."""
        with self.session.ledger() as ledger:
            quarters = self.summary.period.quarters
            read = {one.unit for quarter in quarters for one in ledger.submissions(quarter)}
            unread = {unit for quarter in quarters for unit, _file in ledger.files_with(quarter, UNREADABLE)}
        return frozenset(unit for unit in read | unread if unit)

    def content(self, asked: Address) -> Content | None:
        """What stands for an address; None where there is no such phrase."""
        summary = self.of_period(asked.period or self.summary.period)
        if not asked.unit:
            figure = summary.figures[asked.code]
            there = self.session.calendar.units(summary.period)
            ranked = {
                tag: wording.tidy(one.text) for tag, one in ranking_tags(figure, summary, there).items()
            }
            found = figure_tags(figure, summary.period) | ranked | _names(figure)
            return found.get(Address(asked.code, asked.part).tag)
        own = self.of_unit(summary.period, asked.unit)
        plain = Address(asked.code, asked.part).tag
        if own is None:
            figure = summary.figures[asked.code]
            nothing = figure_tags(without_figures(figure), summary.period) | {f"{asked.code}.{MEAN}": ""}
            return (nothing | _names(figure)).get(plain)
        return tags_of_figure(own, asked.code).get(plain)

    @property
    def _plan(self) -> Plan:
        if not self._plans:
            self._plans.append(plan_of(self.session))
        return self._plans[0]

    def _read(self, period: Period) -> Answers:
        if period not in self._answers:
            with self.session.ledger() as ledger:
                self._answers[period] = answers_of(self.session, ledger, needed_quarters(period))
        return self._answers[period]


def tags_of_figure(found: UnitFigures, code: str) -> dict[str, Content]:
    """The inline tags of one indicator, with a unit's figures."""
    figure = found.summary.figures[code]
    mean = found.means.get(code)
    kind = ANSWER_KIND_OF[figure.indicator.type]
    said = "" if mean is None else wording.running_text(mean, kind)
    return (
        figure_tags(figure, found.summary.period, ANSWER_KIND_OF) | _names(figure) | {f"{code}.{MEAN}": said}
    )


def _names(figure: Figure) -> dict[str, Content]:
    code, indicator = figure.indicator.code, figure.indicator
    return {f"{code}.name": str(indicator.name), f"{code}.measure": str(indicator.measure)}


def tags_of_unit(
    found: UnitFigures, form: Form, codes: Iterable[str], sent: Collection[str]
) -> dict[str, Content]:
    """What a unit's document holds in place of the province's figures with the `codes`, and who it is; `sent`
    are the units of which something has come."""
    kind = next((str(one.name) for one in form.kinds if one.code == found.unit.kind), found.unit.kind)
    tags: dict[str, Content] = {
        "unit.code": found.unit.code,
        "unit.name": found.unit.name,
        "unit.kind": kind,
        "unit.lead": (Paragraph(f"{_lead(found, sent)} {_left_out(found, form)}".strip()),),
        UNIT_TABLE: table_of_unit(found, form),
    }
    for code in codes:
        tags |= tags_of_figure(found, code)
    return tags


def _lead(found: UnitFigures, sent: Collection[str]) -> str:
    """Whose figures these are, or whether the unit is one of those that have `sent` a report."""
    summary = found.summary
    period = wording.period_words(summary.period)
    if found.unit.code in found.summary.coverage.accepted:
        sentence = _("Figures reported by {unit} for {period}.")
    elif any(isinstance(value.value, int | float) for value in summary.figures.values()):
        sentence = _("Figures of {unit} for {period}; a report of some quarter is missing.")
    elif found.unit.code in sent:
        sentence = _("{unit} has sent its report for {period}; its figures are not taken in yet.")
    else:
        sentence = _("{unit} has not sent its report for {period} yet.")
    return wording.tidy(sentence.format(unit=found.unit.name, period=period))


def _left_out(found: UnitFigures, form: Form) -> str:
    """What the table of a unit that has reported has no rows for, where it is asked that: a table of the form
    has too many cells, a list too many rows."""
    kind = found.unit.kind
    asked = any(applies(one, kind) for one in form.indicators.values() if isinstance(one, TableCell))
    asked = asked or any(applies(one, kind) for one in form.lists)
    if not asked or found.unit.code not in found.summary.coverage.accepted:
        return ""
    return wording.tidy(
        _("What stands in the form's tables and lists is not set out here; the unit's workbook has it.")
    )


class OnDemand(Mapping[str, Content]):
    """The contents of tags: those that are there (`made`), and those that `find` makes of a name, with its
    spelling, when it is first asked for."""

    def __init__(
        self, made: Mapping[str, Content], find: Callable[[str], tuple[str, Content] | None]
    ) -> None:
        self._made = dict(made)
        self._find = find
        self._unknown: set[str] = set()

    def __getitem__(self, name: str) -> Content:
        if name in self._made:
            return self._made[name]
        found = None if name in self._unknown else self._find(name)
        if found is None:
            self._unknown.add(name)
            raise KeyError(name)
        tag, content = found
        if tag.casefold() != name.casefold():  # another way to write the same period
            self._made[name] = content
        self._made[tag] = content
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
