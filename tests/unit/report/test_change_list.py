"""The differences as people read them: figures and sentences first, a line a table, what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportctl.core import language
from reportctl.core.table import Row, Table
from reportctl.report.change_list import changes_json, changes_table, sentences, table_lines
from reportctl.report.changes import changes
from reportctl.word.content import Content, Paragraph
from tests.making.word_documents import (
    CHART,
    FACTS,
    SECTION,
    TABLE,
    block,
    changed_text,
    docx,
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
