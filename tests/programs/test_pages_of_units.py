"""The stock page of a unit is one page, as LibreOffice sets it, for every unit of the sample."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reportctl.__main__ import main
from tests.making import sample
from tests.making.machine import Convert

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]


@pytest.mark.parametrize("style", ["party", "state"])
@pytest.mark.parametrize("period", ["2024-Q1", "2023"])
def test_every_unit_has_one_page(period: str, style: str, tmp_path: Path, soffice: Convert) -> None:
    workspace = tmp_path / "demo"
    shutil.copytree(sample.demo(), workspace)
    made = ["--style", style, "--template", "don-vi", "--unit", "all"]
    assert main(["-w", str(workspace), "report", period, *made]) == 0
    pages = sorted((workspace / "output" / period / f"don-vi-{period}").glob("*.docx"))
    assert len(pages) == 20
    counts = {}
    for pdf in soffice(pages, to="pdf", outdir=tmp_path / "pdf"):
        said = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
        (number,) = re.findall(r"^Pages: +(\d+)$", said, re.MULTILINE)
        counts[pdf.stem] = int(number)
    assert {name: count for name, count in counts.items() if count != 1} == {}
