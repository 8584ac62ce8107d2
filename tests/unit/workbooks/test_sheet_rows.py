"""Rows of sheets in the plain form: what they say, and what is not of that form."""

from __future__ import annotations

import pytest

from reportctl.workbooks.book import Area, CellExtra
from reportctl.workbooks.sheet_rows import is_allowed, split_rows

GOOD = '<row r="1"><c r="A1"><v>1</v></c></row>'


def test_a_row_says_what_stands_in_it() -> None:
    rows = split_rows(
        '<row r="3" spans="1:9" hidden="1"><c r="B3" s="4"><v>5</v></c><c r="C3" t="s"><v>0</v></c>'
        '<c r="D3" t="e"><v>#REF!</v></c>'
        '<c r="E3" t="str"><f t="array" ref="E3:F4">IF(1,"","")</f><v></v></c>'
        '<c r="G3" t="inlineStr"><is><t>Có</t></is></c><c r="H3" t="str"><v></v></c>'
        '<c r="I3"><f>1</f></c><c r="J3" s="4"/></row><row r="9"/>'.encode()
    )
    assert rows
    row, last = rows
    cells = row.cells
    assert (row.number, row.hidden, row.misplaced) == (3, True, "")
    assert (cells.mentioned, cells.filled, cells.reach) == (10, 9, 8)
    assert (list(cells.held), list(row.values)) == ([1, 2, 3], [b"5", b"0", b"#REF!"])
    assert list(cells.styles) == [4, 0, 0]
    assert list(cells.texts) == [(6, "Có", 0)]
    assert dict(cells.extras) == {
        3: CellExtra("#ERROR"),
        4: CellExtra(formula=True),
        8: CellExtra(formula=True, calculated=False),
    }
    assert list(cells.errors) == [(3, 2)]
    assert list(cells.plain) == [1, 2, 6, 7]
    assert list(cells.spreads) == [Area("", 2, 4, 3, 5)]
    assert (last.number, last.cells.mentioned) == (9, 0)


def test_the_same_cells_in_another_row_are_another_row() -> None:
    rows = split_rows((GOOD + GOOD.replace("1", "2")).encode())
    assert rows
    assert [(row.number, row.misplaced, list(row.values)) for row in rows] == [
        (1, "", [b"1"]),
        (2, "", [b"2"]),
    ]


@pytest.mark.parametrize(
    ("row", "first"),
    [
        ('<row r="1"><c r="A2"/></row>', "A2"),
        ('<row r="1"><c r="B1"/><c r="A1"/></row>', "A1"),
        ('<row r="1"><c r="A1"/><c r="A1"><v>1</v></c></row>', "A1"),
        ('<row r="1"><c r="A1"/><c r="B01"/></row>', ""),  # the same cell
    ],
)
def test_the_first_cell_out_of_order_is_told(row: str, first: str) -> None:
    rows = split_rows(row.encode())
    assert rows
    assert rows[0].misplaced == first


@pytest.mark.parametrize(
    "data",
    [
        " ",
        f" {GOOD}",
        f"{GOOD} ",
        f"{GOOD}</row>",
        GOOD.removesuffix("</row>"),
        GOOD.replace("</row>", "</row></row>"),
        GOOD.replace("</c>", ""),
        GOOD.replace('<c r="A1">', '<c r="A1" cm="1">'),
        '<row r="1"/></row>',
        '<row r="1"/><c r="A1"/>',
        '<row r="1"><c r="A1" x="1"><c r="B1"/></row>',
        '<row r="1" x="\x01"/>',
        '<row r="1"><c r="A1" x="\x01"/></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&nbsp;</t></is></c></row>',
        '<row r="1"><c r="A1" t="str"><is><t>a</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><f>1</f><is><t>a</t></is></c></row>',
        '<row r="1"><c r="A1"><f>A1&B1</f></c></row>',
        *(
            GOOD.replace('"A1"', f'"A1" t="{kind}"').replace(">1<", f">{value}<")
            for kind, value in (
                ("n", "x"),
                ("n", "1s2"),
                ("s", "-1"),
                ("s", "1n2"),
                ("b", "2"),
                ("e", "#NO"),
                ("d", "2024"),
                ("d", "P"),
                ("d", "T"),
                ("str", "a&b"),
                ("str", "\x01"),
                ("new", "1"),
            )
        ),
    ],
)
def test_what_is_not_of_the_plain_form_is_no_rows(data: str) -> None:
    assert split_rows(GOOD.encode()) is not None
    assert split_rows(data.encode()) is None


def test_a_value_is_one_value_of_its_type() -> None:
    assert is_allowed(b"n", b"1E+200")
    assert is_allowed(b"", b"-.5")
    assert is_allowed(b"n", b"1" + b"0" * 300)
    for said in (b"PT36H", b"P1DT2H30M0.5S", b"T12:30:00", b"2024-03-20T08:30:00+07:00"):
        assert is_allowed(b"d", said)
    assert not is_allowed(b"n", b"1<n2")
    assert not is_allowed(b"inlineStr", b"1")


def test_long_rows_are_rows_too() -> None:
    text = "x" * 20_000
    rows = split_rows(
        f'<row r="1"><c r="A1" t="str"><v>{text}</v></c><c r="B1"><f>"{text}"</f></c></row>'.encode()
    )
    assert rows
    assert rows[0].values == [text.encode()]
