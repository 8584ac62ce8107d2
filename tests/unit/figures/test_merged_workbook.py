"""Workbooks and long data, read back by other libraries."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from reportctl.core import language
from reportctl.core.period import Quarter
from reportctl.core.table import NOT_APPLICABLE, CellFormat, Column, Role, Row, Table, guarded
from reportctl.figures import merged_workbook as export
from reportctl.figures.merged_workbook import merged_workbook
from reportctl.figures.values import COLUMNS, values_csv, values_json, values_parquet
from reportctl.form.model import Form
from reportctl.form.submission import AnswerState
from reportctl.ledger.rows import ListRecord, LongRow, ValueRecord
from reportctl.render.sheets import workbook
from reportctl.workspace.units import Unit
from tests.making.machine import Convert

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


def test_totals_are_formulas_with_their_values() -> None:
    data = workbook([("x", totals_table())])
    formulas, values = opened(data)["x"], opened(data, values=True)["x"]
    assert [formulas[cell].value for cell in ("C7", "C10", "D7", "D10")] == [
        "=SUM(C5:C6)",
        "=SUM(C5:C6,C9:C9)",
        "=SUM(D5:D6)",
        "=SUM(D5:D6,D9:D9)",
    ]
    assert [values[cell].value for cell in ("C7", "C10", "D7", "D10")] == [1200, 1230, 0.3, 0.3]
    assert formulas["E10"].value == 0.75  # shares are not added up
    assert [values[f"F{line}"].value for line in (5, 6, 7)] == ["Yes", "No", 1]


def test_numbers_are_numbers_with_formats() -> None:
    sheet = opened(workbook([("x", totals_table())]))["x"]
    assert (sheet["C5"].value, sheet["C5"].number_format) == (1200, "#,##0")
    assert (sheet["D5"].value, sheet["D5"].number_format) == (0.1, "#,##0.0#")
    assert (sheet["E5"].value, sheet["E5"].number_format) == (0.5, "0.0%")
    assert sheet["E6"].value == "…"
    assert sheet["B5"].value == "=Huyện A"
    assert sheet["B5"].data_type == "s"  # text, whatever it begins with


def test_points_are_numbers_with_their_measure() -> None:
    table = Table(
        "t",
        "t",
        (Column("label", "label"), Column("c", "c", CellFormat.CHANGE)),
        (Row(("Tỷ lệ", 0.021), kind=CellFormat.PERCENT), Row(("Tin", 0.021))),
    )
    with language.speaking("vi"):
        sheet = opened(workbook([("t", table)]))["t"]
    measure = '" điểm\u00a0%"'
    assert sheet["B4"].value == 2.1
    assert sheet["B4"].number_format == f"+0.0{measure};-0.0{measure};0.0{measure}"
    assert (sheet["B5"].value, sheet["B5"].number_format) == (0.021, "+0.0%;-0.0%;0.0%")


def test_a_page_is_not_printed_small_for_long_texts() -> None:
    text = "vanphong@huyen.example, Văn phòng, 0912 345 678, tầng 2"
    table = Table(
        "t", "t", tuple(Column(f"c{n}", f"c{n}", CellFormat.TEXT) for n in range(5)), (Row((text,) * 5),)
    )
    sheet = opened(workbook([("t", table)]))["t"]
    groups = sheet.column_dimensions.values()
    widths = [group.width for group in groups for _column in range(group.min, group.max + 1)]
    assert sum(widths) <= 155
    assert min(widths) > 20
    assert sheet.row_dimensions[4].height > 30  # they wrap


def test_an_empty_cell_is_empty() -> None:
    table = Table("t", "t", (Column("a", "a"), Column("b", "b")), (Row(("x", "")),))
    cell = opened(workbook([("t", table)]))["t"]["B4"]
    assert (cell.value, cell.border.left.style) == (None, "thin")


@pytest.mark.libreoffice
def test_a_total_of_yes_and_no_stays_when_it_is_calculated_again(soffice: Convert, tmp_path: Path) -> None:
    table = Table(
        "unit:x",
        "X",
        (Column("unit", "Unit"), Column("plan", "Plan", CellFormat.FIGURE)),
        (
            *(Row(cells, kind=CellFormat.YES_NO) for cells in (("A", 1), ("B", 0), ("C", 1))),
            Row(("Total", 2), Role.TOTAL),
        ),
    )
    path = tmp_path / "x.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(workbook([("X", table)])))
    book.save(path)  # without the stored values, so that the other program works them out
    (saved,) = soffice([path], "xlsx", tmp_path / "out")
    sheet = openpyxl.load_workbook(saved, data_only=True)["X"]
    assert [row[1] for row in sheet.iter_rows(values_only=True) if row[0] in ("A", "B", "C", "Total")] == [
        "Yes", "No", "Yes", 2,
    ]  # fmt: skip


def test_each_groups_total_is_its_own() -> None:
    rows = [Row((1,)), Row((2,)), Row((3,), Role.TOTAL), Row((4,)), Row((5,)), Row((9,), Role.TOTAL)]
    table = Table("t", "t", (Column("n", "n", CellFormat.COUNT),), (*rows, Row((12,), Role.TOTAL)))
    sheet = opened(workbook([("t", table)]))["t"]
    assert [sheet[f"A{line}"].value for line in (6, 9, 10)] == [
        "=SUM(A4:A5)",
        "=SUM(A7:A8)",
        "=SUM(A4:A5,A7:A8)",
    ]


def test_a_total_that_is_no_sum_of_what_stands_above_is_a_value() -> None:
    table = Table(
        "t", "t", (Column("n", "n", CellFormat.COUNT),), (Row((1,)), Row((2,)), Row((5,), Role.TOTAL))
    )
    assert opened(workbook([("t", table)]))["t"]["A6"].value == 5


def test_sheets_can_be_printed() -> None:
    sheet = opened(workbook([("x", totals_table())]))["x"]
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert int(sheet.page_setup.fitToHeight) == 0  # as many pages down as there are
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "C4"
    assert sheet["A1"].value == "Công tác, quý I năm 2024"
    assert sheet["A12"].value == "Chưa có báo cáo: Huyện C."


def test_names_of_sheets_are_possible_and_different() -> None:
    table = totals_table()
    wanted = ("A/B", "a b", "", "x" * 40, "x" * 40)
    names = opened(workbook([(name, table) for name in wanted])).sheetnames
    assert names == ["A B", "a b (2)", "-", "x" * 31, "x" * 27 + " (2)"]


def test_the_same_input_makes_the_same_file() -> None:
    first, second = (workbook([("x", totals_table())]) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert "2000-01-01T00:00:00Z" in package.read("docProps/core.xml").decode()


# ---- the merged workbook


def merged() -> openpyxl.Workbook:
    return opened(merged_workbook([totals_table()], FORM, UNITS, LEDGER, Q1))


def rows(sheet: Worksheet) -> list[list[Any]]:
    return [
        [cell for cell in line if cell is not None] for line in sheet.iter_rows(min_row=3, values_only=True)
    ]


def test_the_merged_workbook_has_texts_lists_and_data() -> None:
    book = merged()
    assert book.sheetnames == ["Công tác  chỉ đạo   hướng dẫn", "Texts", "Danh mục hội nghị", "Data"]
    texts = rows(book["Texts"])
    assert texts[1] == ["", "Khó khăn"]
    assert texts[2] == [1, "Huyện A", "2024-Q1", '-thiếu người;\n"kinh phí"']
    assert len(texts) == 3  # nothing from b
    assert rows(book["Danh mục hội nghị"]) == [
        ["No.", "Unit", "Period", "Ngày", "Tên", "Số người (người)"],
        [1, "Huyện A", "2024-Q1", dt.datetime(2024, 2, 5), "@họp", 120],
    ]
    data = rows(book["Data"])
    assert data[0][:8] == ["period", "unit", "unit_name", "section", "code", "label", "value", "state"]
    assert data[1][:10] == [
        "2024-Q1",
        "a",
        "Huyện A",
        "work",
        "meetings",
        "Cuộc họp",
        1200,
        "value",
        "x",
        "1.200",
    ]
    assert book["Data"]["G6"].value == '-thiếu người;\n"kinh phí"'
    assert book["Data"]["G7"].value == "n/a"


def test_long_data_is_left_to_the_csv_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "DATA_ROWS", 4)
    book = merged()
    assert "Data" not in book.sheetnames
    assert book.worksheets[0]["A13"].value == "Every single value stands in values.csv."


# ---- long data


def test_csv() -> None:
    data = values_csv(LEDGER, FORM, UNITS, [Q1])
    assert data.startswith(
        b"\xef\xbb\xbfperiod,unit,unit_name,section,code,label,value,state,estimate,raw,file,"
    )
    records = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert records[0] == {
        "period": "2024-Q1", "unit": "a", "unit_name": "Huyện A", "section": "work", "code": "meetings",
        "label": "Cuộc họp", "value": "1200", "state": "value", "estimate": "x", "raw": "1.200",
        "file": "a.xlsx", "sheet": "Số liệu", "cell": "F7", "sha256": "a" * 64,
    }  # fmt: skip
    assert records[1]["value"] == "'=1+1"
    assert records[2]["value"] == '\'-thiếu người;\n"kinh phí"'
    assert (records[3]["value"], records[3]["state"]) == ("", "not_applicable")
    assert (records[4]["value"], records[4]["state"]) == ("", "missing")


def test_negative_numbers_have_no_apostrophe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeLedger, "values", lambda *_a, **_k: [answer("a", "meetings", -2.5, "-2,5")])
    (record,) = csv.DictReader(io.StringIO(values_csv(LEDGER, FORM, UNITS, [Q1]).decode("utf-8-sig")))
    assert (record["value"], record["raw"]) == ("-2.5", "'-2,5")


SUSPECT = ["=1+1", "+84 912", "-thiếu", "@họp", "\t=1+1", "\r=1+1", " =1+1", "-", '=HYPERLINK("x")']


@pytest.fixture
def suspect(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The units type what a spreadsheet program would take for a formula."""
    records = [answer("a", "stage", text) for text in SUSPECT]
    monkeypatch.setattr(FakeLedger, "values", lambda *_a, **_k: records)
    return SUSPECT


def test_text_stays_text_in_a_workbook(suspect: list[str]) -> None:
    sheet = opened(merged_workbook([], FORM, UNITS, LEDGER, Q1))["Data"]
    cells = [sheet.cell(line, 7) for line in range(4, 4 + len(suspect))]
    assert [unescape(cell.value) for cell in cells] == suspect
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)  # it stays so when somebody opens the cell and closes it
    assert not any(sheet.cell(line, 2).quotePrefix for line in range(4, 6))


def test_text_stays_text_in_csv(suspect: list[str]) -> None:
    records = csv.DictReader(
        io.StringIO(values_csv(LEDGER, FORM, UNITS, [Q1]).decode("utf-8-sig"), newline="")
    )
    assert [record["value"] for record in records] == [f"'{text}" for text in suspect]


def test_text_is_as_typed_where_nothing_takes_it_for_a_formula(suspect: list[str]) -> None:
    assert [record["value"] for record in json.loads(values_json(LEDGER, FORM, UNITS, [Q1]))] == suspect
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(values_parquet(LEDGER, FORM, UNITS, [Q1]))).to_pylist()
    assert [line["text"] for line in table] == suspect


@pytest.mark.libreoffice
def test_another_program_reads_text_too(suspect: list[str], soffice: Convert, tmp_path: Path) -> None:
    (tmp_path / "values.csv").write_bytes(values_csv(LEDGER, FORM, UNITS, [Q1]))
    (made,) = soffice([tmp_path / "values.csv"], "xlsx", tmp_path / "out")
    sheet = openpyxl.load_workbook(made).worksheets[0]
    values = [sheet.cell(line, 7) for line in range(2, 2 + len(suspect))]
    assert {cell.data_type for cell in values} <= {"s", "inlineStr"}


def test_json() -> None:
    first, *_rest, last = json.loads(values_json(LEDGER, FORM, UNITS, [Q1]))
    assert (first["value"], first["estimate"], first["code"]) == (1200, True, "meetings")
    assert (last["value"], last["state"], last["estimate"]) == (None, "missing", False)


def test_parquet() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(values_parquet(LEDGER, FORM, UNITS, [Q1]))).to_pylist()
    assert [line["value"] for line in table] == [1200, None, None, None, None]
    assert [line["text"] for line in table[:2]] == [None, "=1+1"]


def test_vietnamese_names_of_sheets_are_not_cut_in_the_middle_of_a_letter() -> None:
    language.use("vi")
    (name,) = opened(workbook([("Đề nghị, kiến nghị và nhiệm vụ quý sau", totals_table())])).sheetnames
    assert name == "Đề nghị, kiến nghị và nhiệm vụ"


@given(st.lists(st.one_of(st.none(), st.text(), st.integers(), st.floats(allow_nan=False)), max_size=8))
def test_csv_is_written_as_the_standard_library_writes_it(values: list[int | float | str | None]) -> None:
    answers = [answer("a", "stage", value) for value in values]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in answers:
        said = guarded(one.value) if isinstance(one.value, str) else one.value
        place = "a.xlsx", "Số liệu", "F7", "a" * 64
        asked = "2024-Q1", "a", "Huyện A", "work", "stage", "Bước"
        writer.writerow([*asked, said, one.state.value, "", guarded(one.raw), *place])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeLedger, "values", lambda *_a, **_k: answers)
        assert values_csv(LEDGER, FORM, UNITS, [Q1]) == out.getvalue().encode("utf-8-sig")


@given(st.lists(st.one_of(st.none(), st.text(), st.integers(), st.floats(allow_nan=False)), max_size=8))
def test_json_is_written_as_the_standard_library_writes_it(values: list[int | float | str | None]) -> None:
    answers = [answer("a", "stage", value, estimate=bool(value)) for value in values]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeLedger, "values", lambda *_a, **_k: answers)
        data = values_json(LEDGER, FORM, UNITS, [Q1])
    records = json.loads(data)
    assert [record["value"] for record in records] == values
    assert all(type(record["value"]) is type(value) for record, value in zip(records, values, strict=True))
    assert json.dumps(records, ensure_ascii=False, indent=1).encode() == data
