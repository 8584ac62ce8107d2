"""The expected readings are worked by hand from the office's policy on how people fill in cells."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportctl.cells.cell import read_cell, read_text
from reportctl.cells.reading import Reading
from reportctl.core import language
from reportctl.core.finding_kinds import KINDS, Severity
from reportctl.core.findings import finding
from reportctl.core.language import Phrase
from reportctl.form.indicators import Indicator, Type
from reportctl.form.model import ListColumn
from reportctl.form.submission import AnswerState
from reportctl.workbooks.book import CellValue

COUNT = Indicator(
    code="press", label="Tin, bài", unit_of_measure="bài", unit_of_measure_en="articles", type=Type.COUNT
)
NUMBER = Indicator(code="rate", label="Chỉ số", type=Type.NUMBER)
PERCENT = Indicator(code="share", label="Tỷ lệ", unit_of_measure="%", type=Type.PERCENT)
MONEY = Indicator(code="spent", label="Kinh phí", unit_of_measure="triệu đồng", type=Type.MONEY)
YES_NO = Indicator(code="plan", label="Có kế hoạch", type=Type.YES_NO)
DATE = ListColumn(code="day", label="Ngày", type=Type.DATE)
CHOICE = ListColumn(
    code="form", label="Hình thức", type=Type.CHOICE, choices=("Trực tiếp", "Trực tuyến", "Không áp dụng")
)
TEXT = ListColumn(code="name", label="Tên", type=Type.TEXT)
EVERY = (COUNT, NUMBER, PERCENT, MONEY, YES_NO, DATE, CHOICE, TEXT)
FIGURES = (COUNT, NUMBER, PERCENT, MONEY)
Ask = Indicator | ListColumn


def value(value: object, code: str = "") -> tuple[object, ...]:
    return (AnswerState.VALUE, value, code)


def invalid(code: str) -> tuple[object, ...]:
    return (AnswerState.INVALID, None, code)


MISSING = (AnswerState.MISSING, None, "")
NOT_APPLICABLE = (AnswerState.NOT_APPLICABLE, None, "")


def short(reading: Reading) -> tuple[object, ...]:
    return (reading.state, reading.value, reading.code)


def details(reading: Reading) -> dict[str, Any]:
    return dict(reading.details)


@pytest.mark.parametrize(
    ("ask", "raw", "expected"),
    [
        # a numeric cell: itself
        (COUNT, 1200.0, value(1200)),
        (COUNT, 0.0, value(0)),
        (COUNT, 7, value(7)),
        (COUNT, 3.0000000000000004, value(3)),
        (NUMBER, -2.5, value(-2.5)),
        (PERCENT, 0.85, value(0.85)),
        (PERCENT, 1.0, value(1.0)),
        (MONEY, 1234.5, value(1234.5)),
        # decimals in a count
        (COUNT, 1.2, invalid("thousands_guess")),
        (COUNT, 1.234, invalid("thousands_guess")),
        (COUNT, 12.345, invalid("thousands_guess")),
        (COUNT, 12.5, invalid("not_whole")),
        (COUNT, 0.5, invalid("not_whole")),
        (COUNT, 1234.567, invalid("not_whole")),
        (COUNT, 1.23456, invalid("not_whole")),
        # separators of thousands in a count
        (COUNT, "1200", value(1200, "number_as_text")),
        (COUNT, "1.200", value(1200, "number_as_text")),
        (COUNT, "1,200", value(1200, "number_as_text")),
        (COUNT, "1 200", value(1200, "number_as_text")),
        (COUNT, "1\u00a0200", value(1200, "number_as_text")),
        (COUNT, "1\u202f200", value(1200, "number_as_text")),
        (COUNT, "1.234.567", value(1234567, "number_as_text")),
        (COUNT, " 12 ", value(12, "number_as_text")),
        (COUNT, "12,0", value(12, "number_as_text")),
        (COUNT, "1.2", invalid("not_whole")),
        (COUNT, "1.234,5", invalid("not_whole")),
        (COUNT, "0.125", invalid("not_whole")),
        (COUNT, "1.23.456", invalid("wrong_type")),
        (COUNT, "1 2 3", invalid("several_numbers")),
        (COUNT, "12, 15", invalid("several_numbers")),
        # decimals where the indicator takes them
        (MONEY, "1.234,5", value(1234.5, "number_as_text")),
        (MONEY, "1,234.5", value(1234.5, "number_as_text")),
        (MONEY, "1 234,5", value(1234.5, "number_as_text")),
        (MONEY, "1.234.567", value(1234567, "number_as_text")),
        (MONEY, "12,5", value(12.5, "number_as_text")),
        (MONEY, "12.5", value(12.5, "number_as_text")),
        (MONEY, "0,125", value(0.125, "number_as_text")),
        (MONEY, "1.200", invalid("ambiguous_number")),
        (MONEY, "1,200", invalid("ambiguous_number")),
        (NUMBER, "-12,5", value(-12.5, "number_as_text")),
        (NUMBER, "−12,5", value(-12.5, "number_as_text")),
        (NUMBER, "+3", value(3, "number_as_text")),
        # units of measure
        (COUNT, "12 bài", value(12, "unit_in_cell")),
        (COUNT, "12bài", value(12, "unit_in_cell")),
        (COUNT, "12 BÀI.", value(12, "unit_in_cell")),
        (COUNT, "12 articles", value(12, "unit_in_cell")),
        (COUNT, "1.200 (bài)", value(1200, "unit_in_cell")),
        (COUNT, unicodedata.normalize("NFD", "12 bài"), value(12, "unit_in_cell")),
        (COUNT, "12 tin", invalid("wrong_unit_in_cell")),
        (COUNT, "12%", invalid("wrong_unit_in_cell")),
        (MONEY, "12,5 triệu đồng", value(12.5, "unit_in_cell")),
        (MONEY, "12 tỷ", invalid("wrong_unit_in_cell")),
        (NUMBER, "12 bài", invalid("wrong_unit_in_cell")),
        # percentages
        (PERCENT, "85%", value(0.85, "number_as_text")),
        (PERCENT, "12,5 %", value(0.125, "number_as_text")),
        (PERCENT, "0,85", value(0.85, "number_as_text")),
        (PERCENT, "850%", invalid("out_of_range")),
        (PERCENT, 85.0, invalid("percent_scale")),
        (PERCENT, "85", invalid("percent_scale")),
        (PERCENT, 850.0, invalid("out_of_range")),
        (PERCENT, -0.1, invalid("out_of_range")),
        # estimates and ranges
        (COUNT, "khoảng 30", invalid("approximate")),
        (COUNT, "~30", invalid("approximate")),
        (COUNT, ">30", invalid("approximate")),
        (COUNT, ">= 30", invalid("approximate")),
        (COUNT, "Trên 30 bài", invalid("approximate")),
        (COUNT, "20-25", invalid("approximate")),
        (COUNT, "từ 20 đến 25 bài", invalid("approximate")),
        (COUNT, "30 (ước)", invalid("approximate")),
        (COUNT, "30 bài (ước tính)", invalid("approximate")),
        (COUNT, "30+", invalid("approximate")),
        (COUNT, "25-20", invalid("several_numbers")),
        # zero
        (COUNT, "không", value(0, "word_as_zero")),
        (COUNT, "Không có", value(0, "word_as_zero")),
        (COUNT, "0", value(0, "number_as_text")),
        (MONEY, "không", value(0, "word_as_zero")),
        (COUNT, "-", value(0, "dash_as_zero")),
        (COUNT, "–", value(0, "dash_as_zero")),
        (COUNT, "không có số liệu", invalid("no_figure_yet")),
        # out of range
        (COUNT, -5.0, invalid("out_of_range")),
        (COUNT, "-5", invalid("out_of_range")),
        (MONEY, -0.5, invalid("out_of_range")),
        (COUNT, 1e300, invalid("out_of_range")),
        (COUNT, "9" * 30, invalid("out_of_range")),
        (NUMBER, -1e300, invalid("out_of_range")),
        (COUNT, "9" * 5000, invalid("wrong_type")),
        # a figure that became a date or something else
        (COUNT, dt.datetime(2024, 5, 12), invalid("became_date")),
        (COUNT, dt.date(2024, 5, 12), invalid("became_date")),
        (MONEY, dt.time(12, 5), invalid("became_date")),
        (COUNT, dt.timedelta(hours=30), invalid("became_date")),
        (COUNT, True, invalid("wrong_type")),
        (COUNT, float("nan"), invalid("wrong_type")),
        (NUMBER, float("inf"), invalid("wrong_type")),
        (COUNT, "12/5", invalid("several_numbers")),
        (COUNT, "nhiều", invalid("wrong_type")),
        (
            COUNT,
            "Trong quý đã đăng 12 bài trên báo tỉnh và 15 tin trên đài truyền thanh xã",
            invalid("wrong_type"),
        ),
        # digits of another width or script
        (COUNT, "１２", value(12, "number_as_text")),
        (COUNT, "１．２００", value(1200, "number_as_text")),
        (MONEY, "１２，５", value(12.5, "number_as_text")),
        (PERCENT, "８５％", value(0.85, "number_as_text")),
        (COUNT, "𝟏𝟐", value(12, "number_as_text")),
        (COUNT, "12²", invalid("wrong_unit_in_cell")),
        # an apostrophe that was to make text of it; a separator in other countries
        (COUNT, "'12", value(12, "number_as_text")),
        (COUNT, "’12", value(12, "number_as_text")),
        (COUNT, "'", MISSING),
        (COUNT, "1'200", value(1200, "number_as_text")),
        # several numbers, a number with a note
        (COUNT, "12; 15", invalid("several_numbers")),
        (COUNT, "12 và 15", invalid("several_numbers")),
        (COUNT, "7 bài 2 tin", invalid("several_numbers")),
        (COUNT, "12 tin (5 bài)", invalid("several_numbers")),
        (COUNT, "12 (trong đó 5 trực tuyến)", invalid("note_in_cell")),
        (COUNT, "12 bài (tăng)", invalid("note_in_cell")),
        (COUNT, "12*", invalid("note_in_cell")),
        (COUNT, "12 - đã hoàn thành", invalid("note_in_cell")),
        (COUNT, "Tổng: 12", invalid("note_in_cell")),
        # sums and formulas as text
        (COUNT, "12+15", value(27, "sum_as_text")),
        (COUNT, "12 + 15 + 3 bài", value(30, "sum_as_text")),
        (COUNT, "1.200+15", value(1215, "sum_as_text")),
        (COUNT, "=12-5", value(7, "sum_as_text")),
        (COUNT, "12+15=27", value(27, "sum_as_text")),
        (COUNT, "12+15=28", invalid("several_numbers")),
        (MONEY, "0,1+0,2", value(0.3, "sum_as_text")),
        (MONEY, "1.200+15", invalid("several_numbers")),
        (COUNT, "=12", value(12, "number_as_text")),
        (COUNT, "=SUM(A1:A3)", invalid("formula_as_text")),
        # brackets and dashes
        (COUNT, "(12)", invalid("sign_unclear")),
        (MONEY, "(12,5)", invalid("sign_unclear")),
        (COUNT, "12-", invalid("sign_unclear")),
        (COUNT, "- 12", invalid("sign_unclear")),
        (COUNT, "–12", invalid("sign_unclear")),
        # exponents
        (COUNT, "1.2E+03", invalid("exponent_form")),
        (MONEY, "1,2e5", invalid("exponent_form")),
        (COUNT, "1,5x10^3", invalid("exponent_form")),
        # in words
        (COUNT, "mười hai", value(12, "number_in_words")),
        (COUNT, "năm", invalid("wrong_type")),
        (COUNT, "năm bài", value(5, "number_in_words")),
        (MONEY, "12,", invalid("wrong_type")),
        (COUNT, "Một trăm hai mươi lăm bài", value(125, "number_in_words")),
        (COUNT, "12 (mười hai)", value(12, "number_as_text")),
        (COUNT, "mười hai (12)", value(12, "number_as_text")),
        (COUNT, "12 (mười ba)", invalid("several_numbers")),
        (COUNT, "một nghìn hai", invalid("wrong_type")),
        (PERCENT, "85 phần trăm", value(0.85, "number_as_text")),
        # other scales
        (COUNT, "12 nghìn", invalid("wrong_unit_in_cell")),
        (MONEY, "12,5 triệu", value(12.5, "unit_in_cell")),
        (MONEY, "12,5 trđ", value(12.5, "unit_in_cell")),
        (MONEY, "5.000.000đ", invalid("wrong_unit_in_cell")),
        # no figure
        (COUNT, "chưa có", invalid("no_figure_yet")),
        (COUNT, "như trên", invalid("figure_elsewhere")),
        (COUNT, "nt", invalid("figure_elsewhere")),
        (COUNT, "NA", invalid("wrong_type")),
        # the text of an error
        (COUNT, "#REF!", invalid("error_cell")),
        (COUNT, "#N/A", invalid("error_cell")),
        (TEXT, "#DIV/0!", invalid("error_cell")),
        (CHOICE, "Err:502", invalid("error_cell")),
        (DATE, "#####", invalid("error_cell")),
        (TEXT, "#1 trong tỉnh", value("#1 trong tỉnh")),
        # what cannot be seen
        (COUNT, "12\u200b3", value(123, "number_as_text")),
        (COUNT, "\ufeff\u202d12\u202c", value(12, "number_as_text")),
        (COUNT, "1\x002", value(12, "number_as_text")),
        (YES_NO, "C\u200bó", value(1, "unseen_characters")),
        (CHOICE, "Trực\u00adtiếp", invalid("choice_unknown")),
        (CHOICE, "Trực\u00a0tiếp", value("Trực tiếp")),
        (TEXT, "Hội\x00 nghị", value("Hội nghị", "unseen_characters")),
        (TEXT, "\u202eHội nghị\u200f", value("Hội nghị", "unseen_characters")),
        (TEXT, "cán\u00adbộ", value("cánbộ", "unseen_characters")),
        (TEXT, "Hội nghị_x000D_\nTập huấn", value("Hội nghị\nTập huấn", "unseen_characters")),
        (TEXT, "Hội nghị\r\nTập huấn", value("Hội nghị\r\nTập huấn")),
        (TEXT, "Hội nghị\x0bTập huấn", value("Hội nghị\nTập huấn", "unseen_characters")),
        (TEXT, "ngày\u00a005\tquý\u00a0I", value("ngày\u00a005\tquý\u00a0I")),
        (TEXT, "\u00a0Hội nghị\u3000", value("Hội nghị")),
        (TEXT, "👩\u200d🏫", value("👩\u200d🏫")),
        # in the old encodings
        (COUNT, "kh«ng", value(0, "word_as_zero")),
        (COUNT, "Khoâng coù", value(0, "word_as_zero")),
        (COUNT, "12 bµi", value(12, "unit_in_cell")),
        (COUNT, "12 baøi", value(12, "unit_in_cell")),
        (COUNT, "kho¶ng 30", invalid("approximate")),
        (YES_NO, "Kh«ng", value(0, "old_encoding")),
        (YES_NO, "Coù", value(1, "old_encoding")),
        (YES_NO, "Cã", invalid("wrong_type")),
        (CHOICE, "Trùc tiÕp", value("Trực tiếp", "old_encoding")),
        (CHOICE, "Tröïc tuyeán", value("Trực tuyến", "old_encoding")),
        (CHOICE, "Kh«ng ¸p dông", value("Không áp dụng", "old_encoding")),
        (CHOICE, "Ðiều khác", invalid("choice_unknown")),
        (DATE, "ngµy 05 th¸ng 4 n¨m 2024", value(dt.date(2024, 4, 5), "date_as_text")),
        (TEXT, "Héi nghÞ b¸o c¸o viªn", value("Hội nghị báo cáo viên", "old_encoding")),
        (TEXT, "Hoäi nghò baùo caùo vieân", value("Hội nghị báo cáo viên", "old_encoding")),
        (TEXT, "kh«ng cã", value("không có", "old_encoding")),
        (TEXT, "Kh«ng ¸p dông", (AnswerState.NOT_APPLICABLE, None, "old_encoding")),
        (TEXT, "Héi nghÞ", value("Héi nghÞ", "perhaps_old_encoding")),
        (TEXT, "Le garçon français a dîné « à la carte »", value("Le garçon français a dîné « à la carte »")),
        # yes and no
        (YES_NO, "Có", value(1)),
        (YES_NO, "không", value(0)),
        (YES_NO, "YES", value(1)),
        (YES_NO, "No", value(0)),
        (YES_NO, 1.0, value(1)),
        (YES_NO, 0.0, value(0)),
        (YES_NO, True, value(1)),
        (YES_NO, False, value(0)),
        (YES_NO, 2.0, invalid("wrong_type")),
        (YES_NO, "đang làm", invalid("wrong_type")),
        (YES_NO, dt.date(2024, 1, 1), invalid("wrong_type")),
        (YES_NO, "-", MISSING),
        # dates
        (DATE, dt.date(2024, 4, 5), value(dt.date(2024, 4, 5))),
        (DATE, dt.datetime(2024, 4, 5, 8, 30), value(dt.date(2024, 4, 5))),
        (DATE, "05/4/2024", value(dt.date(2024, 4, 5), "date_as_text")),
        (DATE, "5.4.2024", value(dt.date(2024, 4, 5), "date_as_text")),
        (DATE, "05 - 04 - 2024", value(dt.date(2024, 4, 5), "date_as_text")),
        (DATE, "ngày 05 tháng 4 năm 2024", value(dt.date(2024, 4, 5), "date_as_text")),
        (DATE, "2024-04-05", value(dt.date(2024, 4, 5), "date_as_text")),
        (DATE, "04/13/2024", invalid("bad_date")),
        (DATE, "30/02/2024", invalid("bad_date")),
        (DATE, "5/4/24", invalid("bad_date")),
        (DATE, "5/4", invalid("bad_date")),
        (DATE, "05/4-2024", invalid("bad_date")),
        (DATE, 45387.0, invalid("bad_date")),
        (DATE, dt.time(8, 30), invalid("bad_date")),
        (DATE, "-", MISSING),
        # choices
        (CHOICE, "Trực tiếp", value("Trực tiếp")),
        (CHOICE, "  TRỰC   TUYẾN ", value("Trực tuyến")),
        (CHOICE, unicodedata.normalize("NFD", "Trực tuyến"), value("Trực tuyến")),
        (CHOICE, "không áp dụng", value("Không áp dụng")),
        (CHOICE, "KAD", NOT_APPLICABLE),
        (CHOICE, "-", MISSING),
        (CHOICE, "Trực tuyền", invalid("choice_unknown")),
        (CHOICE, 3.0, invalid("choice_unknown")),
        # texts
        (TEXT, "  Hội nghị báo cáo viên ", value("Hội nghị báo cáo viên")),
        (TEXT, "không", value("không")),
        (TEXT, "=1+1", value("=1+1")),
        (TEXT, 12.0, value("12")),
        (TEXT, 1.5, value("1.5")),
        (TEXT, dt.datetime(2024, 4, 5), value("05/4/2024")),
        (TEXT, dt.datetime(2024, 4, 5, 8, 30), value("08:30 05/4/2024")),
        (TEXT, dt.time(8, 30), value("08:30")),
        (TEXT, unicodedata.normalize("NFD", "Hội nghị"), value("Hội nghị", "decomposed_text")),
        (TEXT, "-", MISSING),
    ],
)
def test_what_a_cell_means(ask: Ask, raw: CellValue, expected: tuple[object, ...]) -> None:
    reading = read_cell(raw, ask)
    assert short(reading) == expected
    assert type(reading.value) is type(expected[1])


@pytest.mark.parametrize("ask", EVERY, ids=lambda ask: str(ask.type))
@pytest.mark.parametrize(
    "raw", [None, "", "  ", "\u00a0", "\u200b", "x", "X", "…", "...", "........", "?", "??"]
)
def test_a_blank_is_missing_and_never_zero(ask: Ask, raw: CellValue) -> None:
    assert short(read_cell(raw, ask)) == MISSING


@pytest.mark.parametrize("ask", [ask for ask in EVERY if ask is not CHOICE], ids=lambda ask: str(ask.type))
@pytest.mark.parametrize(
    "raw", ["KAD", "kad", "N/A", "Không áp  dụng", unicodedata.normalize("NFD", "không áp dụng")]
)
def test_not_applicable_is_neither_missing_nor_zero(ask: Ask, raw: CellValue) -> None:
    assert short(read_cell(raw, ask)) == NOT_APPLICABLE


def test_a_dash_can_mean_missing() -> None:
    assert short(read_cell("-", COUNT, dash="missing")) == MISSING


@pytest.mark.parametrize(
    ("low", "high", "raw", "vi", "en"),
    [
        (None, None, -1.0, "từ 0 trở lên", "0 or more"),
        (10, None, 9.0, "từ 10 trở lên", "10 or more"),
        (None, 100, 101.0, "từ 0 đến 100", "from 0 to 100"),
        (1, 5, "không", "từ 1 đến 5", "from 1 to 5"),
        (None, None, 1e16, "từ 0 đến 1000000000000000", "from 0 to 1000000000000000"),
    ],
)
def test_the_forms_own_limits(
    low: float | None, high: float | None, raw: CellValue, vi: str, en: str
) -> None:
    reading = read_cell(raw, COUNT.model_copy(update={"min": low, "max": high}))
    assert short(reading) == invalid("out_of_range")
    assert details(reading) == {"bounds": Phrase(vi, en)}


def test_a_limit_may_allow_what_is_unusual() -> None:
    growth = PERCENT.model_copy(update={"min": -1, "max": 3})
    assert short(read_cell(1.5, growth)) == value(1.5)
    assert short(read_cell(-0.5, growth)) == value(-0.5)
    assert short(read_cell("150%", growth)) == value(1.5, "number_as_text")
    assert short(read_cell(150.0, growth)) == invalid("percent_scale")
    assert details(read_cell(-150.0, growth)) == {"bounds": Phrase("từ -100% đến 300%", "from -100% to 300%")}
    capped = NUMBER.model_copy(update={"max": 2.5})
    assert details(read_cell(3, capped)) == {"bounds": Phrase("không quá 2,5", "at most 2.5")}
    assert details(read_cell(-1e16, capped)) == {
        "bounds": Phrase("từ -1000000000000000 đến 2,5", "from -1000000000000000 to 2.5")
    }
    assert short(read_cell(-5, COUNT.model_copy(update={"min": -10}))) == value(-5)


@pytest.mark.parametrize(
    ("ask", "raw", "expected"),
    [
        (COUNT, 1.2, {"suggestion": "1200"}),
        (COUNT, 12.345, {"suggestion": "12345"}),
        (COUNT, 12.5, {"measure": Phrase("bài", "articles")}),
        (COUNT, "1.200", {"read": "1200"}),
        (MONEY, "1.234,5", {"read": Phrase("1234,5", "1234.5")}),
        (MONEY, "1.200", {"first": "1200", "second": Phrase("1,2", "1.2")}),
        (NUMBER, "-4,375", {"first": "-4375", "second": Phrase("-4,375", "-4.375")}),
        (PERCENT, "1.200%", {"first": "1200%", "second": Phrase("1,2%", "1.2%")}),
        (COUNT, "12 bài", {"read": "12"}),
        (COUNT, "12 tin", {"found": "tin", "measure": Phrase("bài", "articles"), "suggestion": ""}),
        (PERCENT, "12,5%", {"read": Phrase("12,5%", "12.5%")}),
        (PERCENT, 85.0, {"suggestion": "85%", "percent": "8500%"}),
        (COUNT, "khoảng 1.200 bài", {"suggestion": "1200"}),
        (PERCENT, "trên 85%", {"suggestion": "85%"}),
        (COUNT, "20-25", {"suggestion": Phrase("20 hoặc 25", "20 or 25")}),
        (COUNT, "30 (ước)", {"suggestion": "30"}),
        (COUNT, dt.datetime(2024, 5, 12), {"suggestion": "12/5"}),
        (COUNT, dt.time(12, 5), {"suggestion": "12:05"}),
        # figures in a cell formatted as a date: 0, 1, 59, 61 and 400 days
        (COUNT, dt.time(), {"suggestion": "0"}),
        (COUNT, dt.date(1900, 1, 1), {"suggestion": "1"}),
        (COUNT, dt.date(1900, 2, 28), {"suggestion": "59"}),
        (COUNT, dt.datetime(1900, 3, 1), {"suggestion": "61"}),
        (COUNT, dt.date(1901, 2, 3), {"suggestion": "400"}),
        (COUNT, dt.timedelta(hours=30, minutes=5), {"suggestion": "30:05"}),
        (COUNT, "nhiều", {"expected": Phrase("số nguyên", "a whole number"), "suggestion": ""}),
        (COUNT, "1O", {"expected": Phrase("số nguyên", "a whole number"), "suggestion": "10"}),
        (COUNT, "0 có", {"expected": Phrase("số nguyên", "a whole number"), "suggestion": "0"}),
        (COUNT, "n.a.", {"expected": Phrase("số nguyên", "a whole number"), "suggestion": "KAD"}),
        (NUMBER, ",5", {"expected": Phrase("một số", "a number"), "suggestion": Phrase("0,5", "0.5")}),
        (
            YES_NO,
            "chưa",
            {"expected": Phrase("“Có” hoặc “Không”", "“Yes” or “No”"), "suggestion": Phrase("Không", "No")},
        ),
        (YES_NO, "Cã", {"expected": Phrase("“Có” hoặc “Không”", "“Yes” or “No”"), "suggestion": "Có"}),
        (MONEY, "12,", {"expected": Phrase("số tiền", "an amount of money"), "suggestion": "12"}),
        (COUNT, "12; 15", {"suggestion": "27"}),
        (COUNT, "12 bài và 3 bài", {"suggestion": "15"}),
        (COUNT, "12 bài, 3 tin", {"suggestion": ""}),
        (COUNT, "12 (5 trực tuyến)", {"suggestion": "12"}),
        (COUNT, "$12", {"suggestion": ""}),
        (NUMBER, "-12 (giảm)", {"suggestion": ""}),
        (MONEY, "12+15", {"read": "27"}),
        (MONEY, "(12,5)", {"first": Phrase("12,5", "12.5"), "second": Phrase("-12,5", "-12.5")}),
        (MONEY, "1,234E+05", {"suggestion": "123400"}),
        (
            COUNT,
            "1,2 nghìn bài",
            {"found": "nghìn bài", "measure": Phrase("bài", "articles"), "suggestion": "1200"},
        ),
        (MONEY, "1,5 tỷ", {"found": "tỷ", "measure": Phrase("triệu đồng"), "suggestion": "1500"}),
        (MONEY, "5.000.000đ", {"found": "đ", "measure": Phrase("triệu đồng"), "suggestion": "5"}),
        (PERCENT, "85%-90%", {"suggestion": Phrase("85% hoặc 90%", "85% or 90%")}),
        (DATE, "5/4/24", {"suggestion": "05/4/2024"}),
        (DATE, "04/13/2024", {"suggestion": "13/4/2024"}),
        (DATE, "20240405", {"suggestion": "05/4/2024"}),
        (DATE, 45387.0, {"suggestion": "05/4/2024"}),
        (DATE, "30/02/2024", {"suggestion": ""}),
        (TEXT, "a\x00b\u200bc\u200bd", {"characters": "U+0000, U+200B"}),
        (
            TEXT,
            "Héi nghÞ b¸o c¸o",
            {"encoding": "TCVN3", "before": "Héi nghÞ b¸o c¸o", "after": "Hội nghị báo cáo"},
        ),
        (DATE, "5.4.2024", {"read": "05/4/2024"}),
        (
            CHOICE,
            "Trực tuyền",
            {"choices": "Trực tiếp; Trực tuyến; Không áp dụng", "suggestion": "Trực tuyến"},
        ),
    ],
)
def test_findings_say_what_was_read_or_meant(ask: Ask, raw: CellValue, expected: dict[str, object]) -> None:
    assert details(read_cell(raw, ask)) == expected


def test_a_treaty_is_not_an_estimate() -> None:
    treaties = COUNT.model_copy(update={"unit_of_measure": "điều ước"})
    assert short(read_cell("12 điều ước", treaties)) == value(12, "unit_in_cell")


def test_a_question_in_words_has_no_type() -> None:
    assert short(read_text("Không có khó khăn.")) == value("Không có khó khăn.")
    assert short(read_text(None)) == MISSING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Không   áp   dụng", NOT_APPLICABLE),
        ("Không \u200c áp dụng", NOT_APPLICABLE),  # four words only until the joiner is taken out
        (". . . . .", MISSING),
        ("Không áp dụng ở xã", value("Không áp dụng ở xã")),
        ("x x x x", value("x x x x")),
    ],
)
def test_words_for_no_answer_and_texts_that_begin_like_them(text: str, expected: tuple[object, ...]) -> None:
    assert short(read_text(text)) == expected


def test_money_and_scales_by_the_units_own_name() -> None:
    dong = MONEY.model_copy(update={"unit_of_measure": "đồng"})
    assert short(read_cell("5.000.000đ", dong)) == value(5_000_000, "unit_in_cell")
    assert short(read_cell("5.000.000 VNĐ", dong)) == value(5_000_000, "unit_in_cell")
    assert details(read_cell("1,2 tỷ", dong))["suggestion"] == "1200000000"
    thousands = COUNT.model_copy(update={"unit_of_measure": "nghìn lượt", "unit_of_measure_en": ""})
    assert short(read_cell("12 nghìn", thousands)) == value(12, "unit_in_cell")
    assert details(read_cell("12.000 lượt", thousands))["suggestion"] == "12"


def test_a_choice_with_d_typed_as_eth() -> None:
    choice = CHOICE.model_copy(update={"choices": ("Đã làm", "Đang làm")})
    assert short(read_cell("Ðã làm", choice)) == value("Đã làm")  # U+00D0


def test_all_that_is_to_be_said_of_a_cell() -> None:
    reading = read_cell("kh«ng\x00", COUNT)
    assert [remark.code for remark in reading.remarks] == [
        "word_as_zero",
        "old_encoding",
        "unseen_characters",
    ]
    assert [remark.code for remark in read_cell("12", COUNT).remarks] == ["number_as_text"]
    assert read_cell(12, COUNT).remarks == ()


@pytest.mark.parametrize("ask", EVERY, ids=lambda ask: str(ask.type))
def test_hints_name_what_was_probably_meant_or_say_nothing_of_it(ask: Ask) -> None:
    for raw in ("???!", "Trực tuyền", "Cã", "5/4/24", "1O", "12; 15", "12 tin", "12*", dt.date(2024, 5, 12)):
        reading = read_cell(raw, ask)
        suggestion = str(details(reading).get("suggestion", ""))
        for remark in reading.remarks:
            hint = finding(remark.code, value=str(raw), **dict(remark.details)).hint
            assert "{" not in hint
            assert "()" not in hint
            assert "“”" not in hint
            assert ": if" not in hint
        if suggestion:
            assert suggestion in finding(reading.code, value=str(raw), **details(reading)).hint


typed = st.text() | st.text("0123456789., -–~>%()xX?…\u00a0khoảngbàiướcđếnngaytừ", max_size=20)
anything = (
    typed | st.integers() | st.floats() | st.booleans() | st.none() | st.dates() | st.datetimes() | st.times()
)


@given(st.integers(0, 10**15), st.sampled_from((COUNT, MONEY, NUMBER)))
def test_a_typed_number_reads_as_itself(number: int, ask: Indicator) -> None:
    assert short(read_cell(number, ask)) == value(number)
    assert short(read_cell(float(number), ask)) == value(number)


@given(st.integers(0, 10**12), st.sampled_from([".", ",", " ", "\u00a0", "\u202f", ""]))
def test_grouped_thousands_of_a_count(number: int, separator: str) -> None:
    reading = read_cell(f"{number:,}".replace(",", separator), COUNT)
    assert short(reading) == value(number, "number_as_text")


@given(anything, st.sampled_from(EVERY), st.sampled_from(["zero", "missing"]))
def test_every_cell_has_a_reading_whose_finding_can_be_said(raw: CellValue, ask: Ask, dash: str) -> None:
    reading = read_cell(raw, ask, dash=dash)
    assert (reading.value is None) == (reading.state is not AnswerState.VALUE)
    for remark in reading.remarks:
        said = finding(remark.code, value=str(raw), **dict(remark.details))
        assert said.message
        assert said.hint
    errors = [one.code for one in reading.remarks if KINDS[one.code].severity is Severity.ERROR]
    assert errors == ([reading.code] if reading.state is AnswerState.INVALID else [])


@given(st.text(st.characters(exclude_categories=())) | st.integers(10**300, 10**400), st.sampled_from(EVERY))
@example(10**5000, COUNT)
@example(-(10**400), TEXT)
@example("\ud800", TEXT)
def test_no_input_whatever_is_too_much(raw: CellValue, ask: Ask) -> None:
    assert read_cell(raw, ask).state in AnswerState


@given(st.text() | st.text("aáâãøûïäµ¸«®ÞÕx \x00\u00ad\u200b\r\n\u00a0", max_size=12))
def test_a_text_without_a_finding_is_what_was_typed(text: str) -> None:
    reading = read_cell(text, TEXT)
    if reading.state is AnswerState.VALUE and not reading.remarks:
        assert reading.value == text.strip()


@given(typed, st.sampled_from(FIGURES))
def test_no_text_becomes_a_figure_silently(text: str, ask: Indicator) -> None:
    reading = read_cell(text, ask)
    if reading.state is AnswerState.VALUE:
        assert reading.code in KINDS
        # Digits, a word for none, or a number in words, of which is said that it is read as one.
        assert any(sign.isdigit() for sign in text) or reading.value == 0 or reading.code == "number_in_words"


@pytest.mark.parametrize("unit_of_measure", ["", "người"])
@pytest.mark.parametrize("language_", ["vi", "en"])
def test_what_is_said_of_a_cell_reads_well_with_and_without_a_unit_of_measure(
    language_: str, unit_of_measure: str
) -> None:
    ask = COUNT.model_copy(update={"unit_of_measure": unit_of_measure, "unit_of_measure_en": ""})
    for raw in ("12 lớp", "1,2 nghìn lớp", "12%", 1.25, "1,5", "12 (giảm)", "12 bài, 3 tin", "nhiều"):
        reading = read_cell(raw, ask)
        with language.speaking(language_):
            found = finding(reading.code, value=str(raw), **details(reading))
            said = f"{found.message} | {found.hint}"
        assert not re.search(r"\b(\w+)\s+\1\b", said.casefold()), said
        assert "  " not in said, said
        assert "Phần lời" not in said  # a form may have no such sheet
    with language.speaking(language_):
        reading = read_cell("12 lớp", ask)
        found = finding(reading.code, value="12 lớp", **details(reading))
        number = "người" if unit_of_measure else {"vi": "không kèm chữ", "en": "a plain number"}[language_]
        assert (
            found.hint == {"vi": f"chỉ gõ số {number}", "en": f"type the number alone ({number})"}[language_]
        )
