"""Cells that are not asked are grey in Word."""

from __future__ import annotations

from reportctl.core.table import NOT_APPLICABLE, NOT_ASKED, CellFormat, Column, Row, Table
from tests.making.word_documents import W, one, said

TABLE = Table(
    "x",
    "X",
    (
        Column("label", "Nội dung", width=3),
        *(Column(key, key, CellFormat.COUNT) for key in ("a", "b", "c", "d")),
    ),
    (Row(("Phòng học trong trường", 0, None, NOT_APPLICABLE, NOT_ASKED)),),
)


def test_what_is_not_asked_is_grey_and_nothing_else_is() -> None:
    cells = list(list(one(TABLE).iter(f"{W}tr"))[-1].iter(f"{W}tc"))
    assert [said(cell) for cell in cells[1:]] == ["0", "…", "KAD", "·"]
    shades = [cell.find(f"{W}tcPr/{W}shd") for cell in cells]
    assert [None if one is None else one.get(f"{W}fill") for one in shades] == [None] * 4 + ["D9D9D9"]
    order = [node.tag.removeprefix(W) for node in cells[-1].find(f"{W}tcPr")]
    assert order == ["tcW", "shd", "vAlign"]  # as the schema has them
