"""What one workbook says otherwise than another one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reportctl.core import language
from reportctl.form.model import Form
from reportctl.form.submission import Answer, AnswerState, ListRow
from reportctl.status.differences import Answers, Difference, differences, excerpts

FORM = Form.model_validate(
    {
        "id": "f",
        "title": "f",
        "kinds": [{"code": "district", "title": "Huyện"}],
        "sections": [
            {
                "code": "all",
                "title": "Tất cả",
                "indicators": [
                    {"code": "stories", "label": "Tin, bài"},
                    {"code": "spent", "label": "Đã chi", "type": "money"},
                    {
                        "code": "share",
                        "label": "Tỷ lệ",
                        "type": "percent",
                        "numerator": "stories",
                        "denominator": "spent",
                        "over_units": "ratio",
                        "over_time": "ratio",
                    },
                    {"code": "planned", "label": "Đã có kế hoạch", "type": "yes_no", "over_time": "last"},
                    {"code": "on_day", "label": "Ngày ban hành", "type": "date"},
                ],
            }
        ],
        "texts": [{"code": "results", "label": "Kết quả"}],
        "lists": [
            {
                "code": "events",
                "title": "Hội nghị",
                "columns": [
                    {"code": "name", "label": "Tên"},
                    {"code": "people", "label": "Số người", "type": "count"},
                ],
            }
        ],
    }
)
MISSING, KAD, INVALID = AnswerState.MISSING, AnswerState.NOT_APPLICABLE, AnswerState.INVALID


def says(
    code: str, value: object, cell: str = "F5", state: AnswerState = AnswerState.VALUE, raw: str = ""
) -> Answer:
    kept = value if state is AnswerState.VALUE else None
    return Answer(code, state, kept, raw or str(value), "Số liệu", cell)  # type: ignore[arg-type]


def of(*answers: Answer) -> Answers:
    return answers, ()


def listing(*rows: tuple[int, str, int]) -> Answers:
    return (), tuple(
        ListRow(
            "events",
            number,
            (
                Answer("name", AnswerState.VALUE, name, name, "Hội nghị", f"B{4 + number}"),
                Answer("people", AnswerState.VALUE, people, str(people), "Hội nghị", f"C{4 + number}"),
            ),
        )
        for number, name, people in rows
    )


def shown(before: Answers, after: Answers) -> list[tuple[str, str, str, str]]:
    return [
        (found.code, found.label, found.before.text, found.after.text)
        for found in differences(FORM, before, after)
    ]


def test_a_figure_that_changed_with_its_cells() -> None:
    (found,) = differences(FORM, of(says("stories", 1200, "F5")), of(says("stories", 1350, "F6")))
    assert (found.label, found.before.text, found.after.text) == ("Tin, bài", "1,200", "1,350")
    assert (found.before.value, found.after.value) == (1200, 1350)
    assert (found.before.sheet, found.before.cell, found.after.cell) == ("Số liệu", "F5", "F6")


def test_figures_are_said_in_the_language_chosen() -> None:
    language.use("vi")
    assert shown(of(says("spent", 1234.5)), of(says("spent", "", state=KAD, raw="KAD"))) == [
        ("spent", "Đã chi", "1.234,5", "KAD")
    ]


def test_blank_zero_not_applicable_and_invalid_are_four_things() -> None:
    states = [
        (says("stories", "", state=MISSING), "not filled in", None),
        (says("stories", 0), "0", 0),
        (says("stories", "", state=KAD, raw="KAD"), "n/a", None),
        (says("stories", "", state=INVALID, raw="khoảng 30"), "“khoảng 30”", "khoảng 30"),
    ]
    for one, text, value in states:
        for other, other_text, _value in states:
            found = differences(FORM, of(one), of(other))
            if one is other:
                assert found == ()
            else:
                assert (found[0].before.text, found[0].after.text) == (text, other_text)
                assert found[0].before.value == value
                assert found[0].before.state != found[0].after.state


def test_what_is_invalid_in_another_way_is_another_thing() -> None:
    pair = [of(says("stories", "", state=INVALID, raw=raw)) for raw in ("~30", "30-40")]
    assert shown(*pair) == [("stories", "Tin, bài", "“~30”", "“30-40”")]


def test_the_same_figure_typed_otherwise_is_no_difference() -> None:
    assert shown(of(says("stories", 1200, raw="1.200")), of(says("stories", 1200))) == []


def test_an_answer_that_one_workbook_has_no_place_for_is_not_filled_in() -> None:
    (found,) = differences(FORM, of(), of(says("stories", 3)))
    assert (found.before.text, found.before.cell, found.after.text) == ("not filled in", "", "3")
    assert shown(of(), of(says("stories", "", state=MISSING))) == []


def test_an_estimate_that_became_a_figure() -> None:
    estimated = Answer("stories", AnswerState.VALUE, 30, "30", "Số liệu", "F5", estimate=True)
    assert shown(of(estimated), of(says("stories", 30))) == [("stories", "Tin, bài", "30 (estimate)", "30")]


def test_shares_are_left_out_and_others_come_in_the_forms_order() -> None:
    before = of(says("results", "Tốt"), says("share", 0.5), says("planned", 0), says("on_day", "2024-01-15"))
    after = of(says("results", "Khá"), says("share", 0.4), says("planned", 1), says("on_day", "2024-02-01"))
    assert shown(before, after) == [
        ("planned", "Đã có kế hoạch", "No", "Yes"),
        ("on_day", "Ngày ban hành", "15\u00a0Jan 2024", "1\u00a0Feb 2024"),
        ("results", "Kết quả", "Tốt", "Khá"),
    ]


def test_a_question_that_the_form_no_longer_asks_goes_by_its_code() -> None:
    assert shown(of(says("old", 1)), of(says("old", 2))) == [("old", "old", "1", "2")]


# Lists


def test_a_row_put_in_between_is_one_row_added() -> None:
    before = listing((1, "A", 10), (2, "B", 20))
    after = listing((1, "A", 10), (2, "Mới", 5), (3, "B", 20))
    (found,) = differences(FORM, before, after)
    assert (found.code, found.label) == ("events", "Hội nghị, row 2")
    assert (found.before.text, found.after.text) == ("no such row", "Mới; 5")
    assert (found.before.cell, found.after.cell) == ("", "B6")


def test_a_row_taken_out_is_one_row_less() -> None:
    assert shown(listing((1, "A", 10), (2, "B", 20), (3, "C", 1)), listing((1, "A", 10), (2, "C", 1))) == [
        ("events", "Hội nghị, row 2", "B; 20", "no such row")
    ]


def test_a_cell_of_a_row_that_changed() -> None:
    (found,) = differences(FORM, listing((1, "A", 10), (2, "B", 20)), listing((1, "A", 10), (2, "B", 25)))
    assert (found.code, found.label) == ("events.people", "Hội nghị, row 2: Số người")
    assert (found.before.text, found.after.text, found.after.cell) == ("20", "25", "C6")


_values = st.one_of(st.none(), st.integers(0, 3), st.just("x"))
_workbooks = st.tuples(
    st.dictionaries(st.sampled_from(["stories", "spent", "results", "old"]), _values),
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 2)), max_size=5),
)


def _built(given_: tuple[dict[str, object], list[tuple[str, int]]]) -> Answers:
    answers = tuple(
        says(code, value, state=MISSING if value is None else AnswerState.VALUE)
        for code, value in given_[0].items()
    )
    rows = listing(*((n, name, people) for n, (name, people) in enumerate(given_[1], 1)))[1]
    return answers, rows


@given(_workbooks, _workbooks)
def test_differences_are_found_either_way_and_explain_all(
    one: tuple[dict[str, object], list[tuple[str, int]]],
    other: tuple[dict[str, object], list[tuple[str, int]]],
) -> None:
    before, after = _built(one), _built(other)
    assert differences(FORM, before, before) == ()
    found = differences(FORM, before, after)
    figures = {d.code for d in found if not d.code.startswith("events")}
    assert figures == {code for code in {**one[0], **other[0]} if one[0].get(code) != other[0].get(code)}
    rows = [d for d in found if d.code.startswith("events")]
    assert bool(rows) == (one[1] != other[1])
    grown = sum(_row_count(d) for d in rows)
    assert grown == len(other[1]) - len(one[1])


def _row_count(found: Difference) -> int:
    if found.code != "events":
        return 0
    return 1 if found.before.value is None else -1


# Long texts


def test_short_texts_are_shown_whole() -> None:
    assert excerpts("ab", "abc", 10) == ("ab", "abc")


def test_of_long_texts_the_part_is_shown_that_differs() -> None:
    same = "Đã tổ chức ba hội nghị chuyên đề cấp huyện, " * 5
    before, after = excerpts(same + "đạt 10 lượt người dự.", same + "đạt 15 lượt người dự.", 40)
    assert "10 lượt" in before
    assert "15 lượt" in after
    assert before.startswith("…")


@given(st.text(max_size=90), st.text(max_size=90), st.text(max_size=90), st.integers(20, 60))
def test_excerpts_fit_and_differ_where_the_texts_do(same: str, one: str, other: str, room: int) -> None:
    before, after = excerpts(same + one, same + other, room)
    assert max(len(before), len(after)) <= room
    assert (before == after) <= (
        one.strip() == other.strip() or one.startswith(other) or other.startswith(one)
    )
