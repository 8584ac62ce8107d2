"""A quarter from the outside: the sample through the commands, against what its cells hold."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import json
import re
import shutil
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from reportctl.core.period import parse_quarter
from reportctl.form.form_file import load_form
from reportctl.workspace.units_file import load_roster
from tests.making import sample
from tests.making.commands import Run
from tools.filling import answers

KINDS = frozenset({"district", "commune", "department", "press"})
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def demo() -> Path:
    """The sample after `reportctl demo`; not to be changed."""
    return sample.demo()


@pytest.fixture
def workspace(demo: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(demo, tmp_path / "workspace"))


@functools.cache
def opened(path: Path) -> openpyxl.Workbook:
    """A workbook of the sample, which no test changes."""
    return openpyxl.load_workbook(path, data_only=True)


def cells_of(path: Path, *names: str) -> dict[str, Any]:
    """What stands in the cells with these defined names, read by openpyxl."""
    book = opened(path)
    found = {}
    for name in names:
        sheet, cell = next(iter(book.defined_names[name].destinations))
        found[name] = book[sheet][cell.replace("$", "")].value
    return found


def typed_in(demo: Path, quarter: str, *names: str) -> dict[str, dict[str, Any]]:
    """What each unit that sent something typed in these cells: of an .xlsx (the later of two) as openpyxl
    reads it, of a file in another format what was typed when the sample was made."""
    inbox = demo / "inbox" / quarter
    form = load_form(demo / "form.toml")
    units = {unit.code: unit for unit in load_roster(demo / "units.csv", KINDS).units}
    found = {}
    for path in sorted(path for path in inbox.rglob("*") if path.is_file()):
        code = path.name[:3]
        if path.suffix == ".xlsx":
            found[code] = cells_of(path, *names)
        else:
            values = answers(form, units[code], parse_quarter(quarter)).values
            found[code] = {name: values[name] for name in names}
    return found


# ---- the sample


def test_the_summary_is_the_sum_of_the_cells(run: Run, demo: Path) -> None:
    said = run("-w", demo, "summary", "2024-Q1", "--format", "json")
    assert said.code == 0
    rows = {row["code"]: row for row in said.json["rows"]}
    assert said.json["units"] == {"expected": 20, "accepted": 18, "missing": ["007", "S05"]}
    cells = typed_in(demo, "2024-Q1", "documents_issued", "budget_spent", "budget_planned")
    del cells["007"]
    assert len(cells) == 18
    for code in ("documents_issued", "budget_spent"):
        assert rows[code]["value"] == pytest.approx(sum(found[code] for found in cells.values()))
    share = sum(c["budget_spent"] for c in cells.values()) / sum(c["budget_planned"] for c in cells.values())
    assert rows["budget_share"]["value"] == pytest.approx(share)


@pytest.mark.slow
def test_changes_are_over_the_units_of_both_periods(run: Run, demo: Path) -> None:
    row = next(
        row
        for row in run("-w", demo, "summary", "--format", "json").json["rows"]
        if row["code"] == "documents_issued"
    )

    def figures(quarter: str) -> dict[str, int]:
        found = typed_in(demo, quarter, "documents_issued")
        return {code: int(str(cells["documents_issued"]).split()[0]) for code, cells in found.items()}

    now, then = figures("2024-Q1"), figures("2023-Q1")
    both = [code for code in then if code not in ("007", "S05")]
    assert row["comparable"] == len(both) == 18
    assert row["change_year_ago"] == pytest.approx(sum(now[c] for c in both) / sum(then[c] for c in both) - 1)
    assert row["year_ago"] == sum(then.values())


def test_a_figure_is_traced_to_its_cells(run: Run, demo: Path) -> None:
    traced = run("-w", demo, "trace", "documents_issued", "--format", "json").json
    assert traced["value"] == sum(part["value"] for part in traced["parts"])
    part = traced["parts"][0]
    path = demo / "inbox" / "2024-Q1" / part["file"]
    assert openpyxl.load_workbook(path)[part["sheet"]][part["cell"]].value == part["value"]
    assert {
        "period",
        "unit",
        "value",
        "raw",
        "file",
        "sheet",
        "cell",
        "sha256",
        "received",
        "by",
    } <= part.keys()
    assert [
        p["unit"]
        for p in run("-w", demo, "trace", "press_total", "--unit", "002", "--format", "json").json["parts"]
    ] == ["002"]


def test_status_counts_every_unit_once(run: Run, demo: Path) -> None:
    said = run("-w", demo, "status", "--format", "json").json
    assert (said["expected"], said["received"], said["missing"], said["rejected"]) == (20, 19, 1, 1)
    assert said["accepted"] + said["warned"] == 18
    states = {unit["unit"]: unit for unit in said["units"]}
    assert states["S05"]["state"] == "missing"
    assert states["007"]["state"] == "rejected"
    assert states["010"]["late"]
    assert states["004"]["received"] == "2024-03-15"
    assert states["001"]["filled"] <= states["001"]["of"]


def test_validate_shows_the_mistakes_of_the_sample(run: Run, demo: Path) -> None:
    said = run("-w", demo, "validate", "--format", "json")
    assert said.code == 1
    assert {file["verdict"] for file in said.json["files"] if file["unit"] == "007"} == {"rejected"}
    found = {(f["code"], f["indicator"]) for f in said.json["findings"] if f["unit"] == "007"}
    assert {
        ("rule_broken", "press_total"),
        ("unit_in_cell", "documents_issued"),
        ("approximate", "talk_attendance"),
        ("required_missing", "bulletins_issued"),
    } <= found
    for finding in said.json["findings"]:
        if finding["indicator"]:
            assert finding["cell"]
            assert finding["sheet"]
            assert finding["hint"]


def report_text(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return "\n".join("".join(p.itertext(f"{W}t")) for p in root.iter(f"{W}p")).replace("\u00a0", " ")


def test_the_report_says_what_the_summary_says(run: Run, demo: Path) -> None:
    rows = {row["code"]: row for row in run("-w", demo, "summary", "--format", "json").json["rows"]}
    text = report_text(demo / "output" / "2024-Q1" / "report-2024-Q1.docx")
    said = f"{rows['documents_issued']['value']:,}".replace(",", ".")
    assert f"Các đơn vị đã ban hành {said} văn bản chỉ đạo, hướng dẫn" in text
    assert (
        "Đã tổng hợp báo cáo của 18/20 đơn vị (90%). Chưa có số liệu của: Huyện Hòa Lương, Tỉnh đoàn An Lạc."
        in text
    )
    assert "Kết quả hoạt động quý I và nhiệm vụ trọng tâm quý II năm 2024" in text
    assert "[" not in text.split("Phụ lục I")[0]  # no placeholder is left


def test_report_tables_hold_the_figures(run: Run, demo: Path) -> None:
    rows = {
        row["label"]: row
        for row in run("-w", demo, "--lang", "vi", "summary", "--format", "json").json["rows"]
    }
    with zipfile.ZipFile(demo / "output" / "2024-Q1" / "report-2024-Q1.docx") as package:
        root = etree.fromstring(package.read("word/document.xml"))
    seen = 0
    for line in root.iter(f"{W}tr"):
        texts = ["".join(cell.itertext(f"{W}t")).strip() for cell in line.iter(f"{W}tc")]
        row = rows.get(texts[1].removesuffix(" (*)")) if len(texts) > 6 else None
        if row and row["unit_of_measure"] not in ("%", "giờ", "triệu đồng"):
            # What was reported is what was compared, so the value needs no other beside it.
            assert row["value"] == row["value_year_ago"] == row["value_previous"]
            figures = [
                f"{row[key]:,}".replace(",", ".") for key in ("base_year_ago", "base_previous", "value")
            ]
            assert texts[3:6] == figures
            seen += 1
    assert seen > 40  # once, in the annex


def test_every_printed_change_follows_from_what_stands_beside_it(demo: Path) -> None:
    """By pocket calculator, from the words in the report alone."""
    with zipfile.ZipFile(demo / "output" / "2024-Q1" / "report-2024-Q1.docx") as package:
        root = etree.fromstring(package.read("word/document.xml"))
    seen = 0
    for table in root.iter(f"{W}tbl"):
        lines = [
            ["".join(cell.itertext(f"{W}t")).strip() for cell in line.iter(f"{W}tc")]
            for line in table.iter(f"{W}tr")
        ]
        head = {title: n for n, title in enumerate(lines[0])}
        for base, change in (("Cùng kỳ", "+/- cùng kỳ"), ("Quý trước", "+/- quý trước")):
            if change not in head:
                continue
            for cells in lines[1:]:
                if len(cells) != len(head) or not cells[head[change]].endswith("%"):
                    continue
                if cells[head["Quý này"]].endswith("%"):  # percentages are compared by points
                    continue
                now, before = (
                    Decimal(cells[head[column]].replace(".", "").replace(",", "."))
                    for column in ("Quý này", base)
                )
                shown = Decimal(re.sub("[+%.]", "", cells[head[change]].replace("−", "-")).replace(",", "."))
                # A mean is itself printed to two decimals, so its change may differ by what that takes.
                now_off, before_off = (
                    Decimal("0.005") if number % 1 and number.as_tuple().exponent == -2 else Decimal(0)
                    for number in (now, before)
                )
                least = (now - now_off) * 100 / (before + before_off) - 100
                most = (now + now_off) * 100 / (before - before_off) - 100
                rounded = [end.quantize(Decimal("0.1"), ROUND_HALF_UP) for end in (least, most)]
                assert rounded[0] <= shown <= rounded[1], cells
                seen += 1
    assert seen > 85


def test_merging_again_changes_nothing(run: Run, workspace: Path) -> None:
    files = ("decisions.csv", "output/2024-Q1/merged.xlsx", "output/2024-Q1/values.csv")
    before = {name: (workspace / name).read_bytes() for name in files}
    assert run("-w", workspace, "merge", "2024-Q1").code == 1
    assert {name: (workspace / name).read_bytes() for name in files} == before
    assert not list((workspace / "output" / "2024-Q1").glob("* (2)*"))


@pytest.mark.slow
def test_the_ledger_can_be_deleted(run: Run, workspace: Path) -> None:
    before = run("-w", workspace, "summary", "--format", "json").out
    (workspace / "reportctl.db").unlink()
    shutil.rmtree(workspace / "inbox")  # the archive alone is enough
    run("-w", workspace, "merge", "2024-Q1", "--no-workbook")
    assert run("-w", workspace, "summary", "2024-Q1", "--format", "json").out == before


def test_a_report_that_somebody_edited_stays(run: Run, workspace: Path) -> None:
    path = workspace / "output" / "2024-Q1" / "report-2024-Q1.docx"
    path.write_bytes(path.read_bytes() + b"edited")
    said = run("-w", workspace, "report")
    assert said.code == 0
    assert "report-2024-Q1 (2).docx" in said.out
    assert "was changed by somebody and stays" in said.err
    assert path.read_bytes().endswith(b"edited")


def test_where_the_quarter_stands(run: Run, workspace: Path) -> None:
    said = run("-w", workspace)
    assert said.code == 0
    assert "18 accepted" in said.out
    shutil.copyfile(
        next((workspace / "inbox" / "2023-Q4").rglob("S05*.xlsx")), workspace / "inbox" / "2024-Q1" / "x.xlsx"
    )
    assert "not merged yet: reportctl merge 2024-Q1" in run("-w", workspace).out


def test_a_file_that_changes_after_the_merge_is_not_merged_yet(run: Run, workspace: Path) -> None:
    inbox = workspace / "inbox" / "2024-Q1"
    first, second = sorted(path for path in inbox.rglob("*.xlsx") if not path.name.startswith("~"))[:2]
    first.touch()  # it is still the same
    assert "not merged yet" not in run("-w", workspace).out
    with second.open("ab") as file:
        file.write(b" ")
    assert "1 file in the inbox is not merged yet" in run("-w", workspace).out


def test_values_csv_renewed_after_a_change_is_what_is_exported_anew(run: Run, workspace: Path) -> None:
    values = workspace / "output" / "2024-Q1" / "values.csv"
    before = values.read_bytes()
    inbox = workspace / "inbox" / "2024-Q1"
    changed = sorted(path for path in inbox.rglob("*.xlsx") if not path.name.startswith("~"))[1]
    book = openpyxl.load_workbook(changed)
    cell = next(iter(book.defined_names["documents_issued"].destinations))
    book[cell[0]][cell[1].replace("$", "")].value = 4321
    book.properties.modified = dt.datetime(2024, 3, 31, 23, 59)
    book.save(changed)
    run("-w", workspace, "merge", "2024-Q1", "--no-workbook")
    renewed = values.read_bytes()
    assert b",4321,value," in renewed
    assert len(set(renewed.splitlines()) - set(before.splitlines())) < 80  # other units' rows are the same
    run("-w", workspace, "export", "2024-Q1", "--to", "csv", "--out", workspace / "anew.csv")
    assert (workspace / "anew.csv").read_bytes() == renewed


@pytest.mark.parametrize("by", ["indicator", "unit", "kind"])
@pytest.mark.parametrize("shape", ["table", "json", "csv", "markdown"])
def test_every_view_in_every_format(run: Run, demo: Path, by: str, shape: str) -> None:
    said = run("-w", demo, "summary", "--by", by, "--section", "press", "--format", shape)
    assert said.code == 0
    assert said.out.strip()
    if shape == "json":
        assert said.json["period"] == "2024-Q1"
    if shape == "csv":
        rows = list(csv.DictReader(said.out.splitlines()))
        name = {"indicator": "code", "unit": "unit", "kind": "kind"}[by]
        keys = {row[name] for row in rows}
        assert {"indicator": "press_total", "unit": "001", "kind": "press"}[by] in keys


@pytest.mark.slow
def test_spans_are_summed(run: Run, demo: Path) -> None:
    def value(period: str) -> int:
        rows = run("-w", demo, "summary", period, "--format", "json").json["rows"]
        return next(int(row["value"]) for row in rows if row["code"] == "documents_issued")

    quarters = [value(f"2023-Q{n}") for n in range(1, 5)]
    assert value("2023-H1") == sum(quarters[:2])
    assert value("2023-9M") == sum(quarters[:3])
    assert value("2023") == sum(quarters)


# ---- a new workspace


def test_from_init_to_templates(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "Báo cáo “quý”"
    assert run("init", folder, "--period", "quý II/2024").code == 0
    assert 'current = "2024-Q2"' in (folder / "reportctl.toml").read_text(encoding="utf-8")
    said = run("-w", folder, "template", "--unit", "001", "--unit", "B01")
    assert said.code == 0
    names = sorted(path.name for path in (folder / "outbox" / "2024-Q2").iterdir())
    assert names == [
        "001 Phuong Lac Thanh.xlsx",
        "B01 Bao va Phat thanh, truyen hinh An Lac.xlsx",
    ]
    again = run("init", folder)
    assert again.code == 2
    assert "holds a workspace already" in again.err
    assert run("-w", folder, "form", "--check").code == 0
    form = run("-w", folder, "form", "--format", "json").json
    assert len(form["sections"]) == 8
    assert "reportctl template 2024-Q2" in run("-w", folder).out


def test_previous_figures_stand_in_the_next_quarters_templates(run: Run, workspace: Path) -> None:
    assert run("-w", workspace, "template", "2024-Q2", "--unit", "001").code == 0
    path = next((workspace / "outbox" / "2024-Q2").glob("001*.xlsx"))
    was = cells_of(next((workspace / "inbox" / "2024-Q1").rglob("001*.xlsx")), "documents_issued")
    sheet = openpyxl.load_workbook(path)["Số liệu"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "documents_issued")
    assert row[4] == was["documents_issued"]


# ---- decisions


def test_a_figure_told_by_telephone(run: Run, workspace: Path) -> None:
    said = run("-w", workspace, "correct", "001", "documents_issued", "99", "--why", "rung up on 15/3")
    assert "is now 99" in said.out
    part = run("-w", workspace, "trace", "documents_issued", "--unit", "001", "--format", "json").json[
        "parts"
    ][0]
    assert (part["value"], part["by"], part["raw"]) == (99, "correction", "99")
    assert "rung up on 15/3" in (workspace / "decisions.csv").read_text(encoding="utf-8-sig")


def test_a_report_accepted_in_spite_of_its_errors(run: Run, workspace: Path) -> None:
    assert run("-w", workspace, "accept", "007", "--why", "agreed").out.startswith("Accepted")
    status = run("-w", workspace, "status", "--format", "json").json
    assert {unit["unit"]: unit["state"] for unit in status["units"]}["007"] == "warned"
    assert status["rejected"] == 0


@pytest.mark.slow
def test_a_closed_quarter_keeps_its_figures(run: Run, workspace: Path) -> None:
    before = run("-w", workspace, "summary", "--format", "json").out
    assert run("-w", workspace, "close").code == 1  # an earlier file of a unit still has errors
    late = workspace / "inbox" / "2024-Q1" / "2024-04-02" / "001 late.xlsx"
    late.parent.mkdir()
    another = next((workspace / "inbox" / "2024-Q1").rglob("001 T*.xlsx"))
    book = openpyxl.load_workbook(another)
    book["Số liệu"]["F8"] = 4711
    book.save(late)
    assert "1 new file was kept as late" in run("-w", workspace, "merge", "--no-workbook").err
    assert run("-w", workspace, "summary", "--format", "json").out == before
    assert run("-w", workspace, "reopen", "--why", "a late report").code == 1
    assert run("-w", workspace, "summary", "--format", "json").out != before


def test_figures_of_the_time_before(run: Run, workspace: Path) -> None:
    table = workspace / "before.csv"
    table.write_text("unit,indicator,period,value\n001,documents_issued,I/2022,7\n", encoding="utf-8")
    assert "1 figure" in run("-w", workspace, "history", table).out
    row = run("-w", workspace, "summary", "2023-Q1", "--format", "json").json["rows"][0]
    assert (row["code"], row["year_ago"], row["comparable"]) == ("documents_issued", 7, 1)
    traced = run("-w", workspace, "trace", "2022-Q1", "documents_issued", "--format", "json").json
    assert [part["by"] for part in traced["parts"]] == ["import"]


@pytest.mark.slow
def test_a_provinces_own_figure_is_exported_and_gives_way_to_all_units(run: Run, workspace: Path) -> None:
    table = workspace / "before.csv"
    rows = ["unit,indicator,period,value", ",documents_issued,I/2022,500", ",meetings_held,I/2022,40"]
    table.write_text("\n".join(rows), encoding="utf-8")
    run("-w", workspace, "history", table)
    out = workspace / "out.json"
    run("-w", workspace, "export", "2022-Q1", "--to", "json", "--out", out)
    values = {(row["unit"], row["code"]): row["value"] for row in json.loads(out.read_text(encoding="utf-8"))}
    assert values == {("", "documents_issued"): 500, ("", "meetings_held"): 40}
    table.write_text("\n".join([rows[0], "001,documents_issued,I/2022,30"]), encoding="utf-8")
    said = run("-w", workspace, "history", table).err
    assert re.search(r"2022-Q1: the province's imported total still counts for “.*”: 1 of \d+ units", said)
    every = [
        f"{code},documents_issued,I/2022,30"
        for code in load_roster(workspace / "units.csv", KINDS).on(dt.date(2022, 3, 14))
    ]
    table.write_text("\n".join([rows[0], *every]), encoding="utf-8")
    assert "the province's own, 500, is kept but does not" in run("-w", workspace, "history", table).err


def test_a_correction_that_breaks_a_rule_says_so(run: Run, workspace: Path) -> None:
    said = run("-w", workspace, "correct", "2023-Q4", "001", "press_total", "99999", "--why", "x")
    assert said.code == 1
    assert "total of stories differs" in said.out
    assert "still errors in 2023-Q4" in said.err
    minus = run("-w", workspace, "correct", "001", "documents_issued", "-5", "--why", "x")
    assert minus.code == 2
    assert "-5" in minus.err


@pytest.mark.parametrize("to", ["xlsx", "csv", "json", "parquet"])
def test_exports(run: Run, workspace: Path, to: str) -> None:
    out = workspace / f"out.{to}"
    assert run("-w", workspace, "export", "--to", to, "--out", out).code == 0
    assert out.stat().st_size > 10_000


def test_chasing(run: Run, workspace: Path) -> None:
    assert "Tỉnh đoàn An Lạc" in run("-w", workspace, "status", "--list").out
    assert (workspace / "output" / "2024-Q1" / "status.xlsx").is_file()
    said = run("-w", workspace, "status", "--remind").out
    assert "Huyện Hòa Lương" in said
    assert "Tỉnh đoàn An Lạc" in said
    assert "Huyện Đông Lạc" not in said


def test_the_state_style(run: Run, workspace: Path) -> None:
    out = workspace / "state.docx"
    assert run("-w", workspace, "report", "--style", "state", "--out", out).code == 0
    text = report_text(out)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "/BC-BTGTU" in text
    assert "./." in text
