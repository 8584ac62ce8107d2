"""What a section's chart shows; caches, read with lxml, against the workbook, read with openpyxl."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from lxml import etree

from reportctl.core.period import Quarter, parse_period
from reportctl.figures.answers import read_answers
from reportctl.figures.figures import Summary
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summarise
from reportctl.figures.totals import quarter_values
from reportctl.form.model import Form
from reportctl.report.chart_figures import (
    bar_chart,
    bars_by_unit,
    bars_of,
    line_chart,
    quarters_chart,
    quarters_until,
)
from reportctl.word.charts import chart_parts
from reportctl.word.content import Chart
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import FakeLedger, calendar_of

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
Q1 = Quarter(2024, 1)
ROSTER = Roster(tuple(Unit(code, f"Xã {code.upper()}", "commune") for code in "abc"))


def form_of(**section: Any) -> Form:
    """A form whose section has a total with two parts, a number of meetings and a share."""
    indicators = [
        {"code": "meetings", "label": "Cuộc họp", "unit_of_measure": "cuộc"},
        {"code": "total", "label": "Tin, bài", "unit_of_measure": "bài"},
        {"code": "print_run", "label": "Báo in", "unit_of_measure": "bài", "part_of": "total"},
        {"code": "online", "label": "Báo mạng", "unit_of_measure": "bài", "part_of": "total"},
        {
            "code": "share", "label": "Tỷ lệ", "type": "percent", "over_units": "ratio", "over_time": "ratio",
            "numerator": "online", "denominator": "total",
        },
    ]  # fmt: skip
    return Form.model_validate(
        {
            "id": "f",
            "title": "Biểu",
            "kinds": [{"code": "commune", "title": "Xã"}],
            "sections": [{"code": "press", "title": "Báo chí", "indicators": indicators, **section}],
        }
    )


FIGURES = {
    "2022-Q4": {"a": {"total": 5}},
    "2023-Q4": {"a": {"total": 20, "online": 5}, "b": {"total": 10, "online": 1}},
    "2024-Q1": {"a": {"total": 30, "online": 6}, "b": {"total": 12, "online": 6}, "c": {"total": None}},
}


def summary(form: Form) -> Summary:
    ledger: Any = FakeLedger(FIGURES)
    return summarise(ledger, form, calendar_of(ROSTER), Plan({}), Quarter(2024, 1))


def bars(form: Form) -> Chart | None:
    section = form.sections[0]
    indicator = bars_of(section)
    assert indicator
    units = calendar_of(ROSTER).units(Quarter(2024, 1))
    return bar_chart(section, bars_by_unit(indicator, summary(form), units), Quarter(2024, 1))


def line(form: Form, last: Quarter = Q1) -> Chart | None:
    ledger: Any = FakeLedger(FIGURES)
    quarters = quarters_until(last)
    answers = read_answers(ledger, form, calendar_of(ROSTER), quarters)
    return line_chart(form.sections[0], quarter_values(answers, quarters), last)


def test_bars_compare_the_units_in_the_first_total() -> None:
    chart = bars(form_of(chart="bar"))
    assert chart
    assert (chart.shape, chart.categories) == ("bar", ("Xã A", "Xã B"))  # C has none to show
    assert [(s.name, s.values) for s in chart.series] == [("Tin, bài", (30, 12))]
    assert "Bar chart" in chart.description


def test_bars_of_the_figure_that_is_named() -> None:
    chart = bars(form_of(chart="bar", chart_of="share"))
    assert chart
    assert chart.series[0].values == (20, 50)  # 6/30, 6/12 of a hundred
    assert "(%)" in chart.title


def test_a_line_runs_through_the_last_eight_quarters() -> None:
    assert quarters_until(Quarter(2024, 1)) == tuple(
        Quarter(year, n) for year, n in ((2022, 2), (2022, 3), (2022, 4), (2023, 1), (2023, 2), (2023, 3),
                                         (2023, 4), (2024, 1))
    )  # fmt: skip
    chart = line(form_of(chart="line"))
    assert chart
    assert chart.shape == "line"
    assert len(chart.categories) == 6  # from the first that has a figure
    assert [(s.name, s.values) for s in chart.series] == [("Tin, bài", (5, None, None, None, 30, 42))]


def test_a_line_of_the_figure_that_is_named_and_none_of_a_single_quarter() -> None:
    chart = line(form_of(chart="line", chart_of="share"))
    assert chart
    assert chart.series[0].values == (20, pytest.approx(100 * 12 / 42))  # 6/30, 12/42: ratios of sums
    assert line(form_of(chart="line"), Quarter(2023, 1)) is None


def test_a_lines_span_ends_with_the_periods_last_quarter() -> None:
    assert quarters_until(parse_period("2024-H1").last)[-1] == Quarter(2024, 2)


@pytest.mark.parametrize("make", [bars, line])
def test_what_word_shows_is_what_the_workbook_holds(make: Any) -> None:
    chart = make(form_of(chart="bar"))
    xml, workbook = chart_parts(chart)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).active
    root = etree.fromstring(xml)
    for series in root.iter(f"{C}ser"):
        for name in ("tx", "cat", "val"):
            node = series.find(f"{C}{name}")
            cells = sheet[node.findtext(f".//{C}f").split("!")[1].replace("$", "")]
            held = [c[0].value for c in cells] if isinstance(cells, tuple) else [cells.value]
            points = {int(pt.get("idx")): pt.findtext(f"{C}v") for pt in node.iter(f"{C}pt")}
            assert {n: str(v) for n, v in enumerate(held) if v is not None} == points


def test_every_bar_has_its_name_and_axes_begin_with_zero() -> None:
    for chart, flat in ((bars(form_of(chart="bar")), True), (line(form_of(chart="line")), False)):
        assert chart
        root = etree.fromstring(chart_parts(chart)[0])
        assert (root.find(f".//{C}catAx/{C}tickLblSkip") is not None) == flat
        assert root.find(f".//{C}valAx/{C}scaling/{C}min").get("val") == "0"


def test_the_quarters_of_a_span_stand_beside_those_of_the_year_before() -> None:
    (section,) = form_of().sections
    span = parse_period("2024-H1")
    values = {
        "total": {
            Quarter(2023, 1): 30, Quarter(2023, 2): None, Quarter(2024, 1): 42, Quarter(2024, 2): 40,
            Quarter(2023, 4): 99,
        },
        "print_run": {Quarter(2024, 1): 1, Quarter(2024, 2): 2},
    }  # fmt: skip
    chart = quarters_chart(section, values, span, [Quarter(2024, 1), Quarter(2023, 4)])
    assert chart
    assert (chart.shape, chart.categories) == ("column", ("Q1", "Q2"))
    assert [(one.name, one.values, one.code) for one in chart.series] == [
        ("2023", (30, None), "total"),
        ("2024", (42, 40), "total"),
    ]
    assert [one.quarters for one in chart.series] == [
        (Quarter(2023, 1), Quarter(2023, 2)),
        (Quarter(2024, 1), Quarter(2024, 2)),
    ]
    assert chart.title == "Tin, bài (bài), first half of 2024 (units are missing in Q1 2024)"


def test_one_quarter_alone_is_no_chart_and_a_year_without_figures_no_row() -> None:
    (section,) = form_of().sections
    span = parse_period("2024-H1")
    assert quarters_chart(section, {"total": {Quarter(2024, 1): 42}}, span) is None
    assert quarters_chart(section, {}, span) is None
    chart = quarters_chart(section, {"total": {Quarter(2024, 1): 42, Quarter(2024, 2): 1}}, span)
    assert chart
    assert [one.name for one in chart.series] == ["2024"]
