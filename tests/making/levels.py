"""Offices on three levels: a commune's and a district's that hand up, the province's above them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

from reportctl.form.form_file import load_form
from reportctl.form.layout import layout
from tests.making.commands import Said, begin, run

PERIOD = "2024-Q1"

# What a district asks its communes.
DISTRICT = """
id = "huyen"
title = "Báo cáo của xã"
kinds = [{code = "commune", title = "Xã"}]

[[sections]]
code = "press"
title = "Tuyên truyền"
[[sections.indicators]]
code = "press_total"
label = "Số tin, bài"
unit_of_measure = "bài"
[[sections.indicators]]
code = "has_page"
label = "Có trang thông tin"
type = "yes_no"
required = false
[[sections.indicators]]
code = "quality"
label = "Tự xếp loại"
type = "choice"
choices = ["Tốt", "Khá", "Trung bình"]
required = false
[[sections.indicators]]
code = "budget"
label = "Kinh phí"
type = "money"
unit_of_measure = "đồng"
required = false
[[sections.indicators]]
code = "hours"
label = "Số giờ phát thanh trung bình"
type = "number"
over_units = "mean"
unit_of_measure = "giờ"
required = false

[[tables]]
code = "halls"
title = "Nhà văn hóa"
unit_of_measure = "nhà"
over_time = "last"
required = false
columns = [
  { code = "solid", label = "Kiên cố" },
  { code = "other", label = "Khác" },
]
rows = [
  { code = "village", label = "Thôn" },
  { code = "communal", label = "Xã" },
]

[[lists]]
code = "events"
title = "Hội nghị"
rows = 4
[[lists.columns]]
code = "day"
label = "Ngày"
type = "date"
[[lists.columns]]
code = "place"
label = "Nơi tổ chức"
[[lists.columns]]
code = "people"
label = "Số người"
type = "count"
unit_of_measure = "người"
over_units = "sum"

[[texts]]
code = "difficulties"
label = "Khó khăn, vướng mắc"
"""

# What a province asks its districts, some of it under other codes.
PROVINCE = """
id = "tinh"
title = "Báo cáo của huyện"
kinds = [{code = "district", title = "Huyện"}]

[[sections]]
code = "press"
title = "Tuyên truyền"
[[sections.indicators]]
code = "press_total"
label = "Tổng số tin, bài"
unit_of_measure = "bài"
[[sections.indicators]]
code = "pages"
label = "Số xã có trang thông tin"
unit_of_measure = "xã"
required = false
[[sections.indicators]]
code = "good"
label = "Số xã xếp loại tốt, khá"
unit_of_measure = "xã"
required = false
[[sections.indicators]]
code = "spent"
label = "Kinh phí đã dùng"
type = "money"
unit_of_measure = "triệu đồng"
required = false
[[sections.indicators]]
code = "hours"
label = "Số giờ phát thanh trung bình"
type = "count"
unit_of_measure = "giờ"
required = false
[[sections.indicators]]
code = "meetings"
label = "Số hội nghị"
unit_of_measure = "cuộc"
required = false
[[sections.indicators]]
code = "attended"
label = "Số người dự"
unit_of_measure = "người"
required = false
[[sections.indicators]]
code = "prizes"
label = "Số giải báo chí"
unit_of_measure = "giải"
required = false

[[tables]]
code = "houses"
title = "Thiết chế văn hóa"
unit_of_measure = "nhà"
over_time = "last"
required = false
columns = [
  { code = "total", label = "Tổng số", sum = "solid + other", computed = true },
  { code = "solid", label = "Kiên cố" },
  { code = "other", label = "Khác" },
]
rows = [{ code = "village", label = "Nhà văn hóa thôn" }]

[[lists]]
code = "gatherings"
title = "Danh mục hội nghị"
rows = 5
[[lists.columns]]
code = "who"
label = "Đơn vị tổ chức"
[[lists.columns]]
code = "day"
label = "Ngày"
type = "date"
[[lists.columns]]
code = "people"
label = "Số người"
type = "count"
unit_of_measure = "người"
over_units = "sum"

[[texts]]
code = "problems"
label = "Khó khăn"
"""

UPWARD = """
[upward]
has_page = "pages"
"quality=Tốt" = "good"
"quality=Khá" = "good"
budget = { to = "spent", divided_by = 1_000_000 }
"events.rows" = "meetings"
"events.people" = "attended"
events = "gatherings"
"events.unit" = "gatherings.who"
"halls.village.*" = "houses.village.*"
"""


class LevelOffice:
    """An office's workspace, in which every command is run as a person does."""

    def __init__(self, root: Path, form: str, units: Mapping[str, tuple[str, str]], upward: str = "") -> None:
        """`units` are their names and kinds by code."""
        self.root = root
        begin(root, PERIOD)
        (root / "form.toml").write_text(form, encoding="utf-8")
        rows = "".join(f"{code},{name},{kind}\n" for code, (name, kind) in units.items())
        (root / "units.csv").write_text(f"code,name,kind\n{rows}", encoding="utf-8")
        (root / "plan.csv").unlink(missing_ok=True)
        self.settings(upward)

    @classmethod
    def there(cls, root: Path) -> LevelOffice:
        """The office whose workspace is there already."""
        office = cls.__new__(cls)
        office.root = root
        return office

    def settings(self, upward: str) -> None:
        """Put the section [upward] at the end of reportctl.toml, in place of the one there."""
        path = self.root / "reportctl.toml"
        before = path.read_text(encoding="utf-8").partition("\n[upward]")[0]
        path.write_text(before + upward, encoding="utf-8")

    def run(self, *arguments: object, code: int = 0) -> Said:
        """Run a command in English; it ends with `code`."""
        said = run("--lang", "en", "-w", self.root, *arguments)
        assert said.code == code, said.out + said.err
        return said

    def sent(self, unit: str) -> Path:
        """The workbook that the office sends to a unit."""
        self.run("template", PERIOD, "--unit", unit)
        (path,) = (self.root / "outbox" / PERIOD).glob(f"{unit} *.xlsx")
        return path

    def receive(self, name: str, data: bytes) -> Path:
        """A file arrives in the inbox."""
        path = self.root / "inbox" / PERIOD / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def answered(
        self,
        unit: str,
        answers: Mapping[str, Any],
        rows: tuple[tuple[Any, ...], ...] = (),
        estimates: tuple[str, ...] = (),
    ) -> bytes:
        """The workbook sent to a unit, filled in by hand: answers by code, the rows of its list."""
        form = load_form(self.root / "form.toml")
        places = layout(form, form.kinds[0].code)
        book = openpyxl.load_workbook(self.sent(unit))
        for code, value in answers.items():
            if code in places.cells:
                place = places.cells[code][1]
            else:
                place = (places.indicators.get(code) or places.texts[code]).value
            book[place.sheet][place.cell] = value
        for code in estimates:
            mark = places.indicators[code].estimate
            book[mark.sheet][mark.cell] = "x"
        for listed in places.lists.values():
            for number, row in enumerate(rows, 1):
                for column, value in zip(listed.section.columns, row, strict=True):
                    place = listed.place(column.code, number)
                    book[place.sheet][place.cell] = value
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    def handed_up(self, request: Path, unit: str, *options: object, code: int = 0) -> tuple[Path, Said]:
        """The workbook of the level above, filled in by `export`, and what was said."""
        said = self.run("export", PERIOD, "--to", "return", "--as", unit, request, *options, code=code)
        line = next(line for line in said.out.splitlines() if line.startswith("Written: "))
        return Path(line.removeprefix("Written: ")), said

    def figures(self, path: Path) -> dict[str, Any]:
        """What stands in a workbook of this office's form by code; formulas as they are written."""
        form = load_form(self.root / "form.toml")
        places = layout(form, form.kinds[0].code)
        book = openpyxl.load_workbook(path)
        spots = {code: place.value for code, place in (*places.indicators.items(), *places.texts.items())}
        spots |= {code: place for code, (_cell, place) in places.cells.items()}
        found = {code: book[spot.sheet][spot.cell].value for code, spot in spots.items()}
        for code, listed in places.lists.items():
            found[code] = [
                row
                for number in range(1, listed.rows + 1)
                if any(
                    row := [
                        book[place.sheet][place.cell].value
                        for column in listed.section.columns
                        for place in (listed.place(column.code, number),)
                    ]
                )
            ]
        return found
