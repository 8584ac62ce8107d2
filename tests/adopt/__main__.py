"""`python -m tests.adopt FOLDER`: for every blank form in FOLDER whose input cells `expected.json` gives,
how many of them are found and how many of those found are right; `--show` names the cells that differ."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from reportctl.adopt.as_json import areas
from reportctl.adopt.reading import read_form
from tests.adopt.measure import Cell, Score, expected_in, file_of, inputs_of


def main(arguments: list[str]) -> None:
    """Print a line a file, then the macro average."""
    show = "--show" in arguments
    folder = Path(next(each for each in arguments if not each.startswith("--")))
    scores = []
    for name, expected in expected_in(folder).items():
        path = file_of(folder, name)
        if path is None:
            print(f"{name}: no such file")
            continue
        start = time.perf_counter()
        form = read_form(path)
        took = time.perf_counter() - start
        score = Score(expected, inputs_of(form))
        scores.append(score)
        kinds = ", ".join(table.kind for table in form.tables)
        print(
            f"{name:36} expected {len(score.expected):5} found {len(score.found):5} "
            f"recall {score.recall:.4f} precision {score.precision:.4f}  {took:.2f} s  {kinds}; asks "
            f"{len(form.questions)}"
        )
        if show:
            _differences("missing", score.expected - score.found)
            _differences("wrong", score.found - score.expected)
    if scores:
        count = len(scores)
        print(
            f"macro average: recall {sum(one.recall for one in scores) / count:.4f} "
            f"precision {sum(one.precision for one in scores) / count:.4f}"
        )


def _differences(what: str, cells: frozenset[Cell]) -> None:
    for sheet in sorted({cell[0] for cell in cells}):
        print(
            f"    {what} {sheet}: "
            f"{' '.join(areas((row, column) for one, row, column in cells if one == sheet))}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
