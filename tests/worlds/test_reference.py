"""The reference itself, by small worlds whose figures are worked out by hand beside the test."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.worlds.compare import digits
from tests.worlds.random_world import random_world
from tests.worlds.reference import Comparison, Reference
from tests.worlds.world import Period, read

UNITS = """
unit a old - 2025-06-30
unit b old - 2025-06-30
unit c old - 2025-06-30
unit p press - -
unit ab new 2025-07-01 - a b
unit c1 new 2025-07-01 - c
unit c2 new 2025-07-01 - c
"""
Q2, Q3, YEAR = Period(2025, "Q2"), Period(2025, "Q3"), Period(2025, "9M")


def reference(text: str, units: str = UNITS) -> Reference:
    return Reference(read(f"{units}\n{text}"))


def compared(one: Comparison) -> tuple[object, ...]:
    return one.base, one.value, one.change, one.comparable


def test_units_are_compared_with_what_they_were_made_of() -> None:
    world = """
    indicator x count sum sum
    report 2025-Q2 a x=5
    report 2025-Q2 b x=7
    report 2025-Q2 c x=20
    report 2025-Q2 p x=1
    report 2025-Q3 ab x=18
    report 2025-Q3 c1 x=30
    report 2025-Q3 p x=4
    """
    found = reference(world).comparison("x", Q3, Q2)
    # a + b -> ab and p -> p: 12 + 1 against 18 + 4; c2 has not reported, so c and its heirs are left out
    assert compared(found) == (13, 22, Fraction(9, 13), 2)
    assert found.total == 33
    whole = reference(f"{world}\nreport 2025-Q3 c2 x=KAD").comparison("x", Q3, Q2)
    assert compared(whole) == (
        33,
        52,
        Fraction(19, 33),
        4,
    )  # which says that there was nothing: all are there


def test_a_mean_is_over_groups_of_one_unit() -> None:
    world = """
    indicator x number mean mean
    report 2025-Q2 a x=5
    report 2025-Q2 b x=7
    report 2025-Q2 p x=1
    report 2025-Q3 ab x=18
    report 2025-Q3 p x=4
    """
    found = reference(world).comparison("x", Q3, Q2)
    assert compared(found) == (1, 4, 3, 1)
    assert found.total == Fraction(13, 3)


def test_a_part_is_compared_over_its_wholes_groups_where_it_is_complete() -> None:
    world = """
    indicator x count sum sum
    indicator part count sum sum part_of=x
    report 2025-Q2 a x=5 part=2
    report 2025-Q2 p x=1 part=1
    report 2025-Q3 ab x=18
    report 2025-Q3 p x=4 part=3
    report 2025-Q2 b part=1
    """
    found = reference(world)
    assert compared(found.comparison("x", Q3, Q2)) == (1, 4, 3, 1)
    assert compared(found.comparison("part", Q3, Q2)) == (1, 3, 2, 1)
    filled = reference(world.replace("b part=1", "b x=2 part=1"))  # then ab has x, and no part
    assert compared(filled.comparison("x", Q3, Q2)) == (8, 22, Fraction(7, 4), 2)
    assert compared(filled.comparison("part", Q3, Q2)) == (1, 3, 2, 1)


def test_what_counts_from_the_beginning_of_the_year_is_what_was_added() -> None:
    world = """
    indicator x count sum last cumulative
    report 2025-Q1 a x=2
    report 2025-Q1 b x=3
    report 2025-Q1 c x=10
    report 2025-Q2 a x=5
    report 2025-Q2 b x=7
    report 2025-Q2 c x=4
    report 2025-Q2 p x=9
    report 2025-Q3 ab x=18
    report 2025-Q3 c1 x=6
    report 2025-Q3 p x=11
    """
    found = reference(world)
    second, third = found.of("x", Q2), found.of("x", Q3)
    assert second.value == 3 + 4 - 6  # p has no first quarter
    assert third.value == (18 - 12) + 2  # c1 is half of c
    assert (second.to_date, third.to_date) == (25, 35)
    assert found.of("x", YEAR).value == 15 + 1 + 8
    assert compared(third.previous) == (7, 6, Fraction(-1, 7), 1)  # a and b alone: p lacks the first quarter


def test_shares_of_what_counts_at_the_end_are_those_at_the_end() -> None:
    found = reference("""
    indicator some count sum last
    indicator all count sum last
    indicator now percent ratio last share=some/all
    indicator anyhow percent ratio ratio share=some/all
    report 2025-Q1 p some=240 all=270
    report 2025-Q2 p some=275 all=293
    """)
    half = Period(2025, "H1")
    assert [found.of(code, half).value for code in ("now", "anyhow")] == [Fraction(275, 293)] * 2


def test_a_figure_of_the_province_stands_until_all_units_have_reported() -> None:
    units = "unit a old - -\nunit b old - -"
    world = """
    indicator x count sum sum
    import 2024-Q3 - x=1200
    report 2024-Q3 a x=380
    report 2025-Q3 a x=400
    report 2025-Q3 b x=200
    """
    found = reference(world, units)
    assert found.of("x", Period(2024, "Q3")).value == 1200
    assert compared(found.of("x", Q3).year_ago) == (1200, 600, Fraction(-1, 2), 2)
    blank = reference(world.replace("b x=200", "b"), units)
    assert compared(blank.of("x", Q3).year_ago) == (None, None, None, 0)
    all_of_them = reference(f"{world}\nreport 2024-Q3 b x=20", units)
    assert compared(all_of_them.of("x", Q3).year_ago) == (400, 600, Fraction(1, 2), 2)


def test_plans_are_judged_with_predecessors_and_heirs() -> None:
    world = """
    indicator x count sum sum
    report 2025-Q2 a x=5
    report 2025-Q2 b x=7
    report 2025-Q2 c x=20
    report 2025-Q2 p x=1
    report 2025-Q3 ab x=18
    report 2025-Q3 c1 x=30
    """
    plans = "plan 2025 ab x=60\nplan 2025 c x=100\nplan 2025 p x=10"
    done = reference(f"{world}\n{plans}").plan("x", Q3)
    assert (done.plan, done.of_plan) == (170, Fraction(5 + 7 + 18 + 20 + 30 + 1, 170))
    twice = reference(f"{world}\n{plans}\nplan 2025 c1 x=50").plan("x", Q3)
    assert (twice.plan, twice.of_plan) == (70, Fraction(31, 70))  # c and c1 are two generations
    province = reference(f"{world}\n{plans}\nplan 2025 - x=162").plan("x", Q3)
    assert (province.plan, province.of_plan) == (162, Fraction(1, 2))


def test_a_unit_whose_kind_changes_is_of_the_last_days_kind() -> None:
    units = "unit a old - 2025-06-30\nunit a new 2025-07-01 -\nunit b old - 2025-06-30\nunit c old - -"
    found = reference(
        """
        indicator x count sum sum kinds=old
        report 2025-Q2 a x=30
        report 2025-Q2 b x=20
        report 2025-Q2 c x=1
        """,
        units,
    )
    kinds = found.kinds(YEAR)
    assert kinds == {"new": ["a"], "old": ["b", "c"]}
    assert [found.figure("x", kinds[kind], YEAR.quarters) for kind in ("new", "old")] == [30, 21]
    assert found.of("x", YEAR).value == 51
    assert found.own_figure("x", "a", YEAR.quarters) == 30


def test_a_span_that_lacks_a_quarter_is_no_base() -> None:
    found = reference(
        """
        indicator x count sum sum
        indicator y count sum sum
        import 2024-Q2 a x=5
        import 2024-Q1 a y=5
        import 2024-Q2 a y=5
        report 2025-Q1 a x=3 y=3
        report 2025-Q2 a x=3 y=3
        """,
        "unit a old - -",
    )
    half = Period(2025, "H1")
    assert found.of("x", half).year_ago.total is None
    assert compared(found.of("x", half).year_ago) == (None, None, None, 0)
    assert compared(found.of("y", half).year_ago) == (10, 6, Fraction(-2, 5), 1)


def test_numbers_have_fifteen_digits_halves_away_from_zero() -> None:
    assert str(digits(Fraction(2, 3))) == "0.666666666666667"
    assert str(digits(Fraction(-817366, 155400))) == "-5.25975546975547"
    assert digits(0.1) == digits(Fraction(1, 10))


@pytest.mark.parametrize("seed", range(20))
def test_a_world_is_read_back_from_what_it_prints(seed: int) -> None:
    world = random_world(seed)
    assert read(str(world)) == world
    assert 6 <= len(world.quarters) <= 8
    assert 3 <= len({unit.code for unit in world.units}) <= 15
