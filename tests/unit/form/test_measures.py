"""Units of measure: which may be added to which."""

from __future__ import annotations

import pytest

from reportctl.form.indicators import Type
from reportctl.form.measures import Likeness, likeness, measure, names_several

COUNT, NUMBER, MONEY, PERCENT = Type.COUNT, Type.NUMBER, Type.MONEY, Type.PERCENT


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((COUNT, "lớp"), (COUNT, "Lớp "), "same"),
        ((COUNT, ""), (NUMBER, ""), "same"),
        ((COUNT, "lượt"), (COUNT, "lượt người"), "unsure"),
        ((COUNT, "lớp"), (COUNT, ""), "unsure"),
        # Money, by its words or by its type.
        ((MONEY, "triệu đồng"), (MONEY, "Triệu VNĐ"), "same"),
        ((MONEY, "tr.đ"), (MONEY, "(triệu đồng)"), "same"),
        ((MONEY, "1.000 đồng"), (MONEY, "nghìn đồng"), "same"),
        ((MONEY, "ngàn đồng"), (MONEY, "nghìn đồng"), "same"),
        ((MONEY, "nghìn tỷ đồng"), (MONEY, "tỷ đồng"), "different"),
        ((MONEY, "triệu đồng"), (MONEY, "tỉ đồng"), "different"),
        ((MONEY, "triệu"), (MONEY, "triệu đồng"), "same"),
        ((MONEY, "đồng"), (MONEY, "đồng Việt Nam"), "same"),
        ((MONEY, "đồng"), (MONEY, "USD"), "different"),
        ((MONEY, "triệu USD"), (MONEY, "USD"), "different"),
        ((MONEY, ""), (MONEY, "USD"), "unsure"),
        ((MONEY, "$"), (MONEY, "đô la Mỹ"), "same"),
        ((MONEY, ""), (MONEY, ""), "same"),
        ((MONEY, ""), (MONEY, "triệu đồng"), "unsure"),
        ((MONEY, "theo giá hiện hành"), (MONEY, "triệu đồng"), "unsure"),
        ((COUNT, "triệu đồng"), (MONEY, "triệu đồng"), "same"),
        ((NUMBER, "đv giá"), (MONEY, "đv giá"), "same"),
        ((COUNT, "món"), (MONEY, "món"), "different"),
        ((COUNT, "món"), (MONEY, ""), "different"),
        ((COUNT, ""), (MONEY, "tỷ đồng"), "different"),
        ((NUMBER, ""), (MONEY, "tỷ đồng"), "unsure"),
        ((NUMBER, "công"), (MONEY, "tỷ đồng"), "different"),
        ((COUNT, "đồng/người"), (COUNT, "người"), "different"),
        # Words with money in them that are none.
        ((COUNT, "đồng chí"), (COUNT, "người"), "unsure"),
        ((COUNT, "hợp đồng"), (COUNT, "vụ"), "unsure"),
        ((COUNT, "hội đồng"), (COUNT, "ban"), "unsure"),
        ((COUNT, "đ"), (COUNT, "điểm"), "unsure"),
        ((COUNT, "triệu lượt"), (COUNT, "lượt"), "unsure"),
        # Percentages are fractions of one; figures in % are not.
        ((PERCENT, ""), (PERCENT, "%"), "same"),
        ((PERCENT, "%"), (NUMBER, "%"), "different"),
        ((PERCENT, ""), (COUNT, ""), "different"),
        ((PERCENT, "lớp"), (NUMBER, "lớp"), "different"),
        ((NUMBER, "%"), (NUMBER, "Tỷ lệ (%)"), "same"),
        ((NUMBER, "%"), (COUNT, "xã"), "different"),
        ((NUMBER, "%"), (COUNT, ""), "unsure"),
        # What is measured.
        ((NUMBER, "ha"), (NUMBER, "m²"), "different"),
        ((NUMBER, "m2"), (NUMBER, "mét vuông"), "same"),
        ((NUMBER, "km"), (NUMBER, "km2"), "different"),
        ((NUMBER, "tạ"), (NUMBER, "tấn"), "different"),
        ((NUMBER, "giờ"), (NUMBER, "phút"), "different"),
        ((NUMBER, "m3"), (NUMBER, "lít"), "different"),
        ((NUMBER, "km"), (NUMBER, "tuyến"), "unsure"),
        ((NUMBER, "kg"), (MONEY, "đồng"), "different"),
    ],
)
def test_what_may_be_added(one: tuple[Type, str], other: tuple[Type, str], expected: str) -> None:
    assert likeness(measure(*one), measure(*other)) is Likeness(expected)
    assert likeness(measure(*other), measure(*one)) is Likeness(expected)


@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [
        ("tin, bài", ("tin", "bài"), True),
        ("tin, bài", ("tin", "phóng sự"), True),
        ("Tin/bài", ("bài",), True),
        ("lớp và nhóm", ("nhóm", "lớp"), True),
        ("tin", ("tin", "bài"), False),
        ("tin, bài", ("lớp",), False),
        ("", ("lớp",), False),
    ],
)
def test_a_unit_of_measure_that_is_put_together(whole: str, parts: tuple[str, ...], expected: bool) -> None:
    assert names_several(measure(COUNT, whole), [measure(COUNT, part) for part in parts]) is expected
