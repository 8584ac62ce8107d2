"""Groups of headings: which cell of a table's head covers what."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reportctl.core.table import Column, headings, page_breaks, together


def head(*columns: tuple[str, Sequence[str]]) -> list[list[str]]:
    """The head as a grid, every place with the text that covers it."""
    made = [Column(f"c{n}", title, under=tuple(under)) for n, (title, under) in enumerate(columns)]
    lines = max((len(under) for _title, under in columns), default=0) + 1
    grid = [["" for _column in made] for _line in range(lines)]
    for one in headings(made):
        for line in range(one.top, one.bottom + 1):
            for column in range(one.first, one.last + 1):
                assert not grid[line][column], "two cells in one place"
                grid[line][column] = f"{one.text}{one.first}"
    return grid


def test_headings_without_groups_are_one_line() -> None:
    assert head(("A", ()), ("B", ())) == [["A0", "B1"]]


def test_a_group_runs_across_and_a_title_runs_down() -> None:
    assert head(("A", ()), ("B", ["X"]), ("C", ["X"]), ("D", ())) == [
        ["A0", "X1", "X1", "D3"],
        ["A0", "B1", "C2", "D3"],
    ]


def test_branches_may_be_of_different_depth() -> None:
    assert head(("B", ["X"]), ("C", ["X", "Y"]), ("D", ["X", "Y"]), ("E", ["Y"])) == [
        ["X0", "X0", "X0", "Y3"],
        ["B0", "Y1", "Y1", "E3"],
        ["B0", "C1", "D2", "E3"],
    ]


def test_the_same_heading_over_what_stands_apart_or_below_others_is_two() -> None:
    assert head(("B", ["X"]), ("C", ()), ("D", ["X"])) == [["X0", "C1", "X2"], ["B0", "C1", "D2"]]
    assert head(("B", ["X", "Z"]), ("C", ["Y", "Z"])) == [["X0", "Y1"], ["Z0", "Z1"], ["B0", "C1"]]


@pytest.mark.parametrize(
    ("keys", "blocks"),
    [
        (["a", "a.of_plan", "b"], [[0, 1], [2]]),
        (["t.n1.a", "t.n1.b", "t.n1.b.of_plan", "t.n1.bc"], [[0], [1, 2], [3]]),
        ([], []),
    ],
)
def test_what_says_more_of_a_column_stays_with_it(keys: list[str], blocks: list[list[int]]) -> None:
    assert together([Column(key, key) for key in keys]) == blocks


@pytest.mark.parametrize(
    ("widths", "held", "groups", "room", "breaks"),
    [
        ([1, 1, 1, 1, 1], 1, [], 5, []),
        ([1, 1, 1, 1, 1], 1, [], 3, [3]),  # the first column is on each page
        ([1, 1, 1, 1, 1, 1], 1, [(2, 4)], 4, [2, 5]),
        ([1, 1, 1, 1, 1, 1], 1, [(1, 5), (1, 2), (3, 5)], 4, [3]),  # wider than a page: inside it
        ([1, 9, 9], 1, [], 3, [2]),  # a column that no page takes
    ],
)
def test_pages_end_where_no_group_is_parted(
    widths: list[float], held: int, groups: list[tuple[int, int]], room: float, breaks: list[int]
) -> None:
    assert page_breaks(widths, held, groups, room) == breaks
