"""The differences as people read them: figures and sentences first, a line a table, what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reportctl.core import language
from reportctl.core.table import CellFormat, Column, Row, Table
from reportctl.report.change_list import changes_json, changes_table, sentences, table_lines
from reportctl.report.changes import changes
from reportctl.word.content import Content, Paragraph
from tests.making.word_documents import (
    CHART,
    FACTS,
    SECTION,
    TABLE,
    W,
    block,
    changed_text,
    docx,
    edited,
    filled,
    p,
    run,
    sdt,
)

TAGS = {"sentences:press"}
TEXT = "Đăng 6.407 tin, bài, tăng 14,2% so với cùng kỳ."


def longer(table: Table, rows: int) -> Table:
    more = tuple(Row((str(n), f"Dòng {n}", n, 0.5)) for n in range(rows))
    return replace(table, rows=table.rows + more)


def content(rows: int = 0, value: float = 12, text: str = TEXT) -> dict[str, Content]:
    return {
        "sentences:press": (Paragraph(text),),
        "table:province": longer(TABLE, rows),
        "chart:press": replace(CHART, series=(replace(CHART.series[0], values=(value, 30)),)),
    }


FIRST = filled(docx("".join(block(tag) for tag in content()) + SECTION), content()).document


def test_a_line_a_table_with_its_number_and_rows() -> None:
    found = changes(filled(FIRST, content(rows=4, value=13), FACTS, TAGS, mend=TAGS))
    with language.speaking("vi"):
        assert list(table_lines(found)) == [
            "Bảng 1: 5 -> 9 dòng (Biểu tổng hợp)",
            "Biểu đồ 1: 1 giá trị khác (Tin, bài)",
        ]
        assert changes_table(found, whole=False).rows == ()
    assert len(changes_table(found).rows) > 4
    assert changes_json(found)["tables"][0]["rows_now"] == 9


def test_as_many_rows_say_how_many_cells_differ() -> None:
    rows = (*TABLE.rows[:-1], replace(TABLE.rows[-1], cells=("", "Tổng cộng", 5, 0.5)))
    now = content() | {"table:province": replace(TABLE, rows=rows)}
    with language.speaking("vi"):
        lines = list(table_lines(changes(filled(FIRST, now, FACTS, TAGS))))
    assert lines == ["Bảng 1: 2 ô khác (Biểu tổng hợp)"]


def test_texts_stand_before_tables_cut_to_what_differs() -> None:
    long = " ".join(f"từ{n}" for n in range(40))
    first = filled(FIRST, content(text=f"{long} 5 tin {long}"), FACTS).document
    found = changes(filled(first, content(text=f"{long} 6 tin {long}"), FACTS, TAGS, mend=TAGS))
    (row,) = changes_table(found, whole=False).rows
    assert row.cells[2:4] == ("… từ37 từ38 từ39 5 tin từ0 từ1 …", "… từ37 từ38 từ39 6 tin từ0 từ1 …")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (TEXT.replace("6.407", "9.999"), "type “6.929” for what was “6.407”"),
        (TEXT.replace("6.407 tin, bài, ", ""), "type “6.929” for what was “6.407”"),
    ],
)
def test_what_cannot_be_renewed_is_named_with_what_to_type(typed: str, said: str) -> None:
    people = changed_text(FIRST, TEXT, typed)
    found = changes(filled(people, content(text=TEXT.replace("6.407", "6.929")), FACTS, TAGS, mend=TAGS))
    assert any(said in sentence for sentence in sentences(found))
    assert found.differ


def test_numbers_in_words_added_beside_the_sentence_are_a_note() -> None:
    found = changes(filled(changed_text(FIRST, TEXT, f"{TEXT} Có 12 xã."), content(), FACTS, TAGS))
    assert any("added by hand: 12" in sentence for sentence in sentences(found))
    assert not found.differ


def test_a_table_that_could_not_be_renewed_is_never_an_all_clear() -> None:
    template = docx(p(run("Xem "), sdt("table:province", run("[?]"))) + SECTION)
    found = changes(filled(template, content(), FACTS))
    assert found.differ
    (said,) = sentences(found)
    assert "press Enter before and after it" in said
    assert "{{table:province}}" in said


def test_a_number_taken_out_of_a_sentence_is_a_note() -> None:
    typed = TEXT.replace(", tăng 14,2% so với cùng kỳ", "")
    found = changes(filled(changed_text(FIRST, TEXT, typed), content(), FACTS, TAGS))
    assert "“sentences:press” has no longer the ledger's 14,2." in list(sentences(found))
    assert not found.differ


# ---- tables that are only laid out otherwise

PLAN = Column("plan", "Kế hoạch", CellFormat.FIGURE, 1.5)


def with_column(column: Column, table: Table = TABLE) -> Table:
    rows = tuple(replace(row, cells=(*row.cells, None if row.cells[2] is None else 90)) for row in table.rows)
    return replace(table, columns=(*table.columns, column), rows=rows)


def printed_then(table: Table, title: str = CHART.title) -> bytes:
    """A report in which an older program printed this table, and the chart under a title."""
    then = content() | {"table:province": table, "chart:press": replace(CHART, title=title)}
    return filled(docx("".join(block(tag) for tag in then) + SECTION), then, FACTS).document


def seen(document: bytes, table: Table, title: str = CHART.title) -> tuple[bool, list[str]]:
    """Whether anything printed is not so any more, and the lines of tables and charts."""
    now = content() | {"table:province": table, "chart:press": replace(CHART, title=title)}
    found = changes(filled(document, now, FACTS, TAGS))
    with language.speaking("vi"):
        return found.differ, list(table_lines(found))


LONGER_NAME = Column("plan", "Kế hoạch năm", CellFormat.FIGURE, 1.5)


@pytest.mark.parametrize(
    ("then", "now", "differ", "line"),
    [
        (TABLE, with_column(PLAN), False, "thêm cột: “Kế hoạch”; không số nào khác"),
        (with_column(PLAN), TABLE, True, "bớt cột: “Kế hoạch”; không số nào khác"),
        (
            with_column(PLAN),
            with_column(LONGER_NAME),
            False,
            "đổi tên cột: “Kế hoạch” -> “Kế hoạch năm”; không số nào khác",
        ),
        (with_column(LONGER_NAME), with_column(PLAN, longer(TABLE, 2)), True, "5 -> 7 dòng; đổi tên cột:"),
        (
            TABLE,
            replace(TABLE, rows=(TABLE.rows[0], TABLE.rows[3], *TABLE.rows[1:3], TABLE.rows[4])),
            False,
            "dòng hoặc cột xếp theo thứ tự khác; không số nào khác",
        ),
        (TABLE, replace(TABLE, title="Bảng tổng hợp"), False, "1 dòng lời ở trên hoặc dưới bảng khác"),
        (TABLE, replace(TABLE, title="Biểu 2"), True, "1 dòng lời ở trên hoặc dưới bảng khác"),
        (TABLE, replace(TABLE, notes=("(*) Số ước.", "Chưa có báo cáo: Xã A.")), True, "1 dòng lời ở trên"),
    ],
)
def test_a_table_laid_out_otherwise_is_told_from_one_with_other_figures(
    then: Table, now: Table, differ: bool, line: str
) -> None:
    document = printed_then(then)
    assert seen(document, then) == (False, [])
    told, lines = seen(document, now)
    assert told == differ
    assert len(lines) == 1
    assert lines[0].startswith(f"Bảng 1: {line}")


def test_a_figure_that_changed_beside_a_new_column_is_named() -> None:
    last = replace(TABLE.rows[-1], cells=("", "Tổng cộng", 5, None))
    now = with_column(PLAN, replace(TABLE, rows=(*TABLE.rows[:-1], last)))
    found = changes(filled(printed_then(TABLE), content() | {"table:province": now}, FACTS, TAGS))
    assert found.differ
    assert [(one.where, one.old, one.new) for one in found.changed if not one.layout] == [
        ("Tổng cộng · Quý này", "9.999.999", "5")
    ]
    with language.speaking("vi"):
        (line,) = table_lines(found)
        remarks = {row.cells[1]: row.cells[4] for row in changes_table(found).rows}
    assert line.startswith("Bảng 1: thêm cột: “Kế hoạch”; 1 ô khác")
    assert remarks == {
        "Tổng cộng · Quý này": "",
        "column “Kế hoạch”": "chỉ khác cách trình bày, cách gọi; số đã in vẫn đúng",
    }


def test_a_column_that_people_took_out_is_no_matter_of_layout() -> None:
    def without_last_column(root: Any) -> None:
        for row in root.iter(f"{W}tr"):
            if len(cells := row.findall(f"{W}tc")) > 2:  # a heading's are one
                row.remove(cells[-1])

    document = edited(printed_then(with_column(PLAN)), without_last_column)
    differ, (line,) = seen(document, with_column(PLAN))
    assert differ
    assert line.startswith("Bảng 1: thêm cột: “Kế hoạch”")


def test_a_heading_that_people_typed_over_is_no_matter_of_layout() -> None:
    document = changed_text(printed_then(with_column(PLAN)), "Kế hoạch", "Kế hoạch quý")
    assert seen(document, with_column(PLAN))[0]


@pytest.mark.parametrize(("title", "differ"), [("Số tin, bài", False), ("Tin, bài, 5 đơn vị", True)])
def test_of_a_chart_the_caption_is_no_value(title: str, differ: bool) -> None:
    told, lines = seen(printed_then(TABLE), TABLE, title)
    assert (told, lines) == (differ, [f"Biểu đồ 1: tên biểu đồ khác ({title})"])


def test_what_is_laid_out_otherwise_is_said_in_json() -> None:
    now = content() | {"table:province": with_column(LONGER_NAME)}
    said = changes_json(changes(filled(printed_then(with_column(PLAN)), now, FACTS, TAGS)))
    assert [one["layout"] for one in said["changed"]] == [True]
    (table,) = said["tables"]
    assert table["columns_renamed"] == (("Kế hoạch", "Kế hoạch năm"),)
    assert (table["cells"], table["columns_added"], table["rows_dropped"]) == (0, (), ())
