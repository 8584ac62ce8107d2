"""What number formats make of numbers; what is expected is what Excel and LibreOffice show."""

from __future__ import annotations

import pytest

from reportctl.workbooks.number_formats import (
    DIGITS,
    HIDDEN,
    NOTHING,
    PERCENT,
    SCALED,
    hides_text,
    is_odd,
    shown,
)

ACCOUNTS = '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)'


@pytest.mark.parametrize(
    "code",
    [
        "General", "0", "00000", "#,##0", "#,##0.###", "0.00E+00", "# ?/?", "@", "# ###", "#\\.###",
        "#\\.###\\.###", '#,##0\\ "₫"', '0" m2"', '"Q1 "0', ACCOUNTS, "#,##0;[Red]-#,##0", "#,##0;-#,##0;;@",
        "#,##0_ ;[Red]-#,##0\\ ", "[$-42A]#,##0", '0" triệu, tròn"', "dd/mm/yyyy", "0.0\\%", "#,##0;(#,##0)",
    ],
)  # fmt: skip
def test_ordinary_formats_show_what_a_cell_holds(code: str) -> None:
    assert not is_odd(code)
    for value in (0, 7, 1234, 120_500_000, -3, 0.25):
        assert shown(code, value) is None


@pytest.mark.parametrize(
    ("code", "value", "how", "seen"),
    [
        ("#,##0.0,,", 120_500_000, SCALED, 120.5),
        ("0,", 12_000, SCALED, 12),
        ('0.0,," triệu"', 2_500_000, SCALED, 2.5),
        ("# ##0,,", 7_000_000, SCALED, 7),
        ("[>=1000000]0.0,,;0", 3_000_000, SCALED, 3),
        ("[<1000]0;[<1000000]0,;0,,", 5_000, SCALED, 5),
        ("#,##0,;-#,##0,", -4_000, SCALED, -4),
        ("0%", 0.06, PERCENT, 6),
        ("0.00%", 12, PERCENT, 1200),
        ('0"000"', 12, DIGITS, "12000"),
        ('#,##0".000"', 12, DIGITS, "12.000"),
        ('"5"0', 7, DIGITS, "57"),
        ("\\90", 7, DIGITS, "97"),
        ('0" 000 đồng"', 12, DIGITS, "12 000 đồng"),
        ('0"0"0', 12, DIGITS, "102"),
        ("0\\.0", 12, DIGITS, "1.2"),
        ('General"000"', 12, DIGITS, "12000"),
        ("0\\,00", 1250, DIGITS, "12,50"),
        (";;;", 5, HIDDEN, NOTHING),
        ('"";"";""', -5, HIDDEN, NOTHING),
        (";-0;;@", 5, HIDDEN, NOTHING),
        ("0;", -5, HIDDEN, NOTHING),
        ('"Không"', 5, HIDDEN, "Không"),
        ("[>100]0;[<0]-0", 5, HIDDEN, "###"),
    ],
)
def test_formats_that_show_something_else(code: str, value: float, how: str, seen: object) -> None:
    found = shown(code, value)
    assert is_odd(code)
    assert found is not None
    assert found.how == how
    assert (found.number if how in (SCALED, PERCENT) else found.text) == seen


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (";;;", 0),
        ("0%", 0),
        ("[>=1000000]0.0,,;0", 999_999),
        ('#,##0," 000"', 5_000),
        (";-0;;@", -5),
        ('0"000"', 0),
    ],
)
def test_odd_formats_that_show_this_number_as_it_is(code: str, value: float) -> None:
    assert shown(code, value) is None


def test_which_formats_hide_texts() -> None:
    assert [hides_text(code) for code in (";;;", '0;0;0;"x"', "[>0]0;[<0]0;[=0]0;")] == [True] * 3
    assert [hides_text(code) for code in (";;;@", "0;0;0", "@", ";;", "General")] == [False] * 5


@pytest.mark.parametrize(
    "code", ["", ";", '"', "[", "\\", "0" * 5_000, "[>", '"' * 999, "[=0];" * 99, "_", "*"]
)
def test_broken_formats_are_no_trouble(code: str) -> None:
    is_odd(code)
    for value in (0.0, 1e300, -1.5, float("nan"), float("inf")):
        shown(code, value)
