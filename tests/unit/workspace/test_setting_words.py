"""Values of settings as an office writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.workspace.setting_list import setting_named
from reportctl.workspace.setting_words import CHOICES, ValueKind, read_value, said
from reportctl.workspace.settings import Settings

Q1, Q3 = Quarter(2026, 1), Quarter(2026, 3)


@pytest.mark.parametrize(
    ("typed", "quarter", "wanted"),
    [
        ("20/3", Q1, {"month": 3, "day": 20}),
        ("20/3", None, {"month": 3, "day": 20}),
        ("15/3/2026", Q1, {"month": 3, "day": 15}),
        ("2026-03-15", Q1, {"month": 3, "day": 15}),
        ("ngày 20 tháng 3", Q1, {"month": 3, "day": 20}),
        ("ngày 20 tháng 3 năm 2026", Q1, {"month": 3, "day": 20}),
        ("20-3", Q1, {"month": 3, "day": 20}),
        # In the first quarter April is the month after it; else the first month of its own quarter.
        ("5/4", Q1, {"month": 4, "day": 5}),
        ("5/4", Q3, {"month": 1, "day": 5}),
        ("20/3", Q3, {"month": 3, "day": 20}),
        ("5/1", Quarter(2026, 4), {"month": 4, "day": 5}),
        ("3", Q1, {"days_after": 3}),
        ("3 ngày", Q1, {"days_after": 3}),
        ("3 days after the window", Q1, {"days_after": 3}),
        ("-2", Q1, {"days_after": -2}),
        ("2 ngày trước khi hết kỳ", Q1, {"days_after": -2}),
        ("ngày 12 tháng thứ ba của quý", Q1, {"month": 3, "day": 12}),
        ("ngày 31 tháng thứ 2", Q1, {"month": 2, "day": 31}),
        ("30/2", Q1, None), ("31/4", Q1, None), ("0/3", Q1, None), ("20/13", Q1, None), ("sớm", Q1, None),
        ("", Q1, None), ("ngày 40 tháng thứ 3", Q1, None),
    ],
)  # fmt: skip
def test_deadlines(typed: str, quarter: Quarter | None, wanted: object) -> None:
    assert read_value("deadline", "deadlines.default", typed, quarter) == wanted


@pytest.mark.parametrize(
    ("kind", "group", "typed", "wanted"),
    [
        ("number", "", "3,5", 3.5), ("number", "", "3.5", 3.5), ("number", "", "80%", 0.8),
        ("number", "", "7,5 %", 0.075), ("number", "", "3", 3.0), ("number", "", "nhiều", None),
        ("number", "", "1,2,3", None),
        ("whole", "", "12", 12), ("whole", "", "1.200", 1200), ("whole", "", "1 200", 1200),
        ("whole", "", "1,5", None), ("whole", "", "12.34", None),
        ("choice", "style", "đảng", "party"), ("choice", "style", "Dang", "party"),
        ("choice", "style", "chính quyền", "state"), ("choice", "style", "Nhà nước", "state"),
        ("choice", "style", "state", "state"), ("choice", "style", "royal", None),
        ("choice", "workbook.protect", "có", True), ("choice", "workbook.protect", "No", False),
        ("choice", "workbook.protect", "true", True), ("choice", "workbook.protect", "as_is", "as_is"),
        ("choice", "cells.dash", "số 0", "zero"), ("choice", "cells.dash", "chưa điền", "missing"),
        ("choice", "findings", "cảnh báo", "warning"), ("choice", "findings", "lỗi", "error"),
        ("choice", "language", "tiếng Việt", "vi"), ("choice", "data_window", "theo lịch", "calendar"),
        ("quarter", "", "quý II/2026", "2026-Q2"), ("quarter", "", "2026", None),
        ("quarter", "", "mai", None),
        ("texts", "", " A;  B b ; ", ["A", "B b"]), ("texts", "", "", []),
        ("text", "", "  Bình   Minh ", "Bình Minh"),
    ],
)  # fmt: skip
def test_other_values(kind: ValueKind, group: str, typed: str, wanted: object) -> None:
    value = read_value(kind, group, typed, Q1)
    assert value == wanted
    assert isinstance(value, bool) == isinstance(wanted, bool)


@pytest.mark.parametrize("spoken", ["vi", "en"])
@given(st.one_of(
    st.integers(-40, 40).map(lambda days: {"days_after": days}),
    st.tuples(st.integers(1, 4), st.integers(1, 31)).map(lambda it: {"month": it[0], "day": it[1]}),
))  # fmt: skip
def test_a_deadline_that_is_shown_can_be_typed(spoken: str, value: dict[str, int]) -> None:
    language.use(spoken)
    assert read_value("deadline", "", said("deadline", "", value), Q3) == value


@pytest.mark.parametrize("spoken", ["vi", "en"])
@pytest.mark.parametrize(
    ("group", "value"), [(group, value) for group, one in CHOICES.items() for value in one]
)
def test_a_choice_that_is_shown_can_be_typed(spoken: str, group: str, value: str) -> None:
    language.use(spoken)
    wanted = {"true": True, "false": False}.get(value, value)
    assert read_value("choice", group, said("choice", group, wanted), Q1) == wanted


@pytest.mark.parametrize("spoken", ["vi", "en"])
@given(st.floats(0.001, 1000).map(lambda one: round(one, 3)))
def test_a_number_that_is_shown_can_be_typed(spoken: str, value: float) -> None:
    language.use(spoken)
    assert read_value("number", "", said("number", "", value), None) == value


def test_the_values_that_can_be_chosen_are_those_that_the_settings_take() -> None:
    for group, words in CHOICES.items():
        for value in words:
            taken: object = {"true": True, "false": False}.get(value, value)
            section, _dot, name = group.rpartition(".")
            if group == "findings":
                section, name = "findings", "number_as_text"
            data = {section: {name: taken}} if section else {name: taken}
            Settings.model_validate(data)


def test_every_setting_of_the_sections_can_be_named() -> None:
    fields = Settings.model_fields
    names = set()
    for name, field in fields.items():
        model = field.default
        if name in ("deadlines", "findings", "documents", "upward"):
            continue
        inner = getattr(type(model), "model_fields", None)
        names |= {f"{name}.{each}" for each in inner} if inner else {name}
    names = (names - {"resend_days"}) | {"deadlines.resend_days", "deadlines.default"}
    assert {setting_named(name, {}).key for name in names} == names
    from reportctl.workspace.setting_list import _FIXED

    assert set(_FIXED) == names
