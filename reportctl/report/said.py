"""Figures that the program's own words say, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reportctl.core.wording import tidy
from reportctl.word.content import Paragraph


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a figure rests on: what of the indicator `code` (`key`, such as "value" or "of_plan"),
    of the `units`; of the province where there are none."""

    code: str
    key: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A figure as it is printed, and all that it rests on."""

    words: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A text with its figures, in their order."""

    text: str
    said: tuple[Said, ...] = ()


def paragraphs(statements: Iterable[Statement]) -> tuple[Paragraph, ...]:
    """A paragraph for each statement."""
    return tuple(Paragraph(tidy(one.text)) for one in statements)
