"""The report of the sample as `reportctl report` writes it, in both document styles.

Row by row of what Decree 30/2020/NĐ-CP, Annex I (State) and the Party's guidance say of a report; "13-14" is
a size in points that may be chosen. What counts of fonts, sizes and spaces is what Word makes of all layers.
"""

from __future__ import annotations

import functools
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from reportctl.__main__ import main
from tests.making import sample
from tests.making.kept import kept, kept_folder
from tests.making.machine import Convert
from tests.making.valid import errors
from tests.making.word_documents import R, W, body, lines, parts, said, value
from tests.making.word_looks import FONT_SLOTS, Looks, attributes, bold_width, millimetres, rules

pytestmark = pytest.mark.slow

STYLES = ("party", "state")
TEXT_WIDTH = 9355  # twentieths of a point: 165 mm
NBSP = "\u00a0"
BLANK = NBSP * 5
DAY = f"ngày{NBSP}{BLANK}{NBSP}tháng{NBSP}{BLANK}{NBSP}năm{NBSP}2024"
ANNEXES = {
    "I": "TỔNG HỢP SỐ LIỆU TOÀN TỈNH",
    "II": "SỐ LIỆU THEO ĐƠN VỊ",
    "III": "DANH SÁCH HỘI NGHỊ, LỚP TẬP HUẤN",
    "IV": "TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ",
    "V": "LỜI CỦA CÁC ĐƠN VỊ",
}
HEADS_OF_ANNEXES = [f"Phụ lục {numeral}{name}" for numeral, name in ANNEXES.items()]
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
TYPEFACES = tuple(f"{DRAWING}{script}" for script in ("latin", "ea", "cs"))
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
ISSUER = """\
[issuer]
superior = "Tỉnh ủy Hòa Sơn"
name = "Ban Tuyên giáo và Dân vận"
short = "BTGDVTU"
place = "Hòa Sơn"
area = "Toàn tỉnh"
signing_for = "K/T TRƯỞNG BAN"
post = "Phó Trưởng ban Thường trực"
signatory = "Họ và Tên Mẫu"
recipients = ["Ban Tuyên giáo Trung ương", "Thường trực Tỉnh ủy", "Lưu Văn phòng"]

"""

both = pytest.mark.parametrize("style", STYLES)


@dataclass(frozen=True)
class Report:
    """A report as it was written, and its workspace."""

    document: bytes
    workspace: Path

    @cached_property
    def looks(self) -> Looks:
        return Looks(self.document)

    @cached_property
    def root(self) -> Any:
        return body(self.document)

    @cached_property
    def blocks(self) -> list[Any]:
        """Paragraphs and tables in their order, those within controls too."""
        return [
            node
            for node in self.root.iter(f"{W}p", f"{W}tbl")
            if next(node.iterancestors(f"{W}tbl"), None) is None
        ]

    @cached_property
    def lines(self) -> list[str]:
        return lines(self.root)

    def paragraph(self, text: str) -> Any:
        (found,) = [node for node in self.root.iter(f"{W}p") if said(node) == text]
        return found

    def of_style(self, *codes: str) -> list[Any]:
        return [node for node in self.root.iter(f"{W}p") if value(node, f"{W}pPr/{W}pStyle") in codes]

    def chart_texts(self) -> Iterator[Any]:
        """What sets the text of its charts."""
        for name, data in parts(self.document).items():
            if name.startswith("word/charts/chart"):
                yield from etree.fromstring(data).iter(f"{DRAWING}defRPr", f"{DRAWING}rPr")


@pytest.fixture(scope="module")
def workspace() -> Path:
    """The sample after `reportctl demo`, for an issuer of another name."""
    return kept_folder("produced", of_another_issuer)


def of_another_issuer(folder: Path) -> None:
    shutil.copytree(sample.demo(), folder)
    settings = folder / "reportctl.toml"
    text = settings.read_text(encoding="utf-8")
    changed = re.sub(
        r"^\[issuer\]\n.*?(?=^#[^\n]*\n(?:#[^\n]*\n)*\[)", lambda _: ISSUER, text, flags=re.M | re.S
    )
    assert changed != text
    settings.write_text(changed, encoding="utf-8")


def written(workspace: Path, style: str, path: Path) -> bytes:
    assert main(["-w", str(workspace), "report", "--style", style, "--out", str(path)]) == 0
    return path.read_bytes()


@pytest.fixture(scope="module")
def reports(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    folder = tmp_path_factory.mktemp("reports")
    documents = {
        style: kept(functools.partial(written, workspace, style, folder / f"{style}.docx"), "produced", style)
        for style in STYLES
    }
    return {style: Report(document, workspace) for style, document in documents.items()}


@pytest.fixture
def report(reports: dict[str, Report], style: str) -> Report:
    return reports[style]


# ---- page

EDGES = {  # millimetres
    "party": {"top": (20, 20), "bottom": (20, 20), "left": (30, 30), "right": (15, 15), "header": (10, 10)},
    "state": {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20), "header": (1, 20)},
}


@both
def test_a4_upright_with_landscape_annexes_and_the_margins_of_the_style(style: str, report: Report) -> None:
    upright, *annexes = report.root.iter(f"{W}sectPr")
    assert attributes(upright.find(f"{W}pgSz")) == {"w": "11906", "h": "16838"}
    wide, *others = annexes
    assert attributes(wide.find(f"{W}pgSz")) == {"w": "16838", "h": "11906", "orient": "landscape"}
    assert [attributes(section.find(f"{W}pgSz")) for section in others] == [{"w": "11906", "h": "16838"}] * 5
    breaks = [value(section, f"{W}type") for section in (upright, *annexes)]
    assert breaks == ["nextPage"] * 6 + ["continuous"], "the texts go on below their annex's heading"
    for section in (upright, *annexes):
        margins = attributes(section.find(f"{W}pgMar"))
        assert margins["gutter"] == "0"
        for edge, (least, most) in EDGES[style].items():
            assert least <= millimetres(margins[edge]) <= most, edge


@both
def test_page_numbers_stand_above_all_pages_but_the_first_and_restart_in_each_annex(report: Report) -> None:
    upright, *annexes = report.root.iter(f"{W}sectPr")
    relations = etree.fromstring(parts(report.document)["word/_rels/document.xml.rels"])
    targets = {relation.get("Id"): f"word/{relation.get('Target')}" for relation in relations}
    headers = {
        reference.get(f"{W}type"): body(report.document, targets[reference.get(f"{R}id")])
        for reference in upright.iter(f"{W}headerReference")
    }
    fields = {kind: [node.text for node in root.iter(f"{W}instrText")] for kind, root in headers.items()}
    assert fields == {"default": [" PAGE "], "first": []}
    assert "".join(lines(headers["first"])) == ""
    (number,) = headers["default"].iter(f"{W}p")
    assert report.looks.look(number) == (14, "", "center")
    for section in (upright, *annexes[:-1]):
        assert section.find(f"{W}titlePg") is not None
    assert upright.find(f"{W}pgNumType") is None
    starts = [section.find(f"{W}pgNumType") for section in annexes]
    assert [start is not None and start.get(f"{W}start") for start in starts] == ["1"] * 5 + [False]
    assert [list(section.iter(f"{W}headerReference")) for section in annexes] == [[]] * 6, "as before"
    assert list(report.root.iter(f"{W}footerReference")) == []


# ---- letters


@both
def test_every_run_is_in_times_new_roman_black_and_vietnamese(report: Report) -> None:
    names = [name for name in parts(report.document) if re.match(r"word/(document|header\d+)\.xml", name)]
    assert len(names) == 3
    runs = [run for name in names for run in body(report.document, name).iter(f"{W}r")]
    assert len(runs) > 2000, "with those of the tables"
    for run in runs:
        looks = report.looks.of_run(run)
        assert {slot: looks["rFonts"].get(slot) for slot in FONT_SLOTS} == dict.fromkeys(
            FONT_SLOTS, "Times New Roman"
        )
        assert not [name for name in looks["rFonts"] if name.endswith("Theme")]
        assert looks["color"]["val"] == "000000"
        assert (looks["lang"]["val"], looks["lang"]["eastAsia"]) == ("vi-VN", "vi-VN")
    # Nor does anything else say otherwise: the mark at a paragraph's end, a style, the theme.
    said_anywhere = set()
    for name, data in parts(report.document).items():
        if name.startswith("word/") and name.endswith(".xml"):
            for node in etree.fromstring(data).iter(f"{W}rFonts", f"{W}font", *TYPEFACES):
                said_anywhere |= set(attributes(node).values())
    assert said_anywhere == {"Times New Roman"}


@both
def test_the_text_of_charts_is_in_times_new_roman_black_and_vietnamese(report: Report) -> None:
    looks = list(report.chart_texts())
    assert len(looks) >= 4
    for look in looks:
        assert {
            etree.QName(n).localname: n.get("typeface") for n in look if n.get("typeface")
        } == dict.fromkeys(("latin", "ea", "cs"), "Times New Roman")
        assert look.get("lang") == "vi-VN"
        colours = [node.get("val") for node in look.iter(f"{DRAWING}srgbClr")]
        assert colours in ([], ["000000"]), "a run's is its paragraph's"
    for name, data in parts(report.document).items():
        if name.startswith("word/charts/chart"):
            assert etree.fromstring(data).find(f"{CHART}txPr") is not None, "what axes and legend inherit"


LOOKS = {  # text: (size, marks, side) of party, of state
    "Tỉnh ủy Hòa\u00a0Sơn": (("14", "c", "center"), ("12-13", "c", "center")),
    "*": (("14", "", "center"), None),
    "ĐẢNG CỘNG SẢN VIỆT NAM": (("15", "b", "center"), None),
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (None, ("12-13", "b", "center")),
    "Độc lập - Tự do - Hạnh phúc": (None, ("13-14", "b", "center")),
    f"Số{NBSP}{BLANK}-BC/BTGDVTU": (("14", "", "center"), None),
    f"Số:{NBSP}{BLANK}/BC-BTGDVTU": (None, ("13", "", "center")),
    f"Hòa Sơn, {DAY}": (("14", "i", "center"), ("13-14", "i", "center")),
    "BÁO CÁO": (("15-16", "b", "center"), ("13-14", "b", "center")),
    "Kết quả hoạt động quý\u00a0I và nhiệm vụ trọng tâm quý\u00a0II\u00a0năm\u00a02024": (
        ("14-15", "b", "center"),
        ("13-14", "b", "center"),
    ),
    "-----": (("14", "", "center"), None),
    "I- TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN": (("14-15", "b", "both"), None),
    "I. TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN": (None, ("13-14", "b", "both")),
    "III- NHIỆM VỤ TRỌNG TÂM QUÝ\u00a0II NĂM 2024": (("14-15", "b", "both"), None),
    "III. NHIỆM VỤ TRỌNG TÂM QUÝ\u00a0II NĂM 2024": (None, ("13-14", "b", "both")),
    "1. Công tác chỉ đạo, hướng dẫn": (("14-15", "b", "both"), ("13-14", "b", "both")),
    "a) Hạn chế, khó khăn": (("14-15", "", "both"), ("13-14", "", "both")),
    "K/T TRƯỞNG\u00a0BAN": (("14", "bc", "center"), None),
    "KT. TRƯỞNG\u00a0BAN": (None, ("13-14", "bc", "center")),
    "Phó Trưởng ban Thường\u00a0trực": (("14", "c", "center"), ("13-14", "bc", "center")),
    "Họ và Tên Mẫu": (("14", "b", "center"), ("13-14", "b", "center")),
    "Nơi nhận:": (("14", "u", "left"), ("12", "bi", "left")),
    "- Thường trực Tỉnh ủy,": (("12", "", "left"), None),
    "- Thường trực Tỉnh ủy;": (None, ("11", "", "left")),
    "- Lưu Văn phòng.": (("12", "", "left"), None),
    "- Lưu: VT, Văn phòng.": (None, ("11", "", "left")),
    "Phụ lục IISỐ LIỆU THEO ĐƠN VỊ": (("14", "b", "center"), ("14", "b", "center")),
}


@pytest.mark.parametrize(
    ("style", "text"),
    [(s, text) for text, looks in LOOKS.items() for s, how in zip(STYLES, looks, strict=True) if how],
)
def test_looks(style: str, text: str, report: Report) -> None:
    expected = LOOKS[text][STYLES.index(style)]
    assert expected
    sizes, *others = expected
    size, *found = report.looks.look(report.paragraph(text))
    least, _, most = sizes.partition("-")
    assert int(least) <= size <= int(most or least)
    assert found == others
    if others[1] == "center":
        properties = report.looks.of_paragraph(report.paragraph(text))
        assert {"firstLine", "left"} & set(properties.get("ind", {})) == set(), "in the very middle"


@both
def test_annexes_say_which_report_they_belong_to(style: str, report: Report) -> None:
    suffix = {"party": "-BC/BTGDVTU", "state": "/BC-BTGDVTU"}[style]
    reference = f"(Kèm theo Báo cáo số{NBSP}{BLANK}{suffix} {DAY} của Ban Tuyên giáo và{NBSP}Dân{NBSP}vận)"
    starts = [at for at, block in enumerate(report.blocks) if said(block) in HEADS_OF_ANNEXES]
    assert [said(report.blocks[at]) for at in starts] == HEADS_OF_ANNEXES
    for at in starts:
        head, belongs = report.blocks[at : at + 2]
        assert report.looks.look(head) == (14, "b", "center")
        assert len(list(head.iter(f"{W}br"))) == 1
        assert (said(belongs), report.looks.look(belongs)) == (reference, (14, "i", "center"))
        end = report.blocks[at - 1]
        assert end.find(f"{W}pPr/{W}sectPr") is not None, "each begins a page"
    mentioned = " ".join(said(block) for block in report.blocks[: starts[0]])
    for numeral in ("I", "II", "III", "IV", "V"):
        assert re.search(rf"tại Phụ\u00a0lục\u00a0{numeral}[;.]", mentioned)


# ---- running text


@both
def test_running_text(style: str, report: Report) -> None:
    running = report.of_style("BodyText", "Heading1", "Heading2", "Heading3", "End")
    assert len(running) > 40
    for paragraph in running:
        properties = report.looks.of_paragraph(paragraph)
        assert properties["jc"]["val"] == "both", "justified"
        spacing, indent = properties["spacing"], properties["ind"]
        assert int(spacing["before"]) + int(spacing["after"]) >= 120, "at least 6 points between paragraphs"
        assert set(indent) == {"firstLine"}
        if style == "party":
            assert spacing["lineRule"] == "exact"
            assert 18 <= int(spacing["line"]) / 20 <= 22, "points exactly"
            assert millimetres(indent["firstLine"]) == 10
        else:
            assert spacing["lineRule"] == "auto"
            assert 1 <= int(spacing["line"]) / 240 <= 1.5, "single to one and a half"
            assert 10 <= millimetres(indent["firstLine"]) <= 12.7
        least, most = (14, 15) if style == "party" else (13, 14)
        assert all(least <= report.looks.face(run)[0] <= most for run in paragraph.iter(f"{W}r"))
    held = report.of_style("Heading1", "Heading2", "Heading3", "Caption", "End", "Annex", "AnnexReference")
    for paragraph in held:
        assert "keepNext" in report.looks.of_paragraph(paragraph), said(paragraph)
    for paragraph in report.root.iter(f"{W}p"):
        assert report.looks.of_paragraph(paragraph)["widowControl"].get("val") is None, "no line alone"


@both
def test_what_stands_between_tables_is_of_the_reports_own_styles(report: Report) -> None:
    unstyled = [b for b in report.blocks if b.tag == f"{W}p" and b.find(f"{W}pPr/{W}pStyle") is None]
    assert [said(p) for p in unstyled if said(p)] == []
    notes = report.of_style("TableNote")
    assert notes
    assert {report.looks.look(note) for note in notes} == {(11, "i", "both")}, "notes below tables"


@both
def test_tables_are_set_by_the_styles_of_the_document(report: Report) -> None:
    tables = tables_of(report)
    for name, table in tables.items():
        assert value(table, f"{W}tblPr/{W}tblCaption"), name
        assert "Đơn vị" in str(value(table, f"{W}tblPr/{W}tblDescription")) or "units" not in name
        assert list(table.iter(f"{W}tblBorders", f"{W}sz")) == [], "nothing is said but by the styles"
        codes = {value(p, f"{W}pPr/{W}pStyle") for p in table.iter(f"{W}p")}
        assert {str(code).removesuffix("Small") for code in codes} <= {
            "TableHead",
            "TableWords",
            "TableFigures",
            "TableSigns",
        }
    properties = etree.fromstring(parts(report.document)["docProps/core.xml"])
    found = {etree.QName(node).localname: node.text for node in properties}
    assert str(found["title"]).startswith("Kết quả hoạt động quý I và"), "blanks as people type them"
    assert found["creator"] == "Ban Tuyên giáo và Dân vận"


# ---- head, signature, end


@both
def test_the_head(style: str, report: Report) -> None:
    head = next(report.root.iter(f"{W}tbl"))
    rows = [[lines(cell) for cell in row.iter(f"{W}tc")] for row in head.iter(f"{W}tr")]
    date = f"Hòa Sơn, {DAY}"
    left = ["Tỉnh ủy Hòa\u00a0Sơn", "Ban Tuyên giáo và\u00a0Dân\u00a0vận"]
    assert (
        rows
        == {
            "party": [
                [[*left, "*"], ["ĐẢNG CỘNG SẢN VIỆT NAM", ""]],
                [[f"Số{NBSP}{BLANK}-BC/BTGDVTU"], [date]],
            ],
            "state": [
                [[*left, ""], ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", ""]],
                [[f"Số:{NBSP}{BLANK}/BC-BTGDVTU"], [date]],
            ],
        }[style]
    )
    issuer = next(p for p in head.iter(f"{W}p") if said(p) == left[1])
    assert report.looks.look(issuer) == ({"party": 14, "state": 13}[style], "bc", "center")
    assert [value(cell, f"{W}tcPr/{W}vAlign") for cell in head.iter(f"{W}tc")] == [None, None] + [
        "bottom"
    ] * 2
    title = [said(block) for block in report.blocks[1:4]]
    subject = "Kết quả hoạt động quý\u00a0I và nhiệm vụ trọng tâm quý\u00a0II\u00a0năm\u00a02024"
    assert title == ["BÁO CÁO", subject, {"party": "-----", "state": ""}[style]]


@both
def test_rules_are_drawn_of_the_right_length(style: str, report: Report) -> None:
    row = next(next(report.root.iter(f"{W}tbl")).iter(f"{W}tr"))
    left, right = (rules(cell, int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w"))) for cell in row.iter(f"{W}tc"))
    outside = [
        length for block in report.blocks if block.tag == f"{W}p" for length in rules(block, TEXT_WIDTH)
    ]
    if style == "party":
        assert (left, outside) == ([], [])
        assert right == [pytest.approx(bold_width("ĐẢNG CỘNG SẢN VIỆT NAM", 15), rel=0.01)]
    else:
        whole = bold_width("BAN TUYÊN GIÁO VÀ", 13)  # the longer of its two lines
        subject = bold_width("Kết quả hoạt động quý I và nhiệm vụ trọng tâm quý II năm 2024", 14)
        assert len(left) == len(right) == len(outside) == 1
        assert whole / 3 <= left[0] <= whole / 2
        assert right == [pytest.approx(bold_width("Độc lập - Tự do - Hạnh phúc", 14), rel=0.01)]
        assert subject / 3 <= outside[0] <= subject / 2
    for line in report.lines:
        assert not re.search(r"_{2,}|[─―—–]{2,}|\.{4,}", line), "a typed rule"


@both
def test_the_signature_stands_beside_the_recipients_without_borders(style: str, report: Report) -> None:
    end, gap, table = next(
        report.blocks[at - 2 : at + 1]
        for at, block in enumerate(report.blocks)
        if block.tag == f"{W}tbl" and lines(block)[0] == "Nơi nhận:"
    )
    assert [lines(cell) for cell in table.iter(f"{W}tc")] == {
        "party": [
            ["Nơi nhận:", "- Ban Tuyên giáo Trung ương,", "- Thường trực Tỉnh ủy,", "- Lưu Văn phòng."],
            ["K/T TRƯỞNG\u00a0BAN", "Phó Trưởng ban Thường\u00a0trực", "Họ và Tên Mẫu"],
        ],
        "state": [
            ["Nơi nhận:", "- Ban Tuyên giáo Trung ương;", "- Thường trực Tỉnh ủy;", "- Lưu: VT, Văn phòng."],
            ["KT. TRƯỞNG\u00a0BAN", "Phó Trưởng ban Thường\u00a0trực", "Họ và Tên Mẫu"],
        ],
    }[style]
    assert said(gap) == ""
    sign = {"party": ".", "state": "./."}[style]
    assert said(end) == (
        "Trên đây là báo cáo kết quả hoạt động quý\u00a0I năm 2024 của Ban Tuyên giáo và\u00a0Dân\u00a0vận"
        + sign
    )
    assert [line for line in report.lines if "./." in line] == ([said(end)] if sign == "./." else [])
    assert all("keepNext" in report.looks.of_paragraph(each) for each in (end, gap)), "never alone on a page"
    for borderless in (table, next(report.root.iter(f"{W}tbl"))):
        assert len(borderless.find(f"{W}tblGrid")) == 2
        assert list(borderless.iter(f"{W}tblBorders", f"{W}tcBorders", f"{W}tblStyle")) == []
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in borderless.iter(f"{W}tr"))


@both
def test_the_styles_are_not_mixed(style: str, report: Report) -> None:
    text = "\n".join(report.lines)
    of_party = ("ĐẢNG CỘNG SẢN", "-BC/", "K/T", "I- TÌNH HÌNH", "IV- ")
    of_state = ("CỘNG HÒA XÃ HỘI", "Độc lập", "/BC-", "KT.", "Số:", "Lưu:", "./.", "I. TÌNH HÌNH", "IV. ")
    own, other = (of_party, of_state) if style == "party" else (of_state, of_party)
    assert [sign for sign in own if sign not in text] == []
    assert [sign for sign in other if sign in text] == []


@both
def test_the_order_of_what_the_report_contains(style: str, report: Report) -> None:
    dot = {"party": "-", "state": "."}[style]
    expected = [
        "Tỉnh ủy Hòa\u00a0Sơn",
        "BÁO CÁO",
        f"I{dot} TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN",
        "1. Công tác chỉ đạo, hướng dẫn",
        "2. Tập huấn, nói chuyện chuyên đề",
        "3. Thông tin trên báo chí",
        "4. Thông tin cơ sở",
        "5. Trang, nhóm cộng đồng chính thức",
        "6. Cải chính thông tin sai về địa phương",
        "7. Cuộc thi chính luận",
        "8. Kinh phí, đội ngũ",
        "9. Một số kết quả nổi bật",
        f"II{dot} ĐÁNH GIÁ CHUNG",
        "1. Ưu điểm",
        "2. Hạn chế, khó khăn và nguyên nhân",
        "a) Hạn chế, khó khăn",
        "b) Nguyên nhân",
        f"III{dot} NHIỆM VỤ TRỌNG TÂM QUÝ\u00a0II NĂM 2024",
        f"IV{dot} ĐỀ XUẤT, KIẾN NGHỊ",
        "Nơi nhận:",
        *HEADS_OF_ANNEXES,
    ]
    assert [line for line in report.lines if line in expected] == expected
    assert "[" not in "".join(report.lines), "no placeholder is left"


# ---- tables


@both
def test_tables_repeat_their_head_and_break_no_row(report: Report) -> None:
    tables = [
        table
        for table in report.root.iter(f"{W}tbl")
        if value(table, f"{W}tblPr/{W}tblStyle") == "ReportTable"
    ]
    assert len(tables) == 1 + 1 + 9 + 2 + 1, "province, the table, units and plans, lists, who reported"
    two_lines = []
    for table in tables:
        rows = list(table.iter(f"{W}tr"))
        heads = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
        assert heads == rows[: len(heads)]
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        caption = report.blocks[report.blocks.index(table) - 1]
        held = [caption, *(paragraph for row in heads for paragraph in row.iter(f"{W}p"))]
        assert said(caption)
        assert all("keepNext" in report.looks.of_paragraph(each) for each in held), "with its first row"
        assert len(heads) in (1, 2)
        two_lines += [said(caption)] if len(heads) == 2 else []
    assert [caption.partition(". ")[2] for caption in two_lines] == [
        "Tin, bài theo loại hình, quý\u00a0I năm 2024"
    ]


def tables_of(report: Report) -> dict[str, Any]:
    """The data tables by the words of their captions."""
    found = {}
    for table in report.root.iter(f"{W}tbl"):
        if value(table, f"{W}tblPr/{W}tblStyle") == "ReportTable":
            caption = said(report.blocks[report.blocks.index(table) - 1])
            found[caption.partition(". ")[2]] = table
    return found


@both
def test_the_body_has_no_table_of_figures_and_few_charts(report: Report) -> None:
    first_annex = next(at for at, block in enumerate(report.blocks) if said(block) == HEADS_OF_ANNEXES[0])
    captioned = [value(block, f"{W}pPr/{W}pStyle") for block in report.blocks[:first_annex]].count("Caption")
    assert captioned == sum(1 for _chart in report.root.iter(f"{CHART}chart"))
    assert captioned <= 3


@both
def test_columns_that_say_nothing_are_left_out(report: Report) -> None:
    (province,) = (
        table for name, table in tables_of(report).items() if name == "Tổng hợp số liệu quý\u00a0I năm 2024"
    )
    head = [said(cell) for cell in next(province.iter(f"{W}tr")).iter(f"{W}tc")]
    assert "Lũy kế" not in head, "the first quarter's own figures"
    assert "Kế hoạch năm" in head


@both
def test_notes_stand_once_in_an_annex_and_coverage_in_the_lead(report: Report) -> None:
    starts = [at for at, block in enumerate(report.blocks) if said(block) in HEADS_OF_ANNEXES]
    for start, end in zip(starts, [*starts[1:], len(report.blocks)], strict=True):
        notes = [said(b) for b in report.blocks[start:end] if said(b).startswith(("…:", "KAD:", "(*)"))]
        assert len(notes) == len(set(notes))
    assert any(line.startswith("…: không có số liệu") for line in report.lines)
    assert [line for line in report.lines if line.startswith("Chưa có báo cáo")] == []
    assert sum("Huyện Hòa Lương, Tỉnh đoàn An Lạc" in line for line in report.lines) == 1


@both
def test_who_reported_is_said_in_an_offices_words(report: Report) -> None:
    (table,) = (one for name, one in tables_of(report).items() if name.startswith("Tình hình nhận báo cáo"))
    rows = {
        cells[1]: cells[2:] for cells in ([said(c) for c in r.iter(f"{W}tc")] for r in table.iter(f"{W}tr"))
    }
    assert rows.pop("Đơn vị") == ["Ngày nhận", "Gửi báo cáo", "Ghi chú"]
    assert {cells[1] for cells in rows.values()} == {"đúng hạn", "muộn", "chưa gửi"}
    assert rows["Tỉnh đoàn An\u00a0Lạc"] == ["", "chưa gửi", ""]
    assert rows["Huyện Hòa\u00a0Lương"][1:] == ["đúng hạn", "chưa tổng hợp số liệu"]


# ---- the file


def audit(path: Path) -> Counter[str]:
    """What openxml-audit finds, without the places, which move."""
    return Counter(re.sub(r"\[\d+\]", "", str(error)) for error in errors(path))


def copy_of(report: Report, folder: Path) -> tuple[Path, Path]:
    """A workspace and a report of its own for a test that changes them."""
    workspace = Path(shutil.copytree(report.workspace, folder / "workspace"))
    path = folder / "report.docx"
    path.write_bytes(report.document)
    return workspace, path


def correct_and_refresh(workspace: Path, path: Path) -> None:
    told = ["correct", "001", "press_online", "400", "--why", "Điện thoại ngày 20/3"]
    assert main(["-w", str(workspace), *told]) in (0, 1)
    before = path.read_bytes()
    assert main(["-w", str(workspace), "refresh", str(path)]) == 0
    assert path.read_bytes() != before


@both
def test_the_same_input_gives_the_same_parts(style: str, report: Report, tmp_path: Path) -> None:
    assert parts(written(report.workspace, style, tmp_path / "again.docx")) == parts(report.document)


@both
def test_the_report_is_valid_and_a_refresh_leaves_it_so(report: Report, tmp_path: Path) -> None:
    workspace, path = copy_of(report, tmp_path)
    assert audit(path) == Counter()
    correct_and_refresh(workspace, path)
    assert audit(path) == Counter()


@pytest.mark.libreoffice
@both
def test_a_refresh_adds_no_error_to_what_libreoffice_saved(
    report: Report, tmp_path: Path, soffice: Convert
) -> None:
    workspace, path = copy_of(report, tmp_path)
    (saved,) = soffice([path], to="docx", outdir=tmp_path / "saved")
    opened = [line for line in lines(body(saved.read_bytes())) if line]
    assert opened == [line for line in report.lines if line], "it opens, and says the same"
    before = audit(saved)
    correct_and_refresh(workspace, saved)
    assert audit(saved) - before == Counter()
    pages = [attributes(section.find(f"{W}pgSz")) for section in body(saved.read_bytes()).iter(f"{W}sectPr")]
    assert [page.get("orient") == "landscape" for page in pages] == [
        False,
        True,
        False,
        False,
        False,
        False,
        False,
    ]
