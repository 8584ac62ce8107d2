"""Figures of quarters whose form did not ask for them: no base, no part of a sum, and said so."""

from __future__ import annotations

import pytest

from reportctl.core.language import speaking
from reportctl.core.period import parse_period
from reportctl.core.table import NOT_APPLICABLE, NOT_ASKED, Table
from reportctl.figures.matrices import matrix_table
from reportctl.figures.notes import labels_of
from reportctl.figures.tables import figure_cell, kind_table, province_table, unit_table
from reportctl.form.asked_then import Unasked
from reportctl.form.model import Form
from reportctl.report.sentences import figure_tags, sentences
from tests.making import matrix
from tests.making.figures import FORM, ROSTER, Figures, calendar_of, indicator, one, summary_of

NEW, OTHERWISE = Unasked.NEW, Unasked.OTHERWISE
UNITS = calendar_of(ROSTER).units(parse_period("2024-Q2"))
TWO = one("added", {"2024-Q1": {}, "2024-Q2": {"a": 6, "b": 5, "p": 3}})
# Whoever reported has an answer to something else.
REPORTED: Figures = {"2024-Q1": {unit: {"stock": 1} for unit in "abp"}, "2024-Q2": TWO["2024-Q2"]}


def province(figures: Figures, period: str, unasked: object) -> Table:
    summary = summary_of(figures, period, unasked=unasked)  # type: ignore[arg-type]
    return province_table(summary, FORM, calendar_of(ROSTER).units(summary.period))


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (NEW, "The previous quarter: the form did not have this yet, so that nothing is compared: added."),
        (OTHERWISE, "The previous quarter: asked otherwise (unit of measure, type), so not compared: added."),
    ],
)
def test_there_is_no_base(why: Unasked, said: str) -> None:
    unasked = {"2024-Q1": {"added": why}}
    figure = summary_of(REPORTED, "2024-Q2", unasked=unasked).figures["added"]
    found = figure.against_previous
    assert (figure.value, found.base, found.value, found.whole, found.comparable) == (14, None, None, None, 0)
    assert [(str(quarter), reason) for quarter, reason in found.unasked] == [("2024-Q1", why)]
    assert (figure_cell(figure, "previous"), figure_cell(figure, "change_previous")) == (NOT_ASKED, NOT_ASKED)
    assert figure_cell(figure, "year_ago") is None
    table = province(REPORTED, "2024-Q2", unasked)
    assert said in table.notes
    assert "·: not asked." in table.notes


def test_whoever_was_not_asked_does_not_lack_it() -> None:
    """Neither the year to date nor the part of the plan says that units are missing then."""
    unasked = {"2024-Q1": {"added": NEW}}
    plan = {(unit, "added", 2024): 10 for unit in "abp"}
    summary = summary_of(REPORTED, "2024-Q2", unasked=unasked, plan=plan)
    figure = summary.figures["added"]
    assert (figure.to_date, figure.gaps, figure.of_plan) == (14, (), 0.466666666666667)
    assert figure.plan_incomplete
    notes = province(REPORTED, "2024-Q2", unasked).notes
    assert "(**): Q1 2024: the form did not have this yet: added." in notes
    assert not any("lacks figures of" in note for note in notes)


def test_a_span_says_which_quarter_it_is_without() -> None:
    unasked = {"2024-Q1": {"added": NEW}}
    summary = summary_of(REPORTED, "2024-H1", unasked=unasked)
    figure = summary.figures["added"]
    assert (figure.value, figure.given) == (14, (3, 3))
    table = province(REPORTED, "2024-H1", unasked)
    row = next(row for row in table.rows if row.about and row.about.code == "added")
    assert row.marks["value"] == "(**)"
    assert "(**): Q1 2024: the form did not have this yet: added." in table.notes
    by_unit = unit_table(summary, FORM, UNITS, "all")
    marked = [row.marks.get("added") for row in by_unit.rows if row.about and row.about.units == ("a",)]
    assert marked == ["(**)"]
    # What counts with its last quarter lacks nothing.
    stock: Figures = {"2024-Q1": {"a": {"added": 1}}, "2024-Q2": {unit: {"stock": 2} for unit in "abp"}}
    last = summary_of(stock, "2024-H1", unasked={"2024-Q1": {"stock": NEW}}).figures["stock"]
    assert (last.value, last.unasked) == (6, ())


def test_a_span_of_which_a_quarter_was_not_asked_is_compared_with_nothing() -> None:
    every = dict.fromkeys("abp", 5)
    figures = one("added", {"2023-Q1": every, "2023-Q2": every, "2024-Q1": every, "2024-Q2": every})
    then = summary_of(figures, "2024-H1").figures["added"].against_year_ago
    assert (then.base, then.change) == (30, 0)
    short = {q: values for q, values in figures.items() if q != "2023-Q1"} | {"2023-Q1": REPORTED["2024-Q1"]}
    then = summary_of(short, "2024-H1", unasked={"2023-Q1": {"added": NEW}}).figures["added"].against_year_ago
    assert (then.base, then.whole) == (None, None)
    table = province(short, "2024-H1", {"2023-Q1": {"added": NEW}})
    assert any("(Q1 2023): the form did not have this yet" in note for note in table.notes)
    # And the other way round: a half-year with one quarter is not compared with a whole one.
    now = {q: values for q, values in figures.items() if q != "2024-Q1"} | {"2024-Q1": REPORTED["2024-Q1"]}
    found = summary_of(now, "2024-H1", unasked={"2024-Q1": {"added": NEW}}).figures["added"]
    assert (found.value, found.against_year_ago.base, found.against_year_ago.unasked) == (15, None, ())


def test_what_was_imported_for_a_quarter_that_did_not_ask_is_a_base() -> None:
    imported: Figures = {
        "2024-Q1": {unit: {"stock": 1, "added": 7} for unit in "abp"},
        "2024-Q2": REPORTED["2024-Q2"],
    }
    figure = summary_of(imported, "2024-Q2", unasked={"2024-Q1": {"added": NEW}}).figures["added"]
    assert (figure.against_previous.base, figure.against_previous.unasked, figure.unasked) == (21, (), ())
    whole: Figures = {"2024-Q1": {"": {"added": 30}}, "2024-Q2": REPORTED["2024-Q2"]}
    figure = summary_of(whole, "2024-Q2", unasked={"2024-Q1": {"added": NEW}}).figures["added"]
    assert figure.against_previous.base == 30


def test_a_share_has_no_base_where_one_of_its_figures_has_none() -> None:
    ends = {unit: {"done": 1, "asked_for": 2} for unit in "abp"}
    figures: Figures = {"2024-Q1": {unit: {"done": 1} for unit in "abp"}, "2024-Q2": ends}
    figures_of = summary_of(figures, "2024-Q2", unasked={"2024-Q1": {"asked_for": NEW}}).figures
    assert [reason for _q, reason in figures_of["share"].against_previous.unasked] == [NEW]
    assert figures_of["done"].against_previous.base == 3


def test_a_figure_since_the_beginning_of_the_year_is_no_quarters_own() -> None:
    """In the quarter after it was asked first it holds that of both; only the year to date is known."""
    items = [indicator("visits", "sum", "last", cumulative=True), indicator("added")]
    form = Form.model_validate(
        {
            "id": "f",
            "title": "F",
            "kinds": [{"code": "district", "title": "H"}, {"code": "press", "title": "B"}],
            "sections": [{"code": "all", "title": "T", "indicators": items}],
        }
    )
    figures: Figures = {
        "2024-Q1": {unit: {"added": 1} for unit in "abp"},
        "2024-Q2": {unit: {"visits": 10, "added": 1} for unit in "abp"},
        "2024-Q3": {unit: {"visits": 14, "added": 1} for unit in "abp"},
    }
    unasked = {"2024-Q1": {"visits": NEW}}
    summary = summary_of(figures, "2024-Q2", form=form, unasked=unasked)
    figure = summary.figures["visits"]
    assert (figure.value, figure.to_date) == (None, 30)
    notes = province_table(summary, form, UNITS).notes
    assert "Q1 2024: the form did not have this yet: visits." in notes
    third = summary_of(figures, "2024-Q3", form=form, unasked=unasked).figures["visits"]
    assert (third.value, third.to_date, third.unasked) == (12, 42, ())


def test_a_quarter_that_was_not_asked_itself_is_none_of_nobody_reported() -> None:
    """As a report of an earlier quarter shows it that is made for a newer form."""
    unasked = {"2024-Q1": {"added": NEW, "stories": OTHERWISE}}
    summary = summary_of(REPORTED, "2024-Q1", unasked=unasked)
    assert (summary.figures["added"].absent, summary.figures["average"].absent) == (NOT_ASKED, None)
    units = calendar_of(ROSTER).units(summary.period)
    by_unit = unit_table(summary, FORM, units, "all")
    cells = {row.cells[1]: row.cells for row in by_unit.rows if row.about and len(row.about.units) == 1}
    keys = [column.key for column in by_unit.columns]
    assert {name: row[keys.index("added")] for name, row in cells.items()} == dict.fromkeys(cells, NOT_ASKED)
    stories = {name: row[keys.index("stories")] for name, row in cells.items()}
    assert stories == {"Huyện A": NOT_APPLICABLE, "Huyện B": NOT_APPLICABLE, "Báo P": NOT_ASKED}
    total = by_unit.rows[-1].cells
    assert (total[keys.index("added")], total[keys.index("stories")]) == (NOT_ASKED, NOT_ASKED)


def test_blank_zero_not_applicable_and_not_asked_are_four_things() -> None:
    figures: Figures = {
        "2024-Q2": {
            "a": {"added": 0, "stock": None, "least": None},
            "b": {"added": 0, "stock": None},
            "p": {"added": 0, "stock": None},
        }
    }
    summary = summary_of(figures, "2024-Q2", unasked={"2024-Q2": {"peak_sum": NEW}})
    cells = {code: figure_cell(figure, "value") for code, figure in summary.figures.items()}
    assert (cells["added"], cells["stock"], cells["peak_sum"]) == (0, NOT_APPLICABLE, NOT_ASKED)
    assert (cells["average"], cells["least"]) == (None, None)  # two have not said whether it applies
    table = kind_table(summary, FORM, UNITS, {"district": {}, "press": {}})
    values = {row.cells[1]: row.cells[-1] for row in table.rows if row.about}
    assert (values["stock"], values["peak_sum"], values["least"]) == (NOT_APPLICABLE, NOT_ASKED, None)


# ---- tables of the form, and sentences


def test_cells_of_a_row_that_is_new_are_named_by_the_row() -> None:
    new = {"2023-Q4": {f"rooms.n2.{column}": NEW for column in ("total", "solid")}}
    summary = summary_of(matrix.FIGURES, form=matrix.FORM, roster=matrix.ROSTER, unasked=new)
    # Figures that stand there all the same are those of before: there are none.
    without = {
        quarter: {
            unit: {code: v for code, v in values.items() if quarter != "2023-Q4" or ".n2." not in code}
            for unit, values in units.items()
        }
        for quarter, units in matrix.FIGURES.items()
    }
    summary = summary_of(without, form=matrix.FORM, roster=matrix.ROSTER, unasked=new)
    table = matrix_table(summary, matrix.ROOMS, matrix.UNITS)
    assert any(note.endswith("so that nothing is compared: Diện tích.") for note in table.notes)
    figures = [figure for code, figure in summary.figures.items() if code.startswith("rooms.")]
    row = [figure for figure in figures if ".n2." in figure.indicator.code]
    column = [figure for figure in figures if figure.indicator.code.endswith(".old")]
    assert labels_of(row, figures) == ("Diện tích",)
    assert labels_of(column, figures) == ("Công lập / Tạm",)
    assert labels_of(column[:1], figures) == ("Phòng · Công lập / Tạm",)
    assert labels_of(figures, figures) == ("everything in this table",)


def test_a_sentence_says_it_in_place_of_the_change() -> None:
    sentence = "Có {value}{change_year_ago}{change_previous}."
    form = Form.model_validate(
        {
            "id": "f",
            "title": "F",
            "kinds": [{"code": "district", "title": "H"}, {"code": "press", "title": "B"}],
            "sections": [
                {"code": "all", "title": "T", "indicators": [indicator("added", sentence=sentence)]}
            ],
        }
    )
    figures = dict.fromkeys(("2023-Q2", "2024-Q1"), REPORTED["2024-Q1"]) | {"2024-Q2": REPORTED["2024-Q2"]}

    def said(unasked: dict[str, dict[str, Unasked]]) -> str:
        summary = summary_of(figures, "2024-Q2", form=form, unasked=unasked)
        with speaking("vi"):
            (found,) = sentences(form.sections[0], summary)
        return found.text.replace("\u00a0", " ")

    every = {"2023-Q2": {"added": NEW}, "2024-Q1": {"added": NEW}}
    assert said(every) == "Có 14, cùng kỳ và quý trước chưa có chỉ tiêu này."
    assert said({"2023-Q2": {"added": NEW}}) == "Có 14, cùng kỳ chưa có chỉ tiêu này."
    assert said({"2024-Q1": {"added": OTHERWISE}}) == (
        "Có 14, không so sánh được do quý trước hỏi chỉ tiêu này theo cách khác."
    )
    two = said({"2023-Q2": {"added": NEW}, "2024-Q1": {"added": OTHERWISE}})
    assert two == (
        "Có 14, cùng kỳ chưa có chỉ tiêu này, "
        "không so sánh được do quý trước hỏi chỉ tiêu này theo cách khác."
    )
    summary = summary_of(figures, "2024-Q2", form=form, unasked=every)
    with speaking("vi"):
        tags = figure_tags(summary.figures["added"], summary.period)
    assert tags["added.change_previous"] == "quý trước chưa có chỉ tiêu này"
    assert tags["added.previous"] == "·"  # as in tables
