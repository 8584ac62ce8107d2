"""Make the stock summaries for delegates, tom-tat-party.docx and tom-tat-state.docx: two pages, in
both languages.

What they hold is asked for by tags that every form has, so they serve any office; looks are those of the
stock report (see `make_report_template`).

    python -m tools.make_summary_template
"""

from __future__ import annotations

from dataclasses import replace

from reportctl.core.language import speaking
from tools.make_report_template import (
    Controls,
    columns,
    header,
    paragraph,
    rule,
    run,
    section,
    separator,
    shown_if,
    targets,
    text_width,
)
from tools.report_package import OFFICE, WORD, package
from tools.report_styles import PARTY, STATE, Face, ReportStyle, RunningText
from tools.report_words import in_its_language


def smaller(style: ReportStyle) -> ReportStyle:
    """The style in smaller letters and closer lines: delegates get two pages."""
    lines = RunningText(before=3, first_line=10, line=1.0, line_rule="auto")
    return replace(style, text=Face(12), heading=Face(12, "b"), running_text=lines)


TARGETS = targets("tom-tat", smaller(PARTY), smaller(STATE))


def head(controls: Controls, style: ReportStyle) -> str:
    """Issuer and banner; a summary has no number and no date of its own."""
    widths = (style.head_left, text_width(style.page) - style.head_left)
    left = paragraph("Superior", controls.inline("issuer.superior", "Cơ quan cấp trên"))
    left += paragraph("Issuer", controls.inline("issuer.name", "Cơ quan ban hành"))
    right = "".join(paragraph(banner.code, run(banner.text)) for banner in style.banners)
    return columns(
        widths, (left + separator(style.under_issuer, widths[0]), right + rule(style.banner_rule, widths[1]))
    )


def document(style: ReportStyle) -> str:
    """The body of the summary."""
    controls = Controls()
    body = head(controls, style)
    body += paragraph("DocumentType", run("TÓM TẮT BÁO CÁO"))
    body += paragraph("Subject", run("Kết quả "), controls.inline("period", "kỳ báo cáo"))
    body += separator(style.under_subject, text_width(style.page))
    body += controls.block("lead", "Đoạn mở đầu: căn cứ, số đơn vị đã báo cáo")
    for heading, tag, said in (
        ("Số liệu chính", "sentences:all", "Các câu nêu kết quả của từng mục"),
        ("Biến động lớn nhất", "text:movements", "Chỉ tiêu tăng, giảm nhiều nhất"),
        ("Đơn vị dẫn đầu, đơn vị còn thấp", "text:rankings", "Đơn vị cao, thấp ở từng chỉ tiêu"),
    ):
        body += shown_if(tag, paragraph("Heading2", run(heading)), controls.block(tag, said))
    body += section(style.page, "report")
    return f'<w:document {WORD} xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>'


def build(style: ReportStyle, language: str) -> bytes:
    """The summary in a style and a language, as a .docx; the same bytes every time."""
    headers = {"default": header(numbered=True), "first": header(numbered=False)}
    with speaking(language):
        title = in_its_language("Tóm tắt báo cáo, kết quả {{period}}")
        return package(document(style), headers, style, title)


if __name__ == "__main__":
    for target, looks in TARGETS.items():
        target.write_bytes(build(*looks))
