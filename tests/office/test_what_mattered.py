"""The largest changes, units ahead and behind, and the assessment in an office's own document."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportctl.__main__ import main
from tests.making.sample import merged
from tests.making.word_documents import W, body, changed_text, control, said, tagged

pytestmark = pytest.mark.slow

WORDS = ("text:movements", "text:assessment")
OF_UNITS = ("press_total.top", "press_total.behind", "press_total.units_on_plan", "budget_share.top")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged, with a document of what mattered and its report."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    root = Path(shutil.copytree(merged(), tmp_path / "workspace"))
    document = tagged("lead", *WORDS, *OF_UNITS, "next_period.lower", "table:plan_units", "sentences:press")
    (root / "report.docx").write_bytes(document)
    assert main(["-w", str(root), "report", "--evidence"]) == 0
    return root


def report_of(workspace: Path) -> Path:
    return workspace / "output" / "2024-Q1" / "report-2024-Q1.docx"


def text_of(workspace: Path, tag: str) -> str:
    return said(control(body(report_of(workspace).read_bytes()), tag)).replace("\u00a0", " ")


def evidence(workspace: Path) -> list[list[Any]]:
    """The rows of the figures."""
    page = openpyxl.load_workbook(report_of(workspace).with_suffix(".evidence.xlsx")).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=4) if row[0].value]


def test_every_figure_of_these_tags_has_its_cells(workspace: Path) -> None:
    rows = evidence(workspace)
    for tag in (*WORDS, *OF_UNITS, "sentences:press"):
        own = [row for row in rows if row[7] == tag]
        assert own, tag
        text = text_of(workspace, tag)
        printed = " ".join(str(row[2]) for row in own)
        numbers = re.findall(r"\d[\d.,]*\d|\d", text)
        # What a tag is measured by, such as a quarter of the plan, is no figure of a unit.
        assert [n for n in numbers if n not in re.findall(r"\d[\d.,]*\d|\d", printed) and n != "25"] == [], (
            tag
        )
        assert all(row[5] > 0 for row in own), tag
    cells = [
        said(cell)
        for line in list(control(body(report_of(workspace).read_bytes()), "table:plan_units").iter(f"{W}tr"))[
            1:
        ]
        for cell in list(line.iter(f"{W}tc"))[2:]
        if re.search(r"\d", said(cell))
    ]
    table = [row for row in rows if row[7] == "table:plan_units"]
    assert [row[2] for row in table] == cells
    assert len(cells) > 50
    assert all(row[5] > 0 for row in table)


def test_only_units_with_figures_are_named_and_the_missing_ones_are_not(workspace: Path) -> None:
    assert text_of(workspace, "press_total.top").startswith(
        "cao so với kế hoạch năm: Tạp chí Văn nghệ An Lạc (64%)"
    )
    assert text_of(workspace, "press_total.units_on_plan") == "08/14 đơn vị đạt từ 25% kế hoạch năm"
    assert "Hòa Lương" in text_of(workspace, "lead")  # it is missing
    for tag in (*WORDS, *OF_UNITS, "sentences:press"):
        assert "Hòa Lương" not in text_of(workspace, tag), tag
    assert text_of(workspace, "next_period.lower") == "quý II năm 2024"


def test_the_assessment_stays_what_people_made_of_it(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = report_of(workspace)
    before = text_of(workspace, "text:assessment")
    assert before.startswith("Trong 46 chỉ tiêu so sánh được với cùng kỳ, có 33 chỉ tiêu tăng")
    ours = "Nhìn chung, công tác quý I được triển khai đồng bộ; trong 46 chỉ tiêu so sánh được"
    report.write_bytes(changed_text(report.read_bytes(), "Trong 46\u00a0chỉ tiêu so sánh được", ours))
    assert main(["-w", str(workspace), "correct", "001", "press_total", "9000", "--why", "x"]) in (0, 1)
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--format", "json"]) in (0, 1)
    json.loads(capsys.readouterr().out)
    # 6.407 with 9.000 for 378 are 15.029 of 35.950: 41.8 % of the plan.
    text = text_of(workspace, "text:assessment")
    assert text.startswith("Nhìn chung, công tác quý I được triển khai đồng bộ; trong 46 chỉ tiêu")
    assert "tin, bài đã đăng, phát (41,8%)" in text
    assert "15.029 tin, bài" in text_of(workspace, "text:movements")


def test_an_assessment_written_anew_is_no_fault_of_the_report(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = report_of(workspace)
    first = said(control(body(report.read_bytes()), "text:assessment"))
    for old in re.split(r"(?<=\.)(?=So với)", first):
        report.write_bytes(changed_text(report.read_bytes(), old, "Ban đánh giá quý I đạt kết quả tốt."))
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0, capsys.readouterr()
    assert main(["-w", str(workspace), "correct", "001", "press_total", "9000", "--why", "x"]) in (0, 1)
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    # What it was made from has changed since: it is no longer made from that.
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0, capsys.readouterr()
    assert "Ban đánh giá quý I đạt kết quả tốt." in text_of(workspace, "text:assessment")


def test_the_report_begins_with_what_it_is_based_on(workspace: Path) -> None:
    settings = workspace / "reportctl.toml"
    text = settings.read_text(encoding="utf-8")
    wanted = 'based_on = ["Kế hoạch số 12-KH/TU ngày 05/01/2024", "Theo Công văn số 7-CV/TU."]'
    settings.write_text(re.sub(r"based_on = \[\].*", wanted, text), encoding="utf-8")
    report_of(workspace).unlink()
    assert main(["-w", str(workspace), "report"]) == 0
    lead = text_of(workspace, "lead")
    assert lead.startswith(
        "Căn cứ Kế hoạch số 12-KH/TU ngày 05/01/2024;Theo Công văn số 7-CV/TU,Ban Tuyên giáo báo cáo kết quả"
    )


def test_the_tags_are_listed_and_known_to_the_form(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["-w", str(workspace), "form", "--tags", "--format", "json"]) == 0
    listed = {tag["tag"]: tag["says"] for tag in json.loads(capsys.readouterr().out)["tags"]}
    for tag in (*WORDS, *OF_UNITS):
        assert listed[tag], tag
    assert "table:plan_units" in listed
