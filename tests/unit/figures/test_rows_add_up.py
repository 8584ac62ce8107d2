"""Every printed row adds up by pocket calculator: its value, its base and its change; marks and notes."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportctl.core import language, wording
from reportctl.core.period import Quarter, parse_period
from reportctl.core.table import CellFormat, Role, Table
from reportctl.figures.figures import Summary
from reportctl.figures.tables import province_table
from reportctl.form.model import Form
from reportctl.report.chart_figures import column_chart, line_chart
from reportctl.report.sentences import figure_tags, sentences
from reportctl.word.content import Chart
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import FORM, JULY, JUNE, ROSTER, Figures, calendar_of, indicator, one, summary_of


def table_of(summary: Summary, roster: Roster = ROSTER, form: Form = FORM, **more: Any) -> Table:
    return province_table(summary, form, calendar_of(roster).units(summary.period), **more)


def keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]


def printed(table: Table, code: str) -> dict[str, str]:
    """The row of an indicator as it is printed."""
    (row,) = (one for one in table.rows if one.about and one.about.code == code)
    texts = [wording.text_in(table, row, n).replace("\u00a0", " ") for n in range(len(row.cells))]
    return dict(zip(keys(table), texts, strict=True))


def compared_notes(table: Table) -> list[str]:
    return [note for note in table.notes if "can be compared" in note]


# ---- columns

ALL = {"a": 10, "b": 20, "p": 30}


def test_where_the_value_is_what_was_compared_there_is_no_other_column() -> None:
    table = table_of(summary_of(one("added", {"2023-Q1": ALL, "2023-Q4": ALL, "2024-Q1": ALL})))
    assert [key for key in keys(table) if "value" in key] == ["value"]
    assert compared_notes(table) == []


def test_one_column_serves_both_comparisons_where_they_are_over_the_same_units() -> None:
    figures = one("added", {"2023-Q1": {"a": 8, "b": 16}, "2023-Q4": {"a": 12, "b": 18}, "2024-Q1": ALL})
    table = table_of(summary_of(figures))
    assert keys(table)[3:8] == ["year_ago", "previous", "value_compared", "value", "to_date"]
    assert table.columns[5].title == "This quarter, units compared"
    row = printed(table, "added")
    assert [row[key] for key in ("year_ago", "previous", "value_compared", "value")] == [
        "24",
        "30",
        "30",
        "60",
    ]
    assert (row["change_year_ago"], row["change_previous"]) == ("+25.0%", "0.0%")  # 30 of 24, 30 of 30
    assert compared_notes(table) == [
        "The same quarter last year, the previous quarter: of the units that can be compared (2/3 units)."
    ]


def test_two_columns_where_they_are_not() -> None:
    figures = one("added", {"2023-Q1": {"a": 8}, "2023-Q4": {"b": 16}, "2024-Q1": ALL})
    table = table_of(summary_of(figures))
    assert keys(table)[3:8] == ["year_ago", "value_year_ago", "previous", "value_previous", "value"]
    row = printed(table, "added")
    assert (row["year_ago"], row["value_year_ago"], row["change_year_ago"]) == ("8", "10", "+25.0%")
    assert (row["previous"], row["value_previous"], row["change_previous"]) == ("16", "20", "+25.0%")
    assert row["value"] == "60"


def test_only_the_comparison_that_is_over_fewer_has_its_column() -> None:
    figures = one("added", {"2023-Q1": {"a": 8}, "2023-Q4": ALL, "2024-Q1": ALL})
    assert keys(table_of(summary_of(figures)))[3:7] == ["year_ago", "value_year_ago", "previous", "value"]


def test_the_note_says_from_how_many_to_how_many() -> None:
    figures: Figures = {
        "2023-Q1": {"a": {"added": 5, "stock": 3}, "b": {"stock": 4}},
        "2024-Q1": {"a": {"added": 6, "stock": 6}, "b": {"added": 6, "stock": 6}, "p": {"stock": 6}},
    }
    table = table_of(summary_of(figures))
    (note,) = compared_notes(table)
    assert note == ("The same quarter last year: of the units that can be compared (from 1/3 to 2/3 units).")


def test_what_units_answer_that_are_not_asked_any_more_is_no_share_of_those_asked() -> None:
    """As where a question came to be one for press agencies alone, and there are none."""
    roster = Roster(ROSTER.units[:2])
    figures: Figures = {
        "2023-Q1": {"a": {"added": 5, "stories": 3}, "b": {"stories": 4}},
        "2024-Q1": {"a": {"added": 6, "stories": 6}, "b": {"added": 6, "stories": 6}},
    }
    table = table_of(summary_of(figures, roster=roster), roster)
    assert compared_notes(table) == [
        "The same quarter last year: of the units that can be compared (1/2 units)."
    ]


def test_the_whole_totals_stand_behind_where_a_sheet_has_room() -> None:
    figures = one("added", {"2023-Q1": ALL, "2024-Q1": {"a": 12}})
    table = table_of(summary_of(figures), wholes=True)
    row = printed(table, "added")
    assert (row["year_ago"], row["value"], row["change_year_ago"]) == ("10", "12", "+20.0%")
    assert row["whole_year_ago"] == "60"
    assert "whole_year_ago" not in keys(table_of(summary_of(figures)))


def test_with_all_as_base_the_totals_stand_and_who_reported() -> None:
    figures = one("added", {"2023-Q1": {"a": 8, "b": 16}, "2024-Q1": ALL})
    table = table_of(summary_of(figures, base="all"))
    row = printed(table, "added")
    assert (row["year_ago"], row["value"], row["change_year_ago"]) == ("24", "60", "+150.0%")
    assert "value_compared" not in row
    assert (
        "The same quarter last year: of all units that reported then (2/3 units; in this period 3/3 units)."
        in (table.notes)
    )


SPLIT = Roster(
    (
        Unit("c", "Huyện C", "district", valid_to=JUNE),
        Unit("c1", "Xã C1", "district", valid_from=JULY, predecessors=("c",)),
        Unit("c2", "Xã C2", "district", valid_from=JULY, predecessors=("c",)),
        Unit("n", "Huyện N", "district"),
    )
)


def test_where_nothing_can_be_compared_for_regrouping_it_is_said_though_the_column_is_empty() -> None:
    figures = one("added", {"2024-Q3": {"c": 9}, "2025-Q3": {"c1": 4}})
    table = table_of(summary_of(figures, "2025-Q3", roster=SPLIT), SPLIT)
    assert "year_ago" not in keys(table)
    assert [note for note in table.notes if "regrouped" in note] == [
        "Compared with the same quarter last year: cannot be compared (units were regrouped)."
    ]
    with language.speaking("vi"):
        summary = summary_of(figures, "2025-Q3", roster=SPLIT)
        clause = figure_tags(summary.figures["added"], summary.period)["added.change_year_ago"]
        assert clause == "so với cùng kỳ: không so sánh được (do sắp xếp đơn vị hành chính)"
        notes = table_of(summary, SPLIT).notes
        assert any("không so sánh được (do sắp xếp đơn vị hành chính)" in note for note in notes)


# ---- marks


def test_a_figure_that_fewer_gave_than_reported_carries_how_many() -> None:
    figures: Figures = {
        "2024-Q1": {
            "a": {"added": 7, "stock": 1, "most": 2},
            "b": {"added": None, "stock": 2},  # it does not apply to b
            "p": {"stock": 3, "most": 4},
        }
    }
    table = table_of(summary_of(figures))
    assert printed(table, "added")["value"] == "7 (1/2)"  # of a and p, who left it blank
    assert printed(table, "stock")["value"] == "6"
    assert printed(table, "most")["value"] == "4 (2/3)"
    assert "(n/N): of n units, out of N that reported or were asked." in table.notes
    assert figure_tags(summary_of(figures).figures["most"], Quarter(2024, 1))["most.units"] == "2"


def test_who_has_not_reported_is_not_among_them() -> None:
    table = table_of(summary_of({"2024-Q1": {"a": {"added": 7}, "b": {"added": 1}}}))  # p is named elsewhere
    assert printed(table, "added")["value"] == "8"
    assert printed(table, "stock")["value"] == "…"


def test_the_units_of_a_sentence_are_out_of_those_asked() -> None:
    form = Form.model_validate(
        {
            **FORM.model_dump(exclude_defaults=True),
            "sections": [
                {
                    "code": "all",
                    "title": "Tất cả",
                    "indicators": [
                        indicator(
                            "stories",
                            applies_to=["press"],
                            sentence_en="{units} gave {value}.",
                            sentence="{units}: {value}.",
                        ),
                        indicator("added", sentence_en="{units} gave {value}.", sentence="{units}: {value}."),
                    ],
                }
            ],
        }
    )
    figures: Figures = {"2024-Q1": {"a": {"added": 7}, "p": {"stories": 12}}}
    said = [
        one.text.replace("\u00a0", " ") for one in sentences(form.sections[0], summary_of(figures, form=form))
    ]
    assert said == ["1/1 units gave 12.", "1/3 units gave 7."]


def test_a_year_to_date_that_lacks_a_quarter_is_marked_and_explained() -> None:
    figures = one("added", {"2024-Q1": {"a": 5, "b": 5}, "2024-Q2": {"a": 5, "b": 5, "p": 10}})
    plan = {(unit, "added", 2024): 20.0 for unit in "abp"}
    table = table_of(summary_of(figures, "2024-Q2", plan=plan))
    row = printed(table, "added")
    assert (row["value"], row["to_date"], row["of_plan"]) == ("20", "30 (**)", "50.0% (**)")
    assert [note for note in table.notes if note.startswith("(**)")] == [
        "(**): lacks figures of Q1 2024: 1\u00a0unit."
    ]
    half = table_of(summary_of(figures, "2024-H1", plan=plan))
    assert printed(half, "added")["value"] == "30 (**)"
    assert "to_date" not in keys(half)
    assert any(note.startswith("(**)") for note in half.notes)


def test_who_said_that_it_does_not_apply_is_no_gap() -> None:
    figures = one("added", {"2024-Q1": {"a": 5, "b": 5, "p": None}, "2024-Q2": ALL})
    table = table_of(summary_of(figures, "2024-Q2"))
    assert printed(table, "added")["to_date"] == "70"
    assert not any("(**)" in note for note in table.notes)


def test_what_counts_at_the_end_lacks_nothing() -> None:
    figures = one("stock", {"2024-Q1": {"a": 5}, "2024-Q2": ALL})
    assert printed(table_of(summary_of(figures, "2024-Q2")), "stock")["to_date"] == "60"


# ---- one rounding


@pytest.mark.parametrize(
    ("then", "now", "vi_table", "vi_sentence"),
    [
        (400, 401, "+0,3%", "tăng 0,3% so với cùng kỳ"),  # 0.25
        (6000, 6003, "+0,1%", "tăng 0,1% so với cùng kỳ"),  # 0.05
        (400, 399, "-0,3%", "giảm 0,3% so với cùng kỳ"),
        (6000, 5997, "-0,1%", "giảm 0,1% so với cùng kỳ"),
        (2000, 2001, "+0,1%", "tăng 0,1% so với cùng kỳ"),  # 0.05
        (800, 807, "+0,9%", "tăng 0,9% so với cùng kỳ"),  # 0.875
        (8, 9, "+12,5%", "tăng 12,5% so với cùng kỳ"),
        (3, 4, "+33,3%", "tăng 33,3% so với cùng kỳ"),
    ],
)
def test_halves_go_away_from_zero_in_tables_and_sentences_alike(
    then: int, now: int, vi_table: str, vi_sentence: str
) -> None:
    with language.speaking("vi"):
        summary = summary_of(one("added", {"2023-Q1": {"a": then}, "2024-Q1": {"a": now}}))
        shown = printed(table_of(summary), "added")["change_year_ago"].replace("−", "-")
        said = figure_tags(summary.figures["added"], summary.period)["added.change_year_ago"]
    assert shown == vi_table
    assert str(said).replace("\u00a0", " ") == vi_sentence + (
        ", tính trên 01/03 đơn vị so sánh được" if "tính trên" in str(said) else ""
    )


@pytest.mark.parametrize(
    ("done", "asked_for", "text"),
    [
        (1, 2000, "0.1%"),
        (3, 2000, "0.2%"),
        (1, 800, "0.1%"),
        (1, 8, "12.5%"),
        (2, 3, "66.7%"),
        (1, 400, "0.3%"),
    ],
)
def test_halves_of_shares_go_away_from_zero(done: int, asked_for: int, text: str) -> None:
    summary = summary_of({"2024-Q1": {"a": {"done": done, "asked_for": asked_for}}})
    assert printed(table_of(summary), "share")["value"] == text


def test_a_share_a_base_and_their_difference() -> None:
    figures: Figures = {
        f"{year}-Q1": {"a": {"done": done, "asked_for": 2000}} for year, done in ((2023, 1001), (2024, 1002))
    }
    row = printed(table_of(summary_of(figures)), "share")
    # 50.05% and 50.1%: a difference of 0.05 points
    assert (row["year_ago"], row["value"], row["change_year_ago"]) == ("50.1%", "50.1%", "+0.1 pp")


amounts = st.integers(0, 400)
by_unit = st.dictionaries(st.sampled_from("abp"), amounts, max_size=3)


@pytest.mark.slow
@settings(max_examples=60)
@given(now=by_unit, then=by_unit, before=by_unit)
def test_any_row_adds_up(now: dict[str, int], then: dict[str, int], before: dict[str, int]) -> None:
    figures = one("added", {"2023-Q1": then, "2023-Q4": before, "2024-Q1": now})
    row = printed(table_of(summary_of(figures)), "added")
    for which in ("year_ago", "previous"):
        change = row.get(f"change_{which}", "…")
        if change == "…":
            continue
        value = next(row[key] for key in (f"value_{which}", "value_compared", "value") if key in row)
        base = Decimal(row[which].replace(",", ""))
        exact = (Decimal(value.split()[0].replace(",", "")) - base) * 100 / base
        shown = Decimal(re.sub("[%,+]", "", change).replace("−", "-"))
        assert shown == exact.quantize(Decimal("0.1"), ROUND_HALF_UP), row


# ---- charts

PRESS = Form.model_validate(
    {
        "id": "f",
        "title": "f",
        "kinds": [{"code": "district", "title": "Huyện"}, {"code": "press", "title": "Báo"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "chart": "column",
                "indicators": [
                    indicator("total", unit_of_measure="tin"),
                    indicator("printed", part_of="total", unit_of_measure="tin"),
                    indicator("aired", part_of="total", unit_of_measure="tin"),
                ],
            }
        ],
    }
)


def chart_of(figures: Figures) -> Chart:
    chart = column_chart(PRESS.sections[0], summary_of(figures, form=PRESS))
    assert chart
    return chart


def parts(**by_unit: tuple[int, int]) -> dict[str, dict[str, float | None]]:
    return {
        unit: {"total": first + second, "printed": first, "aired": second}
        for unit, (first, second) in by_unit.items()
    }


def test_charts_draw_compared_values_beside_compared_bases() -> None:
    chart = chart_of({"2023-Q1": parts(a=(4, 5)), "2024-Q1": parts(a=(6, 7), b=(100, 200))})
    drawn = {series.key: series.values for series in chart.series}
    assert drawn == {"year_ago": (4, 5), "value_compared": (6, 7)}
    assert "units compared" in chart.series[1].name
    whole = chart_of({"2023-Q1": parts(a=(4, 5)), "2024-Q1": parts(a=(6, 7))})
    assert {series.key: series.values for series in whole.series} == {"year_ago": (4, 5), "value": (6, 7)}


def test_each_base_has_the_value_over_its_own_units_beside_it() -> None:
    chart = chart_of(
        {"2023-Q1": parts(a=(4, 5)), "2023-Q4": parts(b=(80, 90)), "2024-Q1": parts(a=(6, 7), b=(100, 200))}
    )
    assert [(series.key, series.values) for series in chart.series] == [
        ("year_ago", (4, 5)),
        ("value_year_ago", (6, 7)),
        ("previous", (80, 90)),
        ("value_previous", (100, 200)),
    ]


def test_lines_show_whole_totals_and_hollow_points_where_units_are_missing() -> None:
    quarters = {Quarter(2023, 4): 5, Quarter(2024, 1): 7, Quarter(2024, 2): 6}
    by_quarter: Any = {code: dict(quarters) for code in PRESS.indicators}
    chart = line_chart(PRESS.sections[0], by_quarter, parse_period("2024-Q2"), [Quarter(2024, 1)])
    assert chart
    assert [(one.values, one.hollow) for one in chart.series] == [((5, 7, 6), (1,))]
    assert chart.title.endswith("(hollow: units are missing)")


def test_what_is_no_row_of_figures_carries_no_mark() -> None:
    table = table_of(summary_of(one("added", {"2024-Q1": ALL})))
    assert {row.role for row in table.rows if not row.marks} >= {Role.SECTION}
    assert table.kind_of(table.rows[1], keys(table).index("value")) is CellFormat.COUNT


def test_a_change_that_two_rounded_figures_do_not_make_says_so() -> None:
    # 1.9536 / 2.1351 is 8.5 % less; of 1.95 and 2.14, as they are printed, it would be 8.9 %.
    apart = one("average", {"2024-Q1": {"a": 2.1351}, "2024-Q2": {"a": 1.9536}})
    exact = one("average", {"2024-Q1": {"a": 2.14}, "2024-Q2": {"a": 1.95}})
    said = "Changes worked out from figures before they are rounded: average."
    for figures, expected in ((apart, True), (exact, False)):
        table = province_table(
            summary_of(figures, "2024-Q2"), FORM, calendar_of(ROSTER).units(Quarter(2024, 2))
        )
        assert (said in table.notes) is expected
