"""Random worlds: what the program says of them is what the reference works out.

`python -m tests.worlds --worlds 200 --seed 7` tries more of them, and of all their periods.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.worlds.__main__ import tried
from tests.worlds.random_world import random_world

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
