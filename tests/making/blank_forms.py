"""Random blank forms as offices draw them, with the cells that are to be filled in known: letterheads,
heading trees, rows of column numbers, frames of many kinds, marks for what does not apply, lists, signatures.

What is drawn is written down while it is drawn, so that nothing is worked out twice. No form is one of
anybody's.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

Cell = tuple[str, int, int]  # sheet, row and column from 0

FRAMES = (
    "full",
    "hair",
    "left_bottom",
    "left_top",
    "columns_only",
    "neighbours",
    "outer",
    "none",
    "rows_only",
    "medium_heading",
)
NUMBER_ROWS = (
    "none",
    "brackets",
    "plain",
    "negative",
    "letters",
    "letters_brackets",
    "sums",
    "gaps",
    "texts",
    "no_labels",
    "column_words",
)
ROW_NUMBERS = ("column", "dotted", "roman", "label", "bullets", "blanks", "indent", "bold", "letters", "none")
PREFILLS = ("none", "none", "zero", "empty_text", "dots", "question", "zero_text", "blank_text", "dash")
MARKS = ("grey", "x", "#", "Không", "hatch", "X", "///")


@dataclass
class MadeForm:
    """A form: its workbook, the cells to be filled in, how many lists it has, what was chosen for it."""

    data: bytes
    inputs: frozenset[Cell]
    lists: int
    asks: bool  # whether it has to be asked where its table stands
    choices: dict[str, Any] = field(default_factory=dict)


SUBJECTS = (
    "Công tác tuyên truyền miệng",
    "Văn bản chỉ đạo ban hành",
    "Hội nghị báo cáo viên",
    "Tin, bài đăng trên báo in",
    "Phóng sự truyền hình",
    "Lớp bồi dưỡng lý luận chính trị",
    "Chuyên mục phát thanh",
    "Cuộc thi chính luận",
    "Trường mầm non",
    "Học sinh bán trú",
    "Giáo viên đạt chuẩn",
    "Cơ sở khám bệnh",
    "Lượt khám bệnh ngoại trú",
    "Giường bệnh thực kê",
    "Số ca tiêm chủng đầy đủ",
    "Hộ nghèo",
    "Hộ cận nghèo",
    "Lao động được giải quyết việc làm",
    "Người hưởng trợ cấp thất nghiệp",
    "Doanh nghiệp đăng ký mới",
    "Dư nợ cho vay ngắn hạn",
    "Tiền gửi tiết kiệm",
    "Nợ xấu nội bảng",
    "Số thẻ phát hành",
    "Bưu gửi đi trong nước",
    "Doanh thu chuyển phát",
    "Thuê bao di động",
    "Tổ chức cơ sở đảng",
    "Đảng viên kết nạp",
    "Đảng viên dự bị",
    "Chi bộ trực thuộc",
    "Cuộc kiểm tra",
    "Đơn thư đã giải quyết",
    "Vụ việc tồn đọng",
    "Diện tích gieo trồng",
    "Sản lượng thu hoạch",
    "Công trình thủy lợi",
    "Nhà văn hóa thôn",
    "Thư viện xã",
    "Di tích được xếp hạng",
    "Số vụ tai nạn lao động",
    "Hợp đồng lao động",
    "Trẻ em dưới 16 tuổi",
    "Phụ nữ mang thai",
    "Người cao tuổi",
    "Chi lương và phụ cấp",
    "Chi mua sắm tài sản",
    "Thu phí, lệ phí",
    "Khấu hao tài sản cố định",
    "Thuế giá trị gia tăng",
)
ENGLISH = (
    "Schools inspected",
    "Teachers trained",
    "Pupils enrolled",
    "Outpatient visits",
    "Beds available",
    "Children vaccinated",
    "Loans outstanding",
    "Deposits received",
    "Complaints resolved",
    "Permits issued",
    "Households connected",
    "Kilometres of road repaired",
    "Staff employed",
    "Vacancies advertised",
    "Grants awarded",
    "Meetings held",
    "Volunteers engaged",
    "Cases closed",
    "Water samples tested",
    "Libraries open",
)
GROUPS = (
    "Công lập",
    "Tư thục",
    "Thành thị",
    "Nông thôn",
    "Cấp tỉnh",
    "Cấp xã",
    "Dưới 30 tuổi",
    "Từ 31 đến 40 tuổi",
    "Trên 40 tuổi",
    "Trong nước",
    "Nước ngoài",
    "Biên chế",
    "Hợp đồng",
    "Đại học",
    "Cao đẳng",
    "Trung cấp",
    "Nam",
    "Nữ",
    "Dân tộc thiểu số",
    "Kinh",
    "Ngắn hạn",
    "Dài hạn",
    "Bằng VND",
    "Bằng USD",
    "Số lượng",
    "Giá trị",
    "Phát sinh",
    "Tổng số",
)
GROUPS_EN = (
    "Public",
    "Private",
    "Urban",
    "Rural",
    "Male",
    "Female",
    "Under 30",
    "30 to 49",
    "50 and over",
    "Domestic",
    "Foreign",
    "Number",
    "Amount",
    "Total",
    "Full-time",
    "Part-time",
    "Grade A",
    "Grade B",
)
UNITS = ("người", "trường", "cuộc", "bài", "triệu đồng", "%", "lớp", "hộ", "lượt", "văn bản", "ha", "tấn")
LIST_COLUMNS = (
    "Tên trường",
    "Xã, phường",
    "Địa điểm tổ chức",
    "Số người tham dự",
    "Thời gian",
    "Hình thức",
    "Kinh phí (triệu đồng)",
    "Số lớp",
    "Kết quả",
    "Loại hình",
    "Tổng số học sinh",
    "Diện tích (m2)",
    "Năm xây dựng",
    "Đơn vị chủ trì",
    "Nội dung chính",
    "Cấp ban hành",
    "Số văn bản",
)
LIST_COLUMNS_EN = (
    "Project name",
    "Location",
    "Start date",
    "Amount awarded",
    "Beneficiaries",
    "Status",
    "Type of grant",
    "City",
    "Remarks",
    "Contractor",
    "Units delivered",
)


@dataclass
class _Drawing:
    """A workbook being drawn."""

    random: random.Random
    english: bool
    book: Workbook = field(default_factory=Workbook)
    inputs: set[Cell] = field(default_factory=set)
    lists: int = 0
    asks: bool = False
    choices: dict[str, Any] = field(default_factory=dict)

    def pick(self, name: str, options: Sequence[str]) -> str:
        chosen = self.random.choice(options)
        self.choices.setdefault(name, chosen)
        return chosen

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def asked(self, sheet: Worksheet, row: int, column: int) -> None:
        self.inputs.add((sheet.title, row - 1, column - 1))


def made_form(seed: int, **fixed: Any) -> MadeForm:
    """The form of a `seed`; `fixed` are choices that are not left to chance: `kind`, `frame`, `numbers`."""
    dice = random.Random(seed)
    drawing = _Drawing(dice, english=bool(fixed.get("english", dice.random() < 0.2)))
    drawing.choices.update(fixed)
    book = drawing.book
    first = book.active
    assert first is not None
    book.remove(first)
    for number in range(dice.choice((1, 1, 1, 2, 3))):
        sheet = book.create_sheet(f"{'Form' if drawing.english else 'Biểu'} {number + 1}")
        _draw_sheet(drawing, sheet)
    if drawing.chance(0.25):
        _draw_instructions(drawing, book.create_sheet("Hướng dẫn", 0 if drawing.chance(0.5) else None))
    if drawing.chance(0.2):
        hidden = book.create_sheet("DanhMuc")
        hidden.sheet_state = "hidden"
        for row in range(1, 12):
            hidden.cell(row, 1, f"M{row:03}")
            hidden.cell(row, 2, dice.choice(GROUPS))
    data = io.BytesIO()
    book.save(data)
    return MadeForm(data.getvalue(), frozenset(drawing.inputs), drawing.lists, drawing.asks, drawing.choices)


def _draw_sheet(drawing: _Drawing, sheet: Worksheet) -> None:
    dice = drawing.random
    row = _letterhead(drawing, sheet)
    kind = str(
        drawing.choices.get("kind") or dice.choice(("matrix",) * 6 + ("list",) * 3 + ("sections", "pairs"))
    )
    if not drawing.choices.get("kind") and drawing.chance(0.4):
        kind = dice.choice(tuple(ODD_KINDS))
    drawing.choices.setdefault("kinds", [])
    row = _title(drawing, sheet, row)
    left = dice.choice((1, 1, 1, 2))
    bottom, right = _draw(drawing, sheet, kind, row, left)
    if drawing.chance(0.15) and kind not in ("bare", "hidden_lines"):
        second = dice.choice(("matrix", "list"))
        if drawing.chance(0.3) and right < 9:
            below, _right = _draw(drawing, sheet, second, row, right + 2)
            bottom = max(bottom, below)
        else:
            sheet.cell(bottom + 2, left, "II. " + dice.choice(SUBJECTS).upper()).font = Font(bold=True)
            bottom, _right = _draw(drawing, sheet, second, bottom + 4, left)
    _below(drawing, sheet, bottom + 2)
    if drawing.chance(0.15):
        for extra in range(bottom + 20, 1000, 7):
            sheet.cell(extra, 3).font = Font(name="Times New Roman", size=13)
    if drawing.chance(0.3):
        sheet.protection.sheet = True
    if drawing.chance(0.3):
        sheet.freeze_panes = f"{get_column_letter(left + 2)}{row + 2}"


def _draw(drawing: _Drawing, sheet: Worksheet, kind: str, row: int, left: int) -> tuple[int, int]:
    drawing.choices["kinds"].append(kind)
    match kind:
        case "matrix":
            return _matrix(drawing, sheet, row, left)
        case "list":
            return _list(drawing, sheet, row, left, sections=False)
        case "sections":
            return _list(drawing, sheet, row, left, sections=True)
        case "pairs":
            return _pairs(drawing, sheet, row, left)
    return ODD_KINDS[kind](drawing, sheet, row, left)


# Around the table


def _letterhead(drawing: _Drawing, sheet: Worksheet) -> int:
    """The lines above the title; the next free row."""
    dice, row = drawing.random, 1
    if drawing.english:
        for text in dice.sample(
            (
                "Reporting agency: ",
                "Reporting period: ",
                "Form No. 12-B",
                "Date submitted: ____________",
                "Contact person: ",
            ),
            k=dice.randint(0, 4),
        ):
            sheet.cell(row, 1, text)
            row += 1
        return row + 1
    style = dice.choice(("none", "statistics", "party", "state", "pairs", "pairs_framed"))
    if style == "statistics":
        sheet.cell(row, 1, f"Biểu số: {dice.randint(1, 30):02}.N/BCB-KHĐT").font = Font(bold=True)
        sheet.cell(row + 1, 1, "Ban hành theo Thông tư số 10/2021/TT-BKHĐT")
        sheet.cell(row + 2, 1, "Ngày nhận báo cáo: Ngày 12 tháng sau năm báo cáo")
        sheet.cell(row, 6, "- Đơn vị báo cáo:\nSở ……………")
        sheet.cell(row + 2, 6, "- Đơn vị nhận báo cáo:\nCục Thống kê")
        row += 4
    elif style in ("party", "state"):
        sheet.cell(row, 1, "TỈNH ỦY A" if style == "party" else "UBND TỈNH A\nSỞ B")
        sheet.cell(
            row, 5, "ĐẢNG CỘNG SẢN VIỆT NAM" if style == "party" else "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        )
        sheet.cell(row + 1, 1, "ĐƠN VỊ: ......................")
        if style == "state":
            sheet.cell(row + 1, 5, "Độc lập - Tự do - Hạnh phúc")
            sheet.cell(row + 2, 5, ".........., ngày ..... tháng ..... năm 20...")
        row += 4
    elif style in ("pairs", "pairs_framed"):
        for text in dice.sample(
            ("Đơn vị báo cáo", "Mã đơn vị", "Kỳ báo cáo", "Người lập biểu", "Số điện thoại"),
            k=dice.randint(2, 4),
        ):
            sheet.cell(row, 1, text)
            if style == "pairs_framed":
                for column in (1, 2):
                    sheet.cell(row, column).border = _box("thin")
            row += 1
        row += 1
    return row + dice.randint(0, 1)


def _title(drawing: _Drawing, sheet: Worksheet, row: int) -> int:
    dice = drawing.random
    subject = dice.choice(ENGLISH if drawing.english else SUBJECTS)
    title = f"Report on {subject}" if drawing.english else f"BÁO CÁO {subject.upper()}"
    sheet.cell(row, 1, title).font = Font(bold=True, size=14)
    if drawing.chance(0.6):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=6)
    row += 1
    if drawing.chance(0.6):
        sheet.cell(
            row,
            1,
            "(Quarterly)"
            if drawing.english
            else dice.choice(
                (
                    "Quý …… năm 20……",
                    "(Quý)",
                    "(Kèm theo Công văn số 12/CV-A ngày 01/3/2024)",
                    "Kỳ báo cáo: Quý ...../20....",
                )
            ),
        )
        row += 1
    if drawing.chance(0.4):
        sheet.cell(
            row,
            dice.choice((1, 4, 5)),
            "Unit: USD thousand"
            if drawing.english
            else dice.choice(
                ("Đơn vị tính: triệu đồng", "ĐVT: Người", "(Đơn vị tính: %)", "Đơn vị tính: Món/Triệu VND")
            ),
        )
        row += 1
    return row + dice.choice((0, 1, 1))


def _below(drawing: _Drawing, sheet: Worksheet, row: int) -> None:
    dice = drawing.random
    if drawing.english:
        if drawing.chance(0.5):
            sheet.cell(row, 1, "Note: report whole numbers only; leave blank where no data are available.")
            sheet.cell(row + 2, 1, "Prepared by:")
            sheet.cell(row + 2, 4, "Approved by:")
        return
    if drawing.chance(0.4):
        sheet.cell(
            row,
            1,
            dice.choice(
                (
                    "Ghi chú: Cột 3 ghi số có đến cuối kỳ.",
                    "* Lưu ý: không để trống ô nào.",
                    "1. Đối tượng áp dụng: các sở, ban, ngành.\n2. Thời hạn: ngày 15.",
                )
            ),
        )
        row += 2
    if drawing.chance(0.6):
        sheet.cell(row, 4, "…….., ngày …. tháng …. năm 20…")
        sheet.cell(row + 1, 1, "NGƯỜI LẬP BIỂU")
        sheet.cell(row + 1, 4, "THỦ TRƯỞNG ĐƠN VỊ")
        sheet.cell(row + 2, 1, "(Ký, ghi rõ họ tên)")
        sheet.cell(row + 2, 4, "(Ký tên, đóng dấu)")


def _draw_instructions(drawing: _Drawing, sheet: Worksheet) -> None:
    """A sheet that explains, with a frame or without, and asks nothing."""
    framed = drawing.chance(0.5)
    sheet.cell(1, 1, "HƯỚNG DẪN ĐIỀN BIỂU").font = Font(bold=True)
    lines = [("STT", "Nội dung", "Hướng dẫn")] + [
        (str(n), subject, f"Ghi tổng {subject.lower()} trong kỳ báo cáo")
        for n, subject in enumerate(drawing.random.sample(SUBJECTS, 6), 1)
    ]
    for row, line in enumerate(lines, 3):
        for column, text in enumerate(line, 1):
            sheet.cell(row, column, text)
            if framed:
                sheet.cell(row, column).border = _box("thin")


# Frames


def _box(style: Literal["thin", "medium", "hair"]) -> Border:
    side = Side(style=style)
    return Border(left=side, right=side, top=side, bottom=side)


def _frame(sheet: Worksheet, kind: str, top: int, left: int, bottom: int, right: int, head: int) -> None:
    """Draw the lines of a table; its heading is the rows `top` to `head`."""
    thin = Side(style="hair" if kind == "hair" else "thin")
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            cell = sheet.cell(row, column)
            sides: dict[str, Side] = {}
            if kind in ("full", "hair", "medium_heading"):
                sides = dict.fromkeys(("left", "right", "top", "bottom"), thin)
                if kind == "medium_heading" and row <= head:
                    sides = dict.fromkeys(sides, Side(style="medium"))
            elif kind == "left_bottom":
                sides = {"left": thin, "bottom": thin}
                if row == top:
                    sides["top"] = thin
                if column == right:
                    sides["right"] = thin
            elif kind == "left_top":
                sides = {"left": thin, "top": thin}
                if row == bottom:
                    sides["bottom"] = thin
                if column == right:
                    sides["right"] = thin
            elif kind == "columns_only":
                sides = {"left": thin, "right": thin}
                if row <= head:
                    sides |= {"top": thin, "bottom": thin}
                if row == bottom:
                    sides["bottom"] = thin
            elif kind == "rows_only":
                sides = {"top": thin, "bottom": thin}
            elif kind == "neighbours":  # every other cell has all four lines, those between have none
                if (row + column) % 2 == 0:
                    sides = dict.fromkeys(("left", "right", "top", "bottom"), thin)
                else:
                    sides = {
                        side: thin
                        for side, edge in (
                            ("left", column == left),
                            ("right", column == right),
                            ("top", row == top),
                            ("bottom", row == bottom),
                        )
                        if edge
                    }
            elif kind == "outer":
                sides = {
                    side: thin
                    for side, edge in (
                        ("left", column == left),
                        ("right", column == right),
                        ("top", row == top),
                        ("bottom", row == bottom),
                    )
                    if edge
                }
            if sides:
                cell.border = Border(
                    left=sides.get("left"),
                    right=sides.get("right"),
                    top=sides.get("top"),
                    bottom=sides.get("bottom"),
                )


# Headings


@dataclass
class _Head:
    """A heading over one column or several."""

    text: str
    parts: list[_Head] = field(default_factory=list)

    @property
    def width(self) -> int:
        return sum(part.width for part in self.parts) or 1

    @property
    def depth(self) -> int:
        return 1 + max((part.depth for part in self.parts), default=0)


def _heads(drawing: _Drawing, deepest: int) -> list[_Head]:
    """The headings of the columns that are asked, as trees."""
    dice = drawing.random
    names = list(GROUPS_EN if drawing.english else GROUPS)

    def tree(depth: int) -> _Head:
        head = _Head(dice.choice(names))
        if depth > 1 and drawing.chance(0.6):
            head.parts = [tree(depth - 1) for _part in range(dice.randint(2, 3))]
        return head

    count = dice.choice((1, 2, 2, 3, 4, 5))
    heads = [tree(deepest) for _head in range(count)]
    used: set[str] = set()
    for head in heads:
        while head.text in used:
            head.text = dice.choice(names) + f" {dice.randint(1, 99)}"
        used.add(head.text)
        _distinct(head, dice)
    return heads


def _distinct(head: _Head, dice: random.Random) -> None:
    seen: set[str] = set()
    for part in head.parts:
        while part.text in seen:
            part.text += f" {dice.randint(2, 9)}"
        seen.add(part.text)
        _distinct(part, dice)


def _leaves(heads: Sequence[_Head]) -> Iterator[_Head]:
    for head in heads:
        if head.parts:
            yield from _leaves(head.parts)
        else:
            yield head


def _draw_heads(
    sheet: Worksheet, heads: Sequence[_Head], row: int, left: int, last: int, *, merge: bool = True
) -> None:
    for head in heads:
        cell = sheet.cell(row, left, head.text)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if head.parts:
            if merge:
                sheet.merge_cells(
                    start_row=row, start_column=left, end_row=row, end_column=left + head.width - 1
                )
            _draw_heads(sheet, head.parts, row + 1, left, last, merge=merge)
        elif row < last:
            sheet.merge_cells(start_row=row, start_column=left, end_row=last, end_column=left)
        left += head.width


def _number_row(sheet: Worksheet, kind: str, row: int, left: int, fixed: int, count: int) -> None:
    """The row of column numbers: `fixed` columns of labels and the like, then `count` columns."""
    texts: list[Any] = []
    for place in range(fixed + count):
        label, number = place < fixed, place + 1
        own = number - fixed
        match kind:
            case "brackets":
                texts.append(f"({number})")
            case "plain":
                texts.append(number)
            case "negative":
                texts.append(-number)
            case "letters":
                texts.append(chr(64 + number) if label else own)
            case "letters_brackets":
                texts.append(f"({chr(64 + number)})" if label else f"({own})")
            case "sums":
                texts.append(
                    chr(64 + number)
                    if label
                    else f"{own}={own + 1}+{own + 2}"
                    if own == 1 and count > 2
                    else own
                )
            case "gaps":
                texts.append("" if place == 1 else number)
            case "texts":
                texts.append(str(number))
            case "column_words":
                texts.append(f"Cột {number}")
            case _:
                texts.append("" if label else f"({own})")
    for column, text in enumerate(texts, left):
        cell = sheet.cell(row, column)
        cell.value = text or None
        cell.alignment = Alignment(horizontal="center")


# Matrices


def _matrix(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    dice = drawing.random
    frame = str(drawing.choices.get("frame") or dice.choice(FRAMES))
    numbers = str(drawing.choices.get("numbers") or dice.choice(NUMBER_ROWS))
    if frame in ("outer", "none", "rows_only") and numbers == "none":
        numbers = "brackets"
    drawing.choices.setdefault("frames", []).append((frame, numbers))
    row_numbers = dice.choice(ROW_NUMBERS)
    with_number = row_numbers in ("column", "dotted", "roman", "letters") or drawing.chance(0.3)
    with_unit, with_code, with_note = drawing.chance(0.4), drawing.chance(0.3), drawing.chance(0.25)
    fixed = [_Head("No." if drawing.english else dice.choice(("STT", "TT", "Số TT")))] if with_number else []
    fixed.append(
        _Head(
            dice.choice(("Indicator", "Item", "Description"))
            if drawing.english
            else dice.choice(("Chỉ tiêu", "Nội dung", "Tên chỉ tiêu", "Danh mục", "Hạng mục", "Tiêu chí"))
        )
    )
    label = left + len(fixed) - 1
    extra = []
    if with_unit:
        extra.append(
            (
                "unit",
                _Head("Unit" if drawing.english else dice.choice(("Đơn vị tính", "ĐVT", "Đơn vị\ntính"))),
            )
        )
    if with_code:
        extra.append(
            (
                "code",
                _Head("Code" if drawing.english else dice.choice(("Mã số", "Mã chỉ tiêu", "Mã số\n(11-01)"))),
            )
        )
    dice.shuffle(extra)
    places = {what: label + 1 + n for n, (what, _head) in enumerate(extra)}
    fixed += [head for _what, head in extra]
    heads = _heads(drawing, dice.choice((1, 1, 2, 2, 3, 4)))
    leaves = list(_leaves(heads))
    whole = [*fixed, *heads, *([_Head("Remarks" if drawing.english else "Ghi chú")] if with_note else [])]
    depth = max(head.depth for head in whole)
    _draw_heads(sheet, whole, top, left, top + depth - 1)
    first_value = left + len(fixed)
    last_value = first_value + len(leaves) - 1
    right = last_value + with_note
    head_end = top + depth - 1
    if numbers != "none":
        head_end += 1
        _number_row(sheet, numbers, head_end, left, len(fixed), len(leaves))
    lines = _rows(drawing, row_numbers, has_marks=with_unit or with_code)
    prefill = dice.choice(PREFILLS)
    mark = dice.choice(MARKS)
    marked = drawing.chance(0.35)
    given = first_value if len(leaves) > 2 and drawing.chance(0.1) else 0
    computed_column = last_value if len(leaves) > 2 and drawing.chance(0.15) else 0
    computed_row = drawing.chance(0.15)
    row = head_end
    code = dice.choice((1, 101))
    inset = bool(drawing.chance(0.15))
    unit_fixed = dice.choice(UNITS)
    for number, (caption, no, text, style) in enumerate(lines):
        row += 1
        cell = sheet.cell(row, label, text)
        if style == "bold":
            cell.font = Font(bold=True)
        if style.startswith("indent"):
            cell.alignment = Alignment(indent=int(style[6:]))
        if with_number and no:
            sheet.cell(row, left, no)
        if caption:
            if inset and not (with_unit or with_code):
                sheet.merge_cells(start_row=row, start_column=label, end_row=row, end_column=right)
            continue
        if with_unit:
            sheet.cell(row, places["unit"], unit_fixed if drawing.chance(0.7) else dice.choice(UNITS))
        if with_code:
            sheet.cell(row, places["code"], f"{code:02}" if code < 100 else code)
            code += 1
        total = computed_row and number == 0 and len(lines) > 3
        for column in range(first_value, last_value + 1):
            one = sheet.cell(row, column)
            if column == given:
                one.value = dice.randint(100, 999)
            elif total:
                one.value = f"=SUM({get_column_letter(column)}{row + 1}:{get_column_letter(column)}{row + 2})"
            elif column == computed_column:
                one.value = (
                    f"={get_column_letter(first_value)}{row}+{get_column_letter(first_value + 1)}{row}"
                )
            elif marked and dice.random() < 0.15:
                _mark(one, mark)
            else:
                _prefill(one, prefill)
                drawing.asked(sheet, row, column)
    open_row = drawing.chance(0.1)
    if open_row:
        row += 1
        sheet.cell(row, label, "…………")
    if drawing.chance(0.1):
        row += 1  # a blank row that the frame closes with
    drawing.choices.setdefault("rows", []).append(
        (row_numbers, prefill, mark if marked else "", with_unit, with_code)
    )
    _frame(sheet, frame, top, left, row, right, head_end)
    return row, right


def _mark(cell: Any, mark: str) -> None:
    if mark == "grey":
        cell.fill = PatternFill("solid", fgColor="FFBFBFBF")
    elif mark == "hatch":
        cell.fill = PatternFill("lightUp")
    else:
        cell.value = mark


def _prefill(cell: Any, kind: str) -> None:
    texts = {
        "zero": 0,
        "empty_text": "",
        "dots": "......",
        "question": "?",
        "zero_text": "0",
        "blank_text": " ",
        "dash": "-",
    }
    if kind in texts:
        cell.value = texts[kind]


def _rows(drawing: _Drawing, style: str, *, has_marks: bool) -> list[tuple[bool, str, str, str]]:
    """The rows: whether it is a caption, its number, its label, how it looks."""
    dice = drawing.random
    subjects = list(ENGLISH if drawing.english else SUBJECTS)
    dice.shuffle(subjects)
    count = dice.randint(3, min(18, len(subjects)))
    lead = "Of which:" if drawing.english else "Trong đó:"
    total = "Total" if drawing.english else dice.choice(("Tổng số", "Tổng cộng", "Cộng"))
    found: list[tuple[bool, str, str, str]] = []
    roman = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
    section, own, sub = 0, 0, 0
    for n in range(count):
        subject = subjects[n]
        match style:
            case "column" | "label":
                own += 1
                found.append((False, str(own), subject if style == "column" else f"{own}. {subject}", ""))
            case "dotted":
                if n % 4 == 0:
                    own, sub = own + 1, 0
                    found.append((False, str(own), subject, "bold"))
                else:
                    sub += 1
                    found.append((False, f"{own}.{sub}", subject, ""))
            case "roman":
                if n % 4 == 0:
                    section, own = section + 1, 0
                    found.append(
                        (has_marks and dice.random() < 0.5, roman[section - 1], subject.upper(), "bold")
                    )
                else:
                    own += 1
                    found.append((False, str(own), subject, ""))
            case "letters":
                if n % 4 == 0:
                    section, own = section + 1, 0
                    found.append((False, chr(64 + section), subject, "bold"))
                else:
                    own += 1
                    found.append((False, str(own), subject, ""))
            case "bullets":
                sign = "" if n % 5 == 0 else ("- " if n % 5 < 3 else "+ ")
                found.append((False, "", sign + subject, "bold" if not sign else ""))
            case "blanks":
                found.append((False, "", " " * (0 if n % 4 == 0 else 3 if n % 4 < 3 else 6) + subject, ""))
            case "indent":
                found.append((False, "", subject, f"indent{0 if n % 4 == 0 else 1 if n % 4 < 3 else 2}"))
            case "bold":
                found.append((False, "", subject, "bold" if n % 4 == 0 else ""))
            case _:
                found.append((False, "", subject, ""))
        if n == 0 and dice.random() < 0.3:
            found.append((True, "", lead, ""))
    if dice.random() < 0.4:
        found.insert(
            *(
                ((0, (False, "", total, "bold")))
                if dice.random() < 0.5
                else (len(found), (False, "", total, "bold"))
            )
        )
    return found


# Lists


def _list(drawing: _Drawing, sheet: Worksheet, top: int, left: int, *, sections: bool) -> tuple[int, int]:
    dice = drawing.random
    drawable = [each for each in FRAMES if each not in ("none", "outer", "rows_only")]  # else no row is seen
    frame = str(drawing.choices.get("frame"))
    frame = frame if frame in drawable else dice.choice(drawable)
    numbers = str(drawing.choices.get("numbers") or dice.choice(NUMBER_ROWS))
    drawing.choices.setdefault("frames", []).append((frame, numbers))
    names = dice.sample(LIST_COLUMNS_EN if drawing.english else LIST_COLUMNS, k=dice.randint(3, 7))
    heads = [_Head(name) for name in names]
    if drawing.chance(0.4):
        at = dice.randrange(1, len(heads))
        heads[at].parts = [
            _Head(name)
            for name in dice.sample(GROUPS_EN if drawing.english else GROUPS, k=dice.randint(2, 3))
        ]
    with_number = sections or drawing.chance(0.8)
    whole = [
        *([_Head("No." if drawing.english else dice.choice(("STT", "TT")))] if with_number else []),
        *heads,
    ]
    if drawing.chance(0.3):
        whole.append(_Head("Remarks" if drawing.english else "Ghi chú"))
    depth = max(head.depth for head in whole)
    _draw_heads(sheet, whole, top, left, top + depth - 1)
    count = len(list(_leaves(whole)))
    right, row = left + count - 1, top + depth - 1
    if numbers != "none":
        row += 1
        _number_row(sheet, numbers, row, left, min(2, count - 1), count - min(2, count - 1))
    head_end = row
    first = left + with_number
    mode = dice.choice(("blank", "blank", "numbered", "dots", "placeholder"))
    for section in range(dice.randint(2, 4) if sections else 1):
        if sections:
            row += 1
            sheet.cell(row, left, ("I", "II", "III", "IV")[section])
            sheet.cell(row, left + 1, dice.choice(SUBJECTS)).font = Font(bold=True)
            if drawing.chance(0.3) and section == 0:
                sheet.merge_cells(start_row=row, start_column=left + 1, end_row=row, end_column=right)
        drawing.lists += 1
        for number in range(1, (dice.randint(3, 6) if sections else dice.choice((3, 5, 8, 10, 20, 50))) + 1):
            row += 1
            if with_number and mode in ("numbered", "dots"):
                sheet.cell(row, left, number if mode == "numbered" else "...")
            for column in range(first, right + 1):
                if mode == "placeholder" and number == 1:
                    sheet.cell(row, column, "{data}" if drawing.english else "....")
                drawing.asked(sheet, row, column)
    if drawing.chance(0.3) and not sections:
        row += 1
        sheet.cell(
            row, first, "Total" if drawing.english else dice.choice(("Tổng cộng", "Cộng"))
        ).font = Font(bold=True)
    if drawing.chance(0.2):
        menu = DataValidation(type="list", formula1='"A,B,C"')
        menu.add(f"{get_column_letter(right)}{head_end + 1}:{get_column_letter(right)}{row}")
        sheet.add_data_validation(menu)
    _frame(sheet, frame, top, left, row, right, head_end)
    return row, right


# Words with a cell beside them


def _pairs(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    dice = drawing.random
    names = dice.sample(ENGLISH if drawing.english else SUBJECTS, k=dice.randint(3, 9))
    pairs = 2 if drawing.chance(0.3) else 1
    row, column = top, left
    for number, name in enumerate(names):
        if number and number % pairs == 0:
            row += 1
        column = left + 2 * (number % pairs)
        sheet.cell(row, column, name)
        drawing.asked(sheet, row, column + 1)
    for each in range(top, row + 1):
        for one in range(left, left + 2 * pairs):
            sheet.cell(each, one).border = _box("thin")
    return row, left + 2 * pairs - 1


# What single offices do


def _texts(drawing: _Drawing, count: int) -> list[str]:
    return drawing.random.sample(ENGLISH if drawing.english else SUBJECTS, k=count)


def _line(sheet: Worksheet, row: int, left: int, texts: Sequence[Any]) -> None:
    for column, text in enumerate(texts, left):
        sheet.cell(row, column).value = text


def _boxed(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            sheet.cell(row, column).border = _box("thin")


def _grouped(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Groups of rows, each with a merged cell at its left."""
    _line(sheet, top, left, ("STT", "Nhóm", "Chỉ tiêu", "Số lượng", "Tỷ lệ (%)"))
    row = top
    for number in range(1, drawing.random.randint(3, 5)):
        first = row + 1
        for text in _texts(drawing, drawing.random.randint(2, 4)):
            row += 1
            sheet.cell(row, left + 2, text)
            drawing.asked(sheet, row, left + 3)
            drawing.asked(sheet, row, left + 4)
        sheet.cell(first, left, number)
        sheet.cell(first, left + 1, drawing.random.choice(GROUPS))
        for column in (left, left + 1):
            sheet.merge_cells(start_row=first, start_column=column, end_row=row, end_column=column)
    _boxed(sheet, top, left, row, left + 4)
    return row, left + 4


def _wide_labels(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Labels merged over three columns, answers over two."""
    _line(sheet, top, left, ("TT", "Nội dung", None, None, "Kết quả", None, "Ghi chú"))
    row = top
    for number, text in enumerate(_texts(drawing, 7)):
        row += 1
        sheet.cell(row, left, number + 1)
        sheet.cell(row, left + 1, text)
        drawing.asked(sheet, row, left + 4)
    for each in range(top, row + 1):
        sheet.merge_cells(start_row=each, start_column=left + 1, end_row=each, end_column=left + 3)
        sheet.merge_cells(start_row=each, start_column=left + 4, end_row=each, end_column=left + 5)
    _boxed(sheet, top, left, row, left + 6)
    return row, left + 6


def _bank(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Codes of rows and columns outside the frame, shaded cells for answers, grey ones where there is
    none."""
    count = drawing.random.randint(1, 5)
    left += 1
    for column in range(count):
        sheet.cell(top, left + 2 + column, f"C-{100 + column}")
    _line(sheet, top + 1, left, ("STT", "Chỉ tiêu", *(drawing.random.sample(GROUPS, k=count))))
    _line(sheet, top + 2, left, (None, None, *(f"({n + 1})" for n in range(count))))
    row = top + 2
    shade, grey = PatternFill("solid", fgColor="FFFFFFCC"), PatternFill("solid", fgColor="FFC0C0C0")
    for number, text in enumerate(_texts(drawing, drawing.random.randint(4, 20))):
        row += 1
        sheet.cell(row, left - 1, f"R-{100 + number}")
        sheet.cell(row, left, str(number + 1))
        sheet.cell(row, left + 1, text + (":" if drawing.chance(0.1) else ""))
        for column in range(left + 2, left + 2 + count):
            sheet.cell(row, column).number_format = "@"
            if drawing.chance(0.1) and number:
                sheet.cell(row, column).fill = grey
            else:
                sheet.cell(row, column).fill = shade
                drawing.asked(sheet, row, column)
    _boxed(sheet, top + 1, left, row, left + 1 + count)
    sheet.cell(row + 2, left - 1, "Help")
    sheet.cell(
        row + 2,
        left,
        "1. Đối tượng áp dụng: các tổ chức tín dụng.\n2. Yêu cầu: báo cáo số liệu toàn hệ thống.",
    )
    return row + 2, left + 1 + count


def _bank_list(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A list with one shaded row."""
    count = drawing.random.randint(3, 8)
    heads = drawing.random.sample(LIST_COLUMNS, k=count)
    _line(sheet, top, left, ("STT", *heads))
    _line(sheet, top + 1, left, [f"({n + 1})" for n in range(count + 1)])
    numbered = drawing.chance(0.5)
    for column in range(left, left + count + 1):
        if column > left or numbered:
            sheet.cell(top + 2, column).fill = PatternFill("solid", fgColor="FFFFFFCC")
            drawing.asked(sheet, top + 2, column)
    drawing.lists += 1
    _boxed(sheet, top, left, top + 2, left + count)
    return top + 2, left + count


def _explained(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A matrix with columns of words that the office has written."""
    _line(
        sheet,
        top,
        left,
        (
            "TT",
            "Tên chỉ tiêu",
            "Cách tính",
            "Đơn vị tính",
            "Kế hoạch năm 2024",
            "Thực hiện",
            "Đơn vị chủ trì thực hiện",
        ),
    )
    row = top
    for number, text in enumerate(_texts(drawing, 8)):
        row += 1
        _line(
            sheet,
            row,
            left,
            (
                number + 1,
                text,
                f"Tổng số {text.lower()} trong kỳ chia cho số đơn vị",
                "%",
                drawing.random.randint(10, 99),
                None,
                "Sở Nội vụ",
            ),
        )
        drawing.asked(sheet, row, left + 5)
    _boxed(sheet, top, left, row, left + 6)
    return row, left + 6


def _years(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Years for headings, as numbers."""
    _line(sheet, top, left, ("Indicator" if drawing.english else "Chỉ tiêu", 2022, 2023, 2024))
    row = top
    for text in _texts(drawing, drawing.random.randint(4, 9)):
        row += 1
        sheet.cell(row, left, text)
        for column in range(left + 1, left + 4):
            drawing.asked(sheet, row, column)
    _boxed(sheet, top, left, row, left + 3)
    return row, left + 3


def _months(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Months for headings below one that lies over them, with a total by formula."""
    _line(sheet, top, left, ("STT", "Chỉ tiêu", "Tháng", *([None] * 11), "Cả năm"))
    sheet.merge_cells(start_row=top, start_column=left + 2, end_row=top, end_column=left + 13)
    for column in (left, left + 1, left + 14):
        sheet.merge_cells(start_row=top, start_column=column, end_row=top + 1, end_column=column)
    for month in range(12):
        sheet.cell(top + 1, left + 2 + month, month + 1)
    row = top + 1
    for number, text in enumerate(_texts(drawing, 6)):
        row += 1
        _line(sheet, row, left, (number + 1, text))
        for column in range(left + 2, left + 14):
            drawing.asked(sheet, row, column)
        sheet.cell(
            row, left + 14, f"=SUM({get_column_letter(left + 2)}{row}:{get_column_letter(left + 13)}{row})"
        )
    _boxed(sheet, top, left, row, left + 14)
    return row, left + 14


def _narrative(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Boxes for words, each below its question."""
    row = top - 1
    for text in ("Kết quả nổi bật trong kỳ:", "Khó khăn, vướng mắc và nguyên nhân:", "Kiến nghị, đề xuất:"):
        for height in (1, 4):
            sheet.merge_cells(start_row=row + 1, start_column=left, end_row=row + height, end_column=left + 5)
            if height == 1:
                sheet.cell(row + 1, left, text)
            else:
                drawing.asked(sheet, row + 1, left)
            row += height
    _boxed(sheet, top, left, row, left + 5)
    return row, left + 5


def _shaded_pairs(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Words without frames, each with a shaded or an underlined cell beside it."""
    row, lined = top, drawing.chance(0.5)
    for text in _texts(drawing, drawing.random.randint(3, 8)):
        sheet.cell(row, left, text)
        cell = sheet.cell(row, left + 1)
        if lined:
            cell.border = Border(bottom=Side(style="thin"))
        else:
            cell.fill = PatternFill("solid", fgColor="FFFFF2CC")
        drawing.asked(sheet, row, left + 1)
        row += 2 if lined else 1
    return row, left + 1


def _head_only(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A frame round the heading and none below it."""
    _line(sheet, top, left, ("TT", "Chỉ tiêu", "Đơn vị tính", "Kỳ này", "Cùng kỳ năm trước", "So sánh (%)"))
    _line(sheet, top + 1, left, ("A", "B", "C", 1, 2, "3=1/2"))
    row = top + 1
    for number, text in enumerate(_texts(drawing, 9)):
        row += 1
        _line(sheet, row, left, (number + 1, text, "người"))
        for column in range(left + 3, left + 6):
            drawing.asked(sheet, row, column)
    _boxed(sheet, top, left, top + 1, left + 5)
    return row, left + 5


def _signed(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A matrix, and below it a framed table for those who sign."""
    row, right = _years(drawing, sheet, top, left)
    _line(
        sheet,
        row + 2,
        left,
        ("Name", "Title", "Signature", "Date")
        if drawing.english
        else ("Họ và tên", "Chức vụ", "Chữ ký", "Ngày"),
    )
    _boxed(sheet, row + 2, left, row + 3, left + 3)
    return row + 3, right


def _twice(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """One frame with names and answers twice beside each other."""
    _line(sheet, top, left, ("Nội dung", "Số lượng", "Nội dung", "Số lượng"))
    texts = _texts(drawing, 12)
    for n in range(6):
        _line(sheet, top + 1 + n, left, (texts[n], None, texts[6 + n], None))
        drawing.asked(sheet, top + 1 + n, left + 1)
        drawing.asked(sheet, top + 1 + n, left + 3)
    _boxed(sheet, top, left, top + 6, left + 3)
    return top + 6, left + 3


def _bare(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Neither a frame nor a row of numbers: it has to be asked where the table stands."""
    drawing.asks = True
    _line(
        sheet,
        top,
        left,
        ("Indicator", "Male", "Female", "Total") if drawing.english else ("Chỉ tiêu", "Nam", "Nữ", "Tổng số"),
    )
    for number, text in enumerate(_texts(drawing, 6), 1):
        sheet.cell(top + number, left, text)
    return top + 6, left + 3


def _identity_in_frame(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """The unit and the period stand in the frame of the table, above its heading."""
    _line(sheet, top, left, ("Đơn vị báo cáo:", None))
    _line(sheet, top + 1, left, ("Kỳ báo cáo:", None))
    row, right = _years(drawing, sheet, top + 2, left)
    _boxed(sheet, top, left, top + 2, right)
    return row, right


def _hidden_lines(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A hidden column of codes, and hidden rows."""
    _line(sheet, top, left, ("TT", "Mã", "Chỉ tiêu", "Kỳ này", "Lũy kế"))
    row = top
    for number, text in enumerate(_texts(drawing, 8)):
        row += 1
        _line(sheet, row, left, (number + 1, f"CT{number:02}", text))
        if number == 3:
            sheet.row_dimensions[row].hidden = True
            continue
        drawing.asked(sheet, row, left + 3)
        drawing.asked(sheet, row, left + 4)
    sheet.column_dimensions[get_column_letter(left + 1)].hidden = True
    _boxed(sheet, top, left, row, left + 4)
    return row, left + 4


def _excel_table(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A list that the workbook itself calls a table, without frames."""
    names = drawing.random.sample(LIST_COLUMNS_EN, k=5)
    _line(sheet, top, left, names)
    reference = f"{get_column_letter(left)}{top}:{get_column_letter(left + 4)}{top + 6}"
    sheet.add_table(Table(displayName=f"T{drawing.random.randint(1, 10**9)}", ref=reference))
    for row in range(top + 1, top + 7):
        for column in range(left, left + 5):
            drawing.asked(sheet, row, column)
    drawing.lists += 1
    return top + 6, left + 4


def _zebra(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Every other row shaded, cells crossed out that do not apply."""
    row, right = _years(drawing, sheet, top, left)
    grey, diagonal = PatternFill("solid", fgColor="FFF2F2F2"), Side(style="thin")
    for each in range(top + 1, row + 1):
        for column in range(left, right + 1):
            cell = sheet.cell(each, column)
            if (each - top) % 2:
                cell.fill = grey
            if column > left and drawing.chance(0.15):
                cell.border = Border(
                    left=diagonal,
                    right=diagonal,
                    top=diagonal,
                    bottom=diagonal,
                    diagonal=diagonal,
                    diagonalUp=True,
                )
                drawing.inputs.discard((sheet.title, each - 1, column - 1))
    return row, right


def _ages(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Rows called by years, months or ages."""
    names: Sequence[Any]
    head, names = drawing.random.choice(
        (
            ("Năm", (2020, 2021, 2022, 2023)),
            ("Tháng", tuple(range(1, 13))),
            ("Nhóm tuổi", ("0-4", "5-9", "10-14", "15-19", "20+")),
            ("Year", (2021, 2022, 2023)),
        )
    )
    _line(sheet, top, left, (head, "Nam", "Nữ", "Tổng số"))
    for number, name in enumerate(names, 1):
        _line(sheet, top + number, left, (name,))
        for column in range(left + 1, left + 4):
            drawing.asked(sheet, top + number, column)
    _boxed(sheet, top, left, top + len(names), left + 3)
    return top + len(names), left + 3


def _ticks(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Boxes to tick, prompts and ticks linked to cells for answers."""
    _line(sheet, top, left, ("STT", "Nội dung kiểm tra", "Kết quả", "Thời gian", "Đã gửi"))
    row = top
    for number, text in enumerate(_texts(drawing, 6), 1):
        row += 1
        _line(sheet, row, left, (number, text, "□ Có  □ Không", "dd/mm/yyyy", False))
        for column in range(left + 2, left + 5):
            drawing.asked(sheet, row, column)
    _boxed(sheet, top, left, row, left + 4)
    return row, left + 4


def _graph_paper(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Narrow columns, every text and every answer merged over several of them."""
    widths = (2, 8, 4, 4)
    row = top - 1
    for number, text in enumerate(["", *_texts(drawing, 7)]):
        row += 1
        column = left
        texts: Sequence[Any] = (
            (number, text, None, None) if number else ("TT", "Chỉ tiêu", "Kỳ báo cáo", "Lũy kế")
        )
        for place, width in enumerate(widths):
            sheet.cell(row, column).value = texts[place]
            sheet.merge_cells(start_row=row, start_column=column, end_row=row, end_column=column + width - 1)
            if number and place > 1:
                drawing.asked(sheet, row, column)
            column += width
    _boxed(sheet, top, left, row, left + sum(widths) - 1)
    return row, left + sum(widths) - 1


def _budget(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A budget: letters, Roman numbers and figures, names to be completed, two columns of percentages."""
    _line(sheet, top, left, ("TT", "Nội dung", "Dự toán năm", "Thực hiện quý", "So sánh (%)", None))
    _line(sheet, top + 1, left, (None, None, None, None, "Dự toán", "Cùng kỳ năm trước"))
    sheet.merge_cells(start_row=top, start_column=left + 4, end_row=top, end_column=left + 5)
    for column in range(left, left + 4):
        sheet.merge_cells(start_row=top, start_column=column, end_row=top + 1, end_column=column)
    _line(sheet, top + 2, left, (1, 2, 3, 4, "5=4/3", 6))
    rows = (
        ("A", "Tổng số thu, chi, nộp ngân sách phí, lệ phí"),
        ("I", "Số thu phí, lệ phí"),
        (1, "Lệ phí"),
        (None, "Lệ phí……"),
        (2, "Phí"),
        (None, "Phí……"),
        ("II", "Chi từ nguồn thu phí được để lại"),
        (1, "Chi sự nghiệp"),
        ("a", "Kinh phí nhiệm vụ thường xuyên"),
        ("b", "Kinh phí nhiệm vụ không thường xuyên"),
        ("B", "Dự toán chi ngân sách nhà nước"),
        (1.1, "Chi quản lý hành chính"),
    )
    row = top + 2
    for line in rows:
        row += 1
        _line(sheet, row, left, line)
        for column in range(left + 2, left + 6):
            drawing.asked(sheet, row, column)
    _boxed(sheet, top, left, row, left + 5)
    return row, left + 5


def _balance(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A balance sheet: codes, a column of notes, sums said in the names."""
    _line(sheet, top, left, ("CHỈ TIÊU", "Mã số", "Thuyết minh", "Số cuối kỳ", "Số đầu kỳ"))
    _line(sheet, top + 1, left, (1, 2, 3, 4, 5))
    rows = (
        ("A - TÀI SẢN NGẮN HẠN (100=110+120+130)", "100", None),
        ("I. Tiền và các khoản tương đương tiền", "110", "V.01"),
        ("1. Tiền", "111", None),
        ("2. Các khoản tương đương tiền", "112", None),
        ("II. Đầu tư tài chính ngắn hạn", "120", "V.02"),
        ("III. Các khoản phải thu", "130", None),
        ("B - TÀI SẢN DÀI HẠN", "200", None),
        ("TỔNG CỘNG TÀI SẢN (270=100+200)", "270", None),
    )
    row = top + 1
    for line in rows:
        row += 1
        _line(sheet, row, left, line)
        drawing.asked(sheet, row, left + 3)
        drawing.asked(sheet, row, left + 4)
    _boxed(sheet, top, left, row, left + 4)
    return row, left + 4


def _spare_rows(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A matrix with blank framed rows at its end and between its sections."""
    _line(sheet, top, left, ("TT", "Chỉ tiêu", "Số lượng", "Kinh phí"))
    row = top
    for number, text in enumerate(_texts(drawing, 9), 1):
        row += 2 if number in (4, 7) else 1
        _line(sheet, row, left, (number, text))
        for column in (left + 2, left + 3):
            drawing.asked(sheet, row, column)
    _boxed(sheet, top, left, row + 2, left + 3)
    return row + 2, left + 3


def _two_heads(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Two tables right below one another, without a gap, each with its row of numbers."""
    row, _right = _head_and_rows(drawing, sheet, top, left, ("TT", "Chỉ tiêu", "Số lượng", "Tỷ lệ"))
    row, right = _head_and_rows(drawing, sheet, row + 1, left, ("TT", "Loại hình", "Kỳ này", "Kỳ trước"))
    _boxed(sheet, top, left, row, right)
    return row, right


def _head_and_rows(
    drawing: _Drawing, sheet: Worksheet, top: int, left: int, heads: Sequence[str]
) -> tuple[int, int]:
    _line(sheet, top, left, heads)
    _line(sheet, top + 1, left, ("A", "B", 1, 2))
    row = top + 1
    for number, text in enumerate(_texts(drawing, 5), 1):
        row += 1
        _line(sheet, row, left, (number, text))
        drawing.asked(sheet, row, left + 2)
        drawing.asked(sheet, row, left + 3)
    return row, left + 3


def _communes(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Rows that are places, a total first, a heading of three rows that is not merged downwards."""
    _line(sheet, top, left, ("STT", "Tên xã, phường", "Số hộ", "Trong đó", None))
    _line(sheet, top + 1, left, (None, None, None, "Hộ nghèo", "Hộ cận nghèo"))
    sheet.merge_cells(start_row=top, start_column=left + 3, end_row=top, end_column=left + 4)
    row = top + 1
    for number, text in enumerate(
        ("Tổng cộng", "Xã An Bình", "Xã Bình Minh", "Phường Lộc Thọ", "Phường Tân Lập", "Đặc khu Phú Quý")
    ):
        row += 1
        _line(sheet, row, left, (number or None, text))
        for column in range(left + 2, left + 5):
            drawing.asked(sheet, row, column)
    _boxed(sheet, top, left, row, left + 4)
    return row, left + 4


def _whole_page(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Lines round all cells of the page, its title and unit among them."""
    sheet.cell(top, left, "Tên đơn vị: ..........")
    sheet.cell(top + 1, left, "BÁO CÁO TÌNH HÌNH THỰC HIỆN")
    draw = drawing.random.choice((_years, _communes, _budget, _balance))
    row, right = draw(drawing, sheet, top + 3, left)
    _boxed(sheet, top, left, row, right)
    return row, right


def _units_below(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Units of measure in brackets in a row below the headings."""
    _line(sheet, top, left, ("TT", "Chỉ tiêu", "Số lượng", "Giá trị", "Tỷ lệ"))
    _line(sheet, top + 1, left, (None, None, "(người)", "(triệu đồng)", "(%)"))
    _line(sheet, top + 2, left, ("A", "B", 1, 2, 3))
    row = top + 2
    for number, text in enumerate(_texts(drawing, 6), 1):
        row += 1
        _line(sheet, row, left, (number, text))
        for column in range(left + 2, left + 5):
            drawing.asked(sheet, row, column)
    _boxed(sheet, top, left, row, left + 4)
    return row, left + 4


def _prompted(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A list with what a program is to put there."""
    _line(sheet, top, left, ("STT", "Tên cơ sở", "Số lượt", "Chi phí"))
    _line(sheet, top + 1, left, ("{{stt}}", "${ten}", "<<so_luot>>", "[[chi_phi]]"))
    for column in range(left + 1, left + 4):
        drawing.asked(sheet, top + 1, column)
    drawing.lists += 1
    _boxed(sheet, top, left, top + 1, left + 3)
    return top + 1, left + 3


def _by_column(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Parts stand one column right of their wholes, below one merged word; the frame is wider than the
    heading."""
    _line(sheet, top, left, ("TT", "Chỉ tiêu", None, "Kỳ này", "Kỳ trước"))
    sheet.merge_cells(start_row=top, start_column=left + 1, end_row=top, end_column=left + 2)
    row = top
    for number, text in enumerate(_texts(drawing, 3), 1):
        row += 1
        _line(sheet, row, left, (number, text))
        sheet.merge_cells(start_row=row, start_column=left + 1, end_row=row, end_column=left + 2)
        _line(sheet, row + 1, left, (None, "Trong đó", "Nam"))
        _line(sheet, row + 2, left, (None, None, "Nữ"))
        sheet.merge_cells(start_row=row + 1, start_column=left + 1, end_row=row + 2, end_column=left + 1)
        for each in range(row, row + 3):
            drawing.asked(sheet, each, left + 3)
            drawing.asked(sheet, each, left + 4)
        row += 2
    _boxed(sheet, top, left, row, left + 7)
    return row, left + 7


def _tall_records(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A list each of whose records is two rows high, its number and name merged."""
    _line(sheet, top, left, ("STT", "Tên dự án", "Hạng mục", "Kinh phí"))
    row = top
    for number in range(1, 6):
        _line(sheet, row + 1, left, (number,))
        for column in (left, left + 1):
            sheet.merge_cells(start_row=row + 1, start_column=column, end_row=row + 2, end_column=column)
        drawing.asked(sheet, row + 1, left + 1)
        for each in (row + 1, row + 2):
            drawing.asked(sheet, each, left + 2)
            drawing.asked(sheet, each, left + 3)
        row += 2
    drawing.lists += 1
    _boxed(sheet, top, left, row, left + 3)
    return row, left + 3


def _with_units(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Dots before a unit of measure for an answer."""
    _line(sheet, top, left, ("TT", "Nội dung", "Kết quả"))
    row = top
    for number, text in enumerate(_texts(drawing, 8), 1):
        row += 1
        _line(
            sheet,
            row,
            left,
            (number, text, drawing.random.choice(("…… người", "..... %", "______ cuộc", "……… triệu đồng"))),
        )
        drawing.asked(sheet, row, left + 2)
    _boxed(sheet, top, left, row, left + 2)
    return row, left + 2


def _notes_lettered(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A list of one blank row above its total; the letters of the columns go on behind the numbers."""
    count = drawing.random.randint(3, 6)
    heads = ("STT", "Tên đơn vị", *drawing.random.sample(LIST_COLUMNS, k=count), "Ghi chú")
    _line(sheet, top, left, heads)
    brackets = drawing.chance(0.5)
    numbers = ("A", "B", *range(1, count + 1), "C")
    _line(sheet, top + 1, left, [f"({one})" if brackets else one for one in numbers])
    for column in range(left + 1, left + len(heads)):
        drawing.asked(sheet, top + 2, column)
    sheet.cell(top + 3, left + 1, drawing.random.choice(("Cộng", "Tổng cộng")))
    drawing.lists += 1
    _boxed(sheet, top, left, top + 3, left + len(heads) - 1)
    return top + 3, left + len(heads) - 1


def _coded_parts(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Rows with codes below a total without one, and a caption that begins like a total."""
    _line(sheet, top, left, ("TT", "Loại", "Mã", "Kỳ này", "Kỳ trước"))
    rows: list[tuple[Any, str, str | None]] = [
        ("I", drawing.random.choice(("Tổng diện tích (1+2+3)", "Tổng cộng", "TỔNG SỐ VỤ VIỆC")), None)
    ]
    rows += [(n, text, f"{n:02}") for n, text in enumerate(_texts(drawing, 5), 1)]
    rows += [("II", "Tổng hợp theo địa bàn", None)]
    rows += [(n, text, f"{n:02}") for n, text in enumerate(_texts(drawing, 3), 6)]
    for at, (no, text, code) in enumerate(rows, top + 1):
        _line(sheet, at, left, (no, text, code))
        if no != "II":
            drawing.asked(sheet, at, left + 3)
            drawing.asked(sheet, at, left + 4)
    _boxed(sheet, top, left, top + len(rows), left + 4)
    return top + len(rows), left + 4


def _box_under_title(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Questions without lines round them, each above a box merged over rows and columns."""
    row = top
    for text in ("1. Kết quả nổi bật", "2. Khó khăn, vướng mắc", "3. Kiến nghị, đề xuất"):
        sheet.cell(row, left, text).font = Font(bold=True)
        bottom = row + drawing.random.randint(1, 4)
        sheet.merge_cells(start_row=row + 1, start_column=left, end_row=bottom, end_column=left + 5)
        _boxed(sheet, row + 1, left, bottom, left + 5)
        drawing.asked(sheet, row + 1, left)
        row = bottom + 2
    return row - 2, left + 5


def _said_beside(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A second column of words behind the names of the rows, which says nothing in one of them."""
    _line(sheet, top, left, ("Vắc xin", "Liều", "Số đối tượng", "Số tiêm"))
    doses = ["mũi 1", "mũi 2", "mũi 3", "nhắc lại", "sơ sinh", "phụ nữ có thai", "học đường"]
    doses[drawing.random.randint(0, 6)] = ""
    for at, (text, dose) in enumerate(zip(_texts(drawing, 7), doses, strict=True), top + 1):
        _line(sheet, at, left, (text, dose or None))
        drawing.asked(sheet, at, left + 2)
        drawing.asked(sheet, at, left + 3)
    _boxed(sheet, top, left, top + 7, left + 3)
    return top + 7, left + 3


def _worked_out(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """A rate worked out in all rows but the captions, which are bold, and shaded or not."""
    _line(sheet, top, left, ("TT", "Chỉ tiêu", "Tử số", "Mẫu số", "Tỷ lệ"))
    shade = drawing.random.choice((None, "FFBDD7EE"))
    row = top
    for no in ("A", "B"):
        row += 1
        _line(sheet, row, left, (no, drawing.random.choice(GROUPS)))
        for column in range(left, left + 5):
            sheet.cell(row, column).font = Font(bold=True)
            if shade:
                sheet.cell(row, column).fill = PatternFill("solid", fgColor=shade)
        for number, text in enumerate(_texts(drawing, 4), 1):
            row += 1
            _line(sheet, row, left, (f"{no}.{number}", text))
            drawing.asked(sheet, row, left + 2)
            if number == 1:
                for column in (left + 3, left + 4):
                    sheet.cell(row, column).fill = PatternFill("solid", fgColor="FF969696")
            else:
                drawing.asked(sheet, row, left + 3)
                one, two = (f"{get_column_letter(left + at)}{row}" for at in (2, 3))
                sheet.cell(row, left + 4, f'=IF({two}=0,"",{one}/{two})')
    _boxed(sheet, top, left, row, left + 4)
    return row, left + 4


def _unnamed(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Sections with rows that wait for a name: the same word with dots behind it, and a row of dots."""
    heads = ("TT", "Danh mục", *drawing.random.sample(LIST_COLUMNS, k=4))
    _line(sheet, top, left, heads)
    _line(sheet, top + 1, left, range(1, len(heads) + 1))
    word = drawing.random.choice(("Dự án…", "Công trình ....", "Đơn vị ………", "Nhiệm vụ ___"))
    row = top + 1
    for no, text in zip(("I", "II", "III"), GROUPS, strict=False):
        row += 1
        _line(sheet, row, left, (no, text))
        drawing.lists += 1
        for number in (1, 2, None):
            row += 1
            _line(sheet, row, left, (number, word if number else "…"))
            for column in range(left + 1, left + len(heads)):
                drawing.asked(sheet, row, column)
    _boxed(sheet, top, left, row, left + len(heads) - 1)
    return row, left + len(heads) - 1


def _who_in_frame(drawing: _Drawing, sheet: Worksheet, top: int, left: int) -> tuple[int, int]:
    """Who reports, in a frame with merged answers; below it a table, and a box for remarks."""
    row = top
    for text in ("1. Đơn vị báo cáo", "2. Mã đơn vị", "3. Kỳ báo cáo"):
        sheet.cell(row, left, text)
        sheet.merge_cells(start_row=row, start_column=left, end_row=row, end_column=left + 1)
        sheet.merge_cells(start_row=row, start_column=left + 2, end_row=row, end_column=left + 3)
        row += 1
    _boxed(sheet, top, left, row - 1, left + 3)
    row += 1
    first = row
    _line(sheet, row, left, ("TT", "Chỉ tiêu", "Kỳ này", "Kỳ trước"))
    for number, text in enumerate(_texts(drawing, 5), 1):
        row += 1
        _line(sheet, row, left, (number, text))
        drawing.asked(sheet, row, left + 2)
        drawing.asked(sheet, row, left + 3)
    _boxed(sheet, first, left, row, left + 3)
    row += 2
    sheet.cell(row, left, "12. Nhận xét chung")
    sheet.merge_cells(start_row=row, start_column=left, end_row=row, end_column=left + 3)
    sheet.merge_cells(start_row=row + 1, start_column=left, end_row=row + 3, end_column=left + 3)
    _boxed(sheet, row, left, row + 3, left + 3)
    drawing.asked(sheet, row + 1, left)
    return row + 3, left + 3


ODD_KINDS: dict[str, Callable[[_Drawing, Worksheet, int, int], tuple[int, int]]] = {
    "grouped": _grouped,
    "wide_labels": _wide_labels,
    "bank": _bank,
    "bank_list": _bank_list,
    "explained": _explained,
    "years": _years,
    "months": _months,
    "narrative": _narrative,
    "shaded_pairs": _shaded_pairs,
    "head_only": _head_only,
    "signed": _signed,
    "twice": _twice,
    "bare": _bare,
    "identity_in_frame": _identity_in_frame,
    "hidden_lines": _hidden_lines,
    "excel_table": _excel_table,
    "zebra": _zebra,
    "ages": _ages,
    "ticks": _ticks,
    "graph_paper": _graph_paper,
    "budget": _budget,
    "balance": _balance,
    "spare_rows": _spare_rows,
    "two_heads": _two_heads,
    "communes": _communes,
    "whole_page": _whole_page,
    "units_below": _units_below,
    "prompted": _prompted,
    "by_column": _by_column,
    "tall_records": _tall_records,
    "with_units": _with_units,
    "notes_lettered": _notes_lettered,
    "coded_parts": _coded_parts,
    "box_under_title": _box_under_title,
    "said_beside": _said_beside,
    "worked_out": _worked_out,
    "unnamed": _unnamed,
    "who_in_frame": _who_in_frame,
}
