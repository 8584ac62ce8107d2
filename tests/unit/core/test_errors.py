"""Which known word was probably meant."""

from __future__ import annotations

import pytest

from reportctl.core.errors import meant, near, nearest


@pytest.mark.parametrize(("word", "better"), [("press_totl", "press_total"), ("xyz", "")])
def test_the_nearest_known_word(word: str, better: str) -> None:
    known = ["press_total", "meetings"]
    assert nearest(word, known) == better
    assert meant("unknown", word, known) == (f"unknown; “{better}” was meant?" if better else "unknown")
    assert near(word.upper(), known) == (f" (near it: {better})" if better else "")
