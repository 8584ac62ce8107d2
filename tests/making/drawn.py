"""A workbook out of a drawing: each line a row, cells between bars, a frame round every cell of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Border, Side

from reportctl.adopt.blank_form import BlankForm
from reportctl.adopt.grid import Span
from reportctl.adopt.reading import form_of
from reportctl.workbooks.styled import read_styled

_THIN = Side(style="thin")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def drawn(text: str, *, framed: bool = True, top: int = 1, above: Mapping[str, Any] | None = None) -> bytes:
    """The workbook of a sheet `S`: whole numbers in the drawing are numbers, what begins with `=` is a
    formula.

    `top` is the first row (from 1) of the drawing, `above` are cells besides it.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "S"
    lines = [line.strip() for line in text.strip().splitlines()]
    for row, line in enumerate(lines, top):
        for column, said in enumerate(line.strip("|").split("|"), 1):
            cell = sheet.cell(row, column)
            said = said.strip()
            cell.value = (
                int(said) if (said.isdecimal() and not said.startswith("0")) or said == "0" else said or None
            )
            if framed:
                cell.border = BOX
    for cell_, value in (above or {}).items():
        sheet[cell_] = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read_drawn(text: str, corners: Mapping[str, list[Span]] | None = None, **how: Any) -> BlankForm:
    """What is read of such a workbook, whose file is called `form.xlsx`."""
    return form_of(read_styled(drawn(text, **how), "form.xlsx").sheets, "form.xlsx", corners or {})
