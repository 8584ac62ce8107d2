"""Random worlds: what the program says of them is what the reference works out.

`python -m tests.worlds --worlds 200 --seed 7` tries more of them, and of all their periods.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.worlds.__main__ import tried
from tests.worlds.random_world import random_world
from tests.worlds.world import read

WORLDS, SHARDS = 30, 6
PERIODS = 4  # of each world


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_figures_are_those_of_the_reference(
    shard: int, record_property: Callable[[str, object], None]
) -> None:
    figures = 0
    for seed in range(shard, WORLDS, SHARDS):
        outcome = tried(random_world(seed), PERIODS)
        figures += outcome.figures
        found = "\n".join(map(str, outcome.differences[:10]))
        assert not outcome.differences, f"{found}\nagain: python -m tests.worlds --worlds 1 --seed {seed}"
        assert {"indicator", "unit", "kind", "table", "merged", "report"} <= outcome.counts.keys()
    record_property("worlds", f"{WORLDS // SHARDS} worlds, {figures} figures")
    assert figures > 3 * 1000


SMALL = """
unit a district - 2025-06-30
unit b district - -
unit n district 2025-07-01 - a
indicator x count sum sum
indicator share percent ratio ratio share=x/y
indicator y count sum sum
plan 2025 b x=50
report 2025-Q2 a x=3 y=9
report 2025-Q2 b x=4 y=8
report 2025-Q3 n x=5 y=7
report 2025-Q3 b x=8 y=10
"""


def test_of_a_right_world_nothing_is_said() -> None:
    assert tried(read(SMALL)).differences == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "other", "seen"),
    [
        (
            "b x=8 y=10",
            "b x=9 y=10",
            {"indicator", "unit", "kind", "table", "report", "merged", "table total"},
        ),
        ("2025-07-01 - a", "2025-07-01 -", {"indicator", "table", "report", "merged", "report sentence"}),
        ("plan 2025 b x=50", "plan 2025 b x=51", {"indicator", "table", "report", "merged"}),
        ("report 2025-Q2 a x=3 y=9", "report 2025-Q2 a x=3", {"indicator", "unit", "kind", "table"}),
        ("report 2025-Q3 b x=8 y=10", "", {"units", "indicator", "unit", "kind", "table"}),
    ],
)
def test_a_figure_that_is_not_the_references_is_seen(line: str, other: str, seen: set[str]) -> None:
    outcome = tried(read(SMALL), expected=read(SMALL.replace(line, other)))
    assert {one.where.split(":")[0] for one in outcome.differences} >= seen
