"""An office's own blank workbook, made as offices make them, with the form and the places of its answers.

Two sheets: a matrix below a heading tree of three levels with subsets that share their labels, and single
values; a list with a line of sums, and a text. The first sheet is protected without a password.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import xlsxwriter

from reportctl.core.files import digest
from reportctl.form.addresses import (
    Addresses,
    CellAddress,
    ListAddress,
    TableAddress,
    addresses_toml,
)
from tests.making.commands import begin

MATRIX, LIST = "Biểu 1", "Biểu 2"
FORM = """
id = "school"
title = "Báo cáo trường học"

[[kinds]]
code = "unit"
title = "Đơn vị"

[[sections]]
code = "staff"
title = "Cán bộ"
[[sections.indicators]]
code = "teachers"
label = "Tổng số giáo viên"
[[sections.indicators]]
code = "degree"
label = "Tỷ lệ đạt chuẩn (%)"
type = "percent"
over_units = "mean"

[[tables]]
code = "rooms"
title = "Phòng học"
columns = [
  { code = "total", label = "Tổng số", sum = "solid + old" },
  { code = "solid", label = "Kiên cố", under = ["Kỳ này", "Chia ra"] },
  { code = "old", label = "Tạm", under = ["Kỳ này", "Chia ra"] },
  { code = "before", label = "Kỳ trước", is = "previous" },
]
rows = [
  { code = "primary", label = "Tiểu học", no = "1", sum = "primary_use + primary_left" },
  { code = "primary_use", label = "Đang dùng", level = 2 },
  { code = "primary_left", label = "Bỏ trống", level = 2 },
  { code = "second", label = "Trung học", no = "2", sum = "second_use + second_left" },
  { code = "second_use", label = "Đang dùng", level = 2 },
  { code = "second_left", label = "Bỏ trống", level = 2 },
]
not_asked = ["second_left.old"]

[[lists]]
code = "places"
title = "Điểm trường"
rows = 5
total = true
columns = [
  { code = "name", label = "Tên điểm trường" },
  { code = "girls", label = "Nữ", type = "count", under = ["Học sinh"], over_units = "sum" },
  { code = "boys", label = "Nam", type = "count", under = ["Học sinh"], over_units = "sum" },
]

[[texts]]
code = "needs"
label = "Kiến nghị"
"""
ROWS = ("primary", "primary_use", "primary_left", "second", "second_use", "second_left")
UNITS = "code,name,kind,parent\n001,Xã Đông,unit,\n002,Xã Tây,unit,\n"


def blank() -> bytes:
    """The blank workbook."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2024, 1, 2)})
        box = book.add_format({"border": 1})
        text = book.add_format({"border": 1, "num_format": "@"})
        free = book.add_format({"border": 1, "locked": False, "bg_color": "#FFFFCC"})
        head = book.add_format({"border": 1, "bold": True, "align": "center", "text_wrap": True})
        sheet = book.add_worksheet(MATRIX)
        sheet.write(0, 0, "BIỂU SỐ 1: PHÒNG HỌC")
        sheet.write(1, 0, "Đơn vị báo cáo: ………………")
        sheet.write(2, 0, "Kỳ báo cáo: Quý … năm 20…")
        sheet.merge_range(4, 0, 6, 0, "STT", head)
        sheet.merge_range(4, 1, 6, 1, "Chỉ tiêu", head)
        sheet.merge_range(4, 2, 6, 2, "Tổng số", head)
        sheet.merge_range(4, 3, 4, 4, "Kỳ này", head)
        sheet.merge_range(5, 3, 5, 4, "Chia ra", head)
        sheet.write(6, 3, "Kiên cố", head)
        sheet.write(6, 4, "Tạm", head)
        sheet.merge_range(4, 5, 6, 5, "Kỳ trước", head)
        for column, number in enumerate(("A", "B", "1=2+3", "2", "3", "4")):
            sheet.write_string(7, column, number, head)
        labels = ("Tiểu học", "Đang dùng", "Bỏ trống", "Trung học", "Đang dùng", "Bỏ trống")
        for row, label in enumerate(labels, 8):
            sheet.write(row, 0, {"Tiểu học": 1, "Trung học": 2}.get(label), box)
            sheet.write(row, 1, label, box)
            for column in (2, 3, 4):
                sheet.write_blank(row, column, None, free)
            sheet.write_blank(row, 5, None, box)
        sheet.write(13, 4, "X", box)
        sheet.write(15, 1, "Tổng số giáo viên")
        sheet.write_blank(15, 2, None, free)
        sheet.write(16, 1, "Tỷ lệ đạt chuẩn (%)")
        sheet.write_blank(16, 2, None, free)
        sheet.write(18, 4, "Người lập biểu")
        sheet.set_column(1, 1, 30)
        sheet.protect()
        other = book.add_worksheet(LIST)
        other.write(0, 0, "BIỂU SỐ 2: ĐIỂM TRƯỜNG")
        other.merge_range(2, 0, 3, 0, "STT", head)
        other.merge_range(2, 1, 3, 1, "Tên điểm trường", head)
        other.merge_range(2, 2, 2, 3, "Học sinh", head)
        other.write(3, 2, "Nữ", head)
        other.write(3, 3, "Nam", head)
        for row in range(4, 9):
            other.write(row, 0, row - 3, box)
            other.write_blank(row, 1, None, box)
            other.write_blank(row, 2, None, text)
            other.write_blank(row, 3, None, text)
        other.write(9, 1, "Tổng cộng", head)
        other.write_formula(9, 2, "=SUM(C5:C9)", box)
        other.write_formula(9, 3, "=SUM(D5:D9)", box)
        other.write(11, 1, "Kiến nghị:")
        other.write_blank(12, 1, None, box)
        other.write(14, 1, "Người lập biểu")
    return content.getvalue()


def addresses(data: bytes) -> Addresses:
    """Where the answers stand in the blank workbook `data`."""
    return Addresses(
        file="form.xlsx",
        sha256=digest(data),
        identity={"unit": (CellAddress(MATRIX, 1, 0),), "period": (CellAddress(MATRIX, 2, 0),)},
        cells={
            "teachers": CellAddress(MATRIX, 15, 2),
            "degree": CellAddress(MATRIX, 16, 2),
            "needs": CellAddress(LIST, 12, 1),
        },
        tables={
            "rooms": TableAddress(
                MATRIX,
                4,
                8,
                {code: row for row, code in enumerate(ROWS, 8)},
                {"total": 2, "solid": 3, "old": 4, "before": 5},
            )
        },
        lists={"places": ListAddress(LIST, 2, 4, 8, {"name": 1, "girls": 2, "boys": 3}, 9)},
    )


def own_office(root: Path, period: str = "2024-Q1") -> None:
    """A workspace that sends out its own workbook."""
    begin(root, period)
    data = blank()
    (root / "form.toml").write_text(FORM, encoding="utf-8")
    (root / "form.xlsx").write_bytes(data)
    (root / "layout.toml").write_text(addresses_toml(addresses(data)), encoding="utf-8")
    (root / "units.csv").write_text(UNITS, encoding="utf-8")


# What a unit answers, by sheet and cell: sums hold.
ANSWERS: Mapping[tuple[str, str], object] = {
    **{(MATRIX, f"C{row}"): value for row, value in enumerate((10, 7, 3, 8, 6, 2), 9)},
    **{(MATRIX, f"D{row}"): value for row, value in enumerate((6, 5, 1, 7, 5, 2), 9)},
    **{(MATRIX, f"E{row}"): value for row, value in enumerate((4, 2, 2, 1, 1), 9)},
    (MATRIX, "C16"): 45,
    (MATRIX, "C17"): 92.5,
    (LIST, "B5"): "Điểm lẻ Suối Cạn",
    (LIST, "C5"): "12",
    (LIST, "D5"): "14",
    (LIST, "B6"): "Điểm chính",
    (LIST, "C6"): "120",
    (LIST, "D6"): "131",
    (LIST, "B13"): "Cần thêm phòng học bộ môn.",
}


def filled(data: bytes, answers: Mapping[tuple[str, str], object] = ANSWERS) -> bytes:
    """The workbook with these answers, saved by another program."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for (sheet, cell), value in answers.items():
        book[sheet][cell] = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()
