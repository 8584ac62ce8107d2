"""Make the stock page of one unit, don-vi-party.docx and don-vi-state.docx, in both languages.

Its own figures beside those of the year before, its plan and the mean of its kind; looks are those of the
stock report (see `make_report_template`).

    python -m tools.make_unit_template
"""

from __future__ import annotations

from dataclasses import replace

from reportctl.core.language import speaking
from tools.make_report_template import Controls, header, paragraph, run, section, shown_if, targets, typed
from tools.report_package import OFFICE, WORD, package
from tools.report_styles import PARTY, STATE, ReportStyle
from tools.report_words import either, in_its_language

TARGETS = targets("don-vi", PARTY, STATE)


def document(style: ReportStyle) -> str:
    """The body of the page."""
    controls = Controls()
    body = paragraph("Issuer", controls.inline("issuer.name", "Cơ quan ban hành"))
    body += paragraph("DocumentType", run("SỐ LIỆU CỦA ĐƠN VỊ"))
    body += paragraph(
        "Subject",
        controls.inline("unit.name", "Tên đơn vị"),
        typed(either(", ", " in ")),
        controls.inline("period", "kỳ báo cáo"),
    )
    body += controls.block("unit.lead", "Đơn vị đã báo cáo hay chưa")
    table = controls.block("table:unit", "Bảng số liệu của đơn vị, so sánh, kế hoạch, bình quân", "Caption")
    body += shown_if("table:unit", table)
    body += section(replace(style.page, top=15, bottom=10, left=20, right=10), "report")
    return f'<w:document {WORD} xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>'


def build(style: ReportStyle, language: str) -> bytes:
    """The page in a style and a language, as a .docx; the same bytes every time."""
    headers = {"default": header(numbered=True), "first": header(numbered=False)}
    with speaking(language):
        title = in_its_language("Số liệu của {{unit.name}}, {{period}}")
        return package(document(style), headers, style, title)


if __name__ == "__main__":
    for target, looks in TARGETS.items():
        target.write_bytes(build(*looks))
