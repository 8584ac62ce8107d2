from __future__ import annotations

import pytest

from reportctl.core.finding_kinds import Severity
from reportctl.form.model import Indicator, Type
from reportctl.form.submission import AnswerState
from reportctl.intake.answers import read_answer, read_estimate
from reportctl.intake.find_lines import FoundCell
from reportctl.workbooks.book import CellExtra, CellValue, Sheet

COUNT = Indicator(code="press", label="Tin, bài", unit_of_measure="bài", type=Type.COUNT)


def spot(raw: CellValue, **extra: object) -> FoundCell:
    """The cell B1 of a sheet that holds `raw`."""
    extras = {(0, 1): CellExtra(**extra)} if extra else {}  # type: ignore[arg-type]
    return FoundCell(Sheet("Số liệu", True, [["", raw]], extras), 0, 1)


def test_a_text_in_an_old_encoding_is_shown_before_and_after() -> None:
    answer, found = read_answer(spot("Héi nghÞ b¸o c¸o viªn\x00"), "results", None, "zero")
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
    answer, found = read_answer(spot("Héi nghÞ b¸o c¸o viªn. " * 50), "results", None, "zero")
    assert answer.value == ("Hội nghị báo cáo viên. " * 50).strip()
    assert len(found[0].message) < 250


def test_everything_that_is_to_be_said_of_a_figure_is_said() -> None:
    answer, found = read_answer(spot("12 baøi", formula=True), "press", COUNT, "zero")
    assert answer.value == 12
    assert [one.code for one in found] == ["formula_in_input", "unit_in_cell", "old_encoding"]


def test_the_text_of_an_error_is_an_error_and_never_blank() -> None:
    for ask in (COUNT, None):
        answer, found = read_answer(spot("#REF!"), "press", ask, "zero")
        assert answer.state is AnswerState.INVALID
        assert [one.code for one in found] == ["error_cell"]
        assert found[0].message == "the cell holds the error #REF!"


@pytest.mark.parametrize("raw", ["", " ", "\u200b", "\u00a0", "\ufeff", "0", "Không", "-"])
def test_no_estimate(raw: str) -> None:
    assert read_estimate(spot(raw), "press") == (False, [])


@pytest.mark.parametrize("raw", ["x", " X\u200b", "ước", "✓"])
def test_an_estimate(raw: str) -> None:
    assert read_estimate(spot(raw), "press") == (True, [])
