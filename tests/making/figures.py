"""A form with every way of adding up, figures for it, and a ledger that answers from figures in the test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from reportctl.core.period import Period, Quarter, parse_period
from reportctl.figures.answers import Answers, read_answers
from reportctl.figures.figures import Summary
from reportctl.figures.plan import Plan
from reportctl.figures.summary import Base, needed_quarters, summarise
from reportctl.form import asked_then
from reportctl.form.divided import Divided
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.rows import ValueRecord
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster, Unit
from reportctl.workspace.units_by_period import Calendar

NOTHING: Mapping[str, Any] = {}
Unasked = Mapping[str, Mapping[str, asked_then.Unasked]]  # what a quarter's form did not ask, by code
Figures = Mapping[str, Mapping[str, Mapping[str, float | None]]]  # quarter, unit, code


class FakeLedger:
    """Answers what the ledger answers, from figures that stand in the test; the unit "" is the province."""

    def __init__(
        self, figures: Figures, estimates: Sequence[tuple[str, str, str]] = (), unasked: Unasked = NOTHING
    ) -> None:
        self.figures, self.estimates, self.not_asked = figures, set(estimates), unasked

    def unasked(self, quarter: Quarter) -> Mapping[str, asked_then.Unasked]:
        return self.not_asked.get(str(quarter), {})

    def divided(self, _quarter: Quarter) -> tuple[Divided, ...]:
        return ()

    def numbers(
        self, quarters: Sequence[Quarter], codes: Collection[str] | None = None
    ) -> list[tuple[str, str, str, float | None, bool]]:
        return [
            (str(q), unit, code, value, (str(q), unit, code) in self.estimates)
            for q in sorted(set(quarters))
            for unit, values in self.figures.get(str(q), {}).items()
            for code, value in values.items()
            if unit and (codes is None or code in codes)
        ]

    def province_values(self, quarters: Sequence[Quarter], *, code: str | None = None) -> list[Any]:
        return [
            SimpleNamespace(period=q, code=asked, value=value)
            for q in sorted(set(quarters))
            for asked, value in self.figures.get(str(q), {}).get("", {}).items()
            if code in (None, asked)
            and not any(asked in own for unit, own in self.figures[str(q)].items() if unit)
        ]

    def has_reports(self, quarter: Quarter) -> bool:
        return bool(self.counting(quarter))

    def counting(self, quarter: Quarter) -> set[str]:
        return self.figures.get(str(quarter), {}).keys() - {""}


def indicator(code: str, over_units: str = "sum", over_time: str = "sum", **more: Any) -> dict[str, Any]:
    return {"code": code, "label": code, "over_units": over_units, "over_time": over_time, **more}


FORM = Form.model_validate(
    {
        "id": "form",
        "title": "Biểu",
        "kinds": [{"code": "district", "title": "Huyện"}, {"code": "press", "title": "Báo"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [
                    indicator("added"),
                    indicator("stock", "sum", "last"),
                    indicator("average", "mean", "mean", type="number"),
                    indicator("least", "min", "min", type="number"),
                    indicator("most", "max", "max", type="number"),
                    indicator("peak_sum", "sum", "max", type="number"),
                    indicator("own", "none", "none"),
                    indicator("within", "mean", "none", type="percent"),
                    indicator("said_yes", "sum", "last", type="yes_no"),
                    indicator(
                        "share", "ratio", "ratio", type="percent", numerator="done", denominator="asked_for"
                    ),
                    indicator("done"),
                    indicator("asked_for"),
                    indicator("stories", applies_to=["press"]),
                    indicator("words", "none", "none", type="text"),
                ],
            }
        ],
    }
)

ROSTER = Roster(
    (Unit("a", "Huyện A", "district"), Unit("b", "Huyện B", "district"), Unit("p", "Báo P", "press"))
)


def calendar_of(roster: Roster) -> Calendar:
    return Calendar(roster, Settings().data_window)


def units_by_kind(period: Period) -> dict[str, list[str]]:
    """The codes of the units of each kind."""
    units = calendar_of(ROSTER).units(period)
    return {kind.code: [c for c, unit in units.items() if unit.kind == kind.code] for kind in FORM.kinds}


def summary_of(
    figures: Figures,
    period: str = "2024-Q1",
    *,
    roster: Roster = ROSTER,
    form: Form = FORM,
    plan: Mapping[tuple[str, str, int], float] | None = None,
    estimates: Sequence[tuple[str, str, str]] = (),
    base: Base = "comparable",
    unasked: Unasked = NOTHING,
) -> Summary:
    ledger: Any = FakeLedger(figures, estimates, unasked)
    return summarise(ledger, form, calendar_of(roster), Plan(plan or {}), parse_period(period), base)


def answers_of(
    figures: Figures, period: str = "2024-Q1", *, roster: Roster = ROSTER, form: Form = FORM
) -> Answers:
    """The answers that a summary of `period` may rest on."""
    ledger: Any = FakeLedger(figures)
    return read_answers(ledger, form, calendar_of(roster), needed_quarters(parse_period(period)))


def one(code: str, quarters: Mapping[str, Mapping[str, float | None]]) -> Figures:
    """Figures of one indicator: by quarter, then unit."""
    return {q: {unit: {code: value} for unit, value in units.items()} for q, units in quarters.items()}


TWO_QUARTERS = {"2024-Q1": {"a": 4, "b": 10}, "2024-Q2": {"a": 6, "p": 3}}

SHARES = {
    "2024-Q1": {"a": {"done": 3, "asked_for": 4}, "b": {"done": 5}, "p": {"done": 0, "asked_for": 0}},
    "2024-Q2": {"a": {"done": 2, "asked_for": 6}, "b": {"done": 9, "asked_for": 10}, "p": {"asked_for": 7}},
}

JULY = dt.date(2025, 7, 1)

JUNE = dt.date(2025, 6, 30)

REGROUPED = Roster(
    (
        Unit("a", "Huyện A", "district", valid_to=JUNE),
        Unit("b", "Huyện B", "district", valid_to=JUNE),
        Unit("c", "Huyện C", "district", valid_to=JUNE),
        Unit("ab", "Phường AB", "district", valid_from=JULY, predecessors=("a", "b")),
        Unit("c1", "Phường C1", "district", valid_from=JULY, predecessors=("c",)),
        Unit("c2", "Phường C2", "district", valid_from=JULY, predecessors=("c",)),
        Unit("p", "Báo P", "press"),
    )
)

BEFORE_AND_AFTER = one(
    "added",
    {
        "2024-Q3": {"a": 30, "b": 10, "c": 99, "p": 10},
        "2025-Q2": {"a": 5, "c": 7},
        "2025-Q3": {"ab": 44, "c1": 50, "c2": 60, "p": 11},
    },
)


class CellsLedger(FakeLedger):
    """Answers with the cells of made-up files what `FakeLedger` answers without."""

    def __init__(self, figures: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        super().__init__(figures)

    def numbers(
        self, quarters: Sequence[Quarter], codes: Collection[str] | None = None
    ) -> list[tuple[str, str, str, float | None, bool]]:
        return [row for row in super().numbers(quarters, codes) if not isinstance(row[3], str)]

    def values(
        self, quarters: Sequence[Quarter], *, code: str | None = None, unit: str | None = None
    ) -> list[ValueRecord]:
        return [
            ValueRecord(
                quarter,
                sender,
                asked,
                AnswerState.NOT_APPLICABLE if value is None else AnswerState.VALUE,
                value,
                str(value),
                False,
                f"{sender}.xlsx",
                "Số liệu",
                f"F{list(FORM.indicators).index(asked) + 7 if asked in FORM.indicators else 3}",
                sender * 64,
                dt.date(2024, 3, 20),
                "file",
            )
            for quarter in sorted(set(quarters))
            for sender, values in self.figures.get(str(quarter), {}).items()
            for asked, value in values.items()
            if code in (None, asked) and unit in (None, sender) and sender
        ]

    def province_values(self, quarters: Sequence[Quarter], *, code: str | None = None) -> list[ValueRecord]:
        said: Any = super().province_values(quarters, code=code)
        return [
            ValueRecord(
                one.period, "", one.code, AnswerState.VALUE, one.value, str(one.value), False, "base.csv", "",
                "value:3", "f" * 64, dt.date(2024, 1, 8), "import",
            )
            for one in said
        ]  # fmt: skip
