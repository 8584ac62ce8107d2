from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reportctl.core.finding_kinds import Severity
from reportctl.core.findings import Finding
from reportctl.core.language import use
from reportctl.form.form_file import parse_form
from reportctl.form.submission import Answer, AnswerState, Identity, ListRow, Submission
from reportctl.intake.checks import CHECKS, CheckInput, figures_of_other_things
from tests.making.returned import ANSWERS, EVENTS, FORM_TEXT, QUARTER, ROWS, cell, form, places, say

VALUES = {**ANSWERS, "plan_issued": 1, "budget_share": 0.5}


def _answer(code: str, value: Any) -> Answer:
    sheet, at = cell(code)
    states = {None: AnswerState.MISSING, "KAD": AnswerState.NOT_APPLICABLE, "???": AnswerState.INVALID}
    state = states.get(value, AnswerState.VALUE)
    return Answer(code, state, value if state is AnswerState.VALUE else None, str(value or ""), sheet, at)


def _found(
    answers: dict[str, Any] | None = None,
    rows: tuple[tuple[Any, ...], ...] = tuple(ROWS),
    kind: str = "district",
) -> list[Finding]:
    given = tuple(_answer(code, value) for code, value in {**VALUES, **(answers or {})}.items())
    events = places().lists["events"]
    listed = tuple(
        ListRow(
            "events",
            number,
            tuple(
                Answer(
                    c.code, AnswerState.VALUE, value, str(value), EVENTS, events.place(c.code, number).cell
                )
                for c, value in zip(events.section.columns, row, strict=True)
            ),
        )
        for number, row in enumerate(rows, 1)
    )
    submission = Submission("a.xlsx", "", Identity(), None, given, listed)
    case = CheckInput(form(), kind, QUARTER.window(), submission)
    found = [one for check in CHECKS for one in check(case)]
    say(found)
    return found


def test_every_check_is_in_the_tuple_and_has_nothing_to_say_of_what_is_right() -> None:
    assert _found() == []
    assert len(set(CHECKS)) == 6


@pytest.mark.parametrize(
    ("unit", "type_", "value", "likely"),
    [
        ("triệu đồng", "money", 120_500_000, "120.5"),
        ("triệu đồng", "money", 1_000_000, "1"),
        ("tr.đ", "money", 285_000_000, "285"),
        ("trđ", "money", 285_000_000, "285"),
        ("triệu", "money", 285_000_000, "285"),
        ("triệu", "count", 285_000_000, ""),
        ("nghìn đồng", "money", 250_000_000_000, "250000000"),
        ("nghìn đồng", "money", 250_000_000, ""),
        ("tỷ đồng", "number", 3_000_000_000, "3"),
        ("triệu đồng", "count", 3_000_000_000, "3000"),
        ("triệu đồng", "money", 120_500, ""),
        ("triệu đồng", "money", 1_200_000.5, ""),
        ("đồng", "money", 120_500_000, ""),
        ("người", "count", 120_500_000, ""),
    ],
)
def test_an_amount_that_was_typed_in_dong(unit: str, type_: str, value: float, likely: str) -> None:
    text = FORM_TEXT.replace('type = "money"', f'type = "{type_}"\nunit_of_measure = "{unit}"', 1)
    asked = parse_form(text)
    given = (Answer("budget_planned", AnswerState.VALUE, value, str(value)),)
    submission = Submission("a.xlsx", "", Identity(), None, given)
    found = list(figures_of_other_things(CheckInput(asked, "district", QUARTER.window(), submission)))
    assert [one.code for one in found] == ["typed_in_dong"] * bool(likely)
    assert not likely or f"; {likely} was probably meant" in found[0].message


@pytest.mark.parametrize(
    ("type_", "value", "huge"),
    [
        ("count", 1_000_000_000, False),
        ("count", 1_000_000_001, True),
        ("count", 285_000_000_000_000, True),
        ("number", 2_000_000_000, False),
        ("money", 2_000_000_000, False),
    ],
)
def test_a_count_that_nothing_comes_to(type_: str, value: int, huge: bool) -> None:
    """In a figure and in a list alike; what is measured may be any number."""
    asked = parse_form(FORM_TEXT.replace('type = "money"', f'type = "{type_}"', 1))
    given = (Answer("budget_planned", AnswerState.VALUE, value, str(value), "Số liệu", "D9"),)
    submission = Submission("a.xlsx", "", Identity(), None, given)
    found = list(figures_of_other_things(CheckInput(asked, "district", QUARTER.window(), submission)))
    assert [(one.code, one.cell, one.severity) for one in found] == [("huge_count", "D9", "warning")] * huge


def test_a_count_in_a_list_that_nothing_comes_to() -> None:
    section = next(one for one in form().lists if any(column.type == "count" for column in one.columns))
    column = next(column for column in section.columns if column.type == "count")
    row = ListRow(section.code, 1, (Answer(column.code, AnswerState.VALUE, 10**10, str(10**10)),))
    submission = Submission("a.xlsx", "", Identity(), None, (), (row,))
    (found,) = figures_of_other_things(CheckInput(form(), "district", QUARTER.window(), submission))
    assert (found.code, found.indicator) == ("huge_count", f"{section.code}.{column.code}")


@pytest.mark.parametrize("code", ["press_total", "budget_spent", "events_held"])
def test_a_required_figure_is_missing(code: str) -> None:
    found = _found({code: None})[0]
    assert (found.code, found.sheet, found.cell, found.indicator) == ("required_missing", *cell(code), code)
    assert found.value == ""


@pytest.mark.parametrize("code", ["plan_day", "budget_share", "limits"])
def test_what_may_be_left_empty_or_is_worked_out_is_not_asked_for(code: str) -> None:
    assert _found({code: None}) == []


def test_what_does_not_apply_or_cannot_be_read_is_not_missing() -> None:
    assert _found({"budget_spent": "KAD", "budget_planned": "???"}) == []


def test_what_was_not_found_has_been_said_already() -> None:
    given = tuple(Answer(code, AnswerState.MISSING) for code in form().indicators)
    submission = Submission("a.xlsx", "", Identity(), None, given)
    case = CheckInput(form(), "district", QUARTER.window(), submission)
    found = [one for check in CHECKS for one in check(case)]
    assert [one.indicator for one in found] == ["events"]  # the rule about the list alone


def test_a_required_text_is_missing() -> None:
    (found,) = _found({"results": None})
    assert (found.code, found.cell, found.message) == (
        "required_text_missing",
        cell("results")[1],
        "“Kết quả nổi bật” is not answered",
    )


@pytest.mark.parametrize(("words", "said"), [(8, []), (9, ["too_many_words"])])
def test_a_text_may_have_so_many_words(words: int, said: list[str]) -> None:
    found = _found({"results": "từ  " * words})
    assert [one.code for one in found] == said
    if found:
        assert found[0].message == "the text has 9 words; at most 8 are asked for"


@pytest.mark.parametrize(
    ("day", "outside"),
    [
        (dt.date(2023, 12, 14), True),
        (dt.date(2023, 12, 15), False),
        (dt.date(2024, 3, 14), False),
        (dt.date(2024, 3, 15), True),
    ],
)
def test_dates_in_lists_lie_in_the_data_window(day: dt.date, outside: bool) -> None:
    found = _found(rows=(ROWS[0], (day, "Hội nghị", 1)))  # type: ignore[arg-type]
    assert [(f.code, f.sheet, f.cell, f.indicator) for f in found] == (
        [("date_outside", EVENTS, "C8", "events.day")] if outside else []
    )
    if found:
        assert found[0].message.endswith("is outside the period 15\xa0Dec 2023 to 14\xa0Mar 2024")
        use("vi")
        assert found[0].message.endswith("nằm ngoài kỳ báo cáo 15/12/2023 đến 14/3/2024")


def test_a_date_among_figures_may_lie_anywhere() -> None:
    assert _found({"plan_day": dt.date(2020, 1, 1)}) == []


def test_a_broken_rule_shows_its_figures_in_both_languages() -> None:
    (found,) = _found({"press_total": 1201})
    assert (found.code, found.severity) == ("rule_broken", Severity.ERROR)
    assert (found.sheet, found.cell, found.indicator, found.value) == (
        *cell("press_total"),
        "press_total",
        "1201",
    )
    use("en")
    assert found.message == ("The total differs from its parts. (Stories = 1,201; Print = 700; Radio = 500)")
    use("vi")
    assert "Tổng khác các phần cộng lại." in found.message
    assert "Tổng số tin, bài = 1.201; Báo in = 700; Phát thanh = 500" in found.message


def test_the_form_says_how_grave_a_broken_rule_is() -> None:
    (found,) = _found({"events_held": 3})
    assert (found.severity, found.cell) == (Severity.WARNING, cell("events_held")[1])
    assert found.message.endswith("(rows of “Conferences” = 2; Conferences held = 3)")


def test_a_broken_rule_about_a_list_stands_in_its_first_row() -> None:
    (found,) = _found(rows=tuple((day, title, 0) for day, title, _attendance in ROWS))
    assert (found.severity, found.sheet, found.cell) == (Severity.NOTE, EVENTS, "C7")
    assert found.message.endswith("(total of “Attendance” in “Conferences” = 0)")
    (found,) = _found({"events_held": 0}, rows=())
    assert (found.indicator, found.sheet, found.cell) == ("events", None, None)


@pytest.mark.parametrize("value", [None, "???"])
def test_a_rule_with_an_unknown_figure_is_not_decided(value: str | None) -> None:
    assert all(found.code != "rule_broken" for found in _found({"press_print": value}))


def test_a_figure_that_does_not_apply_is_not_among_those_shown() -> None:
    (found,) = _found({"press_radio": "KAD"})
    assert found.message.endswith("(Stories = 1,200; Print = 700)")


def test_a_share_is_shown_as_a_percentage() -> None:
    more = FORM_TEXT + '[[rules]]\ncode = "spent"\ncheck = "budget_share > 0.9"\nmessage = "Chậm."\n'
    submission = Submission("a", "", Identity(), None, tuple(_answer(c, v) for c, v in VALUES.items()))
    case = CheckInput(parse_form(more), "press", QUARTER.window(), submission)
    found = [one for check in CHECKS for one in check(case)]
    assert [one.message for one in found if "Chậm." in one.message] == ["Chậm. (Tỷ lệ đã dùng = 50%)"]
