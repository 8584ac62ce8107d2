"""The figures that changed most. Every expected order is worked out by hand from the figures beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from reportctl.figures.figures import Summary
from reportctl.figures.movements import movements
from reportctl.figures.tables import province_table
from reportctl.form.model import Form
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import Figures, calendar_of, summary_of

NOW, BEFORE, YEAR_AGO = "2024-Q1", "2023-Q4", "2023-Q1"


def asked(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "label": code, "sentence": "Có {value}.", **more}


def form(*indicators: dict[str, Any], sentence: str = "") -> Form:
    section = {"code": "all", "title": "Tất cả", "sentence": sentence, "indicators": list(indicators)}
    kinds = [{"code": "commune", "title": "Xã"}]
    return Form.model_validate({"id": "form", "title": "Biểu", "kinds": kinds, "sections": [section]})


COUNTS = form(*(asked(f"f{n}_") for n in range(1, 7)))
ROSTER = Roster(tuple(Unit(code, f"Xã {code.upper()}", "commune") for code in "abcd"))


def of_a(quarters: Mapping[str, Mapping[str, float]], units: str = "abcd") -> Figures:
    """A quarter of each figure from every one of the units."""
    return {
        quarter: {unit: {code: value / len(units) for code, value in values.items()} for unit in units}
        for quarter, values in quarters.items()
    }


def found(quarters: Mapping[str, Mapping[str, float]], of: Form = COUNTS) -> tuple[list[str], list[str]]:
    """The codes of those that rose and of those that fell."""
    return codes(summary_of(of_a(quarters), NOW, roster=ROSTER, form=of), of)


def codes(summary: Summary, of: Form) -> tuple[list[str], list[str]]:
    moved = movements(summary, of)
    return [m.figure.indicator.code for m in moved.rose], [m.figure.indicator.code for m in moved.fell]


def test_the_largest_three_either_way_the_largest_first() -> None:
    now = {"f1_": 120, "f2_": 150, "f3_": 110, "f4_": 140, "f5_": 60, "f6_": 96}
    # +20, +50, +10, +40, -40 %; the last fell by 4 %, less than a twentieth.
    assert found({NOW: now, YEAR_AGO: dict.fromkeys(now, 100)}) == (["f2_", "f4_", "f1_"], ["f5_"])


def test_a_change_from_a_handful_is_no_large_one() -> None:
    now = {"f1_": 12, "f2_": 48, "f3_": 44, "f4_": 0}
    before = {"f1_": 4, "f2_": 40, "f3_": 8, "f4_": 20}  # three times as many of four; from eight
    assert found({NOW: now, YEAR_AGO: before}) == (["f2_"], ["f4_"])  # and all of twenty


def test_ten_are_no_handful() -> None:
    assert found({NOW: {"f1_": 20, "f2_": 20}, YEAR_AGO: {"f1_": 10, "f2_": 9.6}}) == (["f1_"], [])


def test_from_nothing_there_is_no_change_to_rank() -> None:
    assert found({NOW: {"f1_": 500}, YEAR_AGO: {"f1_": 0}}) == ([], [])


def test_those_that_are_printed_alike_are_named_together_or_not_at_all() -> None:
    now = {"f1_": 150, "f2_": 140, "f3_": 120, "f4_": 120, "f5_": 110}
    before = dict.fromkeys(now, 100)
    assert found({NOW: now, YEAR_AGO: before})[0] == ["f1_", "f2_"]  # two of 20 % for one place
    assert found({NOW: now | {"f4_": 110}, YEAR_AGO: before})[0] == ["f1_", "f2_", "f3_"]
    alike = dict.fromkeys(now, 130)
    assert found({NOW: alike, YEAR_AGO: before})[0] == list(alike)  # none stands out
    # 20.04 % and 20 % are both printed as 20 %.
    close = {"f1_": 1500, "f2_": 1400, "f3_": 1200.4, "f4_": 1200}
    assert found({NOW: close, YEAR_AGO: dict.fromkeys(close, 1000)})[0] == ["f1_", "f2_"]


def test_a_part_moves_with_its_whole_and_what_no_sentence_says_is_not_told() -> None:
    of = form(asked("all_of"), asked("part_", part_of="all_of"), {"code": "mute_", "label": "mute"})
    now, before = (
        dict.fromkeys(("all_of", "part_", "mute_"), 200),
        dict.fromkeys(("all_of", "part_", "mute_"), 100),
    )
    assert found({NOW: now, YEAR_AGO: before}, of) == (["all_of"], [])
    of = form(
        asked("all_of"),
        {"code": "mute_", "label": "mute"},
        sentence="Có {mute_.value}{mute_.change_year_ago}.",
    )
    assert found({NOW: now, YEAR_AGO: before}, of) == (["all_of", "mute_"], [])


def test_shares_move_by_points_and_from_what_is_no_handful() -> None:
    of = form(
        asked(
            "share",
            type="percent",
            numerator="done",
            denominator="due",
            over_units="ratio",
            over_time="ratio",
        ),
        {"code": "done", "label": "done"},
        {"code": "due", "label": "due"},
    )
    now, before = {"done": 80, "due": 100}, {"done": 70, "due": 100}
    assert found({NOW: now, YEAR_AGO: before}, of) == (["share"], [])  # ten points
    assert found({NOW: now, YEAR_AGO: before | {"done": 76}}, of) == ([], [])  # four
    assert found({NOW: now, YEAR_AGO: {"done": 4, "due": 8}}, of) == ([], [])  # of eight


@pytest.mark.parametrize(
    ("all_units", "units", "rose"),
    [("abcd", "a", []), ("abcd", "ab", ["f1_"]), ("abcd", "abc", ["f1_"]), ("abcde", "ab", [])],
)
def test_a_change_is_over_half_of_the_units_at_least(all_units: str, units: str, rose: list[str]) -> None:
    roster = Roster(tuple(Unit(code, f"Xã {code.upper()}", "commune") for code in all_units))
    figures = {**of_a({NOW: {"f1_": 400}}, all_units), **of_a({YEAR_AGO: {"f1_": 100}}, units)}
    assert codes(summary_of(figures, NOW, roster=roster, form=COUNTS), COUNTS) == (rose, [])


def test_only_like_for_like_counts_whatever_the_office_compares_with() -> None:
    figures = {**of_a({NOW: {"f1_": 400, "f2_": 400}}), **of_a({YEAR_AGO: {"f1_": 100, "f2_": 100}}, "abc")}
    figures = {**figures, YEAR_AGO: {**figures[YEAR_AGO], "d": {"f2_": 10}}}
    summary = summary_of(figures, NOW, roster=ROSTER, form=COUNTS, base="all")
    assert codes(summary, COUNTS) == (["f2_"], [])  # of the first, one unit more reported this time


def test_in_the_first_year_the_quarter_before_is_what_there_is() -> None:
    now, before = {"f1_": 150, "f2_": 90}, {"f1_": 100, "f2_": 100}
    summary = summary_of(of_a({NOW: now, BEFORE: before}), NOW, roster=ROSTER, form=COUNTS)
    assert (movements(summary, COUNTS).against, codes(summary, COUNTS)) == ("previous", (["f1_"], ["f2_"]))
    alone = summary_of(of_a({NOW: now}), NOW, roster=ROSTER, form=COUNTS)
    assert movements(alone, COUNTS).compared == ()


def test_all_whose_change_the_tables_print_are_counted() -> None:
    # f3_ is a part, no sentence is about f2_; from nothing to 5 there is no change to print.
    of = form(
        asked("f1_"),
        {"code": "f2_", "label": "f2_"},
        asked("f3_", part_of="f1_"),
        asked("f4_"),
        asked("f5_"),
        {"code": "f6_", "label": "f6_", "type": "choice", "choices": ["a", "b"]},
    )
    now = {"f1_": 101, "f2_": 100, "f3_": 99, "f4_": 5, "f5_": 7}
    before = {"f1_": 100, "f2_": 100, "f3_": 100, "f4_": 0}
    summary = summary_of(of_a({NOW: now, YEAR_AGO: before}), NOW, roster=ROSTER, form=of)
    moved = movements(summary, of)
    names = [[f.indicator.code for f in each] for each in (moved.up, moved.down, moved.same, moved.main)]
    assert names == [["f1_"], ["f3_"], ["f2_"], ["f1_"]]
    assert moved.of_some
    # The table of all figures has as many changes.
    table = province_table(summary, of, calendar_of(ROSTER).units(summary.period))
    column = [one.key for one in table.columns].index("change_year_ago")
    printed = [row.cells[column] for row in table.rows if isinstance(row.cells[column], int | float)]
    assert len(printed) == len(moved.compared)


def test_regrouped_units_are_compared_with_what_they_were() -> None:
    # A and B became N in July: 60 against 20 + 30 is a fifth more; A alone would have trebled.
    june, july = dt.date(2024, 6, 30), dt.date(2024, 7, 1)
    roster = Roster(
        (
            Unit("a", "Xã A", "commune", valid_to=june),
            Unit("b", "Xã B", "commune", valid_to=june),
            Unit("n", "Xã N", "commune", valid_from=july, predecessors=("a", "b")),
        )
    )
    figures: Figures = {
        "2023-Q4": {"a": {"f1_": 20}, "b": {"f1_": 30}},
        "2024-Q4": {"n": {"f1_": 60}},
    }
    (only,) = movements(summary_of(figures, "2024-Q4", roster=roster, form=COUNTS), COUNTS).rose
    assert (only.base, only.value, only.change) == (50, 60, 0.2)
