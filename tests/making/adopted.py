"""A blank workbook as an office has it, made here, and what is to be read of it, written out by hand."""

from __future__ import annotations

import functools
import io

import openpyxl
from openpyxl.styles import Border, Side

from reportctl.adopt.blank_form import (
    BlankForm,
    IdentityCell,
    Question,
    ReadColumn,
    ReadRow,
    ReadTable,
    Refusal,
)
from reportctl.core.language import Phrase

ROOMS, SCHOOLS = "Biểu 1", "Biểu 2"
# What stands in the office's sheets, by cell.
_ROOMS_CELLS = {
    "A1": "Đơn vị báo cáo:",
    "A2": "BÁO CÁO CƠ SỞ VẬT CHẤT",
    "A4": "STT",
    "B4": "Nội dung",
    "C4": "ĐVT",
    "D4": "Tổng số",
    "E4": "Chia ra",
    "E5": "Công lập",
    "F5": "Tư thục",
    "G4": "Kỳ trước",
    "H4": "Tỷ lệ",
    "A6": "I",
    "B6": "Phòng học",
    "A7": "1",
    "B7": "Tổng số phòng học",
    "C7": "phòng",
    "A8": "1.1",
    "B8": "Kiên cố",
    "C8": "phòng",
    "A9": "1.2",
    "B9": "=Bán kiên cố",
    "C9": "phòng",
    "A10": "2",
    "B10": "Kinh phí",
    "C10": "triệu đồng",
    "A12": "Người lập biểu có ý kiến:",
    "A13": "Số điện thoại trực:",
}
_SCHOOLS_CELLS = {
    "A1": "DANH SÁCH TRƯỜNG",
    "A2": "STT",
    "B2": "Trường",
    "C2": "Số lớp",
    "D2": "Nhóm",
    "E2": "CCCD hiệu trưởng",
    "A3": 1,
    "A4": 2,
    "A5": 3,
    "A6": "Tổng cộng",
    "C6": "=SUM(C3:C5)",
}
_FRAMED = {ROOMS: "A4:H10", SCHOOLS: "A2:E6"}


@functools.cache
def office_workbook() -> bytes:
    """The office's blank workbook (.xlsx): a matrix and two questions on one sheet, a list on the other."""
    book = openpyxl.Workbook()
    thin = Side(style="thin")
    for title, cells in ((ROOMS, _ROOMS_CELLS), (SCHOOLS, _SCHOOLS_CELLS)):
        sheet = book.create_sheet(title)
        for cell, value in cells.items():
            sheet[cell] = value
            if str(value).startswith("=Bán"):
                sheet[cell].data_type = "s"
        for row in sheet[_FRAMED[title]]:
            for framed in row:
                framed.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        sheet.column_dimensions["B"].width = 30
    book[ROOMS].merge_cells("E4:F4")
    del book["Sheet"]
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


_VALUES = [(row, column) for row in (6, 7, 8, 9) for column in (3, 4, 5)]
_RATE = [(row, 7) for row in (6, 7, 8)]
MATRIX = ReadTable(
    "matrix",
    ROOMS,
    "rooms",
    "Cơ sở vật chất",
    3,
    9,
    (
        ReadColumn(0, "number", "stt", "STT"),
        ReadColumn(1, "label", "noi_dung", "Nội dung"),
        ReadColumn(2, "unit_of_measure", "dvt", "ĐVT"),
        ReadColumn(3, "value", "total", "Tổng số", sum="public + private", computed=True),
        ReadColumn(4, "value", "public", "Công lập", ("Chia ra",)),
        ReadColumn(5, "value", "private", "Tư thục", ("Chia ra",), sure=0.6),
        ReadColumn(6, "previous", "before", "Kỳ trước"),
        ReadColumn(7, "value", "rate", "Tỷ lệ", type="percent", unit_of_measure="%"),
    ),
    (
        ReadRow(5, caption="Phòng học", no="I"),
        ReadRow(6, "n1", "Tổng số phòng học", no="1", unit_of_measure="phòng", sum="n1_1 + n1_2", sure=0.8),
        ReadRow(7, "n1_1", "Kiên cố", no="1.1", level=2, unit_of_measure="phòng"),
        ReadRow(8, "n1_2", "=Bán kiên cố", no="1.2", level=2, unit_of_measure="phòng"),
        ReadRow(9, "n2", "Kinh phí", no="2", unit_of_measure="triệu đồng", type="money"),
    ),
    frozenset([*((r, c) for r, c in _VALUES if c != 3), *_RATE]),
    frozenset({(9, 7)}),
    frozenset((row, 3) for row in (6, 7, 8, 9)),
    frozenset((row, 6) for row in (6, 7, 8, 9)),
)
QUESTIONS = ReadTable(
    "values",
    ROOMS,
    "others",
    "Thông tin khác",
    11,
    12,
    (ReadColumn(0, "label", "a", "Câu hỏi"), ReadColumn(1, "value", "b", "Trả lời", type="text")),
    (
        ReadRow(11, "opinion", "Người lập biểu có ý kiến"),
        ReadRow(12, "r1", "Số điện thoại trực", type="count"),
    ),
    frozenset({(11, 1), (12, 1)}),
    value_at=(1, 1),
)
SCHOOL_LIST = ReadTable(
    "list",
    SCHOOLS,
    "schools",
    "Danh sách trường",
    1,
    5,
    (
        ReadColumn(0, "number", "stt", "STT"),
        ReadColumn(1, "label", "school", "Trường", type="text"),
        ReadColumn(2, "value", "classes", "Số lớp"),
        ReadColumn(3, "value", "grouped", "Nhóm", type="text"),
    ),
    (),
    frozenset((row, column) for row in (2, 3, 4) for column in (1, 2, 3)),
    total_row=5,
)
BLANK = BlankForm(
    "mau.xlsx",
    "mau",
    "Báo cáo cơ sở vật chất",
    (MATRIX, QUESTIONS, SCHOOL_LIST),
    (IdentityCell(ROOMS, 0, 1, "unit", "Đơn vị báo cáo:"),),
    (
        Question(
            "rooms.n1.sum",
            Phrase("“Tổng số phòng học” cộng các dòng nào?"),
            "n1_1 + n1_2",
            sheet=ROOMS,
            cell="B7",
        ),
        Question(
            "rooms.over_time",
            Phrase("Số liệu “Cơ sở vật chất” cộng qua các kỳ hay lấy kỳ cuối?"),
            "last",
            ("sum", "last"),
            ROOMS,
            "D4",
        ),
        Question(
            "schools.may_add", Phrase("Có được thêm dòng không?"), "không", ("có", "không"), SCHOOLS, "A2"
        ),
    ),
    (Refusal(SCHOOLS, "E2", Phrase("cột hỏi số căn cước của từng người", "it asks for identity numbers")),),
)
