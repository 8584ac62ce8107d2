from __future__ import annotations

import datetime as dt

import pytest

from reportctl.core.finding_kinds import Severity
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import ListColumn
from reportctl.form.submission import AnswerState
from reportctl.intake.answers import AsRead, read_answer, read_estimate
from reportctl.intake.find_lines import FoundCell
from reportctl.workbooks.book import CellExtra, CellValue, Sheet
from reportctl.workbooks.looks import PLAIN, RAISED, CellLook, Run

COUNT = Indicator(code="press", label="Tin, bài", unit_of_measure="bài", type=Type.COUNT)


def spot(raw: CellValue, **extra: object) -> FoundCell:
    """The cell B1 of a sheet that holds `raw`."""
    extras = {(0, 1): CellExtra(**extra)} if extra else {}  # type: ignore[arg-type]
    return FoundCell(Sheet("Số liệu", True, [["", raw]], extras), 0, 1)


def test_a_text_in_an_old_encoding_is_shown_before_and_after() -> None:
    answer, found = read_answer(spot("Héi nghÞ b¸o c¸o viªn\x00"), "results", None, AsRead("zero"))
    assert answer.value == "Hội nghị báo cáo viên"
    assert answer.raw == "Héi nghÞ b¸o c¸o viªn\x00"
    assert [(one.code, one.severity) for one in found] == [
        ("old_encoding", Severity.WARNING),
        ("unseen_characters", Severity.NOTE),
    ]
    assert found[0].message == (
        "typed in the old encoding TCVN3: “Héi nghÞ b¸o c¸o viªn” was read as “Hội nghị báo cáo viên”"
    )
    assert found[1].message == "characters that cannot be seen were taken out: U+0000"
    assert {(one.sheet, one.cell, one.indicator) for one in found} == {("Số liệu", "B1", "results")}


def test_a_long_text_is_cut_in_what_is_said_of_it_only() -> None:
    answer, found = read_answer(spot("Héi nghÞ b¸o c¸o viªn. " * 50), "results", None, AsRead("zero"))
    assert answer.value == ("Hội nghị báo cáo viên. " * 50).strip()
    assert len(found[0].message) < 250


def test_everything_that_is_to_be_said_of_a_figure_is_said() -> None:
    answer, found = read_answer(spot("12 baøi", formula=True), "press", COUNT, AsRead("zero"))
    assert answer.value == 12
    assert [one.code for one in found] == ["formula_in_input", "unit_in_cell", "old_encoding"]


def test_the_text_of_an_error_is_an_error_and_never_blank() -> None:
    for ask in (COUNT, None):
        answer, found = read_answer(spot("#REF!"), "press", ask, AsRead("zero"))
        assert answer.state is AnswerState.INVALID
        assert [one.code for one in found] == ["error_cell"]
        assert found[0].message == "the cell holds the error #REF!"


@pytest.mark.parametrize("kind", [None, Type.TEXT, Type.YES_NO, Type.DATE, Type.CHOICE])
def test_an_x_where_words_are_asked_for_is_said_to_be_no_answer(kind: Type | None) -> None:
    choices = {"choices": ("tốt", "khá")} if kind is Type.CHOICE else {}
    ask = kind and ListColumn(code="place", label="Nơi", type=kind, **choices)
    for raw in ("X", " x\u200b"):
        answer, found = read_answer(spot(raw), "place", ask, AsRead("zero"))
        assert answer.state is AnswerState.MISSING
        assert [(one.code, one.severity, one.cell) for one in found] == [
            ("x_as_missing", Severity.NOTE, "B1")
        ]
    for raw in ("…", "", "-", "xã", "KAD"):
        _answer, found = read_answer(spot(raw), "place", ask, AsRead("zero"))
        assert "x_as_missing" not in [one.code for one in found]
    answer, found = read_answer(spot("x"), "press", COUNT, AsRead("zero"))
    assert (answer.state, found) == (AnswerState.MISSING, [])  # of a figure it is the usual sign for none


HOURS = Indicator(code="hours", label="Thời lượng", unit_of_measure="giờ", type=Type.NUMBER)
MINUTES = Indicator(code="minutes", label="Thời lượng", unit_of_measure="phút", type=Type.NUMBER)


@pytest.mark.parametrize(
    ("ask", "raw", "likely"),
    [
        (HOURS, 0.0625, "1.5"),
        (HOURS, 90 / 1440, "1.5"),
        (HOURS, 7.75 / 24, "7.75"),
        (HOURS, 20 / 1440, "0.333333"),
        (MINUTES, 45 / 1440, "45"),
    ],
)
def test_a_time_of_day_where_hours_are_asked_for(ask: Indicator, raw: float, likely: str) -> None:
    answer, found = read_answer(spot(raw), ask.code, ask, AsRead("zero"))
    assert answer.value == raw
    assert [(one.code, one.severity) for one in found] == [("part_of_day", Severity.WARNING)]
    assert f"{likely} was probably meant" in found[0].message


def test_a_raised_power_of_the_unit_of_measure_is_no_note() -> None:
    for unit, typed in (("m²", "120 m"), ("m2", "120 m"), ("km³", "7 km")):
        ask = Indicator(code="area", label="Diện tích", unit_of_measure=unit, type=Type.NUMBER)
        power = "3" if "³" in unit else "2"
        look = CellLook(runs=(Run(typed, PLAIN), Run(power, RAISED)))
        sheet = Sheet("Số liệu", True, [["", typed + power]], looks={(0, 1): look})
        answer, found = read_answer(FoundCell(sheet, 0, 1), "area", ask, AsRead("zero"))
        assert answer.value == int(typed.split()[0])
        assert [one.code for one in found] == ["unit_in_cell"]


@pytest.mark.parametrize("raw", [0.5, 0.25, 0.1, 1.5, 1.0625, 0, 0.333, 0.0123])
def test_parts_of_an_hour_are_none(raw: float) -> None:
    assert read_answer(spot(raw), "hours", HOURS, AsRead("zero"))[1] == []
    assert (
        read_answer(
            spot(0.0625), "kinds", Indicator(code="kinds", label="A", type=Type.NUMBER), AsRead("zero")
        )[1]
        == []
    )


@pytest.mark.parametrize(
    ("ask", "raw", "likely"),
    [
        (HOURS, dt.time(1, 30), "1.5"),
        (HOURS, dt.timedelta(hours=30), "30"),
        (MINUTES, dt.time(0, 45), "45"),
        (COUNT, dt.time(1, 30), "01:30"),
        (HOURS.model_copy(update={"type": Type.COUNT}), 0.0625, "1.5"),
    ],
)
def test_what_became_a_time_is_suggested_in_what_is_asked_for(
    ask: Indicator, raw: CellValue, likely: str
) -> None:
    answer, found = read_answer(spot(raw), ask.code, ask, AsRead("zero"))
    assert answer.state is AnswerState.INVALID
    assert [one.code for one in found] == ["became_date"]
    assert f"(was it {likely}?)" in found[0].hint


@pytest.mark.parametrize("raw", ["", " ", "\u200b", "\u00a0", "\ufeff", "0", "Không", "-"])
def test_no_estimate(raw: str) -> None:
    assert read_estimate(spot(raw), "press") == (False, [])


@pytest.mark.parametrize("raw", ["x", " X\u200b", "ước", "✓"])
def test_an_estimate(raw: str) -> None:
    assert read_estimate(spot(raw), "press") == (True, [])
