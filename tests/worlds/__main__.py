"""`python -m tests.worlds --worlds 200 --seed 7`: as many random worlds, held against the reference."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from reportctl.core import language
from tests.worlds.compare import Outcome, compare
from tests.worlds.random_world import random_world
from tests.worlds.workspace import put
from tests.worlds.world import World, read

SHOWN = 10  # differences


def tried(world: World, most_periods: int | None = None) -> Outcome:
    """What the program says of a world, in a workspace that is thrown away; of all its periods, or of some."""
    periods = list(world.periods)
    if most_periods is not None and most_periods < len(periods):
        periods = sorted(Random(str(world)).sample(periods, most_periods))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "world"
        put(world, root)
        return compare(world, root, periods)


def smaller(world: World, kind: str) -> World:
    """The world without all lines that a difference of that kind does not need."""
    lines = str(world).splitlines()
    step = max(1, len(lines) // 4)
    while step:
        at = 0
        while at < len(lines):
            fewer = lines[:at] + lines[at + step :]
            if _still(fewer, kind):
                lines = fewer
            else:
                at += step
        step //= 2
    return read("\n".join(lines))


def kind_of(where: str) -> str:
    """What kind of place it is: `indicator … of_plan`, `unit`."""
    first, _, rest = where.partition(":")
    return f"{first} {rest.split()[-1]}" if first == "indicator" else first


def _still(lines: list[str], kind: str) -> bool:
    try:
        outcome = tried(read("\n".join(lines)))
    except Exception:
        return False
    return any(kind_of(one.where) == kind for one in outcome.differences)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.worlds", description=__doc__)
    parser.add_argument("--worlds", type=int, default=30, help="how many")
    parser.add_argument("--seed", type=int, default=0, help="of the first one")
    parser.add_argument("--world", type=Path, help="a file with the lines of one world instead")
    parser.add_argument(
        "--shrink", metavar="KIND", help="make the first world with such a difference smaller"
    )
    given = parser.parse_args()
    language.use("en")
    started, counts, kinds, shown = time.monotonic(), Counter[str](), Counter[str](), 0
    seeds = range(given.seed, given.seed + (1 if given.world else given.worlds))
    for seed in seeds:
        world = read(given.world.read_text(encoding="utf-8")) if given.world else random_world(seed)
        outcome = tried(world)
        counts += Counter(outcome.counts)
        found = Counter(kind_of(one.where) for one in outcome.differences)
        kinds += found
        if found and shown < SHOWN:
            shown += 1
            print(f"world {seed}: {len(outcome.differences)} differences")
            print(*(f"  {one}" for one in outcome.differences[:SHOWN]), sep="\n")
        if given.shrink in found:
            print(smaller(world, given.shrink))
            print(*tried(smaller(world, given.shrink)).differences[:SHOWN], sep="\n")
            break
    said = ", ".join(f"{what} {count}" for what, count in counts.items())
    print(f"{len(seeds)} worlds, {counts.total()} figures ({said}) in {time.monotonic() - started:.0f} s")
    print(f"{kinds.total()} differences: {dict(kinds.most_common())}")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
