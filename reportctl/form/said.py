"""Answers and values as messages say them."""

from __future__ import annotations

from typing import Final

from reportctl.core import wording
from reportctl.core.language import Phrase
from reportctl.form.model import KIND_OF, Type
from reportctl.form.submission import AnswerValue

LONGEST_SHOWN: Final = 200  # characters of an answer that a finding repeats


def shown(text: str) -> str:
    """`text` as a finding repeats it: cut where it is long."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def in_words(value: AnswerValue, kind: Type) -> Phrase:
    """A value as messages say it, in both languages."""
    vi, en = (wording.running_text(value, KIND_OF[kind], language) for language in ("vi", "en"))
    return Phrase(vi, en)
