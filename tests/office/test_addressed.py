"""Figures of one unit and of other periods in a document, what they rest on, and names that lead nowhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.making.commands import run
from tests.making.sample import merged
from tests.making.word_documents import body, changed_text, control, docx, p, said, tagged
from tests.making.word_documents import run as words

pytestmark = pytest.mark.slow

TAGS = (
    "press_total:001",
    "press_total.change_year_ago:001",
    "press_total.plan:001",
    "press_total@2023-Q1",
    "press_total@2023",
    "press_total:001@2023-Q4",
    "press_total.change_previous@2023-Q4",
    "press_total.kind_mean:001",
    "press_total.name",
    "budget_share:001",
    "annual_plan:001",
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, merged."""
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(merged(), tmp_path / "workspace"))


def report(workspace: Path, document: bytes, *more: str) -> Path:
    (workspace / "rieng.docx").write_bytes(document)
    done = run("-w", workspace, "report", "--template", "rieng", *more)
    assert done.code == 0, done.err
    return workspace / "output" / "2024-Q1" / "rieng-2024-Q1.docx"


def text_of(path: Path, tag: str) -> str:
    return said(control(body(path.read_bytes()), tag)).replace("\u00a0", " ")


def traced(workspace: Path, code: str, period: str, unit: str = "") -> float:
    more = ["--unit", unit] if unit else []
    return json.loads(run("-w", workspace, "trace", period, code, *more, "--format", "json").out)["value"]


def number(text: str) -> float:
    return float(text.replace(".", "").replace(",", "."))


def test_figures_of_units_and_periods_are_those_that_trace_gives(workspace: Path) -> None:
    path = report(workspace, tagged(*TAGS))
    for tag, period, unit in (
        ("press_total:001", "2024-Q1", "001"),
        ("press_total@2023-Q1", "2023-Q1", ""),
        ("press_total@2023", "2023", ""),
        ("press_total:001@2023-Q4", "2023-Q4", "001"),
    ):
        assert number(text_of(path, tag)) == traced(workspace, "press_total", period, unit), tag
    now, then = (traced(workspace, "press_total", p, "001") for p in ("2024-Q1", "2023-Q1"))
    rise = f"{round((now / then - 1) * 1000) / 10:g}".replace(".", ",")
    assert text_of(path, "press_total.change_year_ago:001") == f"tăng {rise}% so với cùng kỳ"
    assert text_of(path, "press_total.plan:001") == "1.150"
    assert text_of(path, "press_total.name") == "Tin, bài đã đăng, phát"
    assert "so với quý trước" in text_of(path, "press_total.change_previous@2023-Q4")


def test_spelling_is_as_people_type_it(workspace: Path) -> None:
    path = report(workspace, tagged("PRESS_TOTAL:b01", "press_total@q1/2023"))
    assert number(text_of(path, "press_total:B01")) == traced(workspace, "press_total", "2024-Q1", "B01")
    assert number(text_of(path, "press_total@q1/2023")) == traced(workspace, "press_total", "2023-Q1")


def test_each_rests_on_its_own_cells(workspace: Path) -> None:
    path = report(workspace, tagged(*TAGS), "--evidence")
    page = openpyxl.load_workbook(path.with_suffix(".evidence.xlsx")).worksheets[0]
    rows = {row[7].value: [cell.value for cell in row] for row in page.iter_rows(min_row=4) if row[1].value}
    assert set(rows) == {*TAGS} - {"press_total.name"}
    assert {tag: rows[tag][4] for tag in ("press_total:001", "press_total@2023-Q1", "press_total@2023")} == {
        "press_total:001": "2024-Q1",
        "press_total@2023-Q1": "2023-Q1",
        "press_total@2023": "2023",
    }
    assert rows["press_total:001"][5] == 1
    assert rows["press_total.change_year_ago:001"][5] == 2
    assert rows["budget_share:001"][5] == 2
    trace = json.loads(run("-w", workspace, "trace", "2023", "press_total", "--format", "json").out)
    assert rows["press_total@2023"][5] == len(trace["parts"])


def test_refresh_renews_them_and_finds_what_is_gone(workspace: Path) -> None:
    path = report(workspace, docx(p(words("Lạc Thành: {{press_total:001}} tin, bài.")) + p(words("Hết."))))
    assert text_of(path, "press_total:001") == "378"
    path.write_bytes(changed_text(path.read_bytes(), "378", "377"))
    assert run("-w", workspace, "refresh", "--check", path).code == 1
    assert run("-w", workspace, "refresh", path).code == 0
    assert text_of(path, "press_total:001") == "378"
    assert run("-w", workspace, "refresh", "--check", path).code == 0


@pytest.mark.parametrize(
    "tag",
    ["press_total:999", "press_total@2023-Q9", "pres_total:001", "press_total.chang:001", "press_total:"],
)
def test_what_leads_nowhere_stops_the_run_with_its_line(workspace: Path, tag: str) -> None:
    (workspace / "rieng.docx").write_bytes(docx(p(words(f"Huyện ấy đăng {{{{{tag}}}}} tin."))))
    done = run("-w", workspace, "report", "--template", "rieng")
    assert done.code == 2
    assert f"{{{{{tag}}}}}" in done.err
    assert "Huyện ấy đăng" in done.err
    assert not (workspace / "output" / "2024-Q1" / "rieng-2024-Q1.docx").exists()


def test_a_unit_that_was_not_there_has_no_figure(workspace: Path) -> None:
    tags = ("press_total", "press_total.change_year_ago", "press_total.plan", "press_total.units")
    path = report(workspace, tagged(*(f"{tag}:001@2015-Q1" for tag in tags), "period"))
    assert [text_of(path, f"{tag}:001@2015-Q1") for tag in tags] == ["…", "", "", "0"]


def test_form_check_knows_them(workspace: Path) -> None:
    (workspace / "report.docx").write_bytes(tagged("press_total:001", "press_total:999"))
    out = run("-w", workspace, "form", "--check").out
    assert "{{press_total:999}} is not known" in out
    assert "{{press_total:001}}" not in out


@pytest.mark.parametrize(
    ("tag", "why"),
    [
        ("press_total:999", "there is no unit 999"),
        ("press_total:07", "there is no unit 07 (near it: 007"),
        ("press_total.plan:999@2023-Q1", "there is no unit 999"),
        ("unit.name:999", "there is no unit 999"),
        ("press_total@hello", "“hello” is no period"),
        ("press_total:001@2023-Q9", "“2023-Q9” is no period"),
        ("pres_total:001", "near it: press_total"),
    ],
)
@pytest.mark.parametrize("pattern", ["{{%s}}", "{{?%s}}Có.{{/?}}", "{{?missing_total}}{{%s}}{{/?}}"])
def test_what_leads_nowhere_says_where_it_ends(workspace: Path, tag: str, why: str, pattern: str) -> None:
    if "pres_total" in tag and "?" in pattern:
        return  # of marks nothing like it is looked for
    pattern = pattern.replace("missing_total", "press_total:S01")  # what does not hold is looked through, too
    (workspace / "rieng.docx").write_bytes(docx(p(words(pattern.replace("%s", tag)))))
    done = run("-w", workspace, "report", "--template", "rieng")
    assert done.code == 2
    assert why in done.err
    assert "(near it: press_total)" not in done.err or "pres_total" in tag


def test_form_check_says_it_too(workspace: Path) -> None:
    (workspace / "report.docx").write_bytes(tagged("press_total:999", "press_total@hello"))
    out = run("-w", workspace, "form", "--check").out
    assert "there is no unit 999" in out
    assert "“hello” is no period" in out


def test_a_period_of_which_nothing_is_known_is_named(workspace: Path) -> None:
    (workspace / "rieng.docx").write_bytes(
        tagged("press_total@2030-Q1", "press_total:001@2030-Q1", "press_total@2023-Q1", "press_total@2024")
    )
    done = run("-w", workspace, "report", "--template", "rieng")
    assert done.code == 0
    line = next(line for line in done.err.splitlines() if "nothing is known" in line)
    assert line.startswith("{{press_total@2030-Q1}}, {{press_total:001@2030-Q1}}: ")
    assert "2023" not in line
    assert "the first quarter of 2030" in line
    assert done.err.count("nothing is known") == 1
    path = workspace / "output" / "2024-Q1" / "rieng-2024-Q1.docx"
    assert run("-w", workspace, "refresh", "--check", path).code == 0
