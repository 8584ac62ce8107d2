"""The sheets of a workbook in Excel's old format (.xls) made anew, well enough to be recognised: values,
merged areas, frames, bold, fills. openpyxl cannot read the format."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from reportctl.core.cellrefs import column_name
from reportctl.core.letters import printable
from reportctl.workbooks.book import BookError
from reportctl.workbooks.styled import StyledSheet, read_styled
from reportctl.workbooks.unread import unread

_THIN = Side(style="thin")
_NARROWEST, _WIDEST = 6, 45  # of a column, in letters
_LETTERS = 1.1


def rebuilt_sheets(data: bytes, name: str) -> Workbook:
    """The workbook `data` of the name `name`. Raises `ReportctlError` where it cannot be read."""
    try:
        styled = read_styled(data, name)
    except BookError as refused:
        raise unread(name, data, refused.finding) from refused
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in styled.sheets:
        _rebuild(book, sheet)
    return book


def _rebuild(book: Workbook, sheet: StyledSheet) -> None:
    own = book.create_sheet(sheet.name)
    widths: dict[int, float] = {}
    merged = {(area.row, area.column) for area in sheet.merged if area.last_column > area.column}
    for (row, column), cell in sheet.cells.items():
        made = own.cell(row + 1, column + 1)
        look = cell.look
        if isinstance(cell.value, str):
            if cell.value:
                made.value = printable(cell.value)
                made.data_type = "s"
            longest = max((len(word) for word in cell.value.split()), default=0)
            if (row, column) not in merged:
                wanted = max(longest, min(len(cell.value), 24)) * _LETTERS
                widths[column] = max(widths.get(column, 0), wanted)
        elif cell.value is not None:
            made.value = cell.value
        made.border = Border(
            left=_THIN if look.left else None,
            right=_THIN if look.right else None,
            top=_THIN if look.top else None,
            bottom=_THIN if look.bottom else None,
        )
        made.font = Font(bold=look.bold, italic=look.italic)
        made.alignment = Alignment(
            wrap_text=True,
            vertical="center",
            indent=look.indent,
            horizontal="center" if look.centred else None,
        )
        if look.fill:
            made.fill = PatternFill("solid", fgColor=look.fill)
    for area in sheet.merged:
        own.merge_cells(
            start_row=area.row + 1,
            start_column=area.column + 1,
            end_row=area.last_row + 1,
            end_column=area.last_column + 1,
        )
    for column, width in widths.items():
        own.column_dimensions[column_name(column)].width = min(max(width, _NARROWEST), _WIDEST)
    if not sheet.visible:
        own.sheet_state = "hidden"
