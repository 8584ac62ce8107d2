"""A workbook of any type that is read."""

from __future__ import annotations

from reportctl.core.cellrefs import cell_name
from reportctl.core.findings import Finding
from reportctl.workbooks import ods, xlsx
from reportctl.workbooks.book import Book
from reportctl.workbooks.parts import TEXT_LIMIT, too_long
from reportctl.workbooks.safety import Inspected


def open_book(inspected: Inspected, data: bytes) -> tuple[Book, list[Finding]]:
    """The workbook with the content `data`, which is readable, and what is said of its sheets.

    Raises `BookError`, and `RefusedError` where a text is too long; those of .xlsx are measured beforehand.
    """
    match inspected.file_type:
        case "xls":
            from reportctl.workbooks import xls  # xlrd takes as long to import as all the rest of intake

            book = xls.read_book(data)
        case "ods":
            book = ods.read_book(inspected.parts)
        case _:
            return xlsx.read_book(inspected.parts)
    for sheet in book.sheets:
        for row, cells in enumerate(sheet.rows):
            for column, raw in enumerate(cells):
                if isinstance(raw, str) and len(raw) > TEXT_LIMIT:
                    raise too_long(raw, sheet=sheet.name, cell=cell_name(row, column))
    return book, []
