"""The pages of the sample's report as LibreOffice sets them: how many, and where its tables begin and end.

Word keeps the same rows together: both go by "keep with next" in the first paragraph of a row.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reportctl.__main__ import main
from reportctl.core.table import Column, Role, Row, Table
from reportctl.word.content import Paragraph
from reportctl.workspace.stock import report_document
from tests.making import sample
from tests.making.kept import kept_folder
from tests.making.machine import Convert
from tests.making.word_documents import SECTION, block, body, changed_text, docx, filled, lines, p, run

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]

PAGES = {
    "2024-Q1": (6, 14),
    "2023-Q4": (6, 15),
    "2023-H1": (6, 12),
    "2023": (6, 12),
}  # at most: of the body, of the annexes
HEADING = re.compile(r"^\s*(?:[IV]+[.-] [A-ZĐ]|\d\. \w|[a-d]\) \w|Bảng \d+\.)")


def pages_of(period: str, style: str, folder: Path, soffice: Convert) -> list[list[str]]:
    """The lines of every page that are not empty, without the page's number."""
    workspace = kept_folder("demo-of-pages", copied)
    path = folder / f"{period}.docx"
    assert main(["-w", str(workspace), "report", period, "--style", style, "--out", str(path)]) == 0
    (pdf,) = soffice([path], to="pdf", outdir=folder)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    pages = [[line for line in page.splitlines() if line.strip()] for page in text.stdout.split("\f")[:-1]]
    return [page[1:] if page and re.fullmatch(r"\s*\d+", page[0]) else page for page in pages]


def copied(path: Path) -> None:
    shutil.copytree(sample.demo(), path)


@pytest.mark.parametrize("style", ["party", "state"])
@pytest.mark.parametrize("period", PAGES)
def test_pages(period: str, style: str, tmp_path: Path, soffice: Convert) -> None:
    pages = pages_of(period, style, tmp_path, soffice)
    first = next(n for n, page in enumerate(pages) if page[0].strip() == "Phụ lục I")
    most_of_body, most_of_annexes = PAGES[period]
    assert first <= most_of_body
    assert len(pages) - first <= most_of_annexes

    last = [line.strip() for line in pages[first - 1]]
    end = next(n for n, line in enumerate(last) if line.startswith("Trên đây là báo cáo"))
    assert end, "the signature's page has words of the report before its end"

    for number, page in enumerate(pages, 1):
        assert not HEADING.match(page[-1]), f"a heading alone at the foot of page {number}: {page[-1]}"
        data = [line.split() for line in page]
        # A page that begins within a table has the table's head, then two of its rows at least.
        if any(re.match(r"\s*TT\b", line) for line in page[:3]):
            rows = [line for line in data if line[0].isdigit()]
            assert len(rows) >= 2, f"page {number} begins with totals or one row"
    whole = "\n".join("\n".join(page) for page in pages)
    asked = period.startswith("2024")  # before, the form did not have this table
    assert len(re.findall(r"Bảng \d+\. Tin, bài theo loại hình", whole)) == asked
    if not asked:
        return
    (page,) = (page for page in pages if any("Bảng 2." in line and "loại hình" in line for line in page))
    at = next(n for n, line in enumerate(page) if "Bảng 2." in line)
    assert sum(line.split()[0] in "1234" for line in page[at:]) >= 4, "a short table is whole"


@pytest.mark.parametrize(("style", "language"), [("party", "vi"), ("state", "en")])
def test_wherever_a_report_ends_no_page_has_the_signature_alone(
    style: str, language: str, tmp_path: Path, soffice: Convert
) -> None:
    """Reports that are a line longer each, over a page: the last of the last words is never apart."""
    template, wanted = report_document(style, language), tuple(Paragraph(f"wish{n} " * 30) for n in range(3))
    for mark in set(re.findall(r"\{\{[?/][^}]*\}\}", "\n".join(lines(body(template))))):
        template = changed_text(template, mark, "")
    documents = []
    for above in range(0, 42, 2):
        content = {"lead": tuple(Paragraph("above") for _ in range(above)), "text:recommendations": wanted}
        documents.append(tmp_path / f"{above:02}.docx")
        documents[-1].write_bytes(filled(template, content).document)
    begin_a_page = 0
    for pdf in soffice(documents, to="pdf", outdir=tmp_path):
        text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
        (page,) = (
            page for page in text.split("\f") if {"vi": "Nơi nhận:", "en": "Recipients:"}[language] in page
        )
        assert page.count("wish2") == 30, pdf.name
        assert {"vi": "Trên đây là", "en": "This concludes the report"}[language] in page, pdf.name
        assert {"vi": "[Họ và tên]", "en": "[Name of the signatory]"}[language] in page, pdf.name
        begin_a_page += "wish1" not in page
    assert begin_a_page > 2
    assert begin_a_page < 15, "not all three go: the page before would be left white"


def table_of(roles: str) -> Table:
    """A table with a row for each letter: p(lain), s(ection), t(otal)."""
    kinds = {"p": Role.PLAIN, "s": Role.SECTION, "t": Role.TOTAL}
    rows = tuple(Row((f"row{n:02}{role}", "x"), kinds[role]) for n, role in enumerate(roles))
    columns = (Column("a", "HEAD"), Column("b", "B"))
    return Table("t", "TITLE", columns, rows, ("NOTE",))


def test_wherever_a_table_begins_it_is_parted_well(tmp_path: Path, soffice: Convert) -> None:
    """Tables that begin on every line of the lower half of a page."""
    tables = {"short": table_of("ppppppppppt"), "long": table_of("sppppppptspppppppppptt")}
    documents = []
    for name, table in tables.items():
        for above in range(18, 56):
            document = docx("".join(p(run(f"above{n}")) for n in range(above)) + block("x") + SECTION)
            documents.append(tmp_path / f"{name}-{above}.docx")
            documents[-1].write_bytes(filled(document, {"x": table}).document)
    parted = 0
    for pdf in soffice(documents, to="pdf", outdir=tmp_path):
        text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
        pages = [page.split() for page in text.split("\f")[:-1]]
        rows = [[word[5] for word in page if word.startswith("row")] for page in pages]
        rows = [page for page in rows if page]
        parted += len(rows) > 1
        if "short" in pdf.name:
            assert len(rows) == 1, pdf.name
        for page in rows:
            assert page.count("p") >= 2, f"{pdf.name}: {rows}"
            assert page[0] != "t", f"{pdf.name}: a total begins a page"
        assert all(page[-1] != "s" for page in rows[:-1]), f"{pdf.name}: a heading ends a page"
        with_title = [page for page in pages if "TITLE" in "".join(page)]
        assert all(any(word.startswith("row") for word in page) for page in with_title), pdf.name
        assert any(word.startswith("row") for word in next(page for page in pages if "NOTE" in page))
    assert parted > 10
