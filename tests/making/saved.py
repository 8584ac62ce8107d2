"""Workbooks that LibreOffice 7.4 saved, in `fixtures`, and what stands in them."""

from __future__ import annotations

import datetime as dt

from reportctl.workbooks.book import Area, CellExtra

# The first sheet of `libreoffice-doubts`: what LibreOffice shows there.
TYPED = [
    ["mã", "giá trị"],
    ["", 2.0],
    ["", ""],
    ["", "KAD"],
    ["", True],
    ["", dt.date(2024, 3, 5)],
    ["", dt.datetime(2024, 3, 5, 7, 5)],
    ["", 0.25],
    ["", "dòng một\nthẻ\tsau thẻ  hai dấu cách"],
    ["", ""],
    ["", "'0912"],
    ["", dt.time(7, 5)],
    [],
    ["", "", "", -1.5],
]
_FORMULA = CellExtra(formula=True)
DOUBTFUL = {  # LibreOffice makes formulas of a truth value and of an error that were typed as such
    (1, 1): _FORMULA,
    (2, 1): CellExtra("#DIV/0!", formula=True),
    (3, 1): _FORMULA,
    (4, 1): _FORMULA,
    (9, 1): CellExtra("#N/A", formula=True),
}
NAMES = {"một_ô": Area("Số liệu", 1, 1, 1, 1), "vung": Area("Số liệu", 4, 1, 13, 3)}
