"""Make the README's pictures again: pages of the sample's report, a marked copy, the summary in the terminal.

    python -m tools.pictures FOLDER     (FOLDER: where `reportctl demo` and `validate --mark` were run)

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

# Figures are shown as on the office's machines, whatever this one speaks.
_VIETNAMESE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>vi-VN</value></prop></item>
</oor:items>
"""


def pages(
    document: Path, name: str, wanted: tuple[int, ...], high: int | None = None, images: Path = IMAGES
) -> None:
    """Pages of a document side by side as the picture `name`; of each no more than the upper `high`."""
    with tempfile.TemporaryDirectory() as folder:
        user = Path(folder, "profile", "user")
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_VIETNAMESE, encoding="utf-8")
        profile = user.parent.as_uri()
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf",
             "--outdir", folder, str(document)],
            check=True, capture_output=True,
        )  # fmt: skip
        subprocess.run(
            ["pdftoppm", "-r", "70", "-png",
             f"{folder}/{document.stem}.pdf", f"{folder}/page"],
            check=True,
        )  # fmt: skip
        every = sorted(Path(folder).glob("page*.png"))
        opened = [Image.open(every[number - 1]) for number in wanted]
        found = [page.crop((0, 0, page.width, min(page.height, high or page.height))) for page in opened]
        size = sum(page.width for page in found) + 12 * (len(found) - 1), max(page.height for page in found)
        together = Image.new("RGB", size, "#888888")
        left = 0
        for page in found:
            ImageDraw.Draw(page).rectangle((0, 0, page.width - 1, page.height - 1), outline="#888888")
            together.paste(page, (left, 0))
            left += page.width + 12
        together.quantize(48).save(images / f"{name}.png", optimize=True)


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
    demo = Path(sys.argv[1])
    pages(demo / "output" / "2024-Q1" / "report-2024-Q1.docx", "report", (1, 2))
    marked = next((demo / "returned" / "2024-Q1").glob("*.marked.xlsx"))
    pages(marked, "marked", (1, 3), high=420)
    terminal(demo)
