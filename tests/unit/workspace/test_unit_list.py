"""Lists of units as offices have them: recognised columns, guessed kinds, given codes, no persons."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from reportctl.core.errors import ReportctlError
from reportctl.workspace.unit_kinds import guessed_kind
from reportctl.workspace.unit_list import ListedUnit, UnitList, left_out_in_words, list_in, pasted, problems

KINDS = {
    "commune": "Xã", "ward": "Phường", "special_zone": "Đặc khu", "department": "Sở, ban, ngành",
    "press": "Cơ quan báo chí",
}  # fmt: skip


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def said(units: UnitList) -> list[tuple[str, str, str]]:
    return [(unit.code, unit.name, unit.kind) for unit in units.units]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Xã Phú Khê", "commune"), ("xã phú khê", "commune"), ("Xa Phu Khe", "commune"),
        ("Phường 12", "ward"),
        ("Đặc khu Hòn Lạc", "special_zone"), ("Thị trấn Yên Bình", "commune"),
        ("Đảng ủy xã Thanh Điền", "commune"),
        ("Đảng uỷ phường Lạc Thành", "ward"), ("UBND xã Hòa Lương", "commune"),
        ("Ban Tuyên giáo Đảng ủy xã Minh Trạch", "commune"), ("Ủy ban nhân dân phường Đông Lạc", "ward"),
        ("Sở Nội vụ", "department"), ("Ban Dân tộc", "department"), ("Công an tỉnh", "department"),
        ("Trung tâm Văn hóa", "department"), ("Trung tâm Truyền thông tỉnh", "press"),
        ("Tỉnh đoàn An Lạc", "department"), ("Đảng ủy các cơ quan tỉnh", "department"),
        ("Đảng ủy Công an tỉnh", "department"), ("Hội Nông dân tỉnh", "department"),
        ("Bộ Chỉ huy Quân sự tỉnh", "department"), ("Bảo hiểm xã hội tỉnh", "department"),
        ("Báo An Lạc", "press"), ("Báo và Phát thanh, truyền hình An Lạc", "press"),
        ("Tạp chí Văn nghệ", "press"),
        ("Đài Phát thanh và Truyền hình", "press"), ("Đài Khí tượng Thủy văn", "department"),
        ("Cổng Thông tin điện tử", "press"), ("Trường Chính trị tỉnh", "department"),
        ("Xã đoàn Phú Khê", "department"),
        # Names of places without a word for what they are: nobody can tell, so it is asked.
        ("Bảo Lộc", ""), ("Quy Nhơn", ""), ("Phong Điền", ""), ("Quán Toan", ""), ("Phương Mai", ""),
        ("Đoan Hùng", ""), ("Hội An", ""), ("Sơn Tây", ""), ("Trường Sa", ""), ("Huyện Đông Lạc", ""),
    ],
)  # fmt: skip
def test_kinds_by_names(name: str, kind: str) -> None:
    assert guessed_kind(name, KINDS) == kind


def test_kinds_of_other_forms() -> None:
    older = {"district": "Huyện", "department": "Sở", "school": "Trường học, Cụm trường"}
    assert guessed_kind("Huyện Đông Lạc", older) == "district"
    assert guessed_kind("Thành phố Lạc Thành", older) == "district"
    assert guessed_kind("Cụm trường số 1", older) == "school"
    assert guessed_kind("Bảo Lộc", {"only": "Đơn vị"}) == "only"


def test_a_sheet_as_offices_keep_it(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "Danh sách.xlsx",
        [
            ["DANH SÁCH ĐƠN VỊ BÁO CÁO"], [],
            ["STT", "Mã ĐV", "Tên đơn vị", "Điện thoại", "Email", "Ghi chú"],
            ["I", None, "Các xã, phường"],
            [1, 1, "Xã Phú Khê", "0200.3800.105", "vp@phukhe.example.vn", "mới"],
            [2, 22, "Phường  Lạc Thành", None, None, None], ["II", None, "Khối sở, ngành"],
            [3, None, "Sở Văn hóa, Thể thao và Du lịch"], [None, None, "Tổng cộng: 03 đơn vị"],
        ],
    )  # fmt: skip
    found = list_in(path, KINDS)
    assert said(found) == [
        ("001", "Xã Phú Khê", "commune"),
        ("022", "Phường Lạc Thành", "ward"),
        ("002", "Sở Văn hóa, Thể thao và Du lịch", "department"),
    ]
    assert found.units[0].more == {"contact": "0200.3800.105, vp@phukhe.example.vn"}
    assert found.units[0].line == 5
    assert found.remarks == (
        "Columns passed over: Ghi chú.",
        "2 codes were made 3 digits long, with zeros before them.",
        "1 code is given.",
    )
    assert [(unit.line, unit.name) for unit in found.left_out] == [
        (4, "Các xã, phường"),
        (7, "Khối sở, ngành"),
        (9, "Tổng cộng: 03 đơn vị"),
    ]
    assert problems(found.units, KINDS) == []


@pytest.mark.parametrize(
    "name",
    [
        "Công an tỉnh", "CÔNG AN TỈNH", "Cong an tinh", "Cổng thông tin điện tử tỉnh", "Công đoàn Viên chức",
        "Công ty Cấp nước", "Tổng công ty Điện lực", "Tổng cục Hải quan", "Các cơ quan thường trú",
        "Các cơ quan thường trú Trung ương", "Cộng đồng người Hoa", "Xã Cấp Tiến", "Phường Trong",
        "Ban Dân tộc", "Hội Nông dân tỉnh", "Sở Nội vụ", "Khởi nghiệp",
    ],
)  # fmt: skip
def test_units_are_no_headings(name: str) -> None:
    found = pasted(f"Xã Phú Khê\n{name}\n", KINDS)
    assert [unit.name for unit in found.units] == ["Xã Phú Khê", name]
    assert found.left_out == ()


@pytest.mark.parametrize(
    "name",
    [
        "Các xã, phường", "Các xã, phường, đặc khu:", "Cac xa, phuong", "Các sở, ban, ngành cấp tỉnh",
        "Sở, ban, ngành", "Khối đoàn thể", "Các cơ quan báo chí", "Danh sách đơn vị", "Cộng", "Cộng: 3",
        "Cộng 20 đơn vị", "Tổng cộng", "Tong cong: 03", "TỔNG SỐ", "Ghi chú: gửi trước 20/3",
        "Người lập biểu",
    ],
)  # fmt: skip
def test_headings_and_sums_are_no_units(name: str) -> None:
    found = pasted(f"Xã Phú Khê\n{name}\n", KINDS)
    assert [unit.name for unit in found.units] == ["Xã Phú Khê"]
    assert [unit.name for unit in found.left_out] == [name]
    said = left_out_in_words(found.left_out)
    assert said == f"Line 2 “{name}” is NOT taken over: it reads as no unit."


@pytest.mark.parametrize(
    "headings",
    [
        ["TT", "Tên các đơn vị", "Loại"], ["TT", "Đơn vị báo cáo (xã, phường, đặc khu)", "Loại"],
        ["STT", "Xã, phường, đặc khu", "Loại đơn vị"], ["Số TT", "Cơ quan, đơn vị báo cáo", "Loại"],
        ["STT", "Các đơn vị", "Loại"], ["STT", "Tên xã/phường", "Loại"], ["STT", "Danh mục (1)", "Loại"],
        ["TT", "Đơn vị gửi báo cáo", "Loại hình"], ["STT", "Tên cơ quan, đơn vị", "Nhóm"],
    ],
)  # fmt: skip
def test_ordinary_headings(tmp_path: Path, headings: list[object]) -> None:
    rows: list[list[object]] = [
        ["DANH SÁCH ĐƠN VỊ BÁO CÁO"], headings, ["I", "Các xã"], [1, "Xã Phú Khê", "Xã"],
        ["II", "Cơ quan cấp tỉnh"], [1, "Công an tỉnh", "Sở"], [2, "Sở Y tế", "Sở"],
    ]  # fmt: skip
    found = list_in(workbook(tmp_path / "ds.xlsx", [row for row in rows if row[0] != "II"]), KINDS)
    assert said(found) == [
        ("001", "Xã Phú Khê", "commune"), ("002", "Công an tỉnh", "department"),
        ("003", "Sở Y tế", "department"),
    ]  # fmt: skip
    assert [unit.name for unit in found.left_out] == ["Các xã"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Tên xã", "commune"), ("Tên phường", "ward"), ("Tên các xã", "commune"), ("Ten xa", "commune"),
        ("Đơn vị báo cáo (xã)", "commune"), ("Tên cơ quan báo chí", "press"), ("Tên xã/phường", ""),
        ("Tên xã, phường", ""), ("Tên đơn vị", ""), ("Địa phương", ""),
    ],
)  # fmt: skip
def test_a_heading_that_names_the_kind(tmp_path: Path, heading: str, kind: str) -> None:
    rows: list[list[object]] = [["STT", heading], [1, "Phú Khê"], [2, "Bảo Lộc"], [3, "Phường Yên"]]
    found = list_in(workbook(tmp_path / "ds.xlsx", rows), KINDS)
    assert said(found) == [("001", "Phú Khê", kind), ("002", "Bảo Lộc", kind), ("003", "Phường Yên", "ward")]


def test_numbers_of_lines_are_no_codes() -> None:
    for numbers in (["1", "2", "3"], ["I", "1", "2"], ["1", "1", "2"], ["A", "1", "1"]):
        text = "\n".join(
            f"{number}\t{name}" for number, name in zip(numbers, ("Xã A", "Xã B", "Sở C"), strict=True)
        )
        assert [unit.code for unit in pasted(text, KINDS).units] == ["001", "002", "003"]


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        (901234567, "0901234567"), ("901234567", "0901234567"), (2003800105, "02003800105"),
        ("0901234567", "0901234567"), ("901234567, 351234567", "0901234567, 0351234567"),
        ("0200.3800.105", "0200.3800.105"), ("+84901234567", "+84901234567"), (113, "113"),
        ("vp901234567@x.example.vn", "vp901234567@x.example.vn"), (123456789, "123456789"),
    ],
)  # fmt: skip
def test_telephones_get_their_zero_back(tmp_path: Path, number: object, contact: str) -> None:
    rows: list[list[object]] = [["Tên đơn vị", "Số điện thoại"], ["Xã A", number]]
    found = list_in(workbook(tmp_path / "ds.xlsx", rows), KINDS)
    assert found.units[0].more == {"contact": contact}
    assert any("got its 0 back" in remark for remark in found.remarks) == (str(number) != contact)


def test_an_office_is_whom_to_ask(tmp_path: Path) -> None:
    rows = [["Tên đơn vị", "Đầu mối liên hệ"], ["Xã A", "Văn phòng, 0200.3800.105"], ["Xã B", "Văn phòng"]]
    found = list_in(workbook(tmp_path / "ds.xlsx", rows), KINDS)
    assert [unit.more for unit in found.units] == [
        {"contact": "Văn phòng, 0200.3800.105"},
        {"contact": "Văn phòng"},
    ]


def test_a_list_that_is_ours_already(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(
        "\ufeffcode,name,kind,parent,valid_from,valid_to,predecessors,contact\n"
        '01,Xã A,commune,,2025-07-01,,,"Văn phòng, 0200"\n02,Sở B,department,,,,,\n',
        encoding="utf-8",
    )
    found = list_in(path, KINDS)
    assert said(found) == [("01", "Xã A", "commune"), ("02", "Sở B", "department")]
    assert found.units[0].more == {"valid_from": "2025-07-01", "contact": "Văn phòng, 0200"}
    assert found.remarks == ()


@pytest.mark.parametrize(
    "text",
    [
        "Xã A\nPhường B\nSở Văn hóa, Thể thao và Du lịch\n",
        "1. Xã A\n2. Phường B\n3. Sở Văn hóa, Thể thao và Du lịch",
        "- Xã A\n- Phường B;\n- Sở Văn hóa, Thể thao và Du lịch.\n".replace(".\n", "\n"),
        "1\tXã A\n2\tPhường B\n3\tSở Văn hóa, Thể thao và Du lịch\n",
        "001\tXã A\n002\tPhường B\n003\tSở Văn hóa, Thể thao và Du lịch\n",
        "Tên đơn vị\tLoại\nXã A\tXã\nPhường B\tPhường\nSở Văn hóa, Thể thao và Du lịch\tSở\n",
        "Tên đơn vị;Mã\nXã A;001\nPhường B;002\nSở Văn hóa, Thể thao và Du lịch;003\n",
        '"Xã A",001\n"Phường B",002\n"Sở Văn hóa, Thể thao và Du lịch",003\n',
        "Xã A\r\n\r\nPhường B\r\n   \r\nSở Văn hóa, Thể thao và Du lịch\r\n",
    ],
)
def test_pasted_lists(text: str) -> None:
    assert said(pasted(text, KINDS)) == [
        ("001", "Xã A", "commune"),
        ("002", "Phường B", "ward"),
        ("003", "Sở Văn hóa, Thể thao và Du lịch", "department"),
    ]


@pytest.mark.parametrize(
    "names",
    [
        ["Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế, Dân số"],
        ["Sở Văn hóa, Thể thao và Du lịch", "Ban A, B, C"],
        ["Sở Văn hóa,Thể thao", "Ban A,B,C"],
    ],
)
def test_commas_in_names_part_nothing(names: list[str]) -> None:
    assert [unit.name for unit in pasted("\n".join(names), KINDS).units] == names


def test_a_text_file_in_any_encoding(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    path.write_bytes("Xã A\r\nSở B\r\n".encode("utf-16"))
    assert said(list_in(path, KINDS)) == [("001", "Xã A", "commune"), ("002", "Sở B", "department")]


def test_codes_keep_their_zeros(tmp_path: Path) -> None:
    rows = [["Mã", "Tên đơn vị"], ["00004", "Xã A"], ["12345", "Xã B"]]
    assert [unit.code for unit in list_in(workbook(tmp_path / "a.xlsx", rows), KINDS).units] == [
        "00004",
        "12345",
    ]
    rows = [["Mã", "Tên đơn vị"], [4, "Xã A"], [12345, "Xã B"]]
    assert [unit.code for unit in list_in(workbook(tmp_path / "b.xlsx", rows), KINDS).units] == [
        "00004",
        "12345",
    ]
    rows = [["Mã", "Tên đơn vị"], ["S01", "Sở A"], [None, "Xã B"], ["001", "Xã C"]]
    assert [unit.code for unit in list_in(workbook(tmp_path / "c.xlsx", rows), KINDS).units] == [
        "S01",
        "002",
        "001",
    ]


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([["Tên đơn vị", "Họ và tên"], ["Xã A", "Nguyễn Văn An"]], "Họ và tên"),
        ([["Tên đơn vị", "Người phụ trách"], ["Xã A", "An"]], "Người phụ trách"),
        ([["Tên đơn vị", "Số CCCD"], ["Xã A", "1"]], "Số CCCD"),
        ([["Tên đơn vị", "Năm sinh"], ["Xã A", "1980"]], "Năm sinh"),
        ([["Tên đơn vị", "Bí thư"], ["Xã A", "x"]], "Bí thư"),
        ([["Tên đơn vị", "Ghi chú"], ["Xã A", "001080012345"], ["Xã B", ""]], "Ghi chú"),
        ([["Tên đơn vị", "Ghi chú"], ["Xã A", "012345678"], ["Xã B", ""]], "Ghi chú"),
        ([["Tên đơn vị", "Liên hệ"],
          ["Xã A", "Nguyễn Văn An, 0912"], ["Xã B", "Trần Thị Bình - 0913"]], "Liên hệ"),
        ([["Tên đơn vị", "Đầu mối"], ["Xã A", "Nguyễn Văn An"], ["Xã B", "Trần Thị Bình"]], "Đầu mối"),
        ([["Xã A", "Nguyễn Văn An"], ["Xã B", "Trần Thị Bình"]], "2"),
        ([["Nguyễn Văn An"], ["Trần Thị Bình"], ["Lê Văn Cường"]], "1"),
    ],
)  # fmt: skip
def test_persons_are_refused(tmp_path: Path, rows: list[list[object]], column: str) -> None:
    with pytest.raises(ReportctlError, match=f"The column “{column}” is about persons"):
        list_in(workbook(tmp_path / "ds.xlsx", rows), KINDS)


def test_places_named_after_persons_are_places(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Tên xã, phường", "Loại"],
        ["Nguyễn Trãi", "Phường"],
        ["Trần Hưng Đạo", "Phường"],
    ]
    found = list_in(workbook(tmp_path / "ds.xlsx", rows), KINDS)
    assert [(unit.name, unit.kind) for unit in found.units] == [
        ("Nguyễn Trãi", "ward"),
        ("Trần Hưng Đạo", "ward"),
    ]


@pytest.mark.parametrize("text", ["", "\n \n", "1\n2\n3\n", "Tên đơn vị\n"])
def test_nothing_in_it(text: str) -> None:
    with pytest.raises(ReportctlError, match="No unit is found in the list"):
        pasted(text, KINDS)


def test_what_is_wrong_with_units() -> None:
    units = [
        ListedUnit(2, "001", "Xã A", "commune"), ListedUnit(3, "001", "Phường B", "ward"),
        ListedUnit(4, "003", "xã a", "commune"), ListedUnit(5, "004", "Bảo Lộc", ""),
    ]  # fmt: skip
    assert problems(units, KINDS) == [
        "line 5: the kind of “Bảo Lộc” cannot be told from its name; it can be Xã; Phường; Đặc khu; "
        "Sở, ban, ngành; Cơ quan báo chí",
        "lines 2, 3: the code “001” stands there twice",
        "lines 2, 4: “Xã A” stands there twice",
    ]


def test_a_sheet_behind_an_empty_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("DS").append(["Xã A"])
    book.save(tmp_path / "ds.xlsx")
    assert said(list_in(tmp_path / "ds.xlsx", KINDS)) == [("001", "Xã A", "commune")]


def test_what_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    with pytest.raises(ReportctlError, match="save it in Excel as"):
        list_in(tmp_path / "old.xls", KINDS)
    with pytest.raises(ReportctlError):
        list_in(tmp_path / "nothing.xlsx", KINDS)
