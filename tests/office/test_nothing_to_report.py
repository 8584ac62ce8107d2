"""No report is made of a period of which there is nothing; one of a period that has something is."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from reportctl.form.form_file import parse_form
from reportctl.form.layout import layout
from tests.making.commands import begin, run
from tests.making.sample import merged
from tests.making.word_documents import body, control, lines, said

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(merged(), tmp_path / "workspace"))


@pytest.mark.parametrize("period", ["2025-Q1", "2019-Q1", "2024-Q2", "2025-H1", "2022"])
@pytest.mark.parametrize("more", [[], ["--unit", "003"], ["--template", "tom-tat"], ["--evidence"]])
def test_a_period_without_anything_has_no_report(workspace: Path, period: str, more: list[str]) -> None:
    done = run("-w", workspace, "report", period, *more)
    assert done.code == 2
    assert "There is nothing to report of" in done.err
    assert "2023-Q4, 2024-Q1" in done.err
    assert "reportctl merge" in done.err
    assert not (workspace / "output" / period).exists()


LISTS_ALONE = """
id = "places"
title = "Điểm trường"
kinds = [{code = "school", title = "Trường"}]

[[lists]]
code = "places"
title = "Điểm trường"
columns = [{code = "name", label = "Tên"}, {code = "pupils", label = "Học sinh", type = "count"}]
"""


def test_periods_of_which_nothing_counts_are_not_offered(tmp_path: Path) -> None:
    """Every return is rejected; of a form of lists alone nothing is said to be filled in out of nothing."""
    root = tmp_path / "office"
    begin(root, "2024-Q2")
    (root / "form.toml").write_text(LISTS_ALONE, encoding="utf-8")
    (root / "units.csv").write_text("code,name,kind\n001,Trường A,school\n", encoding="utf-8")
    (root / "plan.csv").write_text("unit,indicator,year,value\n", encoding="utf-8")
    assert run("-w", root, "template").code == 0
    (path,) = (root / "outbox" / "2024-Q2").glob("001 *.xlsx")
    book = openpyxl.load_workbook(path)
    place = layout(parse_form(LISTS_ALONE), "school").lists["places"]
    book[place.sheet].cell(place.first_row + 1, place.column("pupils") + 1).value = "nhiều"
    book.save(root / "inbox" / "2024-Q2" / "001.xlsx")
    run("-w", root, "merge")
    for period in ("2024-Q2", "2024-Q1"):
        done = run("-w", root, "--lang", "en", "report", period)
        assert done.code == 2
        assert "There is nothing to report of" in done.err
        assert "Name another period" not in done.err
        assert f"reportctl status {period}" in done.err
    shown = run("-w", root, "--lang", "en", "status")
    assert "rejected" in shown.out
    assert "0/0" not in shown.out
    assert "0 of 0" not in run("-w", root, "--lang", "en", "status", "--unit", "001").out


@pytest.mark.parametrize("period", ["2024-H1", "2024", "2023-9M"])
def test_a_span_of_which_a_quarter_is_there_has_one(workspace: Path, period: str) -> None:
    assert run("-w", workspace, "report", period, "--template", "tom-tat").code == 0


@pytest.mark.parametrize(
    ("period", "lacking", "there"),
    [
        ("2024-H1", "quý II năm 2024", "quý I năm 2024"),
        ("2024", "quý II, quý III, quý IV năm 2024", "quý I năm 2024"),
    ],
)
def test_what_a_span_lacks_is_said_first_and_once_in_each_section(
    workspace: Path, period: str, lacking: str, there: str
) -> None:
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", period, "--style", "party", "--out", path).code == 0
    root = body(path.read_bytes())
    lead = [line.replace("\u00a0", " ") for line in lines(control(root, "lead")) if line]
    assert lead[0] == f"Chưa có số liệu {lacking}; các số liệu dưới đây chỉ gồm {there}."
    for section in ("press", "grassroots", "budget"):
        text = said(control(root, f"sentences:{section}")).replace("\u00a0", " ")
        assert text.startswith(f"Chưa có số liệu {lacking}. ")
        assert text.count("Chưa có số liệu") == 1
    plan = said(control(root, "table:plan_units"))
    assert "(**)" not in plan  # which every cell would have
    assert "Còn thiếu số liệu" in plan
    assert run("-w", workspace, "refresh", "--check", path).code == 0


@pytest.mark.parametrize("period", ["2023-H1", "2023", "2024-Q1"])
def test_a_period_that_lacks_no_quarter_says_nothing_of_it(workspace: Path, period: str) -> None:
    path = workspace / "a.docx"
    assert run("-w", workspace, "report", period, "--style", "party", "--out", path).code == 0
    root = body(path.read_bytes())
    assert "các số liệu dưới đây chỉ gồm" not in said(control(root, "lead"))
    assert "Chưa có số liệu" not in said(control(root, "sentences:press"))


def test_the_main_job_writes_no_report_of_a_quarter_of_which_nothing_came(workspace: Path) -> None:
    done = run("-w", workspace, "run", "2024-Q2")
    assert "No report was written: of the second quarter of 2024 no unit's report counts yet." in done.err
    assert not list((workspace / "output" / "2024-Q2").glob("*.docx"))


def test_a_period_whose_reports_are_all_rejected_has_none_until_one_is_accepted(workspace: Path) -> None:
    inbox = workspace / "inbox"
    bad = next((inbox / "2024-Q1").rglob("007*.xlsx"))
    for file in [each for each in inbox.rglob("*") if each.is_file() and each != bad]:
        file.unlink()
    for kept in ("reportctl.db", "decisions.csv"):
        (workspace / kept).unlink()
    shutil.rmtree(workspace / "archive")
    done = run("-w", workspace, "run", "2024-Q1")
    assert done.code == 1
    assert "No report was written: of the first quarter of 2024 no unit's report counts yet." in done.err
    assert "1 unit's report is rejected." in done.err
    assert not list((workspace / "output" / "2024-Q1").glob("*.docx"))
    assert run("-w", workspace, "report", "2024-Q1").code == 2
    assert run("-w", workspace, "accept", "007", "--why", "đã gọi điện", "2024-Q1").code in (0, 1)
    assert run("-w", workspace, "report", "2024-Q1").code == 0


def test_an_imported_total_is_something_to_report(workspace: Path) -> None:
    file = workspace / "old.csv"
    file.write_text("unit,indicator,period,value\n,press_total,2022-Q1,5000\n", encoding="utf-8")
    taken = run("-w", workspace, "history", file)
    assert taken.code == 0, taken.err
    assert run("-w", workspace, "report", "2022-Q1").code == 0
