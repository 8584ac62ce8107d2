"""What is counted from the beginning of the year, shares at the end, yes and no, units whose kind changes.

Every expected number is worked out by hand beside the test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.core import language
from reportctl.core.period import Quarter, parse_period
from reportctl.core.table import NOT_APPLICABLE, Absent, CellFormat, Role, Table, Value
from reportctl.figures.figures import Summary
from reportctl.figures.tables import kind_table, province_table, unit_table
from reportctl.figures.totals import group_values
from reportctl.figures.trace import trace
from reportctl.form.model import Form
from reportctl.render.sheets import workbook
from reportctl.report.sentences import sentences
from reportctl.workspace.units import Roster, Unit
from tests.making.exported import opened
from tests.making.figures import (
    FORM,
    JULY,
    JUNE,
    REGROUPED,
    ROSTER,
    CellsLedger,
    Figures,
    answers_of,
    calendar_of,
    indicator,
    one,
    summary_of,
)


def form_of(*indicators: dict[str, Any]) -> Form:
    kinds = [{"code": "district", "title": "Huyện"}, {"code": "press", "title": "Báo"}]
    section = {"code": "all", "title": "Tất cả", "indicators": list(indicators)}
    return Form.model_validate({"id": "f", "title": "f", "kinds": kinds, "sections": [section]})


# ---- figures that are filled in from the beginning of the year

YEARLY = form_of(
    indicator("visits", "sum", "last", cumulative=True),
    indicator("guests", "sum", "last", cumulative=True),
    indicator("share", "ratio", "ratio", type="percent", numerator="guests", denominator="visits"),
)

#                                        own: Q1 10 20, Q2 15 20, Q3 5 0, Q4 10 30
YEAR: Figures = one(
    "visits",
    {
        "2023-Q1": {"a": 10, "b": 10, "p": 0}, "2023-Q2": {"a": 20, "b": 20, "p": 0},
        "2023-Q3": {"a": 30, "b": 30, "p": 0}, "2023-Q4": {"a": 40, "b": 40, "p": 0},
        "2024-Q1": {"a": 10, "b": 20, "p": 0}, "2024-Q2": {"a": 25, "b": 40, "p": 0},
        "2024-Q3": {"a": 30, "b": 40, "p": 0}, "2024-Q4": {"a": 40, "b": 70, "p": 0},
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("period", "value", "to_date", "year_ago", "previous"),
    [
        ("2024-Q1", 30, 30, 20, 20),  # before: the last quarter of the year before, 20 and no 80
        ("2024-Q2", 35, 65, 20, 30),
        ("2024-Q3", 5, 70, 20, 35),
        ("2024-Q4", 40, 110, 20, 5),
        ("2024-H1", 65, 65, 40, 40),
        ("2024-H2", 45, 110, 40, 65),  # no 110, which is the year
        ("2024-9M", 70, 70, 60, None),
        ("2024", 110, 110, 80, 80),
    ],
)
def test_a_quarters_own_figure_is_the_difference_within_the_year(
    period: str, value: int, to_date: int, year_ago: int, previous: int | None
) -> None:
    summary = summary_of(YEAR, period, form=YEARLY)
    figure = summary.figures["visits"]
    assert (figure.value, figure.to_date) == (value, to_date)
    assert (figure.year_ago, figure.previous) == (year_ago, previous)
    found = figure.against_year_ago
    assert (found.base, found.value, found.comparable) == (year_ago, value, 3)
    assert found.change == pytest.approx(value / year_ago - 1, rel=1e-14)
    assert sum(summary.by_unit[unit]["visits"] for unit in "abp") == value  # type: ignore[misc]


def test_without_the_quarter_before_there_is_no_figure_of_the_quarter() -> None:
    figures = one(
        "visits", {"2024-Q1": {"a": 10}, "2024-Q2": {"a": 25, "b": 40}, "2024-Q3": {"a": 30, "b": 45}}
    )
    second = summary_of(figures, "2024-Q2", form=YEARLY)
    assert (second.figures["visits"].value, second.figures["visits"].to_date) == (15, 65)
    assert second.by_unit["b"]["visits"] is None
    # What was filled in last is all of the year; p filled in nothing this time.
    assert second.figures["visits"].gaps == ((Quarter(2024, 2), 1),)
    third = summary_of(figures, "2024-Q3", form=YEARLY).figures["visits"]
    assert (third.value, third.to_date, third.against_previous.base) == (10, 75, 15)  # a 5, b 5; a alone
    assert third.against_previous.value == 5
    half = summary_of(figures, "2024-H1", form=YEARLY).figures["visits"]
    assert (half.value, half.to_date) == (25, 65)


def test_of_the_plan_the_figure_typed_last_counts() -> None:
    plan = {("a", "visits", 2024): 50.0, ("b", "visits", 2024): 80.0}
    figure = summary_of(YEAR, "2024-Q2", form=YEARLY, plan=plan).figures["visits"]
    assert (figure.plan, figure.done_of_plan, figure.of_plan) == (130, 65, 0.5)


def test_who_said_that_it_does_not_apply_had_nothing_till_then() -> None:
    figures = one("visits", {"2024-Q1": {"a": None}, "2024-Q2": {"a": 25}})
    assert summary_of(figures, "2024-Q2", form=YEARLY).figures["visits"].value == 25


def test_an_heir_goes_on_from_what_its_predecessors_had() -> None:
    figures = one(
        "visits",
        {"2025-Q2": {"a": 30, "b": 10, "c": 9, "p": 5}, "2025-Q3": {"ab": 44, "c1": 50, "c2": 60, "p": 6}},
    )
    summary = summary_of(figures, "2025-Q3", form=YEARLY, roster=REGROUPED)
    # ab: 44 less 30 and 10; of c1 and c2 nobody knows; p 1. To date all that was typed.
    assert {unit: summary.by_unit[unit]["visits"] for unit in ("ab", "c1", "c2", "p")} == {
        "ab": 4, "c1": None, "c2": None, "p": 1,
    }  # fmt: skip
    assert (summary.figures["visits"].value, summary.figures["visits"].to_date) == (5, 160)


def test_a_share_of_such_figures_is_of_the_quarters_own() -> None:
    figures: Figures = {
        "2024-Q1": {"a": {"visits": 10, "guests": 9}},
        "2024-Q2": {"a": {"visits": 20, "guests": 10}},
    }
    found = summary_of(figures, "2024-Q2", form=YEARLY).figures["share"]
    assert (found.value, found.against_previous.base) == (0.1, 0.9)  # 1 of 10, before 9 of 10
    assert summary_of(figures, "2024-H1", form=YEARLY).figures["share"].value == 0.5


@pytest.mark.parametrize("period", ["2024-Q1", "2024-Q2", "2024-H2", "2024"])
def test_the_cells_behind_it_make_it(period: str) -> None:
    ledger: Any = CellsLedger(YEAR)
    found = trace(ledger, YEARLY, calendar_of(ROSTER), parse_period(period), "visits")
    assert found.value == summary_of(YEAR, period, form=YEARLY).figures["visits"].value
    assert sum(part.value for part in found.parts) == found.value  # type: ignore[misc]


# ---- shares at the end

AT_THE_END = form_of(
    indicator("trained", "sum", "last"),
    indicator("members", "sum", "last"),
    indicator("share", "ratio", "last", type="percent", numerator="trained", denominator="members"),
    indicator("summed", "ratio", "ratio", type="percent", numerator="trained", denominator="members"),
)


@pytest.mark.parametrize("code", ["share", "summed"])
def test_a_share_of_figures_that_count_at_the_end_is_the_one_at_the_end(code: str) -> None:
    figures: Figures = {
        "2024-Q1": {"a": {"trained": 100, "members": 112}, "b": {"trained": 90, "members": 100}},
        "2024-Q2": {"a": {"trained": 180, "members": 190}, "b": {"trained": 95, "members": 103}},
    }
    figure = summary_of(figures, "2024-H1", form=AT_THE_END).figures[code]
    assert figure.value == 0.938566552901024  # 275 of 293, not (275 + 190) of (293 + 212)
    assert summary_of(figures, "2024-H1", form=AT_THE_END).by_unit["a"][code] == 0.947368421052632  # 180/190


def test_of_such_a_share_the_cells_of_the_last_quarter_are_the_parts() -> None:
    figures: Figures = {
        "2024-Q1": {"a": {"trained": 100, "members": 112}},
        "2024-Q2": {"a": {"trained": 180, "members": 190}},
    }
    ledger: Any = CellsLedger(figures)
    found = trace(ledger, AT_THE_END, calendar_of(ROSTER), parse_period("2024-H1"), "share")
    assert [(part.period, part.numerator, part.denominator) for part in found.parts] == [
        ("2024-Q2", 180, 190)
    ]


# ---- yes and no

YES = form_of(
    indicator(
        "ready", "mean", "last", type="yes_no", sentence="{value} sẵn sàng.", sentence_en="{value} are ready."
    ),
    indicator(
        "planned",
        "sum",
        "last",
        type="yes_no",
        sentence="{value} có kế hoạch.",
        sentence_en="{value} have a plan.",
    ),
)


def said(figures: Figures, form: Form, spoken: str = "en") -> list[str]:
    with language.speaking(spoken):
        found = sentences(form.sections[0], summary_of(figures, form=form))
        return [one.text.replace("\u00a0", " ") for one in found]


@pytest.mark.parametrize(
    ("answers", "en", "vi"),
    [
        ({"a": 1, "b": 1, "p": 0}, "2 of 3 units are ready.", "02/03 đơn vị sẵn sàng."),
        ({"a": 1, "b": 0}, "1 of 2 units are ready.", "01/02 đơn vị sẵn sàng."),
        ({"a": 0, "b": 0, "p": 0}, "0 of 3 units are ready.", None),
        ({"a": 1}, "1 of 1 unit are ready.", "01/01 đơn vị sẵn sàng."),
    ],
)
def test_of_a_mean_of_yes_and_no_it_is_said_how_many_of_how_many(
    answers: Mapping[str, float], en: str, vi: str | None
) -> None:
    figures: Figures = {"2024-Q1": {unit: {"ready": value} for unit, value in answers.items()}}
    assert said(figures, YES) == [en]
    if vi:
        assert said(figures, YES, "vi")[0].replace(" trên ", "/").endswith("đơn vị sẵn sàng.")


def test_a_sum_of_yes_is_how_many_say_so() -> None:
    figures: Figures = {
        "2024-Q1": {unit: {"planned": value} for unit, value in (("a", 1), ("b", 1), ("p", 0))}
    }
    assert said(figures, YES) == ["2/3 units have a plan."]


@pytest.mark.parametrize(
    ("answers", "total", "formula"),
    [
        ({"a": 1, "b": 0, "p": 1}, 2, "COUNTIF"),
        ({"a": 1, "b": 1}, 2, "COUNTIF"),
        ({"a": 0, "b": 0}, 0, "COUNTIF"),
    ],
)
def test_the_formula_of_a_sheet_counts_the_value_that_is_stored(
    answers: Mapping[str, float], total: int, formula: str
) -> None:
    figures: Figures = {"2024-Q1": {unit: {"planned": value} for unit, value in answers.items()}}
    units = calendar_of(ROSTER).units(parse_period("2024-Q1"))
    table = unit_table(summary_of(figures, form=YES), YES, units, "all")
    place = [column.key for column in table.columns].index("planned")
    data = workbook([("Theo đơn vị", table)])
    formulas, values = (opened(data, values=stored).worksheets[0] for stored in (False, True))
    seen = 0
    for row in formulas.iter_rows():
        text = row[place].value
        if not isinstance(text, str) or not text.startswith("="):
            continue
        seen += 1
        assert formula in text
        counted = 0
        for area in text.removeprefix("=").split("+"):
            cells, word = area.removeprefix("COUNTIF(").removesuffix(")").split(",")
            found = values[cells]
            column = [line[0].value for line in found] if isinstance(found, tuple) else [found.value]
            counted += column.count(word.strip('"'))
        assert counted == values.cell(row[place].row, place + 1).value
    assert seen == 2  # of the districts, of all
    assert table.rows[-1].cells[place] == total


def test_no_formula_counts_what_was_added_up_over_quarters() -> None:
    often = form_of(indicator("held", "sum", "sum", type="yes_no"))
    figures = one("held", {"2024-Q1": {"a": 1, "b": 1}, "2024-Q2": {"a": 1, "b": 0}})
    units = calendar_of(ROSTER).units(parse_period("2024-H1"))
    table = unit_table(summary_of(figures, "2024-H1", form=often), often, units, "all")
    sheet = opened(workbook([("Theo đơn vị", table)])).worksheets[0]
    totals = [row[2].value for row in sheet.iter_rows() if row[1].value in ("Total", "Total: Huyện")]
    assert totals == [3, 3]  # twice a, once b: numbers, for a cell that says 2 is no Yes to be counted


# ---- units whose kind changes under the same code

MOVED = Roster(
    (
        Unit("a", "Xã A", "district", valid_to=JUNE),
        Unit("a", "Báo A", "press", valid_from=JULY),
        Unit("b", "Huyện B", "district"),
        Unit("g", "Báo G", "press", valid_to=JUNE),
        Unit("p", "Báo P", "press"),
    )
)
OF_KINDS = form_of(
    indicator("added"),
    indicator("villages", applies_to=["district"]),
    indicator("stories", applies_to=["press"]),
)
KINDS: Figures = {
    "2025-Q2": {
        "a": {"added": 10, "villages": 7}, "b": {"added": 20, "villages": 3},
        "g": {"added": 5, "stories": 2}, "p": {"added": 1, "stories": 6},
    },
    "2025-Q3": {
        "a": {"added": 20, "stories": 4}, "b": {"added": 30, "villages": 3}, "p": {"added": 2, "stories": 9},
    },
}  # fmt: skip


def tables(figures: Figures, period: str) -> tuple[Summary, Table, Table, Table]:
    """The summary, the tables by indicator, by unit and by kind."""
    summary = summary_of(figures, period, form=OF_KINDS, roster=MOVED)
    units = calendar_of(MOVED).units(summary.period)
    kinds = {kind.code: [c for c, unit in units.items() if unit.kind == kind.code] for kind in OF_KINDS.kinds}
    values = group_values(answers_of(figures, period, form=OF_KINDS, roster=MOVED), kinds, summary.period)
    return (
        summary,
        province_table(summary, OF_KINDS, units),
        unit_table(summary, OF_KINDS, units, "all"),
        kind_table(summary, OF_KINDS, units, values),
    )


def column(table: Table, key: str, *roles: Role) -> list[Value]:
    place = [one.key for one in table.columns].index(key)
    return [row.cells[place] for row in table.rows if row.role in (roles or (Role.PLAIN,))]


def test_a_unit_is_shown_with_what_it_was_asked_in_each_quarter() -> None:
    summary, _province, by_unit, by_kind = tables(KINDS, "2025-9M")
    assert summary.by_unit["a"] == {"added": 30, "villages": 7, "stories": 4}
    # By the kind of the last day: a is press now; g ended as press.
    assert column(by_unit, "unit") == ["Huyện B", "Báo A", "Báo P", "Báo G"]
    assert column(by_unit, "villages") == [3 + 3, 7, NOT_APPLICABLE, NOT_APPLICABLE]
    assert column(by_unit, "stories") == [NOT_APPLICABLE, 4, 15, 2]
    assert column(by_unit, "added", Role.TOTAL)[-1] == 88
    by_kinds = [column(by_kind, key) for key in ("label", "district", "press", "value")]
    assert list(zip(*by_kinds, strict=True)) == [
        ("added", 50, 38, 88),  # 20+30; 10+20, 1+2, 5
        ("villages", 6, 7, 13),
        ("stories", NOT_APPLICABLE, 21, 21),
    ]
    note = "By the kind of unit that they were on the last day: Báo A (Báo)."
    assert note in by_unit.notes
    assert note in by_kind.notes


@pytest.mark.parametrize(("period", "asked"), [("2025-Q2", "villages"), ("2025-Q3", "stories")])
def test_of_one_quarter_there_is_only_one_kind(period: str, asked: str) -> None:
    summary, _province, by_unit, by_kind = tables(KINDS, period)
    assert summary.by_unit["a"].keys() == {"added", asked}
    assert not any("last day" in note for table in (by_unit, by_kind) for note in table.notes)


kind_figures = st.dictionaries(
    st.sampled_from("abgp"),
    st.dictionaries(st.sampled_from(["added", "villages", "stories"]), st.integers(0, 99) | st.none()),
)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    second=kind_figures,
    third=kind_figures,
    period=st.sampled_from(["2025-Q2", "2025-Q3", "2025-9M", "2025-H1"]),
)
def test_totals_are_the_provinces_in_every_table(second: Any, third: Any, period: str) -> None:
    third = {unit: values for unit, values in third.items() if unit != "g"}
    summary, province, by_unit, by_kind = tables({"2025-Q2": second, "2025-Q3": third}, period)
    whole = {code: figure.value for code, figure in summary.figures.items()}
    for table in (province, by_kind):  # a figure, or why there can be none
        cells = dict(zip(column(table, "label"), column(table, "value"), strict=True))
        assert {code: None if isinstance(cell, Absent) else cell for code, cell in cells.items()} == whole
    parts = [key for key in ("district", "press", "others") if key in [one.key for one in by_kind.columns]]
    for place, code in enumerate(OF_KINDS.indicators):
        numbers = [column(by_kind, key)[place] for key in parts]
        assert sum(n for n in numbers if isinstance(n, int)) == (whole[code] or 0)
        totals = column(by_unit, code, Role.TOTAL)
        values = [n for n in column(by_unit, code) if isinstance(n, int)]
        assert sum(values) == (whole[code] or 0)
        assert not totals or totals[-1] in (whole[code], NOT_APPLICABLE)


def test_imported_totals_stand_beside_units_in_every_table() -> None:
    figures: Figures = {
        "2024-Q1": {"": {"added": 100}},
        "2024-Q2": {"a": {"added": 4}, "b": {"added": 5}, "p": {"added": 6}},
    }
    summary = summary_of(figures, "2024-H1")
    units = calendar_of(ROSTER).units(summary.period)
    by_unit = unit_table(summary, FORM, units, "all")
    labels = column(by_unit, "unit", Role.PLAIN, Role.TOTAL)
    assert labels[-2:] == ["Not by unit (imported totals of the province)", "Total"]
    assert column(by_unit, "added", Role.PLAIN, Role.TOTAL)[-2:] == [100, 115]
    kinds = {"district": ["a", "b"], "press": ["p"]}
    by_kind = kind_table(
        summary, FORM, units, group_values(answers_of(figures, "2024-H1"), kinds, summary.period)
    )
    row = [column(by_kind, key)[0] for key in ("district", "press", "others", "value")]
    assert row == [9, 6, 100, 115]
    assert by_kind.columns[-2].title == "Of no kind"
    assert by_kind.columns[-2].kind is CellFormat.FIGURE
