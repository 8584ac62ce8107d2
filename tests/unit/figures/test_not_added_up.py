"""Figures that count although what a unit gave does not add up: what is said of the difference that a pocket
calculator finds between a printed sum and its printed parts."""

from __future__ import annotations

import random

import pytest

from reportctl.core.language import speaking
from reportctl.figures.as_json import summary_json
from reportctl.figures.figures import Summary
from reportctl.figures.notes import notes_on_parts
from reportctl.figures.tables import marks_of
from reportctl.form.form_file import parse_form
from tests.making.divided import over_forms, section, table

FIRST, SECOND = "2024-Q1", "2024-Q2"
ROWS = "t = x + y, x, y"
Given = dict[str, dict[str, float | None]]


def given(**units: tuple[float | None, ...]) -> Given:
    """What each unit gave of the rows t, x and y."""
    return {
        unit: dict(zip(("t.t.c", "t.x.c", "t.y.c"), figures, strict=True)) for unit, figures in units.items()
    }


def found(summary: Summary, code: str, column: str = "value") -> list[tuple[str, float, tuple[str, ...]]]:
    return [
        (str(one.quarter), one.amount, tuple(sorted(one.units)))
        for one in summary.figures[code].apart
        if one.of == column
    ]


def of_quarter(figures: Given, form: str = table("c", ROWS)) -> Summary:
    return over_forms(FIRST, {FIRST: form}, {FIRST: figures})


def test_a_sum_that_a_unit_gave_otherwise_is_named_with_its_unit_and_the_difference() -> None:
    summary = of_quarter(given(a=(30, 22, 8), b=(20, 10, 4)))
    assert summary.figures["t.t.c"].value == 50  # 22 + 10 + 8 + 4 = 44
    assert found(summary, "t.t.c") == [(FIRST, 6, ("b",))]
    assert not marks_of(
        summary.figures["t.t.c"], summary.period
    )  # the note says it, the figure stays as it is
    with speaking("en"):
        (note,) = notes_on_parts([*summary.figures.values()])
    (name,) = summary.figures["t.t.c"].apart[0].given_by
    assert note == (
        f"In Q1 2024 the figures of {name} do not add up; more than the parts printed here make, by: T 6."
    )
    rows = summary_json(summary, parse_form(table("c", ROWS)), sections=(), tables=())["rows"]
    assert [one["units"] for one in rows[0]["apart"] if one["of"] == "value"] == [["b"]]


@pytest.mark.parametrize(
    "figures",
    [
        given(a=(30, 22, 8), b=(14, 10, 4)),  # all is right
        given(a=(30, 22, 8), b=(None, 10, 4)),  # not applicable: as nothing
        given(
            a=(35, 22, 8), b=(9, 10, 4)
        ),  # one is too much by what the other lacks: what is printed adds up
        {"a": {"t.t.c": 30, "t.x.c": 22, "t.y.c": 8}, "b": {"t.t.c": 20, "t.x.c": 10}},  # y is missing
    ],
)
def test_what_adds_up_or_is_marked_as_missing_is_not_named(figures: Given) -> None:
    assert not [code for code, one in of_quarter(figures).figures.items() if one.apart]


def test_a_part_that_a_unit_is_not_asked_counts_as_nothing() -> None:
    summary = of_quarter({"a": {"t.t.c": 30, "t.x.c": 22, "t.y.c": None}})
    assert found(summary, "t.t.c") == [(FIRST, 8, ("a",))]


@pytest.mark.parametrize(("whole", "named"), [(10.9, False), (10.91, False), (10.94, True)])
def test_what_rounding_takes_is_no_difference(whole: float, named: bool) -> None:
    form = table("c", ROWS, 'type = "number"\n')
    summary = of_quarter(given(a=(whole, 5.45, 5.45)), form)
    assert bool(found(summary, "t.t.c")) is named


def test_rules_of_sections_and_columns_that_are_differences() -> None:
    summary = of_quarter({"a": {"t": 10, "x": 7, "y": 2}}, section("t, x, y", "t = x + y"))
    assert found(summary, "t") == [(FIRST, 1, ("a",))]
    summary = of_quarter({"a": {"t.r.w": 5, "t.r.i": 9, "t.r.o": 2}}, table("w = i - o, i, o", "r"))
    assert found(summary, "t.r.w") == [(FIRST, -2, ("a",))]


def test_totals_that_are_called_alike_are_told_apart_by_their_sections() -> None:
    one = section("t, x, y", "t = x + y")
    other = one[one.index("[[sections]]") : one.index("[[rules]]")]
    for code in "txy":
        other = other.replace(f'code = "{code}"', f'code = "{code}{code}"')
    other = other.replace('code = "s"', 'code = "z"').replace('title = "Mục"', 'title = "Mục khác"')
    rules = one[one.index("[[rules]]") :] + '[[rules]]\ncode = "q"\ncheck = "tt = xx + yy"\nmessage = "Sai"\n'
    form = one[: one.index("[[rules]]")] + other + rules
    summary = of_quarter({"a": {"t": 10, "x": 7, "y": 2, "tt": 10, "xx": 7, "yy": 2}}, form)
    with speaking("vi"):
        (note,) = notes_on_parts([*summary.figures.values()])
    assert note.endswith(": Mục: T 1; Mục khác: T 1.")


def test_every_column_says_it_of_its_own_quarters() -> None:
    """A half-year of which the first quarter does not add up."""
    forms = dict.fromkeys((FIRST, SECOND), table("c", ROWS))
    figures = {FIRST: given(a=(31, 22, 8), b=(14, 10, 4)), SECOND: given(a=(5, 5, 0), b=(6, 6, 0))}
    half, second = (over_forms(period, forms, figures) for period in ("2024-H1", SECOND))
    assert found(half, "t.t.c") == [(FIRST, 1, ("a",))]
    assert found(second, "t.t.c") == []
    assert found(second, "t.t.c", "to_date") == [(FIRST, 1, ("a",))]
    assert found(second, "t.t.c", "previous") == [(FIRST, 1, ("a",))]


def test_whatever_units_give_the_differences_said_are_those_of_a_calculator() -> None:
    chance = random.Random(7)
    named = 0
    for _round in range(200):
        figures = {
            unit: dict.fromkeys(("t.t.c", "t.x.c", "t.y.c"), 0.0)
            | {code: float(chance.randrange(4)) for code in ("t.x.c", "t.y.c")}
            for unit in ("a", "b")
        }
        for of in figures.values():
            of["t.t.c"] = (of["t.x.c"] or 0) + (of["t.y.c"] or 0) + chance.choice((0, 0, 0, 1, -1))
        summary = of_quarter(figures)  # type: ignore[arg-type]
        whole, x, y = (sum(of[code] or 0 for of in figures.values()) for code in ("t.t.c", "t.x.c", "t.y.c"))
        difference = whole - x - y
        assert sum(amount for _quarter, amount, _units in found(summary, "t.t.c")) == difference
        named += difference != 0
    assert named > 50
