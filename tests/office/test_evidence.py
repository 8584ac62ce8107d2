"""The workbook beside a report: its figures against the document, its cells against the originals."""

from __future__ import annotations

import functools
import getpass
import hashlib
import io
import re
import shutil
import urllib.parse
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from reportctl.__main__ import main
from tests.making.kept import kept_folder
from tests.making.machine import SAMPLE
from tests.making.sample import merged
from tests.making.word_documents import W, body, edited, parts, said, tagged

pytestmark = pytest.mark.slow
FIGURES, BASIS, SOURCES = range(3)
TEXTS = ("results", "strengths", "limits", "causes", "tasks", "recommendations")
SHARE = "budget_share", "budget_spent", "budget_planned"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def sample() -> Path:
    """The sample, merged; one report accepted in spite of its errors, one figure corrected; with evidence."""
    return kept_folder("chứng cứ", with_evidence)


def with_evidence(folder: Path) -> None:
    shutil.copytree(merged(), folder)
    run = ["-w", str(folder)]
    assert main([*run, "accept", "007", "--why", "=1+1 đã gọi điện"]) in (0, 1)
    assert main([*run, "correct", "001", "press_total", "900", "--why", "=2+2 điện thoại"]) in (0, 1)
    assert main([*run, "report", "--evidence"]) == 0


@pytest.fixture
def workspace(sample: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(sample, tmp_path / "workspace"))


SHORT = ["report", "--template", "short", "--evidence"]


@pytest.fixture
def short(workspace: Path) -> Path:
    """The same with a document of a page, for what is the same of a long one."""
    (workspace / "short.docx").write_bytes(tagged("sentences:press", "table:press", "chart:press"))
    return workspace


def report_of(workspace: Path, name: str = "report") -> Path:
    return workspace / "output" / "2024-Q1" / f"{name}-2024-Q1.docx"


def evidence_of(workspace: Path, name: str = "report") -> Path:
    return report_of(workspace, name).with_suffix(".evidence.xlsx")


@functools.lru_cache(maxsize=4)
def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_of(path: Path, sheet: int) -> Rows:
    """The rows of a sheet as dicts by the position of their column ("0", "1", …), with "line" and "link"."""
    page = opened(path.read_bytes()).worksheets[sheet]
    found = []
    for row in page.iter_rows(min_row=4):
        if all(cell.value is None for cell in row):
            break
        cells: dict[str, Any] = {str(n): cell.value for n, cell in enumerate(row)}
        links = [cell.hyperlink for cell in row if cell.hyperlink]
        link = links[0] if links else None
        found.append(cells | {"line": row[0].row, "link": link and (link.target or link.location)})
    return found


@pytest.fixture(scope="module")
def figures(sample: Path) -> Rows:
    return rows_of(evidence_of(sample), FIGURES)


@pytest.fixture(scope="module")
def cells(sample: Path) -> dict[int, dict[str, Any]]:
    return {row["line"]: row for row in rows_of(evidence_of(sample), SOURCES)}


def lines_of(figure: dict[str, Any]) -> list[int]:
    """The lines of the sheet of cells that a figure names."""
    found: list[int] = []
    for run in (figure["6"] or "").split(", "):
        first, _dash, last = run.partition("–")
        found += range(int(first), int(last or first) + 1) if run else []
    return found


def test_every_figure_printed_in_the_tables_has_its_row(sample: Path, figures: Rows) -> None:
    root = body(report_of(sample).read_bytes())
    checked = 0
    for sdt in root.iter(f"{W}sdt"):
        tag = sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
        if not re.match("table:(?!list|reporting)", tag):
            continue
        # Behind number and label; sections and the province have units of measure besides.
        by_unit = tag.startswith("table:units:") or tag in ("table:press_media", "table:plan_units")
        first = 2 if by_unit else 3
        printed = [
            said(cell)
            for line in list(sdt.iter(f"{W}tr"))[1:]
            for cell in list(line.iter(f"{W}tc"))[first:]
            if re.search(r"\d|Có|Không", said(cell))
        ]
        assert [row["2"] for row in figures if row["7"] == tag] == printed, tag
        checked += len(printed)
    assert checked > 1000
    assert {row["7"] for row in figures} >= {"table:province", "table:units:press"}


def on_paper(root: Any) -> tuple[dict[str, list[list[str]]], dict[str, list[str]]]:
    """A report as somebody reads it on paper: the rows of each table by what its caption calls it, the annex
    before it, and the paragraphs of each section by the numbers of its headings."""
    annex, chapter, part, section, caption = "", "", "", "Phần mở đầu", ""
    tables: dict[str, list[list[str]]] = {}
    texts: dict[str, list[str]] = {}
    for node in root.iter(f"{W}p", f"{W}tbl"):
        if node.tag == f"{W}tbl":
            rows = [[plain(said(cell)) for cell in row.iter(f"{W}tc")] for row in node.iter(f"{W}tr")]
            tables.setdefault(caption, []).extend(rows)
            continue
        words = plain(said(node))
        look = node.find(f"{W}pPr/{W}pStyle")
        style = "" if look is None else look.get(f"{W}val")
        if next(node.iterancestors(f"{W}tbl"), None) is not None or not words:
            continue
        if of_annex := re.match(r"Phụ lục [IVX]+", words):
            annex = section = of_annex[0]
        elif called := re.match(r"(Bảng|Biểu đồ) \d+", words):
            caption = f"{annex}, {called[0]}" if annex else called[0]
        elif style == "Heading1":
            chapter = section = words.split("-")[0].rstrip(".")
        elif style == "Heading2":
            part = section = f"{chapter}.{re.split('[.)]', words)[0]}"
        elif style == "Heading3":
            section = f"{part}.{re.split('[.)]', words)[0]}"
        elif style in ("BodyText", ""):
            texts.setdefault(section, []).append(words)
    return tables, texts


def plain(text: str) -> str:
    return " ".join(text.split())


def assert_places(report: bytes, figures: Rows) -> None:
    """Every figure is where its row says, under the label that it says."""
    tables, texts = on_paper(body(report))
    for row in figures:
        place, printed = plain(row["0"]), plain(row["2"])
        if row["7"].startswith("table:"):
            where, _comma, last = place.partition(", dòng ")
            name = last.strip("“”")
            label = row["1"].partition(" · ")[0]
            found = []
            section = ""
            for cells in tables[where]:
                if len(cells) == 2:
                    section = cells[0]
                named = {cells[0], f"{section}.{cells[0]}"} if cells[0].strip("-") else {cells[1]}
                if name in named and label == plain(" ".join(filter(None, cells[:2]))):
                    found.append(cells)
            assert any(printed in cells for cells in found), (place, label, printed, found)
        elif row["7"].startswith("chart:"):
            assert re.fullmatch(r"Biểu đồ \d+", place)
        else:
            where, _comma, last = place.partition(", đoạn ")
            paragraphs = texts[where.removeprefix("Mục ")]
            assert printed in paragraphs[int(last) - 1], (place, printed)


def test_every_figure_stands_where_its_row_says(sample: Path, figures: Rows) -> None:
    assert_places(report_of(sample).read_bytes(), figures)
    places = {row["7"]: row["0"] for row in reversed(figures)}
    assert places["lead"] == "Phần mở đầu, đoạn 2"
    assert places["sentences:press"] == "Mục I.3, đoạn 1"
    assert places["chart:press"] == "Biểu đồ 1"
    assert places["table:province"] == "Phụ lục I, Bảng 1, dòng I.1"


def taken_out(root: Any, tag: str) -> None:
    """The control of this tag is deleted, with all that is in it."""
    for sdt in list(root.iter(f"{W}sdt")):
        if sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val") == tag:
            sdt.getparent().remove(sdt)


def test_of_a_report_that_people_have_edited_the_places_are_those_of_the_edited_one(workspace: Path) -> None:
    """A table is taken out, a chapter becomes another, a paragraph is put in, a sentence is rewritten."""
    path = report_of(workspace)

    def by_people(root: Any) -> None:
        controls = {sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val"): sdt for sdt in root.iter(f"{W}sdt")}
        if "table:province" not in controls:
            return  # the header
        taken_out(root, "table:province")
        added = etree.fromstring(etree.tostring(controls["sentences:press"].find(f".//{W}p")))
        for mark in [*added.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")]:
            mark.getparent().remove(mark)
        words = list(added.iter(f"{W}t"))
        words[0].text = "Đoạn này do người soạn thêm vào."
        for more in words[1:]:
            more.text = ""
        controls["sentences:press"].addprevious(added)
        heading = next(p for p in root.iter(f"{W}p") if said(p).startswith("4. "))
        next(t for t in heading.iter(f"{W}t") if t.text.startswith("4")).text = "12. "
        sentence = next(t for t in controls["sentences:training"].iter(f"{W}t") if "lớp" in t.text)
        sentence.text = "Mở 30 lớp tập huấn, bồi dưỡng; phần còn lại đã được lược bớt."

    path.write_bytes(edited(path.read_bytes(), by_people))
    correct = ["correct", "001", "press_total", "905", "--why", "đã gọi lại"]
    assert main(["-w", str(workspace), *correct]) in (0, 1)
    assert main(["-w", str(workspace), "refresh", str(path), "--check", "--evidence"]) == 2
    assert main(["-w", str(workspace), "refresh", str(path), "--evidence"]) == 0
    figures = rows_of(evidence_of(workspace), FIGURES)
    assert_places(path.read_bytes(), figures)
    places = {row["7"]: row["0"] for row in reversed(figures)}
    assert places["sentences:press"] == "Mục I.3, đoạn 2"
    assert places["sentences:grassroots"] == "Mục I.12, đoạn 1"
    assert places["table:press_media"].startswith("Phụ lục I, Bảng 1, dòng ")
    assert "table:province" not in places
    # Where no figure differs the document stays as it is, with the numbers that stand in it.
    path.write_bytes(edited(path.read_bytes(), lambda root: taken_out(root, "table:press_media")))
    before = path.read_bytes()
    assert main(["-w", str(workspace), "refresh", str(path), "--evidence"]) == 0
    assert path.read_bytes() == before
    again = rows_of(evidence_of(workspace), FIGURES)
    assert_places(before, again)
    assert "table:press_media" not in {row["7"] for row in again}
    assert {row["0"] for row in again if row["7"] == "chart:press"} == {"Biểu đồ 1"}
    # Of the sentence that people wrote only the figure that it still says.
    assert [plain(r["2"]) for r in figures if r["7"] == "sentences:training"] == ["30 lớp"]


def test_source_cells_are_not_among_the_pages_that_print(sample: Path) -> None:
    figures, basis, sources = opened(evidence_of(sample).read_bytes()).worksheets
    assert sources.print_area.endswith("$2")
    assert sources["A2"].value
    assert figures.print_area.endswith(f"${figures.max_row}")
    assert basis.print_area.endswith(f"${basis.max_row}")
    assert {(page.oddHeader.left.text, page.oddHeader.right.text) for page in (figures, basis, sources)} == {
        ("Ban Tuyên giáo", "Quý\u00a0I năm 2024")
    }


def test_the_figures_of_sentences_stand_in_them_in_this_order(sample: Path, figures: Rows) -> None:
    texts: dict[str, str] = {}
    for sdt in body(report_of(sample).read_bytes()).iter(f"{W}sdt"):
        texts[sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val")] = said(sdt)
    found = [row for row in figures if row["7"].startswith("sentences:")]
    at: dict[str, int] = {}
    for row in found:
        at[row["7"]] = texts[row["7"]].index(row["2"], at.get(row["7"], 0)) + len(row["2"])
    # No number in a sentence is left out.
    for tag in at:
        numbers = re.findall(r"\d[\d.,]*", " ".join(row["2"] for row in found if row["7"] == tag))
        inside = [
            n.rstrip(".,") for n in re.findall(r"\d[\d.,]*", re.sub(r"trong vòng 24\sgiờ", "", texts[tag]))
        ]
        assert [n.rstrip(".,") for n in numbers] == inside, tag


def in_words(number: Decimal) -> str:
    """A number as Vietnamese tables write it, with one decimal where it has any."""
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


def test_the_cells_behind_a_sum_add_up_to_it(figures: Rows, cells: dict[int, dict[str, Any]]) -> None:
    columns = {"Cùng kỳ": "2023-Q1", "Quý trước": "2023-Q4", "Quý này": "2024-Q1"}
    counts = {
        "documents_issued",
        "press_total",
        "press_radio",
        "staff_total",
        "talks_held",
        "community_reach",
    }
    seen = set()
    for row in figures:
        column = row["1"].rpartition(" · ")[2] if row["1"] else ""
        if row["7"] == "table:province" and column in columns and row["3"] in counts:
            behind = [cells[line] for line in lines_of(row)]
            assert {cell["3"] for cell in behind} == {columns[column]} == {row["4"]}
            assert {cell["0"] for cell in behind} == {row["3"]}
            assert in_words(Decimal(sum(cell["4"] for cell in behind))) == row["2"]
            assert len(behind) == row["5"] == len({cell["2"] for cell in behind})
            seen.add(row["3"])
    assert len(seen) > 3


def test_sums_ranges_and_numbers_of_units_in_merged_texts_rest_on_lines_of_their_cells(
    sample: Path, figures: Rows, cells: dict[int, dict[str, Any]]
) -> None:
    of_texts = [row for row in figures if row["7"].startswith("text:") and row["3"] in TEXTS]
    kinds = {"sum": 0, "range": 0, "units": 0, "others": 0}
    for row in of_texts:
        lines = [cells[line] for line in lines_of(row)]
        printed = plain(row["2"]).casefold()
        numbers = [int(n.replace(".", "")) for n in re.findall(r"[\d.]+", printed)]
        if printed.endswith(" đơn vị") or printed.isdigit():  # all, or those that are not named
            kinds["others" if printed.isdigit() else "units"] += 1
            assert numbers == [len({line["2"] for line in lines})], row
            continue
        typed = [[float(n) for n in str(line["4"]).split("; ")] for line in lines]
        assert all(len(each) == len(typed[0]) for each in typed)
        columns = list(zip(*typed, strict=True))
        if printed.startswith("tổng số"):
            kinds["sum"] += 1
            assert numbers[0] in map(sum, columns), row
        else:
            kinds["range"] += 1
            assert numbers in [[min(each), max(each)] for each in columns], row
        # The figure stands in the line, the line in the unit's own cell.
        for line, each in zip(lines, typed, strict=True):
            assert all(re.search(rf"\b0?{n:g}\b", line["5"]) for n in each), line
            assert line["6"]
            assert line["8"]
    assert min(kinds.values()) >= 5, kinds
    # No sum or range of the body is without its row.
    wanted, others = [], []
    for sdt in body(report_of(sample).read_bytes()).iter(f"{W}sdt"):
        if sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val") in {f"text:{code}" for code in TEXTS}:
            found = re.findall(r"tổng số \d[\d.]*|từ \d+%? đến \d+%?", plain(said(sdt)), re.IGNORECASE)
            wanted += found
            others += re.findall(r"và (\d+) đơn vị khác", plain(said(sdt)))
    assert len(wanted) > 10
    assert others == [row["2"] for row in of_texts if row["2"].isdigit()]
    told = [plain(row["2"]) for row in of_texts]
    assert [one for one in wanted if one not in told] == []


def test_the_cells_behind_a_change_make_it(figures: Rows, cells: dict[int, dict[str, Any]]) -> None:
    checked = 0
    for row in figures:
        if row["7"] == "table:province" and row["3"] == "press_total" and "+/-" in row["1"]:
            now, then = row["4"].split(", ")
            sums = {
                period: sum(Decimal(cells[n]["4"]) for n in lines_of(row) if cells[n]["3"] == period)
                for period in (now, then)
            }
            change = (100 * (sums[now] / sums[then] - 1)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            assert row["2"] == f"{change:+}%".replace(".", ",")
            checked += 1
    assert checked == 2


def test_the_cells_behind_a_share_are_numerators_and_denominators(
    figures: Rows, cells: dict[int, dict[str, Any]]
) -> None:
    (share,) = [
        row
        for row in figures
        if row["7"] == "table:province" and row["3"] == SHARE[0] and row["1"].endswith("Quý này")
    ]
    codes = {cells[n]["0"] for n in lines_of(share)}
    assert codes == set(SHARE[1:])
    above, below = (
        sum(Decimal(str(cells[n]["4"])) for n in lines_of(share) if cells[n]["0"] == code)
        for code in SHARE[1:]
    )
    said_there = (100 * above / below).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert share["2"] == f"{said_there}%".replace(".", ",")


def test_every_cell_stands_once_and_belongs_to_some_figure(
    figures: Rows, cells: dict[int, dict[str, Any]]
) -> None:
    # In a cell of words every line is a place.
    places = [
        (*(row[str(n)] for n in (0, 2, 3, 6, 7, 8)), row["5"] if row["0"] in TEXTS else "")
        for row in cells.values()
    ]
    assert len(places) == len(set(places))
    assert {line for row in figures for line in lines_of(row)} == set(cells)
    for row in figures:
        lines = lines_of(row)
        assert len(lines) == row["5"]
        assert row["link"] == (f"'Ô nguồn'!A{lines[0]}" if lines else None)


def test_links_lead_to_the_originals(sample: Path, cells: dict[int, dict[str, Any]]) -> None:
    folder = evidence_of(sample).parent
    assert_links(folder, cells)
    plan = [row for row in cells.values() if not row["11"]]
    assert plan
    assert {followed(folder, row["link"]).name for row in plan} == {"plan.csv"}


def followed(folder: Path, link: str) -> Path:
    return folder / urllib.parse.unquote(link.replace("\\", "/"))


def assert_links(folder: Path, cells: dict[int, dict[str, Any]]) -> None:
    for link, sha256 in {(row["link"], row["11"]) for row in cells.values()}:
        path = followed(folder, link)
        assert path.is_file()
        assert not sha256 or hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def test_beside_a_report_elsewhere_the_links_still_lead_there(short: Path, tmp_path: Path) -> None:
    out = tmp_path / "báo cáo #1 100%25" / "quý một.docx"
    out.parent.mkdir()
    assert main(["-w", str(short), *SHORT, "--out", str(out)]) == 0
    beside = out.with_name("quý một.evidence.xlsx")
    assert_links(beside.parent, {row["line"]: row for row in rows_of(beside, SOURCES)})


def test_what_people_decided_shows(sample: Path, cells: dict[int, dict[str, Any]]) -> None:
    basis = rows_of(evidence_of(sample), BASIS)
    text = "\n".join(" | ".join(str(row[str(n)] or "") for n in range(4)) for row in basis)
    assert re.search(r"007 Huyen Hoa Luong.xlsx \| .*=1\+1 đã gọi điện", text)
    assert "“khoảng 900”" in text  # one of the errors in spite of which it was accepted
    assert re.search(r"001 Thanh pho Lac Thanh.xlsx.*“900”.*=2\+2 điện thoại", text)
    assert "19/20" in text
    (told,) = [r for r in cells.values() if r["0"] == "press_total" and r["4"] == 900]
    assert "=2+2 điện thoại" in told["6"]
    book = opened(evidence_of(sample).read_bytes())
    assert [page.title for page in book.worksheets] == ["Số liệu", "Căn cứ", "Ô nguồn"]
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}


@pytest.mark.slow
def test_a_quarter_that_is_closed_and_severities_that_are_changed_show(short: Path) -> None:
    settings = short / "reportctl.toml"
    text = settings.read_text(encoding="utf-8")
    assert "[findings]" in text
    settings.write_text(text.replace("[findings]", '[findings]\nnumber_as_text = "note"'), encoding="utf-8")
    assert main(["-w", str(short), "close", "2023-Q4"]) in (0, 1)
    assert main(["-w", str(short), *SHORT]) == 0
    said_there = {row["0"]: row["3"] for row in rows_of(evidence_of(short, "short"), BASIS)}
    assert f"đã được {getpass.getuser()} chốt" in said_there["Quý\u00a0IV năm 2023"]
    assert "chưa chốt" in said_there["Quý\u00a0I năm 2024"]
    assert "cảnh báo" in said_there["number_as_text"]
    assert_links(
        evidence_of(short, "short").parent,
        {r["line"]: r for r in rows_of(evidence_of(short, "short"), SOURCES)},
    )


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["bar", "line"])
def test_bars_of_units_and_lines_of_quarters_rest_on_their_cells(short: Path, shape: str) -> None:
    form = short / "form.toml"
    text = form.read_text(encoding="utf-8")
    section = 'code = "press"\ntitle = "Th'
    form.write_text(text.replace(section, f'chart = "{shape}"\n{section}'), encoding="utf-8")
    assert main(["-w", str(short), *SHORT]) == 0
    page = evidence_of(short, "short")
    sources = {row["line"]: row for row in rows_of(page, SOURCES)}
    report = parts(report_of(short, "short").read_bytes())
    (chart,) = (data for name, data in report.items() if "/charts/chart" in name)
    space = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    points = etree.fromstring(chart).findall(f".//{space}val//{space}pt/{space}v")
    drawn = [row for row in rows_of(page, FIGURES) if row["7"] == "chart:press"]
    assert [row["2"].replace(".", "") for row in drawn] == [point.text for point in points]
    assert len(drawn) > 3
    for row in drawn:
        found = [sources[line] for line in lines_of(row)]
        assert found
        assert len({each["2"] for each in found}) == (1 if shape == "bar" else len(found))


@pytest.mark.slow
def test_the_same_again_is_the_same_file_and_a_changed_one_stays(short: Path) -> None:
    path = evidence_of(short, "short")
    assert main(["-w", str(short), *SHORT]) == 0
    before = path.read_bytes()
    path.unlink()
    assert main(["-w", str(short), *SHORT]) == 0
    assert path.read_bytes() == before
    path.write_bytes(b"somebody's own")
    assert main(["-w", str(short), *SHORT]) == 0
    assert path.read_bytes() == b"somebody's own"
    assert path.with_name(f"{path.stem} (2).xlsx").read_bytes() == before


def test_before_anything_is_merged_there_are_no_cells(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert main(["init", str(folder), "--period", "2024-Q1"]) == 0
    assert main(["-w", str(folder), "report", "--evidence"]) == 0
    assert rows_of(evidence_of(folder), SOURCES) == []
    shutil.copyfile(SAMPLE / "plan.csv", folder / "plan.csv")
    shutil.copyfile(SAMPLE / "units.csv", folder / "units.csv")
    shutil.copyfile(SAMPLE / "form.toml", folder / "form.toml")
    assert main(["-w", str(folder), "report", "--evidence"]) == 0
    assert {row["3"] for row in rows_of(evidence_of(folder), SOURCES)} == {"2024"}  # the year's plan


def test_a_source_without_an_original_has_no_link(short: Path) -> None:
    shutil.rmtree(short / "archive" / "files")
    assert main(["-w", str(short), *SHORT]) == 0
    rows = rows_of(evidence_of(short, "short"), SOURCES)
    assert {bool(row["link"]) for row in rows if row["11"]} == {False}
