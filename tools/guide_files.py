"""What the pages of docs/guide/ start from: an office's blank workbook, its units, a workbook from above."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.properties import PageSetupProperties

LETTERHEAD = (
    "TỈNH ỦY AN LẠC",
    "BIỂU TỔNG HỢP KẾT QUẢ CÔNG TÁC TUYÊN TRUYỀN",
    "Quý … năm …",
    "Đơn vị báo cáo: ……………………",
)
HEADINGS = ("TT", "Nội dung", "Đơn vị tính", "Kế hoạch năm", "Số quý trước", "Thực hiện trong quý")
ROWS = (
    ("1", "Văn bản chỉ đạo đã ban hành", "văn bản"),
    ("2", "Hội nghị đã tổ chức", "cuộc"),
    ("2.1", "Hội nghị trực tiếp", "cuộc"),
    ("2.2", "Hội nghị trực tuyến", "cuộc"),
    ("3", "Lớp tập huấn đã mở", "lớp"),
    ("4", "Tin, bài đã đăng, phát", "tin, bài"),
    ("5", "Kinh phí đã sử dụng", "triệu đồng"),
)
WIDTHS = (6, 40, 14, 15, 15, 20)
UNITS = (
    ("TT", "Tên đơn vị", "Điện thoại"),
    (1, "Xã Đông Lạc", "0200.3800.101"),
    (2, "Phường Vân Khê", "0200.3800.102"),
    (3, "Sở Nội vụ", "0200.3800.204"),
    (4, "Báo An Lạc", "0200.3800.301"),
)
ABOVE = "D1"  # this office's code at the level above

_THIN = Side(style="thin")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def blank_workbook(path: Path) -> None:
    """Write a blank workbook as the level above issues it: a letterhead, one table, a signature."""
    book = Workbook()
    sheet = book[book.sheetnames[0]]
    sheet.title = "Bieu 01"
    for number, text in enumerate(LETTERHEAD, 1):
        sheet.cell(number, 1).value = text
        sheet.cell(number, 1).font = Font(bold=number < 3)
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for number, line in enumerate((HEADINGS, *ROWS), 6):
        for column in range(1, len(HEADINGS) + 1):
            cell = sheet.cell(number, column)
            cell.value = line[column - 1] if column <= len(line) else None
            cell.border = _FRAME
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.font = Font(bold=number == 6)
    sheet.cell(15, 5).value = "NGƯỜI LẬP BIỂU"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)
    book.save(path)


def unit_list(path: Path) -> None:
    """Write a list of units as an office has it in Excel."""
    book = Workbook()
    sheet = book[book.sheetnames[0]]
    for line in UNITS:
        sheet.append(line)
    book.save(path)


def workbook_from_above(path: Path, run: Callable[..., object], period: str) -> None:
    """Write the workbook that the level above sends this office for a quarter.

    It is made in a workspace of the level above by the program itself: `run(*arguments)` calls it.
    """
    with tempfile.TemporaryDirectory() as folder:
        above = Path(folder, "cap-tren")
        run("init", above, "--period", period)
        columns = "code,name,kind,parent,valid_from,valid_to,predecessors,contact"
        (above / "units.csv").write_text(f"{columns}\n{ABOVE},Tỉnh An Lạc,commune,,,,,\n", encoding="utf-8")
        run("-w", above, "template")
        (made,) = (above / "outbox" / period).glob("*.xlsx")
        shutil.copyfile(made, path)
