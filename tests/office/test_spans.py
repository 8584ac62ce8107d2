"""Reports of several quarters: short by default, with all that they leave out where somebody wants it."""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from tests.making.commands import run
from tests.making.sample import merged
from tests.making.word_documents import W, body, control, parts, said

pytestmark = pytest.mark.slow

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
LISTS = ("conferences", "classes")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REPORTCTL_LANG", "en")
    return Path(shutil.copytree(merged(), tmp_path / "workspace"))


def report(workspace: Path, period: str, *more: str) -> tuple[Any, str]:
    """The report's body, and what was said of it."""
    out = workspace / f"out-{len(list(workspace.glob('out-*.docx')))}.docx"
    done = run("-w", workspace, "report", period, "--out", out, *more)
    assert done.code == 0, done.err
    return body(out.read_bytes()), done.err


def rows_of(document: Any, code: str) -> list[list[str]]:
    """The lines of a list's table below its head."""
    lines = control(document, f"table:list:{code}").iter(f"{W}tr")
    return [[said(cell).strip() for cell in line.iter(f"{W}tc")] for line in lines][1:]


@pytest.mark.parametrize("code", LISTS)
def test_a_long_list_is_a_count_of_each_unit_s_rows(workspace: Path, code: str) -> None:
    quarters = [
        Counter(row[1] for row in rows_of(report(workspace, period)[0], code))
        for period in ("2023-Q1", "2023-Q2")
    ]
    units = dict.fromkeys(name for quarter in quarters for name in quarter)
    *lines, total = rows_of(report(workspace, "2023-H1")[0], code)
    assert {line[1]: [int(number) for number in line[2:5]] for line in lines} == {
        name: [quarters[0][name], quarters[1][name], quarters[0][name] + quarters[1][name]] for name in units
    }
    assert [line[0] for line in lines] == [str(n) for n in range(1, len(lines) + 1)]
    sums = [quarter.total() for quarter in quarters]
    assert total == ["", "Tổng cộng", *map(str, (*sums, sum(sums)))]


def test_its_evidence_has_a_cell_of_every_row(workspace: Path) -> None:
    report(workspace, "2023-H1", "--evidence")
    (path,) = workspace.glob("out-*.evidence.xlsx")
    figures, _basis, cells = openpyxl.load_workbook(path).worksheets
    rows = [[cell.value for cell in row] for row in figures.iter_rows(min_row=4) if row[7].value]
    counted = [row for row in rows if row[7] == "table:list:conferences"]
    assert len(counted) >= 60  # twenty units and the total, in each quarter and in both
    assert all(int(row[2]) == row[5] for row in counted)
    assert cells.max_row > max(int(row[2]) for row in counted)


# What is no figure though it has digits: when, which table, what the form and the assessment call things.
NO_FIGURES = re.compile(
    r"\d+/\d+/\d{4}|\d tháng (?:đầu|cuối) năm(?: \d{4})?|năm \d{4}|trong vòng 24 giờ|từ \d+% trở lên"
    r"|(?:^|(?<=\n))\d\. "
)


@pytest.mark.parametrize("period", ["2023-H1", "2023"])
def test_every_figure_printed_has_its_row_of_evidence(workspace: Path, period: str) -> None:
    document, _told = report(workspace, period, "--evidence")
    (path,) = workspace.glob("out-*.evidence.xlsx")
    figures, _basis, cells = openpyxl.load_workbook(path).worksheets
    rows: dict[str, list[str]] = defaultdict(list)
    for row in figures.iter_rows(min_row=4, values_only=True):
        rows[str(row[7])].append(str(row[2]).replace("\u00a0", " "))
        if row[7] == "annex:texts" and (units := re.fullmatch(r"(\d+) đơn vị", rows["annex:texts"][-1])):
            names = {cells.cell(line, 3).value for line in lines_in(row[6])}
            assert len(names) == int(units[1]), row
    told: Counter[str] = Counter()
    for sdt in document.iter(f"{W}sdt"):
        tag = sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
        kind = tag.partition(":")[0]
        if kind == "table" and tag != "table:reporting":
            lines = list(sdt.iter(f"{W}tr"))[1:]
            texts = [said(cell) for line in lines for cell in list(line.iter(f"{W}tc"))[2:]]
            printed = Counter(text for text in texts if re.fullmatch(r"[+-]?[\d.,]+(?:%| điểm %)?", text))
            assert printed <= Counter(rows[tag]), tag
            told[kind] += printed.total()
        elif kind in ("lead", "sentences", "text", "annex"):
            left = "\n".join(said(paragraph) for paragraph in sdt.iter(f"{W}p")).replace("\u00a0", " ")
            at = 0
            for figure in rows[tag] if kind != "lead" else []:
                found = re.compile(rf"(?<!\d)(?<!\d[.,]){re.escape(figure)}(?!\d|[.,]\d)").search(left, at)
                assert found, f"{tag}: {figure}"
                left, at = f"{left[: found.start()]}§{left[found.end() :]}", found.start() + 1
            if kind != "lead":  # of which the last paragraph is one figure
                assert re.findall(r".{0,30}\d.{0,9}", NO_FIGURES.sub("", left)) == [], tag
            told[kind] += len(rows[tag])
    assert set(told) == {"lead", "table", "sentences", "text", "annex"}
    assert min(told["text"], told["annex"], told["sentences"]) > 40
    assert told["table"] > 900
    chart = etree.fromstring(parts((workspace / "out-0.docx").read_bytes())["word/charts/chart1.xml"])
    drawn = [float(value.text) for series in chart.iter(f"{C}val") for value in series.iter(f"{C}v")]
    assert drawn == [float(figure.replace(".", "")) for figure in rows["chart:press"]]


def lines_in(spans: str) -> Iterator[int]:
    """The lines of the sheet of cells that a figure names: “5–7, 9”."""
    for span in spans.split(", "):
        first, _dash, last = span.partition("–")
        yield from range(int(first), int(last or first) + 1)


def test_a_short_list_is_printed_whole(workspace: Path) -> None:
    folder = workspace / "inbox"
    for path in [*(folder / "2023-Q1").rglob("*.xlsx"), *(folder / "2023-Q2").rglob("*.xlsx")]:
        if not path.name.startswith("001"):
            path.unlink()
    for name in ("reportctl.db", "decisions.csv"):
        (workspace / name).unlink()
    for quarter in ("2023-Q1", "2023-Q2"):
        run("-w", workspace, "merge", quarter)
    document, told = report(workspace, "2023-H1")
    rows = rows_of(document, "conferences")
    assert {row[1].replace("\u00a0", " ") for row in rows} == {"Thành phố Lạc Thành"}
    assert len(rows) == 3
    assert "long lists are given" in told  # the texts are in groups all the same


def test_texts_stand_in_groups_with_all_their_units(workspace: Path) -> None:
    document, told = report(workspace, "2023")
    annex = control(document, "annex:texts")
    short = said(annex).replace("\u00a0", " ")
    assert 'spans = "full"' in told
    assert "lời in đủ có trong báo cáo của từng quý" in short
    assert "Duy trì đều bản tin hằng tháng tới chi bộ, tổ dân phố" in short
    assert short.count("Duy trì đều bản tin hằng tháng") == 1
    assert not re.search(r"và \d+ đơn vị khác|ý khác", short)

    assert run("-w", workspace, "settings", "report.spans", "full").code == 0
    document, told = report(workspace, "2023")
    full = said(control(document, "annex:texts")).replace("\u00a0", " ")
    assert "spans" not in told
    assert len(full) > 4 * len(short)
    assert len(rows_of(document, "classes")) > 100
    # Every point that was sent stands in one group: without its figures, in any order of words around it.
    points = {re.sub(r"[\d.,%]+", "", line) for line in re.findall(r"Đề nghị [^.;]+", full)}
    bare = re.sub(r"(?:từ )?[\d.,%]+(?: đến [\d.,%]+)?|tổng số", "", short)
    for point in points:
        first = " ".join(point.split()[:5])
        assert first in " ".join(bare.split()), point


@pytest.mark.parametrize("code", ["tasks", "recommendations"])
def test_what_is_to_come_is_said_by_the_last_quarter(workspace: Path, code: str) -> None:
    """What was asked for in earlier quarters stands in their reports, and in the annex."""
    whole, last, first = (
        said(control(report(workspace, period)[0], f"text:{code}"))
        for period in ("2023-H1", "2023-Q2", "2023-Q1")
    )
    assert whole == last != first
    annex = said(control(report(workspace, "2023-H1")[0], "annex:texts"))
    assert "quý\u00a0I, quý\u00a0II" in annex[annex.index("Đề xuất, kiến nghị") :]


def test_a_single_quarter_is_never_in_short(workspace: Path) -> None:
    document, told = report(workspace, "2023-Q4")
    assert "spans" not in told
    assert len(rows_of(document, "conferences")) == 61
    assert "lời in đủ có trong" not in said(control(document, "annex:texts")).replace("\u00a0", " ")
