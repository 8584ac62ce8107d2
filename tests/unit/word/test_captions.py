"""Captions, references to them and tables of contents: Word's own fields, read with zipfile and lxml."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.report.changes import changes
from reportctl.word.content import Content, CrossReference, TableOfContents
from reportctl.word.fields import fields
from tests.making.machine import Convert
from tests.making.valid import errors
from tests.making.word_documents import (
    ALL,
    CHART,
    SECTION,
    SPACE,
    STOCK,
    TABLE,
    W,
    block,
    body,
    docx,
    edited,
    filled,
    inline,
    lines,
    list_controls,
    p,
    run,
)

SHORT = Table("s", "Ngắn", (Column("a", "A"),), (Row(("x",)),))
SAID: dict[str, Content] = {
    "table:province": TABLE,
    "table:press": SHORT,
    "chart:press": CHART,
    "ref:table:province": CrossReference("table:province"),
    "ref:chart:press": CrossReference("chart:press"),
    "ref:table:gone": CrossReference("table:gone"),
    "toc": TableOfContents(),
    "title": "Kết quả quý I",
}
HEADINGS = (
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/>'
    '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Riêng"/>'
    '<w:basedOn w:val="H1"/></w:style>'
)


def shown(root: Any) -> list[tuple[str, str]]:
    """Every complex field's instruction with the text between its separator and its end."""
    found: list[list[Any]] = []
    state: list[list[Any]] = []
    for node in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            state.append(["", "", False])
            found.append(state[-1])
        elif kind == "separate":
            state[-1][2] = True
        elif kind == "end":
            state.pop()
        elif state and not state[-1][2]:
            state[-1][0] += node.text or ""
        elif state:
            state[-1][1] += node.text or ""
    assert not state, "every field ends"
    return [(" ".join(code.split()), text) for code, text, _ in found]


def of_kind(root: Any, kind: str) -> list[str]:
    return [text for code, text in shown(root) if code.startswith(kind)]


def test_captions_count_through_the_document_each_kind_by_itself() -> None:
    template = docx(
        block("table:press") + block("chart:press") + block("table:province") + block("table:press") + SECTION
    )
    root = body(filled(template, SAID).document)
    assert shown(root) == [
        ("SEQ Bảng \\* ARABIC", "1"),
        ("SEQ Biểu_đồ \\* ARABIC", "1"),
        ("SEQ Bảng \\* ARABIC", "2"),
        ("SEQ Bảng \\* ARABIC", "3"),
    ]
    captions = [line for line in lines(root) if line.startswith(("Bảng", "Biểu đồ"))]
    assert captions == [
        "Bảng\u00a01. Ngắn",
        f"Biểu đồ\u00a01. {CHART.title}",
        "Bảng\u00a02. Biểu tổng hợp",
        "Bảng\u00a03. Ngắn",
    ]
    names = [mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names)), "a copy of a control has a bookmark of its own"


def test_a_reference_is_the_label_and_a_field_to_the_bookmark_round_the_number() -> None:
    template = docx(
        p(run("Xem "), inline("ref:table:province", "<w:i/>"), run(" và "), inline("ref:chart:press"))
        + block("table:press")
        + block("table:province")
        + block("chart:press")
        + SECTION
    )
    root = body(filled(template, SAID).document)
    assert lines(root)[0] == "Xem Bảng\u00a02 và Biểu đồ\u00a01"
    code = next(code for code, text in shown(root) if text == "2" and code.startswith("REF"))
    name = code.split()[1]
    start = next(m for m in root.iter(f"{W}bookmarkStart") if m.get(f"{W}name") == name)
    inside = ""
    for node in start.itersiblings():
        if node.tag == f"{W}bookmarkEnd" and node.get(f"{W}id") == start.get(f"{W}id"):
            break
        inside += "".join(t.text or "" for t in node.iter(f"{W}t"))
    assert inside == "2"
    assert root.find(f".//{W}sdt/{W}sdtContent/{W}r") is None, "no control is left round a reference"
    first = next(r for r in root.iter(f"{W}r") if r.find(f"{W}fldChar") is not None)
    assert first.find(f"{W}rPr/{W}i") is not None, "it looks as what stood there"


def test_a_reference_to_what_is_not_there_leaves_room_and_its_control() -> None:
    template = docx(p(run("Xem "), inline("ref:table:gone")) + SECTION)
    document = filled(template, SAID).document
    assert lines(body(document))[0] == "Xem Bảng\u00a0…"
    later = edited(document, lambda root: root[0].insert(1, parsed(block("table:gone"))))
    root = body(filled(later, SAID | {"table:gone": SHORT}).document)
    assert lines(root)[0] == "Xem Bảng\u00a01"


def parsed(xml: str) -> Any:
    return etree.fromstring(f'<x xmlns:w="{SPACE}">{xml}</x>')[0]


def own_caption(number: str) -> Any:
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    code = "<w:r><w:instrText> SEQ Bảng \\* ARABIC </w:instrText></w:r>"
    field = f"{begin}{code}{separate}{run(number)}{end}"
    return parsed(p(run("Bảng "), field, run(". Của văn phòng")))


def test_peoples_captions_are_counted_and_left_as_they_are() -> None:
    template = docx(
        p(inline("ref:table:province")) + block("table:press") + block("table:province") + SECTION
    )
    first = filled(template, SAID).document

    def by_people(root: Any) -> None:
        root[0].insert(2, own_caption("9"))  # Word has not renewed it yet

    again = filled(edited(first, by_people), SAID)
    assert of_kind(body(again.document), "SEQ") == ["1", "9", "3"]
    assert of_kind(body(again.document), "REF") == ["3"]
    assert not changes(again).changed, "a number is the document's own"


def test_peoples_references_stay_round_label_and_number() -> None:
    first = filled(docx(block("table:province") + SECTION), SAID).document

    def by_people(root: Any) -> None:
        caption = next(each for each in root.iter(f"{W}p") if "Biểu tổng" in "".join(each.itertext()))
        caption.insert(1, parsed('<w:bookmarkStart w:id="77" w:name="_Ref161234567"/>'))
        caption.insert(len(caption) - 2, parsed('<w:bookmarkEnd w:id="77"/>'))

    root = body(filled(edited(first, by_people), SAID).document)
    start = next(m for m in root.iter(f"{W}bookmarkStart") if m.get(f"{W}name") == "_Ref161234567")
    between = ""
    for node in start.itersiblings():
        if node.tag == f"{W}bookmarkEnd" and node.get(f"{W}id") == "77":
            break
        between += "".join(t.text or "" for t in node.iter(f"{W}t"))
    assert between == "Bảng\u00a01"


def test_filling_again_changes_nothing() -> None:
    template = docx(
        p(inline("ref:chart:press")) + block("toc") + block("chart:press") + block("table:province") + SECTION
    )
    first = filled(template, SAID).document
    again = filled(first, SAID)
    assert again.document == first
    assert not changes(again).differ


# ---- tables that are too wide


def wide(indicators: int, *, plans: bool = False) -> Table:
    """A table of units whose cell of indicator n in the row of unit m says 100 m + n; with a total."""
    columns = [Column("number", "STT", CellFormat.TEXT, 0.5), Column("unit", "Đơn vị", CellFormat.TEXT, 2.4)]
    for n in range(1, indicators + 1):
        columns.append(Column(f"i{n}", f"Chỉ tiêu {n}", CellFormat.COUNT))
        if plans:
            columns.append(Column(f"i{n}.of_plan", "% KH", CellFormat.COUNT, 0.8))
    each = 2 if plans else 1
    rows = [
        Row((str(m), f"Xã {m}", *(100 * m + n for n in range(1, indicators + 1) for _ in range(each))))
        for m in (1, 2)
    ]
    group = Row(("", "Các xã", *[""] * (len(columns) - 2)), Role.SECTION)
    total = Row(
        ("", "Tổng cộng", *(300 + 2 * n for n in range(1, indicators + 1) for _ in range(each))), Role.TOTAL
    )
    return Table("w", "Nhiều chỉ tiêu", tuple(columns), (group, *rows, total), ("Ghi chú.",), repeated=2)


def grids(root: Any) -> list[list[list[str]]]:
    return [
        [["".join(c.itertext()) for c in r.iter(f"{W}tc")] for r in t.iter(f"{W}tr")]
        for t in root.iter(f"{W}tbl")
    ]


def test_a_wide_table_of_units_is_split_by_columns() -> None:
    root = body(filled(docx(block("table:w") + SECTION), {"table:w": wide(20)}).document)
    parts = grids(root)
    assert len(parts) == 3  # 9,355 dxa less 2,900 for the units: room for 7 columns of 900
    said = [title for part in parts for title in part[0][2:]]
    assert said == [f"Chỉ tiêu {n}" for n in range(1, 21)], "every indicator once, in its order"
    for part in parts:
        assert part[0][:2] == ["STT", "Đơn vị"]
        assert [row[1] for row in part[1:]] == ["Các xã", "Xã 1", "Xã 2", "Tổng cộng"]
    assert [len(part[0]) for part in parts] == [9, 9, 8], "about as many columns in each"
    total = [cell for part in parts for cell in part[-1][2:]]
    assert total == [str(300 + 2 * n) for n in range(1, 21)]
    captions = [line for line in lines(root) if line.startswith("Bảng")]
    assert captions == [
        "Bảng\u00a01. Nhiều chỉ tiêu (phần 1/3)",
        *(f"Bảng\u00a01 (tiếp theo). Nhiều chỉ tiêu (phần {n}/3)" for n in (2, 3)),
    ]
    assert of_kind(root, "SEQ") == ["1"]
    headers = [t.find(f"{W}tr/{W}trPr/{W}tblHeader") for t in root.iter(f"{W}tbl")]
    assert None not in headers
    assert lines(root).count("Ghi chú.") == 1
    widths = [sum(int(c.get(f"{W}w")) for c in t.iter(f"{W}gridCol")) for t in root.iter(f"{W}tbl")]
    assert widths == [9355] * 3


def test_what_belongs_together_is_not_parted() -> None:
    root = body(filled(docx(block("table:w") + SECTION), {"table:w": wide(9, plans=True)}).document)
    for part in grids(root):
        assert part[0][2::2] == [title for title in part[0][2:] if title != "% KH"]
        assert part[0][3::2] == ["% KH"] * (len(part[0][2:]) // 2)


def test_a_table_that_fits_or_has_no_columns_to_repeat_stays_whole() -> None:
    for table in (wide(7), replace(wide(20), repeated=0)):
        assert len(grids(body(filled(docx(block("t") + SECTION), {"t": table}).document))) == 1


def test_a_changed_cell_of_a_later_part_is_named_by_its_unit_and_its_own_heading() -> None:
    first = filled(docx(block("table:w") + SECTION), {"table:w": wide(20)}).document
    rows = list(wide(20).rows)
    rows[2] = replace(rows[2], cells=(*rows[2].cells[:-1], 7))
    found = changes(filled(first, {"table:w": replace(wide(20), rows=tuple(rows))}))
    assert [(c.where, c.old, c.new) for c in found.changed] == [("2 Xã 2 · Chỉ tiêu 20", "220", "7")]


# ---- table of contents


def test_a_table_of_contents_lists_the_headings_in_order_as_a_field() -> None:
    heading = '<w:pStyle w:val="H1"/>'
    template = docx(
        p(run("{{toc}}"))
        + p(run("I. "), inline("title"), look=heading)
        + p(run("thường"))
        + p(run("a) Bậc ba"), look='<w:outlineLvl w:val="2"/>')
        + p(run("Bậc năm"), look='<w:outlineLvl w:val="4"/>')
        + p(run("Phụ lục"), "<w:r><w:br/></w:r>", run("HAI"), look='<w:pStyle w:val="Own"/>')
        + SECTION,
        styles=HEADINGS,
    )
    document = filled(template, SAID).document
    root = body(document)
    ((code, text),) = shown(root)
    assert code == 'TOC \\o "1-3" \\h \\z \\u'
    assert text == "I. Kết quả quý Ia) Bậc baPhụ lục HAI"
    assert [line for line in lines(root) if line][:3] == ["I. Kết quả quý I", "a) Bậc ba", "Phụ lục HAI"]
    again = filled(document, SAID)
    assert not changes(again).differ
    assert body(again.document).find(f".//{W}updateFields") is None


# ---- other programs


@pytest.mark.slow
def test_the_fields_pass_the_audit(tmp_path: Path) -> None:
    def with_contents(root: Any) -> None:
        if root.tag == f"{W}document":
            root[0].insert(3, parsed(p(run("{{toc}}"))))

    template = edited(STOCK, with_contents)
    said: dict[str, Content] = {control.tag: SAID["title"] for control in list_controls(template)}
    said |= {tag: CrossReference(tag[4:]) for tag in said if tag.startswith("ref:")}
    said |= {tag: wide(30) for tag in said if tag.startswith("table:")}
    path = tmp_path / "report.docx"
    said |= {"chart:press": CHART, "toc": TableOfContents()}
    path.write_bytes(filled(template, said, scope=ALL).document)
    root = body(path.read_bytes())
    assert len(of_kind(root, "TOC")) == 1
    assert len(of_kind(root, "REF _rccap")) > 6
    assert not errors(path)


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_shows_the_numbers_and_its_saving_changes_nothing(
    soffice: Convert, tmp_path: Path
) -> None:
    template = docx(
        p(run("Xem "), inline("ref:table:province"), run("."))
        + p(run("{{toc}}"))
        + p(run("Mở đầu"), look='<w:pStyle w:val="H1"/>')
        + block("table:press")
        + block("table:w")
        + block("chart:press")
        + block("table:province")
        + p(run("Hết."))
        + SECTION,
        styles=HEADINGS,
    )
    said = SAID | {"table:w": wide(20)}
    path = tmp_path / "report.docx"
    path.write_bytes(filled(template, said).document)
    (page,) = soffice([path], to="txt:Text", outdir=tmp_path / "text")
    text = page.read_text("utf-8-sig").replace("\u00a0", " ")
    for wanted in ("Xem Bảng 3.", "Bảng 1. Ngắn", "Bảng 2 (tiếp theo). Nhiều", "Biểu đồ 1.", "Bảng 3. Biểu"):
        assert wanted in text
    (saved,) = soffice([path], to="docx", outdir=tmp_path / "saved")
    again = filled(saved.read_bytes(), said)
    assert not changes(again).changed
    root = body(again.document)
    assert of_kind(root, "SEQ Bảng") == ["1", "2", "3"]
    assert of_kind(root, "REF")[0] == "3"
    third = filled(again.document, said)
    assert lines(body(third.document)) == lines(root), "nothing is there twice"


def test_a_simple_field_is_read_as_a_complex_one() -> None:
    root = parsed(p(f'<w:fldSimple w:instr=" SEQ Bảng ">{run("4")}</w:fldSimple>'))
    (found,) = fields(root)
    assert (found.words, [node.text for node in found.results]) == (["SEQ", "Bảng"], ["4"])
