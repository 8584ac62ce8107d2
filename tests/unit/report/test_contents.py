"""What the report says of a quarter and of longer periods; sentences are written out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reportctl.core import language
from reportctl.core.period import Quarter, parse_period
from reportctl.form.model import Form
from reportctl.report.chart_figures import column_chart
from reportctl.report.contents import ReportData, contents
from reportctl.report.heading import lead, title
from reportctl.report.unit_texts import UnitText
from reportctl.word.content import Chart, Paragraph
from reportctl.workspace.settings import ReportSettings
from tests.making.figures import Figures
from tests.making.material import FIGURES, FORM, material, sentence


@pytest.fixture
def vietnamese() -> Iterator[None]:
    with language.speaking("vi"):
        yield


def words(text: str) -> str:
    return text.replace("\u00a0", " ")


# ---- titles


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        (
            "2024-Q1",
            "Kết quả hoạt động quý I và nhiệm vụ trọng tâm quý II năm 2024",
            "Results for the first quarter and main tasks for the second quarter of 2024",
        ),
        (
            "2024-Q4",
            "Kết quả hoạt động quý IV năm 2024 và nhiệm vụ trọng tâm quý I năm 2025",
            "Results for the fourth quarter of 2024 and main tasks for the first quarter of 2025",
        ),
        (
            "2024-H1",
            "Kết quả hoạt động 6 tháng đầu năm và nhiệm vụ trọng tâm 6 tháng cuối năm 2024",
            "Results for the first half and main tasks for the second half of 2024",
        ),
        (
            "2024-H2",
            "Kết quả hoạt động 6 tháng cuối năm 2024 và nhiệm vụ trọng tâm 6 tháng đầu năm 2025",
            "Results for the second half of 2024 and main tasks for the first half of 2025",
        ),
        (
            "2024-9M",
            "Kết quả hoạt động 9 tháng đầu năm và nhiệm vụ trọng tâm quý IV năm 2024",
            "Results for the first nine months and main tasks for the fourth quarter of 2024",
        ),
        (
            "2024",
            "Kết quả hoạt động năm 2024 và phương hướng, nhiệm vụ trọng tâm năm 2025",
            "Results for 2024; directions and main tasks for 2025",
        ),
    ],
)
def test_titles(period: str, vi: str, en: str) -> None:
    assert words(title(parse_period(period))) == en
    with language.speaking("vi"):
        assert words(title(parse_period(period))) == vi


def test_the_next_period_stays_on_one_line() -> None:
    assert title(parse_period("2024-H1")).endswith(
        "main tasks for the\u00a0second\u00a0half\u00a0of\u00a02024"
    )
    with language.speaking("vi"):
        assert title(parse_period("2024-Q4")) == (
            "Kết quả hoạt động quý\u00a0IV năm\u00a02024 và nhiệm vụ trọng tâm quý\u00a0I\u00a0năm\u00a02025"
        )


# ---- sentences


@pytest.mark.parametrize(
    ("period", "said"),
    [
        # 6+6 against 5+5; in the quarter before 20+20. Of the plan of 100: 12.
        ("2024-Q1", "Mở 12 lớp, tăng 20% so với cùng kỳ, giảm 70% so với quý trước, đạt 12% kế hoạch năm."),
        # The year to date is 12+24.
        (
            "2024-Q2",
            "Mở 24 lớp, tăng 20% so với cùng kỳ, tăng 100% so với quý trước, lũy kế 6 tháng đạt 36% kế hoạch "
            "năm.",
        ),
        (
            "2024-H1",
            "Mở 36 lớp, tăng 20% so với cùng kỳ năm trước, giảm 48,6% so với 6 tháng cuối năm trước, đạt 36% "
            "kế hoạch năm.",
        ),
        ("2024-9M", "Mở 72 lớp, tăng 20% so với cùng kỳ năm trước, đạt 72% kế hoạch năm."),
        ("2024", "Mở 120 lớp, tăng 20% so với năm trước, đạt 120% kế hoạch năm."),
    ],
)
@pytest.mark.usefixtures("vietnamese")
def test_sentences_name_what_they_compare_with(period: str, said: str) -> None:
    assert words(sentence(FORM, "classes", material(period).summary)) == said


@pytest.mark.usefixtures("vietnamese")
def test_shares_change_by_points_and_have_no_decimal_that_is_zero() -> None:
    said = sentence(FORM, "share", material("2024-9M").summary)
    assert words(said) == "Tỷ lệ đạt 75%, tăng 25 điểm phần trăm so với cùng kỳ năm trước."
    assert contents(material("2024-9M"))["share"] == "75%"


def test_tags_of_the_plan() -> None:
    said = contents(material("2024-Q3"))
    assert said["classes.plan"] == "100"
    assert said["classes.of_plan"] == "with the nine months together at 72% of the year's plan"
    assert contents(material("2024-9M"))["classes.of_plan"] == "72% of the year's plan"
    assert said["talks.of_plan"] == ""


# ---- the lead-in


def lead_of(made: ReportData) -> list[str]:
    said = lead(made.settings, made.summary, made.units)
    return [words(paragraph.text) for paragraph in said]


def without(figures: Figures, *gone: tuple[str, str]) -> Figures:
    return {
        quarter: {unit: values for unit, values in units.items() if (quarter, unit) not in gone}
        for quarter, units in figures.items()
    }


def test_a_quarter_says_who_has_reported() -> None:
    assert lead_of(material("2024-Q2")) == [
        "Ban Tuyên giáo reports on the results for the second quarter of 2024 as follows (figures from "
        "15 Mar 2024 to 14 Jun 2024):",
        "All 2 units have reported.",
    ]
    assert lead_of(material("2024-Q2", without(FIGURES, ("2024-Q2", "b"))))[1] == (
        "1 of 2 units have reported (50%). Not in the figures: Huyện B. Comparisons cover only the "
        "units that have figures for both periods."
    )


def test_a_quarter_without_any_report_names_nobody() -> None:
    nobody = without(FIGURES, ("2024-Q2", "a"), ("2024-Q2", "b"))
    assert lead_of(material("2024-Q2", nobody))[1].startswith("None of 2 units has reported yet.")


def test_a_span_says_who_is_missing_in_which_quarter() -> None:
    first, second = lead_of(material("2024-H1"))
    assert "(figures from 15 Dec 2023 to 14 Jun 2024)" in first
    assert second == "All 2 units have reported in every quarter."
    figures = without(FIGURES, ("2024-Q1", "a"), ("2024-Q2", "b"))
    said = lead_of(material("2024-H1", figures))[1]
    assert said.startswith("Not in the figures: Q1 2024: Huyện A; Q2 2024: Huyện B.")


def test_a_quarter_from_which_nobody_has_reported_names_nobody() -> None:
    figures = {quarter: units for quarter, units in FIGURES.items() if quarter != "2024-Q1"}
    assert lead_of(material("2024-H1", figures))[-1].startswith("Not in the figures: Q1 2024: all units.")


@pytest.mark.parametrize(
    ("where", "body", "annex"),
    [
        ("annex", ["Một (Huyện A)."], ["1. Kết quả", "Huyện A:", "Một"]),
        ("body", ["Huyện A:", "Một"], []),
        ("none", ["Một (Huyện A)."], []),
    ],
)
def test_texts_stand_where_the_settings_say(where: str, body: list[str], annex: list[str]) -> None:
    data = material("2024-Q1", texts=(UnitText("results", "a", "- Một"),))
    settings = data.settings.model_copy(update={"report": ReportSettings.model_validate({"texts": where})})
    said = contents(replace(data, settings=settings))

    def lines(tag: str) -> list[str]:
        content = said[tag]
        assert isinstance(content, tuple)
        return [f"{one.lead}{one.text}" for one in content]

    assert lines("text:results") == body
    assert lines("annex:texts") == annex
    assert lines("annex:text:results") == (annex[1:] if where == "annex" else [])


@pytest.mark.parametrize("where", ["annex", "body"])
def test_what_was_to_come_in_an_earlier_quarter_of_a_span_is_no_task_to_come(where: str) -> None:
    q1, q2 = Quarter(2024, 1), Quarter(2024, 2)
    texts = (
        UnitText("results", "a", "Một", q1),
        UnitText("tasks", "a", "Việc quý hai", q1),
        UnitText("tasks", "b", "Việc quý ba", q2),
    )
    questions = [
        {"code": "results", "label": "Kết quả"},
        {"code": "tasks", "label": "Nhiệm vụ", "about": "next_period"},
    ]
    form = Form.model_validate({**FORM.model_dump(exclude_unset=True), "texts": questions})
    data = material("2024-H1", texts=texts)
    settings = data.settings.model_copy(update={"report": ReportSettings.model_validate({"texts": where})})

    def said(data: ReportData, tag: str) -> str:
        content = contents(replace(data, settings=settings))[tag]
        assert isinstance(content, tuple)
        return words("|".join(f"{one.lead}{one.text}" for one in content if isinstance(one, Paragraph)))

    made = replace(data, form=form)
    assert (
        said(made, "text:tasks") == {"annex": "Việc quý ba (Huyện B).", "body": "Huyện B: Việc quý ba"}[where]
    )
    assert "Một" in said(made, "text:results")
    if where == "annex":
        assert "Việc quý hai" in said(made, "annex:text:tasks")
        assert "Việc quý ba" in said(made, "annex:text:tasks")
    # Of a quarter nothing is left out, and by itself no question is about the period after.
    quarter = replace(material("2024-Q1", texts=(UnitText("tasks", "a", "Việc quý hai"),)), form=form)
    assert "Việc quý hai" in said(quarter, "text:tasks")
    plain = Form.model_validate(
        {**FORM.model_dump(exclude_unset=True), "texts": [questions[0] | {"code": "tasks"}]}
    )
    assert "Việc quý hai" in said(replace(data, form=plain), "text:tasks")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_who_missed_one_quarter_of_a_span_missed_that_one(number: int) -> None:
    said = lead_of(material("2024-9M", without(FIGURES, (f"2024-Q{number}", "b"))))[1]
    assert said.startswith(f"Not in the figures: Q{number} 2024: Huyện B.")


# ---- all of it


def test_the_next_period_and_the_fixed_parts() -> None:
    said = contents(material("2024-H1", texts=(UnitText("results", "a", "- Một\n- Hai"),)))
    assert words(str(said["next_period"])) == "SECOND HALF OF 2024"
    assert said["issuer.recipients"] == (Paragraph("- Tỉnh ủy,"), Paragraph("- Lưu Văn phòng."))
    assert said["text:results"] == (
        Paragraph("Một (Huyện A).", "", item=True),
        Paragraph("Hai (Huyện A).", "", item=True),
    )


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("2024-Q2", ["Cùng kỳ", "Quý trước", "Quý II/2024"]),
        ("2024-H1", ["Cùng kỳ năm trước", "6 tháng cuối năm trước", "6 tháng đầu năm 2024"]),
        ("2024-9M", ["Cùng kỳ năm trước", "9 tháng đầu năm 2024"]),
        ("2024", ["Năm trước", "Năm 2024"]),  # the year before, once
    ],
)
def test_charts_name_their_periods(period: str, names: list[str]) -> None:
    chart = column_chart(FORM.sections[0], material(period).summary)
    assert isinstance(chart, Chart)
    assert [words(series.name) for series in chart.series] == names
