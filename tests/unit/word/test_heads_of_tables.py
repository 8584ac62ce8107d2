"""Tables with groups of headings in Word, and which tags a document asks for."""

from __future__ import annotations

import io
import zipfile

from reportctl.core.table import CellFormat, Column, Role, Row, Table
from reportctl.word.asked import tags_asked
from reportctl.word.content import Tag
from tests.making.word_documents import W, block, body, control, docx, filled, inline, list_controls, p, run

TABLE = Table(
    "matrix:rooms",
    "Phòng học",
    (
        Column("number", "TT", width=0.5),
        Column("label", "Nội dung", width=3.4),
        Column("total", "Tổng số", CellFormat.COUNT),
        Column("solid", "Kiên cố", CellFormat.COUNT, under=("Công lập", "Xây")),
        Column("half", "Bán kiên cố", CellFormat.COUNT, under=("Công lập", "Xây")),
        Column("old", "Tạm", CellFormat.COUNT, under=("Công lập",)),
    ),
    (
        Row(("1", "Phòng", 5, 2, 2, 1)),
        Row(("", "Trong đó:", "", "", "", ""), Role.SECTION),
        Row(("", "Thư viện", 1, 1, 0, 0), level=2),
    ),
    repeated=2,
)


def head_cells(row) -> list[tuple[str, str | None, str | None]]:  # type: ignore[no-untyped-def]
    """The cells of a row: text, columns that it spans, its part in a merge downwards."""
    found = []
    for cell in row.iter(f"{W}tc"):
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        down = None if merge is None else merge.get(f"{W}val", "continue")
        text = "".join(t.text or "" for t in cell.iter(f"{W}t"))
        found.append((text, None if span is None else span.get(f"{W}val"), down))
    return found


def test_headings_are_merged_across_and_titles_down_and_all_lines_stand_on_every_page() -> None:
    document = filled(docx(block("table:rooms")), {"table:rooms": TABLE}).document
    rows = list(control(body(document), "table:rooms").iter(f"{W}tr"))
    heads = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
    assert [head_cells(row) for row in heads] == [
        [("TT", None, "restart"), ("Nội dung", None, "restart"), ("Tổng số", None, "restart"),
         ("Công lập", "3", None)],
        [("", None, "continue"), ("", None, "continue"), ("", None, "continue"), ("Xây", "2", None),
         ("Tạm", None, "restart")],
        [("", None, "continue"), ("", None, "continue"), ("", None, "continue"), ("Kiên cố", None, None),
         ("Bán kiên cố", None, None), ("", None, "continue")],
    ]  # fmt: skip
    order = [node.tag.removeprefix(W) for node in heads[0].find(f"{W}tc/{W}tcPr")]
    assert order == ["tcW", "vMerge", "vAlign"]
    indents = [row.find(f"{W}tc[2]/{W}p/{W}pPr/{W}ind") for row in rows if len(list(row.iter(f"{W}tc"))) == 6]
    assert [node.get(f"{W}left") for node in indents[-2:]] == ["0", "340"]


def test_a_printed_head_of_several_lines_reads_as_one() -> None:
    document = filled(docx(block("table:rooms")), {"table:rooms": TABLE}).document
    (found,) = list_controls(document)
    assert found.text.split("\n")[1:3] == [
        "TT\tNội dung\tTổng số\tCông lập / Xây / Kiên cố\tCông lập / Xây / Bán kiên cố\tCông lập / Tạm",
        "1\tPhòng\t5\t2\t2\t1",
    ]


def test_a_cells_code_has_dots_of_its_own() -> None:
    assert Tag.parse("rooms.n1.total") == Tag("", "rooms.n1.total")
    assert Tag.parse("rooms.n1.total.change_year_ago") == Tag("", "rooms.n1.total", "change_year_ago")
    assert Tag.parse("press_total.units") == Tag("", "press_total", "units")
    assert Tag.parse("table:rooms.*.total") == Tag("table", "rooms.*.total")


def test_what_a_document_asks_for_is_found_in_controls_typed_text_and_headers() -> None:
    typed = p(run("Có {{rooms.n1"), run(".Total}} phòng"))
    document = docx(
        typed + p(inline("rooms.n2.total.units")) + block("table:rooms") + p(run("{{ ref:table:pools }}")),
        header=p(run("{{year}}")),
    )
    asked = tags_asked(document)
    assert asked is not None
    assert asked >= {"rooms.n1.total", "rooms.n2.total.units", "table:rooms", "table:pools", "year"}
    assert "table:halls" not in asked


def test_what_was_printed_and_lost_is_asked_for_and_what_is_no_document_may_ask_for_anything() -> None:
    document = filled(docx(block("table:rooms")), {"table:rooms": TABLE}).document
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    files["word/document.xml"] = b"<w:document xmlns:w='w'/>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    asked = tags_asked(out.getvalue())
    assert asked is not None
    assert "table:rooms" in asked
    assert tags_asked(b"no document") is None
