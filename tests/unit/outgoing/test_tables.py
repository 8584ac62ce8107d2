"""Sheets of tables, and lists under a tree of headings, in the workbook that is sent out."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.layout import layout
from reportctl.form.model import Form
from reportctl.outgoing import page
from reportctl.outgoing.beside import Beside, Known
from reportctl.outgoing.headings import Heading, line_heights, tree
from reportctl.outgoing.input_cells import LiveChecks
from reportctl.outgoing.table_cells import TableChecks
from reportctl.outgoing.template import workbook
from reportctl.workspace.units import Unit
from tests.making.valid import errors

FORM = parse_form("""
id = "rooms"
title = "Cơ sở vật chất"
kinds = [{ code = "commune", title = "Xã" }, { code = "school", title = "Trường" }]

[[tables]]
code = "rooms"
title = "Phòng học"
row_title = "Loại phòng"
columns = [
  { code = "total", label = "Tổng số", sum = "solid + weak", computed = true },
  { code = "solid", label = "Kiên cố", under = ["Chia ra"] },
  { code = "weak", label = "Tạm", under = ["Chia ra"], required = false },
  { code = "before", label = "Kỳ trước", is = "previous" },
]
rows = [
  { code = "n1", label = "Phòng học", no = "1", sum = "n2 + n3", unit_of_measure = "phòng" },
  { caption = "Trong đó:" },
  { code = "n2", label = "Thư viện", no = "1.1", level = 2 },
  { code = "n3", label = "Phòng máy", no = "1.2", level = 2 },
  { code = "n4", label = "Nhà để xe", no = "2", applies_to = ["school"] },
]
not_asked = ["n3.weak"]

[[tables]]
code = "cost"
title = "Kinh phí"
unit_of_measure = "triệu đồng"
type = "money"
columns = [
  { code = "now", label = "Kỳ này" },
  { code = "ago", label = "Cùng kỳ", is = "year_ago" },
  { code = "year", label = "Lũy kế", is = "to_date" },
  { code = "plan", label = "Kế hoạch", is = "plan" },
  { code = "note", label = "Ghi chú của tỉnh", is = "given" },
]
rows = [
  { code = "repair", label = "Sửa chữa" },
  { code = "new", label = "Xây mới" },
  { code = "debt", label = "Còn nợ", over_time = "last" },
]

[[lists]]
code = "schools"
title = "Các trường"
rows = 3
key = "name"
total = true
columns = [
  { code = "name", label = "Trường" },
  { code = "pupils", label = "HS", type = "count", under = ["Tiểu học"], over_units = "sum" },
  { code = "classes", label = "Lớp", type = "count", under = ["Tiểu học"], over_units = "sum" },
  { code = "rank", label = "Hạng", type = "count", required = false },
]

[[rules]]
code = "library"
check = "rooms.n2.* <= rooms.n3.*"
message = "Thư viện nhiều hơn phòng máy."
[[rules]]
code = "paid"
check = "cost.repair.now <= cost.new.now"
message = "Sửa chữa quá lớn."
""")
COMMUNE = Unit("00001", "Xã Đông Lạc", "commune")
QUARTER = Quarter(2024, 3)


def made(
    form: Form = FORM,
    previous: dict[str, float | str] | None = None,
    notes: dict[str, str] | None = None,
    beside: Beside | None = None,
    unit: Unit = COMMUNE,
) -> bytes:
    day = dt.date(2024, 9, 17)
    sending = page.Dispatch(form, unit, QUARTER, QUARTER.window(), day, "Văn phòng")
    return workbook(sending, previous or {}, notes or {}, beside or {})


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def shown(sheet: Worksheet, first: int, last: int) -> list[list[object]]:
    """What stands in the lines `first` to `last` (from 1), without what only the check and counts say."""
    return [list(row) for row in sheet.iter_rows(first, last, max_col=8, values_only=True)]


# What stands where


def test_every_kind_of_sheet_has_its_place() -> None:
    assert opened(made()).sheetnames == ["Hướng dẫn", "Phòng học", "Kinh phí", "Các trường", "_reportctl"]


def test_the_sheet_of_a_table() -> None:
    sheet = opened(made(previous={"rooms.n1.total": 7}), values=True)["Phòng học"]
    assert shown(sheet, 5, 13) == [
        ["rooms", None, None, None, "rooms.total", "rooms.solid", "rooms.weak", "rooms.before"],
        [None, "TT", "Loại phòng", "ĐVT", "Tổng số", "Chia ra", None, "Kỳ trước"],
        [None, None, None, None, None, "Kiên cố", "Tạm", None],
        [None, None, None, None, "(1)", "(2)", "(3)", "(4)"],
        ["rooms.n1", "1", "Phòng học", "phòng", None, None, None, 7],
        [None, None, "Trong đó:", None, None, None, None, None],
        ["rooms.n2", "1.1", "Thư viện", None, None, None, None, None],
        ["rooms.n3", "1.2", "Phòng máy", None, None, None, None, None],
        ["rooms.n4", "2", "Nhà để xe", None, None, None, None, None],
    ]
    assert sheet["I6"].value == "Kiểm tra"
    assert sheet.row_dimensions[5].hidden
    assert sheet.column_dimensions["A"].hidden
    assert sheet.column_dimensions["J"].hidden
    assert [sheet.cell(row, 10).value for row in (9, 11, 12, 13)] == [1, 1, 1, 0]
    assert sheet["B4"].value == "Còn 3 ô bắt buộc chưa điền"
    assert {str(one) for one in sheet.merged_cells.ranges if one.min_row > 4} == {
        "B6:B7", "C6:C7", "D6:D7", "E6:E7", "F6:G6", "H6:H7", "I6:I7",
    }  # fmt: skip
    assert sheet.freeze_panes == "E9"
    assert sheet.print_title_rows == "$6:$8"
    assert (sheet.page_setup.orientation, sheet.sheet_view.selection[-1].activeCell) == ("landscape", "F9")


def test_only_asked_cells_can_be_filled_in_and_have_names() -> None:
    book = opened(made())
    unlocked = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets[1:3]
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    asked = {"F9", "G9", "F11", "G11", "F12"}
    assert unlocked == {f"Phòng học!{cell}" for cell in asked} | {f"Kinh phí!D{row}" for row in (8, 9, 10)}
    names = {name: one.attr_text for name, one in book.defined_names.items()}
    assert names.pop("schools") == "'Các trường'!$C$8:$F$10"
    assert names == {
        **{
            f"rooms.{row}.{column}": f"'Phòng học'!${letter}${line}"
            for row, line in (("n1", 9), ("n2", 11), ("n3", 12))
            for column, letter in (("total", "E"), ("solid", "F"), ("weak", "G"))
            if (row, column) != ("n3", "weak")
        },
        **{
            f"cost.{row}.now": f"'Kinh phí'!$D${line}"
            for row, line in (("repair", 8), ("new", 9), ("debt", 10))
        },
    }
    grey = {book["Phòng học"][cell].fill.fgColor.rgb for cell in ("G12", "E13", "F13", "G13", "H13")}
    assert grey == {"FFBFBFBF"}
    assert book["Phòng học"]["F9"].fill.fgColor.rgb != book["Phòng học"]["G9"].fill.fgColor.rgb


def test_a_unit_of_another_kind_is_asked_its_own_rows() -> None:
    names = opened(made(unit=Unit("9", "Trường", "school"))).defined_names
    assert "rooms.n4.solid" in names


def test_what_a_column_takes_is_said_once_for_all_of_its_cells_that_take_the_same() -> None:
    book = opened(made())
    asked = {
        (sheet.title, str(rule.sqref)): (rule.promptTitle, rule.prompt, rule.formula1)
        for sheet in book.worksheets
        for rule in sheet.data_validations.dataValidation
    }
    assert {place: said for place, said in asked.items() if place[0] != "Các trường"} == {
        ("Phòng học", "F9"): (
            "Kiên cố",
            "Chia ra / Kiên cố. Đơn vị tính: phòng. Ghi số nguyên, từ 0 trở lên.",
            'IF(ISNUMBER(F9),AND(F9=INT(F9),F9>=0),F9="KAD")',
        ),
        ("Phòng học", "F11:F12"): (
            "Kiên cố",
            "Chia ra / Kiên cố. Ghi số nguyên, từ 0 trở lên.",
            'IF(ISNUMBER(F11),AND(F11=INT(F11),F11>=0),F11="KAD")',
        ),
        ("Phòng học", "G9"): (
            "Tạm",
            "Chia ra / Tạm. Đơn vị tính: phòng. Ghi số nguyên, từ 0 trở lên. Có thể để trống.",
            'IF(ISNUMBER(G9),AND(G9=INT(G9),G9>=0),G9="KAD")',
        ),
        ("Phòng học", "G11"): (
            "Tạm",
            "Chia ra / Tạm. Ghi số nguyên, từ 0 trở lên. Có thể để trống.",
            'IF(ISNUMBER(G11),AND(G11=INT(G11),G11>=0),G11="KAD")',
        ),
        ("Kinh phí", "D8:D10"): (
            "Kỳ này",
            "Đơn vị tính: triệu đồng. Ghi số tiền, từ 0 trở lên.",
            'IF(ISNUMBER(D8),AND(D8>=0),D8="KAD")',
        ),
    }
    assert asked["Các trường", "D8:D10"][1].startswith("Tiểu học / HS. Ghi số nguyên")
    assert "Mỗi tên chỉ ghi một dòng." in asked["Các trường", "C8:C10"][1]


def test_a_caption_between_rows_does_not_part_what_they_take() -> None:
    form = parse_form("""
id = "short"
title = "Ngắn"
kinds = [{ code = "commune", title = "Cấp xã" }]
[[tables]]
code = "talks"
title = "Nói chuyện"
columns = [
  { code = "held", label = "Số buổi nói chuyện chuyên đề đã tổ chức trong kỳ" },
  { code = "rate", label = "Tỷ lệ" },
]
rows = [
  { code = "a", label = "Một" },
  { code = "b", label = "Hai" },
  { caption = "Trong đó:" },
  { code = "c", label = "Ba" },
  { code = "d", label = "Bốn", max = 9 },
]
""")
    rules = opened(made(form))["Nói chuyện"].data_validations.dataValidation
    whole = 'IF(ISNUMBER(X),AND(X=INT(X),X>=0),X="KAD")'
    small = 'IF(ISNUMBER(X),AND(X=INT(X),X>=0,X<=9),X="KAD")'
    assert {str(rule.sqref): rule.formula1 for rule in rules} == {
        "D8:D9 D11": whole.replace("X", "D8"),
        "E8:E9 E11": whole.replace("X", "E8"),
        "D12": small.replace("X", "D12"),
        "E12": small.replace("X", "E12"),
    }
    long = next(rule for rule in rules if str(rule.sqref).startswith("D8"))
    assert long.promptTitle == "Số buổi nói chuyện chuyên đề đã…"
    assert long.prompt.startswith("Số buổi nói chuyện chuyên đề đã tổ chức trong kỳ. Ghi số nguyên")


def test_a_sum_that_begins_with_a_minus_is_said_so() -> None:
    form = parse_form("""
id = "rest"
title = "Còn lại"
kinds = [{ code = "commune", title = "Xã" }]
[[tables]]
code = "rest"
title = "Còn lại"
columns = [{ code = "now", label = "Nay" }, { code = "then", label = "Xưa" }]
rows = [
  { code = "left", no = "1", label = "Còn", sum = "-out + stock", min = -10 },
  { code = "out", no = "2", label = "Xuất" },
  { code = "stock", no = "3", label = "Tồn" },
]
""")
    places = layout(form, "commune")
    place = places.tables["rest"]
    checks = TableChecks(LiveChecks(places, places.answers()), place, places.rules)
    said = [f"({column}): 1 must be -2 + 3" for column in (1, 2)]
    assert checks.messages(place.table.lines[0]) == said
    assert checks.messages(place.table.lines[1]) == []


def test_columns_that_the_program_fills_in() -> None:
    beside: Beside = {
        "year_ago": {
            "cost.repair.now": Known((12.5,)),
            "cost.new.now": Known(("KAD",), "Cùng kỳ năm trước: không áp dụng (KAD)"),
            "cost.debt.now": Known(None, "Cùng kỳ năm trước: không có số (đơn vị mới)"),
        },
        "to_date": {
            "cost.repair.now": Known((10, 20.5)),
            "cost.new.now": Known(None, "Lũy kế, Quý II/2024: chưa có báo cáo"),
            "cost.debt.now": Known(()),
        },
        "plan": {"cost.repair.now": Known((90,)), "cost.new.now": Known(None, "chưa được giao")},
    }
    sheet = opened(made(beside=beside))["Kinh phí"]
    assert [[cell.value for cell in row] for row in sheet["E8:H10"]] == [
        [12.5, '=IF(ISNUMBER(D8)+(D8="KAD"),IF(COUNT(10,20.5,D8)=0,"KAD",SUM(10,20.5,D8)),"")', 90, None],
        ["KAD", None, None, None],
        [None, '=IF(ISNUMBER(D10)+(D10="KAD"),D10,"")', None, None],
    ]
    told = {cell.coordinate: cell.comment.text for row in sheet["E8:H10"] for cell in row if cell.comment}
    assert told == {
        "E9": "Cùng kỳ năm trước: không áp dụng (KAD)",
        "E10": "Cùng kỳ năm trước: không có số (đơn vị mới)",
        "F9": "Lũy kế, Quý II/2024: chưa có báo cáo",
        "G9": "chưa được giao",
    }
    assert sheet["C6"].value == "Nội dung\n(ĐVT: triệu đồng)"


def test_the_list_has_headings_in_a_tree_and_a_total() -> None:
    sheet = opened(made())["Các trường"]
    assert shown(sheet, 5, 11) == [
        ["schools", None, "schools.name", "schools.pupils", "schools.classes", "schools.rank", None, None],
        [None, "TT", "Trường", "Tiểu học", None, "Hạng", "Kiểm tra", None],
        [None, None, None, "HS", "Lớp", None, None, None],
        *([f"schools.{n}", n, None, None, None, None, sheet.cell(7 + n, 7).value, None] for n in (1, 2, 3)),
        [
            *("schools.total", None, "Tổng cộng", '=IF(COUNT(D8:D10)=0,"",SUM(D8:D10))'),
            *('=IF(COUNT(E8:E10)=0,"",SUM(E8:E10))', None, None, None),
        ],
    ]
    assert all(cell.protection.locked for cell in sheet[11])
    assert sheet.print_title_rows == "$6:$7"


def test_a_form_of_lists_alone() -> None:
    form = FORM.model_copy(update={"tables": (), "rules": ()})
    assert opened(made(form)).sheetnames == ["Hướng dẫn", "Các trường", "_reportctl"]


def test_the_first_sheet_speaks_of_tables_and_of_no_column_that_is_not_there() -> None:
    sheet = opened(made(), values=True)["Hướng dẫn"]
    told = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "Ở các trang bảng" in told
    assert "Còn 3 ô bắt buộc chưa điền" in told
    assert "Ước" not in told


# Headings


def test_headings_are_a_tree_of_neighbours() -> None:
    paths = [("A",), ("A", "x"), ("A", "B", "y"), ("A", "B", "z"), ("C", "x"), ("A", "x")]
    assert set(tree(paths, 3, 4)) == {
        Heading("A", 0, 4, 2, 4),  # a column of its own, not the heading of its neighbours
        Heading("A", 0, 5, 0, 7),
        Heading("x", 1, 5, 2, 5),
        Heading("B", 1, 6, 1, 7),
        Heading("y", 2, 6, 2, 6),
        Heading("z", 2, 7, 2, 7),
        Heading("C", 0, 8, 0, 8),
        Heading("x", 1, 8, 2, 8),
        Heading("A", 0, 9, 0, 9),
        Heading("x", 1, 9, 2, 9),
    }


def test_lines_of_headings_have_room() -> None:
    needed = [
        (Heading("A", 0, 1, 1, 1), 50.0),
        (Heading("B", 0, 2, 0, 2), 20.0),
        (Heading("b", 1, 2, 1, 2), 10.0),
    ]
    assert line_heights(needed, 2) == [20.0, 30.0]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"a": ("Kỳ này",), "b": ("Kỳ trước",)}, {"b": "a"}),
        (
            {
                "a": ("Kỳ này", "Món"),
                "b": ("Kỳ này", "Tiền"),
                "c": ("Kỳ trước", "Món"),
                "d": ("Kỳ trước", "Tiền"),
            },
            {"c": "a", "d": "b"},
        ),
        (
            {"a": ("Món", "Nay"), "b": ("Món", "Trước"), "c": ("Tiền", "Nay"), "d": ("Tiền", "Trước")},
            {"b": "a", "d": "c"},
        ),
        ({"b": ("Trước",), "a": ("Nay",), "c": ("Kế hoạch",)}, {"b": "a", "c": "a"}),
        ({"a": ("Thư viện",), "b": ("Trước",), "c": ("Máy",), "d": ("Trước đó",)}, {"b": "a", "d": "c"}),
    ],
)
def test_which_column_another_one_belongs_to(
    columns: dict[str, tuple[str, ...]], found: dict[str, str]
) -> None:
    table = FORM.tables[0].model_validate(
        {
            "code": "t",
            "title": "T",
            "rows": [{"code": "r", "label": "R"}],
            "columns": [
                {
                    "code": code,
                    "label": path[-1],
                    "under": path[:-1],
                    "is": "previous" if code in found else "value",
                }
                for code, path in columns.items()
            ],
        }
    )
    assert {one.code: table.source_of(one).code for one in table.columns if one.is_ != "value"} == found


def test_a_column_is_filled_in_from_the_one_that_the_form_names() -> None:
    """Without `of` the last quarter's and the year's would be those of the nearest column, “Nữ”."""
    form = parse_form("""
id = "staff"
title = "Nhân sự"
kinds = [{ code = "commune", title = "Xã" }]
[[tables]]
code = "staff"
title = "Nhân sự"
columns = [
  { code = "all", label = "Tổng", sum = "men + women", computed = true },
  { code = "men", label = "Nam" },
  { code = "women", label = "Nữ" },
  { code = "before", label = "Kỳ trước", is = "previous", of = "all" },
  { code = "year", label = "Lũy kế", is = "to_date", of = "all" },
  { code = "goal", label = "Kế hoạch", is = "plan", of = "men" },
]
rows = [{ code = "hired", label = "Tuyển mới" }]
""")
    beside: Beside = {
        "to_date": {"staff.hired.all": Known((31,)), "staff.hired.women": Known((11,))},
        "plan": {"staff.hired.men": Known((90,)), "staff.hired.all": Known((200,))},
    }
    sheet = opened(made(form, {"staff.hired.all": 31, "staff.hired.women": 11}, beside=beside))["Nhân sự"]
    at = {str(cell.value): cell.column_letter for cell in sheet[5] if cell.value}
    line = next(cell.row for cell in sheet["A"] if cell.value == "staff.hired")
    before, year, goal = (sheet[f"{at[f'staff.{one}']}{line}"].value for one in ("before", "year", "goal"))
    total = f"{at['staff.all']}{line}"
    assert (before, goal) == (31, 90)
    assert f"SUM(31,{total})" in str(year)


# Forms as offices have them: big matrices, wide lists


def _matrix(code: str, rows: int, columns: int) -> str:
    cells = ", ".join(
        f'{{ code = "c{n}", label = "Cột {n}", under = ["Nhóm {n // 4}", "Phân loại người lao động {n // 2}"]'
        + (f', sum = "c{n + 1} + c{n + 2}"' if n % 4 == 0 and n + 2 < columns else "")
        + " }"
        for n in range(columns)
    )
    lines = ", ".join(
        f'{{ code = "m{n}", label = "Chỉ tiêu số {n} trong tổng số người lao động", level = {1 + n % 4}'
        + (
            f', sum = "{" + ".join(f"m{k}" for k in range(n + 1, min(n + 9, rows)))}"'
            if n % 10 == 0 and n + 2 < rows
            else ""
        )
        + " }"
        for n in range(rows)
    )
    return f'[[tables]]\ncode = "{code}"\ntitle = "Bảng {code}"\ncolumns = [{cells}]\nrows = [{lines}]\n'


def _form(body: str) -> Form:
    return parse_form(f'id = "big"\ntitle = "Lớn"\nkinds = [{{ code = "commune", title = "Xã" }}]\n{body}')


BIG = _form(
    _matrix("one", 40, 3) + _matrix("two", 41, 12) + _matrix("three", 42, 15) + _matrix("four", 12, 12)
)
WIDE = _form(
    '[[lists]]\ncode = "wide"\ntitle = "Danh sách rộng"\nrows = 60\nkey = "c0"\ntotal = true\ncolumns = ['
    + ", ".join(
        f'{{ code = "c{n}", label = "Số lượng người làm việc hưởng lương từ ngân sách {n}", type = "count", '
        f'under = ["Tổng số cán bộ, giáo viên có mặt", "Viên chức {n // 5}"], over_units = "sum" }}'
        for n in range(40)
    )
    + "]\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("form", [BIG, WIDE, FORM], ids=["big", "wide", "small"])
def test_excel_opens_it(form: Form, tmp_path: Path) -> None:
    content = made(form)
    for sheet in opened(content):
        boxes = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges]
        covered = [
            (row, col)
            for top, left, end, right in boxes
            for row in range(top, end + 1)
            for col in range(left, right + 1)
        ]
        assert len(covered) == len({*covered})
        formulas = [str(c.value) for row in sheet.iter_rows() for c in row if str(c.value).startswith("=")]
        assert max(map(len, formulas), default=0) <= 8192
    path = tmp_path / "audited.xlsx"
    path.write_bytes(content)
    assert errors(path) == []


def test_a_wide_list_checks_all_its_columns_and_is_printed_legibly() -> None:
    sheet = opened(made(WIDE))["Danh sách rộng"]
    check = str(sheet.cell(9, 43).value)
    assert all(f'"; cột {openpyxl.utils.get_column_letter(n)} chưa đúng"' in check for n in range(3, 43))
    assert int(sheet.page_setup.scale) == 60
    assert len(sheet.col_breaks.brk) > 1
    assert (sheet.print_title_cols, sheet.freeze_panes) == ("$B:$C", "D9")


def test_a_row_of_many_columns_says_that_something_is_wrong_before_it_says_nothing() -> None:
    sheet = opened(made(_form(_matrix("long", 1, 80))))["Bảng long"]
    check = str(sheet.cell(10, 84).value)
    assert len(check) <= 8192
    assert check.count("ISNUMBER") == 80
    assert "có ô trong dòng chưa đúng" in check


# As LibreOffice calculates it

Convert = Callable[..., list[Path]]


@pytest.fixture(scope="module")
def calculated(soffice: Convert, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """Workbooks as LibreOffice saves them: a fresh one, one with mistakes, one without."""
    folder = tmp_path_factory.mktemp("tables")
    cells = {
        "fresh": {},
        "wrong": {
            "Phòng học": {"F9": 10, "G9": 4, "F11": 5, "G11": 3, "F12": 4},
            "Kinh phí": {"D8": 3.5, "D9": 2, "D10": "nhiều"},
            "Các trường": {"C8": "A", "D8": 5, "E8": 2, "C9": "B", "D9": 7},
        },
        "half": {"Phòng học": {"F9": 9, "F11": 4, "G11": "nhiều", "F12": 5.5}},
        "right": {
            "Phòng học": {"F9": 9, "G9": "KAD", "F11": 4, "G11": "KAD", "F12": 5},
            "Kinh phí": {"D8": "KAD", "D9": 2, "D10": "KAD"},
            "Các trường": {"C8": "A", "D8": "KAD", "E8": 2, "C9": "B", "D9": "KAD", "E9": 3},
        },
    }
    beside: Beside = {
        "to_date": {
            "cost.repair.now": Known((10, 20.5)),
            "cost.new.now": Known(()),
            "cost.debt.now": Known(()),
        }
    }
    files = []
    for name, sheets in cells.items():
        book = opened(made(beside=beside))
        for sheet, filled in sheets.items():
            for cell, value in filled.items():
                book[sheet][cell] = value
        files.append(folder / f"{name}.xlsx")
        book.save(files[-1])
    return {file.stem: openpyxl.load_workbook(file, data_only=True) for file in soffice(files, to="xlsx")}


@pytest.mark.libreoffice
def test_a_fresh_workbook_says_what_was_stored(calculated: dict[str, Workbook]) -> None:
    stored = opened(made(beside={}), values=True)
    for sheet in stored.worksheets[1:4]:
        for row in sheet.iter_rows(min_row=4):
            for cell in row:
                again = calculated["fresh"][sheet.title][cell.coordinate].value
                assert (again or None) == (cell.value or None), (sheet.title, cell.coordinate)


def column(book: Workbook, sheet: str, letter: str, first: int, last: int) -> list[object]:
    """What stands below each other there; a formula's empty text as None."""
    return [book[sheet][f"{letter}{row}"].value or None for row in range(first, last + 1)]


@pytest.mark.libreoffice
def test_the_check_says_which_sum_and_which_rule_is_broken(calculated: dict[str, Workbook]) -> None:
    book = calculated["wrong"]
    assert column(book, "Phòng học", "I", 9, 13) == [
        "(2): 1 phải bằng 1.1 + 1.2; (3): 1 phải bằng 1.1",
        None,
        "(1): Thư viện nhiều hơn phòng máy; (2): Thư viện nhiều hơn phòng máy",
        None,
        None,
    ]
    assert column(book, "Phòng học", "E", 9, 13) == [14, None, 8, 4, None]
    assert column(book, "Phòng học", "J", 9, 13) == [None] * 5
    assert book["Phòng học"]["B4"].value == "Đã điền đủ các ô bắt buộc"
    assert column(book, "Kinh phí", "I", 8, 10) == [
        "(1): Sửa chữa quá lớn",
        None,
        "(1): Ghi số tiền, từ 0 trở lên",
    ]
    assert column(book, "Kinh phí", "F", 8, 10) == [34, 2, None]
    assert column(book, "Các trường", "D", 8, 11) == [5, 7, None, 12]
    assert column(book, "Các trường", "G", 8, 11) == [None, "thiếu “Tiểu học / Lớp”", None, None]


@pytest.mark.libreoffice
def test_a_sum_stays_blank_while_a_part_is_blank_or_no_figure(calculated: dict[str, Workbook]) -> None:
    book = calculated["half"]
    assert column(book, "Phòng học", "E", 9, 13) == [None, None, None, 5.5, None]
    wrong = ["(3): Ghi số nguyên, từ 0 trở lên", "(2): Ghi số nguyên, từ 0 trở lên"]
    assert column(book, "Phòng học", "I", 11, 12) == wrong


@pytest.mark.libreoffice
def test_the_check_is_silent_where_all_is_right_and_what_does_not_apply_counts_for_nothing(
    calculated: dict[str, Workbook],
) -> None:
    book = calculated["right"]
    assert column(book, "Phòng học", "I", 9, 13) == [None] * 5
    assert column(book, "Phòng học", "E", 9, 13) == [9, None, 4, 5, None]
    assert column(book, "Kinh phí", "F", 8, 10) == [30.5, 2, "KAD"]
    assert column(book, "Các trường", "D", 11, 11) == [None]
    assert column(book, "Các trường", "E", 11, 11) == [5]
