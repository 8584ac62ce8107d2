"""A form with a table through summary, export, report, its evidence and its renewal, by command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from reportctl.word.content import Tag
from tests.making.commands import begin, run
from tests.making.matrix import FIGURES, TOML
from tests.making.word_documents import block, body, docx, inline, lines, p
from tests.making.word_documents import run as text

TAGS = ("table:rooms", "table:rooms.n1", "table:rooms.*.total")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with the figures of two quarters, taken in as history."""
    root = tmp_path / "office"
    begin(root, "2024-Q2")
    (root / "form.toml").write_text(TOML, encoding="utf-8")
    (root / "units.csv").write_text("code,name,kind\na,Trường A,unit\nb,Trường B,unit\n", encoding="utf-8")
    (root / "plan.csv").unlink(missing_ok=True)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["unit", "indicator", "period", "value"])
    for quarter, units in FIGURES.items():
        for unit, values in units.items():
            writer.writerows([unit, code, quarter, value] for code, value in values.items())
    (root / "history.csv").write_text(out.getvalue(), encoding="utf-8")
    assert run("-w", root, "history", root / "history.csv").code == 0
    sentence = p(text("Có "), inline("rooms.n1.total"), text(" phòng, ")) + block("sentences:staff")
    document = docx("".join(block(tag) for tag in TAGS) + sentence)
    (root / "report.docx").write_bytes(document)
    return root


def test_summary_shows_a_table_and_its_parts(office: Path) -> None:
    whole = run("-w", office, "summary", "2024-Q1", "--format", "markdown").out
    assert "Công lập / Xây / Kiên cố" in whole
    assert "| 1 | Phòng | phòng | 42 | 30 | 12 |" in whole
    part = run("-w", office, "summary", "2024-Q1", "--table", "rooms.n1", "--format", "markdown").out
    assert "| 2 | Trường B | 12 | 12 | 0 |" in part
    assert "Giáo viên" not in part
    column = run("-w", office, "summary", "2024-Q1", "--table", "rooms.*.total", "--format", "json").json
    assert [row["row"] for row in column["rows"]] == ["n1", "n1_1", "n2"]
    assert column["lists"] == []
    by_unit = run("-w", office, "summary", "2024-Q1", "--by", "unit", "--table", "rooms", "--format", "json")
    assert [row["values"]["rooms.n1.old"] for row in by_unit.json["rows"]] == [12, 0]
    wrong = run("-w", office, "summary", "2024-Q1", "--table", "rooms.n9")
    assert wrong.code == 2
    assert "rooms.n" in wrong.err


def test_a_row_and_a_column_are_shown_by_unit_and_by_kind(office: Path) -> None:
    def shown(by: str, name: str) -> str:
        return run(
            "-w", office, "summary", "2024-Q1", "--by", by, "--table", name, "--format", "markdown"
        ).out

    assert "| 1 | Phòng · Tổng số | phòng | 42 | 42 |" in shown("kind", "rooms.n1")
    assert "| 3 | Phòng · Công lập / Tạm | phòng | 12 | 12 |" not in shown("kind", "rooms.*.total")
    assert "Diện tích · Tổng số | m² | 150,5 | 150,5 |" in shown("kind", "rooms.*.total")
    by_unit = shown("unit", "rooms.*.total")
    assert "| 1 | Trường A | 30 | 1 | 110,5 |" in by_unit
    assert "| 2 | Trường B | 12 | … | 40 |" in by_unit


@pytest.mark.parametrize("by", ["unit", "kind"])
def test_what_is_left_out_of_a_whole_table_is_said_and_how_it_is_seen(office: Path, by: str) -> None:
    told = ("-w", office, "--lang", "en", "summary", "2024-Q1", "--by", by)
    whole = " ".join(run(*told, "--table", "rooms").out.split())
    assert "Phòng học: only totals and rows of the first level are shown, 5 of 8 figures." in whole
    assert f"reportctl summary 2024-Q1 --by {by} --table rooms.ROW" in whole
    for everything in ("rooms.n1_1", "rooms.*.total"):
        assert "of the first level" not in run(*told, "--table", everything).out


def test_lists_are_not_shown_by_kind_which_is_said(office: Path) -> None:
    told = ("-w", office, "--lang", "en", "summary", "2024-Q1", "--by", "kind")
    everything = run(*told)
    assert everything.code == 0
    sentence = (
        "Not shown by kind of unit: Điểm trường. Their totals: reportctl summary 2024-Q1 --table places"
    )
    assert sentence in " ".join(everything.out.split())
    alone = run(*told, "--table", "places")
    assert (alone.code, alone.out) == (2, "")
    assert sentence in " ".join(alone.err.split())


def test_the_workbook_has_the_table_for_the_province_and_unit_by_unit(office: Path) -> None:
    assert run("-w", office, "export", "2024-Q1").code == 0
    book = openpyxl.load_workbook(office / "output" / "2024-Q1" / "merged.xlsx", data_only=True)
    matrix = book["Phòng học"]
    assert [cell.value for cell in matrix[6]][1:6] == ["Phòng", "phòng", 42, 30, 12]
    by_unit = book["Phòng học - từng đơn vị"]
    assert [[cell.value for cell in row][1:5] for row in by_unit.iter_rows(min_row=7, max_row=9)] == [
        ["Trường A", 30, 18, 12],
        ["Trường B", 12, 12, 0],
        ["Tổng cộng", 42, 30, 12],
    ]
    assert by_unit["C3"].value == "Phòng"


def test_the_report_its_evidence_and_its_renewal(office: Path) -> None:
    said = run("-w", office, "report", "2024-Q1", "--evidence")
    assert said.code == 0, said.err
    path = office / "output" / "2024-Q1" / "report-2024-Q1.docx"
    written = " ".join(lines(body(path.read_bytes()))).replace("\u00a0", " ")
    assert "Có 42 phòng" in written
    assert "Có 02 giáo viên, 42 phòng" in written
    assert run("-w", office, "refresh", "--check", path).code == 0
    book = openpyxl.load_workbook(path.with_name("report-2024-Q1.evidence.xlsx"))
    every = book.worksheets[0].iter_rows(min_row=4, values_only=True)
    figures = [(row[7], *row[1:6]) for row in every if row[3]]
    assert {Tag.parse(str(row[0])).kind for row in figures} >= {"table", "sentences", ""}
    assert (
        "table:rooms",
        "1 Phòng · Công lập / Xây / Kiên cố",
        "30",
        "rooms.n1.solid",
        "2024-Q1",
        2,
    ) in figures
    # The base is of A alone, which has said how many in both quarters.
    before = [row for row in figures if row[:2] == ("table:rooms", "1 Phòng · Kỳ trước")]
    assert before == [("table:rooms", "1 Phòng · Kỳ trước", "20\u00a0(1/2)", "rooms.n1.total", "2023-Q4", 1)]
    assert any(row[:1] == ("table:rooms.n1",) and row[1] == "1 Trường A · Tổng số" for row in figures)


def test_a_tag_of_no_row_is_named_with_the_nearest(office: Path) -> None:
    (office / "report.docx").write_bytes(docx(p(text("{{table:rooms.n1_2}}")) + p(text("{{rooms.n1.sold}}"))))
    said = run("-w", office, "report", "2024-Q1")
    assert said.code == 2
    assert "table:rooms.n1_1" in said.err
    assert "rooms.n1.solid" in said.err


def test_a_tag_of_what_was_renamed_is_named_with_its_new_code(office: Path) -> None:
    toml = (office / "form.toml").read_text(encoding="utf-8")
    toml = toml.replace('code = "old", label', 'code = "temporary", was = "old", label')
    toml = toml.replace("solid + old", "solid + temporary").replace("n2.old", "n2.temporary")
    toml = toml.replace('{ code = "n2", ', '{ code = "area", was = "n2", ').replace("n2.temp", "area.temp")
    (office / "form.toml").write_text(toml, encoding="utf-8")
    typed = "{{rooms.n1.old.year_ago}} {{table:rooms.n2}} {{?rooms.n1.old}}x{{/?}}"
    control = block("table:rooms.*.old")
    (office / "report.docx").write_bytes(docx(p(text(typed)) + control + block("table:rooms")))
    said = run("-w", office, "--lang", "en", "form", "--check")
    assert said.code == 1
    for old, new in (
        ("{{rooms.n1.old.year_ago}}", "rooms.n1.temporary.year_ago"),
        ("{{table:rooms.n2}}", "table:rooms.area"),
        ("{{?rooms.n1.old}}", "rooms.n1.temporary"),
        ("“table:rooms.*.old”", "table:rooms.*.temporary"),
    ):
        (line,) = [one for one in said.out.splitlines() if old in one.partition(" stands ")[0]]
        assert f"(it is called {new} now)" in line
    (office / "report.docx").write_bytes(docx(p(text("{{rooms.n1.old}} {{table:rooms.n2}}"))))
    said = run("-w", office, "--lang", "en", "report", "2024-Q1")
    assert said.code == 2
    assert "{{rooms.n1.old}} (it is called rooms.n1.temporary now)" in said.err
    assert "{{table:rooms.n2}} (it is called table:rooms.area now)" in said.err
    said = run("-w", office, "--lang", "en", "summary", "2024-Q1", "--table", "rooms.*.old")
    assert "rooms.*.temporary" in said.err


def test_the_form_and_its_tags_show_tables(office: Path) -> None:
    shown = run("-w", office, "form", "--format", "json").json
    (rooms,) = shown["tables"]
    assert [row["code"] or row["caption"] for row in rooms["rows"]] == ["n1", "Trong đó:", "n1_1", "n2"]
    assert [(column["code"], column["under"], column["is"]) for column in rooms["columns"]][1::2] == [
        ("solid", ["Công lập", "Xây"], "value"),
        ("before", [], "previous"),
        ("said", [], "given"),
    ]
    assert {"code": "rooms.n1.total", "parts": [{"sign": 1, "code": "rooms.n1_1.total"}]} in rooms["sums"]
    cells = {(cell["row"], cell["column"]): cell for cell in rooms["cells"]}
    assert ("n2", "old") not in cells
    assert cells["n2", "solid"]["type"] == "number"
    assert shown["lists"][0]["columns"][1] | {"label": ""} == {
        "code": "pupils", "label": "", "under": ["Học sinh"], "unit_of_measure": "", "type": "count",
        "required": True, "choices": [], "over_units": "sum",
    }  # fmt: skip
    printed = run("-w", office, "form", "--format", "markdown").out
    assert "rooms.n1\\_1" in printed
    assert "= n1\\_1" in printed
    tags = json.loads(run("-w", office, "form", "--tags", "2024-Q1", "--format", "json").out)["tags"]
    says = {tag["tag"]: tag["says"] for tag in tags}
    assert says["rooms.n1.total"] == "42"
    assert "table:rooms.*.old" in says


def test_form_check_knows_the_tags_of_tables(office: Path) -> None:
    """Of a table, a row, a column and a cell; a table that is nowhere is named with the tag to paste."""
    said = run("-w", office, "--lang", "en", "form", "--check")
    assert said.code == 0, said.out
    assert "not known" not in said.out
    assert "{{table:rooms}}" not in said.out
    (office / "report.docx").write_bytes(docx(p(text("{{rooms.n1.total}}"))))
    assert "{{table:rooms}}" not in run("-w", office, "form", "--check").out
    (office / "report.docx").write_bytes(docx(p(text("{{table:rooms.n9}}")) + p(text("{{ref:table:rooms}}"))))
    said = run("-w", office, "--lang", "en", "form", "--check")
    assert said.code == 1
    assert "{{table:rooms.n9}} is not known (near it: table:rooms.n" in said.out
    (office / "report.docx").write_bytes(docx(p(text("{{ref:table:rooms}}"))))
    said = run("-w", office, "--lang", "en", "form", "--check")
    assert "    {{table:rooms}}" in said.out


def test_the_form_says_by_what_its_rules_are_judged(office: Path) -> None:
    rules = """
[[rules]]
code = "near"
check = "rooms.n1.total = rooms.n1.solid"
tolerance = 0.5
missing = "zero"
message = "Khác nhau."

[[rules]]
code = "exact"
check = "teachers > 0"
severity = "warning"
missing = "error"
message = "Phải có."

[[rules]]
code = "plain"
check = "teachers >= 0"
message = "Không âm."
"""
    (office / "form.toml").write_text(TOML + rules, encoding="utf-8")
    shown = run("-w", office, "form", "--format", "json").json["rules"]
    assert [(one["code"], one["tolerance"], one["missing"]) for one in shown] == [
        ("near", 0.5, "zero"), ("exact", 0, "error"), ("plain", 0, "skip"),
    ]  # fmt: skip
    printed = run("--lang", "vi", "-w", office, "form", "--format", "csv").out
    remarks = {row[0]: row[-1] for row in csv.reader(io.StringIO(printed))}
    assert remarks["near"] == "lỗi; cho phép lệch 0,5; ô trống tính là 0"
    assert remarks["exact"] == "cảnh báo; ô trống là sai quy tắc"
    assert remarks["plain"] == "lỗi"


WIDE = """
id = "wide"
title = "Biểu lớn"
kinds = [ { code = "unit", title = "Đơn vị" } ]

[[tables]]
code = "pupils"
title = "Học sinh các cấp học"
columns = [ COLUMNS ]
rows = [ ROWS ]

[[tables]]
code = "classes"
title = "Học sinh các cấp"
columns = [ { code = "all", label = "Tổng số" } ]
rows = [ { code = "n1", label = "Lớp" } ]
"""


@pytest.mark.parametrize(("columns", "sheets"), [(4, "whole"), (5, "both"), (49, "unprinted")])
def test_a_table_by_unit_that_is_too_wide_is_printed_in_its_totals(
    tmp_path: Path, columns: int, sheets: str
) -> None:
    root = tmp_path / "office"
    begin(root, "2024-Q2")
    named = ", ".join(f'{{ code = "c{n}", label = "Cột {n}" }}' for n in range(columns))
    rows = ['{ code = "n1", label = "Cộng", level = 1 }']
    rows += [f'{{ code = "n1_{n}", label = "Dòng {n}", level = 2 }}' for n in range(9)]
    form = WIDE.replace("COLUMNS", named).replace("ROWS", ", ".join(rows))
    (root / "form.toml").write_text(form, encoding="utf-8")
    (root / "units.csv").write_text("code,name,kind\na,Trường A,unit\nb,Trường B,unit\n", encoding="utf-8")
    (root / "plan.csv").unlink(missing_ok=True)
    (root / "history.csv").write_text(
        "unit,indicator,period,value\na,pupils.n1.c0,2024-Q1,7\na,classes.n1.all,2024-Q1,3\n",
        encoding="utf-8",
    )
    assert run("-w", root, "history", root / "history.csv").code == 0
    assert run("-w", root, "export", "2024-Q1", "--to", "xlsx").code == 0
    (path,) = root.rglob("output/2024-Q1/*.xlsx")
    book = openpyxl.load_workbook(path)
    printed = {sheet.title: sheet.print_area.partition("!")[2] for sheet in book}
    whole, top = "Học sinh các cấp - từng đơn vị", "Học sinh các - tổng từng đơn vị"
    assert book[whole].max_column == 2 + 10 * columns  # all of it is there to be looked up
    assert (printed[whole].endswith("$2")) is (sheets != "whole")  # only the title and a line below it
    assert (top in printed) is (sheets == "both")
    if sheets == "both":
        assert printed[top].startswith("$A$1:$G$")
        assert [cell.value for cell in book[top][3]][2:7] == ["Cộng", None, None, None, None]
    # Another table, whose name is cut alike, is printed all the same.
    (other,) = (name for name in printed if name.endswith("(2)"))
    assert printed[other].startswith("$A$1:$C$")
    assert not printed[other].endswith("$2")
