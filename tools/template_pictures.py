"""Make the pictures of docs/report-templates.md again: a document as it is typed, and as it is filled.

    python -m tools.template_pictures FOLDER     (FOLDER: where `reportctl demo` was run)

Needs LibreOffice and pdftoppm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.make_report_template import header, paragraph, run, section
from tools.report_package import OFFICE, WORD, package
from tools.report_styles import PARTY

IMAGES = Path(__file__).parent.parent / "docs" / "images"
SHOWN = "830x430"  # the upper part of the page that is shown, in pixels
LINES = (
    "Toàn tỉnh đăng, phát {{press_total}} tin, bài; cùng kỳ {{press_total@2023-Q1}}.",
    "Huyện Đông Lạc: {{press_total:003}} tin, bài, {{press_total.change_year_ago:003}}.",
    "{{?contest_rounds.of_plan}}Số vòng chấm {{contest_rounds.of_plan}}.{{/?}}",
    "{{?classes_held}}Đã mở {{classes_held}} lớp tập huấn, {{classes_held.of_plan}}.{{/?}}",
)
ROWS = (
    ("Cơ quan báo chí", "Quý này", "Cùng kỳ"),
    ("{{*units:press}}{{unit.name}}", "{{press_total}}", "{{press_total@2023-Q1}}{{/*}}"),
    ("Toàn tỉnh", "{{press_total}}", "{{press_total@2023-Q1}}"),
)


def document() -> bytes:
    """The document as an office types it."""
    edges = "".join(f'<w:{edge} w:val="single" w:sz="4"/>' for edge in _EDGES)
    rows = ""
    for row in ROWS:
        cells = (f"<w:tc>{_WIDTH}{paragraph('Recipients', run(text))}</w:tc>" for text in row)
        rows += f"<w:tr>{''.join(cells)}</w:tr>"
    grid = '<w:gridCol w:w="3100"/>' * len(ROWS[0])
    table = (
        f'<w:tbl><w:tblPr><w:tblW w:w="9300" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )
    body = "".join(paragraph("BodyText", run(line)) for line in LINES)
    body += paragraph("Separator") + table + paragraph("Separator") + section(PARTY.page, "report")
    return package(
        f'<w:document {WORD} xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>',
        {"default": header(numbered=True), "first": header(numbered=False)},
        PARTY,
    )


_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_WIDTH = '<w:tcPr><w:tcW w:w="3100" w:type="dxa"/></w:tcPr>'


def picture(path: Path, name: str) -> None:
    """The upper part of a document's first page as the picture `name`."""
    wide, high = SHOWN.split("x")
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile").as_uri()
        office = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf"]
        subprocess.run([*office, "--outdir", folder, str(path)], check=True, capture_output=True)
        cut = ["-singlefile", "-r", "100", "-png", "-gray", "-x", "0", "-y", "30", "-W", wide, "-H", high]
        pdf = f"{folder}/{path.stem}.pdf"
        subprocess.run(["pdftoppm", *cut, pdf, str(IMAGES / name)], check=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        typed, filled = Path(made, "typed.docx"), Path(made, "filled.docx")
        typed.write_bytes(document())
        program = [sys.executable, "-m", "reportctl", "-w", sys.argv[1], "report", "2024-Q1"]
        subprocess.run([*program, "--template", str(typed), "--out", str(filled)], check=True)
        picture(typed, "template-typed")
        picture(filled, "template-filled")
