"""Headings as they are sent out, with units of measure in brackets: columns are told by them alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.core.findings import Severity
from reportctl.form.form_file import parse_form
from reportctl.form.layout import LIST_CODES_ROW, Place, layout
from reportctl.outgoing.page import Dispatch
from reportctl.outgoing.template import workbook
from tests.making.returned import read
from tests.making.tables import QUARTER, UNITS, context

FORM = parse_form("""
id = "headings"
title = "Báo cáo"
kinds = [{code = "commune", title = "Xã"}, {code = "office", title = "Sở"}]

[[tables]]
code = "stories"
title = "Tin, bài"
columns = [
  {code = "all", label = "Tổng số", unit_of_measure = "tin, bài"},
  {code = "news", label = "Tin (ngắn)", under = ["Trong kỳ"], unit_of_measure = "tin"},
  {code = "hours", label = "Thời lượng", under = ["Trong kỳ"], unit_of_measure = "giờ (làm tròn)"},
  {code = "later", label = "Tin (ngắn)", under = ["Kỳ tới"], unit_of_measure = "tin"},
]
rows = [{code = "radio", label = "Phát thanh"}, {code = "tv", label = "Truyền hình"}]

[[lists]]
code = "classes"
title = "Lớp"
rows = 3
columns = [
  {code = "title", label = "Nội dung"},
  {code = "days", label = "Số ngày", type = "number", unit_of_measure = "ngày"},
  {code = "people", label = "Số người (học)", type = "count", unit_of_measure = "lượt người"},
]

[[lists]]
code = "schools"
title = "Trường"
rows = 3
columns = [
  {code = "name", label = "Tên"},
  {code = "half", label = "HS", type = "count", under = ["1 buổi"], unit_of_measure = "em"},
  {code = "full", label = "HS", type = "count", under = ["2 buổi"], unit_of_measure = "em"},
]
""")
PLACES = layout(FORM, "commune")
TABLE = {
    "stories.radio.all": 9, "stories.radio.news": 5, "stories.radio.hours": 3, "stories.radio.later": 7,
    "stories.tv.all": 8, "stories.tv.news": 4, "stories.tv.hours": 2, "stories.tv.later": 6,
}  # fmt: skip
LISTS: dict[str, dict[str, Any]] = {
    "classes": {"title": "Nghiệp vụ", "days": 1.5, "people": 40},
    "schools": {"name": "Trường A", "half": 30, "full": 70},
}


def filled(edit: Callable[[Worksheet], None]) -> bytes:
    """The workbook that is sent out, filled in, without names; its sheets changed by `edit`."""
    window = QUARTER.window()
    data = workbook(Dispatch(FORM, UNITS[0], QUARTER, window, window.last, "Ban Tuyên giáo"), {})
    book = openpyxl.load_workbook(io.BytesIO(data))

    def put(at: Place, value: Any) -> None:
        book[at.sheet][at.cell] = value

    for code, value in TABLE.items():
        put(PLACES.cells[code][1], value)
    for code, row in LISTS.items():
        for column, value in row.items():
            put(PLACES.lists[code].place(column, 1), value)
    for name in list(book.defined_names):
        del book.defined_names[name]
    for sheet in PLACES.sheets:
        edit(book[sheet])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def without_codes(sheet: Worksheet) -> None:
    for cell in (*sheet["A"], *sheet[LIST_CODES_ROW + 1]):
        cell.value = None


def moved(sheet: Worksheet) -> None:
    """Without codes, and a column further to the right."""
    without_codes(sheet)
    for area in list(sheet.merged_cells.ranges):
        area.shift(col_shift=1)
    sheet.insert_cols(2)


@pytest.mark.parametrize("edit", [without_codes, moved])
def test_columns_are_found_by_the_headings_that_were_sent_out(
    edit: Callable[[Worksheet], None], tmp_path: Path
) -> None:
    done = read(filled(edit), tmp_path, given=context(FORM))
    assert [one.code for one in done.findings if one.severity is Severity.ERROR] == []
    assert done.submission
    assert {answer.code: answer.value for answer in done.submission.answers} == TABLE
    rows = {row.list_code: {a.code: a.value for a in row.answers} for row in done.submission.rows}
    assert rows == LISTS


def test_headings_that_were_exchanged_are_an_error(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        """The codes stay; the headings of two columns, with their units of measure, change places."""
        places = {"Tin, bài": ("D6", "F7"), "Lớp": ("D6", "E6")}
        if sheet.title in places:
            one, other = places[sheet.title]
            sheet[one], sheet[other] = sheet[other].value, sheet[one].value

    found = read(filled(edit), tmp_path, given=context(FORM)).findings
    errors = {(one.code, one.indicator) for one in found if one.severity is Severity.ERROR}
    assert errors == {
        ("places_disagree", "stories.*.all"), ("places_disagree", "stories.*.hours"),
        ("places_disagree", "classes.days"), ("places_disagree", "classes.people"),
    }  # fmt: skip
