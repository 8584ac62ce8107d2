"""The stock report template: the Party's document style, its controls, and the whole of it filled."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Convert
from lxml import etree
from openxml_audit import OpenXmlValidator
from word_documents import CHART, STOCK, TABLE, R, W, body, filled, lines, parts, said, value

from reportctl.content import Content, Paragraph
from reportctl.word import list_controls

TOOL = Path(__file__).parent.parent / "tools" / "make_report_template.py"
SECTIONS = ("direction", "training", "press", "grassroots", "community", "corrections", "contest", "budget")
INLINE = [
    "issuer.superior",
    "issuer.name",
    "issuer.number_suffix",
    "issuer.place",
    "period.year",
    "title",
    "next_period",
    "issuer.signing_for",
    "issuer.post",
    "issuer.signatory",
    *(f"section:{code}" for code in SECTIONS),
]
BLOCKS = [
    "lead",
    *(f"{kind}:{code}" for code in SECTIONS for kind in ("sentences", "table")),
    *(f"text:{name}" for name in ("results", "strengths", "limits", "causes", "tasks", "recommendations")),
    "chart:press",
    "issuer.recipients",
    "table:province",
    *(f"table:units:{code}" for code in SECTIONS),
    "table:list:conferences",
    "table:list:classes",
    "table:reporting",
]


def attributes(node: Any) -> dict[str, str]:
    return {etree.QName(name).localname: text for name, text in node.attrib.items()}


def styles() -> dict[str, Any]:
    """The template's styles by name."""
    root = body(STOCK, "word/styles.xml")
    return {str(value(style, f"{W}name")): style for style in root.iter(f"{W}style")}


def paragraph(text: str) -> Any:
    (found,) = [p for p in body(STOCK).iter(f"{W}p") if said(p) == text]
    return found


def look(text: str) -> tuple[float, bool, bool, bool, str]:
    """How a paragraph of this text is set: points, bold, italic, capitals, side."""
    code = value(paragraph(text), f"{W}pPr/{W}pStyle")
    (style,) = [style for style in styles().values() if style.get(f"{W}styleId") == code]
    run = style.find(f"{W}rPr")
    marks = [run.find(f"{W}{name}") is not None for name in ("b", "i", "caps")]
    return int(value(run, f"{W}sz") or 0) / 2, *marks, value(style, f"{W}pPr/{W}jc") or "left"


def test_the_template_is_what_the_tool_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_report_template", TOOL)
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.build() == STOCK


def test_it_holds_every_control_of_its_kind() -> None:
    kinds: dict[str, set[str]] = {}
    for node in body(STOCK).iter(f"{W}sdt"):
        tag = str(value(node, f"{W}sdtPr/{W}tag"))
        plain = node.find(f"{W}sdtPr/{W}text") is not None
        kinds.setdefault(tag, set()).add("inline" if plain else "block")
        assert value(node, f"{W}sdtPr/{W}alias") == tag
        assert (node.getparent().tag == f"{W}p") == plain
        assert said(node).startswith("["), "a sentence in brackets says what will come"
    assert kinds == {tag: {"inline"} for tag in INLINE} | {tag: {"block"} for tag in BLOCKS}
    ids = [node.get(f"{W}val") for node in body(STOCK).iter(f"{W}id")]
    assert len(ids) == len(set(ids))


def test_pages() -> None:
    first, *annexes = body(STOCK).iter(f"{W}sectPr")
    assert attributes(first.find(f"{W}pgSz")) == {"w": "11906", "h": "16838"}
    margins = attributes(first.find(f"{W}pgMar"))
    millimetres = {name: round(int(text) / 1440 * 25.4, 1) for name, text in margins.items()}
    edges = {name: millimetres[name] for name in ("top", "bottom", "left", "right", "header")}
    assert edges == {"top": 20, "bottom": 20, "left": 30, "right": 15, "header": 10}
    assert len(annexes) == 4
    for section in annexes:
        assert section.find(f"{W}pgSz").get(f"{W}orient") == "landscape"
        assert section.find(f"{W}pgNumType").get(f"{W}start") == "1"


def test_the_page_number_stands_above_every_page_but_the_first() -> None:
    sections = list(body(STOCK).iter(f"{W}sectPr"))
    assert all(section.find(f"{W}titlePg") is not None for section in sections)
    inner = etree.fromstring(parts(STOCK)["word/_rels/document.xml.rels"])
    targets = {relation.get("Id"): f"word/{relation.get('Target')}" for relation in inner}
    headers = {
        reference.get(f"{W}type"): body(STOCK, targets[reference.get(f"{R}id")])
        for reference in sections[0].iter(f"{W}headerReference")
    }
    fields = {kind: [node.text for node in root.iter(f"{W}instrText")] for kind, root in headers.items()}
    assert fields == {"default": [" PAGE "], "first": []}
    style = styles()["header"]
    assert (value(style, f"{W}pPr/{W}jc"), value(style, f"{W}rPr/{W}sz")) == ("center", "28")


def test_times_new_roman_in_every_slot_black_vietnamese() -> None:
    defaults = body(STOCK, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    fonts = attributes(defaults.find(f"{W}rFonts"))
    assert fonts == dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), "Times New Roman")
    assert defaults.find(f"{W}lang").get(f"{W}val") == "vi-VN"
    assert value(defaults, f"{W}color") == "000000"
    others = [name for name in parts(STOCK) if b"Calibri" in parts(STOCK)[name]]
    assert others == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Cơ quan cấp trên]", (14, False, False, True, "center")),
        ("*", (14, False, False, False, "center")),
        ("ĐẢNG CỘNG SẢN VIỆT NAM", (15, True, False, False, "center")),
        ("BÁO CÁO", (16, True, False, False, "center")),
        ("[Trích yếu nội dung báo cáo]", (14, True, False, False, "center")),
        ("-----", (14, False, False, False, "center")),
        ("Phụ lục II", (14, True, False, False, "center")),
        ("SỐ LIỆU THEO ĐƠN VỊ", (14, True, False, False, "center")),
        ("I- TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN", (14, True, False, False, "both")),
        ("1. Ưu điểm", (14, True, False, False, "both")),
        ("[Ưu điểm]", (14, False, False, False, "both")),
        ("[T/M CƠ QUAN]", (14, True, False, True, "center")),
        ("[Chức vụ]", (14, False, False, True, "center")),
        ("[Họ và tên]", (14, True, False, False, "center")),
        ("[Danh sách nơi nhận]", (12, False, False, False, "left")),
        ("[Bảng tổng hợp số liệu toàn tỉnh]", (13, True, False, False, "center")),
    ],
)
def test_looks(text: str, expected: tuple[float, bool, bool, bool, str]) -> None:
    assert look(text) == expected


def test_running_text() -> None:
    properties = styles()["Body Text"].find(f"{W}pPr")
    spacing = attributes(properties.find(f"{W}spacing"))
    assert (spacing["line"], spacing["lineRule"]) == ("360", "exact"), "18 points exactly"
    assert int(spacing["before"]) + int(spacing["after"]) >= 120, "at least 6 points between paragraphs"
    assert attributes(properties.find(f"{W}ind")) == {"firstLine": "567"}, "1 cm"


def test_the_heading_block() -> None:
    first, signature = body(STOCK).iter(f"{W}tbl")
    rows = [[lines(cell) for cell in row.iter(f"{W}tc")] for row in first.iter(f"{W}tr")]
    blank = "\u00a0" * 6
    assert rows == [
        [["[Cơ quan cấp trên]", "[Cơ quan ban hành]", "*"], ["ĐẢNG CỘNG SẢN VIỆT NAM", ""]],
        [[f"Số{blank}[-BC/CƠ QUAN]"], [f"[Địa danh], ngày{blank}tháng{blank}năm\u00a0[năm]"]],
    ]
    rule = first.find(f".//{W}pBdr/{W}top")
    assert rule.get(f"{W}val") == "single", "the rule is drawn, not typed"
    for table in (first, signature):
        assert table.find(f"{W}tblPr/{W}tblBorders") is None
        assert table.find(f"{W}tblPr/{W}tblStyle") is None
    assert "_" not in "".join(lines(body(STOCK)))
    assert value(styles()["Nơi nhận"], f"{W}rPr/{W}u") == "single"
    assert lines(signature)[0] == "Nơi nhận:"


def test_every_annex_is_mentioned_in_the_body() -> None:
    text = lines(body(STOCK))
    before = " ".join(text[: text.index("Phụ lục I")])
    for numeral in ("I", "II", "III", "IV"):
        assert any(f"tại Phụ lục {numeral}{end}" in before for end in ";.")
        assert text.count(f"Phụ lục {numeral}") == 1
    assert sum(line.startswith("(Kèm theo Báo cáo số") for line in text) == 4


def whole() -> dict[str, Content]:
    """A content for every control of the template."""
    contents: dict[str, Content] = {}
    for found in list_controls(STOCK):
        if found.tag.startswith("table:"):
            contents[found.tag] = TABLE
        elif found.tag.startswith("chart:"):
            contents[found.tag] = CHART
        elif found.tag in BLOCKS:
            contents[found.tag] = (Paragraph(f"Đoạn {found.tag}.", lead="A:"), Paragraph("hai", item=True))
        else:
            contents[found.tag] = f"{{{found.tag}}}"
    return contents


def faults(document: bytes, folder: Path) -> list[str]:
    path = folder / "report.docx"
    path.write_bytes(document)
    return [str(error) for error in OpenXmlValidator().validate(str(path)).errors]


def test_the_template_is_a_valid_document(tmp_path: Path) -> None:
    assert faults(STOCK, tmp_path) == []


def test_the_filled_template_is_a_valid_document(tmp_path: Path) -> None:
    result = filled(STOCK, whole())
    assert (result.unknown, result.misplaced, result.absent) == ((), (), ())
    assert "[" not in "".join(lines(body(result.document))), "no placeholder is left"
    assert faults(result.document, tmp_path) == []


def tagged(root: Any) -> Iterator[tuple[str | None, str]]:
    for node in root.iter(f"{W}sdt"):
        yield value(node, f"{W}sdtPr/{W}tag"), said(node)


@pytest.mark.libreoffice
def test_everything_is_found_again_after_libreoffice_has_saved_it(soffice: Convert, tmp_path: Path) -> None:
    first = filled(STOCK, whole()).document
    path = tmp_path / "report.docx"
    path.write_bytes(first)
    (saved,) = soffice([path], to="docx", outdir=tmp_path / "saved")
    document = saved.read_bytes()
    assert [c.tag for c in list_controls(document)] == [c.tag for c in list_controls(first)]
    assert [c.tag for c in list_controls(document) if c.overtyped] == []
    again = filled(document, whole())
    assert (again.unknown, again.misplaced, again.absent) == ((), (), ())
    assert lines(body(again.document)) == lines(body(first))
    assert list(tagged(body(again.document))) == list(tagged(body(first)))
    assert len(list(body(again.document).iter(f"{W}tbl"))) == len(list(body(first).iter(f"{W}tbl")))
    assert filled(again.document, whole()).document == again.document


@pytest.mark.libreoffice
def test_an_empty_template_saved_by_libreoffice_is_filled_all_the_same(
    soffice: Convert, tmp_path: Path
) -> None:
    path = tmp_path / "template.docx"
    path.write_bytes(STOCK)
    (saved,) = soffice([path], to="docx", outdir=tmp_path / "saved")
    result = filled(saved.read_bytes(), whole())
    assert (result.unknown, result.misplaced, result.absent) == ((), (), ())
    assert lines(body(result.document)) == lines(body(filled(STOCK, whole()).document))
