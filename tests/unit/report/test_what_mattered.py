"""What the report says of the largest changes and of units ahead and behind, written out by hand."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core import language
from reportctl.figures.figures import Summary
from reportctl.form.model import Form
from reportctl.report.contents import ReportData, contents
from reportctl.report.sentences import sentences
from reportctl.report.tags import known_tags
from reportctl.word.content import Paragraph
from reportctl.workspace.settings import Settings
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import Figures, calendar_of, summary_of

NOW, YEAR_AGO = "2024-Q1", "2023-Q1"
CODES = "abcdef"
ROSTER = Roster(tuple(Unit(code, f"Xã {code.upper()}", "commune") for code in CODES))
PLAN = {(unit, "classes", 2024): 100.0 for unit in CODES}


def form_of(
    classes: str = "{opening} các đơn vị mở {value}; {units_on_plan}{top}{behind}.", **more: Any
) -> Form:
    return Form.model_validate(
        {
            "id": "form",
            "title": "Biểu",
            "kinds": [{"code": "commune", "title": "Xã"}],
            "sections": [
                {
                    "code": "training",
                    "title": "Tập huấn",
                    "indicators": [
                        {
                            "code": "classes",
                            "label": "Lớp tập huấn đã mở",
                            "label_en": "Classes held",
                            "unit_of_measure": "lớp",
                            "unit_of_measure_en": "classes",
                            "sentence": classes,
                            "sentence_en": "{opening} the units held {value}; {units_on_plan}{top}{behind}.",
                        },
                        {
                            "code": "people",
                            "label": "Người dự",
                            "unit_of_measure": "lượt người",
                            "unit_of_measure_en": "participants",
                            "per": "classes",
                            "sentence": "Số người dự là {value}{top}{behind}.",
                        },
                    ],
                },
                {
                    "code": "press",
                    "title": "Báo chí",
                    "indicators": [
                        {
                            "code": "stories",
                            "label": "Tin, bài",
                            "unit_of_measure": "tin",
                            "sentence": "{opening} báo chí đăng {value}{top}{behind}.",
                        }
                    ],
                },
            ],
            **more,
        }
    )


FORM = form_of()


def quarter(classes: Sequence[float], stories: float = 60, people: float = 30) -> dict[str, dict[str, float]]:
    return {
        unit: {"classes": n, "stories": stories / 6, "people": people * n}
        for unit, n in zip(CODES, classes, strict=False)
    }


FIGURES: Figures = {NOW: quarter([30, 25, 24, 20, 10, 5]), YEAR_AGO: quarter([20] * 6, 80)}


def data(figures: Figures = FIGURES, form: Form = FORM, period: str = NOW, **more: Any) -> ReportData:
    summary = summary_of(figures, period, roster=ROSTER, form=form, plan=more.pop("plan", PLAN), **more)
    units = calendar_of(ROSTER).units(summary.period)
    return ReportData(form, Settings(), summary, units, (), {})


def said(made: ReportData, section: int = 0) -> list[str]:
    found = sentences(made.form.sections[section], made.summary, made.units)
    return [one.text.replace("\u00a0", " ") for one in found]


def lines(made: ReportData, tag: str) -> list[str]:
    content = contents(made)[tag]
    assert isinstance(content, tuple)
    return [one.text.replace("\u00a0", " ") for one in content if isinstance(one, Paragraph)]


# 25 of each unit's 100 by the end of the first quarter: A and B; two of six at either end.
SENTENCE = (
    "Trong quý I, các đơn vị mở 114 lớp; 02/06 đơn vị đạt từ 25% kế hoạch năm; cao: Xã A (30%), Xã B (25%); "
    "thấp: Xã F (5%), Xã E (10%)."
)


def test_the_slots_name_units_ahead_and_behind() -> None:
    with language.speaking("vi"):
        assert said(data())[0] == SENTENCE
    with language.speaking("en"):
        assert said(data())[0] == (
            "In the first quarter, the units held 114 classes; 2/6 units at 25% or more of the year's plan; "
            "highest: Xã A (30%), Xã B (25%); lowest: Xã F (5%), Xã E (10%)."
        )


def test_without_a_plan_nothing_of_the_slots_is_left() -> None:
    with language.speaking("vi"):
        assert said(data(plan={}))[0] == "Trong quý I, các đơn vị mở 114 lớp."
        assert said(data(), 1) == ["Trong kỳ, báo chí đăng 60 tin."]  # neither plan nor per
        alone = form_of("{units_on_plan}{top}{behind}.")
        assert said(data(form=alone, plan={}))[0].startswith("Số người dự")  # no sentence of a dot alone
        alone = form_of("Kế hoạch lớp tập huấn: {units_on_plan}{top}{behind}.")
        assert said(data(form=alone, plan={}))[0].startswith("Số người dự")
        assert said(data(form=alone))[0].startswith("Kế hoạch lớp tập huấn: 02/06 đơn vị đạt")
        assert said(data(form=form_of("{top}{behind}.")))[0] == (
            "Cao so với kế hoạch năm: Xã A (30%), Xã B (25%); "
            "thấp so với kế hoạch năm: Xã F (5%), Xã E (10%)."
        )


def test_units_that_are_alike_stand_together_and_many_as_a_number() -> None:
    figures = {NOW: quarter([30, 10, 10, 5, 5, 5])}
    with language.speaking("vi"):
        assert said(data(figures))[0].endswith("; cao: Xã A (30%); thấp: Xã D, Xã E, Xã F (cùng 5%).")
        assert said(data({NOW: quarter([30] * 6)}))[0].endswith("; 06/06 đơn vị đạt từ 25% kế hoạch năm.")


def test_what_is_counted_per_something_says_for_each() -> None:
    figures = {NOW: {u: {"classes": 2, "people": 2 * n} for n, u in enumerate(CODES, 10)}}
    with language.speaking("vi"):
        assert said(data(figures))[1] == (
            "Số người dự là 150 lượt người; cao: Xã F (15 lượt người/lớp), Xã E (14 lượt người/lớp); "
            "thấp: Xã A (10 lượt người/lớp), Xã B (11 lượt người/lớp)."
        )


def test_what_is_counted_is_not_broken_over_lines() -> None:
    figures = {NOW: {u: {"classes": 2, "people": 2 * n} for n, u in enumerate(CODES, 10)}}
    with language.speaking("vi"):
        made = data(figures)
        _classes, people = sentences(made.form.sections[0], made.summary, made.units)
        assert "(15\u00a0lượt\u00a0người/lớp)" in people.text


def test_the_tags_say_what_the_slots_say() -> None:
    with language.speaking("vi"):
        found = contents(data())
    assert found["classes.units_on_plan"] == "02/06\u00a0đơn\u00a0vị đạt từ 25% kế hoạch năm"
    assert found["classes.top"] == "cao so với kế hoạch năm: Xã A (30%), Xã B (25%)"
    assert found["stories.top"] == ""
    assert {*found} - {"table:x"} <= known_tags(FORM)


# 114 against 120 is a twentieth less; 60 against 80 a quarter; as many people for each class.
def test_the_largest_changes_in_words() -> None:
    with language.speaking("vi"):
        assert lines(data(), "text:movements") == [
            "Giảm nhiều so với cùng kỳ: tin, bài giảm 25% (từ 80 xuống 60 tin); "
            "lớp tập huấn đã mở giảm 5% (từ 120 xuống 114 lớp); "
            "người dự giảm 5% (từ 3.600 xuống 3.420 lượt người)."
        ]
        grown = {NOW: quarter([30] * 6, 82), YEAR_AGO: quarter([20] * 6, 80, 40)}
        assert lines(data(grown), "text:movements") == [
            "Tăng nhiều so với cùng kỳ: lớp tập huấn đã mở tăng 50% (từ 120 lên 180 lớp); "
            "người dự tăng 12,5% (từ 4.800 lên 5.400 lượt người)."
        ]
        same = {NOW: quarter([20] * 6), YEAR_AGO: quarter([20] * 6)}
        assert lines(data(same), "text:movements") == ["Các chỉ tiêu không có biến động lớn so với cùng kỳ."]
        assert lines(data({NOW: quarter([20] * 6)}), "text:movements") == []
    with language.speaking("en"):
        assert lines(data(grown), "text:movements") == [
            "Largest increases on the same quarter last year: classes held up 50% (from 120 to 180 classes); "
            "người dự up 12.5% (from 4,800 to 5,400 participants)."
        ]


def test_where_there_are_other_figures_the_largest_changes_are_those_of_the_main_ones() -> None:
    mute = [{"code": code, "label": code, "over_time": "sum"} for code in ("mute_up", "mute_same")]
    whole = form_of().model_dump(mode="json", exclude_unset=True)
    whole["sections"][1]["indicators"] += mute
    form = Form.model_validate(whole)
    figures: Figures = {
        NOW: {u: {**v, "mute_up": 30, "mute_same": 4} for u, v in FIGURES[NOW].items()},
        YEAR_AGO: {u: {**v, "mute_up": 10, "mute_same": 4} for u, v in FIGURES[YEAR_AGO].items()},
    }
    with language.speaking("vi"):
        (fell,) = lines(data(figures, form), "text:movements")
        assert fell.startswith("Chỉ tiêu chủ yếu giảm nhiều so với cùng kỳ: tin, bài giảm 25% ")
        assert lines(data(figures, form), "text:assessment")[0] == (
            "Trong 05 chỉ tiêu so sánh được với cùng kỳ, có 01 chỉ tiêu tăng, 03 chỉ tiêu giảm, 01 chỉ tiêu "
            "không đổi; trong các chỉ tiêu chủ yếu, giảm nhiều nhất là tin, bài (25%)."
        )
        same: Figures = {NOW: figures[NOW], YEAR_AGO: {**figures[NOW], "a": figures[YEAR_AGO]["a"]}}
        same[YEAR_AGO]["a"] = {**figures[NOW]["a"], "mute_up": 1}
        assert lines(data(same, form), "text:movements") == [
            "Các chỉ tiêu chủ yếu không có biến động lớn so với cùng kỳ."
        ]
    with language.speaking("en"):
        assert lines(data(figures, form), "text:movements")[0].startswith(
            "Largest decreases of the main figures on the same quarter last year: tin, bài down 25%"
        )
        assert lines(data(figures, form), "text:assessment")[0].endswith(
            "; of the main figures, the largest decrease was in tin, bài (25%)."
        )


def test_parts_with_a_plan_of_their_own_are_counted_as_the_table_of_plans_shows_them() -> None:
    whole = form_of().model_dump(mode="json", exclude_unset=True)
    whole["sections"][0]["indicators"][1] |= {"part_of": "classes", "unit_of_measure": "lớp", "per": ""}
    plan = {**PLAN, **{(unit, "people", 2024): 100.0 for unit in CODES}}
    with language.speaking("vi"):
        made = data({NOW: quarter([30] * 6, people=1)}, Form.model_validate(whole), plan=plan)
        (of_plans,) = lines(made, "text:assessment")
    assert of_plans.startswith("So với kế hoạch năm, 02/02 chỉ tiêu đạt từ 25% trở lên: ")


def test_over_fewer_units_it_says_over_which_and_estimates_are_estimates() -> None:
    figures = {**FIGURES, YEAR_AGO: {u: v for u, v in quarter([20] * 6, 80).items() if u != "f"}}
    with language.speaking("vi"):
        # Without F 109 against 100.
        (first, *_others) = lines(data(figures, estimates=[(NOW, "a", "classes")]), "text:movements")
        assert first.startswith(
            "Tăng nhiều so với cùng kỳ: lớp tập huấn đã mở tăng 9% (từ 100 lên ước 109 lớp), "
            "tính trên 05/06 đơn vị so sánh được;"
        )


def test_a_beginning_for_the_assessment() -> None:
    with language.speaking("vi"):
        # 114 of 600 are 19 %, less than a quarter.
        assert lines(data(), "text:assessment") == [
            "Trong 03 chỉ tiêu so sánh được với cùng kỳ, có 03 chỉ tiêu giảm; "
            "giảm nhiều nhất là tin, bài (25%).",
            "So với kế hoạch năm, chưa có chỉ tiêu nào đạt 25%: lớp tập huấn đã mở (19%).",
        ]
        ahead = {NOW: quarter([30] * 6)}
        assert lines(data(ahead), "text:assessment") == [
            "So với kế hoạch năm, 01/01 chỉ tiêu đạt từ 25% trở lên: lớp tập huấn đã mở (30%)."
        ]
        assert lines(data(ahead, plan={}), "text:assessment") == []


def test_who_is_ahead_is_said_once_beside_the_sentences_of_all_sections() -> None:
    of_units = zip(CODES, (20, 15, 10, 9, 8, 1), strict=True)
    few = {NOW: {unit: {"classes": n, "people": n * (10 + n), "stories": 5} for unit, n in of_units}}
    with language.speaking("vi"):
        none = data(few)
        plan, people, *_others = lines(none, "text:rankings")
        assert plan.startswith(
            "Lớp tập huấn đã mở: chưa có đơn vị nào trong 06 đơn vị đạt từ 25% kế hoạch năm; "
        )
        assert people.startswith("Người dự, cao: Xã A (30 lượt người/lớp), Xã B (25 lượt người/lớp)")
        everything = " ".join(lines(none, "sentences:all"))
        assert everything.startswith("Trong quý I, các đơn vị mở 63 lớp. Số người dự là ")
        assert not any(word in everything for word in ("cao:", "thấp:", "kế hoạch"))
    with language.speaking("en"):
        assert "Xã A (30 participants on average)" in lines(data(few), "text:rankings")[1]


def test_a_question_of_the_form_goes_before_a_tag_of_that_name() -> None:
    form = form_of(texts=[{"code": "movements", "label": "Biến động"}])
    made = data(form=form)
    assert contents(made)["text:movements"] == ()
    assert "text:movements" not in made.statements


DEBRIS = ("; ;", ";;", "()", " ,", " ;", ": .", ":.", ";.", "{", "}", "..")
NUMBERS = st.lists(st.integers(0, 400), min_size=6, max_size=6)


@given(now=NUMBERS, before=NUMBERS, plans=st.lists(st.integers(0, 500), min_size=6, max_size=6))
def test_whatever_the_figures_are_sentences_are_whole(
    now: list[int], before: list[int], plans: list[int]
) -> None:
    plan = {(unit, "classes", 2024): float(n) for unit, n in zip(CODES, plans, strict=True)}
    made = data({NOW: quarter(now), YEAR_AGO: quarter(before)}, plan=plan)
    for spoken in ("vi", "en"):
        with language.speaking(spoken):
            texts = [
                *said(made),
                *said(made, 1),
                *lines(made, "text:movements"),
                *lines(made, "text:assessment"),
                *lines(made, "text:rankings"),
                *lines(made, "sentences:all"),
            ]
            figures = [
                one for section in FORM.sections for one in sentences(section, made.summary, made.units)
            ]
        for text in texts:
            assert text[0].isupper(), text
            assert text.endswith("."), text
            assert not any(debris in text for debris in DEBRIS), text
            assert "nan" not in text.split(), text
        # Every figure that is told stands in its sentence.
        for one in figures:
            assert all(figure.words in one.text for figure in one.said), one


@given(now=NUMBERS)
def test_nobody_is_named_ahead_and_behind(now: list[int]) -> None:
    made = data({NOW: quarter(now)})
    with language.speaking("vi"):
        (text,) = [one for one in said(made) if "lớp;" in one] or [""]
    ahead, _sign, behind = text.partition("thấp:")
    named: Mapping[str, str] = {unit: f"Xã {unit.upper()}" for unit in CODES}
    assert not [name for name in named.values() if name in ahead and name in behind], text


def test_sections_open_differently_and_always_alike() -> None:
    sections = [
        {
            "code": f"s{n}_",
            "title": f"Mục {n}",
            "indicators": [{"code": f"i{n}_", "label": "Số", "sentence": "{opening} có {value}."}],
        }
        for n in range(8)
    ]
    form = Form.model_validate(
        {"id": "form", "title": "Biểu", "kinds": [{"code": "commune", "title": "Xã"}], "sections": sections}
    )
    figures = {NOW: {"a": {f"i{n}_": 1 for n in range(8)}}}
    summary: Summary = summary_of(figures, NOW, roster=ROSTER, form=form)
    for spoken in ("vi", "en"):
        with language.speaking(spoken):
            opened = [next(sentences(one, summary)).text.partition(" có")[0] for one in form.sections]
            again = [next(sentences(one, summary)).text.partition(" có")[0] for one in form.sections]
        assert opened == again
        assert all(one != other for one, other in itertools.pairwise(opened))
        assert len(set(opened)) == 4


@pytest.mark.parametrize(
    ("period", "opened"),
    [("2024-Q1", "Trong quý I,"), ("2024-H1", "Trong 6 tháng đầu năm,"), ("2024", "Trong năm 2024,")],
)
def test_the_first_section_names_the_period(period: str, opened: str) -> None:
    figures = {f"2024-Q{n}": quarter([10] * 6) for n in (1, 2, 3, 4)}
    with language.speaking("vi"):
        assert said(data(figures, period=period))[0].startswith(f"{opened} các đơn vị mở")
