"""Sentences made from the form. Every expected sentence is worked out and written out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from reportctl.core import language
from reportctl.core.period import parse_period
from reportctl.figures.plan import Plan
from reportctl.figures.summary import summarise
from reportctl.form.model import Form
from reportctl.report.sentences import section_sentences, sentences
from reportctl.word.content import Paragraph
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import FakeLedger, Figures, calendar_of
from tests.making.material import sentence

FORM = Form.model_validate(
    {
        "id": "form",
        "title": "Biểu",
        "kinds": [{"code": "district", "title": "Huyện"}],
        "sections": [
            {
                "code": "press",
                "title": "Báo chí",
                "sentence": "Chi {spent.value} cho {stories.value}{stories.change_previous}.",
                "sentence_en": "{spent.value} went to {stories.value}{stories.change_previous}.",
                "indicators": [
                    {
                        "code": "stories",
                        "label": "Tin",
                        "unit_of_measure": "tin",
                        "unit_of_measure_en": "stories",
                        "sentence": "Đăng {value}{change_year_ago}.",
                        "sentence_en": "{value} were published{change_year_ago}.",
                        "sentence_zero": "Không đăng tin, chi {spent.value}.",
                        "sentence_zero_en": "Nothing was published, for {spent.value}.",
                    },
                    {
                        "code": "radio",
                        "label": "Phát thanh",
                        "unit_of_measure": "tin",
                        "part_of": "stories",
                        "sentence": "Trong đó, phát thanh {value}.",
                    },
                    {
                        "code": "spent",
                        "label": "Chi",
                        "type": "money",
                        "unit_of_measure": "triệu đồng",
                        "unit_of_measure_en": "million dong",
                        "sentence": "Chi {value}, bằng {share.value} dự toán.",
                        "sentence_en": "Spending was {value}, {share.value} of the budget.",
                    },
                    {"code": "planned", "label": "Dự toán", "type": "money"},
                    {
                        "code": "share",
                        "label": "Tỷ lệ",
                        "type": "percent",
                        "numerator": "spent",
                        "denominator": "planned",
                        "over_units": "ratio",
                        "over_time": "ratio",
                        "sentence": "Tỷ lệ chi {value}{change_year_ago}.",
                        "sentence_en": "The share spent was {value}{change_year_ago}.",
                    },
                ],
            }
        ],
    }
)
ROSTER = Roster(tuple(Unit(code, f"Huyện {code.upper()}", "district") for code in "abc"))
NOW, BEFORE, YEAR_AGO = "2024-Q2", "2024-Q1", "2023-Q2"


def summary(figures: Figures, estimates: Sequence[tuple[str, str, str]] = ()) -> Any:
    ledger: Any = FakeLedger(figures, estimates)
    return summarise(ledger, FORM, calendar_of(ROSTER), Plan({}), parse_period(NOW))


def stories(now: dict[str, float], before: dict[str, float] | None = None) -> Figures:
    """This quarter's and the same of last year, by unit."""
    quarters = {NOW: now, YEAR_AGO: before or {}}
    return {quarter: {u: {"stories": v} for u, v in units.items()} for quarter, units in quarters.items()}


def said(code: str, made: Any) -> tuple[str, str]:
    """The sentence in Vietnamese and in English."""
    words = []
    for spoken in ("vi", "en"):
        with language.speaking(spoken):
            words.append(sentence(FORM, code, made).replace("\u00a0", " "))
    return words[0], words[1]


@pytest.mark.parametrize(
    ("now", "before", "vi", "en"),
    [
        pytest.param(  # 90 + 45 against 60 + 60: 135/120 = 1.125
            {"a": 90, "b": 45},
            {"a": 60, "b": 60},
            "Đăng 135 tin, tăng 12,5% so với cùng kỳ.",
            "135 stories were published, up 12.5% on the same quarter last year.",
            id="increase",
        ),
        pytest.param(  # 1,050 of 1,200: an eighth less
            {"a": 1000, "b": 50},
            {"a": 600, "b": 600},
            "Đăng 1.050 tin, giảm 12,5% so với cùng kỳ.",
            "1,050 stories were published, down 12.5% on the same quarter last year.",
            id="decrease",
        ),
        pytest.param(
            {"a": 5, "b": 2},
            {"a": 3, "b": 4},
            "Đăng 07 tin, không thay đổi so với cùng kỳ.",
            "7 stories were published, unchanged from the same quarter last year.",
            id="no change",
        ),
        pytest.param(  # 10,001 against 10,000: 0.01%
            {"a": 10001},
            {"a": 10000},
            "Đăng 10.001 tin, tăng dưới 0,1% so với cùng kỳ.",
            "10,001 stories were published, up less than 0.1% on the same quarter last year.",
            id="hardly any change",
        ),
        pytest.param(
            {"a": 12, "b": 8},
            {"a": 0, "b": 0},
            "Đăng 20 tin, cùng kỳ không phát sinh.",
            "20 stories were published, none in the same quarter last year.",
            id="zero last year",
        ),
        pytest.param(
            {"a": 12, "b": 8},
            {"a": 0},
            "Đăng 20 tin, cùng kỳ không phát sinh, tính trên 01/03 đơn vị so sánh được.",
            "20 stories were published, none in the same quarter last year, over the 1 of 3 units that can "
            "be compared.",
            id="zero last year from one",
        ),
        pytest.param(
            {"a": 12, "b": 8},
            {"c": 0},
            "Đăng 20 tin.",
            "20 stories were published.",
            id="zero last year from another",
        ),
        pytest.param(
            {"a": 12}, None, "Đăng 12 tin.", "12 stories were published.", id="nothing known of last year"
        ),
        pytest.param(  # b's 100 has nothing to be compared with: 30 against 20
            {"a": 30, "b": 100},
            {"a": 20},
            "Đăng 130 tin, tăng 50% so với cùng kỳ, tính trên 01/03 đơn vị so sánh được.",
            "130 stories were published, up 50% on the same quarter last year, over the 1 of 3 units that "
            "can be compared.",
            id="fewer comparable than reported",
        ),
        pytest.param(  # c has not reported; of a and b 30 against 20. The head says who is missing.
            {"a": 20, "b": 10},
            {"a": 10, "b": 10, "c": 500},
            "Đăng 30 tin, tăng 50% so với cùng kỳ.",
            "30 stories were published, up 50% on the same quarter last year.",
            id="no report from somebody",
        ),
        pytest.param({}, {"a": 10}, "", "", id="no report from anybody"),
    ],
)
def test_what_became_of_last_years_figure(
    now: dict[str, float], before: dict[str, float] | None, vi: str, en: str
) -> None:
    assert said("stories", summary(stories(now, before))) == (vi, en)


def quarter(**of_a: float) -> Figures:
    return {NOW: {"a": of_a, "b": {"stories": 1}}}


def test_of_yes_or_no_it_is_said_of_how_many_units() -> None:
    yes = {
        "code": "planned",
        "label": "Có kế hoạch",
        "type": "yes_no",
        "sentence": "Có {value} đã có kế hoạch.",
        "sentence_en": "{value} had a plan.",
    }
    section = {"code": "work", "title": "Công việc", "indicators": [yes]}
    kinds = [{"code": "commune", "title": "Xã"}]
    form = Form.model_validate({"id": "form", "title": "Biểu", "kinds": kinds, "sections": [section]})
    roster = Roster(tuple(Unit(code, f"Xã {code.upper()}", "commune") for code in "abcde"))
    # C says no, E has not reported.
    answers: Any = FakeLedger(
        {"2024-Q1": {"a": {"planned": 1}, "b": {"planned": 1}, "c": {"planned": 0}, "d": {"planned": 1}}}
    )
    made = summarise(answers, form, calendar_of(roster), Plan({}), parse_period("2024-Q1"))
    with language.speaking("vi"):
        assert sentence(form, "planned", made).replace("\u00a0", " ") == "Có 03/05 đơn vị đã có kế hoạch."
    with language.speaking("en"):
        assert sentence(form, "planned", made).replace("\u00a0", " ") == "3/5 units had a plan."


def test_an_estimate_is_said_to_be_one() -> None:
    made = summary(stories({"a": 1000, "b": 234}, {"a": 1234}), [(NOW, "b", "stories")])
    assert said("stories", made) == (
        "Ước đăng 1.234 tin, giảm 19% so với cùng kỳ, tính trên 01/03 đơn vị so sánh được.",
        "An estimated 1,234 stories were published, down 19% on the same quarter last year, over the 1 of "
        "3 units that can be compared.",
    )
    # Last year's estimate is no estimate of today.
    assert said("stories", summary(stories({"a": 5}, {"a": 5}), [(YEAR_AGO, "a", "stories")]))[0] == (
        "Đăng 05 tin, không thay đổi so với cùng kỳ."
    )


def test_a_share_is_said_to_be_an_estimate_where_nothing_beside_it_is() -> None:
    made = summary(quarter(spent=30, planned=40), [(NOW, "a", "spent")])
    assert said("spent", made) == (
        "Ước chi 30 triệu đồng, bằng 75% dự toán.",
        "Spending was an estimated 30 million dong, 75% of the budget.",
    )
    assert said("share", made) == ("Tỷ lệ chi ước 75%.", "The share spent was an estimated 75%.")
    of_budget = summary(quarter(spent=30, planned=40), [(NOW, "a", "planned")])
    assert said("spent", of_budget)[0] == "Chi 30 triệu đồng, ước bằng 75% dự toán."


def test_shares_change_by_points() -> None:
    figures = {
        NOW: {"a": {"spent": 30.0, "planned": 40.0}},
        YEAR_AGO: {"a": {"spent": 29.0, "planned": 40.0}},
    }
    assert said("share", summary(figures)) == (
        "Tỷ lệ chi 75%, tăng 2,5 điểm phần trăm so với cùng kỳ.",
        "The share spent was 75%, up 2.5 percentage points on the same quarter last year.",
    )


def test_no_sentence_has_a_hole() -> None:
    assert said("spent", summary(quarter(spent=30))) == ("", "")  # no budget, so no share of it
    assert said("stories", summary({NOW: {"a": {"stories": 0}}})) == ("", "")  # what was spent is missing


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("Đăng {value}, {change_year_ago}.", "Đăng 13 tin."),
        ("Đăng {value} ({change_year_ago}); tốt.", "Đăng 13 tin; tốt."),
        ("Đăng {value} {change_year_ago} {of_plan} trong kỳ.", "Đăng 13 tin trong kỳ."),
    ],
)
def test_an_empty_clause_leaves_no_signs_behind(pattern: str, words: str) -> None:
    """There are no figures of the year before, nor a plan."""
    first, *others = FORM.sections[0].indicators
    first = first.model_copy(update={"sentence": pattern, "sentence_en": ""})
    section = FORM.sections[0].model_copy(update={"indicators": (first, *others)})
    form = Form(id="form", title="Biểu", kinds=FORM.kinds, sections=(section,))
    with language.speaking("vi"):
        found = sentence(
            form,
            "stories",
            summarise(
                FakeLedger(quarter(stories=12)), form, calendar_of(ROSTER), Plan({}), parse_period(NOW)
            ),
        )
    assert found.replace("\u00a0", " ") == words


def test_of_zero_another_sentence_is_said_and_no_parts() -> None:
    made = summary({NOW: {"a": {"stories": 0, "radio": 0, "spent": 2.5}}})
    assert said("stories", made) == (
        "Không đăng tin, chi 2,5 triệu đồng.",
        "Nothing was published, for 2.5 million dong.",
    )
    assert said("radio", made) == ("", "")
    assert said("radio", summary(quarter(radio=0)))[0] == "Trong đó, phát thanh 0 tin."


def test_a_sections_own_sentence_stands_first_each_figure_in_its_own_unit_of_measure() -> None:
    figures = {
        BEFORE: {"a": {"stories": 4}},
        NOW: {"a": {"stories": 6, "spent": 30.5, "planned": 61.0}},
    }
    with language.speaking("vi"):
        (paragraph,) = section_sentences(FORM.sections[0], summary(figures))
    assert paragraph.text.replace("\u00a0", " ") == (
        "Chi 30,5 triệu đồng cho 06 tin, tăng 50% so với quý trước. Đăng 06 tin. "
        "Chi 30,5 triệu đồng, bằng 50% dự toán. Tỷ lệ chi 50%."
    )
    (paragraph,) = section_sentences(FORM.sections[0], summary({NOW: {"a": {"stories": 6}}}))
    assert paragraph == Paragraph("6\u00a0stories were published.")  # nothing spent, nothing to compare
    assert section_sentences(FORM.sections[0], summary({})) == ()


def test_the_figures_of_a_sections_sentences_are_told_as_they_stand_there() -> None:
    made = summary({BEFORE: {"a": {"stories": 4}}, NOW: {"a": {"stories": 6, "spent": 30}}})
    # No budget, so neither the sentence on spending nor that on its share.
    assert [(code, slot, words.replace("\u00a0", " ")) for code, slot, words in told(made)] == [
        ("spent", "value", "30 million dong"),
        ("stories", "value", "6 stories"),
        ("stories", "change_previous", "up 50% on the previous quarter"),
        ("stories", "value", "6 stories"),
    ]


def told(made: Any) -> list[tuple[str, str, str]]:
    return [figure for one in sentences(FORM.sections[0], made) for figure in one.figures]
