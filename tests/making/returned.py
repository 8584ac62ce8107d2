"""Workbooks as units send them back, made in the test: sent out, filled in, spoilt in one way."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

from reportctl.core import language
from reportctl.core.findings import Finding
from reportctl.core.period import Quarter
from reportctl.form.form_file import parse_form
from reportctl.form.layout import Layout, layout
from reportctl.form.model import Form
from reportctl.intake.job import Context, Job, ReadResult
from reportctl.intake.open_file import read_one
from reportctl.outgoing.page import Dispatch
from reportctl.outgoing.template import workbook
from reportctl.workspace.units import Roster, Unit
from tests.making.kept import kept

FORM_TEXT = """
id = "small"
title = "Báo cáo quý"

[[kinds]]
code = "district"
title = "Cấp huyện"
[[kinds]]
code = "press"
title = "Cơ quan báo chí"

[[sections]]
code = "press"
title = "Báo chí"
[[sections.indicators]]
code = "press_total"
label = "Tổng số tin, bài"
label_en = "Stories"
unit_of_measure = "bài"
min = 0
max = 9000
[[sections.indicators]]
code = "press_print"
label = "Báo in"
label_en = "Print"
unit_of_measure = "bài"
part_of = "press_total"
[[sections.indicators]]
code = "press_radio"
label = "Phát thanh"
label_en = "Radio"
unit_of_measure = "bài"
part_of = "press_total"

[[sections]]
code = "money"
title = "Kinh phí"
[[sections.indicators]]
code = "budget_planned"
label = "Kinh phí được giao"
type = "money"
[[sections.indicators]]
code = "budget_spent"
label = "Kinh phí đã dùng"
type = "money"
[[sections.indicators]]
code = "budget_share"
label = "Tỷ lệ đã dùng"
type = "percent"
numerator = "budget_spent"
denominator = "budget_planned"
over_units = "ratio"
over_time = "ratio"
[[sections.indicators]]
code = "plan_issued"
label = "Đã có kế hoạch"
type = "yes_no"
over_time = "last"
required = false
[[sections.indicators]]
code = "plan_day"
label = "Ngày ban hành"
type = "date"
required = false
[[sections.indicators]]
code = "plan_level"
label = "Cấp ban hành"
type = "choice"
choices = ["Tỉnh", "Huyện"]
required = false
[[sections.indicators]]
code = "events_held"
label = "Hội nghị đã tổ chức"
label_en = "Conferences held"
unit_of_measure = "cuộc"

[[lists]]
code = "events"
title = "Danh mục hội nghị"
title_en = "Conferences"
rows = 4
[[lists.columns]]
code = "day"
label = "Ngày tổ chức"
type = "date"
[[lists.columns]]
code = "title"
label = "Tên hội nghị"
[[lists.columns]]
code = "attendance"
label = "Số lượt người dự"
label_en = "Attendance"
type = "count"
required = false

[[texts]]
code = "results"
label = "Kết quả nổi bật"
required = true
max_words = 8
[[texts]]
code = "limits"
label = "Khó khăn"

[[rules]]
code = "added_up"
check = "press_total = press_print + press_radio"
message = "Tổng khác các phần cộng lại."
message_en = "The total differs from its parts."
[[rules]]
code = "listed"
check = "rows(events) = events_held"
severity = "warning"
message = "Số hội nghị khác danh mục."
message_en = "The conferences differ from the list."
[[rules]]
code = "attended"
check = "total(events.attendance) > 0"
severity = "note"
message = "Không có ai dự."
message_en = "Nobody attended."
"""

QUARTER = Quarter(2024, 1)
EVENTS = "Danh mục hội nghị"
UNITS = (
    Unit("001", "Huyện Một", "district"),
    Unit("002", "Báo Hai", "press"),
    Unit("009", "Huyện Chín", "district", valid_to=dt.date(2023, 12, 31)),
)

# A workbook filled in like this has nothing to be said of.
ANSWERS: Mapping[str, Any] = {
    "press_total": 1200,
    "press_print": 700,
    "press_radio": 500,
    "budget_planned": 250.5,
    "budget_spent": 125.25,
    "plan_issued": "Có",
    "plan_day": dt.date(2024, 1, 15),
    "plan_level": "Tỉnh",
    "events_held": 2,
    "results": "Đã mở hai hội nghị.",
    "limits": "Thiếu kinh phí.",
}
ROWS: Sequence[Sequence[Any]] = (
    (dt.date(2024, 1, 10), "Hội nghị tổng kết", 120),
    (dt.date(2024, 2, 20), "Hội nghị chuyên đề", 80),
)


@functools.cache
def form() -> Form:
    """The form of these tests."""
    return parse_form(FORM_TEXT)


def places(kind: str = "district") -> Layout:
    """Where it was laid out."""
    return layout(form(), kind)


def context(**changes: Any) -> Context:
    """What files are read against."""
    given: dict[str, Any] = {"form": form(), "roster": Roster(UNITS), "quarter": QUARTER}
    given |= {"day": QUARTER.window().last} | changes
    return Context(**given)


def cell(code: str) -> tuple[str, str]:
    """The sheet and the cell of an indicator or a text."""
    place = places().indicators.get(code) or places().texts[code]
    return place.value.sheet, place.value.cell


@functools.cache
def sent_out(unit: str = "001", quarter: Quarter = QUARTER, text: str = FORM_TEXT) -> bytes:
    """The workbook as it is sent out."""
    of = next(one for one in UNITS if one.code == unit)
    day = dt.date(2024, 3, 17)
    return workbook(Dispatch(parse_form(text), of, quarter, quarter.window(), day, "Văn phòng"), {})


def returned(
    answers: Mapping[str, Any] | None = None,
    *,
    rows: Sequence[Sequence[Any]] = ROWS,
    edit: Callable[[Workbook], None] | None = None,
    sent: bytes | None = None,
) -> bytes:
    """The workbook filled in with `ANSWERS`, changed by `answers`, and then by `edit`."""
    sent, answers = sent or sent_out(), {**ANSWERS, **(answers or {})}
    if edit:
        return _filled(sent, answers, rows, edit)
    return kept(
        lambda: _filled(sent, answers, rows), "returned", hashlib.sha256(sent).digest(), answers, rows
    )


def _filled(
    sent: bytes,
    answers: Mapping[str, Any],
    rows: Sequence[Sequence[Any]],
    edit: Callable[[Workbook], None] | None = None,
) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(sent))
    for code, value in answers.items():
        sheet, at = cell(code)
        book[sheet][at] = value
    events = places().lists["events"]
    for number, row in enumerate(rows, 1):
        for column, value in zip(events.section.columns, row, strict=True):
            place = events.place(column.code, number)
            book[place.sheet][place.cell] = value
    if edit:
        edit(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The package with the parts that `change` makes of its parts; None leaves one out."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return content.getvalue()


def sheet_part(data: bytes, sheet: str) -> str:
    """The part that holds a sheet: openpyxl and XlsxWriter number them in order."""
    names = openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def with_xml(data: bytes, sheet: str, at: str, attributes: str, inside: str) -> bytes:
    """The workbook with one cell's XML replaced, its style kept."""
    import re

    part = sheet_part(data, sheet)

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        text = content.decode()
        new, count = re.subn(
            rf'<c r="{at}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)',
            rf'<c r="{at}"\1 {attributes}>{inside}</c>',
            text,
            count=1,
        )
        assert count == 1, f"{at} is not in {part}"
        return new.encode()

    return repacked(data, change)


def read(data: bytes, folder: Path, name: str = "a.xlsx", given: Context | None = None) -> ReadResult:
    """What is read of the file; every message and hint is said once, in both languages."""
    path = folder / name
    path.write_bytes(data)
    done = read_one(Job(path, name), given or context())
    say(done.findings)
    return done


def say(findings: Sequence[Finding]) -> None:
    """Message and hint of every finding, in both languages: none may lack what it is filled with."""
    for spoken in ("vi", "en"):
        language.use(spoken)
        for found in findings:
            assert "{" not in found.message + found.hint


def codes(done: ReadResult) -> list[str]:
    """The kinds of what was found, in order."""
    return [found.code for found in done.findings]


def only(done: ReadResult, code: str) -> Finding:
    """The one finding of that kind."""
    found = [one for one in done.findings if one.code == code]
    assert len(found) == 1, codes(done)
    return found[0]
