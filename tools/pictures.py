"""Make the README's pictures again: a page of the sample's report, and the summary in the terminal.

    python -m tools.pictures FOLDER     (FOLDER: where `reportctl demo` was run)

Needs LibreOffice, pdftoppm, the DejaVu fonts and Pillow.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

IMAGES = Path(__file__).parent.parent / "docs" / "images"
FONT = "DejaVuSansMono.ttf"
COLUMNS, LINES, SIZE = 110, 26, 15


def report_page(report: Path) -> None:
    """The first two pages of the report, side by side."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile").as_uri()
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf",
             "--outdir", folder, str(report)],
            check=True, capture_output=True,
        )  # fmt: skip
        subprocess.run(
            ["pdftoppm", "-r", "70", "-l", "2", "-png", f"{folder}/{report.stem}.pdf", f"{folder}/page"],
            check=True,
        )  # fmt: skip
        pages = [Image.open(path) for path in sorted(Path(folder).glob("page*.png"))]
        both = Image.new("RGB", (sum(page.width for page in pages) + 12, pages[0].height), "#888888")
        for number, page in enumerate(pages):
            both.paste(page, (number * (pages[0].width + 12), 0))
        both.quantize(16).save(IMAGES / "report.png", optimize=True)


def terminal(workspace: Path) -> None:
    """The first lines of the summary as a terminal shows them."""
    done = subprocess.run(
        [sys.executable, "-m", "reportctl", "-w", str(workspace), "summary"],
        check=True, capture_output=True, encoding="utf-8", env=os.environ | {"COLUMNS": str(COLUMNS)},
    )  # fmt: skip
    lines = ["$ reportctl summary", *done.stdout.splitlines()[:LINES]]
    font = ImageFont.truetype(FONT, SIZE)
    width = int(font.getlength("0") * COLUMNS) + 20
    picture = Image.new("RGB", (width, (len(lines) + 1) * (SIZE + 4)), "#101418")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((10, 8 + number * (SIZE + 4)), line, font=font, fill="#d8dee9" if number else "#88c0d0")
    picture.quantize(16).save(IMAGES / "terminal.png", optimize=True)


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    report_page(Path(sys.argv[1]) / "output" / "2024-Q1" / "report-2024-Q1.docx")
    terminal(Path(sys.argv[1]))
