"""A form as large as offices have them, what units fill into it, and the Word document of its report.

Four matrices whose headings are trees of up to three levels; lines and columns that are sums of others, some
of them never asked but worked out. In all 1,302 cells are filled in, as in a real form of a ministry.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import docx
from docx.document import Document

from reportctl.core.period import Quarter
from reportctl.form.form_file import load_form, parse_form
from reportctl.form.model import Form
from reportctl.form.tables import FormTable
from reportctl.workspace.units import Unit
from tools.filling import Filled

Size = Literal["big", "half"]


@dataclass(frozen=True, slots=True)
class _Matrix:
    """A table to be made: `groups` times a line that is the sum of the `lines` below it."""

    code: str
    title: str
    groups: int
    lines: int
    columns: Sequence[str]
    last: bool = False  # below all of them a line with their total, which is worked out


def _column(code: str, label: str, *under: str, sum_of: str = "", computed: bool = False) -> str:
    said = {"code": code, "label": label, "under": list(under), "sum": sum_of, "computed": computed}
    return _inline({key: value for key, value in said.items() if value})


def _inline(said: dict[str, object]) -> str:
    """A table of TOML on one line."""
    fields = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())
    return f"{{ {', '.join(fields)} }}"


_PEOPLE = (("all", ""), ("direct", "Trực tiếp"), ("online", "Trực tuyến"))


def _people() -> Iterator[str]:
    """All, and those there and elsewhere: everybody and women, and of both those of ethnic minorities."""
    for group, heading in _PEOPLE:
        for part, label, *under in (
            ("total", "Tổng số"), ("women", "Nữ"),
            ("minority", "Tổng số", "Dân tộc thiểu số"), ("minority_women", "Nữ", "Dân tộc thiểu số"),
        ):  # fmt: skip
            whole = "" if heading else f"direct_{part} + online_{part}"
            yield _column(f"{group}_{part}", label, heading or "Tổng số", *under, sum_of=whole)


def _staff() -> Iterator[str]:
    """As `_people`, of those who work there also by contract."""
    yield from _people()
    for part, label in (("permanent", "Không thời hạn"), ("term", "Có thời hạn"), ("day", "Theo vụ việc")):
        yield _column(part, label, "Phân loại", "Hợp đồng")


def _rooms() -> Iterator[str]:
    """Columns that are filled in, below each of three headings, and their sums, which are not."""
    for group, heading in (("public", "Công lập"), ("private", "Ngoài công lập")):
        parts = [f"{group}_{part}" for part in ("solid", "half", "weak")]
        yield _column(f"{group}_total", "Tổng số", heading, sum_of=" + ".join(parts), computed=True)
        for code, label in zip(parts, ("Kiên cố", "Bán kiên cố", "Tạm"), strict=True):
            yield _column(code, label, heading)
    yield _column("every", "Tổng cộng", sum_of="public_total + private_total", computed=True)


_MATRICES = (
    _Matrix(
        "activities", "Hoạt động", 6, 5,
        [
            _column("total", "Tổng số", sum_of="direct + online"),
            _column("direct", "Trực tiếp"),
            _column("online", "Trực tuyến"),
        ],
    ),
    _Matrix("audience", "Người tham dự", 8, 4, [*_people()]),
    _Matrix("staff", "Người làm công tác", 6, 6, [*_staff()]),
    _Matrix("rooms", "Cơ sở vật chất", 2, 6, [*_rooms()], last=True),
)  # fmt: skip
_TOPICS = (
    "Tuyên truyền các ngày lễ lớn và sự kiện của địa phương", "Học tập, quán triệt nghị quyết",
    "Thông tin cơ sở", "Nông thôn mới, đô thị văn minh", "Chuyển đổi số", "Phòng, chống thiên tai, dịch bệnh",
    "An toàn giao thông", "Văn hóa, văn nghệ quần chúng",
)  # fmt: skip
_PART = {"big": 1, "half": 2}
_RULE = """
[[rules]]
code = "women"
check = "audience.*.all_women <= audience.*.all_total"
severity = "error"
message = "Số nữ không thể nhiều hơn tổng số người dự."
"""


def form_toml(size: Size = "big") -> str:
    """The form.toml; of the half each table has half as many lines."""
    head = 'id = "big"\ntitle = "Báo cáo thống kê tổng hợp"\nkinds = [{code = "commune", title = "Cấp xã"}]\n'
    return head + "".join(_table(matrix, matrix.groups // _PART[size]) for matrix in _MATRICES) + _RULE


def _table(matrix: _Matrix, groups: int) -> str:
    rows = []
    for group in range(1, groups + 1):
        topic = _TOPICS[group - 1]
        codes = [f"n{group}_{line}" for line in range(1, matrix.lines + 1)]
        rows.append(
            _inline({"code": f"n{group}", "label": topic, "no": str(group), "sum": " + ".join(codes)})
        )
        if group % 2:
            rows.append(_inline({"caption": "Chia ra theo hình thức:"}))
        for line, code in enumerate(codes, 1):
            label = f"{topic}, hình thức thứ {line} theo hướng dẫn"
            rows.append(_inline({"code": code, "label": label, "no": f"{group}.{line}", "level": 2}))
    if matrix.last:
        every = " + ".join(f"n{group}" for group in range(1, groups + 1))
        rows.append(_inline({"code": "all", "label": "Tổng cộng", "sum": every, "computed": True}))
    return "\n".join(
        [
            f'\n[[tables]]\ncode = "{matrix.code}"\ntitle = "{matrix.title}"\nunit_of_measure = "lượt"',
            "columns = [",
            *(f"  {column}," for column in matrix.columns),
            "]\nrows = [",
            *(f"  {row}," for row in rows),
            "]\n",
        ]
    )


def cells(size: Size) -> int:
    """How many cells of the form are filled in."""
    return sum(one.filled_in for one in parse_form(form_toml(size)).indicators.values())


def answers(form: Form, unit: Unit, quarter: Quarter) -> Filled:
    """Figures that keep every sum and rule of the form; the same for the same unit and quarter.

    What is counted of women or ethnic minorities is a tenth at most of what is counted of all.
    """
    chance = random.Random(f"{unit.code} {quarter}")
    filled = Filled()
    for table in form.tables:
        values = _values(table, chance)
        filled.values |= {cell.code: values[cell.code] for cell in table.cells.values() if cell.filled_in}
    return filled


def _values(table: FormTable, chance: random.Random) -> dict[str, int]:
    sums: dict[str, tuple[tuple[int, str], ...]] = {}
    for whole, parts in table.sums:
        sums.setdefault(whole, parts)
    values: dict[str, int] = {}

    def value(code: str) -> int:
        if code not in values:
            least, most = (100, 900) if code.endswith(("total", "direct", "online")) else (0, 10)
            parts = sums.get(code)
            own = chance.randint(least, most)
            values[code] = sum(sign * value(part) for sign, part in parts) if parts else own
        return values[code]

    for cell in table.cells.values():
        value(cell.code)
    return values


def put_form(root: Path, size: Size) -> None:
    """Let the workspace at `root` ask this form, or its half, with a report that says all of it."""
    (root / "form.toml").write_text(form_toml(size), encoding="utf-8", newline="\n")
    settings = root / "reportctl.toml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    # The form has a single kind of unit.
    settings.write_text(
        "".join(line for line in lines if not line.startswith("press =")), encoding="utf-8", newline="\n"
    )
    _document(load_form(root / "form.toml")).save(str(root / "report.docx"))


def _document(form: Form) -> Document:
    """The Word document of a report that says all of the form: of each table the matrix of the province, its
    first column beside other periods, the first line of all units, and a figure in a sentence."""
    document = docx.Document()
    document.add_paragraph("{{title}}")
    document.add_paragraph("{{lead}}")
    for table in form.tables:
        row, column = table.lines[0], table.asked_columns[0]
        cell = f"{table.code}.{row.code}.{column.code}"
        document.add_heading(table.title, 1)
        document.add_paragraph(f"Tổng số: {{{{{cell}}}}} lượt{{{{{cell}.change_previous}}}}.")
        for tag in (table.code, f"{table.code}.*.{column.code}", f"{table.code}.{row.code}"):
            document.add_paragraph(f"{{{{table:{tag}}}}}")
    document.add_paragraph("{{table:reporting}}")
    return document
