"""Figures of a column stand with their decimal signs below each other; names and measures break well."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from reportctl.core import language
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Table
from reportctl.word.table_looks import ParagraphStyle, TableLook
from reportctl.word.tables import grid
from tests.making.word_documents import W, said

WIDTHS = {
    ",": 0.25,
    ".": 0.25,
    **dict.fromkeys("0123456789", 0.5),
}  # Times New Roman, in ems; regular and bold


def column(values: list[Any], width: int = 6000, look: TableLook | None = None, **more: Any) -> list[Any]:
    """The cells of a column of figures with these values; the last row is a total."""
    roles = [Role.PLAIN] * (len(values) - 1) + [Role.TOTAL]
    rows = tuple(Row(("x", value), role) for value, role in zip(values, roles, strict=True))
    head = (Column("label", "Nội dung"), Column("value", "Số", CellFormat.FIGURE))
    with language.speaking(more.pop("speak", "vi")):
        table = grid(Table("t", "T", head, rows, **more), width, *([look] if look else []))
    return [list(row.iter(f"{W}tc"))[1] for row in table.iter(f"{W}tr")][1:]


def behind(cell: Any, sign: str = ",") -> float:
    """How far the decimal sign, or where it would stand, is from the cell's edge, in ems of its letters."""
    indent = next(cell.iter(f"{W}ind")).get(f"{W}right") if list(cell.iter(f"{W}ind")) else "0"
    size = next(cell.iter(f"{W}sz")).get(f"{W}val")
    decimals = said(cell).partition(sign)
    return int(indent) / (int(size) * 10) + sum(WIDTHS[c] for c in "".join(decimals[1:]))


@pytest.mark.parametrize(("speak", "sign"), [("vi", ","), ("en", ".")])
def test_decimal_signs_stand_below_each_other(speak: str, sign: str) -> None:
    cells = column([2.14, 260, 5147.5, -1.5, 0, 1234567], speak=speak)
    assert said(cells[0]) == f"2{sign}14"
    assert {behind(cell, sign) for cell in cells} == {1.25}
    assert all(value.get(f"{W}val") == "right" for cell in cells for value in cell.iter(f"{W}jc"))


def test_whole_numbers_stand_at_the_edge() -> None:
    cells = column([12, 1234, 5])
    assert {behind(cell) for cell in cells} == {0}


def test_what_is_no_plain_number_stands_at_the_edge() -> None:
    cells = column([None, NOT_APPLICABLE, 1.5, 2])
    assert [next(c.iter(f"{W}ind")).get(f"{W}right") for c in cells[:2]] == ["0", "0"]
    assert {behind(cell) for cell in cells[2:]} == {0.75}


def test_the_size_of_the_style_s_letters_counts() -> None:
    look = TableLook("T", {"Bảng: số": ParagraphStyle("S", 20), "Bảng: số, chữ nhỏ": ParagraphStyle("D", 18)})
    for dense, size in ((False, 20), (True, 18)):
        cells = column([1.5, 2, 3], look=look, dense=dense)
        rights = [[n.get(f"{W}right") for n in cell.iter(f"{W}ind")] for cell in cells]
        assert rights == [[], [str(size * 10 * 3 // 4)], [str(size * 10 * 3 // 4)]]


def test_the_column_is_wide_enough_for_the_room_behind() -> None:
    head = (Column("label", "Nội dung", width=50), Column("value", "Số", CellFormat.FIGURE))
    rows = tuple(Row(("x", value)) for value in (4567890, 1.25))
    table = grid(Table("t", "T", head, rows), 3000)
    widths = [int(node.get(f"{W}w")) for node in table.iter(f"{W}gridCol")]
    size = int(next(table.iter(f"{W}sz")).get(f"{W}val")) / 2
    # “4.567.890”, then the room of “,25”, and the cell's margins
    assert widths[1] >= (7 * 0.5 + 2 * 0.25 + 1.25) * size * 20 + 2 * 57


def test_units_of_measure_and_names_are_broken_well() -> None:
    head = (
        Column("unit", "Đơn vị"),
        Column("measure", "ĐVT"),
        Column("a", "Kinh phí đã sử dụng (triệu đồng)", CellFormat.FIGURE),
        Column("b", "Buổi nói chuyện chuyên đề", CellFormat.FIGURE),
    )
    rows = (
        Row(("Sở Văn hóa, Thể thao và Du lịch", "lượt người", 1, 2)),
        Row(("Huyện Minh Trạch", "cuộc điều tra dư luận xã hội", 1, 2)),
    )
    lines = [
        [said(cell) for cell in row.iter(f"{W}tc")]
        for row in grid(Table("t", "T", head, rows), 9000).iter(f"{W}tr")
    ]
    parts = [re.split(" ", text) for text in itertools.chain(*lines)]
    assert [part[-1].replace("\u00a0", "~") for part in parts] == [
        *("vị", "ĐVT", "(triệu~đồng)", "đề"),
        *("và~Du~lịch", "lượt~người", "1", "2"),
        *("Minh~Trạch", "hội", "1", "2"),
    ]


# Ems of DejaVu Serif, the widest of the typefaces that stand in for one that a computer does not have.
WIDE = {".": 0.32, ",": 0.32, "/": 0.34, "(": 0.39, ")": 0.39, "*": 0.5, "\u00a0": 0.32} | dict.fromkeys(
    "0123456789", 0.64
)


@pytest.mark.parametrize("width", [7200, 8640, 9638])
def test_figures_with_marks_and_long_numbers_are_not_broken(width: int) -> None:
    head = (
        Column("number", "TT", width=0.6),
        Column("label", "Nội dung", width=3.4),
        Column("measure", "ĐVT"),
        Column("now", "Kỳ này", CellFormat.FIGURE),
        Column("before", "Kỳ trước", CellFormat.FIGURE),
    )
    label = "Chi phí dự phòng (không tính chi phí dự phòng rủi ro tín dụng)"
    rows = tuple(
        Row(
            (number, label, "món", 1957.3, 11689.2), marks={"before": "(107/128)", "now": "(**)"}, level=level
        )
        for level, number in enumerate(("1.2", "1.2.2", "1.2.2.1.1"))
    )
    table = grid(Table("t", "T", head, rows, dense=True), width)
    widths = [int(node.get(f"{W}w")) for node in table.iter(f"{W}gridCol")]
    size = int(next(table.iter(f"{W}sz")).get(f"{W}val")) * 10
    margins = 2 * 57
    for row in list(table.iter(f"{W}tr"))[1:]:
        texts = [said(cell) for cell in row.iter(f"{W}tc")]
        for n in (0, 3, 4):
            assert sum(WIDE[sign] for sign in texts[n]) * size + margins <= widths[n], texts[n]
    assert widths[1] > widths[3]  # what is left is the label's


def test_where_not_all_fits_words_are_broken_before_figures() -> None:
    head = (
        Column("label", "Nội dung", width=3.4),
        *(Column(f"c{n}", "Số", CellFormat.FIGURE, 0.5 + n / 10) for n in range(4)),
    )
    rows = (Row(("Chủ-nghĩa-xã-hội-khoa-học-và-cộng-sản", *(1234567.25,) * 4)),)
    table = grid(Table("t", "T", head, rows), 7000)
    widths = [int(node.get(f"{W}w")) for node in table.iter(f"{W}gridCol")]
    size = int(next(table.iter(f"{W}sz")).get(f"{W}val")) * 10
    assert all(width >= 5.25 * size + 2 * 57 for width in widths[1:])  # “1.234.567,25” in Times New Roman


def test_names_of_units_stand_at_the_left_however_short() -> None:
    head = (Column("number", "TT"), Column("unit", "Đơn vị"), Column("value", "Số", CellFormat.FIGURE))
    table = grid(Table("t", "T", head, (Row(("1", "Xã A", 5)),)), 9000)
    sides = [next(cell.iter(f"{W}jc")).get(f"{W}val") for cell in list(table.iter(f"{W}tc"))[3:]]
    assert sides == ["center", "left", "right"]
