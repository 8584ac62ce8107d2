"""Random blank forms: how many of their cells are found, and how many of those found are right."""

from __future__ import annotations

import pytest

from reportctl.adopt.reading import form_of
from reportctl.workbooks.styled import read_styled
from tests.making.blank_forms import FRAMES, NUMBER_ROWS, ODD_KINDS, MadeForm, made_form
from tests.making.measured_forms import Score, inputs_of

pytestmark = pytest.mark.slow


def _read(made: MadeForm) -> tuple[Score, int, bool]:
    """The score, how many lists were found, and whether it was asked where a table stands."""
    form = form_of(read_styled(made.data, "form.xlsx").sheets, "form.xlsx", {})
    lists = sum(table.kind == "list" for table in form.tables)
    asks = any(question.id.endswith(".table") for question in form.questions)
    return Score(made.inputs, inputs_of(form)), lists, asks


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.slow) for first in range(20, 120, 20))]
)
def test_the_cells_of_random_forms_are_found_and_right(first: int) -> None:
    scores = []
    for seed in range(first, first + 20):
        made = made_form(seed)
        score, lists, asks = _read(made)
        assert lists == made.lists, (seed, made.choices)
        assert asks == made.asks, (seed, made.choices)
        scores.append(score)
    assert sum(score.recall for score in scores) / len(scores) >= 0.98
    assert sum(score.precision for score in scores) / len(scores) >= 0.98


@pytest.mark.parametrize("kind", sorted(ODD_KINDS))
def test_what_single_offices_do_is_read(kind: str) -> None:
    for seed in range(3):
        made = made_form(seed, kind=kind)
        score, lists, asks = _read(made)
        assert min(score.recall, score.precision) >= 0.98, (seed, made.choices)
        assert (lists, asks) == (made.lists, made.asks)


@pytest.mark.parametrize("frame", FRAMES)
def test_any_frame_is_enough(frame: str) -> None:
    scores = [_read(made_form(seed, kind="matrix", frame=frame))[0] for seed in range(500, 506)]
    assert min(score.recall for score in scores) >= 0.98
    assert min(score.precision for score in scores) >= 0.95


@pytest.mark.parametrize("numbers", NUMBER_ROWS)
def test_any_row_of_column_numbers_is_understood(numbers: str) -> None:
    for seed in range(600, 604):
        score, _lists, _asks = _read(made_form(seed, kind="matrix", numbers=numbers))
        assert (score.recall, score.precision) == (1.0, 1.0), seed
