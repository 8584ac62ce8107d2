"""What is exported: a small form, answers of every state, and a ledger that has nothing else."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl

from reportctl.core.period import Quarter
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Table
from reportctl.form.asked_then import Unasked
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.rows import ListRecord, LongRow, Source, SourceAnswer, ValueRecord
from reportctl.workspace.units import Roster, Unit
from tests.making.figures import calendar_of

FORM = Form.model_validate(
    {
        "id": "f",
        "title": "f",
        "kinds": [{"code": "district", "title": "Huyện"}],
        "sections": [
            {
                "code": "work",
                "title": "Công tác: chỉ đạo / hướng dẫn",
                "indicators": [
                    {"code": "meetings", "label": "Cuộc họp"},
                    {"code": "stage", "label": "Bước", "type": "text"},
                ],
            }
        ],
        "lists": [
            {
                "code": "events",
                "title": "Danh mục hội nghị",
                "columns": [
                    {"code": "day", "label": "Ngày", "type": "date"},
                    {"code": "title", "label": "Tên"},
                    {"code": "people", "label": "Số người", "type": "count", "unit_of_measure": "người"},
                ],
            }
        ],
        "texts": [{"code": "hard", "label": "Khó khăn"}],
    }
)

UNITS = {"a": Unit("a", "Huyện A", "district"), "b": Unit("b", "Huyện B", "district")}
CALENDAR = calendar_of(Roster(tuple(UNITS.values())))

Q1 = Quarter(2024, 1)


def answer(unit: str, code: str, value: Any, raw: str | None = None, **more: Any) -> ValueRecord:
    state = (
        AnswerState.NOT_APPLICABLE
        if value is NOT_APPLICABLE
        else AnswerState.MISSING
        if value is None
        else AnswerState.VALUE
    )
    return ValueRecord(
        Q1,
        unit,
        code,
        state,
        None if value is NOT_APPLICABLE else value,
        str(value) if raw is None else raw,
        more.get("estimate", False),
        f"{unit}.xlsx",
        "Số liệu",
        "F7",
        unit * 64,
        dt.date(2024, 3, 12),
        "file",
    )


ANSWERS = [
    answer("a", "meetings", 1200, "1.200", estimate=True),
    answer("a", "stage", "=1+1"),
    answer("a", "hard", '-thiếu người;\n"kinh phí"'),
    answer("b", "meetings", NOT_APPLICABLE, "KAD"),
    answer("b", "hard", None, ""),
]


class FakeLedger:
    def values(self, quarters: Sequence[Quarter], *, code: str | None = None) -> list[ValueRecord]:
        return [record for record in ANSWERS if record.period in quarters and code in (None, record.code)]

    def long_rows(self, quarters: Sequence[Quarter], _units: object = None) -> Iterator[LongRow]:
        for one in self.values(quarters):
            said = one.state, one.value, one.raw, one.estimate
            yield str(one.period), one.unit, one.code, *said, one.file, one.sheet, one.cell, one.sha256

    def by_source(
        self, quarters: Sequence[Quarter], _units: object = None
    ) -> Iterator[tuple[Source, list[SourceAnswer]]]:
        for one in self.values(quarters):
            said = one.state, one.value, one.raw, one.estimate
            answer = one.code, *said, one.sheet, one.cell, None
            yield Source(str(one.period), one.unit, one.file, one.sha256), [answer]

    def counting(self, quarter: Quarter) -> set[str]:
        return {one.unit for one in self.values([quarter])}

    def counting_lists(self, quarter: Quarter) -> set[str]:
        return self.counting(quarter)

    def lists_lost(self, _quarter: Quarter) -> set[tuple[str, str]]:
        return set()

    def unasked_columns(self, _quarter: Quarter) -> dict[tuple[str, str], Unasked]:
        return {}

    def list_rows(self, quarters: Sequence[Quarter], list_code: str) -> list[ListRecord]:
        values: dict[str, int | float | str | None] = {"day": "2024-02-05", "title": "@họp", "people": 120}
        return [ListRecord(q, "a", list_code, 1, values, "a.xlsx", "DS", "C7") for q in quarters]


LEDGER: Any = FakeLedger()


def totals_table(name: str = "unit:work") -> Table:
    return Table(
        name,
        "Công tác, quý I năm 2024",
        (
            Column("number", "TT"),
            Column("unit", "Đơn vị", CellFormat.TEXT, 2),
            Column("meetings", "Cuộc họp", CellFormat.COUNT),
            Column("money", "Kinh phí", CellFormat.MONEY),
            Column("share", "Tỷ lệ", CellFormat.PERCENT),
            Column("plan", "Có kế hoạch", CellFormat.FIGURE),
        ),
        (
            Row(("", "Cấp huyện", "", "", "", ""), Role.SECTION),
            Row(("1", "=Huyện A", 1200, 0.1, 0.5, 1), kind=CellFormat.YES_NO),
            Row(("2", "Huyện B", NOT_APPLICABLE, 0.2, None, 0), kind=CellFormat.YES_NO),
            Row(("", "Cộng", 1200, 0.3, "", 1), Role.TOTAL),
            Row(("", "Báo chí", "", "", "", ""), Role.SECTION),
            Row(("3", "Báo", 30, None, 0.25, None), kind=CellFormat.YES_NO),
            Row(("", "Tổng cộng", 1230, 0.3, 0.75, 1), Role.TOTAL),
        ),
        ("Chưa có báo cáo: Huyện C.",),
    )


def opened(data: bytes, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


SUSPECT = ["=1+1", "+84 912", "-thiếu", "@họp", "\t=1+1", "\r=1+1", " =1+1", "-", '=HYPERLINK("x")']


class SuspectLedger(FakeLedger):
    """The units typed what a spreadsheet program would take for a formula."""

    def values(self, *_quarters: object, **_of: object) -> list[ValueRecord]:
        return [answer("a", "stage", text) for text in SUSPECT]


SUSPECT_LEDGER: Any = SuspectLedger()
