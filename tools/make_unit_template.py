"""Make the stock page of one unit, templates/don-vi-party.docx and don-vi-state.docx.

Its own figures beside those of the year before, its plan and the mean of its kind; looks are those of the
stock report (see `make_report_template`).

    python -m tools.make_unit_template
"""

from __future__ import annotations

from dataclasses import replace

from tools.make_report_template import TEMPLATES, Controls, header, paragraph, run, section, shown_if
from tools.report_package import OFFICE, WORD, package
from tools.report_styles import PARTY, STATE, ReportStyle

TARGETS = {TEMPLATES / "don-vi-party.docx": PARTY, TEMPLATES / "don-vi-state.docx": STATE}


def document(style: ReportStyle) -> str:
    """The body of the page."""
    controls = Controls()
    body = paragraph("Issuer", controls.inline("issuer.name", "Cơ quan ban hành"))
    body += paragraph("DocumentType", run("SỐ LIỆU CỦA ĐƠN VỊ"))
    body += paragraph(
        "Subject",
        controls.inline("unit.name", "Tên đơn vị"),
        run(", "),
        controls.inline("period", "kỳ báo cáo"),
    )
    body += controls.block("unit.lead", "Đơn vị đã báo cáo hay chưa")
    table = controls.block("table:unit", "Bảng số liệu của đơn vị, so sánh, kế hoạch, bình quân", "Caption")
    body += shown_if("table:unit", table)
    body += section(replace(style.page, top=15, bottom=10, left=20, right=10), "report")
    return f'<w:document {WORD} xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>'


def build(style: ReportStyle) -> bytes:
    """The page in a style, as a .docx; the same bytes every time."""
    headers = {"default": header(numbered=True), "first": header(numbered=False)}
    return package(document(style), headers, style, "Số liệu của {{unit.name}}, {{period}}")


if __name__ == "__main__":
    for target, of_style in TARGETS.items():
        target.write_bytes(build(of_style))
