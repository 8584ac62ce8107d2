"""What is read of blank forms: rows, columns, sums, units of measure, what is asked and refused."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from reportctl.adopt.as_json import areas, form_as_json
from reportctl.adopt.grid import Span
from reportctl.adopt.reading import form_of, read_form
from reportctl.adopt.sums import formula_parts
from reportctl.core.cellrefs import cell_name
from reportctl.core.errors import ReportctlError
from reportctl.workbooks.styled import read_styled
from tests.making.drawn import BOX, drawn, read_drawn
from tests.making.machine import FIXTURES

ROOMS = """
| TT  | Chỉ tiêu                       | Mã số | Kỳ này | Kỳ trước |
| A   | B                              | C     | 1      | 2        |
| I   | Trường                         |       |        |          |
| 1   | Tổng số trường (1.1+1.2)       | 01    |        |          |
| 1.1 | Trường công lập                | 02    |        |          |
| 1.2 | Trường tư thục                 | 03    |        | x        |
|     | Trong đó:                      |       |        |          |
| 2   | Trường có thư viện             | 04    |        |          |
"""


def test_rows_have_codes_levels_and_the_sums_that_their_labels_say() -> None:
    (table,) = read_drawn(ROOMS, top=4, above={"A1": "BÁO CÁO CƠ SỞ VẬT CHẤT"}).tables
    assert (table.kind, table.title) == ("matrix", "BÁO CÁO CƠ SỞ VẬT CHẤT")
    assert [(row.code, row.no, row.level, row.sum) for row in table.rows if row.code] == [
        ("m01", "1", 2, "m02 + m03"),
        ("m02", "1.1", 3, ""),
        ("m03", "1.2", 3, ""),
        ("m04", "2", 2, ""),
    ]
    assert [row.caption for row in table.rows if row.caption] == ["I Trường", "Trong đó:"]
    assert table.rows[1].label == "Tổng số trường"
    assert areas(table.inputs) == ["D7:E8", "D9", "D11:E11"]
    assert areas(table.not_asked) == ["E9"]
    assert [column.use for column in table.columns] == ["number", "label", "code", "value", "previous"]


def test_reading_twice_gives_the_same() -> None:
    assert form_as_json(read_drawn(ROOMS)) == form_as_json(read_drawn(ROOMS))


@pytest.mark.parametrize(
    ("numbers", "sums"),
    [
        ("| A | 1=2+3 | 2 | 3 |", ["b + c", "", ""]),
        ("| (A) | (1) = (2) - (3) | (2) | (3) |", ["b - c", "", ""]),
        ("| A | 1=2/3 | 2 | 3 |", ["", "", ""]),  # a rate is no sum
        ("| A | 1 | 2 | 3=1+9 |", ["", "", ""]),  # there is no column 9
    ],
)
def test_the_row_of_column_numbers_says_sums(numbers: str, sums: list[str]) -> None:
    (table,) = read_drawn(
        f"| Chỉ tiêu | Cột đầu | Cột giữa | Cột cuối |\n{numbers}\n| Số hộ | | | |\n| Số xã | | | |"
    ).tables
    codes = dict(zip(("a", "b", "c"), (column.code for column in table.columns[1:]), strict=True))
    expected = [" ".join(codes.get(word, word) for word in said.split()) for said in sums]
    assert [column.sum for column in table.columns[1:]] == expected


def test_long_texts_below_a_table_say_sums_of_columns() -> None:
    text = (
        "| Chỉ tiêu | Kiên cố | Tạm | Tổng |\n| A | (1) | (2) | (3) |\n| Phòng học | | | |\n| Phòng "
        "khác | | | |"
    )
    help_ = {"A8": "Hướng dẫn lập biểu: Cột (3) = Tổng các cột từ (1) đến (2); các cột khác ghi số thực tế."}
    (table,) = read_drawn(text, above=help_).tables
    assert [column.sum for column in table.columns] == ["", "", "", "kien_co + tam"]


def test_formulas_say_sums_and_are_not_asked() -> None:
    text = """
    | Chỉ tiêu | Nam         | Nữ          | Tổng    |
    | Tổng số  | =SUM(B3:B4) | =SUM(C3:C4) | =B2+C2  |
    | Xã       |             |             | =B3+C3  |
    | Phường   |             |             | =B4+C4  |
    """
    (table,) = read_drawn(text).tables
    assert [(row.code, row.sum) for row in table.rows] == [
        ("tong", "xa + phuong"),
        ("xa", ""),
        ("phuong", ""),
    ]
    assert (table.columns[3].sum, table.columns[3].computed) == ("nam + nu", True)
    assert areas(table.inputs) == ["B3:C4"]
    assert areas(table.computed) == ["B2:D2", "D3:D4"]


def test_subsets_are_no_sum() -> None:
    text = (
        "| Chỉ tiêu | Tổng số | Nữ | Dân tộc thiểu số |\n| A | 1 | 2 | 3 |\n| Giáo viên | | | |\n| "
        "Học sinh | | | |"
    )
    form = read_drawn(text)
    assert not any(row.sum for table in form.tables for row in table.rows)
    assert not any(column.sum for table in form.tables for column in table.columns)
    assert not any(question.id.endswith(".sum") for question in form.questions)


def test_a_bare_total_is_asked_about_with_the_rows_above_it() -> None:
    form = read_drawn("| Nội dung | Số tiền |\n| A | 1 |\n| Lương | |\n| Thưởng | |\n| Tổng cộng | |")
    (asked,) = [question for question in form.questions if question.id.endswith(".sum")]
    assert (asked.id.split(".")[1:], asked.default) == (["tong_cong", "sum"], "luong + thuong")


def test_two_units_of_measure_in_one_line_are_asked_about() -> None:
    text = "| Chỉ tiêu | Số lượng | Giá trị |\n| A | 1 | 2 |\n| Séc | | |\n| Thẻ | | |"
    form = read_drawn(text, top=3, above={"A2": "Đơn vị tính: Món/Triệu VND"})
    asked = {question.id: question.default for question in form.questions if "unit_of_measure" in question.id}
    assert sorted(asked.values()) == ["Món", "Triệu VND"]
    assert [column.type for column in form.tables[0].columns] == ["text", "count", "money"]


def test_a_rate_by_the_year_is_one_unit_of_measure() -> None:
    text = "| Chỉ tiêu | VND | USD |\n| A | 1 | 2 |\n| Tiền gửi | | |\n| Cho vay | | |"
    (table,) = read_drawn(text, top=3, above={"A2": "Đơn vị tính: %/năm"}).tables
    assert {column.unit_of_measure for column in table.columns[1:]} == {"%/năm"}


def test_a_filled_column_is_given_and_asked_about() -> None:
    form = read_drawn(
        "| Chỉ tiêu | Kế hoạch | Thực hiện |\n| Hộ nghèo | 40 | |\n| Hộ cận nghèo | 30 | |\n| Lao động "
        "| 55 | |"
    )
    (table,) = form.tables
    assert (areas(table.given), areas(table.inputs)) == (["B2:B4"], ["C2:C4"])
    assert any(
        question.id == f"{table.code}.ke_hoach.use" and question.default == "given"
        for question in form.questions
    )


def test_a_list_of_prepared_rows_with_a_total() -> None:
    form = read_drawn("| TT | Tên trường | Số lớp |\n| 1 | | |\n| 2 | | |\n| 3 | | |\n| | Tổng cộng | |")
    (table,) = form.tables
    assert (table.kind, areas(table.inputs), table.total_row) == ("list", ["B2:C4"], 4)
    assert [column.type for column in table.columns] == ["text", "text", "count"]


def test_sections_with_open_rows_are_lists_of_their_own() -> None:
    form = read_drawn(
        "| TT | Tên | Số |\n| A | B | 1 |\n| I | Công lập | |\n| | | |\n| | | |\n| II | Tư thục | |\n| "
        "| | |\n| | | |"
    )
    assert [(table.kind, areas(table.inputs)) for table in form.tables] == [
        ("list", ["B4:C5"]),
        ("list", ["B7:C8"]),
    ]
    assert len({table.code for table in form.tables}) == 2


def test_neither_frame_nor_numbers_is_asked_and_a_corner_helps() -> None:
    text = "| Chỉ tiêu | Nam | Nữ |\n| Học sinh | | |\n| Giáo viên | | |"
    form = read_drawn(text, framed=False)
    assert (form.tables, [question.id for question in form.questions]) == ((), ["S.table"])
    (table,) = read_drawn(text, {"S": [Span(0, 0, 2, 2)]}, framed=False).tables
    assert areas(table.inputs) == ["B2:C3"]


@pytest.mark.parametrize(
    "heading",
    [
        "| TT | Họ và tên | Số CCCD |",
        "| TT | Họ và tên | Ngày sinh |",
        "| TT | Họ tên học sinh | Số định danh cá nhân |",
        "| TT | Tên người lao động | Số điện thoại |",
        "| No. | Full name | Passport number |",
        "| STT | Tên chủ hộ | CMND/CCCD |",
        "| STT | Họ tên | Số sổ BHXH, mã số BHXH |",
    ],
)
def test_lists_of_persons_are_refused_as_a_whole(heading: str) -> None:
    form = read_drawn(f"{heading}\n| 1 | | |\n| 2 | | |\n| 3 | | |")
    assert form.tables == ()
    assert [(one.sheet, one.cell) for one in form.refused] == [("S", "C1")]


@pytest.mark.parametrize(
    "text",
    [
        "| TT | Nhóm tuổi | Nam | Nữ |\n| 1 | Dưới 30 tuổi | | |\n| 2 | Từ 30 tuổi trở lên | | |",
        "| TT | Chỉ tiêu | Số lượng |\n| 1 | Số người được cấp CCCD | |\n| 2 | Số hộ chiếu đã cấp | |",
        "| TT | Tên xã | Số người có thẻ BHYT |\n| 1 | | |\n| 2 | | |\n| 3 | | |",
        "| TT | Tên trường | Năm xây dựng |\n| 1 | | |\n| 2 | | |\n| 3 | | |",
    ],
)
def test_counts_of_people_are_figures(text: str) -> None:
    form = read_drawn(text)
    assert form.refused == ()
    assert form.tables


def test_who_signs_is_no_list() -> None:
    form = read_drawn("| Họ và tên | Chức vụ | Chữ ký |\n| | | |")
    assert (form.tables, form.refused) == ((), ())


def test_who_and_when_are_told_from_what_is_asked() -> None:
    text = "| Đơn vị báo cáo | |\n| Kỳ báo cáo | |\n| Người lập biểu | |"
    form = read_drawn(text)
    assert form.tables == ()
    assert [(one.cell, one.what) for one in form.identity] == [
        ("B1", "unit"),
        ("B2", "period"),
        ("B3", "person"),
    ]


def test_a_return_that_was_filled_in_is_noticed() -> None:
    text = "| Chỉ tiêu | Nam | Nữ |\n| A | 1 | 2 |\n" + "".join(
        f"| Chỉ tiêu số {n} | {n + 3} | {n + 4} |\n" for n in range(1, 9)
    )
    form = read_drawn(text)
    assert next(question.id for question in form.questions) == "file.filled"
    assert len(form.tables[0].inputs) == 16


def test_some_figures_left_in_a_blank_form_are_no_return() -> None:
    text = "| Chỉ tiêu | Nam | Nữ |\n| A | 1 | 2 |\n| Học sinh | 7 | 5 |\n" + "".join(
        f"| Chỉ tiêu số {n} | 0 | 0 |\n" for n in range(9)
    )
    form = read_drawn(text)
    assert len(form.tables[0].inputs) == 20
    assert not any(question.id == "file.filled" for question in form.questions)


def test_answers_of_several_kinds_are_single_values() -> None:
    text = """
    | TT | Nội dung                  | Số liệu |
    | 1  | 2                         | 3       |
    | 1  | Tên tổ chức               |         |
    | 2  | Ngày, tháng, năm cấp phép |         |
    | 3  | Số lượng chi nhánh        |         |
    """
    (table,) = read_drawn(text).tables
    assert (table.kind, [row.type for row in table.rows]) == ("values", ["text", "date", "count"])
    assert table.value_at == (2, 2, 2)


def test_codes_are_valid_unique_and_short() -> None:
    label = "Số lượng người làm việc hưởng lương từ ngân sách nhà nước được giao năm nay"
    text = "| Chỉ tiêu | Q1 | Q1 |\n" + "".join(f"| {label} | | |\n" for _row in range(12))
    (table,) = read_drawn(text).tables
    codes = [row.code for row in table.rows]
    assert len(set(codes)) == 12
    assert max(map(len, codes)) <= 32
    assert all(code.replace("_", "").isalnum() and code[0].isalpha() and code.isascii() for code in codes)


# Files


def test_a_large_form_with_formats_far_below_is_read(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(drawn("| Chỉ tiêu | Nam |\n| A | 1 |\n| Học sinh | |\n| Giáo viên | |"))
    book = openpyxl.load_workbook(path)
    for row in range(5, 3_000):
        for column in range(1, 15):
            book["S"].cell(row, column).number_format = "0.00"
    book.save(path)
    (table,) = read_form(path).tables
    assert areas(table.inputs) == ["B3:B4"]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 broken", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"a,b\n1,2\n"],
)
def test_what_is_no_workbook_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    with pytest.raises(ReportctlError) as refused:
        read_form(path)
    assert "form.xlsx" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_sheet_that_is_not_there_is_named() -> None:
    with pytest.raises(ReportctlError, match="S2"):
        read_drawn("| a | b |", {"S2": [Span(0, 0, 1, 1)]})


def test_rows_of_one_label_are_told_apart_by_what_they_stand_below() -> None:
    text = "| Chỉ tiêu | Số lượng |\n| Giáo viên | |\n| - Nữ | |\n| Học sinh | |\n| - Nữ | |"
    (table,) = read_drawn(text).tables
    assert [row.code for row in table.rows] == ["giao_vien", "giao_vien_nu", "hoc_sinh", "hoc_sinh_nu"]


@pytest.mark.parametrize("sign", ["%", "+/-", "±", "▲", "…%"])
def test_headings_of_signs_alone_have_codes(sign: str) -> None:
    (table,) = read_drawn(
        f"| TT | Loại hình | Số vụ | {sign} | {sign} |\n| 1 | Đường bộ | | | |\n| 2 | Đường sắt | | | |"
    ).tables
    codes = [column.code for column in table.columns]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,31}", code) for code in codes)
    assert areas(table.inputs) == ["C2:E3"]


def test_columns_below_a_sign_have_codes_that_begin_with_a_letter() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(drawn("| Loại | % | | Số vụ | |\n| | Nam | Nữ | + | % |\n| Bộ | | | | |\n| Sắt | | | | |"))
    )
    for area in ("A1:A2", "B1:C1", "D1:E1"):
        book["S"].merge_cells(area)
    data = io.BytesIO()
    book.save(data)
    (table,) = form_of(read_styled(data.getvalue(), "form.xlsx").sheets, "form.xlsx", {}).tables
    assert [column.code for column in table.columns] == ["loai", "nam", "nu", "vu", "vu_2"]


def test_no_sum_is_proposed_of_rows_that_the_total_is_a_part_of() -> None:
    form = read_drawn(
        "| TT | Chỉ tiêu | Mã | Quý |\n| 1 | Số tiền | 01 | |\n| 2 | Số thẻ (3+4) | 02 | |\n"
        "| 3 | Tổng | 03 | |\n| 4 | Khác | 04 | |"
    )
    (question,) = [one for one in form.questions if one.id.endswith("m03.sum")]
    assert question.default == ""


def test_gaps_in_what_the_office_says_are_not_asked() -> None:
    form = read_drawn(
        "| STT | Chỉ tiêu | Cách ghi |\n| 1 | Hộ nghèo | Số nguyên |\n| 2 | Hộ cận nghèo | Số nguyên |\n"
        "| 3 | Số hộ | Như trên |\n| 4 | Số khẩu | Như trên |\n| 5 | Nữ | |"
    )
    assert form.tables == ()


def test_a_frame_that_goes_on_with_the_table_above_has_its_columns() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(drawn("| STT | Chỉ tiêu | Đầu kỳ | Cuối kỳ |\n| I | Nguồn vốn | | |\n| 1 | Vay | | |"))
    )
    for row, said in enumerate((("II", "Chỉ tiêu khác"), (1, "Số thành viên"), (2, "Số khách")), 6):
        for column in range(4):
            cell = book["S"].cell(row, column + 1, said[column] if column < 2 else None)
            cell.border = BOX
    data = io.BytesIO()
    book.save(data)
    tables = form_of(read_styled(data.getvalue(), "form.xlsx").sheets, "form.xlsx", {}).tables
    assert [areas(table.inputs) for table in tables] == [["C2:D3"], ["C6:D8"]]


def test_the_notes_of_a_total_that_formulas_make_are_no_row_of_the_list() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(
            drawn(
                "| STT | Tên vụ việc | Số vụ | Ghi chú |\n| … | | | |\n| … | | | |\n"
                "| Tổng cộng: | | =SUM(C2:C3) | |"
            )
        )
    )
    book["S"].merge_cells("A4:B4")
    data = io.BytesIO()
    book.save(data)
    (table,) = form_of(read_styled(data.getvalue(), "form.xlsx").sheets, "form.xlsx", {}).tables
    assert (table.kind, areas(table.inputs), table.total_row) == ("list", ["B2:D3"], 3)


def test_units_of_measure_that_are_left_blank_are_asked() -> None:
    (table,) = read_drawn(
        "| Heading | Units | No. of them | Cost |\n| Salaries | | | |\n| Fees | | | |\n| Travel | | | |"
    ).tables
    assert areas(table.inputs) == ["B2:D4"]


@pytest.mark.parametrize(
    ("heading", "type_"),
    [
        ("Xã, phường, đặc khu", "text"),
        ("Xã/phường", "text"),
        ("Đơn vị, địa chỉ", "text"),
        ("Số xã, phường", "count"),
        ("Tổng số trường", "count"),
        ("Số hiệu đơn vị", "text"),
        ("Hộ, khẩu", "count"),
    ],
)
def test_which_place_a_row_of_a_list_is_of_is_no_count(heading: str, type_: str) -> None:
    form = read_drawn(f"| TT | Tên trường | {heading} | Số lớp |\n| 1 | | | |\n| 2 | | | |\n| 3 | | | |")
    (table,) = form.tables
    assert [column.type for column in table.columns][1:] == ["text", type_, "count"]


def test_the_formulas_of_an_xls_are_sums_and_their_cells_are_not_asked() -> None:
    path = FIXTURES / "libreoffice-sums.xls"
    (table,) = read_form(path).tables
    assert {column.label: column.sum for column in table.columns if column.sum} == {
        "Tổng số": "cong_lap + tu_thuc"
    }
    assert {row.label: row.sum for row in table.rows if row.sum} == {"Cả tỉnh": "n2 + n3"}
    computed = {cell_name(*place) for place in table.computed}
    assert computed == {"C5", "C6", "C7", "C8", "D5", "E5"}
    assert {cell_name(*place) for place in table.inputs} == {f"{c}{r}" for c in "DE" for r in (6, 7, 8)}


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        ("=D1-SUM(A1:B1)", None),  # as what is taken off as a whole is not said yet
        ("=SUM(A1:B1)-D1", [(1, "A1"), (1, "B1"), (-1, "D1")]),
        ("=D1+SUM(A1:B1)", [(1, "D1"), (1, "A1"), (1, "B1")]),
        ("=SUM(A1,C1)+SUM(E1:F1)", [(1, "A1"), (1, "C1"), (1, "E1"), (1, "F1")]),
        ("=(SUM(A1:B1))", [(1, "A1"), (1, "B1")]),
        ("=ROUND(SUM(A1:B1),0)", [(1, "A1"), (1, "B1")]),
        ("=-SUM(A1:B1)", None),
        ("=D1-(A1+B1)", None),
    ],
)
def test_the_cells_that_a_formula_adds_up(formula: str, parts: list[tuple[int, str]] | None) -> None:
    found = formula_parts(formula)
    assert (found and [(sign, cell_name(*place)) for sign, place in found]) == parts
