"""Expected words are written by hand from what offices write; `~` stands for the non-breaking space."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core import language, wording
from reportctl.core.period import parse_period
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Value


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    before = language.current_language()
    language.use("vi")
    yield
    language.use(before)


def nbsp(text: str) -> str:
    return text.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (0, "0", "0"),
        (7, "7", "7"),
        (1234, "1.234", "1,234"),
        (1234567, "1.234.567", "1,234,567"),
        (-1234, "-1.234", "-1,234"),
        (1234.5, "1.234,5", "1,234.5"),
        (1200.0, "1.200", "1,200"),
        (0.126, "0,126", "0.126"),  # three decimals: with them printed parts make the printed total
        (314.923, "314,923", "314.923"),
        (0.1 + 0.2, "0,3", "0.3"),
        (0.1264, "0,13", "0.13"),  # more are rounded to two, once
        (10 / 3, "3,33", "3.33"),
        (-2.6758, "-2,68", "-2.68"),
        (-0.0001, "0", "0"),
        (1e22, "10.000.000.000.000.000.000.000", "10,000,000,000,000,000,000,000"),
    ],
)
def test_numbers(value: float, vi: str, en: str) -> None:
    assert wording.number(value) == vi
    assert wording.number(value, language="en") == en


def test_numbers_take_at_most_the_decimals_asked_for() -> None:
    assert wording.number(1234.5678, 3) == "1.234,568"
    assert wording.number(1234.5678, 0) == "1.235"
    # Halves go away from zero, as in a spreadsheet, whatever the binary float.
    assert (wording.number(2.675, 2), wording.number(-2.675, 2)) == ("2,68", "-2,68")


def test_the_current_language_decides_where_none_is_given() -> None:
    language.use("en")
    assert wording.number(1234.5) == "1,234.5"
    assert wording.number(1234.5, language="vi") == "1.234,5"


@pytest.mark.parametrize(
    ("fraction", "said"),
    [
        (0.125, "12,5%"),
        (1, "100%"),
        (0, "0%"),
        (0.8976, "89,8%"),
        (11.5, "1.150%"),
        (-0.031, "-3,1%"),
        (0.1225, "12,3%"),
    ],
)
def test_percentages(fraction: float, said: str) -> None:
    assert wording.percent(fraction) == said


@pytest.mark.parametrize(
    ("value", "measure", "vi", "en"),
    [
        (128, "cuộc", "128~cuộc", "128~cuộc"),
        (9, "đơn vị", "09~đơn~vị", "9~đơn~vị"),
        (9.0, "đơn vị", "09~đơn~vị", "9~đơn~vị"),
        (10, "đơn vị", "10~đơn~vị", "10~đơn~vị"),
        (0, "lớp", "0~lớp", "0~lớp"),
        (1.5, "triệu đồng", "1,5~triệu~đồng", "1.5~triệu~đồng"),
        (3, "", "03", "3"),
        (4, "hộ gia đình ở vùng cao", "04~hộ gia đình ở vùng cao", "4~hộ gia đình ở vùng cao"),
    ],
)
def test_counts_in_running_text(value: float, measure: str, vi: str, en: str) -> None:
    assert wording.count_words(value, measure) == nbsp(vi)
    with language.speaking("en"):
        assert wording.count_words(value, measure) == nbsp(en)


@pytest.mark.parametrize(
    ("current", "base", "kind", "vi", "en"),
    [
        (1125, 1000, CellFormat.COUNT, "tăng 12,5% so với cùng kỳ", "up 12.5% on the same quarter last year"),
        (969, 1000, CellFormat.COUNT, "giảm 3,1% so với cùng kỳ", "down 3.1% on the same quarter last year"),
        (
            12,
            12,
            CellFormat.COUNT,
            "không thay đổi so với cùng kỳ",
            "unchanged from the same quarter last year",
        ),
        (0, 8, CellFormat.COUNT, "giảm 100% so với cùng kỳ", "down 100% on the same quarter last year"),
        (5, 0, CellFormat.COUNT, "cùng kỳ không phát sinh", "none in the same quarter last year"),
        (
            0,
            0,
            CellFormat.COUNT,
            "không thay đổi so với cùng kỳ",
            "unchanged from the same quarter last year",
        ),
        (
            2132.5,
            850.25,
            CellFormat.MONEY,
            "tăng 150,8% so với cùng kỳ",
            "up 150.8% on the same quarter last year",
        ),
        (
            100_001,
            100_000,
            CellFormat.COUNT,
            "tăng dưới 0,1% so với cùng kỳ",
            "up less than 0.1% on the same quarter last year",
        ),
        (
            0.871,
            0.85,
            CellFormat.PERCENT,
            "tăng 2,1~điểm phần trăm so với cùng kỳ",
            "up 2.1~percentage points on the same quarter last year",
        ),
        (
            0.02,
            0,
            CellFormat.PERCENT,
            "tăng 2~điểm phần trăm so với cùng kỳ",
            "up 2~percentage points on the same quarter last year",
        ),
        (-3, -5.5, CellFormat.NUMBER, "tăng 2,5 so với cùng kỳ", "up 2.5 on the same quarter last year"),
        (None, 5, CellFormat.COUNT, None, None),
        (5, None, CellFormat.COUNT, None, None),
        (5, 4, CellFormat.TEXT, None, None),
    ],
)
def test_changes(
    current: float | None, base: float | None, kind: CellFormat, vi: str | None, en: str | None
) -> None:
    assert wording.change(current, base, kind) == (vi and nbsp(vi))
    with language.speaking("en"):
        assert wording.change(current, base, kind) == (en and nbsp(en))


@pytest.mark.parametrize(
    ("period", "against", "said"),
    [
        ("2024-Q1", "previous", "tăng 50% so với quý trước"),
        ("2024-H1", "year_ago", "tăng 50% so với cùng kỳ năm trước"),
        ("2024-H1", "previous", "tăng 50% so với 6~tháng cuối năm trước"),
        ("2024-H2", "previous", "tăng 50% so với 6~tháng đầu năm"),
        ("2024-9M", "year_ago", "tăng 50% so với cùng kỳ năm trước"),
        ("2024-9M", "previous", None),
        ("2024", "year_ago", "tăng 50% so với năm trước"),
    ],
)
def test_changes_name_what_they_compare_with(period: str, against: wording.Against, said: str | None) -> None:
    assert wording.change(3, 2, CellFormat.COUNT, against, period=parse_period(period)) == (
        said and nbsp(said)
    )


def test_a_change_over_fewer_units_says_so() -> None:
    assert wording.change(3, 2, CellFormat.COUNT, "previous", comparable=(15, 18)) == nbsp(
        "tăng 50% so với quý trước, tính trên 15/18~đơn~vị so sánh được"
    )
    assert wording.change(3, 2, CellFormat.COUNT, comparable=(9, 18)) == nbsp(
        "tăng 50% so với cùng kỳ, tính trên 09/18~đơn~vị so sánh được"
    )
    assert wording.change(3, 2, CellFormat.COUNT, comparable=(18, 18)) == "tăng 50% so với cùng kỳ"


def test_a_change_is_what_came_on_top() -> None:
    assert wording.change(1132, 1000, CellFormat.COUNT) == "tăng 13,2% so với cùng kỳ"


def test_of_plan() -> None:
    assert wording.of_plan(0.898) == "đạt 89,8% kế hoạch"
    with language.speaking("en"):
        assert wording.of_plan(0.898) == "89.8% of the plan"


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2024-Q1", "đạt 50% kế hoạch năm"),
        ("2024-Q2", "lũy kế 6~tháng đạt 50% kế hoạch năm"),
        ("2024-Q3", "lũy kế 9~tháng đạt 50% kế hoạch năm"),
        ("2024-Q4", "lũy kế cả năm đạt 50% kế hoạch năm"),
        ("2024-H1", "đạt 50% kế hoạch năm"),
        ("2024-H2", "lũy kế cả năm đạt 50% kế hoạch năm"),
        ("2024-9M", "đạt 50% kế hoạch năm"),
        ("2024", "đạt 50% kế hoạch năm"),
    ],
)
def test_the_plan_is_the_years_and_what_has_been_done_of_it_is_to_date(period: str, said: str) -> None:
    assert wording.of_plan(0.5, period=parse_period(period)) == nbsp(said)
    english = "50% of the year's plan"
    with language.speaking("en"):
        assert wording.of_plan(0.5, period=parse_period(period)).endswith(english)


@pytest.mark.parametrize(
    ("date", "words", "short", "english"),
    [
        (dt.date(2024, 4, 5), "ngày~05 tháng 4 năm 2024", "05/4/2024", "5~April 2024"),
        (dt.date(2024, 1, 15), "ngày~15 tháng 01 năm 2024", "15/01/2024", "15~January 2024"),
        (dt.date(2024, 2, 9), "ngày~09 tháng 02 năm 2024", "09/02/2024", "9~February 2024"),
        (dt.date(2024, 3, 10), "ngày~10 tháng 3 năm 2024", "10/3/2024", "10~March 2024"),
        (dt.date(2024, 12, 31), "ngày~31 tháng 12 năm 2024", "31/12/2024", "31~December 2024"),
    ],
)
def test_dates(date: dt.date, words: str, short: str, english: str) -> None:
    assert wording.date_words(date) == nbsp(words)
    assert wording.date_short(date) == short
    with language.speaking("en"):
        assert wording.date_words(date) == nbsp(english)


def test_a_short_english_date_names_its_month() -> None:
    assert wording.date_short(dt.date(2024, 4, 5), "en") == nbsp("5~Apr 2024")


@pytest.mark.parametrize(
    ("period", "vi", "vi_short", "en", "en_short"),
    [
        ("2024-Q1", "quý~I năm 2024", "quý~I/2024", "the first quarter of 2024", "Q1 2024"),
        ("2024-Q4", "quý~IV năm 2024", "quý~IV/2024", "the fourth quarter of 2024", "Q4 2024"),
        ("2024-H1", "6~tháng đầu năm 2024", "6~tháng đầu năm 2024", "the first half of 2024", "H1 2024"),
        ("2024-H2", "6~tháng cuối năm 2024", "6~tháng cuối năm 2024", "the second half of 2024", "H2 2024"),
        (
            "2024-9M",
            "9~tháng đầu năm 2024",
            "9~tháng đầu năm 2024",
            "the first nine months of 2024",
            "9M 2024",
        ),
        ("2024", "năm 2024", "năm 2024", "2024", "2024"),
    ],
)
def test_periods(period: str, vi: str, vi_short: str, en: str, en_short: str) -> None:
    asked = parse_period(period)
    assert wording.period_words(asked) == nbsp(vi)
    assert wording.period_words(asked, short=True) == nbsp(vi_short)
    with language.speaking("en"):
        assert wording.period_words(asked) == en
        assert wording.period_words(asked, short=True) == en_short


@pytest.mark.parametrize(
    ("period", "previous", "year_ago"),
    [
        ("2024-Q2", "quý trước", "cùng kỳ"),
        ("2024-H2", "6~tháng đầu năm", "cùng kỳ năm trước"),
        ("2024-9M", None, "cùng kỳ năm trước"),
        ("2024", "năm trước", "năm trước"),
    ],
)
def test_what_a_period_is_compared_with(period: str, previous: str | None, year_ago: str) -> None:
    assert wording.previous_words(parse_period(period)) == (previous and nbsp(previous))
    assert wording.year_ago_words(parse_period(period)) == year_ago


@pytest.mark.parametrize(
    ("title", "measure", "said"),
    [
        ("Số ngày", "ngày", "Số ngày (ngày)"),
        ("Bài", "bài", "Bài"),
        ("Tin", "tin, bài", "Tin (tin, bài)"),
        ("Tỷ lệ", "", "Tỷ lệ"),
    ],
)
def test_a_unit_of_measure_stands_behind_a_heading_that_does_not_say_it(
    title: str, measure: str, said: str
) -> None:
    assert wording.with_measure(title, measure) == said


def test_capitalised_changes_the_first_letter_only() -> None:
    assert wording.capitalised("đã ban hành 12 văn bản của UBND") == "Đã ban hành 12 văn bản của UBND"
    assert wording.capitalised("") == ""


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("Toàn tỉnh tổ chức 12 cuộc , tăng 5 % .", "Toàn tỉnh tổ chức 12~cuộc, tăng 5%."),
        ("kết quả : tốt ; khá", "kết quả: tốt; khá"),
        ("ngày 05 tháng 4 năm 2024 tại tỉnh", "ngày~05 tháng 4 năm 2024 tại tỉnh"),
        ("Quý  I năm 2024 và quý IV/2023", "Quý~I năm 2024 và quý~IV/2023"),
        ("quý Ngài", "quý Ngài"),
        (
            "Báo cáo số 12-BC/BTG, Nghị định số 30/2020/NĐ-CP",
            "Báo cáo số~12-BC/BTG, Nghị định số~30/2020/NĐ-CP",
        ),
        (
            "15/18 đơn vị, 1.234 lượt người và 1,5 triệu đồng",
            "15/18~đơn~vị, 1.234~lượt người và 1,5~triệu đồng",
        ),
        ("từ 12 đến 15 bài", "từ 12 đến 15~bài"),
        ("05/4/2024 tại tỉnh", "05/4/2024 tại tỉnh"),
        ("tệp .xlsx", "tệp .xlsx"),
        ("nhiệm vụ trọng tâm ./.", "nhiệm vụ trọng tâm./."),
        (unicodedata.normalize("NFD", "ngày 05, quý I"), "ngày~05, quý~I"),
    ],
)
def test_tidy(typed: str, tidied: str) -> None:
    assert wording.tidy(typed) == nbsp(tidied)


@pytest.mark.parametrize(
    ("value", "kind", "vi", "en"),
    [
        (None, CellFormat.COUNT, "…", "…"),
        (NOT_APPLICABLE, CellFormat.COUNT, "KAD", "n/a"),
        (0, CellFormat.COUNT, "0", "0"),
        (7, CellFormat.COUNT, "7", "7"),
        (1234, CellFormat.COUNT, "1.234", "1,234"),
        (1234.0, CellFormat.COUNT, "1.234", "1,234"),
        (1234.5, CellFormat.MONEY, "1.234,5", "1,234.5"),
        (0.125, CellFormat.PERCENT, "12,5%", "12.5%"),
        (0.125, CellFormat.CHANGE, "+12,5%", "+12.5%"),
        (0.005, CellFormat.CHANGE, "+0,5%", "+0.5%"),
        (1, CellFormat.PERCENT, "100,0%", "100.0%"),
        (0.04449, CellFormat.PERCENT, "4,4%", "4.4%"),
        (-0.03, CellFormat.CHANGE, "-3,0%", "-3.0%"),
        (11.5, CellFormat.CHANGE, "+1.150,0%", "+1,150.0%"),
        (0, CellFormat.CHANGE, "0,0%", "0.0%"),
        (0.0001, CellFormat.CHANGE, "0,0%", "0.0%"),
        (-0.0001, CellFormat.CHANGE, "0,0%", "0.0%"),
        (0.021, CellFormat.POINTS, "+2,1 điểm~%", "+2.1~pp"),
        (-0.02, CellFormat.POINTS, "-2,0 điểm~%", "-2.0~pp"),
        (0.0, CellFormat.POINTS, "0,0 điểm~%", "0.0~pp"),
        (None, CellFormat.POINTS, "…", "…"),
        (dt.date(2024, 4, 5), CellFormat.DATE, "05/4/2024", "5~Apr 2024"),
        (1, CellFormat.YES_NO, "Có", "Yes"),
        (False, CellFormat.YES_NO, "Không", "No"),
        (12, CellFormat.YES_NO, "12", "12"),  # over several units: how many said yes
        ("Huyện A", CellFormat.TEXT, "Huyện A", "Huyện A"),
        ("không so sánh được", CellFormat.CHANGE, "không so sánh được", "không so sánh được"),
        (2024, CellFormat.TEXT, "2024", "2024"),
    ],
)
def test_cells(value: Value, kind: CellFormat, vi: str, en: str) -> None:
    assert wording.cell_text(value, kind) == nbsp(vi)
    assert wording.cell_text(value, kind, "en") == nbsp(en)


def test_a_figure_in_a_sentence_has_no_decimal_that_is_zero() -> None:
    assert wording.running_text(0.85, CellFormat.PERCENT) == "85%"
    assert wording.running_text(0.8549, CellFormat.PERCENT) == "85,5%"
    assert wording.running_text(1234.5, CellFormat.MONEY) == "1.234,5"
    assert wording.running_text(None, CellFormat.PERCENT) == "…"


figures = st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9)


@given(figures)
def test_a_number_reads_back_as_itself(value: float) -> None:
    said = wording.number(value)
    assert re.fullmatch(r"-?\d{1,3}(\.\d{3})*(,\d{1,3})?", said)
    assert abs(Fraction(said.replace(".", "").replace(",", ".")) - Fraction(value)) <= Fraction("0.00501")


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_no_number_is_too_large_to_be_said(value: float) -> None:
    for kind in (CellFormat.COUNT, CellFormat.MONEY, CellFormat.PERCENT, CellFormat.CHANGE):
        assert wording.cell_text(value, kind)


def test_a_quotient_beyond_all_digits_is_rounded_to_a_whole_number() -> None:
    third = Decimal(10) ** 27 / 3
    assert wording.number(third) == ".".join(["333"] * 9)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_the_word_for_a_change_agrees_with_its_sign(current: int, base: int) -> None:
    said = wording.change(current, base, CellFormat.COUNT)
    assert said is not None
    expected = "tăng" if current > base else "giảm" if current < base else "không thay đổi"
    assert said.startswith(expected)
    assert " 0%" not in said


@given(st.text("ngàyquýsố 0123IV.,;:%-/cuộcbài\u00a0\u0301\u0303\n()", max_size=40))
def test_tidy_twice_is_tidy_once(text: str) -> None:
    once = wording.tidy(text)
    assert wording.tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("ban hành 241 văn bản, .", "ban hành 241 văn bản."),
        ("241 văn bản, , tăng 5%.", "241 văn bản, tăng 5%."),
        ("241 văn bản (), 3 cuộc", "241 văn bản, 3 cuộc"),
        ("241 văn bản (, đạt 5% kế hoạch)", "241 văn bản (đạt 5% kế hoạch)"),
        ("241 văn bản (tăng 5%, ).", "241 văn bản (tăng 5%)."),
        ("có  3\u00a0cuộc", "có 3\u00a0cuộc"),
        ("x [ \u00a0]; ; y", "x; y"),
        ("1.234,5 đồng, v.v. (tăng 5,2%); từ 08:30.", "1.234,5 đồng, v.v. (tăng 5,2%); từ 08:30."),
    ],
)
def test_what_empty_clauses_leave_behind(said: str, clean: str) -> None:
    assert wording.without_debris(said) == clean
    assert wording.without_debris(clean) == clean


# ---- estimates before the verb, one of something, labels in a sentence


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("Tổ chức ", "Ước tổ chức 45~cuộc"),
        ("Các đơn vị đã tổ chức ", "Các đơn vị ước tổ chức 45~cuộc"),
        ("Trong kỳ, các đơn vị mở ", "Trong kỳ, các đơn vị ước mở 45~cuộc"),
        ("Các cơ quan báo chí đăng, phát ", "Các cơ quan báo chí ước đăng, phát 45~cuộc"),
        ("Cuộc thi nhận được ", "Cuộc thi ước nhận được 45~cuộc"),
        ("Kinh phí đã được sử dụng ", "Kinh phí ước được sử dụng 45~cuộc"),
        ("Họp giao ban. Phát hành ", "Họp giao ban. Ước phát hành 45~cuộc"),
        ("Tỷ lệ chi ", "Tỷ lệ chi ước 45~cuộc"),  # a noun
        ("Trong đó, phát thanh ", "Trong đó, phát thanh ước 45~cuộc"),  # no verb
        (", với ", ", với ước 45~cuộc"),
        ("", "ước 45~cuộc"),
    ],
)
def test_an_estimate_is_said_before_the_verb(before: str, said: str) -> None:
    assert "".join(wording.before_the_verb(before, nbsp("ước 45~cuộc"))) == nbsp(said)


def test_what_is_no_estimate_stays_as_it_is() -> None:
    assert wording.before_the_verb("Tổ chức ", "45 cuộc") == ("Tổ chức ", "45 cuộc")
    language.use("en")
    assert wording.before_the_verb("They held ", "an estimated 45") == ("They held ", "an estimated 45")


VERBS = st.sampled_from(["Tổ chức", "Các xã đã ban hành", "Trong kỳ, đơn vị mở", "Số liệu là", "Với", "Phát"])


@given(before=VERBS, value=st.integers(0, 10**6))
def test_moving_the_word_for_an_estimate_loses_nothing(before: str, value: int) -> None:
    amount = wording.count_words(value, "cuộc")
    text = "".join(wording.before_the_verb(f"{before} ", wording.estimated(amount)))
    assert text.count("ước") + text.count("Ước") == 1
    assert text.endswith(amount)
    kept = [word for word in text.casefold().split() if word != "ước"]
    assert kept == [word for word in f"{before} {amount}".casefold().split() if word != "đã" or "đã" in kept]


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("classes", "class"),
        ("stories", "story"),
        ("briefings", "briefing"),
        ("batches", "batch"),
        ("boxes", "box"),
        ("people", "person"),
        ("followers and members", "follower and member"),
        ("documents of the districts", "document of the districts"),
        ("hours", "hour"),
        ("news", "news"),
        ("million dong", "million\u00a0dong"),
        ("press", "press"),
    ],
)
def test_one_of_something_in_english(many: str, one: str) -> None:
    language.use("en")
    assert wording.count_words(1, many) == f"1\u00a0{one}"
    several = many if len(many) > 16 else many.replace(" ", "\u00a0")
    assert wording.count_words(2, many) == f"2\u00a0{several}"
    language.use("vi")
    assert wording.count_words(1, many) == f"01\u00a0{several}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Sở Văn hóa, Thể thao và Du lịch", "Sở Văn hóa, Thể thao và~Du~lịch"),
        ("Phó Trưởng ban Thường trực", "Phó Trưởng ban Thường~trực"),
        ("Ban Tuyên giáo và Dân vận Tỉnh ủy", "Ban Tuyên giáo và~Dân vận Tỉnh~ủy"),
        ("Ủy ban nhân dân tỉnh An Lạc", "Ủy ban nhân dân tỉnh~An~Lạc"),
        ("Tỉnh đoàn An Lạc", "Tỉnh đoàn An~Lạc"),
        ("TM. CƠ QUAN", "TM. CƠ~QUAN"),
        ("Chánh", "Chánh"),
        ("", ""),
    ],
)
def test_lines_of_a_name_end_well(name: str, said: str) -> None:
    assert wording.name_in_lines(name) == nbsp(said)


@pytest.mark.parametrize(
    ("label", "within"),
    [
        ("Lớp tập huấn đã mở", "lớp tập huấn đã mở"),
        ("Đài truyền thanh cơ sở", "đài truyền thanh cơ sở"),
        ("Đảng viên mới kết nạp", "Đảng viên mới kết nạp"),
        ("OCOP được công nhận", "OCOP được công nhận"),
        ("Quảng Ninh hỗ trợ", "Quảng Ninh hỗ trợ"),
        ("Ủy ban", "ủy ban"),
        ("Ý kiến", "ý kiến"),
        ("", ""),
    ],
)
def test_a_label_within_a_sentence(label: str, within: str) -> None:
    assert wording.lowered(label) == within


def test_a_change_with_both_figures() -> None:
    assert wording.movement(135, 120, CellFormat.COUNT, "cuộc", 0.125) == nbsp(
        "tăng 12,5% (từ 120 lên 135~cuộc)"
    )
    assert wording.movement(6, 12, CellFormat.COUNT, "", -0.5) == "giảm 50% (từ 12 xuống 06)"
    assert wording.movement(0.9, 0.85, CellFormat.PERCENT, "", 0.05) == nbsp(
        "tăng 5~điểm phần trăm (từ 85% lên 90%)"
    )
    assert wording.of_units(8, 14) == nbsp("08/14~đơn~vị")
    assert wording.of_units(18, 20) == nbsp("18/20~đơn~vị")
