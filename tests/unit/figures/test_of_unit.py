"""One unit's figures as a summary of their own. Every expected figure is worked out by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from reportctl.core.period import Quarter, parse_period
from reportctl.core.table import Role
from reportctl.figures.answers import Answers
from reportctl.figures.of_unit import UnitFigures, table_of_unit, unit_figures
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summary_of_answers
from reportctl.form.model import Form
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import Figures, answers_of, calendar_of

FORM = Form.model_validate(
    {
        "id": "form",
        "title": "Biểu",
        "kinds": [{"code": "commune", "title": "Xã"}, {"code": "press", "title": "Báo"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [
                    {"code": "classes", "label": "Lớp", "unit_of_measure": "lớp"},
                    {"code": "people", "label": "Người"},
                    {"code": "share", "label": "Tỷ lệ", "type": "percent", "numerator": "classes",
                     "denominator": "people", "over_units": "ratio", "over_time": "ratio"},
                    {"code": "rank", "label": "Hạng", "over_units": "none", "over_time": "last"},
                ],
            }
        ],
    }
)  # fmt: skip
MERGED = dt.date(2024, 1, 1)
# `m` is made of `a` and `b`; `d` gave a part of itself to `e`.
ROSTER = Roster(
    (
        Unit("a", "Xã A", "commune", valid_to=dt.date(2023, 12, 31)),
        Unit("b", "Xã B", "commune", valid_to=dt.date(2023, 12, 31)),
        Unit("m", "Xã M", "commune", valid_from=MERGED, predecessors=("a", "b")),
        Unit("c", "Xã C", "commune"),
        Unit("d", "Xã D", "commune"),
        Unit("e", "Xã E", "commune", valid_from=MERGED, predecessors=("d",)),
        Unit("p", "Báo P", "press"),
    )
)
FIGURES: Figures = {
    "2023-Q1": {
        "a": {"classes": 4, "people": 40},
        "b": {"classes": 6, "people": 20},
        "c": {"classes": 5, "people": 50, "rank": 2},
        "d": {"classes": 9, "people": 90},
        "p": {"classes": 1, "people": 2},
    },
    "2024-Q1": {
        "m": {"classes": 15, "people": 60, "rank": 1},
        "c": {"classes": 4, "people": 50, "rank": 3},
        "d": {"classes": 3, "people": 30},
        "e": {"classes": 8, "people": 60},
        "p": {"classes": 100, "people": 200},
    },
}
PLAN = Plan({("m", "classes", 2024): 30, ("c", "classes", 2024): 16, ("d", "classes", 2024): 90})


def found(unit: str, period: str = "2024-Q1") -> UnitFigures:
    calendar, when = calendar_of(ROSTER), parse_period(period)
    answers = answers_of(FIGURES, period, roster=ROSTER, form=FORM)
    whole = summary_of_answers(answers, PLAN, when)
    return unit_figures(answers, PLAN, whole, calendar.units(when)[unit])


def of(unit: str, code: str = "classes") -> Any:
    return found(unit).summary.figures[code]


def test_a_unit_has_its_own_figure_its_change_and_its_plan() -> None:
    figure = of("c")
    assert (figure.value, figure.against_year_ago.base, figure.change_year_ago) == (4, 5, -0.2)
    assert (figure.plan, figure.of_plan) == (16, 0.25)
    assert of("c", "share").value == 0.08
    assert of("c", "share").change_year_ago == -0.02


def test_a_merged_unit_is_compared_with_those_it_was_made_of() -> None:
    figure = of("m")
    assert (figure.value, figure.against_year_ago.base, figure.change_year_ago) == (15, 10, 0.5)
    assert figure.of_plan == 0.5
    assert of("m", "share").against_year_ago.base == float(Fraction(10, 60).__round__(15))
    assert found("m").kin == {"a", "b", "m"}


def test_a_divided_unit_is_compared_with_nothing() -> None:
    for unit in ("d", "e"):
        assert of(unit).against_year_ago.base is None
        assert of(unit).change_year_ago is None


def test_what_is_not_added_up_is_the_unit_s_all_the_same() -> None:
    assert of("m", "rank").value == 1
    assert of("p", "rank").value is None


def test_the_mean_is_of_the_unit_s_kind_and_of_three_at_least() -> None:
    own = found("c")
    assert own.means["classes"] == 7.5  # 15, 4, 3, 8
    assert own.means["share"] == 0.15  # 30 of 200
    assert set(own.peers["classes"]) == {"m", "c", "d", "e"}
    assert found("p").means == {}


def test_the_table_has_a_row_for_each_figure_asked() -> None:
    table = table_of_unit(found("m"), FORM)
    rows = {str(row.cells[1]): row.cells for row in table.rows if row.role is not Role.SECTION}
    keys = [column.key for column in table.columns]
    assert keys == ["number", "label", "value", "year_ago", "change_year_ago", "plan", "of_plan", "mean"]
    assert rows["Lớp (lớp)"] == ("1", "Lớp (lớp)", 15, 10, 0.5, 30, 0.5, 7.5)
    assert next(cells for label, cells in rows.items() if label.startswith("Hạng"))[2] == 1


def test_a_report_without_a_figure_counts_all_the_same() -> None:
    lists = Form.model_validate(
        {
            "id": "lists",
            "title": "Danh sách",
            "kinds": [{"code": "commune", "title": "Xã"}],
            "lists": [{"code": "schools", "title": "Trường", "columns": [{"code": "name", "label": "Tên"}]}],
        }
    )
    quarter = Quarter(2024, 1)
    calendar = calendar_of(Roster((Unit("a", "Xã A", "commune"), Unit("b", "Xã B", "commune"))))
    answers = Answers(lists, calendar, {}, {}, {quarter: frozenset("a")}, frozenset({quarter}))
    whole = summary_of_answers(answers, Plan({}), quarter)
    for unit, accepted in (("a", ("a",)), ("b", ())):
        own = unit_figures(answers, Plan({}), whole, calendar.units(quarter)[unit])
        assert own.summary.coverage.accepted == accepted
