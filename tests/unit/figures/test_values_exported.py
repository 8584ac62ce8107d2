"""Every value as CSV, JSON and Parquet, read back by other libraries."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.core.table import guarded
from reportctl.figures.values import COLUMNS, values_csv, values_json, values_parquet
from tests.making.exported import FORM, LEDGER, Q1, SUSPECT, SUSPECT_LEDGER, UNITS, FakeLedger, answer
from tests.making.machine import Convert


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


def test_text_stays_text_in_csv() -> None:
    records = csv.DictReader(
        io.StringIO(values_csv(SUSPECT_LEDGER, FORM, UNITS, [Q1]).decode("utf-8-sig"), newline="")
    )
    assert [record["value"] for record in records] == [f"'{text}" for text in SUSPECT]


def test_text_is_as_typed_where_nothing_takes_it_for_a_formula() -> None:
    assert [
        record["value"] for record in json.loads(values_json(SUSPECT_LEDGER, FORM, UNITS, [Q1]))
    ] == SUSPECT
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(values_parquet(SUSPECT_LEDGER, FORM, UNITS, [Q1]))).to_pylist()
    assert [line["text"] for line in table] == SUSPECT


@pytest.mark.libreoffice
def test_another_program_reads_text_too(soffice: Convert, tmp_path: Path) -> None:
    (tmp_path / "values.csv").write_bytes(values_csv(SUSPECT_LEDGER, FORM, UNITS, [Q1]))
    (made,) = soffice([tmp_path / "values.csv"], "xlsx", tmp_path / "out")
    sheet = openpyxl.load_workbook(made).worksheets[0]
    values = [sheet.cell(line, 7) for line in range(2, 2 + len(SUSPECT))]
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
