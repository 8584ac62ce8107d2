"""Figures of several quarters whose form was another one in one of them: what is said of the difference that
a pocket calculator finds between a printed sum and its printed parts."""

from __future__ import annotations

import random

import pytest

from reportctl.core.language import speaking
from reportctl.figures.chosen import table_part
from reportctl.figures.figures import Summary, exact
from reportctl.figures.matrices import matrix_table
from reportctl.figures.notes import notes_on_parts
from reportctl.figures.tables import kind_table, marks_of
from reportctl.form.form_file import parse_form
from tests.making.divided import over_forms, section, table
from tests.making.figures import ROSTER

FIRST, SECOND = "2024-Q1", "2024-Q2"
HALF = "2024-H1"


def said(summary: Summary, code: str, column: str = "value") -> list[tuple[str, float, list[str], list[str]]]:
    return [
        (str(one.quarter), one.amount, list(map(str, one.dropped)), list(map(str, one.added)))
        for one in summary.figures[code].apart_in(column)
    ]


def marked(summary: Summary, column: str = "value") -> set[str]:
    return {
        code
        for code, one in summary.figures.items()
        if "(***)" in marks_of(one, summary.period).get(column, "")
    }


def cells(column: str, **rows: int) -> dict[str, float | None]:
    return {f"t.{row}.{column}": value for row, value in rows.items()}


# The first quarter's whole is 30 of a and 14 of b: 22 + 8 and 10 + 4; the second one's 5 and 6.
ROWS = {
    FIRST: {"a": cells("c", t=30, x=22, y=8), "b": cells("c", t=14, x=10, y=4)},
    SECOND: {"a": cells("c", t=5, x=5), "b": cells("c", t=6, x=6)},
}


def test_the_column_of_a_kind_of_unit_is_marked_where_its_own_units_differ() -> None:
    head = 'kinds = [{code = "district", title = "Huyện"}'
    two = [
        table("c", rows).replace(head, head + ', {code = "press", title = "Báo"}')
        for rows in ("t = x + y, x, y", "t = x, x")
    ]
    of_press = {FIRST: {"p": cells("c", t=9, x=9, y=0)}, SECOND: {"p": cells("c", t=4, x=4)}}
    figures = {quarter: ROWS[quarter] | of_press[quarter] for quarter in ROWS}
    summary = over_forms(HALF, dict(zip((FIRST, SECOND), two, strict=True)), figures)
    values = {"district": {"t.t.c": 55, "t.x.c": 43}, "press": {"t.t.c": 13, "t.x.c": 13}}
    units = {unit.code: unit for unit in ROSTER.units}
    made = kind_table(
        summary, parse_form(two[1]), units, values, parts=(table_part(parse_form(two[1]), "t"),)
    )
    whole, part = (row for row in made.rows if row.about)
    assert {key: whole.marks.get(key) for key in ("district", "press", "value")} == {
        "district": "(***)", "press": None, "value": "(***)"
    }  # fmt: skip
    assert "district" not in part.marks


def test_a_row_that_is_dropped() -> None:
    summary = over_forms(HALF, {FIRST: table("c", "t = x + y, x, y"), SECOND: table("c", "t = x, x")}, ROWS)
    assert (summary.figures["t.t.c"].value, summary.figures["t.x.c"].value) == (55, 43)
    assert said(summary, "t.t.c") == [(FIRST, 12, ["Y (no longer asked)"], [])]
    assert marked(summary) == {"t.t.c"}
    assert summary.figures["t.t.c"].apart[0].units == {"a", "b"}
    figures = [*summary.figures.values()]
    with speaking("en"):
        (note,) = notes_on_parts(figures, {"to_date"})
    assert note == (
        "(***): figures of Q1 2024 also count Y (no longer asked); more than the parts printed here make, "
        "by: T 12."
    )
    with speaking("vi"):
        (note,) = notes_on_parts(figures)
    assert note.replace("\u00a0", " ") == (
        "(***): số liệu quý I/2024 tính cả Y (nay không hỏi); lớn hơn tổng các phần in ở đây: T 12."
    )


def test_a_column_that_is_dropped() -> None:
    figures = {
        FIRST: {"a": {"t.r.t": 9, "t.r.x": 4, "t.r.y": 5, "t.q.t": 3, "t.q.x": 3, "t.q.y": 0}},
        SECOND: {"a": {"t.r.t": 2, "t.r.x": 2, "t.q.t": 1, "t.q.x": 1}},
    }
    forms = {FIRST: table("t = x + y, x, y", "r, q"), SECOND: table("t = x, x", "r, q")}
    summary = over_forms(HALF, forms, figures)
    assert said(summary, "t.r.t") == [(FIRST, 5, ["Y (no longer asked)"], [])]
    assert marked(summary) == {"t.r.t"}  # in the other row the dropped column was 0


@pytest.mark.parametrize("rules", [("t = x + y + z", "t = x + z"), ("", "")])
def test_a_part_of_a_section_that_is_dropped(rules: tuple[str, str]) -> None:
    figures = {
        FIRST: {"a": {"t": 10, "x": 5, "y": 3, "z": 2}},
        SECOND: {"a": {"t": 7, "x": 6, "z": 1}},
    }
    forms = {
        FIRST: section("t, x < t, y < t, z < t", rules[0]),
        SECOND: section("t, x < t, z < t", rules[1]),
    }
    summary = over_forms(HALF, forms, figures)
    assert said(summary, "t") == [(FIRST, 3, ["Y (no longer asked)"], [])]


def test_parts_that_do_not_make_the_whole_are_none_of_it() -> None:
    """Of 7 in the second quarter x is 4 and z is 1: more is in it than is shown, whatever was dropped."""
    figures = {
        FIRST: {"a": {"t": 10, "x": 5, "y": 3, "z": 2}},
        SECOND: {"a": {"t": 7, "x": 4, "z": 1}},
    }
    forms = {FIRST: section("t, x < t, y < t, z < t"), SECOND: section("t, x < t, z < t")}
    assert marked(over_forms(HALF, forms, figures)) == set()


def test_a_part_that_is_added_adds_up() -> None:
    forms = {FIRST: table("c", "t = x, x"), SECOND: table("c", "t = x + y, x, y")}
    figures = {FIRST: {"a": cells("c", t=4, x=4)}, SECOND: {"a": cells("c", t=9, x=7, y=2)}}
    summary = over_forms(HALF, forms, figures)
    values = [summary.figures[f"t.{row}.c"].value for row in "txy"]
    assert values == [13, 11, 2]
    assert marked(summary) == set()


def test_a_whole_that_was_not_divided() -> None:
    forms = {FIRST: table("c", "t"), SECOND: table("c", "t = x + y, x, y")}
    figures = {FIRST: {"a": cells("c", t=4)}, SECOND: {"a": cells("c", t=9, x=7, y=2)}}
    summary = over_forms(HALF, forms, figures)
    assert said(summary, "t.t.c") == [(FIRST, 4, [], [])]
    with speaking("en"):
        (note,) = notes_on_parts([*summary.figures.values()])
    assert note == (
        "(***): in Q1 2024 they were not made of these parts; more than the parts printed here make, by: T 4."
    )


def test_a_part_that_moves_to_another_whole() -> None:
    """y is 3 of t, which is 8, in the first quarter; then 6 of u, which is 10."""
    rows = "t = x + y, u = z, x, y, z"
    forms = {FIRST: table("c", rows), SECOND: table("c", "t = x, u = z + y, x, y, z")}
    figures = {
        FIRST: {"a": cells("c", t=8, u=1, x=5, y=3, z=1)},
        SECOND: {"a": cells("c", t=2, u=10, x=2, y=6, z=4)},
    }
    summary = over_forms(HALF, forms, figures)
    assert [summary.figures[f"t.{row}.c"].value for row in "tuxyz"] == [10, 11, 7, 9, 5]
    assert said(summary, "t.t.c") == [(FIRST, 3, ["Y"], [])]  # 10 is 3 more than 7
    assert said(summary, "t.u.c") == [(FIRST, -3, [], ["Y"])]  # 11 is 3 less than 5 + 9
    with speaking("en"):
        notes = notes_on_parts([*summary.figures.values()])
    assert notes == [
        "(***): figures of Q1 2024 also count Y; more than the parts printed here make, by: T 3.",
        "(***): figures of Q1 2024 do not count Y; less than the parts printed here make, by: U 3.",
    ]


def test_what_is_taken_off() -> None:
    forms = {FIRST: table("c", "t = x - y, x, y"), SECOND: table("c", "t = x, x")}
    figures = {FIRST: {"a": cells("c", t=6, x=10, y=4)}, SECOND: {"a": cells("c", t=1, x=1)}}
    summary = over_forms(HALF, forms, figures)
    assert said(summary, "t.t.c") == [(FIRST, -4, ["Y (no longer asked)"], [])]


def test_a_renamed_part_is_the_same() -> None:
    forms = {FIRST: table("c", "t = x + y, x, y"), SECOND: table("c", "t = x + w, x, w")}
    forms[SECOND] = forms[SECOND].replace('{code = "w"', '{code = "w", was = "y"')
    figures = {FIRST: {"a": cells("c", t=6, x=2, y=4)}, SECOND: {"a": cells("c", t=3, x=1, w=2)}}
    summary = over_forms(HALF, forms, figures)
    assert [summary.figures[f"t.{row}.c"].value for row in "txw"] == [9, 3, 6]
    assert marked(summary) == set()


def test_only_the_columns_that_hold_the_quarter_say_it() -> None:
    forms = {FIRST: table("c", "t = x + y, x, y"), SECOND: table("c", "t = x, x")}
    summary = over_forms(SECOND, forms, ROWS)
    assert marked(summary) == set()
    assert marked(summary, "to_date") == {"t.t.c"}
    assert said(summary, "t.t.c", "to_date") == [(FIRST, 12, ["Y (no longer asked)"], [])]
    # The quarter before is 44, its part of now 32.
    assert said(summary, "t.t.c", "previous") == [(FIRST, 12, ["Y (no longer asked)"], [])]
    with speaking("en"):
        assert notes_on_parts([*summary.figures.values()]) == []


def test_what_stands_at_the_end_says_nothing() -> None:
    more = 'over_time = "last"\n'
    forms = {FIRST: table("c", "t = x + y, x, y", more), SECOND: table("c", "t = x, x", more)}
    summary = over_forms(HALF, forms, ROWS)
    assert summary.figures["t.t.c"].value == 11
    assert marked(summary) == set()


def test_what_counts_from_the_beginning_of_the_year() -> None:
    """15 in the first quarter, of which y is 5; 22 in all by the second, without y: of its own that has 7,
    and 12 of x."""
    more = 'cumulative = true\nover_time = "last"\n'
    forms = {
        FIRST: section("t, x < t, y < t", "t = x + y", more),
        SECOND: section("t, x < t", "t = x", more),
    }
    figures = {FIRST: {"a": {"t": 15, "x": 10, "y": 5}}, SECOND: {"a": {"t": 22, "x": 22}}}
    half = over_forms(HALF, forms, figures)
    assert (half.figures["t"].value, half.figures["x"].value) == (22, 22)
    assert marked(half) == set()
    quarter = over_forms(SECOND, forms, figures)
    assert (quarter.figures["t"].value, quarter.figures["x"].value) == (7, 12)
    assert said(quarter, "t") == [(FIRST, -5, ["Y (no longer asked)"], [])]
    assert marked(quarter, "to_date") == set()


def test_a_note_names_what_is_printed() -> None:
    """Of the year to date only the column of d is shown; both cells of the row are in the half-year."""
    columns, so_far = "c, d", '{code = "so_far", label = "Lũy kế", is = "to_date"}'
    first, second = (
        table(columns, rows).replace('label = "D"}]', f'label = "D"}}, {so_far}]')
        for rows in ("t = x + y, x, y", "t = x, x")
    )
    figures = {
        FIRST: {"a": cells("c", t=6, x=2, y=4) | cells("d", t=5, x=4, y=1)},
        SECOND: {"a": cells("c", t=3, x=3) | cells("d", t=1, x=1)},
    }
    form = parse_form(second)
    found = []
    for period in (SECOND, HALF):
        summary = over_forms(period, {FIRST: first, SECOND: second}, figures)
        with speaking("en"):
            notes = matrix_table(summary, form.tables[0], {}).notes
        found.append([note.rpartition("by: ")[2] for note in notes if note.startswith("(***)")])
    assert found == [["T 1."], ["T · C 4; T · D 1."]]


@pytest.mark.parametrize("seed", range(60))
def test_the_difference_is_what_is_said(seed: int) -> None:
    """Three quarters, rows and columns that come and go and are parts of this total or that: whatever a
    calculator finds between a printed sum and its printed parts is said, to the unit, and nothing else is.

    A sum that a quarter did not ask at all is marked as lacking that."""
    world = random.Random(seed)
    forms, figures = {}, {}
    sums: list[tuple[str, list[str]]] = []
    for number in (1, 2, 3):
        quarter = f"2024-Q{number}"
        rows, columns = (
            sorted(world.sample(lines, world.randint(1, len(lines)))) for lines in ("vwxyz", "cde")
        )
        cut = world.randint(0, len(rows))
        of_rows = {whole: part for whole, part in (("t", rows[:cut]), ("u", rows[cut:])) if part}
        lines = [*(f"{whole} = {' + '.join(parts)}" for whole, parts in of_rows.items()), *rows]
        forms[quarter] = table(f"s = {' + '.join(columns)}, {', '.join(columns)}", ", ".join(lines))
        sums = [
            (f"t.{whole}.{column}", [f"t.{part}.{column}" for part in parts])
            for whole, parts in of_rows.items()
            for column in (*columns, "s")
        ]
        sums += [(f"t.{row}.s", [f"t.{row}.{column}" for column in columns]) for row in (*rows, *of_rows)]
        figures[quarter] = {}
        for unit in "ab":
            own: dict[str, float | None] = {
                f"t.{row}.{column}": world.randint(0, 3) for row in rows for column in columns
            }
            for whole, parts in of_rows.items():
                for column in columns:
                    own[f"t.{whole}.{column}"] = sum(own[f"t.{part}.{column}"] or 0 for part in parts)
            for row in (*rows, *of_rows):
                own[f"t.{row}.s"] = sum(own[f"t.{row}.{column}"] or 0 for column in columns)
            figures[quarter][unit] = own
    for period, column in (("2024-9M", "value"), ("2024-Q3", "to_date"), ("2024-Q3", "value")):
        summary = over_forms(period, forms, figures)
        for whole, parts in sums:
            figure = summary.figures[whole]
            value, *others = (exact(getattr(summary.figures[code], column) or 0) for code in (whole, *parts))
            of_these = [one for one in figure.apart_in(column) if set(one.parts) == set(parts)]
            held = summary.period.to_date if column == "to_date" else summary.period.quarters
            if any(quarter in held for quarter, _why in figure.unasked):
                assert "(**)" in marks_of(figure, summary.period)[column]
            else:
                amounts = sum(exact(one.amount) for one in of_these)
                assert amounts == value - sum(others), (period, whole)
                assert (whole in marked(summary, column)) is bool(figure.apart_in(column))
