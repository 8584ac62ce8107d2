"""Numbers in words are put together here from the rules of counting, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.cells.numerals import NUMBER, in_words, readings, summed, with_exponent

ONES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return ONES[ones]
    ten = "mười" if tens == 1 else f"{ONES[tens]} mươi"
    one = {0: "", 1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, ONES[ones])
    return f"{ten} {one}".strip()


def below_thousand(number: int, *, full: bool = False) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds and not full:
        return below_hundred(rest)
    said = f"{ONES[hundreds]} trăm"
    if not rest:
        return said
    return f"{said} linh {ONES[rest]}" if rest < 10 else f"{said} {below_hundred(rest)}"


def words(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return below_thousand(rest)
    said = f"{below_thousand(thousands)} nghìn"
    return f"{said} {below_thousand(rest, full=True)}" if rest else said


@given(st.integers(1, 999_999))
def test_words_of_any_number(number: int) -> None:
    assert in_words(words(number)) == number
    assert in_words(words(number).replace("nghìn", "ngàn").replace("linh", "lẻ")) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("một triệu", 1_000_000),
        ("hai tỷ", 2_000_000_000),
        ("hai tỉ ba triệu", 2_003_000_000),
        ("một triệu hai trăm nghìn", 1_200_000),
        ("hai mươi tư", 24),
        ("một nghìn linh năm", 1005),
        ("một nghìn hai", None),
        ("một triệu hai trăm", None),
        ("một trăm hai", None),
        ("mười mười", None),
        ("linh năm", None),
        ("không", None),
        ("hai ba", None),
        ("trăm", None),
        ("nghìn", None),
        ("", None),
        ("hai lớp", None),
    ],
)
def test_words(text: str, number: int | None) -> None:
    assert in_words(text) == number


@pytest.mark.parametrize(
    ("digits", "numbers"),
    [
        ("1200", [1200]),
        ("1.200", [1200, 1.2]),
        ("1'200", [1200]),
        ("1.234,5", [1234.5]),
        ("1,234.567", [1234.567]),
        ("0.125", [0.125]),
        ("1.23.456", []),
        ("1.2 3", []),
    ],
)
def test_separators(digits: str, numbers: list[float]) -> None:
    assert readings(digits) == numbers


@pytest.mark.parametrize(
    ("text", "whole", "total"),
    [
        ("12+15", True, 27),
        ("=12+15-3", True, 24),
        ("12+15=27", True, 27),
        ("12+15=28", True, None),
        ("20-25", True, None),
        ("12", True, None),
        ("1.200+3", True, 1203),
        ("1.200+3", False, None),
        ("0,1+0,2", False, 0.3),
        ("1.2.3+4", True, None),
        ("12+", True, None),
    ],
)
def test_sums(text: str, whole: bool, total: float | None) -> None:
    assert summed(text, whole=whole) == total


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.2e+03", 1200),
        ("1,2e3", 1200),
        ("5e-1", 0.5),
        ("1x10^6", 10**6),
        ("1.5 × 10^3", 1500),
        ("12", None),
        ("e5", None),
    ],
)
def test_exponents(text: str, number: float | None) -> None:
    assert with_exponent(text) == number


def test_numbers_in_a_text() -> None:
    assert NUMBER.findall("1 200 bài, 3,5 giờ; 12/5") == ["1 200", "3,5", "12", "5"]
