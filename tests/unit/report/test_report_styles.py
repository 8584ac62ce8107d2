"""The two document styles, read in the stock reports.

The expected values are those of Decree 30/2020/NĐ-CP, Annex I (State) and of the Party's guidance; "13-14" is
a size in points that may be chosen.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import etree

from reportctl.workspace.stock import REPORT_TEMPLATES, folder, report_document
from tests.making.word_documents import R, W, body, lines, names, parts, said, value
from tests.making.word_looks import attributes, bold_width, millimetres, rules

STYLES = ("party", "state")
STOCK = {style: (folder("templates") / name).read_bytes() for style, name in REPORT_TEMPLATES.items()}
TEXT_WIDTH = 9355  # twentieths of a point: 165 mm
NBSP = "\u00a0"
NUMBER, DAY = "[Số của báo cáo]", f"ngày{NBSP}[Ngày ký]{NBSP}tháng{NBSP}[Tháng ký]{NBSP}năm{NBSP}[Năm ký]"

ANNEXES = {
    "I": "TỔNG HỢP SỐ LIỆU TOÀN TỈNH",
    "II": "SỐ LIỆU THEO ĐƠN VỊ",
    "III": "DANH SÁCH HỘI NGHỊ, LỚP TẬP HUẤN",
    "IV": "TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ",
    "V": "LỜI CỦA CÁC ĐƠN VỊ",
}

both = pytest.mark.parametrize("style", STYLES)


def styles(style: str) -> dict[str, Any]:
    """A template's paragraph styles by name."""
    root = body(STOCK[style], "word/styles.xml")
    return {str(value(found, f"{W}name")): found for found in root.iter(f"{W}style")}


EDGES = {  # millimetres
    "party": {"top": (20, 20), "bottom": (20, 20), "left": (30, 30), "right": (15, 15), "header": (10, 10)},
    "state": {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20), "header": (1, 20)},
}


@both
def test_pages(style: str) -> None:
    first, *annexes = body(STOCK[style]).iter(f"{W}sectPr")
    assert attributes(first.find(f"{W}pgSz")) == {"w": "11906", "h": "16838"}, "A4, upright"
    wide, *upright = annexes
    assert attributes(wide.find(f"{W}pgSz")) == {"w": "16838", "h": "11906", "orient": "landscape"}
    assert [attributes(section.find(f"{W}pgSz")) for section in upright] == [{"w": "11906", "h": "16838"}] * 5
    columns = [section.find(f"{W}cols") for section in annexes]
    assert [one is not None and one.get(f"{W}num") for one in columns] == [False] * 5 + ["2"], "texts"
    assert [value(section, f"{W}type") for section in annexes] == ["nextPage"] * 5 + ["continuous"]
    for section in (first, *annexes):
        margins = attributes(section.find(f"{W}pgMar"))
        for edge, (least, most) in EDGES[style].items():
            assert least <= millimetres(margins[edge]) <= most, edge


@both
def test_the_page_number_stands_above_every_page_but_the_first(style: str) -> None:
    sections = list(body(STOCK[style]).iter(f"{W}sectPr"))
    texts = sections[-1]  # which go on below their annex's heading
    assert [section for section in sections if section.find(f"{W}titlePg") is None] == [texts]
    inner = etree.fromstring(parts(STOCK[style])["word/_rels/document.xml.rels"])
    targets = {relation.get("Id"): f"word/{relation.get('Target')}" for relation in inner}
    headers = {
        reference.get(f"{W}type"): body(STOCK[style], targets[reference.get(f"{R}id")])
        for reference in sections[0].iter(f"{W}headerReference")
    }
    fields = {kind: [node.text for node in root.iter(f"{W}instrText")] for kind, root in headers.items()}
    assert fields == {"default": [" PAGE "], "first": []}
    assert [value(p, f"{W}pPr/{W}pStyle") for p in headers["default"].iter(f"{W}p")] == ["Header"]
    header = styles(style)["header"]
    assert header.get(f"{W}styleId") == "Header"
    assert face(header) == (14, "", "center")


@both
def test_the_pages_of_each_annex_are_numbered_from_1(style: str) -> None:
    first, *annexes = body(STOCK[style]).iter(f"{W}sectPr")
    assert first.find(f"{W}pgNumType") is None
    starts = [section.find(f"{W}pgNumType") for section in annexes]
    assert [start is not None and start.get(f"{W}start") for start in starts] == ["1"] * 5 + [False]
    assert [list(section.iter(f"{W}headerReference")) for section in annexes] == [[]] * 6, "as before"


@both
def test_times_new_roman_in_every_slot_black_vietnamese(style: str) -> None:
    root = body(STOCK[style], "word/styles.xml")
    defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    fonts = attributes(defaults.find(f"{W}rFonts"))
    assert fonts == dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), "Times New Roman")
    assert defaults.find(f"{W}lang").get(f"{W}val") == "vi-VN"
    assert value(defaults, f"{W}color") == "000000"
    for part in ("word/styles.xml", "word/document.xml"):
        for name in ("rFonts", "color"):
            nodes = list(body(STOCK[style], part).iter(f"{W}{name}"))
            assert nodes == [] or (part == "word/styles.xml" and len(nodes) == 1), "nothing else is said"
    assert [name for name, data in parts(STOCK[style]).items() if b"Calibri" in data] == []


def face(style: Any) -> tuple[float, str, str]:
    """How a style is set: size in points; b(old), i(talic), c(apitals), u(nderlined); side."""
    run = style.find(f"{W}rPr")
    names = {"b": "b", "i": "i", "c": "caps", "u": "u"}
    marks = "".join(mark for mark, name in names.items() if run.find(f"{W}{name}") is not None)
    assert value(run, f"{W}sz") == value(run, f"{W}szCs")
    return int(value(run, f"{W}sz") or 0) / 2, marks, value(style, f"{W}pPr/{W}jc") or "left"


def look(style: str, text: str) -> tuple[float, str, str]:
    """How the paragraph of this text is set; nothing is set but by its style."""
    (paragraph,) = [p for p in body(STOCK[style]).iter(f"{W}p") if said(p) == text]
    assert list(paragraph.iter(f"{W}rPr")) == []
    code = value(paragraph, f"{W}pPr/{W}pStyle")
    (found,) = [each for each in styles(style).values() if each.get(f"{W}styleId") == code]
    return face(found)


LOOKS = {  # text: (size, marks, side) of party, of state
    "[Cơ quan cấp trên]": (("14", "c", "center"), ("12-13", "c", "center")),
    "[Cơ quan ban hành]": (("14", "bc", "center"), ("12-13", "bc", "center")),
    "*": (("14", "", "center"), None),
    "ĐẢNG CỘNG SẢN VIỆT NAM": (("15", "b", "center"), None),
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (None, ("12-13", "b", "center")),
    "Độc lập - Tự do - Hạnh phúc": (None, ("13-14", "b", "center")),
    f"Số{NBSP}{NUMBER}[-BC/CƠ QUAN]": (("14", "", "center"), None),
    f"Số:{NBSP}{NUMBER}[/BC-CƠ QUAN]": (None, ("13", "", "center")),
    f"[Địa danh], {DAY}": (
        ("14", "i", "center"),
        ("13-14", "i", "center"),
    ),
    "BÁO CÁO": (("15-16", "b", "center"), ("13-14", "b", "center")),
    "[Trích yếu nội dung báo cáo]": (("14-15", "b", "center"), ("13-14", "b", "center")),
    "-----": (("14", "", "center"), None),
    "[Ưu điểm]": (("14-15", "", "both"), ("13-14", "", "both")),
    "I- TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN": (("14-15", "b", "both"), None),
    "I. TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN": (None, ("13-14", "b", "both")),
    "1. Ưu điểm": (("14-15", "b", "both"), ("13-14", "b", "both")),
    "a) Hạn chế, khó khăn": (("14-15", "", "both"), ("13-14", "", "both")),
    "[T/M CƠ QUAN]": (("14", "bc", "center"), None),
    "[TM. CƠ QUAN]": (None, ("13-14", "bc", "center")),
    "[Chức vụ]": (("14", "c", "center"), ("13-14", "bc", "center")),
    "[Họ và tên]": (("14", "b", "center"), ("13-14", "b", "center")),
    "Nơi nhận:": (("14", "u", "left"), ("12", "bi", "left")),
    "[Danh sách nơi nhận]": (("12", "", "left"), ("11", "", "left")),
    "Phụ lục IISỐ LIỆU THEO ĐƠN VỊ": (("14", "b", "center"), ("14", "b", "center")),
    "[Bảng tổng hợp số liệu toàn tỉnh]": (("13", "b", "center"), ("13-14", "b", "center")),
}


@pytest.mark.parametrize(
    ("style", "text"),
    [(s, text) for text, looks in LOOKS.items() for s, how in zip(STYLES, looks, strict=True) if how],
)
def test_looks(style: str, text: str) -> None:
    expected = LOOKS[text][STYLES.index(style)]
    assert expected
    sizes, marks, side = expected
    size, *others = look(style, text)
    least, _, most = sizes.partition("-")
    assert int(least) <= size <= int(most or least)
    assert others == [marks, side]


@pytest.mark.parametrize("name", ["Body Text", "heading 1", "heading 2", "heading 3", "Lời kết"])
def test_running_text(name: str) -> None:
    def of(style: str) -> tuple[dict[str, str], dict[str, str]]:
        properties = styles(style)[name].find(f"{W}pPr")
        assert value(properties, f"{W}jc") == "both", "justified"
        return attributes(properties.find(f"{W}spacing")), attributes(properties.find(f"{W}ind"))

    spacing, indent = of("party")
    assert spacing["lineRule"] == "exact"
    assert 18 <= int(spacing["line"]) / 20 <= 22, "points exactly"
    assert int(spacing["before"]) + int(spacing["after"]) >= 120, "at least 6 points between paragraphs"
    assert millimetres(indent["firstLine"]) == 10
    spacing, indent = of("state")
    assert spacing["lineRule"] == "auto"
    assert 1 <= int(spacing["line"]) / 240 <= 1.5, "single to one and a half"
    assert int(spacing["before"]) + int(spacing["after"]) >= 120, "at least 6 points between paragraphs"
    assert 10 <= millimetres(indent["firstLine"]) <= 12.7


# ---- the head, its rules, the signature, the end


def cells(style: str) -> list[tuple[Any, int]]:
    """The first row of the head: each cell and its width."""
    row = next(next(body(STOCK[style]).iter(f"{W}tbl")).iter(f"{W}tr"))
    return [(cell, int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w"))) for cell in row.iter(f"{W}tc")]


@both
def test_the_head_is_as_wide_as_the_text(style: str) -> None:
    margins = attributes(next(body(STOCK[style]).iter(f"{W}pgMar")))
    assert 11906 - int(margins["left"]) - int(margins["right"]) == TEXT_WIDTH
    assert sum(width for _, width in cells(style)) == TEXT_WIDTH


@pytest.mark.parametrize(
    ("style", "text"), [("party", "ĐẢNG CỘNG SẢN VIỆT NAM"), ("state", "Độc lập - Tự do - Hạnh phúc")]
)
def test_the_rule_on_the_right_is_as_long_as_the_text(style: str, text: str) -> None:
    _, (right, width) = cells(style)
    (length,) = rules(right, width)
    assert length == pytest.approx(bold_width(text, look(style, text)[0]), rel=0.01)


def test_the_nation_stands_on_one_line() -> None:
    _, (_, width) = cells("state")
    text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert bold_width(text, look("state", text)[0]) < width - 200


@pytest.mark.parametrize("issuer", ["BAN TUYÊN GIÁO", "SỞ THÔNG TIN AN LẠC", "VĂN PHÒNG ỦY BAN"])
def test_the_rule_below_the_issuer_is_a_third_to_half_as_long_as_its_name(issuer: str) -> None:
    (left, width), _ = cells("state")
    (length,) = rules(left, width)
    whole = bold_width(issuer, look("state", "[Cơ quan ban hành]")[0])
    assert whole / 3 <= length <= whole / 2


@pytest.mark.parametrize(
    "title",
    [
        "Kết quả hoạt động quý I và nhiệm vụ trọng tâm quý II năm 2024",
        "Kết quả hoạt động quý IV năm 2024 và nhiệm vụ trọng tâm quý I năm 2025",
        "Kết quả hoạt động năm 2024 và nhiệm vụ trọng tâm năm 2025",
    ],
)
def test_the_rule_below_the_subject_is_a_third_to_half_as_long(title: str) -> None:
    (length,) = below_the_subject("state")
    whole = bold_width(title, look("state", "[Trích yếu nội dung báo cáo]")[0])
    assert whole / 3 <= length <= whole / 2
    assert length >= TEXT_WIDTH / 3, "also below a subject that fills its line"


def below_the_subject(style: str) -> list[int]:
    """The lengths of the rules that stand in no table."""
    blocks = [block for block in body(STOCK[style])[0] if block.tag == f"{W}p"]
    return [length for block in blocks for length in rules(block, TEXT_WIDTH)]


def test_the_party_has_a_star_and_dashes_for_those_two() -> None:
    (left, width), _ = cells("party")
    assert rules(left, width) == []
    assert lines(left)[-1] == "*"
    assert below_the_subject("party") == []
    text = lines(body(STOCK["party"]))
    assert text[text.index("[Trích yếu nội dung báo cáo]") + 1] == "-----"


HEADS = {
    "party": [
        [["[Cơ quan cấp trên]", "[Cơ quan ban hành]", "*"], ["ĐẢNG CỘNG SẢN VIỆT NAM", ""]],
        [[f"Số{NBSP}{NUMBER}[-BC/CƠ QUAN]"], [f"[Địa danh], {DAY}"]],
    ],
    "state": [
        [
            ["[Cơ quan cấp trên]", "[Cơ quan ban hành]", ""],
            ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", ""],
        ],
        [[f"Số:{NBSP}{NUMBER}[/BC-CƠ QUAN]"], [f"[Địa danh], {DAY}"]],
    ],
}


@both
def test_the_head(style: str) -> None:
    head, _ = body(STOCK[style]).iter(f"{W}tbl")
    rows = [[lines(cell) for cell in row.iter(f"{W}tc")] for row in head.iter(f"{W}tr")]
    assert rows == HEADS[style], "number and date on one line, both left to the clerk"
    number, date = (styles(style)[name] for name in ("Số ký hiệu", "Địa danh, ngày tháng"))
    above = [attributes(node.find(f"{W}pPr/{W}spacing"))["before"] for node in (number, date)]
    assert above[0] == above[1]


@both
def test_head_and_signature_are_tables_without_borders_and_no_rule_is_typed(style: str) -> None:
    for table in body(STOCK[style]).iter(f"{W}tbl"):
        assert table.find(f"{W}tblPr/{W}tblBorders") is None
        assert table.find(f"{W}tblPr/{W}tblStyle") is None
        assert list(table.iter(f"{W}tcBorders")) == []
        assert len(table.find(f"{W}tblGrid")) == 2
    assert "_" not in re.sub(r"\{\{.+?\}\}", "", "".join(lines(body(STOCK[style]))))


@pytest.mark.parametrize(("style", "authority"), [("party", "[T/M CƠ QUAN]"), ("state", "[TM. CƠ QUAN]")])
def test_the_signature(style: str, authority: str) -> None:
    _, table = body(STOCK[style]).iter(f"{W}tbl")
    assert [lines(cell) for cell in table.iter(f"{W}tc")] == [
        ["Nơi nhận:", "[Danh sách nơi nhận]"],
        [authority, "[Chức vụ]", "[Họ và tên]"],
    ]


@both
def test_the_order_of_what_a_report_contains(style: str) -> None:
    text = lines(body(STOCK[style]))
    dot, end = {"party": ("-", "."), "state": (".", "./.")}[style]
    expected = [
        "[Cơ quan cấp trên]",
        "BÁO CÁO",
        "[Trích yếu nội dung báo cáo]",
        "[Đoạn mở đầu: căn cứ, số đơn vị đã báo cáo]",
        f"I{dot} TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN",
        *(line for line in text if line[1:].startswith(". [Tên mục: ")),
        "9. Một số kết quả nổi bật",
        f"II{dot} ĐÁNH GIÁ CHUNG",
        "1. Ưu điểm",
        "2. Hạn chế, khó khăn và nguyên nhân",
        "a) Hạn chế, khó khăn",
        "b) Nguyên nhân",
        f"III{dot} NHIỆM VỤ TRỌNG TÂM [KỲ TỚI]",
        f"IV{dot} ĐỀ XUẤT, KIẾN NGHỊ",
        f"Trên đây là báo cáo kết quả hoạt động [kỳ báo cáo] của [Cơ quan ban hành]{end}",
        "Nơi nhận:",
        f"Phụ lục I{ANNEXES['I']}",
        f"Phụ lục II{ANNEXES['II']}",
        f"Phụ lục III{ANNEXES['III']}",
        f"Phụ lục IV{ANNEXES['IV']}",
    ]
    assert len(expected) == 19 + 8, "with the form's eight sections"
    assert [line for line in text if line in expected] == expected


@both
def test_the_end_sign_stands_right_before_the_signature_and_on_its_page(style: str) -> None:
    blocks = list(body(STOCK[style])[0])
    _, signature = [at for at, block in enumerate(blocks) if block.tag == f"{W}tbl"]
    end, gap = blocks[signature - 2 : signature]
    assert said(end).endswith({"party": "].", "state": "]./."}[style])
    assert said(gap) == ""
    for name in ("Lời kết", "Dòng ngăn cách"):
        assert styles(style)[name].find(f"{W}pPr/{W}keepNext") is not None
    codes = [styles(style)[name].get(f"{W}styleId") for name in ("Lời kết", "Dòng ngăn cách")]
    assert [value(block, f"{W}pPr/{W}pStyle") for block in (end, gap)] == codes


@pytest.mark.parametrize("language", ["vi", "en"])
@both
def test_the_last_words_before_the_end_go_with_it(style: str, language: str) -> None:
    before = next(
        block.getprevious()
        for block in body(report_document(style, language))[0]
        if value(block, f"{W}pPr/{W}pStyle") == "End"
    )
    assert value(before, f"{W}sdtPr/{W}tag") == "text:recommendations"
    (paragraph,) = before.iter(f"{W}p")
    assert names(paragraph, f"{W}pPr") == ["pStyle", "keepNext", "keepLines"]


@both
def test_every_annex_is_mentioned_in_the_body_and_names_its_report(style: str) -> None:
    text = lines(body(STOCK[style]))
    heads = [f"Phụ lục {numeral}{name}" for numeral, name in ANNEXES.items()]
    before = " ".join(text[: text.index(heads[0])])
    for numeral in ("I", "II", "III", "IV"):
        assert any(f"tại Phụ\u00a0lục\u00a0{numeral}{end}" in before for end in ";.")
    suffix = {"party": "[-BC/CƠ QUAN]", "state": "[/BC-CƠ QUAN]"}[style]
    reference = f"(Kèm theo Báo cáo số{NBSP}{NUMBER}{suffix} {DAY} của [Cơ quan ban hành])"
    assert [text[text.index(head) + 1] for head in heads] == [reference] * 5
    assert face(styles(style)["Kèm theo"]) == (14, "i", "center")


@both
def test_number_and_name_of_an_annex_are_one_entry_of_the_navigation_pane(style: str) -> None:
    in_pane = {code for code, node in outline(style).items() if node}
    entries = [p for p in body(STOCK[style]).iter(f"{W}p") if value(p, f"{W}pPr/{W}pStyle") in in_pane]
    annexes = [p for p in entries if said(p).startswith("Phụ lục")]
    assert [said(p) for p in annexes] == [f"Phụ lục {numeral}{name}" for numeral, name in ANNEXES.items()]
    assert [[node.tag.removeprefix(W) for r in p.iter(f"{W}r") for node in r] for p in annexes] == [
        ["t", "br", "t"]
    ] * 5, "on two lines"
    assert not any(said(p) in ANNEXES.values() for p in entries)


def outline(style: str) -> dict[str, bool]:
    """Whether a paragraph style's paragraphs are headings, by its id."""
    return {
        str(node.get(f"{W}styleId")): node.find(f"{W}pPr/{W}outlineLvl") is not None
        for node in styles(style).values()
    }
