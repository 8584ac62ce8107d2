"""What differs between two printings of a table: figures are told from columns and rows that came and went.

Expected differences come from how the second table was made of the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportctl.report.table_differences import differences, grid_of

LABELS = ("Họp", "Tin", "Lớp", "Kịch", "Sách")
HEADINGS = ("Cùng kỳ", "Quý này", "Lũy kế", "Kế hoạch", "Đạt %")
Figures = Mapping[tuple[str, str], str]


def printed(rows: Sequence[str], columns: Sequence[str], figures: Figures) -> str:
    """The text of a table as a document has it, its rows numbered."""
    lines = ["Bảng #. Số liệu", "\t".join(("TT", "Nội dung", *columns))]
    lines += [
        "\t".join((str(number), row, *(figures[row, column] for column in columns)))
        for number, row in enumerate(rows, 1)
    ]
    return "\n".join((*lines, "…: không có số liệu."))


figures_of_all = st.fixed_dictionaries(
    {
        (row, column): st.sampled_from(["0", "1", "2", "30", "4.000", "…", ""])
        for row in LABELS
        for column in HEADINGS
    }
)
some_rows = st.lists(st.sampled_from(LABELS), min_size=1, unique=True)
some_columns = st.lists(st.sampled_from(HEADINGS), min_size=1, unique=True)


@given(figures_of_all, some_rows, some_rows, some_columns, some_columns)
def test_tables_of_the_same_figures_differ_in_what_came_and_went(
    figures: Figures, was: list[str], now: list[str], before: list[str], after: list[str]
) -> None:
    found = differences(grid_of(printed(was, before, figures)), grid_of(printed(now, after, figures)))
    assert found.cells == ()
    assert [one.split(" ", 1)[1] for one in found.rows_added] == [row for row in now if row not in was]
    assert [one.split(" ", 1)[1] for one in found.rows_dropped] == [row for row in was if row not in now]
    assert list(found.columns_added) == [column for column in after if column not in before]
    assert list(found.columns_dropped) == [column for column in before if column not in after]
    kept = [(row, now.index(row)) for row in was if row in now]
    columns = [(column, after.index(column)) for column in before if column in after]
    assert found.moved == any(
        [place for _one, place in some] != sorted(place for _one, place in some) for some in (kept, columns)
    )


@given(figures_of_all, figures_of_all, some_rows, some_rows, some_columns, some_columns, st.data())
def test_no_figure_changes_unseen(
    figures: Figures,
    others: Figures,
    was: list[str],
    now: list[str],
    before: list[str],
    after: list[str],
    data: st.DataObject,
) -> None:
    """Whatever else is other: a changed figure is named, or its row or column is said to be gone."""
    more = data.draw(st.fixed_dictionaries({one: st.sampled_from(["", " năm", " mới"]) for one in HEADINGS}))
    called = {f"{one}{more[one]}": one for one in after}
    renamed = {(row, name): others[row, one] for row in now for name, one in called.items()}
    found = differences(grid_of(printed(was, before, figures)), grid_of(printed(now, list(called), renamed)))
    named = {(one.place[0].split(" ", 1)[1], one.place[1], one.old, one.new) for one in found.cells}
    gone = {row.split(" ", 1)[1] for row in found.rows_dropped}
    expected = {
        (row, column, figures[row, column], others[row, column])
        for row in set(was) & set(now) - gone
        for column in set(before) & set(after) - set(found.columns_dropped)
        if figures[row, column] != others[row, column]
    }
    assert named == expected
    assert {row for row in was if row not in now} <= gone
    assert {column for column in before if column not in after} <= set(found.columns_dropped)
    assert {column for column in found.columns_dropped if column in after and not more[column]} == set()


FIGURES = {(row, column): f"{n}" for n, (row, column) in enumerate((r, c) for r in LABELS for c in HEADINGS)}


@pytest.mark.parametrize(
    ("name", "now", "is_renamed"),
    [
        ("Kế hoạch", "Kế hoạch năm", True),
        ("Kế hoạch năm", "Kế hoạch", True),
        ("Tin (tin, bài)", "Tin", True),
        ("Kế hoạch", "Mục tiêu", False),
        ("Kế hoạch", "Kế hoạch 2025", False),
        ("Kế hoạch 2024", "Kế hoạch 2025", False),
    ],
)
def test_renamed_is_what_has_more_or_fewer_words_and_no_other_number(
    name: str, now: str, is_renamed: bool
) -> None:
    rows = ("Họp", "Lớp")
    said = [{(row, one): f"{n}5" for n, row in enumerate(rows)} for one in (name, now)]
    found = differences(grid_of(printed(rows, [name], said[0])), grid_of(printed(rows, [now], said[1])))
    assert found.columns_renamed == (((name, now),) if is_renamed else ())
    assert (found.columns_dropped, found.columns_added) == (((), ()) if is_renamed else ((name,), (now,)))
    other = {(row, now): "77" for row in rows}
    found = differences(grid_of(printed(rows, [name], said[0])), grid_of(printed(rows, [now], other)))
    assert found.columns_dropped == (name,), "not one cell says the same"


@pytest.mark.parametrize(("figure", "is_renamed"), [("5", True), ("6", False)])
def test_a_row_is_renamed_where_all_its_figures_are_the_same(figure: str, is_renamed: bool) -> None:
    old = printed(("Tin", "Lớp"), ("Quý này",), {("Tin", "Quý này"): "5", ("Lớp", "Quý này"): "7"})
    now = {("Tin, bài", "Quý này"): figure, ("Lớp", "Quý này"): "7"}
    found = differences(grid_of(old), grid_of(printed(("Tin, bài", "Lớp"), ("Quý này",), now)))
    assert found.rows_renamed == ((("Tin", "Tin, bài"),) if is_renamed else ())
    assert found.rows_dropped == (() if is_renamed else ("1 Tin",))
    assert found.cells == ()


def test_the_mark_of_an_estimate_is_what_was_printed() -> None:
    old = printed(("Tin (*)", "Lớp"), ("Quý này",), {("Tin (*)", "Quý này"): "5", ("Lớp", "Quý này"): "7"})
    new = printed(("Tin", "Lớp"), ("Quý này",), {("Tin", "Quý này"): "5", ("Lớp", "Quý này"): "7"})
    (one,) = differences(grid_of(old), grid_of(new)).cells
    assert (one.where, one.old, one.new) == ("1 Tin · Nội dung", "Tin (*)", "Tin")
    heads = [old.replace(" (*)", "").replace("Quý này", name) for name in ("Quý này (*)", "Quý này")]
    (one,) = differences(*map(grid_of, heads)).cells
    assert (one.old, one.new) == ("Quý này (*)", "Quý này")


def test_a_line_put_into_a_list_makes_no_other_line_differ() -> None:
    head, rows = "Bảng #. Hội nghị\nTT\tĐơn vị\tTên", ["Xã A\tMột", "Xã A\tHai", "Xã B\tBa"]
    texts = []
    for some in (rows, ["Xã A\tKhông", *rows]):
        texts.append("\n".join((head, *(f"{n}\t{row}" for n, row in enumerate(some, 1)))))
    found = differences(*map(grid_of, texts))
    assert (found.rows_added, found.rows_dropped, found.cells) == (("1 Xã A",), (), ())


def test_parts_of_a_table_are_one_and_columns_of_one_name_are_two() -> None:
    whole = "Bảng #. T\nTT\tĐơn vị\tTin\tTin\tLớp\n1\tXã A\t1\t2\t3\n2\tXã B\t4\t5\t6"
    parts = (
        "Bảng #. T (phần 1/2)\nTT\tĐơn vị\tTin\tTin\n1\tXã A\t1\t2\n2\tXã B\t4\t5\n"
        "Bảng # (tiếp theo). T (phần 2/2)\nTT\tĐơn vị\tLớp\n1\tXã A\t3\n2\tXã B\t6"
    )
    found = differences(grid_of(whole), grid_of(parts))
    assert found.lines_added == ("Bảng #. T",), "the heading of the second part"
    assert (found.cells, found.rows_added, found.columns_added, found.columns_dropped) == ((), (), (), ())
    for before, after in (("\t1\t2\t3", "\t9\t2\t3"), ("\t1\t2\t3", "\t1\t9\t3"), ("\t4\t5\t6", "\t4\t5\t9")):
        (one,) = differences(grid_of(whole.replace(before, after)), grid_of(parts)).cells
        assert one.old == "9"


def test_columns_of_one_name_in_two_parts_are_two() -> None:
    whole = "TT\tĐơn vị\tTin\tLớp\tTin\n1\tXã A\t1\t2\t1\n2\tXã B\t4\t5\t4"
    parts = (
        "Bảng #. T (phần 1/2)\nTT\tĐơn vị\tTin\n1\tXã A\t1\n2\tXã B\t4\n"
        "Bảng # (tiếp theo). T (phần 2/2)\nTT\tĐơn vị\tLớp\tTin\n1\tXã A\t2\t1\n2\tXã B\t5\t4"
    )
    found = differences(grid_of(parts), grid_of(whole))
    assert (found.cells, found.columns_added, found.columns_dropped) == ((), (), ())


def test_a_thousand_units_that_came_and_went_are_told_in_a_moment() -> None:
    rows = [f"Xã {n} cũ" for n in range(3000)]
    now = [f"Phường {n}" for n in range(3000)]
    made = [
        "\n".join(["TT\tĐơn vị\tTin", *(f"{n}\t{row}\t{n % 7}" for n, row in enumerate(some, 1))])
        for some in (rows, now)
    ]
    found = differences(*map(grid_of, made))
    assert (len(found.rows_added), len(found.rows_dropped)) == (3000, 3000)
