"""Summaries as tables and JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from reportctl.core.errors import ReportctlError
from reportctl.core.period import parse_period
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Role, Row, Table, Value
from reportctl.figures.as_json import data_table, kinds_json, summary_json, units_json
from reportctl.figures.figures import Summary
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summarise
from reportctl.figures.tables import kind_table, province_table, unit_table
from reportctl.figures.totals import group_values
from reportctl.form.model import Form
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import (
    FORM,
    ROSTER,
    SHARES,
    TWO_QUARTERS,
    FakeLedger,
    Figures,
    answers_of,
    calendar_of,
    indicator,
    one,
    summary_of,
    units_by_kind,
)

UNITS = calendar_of(ROSTER).units(parse_period("2024-Q1"))


def province(summary: Summary, **more: Any) -> Table:
    return province_table(summary, FORM, UNITS, **more)


def keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]


def row(table: Table, label: str) -> dict[str, Value]:
    found = next(r for r in table.rows if str(r.cells[keys(table).index("label")]).startswith(label))
    return dict(zip(keys(table), found.cells, strict=True))


YEAR = one(
    "added",
    {
        "2023-Q1": {"a": 8, "p": 1},
        "2023-Q2": {"a": 8, "p": 2},
        "2024-Q1": {"a": 10, "p": 3},
        "2024-Q2": {"a": 12, "p": 4},
    },
)
PLAN: dict[tuple[str, str, int], float] = {("a", "added", 2024): 44}


def test_a_quarters_columns_and_figures() -> None:
    table = province(summary_of(YEAR, "2024-Q2", plan=PLAN))
    assert keys(table) == [
        "number", "label", "measure", "year_ago", "previous", "value", "to_date", "plan", "of_plan",
        "change_year_ago", "change_previous",
    ]  # fmt: skip
    assert row(table, "added") == {
        "number": "1", "label": "added", "measure": "", "year_ago": 10, "previous": 13, "value": 16,
        "to_date": 29, "plan": 44, "of_plan": 0.5, "change_year_ago": 0.6,
        "change_previous": 0.230769230769231,
    }  # fmt: skip  # 22/44; 16/10 - 1; 16/13 - 1
    assert table.columns[5].title == "This quarter"
    assert table.title == "Summary of figures, second quarter of 2024"


def test_columns_that_say_nothing_are_left_out() -> None:
    first = province(summary_of(one("added", {"2024-Q1": {"a": 1}})))
    assert keys(first) == ["number", "label", "measure", "value", "to_date"]
    half = province(summary_of(YEAR, "2024-H1"))
    assert "to_date" not in keys(half)  # it is the half-year itself
    two_years = one("added", {f"{year}-Q{n}": {"a": n} for year in (2023, 2024) for n in (1, 2, 3, 4)})
    year = province(summary_of(two_years, "2024"))
    assert "year_ago" in keys(year)
    assert "previous" not in keys(year)  # the year before, once


@pytest.mark.parametrize(
    ("period", "titles"),
    [
        ("2024-Q2", {"value": "This quarter", "previous": "Previous quarter", "year_ago": "Year ago"}),
        ("2024-H1", {"value": "6 months", "previous": "Previous 6 months", "year_ago": "Year ago"}),
        ("2024-9M", {"value": "9 months", "year_ago": "Year ago", "change_year_ago": "+/- year ago"}),
        ("2024", {"value": "The year", "year_ago": "Previous year", "change_year_ago": "+/- previous year"}),
    ],
)
def test_columns_are_named_after_their_periods(period: str, titles: dict[str, str]) -> None:
    figures = one("added", {f"{year}-Q{n}": {"a": n + 1} for year in (2023, 2024) for n in (1, 2, 3, 4)})
    columns = {column.key: column.title for column in province(summary_of(figures, period)).columns}
    assert {key: columns.get(key) for key in titles} == titles
    assert ("previous" in columns) == ("previous" in titles)


def test_of_what_has_no_plan_nothing_is_missing() -> None:
    figures = {"2024-Q1": {"a": {"added": 11, "stock": 3}}}
    table = province(summary_of(figures, plan=PLAN))
    assert (row(table, "added")["plan"], row(table, "added")["of_plan"]) == (44, 0.25)
    assert (row(table, "stock")["plan"], row(table, "stock")["of_plan"]) == ("", "")


def test_percentages_change_by_points() -> None:
    figures = {
        f"{year}-Q1": {"a": {"done": done, "asked_for": 100}} for year, done in ((2023, 50), (2024, 52))
    }
    table = province(summary_of(figures))
    column = keys(table).index("change_year_ago")
    kinds = {str(r.cells[1]): table.kind_of(r, column) for r in table.rows}
    assert (kinds["share"], kinds["done"]) == (CellFormat.POINTS, CellFormat.CHANGE)
    assert row(table, "share")["change_year_ago"] == 0.02
    assert row(table, "done")["change_year_ago"] == 0.04


def test_rows_sections_and_parts() -> None:
    form = Form.model_validate(
        {
            "id": "f",
            "title": "f",
            "kinds": [{"code": "district", "title": "Huyện"}, {"code": "press", "title": "Báo"}],
            "sections": [
                {
                    "code": "words",
                    "title": "Lời",
                    "indicators": [{"code": "said", "label": "Lời", "type": "text"}],
                },
                {
                    "code": "press",
                    "title": "Báo chí",
                    "indicators": [
                        {"code": "added", "label": "Tin, bài", "unit_of_measure": "tin"},
                        {"code": "stock", "label": "Báo in", "part_of": "added"},
                        {"code": "done", "label": "Phát thanh", "part_of": "added"},
                        {"code": "said_yes", "label": "Có kế hoạch", "type": "yes_no"},
                    ],
                },
            ],
        }
    )
    ledger: Any = FakeLedger(
        {"2024-Q1": {"a": {"added": 2, "stock": 1, "done": 1, "said_yes": 1}}}, [("2024-Q1", "a", "done")]
    )
    period = parse_period("2024-Q1")
    table = province_table(summarise(ledger, form, calendar_of(ROSTER), Plan({}), period), form, UNITS)
    assert [(r.cells[0], r.cells[1], r.role) for r in table.rows] == [
        ("I", "Báo chí", Role.SECTION),
        ("1", "Tin, bài", Role.PLAIN),
        ("1.1", "Báo in", Role.PART),
        ("1.2", "Phát thanh (*)", Role.PART),
        ("2", "Có kế hoạch", Role.PLAIN),
    ]
    assert [r.cells[2] for r in table.rows] == ["", "tin", "", "", "units"]
    assert "(*): estimates among the figures." in table.notes


def test_kinds_of_rows_follow_the_indicators() -> None:
    table = province(summary_of(SHARES))
    share = next(r for r in table.rows if r.cells[1] == "share")
    assert table.kind_of(share, keys(table).index("value")) is CellFormat.PERCENT


def test_notes_say_who_has_not_reported() -> None:
    table = province(summary_of(one("added", {"2024-Q1": {"b": 1}})))
    assert table.notes[0] == "Not reported (2 of 3 units): Huyện A, Báo P."
    table = province(summary_of(one("added", {"2024-Q1": {"a": 1, "b": 1, "p": 1}})))
    assert table.notes[0] == "All 3 units have reported."


def test_notes_of_a_span_say_who_is_missing_in_which_quarter() -> None:
    half = summary_of(YEAR, "2024-H1")  # nothing from b
    assert province(half).notes[0] == "Not reported: Q1 2024: Huyện B; Q2 2024: Huyện B."
    gaps = summary_of(one("added", {"2024-Q1": {"a": 1}, "2024-Q2": {"a": 1, "p": 1}}), "2024-H1")
    said = "Not reported: Q1 2024: Huyện B, Báo P; Q2 2024: Huyện B."
    assert province(gaps).notes[0] == said
    assert unit_table(gaps, FORM, UNITS, "all").notes[0] == said
    everyone = one("added", {f"2024-Q{n}": dict.fromkeys("abp", 1) for n in (1, 2)})
    assert province(summary_of(everyone, "2024-H1")).notes[0] == "All 3 units have reported in every quarter."


def over_fewer(figures: Figures) -> list[str]:
    """The notes on what the comparisons of the first quarter are over."""
    return [note for note in province(summary_of(figures)).notes if "units that can be compared" in note]


def test_notes_say_when_a_change_is_over_fewer_units() -> None:
    everybody = one("added", {q: {"a": 8, "b": 2, "p": 1} for q in ("2023-Q1", "2024-Q1")})
    assert over_fewer(everybody) == []
    more_now = one("added", {"2023-Q1": {"a": 8}, "2024-Q1": {"a": 10, "b": 1}})
    said = ["The same quarter last year: of the units that can be compared (1/3 units)."]
    assert over_fewer(more_now) == said
    more_then = one("added", {"2023-Q1": {"a": 8, "b": 1}, "2024-Q1": {"a": 10}})
    assert over_fewer(more_then) == said
    both = more_then | one("added", {"2023-Q4": {"a": 8, "b": 1, "p": 1}, "2024-Q1": {"a": 10, "b": 1}})
    assert over_fewer(both) == [
        "The same quarter last year, the previous quarter: of the units that can be compared (2/3 units)."
    ]


def test_notes_say_what_cannot_be_compared() -> None:
    summary = summary_of(YEAR, "2024-Q2")  # b has never reported; it is compared in no figure
    said = [note for note in province(summary, regrouped=("a", "b")).notes if "regrouped" in note]
    assert said == ["Cannot be compared (units were regrouped): Huyện B."]
    many = province(summary, regrouped=[str(n) for n in range(11)])
    assert any("(units were regrouped): 11 of 3 units." in note for note in many.notes)
    nothing_before = summary_of(one("added", {"2024-Q1": {"a": 1}}))
    assert not any("regrouped" in note for note in province(nothing_before, regrouped=("a",)).notes)


def test_sections_can_be_chosen() -> None:
    assert province(summary_of(YEAR), sections=("all",)).rows
    with pytest.raises(ReportctlError, match=r"“al” \(near it: all\); there is: all"):
        province(summary_of(YEAR), sections=("al",))


# ---- by unit and by kind


def cells(rows: Sequence[Row], index: int) -> list[Value]:
    return [row.cells[index] for row in rows]


def test_units_grouped_by_kind_with_totals() -> None:
    figures = {
        "2024-Q1": {
            "a": {"added": 4, "average": 2.5, "said_yes": 1, "stories": None},
            "b": {"added": 6, "average": 1, "said_yes": 0},
            "p": {"added": None, "stories": 7, "said_yes": 1},
        }
    }
    table = unit_table(summary_of(figures), FORM, UNITS, "all")
    column = {key: n for n, key in enumerate(keys(table))}
    assert cells(table.rows, column["unit"]) == [
        "Huyện", "Huyện A", "Huyện B", "Total: Huyện", "Báo", "Báo P", "Total",
    ]  # fmt: skip
    assert [r.role for r in table.rows].count(Role.TOTAL) == 2
    assert cells(table.rows, column["added"]) == ["", 4, 6, 10, "", NOT_APPLICABLE, 10]
    assert cells(table.rows, column["average"]) == ["", 2.5, 1, "", "", None, ""]  # not added up
    assert cells(table.rows, column["said_yes"]) == ["", 1, 0, 1, "", 1, 2]
    assert cells(table.rows, column["stories"])[1:4] == [NOT_APPLICABLE] * 3  # districts are not asked
    assert cells(table.rows, column["stories"])[5:] == [7, 7]
    assert "words" not in column
    assert [table.kind_of(r, column["said_yes"]) for r in table.rows[1:4:2]] == [
        CellFormat.YES_NO,
        CellFormat.COUNT,
    ]


def test_totals_of_shares_are_those_of_the_sums() -> None:
    figures: Figures = {
        "2024-Q1": {
            "a": {"done": 3, "asked_for": 4},
            "b": {"done": 1, "asked_for": 8},
            "p": {"done": 2, "asked_for": 0},
        },
        "2024-Q2": {"a": {"done": 1, "asked_for": 4}, "b": {"done": 5}, "p": {"done": 1, "asked_for": 5}},
    }

    def totals(period: str) -> list[Value]:
        table = unit_table(summary_of(figures, period), FORM, UNITS, "all")
        return [row.cells[keys(table).index("share")] for row in table.rows if row.role is Role.TOTAL]

    assert totals("2024-Q1") == pytest.approx([4 / 12, 6 / 12]), "of districts, and of all"
    assert totals("2024-Q2") == pytest.approx([1 / 4, 2 / 9]), "of those that told both"
    # Unit b told in one quarter only what was asked for: its own two figures are no share then.
    of_districts, of_all = totals("2024-H1")
    assert of_districts == ""
    assert of_all == pytest.approx((3 + 1 + 2 + 1 + 1) / (4 + 8 + 0 + 4 + 5))


@pytest.mark.parametrize(("second", "expected"), [(0, 14 / 35), (None, "")])
def test_a_share_of_nothing_is_no_sign_that_both_figures_count_alike(
    second: float | None, expected: Value
) -> None:
    """Where the unit's figure does not apply in the second quarter, its share is 0 of 10, not of 15."""
    figures: Figures = {
        "2024-Q1": {"a": {"done": 0, "asked_for": 10}, "b": {"done": 8, "asked_for": 10}},
        "2024-Q2": {"a": {"done": second, "asked_for": 5}, "b": {"done": 6, "asked_for": 10}},
    }
    table = unit_table(summary_of(figures, "2024-H1"), FORM, UNITS, "all")
    column = keys(table).index("share")
    of_districts = next(row for row in table.rows if row.role is Role.TOTAL).cells[column]
    assert of_districts == (expected if isinstance(expected, str) else pytest.approx(expected))


TARGETS: dict[tuple[str, str, int], float] = {("a", "added", 2024): 16, ("p", "added", 2024): 10}
SOME = {"2024-Q1": {"a": {"added": 4, "done": 1}, "b": {"added": 6, "done": 2}, "p": {"added": 5}}}


def test_behind_a_figure_stands_how_far_the_unit_is_with_its_plan() -> None:
    table = unit_table(summary_of(SOME, plan=TARGETS), FORM, UNITS, "all")
    column = keys(table).index("added.of_plan")
    assert keys(table)[column - 1] == "added"
    assert cells(table.rows, column) == ["", 0.25, "", 0.25, "", 0.5, 0.346153846153846]  # 9/26 together
    assert table.mark_of(table.rows[-1], column) == "(2/3)"  # b has no plan
    assert table.columns[column].title == "Of plan"
    assert {table.kind_of(r, column) for r in table.rows} == {CellFormat.PERCENT}
    assert {len(r.cells) for r in table.rows} == {len(table.columns)}
    assert table.notes[-1] == "Of plan: the year to date against the plan of the year."
    assert "added.of_plan" not in keys(unit_table(summary_of(SOME), FORM, UNITS, "all"))


def test_a_unit_that_the_roster_lost_still_counts() -> None:
    summary = summary_of(one("added", {"2024-Q1": {"a": 1, "gone": 5}}))
    table = unit_table(summary, FORM, UNITS, "all")
    assert table.rows[-1].cells[2] == 6 == summary.figures["added"].value
    assert "Not in the list of units" in cells(table.rows, 1)


def test_kinds_beside_the_province() -> None:
    period = parse_period("2024-Q1")
    values = group_values(answers_of(SHARES), units_by_kind(period), period)
    table = kind_table(summary_of(SHARES), FORM, UNITS, values)
    assert keys(table) == ["number", "label", "measure", "district", "press", "value"]
    assert row(table, "done") == {
        "number": "10", "label": "done", "measure": "", "district": 8, "press": 0, "value": 8,
    }  # fmt: skip
    assert row(table, "share")["district"] == 0.75
    assert row(table, "stories")["district"] is NOT_APPLICABLE


# ---- JSON


def test_json_by_indicator() -> None:
    said = summary_json(summary_of(YEAR, "2024-Q2", plan=PLAN), FORM)
    assert said["period"] == "2024-Q2"
    assert said["units"] == {"expected": 3, "accepted": 2, "missing": ["b"]}
    assert said["rows"][0] == {
        "section": "all", "code": "added", "label": "added", "unit_of_measure": "", "value": 16,
        "estimate": False, "previous": 13, "year_ago": 10, "to_date": 29, "plan": 44,
        "change_previous": 0.230769230769231, "change_year_ago": 0.6, "of_plan": 0.5, "units_reporting": 2,
        "comparable": 2, "base_previous": 13, "base_year_ago": 10, "value_previous": 16,
        "value_year_ago": 16, "comparable_previous": 2, "comparable_year_ago": 2, "units_asked": 3,
        "no_base_previous": None, "no_base_year_ago": None, "apart": [], "not_asked": [],
        "asked_otherwise": [],
        "table": None, "row": None, "column": None,
    }  # fmt: skip
    assert [r["code"] for r in said["rows"]] == [i.code for i in FORM.indicators.values() if i.numeric]


def test_json_by_unit_and_kind() -> None:
    summary = summary_of(one("added", {**TWO_QUARTERS, "2024-Q2": {"a": 6, "b": None}}), "2024-Q2")
    rows = units_json(summary, FORM, UNITS)["rows"]
    assert [(r["unit"], r["name"], r["values"]["added"]) for r in rows] == [
        ("a", "Huyện A", 6),
        ("b", "Huyện B", None),
        ("p", "Báo P", None),
    ]
    values = {"district": {"added": 6}, "press": {"added": None}}
    assert kinds_json(summary, FORM, values)["rows"] == [
        {"kind": "district", "name": "Huyện", "values": {"added": 6}},
        {"kind": "press", "name": "Báo", "values": {"added": None}},
    ]


def test_json_by_unit_with_the_plan() -> None:
    first, second, _third = units_json(summary_of(SOME, plan=TARGETS), FORM, UNITS)["rows"]
    assert (first["to_date"], first["plan"], first["of_plan"]) == (
        {"added": 4},
        {"added": 16},
        {"added": 0.25},
    )
    assert (second["to_date"], second["plan"], second["of_plan"]) == ({}, {}, {})


def test_one_table_of_all_units_for_csv() -> None:
    said = units_json(summary_of(SOME, plan=TARGETS), FORM, UNITS)
    table = data_table(said, FORM)
    assert keys(table)[:6] == ["unit", "name", "added", "added.to_date", "added.plan", "added.of_plan"]
    assert [r.cells[:6] for r in table.rows] == [
        ("a", "Huyện A", 4, 4, 16, 0.25),
        ("b", "Huyện B", 6, None, None, None),
        ("p", "Báo P", 5, 5, 10, 0.5),
    ]
    assert [key for key in keys(table)[2:] if "." not in key] == [
        code for code, i in FORM.indicators.items() if i.numeric
    ]  # what only some are asked has its column too, in the form's order


def test_the_province_for_csv_has_its_codes() -> None:
    table = data_table(summary_json(summary_of(SOME), FORM), FORM)
    assert keys(table)[:5] == ["section", "code", "label", "unit_of_measure", "value"]
    assert table.rows[0].cells[:5] == ("all", "added", "added", "", 15)


def test_names_are_of_the_period() -> None:
    day = dt.date(2024, 2, 1)
    renamed = Roster(
        (
            Unit("a", "Tên cũ", "district", valid_to=day),
            Unit("a", "Tên mới", "district", valid_from=day + dt.timedelta(days=1)),
        )
    )
    assert calendar_of(renamed).units(parse_period("2023-Q1"))["a"].name == "Tên cũ"
    assert calendar_of(renamed).units(parse_period("2024-Q1"))["a"].name == "Tên mới"


@pytest.mark.parametrize(
    ("parts", "numbers"),
    [
        ({"print_": 6, "radio_": 4}, ["1", "1.1", "1.2", "2"]),  # 6 + 4 are the ten
        ({"print_": 6, "radio_": 3}, ["1", "-", "-", "2"]),
        ({"print_": 6, "radio_": None}, ["1", "1.1", "1.2", "2"]),  # nothing says that they are not
        ({"print_": 10, "radio_": 10}, ["1", "-", "-", "2"]),
    ],
)
def test_parts_that_do_not_make_the_whole_are_not_numbered_as_if(
    parts: dict[str, float | None], numbers: list[str]
) -> None:
    of_form = [
        indicator("all_of"),
        *(indicator(code, part_of="all_of") for code in parts),
        indicator("more_"),
    ]
    form = Form.model_validate(
        {
            "id": "form",
            "title": "Biểu",
            "kinds": [{"code": "district", "title": "Huyện"}],
            "sections": [{"code": "press", "title": "Báo chí", "indicators": of_form}],
        }
    )
    summary = summary_of({"2024-Q1": {"a": {"all_of": 10, "more_": 1, **parts}}}, form=form)
    table = province_table(summary, form, calendar_of(ROSTER).units(summary.period))
    assert [row.cells[0] for row in table.rows if row.role is not Role.SECTION] == numbers


def test_by_a_rule_of_the_form_parts_make_the_whole_whatever_has_come() -> None:
    codes = ("all_of", "print_", "radio_")
    form = Form.model_validate(
        {
            "id": "form",
            "title": "Biểu",
            "kinds": [{"code": "district", "title": "Huyện"}],
            "sections": [
                {
                    "code": "press",
                    "title": "Báo chí",
                    "indicators": [
                        indicator(code, part_of="" if code == "all_of" else "all_of") for code in codes
                    ],
                }
            ],
            "rules": [{"code": "added_up", "check": "all_of = print_ + radio_", "message": "Không khớp."}],
        }
    )
    summary = summary_of({"2024-Q1": {"a": {"all_of": 10, "print_": 6, "radio_": 3}}}, form=form)
    table = province_table(summary, form, calendar_of(ROSTER).units(summary.period))
    assert [row.cells[0] for row in table.rows][1:] == ["1", "1.1", "1.2"]


def test_one_part_makes_no_whole() -> None:
    form = Form.model_validate(
        {
            "id": "form",
            "title": "Biểu",
            "kinds": [{"code": "district", "title": "Huyện"}],
            "sections": [
                {
                    "code": "press",
                    "title": "Báo chí",
                    "indicators": [indicator("all_of"), indicator("good_", part_of="all_of")],
                }
            ],
        }
    )
    summary = summary_of({"2024-Q1": {"a": {"all_of": 10, "good_": 10}}}, form=form)
    table = province_table(summary, form, calendar_of(ROSTER).units(summary.period))
    assert [row.cells[0] for row in table.rows][1:] == ["1", "-"]
