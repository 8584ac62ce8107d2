"""What the report's structure becomes in LibreOffice: lines, first words, page numbers, number and date."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from reportctl.__main__ import main
from tests.making.machine import TEMPLATES, Convert
from tests.making.sample import reported
from tests.making.word_documents import W, body, edited, parts, said, value

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]

BLANK = "\u00a0" * 5
NUMBER = re.compile(r"(?:Số|Báo cáo số)\u00a0(.*?)-BC/BTGTU")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return Path(shutil.copytree(reported(), tmp_path / "workspace"))


@pytest.fixture
def report(workspace: Path) -> Path:
    return workspace / "output" / "2024-Q1" / "report-2024-Q1.docx"


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    return done.stdout


def numbers(document: bytes) -> list[str]:
    """What stands for the report's number, in its head and in its annexes."""
    found = (NUMBER.search(said(paragraph)) for paragraph in body(document).iter(f"{W}p"))
    return [each[1] for each in found if each]


def test_lines_and_first_words(report: Path, soffice: Convert, tmp_path: Path) -> None:
    (pdf,) = soffice([report], to="pdf", outdir=tmp_path)
    lines = [line.rstrip() for line in text_of(pdf).splitlines()]
    text = "\n".join(lines)
    assert re.search(r"Bảng 13\)", text), "every reference is on one line"
    assert not [line for line in lines if re.search(r"(?:Bảng|Biểu đồ)$", line)]
    assert not re.search(r"\d (?:lượt\n\s*người|văn\n\s*bản|tác\n\s*phẩm|tin,\n\s*bài)", text)
    assert not re.search(r"của Ban Tuyên\n", text)
    (saved,) = soffice([report], to="docx", outdir=tmp_path)
    bold = [
        said(run)
        for run in body(saved.read_bytes()).iter(f"{W}r")
        if run.find(f"{W}rPr/{W}b") is not None and said(run).strip()
    ]
    for lead in ("- Báo chí, tuyên truyền: ", "- Chỉ đạo, phối hợp: ", "1. Kết quả nổi bật trong kỳ"):
        assert lead in bold, "the first words of a text"
    assert sum(words == "Thành phố Lạc Thành: " for words in bold) > 1


def test_annexes_of_a_template_that_it_has_saved_have_page_numbers(
    workspace: Path, soffice: Convert, tmp_path: Path
) -> None:
    stock = [TEMPLATES / f"report-{style}.docx" for style in ("party", "state")]
    made = []
    for saved in soffice(stock, to="docx", outdir=tmp_path / "saved"):
        made.append(tmp_path / f"made-{saved.name}")
        words = ["report", "2024-Q1", "--template", str(saved), "--out", str(made[-1])]
        assert main(["-w", str(workspace), *words]) == 0
    for pdf in soffice(made, to="pdf", outdir=tmp_path):
        firsts = [page.split("\n")[0].strip() for page in text_of(pdf).split("\f")[:-1]]
        expected = 0
        for first in firsts:  # no number on the first page of the report and of an annex, then 2, 3, …
            expected = 1 if expected == 0 or first.startswith("Phụ lục ") else expected + 1
            assert expected == 1 or first == str(expected), firsts
        assert sum(first.startswith("Phụ lục ") for first in firsts) == 5
        assert len(firsts) > 15


def test_number_and_date_typed_once(
    workspace: Path, report: Path, soffice: Convert, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (saved,) = soffice([report], to="docx", outdir=tmp_path)
    assert numbers(saved.read_bytes()) == [BLANK] * 6, "as it was printed"

    def typed(root: Any) -> None:  # LibreOffice changes the one place that is typed in
        for node in root.iter(f"{W}sdt"):
            if value(node, f"{W}sdtPr/{W}alias") == "Số của báo cáo · document.number":
                (words,) = node.iter(f"{W}t")
                words.text = "12"
                break

    report.write_bytes(edited(saved.read_bytes(), typed))
    assert numbers(report.read_bytes()) == ["12", *[BLANK] * 5]
    assert main(["-w", str(workspace), "refresh", str(report)]) == 0
    document = report.read_bytes()
    assert numbers(document) == ["12"] * 6
    (data,) = [d for d in parts(document).values() if b'document xmlns="urn:reportctl:document"' in d]
    assert [(etree.QName(node).localname, node.text) for node in etree.fromstring(data)] == [
        *(("day", BLANK), ("month", BLANK), ("number", "12"), ("year", "2024")),
    ]
    bound = [node.get(f"{W}xpath") for node in body(document).iter(f"{W}dataBinding")]
    assert sum(path == "/d:document[1]/d:number[1]" for path in bound) == 6
    capsys.readouterr()
    assert main(["-w", str(workspace), "refresh", str(report), "--check"]) == 0
