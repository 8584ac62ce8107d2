"""Paragraphs, tables and charts in a filled document."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from lxml import etree

from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.word.content import Chart, Paragraph, Series
from tests.making.word_documents import (
    CHART,
    SECTION,
    TABLE,
    R,
    W,
    block,
    body,
    control,
    docx,
    filled,
    lines,
    marks,
    names,
    one,
    p,
    parts,
    run,
    said,
    sdt,
    value,
)
from tests.making.word_looks import bold_width

# ---- paragraphs


def test_paragraphs_take_the_look_of_the_placeholder() -> None:
    content = (
        Paragraph("Đã tổ chức hội nghị.", lead="Xã A: "),
        Paragraph("in sách;", lead="Xã B:", item=True),
        Paragraph("phát thanh.", item=True),
        Paragraph("", lead="Xã C:"),
    )
    node = one(content, '<w:pStyle w:val="BodyText"/><w:jc w:val="both"/>', "<w:i/>")
    said_there = ["Xã A: Đã tổ chức hội nghị.", "- Xã B: in sách;", "- phát thanh.", "Xã C:"]
    assert lines(node) == ["", *said_there], "below a line that LibreOffice may take the looks of"
    assert names(node, f"{W}sdtPr") == ["alias", "tag", "id"]
    for paragraph in list(node.iter(f"{W}p"))[1:]:
        assert value(paragraph, f"{W}pPr/{W}pStyle") == "BodyText"
        assert value(paragraph, f"{W}pPr/{W}jc") == "both"
        assert all(r.find(f"{W}rPr/{W}i") is not None for r in paragraph.iter(f"{W}r"))
    bold = [said(r) for r in node.iter(f"{W}r") if r.find(f"{W}rPr/{W}b") is not None]
    assert bold == ["Xã A: ", "- Xã B: ", "Xã C:"]
    assert marks(node) == ["_rc_1", "_rc_1_2", "_rc_1_3", "_rc_1_4", "_rc_1_5"]


def test_a_lead_alone_is_held_to_what_follows_and_nothing_else_is() -> None:
    content = (Paragraph("", lead="1. Mục:"), Paragraph("Lời.", lead="Xã A:"), Paragraph("Thêm."))
    for again in range(2):  # the second time in the look of the first
        document = filled(docx(block("x") + SECTION), {"x": content}).document
        node = control(body(filled(document, {"x": content}).document if again else document), "x")
        held = [p.find(f"{W}pPr/{W}keepNext") is not None for p in node.iter(f"{W}p") if said(p)]
        assert held == [True, False, False]


def test_the_last_paragraph_is_held_to_what_follows_where_the_template_says_so() -> None:
    """And no other: a part of many paragraphs that are all held would begin a page of its own."""
    document = docx(block("x", '<w:pStyle w:val="BodyText"/><w:keepNext/><w:keepLines/>') + SECTION)
    for count in (3, 1, 4, 0, 2):  # each in the look of the one before
        content = tuple(Paragraph(f"Lời {n}.", lead="Xã:") for n in range(count))
        document = filled(document, {"x": content}).document
        paragraphs = [each for each in control(body(document), "x").iter(f"{W}p") if said(each) or not count]
        held = [
            [name for name in ("keepNext", "keepLines") if each.find(f"{W}pPr/{W}{name}") is not None]
            for each in paragraphs
        ]
        assert held == [*[[]] * (count - 1), ["keepNext", "keepLines"]]
        for each in paragraphs:
            assert [names(each, f"{W}pPr")[0], value(each, f"{W}pPr/{W}pStyle")] == ["pStyle", "BodyText"]


def test_a_hold_that_is_switched_off_holds_nothing() -> None:
    off = '<w:keepNext w:val="0"/><w:keepLines w:val="false"/>'
    node = one((Paragraph("Một."), Paragraph("Hai.")), f'<w:pStyle w:val="BodyText"/>{off}')
    assert [value(each, f"{W}pPr/{W}keepNext") for each in node.iter(f"{W}p")] == ["0", "0"]


def test_the_lead_does_not_make_the_next_filling_bold() -> None:
    template = docx(block("x") + SECTION)
    first = filled(template, {"x": (Paragraph("a", lead="A:"),)}).document
    node = control(body(filled(first, {"x": (Paragraph("b"),)}).document), "x")
    assert node.find(f".//{W}b") is None


def test_no_paragraphs_leave_an_empty_one_with_its_look() -> None:
    template = docx(block("x", '<w:pStyle w:val="BodyText"/>') + SECTION)
    first = filled(template, {"x": ()}).document
    assert lines(control(body(first), "x")) == [""]
    again = control(body(filled(first, {"x": (Paragraph("a"),)}).document), "x")
    assert lines(again) == ["a"]
    assert value(again, f".//{W}pStyle") == "BodyText"


def test_a_line_end_in_a_paragraph_is_a_line_break() -> None:
    node = one((Paragraph("một\nhai"),))
    assert [etree.QName(child).localname for child in node.find(f".//{W}r")] == ["t", "br", "t"]


def test_a_section_that_ends_in_a_control_still_ends() -> None:
    wide = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr>'
    template = docx(sdt("x", p(run("?"), look=wide)) + p(run("after")) + SECTION)
    first = filled(template, {"x": (Paragraph("a"), Paragraph("b"))})
    root = body(first.document)
    assert control(root, "x").find(f".//{W}sectPr") is None
    assert lines(root) == ["a", "b", "", "after"]
    assert root[0][1].find(f"{W}pPr/{W}sectPr/{W}pgSz").get(f"{W}w") == "16838"
    assert filled(first.document, {"x": (Paragraph("a"), Paragraph("b"))}).document == first.document


# ---- tables


def cells(node: Any) -> list[list[str]]:
    return [[said(cell) for cell in row.iter(f"{W}tc")] for row in node.iter(f"{W}tr")]


def grid(node: Any) -> list[int]:
    return [int(column.get(f"{W}w")) for column in node.iter(f"{W}gridCol")]


def test_a_table_says_what_its_cells_say() -> None:
    assert cells(one(TABLE)) == [
        ["STT", "Chỉ tiêu", "Quý này", "So sánh"],
        ["I", "Chỉ đạo, định hướng công tác"],
        ["1", "Văn bản đã ban hành trong kỳ", "1.234", "+12,5%"],
        ["", "Trong đó: cấp huyện", "…", "KAD"],
        ["2", "Tỷ lệ đơn vị có kế hoạch", "50,0%", "-5,0 điểm\u00a0%"],
        ["", "Tổng cộng", "9.999.999", "…"],
    ]


def test_a_table_is_set_for_print() -> None:
    node = one(TABLE)
    table = node.find(f".//{W}tbl")
    rows = list(table.iter(f"{W}tr"))
    assert value(table, f"{W}tblPr/{W}tblLayout") is None
    assert table.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"
    assert [len(row.findall(f"{W}trPr/{W}cantSplit")) for row in rows] == [1] * 6
    assert [len(row.findall(f"{W}trPr/{W}tblHeader")) for row in rows] == [1, 0, 0, 0, 0, 0]
    edges = {etree.QName(edge).localname: edge.get(f"{W}val") for edge in table.find(f".//{W}tblBorders")}
    assert edges == dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), "single")
    sides = [[value(cell, f".//{W}jc") for cell in row.iter(f"{W}tc")] for row in rows]
    assert sides[0] == ["center"] * 4
    assert sides[2] == ["center", "left", "right", "right"]
    bold = [all(r.find(f"{W}rPr/{W}b") is not None for r in row.iter(f"{W}r")) for row in rows]
    assert bold == [True, True, False, False, False, True]
    indents = [row[2].find(f".//{W}ind").get(f"{W}left") for row in rows]
    assert [indent != "0" for indent in indents] == [False, False, False, True, False, False]
    kept = [row.find(f".//{W}keepNext") is not None for row in rows]
    assert kept == [True] * 6, "it stands on one page with its note"


def kept_rows(roles: Sequence[Role], notes: tuple[str, ...] = ()) -> str:
    """The rows of a table with these roles, "-" for one that is held to what follows it, its head first."""
    rows = tuple(Row((str(n),), role) for n, role in enumerate(roles))
    table = one(Table("t", "", (Column("a", "A"),), rows, notes)).find(f".//{W}tbl")
    return "".join("." if row.find(f".//{W}keepNext") is None else "-" for row in table.iter(f"{W}tr"))


@pytest.mark.parametrize(
    ("roles", "notes", "kept"),
    [
        # One letter a row: p(lain), s(ection), t(otal), r: a part of the row above.
        ("pppppppppppp", (), "------------."),  # twelve rows stay together
        ("pppppppppppp", ("x",), "-------------"),
        ("ppppppppppppp", (), "--..........-."),  # of more two stand at the foot, and two at the head
        ("ppppppppppppp", ("x",), "--..........--"),
        ("spppppppppppp", (), "---.........-."),
        ("ppppppppppppt", (), "--.........--."),
        ("spppptspppptt", (), "---..-.-..---."),
        ("prrrrrrrrrrrr", (), "--..........-."),
        ("sssssssssssss", (), "-------------."),
    ],
)
def test_rows_that_stay_together(roles: str, notes: tuple[str, ...], kept: str) -> None:
    names = {"p": Role.PLAIN, "s": Role.SECTION, "t": Role.TOTAL, "r": Role.PART}
    assert kept_rows([names[each] for each in roles], notes) == kept


def test_notes_stay_together() -> None:
    noted = Table("t", "", (Column("a", "A"),), (Row(("x",)),), ("một", "hai", "ba"))
    notes = list(one(noted).find(f"{W}sdtContent"))[2:]
    assert [said(note) for note in notes] == ["một", "hai", "ba"]
    assert [note.find(f"{W}pPr/{W}keepNext") is not None for note in notes] == [True, True, False]


def test_a_heading_in_a_table_runs_to_its_edge() -> None:
    row = list(one(TABLE).iter(f"{W}tr"))[1]
    widths = grid(one(TABLE))
    spans = [value(cell, f"{W}tcPr/{W}gridSpan") for cell in row.iter(f"{W}tc")]
    given = [int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) for cell in row.iter(f"{W}tc")]
    assert spans == [None, "3"]
    assert given == [widths[0], sum(widths[1:])]


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("count", [4, 6, 7])
def test_long_words_of_headings_are_not_broken_while_letters_can_be_smaller(count: int, small: bool) -> None:
    words = (
        "Documents",
        "Briefings",
        "(participants)",
        "Conferences",
        "Inspections",
        "Headquarters",
        "Programmes",
    )
    columns = (
        Column("number", "No.", CellFormat.TEXT, 0.5),
        Column("unit", "Unit", CellFormat.TEXT, 2.4),
        *(Column(word, word, CellFormat.COUNT) for word in words[:count]),
    )
    row = Row(("1", "Sở Giáo dục", *(range(count))))
    table = one(Table("t", "", columns, (row,), dense=small))
    sizes = [int(size.get(f"{W}val")) / 2 for size in table.iter(f"{W}sz")]
    letters = max(sizes[: len(columns)])
    for width, word in zip(grid(table)[2:], words, strict=False):
        assert bold_width(word.strip("()"), letters) <= width - 2 * 57, (word, letters)


def test_caption_and_notes_stand_inside_the_control() -> None:
    node = one(TABLE)
    content = node.find(f"{W}sdtContent")
    assert [etree.QName(child).localname for child in content] == ["p", "p", "tbl", "p"]
    assert said(content[0]) == ""  # LibreOffice spoils a field in the first paragraph of a control
    assert said(content[1]) == "Bảng\u00a01. Biểu tổng hợp"
    content = content[1:]
    assert said(content[2]) == "(*) Số ước."
    assert content[2].find(f".//{W}r/{W}rPr/{W}i") is not None
    assert int(value(content[2], f".//{W}r/{W}rPr/{W}sz") or 0) < 26
    first_cell = content[1].find(f"{W}tr/{W}tc")
    assert marks(first_cell) == ["_rc_1"]
    assert [name for name in marks(node) if "cap" not in name] == ["_rc_1_1", "_rc_1_2", "_rc_1", "_rc_1_4"]


def test_the_caption_takes_the_style_of_that_name() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{code}"><w:name w:val="{name}"/></w:style>'
        for code, name in (("Caption", "Caption"), ("Chuthich", "caption"))
    )
    template = docx(block("x", '<w:pStyle w:val="Other"/>') + SECTION, styles=styles)
    node = control(body(filled(template, {"x": TABLE}).document), "x")
    assert value(node, f".//{W}pPr/{W}pStyle") == "Chuthich"


def test_columns_share_the_width_of_the_text_of_their_section() -> None:
    wide = (
        '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1" w:right="1000"'
        ' w:bottom="1" w:left="1500" w:header="1" w:footer="1" w:gutter="338"/></w:sectPr>'
    )
    template = docx(block("a") + p(look=wide) + block("b") + SECTION)
    root = body(filled(template, {"a": TABLE, "b": TABLE}).document)
    assert sum(grid(control(root, "a"))) == 16838 - 1000 - 1500 - 338
    assert sum(grid(control(root, "b"))) == 11906 - 850 - 1701
    first, second, *_ = grid(control(root, "a"))
    assert second > 5 * first


def test_no_figure_is_broken_where_the_labels_can_give_way() -> None:
    columns = (Column("l", "Nội dung", width=20), Column("v", "Số", CellFormat.COUNT, 0.1))
    widths = grid(one(Table("t", "", columns, (Row(("x " * 50, 123456789)),))))
    # 11 characters of at least half an em (commas a quarter) at 11 points and more, in twentieths of a point
    assert widths[1] >= (9 * 0.5 + 2 * 0.25) * 11 * 20
    assert sum(widths) == 11906 - 850 - 1701


@pytest.mark.parametrize(("columns", "size"), [(4, "24"), (8, "22"), (11, "20")])
def test_wide_tables_are_set_smaller(columns: int, size: str) -> None:
    table = Table("t", "", tuple(Column(str(n), "C") for n in range(columns)), (Row(("x",) * columns),))
    assert {node.get(f"{W}val") for node in one(table).find(f".//{W}tbl").iter(f"{W}sz")} == {size}


def test_short_texts_dates_and_answers_are_centred() -> None:
    columns = (
        Column("a", "ĐVT"),
        Column("b", "Tên"),
        Column("c", "", CellFormat.DATE),
        Column("d", "", CellFormat.YES_NO),
    )
    rows = (Row(("cuộc", "Hội nghị toàn tỉnh", dt.date(2024, 3, 5), True)),)
    row = list(one(Table("t", "", columns, rows)).iter(f"{W}tr"))[1]
    assert [said(cell) for cell in row.iter(f"{W}tc")] == ["cuộc", "Hội nghị toàn tỉnh", "05/3/2024", "Có"]
    assert [value(cell, f".//{W}jc") for cell in row.iter(f"{W}tc")] == ["center", "left", "center", "center"]


def test_a_table_without_rows_says_so() -> None:
    empty = Table("t", "Danh sách lớp", (Column("a", "A"),), ())
    assert lines(one(empty)) == ["", "Bảng\u00a01. Danh sách lớp", "Không có số liệu."]
    noted = Table("t", "Danh sách lớp", (Column("a", "A"),), (), ("Không đơn vị nào có.",))
    assert lines(one(noted)) == ["", "Bảng\u00a01. Danh sách lớp", "Không đơn vị nào có."]


def test_a_table_ends_with_a_paragraph_even_without_notes() -> None:
    """Word joins tables that touch, and wants a paragraph at the end of a cell."""
    bare = Table("t", "", (Column("a", "A"),), (Row(("x",)),))
    content = one(bare).find(f"{W}sdtContent")
    assert [etree.QName(child).localname for child in content] == ["p", "tbl", "p"]


@pytest.mark.slow
def test_a_table_of_four_times_the_rows_costs_four_times_as_much() -> None:
    """Not sixteen times, as where every cell is looked for in the whole table; by what the processor did."""
    columns = tuple(Column(str(n), "Cột", CellFormat.COUNT) for n in range(8))

    def cost(rows: int) -> float:
        table = Table("t", "T", columns, tuple(Row(tuple(range(n, n + 8))) for n in range(rows)))
        start = time.process_time()
        one(table)
        return time.process_time() - start

    assert min(cost(1600) for _round in range(2)) < 10 * min(cost(400) for _round in range(2))


# ---- charts


def chart_of(document: bytes) -> tuple[str, str]:
    """The names of the only chart part and of its workbook, by the relations from the document on."""
    files = parts(document)
    node = body(document).find(".//{http://schemas.openxmlformats.org/drawingml/2006/chart}chart")
    inner = etree.fromstring(files["word/_rels/document.xml.rels"])
    (chart,) = [r.get("Target") for r in inner if r.get("Id") == node.get(f"{R}id")]
    below = etree.fromstring(files[f"word/charts/_rels/{chart.split('/')[-1]}.rels"])
    (book,) = [r.get("Target") for r in below]
    return f"word/{chart}", f"word/{book.removeprefix('../')}"


def test_a_chart_brings_its_part_and_its_workbook() -> None:
    document = filled(docx(block("chart:press") + SECTION), {"chart:press": CHART}).document
    chart, book = chart_of(document)
    files = parts(document)
    assert zipfile.is_zipfile(io.BytesIO(files[book]))
    external = etree.fromstring(files[chart]).find(
        "{http://schemas.openxmlformats.org/drawingml/2006/chart}externalData"
    )
    below = etree.fromstring(files[f"word/charts/_rels/{chart.split('/')[-1]}.rels"])
    assert external.get(f"{R}id") == below[0].get("Id")
    types = {
        kind.get("PartName") or kind.get("Extension"): kind.get("ContentType")
        for kind in etree.fromstring(files["[Content_Types].xml"])
    }
    office = "application/vnd.openxmlformats-officedocument"
    assert types[f"/{chart}"] == f"{office}.drawingml.chart+xml"
    assert types.get(f"/{book}", types.get("xlsx")) == f"{office}.spreadsheetml.sheet"
    node = control(body(document), "chart:press")
    paragraph = node.find(f"{W}sdtContent/{W}p")
    assert names(node, f"{W}sdtContent/{W}p") == ["pPr", "bookmarkStart", "r", "bookmarkEnd"]
    named = paragraph.find(".//{*}docPr")
    assert named.get("descr") == "Biểu đồ cột"
    assert paragraph.find(f"{W}pPr/{W}spacing").get(f"{W}lineRule") == "auto", "exact spacing would hide it"


def test_a_chart_takes_a_number_that_no_drawing_of_the_document_has() -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    theirs = f'<wp:inline xmlns:wp="{space}"><wp:docPr id="1" name="Con dấu"/></wp:inline>'
    template = docx(p(f"<w:r><w:drawing>{theirs}</w:drawing></w:r>") + block("x") + block("x") + SECTION)
    first = filled(template, {"x": CHART}).document
    for document in (first, filled(first, {"x": CHART}).document):
        assert [node.get("id") for node in body(document).iter(f"{{{space}}}docPr")] == ["1", "2", "3"]


def test_refilling_replaces_the_chart() -> None:
    template = docx(block("chart:press") + block("chart:press") + SECTION)
    first = filled(template, {"chart:press": CHART}).document
    changed = Chart("press", "Tin", ("A",), (Series("S", (1,)),))
    second = filled(first, {"chart:press": changed}).document
    assert sorted(parts(second)) == sorted(parts(first))
    charts = [data for name, data in parts(second).items() if name.startswith("word/charts/chart")]
    assert len(charts) == 2
    assert all("Báo in".encode() not in data for data in charts)
    third = filled(second, {"chart:press": ()}).document
    assert [name for name in parts(third) if "chart" in name or "embeddings" in name] == []
